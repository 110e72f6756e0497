//! Where the ledger and the records are kept: SQLite in the data folder, or what `--database` names.

pub use center::{AnyLedger, AnyRecords, Database};
