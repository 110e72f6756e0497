//! 监督操作: what is done with a case, decided and kept in one transaction. Nothing takes effect before
//! another person has confirmed it.

use chrono::{DateTime, NaiveDate, NaiveDateTime, Utc};
use desk_store::Writer;
use domain::HandlingUnitId;
use domain::clock_face::{at, date_of};
use domain::supervision::admonition::AdmonishingBody;
use domain::supervision::{
    Evidence, SupervisoryCase, SupervisoryCommand, SupervisoryCommandKind, SupervisoryFacts,
    SupervisoryGround, apply, decide,
};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::desk::{Desk, seen_story};
use crate::error::CallError;
use crate::text;

#[derive(Debug, Clone, Deserialize, TS)]
pub struct CaseEvidenceInput {
    pub number: String,
    pub note: String,
}

#[derive(Debug, Clone, Deserialize, TS)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum CaseAct {
    /// 提出建议.
    Propose {
        #[ts(type = "SupervisoryGround")]
        ground: SupervisoryGround,
        unit_id: String,
        /// For an admonition.
        #[ts(type = "AdmonishingBody | null")]
        body: Option<AdmonishingBody>,
        facts: String,
        evidence: Vec<CaseEvidenceInput>,
    },
    /// 补充证据.
    AddEvidence { evidence: Vec<CaseEvidenceInput> },
    /// 确认.
    Confirm,
    /// 不予采纳.
    Reject { reason: String },
    /// 发出.
    Issue {
        document: String,
        addressee: String,
        /// 2026-12-04; empty for none.
        answer_by: String,
    },
    /// 记录结果.
    RecordAnswer {
        /// 2026-12-04 09:30; empty for now.
        answered_at: String,
        text: String,
    },
    /// 销号.
    Close { reason: String },
}

#[derive(Debug, Clone, Deserialize, TS)]
pub struct ActOnCase {
    /// None for a new one.
    pub number: Option<String>,
    pub version: u32,
    pub act: CaseAct,
}

#[derive(Debug, Clone, Serialize, TS)]
pub struct CaseDone {
    pub number: String,
    pub message: String,
}

/// 监督操作.
pub(crate) fn act_on_case(desk: &Desk, request: ActOnCase) -> Result<CaseDone, CallError> {
    let now = desk.now();
    let (case, command) = desk.store.commit(|writer| -> Result<_, CallError> {
        let number = match request.number.filter(|number| !number.is_empty()) {
            Some(number) => number,
            None => writer.next_supervisory_number(date_of(now))?,
        };
        let case = writer.load_supervisory_case(&number)?;
        let version = case.as_ref().map_or(0, |case| case.n_events);
        CallError::check_shown(request.version, version)?;
        let command = request.act.into_command(&number, writer, now)?;
        let case = desk.act_on_case(writer, &number, case, &command, now)?;
        Ok((case, command.kind()))
    })?;
    let measure = text::measure(case.ground.measure());
    Ok(CaseDone {
        message: match command {
            SupervisoryCommandKind::Propose => {
                format!("{measure}建议 {} 已提出，待监督员确认。", case.number)
            }
            SupervisoryCommandKind::Confirm => "已确认，可出具文书。".to_owned(),
            SupervisoryCommandKind::AddEvidence
            | SupervisoryCommandKind::Reject
            | SupervisoryCommandKind::Issue
            | SupervisoryCommandKind::RecordAnswer
            | SupervisoryCommandKind::Close => {
                format!("{}已保存在本机。", text::supervisory_command(command))
            }
        },
        number: case.number,
    })
}

impl CaseAct {
    fn into_command(
        self,
        number: &str,
        writer: &Writer,
        now: DateTime<Utc>,
    ) -> Result<SupervisoryCommand, CallError> {
        Ok(match self {
            Self::Propose {
                ground,
                unit_id,
                body,
                facts,
                evidence,
            } => SupervisoryCommand::Propose {
                number: number.to_owned(),
                ground,
                unit: HandlingUnitId(unit_id),
                body,
                facts,
                evidence: laid_by(writer, evidence)?,
            },
            Self::AddEvidence { evidence } => SupervisoryCommand::AddEvidence {
                evidence: laid_by(writer, evidence)?,
            },
            Self::Confirm => SupervisoryCommand::Confirm,
            Self::Reject { reason } => SupervisoryCommand::Reject { reason },
            Self::Issue {
                document,
                addressee,
                answer_by,
            } => SupervisoryCommand::Issue {
                document,
                addressee,
                answer_by: day(answer_by.trim())?,
            },
            Self::RecordAnswer { answered_at, text } => SupervisoryCommand::RecordAnswer {
                answered_at: moment(answered_at.trim(), now)?,
                text,
            },
            Self::Close { reason } => SupervisoryCommand::Close { reason },
        })
    }
}

/// 封存: of an order, the hash of its story as it stands.
fn laid_by(writer: &Writer, evidence: Vec<CaseEvidenceInput>) -> Result<Vec<Evidence>, CallError> {
    let mut laid_by = Vec::with_capacity(evidence.len());
    for CaseEvidenceInput { number, note } in evidence {
        let number = number.trim().to_owned();
        let id = writer.work_orders_numbered(&number)?.into_iter().next();
        let hash = match id {
            Some(id) => seen_story(writer, &id)?,
            None => None,
        };
        laid_by.push(Evidence {
            number,
            note,
            sha256: hash.map_or_else(String::new, |hash| hash.to_string()),
        });
    }
    Ok(laid_by)
}

fn day(text: &str) -> Result<Option<NaiveDate>, CallError> {
    if text.is_empty() {
        return Ok(None);
    }
    let day = NaiveDate::parse_from_str(text, "%Y-%m-%d");
    day.map(Some)
        .map_err(|_unreadable| CallError::invalid("期限请写成 2026-12-04 的样子。"))
}

fn moment(text: &str, now: DateTime<Utc>) -> Result<DateTime<Utc>, CallError> {
    if text.is_empty() {
        return Ok(now);
    }
    let civil = NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M");
    let civil =
        civil.map_err(|_unreadable| CallError::invalid("时间请写成 2026-12-04 09:30 的样子。"))?;
    Ok(at(civil.date(), civil.time()))
}

impl Desk {
    /// Decides a command about a case and stores intent, event and row, all in the caller's
    /// transaction.
    fn act_on_case(
        &self,
        writer: &mut Writer,
        number: &str,
        case: Option<SupervisoryCase>,
        command: &SupervisoryCommand,
        now: DateTime<Utc>,
    ) -> Result<SupervisoryCase, CallError> {
        let facts = SupervisoryFacts {
            now,
            actor: &self.operator,
            units: &self.reference.units,
        };
        if writer.is_unread(number)? {
            return Err(CallError::Unread);
        }
        let base_version = case.as_ref().map_or(0, |case| case.n_events);
        let event = decide(case.as_ref(), command, &facts)?;
        let mut after = case;
        apply(&mut after, &event);
        let case = after.ok_or_else(|| anyhow::anyhow!("an event made no case"))?;
        let desk_seq = self.keep_intent(writer, number, command, base_version, now)?;
        writer.append_supervisory_event(number, desk_seq, base_version, &event)?;
        writer.put_supervisory_case(&case)?;
        Ok(case)
    }
}
