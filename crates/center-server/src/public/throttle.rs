//! 频率限制: so many questions a minute from one place. In memory: after a restart all begin anew,
//! which gives away one minute's worth. What has to be remembered is in [`super::attempts`].

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use chrono::{DateTime, Utc};

/// Places remembered at most. When there are more, those that have their whole share again go first,
/// and then all.
const PLACES_MAX: usize = 20_000;
const MINUTE_MS: i64 = 60_000;

/// A limit on many places, each with a share of its own.
#[derive(Debug)]
pub struct Throttle {
    per_minute: u32,
    places: Mutex<BTreeMap<String, Share>>,
}

/// What is left of a share, in thousandths of a question, and when that was so.
#[derive(Debug, Clone, Copy)]
struct Share {
    left: i64,
    at_ms: i64,
}

impl Throttle {
    pub fn new(per_minute: u32) -> Self {
        Self {
            per_minute,
            places: Mutex::new(BTreeMap::new()),
        }
    }

    /// Takes one question off a place's share; else after how many seconds there is one again.
    pub fn take(&self, place: &str, now: DateTime<Utc>) -> Result<(), u64> {
        let now_ms = now.timestamp_millis();
        let whole = i64::from(self.per_minute) * 1_000;
        let mut places = self.places.lock().unwrap_or_else(PoisonError::into_inner);
        if places.len() >= PLACES_MAX && !places.contains_key(place) {
            places.retain(|_, share| self.left(*share, now_ms) < whole);
            if places.len() >= PLACES_MAX {
                places.clear();
            }
        }
        let share = places.entry(place.to_owned()).or_insert(Share {
            left: whole,
            at_ms: now_ms,
        });
        let left = self.left(*share, now_ms);
        if left < 1_000 {
            let missing = 1_000 - left;
            let wait_ms = missing * MINUTE_MS / whole.max(1);
            return Err(u64::try_from(wait_ms / 1_000 + 1).unwrap_or(1));
        }
        *share = Share {
            left: left - 1_000,
            at_ms: now_ms,
        };
        Ok(())
    }

    fn left(&self, share: Share, now_ms: i64) -> i64 {
        let whole = i64::from(self.per_minute) * 1_000;
        let passed = (now_ms - share.at_ms).clamp(0, MINUTE_MS);
        (share.left + passed * whole / MINUTE_MS).min(whole)
    }
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::*;

    #[test]
    fn a_share_grows_back() {
        let throttle = Throttle::new(2);
        let at = |seconds| DateTime::UNIX_EPOCH + TimeDelta::seconds(seconds);
        assert_eq!(throttle.take("a", at(0)), Ok(()));
        assert_eq!(throttle.take("a", at(0)), Ok(()));
        assert_eq!(throttle.take("a", at(0)), Err(31));
        assert_eq!(throttle.take("b", at(0)), Ok(()));
        assert_eq!(throttle.take("a", at(29)), Err(2));
        assert_eq!(throttle.take("a", at(30)), Ok(()));
        // A clock that is set back gives nothing and takes nothing.
        assert_eq!(throttle.take("a", at(10)), Err(31));
    }

    #[test]
    fn it_does_not_grow_without_end() {
        let throttle = Throttle::new(1);
        for n in 0..PLACES_MAX + 10 {
            assert_eq!(throttle.take(&n.to_string(), DateTime::UNIX_EPOCH), Ok(()));
        }
        assert!(throttle.places.lock().unwrap().len() <= PLACES_MAX);
    }
}
