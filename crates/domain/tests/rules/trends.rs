//! 突增 (第十六条) and the effect of a long-term measure (第六条(三)), over orders of many days.

use std::fmt::Write as _;

use chrono::{NaiveDate, NaiveTime};
use domain::HandlingUnitId;
use domain::clock_face::at;
use domain::long_term_measure::LongTermMeasure;
use domain::rule_set::RuleSet;
use domain::surge::surges;
use domain::work_order::WorkOrder;
use expect_test::expect;

use crate::case_file::play_story;

fn date(text: &str) -> NaiveDate {
    format!("2026-{text}").parse().unwrap()
}

/// `n` orders of a category on a day, at ten.
fn orders(category: &str, township: &str, day: &str, n: usize) -> Vec<WorkOrder> {
    let registered = play_story("2026年\n11-23 周一 10:00 登记 投诉");
    let template = registered.into_iter().next().unwrap().order.unwrap();
    (0..n)
        .map(|nth| {
            let mut order = template.clone();
            order.number = format!("{category}{township}{day}-{nth}");
            order.registered_at = at(date(day), NaiveTime::from_hms_opt(10, 0, 0).unwrap());
            category.clone_into(&mut order.matter.category_id);
            township.clone_into(&mut order.matter.place.township_code);
            order
        })
        .collect()
}

/// Each row: what came on the seven days before, and in the last 24 hours.
#[test]
fn article_16_a_sudden_rise() {
    let now = at(date("11-23"), NaiveTime::from_hms_opt(18, 0, 0).unwrap());
    let mut text = String::new();
    for (before, last) in [
        ([0, 0, 0, 0, 0, 0, 0], 4),
        ([0, 0, 0, 0, 0, 0, 0], 5),
        ([1, 0, 1, 0, 1, 0, 1], 2),
        ([1, 0, 1, 0, 1, 0, 1], 3),
        ([9, 10, 11, 9, 10, 11, 10], 11),
        ([9, 10, 11, 9, 10, 11, 10], 13),
        ([20, 20, 20, 20, 20, 20, 20], 20),
        ([20, 20, 20, 20, 20, 20, 20], 12),
        ([1, 0, 0, 0, 0, 0, 0], 0),
    ] {
        let mut all = orders("停水", "511725001", "11-23", last);
        for (nth, n) in before.into_iter().enumerate() {
            let day = format!("11-{}", 16 + nth);
            all.extend(orders("停水", "511725001", &day, n));
        }
        // Another place and what nobody classified are counted apart, or not at all.
        all.extend(orders("停水", "511725002", "11-23", 4));
        all.extend(orders("", "511725001", "11-23", 9));
        all.extend(orders("停水", "511725001", "11-24", 9));
        let found = surges(&all, now, RuleSet::qx_2023_66().surge);
        let found: Vec<String> = found
            .iter()
            .map(|it| {
                let z = it
                    .z_score
                    .map_or_else(|| "无".to_owned(), |z| format!("{z:.2}"));
                format!(
                    "{} {} 件，日均 {:.2}，偏离 {z}",
                    it.township_code,
                    it.numbers.len(),
                    it.daily_mean
                )
            })
            .collect();
        writeln!(text, "{before:?} 后 {last}: {}", found.join("；")).unwrap();
    }
    expect![[r#"
        [0, 0, 0, 0, 0, 0, 0] 后 4: 
        [0, 0, 0, 0, 0, 0, 0] 后 5: 511725001 5 件，日均 0.00，偏离 无
        [1, 0, 1, 0, 1, 0, 1] 后 2: 
        [1, 0, 1, 0, 1, 0, 1] 后 3: 511725001 3 件，日均 0.57，偏离 4.91
        [9, 10, 11, 9, 10, 11, 10] 后 11: 511725001 11 件，日均 10.00，偏离 1.32
        [9, 10, 11, 9, 10, 11, 10] 后 13: 511725001 13 件，日均 10.00，偏离 3.97
        [20, 20, 20, 20, 20, 20, 20] 后 20: 
        [20, 20, 20, 20, 20, 20, 20] 后 12: 
        [1, 0, 0, 0, 0, 0, 0] 后 0: 
    "#]]
    .assert_eq(&text);
}

#[test]
fn article_6_3_the_effect_of_a_long_term_measure() {
    let mut all = orders("停水", "511725001", "11-09", 1);
    all.extend(orders("停水", "511725001", "11-10", 3));
    all.extend(orders("停水", "511725001", "11-14", 2));
    all.extend(orders("停水", "511725001", "11-15", 1));
    all.extend(orders("停水", "511725001", "11-19", 1));
    all.extend(orders("停水", "511725001", "11-20", 4));
    all.extend(orders("停水", "511725002", "11-15", 4));
    all.extend(orders("停电", "511725001", "11-15", 4));
    let mut measure = LongTermMeasure {
        unit: HandlingUnitId("县水务局".to_owned()),
        category_id: "停水".to_owned(),
        township_code: "511725001".to_owned(),
        text: "更换老旧管网".to_owned(),
        from: date("11-15"),
    };
    let mut text = String::new();
    for (today, max_days) in [
        ("11-15", 30),
        ("11-16", 30),
        ("11-20", 30),
        ("11-30", 5),
        ("11-10", 30),
    ] {
        let effect = measure.effect(&all, date(today), max_days);
        writeln!(
            text,
            "{today}: 各 {} 日，前 {} 件，后 {} 件",
            effect.n_days,
            effect.before.len(),
            effect.after.len()
        )
        .unwrap();
    }
    measure.township_code.clear();
    let effect = measure.effect(&all, date("11-16"), 30);
    writeln!(text, "全县: 后 {} 件", effect.after.len()).unwrap();
    expect![[r#"
        11-15: 各 0 日，前 0 件，后 0 件
        11-16: 各 1 日，前 2 件，后 1 件
        11-20: 各 5 日，前 5 件，后 2 件
        11-30: 各 5 日，前 5 件，后 2 件
        11-10: 各 0 日，前 0 件，后 0 件
        全县: 后 5 件
    "#]]
    .assert_eq(&text);
}
