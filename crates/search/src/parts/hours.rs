//! Office hours: 周一至周五 9:00-12:00、13:00-17:00, 24小时服务.

use super::{characters::Characters, label::Heading, number};

/// When something is open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hours {
    /// 1 for Monday to 7 for Sunday, sorted; empty where the text does not say.
    pub days: Vec<u8>,
    /// From and to, in minutes since midnight.
    pub spans: Vec<(u16, u16)>,
}

const DAY_WORDS: [&str; 8] = [
    "法定工作日",
    "工作日",
    "每天",
    "每日",
    "全天",
    "周末",
    "节假日",
    "全年",
];
const HALF_DAYS: [&str; 9] = [
    "上午", "下午", "中午", "早上", "晚上", "夜间", "早", "晚", "凌晨",
];
const ROUND_THE_CLOCK: [&str; 7] = [
    "全天24小时",
    "24小时",
    "二十四小时",
    "7x24小时",
    "7*24小时",
    "全天候",
    "24h",
];
/// What says that the clock is meant and no period.
const OPEN: [&str; 16] = [
    "服务",
    "营业",
    "开放",
    "值班",
    "热线",
    "有人",
    "接听",
    "抢修",
    "受理",
    "在线",
    "不间断",
    "自助",
    "电话",
    "客服",
    "均可",
    "值守",
];

pub(super) fn read(text: &Characters, heading: &Heading, at: usize) -> Option<(Hours, usize)> {
    round_the_clock(text, heading, at).or_else(|| office_hours(text, heading, at))
}

fn round_the_clock(text: &Characters, heading: &Heading, at: usize) -> Option<(Hours, usize)> {
    if number::is_numeral(text.before(at)) || text.before(at).is_ascii_digit() {
        return None;
    }
    let (word, end) = text.one_of(at, &ROUND_THE_CLOCK)?;
    let is_period = text
        .one_of(text.gap(end), &["内", "以内", "之内", "前", "以上"])
        .is_some()
        || text.follows_one_of(at, &["提前", "超过", "不超过", "满"]);
    let is_open = word.starts_with("全天")
        || text.one_of(text.gap(end), &OPEN).is_some()
        || heading.is_about_hours();
    let hours = Hours {
        days: Vec::new(),
        spans: vec![(0, 24 * 60)],
    };
    (is_open && !is_period).then_some((hours, end))
}

fn office_hours(text: &Characters, heading: &Heading, at: usize) -> Option<(Hours, usize)> {
    let (days, after_days, word) = days(text, at);
    let is_weekdays = after_days > at && word.is_empty();
    let mut spans = Vec::new();
    let mut end = after_days;
    let mut next = skip_to_time(text, after_days, after_days > at);
    while let Some((span, after)) = span(text, next) {
        spans.push(span);
        end = after;
        next = skip_to_time(text, after, true);
    }
    // 工作日 alone is a unit of limits; under 办理时间 it is an answer.
    let stands = !spans.is_empty()
        || (is_weekdays && (days.len() > 1 || heading.is_about_hours()))
        || (heading.is_about_hours() && word == "法定工作日");
    (stands && end > at).then_some((Hours { days, spans }, end))
}

/// 周一至周五, 星期六、日, 工作日: the days, the place after them, and the word where it is one.
fn days(text: &Characters, at: usize) -> (Vec<u8>, usize, &'static str) {
    if let Some((word, end)) = text.one_of(at, &DAY_WORDS) {
        let days = match word {
            "法定工作日" | "工作日" => vec![1, 2, 3, 4, 5],
            "周末" => vec![6, 7],
            _ => Vec::new(),
        };
        return (days, end, word);
    }
    let mut days = Vec::new();
    let mut end = at;
    let Some((first, after)) = weekday(text, at, false) else {
        return (days, at, "");
    };
    days.push(first);
    end = end.max(after);
    loop {
        let last = days.last().copied().unwrap_or(first);
        if let Some(start) = text.dash(end)
            && let Some((day, after)) = weekday(text, start, true)
            && day > last
        {
            days.extend(last + 1..=day);
            end = after;
        } else if matches!(text.at(end), '、' | '和' | '及' | '，' | ',')
            && let Some((day, after)) = weekday(text, end + 1, true)
            && day > last
        {
            days.push(day);
            end = after;
        } else {
            return (days, end, "");
        }
    }
}

fn weekday(text: &Characters, at: usize, may_be_short: bool) -> Option<(u8, usize)> {
    let start = text
        .one_of(at, &["周", "星期", "礼拜"])
        .map(|(_, end)| end)
        .or_else(|| may_be_short.then_some(at))?;
    let day = match text.at(start) {
        '一' | '1' => 1,
        '二' | '2' => 2,
        '三' | '3' => 3,
        '四' | '4' => 4,
        '五' | '5' => 5,
        '六' | '6' => 6,
        '日' | '天' | '7' => 7,
        _ => return None,
    };
    // 星期一 is no 周一个月, and 周1:00 no day.
    let next = text.at(start + 1);
    let is_day = !next.is_ascii_digit() && !matches!(next, '个' | '岁' | '年' | '点' | '时' | ':');
    is_day.then_some((day, start + 1))
}

/// Past spaces, commas and brackets between a day and its times, or between two times.
fn skip_to_time(text: &Characters, at: usize, may_skip: bool) -> usize {
    let mut end = text.gap(at);
    if may_skip {
        while matches!(
            text.at(end),
            '、' | ',' | '，' | ';' | '；' | ':' | '(' | ')' | '的' | '/' | ' ' | '和' | '及'
        ) {
            end = text.gap(end + 1);
        }
    }
    end
}

/// 上午9:00-12:00, 13点至17点半.
fn span(text: &Characters, at: usize) -> Option<((u16, u16), usize)> {
    let (half, start) = half_day(text, at);
    let (from, after) = time(text, start, half)?;
    let start = text.dash(after)?;
    let (half, start) = match half_day(text, start) {
        ("", start) => (half, start),
        later => later,
    };
    let (to, end) = time(text, start, half)?;
    (from < to).then_some(((from, to), end))
}

fn half_day(text: &Characters, at: usize) -> (&'static str, usize) {
    let (word, end) = text.one_of(at, &HALF_DAYS).unwrap_or(("", at));
    let end = text.gap(end);
    let end = if matches!(text.at(end), ':') {
        text.gap(end + 1)
    } else {
        end
    };
    (word, end)
}

/// Minutes since midnight.
fn time(text: &Characters, at: usize, half: &str) -> Option<(u16, usize)> {
    if !number::may_begin(text, at) {
        return None;
    }
    let hour = number::number(text, at)?;
    let mut minutes = hour.thousandths / 1_000 * 60;
    let mut end = hour.end;
    if hour.thousandths % 1_000 != 0 || minutes > 24 * 60 {
        return None;
    }
    match text.at(end) {
        ':' => {
            let digits = text.text(end + 1, end + 3);
            let minute: i64 = digits.parse().ok().filter(|minute| *minute < 60)?;
            if digits.len() != 2 || text.at(end + 3).is_ascii_digit() {
                return None;
            }
            minutes += minute;
            end += 3;
        }
        '点' | '时' => {
            end += 1;
            if text.at(end) == '半' {
                minutes += 30;
                end += 1;
            } else if let Some(minute) = number::number(text, end)
                && text.at(minute.end) == '分'
                && minute.thousandths < 60_000
            {
                minutes += minute.thousandths / 1_000;
                end = minute.end + 1;
            }
        }
        _ => return None,
    }
    let is_afternoon = matches!(half, "下午" | "晚上" | "晚" | "夜间");
    if is_afternoon && minutes < 12 * 60 {
        minutes += 12 * 60;
    }
    Some((u16::try_from(minutes).ok()?, end))
}
