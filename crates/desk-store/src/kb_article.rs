//! 知识条目: the articles, and a change number for each change, by which the search index follows.

use domain::kb::{KbArticle, KbArticleId};
use rusqlite::{Row, params};

use crate::columns::{AsJson, AsText};
use crate::fault::StoreFault;
use crate::store::{Reader, Writer};

pub(crate) const CREATE: &str = "
    -- change_no: from 1; the last change of each article, so the greatest is the last of all. Rows
    -- are never deleted: a removed article stays as a tombstone, or the index would keep it.
    CREATE TABLE kb_article (
        id TEXT NOT NULL PRIMARY KEY,
        change_no INTEGER NOT NULL UNIQUE,
        version INTEGER NOT NULL,
        template TEXT NOT NULL,
        title TEXT NOT NULL,
        unit TEXT NOT NULL,
        valid_until TEXT,
        body TEXT NOT NULL,
        is_sample INTEGER NOT NULL,
        is_removed INTEGER NOT NULL DEFAULT 0
    ) STRICT;
    CREATE INDEX kb_article_sample ON kb_article (is_sample) WHERE is_removed = 0;
";

/// An article with what only the store knows of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredArticle {
    pub article: KbArticle,
    pub version: u32,
    /// Came with the program to try it with.
    pub is_sample: bool,
}

/// The last change of an article.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KbChange {
    pub change_no: u64,
    pub id: KbArticleId,
    /// `None` when it was removed.
    pub article: Option<StoredArticle>,
}

const COLUMNS: &str = "change_no, id, version, body, is_sample, is_removed";

fn change_of(row: &Row<'_>) -> rusqlite::Result<KbChange> {
    let is_removed: bool = row.get("is_removed")?;
    let article = if is_removed {
        None
    } else {
        Some(StoredArticle {
            article: row.get::<_, AsJson<_>>("body")?.0,
            version: row.get("version")?,
            is_sample: row.get("is_sample")?,
        })
    };
    Ok(KbChange {
        change_no: row.get("change_no")?,
        id: KbArticleId(row.get("id")?),
        article,
    })
}

impl Reader {
    /// The article as it is now; `None` for one that is not there or was removed.
    pub fn article(&self, id: &KbArticleId) -> Result<Option<StoredArticle>, StoreFault> {
        let sql = format!("SELECT {COLUMNS} FROM kb_article WHERE id = ?1");
        let mut statement = self.connection().prepare_cached(&sql)?;
        let mut rows = statement.query_map([&id.0], change_of)?;
        Ok(rows.next().transpose()?.and_then(|change| change.article))
    }

    /// What has changed since `change_no`, in the order of the changes; each article once.
    pub fn articles_changed_after(
        &self,
        change_no: u64,
        limit: u32,
    ) -> Result<Vec<KbChange>, StoreFault> {
        let mut statement = self.connection().prepare_cached(&sql_changed())?;
        let rows = statement.query_map(params![change_no, limit], change_of)?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    /// Gives every article to `visit`, one at a time, in the order of the changes.
    pub fn all_articles(
        &self,
        mut visit: impl FnMut(StoredArticle) -> anyhow::Result<()>,
    ) -> anyhow::Result<()> {
        let sql =
            format!("SELECT {COLUMNS} FROM kb_article WHERE is_removed = 0 ORDER BY change_no");
        let mut statement = self.connection().prepare(&sql).map_err(StoreFault::from)?;
        let mut rows = statement.query([]).map_err(StoreFault::from)?;
        while let Some(row) = rows.next().map_err(StoreFault::from)? {
            if let Some(article) = change_of(row).map_err(StoreFault::from)?.article {
                visit(article)?;
            }
        }
        Ok(())
    }

    /// The number of the last change; 0 before the first.
    pub fn kb_position(&self) -> Result<u64, StoreFault> {
        let sql = "SELECT coalesce(max(change_no), 0) FROM kb_article";
        let mut statement = self.connection().prepare_cached(sql)?;
        Ok(statement.query_row([], |row| row.get(0))?)
    }
}

fn sql_changed() -> String {
    format!("SELECT {COLUMNS} FROM kb_article WHERE change_no > ?1 ORDER BY change_no LIMIT ?2")
}

impl Writer {
    /// Puts an article in place of the one before, and tells the number of the change.
    pub fn put_article(&mut self, stored: &StoredArticle) -> Result<u64, StoreFault> {
        let change_no = self.kb_position()? + 1;
        let article = &stored.article;
        let sql = "INSERT INTO kb_article (id, change_no, version, template, title, unit,
                                           valid_until, body, is_sample)
                   VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
                   ON CONFLICT (id) DO UPDATE SET
                       change_no = excluded.change_no, version = excluded.version,
                       template = excluded.template, title = excluded.title,
                       unit = excluded.unit, valid_until = excluded.valid_until,
                       body = excluded.body, is_sample = excluded.is_sample, is_removed = 0";
        self.connection().prepare_cached(sql)?.execute(params![
            article.id.0,
            change_no,
            stored.version,
            AsText(article.template),
            article.title,
            article.unit,
            article.valid_until.map(|last| last.to_string()),
            AsJson(article),
            stored.is_sample,
        ])?;
        Ok(change_no)
    }

    /// Removes an article; tells whether there was one.
    pub fn remove_article(&mut self, id: &KbArticleId) -> Result<bool, StoreFault> {
        let change_no = self.kb_position()? + 1;
        let sql = "UPDATE kb_article SET is_removed = 1, change_no = ?2
                   WHERE id = ?1 AND is_removed = 0";
        let mut statement = self.connection().prepare_cached(sql)?;
        Ok(statement.execute(params![id.0, change_no])? > 0)
    }

    /// Removes the articles that came with the program; tells how many. One that has a record stays:
    /// people have begun to work on it.
    pub fn remove_samples(&mut self) -> Result<u64, StoreFault> {
        let sql = "SELECT id FROM kb_article WHERE is_sample = 1 AND is_removed = 0
                   AND NOT EXISTS (SELECT 1 FROM kb_record WHERE kb_record.id = kb_article.id)
                   ORDER BY id";
        let mut statement = self.connection().prepare_cached(sql)?;
        let ids = statement
            .query_map([], |row| Ok(KbArticleId(row.get(0)?)))?
            .collect::<rusqlite::Result<Vec<_>>>()?;
        drop(statement);
        for id in &ids {
            self.remove_article(id)?;
        }
        Ok(ids.len() as u64)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tests::{Desk, article};

    fn stored(id: &str, version: u32, is_sample: bool) -> StoredArticle {
        StoredArticle {
            article: article(id),
            version,
            is_sample,
        }
    }

    /// What changed after, one line each.
    fn changes(desk: &Desk, after: u64, limit: u32) -> Vec<String> {
        let changes = desk.query(|reader| reader.articles_changed_after(after, limit));
        let line = |change: KbChange| {
            let version = change.article.map(|stored| stored.version);
            format!("{} {} {version:?}", change.change_no, change.id.0)
        };
        changes.into_iter().map(line).collect()
    }

    #[test]
    fn the_index_can_follow_every_change() {
        let mut desk = Desk::new();
        assert_eq!(desk.query(Reader::kb_position), 0);
        for (n, id) in (1..).zip(["a", "b", "c"]) {
            assert_eq!(
                desk.change(|writer| writer.put_article(&stored(id, 1, false))),
                n
            );
        }
        assert_eq!(
            changes(&desk, 0, 10),
            ["1 a Some(1)", "2 b Some(1)", "3 c Some(1)"]
        );
        assert_eq!(changes(&desk, 0, 2), ["1 a Some(1)", "2 b Some(1)"]);
        desk.change(|writer| writer.put_article(&stored("a", 2, false)));
        let b = KbArticleId("b".to_owned());
        assert!(desk.change(|writer| writer.remove_article(&b)));
        assert!(!desk.change(|writer| writer.remove_article(&b)));
        desk.restart();
        assert_eq!(changes(&desk, 3, 10), ["4 a Some(2)", "5 b None"]);
        assert_eq!(desk.query(Reader::kb_position), 5);
        assert_eq!(desk.query(|reader| reader.article(&b)), None);
        // Put again, it is there again.
        assert_eq!(
            desk.change(|writer| writer.put_article(&stored("b", 3, false))),
            6
        );
        assert_eq!(
            changes(&desk, 0, 10),
            ["3 c Some(1)", "4 a Some(2)", "6 b Some(3)"]
        );
        assert_eq!(
            desk.query(|reader| reader.article(&b)),
            Some(stored("b", 3, false))
        );
    }

    #[test]
    fn samples_go_and_what_is_ones_own_stays() {
        let desk = Desk::new();
        desk.change(|writer| {
            writer.put_article(&stored("sample-1", 1, true))?;
            writer.put_article(&stored("own", 1, false))?;
            writer.put_article(&stored("sample-2", 1, true))
        });
        assert_eq!(desk.change(Writer::remove_samples), 2);
        assert_eq!(desk.change(Writer::remove_samples), 0);
        assert_eq!(
            changes(&desk, 3, 10),
            ["4 sample-1 None", "5 sample-2 None"]
        );
        let mut ids = Vec::new();
        desk.store()
            .read(|reader| {
                reader.all_articles(|stored| {
                    ids.push(stored.article.id.0);
                    Ok(())
                })
            })
            .unwrap();
        assert_eq!(ids, ["own"]);
    }

    #[test]
    fn the_plan_goes_by_an_index() {
        let plan = Desk::new().plan(&sql_changed());
        assert!(!plan.contains("SCAN"), "{plan}");
    }
}
