//! 导出编号: the number under which an export is recorded, and which stands in the file. People read it off
//! a printed or photographed page, so no letter looks like another and the last one tells a slip.

use std::fmt;

/// Letters and digits of which none looks like another; as many as a prime, so that one wrong letter and
/// two that changed places are always told.
const LETTERS: &[u8; 31] = b"23456789ABCDEFGHJKMNPQRSTUVWXYZ";
/// Letters that are drawn.
const DRAWN: usize = 9;
/// Letters said in one breath.
const GROUP: usize = 5;
/// The longest code of a desk that goes into it.
const DESK_MAX_CHARS: usize = 12;

/// 导出编号: W01-K7Q4M-X9P2T. The desk, and ten letters: nine that were drawn at random and one that proves
/// them.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct ExportSerial(String);

impl ExportSerial {
    /// The number of an export at a desk, of what was `drawn` at random.
    pub fn of(desk: &str, drawn: u128) -> Self {
        let mut left = drawn;
        let mut letters: Vec<usize> = Vec::with_capacity(DRAWN + 1);
        for _ in 0..DRAWN {
            letters.push(usize::try_from(left % 31).unwrap_or_default());
            left /= 31;
        }
        letters.push(proof(&letters));
        let letters = letters.into_iter().filter_map(|it| LETTERS.get(it));
        let letters: Vec<char> = letters.map(|it| char::from(*it)).collect();
        let groups = letters.chunks(GROUP).map(String::from_iter);
        let desk = desk.chars().filter(char::is_ascii_alphanumeric);
        let desk: String = desk.take(DESK_MAX_CHARS).collect();
        let parts = std::iter::once(desk.to_ascii_uppercase()).filter(|it| !it.is_empty());
        Self(parts.chain(groups).collect::<Vec<_>>().join("-"))
    }

    /// What somebody typed, in letters of any width and case, with or without the strokes between. None where
    /// it is no number or a letter is wrong.
    pub fn read(typed: &str) -> Option<Self> {
        let narrow = typed.chars().filter_map(|c| match c {
            'Ａ'..='Ｚ' | 'ａ'..='ｚ' | '０'..='９' => {
                char::from_u32(u32::from(c) + u32::from('A') - u32::from('Ａ'))
            }
            c if c.is_whitespace() || matches!(c, '-' | '－' | '—' | '–') => None,
            c => Some(c),
        });
        let narrow: Vec<char> = narrow.map(|c| c.to_ascii_uppercase()).collect();
        let at = narrow.len().checked_sub(DRAWN + 1)?;
        let (desk, letters) = narrow.split_at_checked(at)?;
        let is_desk = desk.len() <= DESK_MAX_CHARS && desk.iter().all(char::is_ascii_alphanumeric);
        let places = letters
            .iter()
            .map(|c| LETTERS.iter().position(|it| char::from(*it) == *c));
        let places: Vec<usize> = places.collect::<Option<_>>()?;
        let (last, drawn) = places.split_last()?;
        if !is_desk || proof(drawn) != *last {
            return None;
        }
        let mut parts = vec![desk.iter().collect::<String>()];
        parts.extend(letters.chunks(GROUP).map(String::from_iter));
        parts.retain(|it| !it.is_empty());
        Some(Self(parts.join("-")))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// 工作站 that made it; empty where it had no code yet.
    pub fn desk(&self) -> &str {
        self.0.rsplitn(3, '-').nth(2).unwrap_or_default()
    }
}

impl fmt::Display for ExportSerial {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The letter that proves the others: each counts by its place.
fn proof(letters: &[usize]) -> usize {
    let sum: usize = (1..)
        .zip(letters)
        .map(|(place, letter)| place * letter)
        .sum();
    sum % LETTERS.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_read_off_a_page_is_the_number_or_none() {
        let serial = ExportSerial::of("W01", 0x1234_5678_9ABC_DEF0);
        assert_eq!(serial.desk(), "W01");
        let text = serial.to_string();
        for typed in [
            text.clone(),
            text.to_lowercase(),
            text.replace('-', " "),
            text.replace('W', "Ｗ").replace('0', "０"),
        ] {
            assert_eq!(ExportSerial::read(&typed), Some(serial.clone()), "{typed}");
        }
        let mut short = text.clone();
        short.pop();
        for wrong in ["", "W01", "无", "W01-IIIII-OOOOO", &short] {
            assert_eq!(ExportSerial::read(wrong), None, "{wrong}");
        }
        let alone = ExportSerial::of("", 7);
        assert_eq!(alone.desk(), "");
        assert_eq!(ExportSerial::read(alone.as_str()), Some(alone));
    }

    #[test]
    fn one_wrong_letter_and_two_that_changed_places_are_told() {
        let serial = ExportSerial::of("", u128::MAX / 3)
            .to_string()
            .replace('-', "");
        let letters: Vec<char> = serial.chars().collect();
        for at in 0..letters.len() {
            for other in LETTERS.iter().map(|it| char::from(*it)) {
                let mut typed = letters.clone();
                typed[at] = other;
                let read = ExportSerial::read(&typed.iter().collect::<String>());
                assert_eq!(read.is_some(), other == letters[at]);
            }
        }
        for at in 1..letters.len() {
            let mut typed = letters.clone();
            typed.swap(at - 1, at);
            let is_same = typed == letters;
            let read = ExportSerial::read(&typed.iter().collect::<String>());
            assert_eq!(read.is_some(), is_same, "{typed:?}");
        }
    }
}
