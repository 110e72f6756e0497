//! 甄别: until when a unit may dispute a bad rating, and what follows from the request
//! (第十二条(一), 决定 I-11、I-12).

use chrono::{DateTime, Utc};

use crate::calendar::WorkCalendar;
use crate::clock_face::{date_of, end_of, first_of_next_month};
use crate::rule_set::RuleSet;
use crate::time_limit::{LimitKind, Span, TimeLimit};

/// 甄别时限: the principle and the cut-off of one rating (第十二条(一), 决定 I-11).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ScreeningLimits {
    /// 原则时限: working days after the rating is delivered. Later requests need a reason.
    pub principle_due_at: DateTime<Utc>,
    /// 硬截止: 24:00 of the 1st of the month after the rating, or of the next working day.
    pub cut_off_at: DateTime<Utc>,
}

/// 甄别申请时点: what may be said of a request made at some time (第十二条(一), 决定 I-11).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ScreeningTiming {
    /// 原则期内.
    WithinPrinciple,
    /// 过原则期未过截止: allowed, with a reason.
    NeedsReason,
    /// 逾期: no screening, the order is archived as 不满意.
    CutOff,
}

impl ScreeningLimits {
    /// The limits of a rating of `rated_at` that reached the unit at `delivered_at`. The city's table may
    /// come days later, and in another month.
    pub fn of(
        rated_at: DateTime<Utc>,
        delivered_at: DateTime<Utc>,
        calendar: &WorkCalendar,
        rule_set: &RuleSet,
    ) -> Self {
        let rated_on = date_of(rated_at);
        let cut_off_day = calendar.this_or_next_working_day(first_of_next_month(rated_on));
        let principle = Span::WorkingDays(rule_set.screening.principle_days);
        Self {
            principle_due_at: principle
                .due(
                    delivered_at,
                    calendar,
                    rule_set.counting,
                    rule_set.target_time,
                )
                .due_at,
            cut_off_at: end_of(cut_off_day),
        }
    }

    /// 倒挂: the cut-off comes before the principle, and wins.
    pub fn is_cut_short(&self) -> bool {
        self.cut_off_at < self.principle_due_at
    }

    /// How a request made at `requested_at` stands.
    pub fn timing(&self, requested_at: DateTime<Utc>) -> ScreeningTiming {
        if requested_at > self.cut_off_at {
            ScreeningTiming::CutOff
        } else if requested_at > self.principle_due_at {
            ScreeningTiming::NeedsReason
        } else {
            ScreeningTiming::WithinPrinciple
        }
    }
}

/// 县初审时限: from the request's arrival at the center (第十二条(一)).
pub fn review_limit(
    requested_at: DateTime<Utc>,
    calendar: &WorkCalendar,
    rule_set: &RuleSet,
) -> TimeLimit {
    let span = Span::WorkingDays(rule_set.screening.review_days);
    TimeLimit::start(
        LimitKind::ScreeningReview,
        span,
        requested_at,
        calendar,
        rule_set,
    )
}

/// 补证时限: from the center's wish for evidence (第十二条(一), 决定 I-12).
pub fn evidence_limit(
    asked_at: DateTime<Utc>,
    calendar: &WorkCalendar,
    rule_set: &RuleSet,
) -> TimeLimit {
    let span = Span::HoursOnWorkingDays(rule_set.screening.evidence_hours);
    TimeLimit::start(LimitKind::Evidence, span, asked_at, calendar, rule_set)
}
