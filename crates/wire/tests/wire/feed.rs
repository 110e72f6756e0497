//! A page is verified before it is applied.

use chrono::DateTime;
use wire::{
    Act, Cover, Cursor, DeskId, Entry, EntryBody, Envelope, Hash, PageBreak, Salt, Sealing, Unread,
    verify_page,
};

fn chain(after: Cursor, epoch: u64, names: &[&str]) -> Vec<Entry> {
    let mut cursor = after;
    let mut entries = Vec::new();
    for name in names {
        let sealing = Sealing {
            epoch,
            after: cursor,
            recorded_at: DateTime::from_timestamp(1_795_392_000, 0).unwrap(),
            subject: String::new(),
            origin: None,
            salt: Salt([9; 16]),
        };
        let desk = DeskId((*name).to_owned());
        let entry = Entry::seal(sealing, &EntryBody::DeskEnrolled { desk }).unwrap();
        cursor = entry.cursor();
        entries.push(entry);
    }
    entries
}

#[test]
fn a_page_follows_or_is_not_applied() {
    let entries = chain(Cursor::START, 1, &["W01", "W02", "W03"]);
    let end = entries[2].cursor();
    assert_eq!(verify_page(Cursor::START, 1, &entries), Ok(end));
    assert_eq!(verify_page(end, 1, &[]), Ok(end));
    assert_eq!(
        verify_page(Cursor::START, 1, &entries[1..]),
        Err(PageBreak::NotNext { after: 0, found: 2 })
    );
    assert_eq!(
        verify_page(entries[0].cursor(), 1, &entries),
        Err(PageBreak::NotNext { after: 1, found: 1 })
    );
}

/// The center was restored while a page was on its way: it follows by number, and from another past.
#[test]
fn a_page_from_before_a_restore_does_not_follow() {
    let before = chain(Cursor::START, 1, &["W01", "W02", "W03"]);
    let after = chain(before[0].cursor(), 2, &["W04"]);
    assert_eq!(
        verify_page(after[0].cursor(), 2, &before[2..]),
        Err(PageBreak::OtherPast { seq: 3 })
    );
    assert_eq!(
        verify_page(before[0].cursor(), 1, &after),
        Err(PageBreak::LaterEpoch {
            seq: 2,
            epoch: 1,
            found: 2
        })
    );
}

#[test]
fn a_change_to_anything_is_found() {
    type Change = fn(&mut Entry);
    let changes: [Change; 5] = [
        |it| it.epoch = 0,
        |it| it.subject = "order-1".to_owned(),
        |it| it.body = it.body.replace("W02", "W20"),
        |it| it.recorded_at += chrono::TimeDelta::milliseconds(1),
        |it| it.hash = Hash([9; 32]),
    ];
    for (nth, change) in changes.iter().enumerate() {
        let mut entries = chain(Cursor::START, 1, &["W01", "W02", "W03"]);
        change(&mut entries[1]);
        let found = verify_page(Cursor::START, 1, &entries);
        assert_eq!(found, Err(PageBreak::Changed { seq: 2 }), "{nth}");
    }
}

/// What a newer center wrote is verified and kept, and read after the update.
#[test]
fn what_is_not_known_yet_is_kept() {
    let mut entries = chain(Cursor::START, 1, &["W01"]);
    entries[0].body = r#"{"entry":"hearing_held","room":3}"#.to_owned();
    entries[0].hash = entries[0].computed_hash();
    assert!(verify_page(Cursor::START, 1, &entries).is_ok());
    assert!(entries[0].read().is_err());
}

#[test]
fn a_command_is_read_by_its_kind() {
    let envelope = |kind: &str, command: &str| Envelope {
        desk: DeskId("W01".to_owned()),
        number: 1,
        id: "i".to_owned(),
        subject: "s".to_owned(),
        kind: kind.to_owned(),
        command: command.to_owned(),
        actor: domain::ActorId("1001".to_owned()),
        occurred_at: DateTime::UNIX_EPOCH,
        rule_set: domain::rule_set::RuleSetId("QX-2023-66".to_owned()),
        base_version: 0,
        cover: Cover::Bare,
        previous_hash: Hash::CHAIN_START,
        witness: None,
        hash: Hash::CHAIN_START,
    };
    let withdraw = r#"{"command":"withdraw","reason":"已解决"}"#;
    let of_order = Act::read(&envelope("withdraw", withdraw)).unwrap();
    let of_article = Act::read(&envelope("kb_withdraw", withdraw)).unwrap();
    assert!(matches!(of_order, Act::Order(_)));
    assert!(matches!(of_article, Act::Article(_)));
    let of_task = Act::read(&envelope("kb_task_accept", r#"{"command":"accept"}"#)).unwrap();
    assert!(matches!(of_task, Act::Task(_)));
    for act in [of_order, of_article, of_task] {
        let (kind, command) = act.write().unwrap();
        assert_eq!(Act::read(&envelope(&kind, &command)), Ok(act));
    }
    let is_unknown = |kind: &str| {
        let read = Act::read(&envelope(kind, "{}"));
        matches!(read, Err(Unread::UnknownKind { .. }))
    };
    for kind in ["hold_a_hearing", "kb_translate", "kb_task_sell", "", "kb_"] {
        assert!(is_unknown(kind), "{kind}");
    }
    for (kind, command) in [
        ("withdraw", "{}"),
        ("archive", withdraw),
        ("withdraw", "水"),
        ("withdraw", "[[[["),
    ] {
        let read = Act::read(&envelope(kind, command));
        assert!(matches!(read, Err(Unread::Unsound { .. })), "{kind}");
    }
}
