//! A desk that only pushes and pulls, over the real door.

use std::net::SocketAddr;
use std::sync::Arc;

use anyhow::{Context as _, Result, bail, ensure};
use axum::body::{Body, Bytes, to_bytes};
use axum::http::{Method, Request as HttpRequest};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use chrono::{DateTime, Utc};
use domain::matter::{Caller, Channel, Matter, MatterClass, MatterKind, Origin, Place};
use domain::rule_set::RuleSetId;
use domain::{ActorId, Command};
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use rcgen::KeyPair;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer, ServerName};
use rustls::{ClientConfig, RootCertStore};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use wire::{
    Act, Answer, Cover, DeskId, DeskMoment, EnrolRequest, Envelope, Hash, Head, PROTOCOL,
    PushRequest, Request, Salt, Witness,
};

const BODY_MAX_BYTES: usize = 64 << 20;
/// Of an ordinary call: a few sentences.
const TEXT: &str = "来电人反映，其居住的小区自本月二十日起夜间停水，白天水压不足，物业称系供水管网检修，\
                    但未张贴通知，也未说明恢复时间。来电人家中有老人和婴儿，用水困难，希望尽快恢复供水，\
                    并在今后检修前提前通知居民。";

/// One connection.
pub(crate) struct Line {
    sender: http1::SendRequest<Body>,
}

impl Line {
    async fn open(
        address: SocketAddr,
        authority: &CertificateDer<'static>,
        own: Option<(CertificateDer<'static>, PrivateKeyDer<'static>)>,
    ) -> Result<Self> {
        let mut roots = RootCertStore::empty();
        roots.add(authority.clone())?;
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let builder = ClientConfig::builder_with_provider(provider)
            .with_protocol_versions(&[&rustls::version::TLS13])?
            .with_root_certificates(roots);
        let config = match own {
            Some((certificate, key)) => builder.with_client_auth_cert(vec![certificate], key)?,
            None => builder.with_no_client_auth(),
        };
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        let stream = TlsConnector::from(Arc::new(config))
            .connect(ServerName::from(address.ip()), stream)
            .await?;
        let (sender, connection) = http1::handshake(TokioIo::new(stream)).await?;
        tokio::spawn(connection);
        Ok(Self { sender })
    }

    async fn send(&mut self, method: Method, path: &str, body: Body) -> Result<Bytes> {
        self.sender.ready().await?;
        let request = HttpRequest::builder()
            .method(method)
            .uri(path)
            .header("host", "center")
            .header("accept-encoding", "zstd")
            .body(body)?;
        let response = self.sender.send_request(request).await?;
        ensure!(
            response.status().is_success(),
            "{path}: {}",
            response.status()
        );
        let is_packed = response.headers().contains_key("content-encoding");
        let bytes = to_bytes(Body::new(response.into_body()), BODY_MAX_BYTES).await?;
        Ok(if is_packed {
            zstd::decode_all(&bytes[..])?.into()
        } else {
            bytes
        })
    }

    pub(crate) async fn get(&mut self, path: &str) -> Result<Bytes> {
        self.send(Method::GET, path, Body::empty()).await
    }

    pub(crate) async fn post(&mut self, body: Bytes) -> Result<Bytes> {
        self.send(Method::POST, "/v1/sync", Body::from(body)).await
    }

    pub(crate) async fn ask(&mut self, request: &Request) -> Result<Answer> {
        let body = self.post(serde_json::to_vec(request)?.into()).await?;
        Ok(serde_json::from_slice(&body)?)
    }
}

pub(crate) struct Desk {
    pub(crate) id: DeskId,
    pub(crate) line: Line,
    head: Head,
}

impl Desk {
    /// Enrols with a code, and comes again with its certificate.
    pub(crate) async fn enrol(
        address: SocketAddr,
        authority: &CertificateDer<'static>,
        code: String,
    ) -> Result<Self> {
        let key = KeyPair::generate()?;
        let request = Request::Enrol(EnrolRequest {
            protocol: PROTOCOL,
            code,
            machine: "load".to_owned(),
            public_key: BASE64.encode(rcgen::PublicKeyData::subject_public_key_info(&key)),
        });
        let mut stranger = Line::open(address, authority, None).await?;
        let Answer::Enrolled(enrolled) = stranger.ask(&request).await? else {
            bail!("The desk was not enrolled");
        };
        let certificate = CertificateDer::from_pem_slice(enrolled.certificate.as_bytes());
        let certificate = certificate.context("Reading the certificate")?;
        let key = PrivatePkcs8KeyDer::from(key.serialize_der()).into();
        Ok(Self {
            id: enrolled.desk,
            line: Line::open(address, authority, Some((certificate, key))).await?,
            head: Head::START,
        })
    }

    /// Pushes of new orders, `n_each` in each, ready to be sent.
    pub(crate) fn pushes(&mut self, n_pushes: usize, n_each: usize) -> Result<Vec<Bytes>> {
        let mut pushes = Vec::with_capacity(n_pushes);
        for _ in 0..n_pushes {
            let envelopes = (0..n_each).map(|_| self.register());
            let envelopes = envelopes.collect::<Result<_>>()?;
            let request = Request::Push(PushRequest {
                desk: self.id.clone(),
                protocol: wire::PROTOCOL.last,
                sent: DeskMoment {
                    run: "load".to_owned(),
                    ms: 0,
                },
                envelopes,
            });
            pushes.push(serde_json::to_vec(&request)?.into());
        }
        Ok(pushes)
    }

    fn register(&mut self) -> Result<Envelope> {
        let nth = self.head.number + 1;
        let now = center_server::Clock::now(&center_server::SystemClock);
        let number = format!("20261123-{}-{nth:06}", self.id.0);
        let phone = format!("13{:09}", hash_of(&number) % 1_000_000_000);
        let matter = Matter {
            caller: Caller {
                phone,
                ..Caller::default()
            },
            channel: Channel::Phone,
            kind: MatterKind::Complaint,
            class: MatterClass::Ordinary,
            category_id: "0302".to_owned(),
            title: "小区停水".to_owned(),
            text: TEXT.to_owned(),
            place: Place {
                township_code: "511725001".to_owned(),
                ..Place::default()
            },
            happened: String::new(),
            about: String::new(),
            wants: "尽快恢复供水".to_owned(),
            is_confidential: false,
            wants_call_back: true,
            origin: Origin::default(),
        };
        let act = Act::Order(Command::Register {
            number: number.clone(),
            matter: Box::new(matter),
        });
        let (kind, command) = act.write()?;
        let envelope = Envelope {
            desk: self.id.clone(),
            number: nth,
            id: format!("{}-{nth}", self.id.0),
            subject: subject_at(now, &number),
            kind,
            command,
            cover: Cover::Salted(Salt::fresh()?),
            actor: ActorId("1001".to_owned()),
            occurred_at: now,
            rule_set: RuleSetId("QX-2023-66".to_owned()),
            base_version: 0,
            previous_hash: self.head.hash,
            witness: Some(Witness {
                schema: 1,
                session: "load".to_owned(),
                seen_hash: None,
                round: None,
                skew_ms: Some(0),
                uptime: None,
            }),
            hash: Hash::CHAIN_START,
        }
        .sealed();
        self.head = envelope.head();
        Ok(envelope)
    }
}

/// Ids of desks are in the order of time.
fn subject_at(now: DateTime<Utc>, number: &str) -> String {
    let ms = now.timestamp_millis();
    format!("{:08x}-{:04x}-7{}", ms >> 16, ms & 0xffff, hash_of(number))
}

fn hash_of(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}
