//! Programs of units and authorities, and a county that is worth reading about.

use center_server::admin::{AdminReply, AdminRequest, execute};
use domain::data_sharing::ShareScope;
use domain::matter::{Matter, MatterKind, Place};
use domain::work_order::DispatchPlan;
use domain::{Command, HandlingUnitId, Role};
use serde_json::Value;

use crate::house::{Got, House, matter};

pub(crate) const WATER: &str = "水务";
pub(crate) const TOWN: &str = "三汇镇";
/// Of the caller, and of others he tells of; none of it is for anybody.
pub(crate) const SECRETS: [&str; 8] = [
    "13800001234",
    "0818-7654321",
    "张三丰",
    "大桥头7号",
    "13900005678",
    "51302919900101123X",
    "川S12345",
    "白腊社区",
];

pub(crate) fn scope(units: &[&str], categories: &[&str]) -> ShareScope {
    ShareScope::Of {
        units: (units.iter())
            .map(|it| HandlingUnitId((*it).to_owned()))
            .collect(),
        categories: categories.iter().map(|it| (*it).to_owned()).collect(),
    }
}

pub(crate) async fn admin(house: &House, request: AdminRequest) -> AdminReply {
    execute(house.office(), request).await
}

/// A program with a token.
pub(crate) struct Reader<'a> {
    house: &'a House,
    pub(crate) token: String,
}

impl<'a> Reader<'a> {
    pub(crate) async fn with(house: &'a House, name: &str, role: Role, scope: ShareScope) -> Self {
        let request = AdminRequest::NewShareToken {
            name: name.to_owned(),
            role,
            scope,
            expires_on: "2026-12-31".parse().unwrap(),
        };
        let reply = admin(house, request).await;
        assert!(reply.is_done, "{reply:?}");
        let token = reply.lines[0].clone();
        Self { house, token }
    }

    pub(crate) async fn ask(&self, path: &str, headers: &[(&str, &str)]) -> Got {
        let shown = format!("Bearer {}", self.token);
        let mut headers = headers.to_vec();
        headers.push(("authorization", &shown));
        let path = format!("/data/v1/{path}");
        self.house.ask("GET", &path, &headers, Vec::new()).await
    }

    pub(crate) async fn get(&self, path: &str) -> Value {
        let got = self.ask(path, &[]).await;
        assert_eq!(got.status, 200, "{path}: {got:?}");
        got.json()
    }

    pub(crate) async fn status(&self, path: &str) -> u16 {
        self.ask(path, &[]).await.status
    }

    /// The ids of a list, page by page to its end.
    pub(crate) async fn ids(&self, path: &str) -> Vec<String> {
        let mut ids = Vec::new();
        let mut page = self.get(path).await;
        loop {
            ids.extend(ids_of(&page));
            let Some(next) = page["next"].as_str() else {
                return ids;
            };
            let sign = if path.contains('?') { '&' } else { '?' };
            page = self.get(&format!("{path}{sign}cursor={next}")).await;
        }
    }
}

pub(crate) fn ids_of(page: &Value) -> Vec<String> {
    let items = page["items"].as_array().unwrap().iter();
    items
        .map(|it| it["id"].as_str().unwrap().to_owned())
        .collect()
}

pub(crate) fn told(kind: MatterKind, category_id: &str) -> Matter {
    let mut of = matter(
        "张三丰住三汇镇大桥头7号，电话13800001234或0818-7654321。邻居13900005678、证号51302919900101123X、车川S12345。",
    );
    of.title = "张三丰13800001234反映路灯".to_owned();
    of.caller.contact_phone = "0818-7654321".to_owned();
    of.kind = kind;
    of.category_id = category_id.to_owned();
    of.place = Place {
        township_code: "511725104".to_owned(),
        village_code: String::new(),
        detail: "白腊社区大桥头7号".to_owned(),
    };
    of
}

pub(crate) async fn dispatch_to(house: &House, subject: &str, unit: &str) {
    let command = Command::Dispatch {
        unit: HandlingUnitId(unit.to_owned()),
        opinion: "张三丰13800001234急".to_owned(),
        plan: DispatchPlan::default(),
    };
    house.order("1001", subject, command).await;
    let is_there =
        |order: &domain::WorkOrder| order.assignments.iter().any(|it| it.delivered_at.is_some());
    house.until_order(subject, is_there).await;
    house.settled().await;
}

/// Orders of two units, one that nobody has, one that is confidential and one that is a report.
pub(crate) async fn county(house: &House) {
    for (n, (id, kind, category, unit)) in (1..).zip([
        ("o-water", MatterKind::Help, "c-051", WATER),
        ("o-town", MatterKind::Complaint, "c-113", TOWN),
        ("o-none", MatterKind::Consultation, "", ""),
        ("o-report", MatterKind::Report, "c-113", WATER),
        ("o-secret", MatterKind::Complaint, "c-049", WATER),
    ]) {
        let mut of = told(kind, category);
        of.is_confidential = id == "o-secret";
        house
            .register(id, &format!("20261123-W01-{n:04}"), of)
            .await;
        if !unit.is_empty() {
            dispatch_to(house, id, unit).await;
        }
        house.clock.minutes_later(1);
    }
    let answer = "已修好，张三丰13800001234满意，可联系13900005678。";
    house.complete("o-water", answer).await;
    house.settled().await;
}

/// Whether a value is as the description of an interface says.
pub(crate) fn check(described: &Value, schema: &Value, value: &Value, at: &str) {
    if let Some(name) = schema["$ref"].as_str() {
        let name = name.rsplit('/').next().unwrap();
        let named = &described["components"]["schemas"][name];
        return check(described, named, value, at);
    }
    if let Some(any) = schema["anyOf"].as_array() {
        if !value.is_null() {
            check(described, &any[0], value, at);
        }
        return;
    }
    let kind = match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(_) => "integer",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    };
    let of = &schema["type"];
    let kinds = of.as_array().cloned().unwrap_or_else(|| vec![of.clone()]);
    let is_kind = kinds.iter().any(|it| it == kind);
    assert!(is_kind, "{at}: {value} is none of {schema}");
    if let Some(known) = schema["enum"].as_array() {
        assert!(known.contains(value), "{at}: {value}");
    }
    if let Some(items) = value.as_array() {
        let is_bare = !["items", "steps", "answers"]
            .iter()
            .any(|it| at.ends_with(it));
        assert!(is_bare || !items.is_empty(), "{at} has nothing to look at");
        for item in items {
            check(described, &schema["items"], item, at);
        }
    }
    if let Some(fields) = value.as_object() {
        let described_fields = schema["properties"].as_object().unwrap();
        let names: Vec<&String> = fields.keys().collect();
        assert_eq!(names, described_fields.keys().collect::<Vec<_>>(), "{at}");
        for (name, field) in fields {
            check(
                described,
                &described_fields[name],
                field,
                &format!("{at} {name}"),
            );
        }
    }
}
