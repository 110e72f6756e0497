//! 本机备份: made when asked and once a day, tried, and put back.

use serde_json::{Value, json};

use crate::form::{intake, register};
use crate::workstation::{Workstation, wait_until};

fn n_backups(folder: &std::path::Path) -> usize {
    desk_store::backups(folder).unwrap().len()
}

#[test]
fn a_backup_is_made_tried_and_put_back() {
    let mut workstation = Workstation::ready();
    workstation.submitted(1, &intake("路灯坏了"), &register());
    assert_eq!(
        workstation.error("back_up", Value::Null),
        "invalid: 请先填写备份文件夹。"
    );
    for (folder, told) in [
        (
            "backups".to_owned(),
            "invalid: 没有这个文件夹，请填写完整路径，如 /media/backup。",
        ),
        (
            workstation.folder().display().to_string(),
            "invalid: 备份不能放在数据文件夹里，请另选一处。",
        ),
    ] {
        let error = workstation.error("choose_backup_folder", json!({ "folder": folder }));
        assert_eq!(error, told);
    }
    let elsewhere = tempfile::tempdir().unwrap();
    let folder = elsewhere.path().display().to_string();
    workstation.call("choose_backup_folder", json!({ "folder": folder }));
    workstation.call("back_up", Value::Null);
    let tried = workstation.call("try_backup", Value::Null);
    let message = tried["message"].as_str().unwrap();
    assert!(
        message.contains("操作 1 条") && message.contains("逐页核对无误"),
        "{message}"
    );

    // The disk of the desk is lost; what stands elsewhere is put in its place.
    workstation.submitted(2, &intake("井盖没了"), &register());
    workstation.close();
    let backup = desk_store::backups(elsewhere.path())
        .unwrap()
        .pop()
        .unwrap();
    for name in ["desk.db-wal", "desk.db-shm"] {
        std::fs::remove_file(workstation.folder().join(name)).ok();
    }
    for name in ["desk.db", "keys.json"] {
        std::fs::copy(backup.join(name), workstation.folder().join(name)).unwrap();
    }
    workstation.restart();
    assert_eq!(workstation.n_orders(), 1);
    assert_eq!(
        workstation.call("verify_audit", Value::Null)["is_sound"],
        true
    );
}

#[test]
fn one_is_made_each_day_and_a_lost_disk_is_told() {
    let workstation = Workstation::ready();
    let elsewhere = tempfile::tempdir().unwrap();
    let folder = elsewhere.path().display().to_string();
    workstation.call("choose_backup_folder", json!({ "folder": folder }));
    workstation.host().take_notices();
    wait_until("the first is made", || n_backups(elsewhere.path()) == 1);
    wait_until("it is noted", || {
        workstation.call("backup_state", Value::Null)["last_text"] != ""
    });
    workstation.move_clock(chrono::TimeDelta::hours(23));
    workstation.host().take_notices();
    assert_eq!(n_backups(elsewhere.path()), 1);
    workstation.move_clock(chrono::TimeDelta::hours(1));
    workstation.host().take_notices();
    wait_until("the next is made", || n_backups(elsewhere.path()) == 2);
    drop(elsewhere);
    workstation.move_clock(chrono::TimeDelta::hours(25));
    workstation.host().take_notices();
    wait_until("it is told", || {
        let state = workstation.call("backup_state", Value::Null);
        state["problem"]
            .as_str()
            .unwrap()
            .starts_with("找不到备份文件夹")
    });
}
