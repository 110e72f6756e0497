//! 审计: what was done, shown and refused at this desk, chained. Only ever added to; what is older than
//! the time it must be kept is taken away by the retention job and by nothing else.
//!
//! The entry of a change belongs into the transaction of the change, and who makes a change knows nothing
//! of calls. So the call under way says what it is, once and for its thread ([`audited`]), and the first
//! commit on that thread takes it up. Handing it through every function was weighed: the two would then
//! meet in each of a hundred places, and one could be forgotten.

use std::cell::RefCell;

use ::audit::{Alg, Break, Chain, Checkpoint, Digest, Entry, Head, Link, Outcome, verify};
use chrono::{DateTime, TimeDelta, Utc};
use rusqlite::{OptionalExtension as _, Row, params};

use crate::columns::AsMillis;
use crate::fault::StoreFault;
use crate::meta::MetaKey;
use crate::store::{Reader, Writer};

pub(crate) const CREATE: &str = "
    CREATE TABLE audit (
        n INTEGER NOT NULL PRIMARY KEY,
        at INTEGER NOT NULL,
        actor TEXT NOT NULL,
        desk TEXT NOT NULL,
        session TEXT NOT NULL,
        act TEXT NOT NULL,
        object TEXT NOT NULL,
        purpose TEXT NOT NULL,
        fields TEXT NOT NULL,
        outcome TEXT NOT NULL,
        alg TEXT NOT NULL,
        previous_hash BLOB NOT NULL CHECK (length(previous_hash) = 32),
        hash BLOB NOT NULL CHECK (length(hash) = 32)
    ) STRICT;
    CREATE TABLE audit_checkpoint (
        n INTEGER NOT NULL PRIMARY KEY,
        hash BLOB NOT NULL CHECK (length(hash) = 32),
        at INTEGER NOT NULL
    ) STRICT;
    CREATE TABLE audit_purge (
        up_to INTEGER NOT NULL PRIMARY KEY,
        hash BLOB NOT NULL CHECK (length(hash) = 32),
        at INTEGER NOT NULL
    ) STRICT;
    CREATE TRIGGER audit_is_not_changed BEFORE UPDATE ON audit
        BEGIN SELECT RAISE(ABORT, 'the audit is only added to'); END;
    CREATE TRIGGER audit_is_not_deleted BEFORE DELETE ON audit
        WHEN old.n > (SELECT coalesce(max(up_to), 0) FROM audit_purge)
        BEGIN SELECT RAISE(ABORT, 'the audit is only added to'); END;
    CREATE TRIGGER audit_purge_is_not_changed BEFORE UPDATE ON audit_purge
        BEGIN SELECT RAISE(ABORT, 'the audit is only added to'); END;
    CREATE TRIGGER audit_purge_is_not_deleted BEFORE DELETE ON audit_purge
        BEGIN SELECT RAISE(ABORT, 'the audit is only added to'); END;
    CREATE TRIGGER audit_purge_is_late_enough BEFORE INSERT ON audit_purge
        WHEN coalesce((SELECT max(at) FROM audit WHERE n <= new.up_to), new.at)
             > new.at - 184 * 86400000
        BEGIN SELECT RAISE(ABORT, 'the audit is kept for six months'); END;
";

/// In one page.
pub const AUDIT_MAX_LISTED: u32 = 200;
/// 留存: what is older may be taken away. Never less than the 184 days of the table's trigger.
pub const AUDIT_KEPT: TimeDelta = TimeDelta::days(3 * 365 + 1);
/// Rows that the retention job takes at a time.
const PURGED_MAX: u64 = 20_000;

thread_local! {
    static UNDER_WAY: RefCell<Option<UnderWay>> = const { RefCell::new(None) };
}

/// The call under way on this thread.
struct UnderWay {
    entry: Entry,
    /// Whether the first commit takes the entry up; otherwise the call writes entries of its own.
    is_taken_up: bool,
    is_written: bool,
}

/// How a call under [`audited`] wants to be recorded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Recorded {
    /// With the first change that is committed.
    WithTheChange,
    /// By the call itself ([`Writer::append_audit`]).
    ByItself,
}

/// Does `act`, a call that is recorded by `entry`. The other value tells whether the entry was written.
pub fn audited<T>(entry: Entry, recorded: Recorded, act: impl FnOnce() -> T) -> (T, bool) {
    /// Ends the call also when it panics.
    struct Ended;
    impl Drop for Ended {
        fn drop(&mut self) {
            UNDER_WAY.with_borrow_mut(|it| *it = None);
        }
    }
    UNDER_WAY.with_borrow_mut(|it| {
        *it = Some(UnderWay {
            entry,
            is_taken_up: recorded == Recorded::WithTheChange,
            is_written: false,
        });
    });
    let _ended = Ended;
    let value = act();
    let is_written = UNDER_WAY.with_borrow(|it| it.as_ref().is_some_and(|it| it.is_written));
    (value, is_written)
}

/// Adds the name of a command to the entry of the call under way.
pub(crate) fn note_command(kind: &str) {
    note_field(kind);
}

/// Adds a name to the entry of the call under way, as long as it is not written.
pub fn note_field(name: &str) {
    UNDER_WAY.with_borrow_mut(|it| {
        if let Some(it) = it {
            it.entry.fields.push(name.to_owned());
        }
    });
}

/// Writes the entry of the call under way, where it is still to be written. Whether it did.
pub(crate) fn take_up(writer: &mut Writer) -> Result<bool, StoreFault> {
    let entry = UNDER_WAY.with_borrow(|it| {
        let it = it.as_ref().filter(|it| it.is_taken_up && !it.is_written);
        it.map(|it| it.entry.clone())
    });
    let Some(entry) = entry else {
        return Ok(false);
    };
    writer.append_audit(entry)?;
    Ok(true)
}

/// The commit that took the entry up is on the disk.
pub(crate) fn taken_up() {
    UNDER_WAY.with_borrow_mut(|it| {
        if let Some(it) = it {
            it.is_written = true;
        }
    });
}

/// What of the record is wanted; what is empty is not asked for.
#[derive(Debug, Clone, Copy, Default)]
pub struct AuditFilter<'a> {
    pub actor: &'a str,
    pub act: &'a str,
    pub object: &'a str,
    pub from: Option<DateTime<Utc>>,
    /// Not included.
    pub until: Option<DateTime<Utc>>,
    /// Where the page before ended.
    pub before: Option<u64>,
}

const COLUMNS: &str = "n, at, actor, desk, session, act, object, purpose, fields, outcome, alg,
    previous_hash, hash";

/// A row as it stands. What this program would never have written keeps a hash that does not fit.
fn read_link(row: &Row<'_>) -> rusqlite::Result<Link> {
    let fields: String = row.get("fields")?;
    let outcome: String = row.get("outcome")?;
    let alg: String = row.get("alg")?;
    let mut act: String = row.get("act")?;
    if Outcome::named(&outcome).is_none() || Alg::named(&alg).is_none() {
        act = format!("{act}\0{outcome}\0{alg}");
    }
    Ok(Link {
        n: row.get("n")?,
        entry: Entry {
            at_ms: row.get("at")?,
            actor: row.get("actor")?,
            desk: row.get("desk")?,
            session: row.get("session")?,
            act,
            object: row.get("object")?,
            purpose: row.get("purpose")?,
            fields: fields_of(&fields),
            outcome: Outcome::named(&outcome).unwrap_or(Outcome::Failed),
        },
        alg: Alg::Sha256,
        previous: Digest(row.get("previous_hash")?),
        hash: Digest(row.get("hash")?),
    })
}

/// Names do not have the character between them: entries are kept without it.
fn fields_of(text: &str) -> Vec<String> {
    if text.is_empty() {
        return Vec::new();
    }
    text.split('\n').map(str::to_owned).collect()
}

impl Reader {
    /// Where the chain ends.
    pub fn audit_head(&self) -> Result<Head, StoreFault> {
        let sql = "SELECT n, hash FROM audit ORDER BY n DESC LIMIT 1";
        let mut statement = self.connection().prepare_cached(sql)?;
        let head = statement.query_row([], |row| {
            Ok(Head {
                n: row.get(0)?,
                hash: Digest(row.get(1)?),
            })
        });
        match head.optional()? {
            Some(head) => Ok(head),
            None => Ok(self.audit_begin()?.begins_after),
        }
    }

    /// Where the chain begins: behind what the retention job took.
    fn audit_begin(&self) -> Result<Chain, StoreFault> {
        let sql = "SELECT up_to, hash FROM audit_purge ORDER BY up_to DESC LIMIT 1";
        let mut statement = self.connection().prepare_cached(sql)?;
        let begins_after = statement.query_row([], |row| {
            Ok(Head {
                n: row.get(0)?,
                hash: Digest(row.get(1)?),
            })
        });
        let begins_after = begins_after.optional()?;
        Ok(begins_after.map_or(Chain::WHOLE, |begins_after| Chain { begins_after }))
    }

    /// The hash at a number; none where there is no such entry.
    pub fn audit_hash(&self, n: u64) -> Result<Option<Digest>, StoreFault> {
        let sql = "SELECT hash FROM audit WHERE n = ?1";
        let mut statement = self.connection().prepare_cached(sql)?;
        let hash = statement.query_row([n], |row| Ok(Digest(row.get(0)?)));
        Ok(hash.optional()?)
    }

    /// The entries that are wanted, the last first.
    pub fn audit_entries(&self, filter: &AuditFilter<'_>) -> Result<Vec<Link>, StoreFault> {
        let sql = format!(
            "SELECT {COLUMNS} FROM audit
             WHERE n < ?1 AND (?2 = '' OR actor = ?2) AND (?3 = '' OR act = ?3)
               AND (?4 = '' OR object = ?4) AND at >= ?5 AND at < ?6
             ORDER BY n DESC LIMIT ?7"
        );
        let mut statement = self.connection().prepare_cached(&sql)?;
        let millis = |at: DateTime<Utc>| at.timestamp_millis();
        let rows = statement.query_map(
            params![
                filter.before.unwrap_or(i64::MAX.unsigned_abs()),
                filter.actor,
                filter.act,
                filter.object,
                filter.from.map_or(i64::MIN, millis),
                filter.until.map_or(i64::MAX, millis),
                AUDIT_MAX_LISTED,
            ],
            read_link,
        )?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    /// At most so many entries behind a number, in their order. Where the retention job took them, what is
    /// left of them.
    pub fn audit_links_after(&self, n: u64, n_max: usize) -> Result<Vec<Link>, StoreFault> {
        let sql = format!("SELECT {COLUMNS} FROM audit WHERE n > ?1 ORDER BY n LIMIT ?2");
        let mut statement = self.connection().prepare_cached(&sql)?;
        let rows = statement.query_map(params![n, n_max], read_link)?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    /// What others have told the desk that they keep of its chain, and is still in it.
    fn audit_checkpoints(&self, begins_after: u64) -> Result<Vec<Checkpoint>, StoreFault> {
        let sql = "SELECT n, hash, at FROM audit_checkpoint WHERE n > ?1 ORDER BY n";
        let mut statement = self.connection().prepare_cached(sql)?;
        let rows = statement.query_map([begins_after], |row| {
            Ok(Checkpoint {
                desk: String::new(),
                at_ms: row.get("at")?,
                head: Head {
                    n: row.get("n")?,
                    hash: Digest(row.get("hash")?),
                },
            })
        })?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    /// The last head that the center has told it keeps.
    pub fn audit_kept(&self) -> Result<Head, StoreFault> {
        let kept = self.audit_checkpoints(0)?;
        Ok(kept.last().map_or(Head::START, |it| it.head))
    }

    /// The last entry that names such a field. Reads the record from its end.
    pub fn audit_entry_naming(&self, field: &str) -> Result<Option<Link>, StoreFault> {
        let sql = format!(
            "SELECT {COLUMNS} FROM audit
             WHERE instr(char(10) || fields || char(10), char(10) || ?1 || char(10)) > 0
             ORDER BY n DESC LIMIT 1"
        );
        let mut statement = self.connection().prepare_cached(&sql)?;
        Ok(statement.query_row([field], read_link).optional()?)
    }

    /// Reads the whole chain and compares it with every checkpoint. Takes as long as that lasts.
    pub fn verify_audit(&self) -> Result<Result<Head, Break>, StoreFault> {
        let chain = self.audit_begin()?;
        let checkpoints = self.audit_checkpoints(chain.begins_after.n)?;
        let sql = format!("SELECT {COLUMNS} FROM audit WHERE n > ?1 ORDER BY n");
        let mut statement = self.connection().prepare(&sql)?;
        let rows = statement.query_map([chain.begins_after.n], read_link)?;
        let mut fault = None;
        let links = rows.map_while(|row| row.map_err(|error| fault = Some(error)).ok());
        let found = verify(chain, links, &checkpoints);
        match fault {
            Some(error) => Err(error.into()),
            None => Ok(found),
        }
    }
}

impl Writer {
    /// Adds an entry to the chain. The desk, and the sign-in of the call under way, need not be said.
    pub fn append_audit(&mut self, entry: Entry) -> Result<u64, StoreFault> {
        let mut entry = entry;
        if entry.desk.is_empty() {
            entry.desk = self.meta(MetaKey::DeskCode)?.unwrap_or_default();
        }
        if entry.session.is_empty() {
            let session =
                UNDER_WAY.with_borrow(|it| it.as_ref().map(|it| it.entry.session.clone()));
            entry.session = session.unwrap_or_default();
        }
        entry.fields.retain(|field| !field.is_empty());
        let link = Link::after(self.audit_head()?, entry);
        let sql = "INSERT INTO audit (n, at, actor, desk, session, act, object, purpose, fields,
                                      outcome, alg, previous_hash, hash)
                   VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)";
        let kept = &link.entry;
        self.connection().prepare_cached(sql)?.execute(params![
            link.n,
            kept.at_ms,
            kept.actor,
            kept.desk,
            kept.session,
            kept.act,
            kept.object,
            kept.purpose,
            kept.fields.join("\n"),
            kept.outcome.name(),
            link.alg.name(),
            link.previous.0,
            link.hash.0,
        ])?;
        Ok(link.n)
    }

    /// The center has told that it keeps this head.
    pub fn keep_audit_checkpoint(
        &mut self,
        head: Head,
        at: DateTime<Utc>,
    ) -> Result<(), StoreFault> {
        let sql = "INSERT OR IGNORE INTO audit_checkpoint (n, hash, at) VALUES (?1, ?2, ?3)";
        self.connection().prepare_cached(sql)?.execute(params![
            head.n,
            head.hash.0,
            AsMillis(at)
        ])?;
        Ok(())
    }

    /// 留存期满: takes away what is older than [`AUDIT_KEPT`], and says so in the chain. How many.
    pub fn purge_audit(&mut self, now: DateTime<Utc>) -> Result<u64, StoreFault> {
        let Chain { begins_after } = self.audit_begin()?;
        let sql = "SELECT n, hash FROM audit WHERE n > ?1 AND n <= ?2 AND at < ?3
                   ORDER BY n DESC LIMIT 1";
        // A clock that was put back does not end it: the latest of the oldest rows that are due.
        let last = self
            .connection()
            .prepare_cached(sql)?
            .query_row(
                params![
                    begins_after.n,
                    begins_after.n + PURGED_MAX,
                    AsMillis(now - AUDIT_KEPT)
                ],
                |row| Ok((row.get::<_, u64>(0)?, row.get::<_, [u8; 32]>(1)?)),
            )
            .optional()?;
        let Some((up_to, hash)) = last else {
            return Ok(0);
        };
        let n = up_to - begins_after.n;
        self.append_audit(Entry {
            at_ms: now.timestamp_millis(),
            actor: String::new(),
            desk: String::new(),
            session: String::new(),
            act: "audit_retention".to_owned(),
            object: format!("{}-{up_to}", begins_after.n + 1),
            purpose: String::new(),
            fields: Vec::new(),
            outcome: Outcome::Done,
        })?;
        let connection = self.connection();
        connection
            .prepare_cached("INSERT INTO audit_purge (up_to, hash, at) VALUES (?1, ?2, ?3)")?
            .execute(params![up_to, hash, AsMillis(now)])?;
        connection
            .prepare_cached("DELETE FROM audit WHERE n <= ?1")?
            .execute([up_to])?;
        Ok(n)
    }
}

#[cfg(test)]
mod tests;
