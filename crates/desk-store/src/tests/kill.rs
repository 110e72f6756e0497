//! `kill -9` at any moment: what was confirmed is there.
//!
//! The test runs this test binary again as another program that commits and confirms in a loop, and
//! kills it at a random moment. It proves nothing about power cuts: the system's cache outlives the
//! process. For those, `synchronous=FULL` was measured (sync.md, "Power loss").

use std::io::{BufRead, BufReader, Write};
use std::os::unix::process::ExitStatusExt;
use std::process::{Command, Stdio};

use super::*;
use crate::key::fill_random;

const N_KILLS: usize = 20;
/// The child's folder and key; without them the child test does nothing.
const FOLDER: &str = "DESK_STORE_KILL_FOLDER";
const KEY: &str = "DESK_STORE_KILL_KEY";

/// Not a test of its own: the program that gets killed.
#[test]
fn child() {
    let (Ok(folder), Ok(key)) = (std::env::var(FOLDER), std::env::var(KEY)) else {
        return;
    };
    let key = DatabaseKey::from_bytes(&crate::columns::from_hex(&key).unwrap()).unwrap();
    let store = Store::open(Path::new(&folder), &key).unwrap();
    let first = store.read(|reader| Ok(reader.count_waiting()?)).unwrap() + 1;
    for n in first.. {
        store
            .commit(|writer| register_order(writer, n, "小区停水"))
            .unwrap();
        let mut out = std::io::stdout().lock();
        writeln!(out, "confirmed {n}").unwrap();
        out.flush().unwrap();
    }
}

#[test]
fn nothing_confirmed_is_lost() {
    let mut desk = Desk::new();
    desk.close();
    let mut n_confirmed = 0;
    for _ in 0..N_KILLS {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "tests::kill::child", "--nocapture"])
            .env(FOLDER, desk.path())
            .env(KEY, crate::columns::to_hex(desk.key.as_bytes()))
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let [wanted, spins] = random_bytes();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        for _ in 0..wanted % 24 {
            n_confirmed = confirmed(&mut lines).unwrap();
        }
        // Somewhere inside the next commit.
        for _ in 0..u32::from(spins) * 4_000 {
            std::hint::spin_loop();
        }
        child.kill().unwrap();
        assert_eq!(child.wait().unwrap().signal(), Some(9));
        // Some were confirmed before the signal came.
        while let Some(n) = confirmed(&mut lines) {
            n_confirmed = n;
        }

        let store = desk.open().unwrap();
        store.check().unwrap();
        let n_kept = store
            .read(|reader| {
                reader.verify_chain()?;
                let n_kept = reader.count_waiting()?;
                assert_eq!(reader.count(Queue::All)?, n_kept);
                for n in 1..=n_kept {
                    assert!(reader.load_work_order(&format!("order-{n}"))?.is_some());
                }
                Ok(n_kept)
            })
            .unwrap();
        // The last may have been committed and not confirmed any more.
        assert!(
            n_kept == n_confirmed || n_kept == n_confirmed + 1,
            "{n_kept} kept, {n_confirmed} confirmed"
        );
        n_confirmed = n_kept;
    }
    assert!(n_confirmed > 0);
}

/// The number of the next confirmation; `None` when the child is gone. A line cut off by the kill
/// was not received.
fn confirmed(lines: &mut impl Iterator<Item = std::io::Result<String>>) -> Option<u64> {
    lines.find_map(|line| {
        let line = line.unwrap();
        line.strip_prefix("confirmed ").map(|n| n.parse().unwrap())
    })
}

fn random_bytes() -> [u8; 2] {
    let mut bytes = [0; 2];
    fill_random(&mut bytes).unwrap();
    bytes
}
