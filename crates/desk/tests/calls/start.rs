//! First start, passphrase, key ring.

use std::sync::Arc;

use desk_store::MemoryKeyring;
use expect_test::expect;
use serde_json::{Value, json};

use crate::form::with;
use crate::shown::{check_json, is_chinese_sentence};
use crate::workstation::{PASSPHRASE, Workstation, set_up};

fn phase(workstation: &Workstation) -> String {
    let state = workstation.call("app_state", Value::Null);
    format!("{} {}", state["phase"], state["key_holder"])
}

#[test]
fn a_first_start_makes_a_desk_that_is_ready() {
    let workstation = Workstation::new();
    assert_eq!(phase(&workstation), r#""first_start" "passphrase""#);
    let mut state = workstation.call("set_up", set_up(false));
    assert_eq!(
        state["data_folder"],
        workstation.folder().display().to_string()
    );
    state["data_folder"] = "…".into();
    state["version"] = "…".into();
    state["may"] = "…".into();
    state["gives"] = "…".into();
    check_json(
        &state,
        &expect![[r#"
            {
              "attempt": "none",
              "attempt_message": null,
              "data_folder": "…",
              "gives": "…",
              "hand_over_from": null,
              "idle_lock_at": null,
              "idle_warn_at": null,
              "is_offline_sign_in": false,
              "is_session_ending": false,
              "key_holder": "passphrase",
              "may": "…",
              "message": null,
              "operator": {
                "name": "陈晓梅",
                "number": "1001",
                "roles": [
                  "受理员",
                  "调度员"
                ]
              },
              "phase": "ready",
              "signs_in": false,
              "struck_off": null,
              "version": "…"
            }
        "#]],
    );
}

#[test]
fn a_desk_is_set_up_once() {
    let mut workstation = Workstation::ready();
    let again = || set_up(false);
    let refused = "invalid: 本机已经设置过了。";
    assert_eq!(workstation.error("set_up", again()), refused);
    workstation.close();
    workstation.start();
    assert_eq!(workstation.error("set_up", again()), refused, "locked");
    assert_eq!(phase(&workstation), r#""locked" "passphrase""#);
}

#[test]
fn a_set_up_that_cannot_be_is_refused_and_can_be_done_again() {
    let workstation = Workstation::new();
    let mut refused = String::new();
    for (field, value) in [
        ("/passphrase", "一二三".to_owned()),
        ("/passphrase", String::new()),
        ("/operator_name", " \n".to_owned()),
        ("/operator_name", "梅".repeat(31)),
        ("/operator_number", String::new()),
        ("/operator_number", "1".repeat(31)),
    ] {
        let error = workstation.error("set_up", with(set_up(false), field, value));
        assert!(is_chinese_sentence(&error), "{error}");
        refused.push_str(&(error + "\n"));
        assert_eq!(phase(&workstation), r#""first_start" "passphrase""#);
    }
    expect![[r#"
        invalid: 开机口令至少 10 个字符。
        invalid: 开机口令至少 10 个字符。
        invalid: 请填写姓名。
        invalid: 姓名最多 30 字。
        invalid: 请填写工号。
        invalid: 工号最多 30 字。
    "#]]
    .assert_eq(&refused);
    let state = workstation.call(
        "set_up",
        with(set_up(false), "/operator_name", "梅".repeat(30)),
    );
    assert_eq!(state["phase"], "ready");
}

#[test]
fn without_a_keyring_each_start_asks_for_the_passphrase() {
    let mut workstation = Workstation::ready();
    workstation.close();
    workstation.start();
    assert_eq!(phase(&workstation), r#""locked" "passphrase""#);
    for wrong in ["", "濛濛细雨，巴山夜里 2027"] {
        let error = workstation.error("unlock", json!({ "passphrase": wrong }));
        assert_eq!(error, "invalid: 开机口令不对，请重新输入。");
        assert_eq!(phase(&workstation), r#""locked" "passphrase""#);
    }
    let right = json!({ "passphrase": PASSPHRASE });
    let state = workstation.call("unlock", right.clone());
    assert_eq!(state["phase"], "ready");
    assert_eq!(state["operator"]["name"], "陈晓梅");
    // A second window may ask too.
    assert_eq!(workstation.call("unlock", right)["phase"], "ready");
}

#[test]
fn with_a_keyring_a_start_asks_nothing() {
    let keyring = Arc::new(MemoryKeyring::default());
    let mut workstation = Workstation::with_keyring(keyring);
    workstation.call("set_up", set_up(false));
    assert_eq!(phase(&workstation), r#""ready" "keyring""#);
    workstation.close();
    workstation.start();
    assert_eq!(phase(&workstation), r#""ready" "keyring""#);
}

#[test]
fn a_keyring_that_has_lost_the_key_leaves_the_passphrase() {
    let mut workstation = Workstation::ready();
    workstation.close();
    workstation.start();
    let state = workstation.call("unlock", json!({ "passphrase": PASSPHRASE }));
    assert_eq!(
        (&state["phase"], &state["key_holder"]),
        (&json!("ready"), &json!("passphrase"))
    );
}

#[test]
fn another_program_in_the_same_folder_is_told_so() {
    let keyring = Arc::new(MemoryKeyring::default());
    let mut workstation = Workstation::with_keyring(keyring);
    workstation.call("set_up", set_up(false));
    let first = Arc::clone(workstation.host());
    workstation.start();
    let state = workstation.call("app_state", Value::Null);
    assert_eq!(state["message"], "程序已在本机运行，请使用已打开的窗口。");
    let refused = workstation.error("set_damaged_aside", Value::Null);
    assert!(refused.contains("原文件未改动"), "{refused}");
    drop(first);
    crate::workstation::wait_until("the second takes over", || {
        workstation.call("retry_open", Value::Null)["phase"] == "ready"
    });
}

/// Whoever reads on a thread of its own has let go of the file when the program ends, and it is whole.
#[test]
fn a_desk_that_is_closed_holds_its_folder_no_longer() {
    let workstation = Workstation::new();
    workstation.call("set_up", set_up(true));
    assert!(desk_store::is_held(workstation.folder()));
    workstation.host().close();
    assert!(!desk_store::is_held(workstation.folder()));
    assert_eq!(phase(&workstation), r#""locked" "passphrase""#);
    workstation.call("unlock", json!({ "passphrase": PASSPHRASE }));
    assert_eq!(phase(&workstation), r#""ready" "passphrase""#);
}
