//! 知识使用: how often each version of an article was opened, cited, and whether it helped, by the day.
//! Neither a caller nor a call-taker stands here.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;

use chrono::NaiveDate;
use domain::kb::KbArticleId;
use domain::kb::usage::{KbUse, KbUseCounts};
use rusqlite::params;

use crate::columns::AsText;
use crate::fault::StoreFault;
use crate::store::{Reader, Writer};

pub(crate) const CREATE: &str = "
    CREATE TABLE kb_usage (
        article_id TEXT NOT NULL,
        day TEXT NOT NULL,
        version INTEGER NOT NULL,
        used TEXT NOT NULL,
        n INTEGER NOT NULL,
        PRIMARY KEY (article_id, day, version, used)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX kb_usage_day ON kb_usage (day, used, article_id, n);
";

impl Reader {
    /// How an article was used on those days, whatever its version.
    pub fn kb_use_of(
        &self,
        article: &KbArticleId,
        days: &RangeInclusive<NaiveDate>,
    ) -> Result<KbUseCounts, StoreFault> {
        let mut statement = self.connection().prepare_cached(SQL_OF_ARTICLE)?;
        let (first, last) = (days.start().to_string(), days.end().to_string());
        let rows = statement.query_map([&article.0, &first, &last], |row| {
            Ok((row.get::<_, AsText<KbUse>>("used")?.0, row.get("n")?))
        })?;
        let mut counts = KbUseCounts::default();
        for row in rows {
            let (used, n) = row?;
            counts.add(used, n);
        }
        Ok(counts)
    }

    /// How each article was used on those days; those that were not are missing.
    pub fn kb_use(
        &self,
        days: &RangeInclusive<NaiveDate>,
    ) -> Result<BTreeMap<KbArticleId, KbUseCounts>, StoreFault> {
        let mut statement = self.connection().prepare_cached(SQL_OF_DAYS)?;
        let rows =
            statement.query_map([days.start().to_string(), days.end().to_string()], |row| {
                let article = KbArticleId(row.get("article_id")?);
                Ok((
                    article,
                    row.get::<_, AsText<KbUse>>("used")?.0,
                    row.get("n")?,
                ))
            })?;
        let mut all: BTreeMap<KbArticleId, KbUseCounts> = BTreeMap::new();
        for row in rows {
            let (article, used, n) = row?;
            all.entry(article).or_default().add(used, n);
        }
        Ok(all)
    }
}

const SQL_OF_ARTICLE: &str = "SELECT used, sum(n) AS n FROM kb_usage
                              WHERE article_id = ?1 AND day BETWEEN ?2 AND ?3 GROUP BY used";
const SQL_OF_DAYS: &str = "SELECT article_id, used, n FROM kb_usage WHERE day BETWEEN ?1 AND ?2";

impl Writer {
    /// Counts one use.
    pub fn count_kb_use(
        &mut self,
        article: &KbArticleId,
        version: u32,
        used: KbUse,
        day: NaiveDate,
    ) -> Result<(), StoreFault> {
        let sql = "INSERT INTO kb_usage (article_id, day, version, used, n)
                   VALUES (?1, ?2, ?3, ?4, 1)
                   ON CONFLICT (article_id, day, version, used) DO UPDATE SET n = n + 1";
        let mut statement = self.connection().prepare_cached(sql)?;
        let day = day.to_string();
        statement.execute(params![article.0, day, version, AsText(used)])?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tests::Desk;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn uses_are_counted_by_the_day() {
        let mut desk = Desk::new();
        let article = |id: &str| KbArticleId(id.to_owned());
        for (id, version, used, on) in [
            ("a", 1, KbUse::Cited, "2026-10-31"),
            ("a", 1, KbUse::Cited, "2026-11-01"),
            ("a", 1, KbUse::Cited, "2026-11-01"),
            ("a", 2, KbUse::Cited, "2026-11-30"),
            ("a", 2, KbUse::Unsolved, "2026-11-30"),
            ("a", 2, KbUse::Helped, "2026-11-30"),
            ("b", 1, KbUse::Opened, "2026-11-30"),
            ("b", 1, KbUse::Opened, "2026-12-01"),
        ] {
            desk.change(|writer| writer.count_kb_use(&article(id), version, used, day(on)));
        }
        desk.restart();
        let november = day("2026-11-01")..=day("2026-11-30");
        let of = |id: &str| desk.query(|reader| reader.kb_use_of(&article(id), &november));
        let a = KbUseCounts {
            n_opened: 0,
            n_cited: 3,
            n_helped: 1,
            n_unsolved: 1,
        };
        let b = KbUseCounts {
            n_opened: 1,
            ..KbUseCounts::default()
        };
        assert_eq!((of("a"), of("b")), (a, b));
        assert_eq!(of("c"), KbUseCounts::default());
        let all = desk.query(|reader| reader.kb_use(&november));
        assert_eq!(all, [(article("a"), a), (article("b"), b)].into());
        for sql in [SQL_OF_ARTICLE, SQL_OF_DAYS] {
            let plan = desk.plan(sql);
            assert!(!plan.contains("SCAN"), "{plan}");
        }
    }
}
