//! 非同一事项认定: that two articles which look alike are about different matters, as a person says.

use chrono::{DateTime, SubsecRound as _, Utc};

use super::decide::filled;
use super::{KbArticleId, KbFacts, KbField, KbRefusal};
use crate::actor::{ActorId, Role};

/// Whoever writes or reviews knowledge may tell two matters apart.
const JUDGES: &[Role] = &[Role::KbEditor, Role::KbReviewer];

/// 相近的两条, in one order whichever is named first.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct TwinPair {
    first: KbArticleId,
    second: KbArticleId,
}

/// 非同一事项认定.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DistinctVerdict {
    pub pair: TwinPair,
    pub reason: String,
    pub by: ActorId,
    pub at: DateTime<Utc>,
}

impl TwinPair {
    /// `None` for an article and itself.
    pub fn of(one: KbArticleId, other: KbArticleId) -> Option<Self> {
        match one.cmp(&other) {
            std::cmp::Ordering::Less => Some(Self {
                first: one,
                second: other,
            }),
            std::cmp::Ordering::Greater => Some(Self {
                first: other,
                second: one,
            }),
            std::cmp::Ordering::Equal => None,
        }
    }

    pub fn first(&self) -> &KbArticleId {
        &self.first
    }

    pub fn second(&self) -> &KbArticleId {
        &self.second
    }
}

/// Answers whether two articles may be declared different matters.
///
/// # Errors
/// The rule that says no; nothing changes.
pub fn decide_distinct(
    one: KbArticleId,
    other: KbArticleId,
    reason: &str,
    facts: &KbFacts<'_>,
) -> Result<DistinctVerdict, KbRefusal> {
    if !facts.actor.holds_any(JUDGES) {
        return Err(KbRefusal::VerdictNotPermitted { roles: JUDGES });
    }
    let pair = TwinPair::of(one, other).ok_or(KbRefusal::SameArticle)?;
    filled(KbField::Reason, reason)?;
    Ok(DistinctVerdict {
        pair,
        reason: reason.trim().to_owned(),
        by: facts.actor.id.clone(),
        at: facts.now.trunc_subsecs(3),
    })
}
