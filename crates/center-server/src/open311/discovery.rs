//! 服务发现: what a client that knows only this address needs to know.

use serde_json::{Value, json};

/// Changes when the description below does.
const CHANGESET: &str = "2026-11-26 00:00";

/// `GET discovery`.
pub(super) fn document(base: &str) -> Value {
    json!({
        "changeset": CHANGESET,
        "contact": "渠县12345热线受理中心，电话 12345",
        "key_service": "提交诉求需要接口密钥（api_key），请向渠县12345热线受理中心申请；查询不需要。",
        "endpoints": [{
            "specification": "http://wiki.open311.org/GeoReport_v2",
            "url": base,
            "changeset": CHANGESET,
            "type": "production",
            "formats": ["text/xml", "application/json"],
        }],
    })
}
