//! Changes that sync makes, each in one transaction: the desk's ledger on its real store.

use std::collections::BTreeSet;

use anyhow::Result;
use chrono::{DateTime, Utc};
use desk_sync::{Change, DeskLedger, Position};
use rusqlite::{OptionalExtension as _, params};
use wire::{Cursor, DeskId, Entry, EntryBody, Envelope, Hash, Tally, Verified};

use crate::fault::StoreFault;
use crate::feed::TaskKind;
use crate::intent::{ENVELOPE_COLUMNS, read_envelope};
use crate::meta::MetaKey;
use crate::put_away::OtherStory;
use crate::store::{Store, Writer};

/// What a change has touched, and must be drawn anew in the same transaction.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Touched {
    /// Orders and articles whose confirmed story or whose waiting intents are others now.
    pub subjects: BTreeSet<String>,
    /// 参照表已更新.
    pub references: bool,
    /// 已涂销: what was drawn before is to go from the file as well.
    pub is_redacted: bool,
    /// What a part of a snapshot says, in order: what it touches may be drawn later.
    pub taken: Vec<TakenEntry>,
}

/// An entry of a part that is about something, as it was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TakenEntry {
    pub subject: String,
    pub hash: Hash,
    /// `None` for what this program cannot read yet.
    pub body: Option<EntryBody>,
}

/// The store as sync sees it. `redraw` is given what a change has touched, inside its transaction:
/// it puts what waits on top of what is confirmed and writes the rows of the lists.
pub struct SyncLedger<'a, F> {
    store: &'a Store,
    redraw: F,
}

impl<'a, F> SyncLedger<'a, F>
where
    F: FnMut(&mut Writer, &mut Touched) -> Result<(), StoreFault>,
{
    pub fn new(store: &'a Store, redraw: F) -> Self {
        Self { store, redraw }
    }

    /// 移出本机 of the next `n_max` orders that were over before `before`; how many there were. It is off the
    /// disk with [`Store::shred`].
    pub fn put_away(
        &mut self,
        before: DateTime<Utc>,
        now: DateTime<Utc>,
        n_max: usize,
    ) -> Result<usize> {
        let redraw = &mut self.redraw;
        let gone = self.store.commit(|writer| -> Result<_, StoreFault> {
            let gone = writer.put_away(before, now, n_max)?;
            redraw(writer, &mut touched_by(&gone))?;
            Ok(gone)
        })?;
        Ok(gone.len())
    }

    /// 调阅: takes back what was said in an order, if it is what was put away.
    pub fn bring_back(
        &mut self,
        subject: &str,
        told: &[Entry],
        until: DateTime<Utc>,
    ) -> Result<Result<(), OtherStory>> {
        let redraw = &mut self.redraw;
        let taken = self.store.commit(|writer| -> Result<_, StoreFault> {
            let taken = writer.bring_back(subject, told, until)?;
            if taken.is_ok() {
                redraw(writer, &mut touched_by(&[subject.to_owned()]))?;
            }
            Ok(taken)
        })?;
        Ok(taken)
    }
}

fn touched_by(subjects: &[String]) -> Touched {
    Touched {
        subjects: subjects.iter().cloned().collect(),
        ..Touched::default()
    }
}

impl<F> std::fmt::Debug for SyncLedger<'_, F> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SyncLedger").finish_non_exhaustive()
    }
}

impl<F> DeskLedger for SyncLedger<'_, F>
where
    F: FnMut(&mut Writer, &mut Touched) -> Result<(), StoreFault>,
{
    fn position(&self) -> Result<Position> {
        self.store.read(|reader| Ok(reader.sync_position()?))
    }

    fn intents_after(&self, number: u64, n_max: usize, bytes_max: usize) -> Result<Vec<Envelope>> {
        self.store
            .read(|reader| Ok(reader.envelopes_after(number, n_max, bytes_max)?))
    }

    fn unanswered(&self, n_max: usize, bytes_max: usize) -> Result<Vec<Envelope>> {
        self.store
            .read(|reader| Ok(reader.unanswered_envelopes(n_max, bytes_max)?))
    }

    fn intent_hash(&self, number: u64) -> Result<Option<Hash>> {
        self.store.read(|reader| Ok(reader.chain_hash(number)?))
    }

    fn entry_hash(&self, seq: u64) -> Result<Option<Hash>> {
        self.store.read(|reader| Ok(reader.entry_hash(seq)?))
    }

    fn tally(&self) -> Result<Option<Tally>> {
        self.store.read(|reader| Ok(reader.tally()?))
    }

    fn commit(&mut self, change: &Change) -> Result<()> {
        let redraw = &mut self.redraw;
        let touched = self.store.commit(|writer| -> Result<_, StoreFault> {
            let mut touched = writer.take_change(change)?;
            redraw(writer, &mut touched)?;
            Ok(touched)
        })?;
        if touched.is_redacted
            && let Err(fault) = self.store.shred()
        {
            tracing::warn!(%fault, "What was redacted is in the log of the file until the next time");
        }
        Ok(())
    }
}

impl Writer {
    fn take_change(&mut self, change: &Change) -> Result<Touched, StoreFault> {
        let mut touched = Touched::default();
        match change {
            Change::Page {
                entries,
                durable_seq,
            } => self.take_page(entries, *durable_seq, &mut touched)?,
            Change::Part { entries } => self.take_part(entries, &mut touched)?,
            Change::Draw { n_max } => self.draw_next(*n_max, &mut touched)?,
            Change::DrawAnew => self.draw_anew()?,
            Change::Durable { seq } => self.set_position("durable_seq", *seq)?,
            Change::Rewind { epoch, to } => self.take_back(*epoch, *to, &mut touched)?,
            Change::Recalled { envelopes } => self.take_recalled(envelopes, &mut touched)?,
            Change::Quarantined => self.quarantine(0)?,
            Change::Enrolled { desk } => self.take_number(desk)?,
        }
        Ok(touched)
    }

    fn take_page(
        &mut self,
        entries: &[Entry],
        durable_seq: u64,
        touched: &mut Touched,
    ) -> Result<(), StoreFault> {
        let position = self.sync_position()?;
        let follows = wire::verify_page(position.cursor, position.epoch, entries);
        let end = follows.map_err(anyhow::Error::from)?;
        for entry in entries {
            let body = entry.read().ok();
            self.take_entry(entry, body.as_ref(), &position, touched)?;
            if let Some(origin) = &entry.origin {
                let state = state_of(body.as_ref());
                self.answer(&origin.id, entry.seq, state, touched)?;
            }
            if !entry.subject.is_empty() {
                touched.subjects.insert(entry.subject.clone());
            }
        }
        self.set_position("durable_seq", durable_seq)?;
        self.set_cursor(end)
    }

    /// What the entries touch is drawn later, but for what this desk's own intents are about.
    fn take_part(&mut self, part: &Verified, touched: &mut Touched) -> Result<(), StoreFault> {
        let position = self.sync_position()?;
        if part.after() != position.cursor {
            return Err(anyhow::anyhow!("A part follows from where the desk stands").into());
        }
        let waiting = self.waiting_ids()?;
        let waited_for: BTreeSet<&String> = waiting.values().collect();
        let mut last_noted = "";
        for entry in part.entries() {
            let body = entry.read().ok();
            self.take_entry(entry, body.as_ref(), &position, touched)?;
            let answered = entry.origin.as_ref();
            if let Some(own) = answered.filter(|origin| waiting.contains_key(&origin.id)) {
                let state = state_of(body.as_ref());
                self.answer(&own.id, entry.seq, state, touched)?;
            }
            let subject = &entry.subject;
            if subject.is_empty() {
                continue;
            }
            if waited_for.contains(subject) {
                touched.subjects.insert(subject.clone());
            }
            if subject != last_noted {
                self.note_undrawn(subject)?;
                last_noted = subject;
            }
            touched.taken.push(TakenEntry {
                subject: subject.clone(),
                hash: entry.hash,
                body,
            });
        }
        self.set_cursor(part.end())
    }

    /// The next that parts have touched; with the last of them all is drawn.
    fn draw_next(&mut self, n_max: usize, touched: &mut Touched) -> Result<(), StoreFault> {
        for subject in self.undrawn(n_max.max(1))? {
            self.note_drawn(&subject)?;
            touched.subjects.insert(subject);
        }
        Ok(())
    }

    /// `body`: `None` for what is not known yet; it is kept as it came, and read after the next update.
    fn take_entry(
        &mut self,
        entry: &Entry,
        body: Option<&EntryBody>,
        position: &Position,
        touched: &mut Touched,
    ) -> Result<(), StoreFault> {
        self.put_entry(entry, task_of(body))?;
        match body {
            Some(EntryBody::ReferenceChanged { .. }) => touched.references = true,
            Some(EntryBody::Redacted(redaction)) => {
                for subject in &redaction.subjects {
                    self.redact(subject, entry.seq)?;
                    self.forget_put_away(&subject.id)?;
                    touched.subjects.insert(subject.id.clone());
                }
                touched.is_redacted = true;
            }
            Some(EntryBody::DeskQuarantined { desk, .. })
                if Some(desk) == position.desk.as_ref() =>
            {
                self.quarantine(entry.seq)?;
            }
            Some(_) | None => {}
        }
        Ok(())
    }

    fn set_cursor(&mut self, end: Cursor) -> Result<(), StoreFault> {
        let sql = "UPDATE sync_position SET seq = ?1, hash = ?2 WHERE one = 1";
        let mut statement = self.connection().prepare_cached(sql)?;
        statement.execute(params![end.seq, end.hash.0])?;
        Ok(())
    }

    /// Notes the answer to an intent of this desk; one of another desk is none of its rows.
    fn answer(
        &mut self,
        id: &str,
        seq: u64,
        state: &str,
        touched: &mut Touched,
    ) -> Result<(), StoreFault> {
        let sql = "UPDATE intent SET state = ?2, answered_seq = ?3
                   WHERE id = ?1 AND answered_seq = 0 RETURNING subject_id";
        let mut statement = self.connection().prepare_cached(sql)?;
        let subjects = statement.query_map(params![id, state, seq], |row| row.get(0))?;
        for subject in subjects {
            touched.subjects.insert(subject?);
        }
        Ok(())
    }

    /// Takes out what the center has lost; what it answered waits again.
    fn take_back(
        &mut self,
        epoch: u64,
        to: Cursor,
        touched: &mut Touched,
    ) -> Result<(), StoreFault> {
        self.delete_after(to.seq, touched)?;
        let sql = "UPDATE sync_position
                   SET epoch = ?1, seq = ?2, hash = ?3, durable_seq = min(durable_seq, ?2),
                       quarantined_seq = CASE WHEN quarantined_seq = 0 OR quarantined_seq > ?2
                                              THEN -1 ELSE quarantined_seq END
                   WHERE one = 1";
        self.connection()
            .prepare_cached(sql)?
            .execute(params![epoch, to.seq, to.hash.0])?;
        self.ask_again_for_blobs()?;
        self.chain_up_unchained()
    }

    fn delete_after(&mut self, seq: u64, touched: &mut Touched) -> Result<(), StoreFault> {
        let connection = self.connection();
        let sql = "DELETE FROM feed_entry WHERE seq > ?1 RETURNING subject, intent_id";
        let mut statement = connection.prepare_cached(sql)?;
        let taken = statement.query_map([seq], |row| {
            Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?))
        })?;
        for row in taken {
            let (subject, intent_id) = row?;
            touched.references |= subject.is_empty() && intent_id.is_empty();
            if !subject.is_empty() {
                touched.subjects.insert(subject);
            }
        }
        let sql = "UPDATE intent SET state = 'waiting', answered_seq = 0
                   WHERE answered_seq > ?1 AND answered_seq > 0 RETURNING subject_id";
        let mut statement = connection.prepare_cached(sql)?;
        let again = statement.query_map([seq], |row| row.get(0))?;
        for subject in again {
            touched.subjects.insert(subject?);
        }
        Ok(())
    }

    /// Its own intents, which the desk had lost. One may stand in the chain again that was answered
    /// long ago, when the desk had another number or the center another past: that answer is in the
    /// feed and does not come again.
    fn take_recalled(
        &mut self,
        envelopes: &[Envelope],
        touched: &mut Touched,
    ) -> Result<(), StoreFault> {
        let mut kept = Vec::new();
        for envelope in envelopes {
            touched.subjects.insert(envelope.subject.clone());
            if let Some(desk_seq) = self.own_number(&envelope.id)? {
                // It has it, from an earlier chain.
                self.chain_up(desk_seq, envelope.clone())?;
                continue;
            }
            let head = self.own_head()?;
            let own = Envelope {
                number: head.number + 1,
                previous_hash: head.hash,
                ..envelope.clone()
            };
            self.keep_envelope(own.sealed())?;
            kept.push(envelope.id.as_str());
        }
        for entry in self.answers_to(&kept)? {
            let state = state_of(entry.read().ok().as_ref());
            if let Some(origin) = &entry.origin {
                self.answer(&origin.id, entry.seq, state, touched)?;
            }
        }
        Ok(())
    }

    fn own_number(&self, id: &str) -> Result<Option<u64>, StoreFault> {
        let sql = "SELECT desk_seq FROM intent WHERE id = ?1";
        let mut statement = self.connection().prepare_cached(sql)?;
        Ok(statement.query_row([id], |row| row.get(0)).optional()?)
    }

    fn quarantine(&mut self, seq: u64) -> Result<(), StoreFault> {
        let sql = "UPDATE sync_position SET quarantined_seq = max(quarantined_seq, ?1)
                   WHERE one = 1";
        self.connection().prepare_cached(sql)?.execute([seq])?;
        Ok(())
    }

    /// 登记: a new number; where the desk had another, a new chain with what still waits.
    fn take_number(&mut self, desk: &DeskId) -> Result<(), StoreFault> {
        let is_first = self.sync_position()?.desk.is_none();
        self.set_meta(MetaKey::DeskCode, desk.code())?;
        let sql = "UPDATE sync_position SET desk = ?1, quarantined_seq = -1 WHERE one = 1";
        self.connection().prepare_cached(sql)?.execute([&desk.0])?;
        if is_first {
            return Ok(());
        }
        self.connection().execute("DELETE FROM chain", [])?;
        self.chain_up_unchained()
    }

    /// Puts every intent that waits and stands in no chain at the end of the one that is pushed.
    fn chain_up_unchained(&mut self) -> Result<(), StoreFault> {
        let sql = format!(
            "SELECT {ENVELOPE_COLUMNS} FROM intent
             WHERE state = 'waiting'
               AND NOT EXISTS (SELECT 1 FROM chain WHERE chain.desk_seq = intent.desk_seq)
             ORDER BY intent.desk_seq"
        );
        let envelopes: Vec<Envelope> = {
            let mut statement = self.connection().prepare_cached(&sql)?;
            let envelopes = statement.query_map([], read_envelope)?;
            envelopes.collect::<rusqlite::Result<_>>()?
        };
        for envelope in envelopes {
            self.chain_up(envelope.number, envelope)?;
        }
        Ok(())
    }

    fn set_position(&mut self, column: &'static str, value: u64) -> Result<(), StoreFault> {
        let sql = format!("UPDATE sync_position SET {column} = ?1 WHERE one = 1");
        self.connection().prepare_cached(&sql)?.execute([value])?;
        Ok(())
    }
}

/// What an entry is to people; one that cannot be read yet is a task too.
fn task_of(body: Option<&EntryBody>) -> Option<TaskKind> {
    let Some(body) = body else {
        return Some(TaskKind::ToSettle);
    };
    let is_odd = match body {
        EntryBody::Refused(_) => true,
        EntryBody::Accepted(accepted) | EntryBody::Redirected { accepted, .. } => {
            !accepted.flags.is_empty() || matches!(body, EntryBody::Redirected { .. })
        }
        EntryBody::LateFact(_)
        | EntryBody::Parked(_)
        | EntryBody::Recovered { .. }
        | EntryBody::ReferenceChanged { .. }
        | EntryBody::DeskEnrolled { .. }
        | EntryBody::DeskQuarantined { .. }
        | EntryBody::EpochBegan { .. }
        | EntryBody::Redacted(_) => false,
    };
    if body.is_task() {
        Some(TaskKind::ToSettle)
    } else {
        is_odd.then_some(TaskKind::ToKnow)
    }
}

/// The state of an intent by the entry that answers it.
fn state_of(body: Option<&EntryBody>) -> &'static str {
    match body {
        Some(EntryBody::Accepted(_) | EntryBody::Redirected { .. }) => "accepted",
        Some(EntryBody::Refused(_)) => "refused",
        Some(EntryBody::LateFact(_)) => "late",
        Some(EntryBody::Parked(_)) => "parked",
        Some(EntryBody::Recovered { .. }) => "recovered",
        Some(
            EntryBody::ReferenceChanged { .. }
            | EntryBody::DeskEnrolled { .. }
            | EntryBody::DeskQuarantined { .. }
            | EntryBody::EpochBegan { .. }
            | EntryBody::Redacted(_),
        )
        | None => "unread",
    }
}
