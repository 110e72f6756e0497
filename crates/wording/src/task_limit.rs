//! The last day of a knowledge task as people read it: with its days counted again (第十三条).

use chrono::{DateTime, NaiveDate, Utc};
use domain::calendar::WorkCalendar;
use domain::clock_face::{date_of, end_of};
use domain::kb::task::{KbTask, KbTaskCommandKind, KbTaskEvent, KbTaskKind, KbTaskStage};

use crate::limit::{CountedDay, LimitView, Urgency};
use crate::{text, time_text};

/// 到期日 as it was told.
pub fn view(
    task: &KbTask,
    events: &[KbTaskEvent],
    calendar: &WorkCalendar,
    now: DateTime<Utc>,
) -> LimitView {
    let today = date_of(now);
    let urgency = match task.stage {
        KbTaskStage::Cancelled => Urgency::Lifted,
        KbTaskStage::Open if today > task.due_on => Urgency::Overdue,
        KbTaskStage::Open if task.due_on == today => Urgency::Soon,
        KbTaskStage::Open => Urgency::Calm,
        KbTaskStage::Delivered | KbTaskStage::Done if task.missed_on.is_some() => Urgency::MetLate,
        KbTaskStage::Delivered | KbTaskStage::Done => Urgency::Met,
    };
    // A task that was handed back runs anew only where it was given more days.
    let set = events.iter().find(|it| it.due_on == Some(task.due_on));
    let returned = set.filter(|it| it.kind.kind() == KbTaskCommandKind::Return);
    let started_at = set.map_or(task.assigned_at, |it| it.occurred_at);
    let counted = Counted {
        kind: task.kind,
        started_at,
        due_on: task.due_on,
    };
    let mut view = describe(counted, urgency, calendar, now);
    if returned.is_some() {
        view.sum.insert_str(0, "退改后重新计算。");
    }
    view
}

/// What a task would be due if it were given now.
pub fn preview(
    kind: KbTaskKind,
    due_on: NaiveDate,
    calendar: &WorkCalendar,
    now: DateTime<Utc>,
) -> LimitView {
    let counted = Counted {
        kind,
        started_at: now,
        due_on,
    };
    describe(counted, Urgency::NotStarted, calendar, now)
}

#[derive(Clone, Copy)]
struct Counted {
    kind: KbTaskKind,
    started_at: DateTime<Utc>,
    due_on: NaiveDate,
}

fn describe(
    counted: Counted,
    urgency: Urgency,
    calendar: &WorkCalendar,
    now: DateTime<Utc>,
) -> LimitView {
    let start = date_of(counted.started_at);
    let n_days = calendar.working_days_between(start, counted.due_on);
    let days = calendar.count_working_days(start, n_days);
    let days = days.iter().map(|counted| CountedDay {
        date_text: time_text::day(counted.day.date),
        ordinal: counted.ordinal,
        reason: text::day(&counted.day),
    });
    let article = text::kb_task_article(counted.kind);
    let name = text::kb_task_kind(counted.kind);
    let due_at = end_of(counted.due_on);
    let due_text = time_text::deadline(due_at);
    LimitView {
        name: name.to_owned(),
        urgency,
        due_at: due_at.timestamp_millis(),
        target_text: String::new(),
        left_text: match urgency {
            Urgency::Calm | Urgency::Soon | Urgency::Overdue => time_text::left(now, due_at),
            Urgency::Met
            | Urgency::MetLate
            | Urgency::Suspended
            | Urgency::Lifted
            | Urgency::NotStarted => String::new(),
        },
        article: article.to_owned(),
        start_text: time_text::moment(counted.started_at),
        days: days.collect(),
        sum: format!(
            "{article}：{name}任务 {n_days} 个工作日。自{}起，当日不计，只数工作日，到{due_text}。",
            time_text::day(start)
        ),
        due_text,
    }
}
