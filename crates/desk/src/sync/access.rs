//! 登记: what proves the center to a desk, and the desk to the center.

use anyhow::Context as _;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use rcgen::KeyPair;
use serde::{Deserialize, Serialize};
use wire::EnrolmentCode;

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

    /// Whether the code was given by this center, and no other.
    pub(crate) fn gave(&self, code: &EnrolmentCode) -> bool {
        let is_text = |line: &&str| !line.starts_with("-----");
        let body: String = self.authority.lines().filter(is_text).collect();
        let certificate = STANDARD.decode(body.trim());
        certificate.is_ok_and(|certificate| code.is_of(&certificate))
    }

    /// The public half of the key, as the center certifies it: `SubjectPublicKeyInfo`, DER.
    pub fn public_key(&self) -> anyhow::Result<Vec<u8>> {
        let key = KeyPair::from_pem(&self.key).context("Reading the desk's key")?;
        Ok(rcgen::PublicKeyData::subject_public_key_info(&key))
    }
}

/// Host and port of what was typed; `None` for what cannot be an address.
pub(crate) fn address_of(typed: &str) -> Option<String> {
    let typed = typed.trim();
    let typed = typed.strip_prefix("https://").unwrap_or(typed);
    let typed = typed.trim_end_matches('/');
    let is_plain = |it: char| it.is_ascii_alphanumeric() || ".-:[]".contains(it);
    if typed.is_empty() || typed.len() > ADDRESS_MAX_CHARS || !typed.chars().all(is_plain) {
        return None;
    }
    // The colons of IPv6 stand in brackets.
    let (host, port) = match typed.rsplit_once(':') {
        Some((host, port)) if !port.ends_with(']') => (host, port.parse().ok()?),
        Some(_) | None => (typed, PORT),
    };
    let is_host = !host.is_empty() && (!host.contains(':') || host.starts_with('['));
    is_host.then(|| format!("{host}:{port}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_as_they_are_typed() {
        for (typed, address) in [
            ("10.1.2.3", Some("10.1.2.3:8443")),
            (" hotline.qx.local ", Some("hotline.qx.local:8443")),
            ("https://10.1.2.3:9443/", Some("10.1.2.3:9443")),
            ("[fd00::1]:8443", Some("[fd00::1]:8443")),
            ("[fd00::1]", Some("[fd00::1]:8443")),
            ("", None),
            ("fd00::1", None),
            (":8443", None),
            ("10.1.2.3:水", None),
            ("10.1.2.3:99999", None),
            ("a/b", None),
        ] {
            assert_eq!(address_of(typed).as_deref(), address, "{typed}");
        }
    }

    #[test]
    fn a_key_is_made_and_read_again() {
        let access = CenterAccess::new("10.1.2.3:8443", String::new()).unwrap();
        assert!(!access.public_key().unwrap().is_empty());
        assert!(!format!("{access:?}").contains("PRIVATE"));
    }
}
