//! 交办任务: what a superior asks besides the orders of citizens (第五条(八), 第六条(六)). It counts in
//! no indicator.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::actor::{Actor, ActorId, Role};
use crate::clock_face::date_of;
use crate::handling_unit::HandlingUnitId;

/// 任务命令.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "command", rename_all = "snake_case")]
pub enum TaskCommand {
    /// 交办, to a unit or, where none is named, to the center.
    Assign {
        number: String,
        title: String,
        text: String,
        unit: Option<HandlingUnitId>,
        /// The last day; `None` where the superior set none.
        due_on: Option<NaiveDate>,
    },
    /// 报告完成.
    Report { text: String },
    /// 认可.
    Accept,
    /// 退改.
    Return { reason: String },
    /// 撤销.
    Cancel { reason: String },
}

/// 任务事件.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TaskEvent {
    #[serde(with = "chrono::serde::ts_milliseconds")]
    pub occurred_at: DateTime<Utc>,
    pub actor: ActorId,
    #[serde(flatten)]
    pub kind: TaskCommand,
}

/// 任务状态.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TaskStage {
    /// 办理中.
    Open,
    /// 已报告，待认可.
    Reported,
    /// 已完成.
    Done,
    /// 已撤销.
    Cancelled,
}

/// 交办任务, folded from its events.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AssignedTask {
    pub number: String,
    pub title: String,
    pub text: String,
    pub unit: Option<HandlingUnitId>,
    pub due_on: Option<NaiveDate>,
    pub stage: TaskStage,
    pub report: Option<String>,
    pub n_returns: u32,
}

/// 任务拒绝.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum TaskRefusal {
    #[error("the task is assigned already")]
    AlreadyAssigned,
    #[error("there is no such task")]
    NotAssigned,
    #[error("not possible at stage {stage:?}")]
    WrongStage { stage: TaskStage },
    #[error("needs one of {roles:?}")]
    NotPermitted { roles: &'static [Role] },
    #[error("the task is another unit's")]
    NotYourUnit,
    #[error("{what} is empty")]
    TextMissing { what: TaskField },
    #[error("due on {due_on}, which is before {today}")]
    DueBeforeToday { due_on: NaiveDate, today: NaiveDate },
}

/// 任务字段.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TaskField {
    /// 编号.
    Number,
    /// 标题.
    Title,
    /// 完成情况.
    Report,
    /// 理由.
    Reason,
}

impl std::fmt::Display for TaskField {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{self:?}")
    }
}

/// Answers a command about a task at `now`: the event it causes, or why not.
///
/// # Errors
/// The rule that says no; nothing changes.
pub fn decide(
    task: Option<&AssignedTask>,
    command: &TaskCommand,
    now: DateTime<Utc>,
    actor: &Actor,
) -> Result<TaskEvent, TaskRefusal> {
    let roles: &'static [Role] = match command {
        TaskCommand::Assign { .. }
        | TaskCommand::Accept
        | TaskCommand::Return { .. }
        | TaskCommand::Cancel { .. } => &[Role::ShiftLead, Role::Supervisor],
        TaskCommand::Report { .. } => &[Role::Liaison, Role::Dispatcher, Role::ShiftLead],
    };
    if !actor.holds_any(roles) {
        return Err(TaskRefusal::NotPermitted { roles });
    }
    match (task, command) {
        (
            None,
            TaskCommand::Assign {
                number,
                title,
                due_on,
                ..
            },
        ) => {
            required(TaskField::Number, number)?;
            required(TaskField::Title, title)?;
            let today = date_of(now);
            if let Some(due_on) = due_on.filter(|due_on| *due_on < today) {
                return Err(TaskRefusal::DueBeforeToday { due_on, today });
            }
        }
        (Some(_), TaskCommand::Assign { .. }) => return Err(TaskRefusal::AlreadyAssigned),
        (None, _) => return Err(TaskRefusal::NotAssigned),
        (Some(task), command) => check_open(task, command, actor)?,
    }
    Ok(TaskEvent {
        occurred_at: now,
        actor: actor.id.clone(),
        kind: command.clone(),
    })
}

fn check_open(
    task: &AssignedTask,
    command: &TaskCommand,
    actor: &Actor,
) -> Result<(), TaskRefusal> {
    let wrong_stage = Err(TaskRefusal::WrongStage { stage: task.stage });
    match (command, task.stage) {
        (TaskCommand::Assign { .. }, _) => Err(TaskRefusal::AlreadyAssigned),
        (TaskCommand::Report { text }, TaskStage::Open) => {
            let is_of_unit = actor.roles.iter().any(|role| role.is_of_unit());
            if is_of_unit && actor.unit != task.unit {
                return Err(TaskRefusal::NotYourUnit);
            }
            required(TaskField::Report, text)
        }
        (TaskCommand::Accept, TaskStage::Reported) => Ok(()),
        (TaskCommand::Return { reason }, TaskStage::Reported)
        | (TaskCommand::Cancel { reason }, TaskStage::Open | TaskStage::Reported) => {
            required(TaskField::Reason, reason)
        }
        (
            TaskCommand::Report { .. }
            | TaskCommand::Accept
            | TaskCommand::Return { .. }
            | TaskCommand::Cancel { .. },
            TaskStage::Open | TaskStage::Reported | TaskStage::Done | TaskStage::Cancelled,
        ) => wrong_stage,
    }
}

fn required(what: TaskField, text: &str) -> Result<(), TaskRefusal> {
    if text.trim().is_empty() {
        Err(TaskRefusal::TextMissing { what })
    } else {
        Ok(())
    }
}

/// Folds one event into the task.
///
/// # Panics
/// When an event other than the assignment comes first: [`decide`] gives no such history.
pub fn apply(task: &mut Option<AssignedTask>, event: &TaskEvent) {
    if let TaskCommand::Assign {
        number,
        title,
        text,
        unit,
        due_on,
    } = &event.kind
    {
        *task = Some(AssignedTask {
            number: number.clone(),
            title: title.clone(),
            text: text.clone(),
            unit: unit.clone(),
            due_on: *due_on,
            stage: TaskStage::Open,
            report: None,
            n_returns: 0,
        });
        return;
    }
    #[expect(clippy::expect_used, reason = "decide gives no other history")]
    let task = task.as_mut().expect("the first event of a task assigns it");
    match &event.kind {
        TaskCommand::Assign { .. } => unreachable!("handled above"),
        TaskCommand::Report { text } => {
            task.stage = TaskStage::Reported;
            task.report = Some(text.clone());
        }
        TaskCommand::Accept => task.stage = TaskStage::Done,
        TaskCommand::Return { .. } => {
            task.stage = TaskStage::Open;
            task.n_returns += 1;
        }
        TaskCommand::Cancel { .. } => task.stage = TaskStage::Cancelled,
    }
}

impl AssignedTask {
    /// 逾期 on `today`: not reported, and the last day is over.
    pub fn is_late_on(&self, today: NaiveDate) -> bool {
        self.stage == TaskStage::Open && self.due_on.is_some_and(|last| today > last)
    }
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;

    use chrono::NaiveTime;
    use expect_test::expect;

    use super::*;
    use crate::clock_face::at;

    /// Lines such as `11-24 班长 交办 县水务局 至=11-30`; the year is 2026, the time ten.
    #[test]
    fn article_5_8_and_6_6_what_a_superior_asks_besides() {
        let case = "11-24 班长 报告 内容=已办
            11-24 联络员 交办 县水务局 至=11-30
            11-24 班长 交办 县水务局 标题= 至=11-30
            11-24 班长 交办 县水务局 至=11-23
            11-24 班长 交办 县水务局 至=11-30
            11-24 班长 交办 县水务局 至=11-30
            11-25 教育局联络员 报告 内容=已办
            11-25 联络员 报告 内容=
            11-25 班长 认可
            11-26 联络员 报告 内容=已办
            11-27 班长 退改 理由=
            11-27 班长 退改 理由=缺附件
            11-30 班长 撤销 理由=
            12-01 联络员 报告 内容=已补附件
            12-01 监督员 认可
            12-02 监督员 撤销 理由=误派";
        let (mut task, mut said) = (None, String::new());
        for line in case.lines().map(str::trim) {
            let words: Vec<&str> = line.split(' ').collect();
            let value = |name: &str, default: &str| {
                let value = words.iter().find_map(|word| word.strip_prefix(name));
                value.unwrap_or(default).to_owned()
            };
            let date = |text: &str| -> NaiveDate { format!("2026-{text}").parse().unwrap() };
            let today = date(words[0]);
            let role = match words[1] {
                "班长" => Role::ShiftLead,
                "监督员" => Role::Supervisor,
                _ => Role::Liaison,
            };
            let unit = match words[1] {
                "教育局联络员" => "县教育局",
                _ => "县水务局",
            };
            let actor = Actor {
                id: ActorId(words[1].to_owned()),
                name: words[1].to_owned(),
                roles: vec![role],
                unit: role.is_of_unit().then(|| HandlingUnitId(unit.to_owned())),
            };
            let reason = value("理由=", "");
            let command = match words[2] {
                "交办" => TaskCommand::Assign {
                    number: "RW-1".to_owned(),
                    title: value("标题=", "防汛值守"),
                    text: String::new(),
                    unit: Some(HandlingUnitId(words[3].to_owned())),
                    due_on: Some(date(&value("至=", ""))),
                },
                "报告" => TaskCommand::Report {
                    text: value("内容=", ""),
                },
                "认可" => TaskCommand::Accept,
                "退改" => TaskCommand::Return { reason },
                _ => TaskCommand::Cancel { reason },
            };
            let now = at(today, NaiveTime::from_hms_opt(10, 0, 0).unwrap());
            let answer = match decide(task.as_ref(), &command, now, &actor) {
                Ok(event) => {
                    let json = serde_json::to_string(&event).unwrap();
                    assert_eq!(serde_json::from_str::<TaskEvent>(&json).unwrap(), event);
                    apply(&mut task, &event);
                    format!("{:?}", task.as_ref().unwrap().stage)
                }
                Err(refusal) => format!("拒绝: {refusal}"),
            };
            let is_late = task.as_ref().is_some_and(|it| it.is_late_on(today));
            let late = if is_late { " 逾期" } else { "" };
            writeln!(said, "{line} → {answer}{late}").unwrap();
        }
        assert_eq!(task.unwrap().n_returns, 1);
        expect![[r#"
            11-24 班长 报告 内容=已办 → 拒绝: there is no such task
            11-24 联络员 交办 县水务局 至=11-30 → 拒绝: needs one of [ShiftLead, Supervisor]
            11-24 班长 交办 县水务局 标题= 至=11-30 → 拒绝: Title is empty
            11-24 班长 交办 县水务局 至=11-23 → 拒绝: due on 2026-11-23, which is before 2026-11-24
            11-24 班长 交办 县水务局 至=11-30 → Open
            11-24 班长 交办 县水务局 至=11-30 → 拒绝: the task is assigned already
            11-25 教育局联络员 报告 内容=已办 → 拒绝: the task is another unit's
            11-25 联络员 报告 内容= → 拒绝: Report is empty
            11-25 班长 认可 → 拒绝: not possible at stage Open
            11-26 联络员 报告 内容=已办 → Reported
            11-27 班长 退改 理由= → 拒绝: Reason is empty
            11-27 班长 退改 理由=缺附件 → Open
            11-30 班长 撤销 理由= → 拒绝: Reason is empty
            12-01 联络员 报告 内容=已补附件 → Reported
            12-01 监督员 认可 → Done
            12-02 监督员 撤销 理由=误派 → 拒绝: not possible at stage Done
        "#]]
        .assert_eq(&said);
    }
}
