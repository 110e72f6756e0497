//! 线索: what of 第十九条 to 第二十一条 can be read off the orders. A clue is no judgement; a person
//! makes a proposal of it, or does not.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};

use crate::handling_unit::HandlingUnitId;
use crate::rule_set::RuleSets;
use crate::supervision::SupervisoryGround;
use crate::supervision::admonition::{AdmonitionProposal, OverdueOrder};
use crate::time_limit::LimitKind;
use crate::work_order::{Assignment, Delay, DissatisfactionReason, ScreeningStage, WorkOrder};

/// 线索.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Clue {
    pub ground: SupervisoryGround,
    pub unit: HandlingUnitId,
    /// The orders, or the knowledge tasks, it was read off; never empty.
    pub numbers: Vec<String>,
}

/// 知识任务情况: how a unit stands with one task about the knowledge base (第十九条(四)).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnowledgeTaskRecord {
    pub number: String,
    pub unit: HandlingUnitId,
    pub is_overdue: bool,
    /// 退改次数.
    pub n_rejections: u32,
}

/// 退改 so often is a clue (第十九条(四)).
const REJECTIONS_OF_A_TASK: u32 = 2;
/// 退回 so often by one unit of one order is a clue (第十九条(三)).
const SEND_BACKS_OF_A_UNIT: usize = 2;
/// 重复投诉 so often, and not solved (第二十条(一)).
const REPEATED_COMPLAINTS: usize = 3;

/// 超期件 for the count of admonitions (第十九条(一), 决定 I-14): orders that a unit handled late, has
/// not handled in time, or sent back late. A late signature or response is told in the
/// indicators; the article speaks of handling, and in doubt nothing is made worse.
pub fn overdue_orders(orders: &[WorkOrder], now: DateTime<Utc>) -> Vec<OverdueOrder> {
    let mut overdue = Vec::new();
    for order in orders {
        let mut by_unit: BTreeMap<&HandlingUnitId, Vec<Delay>> = BTreeMap::new();
        for assignment in &order.assignments {
            let delays = assignment.delays_at(now).into_iter();
            let of_handling =
                delays.filter(|it| matches!(it.limit, LimitKind::Handle | LimitKind::SendBack));
            by_unit
                .entry(&assignment.unit)
                .or_default()
                .extend(of_handling);
        }
        for (unit, delays) in by_unit {
            let counted = delays.iter().filter(|it| it.written_off.is_none());
            let first_counted = counted.map(|it| it.overdue_at).min();
            let first = delays.iter().map(|it| it.overdue_at).min();
            if let Some(overdue_at) = first_counted.or(first) {
                overdue.push(OverdueOrder {
                    number: order.number.clone(),
                    unit: unit.clone(),
                    overdue_at,
                    is_written_off: first_counted.is_none(),
                });
            }
        }
    }
    overdue
}

/// 线索 of every order, task and talk, by ground and unit.
pub fn clues(
    orders: &[WorkOrder],
    tasks: &[KnowledgeTaskRecord],
    talks: &[AdmonitionProposal],
    rule_sets: &RuleSets,
) -> Vec<Clue> {
    let mut found: BTreeMap<(SupervisoryGround, HandlingUnitId), Vec<String>> = BTreeMap::new();
    let mut note = |ground, unit: &HandlingUnitId, number: &str| {
        found
            .entry((ground, unit.clone()))
            .or_default()
            .push(number.to_owned());
    };
    for order in orders {
        for (ground, unit) in clues_of(order, rule_sets) {
            note(ground, unit, &order.number);
        }
    }
    for task in tasks {
        if task.is_overdue || task.n_rejections >= REJECTIONS_OF_A_TASK {
            note(
                SupervisoryGround::KnowledgeNeglected,
                &task.unit,
                &task.number,
            );
        }
    }
    for talk in talks.iter().filter(|talk| talk.calls_for_supervision) {
        for number in &talk.order_numbers {
            note(SupervisoryGround::AdmonishedInVain, &talk.unit, number);
        }
    }
    found
        .into_iter()
        .map(|((ground, unit), numbers)| Clue {
            ground,
            unit,
            numbers,
        })
        .collect()
}

fn clues_of<'a>(
    order: &'a WorkOrder,
    rule_sets: &RuleSets,
) -> Vec<(SupervisoryGround, &'a HandlingUnitId)> {
    let mut found = Vec::new();
    for assignment in &order.assignments {
        if is_badly_answered(assignment) {
            found.push((SupervisoryGround::BadAnswer, &assignment.unit));
        }
        if is_shirked(order, assignment) {
            found.push((SupervisoryGround::Shirking, &assignment.unit));
        }
    }
    let n_complaints = order.absorbed.len().saturating_add(1);
    if let Some(unit) = order.lead_unit() {
        if n_complaints >= REPEATED_COMPLAINTS && order.stage.is_open() {
            found.push((SupervisoryGround::RepeatedAndUnsolved, unit));
        }
        let warn_at = rule_sets
            .get(&order.rule_set)
            .map_or(u32::MAX, |rules| rules.send_back.warn_at_count);
        if order.n_send_backs() >= warn_at as usize {
            let last = order.assignments.iter().rev();
            let last = last.filter(|it| it.send_back.is_some()).map(|it| &it.unit);
            found.extend(
                last.take(1)
                    .map(|unit| (SupervisoryGround::SentBackAgainAndAgain, unit)),
            );
        }
    }
    found.sort();
    found.dedup();
    found
}

/// 虚假答复、敷衍塞责、答非所问 as the caller said to the city, unless the rating was removed.
fn is_badly_answered(assignment: &Assignment) -> bool {
    let is_removed = assignment
        .screening
        .as_ref()
        .is_some_and(|it| it.stage == ScreeningStage::Removed);
    let reason = assignment.rating.as_ref().and_then(|it| it.reason);
    let is_bad = assignment
        .rating
        .as_ref()
        .is_some_and(|it| it.satisfaction.is_bad());
    let is_named = matches!(
        reason,
        Some(
            DissatisfactionReason::FalseAnswer
                | DissatisfactionReason::Perfunctory
                | DissatisfactionReason::BesideThePoint
        )
    );
    is_bad && is_named && !is_removed
}

/// 推诿: sent back although it was settled whose it is, and not taken back; or sent back by the same
/// unit again.
fn is_shirked(order: &WorkOrder, assignment: &Assignment) -> bool {
    let Some(send_back) = &assignment.send_back else {
        return false;
    };
    let is_accepted = send_back.ruling.as_ref().is_some_and(|it| it.is_accepted);
    let is_held_on_to = assignment.ground.binds() && !is_accepted;
    let n_of_unit = order
        .assignments
        .iter()
        .filter(|it| it.unit == assignment.unit && it.send_back.is_some())
        .count();
    is_held_on_to || n_of_unit >= SEND_BACKS_OF_A_UNIT
}
