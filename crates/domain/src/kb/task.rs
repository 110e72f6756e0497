//! 知识任务: what a unit is asked to do for the knowledge base, with a limit. Overdue ones, and those
//! handed back again and again, are clues under 第十九条(四).

use chrono::{DateTime, NaiveDate, SubsecRound as _, Utc};
use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::{KB_FIELD_MAX_CHARS, KB_TEXT_MAX_CHARS, KB_TITLE_MAX_CHARS, KbArticleId};
use crate::actor::{Actor, ActorId, Role};
use crate::calendar::WorkCalendar;
use crate::clock_face::{date_of, end_of};
use crate::handling_unit::{HandlingUnitId, HandlingUnits};
use crate::rule_set::KnowledgeTaskDays;
use crate::supervision::clue::KnowledgeTaskRecord;

/// 任务种类 (第十三条, 第六条(四)).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum KbTaskKind {
    /// 编写: a hot question has no answer yet.
    Write,
    /// 更新.
    Update,
    /// 复核: the review day has come.
    Review,
    /// 纠错: a reported error was accepted.
    Correct,
}

impl KbTaskKind {
    pub const ALL: [Self; 4] = [Self::Write, Self::Update, Self::Review, Self::Correct];
}

/// 任务命令.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "command", rename_all = "snake_case")]
pub enum KbTaskCommand {
    /// 下达.
    Assign {
        number: String,
        kind: KbTaskKind,
        unit: HandlingUnitId,
        /// The article it is about; none where one is still to be written.
        article: Option<KbArticleId>,
        /// What is asked, in a line: the question people ask, or what is wrong.
        subject: String,
        note: String,
    },
    /// 提交, with the article that came of it.
    Deliver {
        article: Option<KbArticleId>,
        note: String,
    },
    /// 验收.
    Accept,
    /// 退改.
    Return { reason: String },
    /// 撤销.
    Cancel { reason: String },
}

/// 任务命令种类.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum KbTaskCommandKind {
    Assign,
    Deliver,
    Accept,
    Return,
    Cancel,
}

impl KbTaskCommandKind {
    pub const ALL: [Self; 5] = [
        Self::Assign,
        Self::Deliver,
        Self::Accept,
        Self::Return,
        Self::Cancel,
    ];
}

impl KbTaskCommand {
    pub fn kind(&self) -> KbTaskCommandKind {
        use KbTaskCommandKind as K;
        match self {
            Self::Assign { .. } => K::Assign,
            Self::Deliver { .. } => K::Deliver,
            Self::Accept => K::Accept,
            Self::Return { .. } => K::Return,
            Self::Cancel { .. } => K::Cancel,
        }
    }
}

/// 任务事件.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KbTaskEvent {
    #[serde(with = "chrono::serde::ts_milliseconds")]
    pub occurred_at: DateTime<Utc>,
    pub actor: ActorId,
    /// 到期日, when the task is given or handed back: what was told then holds, whatever the rules say
    /// later.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due_on: Option<NaiveDate>,
    #[serde(flatten)]
    pub kind: KbTaskCommand,
}

/// 任务状态.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum KbTaskStage {
    /// 待提交.
    Open,
    /// 已提交，待验收.
    Delivered,
    /// 已完成.
    Done,
    /// 已撤销.
    Cancelled,
}

/// 知识任务, folded from its events.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KbTask {
    pub number: String,
    pub kind: KbTaskKind,
    pub unit: HandlingUnitId,
    pub article: Option<KbArticleId>,
    pub subject: String,
    pub note: String,
    pub assigned_at: DateTime<Utc>,
    /// The last day. A task handed back leaves the days of a correction at least.
    pub due_on: NaiveDate,
    pub stage: KbTaskStage,
    /// When it was handed in last.
    pub delivered_at: Option<DateTime<Utc>>,
    /// 误期: the last day that stood when it was first handed in late; handing it back does not undo that.
    pub missed_on: Option<NaiveDate>,
    pub n_returns: u32,
    /// How many events made it.
    pub n_events: u32,
    pub last_event_at: DateTime<Utc>,
}

/// 任务拒绝.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum KbTaskRefusal {
    #[error("the task is given already")]
    AlreadyAssigned,
    #[error("there is no such task")]
    NotAssigned,
    #[error("not possible at stage {stage:?}")]
    WrongStage { stage: KbTaskStage },
    #[error("needs one of {roles:?}")]
    NotPermitted { roles: &'static [Role] },
    #[error("the task is another unit's")]
    NotYourUnit,
    #[error("there is no unit {unit:?}")]
    UnitUnknown { unit: HandlingUnitId },
    #[error("{what:?} is empty")]
    TextMissing { what: KbTaskField },
    #[error("{what:?} is longer than {max_chars} characters")]
    TextTooLong { what: KbTaskField, max_chars: usize },
    /// A task about an article names it, and one to write it names what came of it.
    #[error("no article is named")]
    ArticleMissing,
}

/// 任务字段.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KbTaskField {
    /// 编号.
    Number,
    /// 事项.
    Subject,
    /// 说明.
    Note,
    /// 理由.
    Reason,
}

/// 判断依据.
#[derive(Debug, Clone, Copy)]
pub struct KbTaskFacts<'a> {
    pub now: DateTime<Utc>,
    pub actor: &'a Actor,
    pub calendar: &'a WorkCalendar,
    pub units: &'a HandlingUnits,
    /// 知识任务时限.
    pub days: &'a KnowledgeTaskDays,
}

const EDITORS: &[Role] = &[Role::KbEditor];
const DELIVERERS: &[Role] = &[Role::KbEditor, Role::Liaison];

/// Answers a command about a task.
///
/// # Errors
/// The rule that says no; nothing changes.
pub fn decide(
    task: Option<&KbTask>,
    command: &KbTaskCommand,
    facts: &KbTaskFacts<'_>,
) -> Result<KbTaskEvent, KbTaskRefusal> {
    check_allowed(task, command.kind(), facts.actor)?;
    let now = facts.now.trunc_subsecs(3);
    let now = task.map_or(now, |task| now.max(task.last_event_at));
    let mut due_on = None;
    match (task, command) {
        (
            None,
            KbTaskCommand::Assign {
                number,
                kind,
                unit,
                article,
                subject,
                note,
            },
        ) => {
            required(KbTaskField::Number, number, KB_TITLE_MAX_CHARS)?;
            required(KbTaskField::Subject, subject, KB_FIELD_MAX_CHARS)?;
            short(KbTaskField::Note, note, KB_TEXT_MAX_CHARS)?;
            if facts.units.get(unit).is_none() {
                return Err(KbTaskRefusal::UnitUnknown { unit: unit.clone() });
            }
            if article.is_none() && *kind != KbTaskKind::Write {
                return Err(KbTaskRefusal::ArticleMissing);
            }
            let n = facts.days.of(*kind);
            due_on = Some(facts.calendar.add_working_days(date_of(now), n));
        }
        (Some(_), KbTaskCommand::Assign { .. }) => return Err(KbTaskRefusal::AlreadyAssigned),
        (None, _) => return Err(KbTaskRefusal::NotAssigned),
        (Some(task), command) => {
            check(task, command)?;
            if matches!(command, KbTaskCommand::Return { .. }) {
                // However long the center took to look at it, there is time to correct it.
                let n = facts.days.of(KbTaskKind::Correct);
                let for_correcting = facts.calendar.add_working_days(date_of(now), n);
                due_on = Some(task.due_on.max(for_correcting));
            }
        }
    }
    Ok(KbTaskEvent {
        occurred_at: now,
        actor: facts.actor.id.clone(),
        due_on,
        kind: command.clone(),
    })
}

/// 可用命令: every command about the task, and for each one that may not be given now the reason.
pub fn commands_at(
    task: &KbTask,
    actor: &Actor,
) -> impl Iterator<Item = (KbTaskCommandKind, Option<KbTaskRefusal>)> {
    KbTaskCommandKind::ALL
        .iter()
        .map(move |kind| (*kind, check_allowed(Some(task), *kind, actor).err()))
}

/// What can be said of a command without its content.
fn check_allowed(
    task: Option<&KbTask>,
    command: KbTaskCommandKind,
    actor: &Actor,
) -> Result<(), KbTaskRefusal> {
    use KbTaskCommandKind as K;
    let roles = match command {
        K::Assign | K::Accept | K::Return | K::Cancel => EDITORS,
        K::Deliver => DELIVERERS,
    };
    if !actor.holds_any(roles) {
        return Err(KbTaskRefusal::NotPermitted { roles });
    }
    let Some(task) = task else {
        return match command {
            K::Assign => Ok(()),
            K::Deliver | K::Accept | K::Return | K::Cancel => Err(KbTaskRefusal::NotAssigned),
        };
    };
    match (command, task.stage) {
        (K::Assign, _) => Err(KbTaskRefusal::AlreadyAssigned),
        (K::Deliver, KbTaskStage::Open) => {
            let is_only_of_unit = actor.roles.iter().all(|role| role.is_of_unit());
            if is_only_of_unit && actor.unit.as_ref() != Some(&task.unit) {
                return Err(KbTaskRefusal::NotYourUnit);
            }
            Ok(())
        }
        (K::Accept | K::Return, KbTaskStage::Delivered)
        | (K::Cancel, KbTaskStage::Open | KbTaskStage::Delivered) => Ok(()),
        (
            K::Deliver | K::Accept | K::Return | K::Cancel,
            stage @ (KbTaskStage::Open
            | KbTaskStage::Delivered
            | KbTaskStage::Done
            | KbTaskStage::Cancelled),
        ) => Err(KbTaskRefusal::WrongStage { stage }),
    }
}

/// What depends on the content of the command.
fn check(task: &KbTask, command: &KbTaskCommand) -> Result<(), KbTaskRefusal> {
    match command {
        KbTaskCommand::Assign { .. } | KbTaskCommand::Accept => Ok(()),
        KbTaskCommand::Deliver { article, note } => {
            if article.is_none() && task.article.is_none() {
                return Err(KbTaskRefusal::ArticleMissing);
            }
            short(KbTaskField::Note, note, KB_TEXT_MAX_CHARS)
        }
        KbTaskCommand::Return { reason } | KbTaskCommand::Cancel { reason } => {
            required(KbTaskField::Reason, reason, KB_FIELD_MAX_CHARS)
        }
    }
}

fn required(what: KbTaskField, text: &str, max_chars: usize) -> Result<(), KbTaskRefusal> {
    if text.trim().is_empty() {
        return Err(KbTaskRefusal::TextMissing { what });
    }
    short(what, text, max_chars)
}

fn short(what: KbTaskField, text: &str, max_chars: usize) -> Result<(), KbTaskRefusal> {
    if text.chars().count() > max_chars {
        return Err(KbTaskRefusal::TextTooLong { what, max_chars });
    }
    Ok(())
}

/// Folds one event into the task; an event before the task is given is none of any history that
/// [`decide`] gave, and makes no task.
pub fn apply(task: &mut Option<KbTask>, event: &KbTaskEvent) {
    if let KbTaskCommand::Assign {
        number,
        kind,
        unit,
        article,
        subject,
        note,
    } = &event.kind
    {
        *task = Some(KbTask {
            number: number.clone(),
            kind: *kind,
            unit: unit.clone(),
            article: article.clone(),
            subject: subject.clone(),
            note: note.clone(),
            assigned_at: event.occurred_at,
            due_on: event.due_on.unwrap_or_else(|| date_of(event.occurred_at)),
            stage: KbTaskStage::Open,
            delivered_at: None,
            missed_on: None,
            n_returns: 0,
            n_events: 1,
            last_event_at: event.occurred_at,
        });
        return;
    }
    let Some(task) = task else {
        return;
    };
    task.n_events += 1;
    task.last_event_at = event.occurred_at;
    match &event.kind {
        KbTaskCommand::Assign { .. } => {}
        KbTaskCommand::Deliver { article, .. } => {
            // As with every limit: 24:00 of the last day is in time.
            let is_late = event.occurred_at > end_of(task.due_on);
            task.missed_on = task.missed_on.or(is_late.then_some(task.due_on));
            task.stage = KbTaskStage::Delivered;
            task.delivered_at = Some(event.occurred_at);
            if article.is_some() {
                task.article.clone_from(article);
            }
        }
        KbTaskCommand::Accept => task.stage = KbTaskStage::Done,
        KbTaskCommand::Return { .. } => {
            task.stage = KbTaskStage::Open;
            task.n_returns += 1;
            task.due_on = event.due_on.unwrap_or(task.due_on);
        }
        KbTaskCommand::Cancel { .. } => task.stage = KbTaskStage::Cancelled,
    }
}

/// The task that a history makes; `None` for an empty one.
pub fn fold<'a>(events: impl IntoIterator<Item = &'a KbTaskEvent>) -> Option<KbTask> {
    let mut task = None;
    for event in events {
        apply(&mut task, event);
    }
    task
}

impl KbTask {
    /// 逾期 on `today`: not handed in by the end of the last day, or handed in after it.
    pub fn is_overdue_on(&self, today: NaiveDate) -> bool {
        self.missed_on.is_some() || (self.stage == KbTaskStage::Open && today > self.due_on)
    }

    /// 知识任务情况, as the clues of 第十九条(四) count it; none for a cancelled one.
    pub fn record_on(&self, today: NaiveDate) -> Option<KnowledgeTaskRecord> {
        (self.stage != KbTaskStage::Cancelled).then(|| KnowledgeTaskRecord {
            number: self.number.clone(),
            unit: self.unit.clone(),
            is_overdue: self.is_overdue_on(today),
            n_rejections: self.n_returns,
        })
    }
}
