//! Numbers as they are written, and what is measured with them: `3,000`, `1.5万`, `三千`, `3至5个工作日`.

use super::characters::Characters;

/// Longer rows of digits are no numbers that anything is measured with.
const MAX_DIGITS: usize = 12;

/// A number, in thousandths.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Number {
    pub(super) thousandths: i64,
    pub(super) is_arabic: bool,
    pub(super) end: usize,
}

/// `3个工作日`, `300-500元`: a number or two, and what is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Measured {
    pub(super) low: i64,
    pub(super) high: i64,
    pub(super) unit: &'static str,
    pub(super) is_arabic: bool,
    pub(super) end: usize,
}

/// How a number binds: 20, at most 20, 20 and more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Bound {
    Exactly,
    AtMost,
    AtLeast,
}

const AT_MOST: [&str; 14] = [
    "最高不超过",
    "不超过",
    "最高",
    "不高于",
    "不得超过",
    "不多于",
    "至多",
    "最多",
    "低于",
    "不足",
    "未满",
    "不满",
    "小于",
    "少于",
];
const AT_LEAST: [&str; 14] = [
    "不低于",
    "不少于",
    "不得少于",
    "不得低于",
    "最低",
    "至少",
    "最少",
    "年满",
    "已满",
    "满",
    "超过",
    "高于",
    "大于",
    "多于",
];
const AND_MORE: [&str; 4] = ["以上", "及以上", "(含)以上", "或以上"];
const AND_LESS: [&str; 4] = ["以下", "及以下", "(含)以下", "或以下"];

/// What a text says with a number: from, to, and the unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Bounded {
    /// Open for 不超过.
    pub(super) low: Option<i64>,
    /// Open for 以上.
    pub(super) high: Option<i64>,
    pub(super) measured: Measured,
    pub(super) end: usize,
}

impl Bounded {
    /// Whether it is more than a bare number.
    pub(super) fn binds(&self) -> bool {
        self.low.is_none() || self.low != self.high
    }
}

/// 不超过3万元, 60周岁以上, 三千元以上五千元以下, or a number without a bound. `start` is the place of
/// the bound or the number; what stands between the number and 以上 (如 /月) is left to `pass`.
pub(super) fn bounded(
    text: &Characters,
    start: usize,
    units: &[&'static str],
    mut pass: impl FnMut(usize) -> usize,
) -> Option<Bounded> {
    let (before, at) = bound_before(text, start).unwrap_or((Bound::Exactly, start));
    if !may_begin(text, at) {
        return None;
    }
    let measured = measured(text, at, units)?;
    let end = pass(measured.end);
    let (after, end) = match bound_after(text, end) {
        Some((after, end)) if before == Bound::Exactly => (after, end),
        Some(_) | None => (before, end),
    };
    let (low, high) = match after {
        Bound::Exactly => (Some(measured.low), Some(measured.high)),
        Bound::AtMost => (None, Some(measured.high)),
        Bound::AtLeast => (Some(measured.low), None),
    };
    let alone = Bounded {
        low,
        high,
        measured,
        end,
    };
    if high.is_some() {
        return Some(alone);
    }
    let next = text.gap(end + usize::from(matches!(text.at(end), '、' | '，')));
    let second = bound_before(text, next).map_or(next, |(_, at)| at);
    let upper = self::measured(text, second, units).filter(|upper| {
        let is_upper = matches!(bound_before(text, next), Some((Bound::AtMost, _)))
            || matches!(bound_after(text, upper.end), Some((Bound::AtMost, _)));
        is_upper && upper.unit == measured.unit && upper.high > measured.low
    });
    let Some(upper) = upper else {
        return Some(alone);
    };
    let end = bound_after(text, upper.end).map_or(upper.end, |(_, end)| end);
    Some(Bounded {
        high: Some(upper.high),
        end,
        ..alone
    })
}

/// A bound before a number, and the place after it.
fn bound_before(text: &Characters, at: usize) -> Option<(Bound, usize)> {
    let at_most = text.one_of(at, &AT_MOST);
    let at_least = text.one_of(at, &AT_LEAST);
    match (at_most, at_least) {
        (Some((_, most)), least) if least.is_none_or(|(_, least)| most > least) => {
            Some((Bound::AtMost, text.gap(most)))
        }
        (_, Some((_, end))) => Some((Bound::AtLeast, text.gap(end))),
        (Some(_) | None, None) => None,
    }
}

/// A bound after a number and its unit, and the place after it.
fn bound_after(text: &Characters, at: usize) -> Option<(Bound, usize)> {
    let more = text.one_of(at, &AND_MORE);
    let less = text.one_of(at, &AND_LESS);
    more.map(|(_, end)| (Bound::AtLeast, end))
        .or_else(|| less.map(|(_, end)| (Bound::AtMost, end)))
}

/// Whether a number may begin here: not in the middle of another or of a word of letters.
pub(super) fn may_begin(text: &Characters, at: usize) -> bool {
    let (before, here) = (text.before(at), text.at(at));
    if here.is_ascii_digit() {
        !(before.is_ascii_alphanumeric()
            || (before == '.' && text.before(at - 1).is_ascii_digit())
            || matches!(before, '第' | '〔' | '['))
    } else {
        is_numeral(here) && !is_numeral(before) && !matches!(before, '第' | '周' | '期')
    }
}

/// A Chinese numeral.
pub(super) fn is_numeral(c: char) -> bool {
    digit(c).is_some() || power(c).is_some() || c == '半'
}

/// The number that begins here.
pub(super) fn number(text: &Characters, at: usize) -> Option<Number> {
    if text.at(at).is_ascii_digit() {
        arabic(text, at)
    } else {
        chinese(text, at)
    }
}

/// A number or two with one of the units.
fn measured(text: &Characters, at: usize, units: &[&'static str]) -> Option<Measured> {
    let first = number(text, at)?;
    let (first_factor, after_first) = factor(text, &first);
    let first_unit = text.one_of(text.gap(after_first), units);
    let low = first.thousandths.checked_mul(first_factor)?;
    let alone = first_unit.map(|(unit, end)| Measured {
        low,
        high: low,
        unit,
        is_arabic: first.is_arabic,
        end,
    });
    let second = text
        .dash(first_unit.map_or(after_first, |(_, end)| end))
        .and_then(|start| {
            let second = number(text, start)?;
            let (second_factor, after) = factor(text, &second);
            let (unit, end) = text.one_of(text.gap(after), units)?;
            // In 3-5万元 the 万 is that of both; in 3元-5万元 it is not.
            let is_shared = first_factor == 1 && first_unit.is_none();
            let low = if is_shared {
                low.checked_mul(second_factor)?
            } else {
                low
            };
            let high = second.thousandths.checked_mul(second_factor)?;
            let is_of_one_kind = first_unit.is_none_or(|(of_first, _)| of_first == unit);
            (low < high && is_of_one_kind).then_some(Measured {
                low,
                high,
                unit,
                is_arabic: first.is_arabic,
                end,
            })
        });
    second.or(alone)
}

/// 万, 千 after digits.
fn factor(text: &Characters, number: &Number) -> (i64, usize) {
    let end = text.gap(number.end);
    match (number.is_arabic, text.at(end), text.at(end + 1)) {
        (true, '千', '万') => (10_000_000, end + 2),
        (true, '百', '万') => (1_000_000, end + 2),
        (true, '亿', _) => (100_000_000, end + 1),
        (true, '万', _) => (10_000, end + 1),
        (true, '千', _) => (1_000, end + 1),
        (true, '百', _) => (100, end + 1),
        _ => (1, number.end),
    }
}

fn arabic(text: &Characters, at: usize) -> Option<Number> {
    let digits_from = |start: usize| {
        let mut end = start;
        while text.at(end).is_ascii_digit() {
            end += 1;
        }
        end
    };
    let mut end = digits_from(at);
    let mut digits = text.text(at, end);
    // 3,000 and 12,345,678; a comma that no three digits follow ends the number.
    if digits.len() <= 3 {
        while text.at(end) == ',' && digits_from(end + 1) == end + 4 {
            digits.push_str(&text.text(end + 1, end + 4));
            end += 4;
        }
    }
    let mut thousandths = String::new();
    if text.at(end) == '.' && text.at(end + 1).is_ascii_digit() {
        let fraction = digits_from(end + 1);
        thousandths = text.text(end + 1, fraction);
        end = fraction;
        // 1.2.3 is a heading or a version.
        if text.at(end) == '.' && text.at(end + 1).is_ascii_digit() {
            return None;
        }
    }
    if digits.len() > MAX_DIGITS {
        return None;
    }
    thousandths.push_str("000");
    let fraction: String = thousandths.chars().take(3).collect();
    Some(Number {
        thousandths: format!("{digits}{fraction}").parse().ok()?,
        is_arabic: true,
        end,
    })
}

/// 三千, 一万五千, 二十五, 半; a row of single digits such as 二〇二五 is a year and no number.
fn chinese(text: &Characters, at: usize) -> Option<Number> {
    let mut end = at;
    while is_numeral(text.at(end)) && end < at + MAX_DIGITS {
        end += 1;
    }
    let numerals: Vec<char> = (at..end).map(|place| text.at(place)).collect();
    if numerals == ['半'] {
        return Some(Number {
            thousandths: 500,
            is_arabic: false,
            end,
        });
    }
    if !matches!(numerals.first(), Some(c) if digit(*c).is_some() || *c == '十') {
        return None;
    }
    let (mut total, mut section, mut pending) = (0_i64, 0_i64, None);
    let mut last_power = 10_i64;
    for c in &numerals {
        if let Some(value) = digit(*c) {
            if pending.is_some_and(|before| before != 0) {
                return None;
            }
            pending = Some(value);
            continue;
        }
        last_power = power(*c)?;
        let value = pending.take().unwrap_or(0);
        if last_power >= 10_000 {
            let whole = (section + value).max(1);
            total = total.checked_add(whole.checked_mul(last_power)?)?;
            section = 0;
        } else {
            section += value.max(1) * last_power;
        }
    }
    // 一万五 and 三百二 leave the last power out; 二十五 does not, nor 一百零五.
    let leaves_out = numerals.len() >= 2
        && last_power >= 100
        && numerals
            .get(numerals.len() - 2)
            .is_some_and(|c| power(*c).is_some());
    let rest = pending.unwrap_or(0) * if leaves_out { last_power / 10 } else { 1 };
    Some(Number {
        thousandths: (total + section + rest).checked_mul(1_000)?,
        is_arabic: false,
        end,
    })
}

/// The value of a Chinese digit.
pub(super) fn digit(c: char) -> Option<i64> {
    Some(match c {
        '零' | '〇' => 0,
        '一' => 1,
        '二' | '两' => 2,
        '三' => 3,
        '四' => 4,
        '五' => 5,
        '六' => 6,
        '七' => 7,
        '八' => 8,
        '九' => 9,
        _ => return None,
    })
}

fn power(c: char) -> Option<i64> {
    Some(match c {
        '十' => 10,
        '百' => 100,
        '千' => 1_000,
        '万' => 10_000,
        '亿' => 100_000_000,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The number a text begins with, in thousandths, and what is left of the text.
    fn read(text: &str) -> Option<(i64, String)> {
        let characters = Characters::new(text);
        let number = number(&characters, 0)?;
        Some((
            number.thousandths,
            characters.text(number.end, characters.n()),
        ))
    }

    #[test]
    fn numbers_as_they_are_written() {
        for (text, thousandths, rest) in [
            ("3,000元", 3_000_000, "元"),
            ("12,345,678", 12_345_678_000, ""),
            ("3,00", 3_000, ",00"),
            ("1.5万", 1_500, "万"),
            ("０８．２５", 8_250, ""),
            ("20。", 20_000, "。"),
            ("三千元", 3_000_000, "元"),
            ("一万五千", 15_000_000, ""),
            ("一万五", 15_000_000, ""),
            ("三百二", 320_000, ""),
            ("二十五", 25_000, ""),
            ("十六元", 16_000, "元"),
            ("一百零五", 105_000, ""),
            ("一万零五十", 10_050_000, ""),
            ("两百", 200_000, ""),
            ("半年", 500, "年"),
            ("十万", 100_000_000, ""),
            ("二十万", 200_000_000, ""),
        ] {
            assert_eq!(read(text), Some((thousandths, rest.to_owned())), "{text}");
        }
        for text in ["二〇二五年", "1.2.3", "1234567890123", "办", "万元"] {
            assert_eq!(read(text), None, "{text}");
        }
    }
}
