//! `GET /v1/poke`: says that there is news, so that nobody has to ask all the time. What gets lost
//! does no harm: desks ask now and then all the same.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::Extension;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse as _, Response};
use serde::Deserialize;
use serde_json::json;

use crate::door::Peer;
use crate::office::Office;

/// Oftener than any network on the way forgets a quiet line.
const ALIVE_EVERY: Duration = Duration::from_secs(15);

#[derive(Debug, Deserialize)]
pub(super) struct PokeQuery {
    /// Where the desk has read to; what is behind it is told at once.
    after: Option<u64>,
}

pub(super) async fn poke(
    State(office): State<Arc<Office>>,
    Extension(peer): Extension<Peer>,
    Query(query): Query<PokeQuery>,
) -> Response {
    let desk = match office.admitted(&peer).await {
        Ok(desk) => desk,
        Err(status) => return status.into_response(),
    };
    let mut head = office.head();
    match query.after {
        Some(after) if after < *head.borrow() => head.mark_changed(),
        Some(_) | None => head.mark_unchanged(),
    }
    let mut revoked = office.revoked.subscribe();
    revoked.mark_unchanged();
    let listener = (office, peer, head, revoked);
    let stream = futures_util::stream::unfold(listener, |listener| async move {
        let (office, peer, mut head, mut revoked) = listener;
        loop {
            tokio::select! {
                changed = head.changed() => {
                    changed.ok()?;
                    let seq = *head.borrow_and_update();
                    let data = json!({ "seq": seq }).to_string();
                    let event = Event::default().event("feed").data(data);
                    return Some((Ok::<_, Infallible>(event), (office, peer, head, revoked)));
                }
                changed = revoked.changed() => {
                    changed.ok()?;
                    // Somebody was struck off the list; this desk, perhaps.
                    office.admitted(&peer).await.ok()?;
                }
                () = office.stopped() => return None,
            }
        }
    });
    tracing::debug!(desk = desk.0, "A desk listens");
    let alive = KeepAlive::new().interval(ALIVE_EVERY);
    (StatusCode::OK, Sse::new(stream).keep_alive(alive)).into_response()
}
