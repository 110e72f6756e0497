//! 会话: a random token, of which only the hash is kept.

use anyhow::{Context as _, Result};
use center::{RecordChange, Records as _};
use chrono::{DateTime, TimeDelta, Utc};
use domain::{Actor, ActorId};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::sign_in::Account;
use crate::hex::to_hex;
use crate::office::Office;

pub(super) const KIND: &str = "session";
/// Without anything done for so long it ends.
pub const SESSION_IDLE_MINUTES: i64 = 30;
/// It ends in any case.
pub const SESSION_HOURS: i64 = 12;
/// How old the note of the last use may be; each is a write.
const USE_NOTED_SECONDS: i64 = 60;
const TOKEN_BYTES: usize = 32;
/// Rows looked through at a time for sessions that have ended.
const SWEPT_ROWS: usize = 1_000;

/// What a browser shows with every request. Told once, kept nowhere here.
#[derive(Clone, PartialEq, Eq)]
pub struct SessionToken(String);

impl SessionToken {
    fn random() -> Result<Self> {
        let mut bytes = [0_u8; TOKEN_BYTES];
        getrandom::fill(&mut bytes).context("Making a token")?;
        Ok(Self(to_hex(&bytes)))
    }

    /// What a request showed; anything is taken for a token that nobody was given.
    pub fn shown(text: &str) -> Self {
        Self(text.chars().take(2 * TOKEN_BYTES + 1).collect())
    }

    pub fn text(&self) -> &str {
        &self.0
    }

    fn key(&self) -> String {
        let mut hash = Sha256::new();
        hash.update(b"hotline-desk/session/1\0");
        hash.update(&self.0);
        to_hex(&hash.finalize())
    }
}

impl std::fmt::Debug for SessionToken {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SessionToken(…)")
    }
}

/// Somebody who is in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// With the roles held at this moment.
    pub actor: Actor,
    /// Nothing but a new password until there is one.
    pub must_change: bool,
    /// When it ends, if nothing is done.
    pub ends_at: DateTime<Utc>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Row {
    person: ActorId,
    #[serde(with = "chrono::serde::ts_milliseconds")]
    began_at: DateTime<Utc>,
    #[serde(with = "chrono::serde::ts_milliseconds")]
    last_used_at: DateTime<Utc>,
}

impl Row {
    fn ends_at(&self) -> DateTime<Utc> {
        let idle = self.last_used_at + TimeDelta::minutes(SESSION_IDLE_MINUTES);
        idle.min(self.began_at + TimeDelta::hours(SESSION_HOURS))
    }
}

impl Office {
    /// Begins a session for somebody who has just signed in.
    pub async fn begin_session(&self, person: &ActorId) -> Result<SessionToken> {
        let token = SessionToken::random()?;
        let now = self.clock.now();
        let row = Row {
            person: person.clone(),
            began_at: now,
            last_used_at: now,
        };
        let put = RecordChange::put(KIND, token.key(), serde_json::to_string(&row)?);
        // A key of 256 random bits is new.
        let _done = self.write(vec![put]).await?;
        Ok(token)
    }

    /// Whoever shows this token, if the session goes on; using it makes it go on.
    pub async fn session(&self, token: &SessionToken) -> Result<Option<Session>> {
        let key = token.key();
        let read = self.readers.read(move |reader| {
            let Some(body) = reader.records.get(KIND, &key)? else {
                return Ok(None);
            };
            let row: Row = serde_json::from_str(&body).context("Reading a session")?;
            let account = Account::read(&*reader.records, &row.person)?;
            Ok(account.map(|account| (key, body, row, account)))
        });
        let Some((key, body, row, account)) = read.await? else {
            return Ok(None);
        };
        let now = self.clock.now();
        let references = self.references();
        let member = references
            .staff()
            .iter()
            .find(|it| it.actor.id == row.person);
        let Some(member) = member.filter(|member| !member.is_disabled) else {
            return Ok(None);
        };
        if now >= row.ends_at() || row.began_at < account.sessions_from {
            return Ok(None);
        }
        let used = Row {
            last_used_at: now,
            ..row.clone()
        };
        if (now - row.last_used_at).num_seconds() >= USE_NOTED_SECONDS {
            let put = RecordChange::put(KIND, key, serde_json::to_string(&used)?);
            // One that was ended or noted meanwhile stays so.
            let _written = self.write(vec![put.if_still(body)]).await?;
        }
        Ok(Some(Session {
            actor: member.actor.clone(),
            must_change: account.must_change,
            ends_at: used.ends_at(),
        }))
    }

    /// 退出.
    pub async fn end_session(&self, token: &SessionToken) -> Result<()> {
        let removed = RecordChange::remove(KIND, token.key());
        let _done = self.write(vec![removed]).await?;
        Ok(())
    }

    /// Removes sessions that have ended; called now and then.
    pub(crate) async fn sweep_sessions(&self) -> Result<usize> {
        let now = self.clock.now();
        let mut n_removed = 0;
        let mut from = String::new();
        loop {
            let begin = std::mem::take(&mut from);
            let read = self
                .readers
                .read(move |it| it.records.range(KIND, "", &begin, SWEPT_ROWS));
            let rows = read.await?;
            let Some(last) = rows.last() else {
                return Ok(n_removed);
            };
            // The next key after it.
            from = format!("{}\u{1}", last.key);
            let mut ended = Vec::new();
            for row in rows {
                let read: Row = serde_json::from_str(&row.body).context("Reading a session")?;
                if now >= read.ends_at() {
                    ended.push(RecordChange::remove(KIND, row.key));
                }
            }
            n_removed += ended.len();
            if !ended.is_empty() {
                let _done = self.write(ended).await?;
            }
        }
    }
}
