//! Nothing that was said stands readable on the disk.

use super::*;

const CANARY: &str = "金丝雀在歌唱canary13812345678";

#[track_caller]
fn check_no_canary(desk: &Desk) {
    for (path, bytes) in bytes_of(desk.path()) {
        for part in ["金丝雀", "canary", "12345678", "order-1", "SQLite"] {
            let found = bytes
                .windows(part.len())
                .any(|window| window == part.as_bytes());
            assert!(!found, "{part} in {}", path.display());
        }
    }
}

#[test]
fn no_text_in_database_or_log() {
    let mut desk = Desk::new();
    desk.change(|writer| register_order(writer, 1, CANARY));
    desk.change(|writer| {
        writer.set_meta(MetaKey::DeskCode, CANARY)?;
        writer
            .put_draft("草稿", "1001", CANARY, at("2026-11-23 09:15"))
            .map_err(|error| match error {
                PutDraftError::Fault(fault) => fault,
                PutDraftError::TooLarge { .. } => unreachable!("it is short"),
            })?;
        let article = KbArticle {
            answer: CANARY.to_owned(),
            ..article("kb-1")
        };
        writer.put_article(&StoredArticle {
            article,
            version: 1,
            is_sample: false,
        })
    });
    assert!(
        std::fs::metadata(desk.path().join("desk.db-wal"))
            .unwrap()
            .len()
            > 0
    );
    check_no_canary(&desk);
    desk.close();
    check_no_canary(&desk);
    desk.restart();
    let found = desk.query(|reader| {
        reader.list_work_orders(&OrderFilter {
            queue: Queue::All,
            search: Some("金丝雀".to_owned()),
            after: None,
            limit: 10,
        })
    });
    assert_eq!(found.0.len(), 1);
}

#[test]
fn a_fault_does_not_tell_the_key() {
    let mut desk = Desk::new();
    desk.close();
    let hex = desk.key.pragma_literal();
    std::fs::write(desk.database(), vec![1; 8192]).unwrap();
    let error = format!("{:?}", desk.open().unwrap_err());
    assert!(!error.contains(hex.get(2..20).unwrap()), "{error}");
    assert!(!format!("{:?}", Desk::new().store()).contains("key"));
}
