//! The chain in its table: what is kept, what is found, what is refused.

use ::audit::Flaw;

use super::*;
use crate::tests::{Desk, at, register_order};

fn entry(act: &str) -> Entry {
    Entry {
        at_ms: at("2026-11-23 09:15").timestamp_millis(),
        actor: "1001".to_owned(),
        desk: String::new(),
        session: "s-1".to_owned(),
        act: act.to_owned(),
        object: "order-1".to_owned(),
        purpose: String::new(),
        fields: vec!["phone".to_owned(), "name".to_owned()],
        outcome: Outcome::Shown,
    }
}

fn desk_with_entries(n: u64) -> Desk {
    let desk = Desk::new();
    desk.change(|writer| writer.set_meta(MetaKey::DeskCode, "W07"));
    for n in 1..=n {
        assert_eq!(
            desk.change(|writer| writer.append_audit(entry("work_order"))),
            n
        );
    }
    desk
}

fn verified(desk: &Desk) -> Result<Head, Break> {
    desk.query(Reader::verify_audit)
}

#[test]
fn entries_are_numbered_and_chained_over_a_restart() {
    let mut desk = desk_with_entries(3);
    desk.restart();
    assert_eq!(
        desk.change(|writer| writer.append_audit(entry("submit"))),
        4
    );
    assert_eq!(verified(&desk).unwrap().n, 4);
    let all = desk.query(|reader| reader.audit_entries(&AuditFilter::default()));
    let numbers: Vec<u64> = all.iter().map(|it| it.n).collect();
    assert_eq!(numbers, [4, 3, 2, 1]);
    assert_eq!(all[0].entry.desk, "W07");
    assert_eq!(all[0].entry.fields, ["phone", "name"]);
    let only = AuditFilter {
        act: "submit",
        ..AuditFilter::default()
    };
    assert_eq!(desk.query(|reader| reader.audit_entries(&only)).len(), 1);
}

#[test]
fn the_audit_is_only_added_to() {
    let desk = desk_with_entries(3);
    for change in [
        "DELETE FROM audit WHERE n = 3",
        "DELETE FROM audit WHERE n = 1",
        "UPDATE audit SET actor = '1002'",
        "INSERT INTO audit_purge (up_to, hash, at)
         VALUES (2, zeroblob(32), (SELECT at FROM audit WHERE n = 2) + 183 * 86400000)",
    ] {
        let refused = desk.store().commit(|writer| -> Result<(), StoreFault> {
            Ok(writer.connection().execute_batch(change)?)
        });
        let refused = refused.unwrap_err().to_string();
        assert!(
            refused.contains("only added") || refused.contains("six months"),
            "{refused}"
        );
    }
}

/// Somebody who has the key and knows SQL takes the triggers away first.
#[test]
fn every_change_to_any_column_is_found() {
    for (change, flaw) in [
        ("UPDATE audit SET n = 30 WHERE n = 3", Flaw::Missing),
        ("UPDATE audit SET at = at + 1 WHERE n = 3", Flaw::Edited),
        ("UPDATE audit SET actor = '1002' WHERE n = 3", Flaw::Edited),
        ("UPDATE audit SET desk = '' WHERE n = 3", Flaw::Edited),
        ("UPDATE audit SET session = '' WHERE n = 3", Flaw::Edited),
        ("UPDATE audit SET act = 'status' WHERE n = 3", Flaw::Edited),
        ("UPDATE audit SET object = '' WHERE n = 3", Flaw::Edited),
        ("UPDATE audit SET purpose = 'x' WHERE n = 3", Flaw::Edited),
        (
            "UPDATE audit SET fields = 'phone' WHERE n = 3",
            Flaw::Edited,
        ),
        (
            "UPDATE audit SET outcome = 'done' WHERE n = 3",
            Flaw::Edited,
        ),
        ("UPDATE audit SET outcome = 'odd' WHERE n = 3", Flaw::Edited),
        ("UPDATE audit SET alg = 'md5' WHERE n = 3", Flaw::Edited),
        (
            "UPDATE audit SET previous_hash = zeroblob(32) WHERE n = 3",
            Flaw::Edited,
        ),
        (
            "UPDATE audit SET hash = zeroblob(32) WHERE n = 3",
            Flaw::Edited,
        ),
        ("DELETE FROM audit WHERE n = 3", Flaw::Missing),
    ] {
        let desk = desk_with_entries(5);
        let as_attacker = format!(
            "DROP TRIGGER audit_is_not_changed; DROP TRIGGER audit_is_not_deleted; {change};"
        );
        desk.change(|writer| Ok(writer.connection().execute_batch(&as_attacker)?));
        assert_eq!(verified(&desk), Err(Break { n: 3, flaw }), "{change}");
    }
}

#[test]
fn a_chain_that_was_cut_off_or_made_anew_does_not_fit_what_the_center_keeps() {
    let desk = desk_with_entries(5);
    let head = desk.query(Reader::audit_head);
    desk.change(|writer| writer.keep_audit_checkpoint(head, at("2026-11-23 10:00")));
    assert_eq!(desk.query(Reader::audit_kept), head);
    let cut = "DROP TRIGGER audit_is_not_deleted; DELETE FROM audit WHERE n > 3;";
    desk.change(|writer| Ok(writer.connection().execute_batch(cut)?));
    let flaw = Flaw::CutOff;
    assert_eq!(verified(&desk), Err(Break { n: 4, flaw }));
    for _ in 0..2 {
        desk.change(|writer| writer.append_audit(entry("submit")));
    }
    let flaw = Flaw::Rewritten;
    assert_eq!(verified(&desk), Err(Break { n: 5, flaw }));
}

/// The entry of a change is written with the change, once, or neither is.
#[test]
fn the_entry_of_a_change_is_kept_with_it_or_not_at_all() {
    let desk = Desk::new();
    let acts = |desk: &Desk| {
        let all = desk.query(|reader| reader.audit_entries(&AuditFilter::default()));
        all.into_iter()
            .map(|it| it.entry.fields)
            .collect::<Vec<_>>()
    };
    let (number, is_written) = audited(entry("submit"), Recorded::WithTheChange, || {
        let number = desk.change(|writer| register_order(writer, 1, "小区停水"));
        desk.change(|writer| writer.set_meta(MetaKey::DeskCode, "W07"));
        number
    });
    assert_eq!((number, is_written), (1, true));
    assert_eq!(acts(&desk), [["phone", "name", "register"]]);

    let (refused, is_written) = audited(entry("submit"), Recorded::WithTheChange, || {
        desk.store().commit(|writer| -> Result<(), StoreFault> {
            register_order(writer, 2, "小区停水")?;
            Err(StoreFault::Busy)
        })
    });
    assert!(refused.is_err() && !is_written);
    assert_eq!(acts(&desk).len(), 1);

    // What is committed outside of a call is nobody's.
    desk.change(|writer| register_order(writer, 3, "小区停水"));
    let ((), is_written) = audited(entry("lock"), Recorded::ByItself, || {
        desk.change(|writer| writer.set_meta(MetaKey::DeskCode, "W07"));
    });
    assert!(!is_written);
    assert_eq!(acts(&desk).len(), 1);
}

#[test]
fn a_full_disk_keeps_neither_the_change_nor_its_entry() {
    let desk = Desk::new();
    let n_pages = desk.store().limit_pages(0);
    desk.store().limit_pages(1);
    let mut n_kept = 0;
    let refused = loop {
        n_kept += 1;
        assert!(n_kept < 10_000, "the disk is never full");
        let (done, is_written) = audited(entry("submit"), Recorded::WithTheChange, || {
            desk.store()
                .commit(|writer| register_order(writer, n_kept, "小区停水"))
        });
        match done {
            Ok(_) => assert!(is_written),
            Err(error) => {
                assert!(!is_written);
                break error;
            }
        }
    };
    assert!(matches!(refused, StoreFault::DiskFull), "{refused}");
    desk.store().limit_pages(n_pages);
    assert_eq!(desk.query(Reader::count_waiting), n_kept - 1);
    assert_eq!(verified(&desk).unwrap().n, n_kept - 1);
}

#[test]
fn what_is_old_enough_is_taken_away_with_an_entry_that_says_so() {
    let desk = desk_with_entries(3);
    let later = at("2026-11-23 09:15") + AUDIT_KEPT;
    assert_eq!(desk.change(|writer| writer.purge_audit(later)), 0);
    let mut young = entry("submit");
    young.at_ms = later.timestamp_millis();
    desk.change(|writer| writer.append_audit(young));
    let now = later + TimeDelta::days(1);
    assert_eq!(desk.change(|writer| writer.purge_audit(now)), 3);
    assert_eq!(desk.change(|writer| writer.purge_audit(now)), 0);
    assert_eq!(verified(&desk).unwrap().n, 5);
    let all = desk.query(|reader| reader.audit_entries(&AuditFilter::default()));
    let told: Vec<_> = all
        .iter()
        .map(|it| (it.entry.act.as_str(), it.entry.object.as_str()))
        .collect();
    assert_eq!(told, [("audit_retention", "1-3"), ("submit", "order-1")]);
}

#[test]
fn every_read_goes_by_an_index() {
    let desk = desk_with_entries(1);
    let plan = desk.query(|reader| {
        let sql = "EXPLAIN QUERY PLAN SELECT n FROM audit WHERE n < 9 AND ('' = '' OR actor = '')
                   ORDER BY n DESC LIMIT 5";
        let mut statement = reader.connection().prepare(sql)?;
        let rows = statement.query_map([], |row| row.get::<_, String>("detail"))?;
        Ok(rows.collect::<rusqlite::Result<Vec<_>>>()?)
    });
    assert_eq!(plan, ["SEARCH audit USING INTEGER PRIMARY KEY (rowid<?)"]);
}
