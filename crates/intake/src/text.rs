//! A text as single characters, folded so that one is compared with one: full width becomes half
//! width, capitals small, traditional simplified. Each knows its bytes in the text as it was typed;
//! whatever is found is a stretch of that text.

use std::ops::Range;
use std::sync::LazyLock;

/// So much of a text is read: the longest matter that is kept (`domain::matter::TEXT_MAX_CHARS`).
pub(crate) const MAX_CHARACTERS: usize = domain::matter::TEXT_MAX_CHARS;

/// The common ideographs, which the table of simplified characters covers.
const COMMON_IDEOGRAPHS: std::ops::RangeInclusive<char> = '\u{4E00}'..='\u{9FFF}';

/// What stands outside the text, so that looking past its end needs no question.
const NOTHING: char = '\0';

/// A text, one folded character for each character of it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Characters {
    folded: Vec<char>,
    written: Vec<char>,
    /// The byte at which each character begins, and the end.
    starts: Vec<usize>,
}

impl Characters {
    pub(crate) fn new(text: &str) -> Self {
        let mut folded = Vec::with_capacity(text.len() / 3);
        let mut written = Vec::with_capacity(text.len() / 3);
        let mut starts = Vec::with_capacity(text.len() / 3 + 1);
        let mut end = 0;
        for (start, c) in text.char_indices().take(MAX_CHARACTERS) {
            folded.push(fold(c));
            written.push(c);
            starts.push(start);
            end = start + c.len_utf8();
        }
        starts.push(end);
        Self {
            folded,
            written,
            starts,
        }
    }

    pub(crate) fn len(&self) -> usize {
        self.folded.len()
    }

    pub(crate) fn all(&self) -> &[char] {
        &self.folded
    }

    /// The character at a place; `\0` outside the text.
    pub(crate) fn at(&self, place: usize) -> char {
        self.folded.get(place).copied().unwrap_or(NOTHING)
    }

    /// The character before a place; `\0` at the beginning.
    pub(crate) fn before(&self, place: usize) -> char {
        place.checked_sub(1).map_or(NOTHING, |at| self.at(at))
    }

    /// The characters from a place to another, as far as there are any.
    pub(crate) fn slice(&self, start: usize, end: usize) -> &[char] {
        let end = end.min(self.len());
        self.folded.get(start.min(end)..end).unwrap_or_default()
    }

    pub(crate) fn string(&self, start: usize, end: usize) -> String {
        self.slice(start, end).iter().collect()
    }

    /// As it was typed.
    pub(crate) fn written(&self, start: usize, end: usize) -> String {
        let end = end.min(self.len());
        let written = self.written.get(start.min(end)..end);
        written.unwrap_or_default().iter().collect()
    }

    /// The bytes of the characters from a place to another.
    pub(crate) fn bytes(&self, start: usize, end: usize) -> Range<usize> {
        let last = self.starts.last().copied().unwrap_or_default();
        let byte = |place: usize| self.starts.get(place).copied().unwrap_or(last);
        byte(start)..byte(end)
    }

    /// Whether a word stands at a place.
    pub(crate) fn has_at(&self, place: usize, word: &str) -> bool {
        (place..).zip(word.chars()).all(|(at, c)| self.at(at) == c)
    }

    /// The first of the words that stands at a place, with its length.
    pub(crate) fn one_at<'w>(&self, place: usize, words: &[&'w str]) -> Option<(&'w str, usize)> {
        let word = words.iter().find(|word| self.has_at(place, word))?;
        Some((word, word.chars().count()))
    }

    /// The digits that stand together from a place on.
    pub(crate) fn digits_end(&self, start: usize) -> usize {
        let n = self.slice(start, self.len()).iter();
        start + n.take_while(|c| c.is_ascii_digit()).count()
    }
}

/// Whether a character ends a sentence.
pub(crate) fn ends_sentence(c: char) -> bool {
    matches!(c, '。' | '!' | '?' | '！' | '？' | ';' | '；' | '\n' | '\r')
}

/// Whether a character ends a part of a sentence.
pub(crate) fn ends_clause(c: char) -> bool {
    ends_sentence(c) || matches!(c, ',' | '，' | '、' | ':' | '：' | '\0')
}

/// What a character is compared by.
pub(crate) fn fold(c: char) -> char {
    let c = match c {
        '\u{FF01}'..='\u{FF5E}' => {
            char::from_u32(u32::from(c) - 0xFF01 + u32::from('!')).unwrap_or(c)
        }
        '\u{3000}' => ' ',
        _ => c,
    };
    if COMMON_IDEOGRAPHS.contains(&c) {
        simplified(c)
    } else {
        c.to_ascii_lowercase()
    }
}

fn simplified(c: char) -> char {
    static TABLE: LazyLock<Vec<char>> = LazyLock::new(|| {
        COMMON_IDEOGRAPHS
            .map(|c| {
                let converted = fast2s::convert(c.encode_utf8(&mut [0; 4]));
                converted.chars().next().unwrap_or(c)
            })
            .collect()
    });
    let place = u32::from(c) - u32::from(*COMMON_IDEOGRAPHS.start());
    TABLE.get(place as usize).copied().unwrap_or(c)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_character_for_each() {
        let text = "ＡＢ請問，5０";
        let characters = Characters::new(text);
        assert_eq!(characters.string(0, 9), "ab请问,50");
        assert_eq!(text.get(characters.bytes(2, 4)).unwrap(), "請問");
        assert_eq!(characters.at(99), NOTHING);
        assert_eq!(characters.bytes(5, 99), 15..19);
        assert_eq!(characters.written(0, 4), "ＡＢ請問");
    }

    #[test]
    fn nothing_is_a_text() {
        let characters = Characters::new("");
        assert_eq!(characters.len(), 0);
        assert_eq!(characters.bytes(0, 0), 0..0);
    }
}
