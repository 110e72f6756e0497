//! 攻击文字: what a unit is shown is what was said, and what it asks for is a text to be found.

use axum::body::Body;
use axum::http::StatusCode;
use serde_json::json;
use testkit::hostile;

use super::town::{SCHOOLS, Town, WATER, matter};

const AT_ONCE: usize = 20;

#[tokio::test(flavor = "multi_thread")]
async fn whatever_was_said_is_text_at_the_portal() {
    let mut town = Town::open().await;
    let texts = hostile();
    town.given("other", SCHOOLS, matter("校门口积水")).await;
    for (n, some) in texts.chunks(AT_ONCE).enumerate() {
        let mut matter = matter(&some.join("\n"));
        matter.title.clone_from(&some[0]);
        matter.wants.clone_from(&some[1]);
        matter.place.detail.clone_from(&some[2]);
        matter.happened.clone_from(&some[3]);
        matter.about.clone_from(&some[4]);
        town.given(&format!("w{n}"), WATER, matter).await;
    }
    let mut liaison = town.at_the_portal("2001").await;
    for (n, some) in texts.chunks(AT_ONCE).enumerate() {
        let shown = liaison
            .ask("work_order", json!({ "id": format!("w{n}") }))
            .await;
        let said = shown["text"].as_str().unwrap();
        for text in some {
            assert!(said.contains(text.trim()), "{text:?} {said:?}");
        }
        for (field, n) in [("wants", 1), ("happened", 3), ("about", 4)] {
            assert_eq!(shown[field].as_str().unwrap().trim(), some[n].trim());
        }
    }
    let n_orders = texts.chunks(AT_ONCE).count();
    for text in &texts {
        let list = json!({ "queue": "to_sign_for", "search": text, "after": null, "limit": 200 });
        let found = liaison.ask("work_orders", list).await;
        let n_found = found["rows"].as_array().unwrap().len();
        assert!(n_found <= n_orders, "{text:?} {n_found}");
        assert!(!found.to_string().contains("校门口"), "{text:?}");
        let asked = [
            ("work_order", json!({ "id": text })),
            ("kb_task", json!({ "number": text })),
            ("kb_record", json!({ "id": text })),
            ("statistics", json!({ "month": text })),
        ];
        for (name, request) in asked {
            let heard = liaison.call(name, request).await;
            assert!(
                heard.status.is_client_error(),
                "{name} {text:?} {}",
                heard.status
            );
        }
    }
    // What a unit writes is as much text as what it reads.
    for (n, some) in texts.chunks(AT_ONCE).enumerate() {
        let id = format!("w{n}");
        liaison.done(&id, json!({ "type": "sign_for" })).await;
        let contact = json!({
            "type": "record_contact", "is_reached": true, "at": "", "phone": "", "note": some[0],
        });
        liaison.done(&id, contact).await;
        let shown = liaison
            .ask("work_order", json!({ "id": id }))
            .await
            .to_string();
        let said = serde_json::to_string(some[0].trim()).unwrap();
        assert!(shown.contains(said.trim_matches('"')), "{said}");
        // A file may be called anything, and its name is no path and no header.
        let name = &some[n % some.len()];
        let heard = liaison.upload(&id, name, b"%PDF-1").await;
        assert_ne!(heard.status, StatusCode::INTERNAL_SERVER_ERROR, "{name:?}");
        if let Some(sha256) = heard.body["sha256"].as_str() {
            let path = format!("/portal/evidence/{id}/{sha256}");
            let request = liaison.request("GET", &path).body(Body::empty()).unwrap();
            assert!(
                liaison.send(request).await.set_cookie.is_empty(),
                "{name:?}"
            );
        }
    }
}
