//! Drawing anew: a story is put in place of the one before, or taken out with all that was drawn of it.
//! What stands in a table stands in that table's file.

use domain::Event;
use domain::kb::task::KbTaskEvent;
use domain::kb::{KbArticleId, KbEvent};

use crate::fault::StoreFault;
use crate::order_told::OrderPosition;
use crate::store::Writer;

/// The events of a story, each with its intent and the version that it follows.
pub(crate) fn numbered<'a, E>(
    story: &'a [(u64, &'a [E])],
) -> impl Iterator<Item = (u64, u32, &'a E)> {
    let events = story.iter().flat_map(|(desk_seq, events)| {
        let of_intent = move |event| (*desk_seq, event);
        events.iter().map(of_intent)
    });
    (0..)
        .zip(events)
        .map(|(version, (desk_seq, event))| (desk_seq, version, event))
}

impl Writer {
    /// Puts what the desk's own waiting intents make of an order, after the version that is confirmed, in
    /// place of what they made of it before.
    pub fn replace_waiting_events(
        &mut self,
        work_order_id: &str,
        confirmed: u32,
        story: &[(u64, &[Event])],
    ) -> Result<(), StoreFault> {
        let sql = "DELETE FROM event WHERE work_order_id = ?1";
        self.connection()
            .prepare_cached(sql)?
            .execute([work_order_id])?;
        let mut version = confirmed;
        for (desk_seq, events) in story {
            version = self.append_events(work_order_id, *desk_seq, version, events)?;
        }
        Ok(())
    }

    /// Takes an order out with all that was drawn of it: its registration was not taken.
    pub fn remove_work_order(&mut self, id: &str) -> Result<(), StoreFault> {
        if let Some((position, _)) = self.placed(id)? {
            let connection = self.connection();
            connection.execute("DELETE FROM order_text WHERE rowid = ?1", [position])?;
            connection.execute("DELETE FROM work_order WHERE position = ?1", [position])?;
            self.note_order(OrderPosition(position));
            self.remove_order_limits(position)?;
            self.uncount_order(position);
        }
        self.remove_from_boards(id)?;
        self.remove_order_touched(id)?;
        self.replace_waiting_events(id, 0, &[])
    }

    /// Puts a story in place of the one before: what the center has confirmed (`desk_seq` 0), and what the
    /// desk's own waiting intents make of it.
    pub fn replace_kb_events(
        &mut self,
        id: &KbArticleId,
        story: &[(u64, &[KbEvent])],
    ) -> Result<(), StoreFault> {
        let sql = "DELETE FROM kb_event WHERE article_id = ?1";
        self.connection().prepare_cached(sql)?.execute([&id.0])?;
        for (desk_seq, version, event) in numbered(story) {
            self.append_kb_event(desk_seq, version, event)?;
        }
        Ok(())
    }

    /// Takes a record out: nothing that began it was taken.
    pub fn remove_kb_record(&mut self, id: &KbArticleId) -> Result<(), StoreFault> {
        let sql = "DELETE FROM kb_record WHERE id = ?1";
        self.connection().prepare_cached(sql)?.execute([&id.0])?;
        self.replace_kb_events(id, &[])
    }

    /// Puts a story in place of the one before, as [`Writer::replace_kb_events`].
    pub fn replace_kb_task_events(
        &mut self,
        number: &str,
        story: &[(u64, &[KbTaskEvent])],
    ) -> Result<(), StoreFault> {
        let sql = "DELETE FROM kb_task_event WHERE number = ?1";
        self.connection().prepare_cached(sql)?.execute([number])?;
        for (desk_seq, version, event) in numbered(story) {
            self.append_kb_task_event(number, desk_seq, version, event)?;
        }
        Ok(())
    }

    /// Takes a task out: it was not taken that it was given.
    pub fn remove_kb_task(&mut self, number: &str) -> Result<(), StoreFault> {
        let sql = "DELETE FROM kb_task WHERE number = ?1";
        self.connection().prepare_cached(sql)?.execute([number])?;
        self.replace_kb_task_events(number, &[])
    }
}
