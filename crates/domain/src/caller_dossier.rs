//! 异常来电档案: reasonless, lying or abusive calls (第二十二条).
//!
//! Step by step: a hint, the shift lead takes over, evidence is laid by, a restriction that another
//! person approves and that ends, the case goes to the judicial authorities. No call is ever turned
//! away by the program: whoever has a matter is heard (rules.md 第二十二条).

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::actor::{Actor, ActorId, Role};
use crate::clock_face::date_of;
use crate::matter::is_phone;

/// 异常情形 (第二十二条).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AbuseKind {
    /// 无正当理由反复拨打.
    ReasonlessCalls,
    /// 长时间占用热线资源.
    HoldsTheLine,
    /// 歪曲捏造事实，诽谤、诬告和陷害他人.
    Fabrication,
    /// 骚扰、侮辱、威胁热线工作人员.
    Harassment,
}

impl AbuseKind {
    pub const ALL: [Self; 4] = [
        Self::ReasonlessCalls,
        Self::HoldsTheLine,
        Self::Fabrication,
        Self::Harassment,
    ];
}

/// 留证: one call, with where its recording lies.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CallEvidence {
    #[serde(with = "chrono::serde::ts_milliseconds")]
    pub called_at: DateTime<Utc>,
    /// Seconds that the call lasted.
    pub duration_s: u32,
    /// 录音引用.
    pub recording: String,
    pub note: String,
}

/// 档案命令.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "command", rename_all = "snake_case")]
pub enum DossierCommand {
    /// 建档: from then on the number is shown with a hint.
    Open {
        phone: String,
        kinds: Vec<AbuseKind>,
        evidence: CallEvidence,
    },
    /// 留证 of a further call.
    AddEvidence { evidence: CallEvidence },
    /// 班长接管: the shift lead answers from now on.
    TakeOver { reason: String },
    /// 申请限制, until a day.
    RequestRestriction { until: NaiveDate, reason: String },
    /// 审批限制, by another person.
    RuleOnRestriction { is_approved: bool, reason: String },
    /// 移送司法机关.
    Refer { document: String, authority: String },
    /// 撤档.
    Close { reason: String },
}

impl DossierCommand {
    pub fn kind(&self) -> DossierCommandKind {
        match self {
            Self::Open { .. } => DossierCommandKind::Open,
            Self::AddEvidence { .. } => DossierCommandKind::AddEvidence,
            Self::TakeOver { .. } => DossierCommandKind::TakeOver,
            Self::RequestRestriction { .. } => DossierCommandKind::RequestRestriction,
            Self::RuleOnRestriction { .. } => DossierCommandKind::RuleOnRestriction,
            Self::Refer { .. } => DossierCommandKind::Refer,
            Self::Close { .. } => DossierCommandKind::Close,
        }
    }

    /// Every text of it, with what it is.
    fn texts(&self) -> Vec<(DossierField, &str)> {
        match self {
            Self::Open {
                phone, evidence, ..
            } => vec![
                (DossierField::Phone, phone),
                (DossierField::Recording, &evidence.recording),
                (DossierField::Note, &evidence.note),
            ],
            Self::AddEvidence { evidence } => vec![
                (DossierField::Recording, &evidence.recording),
                (DossierField::Note, &evidence.note),
            ],
            Self::TakeOver { reason }
            | Self::RequestRestriction { reason, .. }
            | Self::RuleOnRestriction { reason, .. }
            | Self::Close { reason } => vec![(DossierField::Reason, reason)],
            Self::Refer {
                document,
                authority,
            } => vec![
                (DossierField::Document, document),
                (DossierField::Authority, authority),
            ],
        }
    }
}

/// 档案命令的种类.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DossierCommandKind {
    Open,
    AddEvidence,
    TakeOver,
    RequestRestriction,
    RuleOnRestriction,
    Refer,
    Close,
}

impl DossierCommandKind {
    pub const ALL: [Self; 7] = [
        Self::Open,
        Self::AddEvidence,
        Self::TakeOver,
        Self::RequestRestriction,
        Self::RuleOnRestriction,
        Self::Refer,
        Self::Close,
    ];
}

/// 档案事件.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DossierEvent {
    #[serde(with = "chrono::serde::ts_milliseconds")]
    pub occurred_at: DateTime<Utc>,
    pub actor: ActorId,
    #[serde(flatten)]
    pub kind: DossierCommand,
}

/// 限制.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Restriction {
    /// The last day.
    pub until: NaiveDate,
    pub requested_by: ActorId,
    /// `None` while nobody has ruled.
    pub is_approved: Option<bool>,
}

/// 异常来电档案, folded from its events.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CallerDossier {
    pub phone: String,
    pub kinds: Vec<AbuseKind>,
    /// 时间线.
    pub evidence: Vec<CallEvidence>,
    pub is_taken_over: bool,
    pub restriction: Option<Restriction>,
    /// 移送文号.
    pub referred: Option<String>,
    pub is_closed: bool,
    pub n_events: u32,
    pub last_event_at: DateTime<Utc>,
}

/// 来电处置: how a call from the number is met. It is answered in any case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum CallHandling {
    /// 照常接听.
    AsUsual,
    /// 提示.
    Hint,
    /// 班长接听.
    ShiftLead,
    /// 限制期内: the shift lead takes down the matter, if there is one, and ends the call.
    Restricted,
}

/// 档案拒绝.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum DossierRefusal {
    #[error("there is a dossier already")]
    OpenAlready,
    #[error("there is no open dossier")]
    NotOpen,
    #[error("needs one of {roles:?}")]
    NotPermitted { roles: &'static [Role] },
    #[error("{what} is missing")]
    Missing { what: DossierField },
    #[error("the number is none")]
    PhoneInvalid,
    /// In characters.
    #[error("{what} is longer than {max_chars}")]
    TextTooLong {
        what: DossierField,
        max_chars: usize,
    },
    /// 限制须人工审批与期限: the day is over already.
    #[error("{until} is not after {today}")]
    RestrictionOver { until: NaiveDate, today: NaiveDate },
    #[error("a restriction waits for approval already")]
    RestrictionPending,
    #[error("no restriction waits for approval")]
    NoRestriction,
    #[error("another person has to approve it")]
    SamePerson,
    /// 提示→接管→留证→移送: one call is no case.
    #[error("evidence of {n_calls} call, at least {n_needed} are needed")]
    EvidenceMissing { n_calls: usize, n_needed: usize },
}

/// 档案字段.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DossierField {
    /// 号码.
    Phone,
    /// 异常情形.
    Kinds,
    /// 录音引用.
    Recording,
    /// 情况.
    Note,
    /// 理由.
    Reason,
    /// 文号.
    Document,
    /// 司法机关.
    Authority,
}

impl std::fmt::Display for DossierField {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{self:?}")
    }
}

/// 录音、理由、文号: the longest text of a dossier, in characters.
const TEXT_MAX_CHARS: usize = 500;
/// So many calls must be in evidence before a restriction or a referral: what is done "反复" was done
/// twice at least.
const CALLS_FOR_A_CASE: usize = 2;

/// Answers a command about a dossier at `now`: the event it causes, or why not.
///
/// # Errors
/// The rule that says no; nothing changes.
pub fn decide(
    dossier: Option<&CallerDossier>,
    command: &DossierCommand,
    now: DateTime<Utc>,
    actor: &Actor,
) -> Result<DossierEvent, DossierRefusal> {
    let roles = permitted_roles(command);
    if !actor.holds_any(roles) {
        return Err(DossierRefusal::NotPermitted { roles });
    }
    let mut texts = command.texts().into_iter();
    if let Some((what, _)) = texts.find(|(_, text)| text.chars().count() > TEXT_MAX_CHARS) {
        return Err(DossierRefusal::TextTooLong {
            what,
            max_chars: TEXT_MAX_CHARS,
        });
    }
    let open = dossier.filter(|it| !it.is_closed);
    match (open, command) {
        (Some(_), DossierCommand::Open { .. }) => return Err(DossierRefusal::OpenAlready),
        (
            None,
            DossierCommand::Open {
                phone,
                kinds,
                evidence,
            },
        ) => {
            required(DossierField::Phone, phone)?;
            if !is_phone(phone) {
                return Err(DossierRefusal::PhoneInvalid);
            }
            if kinds.is_empty() {
                return Err(DossierRefusal::Missing {
                    what: DossierField::Kinds,
                });
            }
            required(DossierField::Recording, &evidence.recording)?;
        }
        (None, _) => return Err(DossierRefusal::NotOpen),
        (Some(dossier), command) => check_open(dossier, command, now, actor)?,
    }
    Ok(DossierEvent {
        occurred_at: now,
        actor: actor.id.clone(),
        kind: command.clone(),
    })
}

fn permitted_roles(command: &DossierCommand) -> &'static [Role] {
    match command {
        DossierCommand::Open { .. } | DossierCommand::AddEvidence { .. } => {
            &[Role::Operator, Role::ShiftLead]
        }
        DossierCommand::TakeOver { .. } | DossierCommand::RequestRestriction { .. } => {
            &[Role::ShiftLead]
        }
        DossierCommand::RuleOnRestriction { .. } | DossierCommand::Refer { .. } => {
            &[Role::Supervisor]
        }
        DossierCommand::Close { .. } => &[Role::ShiftLead, Role::Supervisor],
    }
}

fn check_open(
    dossier: &CallerDossier,
    command: &DossierCommand,
    now: DateTime<Utc>,
    actor: &Actor,
) -> Result<(), DossierRefusal> {
    let pending = dossier
        .restriction
        .as_ref()
        .filter(|it| it.is_approved.is_none());
    match command {
        DossierCommand::Open { .. } => Err(DossierRefusal::OpenAlready),
        DossierCommand::AddEvidence { evidence } => {
            required(DossierField::Recording, &evidence.recording)
        }
        DossierCommand::TakeOver { reason } | DossierCommand::Close { reason } => {
            required(DossierField::Reason, reason)
        }
        DossierCommand::RequestRestriction { until, reason } => {
            required(DossierField::Reason, reason)?;
            check_calls(dossier)?;
            let today = date_of(now);
            if *until <= today {
                return Err(DossierRefusal::RestrictionOver {
                    until: *until,
                    today,
                });
            }
            match pending {
                Some(_) => Err(DossierRefusal::RestrictionPending),
                None => Ok(()),
            }
        }
        DossierCommand::RuleOnRestriction { reason, .. } => {
            required(DossierField::Reason, reason)?;
            match pending {
                None => Err(DossierRefusal::NoRestriction),
                Some(it) if it.requested_by == actor.id => Err(DossierRefusal::SamePerson),
                Some(_) => Ok(()),
            }
        }
        DossierCommand::Refer {
            document,
            authority,
        } => {
            required(DossierField::Document, document)?;
            required(DossierField::Authority, authority)?;
            check_calls(dossier)
        }
    }
}

fn check_calls(dossier: &CallerDossier) -> Result<(), DossierRefusal> {
    let n_calls = dossier.evidence.len();
    if n_calls < CALLS_FOR_A_CASE {
        return Err(DossierRefusal::EvidenceMissing {
            n_calls,
            n_needed: CALLS_FOR_A_CASE,
        });
    }
    Ok(())
}

fn required(what: DossierField, text: &str) -> Result<(), DossierRefusal> {
    if text.trim().is_empty() {
        Err(DossierRefusal::Missing { what })
    } else {
        Ok(())
    }
}

/// Folds one event into the dossier. A dossier that was closed may be opened anew; its evidence
/// stays.
///
/// # Panics
/// When an event other than an opening comes first: [`decide`] gives no such history.
pub fn apply(dossier: &mut Option<CallerDossier>, event: &DossierEvent) {
    if let DossierCommand::Open {
        phone,
        kinds,
        evidence,
    } = &event.kind
    {
        let before = dossier.take();
        let n_before = before.as_ref().map_or(0, |it| it.n_events);
        let mut earlier = before.map(|it| it.evidence).unwrap_or_default();
        earlier.push(evidence.clone());
        *dossier = Some(CallerDossier {
            phone: phone.clone(),
            kinds: kinds.clone(),
            evidence: earlier,
            is_taken_over: false,
            restriction: None,
            referred: None,
            is_closed: false,
            n_events: n_before + 1,
            last_event_at: event.occurred_at,
        });
        return;
    }
    #[expect(clippy::expect_used, reason = "decide gives no other history")]
    let dossier = dossier
        .as_mut()
        .expect("the first event of a dossier opens it");
    dossier.n_events += 1;
    dossier.last_event_at = event.occurred_at;
    match &event.kind {
        DossierCommand::Open { .. } => unreachable!("handled above"),
        DossierCommand::AddEvidence { evidence } => dossier.evidence.push(evidence.clone()),
        DossierCommand::TakeOver { .. } => dossier.is_taken_over = true,
        DossierCommand::RequestRestriction { until, .. } => {
            dossier.restriction = Some(Restriction {
                until: *until,
                requested_by: event.actor.clone(),
                is_approved: None,
            });
        }
        DossierCommand::RuleOnRestriction { is_approved, .. } => {
            if let Some(restriction) = &mut dossier.restriction {
                restriction.is_approved = Some(*is_approved);
            }
        }
        DossierCommand::Refer { document, .. } => dossier.referred = Some(document.clone()),
        DossierCommand::Close { .. } => dossier.is_closed = true,
    }
}

impl CallerDossier {
    /// 来电处置 of a call on `today`. A matter is registered in any of them (rules.md 第二十二条:
    /// 不自动拒接).
    pub fn call_handling(&self, today: NaiveDate) -> CallHandling {
        let is_restricted = self
            .restriction
            .as_ref()
            .is_some_and(|it| it.is_approved == Some(true) && today <= it.until);
        if self.is_closed {
            CallHandling::AsUsual
        } else if is_restricted {
            CallHandling::Restricted
        } else if self.is_taken_over {
            CallHandling::ShiftLead
        } else {
            CallHandling::Hint
        }
    }
}

#[cfg(test)]
mod tests;
