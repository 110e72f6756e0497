//! 边界案例 of an order's life (rules.md 第4节). Those that are about a limit alone (①②⑫⑬⑭㉑) stand
//! in [`crate::limit_cases`]; those about counting the delays of a unit (⑳) beside that code.

use chrono::{NaiveDate, TimeDelta};
use domain::clock_face::end_of;
use domain::matter::{Origin, Source};
use domain::rule_set::{RuleSet, RuleSetId, RuleSets};
use domain::time_limit::LimitKind;
use domain::work_order::{
    CallerVisibility, CommandKind, apply, caller_visibility, commands_at, decide, fold,
};
use domain::{Facts, HandlingUnitId, HandlingUnits, Refusal, Role};
use expect_test::expect;

use crate::case_file::{play, tell};
use crate::world;

/// Every story, for the tests that look at all states.
pub(crate) const STORIES: &[&str] = &[
    CASE_03_AND_04,
    CASE_05,
    CASE_06,
    CASE_07,
    CASE_08,
    CASE_09,
    CASE_10,
    CASE_11,
    CASE_15,
    CASE_17,
    CASE_18,
];

/// 边界③④: a consultation is not extended; a second after the end is too late.
const CASE_03_AND_04: &str = "2026年
    11-23 周一 09:15 登记 咨询
    11-23 周一 09:20 调度员 派单 县水务局
    11-23 周一 09:30 中心系统 确认送达
    11-24 周二 10:00 联络员 申请延期 一般=1

    11-23 周一 09:15 登记 求助
    11-23 周一 09:20 调度员 派单 县水务局
    11-23 周一 09:30 中心系统 确认送达
    11-24 周二 09:00 联络员 签收
    11-27 周五 00:00:01 联络员 申请延期 一般=1";

#[test]
fn case_03_and_04_extensions_that_are_refused() {
    tell(
        CASE_03_AND_04,
        &expect![[r"
    "]],
    );
}

/// 边界⑤: asked for in time and ruled on late: nothing is held against the unit meanwhile; a grant
/// holds from the old end, a denial too.
const CASE_05: &str = "2026年
    11-23 周一 09:15 登记 求助
    11-23 周一 09:20 调度员 派单 县水务局
    11-23 周一 09:30 中心系统 确认送达
    11-24 周二 09:00 联络员 签收
    11-26 周四 09:00 联络员 申请延期 一般=3
    11-26 周四 10:00 审核员 县审延期 同意
    11-27 周五 09:00 调度员 催办
    11-30 周一 09:00 市中心 市批延期 至=「12-01 24:00」

    11-23 周一 09:15 登记 求助
    11-23 周一 09:20 调度员 派单 县水务局
    11-23 周一 09:30 中心系统 确认送达
    11-24 周二 09:00 联络员 签收
    11-26 周四 09:00 联络员 申请延期 一般=3
    11-26 周四 10:00 审核员 县审延期 同意
    11-27 周五 09:00 调度员 催办

    11-23 周一 09:15 登记 求助
    11-23 周一 09:20 调度员 派单 县水务局
    11-23 周一 09:30 中心系统 确认送达
    11-24 周二 09:00 联络员 签收
    11-26 周四 09:00 联络员 申请延期 一般=3
    11-26 周四 10:00 审核员 县审延期 同意
    11-30 周一 09:00 市中心 市批延期 不同意";

#[test]
fn case_05_the_city_rules_late() {
    tell(
        CASE_05,
        &expect![[r"
    "]],
    );
}

/// 边界⑥: a rejected return does not start the limit again; the review's days are given back.
const CASE_06: &str = "2026年
    11-23 周一 09:15 登记 求助
    11-23 周一 09:20 调度员 派单 县水务局
    11-23 周一 09:30 中心系统 确认送达
    11-24 周二 10:00 联络员 退回
    11-24 周二 15:00 审核员 裁定退回 不同意 理由=属你局职责
    11-24 周二 15:10 联络员 退回
    11-26 周四 15:00 审核员 裁定退回 不同意 理由=属你局职责
    11-26 周四 16:00 联络员 签收";

#[test]
fn case_06_a_rejected_return() {
    tell(
        CASE_06,
        &expect![[r"
    "]],
    );
}

/// 边界⑦: what a precedent settled is not sent back, until the supervisor lets it.
const CASE_07: &str = "2026年
    11-23 周一 09:15 登记 投诉
    11-23 周一 09:20 调度员 派单 县水务局 依据=先例:XL-12:渠府办函〔2025〕8号
    11-23 周一 09:30 中心系统 确认送达
    11-23 周一 10:00 联络员 退回
    11-23 周一 10:10 审核员 放行退回
    11-23 周一 10:10 监督员 放行退回 理由=「」
    11-23 周一 10:10 监督员 放行退回 理由=机构职能已调整
    11-23 周一 10:20 联络员 退回";

#[test]
fn case_07_a_precedent_forbids_sending_back() {
    tell(
        CASE_07,
        &expect![[r"
    "]],
    );
}

/// 边界⑧: one of two countersigning units is late; the other is not, and the order waits for both.
const CASE_08: &str = "2026年
    11-23 周一 09:15 登记 求助
    11-23 周一 09:20 调度员 派单 县水务局 方式=会签 其他=县教育局
    11-23 周一 09:30 中心系统 确认送达 承办=1
    11-24 周二 09:30 中心系统 确认送达 承办=2
    11-24 周二 10:00 县水务局联络员 签收
    11-24 周二 10:00 县教育局联络员 签收
    11-24 周二 10:10 县水务局联络员 联系
    11-24 周二 10:10 县教育局联络员 联系
    11-27 周五 09:00 县教育局联络员 提交答复
    11-27 周五 09:10 县教育局单位审核人 签发
    11-27 周五 10:00 县水务局联络员 提交答复
    11-27 周五 10:10 县水务局单位审核人 签发";

#[test]
fn case_08_one_of_two_countersigning_units_is_late() {
    tell(
        CASE_08,
        &expect![[r"
    "]],
    );
}

/// 边界⑨: an assisting unit that is late is late itself; the lead has its own limit all the same, and
/// need not wait for it.
const CASE_09: &str = "2026年
    11-23 周一 09:15 登记 求助
    11-23 周一 09:20 调度员 派单 县水务局 方式=主协办 其他=县教育局 依据=协调:渠热线协〔2026〕5号
    11-23 周一 09:30 中心系统 确认送达 承办=1
    11-23 周一 09:30 中心系统 确认送达 承办=2
    11-24 周二 10:00 县水务局联络员 签收
    11-24 周二 10:00 县教育局联络员 签收
    11-24 周二 10:10 县水务局联络员 联系
    11-25 周三 10:00 县水务局联络员 提交答复
    11-26 周四 10:00 县教育局联络员 协办意见 内容=校内管网完好
    11-27 周五 10:00 县水务局联络员 提交答复 引用=2
    11-27 周五 10:10 县水务局单位审核人 签发";

#[test]
fn case_09_a_late_assisting_unit_does_not_excuse_the_lead() {
    tell(
        CASE_09,
        &expect![[r"
    "]],
    );
}

/// 边界⑩: the same caller calls three times about the same thing: the open order takes the calls in,
/// and no limit moves.
const CASE_10: &str = "2026年
    11-23 周一 09:15 登记 投诉 编号=QX-1
    11-23 周一 09:20 调度员 派单 县水务局
    11-23 周一 09:30 中心系统 确认送达
    11-24 周二 09:00 接收并入 工单=QX-2 内容=还是没水
    11-25 周三 09:00 接收并入 工单=QX-3 内容=仍然没水
    11-26 周四 09:00 接收并入 工单=QX-4 内容=第四天了

    11-24 周二 08:59 登记 投诉 编号=QX-2
    11-24 周二 09:00 并入 工单=QX-2
    11-24 周二 09:00 并入 工单=QX-1
    11-24 周二 09:01 派单 县水务局";

#[test]
fn case_10_three_calls_about_one_thing() {
    tell(
        CASE_10,
        &expect![[r"
    "]],
    );
}

/// 边界⑪: nothing follows a final closure; new facts are a new order, linked to the old one.
const CASE_11: &str = "2026年
    11-23 周一 09:15 登记 投诉 编号=QX-9
    11-23 周一 09:20 调度员 派单 县水务局
    11-23 周一 09:30 中心系统 确认送达
    11-24 周二 09:00 联络员 签收
    11-24 周二 09:10 联络员 联系
    11-24 周二 10:00 联络员 认定终结 历次=QX-7、QX-8
    11-25 周三 10:00 审核员 审查终结 同意
    12-01 周二 09:00 监督员 重办
    12-01 周二 09:00 值班长 归档

    12-01 周二 09:00 登记 投诉 编号=QX-20 内容=另一栋楼也停水了
    12-01 周二 09:02 关联 工单=QX-9
    12-01 周二 09:05 调度员 派单 县水务局";

#[test]
fn case_11_new_facts_after_a_final_closure() {
    tell(
        CASE_11,
        &expect![[r"
    "]],
    );
}

/// 边界⑮: 投诉 is not made a 咨询 without review; once it is, the limit is counted again from delivery.
const CASE_15: &str = "2026年
    11-23 周一 09:15 登记 投诉
    11-23 周一 09:20 调度员 派单 县水务局
    11-23 周一 09:30 中心系统 确认送达
    11-24 周二 09:00 联络员 申请改类 咨询 理由=只是询问
    11-24 周二 09:10 联络员 申请改类 咨询
    11-24 周二 10:00 审核员 审核改类 同意

    11-23 周一 09:15 登记 投诉
    11-23 周一 09:20 申请改类 投诉
    11-23 周一 09:20 申请改类 咨询
    11-23 周一 09:25 审核员 审核改类 不同意 理由=录音中明确投诉
    11-23 周一 09:26 审核员 审核改类 同意";

#[test]
fn case_15_a_complaint_made_a_consultation() {
    tell(
        CASE_15,
        &expect![[r"
    "]],
    );
}

/// 边界⑯: an order keeps the rule set it was accepted under, whatever comes after.
#[test]
fn case_16_a_new_rule_set_changes_no_accepted_order() {
    let later = RuleSet {
        id: RuleSetId("QX-2027-1".to_owned()),
        effective_from: NaiveDate::from_ymd_opt(2026, 11, 24).unwrap(),
        sign_days: 4,
        dispatch_days: 4,
        ..RuleSet::qx_2023_66()
    };
    let rule_sets = RuleSets::built_in().with(later);
    let due = |case: &str| {
        let played = play(case);
        let (mut order, mut dues) = (None, Vec::new());
        for (command, event) in played[0].commands.iter().zip(&played[0].states) {
            let roles = [Role::Operator, Role::Dispatcher, Role::Center];
            let actor = world::actor(&roles);
            let facts = Facts {
                rule_sets: &rule_sets,
                ..world::facts(event.0, &actor)
            };
            for event in decide(order.as_ref(), command, &facts).unwrap() {
                apply(&mut order, &event);
            }
        }
        let order = order.unwrap();
        for kind in [LimitKind::Dispatch, LimitKind::SignFor] {
            dues.push(order.limit(kind).unwrap().0.due_at);
        }
        (order.rule_set.0, dues)
    };
    let day = |day| end_of(NaiveDate::from_ymd_opt(2026, 11, day).unwrap());
    let accepted_before = "2026年
        11-23 周一 09:15 登记 投诉
        11-24 周二 09:20 派单 县水务局
        11-24 周二 09:30 中心系统 确认送达";
    assert_eq!(
        due(accepted_before),
        ("QX-2023-66".to_owned(), vec![day(24), day(25)])
    );
    let accepted_after = "2026年
        11-24 周二 09:15 登记 投诉
        11-24 周二 09:20 派单 县水务局
        11-24 周二 09:30 中心系统 确认送达";
    assert_eq!(
        due(accepted_after),
        ("QX-2027-1".to_owned(), vec![day(30), day(30)])
    );
}

/// 边界⑰: two desks that were offline took the same call; the later order goes into the earlier.
const CASE_17: &str = "2026年
    11-23 周一 09:15 登记 投诉 编号=D1-0007 来电=13800001234
    11-23 周一 09:40 接收并入 工单=D2-0003 内容=同一来电在二号台重复受理

    11-23 周一 09:16 登记 投诉 编号=D2-0003 来电=13800001234
    11-23 周一 09:40 并入 工单=D1-0007
    11-23 周一 09:41 补充";

#[test]
fn case_17_two_desks_took_the_same_call() {
    tell(
        CASE_17,
        &expect![[r"
    "]],
    );
}

/// 边界⑱: a clock that was set back puts no act before the one it follows.
const CASE_18: &str = "2026年
    11-23 周一 09:15 登记 投诉 特殊事项
    11-23 周一 08:00 派单 县水务局 属地=渠江街道 报告=09:15
    11-23 周一 07:00 电话送达 09:15";

#[test]
fn case_18_a_clock_set_back() {
    tell(
        CASE_18,
        &expect![[r"
    "]],
    );
    let played = play(CASE_18);
    let times: Vec<_> = played[0].events.iter().map(|it| it.occurred_at).collect();
    assert!(times.is_sorted(), "{times:?}");
}

/// 边界⑲: whoever reports somebody, or asked to be kept secret, is known to the center alone; of any
/// other matter the unit knows the caller while it has the order.
#[test]
fn case_19_who_sees_the_caller() {
    let seen = |matter: &str| {
        let case = format!(
            "2026年
            11-23 周一 09:15 登记 {matter}
            11-23 周一 09:20 调度员 派单 县水务局
            11-23 周一 09:30 中心系统 确认送达
            11-23 周一 10:00 联络员 签收
            11-23 周一 10:10 联络员 联系
            11-23 周一 11:00 联络员 提交答复
            11-23 周一 11:10 单位审核人 签发"
        );
        let unit = world::actor(&[Role::Liaison]);
        let mut other = unit.clone();
        other.unit = Some(HandlingUnitId("县教育局".to_owned()));
        let center = world::actor(&[Role::Dispatcher]);
        let played = play(&case);
        let column =
            |actor| {
                let marks = played[0].states.iter().map(|(_, order)| {
                    match caller_visibility(order, actor) {
                        CallerVisibility::Visible => '可',
                        CallerVisibility::Sealed => '封',
                    }
                });
                marks.collect::<String>()
            };
        format!(
            "{matter}: 承办单位 {} 其他单位 {} 中心 {}",
            column(&unit),
            column(&other),
            column(&center)
        )
    };
    let table = ["投诉", "举报", "投诉 保密"].map(seen).join("\n");
    expect![[r"
    "]]
    .assert_eq(&table);
}

/// 边界㉒: a unit that was dissolved is given nothing more; what it had can be read, and taken back.
#[test]
fn case_22_a_dissolved_unit() {
    let played = play(
        "2026年
        11-23 周一 09:15 登记 投诉
        11-23 周一 09:20 调度员 派单 县水务局 依据=先例:XL-12:渠府办函〔2025〕8号
        11-23 周一 09:30 中心系统 确认送达",
    );
    let (now, order) = played[0].states.last().unwrap();
    let none = HandlingUnits::default();
    let actor = world::actor(&[Role::Operator]);
    let facts = Facts {
        units: &none,
        ..world::facts(*now, &actor)
    };
    assert_eq!(
        order.lead_unit(),
        Some(&HandlingUnitId("县水务局".to_owned()))
    );
    let allowed: Vec<_> = commands_at(order, &facts)
        .filter(|(_, refusal)| refusal.is_none())
        .map(|(kind, _)| kind)
        .collect();
    assert!(allowed.contains(&CommandKind::Withdraw), "{allowed:?}");

    let registered = fold(&played[0].events[..2]);
    let dispatch = &played[0].commands[1];
    let refusal = decide(registered.as_ref(), dispatch, &facts).unwrap_err();
    let unit = HandlingUnitId("县水务局".to_owned());
    assert_eq!(refusal, Refusal::UnitUnknown { unit });
}

/// 边界㉓: an order of the city that comes again is the same; one of another superior, or another
/// number, or without a number, is not.
#[test]
fn case_23_the_same_order_pushed_again() {
    let origin = |source, number: &str| Origin {
        source,
        upstream_number: number.to_owned(),
        other_province_number: String::new(),
    };
    let first = origin(Source::City, "DZ-7");
    let table = [
        ("同号", origin(Source::City, "DZ-7")),
        ("另号", origin(Source::City, "DZ-8")),
        ("省来同号", origin(Source::Province, "DZ-7")),
        ("无号", origin(Source::City, "")),
    ]
    .map(|(what, other)| format!("{what}: {}", first.is_same_delivery(&other)));
    expect![[r"
    "]]
    .assert_eq(&table.join("\n"));
    let none = origin(Source::City, "");
    assert!(!none.is_same_delivery(&none), "two without a number");
}

/// 边界㉔: a notice recounts the limits of an order that are not over, says which notice moved them,
/// and is refused where nothing moves.
#[test]
fn case_24_a_notice_moves_what_is_not_over() {
    use domain::calendar::{HolidayRun, WorkCalendar, YearNotice};
    use domain::work_order::{Command, EventKind, LimitMove};

    let played = play(
        "2026年
        12-30 周三 09:15 登记 投诉
        12-30 周三 09:20 调度员 派单 县水务局
        12-30 周三 09:30 中心系统 确认送达",
    );
    let (delivered_at, order) = played[0].states.last().unwrap();
    let first = NaiveDate::from_ymd_opt(2027, 1, 1).unwrap();
    let calendar = WorkCalendar::built_in()
        .announce(&YearNotice {
            year: 2027,
            document: "示例〔2026〕1号".to_owned(),
            holidays: vec![HolidayRun {
                name: "元旦".to_owned(),
                first,
                last: first + TimeDelta::days(2),
            }],
            make_up_workdays: Vec::new(),
        })
        .unwrap();
    let actor = world::actor(&[Role::Center]);
    let recount = Command::RecountLimits {
        notice: "示例〔2026〕1号".to_owned(),
    };
    let facts = world::facts(*delivered_at, &actor);
    let same_calendar = decide(Some(order), &recount, &facts);
    assert_eq!(same_calendar, Err(Refusal::NothingMoves));
    let facts = Facts {
        calendar: &calendar,
        ..facts
    };
    let moved: Vec<String> = decide(Some(order), &recount, &facts)
        .unwrap()
        .iter()
        .map(|event| match &event.kind {
            EventKind::LimitMoved {
                limit,
                assignment,
                because: LimitMove::CalendarChanged { notice },
            } => format!(
                "{:?} {} {} {notice}",
                limit.kind,
                assignment.unwrap().0,
                limit.due_at.to_rfc3339()
            ),
            other => panic!("{other:?}"),
        })
        .collect();
    expect![[r"
    "]]
    .assert_eq(&moved.join("\n"));
}
