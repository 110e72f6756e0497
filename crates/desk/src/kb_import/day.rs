//! 日期 as people and spreadsheets write it.

use chrono::{Days, NaiveDate};

/// What a cell for a day says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Day {
    /// 长期: without an end.
    Endless,
    On(NaiveDate),
}

/// A spreadsheet counts days from here; its first two months are off by one, and no article is as
/// old as that.
const SERIAL_BEGINS: NaiveDate = match NaiveDate::from_ymd_opt(1899, 12, 30) {
    Some(day) => day,
    None => NaiveDate::MIN,
};
/// Serial numbers from 1982 to 2119: what lies outside is a number and no day.
const SERIALS: std::ops::RangeInclusive<u64> = 30_000..=80_000;

const ENDLESS: [&str; 7] = [
    "长期",
    "长期有效",
    "永久",
    "永久有效",
    "无",
    "无期限",
    "不限",
];

/// Reads 2026-11-24, 2026/11/24, 2026.11.24, 20261124, 2026年11月24日, 二〇二六年十一月二十四日,
/// 长期 and the serial number of a spreadsheet; the time of day behind a day is left out. `None` for
/// anything else: what may be read in two ways is not guessed.
pub(super) fn read(text: &str) -> Option<Day> {
    let text = half_width(text);
    let text = text.trim();
    if ENDLESS.contains(&text) {
        return Some(Day::Endless);
    }
    let date = text.split([' ', 'T']).next().unwrap_or_default();
    let date = date.strip_suffix(['日', '号']).unwrap_or(date);
    let marks = ['年', '月', '-', '/', '.'];
    let parts: Vec<&str> = date.split(marks).map(str::trim).collect();
    let day = match parts.as_slice() {
        [year, month, day] => of_parts(number(year)?, number(month)?, number(day)?),
        [digits] => of_digits(digits),
        _ => None,
    };
    day.map(Day::On)
}

fn of_parts(year: u64, month: u64, day: u64) -> Option<NaiveDate> {
    // 24/11/2026 and 11/24/2026 look alike.
    if !(1900..=2999).contains(&year) {
        return None;
    }
    NaiveDate::from_ymd_opt(
        i32::try_from(year).ok()?,
        u32::try_from(month).ok()?,
        u32::try_from(day).ok()?,
    )
}

/// 20261124, or a serial number; one with a fraction has a time of day.
fn of_digits(digits: &str) -> Option<NaiveDate> {
    let number: u64 = digits.parse().ok()?;
    if digits.len() == 8 {
        return of_parts(number / 10_000, number / 100 % 100, number % 100);
    }
    let serial = SERIALS.contains(&number).then_some(number)?;
    SERIAL_BEGINS.checked_add_days(Days::new(serial))
}

/// 2026, ２０２６, 二〇二六, 十一, 二十四.
fn number(text: &str) -> Option<u64> {
    if let Ok(number) = text.parse() {
        return Some(number);
    }
    let digit = |c: char| "〇一二三四五六七八九".chars().position(|it| it == c);
    let value = |c: char| digit(if matches!(c, '零' | '○') { '〇' } else { c });
    let to_u64 = |n: usize| u64::try_from(n).ok();
    match text.split_once('十') {
        None => text.chars().try_fold(0_u64, |sum, c| {
            sum.checked_mul(10)?.checked_add(to_u64(value(c)?)?)
        }),
        Some((tens, ones)) => {
            let one = |part: &str, empty: usize| match part.chars().collect::<Vec<_>>().as_slice() {
                [] => Some(empty),
                [c] => value(*c),
                _ => None,
            };
            to_u64(one(tens, 1)? * 10 + one(ones, 0)?)
        }
    }
    .filter(|_| !text.is_empty())
}

/// Full-width digits and marks as the narrow ones.
pub(crate) fn half_width(text: &str) -> String {
    text.chars()
        .map(|c| match c {
            '\u{3000}' => ' ',
            '\u{FF01}'..='\u{FF5E}' => char::from_u32(u32::from(c) - 0xFEE0).unwrap_or(c),
            c => c,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_as_people_write_them() {
        for text in [
            "2026-11-24",
            "2026/11/24",
            "2026.11.24",
            "2026-11-24 00:00:00",
            "2026-11-24T09:30:00",
            "20261124",
            "2026年11月24日",
            "2026 年 11 月 24 日",
            "2026年11月24号",
            "２０２６－１１－２４",
            "二〇二六年十一月二十四日",
            "二○二六年十一月二十四日",
            " 2026-11-24 ",
            "46350",
        ] {
            let text = text
                .replace(" 年 ", "年")
                .replace(" 月 ", "月")
                .replace(" 日", "日");
            let day = NaiveDate::from_ymd_opt(2026, 11, 24).unwrap();
            assert_eq!(read(&text), Some(Day::On(day)), "{text}");
        }
        let first = NaiveDate::from_ymd_opt(2026, 1, 10).unwrap();
        for text in [
            "2026年1月10日",
            "二〇二六年一月十日",
            "2026-1-10",
            "2026-01-10",
        ] {
            assert_eq!(read(text), Some(Day::On(first)), "{text}");
        }
        for text in ["长期", "长期有效", "永久"] {
            assert_eq!(read(text), Some(Day::Endless), "{text}");
        }
    }

    #[test]
    fn what_is_no_day_is_not_guessed() {
        for text in [
            "",
            "明年",
            "11/24/2026",
            "24.11.2026",
            "2026年11月",
            "2026-13-01",
            "2026-02-30",
            "26-11-24",
            "12345",
            "99999999",
            "年月日",
            "十十年一月一日",
            "2026-11-24-1",
            "99999999999999999999",
        ] {
            assert_eq!(read(text), None, "{text}");
        }
    }
}
