//! The way to the center as the desk needs it: what crosses it is `wire`, how it does is of no
//! concern here. Tests bring a center in the same process.

use audit::Claim;
use desk_sync::{Failure, Fetch, Fetched};
use wire::{
    Answer, AuditCopied, AuditCopy, AuditKept, BlobState, ChangePassword, EnrolmentCode, Hash,
    PasswordChanged, Request, SignIn, SignInRefusal, SignedIn, StoryRequest, StoryTold,
};

use super::access::CenterAccess;

/// Finds the center.
pub trait Network: Send + Sync {
    /// First contact: the certificate of the center's authority, as PEM, if the code is of it.
    fn meet(&self, address: &str, code: &EnrolmentCode) -> Result<String, NotMet>;

    /// A line to a center that was met.
    fn line(&self, access: &CenterAccess) -> anyhow::Result<std::sync::Arc<dyn Line>>;
}

/// A line to the center. Every call waits for the network, for a limited time: none is ever made on
/// a thread that answers a window, or that holds the store.
pub trait Line: Send + Sync {
    fn ask(&self, request: &Request) -> Result<Answer, Failure>;

    /// A part that is cut off on its way is what has come of it.
    fn fetch(&self, fetch: Fetch) -> Result<Fetched, Failure>;

    /// 附件: how much of it the center has.
    fn blob_state(&self, sha256: Hash) -> Result<BlobState, Failure>;

    /// The next bytes of a file, from one byte on of so many. How much the center has now, whatever it
    /// had before; `None` where it does not take the file.
    fn put_blob(
        &self,
        sha256: Hash,
        place: (u64, u64),
        bytes: &[u8],
    ) -> Result<Option<BlobState>, Failure>;

    /// A file from a byte on, as far as it came; `None` where the center has it not, or not whole.
    fn blob(&self, sha256: Hash, from_byte: u64) -> Result<Option<BlobStretch>, Failure>;

    /// Waits for the center to say that there is news.
    fn await_news(&self) -> Result<(), Failure>;

    fn sign_in(&self, request: &SignIn) -> Result<Result<SignedIn, SignInRefusal>, Failure>;

    fn change_password(
        &self,
        request: &ChangePassword,
    ) -> Result<Result<PasswordChanged, SignInRefusal>, Failure>;

    /// Tells where the desk's chain of audit entries ends. `None`: the center does not keep any, as one
    /// that is older than this does not.
    fn keep_audit(&self, _claim: &Claim) -> Result<Option<AuditKept>, Failure> {
        Ok(None)
    }

    /// 调阅: every entry of a story. `None`: a center that is older than the question.
    fn story(&self, _request: &StoryRequest) -> Result<Option<StoryTold>, Failure> {
        Ok(None)
    }

    /// Hands it entries of that chain. `None`: it takes none.
    fn copy_audit(&self, _copy: &AuditCopy) -> Result<Option<AuditCopied>, Failure> {
        Ok(None)
    }
}

/// Some bytes of a file that has `of_bytes`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BlobStretch {
    pub of_bytes: u64,
    pub bytes: Vec<u8>,
}

/// Why a center was not met.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotMet {
    /// 连不上.
    Unreachable,
    /// Something answered that is no center, or another one: the code is not of it.
    NotOfTheCode,
}
