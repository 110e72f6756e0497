//! The portal over HTTP: calls, news, files, and the page.
//!
//! A session is a cookie that no script reads and no foreign page sends. A call carries besides what
//! only the page of that session knows, and must come from a page of this host.

use std::convert::Infallible;
use std::sync::Arc;

use ::audit::Outcome;
use axum::Router;
use axum::extract::{Path, Query, Request, State};
use axum::http::{Extensions, HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::middleware::{self, Next};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Json, Redirect, Response};
use axum::routing::{get, post};
use serde::Deserialize;
use serde_json::{Value, json};
use tower_http::services::ServeDir;
use tower_http::set_header::SetResponseHeaderLayer;
use wording::api_error::{ApiError, ErrorCode};
use wording::attachment;

use super::Portal;
use super::audited;
use super::changes::Listening;
use super::doorway::{Doorway, comes_from_here};
use super::error::CallError;
use super::evidence;
use super::visit::Visit;
use crate::door::{BodyFault, read_whole};

/// The longest call that is looked at, in bytes of JSON: an article with its longest texts.
const REQUEST_MAX_BYTES: usize = 4 << 20;
/// The same from somebody who is not signed in: a number and a password.
const STRANGER_MAX_BYTES: usize = 8 << 10;
/// What the page may load and do: only its own files.
const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; \
     img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; \
     frame-ancestors 'none'";

pub(super) fn routes(portal: Arc<Portal>) -> Router {
    let set = |name: HeaderName, value: &'static str| {
        SetResponseHeaderLayer::overriding(name, HeaderValue::from_static(value))
    };
    let ui = portal.office.config.web.ui.clone();
    let router = Router::new()
        .route("/portal/call/{name}", post(call))
        .route("/portal/evidence/{order}", post(upload))
        .route("/portal/evidence/{order}/{sha256}", get(download))
        .route("/portal/changes", get(changes))
        .layer(middleware::from_fn(only_pages_of_this_host))
        .layer(set(header::CACHE_CONTROL, "no-store"))
        .route("/portal", get(page))
        .route("/portal/", get(async || Redirect::permanent("/portal")));
    // The names of these files change with what is in them.
    let router = match ui {
        Some(ui) => router.nest_service("/assets", ServeDir::new(ui.join("assets"))),
        None => router,
    };
    router
        .layer(set(
            header::CONTENT_SECURITY_POLICY,
            CONTENT_SECURITY_POLICY,
        ))
        .layer(set(header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .layer(set(header::REFERRER_POLICY, "no-referrer"))
        .layer(set(
            HeaderName::from_static("cross-origin-opener-policy"),
            "same-origin",
        ))
        .layer(set(
            HeaderName::from_static("cross-origin-resource-policy"),
            "same-origin",
        ))
        .with_state(portal)
}

async fn only_pages_of_this_host(request: Request, next: Next) -> Response {
    if comes_from_here(request.headers()) {
        next.run(request).await
    } else {
        (StatusCode::FORBIDDEN, "只接受本站页面的请求。").into_response()
    }
}

async fn page(State(portal): State<Arc<Portal>>) -> Response {
    let ui = portal.office.config.web.ui.clone().unwrap_or_default();
    let path = ui.join("portal.html");
    match tokio::fs::read(&path).await {
        Ok(page) => {
            let kind = HeaderValue::from_static("text/html; charset=utf-8");
            let fresh = HeaderValue::from_static("no-cache");
            let headers = [(header::CONTENT_TYPE, kind), (header::CACHE_CONTROL, fresh)];
            (headers, page).into_response()
        }
        Err(error) => {
            tracing::error!(%error, path = %path.display(), "The portal's page is not there");
            (StatusCode::NOT_FOUND, "没有找到页面文件，请联系管理员。").into_response()
        }
    }
}

async fn call(
    State(portal): State<Arc<Portal>>,
    Path(name): Path<String>,
    http: Request,
) -> Response {
    let request_id = request_id();
    let (parts, body) = http.into_parts();
    let doorway = match Doorway::read(&portal, &parts.extensions, &parts.headers).await {
        Ok(doorway) => doorway,
        Err(error) => return refused(error, &request_id),
    };
    let bytes_max = match &doorway.session {
        Some(_) => REQUEST_MAX_BYTES,
        None => STRANGER_MAX_BYTES,
    };
    let body = match read_whole(body, bytes_max).await.map_err(unread) {
        Ok(body) => body,
        Err(status) => return status.into_response(),
    };
    let Ok(request) = serde_json::from_slice::<Value>(&body) else {
        return refused(CallError::invalid("请求的内容不是 JSON。"), &request_id);
    };
    let id = request_id.clone();
    // A task of its own: what was begun is ended though the browser has gone, and a mistake of ours
    // is caught.
    let done = tokio::spawn(async move {
        tracing::info!(name, id, "call");
        let reply = audited::dispatch(&doorway, &name, request).await?;
        Ok::<_, CallError>((reply, doorway.into_cookie()))
    });
    match done.await {
        Ok(Ok((reply, cookie))) => {
            let mut response = Json(reply).into_response();
            let cookie = cookie.and_then(|it| HeaderValue::from_str(&it).ok());
            if let Some(cookie) = cookie {
                response.headers_mut().insert(header::SET_COOKIE, cookie);
            }
            response
        }
        Ok(Err(error)) => refused(error, &request_id),
        Err(_panic) => bug(&request_id),
    }
}

#[derive(Deserialize)]
struct UploadName {
    name: String,
}

async fn upload(
    State(portal): State<Arc<Portal>>,
    Path(order): Path<String>,
    Query(UploadName { name }): Query<UploadName>,
    http: Request,
) -> Response {
    let request_id = request_id();
    let (parts, body) = http.into_parts();
    let doorway = match Doorway::read(&portal, &parts.extensions, &parts.headers).await {
        Ok(doorway) => doorway,
        Err(error) => return refused(error, &request_id),
    };
    let visit = match doorway.visit() {
        Ok(visit) => visit,
        Err(error) => return refused(error, &request_id),
    };
    // One more than a file may have, so that whoever judges it sees that it is too large.
    let body = match read_whole(body, attachment::FILE_MAX_BYTES + 1)
        .await
        .map_err(unread)
    {
        Ok(body) => body,
        Err(status) => return status.into_response(),
    };
    let taken = async {
        let file = evidence::upload(&visit, &order, &name, body.to_vec()).await;
        let came_to = audited::outcome(&file);
        audited::record(&doorway, "upload_evidence", &order, came_to).await?;
        let file = file?;
        let value = serde_json::to_value(file).map_err(anyhow::Error::from)?;
        Ok::<_, CallError>(sealed(&visit, value))
    };
    match taken.await {
        Ok(value) => Json(value).into_response(),
        Err(error) => refused(error, &request_id),
    }
}

async fn download(
    State(portal): State<Arc<Portal>>,
    Path((order, sha256)): Path<(String, String)>,
    extensions: Extensions,
    headers: HeaderMap,
) -> Response {
    let request_id = request_id();
    let read = async {
        let doorway = Doorway::read(&portal, &extensions, &headers).await?;
        let visit = doorway.visit_to_read()?;
        audited::record(&doorway, "download_evidence", &order, Outcome::Shown).await?;
        evidence::download(&visit, &order, &sha256).await
    };
    match read.await {
        Ok(file) => {
            let name = encoded(&file.name);
            let disposition = format!("attachment; filename*=UTF-8''{name}");
            let text = |it: &str| HeaderValue::from_str(it).ok();
            let (Some(kind), Some(disposition)) = (text(file.media_type), text(&disposition))
            else {
                return bug(&request_id);
            };
            let headers = [
                (header::CONTENT_TYPE, kind),
                (header::CONTENT_DISPOSITION, disposition),
            ];
            (headers, file.bytes).into_response()
        }
        Err(error) => refused(error, &request_id),
    }
}

/// Server-sent events: the tags of every change that touches the unit.
async fn changes(
    State(portal): State<Arc<Portal>>,
    extensions: Extensions,
    headers: HeaderMap,
) -> Response {
    let request_id = request_id();
    let doorway = Doorway::read(&portal, &extensions, &headers).await;
    let visit = match doorway.and_then(|doorway| doorway.visit_to_read()) {
        Ok(visit) => visit,
        Err(error) => return refused(error, &request_id),
    };
    let stopped = Box::pin(visit.office.stopped());
    let listening = Listening::begin(visit);
    let stream =
        futures_util::stream::unfold((listening, stopped), |(mut it, mut stopped)| async {
            let tags = tokio::select! {
                tags = it.next() => tags?,
                () = &mut stopped => return None,
            };
            let event = Event::default().data(json!({ "tags": tags }).to_string());
            Some((Ok::<_, Infallible>(event), (it, stopped)))
        });
    Sse::new(stream)
        .keep_alive(KeepAlive::default())
        .into_response()
}

fn unread(fault: BodyFault) -> StatusCode {
    match fault {
        BodyFault::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
        BodyFault::CutOff => StatusCode::BAD_REQUEST,
        BodyFault::TooSlow => StatusCode::REQUEST_TIMEOUT,
    }
}

fn sealed(visit: &Visit, mut value: Value) -> Value {
    visit.seal(&mut value);
    value
}

fn refused(error: CallError, request_id: &str) -> Response {
    let error = error.into_api(request_id);
    (status_of(error.code), Json(error)).into_response()
}

fn bug(request_id: &str) -> Response {
    tracing::error!(request_id, "a bug was caught");
    let message = format!("出错了，编号 {request_id}。没有改动任何内容，请把编号告诉管理员。");
    let code = ErrorCode::Bug;
    let error = ApiError {
        code,
        message,
        request_id: request_id.to_owned(),
    };
    (status_of(code), Json(error)).into_response()
}

fn status_of(code: ErrorCode) -> StatusCode {
    match code {
        ErrorCode::Refused | ErrorCode::Stale | ErrorCode::NeedsApproval => StatusCode::CONFLICT,
        ErrorCode::Locked => StatusCode::UNAUTHORIZED,
        ErrorCode::Invalid => StatusCode::BAD_REQUEST,
        ErrorCode::StorageFull => StatusCode::INSUFFICIENT_STORAGE,
        ErrorCode::Fault | ErrorCode::Bug => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

/// A name as RFC 5987 has it in a header.
fn encoded(name: &str) -> String {
    let byte = |byte: u8| {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_') {
            char::from(byte).to_string()
        } else {
            format!("%{byte:02X}")
        }
    };
    name.bytes().map(byte).collect()
}

/// Eight characters that a person can read out on the telephone.
fn request_id() -> String {
    let id = uuid::Uuid::new_v4().simple().to_string();
    id.chars().take(8).collect::<String>().to_uppercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_in_a_header() {
        assert_eq!(encoded("现场 1.jpg"), "%E7%8E%B0%E5%9C%BA%201.jpg");
        assert_eq!(encoded("a\"\r\n.pdf"), "a%22%0D%0A.pdf");
    }
}
