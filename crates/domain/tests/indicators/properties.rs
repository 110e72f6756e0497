//! What holds of every indicator, whatever happened.

use std::collections::BTreeSet;

use chrono::{DateTime, TimeDelta, Utc};
use domain::WorkOrder;
use domain::indicators::{Basis, Figure, Indicator, ItemId, Period, Tally, tally};
use proptest::prelude::*;

use crate::case_file::{date_in_year, give, instant};
use crate::table::{Case, basis};

/// What may happen next, as far as the rules allow it; the common acts more often.
const ACTS: &[&str] = &[
    "派单 县水务局",
    "派单 县教育局 会签 渠江街道",
    "派单 县住建局 协办 县水务局",
    "送达",
    "送达",
    "送达 2号",
    "签收",
    "签收",
    "签收 2号",
    "联系",
    "联系",
    "联系 2号",
    "初步响应",
    "协办意见 2号",
    "办结",
    "办结",
    "办结 2号",
    "退回",
    "退回 2号",
    "同意退回",
    "驳回退回",
    "申请延期",
    "延期报市",
    "市批延期 12-15",
    "市驳延期",
    "说明延期",
    "认定终结",
    "同意终结",
    "当场答复",
    "不予受理",
    "并入 他单",
    "撤回",
    "提请协调",
    "评价 满意 已解决",
    "评价 不满意 部分解决",
    "申请甄别",
    "甄别报市",
    "甄别要求补证",
    "甄别剔除",
    "甄别维持",
    "退回重办",
    "核销 办理",
    "核销 退回",
    "核销 签收",
    "归档",
];

/// An order to which things happened, some hours apart.
fn an_order() -> impl Strategy<Value = (usize, i64, Vec<(prop::sample::Index, i64)>)> {
    let steps = prop::collection::vec((any::<prop::sample::Index>(), 0..30_i64), 0..25);
    (0..4_usize, 0..1_400_i64, steps)
}

fn played(
    number: &str,
    (kind, start, steps): (usize, i64, Vec<(prop::sample::Index, i64)>),
) -> WorkOrder {
    let matters = ["登记 咨询", "登记 求助 特殊", "登记 投诉", "登记 建议"];
    let mut now = instant("10-20", "00:00") + TimeDelta::hours(start);
    let mut order = after(None, number, now, matters[kind]);
    for (chosen, hours) in steps {
        now += TimeDelta::hours(hours);
        let allowed = ACTS
            .iter()
            .filter_map(|act| after(order.as_ref(), number, now, act));
        let allowed: Vec<WorkOrder> = allowed.collect();
        if allowed.is_empty() {
            break;
        }
        order = Some(chosen.get(&allowed).clone());
    }
    order.unwrap()
}

/// The order after the act; `None` where the rules refuse it.
fn after(
    order: Option<&WorkOrder>,
    number: &str,
    now: DateTime<Utc>,
    act: &str,
) -> Option<WorkOrder> {
    let words: Vec<&str> = act.split_whitespace().collect();
    let mut order = order.cloned();
    give(&mut order, number, now, words[0], &words[1..]).ok()?;
    order
}

fn ids(figure: &Figure) -> BTreeSet<ItemId> {
    let excluded = figure.excluded.keys().cloned().collect();
    &figure.denominator | &excluded
}

fn check_figures(tally: &Tally, orders: &[WorkOrder]) {
    let county = tally.county();
    assert!(county.numerator.is_subset(&county.denominator));
    let excluded: BTreeSet<ItemId> = county.excluded.keys().cloned().collect();
    assert!(county.denominator.is_disjoint(&excluded));
    assert!(ids(&county).iter().all(|id| is_known(id, orders)));
    assert_eq!(county.ratio().is_none(), county.denominator.is_empty());

    let holders: Vec<Figure> = tally.by_holder().into_values().collect();
    let sum = |of: fn(&Figure) -> usize| holders.iter().map(of).sum::<usize>();
    assert_eq!(sum(|it| it.numerator.len()), county.numerator.len());
    assert_eq!(sum(|it| it.denominator.len()), county.denominator.len());
    assert_eq!(sum(|it| it.excluded.len()), county.excluded.len());
    assert_eq!(
        holders.iter().map(|it| it.points).sum::<u64>(),
        county.points
    );
    let joined: BTreeSet<ItemId> = holders.iter().flat_map(ids).collect();
    assert_eq!(joined, ids(&county), "no item of two holders");
}

/// Whether a number leads back to something that is there.
fn is_known(id: &ItemId, orders: &[WorkOrder]) -> bool {
    let find = |number: &String| orders.iter().find(|order| order.number == *number);
    match id {
        ItemId::Order { number } | ItemId::Dispatch { number, .. } => find(number).is_some(),
        ItemId::Assignment { number, assignment } => {
            find(number).is_some_and(|order| order.assignment(*assignment).is_some())
        }
        ItemId::Record { .. } => false,
    }
}

/// Every item of two months counts in exactly one of them, and in the same way.
fn check_months(indicator: Indicator, case: &Case, basis: &Basis<'_>) {
    let of = |period| {
        let basis = Basis { period, ..*basis };
        tally(indicator, case.sources(), &basis).county()
    };
    let november = of(Period::month(2026, 11).unwrap());
    let december = of(Period::month(2026, 12).unwrap());
    let both = of(Period::days(date_in_year("11-01"), date_in_year("12-31")).unwrap());
    assert!(ids(&november).is_disjoint(&ids(&december)));
    assert_eq!(&ids(&november) | &ids(&december), ids(&both));
    assert_eq!(november.points + december.points, both.points);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn every_figure_adds_up(drawn in prop::collection::vec(an_order(), 1..6)) {
        let numbered = (1..).zip(drawn);
        let orders = numbered.map(|(nth, it): (u32, _)| played(&format!("单{nth}"), it));
        let case = Case { orders: orders.collect(), ..Case::default() };
        let basis = basis(11, instant("12-20", "09:00"));
        for indicator in Indicator::ALL {
            let tally = tally(indicator, case.sources(), &basis);
            check_figures(&tally, &case.orders);
            check_months(indicator, &case, &basis);
        }
    }

    #[test]
    fn what_is_not_on_time_is_overdue(drawn in an_order()) {
        let case = Case { orders: vec![played("单", drawn)], ..Case::default() };
        let basis = basis(11, instant("12-20", "09:00"));
        let county = |indicator| tally(indicator, case.sources(), &basis).county();
        let on_time = county(Indicator::TimelyCompletion);
        let overdue = county(Indicator::Overdue);
        prop_assert!(on_time.numerator.is_disjoint(&overdue.numerator));
        prop_assert_eq!(&on_time.numerator | &overdue.numerator, on_time.denominator.clone());
        prop_assert_eq!(&on_time.denominator, &overdue.denominator);
        prop_assert_eq!(&on_time.excluded, &overdue.excluded);
    }
}
