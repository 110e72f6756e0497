//! The rule book: which command is answered by which events, and which is refused.

use chrono::{DateTime, SubsecRound as _, TimeDelta, Utc};

use crate::actor::{Actor, Role};
use crate::calendar::WorkCalendar;
use crate::clock_face::date_of;
use crate::handling_unit::HandlingUnits;
use crate::matter::{
    ANSWER_MAX_CHARS, FIELD_MAX_CHARS, Matter, MatterClass, MatterKind, check_length,
};
use crate::out_of_scope::OutOfScopeClass;
use crate::refusal::{Field, Refusal};
use crate::rule_set::{RuleSet, RuleSets};
use crate::time_limit::{LimitKind, Span, TimeLimit};
use crate::work_order::{Command, CommandKind, Event, EventKind, Stage, WorkOrder};

/// 判断依据: everything a decision may look at besides the order and the command.
#[derive(Debug, Clone, Copy)]
pub struct Facts<'a> {
    /// When the command is given.
    pub now: DateTime<Utc>,
    pub actor: &'a Actor,
    pub calendar: &'a WorkCalendar,
    pub rule_sets: &'a RuleSets,
    pub units: &'a HandlingUnits,
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

    fn limit_started(
        &self,
        kind: LimitKind,
        span: Span,
        started_at: DateTime<Utc>,
        rule_set: &RuleSet,
    ) -> Event {
        let limit = TimeLimit::start(kind, span, started_at, self.calendar, rule_set);
        self.event(EventKind::LimitStarted { limit })
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
    let facts = &Facts {
        now: facts.now.trunc_subsecs(3),
        ..*facts
    };
    check_allowed(order, command.kind(), facts)?;
    match (order, command) {
        (_, Command::Register { number, matter }) => register(number, matter, facts),
        (None, _) => Err(Refusal::NotRegistered),
        (Some(_), Command::AnswerOnTheSpot { answer, article }) => {
            check_text(Field::Answer, answer, ANSWER_MAX_CHARS)?;
            let (answer, article) = (answer.trim().to_owned(), article.clone());
            Ok(vec![
                facts.event(EventKind::AnsweredOnTheSpot { answer, article }),
            ])
        }
        (
            Some(_),
            Command::RefuseOutOfScope {
                class,
                guidance,
                legal_basis,
            },
        ) => refuse_out_of_scope(*class, guidance, legal_basis, facts),
        (Some(_), Command::TransferToEmergency { line, note }) => {
            check_length(Field::TransferNote, note, ANSWER_MAX_CHARS)?;
            let note = note.trim().to_owned();
            Ok(vec![facts.event(EventKind::TransferredToEmergency {
                line: *line,
                note,
            })])
        }
        (Some(_), Command::Dispatch { unit, opinion }) => {
            check_length(Field::Opinion, opinion, FIELD_MAX_CHARS)?;
            if facts.units.get(unit).is_none() {
                return Err(Refusal::UnitUnknown { unit: unit.clone() });
            }
            let opinion = opinion.trim().to_owned();
            Ok(vec![facts.event(EventKind::Dispatched {
                unit: unit.clone(),
                opinion,
            })])
        }
        (
            Some(order),
            Command::RecordDelivery {
                delivered_at,
                answered_by,
                phone,
            },
        ) => record_delivery(
            order,
            delivered_at.trunc_subsecs(3),
            answered_by,
            phone,
            facts,
        ),
    }
}

/// 可用命令: every command, and for each one that may not be given now the reason. What the window
/// shows as allowed is what [`decide`] will allow.
pub fn commands_at(
    order: &WorkOrder,
    facts: &Facts<'_>,
) -> impl Iterator<Item = (CommandKind, Option<Refusal>)> {
    CommandKind::ALL
        .into_iter()
        .map(move |kind| (kind, check_allowed(Some(order), kind, facts).err()))
}

/// What can be said of a command without its content: the stage and the role.
fn check_allowed(
    order: Option<&WorkOrder>,
    command: CommandKind,
    facts: &Facts<'_>,
) -> Result<(), Refusal> {
    let roles = permitted_roles(command);
    if !facts.actor.holds_any(roles) {
        return Err(Refusal::NotPermitted { command, roles });
    }
    let needed = match command {
        CommandKind::Register => {
            return if order.is_some() {
                Err(Refusal::AlreadyRegistered)
            } else {
                Ok(())
            };
        }
        CommandKind::AnswerOnTheSpot
        | CommandKind::RefuseOutOfScope
        | CommandKind::TransferToEmergency
        | CommandKind::Dispatch => Stage::Registered,
        CommandKind::RecordDelivery => Stage::Dispatched,
    };
    let order = order.ok_or(Refusal::NotRegistered)?;
    if order.stage != needed {
        return Err(Refusal::WrongStage {
            command,
            stage: order.stage,
        });
    }
    if command == CommandKind::RecordDelivery && !order.matter.class.is_special() {
        return Err(Refusal::DeliveryNeedsCenter);
    }
    Ok(())
}

/// 角色权限: who may give which command (rules.md 第3节).
fn permitted_roles(command: CommandKind) -> &'static [Role] {
    match command {
        CommandKind::Register
        | CommandKind::AnswerOnTheSpot
        | CommandKind::RefuseOutOfScope
        | CommandKind::TransferToEmergency => &[Role::Operator, Role::ShiftLead],
        CommandKind::Dispatch | CommandKind::RecordDelivery => {
            &[Role::Operator, Role::Dispatcher, Role::ShiftLead]
        }
    }
}

/// 登记; starts the limit for dispatch (第十一条(一)).
fn register(number: &str, matter: &Matter, facts: &Facts<'_>) -> Result<Vec<Event>, Refusal> {
    let matter = matter.clone().tidied();
    matter.check()?;
    let rule_set = facts.rule_sets.in_force_on(date_of(facts.now));
    let limit = dispatch_limit(matter.class, facts.now, facts.calendar, rule_set);
    Ok(vec![
        facts.event(EventKind::Registered {
            number: number.to_owned(),
            matter: Box::new(matter),
            rule_set: rule_set.id.clone(),
        }),
        facts.event(EventKind::LimitStarted { limit }),
    ])
}

/// 转办时限 of a matter accepted at `accepted_at` (第十一条(一)). The house aims at passing a special
/// matter on within minutes (第一时间, 决定 I-5) and is told when they are over.
pub fn dispatch_limit(
    class: MatterClass,
    accepted_at: DateTime<Utc>,
    calendar: &WorkCalendar,
    rule_set: &RuleSet,
) -> TimeLimit {
    let days = Span::WorkingDays(rule_set.dispatch_days);
    let mut limit = TimeLimit::start(LimitKind::Dispatch, days, accepted_at, calendar, rule_set);
    if class.is_special() {
        let minutes = i64::from(rule_set.special_dispatch_minutes);
        limit.warn_at = accepted_at + TimeDelta::minutes(minutes);
        limit.target_at = Some(limit.warn_at);
    }
    limit
}

/// 不予受理 with an explanation, and the law where 第八条(七)(八) want it.
fn refuse_out_of_scope(
    class: OutOfScopeClass,
    guidance: &str,
    legal_basis: &str,
    facts: &Facts<'_>,
) -> Result<Vec<Event>, Refusal> {
    if class == OutOfScopeClass::EmergencyLine {
        return Err(Refusal::TransferInstead);
    }
    check_text(Field::Guidance, guidance, ANSWER_MAX_CHARS)?;
    check_length(Field::LegalBasis, legal_basis, FIELD_MAX_CHARS)?;
    if class.needs_legal_basis() && legal_basis.trim().is_empty() {
        return Err(Refusal::LegalBasisMissing { class });
    }
    Ok(vec![facts.event(EventKind::RefusedOutOfScope {
        class,
        guidance: guidance.trim().to_owned(),
        legal_basis: legal_basis.trim().to_owned(),
    })])
}

/// 电话送达; starts every limit that runs from delivery (第十一条(二)(四), 决定 I-3).
fn record_delivery(
    order: &WorkOrder,
    delivered_at: DateTime<Utc>,
    answered_by: &str,
    phone: &str,
    facts: &Facts<'_>,
) -> Result<Vec<Event>, Refusal> {
    check_text(Field::AnsweredBy, answered_by, FIELD_MAX_CHARS)?;
    check_text(Field::DeliveryPhone, phone, FIELD_MAX_CHARS)?;
    // In an emergency people telephone first and write the order after.
    let (earliest, latest) = (order.registered_at, facts.now);
    if delivered_at < earliest || delivered_at > latest {
        return Err(Refusal::DeliveryTimeImpossible {
            delivered_at,
            earliest,
            latest,
        });
    }
    let mut events = vec![facts.event(EventKind::Delivered {
        delivered_at,
        answered_by: answered_by.trim().to_owned(),
        phone: phone.trim().to_owned(),
    })];
    let rule_set = facts.rule_set_of(order);
    let Matter { kind, class, .. } = order.matter;
    for (kind, span) in limits_from_delivery(kind, class, rule_set) {
        events.push(facts.limit_started(kind, span, delivered_at, rule_set));
    }
    Ok(events)
}

/// 送达起算的时限: those that run from delivery for a matter of that kind and class.
pub fn limits_from_delivery(
    kind: MatterKind,
    class: MatterClass,
    rule_set: &RuleSet,
) -> Vec<(LimitKind, Span)> {
    let mut limits = vec![(LimitKind::SignFor, Span::WorkingDays(rule_set.sign_days))];
    if let Some(response) = rule_set.response_limits(class) {
        limits.push((
            LimitKind::FirstResponse,
            Span::Hours(response.first_response_hours),
        ));
        limits.push((
            LimitKind::Progress,
            Span::WorkingDays(response.progress_days),
        ));
    }
    limits.push((
        LimitKind::Handle,
        Span::WorkingDays(rule_set.handle_days(kind)),
    ));
    limits
}

fn check_text(field: Field, text: &str, max_chars: usize) -> Result<(), Refusal> {
    if text.trim().is_empty() {
        return Err(Refusal::TextMissing { field });
    }
    check_length(field, text, max_chars)
}
