//! Refusal, fault or bug: what a call that did not succeed tells the page.

use domain::Refusal;
use domain::assessment::AssessmentRefusal;
use domain::kb::KbRefusal;
use domain::kb::task::KbTaskRefusal;
use wire::RuleSays;
use wording::api_error::{ApiError, ErrorCode};
use wording::text;

use crate::writer::NotWritten;

/// Why the portal did not do what it was asked to.
#[derive(Debug, thiserror::Error)]
pub(super) enum CallError {
    #[error("refused: {0}")]
    Refused(#[from] Refusal),
    #[error("refused: {0}")]
    KbRefused(#[from] KbRefusal),
    #[error("refused: {0}")]
    KbTaskRefused(#[from] KbTaskRefusal),
    #[error("refused: {0}")]
    AssessmentRefused(#[from] AssessmentRefusal),
    #[error("it is at version {now}, the page showed {shown}")]
    Stale { shown: u32, now: u32 },
    /// Nobody is signed in, or no longer.
    #[error("nobody is signed in")]
    SignedOut,
    /// The first password is to be changed before anything else.
    #[error("the password must be changed")]
    MustChange,
    /// A request that no page of ours sends, or that wants something; `message` is Chinese.
    #[error("invalid request: {message}")]
    Invalid { message: String },
    #[error(transparent)]
    NotWritten(#[from] NotWritten),
    #[error(transparent)]
    Fault(#[from] anyhow::Error),
}

impl CallError {
    pub(super) fn invalid(message: impl Into<String>) -> Self {
        Self::Invalid {
            message: message.into(),
        }
    }

    fn code(&self) -> ErrorCode {
        match self {
            Self::Refused(_)
            | Self::KbRefused(_)
            | Self::KbTaskRefused(_)
            | Self::AssessmentRefused(_) => ErrorCode::Refused,
            Self::Stale { .. } => ErrorCode::Stale,
            Self::SignedOut | Self::MustChange => ErrorCode::Locked,
            Self::Invalid { .. } => ErrorCode::Invalid,
            Self::NotWritten(_) | Self::Fault(_) => ErrorCode::Fault,
        }
    }

    fn message(&self, request_id: &str) -> String {
        match self {
            Self::Refused(refusal) => text::refusal(refusal),
            Self::KbRefused(refusal) => text::kb_refusal(refusal),
            Self::KbTaskRefused(refusal) => text::kb_task_refusal(refusal),
            Self::AssessmentRefused(refusal) => text::assessment_refusal(refusal),
            Self::Stale { .. } => "刚刚有变化，已重新显示，请看过再办。".to_owned(),
            Self::SignedOut => "登录已失效，请重新登录。".to_owned(),
            Self::MustChange => "请先修改初始密码。".to_owned(),
            Self::Invalid { message } => message.clone(),
            Self::NotWritten(NotWritten::Busy) => {
                "中心正忙，没有办成，请稍候再试。已填写的内容仍在。".to_owned()
            }
            Self::NotWritten(NotWritten::Stopping) => {
                "中心正在停机，没有办成，请稍候再试。已填写的内容仍在。".to_owned()
            }
            Self::NotWritten(NotWritten::Fault) | Self::Fault(_) => {
                format!("出错了，编号 {request_id}。没有改动任何内容，请把编号告诉管理员。")
            }
        }
    }

    /// Makes it what the page gets, and writes down what it does not.
    pub(super) fn into_api(self, request_id: &str) -> ApiError {
        if let Self::Fault(error) = &self {
            tracing::error!(request_id, error = format!("{error:#}"), "a call failed");
        }
        ApiError {
            code: self.code(),
            message: self.message(request_id),
            request_id: request_id.to_owned(),
        }
    }
}

impl From<RuleSays> for CallError {
    fn from(says: RuleSays) -> Self {
        match says {
            RuleSays::Order(refusal) => Self::Refused(refusal),
            RuleSays::Article(refusal) => Self::KbRefused(refusal),
            RuleSays::Task(refusal) => Self::KbTaskRefused(refusal),
            RuleSays::Assessment(refusal) => Self::AssessmentRefused(refusal),
            // No unit is asked about these here, so none can be given.
            RuleSays::Case(_)
            | RuleSays::Catalogue(_)
            | RuleSays::Dossier(_)
            | RuleSays::EarlyWarning(_)
            | RuleSays::OtherSubject => Self::Refused(Refusal::NotRegistered),
        }
    }
}
