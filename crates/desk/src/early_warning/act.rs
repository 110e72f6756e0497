//! What is done about a warning, and the thresholds that are set.

use desk_store::StoredThresholds;
use domain::early_warning::{
    EarlyWarningAct, EarlyWarningRefusal, EarlyWarningThresholds, WARNING_TUNERS, next_step,
};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{ThresholdForm, n_steps, not_there};
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

/// 处置预警.
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
        writer.early_warning(&id)?.ok_or_else(not_there)?;
        let steps = writer.early_warning_steps(&id)?;
        CallError::check_shown(version, n_steps(&steps))?;
        let step = next_step(&steps, act, &desk.operator, now)?;
        writer.append_early_warning_step(&id, n_steps(&steps) + 1, &step)?;
        Ok(EarlyWarningDone {
            message: format!("{}。", text::early_warning_act(&step.act)),
        })
    })
}

/// 设定预警阈值.
pub(crate) fn set_early_warning_thresholds(
    desk: &Desk,
    request: SetThresholds,
) -> Result<EarlyWarningDone, CallError> {
    if !desk.operator.holds_any(&WARNING_TUNERS) {
        return Err(EarlyWarningRefusal::NotPermitted {
            roles: &WARNING_TUNERS,
        }
        .into());
    }
    let thresholds = request.form.read();
    thresholds.check()?;
    let now = desk.now();
    desk.store.commit(|writer| {
        let sets = writer.early_warning_thresholds()?;
        let last = sets.first();
        let version = last.map_or(0, |it| it.version);
        CallError::check_shown(request.version, version)?;
        let before = last.map_or_else(EarlyWarningThresholds::built_in, |it| it.thresholds.clone());
        if before == thresholds {
            return Err(EarlyWarningRefusal::Unchanged.into());
        }
        writer.append_early_warning_thresholds(&StoredThresholds {
            version: version + 1,
            thresholds,
            by: desk.operator.id.clone(),
            at: now,
        })?;
        Ok(EarlyWarningDone {
            message: format!("阈值第 {} 版已生效。", version + 1),
        })
    })
}
