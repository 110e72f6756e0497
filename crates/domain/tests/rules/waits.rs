//! 待答复 and 计时: nothing that an order waits for is left without somebody who can answer it, and
//! nobody is called late while a word is waited for.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, NaiveDate, NaiveTime, TimeDelta, Utc};
use domain::calendar::WorkCalendar;
use domain::clock_face::at;
use domain::repeat::{EarlierOrderFinding, check_earlier_order};
use domain::time_limit::{LimitKind, LimitState};
use domain::work_order::{
    AssignmentStage, CommandKind, Stage, WaitKind, apply, assignment_commands_at, commands_at,
    decide,
};
use domain::{Command, Facts, Role, WorkOrder};
use expect_test::expect;

use crate::case_file::{Played, play, play_story};
use crate::permissions::{people, stories};
use crate::{words, world};

/// Whether somebody may give the command on the order as it stands: for the assignment, where one is
/// meant.
fn may_be_given(
    order: &WorkOrder,
    now: DateTime<Utc>,
    command: CommandKind,
    assignment: Option<domain::work_order::AssignmentNumber>,
) -> bool {
    let everybody = Role::ALL
        .into_iter()
        .flat_map(|role| people(role, order))
        .collect::<Vec<_>>();
    everybody.iter().any(|actor| {
        let facts = world::facts(now, actor);
        let is_it = |(kind, refusal): (CommandKind, Option<domain::Refusal>)| {
            kind == command && refusal.is_none()
        };
        match assignment {
            Some(number) => assignment_commands_at(order, number, &facts).any(is_it),
            None => commands_at(order, &facts).any(is_it),
        }
    })
}

#[test]
fn what_is_waited_for_can_be_answered_and_is_answered_somewhere() {
    let mut seen = BTreeSet::new();
    for played in stories() {
        for (now, order) in &played.states {
            for wait in order.waits() {
                seen.insert(wait.kind);
                let answer = wait.kind.answered_by();
                assert!(
                    may_be_given(order, *now, answer, wait.assignment),
                    "nobody may give {answer:?} though {wait:?} at {:?}",
                    order.stage
                );
                assert!(!answer.surfaces().is_empty(), "{answer:?} is given nowhere");
                assert!(wait.since <= *now, "{wait:?} at {now}");
            }
        }
    }
    let all: BTreeSet<_> = WaitKind::ALL.into_iter().collect();
    assert_eq!(seen, all, "the stories come to every wait");
}

#[test]
fn a_wait_begins_with_the_request_and_ends_with_the_word() {
    let mut lines = BTreeSet::new();
    for played in stories() {
        for ((_, before), (_, after)) in played.states.iter().zip(played.states.iter().skip(1)) {
            let kinds = |order: &WorkOrder| -> BTreeSet<_> {
                let waits = order.waits().into_iter();
                waits.map(|wait| (wait.kind, wait.assignment)).collect()
            };
            for (ended, _) in kinds(before).difference(&kinds(after)) {
                lines.insert(*ended);
            }
        }
    }
    // The stories let each of them end, too.
    assert_eq!(lines.len(), WaitKind::ALL.len(), "{lines:?}");
}

/// The commands by which the stories left each stage.
fn ways_out<S: Ord + Copy>(
    played: &[Played],
    stage_of: impl Fn(&WorkOrder) -> Vec<(u32, S)>,
) -> BTreeMap<S, BTreeSet<CommandKind>> {
    let mut ways: BTreeMap<S, BTreeSet<CommandKind>> = BTreeMap::new();
    for played in played {
        let steps = played.states.iter().zip(played.states.iter().skip(1));
        for (((_, before), (_, after)), command) in steps.zip(played.commands.iter().skip(1)) {
            let now = stage_of(after);
            for (whose, stage) in stage_of(before) {
                let is_left = now.iter().any(|(it, then)| *it == whose && *then != stage);
                if is_left {
                    ways.entry(stage).or_default().insert(command.kind());
                }
            }
        }
    }
    ways
}

#[test]
fn every_stage_that_waits_for_somebody_is_left_by_a_command_with_a_surface() {
    let played = stories();
    let of_orders = ways_out(&played, |order| vec![(0, order.stage)]);
    let of_units = ways_out(&played, |order| {
        let assignments = order.assignments.iter();
        assignments.map(|it| (it.number.0, it.stage)).collect()
    });
    let shown = |ways: &BTreeSet<CommandKind>| {
        for way in ways {
            assert!(!way.surfaces().is_empty(), "{way:?} is given nowhere");
        }
        let names: Vec<_> = ways.iter().map(|kind| words::command(*kind)).collect();
        names.join("、")
    };
    let mut table = String::new();
    for stage in Stage::ALL.into_iter().filter(|stage| stage.is_open()) {
        let ways = of_orders.get(&stage).expect("a way out");
        table.push_str(&format!("{}｜{}\n", words::stage(stage), shown(ways)));
    }
    for stage in AssignmentStage::ALL.into_iter().filter(|it| it.is_open()) {
        let ways = of_units.get(&stage).expect("a way out");
        let name = words::assignment_stage(stage);
        table.push_str(&format!("承办单 {name}｜{}\n", shown(ways)));
    }
    expect![[r#"
        待派｜当场答复、不予受理、转紧急、发起核实、派单、提请协调、并入、撤回
        已派单｜电话送达、确认送达
        已送达｜撤回、裁定退回、签发、审查终结
        待核实｜记录核实
        待指定｜指定
        承办单 待送达｜电话送达、确认送达
        承办单 待签收｜签收、退回
        承办单 办理中｜撤回、退回、协办意见、提交答复、认定终结
        承办单 退回待审｜裁定退回
        承办单 待审核｜签发、退改
        承办单 终结待审｜审查终结
    "#]]
    .assert_eq(&table);
}

#[test]
fn every_command_has_a_surface() {
    for kind in CommandKind::ALL {
        assert!(!kind.surfaces().is_empty(), "{kind:?} is given nowhere");
    }
}

fn instant(day: u32, hour: u32) -> DateTime<Utc> {
    let date = NaiveDate::from_ymd_opt(2026, 11, day).unwrap();
    at(date, NaiveTime::from_hms_opt(hour, 0, 0).unwrap())
}

/// How the order stands at 10:00 of some days: what is over, and what is over next.
fn seen_on(case: &str, days: &[u32]) -> String {
    let played = play(case);
    let order = played[0].order.as_ref().unwrap();
    let name = |limit: Option<&domain::time_limit::TimeLimit>| {
        limit.map_or("无", |limit| words::limit(limit.kind))
    };
    let line = |day: &u32| {
        let now = instant(*day, 10);
        let (overdue, next) = (order.overdue_limit_at(now), order.next_limit_at(now));
        format!("11-{day} 超期 {} 下一 {}\n", name(overdue), name(next))
    };
    days.iter().map(line).collect()
}

const DELIVERED: &str = "2026年
    11-23 周一 09:15 登记 求助
    11-23 周一 09:20 派单 县水务局
    11-23 周一 09:30 中心系统 确认送达";

#[test]
fn what_was_not_signed_for_does_not_hide_the_limit_that_comes() {
    expect![[r#"
        11-24 超期 无 下一 签收
        11-25 超期 签收 下一 办理
        11-26 超期 签收 下一 办理
        11-27 超期 签收 下一 无
    "#]]
    .assert_eq(&seen_on(DELIVERED, &[24, 25, 26, 27]));
}

#[test]
fn nobody_is_late_while_a_word_is_waited_for() {
    let signed = format!("{DELIVERED}\n    11-23 周一 09:40 联络员 签收");
    let extension = format!("{signed}\n    11-25 周三 09:00 联络员 申请延期 一般=3");
    expect![[r#"
        11-26 超期 无 下一 办理
        11-27 超期 无 下一 无
    "#]]
    .assert_eq(&seen_on(&extension, &[26, 27]));
    let denied = format!("{extension}\n    11-25 周三 15:00 审核员 县审延期 不同意");
    expect![[r#"
        11-26 超期 无 下一 办理
        11-27 超期 办理 下一 无
    "#]]
    .assert_eq(&seen_on(&denied, &[26, 27]));
    let closure = format!("{signed}\n    11-25 周三 09:00 联络员 认定终结 历次=QX-7、QX-8");
    expect![[r#"
        11-26 超期 无 下一 办理
        11-27 超期 无 下一 无
    "#]]
    .assert_eq(&seen_on(&closure, &[26, 27]));
    // What was over before it asked stays over.
    let late = format!("{DELIVERED}\n    11-25 周三 09:00 联络员 退回");
    expect![[r#"
        11-26 超期 无 下一 无
    "#]]
    .assert_eq(&seen_on(&late, &[26]));
}

/// What lists show of an order is what is held against its units.
#[test]
fn the_lists_agree_with_what_is_held_against_units() {
    for played in stories() {
        for (now, order) in &played.states {
            for later in [0, 1, 2, 4, 8] {
                let now = *now + TimeDelta::days(later);
                for assignment in &order.assignments {
                    let held: BTreeSet<_> = assignment
                        .delays_at(now)
                        .into_iter()
                        .filter(|delay| delay.done_at.is_none())
                        .map(|delay| (delay.limit, delay.overdue_at))
                        .collect();
                    let shown: BTreeSet<_> = assignment
                        .limits
                        .iter()
                        .filter(|(limit, state)| {
                            *state == LimitState::Running
                                && limit.kind.is_held_against_the_unit()
                                && limit.is_overdue_at(now)
                                && !assignment.is_waived(limit)
                        })
                        .map(|(limit, _)| (limit.kind, limit.due_at))
                        .collect();
                    assert_eq!(shown, held, "{assignment:?} at {now}");
                }
            }
        }
    }
}

#[test]
fn a_changed_calendar_moves_each_of_two_limits_of_one_kind() {
    let played = play(
        "2026年
        09-29 周二 09:00 登记 求助 特殊事项
        09-29 周二 09:05 派单 县水务局 属地=渠江街道
        09-29 周二 09:10 中心系统 确认送达
        09-30 周三 09:00 升级 特殊紧急事项 属地=渠江街道",
    );
    let before = played[0].order.clone().unwrap();
    let progress = |order: &WorkOrder| -> Vec<(DateTime<Utc>, DateTime<Utc>)> {
        let limits = order.assignments[0].limits.iter();
        limits
            .filter(|(limit, _)| limit.kind == LimitKind::Progress)
            .map(|(limit, _)| (limit.started_at, limit.due_at))
            .collect()
    };
    let admin = world::actor(&[Role::Admin]);
    // A calendar that knows no National Day.
    let calendar = WorkCalendar::default();
    let facts = Facts {
        calendar: &calendar,
        ..world::facts(before.last_event_at, &admin)
    };
    let recount = Command::RecountLimits {
        notice: "国办发明电〔2026〕9号".to_owned(),
    };
    let mut after = Some(before.clone());
    for event in decide(Some(&before), &recount, &facts).unwrap() {
        apply(&mut after, &event);
    }
    let (before, after) = (progress(&before), progress(&after.unwrap()));
    assert_eq!(before.len(), 2, "{before:?}");
    assert_eq!(after.len(), 2, "{after:?}");
    for ((started, due), (started_then, due_then)) in before.iter().zip(&after) {
        assert_eq!(started, started_then, "each keeps its start");
        assert!(due_then < due, "and each is moved: {before:?} {after:?}");
    }
}

#[test]
fn a_repeat_that_is_absorbed_urges_whoever_answers() {
    let played = play(&format!(
        "{DELIVERED}
        11-24 周二 10:00 接收并入 工单=QX-2 内容=「」
        11-24 周二 11:00 接收并入 工单=QX-3 内容=还是没水"
    ));
    let order = played[0].order.as_ref().unwrap();
    assert_eq!(order.assignments[0].n_urges, 2);
    assert_eq!(order.absorbed, ["QX-2", "QX-3"]);
    assert_eq!(order.supplements, ["还是没水"]);
}

#[test]
fn the_orders_that_a_final_closure_names_are_looked_up() {
    use EarlierOrderFinding as F;
    let stories = play_story(
        "2026年
        11-20 周五 09:00 登记 投诉 编号=本单 来电=13800001234 姓名=王女士

        11-10 周二 09:00 登记 投诉 编号=相符 来电=13800001234 姓名=王女士
        11-10 周二 09:10 当场答复

        11-11 周三 09:00 登记 投诉 编号=在办 来电=13800001234 姓名=王女士

        11-12 周四 09:00 登记 投诉 编号=他人 来电=13900005678 姓名=李先生

        11-21 周六 09:00 登记 投诉 编号=在后 来电=13800001234 姓名=王女士",
    );
    let mut orders: Vec<WorkOrder> = stories.into_iter().filter_map(|it| it.order).collect();
    for order in &mut orders {
        "停水".clone_into(&mut order.matter.category_id);
        "511725001".clone_into(&mut order.matter.place.township_code);
    }
    let mut other = orders[1].clone();
    "路灯".clone_into(&mut other.matter.category_id);
    let own = &orders[0];
    let found = |named: Option<&WorkOrder>| check_earlier_order(own, named);
    assert_eq!(found(None), F::Missing);
    assert_eq!(found(Some(own)), F::Itself);
    assert_eq!(found(orders.get(1)), F::Agrees);
    assert_eq!(found(orders.get(2)), F::StillOpen);
    assert_eq!(found(orders.get(3)), F::OtherCaller);
    assert_eq!(found(orders.get(4)), F::NotEarlier);
    assert_eq!(found(Some(&other)), F::OtherMatter);
    assert_eq!(F::ALL.len(), 7);
}
