//! The disk is full, or a call fails, at every call that a use case makes: it is told, nothing is
//! kept by halves, and the same works once the disk does.

use desk_sync::{Change, DeskLedger as _};
use fault_disk::{Disk, Fault};

use super::sync::{center, now, talk};
use super::*;

/// More calls than any use case makes.
const CALLS_MAX: u64 = 2_000;

macro_rules! on_each_fault {
    ($($name:ident),* $(,)?) => {
        mod full { $(#[test] fn $name() { super::$name(fault_disk::Fault::Full); })* }
        mod io { $(#[test] fn $name() { super::$name(fault_disk::Fault::Io); })* }
    };
}

on_each_fault!(an_order_is_registered, a_page_is_applied, a_store_is_opened);

/// Whether the desk was just started, and reads what it needs from the disk.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Start {
    Cold,
    Warm,
}

/// Lets a use case meet a fault at its first call, at its second, and so on, until it meets none.
/// `seen` is what must not change by a failure, and must when it is done.
fn meets<S: PartialEq + std::fmt::Debug>(
    mut desk: Desk,
    disk: &Disk,
    fault: Fault,
    start: Start,
    seen: impl Fn(&Desk) -> S,
    use_case: impl Fn(&Desk, u64) -> anyhow::Result<()>,
) {
    let mut n_failed = 0;
    for k in 1..CALLS_MAX {
        if start == Start::Cold {
            desk.restart();
        }
        let before = seen(&desk);
        disk.fail(k, fault);
        let done = use_case(&desk, k);
        let has_failed = disk.heal();
        if let Err(told) = done {
            assert!(has_failed, "without a reason: {told:#}");
            if fault == Fault::Full {
                let told: StoreFault = told.downcast().unwrap();
                assert!(matches!(told, StoreFault::DiskFull), "{told:?}");
            }
            assert_eq!(seen(&desk), before, "something was kept at call {k}");
            n_failed += 1;
            continue;
        }
        // A call may fail whose result nobody needs; what was told as done is there.
        assert_ne!(seen(&desk), before, "nothing was done at call {k}");
        if !has_failed {
            assert!(n_failed > 0, "no call failed");
            println!("{n_failed} of {k} calls failed it");
            desk.store().check().unwrap();
            let verify = |reader: &Reader| Ok(reader.verify_chain()?);
            desk.store().read(verify).unwrap();
            return;
        }
    }
    panic!("never done");
}

fn bench() -> (Desk, Disk) {
    let folder = tempfile::tempdir().unwrap();
    let disk = Disk::watch(folder.path()).unwrap();
    (Desk::in_folder(folder), disk)
}

fn an_order_is_registered(fault: Fault) {
    let long_text = "小区停水，".repeat(1_000);
    let seen = |desk: &Desk| {
        desk.query(|reader| {
            let n_orders = reader.all_work_order_ids()?.len();
            Ok((reader.count_waiting()?, reader.count(Queue::All)?, n_orders))
        })
    };
    for start in [Start::Warm, Start::Cold] {
        let (desk, disk) = bench();
        meets(desk, &disk, fault, start, seen, |desk, k| {
            desk.store()
                .commit(|writer| register_order(writer, k, &long_text))?;
            Ok(())
        });
    }
}

/// A page of the feed with what it draws anew: cursor, entries and all.
fn a_page_is_applied(fault: Fault) {
    let ((desk, disk), mut center) = (bench(), center());
    center.allow_enrolment("code").unwrap();
    desk.change(|writer| register_order(writer, 1, "小区停水"));
    talk(&desk, &mut center, Some("code"));
    for n in 0..60 {
        let units = wire::Reference::Units(Vec::new());
        center.change_reference(&units, now()).unwrap();
        center.allow_enrolment(&n.to_string()).unwrap();
    }
    let seen = |desk: &Desk| {
        let news = desk.query(Reader::news).len();
        (desk.query(Reader::sync_position), news)
    };
    meets(desk, &disk, fault, Start::Warm, seen, |desk, _| {
        let cursor = desk.query(Reader::sync_position).cursor;
        let ledger = center.ledger();
        let entries = center::Ledger::entries_after(ledger, cursor.seq, 20, 1 << 20)?;
        let durable_seq = cursor.seq;
        let page = Change::Page {
            entries,
            durable_seq,
        };
        SyncLedger::new(desk.store(), |_, _| Ok(())).commit(&page)
    });
}

/// A desk that cannot be opened is opened once the disk works.
fn a_store_is_opened(fault: Fault) {
    let folder = tempfile::tempdir().unwrap();
    let disk = Disk::watch(folder.path()).unwrap();
    let key = DatabaseKey::random().unwrap();
    let mut n_failed = 0;
    for k in 1..CALLS_MAX {
        disk.fail(k, fault);
        let opened = Store::open(folder.path(), &key);
        let has_failed = disk.heal();
        match opened {
            Err(told) => {
                assert!(has_failed, "without a reason: {told:#}");
                n_failed += 1;
            }
            Ok(store) if !has_failed => {
                assert!(n_failed > 0, "no call failed");
                store.check().unwrap();
                return;
            }
            Ok(_) => {}
        }
    }
    panic!("never opened");
}
