//! Bodies: JSON, packed with zstd or not, within the limits before and after unpacking.

use std::io::Read as _;

use axum::body::{Body, Bytes};
use axum::extract::Request as HttpRequest;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use serde::Serialize;
use serde::de::DeserializeOwned;
use thiserror::Error;
use wire::limit::MESSAGE_MAX_BYTES;

use crate::door::{BodyFault, Peer, read_whole};

/// From somebody without a certificate: an enrolment.
const STRANGER_MAX_BYTES: usize = 64 << 10;
/// What is larger is unpacked, read and written off the runtime.
const LARGE_BYTES: usize = 32 << 10;
/// What is smaller is sent as it is.
const PACKED_FROM_BYTES: usize = 1 << 10;
const PACK_LEVEL: i32 = 3;
/// The most memory that unpacking may ask for, as a power of two.
const WINDOW_LOG_MAX: u32 = 24;

/// Why a body is not read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub(super) enum Unfit {
    #[error("the message is larger than it may be")]
    TooLarge,
    #[error("the message is packed in a way that is not known here")]
    OtherPacking,
    #[error("the message cannot be unpacked")]
    BrokenPacking,
    #[error("the message is not what is asked here")]
    OtherForm,
    #[error("the message did not come whole")]
    CutOff,
}

impl Unfit {
    pub(super) fn status(self) -> StatusCode {
        match self {
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::OtherPacking => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::BrokenPacking | Self::OtherForm => StatusCode::BAD_REQUEST,
            Self::CutOff => StatusCode::REQUEST_TIMEOUT,
        }
    }
}

/// Reads a whole body.
pub(super) async fn read<T: DeserializeOwned + Send + 'static>(
    request: HttpRequest,
) -> Result<T, Unfit> {
    let is_packed = match request.headers().get(header::CONTENT_ENCODING) {
        None => false,
        Some(coding) if coding == "identity" => false,
        Some(coding) if coding == "zstd" => true,
        Some(_) => return Err(Unfit::OtherPacking),
    };
    let bytes_max = match request.extensions().get::<Peer>() {
        Some(peer) if peer.certificate.is_some() => MESSAGE_MAX_BYTES,
        Some(_) | None => STRANGER_MAX_BYTES,
    };
    let length = request.headers().get(header::CONTENT_LENGTH);
    let length = length.and_then(|it| it.to_str().ok()?.parse::<usize>().ok());
    if length.is_some_and(|length| length > bytes_max) {
        return Err(Unfit::TooLarge);
    }
    let bytes = read_whole(request.into_body(), bytes_max).await;
    let bytes = bytes.map_err(|fault| match fault {
        BodyFault::TooLarge => Unfit::TooLarge,
        BodyFault::CutOff | BodyFault::TooSlow => Unfit::CutOff,
    })?;
    if bytes.len() < LARGE_BYTES && !is_packed {
        return understood(&bytes, is_packed, bytes_max);
    }
    let read = tokio::task::spawn_blocking(move || understood(&bytes, is_packed, bytes_max));
    read.await.unwrap_or(Err(Unfit::OtherForm))
}

fn understood<T: DeserializeOwned>(
    bytes: &Bytes,
    is_packed: bool,
    bytes_max: usize,
) -> Result<T, Unfit> {
    let read = if is_packed {
        serde_json::from_slice(&unpacked(bytes, bytes_max)?)
    } else {
        serde_json::from_slice(bytes)
    };
    read.map_err(|_other| Unfit::OtherForm)
}

/// Unpacks no more than a message may have: a small one may say that it is endless.
fn unpacked(bytes: &[u8], bytes_max: usize) -> Result<Vec<u8>, Unfit> {
    let broken = |_broken| Unfit::BrokenPacking;
    let mut decoder = zstd::Decoder::new(bytes).map_err(broken)?;
    decoder.window_log_max(WINDOW_LOG_MAX).map_err(broken)?;
    let mut unpacked = Vec::new();
    let limit = bytes_max as u64;
    let read = decoder.take(limit + 1).read_to_end(&mut unpacked);
    read.map_err(broken)?;
    if unpacked.len() > bytes_max {
        return Err(Unfit::TooLarge);
    }
    Ok(unpacked)
}

/// Writes a body, packed where it is worth it and the other side reads that.
pub(super) fn write(asked: &HeaderMap, status: StatusCode, answer: &impl Serialize) -> Response {
    sent(status, packed(answer, may_pack(asked)))
}

/// The same for what may be large, off the runtime.
pub(super) async fn write_apart<T: Serialize + Send + 'static>(
    asked: &HeaderMap,
    status: StatusCode,
    answer: T,
) -> Response {
    let may_pack = may_pack(asked);
    let written = tokio::task::spawn_blocking(move || packed(&answer, may_pack)).await;
    sent(status, written.unwrap_or_else(|error| Err(error.into())))
}

fn may_pack(asked: &HeaderMap) -> bool {
    asked
        .get_all(header::ACCEPT_ENCODING)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .any(|coding| {
            coding
                .split(';')
                .next()
                .is_some_and(|it| it.trim() == "zstd")
        })
}

fn sent(status: StatusCode, written: anyhow::Result<(Vec<u8>, bool)>) -> Response {
    let (bytes, is_packed) = match written {
        Ok(written) => written,
        Err(error) => {
            tracing::error!(error = format!("{error:#}"), "An answer was not written");
            return StatusCode::INTERNAL_SERVER_ERROR.into_response();
        }
    };
    let mut response = Response::new(Body::from(bytes));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    let json = HeaderValue::from_static("application/json");
    headers.insert(header::CONTENT_TYPE, json);
    if is_packed {
        let zstd = HeaderValue::from_static("zstd");
        headers.insert(header::CONTENT_ENCODING, zstd);
    }
    response
}

fn packed(answer: &impl Serialize, may_pack: bool) -> anyhow::Result<(Vec<u8>, bool)> {
    let plain = serde_json::to_vec(answer)?;
    if !may_pack || plain.len() < PACKED_FROM_BYTES {
        return Ok((plain, false));
    }
    Ok((zstd::encode_all(plain.as_slice(), PACK_LEVEL)?, true))
}
