//! What is done with an order that was registered before.

use expect_test::expect;
use serde_json::json;

use crate::form::{answer, dispatch, draft_id, intake, refuse, register, transfer, with};
use crate::shown::{is_chinese_sentence, line, lines};
use crate::workstation::Workstation;

fn registered() -> Workstation {
    let workstation = Workstation::ready();
    workstation.submitted(1, &intake("路灯坏了"), &register());
    workstation
}

#[test]
fn each_outcome_after_registering() {
    let mut shown = String::new();
    for outcome in [
        answer("已联系路灯所。"),
        dispatch("unit-housing"),
        refuse("military", ""),
        transfer("122"),
    ] {
        let workstation = registered();
        let before = workstation.order(1)["version"].as_u64();
        let done = workstation.call("act_on_order", workstation.act(1, &outcome));
        shown.push_str(&(line(&done, &["number", "stage_text", "message"]) + "\n"));
        assert!(workstation.order(1)["version"].as_u64() > before);
        assert_eq!(workstation.n_orders(), 1);
    }
    expect![[""]].assert_eq(&shown);
}

#[test]
fn a_window_that_shows_an_older_order_is_told_so() {
    let workstation = registered();
    let as_shown = workstation.act(1, &dispatch("unit-housing"));
    workstation.call("act_on_order", as_shown.clone());
    let told = "stale: 工单刚刚有变化，已重新显示，请核对后再操作。";
    assert_eq!(workstation.error("act_on_order", as_shown.clone()), told);
    let ahead = with(as_shown, "/version", 99);
    assert_eq!(workstation.error("act_on_order", ahead), told);
    let delivery = with(workstation.delivery(1), "/version", 0);
    assert_eq!(workstation.error("record_delivery", delivery), told);
}

#[test]
fn an_order_is_concluded_once() {
    let workstation = registered();
    workstation.call(
        "act_on_order",
        workstation.act(1, &dispatch("unit-housing")),
    );
    let before = workstation.order(1);
    let mut shown = String::new();
    for outcome in [
        register(),
        answer("好"),
        dispatch("unit-police"),
        refuse("military", ""),
        transfer("110"),
    ] {
        let error = workstation.error("act_on_order", workstation.act(1, &outcome));
        assert!(is_chinese_sentence(&error), "{error}");
        shown.push_str(&(error + "\n"));
    }
    expect![[""]].assert_eq(&shown);
    assert_eq!(workstation.order(1), before);
}

/// What the window offers is what a call will allow.
#[test]
fn commands_come_with_the_reason_why_not() {
    let workstation = registered();
    let fields = ["command", "text", "refusal"];
    let mut shown = lines(&workstation.order(1)["commands"], &fields);
    workstation.call(
        "act_on_order",
        workstation.act(1, &dispatch("unit-housing")),
    );
    shown.push('\n');
    shown.push_str(&lines(&workstation.order(1)["commands"], &fields));
    expect![[""]].assert_eq(&shown);
}

#[test]
fn an_order_that_is_not_there() {
    let workstation = Workstation::ready();
    let id = draft_id(7);
    let told = "refused: 没有找到这件工单。";
    let outcome = answer("好");
    let act = json!({ "work_order_id": id, "version": 0, "outcome": outcome });
    assert_eq!(workstation.error("act_on_order", act), told);
    for name in ["work_order", "reveal_phone"] {
        assert_eq!(workstation.error(name, json!({ "id": id })), told);
    }
    assert_eq!(workstation.n_orders(), 0);
}
