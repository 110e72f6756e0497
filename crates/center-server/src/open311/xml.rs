//! The XML of GeoReport, written from the same value as the JSON.
//!
//! A list `xs` has elements `x`; only requests are called otherwise. What XML cannot carry (control
//! characters) is left out.

use serde_json::Value;

/// The document with `value` as its root element.
pub(super) fn document(root: &str, value: &Value) -> String {
    let mut xml = String::from("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n");
    element(&mut xml, root, value);
    xml.push('\n');
    xml
}

fn element(xml: &mut String, name: &str, value: &Value) {
    match value {
        Value::Null => xml.push_str(&format!("<{name}/>")),
        Value::Array(values) => {
            xml.push_str(&format!("<{name}>"));
            let each = match name {
                "service_requests" => "request",
                other => other.strip_suffix('s').unwrap_or("item"),
            };
            for value in values {
                element(xml, each, value);
            }
            xml.push_str(&format!("</{name}>"));
        }
        Value::Object(fields) => {
            xml.push_str(&format!("<{name}>"));
            for (field, value) in fields {
                element(xml, field, value);
            }
            xml.push_str(&format!("</{name}>"));
        }
        Value::String(text) => {
            xml.push_str(&format!("<{name}>"));
            escape(xml, text);
            xml.push_str(&format!("</{name}>"));
        }
        Value::Bool(_) | Value::Number(_) => {
            xml.push_str(&format!("<{name}>{value}</{name}>"));
        }
    }
}

fn escape(xml: &mut String, text: &str) {
    for c in text.chars() {
        match c {
            '&' => xml.push_str("&amp;"),
            '<' => xml.push_str("&lt;"),
            '>' => xml.push_str("&gt;"),
            '\r' => xml.push_str("&#13;"),
            '\n' | '\t' => xml.push(c),
            '\u{FFFE}' | '\u{FFFF}' => {}
            c if c.is_control() => {}
            c => xml.push(c),
        }
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;
    use serde_json::json;

    use super::*;

    #[test]
    fn lists_and_hostile_texts() {
        let value = json!([{ "service_request_id": "1", "status_notes": "a<b>&\u{1}\u{FFFF}]]>", "address": null, "lat": 30.5 }]);
        expect![[r#"
            <?xml version="1.0" encoding="utf-8"?>
            <service_requests><request><address/><lat>30.5</lat><service_request_id>1</service_request_id><status_notes>a&lt;b&gt;&amp;]]&gt;</status_notes></request></service_requests>
        "#]]
        .assert_eq(&document("service_requests", &value));
        let value =
            json!({ "attributes": [{ "values": [{ "key": "yes" }] }], "formats": ["text/xml"] });
        expect![[r#"
            <?xml version="1.0" encoding="utf-8"?>
            <service_definition><attributes><attribute><values><value><key>yes</key></value></values></attribute></attributes><formats><format>text/xml</format></formats></service_definition>
        "#]]
        .assert_eq(&document("service_definition", &value));
    }
}
