//! What every table of records must do, run on each. Another store joins by one more line of
//! `on_each!`.

use center::records::{BODY_MAX_BYTES, CHANGES_MAX, KEY_MAX_BYTES};
use center::{
    Batch, Epoch, Ledger, MemoryRecords, PostgresLedger, PostgresRecords, RecordChange, Records,
    SqliteLedger, SqliteRecords, Written,
};
use chrono::DateTime;
use wire::Cursor;

use crate::postgres::new_database;

/// A table under test, and how it is opened once more beside itself.
struct Bench<R> {
    records: R,
    again: Box<dyn Fn(&R) -> R>,
}

impl<R> Bench<R> {
    fn again(&self) -> R {
        (self.again)(&self.records)
    }

    fn restart(self) -> Self {
        let records = self.again();
        Self { records, ..self }
    }
}

fn in_memory() -> Bench<MemoryRecords> {
    Bench {
        records: MemoryRecords::default(),
        again: Box::new(MemoryRecords::clone),
    }
}

fn in_sqlite() -> Bench<SqliteRecords> {
    let folder = tempfile::tempdir().unwrap();
    let open = move || SqliteRecords::open(&folder.path().join("center.db")).unwrap();
    Bench {
        records: open(),
        again: Box::new(move |_| open()),
    }
}

fn in_postgres() -> Bench<PostgresRecords> {
    let address = new_database();
    Bench {
        records: PostgresRecords::open(&address).unwrap(),
        again: Box::new(move |_| PostgresRecords::open(&address).unwrap()),
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
    what_was_written_is_read_back,
    a_range_is_in_the_order_of_bytes_and_keeps_its_limits,
    a_write_is_all_or_nothing,
    a_change_expects_what_is_there,
    a_change_sees_the_ones_before_it,
    who_came_second_hears_of_it,
    what_is_over_a_limit_changes_nothing,
);

const PUT: fn(&'static str, &'static str, &'static str) -> RecordChange = RecordChange::put;

fn done(records: &mut impl Records, changes: &[RecordChange]) {
    assert_eq!(records.write(changes).unwrap(), Written::Done);
}

fn keys(records: &impl Records, prefix: &str, from: &str, n_max: usize) -> Vec<String> {
    let found = records.range("account", prefix, from, n_max).unwrap();
    found.into_iter().map(|record| record.key).collect()
}

fn what_was_written_is_read_back(mut bench: Bench<impl Records>) {
    let records = &mut bench.records;
    assert_eq!(records.get("account", "张三").unwrap(), None);
    done(records, &[]);
    done(records, &[PUT("account", "张三", r#"{"失败":0}"#)]);
    done(
        records,
        &[
            PUT("account", "张三", r#"{"失败":1}"#),
            PUT("session", "张三", "{}"),
            PUT("account", "", "\"𠮷\\u0000'\""),
        ],
    );
    let mut bench = bench.restart();
    let records = &mut bench.records;
    let at = |records: &dyn Records, kind: &str, key: &str| records.get(kind, key).unwrap();
    assert_eq!(at(records, "account", "张三").unwrap(), r#"{"失败":1}"#);
    assert_eq!(at(records, "session", "张三").unwrap(), "{}");
    assert_eq!(at(records, "account", "").unwrap(), "\"𠮷\\u0000'\"");
    done(
        records,
        &[
            RecordChange::remove("account", "张三"),
            RecordChange::remove("account", "李四"),
        ],
    );
    let records = &bench.restart().records;
    assert_eq!(at(records, "account", "张三"), None);
    assert_eq!(at(records, "session", "张三").unwrap(), "{}");
}

fn a_range_is_in_the_order_of_bytes_and_keeps_its_limits(mut bench: Bench<impl Records>) {
    let keys_there = ["a/2", "a/10", "B", "a%", "a/", "水/1", "a_", "a/\u{10ffff}"];
    let changes = keys_there.map(|key| PUT("account", key, "{}"));
    done(&mut bench.records, &changes);
    let beside = [PUT("accounts", "a/5", "{}"), PUT("accoun", "a/5", "{}")];
    done(&mut bench.records, &beside);
    let records = &bench.restart().records;
    let all = ["B", "a%", "a/", "a/10", "a/2", "a/\u{10ffff}", "a_", "水/1"];
    assert_eq!(keys(records, "", "", 99), all);
    assert_eq!(keys(records, "", "a/10", 2), all[3..5]);
    assert_eq!(keys(records, "a/", "", 99), all[2..6]);
    assert_eq!(keys(records, "a/", "a/10", 99), all[3..6]);
    assert_eq!(
        keys(records, "a/", "a/100", 1),
        ["a/2"],
        "it need not be there"
    );
    assert!(keys(records, "a/", "a_", 99).is_empty(), "past the prefix");
    assert_eq!(keys(records, "a/", "B", 2), all[2..4], "before the prefix");
    assert!(keys(records, "a/", "", 0).is_empty());
    assert!(records.range("nothing", "", "", 9).unwrap().is_empty());
}

fn a_write_is_all_or_nothing(mut bench: Bench<impl Records>) {
    done(&mut bench.records, &[PUT("account", "a", "1")]);
    let changes = [
        PUT("account", "b", "2"),
        RecordChange::remove("account", "a"),
        PUT("account", "c", "3").if_still("2"),
    ];
    let written = bench.records.write(&changes).unwrap();
    assert_eq!(written, Written::Conflict);
    let records = &bench.restart().records;
    assert_eq!(keys(records, "", "", 9), ["a"]);
}

fn a_change_expects_what_is_there(mut bench: Bench<impl Records>) {
    let records = &mut bench.records;
    let mut write = |change: RecordChange| records.write(&[change]).unwrap();
    assert_eq!(write(PUT("n", "a", "1").if_still("0")), Written::Conflict);
    assert_eq!(write(PUT("n", "a", "1").if_new()), Written::Done);
    assert_eq!(write(PUT("n", "a", "2").if_new()), Written::Conflict);
    assert_eq!(write(PUT("n", "a", "2").if_still("1")), Written::Done);
    assert_eq!(write(PUT("n", "a", "3").if_still("1")), Written::Conflict);
    let remove = || RecordChange::remove("n", "a");
    assert_eq!(write(remove().if_still("1")), Written::Conflict);
    assert_eq!(write(remove().if_still("2")), Written::Done);
    assert_eq!(write(remove().if_still("2")), Written::Conflict);
    assert_eq!(bench.restart().records.get("n", "a").unwrap(), None);
}

fn a_change_sees_the_ones_before_it(mut bench: Bench<impl Records>) {
    let changes = [
        PUT("n", "a", "1").if_new(),
        PUT("n", "a", "2").if_still("1"),
        RecordChange::remove("n", "a").if_still("2"),
        PUT("n", "a", "3").if_new(),
    ];
    done(&mut bench.records, &changes);
    let again = [PUT("n", "b", "1"), PUT("n", "b", "2").if_new()];
    assert_eq!(bench.records.write(&again).unwrap(), Written::Conflict);
    let records = &bench.restart().records;
    assert_eq!(records.get("n", "a").unwrap().as_deref(), Some("3"));
    assert_eq!(records.get("n", "b").unwrap(), None);
}

/// Two that count at once: what both think they have added is there.
fn who_came_second_hears_of_it(bench: Bench<impl Records + Send>) {
    const N_EACH: u32 = 50;
    let mut first = bench.again();
    done(&mut first, &[PUT("n", "count", "0")]);
    std::thread::scope(|threads| {
        for mut records in [first, bench.again()] {
            threads.spawn(move || {
                let mut n_done = 0;
                while n_done < N_EACH {
                    let was = records.get("n", "count").unwrap().unwrap();
                    let next = was.parse::<u32>().unwrap() + 1;
                    let change = RecordChange::put("n", "count", next.to_string());
                    match records.write(&[change.if_still(was)]).unwrap() {
                        Written::Done => n_done += 1,
                        Written::Conflict => {}
                    }
                }
            });
        }
    });
    let count = bench.restart().records.get("n", "count").unwrap();
    assert_eq!(count, Some((2 * N_EACH).to_string()));
}

fn what_is_over_a_limit_changes_nothing(mut bench: Bench<impl Records>) {
    let long_key = "k".repeat(KEY_MAX_BYTES + 1);
    let long_body = "b".repeat(BODY_MAX_BYTES + 1);
    let good = PUT("n", "a", "1");
    for bad in [
        RecordChange::put("n", long_key, "1"),
        RecordChange::put("n", "b", long_body),
        PUT("n", "b\0", "1"),
        PUT("n", "b", "\0"),
        RecordChange::put(
            " kind of a kind that nobody would call a kind of anything at all ",
            "b",
            "",
        ),
    ] {
        assert!(bench.records.write(&[good.clone(), bad]).is_err());
    }
    let many = vec![good; CHANGES_MAX + 1];
    assert!(bench.records.write(&many).is_err());
    let records = &bench.restart().records;
    assert_eq!(records.get("n", "a").unwrap(), None);
}

/// The writer of the feed and the follower write into one database: each waits for the other, none
/// fails.
fn ledger_and_records_write_at_once(
    ledger: &mut (impl Ledger + Send),
    records: &mut (impl Records + Send),
) {
    const N_EACH: u64 = 100;
    std::thread::scope(|threads| {
        threads.spawn(|| {
            for number in 1..=N_EACH {
                ledger.commit(&epoch(number)).unwrap();
            }
        });
        threads.spawn(|| {
            for n in 1..=N_EACH {
                let change = RecordChange::put("cursor", "follower", n.to_string());
                done(records, &[change]);
            }
        });
    });
    assert_eq!(ledger.feed().unwrap().epoch, N_EACH);
    let cursor = records.get("cursor", "follower").unwrap();
    assert_eq!(cursor, Some(N_EACH.to_string()));
}

#[test]
fn ledger_and_records_write_at_once_into_one_file() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("center.db");
    let mut ledger = SqliteLedger::open(&path).unwrap();
    ledger_and_records_write_at_once(&mut ledger, &mut SqliteRecords::open(&path).unwrap());
}

#[test]
fn ledger_and_records_write_at_once_into_one_postgres() {
    let address = new_database();
    let mut ledger = PostgresLedger::open(&address).unwrap();
    let mut records = PostgresRecords::open(&address).unwrap();
    ledger_and_records_write_at_once(&mut ledger, &mut records);
}

fn epoch(number: u64) -> Batch {
    Batch {
        epoch: Some(Epoch {
            number,
            from_seq: 0,
            began_at: DateTime::UNIX_EPOCH,
            reason: String::new(),
        }),
        ..Batch::new(Cursor::START)
    }
}
