//! The power goes at any moment: nothing the center answered is lost, and what is there is in order.
//!
//! One working day is recorded; then disks are made as a power loss may leave them after each thing
//! that was done to the files, and a center is started on each. `POWER_LOSS_IMAGES` says how many.

use std::env;
use std::path::Path;

use center::{Center, Ledger, RecordChange, Records, SqliteLedger, SqliteRecords, Written};
use fault_disk::{Disk, Image, Recording, Synchronous};
use rusqlite::Connection;
use wire::{Answer, Cursor, Entry, Envelope, verify_page};

use crate::town::{Town, dispatch, push_of, register, rules, start, supplement};

/// So many in every run of the tests; the moments are spread over the day.
const IMAGES: usize = 120;
const N_ORDERS: u64 = 24;
const FILE: &str = "center.db";

/// A day at a center, with what was to be read back after each acknowledgement.
struct Day {
    recording: Recording,
    entries: Vec<Entry>,
    envelopes: Vec<Envelope>,
    /// Of each acknowledgement: how far the feed and the records were.
    acknowledged: Vec<Told>,
}

#[derive(Clone, Copy)]
struct Told {
    n_entries: u64,
    count: u64,
}

/// What became of a center after a power loss.
#[derive(Debug, PartialEq, Eq)]
enum Found {
    Whole,
    /// Something that was acknowledged is gone.
    Lost,
    /// It does not open, or what it has does not make sense.
    Broken(String),
}

fn a_day() -> Day {
    let folder = tempfile::tempdir().unwrap();
    let disk = Disk::watch(folder.path()).unwrap();
    let path = folder.path().join(FILE);
    let mut day = Clerk {
        town: Town::new(SqliteLedger::open(&path).unwrap()),
        records: SqliteRecords::open(&path).unwrap(),
        disk,
        told: Vec::new(),
    };
    day.acknowledge();
    let mut desk = day.town.desk("一");
    day.acknowledge();
    let mut envelopes = Vec::new();
    for n in 1..=N_ORDERS {
        let order = format!("order-{n}");
        let text = "停水两天，".repeat(usize::try_from(n * 7).unwrap());
        let number = format!("QX-{n}");
        let commands = [
            register(&number, &text),
            dispatch("水务"),
            supplement(&text),
        ];
        for command in commands {
            envelopes.push(day.town.order(&mut desk, "受理员", &order, command));
            day.town.push(vec![envelopes.last().unwrap().clone()]);
            day.acknowledge();
        }
        let count = n.to_string();
        let written = day.records.write(&[RecordChange::put("n", "count", count)]);
        assert_eq!(written.unwrap(), Written::Done);
        day.acknowledge();
        // From beside, as by another connection that is closed: into the file while others read on,
        // and with the log begun anew.
        let mode = match n % 6 {
            2 => "PASSIVE",
            4 => "RESTART",
            0 => "TRUNCATE",
            _ => continue,
        };
        let beside = Connection::open(&path).unwrap();
        let sql = format!("PRAGMA wal_checkpoint({mode})");
        beside.query_row(&sql, [], |_| Ok(())).unwrap();
    }
    Day {
        recording: day.disk.recording(),
        entries: day.town.entries(),
        envelopes,
        acknowledged: day.told,
    }
}

struct Clerk {
    town: Town<SqliteLedger>,
    records: SqliteRecords,
    disk: Disk,
    told: Vec<Told>,
}

impl Clerk {
    fn acknowledge(&mut self) {
        let count = self.records.get("n", "count").unwrap();
        self.disk.acknowledge(self.told.len() as u64);
        self.told.push(Told {
            n_entries: self.town.center.ledger().feed().unwrap().end.seq,
            count: count.map_or(0, |it| it.parse().unwrap()),
        });
    }
}

impl Day {
    fn look_at(&self, image: &Image) -> Found {
        let folder = tempfile::tempdir().unwrap();
        image.write_to(folder.path()).unwrap();
        let told = image
            .acknowledged
            .map(|n| self.acknowledged[usize::try_from(n).unwrap()]);
        self.look_into(&folder.path().join(FILE), told)
            .unwrap_or_else(|fault| Found::Broken(format!("{fault:#}")))
    }

    fn look_into(&self, path: &Path, told: Option<Told>) -> anyhow::Result<Found> {
        let ledger = SqliteLedger::open(path)?;
        let count = SqliteRecords::open(path)?.get("n", "count")?;
        let count = count.map_or(0, |it| it.parse().unwrap());
        let integrity: String =
            Connection::open(path)?.query_row("PRAGMA integrity_check", [], |row| row.get(0))?;
        anyhow::ensure!(integrity == "ok", "{integrity}");
        let entries = ledger.entries_after(0, 10_000, usize::MAX)?;
        if let Some(last) = entries.last() {
            verify_page(Cursor::START, last.epoch, &entries)?;
        }
        anyhow::ensure!(self.entries.starts_with(&entries), "Another feed");
        let told = told.unwrap_or(Told {
            n_entries: 0,
            count: 0,
        });
        if (entries.len() as u64) < told.n_entries || count < told.count {
            return Ok(Found::Lost);
        }
        self.goes_on(ledger)?;
        Ok(Found::Whole)
    }

    /// The desk that has heard no answer pushes its whole day again: each intent is answered once.
    fn goes_on(&self, ledger: SqliteLedger) -> anyhow::Result<()> {
        let mut center = Center::open(ledger, rules(), start())?;
        let answer = center.handle(&push_of(self.envelopes.clone()), start())?;
        let Answer::Pushed(pushed) = answer else {
            // The power went before the desk was enrolled.
            anyhow::ensure!(answer == Answer::Unauthorised, "{answer:?}");
            return Ok(());
        };
        anyhow::ensure!(pushed.head == self.envelopes.last().unwrap().head());
        let entries = center.ledger().entries_after(0, 10_000, usize::MAX)?;
        for envelope in &self.envelopes {
            let answers = entries
                .iter()
                .filter(|it| it.origin.as_ref().is_some_and(|it| it.id == envelope.id));
            anyhow::ensure!(answers.count() == 1, "{} is answered once", envelope.id);
        }
        Ok(())
    }

    /// Looks at images from the whole day, and tells how many were whole, lost and broken.
    fn after_power_losses(&self, recording: &Recording, n_images: usize) -> [usize; 3] {
        let mut found = [0; 3];
        for n in 0..n_images {
            // Each moment once, then each again with other dice.
            let n_ops = 1 + (n * 7919) % recording.len();
            let seed = (n / recording.len()) as u64;
            match self.look_at(&recording.image(n_ops, seed)) {
                Found::Whole => found[0] += 1,
                Found::Lost => found[1] += 1,
                Found::Broken(_) => found[2] += 1,
            }
        }
        println!("{n_images} images of {}: {found:?}", recording.len());
        found
    }
}

fn n_images() -> usize {
    match env::var("POWER_LOSS_IMAGES") {
        Ok(n) => n.parse().unwrap(),
        Err(_) => IMAGES,
    }
}

#[test]
fn nothing_acknowledged_is_lost() {
    let day = a_day();
    let n = n_images();
    assert_eq!(day.after_power_losses(&day.recording, n), [n, 0, 0]);
}

/// That the images can show a loss: SQLite that syncs less would lose what it promised, and one that
/// does not sync at all would be broken.
#[test]
fn less_syncing_is_found_out() {
    let day = a_day();
    let normal = day.recording.as_if(Synchronous::Normal);
    let [whole, lost, broken] = day.after_power_losses(&normal, 40);
    assert!(
        whole > 0 && lost > 0 && broken == 0,
        "{lost} lost, {broken} broken"
    );
    let off = day.recording.as_if(Synchronous::Off);
    let [_, lost, broken] = day.after_power_losses(&off, 40);
    assert!(broken > 0, "{lost} lost, {broken} broken");
}
