//! 到期计算: the end of a limit from all that bears on it, and the same count for people to read.
//!
//! In this order: the span without suspended days; the days left after a rejected return; the
//! city's date of an extension, which holds as given; and an earlier limit of a superior, unless
//! the city has extended the order since.

use chrono::{DateTime, NaiveDate, NaiveTime, TimeDelta, Utc};

use super::{Span, TimeLimit};
use crate::calendar::{CountedDay, WorkCalendar};
use crate::clock_face::{at, date_of};
use crate::extension::GrantedExtension;
use crate::rule_set::RuleSet;
use crate::time_limit::Suspension;
use crate::upstream::UpstreamLimit;

impl TimeLimit {
    /// 上级期限: the earliest of what the superiors set now holds (决定 I-6). Each may correct its own,
    /// so `known` is all of them, not the latest alone.
    #[must_use]
    pub fn with_upstream(
        &self,
        known: &[UpstreamLimit],
        calendar: &WorkCalendar,
        rule_set: &RuleSet,
    ) -> Self {
        let mut limit = self.clone();
        limit.upstream = known.iter().copied().min_by_key(|it| it.due_at);
        limit.recounted(calendar, rule_set)
    }

    /// 改按另一期间计算, from the same start: the matter is of another kind (决定 I-16).
    #[must_use]
    pub fn with_span(&self, span: Span, calendar: &WorkCalendar, rule_set: &RuleSet) -> Self {
        let mut limit = self.clone();
        limit.span = span;
        limit.recounted(calendar, rule_set)
    }

    /// 批准延期: the city's date holds (决定 I-8).
    #[must_use]
    pub fn with_extension(
        &self,
        extension: GrantedExtension,
        calendar: &WorkCalendar,
        rule_set: &RuleSet,
    ) -> Self {
        let mut limit = self.clone();
        limit.extension = Some(extension);
        limit.recounted(calendar, rule_set)
    }

    /// The limit counted again from its parts under a calendar.
    #[must_use]
    pub fn recounted(&self, calendar: &WorkCalendar, rule_set: &RuleSet) -> Self {
        let mut limit = self.clone();
        limit.due_at = self.count_due_at(calendar);
        // 第一时间: a target in minutes moves with nothing.
        let at_once = TimeDelta::minutes(i64::from(rule_set.special_dispatch_minutes));
        if self.target_at == Some(self.started_at + at_once) {
            return limit;
        }
        limit.target_at = self
            .target_at
            .map(|_| at(limit.last_day(), rule_set.target_time).min(limit.due_at));
        limit.warn_at = super::warn_at(limit.due_at, limit.target_at, rule_set);
        limit
    }

    /// The last day of the limit: one that ends at 24:00 ends on the day before midnight.
    pub(crate) fn last_day(&self) -> NaiveDate {
        date_of(self.due_at - TimeDelta::milliseconds(1))
    }

    fn count_due_at(&self, calendar: &WorkCalendar) -> DateTime<Utc> {
        let own_due_at = self.own_due_at(calendar);
        self.earlier_upstream(own_due_at)
            .map_or(own_due_at, |upstream| upstream.due_at)
    }

    /// The end of the limit without a superior's.
    fn own_due_at(&self, calendar: &WorkCalendar) -> DateTime<Utc> {
        match (self.extension, self.span) {
            (Some(extension), _) => self.extended_due_at(extension, calendar),
            (None, Span::WorkingDays(n)) => self.end_after(date_of(self.started_at), n, calendar),
            (None, Span::Hours(_) | Span::HoursOnWorkingDays(_)) => {
                self.span
                    .due(self.started_at, calendar, self.counting, NaiveTime::MIN)
                    .due_at
            }
        }
    }

    /// The end of the `n`-th working day after `start` that is not suspended.
    fn end_after(&self, start: NaiveDate, n: u32, calendar: &WorkCalendar) -> DateTime<Utc> {
        let days = self.count_days(start, n, calendar);
        let counted = days.last().map_or(start, |counted| counted.day.date);
        let last_day = self
            .suspensions
            .iter()
            .filter_map(|suspension| suspension.earliest_last_day(calendar))
            .fold(counted, NaiveDate::max);
        self.counting.end_of_last_day(self.started_at, last_day)
    }

    fn count_days(&self, start: NaiveDate, n: u32, calendar: &WorkCalendar) -> Vec<CountedDay> {
        calendar.count_working_days_except(start, n, |date| {
            self.suspensions.iter().any(|it| it.covers(date))
        })
    }

    /// The city's date as given; a suspension after the grant gives its days back.
    fn extended_due_at(
        &self,
        extension: GrantedExtension,
        calendar: &WorkCalendar,
    ) -> DateTime<Utc> {
        let is_later = |it: &&Suspension| it.resumed_at >= Some(extension.granted_at);
        if !self.suspensions.iter().any(|it| is_later(&it)) {
            return extension.due_at;
        }
        let granted_on = date_of(extension.granted_at);
        let last_day = date_of(extension.due_at - TimeDelta::milliseconds(1));
        let n = calendar.working_days_between(granted_on, last_day);
        self.end_after(granted_on, n, calendar)
            .max(extension.due_at)
    }

    /// The superior's limit, where it holds.
    fn earlier_upstream(&self, own_due_at: DateTime<Utc>) -> Option<UpstreamLimit> {
        self.upstream
            .filter(|upstream| self.extension.is_none() && upstream.due_at < own_due_at)
    }

    /// The count behind the limit, with the calendar as it is known now.
    pub fn explain(&self, calendar: &WorkCalendar) -> Explanation {
        let days = match self.span {
            Span::WorkingDays(n) => self.count_days(date_of(self.started_at), n, calendar),
            Span::Hours(_) | Span::HoursOnWorkingDays(_) => Vec::new(),
        };
        let mut adjustments = Vec::new();
        for suspension in &self.suspensions {
            adjustments.push(Adjustment::Suspended {
                suspension: *suspension,
                n_days: suspension.n_days(calendar),
            });
        }
        adjustments.extend(self.extension.map(Adjustment::Extended));
        let upstream = self.earlier_upstream(self.own_due_at(calendar));
        adjustments.extend(upstream.map(Adjustment::EarlierUpstream));
        Explanation {
            days,
            adjustments,
            agrees: self.count_due_at(calendar) == self.due_at,
        }
    }
}

/// 时限说明: the days between the start and the end of a limit, and what moved the end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Explanation {
    /// The days of the span itself, before any extension; empty for a limit in hours.
    pub days: Vec<CountedDay>,
    pub adjustments: Vec<Adjustment>,
    /// Whether today's calendar still gives the recorded due time.
    pub agrees: bool,
}

/// 时限调整: one thing that moved the end of a limit (决定 I-6、I-7、I-8、I-17).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Adjustment {
    /// 暂停, with the working days that it took.
    Suspended { suspension: Suspension, n_days: u32 },
    /// 延期.
    Extended(GrantedExtension),
    /// 上级期限更早.
    EarlierUpstream(UpstreamLimit),
}

impl Adjustment {
    /// The article or decision on which the end moved.
    pub fn article(&self) -> &'static str {
        match self {
            Self::Suspended { suspension, .. } => suspension.reason.article(),
            Self::Extended(extension) => extension.lane.article(),
            Self::EarlierUpstream(_) => "第二条、决定 I-6",
        }
    }
}

/// 时限重算: a limit that a changed calendar moved (决定 I-20).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recount {
    pub before: TimeLimit,
    pub after: TimeLimit,
}

/// 日历变更重算: those of the limits that are not over at `now` and that the calendar moves
/// (决定 I-20). A limit that is over stays as it was judged, and none is moved into the past:
/// nobody is late by a notice that came afterwards.
pub fn recount<'a>(
    limits: impl IntoIterator<Item = &'a TimeLimit>,
    calendar: &WorkCalendar,
    rule_set: &RuleSet,
    now: DateTime<Utc>,
) -> Vec<Recount> {
    limits
        .into_iter()
        .filter(|limit| !limit.is_overdue_at(now))
        .map(|limit| Recount {
            before: limit.clone(),
            after: limit.recounted(calendar, rule_set),
        })
        .filter(|recount| recount.after != recount.before && !recount.after.is_overdue_at(now))
        .collect()
}
