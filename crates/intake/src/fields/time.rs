//! 事发时间: when it happened, as it was told: 昨天晚上八点, 上周三, 11月3号, 三天前, 停水三天了.

use chrono::{Datelike as _, Days, Duration, Months, NaiveDate, NaiveDateTime, NaiveTime};

use super::{Stretch, number};
use crate::text::Characters;

/// How exactly a time was told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Precision {
    Minute,
    Hour,
    /// 上午、晚上.
    PartOfDay,
    Day,
    Month,
}

/// 事发时间.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TimeReading {
    /// The beginning of what was told; Beijing's civil time.
    pub from: NaiveDateTime,
    pub precision: Precision,
    /// 从…开始, 三天了: since then, and still.
    pub is_since: bool,
}

/// Longer ago is not told in days, weeks, months.
const MAX_BACK: u64 = 10_000;

/// Days before the day of the call; negative for those after it.
const DAYS: [(&str, i64); 14] = [
    ("大前天", 3),
    ("前天", 2),
    ("前晚", 2),
    ("昨天", 1),
    ("昨日", 1),
    ("昨晚", 1),
    ("昨夜", 1),
    ("今天", 0),
    ("今日", 0),
    ("今早", 0),
    ("今晚", 0),
    ("刚才", 0),
    ("明天", -1),
    ("后天", -2),
];
/// Parts of the day and the hour they begin at.
const PARTS: [(&str, u32); 15] = [
    ("凌晨", 0),
    ("清晨", 6),
    ("早上", 7),
    ("早晨", 7),
    ("上午", 8),
    ("中午", 12),
    ("下午", 14),
    ("傍晚", 18),
    ("晚上", 19),
    ("夜里", 22),
    ("半夜", 0),
    ("深夜", 23),
    ("早", 7),
    ("晚", 19),
    ("夜", 22),
];
/// An hour told with these is one of the second half of the day.
const AFTERNOONS: [&str; 7] = ["下午", "傍晚", "晚上", "夜里", "晚", "夜", "深夜"];
const WEEKDAYS: &str = "一二三四五六日";

pub(crate) fn read(text: &Characters, told_at: NaiveDateTime) -> Vec<Stretch<TimeReading>> {
    let mut found: Vec<Stretch<TimeReading>> = Vec::new();
    let mut at = 0;
    while at < text.len() {
        match at_place(text, at, told_at) {
            Some((end, reading)) => {
                found.push((at, end, since(text, at, end, reading)));
                at = end.max(at + 1);
            }
            None => at += 1,
        }
    }
    found
}

fn at_place(text: &Characters, at: usize, told_at: NaiveDateTime) -> Option<(usize, TimeReading)> {
    let day = relative_day(text, at, told_at)
        .or_else(|| week(text, at, told_at))
        .or_else(|| date(text, at, told_at));
    match day {
        Some((date, end, Precision::Day)) => Some(hour(text, after_weekday(text, end), date)),
        Some((date, end, precision)) => Some((end, reading(date, 0, 0, precision))),
        None => ago(text, at, told_at).or_else(|| clock_alone(text, at, told_at)),
    }
}

fn reading(date: NaiveDate, hour: u32, minute: u32, precision: Precision) -> TimeReading {
    let time = NaiveTime::from_hms_opt(hour, minute, 0).unwrap_or(NaiveTime::MIN);
    TimeReading {
        from: date.and_time(time),
        precision,
        is_since: false,
    }
}

type Day = (NaiveDate, usize, Precision);

fn relative_day(text: &Characters, at: usize, told_at: NaiveDateTime) -> Option<Day> {
    let (word, back) = DAYS.iter().find(|(word, _)| text.has_at(at, word))?;
    let n = word.chars().count();
    // 昨晚 is a day with its part; the part is read again by `hour`.
    let is_with_part = word.ends_with(['晚', '早', '夜']);
    let date = told_at.date().checked_sub_signed(Duration::days(*back))?;
    Some((date, at + n - usize::from(is_with_part), Precision::Day))
}

/// Weeks before this one; `None`: the last day of that name.
const WEEKS: [(&str, Option<i64>); 10] = [
    ("上上周", Some(2)),
    ("上周", Some(1)),
    ("上个星期", Some(1)),
    ("上星期", Some(1)),
    ("这周", Some(0)),
    ("本周", Some(0)),
    ("这个星期", Some(0)),
    ("这星期", Some(0)),
    ("星期", None),
    ("周", None),
];

fn week(text: &Characters, at: usize, told_at: NaiveDateTime) -> Option<Day> {
    let (word, weeks_back) = WEEKS.iter().find(|(word, _)| text.has_at(at, word))?;
    let sign_at = at + word.chars().count();
    let sign = match text.at(sign_at) {
        '天' => '日',
        sign => sign,
    };
    let (_, weekday) = WEEKDAYS.chars().zip(0i64..).find(|(c, _)| *c == sign)?;
    let today = told_at.date();
    let monday = today - Duration::days(i64::from(today.weekday().num_days_from_monday()));
    let of_week = monday + Duration::days(weekday);
    let date = match weeks_back {
        Some(weeks) => of_week - Duration::weeks(*weeks),
        None if of_week > today => of_week - Duration::weeks(1),
        None => of_week,
    };
    // 周一至周五 are office hours and no event; 周日 in 一周日均 is nothing.
    let is_range = matches!(text.at(sign_at + 1), '至' | '到' | '-' | '~');
    let is_part = matches!(
        text.before(at),
        '一' | '两' | '每' | '至' | '到' | '四' | '几'
    );
    (!is_range && !is_part).then_some((date, sign_at + 1, Precision::Day))
}

fn date(text: &Characters, at: usize, told_at: NaiveDateTime) -> Option<Day> {
    if text.before(at).is_ascii_digit() {
        return None;
    }
    let today = told_at.date();
    let (year, month_at) = year(text, at, today);
    if let Some((_, n)) = text.one_at(at, &["上个月", "上月"]) {
        return of_month(text, at + n, today.checked_sub_months(Months::new(1))?);
    }
    if let Some((_, n)) = text.one_at(at, &["这个月", "本月"]) {
        return of_month(text, at + n, today);
    }
    let (month, end) = number::read(text, month_at)?;
    let month = u32::try_from(month)
        .ok()
        .filter(|month| (1..=12).contains(month))?;
    let is_dotted = year.is_some() && matches!(text.at(end), '-' | '/' | '.');
    if text.at(end) != '月' && !is_dotted {
        return None;
    }
    let is_day = |(_, end): &(u64, usize)| is_dotted || matches!(text.at(*end), '日' | '号');
    if let Some((day, day_end)) = number::read(text, end + 1).filter(is_day) {
        let day = u32::try_from(day).ok()?;
        let date = past(year, month, day, today)?;
        return Some((date, day_end + usize::from(!is_dotted), Precision::Day));
    }
    let is_told_as_month = matches!(text.at(end + 1), '份' | '底' | '初' | '中') || year.is_some();
    let first = past(year, month, 1, today)?;
    (is_told_as_month && !is_dotted).then_some((first, end + 1, Precision::Month))
}

/// What was told without its year happened: the next day of that name has not yet.
fn past(year: Option<i32>, month: u32, day: u32, today: NaiveDate) -> Option<NaiveDate> {
    let date = NaiveDate::from_ymd_opt(year.unwrap_or(today.year()), month, day)?;
    if year.is_none() && date > today {
        return NaiveDate::from_ymd_opt(today.year() - 1, month, day);
    }
    Some(date)
}

/// The year that stands at a place, and where the month begins.
fn year(text: &Characters, at: usize, today: NaiveDate) -> (Option<i32>, usize) {
    for (word, back) in [("今年", 0), ("去年", 1), ("前年", 2)] {
        if text.has_at(at, word) {
            return (Some(today.year() - back), at + 2);
        }
    }
    let end = text.digits_end(at);
    let is_written = matches!(text.at(end), '年' | '-' | '/' | '.');
    match text.string(at, end).parse::<i32>() {
        Ok(year) if end - at == 4 && is_written && (1950..=2100).contains(&year) => {
            (Some(year), end + 1)
        }
        Ok(year) if end - at == 2 && text.at(end) == '年' && year + 2000 <= today.year() => {
            (Some(2000 + year), end + 1)
        }
        _ => (None, at),
    }
}

/// 上个月15号, 上个月.
fn of_month(text: &Characters, at: usize, month: NaiveDate) -> Option<Day> {
    let day = number::read(text, at).filter(|(_, end)| matches!(text.at(*end), '日' | '号'));
    match day {
        Some((day, end)) => {
            let date = month.with_day(u32::try_from(day).ok()?)?;
            Some((date, end + 1, Precision::Day))
        }
        None => Some((month.with_day(1)?, at, Precision::Month)),
    }
}

/// 11月23日（周一）: where a date goes on that is followed by its day of the week.
fn after_weekday(text: &Characters, end: usize) -> usize {
    let is_said = matches!(text.at(end), '（' | '(')
        && text.at(end + 1) == '周'
        && WEEKDAYS.contains(text.at(end + 2))
        && matches!(text.at(end + 3), '）' | ')');
    if is_said { end + 4 } else { end }
}

/// The part of the day and the hour after a day, as far as they are told.
fn hour(text: &Characters, day_end: usize, date: NaiveDate) -> (usize, TimeReading) {
    let at = day_end + usize::from(matches!(text.at(day_end), '的' | ' '));
    let part = PARTS.iter().find(|(part, _)| text.has_at(at, part));
    let clock_at = at + part.map_or(0, |(part, _)| part.chars().count());
    match (clock(text, clock_at), part) {
        (Some((hour, minute, end)), part) => {
            let is_afternoon = part.is_some_and(|(part, _)| AFTERNOONS.contains(part));
            let hour = if is_afternoon && hour < 12 {
                hour + 12
            } else {
                hour % 24
            };
            let precision = if minute.is_some() {
                Precision::Minute
            } else {
                Precision::Hour
            };
            (end, reading(date, hour, minute.unwrap_or(0), precision))
        }
        (None, Some((_, hour))) => (clock_at, reading(date, *hour, 0, Precision::PartOfDay)),
        (None, None) => (day_end, reading(date, 0, 0, Precision::Day)),
    }
}

/// 八点, 8点半, 8点20分, 20时许, 8:20: hour, minute where told, and the end.
fn clock(text: &Characters, at: usize) -> Option<(u32, Option<u32>, usize)> {
    let (hour, end) = number::read(text, at)?;
    let hour = u32::try_from(hour).ok().filter(|hour| *hour <= 24)?;
    if text.at(end) == ':' {
        let minute_end = text.digits_end(end + 1);
        let minute = text
            .string(end + 1, minute_end)
            .parse()
            .ok()
            .filter(|it| *it < 60)?;
        return (minute_end - end == 3).then_some((hour, Some(minute), minute_end));
    }
    let is_hour = match text.at(end) {
        '点' => !matches!(text.at(end + 1), '建' | '意' | '问' | '要'),
        '时' => !matches!(text.at(end + 1), '候' | '间' | '段' | '期'),
        _ => false,
    };
    if !is_hour {
        return None;
    }
    let after = end + 1 + usize::from(text.at(end + 1) == '钟');
    if text.at(after) == '半' {
        return Some((hour, Some(30), after + 1));
    }
    match number::read(text, after) {
        Some((minute, end)) if minute < 60 && text.at(end) == '分' => {
            Some((hour, u32::try_from(minute).ok(), end + 1))
        }
        _ => Some((hour, None, after)),
    }
}

/// 三天前, 两个小时前, 半个月以前; and 停水三天了, which is since then.
fn ago(text: &Characters, at: usize, told_at: NaiveDateTime) -> Option<(usize, TimeReading)> {
    let is_half = text.at(at) == '半';
    let (n, end) = if is_half {
        (0, at + 1)
    } else {
        number::read(text, at)?
    };
    if text.before(at).is_ascii_digit() || matches!(text.before(at), '第' | '每') || n > MAX_BACK
    {
        return None;
    }
    let end = end + usize::from(text.at(end) == '个');
    let units = [
        "小时", "钟头", "分钟", "星期", "礼拜", "天", "周", "月", "年",
    ];
    let (unit, n_unit) = text.one_at(end, &units)?;
    let after = end + n_unit + usize::from(text.at(end + n_unit) == '多');
    let (end, is_since) = if let Some((_, n)) = text.one_at(after, &["之前", "以前", "前"]) {
        (after + n, false)
    } else if text.at(after) == '了' {
        (after + 1, true)
    } else {
        return None;
    };
    let mut reading = back(unit, n, is_half, told_at)?;
    reading.is_since = is_since;
    Some((end, reading))
}

fn back(unit: &str, n: u64, is_half: bool, told_at: NaiveDateTime) -> Option<TimeReading> {
    let whole = i64::try_from(n).ok()?;
    let days = |days: i64| {
        let date = told_at.date().checked_sub_signed(Duration::days(days))?;
        Some(reading(date, 0, 0, Precision::Day))
    };
    let minutes = |minutes: i64, precision| {
        Some(TimeReading {
            from: told_at.checked_sub_signed(Duration::minutes(minutes))?,
            precision,
            is_since: false,
        })
    };
    let months = |months: u64| {
        let back = Months::new(u32::try_from(months).ok()?);
        let date = told_at.date().checked_sub_months(back)?;
        Some(reading(date, 0, 0, Precision::Month))
    };
    match (unit, is_half) {
        ("分钟", _) => minutes(whole, Precision::Minute),
        ("小时" | "钟头", true) => minutes(30, Precision::Minute),
        ("小时" | "钟头", false) => minutes(whole * 60, Precision::Hour),
        ("天", false) => days(whole),
        ("周" | "星期" | "礼拜", false) => days(whole * 7),
        ("月", true) => days(15),
        ("月", false) => months(n),
        ("年", true) => months(6),
        ("年", false) => months(n * 12),
        _ => None,
    }
}

/// 晚上八点 without a day: the last one that was.
fn clock_alone(
    text: &Characters,
    at: usize,
    told_at: NaiveDateTime,
) -> Option<(usize, TimeReading)> {
    let (part, _) = PARTS.iter().find(|(part, _)| text.has_at(at, part))?;
    clock(text, at + part.chars().count())?;
    let (end, mut reading) = hour(text, at, told_at.date());
    if reading.from > told_at {
        reading.from = reading.from.checked_sub_days(Days::new(1))?;
    }
    // 每天晚上十点 is a habit, 早上七点到九点 a span.
    let is_habit = matches!(text.before(at), '天' | '每' | '日');
    let is_span = matches!(text.at(end), '到' | '至' | '-' | '~');
    (!is_habit && !is_span).then_some((end, reading))
}

/// Adds 从 before and 开始, 起, 以来 after.
fn since(text: &Characters, at: usize, end: usize, mut reading: TimeReading) -> TimeReading {
    let about = text.one_at(end, &["左右", "前后", "许"]);
    let end = end + about.map_or(0, |(_, n)| n);
    let after = ["开始", "起", "以来", "至今", "到现在", "就"];
    reading.is_since = reading.is_since
        || matches!(text.before(at), '从' | '自')
        || text.one_at(end, &after).is_some();
    reading
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A Thursday, at a quarter past three in the afternoon.
    fn told_at() -> NaiveDateTime {
        let day = NaiveDate::from_ymd_opt(2026, 11, 26).unwrap();
        day.and_hms_opt(15, 15, 0).unwrap()
    }

    #[track_caller]
    fn check(text: &str, expected: &str) {
        let characters = Characters::new(text);
        let shown: Vec<String> = read(&characters, told_at())
            .into_iter()
            .map(|(start, end, it)| {
                let form = match it.precision {
                    Precision::Minute => "%m-%d %H:%M",
                    Precision::Hour | Precision::PartOfDay => "%m-%d %H时",
                    Precision::Day => "%Y-%m-%d",
                    Precision::Month => "%Y-%m",
                };
                let since = if it.is_since { "起" } else { "" };
                let said = text.get(characters.bytes(start, end)).unwrap();
                format!("{said}={}{since}", it.from.format(form))
            })
            .collect();
        assert_eq!(shown.join(" "), expected, "{text}");
    }

    #[test]
    fn days_and_hours() {
        check("昨天晚上八点吵得睡不着", "昨天晚上八点=11-25 20时");
        check("昨晚停电了", "昨晚=11-25 19时");
        check("前天下午3点半", "前天下午3点半=11-24 15:30");
        check("今天早上9:20停水", "今天早上9:20=11-26 09:20");
        check("昨天的事", "昨天=2026-11-25");
        check("明天要停电吗", "明天=2026-11-27");
        check("晚上八点施工", "晚上八点=11-25 20时");
        check("每天晚上十点跳舞", "");
        check("今天9时30分停水", "今天9时30分=11-26 09:30");
        check("昨天这时候", "昨天=2026-11-25");
    }

    #[test]
    fn weeks_and_dates() {
        check("上周三报过", "上周三=2026-11-18");
        check("星期五的时候", "星期五=2026-11-20");
        check("周一至周五上班", "");
        check("11月3号交的钱", "11月3号=2026-11-03");
        check("12月3日交的钱", "12月3日=2025-12-03");
        check("2024年5月6日签的合同", "2024年5月6日=2024-05-06");
        check("2024-5-6签的", "2024-5-6=2024-05-06");
        check("去年10月买的房", "去年10月=2025-10");
        check("上个月15号", "上个月15号=2026-10-15");
        check("十一月三号", "十一月三号=2026-11-03");
        check("2月30日", "");
    }

    #[test]
    fn since_when() {
        check("从3天前开始停水", "3天前=2026-11-23起");
        check("停水三天了", "三天了=2026-11-23起");
        check("两个小时前", "两个小时前=11-26 13时");
        check("自上周三起", "上周三=2026-11-18起");
        check("半个月了没人管", "半个月了=2026-11-11起");
        check("两年前买的", "两年前=2024-11");
        check("11月3号以来", "11月3号=2026-11-03起");
        check("昨晚8点左右开始停水", "昨晚8点=11-25 20时起");
    }

    #[test]
    fn as_a_form_has_it() {
        check(
            "11月23日（周一）20时许起",
            "11月23日（周一）20时=11-23 20时起",
        );
        check("11月23日（周一）起", "11月23日（周一）=2026-11-23起");
        check("11月23日（周一）09:15", "11月23日（周一）09:15=11-23 09:15");
        check(
            "11月23日（周一）晚上起",
            "11月23日（周一）晚上=11-23 19时起",
        );
        check(
            "2025年12月31日（周三）",
            "2025年12月31日（周三）=2025-12-31",
        );
    }

    #[test]
    fn no_times() {
        for text in [
            "第三天",
            "一点建议",
            "3楼",
            "天天",
            "三天",
            "周边",
            "月底",
            "",
        ] {
            check(text, "");
        }
    }
}
