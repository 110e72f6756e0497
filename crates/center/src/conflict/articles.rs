//! The lines for commands about articles.

use domain::kb::KbCommandKind;
use wire::Conflict;

use super::Outcome;

/// Where an article stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ArticleAt {
    Missing,
    Unpublished,
    InUse,
    Suspended,
    Retired,
}

impl ArticleAt {
    pub const ALL: [Self; 5] = [
        Self::Missing,
        Self::Unpublished,
        Self::InUse,
        Self::Suspended,
        Self::Retired,
    ];
}

/// These commands, refused where the article stands.
#[derive(Debug, Clone, Copy)]
pub struct ArticleLine {
    pub kinds: &'static [KbCommandKind],
    pub at: &'static [ArticleAt],
    pub outcome: Outcome,
}

use KbCommandKind as K;

const THERE: &[ArticleAt] = &[
    ArticleAt::Unpublished,
    ArticleAt::InUse,
    ArticleAt::Suspended,
    ArticleAt::Retired,
];
const MISSING: &[ArticleAt] = &[ArticleAt::Missing];
/// What a record begins with.
const FIRST: &[K] = &[K::Draft, K::Adopt];
/// Whoever wrote a text keeps it: an edit is put beside the draft, a new article beside the one that
/// is there.
const WRITTEN: &[K] = &[K::Edit, K::ProposeBeside, K::TakeProposal];
const STEPS: &[K] = &[
    K::Submit,
    K::Confirm,
    K::Publish,
    K::DropProposal,
    K::DiscardDraft,
    K::AcceptReport,
];
const WORDS: &[K] = &[
    K::RejectByUnit,
    K::RejectByCenter,
    K::Recheck,
    K::RejectReport,
];
const TOLD: &[K] = &[K::ReportError, K::NoteReport];
const RETIRING: &[K] = &[K::Withdraw, K::Supersede, K::MergeInto];

const fn line(
    kinds: &'static [K],
    at: &'static [ArticleAt],
    conflict: Conflict,
    is_kept: bool,
) -> ArticleLine {
    let outcome = Outcome { conflict, is_kept };
    ArticleLine { kinds, at, outcome }
}

/// Every command wherever an article stands, once.
pub const ARTICLES: &[ArticleLine] = &[
    line(FIRST, MISSING, Conflict::ContentRefused, true),
    line(&[K::Draft], THERE, Conflict::ArticleChanged, true),
    // 建档 twice is 建档.
    line(&[K::Adopt], THERE, Conflict::DoneAlready, false),
    line(WRITTEN, MISSING, Conflict::NotThere, true),
    line(WRITTEN, THERE, Conflict::ArticleChanged, true),
    line(STEPS, MISSING, Conflict::NotThere, false),
    line(STEPS, THERE, Conflict::ArticleChanged, false),
    line(WORDS, MISSING, Conflict::NotThere, true),
    line(WORDS, THERE, Conflict::ArticleChanged, true),
    line(TOLD, MISSING, Conflict::NotThere, true),
    line(TOLD, THERE, Conflict::ArticleChanged, true),
    line(&[K::Suspend, K::Resume], MISSING, Conflict::NotThere, false),
    line(
        &[K::Suspend],
        &[ArticleAt::Unpublished, ArticleAt::InUse, ArticleAt::Retired],
        Conflict::ArticleChanged,
        true,
    ),
    line(
        &[K::Suspend],
        &[ArticleAt::Suspended],
        Conflict::DoneAlready,
        true,
    ),
    line(
        &[K::Resume],
        &[
            ArticleAt::Unpublished,
            ArticleAt::Suspended,
            ArticleAt::Retired,
        ],
        Conflict::ArticleChanged,
        true,
    ),
    line(
        &[K::Resume],
        &[ArticleAt::InUse],
        Conflict::DoneAlready,
        true,
    ),
    line(RETIRING, MISSING, Conflict::NotThere, true),
    line(
        RETIRING,
        &[
            ArticleAt::Unpublished,
            ArticleAt::InUse,
            ArticleAt::Suspended,
        ],
        Conflict::ArticleChanged,
        true,
    ),
    line(RETIRING, &[ArticleAt::Retired], Conflict::DoneAlready, true),
];
