//! 时限 as the window shows them: the due time and the count behind it.

use expect_test::{Expect, expect};
use serde_json::{Value, json};

use crate::form::{intake, register};
use crate::shown::{line, lines};
use crate::workstation::Workstation;

/// Registers a matter at that time and shows how its limit for dispatch is counted.
fn check(registered: &str, expected: &Expect) {
    let workstation = Workstation::ready();
    workstation.set_clock(registered);
    workstation.submitted(1, &intake("路灯坏了"), &register());
    let order = workstation.order(1);
    let mut shown = String::new();
    for limit in order["limits"].as_array().unwrap() {
        shown.push_str(&(line(limit, &["sum"]) + "\n"));
        shown.push_str(&(line(limit, &["urgency", "target_text", "left_text"]) + "\n"));
        let fields = ["date_text", "weekday_text", "ordinal", "reason"];
        shown.push_str(&lines(&limit["days"], &fields));
    }
    expected.assert_eq(&shown);
}

#[test]
fn on_a_monday() {
    check("2026-11-23 09:15", &expect![[""]]);
}

#[test]
fn friday_goes_over_the_weekend() {
    check("2026-11-27 17:30", &expect![[""]]);
}

#[test]
fn before_the_national_holiday() {
    check("2026-09-30 16:40", &expect![[""]]);
}

/// The notice for 2027 is not out yet.
#[test]
fn a_day_beyond_the_known_calendar_is_provisional() {
    check("2026-12-31 23:59", &expect![[""]]);
}

fn preview(kind: &str, class: &str) -> String {
    let workstation = Workstation::ready();
    let limits = workstation.call("preview_limits", json!({ "kind": kind, "class": class }));
    let fields = ["name", "urgency", "due_text", "target_text", "left_text"];
    lines(&limits, &fields)
}

#[test]
fn a_preview_for_each_kind() {
    let workstation = Workstation::ready();
    let reference = workstation.call("reference", Value::Null);
    let mut shown = String::new();
    for kind in reference["kinds"].as_array().unwrap() {
        let request = json!({ "kind": kind["id"], "class": "ordinary" });
        let limits = workstation.call("preview_limits", request);
        shown.push_str(&(line(kind, &["id", "text"]) + "\n"));
        shown.push_str(&lines(&limits, &["name", "due_text"]));
    }
    expect![[""]].assert_eq(&shown);
}

#[test]
fn a_preview_of_a_special_matter() {
    expect![[""]].assert_eq(&preview("help", "special"));
}

#[test]
fn a_preview_of_a_special_emergency() {
    expect![[""]].assert_eq(&preview("complaint", "special_emergency"));
}
