//! Files: parts of the snapshot, and attachments. Any of them can be taken up again at a byte.

use std::sync::Arc;

use axum::Extension;
use axum::body::Body;
use axum::extract::{Path as UrlPath, Request as HttpRequest, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use wire::Hash;
use wire::limit::PART_BYTES;

use super::{body, fault};
use crate::blob::BlobRefusal;
use crate::door::{BodyFault, Peer, read_whole};
use crate::office::Office;

/// `GET /v1/snapshot/manifest`.
pub(super) async fn manifest(
    State(office): State<Arc<Office>>,
    Extension(peer): Extension<Peer>,
    headers: HeaderMap,
) -> Response {
    if let Err(status) = office.admitted(&peer).await {
        return status.into_response();
    }
    match office.snapshot_manifest().await {
        Ok(manifest) => body::write_apart(&headers, StatusCode::OK, manifest).await,
        Err(error) => fault(&error).into_response(),
    }
}

/// `GET /v1/snapshot/part/{nth}`.
pub(super) async fn part(
    State(office): State<Arc<Office>>,
    Extension(peer): Extension<Peer>,
    UrlPath(nth): UrlPath<usize>,
    headers: HeaderMap,
) -> Response {
    if let Err(status) = office.admitted(&peer).await {
        return status.into_response();
    }
    match office.snapshot_part(nth).await {
        Ok(Some(mut bytes)) => {
            let of_bytes = bytes.len();
            let from_byte = usize::try_from(from_byte(&headers)).unwrap_or(usize::MAX);
            let rest = bytes.split_off(from_byte.min(of_bytes));
            stretch(rest, from_byte as u64, of_bytes as u64)
        }
        Ok(None) => StatusCode::NOT_FOUND.into_response(),
        Err(error) => fault(&error).into_response(),
    }
}

/// `GET /v1/blob/{sha256}/state`.
pub(super) async fn blob_state(
    State(office): State<Arc<Office>>,
    Extension(peer): Extension<Peer>,
    UrlPath(sha256): UrlPath<Hash>,
    headers: HeaderMap,
) -> Response {
    if let Err(status) = office.admitted(&peer).await {
        return status.into_response();
    }
    let asking = tokio::task::spawn_blocking(move || office.blobs.state(sha256));
    match asking.await.unwrap_or_else(|error| Err(error.into())) {
        Ok(state) => body::write(&headers, StatusCode::OK, &state),
        Err(error) => fault(&error).into_response(),
    }
}

/// `GET /v1/blob/{sha256}`: from a byte on, as much as one part has.
pub(super) async fn blob(
    State(office): State<Arc<Office>>,
    Extension(peer): Extension<Peer>,
    UrlPath(sha256): UrlPath<Hash>,
    headers: HeaderMap,
) -> Response {
    if let Err(status) = office.admitted(&peer).await {
        return status.into_response();
    }
    let from_byte = from_byte(&headers);
    let reading = tokio::task::spawn_blocking(move || office.blobs.read(sha256, from_byte));
    match reading.await.unwrap_or_else(|error| Err(error.into())) {
        Ok(Some(read)) => stretch(read.bytes, read.from_byte, read.of_bytes),
        Ok(None) => StatusCode::NOT_FOUND.into_response(),
        Err(error) => fault(&error).into_response(),
    }
}

/// `PUT /v1/blob/{sha256}` with `Content-Range: bytes 0-99/200`.
pub(super) async fn put_blob(
    State(office): State<Arc<Office>>,
    Extension(peer): Extension<Peer>,
    UrlPath(sha256): UrlPath<Hash>,
    http: HttpRequest,
) -> Response {
    let headers = http.headers().clone();
    if let Err(status) = office.admitted(&peer).await {
        return status.into_response();
    }
    let Some((from_byte, of_bytes)) = content_range(&headers) else {
        return StatusCode::BAD_REQUEST.into_response();
    };
    let bytes = match read_whole(http.into_body(), PART_BYTES).await {
        Ok(bytes) if !bytes.is_empty() => bytes,
        Ok(_nothing) => return StatusCode::BAD_REQUEST.into_response(),
        Err(BodyFault::TooLarge) => return StatusCode::PAYLOAD_TOO_LARGE.into_response(),
        Err(BodyFault::CutOff | BodyFault::TooSlow) => {
            return StatusCode::REQUEST_TIMEOUT.into_response();
        }
    };
    let putting =
        tokio::task::spawn_blocking(move || office.blobs.put(sha256, from_byte, of_bytes, &bytes));
    match putting.await.unwrap_or_else(|error| Err(error.into())) {
        Ok(Ok(state)) => body::write(&headers, StatusCode::OK, &state),
        Ok(Err(BlobRefusal::Elsewhere(state))) => {
            body::write(&headers, StatusCode::CONFLICT, &state)
        }
        Ok(Err(refusal @ BlobRefusal::TooLarge)) => {
            (StatusCode::PAYLOAD_TOO_LARGE, refusal.to_string()).into_response()
        }
        Ok(Err(refusal @ BlobRefusal::OtherContent)) => {
            (StatusCode::UNPROCESSABLE_ENTITY, refusal.to_string()).into_response()
        }
        Ok(Err(refusal @ BlobRefusal::TooMany)) => {
            (StatusCode::SERVICE_UNAVAILABLE, refusal.to_string()).into_response()
        }
        Err(error) => fault(&error).into_response(),
    }
}

fn stretch(bytes: Vec<u8>, from_byte: u64, of_bytes: u64) -> Response {
    if bytes.is_empty() {
        let range = format!("bytes */{of_bytes}");
        let headers = [(header::CONTENT_RANGE, range)];
        return (StatusCode::RANGE_NOT_SATISFIABLE, headers).into_response();
    }
    let last = from_byte + bytes.len() as u64 - 1;
    let range = format!("bytes {from_byte}-{last}/{of_bytes}");
    let kind = HeaderValue::from_static("application/octet-stream");
    let mut response = Response::new(Body::from(bytes));
    *response.status_mut() = StatusCode::PARTIAL_CONTENT;
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, kind);
    if let Ok(range) = HeaderValue::from_str(&range) {
        headers.insert(header::CONTENT_RANGE, range);
    }
    response
}

/// Where a reader goes on; at the beginning where it does not say. How far is not asked: it gets as
/// much as there is room for.
fn from_byte(headers: &HeaderMap) -> u64 {
    let range = headers.get(header::RANGE).and_then(|it| it.to_str().ok());
    let from = range
        .and_then(|range| range.strip_prefix("bytes="))
        .and_then(|range| range.split_once('-'))
        .and_then(|(from, _)| from.parse().ok());
    from.unwrap_or(0)
}

/// The first byte of a part, and how many the whole file has.
fn content_range(headers: &HeaderMap) -> Option<(u64, u64)> {
    let range = headers.get(header::CONTENT_RANGE)?.to_str().ok()?;
    let (stretch, of_bytes) = range.strip_prefix("bytes ")?.split_once('/')?;
    let (from, last) = stretch.split_once('-')?;
    let (from, last): (u64, u64) = (from.parse().ok()?, last.parse().ok()?);
    let of_bytes = of_bytes.parse().ok()?;
    (from <= last && last < of_bytes).then_some((from, of_bytes))
}
