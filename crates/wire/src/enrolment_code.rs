//! 登记码 as a person types it: a secret that is good once, and by what the center is known.
//!
//! A desk that comes for the first time has nothing to tell the center from a stranger on the same
//! network. So the code carries the beginning of the hash of the center's certificate: whoever
//! read it off the administrator's screen brings the trust along.

use std::fmt;

use sha2::{Digest as _, Sha256};
use thiserror::Error;

/// Crockford's digits: none is taken for another, and what is read wrong is put right.
const DIGITS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
/// Digits, of five bits each.
const SECRET_DIGITS: usize = 12;
const PIN_DIGITS: usize = 16;
const CHECK_DIGITS: usize = 4;
const ALL_DIGITS: usize = SECRET_DIGITS + PIN_DIGITS + CHECK_DIGITS;
const GROUP_DIGITS: usize = 4;
/// Bytes of randomness for a secret; one for each digit.
pub const SECRET_BYTES: usize = SECRET_DIGITS;

/// A code, read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EnrolmentCode {
    /// What the desk shows the center; the center keeps its hash.
    pub secret: String,
    pin: String,
}

/// What is wrong with a code before anybody was asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum CodeFault {
    /// 位数不对.
    #[error("a code has {ALL_DIGITS} digits, not {n_digits}")]
    WrongLength { n_digits: usize },
    /// 输错: a digit was typed wrong, or two are the wrong way round.
    #[error("the code was mistyped")]
    Mistyped,
}

impl EnrolmentCode {
    /// A new code for the center with this certificate. `random` has to be.
    pub fn new(random: [u8; SECRET_BYTES], center_certificate: &[u8]) -> Self {
        let secret = random.iter().map(|byte| digit(usize::from(byte % 32)));
        Self {
            secret: secret.collect(),
            pin: pin_of(center_certificate),
        }
    }

    /// Reads what was typed, in whatever case and however it was put into groups.
    pub fn read(typed: &str) -> Result<Self, CodeFault> {
        let letters = typed.chars().filter(|it| it.is_alphanumeric());
        let digits: Option<String> = letters.map(meant).collect();
        let digits = digits.ok_or(CodeFault::Mistyped)?;
        let n_digits = digits.len();
        if n_digits != ALL_DIGITS {
            return Err(CodeFault::WrongLength { n_digits });
        }
        let mut rest = digits.chars();
        let mut take = |n: usize| rest.by_ref().take(n).collect::<String>();
        let code = Self {
            secret: take(SECRET_DIGITS),
            pin: take(PIN_DIGITS),
        };
        if code.check() == take(CHECK_DIGITS) {
            Ok(code)
        } else {
            Err(CodeFault::Mistyped)
        }
    }

    /// Whether the certificate (DER) is the one of the center that gave the code.
    pub fn is_of(&self, center_certificate: &[u8]) -> bool {
        self.pin == pin_of(center_certificate)
    }

    fn check(&self) -> String {
        let mut hash = Sha256::new();
        hash.update(b"hotline-desk/code/1\0");
        hash.update(&self.secret);
        hash.update(&self.pin);
        digits_of(&hash.finalize(), CHECK_DIGITS)
    }
}

/// In groups of four, to be read out and typed.
impl fmt::Display for EnrolmentCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let all = format!("{}{}{}", self.secret, self.pin, self.check());
        for (nth, digit) in all.chars().enumerate() {
            if nth > 0 && nth.is_multiple_of(GROUP_DIGITS) {
                f.write_str("-")?;
            }
            write!(f, "{digit}")?;
        }
        Ok(())
    }
}

fn pin_of(certificate: &[u8]) -> String {
    digits_of(&Sha256::digest(certificate), PIN_DIGITS)
}

/// The first digits of `bytes`, from the left.
fn digits_of(bytes: &[u8], n: usize) -> String {
    let bits = bytes
        .iter()
        .flat_map(|byte| (0..8).rev().map(move |place| (byte >> place) & 1));
    let bits: Vec<usize> = bits.map(usize::from).collect();
    let values = bits
        .chunks(5)
        .map(|five| five.iter().fold(0_usize, |value, bit| value * 2 + bit));
    values.take(n).map(digit).collect()
}

fn digit(value: usize) -> char {
    DIGITS.get(value).map_or('0', |digit| char::from(*digit))
}

/// The digit that a letter stands for.
fn meant(letter: char) -> Option<char> {
    let letter = match letter.to_ascii_uppercase() {
        'O' => '0',
        'I' | 'L' => '1',
        letter => letter,
    };
    DIGITS
        .iter()
        .map(|digit| char::from(*digit))
        .find(|digit| *digit == letter)
}

#[cfg(test)]
mod tests {
    use super::*;

    const CERTIFICATE: &[u8] = b"certificate";

    fn code() -> EnrolmentCode {
        EnrolmentCode::new([0, 1, 2, 3, 4, 5, 6, 7, 8, 31, 32, 255], CERTIFICATE)
    }

    #[test]
    fn a_code_there_and_back() {
        let typed = code().to_string();
        assert_eq!(typed.len(), ALL_DIGITS + ALL_DIGITS / GROUP_DIGITS - 1);
        assert!(typed.starts_with("0123-4567-8Z0Z-"), "{typed}");
        for typed in [
            typed.clone(),
            typed.to_lowercase(),
            typed.replace('-', ""),
            typed.replace('-', " ").replace('0', "o").replace('1', "l"),
        ] {
            assert_eq!(EnrolmentCode::read(&typed), Ok(code()), "{typed}");
        }
        assert!(code().is_of(CERTIFICATE));
        assert!(!code().is_of(b"another"));
    }

    #[test]
    fn a_slip_is_told_before_anybody_is_asked() {
        let typed = code().to_string();
        let swapped: String = typed.replacen("23", "32", 1);
        let other: String = typed.replacen('4', "5", 1);
        for slip in [swapped, other, typed.replacen('2', "水", 1)] {
            assert_eq!(
                EnrolmentCode::read(&slip),
                Err(CodeFault::Mistyped),
                "{slip}"
            );
        }
        let n_digits = 3;
        assert_eq!(
            EnrolmentCode::read("012"),
            Err(CodeFault::WrongLength { n_digits })
        );
    }
}
