//! 时限: how long an act may take, when that is over, and why.
//!
//! A limit is fixed by the event that starts it and stands in that event, so an order's due times
//! follow from its events alone. [`TimeLimit::explain`] counts again, day by day, for the person
//! who asks.

mod count;
mod office_hours;
mod span;
mod suspension;

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

pub use self::count::{Adjustment, Explanation, Recount, recount};
pub use self::office_hours::{OfficeHours, OpenInterval, Pause};
pub use self::span::{CloseOfDay, CountMode, Counting, Due, Span};
pub use self::suspension::{Suspension, SuspensionReason, SuspensionRefusal};
use crate::calendar::WorkCalendar;
use crate::extension::GrantedExtension;
use crate::rule_set::RuleSet;
use crate::upstream::UpstreamLimit;

/// 时限种类: which act the limit is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LimitKind {
    /// 转办: from acceptance to delivery to a unit.
    Dispatch,
    /// 签收: from delivery.
    SignFor,
    /// 初步响应 of a special matter: from delivery.
    FirstResponse,
    /// 进度反馈 of a special matter: from delivery.
    Progress,
    /// 办理: from delivery to the unit's answer.
    Handle,
    /// 退回: from delivery (决定 I-4).
    SendBack,
    /// 甄别初审: from the unit's request to the center's first review.
    ScreeningReview,
    /// 补证: from the center's wish for evidence (决定 I-12).
    Evidence,
    /// 协办: from delivery to the assisting unit's opinion, before the lead's own limit (第十条).
    Assist,
    /// 核实: from the doubt whether a matter is in scope to the answer (第八条末款, 内控).
    Verification,
}

impl LimitKind {
    pub const ALL: [Self; 10] = [
        Self::Dispatch,
        Self::SignFor,
        Self::FirstResponse,
        Self::Progress,
        Self::Handle,
        Self::SendBack,
        Self::ScreeningReview,
        Self::Evidence,
        Self::Assist,
        Self::Verification,
    ];

    /// The article that sets the limit.
    pub fn article(self) -> &'static str {
        match self {
            Self::Dispatch => "第十一条(一)",
            Self::SignFor | Self::Handle | Self::SendBack => "第十一条(二)",
            Self::FirstResponse | Self::Progress => "第十一条(四)",
            Self::ScreeningReview | Self::Evidence => "第十二条(一)",
            Self::Assist => "第十条",
            Self::Verification => "第八条末款",
        }
    }
}

impl LimitKind {
    /// Whether a delay is the unit's: the others are the center's own, or end with what the rules
    /// say follows (第十九条(一)).
    pub fn is_held_against_the_unit(self) -> bool {
        match self {
            Self::SignFor
            | Self::FirstResponse
            | Self::Progress
            | Self::Handle
            | Self::SendBack
            | Self::Assist => true,
            Self::Dispatch | Self::ScreeningReview | Self::Evidence | Self::Verification => false,
        }
    }
}

/// 时限: one limit of one order, as fixed by the event that started it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TimeLimit {
    pub kind: LimitKind,
    pub span: Span,
    #[serde(with = "chrono::serde::ts_milliseconds")]
    pub started_at: DateTime<Utc>,
    /// 法定截止: the act is late after it, `now > due_at` (决定 I-18).
    #[serde(with = "chrono::serde::ts_milliseconds")]
    pub due_at: DateTime<Utc>,
    /// 内控目标.
    #[serde(with = "chrono::serde::ts_milliseconds_option")]
    pub target_at: Option<DateTime<Utc>>,
    /// 预警: people are told from then on.
    #[serde(with = "chrono::serde::ts_milliseconds")]
    pub warn_at: DateTime<Utc>,
    /// 计算方式, where it is not the usual one (决定 I-1).
    #[serde(default, skip_serializing_if = "Counting::is_default")]
    pub counting: Counting,
    /// 暂停, in the order in which they came (决定 I-17).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub suspensions: Vec<Suspension>,
    /// 已批延期 (第十一条(三)).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub extension: Option<GrantedExtension>,
    /// 上级下达期限 (决定 I-6).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub upstream: Option<UpstreamLimit>,
}

impl TimeLimit {
    /// The limit of that kind that starts at `started_at` under a rule set.
    pub fn start(
        kind: LimitKind,
        span: Span,
        started_at: DateTime<Utc>,
        calendar: &WorkCalendar,
        rule_set: &RuleSet,
    ) -> Self {
        let Due { due_at, target_at } = span.due(
            started_at,
            calendar,
            rule_set.counting,
            rule_set.target_time,
        );
        Self {
            kind,
            span,
            started_at,
            due_at,
            target_at,
            warn_at: warn_at(due_at, target_at, rule_set),
            counting: rule_set.counting,
            suspensions: Vec::new(),
            extension: None,
            upstream: None,
        }
    }

    /// 是否超期 at `now`, or for an act done at `now` (决定 I-18). While the limit is suspended
    /// nothing is late (决定 I-17).
    pub fn is_overdue_at(&self, now: DateTime<Utc>) -> bool {
        now > self.due_at && !self.is_suspended()
    }
}

/// 预警 of a limit with that end and that target.
fn warn_at(
    due_at: DateTime<Utc>,
    target_at: Option<DateTime<Utc>>,
    rule_set: &RuleSet,
) -> DateTime<Utc> {
    let before_target = TimeDelta::hours(i64::from(rule_set.warn_before_target_hours));
    let before_due = TimeDelta::minutes(i64::from(rule_set.warn_before_due_minutes));
    target_at.map_or(due_at - before_due, |target_at| target_at - before_target)
}

/// 时限状态: where a limit stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LimitState {
    /// The act is still to be done.
    Running,
    /// 按时: done by then.
    Met { at: DateTime<Utc> },
    /// 超期: done, but late.
    MetLate { at: DateTime<Utc> },
    /// 不再适用: the act is no longer asked of this unit, and it was not late by then.
    Lifted { at: DateTime<Utc> },
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;

    use super::*;
    use crate::clock_face::at;

    fn instant(text: &str) -> DateTime<Utc> {
        let civil = chrono::NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M").unwrap();
        at(civil.date(), civil.time())
    }

    fn limit(kind: LimitKind, span: Span, started_at: &str) -> TimeLimit {
        let rules = RuleSet::qx_2023_66();
        TimeLimit::start(
            kind,
            span,
            instant(started_at),
            &WorkCalendar::built_in(),
            &rules,
        )
    }

    #[test]
    fn late_is_after_24_00_not_at_it() {
        let limit = limit(
            LimitKind::Dispatch,
            Span::WorkingDays(1),
            "2026-11-23 09:15",
        );
        assert_eq!(limit.due_at, instant("2026-11-25 00:00"));
        assert_eq!(limit.target_at, Some(instant("2026-11-24 18:00")));
        assert_eq!(limit.warn_at, instant("2026-11-24 14:00"));
        assert!(!limit.is_overdue_at(limit.due_at));
        assert!(limit.is_overdue_at(limit.due_at + TimeDelta::milliseconds(1)));
    }

    #[test]
    fn hours_run_through_the_night_and_the_holiday() {
        let limit = limit(LimitKind::FirstResponse, Span::Hours(3), "2026-10-01 23:30");
        assert_eq!(limit.due_at, instant("2026-10-02 02:30"));
        assert_eq!(limit.target_at, None);
        assert_eq!(limit.warn_at, instant("2026-10-02 02:00"));
        assert!(limit.explain(&WorkCalendar::built_in()).days.is_empty());
    }

    #[test]
    fn the_explanation_counts_what_the_limit_counted() {
        let limit = limit(LimitKind::Handle, Span::WorkingDays(5), "2026-04-30 17:59");
        let explanation = limit.explain(&WorkCalendar::built_in());
        assert!(explanation.agrees);
        let last = explanation.days.last().unwrap();
        assert_eq!(last.day.date, NaiveDate::from_ymd_opt(2026, 5, 11).unwrap());
        assert_eq!(last.ordinal, Some(5));
    }

    #[test]
    fn a_later_calendar_does_not_agree_and_says_so() {
        let limit = limit(
            LimitKind::Dispatch,
            Span::WorkingDays(1),
            "2026-09-30 09:00",
        );
        assert!(!limit.explain(&WorkCalendar::default()).agrees);
    }
}
