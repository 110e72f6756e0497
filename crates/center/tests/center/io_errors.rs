//! The disk is full, or a call fails, at every call that a use case makes: it is told, nothing is
//! kept by halves, and the same works once the disk does.

use std::path::PathBuf;

use center::{
    Acted, Center, Errand, Ledger, RecordChange, Records, SqliteLedger, SqliteRecords, Written,
};
use domain::ActorId;
use fault_disk::{Disk, Fault};
use rusqlite::Connection;
use tempfile::TempDir;
use wire::{Act, Answer, Cursor, Reference, verify_page};

use crate::town::{
    Desk, Town, dispatch, member, push_of, register, rules, staff, start, supplement,
};

/// More calls than any use case makes.
const CALLS_MAX: u64 = 1_000;

struct Bench {
    town: Town<SqliteLedger>,
    desk: Desk,
    records: SqliteRecords,
    disk: Disk,
    path: PathBuf,
    _folder: TempDir,
}

fn bench() -> Bench {
    let folder = tempfile::tempdir().unwrap();
    let disk = Disk::watch(folder.path()).unwrap();
    let path = folder.path().join("center.db");
    let mut town = Town::new(SqliteLedger::open(&path).unwrap());
    let mut desk = town.desk("一");
    town.done(&mut desk, "受理员", "order-0", register("QX-0", "停水"));
    town.done(&mut desk, "受理员", "order-0", dispatch("水务"));
    Bench {
        town,
        desk,
        records: SqliteRecords::open(&path).unwrap(),
        disk,
        path,
        _folder: folder,
    }
}

impl Bench {
    /// Lets a use case meet a fault at its first call, at its second, and so on, until it meets
    /// none. `seen` is what must not change by a failure, and must when it is done.
    fn meets<T, S: PartialEq + std::fmt::Debug>(
        mut self,
        fault: Fault,
        seen: impl Fn(&Self) -> S,
        prepare: impl Fn(&mut Self, u64) -> T,
        act: impl Fn(&mut Self, T) -> anyhow::Result<()>,
    ) {
        let mut n_failed = 0;
        for k in 1..CALLS_MAX {
            let before = seen(&self);
            let prepared = prepare(&mut self, k);
            self.disk.fail(k, fault);
            let done = act(&mut self, prepared);
            let has_failed = self.disk.heal();
            if let Err(told) = done {
                assert!(has_failed, "without a reason: {told:#}");
                let text = format!("{told:#}");
                assert!(text.contains("disk"), "not plain: {text}");
                assert_eq!(seen(&self), before, "something was kept at call {k}");
                n_failed += 1;
                continue;
            }
            // A call may fail whose result nobody needs; what was told as done is there.
            assert_ne!(seen(&self), before, "nothing was done at call {k}");
            if !has_failed {
                assert!(n_failed > 0, "no call failed");
                println!("{n_failed} of {k} calls failed it");
                self.expect_order();
                return;
            }
        }
        panic!("never done");
    }

    fn expect_order(self) {
        let entries = self.town.entries();
        drop(self.town);
        let ledger = SqliteLedger::open(&self.path).unwrap();
        let there = ledger.entries_after(0, 10_000, usize::MAX).unwrap();
        assert_eq!(there, entries);
        verify_page(Cursor::START, there[0].epoch, &there).unwrap();
        Center::open(ledger, rules(), start()).unwrap();
        let connection = Connection::open(&self.path).unwrap();
        let integrity: String = connection
            .query_row("PRAGMA integrity_check", [], |row| row.get(0))
            .unwrap();
        assert_eq!(integrity, "ok");
    }
}

fn feed_end(bench: &Bench) -> u64 {
    bench.town.center.ledger().feed().unwrap().end.seq
}

macro_rules! on_each_fault {
    ($($name:ident),* $(,)?) => {
        mod full { $(#[test] fn $name() { super::$name(fault_disk::Fault::Full); })* }
        mod io { $(#[test] fn $name() { super::$name(fault_disk::Fault::Io); })* }
    };
}

on_each_fault!(
    a_push,
    an_errand_of_the_portal,
    a_change_of_a_reference_table,
    a_write_of_records,
    the_start_of_a_center,
);

fn a_push(fault: Fault) {
    let long_text = "停水两天，".repeat(2_000);
    let prepare = |bench: &mut Bench, k: u64| {
        // Just started: what it needs it reads from the disk.
        let ledger = SqliteLedger::open(&bench.path).unwrap();
        bench.town.center = Center::open(ledger, rules(), start()).unwrap();
        let (order, number) = (format!("order-{k}"), format!("QX-{k}"));
        let (id, head) = (bench.desk.id.clone(), bench.desk.head);
        let mut desk = Desk { id, head };
        let command = register(&number, &long_text);
        let intent = bench.town.order(&mut desk, "受理员", &order, command);
        (desk, push_of(vec![intent]))
    };
    bench().meets(fault, feed_end, prepare, |bench, (desk, request)| {
        let answer = bench.town.center.handle(&request, start())?;
        assert!(matches!(answer, Answer::Pushed(_)), "{answer:?}");
        bench.desk = desk;
        Ok(())
    });
}

fn an_errand_of_the_portal(fault: Fault) {
    let prepare = |_: &mut Bench, k| Errand {
        actor: ActorId("受理员".to_owned()),
        subject: "order-0".to_owned(),
        id: format!("errand-{k}"),
        act: Act::Order(supplement("还没水")),
        seen_version: None,
    };
    bench().meets(fault, feed_end, prepare, |bench, errand| {
        let acted = bench.town.center.act(&errand, start())?;
        assert!(matches!(acted, Acted::Done { .. }), "{acted:?}");
        Ok(())
    });
}

fn a_change_of_a_reference_table(fault: Fault) {
    let prepare = |_: &mut Bench, k| {
        let more = (0..500 + k).map(|n| member(&format!("受理员{n}"), &[], ""));
        Reference::Staff(staff().into_iter().chain(more).collect())
    };
    let seen = |bench: &Bench| {
        (
            feed_end(bench),
            bench.town.center.references().staff().len(),
        )
    };
    bench().meets(fault, seen, prepare, |bench, reference| {
        bench.town.center.change_reference(&reference, start())
    });
}

fn a_write_of_records(fault: Fault) {
    let prepare = |_: &mut Bench, k| -> Vec<RecordChange> {
        let rows = (0..200).map(|n| RecordChange::put("account", format!("{k}/{n}"), "{}"));
        rows.map(RecordChange::if_new).collect()
    };
    let seen = |bench: &Bench| bench.records.range("account", "", "", 9_999).unwrap().len();
    bench().meets(fault, seen, prepare, |bench, changes| {
        assert_eq!(bench.records.write(&changes)?, Written::Done);
        Ok(())
    });
}

/// On a disk without room a center does not begin; once there is, it does.
fn the_start_of_a_center(fault: Fault) {
    let folder = tempfile::tempdir().unwrap();
    let disk = Disk::watch(folder.path()).unwrap();
    let path = folder.path().join("center.db");
    let mut n_failed = 0;
    for k in 1..CALLS_MAX {
        disk.fail(k, fault);
        let begun =
            SqliteLedger::open(&path).and_then(|ledger| Center::open(ledger, rules(), start()));
        let has_failed = disk.heal();
        match begun {
            Err(told) => {
                assert!(has_failed, "without a reason: {told:#}");
                n_failed += 1;
            }
            Ok(center) if !has_failed => {
                assert!(n_failed > 0, "no call failed");
                assert_eq!(center.ledger().feed().unwrap().end.seq, 1);
                return;
            }
            Ok(_) => {}
        }
    }
    panic!("never begun");
}
