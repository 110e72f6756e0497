use std::fmt::Write as _;

use chrono::NaiveDate;
use expect_test::{Expect, expect};

use super::*;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn period_text(period: AnalysisPeriod) -> String {
    let day = |day: NaiveDate| day.format("%y-%m-%d").to_string();
    format!("{}…{}", day(period.first()), day(period.last()))
}

/// Each line: the period; 环比期; 同比期; how many steps of which length.
fn check(periods: &[(&str, &str)], expected: &Expect) {
    let mut told = String::new();
    for (first, last) in periods {
        let period = AnalysisPeriod::days(day(first), day(last)).unwrap();
        writeln!(
            told,
            "{}  环比 {}  同比 {}  {} × {:?}",
            period_text(period),
            period_text(period.before()),
            period_text(period.year_ago()),
            period.steps().len(),
            period.step_length(),
        )
        .unwrap();
    }
    expected.assert_eq(&told);
}

#[test]
fn what_a_period_is_compared_with() {
    check(
        &[
            ("2026-11-26", "2026-11-26"),
            ("2026-11-20", "2026-11-26"),
            ("2026-11-01", "2026-11-26"),
            ("2026-10-01", "2026-10-31"),
            ("2026-02-01", "2026-02-28"),
            ("2026-03-01", "2026-03-31"),
            ("2026-10-01", "2026-11-26"),
            ("2026-01-01", "2026-11-26"),
            ("2024-02-29", "2024-02-29"),
            ("2024-02-01", "2024-02-29"),
            ("2017-01-01", "2026-12-31"),
        ],
        &expect![[r#"
            26-11-26…26-11-26  环比 26-11-25…26-11-25  同比 25-11-26…25-11-26  1 × Day
            26-11-20…26-11-26  环比 26-11-13…26-11-19  同比 25-11-20…25-11-26  7 × Day
            26-11-01…26-11-26  环比 26-10-01…26-10-26  同比 25-11-01…25-11-26  26 × Day
            26-10-01…26-10-31  环比 26-09-01…26-09-30  同比 25-10-01…25-10-31  31 × Day
            26-02-01…26-02-28  环比 26-01-01…26-01-31  同比 25-02-01…25-02-28  28 × Day
            26-03-01…26-03-31  环比 26-02-01…26-02-28  同比 25-03-01…25-03-31  31 × Day
            26-10-01…26-11-26  环比 26-07-01…26-08-26  同比 25-10-01…25-11-26  57 × Day
            26-01-01…26-11-26  环比 25-01-01…25-11-26  同比 25-01-01…25-11-26  48 × Week
            24-02-29…24-02-29  环比 24-02-28…24-02-28  同比 23-02-28…23-02-28  1 × Day
            24-02-01…24-02-29  环比 24-01-01…24-01-31  同比 23-02-01…23-02-28  29 × Day
            17-01-01…26-12-31  环比 07-01-01…16-12-31  同比 16-01-01…25-12-31  120 × Month
        "#]],
    );
}

#[test]
fn the_usual_periods() {
    let told: Vec<String> = AnalysisSpan::ALL
        .iter()
        .map(|span| format!("{span:?} {}", period_text(span.days(day("2026-11-26")))))
        .collect();
    expect![[r#"
        Today 26-11-26…26-11-26
        Week 26-11-20…26-11-26
        Month 26-11-01…26-11-26
        LastMonth 26-10-01…26-10-31
        Quarter 26-10-01…26-11-26
        Year 26-01-01…26-11-26
        TwelveMonths 25-12-01…26-11-26"#]]
    .assert_eq(&told.join("\n"));
    assert_eq!(
        period_text(AnalysisSpan::LastMonth.days(day("2026-01-31"))),
        "25-12-01…25-12-31"
    );
}

#[test]
fn an_end_before_the_beginning_is_no_period() {
    assert_eq!(
        AnalysisPeriod::days(day("2026-11-26"), day("2026-11-25")),
        None
    );
    assert_eq!(
        AnalysisPeriod::days(day("1900-01-01"), day("2026-11-25")),
        None
    );
}

#[test]
fn steps_cover_the_period_and_each_is_compared_with_its_own_days() {
    for (first, last) in [
        ("2026-11-01", "2026-11-26"),
        ("2026-01-15", "2026-11-26"),
        ("2020-02-29", "2026-11-26"),
    ] {
        let period = AnalysisPeriod::days(day(first), day(last)).unwrap();
        let steps = period.steps();
        let n_days: i64 = steps.iter().map(|step| step.days.n_days()).sum();
        assert_eq!(n_days, period.n_days());
        assert!(steps.iter().all(|step| period.contains(step.days.first())));
        assert_eq!(steps.last().unwrap().days.last(), period.last());
    }
}

#[test]
fn which_orders_stand_behind_a_figure() {
    use crate::work_order::Satisfaction;
    let now = crate::clock_face::at(day("2026-11-26"), chrono::NaiveTime::MIN);
    let order = OrderMarks {
        treatment: Treatment::Dispatched,
        is_from_knowledge: false,
        late_at: None,
        satisfaction: None,
        reason: None,
    };
    let orders = [
        order,
        OrderMarks {
            late_at: Some(now - chrono::TimeDelta::milliseconds(1)),
            satisfaction: Some(Satisfaction::Dissatisfied),
            ..order
        },
        // Not late yet: its time is just over.
        OrderMarks {
            late_at: Some(now),
            satisfaction: Some(Satisfaction::FairlySatisfied),
            ..order
        },
        OrderMarks {
            treatment: Treatment::AnsweredOnTheSpot,
            is_from_knowledge: true,
            ..order
        },
        OrderMarks {
            treatment: Treatment::Merged,
            ..order
        },
    ];
    let mut figures = OrderFigures::default();
    for order in &orders {
        figures.add(order, now);
    }
    for figure in Figure::ALL {
        let n = orders.iter().filter(|it| figure.has(it, now)).count();
        assert_eq!(figures.of(figure) as usize, n, "{figure:?}");
    }
    let percent = |ratio: Option<crate::indicators::Ratio>| ratio.unwrap().percent_text(1);
    assert_eq!(percent(figures.answer_rate()), "25.0%");
    assert_eq!(percent(figures.satisfaction()), "50.0%");
    assert_eq!(percent(figures.late_rate()), "33.3%");
    assert_eq!(percent(figures.knowledge_share()), "100.0%");
    assert_eq!(OrderFigures::default().satisfaction(), None);
    assert_eq!(figures.and(figures).n_orders, 10);
}
