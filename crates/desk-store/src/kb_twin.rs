//! 非同一事项认定: pairs of articles that a person has told apart, until one of the two changes.

use domain::kb::{DistinctVerdict, KbArticle, KbArticleId, TwinPair};
use rusqlite::params;
use sha2::{Digest as _, Sha256};

use crate::columns::AsMillis;
use crate::fault::StoreFault;
use crate::store::{Reader, Writer};

pub(crate) const CREATE: &str = "
    -- first_id comes before second_id. Each hash is that of what the article said then: an article
    -- that says something else is no longer the one that was told apart.
    CREATE TABLE kb_distinct (
        first_id TEXT NOT NULL,
        second_id TEXT NOT NULL,
        first_hash BLOB NOT NULL,
        second_hash BLOB NOT NULL,
        reason TEXT NOT NULL,
        actor_id TEXT NOT NULL,
        decided_at INTEGER NOT NULL,
        PRIMARY KEY (first_id, second_id)
    ) STRICT, WITHOUT ROWID;
";

/// What an article says, as one number; its dates of validity and review do not belong to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SaidHash([u8; 32]);

impl SaidHash {
    /// Frozen: verdicts in the file hold by it.
    pub fn of(article: &KbArticle) -> Self {
        let mut hash = Sha256::new();
        let sections = article
            .sections
            .iter()
            .flat_map(|section| [&section.label, &section.text]);
        let said = [&article.title, &article.answer]
            .into_iter()
            .chain(&article.questions)
            .chain(sections);
        for text in said {
            hash.update((text.len() as u64).to_be_bytes());
            hash.update(text.as_bytes());
        }
        Self(hash.finalize().into())
    }
}

/// A pair that was told apart, and what the two said then.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredVerdict {
    pub pair: TwinPair,
    pub first_hash: SaidHash,
    pub second_hash: SaidHash,
}

impl Reader {
    /// Every pair that was told apart, whether it still holds or not.
    pub fn distinct_pairs(&self) -> Result<Vec<StoredVerdict>, StoreFault> {
        let sql = "SELECT first_id, second_id, first_hash, second_hash FROM kb_distinct
                   ORDER BY first_id, second_id";
        let mut statement = self.connection().prepare_cached(sql)?;
        let rows = statement.query_map([], |row| {
            let ids: [String; 2] = [row.get("first_id")?, row.get("second_id")?];
            let hashes: [[u8; 32]; 2] = [row.get("first_hash")?, row.get("second_hash")?];
            Ok((ids, hashes))
        })?;
        let mut verdicts = Vec::new();
        for row in rows {
            let ([first, second], [first_hash, second_hash]) = row?;
            verdicts.extend(
                TwinPair::of(KbArticleId(first), KbArticleId(second)).map(|pair| StoredVerdict {
                    pair,
                    first_hash: SaidHash(first_hash),
                    second_hash: SaidHash(second_hash),
                }),
            );
        }
        Ok(verdicts)
    }
}

impl Writer {
    /// Keeps a verdict in place of the one before on the same pair.
    pub fn put_distinct(
        &mut self,
        verdict: &DistinctVerdict,
        first_hash: SaidHash,
        second_hash: SaidHash,
    ) -> Result<(), StoreFault> {
        let sql = "INSERT OR REPLACE INTO kb_distinct
                       (first_id, second_id, first_hash, second_hash, reason, actor_id, decided_at)
                   VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";
        self.connection().prepare_cached(sql)?.execute(params![
            verdict.pair.first().0,
            verdict.pair.second().0,
            first_hash.0,
            second_hash.0,
            verdict.reason,
            verdict.by.0,
            AsMillis(verdict.at),
        ])?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use domain::ActorId;

    use super::*;
    use crate::tests::{Desk, article, at};

    fn verdict(reason: &str) -> DistinctVerdict {
        let pair = TwinPair::of(
            KbArticleId("kb-2".to_owned()),
            KbArticleId("kb-1".to_owned()),
        );
        DistinctVerdict {
            pair: pair.unwrap(),
            reason: reason.to_owned(),
            by: ActorId("2001".to_owned()),
            at: at("2026-11-24 09:00"),
        }
    }

    #[test]
    fn a_verdict_stays_and_a_later_one_takes_its_place() {
        let mut desk = Desk::new();
        let (one, mut other) = (article("kb-1"), article("kb-2"));
        let first = SaidHash::of(&one);
        let second = SaidHash::of(&other);
        desk.change(|writer| writer.put_distinct(&verdict("补领与换领"), first, second));
        other.answer.push('。');
        let changed = SaidHash::of(&other);
        desk.change(|writer| writer.put_distinct(&verdict("仍不同"), first, changed));
        desk.restart();
        let kept = desk.query(Reader::distinct_pairs);
        let expected = StoredVerdict {
            pair: verdict("").pair,
            first_hash: first,
            second_hash: changed,
        };
        assert_eq!(kept, [expected]);
    }

    #[test]
    fn a_hash_is_of_what_is_said_and_of_nothing_else() {
        let said = article("kb-1");
        let mut rechecked = said.clone();
        rechecked.next_review_on = None;
        rechecked.valid_until = None;
        assert_eq!(SaidHash::of(&said), SaidHash::of(&rechecked));
        let mut asked = said.clone();
        asked.questions.push("又一种问法".to_owned());
        assert_ne!(SaidHash::of(&said), SaidHash::of(&asked));
        // What moves from one field to the next is not the same.
        let (mut one, mut other) = (said.clone(), said);
        (one.title, one.answer) = ("甲乙".to_owned(), "丙".to_owned());
        (other.title, other.answer) = ("甲".to_owned(), "乙丙".to_owned());
        assert_ne!(SaidHash::of(&one), SaidHash::of(&other));
    }
}
