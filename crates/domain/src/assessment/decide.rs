//! What the rules say to a command of the assessment (第二十三条, rules.md 第3节).

use std::collections::BTreeSet;

use chrono::{DateTime, NaiveDate, SubsecRound as _, Utc};

use super::command::{AppealTarget, AssessmentCommand, AssessmentCommandKind, AssessmentEvent};
use super::frozen::{AssessedPeriod, FrozenUnit};
use super::record::{AssessmentRound, RoundStage, SchemeRecord, SchemeStage, correct};
use super::refusal::{AssessmentField, AssessmentRefusal};
use super::scheme::AssessmentScheme;
use crate::actor::{Actor, Role};
use crate::clock_face::date_of;
use crate::handling_unit::{HandlingUnitId, HandlingUnits};

/// Units of one period at most.
const UNITS_MAX: usize = 1_000;
/// Appeals of one period at most.
const APPEALS_MAX: usize = 1_000;
/// So long an appeal may be possible, in days.
const APPEAL_DAYS_MAX: u32 = 60;
/// A number, the name of a document.
const LINE_MAX_CHARS: usize = 200;
/// What is written in full.
const TEXT_MAX_CHARS: usize = 2_000;
/// Hexadecimal digits of SHA-256.
const SHA256_CHARS: usize = 64;

/// 考核判断依据.
#[derive(Debug, Clone, Copy)]
pub struct AssessmentFacts<'a> {
    pub now: DateTime<Utc>,
    pub actor: &'a Actor,
    pub units: &'a HandlingUnits,
}

/// Answers a command of the assessment: the event it causes, or why not.
///
/// # Errors
/// The rule that says no; nothing changes.
pub fn decide(
    record: Option<&SchemeRecord>,
    command: &AssessmentCommand,
    facts: &AssessmentFacts<'_>,
) -> Result<AssessmentEvent, AssessmentRefusal> {
    let kind = command.kind();
    if record.is_none() && kind != AssessmentCommandKind::Draft {
        return Err(AssessmentRefusal::NotDrafted);
    }
    let round = match (record, command.period()) {
        (Some(record), Some(period)) => record.round(period),
        (_, _) => None,
    };
    check_allowed(record, round, kind, facts.actor)?;
    let now = facts.now.trunc_subsecs(3);
    let now = record.map_or(now, |record| now.max(record.last_event_at));
    match record {
        None => check_draft(command)?,
        Some(record) => check_content(record, round, command, now, facts)?,
    }
    Ok(AssessmentEvent {
        occurred_at: now,
        actor: facts.actor.id.clone(),
        kind: command.clone(),
    })
}

/// 可用命令: every command about the scheme, or about one of its periods, and for each one that may not be
/// given now the reason.
pub fn commands_at(
    record: &SchemeRecord,
    period: Option<AssessedPeriod>,
    actor: &Actor,
) -> impl Iterator<Item = (AssessmentCommandKind, Option<AssessmentRefusal>)> {
    let round = period.and_then(|period| record.round(period));
    AssessmentCommandKind::ALL
        .iter()
        .filter(move |kind| kind.is_of_period() == period.is_some())
        .map(move |kind| {
            let refusal = check_allowed(Some(record), round, *kind, actor).err();
            (*kind, refusal)
        })
}

/// What can be said of a command without its content.
fn check_allowed(
    record: Option<&SchemeRecord>,
    round: Option<&AssessmentRound>,
    command: AssessmentCommandKind,
    actor: &Actor,
) -> Result<(), AssessmentRefusal> {
    use AssessmentCommandKind as K;
    let roles = permitted_roles(command);
    if !actor.holds_any(roles) {
        return Err(AssessmentRefusal::NotPermitted { roles });
    }
    let Some(record) = record else {
        return Ok(());
    };
    check_scheme_stage(record, command)?;
    if command.is_of_period() {
        check_round_stage(round, command)?;
    }
    // 建议≠确认 (rules.md 第3节).
    let proposed_by = match command {
        K::Announce => Some(&record.drafted_by),
        K::Finalise => round.map(|round| &round.counted_by),
        K::Draft
        | K::Revise
        | K::Withdraw
        | K::Count
        | K::Publish
        | K::Appeal
        | K::Uphold
        | K::Dismiss
        | K::Report => None,
    };
    if proposed_by == Some(&actor.id) {
        return Err(AssessmentRefusal::SamePerson);
    }
    Ok(())
}

/// Who counts and assesses; they record what a unit says by telephone, too.
const ASSESSORS: &[Role] = &[Role::Analyst, Role::Supervisor];

fn permitted_roles(command: AssessmentCommandKind) -> &'static [Role] {
    use AssessmentCommandKind as K;
    match command {
        K::Draft | K::Revise | K::Count => ASSESSORS,
        // The people of the unit themselves, of their own.
        K::Appeal => &[
            Role::Analyst,
            Role::Supervisor,
            Role::Liaison,
            Role::UnitReviewer,
        ],
        K::Announce
        | K::Withdraw
        | K::Publish
        | K::Uphold
        | K::Dismiss
        | K::Finalise
        | K::Report => &[Role::Supervisor],
    }
}

fn check_scheme_stage(
    record: &SchemeRecord,
    command: AssessmentCommandKind,
) -> Result<(), AssessmentRefusal> {
    use AssessmentCommandKind as K;
    use SchemeStage as S;
    let stage = record.stage;
    let is_possible = match command {
        K::Draft => return Err(AssessmentRefusal::AlreadyDrafted),
        K::Revise | K::Announce => stage == S::Drafted,
        K::Withdraw => stage != S::Withdrawn,
        // What was begun is brought to its end, also by a scheme that is withdrawn since.
        K::Count => stage == S::Announced,
        K::Publish | K::Appeal | K::Uphold | K::Dismiss | K::Finalise | K::Report => true,
    };
    if is_possible {
        Ok(())
    } else {
        Err(AssessmentRefusal::WrongStage { stage })
    }
}

fn check_round_stage(
    round: Option<&AssessmentRound>,
    command: AssessmentCommandKind,
) -> Result<(), AssessmentRefusal> {
    use AssessmentCommandKind as K;
    use RoundStage as S;
    let from = match command {
        K::Draft | K::Revise | K::Announce | K::Withdraw => return Ok(()),
        K::Count | K::Publish => S::Counted,
        K::Appeal | K::Uphold | K::Dismiss | K::Finalise => S::Published,
        K::Report => S::Finalised,
    };
    match round {
        None if command == K::Count => Ok(()),
        None => Err(AssessmentRefusal::NotCounted),
        Some(round) if round.stage == from => Ok(()),
        Some(round) => Err(AssessmentRefusal::WrongRoundStage { stage: round.stage }),
    }
}

fn check_draft(command: &AssessmentCommand) -> Result<(), AssessmentRefusal> {
    if let AssessmentCommand::Draft { number, scheme } = command {
        required(AssessmentField::Number, number)?;
        check_scheme(scheme)?;
    }
    Ok(())
}

fn check_scheme(scheme: &AssessmentScheme) -> Result<(), AssessmentRefusal> {
    required(AssessmentField::Number, &scheme.id)?;
    Ok(scheme.check()?)
}

fn check_content(
    record: &SchemeRecord,
    round: Option<&AssessmentRound>,
    command: &AssessmentCommand,
    now: DateTime<Utc>,
    facts: &AssessmentFacts<'_>,
) -> Result<(), AssessmentRefusal> {
    let today = date_of(now);
    match command {
        AssessmentCommand::Draft { .. } => check_draft(command),
        AssessmentCommand::Revise { scheme } => check_scheme(scheme),
        AssessmentCommand::Announce { document } => {
            required(AssessmentField::Document, document)?;
            let effective_from = record.scheme.effective_from;
            if effective_from <= today {
                return Err(AssessmentRefusal::EffectiveTooEarly {
                    effective_from,
                    today,
                });
            }
            Ok(())
        }
        AssessmentCommand::Withdraw { reason } => {
            required(AssessmentField::Reason, reason)?;
            let is_open = |it: &AssessmentRound| it.stage != RoundStage::Reported;
            if record.rounds.iter().any(is_open) {
                return Err(AssessmentRefusal::RoundOpen);
            }
            Ok(())
        }
        AssessmentCommand::Count {
            period,
            counted_at,
            units,
        } => {
            check_period(&record.scheme, *period, *counted_at, now)?;
            check_units(&record.scheme, units, facts.units)
        }
        AssessmentCommand::Publish { appeals_until, .. } => {
            let n_days = appeals_until.signed_duration_since(today).num_days();
            if (1..=i64::from(APPEAL_DAYS_MAX)).contains(&n_days) {
                return Ok(());
            }
            Err(AssessmentRefusal::AppealsUntilImpossible {
                until: *appeals_until,
                today,
                max_days: APPEAL_DAYS_MAX,
            })
        }
        AssessmentCommand::Appeal {
            unit,
            target,
            reason,
            ..
        } => {
            let is_own = facts.actor.unit.as_ref() == Some(unit);
            if !is_own && !facts.actor.holds_any(ASSESSORS) {
                return Err(AssessmentRefusal::NotYourUnit);
            }
            required(AssessmentField::Reason, reason)?;
            let round = round.ok_or(AssessmentRefusal::NotCounted)?;
            check_appeal(round, unit, target, today)
        }
        AssessmentCommand::Uphold { appeal, reason, .. }
        | AssessmentCommand::Dismiss { appeal, reason, .. } => {
            required(AssessmentField::Reason, reason)?;
            let round = round.ok_or(AssessmentRefusal::NotCounted)?;
            check_ruling(round, *appeal, command, facts.actor)
        }
        AssessmentCommand::Finalise { .. } => {
            let round = round.ok_or(AssessmentRefusal::NotCounted)?;
            let until = round.appeals_until.filter(|until| today <= *until);
            if let Some(until) = until {
                return Err(AssessmentRefusal::AppealsRunning { until });
            }
            match round.open_appeals().count() {
                0 => Ok(()),
                n => Err(AssessmentRefusal::AppealsOpen { n }),
            }
        }
        AssessmentCommand::Report { document, .. } => required(AssessmentField::Document, document),
    }
}

fn check_period(
    scheme: &AssessmentScheme,
    period: AssessedPeriod,
    counted_at: DateTime<Utc>,
    now: DateTime<Utc>,
) -> Result<(), AssessmentRefusal> {
    let (first, last) = period.days().ok_or(AssessmentRefusal::PeriodUnknown)?;
    let effective_from = scheme.effective_from;
    if first < effective_from {
        return Err(AssessmentRefusal::PeriodBeforeScheme { effective_from });
    }
    let is_over = |day: NaiveDate| day > last;
    if !is_over(date_of(counted_at)) || !is_over(date_of(now)) || counted_at > now {
        return Err(AssessmentRefusal::PeriodNotOver { last });
    }
    Ok(())
}

fn check_units(
    scheme: &AssessmentScheme,
    units: &[FrozenUnit],
    known: &HandlingUnits,
) -> Result<(), AssessmentRefusal> {
    if units.is_empty() || units.len() > UNITS_MAX {
        return Err(AssessmentRefusal::UnitsOutOfBounds { max: UNITS_MAX });
    }
    let mut seen = BTreeSet::new();
    for unit in units {
        let id = || unit.unit.clone();
        if known.get(&unit.unit).is_none() || !seen.insert(&unit.unit) {
            return Err(AssessmentRefusal::UnitUnknown { unit: id() });
        }
        let lines = scheme.lines.iter().map(|it| it.indicator);
        let is_by_scheme = lines.eq(unit.figures.iter().map(|it| it.indicator));
        let is_sound = unit.figures.iter().all(|it| {
            let whole = u64::from(it.n_items) * u64::from(it.full_points);
            let is_hash =
                it.sha256.len() == SHA256_CHARS && it.sha256.chars().all(|c| c.is_ascii_hexdigit());
            it.full_points > 0 && it.points <= whole && is_hash
        });
        if !is_by_scheme || !is_sound {
            return Err(AssessmentRefusal::NotByScheme { unit: id() });
        }
    }
    Ok(())
}

fn check_appeal(
    round: &AssessmentRound,
    unit: &HandlingUnitId,
    target: &AppealTarget,
    today: NaiveDate,
) -> Result<(), AssessmentRefusal> {
    let until = round.appeals_until.filter(|until| today > *until);
    if let Some(until) = until {
        return Err(AssessmentRefusal::AppealsOver { until });
    }
    if round.appeals.len() >= APPEALS_MAX {
        return Err(AssessmentRefusal::AppealsTooMany { max: APPEALS_MAX });
    }
    let of_unit = round.units.iter().find(|it| it.unit == *unit);
    let of_unit = of_unit.ok_or_else(|| AssessmentRefusal::UnitUnknown { unit: unit.clone() })?;
    let is_there = match target {
        AppealTarget::Item {
            indicator,
            item,
            points,
        } => {
            required(AssessmentField::Item, item)?;
            let mut figures = of_unit.figures.iter();
            let figure = figures.find(|it| it.indicator == *indicator);
            figure.is_some_and(|it| points.is_none_or(|points| points <= it.full_points))
        }
        AppealTarget::Deduction { event, number } => of_unit
            .events
            .iter()
            .any(|it| it.event == *event && it.numbers.contains(number)),
    };
    if !is_there {
        return Err(AssessmentRefusal::TargetUnknown);
    }
    let is_dismissed = |it: &&super::record::ScoreAppeal| {
        let ruling = it.ruling.as_ref();
        ruling.is_some_and(|ruling| ruling.correction.is_none())
    };
    let mut others = round.appeals.iter().filter(|it| !is_dismissed(it));
    let same = others.find(|it| it.unit == *unit && is_same_target(&it.target, target));
    match same {
        Some(same) => Err(AssessmentRefusal::AppealedAlready {
            number: same.number,
        }),
        None => Ok(()),
    }
}

/// Whether both are about the same number, however it is said to have counted.
fn is_same_target(one: &AppealTarget, other: &AppealTarget) -> bool {
    match (one, other) {
        (
            AppealTarget::Item {
                indicator, item, ..
            },
            AppealTarget::Item {
                indicator: of_other,
                item: other,
                ..
            },
        ) => indicator == of_other && item == other,
        (_, _) => one == other,
    }
}

fn check_ruling(
    round: &AssessmentRound,
    number: u32,
    command: &AssessmentCommand,
    actor: &Actor,
) -> Result<(), AssessmentRefusal> {
    let appeal = round.appeal(number);
    let appeal = appeal.ok_or(AssessmentRefusal::AppealUnknown { number })?;
    if appeal.ruling.is_some() {
        return Err(AssessmentRefusal::AppealRuled { number });
    }
    if appeal.recorded_by == actor.id {
        return Err(AssessmentRefusal::SamePerson);
    }
    let AssessmentCommand::Uphold { correction, .. } = command else {
        return Ok(());
    };
    // On what the appeals before have made of it.
    let units = round.corrected();
    let unit = units.into_iter().find(|it| it.unit == appeal.unit);
    let done = unit.and_then(|mut unit| correct(&mut unit, &appeal.target, *correction));
    done.ok_or(AssessmentRefusal::CorrectionImpossible)
}

fn required(what: AssessmentField, text: &str) -> Result<(), AssessmentRefusal> {
    if text.trim().is_empty() {
        return Err(AssessmentRefusal::TextMissing { what });
    }
    let max_chars = match what {
        AssessmentField::Number | AssessmentField::Document | AssessmentField::Item => {
            LINE_MAX_CHARS
        }
        AssessmentField::Reason => TEXT_MAX_CHARS,
    };
    if text.chars().count() > max_chars {
        return Err(AssessmentRefusal::TextTooLong { what, max_chars });
    }
    Ok(())
}
