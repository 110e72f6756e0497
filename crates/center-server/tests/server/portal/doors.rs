//! Who is let in, and who is not.

use axum::body::Body;
use axum::http::{HeaderName, StatusCode, header};
use domain::{ActorId, Role};
use serde_json::{Value, json};
use tower::ServiceExt as _;
use wire::Reference;

use super::browser::Browser;
use super::town::{PASSWORD, Town, WATER, matter};
use crate::house::member;

const FIRST: &str = "mopq-93kt-Lz7w-8ccd";

#[tokio::test(flavor = "multi_thread")]
async fn the_first_password_is_changed_before_anything_else() {
    let town = Town::open().await;
    let office = town.house.office();
    let person = ActorId("2001".to_owned());
    office
        .reset_password(&person, FIRST.to_owned())
        .await
        .unwrap();
    let mut browser = Browser::signed_in(office, "2001", FIRST).await;
    let me = browser.ask("who_am_i", Value::Null).await;
    assert_eq!(me["phase"], "must_change");
    assert_eq!(me["unit_name"], WATER);
    let early = browser.call("overview", Value::Null).await;
    assert_eq!(early.status, StatusCode::UNAUTHORIZED);
    assert_eq!(early.refusal(), "请先修改初始密码。");

    let weak = json!({ "old": FIRST, "new": "123456" });
    let weak = browser.call("change_password", weak).await;
    assert!(weak.refusal().starts_with("密码太简单"), "{}", weak.body);
    let before = browser.cookie.clone();
    let change = json!({ "old": FIRST, "new": PASSWORD });
    let changed = browser.call("change_password", change).await;
    browser.take(&changed);
    assert_ne!(browser.cookie, before, "a new session");
    browser.ask("overview", Value::Null).await;

    browser.cookie = before;
    let old = browser.call("overview", Value::Null).await;
    assert_eq!(old.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_is_a_cookie_and_what_its_page_knows() {
    let mut town = Town::open().await;
    town.given("w1", WATER, matter("停水")).await;
    let office = town.house.office();
    let mut browser = town.at_the_portal("2001").await;
    let form = json!({ "person": "2001", "password": PASSWORD });
    let signed_in = Browser::new(office).call("sign_in", form).await;
    for word in ["HttpOnly", "SameSite=Strict", "Path=/portal"] {
        assert!(
            signed_in.set_cookie.contains(word),
            "{}",
            signed_in.set_cookie
        );
    }
    let mut without_cookie = Browser::new(office);
    without_cookie.token.clone_from(&browser.token);
    let mut without_token = Browser::new(office);
    without_token.cookie.clone_from(&browser.cookie);
    for visitor in [&mut without_cookie, &mut without_token] {
        let heard = visitor.call("overview", Value::Null).await;
        assert_eq!(heard.status, StatusCode::UNAUTHORIZED);
        assert_eq!(heard.body["code"], "locked");
    }
    for (name, value) in [
        (header::ORIGIN, "https://evil.test"),
        (HeaderName::from_static("sec-fetch-site"), "cross-site"),
    ] {
        let request = browser.request("POST", "/portal/call/overview");
        let mut request = request.body(Body::from("null")).unwrap();
        request.headers_mut().insert(name, value.parse().unwrap());
        assert_eq!(browser.send(request).await.status, StatusCode::FORBIDDEN);
    }
    browser.ask("sign_out", Value::Null).await;
    let after = browser.call("overview", Value::Null).await;
    assert_eq!(after.status, StatusCode::UNAUTHORIZED);
}

/// 会话固定: a cookie that somebody else put there is worth nothing, before and after.
#[tokio::test(flavor = "multi_thread")]
async fn a_session_that_was_there_before_the_person_is_worth_nothing() {
    let mut town = Town::open().await;
    town.given("w1", WATER, matter("停水")).await;
    drop(town.at_the_portal("2001").await);
    let office = town.house.office();
    let planted = "hotline_portal=00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";
    let mut victim = Browser::new(office);
    planted.clone_into(&mut victim.cookie);
    let form = || json!({ "person": "2001", "password": PASSWORD });
    let signed_in = victim.call("sign_in", form()).await;
    victim.take(&signed_in);
    assert_eq!(signed_in.status, StatusCode::OK);
    assert_ne!(victim.cookie, planted);
    victim.ask("overview", Value::Null).await;
    let first = victim.cookie.clone();
    // Whoever planted it knows what it was, and guesses what the page was told.
    for token in [String::new(), victim.token.clone()] {
        let mut attacker = Browser::new(office);
        planted.clone_into(&mut attacker.cookie);
        attacker.token = token;
        let heard = attacker.call("overview", Value::Null).await;
        assert_eq!(heard.status, StatusCode::UNAUTHORIZED);
    }
    // In again: another session each time, and the one before is over.
    let mut left_behind = Browser::new(office);
    left_behind.cookie.clone_from(&first);
    left_behind.token.clone_from(&victim.token);
    left_behind.ask("overview", Value::Null).await;
    let again = victim.call("sign_in", form()).await;
    victim.take(&again);
    assert_ne!(victim.cookie, first);
    victim.ask("overview", Value::Null).await;
    let heard = left_behind.call("overview", Value::Null).await;
    assert_eq!(heard.status, StatusCode::UNAUTHORIZED);
}

/// ASVS V3.3.1: by TLS the cookie goes nowhere else, and nothing in the clear can set it.
#[tokio::test(flavor = "multi_thread")]
async fn by_tls_the_cookie_is_a_secure_one() {
    let town = Town::open().await;
    let mut browser = town.at_the_portal("2001").await;
    let form = json!({ "person": "2001", "password": PASSWORD });
    let request = browser
        .request("POST", "/portal/call/sign_in")
        .header("x-forwarded-proto", "https")
        .header(header::CONTENT_TYPE, "application/json")
        .body(Body::from(form.to_string()));
    let by_tls = browser.send(request.unwrap()).await;
    assert_eq!(by_tls.status, StatusCode::OK, "{}", by_tls.body);
    let cookie = &by_tls.set_cookie;
    assert!(cookie.starts_with("__Secure-hotline_portal="), "{cookie}");
    assert!(cookie.contains("; Secure"), "{cookie}");
    // The one is not taken for the other.
    browser.take(&by_tls);
    let heard = browser.call("overview", Value::Null).await;
    assert_eq!(heard.status, StatusCode::UNAUTHORIZED);
    let request = browser
        .request("POST", "/portal/call/overview")
        .header("x-forwarded-proto", "https")
        .body(Body::from("null"));
    assert_eq!(browser.send(request.unwrap()).await.status, StatusCode::OK);
}

#[tokio::test(flavor = "multi_thread")]
async fn only_people_of_a_unit_come_in_and_whoever_is_struck_off_goes() {
    let town = Town::open().await;
    let office = town.house.office();
    let operator = ActorId("1001".to_owned());
    office
        .reset_password(&operator, FIRST.to_owned())
        .await
        .unwrap();
    let form = json!({ "person": "1001", "password": FIRST });
    let refused = Browser::new(office).call("sign_in", form).await;
    assert!(
        refused.refusal().starts_with("这里供承办单位"),
        "{}",
        refused.body
    );
    assert_eq!(refused.set_cookie, "");

    let mut liaison = town.at_the_portal("2001").await;
    let mut off = member("2001", "张强", &[Role::Liaison], WATER);
    off.is_disabled = true;
    town.house.change(Reference::Staff(vec![off])).await;
    let gone = liaison.call("overview", Value::Null).await;
    assert_eq!(gone.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_page_may_do_is_said_in_every_answer() {
    let town = Town::open().await;
    let browser = Browser::new(town.house.office());
    for (method, path) in [("POST", "/portal/call/who_am_i"), ("GET", "/portal")] {
        let request = browser.request(method, path).body(Body::from("null"));
        let answer = browser.router().oneshot(request.unwrap()).await.unwrap();
        let headers = answer.headers();
        let policy = headers[header::CONTENT_SECURITY_POLICY].to_str().unwrap();
        assert!(policy.starts_with("default-src 'none'"), "{path}: {policy}");
        assert!(!policy.contains("unsafe"), "{path}: {policy}");
        assert_eq!(headers[header::X_CONTENT_TYPE_OPTIONS], "nosniff");
    }
}

/// A page that listens hears of its unit's orders, and of no other's.
#[tokio::test(flavor = "multi_thread")]
async fn news_comes_at_once_and_only_of_the_own_unit() {
    use futures_util::StreamExt as _;
    let mut town = Town::open().await;
    let liaison = town.at_the_portal("2001").await;
    let request = liaison
        .request("GET", "/portal/changes")
        .body(Body::empty());
    let answer = liaison.router().oneshot(request.unwrap()).await.unwrap();
    assert_eq!(answer.status(), StatusCode::OK);
    let mut news = answer.into_body().into_data_stream();
    town.given("schools", super::town::SCHOOLS, matter("校门口积水"))
        .await;
    town.given("w1", WATER, matter("停水两天")).await;
    let first = news.next().await.unwrap().unwrap();
    assert_eq!(&first[..], b"data: {\"tags\":[\"work_orders\"]}\n\n");
}
