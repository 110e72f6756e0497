//! 中心服务: the server around [`center::Center`]. Desks, units, citizens and the administrator come
//! in by doors of their own; all of them are handed one [`Office`].
//!
//! - [`writer`]: one thread owns the center and whatever else is written. It takes jobs from a
//!   bounded queue, commits what several desks pushed as one, and answers after the commit.
//! - [`readers`]: connections that only read, beside the writer.
//! - [`follower`]: one thread reads the feed and draws the rows that pages are made of
//!   ([`follower::Projection`]). What goes out of the house goes out from there.
//! - `desks_door`: what desks ask, over TLS, each with a certificate of the center's own.
//! - [`admin`]: the administrator's commands, over a socket in the data folder.
//! - `audit`: what was done, chained, and what desks say of their chains.
//! - [`account`]: who may come in, and for how long.
//! - [`web_door`]: the units' portal, the citizens' page, Open311, `/healthz` and `/readyz`.
//! - [`sharing`]: what units and authorities read by programs of their own.
//!
//! No handler waits for a disk or a password on the runtime's threads.

pub mod account;
pub mod admin;
pub mod api_key;
mod audit;
pub mod authority;
pub mod blob;
pub mod cli;
pub mod clock;
pub mod config;
pub mod core_dump;
pub mod database;
pub mod delivery;
pub mod demo;
mod desks_door;
mod door;
pub mod enrolment;
mod folder;
pub mod follower;
pub mod form;
mod hex;
pub mod init;
pub mod number;
pub mod office;
pub mod open311;
pub mod outbox;
pub mod portal;
pub mod public;
pub mod readers;
pub(crate) mod recount;
pub mod reference;
mod retention;
pub mod sealed_file;
pub mod server;
pub mod sharing;
mod snapshot;
mod tally;
pub mod upstream;
mod urging;
pub mod web_door;
pub mod webhook;
pub mod writer;

pub use clock::{Clock, SystemClock};
pub use config::Config;
pub use door::Peer;
pub use office::Office;
pub use server::{Core, Server};
