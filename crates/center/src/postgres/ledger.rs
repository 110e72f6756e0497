//! The tables of the ledger, as in SQLite.

use std::collections::BTreeMap;

use anyhow::{Context as _, Result, ensure};
use chrono::{DateTime, Utc};
use domain::ActorId;
use postgres::Row;
use postgres::types::ToSql;
use wire::{Cursor, DeskId, Entry, Envelope, Hash, Head, Origin, Stream};

use super::PostgresAddress;
use super::link::{Link, Purpose, Work};
use crate::ledger::{
    Batch, BranchIntent, ChainIntent, DeskRecord, Enrolment, Epoch, Feed, IntentPlace, Ledger,
};

pub(super) const CREATE: &str = "
    -- intent_id '': news that answer no intent.
    CREATE TABLE entry (
        seq bigint NOT NULL PRIMARY KEY,
        epoch bigint NOT NULL,
        recorded_at bigint NOT NULL,
        subject text NOT NULL,
        desk text NOT NULL,
        number bigint NOT NULL,
        intent_id text NOT NULL,
        intent_hash bytea NOT NULL,
        kind text NOT NULL,
        actor_id text NOT NULL,
        body text NOT NULL,
        previous_hash bytea NOT NULL CHECK (octet_length(previous_hash) = 32),
        hash bytea NOT NULL CHECK (octet_length(hash) = 32)
    );
    CREATE INDEX entry_subject ON entry (subject, seq) WHERE subject <> '';
    CREATE INDEX entry_news ON entry (seq) WHERE subject = '' AND intent_id = '';
    -- seq 0: answered in another chain.
    CREATE TABLE intent (
        desk text NOT NULL,
        number bigint NOT NULL,
        id text NOT NULL,
        seq bigint NOT NULL,
        hash bytea NOT NULL CHECK (octet_length(hash) = 32),
        command_bytes integer NOT NULL,
        envelope text NOT NULL,
        PRIMARY KEY (desk, number)
    );
    CREATE INDEX intent_id ON intent (id);
    CREATE TABLE branch_intent (
        id text NOT NULL PRIMARY KEY,
        seq bigint NOT NULL,
        envelope text NOT NULL
    );
    -- forked_at 0: not in quarantine.
    CREATE TABLE desk (
        id text COLLATE \"C\" NOT NULL PRIMARY KEY,
        number bigint NOT NULL,
        hash bytea NOT NULL CHECK (octet_length(hash) = 32),
        forked_at bigint NOT NULL,
        is_revoked boolean NOT NULL,
        machine text NOT NULL
    );
    CREATE TABLE enrolment (
        code_hash bytea NOT NULL PRIMARY KEY CHECK (octet_length(code_hash) = 32),
        desk text NOT NULL
    );
    CREATE TABLE epoch (
        number bigint NOT NULL PRIMARY KEY,
        from_seq bigint NOT NULL,
        began_at bigint NOT NULL,
        reason text NOT NULL
    );
    CREATE TABLE order_key (
        n bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        subject text NOT NULL,
        number text NOT NULL,
        phone text NOT NULL
    );
    CREATE INDEX order_key_number ON order_key (number, n);
    CREATE INDEX order_key_phone ON order_key (phone, n) WHERE phone <> '';
    CREATE TABLE durable (
        one integer NOT NULL PRIMARY KEY CHECK (one = 1),
        seq bigint NOT NULL
    );
    INSERT INTO durable (one, seq) VALUES (1, 0);
";

/// As in SQLite.
pub(super) const ADD_COVER: &str = "
    ALTER TABLE entry ADD COLUMN cover text NOT NULL DEFAULT '';
    CREATE INDEX order_key_subject ON order_key (subject);
";

const FEED: &str = "
    SELECT coalesce((SELECT max(number) FROM epoch), 0) AS epoch,
           (SELECT seq FROM durable) AS durable_seq, last.seq, last.hash
    FROM (SELECT 1) AS one
    LEFT JOIN LATERAL (SELECT seq, hash FROM entry ORDER BY seq DESC LIMIT 1) AS last ON true";
// The sizes are summed up before any body is read.
const PAGE: &str = "
    WITH page AS (
        SELECT seq, first_value(seq) OVER (ORDER BY seq) AS first_seq,
               sum(greatest(octet_length(body), 1)) OVER (ORDER BY seq) AS n_bytes
        FROM (SELECT seq, body FROM entry WHERE seq > $1 ORDER BY seq LIMIT $2) AS following
    )
    SELECT entry.* FROM page JOIN entry USING (seq)
    WHERE n_bytes <= $3 OR seq = first_seq ORDER BY seq";
const CHAIN: &str = "
    WITH page AS (
        SELECT desk, number, first_value(number) OVER (ORDER BY number) AS first_number,
               sum(greatest(command_bytes, 1)) OVER (ORDER BY number) AS n_bytes
        FROM (SELECT desk, number, command_bytes FROM intent WHERE desk = $1 AND number > $2
              ORDER BY number LIMIT $3) AS following
    )
    SELECT envelope FROM page JOIN intent USING (desk, number)
    WHERE n_bytes <= $4 OR number = first_number ORDER BY number";
const STORY: &str = "SELECT * FROM entry WHERE subject = $1 AND subject <> '' ORDER BY seq";
const NEWS: &str = "SELECT * FROM entry WHERE subject = '' AND intent_id = '' ORDER BY seq";
const INTENT: &str = "SELECT seq FROM intent WHERE id = $1
                      UNION ALL SELECT seq FROM branch_intent WHERE id = $1
                      ORDER BY seq DESC LIMIT 1";
const CALLED: &str = "SELECT envelope FROM intent WHERE id = $1
                      UNION ALL SELECT envelope FROM branch_intent WHERE id = $1";
const CHAIN_ENDS: &str = "
    SELECT asked.desk, coalesce((SELECT number FROM intent WHERE intent.desk = asked.desk
                                 ORDER BY number DESC LIMIT 1), 0) AS number
    FROM unnest($1::text[]) AS asked (desk)";
const PUT_ENTRIES: &str = "
    INSERT INTO entry (seq, epoch, recorded_at, subject, desk, number, intent_id, intent_hash,
                       kind, actor_id, body, previous_hash, hash, cover)
    SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::text[], $5::text[],
                         $6::bigint[], $7::text[], $8::bytea[], $9::text[], $10::text[],
                         $11::text[], $12::bytea[], $13::bytea[], $14::text[])";
const PUT_CHAIN: &str = "
    INSERT INTO intent (desk, number, id, seq, hash, command_bytes, envelope)
    SELECT * FROM unnest($1::text[], $2::bigint[], $3::text[], $4::bigint[], $5::bytea[],
                         $6::integer[], $7::text[])";
const PUT_BRANCH: &str = "INSERT INTO branch_intent (id, seq, envelope)
                          SELECT * FROM unnest($1::text[], $2::bigint[], $3::text[])";
const PUT_DESKS: &str = "
    INSERT INTO desk (id, number, hash, forked_at, is_revoked, machine)
    SELECT * FROM unnest($1::text[], $2::bigint[], $3::bytea[], $4::bigint[], $5::boolean[],
                         $6::text[])
    ON CONFLICT (id) DO UPDATE SET number = excluded.number, hash = excluded.hash,
        forked_at = excluded.forked_at, is_revoked = excluded.is_revoked,
        machine = excluded.machine";
const PUT_ENROLMENTS: &str = "
    INSERT INTO enrolment (code_hash, desk) SELECT * FROM unnest($1::bytea[], $2::text[])
    ON CONFLICT (code_hash) DO UPDATE SET desk = excluded.desk";
const PUT_ORDER_KEYS: &str = "
    INSERT INTO order_key (subject, number, phone)
    SELECT subject, number, phone
    FROM unnest($1::text[], $2::text[], $3::text[]) WITH ORDINALITY
         AS put (subject, number, phone, place)
    ORDER BY place";

/// The ledger of a county in PostgreSQL.
pub struct PostgresLedger {
    link: Link,
}

impl PostgresLedger {
    /// Connects to write, making the tables where they are missing. There is one on a database: a
    /// second is refused for as long as the first is open.
    pub fn open(address: &PostgresAddress) -> Result<Self> {
        let link = Link::open(address, Purpose::Sequencer)?;
        Ok(Self { link })
    }

    /// Connects to read beside the one that writes.
    pub fn open_reader(address: &PostgresAddress) -> Result<Self> {
        let link = Link::open(address, Purpose::Reader)?;
        Ok(Self { link })
    }

    fn entries(&self, sql: &'static str, parameters: &[&(dyn ToSql + Sync)]) -> Result<Vec<Entry>> {
        let rows = self.link.rows(sql, parameters)?;
        rows.iter().map(read_entry).collect()
    }

    fn subjects(
        &self,
        sql: &'static str,
        parameters: &[&(dyn ToSql + Sync)],
    ) -> Result<Vec<String>> {
        let rows = self.link.rows(sql, parameters)?;
        rows.iter().map(|row| Ok(row.try_get(0)?)).collect()
    }
}

impl Ledger for PostgresLedger {
    fn feed(&self) -> Result<Feed> {
        read_feed(&self.link.rows(FEED, &[])?)
    }

    fn epochs(&self) -> Result<Vec<Epoch>> {
        let sql = "SELECT number, from_seq, began_at, reason FROM epoch ORDER BY number";
        let rows = self.link.rows(sql, &[])?;
        let epochs = rows.iter().map(|row| {
            Ok(Epoch {
                number: unsigned(row, "number")?,
                from_seq: unsigned(row, "from_seq")?,
                began_at: time(row, "began_at")?,
                reason: row.try_get("reason")?,
            })
        });
        epochs.collect()
    }

    fn entries_after(&self, seq: u64, n_max: usize, bytes_max: usize) -> Result<Vec<Entry>> {
        let seq = i64::try_from(seq)?;
        let (n_max, bytes_max) = (most(n_max), most(bytes_max));
        self.entries(PAGE, &[&seq, &n_max, &bytes_max])
    }

    fn entry_hash(&self, seq: u64) -> Result<Option<Hash>> {
        let seq = i64::try_from(seq)?;
        let rows = self
            .link
            .rows("SELECT hash FROM entry WHERE seq = $1", &[&seq])?;
        rows.first().map(|row| hash(row, "hash")).transpose()
    }

    fn story_of(&self, subject: &str) -> Result<Vec<Entry>> {
        self.entries(STORY, &[&subject])
    }

    fn news(&self) -> Result<Vec<Entry>> {
        self.entries(NEWS, &[])
    }

    fn desk(&self, id: &DeskId) -> Result<Option<DeskRecord>> {
        let rows = self
            .link
            .rows("SELECT * FROM desk WHERE id = $1", &[&id.0])?;
        rows.first().map(read_desk).transpose()
    }

    fn desks(&self) -> Result<Vec<DeskRecord>> {
        let rows = self.link.rows("SELECT * FROM desk ORDER BY id", &[])?;
        rows.iter().map(read_desk).collect()
    }

    fn intent(&self, id: &str) -> Result<Option<IntentPlace>> {
        let rows = self.link.rows(INTENT, &[&id])?;
        let place = rows.first().map(|row| {
            let seq = unsigned(row, "seq")?;
            Ok(IntentPlace { seq })
        });
        place.transpose()
    }

    fn intent_hash(&self, desk: &DeskId, number: u64) -> Result<Option<Hash>> {
        let number = i64::try_from(number)?;
        let sql = "SELECT hash FROM intent WHERE desk = $1 AND number = $2";
        let rows = self.link.rows(sql, &[&desk.0, &number])?;
        rows.first().map(|row| hash(row, "hash")).transpose()
    }

    fn intents_after(
        &self,
        desk: &DeskId,
        number: u64,
        n_max: usize,
        bytes_max: usize,
    ) -> Result<Vec<Envelope>> {
        let number = i64::try_from(number)?;
        let (n_max, bytes_max) = (most(n_max), most(bytes_max));
        let rows = self
            .link
            .rows(CHAIN, &[&desk.0, &number, &n_max, &bytes_max])?;
        let envelopes = rows.iter().map(|row| {
            let text: &str = row.try_get("envelope")?;
            serde_json::from_str(text).context("Reading an intent")
        });
        envelopes.collect()
    }

    fn intents_called(&self, id: &str) -> Result<Vec<Envelope>> {
        let texts = self.subjects(CALLED, &[&id])?;
        let envelopes = texts.iter().map(|text| serde_json::from_str(text));
        envelopes
            .collect::<Result<_, _>>()
            .context("Reading an intent")
    }

    fn enrolment(&self, code_hash: Hash) -> Result<Option<Enrolment>> {
        let sql = "SELECT desk FROM enrolment WHERE code_hash = $1";
        let rows = self.link.rows(sql, &[&code_hash.0.as_slice()])?;
        let enrolment = rows.first().map(|row| {
            let desk: String = row.try_get("desk")?;
            let desk = (!desk.is_empty()).then_some(DeskId(desk));
            Ok(Enrolment { code_hash, desk })
        });
        enrolment.transpose()
    }

    fn orders_numbered(&self, number: &str) -> Result<Vec<String>> {
        let sql = "SELECT subject FROM order_key WHERE number = $1 ORDER BY n";
        self.subjects(sql, &[&number])
    }

    fn orders_of_phone(&self, phone: &str, n_max: usize) -> Result<Vec<String>> {
        let sql = "SELECT subject FROM order_key WHERE phone = $1 AND phone <> ''
                   ORDER BY n DESC LIMIT $2";
        self.subjects(sql, &[&phone, &most(n_max)])
    }

    fn commit(&mut self, batch: &Batch) -> Result<()> {
        let done = self.link.transact(|work| {
            let feed = read_feed(&work.rows(FEED, &[])?)?;
            ensure!(batch.after == feed.end, "The feed has gone on meanwhile");
            put_epoch(work, batch.epoch.as_ref())?;
            put_entries(work, &batch.entries)?;
            put_chain(work, &batch.chain)?;
            put_branch(work, &batch.branch)?;
            put_desks(work, &batch.desks)?;
            put_enrolments(work, &batch.enrolments)?;
            put_order_keys(work, batch)?;
            redact(work, batch)?;
            if let Some(seq) = batch.durable_seq {
                work.execute("UPDATE durable SET seq = $1", &[&i64::try_from(seq)?])?;
            }
            Ok(Some(()))
        })?;
        done.context("Nothing was committed")
    }

    /// A row that was overwritten is on the disk until its table is written anew. Nobody reads or writes
    /// it meanwhile.
    fn shred(&mut self) -> Result<()> {
        let sql = "VACUUM FULL entry, intent, branch_intent, order_key";
        self.link.alone(sql)
    }
}

fn redact(work: &mut Work<'_>, batch: &Batch) -> Result<()> {
    for entry in &batch.redacted {
        let sql =
            "UPDATE entry SET body = $2, cover = $3 WHERE seq = $1 AND hash = $4 RETURNING seq";
        let seq = i64::try_from(entry.seq)?;
        let (cover, hash) = (entry.cover.to_string(), entry.hash.0.as_slice());
        let rows = work.rows(sql, &[&seq, &entry.body, &cover, &hash])?;
        ensure!(rows.len() == 1, "No entry {seq} to redact");
    }
    for envelope in &batch.redacted_intents {
        let text = serde_json::to_string(envelope)?;
        let number = i64::try_from(envelope.number)?;
        let sql = "UPDATE intent SET envelope = $3 WHERE desk = $1 AND number = $2 AND id = $4";
        work.execute(sql, &[&envelope.desk.0, &number, &text, &envelope.id])?;
        let sql = "UPDATE branch_intent SET envelope = $2
                   WHERE id = $1 AND envelope::json ->> 'desk' = $3";
        work.execute(sql, &[&envelope.id, &text, &envelope.desk.0])?;
    }
    Ok(())
}

fn put_epoch(work: &mut Work<'_>, epoch: Option<&Epoch>) -> Result<()> {
    let Some(epoch) = epoch else { return Ok(()) };
    let sql = "INSERT INTO epoch (number, from_seq, began_at, reason) VALUES ($1, $2, $3, $4)";
    let (number, from_seq) = (i64::try_from(epoch.number)?, i64::try_from(epoch.from_seq)?);
    let began_at = epoch.began_at.timestamp_millis();
    work.execute(sql, &[&number, &from_seq, &began_at, &epoch.reason])
}

fn put_entries(work: &mut Work<'_>, entries: &[Entry]) -> Result<()> {
    if entries.is_empty() {
        return Ok(());
    }
    let origins: Vec<Option<&Origin>> = each(entries, |entry| entry.origin.as_ref());
    let of_origin = |read: fn(&Origin) -> &str| -> Vec<&str> {
        each(&origins, |origin| origin.map_or("", read))
    };
    let covers: Vec<String> = each(entries, |entry| entry.cover.to_string());
    let parameters: [&(dyn ToSql + Sync); 14] = [
        &signed(entries.iter().map(|entry| entry.seq))?,
        &signed(entries.iter().map(|entry| entry.epoch))?,
        &each(entries, |entry| entry.recorded_at.timestamp_millis()),
        &each(entries, |entry| entry.subject.as_str()),
        &of_origin(|it| &it.desk.0),
        &signed(origins.iter().map(|it| it.map_or(0, |it| it.number)))?,
        &of_origin(|it| &it.id),
        &each(&origins, |it| it.map_or(&[][..], |it| it.hash.0.as_slice())),
        &of_origin(|it| &it.kind),
        &of_origin(|it| &it.actor.0),
        &each(entries, |entry| entry.body.as_str()),
        &each(entries, |entry| entry.previous_hash.0.as_slice()),
        &each(entries, |entry| entry.hash.0.as_slice()),
        &covers,
    ];
    work.execute(PUT_ENTRIES, &parameters)
}

fn put_chain(work: &mut Work<'_>, chain: &[ChainIntent]) -> Result<()> {
    if chain.is_empty() {
        return Ok(());
    }
    let mut ends: BTreeMap<&str, u64> = BTreeMap::new();
    for intent in chain {
        ends.insert(&intent.kept.envelope().desk.0, 0);
    }
    let desks: Vec<&str> = ends.keys().copied().collect();
    for row in work.rows(CHAIN_ENDS, &[&desks])? {
        let desk: &str = row.try_get("desk")?;
        if let Some(end) = ends.get_mut(desk) {
            *end = unsigned(&row, "number")?;
        }
    }
    for Envelope { desk, number, .. } in chain.iter().map(|it| it.kept.envelope()) {
        let end = ends.entry(&desk.0).or_insert(0);
        *end += 1;
        ensure!(number == end, "A chain has no gap");
    }
    let envelopes = || chain.iter().map(|it| it.kept.envelope());
    let sizes: Result<Vec<_>, _> = envelopes()
        .map(|it| i32::try_from(it.command.len()))
        .collect();
    let parameters: [&(dyn ToSql + Sync); 7] = [
        &each(chain, |it| it.kept.envelope().desk.0.as_str()),
        &signed(envelopes().map(|it| it.number))?,
        &each(chain, |it| it.kept.envelope().id.as_str()),
        &signed(chain.iter().map(|it| it.seq))?,
        &each(chain, |it| it.kept.envelope().hash.0.as_slice()),
        &sizes?,
        &each(chain, |it| it.kept.text()),
    ];
    work.execute(PUT_CHAIN, &parameters)
}

fn put_branch(work: &mut Work<'_>, branch: &[BranchIntent]) -> Result<()> {
    if branch.is_empty() {
        return Ok(());
    }
    let texts: Result<Vec<_>, _> = branch
        .iter()
        .map(|it| serde_json::to_string(&it.envelope))
        .collect();
    let ids = each(branch, |it| it.envelope.id.as_str());
    let seqs = signed(branch.iter().map(|it| it.seq))?;
    work.execute(PUT_BRANCH, &[&ids, &seqs, &texts?])
}

fn put_desks(work: &mut Work<'_>, desks: &[DeskRecord]) -> Result<()> {
    if desks.is_empty() {
        return Ok(());
    }
    let parameters: [&(dyn ToSql + Sync); 6] = [
        &each(desks, |it| it.id.0.as_str()),
        &signed(desks.iter().map(|it| it.head.number))?,
        &each(desks, |it| it.head.hash.0.as_slice()),
        &signed(desks.iter().map(|it| it.forked_at.unwrap_or(0)))?,
        &each(desks, |it| it.is_revoked),
        &each(desks, |it| it.machine.as_str()),
    ];
    work.execute(PUT_DESKS, &parameters)
}

fn put_enrolments(work: &mut Work<'_>, enrolments: &[Enrolment]) -> Result<()> {
    if enrolments.is_empty() {
        return Ok(());
    }
    let codes = each(enrolments, |it| it.code_hash.0.as_slice());
    let desks = each(enrolments, |it| it.desk.as_ref().map_or("", |desk| &desk.0));
    work.execute(PUT_ENROLMENTS, &[&codes, &desks])
}

fn put_order_keys(work: &mut Work<'_>, batch: &Batch) -> Result<()> {
    if !batch.unkeyed.is_empty() {
        let sql = "UPDATE order_key SET phone = '' WHERE subject = ANY($1)";
        work.execute(sql, &[&batch.unkeyed])?;
    }
    let keys = &batch.orders;
    if keys.is_empty() {
        return Ok(());
    }
    let subjects = each(keys, |it| it.subject.as_str());
    let numbers = each(keys, |it| it.number.as_str());
    let phones = each(keys, |it| it.phone.as_str());
    work.execute(PUT_ORDER_KEYS, &[&subjects, &numbers, &phones])
}

/// One column of what is written.
fn each<'a, T, U>(rows: &'a [T], read: impl Fn(&'a T) -> U) -> Vec<U> {
    rows.iter().map(read).collect()
}

fn signed(numbers: impl Iterator<Item = u64>) -> Result<Vec<i64>> {
    let numbers = numbers.map(i64::try_from);
    Ok(numbers.collect::<Result<_, _>>()?)
}

fn unsigned(row: &Row, column: &str) -> Result<u64> {
    Ok(u64::try_from(row.try_get::<_, i64>(column)?)?)
}

/// A limit; one that is larger than any number of PostgreSQL limits nothing.
fn most(n: usize) -> i64 {
    i64::try_from(n).unwrap_or(i64::MAX)
}

fn hash(row: &Row, column: &str) -> Result<Hash> {
    let bytes: &[u8] = row.try_get(column)?;
    Ok(Hash(bytes.try_into().context("A hash has 32 bytes")?))
}

fn time(row: &Row, column: &str) -> Result<DateTime<Utc>> {
    let millis: i64 = row.try_get(column)?;
    DateTime::from_timestamp_millis(millis).with_context(|| format!("No time: {millis}"))
}

fn read_feed(rows: &[Row]) -> Result<Feed> {
    let row = rows.first().context("No row of the feed")?;
    let end = match row.try_get::<_, Option<i64>>("seq")? {
        Some(seq) => Cursor {
            seq: u64::try_from(seq)?,
            hash: hash(row, "hash")?,
        },
        None => Cursor::START,
    };
    Ok(Feed {
        epoch: unsigned(row, "epoch")?,
        end,
        durable_seq: unsigned(row, "durable_seq")?,
    })
}

fn read_entry(row: &Row) -> Result<Entry> {
    let id: String = row.try_get("intent_id")?;
    let origin = if id.is_empty() {
        None
    } else {
        Some(Origin {
            desk: DeskId(row.try_get("desk")?),
            number: unsigned(row, "number")?,
            id,
            hash: hash(row, "intent_hash")?,
            kind: row.try_get("kind")?,
            actor: ActorId(row.try_get("actor_id")?),
        })
    };
    Ok(Entry {
        stream: Stream::Work,
        epoch: unsigned(row, "epoch")?,
        seq: unsigned(row, "seq")?,
        recorded_at: time(row, "recorded_at")?,
        subject: row.try_get("subject")?,
        origin,
        body: row.try_get("body")?,
        cover: row.try_get::<_, &str>("cover")?.parse()?,
        previous_hash: hash(row, "previous_hash")?,
        hash: hash(row, "hash")?,
    })
}

fn read_desk(row: &Row) -> Result<DeskRecord> {
    let forked_at = unsigned(row, "forked_at")?;
    Ok(DeskRecord {
        id: DeskId(row.try_get("id")?),
        head: Head {
            number: unsigned(row, "number")?,
            hash: hash(row, "hash")?,
        },
        forked_at: (forked_at > 0).then_some(forked_at),
        is_revoked: row.try_get("is_revoked")?,
        machine: row.try_get("machine")?,
    })
}
