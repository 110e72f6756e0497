//! Text cut so that any piece of it can be found: pairs of characters, triples of letters.
//!
//! Chinese has no spaces, and FTS5 finds words. So the "words" given to it are overlapping grams:
//! 小区停水 becomes `小区 区停 停水`, and a run of two characters or more is found as the phrase of
//! its grams (`停水`, `小区 区停`). Letters and digits work the same with grams of three, so the last
//! four digits of a phone number are found: `1234` is the phrase `123 234`. What is shorter than a
//! gram is found among the *marks*: each single character, each one or two letters, once.
//!
//! Anything else only separates. Because only letters and digits ever come out of here, nothing a
//! person types can be taken for FTS5 syntax.

use std::collections::BTreeSet;

/// The longest text of a search that is looked at, in characters.
const SEARCH_MAX_CHARS: usize = 100;

/// What kind of run a character belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Script {
    /// ASCII letters and digits.
    Ascii,
    /// Chinese and every other letter or digit.
    Other,
}

impl Script {
    fn of(c: char) -> Option<Self> {
        if c.is_ascii_alphanumeric() {
            Some(Self::Ascii)
        } else {
            c.is_alphanumeric().then_some(Self::Other)
        }
    }

    fn gram_chars(self) -> usize {
        match self {
            Self::Ascii => 3,
            Self::Other => 2,
        }
    }
}

/// The grams of a text, separated by spaces, for the index. Runs are kept apart, so that no phrase
/// reaches from one into the next.
pub(crate) fn grams(text: &str) -> String {
    let mut grams = String::new();
    for (script, run) in runs(text.chars()) {
        push_grams(&mut grams, script, &run);
        grams.push_str(RUN_END);
    }
    grams
}

/// A word between two runs: no gram, because it is longer.
const RUN_END: &str = "0end ";

/// Every piece of a text that is shorter than a gram, once.
pub(crate) fn marks(text: &str) -> BTreeSet<String> {
    let mut marks = BTreeSet::new();
    for (script, run) in runs(text.chars()) {
        for n_chars in 1..script.gram_chars() {
            marks.extend(run.windows(n_chars).map(String::from_iter));
        }
    }
    marks
}

/// What a person typed, as an FTS5 expression over the columns `grams` and `marks`: every run must
/// be found. `None` when there is nothing in it that can be looked for.
pub(crate) fn match_expression(search: &str) -> Option<String> {
    let expressions: Vec<String> = runs(search.chars().take(SEARCH_MAX_CHARS))
        .into_iter()
        .map(|(script, run)| {
            if run.len() < script.gram_chars() {
                return format!("marks : \"{}\"", String::from_iter(run));
            }
            let mut grams = String::new();
            push_grams(&mut grams, script, &run);
            format!("grams : \"{}\"", grams.trim_end())
        })
        .collect();
    (!expressions.is_empty()).then(|| expressions.join(" AND "))
}

fn push_grams(grams: &mut String, script: Script, run: &[char]) {
    for gram in run.windows(script.gram_chars()) {
        grams.extend(gram);
        grams.push(' ');
    }
}

/// The runs of one script, in small letters, full-width forms as the usual ones.
fn runs(text: impl Iterator<Item = char>) -> Vec<(Script, Vec<char>)> {
    let mut runs: Vec<(Script, Vec<char>)> = Vec::new();
    let mut last = None;
    for c in text.map(half_width).flat_map(char::to_lowercase) {
        let script = Script::of(c);
        if let Some(script) = script {
            match runs.last_mut() {
                Some((_, run)) if last == Some(script) => run.push(c),
                Some(_) | None => runs.push((script, vec![c])),
            }
        }
        last = script;
    }
    runs
}

/// `Ａ` as `A`.
fn half_width(c: char) -> char {
    match c {
        '\u{FF01}'..='\u{FF5E}' => char::from_u32(u32::from(c) - 0xFEE0).unwrap_or(c),
        _ => c,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_becomes_grams_and_marks() {
        let text = "小区停水, Ｗ01-1388！𠮷";
        assert_eq!(
            grams(text),
            "小区 区停 停水 0end w01 0end 138 388 0end 0end "
        );
        let marks: Vec<String> = marks(text).into_iter().collect();
        let expected = "0 01 1 13 3 38 8 88 w w0 停 区 小 水 𠮷";
        assert_eq!(marks.join(" "), expected);
        assert_eq!(grams("…"), "");
    }

    #[test]
    fn a_search_is_phrases_and_marks() {
        let expression = |search| match_expression(search).unwrap_or_default();
        assert_eq!(expression("小区停水"), "grams : \"小区 区停 停水\"");
        assert_eq!(expression("水"), "marks : \"水\"");
        let both = "grams : \"停水\" AND grams : \"123 234\"";
        assert_eq!(expression("停水 1234"), both);
        assert_eq!(expression("12"), "marks : \"12\"");
        assert_eq!(expression("\" OR * -🙂\0"), "marks : \"or\"");
        assert_eq!(match_expression("***🙂\0"), None);
    }
}
