//! 知识缺口: questions that the knowledge did not answer, counted, with what became of each. Only what
//! [`domain::kb::gap::asked_question`] lets through gets in here.

use chrono::{DateTime, NaiveDate, Utc};
use domain::ActorId;
use domain::kb::KbArticleId;
use domain::kb::gap::{KnowledgeGap, KnowledgeGapCommand, KnowledgeGapId, KnowledgeGapStanding};
use rusqlite::{Row, named_params};

use crate::columns::AsMillis;
use crate::fault::StoreFault;
use crate::intent::KeptCommand;
use crate::store::{Reader, Writer};

pub(crate) const CREATE: &str = "
    -- standing: open, assigned, linked or set_aside; about: the task, the article or the reason.
    CREATE TABLE kb_gap (
        id TEXT NOT NULL PRIMARY KEY,
        question TEXT NOT NULL,
        n_nothing_found INTEGER NOT NULL,
        n_not_used INTEGER NOT NULL,
        n_unsolved INTEGER NOT NULL,
        n_asked INTEGER NOT NULL,
        first_on TEXT NOT NULL,
        last_on TEXT NOT NULL,
        standing TEXT NOT NULL DEFAULT 'open',
        about TEXT NOT NULL DEFAULT '',
        n_decisions INTEGER NOT NULL DEFAULT 0,
        decided_by TEXT NOT NULL DEFAULT '',
        decided_at INTEGER
    ) STRICT;
    CREATE INDEX kb_gap_standing ON kb_gap (standing, n_asked DESC, last_on DESC, id);
    CREATE INDEX kb_gap_last ON kb_gap (last_on DESC, id);
    CREATE INDEX kb_gap_linked ON kb_gap (about) WHERE standing = 'linked';
";

/// So many gaps of a list at most.
pub const GAPS_MAX_LISTED: u32 = 300;
/// A question is compared with so many of the gaps that were asked last.
pub const GAPS_MAX_COMPARED: u32 = 2000;

/// Which gaps a list has; those asked most often first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GapFilter {
    /// 待处理.
    Open,
    /// 已下达任务.
    Assigned,
    /// 已归入条目.
    Linked,
    /// 已搁置.
    SetAside,
}

/// A gap with who decided about it last.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredGap {
    pub gap: KnowledgeGap,
    /// How often it was decided about: what a window shows and sends back.
    pub n_decisions: u32,
    pub decided: Option<(ActorId, DateTime<Utc>)>,
}

impl KeptCommand for KnowledgeGapCommand {
    fn kind_name(&self) -> Result<String, StoreFault> {
        Ok(match self {
            Self::Assign { .. } => "kb_gap_assign",
            Self::Link { .. } => "kb_gap_link",
            Self::SetAside { .. } => "kb_gap_set_aside",
            Self::Reopen => "kb_gap_reopen",
        }
        .to_owned())
    }
}

impl GapFilter {
    /// As it stands in the column. Frozen.
    fn name(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Assigned => "assigned",
            Self::Linked => "linked",
            Self::SetAside => "set_aside",
        }
    }
}

fn columns_of(standing: &KnowledgeGapStanding) -> (GapFilter, &str) {
    match standing {
        KnowledgeGapStanding::Open => (GapFilter::Open, ""),
        KnowledgeGapStanding::Assigned { task } => (GapFilter::Assigned, task),
        KnowledgeGapStanding::Linked { article } => (GapFilter::Linked, &article.0),
        KnowledgeGapStanding::SetAside { reason } => (GapFilter::SetAside, reason),
    }
}

fn gap_of(row: &Row<'_>) -> rusqlite::Result<StoredGap> {
    let date = |column: &str| -> rusqlite::Result<NaiveDate> {
        let text: String = row.get(column)?;
        text.parse().map_err(|error: chrono::ParseError| {
            rusqlite::Error::FromSqlConversionFailure(0, rusqlite::types::Type::Text, error.into())
        })
    };
    let standing: String = row.get("standing")?;
    let about: String = row.get("about")?;
    let decided_at: Option<AsMillis> = row.get("decided_at")?;
    let decided_by = ActorId(row.get("decided_by")?);
    Ok(StoredGap {
        gap: KnowledgeGap {
            id: KnowledgeGapId(row.get("id")?),
            question: row.get("question")?,
            n_nothing_found: row.get("n_nothing_found")?,
            n_not_used: row.get("n_not_used")?,
            n_unsolved: row.get("n_unsolved")?,
            first_on: date("first_on")?,
            last_on: date("last_on")?,
            standing: match standing.as_str() {
                "assigned" => KnowledgeGapStanding::Assigned { task: about },
                "linked" => KnowledgeGapStanding::Linked {
                    article: KbArticleId(about),
                },
                "set_aside" => KnowledgeGapStanding::SetAside { reason: about },
                _ => KnowledgeGapStanding::Open,
            },
        },
        n_decisions: row.get("n_decisions")?,
        decided: decided_at.map(|AsMillis(at)| (decided_by, at)),
    })
}

impl Reader {
    pub fn gap(&self, id: &KnowledgeGapId) -> Result<Option<StoredGap>, StoreFault> {
        let sql = "SELECT * FROM kb_gap WHERE id = ?1";
        let mut statement = self.connection().prepare_cached(sql)?;
        let mut rows = statement.query_map([&id.0], gap_of)?;
        Ok(rows.next().transpose()?)
    }

    /// The gaps of a list, at most [`GAPS_MAX_LISTED`].
    pub fn gaps(&self, filter: GapFilter) -> Result<Vec<StoredGap>, StoreFault> {
        let mut statement = self.connection().prepare_cached(SQL_LIST)?;
        let rows = statement.query_map((filter.name(), GAPS_MAX_LISTED), gap_of)?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    pub fn count_gaps(&self, filter: GapFilter) -> Result<u64, StoreFault> {
        let sql = "SELECT count(*) FROM kb_gap WHERE standing = ?1";
        let mut statement = self.connection().prepare_cached(sql)?;
        Ok(statement.query_row([filter.name()], |row| row.get(0))?)
    }

    /// The gaps that were asked last, at most [`GAPS_MAX_COMPARED`]: what a question is compared with.
    pub fn gaps_asked_last(&self) -> Result<Vec<StoredGap>, StoreFault> {
        let mut statement = self.connection().prepare_cached(SQL_LAST)?;
        let rows = statement.query_map([GAPS_MAX_COMPARED], gap_of)?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    /// The gaps that were put down to an article, as further ways of asking for it.
    pub fn gaps_linked_to(&self, article: &KbArticleId) -> Result<Vec<StoredGap>, StoreFault> {
        let mut statement = self.connection().prepare_cached(SQL_LINKED)?;
        let rows = statement.query_map([&article.0], gap_of)?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }
}

const SQL_LIST: &str = "SELECT * FROM kb_gap WHERE standing = ?1
                        ORDER BY n_asked DESC, last_on DESC, id LIMIT ?2";
const SQL_LAST: &str = "SELECT * FROM kb_gap ORDER BY last_on DESC, id LIMIT ?1";
const SQL_LINKED: &str = "SELECT * FROM kb_gap WHERE standing = 'linked' AND about = ?1";

impl Writer {
    /// Puts a gap in place of the one before.
    pub fn put_gap(&mut self, stored: &StoredGap) -> Result<(), StoreFault> {
        let sql = "INSERT OR REPLACE INTO kb_gap
                       (id, question, n_nothing_found, n_not_used, n_unsolved, n_asked, first_on,
                        last_on, standing, about, n_decisions, decided_by, decided_at)
                   VALUES (:id, :question, :n_nothing_found, :n_not_used, :n_unsolved, :n_asked,
                           :first_on, :last_on, :standing, :about, :n_decisions, :decided_by,
                           :decided_at)";
        let StoredGap {
            gap,
            n_decisions,
            decided,
        } = stored;
        let (standing, about) = columns_of(&gap.standing);
        self.connection()
            .prepare_cached(sql)?
            .execute(named_params! {
                ":id": gap.id.0,
                ":question": gap.question,
                ":n_nothing_found": gap.n_nothing_found,
                ":n_not_used": gap.n_not_used,
                ":n_unsolved": gap.n_unsolved,
                ":n_asked": gap.n_asked(),
                ":first_on": gap.first_on.to_string(),
                ":last_on": gap.last_on.to_string(),
                ":standing": standing.name(),
                ":about": about,
                ":n_decisions": n_decisions,
                ":decided_by": decided.as_ref().map_or("", |(by, _)| &by.0),
                ":decided_at": decided.as_ref().map(|(_, at)| AsMillis(*at)),
            })?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use domain::kb::gap::KnowledgeGapEvidence;

    use super::*;
    use crate::tests::{Desk, at};

    fn stored(
        id: &str,
        question: &str,
        last_on: &str,
        standing: KnowledgeGapStanding,
    ) -> StoredGap {
        let id = KnowledgeGapId(id.to_owned());
        let on = last_on.parse().unwrap();
        let mut gap = KnowledgeGap::new(id, question.to_owned(), KnowledgeGapEvidence::NotUsed, on);
        gap.standing = standing;
        StoredGap {
            gap,
            n_decisions: 1,
            decided: Some((ActorId("2001".to_owned()), at("2026-11-24 09:00"))),
        }
    }

    #[test]
    fn gaps_there_and_back_and_their_lists() {
        let mut desk = Desk::new();
        let article = KbArticleId("kb-1".to_owned());
        let mut often = stored("1", "电子社保卡", "2026-11-20", KnowledgeGapStanding::Open);
        often
            .gap
            .note(KnowledgeGapEvidence::Unsolved, often.gap.last_on);
        often.decided = None;
        let gaps = [
            often,
            stored("2", "停水补偿", "2026-11-24", KnowledgeGapStanding::Open),
            stored(
                "3",
                "落户",
                "2026-11-23",
                KnowledgeGapStanding::Linked {
                    article: article.clone(),
                },
            ),
            stored(
                "4",
                "驾照",
                "2026-11-22",
                KnowledgeGapStanding::SetAside {
                    reason: "误搜".to_owned(),
                },
            ),
            stored(
                "5",
                "公租房",
                "2026-11-21",
                KnowledgeGapStanding::Assigned {
                    task: "ZS-1".to_owned(),
                },
            ),
        ];
        desk.change(|writer| gaps.iter().try_for_each(|gap| writer.put_gap(gap)));
        desk.restart();
        let [often, other, linked, set_aside, assigned] = gaps;
        assert_eq!(
            desk.query(|reader| reader.gaps(GapFilter::Open)),
            [often.clone(), other.clone()]
        );
        for (filter, gap) in [
            (GapFilter::Linked, &linked),
            (GapFilter::SetAside, &set_aside),
            (GapFilter::Assigned, &assigned),
        ] {
            let found = desk.query(|reader| reader.gaps(filter));
            assert_eq!(found.iter().collect::<Vec<_>>(), [gap]);
            assert_eq!(desk.query(|reader| reader.count_gaps(filter)), 1);
        }
        let last: Vec<String> = desk
            .query(Reader::gaps_asked_last)
            .into_iter()
            .map(|stored| stored.gap.id.0)
            .collect();
        assert_eq!(last, ["2", "3", "4", "5", "1"]);
        assert_eq!(
            desk.query(|reader| reader.gaps_linked_to(&article)),
            [linked]
        );
        assert_eq!(
            desk.query(|reader| reader.gap(&KnowledgeGapId("2".to_owned()))),
            Some(other)
        );
        for sql in [SQL_LIST, SQL_LAST, SQL_LINKED] {
            let plan = desk.plan(sql);
            assert!(plan.contains("USING INDEX"), "{plan}");
            assert!(!plan.contains("TEMP B-TREE"), "{plan}");
        }
    }
}
