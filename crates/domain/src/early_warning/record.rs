//! 预警档案: what people did about a warning, and the thresholds they set, at whichever desk.
//!
//! Nobody tells the others what a rule has found: all have the same orders and find the same. The first who does
//! something about it tells it with what he does, so that a desk that has not found it yet, or was off, knows it.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::{
    EarlyWarningAct, EarlyWarningGround, EarlyWarningRefusal, EarlyWarningStep,
    EarlyWarningThresholds, WARNING_KEEPERS, WARNING_NOTE_MAX_CHARS, WARNING_STEPS_MAX,
    WARNING_TOLD_ORDERS_MAX, WARNING_TUNERS,
};
use crate::actor::{Actor, ActorId, Role};

/// 所见预警: a warning as it was found at the desk where somebody acted. Frozen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EarlyWarningFound {
    pub ground: EarlyWarningGround,
    #[serde(with = "chrono::serde::ts_milliseconds")]
    pub found_at: DateTime<Utc>,
    /// The orders behind it by their ids, at most [`WARNING_TOLD_ORDERS_MAX`].
    pub orders: Vec<String>,
}

/// 预警命令. Frozen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "command", rename_all = "snake_case")]
pub enum EarlyWarningCommand {
    /// 处置.
    Act {
        found: EarlyWarningFound,
        act: EarlyWarningAct,
    },
    /// 设定阈值.
    SetThresholds { thresholds: EarlyWarningThresholds },
}

impl EarlyWarningCommand {
    pub fn kind(&self) -> EarlyWarningCommandKind {
        match self {
            Self::Act { act, .. } => match act {
                EarlyWarningAct::Noted { .. } => EarlyWarningCommandKind::Note,
                EarlyWarningAct::PassedOn { .. } => EarlyWarningCommandKind::PassOn,
                EarlyWarningAct::Closed { .. } => EarlyWarningCommandKind::Close,
            },
            Self::SetThresholds { .. } => EarlyWarningCommandKind::SetThresholds,
        }
    }
}

/// 预警命令的种类.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EarlyWarningCommandKind {
    Note,
    PassOn,
    Close,
    SetThresholds,
}

impl EarlyWarningCommandKind {
    pub const ALL: [Self; 4] = [Self::Note, Self::PassOn, Self::Close, Self::SetThresholds];
}

/// 预警事件.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EarlyWarningEvent {
    #[serde(with = "chrono::serde::ts_milliseconds")]
    pub occurred_at: DateTime<Utc>,
    pub actor: ActorId,
    #[serde(flatten)]
    pub kind: EarlyWarningCommand,
}

/// 一次预警, from the first act about it to its closing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EarlyWarningRound {
    /// As the first who acted saw it.
    pub found: EarlyWarningFound,
    /// One at least.
    pub steps: Vec<EarlyWarningStep>,
}

impl EarlyWarningRound {
    /// None while it is open.
    pub fn closed_at(&self) -> Option<DateTime<Utc>> {
        let last = self.steps.last()?;
        matches!(last.act, EarlyWarningAct::Closed { .. }).then_some(last.at)
    }
}

/// 阈值版本.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ThresholdVersion {
    pub thresholds: EarlyWarningThresholds,
    pub by: ActorId,
    pub at: DateTime<Utc>,
}

/// 预警档案, folded from its events: the times that the same was warned of, or the thresholds of the center.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EarlyWarningRecord {
    /// The first first; only the last may be open.
    pub rounds: Vec<EarlyWarningRound>,
    /// The first first; the last is in force.
    pub thresholds: Vec<ThresholdVersion>,
    pub n_events: u32,
    pub last_event_at: DateTime<Utc>,
}

impl EarlyWarningRecord {
    /// The last time that is still open.
    pub fn open_round(&self) -> Option<&EarlyWarningRound> {
        self.rounds.last().filter(|it| it.closed_at().is_none())
    }
}

/// Answers a command at `now`: the event it causes, or why not.
///
/// # Errors
/// The rule that says no; nothing changes.
pub fn decide(
    record: Option<&EarlyWarningRecord>,
    command: &EarlyWarningCommand,
    now: DateTime<Utc>,
    actor: &Actor,
) -> Result<EarlyWarningEvent, EarlyWarningRefusal> {
    let kind = match command {
        EarlyWarningCommand::Act { found, act } => {
            permitted(actor, &WARNING_KEEPERS)?;
            check_round(record, found)?;
            EarlyWarningCommand::Act {
                found: found.clone(),
                act: written(act)?,
            }
        }
        EarlyWarningCommand::SetThresholds { thresholds } => {
            permitted(actor, &WARNING_TUNERS)?;
            thresholds.check()?;
            let last = record.and_then(|record| record.thresholds.last());
            let is_same = last.map_or_else(
                || *thresholds == EarlyWarningThresholds::built_in(),
                |last| *thresholds == last.thresholds,
            );
            if is_same {
                return Err(EarlyWarningRefusal::Unchanged);
            }
            command.clone()
        }
    };
    Ok(EarlyWarningEvent {
        occurred_at: now,
        actor: actor.id.clone(),
        kind,
    })
}

fn permitted(actor: &Actor, roles: &'static [Role]) -> Result<(), EarlyWarningRefusal> {
    if actor.holds_any(roles) {
        Ok(())
    } else {
        Err(EarlyWarningRefusal::NotPermitted { roles })
    }
}

/// What was found before the last closing was closed with it; what was found after begins anew.
fn check_round(
    record: Option<&EarlyWarningRecord>,
    found: &EarlyWarningFound,
) -> Result<(), EarlyWarningRefusal> {
    if found.orders.len() > WARNING_TOLD_ORDERS_MAX {
        return Err(EarlyWarningRefusal::TooManyOrders {
            max: WARNING_TOLD_ORDERS_MAX,
        });
    }
    let Some(last) = record.and_then(|record| record.rounds.last()) else {
        return Ok(());
    };
    match last.closed_at() {
        Some(closed_at) if found.found_at <= closed_at => Err(EarlyWarningRefusal::ClosedAlready),
        None if last.steps.len() >= WARNING_STEPS_MAX as usize => {
            Err(EarlyWarningRefusal::TooManySteps {
                max: WARNING_STEPS_MAX,
            })
        }
        Some(_) | None => Ok(()),
    }
}

fn written(act: &EarlyWarningAct) -> Result<EarlyWarningAct, EarlyWarningRefusal> {
    Ok(match act {
        EarlyWarningAct::Noted { note } => EarlyWarningAct::Noted { note: noted(note)? },
        EarlyWarningAct::PassedOn { to, note } => {
            let to = noted(to)?;
            if to.is_empty() {
                return Err(EarlyWarningRefusal::ToMissing);
            }
            let note = noted(note)?;
            EarlyWarningAct::PassedOn { to, note }
        }
        EarlyWarningAct::Closed { reason } => {
            let reason = noted(reason)?;
            if reason.is_empty() {
                return Err(EarlyWarningRefusal::ReasonMissing);
            }
            EarlyWarningAct::Closed { reason }
        }
    })
}

fn noted(text: &str) -> Result<String, EarlyWarningRefusal> {
    let text = text.trim();
    if text.chars().count() > WARNING_NOTE_MAX_CHARS {
        return Err(EarlyWarningRefusal::NoteTooLong {
            max_chars: WARNING_NOTE_MAX_CHARS,
        });
    }
    Ok(text.to_owned())
}

/// Folds one event.
pub fn apply(record: &mut Option<EarlyWarningRecord>, event: &EarlyWarningEvent) {
    let record = record.get_or_insert_with(|| EarlyWarningRecord {
        rounds: Vec::new(),
        thresholds: Vec::new(),
        n_events: 0,
        last_event_at: event.occurred_at,
    });
    record.n_events += 1;
    record.last_event_at = event.occurred_at;
    let (by, at) = (event.actor.clone(), event.occurred_at);
    match &event.kind {
        EarlyWarningCommand::Act { found, act } => {
            let act = act.clone();
            let step = EarlyWarningStep { act, by, at };
            match record.rounds.last_mut() {
                Some(last) if last.closed_at().is_none() => last.steps.push(step),
                Some(_) | None => record.rounds.push(EarlyWarningRound {
                    found: found.clone(),
                    steps: vec![step],
                }),
            }
        }
        EarlyWarningCommand::SetThresholds { thresholds } => {
            let thresholds = thresholds.clone();
            record
                .thresholds
                .push(ThresholdVersion { thresholds, by, at });
        }
    }
}
