//! 号码: masked in every list, shown on request, and the request is recorded.

use desk_store::{KeySlots, Store};
use serde_json::{Value, json};

use crate::form::{draft_id, intake, register, with};
use crate::workstation::{PASSPHRASE, Workstation, beijing};

const PHONE: &str = "13800001234";

fn reveal(id: &str) -> Value {
    json!({ "id": id, "purpose": "call_back" })
}

fn history(phone: &str) -> Value {
    json!({ "phone": phone })
}

#[test]
fn a_number_is_shown_only_on_request_and_that_is_recorded() {
    let mut workstation = Workstation::ready();
    workstation.submitted(1, &intake("路灯坏了"), &register());
    let id = draft_id(1);
    let list = json!({ "queue": "all", "search": "1234", "after": null, "limit": 10 });
    for (name, request) in [
        ("work_orders", list),
        ("work_order", json!({ "id": id })),
        ("caller_history", history(PHONE)),
    ] {
        let answer = workstation.call(name, request).to_string();
        assert!(!answer.contains(PHONE), "{name}: {answer}");
        assert!(answer.contains("138****1234"), "{name}: {answer}");
    }
    workstation.move_clock(chrono::TimeDelta::minutes(5));
    let without_end = workstation.error("reveal_phone", json!({ "id": id, "purpose": null }));
    assert_eq!(without_end, "invalid: 请选择查看用途。");
    let revealed = workstation.call("reveal_phone", reveal(&id));
    let shown = json!({
        "name": "王建国", "phone": PHONE, "contact_phone": "", "seconds": null,
    });
    assert_eq!(revealed, shown);
    workstation.fail("reveal_phone", reveal(&draft_id(2)));

    workstation.close();
    let key = KeySlots::load(workstation.folder())
        .and_then(|slots| slots.unlock_with_passphrase(PASSPHRASE))
        .unwrap();
    let store = Store::open(workstation.folder(), &key).unwrap();
    let reveals = store.read(|reader| Ok(reader.reveals_of(&id)?)).unwrap();
    assert_eq!(reveals.len(), 1);
    assert_eq!(reveals[0].actor_id.0, "1001");
    assert_eq!(reveals[0].field, "phone");
    assert_eq!(reveals[0].purpose, "call_back");
    assert_eq!(reveals[0].revealed_at, beijing("2026-11-23 09:20"));
    let nothing = store.read(|reader| Ok(reader.reveals_of(&draft_id(2))?));
    assert!(nothing.unwrap().is_empty());
}

#[test]
fn the_history_of_a_caller_goes_by_either_number_however_it_is_written() {
    let workstation = Workstation::ready();
    workstation.submitted(1, &intake("路灯坏了"), &register());
    let left = with(intake("井盖没了"), "/caller/phone", "0818-7212345");
    let left = with(left, "/caller/contact_phone", PHONE);
    workstation.submitted(2, &left, &crate::form::answer("已处理。"));
    for phone in [PHONE, "+86 138-0000-1234"] {
        let answer = workstation.call("caller_history", history(phone));
        assert_eq!(answer["rows"].as_array().unwrap().len(), 2, "{phone}");
        assert_eq!(answer["n_open"], 1);
    }
    for nobody in ["", "13800009999", "1234"] {
        let answer = workstation.call("caller_history", history(nobody));
        assert_eq!(answer, json!({ "n_open": 0, "rows": [] }), "{nobody}");
    }
}
