//! 提醒: what a person is told without asking. The shell shows it through the desktop.

pub mod click;

use std::collections::BTreeMap;

use chrono::{TimeDelta, Timelike as _};
use desk_store::{
    DueNotice, MetaKey, NoticeScope, NoticeStage, RevealRequest, StoreFault, StoredEarlyWarning,
};
use domain::clock_face::time_of;
use domain::early_warning::{EarlyWarningRule, WARNING_KEEPERS};
use domain::reveal::REVEALS_USUAL_PER_HOUR;
use domain::{ActorId, Role};
use wording::mask;

use crate::desk::Desk;
use crate::error::CallError;
use crate::host::DeskHost;
use crate::work_order::QueueName;
use crate::{backup, conflict, early_warning, export, reveal_request, text, time_text};

pub use self::click::NoticeTarget;

/// More than so many at once become one notice.
const SEPARATE_NOTICES: usize = 3;
/// The hours of the day in which an ordinary matter may disturb.
const DAY_HOURS: std::ops::Range<u32> = 7..22;

/// Numbers that were shown are counted over so long.
const REVEALS_WITHIN: TimeDelta = TimeDelta::hours(1);

/// One notice, ready to be shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    pub title: String,
    pub body: String,
    /// What a click opens; none where the window itself is all there is to see.
    pub target: Option<NoticeTarget>,
    /// Overdue, or a special matter.
    pub is_urgent: bool,
}

impl DeskHost {
    /// The notices that are due now. Each limit is told when it comes near and when it is over,
    /// once each, also over a restart. Nothing while the desk is closed.
    pub fn take_notices(&self) -> Vec<Notice> {
        // Whoever sits there, or nobody.
        if let Ok(desk) = self.desk()
            && let Err(error) = backup::begin_if_due(&desk)
        {
            tracing::error!(
                error = format!("{error:#}"),
                "whether a backup is due is not known"
            );
        }
        match self.taken_notices() {
            Ok(notices) => {
                if !notices.is_empty() {
                    self.tell_changed(&["work_orders", "status"]);
                }
                notices
            }
            Err(CallError::Locked | CallError::SignedOut) => Vec::new(),
            Err(error) => {
                tracing::error!(error = format!("{error:#}"), "notices could not be taken");
                Vec::new()
            }
        }
    }
}

impl DeskHost {
    /// A desk at which nobody is signed in tells nobody's matters. Being asked is no touch.
    fn taken_notices(&self) -> Result<Vec<Notice>, CallError> {
        drop(self.office.admit(false)?);
        self.with_desk(take)
    }
}

/// What the center did not take since people were last told; the first of it may be opened.
fn take_conflicts(desk: &Desk) -> Result<Option<Notice>, CallError> {
    let fresh = desk.store.commit(|writer| -> Result<_, CallError> {
        let told = writer.meta(MetaKey::TasksTold)?;
        let told: u64 = told.and_then(|seq| seq.parse().ok()).unwrap_or(0);
        let mut fresh = conflict::open(desk, writer)?;
        fresh.retain(|entry| entry.seq > told);
        if let Some(last) = fresh.iter().map(|entry| entry.seq).max() {
            writer.set_meta(MetaKey::TasksTold, &last.to_string())?;
        }
        Ok(fresh)
    })?;
    let Some(first) = fresh.first() else {
        return Ok(None);
    };
    Ok(Some(Notice {
        title: format!("{} 件待处理", fresh.len()),
        body: "中心没有采纳，或需要核对，请点状态栏的“待处理”查看。".to_owned(),
        target: Some(NoticeTarget::Conflict { seq: first.seq }),
        is_urgent: false,
    }))
}

fn take(desk: &Desk) -> Result<Vec<Notice>, CallError> {
    let mut notices = take_limits(desk)?;
    notices.extend(take_conflicts(desk)?);
    notices.extend(take_early_warnings(desk)?);
    notices.extend(take_reveals(desk)?);
    notices.extend(take_reveal_requests(desk)?);
    Ok(notices)
}

/// 查看申请 for who may decide it, once each; a click opens the order, where it is decided.
fn take_reveal_requests(desk: &Desk) -> Result<Vec<Notice>, CallError> {
    if !reveal_request::decides(&desk.operator) {
        return Ok(Vec::new());
    }
    let now = desk.now();
    let open = desk
        .store
        .read(|reader| reveal_request::to_decide(desk, reader, now))?;
    if open.is_empty() {
        return Ok(Vec::new());
    }
    let person = &desk.operator.id.0;
    let fresh = desk.store.commit(|writer| -> Result<_, CallError> {
        let told = writer
            .meta(MetaKey::RevealRequestsTold)?
            .unwrap_or_default();
        // What cannot be read was told to nobody.
        let mut told: Vec<(String, String)> = serde_json::from_str(&told).unwrap_or_default();
        told.retain(|(_, id)| open.iter().any(|it| it.id == *id));
        let is_told = |id: &str| told.iter().any(|(whom, of)| whom == person && of == id);
        let fresh: Vec<_> = open.iter().filter(|it| !is_told(&it.id)).cloned().collect();
        told.extend(fresh.iter().map(|it| (person.clone(), it.id.clone())));
        let told = serde_json::to_string(&told).map_err(anyhow::Error::from)?;
        writer.set_meta(MetaKey::RevealRequestsTold, &told)?;
        Ok(fresh)
    })?;
    let export = |request: &RevealRequest| Notice {
        title: "有人申请导出".to_owned(),
        body: format!(
            "{}，请核实后在工单页处理。",
            export::asked_text(desk, request)
        ),
        target: Some(NoticeTarget::ExportRequests),
        is_urgent: false,
    };
    let look = |request: &RevealRequest| Notice {
        title: "有人申请查看诉求人".to_owned(),
        body: format!(
            "{}，请核实后处理。",
            reveal_request::asked_text(desk, request)
        ),
        target: Some(NoticeTarget::WorkOrder {
            id: request.work_order_id.clone(),
        }),
        is_urgent: false,
    };
    let notice = |it: &RevealRequest| match it.export_text.as_str() {
        "" => look(it),
        _ => export(it),
    };
    Ok(fresh.iter().map(notice).collect())
}

/// 预警 that people were not told of, for who does something about them; what gathers people at any hour, the
/// rest by day.
fn take_early_warnings(desk: &Desk) -> Result<Option<Notice>, CallError> {
    early_warning::watch::look(desk)?;
    if !desk.operator.holds_any(&WARNING_KEEPERS) {
        return Ok(None);
    }
    let now = desk.now();
    let is_day = DAY_HOURS.contains(&time_of(now).hour());
    let fresh = desk.store.read(|reader| {
        let told = reader.meta(MetaKey::EarlyWarningsTold)?;
        let told: i64 = told.and_then(|it| it.parse().ok()).unwrap_or(0);
        let mut fresh = Vec::new();
        for warning in reader.open_early_warnings()? {
            // What somebody sees to at another desk is no news.
            let record = reader.early_warning_record(&warning.subject)?;
            let is_taken = warning.round(record.as_ref()).is_some();
            if warning.found_at.timestamp_millis() > told && !is_taken {
                fresh.push(warning);
            }
        }
        Ok(fresh)
    })?;
    let is_urgent = fresh
        .iter()
        .any(|it| it.ground.rule() == EarlyWarningRule::Crowd);
    let Some(last) = fresh.first().filter(|_| is_day || is_urgent) else {
        return Ok(None);
    };
    let found_at = last.found_at.timestamp_millis().to_string();
    desk.store.commit(|writer| -> Result<(), CallError> {
        Ok(writer.set_meta(MetaKey::EarlyWarningsTold, &found_at)?)
    })?;
    let said = |it: &StoredEarlyWarning| {
        let (title, ground) = text::early_warning_ground(&desk.reference, &it.ground);
        let rule = text::early_warning_rule(it.ground.rule());
        (format!("{rule} {title}"), ground)
    };
    let only = match fresh.as_slice() {
        [only] => Some(only.id.clone()),
        _ => None,
    };
    let (title, body) = if let [only] = fresh.as_slice() {
        let (title, ground) = said(only);
        (format!("预警：{title}"), ground)
    } else {
        let line = |it: &StoredEarlyWarning| {
            let (title, ground) = said(it);
            format!("{title}，{ground}")
        };
        let lines: Vec<String> = fresh.iter().take(SEPARATE_NOTICES).map(line).collect();
        let rest = fresh.len().saturating_sub(SEPARATE_NOTICES);
        let more = match rest {
            0 => String::new(),
            n => format!("；另有 {n} 条"),
        };
        (
            format!("{} 条预警待处置", fresh.len()),
            format!("{}{more}", lines.join("；")),
        )
    };
    Ok(Some(Notice {
        title,
        body: format!("{body}。请在“分析”的“预警”中查看。"),
        target: Some(NoticeTarget::EarlyWarning { id: only }),
        is_urgent,
    }))
}

/// 查看次数告警, for the shift lead: who has had more numbers shown than is usual, once an hour each.
fn take_reveals(desk: &Desk) -> Result<Vec<Notice>, CallError> {
    if !desk.operator.holds_any(&[Role::ShiftLead]) {
        return Ok(Vec::new());
    }
    let now = desk.now();
    let since = now - REVEALS_WITHIN;
    let over = desk
        .store
        .read(|reader| Ok(reader.reveals_over(since, REVEALS_USUAL_PER_HOUR)?))?;
    if over.is_empty() {
        return Ok(Vec::new());
    }
    let fresh = desk.store.commit(|writer| -> Result<_, CallError> {
        let told = writer.meta(MetaKey::RevealsTold)?.unwrap_or_default();
        // What cannot be read was told to nobody.
        let mut told: BTreeMap<String, i64> = serde_json::from_str(&told).unwrap_or_default();
        told.retain(|_, at| *at > since.timestamp_millis());
        let mut fresh = over;
        fresh.retain(|(person, _)| !told.contains_key(&person.0));
        told.extend(
            fresh
                .iter()
                .map(|(person, _)| (person.0.clone(), now.timestamp_millis())),
        );
        let told = serde_json::to_string(&told).map_err(anyhow::Error::from)?;
        writer.set_meta(MetaKey::RevealsTold, &told)?;
        Ok(fresh)
    })?;
    let notice = |(person, n_shown): (ActorId, u64)| Notice {
        title: "号码查看较多".to_owned(),
        body: format!(
            "{} 一小时内查看 {n_shown} 次，请核实用途。",
            desk.person_text(&person)
        ),
        target: None,
        is_urgent: true,
    };
    Ok(fresh.into_iter().map(notice).collect())
}

fn take_limits(desk: &Desk) -> Result<Vec<Notice>, CallError> {
    let now = desk.now();
    let is_day = DAY_HOURS.contains(&time_of(now).hour());
    let scope = if is_day {
        NoticeScope::All
    } else {
        NoticeScope::SpecialOnly
    };
    let due = desk
        .store
        .commit(|writer| -> Result<_, StoreFault> { writer.take_due_notices(now, scope) })?;
    if due.len() <= SEPARATE_NOTICES {
        return Ok(due.iter().map(single).collect());
    }
    let n_overdue = due
        .iter()
        .filter(|notice| notice.stage == NoticeStage::Overdue)
        .count();
    let n_soon = due.len() - n_overdue;
    Ok(vec![Notice {
        title: format!("{} 件工单需要处理", due.len()),
        body: format!("临近期限 {n_soon} 件，已超期 {n_overdue} 件，请在“工单”中查看。"),
        target: Some(NoticeTarget::Queue {
            queue: if n_overdue > 0 {
                QueueName::Overdue
            } else {
                QueueName::DueSoon
            },
        }),
        is_urgent: n_overdue > 0,
    }])
}

fn single(notice: &DueNotice) -> Notice {
    let limit = text::limit(notice.limit_kind);
    let order = &notice.order;
    let is_overdue = notice.stage == NoticeStage::Overdue;
    let state = if is_overdue {
        "已超期"
    } else {
        "即将到期"
    };
    Notice {
        title: format!("{limit}{state}"),
        body: format!(
            "{} {}，{limit}期限 {}",
            order.number,
            mask::masked_in_text(&order.title),
            time_text::deadline(notice.due_at)
        ),
        target: Some(NoticeTarget::WorkOrder {
            id: order.id.clone(),
        }),
        is_urgent: is_overdue || order.class.is_special(),
    }
}
