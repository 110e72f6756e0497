//! The ledger in its tables.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, ensure};
use chrono::DateTime;
use domain::ActorId;
use rusqlite::{Connection, OptionalExtension as _, Row, params};
use wire::{Cover, Cursor, DeskId, Entry, Envelope, Hash, Head, NoCover, Origin, Stream};

use super::{Change, Shared, SqliteRecords};
use crate::ledger::{
    Batch, DeskRecord, Enrolment, Epoch, Feed, IntentPlace, Ledger, OrderKey, n_within,
};

const ENTRY_COLUMNS: &str = "seq, epoch, recorded_at, subject, desk, number, intent_id,
    intent_hash, kind, actor_id, body, cover, previous_hash, hash";

const STORY: &str = "WHERE subject = ?1 AND subject <> '' ORDER BY seq";
const NEWS: &str = "WHERE subject = '' AND intent_id = '' ORDER BY seq";
const PAGE: &str = "WHERE seq > ?1 ORDER BY seq LIMIT ?2";
const INTENT: &str = "SELECT max((SELECT coalesce(max(seq), -1) FROM intent WHERE id = ?1),
                                 (SELECT coalesce(max(seq), -1) FROM branch_intent WHERE id = ?1))";
const CALLED: &str = "SELECT envelope FROM intent WHERE id = ?1
                      UNION ALL SELECT envelope FROM branch_intent WHERE id = ?1";
const CHAIN: &str = "SELECT envelope FROM intent WHERE desk = ?1 AND number > ?2
                     ORDER BY number LIMIT ?3";
const NUMBERED: &str = "SELECT subject FROM order_key WHERE number = ?1 ORDER BY n";
const OF_PHONE: &str = "SELECT subject FROM order_key WHERE phone = ?1 AND phone <> ''
                        ORDER BY n DESC LIMIT ?2";

/// How long it is tried to take what was overwritten off the disk, and after how long again.
const SHRED_WITHIN: Duration = Duration::from_secs(5);
const SHRED_AGAIN: Duration = Duration::from_millis(20);

/// The center's database, open.
#[derive(Debug)]
pub struct SqliteLedger {
    connection: Shared,
}

impl SqliteLedger {
    /// Opens the file, creating it where it is missing.
    pub fn open(path: &Path) -> Result<Self> {
        let connection = Shared::open(path)?;
        Ok(Self { connection })
    }

    /// Opens the file to read beside the one that writes.
    pub fn open_reader(path: &Path) -> Result<Self> {
        let connection = Shared::open(path)?;
        connection.lock().execute_batch("PRAGMA query_only = ON;")?;
        Ok(Self { connection })
    }

    /// The records in the same file, over the same connection.
    pub fn records(&self) -> SqliteRecords {
        SqliteRecords {
            connection: self.connection.clone(),
        }
    }

    fn entries(&self, sql: &str, parameters: impl rusqlite::Params) -> Result<Vec<Entry>> {
        let sql = format!("SELECT {ENTRY_COLUMNS} FROM entry {sql}");
        let connection = self.connection.lock();
        let mut statement = connection.prepare_cached(&sql)?;
        let entries = statement.query_map(parameters, read_entry)?;
        Ok(entries.collect::<rusqlite::Result<_>>()?)
    }

    fn subjects(&self, sql: &str, parameters: impl rusqlite::Params) -> Result<Vec<String>> {
        let connection = self.connection.lock();
        let mut statement = connection.prepare_cached(sql)?;
        let subjects = statement.query_map(parameters, |row| row.get(0))?;
        Ok(subjects.collect::<rusqlite::Result<_>>()?)
    }

    fn one<T>(
        &self,
        sql: &str,
        parameters: impl rusqlite::Params,
        read: impl FnOnce(&Row<'_>) -> rusqlite::Result<T>,
    ) -> Result<Option<T>> {
        one(&self.connection.lock(), sql, parameters, read)
    }
}

impl Ledger for SqliteLedger {
    fn feed(&self) -> Result<Feed> {
        feed_of(&self.connection.lock())
    }

    fn epochs(&self) -> Result<Vec<Epoch>> {
        let sql = "SELECT number, from_seq, began_at, reason FROM epoch ORDER BY number";
        let connection = self.connection.lock();
        let mut statement = connection.prepare_cached(sql)?;
        let epochs = statement.query_map([], |row| {
            Ok(Epoch {
                number: row.get("number")?,
                from_seq: row.get("from_seq")?,
                began_at: at(row.get("began_at")?)?,
                reason: row.get("reason")?,
            })
        })?;
        Ok(epochs.collect::<rusqlite::Result<_>>()?)
    }

    fn entries_after(&self, seq: u64, n_max: usize, bytes_max: usize) -> Result<Vec<Entry>> {
        let sql = format!("SELECT {ENTRY_COLUMNS} FROM entry {PAGE}");
        let connection = self.connection.lock();
        let mut statement = connection.prepare_cached(&sql)?;
        let mut rows = statement.query(params![seq, n_max])?;
        let (mut entries, mut n_bytes) = (Vec::new(), 0_usize);
        while let Some(row) = rows.next()? {
            let entry = read_entry(row)?;
            n_bytes = n_bytes.saturating_add(entry.body.len().max(1));
            if n_bytes > bytes_max && !entries.is_empty() {
                break;
            }
            entries.push(entry);
        }
        Ok(entries)
    }

    fn entry_hash(&self, seq: u64) -> Result<Option<Hash>> {
        let sql = "SELECT hash FROM entry WHERE seq = ?1";
        self.one(sql, [seq], |row| Ok(Hash(row.get(0)?)))
    }

    fn story_of(&self, subject: &str) -> Result<Vec<Entry>> {
        self.entries(STORY, [subject])
    }

    fn news(&self) -> Result<Vec<Entry>> {
        self.entries(NEWS, [])
    }

    fn desk(&self, id: &DeskId) -> Result<Option<DeskRecord>> {
        let sql = "SELECT id, number, hash, forked_at, is_revoked, machine FROM desk
                   WHERE id = ?1";
        self.one(sql, [&id.0], read_desk)
    }

    fn desks(&self) -> Result<Vec<DeskRecord>> {
        let sql = "SELECT id, number, hash, forked_at, is_revoked, machine FROM desk ORDER BY id";
        let connection = self.connection.lock();
        let mut statement = connection.prepare_cached(sql)?;
        let desks = statement.query_map([], read_desk)?;
        Ok(desks.collect::<rusqlite::Result<_>>()?)
    }

    fn intent(&self, id: &str) -> Result<Option<IntentPlace>> {
        // -1 for one that was never heard of; its seq may be 0.
        let seq = self.one(INTENT, [id], |row| row.get::<_, i64>(0))?;
        let seq = seq.and_then(|seq| u64::try_from(seq).ok());
        Ok(seq.map(|seq| IntentPlace { seq }))
    }

    fn intent_hash(&self, desk: &DeskId, number: u64) -> Result<Option<Hash>> {
        let sql = "SELECT hash FROM intent WHERE desk = ?1 AND number = ?2";
        self.one(sql, params![desk.0, number], |row| Ok(Hash(row.get(0)?)))
    }

    fn intents_after(
        &self,
        desk: &DeskId,
        number: u64,
        n_max: usize,
        bytes_max: usize,
    ) -> Result<Vec<Envelope>> {
        let connection = self.connection.lock();
        let mut statement = connection.prepare_cached(CHAIN)?;
        let texts = statement.query_map(params![desk.0, number, n_max], |row| {
            row.get::<_, String>(0)
        })?;
        let mut envelopes: Vec<Envelope> = Vec::new();
        for text in texts {
            envelopes.push(serde_json::from_str(&text?).context("Reading an intent")?);
        }
        let n = n_within(envelopes.iter().map(|it| it.command.len()), bytes_max);
        envelopes.truncate(n);
        Ok(envelopes)
    }

    fn intents_called(&self, id: &str) -> Result<Vec<Envelope>> {
        let texts = self.subjects(CALLED, [id])?;
        let envelopes = texts.iter().map(|text| serde_json::from_str(text));
        envelopes
            .collect::<Result<_, _>>()
            .context("Reading an intent")
    }

    fn enrolment(&self, code_hash: Hash) -> Result<Option<Enrolment>> {
        let sql = "SELECT desk FROM enrolment WHERE code_hash = ?1";
        let desk = self.one(sql, [code_hash.0], |row| row.get::<_, String>(0))?;
        Ok(desk.map(|desk| Enrolment {
            code_hash,
            desk: (!desk.is_empty()).then_some(DeskId(desk)),
        }))
    }

    fn orders_numbered(&self, number: &str) -> Result<Vec<String>> {
        self.subjects(NUMBERED, [number])
    }

    fn orders_of_phone(&self, phone: &str, n_max: usize) -> Result<Vec<String>> {
        self.subjects(OF_PHONE, params![phone, n_max])
    }

    fn begin(&self) -> Result<()> {
        Ok(super::begin(&self.connection.lock())?)
    }

    fn give_up(&self) {
        // One that cannot be rolled back now is when the next begins.
        drop(super::roll_back(&self.connection.lock()));
    }

    fn commit(&mut self, batch: &Batch) -> Result<()> {
        let connection = self.connection.lock();
        let transaction = Change::go_on(&connection)?;
        let feed = feed_of(&transaction)?;
        ensure!(batch.after == feed.end, "The feed has gone on meanwhile");
        if let Some(epoch) = &batch.epoch {
            transaction.execute(
                "INSERT INTO epoch (number, from_seq, began_at, reason) VALUES (?1, ?2, ?3, ?4)",
                params![
                    epoch.number,
                    epoch.from_seq,
                    epoch.began_at.timestamp_millis(),
                    epoch.reason
                ],
            )?;
        }
        for entry in &batch.entries {
            put_entry(&transaction, entry)?;
        }
        let mut ends: BTreeMap<&DeskId, u64> = BTreeMap::new();
        for intent in &batch.chain {
            let envelope = intent.kept.envelope();
            let last = match ends.get(&envelope.desk) {
                Some(last) => *last,
                None => last_number(&transaction, &envelope.desk)?,
            };
            ensure!(envelope.number == last + 1, "A chain has no gap");
            ends.insert(&envelope.desk, envelope.number);
            let sql = "INSERT INTO intent (desk, number, id, seq, hash, envelope)
                       VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
            transaction.prepare_cached(sql)?.execute(params![
                envelope.desk.0,
                envelope.number,
                envelope.id,
                intent.seq,
                envelope.hash.0,
                intent.kept.text()
            ])?;
        }
        for intent in &batch.branch {
            let sql = "INSERT INTO branch_intent (id, seq, envelope) VALUES (?1, ?2, ?3)";
            let text = serde_json::to_string(&intent.envelope)?;
            let mut statement = transaction.prepare_cached(sql)?;
            statement.execute(params![intent.envelope.id, intent.seq, text])?;
        }
        for desk in &batch.desks {
            let sql = "INSERT INTO desk (id, number, hash, forked_at, is_revoked, machine)
                       VALUES (?1, ?2, ?3, ?4, ?5, ?6)
                       ON CONFLICT (id) DO UPDATE SET number = excluded.number,
                           hash = excluded.hash, forked_at = excluded.forked_at,
                           is_revoked = excluded.is_revoked, machine = excluded.machine";
            transaction.prepare_cached(sql)?.execute(params![
                desk.id.0,
                desk.head.number,
                desk.head.hash.0,
                desk.forked_at.unwrap_or(0),
                desk.is_revoked,
                desk.machine
            ])?;
        }
        for enrolment in &batch.enrolments {
            let desk = enrolment.desk.as_ref().map_or("", |desk| desk.0.as_str());
            let sql = "INSERT INTO enrolment (code_hash, desk) VALUES (?1, ?2)
                       ON CONFLICT (code_hash) DO UPDATE SET desk = excluded.desk";
            let mut statement = transaction.prepare_cached(sql)?;
            statement.execute(params![enrolment.code_hash.0, desk])?;
        }
        for subject in &batch.unkeyed {
            let sql = "UPDATE order_key SET phone = '' WHERE subject = ?1";
            transaction.prepare_cached(sql)?.execute([subject])?;
        }
        for key in &batch.orders {
            put_order_key(&transaction, key)?;
        }
        if let Some(seq) = batch.durable_seq {
            transaction.execute("UPDATE durable SET seq = ?1", [seq])?;
        }
        for entry in &batch.redacted {
            let sql = "UPDATE entry SET body = ?2, cover = ?3 WHERE seq = ?1 AND hash = ?4";
            let cover = entry.cover.to_string();
            let n = transaction.prepare_cached(sql)?.execute(params![
                entry.seq,
                entry.body,
                cover,
                entry.hash.0
            ])?;
            ensure!(n == 1, "No entry {} to redact", entry.seq);
        }
        for envelope in &batch.redacted_intents {
            let text = serde_json::to_string(envelope)?;
            let sql = "UPDATE intent SET envelope = ?3 WHERE desk = ?1 AND number = ?2 AND id = ?4";
            transaction.prepare_cached(sql)?.execute(params![
                envelope.desk.0,
                envelope.number,
                text,
                envelope.id
            ])?;
            let sql = "UPDATE branch_intent SET envelope = ?2
                       WHERE id = ?1 AND json_extract(envelope, '$.desk') = ?3";
            let mut statement = transaction.prepare_cached(sql)?;
            statement.execute(params![envelope.id, text, envelope.desk.0])?;
        }
        transaction.commit()?;
        Ok(())
    }

    /// What was overwritten is zeroed in the file (`secure_delete`); here the log goes too.
    fn shred(&mut self) -> Result<()> {
        let connection = self.connection.lock();
        let sql = "PRAGMA wal_checkpoint(TRUNCATE)";
        let began = Instant::now();
        loop {
            let is_busy: bool = connection.query_row(sql, [], |row| row.get(0))?;
            if !is_busy {
                return Ok(());
            }
            // For readers SQLite has waited; for the mover of the log it does not.
            ensure!(
                began.elapsed() < SHRED_WITHIN,
                "Somebody reads what was before; it is in the log still"
            );
            std::thread::sleep(SHRED_AGAIN);
        }
    }
}

fn feed_of(connection: &Connection) -> Result<Feed> {
    let sql = "SELECT seq, hash FROM entry ORDER BY seq DESC LIMIT 1";
    let end = one(connection, sql, [], |row| {
        Ok(Cursor {
            seq: row.get("seq")?,
            hash: Hash(row.get("hash")?),
        })
    })?;
    let sql = "SELECT number FROM epoch ORDER BY number DESC LIMIT 1";
    let epoch = one(connection, sql, [], |row| row.get(0))?;
    let durable_seq = one(connection, "SELECT seq FROM durable", [], |row| row.get(0))?;
    Ok(Feed {
        epoch: epoch.unwrap_or(0),
        end: end.unwrap_or(Cursor::START),
        durable_seq: durable_seq.unwrap_or(0),
    })
}

fn one<T>(
    connection: &Connection,
    sql: &str,
    parameters: impl rusqlite::Params,
    read: impl FnOnce(&Row<'_>) -> rusqlite::Result<T>,
) -> Result<Option<T>> {
    let mut statement = connection.prepare_cached(sql)?;
    Ok(statement.query_row(parameters, read).optional()?)
}

fn put_entry(connection: &Connection, entry: &Entry) -> Result<()> {
    let sql = "INSERT INTO entry (seq, epoch, recorded_at, subject, desk, number, intent_id,
                                  intent_hash, kind, actor_id, body, previous_hash, hash, cover)
               VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)";
    let origin = entry.origin.as_ref();
    connection.prepare_cached(sql)?.execute(params![
        entry.seq,
        entry.epoch,
        entry.recorded_at.timestamp_millis(),
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
        entry.cover.to_string()
    ])?;
    Ok(())
}

/// Where the chain of a desk ends; 0 before it begins.
fn last_number(connection: &Connection, desk: &DeskId) -> Result<u64> {
    let sql = "SELECT number FROM intent WHERE desk = ?1 ORDER BY number DESC LIMIT 1";
    let mut statement = connection.prepare_cached(sql)?;
    let last = statement.query_row([&desk.0], |row| row.get(0));
    Ok(last.optional()?.unwrap_or(0))
}

fn put_order_key(connection: &Connection, key: &OrderKey) -> Result<()> {
    let sql = "INSERT INTO order_key (subject, number, phone) VALUES (?1, ?2, ?3)";
    let mut statement = connection.prepare_cached(sql)?;
    statement.execute(params![key.subject, key.number, key.phone])?;
    Ok(())
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
            actor: ActorId(row.get(9)?),
        })
    };
    Ok(Entry {
        stream: Stream::Work,
        epoch: row.get(1)?,
        seq: row.get(0)?,
        recorded_at: at(row.get(2)?)?,
        subject: row.get(3)?,
        origin,
        body: row.get(10)?,
        cover: cover(&row.get::<_, String>(11)?)?,
        previous_hash: Hash(row.get(12)?),
        hash: Hash(row.get(13)?),
    })
}

fn cover(text: &str) -> rusqlite::Result<Cover> {
    text.parse().map_err(|error: NoCover| {
        rusqlite::Error::FromSqlConversionFailure(0, rusqlite::types::Type::Text, error.into())
    })
}

fn read_desk(row: &Row<'_>) -> rusqlite::Result<DeskRecord> {
    let forked_at: u64 = row.get("forked_at")?;
    Ok(DeskRecord {
        id: DeskId(row.get("id")?),
        head: Head {
            number: row.get("number")?,
            hash: Hash(row.get("hash")?),
        },
        forked_at: (forked_at > 0).then_some(forked_at),
        is_revoked: row.get("is_revoked")?,
        machine: row.get("machine")?,
    })
}

fn at(millis: i64) -> rusqlite::Result<DateTime<chrono::Utc>> {
    DateTime::from_timestamp_millis(millis)
        .ok_or(rusqlite::Error::IntegralValueOutOfRange(0, millis))
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::*;

    #[test]
    fn every_read_goes_by_an_index() {
        let folder = tempfile::tempdir().unwrap();
        let ledger = SqliteLedger::open(&folder.path().join("center.db")).unwrap();
        let entries = [STORY, NEWS, PAGE].map(|which| format!("SELECT body FROM entry {which}"));
        let others = [INTENT, CALLED, CHAIN, NUMBERED, OF_PHONE].map(str::to_owned);
        let mut plans = String::new();
        for sql in entries.iter().chain(&others) {
            let sql = format!("EXPLAIN QUERY PLAN {sql}");
            let connection = ledger.connection.lock();
            let mut statement = connection.prepare(&sql).unwrap();
            let lines = statement
                .raw_query()
                .mapped(|row| row.get::<_, String>("detail"));
            lines.for_each(|line| plans.push_str(&(line.unwrap() + "\n")));
            plans.push('\n');
        }
        expect![[r#"
            SEARCH entry USING INDEX entry_subject (subject=?)

            SCAN entry USING INDEX entry_news

            SEARCH entry USING INTEGER PRIMARY KEY (rowid>?)

            SCAN CONSTANT ROW
            SCALAR SUBQUERY 1
            SEARCH intent USING COVERING INDEX intent_id (id=?)
            SCALAR SUBQUERY 2
            SEARCH branch_intent USING PRIMARY KEY (id=?)

            COMPOUND QUERY
            LEFT-MOST SUBQUERY
            SEARCH intent USING INDEX intent_id (id=?)
            UNION ALL
            SEARCH branch_intent USING PRIMARY KEY (id=?)

            SEARCH intent USING INDEX intent_number (desk=? AND number>?)

            SEARCH order_key USING INDEX order_key_number (number=?)

            SEARCH order_key USING INDEX order_key_phone (phone=?)

        "#]]
        .assert_eq(&plans);
    }
}
