//! 网页门: the units' portal, the citizens' page, Open311, and what a monitor asks.

use std::sync::Arc;
use std::time::Duration;

use anyhow::Result;
use axum::Router;
use axum::extract::State;
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Json, Response};
use axum::routing::get;
use serde_json::json;
use tower_http::set_header::SetResponseHeaderLayer;

use crate::office::Office;
use crate::{open311, portal, public, sharing, upstream};

/// What a page may load and do: only its own files.
const CONTENT_SECURITY_POLICY: &str = "default-src 'self'; style-src 'self' 'unsafe-inline'; \
     img-src 'self' data:; object-src 'none'; base-uri 'none'; frame-ancestors 'none'";
/// A writer that has not answered by then is not ready.
const READY_WITHIN: Duration = Duration::from_secs(5);

/// All of the door.
pub fn router(office: Arc<Office>) -> Result<Router> {
    let set = |name: HeaderName, value: &'static str| {
        SetResponseHeaderLayer::if_not_present(name, HeaderValue::from_static(value))
    };
    Ok(Router::new()
        .route("/healthz", get(healthz))
        .route("/readyz", get(readyz))
        .with_state(Arc::clone(&office))
        .merge(portal::routes(Arc::clone(&office))?)
        .merge(public::routes(Arc::clone(&office)))
        .merge(open311::routes(Arc::clone(&office)))
        .merge(sharing::routes(Arc::clone(&office)))
        .merge(upstream::routes(office))
        .layer(set(
            header::CONTENT_SECURITY_POLICY,
            CONTENT_SECURITY_POLICY,
        ))
        .layer(set(header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .layer(set(header::REFERRER_POLICY, "no-referrer")))
}

/// The program runs.
async fn healthz() -> &'static str {
    "ok\n"
}

/// The writer writes, the rows follow, and the center is not about to stop.
async fn readyz(State(office): State<Arc<Office>>) -> Response {
    if office.is_stopping() {
        return not_ready("stopping");
    }
    if !office.is_follower_well() {
        return not_ready("rows");
    }
    let asked = office.writer.alone(|desk| {
        use center::Ledger as _;
        desk.center.ledger().feed()
    });
    let Ok(asked) = asked else {
        return not_ready("busy");
    };
    match tokio::time::timeout(READY_WITHIN, asked.done()).await {
        Ok(Ok(feed)) => {
            let drawn_to = *office.drawn_to.borrow();
            Json(json!({ "seq": feed.end.seq, "epoch": feed.epoch, "drawn_to": drawn_to }))
                .into_response()
        }
        Ok(Err(_)) | Err(_) => not_ready("no writer"),
    }
}

fn not_ready(why: &'static str) -> Response {
    (StatusCode::SERVICE_UNAVAILABLE, why).into_response()
}
