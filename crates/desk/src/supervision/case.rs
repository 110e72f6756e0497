//! 监督件: the lists by stage, and one case with its evidence, its story and what may be done with it now.

use desk_store::Reader;
use domain::clock_face::date_of;
use domain::supervision::{
    Measure, SupervisoryCase, SupervisoryCommand, SupervisoryCommandKind, SupervisoryEvent,
    SupervisoryGround, SupervisoryRefusal, SupervisoryStage, commands_at, fold,
};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::desk::Desk;
use crate::error::CallError;
use crate::sight::Sight;
use crate::{text, time_text};

#[derive(Debug, Clone, Serialize, TS)]
pub struct CaseCount {
    #[ts(type = "SupervisoryStage")]
    pub stage: SupervisoryStage,
    pub title: String,
    pub n: usize,
}

#[derive(Debug, Clone, Deserialize, TS)]
pub struct CaseListAsk {
    #[ts(type = "SupervisoryStage")]
    pub stage: SupervisoryStage,
}

#[derive(Debug, Clone, Serialize, TS)]
pub struct CaseRow {
    pub number: String,
    #[ts(type = "SupervisoryGround")]
    pub ground: SupervisoryGround,
    pub ground_text: String,
    pub article: String,
    #[ts(type = "Measure")]
    pub measure: Measure,
    pub measure_text: String,
    pub unit_name: String,
    pub body_text: String,
    pub n_evidence: usize,
    #[ts(type = "SupervisoryStage")]
    pub stage: SupervisoryStage,
    pub stage_text: String,
    pub proposed_by_text: String,
    pub changed_text: String,
    /// 限期; empty where none was set.
    pub answer_by_text: String,
    pub is_answer_late: bool,
}

#[derive(Debug, Clone, Deserialize, TS)]
pub struct CaseNumber {
    pub number: String,
}

#[derive(Debug, Clone, Serialize, TS)]
pub struct CaseEvidenceView {
    pub number: String,
    pub note: String,
    /// 封存; empty where the number is enough.
    pub sha256: String,
    /// Empty where it is no order of this desk.
    pub work_order_id: String,
    pub title: String,
    /// 封存后有变化: the order has gone on since it was laid by.
    pub is_changed: bool,
}

#[derive(Debug, Clone, Serialize, TS)]
pub struct CaseStoryLine {
    pub at_text: String,
    pub text: String,
    pub detail: String,
    pub by_text: String,
}

#[derive(Debug, Clone, Serialize, TS)]
pub struct CaseCommandState {
    #[ts(type = "SupervisoryCommandKind")]
    pub command: SupervisoryCommandKind,
    pub text: String,
    /// Null when it may be given.
    pub refusal: Option<String>,
}

#[derive(Debug, Clone, Serialize, TS)]
pub struct CaseDetail {
    pub row: CaseRow,
    /// Sent back with every act.
    pub version: u32,
    pub unit_id: String,
    pub facts: String,
    pub evidence: Vec<CaseEvidenceView>,
    pub document: String,
    pub addressee: String,
    pub answer: String,
    pub story: Vec<CaseStoryLine>,
    pub commands: Vec<CaseCommandState>,
}

/// 监督情形 to choose from, with what follows from each.
#[derive(Debug, Clone, Serialize, TS)]
pub struct GroundChoice {
    #[ts(type = "SupervisoryGround")]
    pub ground: SupervisoryGround,
    pub text: String,
    pub article: String,
    #[ts(type = "Measure")]
    pub measure: Measure,
    pub measure_text: String,
}

/// 监督情形.
pub(crate) fn supervisory_grounds(_desk: &Desk, (): ()) -> Result<Vec<GroundChoice>, CallError> {
    let choice = |ground: SupervisoryGround| GroundChoice {
        ground,
        text: text::supervisory_ground(ground).to_owned(),
        article: ground.article().to_owned(),
        measure: ground.measure(),
        measure_text: text::measure(ground.measure()).to_owned(),
    };
    Ok(SupervisoryGround::ALL.into_iter().map(choice).collect())
}

/// 各环节件数, of what the person may see.
pub(crate) fn supervisory_lists(desk: &Desk, (): ()) -> Result<Vec<CaseCount>, CallError> {
    let counts = desk.store.read(|reader| {
        let count = |stage: SupervisoryStage| {
            let cases = reader.supervisory_cases(stage)?;
            let seen = cases.iter().filter(|it| it.is_visible_to(&desk.operator));
            Ok(CaseCount {
                stage,
                title: text::supervisory_stage(stage).to_owned(),
                n: seen.count(),
            })
        };
        SupervisoryStage::ALL.into_iter().map(count).collect()
    })?;
    Ok(counts)
}

/// 一个环节的监督件, of what the person may see.
pub(crate) fn supervisory_cases(
    desk: &Desk,
    request: CaseListAsk,
) -> Result<Vec<CaseRow>, CallError> {
    let cases = desk
        .store
        .read(|reader| Ok(reader.supervisory_cases(request.stage)?))?;
    let seen = cases.iter().filter(|it| it.is_visible_to(&desk.operator));
    Ok(seen.map(|case| row(desk, case)).collect())
}

fn row(desk: &Desk, case: &SupervisoryCase) -> CaseRow {
    let measure = case.ground.measure();
    let body = case.body.map(text::admonishing_body);
    CaseRow {
        number: case.number.clone(),
        ground: case.ground,
        ground_text: text::supervisory_ground(case.ground).to_owned(),
        article: case.ground.article().to_owned(),
        measure,
        measure_text: text::measure(measure).to_owned(),
        unit_name: desk.reference.unit_name(&case.unit).to_owned(),
        body_text: body.unwrap_or_default().to_owned(),
        n_evidence: case.evidence.len(),
        stage: case.stage,
        stage_text: text::supervisory_stage(case.stage).to_owned(),
        proposed_by_text: desk.person_text(&case.proposed_by),
        changed_text: time_text::moment(case.last_event_at),
        answer_by_text: case.answer_by.map_or_else(String::new, time_text::day),
        is_answer_late: case.is_answer_late(date_of(desk.now())),
    }
}

/// 监督件. One that the person may not see is answered like one that is not there.
pub(crate) fn supervisory_case(desk: &Desk, request: CaseNumber) -> Result<CaseDetail, CallError> {
    let (events, case, evidence) = desk.store.read(|reader| {
        let events = reader.supervisory_events_of(&request.number)?;
        let case = fold(&events).filter(|case| case.is_visible_to(&desk.operator));
        let evidence = match &case {
            Some(case) => evidence(desk, reader, case)?,
            None => Vec::new(),
        };
        Ok((events, case, evidence))
    })?;
    let case = case.ok_or(SupervisoryRefusal::NotProposed)?;
    Ok(CaseDetail {
        row: row(desk, &case),
        version: case.n_events,
        unit_id: case.unit.0.clone(),
        facts: case.facts.clone(),
        evidence,
        document: case.document.clone().unwrap_or_default(),
        addressee: case.addressee.clone().unwrap_or_default(),
        answer: case.answer.clone().unwrap_or_default(),
        story: events.iter().map(|it| story_line(desk, it)).collect(),
        commands: commands_at(&case, &desk.operator)
            .filter(|(command, _)| *command != SupervisoryCommandKind::Propose)
            .map(|(command, refusal)| CaseCommandState {
                command,
                text: text::supervisory_command(command).to_owned(),
                refusal: refusal.as_ref().map(text::supervisory_refusal),
            })
            .collect(),
    })
}

fn evidence(
    desk: &Desk,
    reader: &Reader,
    case: &SupervisoryCase,
) -> anyhow::Result<Vec<CaseEvidenceView>> {
    let mut views = Vec::with_capacity(case.evidence.len());
    for it in &case.evidence {
        let id = reader.work_orders_numbered(&it.number)?.into_iter().next();
        let id = id.unwrap_or_default();
        let record = reader.work_order_record(&id)?;
        let now = match record {
            Some(_) => crate::desk::seen_story(reader, &id)?.map(|hash| hash.to_string()),
            None => None,
        };
        views.push(CaseEvidenceView {
            number: it.number.clone(),
            note: it.note.clone(),
            sha256: it.sha256.clone(),
            work_order_id: id,
            title: record.map_or_else(String::new, |record| {
                Sight::of(&desk.operator, record.kind, record.is_confidential).title(&record)
            }),
            is_changed: !it.sha256.is_empty() && now.is_some_and(|now| now != it.sha256),
        });
    }
    Ok(views)
}

fn story_line(desk: &Desk, event: &SupervisoryEvent) -> CaseStoryLine {
    CaseStoryLine {
        at_text: time_text::moment(event.occurred_at),
        text: text::supervisory_command(event.kind.kind()).to_owned(),
        detail: match &event.kind {
            SupervisoryCommand::Propose { facts, .. } => facts.clone(),
            SupervisoryCommand::AddEvidence { evidence } => {
                let numbers: Vec<&str> = evidence.iter().map(|it| it.number.as_str()).collect();
                numbers.join("、")
            }
            SupervisoryCommand::Confirm => String::new(),
            SupervisoryCommand::Reject { reason } | SupervisoryCommand::Close { reason } => {
                reason.clone()
            }
            SupervisoryCommand::Issue {
                document,
                addressee,
                answer_by,
            } => match answer_by {
                Some(day) => format!("{document}，发往{addressee}，限{}前", time_text::day(*day)),
                None => format!("{document}，发往{addressee}"),
            },
            SupervisoryCommand::RecordAnswer { answered_at, text } => {
                format!("{}：{text}", time_text::moment(*answered_at))
            }
        },
        by_text: desk.person_text(&event.actor),
    }
}
