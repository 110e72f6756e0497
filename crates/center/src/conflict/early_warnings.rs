//! The lines for commands about early warnings. What was written about one is kept: somebody was told of it.

use domain::early_warning::{EarlyWarningCommandKind, EarlyWarningRecord};
use wire::Conflict;

use super::Outcome;

/// Where a warning stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EarlyWarningAt {
    /// Nobody has acted yet.
    Missing,
    Open,
    Closed,
    /// 阈值: they are no warning, and always there.
    Thresholds,
}

impl EarlyWarningAt {
    pub const ALL: [Self; 4] = [Self::Missing, Self::Open, Self::Closed, Self::Thresholds];

    pub(super) fn of(record: Option<&EarlyWarningRecord>) -> Self {
        let Some(record) = record else {
            return Self::Missing;
        };
        if record.open_round().is_some() {
            Self::Open
        } else if record.rounds.is_empty() {
            Self::Thresholds
        } else {
            Self::Closed
        }
    }
}

/// These commands, refused there.
#[derive(Debug, Clone, Copy)]
pub struct EarlyWarningLine {
    pub kinds: &'static [EarlyWarningCommandKind],
    pub at: &'static [EarlyWarningAt],
    pub outcome: Outcome,
}

use EarlyWarningAt as At;
use EarlyWarningCommandKind as K;

const fn line(kinds: &'static [K], at: &'static [At], conflict: Conflict) -> EarlyWarningLine {
    let outcome = Outcome {
        conflict,
        is_kept: true,
    };
    EarlyWarningLine { kinds, at, outcome }
}

/// Every command wherever the warning stands, once.
pub const EARLY_WARNINGS: &[EarlyWarningLine] = &[
    // Only what they say can be refused there.
    line(
        &[K::Note, K::PassOn, K::Close],
        &[At::Missing, At::Thresholds],
        Conflict::ContentRefused,
    ),
    // Too many acts.
    line(
        &[K::Note, K::PassOn, K::Close],
        &[At::Open],
        Conflict::StageChanged,
    ),
    // Another desk closed it meanwhile.
    line(&[K::Note, K::PassOn], &[At::Closed], Conflict::Closed),
    line(&[K::Close], &[At::Closed], Conflict::DoneAlready),
    line(
        &[K::SetThresholds],
        &[At::Missing, At::Open, At::Closed, At::Thresholds],
        Conflict::ContentRefused,
    ),
];
