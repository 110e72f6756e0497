//! 查看申请: nobody learns alone who brought a report or a confidential matter.

use chrono::TimeDelta;
use serde_json::{Value, json};

use crate::center::{LocalCenter, enrolled, sign_in, until_quiet};
use crate::form::{dispatch, draft_id, intake, with};
use crate::workstation::Workstation;

const NAME: &str = "欧阳金雀";
const PHONE: &str = "13987650001";

/// A report and a confidential matter at a desk with its people: 1001 takes calls, 1002 leads the shift.
fn with_reports() -> (std::sync::Arc<LocalCenter>, Workstation) {
    let center = LocalCenter::new();
    let workstation = enrolled(&center);
    let form = with(intake("砂场夜里偷采。"), "/caller/name", NAME);
    let form = with(form, "/caller/phone", PHONE);
    let report = with(form.clone(), "/kind", "report");
    workstation.submitted(1, &report, &dispatch("unit-housing"));
    let secret = with(form, "/is_confidential", true);
    workstation.submitted(2, &secret, &dispatch("unit-housing"));
    center.add("3001", "何监督", &[domain::Role::Supervisor]);
    until_quiet(&workstation, &center);
    (center, workstation)
}

fn reveal(n: u32) -> Value {
    json!({ "id": draft_id(n), "purpose": "call_back" })
}

fn state(workstation: &Workstation, n: u32) -> Value {
    workstation.order(n)["reveal"].clone()
}

/// What the person who sits there says to the one request that there is.
fn decide(n: u32, state: &Value, is_granted: bool) -> Value {
    json!({
        "work_order_id": draft_id(n), "request_id": state["asked"][0]["id"], "is_granted": is_granted,
    })
}

#[test]
fn nobody_learns_alone_who_reported() {
    let (_center, workstation) = with_reports();
    let told = "invalid: 举报件、保密件的诉求人须另一人批准才能查看：请先选用途申请，再请值班长或督办员在本机登录批准。";
    for n in [1, 2] {
        sign_in(&workstation, "1001");
        assert_eq!(workstation.error("reveal_phone", reveal(n)), told);
        assert_eq!(state(&workstation, n)["needs_second"], true);
        let without_end = json!({ "id": draft_id(n), "purpose": null });
        assert_eq!(
            workstation.error("ask_to_reveal", without_end),
            "invalid: 请选择查看用途。"
        );
        workstation.call("ask_to_reveal", reveal(n));
        assert_eq!(
            workstation.error("ask_to_reveal", reveal(n)),
            "invalid: 已经申请过，请等另一人批准。"
        );
        // To have asked is not to be answered.
        assert_eq!(workstation.error("reveal_phone", reveal(n)), told);
        assert_eq!(state(&workstation, n)["text"], "已申请查看，等另一人批准。");

        sign_in(&workstation, "1002");
        let notices = workstation.host().take_notices();
        let told_of: Vec<_> = notices
            .iter()
            .filter(|it| it.title == "有人申请查看诉求人")
            .collect();
        assert_eq!(told_of.len(), 1, "{notices:?}");
        let order = desk::NoticeTarget::WorkOrder { id: draft_id(n) };
        assert_eq!(told_of[0].target, Some(order));
        let asked = state(&workstation, n);
        let text = asked["asked"][0]["text"].as_str().unwrap();
        assert!(
            text.starts_with("陈晓梅 1001") && text.ends_with("用于回电核实"),
            "{text}"
        );
        assert!(!text.contains(NAME) && !text.contains(PHONE));
        workstation.call("decide_reveal", decide(n, &asked, true));
        assert_eq!(
            workstation.error("decide_reveal", decide(n, &asked, false)),
            "invalid: 这项查看申请已经有人处理。"
        );
        // Who grants is not shown it by that.
        assert_eq!(workstation.error("reveal_phone", reveal(n)), told);

        sign_in(&workstation, "1001");
        let shown = workstation.call("reveal_phone", reveal(n));
        assert_eq!(
            (&shown["name"], &shown["phone"]),
            (&json!(NAME), &json!(PHONE))
        );
        assert_eq!(shown["seconds"], 15 * 60);
        assert_eq!(state(&workstation, n)["is_granted"], true);
        workstation.move_clock(TimeDelta::minutes(15));
        sign_in(&workstation, "1001");
        assert_eq!(workstation.error("reveal_phone", reveal(n)), told);
        assert_eq!(state(&workstation, n)["is_granted"], false);
    }
}

#[test]
fn nobody_grants_what_he_asked_himself_and_what_was_denied_is_not_shown() {
    let (_center, workstation) = with_reports();
    sign_in(&workstation, "1002");
    workstation.call("ask_to_reveal", reveal(1));
    let own = state(&workstation, 1);
    assert_eq!(own["asked"], json!([]));
    sign_in(&workstation, "3001");
    let asked = state(&workstation, 1);
    sign_in(&workstation, "1002");
    assert_eq!(
        workstation.error("decide_reveal", decide(1, &asked, true)),
        "invalid: 不能批准自己的查看申请，须由另一人批准。"
    );
    // Another order's request is none of this one's.
    sign_in(&workstation, "3001");
    assert_eq!(
        workstation.error("decide_reveal", decide(2, &asked, true)),
        "invalid: 没有这项查看申请。"
    );
    workstation.call("decide_reveal", decide(1, &asked, false));
    sign_in(&workstation, "1002");
    assert_eq!(state(&workstation, 1)["text"], "何监督 3001 没有同意查看。");
    workstation.fail("reveal_phone", reveal(1));
    // Asked again, and nobody came to it in time.
    workstation.call("ask_to_reveal", reveal(1));
    workstation.move_clock(TimeDelta::hours(12));
    sign_in(&workstation, "3001");
    assert_eq!(state(&workstation, 1)["asked"], json!([]));
    // Of whom it may be known, one is enough.
    let help = intake("路灯坏了");
    sign_in(&workstation, "1001");
    workstation.submitted(3, &help, &dispatch("unit-housing"));
    assert_eq!(
        workstation.error("ask_to_reveal", reveal(3)),
        "invalid: 这件工单不须另一人批准，请直接显示号码。"
    );
    let shown = workstation.call("reveal_phone", reveal(3));
    assert_eq!(shown["seconds"], Value::Null);
}
