//! 话务系统接口: where a telephone system on this computer says which number rings. How it is used is
//! told in `docs/对外接口.md`.
//!
//! Loopback only; each request carries the token that lies in the data folder, and none may come from
//! a page in a browser (`Origin`) or by another name of this computer (`Host`). Port and token stay
//! the same over restarts. A second program that was started with a link hands it over here.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::Context as _;
use axum::Router;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Json, Response};
use axum::routing::post;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::error::CallError;
use crate::host::DeskHost;
use crate::incoming_call::Ringing;
use crate::text;

/// Port and token, as JSON, in the data folder.
const FILE: &str = "telephone.json";
/// The longest such file that is read.
const FILE_MAX_BYTES: u64 = 4 * 1024;
/// The longest request.
const REQUEST_MAX_BYTES: usize = 4 * 1024;
const PATH: &str = "/telephone/v1/calls";

/// What a telephone system must know.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TelephoneAccess {
    pub port: u16,
    pub token: String,
}

/// The door, open.
pub struct TelephoneDoor {
    listener: tokio::net::TcpListener,
    router: Router,
    pub access: TelephoneAccess,
}

#[derive(Clone)]
struct Context {
    desk: Arc<DeskHost>,
    token: Arc<str>,
    address: SocketAddr,
}

impl TelephoneDoor {
    /// Opens the door on 127.0.0.1: at the port that stands in `folder`, or at a free one, which is
    /// written there.
    pub async fn bind(desk: Arc<DeskHost>, folder: &Path) -> anyhow::Result<Self> {
        let path = folder.join(FILE);
        let known = read_access(&path)?;
        let port = known.as_ref().map_or(0, |access| access.port);
        let listener = tokio::net::TcpListener::bind(("127.0.0.1", port))
            .await
            .with_context(|| format!("Listening for telephone systems on port {port}"))?;
        let address = listener.local_addr().context("Reading the port")?;
        let access = match known {
            Some(access) => TelephoneAccess {
                port: address.port(),
                ..access
            },
            None => TelephoneAccess {
                port: address.port(),
                token: uuid::Uuid::new_v4().simple().to_string(),
            },
        };
        // Before the first start there is no folder yet.
        std::fs::create_dir_all(folder).context("Making the data folder")?;
        write_access(&path, &access)?;
        let context = Context {
            desk,
            token: Arc::from(access.token.as_str()),
            address,
        };
        let router = Router::new()
            .route(PATH, post(ring))
            .layer(DefaultBodyLimit::max(REQUEST_MAX_BYTES))
            .with_state(context);
        Ok(Self {
            listener,
            router,
            access,
        })
    }

    /// Serves until `stop` is done.
    pub async fn serve(
        self,
        stop: impl Future<Output = ()> + Send + 'static,
    ) -> anyhow::Result<()> {
        axum::serve(self.listener, self.router)
            .with_graceful_shutdown(stop)
            .await
            .context("Serving telephone systems")
    }
}

/// Hands a link over to the program that has `folder` open already; false where none answers.
pub fn hand_over_link(folder: &Path, link: &str) -> anyhow::Result<bool> {
    let Some(access) = read_access(&folder.join(FILE))? else {
        return Ok(false);
    };
    let Ok(ringing) = Ringing::of_link(link) else {
        // Whoever opens the window is told what is wrong with it.
        return Ok(false);
    };
    let url = format!("http://127.0.0.1:{}{PATH}", access.port);
    let body = json!({ "number": ringing.number, "call_id": ringing.call_id }).to_string();
    let answer = ureq::post(&url)
        .header("authorization", format!("Bearer {}", access.token))
        .send(body);
    Ok(answer.is_ok())
}

async fn ring(State(context): State<Context>, headers: HeaderMap, body: Bytes) -> Response {
    if !is_of_this_computer(context.address, &headers) {
        return refused(StatusCode::FORBIDDEN, "只接受本机话务系统的请求。");
    }
    if !context.knows(&headers) {
        return refused(StatusCode::UNAUTHORIZED, "令牌不对。");
    }
    let Ok(ringing) = serde_json::from_slice::<Ringing>(&body) else {
        let message = "请求应为 {\"number\":\"来电号码\",\"call_id\":\"通话编号\"}。";
        return refused(StatusCode::BAD_REQUEST, message);
    };
    match tokio::task::spawn_blocking(move || context.desk.ring(ringing)).await {
        Ok(Ok(call)) => {
            let status = match call.draft_id {
                Some(_) => StatusCode::CREATED,
                None => StatusCode::ACCEPTED,
            };
            let answer = json!({ "call_id": call.call_id, "draft_id": call.draft_id });
            (status, Json(answer)).into_response()
        }
        Ok(Err(error @ CallError::Invalid { .. })) => {
            refused(StatusCode::BAD_REQUEST, &text::error(&error, ""))
        }
        Ok(Err(error)) => {
            tracing::error!(error = format!("{error:#}"), "a call was not taken");
            refused(StatusCode::INTERNAL_SERVER_ERROR, "没有保存，请人工新建。")
        }
        Err(_stopped) => refused(StatusCode::INTERNAL_SERVER_ERROR, "程序正在退出。"),
    }
}

/// A telephone system is no page, and knows this computer by its address.
fn is_of_this_computer(address: SocketAddr, headers: &HeaderMap) -> bool {
    let own = [address.to_string(), format!("localhost:{}", address.port())];
    let host = headers.get(header::HOST).and_then(|it| it.to_str().ok());
    !headers.contains_key(header::ORIGIN)
        && host.is_some_and(|host| own.iter().any(|it| it == host))
}

impl Context {
    fn knows(&self, headers: &HeaderMap) -> bool {
        let said = headers.get(header::AUTHORIZATION);
        let said = said.and_then(|value| value.to_str().ok());
        let token = said.and_then(|value| value.strip_prefix("Bearer "));
        token == Some(&*self.token)
    }
}

fn refused(status: StatusCode, message: &str) -> Response {
    let answer: Value = json!({ "message": message });
    (status, Json(answer)).into_response()
}

/// A file that cannot be read as such is told, and left as it is.
fn read_access(path: &Path) -> anyhow::Result<Option<TelephoneAccess>> {
    let length = match std::fs::metadata(path) {
        Ok(found) => found.len(),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error).context("Looking for telephone.json"),
    };
    anyhow::ensure!(length <= FILE_MAX_BYTES, "telephone.json is too long");
    let text = std::fs::read_to_string(path).context("Reading telephone.json")?;
    let access: TelephoneAccess =
        serde_json::from_str(&text).context("telephone.json is not as it should be")?;
    anyhow::ensure!(!access.token.is_empty(), "telephone.json has no token");
    Ok(Some(access))
}

/// Readable by this user alone, and whole or not at all.
fn write_access(path: &Path, access: &TelephoneAccess) -> anyhow::Result<()> {
    let beside = PathBuf::from(path).with_extension("json.new");
    let text = serde_json::to_string(access)?;
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(&beside).context("Writing telephone.json")?;
    std::io::Write::write_all(&mut file, text.as_bytes()).context("Writing telephone.json")?;
    drop(file);
    std::fs::rename(&beside, path).context("Writing telephone.json")
}
