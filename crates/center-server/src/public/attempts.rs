//! 尝试限制: how often a number and a code may be tried, by number and by address. Kept on the disk:
//! a restart gives nobody another round.
//!
//! An attempt is counted before the code is looked at and taken back when it was right, so asking
//! many times at once gains nothing. Numbers that nobody has are counted like those that somebody
//! has: a wait tells nothing about them.

use anyhow::{Context as _, Result};
use center::{RecordChange, Records, Written};
use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

/// Rows by what is tried and by who tries.
const KIND: &str = "follow_attempt";
/// A day after the last attempt everything is forgotten.
const FORGOTTEN_AFTER: TimeDelta = TimeDelta::days(1);
/// Rows looked at for being forgotten with each attempt.
const SWEPT: usize = 50;

/// How patient the house is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Patience {
    /// Wrong attempts before the first wait.
    n_free: u32,
    wait_max: TimeDelta,
}

const OF_NUMBER: Patience = Patience {
    n_free: 5,
    wait_max: TimeDelta::hours(24),
};
const OF_ADDRESS: Patience = Patience {
    n_free: 15,
    wait_max: TimeDelta::hours(1),
};
const FIRST_WAIT: TimeDelta = TimeDelta::minutes(1);

/// What was tried in vain.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
struct InVain {
    n: u32,
    #[serde(with = "chrono::serde::ts_milliseconds")]
    last_at: DateTime<Utc>,
}

impl InVain {
    fn waits_until(self, patience: Patience) -> Option<DateTime<Utc>> {
        let n_over = self.n.checked_sub(patience.n_free)?;
        let doubled = 2_i32.checked_pow(n_over.min(20)).unwrap_or(i32::MAX);
        let wait = FIRST_WAIT
            .checked_mul(doubled)
            .map_or(patience.wait_max, |wait| wait.min(patience.wait_max));
        self.last_at.checked_add_signed(wait)
    }
}

/// What came of asking to try.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Asked {
    /// Counted as in vain already; [`forgive`] takes that back.
    May,
    Wait {
        until: DateTime<Utc>,
    },
}

/// Counts an attempt, unless there is to be waited. For the writer alone.
pub(super) fn ask(
    records: &mut dyn Records,
    number: &str,
    address: &str,
    now: DateTime<Utc>,
) -> Result<Asked> {
    let mut changes = Vec::new();
    for (key, patience) in keys(number, address) {
        let tried = read(records, &key, now)?;
        let wait = tried.and_then(|tried| tried.waits_until(patience));
        if let Some(until) = wait.filter(|until| *until > now) {
            return Ok(Asked::Wait { until });
        }
        let tried = InVain {
            n: tried.map_or(0, |tried| tried.n).saturating_add(1),
            last_at: now,
        };
        changes.push(RecordChange::put(KIND, key, serde_json::to_string(&tried)?));
    }
    changes.extend(forgotten(records, now)?);
    write(records, &changes)?;
    Ok(Asked::May)
}

/// The attempt was right: it does not count, and what was tried in vain before still does.
pub(super) fn forgive(records: &mut dyn Records, number: &str, address: &str) -> Result<()> {
    let mut changes = Vec::new();
    for (key, _) in keys(number, address) {
        let Some(body) = records.get(KIND, &key)? else {
            continue;
        };
        let tried: InVain = serde_json::from_str(&body)?;
        changes.push(match tried.n.checked_sub(1) {
            None | Some(0) => RecordChange::remove(KIND, key),
            Some(n) => {
                let tried = InVain { n, ..tried };
                RecordChange::put(KIND, key, serde_json::to_string(&tried)?)
            }
        });
    }
    write(records, &changes)
}

fn keys(number: &str, address: &str) -> [(String, Patience); 2] {
    [
        (format!("n {number}"), OF_NUMBER),
        (format!("a {address}"), OF_ADDRESS),
    ]
}

fn read(records: &dyn Records, key: &str, now: DateTime<Utc>) -> Result<Option<InVain>> {
    let Some(body) = records.get(KIND, key)? else {
        return Ok(None);
    };
    let tried: InVain = serde_json::from_str(&body).context("Reading an attempt")?;
    Ok((now - tried.last_at < FORGOTTEN_AFTER).then_some(tried))
}

/// Rows whose day is over. Each attempt looks at some, beginning somewhere else each time, so the
/// table stays about as large as a day's attempts.
fn forgotten(records: &dyn Records, now: DateTime<Utc>) -> Result<Vec<RecordChange>> {
    let digits = u32::try_from(now.timestamp_millis().rem_euclid(16)).unwrap_or_default();
    let from = char::from_digit(digits, 16).map_or_else(String::new, |it| format!("a {it}"));
    let mut rows = records.range(KIND, "", &from, SWEPT)?;
    rows.extend(records.range(KIND, "n ", "n ", SWEPT)?);
    let mut changes = Vec::new();
    for row in rows {
        let tried: InVain = serde_json::from_str(&row.body)?;
        if now - tried.last_at >= FORGOTTEN_AFTER {
            // One that was tried again since was put anew by the same write.
            changes.push(RecordChange::remove(KIND, row.key).if_still(row.body));
        }
    }
    Ok(changes)
}

fn write(records: &mut dyn Records, changes: &[RecordChange]) -> Result<()> {
    match records.write(changes)? {
        Written::Done => Ok(()),
        // A forgotten row is tried again with this very attempt: without sweeping, then.
        Written::Conflict => {
            let kept: Vec<RecordChange> = changes
                .iter()
                .filter(|change| change.body.is_some())
                .cloned()
                .collect();
            anyhow::ensure!(
                records.write(&kept)? == Written::Done,
                "Only the writer counts attempts"
            );
            Ok(())
        }
    }
}

#[cfg(test)]
mod tests {
    use center::MemoryRecords;

    use super::*;

    fn at(minutes: i64) -> DateTime<Utc> {
        DateTime::UNIX_EPOCH + TimeDelta::minutes(minutes)
    }

    #[test]
    fn five_are_free_and_then_the_wait_doubles_up_to_a_day() {
        let mut records = MemoryRecords::default();
        let mut now = at(0);
        for n in 0..OF_NUMBER.n_free {
            let address = format!("203.0.113.{n}");
            assert_eq!(ask(&mut records, "1", &address, now).unwrap(), Asked::May);
        }
        let mut waits = Vec::new();
        for n in 0..12 {
            let address = format!("198.51.100.{n}");
            let asked = ask(&mut records, "1", &address, now).unwrap();
            let Asked::Wait { until } = asked else {
                panic!("{asked:?}")
            };
            waits.push((until - now).num_minutes());
            now = until;
            assert_eq!(ask(&mut records, "1", &address, now).unwrap(), Asked::May);
        }
        assert_eq!(waits, [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 1440]);
    }

    #[test]
    fn one_address_is_stopped_over_many_numbers_and_others_are_not() {
        let mut records = MemoryRecords::default();
        for n in 0..OF_ADDRESS.n_free {
            let number = format!("20261126-W01-{n:04}");
            assert_eq!(ask(&mut records, &number, "a", at(0)).unwrap(), Asked::May);
        }
        let asked = ask(&mut records, "20261126-W01-9999", "a", at(0)).unwrap();
        assert_eq!(asked, Asked::Wait { until: at(1) });
        assert_eq!(ask(&mut records, "x", "b", at(0)).unwrap(), Asked::May);
    }

    #[test]
    fn a_right_one_takes_back_only_itself() {
        let mut records = MemoryRecords::default();
        for _ in 0..4 {
            assert_eq!(ask(&mut records, "1", "a", at(0)).unwrap(), Asked::May);
        }
        assert_eq!(ask(&mut records, "1", "b", at(0)).unwrap(), Asked::May);
        forgive(&mut records, "1", "b").unwrap();
        assert_eq!(records.get(KIND, "a b").unwrap(), None);
        assert_eq!(ask(&mut records, "1", "c", at(0)).unwrap(), Asked::May);
        let asked = ask(&mut records, "1", "d", at(0)).unwrap();
        assert_eq!(asked, Asked::Wait { until: at(1) });
    }

    #[test]
    fn a_day_later_nothing_is_left() {
        let mut records = MemoryRecords::default();
        for n in 0..60 {
            let address = format!("203.0.113.{n}");
            ask(&mut records, &n.to_string(), &address, at(0)).unwrap();
        }
        for n in 0..32 {
            ask(&mut records, "z", &format!("z{n}"), at(1500 + n)).unwrap();
        }
        let rows = records.range(KIND, "", "", 1_000).unwrap();
        assert!(rows.len() < 80, "{} rows", rows.len());
    }
}
