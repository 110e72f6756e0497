//! Finding orders by what was said, by whom, where, and from which number.
//!
//! An FTS5 table inside the encrypted file, because these are personal data and the tantivy index
//! is plain on the disk. Contentless: only the grams are kept; the text itself stands in the events.

use domain::work_order::Stage;
use sha2::{Digest, Sha256};

use crate::fault::StoreFault;
use crate::grams;
use crate::order_list::Queue;
use crate::store::Writer;
use crate::work_order::WorkOrderRecord;

pub(crate) const CREATE: &str = "
    -- rowid = work_order.position. The words are made by the program (grams.rs); `ascii` takes
    -- every character outside ASCII for part of a word and leaves it as it is.
    CREATE VIRTUAL TABLE order_text USING fts5 (
        grams, marks, content = '', contentless_delete = 1, tokenize = 'ascii'
    );
";

/// What an order is found by.
pub(crate) struct OrderText {
    grams: String,
    marks: String,
}

impl OrderText {
    pub(crate) fn of(order: &WorkOrderRecord, text: &str, phones: [&str; 2]) -> Self {
        let [phone, contact] = phones;
        let parts = [
            &order.number,
            &order.title,
            text,
            &order.caller_name,
            &order.place_text,
            phone,
            contact,
        ];
        let whole = parts.join("\n");
        let mut marks = grams::marks(&whole);
        marks.extend(queue_marks(order).map(str::to_owned));
        Self {
            grams: grams::grams(&whole),
            marks: Vec::from_iter(marks).join(" "),
        }
    }

    /// Tells whether anything in it has changed.
    pub(crate) fn digest(&self) -> [u8; 32] {
        let mut hash = Sha256::new();
        hash.update(&self.grams);
        hash.update("\0");
        hash.update(&self.marks);
        hash.finalize().into()
    }
}

/// The marks of the queues an order stands in, so that a search in a short queue need not look at
/// every hit of a common word. Longer than two letters, or a search could hit them.
fn queue_marks(order: &WorkOrderRecord) -> impl Iterator<Item = &'static str> {
    let by_stage = match order.stage {
        Stage::Registered => Some(REGISTERED),
        Stage::Dispatched => Some(DISPATCHED),
        Stage::Delivered => Some(DELIVERED),
        Stage::AnsweredOnTheSpot
        | Stage::RefusedOutOfScope
        | Stage::TransferredToEmergency
        | Stage::UnderVerification
        | Stage::UnderCoordination
        | Stage::Completed
        | Stage::Merged
        | Stage::Withdrawn
        | Stage::FinallyClosed
        | Stage::Archived => None,
    };
    let marks = [
        by_stage,
        order.is_concluded.then_some(CONCLUDED),
        (!order.limits.is_empty()).then_some(RUNNING),
        (!order.waits.is_empty()).then_some(WAITING),
    ];
    marks.into_iter().flatten()
}

/// The mark that every order of a queue has.
fn mark_of(queue: Queue) -> Option<&'static str> {
    match queue {
        Queue::All | Queue::Today { .. } => None,
        Queue::ToDispatch => Some(REGISTERED),
        Queue::Undelivered => Some(DISPATCHED),
        Queue::InHandling => Some(DELIVERED),
        Queue::Concluded => Some(CONCLUDED),
        Queue::DueSoon { .. } | Queue::Overdue { .. } => Some(RUNNING),
        Queue::Waiting { .. } => Some(WAITING),
    }
}

const REGISTERED: &str = "registered";
const DISPATCHED: &str = "dispatched";
const DELIVERED: &str = "delivered";
const CONCLUDED: &str = "concluded";
/// Has a running limit.
const RUNNING: &str = "running";
/// Waits for somebody's word.
const WAITING: &str = "waiting";

/// What finds the orders of a queue that a search is for; `None` when it cannot find any.
pub(crate) fn match_expression(search: &str, queue: Queue) -> Option<String> {
    let expression = grams::match_expression(search)?;
    Some(match mark_of(queue) {
        None => expression,
        Some(mark) => format!("{expression} AND marks : \"{mark}\""),
    })
}

impl Writer {
    pub(crate) fn put_order_text(
        &mut self,
        position: i64,
        text: &OrderText,
        is_new: bool,
    ) -> Result<(), StoreFault> {
        // The full text looks long for a row that is to be replaced.
        let sql = if is_new {
            "INSERT INTO order_text (rowid, grams, marks) VALUES (?1, ?2, ?3)"
        } else {
            "INSERT OR REPLACE INTO order_text (rowid, grams, marks) VALUES (?1, ?2, ?3)"
        };
        let mut statement = self.connection().prepare_cached(sql)?;
        statement.execute((position, &text.grams, &text.marks))?;
        Ok(())
    }
}
