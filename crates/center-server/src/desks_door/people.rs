//! `POST /v1/sign_in`, `POST /v1/change_password`: people at a desk. A refusal is 403 and says why.

use std::sync::Arc;

use ::audit::Outcome;
use axum::Extension;
use axum::extract::{Request as HttpRequest, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Response};
use serde::Serialize;
use wire::{ChangePassword, DeskId, SignIn, SignInRefusal};

use super::{body, fault, said};
use crate::account::TriedAt;
use crate::audit;
use crate::door::Peer;
use crate::office::Office;

pub(super) async fn sign_in(
    State(office): State<Arc<Office>>,
    Extension(peer): Extension<Peer>,
    http: HttpRequest,
) -> Response {
    let headers = http.headers().clone();
    let (desk, who): (_, SignIn) = match said(&office, &peer, http).await {
        Ok(said) => said,
        Err(status) => return status.into_response(),
    };
    let person = who.person.clone();
    let outcome = office.sign_in(who, peer.address.ip(), TriedAt::Desk).await;
    let recorded = record(&office, "desk_sign_in", &person, &desk, &outcome).await;
    told(&headers, recorded.and(outcome))
}

pub(super) async fn change_password(
    State(office): State<Arc<Office>>,
    Extension(peer): Extension<Peer>,
    http: HttpRequest,
) -> Response {
    let headers = http.headers().clone();
    let (desk, change): (_, ChangePassword) = match said(&office, &peer, http).await {
        Ok(said) => said,
        Err(status) => return status.into_response(),
    };
    let person = change.person.clone();
    let outcome = office
        .change_password(change, peer.address.ip(), TriedAt::Desk)
        .await;
    let recorded = record(&office, "desk_change_password", &person, &desk, &outcome).await;
    told(&headers, recorded.and(outcome))
}

/// Before it is answered: what is not recorded did not succeed.
async fn record<T>(
    office: &Office,
    act: &str,
    person: &str,
    desk: &DeskId,
    outcome: &anyhow::Result<Result<T, SignInRefusal>>,
) -> anyhow::Result<()> {
    let came_to = match outcome {
        Ok(Ok(_)) => Outcome::Done,
        Ok(Err(_)) => Outcome::Refused,
        Err(_) => Outcome::Failed,
    };
    let entry = audit::entry(office.clock.now(), person, act, &desk.0, came_to);
    office.audit(entry).await
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
