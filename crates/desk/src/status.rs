//! The status line: always true, asked again with every change.

use desk_store::Queue;
use domain::calendar::DayKind;
use domain::clock_face::date_of;
use serde::Serialize;
use ts_rs::TS;

use crate::app::Operator;
use crate::desk::Desk;
use crate::error::CallError;
use crate::{conflict, sync_state, text, time_text};

#[derive(Debug, Clone, Copy, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum DayKindName {
    WorkingDay,
    Weekend,
    PublicHoliday,
    MakeUpWorkday,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum IndexState {
    Ready,
    Rebuilding,
    /// It could not be built; the log says why.
    Unavailable,
}

#[derive(Debug, Clone, Serialize, TS)]
pub struct Status {
    pub now: i64,
    pub date_text: String,
    pub day_kind: DayKindName,
    /// 工作日 / 周末 / 国庆节放假 / 国庆节调休上班.
    pub day_text: String,
    pub calendar_is_provisional: bool,
    /// Whether the center can be reached. A desk without a center is offline.
    pub is_online: bool,
    /// Whether the desk belongs to a center.
    pub is_enrolled: bool,
    /// 同步提示 that a person should look at; see 同步状态.
    pub n_alerts: u64,
    /// Orders, articles and tasks of which something is stored here and not yet at the center.
    pub n_waiting: u64,
    /// 待处理: what the center did not take, or took and found odd, that nobody has seen to.
    pub n_refused: u64,
    pub n_to_dispatch: u64,
    pub n_due_soon: u64,
    pub n_overdue: u64,
    /// 预警 that nobody has closed.
    pub n_early_warnings: u64,
    /// Articles that a search can find.
    pub n_articles: u64,
    pub index_state: IndexState,
    pub operator: Operator,
}

/// 状态行.
pub(crate) fn status(desk: &Desk, (): ()) -> Result<Status, CallError> {
    let now = desk.now();
    let day = desk.calendar.day(date_of(now));
    let known = desk.link.known();
    let n_refused = conflict::count(desk)?;
    let [
        n_waiting,
        n_to_dispatch,
        n_due_soon,
        n_overdue,
        n_early_warnings,
    ] = desk.store.read(|reader| {
        Ok([
            reader.count_waiting_subjects()?,
            reader.count(Queue::ToDispatch)?,
            reader.count(Queue::DueSoon { now })?,
            reader.count(Queue::Overdue { now })?,
            reader.count_open_early_warnings()?,
        ])
    })?;
    Ok(Status {
        now: now.timestamp_millis(),
        date_text: time_text::day(day.date),
        day_kind: match day.kind {
            DayKind::WorkingDay => DayKindName::WorkingDay,
            DayKind::Weekend => DayKindName::Weekend,
            DayKind::PublicHoliday(_) => DayKindName::PublicHoliday,
            DayKind::MakeUpWorkday(_) => DayKindName::MakeUpWorkday,
        },
        day_text: text::day(&day),
        calendar_is_provisional: day.is_provisional,
        is_online: known.is_online,
        is_enrolled: known.desk.is_some(),
        n_alerts: sync_state::n_alerts(&known),
        n_waiting,
        n_refused,
        n_to_dispatch,
        n_due_soon,
        n_overdue,
        n_early_warnings,
        n_articles: desk.knowledge.n_articles(),
        index_state: desk.knowledge.state(),
        operator: Operator::of(&desk.operator),
    })
}
