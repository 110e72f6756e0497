//! Civil time in the county: the whole product lives at +08:00, without daylight saving.
//!
//! Instants are stored as UTC; dates and times of day appear only through these functions, so no
//! other module knows the offset.

use chrono::{DateTime, Datelike, Days, Months, NaiveDate, NaiveTime, TimeDelta, Utc, Weekday};

/// Seconds that Beijing time is ahead of UTC.
const OFFSET_SECONDS: i64 = 8 * 3600;

/// The civil date in Beijing at `at`.
pub fn date_of(at: DateTime<Utc>) -> NaiveDate {
    (at.naive_utc() + TimeDelta::seconds(OFFSET_SECONDS)).date()
}

/// The civil time of day in Beijing at `at`.
pub fn time_of(at: DateTime<Utc>) -> NaiveTime {
    (at.naive_utc() + TimeDelta::seconds(OFFSET_SECONDS)).time()
}

/// The instant at which Beijing's clocks show `date` `time`.
pub fn at(date: NaiveDate, time: NaiveTime) -> DateTime<Utc> {
    (date.and_time(time) - TimeDelta::seconds(OFFSET_SECONDS)).and_utc()
}

/// 24:00 of `date`: the instant at which the day is over (决定 I-1).
pub fn end_of(date: NaiveDate) -> DateTime<Utc> {
    at(next_day(date), NaiveTime::MIN)
}

/// The day after `date`.
///
/// # Panics
/// At the end of chrono's calendar, the year 262142: no order lives that long.
pub(crate) fn next_day(date: NaiveDate) -> NaiveDate {
    #[expect(clippy::expect_used, reason = "the calendar ends in the year 262142")]
    date.checked_add_days(Days::new(1))
        .expect("a date before the end of the calendar")
}

/// The day before `date`.
///
/// # Panics
/// At the beginning of chrono's calendar, the year -262143: no order is that old.
pub(crate) fn previous_day(date: NaiveDate) -> NaiveDate {
    #[expect(
        clippy::expect_used,
        reason = "the calendar begins in the year -262143"
    )]
    date.checked_sub_days(Days::new(1))
        .expect("a date after the beginning of the calendar")
}

/// The 1st of the month after that of `date`.
///
/// # Panics
/// At the end of chrono's calendar, the year 262142: no order lives that long.
pub(crate) fn first_of_next_month(date: NaiveDate) -> NaiveDate {
    #[expect(clippy::expect_used, reason = "the calendar ends in the year 262142")]
    date.with_day(1)
        .and_then(|first| first.checked_add_months(Months::new(1)))
        .expect("a date before the end of the calendar")
}

/// The last day of the month of `date`.
pub(crate) fn last_of_month(date: NaiveDate) -> NaiveDate {
    previous_day(first_of_next_month(date))
}

/// 周一 … 周日.
pub fn weekday_text(date: NaiveDate) -> &'static str {
    match date.weekday() {
        Weekday::Mon => "周一",
        Weekday::Tue => "周二",
        Weekday::Wed => "周三",
        Weekday::Thu => "周四",
        Weekday::Fri => "周五",
        Weekday::Sat => "周六",
        Weekday::Sun => "周日",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_ends_where_the_next_begins() {
        let date = NaiveDate::from_ymd_opt(2026, 11, 23).unwrap();
        let end = end_of(date);
        assert_eq!(date_of(end), next_day(date));
        assert_eq!(date_of(end - TimeDelta::milliseconds(1)), date);
        assert_eq!(time_of(end), NaiveTime::MIN);
        assert_eq!(end.to_rfc3339(), "2026-11-23T16:00:00+00:00");
    }
}
