//! Working time as others count it: cases of four well-known help desks, retyped as facts (opening
//! hours, start, quota, pauses, expected end), and what ours gives for the same.
//!
//! Wall-clock times are taken as they stand; every source counts in one zone without a change of
//! the clock in the case. Where a source tells something else than an end of time (a rule that is
//! taken away, a ticket that is closed), the fact is played against our limits.
//!
//! Sources:
//! - GLPI: glpi-project/glpi, `phpunit/functional/CalendarTest.php` at 32d32fe, and
//!   `tests/functional/SLMTest.php` at 13f6502 (`laProvider`)
//! - Zammad: zammad/zammad, `spec/lib/escalation/{destination_time,period_working_minutes,
//!   ticket_biz_break}_spec.rb` and `spec/models/ticket/escalation_examples.rb` at 1aa4e68
//! - biz: zendesk/biz, `spec/support/time.rb` and `spec/calculation/{for_duration,duration_within}_spec.rb`
//!   at 0fb58f6
//! - Frappe Helpdesk: frappe/helpdesk, `helpdesk/helpdesk/doctype/hd_ticket/test_hd_ticket.py` at 003f07b

#![cfg(test)]

use chrono::{DateTime, Datelike as _, NaiveDate, NaiveDateTime, TimeDelta, Utc, Weekday};
use domain::calendar::WorkCalendar;
use domain::clock_face::{at, date_of, time_of};
use domain::matter::MatterKind;
use domain::rule_set::RuleSet;
use domain::time_limit::{
    CloseOfDay, CountMode, Counting, LimitKind, OfficeHours, OpenInterval, Pause, Span,
    SuspensionReason, TimeLimit,
};
use expect_test::{Expect, expect};

fn instant(text: &str) -> DateTime<Utc> {
    let civil = NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M")
        .or_else(|_| NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M:%S"))
        .unwrap_or_else(|_| panic!("not a time: {text}"));
    at(civil.date(), civil.time())
}

fn shown(moment: DateTime<Utc>) -> String {
    format!("{} {}", date_of(moment), time_of(moment))
}

/// `1-5 08:00-20:00; 6 11:00-14:30`: weekdays from Monday, 1, to Sunday, 7.
fn hours(text: &str) -> OfficeHours {
    let minutes = |text: &str| -> u16 {
        let (hour, minute) = text.split_once(':').unwrap();
        hour.parse::<u16>().unwrap() * 60 + minute.parse::<u16>().unwrap()
    };
    let mut hours = OfficeHours::default();
    for part in text.split("; ") {
        let (days, times) = part.split_once(' ').unwrap();
        let (first, last) = days.split_once('-').unwrap_or((days, days));
        let (opens, closes) = times.split_once('-').unwrap();
        let (first, last): (usize, usize) = (first.parse().unwrap(), last.parse().unwrap());
        for day in &mut hours.by_weekday[first - 1..last] {
            day.push(OpenInterval {
                opens: minutes(opens),
                closes: minutes(closes),
            });
        }
    }
    hours
}

/// Lines of `what | start | quota in minutes | pauses | days off | expected`; ours follows, and both
/// must be one.
fn check(week: &str, cases: &str, expected: &Expect) {
    let hours = hours(week);
    let mut table = format!("开放 {week}\n");
    for line in cases.trim().lines() {
        let cells: Vec<&str> = line.split('|').map(str::trim).collect();
        let [what, start, quota, pauses, days_off, due] = cells[..] else {
            panic!("six cells: {line}");
        };
        let pauses: Vec<Pause> = pauses
            .split(", ")
            .filter(|pause| !pause.is_empty())
            .map(|pause| {
                let (from, until) = pause.split_once(" → ").unwrap();
                Pause {
                    from: instant(from),
                    until: instant(until),
                }
            })
            .collect();
        let days_off: Vec<NaiveDate> = days_off
            .split(", ")
            .filter(|day| !day.is_empty())
            .map(|day| day.parse().unwrap())
            .collect();
        let is_day_off = |date: NaiveDate| days_off.contains(&date);
        let quota = TimeDelta::minutes(quota.parse().unwrap());
        let ours = hours.after(instant(start), quota, &pauses, is_day_off);
        let ours = ours.map_or_else(|| "无".to_owned(), shown);
        let theirs = shown(instant(due));
        assert_eq!(ours, theirs, "{line}");
        table.push_str(&format!(
            "{what}: {start} + {} 分 → {ours}\n",
            quota.num_minutes()
        ));
    }
    expected.assert_eq(&table);
}

/// zendesk/biz: forward over short and long days, and the hours of a week.
#[test]
fn biz() {
    const WEEK: &str =
        "1 09:00-17:00; 2 10:00-16:00; 3 09:00-17:00; 4 10:00-16:00; 5 09:00-17:00; 6 11:00-14:30";
    check(
        WEEK,
        "19 hours forward | 2006-01-02 11:00 | 1140 | | | 2006-01-04 16:00
         the quota ends exactly at closing | 2006-01-02 09:00 | 480 | | | 2006-01-02 17:00",
        &expect![[r#"
            开放 1 09:00-17:00; 2 10:00-16:00; 3 09:00-17:00; 4 10:00-16:00; 5 09:00-17:00; 6 11:00-14:30
            19 hours forward: 2006-01-02 11:00 + 1140 分 → 2006-01-04 16:00:00
            the quota ends exactly at closing: 2006-01-02 09:00 + 480 分 → 2006-01-02 17:00:00
        "#]],
    );
    let never = |_| false;
    let week = hours(WEEK);
    let (from, until) = (instant("2006-01-01 00:00"), instant("2006-01-08 00:00"));
    assert_eq!(
        week.between(from, until, &[], never),
        TimeDelta::minutes(39 * 60 + 30),
        "a week is 39.5 hours"
    );
    assert_eq!(week.between(until, from, &[], never), TimeDelta::zero());
    assert_eq!(week.between(from, from, &[], never), TimeDelta::zero());
    let nowhere = OfficeHours::default();
    assert_eq!(nowhere.after(from, TimeDelta::hours(1), &[], never), None);
}

/// Frappe Helpdesk: Monday to Friday 10:00–18:00; before, after and outside of hours, quotas that
/// end exactly at closing, holidays, and a ticket on hold.
#[test]
fn frappe_helpdesk() {
    check(
        "1-5 10:00-18:00",
        "before hours, response | 2026-11-23 08:00 | 60 | | | 2026-11-23 11:00
         before hours, resolution | 2026-11-23 08:00 | 240 | | | 2026-11-23 14:00
         after hours, response | 2026-11-23 20:00 | 30 | | | 2026-11-24 10:30
         after hours, resolution | 2026-11-23 20:00 | 120 | | | 2026-11-24 12:00
         Saturday, 24 hours end at closing | 2026-11-28 15:00 | 1440 | | | 2026-12-02 18:00
         Saturday, 72 hours end at closing | 2026-11-28 15:00 | 4320 | | | 2026-12-10 18:00
         Friday into Monday | 2026-11-27 17:00 | 120 | | | 2026-11-30 11:00
         Friday after hours | 2026-11-27 19:00 | 240 | | | 2026-11-30 14:00
         Thursday and Friday are holidays, response | 2026-11-26 15:00 | 30 | | 2026-11-26, 2026-11-27 | 2026-11-30 10:30
         Thursday and Friday are holidays, resolution | 2026-11-26 15:00 | 120 | | 2026-11-26, 2026-11-27 | 2026-11-30 12:00
         one hour on hold ends exactly at closing | 2026-11-26 15:00 | 120 | 2026-11-26 15:30 → 2026-11-26 16:30 | | 2026-11-26 18:00
         one hour and a second on hold | 2026-11-26 15:00 | 120 | 2026-11-26 15:30 → 2026-11-26 16:30:01 | | 2026-11-27 10:00:01",
        &expect![[r#"
            开放 1-5 10:00-18:00
            before hours, response: 2026-11-23 08:00 + 60 分 → 2026-11-23 11:00:00
            before hours, resolution: 2026-11-23 08:00 + 240 分 → 2026-11-23 14:00:00
            after hours, response: 2026-11-23 20:00 + 30 分 → 2026-11-24 10:30:00
            after hours, resolution: 2026-11-23 20:00 + 120 分 → 2026-11-24 12:00:00
            Saturday, 24 hours end at closing: 2026-11-28 15:00 + 1440 分 → 2026-12-02 18:00:00
            Saturday, 72 hours end at closing: 2026-11-28 15:00 + 4320 分 → 2026-12-10 18:00:00
            Friday into Monday: 2026-11-27 17:00 + 120 分 → 2026-11-30 11:00:00
            Friday after hours: 2026-11-27 19:00 + 240 分 → 2026-11-30 14:00:00
            Thursday and Friday are holidays, response: 2026-11-26 15:00 + 30 分 → 2026-11-30 10:30:00
            Thursday and Friday are holidays, resolution: 2026-11-26 15:00 + 120 分 → 2026-11-30 12:00:00
            one hour on hold ends exactly at closing: 2026-11-26 15:00 + 120 分 → 2026-11-26 18:00:00
            one hour and a second on hold: 2026-11-26 15:00 + 120 分 → 2026-11-27 10:00:01
        "#]],
    );
}

/// Zammad: 24/7 with a ticket that was pending from 90 to 120 minutes and then closed; one created
/// while pending; business hours of 8 to 18.
#[test]
fn zammad() {
    check(
        "1-7 00:00-24:00",
        "the whole span fits | 2026-11-23 08:00 | 30 | 2026-11-23 09:30 → 2026-11-23 10:00 | | 2026-11-23 08:30
         it starts before the pause and ends after it | 2026-11-23 09:15 | 30 | 2026-11-23 09:30 → 2026-11-23 10:00 | | 2026-11-23 10:15
         it starts when the pause is over | 2026-11-23 10:00 | 30 | 2026-11-23 09:30 → 2026-11-23 10:00 | | 2026-11-23 10:30
         created while pending | 2026-11-23 12:00 | 30 | 2026-11-23 12:00 → 2026-11-23 12:15 | | 2026-11-23 12:45
         pending and opened again twice | 2026-11-23 12:00 | 60 | 2026-11-23 12:15 → 2026-11-23 12:30, 2026-11-23 12:45 → 2026-11-23 13:00 | | 2026-11-23 13:30
         pending over midnight | 2026-11-23 23:30 | 30 | 2026-11-23 23:45 → 2026-11-24 00:45 | | 2026-11-24 01:00
         pending for five days | 2026-11-23 11:45 | 30 | 2026-11-23 12:00 → 2026-11-28 12:00 | | 2026-11-28 12:15",
        &expect![[r#"
            开放 1-7 00:00-24:00
            the whole span fits: 2026-11-23 08:00 + 30 分 → 2026-11-23 08:30:00
            it starts before the pause and ends after it: 2026-11-23 09:15 + 30 分 → 2026-11-23 10:15:00
            it starts when the pause is over: 2026-11-23 10:00 + 30 分 → 2026-11-23 10:30:00
            created while pending: 2026-11-23 12:00 + 30 分 → 2026-11-23 12:45:00
            pending and opened again twice: 2026-11-23 12:00 + 60 分 → 2026-11-23 13:30:00
            pending over midnight: 2026-11-23 23:30 + 30 分 → 2026-11-24 01:00:00
            pending for five days: 2026-11-23 11:45 + 30 分 → 2026-11-28 12:15:00
        "#]],
    );
    check(
        "1-5 08:00-18:00",
        "first response | 2013-03-21 10:30 | 60 | | | 2013-03-21 11:30
         update | 2013-03-21 10:30 | 120 | | | 2013-03-21 12:30
         solution | 2013-03-21 10:30 | 180 | | | 2013-03-21 13:30",
        &expect![[r#"
            开放 1-5 08:00-18:00
            first response: 2013-03-21 10:30 + 60 分 → 2013-03-21 11:30:00
            update: 2013-03-21 10:30 + 120 分 → 2013-03-21 12:30:00
            solution: 2013-03-21 10:30 + 180 分 → 2013-03-21 13:30:00
        "#]],
    );
    let always = hours("1-7 00:00-24:00");
    let created = instant("2026-11-23 08:00");
    let minutes = |n| created + TimeDelta::minutes(n);
    // Closed at 120 minutes: nothing counts after.
    let pauses = [
        Pause {
            from: minutes(90),
            until: minutes(120),
        },
        Pause {
            from: minutes(120),
            until: minutes(100_000),
        },
    ];
    let spent = [(0, 240, 90), (30, 120, 60), (0, 30, 30)];
    for (from, until, expected) in spent {
        let open = always.between(minutes(from), minutes(until), &pauses, |_| false);
        assert_eq!(open, TimeDelta::minutes(expected), "{from} to {until}");
    }
}

/// GLPI: working hours of a calendar, days at the same time of day, pauses within a day, and a
/// response that no pause moves.
#[test]
fn glpi() {
    let weekdays = hours("1-5 08:00-20:00");
    let active = [
        ("2019-01-01 07:00", "2019-01-01 09:00", 60),
        ("2019-01-01 06:00", "2019-01-01 07:00", 0),
        ("2019-01-01 00:00", "2019-01-08 00:00", 12 * 60 * 5),
        ("2019-01-08 00:00", "2019-01-01 00:00", 0),
    ];
    for (from, until, expected) in active {
        let open = weekdays.between(instant(from), instant(until), &[], |_| false);
        assert_eq!(open, TimeDelta::minutes(expected), "{from} to {until}");
    }
    check(
        "1-7 00:00-24:00",
        "half an hour, no pause | 2034-06-09 08:46:12 | 30 | | | 2034-06-09 09:16:12
         half an hour, three pauses in a day | 2034-06-09 08:46:12 | 30 | 2034-06-09 08:47:42 → 2034-06-09 10:05:54, 2034-06-09 10:09:13 → 2034-06-09 10:34:38, 2034-06-09 10:43:41 → 2034-06-09 11:29:17 | | 2034-06-09 11:45:25
         four hours, no pause | 2034-06-09 08:46:12 | 240 | | | 2034-06-09 12:46:12",
        &expect![[r#"
            开放 1-7 00:00-24:00
            half an hour, no pause: 2034-06-09 08:46:12 + 30 分 → 2034-06-09 09:16:12
            half an hour, three pauses in a day: 2034-06-09 08:46:12 + 30 分 → 2034-06-09 11:45:25
            four hours, no pause: 2034-06-09 08:46:12 + 240 分 → 2034-06-09 12:46:12
        "#]],
    );
    // Seven working days from Monday 10:00, at the same time of day and at the end of the day.
    let weekends_only = WorkCalendar::built_in();
    let start = instant("2026-11-23 10:00");
    let due = |count_mode, close_of_day| {
        let counting = Counting {
            count_mode,
            close_of_day,
        };
        let target = RuleSet::qx_2023_66().target_time;
        Span::WorkingDays(7)
            .due(start, &weekends_only, counting, target)
            .due_at
    };
    let ends = [
        (CountMode::SameClock, CloseOfDay::Midnight),
        (CountMode::NextDay, CloseOfDay::Midnight),
        (CountMode::NextDay, CloseOfDay::SixInTheEvening),
    ]
    .map(|(count_mode, close_of_day)| shown(due(count_mode, close_of_day)));
    assert_eq!(
        ends,
        [
            "2026-12-02 10:00:00",
            "2026-12-03 00:00:00",
            "2026-12-02 18:00:00"
        ]
    );
    assert_eq!(start.date_naive().weekday(), Weekday::Mon);
}

/// GLPI counts a response (TTO) through every pause; so do our hours, which no suspension stops.
/// Frappe and Zammad stop for a pending ticket; our working days stop for the reasons of 决定 I-17
/// and for no other.
#[test]
fn what_stands_still_and_what_does_not() {
    let (calendar, rules) = (WorkCalendar::built_in(), RuleSet::qx_2023_66());
    let start = instant("2026-11-23 09:00");
    let response = TimeLimit::start(
        LimitKind::FirstResponse,
        Span::Hours(3),
        start,
        &calendar,
        &rules,
    );
    let paused = response.suspend(
        SuspensionReason::AwaitingDesignation,
        instant("2026-11-23 09:30"),
    );
    assert!(paused.is_err(), "hours run through every pause");

    let days = rules.handle_days(MatterKind::Complaint);
    let handle = TimeLimit::start(
        LimitKind::Handle,
        Span::WorkingDays(days),
        start,
        &calendar,
        &rules,
    );
    let suspended = handle
        .suspend(
            SuspensionReason::SendBackReview,
            instant("2026-11-24 09:00"),
        )
        .unwrap();
    assert!(suspended.is_suspended());
    let resumed = suspended
        .resume(instant("2026-11-26 09:00"), &calendar, &rules)
        .unwrap();
    assert_eq!(
        (shown(handle.due_at), shown(resumed.due_at)),
        (
            "2026-12-01 00:00:00".to_owned(),
            "2026-12-03 00:00:00".to_owned()
        ),
        "the days of a pause are given back"
    );
}
