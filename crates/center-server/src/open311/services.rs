//! 服务目录: what can be filed. Every category of the county is a service; the kind of the matter
//! and the wish to stay unnamed are attributes of each.

use domain::matter::MatterKind;
use serde_json::{Value, json};
use wording::reference::{Category, ReferenceTables, wire_name};
use wording::text;

use super::answer::Refused;

/// 诉求类型.
pub(super) const KIND: &str = "kind";
/// 是否保密.
pub(super) const CONFIDENTIAL: &str = "confidential";
/// Of a matter whose filer did not say.
pub(super) const KIND_UNSAID: MatterKind = MatterKind::Help;

/// `GET services`.
pub(super) fn list(tables: &ReferenceTables) -> Value {
    tables.view.categories.iter().map(service).collect()
}

fn service(category: &Category) -> Value {
    json!({
        "service_code": category.id,
        "service_name": name(category),
        "description": format!("{} · {} · {}", category.level1, category.level2, category.level3),
        "metadata": true,
        "type": "realtime",
        "keywords": format!("{},{},{}", category.level1, category.level2, category.level3),
        "group": category.level1,
    })
}

pub(super) fn name(category: &Category) -> String {
    format!("{} · {}", category.level2, category.level3)
}

pub(super) fn find<'a>(tables: &'a ReferenceTables, code: &str) -> Result<&'a Category, Refused> {
    let mut all = tables.view.categories.iter();
    all.find(|category| category.id == code)
        .ok_or_else(|| Refused::not_found(format!("service_code {code:?} was not found")))
}

/// `GET services/{code}`.
pub(super) fn definition(tables: &ReferenceTables, code: &str) -> Result<Value, Refused> {
    let category = find(tables, code)?;
    let kinds: Vec<Value> = MatterKind::ALL
        .iter()
        .map(|kind| json!({ "key": wire_name(kind), "name": text::kind(*kind) }))
        .collect();
    Ok(json!({
        "service_code": category.id,
        "attributes": [
            {
                "variable": true,
                "code": KIND,
                "datatype": "singlevaluelist",
                "required": false,
                "datatype_description": "不填按求助登记",
                "order": 1,
                "description": "诉求类型",
                "values": kinds,
            },
            {
                "variable": true,
                "code": CONFIDENTIAL,
                "datatype": "singlevaluelist",
                "required": false,
                "datatype_description": "举报一律保密；保密的不在公开列表中显示",
                "order": 2,
                "description": "是否对诉求人信息保密",
                "values": [{ "key": "yes", "name": "是" }, { "key": "no", "name": "否" }],
            },
        ],
    }))
}
