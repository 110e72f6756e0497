//! 有效期与复核: which articles in use end, or are to be checked, on which days. Drawn from what is
//! searched and read, so what came with the program stands here too.

use chrono::NaiveDate;
use rusqlite::Row;

use crate::columns::AsJson;
use crate::fault::StoreFault;
use crate::kb_article::StoredArticle;
use crate::store::Reader;

/// The day of the next review is read out of the article itself.
pub(crate) const ADD_REVIEW_DAY: &str = "
    ALTER TABLE kb_article ADD COLUMN next_review_on TEXT
        GENERATED ALWAYS AS (json_extract(body, '$.next_review_on')) VIRTUAL;
    CREATE INDEX kb_article_review ON kb_article (next_review_on, id)
        WHERE is_removed = 0 AND next_review_on IS NOT NULL;
    CREATE INDEX kb_article_valid ON kb_article (valid_until, id)
        WHERE is_removed = 0 AND valid_until IS NOT NULL;
";

/// So many articles of a stretch of days at most.
pub const KB_DUE_MAX: u32 = 500;

/// The days from `first`, or from ever, up to and without `end`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DueDays {
    pub first: Option<NaiveDate>,
    pub end: NaiveDate,
}

/// How many articles fall due.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DueCounts {
    /// Each once, also where both of its days fall in.
    pub n_articles: u64,
    pub n_reviews: u64,
    pub n_expiries: u64,
}

impl DueDays {
    /// `0001-01-01` stands before every day that is written so.
    fn bounds(self) -> (String, String) {
        let first = self
            .first
            .map_or_else(|| "0001-01-01".to_owned(), |it| it.to_string());
        (first, self.end.to_string())
    }
}

impl Reader {
    pub fn count_kb_due(&self, days: DueDays) -> Result<DueCounts, StoreFault> {
        let count = |sql: &str| -> Result<u64, StoreFault> {
            let mut statement = self.connection().prepare_cached(sql)?;
            Ok(statement.query_row(days.bounds(), |row| row.get(0))?)
        };
        Ok(DueCounts {
            n_articles: count(SQL_COUNT_ARTICLES)?,
            n_reviews: count(SQL_COUNT_REVIEWS)?,
            n_expiries: count(SQL_COUNT_EXPIRIES)?,
        })
    }

    /// The articles whose review or whose end falls on those days, at most [`KB_DUE_MAX`] of each;
    /// in the order of the first of the two.
    pub fn kb_due(&self, days: DueDays) -> Result<Vec<StoredArticle>, StoreFault> {
        let (first, end) = days.bounds();
        let mut found: Vec<StoredArticle> = Vec::new();
        for sql in [SQL_REVIEWS, SQL_EXPIRIES] {
            let mut statement = self.connection().prepare_cached(sql)?;
            let rows = statement.query_map((&first, &end, KB_DUE_MAX), stored_of)?;
            for row in rows {
                let stored = row?;
                let is_new = |it: &StoredArticle| it.article.id != stored.article.id;
                if found.iter().all(is_new) {
                    found.push(stored);
                }
            }
        }
        let within = |date: Option<NaiveDate>| {
            date.filter(|on| days.first.is_none_or(|first| *on >= first) && *on < days.end)
        };
        found.sort_by_key(|stored| {
            let article = &stored.article;
            let dates = [within(article.next_review_on), within(article.valid_until)];
            (dates.into_iter().flatten().min(), article.id.clone())
        });
        Ok(found)
    }
}

const SQL_COUNT_ARTICLES: &str = "
    SELECT count(*) FROM (
        SELECT id FROM kb_article
        WHERE is_removed = 0 AND next_review_on IS NOT NULL
          AND next_review_on >= ?1 AND next_review_on < ?2
        UNION
        SELECT id FROM kb_article
        WHERE is_removed = 0 AND valid_until IS NOT NULL
          AND valid_until >= ?1 AND valid_until < ?2)";
const SQL_COUNT_REVIEWS: &str = "
    SELECT count(*) FROM kb_article
    WHERE is_removed = 0 AND next_review_on IS NOT NULL
      AND next_review_on >= ?1 AND next_review_on < ?2";
const SQL_COUNT_EXPIRIES: &str = "
    SELECT count(*) FROM kb_article
    WHERE is_removed = 0 AND valid_until IS NOT NULL AND valid_until >= ?1 AND valid_until < ?2";
const SQL_REVIEWS: &str = "
    SELECT body, version, is_sample FROM kb_article
    WHERE is_removed = 0 AND next_review_on IS NOT NULL
      AND next_review_on >= ?1 AND next_review_on < ?2
    ORDER BY next_review_on, id LIMIT ?3";
const SQL_EXPIRIES: &str = "
    SELECT body, version, is_sample FROM kb_article
    WHERE is_removed = 0 AND valid_until IS NOT NULL AND valid_until >= ?1 AND valid_until < ?2
    ORDER BY valid_until, id LIMIT ?3";

fn stored_of(row: &Row<'_>) -> rusqlite::Result<StoredArticle> {
    Ok(StoredArticle {
        article: row.get::<_, AsJson<_>>("body")?.0,
        version: row.get("version")?,
        is_sample: row.get("is_sample")?,
    })
}

#[cfg(test)]
mod tests {
    use domain::kb::{KbArticle, KbArticleId};

    use super::*;
    use crate::tests::{Desk, article};

    fn day(text: &str) -> Option<NaiveDate> {
        (!text.is_empty()).then(|| text.parse().unwrap())
    }

    #[test]
    fn what_ends_and_what_is_to_be_checked() {
        let mut desk = Desk::new();
        for (id, next_review_on, valid_until) in [
            ("a", "2026-11-30", "2026-12-31"),
            ("b", "2026-12-01", ""),
            ("c", "", "2026-11-20"),
            ("d", "", ""),
            ("e", "2027-01-01", "2027-06-30"),
            ("f", "2026-12-05", "2026-12-05"),
        ] {
            let article = KbArticle {
                next_review_on: day(next_review_on),
                valid_until: day(valid_until),
                ..article(id)
            };
            let stored = StoredArticle {
                article,
                version: 1,
                is_sample: false,
            };
            desk.change(|writer| writer.put_article(&stored));
        }
        desk.change(|writer| writer.remove_article(&KbArticleId("f".to_owned())));
        desk.restart();
        let days = |first: &str, end: &str| DueDays {
            first: day(first),
            end: day(end).unwrap(),
        };
        let check = |days: DueDays, ids: &[&str], n_reviews: u64, n_expiries: u64| {
            let found = desk.query(|reader| reader.kb_due(days));
            let found: Vec<_> = found.iter().map(|it| it.article.id.0.as_str()).collect();
            assert_eq!(found, ids);
            let counts = DueCounts {
                n_articles: ids.len() as u64,
                n_reviews,
                n_expiries,
            };
            assert_eq!(desk.query(|reader| reader.count_kb_due(days)), counts);
        };
        check(days("", "2026-11-24"), &["c"], 0, 1);
        check(days("2026-11-24", "2026-12-01"), &["a"], 1, 0);
        check(days("2026-12-01", "2027-01-01"), &["b", "a"], 1, 1);
        check(days("2027-01-01", "2027-02-01"), &["e"], 1, 0);
        check(days("", "2028-01-01"), &["c", "a", "b", "e"], 3, 3);
        for sql in [
            SQL_COUNT_REVIEWS,
            SQL_COUNT_EXPIRIES,
            SQL_REVIEWS,
            SQL_EXPIRIES,
        ] {
            let plan = desk.plan(sql);
            assert!(!plan.contains("SCAN"), "{plan}");
            assert!(!plan.contains("TEMP B-TREE"), "{plan}");
        }
        let plan = desk.plan(SQL_COUNT_ARTICLES);
        assert!(!plan.contains("SCAN kb_article"), "{plan}");
    }
}
