//! 约谈计次: which overdue orders make which admonition of a unit (第十九条(一), 决定 I-14).
//!
//! A proposal only: nothing takes effect before a person confirms it. Every proposal names the
//! orders it stands on.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Datelike as _, Utc};
use serde::{Deserialize, Serialize};

use crate::clock_face::date_of;
use crate::handling_unit::HandlingUnitId;
use crate::rule_set::{AdmonitionRules, CountingYear};

/// 超期件: an order that a unit was late with (第十九条(一)). A late sending-back is one too
/// (第十一条(二)).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OverdueOrder {
    pub number: String,
    pub unit: HandlingUnitId,
    /// The first time the unit was late with it.
    pub overdue_at: DateTime<Utc>,
    /// 核销: a late extension, a fault of a superior's system or force majeure, as the supervisor
    /// found; such an order does not count.
    pub is_written_off: bool,
}

/// 已完成的约谈.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeldTalk {
    pub unit: HandlingUnitId,
    pub held_at: DateTime<Utc>,
}

/// 约谈机关: who talks to the unit (第十九条).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AdmonishingBody {
    /// 县行政审批局: the first time.
    ApprovalBureau,
    /// 县纪委监委: the second time and every later one.
    DisciplineCommission,
}

impl AdmonishingBody {
    pub const ALL: [Self; 2] = [Self::ApprovalBureau, Self::DisciplineCommission];
}

/// 约谈建议: an admonition that the orders give ground for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AdmonitionProposal {
    pub unit: HandlingUnitId,
    /// 考核年度.
    pub year: i32,
    /// 第几次 in that year; 1 for the first.
    pub ordinal: u32,
    pub body: AdmonishingBody,
    /// 报县政府督办: admonished twice and late again (第二十条(三)).
    pub calls_for_supervision: bool,
    /// The orders behind it, by the time they were late; never empty.
    pub order_numbers: Vec<String>,
}

/// 约谈建议 for every unit and year. Each order counts once, when it was first late; what was late
/// before a talk was held belongs to that talk; the decision says so of the first, and the unit is
/// not to be worse off with a later one. Those whose talk was held are told again, so that
/// every count can be looked up.
pub fn propose_admonitions(
    orders: &[OverdueOrder],
    talks: &[HeldTalk],
    rules: AdmonitionRules,
) -> Vec<AdmonitionProposal> {
    let mut counted: Vec<&OverdueOrder> = orders.iter().filter(|it| !it.is_written_off).collect();
    counted.sort_by_key(|order| (order.overdue_at, &order.number));
    let mut seen = BTreeSet::new();
    counted.retain(|order| seen.insert((&order.unit, &order.number)));

    let mut by_unit_and_year: BTreeMap<(&HandlingUnitId, i32), Vec<&OverdueOrder>> =
        BTreeMap::new();
    for order in counted {
        let year = year_of(order.overdue_at, rules.counting_year);
        by_unit_and_year
            .entry((&order.unit, year))
            .or_default()
            .push(order);
    }
    by_unit_and_year
        .into_iter()
        .flat_map(|((unit, year), orders)| {
            let groups = if rules.merge_until_talk {
                let held = talks
                    .iter()
                    .filter(|talk| talk.unit == *unit)
                    .map(|talk| talk.held_at)
                    .filter(|held_at| year_of(*held_at, rules.counting_year) == year);
                merged_until_talk(&orders, &held.collect::<Vec<_>>())
            } else {
                orders.iter().map(|order| vec![*order]).collect()
            };
            (1..)
                .zip(groups)
                .map(move |(ordinal, orders)| proposal(unit, year, ordinal, &orders))
        })
        .collect()
}

/// The orders in groups: one for each talk that was held, with what was late up to then, and one
/// for what was late after the last.
fn merged_until_talk<'a>(
    orders: &[&'a OverdueOrder],
    held: &[DateTime<Utc>],
) -> Vec<Vec<&'a OverdueOrder>> {
    let mut groups: BTreeMap<usize, Vec<&OverdueOrder>> = BTreeMap::new();
    for order in orders {
        let talks_before = held
            .iter()
            .filter(|held_at| **held_at < order.overdue_at)
            .count();
        groups.entry(talks_before).or_default().push(order);
    }
    groups.into_values().collect()
}

fn proposal(
    unit: &HandlingUnitId,
    year: i32,
    ordinal: u32,
    orders: &[&OverdueOrder],
) -> AdmonitionProposal {
    AdmonitionProposal {
        unit: unit.clone(),
        year,
        ordinal,
        body: if ordinal == 1 {
            AdmonishingBody::ApprovalBureau
        } else {
            AdmonishingBody::DisciplineCommission
        },
        calls_for_supervision: ordinal > 2,
        order_numbers: orders.iter().map(|order| order.number.clone()).collect(),
    }
}

fn year_of(at: DateTime<Utc>, counting_year: CountingYear) -> i32 {
    match counting_year {
        CountingYear::Calendar => date_of(at).year(),
    }
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;

    use chrono::NaiveTime;
    use expect_test::{Expect, expect};

    use super::*;
    use crate::clock_face::at;
    use crate::rule_set::RuleSet;

    /// A line is `日期 单位 工单`, with `核销` behind it where it is written off, or `日期 单位 约谈`.
    fn check(case: &str, merge_until_talk: bool, expected: &Expect) {
        let (mut orders, mut talks) = (Vec::new(), Vec::new());
        for line in case.trim().lines() {
            let words: Vec<&str> = line.split_whitespace().collect();
            let instant = at(words[0].parse().unwrap(), NaiveTime::MIN);
            let unit = HandlingUnitId(words[1].to_owned());
            if words[2] == "约谈" {
                talks.push(HeldTalk {
                    unit,
                    held_at: instant,
                });
            } else {
                orders.push(OverdueOrder {
                    number: words[2].to_owned(),
                    unit,
                    overdue_at: instant,
                    is_written_off: words.get(3) == Some(&"核销"),
                });
            }
        }
        let rules = AdmonitionRules {
            merge_until_talk,
            ..RuleSet::qx_2023_66().admonition
        };
        let mut table = String::new();
        for it in propose_admonitions(&orders, &talks, rules) {
            let body = match it.body {
                AdmonishingBody::ApprovalBureau => "行政审批局",
                AdmonishingBody::DisciplineCommission => "纪委监委",
            };
            let supervision = if it.calls_for_supervision {
                " 报县政府督办"
            } else {
                ""
            };
            let (unit, year, ordinal) = (&it.unit.0, it.year, it.ordinal);
            let numbers = it.order_numbers.join("、");
            writeln!(
                table,
                "{unit} {year} 第{ordinal}次 {body}{supervision}：{numbers}"
            )
            .unwrap();
        }
        expected.assert_eq(&table);
    }

    /// 边界案例⑳: what was late before the first talk was held is one admonition with it.
    #[test]
    fn what_was_late_before_the_talk_belongs_to_it() {
        check(
            "2026-03-02 县水务局 甲
             2026-03-04 县水务局 乙
             2026-03-10 县水务局 同日
             2026-03-10 县水务局 约谈
             2026-03-12 县水务局 丙
             2026-03-20 县水务局 约谈
             2026-03-22 县水务局 丁
             2026-03-03 县教育局 戊",
            true,
            &expect![[r#"
                县教育局 2026 第1次 行政审批局：戊
                县水务局 2026 第1次 行政审批局：甲、乙、同日
                县水务局 2026 第2次 纪委监委：丙
                县水务局 2026 第3次 纪委监委 报县政府督办：丁
            "#]],
        );
    }

    #[test]
    fn an_order_counts_once_and_not_when_written_off() {
        check(
            "2026-03-02 县水务局 甲
             2026-03-09 县水务局 甲
             2026-03-03 县水务局 乙 核销
             2026-03-05 县水务局 约谈
             2026-03-06 县水务局 甲",
            true,
            &expect![[r"
                县水务局 2026 第1次 行政审批局：甲
            "]],
        );
    }

    /// 考核年度: the count begins anew, and a talk belongs to the year in which it was held.
    #[test]
    fn each_year_counts_for_itself() {
        check(
            "2025-12-31 县水务局 甲
             2026-01-05 县水务局 约谈
             2026-01-04 县水务局 乙
             2026-01-06 县水务局 丙",
            true,
            &expect![[r"
                县水务局 2025 第1次 行政审批局：甲
                县水务局 2026 第1次 行政审批局：乙
                县水务局 2026 第2次 纪委监委：丙
            "]],
        );
    }

    #[test]
    fn without_merging_each_order_is_one() {
        check(
            "2026-03-02 县水务局 甲
             2026-03-03 县水务局 乙
             2026-03-04 县水务局 丙",
            false,
            &expect![[r"
                县水务局 2026 第1次 行政审批局：甲
                县水务局 2026 第2次 纪委监委：乙
                县水务局 2026 第3次 纪委监委 报县政府督办：丙
            "]],
        );
    }
}
