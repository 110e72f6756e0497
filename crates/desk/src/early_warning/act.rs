//! What is done about a warning, and the thresholds that are set.

use chrono::{DateTime, Utc};
use desk_store::Writer;
use domain::early_warning::{
    EarlyWarningAct, EarlyWarningCommand, EarlyWarningEvent, EarlyWarningRefusal, decide,
};
use serde::{Deserialize, Serialize};
use ts_rs::TS;
use wire::{EARLY_WARNING_THRESHOLDS, early_warning_subject};

use super::{Known, ThresholdForm, n_steps, not_there};
use crate::desk::Desk;
use crate::error::CallError;
use crate::text;

#[derive(Debug, Clone, Deserialize, TS)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum EarlyWarningActForm {
    /// 说明 may be empty.
    Note {
        note: String,
    },
    PassOn {
        to: String,
        note: String,
    },
    Close {
        reason: String,
    },
}

#[derive(Debug, Clone, Deserialize, TS)]
pub struct ActOnEarlyWarning {
    pub id: String,
    /// How many acts the person saw.
    pub version: u32,
    pub act: EarlyWarningActForm,
}

#[derive(Debug, Clone, Deserialize, TS)]
pub struct SetThresholds {
    /// The version that the person saw.
    pub version: u32,
    pub form: ThresholdForm,
}

#[derive(Debug, Clone, Serialize, TS)]
pub struct EarlyWarningDone {
    pub message: String,
}

/// 处置预警: kept here at once, and known at the other desks when the center has agreed.
pub(crate) fn act_on_early_warning(
    desk: &Desk,
    request: ActOnEarlyWarning,
) -> Result<EarlyWarningDone, CallError> {
    let ActOnEarlyWarning { id, version, act } = request;
    let now = desk.now();
    let act = match act {
        EarlyWarningActForm::Note { note } => EarlyWarningAct::Noted { note },
        EarlyWarningActForm::PassOn { to, note } => EarlyWarningAct::PassedOn { to, note },
        EarlyWarningActForm::Close { reason } => EarlyWarningAct::Closed { reason },
    };
    desk.store.commit(|writer| {
        let mut warning = writer.early_warning(&id)?.ok_or_else(not_there)?;
        if warning.subject.is_empty() && warning.closed_at.is_none() {
            warning.subject = early_warning_subject(&warning.about);
            writer.name_early_warning(&warning.id, &warning.subject)?;
        }
        let known = Known::of(writer, warning)?;
        CallError::check_shown(version, n_steps(&known.steps))?;
        if known.warning.subject.is_empty() {
            return Err(EarlyWarningRefusal::ClosedAlready.into());
        }
        let command = EarlyWarningCommand::Act {
            found: known.found(),
            act,
        };
        let event = keep(desk, writer, &known.warning.subject, &command, now)?;
        let EarlyWarningCommand::Act { act, .. } = event.kind else {
            unreachable!("an act leads to an act");
        };
        Ok(EarlyWarningDone {
            message: format!("{}。", text::early_warning_act(&act)),
        })
    })
}

/// Decides a command, and keeps the intent and what comes of it.
fn keep(
    desk: &Desk,
    writer: &mut Writer,
    subject: &str,
    command: &EarlyWarningCommand,
    now: DateTime<Utc>,
) -> Result<EarlyWarningEvent, CallError> {
    if writer.is_unread(subject)? {
        return Err(CallError::Unread);
    }
    let record = writer.early_warning_record(subject)?;
    let version = record.as_ref().map_or(0, |record| record.n_events);
    let event = decide(record.as_ref(), command, now, &desk.operator)?;
    let desk_seq = desk.keep_intent(writer, subject, command, version, now)?;
    writer.append_early_warning_event(subject, desk_seq, version, &event)?;
    Ok(event)
}

/// 设定预警阈值, for all desks.
pub(crate) fn set_early_warning_thresholds(
    desk: &Desk,
    request: SetThresholds,
) -> Result<EarlyWarningDone, CallError> {
    let command = EarlyWarningCommand::SetThresholds {
        thresholds: request.form.read(),
    };
    let now = desk.now();
    desk.store.commit(|writer| {
        let sets = writer.early_warning_thresholds()?;
        let version = sets.first().map_or(0, |it| it.version);
        CallError::check_shown(request.version, version)?;
        keep(desk, writer, EARLY_WARNING_THRESHOLDS, &command, now)?;
        Ok(EarlyWarningDone {
            message: format!("阈值第 {} 版已生效。", version + 1),
        })
    })
}
