//! 意图: what people asked for at this desk, in order, for ever.
//!
//! Numbered from 1 without a gap and chained: each row carries the hash of the one before it. The
//! center will see by number what is missing, and by hash that a copied or restored disk has gone
//! another way (sync.md, decisions 5 and 6).

use chrono::{DateTime, Utc};
use domain::rule_set::RuleSetId;
use domain::{ActorId, Command};
use rusqlite::{OptionalExtension, Row, params};
use serde::Serialize;
use thiserror::Error;
use wire::{Cover, DeskId, Envelope, Hash, Head, Salt, Witness};

use crate::audit;
use crate::columns::{AsMillis, AsText};
use crate::fault::StoreFault;
use crate::store::{Reader, Writer};

pub(crate) const CREATE: &str = "
    CREATE TABLE intent (
        desk_seq INTEGER NOT NULL PRIMARY KEY,
        id TEXT NOT NULL UNIQUE,
        work_order_id TEXT NOT NULL,
        kind TEXT NOT NULL,
        command TEXT NOT NULL,
        actor_id TEXT NOT NULL,
        occurred_at INTEGER NOT NULL,
        rule_set TEXT NOT NULL,
        base_version INTEGER NOT NULL,
        previous_hash BLOB NOT NULL CHECK (length(previous_hash) = 32),
        hash BLOB NOT NULL CHECK (length(hash) = 32),
        state TEXT NOT NULL DEFAULT 'waiting'
    ) STRICT;
    CREATE INDEX intent_waiting ON intent (work_order_id) WHERE state = 'waiting';
";

/// An intent can also be about knowledge. Its hash has no names of columns and stays as it was.
pub(crate) const RENAME_SUBJECT: &str = "
    ALTER TABLE intent RENAME COLUMN work_order_id TO subject_id;
";

/// What the person saw, and the entry of the feed that answers the intent. Neither changes the
/// form of a hash that is there already.
pub(crate) const ADD_ANSWER: &str = "
    ALTER TABLE intent ADD COLUMN witness TEXT NOT NULL DEFAULT '';
    ALTER TABLE intent ADD COLUMN answered_seq INTEGER NOT NULL DEFAULT 0;
    CREATE INDEX intent_answered ON intent (answered_seq) WHERE answered_seq > 0;
";

/// How the command stands in the hash: by itself in what was kept before it could be redacted.
pub(crate) const ADD_COVER: &str = "
    ALTER TABLE intent ADD COLUMN cover TEXT NOT NULL DEFAULT '';
";

/// A command as an intent keeps it.
pub trait KeptCommand: Serialize {
    /// Its name among all commands, whatever they are about.
    fn kind_name(&self) -> Result<String, StoreFault>;
}

impl KeptCommand for Command {
    fn kind_name(&self) -> Result<String, StoreFault> {
        Ok(AsText(self.kind()).name()?)
    }
}

/// An intent about to be kept.
#[derive(Debug, Clone, Copy)]
pub struct NewIntent<'a, C> {
    /// `UUIDv7`.
    pub id: &'a str,
    /// The order, or whatever else it is about.
    pub subject_id: &'a str,
    pub command: &'a C,
    pub actor_id: &'a ActorId,
    /// This desk's clock.
    pub occurred_at: DateTime<Utc>,
    /// The rules it was decided by.
    pub rule_set: &'a RuleSetId,
    /// The version of the subject that the person saw; 0 for one that was not there yet.
    pub base_version: u32,
}

/// Where the chain of intents does not hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("the chain of intents breaks at {desk_seq}")]
pub struct ChainBreak {
    /// The first intent that is missing, changed or out of place.
    pub desk_seq: u64,
}

/// Why a chain could not be verified, or was found broken.
#[derive(Debug, Error)]
pub enum ChainError {
    #[error(transparent)]
    Broken(#[from] ChainBreak),
    #[error(transparent)]
    Fault(#[from] StoreFault),
}

impl From<rusqlite::Error> for ChainError {
    fn from(error: rusqlite::Error) -> Self {
        Self::Fault(error.into())
    }
}

/// The columns of an intent as [`read_envelope`] reads them.
pub(crate) const ENVELOPE_COLUMNS: &str = "intent.desk_seq, id, subject_id, kind, command,
    actor_id, occurred_at, rule_set, base_version, witness, cover";

/// An intent as it is pushed, but for its place in a chain: every column but `state` and
/// `answered_seq`, which the center's answer changes.
pub(crate) fn read_envelope(row: &Row<'_>) -> rusqlite::Result<Envelope> {
    let AsMillis(occurred_at) = row.get("occurred_at")?;
    let witness: String = row.get("witness")?;
    let witness = match witness.as_str() {
        "" => None,
        text => Some(serde_json::from_str(text).map_err(|error| {
            rusqlite::Error::FromSqlConversionFailure(0, rusqlite::types::Type::Text, error.into())
        })?),
    };
    let AsText(cover) = row.get("cover")?;
    Ok(Envelope {
        desk: DeskId(String::new()),
        number: row.get("desk_seq")?,
        id: row.get("id")?,
        subject: row.get("subject_id")?,
        kind: row.get("kind")?,
        command: row.get("command")?,
        cover,
        actor: ActorId(row.get("actor_id")?),
        occurred_at,
        rule_set: RuleSetId(row.get("rule_set")?),
        base_version: row.get("base_version")?,
        previous_hash: Hash::CHAIN_START,
        witness,
        hash: Hash::CHAIN_START,
    })
}

/// An intent in the desk's own chain. Its hash is the one that is pushed (`wire`), frozen there.
fn read_link(row: &Row<'_>) -> rusqlite::Result<(Envelope, Hash)> {
    let envelope = Envelope {
        previous_hash: Hash(row.get("previous_hash")?),
        ..read_envelope(row)?
    };
    Ok((envelope, Hash(row.get("hash")?)))
}

impl Reader {
    /// Reads all intents and recomputes the chain. What was cut off at its end cannot be seen here;
    /// the center, which has the head, sees that.
    pub fn verify_chain(&self) -> Result<(), ChainError> {
        let sql =
            format!("SELECT {ENVELOPE_COLUMNS}, previous_hash, hash FROM intent ORDER BY desk_seq");
        let mut statement = self.connection().prepare(&sql)?;
        let mut rows = statement.query([])?;
        let (mut desk_seq, mut head) = (1, Hash::CHAIN_START);
        while let Some(row) = rows.next()? {
            let (link, hash) = read_link(row)?;
            let fits = link.number == desk_seq && link.previous_hash == head;
            if !fits || link.computed_hash() != hash {
                return Err(ChainBreak { desk_seq }.into());
            }
            (desk_seq, head) = (desk_seq + 1, hash);
        }
        Ok(())
    }

    /// Where the desk's own chain ends.
    pub(crate) fn own_head(&self) -> Result<Head, StoreFault> {
        let sql = "SELECT desk_seq, hash FROM intent ORDER BY desk_seq DESC LIMIT 1";
        let mut statement = self.connection().prepare_cached(sql)?;
        let head = statement.query_row([], |row| {
            Ok(Head {
                number: row.get(0)?,
                hash: Hash(row.get(1)?),
            })
        });
        Ok(head.optional()?.unwrap_or(Head::START))
    }

    /// How many intents the center has not answered yet.
    pub fn count_waiting(&self) -> Result<u64, StoreFault> {
        let sql = "SELECT count(*) FROM intent WHERE state = 'waiting'";
        let mut statement = self.connection().prepare_cached(sql)?;
        Ok(statement.query_row([], |row| row.get(0))?)
    }

    /// How many orders, articles and tasks have intents that the center has not answered yet.
    pub fn count_waiting_subjects(&self) -> Result<u64, StoreFault> {
        let sql = "SELECT count(DISTINCT subject_id) FROM intent WHERE state = 'waiting'";
        let mut statement = self.connection().prepare_cached(sql)?;
        Ok(statement.query_row([], |row| row.get(0))?)
    }

    /// How many of one subject's intents the center has not answered yet.
    pub fn count_waiting_of(&self, subject_id: &str) -> Result<u32, StoreFault> {
        let sql = "SELECT count(*) FROM intent WHERE subject_id = ?1 AND state = 'waiting'";
        let mut statement = self.connection().prepare_cached(sql)?;
        Ok(statement.query_row([subject_id], |row| row.get(0))?)
    }
}

impl Writer {
    /// Keeps an intent as the next of this desk, and tells its number.
    pub fn append_intent(
        &mut self,
        intent: &NewIntent<'_, impl KeptCommand>,
    ) -> Result<u64, StoreFault> {
        self.append_witnessed_intent(intent, None)
    }

    /// Keeps an intent with what the person saw.
    pub fn append_witnessed_intent(
        &mut self,
        intent: &NewIntent<'_, impl KeptCommand>,
        witness: Option<&Witness>,
    ) -> Result<u64, StoreFault> {
        let head = self.own_head()?;
        let kind = intent.command.kind_name()?;
        audit::note_command(&kind);
        let envelope = Envelope {
            desk: DeskId(String::new()),
            number: head.number + 1,
            id: intent.id.to_owned(),
            subject: intent.subject_id.to_owned(),
            kind,
            command: serde_json::to_string(intent.command).map_err(anyhow::Error::from)?,
            cover: Cover::Salted(Salt::fresh().map_err(anyhow::Error::from)?),
            actor: intent.actor_id.clone(),
            occurred_at: intent.occurred_at,
            rule_set: intent.rule_set.clone(),
            base_version: intent.base_version,
            previous_hash: head.hash,
            witness: witness.cloned(),
            hash: Hash::CHAIN_START,
        };
        self.keep_envelope(envelope.sealed())
    }

    /// Keeps an intent in the desk's own chain, and at the end of the one that is pushed.
    pub(crate) fn keep_envelope(&mut self, envelope: Envelope) -> Result<u64, StoreFault> {
        let witness = match &envelope.witness {
            Some(witness) => serde_json::to_string(witness).map_err(anyhow::Error::from)?,
            None => String::new(),
        };
        let sql = "INSERT INTO intent (desk_seq, id, subject_id, kind, command, actor_id,
                                       occurred_at, rule_set, base_version, previous_hash, hash,
                                       witness, cover)
                   VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)";
        self.connection().prepare_cached(sql)?.execute(params![
            envelope.number,
            envelope.id,
            envelope.subject,
            envelope.kind,
            envelope.command,
            envelope.actor.0,
            AsMillis(envelope.occurred_at),
            envelope.rule_set.0,
            envelope.base_version,
            envelope.previous_hash.0,
            envelope.hash.0,
            witness,
            AsText(envelope.cover),
        ])?;
        let desk_seq = envelope.number;
        self.chain_up(desk_seq, envelope)?;
        Ok(desk_seq)
    }
}

#[cfg(test)]
mod tests {
    use domain::work_order::CommandKind;

    use super::*;
    use crate::tests::{Desk, register_order};

    fn desk_with_intents(n: u64) -> Desk {
        let desk = Desk::new();
        for n in 1..=n {
            assert_eq!(
                desk.change(|writer| register_order(writer, n, "小区停水")),
                n
            );
        }
        desk
    }

    fn verify(desk: &Desk) -> Option<ChainBreak> {
        desk.query(|reader| match reader.verify_chain() {
            Ok(()) => Ok(None),
            Err(ChainError::Broken(at)) => Ok(Some(at)),
            Err(ChainError::Fault(fault)) => Err(fault),
        })
    }

    #[test]
    fn numbers_go_on_after_a_restart_and_the_chain_holds() {
        let mut desk = desk_with_intents(3);
        desk.restart();
        assert_eq!(
            desk.change(|writer| register_order(writer, 4, "小区停水")),
            4
        );
        assert_eq!(verify(&desk), None);
        assert_eq!(desk.query(Reader::count_waiting), 4);
        assert_eq!(desk.query(|reader| reader.count_waiting_of("order-4")), 1);
        assert_eq!(desk.query(|reader| reader.count_waiting_of("order-5")), 0);
    }

    #[test]
    fn an_intent_that_is_not_kept_takes_no_number() {
        let desk = desk_with_intents(1);
        let refused: Result<(), StoreFault> = desk.store().commit(|writer| {
            assert_eq!(register_order(writer, 2, "小区停水")?, 2);
            Err(StoreFault::Busy)
        });
        assert!(refused.is_err());
        assert_eq!(
            desk.change(|writer| register_order(writer, 3, "小区停水")),
            2
        );
    }

    #[test]
    fn the_same_intent_is_not_kept_twice() {
        let desk = desk_with_intents(1);
        let again = desk
            .store()
            .commit(|writer| register_order(writer, 1, "小区停水"));
        assert!(matches!(again, Err(StoreFault::Other(_))));
        assert_eq!(desk.query(Reader::count_waiting), 1);
    }

    #[test]
    fn every_change_to_any_column_is_found() {
        for change in [
            "UPDATE intent SET id = 'other' WHERE desk_seq = 3",
            "UPDATE intent SET subject_id = 'order-1' WHERE desk_seq = 3",
            "UPDATE intent SET kind = 'dispatch' WHERE desk_seq = 3",
            "UPDATE intent SET command = replace(command, '停水', '停电') WHERE desk_seq = 3",
            "UPDATE intent SET actor_id = '1002' WHERE desk_seq = 3",
            "UPDATE intent SET occurred_at = occurred_at + 1 WHERE desk_seq = 3",
            "UPDATE intent SET rule_set = 'QX-2030-1' WHERE desk_seq = 3",
            "UPDATE intent SET base_version = 1 WHERE desk_seq = 3",
            "UPDATE intent SET previous_hash = zeroblob(32) WHERE desk_seq = 3",
            "UPDATE intent SET hash = zeroblob(32) WHERE desk_seq = 3",
            r#"UPDATE intent SET witness = '{"schema":1,"session":""}' WHERE desk_seq = 3"#,
            "DELETE FROM intent WHERE desk_seq = 3",
        ] {
            let desk = desk_with_intents(5);
            desk.change(|writer| Ok(writer.connection().execute_batch(change)?));
            assert_eq!(verify(&desk), Some(ChainBreak { desk_seq: 3 }), "{change}");
        }
    }

    #[test]
    fn an_answer_of_the_center_does_not_break_the_chain() {
        let desk = desk_with_intents(2);
        let answer = "UPDATE intent SET state = 'accepted' WHERE desk_seq = 1";
        desk.change(|writer| Ok(writer.connection().execute_batch(answer)?));
        assert_eq!(verify(&desk), None);
        assert_eq!(desk.query(Reader::count_waiting), 1);
    }

    /// The form that `wire` freezes is the one that desks have written from the beginning.
    #[test]
    fn the_hash_is_frozen() {
        let envelope = Envelope {
            desk: DeskId(String::new()),
            number: 1,
            id: "a".to_owned(),
            subject: "b".to_owned(),
            kind: AsText(CommandKind::Register).name().unwrap(),
            command: "{}".to_owned(),
            actor: ActorId("1001".to_owned()),
            occurred_at: DateTime::from_timestamp_millis(1_795_396_500_000).unwrap(),
            rule_set: RuleSetId("QX-2023-66".to_owned()),
            base_version: 0,
            cover: Cover::Bare,
            previous_hash: Hash::CHAIN_START,
            witness: None,
            hash: Hash::CHAIN_START,
        };
        assert_eq!(
            envelope.computed_hash().to_string(),
            "ec3a0030c381f63c29b8091ce8cc8b34fac87a5261ed2a78bab69bd8f0e9f9c2"
        );
    }
}
