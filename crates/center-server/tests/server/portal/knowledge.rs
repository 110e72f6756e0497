//! What a unit does for the knowledge base.

use axum::http::StatusCode;
use domain::kb::KbCommand;
use domain::kb::task::KbTaskCommand;
use serde_json::{Value, json};
use wire::Act;

use super::town::Town;

fn form(title: &str) -> Value {
    json!({
        "template": "standard_answer",
        "title": title,
        "questions": ["停水了找谁", "停水多久算长"],
        "answer": "连续停水超过二十四小时的，供水单位应当提前通知并说明原因。",
        "sections": [],
        "responsible_person": "何局长",
        "source": "渠水函〔2026〕8号",
        "valid_from": "",
        "valid_until": "",
        "next_review_on": "2027-05-20",
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn a_task_to_write_becomes_an_article_that_the_unit_has_confirmed() {
    let mut town = Town::open().await;
    town.asked_to_write("RW-1").await;
    let mut liaison = town.at_the_portal("2001").await;
    let mut reviewer = town.at_the_portal("2002").await;
    let overview = liaison.ask("overview", Value::Null).await;
    assert_eq!(overview["n_kb_open"], 1);

    let task = liaison.ask("kb_task", json!({ "number": "RW-1" })).await;
    assert_eq!(task["row"]["kind_text"], "编写");
    assert!(task["limit"]["sum"].as_str().unwrap().contains("工作日"));
    let nothing = json!({ "number": "RW-1", "act_id": "d0", "version": task["version"], "article_id": "", "note": "" });
    let nothing = liaison.call("deliver_kb_task", nothing).await;
    assert_eq!(nothing.refusal(), "请选定是哪一条知识。");

    let write = json!({ "type": "write", "form": form("停水多久算长时间"), "base_revision": 0 });
    let draft = json!({ "id": null, "act_id": "w1", "version": 0, "act": write });
    let made = liaison.ask("act_on_kb_record", draft.clone()).await;
    // A lost answer makes no second article.
    assert_eq!(
        liaison.ask("act_on_kb_record", draft).await["id"],
        made["id"]
    );
    assert_eq!(
        liaison
            .ask("kb_records", Value::Null)
            .await
            .as_array()
            .unwrap()
            .len(),
        1
    );

    let shown = liaison.ask("kb_record", json!({ "id": made["id"] })).await;
    let missing = shown["missing"].as_array().unwrap().clone();
    let mut filled = form("停水多久算长时间");
    filled["sections"] = missing
        .iter()
        .map(|label| json!({ "label": label, "text": "见答案" }))
        .collect();
    if !missing.is_empty() {
        let edit = json!({ "type": "write", "form": filled, "base_revision": shown["revision"] });
        let edit =
            json!({ "id": made["id"], "act_id": "w2", "version": shown["version"], "act": edit });
        liaison.ask("act_on_kb_record", edit).await;
    }
    let shown = liaison.ask("kb_record", json!({ "id": made["id"] })).await;
    assert_eq!(shown["missing"], json!([]));
    let submit = json!({ "type": "submit", "base_revision": shown["revision"] });
    let submit =
        json!({ "id": made["id"], "act_id": "s1", "version": shown["version"], "act": submit });
    liaison.ask("act_on_kb_record", submit).await;
    let rows = reviewer.ask("kb_records", Value::Null).await;
    assert_eq!(rows[0]["turn_text"], "请确认");
    let shown = reviewer.ask("kb_record", json!({ "id": made["id"] })).await;
    let confirm = json!({ "id": made["id"], "act_id": "c1", "version": shown["version"], "act": { "type": "confirm" } });
    reviewer.ask("act_on_kb_record", confirm).await;

    let task = liaison.ask("kb_task", json!({ "number": "RW-1" })).await;
    let deliver = json!({ "number": "RW-1", "act_id": "d1", "version": task["version"], "article_id": made["id"], "note": "请验收" });
    liaison.ask("deliver_kb_task", deliver).await;
    assert_eq!(liaison.ask("overview", Value::Null).await["n_kb_open"], 0);

    let article = made["id"].as_str().unwrap().to_owned();
    town.does("1004", &article, Act::Article(KbCommand::publish()))
        .await;
    town.does(
        "1003",
        "RW-1",
        Act::Task(KbTaskCommand::Return {
            reason: "补依据".to_owned(),
        }),
    )
    .await;
    let task = liaison.ask("kb_task", json!({ "number": "RW-1" })).await;
    assert_eq!(task["row"]["n_returns"], 1);
    assert!(task["story"].to_string().contains("补依据"));

    // Schools are responsible for none of it.
    let mut schools = town.at_the_portal("3001").await;
    assert_eq!(schools.ask("kb_records", Value::Null).await, json!([]));
    let foreign = schools.call("kb_record", json!({ "id": article })).await;
    assert_eq!(foreign.status, StatusCode::CONFLICT);
}
