//! The status line tells the truth after each change.

use expect_test::expect;
use serde_json::Value;

use crate::form::{dispatch, intake, register};
use crate::shown::{check_json, line};
use crate::workstation::Workstation;

#[test]
fn a_fresh_desk() {
    let workstation = Workstation::ready();
    workstation.wait_for_index();
    check_json(&workstation.call("status", Value::Null), &expect![[""]]);
}

#[test]
fn the_days_of_the_calendar_and_the_counts() {
    let workstation = Workstation::ready();
    workstation.submitted(1, &intake("路灯坏了"), &register());
    workstation.submitted(2, &intake("井盖没了"), &dispatch("unit-housing"));
    let mut shown = String::new();
    for moment in [
        "2026-11-23 09:15",
        "2026-11-24 14:00",
        "2026-11-28 00:00",
        "2026-10-01 12:00",
        "2026-10-10 12:00",
        "2027-01-04 09:00",
    ] {
        workstation.set_clock(moment);
        let fields = [
            "date_text",
            "day_kind",
            "day_text",
            "calendar_is_provisional",
            "n_waiting",
            "n_to_dispatch",
            "n_due_soon",
            "n_overdue",
        ];
        let status = workstation.call("status", Value::Null);
        shown.push_str(&(line(&status, &fields) + "\n"));
    }
    expect![[""]].assert_eq(&shown);
}
