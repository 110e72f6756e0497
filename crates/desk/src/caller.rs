//! 来电人: what is to be known when the telephone rings, and 异常来电档案 of the number (第二十二条).
//! Whoever calls is answered; nothing here turns anybody away.

use chrono::NaiveDate;
use desk_store::StoredDossier;
use domain::caller_dossier::{
    AbuseKind, CallEvidence, CallHandling, DossierCommand, DossierEvent, decide,
};
use domain::clock_face::date_of;
use domain::matter::phone_digits;
use domain::work_order::Stage;
use serde::{Deserialize, Serialize};
use ts_rs::TS;
use wire::dossier_subject;

use crate::desk::Desk;
use crate::error::CallError;
use crate::work_order::{CallerHistory, CallerPhone, caller_history};
use crate::{text, time_text};

/// So many orders of one number are worth a hint.
const REPEATED_MIN: usize = 3;
/// The longest call that is recorded, in seconds.
const CALL_MAX_SECONDS: u32 = 24 * 3600;

/// 提示 of a caller.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum CallerFlagKind {
    /// 有未办结工单.
    OpenOrders,
    /// 多次反映.
    Repeated,
    /// 有终结办理的工单.
    FinallyClosed,
    /// 曾要求保密.
    Confidential,
    /// 异常来电.
    Dossier,
}

#[derive(Debug, Clone, Serialize, TS)]
pub struct CallerFlag {
    pub kind: CallerFlagKind,
    pub text: String,
}

/// 来电处置. The call is answered in any case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum CallerHandling {
    AsUsual,
    Hint,
    ShiftLead,
    Restricted,
}

/// One call in evidence.
#[derive(Debug, Clone, Serialize, TS)]
pub struct CallEvidenceView {
    pub called_text: String,
    /// 5 分 20 秒.
    pub duration_text: String,
    pub recording: String,
    pub note: String,
}

/// What was done, when, and by whom.
#[derive(Debug, Clone, Serialize, TS)]
pub struct DossierLine {
    pub at_text: String,
    pub title: String,
    pub detail: String,
    pub actor: String,
}

/// 异常来电档案.
#[derive(Debug, Clone, Serialize, TS)]
pub struct DossierView {
    /// The version that an act on it must name.
    pub version: u32,
    /// 骚扰、侮辱、威胁热线工作人员.
    pub kinds: Vec<String>,
    pub evidence: Vec<CallEvidenceView>,
    pub is_taken_over: bool,
    /// 申请限制至…, and how it stands; empty for none.
    pub restriction_text: String,
    /// 移送文号; empty for none.
    pub referred: String,
    pub is_closed: bool,
    pub story: Vec<DossierLine>,
}

/// Everything about a number, shown when it rings.
#[derive(Debug, Clone, Serialize, TS)]
pub struct CallerCard {
    pub phone: String,
    pub flags: Vec<CallerFlag>,
    pub handling: CallerHandling,
    /// 请班长接听。 Empty for a call as usual.
    pub handling_text: String,
    pub history: CallerHistory,
    pub dossier: Option<DossierView>,
}

/// A dossier in the list.
#[derive(Debug, Clone, Serialize, TS)]
pub struct DossierRow {
    pub phone: String,
    pub kinds: Vec<String>,
    pub handling: CallerHandling,
    pub n_evidence: u32,
    pub last_text: String,
    pub is_closed: bool,
}

/// 留证 of a call that is over or under way.
#[derive(Debug, Clone, Deserialize, TS)]
pub struct CallEvidenceInput {
    pub duration_s: u32,
    /// 录音引用.
    pub recording: String,
    pub note: String,
}

#[derive(Debug, Clone, Deserialize, TS)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum DossierAct {
    /// 建档.
    Open {
        #[ts(type = "AbuseKind[]")]
        kinds: Vec<AbuseKind>,
        evidence: CallEvidenceInput,
    },
    /// 留证.
    AddEvidence { evidence: CallEvidenceInput },
    /// 班长接管.
    TakeOver { reason: String },
    /// 申请限制; 2026-12-01.
    RequestRestriction { until: String, reason: String },
    /// 审批限制.
    RuleOnRestriction { is_approved: bool, reason: String },
    /// 移送司法机关.
    Refer { document: String, authority: String },
    /// 撤档.
    Close { reason: String },
}

#[derive(Debug, Clone, Deserialize, TS)]
pub struct ActOnDossier {
    pub phone: String,
    /// 0 where there is none yet.
    pub version: u32,
    pub act: DossierAct,
}

/// 来电卡片.
pub(crate) fn caller_card(desk: &Desk, request: CallerPhone) -> Result<CallerCard, CallError> {
    let stored = desk
        .store
        .read(|reader| Ok(reader.caller_dossier(&request.phone)?))?;
    let phone = request.phone.clone();
    let history = caller_history(desk, request)?;
    let today = date_of(desk.now());
    let handling = stored.as_ref().map_or(CallHandling::AsUsual, |stored| {
        stored.dossier.call_handling(today)
    });
    Ok(CallerCard {
        phone,
        flags: flags(&history, stored.as_ref()),
        handling: handling_of(handling),
        handling_text: text::call_handling(handling).to_owned(),
        history,
        dossier: stored.map(|stored| desk.dossier_view(&stored)),
    })
}

/// 全部异常来电档案, by number.
pub(crate) fn dossiers(desk: &Desk, (): ()) -> Result<Vec<DossierRow>, CallError> {
    let today = date_of(desk.now());
    let stored = desk.store.read(|reader| Ok(reader.caller_dossiers()?))?;
    let row = |stored: StoredDossier| DossierRow {
        phone: stored.dossier.phone.clone(),
        kinds: kinds(&stored.dossier.kinds),
        handling: handling_of(stored.dossier.call_handling(today)),
        n_evidence: u32::try_from(stored.dossier.evidence.len()).unwrap_or(u32::MAX),
        last_text: stored
            .events
            .last()
            .map_or_else(String::new, |last| time_text::moment(last.occurred_at)),
        is_closed: stored.dossier.is_closed,
    };
    Ok(stored.into_iter().map(row).collect())
}

/// 档案操作: decided and kept in one transaction; known here at once, and to the other desks when the center has
/// agreed.
pub(crate) fn act_on_dossier(desk: &Desk, request: ActOnDossier) -> Result<CallerCard, CallError> {
    let now = desk.now();
    let phone = request.phone;
    if phone_digits(&phone).is_empty() {
        return Err(CallError::invalid("请填写来电号码。"));
    }
    let command = command_of(request.act, &phone, desk)?;
    let subject = dossier_subject(&phone);
    desk.store.commit(|writer| -> Result<(), CallError> {
        if writer.is_unread(&subject)? {
            return Err(CallError::Unread);
        }
        let dossier = writer.caller_dossier(&phone)?.map(|stored| stored.dossier);
        let version = dossier.as_ref().map_or(0, |it| it.n_events);
        CallError::check_shown(request.version, version)?;
        let event = decide(dossier.as_ref(), &command, now, &desk.operator)?;
        let desk_seq = desk.keep_intent(writer, &subject, &command, version, now)?;
        Ok(writer.append_dossier_event(&subject, desk_seq, version, &event)?)
    })?;
    caller_card(desk, CallerPhone { phone })
}

fn command_of(act: DossierAct, phone: &str, desk: &Desk) -> Result<DossierCommand, CallError> {
    let trimmed = |text: String| text.trim().to_owned();
    let evidence = |input: CallEvidenceInput| {
        if input.duration_s > CALL_MAX_SECONDS {
            return Err(CallError::invalid("通话时长不对，请核对。"));
        }
        Ok(CallEvidence {
            called_at: desk.now(),
            duration_s: input.duration_s,
            recording: trimmed(input.recording),
            note: trimmed(input.note),
        })
    };
    Ok(match act {
        DossierAct::Open {
            kinds,
            evidence: input,
        } => DossierCommand::Open {
            phone: phone.to_owned(),
            kinds,
            evidence: evidence(input)?,
        },
        DossierAct::AddEvidence { evidence: input } => DossierCommand::AddEvidence {
            evidence: evidence(input)?,
        },
        DossierAct::TakeOver { reason } => DossierCommand::TakeOver {
            reason: trimmed(reason),
        },
        DossierAct::RequestRestriction { until, reason } => DossierCommand::RequestRestriction {
            until: until.parse::<NaiveDate>().map_err(|_unreadable| {
                CallError::invalid("限制的截止日期请写成 2026-12-01 的样子。")
            })?,
            reason: trimmed(reason),
        },
        DossierAct::RuleOnRestriction {
            is_approved,
            reason,
        } => DossierCommand::RuleOnRestriction {
            is_approved,
            reason: trimmed(reason),
        },
        DossierAct::Refer {
            document,
            authority,
        } => DossierCommand::Refer {
            document: trimmed(document),
            authority: trimmed(authority),
        },
        DossierAct::Close { reason } => DossierCommand::Close {
            reason: trimmed(reason),
        },
    })
}

fn flags(history: &CallerHistory, stored: Option<&StoredDossier>) -> Vec<CallerFlag> {
    let rows = &history.rows;
    let n_closed = rows
        .iter()
        .filter(|row| row.stage == Stage::FinallyClosed)
        .count();
    let is_confidential = rows.iter().any(|row| row.is_confidential);
    let open_dossier = stored.filter(|stored| !stored.dossier.is_closed);
    let flag = |kind, text: String| Some(CallerFlag { kind, text });
    let flags = [
        open_dossier.and_then(|stored| {
            let n = stored.dossier.evidence.len();
            flag(CallerFlagKind::Dossier, format!("异常来电，已留证 {n} 次"))
        }),
        (n_closed > 0)
            .then(|| {
                flag(
                    CallerFlagKind::FinallyClosed,
                    format!("终结办理 {n_closed} 件"),
                )
            })
            .flatten(),
        (history.n_open > 0)
            .then(|| {
                flag(
                    CallerFlagKind::OpenOrders,
                    format!("未办结 {} 件", history.n_open),
                )
            })
            .flatten(),
        (rows.len() >= REPEATED_MIN)
            .then(|| {
                flag(
                    CallerFlagKind::Repeated,
                    format!("已来电反映 {} 件", rows.len()),
                )
            })
            .flatten(),
        is_confidential
            .then(|| flag(CallerFlagKind::Confidential, "曾要求保密".to_owned()))
            .flatten(),
    ];
    flags.into_iter().flatten().collect()
}

impl Desk {
    fn dossier_view(&self, stored: &StoredDossier) -> DossierView {
        let dossier = &stored.dossier;
        DossierView {
            version: dossier.n_events,
            kinds: kinds(&dossier.kinds),
            evidence: dossier.evidence.iter().map(evidence_view).collect(),
            is_taken_over: dossier.is_taken_over,
            restriction_text: dossier.restriction.as_ref().map_or_else(String::new, |it| {
                let standing = match it.is_approved {
                    None => "待审批",
                    Some(true) => "已批准",
                    Some(false) => "未批准",
                };
                format!("限制至{}，{standing}", time_text::date(it.until))
            }),
            referred: dossier.referred.clone().unwrap_or_default(),
            is_closed: dossier.is_closed,
            story: (stored.events.iter())
                .map(|event| self.dossier_line(event))
                .collect(),
        }
    }

    fn dossier_line(&self, event: &DossierEvent) -> DossierLine {
        let (title, detail) = text::dossier_event(&event.kind);
        DossierLine {
            at_text: time_text::moment(event.occurred_at),
            title: title.to_owned(),
            detail,
            actor: self.person_text(&event.actor),
        }
    }
}

fn kinds(kinds: &[AbuseKind]) -> Vec<String> {
    let texts = kinds.iter().map(|kind| text::abuse_kind(*kind).to_owned());
    texts.collect()
}

fn evidence_view(evidence: &CallEvidence) -> CallEvidenceView {
    let (minutes, seconds) = (evidence.duration_s / 60, evidence.duration_s % 60);
    CallEvidenceView {
        called_text: time_text::moment(evidence.called_at),
        duration_text: format!("{minutes} 分 {seconds} 秒"),
        recording: evidence.recording.clone(),
        note: evidence.note.clone(),
    }
}

fn handling_of(handling: CallHandling) -> CallerHandling {
    match handling {
        CallHandling::AsUsual => CallerHandling::AsUsual,
        CallHandling::Hint => CallerHandling::Hint,
        CallHandling::ShiftLead => CallerHandling::ShiftLead,
        CallHandling::Restricted => CallerHandling::Restricted,
    }
}
