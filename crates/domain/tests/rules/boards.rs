//! 督办看板 and 自动催办, read off orders that were played.

use std::fmt::Write as _;

use domain::calendar::WorkCalendar;
use domain::rule_set::RuleSet;
use domain::supervision::board::{Board, BoardWait, board_items};
use domain::supervision::urging::{UrgeStep, urge_points};
use domain::time_limit::LimitKind;
use domain::work_order::WorkOrder;
use expect_test::{Expect, expect};

use crate::case_file::play_story;
use crate::sentences;

fn limit(kind: LimitKind) -> &'static str {
    match kind {
        LimitKind::Dispatch => "转办",
        LimitKind::SignFor => "签收",
        LimitKind::FirstResponse => "初步响应",
        LimitKind::Progress => "进度反馈",
        LimitKind::Handle => "办理",
        LimitKind::SendBack => "退回",
        LimitKind::ScreeningReview => "甄别初审",
        LimitKind::Evidence => "补证",
        LimitKind::Assist => "协办",
        LimitKind::Verification => "核实",
    }
}

fn board(board: Board) -> &'static str {
    match board {
        Board::Limit => "时限",
        Board::Special => "特殊事项",
        Board::SendBack => "退回待审",
        Board::SendBackLoop => "反复退回",
        Board::Extension => "延期",
        Board::Screening => "甄别",
        Board::UrgeReceipt => "催办待回执",
    }
}

fn waits_for(wait: BoardWait) -> &'static str {
    match wait {
        BoardWait::Limit(kind) => limit(kind),
        BoardWait::TownshipReport => "属地报告",
        BoardWait::SendBackRuling => "退回裁定",
        BoardWait::Settling => "理顺职责",
        BoardWait::ExtensionReview => "延期县审",
        BoardWait::ExtensionRuling => "延期市批",
        BoardWait::ScreeningRequest => "甄别申请",
        BoardWait::ScreeningRuling => "甄别市裁",
        BoardWait::UrgeReceipt => "催办回执",
    }
}

fn orders(story: &str) -> Vec<(i32, WorkOrder)> {
    let played = play_story(story);
    played
        .into_iter()
        .filter_map(|it| Some((it.year, it.order?)))
        .collect()
}

/// Plays the story and tells what stands on the boards at its end.
fn check(story: &str, expected: &Expect) {
    let (calendar, rules) = (WorkCalendar::built_in(), RuleSet::qx_2023_66());
    let mut text = String::new();
    for (year, order) in orders(story) {
        for item in board_items(&order, &calendar, &rules) {
            let whose = item
                .assignment
                .as_ref()
                .map_or("县中心", |(_, unit)| &unit.0);
            let due = item.due_at.map_or("无期限".to_owned(), |due_at| {
                format!("至 {}", sentences::instant(due_at, year))
            });
            writeln!(
                text,
                "{} {} {whose} {} 自 {} 预警 {} {due}",
                board(item.board),
                order.number,
                waits_for(item.waits_for),
                sentences::instant(item.since, year),
                sentences::instant(item.warn_at, year),
            )
            .unwrap();
        }
    }
    expected.assert_eq(&text);
}

/// Plays the story and tells when the units are urged.
fn check_urging(story: &str, expected: &Expect) {
    let (calendar, rules) = (WorkCalendar::built_in(), RuleSet::qx_2023_66());
    let mut text = String::new();
    for (year, order) in orders(story) {
        for assignment in &order.assignments {
            for point in urge_points(assignment, &calendar, &rules) {
                let step = match point.step {
                    UrgeStep::DayBefore => "前一工作日",
                    UrgeStep::Near => "临期",
                    UrgeStep::Overdue => "逾期",
                };
                writeln!(
                    text,
                    "{} {step} {} {}",
                    assignment.unit.0,
                    limit(point.limit),
                    sentences::instant(point.at, year)
                )
                .unwrap();
            }
        }
    }
    expected.assert_eq(&text);
}

/// 第十一条(一)(二): who has to act by when, the center first, then the unit. The right to send back is no
/// duty.
#[test]
fn article_11_1_2_limits() {
    check(
        "2026年
        11-23 周一 09:15 登记 投诉 编号=待派",
        &expect![[r#"
            时限 待派 县中心 转办 自 11-23 09:15 预警 11-24 14:00 至 11-24 24:00
        "#]],
    );
    check(
        "2026年
        11-23 周一 09:15 登记 投诉 编号=已送达
        11-23 周一 09:20 调度员 派单 县水务局
        11-23 周一 09:30 中心系统 确认送达",
        &expect![[r#"
            时限 已送达 县水务局 签收 自 11-23 09:30 预警 11-24 14:00 至 11-24 24:00
            时限 已送达 县水务局 办理 自 11-23 09:30 预警 11-30 14:00 至 11-30 24:00
        "#]],
    );
}

/// 第五条(一)(三), 第十一条(三): what waits for the center's word, and the receipt of an urge.
#[test]
fn article_5_1_3_what_waits() {
    check(
        "2026年
        11-23 周一 09:15 登记 投诉 编号=待批暂挂
        11-23 周一 09:20 调度员 派单 县水务局
        11-23 周一 09:30 中心系统 确认送达
        11-23 周一 10:00 联络员 签收
        11-24 周二 09:00 调度员 催办
        11-25 周三 10:00 联络员 申请延期 一般=3",
        &expect![[r#"
            延期 待批暂挂 县水务局 延期县审 自 11-25 10:00 预警 11-25 10:00 至 11-30 24:00
            催办待回执 待批暂挂 县水务局 催办回执 自 11-24 09:00 预警 11-24 09:00 无期限
        "#]],
    );
    check(
        "2026年
        11-23 周一 09:15 登记 投诉 编号=退回
        11-23 周一 09:20 调度员 派单 县水务局
        11-23 周一 09:30 中心系统 确认送达
        11-23 周一 10:00 县水务局联络员 退回",
        &expect![[r#"
            退回待审 退回 县水务局 退回裁定 自 11-23 10:00 预警 11-23 10:00 至 11-23 16:00
        "#]],
    );
}

/// 第十一条(四): the township first, then the clock of three hours, which runs at night too.
#[test]
fn article_11_4_special_matters() {
    check(
        "2026年
        11-27 周五 22:00 登记 求助 特殊事项 编号=特殊",
        &expect![[r#"
            时限 特殊 县中心 转办 自 11-27 22:00 预警 11-27 22:15 至 11-30 24:00
            特殊事项 特殊 县中心 属地报告 自 11-27 22:00 预警 11-27 22:00 至 11-27 22:15
        "#]],
    );
    check(
        "2026年
        11-27 周五 22:00 登记 求助 特殊事项 编号=特殊
        11-27 周五 22:05 值班长 派单 县水务局 属地=渠江街道
        11-27 周五 22:10 中心系统 确认送达",
        &expect![[r#"
            时限 特殊 县水务局 签收 自 11-27 22:10 预警 11-30 14:00 至 11-30 24:00
            特殊事项 特殊 县水务局 初步响应 自 11-27 22:10 预警 11-28 00:40 至 11-28 01:10
            特殊事项 特殊 县水务局 进度反馈 自 11-27 22:10 预警 11-29 22:10 至 12-01 24:00
            时限 特殊 县水务局 办理 自 11-27 22:10 预警 12-02 14:00 至 12-02 24:00
        "#]],
    );
}

/// 决定 I-5: one working day from the eve of the Spring Festival ends ten days later; the house looks after
/// 24 hours.
#[test]
fn article_11_4_progress_before_a_long_holiday() {
    check(
        "2026年
        02-14 周六 20:00 登记 求助 特殊紧急事项 编号=除夕前
        02-14 周六 20:05 值班长 派单 县水务局 属地=渠江街道
        02-14 周六 20:10 中心系统 确认送达",
        &expect![[r#"
            时限 除夕前 县水务局 签收 自 02-14 20:10 预警 02-24 14:00 至 02-24 24:00
            特殊事项 除夕前 县水务局 初步响应 自 02-14 20:10 预警 02-14 21:40 至 02-14 22:10
            特殊事项 除夕前 县水务局 进度反馈 自 02-14 20:10 预警 02-15 20:10 至 02-24 24:00
            时限 除夕前 县水务局 办理 自 02-14 20:10 预警 02-26 14:00 至 02-26 24:00
        "#]],
    );
}

/// 第十二条(一): what may still be disputed, what the county owes, and what the city does.
#[test]
fn article_12_1_screening() {
    const RATED: &str = "2026年
        11-23 周一 09:15 登记 求助 编号=不满意
        11-23 周一 09:20 调度员 派单 县水务局
        11-23 周一 09:30 中心系统 确认送达
        11-23 周一 10:00 联络员 签收
        11-23 周一 10:10 联络员 联系
        11-24 周二 10:00 联络员 提交答复
        11-24 周二 11:00 单位审核人 签发
        11-25 周三 10:00 市中心 评价 不满意
        ";
    check(
        RATED,
        &expect![[r#"
        甄别 不满意 县水务局 甄别申请 自 11-25 10:00 预警 11-27 24:00 至 12-01 24:00
    "#]],
    );
    check(
        &format!("{RATED}11-26 周四 10:00 联络员 申请甄别 理由=已按规定办结"),
        &expect![[r#"
            甄别 不满意 县水务局 甄别初审 自 11-26 10:00 预警 11-27 14:00 至 11-27 24:00
        "#]],
    );
}

/// 自动催办 on the working day before, when the limit is near, and when it is over.
#[test]
fn article_5_1_urging_without_being_asked() {
    check_urging(
        "2026年
        11-20 周五 09:15 登记 求助 编号=甲
        11-20 周五 09:20 调度员 派单 县水务局
        11-20 周五 09:30 中心系统 确认送达",
        &expect![[r#"
            县水务局 临期 签收 11-23 14:00
            县水务局 逾期 签收 11-23 24:00
            县水务局 前一工作日 办理 11-24 09:00
            县水务局 临期 办理 11-25 14:00
            县水务局 逾期 办理 11-25 24:00
        "#]],
    );
    check_urging(
        "2026年
        11-23 周一 09:15 登记 求助 编号=已退回
        11-23 周一 09:20 调度员 派单 县水务局
        11-23 周一 09:30 中心系统 确认送达
        11-23 周一 10:00 县水务局联络员 退回",
        &expect![[r#""#]],
    );
}
