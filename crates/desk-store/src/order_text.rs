//! Finding orders by what was said, by whom, where, and from which number.
//!
//! An FTS5 table inside the encrypted file, because these are personal data and the tantivy index
//! is plain on the disk. Contentless: only the grams are kept; the text itself stands in the events.

use sha2::{Digest, Sha256};

use crate::fault::StoreFault;
use crate::grams;
use crate::store::Writer;

pub(crate) const CREATE: &str = "
    -- rowid = work_order.position. The grams are made by the program (grams.rs); `ascii` takes
    -- every character outside ASCII for part of a word and leaves it as it is.
    CREATE VIRTUAL TABLE order_text USING fts5 (
        grams, content = '', contentless_delete = 1, tokenize = 'ascii'
    );
";

/// What an order is found by.
pub(crate) struct OrderText(String);

impl OrderText {
    /// One line for each part, so that no gram reaches from one into the next.
    pub(crate) fn of(parts: &[&str]) -> Self {
        Self(grams::index_text(&parts.join("\n")))
    }

    /// Tells whether the text has changed; most changes of an order leave it as it was.
    pub(crate) fn digest(&self) -> [u8; 32] {
        Sha256::digest(&self.0).into()
    }
}

impl Writer {
    pub(crate) fn put_order_text(
        &mut self,
        position: i64,
        text: &OrderText,
    ) -> Result<(), StoreFault> {
        let mut statement = self
            .connection()
            .prepare_cached("INSERT OR REPLACE INTO order_text (rowid, grams) VALUES (?1, ?2)")?;
        statement.execute((position, &text.0))?;
        Ok(())
    }
}
