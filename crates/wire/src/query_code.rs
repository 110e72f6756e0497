//! 查询码: what somebody shows besides an order's number to follow it.
//!
//! It is made of the order's own identity, which was drawn at random where the order was registered
//! and never leaves the house. So a desk without a network reads out the code that the center will
//! ask for, and no key has to be handed out. Eight digits, since they are said over the telephone.

use std::fmt;

use crate::hash::Canonical;

/// How many digits it has.
pub const QUERY_CODE_DIGITS: usize = 8;
/// Digits said in one breath.
const GROUP: usize = 4;

/// 查询码 of one order.
#[derive(Clone, PartialEq, Eq)]
pub struct QueryCode([u8; QUERY_CODE_DIGITS]);

impl QueryCode {
    /// The code of an order by its identity and its number. Frozen: people have it in their hands.
    pub fn of(subject: &str, number: &str) -> Self {
        let mut form = Canonical::new(b"hotline-desk/query-code/1\0");
        form.text(subject);
        form.text(number);
        let hash = form.finish();
        let mut left = hash
            .0
            .iter()
            .take(8)
            .fold(0_u64, |value, byte| (value << 8) | u64::from(*byte));
        let mut digits = [0; QUERY_CODE_DIGITS];
        for digit in digits.iter_mut().rev() {
            *digit = b'0' + u8::try_from(left % 10).unwrap_or_default();
            left /= 10;
        }
        Self(digits)
    }

    /// Whether that was typed, with or without spaces, in digits of any width. Takes the same time
    /// whatever was typed.
    pub fn is(&self, typed: &str) -> bool {
        let typed = typed
            .chars()
            .filter(|c| !(c.is_whitespace() || matches!(c, '-' | '—' | '－')));
        let mut n_typed = 0_usize;
        let mut difference = 0_u8;
        for (at, c) in typed.take(QUERY_CODE_DIGITS + 1).enumerate() {
            let narrow = match c {
                '０'..='９' => u32::from(c) - u32::from('０') + u32::from('0'),
                c => u32::from(c),
            };
            let narrow = u8::try_from(narrow).unwrap_or_default();
            difference |= self.0.get(at).map_or(1, |digit| digit ^ narrow);
            n_typed += 1;
        }
        difference == 0 && n_typed == QUERY_CODE_DIGITS
    }
}

/// As it is read out: 1234 5678.
impl fmt::Display for QueryCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, digit) in self.0.iter().enumerate() {
            if at > 0 && at % GROUP == 0 {
                f.write_str(" ")?;
            }
            write!(f, "{}", char::from(*digit))?;
        }
        Ok(())
    }
}

/// Whoever logs an order does not log its code.
impl fmt::Debug for QueryCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("QueryCode")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SUBJECT: &str = "01931f6e-6f1a-7c3e-9a51-3f0c2b7d9e11";
    const NUMBER: &str = "20261126-W01-0001";

    #[test]
    fn the_code_is_frozen() {
        assert_eq!(QueryCode::of(SUBJECT, NUMBER).to_string(), "4642 8084");
        assert_ne!(
            QueryCode::of(SUBJECT, "20261126-W01-0002"),
            QueryCode::of(SUBJECT, NUMBER)
        );
    }

    #[test]
    fn people_type_it_in_many_ways() {
        let code = QueryCode::of(SUBJECT, NUMBER);
        let said = code.to_string();
        let wide = said.chars().map(|c| match c {
            '0'..='9' => char::from_u32(u32::from(c) - u32::from('0') + u32::from('０')).unwrap(),
            c => c,
        });
        let joined = said.replace(' ', "");
        for typed in [
            said.clone(),
            joined.clone(),
            said.replace(' ', "-"),
            format!("  {joined}\n"),
            wide.collect(),
        ] {
            assert!(code.is(&typed), "{typed}");
        }
        let other = if joined.starts_with('1') { "2" } else { "1" };
        let wrong = joined.chars().skip(1).collect::<String>();
        for typed in [
            "",
            &wrong,
            &format!("{other}{wrong}"),
            &format!("{joined}0"),
            "壹贰叁肆伍陆柒捌",
        ] {
            assert!(!code.is(typed), "{typed}");
        }
    }
}
