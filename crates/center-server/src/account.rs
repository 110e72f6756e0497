//! 账号: who may come in, and for how long. People themselves stand in the staff table
//! ([`wire::Reference::Staff`]); here is only what proves that somebody is one of them.
//!
//! - A try is counted before it is looked at, in the records, so that neither a crash nor a hundred
//!   tries at once are tries for nothing. Whoever is not known here is counted all the same, and
//!   takes as long: nobody learns who is.
//! - After [`TRIES_FREE`] wrong tries a person waits, twice as long each time; an address that tries
//!   many persons waits too.
//! - A session is a random token of which only the hash is kept. It ends when nothing was done for
//!   [`SESSION_IDLE_MINUTES`], after [`SESSION_HOURS`] in any case, and at once when the person is
//!   disabled or the password changed.

mod attempt;
mod password;
mod session;
mod sign_in;

use std::net::IpAddr;
use std::sync::Mutex;

use tokio::sync::Semaphore;

pub use attempt::{
    ADDRESS_MINUTES, ADDRESS_TRIES, LOCK_FIRST_SECONDS, LOCK_LONGEST_SECONDS, TRIES_FREE, TriedAt,
};
pub use password::{
    PASSWORD_MAX_CHARS, PASSWORD_MIN_CHARS, PASSWORD_PLAIN_MIN_CHARS, temporary_password,
};
pub use session::{SESSION_HOURS, SESSION_IDLE_MINUTES, Session, SessionToken};
pub(crate) use sign_in::is_key;
pub use sign_in::{FIRST_PASSWORD_DAYS, OFFLINE_HOURS};

use attempt::Addresses;

/// Passwords looked at at once: each takes 64 MiB and a tenth of a second.
const HASHES_AT_ONCE: usize = 2;
/// Who waits for that at most; more are told to come again.
const HASHES_WAITING: usize = 64;

/// What the accounts remember beside their records.
#[derive(Debug)]
pub struct Accounts {
    addresses: Mutex<Addresses>,
    hashing: Semaphore,
    waiting: Semaphore,
}

impl Default for Accounts {
    fn default() -> Self {
        Self {
            addresses: Mutex::default(),
            hashing: Semaphore::new(HASHES_AT_ONCE),
            waiting: Semaphore::new(HASHES_WAITING),
        }
    }
}

/// Where a try comes from: a whole network of the size that one household gets, for IPv6.
pub(crate) fn network_of(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V4(_) => address,
        IpAddr::V6(six) => {
            let [a, b, c, d, ..] = six.segments();
            let network = IpAddr::V6(std::net::Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0));
            six.to_ipv4_mapped().map_or(network, IpAddr::V4)
        }
    }
}
