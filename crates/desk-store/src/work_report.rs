//! 工作专报: the reports of this desk with their versions, which are only added. Not a projection: what a
//! person wrote stands here and nowhere else.

use chrono::{DateTime, NaiveDate, Utc};
use domain::ActorId;
use domain::work_report::{WorkReportAct, WorkReportKind, WorkReportStage, WorkReportVersion};
use rusqlite::{OptionalExtension as _, Row, params};

use crate::columns::{AsJson, AsMillis, AsText};
use crate::fault::StoreFault;
use crate::store::{Reader, Writer};

pub(crate) const CREATE: &str = "
    CREATE TABLE work_report (
        id TEXT NOT NULL PRIMARY KEY,
        kind TEXT NOT NULL,
        first_on TEXT NOT NULL,
        last_on TEXT NOT NULL,
        subject TEXT NOT NULL,
        drafted_at INTEGER NOT NULL
    ) STRICT;
    CREATE INDEX work_report_drafted ON work_report (drafted_at, id);
    CREATE TABLE work_report_version (
        report_id TEXT NOT NULL,
        number INTEGER NOT NULL,
        title TEXT NOT NULL,
        body TEXT NOT NULL,
        act TEXT NOT NULL,
        by_id TEXT NOT NULL,
        at INTEGER NOT NULL,
        PRIMARY KEY (report_id, number)
    ) STRICT, WITHOUT ROWID;
    CREATE TRIGGER work_report_is_not_changed BEFORE UPDATE ON work_report
        BEGIN SELECT RAISE(ABORT, 'what a report is about stays'); END;
    CREATE TRIGGER work_report_is_not_deleted BEFORE DELETE ON work_report
        BEGIN SELECT RAISE(ABORT, 'reports are only added'); END;
    CREATE TRIGGER work_report_version_is_not_changed BEFORE UPDATE ON work_report_version
        BEGIN SELECT RAISE(ABORT, 'a version is not changed'); END;
    CREATE TRIGGER work_report_version_is_not_deleted BEFORE DELETE ON work_report_version
        BEGIN SELECT RAISE(ABORT, 'versions are only added'); END;
";

const REPORTS: &str = "SELECT id, kind, first_on, last_on, subject, drafted_at FROM work_report";
const VERSIONS: &str = "SELECT number, title, body, act, by_id, at FROM work_report_version
    WHERE report_id = ?1";

/// In one list, the latest.
pub const WORK_REPORTS_MAX_LISTED: u32 = 200;

/// What a report is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredWorkReport {
    /// `UUIDv7`.
    pub id: String,
    pub kind: WorkReportKind,
    pub first_on: NaiveDate,
    pub last_on: NaiveDate,
    /// 专题 in words; empty for the others.
    pub subject: String,
    pub drafted_at: DateTime<Utc>,
}

/// A report as lists show it, with what its last version is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WorkReportRow {
    pub report: StoredWorkReport,
    pub title: String,
    pub n_versions: u32,
    pub stage: WorkReportStage,
    pub by: ActorId,
    pub at: DateTime<Utc>,
}

fn report_of(row: &Row<'_>) -> rusqlite::Result<StoredWorkReport> {
    Ok(StoredWorkReport {
        id: row.get("id")?,
        kind: row.get::<_, AsText<_>>("kind")?.0,
        first_on: row.get::<_, AsText<_>>("first_on")?.0,
        last_on: row.get::<_, AsText<_>>("last_on")?.0,
        subject: row.get("subject")?,
        drafted_at: row.get::<_, AsMillis>("drafted_at")?.0,
    })
}

fn version_of(row: &Row<'_>) -> rusqlite::Result<WorkReportVersion> {
    Ok(WorkReportVersion {
        number: row.get("number")?,
        title: row.get("title")?,
        body: row.get("body")?,
        act: row.get::<_, AsJson<WorkReportAct>>("act")?.0,
        by: ActorId(row.get("by_id")?),
        at: row.get::<_, AsMillis>("at")?.0,
    })
}

impl Reader {
    /// The latest reports, the last drafted first.
    pub fn work_reports(&self) -> Result<Vec<WorkReportRow>, StoreFault> {
        let sql = format!("{REPORTS} ORDER BY drafted_at DESC, id DESC LIMIT ?1");
        let mut statement = self.connection().prepare_cached(&sql)?;
        let reports = statement.query_map([WORK_REPORTS_MAX_LISTED], report_of)?;
        let mut rows = Vec::new();
        for report in reports {
            let report = report?;
            if let Some(latest) = self.latest_work_report_version(&report.id)? {
                rows.push(WorkReportRow {
                    n_versions: latest.number,
                    stage: latest.stage(),
                    title: latest.title,
                    by: latest.by,
                    at: latest.at,
                    report,
                });
            }
        }
        Ok(rows)
    }

    pub fn work_report(&self, id: &str) -> Result<Option<StoredWorkReport>, StoreFault> {
        let sql = format!("{REPORTS} WHERE id = ?1");
        let mut statement = self.connection().prepare_cached(&sql)?;
        Ok(statement.query_row([id], report_of).optional()?)
    }

    /// All versions of a report, the first first.
    pub fn work_report_versions(&self, id: &str) -> Result<Vec<WorkReportVersion>, StoreFault> {
        let sql = format!("{VERSIONS} ORDER BY number");
        let mut statement = self.connection().prepare_cached(&sql)?;
        let versions = statement.query_map([id], version_of)?;
        Ok(versions.collect::<rusqlite::Result<_>>()?)
    }

    pub fn latest_work_report_version(
        &self,
        id: &str,
    ) -> Result<Option<WorkReportVersion>, StoreFault> {
        let sql = format!("{VERSIONS} ORDER BY number DESC LIMIT 1");
        let mut statement = self.connection().prepare_cached(&sql)?;
        Ok(statement.query_row([id], version_of).optional()?)
    }

    pub fn work_report_version(
        &self,
        id: &str,
        number: u32,
    ) -> Result<Option<WorkReportVersion>, StoreFault> {
        let sql = format!("{VERSIONS} AND number = ?2");
        let mut statement = self.connection().prepare_cached(&sql)?;
        Ok(statement
            .query_row(params![id, number], version_of)
            .optional()?)
    }
}

impl Writer {
    /// Keeps a report that was drafted.
    pub fn append_work_report(&mut self, report: &StoredWorkReport) -> Result<(), StoreFault> {
        let sql = "INSERT INTO work_report (id, kind, first_on, last_on, subject, drafted_at)
                   VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
        self.connection().prepare_cached(sql)?.execute(params![
            report.id,
            AsText(report.kind),
            AsText(report.first_on),
            AsText(report.last_on),
            report.subject,
            AsMillis(report.drafted_at),
        ])?;
        Ok(())
    }

    /// Keeps a version; fails where one of that number is there.
    pub fn append_work_report_version(
        &mut self,
        report_id: &str,
        version: &WorkReportVersion,
    ) -> Result<(), StoreFault> {
        let sql = "INSERT INTO work_report_version (report_id, number, title, body, act, by_id, at)
                   VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";
        self.connection().prepare_cached(sql)?.execute(params![
            report_id,
            version.number,
            version.title,
            version.body,
            AsJson(&version.act),
            version.by.0,
            AsMillis(version.at),
        ])?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tests::{Desk, at};

    #[test]
    fn a_report_and_its_versions_are_only_added() {
        let mut desk = Desk::new();
        let report = StoredWorkReport {
            id: "r".to_owned(),
            kind: WorkReportKind::Weekly,
            first_on: NaiveDate::from_ymd_opt(2026, 11, 16).unwrap(),
            last_on: NaiveDate::from_ymd_opt(2026, 11, 22).unwrap(),
            subject: String::new(),
            drafted_at: at("2026-11-23 09:15"),
        };
        let version = |number: u32, act: WorkReportAct| WorkReportVersion {
            number,
            title: "热线周报".to_owned(),
            body: format!("第 {number} 版"),
            act,
            by: ActorId("2001".to_owned()),
            at: at("2026-11-23 09:15"),
        };
        let finished = WorkReportAct::Finished {
            issue: "18".to_owned(),
        };
        let versions = [version(1, WorkReportAct::Drafted), version(2, finished)];
        desk.change(|writer| {
            writer.append_work_report(&report)?;
            for version in &versions {
                writer.append_work_report_version("r", version)?;
            }
            Ok(())
        });
        for change in [
            "DELETE FROM work_report",
            "UPDATE work_report SET subject = '别的'",
            "DELETE FROM work_report_version WHERE number = 2",
            "UPDATE work_report_version SET body = ''",
        ] {
            let refused = desk.store().commit(|writer| -> Result<(), StoreFault> {
                Ok(writer.connection().execute_batch(change)?)
            });
            assert!(refused.is_err(), "{change}");
        }
        let twice = desk
            .store()
            .commit(|writer| writer.append_work_report_version("r", &versions[0]));
        assert!(twice.is_err());
        desk.restart();
        assert_eq!(
            desk.query(|reader| reader.work_report_versions("r")),
            versions
        );
        assert_eq!(
            desk.query(|reader| reader.work_report_version("r", 1)),
            Some(versions[0].clone())
        );
        assert_eq!(
            desk.query(|reader| reader.work_report("r")),
            Some(report.clone())
        );
        let row = WorkReportRow {
            report,
            title: "热线周报".to_owned(),
            n_versions: 2,
            stage: WorkReportStage::Finished,
            by: ActorId("2001".to_owned()),
            at: at("2026-11-23 09:15"),
        };
        assert_eq!(desk.query(Reader::work_reports), [row]);
    }
}
