//! A full disk: told beside the button, nothing lost, and the same form goes through once there is
//! space.

use std::sync::Arc;

use desk_store::NoKeyring;
use expect_test::expect;
use serde_json::{Value, json};

use crate::{DeskHost, ErrorCode, SystemClock};

fn submit(draft: u32, text: &str) -> Value {
    json!({
        "draft_id": format!("00000000-0000-7000-8000-{draft:012}"),
        "intake": {
            "caller": { "phone": "13800001234", "contact_phone": "", "name": "", "address": "" },
            "channel": "phone",
            "kind": "help",
            "class": "ordinary",
            "category_id": "",
            "title": "",
            "text": text,
            "place": { "township_code": "", "village_code": "", "detail": "" },
            "wants": "",
            "is_confidential": false,
            "wants_call_back": false,
        },
        "outcome": { "type": "register" },
    })
}

#[test]
fn a_full_disk_is_told_and_loses_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let host = DeskHost::start(folder.path(), Arc::new(SystemClock), Arc::new(NoKeyring));
    let person = json!({
        "passphrase": "濛濛细雨，巴山夜里 2026",
        "operator_name": "王敏",
        "operator_number": "1001",
        "with_samples": false,
    });
    host.call("set_up", person).unwrap();
    host.call("submit", submit(1, "路灯坏了")).unwrap();

    let store = Arc::clone(&host.desk().unwrap().store);
    let usual_pages = store.limit_pages(0);
    store.limit_pages(1); // What is there stays: from now on the file does not grow.
    let form = submit(2, &"水".repeat(9_000));
    let error = host.call("submit", form.clone()).unwrap_err();
    assert_eq!(error.code, ErrorCode::StorageFull);
    expect!["磁盘已满，没有保存。内容仍在窗口中，请清理磁盘后再试，已保存的工单不受影响。"]
        .assert_eq(&error.message);
    store.check().unwrap();

    store.limit_pages(usual_pages);
    host.call("submit", form.clone()).unwrap();
    let order = host
        .call("work_order", json!({ "id": form["draft_id"] }))
        .unwrap();
    assert_eq!(order.value["row"]["stage"], "registered");
}
