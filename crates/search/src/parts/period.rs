//! Periods: 5个工作日, 30日内, 半年, 当场办结.

use super::{characters::Characters, label::Heading, number};

/// What a period is counted in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum PeriodUnit {
    Minutes,
    /// 自然日, and weeks of seven of them.
    CalendarDays,
    WorkingDays,
    /// Months, and years of twelve.
    Months,
}

/// How long something takes or lasts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Period {
    /// In thousandths of the unit; open for 不超过.
    pub low: Option<i64>,
    /// Open for 以上.
    pub high: Option<i64>,
    pub unit: PeriodUnit,
}

const UNITS: [&str; 20] = [
    "个工作日",
    "工作日",
    "(工作日)",
    "(个工作日)",
    "个自然日",
    "自然日",
    "日历日",
    "(自然日)",
    "天",
    "日",
    "个小时",
    "小时",
    "分钟",
    "个月",
    "周",
    "个星期",
    "星期",
    "年",
    "周年",
    "个季度",
];
const WITHIN: [&str; 6] = ["内", "以内", "之内", "(含)内", "期限内", "届满"];
/// Words before a period that tell it from a date or an age.
const LASTING: [&str; 22] = [
    "提前",
    "有效期",
    "有效期为",
    "期限",
    "期限为",
    "时限",
    "时限为",
    "为期",
    "公示",
    "公示期",
    "公示期为",
    "不超过",
    "自受理之日起",
    "之日起",
    "连续",
    "累计",
    "需要",
    "需",
    "约",
    "一般",
    "延长",
    "办结时限",
];
const AT_ONCE: [&str; 9] = [
    "当场办结",
    "当场办理",
    "当场领取",
    "当场发证",
    "即时办结",
    "即时办理",
    "立等可取",
    "即来即办",
    "即办即取",
];
const SAME_DAY: [&str; 5] = ["当天办结", "当日办结", "当天领取", "当日领取", "当天办理"];

pub(super) fn read(text: &Characters, heading: &Heading, at: usize) -> Option<(Period, usize)> {
    at_once(text, at).or_else(|| counted(text, heading, at))
}

fn at_once(text: &Characters, at: usize) -> Option<(Period, usize)> {
    let period = |high, unit| Period {
        low: Some(high),
        high: Some(high),
        unit,
    };
    if let Some((_, end)) = text.one_of(at, &AT_ONCE) {
        return Some((period(0, PeriodUnit::Minutes), end));
    }
    let (_, end) = text.one_of(at, &SAME_DAY)?;
    Some((period(1_000, PeriodUnit::CalendarDays), end))
}

fn counted(text: &Characters, heading: &Heading, at: usize) -> Option<(Period, usize)> {
    let bounded = number::bounded(text, at, &UNITS, |end| end)?;
    let within = text.one_of(text.gap(bounded.end), &WITHIN);
    let end = within.map_or(bounded.end, |(_, end)| end);
    let is_marked = within.is_some()
        || bounded.binds()
        || text.follows_one_of(at, &LASTING)
        || heading.is_about_periods();
    if !is_period(text, &bounded.measured, is_marked) {
        return None;
    }
    let (factor, unit) = match bounded.measured.unit {
        "分钟" => (1, PeriodUnit::Minutes),
        "小时" | "个小时" => (60, PeriodUnit::Minutes),
        "天" | "日" | "自然日" | "个自然日" | "日历日" | "(自然日)" => {
            (1, PeriodUnit::CalendarDays)
        }
        "周" | "星期" | "个星期" => (7, PeriodUnit::CalendarDays),
        "个月" => (1, PeriodUnit::Months),
        "个季度" => (3, PeriodUnit::Months),
        "年" | "周年" => (12, PeriodUnit::Months),
        _ => (1, PeriodUnit::WorkingDays),
    };
    let times = |thousandths: i64| thousandths.checked_mul(factor);
    let period = Period {
        low: bounded.low.and_then(times),
        high: bounded.high.and_then(times),
        unit,
    };
    Some((period, end))
}

/// 第5天, 一年级, 2025年, 每天一天: not everything with a unit of time lasts.
fn is_period(text: &Characters, measured: &number::Measured, is_marked: bool) -> bool {
    let next = text.at(measured.end);
    if matches!(
        next,
        '级' | '度' | '代' | '龄' | '岁' | '刊' | '报' | '租' | '薪' | '检' | '审'
    ) {
        return false;
    }
    match measured.unit {
        "年" if measured.high >= 100_000 => false,
        "日" => is_marked,
        "周" | "星期" | "年" | "天" | "周年" => measured.is_arabic || is_marked,
        _ => true,
    }
}
