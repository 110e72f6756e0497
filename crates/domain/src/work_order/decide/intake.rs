//! 受理: from the registration to what the center itself can end (第七条至第九条, 决定 I-15).

use super::dispatching::dispatch_limit;
use super::{Facts, optional, required};
use crate::clock_face::date_of;
use crate::matter::{CallerCorrection, Matter};
use crate::out_of_scope::OutOfScopeClass;
use crate::refusal::{Field, Refusal};
use crate::time_limit::{LimitKind, Span};
use crate::work_order::{Command, Event, EventKind, WorkOrder};

/// Files that come with one supplement.
const SUPPLEMENT_MAX_FILES: usize = 10;

#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "called for the commands of this file"
)]
pub(super) fn decide(
    order: &WorkOrder,
    command: &Command,
    facts: &Facts<'_>,
) -> Result<Vec<Event>, Refusal> {
    let kind = match command {
        Command::AnswerOnTheSpot { answer, article } => EventKind::AnsweredOnTheSpot {
            answer: required(Field::Answer, answer)?,
            article: article.clone(),
        },
        Command::RefuseOutOfScope {
            class,
            guidance,
            legal_basis,
        } => refused_out_of_scope(*class, guidance, legal_basis)?,
        Command::TransferToEmergency { line, note } => EventKind::TransferredToEmergency {
            line: *line,
            note: optional(Field::TransferNote, note)?,
        },
        Command::BeginVerification { asked, question } => {
            return begin_verification(order, asked, question, facts);
        }
        Command::RecordVerification {
            answered_by,
            finding,
        } => EventKind::VerificationRecorded {
            answered_by: required(Field::AnsweredBy, answered_by)?,
            finding: required(Field::Finding, finding)?,
        },
        Command::Supplement { text, files } => supplemented(text, files)?,
        Command::MergeInto { number } => EventKind::MergedInto {
            number: other_order(order, number)?,
        },
        Command::AbsorbRepeat { number, text } => EventKind::RepeatAbsorbed {
            number: other_order(order, number)?,
            text: optional(Field::Text, text)?,
        },
        Command::LinkTo { number } => EventKind::LinkedTo {
            number: other_order(order, number)?,
        },
        Command::CorrectCaller { correction, reason } => corrected(order, correction, reason)?,
        Command::Withdraw { reason } => EventKind::Withdrawn {
            reason: required(Field::Reason, reason)?,
        },
        _ => unreachable!("a command of another file"),
    };
    Ok(vec![facts.event(kind)])
}

/// 登记; starts the limit for dispatch (第十一条(一)).
pub(super) fn register(
    number: &str,
    matter: &Matter,
    facts: &Facts<'_>,
) -> Result<Vec<Event>, Refusal> {
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
        facts.event(EventKind::LimitStarted {
            limit,
            assignment: None,
        }),
    ])
}

/// 不予受理 with an explanation, and the law where 第八条(七)(八) want it.
fn refused_out_of_scope(
    class: OutOfScopeClass,
    guidance: &str,
    legal_basis: &str,
) -> Result<EventKind, Refusal> {
    if class == OutOfScopeClass::EmergencyLine {
        return Err(Refusal::TransferInstead);
    }
    let guidance = required(Field::Guidance, guidance)?;
    let legal_basis = optional(Field::LegalBasis, legal_basis)?;
    if class.needs_legal_basis() && legal_basis.is_empty() {
        return Err(Refusal::LegalBasisMissing { class });
    }
    Ok(EventKind::RefusedOutOfScope {
        class,
        guidance,
        legal_basis,
    })
}

/// 发起核实: the limit for dispatch goes on, it is the center's time (第八条末款).
fn begin_verification(
    order: &WorkOrder,
    asked: &str,
    question: &str,
    facts: &Facts<'_>,
) -> Result<Vec<Event>, Refusal> {
    let begun = EventKind::VerificationBegun {
        asked: required(Field::Asked, asked)?,
        question: required(Field::Question, question)?,
    };
    let rule_set = facts.rule_set_of(order);
    let span = Span::WorkingDays(rule_set.verification_days);
    Ok(vec![
        facts.event(begun),
        facts.center_limit(LimitKind::Verification, span, rule_set),
    ])
}

/// 更正: as a call is taken down, and not what is there already.
fn corrected(
    order: &WorkOrder,
    correction: &CallerCorrection,
    reason: &str,
) -> Result<EventKind, Refusal> {
    let caller = correction.on(&order.matter.caller).tidied();
    caller.check()?;
    if caller == order.matter.caller {
        return Err(Refusal::CallerUnchanged);
    }
    Ok(EventKind::CallerCorrected {
        caller: Box::new(caller),
        reason: required(Field::Reason, reason)?,
    })
}

/// 补充 in words, in files, or in both.
fn supplemented(text: &str, files: &[String]) -> Result<EventKind, Refusal> {
    if files.len() > SUPPLEMENT_MAX_FILES {
        let max_files = SUPPLEMENT_MAX_FILES;
        return Err(Refusal::TooManyFiles { max_files });
    }
    let files: Vec<String> = files
        .iter()
        .map(|file| required(Field::File, file))
        .collect::<Result<_, _>>()?;
    let text = if files.is_empty() {
        required(Field::Text, text)?
    } else {
        optional(Field::Text, text)?
    };
    Ok(EventKind::Supplemented { text, files })
}

fn other_order(order: &WorkOrder, number: &str) -> Result<String, Refusal> {
    let number = required(Field::OrderNumber, number)?;
    if number == order.number {
        return Err(Refusal::SameOrder);
    }
    Ok(number)
}
