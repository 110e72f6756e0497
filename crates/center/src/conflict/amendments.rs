//! The lines for commands about amendments of the dispatch catalogue. An amendment is put forward again in a
//! moment, from the returns behind it: nothing of it is kept.

use domain::dispatch_catalogue::{AmendmentCase, AmendmentCommandKind};
use wire::Conflict;

use super::Outcome;

/// Where an amendment stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AmendmentAt {
    /// It was not put forward.
    Missing,
    Proposed,
    Ruled,
}

impl AmendmentAt {
    pub const ALL: [Self; 3] = [Self::Missing, Self::Proposed, Self::Ruled];

    pub(super) fn of(case: Option<&AmendmentCase>) -> Self {
        match case {
            None => Self::Missing,
            Some(case) if case.ruling.is_none() => Self::Proposed,
            Some(_) => Self::Ruled,
        }
    }
}

/// These commands, refused there.
#[derive(Debug, Clone, Copy)]
pub struct AmendmentLine {
    pub kinds: &'static [AmendmentCommandKind],
    pub at: &'static [AmendmentAt],
    pub outcome: Outcome,
}

use AmendmentAt as At;
use AmendmentCommandKind as K;

const fn line(kinds: &'static [K], at: &'static [At], conflict: Conflict) -> AmendmentLine {
    let outcome = Outcome {
        conflict,
        is_kept: false,
    };
    AmendmentLine { kinds, at, outcome }
}

/// Every command wherever the amendment stands, once.
pub const AMENDMENTS: &[AmendmentLine] = &[
    // Somebody amended the same, or put the same forward, in between.
    line(&[K::Propose], &[At::Missing], Conflict::StageChanged),
    line(
        &[K::Propose],
        &[At::Proposed, At::Ruled],
        Conflict::DoneAlready,
    ),
    line(&[K::Rule], &[At::Missing], Conflict::NotThere),
    line(&[K::Rule], &[At::Proposed], Conflict::StageChanged),
    line(&[K::Rule], &[At::Ruled], Conflict::DoneAlready),
];
