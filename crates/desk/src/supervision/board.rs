//! 督办看板: what somebody has to look after, and how long there is (第四条, 第五条(一)).

use chrono::{DateTime, Utc};
use desk_store::{BoardFilter, Reader, StoredBoardItem};
use domain::HandlingUnitId;
use domain::supervision::board::Board;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{WATCHERS, check_role};
use crate::desk::Desk;
use crate::error::CallError;
use crate::limit::{self, Urgency};
use crate::sight::Sight;
use crate::{text, time_text};

/// Which part of a board.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum BoardPart {
    All,
    /// 临期.
    Near,
    /// 超期.
    Late,
}

impl BoardPart {
    fn filter(self, now: DateTime<Utc>) -> BoardFilter {
        match self {
            Self::All => BoardFilter::All,
            Self::Near => BoardFilter::Near { now },
            Self::Late => BoardFilter::Late { now },
        }
    }
}

#[derive(Debug, Clone, Serialize, TS)]
pub struct BoardCount {
    #[ts(type = "Board")]
    pub board: Board,
    pub title: String,
    pub article: String,
    pub n: u64,
    pub n_near: u64,
    pub n_late: u64,
}

#[derive(Debug, Clone, Deserialize, TS)]
pub struct BoardAsk {
    #[ts(type = "Board")]
    pub board: Board,
    pub part: BoardPart,
    /// Empty for every unit.
    pub unit_id: String,
}

#[derive(Debug, Clone, Serialize, TS)]
pub struct BoardRow {
    pub work_order_id: String,
    pub number: String,
    pub title: String,
    pub kind_text: String,
    pub class_text: String,
    pub place_text: String,
    /// Null for what the center owes.
    pub assignment: Option<u32>,
    /// 县中心 for what the center owes.
    pub unit_text: String,
    /// What it waits for.
    pub waits_text: String,
    pub since_text: String,
    pub due_at: Option<i64>,
    /// Empty where there is no limit.
    pub due_text: String,
    /// How long is left, or how long it has waited.
    pub left_text: String,
    pub urgency: Urgency,
}

#[derive(Debug, Clone, Serialize, TS)]
pub struct BoardRows {
    pub rows: Vec<BoardRow>,
    /// All of them, where there are more than rows.
    pub n: u64,
}

/// 各看板件数.
pub(crate) fn boards(desk: &Desk, (): ()) -> Result<Vec<BoardCount>, CallError> {
    check_role(desk, WATCHERS)?;
    let now = desk.now();
    let counts = desk.store.read(|reader| {
        let count = |board: Board| {
            let n = |part: BoardPart| reader.count_board_items(board, part.filter(now));
            Ok(BoardCount {
                board,
                title: text::board(board).to_owned(),
                article: board.article().to_owned(),
                n: n(BoardPart::All)?,
                n_near: n(BoardPart::Near)?,
                n_late: n(BoardPart::Late)?,
            })
        };
        Board::ALL.into_iter().map(count).collect()
    })?;
    Ok(counts)
}

/// 一块看板.
pub(crate) fn board(desk: &Desk, request: BoardAsk) -> Result<BoardRows, CallError> {
    check_role(desk, WATCHERS)?;
    let now = desk.now();
    let filter = request.part.filter(now);
    let unit = Some(HandlingUnitId(request.unit_id)).filter(|unit| !unit.0.is_empty());
    let rows = desk.store.read(|reader| {
        let items = reader.board_items(request.board, filter, unit.as_ref())?;
        let n = match unit {
            Some(_) => items.len() as u64,
            None => reader.count_board_items(request.board, filter)?,
        };
        let rows = items.iter().map(|stored| row(desk, reader, stored, now));
        let rows = rows.filter_map(Result::transpose);
        Ok(BoardRows {
            rows: rows.collect::<anyhow::Result<_>>()?,
            n,
        })
    })?;
    Ok(rows)
}

/// `None` for an order whose row is not drawn any more.
fn row(
    desk: &Desk,
    reader: &Reader,
    stored: &StoredBoardItem,
    now: DateTime<Utc>,
) -> anyhow::Result<Option<BoardRow>> {
    let Some(record) = reader.work_order_record(&stored.work_order_id)? else {
        return Ok(None);
    };
    let item = &stored.item;
    let sight = Sight::of(&desk.operator, record.kind, record.is_confidential);
    let (title, place_text) = (sight.title(&record), sight.place(&desk.reference, &record));
    let (assignment, unit_text) = match &item.assignment {
        Some((number, unit)) => (Some(number.0), desk.reference.unit_name(unit).to_owned()),
        None => (None, "县中心".to_owned()),
    };
    Ok(Some(BoardRow {
        work_order_id: record.id,
        number: record.number,
        title,
        kind_text: text::kind(record.kind).to_owned(),
        class_text: text::class(record.class).to_owned(),
        place_text,
        assignment,
        unit_text,
        waits_text: text::board_wait(item.waits_for).to_owned(),
        since_text: time_text::moment(item.since),
        due_at: item.due_at.map(|due_at| due_at.timestamp_millis()),
        due_text: item.due_at.map_or_else(String::new, time_text::deadline),
        left_text: match item.due_at {
            Some(due_at) => time_text::left(now, due_at),
            None => time_text::ago(now, item.since),
        },
        urgency: match item.due_at {
            Some(due_at) => limit::urgency(due_at, item.warn_at, now),
            None => Urgency::Soon,
        },
    }))
}
