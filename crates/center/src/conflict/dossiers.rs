//! The lines for commands about callers' dossiers. What was written is evidence or a reason: it is kept.

use domain::caller_dossier::{CallerDossier, DossierCommandKind};
use wire::Conflict;

use super::Outcome;

/// Where a dossier stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DossierAt {
    /// Nobody opened one.
    Missing,
    Open,
    /// A restriction waits for approval.
    Restricting,
    Closed,
}

impl DossierAt {
    pub const ALL: [Self; 4] = [Self::Missing, Self::Open, Self::Restricting, Self::Closed];

    pub(super) fn of(dossier: Option<&CallerDossier>) -> Self {
        let Some(dossier) = dossier else {
            return Self::Missing;
        };
        let restriction = dossier.restriction.as_ref();
        if dossier.is_closed {
            Self::Closed
        } else if restriction.is_some_and(|it| it.is_approved.is_none()) {
            Self::Restricting
        } else {
            Self::Open
        }
    }
}

/// These commands, refused there.
#[derive(Debug, Clone, Copy)]
pub struct DossierLine {
    pub kinds: &'static [DossierCommandKind],
    pub at: &'static [DossierAt],
    pub outcome: Outcome,
}

use DossierAt as At;
use DossierCommandKind as K;

const fn line(kinds: &'static [K], at: &'static [At], conflict: Conflict) -> DossierLine {
    let outcome = Outcome {
        conflict,
        is_kept: true,
    };
    DossierLine { kinds, at, outcome }
}

/// Every command wherever the dossier stands, once.
pub const DOSSIERS: &[DossierLine] = &[
    line(
        &[K::Open],
        &[At::Missing, At::Closed],
        Conflict::ContentRefused,
    ),
    // Another desk opened one meanwhile: the call in evidence is to be added to it.
    line(
        &[K::Open],
        &[At::Open, At::Restricting],
        Conflict::StageChanged,
    ),
    line(
        &[
            K::AddEvidence,
            K::TakeOver,
            K::RequestRestriction,
            K::RuleOnRestriction,
            K::Refer,
            K::Close,
        ],
        &[At::Missing],
        Conflict::NotThere,
    ),
    line(
        &[K::AddEvidence],
        &[At::Open, At::Restricting],
        Conflict::ContentRefused,
    ),
    line(
        &[
            K::AddEvidence,
            K::TakeOver,
            K::RequestRestriction,
            K::RuleOnRestriction,
            K::Refer,
        ],
        &[At::Closed],
        Conflict::Closed,
    ),
    line(&[K::Close], &[At::Closed], Conflict::DoneAlready),
    line(
        &[K::TakeOver, K::RequestRestriction, K::Refer, K::Close],
        &[At::Open, At::Restricting],
        Conflict::StageChanged,
    ),
    line(&[K::RuleOnRestriction], &[At::Open], Conflict::DoneAlready),
    line(
        &[K::RuleOnRestriction],
        &[At::Restricting],
        Conflict::StageChanged,
    ),
];
