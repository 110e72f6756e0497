//! 知识档案: the life of each article as events, and a row of each for the editors' lists.

use std::ops::RangeInclusive;

use chrono::{DateTime, NaiveDate, Utc};
use domain::ActorId;
use domain::kb::{
    DraftStage, KbArticleId, KbCommand, KbEvent, KbHolding, KbRecord, KbTemplate, ReportOutcome,
    fold,
};
use rusqlite::{Row, params};

use crate::columns::{AsJson, AsMillis, AsText};
use crate::fault::StoreFault;
use crate::intent::KeptCommand;
use crate::store::{Reader, Writer};

pub(crate) const CREATE: &str = "
    -- version: from 1 without a gap. desk_seq: 0 for what the center sent.
    CREATE TABLE kb_event (
        article_id TEXT NOT NULL,
        version INTEGER NOT NULL,
        desk_seq INTEGER NOT NULL DEFAULT 0,
        body TEXT NOT NULL,
        PRIMARY KEY (article_id, version)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE kb_record (
        id TEXT NOT NULL PRIMARY KEY,
        title TEXT NOT NULL,
        unit TEXT NOT NULL,
        template TEXT NOT NULL,
        n_versions INTEGER NOT NULL,
        draft_stage TEXT,
        is_suspended INTEGER NOT NULL,
        is_retired INTEGER NOT NULL,
        n_open_reports INTEGER NOT NULL,
        n_proposals INTEGER NOT NULL,
        next_review_on TEXT,
        valid_until TEXT,
        changed_at INTEGER NOT NULL
    ) STRICT;
    CREATE INDEX kb_record_changed ON kb_record (changed_at DESC, id);
    CREATE INDEX kb_record_draft ON kb_record (draft_stage, changed_at DESC, id)
        WHERE draft_stage IS NOT NULL;
    CREATE INDEX kb_record_reports ON kb_record (changed_at DESC, id) WHERE n_open_reports > 0;
    CREATE INDEX kb_record_review ON kb_record (next_review_on, id)
        WHERE is_retired = 0 AND next_review_on IS NOT NULL;
";

/// Who reported what, and what was accepted, read out of the events themselves.
pub(crate) const INDEX_REPORTS: &str = "
    CREATE INDEX kb_event_report
        ON kb_event (json_extract(body, '$.actor'), json_extract(body, '$.occurred_at') DESC)
        WHERE json_extract(body, '$.command') = 'report_error';
    CREATE INDEX kb_event_accepted ON kb_event (json_extract(body, '$.occurred_at') DESC)
        WHERE json_extract(body, '$.command') = 'accept_report';
";

/// So many rows of a list at most.
pub const KB_ROWS_MAX: u32 = 500;

/// Which records a list has; each is a question of an editor or a reviewer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KbFilter {
    /// 全部.
    All,
    /// 草稿 at one stage.
    Draft(DraftStage),
    /// 纠错待处理.
    Reports,
    /// 复核到期 up to and with that day, the earliest first.
    ReviewDue { by: NaiveDate },
    /// 已停止使用.
    Retired,
}

/// In which order a list comes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum KbOrder {
    /// As the question has it: the last changed first, or the first due.
    Own,
    /// 引用 on those days, the most first.
    MostCited(RangeInclusive<NaiveDate>),
}

/// A record's row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KbRow {
    pub id: KbArticleId,
    /// Of the draft, or of the version in force where there is none.
    pub title: String,
    pub unit: String,
    pub template: KbTemplate,
    pub n_versions: u32,
    pub draft_stage: Option<DraftStage>,
    pub is_suspended: bool,
    pub is_retired: bool,
    pub n_open_reports: u32,
    pub n_proposals: u32,
    pub next_review_on: Option<NaiveDate>,
    pub valid_until: Option<NaiveDate>,
    pub changed_at: DateTime<Utc>,
}

impl KeptCommand for KbCommand {
    /// Told apart from the commands about orders by its beginning.
    fn kind_name(&self) -> Result<String, StoreFault> {
        Ok(format!("kb_{}", AsText(self.kind()).name()?))
    }
}

impl KbRow {
    /// The row of a record; `None` for one without any content, which no history makes.
    fn of(record: &KbRecord) -> Option<Self> {
        let draft = record.draft.as_ref();
        let current = record.current();
        let content = draft
            .map(|draft| &draft.content)
            .or_else(|| current.map(|version| &version.content))
            .or_else(|| record.proposals.last().map(|proposal| &proposal.content))?;
        let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        let is_open = |outcome: &ReportOutcome| *outcome == ReportOutcome::Open;
        let open_reports = record.reports.iter().filter(|it| is_open(&it.outcome));
        let (is_suspended, is_retired) = match record.holding {
            KbHolding::InUse => (false, false),
            KbHolding::Suspended { .. } => (true, false),
            KbHolding::Withdrawn { .. }
            | KbHolding::Superseded { .. }
            | KbHolding::Merged { .. } => (false, true),
        };
        Some(Self {
            id: record.id.clone(),
            title: content.title.clone(),
            unit: content.unit.clone(),
            template: content.template,
            n_versions: count(record.versions.len()),
            draft_stage: draft.map(|draft| draft.stage),
            is_suspended,
            is_retired,
            n_open_reports: count(open_reports.count()),
            n_proposals: count(record.proposals.len()),
            next_review_on: record.next_review_on,
            valid_until: current.and_then(|version| version.content.valid_until),
            changed_at: record.last_event_at,
        })
    }

    fn read(row: &Row<'_>) -> rusqlite::Result<Self> {
        let date = |column: &str| -> rusqlite::Result<Option<NaiveDate>> {
            let text: Option<String> = row.get(column)?;
            Ok(text.and_then(|text| text.parse().ok()))
        };
        let stage: Option<String> = row.get("draft_stage")?;
        Ok(Self {
            id: KbArticleId(row.get("id")?),
            title: row.get("title")?,
            unit: row.get("unit")?,
            template: row.get::<_, AsText<_>>("template")?.0,
            n_versions: row.get("n_versions")?,
            draft_stage: stage.as_deref().and_then(stage_of),
            is_suspended: row.get("is_suspended")?,
            is_retired: row.get("is_retired")?,
            n_open_reports: row.get("n_open_reports")?,
            n_proposals: row.get("n_proposals")?,
            next_review_on: date("next_review_on")?,
            valid_until: date("valid_until")?,
            changed_at: row.get::<_, AsMillis>("changed_at")?.0,
        })
    }
}

impl Reader {
    /// The story of an article; empty for one without.
    pub fn kb_events_of(&self, id: &KbArticleId) -> Result<Vec<KbEvent>, StoreFault> {
        let sql = "SELECT version, body FROM kb_event WHERE article_id = ?1 ORDER BY version";
        let mut statement = self.connection().prepare_cached(sql)?;
        let rows = statement.query_map([&id.0], |row| {
            Ok((
                row.get::<_, u32>("version")?,
                row.get::<_, AsJson<_>>("body")?.0,
            ))
        })?;
        let rows = rows.collect::<rusqlite::Result<Vec<(u32, KbEvent)>>>()?;
        if !(1..)
            .zip(&rows)
            .all(|(version, (stored, _))| version == *stored)
        {
            let detail = format!("the events of article {} are not a story", id.0);
            return Err(StoreFault::Damaged { detail });
        }
        Ok(rows.into_iter().map(|(_, event)| event).collect())
    }

    /// The record as its events make it; `None` for an article without a story, such as one that
    /// came with the program.
    pub fn load_kb_record(&self, id: &KbArticleId) -> Result<Option<KbRecord>, StoreFault> {
        Ok(fold(&self.kb_events_of(id)?))
    }

    /// Whether an article has a record.
    pub fn has_kb_record(&self, id: &KbArticleId) -> Result<bool, StoreFault> {
        let sql = "SELECT EXISTS (SELECT 1 FROM kb_record WHERE id = ?1)";
        let mut statement = self.connection().prepare_cached(sql)?;
        Ok(statement.query_row([&id.0], |row| row.get(0))?)
    }

    /// The rows of a list, at most [`KB_ROWS_MAX`].
    pub fn kb_rows(&self, filter: KbFilter, order: &KbOrder) -> Result<Vec<KbRow>, StoreFault> {
        let mut statement = self
            .connection()
            .prepare_cached(&sql_of_list(filter, order))?;
        let days = match order {
            KbOrder::Own => None,
            KbOrder::MostCited(days) => Some((days.start().to_string(), days.end().to_string())),
        };
        let rows = match days {
            None => statement.query_map([KB_ROWS_MAX], KbRow::read)?,
            Some((first, last)) => statement.query_map((KB_ROWS_MAX, first, last), KbRow::read)?,
        };
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    /// The articles that a person has reported errors of, the last first.
    pub fn kb_reported_by(
        &self,
        person: &ActorId,
        limit: u32,
    ) -> Result<Vec<KbArticleId>, StoreFault> {
        let mut statement = self.connection().prepare_cached(SQL_REPORTED_BY)?;
        let rows = statement.query_map((&person.0, limit), |row| row.get("article_id"))?;
        Ok(each_once(rows.collect::<rusqlite::Result<_>>()?))
    }

    /// The articles of which a report was accepted, the last first.
    pub fn kb_accepted_last(&self, limit: u32) -> Result<Vec<KbArticleId>, StoreFault> {
        let mut statement = self.connection().prepare_cached(SQL_ACCEPTED)?;
        let rows = statement.query_map([limit], |row| row.get("article_id"))?;
        Ok(each_once(rows.collect::<rusqlite::Result<_>>()?))
    }

    /// Gives every row of a list to `visit`, in its order.
    pub fn every_kb_row(
        &self,
        filter: KbFilter,
        mut visit: impl FnMut(KbRow) -> anyhow::Result<()>,
    ) -> anyhow::Result<()> {
        let (condition, order) = condition_of(filter);
        let sql = format!("SELECT * FROM kb_record {condition} ORDER BY {order}");
        let mut statement = self.connection().prepare(&sql).map_err(StoreFault::from)?;
        let mut rows = statement.query([]).map_err(StoreFault::from)?;
        while let Some(row) = rows.next().map_err(StoreFault::from)? {
            visit(KbRow::read(row).map_err(StoreFault::from)?)?;
        }
        Ok(())
    }

    /// How many records a list has.
    pub fn count_kb(&self, filter: KbFilter) -> Result<u64, StoreFault> {
        let (condition, _) = condition_of(filter);
        let sql = format!("SELECT count(*) FROM kb_record {condition}");
        let mut statement = self.connection().prepare_cached(&sql)?;
        Ok(statement.query_row([], |row| row.get(0))?)
    }
}

const SQL_REPORTED_BY: &str = "
    SELECT article_id FROM kb_event
    WHERE json_extract(body, '$.command') = 'report_error'
      AND json_extract(body, '$.actor') = ?1
    ORDER BY json_extract(body, '$.occurred_at') DESC LIMIT ?2";
const SQL_ACCEPTED: &str = "
    SELECT article_id FROM kb_event WHERE json_extract(body, '$.command') = 'accept_report'
    ORDER BY json_extract(body, '$.occurred_at') DESC LIMIT ?1";

fn each_once(ids: Vec<String>) -> Vec<KbArticleId> {
    let mut once = Vec::new();
    for id in ids.into_iter().map(KbArticleId) {
        if !once.contains(&id) {
            once.push(id);
        }
    }
    once
}

fn sql_of_list(filter: KbFilter, order: &KbOrder) -> String {
    let (condition, own_order) = condition_of(filter);
    match order {
        KbOrder::Own => {
            format!("SELECT * FROM kb_record {condition} ORDER BY {own_order} LIMIT ?1")
        }
        // How often something was cited changes with every call: this one list is sorted.
        KbOrder::MostCited(_) => format!(
            "SELECT kb_record.* FROM kb_record
             LEFT JOIN (SELECT article_id, sum(n) AS n_cited FROM kb_usage
                        WHERE used = 'cited' AND day BETWEEN ?2 AND ?3 GROUP BY article_id)
                 AS cited ON cited.article_id = kb_record.id
             {condition} ORDER BY n_cited DESC NULLS LAST, {own_order} LIMIT ?1"
        ),
    }
}

const NEWEST_FIRST: &str = "changed_at DESC, id";

/// The condition and the order of a list. Every part of it is a word of ours or a date.
fn condition_of(filter: KbFilter) -> (String, &'static str) {
    match filter {
        KbFilter::All => (String::new(), NEWEST_FIRST),
        KbFilter::Draft(stage) => {
            let stage = stage_name(stage);
            (format!("WHERE draft_stage = '{stage}'"), NEWEST_FIRST)
        }
        KbFilter::Reports => ("WHERE n_open_reports > 0".to_owned(), NEWEST_FIRST),
        KbFilter::ReviewDue { by } => (
            format!(
                "WHERE is_retired = 0 AND next_review_on IS NOT NULL AND next_review_on <= '{by}'"
            ),
            "next_review_on, id",
        ),
        KbFilter::Retired => ("WHERE is_retired = 1".to_owned(), NEWEST_FIRST),
    }
}

/// The stages as they stand in the column. Frozen.
fn stage_name(stage: DraftStage) -> &'static str {
    match stage {
        DraftStage::Writing => "writing",
        DraftStage::AwaitsConfirmation => "awaits_confirmation",
        DraftStage::AwaitsReview => "awaits_review",
    }
}

fn stage_of(name: &str) -> Option<DraftStage> {
    let stages = [
        DraftStage::Writing,
        DraftStage::AwaitsConfirmation,
        DraftStage::AwaitsReview,
    ];
    stages.into_iter().find(|stage| stage_name(*stage) == name)
}

impl Writer {
    /// Adds to the story of an article what the intent `desk_seq` led to, after `base_version`.
    /// Fails where that version is there already.
    pub fn append_kb_event(
        &mut self,
        desk_seq: u64,
        base_version: u32,
        event: &KbEvent,
    ) -> Result<(), StoreFault> {
        let sql = "INSERT INTO kb_event (article_id, version, desk_seq, body)
                   VALUES (?1, ?2, ?3, ?4)";
        let id = &event.article.0;
        let mut statement = self.connection().prepare_cached(sql)?;
        statement.execute(params![id, base_version + 1, desk_seq, AsJson(event)])?;
        Ok(())
    }

    /// Puts the row of a record in place of the one before.
    pub fn put_kb_row(&mut self, record: &KbRecord) -> Result<(), StoreFault> {
        let Some(row) = KbRow::of(record) else {
            let sql = "DELETE FROM kb_record WHERE id = ?1";
            self.connection().execute(sql, [&record.id.0])?;
            return Ok(());
        };
        let sql = "INSERT OR REPLACE INTO kb_record
                       (id, title, unit, template, n_versions, draft_stage, is_suspended,
                        is_retired, n_open_reports, n_proposals, next_review_on, valid_until,
                        changed_at)
                   VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)";
        self.connection().prepare_cached(sql)?.execute(params![
            row.id.0,
            row.title,
            row.unit,
            AsText(row.template),
            row.n_versions,
            row.draft_stage.map(stage_name),
            row.is_suspended,
            row.is_retired,
            row.n_open_reports,
            row.n_proposals,
            row.next_review_on.map(|on| on.to_string()),
            row.valid_until.map(|last| last.to_string()),
            AsMillis(row.changed_at),
        ])?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use domain::kb::usage::KbUse;
    use domain::kb::{ErrorKind, KbContent, ReportNumber, UnitConfirmation};

    use super::*;
    use crate::tests::{Desk, article, at};

    fn events() -> Vec<KbEvent> {
        let content = KbContent::from(article("kb-1"));
        let commands = [
            KbCommand::Draft {
                content: Box::new(content),
            },
            KbCommand::Submit { base_revision: 1 },
            KbCommand::Confirm {
                confirmation: UnitConfirmation::InPerson,
            },
            KbCommand::publish(),
        ];
        commands
            .into_iter()
            .map(|kind| KbEvent {
                article: KbArticleId("kb-1".to_owned()),
                occurred_at: at("2026-11-24 09:00"),
                actor: ActorId("1001".to_owned()),
                kind,
            })
            .collect()
    }

    /// Keeps the first events, one after another, as the desk does.
    fn keep(desk: &Desk, n: usize) {
        for (version, event) in (0..).zip(events()).take(n) {
            desk.change(|writer| {
                writer.append_kb_event(1, version, &event)?;
                let record = writer.load_kb_record(&event.article)?;
                writer.put_kb_row(&record.unwrap())
            });
        }
    }

    #[test]
    fn a_record_is_the_fold_of_its_events() {
        let mut desk = Desk::new();
        keep(&desk, 4);
        desk.restart();
        let id = KbArticleId("kb-1".to_owned());
        let record = desk.query(|reader| reader.load_kb_record(&id)).unwrap();
        assert_eq!(Some(&record), fold(&events()).as_ref());
        let rows = desk.query(|reader| reader.kb_rows(KbFilter::All, &KbOrder::Own));
        assert_eq!(rows, [KbRow::of(&record).unwrap()]);
        let again = desk
            .store()
            .commit(|writer| writer.append_kb_event(2, 3, &events()[3]));
        assert!(matches!(again, Err(StoreFault::Other(_))));
    }

    #[test]
    fn each_list_has_what_it_asks_for() {
        let stages = [
            DraftStage::Writing,
            DraftStage::AwaitsConfirmation,
            DraftStage::AwaitsReview,
        ];
        for (n, stage) in (1..).zip(stages) {
            let desk = Desk::new();
            keep(&desk, n);
            for asked in stages {
                let filter = KbFilter::Draft(asked);
                let n_rows = desk.query(|reader| reader.count_kb(filter));
                assert_eq!(n_rows, u64::from(asked == stage));
                assert_eq!(
                    desk.query(|reader| reader.kb_rows(filter, &KbOrder::Own))
                        .len() as u64,
                    n_rows
                );
                let mut n_visited = 0;
                let visited = desk.store().read(|reader| {
                    reader.every_kb_row(filter, |_| {
                        n_visited += 1;
                        Ok(())
                    })
                });
                visited.unwrap();
                assert_eq!(n_visited, n_rows);
            }
        }
        let desk = Desk::new();
        keep(&desk, 4);
        let by = at("2026-11-24 09:00").date_naive();
        for (filter, n_rows) in [
            (KbFilter::All, 1),
            (KbFilter::Reports, 0),
            (KbFilter::ReviewDue { by }, 0),
            (KbFilter::Retired, 0),
        ] {
            assert_eq!(
                desk.query(|reader| reader.count_kb(filter)),
                n_rows,
                "{filter:?}"
            );
        }
    }

    #[test]
    fn a_gap_in_a_story_is_damage() {
        let desk = Desk::new();
        let id = KbArticleId("kb-1".to_owned());
        desk.change(|writer| writer.append_kb_event(1, 1, &events()[0]));
        let fault = desk.store().read(|reader| Ok(reader.load_kb_record(&id)?));
        let fault = fault.unwrap_err().downcast::<StoreFault>().unwrap();
        assert!(matches!(fault, StoreFault::Damaged { .. }), "{fault:?}");
    }

    #[test]
    fn the_lists_go_by_an_index() {
        let desk = Desk::new();
        for filter in [
            KbFilter::All,
            KbFilter::Draft(DraftStage::Writing),
            KbFilter::Reports,
            KbFilter::ReviewDue {
                by: at("2026-11-24 09:00").date_naive(),
            },
        ] {
            let plan = desk.plan(&sql_of_list(filter, &KbOrder::Own));
            assert!(plan.contains("USING INDEX"), "{filter:?} {plan}");
            assert!(!plan.contains("TEMP B-TREE"), "{filter:?} {plan}");
        }
    }

    #[test]
    fn the_most_cited_first() {
        let desk = Desk::new();
        let days = at("2026-11-01 00:00").date_naive()..=at("2026-11-30 00:00").date_naive();
        for (id, n_cited) in [("a", 1), ("b", 0), ("c", 2)] {
            let event = KbEvent {
                article: KbArticleId(id.to_owned()),
                ..events().remove(0)
            };
            desk.change(|writer| {
                writer.append_kb_event(1, 0, &event)?;
                let record = writer.load_kb_record(&event.article)?;
                writer.put_kb_row(&record.unwrap())?;
                (0..n_cited).try_for_each(|_| {
                    writer.count_kb_use(&event.article, 1, KbUse::Cited, *days.start())
                })
            });
        }
        let order = KbOrder::MostCited(days);
        let rows = desk.query(|reader| reader.kb_rows(KbFilter::All, &order));
        let ids: Vec<_> = rows.iter().map(|row| row.id.0.as_str()).collect();
        assert_eq!(ids, ["c", "a", "b"]);
        let plan = desk.plan(&sql_of_list(KbFilter::All, &order));
        assert!(!plan.contains("SCAN kb_usage"), "{plan}");
    }

    #[test]
    fn what_a_person_reported_and_what_was_accepted() {
        let desk = Desk::new();
        let report = KbCommand::ReportError {
            kind: ErrorKind::Wrong,
            version: 1,
            passage: String::new(),
            note: String::new(),
        };
        let accept = KbCommand::AcceptReport {
            report: ReportNumber(1),
        };
        for (id, version, by, on, kind) in [
            ("a", 0, "1001", "2026-11-24 09:00", &report),
            ("b", 0, "1001", "2026-11-24 10:00", &report),
            ("c", 0, "1002", "2026-11-24 11:00", &report),
            ("a", 1, "1001", "2026-11-24 12:00", &report),
            ("c", 1, "2001", "2026-11-24 13:00", &accept),
        ] {
            let event = KbEvent {
                article: KbArticleId(id.to_owned()),
                occurred_at: at(on),
                actor: ActorId(by.to_owned()),
                kind: kind.clone(),
            };
            desk.change(|writer| writer.append_kb_event(1, version, &event));
        }
        let by = |person: &str, limit| {
            let person = ActorId(person.to_owned());
            let ids = desk.query(|reader| reader.kb_reported_by(&person, limit));
            ids.into_iter().map(|id| id.0).collect::<Vec<_>>()
        };
        assert_eq!(by("1001", 10), ["a", "b"]);
        assert_eq!(by("1001", 1), ["a"]);
        assert_eq!(by("1002", 10), ["c"]);
        assert!(by("2001", 10).is_empty());
        let accepted = desk.query(|reader| reader.kb_accepted_last(10));
        assert_eq!(accepted, [KbArticleId("c".to_owned())]);
        for sql in [SQL_REPORTED_BY, SQL_ACCEPTED] {
            let plan = desk.plan(sql);
            assert!(plan.contains("USING INDEX"), "{plan}");
            assert!(!plan.contains("TEMP B-TREE"), "{plan}");
        }
    }
}
