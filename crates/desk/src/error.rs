//! Refusal, fault or bug: what a call that did not succeed tells the window.

use desk_store::StoreFault;
use domain::assessment::AssessmentRefusal;
use domain::caller_dossier::DossierRefusal;
use domain::dispatch_catalogue::AmendmentRefusal;
use domain::early_warning::EarlyWarningRefusal;
use domain::export_approval::ApprovalGround;
use domain::kb::KbRefusal;
use domain::kb::gap::KnowledgeGapRefusal;
use domain::kb::task::KbTaskRefusal;
use domain::kb::words::{SayingRefusal, SynonymRefusal};
use domain::supervision::SupervisoryRefusal;
use domain::work_report::WorkReportRefusal;
use domain::{Refusal, Role};

pub use wording::api_error::{ApiError, ErrorCode};

use crate::text;

/// Why a use case did not do what it was asked to.
#[derive(Debug, thiserror::Error)]
pub enum CallError {
    #[error("refused: {0}")]
    Refused(#[from] Refusal),
    #[error("refused: {0}")]
    KbRefused(#[from] KbRefusal),
    #[error("refused: {0}")]
    KbTaskRefused(#[from] KbTaskRefusal),
    #[error("refused: {0}")]
    GapRefused(#[from] KnowledgeGapRefusal),
    #[error("refused: {0}")]
    CaseRefused(#[from] SupervisoryRefusal),
    #[error("refused: {0}")]
    AssessmentRefused(#[from] AssessmentRefusal),
    #[error("refused: {0}")]
    SynonymRefused(#[from] SynonymRefusal),
    #[error("refused: {0}")]
    SayingRefused(#[from] SayingRefusal),
    #[error("refused: {0}")]
    DossierRefused(#[from] DossierRefusal),
    #[error("refused: {0}")]
    AmendmentRefused(#[from] AmendmentRefusal),
    #[error("refused: {0}")]
    WorkReportRefused(#[from] WorkReportRefusal),
    #[error("refused: {0}")]
    EarlyWarningRefused(#[from] EarlyWarningRefusal),
    /// One row of an import; all of it was undone.
    #[error("refused at {place}: {refusal}")]
    RowRefused { place: String, refusal: KbRefusal },
    #[error("none of the person's roles may make this call")]
    NotPermitted { roles: &'static [Role] },
    #[error("it is at version {now}, the window showed {shown}")]
    Stale { shown: u32, now: u32 },
    #[error("the desk is not open")]
    Locked,
    #[error("nobody is signed in, or the desk is locked")]
    SignedOut,
    /// 需要升级查看: the center has said of it what this program cannot read.
    #[error("the program is too old for what it is about")]
    Unread,
    /// 须批准: another person has to allow it.
    #[error("another person has to allow it: {ground:?}")]
    NeedsApproval {
        ground: ApprovalGround,
        /// What became of an earlier request, in Chinese; empty for none.
        told: String,
    },
    /// A request that no window of ours sends; `message` is Chinese.
    #[error("invalid request: {message}")]
    Invalid { message: String },
    #[error(transparent)]
    Store(#[from] StoreFault),
    #[error(transparent)]
    Fault(#[from] anyhow::Error),
}

impl CallError {
    /// Whether what is acted on stands `now` as the window showed it.
    pub(crate) fn check_shown(shown: u32, now: u32) -> Result<(), Self> {
        if shown == now {
            Ok(())
        } else {
            Err(Self::Stale { shown, now })
        }
    }

    /// A request that is not one, said in Chinese.
    pub(crate) fn invalid(message: impl Into<String>) -> Self {
        Self::Invalid {
            message: message.into(),
        }
    }

    pub(crate) fn code(&self) -> ErrorCode {
        match self {
            Self::Refused(_)
            | Self::KbRefused(_)
            | Self::KbTaskRefused(_)
            | Self::GapRefused(_)
            | Self::CaseRefused(_)
            | Self::AssessmentRefused(_)
            | Self::SynonymRefused(_)
            | Self::SayingRefused(_)
            | Self::DossierRefused(_)
            | Self::AmendmentRefused(_)
            | Self::WorkReportRefused(_)
            | Self::EarlyWarningRefused(_)
            | Self::Unread
            | Self::NotPermitted { .. }
            | Self::RowRefused { .. } => ErrorCode::Refused,
            Self::Stale { .. } => ErrorCode::Stale,
            Self::NeedsApproval { .. } => ErrorCode::NeedsApproval,
            Self::Locked | Self::SignedOut => ErrorCode::Locked,
            Self::Invalid { .. } => ErrorCode::Invalid,
            Self::Store(StoreFault::DiskFull) => ErrorCode::StorageFull,
            Self::Store(StoreFault::Damaged { .. } | StoreFault::Busy | StoreFault::Other(_))
            | Self::Fault(_) => ErrorCode::Fault,
        }
    }

    /// Makes it what the window gets, and writes down what it does not.
    pub(crate) fn into_api(self, request_id: &str) -> ApiError {
        let code = self.code();
        match code {
            ErrorCode::Refused
            | ErrorCode::Stale
            | ErrorCode::NeedsApproval
            | ErrorCode::Locked
            | ErrorCode::Invalid => {}
            ErrorCode::StorageFull | ErrorCode::Fault | ErrorCode::Bug => {
                tracing::error!(request_id, error = format!("{self:#}"), "a call failed");
            }
        }
        let message = text::error(&self, request_id);
        ApiError {
            code,
            message,
            request_id: request_id.to_owned(),
        }
    }
}
