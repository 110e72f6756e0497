//! Which command may be given where, and by whom: the table in full, read off every state that the
//! stories of [`crate::articles`] and [`crate::edge_cases`] come through.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use domain::work_order::{
    AssignmentStage, CommandKind, Stage, assignment_commands_at, commands_at,
};
use domain::{Actor, HandlingUnitId, Refusal, Role, WorkOrder};
use expect_test::expect;

use crate::case_file::{Played, play, play_story};
use crate::{articles, edge_cases, sentences, words, world};

/// Every state of every story.
pub(crate) fn stories() -> Vec<Played> {
    let stories = articles::STORIES.iter().chain(edge_cases::STORIES);
    stories.flat_map(|story| play_story(story)).collect()
}

/// One person for each role; the people of a unit, of every unit that the order was given to.
pub(crate) fn people(role: Role, order: &WorkOrder) -> Vec<Actor> {
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
        .filter(|role| [Role::Operator, Role::ShiftLead, Role::Center].contains(role))
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
    expect![[r#"
        登记　　｜受理员、值班长、中心系统｜
        当场答复｜受理员、值班长｜待派
        不予受理｜受理员、值班长｜待派
        转紧急　｜受理员、值班长｜待派
        发起核实｜受理员、调度员、值班长｜待派
        记录核实｜受理员、调度员、值班长｜待核实
        派单　　｜受理员、调度员、值班长｜待派、已送达
        提请协调｜调度员、值班长、监督员｜待派
        指定　　｜监督员、县政府办｜待指定
        电话送达｜受理员、调度员、值班长｜已派单｜承办单 待送达
        确认送达｜中心系统｜已派单、已送达｜承办单 待送达
        属地报告｜受理员、调度员、值班长｜待派、已派单、已送达、待指定
        申请改类｜受理员、调度员、值班长、联络员｜待派、已派单、已送达、待核实、待指定
        审核改类｜值班长、审核员｜待派、已送达
        升级　　｜受理员、调度员、值班长、联络员｜待派、已派单、已送达、待核实、待指定
        上级期限｜调度员、值班长、中心系统｜待派、已派单、已送达、待核实、待指定
        催办　　｜调度员、值班长、监督员、中心系统｜已派单、已送达｜承办单 待送达、待签收、办理中、退回待审、待审核、终结待审
        催办回执｜调度员、值班长、联络员｜已派单、已送达｜承办单 待送达、待签收、办理中、退回待审、待审核、终结待审
        补充　　｜受理员、调度员、值班长｜待派、已当场答复、已不予受理、已转紧急、已派单、已送达、待核实、待指定、已办结、已并入、已撤回、已归档
        并入　　｜受理员、调度员、值班长｜待派、待核实
        接收并入｜受理员、调度员、值班长｜待派、已派单、已送达、待核实、待指定
        关联　　｜受理员、调度员、值班长｜待派、已当场答复、已不予受理、已转紧急、已派单、已送达、待核实、待指定、已办结、已并入、已撤回、已归档
        更正诉求人｜受理员、调度员、值班长｜待派、已当场答复、已不予受理、已转紧急、已派单、已送达、待核实、待指定、已办结、已并入、已撤回、已终结、已归档
        撤回　　｜受理员、调度员、值班长｜待派、已派单、已送达、待核实、待指定
        签收　　｜联络员｜已送达｜承办单 待签收
        二级转办｜联络员｜已送达｜承办单 待签收、办理中
        联系　　｜调度员、值班长、联络员｜已送达｜承办单 待签收、办理中、退回待审
        初步响应｜调度员、值班长、联络员｜已送达｜承办单 待签收、办理中
        进度反馈｜调度员、值班长、联络员｜已送达｜承办单 待签收、办理中
        退回　　｜联络员｜已送达｜承办单 待签收、办理中
        裁定退回｜审核员｜已送达｜承办单 退回待审
        放行退回｜监督员｜已送达｜承办单 待签收、办理中
        申请延期｜联络员｜已送达｜承办单 待签收、办理中
        县审延期｜审核员｜已送达｜承办单 待签收、办理中
        市批延期｜审核员、市中心、中心系统｜已送达｜承办单 待签收、办理中
        说明延期｜调度员、联络员｜已送达、已办结｜承办单 待签收、办理中、待审核、已办结
        协办意见｜联络员｜已送达｜承办单 办理中
        提交答复｜联络员｜已送达｜承办单 办理中
        签发　　｜单位审核人｜已送达｜承办单 待审核
        退改　　｜单位审核人｜已送达｜承办单 待审核
        认定终结｜联络员｜已送达｜承办单 办理中
        审查终结｜审核员｜已送达｜承办单 终结待审
        回传　　｜调度员、中心系统｜已办结
        评价　　｜市中心、中心系统｜已当场答复、已送达、已办结｜承办单 已办结
        自查回访｜受理员、值班长｜已当场答复、已办结、已归档
        申请甄别｜联络员｜已办结｜承办单 已办结
        初审甄别｜审核员｜已送达、已办结｜承办单 已办结
        补证　　｜联络员｜已办结｜承办单 已办结
        市裁甄别｜审核员、市中心、中心系统｜已办结｜承办单 已办结
        重办　　｜值班长、审核员、监督员｜已送达、已办结｜承办单 已办结
        归档　　｜值班长、审核员、中心系统｜已当场答复、已办结
        核销　　｜监督员｜待派、已派单、已送达、已办结、已归档｜承办单 待送达、待签收、办理中、退回待审、已退回、待审核、已办结、终结待审
        重算　　｜系统管理员、中心系统｜待派、已派单、已送达、待核实、待指定
    "#]]
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
    expect![[r#"
        联络员
          登记: 登记须由受理员、值班长、中心系统
          当场答复: 当场答复须由受理员、值班长
          不予受理: 不予受理须由受理员、值班长
          转紧急: 转紧急须由受理员、值班长
          发起核实: 发起核实须由受理员、调度员、值班长
          记录核实: 记录核实须由受理员、调度员、值班长
          派单: 派单须由受理员、调度员、值班长
          提请协调: 提请协调须由调度员、值班长、监督员
          指定: 指定须由县政府办、监督员
          电话送达: 电话送达须由受理员、调度员、值班长
          确认送达: 确认送达须由中心系统
          属地报告: 属地报告须由受理员、调度员、值班长
          申请改类: 可
          审核改类: 审核改类须由审核员、值班长
          升级: 可
          上级期限: 上级期限须由调度员、值班长、中心系统
          催办: 催办须由调度员、值班长、监督员、中心系统
          催办回执: 可
          补充: 补充须由受理员、调度员、值班长
          并入: 并入须由受理员、调度员、值班长
          接收并入: 接收并入须由受理员、调度员、值班长
          关联: 关联须由受理员、调度员、值班长
          更正诉求人: 更正诉求人须由受理员、调度员、值班长
          撤回: 撤回须由受理员、调度员、值班长
          签收: 承办单办理中不能签收
          二级转办: 可
          联系: 可
          初步响应: 可
          进度反馈: 可
          退回: 可
          裁定退回: 裁定退回须由审核员
          放行退回: 放行退回须由监督员
          申请延期: 可
          县审延期: 县审延期须由审核员
          市批延期: 市批延期须由审核员、市中心、中心系统
          说明延期: 没有延期等着说明延期
          协办意见: 单独承办单位不能协办意见
          提交答复: 可
          签发: 签发须由单位审核人
          退改: 退改须由单位审核人
          认定终结: 可
          审查终结: 审查终结须由审核员
          回传: 回传须由调度员、中心系统
          评价: 评价须由市中心、中心系统
          自查回访: 自查回访须由受理员、值班长
          申请甄别: 承办单办理中不能申请甄别
          初审甄别: 初审甄别须由审核员
          补证: 承办单办理中不能补证
          市裁甄别: 市裁甄别须由审核员、市中心、中心系统
          重办: 重办须由审核员、值班长、监督员
          归档: 归档须由审核员、值班长、中心系统
          核销: 核销须由监督员
          重算: 重算须由系统管理员、中心系统
        审核员
          登记: 登记须由受理员、值班长、中心系统
          当场答复: 当场答复须由受理员、值班长
          不予受理: 不予受理须由受理员、值班长
          转紧急: 转紧急须由受理员、值班长
          发起核实: 发起核实须由受理员、调度员、值班长
          记录核实: 记录核实须由受理员、调度员、值班长
          派单: 派单须由受理员、调度员、值班长
          提请协调: 提请协调须由调度员、值班长、监督员
          指定: 指定须由县政府办、监督员
          电话送达: 电话送达须由受理员、调度员、值班长
          确认送达: 确认送达须由中心系统
          属地报告: 属地报告须由受理员、调度员、值班长
          申请改类: 申请改类须由受理员、调度员、值班长、联络员
          审核改类: 没有改类待审
          升级: 升级须由受理员、调度员、值班长、联络员
          上级期限: 上级期限须由调度员、值班长、中心系统
          催办: 催办须由调度员、值班长、监督员、中心系统
          催办回执: 催办回执须由调度员、值班长、联络员
          补充: 补充须由受理员、调度员、值班长
          并入: 并入须由受理员、调度员、值班长
          接收并入: 接收并入须由受理员、调度员、值班长
          关联: 关联须由受理员、调度员、值班长
          更正诉求人: 更正诉求人须由受理员、调度员、值班长
          撤回: 撤回须由受理员、调度员、值班长
          签收: 签收须由联络员
          二级转办: 二级转办须由联络员
          联系: 联系须由调度员、值班长、联络员
          初步响应: 初步响应须由调度员、值班长、联络员
          进度反馈: 进度反馈须由调度员、值班长、联络员
          退回: 退回须由联络员
          裁定退回: 承办单办理中不能裁定退回
          放行退回: 放行退回须由监督员
          申请延期: 申请延期须由联络员
          县审延期: 没有延期等着县审延期
          市批延期: 没有延期等着市批延期
          说明延期: 说明延期须由调度员、联络员
          协办意见: 协办意见须由联络员
          提交答复: 提交答复须由联络员
          签发: 签发须由单位审核人
          退改: 退改须由单位审核人
          认定终结: 认定终结须由联络员
          审查终结: 承办单办理中不能审查终结
          回传: 回传须由调度员、中心系统
          评价: 评价须由市中心、中心系统
          自查回访: 自查回访须由受理员、值班长
          申请甄别: 申请甄别须由联络员
          初审甄别: 承办单办理中不能初审甄别
          补证: 补证须由联络员
          市裁甄别: 承办单办理中不能市裁甄别
          重办: 承办单办理中不能重办
          归档: 已送达不能归档
          核销: 核销须由监督员
          重算: 重算须由系统管理员、中心系统
    "#]]
    .assert_eq(&table);
}

/// 职责分离: whoever dispatched may not rule on what comes back, whatever roles they hold.
#[test]
fn one_person_does_not_do_both() {
    let same_person = |case: &str| {
        play_story(case)
            .into_iter()
            .filter(|played| matches!(played.refusals.last(), Some(Refusal::SamePerson { .. })))
            .map(|played| played.outcomes.last().unwrap().clone())
            .collect::<Vec<_>>()
    };
    expect![[r#"
        [
            "拒绝: 裁定退回须由另一人",
            "拒绝: 县审延期须由另一人",
            "拒绝: 审核改类须由另一人",
            "拒绝: 签发须由另一人",
        ]
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
