//! 暂停计时: the few grounds on which a limit in working days stands still (决定 I-7、I-17).
//!
//! Whole working days only: the day on which the suspension begins still counts, as the day does
//! on which a limit starts; every day after it, up to and with the day on which it ends, does not.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use super::{Span, TimeLimit};
use crate::calendar::WorkCalendar;
use crate::clock_face::date_of;
use crate::rule_set::RuleSet;

/// 暂停事由: there are no others; a caller who cannot be reached stops no limit (决定 I-17).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SuspensionReason {
    /// 待指定: the county government is to name the unit.
    AwaitingDesignation,
    /// 退回审核: the center decides on an order that a unit sent back.
    SendBackReview,
    /// 法定: a law makes the order wait.
    Statutory,
}

impl SuspensionReason {
    /// The article or decision on which the limit stands still.
    pub fn article(self) -> &'static str {
        match self {
            Self::AwaitingDesignation => "第十条、决定 I-17",
            Self::SendBackReview => "第五条(三)、决定 I-7",
            Self::Statutory => "第十一条末款、决定 I-17",
        }
    }
}

/// 暂停: one time for which a limit stood still (决定 I-17).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Suspension {
    pub reason: SuspensionReason,
    #[serde(with = "chrono::serde::ts_milliseconds")]
    pub suspended_at: DateTime<Utc>,
    /// `None` while the limit still stands still.
    #[serde(with = "chrono::serde::ts_milliseconds_option")]
    pub resumed_at: Option<DateTime<Utc>>,
    /// 驳回后补足: working days that are left at least after `resumed_at` (决定 I-7).
    pub days_left_at_least: u32,
}

impl Suspension {
    /// Whether `date` does not count because of it. While it lasts nobody knows which days it
    /// takes, so none is taken yet.
    pub fn covers(&self, date: NaiveDate) -> bool {
        self.resumed_at.is_some_and(|resumed_at| {
            date_of(self.suspended_at) < date && date <= date_of(resumed_at)
        })
    }

    /// 暂停天数: the working days that it takes from a limit.
    pub fn n_days(&self, calendar: &WorkCalendar) -> u32 {
        self.resumed_at.map_or(0, |resumed_at| {
            calendar.working_days_between(date_of(self.suspended_at), date_of(resumed_at))
        })
    }

    /// The day before whose end the limit is not over: nobody is late the moment the limit goes
    /// on, also where it does so on a rest day.
    pub(super) fn earliest_last_day(&self, calendar: &WorkCalendar) -> Option<NaiveDate> {
        let resumed_on = date_of(self.resumed_at?);
        Some(match self.days_left_at_least {
            0 => calendar.this_or_next_working_day(resumed_on),
            n => calendar.add_working_days(resumed_on, n),
        })
    }
}

/// 暂停拒收: why a limit cannot be suspended or resumed (决定 I-17).
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SuspensionRefusal {
    /// 小时制时限不停表.
    #[error("a limit in hours is never suspended")]
    CountsHours,
    /// 已在暂停.
    #[error("suspended since {since}")]
    AlreadySuspended { since: DateTime<Utc> },
    /// 未在暂停.
    #[error("not suspended")]
    NotSuspended,
    /// 早于起算、上次恢复或本次暂停.
    #[error("not before {earliest}")]
    TooEarly { earliest: DateTime<Utc> },
    /// 已超期.
    #[error("over since {due_at}")]
    AfterDue { due_at: DateTime<Utc> },
}

impl TimeLimit {
    /// 是否暂停中.
    pub fn is_suspended(&self) -> bool {
        self.open_suspension().is_some()
    }

    /// 暂停: the limit from `suspended_at` on. The due time stays as it is until the limit is
    /// resumed; meanwhile nothing is late.
    pub fn suspend(
        &self,
        reason: SuspensionReason,
        suspended_at: DateTime<Utc>,
    ) -> Result<Self, SuspensionRefusal> {
        match self.span {
            Span::WorkingDays(_) => {}
            Span::Hours(_) | Span::HoursOnWorkingDays(_) => {
                return Err(SuspensionRefusal::CountsHours);
            }
        }
        if let Some(open) = self.open_suspension() {
            let since = open.suspended_at;
            return Err(SuspensionRefusal::AlreadySuspended { since });
        }
        let last = self.suspensions.last();
        let earliest = last.and_then(|it| it.resumed_at).unwrap_or(self.started_at);
        if suspended_at < earliest {
            return Err(SuspensionRefusal::TooEarly { earliest });
        }
        if self.is_overdue_at(suspended_at) {
            let due_at = self.due_at;
            return Err(SuspensionRefusal::AfterDue { due_at });
        }
        let mut limit = self.clone();
        limit.suspensions.push(Suspension {
            reason,
            suspended_at,
            resumed_at: None,
            days_left_at_least: 0,
        });
        Ok(limit)
    }

    /// 恢复计时: the limit counted again without the days of the suspension. After a rejected
    /// return the unit has at least the days that the rules leave it (决定 I-7); an accepted one
    /// ends the limit instead.
    pub fn resume(
        &self,
        resumed_at: DateTime<Utc>,
        calendar: &WorkCalendar,
        rule_set: &RuleSet,
    ) -> Result<Self, SuspensionRefusal> {
        let mut limit = self.clone();
        let Some(open) = limit
            .suspensions
            .last_mut()
            .filter(|last| last.resumed_at.is_none())
        else {
            return Err(SuspensionRefusal::NotSuspended);
        };
        if resumed_at < open.suspended_at {
            let earliest = open.suspended_at;
            return Err(SuspensionRefusal::TooEarly { earliest });
        }
        open.resumed_at = Some(resumed_at);
        open.days_left_at_least = match open.reason {
            SuspensionReason::SendBackReview => rule_set.send_back.days_left_after_rejection,
            SuspensionReason::AwaitingDesignation | SuspensionReason::Statutory => 0,
        };
        Ok(limit.recounted(calendar, rule_set))
    }

    fn open_suspension(&self) -> Option<&Suspension> {
        self.suspensions
            .last()
            .filter(|last| last.resumed_at.is_none())
    }
}
