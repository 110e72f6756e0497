//! 口径核对 at the desk: the parts that are copied, what is told while writing, what the reviewer must
//! answer for, and the report over the whole knowledge base.

use expect_test::expect;
use serde_json::{Value, json};

use crate::workstation::{Workstation, wait_until};

const EDITOR: (&str, &str, &str) = ("周兰", "2001", "knowledge_editing");
const REVIEWER: (&str, &str, &str) = ("吴敏", "2003", "knowledge_review");

fn sit(workstation: &Workstation, (name, number, duty): (&str, &str, &str)) {
    let request = json!({ "operator_name": name, "operator_number": number, "duties": [duty] });
    workstation.call("change_operator", request);
}

fn form(title: &str, question: &str, answer: &str) -> Value {
    json!({
        "template": "standard_answer", "title": title, "questions": [question], "answer": answer,
        "sections": [], "internal_note": "", "unit": "县人力资源和社会保障局", "unit_id": "",
        "responsible_person": "陈静", "source": "县人社局来函",
        "valid_from": "", "valid_until": "2027-12-31", "next_review_on": "2027-06-01",
    })
}

fn act(workstation: &Workstation, id: &Value, act: &Value) -> Result<Value, String> {
    let version = if id.is_null() {
        json!(0)
    } else {
        workstation.call("kb_record", json!({ "id": id }))["version"].clone()
    };
    let request = json!({ "id": id, "version": version, "act": act });
    let reply = workstation.host().call("act_on_kb_record", request);
    reply
        .map(|reply| reply.value["id"].clone())
        .map_err(|error| error.message)
}

/// Written and confirmed; waits for the reviewer.
fn draft(workstation: &Workstation, form: &Value) -> Value {
    sit(workstation, EDITOR);
    let id = act(
        workstation,
        &Value::Null,
        &json!({ "type": "draft", "form": form }),
    )
    .unwrap();
    act(
        workstation,
        &id,
        &json!({ "type": "submit", "base_revision": 1 }),
    )
    .unwrap();
    let confirmed = json!({ "type": "record_confirmation", "name": "陈静", "evidence": "来函" });
    act(workstation, &id, &confirmed).unwrap();
    sit(workstation, REVIEWER);
    id
}

fn publish(workstation: &Workstation, id: &Value, reason: &str) -> Result<Value, String> {
    act(
        workstation,
        id,
        &json!({ "type": "publish", "reason": reason }),
    )
}

fn twins(workstation: &Workstation, id: &Value, form: &Value) -> Value {
    workstation.call("kb_twins", json!({ "id": id, "form": form }))
}

fn of_twenty() -> Value {
    form(
        "社保卡补办",
        "社保卡丢了怎么补",
        "带身份证到银行网点补办，工本费**20元**。咨询电话0818-7300000。",
    )
}

fn of_ten() -> Value {
    form(
        "社会保障卡遗失补办",
        "社保卡掉了咋个办",
        "先挂失，再到银行网点补办，工本费10元。咨询电话7300000。",
    )
}

#[test]
fn a_contradiction_is_told_while_writing_and_answered_for_when_publishing() {
    let workstation = Workstation::ready();
    let first = draft(&workstation, &of_twenty());
    publish(&workstation, &first, "").unwrap();
    let told = twins(&workstation, &Value::Null, &of_ten());
    expect![[r#""与 1 条相近；1 处口径不一致：费用 10元 / 20元""#]]
        .assert_eq(&told["summary"].to_string());
    assert_eq!(told["n_contradictions"], 1);
    let twin = &told["twins"][0];
    assert_eq!((&twin["id"], &twin["level"]), (&first, &json!("same")));
    let theirs = &twin["contradictions"][0]["theirs"];
    assert_eq!(theirs["passage_label"], "标准答案");
    assert_eq!(
        theirs["sentence"][1],
        json!({ "text": "20元", "is_hit": true })
    );
    // An article is no twin of itself, whatever is being made of it.
    assert_eq!(twins(&workstation, &first, &of_ten())["twins"], json!([]));

    let second = draft(&workstation, &of_ten());
    expect!["与 1 条使用中的条目口径不一致。请先统一口径，或写明仍要发布的理由（第十三条）。"]
        .assert_eq(&publish(&workstation, &second, " ").unwrap_err());
    publish(&workstation, &second, "新标准下月施行，原条目同日废止").unwrap();
    let record = workstation.call("kb_record", json!({ "id": second }));
    let shown = record["versions"][0]["contradiction_text"]
        .as_str()
        .unwrap();
    assert!(
        shown.ends_with("口径不一致，理由：新标准下月施行，原条目同日废止"),
        "{shown}"
    );
}

#[test]
fn what_holds_at_another_time_contradicts_nothing() {
    let workstation = Workstation::ready();
    let mut until_spring = of_twenty();
    until_spring["valid_until"] = json!("2027-02-28");
    until_spring["next_review_on"] = json!("2027-02-01");
    let first = draft(&workstation, &until_spring);
    publish(&workstation, &first, "").unwrap();
    let mut from_spring = of_ten();
    from_spring["valid_from"] = json!("2027-03-01");
    let told = twins(&workstation, &Value::Null, &from_spring);
    assert_eq!(told["summary"], "与 1 条相近");
    workstation.set_clock("2027-03-01 09:00");
    assert_eq!(
        twins(&workstation, &Value::Null, &from_spring)["summary"],
        ""
    );
}

#[test]
fn a_pair_told_apart_comes_again_when_one_of_the_two_changes() {
    let workstation = Workstation::ready();
    let first = draft(&workstation, &of_twenty());
    publish(&workstation, &first, "").unwrap();
    let second = draft(&workstation, &of_ten());
    publish(&workstation, &second, "待核").unwrap();
    let pairs = || {
        workstation.call("run_twin_report", json!({ "runs": true }));
        wait_until("the report is done", || {
            workstation.call("twin_report", Value::Null)["state"] == "done"
        });
        workstation.call("twin_report", Value::Null)
    };
    let report = pairs();
    assert_eq!(
        (&report["n_pairs"], &report["n_contradicting"]),
        (&json!(1), &json!(1))
    );
    assert_eq!(
        (&report["n_done"], &report["n_all"]),
        (&json!(2), &json!(2))
    );
    let pair = json!({ "id": second, "other_id": first, "reason": "一张是金融卡，一张是电子卡" });
    workstation.call("tell_apart", pair.clone());
    // Gone from the report that stands, from the next, and from what the editor is told.
    assert_eq!(workstation.call("twin_report", Value::Null)["n_pairs"], 0);
    assert_eq!(pairs()["n_pairs"], 0);
    assert_eq!(twins(&workstation, &second, &of_ten())["summary"], "");
    let mut changed = of_ten();
    changed["answer"] = json!("到银行网点补办，工本费15元。");
    assert_eq!(
        twins(&workstation, &second, &changed)["n_contradictions"],
        1
    );

    let mut without_reason = pair;
    without_reason["reason"] = json!("");
    let error = workstation.error("tell_apart", without_reason.clone());
    assert_eq!(error, "refused: 请填写理由。");
    sit(&workstation, ("陈晓梅", "1001", "intake"));
    without_reason["reason"] = json!("不同");
    let error = workstation.error("tell_apart", without_reason);
    assert_eq!(
        error,
        "refused: 认定不是同一事项须由知识编辑、知识审核操作。"
    );
}

/// Guides of one office look alike; few of the 2,070 samples are taken for one matter.
#[test]
fn the_samples_are_gone_through_and_a_report_can_be_stopped() {
    let workstation = Workstation::with_samples();
    assert_eq!(
        workstation.call("twin_report", Value::Null)["state"],
        "idle"
    );
    workstation.call("run_twin_report", json!({ "runs": true }));
    workstation.call("run_twin_report", json!({ "runs": false }));
    let is_over = |state: &str| {
        wait_until(state, || {
            workstation.call("twin_report", Value::Null)["state"] == state
        });
    };
    is_over("cancelled");
    workstation.call("run_twin_report", json!({ "runs": true }));
    is_over("done");
    let report = workstation.call("twin_report", Value::Null);
    assert_eq!(report["n_all"], 2_070);
    let n_pairs = report["n_pairs"].as_u64().unwrap();
    assert!(n_pairs <= 10, "{n_pairs}");
}

#[test]
fn parts_are_copied_with_their_source() {
    let workstation = Workstation::ready();
    let id = draft(&workstation, &of_twenty());
    publish(&workstation, &id, "").unwrap();
    let article = workstation.call("knowledge_article", json!({ "id": id }));
    let mut shown = String::new();
    for part in article["parts"].as_array().unwrap() {
        let text = |name: &str| part[name].as_str().unwrap().to_owned();
        shown.push_str(&format!("{} {}\n", text("kind_text"), text("copy_text")));
    }
    shown.push_str(article["source_line"].as_str().unwrap());
    expect![[r#"
        费用 工本费：20元〔县人力资源和社会保障局·社保卡补办·第1版·有效至2027年12月31日〕
        电话 咨询电话：0818-7300000〔县人力资源和社会保障局·社保卡补办·第1版·有效至2027年12月31日〕
        材料 材料：身份证〔县人力资源和社会保障局·社保卡补办·第1版·有效至2027年12月31日〕
        〔县人力资源和社会保障局·社保卡补办·第1版·有效至2027年12月31日〕"#]]
    .assert_eq(&shown);
}
