//! 审计留存: what the center keeps of a desk's chain of audit entries. Beside the requests of sync, at paths
//! of their own: a center or a desk that does not know them goes on without. What a desk says at
//! `POST /v1/audit` is an [`audit::Claim`]; which desk, the certificate says.

use audit::{Head, Link};
use serde::{Deserialize, Serialize};

/// Entries of one page at the most. The longest that can be written are 30 KB each.
pub const AUDIT_COPY_MAX: usize = 400;

/// What the center keeps from now on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditKept {
    pub kept: Head,
    /// False where the chain does not go on from what was kept: people at the center are told.
    pub is_sound: bool,
    /// How far the center has the entries themselves. `None`: it is older and takes none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub copied: Option<Head>,
}

/// `POST /v1/audit/copy`: the entries that follow what the center has, as they stand in the desk's chain, at
/// most [`AUDIT_COPY_MAX`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditCopy {
    pub links: Vec<Link>,
}

/// How far the center has the entries now. Where that is not the end of what was sent, they do not go on
/// from there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditCopied {
    pub up_to: Head,
    /// As in [`AuditKept`].
    pub is_sound: bool,
}
