//! The rule book: which command is answered by which events, and which is refused.
//!
//! Each part of an order's life has its rules in a file: [`intake`], [`dispatching`],
//! [`handling`], [`sending_back`], [`extending`], [`reclassifying`], [`closing`], [`rating`]. What
//! can be said of a command without its content, the stage and the role, stands in [`permission`].

mod closing;
mod dispatching;
mod extending;
mod handling;
mod intake;
mod permission;
mod rating;
mod reclassifying;
mod sending_back;

use chrono::{DateTime, SubsecRound as _, TimeDelta, Utc};

pub use self::dispatching::{dispatch_limit, limits_from_delivery};
pub use self::permission::{
    CallerVisibility, assignment_commands_at, caller_visibility, commands_at, commands_of,
};
pub use self::sending_back::{send_back_due_at, send_back_review_target};
use crate::actor::Actor;
use crate::calendar::WorkCalendar;
use crate::clock_face::date_of;
use crate::handling_unit::{HandlingUnitId, HandlingUnits};
use crate::matter::{ANSWER_MAX_CHARS, FIELD_MAX_CHARS, check_length};
use crate::precedent::PrecedentRegister;
use crate::refusal::{Field, Refusal};
use crate::rule_set::{RuleSet, RuleSets};
use crate::time_limit::{LimitKind, Span, TimeLimit};
use crate::work_order::{
    Assignment, AssignmentNumber, Command, Event, EventKind, LimitMove, WorkOrder,
};

/// How far from now an instant may be that others set, in days.
const CONCEIVABLE_DAYS: i64 = 20 * 366;

/// 判断依据: everything a decision may look at besides the order and the command.
#[derive(Debug, Clone, Copy)]
pub struct Facts<'a> {
    /// When the command is given.
    pub now: DateTime<Utc>,
    pub actor: &'a Actor,
    pub calendar: &'a WorkCalendar,
    pub rule_sets: &'a RuleSets,
    pub units: &'a HandlingUnits,
    /// 先例库 (第十条).
    pub precedents: &'a PrecedentRegister,
}

impl<'a> Facts<'a> {
    /// The rule set the order is pinned to. One that this program does not know (an order from a
    /// newer center) is read by the rules in force when the order was accepted.
    pub fn rule_set_of(&self, order: &WorkOrder) -> &'a RuleSet {
        self.rule_sets
            .get(&order.rule_set)
            .unwrap_or_else(|| self.rule_sets.in_force_on(date_of(order.registered_at)))
    }

    fn event(&self, kind: EventKind) -> Event {
        Event {
            occurred_at: self.now,
            actor: self.actor.id.clone(),
            kind,
        }
    }

    /// A limit of the center's own, from now on.
    fn center_limit(&self, kind: LimitKind, span: Span, rule_set: &RuleSet) -> Event {
        let limit = TimeLimit::start(kind, span, self.now, self.calendar, rule_set);
        let assignment = None;
        self.event(EventKind::LimitStarted { limit, assignment })
    }

    fn limit_started(&self, assignment: AssignmentNumber, limit: TimeLimit) -> Event {
        self.event(EventKind::LimitStarted {
            limit,
            assignment: Some(assignment),
        })
    }

    /// The limit as it stands anew, unless nothing has changed.
    fn limit_moved(
        &self,
        assignment: Option<AssignmentNumber>,
        (before, after): (&TimeLimit, TimeLimit),
        because: LimitMove,
    ) -> Option<Event> {
        (*before != after).then(|| {
            self.event(EventKind::LimitMoved {
                limit: after,
                assignment,
                because,
            })
        })
    }

    fn check_unit(&self, unit: &HandlingUnitId) -> Result<(), Refusal> {
        match self.units.get(unit) {
            Some(_) => Ok(()),
            None => Err(Refusal::UnitUnknown { unit: unit.clone() }),
        }
    }
}

/// Answers a command: the events that it causes, or why the rules say no. Reads nothing but its
/// arguments and changes nothing.
pub fn decide(
    order: Option<&WorkOrder>,
    command: &Command,
    facts: &Facts<'_>,
) -> Result<Vec<Event>, Refusal> {
    // What is decided must be what is read back, and instants are stored in whole milliseconds.
    // A clock that was set back puts no act before the one that it follows (决定 I-18).
    let now = facts.now.trunc_subsecs(3);
    let facts = &Facts {
        now: order.map_or(now, |order| now.max(order.last_event_at)),
        ..*facts
    };
    let kind = command.kind();
    permission::check_allowed(order, kind, command.assignment(), facts)?;
    if let Command::Register { number, matter } = command {
        return intake::register(number, matter, facts);
    }
    let order = order.ok_or(Refusal::NotRegistered)?;
    match command {
        Command::Register { .. } => Err(Refusal::AlreadyRegistered),
        Command::AnswerOnTheSpot { .. }
        | Command::RefuseOutOfScope { .. }
        | Command::TransferToEmergency { .. }
        | Command::BeginVerification { .. }
        | Command::RecordVerification { .. }
        | Command::Supplement { .. }
        | Command::MergeInto { .. }
        | Command::AbsorbRepeat { .. }
        | Command::LinkTo { .. }
        | Command::CorrectCaller { .. }
        | Command::Withdraw { .. } => intake::decide(order, command, facts),
        Command::Dispatch { .. }
        | Command::RequestCoordination { .. }
        | Command::Designate { .. }
        | Command::RecordDelivery { .. }
        | Command::ConfirmDelivery { .. }
        | Command::RecordTownshipReport { .. } => dispatching::decide(order, command, facts),
        Command::RequestKindChange { .. }
        | Command::RuleOnKindChange { .. }
        | Command::EscalateClass { .. }
        | Command::SetUpstreamLimit { .. }
        | Command::RecountLimits { .. } => reclassifying::decide(order, command, facts),
        Command::Urge { .. }
        | Command::RecordUrgeReceipt { .. }
        | Command::SignFor { .. }
        | Command::PassDown { .. }
        | Command::RecordContact { .. }
        | Command::RespondFirst { .. }
        | Command::ReportProgress { .. }
        | Command::SubmitOpinion { .. }
        | Command::SubmitReply { .. }
        | Command::SignReply { .. }
        | Command::RejectReply { .. } => handling::decide(order, command, facts),
        Command::SendBack { .. }
        | Command::RuleOnSendBack { .. }
        | Command::ReleaseBinding { .. } => sending_back::decide(order, command, facts),
        Command::RequestExtension { .. }
        | Command::ReviewExtension { .. }
        | Command::RecordCityRuling { .. }
        | Command::ExplainExtension { .. } => extending::decide(order, command, facts),
        Command::RequestFinalClosure { .. }
        | Command::ReviewFinalClosure { .. }
        | Command::RecordResultReturn { .. }
        | Command::RecordOwnCallBack { .. }
        | Command::OrderRework { .. }
        | Command::Archive
        | Command::WriteOffDelay { .. } => closing::decide(order, command, facts),
        Command::ImportRating { .. }
        | Command::RequestScreening { .. }
        | Command::ReviewScreening { .. }
        | Command::SupplyEvidence { .. }
        | Command::RecordScreeningRuling { .. } => rating::decide(order, command, facts),
    }
}

/// The assignment that a command names.
fn named(order: &WorkOrder, number: AssignmentNumber) -> Result<&Assignment, Refusal> {
    order
        .assignment(number)
        .ok_or(Refusal::AssignmentUnknown { assignment: number })
}

/// A text that must be there: trimmed, and not too long for its field.
fn required(field: Field, text: &str) -> Result<String, Refusal> {
    if text.trim().is_empty() {
        return Err(Refusal::TextMissing { field });
    }
    optional(field, text)
}

/// A text that may be left out: trimmed, and not too long for its field.
fn optional(field: Field, text: &str) -> Result<String, Refusal> {
    check_length(field, text, max_chars(field))?;
    Ok(text.trim().to_owned())
}

fn max_chars(field: Field) -> usize {
    match field {
        Field::Answer
        | Field::Guidance
        | Field::TransferNote
        | Field::Question
        | Field::Finding
        | Field::Reason
        | Field::Basis
        | Field::Report
        | Field::AssistingOpinion
        | Field::Reply
        | Field::Text
        | Field::InvestigatedFacts
        | Field::Explanation => ANSWER_MAX_CHARS,
        Field::Title
        | Field::Happened
        | Field::About
        | Field::Wants
        | Field::CallerName
        | Field::CallerAddress
        | Field::CallerPhone
        | Field::ContactPhone
        | Field::PlaceDetail
        | Field::Opinion
        | Field::LegalBasis
        | Field::AnsweredBy
        | Field::DeliveryPhone
        | Field::UpstreamNumber
        | Field::Asked
        | Field::Suggestion
        | Field::Document
        | Field::Method
        | Field::ContactNumber
        | Field::Note
        | Field::ResponsiblePerson
        | Field::Evidence
        | Field::OrderNumber
        | Field::PartOfUnit
        | Field::HeadSignature
        | Field::Time
        | Field::File => FIELD_MAX_CHARS,
    }
}

/// An instant that others set, such as a limit of the superior: within [`CONCEIVABLE_DAYS`] of now, in
/// whole milliseconds. A slip of the hand must not reach where calendars end.
fn conceivable_at(at: DateTime<Utc>, facts: &Facts<'_>) -> Result<DateTime<Utc>, Refusal> {
    let span = TimeDelta::days(CONCEIVABLE_DAYS);
    let (earliest, latest) = (facts.now - span, facts.now + span);
    if at < earliest || at > latest {
        return Err(Refusal::TimeImpossible {
            field: Field::Time,
            at,
            earliest,
            latest,
        });
    }
    Ok(at.trunc_subsecs(3))
}

/// An instant that is recorded after it was: between `earliest` and now, in whole milliseconds.
fn recorded_at(
    field: Field,
    at: DateTime<Utc>,
    earliest: DateTime<Utc>,
    facts: &Facts<'_>,
) -> Result<DateTime<Utc>, Refusal> {
    let (at, latest) = (at.trunc_subsecs(3), facts.now);
    if at < earliest || at > latest {
        return Err(Refusal::TimeImpossible {
            field,
            at,
            earliest,
            latest,
        });
    }
    Ok(at)
}
