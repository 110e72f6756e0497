//! Which command may be given where, and by whom: the table in full, read off every state that the
//! stories of [`crate::articles`] and [`crate::edge_cases`] come through.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use domain::work_order::{
    AssignmentStage, CommandKind, Stage, assignment_commands_at, commands_at,
};
use domain::{Actor, HandlingUnitId, Refusal, Role, WorkOrder};
use expect_test::expect;

use crate::case_file::{Played, play};
use crate::{articles, edge_cases, sentences, words, world};

/// Every state of every story.
fn stories() -> Vec<Played> {
    let stories = articles::STORIES.iter().chain(edge_cases::STORIES);
    stories
        .flat_map(|case| play(&allowing_refusals(case)))
        .collect()
}

/// A story is told with its refusals; here only the states between them count.
fn allowing_refusals(case: &str) -> String {
    let lines = case.lines().enumerate().map(|(nth, line)| {
        let is_act = nth > 0 && !line.trim().is_empty();
        format!("{line}{}\n", if is_act { " -> ?" } else { "" })
    });
    lines.collect()
}

/// One person for each role; the people of a unit, of every unit that the order was given to.
fn people(role: Role, order: &WorkOrder) -> Vec<Actor> {
    let actor = world::actor(&[role]);
    if !role.is_of_unit() {
        return vec![actor];
    }
    let units: BTreeSet<&HandlingUnitId> = order.assignments.iter().map(|it| &it.unit).collect();
    let of_unit = |unit: &HandlingUnitId| Actor {
        unit: Some(unit.clone()),
        ..actor.clone()
    };
    units.into_iter().map(of_unit).collect()
}

/// Where one command was found allowed.
#[derive(Default)]
struct Found {
    roles: BTreeSet<Role>,
    stages: BTreeSet<Stage>,
    assignment_stages: BTreeSet<AssignmentStage>,
}

#[test]
fn every_command_with_its_roles_and_stages() {
    let mut found: BTreeMap<CommandKind, Found> = BTreeMap::new();
    found.entry(CommandKind::Register).or_default().roles = Role::ALL
        .into_iter()
        .filter(|role| [Role::Operator, Role::ShiftLead].contains(role))
        .collect();
    for played in stories() {
        for (now, order) in &played.states {
            for role in Role::ALL {
                for actor in people(role, order) {
                    let facts = world::facts(*now, &actor);
                    for (kind, refusal) in commands_at(order, &facts) {
                        if refusal.is_none() {
                            let found = found.entry(kind).or_default();
                            found.roles.insert(role);
                            found.stages.insert(order.stage);
                        }
                    }
                    for assignment in &order.assignments {
                        let number = assignment.number;
                        for (kind, refusal) in assignment_commands_at(order, number, &facts) {
                            if refusal.is_none() {
                                let found = found.entry(kind).or_default();
                                found.assignment_stages.insert(assignment.stage);
                            }
                        }
                    }
                }
            }
        }
    }
    let mut table = String::new();
    for kind in CommandKind::ALL {
        let found = found.remove(kind).unwrap_or_default();
        let roles: Vec<_> = found.roles.into_iter().map(words::role).collect();
        let stages: Vec<_> = found.stages.into_iter().map(words::stage).collect();
        let assignment_stages = found.assignment_stages.into_iter();
        let assignment_stages: Vec<_> = assignment_stages.map(words::assignment_stage).collect();
        assert!(!roles.is_empty(), "no story comes to {kind:?}");
        write!(
            table,
            "{}｜{}｜{}",
            sentences::padded(words::command(*kind), 4),
            roles.join("、"),
            stages.join("、")
        )
        .unwrap();
        if !assignment_stages.is_empty() {
            write!(table, "｜承办单 {}", assignment_stages.join("、")).unwrap();
        }
        table.push('\n');
    }
    expect![[r"
    "]]
    .assert_eq(&table);
}

/// What the liaison of a unit reads beside each button while a special matter is being handled.
#[test]
fn why_not_for_each_command_that_may_not_be_given() {
    let played = play(
        "2026年
        11-23 周一 09:15 登记 求助 特殊事项
        11-23 周一 09:20 派单 县水务局 属地=渠江街道
        11-23 周一 09:30 中心系统 确认送达
        11-23 周一 09:40 联络员 签收",
    );
    let (now, order) = played[0].states.last().unwrap();
    let mut table = String::new();
    for role in [Role::Liaison, Role::Reviewer] {
        let actor = world::actor(&[role]);
        let facts = world::facts(*now, &actor);
        writeln!(table, "{}", words::role(role)).unwrap();
        for (kind, refusal) in commands_at(order, &facts) {
            let answer = refusal.map_or_else(
                || "可".to_owned(),
                |refusal| sentences::refusal(&refusal, 2026),
            );
            writeln!(table, "  {}: {answer}", words::command(kind)).unwrap();
        }
    }
    expect![[r"
    "]]
    .assert_eq(&table);
}

/// 职责分离: whoever dispatched may not rule on what comes back, whatever roles they hold.
#[test]
fn one_person_does_not_do_both() {
    let same_person = |case: &str| {
        let played = play(&allowing_refusals(case));
        played
            .into_iter()
            .filter(|played| matches!(played.refusals.last(), Some(Refusal::SamePerson { .. })))
            .map(|played| played.outcomes.last().unwrap().clone())
            .collect::<Vec<_>>()
    };
    expect![[r#"
    "#]]
    .assert_debug_eq(&same_person(SEPARATION));
}

pub(crate) const SEPARATION: &str = "2026年
    11-23 周一 09:15 登记 投诉
    11-23 周一 09:20 调度员 派单 县水务局
    11-23 周一 09:30 中心系统 确认送达
    11-23 周一 10:00 联络员 退回
    11-23 周一 11:00 审核员#调度员 裁定退回 同意

    11-23 周一 09:15 登记 投诉
    11-23 周一 09:20 调度员 派单 县水务局
    11-23 周一 09:30 中心系统 确认送达
    11-23 周一 10:00 联络员 申请延期 一般=3
    11-23 周一 11:00 审核员#调度员 县审延期 同意

    11-23 周一 09:15 登记 投诉
    11-23 周一 09:20 申请改类 咨询
    11-23 周一 09:25 审核员#受理员 审核改类 同意

    11-23 周一 09:15 登记 投诉
    11-23 周一 09:20 调度员 派单 县水务局
    11-23 周一 09:30 中心系统 确认送达
    11-23 周一 10:00 联络员 签收
    11-23 周一 10:30 联络员 联系
    11-23 周一 11:00 联络员 提交答复
    11-23 周一 11:30 单位审核人#联络员 签发";
