//! Whether a chain holds, and where it does not.

use thiserror::Error;

use crate::checkpoint::Checkpoint;
use crate::entry::{Digest, Head, Link};

/// Where a chain begins: at nothing, or behind what the retention job took away.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Chain {
    pub begins_after: Head,
}

impl Chain {
    pub const WHOLE: Self = Self {
        begins_after: Head::START,
    };
}

/// How a chain breaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum Flaw {
    /// 被改动: the entry does not say what was hashed.
    #[error("the entry was edited")]
    Edited,
    /// 缺失: a number is not there.
    #[error("the entry is missing")]
    Missing,
    /// 次序被改, or put in place of another: it does not follow from the one before it.
    #[error("the entry does not follow from the one before it")]
    Reordered,
    /// 尾部被截断: a checkpoint is about an entry behind the end.
    #[error("the chain ends before what a checkpoint has seen")]
    CutOff,
    /// 整段重做: the chain holds, and is not the one that a checkpoint has seen.
    #[error("it is not the entry that a checkpoint has seen")]
    Rewritten,
}

/// Where, and how.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("at {n}: {flaw}")]
pub struct Break {
    pub n: u64,
    pub flaw: Flaw,
}

/// Reads a chain from its beginning to its end and tells its head. `checkpoints`: what others have
/// seen of it, in whatever order.
pub fn verify(
    chain: Chain,
    links: impl IntoIterator<Item = Link>,
    checkpoints: &[Checkpoint],
) -> Result<Head, Break> {
    let mut head = chain.begins_after;
    for link in links {
        follows(head, &link)?;
        head = link.head();
        seen_as(head.n, head.hash, checkpoints)?;
    }
    let last = checkpoints.iter().map(|it| it.head.n).max().unwrap_or(0);
    if last > head.n {
        let n = head.n + 1;
        return Err(Break {
            n,
            flaw: Flaw::CutOff,
        });
    }
    Ok(head)
}

/// Whether the entry is the next one.
fn follows(head: Head, link: &Link) -> Result<(), Break> {
    let broken = |n, flaw| Err(Break { n, flaw });
    let expected = head.n + 1;
    if link.n > expected {
        return broken(expected, Flaw::Missing);
    }
    if link.n < expected {
        return broken(link.n, Flaw::Reordered);
    }
    if link.computed() != link.hash {
        return broken(link.n, Flaw::Edited);
    }
    if link.previous != head.hash {
        return broken(link.n, Flaw::Reordered);
    }
    Ok(())
}

fn seen_as(n: u64, hash: Digest, checkpoints: &[Checkpoint]) -> Result<(), Break> {
    let mut of_this = checkpoints.iter().filter(|it| it.head.n == n);
    if of_this.all(|it| it.head.hash == hash) {
        return Ok(());
    }
    Err(Break {
        n,
        flaw: Flaw::Rewritten,
    })
}
