//! 许可: which may be shipped in a program that is not under the same.

/// Each was read: it asks for its notice, and where it asks for more, only of the part itself (MPL-2.0).
const ALLOWED: [&str; 18] = [
    "0BSD",
    "Apache-2.0",
    "Apache-2.0 WITH LLVM-exception",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "BSL-1.0",
    "CC0-1.0",
    "CDLA-Permissive-2.0",
    "ISC",
    "MIT",
    "MIT-0",
    "MPL-2.0",
    "PSF-2.0",
    "Unicode-3.0",
    "Unlicense",
    "WTFPL",
    "Zlib",
    "zlib-acknowledgement",
];

/// One way of writing it: `MIT/Apache-2.0` says the same as `MIT OR Apache-2.0`.
pub(super) fn written(licence: &str) -> String {
    let alternatives = licence.split('/').map(str::trim);
    alternatives.collect::<Vec<_>>().join(" OR ")
}

/// Whether one of the alternatives asks for nothing but what we can do.
pub(super) fn is_allowed(expression: &str) -> bool {
    let expression = expression.trim();
    // `OR` binds less than `AND`.
    for (word, every) in [(" OR ", false), (" AND ", true)] {
        let parts = split_outside(expression, word);
        if parts.len() > 1 {
            let mut allowed = parts.iter().map(|part| is_allowed(part));
            return if every {
                allowed.all(|it| it)
            } else {
                allowed.any(|it| it)
            };
        }
    }
    match expression
        .strip_prefix('(')
        .and_then(|it| it.strip_suffix(')'))
    {
        Some(inner) => is_allowed(inner),
        None => ALLOWED.contains(&expression),
    }
}

/// Splits where the word stands in no parentheses.
fn split_outside<'a>(expression: &'a str, word: &str) -> Vec<&'a str> {
    let mut parts = Vec::new();
    let mut rest = expression;
    let mut from = 0;
    while let Some(at) = rest
        .get(from..)
        .and_then(|it| it.find(word))
        .map(|it| it + from)
    {
        let (before, after) = rest.split_at(at);
        if before.matches('(').count() == before.matches(')').count() {
            parts.push(before);
            rest = after.strip_prefix(word).unwrap_or(after);
            from = 0;
        } else {
            from = at + word.len();
        }
    }
    parts.push(rest);
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_alternatives_one_is_enough_and_of_demands_none_is_left_out() {
        for allowed in [
            "MIT",
            "GPL-3.0 OR MIT",
            "(MIT OR GPL-3.0) AND Unicode-3.0",
            "Apache-2.0 WITH LLVM-exception OR GPL-2.0",
            "MIT OR GPL-2.0 AND GPL-3.0",
            "((MIT))",
        ] {
            assert!(is_allowed(allowed), "{allowed}");
        }
        for refused in [
            "GPL-3.0",
            "MIT AND GPL-3.0",
            "(GPL-3.0 OR AGPL-3.0) AND MIT",
            "",
            "()",
        ] {
            assert!(!is_allowed(refused), "{refused}");
        }
        assert_eq!(
            written("Apache-2.0 / MIT/MPL-2.0"),
            "Apache-2.0 OR MIT OR MPL-2.0"
        );
    }
}
