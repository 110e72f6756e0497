//! What a call that did not succeed tells the page: of the desk, and of the portal.

use serde::Serialize;
use ts_rs::TS;

/// What the window branches on; everything else is in the message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ErrorCode {
    /// A rule says no; shown beside the button.
    Refused,
    /// What it is about has changed since it was shown; shown again.
    Stale,
    /// The desk is not open.
    Locked,
    /// Another person has to allow it; the window offers to ask.
    NeedsApproval,
    /// The request itself is not one.
    Invalid,
    /// The disk is full; the text stays in the window and is saved again.
    StorageFull,
    /// The world failed.
    Fault,
    /// We were wrong; there is a number to report.
    Bug,
}

/// What is sent instead of a reply.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct ApiError {
    pub code: ErrorCode,
    /// Ready-made Chinese for the person.
    pub message: String,
    /// The number under which the log has more.
    pub request_id: String,
}
