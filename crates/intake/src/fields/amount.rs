//! 金额: sums of money as they are said.

use super::{Stretch, number};
use crate::text::Characters;

/// 金额 in cents.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Amount {
    pub cents: u64,
}

/// Larger sums are a slip of the tongue.
const MAX_YUAN: u64 = 1_000_000_000_000;
/// The longest first.
const UNITS: [(&str, u64); 12] = [
    ("亿元", 100_000_000),
    ("万块钱", 10_000),
    ("万块", 10_000),
    ("万元", 10_000),
    ("千元", 1_000),
    ("百元", 100),
    ("块钱", 1),
    ("元钱", 1),
    ("元", 1),
    ("块", 1),
    ("亿", 100_000_000),
    ("万", 10_000),
];
/// 一块地, 这块牌子: a piece and no money.
const PIECES: [&str; 12] = [
    "地", "田", "牌", "石", "板", "玻璃", "砖", "土", "儿", "区", "钢", "墙",
];
/// 万 alone is money only where these stand near before it.
const MONEY: [&str; 14] = [
    "钱", "款", "费", "价", "元", "工资", "贷", "欠", "赔", "借", "收了", "交了", "花了", "骗",
];
const MONEY_REACH: usize = 10;

pub(super) fn read(text: &Characters) -> Vec<Stretch<Amount>> {
    let mut found = Vec::new();
    let mut at = 0;
    while at < text.len() {
        match at_place(text, at) {
            Some((end, amount)) => {
                found.push((at, end, amount));
                at = end;
            }
            None => at += 1,
        }
    }
    found
}

fn at_place(text: &Characters, at: usize) -> Option<(usize, Amount)> {
    if text.before(at).is_ascii_alphanumeric() || text.before(at) == '.' {
        return None;
    }
    let (whole, mut end) = number::read(text, at)?;
    let mut cents = 0;
    if text.at(end) == '.' && text.at(end + 1).is_ascii_digit() {
        let fraction_end = text.digits_end(end + 1);
        let two: String = text
            .string(end + 1, end + 3)
            .chars()
            .filter(char::is_ascii_digit)
            .collect();
        cents = two.parse::<u64>().ok()? * if two.len() == 1 { 10 } else { 1 };
        end = fraction_end;
    }
    let spoken_in_tens = text.before(end) == '万';
    let (unit, factor, n) = match UNITS.iter().find(|(unit, _)| text.has_at(end, unit)) {
        Some((unit, factor)) => (*unit, *factor, unit.chars().count()),
        None if spoken_in_tens => ("万", 1, 0),
        None => return None,
    };
    if matches!(unit, "万" | "亿") {
        let before = text.string(at.saturating_sub(MONEY_REACH), at);
        let counted = text.at(end + n);
        let is_money = MONEY.iter().any(|word| before.contains(word));
        if !is_money || "人户个亩平吨次条名".contains(counted) {
            return None;
        }
    }
    if unit == "块" && PIECES.iter().any(|piece| text.has_at(end + 1, piece)) {
        return None;
    }
    if unit == "元" && text.has_at(end, "元旦") {
        return None;
    }
    let yuan = whole.checked_mul(factor).filter(|yuan| *yuan <= MAX_YUAN)?;
    let amount = Amount {
        cents: yuan * 100 + cents * factor,
    };
    Some((end + n, amount))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums() {
        for (text, expected) in [
            ("欠我工资3600元", "3600.00"),
            ("三千六百块钱一直不给", "3600.00"),
            ("押金2.5万元", "25000.00"),
            ("水费4.23元一吨", "4.23"),
            ("欠款一万二，不还", ""),
            ("欠我三万", "30000.00"),
            ("小区有三万人", ""),
            ("那边有一块地", ""),
            ("罚了两百块", "200.00"),
            ("1.5元", "1.50"),
        ] {
            let shown: Vec<String> = read(&Characters::new(text))
                .into_iter()
                .map(|(.., amount)| format!("{}.{:02}", amount.cents / 100, amount.cents % 100))
                .collect();
            assert_eq!(shown.join(","), expected, "{text}");
        }
    }
}
