//! How characters sound: syllables without tones, and sounds that people here confuse.

use pinyin::{ToPinyin as _, ToPinyinMulti as _};

/// More readings than these of one character are rare enough to be left out.
pub(crate) const MAX_READINGS: usize = 3;

/// Returns the syllables a character can be read as, the commonest first; none for a character
/// that has no reading.
pub(crate) fn readings(c: char) -> Vec<&'static str> {
    let mut syllables: Vec<&'static str> = Vec::with_capacity(MAX_READINGS);
    if let Some(first) = c.to_pinyin() {
        syllables.push(first.plain());
    }
    for reading in c.to_pinyin_multi().into_iter().flatten() {
        let syllable = reading.plain();
        if syllables.len() < MAX_READINGS && !syllables.contains(&syllable) {
            syllables.push(syllable);
        }
    }
    syllables
}

/// Returns a syllable as it is heard in 渠县, where zh is z, n is l, ng is n and hu is f: two that
/// fold to the same are easily taken for each other.
pub(crate) fn folded(syllable: &str) -> String {
    let (initial, rest) = split(syllable);
    let (initial, rest) = match (initial, rest) {
        ("zh", rest) => ("z", rest),
        ("ch", rest) => ("c", rest),
        ("sh", rest) => ("s", rest),
        ("n", rest) => ("l", rest),
        ("h", "u") => ("f", "u"),
        ("h", "ui") => ("f", "ei"),
        ("h", "un") => ("f", "en"),
        ("h", rest) if rest.starts_with('u') => ("f", rest.trim_start_matches('u')),
        other => other,
    };
    let rest = rest
        .strip_suffix('g')
        .filter(|rest| rest.ends_with('n'))
        .unwrap_or(rest);
    format!("{initial}{rest}")
}

/// Splits a syllable into the consonants it begins with and the rest.
pub(crate) fn split(syllable: &str) -> (&str, &str) {
    let n = if ["zh", "ch", "sh"]
        .iter()
        .any(|two| syllable.starts_with(two))
    {
        2
    } else {
        usize::from(!syllable.starts_with(['a', 'e', 'o', 'i', 'u', 'v', 'ü']))
    };
    syllable.split_at_checked(n).unwrap_or(("", syllable))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn readings_of_characters() {
        assert_eq!(readings('社'), ["she"]);
        assert!(readings('行').contains(&"hang") && readings('行').contains(&"xing"));
        assert!(readings('5').is_empty());
    }

    #[test]
    fn sounds_that_are_confused_fold_to_one() {
        for (a, b) in [
            ("zhang", "zan"),
            ("shi", "si"),
            ("nan", "lang"),
            ("hui", "fei"),
            ("hu", "fu"),
            ("huang", "fan"),
            ("ying", "yin"),
            ("nv", "lv"),
        ] {
            assert_eq!(folded(a), folded(b), "{a} {b}");
        }
        assert_ne!(folded("ban"), folded("pan"));
        assert_eq!(folded("er"), "er");
    }
}
