//! 督办看板: what of each order somebody has to look after, and what of 第十九条 to 第二十一条 can be read off
//! it, as rows. Both follow from the order alone and are drawn with it, so a board of half a million
//! orders costs what it shows.

use chrono::{DateTime, Utc};
use domain::HandlingUnitId;
use domain::supervision::SupervisoryGround;
use domain::supervision::admonition::OverdueOrder;
use domain::supervision::board::{Board, BoardItem};
use domain::supervision::clue::Clue;
use domain::work_order::AssignmentNumber;
use rusqlite::{Row, named_params, params};

use crate::columns::{AsJson, AsMillis, AsText};
use crate::fault::StoreFault;
use crate::store::{Reader, Writer};

pub(crate) const CREATE: &str = "
    -- sort_at: the due time, or since when where there is none.
    CREATE TABLE board_item (
        work_order_id TEXT NOT NULL,
        nth INTEGER NOT NULL,
        board TEXT NOT NULL,
        waits_for TEXT NOT NULL,
        assignment INTEGER,
        unit_id TEXT NOT NULL DEFAULT '',
        since INTEGER NOT NULL,
        warn_at INTEGER NOT NULL,
        due_at INTEGER,
        sort_at INTEGER NOT NULL,
        PRIMARY KEY (work_order_id, nth)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX board_item_due ON board_item (board, sort_at, work_order_id, nth);
    -- at: when the unit was late; otherwise when the order was registered.
    CREATE TABLE order_clue (
        work_order_id TEXT NOT NULL,
        ground TEXT NOT NULL,
        unit_id TEXT NOT NULL,
        number TEXT NOT NULL,
        at INTEGER NOT NULL,
        is_written_off INTEGER NOT NULL DEFAULT 0,
        PRIMARY KEY (work_order_id, ground, unit_id)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX order_clue_ground ON order_clue (ground, at, number, unit_id, is_written_off);
    -- Evidence names orders by their numbers.
    CREATE INDEX work_order_number ON work_order (number);
";

/// So many items of a board at most.
pub const BOARD_ITEMS_MAX: u32 = 500;

/// Which items of a board.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BoardFilter {
    All,
    /// 临期: warned of, and not late.
    Near {
        now: DateTime<Utc>,
    },
    /// 超期.
    Late {
        now: DateTime<Utc>,
    },
}

/// An item with the order it is of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredBoardItem {
    pub work_order_id: String,
    pub item: BoardItem,
}

fn item_of(row: &Row<'_>) -> rusqlite::Result<StoredBoardItem> {
    let assignment: Option<u32> = row.get("assignment")?;
    let unit = HandlingUnitId(row.get("unit_id")?);
    let due_at: Option<AsMillis> = row.get("due_at")?;
    Ok(StoredBoardItem {
        work_order_id: row.get("work_order_id")?,
        item: BoardItem {
            board: row.get::<_, AsText<_>>("board")?.0,
            waits_for: row.get::<_, AsJson<_>>("waits_for")?.0,
            assignment: assignment.map(|number| (AssignmentNumber(number), unit)),
            since: row.get::<_, AsMillis>("since")?.0,
            warn_at: row.get::<_, AsMillis>("warn_at")?.0,
            due_at: due_at.map(|AsMillis(at)| at),
        },
    })
}

fn condition(filter: BoardFilter) -> (&'static str, DateTime<Utc>) {
    match filter {
        BoardFilter::All => ("?2 >= 0", DateTime::UNIX_EPOCH),
        BoardFilter::Near { now } => ("sort_at >= ?2 AND due_at >= ?2 AND warn_at <= ?2", now),
        BoardFilter::Late { now } => ("sort_at < ?2 AND due_at < ?2", now),
    }
}

fn sql_of_board(filter: BoardFilter) -> String {
    let (condition, _) = condition(filter);
    format!(
        "SELECT * FROM board_item WHERE board = ?1 AND {condition} AND (?3 = '' OR unit_id = ?3)
         ORDER BY sort_at, work_order_id, nth LIMIT ?4"
    )
}

const SQL_OVERDUE: &str = "SELECT number, unit_id, at, is_written_off FROM order_clue
                           WHERE ground = 'overdue' AND at >= ?1 AND at < ?2 ORDER BY at, number";
const SQL_CLUES: &str = "SELECT number, unit_id FROM order_clue
                         WHERE ground = ?1 AND at >= ?2 AND at < ?3 ORDER BY at, number";

impl Reader {
    /// The items of a board, of every unit or one, the one due first first; at most
    /// [`BOARD_ITEMS_MAX`].
    pub fn board_items(
        &self,
        board: Board,
        filter: BoardFilter,
        unit: Option<&HandlingUnitId>,
    ) -> Result<Vec<StoredBoardItem>, StoreFault> {
        let mut statement = self.connection().prepare_cached(&sql_of_board(filter))?;
        let (_, now) = condition(filter);
        let unit = unit.map_or("", |unit| unit.0.as_str());
        let values = params![AsText(board), AsMillis(now), unit, BOARD_ITEMS_MAX];
        let rows = statement.query_map(values, item_of)?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    /// How many items a board has.
    pub fn count_board_items(&self, board: Board, filter: BoardFilter) -> Result<u64, StoreFault> {
        let (condition, now) = condition(filter);
        let sql = format!("SELECT count(*) FROM board_item WHERE board = ?1 AND {condition}");
        let mut statement = self.connection().prepare_cached(&sql)?;
        let values = params![AsText(board), AsMillis(now)];
        Ok(statement.query_row(values, |row| row.get(0))?)
    }

    /// 超期件 of that time, the end not included; those that were written off among them.
    pub fn overdue_orders(
        &self,
        from: DateTime<Utc>,
        until: DateTime<Utc>,
    ) -> Result<Vec<OverdueOrder>, StoreFault> {
        let mut statement = self.connection().prepare_cached(SQL_OVERDUE)?;
        let rows = statement.query_map(params![AsMillis(from), AsMillis(until)], |row| {
            Ok(OverdueOrder {
                number: row.get("number")?,
                unit: HandlingUnitId(row.get("unit_id")?),
                overdue_at: row.get::<_, AsMillis>("at")?.0,
                is_written_off: row.get("is_written_off")?,
            })
        })?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    /// The numbers of the orders registered in that time of which there is a clue on that ground, with
    /// the unit.
    pub fn order_clues(
        &self,
        ground: SupervisoryGround,
        from: DateTime<Utc>,
        until: DateTime<Utc>,
    ) -> Result<Vec<(HandlingUnitId, String)>, StoreFault> {
        let mut statement = self.connection().prepare_cached(SQL_CLUES)?;
        let values = params![AsText(ground), AsMillis(from), AsMillis(until)];
        let rows = statement.query_map(values, |row| {
            Ok((HandlingUnitId(row.get("unit_id")?), row.get("number")?))
        })?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }
}

impl Writer {
    /// Puts the items of an order in place of those before.
    pub fn put_board_items(
        &mut self,
        work_order_id: &str,
        items: &[BoardItem],
    ) -> Result<(), StoreFault> {
        let sql = "DELETE FROM board_item WHERE work_order_id = ?1";
        self.connection()
            .prepare_cached(sql)?
            .execute([work_order_id])?;
        let sql =
            "INSERT INTO board_item (work_order_id, nth, board, waits_for, assignment, unit_id,
                                           since, warn_at, due_at, sort_at)
                   VALUES (:work_order_id, :nth, :board, :waits_for, :assignment, :unit_id, :since,
                           :warn_at, :due_at, :sort_at)";
        let mut statement = self.connection().prepare_cached(sql)?;
        for (nth, item) in (0_u32..).zip(items) {
            let whose = item.assignment.as_ref();
            statement.execute(named_params! {
                ":work_order_id": work_order_id,
                ":nth": nth,
                ":board": AsText(item.board),
                ":waits_for": AsJson(item.waits_for),
                ":assignment": whose.map(|(number, _)| number.0),
                ":unit_id": whose.map_or("", |(_, unit)| unit.0.as_str()),
                ":since": AsMillis(item.since),
                ":warn_at": AsMillis(item.warn_at),
                ":due_at": item.due_at.map(AsMillis),
                ":sort_at": AsMillis(item.due_at.unwrap_or(item.since)),
            })?;
        }
        Ok(())
    }

    /// Puts what can be read off an order in place of what could before. `overdue` are its 超期件,
    /// those to come if nothing is done among them; a time is compared when they are asked for.
    pub fn put_order_clues(
        &mut self,
        work_order_id: &str,
        registered_at: DateTime<Utc>,
        overdue: &[OverdueOrder],
        clues: &[Clue],
    ) -> Result<(), StoreFault> {
        let sql = "DELETE FROM order_clue WHERE work_order_id = ?1";
        self.connection()
            .prepare_cached(sql)?
            .execute([work_order_id])?;
        let sql =
            "INSERT INTO order_clue (work_order_id, ground, unit_id, number, at, is_written_off)
                   VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
        let mut statement = self.connection().prepare_cached(sql)?;
        for order in overdue {
            statement.execute(params![
                work_order_id,
                AsText(SupervisoryGround::Overdue),
                order.unit.0,
                order.number,
                AsMillis(order.overdue_at),
                order.is_written_off,
            ])?;
        }
        for clue in clues {
            for number in &clue.numbers {
                statement.execute(params![
                    work_order_id,
                    AsText(clue.ground),
                    clue.unit.0,
                    number,
                    AsMillis(registered_at),
                    false,
                ])?;
            }
        }
        Ok(())
    }

    /// Takes out all that was read off an order.
    pub(crate) fn remove_from_boards(&mut self, work_order_id: &str) -> Result<(), StoreFault> {
        self.put_board_items(work_order_id, &[])?;
        self.put_order_clues(work_order_id, DateTime::UNIX_EPOCH, &[], &[])
    }
}

#[cfg(test)]
mod tests {
    use domain::supervision::board::BoardWait;
    use domain::time_limit::LimitKind;

    use super::*;
    use crate::tests::{Desk, at};

    fn item(board: Board, unit: Option<&str>, warn: &str, due: Option<&str>) -> BoardItem {
        let unit = unit.map(|unit| HandlingUnitId(unit.to_owned()));
        BoardItem {
            board,
            waits_for: BoardWait::Limit(LimitKind::Handle),
            assignment: unit.map(|unit| (AssignmentNumber(1), unit)),
            since: at("2026-11-20 09:00"),
            warn_at: at(warn),
            due_at: due.map(at),
        }
    }

    fn ids(desk: &Desk, board: Board, filter: BoardFilter, unit: Option<&str>) -> Vec<String> {
        let unit = unit.map(|unit| HandlingUnitId(unit.to_owned()));
        let items = desk.query(|reader| reader.board_items(board, filter, unit.as_ref()));
        if unit.is_none() {
            let n = desk.query(|reader| reader.count_board_items(board, filter));
            assert_eq!(items.len() as u64, n);
        }
        items.into_iter().map(|it| it.work_order_id).collect()
    }

    #[test]
    fn a_board_is_asked_by_time_and_by_unit() {
        let desk = Desk::new();
        desk.change(|writer| {
            let water = item(
                Board::Limit,
                Some("water"),
                "2026-11-24 14:00",
                Some("2026-11-25 00:00"),
            );
            let center = item(
                Board::Limit,
                None,
                "2026-11-25 14:00",
                Some("2026-11-26 00:00"),
            );
            let round = item(Board::SendBackLoop, Some("water"), "2026-11-20 09:00", None);
            writer.put_board_items("a", &[water, round])?;
            writer.put_board_items("b", &[center])
        });
        let near = |now| BoardFilter::Near { now: at(now) };
        let late = |now| BoardFilter::Late { now: at(now) };
        assert_eq!(ids(&desk, Board::Limit, BoardFilter::All, None), ["a", "b"]);
        assert_eq!(
            ids(&desk, Board::Limit, BoardFilter::All, Some("water")),
            ["a"]
        );
        assert!(ids(&desk, Board::Limit, near("2026-11-24 13:59"), None).is_empty());
        assert_eq!(
            ids(&desk, Board::Limit, near("2026-11-25 00:00"), None),
            ["a"]
        );
        assert!(ids(&desk, Board::Limit, late("2026-11-25 00:00"), None).is_empty());
        assert_eq!(
            ids(&desk, Board::Limit, late("2026-11-25 00:01"), None),
            ["a"]
        );
        assert_eq!(
            ids(&desk, Board::SendBackLoop, BoardFilter::All, None),
            ["a"]
        );
        let stored = desk.query(|it| it.board_items(Board::SendBackLoop, BoardFilter::All, None));
        assert_eq!(
            stored[0].item,
            item(Board::SendBackLoop, Some("water"), "2026-11-20 09:00", None)
        );
        desk.change(|writer| writer.remove_from_boards("a"));
        assert_eq!(ids(&desk, Board::Limit, BoardFilter::All, None), ["b"]);
    }

    #[test]
    fn what_is_read_off_an_order_is_found_by_its_time() {
        let desk = Desk::new();
        let unit = HandlingUnitId("water".to_owned());
        let overdue = OverdueOrder {
            number: "甲".to_owned(),
            unit: unit.clone(),
            overdue_at: at("2026-12-01 00:00"),
            is_written_off: false,
        };
        let clue = Clue {
            ground: SupervisoryGround::BadAnswer,
            unit: unit.clone(),
            numbers: vec!["甲".to_owned()],
        };
        let (from, registered_at) = (at("2026-01-01 00:00"), at("2026-11-20 09:00"));
        desk.change(|it| {
            it.put_order_clues("a", registered_at, std::slice::from_ref(&overdue), &[clue])
        });
        let overdue_by = |until| desk.query(|reader| reader.overdue_orders(from, at(until)));
        assert!(overdue_by("2026-12-01 00:00").is_empty());
        assert_eq!(overdue_by("2026-12-01 00:01"), [overdue]);
        let found = desk.query(|reader| {
            reader.order_clues(SupervisoryGround::BadAnswer, from, at("2026-11-21 00:00"))
        });
        assert_eq!(found, [(unit, "甲".to_owned())]);
    }

    #[test]
    fn plans_of_the_boards() {
        let desk = Desk::new();
        let now = at("2026-12-01 00:00");
        for filter in [
            BoardFilter::All,
            BoardFilter::Near { now },
            BoardFilter::Late { now },
        ] {
            let plan = desk.plan(&sql_of_board(filter));
            assert!(plan.contains("USING INDEX board_item_due"), "{plan}");
            assert!(!plan.contains("TEMP B-TREE"), "{plan}");
        }
        for sql in [SQL_OVERDUE, SQL_CLUES] {
            let plan = desk.plan(sql);
            assert!(
                plan.contains("USING COVERING INDEX order_clue_ground"),
                "{plan}"
            );
            assert!(!plan.contains("TEMP B-TREE"), "{plan}");
        }
    }
}
