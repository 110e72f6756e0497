//! 数据共享: units and authorities read what is theirs by programs of their own (第十五条).
//!
//! A token names whose orders, by which role's eyes and until when ([`token`]). Everything is masked before it
//! is written down ([`rows`]), each use stands in the center's audit before it is answered, and what is not
//! shared is answered like what is not there. Only reading: nothing comes in by this door. Why so:
//! `docs/decisions/0027-data-sharing.md`.

mod answers;
mod list;
mod order;
mod problem;
mod question;
mod rows;
mod statistics;
pub mod token;
mod view;

use std::sync::Arc;

use ::audit::Outcome;
use anyhow::Result;
use axum::Router;
use axum::extract::{Path, Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{any, get};
use chrono::{DateTime, Utc};
use domain::clock_face::date_of;
use domain::data_sharing::ShareSight;
use serde_json::Value;
use sha2::{Digest as _, Sha256};

use self::problem::Problem;
use self::rows::SharedOrders;
use self::token::ShareToken;
use self::view::Names;
use crate::audit;
use crate::follower::Projection;
use crate::hex::to_hex;
use crate::office::Office;
use crate::public::address;
use crate::public::throttle::Throttle;
use crate::readers::Reader;
use crate::reference::tables;

/// The description of all this for machines.
pub const OPENAPI: &str = include_str!("../sharing/openapi.json");
/// Characters of a question that stand in the audit.
const OBJECT_MAX_CHARS: usize = 200;
/// Bytes of the hash by which an answer is known again.
const ETAG_BYTES: usize = 16;

#[derive(Clone)]
struct Door {
    office: Arc<Office>,
    throttle: Arc<Throttle>,
}

/// Its addresses.
pub fn routes(office: Arc<Office>) -> Router {
    let door = Door {
        throttle: Arc::new(Throttle::new(office.config.public.data_reads_per_minute)),
        office,
    };
    Router::new()
        .route("/data/v1/openapi.json", get(specification))
        .route("/data/v1/{*path}", any(handle))
        .with_state(door)
}

/// The rows it is made of.
pub fn projections() -> Vec<Box<dyn Projection>> {
    vec![Box::new(SharedOrders)]
}

async fn specification() -> Response {
    let kind = [(header::CONTENT_TYPE, "application/json; charset=utf-8")];
    (kind, OPENAPI).into_response()
}

async fn handle(State(door): State<Door>, Path(path): Path<String>, request: Request) -> Response {
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        return Problem::only_read().response();
    }
    let who = address::of(&request, &door.office.config.web);
    let query = request.uri().query().unwrap_or_default().to_owned();
    let headers = request.headers().clone();
    drop(request);
    match door.answer(&path, &query, &headers, &who).await {
        Ok(value) => found(&value, &headers),
        Err(problem) => problem.response(),
    }
}

/// What is asked, once it was read.
enum Question {
    Orders(list::Question),
    Order(String),
    Statistics(statistics::Question),
    Answers(answers::Question),
    Answer(String),
}

impl Question {
    fn read(path: &str, query: &str, now: DateTime<Utc>) -> Result<Self, Problem> {
        let parts: Vec<&str> = path.split('/').collect();
        let alone = |question: Self| question::fields(query, &[]).map(|_nothing| question);
        match *parts {
            ["orders"] => Ok(Self::Orders(list::Question::read(query)?)),
            ["orders", id] => alone(Self::Order(id.to_owned())),
            ["statistics"] => Ok(Self::Statistics(statistics::Question::read(query, now)?)),
            ["answers"] => Ok(Self::Answers(answers::Question::read(query)?)),
            ["answers", id] => alone(Self::Answer(id.to_owned())),
            _ => Err(Problem::not_found()),
        }
    }

    /// Under what it stands in the audit.
    fn act(&self) -> &'static str {
        match self {
            Self::Orders(_) => "data_orders",
            Self::Order(_) => "data_order",
            Self::Statistics(_) => "data_statistics",
            Self::Answers(_) => "data_answers",
            Self::Answer(_) => "data_answer",
        }
    }

    /// None of what is not there, or not for the reader.
    fn answer(
        &self,
        reader: &Reader,
        token: &ShareToken,
        sight: ShareSight,
        names: &Names,
        now: DateTime<Utc>,
    ) -> Result<Option<Value>> {
        let records = &*reader.records;
        let scope = &token.scope;
        match self {
            Self::Orders(question) => question.answer(records, scope, sight, names, now).map(Some),
            Self::Order(id) => order::answer(reader, id, scope, sight, names, now),
            Self::Statistics(question) => question.answer(records, scope, names, now).map(Some),
            Self::Answers(question) => question.answer(records, date_of(now)).map(Some),
            Self::Answer(id) => answers::one(records, id, date_of(now)),
        }
    }
}

impl Door {
    async fn answer(
        &self,
        path: &str,
        query: &str,
        headers: &HeaderMap,
        who: &str,
    ) -> Result<Value, Problem> {
        let now = self.office.clock.now();
        let token = self.admit(headers, who, now).await?;
        let sight = ShareSight::of(token.role).filter(|_| token.is_good_on(date_of(now)));
        let asked = match query {
            "" => path.to_owned(),
            query => format!("{path}?{query}"),
        };
        let Some(sight) = sight else {
            self.record(&token, "data_read", &asked, Outcome::Denied, now)
                .await?;
            return Err(Problem::unauthorised());
        };
        let question = match Question::read(path, query, now) {
            Ok(question) => question,
            Err(problem) => {
                self.record(&token, "data_read", &asked, Outcome::Refused, now)
                    .await?;
                return Err(problem);
            }
        };
        self.record(&token, question.act(), &asked, Outcome::Shown, now)
            .await?;
        let names = Names {
            references: self.office.references(),
            tables: tables(),
        };
        let read = self
            .office
            .readers
            .read(move |reader| question.answer(reader, &token, sight, &names, now));
        let answer = read.await.map_err(|error| fault(&error))?;
        answer.ok_or_else(Problem::not_found)
    }

    /// Whose token is shown, in time and in measure; it may be good no longer.
    async fn admit(
        &self,
        headers: &HeaderMap,
        who: &str,
        now: DateTime<Utc>,
    ) -> Result<ShareToken, Problem> {
        let shown = headers.get(header::AUTHORIZATION);
        let shown = shown.and_then(|value| value.to_str().ok());
        let shown = shown.and_then(|value| value.strip_prefix("Bearer "));
        let shown = shown.unwrap_or_default().to_owned();
        let read = self
            .office
            .readers
            .read(move |reader| token::find(&*reader.records, &shown));
        let token = read.await.map_err(|error| fault(&error))?;
        // Guessing is as slow as reading.
        let place = match &token {
            Some(token) => token.name.clone(),
            None => format!("? {who}"),
        };
        self.throttle.take(&place, now).map_err(Problem::too_many)?;
        token.ok_or_else(Problem::unauthorised)
    }

    /// On the disk before anything is shown.
    async fn record(
        &self,
        token: &ShareToken,
        act: &str,
        asked: &str,
        outcome: Outcome,
        now: DateTime<Utc>,
    ) -> Result<(), Problem> {
        let asked: String = asked.chars().take(OBJECT_MAX_CHARS).collect();
        let reader = format!("共享 {}", token.name);
        let entry = audit::entry(now, &reader, act, &asked, outcome);
        let recorded = self.office.audit(entry).await;
        recorded.map_err(|error| fault(&error))
    }
}

fn fault(error: &anyhow::Error) -> Problem {
    tracing::error!(error = format!("{error:#}"), "Shared data was not read");
    Problem::fault()
}

/// The answer, or that the reader has it already.
fn found(value: &Value, headers: &HeaderMap) -> Response {
    let body = value.to_string();
    let hash = Sha256::digest(body.as_bytes());
    let tag = format!("\"{}\"", to_hex(hash.get(..ETAG_BYTES).unwrap_or(&hash)));
    let mut response = if is_known(headers, &tag) {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        let kind = [(header::CONTENT_TYPE, "application/json; charset=utf-8")];
        (kind, body).into_response()
    };
    let headers = response.headers_mut();
    if let Ok(tag) = HeaderValue::from_str(&tag) {
        headers.insert(header::ETAG, tag);
    }
    let asked_again = HeaderValue::from_static("private, no-cache");
    headers.insert(header::CACHE_CONTROL, asked_again);
    response
}

/// Whether `If-None-Match` names the answer.
fn is_known(headers: &HeaderMap, tag: &str) -> bool {
    let named = headers.get_all(header::IF_NONE_MATCH).into_iter();
    let named = named.filter_map(|it| it.to_str().ok());
    let mut named = named.flat_map(|it| it.split(','));
    named.any(|it| {
        let it = it.trim();
        it == "*" || it.strip_prefix("W/").unwrap_or(it) == tag
    })
}
