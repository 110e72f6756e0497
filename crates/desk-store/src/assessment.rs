//! 考核: schemes with the periods by them as events, a row of each scheme for the list, and by what a period
//! finds its orders and tasks without going through all there are.

use chrono::{DateTime, NaiveDate, Utc};
use domain::assessment::{AssessmentCommand, AssessmentEvent, SchemeRecord, fold};
use domain::supervision::SupervisoryCase;
use rusqlite::params;

use crate::columns::{AsJson, AsMillis, AsText};
use crate::fault::StoreFault;
use crate::intent::KeptCommand;
use crate::redraw::numbered;
use crate::store::{Reader, Writer};

pub(crate) const CREATE: &str = "
    -- version: from 1 without a gap. desk_seq: 0 for what the center sent.
    CREATE TABLE assessment_event (
        number TEXT NOT NULL,
        version INTEGER NOT NULL,
        desk_seq INTEGER NOT NULL DEFAULT 0,
        body TEXT NOT NULL,
        PRIMARY KEY (number, version)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE assessment_scheme (
        number TEXT NOT NULL PRIMARY KEY,
        effective_from TEXT NOT NULL
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX assessment_scheme_from ON assessment_scheme (effective_from DESC, number DESC);
    -- Drawn with the boards.
    CREATE TABLE order_touched (
        work_order_id TEXT NOT NULL PRIMARY KEY,
        last_event_at INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX order_touched_at ON order_touched (last_event_at, work_order_id);
";

/// So many schemes are listed at most, the newest first.
pub const ASSESSMENT_SCHEMES_MAX: u32 = 100;

impl KeptCommand for AssessmentCommand {
    /// Told apart from the commands about orders by its beginning.
    fn kind_name(&self) -> Result<String, StoreFault> {
        Ok(format!("assess_{}", AsText(self.kind()).name()?))
    }
}

const SQL_OF_LIST: &str =
    "SELECT number FROM assessment_scheme ORDER BY effective_from DESC, number DESC LIMIT ?1";
const SQL_TOUCHED: &str = "
    SELECT order_touched.work_order_id
    FROM order_touched INDEXED BY order_touched_at
    JOIN work_order ON work_order.id = order_touched.work_order_id
    WHERE last_event_at >= ?1 AND registered_at < ?2
    UNION
    SELECT id FROM work_order INDEXED BY work_order_concluded
    WHERE is_concluded = 0 AND registered_at < ?2";

impl Reader {
    /// The story of a scheme; empty for one without.
    pub fn assessment_events_of(&self, number: &str) -> Result<Vec<AssessmentEvent>, StoreFault> {
        let sql = "SELECT version, body FROM assessment_event WHERE number = ?1 ORDER BY version";
        let mut statement = self.connection().prepare_cached(sql)?;
        let rows = statement.query_map([number], |row| {
            let AsJson(event) = row.get("body")?;
            Ok((row.get::<_, u32>("version")?, event))
        })?;
        let rows = rows.collect::<rusqlite::Result<Vec<(u32, AssessmentEvent)>>>()?;
        if !is_a_story(&rows) {
            let detail = format!("the events of assessment scheme {number} are not a story");
            return Err(StoreFault::Damaged { detail });
        }
        Ok(rows.into_iter().map(|(_, event)| event).collect())
    }

    /// The scheme as its events make it; `None` for one that was never drafted.
    pub fn load_assessment(&self, number: &str) -> Result<Option<SchemeRecord>, StoreFault> {
        Ok(fold(&self.assessment_events_of(number)?))
    }

    /// The schemes, the one that begins last first; at most [`ASSESSMENT_SCHEMES_MAX`].
    pub fn assessments(&self) -> Result<Vec<SchemeRecord>, StoreFault> {
        let mut statement = self.connection().prepare_cached(SQL_OF_LIST)?;
        let numbers = statement.query_map([ASSESSMENT_SCHEMES_MAX], |row| row.get(0))?;
        let numbers = numbers.collect::<rusqlite::Result<Vec<String>>>()?;
        let mut records = Vec::with_capacity(numbers.len());
        for number in numbers {
            records.extend(self.load_assessment(&number)?);
        }
        Ok(records)
    }

    /// Orders registered before `until` that something happened to since `since`, or that nobody has
    /// concluded, in the order of their ids.
    pub fn orders_touched(
        &self,
        since: DateTime<Utc>,
        until: DateTime<Utc>,
    ) -> Result<Vec<String>, StoreFault> {
        let mut statement = self.connection().prepare_cached(SQL_TOUCHED)?;
        let ids = statement.query_map([AsMillis(since), AsMillis(until)], |row| row.get(0))?;
        Ok(ids.collect::<rusqlite::Result<_>>()?)
    }

    /// The numbers of tasks given before `until` and due on `due_from` or later.
    pub fn kb_tasks_due_from(
        &self,
        due_from: NaiveDate,
        until: DateTime<Utc>,
    ) -> Result<Vec<String>, StoreFault> {
        let sql = "SELECT number FROM kb_task INDEXED BY kb_task_assigned
                   WHERE assigned_at < ?2 AND due_on >= ?1 ORDER BY number";
        let mut statement = self.connection().prepare_cached(sql)?;
        let values = params![due_from.to_string(), AsMillis(until)];
        let rows = statement.query_map(values, |row| row.get(0))?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    /// Every case that was issued from `from` on and before `until`.
    pub fn supervisory_cases_issued(
        &self,
        from: DateTime<Utc>,
        until: DateTime<Utc>,
    ) -> Result<Vec<SupervisoryCase>, StoreFault> {
        let sql = "SELECT number FROM supervisory_case WHERE last_event_at >= ?1 ORDER BY number";
        let mut statement = self.connection().prepare_cached(sql)?;
        let numbers = statement.query_map([AsMillis(from)], |row| row.get(0))?;
        let numbers = numbers.collect::<rusqlite::Result<Vec<String>>>()?;
        let mut cases = Vec::new();
        for number in numbers {
            let case = self.load_supervisory_case(&number)?;
            let is_issued = |at: DateTime<Utc>| from <= at && at < until;
            cases.extend(case.filter(|case| case.issued_at.is_some_and(is_issued)));
        }
        Ok(cases)
    }
}

/// Whether folding makes sense: versions from 1 without a gap, drafted first and only then.
fn is_a_story(events: &[(u32, AssessmentEvent)]) -> bool {
    (1..).zip(events).all(|(version, (stored, event))| {
        let is_drafted = matches!(event.kind, AssessmentCommand::Draft { .. });
        *stored == version && is_drafted == (version == 1)
    })
}

impl Writer {
    /// Adds to the story of a scheme what the intent `desk_seq` led to, after `base_version`.
    pub fn append_assessment_event(
        &mut self,
        number: &str,
        desk_seq: u64,
        base_version: u32,
        event: &AssessmentEvent,
    ) -> Result<(), StoreFault> {
        let sql = "INSERT INTO assessment_event (number, version, desk_seq, body)
                   VALUES (?1, ?2, ?3, ?4)";
        let mut statement = self.connection().prepare_cached(sql)?;
        statement.execute(params![number, base_version + 1, desk_seq, AsJson(event)])?;
        Ok(())
    }

    /// Puts the row of a scheme in place of the one before.
    pub fn put_assessment(&mut self, record: &SchemeRecord) -> Result<(), StoreFault> {
        let sql = "INSERT OR REPLACE INTO assessment_scheme (number, effective_from)
                   VALUES (?1, ?2)";
        let from = record.scheme.effective_from.to_string();
        let mut statement = self.connection().prepare_cached(sql)?;
        statement.execute(params![record.number, from])?;
        Ok(())
    }

    /// Puts a story in place of the one before, as [`Writer::replace_kb_events`].
    pub fn replace_assessment_events(
        &mut self,
        number: &str,
        story: &[(u64, &[AssessmentEvent])],
    ) -> Result<(), StoreFault> {
        let sql = "DELETE FROM assessment_event WHERE number = ?1";
        self.connection().prepare_cached(sql)?.execute([number])?;
        for (desk_seq, version, event) in numbered(story) {
            self.append_assessment_event(number, desk_seq, version, event)?;
        }
        Ok(())
    }

    /// Takes a scheme out: its draft was not taken.
    pub fn remove_assessment(&mut self, number: &str) -> Result<(), StoreFault> {
        let sql = "DELETE FROM assessment_scheme WHERE number = ?1";
        self.connection().prepare_cached(sql)?.execute([number])?;
        self.replace_assessment_events(number, &[])
    }

    /// When an order was last touched.
    pub fn put_order_touched(
        &mut self,
        work_order_id: &str,
        last_event_at: DateTime<Utc>,
    ) -> Result<(), StoreFault> {
        let sql = "INSERT OR REPLACE INTO order_touched (work_order_id, last_event_at)
                   VALUES (?1, ?2)";
        let mut statement = self.connection().prepare_cached(sql)?;
        statement.execute(params![work_order_id, AsMillis(last_event_at)])?;
        Ok(())
    }

    pub(crate) fn remove_order_touched(&mut self, work_order_id: &str) -> Result<(), StoreFault> {
        let sql = "DELETE FROM order_touched WHERE work_order_id = ?1";
        let mut statement = self.connection().prepare_cached(sql)?;
        statement.execute([work_order_id])?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use domain::assessment::{AssessmentFacts, AssessmentScheme, decide};
    use domain::{Actor, ActorId, HandlingUnits, Role};

    use super::*;
    use crate::tests::{Desk, at};

    fn draft(number: &str, from: &str) -> AssessmentCommand {
        let from = NaiveDate::parse_from_str(from, "%Y-%m-%d").unwrap();
        AssessmentCommand::Draft {
            number: number.to_owned(),
            scheme: AssessmentScheme::of_the_house(from),
        }
    }

    /// Decides and keeps as the desk does.
    fn act(desk: &Desk, number: &str, command: &AssessmentCommand, (who, now): (&str, &str)) {
        let actor = Actor {
            id: ActorId(who.to_owned()),
            name: who.to_owned(),
            roles: vec![Role::Supervisor],
            unit: None,
        };
        let units = HandlingUnits::default();
        let facts = AssessmentFacts {
            now: at(now),
            actor: &actor,
            units: &units,
        };
        desk.change(|writer| {
            let record = writer.load_assessment(number)?;
            let version = record.as_ref().map_or(0, |record| record.n_events);
            let event = decide(record.as_ref(), command, &facts).unwrap();
            writer.append_assessment_event(number, 1, version, &event)?;
            let record = writer.load_assessment(number)?.unwrap();
            writer.put_assessment(&record)
        });
    }

    #[test]
    fn a_scheme_is_the_fold_of_its_events_and_the_newest_stands_first() {
        let mut desk = Desk::new();
        let began = ("甲", "2026-11-23 09:00");
        act(&desk, "KH-1", &draft("KH-1", "2026-12-01"), began);
        act(&desk, "KH-2", &draft("KH-2", "2027-01-01"), began);
        let announce = AssessmentCommand::Announce {
            document: "渠审批发〔2026〕40号".to_owned(),
        };
        act(&desk, "KH-1", &announce, ("乙", "2026-11-23 10:00"));
        desk.restart();
        let records = desk.query(Reader::assessments);
        let found: Vec<_> = records
            .iter()
            .map(|it| (it.number.as_str(), it.n_events))
            .collect();
        assert_eq!(found, [("KH-2", 1), ("KH-1", 2)]);
        desk.change(|writer| writer.remove_assessment("KH-2"));
        assert_eq!(desk.query(|it| it.load_assessment("KH-2")), None);
        assert_eq!(desk.query(Reader::assessments).len(), 1);
    }

    #[test]
    fn events_that_are_no_story_are_damage_and_not_a_panic() {
        let desk = Desk::new();
        act(
            &desk,
            "KH-1",
            &draft("KH-1", "2026-12-01"),
            ("甲", "2026-11-23 09:00"),
        );
        desk.change(|writer| {
            let sql = "UPDATE assessment_event SET version = 2";
            Ok(writer.connection().execute_batch(sql)?)
        });
        let fault = desk
            .store()
            .read(|reader| Ok(reader.load_assessment("KH-1")?));
        let fault = fault.unwrap_err().downcast::<StoreFault>().unwrap();
        assert!(matches!(fault, StoreFault::Damaged { .. }), "{fault:?}");
    }

    #[test]
    fn plans_of_the_assessment() {
        let desk = Desk::new();
        let plan = desk.plan(SQL_OF_LIST);
        assert!(plan.contains("USING COVERING INDEX"), "{plan}");
        assert!(!plan.contains("TEMP B-TREE"), "{plan}");
        let plan = desk.plan(SQL_TOUCHED);
        assert!(!plan.contains("SCAN"), "{plan}");
    }
}
