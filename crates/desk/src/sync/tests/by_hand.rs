//! A line that says nothing by itself.

use super::*;

/// Nobody asks over it: the test carries questions and answers itself.
pub(super) struct ByHand;

impl Network for ByHand {
    fn meet(&self, _address: &str, _code: &EnrolmentCode) -> Result<String, NotMet> {
        Err(NotMet::Unreachable)
    }

    fn line(&self, _access: &CenterAccess) -> anyhow::Result<Arc<dyn Line>> {
        Ok(Arc::new(Self))
    }
}

impl Line for ByHand {
    fn ask(&self, _request: &Request) -> Result<Answer, Failure> {
        Err(Failure::Offline)
    }

    fn fetch(&self, _fetch: Fetch) -> Result<Fetched, Failure> {
        Err(Failure::Offline)
    }

    fn blob_state(&self, _sha256: Hash) -> Result<BlobState, Failure> {
        Err(Failure::Offline)
    }

    fn put_blob(
        &self,
        _sha256: Hash,
        _place: (u64, u64),
        _bytes: &[u8],
    ) -> Result<Option<BlobState>, Failure> {
        Err(Failure::Offline)
    }

    fn blob(&self, _sha256: Hash, _from_byte: u64) -> Result<Option<BlobStretch>, Failure> {
        Err(Failure::Offline)
    }

    fn await_news(&self) -> Result<(), Failure> {
        Err(Failure::Offline)
    }

    fn sign_in(&self, _request: &SignIn) -> Result<Result<SignedIn, SignInRefusal>, Failure> {
        Err(Failure::Offline)
    }

    fn keep_audit(&self, _claim: &audit::Claim) -> Result<Option<wire::AuditKept>, Failure> {
        Ok(None)
    }

    fn change_password(
        &self,
        _request: &ChangePassword,
    ) -> Result<Result<PasswordChanged, SignInRefusal>, Failure> {
        Err(Failure::Offline)
    }
}
