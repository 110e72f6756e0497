//! How a desk and the center come to know the same.
//!
//! [`Sync`] is a state machine without any I/O: what happened goes in ([`Input`]), what is to be
//! done comes out ([`Output`]), and it reads the desk's own ledger ([`DeskLedger`]). A driver around
//! it has the clock, the timer and the network; the simulation (`xtask/sim`) is another.
//!
//! - One question is open at a time. What is answered late, twice or never does no harm: answers
//!   carry the number of their question, and a page is verified before it is applied.
//! - Whatever changes the ledger is one [`Change`], one transaction. After a crash anywhere the
//!   machine starts anew with nothing but the ledger.
//! - Numbers decide what is pushed: everything after the last intent the center has.
//! - A desk that is far behind reads parts packed for all ([`Fetch`]), and pulls from their end.
//! - A page moves the cursor, answers intents and refolds the subjects it touches, all or nothing.
//!
//! [`view`] is what people see: what is confirmed, and their own waiting intents decided on top.

mod backoff;
mod ledger;
mod machine;
mod view;

pub use backoff::Backoff;
pub use ledger::{Change, DeskLedger, Position};
pub use machine::{
    DeskNow, Failure, Fetch, Fetched, Input, Notice, Output, Progress, RequestId, Settings, Sync,
};
pub use view::{HeldUp, Pending, View, view};
