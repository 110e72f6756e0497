//! 排名.

use std::fmt::Write as _;

use domain::indicators::{Indicator, rank, tally};
use expect_test::expect;

use crate::case_file::{UNITS, instant, play, unit_id};
use crate::table::{Case, basis};

/// One consultation for each letter, `按` done in time and `超` late.
fn orders_of(unit: &str, outcomes: &str) -> String {
    let mut case = String::new();
    for (nth, outcome) in outcomes.chars().enumerate() {
        let done_on = if outcome == '按' { "11-04" } else { "11-06" };
        for act in [
            "11-02 09:00 登记 咨询",
            &format!("11-02 09:30 派单 {unit}"),
            "11-02 09:31 送达",
            "11-02 10:00 签收",
            "11-02 10:10 联系",
            &format!("{done_on} 10:00 办结"),
        ] {
            writeln!(case, "{unit}{nth} {act}").unwrap();
        }
    }
    case
}

fn ranking(case: &str, indicator: Indicator) -> String {
    let case = Case {
        orders: play(case),
        ..Case::default()
    };
    let basis = basis(11, instant("12-01", "09:00"));
    let tally = tally(indicator, case.sources(), &basis);
    let units: Vec<_> = UNITS.into_iter().map(unit_id).collect();
    let better = indicator.better().expect("units are ranked by it");
    let ranking = rank(&tally, &units, better);
    let mut text = String::new();
    for it in ranking.ranked {
        let percent = it.ratio.percent_text(0);
        writeln!(text, "第{}名 {} {percent}", it.place, it.unit.0).unwrap();
    }
    for unit in ranking.not_occurred {
        writeln!(text, "未发生 {}", unit.0).unwrap();
    }
    text
}

/// 1/2 and 2/4 share a place; the next is the third. Who has nothing has no place.
#[test]
fn equal_ratios_share_a_place() {
    let case = [
        orders_of("县水务局", "按超"),
        orders_of("县教育局", "按按超超"),
        orders_of("渠江街道", "超"),
    ]
    .concat();
    expect![[r#"
        第1名 县教育局 50%
        第1名 县水务局 50%
        第3名 渠江街道 0%
        未发生 县住建局
    "#]]
    .assert_eq(&ranking(&case, Indicator::TimelyCompletion));
    expect![[r#"
        第1名 县教育局 50%
        第1名 县水务局 50%
        第3名 渠江街道 100%
        未发生 县住建局
    "#]]
    .assert_eq(&ranking(&case, Indicator::Overdue));
}
