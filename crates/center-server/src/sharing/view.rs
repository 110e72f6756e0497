//! 所示: an order as JSON for others, by whose eyes it is read.

use std::sync::Arc;

use chrono::{DateTime, FixedOffset, SecondsFormat, Utc};
use domain::HandlingUnitId;
use domain::data_sharing::ShareSight;
use serde_json::{Value, json};
use wire::References;
use wording::reference::{ReferenceTables, wire_name};
use wording::text;

use super::rows::Row;

/// What things are called.
#[derive(Clone)]
pub(super) struct Names {
    pub(super) references: Arc<References>,
    pub(super) tables: &'static ReferenceTables,
}

impl Names {
    pub(super) fn unit(&self, id: &HandlingUnitId) -> String {
        let known = self.references.units().get(id);
        known.map_or_else(
            || self.tables.unit_name(id).to_owned(),
            |unit| unit.name.clone(),
        )
    }

    /// The first level of a category; empty for none.
    pub(super) fn field(&self, category_id: &str) -> &str {
        let mut categories = self.tables.view.categories.iter();
        let found = categories.find(|it| it.id == category_id);
        found.map_or("", |it| it.level1.as_str())
    }
}

/// The county's own time, with its distance from Greenwich.
pub(super) fn instant(at: DateTime<Utc>) -> String {
    match FixedOffset::east_opt(8 * 3600) {
        Some(east) => at
            .with_timezone(&east)
            .to_rfc3339_opts(SecondsFormat::Secs, false),
        None => at.to_rfc3339_opts(SecondsFormat::Secs, true),
    }
}

fn instant_of_ms(ms: i64) -> Option<String> {
    DateTime::from_timestamp_millis(ms).map(instant)
}

/// One order. What `sight` does not reach is null.
pub(super) fn order(row: &Row, sight: ShareSight, names: &Names, now: DateTime<Utc>) -> Value {
    let counted = &row.counted;
    let marks = counted.marks();
    let told = row.told.as_ref().filter(|_| sight == ShareSight::Matter);
    let unit = |id: &HandlingUnitId| json!({ "id": id.0, "name": names.unit(id) });
    let category_id = &counted.category_id;
    let township_code = &counted.township_code;
    json!({
        "id": row.id,
        "number": row.number,
        "kind": row.kind,
        "kind_text": text::kind(row.kind),
        "class": row.class,
        "class_text": text::class(row.class),
        "channel": row.channel,
        "channel_text": text::channel(row.channel),
        "category": {
            "id": category_id,
            "field": names.field(category_id),
            "name": names.tables.category_text(category_id),
        },
        "township": {
            "code": township_code,
            "name": names.tables.township_text(township_code),
        },
        "units": counted.units.iter().map(unit).collect::<Vec<_>>(),
        "state": wire_name(&row.stage),
        "state_text": text::stage(row.stage),
        "is_open": row.stage.is_open(),
        "registered_at": instant_of_ms(counted.registered_ms),
        "updated_at": instant_of_ms(row.updated_ms),
        "due_at": row.due_ms.and_then(instant_of_ms),
        "is_late": marks.late_at.is_some_and(|late_at| late_at < now),
        "satisfaction": marks.satisfaction,
        "is_sealed": row.is_sealed,
        "caller": told.map(|it| json!({ "name": it.caller_name, "phone": it.caller_phone })),
        "title": told.map(|it| &it.title),
        "text": told.map(|it| &it.text),
    })
}
