//! Days and stretches of days: `2025年3月1日`, 3月底前, 每年1月1日至3月31日.

use super::{characters::Characters, number};

/// A day as far as it is said; a part that is not said is `None`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Date {
    pub year: Option<i32>,
    pub month: Option<u32>,
    /// 32 for the end of the month, 0 for its beginning.
    pub day: Option<u32>,
}

/// How a date binds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DateEdge {
    On,
    /// 前, 止.
    Until,
    /// 起, 后.
    From,
}

/// A date or a stretch of dates.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DateSpan {
    pub first: Date,
    pub last: Option<Date>,
    pub edge: DateEdge,
    /// 每年, 每月, 次年; empty for none.
    pub every: String,
}

const EVERY: [&str; 9] = [
    "每年", "每月", "次年", "当年", "本年", "今年", "明年", "次月", "当月",
];
const UNTIL: [&str; 8] = ["前", "之前", "以前", "止", "截止", "为止", "24时前", "底前"];
const FROM: [&str; 6] = ["起", "开始", "后", "之后", "以后", "起至今"];

/// The day that stands for the end of a month.
const END_OF_MONTH: u32 = 32;

/// One date as it is read, and whether it is whole enough to stand alone.
struct Read {
    date: Date,
    end: usize,
    is_precise: bool,
}

pub(super) fn read(text: &Characters, at: usize) -> Option<(DateSpan, usize)> {
    let (every, start) = text.one_of(at, &EVERY).unwrap_or(("", at));
    let start = text.gap(start);
    if !number::may_begin(text, start) {
        return None;
    }
    let first = single(text, start, every)?;
    let last = text.dash(first.end).and_then(|start| {
        let (every, start) = text.one_of(start, &EVERY).unwrap_or((every, start));
        let last =
            single(text, text.gap(start), every).or_else(|| day_alone(text, start, &first))?;
        Some(completed(&last, &first))
    });
    let end = last.as_ref().map_or(first.end, |last| last.end);
    let (edge, end) = edge(text, end);
    // 9月 alone is no date that anybody copies; 每年9月, 9月前 and 9月至12月 are.
    let stands = first.is_precise || last.is_some() || !every.is_empty() || edge != DateEdge::On;
    stands.then(|| {
        let span = DateSpan {
            first: first.date,
            last: last.map(|last| last.date),
            edge,
            every: every.to_owned(),
        };
        (span, end)
    })
}

/// What the last date leaves out, it has from the first.
fn completed(last: &Read, first: &Read) -> Read {
    let date = Date {
        year: last.date.year,
        month: last.date.month.or(first.date.month),
        day: last.date.day,
    };
    Read {
        date,
        end: last.end,
        is_precise: last.is_precise,
    }
}

fn edge(text: &Characters, at: usize) -> (DateEdge, usize) {
    let next = text.gap(at);
    // 前往 and 后溪 are words of their own, 起诉 another.
    let is_word =
        |end: usize| matches!(text.at(end), '往' | '溪' | '诉' | '续' | '期' | '台' | '提');
    if let Some((_, end)) = text.one_of(next, &UNTIL).filter(|(_, end)| !is_word(*end)) {
        (DateEdge::Until, end)
    } else if let Some((_, end)) = text.one_of(next, &FROM).filter(|(_, end)| !is_word(*end)) {
        (DateEdge::From, end)
    } else {
        (DateEdge::On, at)
    }
}

fn single(text: &Characters, at: usize, every: &str) -> Option<Read> {
    numeric(text, at).or_else(|| written(text, at)).or_else(|| {
        let is_of_month = matches!(every, "每月" | "次月" | "当月");
        let (day, end) = is_of_month.then(|| day(text, at)).flatten()?;
        let date = Date {
            day: Some(day),
            ..Date::default()
        };
        Some(Read {
            date,
            end,
            is_precise: true,
        })
    })
}

/// 至31日 after a date with a month.
fn day_alone(text: &Characters, at: usize, first: &Read) -> Option<Read> {
    first.date.day?;
    let (day, end) = day(text, at)?;
    let date = Date {
        day: Some(day),
        ..Date::default()
    };
    Some(Read {
        date,
        end,
        is_precise: true,
    })
}

/// `2025-03-01`, `2025/3/1`, `2025.3.1`.
fn numeric(text: &Characters, at: usize) -> Option<Read> {
    let (year, end) = year_number(text, at)?;
    let mark = text.at(end);
    if !matches!(mark, '-' | '/' | '.') {
        return None;
    }
    let (month, end) = small(text, end + 1, 12)?;
    if text.at(end) != mark {
        return None;
    }
    let (day, end) = small(text, end + 1, 31)?;
    if text.at(end).is_ascii_alphanumeric() {
        return None;
    }
    let date = Date {
        year: Some(year),
        month: Some(month),
        day: Some(day),
    };
    Some(Read {
        date,
        end,
        is_precise: true,
    })
}

/// 2025年3月1日, 2025年3月底, 3月1日, 3月, 2025年底.
fn written(text: &Characters, at: usize) -> Option<Read> {
    let mut date = Date::default();
    let mut end = at;
    let year = year_number(text, at).or_else(|| year_in_numerals(text, at));
    if let Some((year, after)) = year
        && text.at(text.gap(after)) == '年'
    {
        date.year = Some(year);
        end = text.gap(text.gap(after) + 1);
        if text.at(end) == '底' || text.at(end) == '末' {
            date.month = Some(12);
            date.day = Some(END_OF_MONTH);
            return Some(Read {
                date,
                end: end + 1,
                is_precise: true,
            });
        }
    }
    let (month, after) = small(text, end, 12)?;
    let after = text.gap(after);
    if text.at(after) != '月' {
        return None;
    }
    date.month = Some(month);
    end = after + 1;
    if let Some((day, after)) = day(text, text.gap(end)) {
        date.day = Some(day);
        end = after;
    } else if let Some((word, after)) =
        text.one_of(end, &["底", "末", "初", "上旬", "中旬", "下旬"])
    {
        date.day = Some(match word {
            "初" | "上旬" => 0,
            "中旬" => 15,
            _ => END_OF_MONTH,
        });
        end = after;
    }
    Some(Read {
        end,
        is_precise: date.day.is_some() || date.year.is_some(),
        date,
    })
}

fn day(text: &Characters, at: usize) -> Option<(u32, usize)> {
    let (day, end) = small(text, at, 31)?;
    let end = text.gap(end);
    matches!(text.at(end), '日' | '号').then_some((day, end + 1))
}

fn small(text: &Characters, at: usize, max: i64) -> Option<(u32, usize)> {
    let number = number::number(text, at)?;
    let whole = number.thousandths / 1_000;
    let is_whole = number.thousandths % 1_000 == 0 && (1..=max).contains(&whole);
    is_whole.then_some((u32::try_from(whole).ok()?, number.end))
}

fn year_number(text: &Characters, at: usize) -> Option<(i32, usize)> {
    let is_four = (at..at + 4).all(|place| text.at(place).is_ascii_digit())
        && !text.at(at + 4).is_ascii_digit();
    let year: i32 = is_four
        .then(|| text.text(at, at + 4).parse().ok())
        .flatten()?;
    (1949..=2099).contains(&year).then_some((year, at + 4))
}

/// 二〇二五.
fn year_in_numerals(text: &Characters, at: usize) -> Option<(i32, usize)> {
    let mut year = 0;
    for place in at..at + 4 {
        year = year * 10 + number::digit(text.at(place))?;
    }
    let year = i32::try_from(year).ok()?;
    (1949..=2099).contains(&year).then_some((year, at + 4))
}
