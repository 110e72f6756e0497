//! The arithmetic of limits against a slow and obvious model: one day, or one minute, at a time.

use chrono::{DateTime, Datelike, Days, NaiveDate, NaiveTime, TimeDelta, Utc};
use domain::calendar::{HolidayRun, WorkCalendar, YearNotice};
use domain::clock_face::{at, date_of, end_of};
use domain::extension::{ExtensionCaps, extended_due_at};
use domain::rule_set::RuleSet;
use domain::screening::{ScreeningLimits, evidence_limit};
use domain::time_limit::{LimitKind, Span, SuspensionReason, TimeLimit, recount};
use domain::upstream::{MonthEndPrinciple, Superior, UpstreamLimit};
use proptest::prelude::*;

const DAYS_2023_TO_2027: u64 = 365 * 5 + 1;

fn tomorrow(date: NaiveDate) -> NaiveDate {
    date.succ_opt().unwrap()
}

fn any_day() -> impl Strategy<Value = NaiveDate> {
    let first = NaiveDate::from_ymd_opt(2023, 1, 1).unwrap();
    (0..DAYS_2023_TO_2027).prop_map(move |n| first + Days::new(n))
}

fn any_moment() -> impl Strategy<Value = DateTime<Utc>> {
    (any_day(), 0..24 * 60_i64)
        .prop_map(|(date, minute)| at(date, NaiveTime::MIN) + TimeDelta::minutes(minute))
}

/// The `n`-th working day after `start` for which `counts` holds, walked to.
fn walk(
    calendar: &WorkCalendar,
    start: NaiveDate,
    n: u32,
    counts: impl Fn(NaiveDate) -> bool,
) -> NaiveDate {
    let mut day = start;
    let mut left = n;
    while left > 0 {
        day = tomorrow(day);
        if calendar.is_working_day(day) && counts(day) {
            left -= 1;
        }
    }
    day
}

fn handle(started_at: DateTime<Utc>, n: u32, calendar: &WorkCalendar) -> TimeLimit {
    let rules = RuleSet::qx_2023_66();
    let span = Span::WorkingDays(n);
    TimeLimit::start(LimitKind::Handle, span, started_at, calendar, &rules)
}

fn calendar_with_2027() -> WorkCalendar {
    let day = |month, day| NaiveDate::from_ymd_opt(2027, month, day).unwrap();
    let run = |first, last| HolidayRun {
        name: "示例".to_owned(),
        first,
        last,
    };
    let notice = YearNotice {
        year: 2027,
        document: "示例〔2026〕1号".to_owned(),
        holidays: vec![
            run(day(1, 1), day(1, 3)),
            run(day(2, 5), day(2, 12)),
            run(day(10, 1), day(10, 7)),
        ],
        make_up_workdays: Vec::new(),
    };
    WorkCalendar::built_in().announce(&notice).unwrap()
}

proptest! {
    #[test]
    fn working_days(started_at in any_moment(), n in 1_u32..20) {
        let calendar = WorkCalendar::built_in();
        let limit = handle(started_at, n, &calendar);
        let last = walk(&calendar, date_of(started_at), n, |_| true);
        prop_assert_eq!(limit.due_at, end_of(last));
        prop_assert!(limit.explain(&calendar).agrees);
    }

    /// Minute by minute: a minute of a working day uses one up, any other passes.
    #[test]
    fn hours_of_working_days(asked_at in any_moment()) {
        let calendar = WorkCalendar::built_in();
        let mut moment = asked_at;
        let mut left = 24 * 60;
        while left > 0 {
            left -= i32::from(calendar.is_working_day(date_of(moment)));
            moment += TimeDelta::minutes(1);
        }
        let limit = evidence_limit(asked_at, &calendar, &RuleSet::qx_2023_66());
        prop_assert_eq!(limit.due_at, moment);
    }

    #[test]
    fn screening(rated_at in any_moment(), hours_later in 0_i64..400) {
        let calendar = WorkCalendar::built_in();
        let rated_on = date_of(rated_at);
        let mut cut_off = rated_on;
        while cut_off.month() == rated_on.month() || !calendar.is_working_day(cut_off) {
            cut_off = tomorrow(cut_off);
        }
        let delivered_at = rated_at + TimeDelta::hours(hours_later);
        let rule_set = RuleSet::qx_2023_66();
        let limits = ScreeningLimits::of(rated_at, delivered_at, &calendar, &rule_set);
        prop_assert_eq!(limits.cut_off_at, end_of(cut_off));
        let principle = walk(&calendar, date_of(delivered_at), 2, |_| true);
        prop_assert_eq!(limits.principle_due_at, end_of(principle));
        prop_assert_eq!(limits.is_cut_short(), principle > cut_off);
    }

    #[test]
    fn end_of_the_month(assigned_at in any_moment(), n in 1_u32..8) {
        let calendar = WorkCalendar::built_in();
        let limit = handle(assigned_at, n, &calendar);
        let rules = RuleSet::qx_2023_66();
        let principle = MonthEndPrinciple::of(assigned_at, limit.due_at, &calendar, &rules);
        let assigned_on = date_of(assigned_at);
        let mut last = assigned_on;
        while tomorrow(last).month() == assigned_on.month() {
            last = tomorrow(last);
        }
        prop_assert_eq!(principle.month_end_at, end_of(last));
        let due_on = walk(&calendar, assigned_on, n, |_| true);
        let crosses = (due_on.year(), due_on.month()) != (last.year(), last.month());
        prop_assert_eq!(principle.crosses_month, crosses);
        let target_on = date_of(principle.target_at);
        prop_assert!(target_on <= last && calendar.is_working_day(target_on));
        let is_off = |day: &NaiveDate| !calendar.is_working_day(*day);
        prop_assert!(target_on.iter_days().skip(1).take_while(|day| *day <= last).all(|day| is_off(&day)));
    }

    /// More days are the same as a longer limit, and each lane allows as much as the one before.
    #[test]
    fn extensions(started_at in any_moment(), base in 1_u32..10, more in 0_u32..10) {
        let calendar = WorkCalendar::built_in();
        let limit = handle(started_at, base, &calendar);
        let longer = handle(started_at, base + more, &calendar);
        prop_assert_eq!(extended_due_at(&limit, more, &calendar), longer.due_at);
        let caps = ExtensionCaps::of(base, &RuleSet::qx_2023_66());
        prop_assert!(caps.general_days <= caps.grave_days);
        prop_assert!(caps.grave_days <= caps.exceptional_days);
    }

    /// A suspension takes its working days and nothing else, leaves one day after a rejection, makes
    /// nobody late by its end, and never shortens a limit.
    #[test]
    fn suspensions(
        started_at in any_moment(),
        n in 1_u32..8,
        after_minutes in 0_i64..8 * 24 * 60,
        for_minutes in 0_i64..20 * 24 * 60,
        is_return in any::<bool>(),
    ) {
        let calendar = WorkCalendar::built_in();
        let rules = RuleSet::qx_2023_66();
        let limit = handle(started_at, n, &calendar);
        let suspended_at = started_at + TimeDelta::minutes(after_minutes);
        let resumed_at = suspended_at + TimeDelta::minutes(for_minutes);
        let reason = if is_return {
            SuspensionReason::SendBackReview
        } else {
            SuspensionReason::Statutory
        };
        let suspended = limit.suspend(reason, suspended_at);
        prop_assert_eq!(suspended.is_err(), suspended_at > limit.due_at);
        let Ok(suspended) = suspended else { return Ok(()); };
        prop_assert!(!suspended.is_overdue_at(resumed_at));
        let resumed = suspended.resume(resumed_at, &calendar, &rules).unwrap();

        let (from, until) = (date_of(suspended_at), date_of(resumed_at));
        let mut last = walk(&calendar, date_of(started_at), n, |day| day <= from || day > until);
        let mut at_least = until;
        while (is_return && at_least == until) || !calendar.is_working_day(at_least) {
            at_least = tomorrow(at_least);
        }
        last = last.max(at_least);
        prop_assert_eq!(resumed.due_at, end_of(last));
        prop_assert!(!resumed.is_overdue_at(resumed_at));
        prop_assert!(resumed.due_at >= limit.due_at);
        prop_assert!(resumed.explain(&calendar).agrees);
        let json = serde_json::to_string(&resumed).unwrap();
        prop_assert_eq!(serde_json::from_str::<TimeLimit>(&json).unwrap(), resumed);
    }

    #[test]
    fn the_earlier_limit_holds(started_at in any_moment(), n in 1_u32..8, minutes in 0_i64..20_000) {
        let calendar = WorkCalendar::built_in();
        let limit = handle(started_at, n, &calendar);
        let due_at = started_at + TimeDelta::minutes(minutes);
        let upstream = UpstreamLimit { superior: Superior::City, due_at };
        let both = limit.with_upstream(&[upstream], &calendar, &RuleSet::qx_2023_66());
        prop_assert_eq!(both.due_at, due_at.min(limit.due_at));
        prop_assert!(both.target_at <= Some(both.due_at));
        prop_assert!(both.explain(&calendar).agrees);
    }

    /// A recount gives what the new calendar would have given from the start, to limits that are
    /// not over, and leaves the others out.
    #[test]
    fn recounts(started_at in any_moment(), n in 1_u32..8, after_minutes in 0_i64..20_000) {
        let (old, new) = (WorkCalendar::built_in(), calendar_with_2027());
        let rules = RuleSet::qx_2023_66();
        let limit = handle(started_at, n, &old);
        let now = started_at + TimeDelta::minutes(after_minutes);
        prop_assert!(recount([&limit], &old, &rules, now).is_empty());
        let fresh = handle(started_at, n, &new);
        let recounts = recount([&limit], &new, &rules, now);
        let is_moved = now <= limit.due_at && fresh != limit;
        prop_assert_eq!(recounts.len(), usize::from(is_moved));
        for moved in recounts {
            prop_assert_eq!(&moved.before, &limit);
            prop_assert_eq!(&moved.after, &fresh);
        }
    }
}
