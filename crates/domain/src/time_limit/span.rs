//! 期间: how long a limit is and how its end is counted.

use chrono::{DateTime, NaiveDate, NaiveTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use crate::calendar::WorkCalendar;
use crate::clock_face::{at, date_of, end_of, next_day, time_of};

/// 期间: a length of time as the regulation gives it (第十一条、第十二条).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Span {
    /// 工作日: the start day never counts (决定 I-1).
    WorkingDays(u32),
    /// 自然小时: around the clock, holidays included (决定 I-5).
    Hours(u32),
    /// 自然小时，整日剔除非工作日: the clock stands still on days that nobody works (决定 I-12).
    HoursOnWorkingDays(u32),
}

/// 计日方式: when the last working day of a limit is over (决定 I-1). Stored with the limit.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CountMode {
    /// 次日起算: at the close of the last day.
    #[default]
    NextDay,
    /// 同钟点: at the time of day at which the limit started.
    SameClock,
}

/// 截止钟点: when a working day closes for whoever counts from the next day (决定 I-1).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CloseOfDay {
    /// 24:00.
    #[default]
    Midnight,
    /// 18:00.
    SixInTheEvening,
}

/// 计算方式: the two choices of 决定 I-1. What a limit stored without them was counted by is the
/// default.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counting {
    pub count_mode: CountMode,
    pub close_of_day: CloseOfDay,
}

impl Counting {
    /// Whether it is the default, which is not written down.
    #[expect(
        clippy::trivially_copy_pass_by_ref,
        reason = "serde passes a reference"
    )]
    pub(crate) fn is_default(&self) -> bool {
        *self == Self::default()
    }

    /// When a limit that started at `started_at` is over, if `last_day` is its last.
    pub fn end_of_last_day(self, started_at: DateTime<Utc>, last_day: NaiveDate) -> DateTime<Utc> {
        match (self.count_mode, self.close_of_day) {
            (CountMode::SameClock, _) => at(last_day, time_of(started_at)),
            (CountMode::NextDay, CloseOfDay::Midnight) => end_of(last_day),
            (CountMode::NextDay, CloseOfDay::SixInTheEvening) => {
                end_of(last_day) - TimeDelta::hours(6)
            }
        }
    }
}

/// 到期: when a span is over, and the earlier time the house aims at (决定 I-1).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Due {
    pub due_at: DateTime<Utc>,
    /// 内控目标; only limits in working days have one.
    pub target_at: Option<DateTime<Utc>>,
}

impl Span {
    /// When the span that starts at `started_at` is over.
    pub fn due(
        self,
        started_at: DateTime<Utc>,
        calendar: &WorkCalendar,
        counting: Counting,
        target_time: NaiveTime,
    ) -> Due {
        match self {
            Self::WorkingDays(n) => {
                let last_day = calendar.add_working_days(date_of(started_at), n);
                let due_at = counting.end_of_last_day(started_at, last_day);
                Due {
                    due_at,
                    target_at: Some(at(last_day, target_time).min(due_at)),
                }
            }
            Self::Hours(n) => Due {
                due_at: started_at + TimeDelta::hours(i64::from(n)),
                target_at: None,
            },
            Self::HoursOnWorkingDays(n) => Due {
                due_at: hours_on_working_days(started_at, n, calendar),
                target_at: None,
            },
        }
    }
}

/// Walks day by day: what is left of a working day is used up, any other day is passed over.
fn hours_on_working_days(
    started_at: DateTime<Utc>,
    hours: u32,
    calendar: &WorkCalendar,
) -> DateTime<Utc> {
    let mut left = TimeDelta::hours(i64::from(hours));
    let mut from = started_at;
    loop {
        let date = date_of(from);
        if calendar.is_working_day(date) {
            let of_today = end_of(date) - from;
            if left <= of_today {
                return from + left;
            }
            left -= of_today;
        }
        from = at(next_day(date), NaiveTime::MIN);
    }
}
