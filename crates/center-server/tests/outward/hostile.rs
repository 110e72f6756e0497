//! 攻击文字: in articles, in what citizens file and in what they ask for, out by every page and interface
//! that needs nobody signed in.

use std::collections::BTreeSet;

use serde_json::Value;
use testkit::{hostile, links, tags};

use crate::house::{House, content};

/// As many as an answer or a description takes.
const AT_ONCE: usize = 20;

fn encoded(text: &str) -> String {
    text.bytes().fold(String::new(), |encoded, byte| {
        encoded + &format!("%{byte:02X}")
    })
}

fn strange(page: &str, plain: &BTreeSet<String>) -> Vec<String> {
    tags(page).difference(plain).cloned().collect()
}

#[tokio::test]
async fn whatever_was_published_or_asked_is_text_on_every_page() {
    let house = House::open().await;
    let texts = hostile();
    // Everything that an answer may be set with, so that any other tag is a stranger.
    let set = "# 题\n\n**粗** *斜* `码`\n\n- 一\n\n1. 一\n\n> 引\n\n```\n码\n```\n\n|甲|乙|\n|-|-|\n|一|二|\n\n---\n\n[站](https://x.test)\n行\\\n行";
    house
        .publish("kb-0", content("停水了找谁", "停水", set))
        .await;
    let mut plain = tags(&house.get("/article/kb-0").await.body);
    for path in [
        "/",
        "/?q=%E5%81%9C%E6%B0%B4",
        "/?q=zzzz",
        "/follow",
        "/article/none",
    ] {
        plain.extend(tags(&house.get(path).await.body));
    }
    plain.extend(tags(
        &house.post_form("/follow", "number=1&code=1").await.body,
    ));
    plain.extend(["h3", "/h3", "h4", "/h4", "h5", "/h5", "h6", "/h6"].map(str::to_owned));
    for (n, some) in texts.chunks(AT_ONCE).enumerate() {
        let id = format!("kb-{}", n + 1);
        let title = format!("第{n}条{}", some[n % some.len()]);
        house
            .publish(&id, content(&title, &some[0], &some.join("\n\n")))
            .await;
        let page = house.get(&format!("/article/{id}")).await;
        assert_eq!(page.status, 200);
        assert_eq!(strange(&page.body, &plain), [""; 0], "{some:?}");
        for link in links(&page.body) {
            let is_plain = !link.contains("javascript:") && !link.contains("data:");
            assert!(is_plain && !link.contains(" on"), "{link}");
        }
    }
    let first = house.get("/").await.body;
    assert_eq!(strange(&first, &plain), [""; 0]);
    for (n, text) in texts.iter().enumerate() {
        let from = format!("203.0.{}.{}", n / 250, n % 250 + 1);
        let from = [("x-forwarded-for", from.as_str())];
        let asked = house
            .ask("GET", &format!("/?q={}", encoded(text)), &from, Vec::new())
            .await;
        assert!(
            [200, 400].contains(&asked.status),
            "{text:?} {}",
            asked.status
        );
        assert_eq!(strange(&asked.body, &plain), [""; 0], "{text:?}");
        let kind = ("content-type", "application/x-www-form-urlencoded");
        let form = format!("number={}&code={}", encoded(text), encoded(text));
        let followed = house
            .ask("POST", "/follow", &[kind, from[0]], form.into_bytes())
            .await;
        assert!(
            (200..500).contains(&followed.status),
            "{text:?} {}",
            followed.status
        );
        assert_eq!(strange(&followed.body, &plain), [""; 0], "{text:?}");
        let path = format!("/article/{}", encoded(text));
        let missing = house.ask("GET", &path, &from, Vec::new()).await;
        assert!(
            (400..500).contains(&missing.status),
            "{text:?} {}",
            missing.status
        );
        assert_eq!(strange(&missing.body, &plain), [""; 0], "{text:?}");
    }
}

#[tokio::test]
async fn whatever_is_filed_is_kept_as_it_was_said_and_listed_without_a_word_of_it() {
    let house = House::open().await;
    let key = house.open311_key().await;
    let texts = hostile();
    for place in ["", "&address_string=%E5%A4%A7%E6%A1%A5%E5%A4%B4"] {
        let form =
            format!("service_code=c-001&description=%E6%B0%B4&address_id=7&api_key={key}{place}");
        let filed = house.post_form("/open311/v2/requests.json", &form).await;
        assert_eq!(filed.status, 201, "{}", filed.body);
    }
    let answers =
        ["requests.xml", "services.xml", "discovery.xml"].map(|it| format!("/open311/v2/{it}"));
    house.settled().await;
    let mut plain = BTreeSet::new();
    for path in &answers {
        plain.extend(tags(&house.get(path).await.body));
    }
    plain.extend(
        [
            "errors",
            "/errors",
            "error",
            "/error",
            "code",
            "/code",
            "description",
            "/description",
        ]
        .map(str::to_owned),
    );
    let mut n_filed = 0;
    for some in texts.chunks(AT_ONCE) {
        let description = some.join("\n");
        let mut form = format!(
            "service_code=c-001&api_key={key}&description={}",
            encoded(&description)
        );
        for (field, text) in ["address_string", "first_name", "last_name", "address_id"]
            .iter()
            .zip(some)
        {
            form.push_str(&format!("&{field}={}", encoded(text)));
        }
        let filed = house.post_form("/open311/v2/requests.json", &form).await;
        // Characters that no form sends are refused whole.
        if filed.status == 400 {
            let is_strange = |c: char| c.is_control() && !"\n\r\t".contains(c);
            assert!(
                form.contains('%') && some.iter().any(|text| text.contains(is_strange)),
                "{some:?} {}",
                filed.body
            );
            continue;
        }
        assert_eq!(filed.status, 201, "{some:?} {}", filed.body);
        n_filed += 1;
        let number = filed.json()[0]["service_request_id"]
            .as_str()
            .unwrap()
            .to_owned();
        let subject = subject_of(&house, &number).await;
        let order = house.office().subject(&subject).await.unwrap().unwrap();
        let said = &order.order().unwrap().matter.text;
        for text in some {
            let text = text.replace("\r\n", "\n").replace('\r', "\n");
            let said = said.replace("\r\n", "\n").replace('\r', "\n");
            assert!(said.contains(text.trim()), "{text:?} {said:?}");
        }
    }
    assert!(n_filed > texts.len() / AT_ONCE / 2, "{n_filed}");
    house.settled().await;
    for path in &answers {
        let listed = house.get(path).await;
        assert_eq!(listed.status, 200);
        assert_eq!(strange(&listed.body, &plain), [""; 0], "{path}");
        assert!(
            !listed.body.contains("alert(") && !listed.body.contains("门口"),
            "{path}"
        );
    }
    for text in &texts {
        for ending in ["json", "xml"] {
            let path = format!("/open311/v2/requests/{}.{ending}", encoded(text));
            let got = house.get(&path).await;
            assert!((400..500).contains(&got.status), "{text:?} {}", got.status);
            match ending {
                "xml" => assert_eq!(strange(&got.body, &plain), [""; 0], "{text:?}"),
                _ => assert!(
                    got.body.is_empty() || serde_json::from_str::<Value>(&got.body).is_ok(),
                    "{}",
                    got.body
                ),
            }
        }
    }
}

/// The identity of the order that a number names.
async fn subject_of(house: &House, number: &str) -> String {
    let number = number.to_owned();
    let read = house.office().readers.read(move |it| {
        let mut found = it.ledger.orders_numbered(&number)?;
        Ok(found.pop().unwrap())
    });
    read.await.unwrap()
}
