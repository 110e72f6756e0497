//! The lines for commands about supervisory cases. What is written of a unit is not kept where somebody else
//! may read it: whoever wrote it is told, and writes it again.

use domain::supervision::{SupervisoryCommandKind, SupervisoryStage};
use wire::Conflict;

use super::Outcome;

/// These commands, refused at these stages: `None` is a case that is not there.
#[derive(Debug, Clone, Copy)]
pub struct CaseLine {
    pub kinds: &'static [SupervisoryCommandKind],
    pub stages: &'static [Option<SupervisoryStage>],
    pub outcome: Outcome,
}

use SupervisoryCommandKind as K;

const MISSING: &[Option<SupervisoryStage>] = &[None];
const PROPOSED: Option<SupervisoryStage> = Some(SupervisoryStage::Proposed);
const REJECTED: Option<SupervisoryStage> = Some(SupervisoryStage::Rejected);
const CONFIRMED: Option<SupervisoryStage> = Some(SupervisoryStage::Confirmed);
const ISSUED: Option<SupervisoryStage> = Some(SupervisoryStage::Issued);
const ANSWERED: Option<SupervisoryStage> = Some(SupervisoryStage::Answered);
const CLOSED: Option<SupervisoryStage> = Some(SupervisoryStage::Closed);

const fn line(
    kinds: &'static [K],
    stages: &'static [Option<SupervisoryStage>],
    conflict: Conflict,
) -> CaseLine {
    let outcome = Outcome {
        conflict,
        is_kept: false,
    };
    CaseLine {
        kinds,
        stages,
        outcome,
    }
}

/// Every command at every stage, once.
pub const CASES: &[CaseLine] = &[
    line(&[K::Propose], MISSING, Conflict::ContentRefused),
    line(
        &[K::Propose],
        &[PROPOSED, REJECTED, CONFIRMED, ISSUED, ANSWERED, CLOSED],
        Conflict::DoneAlready,
    ),
    line(
        &[
            K::AddEvidence,
            K::Confirm,
            K::Reject,
            K::Issue,
            K::RecordAnswer,
            K::Close,
        ],
        MISSING,
        Conflict::NotThere,
    ),
    line(&[K::AddEvidence], &[PROPOSED], Conflict::ContentRefused),
    line(
        &[K::AddEvidence],
        &[CONFIRMED, ISSUED, ANSWERED],
        Conflict::StageChanged,
    ),
    line(
        &[K::AddEvidence, K::Issue, K::RecordAnswer],
        &[REJECTED, CLOSED],
        Conflict::Closed,
    ),
    line(
        &[K::Confirm],
        &[CONFIRMED, ISSUED, ANSWERED, CLOSED],
        Conflict::DoneAlready,
    ),
    line(&[K::Confirm], &[PROPOSED], Conflict::StageChanged),
    line(&[K::Confirm], &[REJECTED], Conflict::Closed),
    line(&[K::Reject], &[REJECTED], Conflict::DoneAlready),
    line(
        &[K::Reject],
        &[PROPOSED, CONFIRMED, ISSUED, ANSWERED],
        Conflict::StageChanged,
    ),
    line(&[K::Reject], &[CLOSED], Conflict::Closed),
    line(&[K::Issue], &[PROPOSED, CONFIRMED], Conflict::StageChanged),
    line(&[K::Issue], &[ISSUED, ANSWERED], Conflict::DoneAlready),
    line(
        &[K::RecordAnswer],
        &[PROPOSED, CONFIRMED, ISSUED],
        Conflict::StageChanged,
    ),
    line(&[K::RecordAnswer], &[ANSWERED], Conflict::DoneAlready),
    line(
        &[K::Close],
        &[PROPOSED, CONFIRMED, ISSUED, ANSWERED],
        Conflict::StageChanged,
    ),
    line(&[K::Close], &[REJECTED], Conflict::Closed),
    line(&[K::Close], &[CLOSED], Conflict::DoneAlready),
];
