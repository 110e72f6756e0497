//! 电话送达 of special matters, and the limits that it starts.

use expect_test::{Expect, expect};
use serde_json::Value;

use crate::form::{dispatch, intake, register, special, with};
use crate::shown::{is_chinese_sentence, lines};
use crate::workstation::Workstation;

fn limits(workstation: &Workstation) -> String {
    let fields = ["name", "urgency", "due_text", "target_text", "left_text"];
    lines(&workstation.order(1)["limits"], &fields)
}

/// Dispatches the matter, delivers it twenty minutes later, and shows its limits.
fn check(matter: &Value, expected: &Expect) {
    let workstation = Workstation::ready();
    workstation.submitted(1, matter, &dispatch("unit-water-affairs"));
    let mut shown = limits(&workstation);
    workstation.move_clock(chrono::TimeDelta::minutes(20));
    let done = workstation.call("record_delivery", workstation.delivery(1));
    shown.push_str(&format!("{}\n", done["message"]));
    shown.push_str(&limits(&workstation));
    let story = workstation.order(1)["story"].clone();
    shown.push_str(&lines(&story, &["at_text", "title", "detail"]));
    expected.assert_eq(&shown);
}

#[test]
fn a_special_matter() {
    check(&special("渠江街道大面积停水"), &expect![[""]]);
}

#[test]
fn a_special_emergency() {
    let matter = with(special("屋后山体滑坡"), "/class", "special_emergency");
    check(&matter, &expect![[""]]);
}

#[test]
fn an_ordinary_matter_is_delivered_by_the_center() {
    let workstation = Workstation::ready();
    workstation.submitted(1, &intake("路灯坏了"), &dispatch("unit-housing"));
    let before = workstation.order(1);
    let error = workstation.error("record_delivery", workstation.delivery(1));
    expect![[""]].assert_eq(&error);
    assert_eq!(workstation.order(1), before);
}

#[test]
fn what_a_delivery_needs() {
    let workstation = Workstation::ready();
    workstation.submitted(1, &special("停水"), &register());
    let mut shown = workstation.error("record_delivery", workstation.delivery(1)) + "\n";
    let dispatched = workstation.act(1, &dispatch("unit-water-affairs"));
    workstation.call("act_on_order", dispatched);
    for (field, value) in [
        ("/answered_by", " ".to_owned()),
        ("/phone", String::new()),
        ("/answered_by", "长".repeat(501)),
    ] {
        let request = with(workstation.delivery(1), field, value);
        shown.push_str(&(workstation.error("record_delivery", request) + "\n"));
    }
    workstation.call("record_delivery", workstation.delivery(1));
    let twice = workstation.error("record_delivery", workstation.delivery(1));
    shown.push_str(&(twice + "\n"));
    for line in shown.lines() {
        assert!(is_chinese_sentence(line), "{line}");
    }
    expect![[""]].assert_eq(&shown);
}

/// 第十一条(一): sent on the day after it was due.
#[test]
fn a_late_delivery_is_shown_as_late() {
    let workstation = Workstation::ready();
    workstation.submitted(1, &special("停水"), &dispatch("unit-water-affairs"));
    workstation.set_clock("2026-11-25 00:00");
    assert!(limits(&workstation).contains("soon"), "24:00 is in time");
    workstation.set_clock("2026-11-25 08:00");
    workstation.call("record_delivery", workstation.delivery(1));
    expect![[""]].assert_eq(&limits(&workstation));
}
