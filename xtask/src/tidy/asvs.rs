//! docs/ASVS核对.md: what of the ASVS applies, how it stands and which tests hold it.

use std::collections::BTreeSet;

pub(super) const PAGE: &str = "docs/ASVS核对.md";
/// What needs a test.
const HELD: [&str; 2] = ["有", "部分"];
/// What needs none: documents say it, or nobody claims it.
const UNHELD: [&str; 2] = ["文档", "未做"];

/// What the page and the tests do not agree on.
pub(super) fn differences(page: &str, names: &BTreeSet<String>) -> Vec<String> {
    let mut found = Vec::new();
    let mut seen = BTreeSet::new();
    for line in page.lines().filter(|line| line.starts_with("| V")) {
        let cells: Vec<&str> = line.trim_matches('|').split('|').map(str::trim).collect();
        let [number, _, state, tests] = cells.as_slice() else {
            found.push(format!("{PAGE}: a line without four cells: {line}"));
            continue;
        };
        if !seen.insert(*number) {
            found.push(format!("{PAGE}: {number} stands there twice"));
        }
        let mut has_test = false;
        for test in tests.split('`').skip(1).step_by(2) {
            has_test = true;
            if !names.contains(test) {
                found.push(format!("{PAGE}: {number} names `{test}`, which is no test"));
            }
        }
        let begins = |words: &[&str]| words.iter().any(|word| state.starts_with(word));
        match (begins(&HELD), begins(&UNHELD)) {
            (true, _) if !has_test => {
                found.push(format!("{PAGE}: {number} is claimed without a test"));
            }
            (false, false) => found.push(format!("{PAGE}: {number} does not say how it stands")),
            (true, _) | (false, true) => {}
        }
    }
    if seen.is_empty() {
        found.push(format!("{PAGE}: says nothing"));
    }
    found
}
