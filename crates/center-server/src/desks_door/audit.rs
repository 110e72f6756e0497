//! `POST /v1/audit`: where a desk's chain of audit entries ends. A conflict is 409 and says what is kept.

use std::sync::Arc;

use axum::Extension;
use axum::extract::{Request as HttpRequest, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};

use super::{body, fault};
use crate::door::Peer;
use crate::office::Office;

pub(super) async fn claim(
    State(office): State<Arc<Office>>,
    Extension(peer): Extension<Peer>,
    http: HttpRequest,
) -> Response {
    let headers = http.headers().clone();
    let desk = match office.admitted(&peer).await {
        Ok(desk) => desk,
        Err(status) => return status.into_response(),
    };
    let claim = match body::read(http).await {
        Ok(claim) => claim,
        Err(unfit) => return unfit.status().into_response(),
    };
    match office.keep_desk_audit(desk, claim).await {
        Ok(kept) => body::write(&headers, StatusCode::OK, &kept),
        Err(error) => fault(&error).into_response(),
    }
}
