//! 查看申请: of a report or a confidential matter nobody learns alone who brought it (第十七条). Whoever has to
//! know asks and says what for; another person at this desk decides, and then it is shown for a quarter of
//! an hour.
//!
//! The two meet at one desk: the second signs in there, decides and leaves. What was decided elsewhere would
//! have to come with the feed, where it would say to everybody who wanted to know what.

use chrono::{DateTime, TimeDelta, Utc};
use desk_store::{Reader, RevealDecision, RevealRequest, Writer};
use domain::export_approval::APPROVAL_ASKED_FOR;
use domain::matter::{Matter, MatterKind};
use domain::reveal::RevealPurpose;
use domain::{Actor, ActorId};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::desk::{Desk, new_id};
use crate::error::CallError;
use crate::permission::{EXPORT_DECIDERS, REVEAL_DECIDERS};
use crate::{export, text, time_text};

/// How long what was granted is shown.
const SHOWN_FOR: TimeDelta = TimeDelta::minutes(15);

/// 申请查看.
#[derive(Debug, Clone, Deserialize, TS)]
pub struct AskToReveal {
    pub id: String,
    /// Null while none is chosen, which is refused.
    #[ts(type = "RevealPurpose | null")]
    pub purpose: Option<RevealPurpose>,
}

/// 批准 or 不同意.
#[derive(Debug, Clone, Deserialize, TS)]
pub struct DecideReveal {
    pub work_order_id: String,
    pub request_id: String,
    pub is_granted: bool,
}

/// How an order stands with whoever looks at it.
#[derive(Debug, Clone, Serialize, TS)]
pub struct RevealState {
    /// Whether it takes two persons.
    pub needs_second: bool,
    /// Whether another person has granted it to this one, and lately enough.
    pub is_granted: bool,
    /// 已申请，等另一人批准; empty where nothing was asked.
    pub text: String,
    /// What this person may decide.
    pub asked: Vec<AskedReveal>,
}

/// A request to be decided.
#[derive(Debug, Clone, Serialize, TS)]
pub struct AskedReveal {
    pub id: String,
    /// 陈晓梅 1001 09:15 申请查看诉求人，用于回电核实.
    pub text: String,
}

/// 举报件、保密件.
pub(crate) fn needs_second(matter: &Matter) -> bool {
    matter.is_confidential || matter.kind == MatterKind::Report
}

/// Whether somebody may decide what another asked: nobody decides for himself.
fn may_decide(person: &Actor, request: &RevealRequest) -> bool {
    person.holds_any(REVEAL_DECIDERS) && person.id != request.asked_by
}

/// Until when a request shows something.
fn shown_until(request: &RevealRequest) -> Option<DateTime<Utc>> {
    let granted = request.decision.as_ref().filter(|it| it.is_granted)?;
    Some(granted.at + SHOWN_FOR)
}

/// What is in force for a person: the request that was granted by another, and until when.
pub(crate) fn in_force(
    reader: &Reader,
    work_order_id: &str,
    person: &ActorId,
    now: DateTime<Utc>,
) -> anyhow::Result<Option<(RevealRequest, DateTime<Utc>)>> {
    let requests =
        reader.reveal_requests_of(work_order_id, now - APPROVAL_ASKED_FOR - SHOWN_FOR)?;
    let mut own = requests.into_iter().filter(|it| it.asked_by == *person);
    Ok(own.find_map(|request| {
        let until = shown_until(&request).filter(|until| *until > now)?;
        Some((request, until))
    }))
}

/// 申请查看诉求人.
pub(crate) fn ask_to_reveal(desk: &Desk, request: AskToReveal) -> Result<(), CallError> {
    let purpose = purpose_name(request.purpose)?;
    let now = desk.now();
    desk.store.commit(|writer| {
        let order = writer.load_work_order(&request.id)?;
        let order = order.ok_or(CallError::Refused(domain::Refusal::NotRegistered))?;
        if !needs_second(&order.matter) {
            return Err(CallError::invalid(
                "这件工单不须另一人批准，请直接显示号码。",
            ));
        }
        let asked = RevealRequest {
            id: new_id(),
            work_order_id: request.id.clone(),
            purpose,
            export_text: String::new(),
            asked_by: desk.operator.id.clone(),
            asked_at: now,
            decision: None,
        };
        keep(writer, &asked)
    })
}

/// What is decided: the two go the same way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Look,
    Export,
}

impl Kind {
    fn text(self) -> &'static str {
        match self {
            Self::Look => "查看申请",
            Self::Export => "导出申请",
        }
    }
}

/// Keeps a request, once while nobody has decided it.
pub(crate) fn keep(writer: &mut Writer, request: &RevealRequest) -> Result<(), CallError> {
    let since = request.asked_at - APPROVAL_ASKED_FOR;
    let asked = writer.reveal_requests_of(&request.work_order_id, since)?;
    let is_asked = |it: &RevealRequest| it.asked_by == request.asked_by && it.decision.is_none();
    if asked.iter().any(is_asked) {
        return Err(CallError::invalid("已经申请过，请等另一人批准。"));
    }
    writer.append_reveal_request(request)?;
    Ok(())
}

/// Keeps what another person says to a request.
pub(crate) fn decide(
    writer: &mut Writer,
    desk: &Desk,
    kind: Kind,
    asked: Option<RevealRequest>,
    is_granted: bool,
) -> Result<(), CallError> {
    let now = desk.now();
    let what = kind.text();
    let asked = asked.ok_or_else(|| CallError::invalid(format!("没有这项{what}。")))?;
    if asked.asked_by == desk.operator.id {
        return Err(CallError::invalid(format!(
            "不能批准自己的{what}，须由另一人批准。"
        )));
    }
    if asked.decision.is_some() {
        return Err(CallError::invalid(format!("这项{what}已经有人处理。")));
    }
    if asked.asked_at + APPROVAL_ASKED_FOR <= now {
        return Err(CallError::invalid(format!(
            "这项{what}已经过期，请重新申请。"
        )));
    }
    let decision = RevealDecision {
        by: desk.operator.id.clone(),
        at: now,
        is_granted,
    };
    writer.decide_reveal_request(&asked.id, &decision)?;
    Ok(())
}

/// 批准查看, or not.
pub(crate) fn decide_reveal(desk: &Desk, request: DecideReveal) -> Result<(), CallError> {
    desk.store.commit(|writer| {
        let asked = writer.reveal_request(&request.request_id)?;
        let asked = asked.filter(|it| it.work_order_id == request.work_order_id);
        decide(writer, desk, Kind::Look, asked, request.is_granted)
    })
}

/// How it stands, for whoever looks at the order.
pub(crate) fn state(
    desk: &Desk,
    reader: &Reader,
    work_order_id: &str,
    matter: &Matter,
    now: DateTime<Utc>,
) -> anyhow::Result<RevealState> {
    let mut state = RevealState {
        needs_second: needs_second(matter),
        is_granted: false,
        text: String::new(),
        asked: Vec::new(),
    };
    if !state.needs_second {
        return Ok(state);
    }
    let person = &desk.operator;
    let requests = reader.reveal_requests_of(work_order_id, now - APPROVAL_ASKED_FOR)?;
    if let Some(own) = requests.iter().find(|it| it.asked_by == person.id) {
        state.text = match &own.decision {
            None => "已申请查看，等另一人批准。".to_owned(),
            Some(RevealDecision {
                by,
                is_granted: false,
                ..
            }) => {
                format!("{} 没有同意查看。", desk.person_text(by))
            }
            Some(RevealDecision { by, at, .. }) if *at + SHOWN_FOR > now => {
                let until = time_text::moment(*at + SHOWN_FOR);
                format!("{} 已批准，{until}前可以查看。", desk.person_text(by))
            }
            Some(_) => String::new(),
        };
    }
    state.is_granted = in_force(reader, work_order_id, &person.id, now)?.is_some();
    let open = requests.iter().filter(|it| it.decision.is_none());
    let asked = open
        .filter(|it| may_decide(person, it))
        .map(|it| AskedReveal {
            id: it.id.clone(),
            text: asked_text(desk, it),
        });
    state.asked = asked.collect();
    Ok(state)
}

/// What the person may decide and was not told of, by order; see `notice`.
pub(crate) fn to_decide(
    desk: &Desk,
    reader: &Reader,
    now: DateTime<Utc>,
) -> anyhow::Result<Vec<RevealRequest>> {
    let mut open = reader.open_reveal_requests(now - APPROVAL_ASKED_FOR)?;
    open.retain(|it| match it.export_text.as_str() {
        "" => may_decide(&desk.operator, it),
        _ => export::may_decide(&desk.operator, it),
    });
    Ok(open)
}

pub(crate) fn asked_text(desk: &Desk, request: &RevealRequest) -> String {
    format!(
        "{} {}申请查看诉求人，用于{}",
        desk.person_text(&request.asked_by),
        time_text::moment(request.asked_at),
        text::reveal_purpose_named(&request.purpose),
    )
}

/// The code of a purpose, which must be chosen.
pub(crate) fn purpose_name(purpose: Option<RevealPurpose>) -> Result<String, CallError> {
    let purpose = purpose.ok_or_else(|| CallError::invalid("请选择查看用途。"))?;
    Ok(crate::reference::wire_name(&purpose))
}

/// Who is told that somebody asks.
pub(crate) fn decides(person: &Actor) -> bool {
    person.holds_any(REVEAL_DECIDERS) || person.holds_any(EXPORT_DECIDERS)
}
