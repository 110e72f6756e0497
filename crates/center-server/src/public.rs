//! 公众页面: what citizens see and ask without telling who they are: published standard answers, and
//! how far an order is, by its number and its code.
//!
//! What is told and what is not, and why a code of eight digits is enough, stands in
//! `docs/decisions/0011-public-page.md`.

pub(crate) mod address;
mod attempts;
mod follow;
pub mod knowledge;
mod page;
pub mod progress;
pub mod throttle;

use std::sync::Arc;

use anyhow::Result;
use axum::Router;
use axum::extract::{Path, Request, State};
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};
use domain::clock_face::date_of;
use tower_http::set_header::SetResponseHeaderLayer;

use self::follow::{Followed, follow};
use self::knowledge::{PublicArticle, PublicKnowledge};
use self::page::Typed;
use self::throttle::Throttle;
use crate::door::read_whole;
use crate::follower::Projection;
use crate::form::Form;
use crate::office::Office;

/// Articles on the first page.
const OFTEN: usize = 12;
/// Bytes of what is posted: a number and a code.
const POSTED_MAX_BYTES: usize = 4_096;
/// The page loads its own files and sends its own forms, and nothing else.
const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; \
     img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// How often citizens and their programs may ask, from one address or with one key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    pub questions_per_minute: u32,
    pub follows_per_minute: u32,
    pub open311_reads_per_minute: u32,
    pub open311_filings_per_minute: u32,
    /// With one token for shared data.
    pub data_reads_per_minute: u32,
}

impl Limits {
    /// Where the administrator set nothing else. A village may share one address.
    pub const USUAL: Self = Self {
        questions_per_minute: 60,
        follows_per_minute: 20,
        open311_reads_per_minute: 120,
        open311_filings_per_minute: 60,
        data_reads_per_minute: 120,
    };
}

#[derive(Clone)]
struct Door {
    office: Arc<Office>,
    questions: Arc<Throttle>,
    follows: Arc<Throttle>,
}

/// Its pages.
pub fn routes(office: Arc<Office>) -> Router {
    let limits = office.config.public;
    let door = Door {
        office,
        questions: Arc::new(Throttle::new(limits.questions_per_minute)),
        follows: Arc::new(Throttle::new(limits.follows_per_minute)),
    };
    let set = |name: HeaderName, value: &'static str| {
        SetResponseHeaderLayer::if_not_present(name, HeaderValue::from_static(value))
    };
    Router::new()
        .route("/", get(home))
        .route("/article/{id}", get(article))
        .route("/follow", post(followed).get(follow_form))
        .route(
            "/assets/public/page.css",
            get(async || asset("text/css", page::STYLE)),
        )
        .route(
            "/assets/public/tokens.css",
            get(async || asset("text/css", page::TOKENS)),
        )
        .route(
            "/assets/public/page.js",
            get(async || asset("text/javascript", page::SCRIPT)),
        )
        .layer(set(
            header::CONTENT_SECURITY_POLICY,
            CONTENT_SECURITY_POLICY,
        ))
        .layer(set(header::CACHE_CONTROL, "no-store"))
        .layer(set(header::X_FRAME_OPTIONS, "DENY"))
        .layer(set(
            HeaderName::from_static("cross-origin-opener-policy"),
            "same-origin",
        ))
        .layer(set(
            HeaderName::from_static("permissions-policy"),
            "camera=(), geolocation=(), microphone=()",
        ))
        .with_state(door)
}

/// The rows it is made of.
pub fn projections() -> Vec<Box<dyn Projection>> {
    vec![Box::new(PublicKnowledge::default())]
}

fn asset(kind: &'static str, text: &'static str) -> Response {
    let headers = [
        (header::CONTENT_TYPE, format!("{kind}; charset=utf-8")),
        (header::CACHE_CONTROL, "max-age=3600".to_owned()),
    ];
    (headers, text).into_response()
}

fn html(status: StatusCode, page: String) -> Response {
    let kind = [(header::CONTENT_TYPE, "text/html; charset=utf-8")];
    (status, kind, page).into_response()
}

fn too_many(seconds: u64) -> Response {
    let why = "查询得太频繁了，请稍后再试，或拨打 12345。";
    let mut response = html(
        StatusCode::TOO_MANY_REQUESTS,
        page::plain_page("请稍候", why),
    );
    let headers = response.headers_mut();
    headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    response
}

fn unreadable() -> Response {
    let why = "没有看懂提交的内容，请返回重新填写。";
    html(StatusCode::BAD_REQUEST, page::plain_page("无法查询", why))
}

fn fault(error: &anyhow::Error) -> Response {
    tracing::error!(error = format!("{error:#}"), "The public page failed");
    let why = "暂时无法查询，请稍后再试，或拨打 12345。";
    html(
        StatusCode::INTERNAL_SERVER_ERROR,
        page::plain_page("暂时无法查询", why),
    )
}

/// The first page, or what was found for `q`.
async fn home(State(door): State<Door>, request: Request) -> Response {
    let query = request.uri().query().unwrap_or_default();
    let Ok(form) = Form::read(query.as_bytes()) else {
        return unreadable();
    };
    let now = door.office.clock.now();
    if let Err(seconds) = door
        .questions
        .take(&address::of(&request, &door.office.config.web), now)
    {
        return too_many(seconds);
    }
    let shown = match form.get("q") {
        Some(question) => door.answer(question).await,
        None => door.first_page(&Typed::default()).await,
    };
    shown.unwrap_or_else(|error| fault(&error))
}

impl Door {
    async fn first_page(&self, typed: &Typed<'_>) -> Result<Response> {
        let today = date_of(self.office.clock.now());
        let read = self.office.readers.read(move |it| {
            let articles = knowledge::some(&*it.records, OFTEN, today)?;
            Ok(articles)
        });
        let articles = read.await?;
        Ok(html(StatusCode::OK, page::home(typed, &articles)))
    }

    async fn answer(&self, question: &str) -> Result<Response> {
        let question: String = question
            .chars()
            .take(knowledge::QUESTION_MAX_CHARS)
            .collect();
        let today = date_of(self.office.clock.now());
        let (office, asked) = (Arc::clone(&self.office), question.clone());
        let found =
            tokio::task::spawn_blocking(move || office.knowledge.ask(&asked, today)).await?;
        let found = match found {
            Ok(found) => found,
            Err(error) => {
                tracing::warn!(%error, "A question was not answered");
                let page = page::answers(&question, None);
                return Ok(html(StatusCode::SERVICE_UNAVAILABLE, page));
            }
        };
        let mut ids: Vec<String> = found.hits.iter().map(|hit| hit.id.clone()).collect();
        ids.extend(found.answer.iter().map(|answer| answer.id.clone()));
        let read = self.office.readers.read(move |it| {
            let mut articles: Vec<(String, PublicArticle)> = Vec::with_capacity(ids.len());
            for id in ids {
                // Withdrawn since the index was last brought up to date.
                if let Some(article) = knowledge::article(&*it.records, &id, today)? {
                    articles.push((id, article));
                }
            }
            Ok(articles)
        });
        let articles = read.await?;
        let page = page::answers(&question, Some((&found, &articles)));
        Ok(html(StatusCode::OK, page))
    }
}

async fn article(State(door): State<Door>, Path(id): Path<String>, request: Request) -> Response {
    let now = door.office.clock.now();
    if let Err(seconds) = door
        .questions
        .take(&address::of(&request, &door.office.config.web), now)
    {
        return too_many(seconds);
    }
    let today = date_of(now);
    let read = door
        .office
        .readers
        .read(move |it| knowledge::article(&*it.records, &id, today));
    match read.await {
        Ok(Some(article)) => html(StatusCode::OK, page::article(&article)),
        Ok(None) => {
            let why = "这条内容已不存在或已失效，请重新查询。";
            html(StatusCode::NOT_FOUND, page::plain_page("没有找到", why))
        }
        Err(error) => fault(&error),
    }
}

/// Whoever comes to the address by hand or goes back.
async fn follow_form(State(door): State<Door>) -> Response {
    let shown = door.first_page(&Typed::default()).await;
    shown.unwrap_or_else(|error| fault(&error))
}

async fn followed(State(door): State<Door>, request: Request) -> Response {
    let who = address::of(&request, &door.office.config.web);
    if let Err(seconds) = door.follows.take(&who, door.office.clock.now()) {
        return too_many(seconds);
    }
    let Ok(bytes) = read_whole(request.into_body(), POSTED_MAX_BYTES).await else {
        return unreadable();
    };
    let Ok(form) = Form::read(&bytes) else {
        return unreadable();
    };
    let number = form.get("number").unwrap_or_default();
    let code = form.get("code").unwrap_or_default();
    match follow(&door.office, number, code, who).await {
        Ok(followed) => {
            let status = match followed {
                Followed::Told(_) => StatusCode::OK,
                Followed::Wrong { .. } => StatusCode::FORBIDDEN,
            };
            html(status, page::followed(&followed, number))
        }
        Err(error) => fault(&error),
    }
}
