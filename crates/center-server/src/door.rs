//! 门: takes connections, with TLS or on loopback without, and hands their requests on with who is
//! at the other end.

use std::convert::Infallible;
use std::net::{IpAddr, SocketAddr};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use anyhow::{Context as _, Result, bail};
use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::Request;
use axum::http::HeaderMap;
use futures_util::StreamExt as _;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::{GracefulShutdown, Watcher};
use hyper_util::service::TowerToHyperService;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::ServerConfig;
use sha2::{Digest as _, Sha256};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::task::JoinHandle;
use tokio_rustls::LazyConfigAcceptor;
use tower::{ServiceExt as _, service_fn};
use wire::DeskId;

use crate::authority::Authority;
use crate::config::WebCertificate;

/// Connections of one door at once; more are closed at once.
const CONNECTIONS_MAX: usize = 4_000;
const HANDSHAKE_WITHIN: Duration = Duration::from_secs(10);
/// For the head of each request, and so for how long a connection may lie idle.
const HEAD_WITHIN: Duration = Duration::from_secs(60);
/// For the body of each request.
const BODY_WITHIN: Duration = Duration::from_secs(60);
/// So much of a body that is too long is still read.
const LET_BY_MAX_BYTES: usize = 16 << 20;
/// After that those inside are cut off.
const LEAVE_WITHIN: Duration = Duration::from_secs(20);
/// When the system has no more handles.
const ACCEPT_AGAIN: Duration = Duration::from_millis(200);

/// How a door shows itself.
#[derive(Clone)]
pub(crate) enum Showing {
    /// On loopback only: the configuration sees to that.
    Plain,
    /// By the center's own authority, to desks.
    Own(Arc<Authority>),
    /// By a certificate that browsers trust.
    Office(Arc<ServerConfig>),
}

impl Showing {
    /// Reads the files that a browser is shown.
    pub(crate) fn office(files: &WebCertificate) -> Result<Self> {
        let chain = CertificateDer::pem_file_iter(&files.chain).and_then(Iterator::collect);
        let chain: Vec<CertificateDer<'static>> =
            chain.with_context(|| format!("读取证书 {}", files.chain.display()))?;
        let key = PrivateKeyDer::from_pem_file(&files.key)
            .with_context(|| format!("读取私钥 {}", files.key.display()))?;
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()?
            .with_no_client_auth()
            .with_single_cert(chain, key)
            .context("证书与私钥不相配")?;
        Ok(Self::Office(Arc::new(config)))
    }
}

/// Who is at the other end; with every request.
#[derive(Debug, Clone)]
pub struct Peer {
    pub address: SocketAddr,
    /// The hash of the certificate that was shown and verified.
    pub(crate) certificate: Option<[u8; 32]>,
    /// Whose it is, once it was looked up.
    pub(crate) desk: Arc<OnceLock<DeskId>>,
}

/// A door that is open.
pub(crate) struct Door {
    pub(crate) address: SocketAddr,
    task: JoinHandle<()>,
}

impl Door {
    /// Listens, until `closing` is done.
    pub(crate) async fn open(
        address: SocketAddr,
        showing: Showing,
        router: Router,
        closing: impl Future<Output = ()> + Send + 'static,
    ) -> Result<Self> {
        let listener = TcpListener::bind(address).await;
        let listener = listener.with_context(|| format!("Listening on {address}"))?;
        let address = listener.local_addr()?;
        let task = tokio::spawn(take_in(listener, showing, router, closing));
        Ok(Self { address, task })
    }

    /// Waits until all have left.
    pub(crate) async fn closed(self) -> Result<()> {
        self.task.await.context("Closing a door")
    }
}

async fn take_in(
    listener: TcpListener,
    showing: Showing,
    router: Router,
    closing: impl Future<Output = ()>,
) {
    let places = Arc::new(Semaphore::new(CONNECTIONS_MAX));
    let inside = GracefulShutdown::new();
    let mut closing = std::pin::pin!(closing);
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            () = &mut closing => break,
        };
        match accepted {
            Ok((stream, address)) => {
                let Ok(place) = Arc::clone(&places).try_acquire_owned() else {
                    tracing::warn!("The door is full");
                    continue;
                };
                let guest = Guest {
                    showing: showing.clone(),
                    router: router.clone(),
                    watcher: inside.watcher(),
                    _place: place,
                };
                tokio::spawn(async move {
                    if let Err(error) = guest.serve(stream, address).await {
                        // Strangers and cut lines are everyday.
                        tracing::debug!(error = format!("{error:#}"), "A connection ended");
                    }
                });
            }
            Err(error) => {
                tracing::warn!(%error, "No connection was taken");
                tokio::time::sleep(ACCEPT_AGAIN).await;
            }
        }
    }
    drop(listener);
    if tokio::time::timeout(LEAVE_WITHIN, inside.shutdown())
        .await
        .is_err()
    {
        tracing::warn!("Some were still inside when the door was closed");
    }
}

/// One connection.
struct Guest {
    showing: Showing,
    router: Router,
    watcher: Watcher,
    _place: OwnedSemaphorePermit,
}

impl Guest {
    async fn serve(self, stream: TcpStream, address: SocketAddr) -> Result<()> {
        stream.set_nodelay(true)?;
        let reached_at = stream.local_addr()?.ip();
        let mut peer = Peer {
            address,
            certificate: None,
            desk: Arc::default(),
        };
        let authority = match &self.showing {
            Showing::Plain => return self.speak(stream, peer).await,
            Showing::Own(authority) => Ok(Arc::clone(authority)),
            Showing::Office(config) => Err(Arc::clone(config)),
        };
        let greeted = async {
            let hello =
                LazyConfigAcceptor::new(rustls::server::Acceptor::default(), stream).await?;
            let config = match authority {
                Ok(authority) => {
                    let name = hello.client_hello().server_name().map(str::to_owned);
                    authority.shown_as(reached_at, name.as_deref())?
                }
                Err(config) => config,
            };
            anyhow::Ok(hello.into_stream(config).await?)
        };
        let Ok(greeted) = tokio::time::timeout(HANDSHAKE_WITHIN, greeted).await else {
            bail!("No handshake in time");
        };
        let stream = greeted.context("Shaking hands")?;
        let shown = stream.get_ref().1.peer_certificates();
        let shown = shown.and_then(<[_]>::first);
        peer.certificate = shown.map(|it| Sha256::digest(it).into());
        self.speak(stream, peer).await
    }

    async fn speak(
        self,
        stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
        peer: Peer,
    ) -> Result<()> {
        let router = self.router;
        let service = service_fn(move |request: hyper::Request<hyper::body::Incoming>| {
            let mut request: Request = request.map(Body::new);
            request.extensions_mut().insert(peer.clone());
            let answering = router.clone().oneshot(request);
            async move { Ok::<_, Infallible>(answering.await.unwrap_or_else(|never| match never {})) }
        });
        let mut builder = http1::Builder::new();
        builder
            .timer(TokioTimer::new())
            .header_read_timeout(HEAD_WITHIN);
        let connection =
            builder.serve_connection(TokioIo::new(stream), TowerToHyperService::new(service));
        self.watcher
            .watch(connection)
            .await
            .context("Speaking HTTP")
    }
}

/// Why a body was not read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum BodyFault {
    TooLarge,
    CutOff,
    TooSlow,
}

/// Reads a body once it is known whose it is: nobody keeps the center's memory by sending slowly. What is too
/// long is read on for a while and let go by: whoever sends it would find the line cut otherwise, and not
/// hear why.
pub(crate) async fn read_whole(body: Body, bytes_max: usize) -> Result<Bytes, BodyFault> {
    let reading = async {
        let mut chunks = body.into_data_stream();
        let mut read = Vec::new();
        let mut n_let_by = 0;
        while let Some(chunk) = chunks.next().await {
            let chunk = chunk.map_err(|_cut| BodyFault::CutOff)?;
            if n_let_by == 0 && read.len() + chunk.len() <= bytes_max {
                read.extend_from_slice(&chunk);
                continue;
            }
            n_let_by += chunk.len();
            if n_let_by > LET_BY_MAX_BYTES {
                break;
            }
        }
        if n_let_by > 0 {
            return Err(BodyFault::TooLarge);
        }
        Ok(Bytes::from(read))
    };
    let read = tokio::time::timeout(BODY_WITHIN, reading).await;
    read.unwrap_or(Err(BodyFault::TooSlow))
}

/// What the last proxy on the way says of whom it asks for. It writes behind what it was sent, on
/// the same line or on one of its own: what stands before may be anybody's.
pub(crate) fn forwarded(headers: &HeaderMap) -> Option<&str> {
    let lines = headers.get_all("x-forwarded-for");
    lines.iter().next_back()?.to_str().ok()
}

/// The last address of such a list.
pub(crate) fn named_last(list: &str) -> Option<IpAddr> {
    list.rsplit(',').next()?.trim().parse().ok()
}
