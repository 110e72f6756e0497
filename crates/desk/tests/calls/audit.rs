//! 审计: what people did, read and were refused is in the record, once each, and nothing of any citizen.

use desk_store::{KeySlots, Store};
use domain::Role;
use expect_test::expect;
use serde_json::{Value, json};

use crate::center::{Cut, LocalCenter, enrolled, sign_in, try_password, until_quiet};
use crate::form::{dispatch, draft_id, intake, register, submit, with};
use crate::shown::lines;
use crate::workstation::{PASSPHRASE, Workstation, wait_until};

const PHONE: &str = "13800001234";

fn everything() -> Value {
    json!({
        "person": "", "act": "", "object": "", "from": "", "until": "", "before": null,
    })
}

/// The record from its beginning, without the looks at it.
fn record(workstation: &Workstation) -> String {
    let mut rows = workstation.call("audit_entries", everything())["rows"].take();
    let rows = rows.as_array_mut().unwrap();
    rows.retain(|row| row["act_text"] != "查询审计记录");
    rows.reverse();
    for row in rows.iter_mut() {
        // A number is drawn at random.
        let said = row["fields_text"].as_str().unwrap();
        if let Some((before, _)) = said.split_once("导出编号 ") {
            row["fields_text"] = json!(format!("{before}导出编号 …"));
        }
    }
    let fields = [
        "person",
        "act_text",
        "object_text",
        "purpose_text",
        "fields_text",
        "outcome_text",
    ];
    lines(&json!(rows), &fields)
}

#[test]
fn a_day_of_a_desk_is_in_the_record_once_each() {
    let workstation = Workstation::ready();
    workstation.submitted(1, &intake("路灯坏了"), &register());
    let id = draft_id(1);
    // Counts and masked lists say nothing of anybody; a search may.
    workstation.call("queues", Value::Null);
    let list =
        |search: &str| json!({ "queue": "all", "search": search, "after": null, "limit": 9 });
    workstation.call("work_orders", list(""));
    workstation.call("work_orders", list("王建国"));
    workstation.call("work_order", json!({ "id": id }));
    workstation.call("caller_history", json!({ "phone": PHONE }));
    workstation.call("reveal_phone", json!({ "id": id, "purpose": "call_back" }));
    workstation.fail("reveal_phone", json!({ "id": id, "purpose": null }));
    let order = workstation.call("work_order", json!({ "id": id }));
    let act = |outcome: Value| json!({ "work_order_id": id, "version": order["version"], "outcome": outcome });
    workstation.fail("act_on_order", act(dispatch("unit-none")));
    workstation.call("act_on_order", act(dispatch("unit-housing")));
    workstation.call(
        "kb_export",
        json!({ "form": "public", "list": null, "with_internal": false }),
    );
    expect![[r#"
         | 打开本机存储 |  |  |  | 已办
        陈晓梅 1001 | 提交受理 | 20261123-W01-0001 |  | 登记 | 已办
        陈晓梅 1001 | 检索工单 |  |  | 检索词 | 已查看
        陈晓梅 1001 | 查看工单 | 20261123-W01-0001 |  |  | 已查看
        陈晓梅 1001 | 查看来电历史 | 138****1234 |  |  | 已查看
        陈晓梅 1001 | 查看诉求人信息 | 20261123-W01-0001 | 回电核实 | 来电号码 | 已查看
        陈晓梅 1001 | 显示号码 | 20261123-W01-0001 |  |  | 未通过
        陈晓梅 1001 | 查看工单 | 20261123-W01-0001 |  |  | 已查看
        陈晓梅 1001 | 处理工单 | 20261123-W01-0001 |  |  | 未通过
        陈晓梅 1001 | 处理工单 | 20261123-W01-0001 |  | 派单 | 已办
        陈晓梅 1001 | 导出知识 |  |  | 导出编号 … | 已办
    "#]]
    .assert_eq(&record(&workstation));
    let verified = workstation.call("verify_audit", Value::Null);
    assert_eq!(verified["is_sound"], true);
    // Whoever reads the record learns nothing of any citizen.
    let shown = workstation.call("audit_entries", everything()).to_string();
    for private in [PHONE, "王建国", "路灯坏了"] {
        assert!(!shown.contains(private), "{private}");
    }
}

#[test]
fn who_came_and_who_may_not_is_in_the_record() {
    let center = LocalCenter::new();
    let workstation = enrolled(&center);
    center.add("3001", "罗兰", &[Role::Auditor]);
    until_quiet(&workstation, &center);
    try_password(&workstation, "1001\n1002", "不对的密码");
    sign_in(&workstation, "1003");
    workstation.fail("work_order", json!({ "id": draft_id(1) }));
    workstation.call("lock", Value::Null);
    sign_in(&workstation, "3001");
    workstation.fail("submit", submit(1, &intake("停水"), &register()));
    expect![[r#"
         | 打开本机存储 |  |  |  | 已办
         | 本机登记到中心 |  |  |  | 已办
        陈晓梅 1001 | 登录 |  |  |  | 已办
        1001�1002 | 登录未成功 |  |  |  | 未通过
        陈晓梅 1001 | 退出登录 |  |  |  | 已办
        周兰 1003 | 登录 |  |  |  | 已办
        周兰 1003 | 查看工单 |  |  |  | 无权限
        周兰 1003 | 锁定 |  |  |  | 已办
        周兰 1003 | 退出登录 |  |  |  | 已办
        罗兰 3001 | 登录 |  |  |  | 已办
        罗兰 3001 | 提交受理 |  |  |  | 无权限
    "#]]
    .assert_eq(&record(&workstation));
}

/// The record by person, act, order and day.
#[test]
fn the_record_is_searched() {
    let workstation = Workstation::ready();
    let number = workstation.submitted(1, &intake("路灯坏了"), &register());
    workstation.submitted(2, &intake("井盖没了"), &register());
    let found = |field: &str, value: &str| {
        let ask = with(everything(), &format!("/{field}"), value);
        let page = workstation.call("audit_entries", ask);
        let rows = page["rows"].as_array().unwrap();
        rows.iter()
            .filter(|row| row["act_text"] == "提交受理")
            .count()
    };
    assert_eq!(found("act", "submit"), 2);
    assert_eq!(found("object", &number), 1);
    assert_eq!(found("person", "1001"), 2);
    assert_eq!(found("person", "1002"), 0);
    assert_eq!(found("from", "2026-11-23"), 2);
    assert_eq!(found("from", "2026-11-24"), 0);
    assert_eq!(found("until", "2026-11-22"), 0);
    let odd = workstation.error("audit_entries", with(everything(), "/from", "昨天"));
    assert_eq!(odd, "invalid: 日期请写成 2026-11-23 的样子。");
    let made = workstation.call("export_audit", everything());
    assert!(
        made["message"].as_str().unwrap().starts_with("已导出"),
        "{made}"
    );
}

/// Somebody who has the passphrase and knows SQL, while the program does not run.
fn behind_the_program(workstation: &mut Workstation, sql: &str) {
    workstation.close();
    let key = KeySlots::load(workstation.folder())
        .and_then(|slots| slots.unlock_with_passphrase(PASSPHRASE))
        .unwrap();
    let store = Store::open(workstation.folder(), &key).unwrap();
    store.as_attacker(sql).unwrap();
    drop(store);
    workstation.restart();
}

/// A chain that was cut off holds by itself; the center keeps where it ended.
#[test]
fn a_chain_that_was_cut_off_is_found_from_outside() {
    let center = LocalCenter::new();
    let mut workstation = enrolled(&center);
    until_quiet(&workstation, &center);
    workstation.call("discard_draft", json!({ "id": draft_id(9) }));
    let is_kept = |n: u64| {
        wait_until("the center keeps it", || {
            workstation.call("retry_sync", Value::Null);
            center.audit_kept() >= n
        });
    };
    is_kept(1);
    let n_kept = center.audit_kept();
    behind_the_program(
        &mut workstation,
        &format!("DROP TRIGGER audit_is_not_deleted; DELETE FROM audit WHERE n >= {n_kept}"),
    );
    sign_in(&workstation, "1001");
    wait_until("the desk is told", || {
        workstation.call("retry_sync", Value::Null);
        let state = workstation.call("sync_state", Value::Null);
        let alerts = state["alerts"].as_array().unwrap();
        alerts.iter().any(|alert| alert["title"] == "审计记录异常")
    });
}

/// Whoever takes the workstation away does not take the record of what was done there.
#[test]
fn the_entries_are_at_the_center_too() {
    let center = LocalCenter::new();
    let workstation = enrolled(&center);
    until_quiet(&workstation, &center);
    let n_over = || {
        let there = center.audit_copied();
        let discarded = there.iter().filter(|it| it.entry.act == "discard_draft");
        discarded.count()
    };
    workstation.call("discard_draft", json!({ "id": draft_id(9) }));
    // Nothing of it is pushed, and nobody asks for it.
    wait_until("the center has the entry", || n_over() == 1);
    center.cut(Cut::Off);
    for n in 10..15 {
        workstation.call("discard_draft", json!({ "id": draft_id(n) }));
    }
    center.cut(Cut::No);
    wait_until("the center has the entries of the time without it", || {
        workstation.call("retry_sync", Value::Null);
        n_over() == 6
    });
    let there = center.audit_copied();
    assert!(there.iter().zip(1..).all(|(link, n)| link.n == n));
    let state = workstation.call("sync_state", Value::Null);
    assert_eq!(state["alerts"], json!([]));
}

#[test]
fn what_was_changed_behind_the_program_is_found() {
    let mut workstation = Workstation::ready();
    workstation.submitted(1, &intake("路灯坏了"), &register());
    behind_the_program(
        &mut workstation,
        "DROP TRIGGER audit_is_not_changed;
         UPDATE audit SET actor = '1002' WHERE act = 'submit'",
    );
    let verified = workstation.call("verify_audit", Value::Null);
    assert_eq!(verified["is_sound"], false);
    assert_eq!(verified["message"], "第 2 条内容被改动，请立即报告中心。");
}
