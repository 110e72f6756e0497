//! Which protocol two programs speak with each other.

use serde::{Deserialize, Serialize};
use thiserror::Error;

/// What this program speaks. A change of any form that an older program could not read raises the
/// end; `tests/wire/golden.rs` fails until it does.
///
/// 2: entries and intents can be redacted. Both ends: a feed is one for all, and a desk of protocol 1
/// cannot check what has a cover.
pub const PROTOCOL: ProtocolRange = ProtocolRange { first: 2, last: 2 };

/// Protocol versions, both ends included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProtocolRange {
    pub first: u32,
    pub last: u32,
}

/// Who has to be updated before the two can speak.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Error)]
#[serde(rename_all = "snake_case")]
pub enum TooOld {
    #[error("the desk is too old for this center")]
    Desk,
    #[error("the center is too old for this desk")]
    Center,
}

/// The latest version that both speak.
pub fn agree(desk: ProtocolRange, center: ProtocolRange) -> Result<u32, TooOld> {
    let last = desk.last.min(center.last);
    if last >= desk.first.max(center.first) {
        Ok(last)
    } else if desk.last < center.first {
        Err(TooOld::Desk)
    } else {
        Err(TooOld::Center)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_latest_that_both_speak() {
        let range = |first, last| ProtocolRange { first, last };
        for (desk, center, expected) in [
            (range(1, 1), range(1, 1), Ok(1)),
            (range(1, 3), range(2, 5), Ok(3)),
            (range(2, 5), range(1, 3), Ok(3)),
            (range(1, 2), range(3, 4), Err(TooOld::Desk)),
            (range(3, 4), range(1, 2), Err(TooOld::Center)),
        ] {
            assert_eq!(agree(desk, center), expected, "{desk:?} {center:?}");
        }
    }
}
