//! The center: where every desk's intents are decided for good, and what became of them is
//! published in one feed.
//!
//! - [`Center::handle`] answers a [`wire::Request`]. It plans first: what is to be written is a
//!   [`Batch`], made from reads alone; then the batch is committed, whole or not at all, and only
//!   then an answer goes out.
//! - [`Ledger`] is where it is kept: in memory for the simulation, in SQLite for a county, in
//!   PostgreSQL where there is one. One conformance suite (`tests/center/ledger.rs`) says what each
//!   must do.
//! - [`Records`] is what the server around it keeps in the same database.
//! - [`next_part`] packs the feed's beginning for desks that are new.
//! - [`conflict`] is the table of what may come between: every command at every stage has a line.
//!
//! The number decides: a lower one is skipped, the next one is decided, a higher one is asked for
//! again. There is one writer; it may be behind any number of doors.

mod center;
pub mod conflict;
mod database;
mod decide;
mod draft;
mod feed;
mod folds;
mod ledger;
mod memory;
mod plan;
mod postgres;
mod prepared;
mod push;
mod reading;
pub mod records;
mod redaction;
mod snapshot;
mod sqlite;

pub use center::{Center, Rules};
pub use database::{AnyLedger, AnyRecords, Database};
pub use folds::Folds;
pub use ledger::{
    Batch, BranchIntent, ChainIntent, DeskRecord, Enrolment, Epoch, Feed, IntentPlace, Ledger,
    OrderKey,
};
pub use memory::{MemoryLedger, MemoryRecords};
pub use plan::{Acted, Errand, Plan, Planned};
pub use postgres::{PostgresAddress, PostgresLedger, PostgresRecords};
pub use prepared::{KeptIntent, Prepared};
pub use reading::{is_admitted, read, subject, verify};
pub use records::{Expected, Record, RecordChange, Records, Written};
pub use redaction::{Redacted, RedactionOrder, has_come_back};
pub use snapshot::{PartSize, next_part};
pub use sqlite::{LogMover, SqliteLedger, SqliteRecords, check_sqlite, copy_sqlite};
