//! 线索: what can be read off the orders and tasks of this year, and is in no case yet. A clue is no
//! judgement: a person makes a proposal of it, or does not.

use std::collections::BTreeSet;

use chrono::{DateTime, Datelike as _, NaiveTime, Utc};
use desk_store::Reader;
use domain::HandlingUnitId;
use domain::clock_face::{at, date_of};
use domain::supervision::admonition::{AdmonishingBody, AdmonitionProposal, propose_admonitions};
use domain::supervision::clue::clues;
use domain::supervision::{EVIDENCE_MAX, Measure, SupervisoryGround};
use serde::Serialize;
use ts_rs::TS;

use super::{PROPOSERS, check_role};
use crate::desk::Desk;
use crate::error::CallError;
use crate::text;

/// So many numbers are written out in the facts; the evidence has all of them.
const NUMBERS_NAMED_MAX: usize = 5;

#[derive(Debug, Clone, Serialize, TS)]
pub struct ClueView {
    #[ts(type = "SupervisoryGround")]
    pub ground: SupervisoryGround,
    pub ground_text: String,
    pub article: String,
    #[ts(type = "Measure")]
    pub measure: Measure,
    pub measure_text: String,
    pub unit_id: String,
    pub unit_name: String,
    /// 约谈机关 of the next talk; null for what is no admonition.
    #[ts(type = "AdmonishingBody | null")]
    pub body: Option<AdmonishingBody>,
    pub body_text: String,
    /// 第几次 of the year, for what is counted.
    pub ordinal: Option<u32>,
    pub numbers: Vec<String>,
    /// A case on the same ground is not settled yet.
    pub has_open_case: bool,
    /// The facts as they would be proposed; a person edits them.
    pub facts: String,
}

/// A clue before it is said.
struct Found {
    ground: SupervisoryGround,
    unit: HandlingUnitId,
    numbers: Vec<String>,
    talk: Option<AdmonitionProposal>,
}

/// 线索 of this year.
pub(crate) fn supervision_clues(desk: &Desk, (): ()) -> Result<Vec<ClueView>, CallError> {
    check_role(desk, PROPOSERS)?;
    let now = desk.now();
    let views = desk.store.read(|reader| {
        let mut views = Vec::new();
        for found in find(desk, reader, now)? {
            let has_open_case = reader.has_open_case(found.ground, &found.unit)?;
            views.push(view(desk, found, has_open_case, now));
        }
        Ok(views)
    })?;
    Ok(views)
}

fn find(desk: &Desk, reader: &Reader, now: DateTime<Utc>) -> anyhow::Result<Vec<Found>> {
    let today = date_of(now);
    let began = at(today.with_ordinal(1).unwrap_or(today), NaiveTime::MIN);
    let rules = desk.rule_sets.in_force_on(today);
    let overdue = reader.overdue_orders(began, now)?;
    let talks = propose_admonitions(&overdue, &reader.held_talks()?, rules.admonition);
    let tasks = reader.knowledge_task_records(began, today)?;
    let mut found: Vec<Found> = talks
        .iter()
        .map(|talk| Found {
            ground: SupervisoryGround::Overdue,
            unit: talk.unit.clone(),
            numbers: talk.order_numbers.clone(),
            talk: Some(talk.clone()),
        })
        .collect();
    for ground in [
        SupervisoryGround::BadAnswer,
        SupervisoryGround::Shirking,
        SupervisoryGround::RepeatedAndUnsolved,
        SupervisoryGround::SentBackAgainAndAgain,
    ] {
        let mut of_ground = reader.order_clues(ground, began, now)?;
        of_ground.sort();
        for of_unit in of_ground.chunk_by(|one, next| one.0 == next.0) {
            found.extend(of_unit.first().map(|(unit, _)| Found {
                ground,
                unit: unit.clone(),
                numbers: of_unit.iter().map(|(_, number)| number.clone()).collect(),
                talk: None,
            }));
        }
    }
    let besides = clues(&[], &tasks, &talks, &desk.rule_sets).into_iter();
    found.extend(besides.map(|clue| Found {
        ground: clue.ground,
        unit: clue.unit,
        numbers: clue.numbers,
        talk: None,
    }));
    let mut left = Vec::new();
    for mut it in found {
        let used = used_numbers(reader, it.ground, &it.unit)?;
        if it.numbers.iter().all(|number| used.contains(number)) {
            continue;
        }
        // What is counted together stays together.
        if it.talk.is_none() {
            it.numbers.retain(|number| !used.contains(number));
        }
        it.numbers.truncate(EVIDENCE_MAX);
        left.push(it);
    }
    left.sort_by(|one, other| (one.ground, &one.unit).cmp(&(other.ground, &other.unit)));
    Ok(left)
}

/// The numbers that some case on that ground stands on already, whatever became of it.
fn used_numbers(
    reader: &Reader,
    ground: SupervisoryGround,
    unit: &HandlingUnitId,
) -> anyhow::Result<BTreeSet<String>> {
    let cases = reader.supervisory_cases_on(ground)?;
    let of_unit = cases.into_iter().filter(|case| case.unit == *unit);
    Ok(of_unit
        .flat_map(|case| case.evidence)
        .map(|evidence| evidence.number)
        .collect())
}

fn view(desk: &Desk, found: Found, has_open_case: bool, now: DateTime<Utc>) -> ClueView {
    let Found {
        ground,
        unit,
        numbers,
        talk,
    } = found;
    let measure = ground.measure();
    let unit_name = desk.reference.unit_name(&unit).to_owned();
    let body = match (&talk, measure) {
        (Some(talk), _) => Some(talk.body),
        // The article names the bureau for the first; a person may choose the other.
        (None, Measure::Admonition) => Some(AdmonishingBody::ApprovalBureau),
        (None, Measure::Supervision | Measure::Referral) => None,
    };
    let named: Vec<&str> = numbers
        .iter()
        .take(NUMBERS_NAMED_MAX)
        .map(String::as_str)
        .collect();
    let more = if numbers.len() > named.len() {
        "等"
    } else {
        ""
    };
    let ground_text = text::supervisory_ground(ground);
    let mut facts = format!(
        "{unit_name}{}年{}，涉及{} {} 件（{}{more}）。",
        date_of(now).year(),
        ground_text,
        if ground == SupervisoryGround::KnowledgeNeglected {
            "知识任务"
        } else {
            "工单"
        },
        numbers.len(),
        named.join("、"),
    );
    if let Some(talk) = &talk {
        facts.push_str(&format!("系本考核年度第 {} 次。", talk.ordinal));
    }
    facts.push_str(&format!(
        "依据《办法》{}，建议{}{}。",
        ground.article(),
        body.map_or("", |body| match body {
            AdmonishingBody::ApprovalBureau => "由县行政审批局",
            AdmonishingBody::DisciplineCommission => "由县纪委监委",
        }),
        match measure {
            Measure::Admonition => "约谈",
            Measure::Supervision => "报县政府督办",
            Measure::Referral => "由主管部门处理或移送",
        }
    ));
    ClueView {
        ground,
        ground_text: ground_text.to_owned(),
        article: ground.article().to_owned(),
        measure,
        measure_text: text::measure(measure).to_owned(),
        unit_id: unit.0,
        unit_name,
        body,
        body_text: body.map_or_else(String::new, |body| text::admonishing_body(body).to_owned()),
        ordinal: talk.map(|talk| talk.ordinal),
        numbers,
        has_open_case,
        facts,
    }
}
