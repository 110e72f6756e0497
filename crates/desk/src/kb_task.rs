//! 知识任务: what units are asked to do for the knowledge base, until when and why until then; what is
//! offered to be asked; what a unit is late with (第十三条, 第六条(四), 第十九条(四)).

use chrono::{Datelike as _, NaiveDate};
use desk_store::KbTaskFilter;
use domain::clock_face::{at, date_of};
use domain::kb::KbArticleId;
use domain::kb::task::{
    KbTask, KbTaskCommand, KbTaskCommandKind, KbTaskEvent, KbTaskKind, KbTaskStage, commands_at,
};
use domain::supervision::SupervisoryGround;
use domain::supervision::clue::clues;
use serde::{Deserialize, Serialize};
use ts_rs::TS;
use wording::task_limit;

use crate::desk::Desk;
use crate::error::CallError;
use crate::limit::LimitView;
use crate::reference::wire_name;
use crate::{text, time_text};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum KbTaskList {
    Open,
    Delivered,
    Overdue,
    Done,
    Cancelled,
}

impl KbTaskList {
    const ALL: [Self; 5] = [
        Self::Open,
        Self::Delivered,
        Self::Overdue,
        Self::Done,
        Self::Cancelled,
    ];

    fn title(self) -> &'static str {
        match self {
            Self::Open => text::kb_task_stage(KbTaskStage::Open),
            Self::Delivered => text::kb_task_stage(KbTaskStage::Delivered),
            Self::Overdue => "逾期",
            Self::Done => text::kb_task_stage(KbTaskStage::Done),
            Self::Cancelled => text::kb_task_stage(KbTaskStage::Cancelled),
        }
    }

    fn filter(self, today: NaiveDate) -> KbTaskFilter {
        match self {
            Self::Open => KbTaskFilter::Open,
            Self::Delivered => KbTaskFilter::Delivered,
            Self::Overdue => KbTaskFilter::Overdue { today },
            Self::Done => KbTaskFilter::Done,
            Self::Cancelled => KbTaskFilter::Cancelled,
        }
    }
}

#[derive(Debug, Clone, Serialize, TS)]
pub struct KbTaskListCount {
    pub list: KbTaskList,
    pub title: String,
    pub n: u64,
}

/// A unit of which 第十九条(四) has something to say this year; a clue and no judgement.
#[derive(Debug, Clone, Serialize, TS)]
pub struct KbTaskClue {
    pub unit_name: String,
    pub numbers: Vec<String>,
}

#[derive(Debug, Clone, Serialize, TS)]
pub struct KbTaskLists {
    pub lists: Vec<KbTaskListCount>,
    pub clues: Vec<KbTaskClue>,
}

#[derive(Debug, Clone, Deserialize, TS)]
pub struct KbTaskListRequest {
    pub list: KbTaskList,
}

#[derive(Debug, Clone, Serialize, TS)]
pub struct KbTaskRow {
    pub number: String,
    pub kind_text: String,
    pub subject: String,
    pub unit_name: String,
    pub stage_text: String,
    pub due_text: String,
    /// Not handed in, and the day is over.
    pub is_overdue: bool,
    /// 曾逾期: handed in after the day that stood then.
    pub was_late: bool,
    pub n_returns: u32,
}

#[derive(Debug, Clone, Deserialize, TS)]
pub struct KbTaskNumber {
    pub number: String,
}

#[derive(Debug, Clone, Serialize, TS)]
pub struct KbTaskStoryLine {
    pub at_text: String,
    pub text: String,
    pub detail: String,
    pub by_text: String,
}

#[derive(Debug, Clone, Serialize, TS)]
pub struct KbTaskCommandState {
    pub command: String,
    pub text: String,
    pub refusal: Option<String>,
}

#[derive(Debug, Clone, Serialize, TS)]
pub struct KbTaskDetail {
    pub row: KbTaskRow,
    /// Sent back with every act.
    pub version: u32,
    pub note: String,
    /// The article it is about, or that came of it; empty while there is none.
    pub article_id: String,
    pub article_title: String,
    /// 到期日 with the days that were counted.
    pub limit: LimitView,
    pub story: Vec<KbTaskStoryLine>,
    pub commands: Vec<KbTaskCommandState>,
}

#[derive(Debug, Clone, Deserialize, TS)]
pub struct KbTaskPreview {
    #[ts(type = "KbTaskKind")]
    pub kind: KbTaskKind,
}

/// 任务清单, and the units of which there is a clue this year.
pub(crate) fn kb_task_lists(desk: &Desk, (): ()) -> Result<KbTaskLists, CallError> {
    let today = date_of(desk.now());
    let year_began = today.with_ordinal(1).unwrap_or(today);
    let since = at(year_began, chrono::NaiveTime::MIN);
    let (lists, records) = desk.store.read(|reader| {
        let counts = KbTaskList::ALL.iter().map(|list| {
            Ok(KbTaskListCount {
                list: *list,
                title: list.title().to_owned(),
                n: reader.count_kb_tasks(list.filter(today))?,
            })
        });
        let counts = counts.collect::<anyhow::Result<Vec<_>>>()?;
        Ok((counts, reader.knowledge_task_records(since, today)?))
    })?;
    let found = clues(&[], &records, &[], &desk.rule_sets).into_iter();
    let of_knowledge = found.filter(|it| it.ground == SupervisoryGround::KnowledgeNeglected);
    Ok(KbTaskLists {
        lists,
        clues: of_knowledge
            .map(|clue| KbTaskClue {
                unit_name: desk.reference.unit_name(&clue.unit).to_owned(),
                numbers: clue.numbers,
            })
            .collect(),
    })
}

/// 一份任务清单.
pub(crate) fn kb_tasks(
    desk: &Desk,
    request: KbTaskListRequest,
) -> Result<Vec<KbTaskRow>, CallError> {
    let today = date_of(desk.now());
    let filter = request.list.filter(today);
    let tasks = desk.store.read(|reader| Ok(reader.kb_tasks(filter)?))?;
    Ok(tasks.iter().map(|it| row_view(desk, it, today)).collect())
}

fn row_view(desk: &Desk, task: &KbTask, today: NaiveDate) -> KbTaskRow {
    KbTaskRow {
        number: task.number.clone(),
        kind_text: text::kb_task_kind(task.kind).to_owned(),
        subject: task.subject.clone(),
        unit_name: desk.reference.unit_name(&task.unit).to_owned(),
        stage_text: text::kb_task_stage(task.stage).to_owned(),
        due_text: time_text::day(task.due_on),
        is_overdue: task.stage == KbTaskStage::Open && today > task.due_on,
        was_late: task.missed_on.is_some(),
        n_returns: task.n_returns,
    }
}

/// 知识任务.
pub(crate) fn kb_task(desk: &Desk, request: KbTaskNumber) -> Result<KbTaskDetail, CallError> {
    let number = request.number;
    let now = desk.now();
    let (events, task, title) = desk.store.read(|reader| {
        let events = reader.kb_task_events_of(&number)?;
        let task = domain::kb::task::fold(&events);
        let article = task.as_ref().and_then(|task| task.article.clone());
        let title = match &article {
            Some(id) => title_of(reader, id)?,
            None => String::new(),
        };
        Ok((events, task, title))
    })?;
    let task = task.ok_or(domain::kb::task::KbTaskRefusal::NotAssigned)?;
    Ok(KbTaskDetail {
        row: row_view(desk, &task, date_of(now)),
        version: task.n_events,
        note: task.note.clone(),
        article_id: task
            .article
            .as_ref()
            .map(|it| it.0.clone())
            .unwrap_or_default(),
        article_title: title,
        limit: task_limit::view(&task, &events, &desk.calendar, now),
        story: events.iter().map(|it| story_line(desk, it)).collect(),
        commands: commands_at(&task, &desk.operator)
            .filter(|(command, _)| *command != KbTaskCommandKind::Assign)
            .map(|(command, refusal)| KbTaskCommandState {
                command: wire_name(&command),
                text: text::kb_task_command(command).to_owned(),
                refusal: refusal.as_ref().map(text::kb_task_refusal),
            })
            .collect(),
    })
}

fn title_of(reader: &desk_store::Reader, id: &KbArticleId) -> anyhow::Result<String> {
    if let Some(stored) = reader.article(id)? {
        return Ok(stored.article.title);
    }
    let record = reader.load_kb_record(id)?;
    let content = record.and_then(|record| {
        let draft = record.draft.map(|draft| draft.content);
        draft.or_else(|| record.versions.last().map(|it| it.content.clone()))
    });
    Ok(content.map(|it| it.title).unwrap_or_default())
}

fn story_line(desk: &Desk, event: &KbTaskEvent) -> KbTaskStoryLine {
    let command = event.kind.kind();
    KbTaskStoryLine {
        at_text: time_text::moment(event.occurred_at),
        text: text::kb_task_command(command).to_owned(),
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
        by_text: desk.person_text(&event.actor),
    }
}

/// What a task would be due if it were given now.
pub(crate) fn preview_kb_task(desk: &Desk, request: KbTaskPreview) -> Result<LimitView, CallError> {
    let now = desk.now();
    let today = date_of(now);
    let days = &desk.rule_sets.in_force_on(today).knowledge_tasks;
    let due_on = desk.calendar.add_working_days(today, days.of(request.kind));
    Ok(task_limit::preview(
        request.kind,
        due_on,
        &desk.calendar,
        now,
    ))
}
