//! 审计: what was done and read, by whom, when and to what end (第十七条, 第二十一条(四)). Pure: entries,
//! the chain that holds them together, and what tells where it does not hold.
//!
//! An entry names fields and never says what stands in them, so the record can be read by an auditor who
//! may not know any citizen. Each entry carries the hash of the one before it, which shows what was
//! changed, left out or moved. What a chain alone cannot show is that its end was cut off, or that all of
//! it was made anew: for that its head is told to somebody else from time to time, a [`Checkpoint`], and
//! [`judge`] compares.
//!
//! Desks and the center keep their chains by the same rules, each in its own store.

mod chain;
mod checkpoint;
mod entry;

pub use chain::{Break, Chain, Flaw, verify};
pub use checkpoint::{Checkpoint, Claim, Judgement, judge};
pub use entry::{Alg, Digest, Entry, Head, Link, Outcome, TEXT_MAX_CHARS};
