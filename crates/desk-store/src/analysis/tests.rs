//! What is counted is held against a count over the orders themselves.

use chrono::TimeDelta;
use domain::HandlingUnitId;
use domain::analysis::{OrderMarks, Treatment};
use domain::matter::{Channel, MatterClass, MatterKind};
use domain::work_order::{DissatisfactionReason, Satisfaction};

use super::*;
use crate::tests::{Desk, at, record};

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// The `n`-th of many orders that are all alike in something and in nothing else.
fn order(n: u32) -> CountedOrder {
    let pick = |of: u32, salt: u32| n.wrapping_mul(2_654_435_761).rotate_left(salt) % of;
    let all = |nth: u32| usize::try_from(nth).unwrap();
    let treatment = Treatment::ALL[all(pick(7, 3))];
    let is_rated = pick(3, 5) == 0;
    let satisfaction = is_rated.then(|| Satisfaction::ALL[all(pick(5, 7))]);
    CountedOrder {
        township_code: ["", "511725001", "511725103"][all(pick(3, 9))].to_owned(),
        category_id: format!("c-{:03}", pick(40, 11)),
        unit: (treatment == Treatment::Dispatched)
            .then(|| HandlingUnitId(format!("unit-{}", pick(9, 13)))),
        channel: Channel::ALL[all(pick(7, 15))],
        kind: MatterKind::ALL[all(pick(5, 17))],
        class: MatterClass::ALL[all(pick(3, 19))],
        marks: OrderMarks {
            treatment,
            is_from_knowledge: pick(4, 21) == 0,
            late_at: (pick(6, 23) == 0)
                .then(|| at("2026-11-20 00:00") + TimeDelta::hours(pick(300, 25).into())),
            satisfaction,
            reason: (satisfaction.is_some_and(Satisfaction::is_bad))
                .then(|| DissatisfactionReason::ALL[all(pick(7, 27))]),
        },
    }
}

fn registered_at(n: u32) -> DateTime<Utc> {
    at("2025-10-01 00:00") + TimeDelta::hours(i64::from(n) * 34)
}

const N_ORDERS: u32 = 300;

fn desk_with_orders() -> Desk {
    let desk = Desk::new();
    desk.change(|writer| {
        for n in 0..N_ORDERS {
            let id = n.to_string();
            writer.put_work_order(&record(&id, registered_at(n)), "")?;
            writer.count_order(&id, &order(n))?;
        }
        Ok(())
    });
    desk
}

fn value_of(order: &CountedOrder, dimension: Dimension) -> String {
    fn name<T: serde::Serialize>(value: T) -> String {
        let value = serde_json::to_value(value).unwrap();
        value.as_str().unwrap_or_default().to_owned()
    }
    match dimension {
        Dimension::Township => order.township_code.clone(),
        Dimension::Category => order.category_id.clone(),
        Dimension::Unit => order.unit.clone().map(|it| it.0).unwrap_or_default(),
        Dimension::Channel => name(order.channel),
        Dimension::Kind => name(order.kind),
        Dimension::Class => name(order.class),
        Dimension::Treatment => name(order.marks.treatment),
        Dimension::Satisfaction => name(order.marks.satisfaction),
        Dimension::Reason => name(order.marks.reason),
    }
}

/// The figures of those that pass, order by order.
fn slowly(
    ask: &CountAsk,
    period: AnalysisPeriod,
    passes: impl Fn(&CountedOrder) -> bool,
) -> OrderFigures {
    let mut figures = OrderFigures::default();
    for n in 0..N_ORDERS {
        let order = order(n);
        if period.contains(date_of(registered_at(n))) && passes(&order) {
            figures.add(&order.marks, ask.now);
        }
    }
    figures
}

fn ask(filter: &[(Dimension, &[&str])]) -> CountAsk {
    let values = |values: &[&str]| values.iter().map(|it| (*it).to_owned()).collect();
    CountAsk {
        period: AnalysisPeriod::days(day("2026-09-01"), day("2026-11-26")).unwrap(),
        filter: (filter.iter())
            .map(|(dimension, wanted)| (*dimension, values(wanted)))
            .collect(),
        now: at("2026-11-26 12:00"),
    }
}

#[test]
fn every_number_is_that_of_a_count_order_by_order() {
    let desk = desk_with_orders();
    for asked in [
        ask(&[]),
        ask(&[(Dimension::Township, &["511725001"])]),
        ask(&[
            (Dimension::Kind, &["help", "complaint"]),
            (Dimension::Treatment, &["dispatched"]),
        ]),
        ask(&[
            (Dimension::Category, &["c-003", "c-005", "never-met"]),
            (Dimension::Satisfaction, &[""]),
            (Dimension::Channel, &["phone", "wechat", "app"]),
        ]),
        ask(&[(Dimension::Unit, &[])]),
    ] {
        let counts = desk.query(|reader| reader.count_orders(&asked));
        let passes_but = |order: &CountedOrder, free: Option<Dimension>| {
            let mut filter = asked.filter.iter();
            filter.all(|(dimension, wanted)| {
                free == Some(*dimension) || wanted.contains(&value_of(order, *dimension))
            })
        };
        let of = |period| slowly(&asked, period, |order| passes_but(order, None));
        assert_eq!(counts.figures, of(asked.period), "{asked:?}");
        assert_eq!(counts.before, of(asked.period.before()), "{asked:?}");
        assert_eq!(counts.year_ago, of(asked.period.year_ago()), "{asked:?}");
        let days = counts.days.values().copied();
        let all_days = days.fold(OrderFigures::default(), OrderFigures::and);
        assert_eq!(all_days, counts.figures);
        assert_eq!(counts.hours.iter().sum::<u32>(), counts.figures.n_orders);
        let n_year_ago: u32 = counts.days_year_ago.values().sum();
        assert_eq!(n_year_ago, counts.year_ago.n_orders);
        for (dimension, values) in &counts.values {
            for counted in values {
                let of = |period| {
                    slowly(&asked, period, |order| {
                        value_of(order, *dimension) == counted.value
                            && passes_but(order, Some(*dimension))
                    })
                };
                assert_eq!(counted.figures, of(asked.period), "{asked:?} {counted:?}");
                assert_eq!(counted.n_before, of(asked.period.before()).n_orders);
                assert_eq!(counted.n_year_ago, of(asked.period.year_ago()).n_orders);
            }
        }
        for figure in Figure::ALL {
            let mut behind = Vec::new();
            let mut before = OrderPosition::END;
            loop {
                let (page, n) =
                    desk.query(|reader| reader.orders_behind(&asked, figure, before, 20));
                assert_eq!(n, counts.figures.of(figure), "{asked:?} {figure:?}");
                let Some(last) = page.last() else { break };
                before = *last;
                behind.extend(page);
            }
            let n_behind = u32::try_from(behind.len()).unwrap();
            assert_eq!(n_behind, counts.figures.of(figure));
            assert!(behind.windows(2).all(|pair| pair[0] > pair[1]));
        }
    }
}

#[test]
fn an_order_that_changed_counts_as_it_is_now_and_one_that_is_gone_does_not() {
    let mut desk = desk_with_orders();
    let asked = ask(&[]);
    let count = |desk: &Desk| desk.query(|reader| reader.count_orders(&asked)).figures;
    let before = count(&desk);
    let n = (0..N_ORDERS)
        .find(|n| asked.period.contains(date_of(registered_at(*n))))
        .unwrap();
    let changed = CountedOrder {
        marks: OrderMarks {
            treatment: Treatment::AnsweredOnTheSpot,
            is_from_knowledge: true,
            late_at: None,
            satisfaction: None,
            reason: None,
        },
        ..order(n)
    };
    desk.change(|writer| writer.count_order(&n.to_string(), &changed));
    let mut one = OrderFigures::default();
    one.add(&order(n).marks, asked.now);
    let mut other = OrderFigures::default();
    other.add(&changed.marks, asked.now);
    desk.restart();
    assert_eq!(count(&desk).and(one), before.and(other));
    desk.change(|writer| writer.remove_work_order(&n.to_string()));
    assert_eq!(count(&desk).and(one), before);
    // What was never counted is not missed.
    desk.change(|writer| writer.remove_work_order("never"));
    let failed = desk
        .store()
        .commit(|writer| writer.count_order("never", &changed));
    assert!(failed.is_err());
}

#[test]
fn plans_of_the_counts() {
    let desk = Desk::new();
    for sql in [SQL_DAYS, SQL_VALUES] {
        let plan = desk.plan(sql);
        assert!(!plan.contains("SCAN"), "{plan}");
        assert!(!plan.contains("TEMP B-TREE"), "{plan}");
    }
}
