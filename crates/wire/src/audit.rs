//! 审计检查点: what a desk says of its chain of audit entries, and what the center keeps of it. Beside the
//! requests of sync, at a path of its own: a center or a desk that does not know it goes on without.

use serde::{Deserialize, Serialize};

use crate::hash::Hash;

/// Where a chain ends, or ended once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditHead {
    pub n: u64,
    pub hash: Hash,
}

/// `POST /v1/audit`: where the desk's chain ends, and what it has at the number that it was last told is
/// kept. Which desk, the certificate says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditClaim {
    pub kept: AuditHead,
    pub head: AuditHead,
}

/// What the center keeps from now on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditKept {
    pub kept: AuditHead,
    /// False where the chain does not go on from what was kept: people at the center are told.
    pub is_sound: bool,
}
