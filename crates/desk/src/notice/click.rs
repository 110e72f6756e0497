//! 点开提醒: what a click on a notice opens, handed from the desktop to the window by the way on which a
//! call that rings comes in: it is kept in memory, the windows hear of it, and one of them asks.
//!
//! The desktop says only that a notice was clicked; what that opens was kept here when it was shown.

use std::sync::{Mutex, MutexGuard, PoisonError};

use chrono::{DateTime, TimeDelta, Utc};
use desk_store::Reader;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::desk::Desk;
use crate::error::CallError;
use crate::host::DeskHost;
use crate::work_order::QueueName;

/// A click is good for so long: whoever signs in the next morning has nothing to do with it.
const CLICK_LASTS: TimeDelta = TimeDelta::minutes(10);
const CHANGED: &[&str] = &["clicked_notice"];

/// 去处: what a notice is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum NoticeTarget {
    /// 工单.
    WorkOrder { id: String },
    /// 工单清单.
    Queue { queue: QueueName },
    /// 待处理, at one of its lines.
    Conflict { seq: u64 },
    /// 预警; null for all that are open.
    EarlyWarning { id: Option<String> },
    /// 导出申请.
    ExportRequests,
}

/// A notice that was clicked and not opened yet.
#[derive(Debug, Clone, Serialize, TS)]
pub struct ClickedNotice {
    /// Counts the clicks of this run.
    pub click: u32,
    pub target: NoticeTarget,
}

#[derive(Debug, Clone, Deserialize, TS)]
pub struct FollowedNotice {
    pub click: u32,
}

/// The last click of this run, until it is followed.
#[derive(Debug, Default)]
pub(crate) struct NoticeClicks(Mutex<Clicks>);

#[derive(Debug, Default)]
struct Clicks {
    n_clicks: u32,
    waiting: Option<(ClickedNotice, DateTime<Utc>)>,
}

impl NoticeClicks {
    fn lock(&self) -> MutexGuard<'_, Clicks> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl DeskHost {
    /// 点开: remembers what is to be opened and tells the window. At a desk where nobody is signed in
    /// it waits for whoever signs in, for ten minutes; a second click takes the place of the first.
    pub fn click_notice(&self, target: NoticeTarget) {
        let mut clicks = self.office.notice_clicks.lock();
        clicks.n_clicks = clicks.n_clicks.wrapping_add(1);
        let clicked = ClickedNotice {
            click: clicks.n_clicks,
            target,
        };
        clicks.waiting = Some((clicked, self.clock().now()));
        drop(clicks);
        self.tell_changed(CHANGED);
    }
}

/// What is to be opened, if it is there still.
pub(crate) fn clicked_notice(
    host: &DeskHost,
    desk: &Desk,
    (): (),
) -> Result<Option<ClickedNotice>, CallError> {
    let waiting = host.office.notice_clicks.lock().waiting.clone();
    let Some((clicked, _)) = waiting.filter(|(_, at)| desk.now() - *at < CLICK_LASTS) else {
        return Ok(None);
    };
    let is_there = desk
        .store
        .read(|reader| is_there(reader, &clicked.target))?;
    Ok(is_there.then_some(clicked))
}

/// The window has opened it.
pub(crate) fn follow_notice(host: &DeskHost, request: FollowedNotice) -> Result<(), CallError> {
    let mut clicks = host.office.notice_clicks.lock();
    let is_it = |(clicked, _): &(ClickedNotice, DateTime<Utc>)| clicked.click == request.click;
    if clicks.waiting.as_ref().is_some_and(is_it) {
        clicks.waiting = None;
    }
    Ok(())
}

fn is_there(reader: &Reader, target: &NoticeTarget) -> anyhow::Result<bool> {
    Ok(match target {
        NoticeTarget::WorkOrder { id } => reader.work_order_record(id)?.is_some(),
        NoticeTarget::EarlyWarning { id: Some(id) } => reader.early_warning(id)?.is_some(),
        // A list is there, and says itself what is on it.
        NoticeTarget::Queue { .. }
        | NoticeTarget::Conflict { .. }
        | NoticeTarget::EarlyWarning { id: None }
        | NoticeTarget::ExportRequests => true,
    })
}
