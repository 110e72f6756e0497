//! 水印: whose a file is that left the house. People see who made it, when and what for, and the number
//! under which that is recorded; the number stands where nobody looks as well, and [`serial_of`] finds it.
//!
//! Where it hides differs from format to format, and each place is there because another is lost: an
//! office program that saves a file anew keeps properties and cells, whoever copies a table into another
//! keeps its names, whoever prints a page keeps what is seen. It keeps honest people honest and finds where
//! a file came from; who knows how can take every mark away.

use std::io::Read as _;

use crate::archive;

/// What stands before the number wherever it can be read.
pub const SERIAL_LABEL: &str = "导出编号";
/// Letters that no font shows: they begin and end what is hidden, and are its two digits.
const EDGE: char = '\u{2060}';
const ZERO: char = '\u{200C}';
const ONE: char = '\u{200D}';
/// A letter of a number is ASCII.
const BITS: u32 = 7;
/// The longest number, in letters.
const SERIAL_MAX: usize = 40;
/// The shortest, in letters: what is shorter is a word that follows the label.
const SERIAL_MIN: usize = 8;
/// More of a part of a file is not looked through.
const PART_MAX_BYTES: u64 = 64 << 20;
/// More parts are not looked through; the forms of the house have some twenty.
const PARTS_MAX: usize = 2_000;
/// All parts together.
const LOOKED_AT_MAX_BYTES: u64 = 256 << 20;

/// 水印 of an export: who, when, what for (第十七条), and the number under which it is recorded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Watermark {
    pub person: String,
    pub at_text: String,
    pub purpose: String,
    pub serial: String,
}

impl Watermark {
    /// 张三 2026-11-24 09:15 内部使用 导出编号 W01-K7Q4M-X9P2T.
    pub fn text(&self) -> String {
        let serial = self.serial_text();
        let parts = [&self.person, &self.at_text, &self.purpose, &serial];
        let parts = parts.into_iter().filter(|part| !part.is_empty());
        parts.map(String::as_str).collect::<Vec<_>>().join("　")
    }

    /// 导出编号 W01-K7Q4M-X9P2T; empty without a number.
    pub fn serial_text(&self) -> String {
        if self.serial.is_empty() {
            return String::new();
        }
        format!("{SERIAL_LABEL} {}", self.serial)
    }

    /// The number in letters that nobody sees, to be put behind a text.
    pub fn hidden(&self) -> String {
        if self.serial.is_empty() {
            return String::new();
        }
        let bits = self.serial.chars().flat_map(|c| {
            let code = u32::from(c);
            (0..BITS).map(move |at| (code >> at) & 1)
        });
        let digits = bits.map(|bit| if bit == 0 { ZERO } else { ONE });
        std::iter::once(EDGE)
            .chain(digits)
            .chain(std::iter::once(EDGE))
            .collect()
    }
}

/// A text without what is hidden in it.
pub fn without_hidden(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once(EDGE) {
        shown.push_str(before);
        if let Some((_, behind)) = hidden_at(after) {
            rest = behind;
        } else {
            shown.push(EDGE);
            rest = after;
        }
    }
    shown.push_str(rest);
    shown
}

/// Whether a cell of a table is what [`Watermark::text`] put there.
pub(crate) fn is_mark(cell: &str) -> bool {
    cell.contains(SERIAL_LABEL) && serial_in(cell).is_some()
}

/// The number that a file carries: in its properties, in what is hidden in its texts, or where it can be
/// read. None where there is none, whatever the file is.
pub fn serial_of(bytes: &[u8]) -> Option<String> {
    if archive::is_zip(bytes) {
        return in_archive(bytes);
    }
    if let Ok(text) = std::str::from_utf8(bytes) {
        return serial_in(text);
    }
    // Excel in China saves a csv anew in an encoding of its own; a PDF is mostly no text at all.
    let label = SERIAL_LABEL.as_bytes();
    let mut at = bytes.windows(label.len());
    if let Some(found) = at.position(|window| window == label) {
        let behind = bytes.get(found..).unwrap_or_default();
        let behind = behind.get(..label.len() + 2 * SERIAL_MAX).unwrap_or(behind);
        return serial_in(&String::from_utf8_lossy(behind));
    }
    let (text, _, is_broken) = encoding_rs::GB18030.decode(bytes);
    (!is_broken).then(|| serial_in(&text)).flatten()
}

fn in_archive(bytes: &[u8]) -> Option<String> {
    let mut zip = zip::ZipArchive::new(std::io::Cursor::new(bytes)).ok()?;
    let mut left = LOOKED_AT_MAX_BYTES;
    for at in 0..zip.len().min(PARTS_MAX) {
        let Ok(part) = zip.by_index(at) else {
            continue;
        };
        let mut text = Vec::new();
        // The size in the directory is only what the file says of itself.
        let n_bytes = part.take(PART_MAX_BYTES.min(left)).read_to_end(&mut text);
        left = left.saturating_sub(n_bytes.map_or(0, |it| it as u64));
        if let Some(serial) = serial_in(&String::from_utf8_lossy(&text)) {
            return Some(serial);
        }
        if left == 0 {
            return None;
        }
    }
    None
}

/// The first number in a text, hidden or not.
fn serial_in(text: &str) -> Option<String> {
    let mut rest = text;
    while let Some((_, after)) = rest.split_once(EDGE) {
        if let Some((serial, _)) = hidden_at(after) {
            return Some(serial);
        }
        rest = after;
    }
    let mut labelled = text.split(SERIAL_LABEL);
    labelled.next();
    labelled.find_map(|behind| {
        let said =
            behind.trim_start_matches(|c: char| c.is_whitespace() || matches!(c, '：' | ':'));
        let serial: String = said.chars().take_while(|&c| is_of_serial(c)).collect();
        is_serial(&serial).then_some(serial)
    })
}

/// What is hidden behind an [`EDGE`], and the text behind its other one.
fn hidden_at(after: &str) -> Option<(String, &str)> {
    let (digits, behind) = after.split_once(EDGE)?;
    let bits: Option<Vec<u32>> = digits
        .chars()
        .map(|c| match c {
            ZERO => Some(0),
            ONE => Some(1),
            _ => None,
        })
        .collect();
    let bits = bits?;
    let letters = bits.chunks(BITS as usize).map(|bits| {
        let code = bits.iter().rev().fold(0, |code, bit| code << 1 | bit);
        char::from_u32(code)
    });
    let serial: String = letters.collect::<Option<_>>()?;
    is_serial(&serial).then_some((serial, behind))
}

fn is_serial(text: &str) -> bool {
    (SERIAL_MIN..=SERIAL_MAX).contains(&text.len()) && text.chars().all(is_of_serial)
}

fn is_of_serial(c: char) -> bool {
    c.is_ascii_uppercase() || c.is_ascii_digit() || c == '-'
}

#[cfg(test)]
mod tests {
    use super::*;

    fn watermark() -> Watermark {
        Watermark {
            person: "张三 0102".to_owned(),
            at_text: "2026-11-24 09:15".to_owned(),
            purpose: "核对".to_owned(),
            serial: "W01-K7Q4M-X9P2T".to_owned(),
        }
    }

    #[test]
    fn a_number_is_found_where_it_is_seen_and_where_it_is_not() {
        let mark = watermark();
        let hidden = format!("工单{}编号", mark.hidden());
        assert_eq!(without_hidden(&hidden), "工单编号");
        for text in [
            mark.text(),
            hidden,
            format!("\u{2060}家\u{2060}人{}", mark.hidden()),
            "导出编号：W01-K7Q4M-X9P2T。".to_owned(),
            "导出编号的说明，导出编号 W01-K7Q4M-X9P2T".to_owned(),
        ] {
            assert_eq!(
                serial_of(text.as_bytes()),
                Some(mark.serial.clone()),
                "{text}"
            );
        }
        // A spreadsheet of this country writes it so.
        let (bytes, _, _) = encoding_rs::GB18030.encode("序号,导出编号 W01-K7Q4M-X9P2T\r\n");
        assert_eq!(serial_of(&bytes), Some(mark.serial));
    }

    #[test]
    fn what_carries_none_has_none_and_nothing_else_is_taken_for_hidden() {
        for bytes in [
            "".as_bytes(),
            "导出编号 无".as_bytes(),
            "导出编号 A-1".as_bytes(),
            "\u{2060}\u{200C}\u{200D}\u{2060}".as_bytes(),
            b"PK\x03\x04broken",
            &[0xFF, 0xFE, 0x00, 0x80, 0x81],
        ] {
            assert_eq!(serial_of(bytes), None, "{bytes:?}");
        }
        for text in ["\u{2060}", "家\u{2060}人\u{2060}\u{200C}", "\u{200C}"] {
            assert_eq!(without_hidden(text), text);
        }
        let none = Watermark {
            serial: String::new(),
            ..watermark()
        };
        assert_eq!(none.text(), "张三 0102　2026-11-24 09:15　核对");
        assert_eq!(none.hidden(), "");
    }
}
