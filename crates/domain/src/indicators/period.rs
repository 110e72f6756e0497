//! 统计期, and to which of them an item belongs.

use chrono::{DateTime, NaiveDate, NaiveTime, Utc};

use crate::clock_face::{at, end_of, last_of_month};

/// 统计期: whole days in Beijing, from 00:00 of the first to 24:00 of the last.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Period {
    from_at: DateTime<Utc>,
    until_at: DateTime<Utc>,
}

impl Period {
    /// The days from `first` to `last`, both included; `None` where `last` comes before `first`.
    /// The year to a day is counted so too: every indicator may be asked for any period.
    pub fn days(first: NaiveDate, last: NaiveDate) -> Option<Self> {
        (first <= last).then(|| Self {
            from_at: at(first, NaiveTime::MIN),
            until_at: end_of(last),
        })
    }

    /// 自然月; `None` where there is no such month.
    pub fn month(year: i32, month: u32) -> Option<Self> {
        let first = NaiveDate::from_ymd_opt(year, month, 1)?;
        Self::days(first, last_of_month(first))
    }

    /// Whether something that was done at `at` belongs to the period: 00:00 of the 1st is the first
    /// instant of the new month.
    pub fn contains(&self, at: DateTime<Utc>) -> bool {
        self.from_at <= at && at < self.until_at
    }

    /// Whether a limit that was over at `due_at` was over in the period: 24:00 of the last day is
    /// the last instant of the old month (决定 I-1).
    pub fn contains_end(&self, due_at: DateTime<Utc>) -> bool {
        self.from_at < due_at && due_at <= self.until_at
    }

    pub(super) fn has(&self, moment: Moment) -> bool {
        match moment {
            Moment::Act(at) => self.contains(at),
            Moment::End(due_at) => self.contains_end(due_at),
        }
    }
}

/// 归期: what decides about an item, and so the period that it belongs to. What is in time is
/// settled by the act and what is late by the end of its limit, so an item belongs to one month
/// only, and the months of a year add up to the year.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Moment {
    Act(DateTime<Utc>),
    End(DateTime<Utc>),
}
