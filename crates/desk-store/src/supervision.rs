//! 监督件: admonitions, supervisions and referrals as events, and a row of each for the lists.

use domain::HandlingUnitId;
use domain::supervision::admonition::HeldTalk;
use domain::supervision::{
    SupervisoryCase, SupervisoryCommand, SupervisoryEvent, SupervisoryGround, SupervisoryStage,
    fold,
};
use rusqlite::{named_params, params};

use crate::columns::{AsJson, AsMillis, AsText};
use crate::fault::StoreFault;
use crate::intent::KeptCommand;
use crate::redraw::numbered;
use crate::store::{Reader, Writer};

pub(crate) const CREATE: &str = "
    -- version: from 1 without a gap. desk_seq: 0 for what the center sent.
    CREATE TABLE supervisory_event (
        number TEXT NOT NULL,
        version INTEGER NOT NULL,
        desk_seq INTEGER NOT NULL DEFAULT 0,
        body TEXT NOT NULL,
        PRIMARY KEY (number, version)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE supervisory_case (
        number TEXT NOT NULL PRIMARY KEY,
        ground TEXT NOT NULL,
        unit_id TEXT NOT NULL,
        stage TEXT NOT NULL,
        last_event_at INTEGER NOT NULL
    ) STRICT;
    CREATE INDEX supervisory_case_stage ON supervisory_case (stage, last_event_at DESC, number);
    CREATE INDEX supervisory_case_ground ON supervisory_case (ground, unit_id, number);
";

/// So many cases of a list at most.
pub const SUPERVISORY_CASES_MAX: u32 = 500;

impl KeptCommand for SupervisoryCommand {
    /// Told apart from the commands about orders by its beginning.
    fn kind_name(&self) -> Result<String, StoreFault> {
        Ok(format!("supervise_{}", AsText(self.kind()).name()?))
    }
}

const SQL_OF_STAGE: &str = "SELECT number FROM supervisory_case WHERE stage = ?1
                            ORDER BY last_event_at DESC, number LIMIT ?2";
const SQL_OF_GROUND: &str = "SELECT number FROM supervisory_case WHERE ground = ?1
                             ORDER BY unit_id, number LIMIT ?2";

impl Reader {
    /// The story of a case; empty for one without.
    pub fn supervisory_events_of(&self, number: &str) -> Result<Vec<SupervisoryEvent>, StoreFault> {
        let sql = "SELECT version, body FROM supervisory_event WHERE number = ?1 ORDER BY version";
        let mut statement = self.connection().prepare_cached(sql)?;
        let rows = statement.query_map([number], |row| {
            let AsJson(event) = row.get("body")?;
            Ok((row.get::<_, u32>("version")?, event))
        })?;
        let rows = rows.collect::<rusqlite::Result<Vec<(u32, SupervisoryEvent)>>>()?;
        if !is_a_story(&rows) {
            let detail = format!("the events of supervisory case {number} are not a story");
            return Err(StoreFault::Damaged { detail });
        }
        Ok(rows.into_iter().map(|(_, event)| event).collect())
    }

    /// The case as its events make it; `None` for one that was never proposed.
    pub fn load_supervisory_case(
        &self,
        number: &str,
    ) -> Result<Option<SupervisoryCase>, StoreFault> {
        Ok(fold(&self.supervisory_events_of(number)?))
    }

    /// The cases at a stage, the one that changed last first; at most [`SUPERVISORY_CASES_MAX`].
    pub fn supervisory_cases(
        &self,
        stage: SupervisoryStage,
    ) -> Result<Vec<SupervisoryCase>, StoreFault> {
        self.cases(SQL_OF_STAGE, params![AsText(stage), SUPERVISORY_CASES_MAX])
    }

    /// The cases on a ground, whatever became of them; at most [`SUPERVISORY_CASES_MAX`].
    pub fn supervisory_cases_on(
        &self,
        ground: SupervisoryGround,
    ) -> Result<Vec<SupervisoryCase>, StoreFault> {
        let values = params![AsText(ground), SUPERVISORY_CASES_MAX];
        self.cases(SQL_OF_GROUND, values)
    }

    fn cases(
        &self,
        sql: &str,
        values: &[&dyn rusqlite::ToSql],
    ) -> Result<Vec<SupervisoryCase>, StoreFault> {
        let mut statement = self.connection().prepare_cached(sql)?;
        let numbers = statement.query_map(values, |row| row.get::<_, String>(0))?;
        let numbers = numbers.collect::<rusqlite::Result<Vec<_>>>()?;
        let mut cases = Vec::with_capacity(numbers.len());
        for number in numbers {
            cases.extend(self.load_supervisory_case(&number)?);
        }
        Ok(cases)
    }

    /// 已完成的约谈, by which the next one is counted (决定 I-14).
    pub fn held_talks(&self) -> Result<Vec<HeldTalk>, StoreFault> {
        let cases = self.supervisory_cases_on(SupervisoryGround::Overdue)?;
        Ok(cases
            .iter()
            .filter_map(SupervisoryCase::held_talk)
            .collect())
    }

    /// Whether something of the unit on that ground is not settled yet.
    pub fn has_open_case(
        &self,
        ground: SupervisoryGround,
        unit: &HandlingUnitId,
    ) -> Result<bool, StoreFault> {
        let sql = "SELECT EXISTS (SELECT 1 FROM supervisory_case
                                  WHERE ground = ?1 AND unit_id = ?2
                                    AND stage NOT IN ('rejected', 'closed'))";
        let mut statement = self.connection().prepare_cached(sql)?;
        Ok(statement.query_row(params![AsText(ground), unit.0], |row| row.get(0))?)
    }
}

/// Whether folding makes sense: versions from 1 without a gap, proposed first and only then.
fn is_a_story(events: &[(u32, SupervisoryEvent)]) -> bool {
    (1..).zip(events).all(|(version, (stored, event))| {
        let is_proposed = matches!(event.kind, SupervisoryCommand::Propose { .. });
        *stored == version && is_proposed == (version == 1)
    })
}

impl Writer {
    /// Adds to the story of a case what the intent `desk_seq` led to, after `base_version`.
    pub fn append_supervisory_event(
        &mut self,
        number: &str,
        desk_seq: u64,
        base_version: u32,
        event: &SupervisoryEvent,
    ) -> Result<(), StoreFault> {
        let sql = "INSERT INTO supervisory_event (number, version, desk_seq, body)
                   VALUES (?1, ?2, ?3, ?4)";
        let mut statement = self.connection().prepare_cached(sql)?;
        statement.execute(params![number, base_version + 1, desk_seq, AsJson(event)])?;
        Ok(())
    }

    /// Puts the row of a case in place of the one before.
    pub fn put_supervisory_case(&mut self, case: &SupervisoryCase) -> Result<(), StoreFault> {
        let sql = "INSERT OR REPLACE INTO supervisory_case
                       (number, ground, unit_id, stage, last_event_at)
                   VALUES (:number, :ground, :unit_id, :stage, :last_event_at)";
        self.connection()
            .prepare_cached(sql)?
            .execute(named_params! {
                ":number": case.number,
                ":ground": AsText(case.ground),
                ":unit_id": case.unit.0,
                ":stage": AsText(case.stage),
                ":last_event_at": AsMillis(case.last_event_at),
            })?;
        Ok(())
    }

    /// Puts a story in place of the one before, as [`Writer::replace_kb_events`].
    pub fn replace_supervisory_events(
        &mut self,
        number: &str,
        story: &[(u64, &[SupervisoryEvent])],
    ) -> Result<(), StoreFault> {
        let sql = "DELETE FROM supervisory_event WHERE number = ?1";
        self.connection().prepare_cached(sql)?.execute([number])?;
        for (desk_seq, version, event) in numbered(story) {
            self.append_supervisory_event(number, desk_seq, version, event)?;
        }
        Ok(())
    }

    /// Takes a case out: its proposal was not taken.
    pub fn remove_supervisory_case(&mut self, number: &str) -> Result<(), StoreFault> {
        let sql = "DELETE FROM supervisory_case WHERE number = ?1";
        self.connection().prepare_cached(sql)?.execute([number])?;
        self.replace_supervisory_events(number, &[])
    }
}

#[cfg(test)]
mod tests {
    use domain::supervision::admonition::AdmonishingBody;
    use domain::supervision::{Evidence, SupervisoryFacts, decide};
    use domain::{Actor, ActorId, HandlingUnit, HandlingUnits, Role};

    use super::*;
    use crate::tests::{Desk, at};

    fn unit() -> HandlingUnitId {
        HandlingUnitId("water".to_owned())
    }

    fn propose(number: &str) -> SupervisoryCommand {
        SupervisoryCommand::Propose {
            number: number.to_owned(),
            ground: SupervisoryGround::Overdue,
            unit: unit(),
            body: Some(AdmonishingBody::ApprovalBureau),
            facts: "超期未办理".to_owned(),
            evidence: vec![Evidence {
                number: "QX-1".to_owned(),
                note: String::new(),
                sha256: String::new(),
            }],
        }
    }

    fn issue() -> SupervisoryCommand {
        SupervisoryCommand::Issue {
            document: "约〔2026〕1号".to_owned(),
            addressee: "县水务局".to_owned(),
            answer_by: None,
        }
    }

    /// Decides and keeps as the desk does.
    fn act(desk: &Desk, number: &str, command: &SupervisoryCommand, (who, now): (&str, &str)) {
        let units: HandlingUnits = [HandlingUnit {
            id: unit(),
            name: "县水务局".to_owned(),
            aliases: Vec::new(),
            group: String::new(),
        }]
        .into_iter()
        .collect();
        let actor = Actor {
            id: ActorId(who.to_owned()),
            name: who.to_owned(),
            roles: vec![Role::Supervisor],
            unit: None,
        };
        let facts = SupervisoryFacts {
            now: at(now),
            actor: &actor,
            units: &units,
        };
        desk.change(|writer| {
            let case = writer.load_supervisory_case(number)?;
            let version = case.as_ref().map_or(0, |case| case.n_events);
            let event = decide(case.as_ref(), command, &facts).unwrap();
            writer.append_supervisory_event(number, 1, version, &event)?;
            let case = writer.load_supervisory_case(number)?.unwrap();
            writer.put_supervisory_case(&case)
        });
    }

    #[test]
    fn a_case_is_the_fold_of_its_events_and_stands_in_the_list_of_its_stage() {
        let mut desk = Desk::new();
        act(&desk, "JD-1", &propose("JD-1"), ("甲", "2026-11-23 09:00"));
        act(&desk, "JD-2", &propose("JD-2"), ("甲", "2026-11-23 09:10"));
        act(
            &desk,
            "JD-1",
            &SupervisoryCommand::Confirm,
            ("乙", "2026-11-23 10:00"),
        );
        act(&desk, "JD-1", &issue(), ("乙", "2026-11-23 11:00"));
        desk.restart();
        let numbers = |stage| {
            let cases = desk.query(|reader| reader.supervisory_cases(stage));
            cases.into_iter().map(|it| it.number).collect::<Vec<_>>()
        };
        assert_eq!(numbers(SupervisoryStage::Proposed), ["JD-2"]);
        assert_eq!(numbers(SupervisoryStage::Issued), ["JD-1"]);
        assert!(numbers(SupervisoryStage::Closed).is_empty());
        assert!(desk.query(|it| it.has_open_case(SupervisoryGround::Overdue, &unit())));
        assert!(!desk.query(|it| it.has_open_case(SupervisoryGround::Shirking, &unit())));
        assert!(desk.query(Reader::held_talks).is_empty());
        let answer = SupervisoryCommand::RecordAnswer {
            answered_at: at("2026-11-24 09:00"),
            text: "已约谈，承诺整改".to_owned(),
        };
        act(&desk, "JD-1", &answer, ("乙", "2026-11-24 10:00"));
        let talks = desk.query(Reader::held_talks);
        assert_eq!(talks[0].held_at, at("2026-11-24 09:00"));
        desk.change(|writer| writer.remove_supervisory_case("JD-2"));
        assert_eq!(desk.query(|it| it.load_supervisory_case("JD-2")), None);
        assert!(
            desk.query(|it| it.supervisory_cases(SupervisoryStage::Proposed))
                .is_empty()
        );
    }

    #[test]
    fn events_that_are_no_story_are_damage_and_not_a_panic() {
        let desk = Desk::new();
        act(&desk, "JD-1", &propose("JD-1"), ("甲", "2026-11-23 09:00"));
        act(
            &desk,
            "JD-1",
            &SupervisoryCommand::Confirm,
            ("乙", "2026-11-23 10:00"),
        );
        for sql in [
            "DELETE FROM supervisory_event WHERE version = 1",
            "UPDATE supervisory_event SET version = 1",
        ] {
            desk.change(|writer| Ok(writer.connection().execute_batch(sql)?));
            let fault = desk
                .store()
                .read(|reader| Ok(reader.load_supervisory_case("JD-1")?));
            let fault = fault.unwrap_err().downcast::<StoreFault>().unwrap();
            assert!(matches!(fault, StoreFault::Damaged { .. }), "{fault:?}");
        }
    }

    #[test]
    fn plans_of_the_case_lists() {
        let desk = Desk::new();
        for sql in [SQL_OF_STAGE, SQL_OF_GROUND] {
            let plan = desk.plan(sql);
            assert!(plan.contains("USING COVERING INDEX"), "{plan}");
            assert!(!plan.contains("TEMP B-TREE"), "{plan}");
        }
    }
}
