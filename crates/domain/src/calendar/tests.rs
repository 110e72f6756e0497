use std::fmt::Write as _;

use chrono::{Datelike, NaiveDate};
use expect_test::{Expect, expect};
use proptest::prelude::*;

use super::{DayKind, WorkCalendar};
use crate::clock_face::{next_day, weekday_text};

fn date(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn check(start: &str, n: u32, expected: &Expect) {
    let mut text = String::new();
    for counted in WorkCalendar::built_in().count_working_days(date(start), n) {
        let date = counted.day.date;
        let ordinal = counted
            .ordinal
            .map_or_else(|| "—".to_owned(), |n| n.to_string());
        let reason = match counted.day.kind {
            DayKind::WorkingDay => String::new(),
            DayKind::Weekend => " 周末".to_owned(),
            DayKind::PublicHoliday(name) => format!(" {name}放假"),
            DayKind::MakeUpWorkday(name) => format!(" {name}调休上班"),
        };
        let provisional = if counted.day.is_provisional {
            " 临时日历"
        } else {
            ""
        };
        writeln!(
            text,
            "{date} {} {ordinal}{reason}{provisional}",
            weekday_text(date)
        )
        .unwrap();
    }
    expected.assert_eq(&text);
}

#[test]
fn make_up_saturday_after_the_national_day_counts() {
    check(
        "2026-09-30",
        4,
        &expect![[r"
            2026-10-01 周四 — 国庆节放假
            2026-10-02 周五 — 国庆节放假
            2026-10-03 周六 — 国庆节放假
            2026-10-04 周日 — 国庆节放假
            2026-10-05 周一 — 国庆节放假
            2026-10-06 周二 — 国庆节放假
            2026-10-07 周三 — 国庆节放假
            2026-10-08 周四 1
            2026-10-09 周五 2
            2026-10-10 周六 3 国庆节调休上班
            2026-10-11 周日 — 周末
            2026-10-12 周一 4
        "]],
    );
}

#[test]
fn make_up_sunday_at_new_year_counts() {
    check(
        "2025-12-31",
        1,
        &expect![[r"
            2026-01-01 周四 — 元旦放假
            2026-01-02 周五 — 元旦放假
            2026-01-03 周六 — 元旦放假
            2026-01-04 周日 1 元旦调休上班
        "]],
    );
}

#[test]
fn a_year_without_notice_has_weekends_only_and_says_so() {
    check(
        "2026-12-31",
        2,
        &expect![[r"
            2027-01-01 周五 1 临时日历
            2027-01-02 周六 — 周末 临时日历
            2027-01-03 周日 — 周末 临时日历
            2027-01-04 周一 2 临时日历
        "]],
    );
}

/// rules.md section 7 states how many working days each year has.
#[test]
fn working_days_of_each_announced_year() {
    let calendar = WorkCalendar::built_in();
    let count = |year| {
        let first = NaiveDate::from_ymd_opt(year, 1, 1).unwrap();
        first
            .iter_days()
            .take_while(|date| date.year() == year)
            .filter(|date| calendar.is_working_day(*date))
            .count()
    };
    assert_eq!([2023, 2024, 2025, 2026].map(count), [249, 251, 248, 248]);
}

proptest! {
    /// Counting agrees with the obvious model: walk day by day and count.
    #[test]
    fn adding_agrees_with_walking(offset in 0_u64..1800, n in 0_u32..60) {
        let calendar = WorkCalendar::built_in();
        let start = date("2023-01-01") + chrono::Days::new(offset);
        let mut walked = start;
        let mut left = n;
        while left > 0 {
            walked = next_day(walked);
            if calendar.is_working_day(walked) {
                left -= 1;
            }
        }
        prop_assert_eq!(calendar.add_working_days(start, n), walked);
    }
}
