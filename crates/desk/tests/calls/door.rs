//! The one door: names, shapes, and a desk that is not open.

use serde_json::{Value, json};

use crate::form::{draft_id, intake, register, submit};
use crate::shown::is_chinese_sentence;
use crate::workstation::Workstation;

#[test]
fn a_call_that_does_not_exist() {
    for workstation in [Workstation::new(), Workstation::ready()] {
        for name in ["", "delete_everything", "Submit", "submit "] {
            let error = workstation.error(name, Value::Null);
            assert_eq!(error, format!("invalid: 没有名为“{name}”的调用。"));
        }
    }
}

#[test]
fn a_request_of_the_wrong_shape() {
    let workstation = Workstation::ready();
    let mut outcome_unknown = submit(1, &intake("路灯坏了"), &register());
    outcome_unknown["outcome"] = json!({ "type": "forget" });
    let mut class_unknown = submit(1, &intake("路灯坏了"), &register());
    class_unknown["intake"]["class"] = json!("urgent");
    for (name, request) in [
        ("submit", Value::Null),
        ("submit", json!([])),
        ("submit", outcome_unknown),
        ("submit", class_unknown),
        ("work_order", json!({ "id": 7 })),
        (
            "work_orders",
            json!({ "queue": "mine", "search": "", "after": null, "limit": 1 }),
        ),
        (
            "work_orders",
            json!({ "queue": "all", "search": "", "after": null, "limit": -1 }),
        ),
        ("save_draft", json!({ "id": draft_id(1), "body": {} })),
        ("status", json!("status")),
        ("preview_limits", json!({ "kind": "help" })),
        ("set_up", json!({})),
        ("unlock", json!(1)),
    ] {
        let error = workstation.error(name, request);
        assert!(
            error.starts_with("invalid: 请求的内容不符合格式："),
            "{name}: {error}"
        );
        assert!(is_chinese_sentence(&error), "{name}: {error}");
    }
    assert_eq!(workstation.n_orders(), 0);
    assert!(workstation.draft_ids().is_empty());
}

#[test]
fn a_desk_that_is_not_open_does_nothing() {
    let never_set_up = Workstation::new();
    let mut locked = Workstation::ready();
    locked.close();
    locked.start();
    for workstation in [&never_set_up, &locked] {
        for (name, request) in [
            ("status", Value::Null),
            ("reference", Value::Null),
            ("drafts", Value::Null),
            ("queues", Value::Null),
            ("load_samples", Value::Null),
            ("remove_samples", Value::Null),
            ("search_knowledge", json!({ "text": "停水", "limit": 1 })),
            ("work_order", json!({ "id": draft_id(1) })),
            ("reveal_phone", json!({ "id": draft_id(1) })),
            (
                "save_draft",
                json!({ "id": draft_id(1), "body": intake("路灯坏了") }),
            ),
            ("submit", submit(1, &intake("路灯坏了"), &register())),
        ] {
            let error = workstation.error(name, request);
            assert_eq!(error, "locked: 工作站尚未解锁。", "{name}");
        }
        assert!(workstation.host().take_notices().is_empty());
    }
}

#[test]
fn a_number_to_report_is_short_and_new_each_time() {
    let workstation = Workstation::new();
    let id = || workstation.fail("status", Value::Null).request_id;
    let (first, second) = (id(), id());
    assert_eq!(first.len(), 8);
    assert_ne!(first, second);
}

/// Each change names the queries that must be asked again, and tells every other window.
#[test]
fn a_change_is_told_and_a_refusal_is_not() {
    let workstation = Workstation::ready();
    workstation.wait_for_index();
    let mut changes = workstation.host().changes();
    let request = submit(1, &intake("路灯坏了"), &register());
    let reply = workstation.host().call("submit", request).unwrap();
    assert_eq!(
        reply.changed,
        ["work_orders", "drafts", "status", "kb_care"]
    );
    assert_eq!(changes.try_recv().unwrap(), reply.changed);
    workstation.fail("submit", submit(2, &intake(""), &register()));
    workstation.call("status", Value::Null);
    workstation.save_draft(3, &intake("路"));
    assert!(changes.try_recv().is_err(), "nothing to tell");
}
