//! Answers as lines of text, so that a snapshot reads like what the window shows.

use expect_test::Expect;
use serde_json::Value;

/// Compares the answer as pretty JSON.
pub(crate) fn check_json(answer: &Value, expected: &Expect) {
    let text = serde_json::to_string_pretty(answer).unwrap();
    expected.assert_eq(&(text + "\n"));
}

/// One line for each row with the chosen fields.
pub(crate) fn lines(rows: &Value, fields: &[&str]) -> String {
    let rows = rows.as_array().unwrap_or_else(|| panic!("no rows: {rows}"));
    rows.iter().map(|row| line(row, fields) + "\n").collect()
}

/// The chosen fields of a row, parted by bars.
pub(crate) fn line(row: &Value, fields: &[&str]) -> String {
    let field = |name: &&str| match row.get(*name) {
        Some(Value::String(text)) => text.clone(),
        Some(value) => value.to_string(),
        None => panic!("no {name} in {row}"),
    };
    fields.iter().map(field).collect::<Vec<_>>().join(" | ")
}

/// Whether a person can read it: Chinese, and a whole sentence.
pub(crate) fn is_chinese_sentence(text: &str) -> bool {
    text.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c)) && text.ends_with('。')
}
