//! 本单位的工单: one order with its story, and what may be done with it now.

use domain::extension::{advised_by, check_open};
use domain::time_limit::LimitKind;
use domain::work_order::{
    AssignmentStage, CallerVisibility, CommandKind, Event, EventKind, Part, ScreeningStage,
    assignment_commands_at, commands_at, send_back_review_target,
};
use serde::{Deserialize, Serialize};
use ts_rs::TS;
use wording::limit::{self, LimitView};
use wording::story::{Line, Teller};
use wording::{mask, text, time_text};

use super::error::CallError;
use super::evidence::{EvidenceFile, attached, supplied};
use super::order_list::{UnitOrderRow, row_view};
use super::unit_order::UnitOrder;
use super::visit::{OwnOrder, Visit};

#[derive(Debug, Clone, Deserialize, TS)]
pub(super) struct UnitOrderId {
    pub(super) id: String,
}

/// 诉求人, as far as the unit may see.
#[derive(Debug, Clone, Serialize, TS)]
pub(super) struct UnitCaller {
    pub(super) is_sealed: bool,
    /// Why nothing is shown; empty where something is.
    pub(super) sealed_text: String,
    pub(super) name_masked: String,
    pub(super) phone_masked: String,
}

#[derive(Debug, Clone, Serialize, TS)]
pub(super) struct UnitStoryEntry {
    pub(super) at: i64,
    pub(super) at_text: String,
    pub(super) title: String,
    pub(super) detail: String,
    pub(super) actor: String,
    /// Nothing waits at the center; for the list that the desk shows it in too.
    pub(super) is_waiting: bool,
}

/// A command, and why it may not be given now.
#[derive(Debug, Clone, Serialize, TS)]
pub(super) struct UnitCommandState {
    #[ts(type = "CommandKind")]
    pub(super) command: CommandKind,
    pub(super) text: String,
    /// Null when it may be given.
    pub(super) refusal: Option<String>,
}

/// 协办意见 that the lead cites.
#[derive(Debug, Clone, Serialize, TS)]
pub(super) struct UnitOpinion {
    pub(super) unit: String,
    /// Empty while there is none.
    pub(super) text: String,
}

#[derive(Debug, Clone, Serialize, TS)]
pub(super) struct UnitOrderDetail {
    pub(super) row: UnitOrderRow,
    /// Sent back with every act.
    pub(super) version: u32,
    pub(super) text: String,
    /// 事发时间, as it was told; empty where nobody said when.
    pub(super) happened: String,
    /// 诉求对象; empty where nobody said.
    pub(super) about: String,
    pub(super) wants: String,
    /// 转办意见.
    pub(super) opinion: String,
    pub(super) channel_text: String,
    pub(super) registered_text: String,
    pub(super) wants_call_back: bool,
    pub(super) caller: UnitCaller,
    /// 主办县水务局，协办渠江街道; empty for one unit alone.
    pub(super) units_text: String,
    /// What waits for the center or the city now; empty for nothing.
    pub(super) waits_text: String,
    pub(super) opinions: Vec<UnitOpinion>,
    /// 答复 as it was handed in last; empty before.
    pub(super) reply: String,
    pub(super) responsible_person: String,
    /// Until when a bad rating may be disputed; empty where there is none.
    pub(super) screening_text: String,
    pub(super) evidence: Vec<EvidenceFile>,
    /// 诉求材料 that the center attached.
    pub(super) supplied: Vec<EvidenceFile>,
    pub(super) limits: Vec<LimitView>,
    pub(super) story: Vec<UnitStoryEntry>,
    pub(super) commands: Vec<UnitCommandState>,
}

/// What people of units do, in the order of the work.
pub(super) const COMMANDS: &[CommandKind] = &[
    CommandKind::SignFor,
    CommandKind::RespondFirst,
    CommandKind::RecordContact,
    CommandKind::SubmitReply,
    CommandKind::SubmitOpinion,
    CommandKind::SignReply,
    CommandKind::RejectReply,
    CommandKind::RecordUrgeReceipt,
    CommandKind::ReportProgress,
    CommandKind::PassDown,
    CommandKind::RequestExtension,
    CommandKind::ExplainExtension,
    CommandKind::SendBack,
    CommandKind::RequestScreening,
    CommandKind::SupplyEvidence,
    CommandKind::RequestFinalClosure,
    CommandKind::RequestKindChange,
    CommandKind::EscalateClass,
];

/// 工单详情.
pub(super) async fn work_order(
    visit: &Visit,
    request: UnitOrderId,
) -> Result<UnitOrderDetail, CallError> {
    let own = visit.order(&request.id).await?;
    let row = UnitOrder::of(&own.id, &own.order, &own.assignment, &visit.tables);
    let OwnOrder {
        order, assignment, ..
    } = &own;
    let facts = visit.facts();
    let matter = &order.matter;
    let teller = Teller {
        order,
        reference: &visit.tables,
    };
    // What is about the order as a whole is not among what is about the unit's part of it.
    let of_order = [CommandKind::RequestKindChange, CommandKind::EscalateClass];
    let of_order = commands_at(order, &facts).filter(|(kind, _)| of_order.contains(kind));
    let allowed: Vec<_> = assignment_commands_at(order, assignment.number, &facts)
        .chain(of_order)
        .collect();
    // A receipt for nothing is nothing to offer.
    let is_urged = assignment.n_urges > assignment.n_urges_received;
    let offered = COMMANDS
        .iter()
        .filter(|command| is_urged || **command != CommandKind::RecordUrgeReceipt);
    let commands = offered.filter_map(|command| {
        let (_, refusal) = allowed.iter().find(|(kind, _)| kind == command)?;
        Some(UnitCommandState {
            command: *command,
            text: text::command(*command).to_owned(),
            refusal: refusal.as_ref().map(text::refusal),
        })
    });
    let reply = assignment.reply.as_ref();
    Ok(UnitOrderDetail {
        version: order.version,
        text: matter.text.clone(),
        happened: matter.happened.clone(),
        about: matter.about.clone(),
        wants: matter.wants.clone(),
        opinion: assignment.opinion.clone(),
        channel_text: text::channel(matter.channel).to_owned(),
        registered_text: time_text::moment(order.registered_at),
        wants_call_back: matter.wants_call_back,
        caller: caller(&own),
        units_text: units_text(visit, &own),
        waits_text: waits_text(visit, &own),
        opinions: opinions(visit, &own),
        reply: reply.map_or_else(String::new, |reply| reply.text.clone()),
        responsible_person: reply.map_or_else(String::new, |it| it.responsible_person.clone()),
        screening_text: screening_text(visit, &own),
        evidence: attached(&own),
        supplied: supplied(&own),
        limits: assignment
            .limits
            .iter()
            .map(|(limit, state)| {
                let view = limit::view(limit, *state, &visit.office.rules.calendar, visit.now);
                if assignment.is_waived(limit) {
                    limit::waived(view)
                } else {
                    view
                }
            })
            .collect(),
        story: own
            .events
            .iter()
            .filter(|event| concerns(&own, &event.kind))
            .map(|event| story_entry(visit, &teller, event))
            .collect(),
        commands: commands.collect(),
        row: row_view(visit, &row),
    })
}

fn caller(own: &OwnOrder) -> UnitCaller {
    let caller = &own.order.matter.caller;
    match own.visibility {
        CallerVisibility::Visible => UnitCaller {
            is_sealed: false,
            sealed_text: String::new(),
            name_masked: mask::masked_name(&caller.name),
            phone_masked: mask::masked(number_to_call(own)),
        },
        CallerVisibility::Sealed => UnitCaller {
            is_sealed: true,
            sealed_text: if own.assignment.stage.is_open() && own.assignment.delivered_at.is_some()
            {
                "按第十七条对承办单位保密，请经县中心联系诉求人。".to_owned()
            } else {
                "承办单位仅在办理期间可看诉求人信息。".to_owned()
            },
            name_masked: String::new(),
            phone_masked: String::new(),
        },
    }
}

/// 联系电话, or the number that called.
pub(super) fn number_to_call(own: &OwnOrder) -> &str {
    let caller = &own.order.matter.caller;
    if caller.contact_phone.is_empty() {
        &caller.phone
    } else {
        &caller.contact_phone
    }
}

fn units_text(visit: &Visit, own: &OwnOrder) -> String {
    let round =
        own.order.assignments.iter().filter(|it| {
            it.number >= own.order.round_from && it.stage != AssignmentStage::SentBack
        });
    let units: Vec<String> = round
        .filter(|it| it.part != Part::Sole)
        .map(|it| format!("{}{}", text::part(it.part), visit.unit_name(&it.unit)))
        .collect();
    units.join("，")
}

fn waits_text(visit: &Visit, own: &OwnOrder) -> String {
    let facts = visit.facts();
    let assignment = &own.assignment;
    if assignment.stage == AssignmentStage::SendBackReview
        && let Some(sent_back) = &assignment.send_back
        && let Some(target) = send_back_review_target(
            sent_back.sent_back_at,
            facts.calendar,
            facts.rule_set_of(&own.order),
        )
    {
        return format!(
            "退回待县中心裁定，内控要求 {}前。",
            time_text::moment(target)
        );
    }
    if assignment.stage == AssignmentStage::FinalClosureReview {
        return "终结待县中心审查。".to_owned();
    }
    let pending = assignment
        .extension
        .as_ref()
        .filter(|it| it.stage.is_pending());
    match pending {
        Some(case) => format!(
            "延期申请待批，拟到{}；批复前原时限不变。",
            time_text::deadline(case.proposed_due_at)
        ),
        None => advised_text(visit, own),
    }
}

/// Near the end of the limit: until when an extension had better be asked for (决定 I-9).
fn advised_text(visit: &Visit, own: &OwnOrder) -> String {
    let facts = visit.facts();
    let rules = facts.rule_set_of(&own.order);
    let is_lead = own.assignment.part == Part::Lead && own.assignment.stage.is_open();
    let limit = own.assignment.running_limit(LimitKind::Handle);
    let Some(limit) = limit.filter(|it| is_lead && (it.warn_at..it.due_at).contains(&facts.now))
    else {
        return String::new();
    };
    let n_granted = own.assignment.n_extensions_granted;
    if check_open(own.order.matter.kind, n_granted, rules).is_err() {
        return String::new();
    }
    let advised = advised_by(limit, facts.calendar, rules);
    if facts.now <= advised {
        let advised = time_text::deadline(advised);
        return format!("确需延期的，请在 {advised} 前提交，市里才来得及在期限前批复。");
    }
    "确需延期的，须在期限前提交；现在提交，市里可能来不及在期限前批复。".to_owned()
}

fn opinions(visit: &Visit, own: &OwnOrder) -> Vec<UnitOpinion> {
    if own.assignment.part != Part::Lead {
        return Vec::new();
    }
    let assisting = own.order.assignments.iter().filter(|it| {
        it.part == Part::Assisting && (it.stage.is_open() || it.assisting_opinion.is_some())
    });
    let opinion = assisting.map(|it| UnitOpinion {
        unit: visit.unit_name(&it.unit),
        text: it.assisting_opinion.clone().unwrap_or_default(),
    });
    opinion.collect()
}

fn screening_text(visit: &Visit, own: &OwnOrder) -> String {
    let assignment = &own.assignment;
    let Some(rating) = assignment
        .rating
        .as_ref()
        .filter(|it| it.satisfaction.is_bad())
    else {
        return String::new();
    };
    match assignment.screening.as_ref().map(|it| it.stage) {
        None => {
            let facts = visit.facts();
            let rules = facts.rule_set_of(&own.order);
            let limits = assignment.screening_limits(rating, facts.calendar, rules);
            format!(
                "评价不满意。甄别原则上 {} 前提请，{} 截止。",
                time_text::deadline(limits.principle_due_at.min(limits.cut_off_at)),
                time_text::deadline(limits.cut_off_at)
            )
        }
        Some(ScreeningStage::CountyReview) => "甄别待县中心初审。".to_owned(),
        Some(ScreeningStage::AwaitingEvidence) => "甄别须补证，请在补证期限内提交。".to_owned(),
        Some(ScreeningStage::CityRuling) => "甄别已报市，待裁定。".to_owned(),
        Some(ScreeningStage::DeniedByCounty) => "甄别初审不予上报，评价有效。".to_owned(),
        Some(ScreeningStage::Removed) => "甄别成功，评价剔除。".to_owned(),
        Some(ScreeningStage::Upheld) => "甄别不成立，评价有效。".to_owned(),
    }
}

/// Whether the unit is told of it: what is its own, what is everybody's, and to the lead what those
/// do that assist it. How another unit that countersigns gets on is that unit's business.
fn concerns(own: &OwnOrder, event: &EventKind) -> bool {
    let order = &own.order;
    if let Some(number) = event.assignment() {
        let about = order.assignment(number);
        return about.is_some_and(|it| {
            let is_own = it.unit == own.assignment.unit;
            is_own || (own.assignment.part == Part::Lead && it.part == Part::Assisting)
        });
    }
    match event {
        EventKind::Registered { .. }
        | EventKind::Dispatched { .. }
        | EventKind::Designated { .. }
        | EventKind::TownshipReported { .. }
        | EventKind::KindChangeRequested { .. }
        | EventKind::KindChangeRuled { .. }
        | EventKind::ClassEscalated { .. }
        | EventKind::Supplemented { .. }
        | EventKind::RepeatAbsorbed { .. }
        | EventKind::Withdrawn { .. }
        | EventKind::Completed
        | EventKind::FinallyClosed
        | EventKind::Archived { .. } => true,
        // A unit's own limits say whose they are, unless one unit alone ever had the order.
        EventKind::Delivered { .. } => order.assignments.len() == 1,
        // The center's own business: what other orders there are, what it asks whom, its own limits.
        EventKind::LimitStarted { .. }
        | EventKind::LimitMoved { .. }
        | EventKind::CallerCorrected { .. }
        | EventKind::AnsweredOnTheSpot { .. }
        | EventKind::RefusedOutOfScope { .. }
        | EventKind::TransferredToEmergency { .. }
        | EventKind::VerificationBegun { .. }
        | EventKind::VerificationRecorded { .. }
        | EventKind::CoordinationRequested { .. }
        | EventKind::UpstreamLimitSet { .. }
        | EventKind::MergedInto { .. }
        | EventKind::LinkedTo { .. }
        | EventKind::ResultReturnRecorded { .. }
        | EventKind::Rated { .. }
        | EventKind::OwnCallBackRecorded { .. }
        // Always about an assignment, and dealt with above.
        | EventKind::Urged { .. }
        | EventKind::UrgeReceived { .. }
        | EventKind::SignedFor { .. }
        | EventKind::PassedDown { .. }
        | EventKind::ContactRecorded { .. }
        | EventKind::FirstResponded { .. }
        | EventKind::ProgressReported { .. }
        | EventKind::SentBack { .. }
        | EventKind::SendBackRuled { .. }
        | EventKind::BindingReleased { .. }
        | EventKind::ExtensionRequested { .. }
        | EventKind::ExtensionReviewed { .. }
        | EventKind::CityRuled { .. }
        | EventKind::ExtensionExplained { .. }
        | EventKind::OpinionSubmitted { .. }
        | EventKind::ReplySubmitted { .. }
        | EventKind::ReplySigned { .. }
        | EventKind::ReplyRejected { .. }
        | EventKind::FinalClosureRequested { .. }
        | EventKind::FinalClosureReviewed { .. }
        | EventKind::ScreeningRequested { .. }
        | EventKind::ScreeningReviewed { .. }
        | EventKind::EvidenceSupplied { .. }
        | EventKind::ScreeningRuled { .. }
        | EventKind::ReworkOrdered { .. }
        | EventKind::DelayWrittenOff { .. } => false,
    }
}

fn story_entry(visit: &Visit, teller: &Teller<'_>, event: &Event) -> UnitStoryEntry {
    let Line { title, detail } = teller.tell(&event.kind);
    UnitStoryEntry {
        at: event.occurred_at.timestamp_millis(),
        at_text: time_text::moment(event.occurred_at),
        title,
        detail,
        actor: visit.person_text(&event.actor),
        is_waiting: false,
    }
}
