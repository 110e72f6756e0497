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
    expect![[r#"
        20261123-W01-0001 | 当场答复 | 已当场答复办结，已保存在本机。
        20261123-W01-0001 | 已派待送达 | 已保存在本机，未送达；联网后由中心送达承办单位。
        20261123-W01-0001 | 不予受理 | 已登记不予受理告知，已保存在本机。
        20261123-W01-0001 | 已转紧急热线 | 已记录转接紧急热线，已保存在本机。
    "#]]
    .assert_eq(&shown);
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
    expect![[r#"
        refused: 这件诉求已经登记过了。
        refused: 工单现在是“已派待送达”，不能进行“当场答复”。
        refused: 工单现在是“已派待送达”，不能进行“派单”。
        refused: 工单现在是“已派待送达”，不能进行“不予受理”。
        refused: 工单现在是“已派待送达”，不能进行“转紧急”。
    "#]]
    .assert_eq(&shown);
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
    expect![[r#"
        answer_on_the_spot | 当场答复 | null
        refuse_out_of_scope | 不予受理 | null
        transfer_to_emergency | 转紧急 | null
        dispatch | 派单 | null
        record_delivery | 记录电话送达 | 工单现在是“待派”，不能进行“记录电话送达”。

        answer_on_the_spot | 当场答复 | 工单现在是“已派待送达”，不能进行“当场答复”。
        refuse_out_of_scope | 不予受理 | 工单现在是“已派待送达”，不能进行“不予受理”。
        transfer_to_emergency | 转紧急 | 工单现在是“已派待送达”，不能进行“转紧急”。
        dispatch | 派单 | 工单现在是“已派待送达”，不能进行“派单”。
        record_delivery | 记录电话送达 | 一般事项由中心服务器送达承办单位后才算送达；只有特殊、特殊紧急事项可以电话送达。
    "#]].assert_eq(&shown);
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
