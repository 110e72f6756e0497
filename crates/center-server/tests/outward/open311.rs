//! Programs of citizens file and read.

use domain::matter::Channel;
use wire::Subject;

use crate::house::House;

const FORM: &str = "service_code=c-001&description=%E8%B7%AF%E7%81%AF%E5%9D%8F%E4%BA%86%E3%80%82%3Cb%3E13800001234%3C%2Fb%3E\
     &address_string=%E4%B8%89%E6%B1%87%E9%95%87%E5%A4%A7%E6%A1%A5%E5%A4%B47%E5%8F%B7&first_name=%E4%B8%89&last_name=%E5%BC%A0\
     &phone=13800001234&email=a%40b.cn&media_url=https%3A%2F%2Fx.cn%2F1.jpg";

/// The identity of the order that a number names.
async fn subject_of(house: &House, number: &str) -> String {
    let number = number.to_owned();
    let read = house.office().readers.read(move |it| {
        let mut found = it.ledger.orders_numbered(&number)?;
        Ok(found.pop().unwrap())
    });
    read.await.unwrap()
}

async fn until_listed(house: &House, number: &str) -> serde_json::Value {
    house.settled().await;
    let got = house
        .get(&format!("/open311/v2/requests/{number}.json"))
        .await;
    assert_eq!(got.status, 200, "{got:?}");
    got.json()[0].clone()
}

#[tokio::test]
async fn what_is_filed_is_an_order_like_any_other_and_the_list_names_nobody() {
    let house = House::open().await;
    let key = house.open311_key().await;
    let form = format!("{FORM}&api_key={key}&attribute%5Bkind%5D=complaint");
    let filed = house.post_form("/open311/v2/requests.json", &form).await;
    assert_eq!(filed.status, 201, "{filed:?}");
    let filed = filed.json()[0].clone();
    let number = filed["service_request_id"].as_str().unwrap().to_owned();
    assert_eq!(number, "20261123-Z00-0001");

    // The house has it whole, and dispatches it.
    let subject = subject_of(&house, &number).await;
    let order = house.office().subject(&subject).await.unwrap().unwrap();
    let matter = &order.order().unwrap().matter;
    assert_eq!(matter.caller.name, "张三");
    assert_eq!(matter.caller.phone, "13800001234");
    assert_eq!(matter.channel, Channel::App);
    assert!(!matter.place.township_code.is_empty());
    let listed = until_listed(&house, &number).await;
    assert_eq!(listed["status"], "open");
    assert_eq!(listed["requested_datetime"], "2026-11-23T09:00:00+08:00");
    assert_eq!(listed["address"], "三汇镇");
    house.dispatch(&subject).await;
    let listed = until_listed(&house, &number).await;
    assert_eq!(listed["agency_responsible"], "县水务局");
    assert_eq!(listed["status_notes"], "承办单位正在办理");
    assert!(listed["expected_datetime"].is_string());
    house.complete(&subject, "已修好，13900005678").await;
    let listed = until_listed(&house, &number).await;
    assert_eq!(listed["status"], "closed");

    // Followed by number and code, as the notice says.
    let notice = filed["service_notice"].as_str().unwrap();
    let code: String = notice
        .split("查询码 ")
        .nth(1)
        .unwrap()
        .chars()
        .take(9)
        .collect();
    let follow = format!("number={number}&code={}", code.replace(' ', "+"));
    assert_eq!(house.post_form("/follow", &follow).await.status, 200);

    let token = filed["token"].as_str().unwrap();
    let by_token = house.get(&format!("/open311/v2/tokens/{token}.xml")).await;
    assert!(by_token.body.contains(&format!(
        "<service_request_id>{number}</service_request_id>"
    )));
    for path in [
        "requests.json",
        "requests.xml",
        "requests.json?status=closed&page_size=1",
    ] {
        let list = house.get(&format!("/open311/v2/{path}")).await;
        assert_eq!(list.status, 200);
        assert!(list.body.contains(&number));
        for private in [
            "张三",
            "13800001234",
            "大桥头",
            "a@b.cn",
            "x.cn",
            "13900005678",
            "路灯坏了",
            &subject,
        ] {
            assert!(!list.body.contains(private), "{private} in {path}");
        }
    }
    // All of it again from the feed.
    let house = house.again().await;
    assert_eq!(until_listed(&house, &number).await["status"], "closed");
}

#[tokio::test]
async fn what_is_confidential_is_not_listed() {
    let house = House::open().await;
    let key = house.open311_key().await;
    for extra in [
        "attribute%5Bkind%5D=report",
        "attribute%5Bconfidential%5D=yes",
    ] {
        let form = format!("service_code=c-002&address_id=7&api_key={key}&{extra}");
        let filed = house.post_form("/open311/v2/requests.json", &form).await;
        let number = filed.json()[0]["service_request_id"]
            .as_str()
            .unwrap()
            .to_owned();
        let subject = subject_of(&house, &number).await;
        let order = house.office().subject(&subject).await.unwrap();
        assert!(
            order
                .as_ref()
                .and_then(Subject::order)
                .unwrap()
                .matter
                .is_confidential
        );
        house.settled().await;
        let got = house
            .get(&format!("/open311/v2/requests/{number}.json"))
            .await;
        assert_eq!(got.status, 404);
    }
    assert_eq!(
        house.get("/open311/v2/requests.json").await.json(),
        serde_json::json!([])
    );
}

#[tokio::test]
async fn the_same_filing_sent_twice_is_one_order() {
    let house = House::open().await;
    let key = house.open311_key().await;
    let form = format!("{FORM}&api_key={key}");
    let file = async |same: &str| {
        let kind = (
            "content-type",
            "application/x-www-form-urlencoded; charset=UTF-8",
        );
        let same = ("idempotency-key", same);
        let path = "/open311/v2/requests.json";
        let got = house
            .ask("POST", path, &[kind, same], form.clone().into_bytes())
            .await;
        assert_eq!(got.status, 201, "{got:?}");
        got.json()[0]["service_request_id"]
            .as_str()
            .unwrap()
            .to_owned()
    };
    let first = file("a").await;
    assert_eq!(file("a").await, first);
    assert_ne!(file("b").await, first);
}

#[tokio::test]
async fn hostile_and_broken_forms_change_nothing() {
    let house = House::open().await;
    let key = house.open311_key().await;
    let wrong = house.key(
        "市中心",
        center_server::api_key::KeyUse::Upstream {
            source: domain::matter::Source::City,
        },
    );
    let wrong = wrong.await;
    let long = format!("{FORM}&api_key={key}&description={}", "a".repeat(70_000));
    let with = |form: &str| format!("{form}&api_key={key}");
    for (form, status) in [
        (FORM.to_owned(), 403),
        (format!("{FORM}&api_key=hk_guess"), 403),
        (format!("{FORM}&api_key={wrong}"), 403),
        (with("service_code=c-001"), 400),
        (with("service_code=c-999&address_id=1"), 404),
        (
            with("service_code=c-001&address_id=1&description=%B1%A8"),
            400,
        ),
        (with("service_code=c-001&address_id=1&description=%00"), 400),
        (
            with("service_code=c-001&address_id=1&phone=%3Cscript%3E"),
            400,
        ),
        (long, 413),
    ] {
        for kind in ["json", "xml"] {
            let got = house
                .post_form(&format!("/open311/v2/requests.{kind}"), &form)
                .await;
            assert_eq!(got.status, status, "{form:.200}: {got:?}");
            assert!(got.body.contains("description") && got.body.contains(&status.to_string()));
        }
    }
    let json = ("content-type", "application/json");
    let got = house
        .ask("POST", "/open311/v2/requests.json", &[json], b"{}".to_vec())
        .await;
    assert_eq!(got.status, 415);
    let gbk = (
        "content-type",
        "application/x-www-form-urlencoded; charset=gbk",
    );
    let got = house
        .ask("POST", "/open311/v2/requests.json", &[gbk], FORM.into())
        .await;
    assert_eq!(got.status, 415);
    for (method, path, status) in [
        ("DELETE", "requests.json", 405),
        ("PUT", "services.json", 405),
        ("POST", "services.json", 405),
        ("GET", "requests", 404),
        ("GET", "nothing.json", 404),
        ("GET", "services/c-999.xml", 404),
        ("GET", "services.json?jurisdiction_id=boston.gov", 404),
        ("GET", "requests.xml?status=%3C", 400),
        ("GET", "requests/%00.json", 404),
        ("GET", "tokens/none.json", 404),
        ("GET", "services.json?jurisdiction_id=511725", 200),
        ("GET", "discovery.xml", 200),
        ("GET", "openapi.json", 200),
    ] {
        let got = house
            .ask(method, &format!("/open311/v2/{path}"), &[], Vec::new())
            .await;
        assert_eq!(got.status, status, "{method} {path}: {got:?}");
    }
    assert_eq!(
        house.get("/open311/v2/requests.json").await.json(),
        serde_json::json!([])
    );
}

#[tokio::test]
async fn filing_has_its_measure_for_each_key() {
    let house = House::open_as(|config, _| config.public.open311_filings_per_minute = 2).await;
    let key = house.open311_key().await;
    let form = format!("service_code=c-001&address_id=1&api_key={key}");
    for status in [201, 201, 429] {
        let got = house.post_form("/open311/v2/requests.json", &form).await;
        assert_eq!(got.status, status);
        assert_eq!(got.headers.contains_key("retry-after"), status == 429);
    }
}
