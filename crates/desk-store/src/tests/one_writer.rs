//! One writer and many readers: each reader sees one moment, and a panic costs one change.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, Ordering};

use super::*;

#[test]
fn readers_see_one_moment_while_the_writer_goes_on() {
    const N_COMMITS: u64 = 60;
    let desk = Desk::new();
    let is_over = AtomicBool::new(false);
    std::thread::scope(|scope| {
        // More than the pool has, so that some wait for their turn.
        for _ in 0..READERS_MAX + 2 {
            scope.spawn(|| {
                let mut last = 0;
                while !is_over.load(Ordering::Relaxed) {
                    let seen = desk.query(|reader| {
                        let n_intents = reader.count_waiting()?;
                        let n_orders = reader.count(Queue::All)?;
                        let ids = reader.all_work_order_ids()?;
                        Ok([n_intents, n_orders, ids.len() as u64])
                    });
                    assert!(seen.iter().all(|n| *n == seen[0]), "{seen:?}");
                    assert!(seen[0] >= last, "{last} and then {seen:?}");
                    last = seen[0];
                }
            });
        }
        for n in 1..=N_COMMITS {
            desk.change(|writer| register_order(writer, n, "小区停水"));
        }
        is_over.store(true, Ordering::Relaxed);
    });
    assert_eq!(desk.query(|reader| reader.count(Queue::All)), N_COMMITS);
}

#[test]
fn an_error_and_a_panic_keep_nothing() {
    let desk = Desk::new();
    let refused: Result<(), StoreFault> = desk.store().commit(|writer| {
        register_order(writer, 1, "小区停水")?;
        Err(StoreFault::Busy)
    });
    assert!(refused.is_err());
    for _ in 0..2 {
        let panicked = catch_unwind(AssertUnwindSafe(|| {
            desk.change(|writer| {
                register_order(writer, 1, "小区停水")?;
                panic!("a bug, on purpose");
                #[expect(unreachable_code, reason = "gives the closure its type")]
                Ok(())
            });
        }));
        assert!(panicked.is_err());
        assert_eq!(desk.query(|reader| reader.count(Queue::All)), 0);
    }
    assert_eq!(
        desk.change(|writer| register_order(writer, 1, "小区停水")),
        1
    );
    desk.store()
        .read(|reader| Ok(reader.verify_chain()?))
        .unwrap();
}

#[test]
fn a_panic_in_a_reader_gives_its_place_back() {
    let desk = Desk::new();
    for _ in 0..READERS_MAX * 2 {
        let panicked = catch_unwind(AssertUnwindSafe(|| {
            desk.query(|_| -> Result<(), StoreFault> { panic!("a bug, on purpose") });
        }));
        assert!(panicked.is_err());
    }
    desk.change(|writer| register_order(writer, 1, "小区停水"));
    assert_eq!(desk.query(|reader| reader.count(Queue::All)), 1);
}

#[test]
fn a_reader_cannot_write() {
    let desk = Desk::new();
    let error = desk.store().read(|reader| {
        let sql = "DELETE FROM meta";
        Ok(reader.connection().execute(sql, [])?)
    });
    assert!(error.unwrap_err().to_string().contains("readonly"));
}
