//! The line over HTTPS. The center's own authority is all that is trusted; the desk shows the
//! certificate it got for its own key.

use std::io::{BufRead as _, BufReader, Read, Write as _};
use std::net::{TcpStream, ToSocketAddrs as _};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use anyhow::Context as _;
use audit::Claim;
use desk_sync::{Failure, Fetch, Fetched};
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, ring};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{ClientConfig, ClientConnection, DigitallySignedStruct, SignatureScheme};
use serde::Serialize;
use serde::de::DeserializeOwned;
use ureq::Agent;
use ureq::tls::{Certificate, ClientCert, PrivateKey, RootCerts, TlsConfig, TlsProvider};
use wire::limit::MESSAGE_MAX_BYTES;
use wire::{
    Answer, AuditCopied, AuditCopy, AuditKept, BlobState, ChangePassword, EnrolmentCode, Hash,
    PasswordChanged, Request, SignIn, SignInRefusal, SignedIn, StoryRequest, StoryTold,
    VerifyRequest,
};

use super::access::CenterAccess;
use super::line::{BlobStretch, Line, Network, NotMet};

const CONNECT_WITHIN: Duration = Duration::from_secs(5);
/// As long as the machine waits for an answer, or a little less.
const ANSWER_WITHIN: Duration = Duration::from_secs(28);
/// A person waits for it.
const SIGN_IN_WITHIN: Duration = Duration::from_secs(8);
/// The center says something more often than that, if only that it is there.
const NEWS_WITHIN: Duration = Duration::from_secs(90);
/// What is shorter is sent as it is.
const PACKED_FROM_BYTES: usize = 1024;
const PACK_LEVEL: i32 = 3;
/// What a center says that is older than what it is asked for.
const NOT_FOUND: u16 = 404;
/// What it says to a desk that it does not know; a person it refuses otherwise.
const UNAUTHORISED: u16 = 401;
/// The line of an event that says there is news.
const NEWS_EVENT: &str = "event: feed";
const EVENT_LINE_MAX_BYTES: u64 = 4096;

/// HTTPS to the center's door for desks.
#[derive(Debug, Clone, Copy, Default)]
pub struct Https;

impl Network for Https {
    fn meet(&self, address: &str, code: &EnrolmentCode) -> Result<String, NotMet> {
        let shown = shown_certificates(address).map_err(|error| {
            tracing::warn!(
                address,
                error = format!("{error:#}"),
                "the center was not met"
            );
            NotMet::Unreachable
        })?;
        let authority = shown.iter().find(|it| code.is_of(it));
        authority.map(|it| pem(it)).ok_or(NotMet::NotOfTheCode)
    }

    fn line(&self, access: &CenterAccess) -> anyhow::Result<Arc<dyn Line>> {
        Ok(Arc::new(HttpsLine::new(access)?))
    }
}

struct HttpsLine {
    base: String,
    agent: Agent,
    public_key: String,
}

impl HttpsLine {
    fn new(access: &CenterAccess) -> anyhow::Result<Self> {
        let authority = Certificate::from_pem(access.authority.as_bytes());
        let authority = authority.context("Reading the center's certificate")?;
        let mut tls = TlsConfig::builder()
            .provider(TlsProvider::Rustls)
            .unversioned_rustls_crypto_provider(Arc::new(ring::default_provider()))
            .root_certs(RootCerts::new_with_certs(&[authority]));
        if !access.certificate.is_empty() {
            let own = Certificate::from_pem(access.certificate.as_bytes());
            let own = own.context("Reading the desk's certificate")?;
            let key = PrivateKey::from_pem(access.key.as_bytes());
            let key = key.context("Reading the desk's key")?;
            tls = tls.client_cert(Some(ClientCert::new_with_certs(&[own], key)));
        }
        let config = Agent::config_builder()
            .tls_config(tls.build())
            .https_only(true)
            .http_status_as_error(false)
            .max_redirects(0)
            .proxy(None)
            .timeout_connect(Some(CONNECT_WITHIN))
            .build();
        let public_key = access.public_key()?;
        Ok(Self {
            base: format!("https://{}/v1", access.address),
            agent: Agent::new_with_config(config),
            public_key: base64::Engine::encode(
                &base64::engine::general_purpose::STANDARD,
                public_key,
            ),
        })
    }

    /// Sends JSON and reads what comes back, packed or not, within the limits.
    fn post(
        &self,
        path: &str,
        body: &impl Serialize,
        within: Duration,
    ) -> Result<(u16, Vec<u8>), Failure> {
        let plain = serde_json::to_vec(body).map_err(unreadable)?;
        let mut request = self
            .agent
            .post(format!("{}/{path}", self.base))
            .header("content-type", "application/json")
            .header("accept-encoding", "zstd");
        let sent = if plain.len() >= PACKED_FROM_BYTES {
            request = request.header("content-encoding", "zstd");
            zstd::encode_all(plain.as_slice(), PACK_LEVEL).map_err(unreadable)?
        } else {
            plain
        };
        let answered = request
            .config()
            .timeout_global(Some(within))
            .build()
            .send(&sent[..])
            .map_err(failure)?;
        let status = answered.status().as_u16();
        let is_packed = answered
            .headers()
            .get("content-encoding")
            .is_some_and(|it| it.as_bytes() == b"zstd");
        let limit = MESSAGE_MAX_BYTES as u64;
        let reader = answered.into_body().into_reader().take(limit + 1);
        let body = if is_packed {
            let unpacked = zstd::Decoder::new(reader).map_err(unreadable)?;
            read_within_limit(unpacked)?
        } else {
            read_within_limit(reader)?
        };
        Ok((status, body))
    }

    fn verify(&self, request: &VerifyRequest) -> Result<Fetched, Failure> {
        match self.post("verify", request, ANSWER_WITHIN)? {
            (200, body) => serde_json::from_slice(&body)
                .map(Fetched::Verified)
                .map_err(unreadable),
            (401 | 404, _) => Ok(Fetched::NotThere),
            (_, _) => Err(Failure::Unreadable),
        }
    }

    /// What the center keeps of the desk's audit, unless it is older than that.
    fn ask_beside<T: DeserializeOwned>(
        &self,
        path: &str,
        body: &impl Serialize,
    ) -> Result<Option<T>, Failure> {
        let (status, body) = self.post(path, body, ANSWER_WITHIN)?;
        if status == NOT_FOUND {
            return Ok(None);
        }
        serde_json::from_slice(&body).map(Some).map_err(unreadable)
    }

    /// What one of the doors for people answers.
    fn ask_person<T: DeserializeOwned>(
        &self,
        path: &str,
        body: &impl Serialize,
    ) -> Result<Result<T, SignInRefusal>, Failure> {
        let (status, body) = self.post(path, body, SIGN_IN_WITHIN)?;
        if status == UNAUTHORISED {
            return Err(Failure::NotAdmitted);
        }
        if (200..300).contains(&status) {
            return Ok(Ok(serde_json::from_slice(&body).map_err(unreadable)?));
        }
        Ok(Err(serde_json::from_slice(&body).map_err(unreadable)?))
    }
}

impl Line for HttpsLine {
    fn ask(&self, request: &Request) -> Result<Answer, Failure> {
        let with_key = match request {
            Request::Enrol(enrol) => Some(Request::Enrol(wire::EnrolRequest {
                public_key: self.public_key.clone(),
                ..enrol.clone()
            })),
            Request::Hello(_)
            | Request::Push(_)
            | Request::Recover(_)
            | Request::Pull(_)
            | Request::Recall(_) => None,
        };
        let (_, body) = self.post("sync", with_key.as_ref().unwrap_or(request), ANSWER_WITHIN)?;
        serde_json::from_slice(&body).map_err(unreadable)
    }

    fn fetch(&self, fetch: Fetch) -> Result<Fetched, Failure> {
        let (path, from_byte) = match fetch {
            Fetch::Verify(request) => return self.verify(&request),
            Fetch::Manifest => ("snapshot/manifest".to_owned(), None),
            Fetch::Part { nth, from_byte } => (format!("snapshot/part/{nth}"), Some(from_byte)),
        };
        let mut request = self.agent.get(format!("{}/{path}", self.base));
        if let Some(from_byte) = from_byte {
            request = request.header("range", format!("bytes={from_byte}-"));
        }
        let answered = request
            .config()
            .timeout_global(Some(ANSWER_WITHIN))
            .build()
            .call()
            .map_err(failure)?;
        let status = answered.status().as_u16();
        let body = answered.into_body().into_reader();
        match (status, fetch) {
            (200, Fetch::Manifest) => {
                let manifest = read_within_limit(body)?;
                let manifest = serde_json::from_slice(&manifest).map_err(unreadable)?;
                Ok(Fetched::Manifest(Box::new(manifest)))
            }
            (206, Fetch::Part { .. }) => read_what_comes(body).map(Fetched::Bytes),
            // A desk that is not admitted hears so when it asks.
            (401 | 404, _) => Ok(Fetched::NotThere),
            (_, _) => Err(Failure::Unreadable),
        }
    }

    fn blob_state(&self, sha256: Hash) -> Result<BlobState, Failure> {
        let answered = self
            .agent
            .get(format!("{}/blob/{sha256}/state", self.base))
            .config()
            .timeout_global(Some(ANSWER_WITHIN))
            .build()
            .call()
            .map_err(failure)?;
        match answered.status().as_u16() {
            200 => read_state(answered.into_body().into_reader()),
            _ => Err(Failure::Unreadable),
        }
    }

    fn put_blob(
        &self,
        sha256: Hash,
        (from_byte, of_bytes): (u64, u64),
        bytes: &[u8],
    ) -> Result<Option<BlobState>, Failure> {
        let last = from_byte
            .saturating_add(bytes.len() as u64)
            .saturating_sub(1);
        let answered = self
            .agent
            .put(format!("{}/blob/{sha256}", self.base))
            .header("content-type", "application/octet-stream")
            .header(
                "content-range",
                format!("bytes {from_byte}-{last}/{of_bytes}"),
            )
            .config()
            .timeout_global(Some(ANSWER_WITHIN))
            .build()
            .send(bytes)
            .map_err(failure)?;
        match answered.status().as_u16() {
            // It goes on from elsewhere: what the center has is told all the same.
            200 | 409 => read_state(answered.into_body().into_reader()).map(Some),
            413 | 422 => Ok(None),
            _ => Err(Failure::Unreadable),
        }
    }

    fn blob(&self, sha256: Hash, from_byte: u64) -> Result<Option<BlobStretch>, Failure> {
        let answered = self
            .agent
            .get(format!("{}/blob/{sha256}", self.base))
            .header("range", format!("bytes={from_byte}-"))
            .config()
            .timeout_global(Some(ANSWER_WITHIN))
            .build()
            .call()
            .map_err(failure)?;
        let range = answered.headers().get("content-range");
        let range = range.and_then(|it| it.to_str().ok()).unwrap_or_default();
        let of_bytes = range.rsplit_once('/').and_then(|(_, of)| of.parse().ok());
        match (answered.status().as_u16(), of_bytes) {
            (206, Some(of_bytes)) => {
                let bytes = read_what_comes(answered.into_body().into_reader())?;
                if bytes.is_empty() {
                    return Err(Failure::Offline);
                }
                Ok(Some(BlobStretch { of_bytes, bytes }))
            }
            (404, _) => Ok(None),
            (_, _) => Err(Failure::Unreadable),
        }
    }

    fn await_news(&self) -> Result<(), Failure> {
        let answered = self
            .agent
            .get(format!("{}/poke", self.base))
            .header("accept", "text/event-stream")
            .config()
            .timeout_recv_response(Some(CONNECT_WITHIN))
            .timeout_recv_body(Some(NEWS_WITHIN))
            .build()
            .call()
            .map_err(failure)?;
        if answered.status().as_u16() != 200 {
            return Err(Failure::Unreadable);
        }
        let mut lines = BufReader::new(answered.into_body().into_reader());
        loop {
            let mut line = String::new();
            let n = lines
                .by_ref()
                .take(EVENT_LINE_MAX_BYTES)
                .read_line(&mut line)
                .map_err(|_cut| Failure::Offline)?;
            if n == 0 {
                return Err(Failure::Offline);
            }
            if line.trim_end() == NEWS_EVENT {
                return Ok(());
            }
        }
    }

    fn sign_in(&self, request: &SignIn) -> Result<Result<SignedIn, SignInRefusal>, Failure> {
        self.ask_person("sign_in", request)
    }

    fn keep_audit(&self, claim: &Claim) -> Result<Option<AuditKept>, Failure> {
        self.ask_beside("audit", claim)
    }

    fn copy_audit(&self, copy: &AuditCopy) -> Result<Option<AuditCopied>, Failure> {
        self.ask_beside("audit/copy", copy)
    }

    fn story(&self, request: &StoryRequest) -> Result<Option<StoryTold>, Failure> {
        self.ask_beside("story", request)
    }

    fn change_password(
        &self,
        request: &ChangePassword,
    ) -> Result<Result<PasswordChanged, SignInRefusal>, Failure> {
        self.ask_person("change_password", request)
    }
}

fn read_within_limit(reader: impl Read) -> Result<Vec<u8>, Failure> {
    let mut body = Vec::new();
    let limit = MESSAGE_MAX_BYTES as u64;
    reader
        .take(limit + 1)
        .read_to_end(&mut body)
        .map_err(|_cut| Failure::Offline)?;
    if body.len() > MESSAGE_MAX_BYTES {
        return Err(Failure::Unreadable);
    }
    Ok(body)
}

fn read_state(reader: impl Read) -> Result<BlobState, Failure> {
    let state = read_within_limit(reader)?;
    serde_json::from_slice(&state).map_err(unreadable)
}

/// As much as comes before the line is cut; nothing at all is a failure.
fn read_what_comes(reader: impl Read) -> Result<Vec<u8>, Failure> {
    let mut body = Vec::new();
    let read = reader.take(MESSAGE_MAX_BYTES as u64).read_to_end(&mut body);
    match read {
        Err(_cut) if body.is_empty() => Err(Failure::Offline),
        Ok(_) | Err(_) => Ok(body),
    }
}

#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "the library adds kinds of errors"
)]
fn failure(error: ureq::Error) -> Failure {
    tracing::debug!(%error, "the center did not answer");
    match error {
        ureq::Error::Timeout(_) => Failure::TimedOut,
        ureq::Error::Protocol(_) | ureq::Error::Tls(_) | ureq::Error::Rustls(_) => {
            Failure::Unreadable
        }
        // What else there is says that nobody was reached.
        _ => Failure::Offline,
    }
}

fn unreadable(error: impl std::fmt::Display) -> Failure {
    tracing::warn!(%error, "what the center answered cannot be read");
    Failure::Unreadable
}

/// The certificates that whoever listens there shows, none of them trusted yet: the code will say
/// which one to trust, and everything after goes over a line that trusts nothing else.
fn shown_certificates(address: &str) -> anyhow::Result<Vec<CertificateDer<'static>>> {
    let provider = Arc::new(ring::default_provider());
    let seen = Arc::new(Seen {
        certificates: Mutex::default(),
        provider: Arc::clone(&provider),
    });
    let verifier: Arc<dyn ServerCertVerifier> = Arc::<Seen>::clone(&seen);
    let config = ClientConfig::builder_with_provider(provider)
        .with_protocol_versions(&[&rustls::version::TLS13])?
        .dangerous()
        .with_custom_certificate_verifier(verifier)
        .with_no_client_auth();
    let host = address.rsplit_once(':').map_or(address, |(host, _)| host);
    let host = host.trim_matches(['[', ']']).to_owned();
    let name = ServerName::try_from(host).context("Reading the address")?;
    let mut connection = ClientConnection::new(Arc::new(config), name)?;
    let found = address.to_socket_addrs().context("Finding the center")?;
    let mut last = None;
    for socket in found {
        match TcpStream::connect_timeout(&socket, CONNECT_WITHIN) {
            Ok(stream) => {
                last = Some(stream);
                break;
            }
            Err(error) => tracing::debug!(%error, "not there"),
        }
    }
    let mut stream = last.context("Nobody listens there")?;
    stream.set_read_timeout(Some(CONNECT_WITHIN))?;
    stream.set_write_timeout(Some(CONNECT_WITHIN))?;
    while connection.is_handshaking() {
        connection.complete_io(&mut stream)?;
    }
    connection.send_close_notify();
    if connection.wants_write() {
        connection.write_tls(&mut stream)?;
        stream.flush()?;
    }
    let mut seen = seen
        .certificates
        .lock()
        .unwrap_or_else(PoisonError::into_inner);
    Ok(std::mem::take(&mut *seen))
}

/// Looks at what is shown; that whoever shows it holds its key is verified as always.
#[derive(Debug)]
struct Seen {
    certificates: Mutex<Vec<CertificateDer<'static>>>,
    provider: Arc<CryptoProvider>,
}

impl ServerCertVerifier for Seen {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        _server_name: &ServerName<'_>,
        _ocsp_response: &[u8],
        _now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        let shown = std::iter::once(end_entity).chain(intermediates);
        let shown = shown.map(|it| it.clone().into_owned()).collect();
        *self
            .certificates
            .lock()
            .unwrap_or_else(PoisonError::into_inner) = shown;
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        let algorithms = &self.provider.signature_verification_algorithms;
        rustls::crypto::verify_tls12_signature(message, certificate, signed, algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        let algorithms = &self.provider.signature_verification_algorithms;
        rustls::crypto::verify_tls13_signature(message, certificate, signed, algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider
            .signature_verification_algorithms
            .supported_schemes()
    }
}

fn pem(certificate: &CertificateDer<'_>) -> String {
    const LINE: usize = 64;
    let text = base64::Engine::encode(
        &base64::engine::general_purpose::STANDARD,
        certificate.as_ref(),
    );
    let mut pem = "-----BEGIN CERTIFICATE-----\n".to_owned();
    for line in text.as_bytes().chunks(LINE) {
        pem.extend(line.iter().map(|byte| char::from(*byte)));
        pem.push('\n');
    }
    pem.push_str("-----END CERTIFICATE-----\n");
    pem
}
