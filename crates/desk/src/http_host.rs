//! The same calls over HTTP on a loopback address: for a computer without a display, and for tests.
//!
//! Everything on this computer can reach a loopback port, so each request must carry the token that
//! only the printed address has, and must not come from a foreign page (`Origin`, `Host`).

use std::convert::Infallible;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;

use anyhow::Context as _;
use axum::Router;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, Path as UrlPath, Query, Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::middleware::{self, Next};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Json, Response};
use axum::routing::{get, post};
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::sync::broadcast::error::RecvError;
use tower_http::services::ServeDir;
use tower_http::set_header::SetResponseHeaderLayer;

use crate::error::ErrorCode;
use crate::host::{DeskHost, REQUEST_MAX_BYTES};

/// What the page may load and do: only its own files.
pub const CONTENT_SECURITY_POLICY: &str = "default-src 'self'; style-src 'self' 'unsafe-inline'; \
     img-src 'self' data:; object-src 'none'; base-uri 'none'; frame-ancestors 'none'";
const TOKEN_HEADER: &str = "x-desk-token";

/// A host that listens.
pub struct HttpHost {
    listener: tokio::net::TcpListener,
    router: Router,
    /// Where a browser opens it, token included.
    pub url: String,
}

#[derive(Clone)]
struct Context {
    desk: Arc<DeskHost>,
    token: Arc<str>,
    address: SocketAddr,
}

impl HttpHost {
    /// Binds 127.0.0.1 at `port` (0 for any) and serves the files of `ui` with the calls.
    pub async fn bind(desk: Arc<DeskHost>, ui: &Path, port: u16) -> anyhow::Result<Self> {
        let listener = tokio::net::TcpListener::bind(("127.0.0.1", port))
            .await
            .with_context(|| format!("Listening on port {port}"))?;
        let address = listener.local_addr().context("Reading the port")?;
        let token: Arc<str> = uuid::Uuid::new_v4().simple().to_string().into();
        let url = format!("http://{address}/?token={token}");
        let context = Context {
            desk,
            token,
            address,
        };
        let set = |name: HeaderName, value: &'static str| {
            SetResponseHeaderLayer::overriding(name, HeaderValue::from_static(value))
        };
        let router = Router::new()
            .route("/call/{name}", post(call))
            .route("/changes", get(changes))
            .route("/handed/{ticket}", post(handed))
            .fallback_service(ServeDir::new(ui))
            .layer(DefaultBodyLimit::max(REQUEST_MAX_BYTES))
            .layer(middleware::from_fn_with_state(
                context.clone(),
                only_this_computer,
            ))
            .layer(set(
                header::CONTENT_SECURITY_POLICY,
                CONTENT_SECURITY_POLICY,
            ))
            .layer(set(header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
            .layer(set(header::REFERRER_POLICY, "no-referrer"))
            .with_state(context);
        Ok(Self {
            listener,
            router,
            url,
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
            .context("Serving the desk")
    }
}

/// Refuses a request whose page or host name is not ours: another page in the same browser, or a
/// name that was made to point at this computer.
async fn only_this_computer(
    State(context): State<Context>,
    request: Request,
    next: Next,
) -> Response {
    if comes_from(context.address, request.headers()) {
        next.run(request).await
    } else {
        (StatusCode::FORBIDDEN, "只接受本机页面的请求。").into_response()
    }
}

/// Whether the host name is that of `address`, and the page, if it is named, comes from there.
fn comes_from(address: SocketAddr, headers: &HeaderMap) -> bool {
    let own = [address.to_string(), format!("localhost:{}", address.port())];
    let is_own = |host: &str| own.iter().any(|own| own == host);
    let text = |name: HeaderName| {
        headers
            .get(name)
            .map(|value| value.to_str().unwrap_or_default())
    };
    text(header::HOST).is_some_and(is_own)
        && text(header::ORIGIN)
            .is_none_or(|origin| origin.strip_prefix("http://").is_some_and(is_own))
}

async fn call(
    State(context): State<Context>,
    UrlPath(name): UrlPath<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    if !context.knows(&headers) {
        return wrong_token();
    }
    let Ok(request) = serde_json::from_slice::<Value>(&body) else {
        return refused_request(StatusCode::BAD_REQUEST, "请求的内容不是 JSON。");
    };
    let answer = tokio::task::spawn_blocking(move || context.desk.call(&name, request)).await;
    match answer {
        Ok(Ok(reply)) => Json(reply).into_response(),
        Ok(Err(error)) => (status_of(error.code), Json(error)).into_response(),
        Err(_stopped) => refused_request(
            StatusCode::INTERNAL_SERVER_ERROR,
            "程序正在退出，没有完成。",
        ),
    }
}

/// A file that was handed out, once: the page makes a download of it.
async fn handed(
    State(context): State<Context>,
    UrlPath(ticket): UrlPath<String>,
    headers: HeaderMap,
) -> Response {
    if !context.knows(&headers) {
        return wrong_token();
    }
    let Some(bytes) = context.desk.fetch_handed(&ticket) else {
        return refused_request(StatusCode::NOT_FOUND, "文件已取走或已不在，请重新导出。");
    };
    let kind = HeaderValue::from_static("application/octet-stream");
    ([(header::CONTENT_TYPE, kind)], bytes).into_response()
}

impl Context {
    fn knows(&self, headers: &HeaderMap) -> bool {
        let token = headers
            .get(TOKEN_HEADER)
            .and_then(|value| value.to_str().ok());
        token == Some(&*self.token)
    }
}

fn wrong_token() -> Response {
    refused_request(
        StatusCode::UNAUTHORIZED,
        "网址中的令牌不对，请用程序给出的完整网址打开。",
    )
}

#[derive(Deserialize)]
struct ChangesQuery {
    token: String,
}

/// Server-sent events: the tags of every change. A browser cannot set a header here, so the token
/// comes in the address.
async fn changes(State(context): State<Context>, Query(query): Query<ChangesQuery>) -> Response {
    if query.token != *context.token {
        return StatusCode::UNAUTHORIZED.into_response();
    }
    let receiver = context.desk.changes();
    let stream = futures_util::stream::unfold(receiver, |mut receiver| async {
        let tags: &[&str] = match receiver.recv().await {
            Ok(tags) => tags,
            Err(RecvError::Lagged(_)) => &["*"],
            Err(RecvError::Closed) => return None,
        };
        let event = Event::default().data(json!({ "tags": tags }).to_string());
        Some((Ok::<_, Infallible>(event), receiver))
    });
    Sse::new(stream)
        .keep_alive(KeepAlive::default())
        .into_response()
}

fn refused_request(status: StatusCode, message: &str) -> Response {
    let error = json!({ "code": ErrorCode::Invalid, "message": message, "request_id": "" });
    (status, Json(error)).into_response()
}

fn status_of(code: ErrorCode) -> StatusCode {
    match code {
        ErrorCode::Refused | ErrorCode::Stale | ErrorCode::NeedsApproval => StatusCode::CONFLICT,
        ErrorCode::Locked => StatusCode::LOCKED,
        ErrorCode::Invalid => StatusCode::BAD_REQUEST,
        ErrorCode::StorageFull => StatusCode::INSUFFICIENT_STORAGE,
        ErrorCode::Fault | ErrorCode::Bug => StatusCode::INTERNAL_SERVER_ERROR,
    }
}
