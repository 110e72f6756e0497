//! Limits as people read them: what is left, and the sum behind it.

use chrono::{DateTime, Utc};
use domain::calendar::WorkCalendar;
use domain::time_limit::{CloseOfDay, CountMode, LimitKind, LimitState, Span, TimeLimit};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{text, time_text};

/// How a limit stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Urgency {
    Calm,
    /// 临期: the time to warn has come.
    Soon,
    Overdue,
    Met,
    MetLate,
    /// 暂停计时 (决定 I-17): nothing becomes urgent.
    Suspended,
    /// 不再适用: the act is no longer asked for.
    Lifted,
    /// 未起算: it would run from an act that has not happened.
    NotStarted,
}

/// One day of the sum.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct CountedDay {
    pub date_text: String,
    /// Which working day it is, from 1; null for a day that is skipped.
    pub ordinal: Option<u32>,
    /// Why it counts or does not.
    pub reason: String,
}

/// A limit with its explanation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct LimitView {
    /// 转办 / 签收 / 初步响应 / 进度反馈 / 办理; with the unit before it, where there are several.
    pub name: String,
    pub urgency: Urgency,
    pub due_at: i64,
    pub due_text: String,
    pub target_text: String,
    pub left_text: String,
    pub article: String,
    pub start_text: String,
    pub days: Vec<CountedDay>,
    /// The sum in one sentence.
    pub sum: String,
}

/// The matter whose limits are asked for.
#[derive(Debug, Clone, Deserialize, TS)]
pub struct LimitPreview {
    #[ts(type = "MatterKind")]
    pub kind: domain::matter::MatterKind,
    #[ts(type = "MatterClass")]
    pub class: domain::matter::MatterClass,
}

/// How a running limit stands at `now`.
pub fn urgency(due_at: DateTime<Utc>, warn_at: DateTime<Utc>, now: DateTime<Utc>) -> Urgency {
    if now > due_at {
        Urgency::Overdue
    } else if now >= warn_at {
        Urgency::Soon
    } else {
        Urgency::Calm
    }
}

/// The limit as it stands at `now`.
pub fn view(
    limit: &TimeLimit,
    state: LimitState,
    calendar: &WorkCalendar,
    now: DateTime<Utc>,
) -> LimitView {
    let (urgency, left_text) = match state {
        LimitState::Running if limit.is_suspended() => {
            (Urgency::Suspended, "暂停计时中".to_owned())
        }
        LimitState::Running => (
            urgency(limit.due_at, limit.warn_at, now),
            time_text::left(now, limit.due_at),
        ),
        LimitState::Met { at } => (Urgency::Met, format!("{}按时完成", time_text::moment(at))),
        LimitState::MetLate { at } => (
            Urgency::MetLate,
            format!("{}完成，已超期", time_text::moment(at)),
        ),
        LimitState::Lifted { at } => (
            Urgency::Lifted,
            format!("{}起不再适用", time_text::moment(at)),
        ),
    };
    describe(limit, urgency, left_text, calendar)
}

/// What stands instead of the time that is over while nobody is held to it.
pub const WAIVED_TEXT: &str = "待批暂挂，不计超期";

/// 待批暂挂、待审: the view of a limit that nobody is held to once it is over (决定 I-7、I-9).
pub fn waived(view: LimitView) -> LimitView {
    if view.urgency != Urgency::Overdue {
        return view;
    }
    LimitView {
        urgency: Urgency::Suspended,
        left_text: WAIVED_TEXT.to_owned(),
        ..view
    }
}

/// The limit as it would be if it started now.
pub fn preview(limit: &TimeLimit, calendar: &WorkCalendar) -> LimitView {
    let left_text = match limit.kind {
        LimitKind::Dispatch => "自登记起算".to_owned(),
        LimitKind::SignFor
        | LimitKind::FirstResponse
        | LimitKind::Progress
        | LimitKind::Handle
        | LimitKind::SendBack
        | LimitKind::Assist => "自送达起算，按现在送达估算".to_owned(),
        LimitKind::ScreeningReview => "自收到甄别申请起算".to_owned(),
        LimitKind::Evidence => "自通知补证起算".to_owned(),
        LimitKind::Verification => "自发起核实起算".to_owned(),
    };
    describe(limit, Urgency::NotStarted, left_text, calendar)
}

fn describe(
    limit: &TimeLimit,
    urgency: Urgency,
    left_text: String,
    calendar: &WorkCalendar,
) -> LimitView {
    let explanation = limit.explain(calendar);
    let days = explanation
        .days
        .iter()
        .map(|counted| CountedDay {
            date_text: time_text::day(counted.day.date),
            ordinal: counted.ordinal,
            reason: if counted.is_suspended {
                "暂停计时".to_owned()
            } else if counted.day.is_provisional {
                format!("{}（临时日历）", text::day(&counted.day))
            } else {
                text::day(&counted.day)
            },
        })
        .collect();
    let name = text::limit(limit.kind);
    let start = time_text::moment(limit.started_at);
    let due = time_text::deadline(limit.due_at);
    let length = text::span(limit.span);
    let article = limit.kind.article();
    let how = match limit.span {
        Span::WorkingDays(_) => match (limit.counting.count_mode, limit.counting.close_of_day) {
            (CountMode::NextDay, CloseOfDay::Midnight) => "当日不计，只数工作日，至最后一日 24:00",
            (CountMode::NextDay, CloseOfDay::SixInTheEvening) => {
                "当日不计，只数工作日，至最后一日 18:00"
            }
            (CountMode::SameClock, _) => "当日不计，只数工作日，至最后一日同一钟点",
        },
        Span::Hours(_) => "自然小时，节假日不停",
        Span::HoursOnWorkingDays(_) => "自然小时，整日剔除非工作日",
    };
    let mut sum = format!("{article}：{name}{length}。自{start}起，{how}，到{due}。");
    for adjustment in &explanation.adjustments {
        sum.push_str(&text::adjustment(adjustment));
    }
    if !explanation.agrees {
        sum.push_str("日历此后有更新，到期时间以起算时所记为准。");
    }
    LimitView {
        name: name.to_owned(),
        urgency,
        due_at: limit.due_at.timestamp_millis(),
        due_text: due,
        target_text: limit
            .target_at
            .map_or_else(String::new, time_text::deadline),
        left_text,
        article: article.to_owned(),
        start_text: start,
        days,
        sum,
    }
}
