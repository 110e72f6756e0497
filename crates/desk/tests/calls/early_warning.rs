//! 预警: what the rules find among the orders of a desk, and what people do about it.

use desk::NoticeTarget;
use domain::Role;
use expect_test::expect;
use serde_json::{Value, json};

use crate::center::{LocalCenter, enrolled, sign_in, until_quiet};
use crate::form::{draft_id, intake, register, submit, with};
use crate::workstation::{Workstation, wait_until};

const PHONE: &str = "13800001234";
/// 停水, 路灯, and 拖欠工资 on a building site.
const WATER: &str = "c-051";
const LAMPS: &str = "c-049";
const WAGES: &str = "c-113";

/// A caller who comes three times with one matter, and a street that is being blocked.
fn office() -> (Workstation, std::sync::Arc<LocalCenter>) {
    let center = LocalCenter::new();
    let workstation = enrolled(&center);
    center.add("2001", "罗兰", &[Role::Analyst]);
    center.add("2002", "江辉", &[Role::CountyOffice]);
    center.set_clock("2026-11-26 09:00");
    workstation.set_clock("2026-11-26 09:00");
    sign_in(&workstation, "1001");
    let given = [
        ("停水了，没人管", WATER, PHONE),
        ("还是停水，再不来就找记者", WATER, PHONE),
        ("停水三天了", WATER, PHONE),
        ("工地几十人聚集堵路，讨要工资", WAGES, "13900005678"),
    ];
    for (n, (text, category, phone)) in (1_u32..).zip(given) {
        let form = with(intake(text), "/category_id", category);
        let form = with(form, "/caller/phone", phone);
        workstation.call("submit", submit(n, &form, &register()));
    }
    until_quiet(&workstation, &center);
    sign_in(&workstation, "2001");
    all_read(&workstation);
    (workstation, center)
}

/// The orders are read into memory on a thread of their own.
fn all_read(workstation: &Workstation) {
    wait_until("all orders are read", || {
        let heard = workstation.call("hot_issues", Value::Null);
        heard["note"] == ""
    });
}

fn list(workstation: &Workstation, closed: bool) -> Value {
    workstation.call("early_warnings", json!({ "closed": closed }))
}

fn told(workstation: &Workstation, closed: bool) -> String {
    let warnings = list(workstation, closed);
    let mut lines: Vec<String> = (warnings["rows"].as_array().unwrap().iter())
        .map(|it| {
            let text = |name: &str| it[name].as_str().unwrap().to_owned();
            format!(
                "{} {}：{}，{} 件，{}",
                text("rule_text"),
                text("title"),
                text("ground_text"),
                it["n_orders"],
                text("stage_text"),
            )
        })
        .collect();
    lines.sort();
    lines.join("\n")
}

fn id_of(workstation: &Workstation, rule: &str) -> String {
    let warnings = list(workstation, false);
    let mut rows = warnings["rows"].as_array().unwrap().iter();
    let found = rows.find(|it| it["rule"] == rule).unwrap();
    found["id"].as_str().unwrap().to_owned()
}

fn act(workstation: &Workstation, id: &str, version: u32, act: Value) -> String {
    let mut request = json!({ "id": id, "version": version });
    request["act"] = act;
    match workstation.host().call("act_on_early_warning", request) {
        Ok(reply) => reply.value["message"].as_str().unwrap().to_owned(),
        Err(error) => format!("拒绝：{}", error.message),
    }
}

#[test]
fn article_16_from_the_warning_to_its_end() {
    let (workstation, center) = office();
    expect![[r#"
        敏感词 “记者”：诉求中说到这个词，1 件，待处置
        群体 渠江街道 拖欠工资 · 工程领域：诉求中说到多人聚集，1 件，待处置
        重复 供水供气 · 停水：同一来电人 30 天内同类 3 件，3 件，待处置"#]]
    .assert_eq(&told(&workstation, false));
    expect![[r#"
        3 条预警待处置
        群体 渠江街道 拖欠工资 · 工程领域，诉求中说到多人聚集；敏感词 “记者”，诉求中说到这个词；重复 供水供气 · 停水，同一来电人 30 天内同类 3 件。请在“分析”的“预警”中查看。"#]].assert_eq(&notices(&workstation).join("\n"));
    assert_eq!(notices(&workstation), [""; 0]);
    let status = workstation.call("status", Value::Null);
    assert_eq!(status["n_early_warnings"], 3);

    // Its orders are behind it, and its record grows by what people do.
    let id = id_of(&workstation, "repeat");
    let note = json!({ "type": "note", "note": "" });
    let pass = |to: &str| json!({ "type": "pass_on", "to": to, "note": "已电话告知" });
    let close = |reason: &str| json!({ "type": "close", "reason": reason });
    let done = [
        act(&workstation, &id, 0, note.clone()),
        act(&workstation, &id, 0, pass("县水务局")),
        act(&workstation, &id, 1, pass("")),
        act(&workstation, &id, 1, pass("县水务局")),
        act(&workstation, &id, 2, close(" ")),
        act(&workstation, &id, 2, close("已恢复供水")),
        act(&workstation, &id, 3, note.clone()),
        act(&workstation, "none", 0, note),
    ];
    expect![[r#"
        已知悉。
        拒绝：内容刚刚有变化，已重新显示，请核对后再操作。
        拒绝：请填写转交给谁。
        已转交县水务局：已电话告知。
        拒绝：请填写关闭的理由。
        已关闭：已恢复供水。
        拒绝：这条预警已经关闭。
        拒绝：没有这条预警。"#]]
    .assert_eq(&done.join("\n"));
    let detail = workstation.call("early_warning", json!({ "id": id }));
    let orders = detail["orders"].as_array().unwrap();
    assert_eq!(orders.len(), 3);
    let steps = detail["steps"].as_array().unwrap().iter();
    let steps = steps.map(|it| format!("{} {}", it["by_text"], it["text"]));
    expect![[r#"
        "罗兰 2001" "已知悉"
        "罗兰 2001" "已转交县水务局：已电话告知"
        "罗兰 2001" "已关闭：已恢复供水""#]]
    .assert_eq(&steps.collect::<Vec<_>>().join("\n"));
    assert!(!list(&workstation, true).to_string().contains(PHONE));
    assert!(!detail.to_string().contains(PHONE));
    assert_eq!(
        workstation.call("status", Value::Null)["n_early_warnings"],
        2
    );

    // The same again is quiet for a day, and then a warning of its own.
    let once_more = |n: u32, time: &str| {
        center.set_clock(time);
        workstation.set_clock(time);
        sign_in(&workstation, "1001");
        let form = with(intake("又停水"), "/category_id", WATER);
        workstation.call("submit", submit(n, &form, &register()));
        until_quiet(&workstation, &center);
        sign_in(&workstation, "2001");
        told(&workstation, false)
    };
    assert!(!once_more(5, "2026-11-26 15:00").contains("重复"));
    let later = once_more(6, "2026-11-27 15:00");
    assert!(later.contains("重复"), "{later}");
    assert!(told(&workstation, true).contains("已关闭"));
}

/// What people are told of unasked.
fn notices(workstation: &Workstation) -> Vec<String> {
    let notices = workstation.host().take_notices().into_iter();
    let warnings = notices.filter(|it| it.title.contains("预警"));
    let told = warnings.map(|it| {
        let Some(NoticeTarget::EarlyWarning { id }) = &it.target else {
            panic!("{it:?}");
        };
        // One alone opens itself, several open the list.
        assert_eq!(id.is_some(), it.title.starts_with("预警："), "{it:?}");
        format!("{}\n{}", it.title, it.body)
    });
    told.collect()
}

#[test]
fn a_sudden_rise_is_told_once_by_day_and_by_its_rule_alone() {
    let (workstation, center) = office();
    notices(&workstation);
    let come = |person: &str, time: &str| {
        center.set_clock(time);
        workstation.set_clock(time);
        sign_in(&workstation, person);
    };
    come("1001", "2026-11-26 22:30");
    for n in 5..9_u32 {
        let text = format!("三汇镇街道第 {n} 盏路灯不亮");
        let form = with(intake(&text), "/category_id", LAMPS);
        let form = with(form, "/caller/phone", format!("1390000{n:04}"));
        workstation.call("submit", submit(n, &form, &register()));
    }
    until_quiet(&workstation, &center);
    come("2001", "2026-11-26 22:31");
    all_read(&workstation);
    let lines = told(&workstation, false);
    assert!(!lines.contains("突增"), "four are no sudden rise: {lines}");
    let mut fewer = list(&workstation, false)["thresholds"]["form"].take();
    fewer["surge_in_a_day"] = json!(4);
    workstation.call(
        "set_early_warning_thresholds",
        json!({ "version": 0, "form": fewer }),
    );
    come("2001", "2026-11-26 22:33");
    let lines = told(&workstation, false);
    let surge = lines.lines().find(|it| it.starts_with("突增"));
    expect!["突增 渠江街道 市政设施 · 路灯：24 小时内 4 件，此前日均 0.0 件，4 件，待处置"]
        .assert_eq(surge.unwrap());
    assert_eq!(notices(&workstation), [""; 0], "nobody is woken by it");
    come("2001", "2026-11-27 08:30");
    expect![[r#"
        预警：突增 渠江街道 市政设施 · 路灯
        24 小时内 4 件，此前日均 0.0 件。请在“分析”的“预警”中查看。"#]]
    .assert_eq(&notices(&workstation).join("\n"));
    assert_eq!(notices(&workstation), [""; 0]);
}

#[test]
fn thresholds_are_set_by_who_may_and_go_by_version() {
    let (workstation, _center) = office();
    let before = list(&workstation, false);
    let form = before["thresholds"]["form"].clone();
    let set = |version: u32, form: &Value| {
        let request = json!({ "version": version, "form": form });
        match workstation
            .host()
            .call("set_early_warning_thresholds", request)
        {
            Ok(reply) => reply.value["message"].as_str().unwrap().to_owned(),
            Err(error) => format!("拒绝：{}", error.message),
        }
    };
    let mut changed = form.clone();
    changed["words"] = json!(["三天"]);
    let mut wrong = form.clone();
    wrong["repeat_min"] = json!(1);
    let mut steep = form.clone();
    steep["surge_z_hundredths"] = json!(1_100);
    let mut blank = form.clone();
    blank["words"] = json!(["水 "]);
    let done = [
        set(0, &form),
        set(0, &wrong),
        set(0, &steep),
        set(0, &blank),
        set(0, &changed),
        set(0, &form),
    ];
    expect![[r#"
        拒绝：没有改动，不用保存。
        拒绝：重复件数要在 2 到 1000 之间。
        拒绝：突增的标准差倍数要在 1 到 10 之间。
        拒绝：敏感词每个 2 到 12 字，前后不留空格。
        阈值第 1 版已生效。
        拒绝：内容刚刚有变化，已重新显示，请核对后再操作。"#]]
    .assert_eq(&done.join("\n"));
    workstation.move_clock(chrono::TimeDelta::minutes(2));
    assert!(told(&workstation, false).contains("“三天”"));
    let versions = list(&workstation, false)["thresholds"]["versions"].take();
    assert_eq!(versions.as_array().unwrap().len(), 1);

    // Who only reads.
    sign_in(&workstation, "2002");
    let warnings = list(&workstation, false);
    expect!["须由统计分析、监督员操作。"]
        .assert_eq(warnings["thresholds"]["refusal"].as_str().unwrap());
    let id = warnings["rows"][0]["id"].as_str().unwrap();
    let detail = workstation.call("early_warning", json!({ "id": id }));
    expect!["须由值班长、审核员、统计分析、监督员操作。"]
        .assert_eq(detail["refusal"].as_str().unwrap());
    let order = &detail["orders"][0];
    assert!(order["id"].as_str().unwrap() >= draft_id(1).as_str());
}
