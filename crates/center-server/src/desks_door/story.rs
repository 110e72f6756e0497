//! `POST /v1/story`: 调阅 of an order that a desk has put away.

use std::sync::Arc;

use ::audit::Outcome;
use axum::Extension;
use axum::extract::{Request as HttpRequest, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use wire::limit::ID_MAX_CHARS;
use wire::{StoryRequest, StoryTold};

use super::{body, fault, said};
use crate::audit;
use crate::door::Peer;
use crate::office::Office;

pub(super) async fn story(
    State(office): State<Arc<Office>>,
    Extension(peer): Extension<Peer>,
    http: HttpRequest,
) -> Response {
    let headers = http.headers().clone();
    let (desk, asked): (_, StoryRequest) = match said(&office, &peer, http).await {
        Ok(said) => said,
        Err(status) => return status.into_response(),
    };
    if asked.subject.is_empty() || asked.subject.chars().count() > ID_MAX_CHARS {
        return StatusCode::BAD_REQUEST.into_response();
    }
    let subject = asked.subject.clone();
    let read = office
        .readers
        .read(move |reader| reader.ledger.story_of(&subject));
    let entries = match read.await {
        Ok(entries) => entries,
        Err(error) => return fault(&error).into_response(),
    };
    let now = office.clock.now();
    let entry = audit::entry(now, &desk.0, "story", &asked.subject, Outcome::Done);
    match office.audit(entry).await {
        Ok(()) => body::write_apart(&headers, StatusCode::OK, StoryTold { entries }).await,
        Err(error) => fault(&error).into_response(),
    }
}
