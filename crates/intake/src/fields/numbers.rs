//! 电话、车牌、身份证号: rows of digits and letters that name somebody or something.

use super::Stretch;
use crate::text::Characters;

pub(super) enum Number {
    Phone(String),
    Plate(String),
    Identity,
}

/// The first character of a plate.
const PROVINCES: &str = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼";
/// Words that say that a number is called.
const CALLED: [&str; 8] = ["电话", "手机", "联系", "拨打", "号码", "致电", "座机", "打"];
/// How far before a number such a word may stand.
const CALLED_REACH: usize = 8;
/// What is counted with these is no telephone.
const COUNTED: &str = "元块万亿个人户年月日号平米吨度次件条";
/// Weights and check signs of an identity number (GB 11643).
const IDENTITY_WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
const IDENTITY_CHECKS: [char; 11] = ['1', '0', 'x', '9', '8', '7', '6', '5', '4', '3', '2'];

pub(super) fn read(text: &Characters) -> Vec<Stretch<Number>> {
    let mut found = Vec::new();
    let mut at = 0;
    while at < text.len() {
        match plate(text, at).or_else(|| digits(text, at)) {
            Some((end, number)) => {
                found.extend(number.map(|number| (at, end, number)));
                at = end.max(at + 1);
            }
            None => at += 1,
        }
    }
    found
}

fn plate(text: &Characters, at: usize) -> Option<(usize, Option<Number>)> {
    if !PROVINCES.contains(text.at(at)) || !text.at(at + 1).is_ascii_lowercase() {
        return None;
    }
    let mut rest = at + 2;
    if matches!(text.at(rest), '·' | '-' | ' ' | '.') {
        rest += 1;
    }
    let is_sign = |c: &&char| c.is_ascii_digit() || c.is_ascii_lowercase();
    let n = text
        .slice(rest, text.len())
        .iter()
        .take_while(is_sign)
        .count();
    let signs = text.string(rest, rest + n);
    let has_digit = signs.chars().any(|c| c.is_ascii_digit());
    if !(5..=6).contains(&n) || !has_digit {
        return None;
    }
    let plate = format!("{}{signs}", text.string(at, at + 2)).to_uppercase();
    Some((rest + n, Some(Number::Plate(plate))))
}

/// A row of digits as a whole: what it is, or nothing, but never a part of it.
fn digits(text: &Characters, at: usize) -> Option<(usize, Option<Number>)> {
    if !text.at(at).is_ascii_digit() || text.before(at).is_ascii_alphanumeric() {
        return None;
    }
    let end = text.digits_end(at);
    let row = text.string(at, end);
    if row.len() == 17 && text.at(end) == 'x' && is_identity(&format!("{row}x")) {
        return Some((end + 1, Some(Number::Identity)));
    }
    if row.len() == 18 && is_identity(&row) {
        return Some((end, Some(Number::Identity)));
    }
    let (grouped, grouped_end) = grouped(text, at, end);
    if is_mobile(&grouped) || is_landline(&grouped) {
        return Some((grouped_end, Some(Number::Phone(grouped))));
    }
    let is_called = CALLED.iter().any(|word| {
        let start = at.saturating_sub(CALLED_REACH);
        text.string(start, at).contains(word)
    });
    let is_counted = COUNTED.contains(text.at(end)) || matches!(text.at(end), '.' | ':');
    let is_local = (7..=8).contains(&row.len()) && !row.starts_with(['0', '1']);
    if is_local && is_called && !is_counted {
        return Some((end, Some(Number::Phone(row))));
    }
    Some((end, None))
}

/// The digits with the groups that follow after single spaces and hyphens, as numbers are written.
fn grouped(text: &Characters, at: usize, first_end: usize) -> (String, usize) {
    let mut digits = text.string(at, first_end);
    let mut end = first_end;
    while matches!(text.at(end), '-' | ' ')
        && text.at(end + 1).is_ascii_digit()
        && digits.len() < 12
    {
        let next = text.digits_end(end + 1);
        digits.push_str(&text.string(end + 1, next));
        end = next;
    }
    (digits, end)
}

fn is_mobile(digits: &str) -> bool {
    let mut signs = digits.chars();
    digits.len() == 11 && signs.next() == Some('1') && matches!(signs.next(), Some('3'..='9'))
}

fn is_landline(digits: &str) -> bool {
    let with_area = digits.starts_with('0') && (11..=12).contains(&digits.len());
    let service = digits.len() == 10 && (digits.starts_with("400") || digits.starts_with("800"));
    with_area || service
}

fn is_identity(number: &str) -> bool {
    let sum: Option<u32> = (number.chars().zip(IDENTITY_WEIGHTS))
        .map(|(sign, weight)| Some(sign.to_digit(10)? * weight))
        .sum();
    let check = sum.and_then(|sum| IDENTITY_CHECKS.get(sum as usize % 11));
    check.is_some() && number.chars().last() == check.copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> String {
        let characters = Characters::new(text);
        let shown: Vec<String> = read(&characters)
            .into_iter()
            .map(|(start, end, number)| match number {
                Number::Phone(digits) => format!("电话 {digits}"),
                Number::Plate(plate) => format!("车牌 {plate}"),
                Number::Identity => {
                    format!("身份证 {}", text.get(characters.bytes(start, end)).unwrap())
                }
            })
            .collect();
        shown.join("，")
    }

    #[test]
    fn numbers_of_all_kinds() {
        for (text, expected) in [
            ("我电话13800001234", "电话 13800001234"),
            ("打１３８ 0000 1234找我", "电话 13800001234"),
            ("座机0818-7212345没人接", "电话 08187212345"),
            ("电话7212345打不通", "电话 7212345"),
            ("欠了7212345元", ""),
            ("订单号138000012345678", ""),
            ("车牌川S12345乱停", "车牌 川S12345"),
            ("渝AD12345 新能源车", "车牌 渝AD12345"),
            ("新a小区", ""),
            ("身份证11010519491231002X", "身份证 11010519491231002X"),
            ("编号110105194912310021", ""),
            ("400-800-1234", "电话 4008001234"),
        ] {
            assert_eq!(shown(text), expected, "{text}");
        }
    }
}
