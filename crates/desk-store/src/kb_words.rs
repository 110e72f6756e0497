//! 说法与同义词: the groups of words that editors keep, those of the program that they set aside, and
//! the words by which people came to an article. Only what [`domain::kb::words::saying_of`] lets
//! through gets in here; neither a caller nor a call-taker stands beside it.

use chrono::{DateTime, NaiveDate, Utc};
use domain::ActorId;
use domain::kb::KbArticleId;
use domain::kb::words::{
    LearntSaying, SAYING_PROPOSED_FROM_TIMES, SayingStanding, SynonymGroup, SynonymGroupId,
    SynonymOrigin,
};
use rusqlite::{Row, named_params, params};

use crate::columns::AsMillis;
use crate::fault::StoreFault;
use crate::store::{Reader, Writer};

pub(crate) const CREATE: &str = "
    -- origin: shipped or center; words: separated by line feeds. One that comes with the program
    -- stands here once somebody has decided about it.
    CREATE TABLE kb_synonym (
        id TEXT NOT NULL PRIMARY KEY,
        origin TEXT NOT NULL,
        words TEXT NOT NULL,
        is_set_aside INTEGER NOT NULL,
        n_changes INTEGER NOT NULL,
        changed_by TEXT NOT NULL,
        changed_at INTEGER NOT NULL
    ) STRICT;
    -- standing: counted, approved or set_aside, which has a reason.
    CREATE TABLE kb_saying (
        article_id TEXT NOT NULL,
        text TEXT NOT NULL,
        n_used INTEGER NOT NULL,
        first_on TEXT NOT NULL,
        last_on TEXT NOT NULL,
        standing TEXT NOT NULL DEFAULT 'counted',
        reason TEXT NOT NULL DEFAULT '',
        decided_by TEXT NOT NULL DEFAULT '',
        decided_at INTEGER,
        PRIMARY KEY (article_id, text)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX kb_saying_standing
        ON kb_saying (standing, n_used DESC, last_on DESC, article_id, text);
    CREATE INDEX kb_saying_last ON kb_saying (article_id, standing, last_on DESC, text);
";

/// So many sayings of a list at most.
pub const SAYINGS_MAX_LISTED: u32 = 300;
/// So many undecided sayings are counted for one article; those used last.
pub const SAYINGS_MAX_COUNTED: u32 = 200;
/// No word has a line feed: words are what blanks separate.
const BETWEEN_WORDS: &str = "\n";

/// A group with who changed it last.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredSynonyms {
    pub group: SynonymGroup,
    /// How often it was changed: what a window shows and sends back.
    pub n_changes: u32,
    pub changed: (ActorId, DateTime<Utc>),
}

/// A saying with who decided about it last.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredSaying {
    pub saying: LearntSaying,
    pub decided: Option<(ActorId, DateTime<Utc>)>,
}

/// Which sayings a list has; those used most often first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SayingFilter {
    /// 在计, as often as a proposal needs.
    Counted,
    /// 已采纳.
    Approved,
    /// 不采纳.
    SetAside,
}

impl SayingFilter {
    /// As it stands in the column. Frozen.
    fn name(self) -> &'static str {
        match self {
            Self::Counted => "counted",
            Self::Approved => "approved",
            Self::SetAside => "set_aside",
        }
    }
}

fn columns_of(standing: &SayingStanding) -> (SayingFilter, &str) {
    match standing {
        SayingStanding::Counted => (SayingFilter::Counted, ""),
        SayingStanding::Approved => (SayingFilter::Approved, ""),
        SayingStanding::SetAside { reason } => (SayingFilter::SetAside, reason),
    }
}

fn synonyms_of(row: &Row<'_>) -> rusqlite::Result<StoredSynonyms> {
    let origin: String = row.get("origin")?;
    let words: String = row.get("words")?;
    let AsMillis(changed_at) = row.get("changed_at")?;
    Ok(StoredSynonyms {
        group: SynonymGroup {
            id: SynonymGroupId(row.get("id")?),
            origin: match origin.as_str() {
                "shipped" => SynonymOrigin::Shipped,
                _ => SynonymOrigin::Center,
            },
            words: words.split(BETWEEN_WORDS).map(str::to_owned).collect(),
            is_set_aside: row.get("is_set_aside")?,
        },
        n_changes: row.get("n_changes")?,
        changed: (ActorId(row.get("changed_by")?), changed_at),
    })
}

fn saying_of(row: &Row<'_>) -> rusqlite::Result<StoredSaying> {
    let date = |column: &str| -> rusqlite::Result<NaiveDate> {
        let text: String = row.get(column)?;
        text.parse().map_err(|error: chrono::ParseError| {
            rusqlite::Error::FromSqlConversionFailure(0, rusqlite::types::Type::Text, error.into())
        })
    };
    let standing: String = row.get("standing")?;
    let decided_at: Option<AsMillis> = row.get("decided_at")?;
    let decided_by = ActorId(row.get("decided_by")?);
    Ok(StoredSaying {
        saying: LearntSaying {
            article: KbArticleId(row.get("article_id")?),
            text: row.get("text")?,
            n_used: row.get("n_used")?,
            first_on: date("first_on")?,
            last_on: date("last_on")?,
            standing: match standing.as_str() {
                "approved" => SayingStanding::Approved,
                "set_aside" => SayingStanding::SetAside {
                    reason: row.get("reason")?,
                },
                _ => SayingStanding::Counted,
            },
        },
        decided: decided_at.map(|AsMillis(at)| (decided_by, at)),
    })
}

impl Reader {
    /// Every group that somebody has decided about, the last one first.
    pub fn synonyms(&self) -> Result<Vec<StoredSynonyms>, StoreFault> {
        let sql = "SELECT * FROM kb_synonym ORDER BY changed_at DESC, id";
        let mut statement = self.connection().prepare_cached(sql)?;
        let rows = statement.query_map([], synonyms_of)?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    pub fn saying(
        &self,
        article: &KbArticleId,
        text: &str,
    ) -> Result<Option<StoredSaying>, StoreFault> {
        let sql = "SELECT * FROM kb_saying WHERE article_id = ?1 AND text = ?2";
        let mut statement = self.connection().prepare_cached(sql)?;
        let mut rows = statement.query_map([&article.0, text], saying_of)?;
        Ok(rows.next().transpose()?)
    }

    /// The sayings of a list that were used as often as a proposal needs, at most
    /// [`SAYINGS_MAX_LISTED`].
    pub fn sayings(&self, filter: SayingFilter) -> Result<Vec<StoredSaying>, StoreFault> {
        let mut statement = self.connection().prepare_cached(SQL_LIST)?;
        let asked = params![
            filter.name(),
            SAYING_PROPOSED_FROM_TIMES,
            SAYINGS_MAX_LISTED
        ];
        let rows = statement.query_map(asked, saying_of)?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    /// What was approved as a further way of asking for an article.
    pub fn sayings_approved_for(&self, article: &KbArticleId) -> Result<Vec<String>, StoreFault> {
        let mut statement = self.connection().prepare_cached(SQL_APPROVED)?;
        let rows = statement.query_map([&article.0], |row| row.get(0))?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }
}

const SQL_LIST: &str = "SELECT * FROM kb_saying WHERE standing = ?1 AND n_used >= ?2
                        ORDER BY n_used DESC, last_on DESC, article_id, text LIMIT ?3";
const SQL_APPROVED: &str = "SELECT text FROM kb_saying
                            WHERE article_id = ?1 AND standing = 'approved'
                            ORDER BY last_on DESC, text";
const SQL_LEAST: &str = "SELECT text FROM kb_saying
                         WHERE article_id = ?1 AND standing = 'counted'
                         ORDER BY last_on DESC, text LIMIT -1 OFFSET ?2";

impl Writer {
    /// Puts a group in place of the one before.
    pub fn put_synonyms(&mut self, stored: &StoredSynonyms) -> Result<(), StoreFault> {
        let sql = "INSERT OR REPLACE INTO kb_synonym
                       (id, origin, words, is_set_aside, n_changes, changed_by, changed_at)
                   VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";
        let group = &stored.group;
        let origin = match group.origin {
            SynonymOrigin::Shipped => "shipped",
            SynonymOrigin::Center => "center",
        };
        let (by, at) = &stored.changed;
        self.connection().prepare_cached(sql)?.execute(params![
            group.id.0,
            origin,
            group.words.join(BETWEEN_WORDS),
            group.is_set_aside,
            stored.n_changes,
            by.0,
            AsMillis(*at),
        ])?;
        Ok(())
    }

    /// Puts a saying in place of the one before, and forgets what was used longest ago once an
    /// article has more than [`SAYINGS_MAX_COUNTED`] that nobody has decided about.
    pub fn put_saying(&mut self, stored: &StoredSaying) -> Result<(), StoreFault> {
        let sql = "INSERT OR REPLACE INTO kb_saying
                       (article_id, text, n_used, first_on, last_on, standing, reason, decided_by,
                        decided_at)
                   VALUES (:article_id, :text, :n_used, :first_on, :last_on, :standing, :reason,
                           :decided_by, :decided_at)";
        let StoredSaying { saying, decided } = stored;
        let (standing, reason) = columns_of(&saying.standing);
        self.connection()
            .prepare_cached(sql)?
            .execute(named_params! {
                ":article_id": saying.article.0,
                ":text": saying.text,
                ":n_used": saying.n_used,
                ":first_on": saying.first_on.to_string(),
                ":last_on": saying.last_on.to_string(),
                ":standing": standing.name(),
                ":reason": reason,
                ":decided_by": decided.as_ref().map_or("", |(by, _)| &by.0),
                ":decided_at": decided.as_ref().map(|(_, at)| AsMillis(*at)),
            })?;
        let forget =
            format!("DELETE FROM kb_saying WHERE article_id = ?1 AND text IN ({SQL_LEAST})");
        let mut forget = self.connection().prepare_cached(&forget)?;
        forget.execute(params![saying.article.0, SAYINGS_MAX_COUNTED])?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tests::{Desk, at};

    fn synonyms(
        id: &str,
        words: [&str; 2],
        is_set_aside: bool,
        changed_at: &str,
    ) -> StoredSynonyms {
        StoredSynonyms {
            group: SynonymGroup {
                id: SynonymGroupId(id.to_owned()),
                origin: if is_set_aside {
                    SynonymOrigin::Shipped
                } else {
                    SynonymOrigin::Center
                },
                words: words.map(str::to_owned).to_vec(),
                is_set_aside,
            },
            n_changes: 1,
            changed: (ActorId("2001".to_owned()), at(changed_at)),
        }
    }

    fn used(article: &str, text: &str, n_used: u32, last_on: &str) -> StoredSaying {
        let last_on = last_on.parse().unwrap();
        let article = KbArticleId(article.to_owned());
        let mut saying = LearntSaying::new(article, text.to_owned(), last_on);
        saying.n_used = n_used;
        StoredSaying {
            saying,
            decided: None,
        }
    }

    #[test]
    fn groups_there_and_back() {
        let mut desk = Desk::new();
        let mut own = synonyms("1", ["娃儿", "高速 通行"], false, "2026-11-24 09:00");
        let shipped = synonyms("户口 户籍", ["户口", "户籍"], true, "2026-11-24 10:00");
        desk.change(|writer| {
            writer.put_synonyms(&own)?;
            writer.put_synonyms(&shipped)
        });
        own.group.words.push("小孩".to_owned());
        own.n_changes = 2;
        desk.change(|writer| writer.put_synonyms(&own));
        desk.restart();
        assert_eq!(desk.query(Reader::synonyms), [shipped, own]);
    }

    #[test]
    fn sayings_there_and_back_and_their_lists() {
        let mut desk = Desk::new();
        let mut approved = used("kb-1", "脸卡咋个领", 2, "2026-11-24");
        approved.saying.standing = SayingStanding::Approved;
        approved.decided = Some((ActorId("2001".to_owned()), at("2026-11-24 09:00")));
        let mut aside = used("kb-1", "阿巴阿巴", 2, "2026-11-24");
        aside.saying.standing = SayingStanding::SetAside {
            reason: "误搜".to_owned(),
        };
        let often = used("kb-2", "屋头没得水", 5, "2026-11-20");
        let sometimes = used("kb-1", "手机卡", 2, "2026-11-23");
        let once = used("kb-1", "社保", 1, "2026-11-24");
        let all = [&approved, &aside, &sometimes, &often, &once];
        desk.change(|writer| all.iter().try_for_each(|it| writer.put_saying(it)));
        desk.restart();
        let list = |filter| desk.query(|reader| reader.sayings(filter));
        assert_eq!(list(SayingFilter::Counted), [often, sometimes]);
        assert_eq!(list(SayingFilter::Approved), [approved]);
        assert_eq!(list(SayingFilter::SetAside), [aside]);
        let article = KbArticleId("kb-1".to_owned());
        assert_eq!(
            desk.query(|reader| reader.sayings_approved_for(&article)),
            ["脸卡咋个领"]
        );
        assert_eq!(
            desk.query(|reader| reader.saying(&article, "社保")),
            Some(once)
        );
        for sql in [SQL_LIST, SQL_APPROVED, SQL_LEAST] {
            let plan = desk.plan(sql);
            assert!(!plan.contains("SCAN"), "{plan}");
            assert!(!plan.contains("TEMP B-TREE"), "{plan}");
        }
    }

    #[test]
    fn what_was_used_longest_ago_is_forgotten() {
        let mut desk = Desk::new();
        let mut decided = used("kb-1", "最早", 2, "2026-01-01");
        decided.saying.standing = SayingStanding::Approved;
        desk.change(|writer| {
            writer.put_saying(&decided)?;
            writer.put_saying(&used("kb-1", "头一句", 9, "2026-01-02"))?;
            for n in 0..SAYINGS_MAX_COUNTED {
                writer.put_saying(&used("kb-1", &format!("第{n}句"), 1, "2026-11-24"))?;
            }
            writer.put_saying(&used("kb-2", "另一条", 1, "2026-01-01"))
        });
        desk.restart();
        let is_there = |article: &str, text: &str| {
            let article = KbArticleId(article.to_owned());
            desk.query(|reader| reader.saying(&article, text)).is_some()
        };
        assert!(!is_there("kb-1", "头一句"));
        assert!(is_there("kb-1", "第0句"));
        assert!(is_there("kb-1", "最早"));
        assert!(is_there("kb-2", "另一条"));
    }
}
