//! The lines for commands of the assessment. What is said for or against a unit's score is not kept where it was
//! not taken: whoever wrote it is told, and gives it again.

use domain::assessment::AssessmentCommandKind;
use wire::Conflict;

use super::Outcome;

/// 所处: where a scheme stands, or the period of it that a command is about, once that is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum AssessmentAt {
    Missing,
    Drafted,
    Announced,
    Withdrawn,
    Counted,
    Published,
    Finalised,
    Reported,
}

impl AssessmentAt {
    pub const ALL: [Self; 8] = [
        Self::Missing,
        Self::Drafted,
        Self::Announced,
        Self::Withdrawn,
        Self::Counted,
        Self::Published,
        Self::Finalised,
        Self::Reported,
    ];
}

/// These commands, refused there.
#[derive(Debug, Clone, Copy)]
pub struct AssessmentLine {
    pub kinds: &'static [AssessmentCommandKind],
    pub at: &'static [AssessmentAt],
    pub outcome: Outcome,
}

use AssessmentAt::{
    Announced, Counted, Drafted, Finalised, Missing, Published, Reported, Withdrawn,
};
use AssessmentCommandKind as K;

const fn line(
    kinds: &'static [K],
    at: &'static [AssessmentAt],
    conflict: Conflict,
) -> AssessmentLine {
    let outcome = Outcome {
        conflict,
        is_kept: false,
    };
    AssessmentLine { kinds, at, outcome }
}

/// Every command wherever it may find things, once.
pub const ASSESSMENTS: &[AssessmentLine] = &[
    line(&[K::Draft], &[Missing], Conflict::ContentRefused),
    line(
        &[K::Draft],
        &[
            Drafted, Announced, Withdrawn, Counted, Published, Finalised, Reported,
        ],
        Conflict::DoneAlready,
    ),
    line(
        &[
            K::Revise,
            K::Announce,
            K::Withdraw,
            K::Count,
            K::Publish,
            K::Appeal,
            K::Uphold,
            K::Dismiss,
            K::Finalise,
            K::Report,
        ],
        &[Missing],
        Conflict::NotThere,
    ),
    // Of the scheme; it has no period to stand at.
    line(
        &[K::Revise, K::Announce],
        &[Drafted],
        Conflict::ContentRefused,
    ),
    line(
        &[K::Revise],
        &[Announced, Counted, Published, Finalised, Reported],
        Conflict::StageChanged,
    ),
    line(
        &[K::Announce],
        &[Announced, Counted, Published, Finalised, Reported],
        Conflict::DoneAlready,
    ),
    line(&[K::Revise, K::Announce], &[Withdrawn], Conflict::Closed),
    line(
        &[K::Withdraw],
        &[Drafted, Announced, Counted, Published, Finalised, Reported],
        Conflict::StageChanged,
    ),
    line(&[K::Withdraw], &[Withdrawn], Conflict::DoneAlready),
    // Of a period.
    line(&[K::Count], &[Drafted], Conflict::StageChanged),
    line(&[K::Count], &[Announced, Counted], Conflict::ContentRefused),
    line(&[K::Count], &[Withdrawn], Conflict::Closed),
    line(
        &[K::Count],
        &[Published, Finalised, Reported],
        Conflict::DoneAlready,
    ),
    line(
        &[
            K::Publish,
            K::Appeal,
            K::Uphold,
            K::Dismiss,
            K::Finalise,
            K::Report,
        ],
        &[Drafted, Announced],
        Conflict::StageChanged,
    ),
    line(
        &[
            K::Publish,
            K::Appeal,
            K::Uphold,
            K::Dismiss,
            K::Finalise,
            K::Report,
        ],
        &[Withdrawn],
        Conflict::Closed,
    ),
    line(&[K::Publish], &[Counted], Conflict::ContentRefused),
    line(
        &[K::Publish],
        &[Published, Finalised, Reported],
        Conflict::DoneAlready,
    ),
    line(
        &[K::Appeal, K::Uphold, K::Dismiss, K::Finalise],
        &[Counted],
        Conflict::StageChanged,
    ),
    line(
        &[K::Appeal, K::Uphold, K::Dismiss],
        &[Published],
        Conflict::ContentRefused,
    ),
    line(
        &[K::Appeal, K::Uphold, K::Dismiss],
        &[Finalised, Reported],
        Conflict::Closed,
    ),
    line(&[K::Finalise], &[Published], Conflict::StageChanged),
    line(
        &[K::Finalise],
        &[Finalised, Reported],
        Conflict::DoneAlready,
    ),
    line(&[K::Report], &[Counted, Published], Conflict::StageChanged),
    line(&[K::Report], &[Finalised], Conflict::ContentRefused),
    line(&[K::Report], &[Reported], Conflict::DoneAlready),
];
