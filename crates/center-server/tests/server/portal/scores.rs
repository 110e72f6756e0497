//! 考核 at the portal: a unit reads its own results with the orders behind them and appeals, and reaches no
//! other unit's.

use std::collections::BTreeSet;

use center_server::Clock as _;
use domain::HandlingUnitId;
use domain::assessment::{
    AppealCorrection, AssessedPeriod, AssessmentCommand, AssessmentPart, AssessmentScheme,
    FrozenFigure, FrozenUnit, NoneRule, SchemeLine, UnitFigures, score,
};
use domain::indicators::{Basis, Indicator, IndicatorParameters, Sources};
use domain::rule_set::RuleSets;
use serde_json::{Value, json};
use wire::{Act, Hash, Subject};

use super::browser::Browser;
use super::town::{SCHOOLS, Town, WATER, matter};

const SCHEME: &str = "KH-1";
const DECEMBER: AssessedPeriod = AssessedPeriod::Month {
    year: 2026,
    month: 12,
};
const DAY: i64 = 24 * 3600;

fn scheme() -> AssessmentScheme {
    let line = |indicator, weight| SchemeLine {
        part: AssessmentPart::Handling,
        indicator,
        weight,
        floor: 0,
        full: 10_000,
        none: NoneRule::LeftOut,
    };
    AssessmentScheme {
        id: "QX".to_owned(),
        version: 1,
        name: "年末办理考核".to_owned(),
        effective_from: "2026-12-01".parse().unwrap(),
        lines: vec![
            line(Indicator::TimelySigning, 6_000),
            line(Indicator::TimelyCompletion, 4_000),
        ],
        deductions: Vec::new(),
    }
}

impl Town {
    async fn assesses(&mut self, person: &str, command: AssessmentCommand) {
        self.does(person, SCHEME, Act::Assessment(command)).await;
    }

    /// What the two units came to in December, as a desk counts it.
    async fn counted(&self, subjects: &[&str]) -> AssessmentCommand {
        let mut orders = Vec::new();
        for subject in subjects {
            let subject = self.house.office().subject(subject).await.unwrap();
            orders.push(subject.as_ref().and_then(Subject::order).unwrap().clone());
        }
        let (rule_sets, scheme) = (RuleSets::built_in(), scheme());
        let counted_at = self.house.clock.now();
        let basis = Basis {
            period: DECEMBER.period().unwrap(),
            as_of: counted_at,
            rule_sets: &rule_sets,
            parameters: IndicatorParameters::of_the_house(),
        };
        let sources = Sources {
            orders: &orders,
            repeats: &BTreeSet::new(),
            calls: &[],
            kb_update_tasks: &[],
            kb_searches: &[],
        };
        let figures = UnitFigures::count(&scheme, sources, &basis);
        let units = [WATER, SCHOOLS].map(|id| HandlingUnitId(id.to_owned()));
        let scored = score(&scheme, &figures, &[], &units).units.into_iter();
        let frozen = scored.map(|it| FrozenUnit {
            unit: it.unit,
            figures: it
                .lines
                .iter()
                .map(|line| FrozenFigure {
                    indicator: line.line.indicator,
                    points: line.figure.points,
                    n_items: u32::try_from(line.figure.denominator.len()).unwrap(),
                    full_points: line.figure.full_points,
                    sha256: Hash::of(line.figure.evidence_text().as_bytes()).to_string(),
                })
                .collect(),
            events: Vec::new(),
        });
        AssessmentCommand::Count {
            period: DECEMBER,
            counted_at,
            units: frozen.collect(),
        }
    }
}

/// December with two orders of the water office, one signed for late, and one of the schools: counted.
async fn december() -> Town {
    let mut town = Town::open().await;
    let draft = AssessmentCommand::Draft {
        number: SCHEME.to_owned(),
        scheme: scheme(),
    };
    town.assesses("1005", draft).await;
    let announce = AssessmentCommand::Announce {
        document: "渠审批发〔2026〕30号".to_owned(),
    };
    town.assesses("1006", announce).await;
    town.house.clock.seconds_later(10 * DAY);
    town.given("w1", WATER, matter("停水两天")).await;
    town.given("w2", WATER, matter("水压太低")).await;
    town.given("s1", SCHOOLS, matter("校门口积水")).await;
    let mut liaison = town.at_the_portal("2001").await;
    liaison.done("w1", json!({ "type": "sign_for" })).await;
    let mut schools = town.at_the_portal("3001").await;
    schools.done("s1", json!({ "type": "sign_for" })).await;
    town.house.clock.seconds_later(7 * DAY);
    let mut liaison = town.at_the_portal("2001").await;
    liaison.done("w2", json!({ "type": "sign_for" })).await;
    town.house.clock.seconds_later(23 * DAY);
    let count = town.counted(&["w1", "w2", "s1"]).await;
    town.assesses("1005", count).await;
    town
}

async fn put_out(town: &mut Town) {
    let publish = AssessmentCommand::Publish {
        period: DECEMBER,
        appeals_until: "2027-01-09".parse().unwrap(),
    };
    town.assesses("1006", publish).await;
}

fn key() -> Value {
    json!({ "number": SCHEME, "period": "2026-12" })
}

fn appeal(act_id: &str, version: &Value, item: &str) -> Value {
    json!({
        "number": SCHEME, "period": "2026-12", "act_id": act_id, "version": version,
        "about": { "type": "item", "indicator": "timely_signing", "item": item },
        "reason": "系统故障，当日已电话签收",
    })
}

async fn detail(browser: &mut Browser) -> Value {
    browser.ask("unit_round", key()).await
}

/// The items behind the line of signing: number, part.
async fn signing(browser: &mut Browser) -> Value {
    let mut ask = key();
    ask["indicator"] = json!("timely_signing");
    browser.ask("unit_score_items", ask).await
}

#[tokio::test(flavor = "multi_thread")]
async fn article_23_a_unit_reads_its_own_result_and_appeals() {
    let mut town = december().await;
    let mut liaison = town.at_the_portal("2001").await;
    // Before it is put out there is nothing to see.
    assert_eq!(liaison.ask("unit_rounds", Value::Null).await, json!([]));
    let early = liaison.call("unit_round", key()).await;
    assert_eq!(early.refusal(), "这一期还没有计数。");
    put_out(&mut town).await;

    let rows = liaison.ask("unit_rounds", Value::Null).await;
    let row = &rows[0];
    assert_eq!(row["period_text"], "2026年12月");
    assert_eq!(row["total_text"], "30.00");
    assert_eq!(row["place_text"], "第 2 名，共 2 个单位");
    assert_eq!(row["appeals_text"], "可申诉到1月9日（周六）");
    let shown = detail(&mut liaison).await;
    assert_eq!(shown["lines"][0]["text"], "签收及时率");
    assert_eq!(shown["lines"][0]["count_text"], "1/2");
    assert_eq!(shown["refusal"], Value::Null);

    // Each number opens its orders, as they were counted.
    let behind = signing(&mut liaison).await;
    assert_eq!(behind["is_changed"], false);
    let of_part = |part: &str| -> Vec<String> {
        let items = behind["items"].as_array().unwrap().iter();
        let found = items.filter(|it| it["part"] == part);
        found
            .map(|it| it["order"]["number"].as_str().unwrap().to_owned())
            .collect()
    };
    assert_eq!(of_part("rest"), ["QX-w2"]);
    assert_eq!(of_part("numerator"), ["QX-w1"]);
    let late = behind["items"][0]["item"].as_str().unwrap().to_owned();

    // The same appeal again is raised once, another about the same is none.
    let version = &shown["version"];
    let raised = appeal("a1", version, &late);
    for _ in 0..2 {
        let done = liaison.ask("appeal_score", raised.clone()).await;
        assert_eq!(done["message"], "申诉已送达县中心，裁定后在这里看到结果。");
    }
    let shown = detail(&mut liaison).await;
    assert_eq!(shown["row"]["n_open_appeals"], 1);
    assert_eq!(shown["appeals"].as_array().unwrap().len(), 1);
    assert!(
        shown["appeals"][0]["raised_text"]
            .as_str()
            .unwrap()
            .starts_with("张强，")
    );
    let again = liaison
        .call("appeal_score", appeal("a2", &shown["version"], &late))
        .await;
    assert_eq!(again.refusal(), "第 1 号申诉说的是同一项。");
    let old = liaison
        .call("appeal_score", appeal("a3", version, "QX-w1"))
        .await;
    assert_eq!(old.body["code"], "stale");

    // The ruling, and what it makes of the result.
    let uphold = AssessmentCommand::Uphold {
        period: DECEMBER,
        appeal: 1,
        correction: AppealCorrection::InFavour,
        reason: "情况属实".to_owned(),
    };
    town.assesses("1006", uphold).await;
    let shown = detail(&mut liaison).await;
    let ruling = shown["appeals"][0]["ruling_text"].as_str().unwrap();
    assert!(ruling.starts_with("采纳，按达标计：情况属实"), "{ruling}");
    assert_eq!(shown["row"]["total_text"], "60.00");
    assert_eq!(shown["row"]["n_open_appeals"], 0);

    // The window closes.
    town.house.clock.seconds_later(9 * DAY);
    let mut reviewer = town.at_the_portal("2002").await;
    let shown = detail(&mut reviewer).await;
    assert_eq!(shown["refusal"], "申诉已于2027年1月9日截止。");
    assert_eq!(shown["row"]["appeals_text"], "");
    let late = reviewer
        .call("appeal_score", appeal("a4", &shown["version"], "QX-w1"))
        .await;
    assert_eq!(late.refusal(), "申诉已于2027年1月9日截止。");
}

#[tokio::test(flavor = "multi_thread")]
async fn another_units_result_and_orders_are_out_of_reach() {
    let mut town = december().await;
    put_out(&mut town).await;
    let mut liaison = town.at_the_portal("2001").await;
    let mut schools = town.at_the_portal("3001").await;
    let version = detail(&mut liaison).await["version"].clone();
    let late = signing(&mut liaison).await["items"][0]["item"].clone();
    let raised = appeal("a1", &version, late.as_str().unwrap());
    liaison.ask("appeal_score", raised).await;

    // Of the same period each sees its own, and nothing that the other said or has.
    let shown = detail(&mut schools).await;
    assert_eq!(shown["appeals"], json!([]));
    assert_eq!(shown["row"]["place_text"], "第 1 名，共 2 个单位");
    let behind = signing(&mut schools).await;
    for heard in [&shown, &behind] {
        let heard = heard.to_string();
        for foreign in ["QX-w", "停水", "水压", "系统故障", WATER] {
            assert!(!heard.contains(foreign), "{foreign}: {heard}");
        }
    }
    // An item of another unit is answered like one that is not there.
    let version = &shown["version"];
    for (n, item) in [late.as_str().unwrap(), "QX-w1", "QX-nowhere"]
        .iter()
        .enumerate()
    {
        let act_id = format!("b{n}");
        let heard = schools
            .call("appeal_score", appeal(&act_id, version, item))
            .await;
        assert_eq!(heard.refusal(), "这个单位没有这一项。", "{item}");
    }
    let mut deduction = appeal("c1", version, "");
    deduction["about"] = json!({ "type": "deduction", "case_number": "JD-1" });
    let heard = schools.call("appeal_score", deduction).await;
    assert_eq!(heard.refusal(), "这个单位没有这一项。");
    // Its own order is found by its number alone.
    let own = appeal("d1", version, "QX-s1");
    schools.call("appeal_score", own).await.value();
    let shown = detail(&mut schools).await;
    let target = shown["appeals"][0]["target_text"].as_str().unwrap();
    assert_eq!(
        target,
        format!(
            "签收及时率，{}",
            behind["items"][0]["item"].as_str().unwrap()
        )
    );
    // One that was not counted may be named as well: it should have been.
    town.given("s2", SCHOOLS, matter("校服太贵")).await;
    let left_out = appeal("d2", &shown["version"], "QX-s2");
    schools.call("appeal_score", left_out).await.value();
    let shown = detail(&mut schools).await;
    assert_eq!(shown["appeals"][1]["target_text"], "签收及时率，QX-s2");
    for (number, period) in [
        (SCHEME, "2026-11"),
        (SCHEME, "昨天"),
        ("w1", "2026-12"),
        ("", "2026-12"),
    ] {
        let key = json!({ "number": number, "period": period });
        schools.call("unit_round", key).await.refusal();
    }
}

/// What is done is in the record of the center, what is refused as well.
#[tokio::test(flavor = "multi_thread")]
async fn an_appeal_is_in_the_audit() {
    let mut town = december().await;
    put_out(&mut town).await;
    let mut liaison = town.at_the_portal("2001").await;
    let shown = detail(&mut liaison).await;
    let refused = appeal("a1", &shown["version"], "QX-s1");
    liaison.call("appeal_score", refused).await.refusal();
    liaison
        .ask("appeal_score", appeal("a2", &shown["version"], "QX-w1"))
        .await;
    let office = town.house.office();
    let entries = office
        .readers
        .read(|reader| reader.records.range("audit", "", "", 1_000));
    let bodies = entries.await.unwrap().into_iter().map(|it| it.body);
    let of_appeals: Vec<String> = bodies
        .filter(|it| it.contains("portal_appeal_score"))
        .collect();
    assert_eq!(of_appeals.len(), 2, "{of_appeals:?}");
    assert!(
        of_appeals
            .iter()
            .all(|it| it.contains("2001") && it.contains(SCHEME))
    );
}
