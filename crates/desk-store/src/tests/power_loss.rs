//! The power goes at any moment: nothing a person was told is saved is lost, and the desk works on.
//!
//! A day is recorded at a desk that joins and speaks with a center; then disks are made as a power
//! loss may leave them after each thing that was done to the files, and a desk is opened on each.
//! `POWER_LOSS_IMAGES` says how many.

use std::env;

use center::{Center, MemoryLedger};
use fault_disk::{Disk, Image, Recording, Synchronous};

use super::sync::{center, is_in_step, open, talk};
use super::*;
use crate::connection;

/// So many in every run of the tests; the moments are spread over the day.
const IMAGES: usize = 80;
const N_ORDERS: u64 = 24;

struct Day {
    recording: Recording,
    key: DatabaseKey,
    center: Center<MemoryLedger>,
    /// Of each acknowledgement: what was saved, and how far the feed was read.
    acknowledged: Vec<Told>,
}

#[derive(Clone, Copy, Default)]
struct Told {
    n_orders: u64,
    seq: u64,
}

/// What became of a desk after a power loss.
enum Found {
    Whole,
    /// Something that was acknowledged is gone.
    Lost,
    /// It does not open, or what it has does not make sense.
    Broken(anyhow::Error),
}

fn a_day() -> Day {
    let folder = tempfile::tempdir().unwrap();
    let disk = Disk::watch(folder.path()).unwrap();
    let (desk, mut center) = (Desk::in_folder(folder), center());
    let mut told: Vec<Told> = Vec::new();
    let mut acknowledge = |desk: &Desk, n_orders: u64| {
        let seq = desk.query(Reader::sync_position).cursor.seq;
        disk.acknowledge(told.len() as u64);
        told.push(Told { n_orders, seq });
    };
    acknowledge(&desk, 0);
    for n in 1..=N_ORDERS {
        let text = "小区停水，".repeat(usize::try_from(n * 5).unwrap());
        desk.change(|writer| register_order(writer, n, &text));
        acknowledge(&desk, n);
        if n == 6 {
            center.allow_enrolment("code").unwrap();
            talk(&desk, &mut center, Some("code"));
            acknowledge(&desk, n);
        } else if n % 4 == 2 && n > 6 {
            talk(&desk, &mut center, None);
            acknowledge(&desk, n);
        }
        // From beside, as by another connection that is closed: into the file while others read on,
        // and with the log begun anew.
        let mode = match n % 6 {
            2 => "PASSIVE",
            4 => "RESTART",
            0 => "TRUNCATE",
            _ => continue,
        };
        let beside = connection::open_writer(&desk.database(), &desk.key).unwrap();
        let sql = format!("PRAGMA wal_checkpoint({mode})");
        beside.query_row(&sql, [], |_| Ok(())).unwrap();
    }
    Day {
        recording: disk.recording(),
        key: DatabaseKey::from_bytes(desk.key.as_bytes()).unwrap(),
        center,
        acknowledged: told,
    }
}

impl Day {
    fn look_at(&self, image: &Image) -> Found {
        let folder = tempfile::tempdir().unwrap();
        image.write_to(folder.path()).unwrap();
        let told = image.acknowledged.map_or(Told::default(), |n| {
            self.acknowledged[usize::try_from(n).unwrap()]
        });
        self.look_into(folder, told).unwrap_or_else(Found::Broken)
    }

    fn look_into(&self, folder: TempDir, told: Told) -> anyhow::Result<Found> {
        let store = Store::open(folder.path(), &self.key)?;
        store.check()?;
        let (n_orders, position) = store.read(|reader| {
            reader.verify_chain()?;
            let n_orders = reader.count(Queue::All)?;
            for n in 1..=n_orders {
                let order = reader.load_work_order(&format!("order-{n}"))?;
                anyhow::ensure!(order.is_some(), "order {n} is gone, {n_orders} are there");
            }
            Ok((n_orders, reader.sync_position()?))
        })?;
        if n_orders < told.n_orders || position.cursor.seq < told.seq {
            return Ok(Found::Lost);
        }
        // It works on, and comes in step with what the center has become meanwhile.
        let desk = Desk {
            store: Some(store),
            key: DatabaseKey::from_bytes(self.key.as_bytes()).unwrap(),
            folder,
        };
        if position.desk.is_some() {
            let mut center = open(self.center.ledger().clone());
            talk(&desk, &mut center, None);
            anyhow::ensure!(is_in_step(&desk, &center), "It does not come in step");
        }
        desk.store()
            .commit(|writer| register_order(writer, 99, "井盖丢了"))?;
        Ok(Found::Whole)
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
                Found::Broken(fault) => {
                    println!("after {n_ops} with seed {seed}: {fault:#}");
                    found[2] += 1;
                }
            }
        }
        println!("{n_images} images of {}: {found:?}", recording.len());
        found
    }
}

#[test]
fn nothing_acknowledged_is_lost() {
    let day = a_day();
    let n = env::var("POWER_LOSS_IMAGES").map_or(IMAGES, |n| n.parse().unwrap());
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
