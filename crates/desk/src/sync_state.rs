//! 同步状态: what waits and since when, where the desk stands in the feed, what stands in the way and
//! what a person should do about it; and the desk's enrolment.

use desk_store::MetaKey;
use serde::{Deserialize, Serialize};
use ts_rs::TS;
use wire::EnrolmentCode;

use crate::desk::Desk;
use crate::error::CallError;
use crate::host::DeskHost;
use crate::office::roles_at;
use crate::permission::{self, Who};
use crate::sync::{Alert, AlertAt, CenterAccess, Enrolling, Known, address_of};
use crate::{text, time_text};

/// A clock that is off by less is nothing to speak of.
const SKEW_SHOWN_MS: u64 = 1_000;

#[derive(Debug, Clone, Serialize, TS)]
pub struct SyncAlert {
    pub title: String,
    pub text: String,
    /// What a person should do.
    pub advice: String,
    pub at_text: String,
    /// Whether it stands in the way; otherwise it has happened and is told.
    pub is_problem: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum EnrolmentStep {
    /// Nothing under way.
    Idle,
    Under,
    Failed,
}

#[derive(Debug, Clone, Serialize, TS)]
pub struct SyncState {
    pub is_enrolled: bool,
    pub is_online: bool,
    /// 工作站编号.
    pub desk: String,
    pub address: String,
    pub n_waiting: u64,
    /// Empty when nothing waits.
    pub oldest_waiting_text: String,
    /// Empty before the first.
    pub last_contact_text: String,
    /// Where the desk stands in the feed, and how much of it the center cannot lose any more.
    pub feed_seq: u64,
    pub durable_seq: u64,
    pub skew_text: String,
    /// 初次取数: how far a new desk, or one that was away for long, has read and drawn; empty
    /// otherwise.
    pub catching_up_text: String,
    pub alerts: Vec<SyncAlert>,
    /// 重新登记: the center does not know this desk any more, or has set it apart.
    pub wants_enrolment: bool,
    pub enrolment: EnrolmentStep,
    pub enrolment_message: String,
}

/// 未获准, for whoever stands at the door.
#[derive(Debug, Clone, Serialize, TS)]
pub struct StruckOff {
    pub text: String,
    pub address: String,
    pub enrolment: EnrolmentStep,
    pub enrolment_message: String,
}

#[derive(Clone, Deserialize, TS)]
pub struct EnrolForm {
    pub address: String,
    pub code: String,
}

/// 同步状态.
pub(crate) fn sync_state(desk: &Desk, (): ()) -> Result<SyncState, CallError> {
    let known = desk.link.known();
    let (position, n_waiting, oldest) = desk.store.read(|reader| {
        Ok((
            reader.sync_position()?,
            reader.count_waiting()?,
            reader.oldest_waiting_at()?,
        ))
    })?;
    let now = desk.now();
    let (enrolment, enrolment_message) = enrolment(&known);
    Ok(SyncState {
        is_enrolled: known.desk.is_some(),
        is_online: known.is_online,
        desk: known.desk.clone().unwrap_or_default(),
        address: known.address.clone(),
        n_waiting,
        oldest_waiting_text: oldest.map_or_else(String::new, |at| {
            format!("{}，{}", time_text::moment(at), time_text::ago(now, at))
        }),
        last_contact_text: known.last_contact.map_or_else(String::new, |at| {
            format!("{}，{}", time_text::moment(at), time_text::ago(now, at))
        }),
        feed_seq: position.cursor.seq,
        durable_seq: position.durable_seq,
        skew_text: known.skew_ms.map_or_else(String::new, skew_text),
        catching_up_text: catching_up_text(&known, position.is_undrawn),
        alerts: known
            .alerts
            .iter()
            .map(|(alert, at)| alert_view(*alert, *at))
            .collect(),
        wants_enrolment: wants_enrolment(&known) || position.is_quarantined,
        enrolment,
        enrolment_message,
    })
}

/// 立即重试.
pub(crate) fn retry_sync(desk: &Desk, (): ()) -> Result<(), CallError> {
    desk.link.retry_now();
    desk.link.bring_files();
    Ok(())
}

/// 登记, or 重新登记; how it ends is heard by the tag `sync`. A desk that the center has struck off lets
/// nobody in: it may be enrolled again at the door, at its own center and by a code of it.
pub(crate) fn enrol(host: &DeskHost, request: EnrolForm) -> Result<SyncState, CallError> {
    let desk = host.desk()?;
    let known = desk.link.known();
    let is_at_the_door = match host.office.admit(false) {
        Ok(here) => {
            let roles = here.as_deref().map(roles_at).unwrap_or_default();
            permission::check(Who::Of(permission::HOUSE), &roles)?;
            false
        }
        Err(CallError::SignedOut) if wants_enrolment(&known) => true,
        Err(error) => return Err(error),
    };
    let is_quarantined = desk
        .store
        .read(|reader| Ok(reader.sync_position()?.is_quarantined))?;
    if known.desk.is_some() && !wants_enrolment(&known) && !is_quarantined {
        return Err(CallError::invalid("本机已登记到中心，不需要再登记。"));
    }
    if matches!(known.enrolling, Enrolling::Under { .. }) {
        return Err(CallError::invalid("正在登记，请稍候。"));
    }
    let address = address_of(&request.address)
        .ok_or_else(|| CallError::invalid("中心地址请写成 10.1.2.3 或 10.1.2.3:8443 的样子。"))?;
    let code = EnrolmentCode::read(&request.code)
        .map_err(|fault| CallError::invalid(text::code_fault(fault)))?;
    if is_at_the_door && !is_of_own_center(&desk, &code)? {
        return Err(CallError::invalid(
            "这不是原来那个中心的登记码。没有人登录时，只能重新登记到原来的中心。",
        ));
    }
    desk.link.enrol(address, code);
    sync_state(&desk, ())
}

fn is_of_own_center(desk: &Desk, code: &EnrolmentCode) -> Result<bool, CallError> {
    let access = desk
        .store
        .read(|reader| Ok(reader.meta(MetaKey::Center)?))?;
    let Some(access) = access else {
        return Ok(false);
    };
    let access: CenterAccess = serde_json::from_str(&access).map_err(anyhow::Error::from)?;
    Ok(access.gave(code))
}

/// 未获准: what the door shows of it; none at a desk that its center knows.
pub(crate) fn at_the_door(desk: &Desk) -> Option<StruckOff> {
    let known = desk.link.known();
    if !known.is_struck_off() {
        return None;
    }
    let (enrolment, enrolment_message) = enrolment(&known);
    Some(StruckOff {
        text: text::struck_off().to_owned(),
        address: known.address,
        enrolment,
        enrolment_message,
    })
}

fn enrolment(known: &Known) -> (EnrolmentStep, String) {
    match &known.enrolling {
        Enrolling::No => (EnrolmentStep::Idle, String::new()),
        Enrolling::Under { address } => (EnrolmentStep::Under, format!("正在联系 {address} …")),
        Enrolling::Failed { address, why } => (
            EnrolmentStep::Failed,
            format!("{address}：{}", text::not_enrolled(*why)),
        ),
    }
}

/// How much of it stands in the way, for the status line. Being offline is said there anyway.
pub(crate) fn n_alerts(known: &Known) -> u64 {
    if known.desk.is_none() {
        return 0;
    }
    let problems = known.alerts.keys();
    problems
        .filter(|alert| is_problem(**alert) && **alert != Alert::Offline)
        .count() as u64
}

fn wants_enrolment(known: &Known) -> bool {
    known.alerts.contains_key(&Alert::Unauthorised)
        || known.alerts.contains_key(&Alert::Quarantined)
}

fn alert_view(alert: Alert, told: AlertAt) -> SyncAlert {
    let (title, what, advice) = text::alert(alert, told.figure);
    SyncAlert {
        title: title.to_owned(),
        text: what,
        advice: advice.to_owned(),
        at_text: time_text::moment(told.at),
        is_problem: is_problem(alert),
    }
}

fn is_problem(alert: Alert) -> bool {
    match alert {
        Alert::Offline
        | Alert::DeskTooOld
        | Alert::CenterTooOld
        | Alert::Unauthorised
        | Alert::Quarantined
        | Alert::ClockOff
        | Alert::Missing
        | Alert::Malformed
        | Alert::StoreFailed
        | Alert::Differs
        | Alert::AuditBroken => true,
        Alert::CenterRestored | Alert::DeskRestored | Alert::SameAgain => false,
    }
}

fn catching_up_text(known: &Known, is_undrawn: bool) -> String {
    match (known.snapshot, known.n_drawn) {
        (Some(parts), _) => format!(
            "正在取得中心已有的内容：第 {} 份，共 {} 份。受理照常。",
            (parts.n_parts + 1).min(parts.of_parts),
            parts.of_parts
        ),
        (None, n_drawn) if is_undrawn => format!(
            "内容已取得，正在整理：已整理 {} 件。受理照常。",
            n_drawn.unwrap_or(0)
        ),
        (None, _) => String::new(),
    }
}

fn skew_text(skew_ms: i64) -> String {
    if skew_ms.unsigned_abs() < SKEW_SHOWN_MS {
        return "一致".to_owned();
    }
    let way = if skew_ms > 0 { "快" } else { "慢" };
    let tenths = skew_ms.unsigned_abs() / 100;
    format!("本机{way} {}.{} 秒", tenths / 10, tenths % 10)
}
