//! 涂销 at the center: what was said is gone from all it keeps, what was done stays, and whoever reads the
//! feed finds it whole.

use center::{
    Batch, Ledger, MemoryLedger, RecordChange, Records as _, RedactionOrder, SqliteLedger, Written,
    has_come_back, verify,
};
use domain::{ActorId, WorkOrder};
use wire::{Answer, Cover, EntryBody, RedactionGround, Subject};

use crate::town::{Desk, Town, dispatch, push_of, register, sign_for, supplement, town};

/// Stands in every text of the story.
const CANARY: &str = "金丝雀";

fn order() -> RedactionOrder {
    RedactionOrder {
        ground: RedactionGround::Expired,
        asked_by: ActorId("知识审核".to_owned()),
        granted_by: ActorId("值班长".to_owned()),
    }
}

/// One order that was dispatched, of which something was told twice; and another.
fn told<L: Ledger>(town: &mut Town<L>) -> Desk {
    let mut desk = town.desk("一");
    let said = |text: &str| format!("{CANARY}：{text}");
    town.done(
        &mut desk,
        "受理员",
        "order-1",
        register("QX-1", &said("停水两天")),
    );
    town.done(&mut desk, "受理员", "order-1", dispatch("水务"));
    town.deliver("order-1", 1);
    town.done(&mut desk, "水务联络员", "order-1", sign_for(1));
    town.done(&mut desk, "受理员", "order-1", supplement(&said("还没水")));
    let again = town.order(
        &mut desk,
        "受理员",
        "order-1",
        register("QX-1", &said("又登记")),
    );
    let late = town.verdict(again);
    assert!(matches!(late, EntryBody::LateFact(_)), "{late:?}");
    town.done(&mut desk, "受理员", "order-2", register("QX-2", "另一件"));
    desk
}

fn folded<L: Ledger>(town: &Town<L>, subject: &str) -> WorkOrder {
    let subject = town.center.subject(subject).unwrap();
    subject.as_ref().and_then(Subject::order).cloned().unwrap()
}

fn is_said<L: Ledger>(town: &Town<L>, desk: &Desk) -> bool {
    let entries = town.entries();
    let ledger = town.center.ledger();
    let intents = ledger.intents_after(&desk.id, 0, 100, 1 << 20).unwrap();
    entries.iter().any(|entry| entry.body.contains(CANARY))
        || intents.iter().any(|intent| intent.command.contains(CANARY))
}

#[test]
fn what_was_said_goes_and_what_was_done_stays() {
    let mut town = town();
    let desk = told(&mut town);
    let before = folded(&town, "order-1");
    let hashes: Vec<_> = town.entries().iter().map(|entry| entry.hash).collect();
    assert!(is_said(&town, &desk));

    let now = town.now;
    let subjects = ["order-1".to_owned()];
    let done = town.center.redact(&subjects, &order(), now).unwrap();
    assert_eq!(done.subjects, subjects);
    assert!(done.bare.is_empty());
    assert_eq!((done.n_entries, done.n_intents), (6, 6));
    assert!(!is_said(&town, &desk));

    let entries = town.entries();
    let now: Vec<_> = entries.iter().map(|entry| entry.hash).collect();
    assert_eq!(now[..hashes.len()], hashes, "the chain is what it was");
    let last = entries.last().unwrap().read().unwrap();
    assert!(matches!(last, EntryBody::Redacted(_)), "{last:?}");
    verify(town.center.ledger()).unwrap();

    let after = folded(&town, "order-1");
    assert_eq!(after.matter.caller.phone, "");
    assert_eq!(after.number, before.number);
    assert_eq!(
        (after.stage, after.version, &after.limits),
        (before.stage, before.version, &before.limits)
    );
    assert_eq!(after.assignments[0].limits, before.assignments[0].limits);
    assert_eq!(
        after.matter.place.township_code,
        before.matter.place.township_code
    );
    assert_eq!(folded(&town, "order-2").matter.text, "另一件");
    let ledger = town.center.ledger();
    assert_eq!(
        ledger.orders_of_phone("13800001234", 9).unwrap(),
        ["order-2"]
    );

    // Once more finds nothing more to take out.
    let (now, again) = (town.now, ["order-1".to_owned()]);
    let done = town.center.redact(&again, &order(), now).unwrap();
    assert_eq!((done.n_entries, done.n_intents), (0, 0));
    verify(town.center.ledger()).unwrap();
}

/// A backup that is older than the redaction was put back, and the caller has told more since.
#[test]
fn again_goes_what_was_said_by_then_and_what_was_said_since_stays() {
    let mut town = town();
    let mut desk = told(&mut town);
    let then = town.now;
    town.now += chrono::TimeDelta::hours(3);
    let since = supplement(&format!("{CANARY}：又停了"));
    town.done(&mut desk, "受理员", "order-1", since);
    let subjects = ["order-1".to_owned()];
    assert!(has_come_back(town.center.ledger(), "order-1", then).unwrap());
    let now = town.now;
    let done = town.center.redact_again(&subjects, then, &order(), now);
    assert_eq!(done.unwrap().n_entries, 6);
    verify(town.center.ledger()).unwrap();
    assert!(!has_come_back(town.center.ledger(), "order-1", then).unwrap());
    let after = folded(&town, "order-1");
    let last = after.supplements.last().unwrap();
    assert_eq!(*last, format!("{CANARY}：又停了"));
    assert_eq!(after.matter.caller.phone, "");
    assert!(is_said(&town, &desk));

    // Later all of it.
    let done = town.center.redact(&subjects, &order(), now).unwrap();
    assert_eq!((done.n_entries, done.n_intents), (1, 1));
    assert!(!is_said(&town, &desk));
    verify(town.center.ledger()).unwrap();
    let untold = town.center.redact_again(&subjects, then, &order(), now);
    assert_eq!(untold.unwrap().n_entries, 0);
    verify(town.center.ledger()).unwrap();
}

/// A desk that pushes again, one that lost its intents and one that reads from the beginning: none of
/// them minds.
#[test]
fn desks_go_on_with_what_is_left() {
    let mut town = town();
    let mut desk = told(&mut town);
    let (now, subjects) = (town.now, ["order-1".to_owned()]);
    town.center.redact(&subjects, &order(), now).unwrap();
    let ledger = town.center.ledger();
    let kept = ledger.intents_after(&desk.id, 0, 100, 1 << 20).unwrap();
    for intent in &kept {
        assert_eq!(intent.computed_hash(), intent.hash, "{}", intent.number);
    }
    let head = town.entries().len();
    let answer = town.ask(&push_of(kept));
    assert!(matches!(answer, Answer::Pushed(_)), "{answer:?}");
    assert_eq!(town.entries().len(), head, "nothing is decided twice");
    town.done(&mut desk, "受理员", "order-3", register("QX-3", "第三件"));
    // The order itself may go on; what is said of it then is not what was taken out.
    town.done(&mut desk, "受理员", "order-1", supplement("又来电"));
    assert!(
        town.entries()
            .iter()
            .any(|entry| entry.body.contains("又来电"))
    );
    verify(town.center.ledger()).unwrap();
}

#[test]
fn what_was_pushed_without_a_salt_stays_whole() {
    let mut town = town();
    town.cover = Cover::Bare;
    let desk = told(&mut town);
    let before = town.entries();
    let (now, subjects) = (town.now, ["order-1".to_owned()]);
    let done = town.center.redact(&subjects, &order(), now).unwrap();
    assert_eq!(
        (done.subjects.len(), done.bare.as_slice()),
        (0, &subjects[..])
    );
    assert_eq!(town.entries(), before);
    assert!(is_said(&town, &desk));
}

#[test]
fn nobody_grants_what_he_asked_for_and_nothing_is_redacted_that_is_not_there() {
    let mut town = town();
    told(&mut town);
    let now = town.now;
    let alone = RedactionOrder {
        granted_by: order().asked_by,
        ..order()
    };
    let before = town.entries();
    assert!(
        town.center
            .redact(&["order-1".to_owned()], &alone, now)
            .is_err()
    );
    assert!(
        town.center
            .redact(&["order-9".to_owned()], &order(), now)
            .is_err()
    );
    assert_eq!(town.entries(), before);
}

/// Whoever takes something out behind the center's back is found, and whoever changes what was left.
#[test]
fn nothing_goes_without_an_entry_that_says_so() {
    let mut town = town();
    told(&mut town);
    let end = town.entries().last().unwrap().cursor();
    let mut ledger: MemoryLedger = town.center.ledger().clone();
    let story = ledger.story_of("order-1").unwrap();
    let redacted = story.iter().filter_map(wire::Entry::redacted).collect();
    ledger
        .commit(&Batch {
            redacted,
            ..Batch::new(end)
        })
        .unwrap();
    let found = verify(&ledger).unwrap_err().to_string();
    assert!(found.contains("no entry says so"), "{found}");

    let (now, subjects) = (town.now, ["order-1".to_owned()]);
    town.center.redact(&subjects, &order(), now).unwrap();
    let end = town.entries().last().unwrap().cursor();
    let mut ledger: MemoryLedger = town.center.ledger().clone();
    let mut changed = ledger.story_of("order-1").unwrap().swap_remove(1);
    changed.body = changed.body.replace("水务", "教育");
    ledger
        .commit(&Batch {
            redacted: vec![changed],
            ..Batch::new(end)
        })
        .unwrap();
    let found = verify(&ledger).unwrap_err().to_string();
    assert!(found.contains("was changed since"), "{found}");
}

#[test]
fn it_leaves_the_disk_while_the_log_is_being_moved() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("center.db");
    let ledger = SqliteLedger::open(&path).unwrap();
    let mut records = ledger.records();
    let mut town = Town::new(ledger);
    let stopping = std::sync::atomic::AtomicBool::new(false);
    std::thread::scope(|threads| {
        // As the mover does, and without a rest.
        threads.spawn(|| {
            let beside = rusqlite::Connection::open(&path).unwrap();
            while !stopping.load(std::sync::atomic::Ordering::Relaxed) {
                let sql = "PRAGMA wal_checkpoint(PASSIVE)";
                beside.query_row(sql, [], |_| Ok(())).unwrap();
            }
        });
        let shredded = (0..200).try_for_each(|n: u32| {
            let text = n.to_string().repeat(2_000);
            let written = records.write(&[RecordChange::put("n", "text", text)])?;
            assert_eq!(written, Written::Done);
            town.center.shred()
        });
        stopping.store(true, std::sync::atomic::Ordering::Relaxed);
        shredded.unwrap();
    });
}

/// Byte by byte: in the file, in its log, in what the log was moved into.
#[test]
fn nothing_of_it_is_left_in_the_files() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("center.db");
    let mut town = Town::new(SqliteLedger::open(&path).unwrap());
    told(&mut town);
    let is_there = |text: &str| {
        let files = std::fs::read_dir(folder.path()).unwrap();
        let mut files = files.map(|file| std::fs::read(file.unwrap().path()).unwrap());
        files.any(|bytes| bytes.windows(text.len()).any(|it| it == text.as_bytes()))
    };
    assert!(is_there(CANARY) && is_there("还没水"));
    let (now, subjects) = (town.now, ["order-1".to_owned()]);
    town.center.redact(&subjects, &order(), now).unwrap();
    town.center.shred().unwrap();
    assert!(!is_there(CANARY) && !is_there("还没水"));
    assert!(is_there("另一件"), "what was not asked for stays");
    drop(town);
    assert!(!is_there(CANARY));
    let ledger = SqliteLedger::open(&path).unwrap();
    verify(&ledger).unwrap();
}
