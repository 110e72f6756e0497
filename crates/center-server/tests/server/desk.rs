//! A desk as the door sees it: a key, a certificate, a chain of intents, and HTTP over TLS.

use std::net::SocketAddr;
use std::sync::Arc;

use axum::body::{Body, Bytes, to_bytes};
use axum::http::{HeaderMap, Method, Request as HttpRequest, StatusCode};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use domain::matter::{Caller, Channel, Matter, MatterClass, MatterKind, Origin, Place};
use domain::rule_set::RuleSets;
use domain::work_order::DispatchPlan;
use domain::{ActorId, Command, HandlingUnitId};
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use rcgen::KeyPair;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer, ServerName};
use rustls::{ClientConfig, RootCertStore, SupportedProtocolVersion};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use wire::{
    Act, Answer, Cover, Cursor, DeskId, DeskMoment, EnrolRequest, Entry, Envelope, Hash, Head,
    Hello, PROTOCOL, PullRequest, PushRequest, Request, Salt, Witness,
};

use crate::house::House;

/// What a desk shows when it comes.
#[derive(Clone)]
pub(crate) struct Shown {
    pub(crate) certificates: Vec<CertificateDer<'static>>,
    pub(crate) key: Arc<PrivateKeyDer<'static>>,
}

/// What came back.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

impl Reply {
    pub(crate) fn answer(&self) -> Answer {
        serde_json::from_slice(&self.body).unwrap()
    }
}

/// One connection to a door.
pub(crate) struct Line {
    sender: http1::SendRequest<Body>,
}

impl Line {
    /// Shakes hands with the desks' door, trusting `authority` only.
    pub(crate) async fn open(
        address: SocketAddr,
        authority: &CertificateDer<'static>,
        shown: Option<&Shown>,
    ) -> std::io::Result<Self> {
        Self::open_with(address, authority, shown, &rustls::version::TLS13).await
    }

    pub(crate) async fn open_with(
        address: SocketAddr,
        authority: &CertificateDer<'static>,
        shown: Option<&Shown>,
        version: &'static SupportedProtocolVersion,
    ) -> std::io::Result<Self> {
        let mut roots = RootCertStore::empty();
        roots.add(authority.clone()).unwrap();
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let builder = ClientConfig::builder_with_provider(provider)
            .with_protocol_versions(&[version])
            .unwrap()
            .with_root_certificates(roots);
        let config = match shown {
            Some(shown) => builder
                .with_client_auth_cert(shown.certificates.clone(), shown.key.clone_key())
                .unwrap(),
            None => builder.with_no_client_auth(),
        };
        let stream = TcpStream::connect(address).await?;
        let name = ServerName::from(address.ip());
        let stream = TlsConnector::from(Arc::new(config))
            .connect(name, stream)
            .await?;
        Ok(Self::over(stream).await)
    }

    /// Over loopback, in the open: the web door.
    pub(crate) async fn plain(address: SocketAddr) -> Self {
        Self::over(TcpStream::connect(address).await.unwrap()).await
    }

    async fn over(
        stream: impl tokio::io::AsyncRead + tokio::io::AsyncWrite + Unpin + Send + 'static,
    ) -> Self {
        let (sender, connection) = http1::handshake(TokioIo::new(stream)).await.unwrap();
        tokio::spawn(connection);
        Self { sender }
    }

    pub(crate) async fn send(&mut self, request: HttpRequest<Body>) -> Option<Reply> {
        self.sender.ready().await.ok()?;
        let response = self.sender.send_request(request).await.ok()?;
        let (parts, body) = response.into_parts();
        let body = to_bytes(Body::new(body), usize::MAX).await.ok()?;
        Some(Reply {
            status: parts.status,
            headers: parts.headers,
            body,
        })
    }

    /// The same for a body that never ends.
    pub(crate) async fn listen(&mut self, path: &str) -> axum::http::Response<Body> {
        let request = asked(Method::GET, path, Body::empty());
        self.sender.ready().await.unwrap();
        let response = self.sender.send_request(request).await.unwrap();
        response.map(Body::new)
    }

    pub(crate) async fn get(&mut self, path: &str) -> Reply {
        let request = asked(Method::GET, path, Body::empty());
        self.send(request).await.unwrap()
    }

    pub(crate) async fn post(&mut self, path: &str, body: impl Into<Body>) -> Reply {
        let request = asked(Method::POST, path, body.into());
        self.send(request).await.unwrap()
    }

    pub(crate) async fn ask(&mut self, request: &Request) -> Answer {
        let body = serde_json::to_vec(request).unwrap();
        self.post("/v1/sync", body).await.answer()
    }
}

pub(crate) fn asked(method: Method, path: &str, body: Body) -> HttpRequest<Body> {
    let request = HttpRequest::builder().method(method).uri(path);
    request.header("host", "center").body(body).unwrap()
}

/// A desk that is enrolled.
pub(crate) struct Desk {
    pub(crate) id: DeskId,
    pub(crate) head: Head,
    pub(crate) shown: Shown,
    n_intents: u32,
}

impl House {
    pub(crate) fn authority(&self) -> CertificateDer<'static> {
        let path = self.folder.path().join("authority.pem");
        CertificateDer::from_pem_file(path).unwrap()
    }

    pub(crate) async fn stranger(&self) -> Line {
        let authority = self.authority();
        Line::open(self.server.desks_address, &authority, None)
            .await
            .unwrap()
    }

    pub(crate) async fn line(&self, desk: &Desk) -> Line {
        let authority = self.authority();
        Line::open(self.server.desks_address, &authority, Some(&desk.shown))
            .await
            .unwrap()
    }

    pub(crate) async fn code(&self) -> String {
        let (code, _) = self.office().allow_enrolment().await.unwrap();
        code.secret
    }

    pub(crate) async fn desk(&self) -> Desk {
        let key = KeyPair::generate().unwrap();
        let code = self.code().await;
        let asked = enrol(&code, &key);
        let Answer::Enrolled(enrolled) = self.stranger().await.ask(&asked).await else {
            panic!("not enrolled");
        };
        let certificate = CertificateDer::from_pem_slice(enrolled.certificate.as_bytes());
        let key = PrivatePkcs8KeyDer::from(key.serialize_der());
        Desk {
            id: enrolled.desk,
            head: Head::START,
            shown: Shown {
                certificates: vec![certificate.unwrap()],
                key: Arc::new(PrivateKeyDer::Pkcs8(key)),
            },
            n_intents: 0,
        }
    }

    /// Everything in the feed.
    pub(crate) async fn entries(&self) -> Vec<Entry> {
        let office = self.office();
        let read = office
            .readers
            .read(|reader| reader.ledger.entries_after(0, 100_000, usize::MAX));
        read.await.unwrap()
    }
}

pub(crate) fn enrol(code: &str, key: &KeyPair) -> Request {
    Request::Enrol(EnrolRequest {
        protocol: PROTOCOL,
        code: code.to_owned(),
        machine: "一号机".to_owned(),
        public_key: BASE64.encode(rcgen::PublicKeyData::subject_public_key_info(key)),
    })
}

impl Desk {
    pub(crate) fn hello(&self) -> Request {
        Request::Hello(Hello {
            desk: self.id.clone(),
            protocol: PROTOCOL,
            program: "0.1.0".to_owned(),
            desk_time: chrono::DateTime::UNIX_EPOCH,
            head: self.head,
            epoch: 0,
            cursor: Cursor::START,
        })
    }

    pub(crate) fn pull(&self, epoch: u64, cursor: Cursor) -> Request {
        Request::Pull(PullRequest {
            desk: self.id.clone(),
            protocol: wire::PROTOCOL.last,
            epoch,
            cursor,
            entries_max: 5_000,
        })
    }

    pub(crate) fn push(&self, envelopes: Vec<Envelope>) -> Request {
        Request::Push(PushRequest {
            desk: self.id.clone(),
            protocol: wire::PROTOCOL.last,
            sent: DeskMoment {
                run: "run".to_owned(),
                ms: 0,
            },
            envelopes,
        })
    }

    /// The next intent of its chain, on what the person saw at `version`.
    pub(crate) fn intent(&mut self, subject: &str, version: u32, command: Command) -> Envelope {
        self.n_intents += 1;
        let (kind, command) = Act::Order(command).write().unwrap();
        let occurred_at = chrono::DateTime::from_timestamp(1_795_395_600, 0).unwrap();
        let rule_sets = RuleSets::built_in();
        let rules = rule_sets.in_force_on(domain::clock_face::date_of(occurred_at));
        let envelope = Envelope {
            desk: self.id.clone(),
            number: self.head.number + 1,
            id: format!("{}-{}", self.id.0, self.n_intents),
            subject: subject.to_owned(),
            kind,
            command,
            actor: ActorId("1002".to_owned()),
            occurred_at,
            rule_set: rules.id.clone(),
            base_version: version,
            cover: Cover::Salted(Salt([7; 16])),
            previous_hash: self.head.hash,
            witness: Some(Witness {
                schema: 1,
                session: "s".to_owned(),
                seen_hash: None,
                round: None,
                skew_ms: None,
                uptime: None,
            }),
            hash: Hash::CHAIN_START,
        }
        .sealed();
        self.head = envelope.head();
        envelope
    }

    /// Registers an order of its own.
    pub(crate) fn register(&mut self, nth: u32) -> Envelope {
        let subject = format!("{}-order-{nth}", self.id.0);
        let number = format!("20261123-{}-{nth:04}", self.id.0);
        self.intent(&subject, 0, register(&number))
    }
}

pub(crate) fn register(number: &str) -> Command {
    Command::Register {
        number: number.to_owned(),
        matter: Box::new(Matter {
            caller: Caller {
                phone: phone_of(number),
                ..Caller::default()
            },
            channel: Channel::Phone,
            kind: MatterKind::Complaint,
            class: MatterClass::Ordinary,
            category_id: "0302".to_owned(),
            title: String::new(),
            text: "停水三天".to_owned(),
            place: Place {
                township_code: "511725001".to_owned(),
                ..Place::default()
            },
            happened: String::new(),
            about: String::new(),
            wants: String::new(),
            is_confidential: false,
            wants_call_back: false,
            origin: Origin::default(),
        }),
    }
}

/// Another caller for each order: nobody brings the same matter twice.
fn phone_of(number: &str) -> String {
    let sum = number
        .bytes()
        .fold(7_u32, |sum, byte| sum.wrapping_mul(31) + u32::from(byte));
    format!("138{:08}", sum % 100_000_000)
}

pub(crate) fn dispatch(unit: &str) -> Command {
    Command::Dispatch {
        unit: HandlingUnitId(unit.to_owned()),
        opinion: String::new(),
        plan: DispatchPlan::default(),
    }
}
