//! 受理: what becomes of an appeal, in one submit.

use expect_test::{Expect, expect};
use serde_json::{Value, json};

use crate::form::{
    answer, dispatch, dispatch_special, draft_id, intake, refuse, register, special, submit,
    transfer,
};
use crate::shown::line;
use crate::workstation::Workstation;

/// Submits twice, as a window does that has lost the first answer, and shows what is there then.
fn check(workstation: &Workstation, intake: &Value, outcome: &Value, expected: &Expect) {
    workstation.save_draft(1, intake);
    workstation.save_draft(2, intake);
    let request = submit(1, intake, outcome);
    let first = workstation.call("submit", request.clone());
    assert_eq!(workstation.draft_ids(), [draft_id(2)]);
    let again = workstation.call("submit", request);
    assert_eq!(workstation.n_orders(), 1);
    for field in ["work_order_id", "number", "stage_text"] {
        assert_eq!(first[field], again[field]);
    }
    assert_eq!(again["message"], "这件诉求此前已保存，没有重复登记。");

    let order = workstation.order(1);
    let mut shown = line(&first, &["number", "stage_text", "message"]) + "\n";
    let row = [
        "title",
        "class_text",
        "place_text",
        "unit",
        "limit_name",
        "due_text",
    ];
    shown.push_str(&(line(&order["row"], &row) + "\n"));
    shown.push_str(&crate::shown::lines(
        &order["story"],
        &["at_text", "title", "detail", "actor"],
    ));
    expected.assert_eq(&shown);
}

#[test]
fn register_waits_for_dispatch() {
    let text = "屋头停水两天了。物业说不晓得。";
    check(
        &Workstation::ready(),
        &intake(text),
        &register(),
        &expect![[r#"
            20261123-W01-0001 | 待派 | 已登记，待派。
            屋头停水两天了 | 一般 | 渠江街道庆丰社区 桥头 |  | 转办 | 11月24日（周二）24:00
            11月23日（周一）09:15 | 登记 求助 | 编号 20261123-W01-0001，按规则集 QX-2023-66 执行 | 陈晓梅 1001
            11月23日（周一）09:15 | 转办时限起算 | 1 个工作日，到11月24日（周二）24:00（第十一条(一)） | 陈晓梅 1001
        "#]],
    );
}

#[test]
fn an_answer_on_the_spot_ends_it() {
    check(
        &Workstation::ready(),
        &intake("医保在哪儿交？"),
        &answer("在户籍地社区或国家医保服务平台缴费。"),
        &expect![[r#"
            20261123-W01-0001 | 当场答复 | 已当场答复办结，已保存在本机。
            医保在哪儿交 | 一般 | 渠江街道庆丰社区 桥头 |  |  | 
            11月23日（周一）09:15 | 登记 求助 | 编号 20261123-W01-0001，按规则集 QX-2023-66 执行 | 陈晓梅 1001
            11月23日（周一）09:15 | 转办时限起算 | 1 个工作日，到11月24日（周二）24:00（第十一条(一)） | 陈晓梅 1001
            11月23日（周一）09:15 | 当场答复 | 在户籍地社区或国家医保服务平台缴费。 | 陈晓梅 1001
        "#]],
    );
}

#[test]
fn an_answer_cites_the_article_and_its_version() {
    let workstation = Workstation::with_samples();
    let mut outcome = answer("先看停水公告。");
    outcome["article_id"] = json!("kb-water-001");
    check(
        &workstation,
        &intake("屋头停水了咋个办"),
        &outcome,
        &expect![[r#"
            20261123-W01-0001 | 当场答复 | 已当场答复办结，已保存在本机。
            屋头停水了咋个办 | 一般 | 渠江街道庆丰社区 桥头 |  |  | 
            11月23日（周一）09:15 | 登记 求助 | 编号 20261123-W01-0001，按规则集 QX-2023-66 执行 | 陈晓梅 1001
            11月23日（周一）09:15 | 转办时限起算 | 1 个工作日，到11月24日（周二）24:00（第十一条(一)） | 陈晓梅 1001
            11月23日（周一）09:15 | 当场答复 | 先看停水公告。（引用知识 kb-water-001 第 1 版） | 陈晓梅 1001
        "#]],
    );
    assert_eq!(workstation.order(1)["answer_article_id"], "kb-water-001");
}

#[test]
fn dispatch_says_that_it_is_not_delivered_yet() {
    check(
        &Workstation::ready(),
        &intake("路灯坏了好久"),
        &dispatch("unit-housing"),
        &expect![[r#"
            20261123-W01-0001 | 已派待送达 | 已保存在本机，未送达；联网后由中心送达承办单位。
            路灯坏了好久 | 一般 | 渠江街道庆丰社区 桥头 | 县住房城乡建设局 | 转办 | 11月24日（周二）24:00
            11月23日（周一）09:15 | 登记 求助 | 编号 20261123-W01-0001，按规则集 QX-2023-66 执行 | 陈晓梅 1001
            11月23日（周一）09:15 | 转办时限起算 | 1 个工作日，到11月24日（周二）24:00（第十一条(一)） | 陈晓梅 1001
            11月23日（周一）09:15 | 派单 县住房城乡建设局 | 请核实处理 | 陈晓梅 1001
        "#]],
    );
}

#[test]
fn a_special_matter_says_telephone_now() {
    check(
        &Workstation::ready(),
        &special("渠江街道大面积停水"),
        &dispatch_special("unit-water-affairs"),
        &expect![[r#"
            20261123-W01-0001 | 已派待送达 | 已保存在本机，未送达。特殊事项请立即电话送达，并记录接听人。
            渠江街道大面积停水 | 特殊 | 渠江街道庆丰社区 桥头 | 县水务局 | 转办 | 11月24日（周二）24:00
            11月23日（周一）09:15 | 登记 求助 | 编号 20261123-W01-0001，按规则集 QX-2023-66 执行 | 陈晓梅 1001
            11月23日（周一）09:15 | 转办时限起算 | 1 个工作日，到11月24日（周二）24:00（第十一条(一)） | 陈晓梅 1001
            11月23日（周一）09:15 | 报告属地 渠江街道 | 11月23日（周一）09:15，接听人 赵值守，电话 | 陈晓梅 1001
            11月23日（周一）09:15 | 派单 县水务局 | 请核实处理 | 陈晓梅 1001
        "#]],
    );
}

#[test]
fn a_refusal_tells_where_to_go() {
    check(
        &Workstation::ready(),
        &intake("我要告他赔钱"),
        &refuse("other_procedure", ""),
        &expect![[r#"
            20261123-W01-0001 | 不予受理 | 已登记不予受理告知，已保存在本机。
            我要告他赔钱 | 一般 | 渠江街道庆丰社区 桥头 |  |  | 
            11月23日（周一）09:15 | 登记 求助 | 编号 20261123-W01-0001，按规则集 QX-2023-66 执行 | 陈晓梅 1001
            11月23日（周一）09:15 | 转办时限起算 | 1 个工作日，到11月24日（周二）24:00（第十一条(一)） | 陈晓梅 1001
            11月23日（周一）09:15 | 不予受理，第八条(一) | 请向有权处理的机关提出 | 陈晓梅 1001
        "#]],
    );
}

#[test]
fn a_refusal_by_law_names_it() {
    check(
        &Workstation::ready(),
        &intake("帮我查下邻居的存款"),
        &refuse("unlawful", "《商业银行法》第二十九条"),
        &expect![[r#"
            20261123-W01-0001 | 不予受理 | 已登记不予受理告知，已保存在本机。
            帮我查下邻居的存款 | 一般 | 渠江街道庆丰社区 桥头 |  |  | 
            11月23日（周一）09:15 | 登记 求助 | 编号 20261123-W01-0001，按规则集 QX-2023-66 执行 | 陈晓梅 1001
            11月23日（周一）09:15 | 转办时限起算 | 1 个工作日，到11月24日（周二）24:00（第十一条(一)） | 陈晓梅 1001
            11月23日（周一）09:15 | 不予受理，第八条(七) | 请向有权处理的机关提出（依据：《商业银行法》第二十九条） | 陈晓梅 1001
        "#]],
    );
}

#[test]
fn a_transfer_is_recorded() {
    check(
        &Workstation::ready(),
        &intake("隔壁燃起来了"),
        &transfer("119"),
        &expect![[r#"
            20261123-W01-0001 | 已转紧急热线 | 已记录转接紧急热线，已保存在本机。
            隔壁燃起来了 | 一般 | 渠江街道庆丰社区 桥头 |  |  | 
            11月23日（周一）09:15 | 登记 求助 | 编号 20261123-W01-0001，按规则集 QX-2023-66 执行 | 陈晓梅 1001
            11月23日（周一）09:15 | 转办时限起算 | 1 个工作日，到11月24日（周二）24:00（第十一条(一)） | 陈晓梅 1001
            11月23日（周一）09:15 | 转 119 火警救援 | 已三方通话 | 陈晓梅 1001
        "#]],
    );
}

/// What the first submit kept is what counts, whatever the second says.
#[test]
fn a_repeated_submit_with_other_content_changes_nothing() {
    let workstation = Workstation::ready();
    let number = workstation.submitted(1, &intake("路灯坏了"), &register());
    let again = workstation.submitted(1, &intake("井盖没了"), &dispatch("unit-housing"));
    assert_eq!(number, again);
    let order = workstation.order(1);
    assert_eq!(order["text"], "路灯坏了");
    assert_eq!(order["row"]["stage"], "registered");
}

#[test]
fn numbers_count_up_each_day_and_over_a_restart() {
    let mut workstation = Workstation::ready();
    let mut numbers = vec![workstation.submitted(1, &intake("一"), &register())];
    workstation.restart();
    numbers.push(workstation.submitted(2, &intake("二"), &register()));
    workstation.set_clock("2026-11-24 00:00");
    numbers.push(workstation.submitted(3, &intake("三"), &register()));
    expect![[r#"
        20261123-W01-0001
        20261123-W01-0002
        20261124-W01-0001"#]]
    .assert_eq(&numbers.join("\n"));
}
