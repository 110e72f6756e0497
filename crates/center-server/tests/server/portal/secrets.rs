//! What a unit never learns: another unit's orders, and who called where that is sealed.

use std::collections::BTreeSet;

use axum::body::Body;
use axum::http::StatusCode;
use domain::matter::{Caller, MatterKind};
use serde_json::{Value, json};
use wording::attachment;

use super::browser::Browser;
use super::town::{SCHOOLS, Town, WATER, matter};

/// Every call about one order, article or task, with what it is asked.
fn calls_about(id: &str) -> Vec<(&'static str, Value)> {
    let acts = [
        json!({ "type": "sign_for" }),
        json!({ "type": "pass_down", "to": "甲", "note": "" }),
        json!({ "type": "record_contact", "is_reached": true, "at": "", "phone": "1", "note": "" }),
        json!({ "type": "respond_first", "text": "甲" }),
        json!({ "type": "report_progress", "text": "甲" }),
        json!({ "type": "send_back", "reason": "甲", "basis": "乙", "suggestion": "丙" }),
        json!({ "type": "request_extension", "ground": "complicated", "days": 1, "supervisor_statement": "", "last_day": "", "law": "", "reason": "甲" }),
        json!({ "type": "explain_extension", "is_explained": true, "at": "", "method": "电话", "reason": "" }),
        json!({ "type": "submit_opinion", "text": "甲" }),
        json!({ "type": "submit_reply", "text": "甲", "responsible_person": "乙", "is_told": true, "at": "", "method": "电话" }),
        json!({ "type": "sign_reply" }),
        json!({ "type": "reject_reply", "reason": "甲" }),
        json!({ "type": "record_urge_receipt" }),
        json!({ "type": "request_final_closure", "facts": "甲", "legal_basis": "乙", "earlier_orders": ["1"], "signed_by": "丙", "explanation": "丁" }),
        json!({ "type": "request_screening", "reason": "甲", "late_reason": "", "evidence": [] }),
        json!({ "type": "supply_evidence", "evidence": ["a"] }),
        json!({ "type": "request_kind_change", "kind": "consultation", "reason": "甲" }),
        json!({ "type": "escalate_class", "class": "special", "reason": "甲", "township_id": "town-511725001", "answered_by": "乙", "at": "", "method": "电话" }),
    ];
    let mut calls = vec![
        ("work_order", json!({ "id": id })),
        ("reveal_caller", json!({ "id": id })),
        ("kb_task", json!({ "number": id })),
        (
            "deliver_kb_task",
            json!({ "number": id, "act_id": "d", "version": 1, "article_id": "", "note": "" }),
        ),
        ("kb_record", json!({ "id": id })),
        (
            "act_on_kb_record",
            json!({ "id": id, "act_id": "k", "version": 1, "act": { "type": "confirm" } }),
        ),
    ];
    let of_period = |more: Value| {
        let mut request = json!({ "number": id, "period": "2026-12" });
        for (name, value) in more.as_object().unwrap() {
            request[name] = value.clone();
        }
        request
    };
    calls.extend([
        ("unit_round", of_period(json!({}))),
        (
            "unit_score_items",
            of_period(json!({ "indicator": "timely_signing" })),
        ),
        (
            "appeal_score",
            of_period(json!({
                "act_id": "p", "version": 1, "reason": "甲",
                "about": { "type": "deduction", "case_number": "1" },
            })),
        ),
    ]);
    calls.extend(acts.into_iter().enumerate().map(|(nth, act)| {
        let version = 5;
        let request =
            json!({ "id": id, "act_id": format!("a{nth}"), "version": version, "act": act });
        ("handle_order", request)
    }));
    calls
}

/// Calls that are about nothing in particular.
fn other_calls() -> Vec<(&'static str, Value)> {
    let mut calls = vec![
        ("who_am_i", Value::Null),
        ("reference", Value::Null),
        ("overview", Value::Null),
        ("kb_tasks", Value::Null),
        ("kb_records", Value::Null),
        ("statistics", json!({ "month": "" })),
        ("unit_rounds", Value::Null),
    ];
    for part in ["numerator", "rest", "excluded"] {
        for name in ["按时办结率", "签收及时率", "超期率", "响应（联系）率"] {
            calls.push((
                "figure_items",
                json!({ "month": "", "name": name, "part": part }),
            ));
        }
    }
    for queue in [
        "to_sign_for",
        "in_handling",
        "due_today",
        "overdue",
        "under_review",
        "to_countersign",
        "assisting",
        "urged",
        "screening",
        "concluded",
    ] {
        for search in ["", "王秀英", "13800001234"] {
            let list = json!({ "queue": queue, "search": search, "after": null, "limit": 200 });
            calls.push(("work_orders", list));
        }
    }
    calls
}

/// What a call answers, without the number under which the log has more.
async fn answer(browser: &mut Browser, name: &str, request: Value) -> (StatusCode, Value) {
    let mut heard = browser.call(name, request).await;
    if let Some(fields) = heard.body.as_object_mut() {
        fields.remove("request_id");
    }
    (heard.status, heard.body)
}

#[tokio::test(flavor = "multi_thread")]
async fn another_units_order_is_answered_like_one_that_is_not_there() {
    let mut town = Town::open().await;
    town.given("schools", SCHOOLS, matter("校门口积水")).await;
    town.asked_to_write("task-of-water").await;
    let mut liaison = town.at_the_portal("2001").await;
    let mut schools = town.at_the_portal("3001").await;
    for ((name, foreign), (_, missing)) in calls_about("schools")
        .into_iter()
        .zip(calls_about("nowhere"))
    {
        let foreign = answer(&mut liaison, name, foreign).await;
        let missing = answer(&mut liaison, name, missing).await;
        assert_eq!(foreign, missing, "{name}");
        assert_ne!(foreign.0, StatusCode::OK, "{name}");
    }
    for (name, request) in calls_about("task-of-water").into_iter().skip(2).take(2) {
        let (status, _) = answer(&mut schools, name, request).await;
        assert_ne!(status, StatusCode::OK, "{name}");
    }
    let file = schools.upload("schools", "a.pdf", b"%PDF-1").await;
    let sha256 = file.body["sha256"].as_str().unwrap().to_owned();
    for order in ["schools", "nowhere"] {
        let path = format!("/portal/evidence/{order}/{sha256}");
        let request = liaison.request("GET", &path).body(Body::empty()).unwrap();
        assert_ne!(liaison.send(request).await.status, StatusCode::OK);
        assert_ne!(
            liaison.upload(order, "a.pdf", b"%PDF-1").await.status,
            StatusCode::OK
        );
    }
    for (name, request) in other_calls() {
        let (_, body) = answer(&mut liaison, name, request).await;
        assert!(!body.to_string().contains("校门口"), "{name}: {body}");
    }
    // Nothing was changed by any of it.
    let shown = schools.ask("work_order", json!({ "id": "schools" })).await;
    assert_eq!(shown["row"]["stage_text"], "已送达待签收");
}

/// Asked of every endpoint that takes an id.
const FOREIGN_IDS: usize = 1_000;

/// Ids like those that there are, from a seed, and those of the other unit among them.
fn foreign_ids(real: &[String]) -> Vec<String> {
    let mut state = 0x0012_3450_u64;
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state
    };
    let made = (0..FOREIGN_IDS - real.len()).map(|n| {
        let (high, low) = (next(), next());
        match n % 4 {
            0 => uuid::Uuid::from_u64_pair(high, low).to_string(),
            1 => format!("schools-{}", high % 100_000),
            2 => format!("QX-{}", low % 100_000),
            _ => format!("{:016x}", high ^ low),
        }
    });
    let mut ids: Vec<String> = real.iter().cloned().chain(made).collect();
    // The real ones do not come first.
    for at in (1..ids.len()).rev() {
        let other = usize::try_from(next() % (at as u64 + 1)).unwrap();
        ids.swap(at, other);
    }
    ids
}

#[tokio::test(flavor = "multi_thread")]
async fn a_thousand_ids_of_others_are_answered_like_none() {
    let mut town = Town::open().await;
    let mut real = Vec::new();
    for n in 0..5 {
        let id = format!("schools-order-{n}");
        town.given(&id, SCHOOLS, matter("校门口积水")).await;
        real.push(id);
    }
    let mut liaison = town.at_the_portal("2001").await;
    let n_endpoints = calls_about("").len();
    for (nth, id) in foreign_ids(&real).into_iter().enumerate() {
        // Each id is asked of every endpoint, of `handle_order` with one act in turn.
        let turn = 6 + nth % (n_endpoints - 6);
        let asked = calls_about(&id).into_iter().zip(calls_about("nowhere"));
        for (at, ((name, foreign), (_, missing))) in asked.enumerate() {
            if at >= 6 && at != turn {
                continue;
            }
            let foreign = answer(&mut liaison, name, foreign).await;
            assert_ne!(foreign.0, StatusCode::OK, "{name} {id}");
            if nth % 50 == 0 || real.contains(&id) {
                let missing = answer(&mut liaison, name, missing).await;
                assert_eq!(foreign, missing, "{name} {id}");
            }
        }
    }
    let mut schools = town.at_the_portal("3001").await;
    for id in &real {
        let shown = schools.ask("work_order", json!({ "id": id })).await;
        assert_eq!(shown["row"]["stage_text"], "已送达待签收");
    }
}

/// Canaries: if one of them is in a body, somebody can read who called.
const CANARIES: [&str; 5] = [
    "王秀英",
    "13800001234",
    "13900005678",
    "138-0000-1234",
    "老码头12号",
];

#[tokio::test(flavor = "multi_thread")]
async fn who_called_on_a_sealed_order_is_in_no_answer_of_any_call() {
    let mut town = Town::open().await;
    let told = "我叫王秀英，电话 138-0000-1234，住渠江街道老码头12号，举报供水收费";
    let mut report = matter(told);
    report.kind = MatterKind::Report;
    report.about = "王秀英楼下的水站".to_owned();
    report.happened = "王秀英交费那天".to_owned();
    town.given("report", WATER, report).await;
    let mut secret = matter("停水两天，请回电13900005678");
    secret.is_confidential = true;
    town.given("secret", WATER, secret).await;
    let supplement = domain::Command::Supplement {
        text: "王秀英又来电，换了号码 13900005678".to_owned(),
        files: vec![attachment::named("王秀英家门口.jpg", &"0a".repeat(32))],
    };
    town.orders("1001", "secret", supplement).await;

    let mut liaison = town.at_the_portal("2001").await;
    let mut reviewer = town.at_the_portal("2002").await;
    for browser in [&mut liaison, &mut reviewer] {
        for (name, request) in other_calls() {
            browser.call(name, request).await;
        }
        for id in ["report", "secret"] {
            browser.call("work_order", json!({ "id": id })).await;
            let reveal = browser.call("reveal_caller", json!({ "id": id })).await;
            assert!(reveal.refusal().contains("保密"), "{}", reveal.body);
        }
    }
    for id in ["report", "secret"] {
        liaison.done(id, json!({ "type": "sign_for" })).await;
        let contact = json!({ "type": "record_contact", "is_reached": true, "at": "", "phone": "", "note": "经中心与王秀英通话" });
        liaison.done(id, contact).await;
        let reply = json!({ "type": "submit_reply", "text": "已核实，王秀英表示满意", "responsible_person": "何局长", "is_told": true, "at": "", "method": "经中心" });
        liaison.done(id, reply).await;
        for (name, request) in calls_about(id) {
            liaison.call(name, request.clone()).await;
            reviewer.call(name, request).await;
        }
        liaison.upload(id, "王秀英.pdf", b"%PDF-1").await;
        reviewer.done(id, json!({ "type": "sign_reply" })).await;
    }
    for (name, request) in other_calls() {
        liaison.call(name, request).await;
    }
    let heard = liaison.heard.iter().chain(&reviewer.heard);
    let mut n_bodies = 0;
    for body in heard {
        for canary in CANARIES {
            assert!(!body.contains(canary), "{canary} in {body}");
        }
        n_bodies += 1;
    }
    assert!(n_bodies > 150, "{n_bodies} bodies were looked at");
    // The table has no call that was left out.
    let asked: BTreeSet<&str> = calls_about("")
        .into_iter()
        .chain(other_calls())
        .map(|it| it.0)
        .collect();
    let door: BTreeSet<&str> = ["sign_in", "change_password", "sign_out"].into();
    let all: BTreeSet<&str> = center_server::portal::CALLS.iter().copied().collect();
    assert_eq!(
        all.difference(&door).copied().collect::<BTreeSet<_>>(),
        asked
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn who_calls_is_shown_in_part_and_on_request_to_who_has_the_order() {
    let mut town = Town::open().await;
    let matter = domain::matter::Matter {
        caller: Caller {
            contact_phone: String::new(),
            ..matter("").caller
        },
        ..matter("停水两天")
    };
    town.given("w1", WATER, matter).await;
    let mut liaison = town.at_the_portal("2001").await;
    let shown = liaison.ask("work_order", json!({ "id": "w1" })).await;
    assert_eq!(shown["caller"]["name_masked"], "王**");
    assert_eq!(shown["caller"]["phone_masked"], "138****1234");
    assert!(!shown.to_string().contains("13800001234"));
    let revealed = liaison.ask("reveal_caller", json!({ "id": "w1" })).await;
    assert_eq!(revealed["phone"], "13800001234");
    let records = town
        .house
        .office()
        .readers
        .read(|reader| reader.records.range("reveal", "2001 ", "", 10));
    let records = records.await.unwrap();
    assert_eq!(records.len(), 1);
    assert!(records[0].body.contains("QX-w1") && !records[0].body.contains("13800001234"));
}
