//! 口径核对: which articles in use are on one matter, and what they contradict each other in. The
//! window asks while somebody writes ([`crate::kb_twins`]), the reviewer is told before publishing,
//! and a report goes through all of them ([`crate::twin_report`]); all three ask here.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use chrono::NaiveDate;
use desk_store::{Reader, SaidHash, Store, StoredArticle};
use domain::kb::{KbArticle, KbArticleId, TwinPair};
use search::twins::{
    Contradiction, Level, Likeness, Passage, Places, TwinIndex, contradictions, with_answers,
};

use crate::kb_part::passages;

/// So many articles are looked at as twins of one.
const TWINS_LOOKED_AT_MAX: usize = 24;
/// Changes taken over in one step.
const CHANGES_PER_STEP: u32 = 500;

/// The headings of all articles in use, as far as the store has got.
pub(crate) struct Twins {
    places: Places,
    followed: Mutex<Option<Followed>>,
}

struct Followed {
    index: TwinIndex,
    position: u64,
}

/// An article on the same matter, or nearly.
pub(crate) struct Twin {
    pub(crate) stored: StoredArticle,
    pub(crate) likeness: Likeness,
    pub(crate) contradictions: Vec<Contradiction>,
}

impl Followed {
    /// Takes over the next changes; says whether there may be more.
    fn step(&mut self, store: &Store) -> anyhow::Result<bool> {
        let at = self.position;
        let changed =
            store.read(|reader| Ok(reader.articles_changed_after(at, CHANGES_PER_STEP)?))?;
        let Some(last) = changed.last() else {
            return Ok(false);
        };
        self.position = last.change_no;
        for change in changed {
            match change.article {
                Some(StoredArticle { article, .. }) => {
                    self.index
                        .put(&article.id.0, &article.title, &article.questions);
                }
                None => self.index.remove(&change.id.0),
            }
        }
        Ok(true)
    }
}

impl Twins {
    pub(crate) fn new(places: Places) -> Self {
        Self {
            places,
            followed: Mutex::new(None),
        }
    }

    /// Reads all headings on a thread of its own, so that the first who writes does not wait for it.
    /// It ends when the desk is closed.
    pub(crate) fn read_ahead(self: &Arc<Self>, store: &Arc<Store>) {
        let (twins, store) = (Arc::downgrade(self), Arc::downgrade(store));
        std::thread::spawn(move || {
            while let (Some(twins), Some(store)) = (twins.upgrade(), store.upgrade()) {
                let step = twins
                    .lock()
                    .get_or_insert_with(|| twins.none())
                    .step(&store);
                match step {
                    Ok(true) => {}
                    Ok(false) => return,
                    Err(error) => {
                        // Whoever asks reads on from here and is told what is wrong.
                        tracing::warn!(error = format!("{error:#}"), "the headings are not read");
                        return;
                    }
                }
            }
        });
    }

    /// The articles on the matter of `ours` that are in use on `today` and were not told apart from
    /// it: those on the same first. `ours` may stand in the store or not, or say something else there.
    pub(crate) fn of(
        &self,
        store: &Store,
        ours: &KbArticle,
        today: NaiveDate,
    ) -> anyhow::Result<Vec<Twin>> {
        let found = {
            let followed = self.followed(store)?;
            followed.as_ref().map_or_else(Vec::new, |followed| {
                let headings = followed.index.headings(&ours.title, &ours.questions);
                let except = Some(ours.id.0.as_str());
                followed.index.twins(&headings, except, TWINS_LOOKED_AT_MAX)
            })
        };
        store.read(|reader| {
            let told_apart = ToldApart::read(reader)?;
            let mut twins = Vec::new();
            for (id, likeness) in found {
                if let Some(stored) = reader.article(&KbArticleId(id))? {
                    twins.extend(compare(ours, stored, likeness, today, &told_apart));
                }
            }
            twins.sort_by_key(|twin| {
                std::cmp::Reverse((twin.likeness.level, twin.contradictions.len()))
            });
            Ok(twins)
        })
    }

    /// The ids of all articles, for going through them.
    pub(crate) fn ids(&self, store: &Store) -> anyhow::Result<Vec<String>> {
        let followed = self.followed(store)?;
        let ids = followed
            .as_ref()
            .map(|followed| followed.index.ids().map(str::to_owned));
        Ok(ids.into_iter().flatten().collect())
    }

    /// What the index knows of twins of an article, nothing read from the store.
    pub(crate) fn likely(&self, id: &str) -> Vec<(String, Likeness)> {
        let followed = self.lock();
        followed.as_ref().map_or_else(Vec::new, |followed| {
            followed.index.twins_of(id, TWINS_LOOKED_AT_MAX)
        })
    }

    /// The index, brought to what the store says now.
    fn followed(&self, store: &Store) -> anyhow::Result<MutexGuard<'_, Option<Followed>>> {
        let mut guard = self.lock();
        let followed = guard.get_or_insert_with(|| self.none());
        while followed.step(store)? {}
        Ok(guard)
    }

    fn lock(&self) -> MutexGuard<'_, Option<Followed>> {
        self.followed.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// No heading yet.
    fn none(&self) -> Followed {
        Followed {
            index: TwinIndex::new(self.places.clone()),
            position: 0,
        }
    }
}

/// The pairs that a person has told apart.
pub(crate) struct ToldApart(Vec<desk_store::StoredVerdict>);

impl ToldApart {
    pub(crate) fn read(reader: &Reader) -> anyhow::Result<Self> {
        Ok(Self(reader.distinct_pairs()?))
    }

    /// Whether the two were told apart and say now what they said then.
    pub(crate) fn holds(&self, one: &KbArticle, other: &KbArticle) -> bool {
        let Some(pair) = TwinPair::of(one.id.clone(), other.id.clone()) else {
            return false;
        };
        let found = self.0.binary_search_by(|verdict| verdict.pair.cmp(&pair));
        let verdict = found.ok().and_then(|at| self.0.get(at));
        let (first, second) = if pair.first() == &one.id {
            (one, other)
        } else {
            (other, one)
        };
        verdict.is_some_and(|verdict| {
            verdict.first_hash == SaidHash::of(first) && verdict.second_hash == SaidHash::of(second)
        })
    }
}

/// Compares what two articles say; `None` where the other is no longer in use on `today` or was told
/// apart.
pub(crate) fn compare(
    ours: &KbArticle,
    theirs: StoredArticle,
    likeness: Likeness,
    today: NaiveDate,
    told_apart: &ToldApart,
) -> Option<Twin> {
    if theirs.article.is_expired_on(today) || told_apart.holds(ours, &theirs.article) {
        return None;
    }
    let likeness = with_answers(likeness, &said(ours), &said(&theirs.article));
    let contradictions = match likeness.level {
        Level::Same if hold_together(ours, &theirs.article) => contradictions(
            &compared(ours),
            &compared(&theirs.article),
            [&ours.title, &theirs.article.title],
        ),
        Level::Same | Level::Near => Vec::new(),
    };
    Some(Twin {
        stored: theirs,
        likeness,
        contradictions,
    })
}

/// Whether there is a day on which both hold: last year's fee does not contradict this year's.
fn hold_together(ours: &KbArticle, theirs: &KbArticle) -> bool {
    let ends_before = |one: &KbArticle, other: &KbArticle| {
        one.valid_until
            .zip(other.valid_from)
            .is_some_and(|(last, first)| last < first)
    };
    !ends_before(ours, theirs) && !ends_before(theirs, ours)
}

fn compared(article: &KbArticle) -> Vec<Passage<'_>> {
    let passages = passages(article).into_iter();
    passages
        .map(|(heading, text)| Passage { heading, text })
        .collect()
}

fn said(article: &KbArticle) -> String {
    let texts: Vec<&str> = passages(article)
        .into_iter()
        .map(|(_, text)| text)
        .collect();
    texts.join("\n")
}
