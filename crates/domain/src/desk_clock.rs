//! 工作站时钟: when an act that was given at a desk counts as done (决定 I-3、I-18、I-19).
//!
//! A desk may be away for days and its clock may be wrong or set meanwhile. The center knows when
//! it received the act, and by a clock that nobody sets how long the act had waited; what the desk's
//! clock says counts as long as it agrees with that.

use chrono::{DateTime, SubsecRound as _, TimeDelta, Utc};

/// 时钟偏差: so far a desk's clock may be off before its time no longer counts, in seconds.
pub const DESK_CLOCK_TOLERANCE_SECONDS: i64 = 120;

/// 离线上限: nothing was given longer ago than this; a clock that says so is wrong. In days.
pub const DESK_AWAY_MAX_DAYS: i64 = 400;

/// 工作站时刻: all that is known of when an act was given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DeskClock {
    /// By the desk's clock.
    pub occurred_at: DateTime<Utc>,
    /// How far that clock was ahead of the center's when they last spoke; `None` where they never
    /// did.
    pub skew_ms: Option<i64>,
    /// `None` where the program was started anew in between.
    pub uptime: Option<Uptime>,
}

/// 运行时刻: by the clock of one run of the program.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Uptime {
    pub given_at_ms: u64,
    pub sent_at_ms: u64,
}

/// 行为时间: when the act counts as done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ActedAt {
    pub at: DateTime<Utc>,
    /// 时钟存疑: the desk's time did not count, and a person should look at it.
    pub is_doubtful: bool,
}

/// The desk's time where it agrees with what else is known, otherwise what the center makes of it.
/// Never after `received_at`, as the act was given before, but for what a clock within its
/// tolerance is ahead.
pub fn acted_at(clock: DeskClock, received_at: DateTime<Utc>) -> ActedAt {
    let occurred_at = clock.occurred_at.trunc_subsecs(3);
    let received_at = received_at.trunc_subsecs(3);
    let expected = match (clock.uptime, clock.skew_ms) {
        (Some(uptime), _) => {
            let waited_ms = uptime.sent_at_ms.saturating_sub(uptime.given_at_ms);
            earlier(received_at, waited_ms).min(received_at)
        }
        (None, Some(skew_ms)) => earlier_by(occurred_at, skew_ms).min(received_at),
        (None, None) => occurred_at.min(received_at),
    };
    let longest_ago = received_at - TimeDelta::days(DESK_AWAY_MAX_DAYS);
    let expected = if expected < longest_ago {
        received_at
    } else {
        expected
    };
    let tolerance = TimeDelta::seconds(DESK_CLOCK_TOLERANCE_SECONDS);
    if (occurred_at - expected).abs() <= tolerance {
        ActedAt {
            at: occurred_at,
            is_doubtful: false,
        }
    } else {
        ActedAt {
            at: expected,
            is_doubtful: true,
        }
    }
}

fn earlier(at: DateTime<Utc>, by_ms: u64) -> DateTime<Utc> {
    earlier_by(at, i64::try_from(by_ms).unwrap_or(i64::MAX))
}

/// What cannot be reckoned is left as it is: a clock said something absurd.
fn earlier_by(at: DateTime<Utc>, by_ms: i64) -> DateTime<Utc> {
    TimeDelta::try_milliseconds(by_ms)
        .and_then(|by| at.checked_sub_signed(by))
        .unwrap_or(at)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Seconds of one day; what is asked is in the same.
    fn at(seconds: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(1_795_392_000 + seconds, 0).unwrap()
    }

    fn check(occurred: i64, skew: Option<i64>, waited: Option<u64>, expected: (i64, bool)) {
        let clock = DeskClock {
            occurred_at: at(occurred),
            skew_ms: skew.map(|seconds| seconds * 1000),
            uptime: waited.map(|seconds| Uptime {
                given_at_ms: 5_000,
                sent_at_ms: 5_000 + seconds * 1000,
            }),
        };
        let acted = acted_at(clock, at(10_000));
        let expected = ActedAt {
            at: at(expected.0),
            is_doubtful: expected.1,
        };
        assert_eq!(acted, expected, "{clock:?}");
    }

    #[test]
    fn the_desks_time_counts_while_it_agrees() {
        // Within the tolerance, both ways, ahead of the center too.
        check(9_000, Some(0), Some(1_000), (9_000, false));
        check(8_880, Some(-120), Some(1_000), (8_880, false));
        check(9_120, Some(120), Some(1_000), (9_120, false));
        check(10_100, Some(100), Some(0), (10_100, false));
        // One second more is too much.
        check(8_879, None, Some(1_000), (9_000, true));
        check(9_121, None, Some(1_000), (9_000, true));
        // The clock was set after they spoke: how long it waited tells.
        check(90_000, Some(0), Some(1_000), (9_000, true));
        check(-900_000, Some(0), Some(1_000), (9_000, true));
    }

    #[test]
    fn after_a_restart_the_measured_skew_tells() {
        check(9_000, Some(0), None, (9_000, false));
        check(9_100, Some(100), None, (9_100, false));
        check(9_500, Some(500), None, (9_000, true));
        check(8_500, Some(-500), None, (9_000, true));
        check(12_000, Some(0), None, (10_000, true));
        check(9_000, None, None, (9_000, false));
        check(10_120, None, None, (10_120, false));
        check(10_121, None, None, (10_000, true));
        // Two years ago: the clock had been set back after they spoke.
        check(-63_000_000, Some(0), None, (10_000, true));
    }

    #[test]
    fn absurd_clocks_do_no_harm() {
        let clock = DeskClock {
            occurred_at: DateTime::<Utc>::MIN_UTC,
            skew_ms: Some(i64::MAX),
            uptime: Some(Uptime {
                given_at_ms: u64::MAX,
                sent_at_ms: 0,
            }),
        };
        assert_eq!(acted_at(clock, at(0)).at, at(0));
        let clock = DeskClock {
            uptime: None,
            ..clock
        };
        assert_eq!(acted_at(clock, at(0)).at, at(0));
    }
}
