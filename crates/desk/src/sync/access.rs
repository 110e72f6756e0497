//! 登记: what proves the center to a desk, and the desk to the center.

use anyhow::Context as _;
use rcgen::KeyPair;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

/// The port of the center's door for desks.
const PORT: u16 = 8443;
const ADDRESS_MAX_CHARS: usize = 120;

/// Everything a desk needs to reach its center. Kept in the encrypted store.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CenterAccess {
    /// Host and port.
    pub address: String,
    /// The certificate of the center's own authority, as PEM: nothing else is trusted.
    pub authority: String,
    /// The desk's own key, made here, as PEM.
    pub key: String,
    /// What the center gave for it, as PEM; empty before the enrolment.
    #[serde(default)]
    pub certificate: String,
}

impl std::fmt::Debug for CenterAccess {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("CenterAccess")
            .field("address", &self.address)
            .finish_non_exhaustive()
    }
}

impl CenterAccess {
    /// A new key for a center that has just been met.
    pub(crate) fn new(address: &str, authority: String) -> anyhow::Result<Self> {
        let key = KeyPair::generate().context("Making the desk's key")?;
        Ok(Self {
            address: address.to_owned(),
            authority,
            key: key.serialize_pem(),
            certificate: String::new(),
        })
    }

    /// The public half of the key, as the center certifies it: SubjectPublicKeyInfo, DER.
    pub fn public_key(&self) -> anyhow::Result<Vec<u8>> {
        let key = KeyPair::from_pem(&self.key).context("Reading the desk's key")?;
        Ok(rcgen::PublicKeyData::subject_public_key_info(&key))
    }
}

/// 登记码 as a person types it, without what separates its groups.
#[derive(Clone, PartialEq, Eq)]
pub struct EnrolmentCode {
    /// What the center knows it by.
    pub secret: String,
    /// The first bytes of the SHA-256 of the authority's certificate.
    pub pin: Vec<u8>,
}
