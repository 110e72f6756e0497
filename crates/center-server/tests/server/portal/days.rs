//! What units do with orders, in stories.

use axum::http::StatusCode;
use domain::Command;
use domain::work_order::{
    AssignmentNumber, DispatchForm, DispatchPlan, Satisfaction, ScreeningReview,
};
use serde_json::{Value, json};
use wire::Hash;
use wording::attachment;

use super::browser::{Browser, Heard};
use super::town::{SCHOOLS, Town, WATER, dispatch, matter, together};

async fn count(browser: &mut Browser, queue: &str) -> u64 {
    let overview = browser.ask("overview", Value::Null).await;
    let queues = overview["queues"].as_array().unwrap().clone();
    let found = queues.iter().find(|it| it["queue"] == queue);
    found.unwrap()["n_orders"].as_u64().unwrap()
}

async fn numbers(browser: &mut Browser, queue: &str, search: &str) -> Vec<String> {
    let list = json!({ "queue": queue, "search": search, "after": null, "limit": 50 });
    let rows = browser.ask("work_orders", list).await;
    let rows = rows["rows"].as_array().unwrap().clone();
    rows.iter()
        .map(|row| row["number"].as_str().unwrap().to_owned())
        .collect()
}

fn reached() -> Value {
    json!({ "type": "record_contact", "is_reached": true, "at": "", "phone": "", "note": "已说明情况" })
}

fn reply(text: &str) -> Value {
    json!({
        "type": "submit_reply", "text": text, "responsible_person": "何局长",
        "is_told": true, "at": "", "method": "电话",
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn an_order_is_signed_for_answered_and_countersigned() {
    let mut town = Town::open().await;
    town.given("w1", WATER, matter("停水两天")).await;
    let mut liaison = town.at_the_portal("2001").await;
    let mut reviewer = town.at_the_portal("2002").await;

    assert_eq!(count(&mut liaison, "to_sign_for").await, 1);
    assert_eq!(
        numbers(&mut liaison, "to_sign_for", "停水 w1").await,
        ["QX-w1"]
    );
    assert_eq!(numbers(&mut liaison, "to_sign_for", "路灯").await, [""; 0]);
    // A search goes through all queues.
    assert_eq!(numbers(&mut liaison, "overdue", "W1").await, ["QX-w1"]);
    assert_eq!(
        liaison.done("w1", json!({ "type": "sign_for" })).await,
        "签收已送达县中心。"
    );
    assert_eq!(count(&mut liaison, "to_sign_for").await, 0);
    assert_eq!(count(&mut liaison, "in_handling").await, 1);

    let early = liaison.act("w1", reply("已恢复")).await;
    assert_eq!(early.refusal(), "还没有联系诉求人的记录，请先联系并记录。");
    liaison.done("w1", reached()).await;
    liaison.done("w1", reply("已恢复供水")).await;

    let own = reviewer.ask("work_order", json!({ "id": "w1" })).await;
    assert_eq!(own["reply"], "已恢复供水");
    assert_eq!(count(&mut reviewer, "to_countersign").await, 1);
    let by_liaison = liaison.act("w1", json!({ "type": "sign_reply" })).await;
    assert_eq!(by_liaison.refusal(), "内审签发须由单位审核人操作。");
    reviewer
        .done(
            "w1",
            json!({ "type": "reject_reply", "reason": "写明原因" }),
        )
        .await;
    liaison
        .done("w1", reply("水管爆裂，已修复，已恢复供水"))
        .await;
    reviewer.done("w1", json!({ "type": "sign_reply" })).await;

    assert_eq!(count(&mut liaison, "concluded").await, 1);
    assert_eq!(numbers(&mut liaison, "concluded", "").await, ["QX-w1"]);
    assert_eq!(numbers(&mut liaison, "overdue", "停水").await, ["QX-w1"]);
    let statistics = liaison.ask("statistics", json!({ "month": "" })).await;
    let figures = statistics["figures"].as_array().unwrap();
    let on_time = figures
        .iter()
        .find(|it| it["name"] == "按时办结率")
        .unwrap();
    assert_eq!(on_time["percent_text"], "100.0%");
    let behind = json!({ "month": "", "name": "按时办结率", "part": "numerator" });
    let items = liaison.ask("figure_items", behind).await;
    assert_eq!(items[0]["order"]["number"], "QX-w1");
    assert_eq!(items.as_array().unwrap().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_answers_does_not_sign_the_answer() {
    let mut town = Town::open().await;
    town.given("w1", WATER, matter("停水两天")).await;
    let mut both = town.at_the_portal("2003").await;
    both.done("w1", json!({ "type": "sign_for" })).await;
    both.done("w1", reached()).await;
    both.done("w1", reply("已恢复")).await;
    let own = both.act("w1", json!({ "type": "sign_reply" })).await;
    assert_eq!(
        own.refusal(),
        "内审签发须由另一人操作，本人经办的不能自己审。"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_sent_back_has_reason_basis_and_suggestion() {
    let mut town = Town::open().await;
    town.given("w1", WATER, matter("路灯不亮")).await;
    let mut liaison = town.at_the_portal("2001").await;
    let mut act = json!({ "type": "send_back", "reason": "路灯不归水务", "basis": " ", "suggestion": "县住建局" });
    let refused = liaison.act("w1", act.clone()).await;
    assert_eq!(refused.status, StatusCode::CONFLICT);
    assert_eq!(refused.refusal(), "请填写依据。");
    act["basis"] = json!("三定方案第三条");
    liaison.done("w1", act).await;
    assert_eq!(count(&mut liaison, "under_review").await, 1);
    town.orders(
        "1002",
        "w1",
        Command::RuleOnSendBack {
            assignment: AssignmentNumber::FIRST,
            is_accepted: false,
            reason: "泵站路灯归你局".to_owned(),
        },
    )
    .await;
    let overview = liaison.ask("overview", Value::Null).await;
    assert_eq!(overview["news"][0]["text"], "退回已裁定");
    assert_eq!(count(&mut liaison, "under_review").await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn more_time_is_asked_for_in_every_lane() {
    let mut town = Town::open().await;
    for (id, ground, days, last_day, law, told) in [
        (
            "w1",
            "complicated",
            json!(3),
            "",
            "",
            "申请延期已送达县中心。",
        ),
        ("w2", "grave", json!(2), "", "", "申请延期已送达县中心。"),
        (
            "w3",
            "statutory",
            Value::Null,
            "2027-01-29",
            "供水条例第二十条",
            "申请延期已送达县中心。",
        ),
        ("w4", "complicated", json!(9), "", "", ""),
    ] {
        town.given(id, WATER, matter("管网改造")).await;
        let mut liaison = town.at_the_portal("2001").await;
        let act = json!({
            "type": "request_extension", "ground": ground, "days": days,
            "supervisor_statement": "", "last_day": last_day, "law": law, "reason": "须换主管",
        });
        let heard = liaison.act(id, act).await;
        if told.is_empty() {
            assert_eq!(
                heard.refusal(),
                "一般延期最多 3 个工作日，申请了 9 个；特别重大、复杂的请选该项。"
            );
        } else {
            assert_eq!(heard.value()["message"], told, "{id}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_lead_cites_what_those_say_that_assist() {
    let mut town = Town::open().await;
    town.registered("w1", matter("学校门口积水")).await;
    let plan = together(DispatchForm::LeadAndAssisting, SCHOOLS);
    town.orders("1001", "w1", dispatch(WATER, plan)).await;
    town.delivered("w1", 2).await;
    let mut lead = town.at_the_portal("2001").await;
    let mut assisting = town.at_the_portal("3001").await;
    lead.done("w1", json!({ "type": "sign_for" })).await;
    lead.done("w1", reached()).await;
    assert_eq!(count(&mut assisting, "assisting").await, 1);
    let reply_of_assisting = assisting.act("w1", reply("已通")).await;
    assert_eq!(
        reply_of_assisting.refusal(),
        "承办单位的办理现在是“已送达待签收”，不能进行“提交答复”。"
    );
    assisting.done("w1", json!({ "type": "sign_for" })).await;

    let early = lead.act("w1", reply("已通")).await;
    assert_eq!(
        early.refusal(),
        "还缺第 2 号协办意见，期限未到，请等意见到齐。"
    );
    let opinion = json!({ "type": "submit_opinion", "text": "校内排水口已清" });
    assisting.done("w1", opinion).await;
    let shown = lead.ask("work_order", json!({ "id": "w1" })).await;
    assert_eq!(shown["opinions"][0]["text"], "校内排水口已清");
    lead.done("w1", reply("已疏通，校内排水口已清")).await;
    // What the lead does is not the assisting unit's business.
    let seen = assisting.ask("work_order", json!({ "id": "w1" })).await;
    assert!(
        !seen["story"].to_string().contains("已疏通"),
        "{}",
        seen["story"]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn one_that_countersigns_does_not_see_how_the_other_gets_on() {
    let mut town = Town::open().await;
    town.registered("w1", matter("停水停课")).await;
    let plan = together(DispatchForm::Countersigned, SCHOOLS);
    town.orders("1001", "w1", dispatch(WATER, plan)).await;
    town.delivered("w1", 2).await;
    let mut water = town.at_the_portal("2001").await;
    let mut schools = town.at_the_portal("3001").await;
    water.done("w1", json!({ "type": "sign_for" })).await;
    let passed = json!({ "type": "pass_down", "to": "城区供水所", "note": "今天到场" });
    water.done("w1", passed).await;
    let seen = schools.ask("work_order", json!({ "id": "w1" })).await;
    assert!(!seen.to_string().contains("城区供水所"));
    assert_eq!(seen["units_text"], "会签水务，会签教育");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bad_rating_is_disputed_with_a_file() {
    let mut town = Town::open().await;
    town.given("w1", WATER, matter("停水两天")).await;
    let mut liaison = town.at_the_portal("2001").await;
    let mut reviewer = town.at_the_portal("2002").await;
    liaison.done("w1", json!({ "type": "sign_for" })).await;
    liaison.done("w1", reached()).await;
    liaison.done("w1", reply("已恢复")).await;
    reviewer.done("w1", json!({ "type": "sign_reply" })).await;
    town.rated("w1", Satisfaction::Dissatisfied).await;
    assert_eq!(count(&mut liaison, "screening").await, 1);

    let file = liaison
        .upload("w1", "现场照片.jpg", b"\xff\xd8\xff\xe0 photo")
        .await;
    let sha256 = file.body["sha256"].as_str().unwrap().to_owned();
    let ask = json!({ "type": "request_screening", "reason": "当日已修复", "late_reason": "", "evidence": [sha256] });
    liaison.done("w1", ask).await;
    town.orders(
        "1002",
        "w1",
        Command::ReviewScreening {
            assignment: AssignmentNumber::FIRST,
            review: ScreeningReview::AskEvidence,
            reason: "请补通水记录".to_owned(),
        },
    )
    .await;
    let nothing = liaison
        .act("w1", json!({ "type": "supply_evidence", "evidence": [] }))
        .await;
    assert_eq!(nothing.refusal(), "请填写佐证材料。");
    let more = liaison
        .upload("w1", "通水记录.pdf", b"%PDF-1.7 record")
        .await;
    let more = json!({ "type": "supply_evidence", "evidence": [more.body["sha256"]] });
    liaison.done("w1", more).await;

    let shown = liaison.ask("work_order", json!({ "id": "w1" })).await;
    assert_eq!(shown["evidence"].as_array().unwrap().len(), 2);
    assert!(shown["story"].to_string().contains("材料：现场照片.jpg"));
    let heard = download(&mut liaison, "w1", sha256.parse().unwrap()).await;
    assert_eq!(heard.status, StatusCode::OK);

    for (name, bytes) in [
        ("页面.html", &b"<html>"[..]),
        ("假.jpg", b"MZ"),
        ("空.pdf", b""),
    ] {
        let refused = liaison.upload("w1", name, bytes).await;
        assert_eq!(refused.status, StatusCode::BAD_REQUEST, "{name}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_attached_at_a_desk_is_for_the_unit_and_not_of_a_sealed_order() {
    let mut town = Town::open().await;
    town.given("w1", WATER, matter("停水两天")).await;
    let mut secret = matter("停水两天");
    secret.is_confidential = true;
    town.given("secret", WATER, secret).await;
    let photo = b"\xff\xd8\xff\xe0 photo";
    let sha256 = Hash::of(photo);
    for order in ["w1", "secret"] {
        let files = vec![attachment::named("门口.jpg", &sha256.to_string())];
        let text = String::new();
        let supplement = Command::Supplement { text, files };
        town.orders("1001", order, supplement).await;
    }
    let mut liaison = town.at_the_portal("2001").await;
    let shown = liaison.ask("work_order", json!({ "id": "w1" })).await;
    assert_eq!(shown["supplied"][0]["name"], "门口.jpg");
    let early = download(&mut liaison, "w1", sha256).await;
    assert_eq!(early.refusal(), "文件还没有从工作站传到中心，请稍后再试。");
    let blobs = &town.house.office().blobs;
    let put = blobs.put(sha256, 0, photo.len() as u64, photo).unwrap();
    assert!(put.unwrap().is_whole);
    let heard = download(&mut liaison, "w1", sha256).await;
    assert_eq!(heard.status, StatusCode::OK);

    let shown = liaison.ask("work_order", json!({ "id": "secret" })).await;
    assert_eq!(shown["supplied"], json!([]));
    let sealed = download(&mut liaison, "secret", sha256).await;
    assert_eq!(sealed.refusal(), "没有找到这个文件，请重新上传。");
}

async fn download(browser: &mut Browser, order: &str, sha256: Hash) -> Heard {
    let path = format!("/portal/evidence/{order}/{sha256}");
    let request = browser.request("GET", &path);
    browser
        .send(request.body(axum::body::Body::empty()).unwrap())
        .await
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_act_again_is_done_once_and_an_old_page_is_shown_anew() {
    let mut town = Town::open().await;
    town.given("w1", WATER, matter("停水两天")).await;
    let mut liaison = town.at_the_portal("2001").await;
    liaison.done("w1", json!({ "type": "sign_for" })).await;
    let shown = liaison.ask("work_order", json!({ "id": "w1" })).await;
    let request =
        json!({ "id": "w1", "act_id": "one", "version": shown["version"], "act": reached() });
    for _ in 0..3 {
        liaison.ask("handle_order", request.clone()).await;
    }
    let after = liaison.ask("work_order", json!({ "id": "w1" })).await;
    assert_eq!(
        after["version"].as_u64(),
        shown["version"].as_u64().map(|it| it + 1)
    );

    let old = json!({ "id": "w1", "act_id": "two", "version": shown["version"], "act": reached() });
    let stale = liaison.call("handle_order", old).await;
    assert_eq!(stale.body["code"], "stale");
    let nameless = json!({ "id": "w1", "act_id": "../x", "version": 0, "act": reached() });
    assert_eq!(
        liaison.call("handle_order", nameless).await.body["code"],
        "invalid"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn an_urge_is_heard_and_answered_and_stops_nobody() {
    let mut town = Town::open().await;
    town.given("w1", WATER, matter("停水两天")).await;
    let mut liaison = town.at_the_portal("2001").await;
    let before = liaison.ask("work_order", json!({ "id": "w1" })).await["version"].clone();
    town.orders(
        "1001",
        "w1",
        Command::Urge {
            assignment: AssignmentNumber::FIRST,
            reason: "诉求人再次来电".to_owned(),
            method: "电话".to_owned(),
        },
    )
    .await;
    assert_eq!(count(&mut liaison, "urged").await, 1);
    liaison
        .done("w1", json!({ "type": "record_urge_receipt" }))
        .await;
    assert_eq!(count(&mut liaison, "urged").await, 0);
    let shown = liaison.ask("work_order", json!({ "id": "w1" })).await;
    assert!(shown["story"].to_string().contains("回执人 张强"));

    // The page of before the urge still signs; one of before the signature does nothing any more.
    assert_ne!(before, shown["version"]);
    let sign = |act_id: &str, version: &Value| json!({ "id": "w1", "act_id": act_id, "version": version, "act": { "type": "sign_for" } });
    liaison.ask("handle_order", sign("signs", &before)).await;
    let again = liaison
        .call("handle_order", sign("again", &shown["version"]))
        .await;
    assert_eq!(again.body["code"], "stale");
}

#[tokio::test(flavor = "multi_thread")]
async fn days_pass_and_the_lists_say_so() {
    let mut town = Town::open().await;
    town.given("w1", WATER, matter("停水两天")).await;
    let mut liaison = town.at_the_portal("2001").await;
    assert_eq!(count(&mut liaison, "due_today").await, 0);
    town.house.clock.seconds_later(24 * 3600);
    let mut liaison = town.at_the_portal("2001").await;
    // Tuesday: the working day for the signature ends at 24:00.
    assert_eq!(count(&mut liaison, "due_today").await, 1);
    town.house.clock.seconds_later(24 * 3600);
    let mut liaison = town.at_the_portal("2001").await;
    assert_eq!(count(&mut liaison, "overdue").await, 1);
    let shown = liaison.ask("work_order", json!({ "id": "w1" })).await;
    assert_eq!(shown["row"]["urgency"], "overdue");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_sent_back_for_good_is_another_units() {
    let mut town = Town::open().await;
    town.given("w1", WATER, matter("学校围墙")).await;
    let mut liaison = town.at_the_portal("2001").await;
    let back = json!({ "type": "send_back", "reason": "学校设施", "basis": "三定方案", "suggestion": "教育局" });
    liaison.done("w1", back).await;
    let assignment = AssignmentNumber::FIRST;
    let (is_accepted, reason) = (true, "同意".to_owned());
    let ruled = Command::RuleOnSendBack {
        assignment,
        is_accepted,
        reason,
    };
    town.orders("1002", "w1", ruled).await;
    town.orders("1001", "w1", dispatch(SCHOOLS, DispatchPlan::default()))
        .await;
    town.delivered("w1", 2).await;
    assert_eq!(count(&mut liaison, "concluded").await, 1);
    let shown = liaison.ask("work_order", json!({ "id": "w1" })).await;
    assert_eq!(shown["caller"]["is_sealed"], true);
    assert!(!shown.to_string().contains("13900005678"));
    let late = liaison.act("w1", reached()).await;
    assert_eq!(
        late.refusal(),
        "承办单位的办理现在是“已退回”，不能进行“记录联系”。"
    );
}

/// 决定 I-16: the unit asks, the center reviews, and the limit is counted again.
#[tokio::test(flavor = "multi_thread")]
async fn a_unit_asks_for_another_kind_and_raises_the_class() {
    let mut town = Town::open().await;
    town.given("w1", WATER, matter("停水两天")).await;
    let mut liaison = town.at_the_portal("2001").await;
    let due = |order: &Value| order["limits"][1]["due_text"].as_str().unwrap().to_owned();
    let before = liaison.ask("work_order", json!({ "id": "w1" })).await;
    let change = |kind: &str| json!({ "type": "request_kind_change", "kind": kind, "reason": "是求助，不是投诉" });
    let same = liaison.act("w1", change("complaint")).await;
    assert_eq!(same.refusal(), "诉求类型没有变化。");
    assert_eq!(
        liaison.done("w1", change("help")).await,
        "申请变更类型已送达县中心。"
    );
    let again = liaison.act("w1", change("help")).await;
    assert_eq!(again.refusal(), "已有一次类型变更在等审核。");
    let ruled = Command::RuleOnKindChange {
        is_approved: true,
        reason: "属实".to_owned(),
    };
    town.orders("1002", "w1", ruled).await;
    let after = liaison.ask("work_order", json!({ "id": "w1" })).await;
    assert_ne!(due(&before), due(&after), "{after}");
    assert_eq!(after["row"]["kind_text"], "求助");

    let mut escalate = json!({
        "type": "escalate_class", "class": "special", "reason": "停水范围扩大",
        "township_id": "", "answered_by": "赵值守", "at": "", "method": "电话",
    });
    let untold = liaison.act("w1", escalate.clone()).await;
    assert_eq!(
        untold.refusal(),
        "特殊事项须先向属地乡镇（街道）报告，请填写属地报告后再派单。"
    );
    escalate["township_id"] = json!(SCHOOLS);
    liaison.done("w1", escalate).await;
    let special = liaison.ask("work_order", json!({ "id": "w1" })).await;
    assert_eq!(special["row"]["class_text"], "特殊");
}
