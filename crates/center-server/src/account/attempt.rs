//! 尝试: wrong tries of a person, kept in the records; and of an address, kept in memory.

use std::collections::BTreeMap;
use std::net::IpAddr;

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::network_of;

pub(super) const KIND: &str = "attempt";
/// Wrong tries before a person has to wait.
pub const TRIES_FREE: u32 = 5;
pub const LOCK_FIRST_SECONDS: i64 = 30;
pub const LOCK_LONGEST_SECONDS: i64 = 15 * 60;
/// After so long without a try all is forgotten.
const FORGOTTEN_HOURS: i64 = 24;
/// Wrong tries from one address, whoever they were for, in [`ADDRESS_MINUTES`]. Many people of one
/// unit come by one address.
pub const ADDRESS_TRIES: u32 = 60;
pub const ADDRESS_MINUTES: i64 = 15;
/// Addresses remembered. Those that began first are forgotten first.
const ADDRESSES_MAX: usize = 10_000;
/// Rows for the tries of persons who are not known here: as many as somebody can make.
const STRANGER_ROWS: u16 = 4_096;

/// The tries of one person since the last right one.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Attempts {
    pub(super) n_tries: u32,
    #[serde(with = "chrono::serde::ts_milliseconds")]
    pub(super) last_at: DateTime<Utc>,
}

impl Attempts {
    /// Until when nothing is looked at.
    pub(super) fn locked_until(&self) -> Option<DateTime<Utc>> {
        let over = self.n_tries.checked_sub(TRIES_FREE)?;
        let doubled = LOCK_FIRST_SECONDS.checked_shl(over).unwrap_or(i64::MAX);
        let longest = if over >= 16 { i64::MAX } else { doubled };
        let seconds = longest.min(LOCK_LONGEST_SECONDS);
        Some(self.last_at + TimeDelta::seconds(seconds))
    }

    /// The same with one more.
    pub(super) fn one_more(&self, now: DateTime<Utc>) -> Self {
        let is_forgotten = now - self.last_at > TimeDelta::hours(FORGOTTEN_HOURS);
        Self {
            n_tries: if is_forgotten {
                1
            } else {
                self.n_tries.saturating_add(1)
            },
            last_at: now,
        }
    }
}

/// By which door somebody tries to come in. Whoever guesses at the one does not lock the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TriedAt {
    Desk,
    Portal,
}

/// Where the tries of a person are kept; of all who are not known together, in few rows.
pub(super) fn key_of(person: &str, is_known: bool, at: TriedAt) -> String {
    let key = row_of(person, is_known);
    match at {
        TriedAt::Desk => key,
        // No number has a blank in it.
        TriedAt::Portal => format!("portal {key}"),
    }
}

fn row_of(person: &str, is_known: bool) -> String {
    if is_known {
        return person.to_owned();
    }
    let hash = Sha256::digest(person);
    let [first, second, ..] = hash.as_slice() else {
        return "?".to_owned();
    };
    let row = u16::from_be_bytes([*first, *second]) % STRANGER_ROWS;
    format!("?{row}")
}

/// Wrong tries by address.
#[derive(Debug, Default)]
pub(super) struct Addresses {
    tries: BTreeMap<IpAddr, FromAddress>,
}

#[derive(Debug)]
struct FromAddress {
    since: DateTime<Utc>,
    n_tries: u32,
}

impl Addresses {
    /// Counts a try before it is looked at; `Err` says until when none is from there.
    pub(super) fn count(&mut self, from: IpAddr, now: DateTime<Utc>) -> Result<(), DateTime<Utc>> {
        let window = TimeDelta::minutes(ADDRESS_MINUTES);
        if self.tries.len() >= ADDRESSES_MAX {
            self.tries.retain(|_, tries| now - tries.since < window);
        }
        if self.tries.len() >= ADDRESSES_MAX {
            let oldest = self.tries.iter().min_by_key(|(_, tries)| tries.since);
            let oldest = oldest.map(|(address, _)| *address);
            oldest.map(|address| self.tries.remove(&address));
        }
        let fresh = || FromAddress {
            since: now,
            n_tries: 0,
        };
        let tries = self.tries.entry(network_of(from)).or_insert_with(fresh);
        if now - tries.since >= window || now < tries.since {
            *tries = fresh();
        }
        if tries.n_tries >= ADDRESS_TRIES {
            return Err(tries.since + window);
        }
        tries.n_tries += 1;
        Ok(())
    }

    /// The try was right: it is not held against the address.
    pub(super) fn forgive(&mut self, from: IpAddr) {
        if let Some(tries) = self.tries.get_mut(&network_of(from)) {
            tries.n_tries = tries.n_tries.saturating_sub(1);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(1_795_395_600 + seconds, 0).unwrap()
    }

    #[test]
    fn each_wrong_try_waits_twice_as_long() {
        let mut tries = Attempts::default();
        let mut waits = Vec::new();
        for _ in 0..14 {
            tries = tries.one_more(at(0));
            let until = tries.locked_until();
            waits.push(until.map_or(0, |until| (until - at(0)).num_seconds()));
        }
        assert_eq!(
            waits,
            [0, 0, 0, 0, 30, 60, 120, 240, 480, 900, 900, 900, 900, 900]
        );
        tries.n_tries = u32::MAX;
        assert_eq!(tries.locked_until(), Some(at(LOCK_LONGEST_SECONDS)));
        assert_eq!(tries.one_more(at(25 * 3600)).n_tries, 1);
    }

    #[test]
    fn an_address_that_tries_everybody_waits() {
        let mut addresses = Addresses::default();
        let bad: IpAddr = "203.0.113.9".parse().unwrap();
        for _ in 0..ADDRESS_TRIES {
            assert_eq!(addresses.count(bad, at(0)), Ok(()));
        }
        assert_eq!(addresses.count(bad, at(5)), Err(at(ADDRESS_MINUTES * 60)));
        let good: IpAddr = "203.0.113.10".parse().unwrap();
        assert_eq!(addresses.count(good, at(5)), Ok(()));
        assert_eq!(addresses.count(bad, at(ADDRESS_MINUTES * 60)), Ok(()));
        let home = |text: &str| text.parse::<IpAddr>().unwrap();
        assert_eq!(
            network_of(home("2001:db8:1:2:3::4")),
            network_of(home("2001:db8:1:2:ffff::1"))
        );
    }

    #[test]
    fn addresses_are_bounded() {
        let mut addresses = Addresses::default();
        for n in 0..=u32::try_from(ADDRESSES_MAX).unwrap() + 5 {
            let from = IpAddr::V4(std::net::Ipv4Addr::from_bits(n));
            assert_eq!(addresses.count(from, at(i64::from(n) / 100)), Ok(()));
        }
        assert_eq!(addresses.tries.len(), ADDRESSES_MAX);
    }

    #[test]
    fn strangers_share_few_rows() {
        let at_desk = |is_known| key_of("2001", is_known, TriedAt::Desk);
        assert_eq!(at_desk(true), "2001");
        assert!(at_desk(false).starts_with('?'));
        assert_eq!(at_desk(false), at_desk(false));
        assert_ne!(at_desk(true), key_of("2001", true, TriedAt::Portal));
    }
}
