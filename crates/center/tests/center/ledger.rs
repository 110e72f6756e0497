//! What every ledger must do, run on each. Another store joins by one more line of `on_each!`.

use std::sync::Arc;

use center::{
    Batch, BranchIntent, ChainIntent, DeskRecord, Enrolment, Epoch, KeptIntent, Ledger,
    MemoryLedger, OrderKey, PostgresLedger, SqliteLedger,
};
use chrono::DateTime;
use domain::ActorId;
use domain::rule_set::RuleSetId;
use wire::{Cover, Cursor, DeskId, Entry, EntryBody, Envelope, Hash, Head, Origin, Salt, Sealing};

use crate::postgres::new_database;

/// A ledger under test, and how it is closed and opened again.
struct Bench<L> {
    ledger: L,
    reopen: Box<dyn Fn(L) -> L>,
}

impl<L> Bench<L> {
    fn restart(self) -> Self {
        let ledger = (self.reopen)(self.ledger);
        Self { ledger, ..self }
    }
}

fn in_memory() -> Bench<MemoryLedger> {
    Bench {
        ledger: MemoryLedger::default(),
        reopen: Box::new(|ledger| ledger),
    }
}

fn in_sqlite() -> Bench<SqliteLedger> {
    let folder = tempfile::tempdir().unwrap();
    let open = move || SqliteLedger::open(&folder.path().join("center.db")).unwrap();
    Bench {
        ledger: open(),
        reopen: Box::new(move |ledger| {
            drop(ledger);
            open()
        }),
    }
}

fn in_postgres() -> Bench<PostgresLedger> {
    let address = new_database();
    Bench {
        ledger: PostgresLedger::open(&address).unwrap(),
        reopen: Box::new(move |ledger| {
            drop(ledger);
            PostgresLedger::open(&address).unwrap()
        }),
    }
}

macro_rules! on_each {
    ($($name:ident),* $(,)?) => {
        mod memory { $(#[test] fn $name() { super::$name(super::in_memory()); })* }
        mod sqlite { $(#[test] fn $name() { super::$name(super::in_sqlite()); })* }
        mod postgres { $(#[test] fn $name() { super::$name(super::in_postgres()); })* }
    };
}

on_each!(
    a_new_ledger_is_empty,
    what_was_committed_is_read_back,
    a_batch_that_was_planned_elsewhere_is_refused_whole,
    a_gap_in_a_chain_is_refused_whole,
    pages_keep_their_limits,
    orders_are_found_by_number_and_phone,
    an_intent_is_found_in_chain_and_branch,
    desks_and_codes_are_replaced,
    what_takes_the_place_of_something_leaves_nothing_of_it,
);

fn desk() -> DeskId {
    DeskId("W01".to_owned())
}

fn envelope(number: u64, id: &str, previous_hash: Hash) -> Envelope {
    Envelope {
        desk: desk(),
        number,
        id: id.to_owned(),
        subject: "order-1".to_owned(),
        kind: "supplement".to_owned(),
        command: r#"{"command":"supplement","text":"还没水"}"#.to_owned(),
        actor: ActorId("1001".to_owned()),
        occurred_at: DateTime::from_timestamp_millis(1_795_396_500_125).unwrap(),
        rule_set: RuleSetId("QX-2023-66".to_owned()),
        base_version: 2,
        cover: Cover::Bare,
        previous_hash,
        witness: None,
        hash: Hash::CHAIN_START,
    }
    .sealed()
}

fn entry(after: Cursor, subject: &str, origin: Option<&Envelope>) -> Entry {
    let sealing = Sealing {
        epoch: 7,
        after,
        recorded_at: DateTime::from_timestamp_millis(1_795_396_500_125).unwrap(),
        subject: subject.to_owned(),
        origin: origin.map(Origin::of),
        salt: Salt([9; 16]),
    };
    Entry::seal(sealing, &EntryBody::DeskEnrolled { desk: desk() }).unwrap()
}

fn chained(envelope: Envelope, seq: u64) -> ChainIntent {
    let kept = Arc::new(KeptIntent::of(envelope).unwrap());
    ChainIntent { kept, seq }
}

/// Two intents of one desk with their entries, and one piece of news.
pub(crate) fn batch() -> Batch {
    let first = envelope(1, "a", Hash::CHAIN_START);
    let second = envelope(2, "b", first.hash);
    let entries = vec![entry(Cursor::START, "order-1", Some(&first))];
    let news = entry(entries[0].cursor(), "", None);
    let answer = entry(news.cursor(), "order-1", Some(&second));
    let head = second.head();
    Batch {
        epoch: Some(Epoch {
            number: 7,
            from_seq: 0,
            began_at: DateTime::from_timestamp_millis(1_795_396_500_125).unwrap(),
            reason: "first".to_owned(),
        }),
        entries: [entries, vec![news, answer]].concat(),
        chain: vec![chained(first, 1), chained(second, 3)],
        desks: vec![DeskRecord {
            id: desk(),
            head,
            forked_at: None,
            is_revoked: false,
            machine: "一号机".to_owned(),
        }],
        durable_seq: Some(2),
        ..Batch::new(Cursor::START)
    }
}

fn a_new_ledger_is_empty(bench: Bench<impl Ledger>) {
    let ledger = &bench.restart().ledger;
    let feed = ledger.feed().unwrap();
    assert_eq!(
        (feed.epoch, feed.end, feed.durable_seq),
        (0, Cursor::START, 0)
    );
    assert!(ledger.epochs().unwrap().is_empty());
    assert!(ledger.entries_after(0, 10, 1000).unwrap().is_empty());
    assert_eq!(ledger.entry_hash(0).unwrap(), None);
    assert_eq!(ledger.entry_hash(1).unwrap(), None);
    assert!(ledger.story_of("order-1").unwrap().is_empty());
    assert!(ledger.news().unwrap().is_empty());
    assert_eq!(ledger.desk(&desk()).unwrap(), None);
    assert_eq!(ledger.intent("a").unwrap(), None);
    assert_eq!(ledger.intent_hash(&desk(), 1).unwrap(), None);
    assert_eq!(ledger.enrolment(Hash([1; 32])).unwrap(), None);
}

fn what_was_committed_is_read_back(mut bench: Bench<impl Ledger>) {
    let batch = batch();
    bench.ledger.commit(&batch).unwrap();
    let ledger = &bench.restart().ledger;
    let feed = ledger.feed().unwrap();
    assert_eq!(feed.epoch, 7);
    assert_eq!(feed.end, batch.entries[2].cursor());
    assert_eq!(feed.durable_seq, 2);
    assert_eq!(
        ledger.epochs().unwrap(),
        batch.epoch.into_iter().collect::<Vec<_>>()
    );
    assert_eq!(ledger.entries_after(0, 10, 1 << 20).unwrap(), batch.entries);
    let story = [batch.entries[0].clone(), batch.entries[2].clone()];
    assert_eq!(ledger.story_of("order-1").unwrap(), story);
    assert!(ledger.story_of("").unwrap().is_empty());
    assert_eq!(ledger.news().unwrap(), [batch.entries[1].clone()]);
    assert_eq!(ledger.entry_hash(3).unwrap(), Some(batch.entries[2].hash));
    assert_eq!(ledger.entry_hash(4).unwrap(), None);
    assert_eq!(ledger.desk(&desk()).unwrap(), Some(batch.desks[0].clone()));
    assert_eq!(ledger.desks().unwrap(), batch.desks);
    let envelopes: Vec<_> = batch
        .chain
        .iter()
        .map(|it| it.kept.envelope().clone())
        .collect();
    assert_eq!(
        ledger.intents_after(&desk(), 0, 10, 1 << 20).unwrap(),
        envelopes
    );
    assert_eq!(
        ledger.intents_after(&desk(), 1, 10, 1 << 20).unwrap(),
        envelopes[1..]
    );
    let hash = ledger.intent_hash(&desk(), 2).unwrap();
    assert_eq!(hash, Some(envelopes[1].hash));
    assert_eq!(ledger.intent("b").unwrap().map(|place| place.seq), Some(3));
}

fn a_batch_that_was_planned_elsewhere_is_refused_whole(mut bench: Bench<impl Ledger>) {
    bench.ledger.commit(&batch()).unwrap();
    let before = bench.ledger.feed().unwrap();
    assert!(bench.ledger.commit(&batch()).is_err());
    let ledger = &bench.restart().ledger;
    assert_eq!(ledger.feed().unwrap(), before);
    assert_eq!(
        ledger.intents_after(&desk(), 0, 10, 1 << 20).unwrap().len(),
        2
    );
}

fn a_gap_in_a_chain_is_refused_whole(mut bench: Bench<impl Ledger>) {
    bench.ledger.commit(&batch()).unwrap();
    let end = bench.ledger.feed().unwrap().end;
    let late = envelope(4, "d", Hash([3; 32]));
    let broken = Batch {
        entries: vec![entry(end, "order-1", Some(&late))],
        chain: vec![chained(late, 4)],
        ..Batch::new(end)
    };
    assert!(bench.ledger.commit(&broken).is_err());
    let ledger = &bench.restart().ledger;
    assert_eq!(ledger.feed().unwrap().end, end);
    assert_eq!(ledger.intent("d").unwrap(), None);
    assert_eq!(ledger.entry_hash(4).unwrap(), None);
}

fn pages_keep_their_limits(mut bench: Bench<impl Ledger>) {
    bench.ledger.commit(&batch()).unwrap();
    let ledger = &bench.ledger;
    let n_bytes = ledger.entries_after(0, 1, 1).unwrap()[0].body.len();
    let n = |after, n_max, bytes_max| ledger.entries_after(after, n_max, bytes_max).unwrap().len();
    assert_eq!(n(0, 2, 1 << 20), 2);
    assert_eq!(n(0, 10, 1), 1, "one at least");
    assert_eq!(n(0, 10, 2 * n_bytes), 2);
    assert_eq!(n(0, 10, 2 * n_bytes - 1), 1);
    assert_eq!(n(3, 10, 1 << 20), 0);
    let n = |bytes_max| {
        ledger
            .intents_after(&desk(), 0, 10, bytes_max)
            .unwrap()
            .len()
    };
    assert_eq!((n(1), n(1 << 20)), (1, 2));
    assert_eq!(
        ledger.intents_after(&desk(), 0, 1, 1 << 20).unwrap().len(),
        1
    );
}

fn what_takes_the_place_of_something_leaves_nothing_of_it(mut bench: Bench<impl Ledger>) {
    let mut batch = batch();
    for ChainIntent { kept, seq } in std::mem::take(&mut batch.chain) {
        let envelope = Envelope {
            cover: Cover::Salted(Salt([7; 16])),
            ..kept.envelope().clone()
        };
        batch.chain.push(chained(envelope, seq));
    }
    let chained = batch.chain[0].kept.envelope().clone();
    let branched = Envelope {
        desk: DeskId("W02".to_owned()),
        ..chained.clone()
    };
    batch.branch.push(BranchIntent {
        envelope: branched.clone(),
        seq: 1,
    });
    batch.orders.push(OrderKey {
        subject: "order-1".to_owned(),
        number: "QX-1".to_owned(),
        phone: "13800001234".to_owned(),
    });
    bench.ledger.commit(&batch).unwrap();
    let mut called = bench.ledger.intents_called("a").unwrap();
    called.sort_by(|one, other| one.desk.cmp(&other.desk));
    assert_eq!(called, [chained.clone(), branched]);
    let redacted = Batch {
        redacted: batch.entries[..1]
            .iter()
            .filter_map(Entry::redacted)
            .collect(),
        redacted_intents: called.iter().filter_map(Envelope::redacted).collect(),
        unkeyed: vec!["order-1".to_owned()],
        ..Batch::new(batch.entries[2].cursor())
    };
    bench.ledger.commit(&redacted).unwrap();
    bench.ledger.shred().unwrap();
    let ledger = &bench.restart().ledger;
    let entries = ledger.entries_after(0, 10, 1 << 20).unwrap();
    assert_eq!(entries[0], redacted.redacted[0]);
    assert_eq!(entries[1..], batch.entries[1..]);
    let mut called = ledger.intents_called("a").unwrap();
    called.sort_by(|one, other| one.desk.cmp(&other.desk));
    assert_eq!(called, redacted.redacted_intents);
    let chain = ledger.intents_after(&desk(), 0, 10, 1 << 20).unwrap();
    assert_eq!(chain[0].command, "");
    assert_eq!(&chain[1], batch.chain[1].kept.envelope());
    assert!(ledger.orders_of_phone("13800001234", 9).unwrap().is_empty());
    assert_eq!(ledger.orders_numbered("QX-1").unwrap(), ["order-1"]);
}

fn orders_are_found_by_number_and_phone(mut bench: Bench<impl Ledger>) {
    let key = |subject: &str, number: &str, phone: &str| OrderKey {
        subject: subject.to_owned(),
        number: number.to_owned(),
        phone: phone.to_owned(),
    };
    let batch = Batch {
        orders: vec![
            key("order-1", "QX-1", "138"),
            key("order-2", "QX-2", "138"),
            key("order-3", "QX-1", ""),
        ],
        ..Batch::new(Cursor::START)
    };
    bench.ledger.commit(&batch).unwrap();
    let ledger = &bench.restart().ledger;
    assert_eq!(
        ledger.orders_numbered("QX-1").unwrap(),
        ["order-1", "order-3"]
    );
    assert!(ledger.orders_numbered("QX-3").unwrap().is_empty());
    assert_eq!(
        ledger.orders_of_phone("138", 9).unwrap(),
        ["order-2", "order-1"]
    );
    assert_eq!(ledger.orders_of_phone("138", 1).unwrap(), ["order-2"]);
}

fn an_intent_is_found_in_chain_and_branch(mut bench: Bench<impl Ledger>) {
    let batch = Batch {
        branch: vec![BranchIntent {
            envelope: envelope(9, "x", Hash([5; 32])),
            seq: 4,
        }],
        ..batch()
    };
    bench.ledger.commit(&batch).unwrap();
    let ledger = &bench.restart().ledger;
    let seq = |id: &str| ledger.intent(id).unwrap().map(|place| place.seq);
    assert_eq!((seq("a"), seq("x"), seq("y")), (Some(1), Some(4), None));
    assert_eq!(ledger.intent_hash(&desk(), 9).unwrap(), None);
}

fn desks_and_codes_are_replaced(mut bench: Bench<impl Ledger>) {
    let code_hash = Hash([4; 32]);
    let first = Batch {
        enrolments: vec![Enrolment {
            code_hash,
            desk: None,
        }],
        ..batch()
    };
    bench.ledger.commit(&first).unwrap();
    let end = bench.ledger.feed().unwrap().end;
    let quarantined = DeskRecord {
        forked_at: Some(2),
        is_revoked: true,
        head: Head::START,
        ..first.desks[0].clone()
    };
    let used = Enrolment {
        code_hash,
        desk: Some(desk()),
    };
    let second = Batch {
        desks: vec![quarantined.clone()],
        enrolments: vec![used.clone()],
        ..Batch::new(end)
    };
    bench.ledger.commit(&second).unwrap();
    let ledger = &bench.restart().ledger;
    assert_eq!(ledger.desk(&desk()).unwrap(), Some(quarantined));
    assert_eq!(ledger.enrolment(code_hash).unwrap(), Some(used));
}
