//! The city hands down and takes back.

use std::path::Path;

use center_server::Config;
use center_server::api_key::KeyUse;
use center_server::upstream::{Push, Token};
use domain::matter::Source;
use domain::work_order::{ResultReturn, Satisfaction};
use serde_json::{Value, json};

use crate::house::{Got, House};
use crate::receiver::Receiver;

const ORDER: &str = r#"{"number":"SD20261123001","kind":"投诉","text":"三汇镇停水两天","caller_name":"李四",
    "caller_phone":"13900009999","place":"三汇镇大桥头","due_at":"2026-11-25","is_confidential":false}"#;

struct City {
    house: House,
    key: String,
}

impl City {
    async fn open(set: impl FnOnce(&mut Config, &Path)) -> Self {
        let house = House::open_as(set).await;
        let source = Source::City;
        let key = house.key("市中心", KeyUse::Upstream { source }).await;
        Self { house, key }
    }

    async fn ask(&self, method: &str, path: &str, body: &str) -> Got {
        let bearer = format!("Bearer {}", self.key);
        let headers = [("authorization", bearer.as_str())];
        let path = format!("/upstream/v1/{path}");
        self.house.ask(method, &path, &headers, body.into()).await
    }

    async fn handed_down(&self) -> (String, String) {
        let got = self.ask("POST", "orders", ORDER).await;
        assert_eq!(got.status, 200, "{got:?}");
        let number = got.json()["orders"][0]["order_number"]
            .as_str()
            .unwrap()
            .to_owned();
        let asked = number.clone();
        let read = self.house.office().readers.read(move |it| {
            let mut found = it.ledger.orders_numbered(&asked)?;
            assert_eq!(found.len(), 1);
            Ok(found.pop().unwrap())
        });
        (number, read.await.unwrap())
    }
}

#[tokio::test]
async fn an_order_comes_once_with_the_limit_of_the_city() {
    let city = City::open(|_, _| ()).await;
    let (number, subject) = city.handed_down().await;
    let found = city
        .house
        .office()
        .subject(&subject)
        .await
        .unwrap()
        .unwrap();
    let order = found.order().unwrap();
    assert_eq!(order.matter.origin.upstream_number, "SD20261123001");
    assert_eq!(order.matter.origin.source, Source::City);
    let due = order.upstream[0].due_at.to_rfc3339();
    assert_eq!(due, "2026-11-25T16:00:00+00:00");
    assert_eq!(order.version, 3);
    // Sent again, in whatever company: known.
    for body in [
        ORDER.to_owned(),
        format!("[{ORDER}]"),
        format!("{{\"orders\":[{ORDER}]}}"),
    ] {
        let again = city.ask("POST", "orders", &body).await.json();
        assert_eq!(again["orders"][0]["state"], "known");
        assert_eq!(again["orders"][0]["order_number"], number.as_str());
    }
    // Also after a restart, before the rows are looked at.
    let City { house, key } = city;
    let city = City {
        house: house.again().await,
        key,
    };
    assert_eq!(
        city.ask("POST", "orders", ORDER).await.json()["orders"][0]["state"],
        "known"
    );
}

#[tokio::test]
async fn all_of_them_or_none() {
    let city = City::open(|_, _| ()).await;
    let good: Value = serde_json::from_str(ORDER).unwrap();
    let bad = json!({ "number": "SD2", "kind": "天气", "text": "", "due_at": "明天" });
    let twice = json!({ "number": "SD20261123001", "text": "又一次" });
    let body = json!([good, bad, twice]).to_string();
    let refused = city.ask("POST", "orders", &body).await;
    assert_eq!(refused.status, 422);
    let errors = refused.json()["errors"].as_array().unwrap().clone();
    let named: Vec<(u64, &str)> = errors
        .iter()
        .map(|it| (it["item"].as_u64().unwrap(), it["field"].as_str().unwrap()))
        .collect();
    assert_eq!(
        named,
        [(2, "text"), (2, "kind"), (2, "due_at"), (3, "number")]
    );
    let head = *city.house.office().head().borrow();
    // Nothing was written: the good one is new now.
    let got = city.ask("POST", "orders", ORDER).await.json();
    assert_eq!(got["orders"][0]["state"], "registered");
    assert_eq!(got["orders"][0]["order_number"], "20261123-Z00-0001");
    assert!(*city.house.office().head().borrow() > head);
}

#[tokio::test]
async fn hostile_messages_change_nothing() {
    let city = City::open(|_, _| ()).await;
    let head = *city.house.office().head().borrow();
    let large = format!("[\"{}\"]", "a".repeat(3 << 20));
    let deep = "[".repeat(10_000);
    let many = format!("[{}]", vec![ORDER; 1_001].join(","));
    for (body, status, code) in [
        ("", 400, "malformed"),
        ("{", 400, "malformed"),
        ("\u{FEFF}", 400, "malformed"),
        ("[1]", 400, "malformed"),
        ("\"x\"", 400, "malformed"),
        ("[]", 400, "malformed"),
        (
            r#"{"number":"1","text":"x","colour":"red"}"#,
            400,
            "malformed",
        ),
        (r#"{"number":{"a":1},"text":"x"}"#, 400, "malformed"),
        (
            r#"{"number":"1","text":"x","caller_phone":"<script>"}"#,
            422,
            "invalid",
        ),
        (deep.as_str(), 400, "malformed"),
        (many.as_str(), 400, "malformed"),
        (large.as_str(), 413, "too_large"),
    ] {
        let got = city.ask("POST", "orders", body).await;
        assert_eq!(
            (got.status, got.json()["code"].as_str().unwrap()),
            (status, code),
            "{body:.80}"
        );
    }
    let not_utf8 = [
        b"{\"number\":\"1\",\"text\":\"".as_slice(),
        &[0xB1, 0xA8],
        b"\"}",
    ]
    .concat();
    let bearer = format!("Bearer {}", city.key);
    let headers = [("authorization", bearer.as_str())];
    let got = city
        .house
        .ask("POST", "/upstream/v1/orders", &headers, not_utf8)
        .await;
    assert_eq!(got.status, 400);
    for bearer in ["", "Bearer ", "Bearer hk_guess", "Basic x"] {
        let headers = [("authorization", bearer)];
        let got = city
            .house
            .ask("POST", "/upstream/v1/orders", &headers, ORDER.into())
            .await;
        assert_eq!(got.status, 401, "{bearer}");
    }
    assert_eq!(*city.house.office().head().borrow(), head);
}

#[tokio::test]
async fn a_result_is_pushed_until_it_arrives_and_the_order_says_how_far_it_is() {
    let receiver = Receiver::open(&[(502, ""), (200, r#"{"acknowledged":true}"#)]).await;
    let push = Push {
        source: Source::City,
        url: receiver.url.clone(),
        token: Token("city-token".to_owned()),
    };
    let city = City::open(move |config, _| config.upstream = vec![push]).await;
    let (_, subject) = city.handed_down().await;
    city.house.dispatch(&subject).await;
    city.house.complete(&subject, "已恢复供水").await;
    receiver.have(1).await;
    city.house.clock.minutes_later(1);
    let received = receiver.have(2).await;
    assert_eq!(received[1].header("authorization"), "Bearer city-token");
    let id = received[1].header("idempotency-key");
    assert_eq!(id, received[0].header("idempotency-key"));
    let result = received[1].json();
    assert_eq!(result["upstream_number"], "SD20261123001");
    assert_eq!(result["answer"], "已恢复供水");
    assert_eq!(result["outcome"], "completed");
    let is_received =
        |order: &domain::WorkOrder| order.result_return == Some(ResultReturn::Received);
    city.house.until_order(&subject, is_received).await;
    let listed = city.ask("GET", "results?state=received", "").await.json();
    assert_eq!(listed["results"][0]["id"], id.as_str());
    assert!(!listed.to_string().contains(&subject));

    // The rating comes back the same way, once.
    let rating =
        r#"{"number":"SD20261123001","satisfaction":"不满意","solved":"部分解决","note":"来得慢"}"#;
    assert_eq!(
        city.ask("POST", "ratings", rating).await.json()["ratings"][0]["state"],
        "registered"
    );
    assert_eq!(
        city.ask("POST", "ratings", rating).await.json()["ratings"][0]["state"],
        "known"
    );
    let found = city
        .house
        .office()
        .subject(&subject)
        .await
        .unwrap()
        .unwrap();
    let rated = found.order().unwrap().assignments[0]
        .rating
        .clone()
        .unwrap();
    assert_eq!(rated.satisfaction, Satisfaction::Dissatisfied);
    for (body, field) in [
        (
            r#"{"number":"nobody","satisfaction":"满意","solved":"已解决"}"#,
            "number",
        ),
        (
            r#"{"number":"SD20261123001","satisfaction":"还行","solved":"已解决"}"#,
            "satisfaction",
        ),
    ] {
        let refused = city.ask("POST", "ratings", body).await;
        assert_eq!(refused.status, 422);
        assert_eq!(refused.json()["errors"][0]["field"], field);
    }
}

#[tokio::test]
async fn what_the_city_will_not_take_has_failed_and_can_be_fetched() {
    let receiver = Receiver::open(&[(400, "")]).await;
    let push = Push {
        source: Source::City,
        url: receiver.url.clone(),
        token: Token("city-token".to_owned()),
    };
    let city = City::open(move |config, _| config.upstream = vec![push]).await;
    let (_, subject) = city.handed_down().await;
    city.house.dispatch(&subject).await;
    city.house.complete(&subject, "已恢复供水").await;
    receiver.have(1).await;
    let has_failed = |order: &domain::WorkOrder| order.result_return == Some(ResultReturn::Failed);
    city.house.until_order(&subject, has_failed).await;
    let failed = city.ask("GET", "results?state=failed", "").await.json();
    let id = failed["results"][0]["id"].as_str().unwrap().to_owned();
    let body = json!({ "results": [id, "unknown"] }).to_string();
    let acknowledged = city.ask("POST", "acknowledgements", &body).await;
    assert_eq!(acknowledged.json(), json!({ "acknowledged": 1 }));
    let is_received =
        |order: &domain::WorkOrder| order.result_return == Some(ResultReturn::Received);
    city.house.until_order(&subject, is_received).await;
    assert_eq!(
        city.ask("GET", "results?state=failed", "").await.json()["results"],
        json!([])
    );
    assert_eq!(city.ask("GET", "results?state=lost", "").await.status, 400);
    assert_eq!(city.ask("POST", "acknowledgements", "{}").await.status, 400);
}
