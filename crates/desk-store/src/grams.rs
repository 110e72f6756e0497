//! Text cut so that any piece of it can be found: pairs of characters, triples of letters.
//!
//! Chinese has no spaces, and FTS5 finds words. So the "words" given to it are overlapping grams:
//! 小区停水 becomes `小区 区停 停水 水`. Each character begins one gram, the last ones short, so
//! - a run of characters is found as the phrase of its full grams (`停水`, `小区 区停`),
//! - a single character as the beginning of a gram (`水*`).
//!
//! Letters and digits work the same with grams of three, so the last four digits of a phone number
//! are found: `1234` is the phrase `123 234`. Anything else only separates. Because only letters
//! and digits ever come out of here, nothing a person types can be taken for FTS5 syntax.

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

/// The grams of a text, separated by spaces, for the index.
pub(crate) fn index_text(text: &str) -> String {
    let mut grams = String::new();
    for (script, run) in runs(text.chars()) {
        for start in 0..run.len() {
            push_gram(&mut grams, run.iter().skip(start).take(script.gram_chars()));
        }
    }
    grams
}

/// What a person typed, as an FTS5 expression: every run must be found. `None` when there is
/// nothing in it that can be looked for.
pub(crate) fn match_expression(search: &str) -> Option<String> {
    let expressions: Vec<String> = runs(search.chars().take(SEARCH_MAX_CHARS))
        .into_iter()
        .map(|(script, run)| {
            if run.len() < script.gram_chars() {
                return format!("\"{}\"*", run.iter().collect::<String>());
            }
            let mut grams = String::new();
            for gram in run.windows(script.gram_chars()) {
                push_gram(&mut grams, gram);
            }
            format!("\"{}\"", grams.trim_end())
        })
        .collect();
    (!expressions.is_empty()).then(|| expressions.join(" AND "))
}

fn push_gram<'a>(grams: &mut String, gram: impl IntoIterator<Item = &'a char>) {
    grams.extend(gram);
    grams.push(' ');
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
    fn every_character_begins_a_gram() {
        let index = index_text("小区停水, Ｗ01-138！𠮷");
        assert_eq!(index, "小区 区停 停水 水 w01 01 1 138 38 8 𠮷 ");
        assert_eq!(index_text("…"), "");
    }

    #[test]
    fn a_search_is_phrases_and_beginnings() {
        let expression = |search| match_expression(search).unwrap_or_default();
        assert_eq!(expression("小区停水"), "\"小区 区停 停水\"");
        assert_eq!(expression("水"), "\"水\"*");
        assert_eq!(expression("停水 1234"), "\"停水\" AND \"123 234\"");
        assert_eq!(expression("12"), "\"12\"*");
        assert_eq!(expression("\" OR * -🙂\0"), "\"or\"*");
        assert_eq!(match_expression("***🙂\0"), None);
    }
}
