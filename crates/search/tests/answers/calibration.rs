//! How often an answer is given, and how often it is the right one.

use search::{Document, KbIndex, Query, Thesaurus, word_groups};
use serde::Deserialize;

#[derive(Deserialize)]
struct Sample {
    title: String,
    questions: Vec<String>,
    answer: String,
    sections: Vec<Section>,
}

#[derive(Deserialize)]
struct Section {
    label: String,
    text: String,
}

struct Question {
    text: &'static str,
    /// The title of the right article; empty where there is none.
    right: &'static str,
    is_even: bool,
}

fn questions() -> Vec<Question> {
    let lines = include_str!("questions.psv").lines().enumerate();
    lines
        .filter(|(_, line)| !line.starts_with('#'))
        .map(|(at, line)| {
            let (text, right) = line.split_once('|').expect("a question and its article");
            Question {
                text,
                right,
                is_even: (at + 1) % 2 == 0,
            }
        })
        .collect()
}

fn index(folder: &std::path::Path) -> KbIndex {
    let samples: Vec<Sample> =
        serde_json::from_str(include_str!("../../../desk/samples/standard_answers.json"))
            .expect("the samples");
    let index = KbIndex::open(folder, 1).expect("opens").index;
    let documents = samples.into_iter().map(|sample| {
        let mut body = sample.answer;
        for Section { label, text } in sample.sections {
            body.push_str(&format!("\n{label}：{text}"));
        }
        Document {
            id: sample.title.clone(),
            title: sample.title,
            names: sample.questions,
            body,
            ..Document::default()
        }
    });
    index.rebuild(documents, 1).expect("builds");
    index
}

#[derive(Debug, Default, PartialEq)]
#[expect(clippy::struct_field_names, reason = "a count is called n_*")]
struct Tally {
    n_with_answer: u32,
    n_right: u32,
    n_wrong: u32,
    n_without_answer: u32,
    n_made_up: u32,
}

fn tally(is_even: bool) -> Tally {
    let folder = tempfile::tempdir().expect("a folder");
    let index = index(folder.path());
    let shipped = include_str!("../../../desk/reference/synonyms.txt");
    let thesaurus = Thesaurus::new(word_groups(shipped));
    let mut tally = Tally::default();
    for question in questions().iter().filter(|it| it.is_even == is_even) {
        let query = Query {
            thesaurus: Some(&thesaurus),
            ..Query::new(question.text, 1)
        };
        let answer = index.answer(&query).expect("answers");
        let given = answer.as_ref().map(|answer| answer.id.as_str());
        if question.right.is_empty() {
            tally.n_without_answer += 1;
            tally.n_made_up += u32::from(given.is_some());
        } else {
            tally.n_with_answer += 1;
            tally.n_right += u32::from(given == Some(question.right));
            tally.n_wrong += u32::from(given.is_some_and(|given| given != question.right));
        }
    }
    tally
}

/// Where the threshold stands: what the questions it was set on say of it.
#[test]
fn on_questions_that_set_the_threshold() {
    let tally = tally(true);
    let expected = Tally {
        n_with_answer: 37,
        n_right: 29,
        n_wrong: 0,
        n_without_answer: 20,
        n_made_up: 1,
    };
    assert_eq!(tally, expected);
}

#[test]
fn on_questions_that_set_no_threshold() {
    let tally = tally(false);
    let n_given = tally.n_right + tally.n_wrong + tally.n_made_up;
    // Of what is given at least nine in ten are right, and most questions that have one get it.
    assert!(tally.n_right * 10 >= n_given * 9, "{tally:?}");
    assert!(tally.n_right * 10 >= tally.n_with_answer * 7, "{tally:?}");
    assert!(tally.n_made_up * 10 <= tally.n_without_answer, "{tally:?}");
}
