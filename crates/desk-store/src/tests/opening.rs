//! Opening, opening again, and what refuses to open.

use rusqlite::Connection;

use super::*;

/// A connection to the file behind the store's back.
pub(super) fn tampering(desk: &Desk) -> Connection {
    crate::connection::open_writer(&desk.database(), &desk.key).unwrap()
}

#[test]
fn opening_twice_changes_nothing() {
    let mut desk = Desk::new();
    desk.change(|writer| register_order(writer, 1, "小区停水"));
    desk.restart();
    desk.close();
    let before = digests_of(desk.path());
    desk.restart();
    desk.close();
    assert_eq!(digests_of(desk.path()), before);
}

#[test]
fn every_row_is_there_after_a_restart() {
    let mut desk = Desk::new();
    for n in 1..=3 {
        desk.change(|writer| register_order(writer, n, "小区停水"));
    }
    desk.restart();
    let ids = desk.query(Reader::all_work_order_ids);
    assert_eq!(ids, ["order-1", "order-2", "order-3"]);
    let order = desk.query(|reader| reader.load_work_order("order-2"));
    assert_eq!(order.unwrap().number, "20261123-W01-0002");
    desk.store().check().unwrap();
}

#[test]
fn a_file_from_a_newer_program_is_refused_and_left_alone() {
    let mut desk = Desk::new();
    desk.close();
    let connection = tampering(&desk);
    connection.pragma_update(None, "user_version", 99).unwrap();
    connection
        .set_db_config(
            rusqlite::config::DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE,
            false,
        )
        .unwrap();
    drop(connection);
    let before = digests_of(desk.path());
    let error = desk.open().unwrap_err();
    assert!(
        matches!(
            error,
            OpenError::TooNew { found: 99, known } if known == crate::migration::known_version()
        ),
        "{error}"
    );
    assert_eq!(digests_of(desk.path()), before);
}

#[test]
fn one_folder_one_program() {
    let mut desk = Desk::new();
    let error = desk.open().unwrap_err();
    let this_process = std::process::id();
    assert!(
        matches!(error, OpenError::AnotherProgram { pid: Some(pid) } if pid == this_process),
        "{error}"
    );
    assert!(Store::set_aside(desk.path(), at("2026-11-23 09:15")).is_err());
    assert!(desk.database().exists());
    desk.restart();
}

#[test]
fn the_library_is_new_enough_and_encrypts() {
    crate::connection::check_library().unwrap();
    let desk = Desk::new();
    let setting = |name: &str| {
        desk.change(|writer| {
            let query = format!("PRAGMA {name}");
            let row = writer
                .connection()
                .query_row(&query, [], |row| row.get::<_, rusqlite::types::Value>(0));
            Ok(format!("{:?}", row?))
        })
    };
    let settings: Vec<String> = [
        "journal_mode",
        "synchronous",
        "foreign_keys",
        "secure_delete",
    ]
    .into_iter()
    .map(setting)
    .collect();
    assert_eq!(
        settings,
        ["Text(\"wal\")", "Integer(2)", "Integer(1)", "Integer(1)"]
    );
}

#[test]
fn set_aside_keeps_everything_and_a_fresh_start_follows() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let passphrase = "渠江边的老桥一九八三";
    let (_, key) = KeySlots::create(folder, passphrase).unwrap();
    let store = Store::open(folder, &key).unwrap();
    store
        .commit(|writer| register_order(writer, 1, "小区停水"))
        .unwrap();
    drop(store);
    let database = std::fs::read(folder.join("desk.db")).unwrap();
    let now = at("2026-11-23 09:15");
    let aside = Store::set_aside(folder, now).unwrap();
    assert_eq!(aside, folder.join("set-aside-20261123-091500"));
    assert_eq!(std::fs::read(aside.join("desk.db")).unwrap(), database);
    assert!(!KeySlots::exists(folder) && !folder.join("desk.db").exists());

    let (_, key) = KeySlots::create(folder, passphrase).unwrap();
    drop(Store::open(folder, &key).unwrap());
    let again = Store::set_aside(folder, now).unwrap();
    assert_eq!(again, folder.join("set-aside-20261123-091500-2"));

    // What was set aside opens with its own keys.
    let slots = KeySlots::load(&aside).unwrap();
    let key = slots.unlock_with_passphrase(passphrase).unwrap();
    let store = Store::open(&aside, &key).unwrap();
    assert_eq!(
        store.read(|reader| Ok(reader.count(Queue::All)?)).unwrap(),
        1
    );
}

#[cfg(unix)]
#[test]
fn the_files_are_the_owners_only() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let (_, key) = KeySlots::create(folder.path(), "渠江边的老桥一九八三").unwrap();
    let store = Store::open(folder.path(), &key).unwrap();
    store
        .commit(|writer| writer.set_meta(MetaKey::DeskCode, "W01"))
        .unwrap();
    for (path, _) in bytes_of(folder.path()) {
        let mode = path.metadata().unwrap().permissions().mode() & 0o777;
        assert_eq!(mode, 0o600, "{}", path.display());
    }
}
