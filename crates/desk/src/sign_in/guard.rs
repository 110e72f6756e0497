//! How often a password may be tried at this desk, and how long the desk may believe one on its own.
//! Pure rules.

use chrono::{DateTime, TimeDelta, Utc};
use desk_store::{SignInGuard, StoredVerifier};

/// So many failures in a row are slips.
const FREE_FAILURES: u32 = 4;
const FIRST_WAIT: TimeDelta = TimeDelta::seconds(30);
const LONGEST_WAIT: TimeDelta = TimeDelta::minutes(15);
/// After so many the wait grows no more.
const DOUBLINGS_MAX: u32 = 5;
/// Offline a password counts for so long after it was last verified by the center, and no longer
/// than the center says.
const OFFLINE_FOR: TimeDelta = TimeDelta::days(7);
/// A clock may be put right by so much.
const CLOCK_BACK_MAX: TimeDelta = TimeDelta::minutes(5);

/// The guard after one more failure: the fifth waits half a minute, each further one twice as long,
/// up to a quarter of an hour.
pub(super) fn after_failure(guard: SignInGuard, now: DateTime<Utc>) -> SignInGuard {
    let n_failures = guard.n_failures.saturating_add(1);
    let beyond = n_failures.saturating_sub(FREE_FAILURES);
    let blocked_until = (beyond > 0).then(|| {
        let doublings = (beyond - 1).min(DOUBLINGS_MAX);
        let wait = FIRST_WAIT * 2_i32.pow(doublings);
        now + wait.min(LONGEST_WAIT)
    });
    SignInGuard {
        n_failures,
        blocked_until,
    }
}

/// Until when no try is taken; a clock that was put back cannot make it longer than it ever is.
pub(super) fn blocked_until(guard: SignInGuard, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
    let until = guard.blocked_until.filter(|until| *until > now)?;
    Some(until.min(now + LONGEST_WAIT))
}

/// Until when a password that the center has just verified counts without it.
pub(super) fn trusted_until(
    signed_in_at: DateTime<Utc>,
    center_says: DateTime<Utc>,
) -> DateTime<Utc> {
    center_says.min(signed_in_at + OFFLINE_FOR)
}

/// Why a password does not count without the center.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum NotTrusted {
    /// 离线期限已过.
    Expired { since: DateTime<Utc> },
    /// 本机时钟倒退: what the clock shows was recorded as past.
    ClockBack,
}

/// Whether the desk may decide on its own. `last_at`: what was recorded last here.
pub(super) fn trust(
    stored: &StoredVerifier,
    last_at: Option<DateTime<Utc>>,
    now: DateTime<Utc>,
) -> Result<(), NotTrusted> {
    let known_past = last_at.map_or(stored.signed_in_at, |at| at.max(stored.signed_in_at));
    if now + CLOCK_BACK_MAX < known_past {
        return Err(NotTrusted::ClockBack);
    }
    if now >= stored.trusted_until {
        let since = stored.trusted_until;
        return Err(NotTrusted::Expired { since });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> DateTime<Utc> {
        DateTime::UNIX_EPOCH + TimeDelta::seconds(1_795_396_500 + seconds)
    }

    #[test]
    fn waits_after_failures_double_up_to_a_quarter_of_an_hour() {
        let mut guard = SignInGuard::default();
        let mut waits = Vec::new();
        for _ in 0..12 {
            guard = after_failure(guard, at(0));
            let until = blocked_until(guard, at(0));
            waits.push(until.map_or(0, |until| (until - at(0)).num_seconds()));
        }
        assert_eq!(waits, [0, 0, 0, 0, 30, 60, 120, 240, 480, 900, 900, 900]);
        assert_eq!(blocked_until(guard, at(900)), None);
        // A clock that was put back by a year makes nobody wait a year.
        let back = at(-31_536_000);
        assert_eq!(blocked_until(guard, back), Some(back + LONGEST_WAIT));
    }

    #[test]
    fn offline_for_seven_days_and_no_longer_than_the_center_says() {
        let week = at(7 * 86_400);
        assert_eq!(trusted_until(at(0), at(30 * 86_400)), week);
        assert_eq!(trusted_until(at(0), at(3_600)), at(3_600));
    }
}
