//! 监督文书: a case is printed by what follows from its ground, with the orders that it stands on.

use domain::Role;
use expect_test::expect;
use serde_json::{Value, json};

use crate::center::{LocalCenter, enrolled, sign_in, until_quiet};
use crate::files::handed;
use crate::form::{dispatch, intake};
use crate::order_form::text_of;
use crate::workstation::Workstation;

fn act(workstation: &Workstation, number: Option<&str>, version: u32, act: &Value) -> String {
    let request = json!({ "number": number, "version": version, "act": act });
    let done = workstation.call("act_on_case", request);
    done["number"].as_str().unwrap().to_owned()
}

fn proposed(workstation: &Workstation, ground: &str, order: &str) -> String {
    let body = (ground == "overdue").then_some("approval_bureau");
    let propose = json!({
        "type": "propose", "ground": ground, "unit_id": "unit-water-affairs", "body": body,
        "facts": "停水三天未恢复，超过办理期限。",
        "evidence": [{ "number": order, "note": "超期未办结" }, { "number": "渠府办函〔2026〕9号", "note": "" }],
    });
    act(workstation, None, 0, &propose)
}

fn printed(workstation: &Workstation, number: &str, output: &str) -> Vec<u8> {
    let request = json!({ "number": number, "output": output });
    let made = workstation.call("print_case", request);
    handed(workstation, &made)
}

#[test]
fn a_case_is_printed_with_the_orders_it_stands_on() {
    let center = LocalCenter::new();
    let mut workstation = enrolled(&center);
    center.add("2001", "罗兰", &[Role::Supervisor]);
    center.add("2002", "江辉", &[Role::Supervisor]);
    center.set_clock("2026-11-26 09:00");
    workstation.set_clock("2026-11-26 09:00");
    workstation.move_into_a_window();
    sign_in(&workstation, "1001");
    let order = workstation.submitted(1, &intake("小区停水"), &dispatch("unit-water-affairs"));
    until_quiet(&workstation, &center);

    sign_in(&workstation, "2001");
    let talk = proposed(&workstation, "overdue", &order);
    let text = text_of(&printed(&workstation, &talk, "docx"));
    let text = text.replace(&talk, "某件").replace(&order, "某工单");
    // The last line has the number of the export.
    let (text, last) = text.rsplit_once('\n').unwrap();
    assert!(
        last.starts_with("罗兰 2001　2026年11月26日 09:00　监督　导出编号 "),
        "{last}"
    );
    expect![[r#"
        渠县12345政务服务便民热线
        约谈建议单
        编号：某件
        被约谈单位|县水务局|提出时间|2026年11月26日 09:00|约谈情形|第十九条(一) 超期办理、超期未办理|约谈次数|2026年度第 1 次|约谈主体|县行政审批局|统计期间|2026年11月|事实经过|停水三天未恢复，超过办理期限。|约谈建议|建议约谈该单位负责人，查明原因，明确整改措施。
        证据清单
        序号|工单编号|诉求标题|期限|情况|1|某工单|小区停水||超期未办结|2|渠府办函〔2026〕9号|||
        确认|确认人意见|签名：　　　　　　　年　　月　　日|约谈情况|约谈时间||约谈地点||约谈人||被约谈人||整改要求||被约谈单位|签名：　　　　　　　年　　月　　日
        本单为系统依据工单记录提出的建议，经行政审批局确认后生效。
        依据《渠县12345政务服务便民热线运行管理办法》（渠府办〔2023〕66号）第十九条。"#]].assert_eq(text);
    assert!(printed(&workstation, &talk, "pdf").starts_with(b"%PDF"));

    // What was confirmed and issued says so.
    let referral = proposed(&workstation, "reprisal_or_leak", &order);
    sign_in(&workstation, "2002");
    act(
        &workstation,
        Some(&referral),
        1,
        &json!({ "type": "confirm" }),
    );
    let issue = json!({
        "type": "issue", "document": "渠审批函〔2026〕3号", "addressee": "县纪委监委", "answer_by": "",
    });
    act(&workstation, Some(&referral), 2, &issue);
    let text = text_of(&printed(&workstation, &referral, "docx"));
    for said in [
        "移送建议书",
        "渠审批函〔2026〕3号",
        "县纪委监委",
        "同意。确认人：江辉 2002",
    ] {
        assert!(text.contains(said), "{said}: {text}");
    }
    // Who called is on none.
    assert!(!text.contains("13800001234"), "{text}");
    let error = workstation.error("print_case", json!({ "number": "JD-0", "output": "pdf" }));
    assert!(error.contains("没有找到"), "{error}");
}
