//! Dates and times as people read them: 11月24日（周二）24:00.

use chrono::{DateTime, Datelike, NaiveDate, NaiveTime, TimeDelta, Timelike, Utc};
use domain::clock_face::{date_of, time_of, weekday_text};

/// 11月24日（周二）.
pub fn day(date: NaiveDate) -> String {
    format!(
        "{}月{}日（{}）",
        date.month(),
        date.day(),
        weekday_text(date)
    )
}

/// 2026年11月24日, for validity dates.
pub fn date(date: NaiveDate) -> String {
    format!("{}年{}月{}日", date.year(), date.month(), date.day())
}

/// 2026年11月24日 09:15, on paper.
pub fn dated(at: DateTime<Utc>) -> String {
    let time = time_of(at);
    format!(
        "{} {:02}:{:02}",
        date(date_of(at)),
        time.hour(),
        time.minute()
    )
}

/// 11月24日（周二）09:15.
pub fn moment(at: DateTime<Utc>) -> String {
    let time = time_of(at);
    format!(
        "{}{:02}:{:02}",
        day(date_of(at)),
        time.hour(),
        time.minute()
    )
}

/// As [`moment`], but midnight is 24:00 of the day that ends there: the way a limit is read.
pub fn deadline(at: DateTime<Utc>) -> String {
    if time_of(at) == NaiveTime::MIN {
        format!("{}24:00", day(date_of(at - TimeDelta::milliseconds(1))))
    } else {
        moment(at)
    }
}

/// 还剩 1 天 3 小时 / 已超 20 分钟: at most two units, rounded down.
pub fn left(now: DateTime<Utc>, due_at: DateTime<Utc>) -> String {
    if now > due_at {
        format!("已超 {}", span(now - due_at))
    } else {
        format!("还剩 {}", span(due_at - now))
    }
}

/// 20 分钟前, rounded down as [`left`] is.
pub fn ago(now: DateTime<Utc>, at: DateTime<Utc>) -> String {
    format!("{}前", span((now - at).max(TimeDelta::zero())))
}

fn span(delta: TimeDelta) -> String {
    let (days, hours, minutes) = (
        delta.num_days(),
        delta.num_hours() % 24,
        delta.num_minutes() % 60,
    );
    match (days, hours, minutes) {
        (0, 0, 0) => "不到 1 分钟".to_owned(),
        (0, 0, minutes) => format!("{minutes} 分钟"),
        (0, hours, 0) => format!("{hours} 小时"),
        (0, hours, minutes) => format!("{hours} 小时 {minutes} 分"),
        (days, 0, _) => format!("{days} 天"),
        (days, hours, _) => format!("{days} 天 {hours} 小时"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn instant(date: &str, time: &str) -> DateTime<Utc> {
        domain::clock_face::at(date.parse().unwrap(), time.parse().unwrap())
    }

    #[test]
    fn midnight_is_24_00_of_the_day_before() {
        assert_eq!(
            deadline(instant("2026-11-25", "00:00:00")),
            "11月24日（周二）24:00"
        );
        assert_eq!(
            deadline(instant("2026-11-24", "18:00:00")),
            "11月24日（周二）18:00"
        );
    }

    #[test]
    fn time_left() {
        let due = instant("2026-11-25", "00:00:00");
        let left_at = |date, time| left(instant(date, time), due);
        assert_eq!(left_at("2026-11-23", "09:15:00"), "还剩 1 天 14 小时");
        assert_eq!(left_at("2026-11-24", "23:59:30"), "还剩 不到 1 分钟");
        assert_eq!(left_at("2026-11-25", "00:20:00"), "已超 20 分钟");
        assert_eq!(left_at("2026-11-25", "02:20:00"), "已超 2 小时 20 分");
    }
}
