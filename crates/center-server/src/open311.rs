//! Open311 GeoReport v2: citizens' programs file matters and follow them.
//!
//! A matter that comes this way is registered by the center itself and is an order like any other
//! from then on; that it came this way is known from a record beside the ledger. What anybody may
//! read of it stands in [`rows`]. Which field becomes what, and why, is in
//! `docs/decisions/0012-open311.md`.

mod answer;
mod discovery;
mod filing;
mod list;
mod rows;
mod services;
mod xml;

use std::sync::Arc;

use anyhow::Result;
use axum::Router;
use axum::body::Body;
use axum::extract::{Path, Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{any, get};
use center::{Acted, Errand, RecordChange, Written};
use domain::clock_face::date_of;
use domain::matter::{Channel, Matter};
use domain::{ActorId, Command};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use wire::{Act, QueryCode, RuleSays};

use self::answer::{Format, Refused, Told};
use self::rows::{FILING, Filing, PublicRows, TOKEN};
use crate::api_key::{self, KeyUse};
use crate::delivery::CENTER_ACTOR;
use crate::door::{BodyFault, read_whole};
use crate::follower::Projection;
use crate::form::{FORM_MAX_BYTES, Form};
use crate::hex::to_hex;
use crate::number;
use crate::office::Office;
use crate::public::address;
use crate::public::throttle::Throttle;
use crate::reference::tables;
use crate::writer::{Desk, NotWritten};

/// The description of all this for machines.
pub const OPENAPI: &str = include_str!("../open311/openapi.json");
const BUSY_SECONDS: u64 = 5;
/// By which a client may say that it asks the same again.
const IDEMPOTENCY_KEY: &str = "idempotency-key";
const IDEMPOTENCY_KEY_MAX_BYTES: usize = 200;

#[derive(Clone)]
struct Door {
    office: Arc<Office>,
    reads: Arc<Throttle>,
    filings: Arc<Throttle>,
}

/// Its addresses.
pub fn routes(office: Arc<Office>) -> Router {
    let limits = office.config.public;
    let door = Door {
        reads: Arc::new(Throttle::new(limits.open311_reads_per_minute)),
        filings: Arc::new(Throttle::new(limits.open311_filings_per_minute)),
        office,
    };
    Router::new()
        .route("/open311/v2/openapi.json", get(specification))
        .route("/open311/v2/{*path}", any(handle))
        .with_state(door)
}

/// The rows it is made of.
pub fn projections() -> Vec<Box<dyn Projection>> {
    vec![Box::new(PublicRows::new(tables()))]
}

async fn specification() -> Response {
    let kind = [(header::CONTENT_TYPE, "application/json; charset=utf-8")];
    (kind, OPENAPI).into_response()
}

async fn handle(State(door): State<Door>, Path(path): Path<String>, request: Request) -> Response {
    let Some((path, format)) = Format::split(&path) else {
        let refused = Refused::not_found("Addresses end with .xml or .json");
        return answer::response(Format::Json, StatusCode::OK, Err(refused));
    };
    let parts: Vec<&str> = path.split('/').collect();
    let is_post = request.method() == Method::POST;
    if is_post && parts == ["requests"] {
        return answer::response(format, StatusCode::CREATED, door.file(request).await);
    }
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        let refused = Refused::new(StatusCode::METHOD_NOT_ALLOWED, "This is not done here");
        let mut response = answer::response(format, StatusCode::OK, Err(refused));
        let allowed = if parts == ["requests"] {
            "GET, HEAD, POST"
        } else {
            "GET, HEAD"
        };
        let allowed = HeaderValue::from_static(allowed);
        response.headers_mut().insert(header::ALLOW, allowed);
        return response;
    }
    let asked = &Asked {
        who: address::of(&request, &door.office.config.web),
        query: request.uri().query().unwrap_or_default().to_owned(),
        base: base(request.headers()),
    };
    answer::response(format, StatusCode::OK, door.read(&parts, asked).await)
}

/// What of a request is looked at when it only reads.
struct Asked {
    who: String,
    query: String,
    base: String,
}

impl Door {
    async fn read(&self, parts: &[&str], asked: &Asked) -> Told {
        let now = self.office.clock.now();
        if let Err(seconds) = self.reads.take(&asked.who, now) {
            return Err(too_many(seconds));
        }
        let form = Form::read(asked.query.as_bytes()).map_err(|it| Refused::bad(it.to_string()))?;
        if parts != ["discovery"] {
            filing::check_jurisdiction(&form)?;
        }
        match *parts {
            ["discovery"] => Ok(("discovery", discovery::document(&asked.base))),
            ["services"] => Ok(("services", services::list(tables()))),
            ["services", code] => {
                let definition = services::definition(tables(), code)?;
                Ok(("service_definition", definition))
            }
            ["requests"] => {
                let question = list::Question::read(&form, now)?;
                let rows = self
                    .records(move |records| question.answer(records, tables()))
                    .await?;
                Ok(("service_requests", rows))
            }
            ["requests", number] => {
                let number = number.to_owned();
                let row = self
                    .records(move |records| list::find(records, &number))
                    .await?;
                let row = row.ok_or_else(|| Refused::not_found("service_request_id was not found"));
                Ok(("service_requests", json!([row?.view(tables())])))
            }
            ["tokens", token] => self.token(token.to_owned()).await,
            _ => Err(Refused::not_found("There is nothing at this address")),
        }
    }

    async fn token(&self, token: String) -> Told {
        let found = token.clone();
        let filing = self
            .records(move |records| {
                if found.len() > IDEMPOTENCY_KEY_MAX_BYTES || found.contains('\0') {
                    return Ok(None);
                }
                let Some(subject) = records.get(TOKEN, &found)? else {
                    return Ok(None);
                };
                let body = records.get(FILING, &subject)?;
                let filing = body.map(|body| serde_json::from_str::<Filing>(&body));
                Ok(filing.transpose()?)
            })
            .await?;
        let filing = filing.ok_or_else(|| Refused::not_found("token was not found"))?;
        let answer = json!([{ "service_request_id": filing.number, "token": token }]);
        Ok(("service_requests", answer))
    }

    async fn records<T: Send + 'static>(
        &self,
        read: impl FnOnce(&dyn center::Records) -> Result<T> + Send + 'static,
    ) -> Result<T, Refused> {
        let read = self.office.readers.read(move |it| read(&*it.records));
        read.await.map_err(|error| {
            tracing::error!(
                error = format!("{error:#}"),
                "Open311 could not be answered"
            );
            Refused::new(
                StatusCode::INTERNAL_SERVER_ERROR,
                "Something went wrong here",
            )
        })
    }

    /// `POST requests`.
    async fn file(&self, request: Request) -> Told {
        let now = self.office.clock.now();
        let who = address::of(&request, &self.office.config.web);
        let headers = request.headers().clone();
        let form = form_of(request.into_body(), &headers).await?;
        filing::check_jurisdiction(&form)?;
        let shown = form.get("api_key").unwrap_or_default().to_owned();
        let key = self
            .records(move |records| api_key::find(records, &shown))
            .await?;
        let forbidden = || Refused::new(StatusCode::FORBIDDEN, "api_key is missing or not good");
        let Some(key) = key else {
            // Guessing is as slow as reading.
            return match self.reads.take(&who, now) {
                Ok(()) => Err(forbidden()),
                Err(seconds) => Err(too_many(seconds)),
            };
        };
        let KeyUse::Open311 { channel } = key.usage else {
            return Err(forbidden());
        };
        if let Err(seconds) = self.filings.take(&key.name, now) {
            return Err(too_many(seconds));
        }
        let matter = matter_of(&form, channel)?;
        let token = token_of(&headers, &key.name)?;
        let clock = Arc::clone(&self.office.clock);
        let job = move |desk: &mut Desk| register(desk, &token, &key.name, matter, clock.now());
        let pending = self.office.writer.alone(job).map_err(not_written)?;
        match pending.done().await.map_err(not_written)? {
            Ok(filed) => Ok(("service_requests", json!([filed.view()]))),
            Err(RuleSays::Order(refusal)) => Err(filing::refused(&refusal)),
            Err(says) => Err(Refused::bad(says.to_string())),
        }
    }
}

fn matter_of(form: &Form, channel: Channel) -> Result<Matter, Refused> {
    filing::matter(form, channel, tables())
}

fn too_many(seconds: u64) -> Refused {
    let status = StatusCode::TOO_MANY_REQUESTS;
    Refused::later(status, "Too many questions; come again later", seconds)
}

fn not_written(why: NotWritten) -> Refused {
    match why {
        NotWritten::Busy | NotWritten::Stopping => {
            let status = StatusCode::SERVICE_UNAVAILABLE;
            Refused::later(
                status,
                "Too much is going on; come again later",
                BUSY_SECONDS,
            )
        }
        NotWritten::Fault => Refused::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            "Something went wrong here",
        ),
    }
}

async fn form_of(body: Body, headers: &HeaderMap) -> Result<Form, Refused> {
    let kind = headers.get(header::CONTENT_TYPE);
    let kind = kind.and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let mut words = kind.split(';').map(|word| word.trim().to_ascii_lowercase());
    if words.next().as_deref() != Some("application/x-www-form-urlencoded") {
        return Err(Refused::new(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "The body is application/x-www-form-urlencoded",
        ));
    }
    let is_other = |word: &String| {
        let charset = word.strip_prefix("charset=").map(|it| it.trim_matches('"'));
        charset.is_some_and(|charset| !matches!(charset, "utf-8" | "utf8"))
    };
    if words.any(|word| is_other(&word)) {
        return Err(Refused::new(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "The body is in UTF-8",
        ));
    }
    let bytes = read_whole(body, FORM_MAX_BYTES).await;
    let bytes = bytes.map_err(|fault| match fault {
        BodyFault::TooLarge => Refused::new(StatusCode::PAYLOAD_TOO_LARGE, "The form is too large"),
        BodyFault::CutOff | BodyFault::TooSlow => {
            Refused::new(StatusCode::REQUEST_TIMEOUT, "The form did not come whole")
        }
    })?;
    Form::read(&bytes).map_err(|it| Refused::bad(it.to_string()))
}

/// By what the filer asks for its order again. The same `Idempotency-Key` of the same filer is the
/// same filing.
fn token_of(headers: &HeaderMap, key: &str) -> Result<String, Refused> {
    let Some(same) = headers.get(IDEMPOTENCY_KEY) else {
        return Ok(uuid::Uuid::new_v4().simple().to_string());
    };
    let is_plain = |byte: &u8| byte.is_ascii_alphanumeric() || b"_-".contains(byte);
    if same.is_empty()
        || same.len() > IDEMPOTENCY_KEY_MAX_BYTES
        || !same.as_bytes().iter().all(is_plain)
    {
        return Err(Refused::bad(format!(
            "Idempotency-Key has 1 to {IDEMPOTENCY_KEY_MAX_BYTES} letters, digits, - or _"
        )));
    }
    let mut hash = Sha256::new();
    hash.update(b"hotline-desk/open311-token/1\0");
    hash.update((key.len() as u64).to_be_bytes());
    hash.update(key);
    hash.update(same.as_bytes());
    Ok(to_hex(hash.finalize().get(..16).unwrap_or_default()))
}

/// An order that was filed.
struct Filed {
    subject: String,
    number: String,
    token: String,
}

impl Filed {
    fn view(&self) -> Value {
        let code = QueryCode::of(&self.subject, &self.number);
        json!({
            "service_request_id": self.number,
            "token": self.token,
            "service_notice": format!(
                "已登记。查询码 {code}，凭工单编号和查询码可查询办理进度；也可拨打 12345。"
            ),
            "account_id": Value::Null,
        })
    }
}

/// Registers the order, or finds the one that the same filing made. The record of the filing comes
/// first: an order without one would never be shown.
fn register(
    desk: &mut Desk,
    token: &str,
    key: &str,
    matter: Matter,
    now: chrono::DateTime<chrono::Utc>,
) -> Result<Result<Filed, RuleSays>> {
    use center::Records as _;
    let known = desk.records.get(TOKEN, token)?;
    let (subject, filing) = if let Some(subject) = known {
        let body = desk.records.get(FILING, &subject)?.unwrap_or_default();
        let filing: Filing = serde_json::from_str(&body)?;
        (subject, filing)
    } else {
        let subject = uuid::Uuid::new_v4().to_string();
        let filing = Filing {
            token: token.to_owned(),
            number: number::next(&mut *desk.records, date_of(now))?,
            key: key.to_owned(),
        };
        let written = desk.records.write(&[
            RecordChange::put(FILING, subject.clone(), serde_json::to_string(&filing)?),
            RecordChange::put(TOKEN, token, subject.clone()).if_new(),
        ])?;
        anyhow::ensure!(written == Written::Done, "Only the writer writes filings");
        (subject, filing)
    };
    let errand = Errand {
        actor: ActorId(CENTER_ACTOR.to_owned()),
        subject: subject.clone(),
        id: format!("open311-{token}"),
        act: Act::Order(Command::Register {
            number: filing.number.clone(),
            matter: Box::new(matter),
        }),
        seen_version: None,
    };
    match desk.center.act(&errand, now)? {
        Acted::Done { .. } | Acted::Before | Acted::Stale { .. } => Ok(Ok(Filed {
            subject,
            number: filing.number,
            token: filing.token,
        })),
        Acted::Refused(says) => {
            let written = desk.records.write(&[
                RecordChange::remove(FILING, subject),
                RecordChange::remove(TOKEN, token),
            ])?;
            debug_assert_eq!(written, Written::Done, "Whatever stood there");
            Ok(Err(says))
        }
    }
}

/// Where this is served, as the client calls it.
fn base(headers: &HeaderMap) -> String {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    let is_name = |host: &&str| {
        !host.is_empty()
            && host
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || ".-:[]".contains(c))
    };
    let host = text("host").filter(is_name).unwrap_or("localhost");
    let is_local = host.starts_with("127.0.0.1") || host.starts_with("localhost");
    let is_https = text("x-forwarded-proto") == Some("https");
    let scheme = if is_local && !is_https {
        "http"
    } else {
        "https"
    };
    format!("{scheme}://{host}/open311/v2")
}
