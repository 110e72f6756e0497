//! 受理时的倾听: what is found in a text while it is typed, and what is known of earlier orders.

use std::fmt::Write as _;

use expect_test::{Expect, expect};
use serde_json::{Value, json};

use crate::form::{dispatch, draft_id, intake, register, submit, with};
use crate::shown::lines;
use crate::workstation::{Workstation, wait_until};

/// The form as it is while somebody types: nothing is chosen yet.
fn typed(text: &str) -> Value {
    let form = with(intake(text), "/place/township_code", "");
    let form = with(form, "/place/village_code", "");
    with(form, "/place/detail", "")
}

fn listen(workstation: &Workstation, intake: &Value) -> Value {
    let chosen = json!({ "kind": false, "category": false, "place": false, "class": false });
    let request = json!({
        "revision": 7, "draft_id": draft_id(99), "intake": intake, "chosen": chosen,
    });
    workstation.call("listen", request)
}

/// A desk that has read all its orders.
fn ready() -> Workstation {
    let workstation = Workstation::ready();
    wait_for_orders(&workstation);
    workstation
}

fn wait_for_orders(workstation: &Workstation) {
    wait_until("the orders are read", || {
        listen(workstation, &typed("停水"))["same_note"] == ""
    });
}

/// The stretches of the text, as a window cuts them out.
fn cut(text: &str, spans: &Value) -> String {
    let units: Vec<u16> = text.encode_utf16().collect();
    let cut = |span: &Value| {
        let at = |name: &str| usize::try_from(span[name].as_u64().unwrap()).unwrap();
        String::from_utf16(&units[at("start")..at("end")]).unwrap()
    };
    let spans = match spans.as_array() {
        Some(spans) => spans.iter().map(cut).collect(),
        None => vec![cut(spans)],
    };
    spans.join("+")
}

/// Everything that was found, one line each.
fn told(text: &str, heard: &Value) -> String {
    let mut told = format!("第 {} 稿\n", heard["revision"]);
    let mut line = |what: &str, value: &Value, ground: &Value, spans: &Value| {
        let (value, ground) = (value.as_str().unwrap(), ground.as_str().unwrap_or_default());
        writeln!(told, "{what} {value} | {ground} | {}", cut(text, spans)).unwrap();
    };
    let empty = json!([]);
    for place in heard["fields"]["places"].as_array().unwrap() {
        line("地点", &place["text"], &place["ground"], &place["span"]);
    }
    for time in heard["fields"]["times"].as_array().unwrap() {
        line("时间", &time["text"], &Value::Null, &time["span"]);
    }
    for (what, field) in [
        ("对象", "objects"),
        ("名称", "names"),
        ("目标", "wants"),
        ("电话", "phones"),
        ("车牌", "plates"),
        ("金额", "amounts"),
    ] {
        for word in heard["fields"][field].as_array().unwrap() {
            line(what, &word["value"], &word["kind_text"], &word["span"]);
        }
    }
    for kind in heard["kinds"].as_array().unwrap().iter().take(1) {
        line("类型", &kind["text"], &kind["ground_text"], &kind["spans"]);
    }
    for category in heard["categories"].as_array().unwrap().iter().take(1) {
        let ground = &category["ground_text"];
        line("分类", &category["text"], ground, &category["spans"]);
    }
    for alert in heard["alerts"].as_array().unwrap() {
        line("提醒", &alert["message"], &Value::Null, &alert["spans"]);
    }
    for scope in heard["scope"].as_array().unwrap() {
        line(
            "范围",
            &scope["article"],
            &scope["ground_text"],
            &scope["spans"],
        );
    }
    for unit in heard["dispatch"]["leads"].as_array().unwrap() {
        let ground = &unit["grounds"][0]["text"];
        line("主办", &unit["unit"], ground, &empty);
    }
    if !heard["dispatch"]["territorial"].is_null() {
        let unit = &heard["dispatch"]["territorial"];
        line("属地", &unit["unit"], &unit["grounds"][0]["text"], &empty);
    }
    for question in heard["questions"].as_array().unwrap() {
        line("追问", question, &Value::Null, &empty);
    }
    told
}

#[track_caller]
fn check(text: &str, expected: &Expect) {
    let workstation = Workstation::ready();
    let heard = listen(&workstation, &typed(text));
    expected.assert_eq(&told(text, &heard));
}

#[test]
fn everything_that_was_said_points_at_its_words() {
    check(
        "𠮷野家旁边，三汇那边的锦绣花园小区从昨天晚上八点开始停水，收了3600元，\
         电话13900005678，希望尽快恢复",
        &expect![[r#"
            第 7 稿
            地点 三汇镇 | 原文“三汇”，简称 | 三汇
            时间 11月22日（周日）20时许起 |  | 昨天晚上八点
            名称 锦绣花园小区 | 小区 | 锦绣花园小区
            目标 希望尽快恢复 |  | 希望尽快恢复
            电话 13900005678 |  | 13900005678
            金额 3600元 |  | 3600元
            类型 求助 | 原文有“停水”、“恢复” | 停水+恢复
            分类 供水供气 · 停水 | 原文有“停水” | 停水
            主办 渠县供水企业 | 派单目录 | 
            属地 三汇镇 | 属地：三汇镇 | 
            追问 看到通知没有，打过供水供气公司电话没有？ |  | 
        "#]],
    );
}

#[test]
fn what_must_not_be_overheard_names_the_line() {
    check(
        "楼上着火了，有人困在里面。法院判决我不服",
        &expect![[r#"
        第 7 稿
        类型 求助 | 没有明显的字句 | 
        提醒 听到“着火”、“困在”、“里面”：事故灾难，请核实后转 119 火警救援 |  | 着火+困在+里面
        范围 第八条(一) | 原文有“法院判决” | 法院判决
    "#]],
    );
}

#[test]
fn nothing_is_heard_in_nothing() {
    check(
        "",
        &expect![[r#"
        第 7 稿
        类型 求助 | 没有明显的字句 | 
    "#]],
    );
}

#[test]
fn a_text_too_long_for_an_order_is_told_so() {
    let workstation = Workstation::ready();
    let chosen = json!({ "kind": false, "category": false, "place": false, "class": false });
    let request = json!({
        "revision": 1, "draft_id": draft_id(1), "intake": typed(&"水".repeat(10_001)),
        "chosen": chosen,
    });
    let error = workstation.error("listen", request);
    assert_eq!(error, "invalid: 诉求内容最多 10000 字。");
}

/// Water fails in an estate; three people say so, each in other words.
fn outage(workstation: &Workstation) {
    for (n, phone, text) in [
        (
            1,
            "13800000001",
            "锦绣花园小区从昨天开始停水，五百多户没有水用，请尽快处理",
        ),
        (
            2,
            "13800000002",
            "我住锦绣花园三栋，停水一天了，什么时候来水",
        ),
        (3, "13800000003", "路灯坏了三盏，晚上看不见"),
    ] {
        let form = with(intake(text), "/caller/phone", phone);
        let form = with(form, "/caller/name", "");
        let form = with(form, "/category_id", if n < 3 { "c-051" } else { "" });
        workstation.call("submit", submit(n, &form, &register()));
    }
}

fn same(workstation: &Workstation, phone: &str, text: &str) -> String {
    let heard = listen(workstation, &with(typed(text), "/caller/phone", phone));
    let rows: Vec<Value> = heard["same"].as_array().unwrap().clone();
    let shown = rows.iter().map(|it| {
        let number = it["order"]["number"].as_str().unwrap();
        let grounds: Vec<&str> = it["grounds"]
            .as_array()
            .unwrap()
            .iter()
            .map(|ground| ground.as_str().unwrap())
            .collect();
        format!(
            "{number} {} | {} | {} | {}\n",
            it["relation"].as_str().unwrap(),
            grounds.join("、"),
            it["n_related"],
            cut(text, &it["spans"]),
        )
    });
    shown.collect()
}

#[test]
fn the_same_matter_is_found_as_soon_as_it_is_kept() {
    let workstation = ready();
    let text = "锦绣花园又停水了，我家在五栋";
    assert_eq!(same(&workstation, "13800000009", text), "");
    outage(&workstation);
    expect![[r#"
        20261123-W01-0001 same_matter_by_others | 都提到“锦绣花园”、同一分类、说法相近、24 小时内 | 2 | 锦绣花园
        20261123-W01-0002 same_matter_by_others | 都提到“锦绣花园”、同一分类、说法相近、24 小时内 | 2 | 锦绣花园
    "#]].assert_eq(&same(&workstation, "13800000009", text));
    // The caller of the first: it is the same person's.
    expect![[r#"
        20261123-W01-0001 merge_into | 同一诉求人、都提到“锦绣花园”、同一分类、说法相近、24 小时内 | 0 | 锦绣花园
        20261123-W01-0002 same_matter_by_others | 都提到“锦绣花园”、同一分类、说法相近、24 小时内 | 2 | 锦绣花园
    "#]].assert_eq(&same(&workstation, "138 0000 0001", text));
}

#[test]
fn the_object_and_the_day_that_were_given_speak_too() {
    let workstation = ready();
    for (n, about, happened) in [
        (1, "渠县鑫茂餐饮店", "11月20日（周五）晚上"),
        (2, "银河餐饮店", "11月20日（周五）晚上"),
    ] {
        let form = with(intake("楼下那家店油烟熏人，夜里关不了窗"), "/about", about);
        let form = with(form, "/happened", happened);
        let form = with(form, "/caller/phone", "13800000001");
        let form = with(form, "/caller/name", "");
        workstation.call("submit", submit(n, &form, &register()));
    }
    let text = "家里全是油烟味，老人整夜咳嗽，孩子写作业也受影响，请派人来看看怎么办";
    let asked = |happened: &str| {
        let form = with(typed(text), "/about", "鑫茂餐饮店");
        let form = with(form, "/happened", happened);
        let form = with(form, "/caller/phone", "13800000009");
        let chosen = json!({
            "kind": false, "category": false, "place": false, "class": false,
            "happened": true, "about": true,
        });
        let request = json!({
            "revision": 7, "draft_id": draft_id(99), "intake": form, "chosen": chosen,
        });
        let heard = workstation.call("listen", request);
        let numbers = heard["same"].as_array().unwrap().iter();
        let told = numbers.map(|it| {
            let number = it["order"]["number"].as_str().unwrap();
            format!("{number} {}\n", it["grounds"])
        });
        told.collect::<String>()
    };
    expect![[r#"
        20261123-W01-0001 ["都提到“鑫茂餐饮店”","都说是11月20日（周五）的事","说法相近","24 小时内"]
    "#]]
    .assert_eq(&asked("周五晚上"));
    expect![[r#""#]].assert_eq(&asked("今天"));
    expect![[r#"
        20261123-W01-0001 ["都提到“鑫茂餐饮店”","说法相近","24 小时内"]
    "#]]
    .assert_eq(&asked(""));
}

#[test]
fn what_is_remembered_outlives_a_restart() {
    let mut workstation = ready();
    outage(&workstation);
    let text = "锦绣花园又停水了，我家在五栋";
    let before = same(&workstation, "13800000009", text);
    workstation.restart();
    wait_for_orders(&workstation);
    assert_eq!(same(&workstation, "13800000009", text), before);
}

#[test]
fn similar_orders_say_who_has_it() {
    let workstation = ready();
    let form = with(
        intake("濛山路口的下水道堵了半个月，污水流到路上"),
        "/caller/phone",
        "13800000001",
    );
    workstation.call("submit", submit(1, &form, &dispatch("unit-water-affairs")));
    let heard = listen(&workstation, &typed("濛山路口下水道又堵了，污水到处流"));
    let leads = &heard["dispatch"]["leads"];
    let each = leads.as_array().unwrap().iter().map(|unit| {
        let shown = lines(&unit["grounds"], &["kind", "text"]);
        format!("{}: {shown}", unit["unit"].as_str().unwrap())
    });
    let grounds = each.collect::<Vec<String>>().concat();
    expect![[r#"
        县住房城乡建设局: catalogue | 派单目录
        县水务局: similar | 相似工单 1 件，其中已解决 0 件
    "#]]
    .assert_eq(&grounds);
}

#[test]
fn what_many_bring_at_once_is_a_hot_issue() {
    let workstation = ready();
    outage(&workstation);
    for n in 11..15 {
        let text = format!("锦绣花园{n}栋还在停水，没有水用");
        let form = with(intake(&text), "/category_id", "c-051");
        workstation.call("submit", submit(n, &form, &register()));
    }
    let hot = workstation.call("hot_issues", Value::Null);
    let fields = ["kind", "title", "n_last_day", "n_orders", "growth_text"];
    expect![[r#"
        surge | 渠江街道 供水供气 · 停水 | 6 | 6 | 近 24 小时 6 件，此前日均 0.0 件
        related | 锦绣花园小区从昨天开始停水，五百多户没有水用，请尽快处理 | 6 | 6 | 近 24 小时 6 件，前 24 小时 0 件
    "#]].assert_eq(&lines(&hot["issues"], &fields));
    // Who takes calls is not disturbed for it: it is told by a warning, to who does something about those.
    let notices = workstation.host().take_notices();
    assert!(!notices.iter().any(|it| it.body.contains("突增")));
}

#[test]
fn a_written_order_is_checked() {
    let workstation = Workstation::ready();
    let text = "路灯坏了，那个混蛋不修，电话13900005678。另外我的社保断缴了怎么补";
    let checked = workstation.call("check_order", json!({ "intake": typed(text) }));
    let each = checked["concerns"].as_array().unwrap().iter().map(|it| {
        let message = it["message"].as_str().unwrap();
        format!("{message} {}\n", cut(text, &it["spans"]))
    });
    let shown = each.collect::<Vec<String>>().concat();
    expect![[r#"
        没有写明地点，请问清后补上。 
        像是两件事，请分开登记，一件诉求一个工单。 另外
        有不文明用语，转办前请改写。 混蛋
        有他人的电话号码，请确认是否需要写入工单。 13900005678
    "#]]
    .assert_eq(&shown);
    assert_eq!(checked["refusal"], Value::Null);
    let empty = workstation.call("check_order", json!({ "intake": typed(" ") }));
    assert_eq!(empty["refusal"], "请填写诉求内容。");
}
