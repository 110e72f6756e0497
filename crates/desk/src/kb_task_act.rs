//! 任务操作: what is done with a knowledge task, decided and kept in one transaction.

use chrono::{DateTime, Utc};
use desk_store::Writer;
use domain::HandlingUnitId;
use domain::clock_face::date_of;
use domain::kb::KbArticleId;
use domain::kb::task::{
    KbTask, KbTaskCommand, KbTaskCommandKind, KbTaskFacts, KbTaskKind, apply, decide,
};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::desk::Desk;
use crate::error::CallError;
use crate::{text, time_text};

/// So many articles get a task at once at most.
const BATCH_MAX: usize = 100;

#[derive(Debug, Clone, Deserialize, TS)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum KbTaskAct {
    /// 下达.
    Assign {
        #[ts(type = "KbTaskKind")]
        kind: KbTaskKind,
        unit_id: String,
        /// Empty where one is still to be written.
        article_id: String,
        subject: String,
        note: String,
    },
    /// 登记提交, as the unit handed it in; `article_id` of what came of a task to write.
    Deliver { article_id: String, note: String },
    /// 验收.
    Accept,
    /// 退改.
    Return { reason: String },
    /// 撤销.
    Cancel { reason: String },
}

#[derive(Debug, Clone, Deserialize, TS)]
pub struct ActOnKbTask {
    /// None for a new task.
    pub number: Option<String>,
    pub version: u32,
    pub act: KbTaskAct,
}

#[derive(Debug, Clone, Serialize, TS)]
pub struct KbTaskDone {
    pub number: String,
    pub message: String,
}

/// 批量下达复核任务 of one unit.
#[derive(Debug, Clone, Deserialize, TS)]
pub struct AssignKbReviews {
    pub unit_id: String,
    pub article_ids: Vec<String>,
}

#[derive(Debug, Clone, Serialize, TS)]
pub struct KbReviewsAssigned {
    pub n_assigned: u32,
    pub n_left_out: u32,
    pub message: String,
}

/// 任务操作.
pub(crate) fn act_on_kb_task(desk: &Desk, request: ActOnKbTask) -> Result<KbTaskDone, CallError> {
    let now = desk.now();
    let (task, command) = desk.store.commit(|writer| -> Result<_, CallError> {
        let number = match request.number.filter(|number| !number.is_empty()) {
            Some(number) => number,
            None => writer.next_kb_task_number(date_of(now))?,
        };
        let task = writer.load_kb_task(&number)?;
        let version = task.as_ref().map_or(0, |task| task.n_events);
        CallError::check_shown(request.version, version)?;
        let command = request.act.into_command(&number);
        let task = desk.act_on_kb_task(writer, &number, task, &command, now)?;
        Ok((task, command.kind()))
    })?;
    let unit = desk.reference.unit_name(&task.unit);
    let due = time_text::day(task.due_on);
    Ok(KbTaskDone {
        message: match command {
            KbTaskCommandKind::Assign => {
                let kind = text::kb_task_kind(task.kind);
                format!("{kind}任务 {} 已下达{unit}，{due}前提交。", task.number)
            }
            KbTaskCommandKind::Return => format!("已退改，{due}前再提交。"),
            KbTaskCommandKind::Deliver | KbTaskCommandKind::Accept | KbTaskCommandKind::Cancel => {
                format!("{}已保存在本机。", text::kb_task_command(command))
            }
        },
        number: task.number,
    })
}

/// 批量下达复核任务. An article of which something is still asked is left out: nobody is asked twice.
pub(crate) fn assign_kb_reviews(
    desk: &Desk,
    request: AssignKbReviews,
) -> Result<KbReviewsAssigned, CallError> {
    if request.article_ids.len() > BATCH_MAX {
        return Err(CallError::invalid(format!(
            "一次最多下达 {BATCH_MAX} 项任务，现有 {} 项，请分次下达。",
            request.article_ids.len()
        )));
    }
    let now = desk.now();
    let unit = HandlingUnitId(request.unit_id);
    let (mut n_assigned, mut n_left_out) = (0_u32, 0_u32);
    let mut due_on = None;
    desk.store.commit(|writer| -> Result<(), CallError> {
        for id in request.article_ids.into_iter().map(KbArticleId) {
            let stored = writer.article(&id)?;
            let is_asked = !writer.open_kb_tasks_of(&id)?.is_empty();
            let (Some(stored), false) = (stored, is_asked) else {
                n_left_out += 1;
                continue;
            };
            let number = writer.next_kb_task_number(date_of(now))?;
            let command = KbTaskCommand::Assign {
                number: number.clone(),
                kind: KbTaskKind::Review,
                unit: unit.clone(),
                article: Some(id),
                subject: stored.article.title,
                note: String::new(),
            };
            let task = desk.act_on_kb_task(writer, &number, None, &command, now)?;
            due_on = Some(task.due_on);
            n_assigned += 1;
        }
        Ok(())
    })?;
    let name = desk.reference.unit_name(&unit);
    let mut message = match due_on {
        Some(due_on) => {
            let due = time_text::day(due_on);
            format!("已向{name}下达 {n_assigned} 项复核任务，{due}前提交。")
        }
        None => "没有新的任务可下达。".to_owned(),
    };
    if n_left_out > 0 {
        message.push_str(&format!(
            "另有 {n_left_out} 条已有未完成的任务或已停止使用，未重复下达。"
        ));
    }
    Ok(KbReviewsAssigned {
        n_assigned,
        n_left_out,
        message,
    })
}

impl KbTaskAct {
    fn into_command(self, number: &str) -> KbTaskCommand {
        let article = |id: String| Some(id).filter(|id| !id.is_empty()).map(KbArticleId);
        match self {
            Self::Assign {
                kind,
                unit_id,
                article_id,
                subject,
                note,
            } => KbTaskCommand::Assign {
                number: number.to_owned(),
                kind,
                unit: HandlingUnitId(unit_id),
                article: article(article_id),
                subject: subject.trim().to_owned(),
                note: note.trim().to_owned(),
            },
            Self::Deliver { article_id, note } => KbTaskCommand::Deliver {
                article: article(article_id),
                note: note.trim().to_owned(),
            },
            Self::Accept => KbTaskCommand::Accept,
            Self::Return { reason } => KbTaskCommand::Return {
                reason: reason.trim().to_owned(),
            },
            Self::Cancel { reason } => KbTaskCommand::Cancel {
                reason: reason.trim().to_owned(),
            },
        }
    }
}

impl Desk {
    /// Decides a command about a task and stores intent, event and row, all in the caller's
    /// transaction.
    pub(crate) fn act_on_kb_task(
        &self,
        writer: &mut Writer,
        number: &str,
        task: Option<KbTask>,
        command: &KbTaskCommand,
        now: DateTime<Utc>,
    ) -> Result<KbTask, CallError> {
        let rules = self.rule_sets.in_force_on(date_of(now));
        let facts = KbTaskFacts {
            now,
            actor: &self.operator,
            calendar: &self.calendar,
            units: &self.reference.units,
            days: &rules.knowledge_tasks,
        };
        check_there(writer, command)?;
        if writer.is_unread(number)? {
            return Err(CallError::Unread);
        }
        let base_version = task.as_ref().map_or(0, |task| task.n_events);
        let event = decide(task.as_ref(), command, &facts)?;
        let mut after = task;
        apply(&mut after, &event);
        let task = after.ok_or_else(|| anyhow::anyhow!("an event made no task"))?;
        let desk_seq = self.keep_intent(writer, number, command, base_version, now)?;
        writer.append_kb_task_event(number, desk_seq, base_version, &event)?;
        writer.put_kb_task(&task)?;
        Ok(task)
    }
}

/// An article that a task names is one that is there, published or still a draft.
fn check_there(writer: &Writer, command: &KbTaskCommand) -> Result<(), CallError> {
    let named = match command {
        KbTaskCommand::Assign { article, .. } | KbTaskCommand::Deliver { article, .. } => {
            article.as_ref()
        }
        KbTaskCommand::Accept | KbTaskCommand::Return { .. } | KbTaskCommand::Cancel { .. } => None,
    };
    let Some(id) = named else {
        return Ok(());
    };
    if writer.has_kb_record(id)? || writer.article(id)?.is_some() {
        return Ok(());
    }
    Err(CallError::invalid("这条知识已不存在。"))
}
