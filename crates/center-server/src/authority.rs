//! 证书: the center's own authority. It vouches for this center to desks, and for desks to it.
//!
//! Nothing else is trusted by either, so a certificate says only whose key it is. Whether a desk may
//! still come in stands in the ledger and is asked each time: a certificate cannot be taken back,
//! a row can. For the same reason none of them ends: a desk whose clock is years off must still
//! reach the center to learn that.

use std::collections::BTreeMap;
use std::fs::OpenOptions;
use std::io::Write as _;
use std::net::IpAddr;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use anyhow::{Context as _, Result, ensure};
use rcgen::{
    BasicConstraints, CertificateParams, DistinguishedName, DnType, ExtendedKeyUsagePurpose, IsCa,
    Issuer, KeyPair, KeyUsagePurpose, SanType, SubjectPublicKeyInfo,
};
use rustls::RootCertStore;
use rustls::crypto::{CryptoProvider, ring};
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::server::{ServerConfig, WebPkiClientVerifier};
use wire::DeskId;

pub const CERTIFICATE_FILE: &str = "authority.pem";
pub const KEY_FILE: &str = "authority.key";
/// The name that the center's certificate always bears, by whatever address it is reached.
pub const CENTER_NAME: &str = "hotline-center";
/// Names and addresses by which desks reach the center, remembered with a certificate each.
const NAMES_MAX: usize = 256;
/// Bytes of a public key as a desk sends it.
const PUBLIC_KEY_MAX_BYTES: usize = 1_024;

/// The key that vouches for all others.
pub struct Authority {
    certificate: CertificateDer<'static>,
    issuer: Issuer<'static, KeyPair>,
    provider: Arc<CryptoProvider>,
    /// The key of this run of the center; a new one each time.
    center_key: KeyPair,
    /// What is shown to whoever asks for a name.
    shown: Mutex<BTreeMap<String, Arc<ServerConfig>>>,
}

impl Authority {
    /// Makes a new one in the data folder. One that is there is never overwritten: every desk
    /// would have to be enrolled again.
    pub fn create(data: &Path) -> Result<()> {
        let key = KeyPair::generate().context("Making the authority's key")?;
        let mut params = CertificateParams::default();
        params.distinguished_name = named("渠县12345热线中心");
        params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
        params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
        let certificate = params.self_signed(&key).context("Making the authority")?;
        put_new(&data.join(KEY_FILE), key.serialize_pem().as_bytes())?;
        put_new(&data.join(CERTIFICATE_FILE), certificate.pem().as_bytes())
    }

    pub fn exists(data: &Path) -> bool {
        data.join(CERTIFICATE_FILE).exists()
    }

    /// Reads the one of the data folder.
    pub fn open(data: &Path) -> Result<Self> {
        let read = |name: &str| {
            let path = data.join(name);
            std::fs::read_to_string(&path).with_context(|| format!("Reading {}", path.display()))
        };
        let certificate = CertificateDer::from_pem_slice(read(CERTIFICATE_FILE)?.as_bytes());
        let certificate = certificate.context("Reading the authority's certificate")?;
        let key = KeyPair::from_pem(&read(KEY_FILE)?).context("Reading the authority's key")?;
        let issuer = Issuer::from_ca_cert_der(&certificate, key);
        Ok(Self {
            issuer: issuer.context("Reading the authority")?,
            certificate,
            provider: Arc::new(ring::default_provider()),
            center_key: KeyPair::generate().context("Making the center's key")?,
            shown: Mutex::default(),
        })
    }

    /// What a code is made of, and what desks trust.
    pub fn certificate(&self) -> &CertificateDer<'static> {
        &self.certificate
    }

    /// Vouches for a desk's key (`SubjectPublicKeyInfo`, DER). `None` for what is no key.
    pub fn vouch_for(&self, desk: &DeskId, public_key: &[u8]) -> Result<Option<DeskCertificate>> {
        if public_key.len() > PUBLIC_KEY_MAX_BYTES {
            return Ok(None);
        }
        let Ok(public_key) = SubjectPublicKeyInfo::from_der(public_key) else {
            return Ok(None);
        };
        let mut params = CertificateParams::default();
        params.distinguished_name = named(&desk.0);
        params.use_authority_key_identifier_extension = true;
        params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ClientAuth];
        let certificate = params.signed_by(&public_key, &self.issuer);
        let certificate = certificate.context("Vouching for a desk")?;
        Ok(Some(DeskCertificate {
            pem: certificate.pem(),
            der: certificate.der().clone(),
        }))
    }

    /// How the center shows itself to who reached it at `address` and called it `name`. It vouches
    /// for whatever it was called: a desk trusts the authority, not the name.
    pub fn shown_as(&self, address: IpAddr, name: Option<&str>) -> Result<Arc<ServerConfig>> {
        let key = format!("{address} {}", name.unwrap_or(""));
        if let Some(config) = self.shown().get(&key) {
            return Ok(Arc::clone(config));
        }
        let config = Arc::new(self.config(address, name)?);
        let mut shown = self.shown();
        if shown.len() >= NAMES_MAX {
            shown.clear();
        }
        shown.insert(key, Arc::clone(&config));
        Ok(config)
    }

    fn shown(&self) -> std::sync::MutexGuard<'_, BTreeMap<String, Arc<ServerConfig>>> {
        self.shown.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn config(&self, address: IpAddr, name: Option<&str>) -> Result<ServerConfig> {
        let mut names = vec![CENTER_NAME, "localhost"];
        names.extend(name);
        let mut params = CertificateParams::new(
            names
                .into_iter()
                .map(str::to_owned)
                .collect::<Vec<String>>(),
        )
        .context("Naming the center")?;
        params.subject_alt_names.push(SanType::IpAddress(address));
        params.distinguished_name = named(CENTER_NAME);
        params.use_authority_key_identifier_extension = true;
        params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
        let certificate = params.signed_by(&self.center_key, &self.issuer);
        let certificate = certificate.context("Vouching for the center")?;
        // The authority comes along, for desks that have only a code to know it by.
        let chain = vec![certificate.der().clone(), self.certificate.clone()];
        let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(self.center_key.serialize_der()));
        let mut roots = RootCertStore::empty();
        roots.add(self.certificate.clone())?;
        let provider = Arc::clone(&self.provider);
        let desks = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider)
            .allow_unauthenticated()
            .build()
            .context("Trusting the authority")?;
        let config = ServerConfig::builder_with_provider(Arc::clone(&self.provider))
            .with_protocol_versions(&[&rustls::version::TLS13])?
            .with_client_cert_verifier(desks)
            .with_single_cert(chain, key)?;
        Ok(config)
    }
}

/// What a desk shows from now on.
pub struct DeskCertificate {
    pub pem: String,
    pub der: CertificateDer<'static>,
}

fn named(name: &str) -> DistinguishedName {
    let mut names = DistinguishedName::new();
    names.push(DnType::CommonName, name);
    names
}

/// Writes a file that only its owner reads, and that is not there yet.
fn put_new(path: &Path, text: &[u8]) -> Result<()> {
    use std::os::unix::fs::OpenOptionsExt as _;
    ensure!(!path.exists(), "{} is there already", path.display());
    let mut options = OpenOptions::new();
    let file = options.write(true).create_new(true).mode(0o600).open(path);
    let mut file = file.with_context(|| format!("Making {}", path.display()))?;
    file.write_all(text)?;
    file.sync_all()?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn made_once_and_read_again() {
        let folder = tempfile::tempdir().unwrap();
        Authority::create(folder.path()).unwrap();
        assert!(Authority::create(folder.path()).is_err());
        let one = Authority::open(folder.path()).unwrap();
        let again = Authority::open(folder.path()).unwrap();
        assert_eq!(one.certificate(), again.certificate());

        let key = KeyPair::generate().unwrap();
        let public_key = rcgen::PublicKeyData::subject_public_key_info(&key);
        let desk = DeskId("W01-7".to_owned());
        let certificate = one.vouch_for(&desk, &public_key).unwrap().unwrap();
        assert!(certificate.pem.starts_with("-----BEGIN CERTIFICATE-----"));
        for bad in [&b""[..], b"no key", &[0x30; 2_000]] {
            assert!(one.vouch_for(&desk, bad).unwrap().is_none());
        }
        let address = IpAddr::from([10, 1, 2, 3]);
        for name in [None, Some("hotline.qx.local"), Some("渠县")] {
            let shown = one.shown_as(address, name);
            assert_eq!(shown.is_ok(), name != Some("渠县"), "{name:?}");
        }
    }
}
