//! 时限 as the window shows them: the due time and the count behind it.

use expect_test::{Expect, expect};
use serde_json::{Value, json};

use crate::form::{intake, register};
use crate::shown::{line, lines};
use crate::workstation::Workstation;

/// Registers a matter at that time and shows how its limit for dispatch is counted.
fn check(registered: &str, expected: &Expect) {
    let workstation = Workstation::ready();
    workstation.set_clock(registered);
    workstation.submitted(1, &intake("路灯坏了"), &register());
    let order = workstation.order(1);
    let mut shown = String::new();
    for limit in order["limits"].as_array().unwrap() {
        shown.push_str(&(line(limit, &["sum"]) + "\n"));
        shown.push_str(&(line(limit, &["urgency", "target_text", "left_text"]) + "\n"));
        let fields = ["date_text", "ordinal", "reason"];
        shown.push_str(&lines(&limit["days"], &fields));
    }
    expected.assert_eq(&shown);
}

#[test]
fn on_a_monday() {
    check(
        "2026-11-23 09:15",
        &expect![[r#"
        第十一条(一)：转办1 个工作日。自11月23日（周一）09:15起，当日不计，只数工作日，至最后一日 24:00，到11月24日（周二）24:00。
        calm | 11月24日（周二）18:00 | 还剩 1 天 14 小时
        11月24日（周二） | 1 | 工作日
    "#]],
    );
}

#[test]
fn friday_goes_over_the_weekend() {
    check(
        "2026-11-27 17:30",
        &expect![[r#"
        第十一条(一)：转办1 个工作日。自11月27日（周五）17:30起，当日不计，只数工作日，至最后一日 24:00，到11月30日（周一）24:00。
        calm | 11月30日（周一）18:00 | 还剩 3 天 6 小时
        11月28日（周六） | null | 周末
        11月29日（周日） | null | 周末
        11月30日（周一） | 1 | 工作日
    "#]],
    );
}

#[test]
fn before_the_national_holiday() {
    check(
        "2026-09-30 16:40",
        &expect![[r#"
        第十一条(一)：转办1 个工作日。自9月30日（周三）16:40起，当日不计，只数工作日，至最后一日 24:00，到10月8日（周四）24:00。
        calm | 10月8日（周四）18:00 | 还剩 8 天 7 小时
        10月1日（周四） | null | 国庆节放假
        10月2日（周五） | null | 国庆节放假
        10月3日（周六） | null | 国庆节放假
        10月4日（周日） | null | 国庆节放假
        10月5日（周一） | null | 国庆节放假
        10月6日（周二） | null | 国庆节放假
        10月7日（周三） | null | 国庆节放假
        10月8日（周四） | 1 | 工作日
    "#]],
    );
}

/// The notice for 2027 is not out yet.
#[test]
fn a_day_beyond_the_known_calendar_is_provisional() {
    check(
        "2026-12-31 23:59",
        &expect![[r#"
        第十一条(一)：转办1 个工作日。自12月31日（周四）23:59起，当日不计，只数工作日，至最后一日 24:00，到1月1日（周五）24:00。
        calm | 1月1日（周五）18:00 | 还剩 1 天
        1月1日（周五） | 1 | 工作日（临时日历）
    "#]],
    );
}

fn preview(kind: &str, class: &str) -> String {
    let workstation = Workstation::ready();
    let limits = workstation.call("preview_limits", json!({ "kind": kind, "class": class }));
    let fields = ["name", "urgency", "due_text", "target_text", "left_text"];
    lines(&limits, &fields)
}

#[test]
fn a_preview_for_each_kind() {
    let workstation = Workstation::ready();
    let reference = workstation.call("reference", Value::Null);
    let mut shown = String::new();
    for kind in reference["kinds"].as_array().unwrap() {
        let request = json!({ "kind": kind["id"], "class": "ordinary" });
        let limits = workstation.call("preview_limits", request);
        shown.push_str(&(line(kind, &["id", "text"]) + "\n"));
        shown.push_str(&lines(&limits, &["name", "due_text"]));
    }
    expect![[r#"
        consultation | 咨询
        转办 | 11月24日（周二）24:00
        签收 | 11月24日（周二）24:00
        办理 | 11月25日（周三）24:00
        help | 求助
        转办 | 11月24日（周二）24:00
        签收 | 11月24日（周二）24:00
        办理 | 11月26日（周四）24:00
        suggestion | 意见建议
        转办 | 11月24日（周二）24:00
        签收 | 11月24日（周二）24:00
        办理 | 11月26日（周四）24:00
        complaint | 投诉
        转办 | 11月24日（周二）24:00
        签收 | 11月24日（周二）24:00
        办理 | 11月30日（周一）24:00
        report | 举报
        转办 | 11月24日（周二）24:00
        签收 | 11月24日（周二）24:00
        办理 | 11月30日（周一）24:00
    "#]]
    .assert_eq(&shown);
}

#[test]
fn a_preview_of_a_special_matter() {
    expect![[r#"
        转办 | not_started | 11月24日（周二）24:00 | 11月23日（周一）09:30 | 自登记起算
        签收 | not_started | 11月24日（周二）24:00 | 11月24日（周二）18:00 | 自送达起算，按现在送达估算
        初步响应 | not_started | 11月23日（周一）12:15 |  | 自送达起算，按现在送达估算
        进度反馈 | not_started | 11月25日（周三）24:00 | 11月25日（周三）18:00 | 自送达起算，按现在送达估算
        办理 | not_started | 11月26日（周四）24:00 | 11月26日（周四）18:00 | 自送达起算，按现在送达估算
    "#]].assert_eq(&preview("help", "special"));
}

#[test]
fn a_preview_of_a_special_emergency() {
    expect![[r#"
        转办 | not_started | 11月24日（周二）24:00 | 11月23日（周一）09:30 | 自登记起算
        签收 | not_started | 11月24日（周二）24:00 | 11月24日（周二）18:00 | 自送达起算，按现在送达估算
        初步响应 | not_started | 11月23日（周一）11:15 |  | 自送达起算，按现在送达估算
        进度反馈 | not_started | 11月24日（周二）24:00 | 11月24日（周二）18:00 | 自送达起算，按现在送达估算
        办理 | not_started | 11月30日（周一）24:00 | 11月30日（周一）18:00 | 自送达起算，按现在送达估算
    "#]].assert_eq(&preview("complaint", "special_emergency"));
}
