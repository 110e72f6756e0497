//! 追问: what must be asked for a matter, and has not been said yet.

use thiserror::Error;

use crate::fields::Fields;
use crate::text::Characters;

const SHIPPED: &str = include_str!("../reference/questions.txt");

/// One line that cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("line {line} cannot be used")]
pub struct FollowUpError {
    pub line: usize,
}

/// 追问清单, by the second level of the category.
#[derive(Clone, Debug, Default)]
pub struct FollowUps(Vec<(String, Vec<Question>)>);

#[derive(Clone, Debug)]
struct Question {
    text: String,
    answered_by: Vec<Answer>,
}

#[derive(Clone, Debug)]
enum Answer {
    Word(String),
    Place,
    Time,
    Amount,
    Plate,
    Name,
}

impl FollowUps {
    /// Those that come with the program.
    pub fn shipped() -> Self {
        Self::parse(SHIPPED).unwrap_or_default()
    }

    /// Reads a list.
    ///
    /// # Errors
    /// The first line that cannot be used; nothing of the list is taken then.
    pub fn parse(list: &str) -> Result<Self, FollowUpError> {
        let mut follow_ups = Vec::new();
        for (line, text) in (1..).zip(list.lines()) {
            let text = text.trim();
            if text.is_empty() || text.starts_with('#') {
                continue;
            }
            let mut parts = text.split('|');
            let level2 = parts.next().unwrap_or_default();
            let questions: Option<Vec<Question>> = parts.map(question).collect();
            match questions {
                Some(questions) if !questions.is_empty() => {
                    follow_ups.push((level2.to_owned(), questions));
                }
                _ => return Err(FollowUpError { line }),
            }
        }
        Ok(Self(follow_ups))
    }

    /// 二级分类 that have questions.
    pub fn levels(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(|(level2, _)| level2.as_str())
    }

    /// The questions that are still open, in the order in which they are asked.
    pub fn open(&self, level2: &str, text: &str, fields: &Fields) -> Vec<&str> {
        let text = Characters::new(text);
        let questions = self.0.iter().find(|(name, _)| name == level2);
        let questions = questions.map_or(&[][..], |(_, questions)| questions);
        let is_open = |question: &&Question| {
            !question
                .answered_by
                .iter()
                .any(|answer| answer.is_given(&text, fields))
        };
        questions
            .iter()
            .filter(is_open)
            .map(|question| question.text.as_str())
            .collect()
    }
}

fn question(part: &str) -> Option<Question> {
    let (text, answered_by) = part.split_once('=')?;
    let answer = |word: &str| match word {
        "<地点>" => Answer::Place,
        "<时间>" => Answer::Time,
        "<金额>" => Answer::Amount,
        "<车牌>" => Answer::Plate,
        "<名称>" => Answer::Name,
        word => Answer::Word(word.to_owned()),
    };
    Some(Question {
        text: text.to_owned(),
        answered_by: answered_by.split_whitespace().map(answer).collect(),
    })
}

impl Answer {
    fn is_given(&self, text: &Characters, fields: &Fields) -> bool {
        match self {
            Self::Word(word) => (0..text.len()).any(|at| text.has_at(at, word)),
            Self::Place => !fields.places.is_empty(),
            Self::Time => !fields.times.is_empty(),
            Self::Amount => !fields.amounts.is_empty(),
            Self::Plate => !fields.plates.is_empty(),
            Self::Name => !fields.named.is_empty(),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use chrono::NaiveDate;

    use super::*;
    use crate::fields::{self, Gazetteer};

    fn open(text: &str) -> Vec<String> {
        let told_at = NaiveDate::from_ymd_opt(2026, 11, 26).unwrap();
        let told_at = told_at.and_hms_opt(9, 0, 0).unwrap();
        let fields = fields::read(text, told_at, &Gazetteer::default());
        let open = FollowUps::shipped();
        let open = open.open("供水供气", text, &fields);
        open.into_iter().map(str::to_owned).collect()
    }

    #[test]
    fn what_was_said_is_not_asked_again() {
        assert_eq!(open("停水了").len(), 3);
        assert_eq!(
            open("我们整个小区从昨天晚上八点停水"),
            ["看到通知没有，打过供水供气公司电话没有？"]
        );
    }

    #[test]
    fn every_second_level_has_its_questions() {
        let tables = wording::reference::ReferenceTables::built_in().unwrap();
        let follow_ups = FollowUps::shipped();
        let asked: BTreeSet<&str> = follow_ups.levels().collect();
        let levels: BTreeSet<&str> = tables
            .view
            .categories
            .iter()
            .map(|it| it.level2.as_str())
            .collect();
        let without: Vec<_> = levels.difference(&asked).collect();
        assert!(without.is_empty(), "{without:?}");
        let unknown: Vec<_> = asked.difference(&levels).collect();
        assert!(unknown.is_empty(), "{unknown:?}");
    }

    #[test]
    fn a_list_that_is_none() {
        assert_eq!(FollowUps::parse("供水供气|多久").unwrap_err().line, 1);
    }
}
