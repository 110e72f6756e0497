//! 工作小时: time counted only while the office is open (决定 I-7: 退回审核内控 4 工作小时).

use chrono::{DateTime, Datelike as _, NaiveDate, NaiveTime, TimeDelta, Utc};

use crate::clock_face::{at, date_of, next_day};

/// 开放时段 of one day, in minutes from midnight: open from `opens` up to `closes`; 1440 is 24:00.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OpenInterval {
    pub opens: u16,
    pub closes: u16,
}

/// 工作时间: when the office is open, for each weekday from Monday on, in order and apart.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OfficeHours {
    pub by_weekday: [Vec<OpenInterval>; 7],
}

/// 停表: a stretch of time that does not count, `from` included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pause {
    pub from: DateTime<Utc>,
    pub until: DateTime<Utc>,
}

/// The days that are looked at before a quota is said to have no end: ten years.
const MAX_DAYS: usize = 3_660;

impl OfficeHours {
    /// The same hours on every day that is not off.
    pub fn daily(intervals: &[OpenInterval]) -> Self {
        Self {
            by_weekday: std::array::from_fn(|_| intervals.to_vec()),
        }
    }

    /// When `quota` is used up, counted from `start`; a quota that ends with the office ends at
    /// closing time, not at the next opening. `None` where the office never opens for so long.
    pub fn after(
        &self,
        start: DateTime<Utc>,
        quota: TimeDelta,
        pauses: &[Pause],
        is_day_off: impl Fn(NaiveDate) -> bool,
    ) -> Option<DateTime<Utc>> {
        let mut left = quota;
        for date in days_from(date_of(start)).take(MAX_DAYS) {
            for (from, until) in self.open_on(date, pauses, &is_day_off) {
                let from = from.max(start);
                if from >= until {
                    continue;
                }
                if left <= until - from {
                    return Some(from + left);
                }
                left -= until - from;
            }
        }
        None
    }

    /// How long the office is open from `from` up to `until`, pauses left out; nothing where `until`
    /// comes first.
    pub fn between(
        &self,
        from: DateTime<Utc>,
        until: DateTime<Utc>,
        pauses: &[Pause],
        is_day_off: impl Fn(NaiveDate) -> bool,
    ) -> TimeDelta {
        days_from(date_of(from))
            .take_while(|date| *date <= date_of(until))
            .flat_map(|date| self.open_on(date, pauses, &is_day_off))
            .map(|(opens, closes)| closes.min(until) - opens.max(from))
            .filter(|open| *open > TimeDelta::zero())
            .sum()
    }

    /// What is open on a day, pauses taken out.
    fn open_on(
        &self,
        date: NaiveDate,
        pauses: &[Pause],
        is_day_off: &impl Fn(NaiveDate) -> bool,
    ) -> Vec<(DateTime<Utc>, DateTime<Utc>)> {
        if is_day_off(date) {
            return Vec::new();
        }
        let midnight = at(date, NaiveTime::MIN);
        let minute = |minutes: u16| midnight + TimeDelta::minutes(i64::from(minutes));
        let weekday = date.weekday().num_days_from_monday() as usize;
        let intervals = self.by_weekday.get(weekday).into_iter().flatten();
        let mut open: Vec<_> = intervals
            .map(|interval| (minute(interval.opens), minute(interval.closes)))
            .collect();
        for pause in pauses {
            open = open
                .into_iter()
                .flat_map(|(from, until)| {
                    let before = (from, until.min(pause.from));
                    let after = (from.max(pause.until), until);
                    [before, after]
                })
                .filter(|(from, until)| from < until)
                .collect();
        }
        open
    }
}

fn days_from(first: NaiveDate) -> impl Iterator<Item = NaiveDate> {
    std::iter::successors(Some(first), |date| Some(next_day(*date)))
}
