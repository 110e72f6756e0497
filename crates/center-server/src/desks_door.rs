//! 工作站门: what desks ask, over TLS. A connection without a desk's certificate may enrol one and
//! nothing else; whether a desk still may come in is asked of the ledger with each request.

mod audit;
mod body;
mod file;
mod people;
mod poke;
mod story;

use std::sync::Arc;

use axum::extract::{Request as HttpRequest, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};
use axum::{Extension, Router};
use center::Prepared;
use serde::de::DeserializeOwned;
use wire::{Answer, DeskId, Greeting, PushRequest, Request, VerifyRequest};

use crate::door::Peer;
use crate::enrolment::desk_of;
use crate::office::Office;
use crate::writer::{NotWritten, Pending, Writer};
use body::Unfit;

/// When the writer has too much waiting.
const COME_AGAIN_MS: u64 = 1_000;
/// Intents of a push that are made ready on the runtime.
const INTENTS_AT_ONCE: usize = 20;

/// All of the door.
pub(crate) fn router(office: Arc<Office>) -> Router {
    Router::new()
        .route("/v1/sync", post(sync))
        .route("/v1/poke", get(poke::poke))
        .route("/v1/sign_in", post(people::sign_in))
        .route("/v1/change_password", post(people::change_password))
        .route("/v1/audit", post(audit::claim))
        .route("/v1/audit/copy", post(audit::copy))
        .route("/v1/snapshot/manifest", get(file::manifest))
        .route("/v1/snapshot/part/{nth}", get(file::part))
        .route("/v1/verify", post(verify))
        .route("/v1/story", post(story::story))
        .route("/v1/blob/{sha256}", get(file::blob).put(file::put_blob))
        .route("/v1/blob/{sha256}/state", get(file::blob_state))
        .with_state(office)
}

/// Which desk asks, and what, where it is no request of sync.
async fn said<T: DeserializeOwned + Send + 'static>(
    office: &Office,
    peer: &Peer,
    http: HttpRequest,
) -> Result<(DeskId, T), StatusCode> {
    let desk = office.admitted(peer).await?;
    let said = body::read(http).await.map_err(Unfit::status)?;
    Ok((desk, said))
}

/// `POST /v1/sync`: a request in JSON, an answer in JSON, either packed.
async fn sync(
    State(office): State<Arc<Office>>,
    Extension(peer): Extension<Peer>,
    http: HttpRequest,
) -> Response {
    let headers = http.headers().clone();
    let request: Request = match body::read(http).await {
        Ok(request) => request,
        Err(unfit) => return told_unfit(&headers, unfit),
    };
    let answer = match asked_of(&request) {
        None => enrol(&office, &peer, request).await,
        Some(desk) => match office.desk_at(&peer).await {
            Ok(Some(known)) if known == *desk => ask(&office, request).await,
            Ok(_none_or_another) => Ok(Answer::Unauthorised),
            Err(error) => Err(fault(&error)),
        },
    };
    match answer {
        Ok(answer @ (Answer::Page(_) | Answer::Recalled(_))) => {
            body::write_apart(&headers, StatusCode::OK, answer).await
        }
        Ok(answer) => body::write(&headers, status_of(&answer), &answer),
        Err(status) => status.into_response(),
    }
}

/// `POST /v1/verify`: whether both have made the same of the feed.
async fn verify(
    State(office): State<Arc<Office>>,
    Extension(peer): Extension<Peer>,
    http: HttpRequest,
) -> Response {
    let headers = http.headers().clone();
    match said::<VerifyRequest>(&office, &peer, http).await {
        Ok((desk, asked)) => body::write(&headers, StatusCode::OK, &office.verify(&desk, &asked)),
        Err(status) => status.into_response(),
    }
}

/// Which desk asks; `None` for one that has no number yet.
fn asked_of(request: &Request) -> Option<&DeskId> {
    match request {
        Request::Enrol(_) => None,
        Request::Hello(hello) => Some(&hello.desk),
        Request::Push(push) | Request::Recover(push) => Some(&push.desk),
        Request::Pull(pull) => Some(&pull.desk),
        Request::Recall(recall) => Some(&recall.desk),
    }
}

/// Guessing codes is held against the address as guessing passwords is.
async fn enrol(office: &Office, peer: &Peer, request: Request) -> Result<Answer, StatusCode> {
    let Request::Enrol(request) = request else {
        return Ok(Answer::Unauthorised);
    };
    let (from, now) = (peer.address.ip(), office.clock.now());
    if let Err(until) = office.count_try(from, now) {
        let wait_ms = (until - now).num_milliseconds().max(0);
        return Ok(Answer::Busy {
            after_ms: u64::try_from(wait_ms).unwrap_or(COME_AGAIN_MS),
        });
    }
    let answer = settled(office.enrol(request).await)?;
    if matches!(answer, Answer::Enrolled(_)) {
        office.forgive_try(from);
    }
    Ok(answer)
}

async fn ask(office: &Office, request: Request) -> Result<Answer, StatusCode> {
    let request = match request {
        Request::Push(push) => return pushed(office, push, Writer::push).await,
        Request::Recover(push) => return pushed(office, push, Writer::recover).await,
        request @ (Request::Enrol(_)
        | Request::Hello(_)
        | Request::Pull(_)
        | Request::Recall(_)) => request,
    };
    if let Request::Hello(hello) = &request {
        office.note_hello(hello);
    }
    let now = office.clock.now();
    let read = office
        .readers
        .read(move |reader| center::read(&*reader.ledger, &request, now));
    match read.await {
        Ok(Some(Answer::Greeting(greeting))) => Ok(Answer::Greeting(Greeting {
            keep_days: office.config.desks_keep_days,
            ..greeting
        })),
        Ok(Some(answer)) => Ok(answer),
        Ok(None) => Err(StatusCode::INTERNAL_SERVER_ERROR),
        Err(error) => Err(fault(&error)),
    }
}

/// Makes ready here what need not be made by the one who writes; much of it off the runtime.
async fn pushed(
    office: &Office,
    push: PushRequest,
    hand: impl FnOnce(&Writer, Prepared) -> Result<Pending<Answer>, NotWritten>,
) -> Result<Answer, StatusCode> {
    let prepared = if push.envelopes.len() <= INTENTS_AT_ONCE {
        Prepared::of(push)
    } else {
        let preparing = tokio::task::spawn_blocking(|| Prepared::of(push));
        preparing.await.map_err(|error| fault(&error.into()))?
    };
    let prepared = prepared.map_err(|error| fault(&error.into()))?;
    settled(match hand(&office.writer, prepared) {
        Ok(pushing) => pushing.done().await,
        Err(not_written) => Err(not_written),
    })
}

fn settled(answer: Result<Answer, NotWritten>) -> Result<Answer, StatusCode> {
    match answer {
        Ok(answer) => Ok(answer),
        Err(NotWritten::Busy | NotWritten::Stopping) => Ok(Answer::Busy {
            after_ms: COME_AGAIN_MS,
        }),
        Err(NotWritten::Fault) => Err(StatusCode::INTERNAL_SERVER_ERROR),
    }
}

fn status_of(answer: &Answer) -> StatusCode {
    match answer {
        Answer::Unauthorised => StatusCode::UNAUTHORIZED,
        Answer::Malformed { .. } => StatusCode::BAD_REQUEST,
        Answer::Busy { .. } => StatusCode::SERVICE_UNAVAILABLE,
        Answer::Enrolled(_)
        | Answer::Greeting(_)
        | Answer::Pushed(_)
        | Answer::Gap { .. }
        | Answer::Page(_)
        | Answer::Rewind(_)
        | Answer::Recalled(_)
        | Answer::Quarantined(_)
        | Answer::TooOld { .. } => StatusCode::OK,
    }
}

fn told_unfit(headers: &HeaderMap, unfit: Unfit) -> Response {
    let because = unfit.to_string();
    body::write(headers, unfit.status(), &Answer::Malformed { because })
}

/// Logs what went wrong; whoever asked learns only that something did.
fn fault(error: &anyhow::Error) -> StatusCode {
    match error.downcast_ref() {
        Some(NotWritten::Busy | NotWritten::Stopping) => StatusCode::SERVICE_UNAVAILABLE,
        Some(NotWritten::Fault) => StatusCode::INTERNAL_SERVER_ERROR,
        None => {
            tracing::error!(error = format!("{error:#}"), "A request was not answered");
            StatusCode::INTERNAL_SERVER_ERROR
        }
    }
}

impl Office {
    /// The desk at the other end, by its certificate.
    async fn desk_at(&self, peer: &Peer) -> anyhow::Result<Option<DeskId>> {
        if let Some(desk) = peer.desk.get() {
            return Ok(Some(desk.clone()));
        }
        let Some(certificate) = peer.certificate else {
            return Ok(None);
        };
        let read = self
            .readers
            .read(move |reader| desk_of(&*reader.records, certificate));
        let desk = read.await?;
        Ok(desk.map(|desk| peer.desk.get_or_init(|| desk).clone()))
    }

    /// The desk at the other end, if it still may come in.
    async fn admitted(&self, peer: &Peer) -> Result<DeskId, StatusCode> {
        let desk = self.desk_at(peer).await.map_err(|error| fault(&error))?;
        let desk = desk.ok_or(StatusCode::UNAUTHORIZED)?;
        let asked = desk.clone();
        let read = self
            .readers
            .read(move |reader| center::is_admitted(&*reader.ledger, &asked));
        match read.await {
            Ok(true) => Ok(desk),
            Ok(false) => Err(StatusCode::UNAUTHORIZED),
            Err(error) => Err(fault(&error)),
        }
    }
}
