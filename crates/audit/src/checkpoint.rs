//! 检查点: the head of a chain as somebody else keeps it, so that a chain that was cut off or made anew
//! is found from outside.

use serde::{Deserialize, Serialize};

use crate::entry::{Digest, Head};

/// The head of a desk's chain at a time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checkpoint {
    pub desk: String,
    pub at_ms: i64,
    pub head: Head,
}

/// What a desk says of its chain: where it ends, and what it has at the number of the checkpoint that it
/// was last told is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claim {
    pub kept: Head,
    pub head: Head,
}

/// What is to be made of a claim.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Judgement {
    /// It goes on from what is kept: the new head is kept from now on.
    Follows,
    /// The desk has not heard of the last checkpoint: it is told, and shows next time what it has there.
    Prove,
    /// 被截断: it ends before what is kept.
    CutOff,
    /// 被重做: it has something else at the number that is kept.
    Rewritten,
}

/// Compares what is kept of a chain with what its desk says now. `None`: the first time.
pub fn judge(kept: Option<Head>, claim: Claim) -> Judgement {
    let Some(kept) = kept else {
        return Judgement::Follows;
    };
    if claim.head.n < kept.n {
        return Judgement::CutOff;
    }
    let shown: Option<Digest> = if claim.kept.n == kept.n {
        Some(claim.kept.hash)
    } else if claim.head.n == kept.n {
        Some(claim.head.hash)
    } else {
        None
    };
    match shown {
        Some(hash) if hash == kept.hash => Judgement::Follows,
        Some(_) => Judgement::Rewritten,
        None => Judgement::Prove,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn head(n: u64, mark: u8) -> Head {
        Head {
            n,
            hash: Digest([mark; 32]),
        }
    }

    #[test]
    fn what_a_claim_comes_to() {
        let kept = Some(head(10, 1));
        for (kept, shown, now, judgement) in [
            (None, Head::START, head(3, 7), Judgement::Follows),
            (kept, head(10, 1), head(12, 2), Judgement::Follows),
            (kept, head(10, 1), head(10, 1), Judgement::Follows),
            // The answer that told of 10 was lost.
            (kept, head(5, 9), head(12, 2), Judgement::Prove),
            (kept, head(5, 9), head(10, 1), Judgement::Follows),
            (kept, head(10, 3), head(12, 2), Judgement::Rewritten),
            (kept, head(5, 9), head(10, 2), Judgement::Rewritten),
            (kept, head(5, 9), head(9, 2), Judgement::CutOff),
            (kept, Head::START, Head::START, Judgement::CutOff),
        ] {
            let claim = Claim {
                kept: shown,
                head: now,
            };
            assert_eq!(judge(kept, claim), judgement, "{shown:?} {now:?}");
        }
    }
}
