//! A store that cannot be read is told, left as it is, and can be put aside.

use std::path::PathBuf;

use desk_store::KeySlots;
use expect_test::expect;
use serde_json::{Value, json};

use crate::form::{intake, register};
use crate::workstation::{PASSPHRASE, Workstation, set_up};

/// A closed desk with one order.
fn closed() -> Workstation {
    let mut workstation = Workstation::ready();
    workstation.submitted(1, &intake("路灯坏了"), &register());
    workstation.close();
    workstation
}

fn database(workstation: &Workstation) -> PathBuf {
    workstation.folder().join("desk.db")
}

fn message(state: &Value) -> &str {
    state["message"].as_str().unwrap()
}

#[test]
fn a_damaged_database_is_put_aside_whole() {
    let mut workstation = closed();
    let mut bytes = std::fs::read(database(&workstation)).unwrap();
    for byte in bytes.iter_mut().skip(2_000).step_by(97) {
        *byte = !*byte;
    }
    std::fs::write(database(&workstation), &bytes).unwrap();
    let keys = std::fs::read(workstation.folder().join("keys.json")).unwrap();

    workstation.start();
    let unlock = json!({ "passphrase": PASSPHRASE });
    let state = workstation.call("unlock", unlock);
    assert_eq!(state["phase"], "damaged");
    expect!["本机数据库已损坏，打不开。原文件未作任何改动。可从备份恢复后重试，或保留损坏文件、另建新库继续受理。"].assert_eq(message(&state));
    let error = workstation.error("queues", Value::Null);
    assert_eq!(error, "locked: 工作站尚未解锁。");
    assert_eq!(std::fs::read(database(&workstation)).unwrap(), bytes);

    let state = workstation.call("set_damaged_aside", Value::Null);
    assert_eq!(state["phase"], "first_start");
    let aside = workstation.folder().join("set-aside-20261123-091500");
    assert_eq!(std::fs::read(aside.join("desk.db")).unwrap(), bytes);
    assert_eq!(std::fs::read(aside.join("keys.json")).unwrap(), keys);
    assert_eq!(workstation.call("set_up", set_up(false))["phase"], "ready");
    assert_eq!(workstation.n_orders(), 0);
    workstation.submitted(2, &intake("井盖没了"), &register());
    let error = workstation.error("set_damaged_aside", Value::Null);
    assert_eq!(error, "invalid: 数据库没有损坏，不需要另建。");
}

/// Damage is told at each try, until it is mended from a backup.
#[test]
fn a_backup_that_is_put_back_is_opened() {
    let mut workstation = closed();
    let whole = std::fs::read(database(&workstation)).unwrap();
    std::fs::write(database(&workstation), b"not a database at all").unwrap();
    workstation.start();
    let unlock = || json!({ "passphrase": PASSPHRASE });
    assert_eq!(workstation.call("unlock", unlock())["phase"], "damaged");
    // Trying again asks for the passphrase again, and is told the same.
    let state = workstation.call("retry_open", Value::Null);
    assert_eq!(state["phase"], "locked");
    assert_eq!(workstation.call("unlock", unlock())["phase"], "damaged");
    std::fs::write(database(&workstation), whole).unwrap();
    let state = workstation.call("retry_open", Value::Null);
    assert_eq!(state["phase"], "locked");
    assert_eq!(workstation.call("unlock", unlock())["phase"], "ready");
    assert_eq!(workstation.n_orders(), 1);
}

#[test]
fn a_database_without_its_keys() {
    let mut workstation = closed();
    let keys = workstation.folder().join("keys.json");
    let kept = std::fs::read(&keys).unwrap();
    std::fs::remove_file(&keys).unwrap();
    workstation.start();
    let state = workstation.call("app_state", Value::Null);
    assert_eq!(state["phase"], "damaged");
    expect!["找不到密钥文件 keys.json，无法打开已有的数据库。请从备份恢复该文件后重试，数据库原文件未改动。"].assert_eq(message(&state));
    // Nobody may set up a new desk over it.
    let error = workstation.error("set_up", set_up(false));
    assert_eq!(error, "invalid: 本机已经设置过了。");
    std::fs::write(&keys, kept).unwrap();
    let state = workstation.call("retry_open", Value::Null);
    assert_eq!(state["phase"], "locked");
    workstation.restart();
    assert_eq!(workstation.n_orders(), 1);
}

#[test]
fn keys_that_are_damaged() {
    let mut workstation = closed();
    let before = std::fs::read(database(&workstation)).unwrap();
    std::fs::write(workstation.folder().join("keys.json"), "{\"slots\":").unwrap();
    workstation.start();
    let state = workstation.call("app_state", Value::Null);
    assert_eq!(state["phase"], "damaged");
    expect![
        "密钥文件 keys.json 已损坏，无法打开数据库。请从备份恢复该文件后重试，数据库原文件未改动。"
    ]
    .assert_eq(message(&state));
    assert_eq!(std::fs::read(database(&workstation)).unwrap(), before);
}

/// A power cut in the first start, after the keys and before the person at the desk.
#[test]
fn a_first_start_that_was_cut_off_can_be_done_again() {
    let workstation = {
        let mut workstation = Workstation::new();
        workstation.close();
        let folder = workstation.folder();
        KeySlots::create(folder, PASSPHRASE).unwrap();
        workstation.start();
        workstation
    };
    let unlock = json!({ "passphrase": PASSPHRASE });
    let state = workstation.call("unlock", unlock);
    assert_eq!(state["phase"], "damaged");
    expect!["没有完成，请重试。如仍不行，请报编号 —。"].assert_eq(message(&state));
    workstation.call("set_damaged_aside", Value::Null);
    assert_eq!(workstation.call("set_up", set_up(false))["phase"], "ready");
}
