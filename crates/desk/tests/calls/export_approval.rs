//! 导出申请: what nobody takes out of the house alone.

use std::sync::Arc;

use chrono::TimeDelta;
use domain::Role;
use serde_json::{Value, json};

use crate::center::{LocalCenter, enrolled, sign_in, until_quiet};
use crate::form::{dispatch, draft_id, intake, register};
use crate::workstation::Workstation;

/// A desk with its people and an order that a unit has: 1001 takes calls, 1002 leads the shift.
fn desk() -> (Arc<LocalCenter>, Workstation) {
    let center = LocalCenter::new();
    let workstation = enrolled(&center);
    workstation.submitted(1, &intake("路灯坏了"), &dispatch("unit-housing"));
    center.add("3001", "何监督", &[Role::Supervisor]);
    until_quiet(&workstation, &center);
    (center, workstation)
}

/// 交办单 with who calls.
fn form(with_caller: bool) -> Value {
    json!({
        "work_order_id": draft_id(1), "form": "dispatch", "assignment": null, "output": "docx",
        "with_caller": with_caller, "template_upload_id": null,
    })
}

fn wanted(kind: &str, request: &Value) -> Value {
    json!({ "type": kind, "request": request })
}

fn asked(workstation: &Workstation) -> Vec<(String, String)> {
    let requests = workstation.call("export_requests", Value::Null);
    let requests = requests.as_array().unwrap().iter();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    requests
        .map(|it| (text(&it["id"]), text(&it["text"])))
        .collect()
}

fn decide(id: &str, is_granted: bool) -> Value {
    json!({ "request_id": id, "is_granted": is_granted })
}

const NEEDS: &str =
    "写明诉求人姓名和号码的单据须另一人批准。请申请批准，再请值班长或督办员在本机登录处理。";

#[test]
fn who_calls_goes_out_on_paper_once_when_another_person_has_granted_it() {
    let (_center, workstation) = desk();
    // What says it in part needs nobody.
    workstation.call("print_order_form", form(false));
    let refused = workstation.error("print_order_form", form(true));
    assert_eq!(refused, format!("needs_approval: {NEEDS}"));
    workstation.call("ask_to_export", wanted("order_form", &form(true)));
    assert_eq!(
        workstation.error("ask_to_export", wanted("order_form", &form(true))),
        "invalid: 已经申请过，请等另一人批准。"
    );
    assert_eq!(
        workstation.error("print_order_form", form(true)),
        "invalid: 已申请批准，请等值班长或督办员在本机登录处理。"
    );

    sign_in(&workstation, "1002");
    let notices = workstation.host().take_notices();
    let told: Vec<_> = notices
        .iter()
        .filter(|it| it.title == "有人申请导出")
        .collect();
    assert_eq!(told.len(), 1, "{notices:?}");
    assert_eq!(told[0].target, Some(desk::NoticeTarget::ExportRequests));
    let open = asked(&workstation);
    let [(id, text)] = open.as_slice() else {
        panic!("{open:?}");
    };
    assert!(
        text.starts_with("陈晓梅 1001")
            && text.ends_with("申请导出交办单 20261123-W01-0001，写明诉求人，用于办理工单"),
        "{text}"
    );
    workstation.call("decide_export", decide(id, true));
    assert_eq!(
        workstation.error("decide_export", decide(id, false)),
        "invalid: 这项导出申请已经有人处理。"
    );
    assert_eq!(asked(&workstation), []);
    // Who grants it does not get it by that.
    assert_eq!(
        workstation.error("print_order_form", form(true)),
        format!("needs_approval: {NEEDS}")
    );

    sign_in(&workstation, "1001");
    // Granted was this and nothing else.
    let mut other = form(true);
    other["output"] = json!("pdf");
    assert_eq!(
        workstation.error("print_order_form", other),
        format!("needs_approval: {NEEDS}")
    );
    let made = workstation.call("print_order_form", form(true));
    assert!(made["serial"].as_str().unwrap().starts_with('W'), "{made}");
    assert_eq!(
        workstation.error("print_order_form", form(true)),
        format!("needs_approval: {NEEDS}")
    );
}

#[test]
fn nobody_grants_his_own_and_what_was_denied_or_came_too_late_does_not_go_out() {
    let (_center, workstation) = desk();
    sign_in(&workstation, "1002");
    let ask = || workstation.call("ask_to_export", wanted("order_form", &form(true)));
    ask();
    assert_eq!(asked(&workstation), []);
    sign_in(&workstation, "3001");
    let id = asked(&workstation)[0].0.clone();
    sign_in(&workstation, "1002");
    assert_eq!(
        workstation.error("decide_export", decide(&id, true)),
        "invalid: 不能批准自己的导出申请，须由另一人批准。"
    );
    // A look at who called is decided elsewhere.
    let look = json!({ "work_order_id": draft_id(1), "request_id": id, "is_granted": true });
    sign_in(&workstation, "3001");
    assert_eq!(
        workstation.error("decide_reveal", look),
        "invalid: 没有这项查看申请。"
    );
    workstation.call("decide_export", decide(&id, false));
    sign_in(&workstation, "1002");
    assert_eq!(
        workstation.error("print_order_form", form(true)),
        format!("needs_approval: 何监督 3001 没有同意上次申请。{NEEDS}")
    );
    ask();
    sign_in(&workstation, "3001");
    let id = asked(&workstation)[0].0.clone();
    workstation.call("decide_export", decide(&id, true));
    workstation.move_clock(TimeDelta::minutes(30));
    sign_in(&workstation, "1002");
    assert_eq!(
        workstation.error("print_order_form", form(true)),
        format!("needs_approval: 上次的批准已经过期。{NEEDS}")
    );
    ask();
    workstation.move_clock(TimeDelta::hours(12));
    sign_in(&workstation, "3001");
    assert_eq!(asked(&workstation), []);
    assert_eq!(
        workstation.error("decide_export", decide("none", true)),
        "invalid: 没有这项导出申请。"
    );
}

#[test]
fn more_than_five_hundred_rows_take_a_second_person() {
    let (center, workstation) = desk();
    center.add("2001", "吴编", &[Role::KbEditor]);
    until_quiet(&workstation, &center);
    sign_in(&workstation, "2001");
    workstation.call("load_samples", Value::Null);
    let knowledge = |with_internal: bool| json!({ "form": "table", "list": null, "with_internal": with_internal });
    // What is for everybody goes out as it always did.
    workstation.call("kb_export", knowledge(false));
    assert_eq!(
        workstation.error("kb_export", knowledge(true)),
        "needs_approval: 超过 500 行的导出须另一人批准。请申请批准，再请值班长或督办员在本机登录处理。"
    );
    workstation.call("ask_to_export", wanted("knowledge", &knowledge(true)));
    // A ledger of what there is, is short; so is nobody asked.
    sign_in(&workstation, "1001");
    let ledger = json!({ "queue": "all", "search": "", "output": "xlsx", "purpose": "核对" });
    assert_eq!(
        workstation.error("ask_to_export", wanted("ledger", &ledger)),
        "invalid: 这项导出不须批准，请直接导出。"
    );
    workstation.call("export_ledger", ledger);
    sign_in(&workstation, "3001");
    let open = asked(&workstation);
    assert!(open[0].1.contains("申请导出知识“全部”"), "{open:?}");
    workstation.call("decide_export", decide(&open[0].0, true));
    sign_in(&workstation, "2001");
    workstation.call("kb_export", knowledge(true));
    workstation.fail("kb_export", knowledge(true));
}

/// 第十五条: so do the orders behind a number, by whatever they were narrowed.
#[test]
fn the_orders_behind_a_number_take_a_second_person_too() {
    let (center, workstation) = desk();
    center.add("2001", "罗兰", &[Role::Analyst]);
    for n in 2..=501 {
        workstation.submitted(n, &intake("路灯坏了"), &register());
    }
    until_quiet(&workstation, &center);
    sign_in(&workstation, "2001");
    let days = json!({ "type": "days", "first": "2026-11-23", "last": "2026-11-23" });
    let figure = |filters: Value| {
        json!({
            "ask": { "days": days, "filters": filters }, "figure": "orders", "output": "xlsx",
            "purpose": "行业主管核对",
        })
    };
    let all = figure(json!([]));
    assert_eq!(
        workstation.error("export_figure", all.clone()),
        "needs_approval: 超过 500 行的导出须另一人批准。请申请批准，再请值班长或督办员在本机登录处理。"
    );
    // Those of one unit are few.
    let of_unit = json!([{ "dimension": "unit", "value": "unit-housing" }]);
    let made = workstation.call("export_figure", figure(of_unit));
    assert_eq!(made["message"], "已导出 1 件。");
    workstation.call("ask_to_export", wanted("figure", &all));
    sign_in(&workstation, "3001");
    let open = asked(&workstation);
    expect_test::expect![
        "罗兰 2001 11月23日（周一）09:15申请导出台账“2026年11月23日，受理”501 件，用于行业主管核对"
    ]
    .assert_eq(&open[0].1);
    workstation.call("decide_export", decide(&open[0].0, true));
    sign_in(&workstation, "2001");
    let made = workstation.call("export_figure", all.clone());
    assert_eq!(made["message"], "已导出 501 件。");
    assert!(made["serial"].as_str().unwrap().starts_with('W'), "{made}");
    workstation.fail("export_figure", all);
}

#[test]
fn nobody_asks_for_what_he_may_not_export() {
    let (center, workstation) = desk();
    center.add("2001", "吴编", &[Role::KbEditor]);
    until_quiet(&workstation, &center);
    sign_in(&workstation, "2001");
    let refused = workstation.error("ask_to_export", wanted("order_form", &form(true)));
    assert!(refused.starts_with("refused: "), "{refused}");
    workstation.fail("export_requests", Value::Null);
}

/// Nobody signs in there, so nobody could be another person: the number and the entry are what there is.
#[test]
fn at_a_desk_that_stands_alone_nobody_is_asked() {
    let workstation = Workstation::ready();
    workstation.submitted(1, &intake("路灯坏了"), &dispatch("unit-housing"));
    let made = workstation.call("print_order_form", form(true));
    assert_ne!(made["serial"], "");
    assert_eq!(
        workstation.error("ask_to_export", wanted("order_form", &form(true))),
        "invalid: 这项导出不须批准，请直接导出。"
    );
}
