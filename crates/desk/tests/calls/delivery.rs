//! 电话送达 of special matters, and the limits that it starts.

use expect_test::{Expect, expect};
use serde_json::Value;

use crate::form::{dispatch, dispatch_special, intake, register, special, with};
use crate::shown::{is_chinese_sentence, lines};
use crate::workstation::Workstation;

fn limits(workstation: &Workstation) -> String {
    let fields = ["name", "urgency", "due_text", "target_text", "left_text"];
    lines(&workstation.order(1)["limits"], &fields)
}

/// Dispatches the matter, delivers it twenty minutes later, and shows its limits.
fn check(matter: &Value, expected: &Expect) {
    let workstation = Workstation::ready();
    workstation.submitted(1, matter, &dispatch_special("unit-water-affairs"));
    let mut shown = limits(&workstation);
    workstation.move_clock(chrono::TimeDelta::minutes(20));
    let done = workstation.call("record_delivery", workstation.delivery(1));
    shown.push_str(&format!("{}\n", done["message"]));
    shown.push_str(&limits(&workstation));
    let story = workstation.order(1)["story"].clone();
    shown.push_str(&lines(&story, &["at_text", "title", "detail"]));
    expected.assert_eq(&shown);
}

#[test]
fn a_special_matter() {
    check(
        &special("渠江街道大面积停水"),
        &expect![[r#"
            转办 | calm | 11月24日（周二）24:00 | 11月23日（周一）09:30 | 还剩 1 天 14 小时
            "已记录电话送达，签收和办理时限开始计算。"
            转办 | met | 11月24日（周二）24:00 | 11月23日（周一）09:30 | 11月23日（周一）09:35按时完成
            签收 | calm | 11月24日（周二）24:00 | 11月24日（周二）18:00 | 还剩 1 天 14 小时
            初步响应 | calm | 11月23日（周一）12:35 |  | 还剩 3 小时
            进度反馈 | calm | 11月25日（周三）24:00 | 11月25日（周三）18:00 | 还剩 2 天 14 小时
            办理 | calm | 11月26日（周四）24:00 | 11月26日（周四）18:00 | 还剩 3 天 14 小时
            11月23日（周一）09:15 | 登记 求助 | 编号 20261123-W01-0001，按规则集 QX-2023-66 执行
            11月23日（周一）09:15 | 转办时限起算 | 1 个工作日，到11月24日（周二）24:00（第十一条(一)）
            11月23日（周一）09:15 | 报告属地 渠江街道 | 11月23日（周一）09:15，接听人 赵值守，电话
            11月23日（周一）09:15 | 派单 县水务局 | 请核实处理
            11月23日（周一）09:35 | 电话送达 | 11月23日（周一）09:35，接听人 李值班，电话 0818-7212345
            11月23日（周一）09:35 | 签收时限起算 | 1 个工作日，到11月24日（周二）24:00（第十一条(二)）
            11月23日（周一）09:35 | 初步响应时限起算 | 3 小时，到11月23日（周一）12:35（第十一条(四)）
            11月23日（周一）09:35 | 进度反馈时限起算 | 2 个工作日，到11月25日（周三）24:00（第十一条(四)）
            11月23日（周一）09:35 | 办理时限起算 | 3 个工作日，到11月26日（周四）24:00（第十一条(二)）
        "#]],
    );
}

#[test]
fn a_special_emergency() {
    let matter = with(special("屋后山体滑坡"), "/class", "special_emergency");
    check(
        &matter,
        &expect![[r#"
            转办 | calm | 11月24日（周二）24:00 | 11月23日（周一）09:30 | 还剩 1 天 14 小时
            "已记录电话送达，签收和办理时限开始计算。"
            转办 | met | 11月24日（周二）24:00 | 11月23日（周一）09:30 | 11月23日（周一）09:35按时完成
            签收 | calm | 11月24日（周二）24:00 | 11月24日（周二）18:00 | 还剩 1 天 14 小时
            初步响应 | calm | 11月23日（周一）11:35 |  | 还剩 2 小时
            进度反馈 | calm | 11月24日（周二）24:00 | 11月24日（周二）18:00 | 还剩 1 天 14 小时
            办理 | calm | 11月26日（周四）24:00 | 11月26日（周四）18:00 | 还剩 3 天 14 小时
            11月23日（周一）09:15 | 登记 求助 | 编号 20261123-W01-0001，按规则集 QX-2023-66 执行
            11月23日（周一）09:15 | 转办时限起算 | 1 个工作日，到11月24日（周二）24:00（第十一条(一)）
            11月23日（周一）09:15 | 报告属地 渠江街道 | 11月23日（周一）09:15，接听人 赵值守，电话
            11月23日（周一）09:15 | 派单 县水务局 | 请核实处理
            11月23日（周一）09:35 | 电话送达 | 11月23日（周一）09:35，接听人 李值班，电话 0818-7212345
            11月23日（周一）09:35 | 签收时限起算 | 1 个工作日，到11月24日（周二）24:00（第十一条(二)）
            11月23日（周一）09:35 | 初步响应时限起算 | 2 小时，到11月23日（周一）11:35（第十一条(四)）
            11月23日（周一）09:35 | 进度反馈时限起算 | 1 个工作日，到11月24日（周二）24:00（第十一条(四)）
            11月23日（周一）09:35 | 办理时限起算 | 3 个工作日，到11月26日（周四）24:00（第十一条(二)）
        "#]],
    );
}

#[test]
fn an_ordinary_matter_is_delivered_by_the_center() {
    let workstation = Workstation::ready();
    workstation.submitted(1, &intake("路灯坏了"), &dispatch("unit-housing"));
    let before = workstation.order(1);
    let error = workstation.error("record_delivery", workstation.delivery(1));
    expect![
        "refused: 一般事项由中心服务器送达承办单位后才算送达；只有特殊、特殊紧急事项可以电话送达。"
    ]
    .assert_eq(&error);
    assert_eq!(workstation.order(1), before);
}

#[test]
fn what_a_delivery_needs() {
    let workstation = Workstation::ready();
    workstation.submitted(1, &special("停水"), &register());
    let mut shown = workstation.error("record_delivery", workstation.delivery(1)) + "\n";
    let dispatched = workstation.act(1, &dispatch_special("unit-water-affairs"));
    workstation.call("act_on_order", dispatched);
    for (field, value) in [
        ("/answered_by", " ".to_owned()),
        ("/phone", String::new()),
        ("/answered_by", "长".repeat(501)),
    ] {
        let request = with(workstation.delivery(1), field, value);
        shown.push_str(&(workstation.error("record_delivery", request) + "\n"));
    }
    workstation.call("record_delivery", workstation.delivery(1));
    let twice = workstation.error("record_delivery", workstation.delivery(1));
    shown.push_str(&(twice + "\n"));
    for line in shown.lines() {
        assert!(is_chinese_sentence(line), "{line}");
    }
    expect![[r#"
        refused: 工单现在是“待派”，不能进行“记录电话送达”。
        refused: 请填写接听人。
        refused: 请填写送达电话。
        refused: 接听人最多 500 字，现有 501 字，请删减后再提交。
        refused: 承办单位的办理现在是“已送达待签收”，不能进行“记录电话送达”。
    "#]]
    .assert_eq(&shown);
}

/// 第十一条(一): sent on the day after it was due.
#[test]
fn a_late_delivery_is_shown_as_late() {
    let workstation = Workstation::ready();
    workstation.submitted(1, &special("停水"), &dispatch_special("unit-water-affairs"));
    workstation.set_clock("2026-11-25 00:00");
    assert!(limits(&workstation).contains("soon"), "24:00 is in time");
    workstation.set_clock("2026-11-25 08:00");
    workstation.call("record_delivery", workstation.delivery(1));
    expect![[r#"
        转办 | met_late | 11月24日（周二）24:00 | 11月23日（周一）09:30 | 11月25日（周三）08:00完成，已超期
        签收 | calm | 11月26日（周四）24:00 | 11月26日（周四）18:00 | 还剩 1 天 16 小时
        初步响应 | calm | 11月25日（周三）11:00 |  | 还剩 3 小时
        进度反馈 | calm | 11月27日（周五）24:00 | 11月27日（周五）18:00 | 还剩 2 天 16 小时
        办理 | calm | 11月30日（周一）24:00 | 11月30日（周一）18:00 | 还剩 5 天 16 小时
    "#]].assert_eq(&limits(&workstation));
}

/// 第十一条(四): the township is told first.
#[test]
fn a_special_matter_is_reported_to_its_township() {
    let workstation = Workstation::ready();
    workstation.submitted(1, &special("停水"), &register());
    workstation.move_clock(chrono::TimeDelta::minutes(20));
    let without = workstation.act(1, &dispatch("unit-water-affairs"));
    let mut shown = workstation.error("act_on_order", without) + "\n";
    for (field, value) in [
        ("/report/unit_id", ""),
        ("/report/unit_id", "town-none"),
        ("/report/answered_by", " "),
        ("/report/method", ""),
        ("/report/reported_time", "九点"),
        ("/report/reported_time", "09:14"),
        ("/report/reported_time", "09:36"),
    ] {
        let outcome = with(dispatch_special("unit-water-affairs"), field, value);
        let error = workstation.error("act_on_order", workstation.act(1, &outcome));
        shown.push_str(&(error + "\n"));
    }
    for line in shown.lines() {
        assert!(is_chinese_sentence(line), "{line}");
    }
    let outcome = with(
        dispatch_special("unit-water-affairs"),
        "/report/reported_time",
        "09:15",
    );
    let done = workstation.call("act_on_order", workstation.act(1, &outcome));
    shown.push_str(&format!("{}\n", done["message"]));
    let story = workstation.order(1)["story"].clone();
    shown.push_str(&lines(&story, &["at_text", "title", "detail"]));
    expect![[r#"
        refused: 特殊事项须先向属地乡镇（街道）报告，请填写属地报告后再派单。
        invalid: 请选择报告的属地乡镇（街道）。
        refused: 承办单位名录中没有“town-none”。
        refused: 请填写接听人。
        refused: 请填写方式。
        invalid: 报告时间请写成 09:15 的样子。
        refused: 时间应在 11月23日（周一）09:15 与现在 11月23日（周一）09:35 之间。
        refused: 时间应在 11月23日（周一）09:15 与现在 11月23日（周一）09:35 之间。
        "已保存在本机，未送达。特殊事项请立即电话送达，并记录接听人。"
        11月23日（周一）09:15 | 登记 求助 | 编号 20261123-W01-0001，按规则集 QX-2023-66 执行
        11月23日（周一）09:15 | 转办时限起算 | 1 个工作日，到11月24日（周二）24:00（第十一条(一)）
        11月23日（周一）09:35 | 报告属地 渠江街道 | 11月23日（周一）09:15，接听人 赵值守，电话
        11月23日（周一）09:35 | 派单 县水务局 | 请核实处理
    "#]]
    .assert_eq(&shown);
}
