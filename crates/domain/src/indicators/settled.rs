//! How a limit ended, as far as an indicator asks: in time, late, lifted, or standing still
//! (决定 I-17、I-18).

use chrono::{DateTime, Utc};

use super::period::Moment;
use super::tally::{Exclusion, Standing};
use crate::time_limit::{LimitKind, LimitState, TimeLimit};
use crate::work_order::{Assignment, AssignmentStage, WriteOffGround};

/// 核销 of a delay with that limit (决定 I-14).
pub(super) fn write_off(assignment: &Assignment, kind: LimitKind) -> Option<WriteOffGround> {
    assignment
        .written_off
        .iter()
        .find(|(written_off, _)| *written_off == kind)
        .map(|(_, ground)| *ground)
}

/// How a limit ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Settled {
    OnTime {
        at: DateTime<Utc>,
    },
    Late {
        due_at: DateTime<Utc>,
    },
    Lifted {
        at: DateTime<Utc>,
    },
    /// It would be over, and stands still.
    Suspended {
        due_at: DateTime<Utc>,
    },
}

impl Settled {
    pub(super) fn is_late(self) -> bool {
        match self {
            Self::Late { .. } => true,
            Self::OnTime { .. } | Self::Lifted { .. } | Self::Suspended { .. } => false,
        }
    }

    pub(super) fn moment(self) -> Moment {
        match self {
            Self::OnTime { at } | Self::Lifted { at } => Moment::Act(at),
            Self::Late { due_at } | Self::Suspended { due_at } => Moment::End(due_at),
        }
    }

    /// How it counts for an indicator of that limit alone.
    pub(super) fn standing(self, assignment: &Assignment, kind: LimitKind) -> (Moment, Standing) {
        let standing = match self {
            Self::OnTime { .. } => Standing::counted_if(true),
            Self::Late { .. } => match write_off(assignment, kind) {
                Some(ground) => Standing::Excluded(Exclusion::WrittenOff(ground)),
                None => Standing::counted_if(false),
            },
            Self::Lifted { .. } => Standing::Excluded(lifted_because(assignment)),
            Self::Suspended { .. } => Standing::Excluded(Exclusion::Suspended),
        };
        (self.moment(), standing)
    }
}

/// `None` while the act may still be done in time.
pub(super) fn settle(
    limit: &TimeLimit,
    state: LimitState,
    as_of: DateTime<Utc>,
) -> Option<Settled> {
    let due_at = limit.due_at;
    match state {
        LimitState::Met { at } => Some(Settled::OnTime { at }),
        LimitState::MetLate { .. } => Some(Settled::Late { due_at }),
        LimitState::Lifted { at } => Some(Settled::Lifted { at }),
        LimitState::Running if limit.is_overdue_at(as_of) => Some(Settled::Late { due_at }),
        LimitState::Running if as_of > due_at => Some(Settled::Suspended { due_at }),
        LimitState::Running => None,
    }
}

pub(super) fn settle_kind(
    assignment: &Assignment,
    kind: LimitKind,
    as_of: DateTime<Utc>,
) -> Option<Settled> {
    let (limit, state) = assignment.limit(kind)?;
    settle(limit, *state, as_of)
}

pub(super) fn lifted_because(assignment: &Assignment) -> Exclusion {
    if assignment.stage == AssignmentStage::SentBack {
        Exclusion::SentBack
    } else {
        Exclusion::Withdrawn
    }
}
