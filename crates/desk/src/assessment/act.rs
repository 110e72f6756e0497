//! 考核操作: what is done with a scheme or a period, decided and kept in one transaction.

use chrono::{DateTime, NaiveDate, Utc};
use desk_store::Writer;
use domain::HandlingUnitId;
use domain::assessment::{
    AppealCorrection, AppealTarget, AssessmentCommand, AssessmentCommandKind, AssessmentFacts,
    AssessmentRefusal, SchemeRecord, apply, decide,
};
use domain::clock_face::date_of;
use domain::indicators::{Figure, Indicator, ItemId};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::count::{count, frozen};
use super::items::line_of;
use super::scheme::{SchemeForm, scheme_of};
use super::{load, read_period, scheme_name};
use crate::desk::Desk;
use crate::error::CallError;
use crate::text;

#[derive(Debug, Clone, Deserialize, TS)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum AssessmentAct {
    /// 起草方案.
    Draft { form: SchemeForm },
    /// 修改方案.
    Revise { form: SchemeForm },
    /// 公布方案.
    Announce { document: String },
    /// 停用方案.
    Withdraw { reason: String },
    /// 计数.
    Count { period: String },
    /// 公示.
    Publish {
        period: String,
        /// 2026-11-09.
        appeals_until: String,
    },
    /// 登记申诉 against how an order counts.
    Appeal {
        period: String,
        unit_id: String,
        #[ts(type = "Indicator")]
        indicator: Indicator,
        /// As the list behind the number names it, or the number of the order.
        item: String,
        reason: String,
    },
    /// 登记申诉 against a deduction.
    AppealDeduction {
        period: String,
        unit_id: String,
        /// 监督件编号.
        case_number: String,
        reason: String,
    },
    /// 采纳申诉.
    Uphold {
        period: String,
        appeal: u32,
        #[ts(type = "AppealCorrection")]
        correction: AppealCorrection,
        reason: String,
    },
    /// 不予采纳.
    Dismiss {
        period: String,
        appeal: u32,
        reason: String,
    },
    /// 定稿.
    Finalise { period: String },
    /// 通报.
    Report { period: String, document: String },
}

#[derive(Debug, Clone, Deserialize, TS)]
pub struct ActOnAssessment {
    /// None for a new scheme.
    pub number: Option<String>,
    pub version: u32,
    pub act: AssessmentAct,
}

#[derive(Debug, Clone, Serialize, TS)]
pub struct AssessmentDone {
    pub number: String,
    pub message: String,
}

/// 考核操作.
pub(crate) fn act_on_assessment(
    desk: &Desk,
    request: ActOnAssessment,
) -> Result<AssessmentDone, CallError> {
    let now = desk.now();
    let given = request.number.filter(|number| !number.is_empty());
    // Counting takes its time and writes nothing: it is done before the transaction, which then looks
    // whether the scheme is still at the version that was shown.
    let before = given
        .as_deref()
        .map(|number| load(desk, number))
        .transpose()?;
    let command = into_command(desk, before.as_ref(), request.act, now)?;
    let (record, kind) = desk.store.commit(|writer| -> Result<_, CallError> {
        let number = match given {
            Some(number) => number,
            None => writer.next_assessment_number(date_of(now))?,
        };
        let record = writer.load_assessment(&number)?;
        let version = record.as_ref().map_or(0, |record| record.n_events);
        CallError::check_shown(request.version, version)?;
        let command = numbered(command, &number);
        let kind = command.kind();
        let record = desk.act_on_scheme(writer, &number, record, &command, now)?;
        Ok((record, kind))
    })?;
    Ok(AssessmentDone {
        message: match kind {
            AssessmentCommandKind::Draft => {
                format!("{}已起草，待另一位监督员公布。", scheme_name(&record))
            }
            AssessmentCommandKind::Count => "已计数并冻结，可公示。".to_owned(),
            AssessmentCommandKind::Revise
            | AssessmentCommandKind::Announce
            | AssessmentCommandKind::Withdraw
            | AssessmentCommandKind::Publish
            | AssessmentCommandKind::Appeal
            | AssessmentCommandKind::Uphold
            | AssessmentCommandKind::Dismiss
            | AssessmentCommandKind::Finalise
            | AssessmentCommandKind::Report => {
                format!("{}已保存在本机。", text::assessment_command(kind))
            }
        },
        number: record.number,
    })
}

/// The number is given with the transaction.
fn numbered(command: AssessmentCommand, number: &str) -> AssessmentCommand {
    match command {
        AssessmentCommand::Draft { scheme, .. } => AssessmentCommand::Draft {
            number: number.to_owned(),
            scheme,
        },
        AssessmentCommand::Revise { .. }
        | AssessmentCommand::Announce { .. }
        | AssessmentCommand::Withdraw { .. }
        | AssessmentCommand::Count { .. }
        | AssessmentCommand::Publish { .. }
        | AssessmentCommand::Appeal { .. }
        | AssessmentCommand::Uphold { .. }
        | AssessmentCommand::Dismiss { .. }
        | AssessmentCommand::Finalise { .. }
        | AssessmentCommand::Report { .. } => command,
    }
}

fn into_command(
    desk: &Desk,
    record: Option<&SchemeRecord>,
    act: AssessmentAct,
    now: DateTime<Utc>,
) -> Result<AssessmentCommand, CallError> {
    let there = || record.ok_or(CallError::AssessmentRefused(AssessmentRefusal::NotDrafted));
    Ok(match act {
        AssessmentAct::Draft { form } => AssessmentCommand::Draft {
            number: String::new(),
            scheme: scheme_of(&form, next_version(desk)?)?,
        },
        AssessmentAct::Revise { form } => AssessmentCommand::Revise {
            scheme: scheme_of(&form, there()?.scheme.version)?,
        },
        AssessmentAct::Announce { document } => AssessmentCommand::Announce { document },
        AssessmentAct::Withdraw { reason } => AssessmentCommand::Withdraw { reason },
        AssessmentAct::Count { period } => {
            let (record, period) = (there()?, read_period(&period)?);
            let counted = desk
                .store
                .read(|reader| count(desk, reader, &record.scheme, period, now))?;
            AssessmentCommand::Count {
                period,
                counted_at: now,
                units: frozen(&counted),
            }
        }
        AssessmentAct::Publish {
            period,
            appeals_until,
        } => {
            let day = NaiveDate::parse_from_str(appeals_until.trim(), "%Y-%m-%d");
            AssessmentCommand::Publish {
                period: read_period(&period)?,
                appeals_until: day.map_err(|_unreadable| {
                    CallError::invalid("申诉截止日期请写成 2026-11-09 的样子。")
                })?,
            }
        }
        AssessmentAct::Appeal {
            period,
            unit_id,
            indicator,
            item,
            reason,
        } => {
            let unit = HandlingUnitId(unit_id);
            let target = target(desk, there()?, &period, &unit, (indicator, item.trim()))?;
            AssessmentCommand::Appeal {
                period: read_period(&period)?,
                unit,
                target,
                reason,
            }
        }
        AssessmentAct::AppealDeduction {
            period,
            unit_id,
            case_number,
            reason,
        } => {
            let (record, unit) = (there()?, HandlingUnitId(unit_id));
            let period = read_period(&period)?;
            let round = record.round(period);
            let units = round.into_iter().flat_map(|round| &round.units);
            let events = units.filter(|it| it.unit == unit).flat_map(|it| &it.events);
            let number = case_number.trim().to_owned();
            let mut found = events.filter(|it| it.numbers.contains(&number));
            let event = found.next().ok_or(AssessmentRefusal::TargetUnknown)?.event;
            AssessmentCommand::Appeal {
                period,
                unit,
                target: AppealTarget::Deduction { event, number },
                reason,
            }
        }
        AssessmentAct::Uphold {
            period,
            appeal,
            correction,
            reason,
        } => AssessmentCommand::Uphold {
            period: read_period(&period)?,
            appeal,
            correction,
            reason,
        },
        AssessmentAct::Dismiss {
            period,
            appeal,
            reason,
        } => AssessmentCommand::Dismiss {
            period: read_period(&period)?,
            appeal,
            reason,
        },
        AssessmentAct::Finalise { period } => AssessmentCommand::Finalise {
            period: read_period(&period)?,
        },
        AssessmentAct::Report { period, document } => AssessmentCommand::Report {
            period: read_period(&period)?,
            document,
        },
    })
}

/// One more than of any scheme that this desk knows.
fn next_version(desk: &Desk) -> Result<u32, CallError> {
    let records = desk.store.read(|reader| Ok(reader.assessments()?))?;
    let last = records.iter().map(|it| it.scheme.version).max();
    Ok(last.unwrap_or(0).saturating_add(1))
}

/// What an appeal is about, with how it was counted then.
fn target(
    desk: &Desk,
    record: &SchemeRecord,
    period: &str,
    unit: &HandlingUnitId,
    (indicator, item): (Indicator, &str),
) -> Result<AppealTarget, CallError> {
    let round = record.round(read_period(period)?);
    let round = round.ok_or(AssessmentRefusal::NotCounted)?;
    let line = line_of(desk, record, period, unit, indicator, round.counted_at)?;
    let found = find(&line.figure, item)?;
    let points = found.as_ref().and_then(|it| line.figure.points_of(it));
    Ok(AppealTarget::Item {
        indicator,
        item: found.map_or_else(|| item.to_owned(), |it| it.text()),
        points,
    })
}

/// The item of that name, or the only one of that number; `None` where it was not counted.
fn find(figure: &Figure, item: &str) -> Result<Option<ItemId>, CallError> {
    match figure.items_named(item).as_slice() {
        [] => Ok(None),
        [found] => Ok(Some((*found).clone())),
        _ => Err(CallError::invalid(
            "这件工单在这一项里有几份，请从数字背后的清单里选。",
        )),
    }
}

impl Desk {
    /// Decides a command about a scheme and stores intent, event and row, all in the caller's
    /// transaction.
    fn act_on_scheme(
        &self,
        writer: &mut Writer,
        number: &str,
        record: Option<SchemeRecord>,
        command: &AssessmentCommand,
        now: DateTime<Utc>,
    ) -> Result<SchemeRecord, CallError> {
        let facts = AssessmentFacts {
            now,
            actor: &self.operator,
            units: &self.reference.units,
        };
        if writer.is_unread(number)? {
            return Err(CallError::Unread);
        }
        let base_version = record.as_ref().map_or(0, |record| record.n_events);
        let event = decide(record.as_ref(), command, &facts)?;
        let mut after = record;
        apply(&mut after, &event);
        let record = after.ok_or_else(|| anyhow::anyhow!("an event made no scheme"))?;
        let desk_seq = self.keep_intent(writer, number, command, base_version, now)?;
        writer.append_assessment_event(number, desk_seq, base_version, &event)?;
        writer.put_assessment(&record)?;
        Ok(record)
    }
}
