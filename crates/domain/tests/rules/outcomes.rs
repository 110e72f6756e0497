//! What becomes of a matter at the center, for each kind and each class.

use std::fmt::Write as _;

use domain::matter::{MatterClass, MatterKind};
use domain::out_of_scope::{EmergencyLine, OutOfScopeClass};
use expect_test::expect;

use crate::case_file::{check, play};
use crate::words;

#[test]
fn a_consultation_is_answered_from_the_knowledge_base() {
    check(
        "2026年
        11-23 周一 09:15 登记 咨询 微信 姓名=王女士 来电=13800001234 内容=「医保怎么转？在外地上班。」 -> 转办 11-24 24:00
        11-23 周一 09:17 当场答复 答复=「  带身份证，网上也能办。 」 引用=KB-0007@3 -> 转办按时",
        &expect![[r"
            已当场答复 咨询 一般事项 「医保怎么转」
              答复「带身份证，网上也能办。」 引用 KB-0007 第3版
              转办　　 截止 11-24 周二 24:00 目标 11-24 周二 18:00 预警 11-24 14:00 按时 11-23 09:17 第十一条(一)
        "]],
    );
}

/// Every kind and class on every way through the center; the day has no holiday near it.
#[test]
fn every_kind_and_class_may_go_every_way() {
    let ways = [
        "当场答复",
        "不予受理 第八条(一)",
        "转紧急 110",
        "派单 县水务局",
    ];
    for kind in MatterKind::ALL.map(words::matter_kind) {
        for class in MatterClass::ALL.map(words::matter_class) {
            for way in ways {
                let report = township_report(class, way);
                let case = format!(
                    "2026年
                    11-23 周一 09:15 登记 {kind} {class} -> 转办 11-24 24:00
                    11-23 周一 09:20 {way}{report}"
                );
                let played = play(&case);
                let ends_limit = !way.starts_with("派单");
                let expected = if ends_limit { "转办按时" } else { "" };
                assert_eq!(played[0].outcomes[1], expected, "{case}");
            }
        }
    }
}

/// A special matter is not dispatched before the township is told (第十一条(四)).
fn township_report(class: &str, way: &str) -> &'static str {
    if class != "一般事项" && way.starts_with("派单") {
        " 属地=渠江街道"
    } else {
        ""
    }
}

/// The limits that run from delivery; that of handling follows the kind, the two of 第十一条(四)
/// the class.
#[test]
fn what_delivery_starts_for_every_kind_and_class() {
    let mut table = String::new();
    for kind in MatterKind::ALL.map(words::matter_kind) {
        for class in MatterClass::ALL.map(words::matter_class) {
            let way = "派单 县水务局";
            let report = township_report(class, way);
            let case = format!(
                "2026年
                11-23 周一 09:15 登记 {kind} {class}
                11-23 周一 09:20 {way}{report}
                11-23 周一 09:30 电话送达 09:25 -> ?"
            );
            let outcome = &play(&case)[0].outcomes[2];
            writeln!(table, "{kind} {class}: {outcome}").unwrap();
        }
    }
    expect![[r"
        咨询 一般事项: 拒绝: 一般事项由中心确认送达
        咨询 特殊事项: 转办按时 签收 11-24 24:00 初步响应 11-23 12:25 进度反馈 11-25 24:00 办理 11-25 24:00
        咨询 特殊紧急事项: 转办按时 签收 11-24 24:00 初步响应 11-23 11:25 进度反馈 11-24 24:00 办理 11-25 24:00
        求助 一般事项: 拒绝: 一般事项由中心确认送达
        求助 特殊事项: 转办按时 签收 11-24 24:00 初步响应 11-23 12:25 进度反馈 11-25 24:00 办理 11-26 24:00
        求助 特殊紧急事项: 转办按时 签收 11-24 24:00 初步响应 11-23 11:25 进度反馈 11-24 24:00 办理 11-26 24:00
        意见建议 一般事项: 拒绝: 一般事项由中心确认送达
        意见建议 特殊事项: 转办按时 签收 11-24 24:00 初步响应 11-23 12:25 进度反馈 11-25 24:00 办理 11-26 24:00
        意见建议 特殊紧急事项: 转办按时 签收 11-24 24:00 初步响应 11-23 11:25 进度反馈 11-24 24:00 办理 11-26 24:00
        投诉 一般事项: 拒绝: 一般事项由中心确认送达
        投诉 特殊事项: 转办按时 签收 11-24 24:00 初步响应 11-23 12:25 进度反馈 11-25 24:00 办理 11-30 24:00
        投诉 特殊紧急事项: 转办按时 签收 11-24 24:00 初步响应 11-23 11:25 进度反馈 11-24 24:00 办理 11-30 24:00
        举报 一般事项: 拒绝: 一般事项由中心确认送达
        举报 特殊事项: 转办按时 签收 11-24 24:00 初步响应 11-23 12:25 进度反馈 11-25 24:00 办理 11-30 24:00
        举报 特殊紧急事项: 转办按时 签收 11-24 24:00 初步响应 11-23 11:25 进度反馈 11-24 24:00 办理 11-30 24:00
    "]].assert_eq(&table);
}

#[test]
fn article_8_has_eight_classes_and_the_last_two_need_a_law() {
    let mut table = String::new();
    for class in OutOfScopeClass::ALL {
        let article = class.article();
        for law in ["", "依据=「治安管理处罚法第四十二条」"] {
            let case = format!(
                "2026年
                11-23 周一 09:15 登记 投诉
                11-23 周一 09:16 不予受理 {article} {law} -> ?"
            );
            let outcome = &play(&case)[0].outcomes[1];
            let with = if law.is_empty() {
                "无依据"
            } else {
                "有依据"
            };
            writeln!(table, "{article} {with}: {outcome}").unwrap();
        }
    }
    expect![[r"
        第八条(一) 无依据: 转办按时
        第八条(一) 有依据: 转办按时
        第八条(二) 无依据: 转办按时
        第八条(二) 有依据: 转办按时
        第八条(三) 无依据: 拒绝: 紧急事项应当转接
        第八条(三) 有依据: 拒绝: 紧急事项应当转接
        第八条(四) 无依据: 转办按时
        第八条(四) 有依据: 转办按时
        第八条(五) 无依据: 转办按时
        第八条(五) 有依据: 转办按时
        第八条(六) 无依据: 转办按时
        第八条(六) 有依据: 转办按时
        第八条(七) 无依据: 拒绝: 第八条(七)须写明法律依据
        第八条(七) 有依据: 转办按时
        第八条(八) 无依据: 拒绝: 第八条(八)须写明法律依据
        第八条(八) 有依据: 转办按时
    "]]
    .assert_eq(&table);
}

#[test]
fn a_refused_matter_keeps_its_explanation_and_its_law() {
    check(
        "2026年
        11-23 周一 09:15 登记 投诉
        11-23 周一 09:16 不予受理 第八条(七) 引导=该要求与法律规定不符 依据=治安管理处罚法第四十二条 -> 转办按时

        11-23 周一 09:15 登记 投诉
        11-23 周一 09:16 不予受理 第八条(一) 引导=请向县人民法院起诉 -> 转办按时",
        &expect![[r"
            已不予受理 投诉 一般事项 「小区停水两天了」
              第八条(七) 引导「该要求与法律规定不符」 依据「治安管理处罚法第四十二条」
              转办　　 截止 11-24 周二 24:00 目标 11-24 周二 18:00 预警 11-24 14:00 按时 11-23 09:16 第十一条(一)

            已不予受理 投诉 一般事项 「小区停水两天了」
              第八条(一) 引导「请向县人民法院起诉」 依据「」
              转办　　 截止 11-24 周二 24:00 目标 11-24 周二 18:00 预警 11-24 14:00 按时 11-23 09:16 第十一条(一)
        "]],
    );
}

#[test]
fn an_emergency_is_transferred_and_not_refused() {
    check(
        "2026年
        11-23 周一 09:15 登记 求助
        11-23 周一 09:16 不予受理 第八条(三) 引导=请拨打119 -> 拒绝: 紧急事项应当转接
        11-23 周一 09:16 转紧急 119 情况=已接通 -> 转办按时
        11-23 周一 09:17 派单 县应急管理局 -> 拒绝: 已转紧急不能派单",
        &expect![[r"
            已转紧急 求助 一般事项 「小区停水两天了」
              转 119 「已接通」
              转办　　 截止 11-24 周二 24:00 目标 11-24 周二 18:00 预警 11-24 14:00 按时 11-23 09:16 第十一条(一)
        "]],
    );
    for line in EmergencyLine::ALL {
        let case = format!(
            "2026年
            11-23 周一 09:15 登记 求助
            11-23 周一 09:16 转紧急 {} -> 转办按时",
            line.number()
        );
        play(&case);
    }
}

#[test]
fn an_order_that_is_dealt_with_starts_no_further_limit() {
    let case = "2026年
        11-23 周一 09:15 登记 咨询
        11-23 周一 09:17 当场答复";
    let played = play(case);
    let order = played[0].order.as_ref().unwrap();
    assert_eq!(order.next_limit_at(order.registered_at), None);
    assert_eq!(order.lead_unit(), None);
    assert_eq!(order.version, 3);
}

#[test]
fn the_limit_that_is_over_first_comes_next() {
    let case = "2026年
        11-23 周一 09:15 登记 投诉 特殊事项
        11-23 周一 09:20 派单 县水务局 属地=渠江街道
        11-23 周一 09:30 电话送达 09:25";
    let played = play(case);
    let order = played[0].order.as_ref().unwrap();
    let next = order
        .next_limit_at(order.last_event_at)
        .map(|limit| words::limit(limit.kind));
    assert_eq!(next, Some("初步响应"));
    let lead_unit = order.lead_unit().map(|unit| unit.0.as_str());
    assert_eq!(lead_unit, Some("县水务局"));
}
