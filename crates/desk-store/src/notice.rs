//! 提醒: which orders people have been told of, so that each is told once.

use chrono::{DateTime, Utc};
use domain::time_limit::LimitKind;
use rusqlite::params;
use serde::{Deserialize, Serialize};

use crate::columns::{AsMillis, AsText};
use crate::fault::StoreFault;
use crate::store::Writer;
use crate::work_order::{COLUMNS, WorkOrderRecord, record_of};

pub(crate) const CREATE: &str = "
    CREATE TABLE notice (
        work_order_id TEXT NOT NULL,
        limit_kind TEXT NOT NULL,
        due_at INTEGER NOT NULL,
        stage TEXT NOT NULL,
        shown_at INTEGER NOT NULL,
        PRIMARY KEY (work_order_id, limit_kind, due_at, stage)
    ) STRICT, WITHOUT ROWID;
";

/// Notices given at a time. After a long holiday there may be hundreds; the rest comes with the
/// next call.
pub const NOTICES_MAX_TAKEN: u32 = 50;

/// What is told about a limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NoticeStage {
    /// 预警.
    Warned,
    /// 超期.
    Overdue,
}

/// Which orders may be told about now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoticeScope {
    All,
    /// Special and special emergency matters: all that disturbs at night. The others wait.
    SpecialOnly,
}

/// A notice to be shown now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DueNotice {
    pub order: WorkOrderRecord,
    pub limit_kind: LimitKind,
    pub due_at: DateTime<Utc>,
    pub stage: NoticeStage,
}

impl Writer {
    /// Takes the notices that are due and have not been given yet, the most urgent first, and notes
    /// that they were given. A limit that is over already
    /// is not warned of any more, and of one that nobody is held to while a word is waited for nothing
    /// is told once it is over.
    pub fn take_due_notices(
        &mut self,
        now: DateTime<Utc>,
        scope: NoticeScope,
    ) -> Result<Vec<DueNotice>, StoreFault> {
        let notices = self.due_notices(now, scope)?;
        let sql = "INSERT INTO notice (work_order_id, limit_kind, due_at, stage, shown_at)
                   VALUES (?1, ?2, ?3, ?4, ?5)";
        let mut statement = self.connection().prepare_cached(sql)?;
        for notice in &notices {
            statement.execute(params![
                notice.order.id,
                AsText(notice.limit_kind),
                AsMillis(notice.due_at),
                AsText(notice.stage),
                AsMillis(now),
            ])?;
        }
        Ok(notices)
    }

    fn due_notices(
        &self,
        now: DateTime<Utc>,
        scope: NoticeScope,
    ) -> Result<Vec<DueNotice>, StoreFault> {
        let mut statement = self.connection().prepare_cached(&sql_due())?;
        let rows = statement.query_map(
            params![AsMillis(now), NOTICES_MAX_TAKEN, scope == NoticeScope::All],
            |row| {
                let AsMillis(due_at) = row.get("limit_due_at")?;
                Ok(DueNotice {
                    order: record_of(row)?,
                    limit_kind: row.get::<_, AsText<_>>("limit_kind")?.0,
                    due_at,
                    stage: stage_at(due_at, now),
                })
            },
        )?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }
}

fn stage_at(due_at: DateTime<Utc>, now: DateTime<Utc>) -> NoticeStage {
    if now > due_at {
        NoticeStage::Overdue
    } else {
        NoticeStage::Warned
    }
}

fn sql_due() -> String {
    format!(
        "SELECT {COLUMNS}, limit_kind, limit_due_at
         FROM order_limit INDEXED BY order_limit_warn
         CROSS JOIN work_order ON work_order.position = order_limit.order_position
         WHERE limit_warn_at <= ?1 AND (?3 OR class <> 'ordinary')
           AND NOT (is_waived AND limit_due_at < ?1)
           AND NOT EXISTS (
               SELECT 1 FROM notice
               WHERE notice.work_order_id = work_order.id
                 AND notice.limit_kind = order_limit.limit_kind
                 AND notice.due_at = limit_due_at
                 AND notice.stage = CASE WHEN limit_due_at < ?1 THEN 'overdue' ELSE 'warned' END)
         ORDER BY limit_due_at, order_limit.order_position LIMIT ?2"
    )
}

#[cfg(test)]
mod tests {
    use domain::matter::MatterClass;

    use super::*;
    use crate::RunningLimit;
    use crate::tests::{Desk, at, record};

    fn order_due(id: &str, warn_at: &str, due_at: &str) -> WorkOrderRecord {
        WorkOrderRecord {
            limits: vec![RunningLimit {
                kind: LimitKind::Dispatch,
                due_at: at(due_at),
                warn_at: at(warn_at),
                is_waived: false,
            }],
            ..record(id, at("2026-11-23 09:15"))
        }
    }

    fn taken(desk: &Desk, now: &str) -> Vec<String> {
        taken_of(desk, now, NoticeScope::All)
    }

    fn taken_of(desk: &Desk, now: &str, scope: NoticeScope) -> Vec<String> {
        let notices = desk.change(|writer| writer.take_due_notices(at(now), scope));
        let line = |notice: DueNotice| format!("{} {:?}", notice.order.id, notice.stage);
        notices.into_iter().map(line).collect()
    }

    #[test]
    fn each_is_told_once_at_each_stage() {
        let mut desk = Desk::new();
        desk.change(|writer| {
            writer.put_work_order(&record("none", at("2026-11-23 09:15")), "")?;
            writer.put_work_order(&order_due("b", "2026-11-24 14:00", "2026-11-25 00:00"), "")?;
            writer.put_work_order(&order_due("a", "2026-11-24 15:00", "2026-11-24 23:00"), "")
        });
        assert!(taken(&desk, "2026-11-24 13:59").is_empty());
        assert_eq!(taken(&desk, "2026-11-24 14:00"), ["b Warned"]);
        assert!(taken(&desk, "2026-11-24 14:00").is_empty());
        desk.restart();
        assert_eq!(taken(&desk, "2026-11-24 15:00"), ["a Warned"]);
        // Not at the due time, but after it.
        assert!(taken(&desk, "2026-11-24 23:00").is_empty());
        assert_eq!(taken(&desk, "2026-11-24 23:01"), ["a Overdue"]);
        assert_eq!(taken(&desk, "2026-11-26 08:00"), ["b Overdue"]);
        assert!(taken(&desk, "2026-11-26 08:01").is_empty());
    }

    #[test]
    fn what_came_due_over_night_is_not_warned_of_any_more() {
        let desk = Desk::new();
        let order = order_due("a", "2026-11-24 14:00", "2026-11-25 00:00");
        desk.change(|writer| writer.put_work_order(&order, ""));
        assert_eq!(taken(&desk, "2026-11-25 08:00"), ["a Overdue"]);
    }

    #[test]
    fn another_limit_of_the_order_is_told_anew() {
        let desk = Desk::new();
        let order = order_due("a", "2026-11-24 14:00", "2026-11-25 00:00");
        desk.change(|writer| writer.put_work_order(&order, ""));
        assert_eq!(taken(&desk, "2026-11-24 14:00"), ["a Warned"]);
        let extended = order_due("a", "2026-11-26 14:00", "2026-11-27 00:00");
        desk.change(|writer| writer.put_work_order(&extended, ""));
        assert!(taken(&desk, "2026-11-25 14:00").is_empty());
        assert_eq!(taken(&desk, "2026-11-26 14:00"), ["a Warned"]);
    }

    #[test]
    fn each_limit_of_an_order_is_told_for_itself() {
        let desk = Desk::new();
        let mut order = order_due("a", "2026-11-24 14:00", "2026-11-25 00:00");
        order.limits.push(RunningLimit {
            kind: LimitKind::Handle,
            ..order_due("", "2026-11-26 14:00", "2026-11-27 00:00").limits[0]
        });
        desk.change(|writer| writer.put_work_order(&order, ""));
        assert_eq!(taken(&desk, "2026-11-25 08:00"), ["a Overdue"]);
        assert_eq!(taken(&desk, "2026-11-26 14:00"), ["a Warned"]);
        assert_eq!(taken(&desk, "2026-11-27 08:00"), ["a Overdue"]);
        assert!(taken(&desk, "2026-11-27 08:01").is_empty());
    }

    #[test]
    fn what_waits_for_a_word_is_not_told_as_overdue() {
        let desk = Desk::new();
        let mut order = order_due("a", "2026-11-24 14:00", "2026-11-25 00:00");
        order.limits[0].is_waived = true;
        desk.change(|writer| writer.put_work_order(&order, ""));
        assert_eq!(taken(&desk, "2026-11-24 15:00"), ["a Warned"]);
        assert!(taken(&desk, "2026-11-25 08:00").is_empty());
        // The word was no: it is over, since then as now.
        order.limits[0].is_waived = false;
        desk.change(|writer| writer.put_work_order(&order, ""));
        assert_eq!(taken(&desk, "2026-11-25 09:00"), ["a Overdue"]);
    }

    #[test]
    fn at_night_the_ordinary_wait_and_are_told_in_the_morning() {
        let desk = Desk::new();
        let ordinary = order_due("ordinary", "2026-11-23 22:00", "2026-11-25 00:00");
        let special = WorkOrderRecord {
            class: MatterClass::Special,
            ..order_due("special", "2026-11-23 22:00", "2026-11-24 00:00")
        };
        let emergency = WorkOrderRecord {
            class: MatterClass::SpecialEmergency,
            ..order_due("emergency", "2026-11-23 22:00", "2026-11-23 23:00")
        };
        desk.change(|writer| {
            [&ordinary, &special, &emergency]
                .into_iter()
                .try_for_each(|order| writer.put_work_order(order, ""))
        });
        assert_eq!(
            taken_of(&desk, "2026-11-23 22:30", NoticeScope::SpecialOnly),
            ["emergency Warned", "special Warned"]
        );
        assert_eq!(
            taken(&desk, "2026-11-24 00:00"),
            ["emergency Overdue", "ordinary Warned"]
        );
    }

    #[test]
    fn many_come_in_turns() {
        let desk = Desk::new();
        let n_orders = NOTICES_MAX_TAKEN as usize + 1;
        desk.change(|writer| {
            (0..n_orders).try_for_each(|n| {
                let id = format!("{n}");
                writer.put_work_order(&order_due(&id, "2026-11-24 14:00", "2026-11-25 00:00"), "")
            })
        });
        assert_eq!(taken(&desk, "2026-11-24 14:00").len(), n_orders - 1);
        assert_eq!(taken(&desk, "2026-11-24 14:00").len(), 1);
    }

    #[test]
    fn the_plan_goes_by_an_index() {
        let plan = Desk::new().plan(&sql_due());
        assert!(!plan.contains("SCAN"), "{plan}");
    }
}
