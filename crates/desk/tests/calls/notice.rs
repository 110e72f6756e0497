//! 提醒 at the right times, once each.

use desk::work_order::QueueName;
use desk::{Notice, NoticeTarget};
use expect_test::expect;
use serde_json::{Value, json};

use crate::form::{answer, dispatch_special, draft_id, intake, register, special};
use crate::workstation::Workstation;

/// The notices at that time.
fn at(workstation: &Workstation, time: &str) -> String {
    workstation.set_clock(time);
    let notices = workstation.host().take_notices();
    let shown: Vec<_> = notices.iter().map(line).collect();
    format!("{time}: {}\n", shown.join(" / "))
}

fn line(notice: &Notice) -> String {
    let urgent = if notice.is_urgent { "！" } else { "" };
    let opens = match &notice.target {
        Some(NoticeTarget::WorkOrder { id }) => id.trim_start_matches(['0', '-', '7', '8']),
        Some(NoticeTarget::Queue {
            queue: QueueName::Overdue,
        }) => "超期",
        other => panic!("{other:?}"),
    };
    format!("{urgent}{} {} #{opens}", notice.title, notice.body)
}

/// The target is Tuesday 18:00, the limit Tuesday 24:00.
#[test]
fn four_hours_before_the_target_and_when_it_is_over() {
    let mut workstation = Workstation::ready();
    workstation.submitted(1, &intake("路灯坏了"), &register());
    let mut shown = String::new();
    for time in ["2026-11-23 09:15", "2026-11-24 13:59", "2026-11-24 14:00"] {
        shown.push_str(&at(&workstation, time));
    }
    shown.push_str(&at(&workstation, "2026-11-24 14:01"));
    workstation.restart();
    for time in [
        "2026-11-24 14:02",
        "2026-11-24 21:59",
        "2026-11-25 00:00",
        "2026-11-25 00:01",
        "2026-11-25 06:59",
        "2026-11-25 07:00",
        "2026-11-25 07:01",
        "2026-11-26 09:00",
    ] {
        shown.push_str(&at(&workstation, time));
    }
    expect![[r#"
        2026-11-23 09:15: 
        2026-11-24 13:59: 
        2026-11-24 14:00: 转办即将到期 20261123-W01-0001 路灯坏了，转办期限 11月24日（周二）24:00 #1
        2026-11-24 14:01: 
        2026-11-24 14:02: 
        2026-11-24 21:59: 
        2026-11-25 00:00: 
        2026-11-25 00:01: 
        2026-11-25 06:59: 
        2026-11-25 07:00: ！转办已超期 20261123-W01-0001 路灯坏了，转办期限 11月24日（周二）24:00 #1
        2026-11-25 07:01: 
        2026-11-26 09:00: 
    "#]]
    .assert_eq(&shown);
}

/// The house aims at fifteen minutes, around the clock.
#[test]
fn a_special_matter_disturbs_at_night() {
    let workstation = Workstation::ready();
    workstation.set_clock("2026-11-24 02:00");
    workstation.submitted(1, &intake("路灯坏了"), &register());
    workstation.submitted(2, &special("大面积停水"), &register());
    let mut shown = String::new();
    for time in ["2026-11-24 02:14", "2026-11-24 02:15", "2026-11-24 02:16"] {
        shown.push_str(&at(&workstation, time));
    }
    let dispatched = workstation.act(2, &dispatch_special("unit-water-affairs"));
    workstation.call("act_on_order", dispatched);
    workstation.call("record_delivery", workstation.delivery(2));
    for time in ["2026-11-24 04:45", "2026-11-24 05:15", "2026-11-24 05:17"] {
        shown.push_str(&at(&workstation, time));
    }
    expect![[r#"
        2026-11-24 02:14: 
        2026-11-24 02:15: ！转办即将到期 20261124-W01-0002 大面积停水，转办期限 11月25日（周三）24:00 #2
        2026-11-24 02:16: 
        2026-11-24 04:45: 
        2026-11-24 05:15: ！初步响应即将到期 20261124-W01-0002 大面积停水，初步响应期限 11月24日（周二）05:16 #2
        2026-11-24 05:17: ！初步响应已超期 20261124-W01-0002 大面积停水，初步响应期限 11月24日（周二）05:16 #2
    "#]].assert_eq(&shown);
}

#[test]
fn an_order_that_is_done_is_not_told() {
    let workstation = Workstation::ready();
    workstation.submitted(1, &intake("医保在哪交"), &answer("在社区。"));
    workstation.submitted(2, &intake("路灯坏了"), &register());
    workstation.call("act_on_order", workstation.act(2, &answer("已修好。")));
    let shown = at(&workstation, "2026-11-24 14:00") + &at(&workstation, "2026-11-26 09:00");
    expect![[r#"
        2026-11-24 14:00: 
        2026-11-26 09:00: 
    "#]]
    .assert_eq(&shown);
}

#[test]
fn more_than_three_at_once_are_one() {
    let workstation = Workstation::ready();
    let register_some = |drafts: std::ops::Range<u32>| {
        for n in drafts {
            workstation.submitted(n, &intake("路灯坏了"), &register());
        }
    };
    register_some(1..4);
    let mut shown = at(&workstation, "2026-11-24 14:00");
    register_some(4..8);
    workstation.set_clock("2026-11-25 08:00");
    shown.push_str(&at(&workstation, "2026-11-25 14:00"));
    shown.push_str(&at(&workstation, "2026-11-25 14:01"));
    expect![[r#"
        2026-11-24 14:00: 转办即将到期 20261123-W01-0001 路灯坏了，转办期限 11月24日（周二）24:00 #1 / 转办即将到期 20261123-W01-0002 路灯坏了，转办期限 11月24日（周二）24:00 #2 / 转办即将到期 20261123-W01-0003 路灯坏了，转办期限 11月24日（周二）24:00 #3
        2026-11-25 14:00: ！7 件工单需要处理 临近期限 4 件，已超期 3 件，请在“工单”中查看。 #超期
        2026-11-25 14:01: 
    "#]].assert_eq(&shown);
}

/// Other windows show the order as near its limit from now on.
#[test]
fn a_notice_is_a_change() {
    let workstation = Workstation::ready();
    workstation.submitted(1, &intake("路灯坏了"), &register());
    workstation.wait_for_index();
    let mut changes = workstation.host().changes();
    assert!(workstation.host().take_notices().is_empty());
    assert!(changes.try_recv().is_err());
    workstation.set_clock("2026-11-24 14:00");
    let notices = workstation.host().take_notices();
    let order = NoticeTarget::WorkOrder { id: draft_id(1) };
    assert_eq!(notices[0].target, Some(order));
    assert_eq!(changes.try_recv().unwrap(), ["work_orders", "status"]);
}

/// What a window would open, if anything waits for it.
fn clicked(workstation: &Workstation) -> Value {
    workstation.call("clicked_notice", Value::Null)
}

#[test]
fn a_click_opens_what_the_notice_is_about_once() {
    let workstation = Workstation::ready();
    workstation.submitted(1, &intake("路灯坏了"), &register());
    workstation.set_clock("2026-11-24 14:00");
    let notice = workstation.host().take_notices().remove(0);
    assert_eq!(clicked(&workstation), Value::Null);
    let mut changes = workstation.host().changes();
    workstation.host().click_notice(notice.target.unwrap());
    assert_eq!(changes.try_recv().unwrap(), ["clicked_notice"]);
    let order = json!({ "click": 1, "target": { "type": "work_order", "id": draft_id(1) } });
    assert_eq!(clicked(&workstation), order);
    // Another click came in between: what was followed is not that.
    let queue = NoticeTarget::Queue {
        queue: QueueName::Overdue,
    };
    workstation.host().click_notice(queue);
    workstation.call("follow_notice", json!({ "click": 1 }));
    let queue = json!({ "click": 2, "target": { "type": "queue", "queue": "overdue" } });
    assert_eq!(clicked(&workstation), queue);
    workstation.call("follow_notice", json!({ "click": 2 }));
    assert_eq!(clicked(&workstation), Value::Null);
}

#[test]
fn a_click_on_what_is_not_there_or_was_long_ago_opens_nothing() {
    let workstation = Workstation::ready();
    let gone = NoticeTarget::WorkOrder { id: draft_id(7) };
    workstation.host().click_notice(gone);
    assert_eq!(clicked(&workstation), Value::Null);
    let gone = NoticeTarget::EarlyWarning {
        id: Some(draft_id(7)),
    };
    workstation.host().click_notice(gone);
    assert_eq!(clicked(&workstation), Value::Null);
    workstation.set_clock("2026-11-24 14:00");
    let all = || NoticeTarget::EarlyWarning { id: None };
    workstation.host().click_notice(all());
    workstation.set_clock("2026-11-24 14:09");
    assert_eq!(clicked(&workstation)["target"]["type"], "early_warning");
    workstation.set_clock("2026-11-24 14:10");
    assert_eq!(clicked(&workstation), Value::Null);
}
