//! 草稿: what is being typed, kept as it is typed. Drafts never leave the desk.

use chrono::{DateTime, Utc};
use domain::ActorId;
use rusqlite::{Row, params};
use thiserror::Error;

use crate::columns::AsMillis;
use crate::fault::StoreFault;
use crate::store::{Reader, Writer};

pub(crate) const CREATE: &str = "
    CREATE TABLE draft (
        id TEXT NOT NULL PRIMARY KEY,
        body TEXT NOT NULL,
        created_at INTEGER NOT NULL,
        updated_at INTEGER NOT NULL
    ) STRICT;
    CREATE INDEX draft_updated ON draft (updated_at);
";

/// 起草人: who writes it; empty for what was begun before people signed in, which is anybody's.
pub(crate) const ADD_OWNER: &str = "
    ALTER TABLE draft ADD COLUMN owner TEXT NOT NULL DEFAULT '';
    CREATE INDEX draft_owner ON draft (owner) WHERE owner <> '';
";

/// The longest body: an over-long text (10,000 characters) fits several times.
pub const DRAFT_MAX_BYTES: usize = 256 * 1024;
/// Drafts in the list; older ones come up when newer ones are done.
pub const DRAFTS_MAX_LISTED: u32 = 200;

/// 草稿.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    pub id: String,
    /// JSON, the form's own business.
    pub body: String,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

/// How many drafts somebody has begun, and when one was last touched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DraftOwner {
    pub person: ActorId,
    pub n_drafts: u32,
    pub touched_at: DateTime<Utc>,
}

/// Why a draft was not kept. The one kept before is still there.
#[derive(Debug, Error)]
pub enum PutDraftError {
    #[error("a draft has at most {max_bytes} bytes, this one has {n_bytes}")]
    TooLarge { max_bytes: usize, n_bytes: usize },
    #[error(transparent)]
    Fault(#[from] StoreFault),
}

impl From<rusqlite::Error> for PutDraftError {
    fn from(error: rusqlite::Error) -> Self {
        Self::Fault(error.into())
    }
}

impl Reader {
    /// The draft; `None` for one that is not there.
    pub fn draft(&self, id: &str) -> Result<Option<Draft>, StoreFault> {
        let sql = "SELECT id, body, created_at, updated_at FROM draft WHERE id = ?1";
        let mut statement = self.connection().prepare_cached(sql)?;
        let mut rows = statement.query_map([id], draft_of)?;
        Ok(rows.next().transpose()?)
    }

    /// The drafts of one person and those that are anybody's, the one worked on last first.
    pub fn list_drafts(&self, owner: &str) -> Result<Vec<Draft>, StoreFault> {
        let mut statement = self.connection().prepare_cached(SQL_LIST)?;
        let rows = statement.query_map(params![DRAFTS_MAX_LISTED, owner], draft_of)?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    /// Who has drafts here, the one who touched one last first.
    pub fn draft_owners(&self) -> Result<Vec<DraftOwner>, StoreFault> {
        let sql = "SELECT owner, count(*) AS n, max(updated_at) AS touched_at FROM draft
                   WHERE owner <> '' GROUP BY owner ORDER BY touched_at DESC, owner";
        let mut statement = self.connection().prepare_cached(sql)?;
        let rows = statement.query_map([], |row| {
            Ok(DraftOwner {
                person: ActorId(row.get("owner")?),
                n_drafts: row.get("n")?,
                touched_at: row.get::<_, AsMillis>("touched_at")?.0,
            })
        })?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }
}

const SQL_LIST: &str = "SELECT id, body, created_at, updated_at FROM draft
                        WHERE owner IN ('', ?2) ORDER BY updated_at DESC LIMIT ?1";

fn draft_of(row: &Row<'_>) -> rusqlite::Result<Draft> {
    Ok(Draft {
        id: row.get("id")?,
        body: row.get("body")?,
        created_at: row.get::<_, AsMillis>("created_at")?.0,
        updated_at: row.get::<_, AsMillis>("updated_at")?.0,
    })
}

impl Writer {
    /// Keeps a draft in place of the one before of that id; whoever writes it owns it.
    pub fn put_draft(
        &mut self,
        id: &str,
        owner: &str,
        body: &str,
        now: DateTime<Utc>,
    ) -> Result<(), PutDraftError> {
        let (n_bytes, max_bytes) = (body.len(), DRAFT_MAX_BYTES);
        if n_bytes > max_bytes {
            return Err(PutDraftError::TooLarge { max_bytes, n_bytes });
        }
        let sql = "INSERT INTO draft (id, body, created_at, updated_at, owner)
                   VALUES (?1, ?2, ?3, ?3, ?4)
                   ON CONFLICT (id) DO UPDATE
                   SET body = excluded.body, updated_at = excluded.updated_at,
                       owner = excluded.owner";
        let mut statement = self.connection().prepare_cached(sql)?;
        statement.execute(params![id, body, AsMillis(now), owner])?;
        Ok(())
    }

    /// Deletes a draft; tells whether there was one.
    pub fn delete_draft(&mut self, id: &str) -> Result<bool, StoreFault> {
        let sql = "DELETE FROM draft WHERE id = ?1";
        let mut statement = self.connection().prepare_cached(sql)?;
        Ok(statement.execute([id])? > 0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tests::{Desk, at};

    fn put(desk: &Desk, id: &str, body: &str, now: &str) -> Result<(), PutDraftError> {
        desk.store()
            .commit(|writer| writer.put_draft(id, "", body, at(now)))
    }

    fn ids(desk: &Desk) -> Vec<String> {
        let drafts = desk.query(|reader| reader.list_drafts(""));
        drafts.into_iter().map(|draft| draft.id).collect()
    }

    #[test]
    fn drafts_are_kept_replaced_and_deleted() {
        let mut desk = Desk::new();
        put(&desk, "a", "{\"text\":\"停水\"}", "2026-11-23 09:15").unwrap();
        put(&desk, "b", "{}", "2026-11-23 09:16").unwrap();
        assert_eq!(ids(&desk), ["b", "a"]);
        put(&desk, "a", "{\"text\":\"停水两天\"}", "2026-11-23 09:17").unwrap();
        desk.restart();
        assert_eq!(ids(&desk), ["a", "b"]);
        let draft = desk.query(|reader| reader.draft("a")).unwrap();
        assert_eq!(draft.body, "{\"text\":\"停水两天\"}");
        assert_eq!(draft.created_at, at("2026-11-23 09:15"));
        assert_eq!(draft.updated_at, at("2026-11-23 09:17"));
        assert!(desk.change(|writer| writer.delete_draft("a")));
        assert!(!desk.change(|writer| writer.delete_draft("a")));
        assert_eq!(ids(&desk), ["b"]);
    }

    #[test]
    fn one_that_is_too_large_leaves_the_one_before() {
        let desk = Desk::new();
        let longest = "x".repeat(DRAFT_MAX_BYTES);
        put(&desk, "a", &longest, "2026-11-23 09:15").unwrap();
        let error = put(&desk, "a", &format!("{longest}x"), "2026-11-23 09:16").unwrap_err();
        let PutDraftError::TooLarge { max_bytes, n_bytes } = error else {
            panic!("{error:?}");
        };
        assert_eq!((max_bytes, n_bytes), (DRAFT_MAX_BYTES, DRAFT_MAX_BYTES + 1));
        let kept = desk.query(|reader| reader.draft("a")).unwrap();
        assert_eq!(kept.updated_at, at("2026-11-23 09:15"));
    }

    #[test]
    fn the_list_goes_by_an_index_and_ends() {
        let desk = Desk::new();
        desk.change(|writer| {
            (0..=DRAFTS_MAX_LISTED).try_for_each(|n| {
                let put = writer.put_draft(&format!("{n}"), "", "{}", at("2026-11-23 09:15"));
                put.map_err(|error| anyhow::Error::from(error).into())
            })
        });
        assert_eq!(ids(&desk).len(), DRAFTS_MAX_LISTED as usize);
        let plan = desk.plan(SQL_LIST);
        assert_eq!(plan, "SCAN draft USING INDEX draft_updated\n");
    }
}
