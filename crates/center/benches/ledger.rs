//! What a commit costs in SQLite and in PostgreSQL, side by side on one disk, with what the disk
//! itself needs to sync a page. The figures mean something beside each other only.
//!
//! `cargo bench -p center`

#![expect(clippy::print_stdout, reason = "the table is what it is for")]

use std::fs::File;
use std::io::Write as _;
use std::sync::Arc;
use std::time::Instant;

use anyhow::Result;
use center::{
    Batch, ChainIntent, DeskRecord, KeptIntent, Ledger, OrderKey, PostgresAddress, PostgresLedger,
    SqliteLedger,
};
use chrono::DateTime;
use domain::ActorId;
use domain::rule_set::RuleSetId;
use testkit::PrivatePostgres;
use wire::{Cover, DeskId, Entry, EntryBody, Envelope, Hash, Head, Origin, Salt, Sealing};

/// Intents in a batch, and how many of them are committed.
const BATCHES: [(usize, u32); 3] = [(1, 400), (10, 200), (100, 60)];
const N_SYNCS: u32 = 400;
const ROUNDS: usize = 3;
/// About as long as an order is.
const COMMAND: &str =
    r#"{"command":"supplement","text":"小区停水两天，物业说是二次供水的水泵坏了，"#;

fn main() -> Result<()> {
    let cluster = PrivatePostgres::start()?;
    println!("{:<28}{:>12}{:>14}", "", "commits/s", "intents/s");
    for round in 1..=ROUNDS {
        println!("round {round}");
        let folder = tempfile::tempdir()?;
        println!(
            "{:<28}{:>12.0}",
            "  a page synced",
            syncs_per_second(folder.path())?
        );
        let mut sqlite = SqliteLedger::open(&folder.path().join("center.db"))?;
        let address = PostgresAddress::parse(&cluster.new_database()?)?;
        let mut postgres = PostgresLedger::open(&address)?;
        let (mut in_sqlite, mut in_postgres) = (Desk::new(), Desk::new());
        for (n_intents, n_commits) in BATCHES {
            measure("SQLite", &mut sqlite, &mut in_sqlite, n_intents, n_commits)?;
            measure(
                "PostgreSQL",
                &mut postgres,
                &mut in_postgres,
                n_intents,
                n_commits,
            )?;
        }
    }
    Ok(())
}

fn measure(
    name: &str,
    ledger: &mut impl Ledger,
    desk: &mut Desk,
    n_intents: usize,
    n_commits: u32,
) -> Result<()> {
    let mut end = ledger.feed()?.end;
    let mut batches = Vec::new();
    for _ in 0..n_commits {
        let batch = desk.batch(end, n_intents)?;
        end = batch.entries.last().map_or(end, Entry::cursor);
        batches.push(batch);
    }
    let since = Instant::now();
    for batch in &batches {
        ledger.commit(batch)?;
    }
    let commits = f64::from(n_commits) / since.elapsed().as_secs_f64();
    let intents = commits * f64::from(u32::try_from(n_intents)?);
    let label = format!("  {name}, {n_intents} at a time");
    println!("{label:<28}{commits:>12.0}{intents:>14.0}");
    Ok(())
}

fn syncs_per_second(folder: &std::path::Path) -> Result<f64> {
    let mut file = File::create(folder.join("synced"))?;
    let since = Instant::now();
    for _ in 0..N_SYNCS {
        file.write_all(&[7; 4096])?;
        file.sync_data()?;
    }
    Ok(f64::from(N_SYNCS) / since.elapsed().as_secs_f64())
}

/// One that pushes.
struct Desk {
    head: Head,
}

impl Desk {
    fn new() -> Self {
        Self { head: Head::START }
    }

    fn batch(&mut self, after: wire::Cursor, n_intents: usize) -> Result<Batch> {
        let mut batch = Batch::new(after);
        let mut end = after;
        for _ in 0..n_intents {
            let envelope = self.envelope();
            let sealing = Sealing {
                epoch: 1,
                after: end,
                recorded_at: DateTime::UNIX_EPOCH,
                subject: envelope.subject.clone(),
                origin: Some(Origin::of(&envelope)),
                salt: Salt([9; 16]),
            };
            let body = EntryBody::Recovered {
                kind: envelope.kind.clone(),
                command: envelope.command.clone(),
                about: envelope.subject.clone(),
                acted_at: None,
            };
            let entry = Entry::seal(sealing, &body)?;
            end = entry.cursor();
            batch.orders.push(OrderKey {
                subject: envelope.subject.clone(),
                number: format!("20261123-W01-{}", envelope.number),
                phone: "13800001234".to_owned(),
            });
            let seq = entry.seq;
            batch.entries.push(entry);
            let kept = Arc::new(KeptIntent::of(envelope)?);
            batch.chain.push(ChainIntent { kept, seq });
        }
        batch.desks.push(DeskRecord {
            id: DeskId("W01".to_owned()),
            head: self.head,
            forked_at: None,
            is_revoked: false,
            machine: String::new(),
        });
        Ok(batch)
    }

    fn envelope(&mut self) -> Envelope {
        let number = self.head.number + 1;
        let envelope = Envelope {
            desk: DeskId("W01".to_owned()),
            number,
            id: format!("0197f3b2-0000-7000-8000-{number:012}"),
            subject: format!("0197f3b2-0000-7000-9000-{:012}", number / 4),
            kind: "supplement".to_owned(),
            command: COMMAND.repeat(6),
            actor: ActorId("1001".to_owned()),
            occurred_at: DateTime::UNIX_EPOCH,
            rule_set: RuleSetId("QX-2023-66".to_owned()),
            base_version: 2,
            cover: Cover::Bare,
            previous_hash: self.head.hash,
            witness: None,
            hash: Hash::CHAIN_START,
        }
        .sealed();
        self.head = envelope.head();
        envelope
    }
}
