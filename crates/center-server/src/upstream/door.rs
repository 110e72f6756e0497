//! 上级接口: orders and ratings in, results out, over HTTP. Each superior has a key of its own and
//! sees nothing but what is its own.

use std::sync::Arc;

use anyhow::Result;
use axum::Router;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Json, Response};
use axum::routing::{get, post};
use domain::matter::Source;
use domain::work_order::ResultReturn;
use serde::Deserialize;
use serde_json::{Value, json};

use super::fields::{CellFault, Field};
use super::import::{self, Became, Faulty, Imported, Wish};
use super::mapping::Mapping;
use super::rating;
use super::results;
use super::table::{Row, Sheet};
use crate::api_key::{self, KeyUse};
use crate::door::{BodyFault, read_whole};
use crate::office::Office;
use crate::public::address;
use crate::public::throttle::Throttle;
use crate::writer::NotWritten;

/// Bytes of a message.
const BODY_MAX_BYTES: usize = 2 << 20;
/// Questions a minute of one superior.
const PER_MINUTE: u32 = 120;
const BUSY_SECONDS: u64 = 5;

#[derive(Clone)]
struct Door {
    office: Arc<Office>,
    throttle: Arc<Throttle>,
}

/// Its addresses.
pub fn routes(office: Arc<Office>) -> Router {
    let door = Door {
        office,
        throttle: Arc::new(Throttle::new(PER_MINUTE)),
    };
    Router::new()
        .route("/upstream/v1/orders", post(orders))
        .route("/upstream/v1/ratings", post(ratings))
        .route("/upstream/v1/results", get(list))
        .route("/upstream/v1/acknowledgements", post(acknowledge))
        .with_state(door)
}

/// What is wrong, for who has to put it right. The code is what programs branch on.
struct Refused {
    status: StatusCode,
    code: &'static str,
    message: String,
    errors: Vec<Value>,
    retry_after: Option<u64>,
}

impl Refused {
    fn new(status: StatusCode, code: &'static str, message: impl Into<String>) -> Self {
        Self {
            status,
            code,
            message: message.into(),
            errors: Vec::new(),
            retry_after: None,
        }
    }

    fn response(self) -> Response {
        let body = json!({ "code": self.code, "message": self.message, "errors": self.errors });
        let mut response = (self.status, Json(body)).into_response();
        if let Some(seconds) = self.retry_after {
            let headers = response.headers_mut();
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}

impl From<NotWritten> for Refused {
    fn from(why: NotWritten) -> Self {
        match why {
            NotWritten::Busy | NotWritten::Stopping => Self {
                retry_after: Some(BUSY_SECONDS),
                ..Self::new(StatusCode::SERVICE_UNAVAILABLE, "busy", "繁忙，请稍后再试")
            },
            NotWritten::Fault => fault(),
        }
    }
}

fn fault() -> Refused {
    let status = StatusCode::INTERNAL_SERVER_ERROR;
    Refused::new(status, "fault", "出错了，没有写入，请联系县中心")
}

impl Door {
    /// Who asks.
    async fn admit(&self, headers: &HeaderMap, who: &str) -> Result<Source, Refused> {
        let now = self.office.clock.now();
        let shown = headers.get(header::AUTHORIZATION);
        let shown = shown.and_then(|value| value.to_str().ok());
        let shown = shown.and_then(|value| value.strip_prefix("Bearer "));
        let shown = shown.unwrap_or_default().to_owned();
        let key = self
            .office
            .readers
            .read(move |it| api_key::find(&*it.records, &shown))
            .await
            .map_err(|error| {
                tracing::error!(error = format!("{error:#}"), "A key was not looked up");
                fault()
            })?;
        let (place, source) = match key.map(|key| (key.name, key.usage)) {
            Some((name, KeyUse::Upstream { source })) => (name, Some(source)),
            Some((_, KeyUse::Open311 { .. })) | None => (format!("? {who}"), None),
        };
        if let Err(seconds) = self.throttle.take(&place, now) {
            let status = StatusCode::TOO_MANY_REQUESTS;
            return Err(Refused {
                retry_after: Some(seconds),
                ..Refused::new(status, "too_many", "请求过于频繁，请稍后再试")
            });
        }
        source
            .ok_or_else(|| Refused::new(StatusCode::UNAUTHORIZED, "unauthorised", "密钥缺失或无效"))
    }

    async fn rows(&self, request: Request, among: &[Field]) -> Result<(Source, Vec<Row>), Refused> {
        let who = address::of(&request, &self.office.config.web);
        let source = self.admit(request.headers(), &who).await?;
        let bytes = read_whole(request.into_body(), BODY_MAX_BYTES).await;
        let bytes = bytes.map_err(|fault| match fault {
            BodyFault::TooLarge => {
                let status = StatusCode::PAYLOAD_TOO_LARGE;
                Refused::new(status, "too_large", "内容过大，请分批提交")
            }
            BodyFault::CutOff | BodyFault::TooSlow => {
                let status = StatusCode::REQUEST_TIMEOUT;
                Refused::new(status, "cut_off", "内容没有收全，请重新提交")
            }
        })?;
        let malformed =
            |message: String| Refused::new(StatusCode::BAD_REQUEST, "malformed", message);
        let value: Value = serde_json::from_slice(&bytes)
            .map_err(|error| malformed(format!("不是 UTF-8 的 JSON（第 {} 行）", error.line())))?;
        // One object is a list of one.
        let is_one = value.as_object().is_some_and(|object| {
            !object.contains_key("orders") && !object.contains_key("ratings")
        });
        let value = if is_one { json!([value]) } else { value };
        let sheet = Sheet::read(value.to_string().as_bytes(), among);
        let sheet = sheet.map_err(|error| malformed(error.to_string()))?;
        let mapping = Mapping::proposed(&sheet.names, among);
        // A field that is not known would be lost, and nobody would miss it.
        let unknown = sheet.names.iter().zip(&mapping.0);
        let unknown: Vec<&str> = unknown
            .filter(|(_, field)| field.is_none())
            .map(|(name, _)| name.as_str())
            .collect();
        if !unknown.is_empty() {
            return Err(malformed(format!("没有这些字段：{}", unknown.join("、"))));
        }
        Ok((source, sheet.rows_by(&mapping)))
    }
}

async fn orders(State(door): State<Door>, request: Request) -> Response {
    let (source, rows) = match door.rows(request, Field::OF_ORDER).await {
        Ok(rows) => rows,
        Err(refused) => return refused.response(),
    };
    let now = door.office.clock.now();
    let job = door
        .office
        .writer
        .alone(move |desk| import::import(desk, source, rows, now, Wish::Import));
    answered(job, "orders").await
}

async fn ratings(State(door): State<Door>, request: Request) -> Response {
    let (source, rows) = match door.rows(request, Field::OF_RATING).await {
        Ok(rows) => rows,
        Err(refused) => return refused.response(),
    };
    let now = door.office.clock.now();
    let job = door
        .office
        .writer
        .alone(move |desk| rating::import(desk, source, rows, now, Wish::Import));
    answered(job, "ratings").await
}

async fn answered(
    job: Result<crate::writer::Pending<Imported>, NotWritten>,
    name: &'static str,
) -> Response {
    let done = match job {
        Ok(pending) => pending.done().await,
        Err(why) => Err(why),
    };
    match done {
        Ok(Ok(became)) => {
            let rows: Vec<Value> = became.iter().map(row_view).collect();
            Json(json!({ name: rows })).into_response()
        }
        Ok(Err(faulty)) => {
            let status = StatusCode::UNPROCESSABLE_ENTITY;
            let message = "有差错，全部没有写入";
            Refused {
                errors: faulty.iter().flat_map(fault_views).collect(),
                ..Refused::new(status, "invalid", message)
            }
            .response()
        }
        Err(why) => Refused::from(why).response(),
    }
}

fn row_view((row, became): &(Row, Became)) -> Value {
    let number = row.cells.get(&Field::Number);
    let (state, order_number) = match became {
        Became::Registered { number } => ("registered", number),
        Became::Known { number } => ("known", number),
    };
    json!({ "number": number, "state": state, "order_number": order_number })
}

fn fault_views(faulty: &Faulty) -> Vec<Value> {
    let view = |fault: &CellFault| {
        json!({
            "item": faulty.row,
            "field": fault.field.map(Field::key),
            "message": fault.text(),
        })
    };
    faulty.faults.iter().map(view).collect()
}

/// Results of the superior that asks; `?state=pending` for what it has not fetched yet.
async fn list(State(door): State<Door>, request: Request) -> Response {
    let who = address::of(&request, &door.office.config.web);
    let source = match door.admit(request.headers(), &who).await {
        Ok(source) => source,
        Err(refused) => return refused.response(),
    };
    let query = request.uri().query().unwrap_or_default();
    let state = match state_of(query) {
        Ok(state) => state,
        Err(refused) => return refused.response(),
    };
    let read = door
        .office
        .readers
        .read(move |it| results::list(&*it.records, source, state));
    match read.await {
        Ok(results) => Json(json!({ "results": results })).into_response(),
        Err(error) => {
            tracing::error!(error = format!("{error:#}"), "Results were not read");
            fault().response()
        }
    }
}

fn state_of(query: &str) -> Result<Option<ResultReturn>, Refused> {
    let malformed = |message: &str| Refused::new(StatusCode::BAD_REQUEST, "malformed", message);
    let form = crate::form::Form::read(query.as_bytes());
    let form = form.map_err(|_unreadable| malformed("地址中的条件读不懂"))?;
    let Some(word) = form.get("state") else {
        return Ok(None);
    };
    serde_json::from_value(Value::String(word.to_owned()))
        .map(Some)
        .map_err(|_unknown| malformed("state 应为 pending、sent、received 或 failed"))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Acknowledgement {
    results: Vec<String>,
}

/// 已接收 of results, by their identities.
async fn acknowledge(State(door): State<Door>, request: Request) -> Response {
    let who = address::of(&request, &door.office.config.web);
    let source = match door.admit(request.headers(), &who).await {
        Ok(source) => source,
        Err(refused) => return refused.response(),
    };
    let malformed = || {
        let message = "应为 {\"results\":[回执编号…]}，最多 1000 个";
        Refused::new(StatusCode::BAD_REQUEST, "malformed", message).response()
    };
    let Ok(bytes) = read_whole(request.into_body(), BODY_MAX_BYTES).await else {
        return malformed();
    };
    let Ok(Acknowledgement { results: ids }) = serde_json::from_slice(&bytes) else {
        return malformed();
    };
    if ids.len() > results::RESULTS_MAX {
        return malformed();
    }
    let job = door
        .office
        .writer
        .alone(move |desk| results::mark(&mut *desk.records, source, &ids, ResultReturn::Received));
    let done = match job {
        Ok(pending) => pending.done().await,
        Err(why) => Err(why),
    };
    match done {
        Ok(n_found) => Json(json!({ "acknowledged": n_found })).into_response(),
        Err(why) => Refused::from(why).response(),
    }
}
