//! `POST /v1/audit`: where a desk's chain of audit entries ends; `POST /v1/audit/copy`: entries of it.

use std::sync::Arc;

use ::audit::Claim;
use axum::Extension;
use axum::extract::{Request as HttpRequest, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use wire::{AUDIT_COPY_MAX, AuditCopy};

use super::{body, fault, said};
use crate::door::Peer;
use crate::office::Office;

pub(super) async fn claim(
    State(office): State<Arc<Office>>,
    Extension(peer): Extension<Peer>,
    http: HttpRequest,
) -> Response {
    let headers = http.headers().clone();
    let (desk, claim): (_, Claim) = match said(&office, &peer, http).await {
        Ok(said) => said,
        Err(status) => return status.into_response(),
    };
    match office.keep_desk_audit(desk, claim).await {
        Ok(kept) => body::write(&headers, StatusCode::OK, &kept),
        Err(error) => fault(&error).into_response(),
    }
}

pub(super) async fn copy(
    State(office): State<Arc<Office>>,
    Extension(peer): Extension<Peer>,
    http: HttpRequest,
) -> Response {
    let headers = http.headers().clone();
    let (desk, copy): (_, AuditCopy) = match said(&office, &peer, http).await {
        Ok(said) => said,
        Err(status) => return status.into_response(),
    };
    if copy.links.len() > AUDIT_COPY_MAX {
        return StatusCode::PAYLOAD_TOO_LARGE.into_response();
    }
    match office.copy_desk_audit(desk, copy).await {
        Ok(copied) => body::write(&headers, StatusCode::OK, &copied),
        Err(error) => fault(&error).into_response(),
    }
}
