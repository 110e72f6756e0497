//! The center's feed as far as this desk has read it, and the chain in which its intents are pushed.
//!
//! The desk's own chain (`intent`) goes on for ever. The chain that is pushed is the same until the
//! center gives the desk another number; then it begins anew with what still waits, so it stands in
//! a table of its own.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use desk_sync::Position;
use domain::ActorId;
use rusqlite::{OptionalExtension as _, Row, params};
use wire::{Cursor, DeskId, Entry, Envelope, Hash, Head, Origin, Stream};

use crate::columns::{AsMillis, AsText};
use crate::fault::StoreFault;
use crate::intent::{ENVELOPE_COLUMNS, read_envelope};
use crate::store::{Reader, Writer};
use crate::undrawn::IS_UNDRAWN;

/// 待处理 in one list.
pub const TASKS_MAX_LISTED: usize = 500;

pub(crate) const CREATE: &str = "
    CREATE TABLE chain (
        number INTEGER NOT NULL PRIMARY KEY,
        desk_seq INTEGER NOT NULL UNIQUE,
        previous_hash BLOB NOT NULL CHECK (length(previous_hash) = 32),
        hash BLOB NOT NULL CHECK (length(hash) = 32)
    ) STRICT;
    INSERT INTO chain (number, desk_seq, previous_hash, hash)
        SELECT desk_seq, desk_seq, previous_hash, hash FROM intent;
    -- intent_id '': news that answer no intent. is_task: a person has to see to it.
    CREATE TABLE feed_entry (
        seq INTEGER NOT NULL PRIMARY KEY,
        epoch INTEGER NOT NULL,
        recorded_at INTEGER NOT NULL,
        subject TEXT NOT NULL DEFAULT '',
        desk TEXT NOT NULL DEFAULT '',
        number INTEGER NOT NULL DEFAULT 0,
        intent_id TEXT NOT NULL DEFAULT '',
        intent_hash BLOB NOT NULL DEFAULT x'',
        kind TEXT NOT NULL DEFAULT '',
        actor_id TEXT NOT NULL DEFAULT '',
        body TEXT NOT NULL,
        previous_hash BLOB NOT NULL CHECK (length(previous_hash) = 32),
        hash BLOB NOT NULL CHECK (length(hash) = 32),
        is_task INTEGER NOT NULL DEFAULT 0
    ) STRICT;
    CREATE INDEX feed_entry_subject ON feed_entry (subject, seq) WHERE subject <> '';
    CREATE INDEX feed_entry_news ON feed_entry (seq) WHERE subject = '' AND intent_id = '';
    CREATE INDEX feed_entry_task ON feed_entry (seq) WHERE is_task = 1;
    -- desk '': not enrolled. quarantined_seq -1: not in quarantine; 0: told before its entry came.
    CREATE TABLE sync_position (
        one INTEGER NOT NULL PRIMARY KEY CHECK (one = 1),
        desk TEXT NOT NULL DEFAULT '',
        epoch INTEGER NOT NULL DEFAULT 0,
        seq INTEGER NOT NULL DEFAULT 0,
        hash BLOB NOT NULL CHECK (length(hash) = 32),
        durable_seq INTEGER NOT NULL DEFAULT 0,
        quarantined_seq INTEGER NOT NULL DEFAULT -1
    ) STRICT;
    INSERT INTO sync_position (one, hash) VALUES (1, zeroblob(32));
";

/// `is_task` 3: settled by itself, or taken and odd, so that somebody should look. 2: seen to. A rewind
/// takes entries out, so what people settled stands beside them, by what was settled.
pub(crate) const ADD_SETTLEMENT: &str = "
    CREATE TABLE settlement (
        entry_hash BLOB NOT NULL PRIMARY KEY CHECK (length(entry_hash) = 32),
        settled_by TEXT NOT NULL,
        settled_at INTEGER NOT NULL,
        note TEXT NOT NULL
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX feed_entry_noted ON feed_entry (seq) WHERE is_task = 3;
    CREATE TABLE unread_subject (
        id TEXT NOT NULL PRIMARY KEY
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX intent_waiting_at ON intent (occurred_at) WHERE state = 'waiting';
";

/// What parts of a snapshot touched, until it stood in a table of its own (`undrawn`).
pub(crate) const ADD_UNDRAWN: &str = "
    ALTER TABLE sync_position ADD COLUMN undrawn_after INTEGER NOT NULL DEFAULT -1;
    ALTER TABLE sync_position ADD COLUMN drawn_to TEXT NOT NULL DEFAULT '';
";

/// How bodies stand in their hashes.
pub(crate) const ADD_COVER: &str = "
    ALTER TABLE feed_entry ADD COLUMN cover TEXT NOT NULL DEFAULT '';
";

const ENTRY_COLUMNS: &str = "seq, epoch, recorded_at, subject, desk, number, intent_id,
    intent_hash, kind, actor_id, body, cover, previous_hash, hash";

const CONFIRMED: &str = "WHERE subject = ?1 AND subject <> '' ORDER BY seq";
const NEWS: &str = "WHERE subject = '' AND intent_id = '' ORDER BY seq";
const TASKS: &str = "WHERE is_task = 1 ORDER BY seq DESC LIMIT ?1";
const TASKS_OF: &str =
    "WHERE is_task = 1 AND (?2 = '' OR actor_id = ?2) ORDER BY seq DESC LIMIT ?1";
const NOTED_OF: &str =
    "WHERE is_task = 3 AND (?2 = '' OR actor_id = ?2) ORDER BY seq DESC LIMIT ?1";
/// By no index: it is asked only where a desk has lost intents of its own.
const ANSWERS: &str =
    "WHERE intent_id <> '' AND intent_id IN (SELECT value FROM json_each(?1)) ORDER BY seq";
const WAITING: &str = "WHERE subject_id = ?1 AND state = 'waiting' ORDER BY desk_seq";
const AFTER: &str = "WHERE chain.number > ?1";
const UNANSWERED: &str = "WHERE intent.state = 'waiting' AND chain.number > ?1";

fn envelopes_sql(which: &str) -> String {
    format!(
        "SELECT {ENVELOPE_COLUMNS}, chain.number AS number,
                chain.previous_hash AS chain_previous_hash, chain.hash AS chain_hash
         FROM chain JOIN intent ON intent.desk_seq = chain.desk_seq
         {which} ORDER BY chain.number LIMIT ?2"
    )
}

/// Whether a person has to act, or only to know.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TaskKind {
    /// 待处理.
    ToSettle,
    /// 请知悉: settled by itself, or taken and odd.
    ToKnow,
}

/// Whose tasks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TaskScope<'a> {
    All,
    /// Those that came of what this person gave.
    Of(&'a ActorId),
}

impl TaskScope<'_> {
    fn person(&self) -> &str {
        match self {
            Self::All => "",
            Self::Of(person) => &person.0,
        }
    }
}

impl TaskKind {
    fn condition(self) -> &'static str {
        match self {
            Self::ToSettle => TASKS_OF,
            Self::ToKnow => NOTED_OF,
        }
    }
}

/// 已处理: who saw to a task, when, and what they say of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settlement {
    pub by: ActorId,
    pub at: DateTime<Utc>,
    pub note: String,
}

/// 待处理: an entry that a person has to see to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenTask {
    pub entry: Entry,
    /// Whether this desk gave the intent.
    pub is_own: bool,
}

impl Reader {
    /// Where the desk stands in the feed, and where its chain ends.
    pub fn sync_position(&self) -> Result<Position, StoreFault> {
        let sql = format!(
            "SELECT desk, epoch, seq, hash, durable_seq, quarantined_seq,
                    {IS_UNDRAWN} AS is_undrawn
             FROM sync_position WHERE one = 1"
        );
        let mut statement = self.connection().prepare_cached(&sql)?;
        let head = self.chain_head()?;
        Ok(statement.query_row([], |row| {
            let desk: String = row.get("desk")?;
            Ok(Position {
                desk: (!desk.is_empty()).then_some(DeskId(desk)),
                head,
                epoch: row.get("epoch")?,
                cursor: Cursor {
                    seq: row.get("seq")?,
                    hash: Hash(row.get("hash")?),
                },
                durable_seq: row.get("durable_seq")?,
                is_quarantined: row.get::<_, i64>("quarantined_seq")? >= 0,
                is_undrawn: row.get("is_undrawn")?,
            })
        })?)
    }

    pub(crate) fn chain_head(&self) -> Result<Head, StoreFault> {
        let sql = "SELECT number, hash FROM chain ORDER BY number DESC LIMIT 1";
        let mut statement = self.connection().prepare_cached(sql)?;
        let head = statement.query_row([], |row| {
            Ok(Head {
                number: row.get("number")?,
                hash: Hash(row.get("hash")?),
            })
        });
        Ok(head.optional()?.unwrap_or(Head::START))
    }

    /// The intents after `number` as they are pushed, within the limits.
    pub fn envelopes_after(
        &self,
        number: u64,
        n_max: usize,
        bytes_max: usize,
    ) -> Result<Vec<Envelope>, StoreFault> {
        self.envelopes(AFTER, number, (n_max, bytes_max))
    }

    /// The intents that no entry has answered, as they are pushed.
    pub fn unanswered_envelopes(
        &self,
        n_max: usize,
        bytes_max: usize,
    ) -> Result<Vec<Envelope>, StoreFault> {
        self.envelopes(UNANSWERED, 0, (n_max, bytes_max))
    }

    fn envelopes(
        &self,
        which: &str,
        number: u64,
        (n_max, bytes_max): (usize, usize),
    ) -> Result<Vec<Envelope>, StoreFault> {
        let desk = self.sync_position()?.desk;
        let mut statement = self.connection().prepare_cached(&envelopes_sql(which))?;
        let mut rows = statement.query(params![number, n_max])?;
        let (mut envelopes, mut n_bytes) = (Vec::new(), 0_usize);
        while let Some(row) = rows.next()? {
            let envelope = read_envelope(row)?;
            n_bytes = n_bytes.saturating_add(envelope.command.len());
            if n_bytes > bytes_max && !envelopes.is_empty() {
                break;
            }
            envelopes.push(Envelope {
                desk: desk.clone().unwrap_or(DeskId(String::new())),
                number: row.get("number")?,
                previous_hash: Hash(row.get("chain_previous_hash")?),
                hash: Hash(row.get("chain_hash")?),
                ..envelope
            });
        }
        Ok(envelopes)
    }

    /// One subject's intents that no entry has answered, in the order in which they were given.
    pub fn waiting_of(&self, subject: &str) -> Result<Vec<Envelope>, StoreFault> {
        let sql = format!("SELECT {ENVELOPE_COLUMNS} FROM intent {WAITING}");
        let mut statement = self.connection().prepare_cached(&sql)?;
        let envelopes = statement.query_map([subject], read_envelope)?;
        Ok(envelopes.collect::<rusqlite::Result<_>>()?)
    }

    /// An intent of this desk, whatever became of it; `None` for one that is not its own.
    pub fn own_intent(&self, id: &str) -> Result<Option<Envelope>, StoreFault> {
        let sql = format!("SELECT {ENVELOPE_COLUMNS} FROM intent WHERE id = ?1");
        let mut statement = self.connection().prepare_cached(&sql)?;
        Ok(statement.query_row([id], read_envelope).optional()?)
    }

    pub(crate) fn chain_hash(&self, number: u64) -> Result<Option<Hash>, StoreFault> {
        let sql = "SELECT hash FROM chain WHERE number = ?1";
        let mut statement = self.connection().prepare_cached(sql)?;
        let hash = statement.query_row([number], |row| row.get(0));
        Ok(hash.optional()?.map(Hash))
    }

    pub(crate) fn entry_hash(&self, seq: u64) -> Result<Option<Hash>, StoreFault> {
        let sql = "SELECT hash FROM feed_entry WHERE seq = ?1";
        let mut statement = self.connection().prepare_cached(sql)?;
        let hash = statement.query_row([seq], |row| row.get(0));
        Ok(hash.optional()?.map(Hash))
    }

    /// What is confirmed of one subject, in order.
    pub fn confirmed_of(&self, subject: &str) -> Result<Vec<Entry>, StoreFault> {
        self.entries(CONFIRMED, params![subject])
    }

    /// What in the feed here answers these intents.
    pub(crate) fn answers_to(&self, ids: &[&str]) -> Result<Vec<Entry>, StoreFault> {
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        let ids = serde_json::to_string(ids).map_err(anyhow::Error::from)?;
        self.entries(ANSWERS, params![ids])
    }

    /// The news: reference tables among them.
    pub fn news(&self) -> Result<Vec<Entry>, StoreFault> {
        self.entries(NEWS, [])
    }

    /// 待处理, the latest first.
    pub fn open_tasks(&self) -> Result<Vec<OpenTask>, StoreFault> {
        let entries = self.entries(TASKS, params![TASKS_MAX_LISTED])?;
        let sql = "SELECT count(*) FROM intent WHERE id = ?1";
        let mut statement = self.connection().prepare_cached(sql)?;
        let mut tasks = Vec::new();
        for entry in entries {
            let n: u64 = match &entry.origin {
                Some(origin) => statement.query_row([&origin.id], |row| row.get(0))?,
                None => 0,
            };
            let is_own = n > 0;
            tasks.push(OpenTask { entry, is_own });
        }
        Ok(tasks)
    }

    /// What one person, or the shift lead, should see to or know, the latest first.
    pub fn tasks(&self, kind: TaskKind, scope: TaskScope<'_>) -> Result<Vec<Entry>, StoreFault> {
        self.entries(kind.condition(), params![TASKS_MAX_LISTED, scope.person()])
    }

    /// How many of them there are, as far as they are listed.
    pub fn count_tasks(&self, kind: TaskKind, scope: TaskScope<'_>) -> Result<u64, StoreFault> {
        let sql = format!(
            "SELECT count(*) FROM (SELECT 1 FROM feed_entry {})",
            kind.condition()
        );
        let mut statement = self.connection().prepare_cached(&sql)?;
        let parameters = params![TASKS_MAX_LISTED, scope.person()];
        Ok(statement.query_row(parameters, |row| row.get(0))?)
    }

    /// One entry of the feed, as far as it was read.
    pub fn entry(&self, seq: u64) -> Result<Option<Entry>, StoreFault> {
        Ok(self.entries("WHERE seq = ?1", [seq])?.pop())
    }

    /// Whether a person has to see to an entry, or know of it, and has not.
    pub fn is_task_open(&self, seq: u64) -> Result<bool, StoreFault> {
        let sql = "SELECT is_task IN (1, 3) FROM feed_entry WHERE seq = ?1";
        let mut statement = self.connection().prepare_cached(sql)?;
        let is_open = statement.query_row([seq], |row| row.get(0));
        Ok(is_open.optional()?.unwrap_or(false))
    }

    /// 需要升级查看: of which the center has said what this program cannot read.
    pub fn is_unread(&self, subject: &str) -> Result<bool, StoreFault> {
        let sql = "SELECT EXISTS (SELECT 1 FROM unread_subject WHERE id = ?1)";
        let mut statement = self.connection().prepare_cached(sql)?;
        Ok(statement.query_row([subject], |row| row.get(0))?)
    }

    /// When the oldest intent that waits was given.
    pub fn oldest_waiting_at(&self) -> Result<Option<DateTime<Utc>>, StoreFault> {
        let sql = "SELECT occurred_at FROM intent WHERE state = 'waiting'
                   ORDER BY occurred_at LIMIT 1";
        let mut statement = self.connection().prepare_cached(sql)?;
        let at = statement.query_row([], |row| Ok(row.get::<_, AsMillis>(0)?.0));
        Ok(at.optional()?)
    }

    /// What waiting intents are about, each once.
    pub fn waiting_subjects(&self) -> Result<Vec<String>, StoreFault> {
        let sql = "SELECT DISTINCT subject_id FROM intent WHERE state = 'waiting'
                   ORDER BY subject_id";
        self.texts(sql)
    }

    /// The intents that no entry has answered, each with what it is about.
    pub(crate) fn waiting_ids(&self) -> Result<BTreeMap<String, String>, StoreFault> {
        let sql = "SELECT id, subject_id FROM intent WHERE state = 'waiting'";
        let mut statement = self.connection().prepare_cached(sql)?;
        let ids = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
        Ok(ids.collect::<rusqlite::Result<_>>()?)
    }

    /// Everything the feed or an own intent is about, each once: for drawing it all anew.
    pub fn all_subjects(&self) -> Result<Vec<String>, StoreFault> {
        let sql = "SELECT subject FROM feed_entry WHERE subject <> ''
                   UNION SELECT subject_id FROM intent ORDER BY 1";
        self.texts(sql)
    }

    fn texts(&self, sql: &str) -> Result<Vec<String>, StoreFault> {
        let mut statement = self.connection().prepare_cached(sql)?;
        let texts = statement.query_map([], |row| row.get(0))?;
        Ok(texts.collect::<rusqlite::Result<_>>()?)
    }

    pub(crate) fn entries(
        &self,
        which: &str,
        parameters: impl rusqlite::Params,
    ) -> Result<Vec<Entry>, StoreFault> {
        let sql = format!("SELECT {ENTRY_COLUMNS} FROM feed_entry {which}");
        let mut statement = self.connection().prepare_cached(&sql)?;
        let entries = statement.query_map(parameters, read_entry)?;
        Ok(entries.collect::<rusqlite::Result<_>>()?)
    }
}

impl Writer {
    /// Puts an intent at the end of the chain that is pushed.
    pub(crate) fn chain_up(&mut self, desk_seq: u64, envelope: Envelope) -> Result<(), StoreFault> {
        let head = self.chain_head()?;
        let envelope = Envelope {
            number: head.number + 1,
            previous_hash: head.hash,
            ..envelope
        };
        let sql = "INSERT INTO chain (number, desk_seq, previous_hash, hash)
                   VALUES (?1, ?2, ?3, ?4)";
        self.connection().prepare_cached(sql)?.execute(params![
            envelope.number,
            desk_seq,
            envelope.previous_hash.0,
            envelope.computed_hash().0,
        ])?;
        Ok(())
    }

    pub(crate) fn put_entry(
        &mut self,
        entry: &Entry,
        task: Option<TaskKind>,
    ) -> Result<(), StoreFault> {
        let is_task = match task {
            None => 0,
            // It was seen to before the center was put back, and is the same to the letter.
            Some(_) if self.is_settled(entry.hash)? => 2,
            Some(TaskKind::ToSettle) => 1,
            Some(TaskKind::ToKnow) => 3,
        };
        let sql = "INSERT INTO feed_entry (seq, epoch, recorded_at, subject, desk, number,
                                           intent_id, intent_hash, kind, actor_id, body,
                                           previous_hash, hash, is_task, cover)
                   VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)";
        let origin = entry.origin.as_ref();
        self.connection().prepare_cached(sql)?.execute(params![
            entry.seq,
            entry.epoch,
            AsMillis(entry.recorded_at),
            entry.subject,
            origin.map_or("", |it| it.desk.0.as_str()),
            origin.map_or(0, |it| it.number),
            origin.map_or("", |it| it.id.as_str()),
            origin.map_or(&[][..], |it| it.hash.0.as_slice()),
            origin.map_or("", |it| it.kind.as_str()),
            origin.map_or("", |it| it.actor.0.as_str()),
            entry.body,
            entry.previous_hash.0,
            entry.hash.0,
            is_task,
            AsText(entry.cover),
        ])?;
        Ok(())
    }

    /// 已处理: a person has seen to it. Tells whether there was something to see to.
    pub fn settle_task(&mut self, seq: u64, settlement: &Settlement) -> Result<bool, StoreFault> {
        let sql = "UPDATE feed_entry SET is_task = 2 WHERE seq = ?1 AND is_task IN (1, 3)
                   RETURNING hash";
        let mut statement = self.connection().prepare_cached(sql)?;
        let hash = statement.query_row([seq], |row| row.get::<_, [u8; 32]>(0));
        let Some(hash) = hash.optional()? else {
            return Ok(false);
        };
        let sql = "INSERT INTO settlement (entry_hash, settled_by, settled_at, note)
                   VALUES (?1, ?2, ?3, ?4)";
        self.connection().prepare_cached(sql)?.execute(params![
            hash,
            settlement.by.0,
            AsMillis(settlement.at),
            settlement.note,
        ])?;
        Ok(true)
    }

    fn is_settled(&self, hash: Hash) -> Result<bool, StoreFault> {
        let sql = "SELECT EXISTS (SELECT 1 FROM settlement WHERE entry_hash = ?1)";
        let mut statement = self.connection().prepare_cached(sql)?;
        Ok(statement.query_row([hash.0], |row| row.get(0))?)
    }

    /// Notes whether a subject has to wait for an update of the program.
    pub fn mark_unread(&mut self, subject: &str, is_unread: bool) -> Result<(), StoreFault> {
        let sql = if is_unread {
            "INSERT OR IGNORE INTO unread_subject (id) VALUES (?1)"
        } else {
            "DELETE FROM unread_subject WHERE id = ?1"
        };
        self.connection().prepare_cached(sql)?.execute([subject])?;
        Ok(())
    }
}

/// By their places in [`ENTRY_COLUMNS`]: names would be looked for in each of millions of rows.
fn read_entry(row: &Row<'_>) -> rusqlite::Result<Entry> {
    let id: String = row.get(6)?;
    let origin = if id.is_empty() {
        None
    } else {
        Some(Origin {
            desk: DeskId(row.get(4)?),
            number: row.get(5)?,
            id,
            hash: Hash(row.get(7)?),
            kind: row.get(8)?,
            actor: domain::ActorId(row.get(9)?),
        })
    };
    let AsMillis(recorded_at) = row.get(2)?;
    let AsText(cover) = row.get(11)?;
    Ok(Entry {
        stream: Stream::Work,
        epoch: row.get(1)?,
        seq: row.get(0)?,
        recorded_at,
        subject: row.get(3)?,
        origin,
        body: row.get(10)?,
        cover,
        previous_hash: Hash(row.get(12)?),
        hash: Hash(row.get(13)?),
    })
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::*;
    use crate::tests::Desk;

    #[test]
    fn every_read_goes_by_an_index() {
        let desk = Desk::new();
        let plans: String = [
            format!("SELECT {ENTRY_COLUMNS} FROM feed_entry {CONFIRMED}"),
            format!("SELECT {ENTRY_COLUMNS} FROM feed_entry {NEWS}"),
            format!("SELECT {ENTRY_COLUMNS} FROM feed_entry {TASKS}"),
            format!("SELECT {ENTRY_COLUMNS} FROM feed_entry {TASKS_OF}"),
            format!("SELECT {ENTRY_COLUMNS} FROM feed_entry {NOTED_OF}"),
            format!("SELECT {ENVELOPE_COLUMNS} FROM intent {WAITING}"),
            envelopes_sql(AFTER),
            envelopes_sql(UNANSWERED),
        ]
        .iter()
        .map(|sql| desk.plan(sql) + "\n")
        .collect();
        expect![[r#"
            SEARCH feed_entry USING INDEX feed_entry_subject (subject=?)

            SCAN feed_entry USING INDEX feed_entry_news

            SCAN feed_entry USING INDEX feed_entry_task

            SCAN feed_entry USING INDEX feed_entry_task

            SCAN feed_entry USING INDEX feed_entry_noted

            SEARCH intent USING INDEX intent_waiting (subject_id=?)

            SEARCH chain USING INTEGER PRIMARY KEY (rowid>?)
            SEARCH intent USING INTEGER PRIMARY KEY (rowid=?)

            SEARCH chain USING INTEGER PRIMARY KEY (rowid>?)
            SEARCH intent USING INTEGER PRIMARY KEY (rowid=?)

        "#]]
        .assert_eq(&plans);
    }
}
