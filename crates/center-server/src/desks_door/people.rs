//! `POST /v1/sign_in`, `POST /v1/change_password`: people at a desk. A refusal is 403 and says why.

use std::sync::Arc;

use axum::Extension;
use axum::extract::{Request as HttpRequest, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Response};
use serde::Serialize;
use wire::SignInRefusal;

use super::{body, fault};
use crate::account::TriedAt;
use crate::door::Peer;
use crate::office::Office;

pub(super) async fn sign_in(
    State(office): State<Arc<Office>>,
    Extension(peer): Extension<Peer>,
    http: HttpRequest,
) -> Response {
    let headers = http.headers().clone();
    if let Err(status) = office.admitted(&peer).await {
        return status.into_response();
    }
    match body::read(http).await {
        Ok(who) => told(
            &headers,
            office.sign_in(who, peer.address.ip(), TriedAt::Desk).await,
        ),
        Err(unfit) => unfit.status().into_response(),
    }
}

pub(super) async fn change_password(
    State(office): State<Arc<Office>>,
    Extension(peer): Extension<Peer>,
    http: HttpRequest,
) -> Response {
    let headers = http.headers().clone();
    if let Err(status) = office.admitted(&peer).await {
        return status.into_response();
    }
    match body::read(http).await {
        Ok(change) => {
            let changed = office
                .change_password(change, peer.address.ip(), TriedAt::Desk)
                .await;
            told(&headers, changed)
        }
        Err(unfit) => unfit.status().into_response(),
    }
}

fn told<T: Serialize>(
    headers: &HeaderMap,
    outcome: anyhow::Result<Result<T, SignInRefusal>>,
) -> Response {
    match outcome {
        Ok(Ok(done)) => body::write(headers, StatusCode::OK, &done),
        Ok(Err(refusal)) => body::write(headers, StatusCode::FORBIDDEN, &refusal),
        Err(error) => fault(&error).into_response(),
    }
}
