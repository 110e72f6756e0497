//! 线索 (第十九条至第二十一条) and 超期件 (决定 I-14), read off orders that were played.

use std::fmt::Write as _;

use chrono::NaiveDate;
use domain::HandlingUnitId;
use domain::clock_face::end_of;
use domain::rule_set::{RuleSet, RuleSets};
use domain::supervision::admonition::{
    AdmonishingBody, HeldTalk, OverdueOrder, propose_admonitions,
};
use domain::supervision::clue::{KnowledgeTaskRecord, clues, overdue_orders};
use domain::work_order::WorkOrder;
use expect_test::{Expect, expect};

use crate::case_file::play_story;
use crate::sentences;

/// Plays the story, and tells what can be read off its orders at the time of its last line.
fn check(story: &str, expected: &Expect) {
    let played = play_story(story);
    let year = played[0].year;
    let now = played.iter().flat_map(|it| &it.states).map(|(at, _)| *at);
    let now = now.max().unwrap();
    let orders: Vec<WorkOrder> = played.into_iter().filter_map(|it| it.order).collect();
    let mut text = String::new();
    let overdue = overdue_orders(&orders, now);
    for order in &overdue {
        writeln!(
            text,
            "超期件 {} {} 自 {}{}",
            order.unit.0,
            order.number,
            sentences::instant(order.overdue_at, year),
            if order.is_written_off {
                "，已核销"
            } else {
                ""
            }
        )
        .unwrap();
    }
    let talks = propose_admonitions(&overdue, &[], RuleSet::qx_2023_66().admonition);
    for talk in &talks {
        let body = match talk.body {
            AdmonishingBody::ApprovalBureau => "行政审批局",
            AdmonishingBody::DisciplineCommission => "县纪委监委",
        };
        let numbers = talk.order_numbers.join("、");
        writeln!(
            text,
            "约谈建议 {} 第{}次 {body} {numbers}",
            talk.unit.0, talk.ordinal
        )
        .unwrap();
    }
    for clue in clues(&orders, &[], &talks, &RuleSets::built_in()) {
        writeln!(
            text,
            "线索 {} {} {}",
            clue.ground.article(),
            clue.unit.0,
            clue.numbers.join("、")
        )
        .unwrap();
    }
    expected.assert_eq(&text);
}

/// 第十九条(一): late with the answer, not answered yet, sent back late; a late signature alone is
/// none, and what was written off is none.
#[test]
fn article_19_1_overdue_orders() {
    check(
        "2026年
        11-23 周一 09:15 登记 咨询 编号=迟办
        11-23 周一 09:20 调度员 派单 县水务局
        11-23 周一 09:30 中心系统 确认送达
        11-24 周二 10:00 联络员 签收
        11-24 周二 10:05 联络员 联系
        11-26 周四 10:00 联络员 提交答复
        11-26 周四 10:10 单位审核人 签发

        11-23 周一 09:15 登记 咨询 编号=未办
        11-23 周一 09:20 调度员 派单 县教育局
        11-23 周一 09:30 中心系统 确认送达
        11-24 周二 10:00 县教育局联络员 签收

        11-23 周一 09:15 登记 投诉 编号=迟退
        11-23 周一 09:20 调度员 派单 渠江街道
        11-23 周一 09:30 中心系统 确认送达
        11-25 周三 10:00 渠江街道联络员 退回

        11-23 周一 09:15 登记 投诉 编号=迟签
        11-23 周一 09:20 调度员 派单 县应急管理局
        11-23 周一 09:30 中心系统 确认送达
        11-25 周三 10:00 县应急管理局联络员 签收

        11-23 周一 09:15 登记 咨询 编号=核销
        11-23 周一 09:20 调度员 派单 县应急管理局
        11-23 周一 09:30 中心系统 确认送达
        11-26 周四 10:00 监督员 核销 办理 不可抗力
        11-26 周四 18:00 补充",
        &expect![[r#"
            超期件 县水务局 迟办 自 11-25 24:00
            超期件 县教育局 未办 自 11-25 24:00
            超期件 渠江街道 迟退 自 11-24 24:00
            超期件 县应急管理局 核销 自 11-25 24:00，已核销
            约谈建议 县教育局 第1次 行政审批局 未办
            约谈建议 县水务局 第1次 行政审批局 迟办
            约谈建议 渠江街道 第1次 行政审批局 迟退
        "#]],
    );
}

/// 第十九条(二): the caller says the answer was perfunctory; a rating that was removed is no clue.
#[test]
fn article_19_2_bad_answers() {
    let answered = "09:15 登记 咨询 编号={}
        11-02 周一 09:20 调度员 派单 县水务局
        11-02 周一 09:30 中心系统 确认送达
        11-02 周一 10:00 联络员 签收
        11-02 周一 10:05 联络员 联系
        11-02 周一 11:00 联络员 提交答复
        11-02 周一 11:10 单位审核人 签发";
    let order = |number: &str, after: &str| {
        format!("11-02 周一 {}\n{after}\n\n", answered.replace("{}", number))
    };
    let story = format!(
        "2026年\n{}{}{}{}",
        order("敷衍", "11-03 周二 10:00 市中心 评价 不满意 原因=敷衍"),
        order("慢", "11-03 周二 10:00 市中心 评价 不满意 原因=办理慢"),
        order("满意", "11-03 周二 10:00 市中心 评价 满意 原因=敷衍"),
        order(
            "剔除",
            "11-03 周二 10:00 市中心 评价 不满意 原因=答非所问
            11-03 周二 11:00 联络员 申请甄别
            11-03 周二 12:00 审核员 初审甄别 报市
            11-04 周三 10:00 市中心 市裁甄别 剔除"
        ),
    );
    check(
        &story,
        &expect![[r#"
            线索 第十九条(二) 县水务局 敷衍
        "#]],
    );
}

/// 第十九条(三), 第二十一条(三): sent back although it was settled whose it is; sent back again by the
/// same unit; sent back three times by whichever units.
#[test]
fn article_19_3_and_21_3_shirking() {
    check(
        "2026年
        11-23 周一 09:15 登记 投诉 编号=先例
        11-23 周一 09:20 调度员 派单 县水务局 依据=先例:XL-12:渠府办函〔2025〕8号
        11-23 周一 09:30 中心系统 确认送达
        11-23 周一 10:00 监督员 放行退回
        11-23 周一 10:20 联络员 退回
        11-23 周一 11:00 审核员 裁定退回 不同意

        11-23 周一 09:15 登记 投诉 编号=三退
        11-23 周一 09:20 调度员 派单 县教育局
        11-23 周一 09:30 中心系统 确认送达
        11-23 周一 10:00 县教育局联络员 退回
        11-23 周一 11:00 审核员 裁定退回 同意
        11-23 周一 11:10 调度员 派单 渠江街道
        11-23 周一 11:20 中心系统 确认送达 承办=2
        11-23 周一 14:00 渠江街道联络员 退回
        11-23 周一 15:00 审核员 裁定退回 承办=2 同意
        11-23 周一 15:10 调度员 派单 县教育局
        11-23 周一 15:20 中心系统 确认送达 承办=3
        11-23 周一 16:00 县教育局联络员 退回",
        &expect![[r#"
            线索 第十九条(三) 县教育局 三退
            线索 第十九条(三) 县水务局 先例
            线索 第二十一条(三) 县教育局 三退
        "#]],
    );
}

/// 第二十条(一): three calls about one thing, and still open; answered, it is none.
#[test]
fn article_20_1_repeated_and_unsolved() {
    check(
        "2026年
        11-23 周一 09:15 登记 投诉 编号=未决
        11-23 周一 09:20 调度员 派单 县水务局
        11-23 周一 09:30 中心系统 确认送达
        11-23 周一 10:00 接收并入 工单=QX-2
        11-23 周一 11:00 接收并入 工单=QX-3

        11-23 周一 09:15 登记 投诉 编号=已决
        11-23 周一 09:16 接收并入 工单=QX-2
        11-23 周一 09:17 接收并入 工单=QX-3
        11-23 周一 09:20 当场答复",
        &expect![[r#"
            线索 第二十条(一) 县水务局 未决
        "#]],
    );
}

/// 第十九条(四): a task about the knowledge base that is overdue, or was sent back twice.
#[test]
fn article_19_4_knowledge_tasks() {
    let task = |number: &str, is_overdue, n_rejections| KnowledgeTaskRecord {
        number: number.to_owned(),
        unit: HandlingUnitId("县水务局".to_owned()),
        is_overdue,
        n_rejections,
    };
    let tasks = [
        task("按时", false, 1),
        task("逾期", true, 0),
        task("退改两次", false, 2),
    ];
    let found = clues(&[], &tasks, &[], &RuleSets::built_in());
    let found: Vec<_> = found
        .iter()
        .map(|clue| format!("{} {}", clue.ground.article(), clue.numbers.join("、")))
        .collect();
    expect![[r#"
        [
            "第十九条(四) 逾期、退改两次",
        ]
    "#]]
    .assert_debug_eq(&found);
}

/// 第二十条(三): admonished twice in the year, and late again.
#[test]
fn article_20_3_admonished_in_vain() {
    let overdue = |number: &str, day| OverdueOrder {
        number: number.to_owned(),
        unit: HandlingUnitId("县水务局".to_owned()),
        overdue_at: end_of(NaiveDate::from_ymd_opt(2026, 11, day).unwrap()),
        is_written_off: false,
    };
    let talk = |day| HeldTalk {
        unit: HandlingUnitId("县水务局".to_owned()),
        held_at: end_of(NaiveDate::from_ymd_opt(2026, 11, day).unwrap()),
    };
    let orders = [overdue("甲", 2), overdue("乙", 9), overdue("丙", 16)];
    let rules = RuleSet::qx_2023_66().admonition;
    let mut text = String::new();
    for talks in [vec![], vec![talk(4)], vec![talk(4), talk(11)]] {
        let proposals = propose_admonitions(&orders, &talks, rules);
        let found = clues(&[], &[], &proposals, &RuleSets::built_in());
        let found: Vec<_> = found
            .iter()
            .map(|clue| format!("{} {}", clue.ground.article(), clue.numbers.join("、")))
            .collect();
        writeln!(text, "已约谈 {} 次: {}", talks.len(), found.join("；")).unwrap();
    }
    expect![[r#"
        已约谈 0 次: 
        已约谈 1 次: 
        已约谈 2 次: 第二十条(三) 丙
    "#]]
    .assert_eq(&text);
}
