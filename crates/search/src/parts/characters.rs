//! A text as a row of characters, widths folded one by one, each knowing its byte.

/// Marks of emphasis and spaces that may stand inside what is one thing to a reader.
const GAPS: [char; 5] = [' ', '\u{A0}', '\u{3000}', '*', '`'];

/// The characters of a text, by number.
pub(super) struct Characters {
    list: Vec<(usize, char)>,
    n_bytes: usize,
}

impl Characters {
    pub(super) fn new(text: &str) -> Self {
        Self {
            list: text.char_indices().map(|(at, c)| (at, folded(c))).collect(),
            n_bytes: text.len(),
        }
    }

    pub(super) fn n(&self) -> usize {
        self.list.len()
    }

    /// The character at a place; `\0` beyond the end.
    pub(super) fn at(&self, place: usize) -> char {
        self.list.get(place).map_or('\0', |(_, c)| *c)
    }

    /// The character before a place; `\0` before the first.
    pub(super) fn before(&self, place: usize) -> char {
        place.checked_sub(1).map_or('\0', |place| self.at(place))
    }

    /// The byte at which the character at a place begins.
    pub(super) fn byte(&self, place: usize) -> usize {
        self.list.get(place).map_or(self.n_bytes, |(at, _)| *at)
    }

    /// The place after `word`, where the text goes on with it.
    pub(super) fn word(&self, place: usize, word: &str) -> Option<usize> {
        let mut end = place;
        for c in word.chars() {
            if self.at(end) != c {
                return None;
            }
            end += 1;
        }
        Some(end)
    }

    /// The longest of the words that stands here, and the place after it.
    pub(super) fn one_of(
        &self,
        place: usize,
        words: &[&'static str],
    ) -> Option<(&'static str, usize)> {
        let found = words
            .iter()
            .filter_map(|word| Some((*word, self.word(place, word)?)));
        found.max_by_key(|(_, end)| *end)
    }

    /// Whether one of the words ends before the place, nothing but a gap between.
    pub(super) fn follows_one_of(&self, place: usize, words: &[&str]) -> bool {
        let end = self.gap_before(place);
        words.iter().any(|word| {
            let n = word.chars().count();
            end.checked_sub(n)
                .is_some_and(|start| self.word(start, word) == Some(end))
        })
    }

    /// The first place from here on that is no gap.
    pub(super) fn gap(&self, place: usize) -> usize {
        let mut end = place;
        while GAPS.contains(&self.at(end)) {
            end += 1;
        }
        end
    }

    fn gap_before(&self, place: usize) -> usize {
        let mut start = place;
        while GAPS.contains(&self.before(start)) {
            start -= 1;
        }
        start
    }

    /// The characters between two places.
    pub(super) fn text(&self, start: usize, end: usize) -> String {
        (start..end).map(|place| self.at(place)).collect()
    }

    /// The place after a mark that means from … to.
    pub(super) fn dash(&self, place: usize) -> Option<usize> {
        let mut end = self.gap(place);
        let is_dash = |c: char| matches!(c, '-' | '—' | '–' | '~' | '―');
        if matches!(self.at(end), '至' | '到') {
            return Some(self.gap(end + 1));
        }
        let start = end;
        while is_dash(self.at(end)) && end < start + 2 {
            end += 1;
        }
        (end > start).then(|| self.gap(end))
    }
}

/// Whether a character ends a clause.
pub(super) fn ends_clause(c: char) -> bool {
    matches!(
        c,
        '\0' | '\n'
            | '\r'
            | '。'
            | ';'
            | '；'
            | '!'
            | '！'
            | '?'
            | '？'
            | '，'
            | ','
            | '、'
            | '|'
            | '('
            | ')'
            | '“'
            | '”'
            | '"'
            | '《'
            | '》'
            | '【'
            | '】'
            | '〔'
            | '〕'
            | '['
            | ']'
    )
}

/// Whether a character ends a sentence.
pub(super) fn ends_sentence(c: char) -> bool {
    matches!(
        c,
        '\0' | '\n' | '\r' | '。' | ';' | '；' | '!' | '！' | '?' | '？' | '|'
    )
}

/// Full-width digits, letters and the marks that numbers are written with become narrow; the
/// Chinese comma stays, because it never stands inside a number.
fn folded(c: char) -> char {
    match c {
        '０'..='９'
        | 'Ａ'..='Ｚ'
        | 'ａ'..='ｚ'
        | '％'
        | '／'
        | '－'
        | '：'
        | '（'
        | '）'
        | '．'
        | '＋' => char::from_u32(u32::from(c) - 0xFEE0).unwrap_or(c),
        '～' | '〜' | '∼' => '~',
        '∶' => ':',
        '﹣' | '−' | '‐' | '‑' => '-',
        '×' => 'x',
        _ => c,
    }
}
