//! A text as a row of units: single Chinese characters, and words of letters and digits.
//!
//! Widths and compatibility forms are folded, traditional characters become simplified, letters are
//! lower-cased and accents dropped, one original character at a time, so that each unit still knows its place in the text as it was written;
//! marking hits needs that. Folding whole strings (NFC, NFKC) would join characters and lose it.

use std::{ops::Range, sync::OnceLock};

use unicode_normalization::char::{decompose_compatible, is_combining_mark};

/// Longer runs of letters and digits are cut here, alike in articles and queries.
const MAX_WORD_CHARACTERS: usize = 40;

/// The first character of the scripts that are written without spaces between words.
const FIRST_IDEOGRAPH: char = '\u{2E80}';

/// What a unit is compared by, after folding.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Symbol {
    Character(char),
    Word(Box<str>),
}

/// One searchable unit and where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Unit {
    pub(crate) symbol: Symbol,
    /// Byte range in the original text, on character boundaries.
    pub(crate) range: Range<usize>,
    /// Nothing, not even a space or a comma, stands between the unit before and this one.
    pub(crate) is_joined: bool,
}

impl Unit {
    /// Returns the pair of Chinese characters that this unit forms with the one before it.
    pub(crate) fn pair_after(&self, previous: &Unit) -> Option<(char, char)> {
        match (&previous.symbol, &self.symbol, self.is_joined) {
            (Symbol::Character(first), Symbol::Character(second), true) => Some((*first, *second)),
            (Symbol::Character(_) | Symbol::Word(_), Symbol::Character(_) | Symbol::Word(_), _) => {
                None
            }
        }
    }
}

/// Splits a text into its units.
pub(crate) fn units(text: &str) -> Vec<Unit> {
    units_of_first(text, usize::MAX)
}

/// Splits the first `n_characters` of a text into units.
pub(crate) fn units_of_first(text: &str, n_characters: usize) -> Vec<Unit> {
    let mut splitter = Splitter {
        units: Vec::with_capacity((text.len() / 3).min(n_characters)),
        word: String::new(),
        n_word: 0,
        word_range: 0..0,
        is_joined: false,
    };
    for (start, c) in text.char_indices().take(n_characters) {
        let range = start..start + c.len_utf8();
        match c {
            '\u{4E00}'..='\u{9FFF}' => splitter.character(simplified(c), range),
            'a'..='z' | '0'..='9' => splitter.letter(c, range),
            'A'..='Z' => splitter.letter(c.to_ascii_lowercase(), range),
            '\0'..='\x7F' => splitter.gap(),
            _ => splitter.folded(c, &range),
        }
    }
    splitter.end_word();
    splitter.units
}

struct Splitter {
    units: Vec<Unit>,
    word: String,
    n_word: usize,
    word_range: Range<usize>,
    is_joined: bool,
}

impl Splitter {
    fn folded(&mut self, c: char, range: &Range<usize>) {
        decompose_compatible(c, |part| {
            for c in part.to_lowercase() {
                if is_invisible(c) {
                    // An accent or a variant selector belongs to the character before it.
                } else if !c.is_alphanumeric() {
                    self.gap();
                } else if c >= FIRST_IDEOGRAPH {
                    self.character(simplified(c), range.clone());
                } else {
                    self.letter(c, range.clone());
                }
            }
        });
    }

    fn character(&mut self, c: char, range: Range<usize>) {
        self.end_word();
        self.push(Symbol::Character(c), range);
    }

    fn letter(&mut self, c: char, range: Range<usize>) {
        if self.n_word == MAX_WORD_CHARACTERS {
            self.end_word();
        }
        if self.n_word == 0 {
            self.word_range = range.clone();
        }
        self.word_range.end = range.end;
        self.word.push(c);
        self.n_word += 1;
    }

    fn gap(&mut self) {
        self.end_word();
        self.is_joined = false;
    }

    fn end_word(&mut self) {
        if self.n_word > 0 {
            let symbol = Symbol::Word(self.word.as_str().into());
            self.word.clear();
            self.n_word = 0;
            let range = self.word_range.clone();
            self.push(symbol, range);
        }
    }

    fn push(&mut self, symbol: Symbol, range: Range<usize>) {
        self.units.push(Unit {
            symbol,
            range,
            is_joined: self.is_joined,
        });
        self.is_joined = true;
    }
}

/// The common ideographs, which the table of simplified characters covers.
const COMMON_IDEOGRAPHS: std::ops::RangeInclusive<char> = '\u{4E00}'..='\u{9FFF}';

/// Returns the simplified character of a traditional one, and any other as it is.
fn simplified(c: char) -> char {
    static TABLE: OnceLock<Vec<char>> = OnceLock::new();
    let table = TABLE.get_or_init(|| {
        COMMON_IDEOGRAPHS
            .map(|c| {
                let converted = fast2s::convert(c.encode_utf8(&mut [0; 4]));
                converted.chars().next().unwrap_or(c)
            })
            .collect()
    });
    u32::from(c)
        .checked_sub(u32::from(*COMMON_IDEOGRAPHS.start()))
        .and_then(|at| table.get(at as usize))
        .copied()
        .unwrap_or(c)
}

fn is_invisible(c: char) -> bool {
    is_combining_mark(c)
        || matches!(
            c,
            '\u{200B}'..='\u{200D}' | '\u{2060}' | '\u{FEFF}' | '\u{AD}'
        )
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::*;

    /// Shows the units with `|` between them, `·` where two are joined, and checks each range.
    fn check(text: &str, expected: &Expect) {
        let mut shown = String::new();
        for unit in units(text) {
            let original = text
                .get(unit.range.clone())
                .expect("ranges lie on boundaries");
            assert!(!original.is_empty());
            shown.push_str(if unit.is_joined { "·" } else { "|" });
            match unit.symbol {
                Symbol::Character(c) => shown.push(c),
                Symbol::Word(word) => shown.push_str(&word),
            }
        }
        expected.assert_eq(&shown);
    }

    #[test]
    fn characters_words_and_gaps() {
        check("办5G卡，要多少钱？", &expect!["|办·5g·卡|要·多·少·钱"]);
        check("Wi-Fi 6", &expect!["|wi|fi|6"]);
        check("", &expect![""]);
        check("，。 \n", &expect![""]);
    }

    #[test]
    fn widths_and_forms_are_folded() {
        check("ＡＢＣ１２３", &expect!["|abc123"]);
        check("⼯资㎡①", &expect!["|工·资·m21"]);
        check("café cafe\u{301}", &expect!["|cafe|cafe"]);
        check("ｶﾞ㈱", &expect!["|カ|株"]);
    }

    #[test]
    fn characters_outside_the_bmp_and_variants() {
        check("𠮷野家葛\u{E0100}城", &expect!["|𠮷·野·家·葛·城"]);
    }

    #[test]
    fn traditional_characters_are_simplified() {
        check(
            "請問醫療保險證丟了怎麼補辦",
            &expect!["|请·问·医·疗·保·险·证·丢·了·怎·么·补·办"],
        );
        check(
            "乾淨，乾隆，里面，头发",
            &expect!["|干·净|干·隆|里·面|头·发"],
        );
    }

    #[test]
    fn a_long_word_is_cut() {
        let n = units(&"a".repeat(MAX_WORD_CHARACTERS * 2 + 1)).len();
        assert_eq!(n, 3);
    }
}
