//! 知识任务: what units were asked to do for the knowledge base, as events, and a row of each for the
//! lists. The row says all that the events make, so that no rule has to be said twice in SQL.

use chrono::{DateTime, NaiveDate, Utc};
use domain::HandlingUnitId;
use domain::kb::KbArticleId;
use domain::kb::task::{KbTask, KbTaskCommand, KbTaskEvent, KbTaskStage, fold};
use domain::supervision::clue::KnowledgeTaskRecord;
use rusqlite::{Row, named_params, params};

use crate::columns::{AsJson, AsMillis, AsText};
use crate::fault::StoreFault;
use crate::intent::KeptCommand;
use crate::store::{Reader, Writer};

pub(crate) const CREATE: &str = "
    -- version: from 1 without a gap. desk_seq: 0 for what the center sent.
    CREATE TABLE kb_task_event (
        number TEXT NOT NULL,
        version INTEGER NOT NULL,
        desk_seq INTEGER NOT NULL DEFAULT 0,
        body TEXT NOT NULL,
        PRIMARY KEY (number, version)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE kb_task (
        number TEXT NOT NULL PRIMARY KEY,
        kind TEXT NOT NULL,
        unit_id TEXT NOT NULL,
        article_id TEXT,
        subject TEXT NOT NULL,
        note TEXT NOT NULL,
        assigned_at INTEGER NOT NULL,
        due_on TEXT NOT NULL,
        stage TEXT NOT NULL,
        is_settled INTEGER NOT NULL,
        delivered_at INTEGER,
        was_late INTEGER NOT NULL,
        n_returns INTEGER NOT NULL,
        n_events INTEGER NOT NULL,
        last_event_at INTEGER NOT NULL
    ) STRICT;
    CREATE INDEX kb_task_due ON kb_task (stage, due_on, number);
    CREATE INDEX kb_task_unsettled ON kb_task (due_on, number) WHERE is_settled = 0;
    CREATE INDEX kb_task_settled ON kb_task (stage, last_event_at DESC, number);
    CREATE INDEX kb_task_article ON kb_task (article_id, due_on, number) WHERE is_settled = 0;
    CREATE INDEX kb_task_assigned ON kb_task (assigned_at);
";

/// The day that was missed in place of whether one was. What was handed in late the first time missed the day
/// that it was given with, otherwise the one that stands.
pub(crate) const ADD_MISSED_ON: &str = "
    ALTER TABLE kb_task ADD COLUMN missed_on TEXT;
    UPDATE kb_task SET missed_on = due_on WHERE was_late = 1;
    UPDATE kb_task SET missed_on = given.due_on
    FROM (SELECT assigned.number AS number, json_extract(assigned.body, '$.due_on') AS due_on
          FROM kb_task_event AS assigned
          WHERE assigned.version = 1 AND EXISTS (
              SELECT 1 FROM kb_task_event AS delivered
              WHERE delivered.number = assigned.number
                AND json_extract(delivered.body, '$.command') = 'deliver'
                AND date(json_extract(delivered.body, '$.occurred_at') / 1000, 'unixepoch', '+8 hours')
                    > json_extract(assigned.body, '$.due_on')
                AND NOT EXISTS (SELECT 1 FROM kb_task_event AS earlier
                                WHERE earlier.number = assigned.number
                                  AND earlier.version < delivered.version
                                  AND json_extract(earlier.body, '$.command') = 'return'))
         ) AS given
    WHERE given.number = kb_task.number AND was_late = 1;
    ALTER TABLE kb_task DROP COLUMN was_late;
";

/// So many tasks of a list at most.
pub const KB_TASKS_MAX: u32 = 500;

/// Which tasks a list has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KbTaskFilter {
    /// 待提交, the one due first first.
    Open,
    /// 待验收, the one due first first.
    Delivered,
    /// 逾期 on that day and not yet done.
    Overdue { today: NaiveDate },
    /// 已完成, the last first.
    Done,
    /// 已撤销, the last first.
    Cancelled,
}

impl KeptCommand for KbTaskCommand {
    /// Told apart from the commands about articles by its beginning.
    fn kind_name(&self) -> Result<String, StoreFault> {
        Ok(format!("kb_task_{}", AsText(self.kind()).name()?))
    }
}

fn task_of(row: &Row<'_>) -> rusqlite::Result<KbTask> {
    let damaged =
        |error| rusqlite::Error::FromSqlConversionFailure(0, rusqlite::types::Type::Text, error);
    let day = |text: &String| {
        let parsed = text.parse::<NaiveDate>();
        parsed.map_err(|error| damaged(Box::new(error)))
    };
    let due_on: String = row.get("due_on")?;
    let missed_on: Option<String> = row.get("missed_on")?;
    let delivered_at: Option<AsMillis> = row.get("delivered_at")?;
    let article: Option<String> = row.get("article_id")?;
    Ok(KbTask {
        number: row.get("number")?,
        kind: row.get::<_, AsText<_>>("kind")?.0,
        unit: HandlingUnitId(row.get("unit_id")?),
        article: article.map(KbArticleId),
        subject: row.get("subject")?,
        note: row.get("note")?,
        assigned_at: row.get::<_, AsMillis>("assigned_at")?.0,
        due_on: day(&due_on)?,
        stage: row.get::<_, AsText<_>>("stage")?.0,
        delivered_at: delivered_at.map(|AsMillis(at)| at),
        missed_on: missed_on.as_ref().map(day).transpose()?,
        n_returns: row.get("n_returns")?,
        n_events: row.get("n_events")?,
        last_event_at: row.get::<_, AsMillis>("last_event_at")?.0,
    })
}

/// The condition and the order of a list. Every part of it is a word of ours or a date.
fn condition_of(filter: KbTaskFilter) -> (String, &'static str) {
    const DUE_FIRST: &str = "due_on, number";
    const LAST_FIRST: &str = "last_event_at DESC, number";
    match filter {
        KbTaskFilter::Open => ("stage = 'open'".to_owned(), DUE_FIRST),
        KbTaskFilter::Delivered => ("stage = 'delivered'".to_owned(), DUE_FIRST),
        KbTaskFilter::Overdue { today } => (
            format!(
                "is_settled = 0
                 AND (missed_on IS NOT NULL OR (stage = 'open' AND due_on < '{today}'))"
            ),
            DUE_FIRST,
        ),
        KbTaskFilter::Done => ("stage = 'done'".to_owned(), LAST_FIRST),
        KbTaskFilter::Cancelled => ("stage = 'cancelled'".to_owned(), LAST_FIRST),
    }
}

impl Reader {
    /// The story of a task; empty for one without.
    pub fn kb_task_events_of(&self, number: &str) -> Result<Vec<KbTaskEvent>, StoreFault> {
        let sql = "SELECT version, body FROM kb_task_event WHERE number = ?1 ORDER BY version";
        let mut statement = self.connection().prepare_cached(sql)?;
        let rows = statement.query_map([number], |row| {
            Ok((
                row.get::<_, u32>("version")?,
                row.get::<_, AsJson<_>>("body")?.0,
            ))
        })?;
        let rows = rows.collect::<rusqlite::Result<Vec<(u32, KbTaskEvent)>>>()?;
        if !(1..)
            .zip(&rows)
            .all(|(version, (stored, _))| version == *stored)
        {
            let detail = format!("the events of knowledge task {number} are not a story");
            return Err(StoreFault::Damaged { detail });
        }
        Ok(rows.into_iter().map(|(_, event)| event).collect())
    }

    /// The task as its events make it; `None` for one that was never given.
    pub fn load_kb_task(&self, number: &str) -> Result<Option<KbTask>, StoreFault> {
        Ok(fold(&self.kb_task_events_of(number)?))
    }

    /// The tasks of a list, at most [`KB_TASKS_MAX`].
    pub fn kb_tasks(&self, filter: KbTaskFilter) -> Result<Vec<KbTask>, StoreFault> {
        let mut statement = self.connection().prepare_cached(&sql_of_list(filter))?;
        let rows = statement.query_map([KB_TASKS_MAX], task_of)?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    /// How many tasks a list has.
    pub fn count_kb_tasks(&self, filter: KbTaskFilter) -> Result<u64, StoreFault> {
        let (condition, _) = condition_of(filter);
        let sql = format!("SELECT count(*) FROM kb_task WHERE {condition}");
        let mut statement = self.connection().prepare_cached(&sql)?;
        Ok(statement.query_row([], |row| row.get(0))?)
    }

    /// What is still asked of an article, the one due first first.
    pub fn open_kb_tasks_of(&self, article: &KbArticleId) -> Result<Vec<KbTask>, StoreFault> {
        let mut statement = self.connection().prepare_cached(SQL_OPEN_OF)?;
        let rows = statement.query_map([&article.0], task_of)?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    /// 知识任务情况 of every task given since `since` and not cancelled, as the clues of 第十九条(四)
    /// count it on `today`.
    pub fn knowledge_task_records(
        &self,
        since: DateTime<Utc>,
        today: NaiveDate,
    ) -> Result<Vec<KnowledgeTaskRecord>, StoreFault> {
        let mut statement = self.connection().prepare_cached(SQL_SINCE)?;
        let rows = statement.query_map([AsMillis(since)], task_of)?;
        let tasks = rows.collect::<rusqlite::Result<Vec<_>>>()?;
        Ok(tasks
            .iter()
            .filter_map(|task| task.record_on(today))
            .collect())
    }
}

const SQL_OPEN_OF: &str = "SELECT * FROM kb_task WHERE article_id = ?1 AND is_settled = 0
                           ORDER BY due_on, number";
const SQL_SINCE: &str = "SELECT * FROM kb_task WHERE assigned_at >= ?1 ORDER BY assigned_at";

fn sql_of_list(filter: KbTaskFilter) -> String {
    let (condition, order) = condition_of(filter);
    format!("SELECT * FROM kb_task WHERE {condition} ORDER BY {order} LIMIT ?1")
}

impl Writer {
    /// Adds to the story of a task what the intent `desk_seq` led to, after `base_version`.
    pub fn append_kb_task_event(
        &mut self,
        number: &str,
        desk_seq: u64,
        base_version: u32,
        event: &KbTaskEvent,
    ) -> Result<(), StoreFault> {
        let sql = "INSERT INTO kb_task_event (number, version, desk_seq, body)
                   VALUES (?1, ?2, ?3, ?4)";
        let mut statement = self.connection().prepare_cached(sql)?;
        statement.execute(params![number, base_version + 1, desk_seq, AsJson(event)])?;
        Ok(())
    }

    /// Puts the row of a task in place of the one before.
    pub fn put_kb_task(&mut self, task: &KbTask) -> Result<(), StoreFault> {
        let sql = "INSERT OR REPLACE INTO kb_task
                       (number, kind, unit_id, article_id, subject, note, assigned_at, due_on,
                        stage, is_settled, delivered_at, missed_on, n_returns, n_events, last_event_at)
                   VALUES (:number, :kind, :unit_id, :article_id, :subject, :note, :assigned_at,
                           :due_on, :stage, :is_settled, :delivered_at, :missed_on, :n_returns, :n_events,
                           :last_event_at)";
        self.connection()
            .prepare_cached(sql)?
            .execute(named_params! {
                ":number": task.number,
                ":kind": AsText(task.kind),
                ":unit_id": task.unit.0,
                ":article_id": task.article.as_ref().map(|article| &article.0),
                ":subject": task.subject,
                ":note": task.note,
                ":assigned_at": AsMillis(task.assigned_at),
                ":due_on": task.due_on.to_string(),
                ":stage": AsText::<KbTaskStage>(task.stage),
                ":is_settled": matches!(task.stage, KbTaskStage::Done | KbTaskStage::Cancelled),
                ":delivered_at": task.delivered_at.map(AsMillis),
                ":missed_on": task.missed_on.map(|day| day.to_string()),
                ":n_returns": task.n_returns,
                ":n_events": task.n_events,
                ":last_event_at": AsMillis(task.last_event_at),
            })?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use domain::calendar::WorkCalendar;
    use domain::handling_unit::{HandlingUnit, HandlingUnits};
    use domain::kb::task::{KbTaskFacts, KbTaskKind, decide};
    use domain::rule_set::{RuleSet, RuleSets};
    use domain::supervision::clue::clues;
    use domain::{Actor, ActorId, Role};

    use super::*;
    use crate::tests::{Desk, at};

    fn article() -> KbArticleId {
        KbArticleId("kb-1".to_owned())
    }

    fn assign(number: &str) -> KbTaskCommand {
        KbTaskCommand::Assign {
            number: number.to_owned(),
            kind: KbTaskKind::Review,
            unit: HandlingUnitId("renshe".to_owned()),
            article: Some(article()),
            subject: "社保卡挂失".to_owned(),
            note: "请核对电话".to_owned(),
        }
    }

    fn deliver() -> KbTaskCommand {
        KbTaskCommand::Deliver {
            article: None,
            note: String::new(),
        }
    }

    /// Decides and keeps as the desk does.
    fn act(desk: &Desk, number: &str, command: &KbTaskCommand, now: &str) {
        let unit = HandlingUnit {
            id: HandlingUnitId("renshe".to_owned()),
            name: String::new(),
            aliases: Vec::new(),
            group: String::new(),
        };
        let units: HandlingUnits = [unit].into_iter().collect();
        let editor = Actor {
            id: ActorId("2001".to_owned()),
            name: "周兰".to_owned(),
            roles: vec![Role::KbEditor],
            unit: None,
        };
        let facts = KbTaskFacts {
            now: at(now),
            actor: &editor,
            calendar: &WorkCalendar::built_in(),
            units: &units,
            days: &RuleSet::qx_2023_66().knowledge_tasks,
        };
        desk.change(|writer| {
            let task = writer.load_kb_task(number)?;
            let version = task.as_ref().map_or(0, |task| task.n_events);
            let event = decide(task.as_ref(), command, &facts).unwrap();
            writer.append_kb_task_event(number, 1, version, &event)?;
            let task = writer.load_kb_task(number)?.unwrap();
            writer.put_kb_task(&task)
        });
    }

    fn numbers(desk: &Desk, filter: KbTaskFilter) -> Vec<String> {
        let tasks = desk.query(|reader| reader.kb_tasks(filter));
        let count = desk.query(|reader| reader.count_kb_tasks(filter));
        assert_eq!(tasks.len() as u64, count);
        tasks.into_iter().map(|task| task.number).collect()
    }

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn a_task_is_the_fold_of_its_events_and_its_row_says_the_same() {
        let mut desk = Desk::new();
        act(&desk, "ZS-1", &assign("ZS-1"), "2026-11-24 09:00");
        act(&desk, "ZS-1", &deliver(), "2026-12-02 09:00");
        desk.restart();
        let task = desk.query(|reader| reader.load_kb_task("ZS-1")).unwrap();
        assert_eq!(task.stage, KbTaskStage::Delivered);
        assert_eq!(task.missed_on, Some(day("2026-12-01")));
        let rows = desk.query(|reader| reader.kb_tasks(KbTaskFilter::Delivered));
        assert_eq!(rows, [task]);
        assert_eq!(desk.query(|reader| reader.load_kb_task("ZS-2")), None);
    }

    /// 第十九条(四): what units are late with reaches the clues.
    #[test]
    fn article_19_4_overdue_tasks_become_clues() {
        let desk = Desk::new();
        act(&desk, "ZS-1", &assign("ZS-1"), "2026-11-24 09:00");
        act(&desk, "ZS-2", &assign("ZS-2"), "2026-11-25 09:00");
        act(&desk, "ZS-3", &assign("ZS-3"), "2026-11-24 10:00");
        act(&desk, "ZS-2", &deliver(), "2026-11-26 09:00");
        let cancel = KbTaskCommand::Cancel {
            reason: "误发".to_owned(),
        };
        act(&desk, "ZS-3", &cancel, "2026-11-24 11:00");
        let clues_on = |today: &str| {
            let since = at("2026-01-01 00:00");
            let records = desk.query(|reader| reader.knowledge_task_records(since, day(today)));
            let clues = clues(&[], &records, &[], &RuleSets::built_in());
            let lines = clues
                .iter()
                .map(|it| format!("{:?} {:?}", it.ground, it.numbers));
            lines.collect::<Vec<_>>()
        };
        // The fifth working day is 12-01.
        assert!(clues_on("2026-12-01").is_empty());
        assert_eq!(clues_on("2026-12-02"), [r#"KnowledgeNeglected ["ZS-1"]"#]);
        let overdue = |today| KbTaskFilter::Overdue { today: day(today) };
        assert!(numbers(&desk, overdue("2026-12-01")).is_empty());
        assert_eq!(numbers(&desk, overdue("2026-12-02")), ["ZS-1"]);
        act(&desk, "ZS-1", &deliver(), "2026-12-02 09:00");
        assert_eq!(numbers(&desk, overdue("2026-12-02")), ["ZS-1"]);
        act(&desk, "ZS-1", &KbTaskCommand::Accept, "2026-12-03 09:00");
        assert!(numbers(&desk, overdue("2026-12-03")).is_empty());
        // Done, and late all the same.
        assert_eq!(clues_on("2026-12-03"), [r#"KnowledgeNeglected ["ZS-1"]"#]);
        assert_eq!(numbers(&desk, KbTaskFilter::Done), ["ZS-1"]);
        assert_eq!(numbers(&desk, KbTaskFilter::Cancelled), ["ZS-3"]);
        assert_eq!(numbers(&desk, KbTaskFilter::Delivered), ["ZS-2"]);
        assert!(numbers(&desk, KbTaskFilter::Open).is_empty());
        let open = desk.query(|reader| reader.open_kb_tasks_of(&article()));
        assert_eq!(open.len(), 1);
    }

    #[test]
    fn a_gap_in_a_story_is_damage() {
        let desk = Desk::new();
        act(&desk, "ZS-1", &assign("ZS-1"), "2026-11-24 09:00");
        let sql = "UPDATE kb_task_event SET version = 2";
        desk.change(|writer| Ok(writer.connection().execute_batch(sql)?));
        let fault = desk.store().read(|reader| Ok(reader.load_kb_task("ZS-1")?));
        let fault = fault.unwrap_err().downcast::<StoreFault>().unwrap();
        assert!(matches!(fault, StoreFault::Damaged { .. }), "{fault:?}");
    }

    #[test]
    fn plans_of_the_task_lists() {
        let desk = Desk::new();
        let today = day("2026-12-01");
        for filter in [
            KbTaskFilter::Open,
            KbTaskFilter::Delivered,
            KbTaskFilter::Overdue { today },
            KbTaskFilter::Done,
            KbTaskFilter::Cancelled,
        ] {
            let plan = desk.plan(&sql_of_list(filter));
            assert!(plan.contains("USING INDEX"), "{filter:?} {plan}");
            assert!(!plan.contains("TEMP B-TREE"), "{filter:?} {plan}");
        }
        for sql in [SQL_SINCE, SQL_OPEN_OF] {
            let plan = desk.plan(sql);
            assert!(!plan.contains("SCAN"), "{plan}");
        }
    }
}
