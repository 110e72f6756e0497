//! 知识任务 of the unit: what it is asked to write, bring up to date, check or correct (第十三条).

use anyhow::Result;
use domain::HandlingUnitId;
use domain::clock_face::date_of;
use domain::kb::KbArticleId;
use domain::kb::task::{KbTaskCommand, KbTaskCommandKind, KbTaskEvent, KbTaskRefusal, commands_at};
use serde::{Deserialize, Serialize};
use ts_rs::TS;
use wire::Act;
use wording::limit::LimitView;
use wording::{task_limit, text, time_text};

use super::error::CallError;
use super::unit_article::{TASK, UnitTask, content_of};
use super::unit_order::prefix;
use super::visit::{Asked, Visit};
use crate::readers::Reader;

/// Tasks of one unit that are looked at; who has had more has the oldest numbers first.
const TASKS_MAX: usize = 5_000;

#[derive(Debug, Clone, Serialize, TS)]
pub(super) struct UnitTaskRow {
    pub(super) number: String,
    pub(super) kind_text: String,
    pub(super) subject: String,
    pub(super) stage_text: String,
    pub(super) due_text: String,
    /// The unit's turn.
    pub(super) is_open: bool,
    pub(super) is_overdue: bool,
    pub(super) was_late: bool,
    pub(super) n_returns: u32,
}

#[derive(Debug, Clone, Deserialize, TS)]
pub(super) struct UnitTaskNumber {
    pub(super) number: String,
}

#[derive(Debug, Clone, Serialize, TS)]
pub(super) struct UnitTaskStoryLine {
    pub(super) at_text: String,
    pub(super) text: String,
    pub(super) detail: String,
    pub(super) by_text: String,
}

#[derive(Debug, Clone, Serialize, TS)]
pub(super) struct UnitTaskDetail {
    pub(super) row: UnitTaskRow,
    /// Sent back with every act.
    pub(super) version: u32,
    pub(super) note: String,
    /// The article it is about, or that came of it; empty while there is none.
    pub(super) article_id: String,
    pub(super) article_title: String,
    /// 到期日 with the days that were counted.
    pub(super) limit: LimitView,
    pub(super) story: Vec<UnitTaskStoryLine>,
    /// Why it may not be handed in now; null when it may.
    pub(super) refusal: Option<String>,
}

/// 提交任务, with the article that came of it.
#[derive(Debug, Clone, Deserialize, TS)]
pub(super) struct DeliverUnitTask {
    pub(super) number: String,
    pub(super) act_id: String,
    pub(super) version: u32,
    /// Empty where the task named it.
    pub(super) article_id: String,
    pub(super) note: String,
}

#[derive(Debug, Clone, Serialize, TS)]
pub(super) struct UnitTaskDone {
    pub(super) message: String,
}

/// 任务清单: what is to be done before what is done.
pub(super) async fn kb_tasks(visit: &Visit, (): ()) -> Result<Vec<UnitTaskRow>, CallError> {
    let unit = visit.unit.clone();
    let read = visit
        .office
        .readers
        .read(move |reader| tasks_of(reader, &unit));
    let mut tasks = read.await?;
    tasks.sort_by(|one, other| {
        let by_turn = other.is_open.cmp(&one.is_open);
        by_turn.then_with(|| {
            if one.is_open {
                one.due_on.cmp(&other.due_on)
            } else {
                other.number.cmp(&one.number)
            }
        })
    });
    Ok(tasks.iter().map(|task| row_view(visit, task)).collect())
}

pub(super) fn tasks_of(reader: &Reader, unit: &HandlingUnitId) -> Result<Vec<UnitTask>> {
    let prefix = prefix(unit);
    let mut tasks = Vec::new();
    for record in reader.records.range(TASK, &prefix, &prefix, TASKS_MAX)? {
        let task: UnitTask = serde_json::from_str(&record.body)?;
        if task.unit == *unit {
            tasks.push(task);
        }
    }
    Ok(tasks)
}

fn row_view(visit: &Visit, task: &UnitTask) -> UnitTaskRow {
    UnitTaskRow {
        number: task.number.clone(),
        kind_text: text::kb_task_kind(task.kind).to_owned(),
        subject: task.subject.clone(),
        stage_text: task.stage_text.clone(),
        due_text: time_text::day(task.due_on),
        is_open: task.is_open,
        is_overdue: task.is_open && date_of(visit.now) > task.due_on,
        was_late: task.was_late,
        n_returns: task.n_returns,
    }
}

/// 知识任务.
pub(super) async fn kb_task(
    visit: &Visit,
    request: UnitTaskNumber,
) -> Result<UnitTaskDetail, CallError> {
    let own = visit.task(&request.number).await?;
    let task = &own.task;
    let title = match &task.article {
        Some(id) => article_title(visit, id).await?,
        None => String::new(),
    };
    let deliver = commands_at(task, &visit.actor);
    let mut deliver = deliver.filter(|(command, _)| *command == KbTaskCommandKind::Deliver);
    let refusal = deliver.next().and_then(|(_, refusal)| refusal);
    Ok(UnitTaskDetail {
        row: row_view(visit, &UnitTask::of(task)),
        version: task.n_events,
        note: task.note.clone(),
        article_id: task
            .article
            .as_ref()
            .map_or_else(String::new, |it| it.0.clone()),
        article_title: title,
        limit: task_limit::view(task, &own.events, &visit.office.rules.calendar, visit.now),
        story: own
            .events
            .iter()
            .map(|event| story_line(visit, event))
            .collect(),
        refusal: refusal.as_ref().map(text::kb_task_refusal),
    })
}

/// The article may be another unit's by now; its title is no secret, it is published.
async fn article_title(visit: &Visit, id: &KbArticleId) -> Result<String, CallError> {
    match visit.article(&id.0).await {
        Ok(record) => Ok(content_of(&record).map_or_else(String::new, |it| it.title.clone())),
        Err(CallError::KbRefused(_)) => Ok(String::new()),
        Err(fault) => Err(fault),
    }
}

fn story_line(visit: &Visit, event: &KbTaskEvent) -> UnitTaskStoryLine {
    UnitTaskStoryLine {
        at_text: time_text::moment(event.occurred_at),
        text: text::kb_task_command(event.kind.kind()).to_owned(),
        detail: match &event.kind {
            KbTaskCommand::Assign { note, .. } | KbTaskCommand::Deliver { note, .. } => {
                note.clone()
            }
            KbTaskCommand::Accept => String::new(),
            KbTaskCommand::Return { reason } => match event.due_on {
                Some(due_on) => format!("{reason}（{}前再提交）", time_text::day(due_on)),
                None => reason.clone(),
            },
            KbTaskCommand::Cancel { reason } => reason.clone(),
        },
        by_text: visit.person_text(&event.actor),
    }
}

/// 提交.
pub(super) async fn deliver_kb_task(
    visit: &Visit,
    request: DeliverUnitTask,
) -> Result<UnitTaskDone, CallError> {
    let own = visit.task(&request.number).await?;
    let article = match request.article_id.trim() {
        "" => None,
        // What is handed in is the unit's own.
        id => Some(visit.article(id).await?.id),
    };
    if article.is_none() && own.task.article.is_none() {
        return Err(KbTaskRefusal::ArticleMissing.into());
    }
    let note = request.note.trim().to_owned();
    let command = KbTaskCommand::Deliver { article, note };
    visit
        .act(Asked {
            subject: request.number,
            act_id: request.act_id,
            version: request.version,
            act: Act::Task(command),
        })
        .await?;
    Ok(UnitTaskDone {
        message: format!("“{}”已提交县中心，待验收。", own.task.subject),
    })
}
