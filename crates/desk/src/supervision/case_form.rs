//! 监督文书: a case on paper, as 约谈建议单, 督办单 or 移送建议书, by what follows from its ground.
//!
//! It says what the case says, and leaves room where a person signs or what happens outside is written by hand.
//! Orders stand on it by their numbers and titles, as the person sees them: who called is on none.

use chrono::Datelike as _;
use desk_store::Reader;
use documents::blank::FormKind;
use documents::form::Values;
use domain::clock_face::date_of;
use domain::supervision::{
    Evidence, Measure, SupervisoryCase, SupervisoryCommand, SupervisoryEvent, SupervisoryRefusal,
    SupervisoryStage, fold,
};
use domain::time_limit::LimitKind;
use serde::Deserialize;
use ts_rs::TS;

use crate::desk::Desk;
use crate::error::CallError;
use crate::export::Export;
use crate::handed::Handed;
use crate::host::DeskHost;
use crate::order_form::{self, FormOutput};
use crate::sight::Sight;
use crate::{text, time_text};

const PURPOSE: &str = "监督";

#[derive(Debug, Clone, Deserialize, TS)]
pub struct PrintCase {
    pub number: String,
    pub output: FormOutput,
}

/// 打印监督文书. A case that the person may not see is answered like one that is not there.
pub(crate) fn print_case(
    host: &DeskHost,
    export: Export<'_>,
    request: PrintCase,
) -> Result<Handed, CallError> {
    let desk = export.desk;
    let export = export.freely("a unit, and orders by number and masked title; no citizen");
    let values = desk.store.read(|reader| {
        let events = reader.supervisory_events_of(&request.number)?;
        let Some(case) = fold(&events).filter(|case| case.is_visible_to(&desk.operator)) else {
            return Ok(None);
        };
        Ok(Some((
            kind_of(&case),
            values(desk, reader, &case, &events)?,
        )))
    })?;
    let (kind, values) = values.ok_or(SupervisoryRefusal::NotProposed)?;
    let name = format!("{} {}", kind.name(), request.number);
    order_form::hand_out(host, export, kind, &values, PURPOSE, request.output, &name)
}

fn kind_of(case: &SupervisoryCase) -> FormKind {
    match case.ground.measure() {
        Measure::Admonition => FormKind::Admonition,
        Measure::Supervision => FormKind::Supervision,
        Measure::Referral => FormKind::Referral,
    }
}

fn values(
    desk: &Desk,
    reader: &Reader,
    case: &SupervisoryCase,
    events: &[SupervisoryEvent],
) -> anyhow::Result<Values> {
    let mut values = Values::default();
    let unit = desk.reference.unit_name(&case.unit);
    let ground = format!(
        "{} {}",
        case.ground.article(),
        text::supervisory_ground(case.ground)
    );
    let confirmed = case.confirmed_by.as_ref().map(|by| desk.person_text(by));
    let agreed = confirmed.map_or_else(String::new, |by| format!("同意。确认人：{by}"));
    let answered_at = case.answered_at.map_or_else(String::new, time_text::dated);
    let answer = case.answer.clone().unwrap_or_default();
    values.set("编号", &*case.number);
    values.set("提出时间", time_text::dated(case.proposed_at));
    values.list("证据");
    for (nth, evidence) in (1_u32..).zip(&case.evidence) {
        let (title, due) = of_order(desk, reader, case, evidence)?;
        values.push(
            "证据",
            &[
                ("序号", nth.to_string()),
                ("工单编号", evidence.number.clone()),
                ("诉求标题", title),
                ("期限", due),
                ("情况", evidence.note.clone()),
            ],
        );
    }
    match case.ground.measure() {
        Measure::Admonition => {
            let proposed_on = date_of(case.proposed_at);
            values.set("被约谈单位", unit);
            values.set("约谈情形", ground);
            values.set("约谈次数", nth_talk(reader, case)?);
            values.set(
                "约谈主体",
                case.body.map(text::admonishing_body).unwrap_or_default(),
            );
            let (year, month) = (proposed_on.year(), proposed_on.month());
            values.set("统计期间", format!("{year}年{month}月"));
            values.set("事实经过", &*case.facts);
            values.set("约谈建议", "建议约谈该单位负责人，查明原因，明确整改措施。");
            values.set("确认人意见", agreed);
            values.set("约谈时间", answered_at);
            for by_hand in ["约谈地点", "约谈人", "被约谈人"] {
                values.set(by_hand, "");
            }
            values.set("整改要求", answer);
        }
        Measure::Supervision => {
            values.set("责任单位", unit);
            values.set("督办情形", ground);
            let answer_by = case.answer_by.map_or_else(String::new, time_text::date);
            values.set("限办日期", answer_by);
            values.set("督办事项", &*case.facts);
            values.set("督办要求", "查明原因，限期办理，并书面报告办理结果。");
            values.set("行政审批局意见", agreed);
            values.set("县政府意见", "");
            values.set("办理结果", answer);
            values.set("销号意见", closed_for(case, events));
        }
        Measure::Referral => {
            values.set("责任单位", unit);
            values.set("移送情形", ground);
            values.set("移送机关", case.addressee.clone().unwrap_or_default());
            values.set("事实经过", &*case.facts);
            values.set(
                "移送建议",
                "建议由主管部门处理，涉嫌违纪违法的移送纪检监察机关。",
            );
            values.set("确认人意见", agreed);
            values.set("移送文号", case.document.clone().unwrap_or_default());
            let issued_at = case.issued_at.map_or_else(String::new, time_text::dated);
            values.set("移送时间", issued_at);
            values.set("处理结果", answer);
        }
    }
    Ok(values)
}

/// The title of an order in evidence as the person sees it, and until when the unit had to handle it. Both are
/// empty for what is no order of this desk.
fn of_order(
    desk: &Desk,
    reader: &Reader,
    case: &SupervisoryCase,
    evidence: &Evidence,
) -> anyhow::Result<(String, String)> {
    let id = reader.work_orders_numbered(&evidence.number)?;
    let Some(id) = id.into_iter().next() else {
        return Ok((String::new(), String::new()));
    };
    let record = reader.work_order_record(&id)?;
    let title = record.map_or_else(String::new, |record| {
        Sight::of(&desk.operator, record.kind, record.is_confidential).title(&record)
    });
    let order = reader.load_work_order(&id)?;
    let assignments = order.iter().flat_map(|order| &order.assignments);
    let of_unit = assignments.rev().find(|it| it.unit == case.unit);
    let limit = of_unit.and_then(|it| it.limit(LimitKind::Handle));
    let due = limit.map_or_else(String::new, |(limit, _)| time_text::deadline(limit.due_at));
    Ok((title, due))
}

/// 2026年度第 2 次: talks that were held before this was proposed, and this one.
fn nth_talk(reader: &Reader, case: &SupervisoryCase) -> anyhow::Result<String> {
    let year = date_of(case.proposed_at).year();
    let before = reader.held_talks()?.into_iter().filter(|talk| {
        talk.unit == case.unit
            && talk.held_at < case.proposed_at
            && date_of(talk.held_at).year() == year
    });
    Ok(format!("{year}年度第 {} 次", before.count() + 1))
}

/// 销号意见, once it is closed.
fn closed_for(case: &SupervisoryCase, events: &[SupervisoryEvent]) -> String {
    let last = events.last().map(|event| &event.kind);
    match (case.stage, last) {
        (SupervisoryStage::Closed, Some(SupervisoryCommand::Close { reason })) => reason.clone(),
        (_, _) => String::new(),
    }
}
