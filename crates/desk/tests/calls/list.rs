//! 工单列表: queues, looking for an order, pages.

use std::collections::BTreeSet;

use expect_test::expect;
use serde_json::{Value, json};

use crate::form::{answer, dispatch, dispatch_special, intake, register, special, with};
use crate::shown::lines;
use crate::workstation::Workstation;

fn list(queue: &str, search: &str) -> Value {
    json!({ "queue": queue, "search": search, "after": null, "limit": 200 })
}

fn queues(workstation: &Workstation) -> String {
    let queues = workstation.call("queues", Value::Null);
    lines(&queues, &["queue", "text", "n_orders"])
}

/// One order of each way, registered on Monday.
fn orders() -> Workstation {
    let workstation = Workstation::ready();
    let caller = |text: &str, phone: &str| with(intake(text), "/caller/phone", phone);
    workstation.submitted(1, &caller("路灯坏了好久", "13800001234"), &register());
    workstation.submitted(2, &caller("小区停水", "13900005678"), &answer("在抢修。"));
    workstation.submitted(
        3,
        &caller("井盖没了", "0818-7212345"),
        &dispatch("unit-housing"),
    );
    workstation.submitted(
        4,
        &special("大面积停水"),
        &dispatch_special("unit-water-affairs"),
    );
    workstation.call("record_delivery", workstation.delivery(4));
    workstation
}

#[test]
fn queues_are_questions() {
    let workstation = orders();
    let mut shown = queues(&workstation);
    workstation.set_clock("2026-11-24 17:00");
    shown.push_str(&format!("次日下午\n{}", queues(&workstation)));
    workstation.set_clock("2026-11-25 00:01");
    shown.push_str(&format!("再次日零时\n{}", queues(&workstation)));
    expect![[r#"
        to_dispatch | 待派的 | 1
        due_soon | 临近期限的 | 0
        overdue | 已超期的 | 0
        undelivered | 已派未送达的 | 1
        in_handling | 单位办理中的 | 1
        today | 今天受理的 | 4
        concluded | 已办结的 | 1
        all | 全部工单 | 4
        send_back_review | 退回待审的 | 0
        extension_review | 延期待县审的 | 0
        extension_ruling | 延期待市批的 | 0
        screening_review | 甄别待初审的 | 0
        screening_ruling | 甄别待市裁的 | 0
        closure_review | 终结待审的 | 0
        designation | 待指定的 | 0
        verification | 待核实的 | 0
        kind_change | 待改类型的 | 0
        次日下午
        to_dispatch | 待派的 | 1
        due_soon | 临近期限的 | 3
        overdue | 已超期的 | 1
        undelivered | 已派未送达的 | 1
        in_handling | 单位办理中的 | 1
        today | 今天受理的 | 0
        concluded | 已办结的 | 1
        all | 全部工单 | 4
        send_back_review | 退回待审的 | 0
        extension_review | 延期待县审的 | 0
        extension_ruling | 延期待市批的 | 0
        screening_review | 甄别待初审的 | 0
        screening_ruling | 甄别待市裁的 | 0
        closure_review | 终结待审的 | 0
        designation | 待指定的 | 0
        verification | 待核实的 | 0
        kind_change | 待改类型的 | 0
        再次日零时
        to_dispatch | 待派的 | 1
        due_soon | 临近期限的 | 0
        overdue | 已超期的 | 3
        undelivered | 已派未送达的 | 1
        in_handling | 单位办理中的 | 1
        today | 今天受理的 | 0
        concluded | 已办结的 | 1
        all | 全部工单 | 4
        send_back_review | 退回待审的 | 0
        extension_review | 延期待县审的 | 0
        extension_ruling | 延期待市批的 | 0
        screening_review | 甄别待初审的 | 0
        screening_ruling | 甄别待市裁的 | 0
        closure_review | 终结待审的 | 0
        designation | 待指定的 | 0
        verification | 待核实的 | 0
        kind_change | 待改类型的 | 0
    "#]]
    .assert_eq(&shown);
}

#[test]
fn the_rows_of_a_queue_are_as_many_as_it_counts() {
    let workstation = orders();
    workstation.set_clock("2026-11-25 00:01");
    let queues = workstation.call("queues", Value::Null);
    for queue in queues.as_array().unwrap() {
        let name = queue["queue"].as_str().unwrap();
        let page = workstation.call("work_orders", list(name, ""));
        let n_rows = page["rows"].as_array().unwrap().len() as u64;
        assert_eq!(queue["n_orders"], n_rows, "{name}");
        assert_eq!(queue["n_orders"], page["total"], "{name}");
        assert_eq!(page["next"], Value::Null);
    }
}

#[test]
fn the_rows_of_the_list() {
    let page = orders().call("work_orders", list("all", ""));
    let fields = [
        "number",
        "title",
        "stage_text",
        "unit",
        "phone_masked",
        "limit_name",
        "due_text",
        "left_text",
        "urgency",
        "is_waiting",
    ];
    expect![[r#"
        20261123-W01-0004 | 大面积停水 | 已送达 | 县水务局 | 138****1234 | 初步响应 | 11月23日（周一）12:15 | 还剩 3 小时 | calm | true
        20261123-W01-0003 | 井盖没了 | 已派待送达 | 县住房城乡建设局 | 081*****2345 | 转办 | 11月24日（周二）24:00 | 还剩 1 天 14 小时 | calm | true
        20261123-W01-0002 | 小区停水 | 当场答复 |  | 139****5678 |  |  |  | met | true
        20261123-W01-0001 | 路灯坏了好久 | 待派 |  | 138****1234 | 转办 | 11月24日（周二）24:00 | 还剩 1 天 14 小时 | calm | true
    "#]].assert_eq(&lines(&page["rows"], &fields));
}

#[test]
fn an_order_is_found_by_what_a_person_remembers() {
    let workstation = orders();
    let number = workstation.order(2)["row"]["number"].clone();
    let number = number.as_str().unwrap();
    let tail: String = number.chars().skip(number.len() - 4).collect();
    let mut shown = String::new();
    for search in [
        number,
        &tail,
        "5678",
        "2345",
        "停水",
        "井盖",
        "坏了 路灯",
        "停电",
        "**",
        "  ",
        "%",
    ] {
        let page = workstation.call("work_orders", list("all", search));
        let found = lines(&page["rows"], &["title"]).replace('\n', " ");
        let search = search.replace(&tail, "<尾号>").replace(number, "<编号>");
        shown.push_str(&format!("{search}: {found}\n"));
    }
    expect![[r#"
        20261123-W01-<尾号>: 小区停水 
        <尾号>: 小区停水 
        5678: 小区停水 
        2345: 井盖没了 
        停水: 大面积停水 小区停水 
        井盖: 井盖没了 
        坏了 路灯: 路灯坏了好久 
        停电: 
        **: 
          : 大面积停水 井盖没了 小区停水 路灯坏了好久 
        %: 
    "#]]
    .assert_eq(&shown);
    let long = "停".repeat(101);
    let error = workstation.error("work_orders", list("all", &long));
    assert_eq!(error, "invalid: 查找内容最多 100 字。");
}

#[test]
fn pages_follow_one_another_without_gap_or_repeat() {
    let workstation = Workstation::ready();
    let n_orders = 253;
    for n in 0..n_orders {
        // Some in the same millisecond, some later.
        if n % 3 == 0 {
            workstation.move_clock(chrono::TimeDelta::milliseconds(1));
        }
        workstation.submitted(n, &intake(&format!("路灯坏了第{n}盏")), &register());
    }
    let mut numbers = Vec::new();
    let mut after = Value::Null;
    loop {
        let request = json!({ "queue": "all", "search": "", "after": after, "limit": 40 });
        let page = workstation.call("work_orders", request);
        assert_eq!(
            page["total"].as_u64().unwrap(),
            253 + numbers.len() as u64 / 40
        );
        for row in page["rows"].as_array().unwrap() {
            numbers.push(row["number"].as_str().unwrap().to_owned());
        }
        after = page["next"].clone();
        if after.is_null() {
            break;
        }
        // One that comes in between does not move the others.
        let later = 1_000 + u32::try_from(numbers.len()).unwrap();
        workstation.submitted(later, &intake("新来的"), &register());
    }
    assert_eq!(numbers.len(), n_orders as usize);
    let different: BTreeSet<_> = numbers.iter().collect();
    assert_eq!(different.len(), numbers.len());
    assert!(numbers.is_sorted_by(|newer, older| newer > older));
    let nowhere = json!({ "queue": "all", "search": "", "after": "x", "limit": 40 });
    let error = workstation.error("work_orders", nowhere);
    assert_eq!(error, "invalid: 翻页位置不对，请重新打开列表。");
}
