//! 公开列表: what anybody may know of a matter that was filed by Open311.
//!
//! Who filed it and what was said is not there: the description is the name of the service, the
//! address the name of the township. What is confidential is not there at all.

use anyhow::Result;
use chrono::{DateTime, FixedOffset, SecondsFormat, Utc};
use domain::matter::{Channel, MatterKind};
use domain::time_limit::LimitKind;
use domain::{WorkOrder, work_order::Stage};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use wire::{References, Subject};
use wording::reference::ReferenceTables;

use crate::follower::{Projection, Seen, Sheet};
use crate::public::progress;

/// Rows, the latest first.
pub(super) const ROW: &str = "open311_row";
/// The key of an order's row, by its number.
pub(super) const NUMBER: &str = "open311_number";
/// 提交记录, by the order's identity: written before the order is registered. Nobody draws it.
pub(super) const FILING: &str = "open311_filing";
/// The order's identity, by the token that the filer was given.
pub(super) const TOKEN: &str = "open311_token";
/// Larger than any instant in milliseconds that a feed has.
const LATEST_MS: i64 = 9_999_999_999_999;

/// 提交记录. Frozen.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Filing {
    pub(super) token: String,
    pub(super) number: String,
    /// The name of the key by which it came.
    pub(super) key: String,
}

/// One matter, as anybody may know it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Row {
    pub(super) number: String,
    pub(super) service_code: String,
    pub(super) is_open: bool,
    status_notes: String,
    agency: String,
    township: String,
    requested_ms: i64,
    updated_ms: i64,
    expected_ms: Option<i64>,
}

/// Where rows from `until` back begin.
pub(super) fn key_from(until: DateTime<Utc>) -> String {
    let ms = until.timestamp_millis().clamp(0, LATEST_MS);
    format!("{:013}", LATEST_MS - ms)
}

impl Row {
    fn key(&self) -> String {
        format!("{:013} {}", LATEST_MS - self.requested_ms, self.number)
    }

    pub(super) fn requested_at(&self) -> DateTime<Utc> {
        instant(self.requested_ms)
    }

    /// As GeoReport has it.
    pub(super) fn view(&self, tables: &ReferenceTables) -> Value {
        let categories = tables.view.categories.iter();
        let service = categories
            .filter(|category| category.id == self.service_code)
            .map(super::services::name)
            .next();
        json!({
            "service_request_id": self.number,
            "status": if self.is_open { "open" } else { "closed" },
            "status_notes": self.status_notes,
            "service_name": service,
            "service_code": self.service_code,
            "description": service,
            "agency_responsible": self.agency,
            "service_notice": Value::Null,
            "requested_datetime": datetime(self.requested_ms),
            "updated_datetime": datetime(self.updated_ms),
            "expected_datetime": self.expected_ms.map(datetime),
            "address": self.township,
            "address_id": Value::Null,
            "zipcode": Value::Null,
            "lat": Value::Null,
            "long": Value::Null,
            "media_url": Value::Null,
        })
    }
}

fn instant(ms: i64) -> DateTime<Utc> {
    DateTime::from_timestamp_millis(ms).unwrap_or(DateTime::UNIX_EPOCH)
}

/// The county's own time, with its distance from Greenwich.
fn datetime(ms: i64) -> String {
    let east = FixedOffset::east_opt(8 * 3600);
    let at = instant(ms);
    match east {
        Some(east) => at
            .with_timezone(&east)
            .to_rfc3339_opts(SecondsFormat::Secs, false),
        None => at.to_rfc3339_opts(SecondsFormat::Secs, true),
    }
}

/// Draws the public list.
pub(super) struct PublicRows {
    tables: &'static ReferenceTables,
}

impl PublicRows {
    pub(super) fn new(tables: &'static ReferenceTables) -> Self {
        Self { tables }
    }
}

impl Projection for PublicRows {
    fn kinds(&self) -> &'static [&'static str] {
        &[ROW, NUMBER]
    }

    fn version(&self) -> u32 {
        1
    }

    fn touch(&mut self, seen: &Seen<'_>, sheet: &mut Sheet<'_>) -> Result<()> {
        let Some(order) = seen.after.and_then(Subject::order) else {
            return Ok(());
        };
        if !matches!(order.matter.channel, Channel::Website | Channel::App)
            || sheet.get(FILING, &seen.entry.subject)?.is_none()
        {
            return Ok(());
        }
        if let Some(key) = sheet.get(NUMBER, &order.number)? {
            sheet.remove(ROW, key);
            sheet.remove(NUMBER, order.number.clone());
        }
        if is_public(order) {
            let row = row(order, seen.references, self.tables);
            sheet.put(NUMBER, row.number.clone(), row.key());
            sheet.write(ROW, row.key(), &row)?;
        }
        Ok(())
    }
}

/// Never what is confidential, nor who is reported.
fn is_public(order: &WorkOrder) -> bool {
    !order.matter.is_confidential && order.matter.kind != MatterKind::Report
}

fn row(order: &WorkOrder, references: &References, tables: &ReferenceTables) -> Row {
    let mut units: Vec<&str> = Vec::new();
    for assignment in order.open_assignments().filter(|it| it.part.answers()) {
        let unit = references.units().get(&assignment.unit);
        let name = unit.map_or(assignment.unit.0.as_str(), |unit| unit.name.as_str());
        if !units.contains(&name) {
            units.push(name);
        }
    }
    let handle = order
        .running_limits()
        .filter(|limit| limit.kind == LimitKind::Handle)
        .map(|limit| limit.due_at.timestamp_millis())
        .max();
    let township = tables.view.townships.iter();
    let township = township
        .filter(|it| it.code == order.matter.place.township_code)
        .map(|it| it.name.clone())
        .next();
    Row {
        number: order.number.clone(),
        service_code: order.matter.category_id.clone(),
        is_open: order.stage.is_open(),
        status_notes: progress::stage_words(order).to_owned(),
        agency: if units.is_empty() {
            "渠县12345热线受理中心".to_owned()
        } else {
            units.join("、")
        },
        township: township.unwrap_or_default(),
        requested_ms: order.registered_at.timestamp_millis(),
        updated_ms: order.last_event_at.timestamp_millis(),
        expected_ms: handle.filter(|_| order.stage == Stage::Delivered),
    }
}
