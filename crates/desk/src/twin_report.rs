//! 口径核对 over the whole knowledge base: every pair of articles in use that answers the same
//! question, what contradicts first. It runs on a thread of its own, says how far it is, and can be
//! stopped; what it found stays in memory, since finding it again takes seconds.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};

use chrono::{DateTime, NaiveDate, Utc};
use desk_store::{SaidHash, Store, StoredArticle};
use domain::clock_face::date_of;
use domain::kb::{KbArticle, KbArticleId};
use search::twins::Level;
use serde::{Deserialize, Serialize};
use tokio::sync::broadcast;
use ts_rs::TS;

use crate::desk::Desk;
use crate::error::CallError;
use crate::kb_twins::{KbContradiction, contradiction_views};
use crate::twins::{ToldApart, Twins, compare};
use crate::{text, time_text};

/// So many pairs are kept; a knowledge base with more has to be tidied up in another way first.
const PAIRS_MAX: usize = 2_000;
/// So many pairs are shown at once.
const PAIRS_SHOWN_MAX: usize = 200;
/// The windows are told so many times how far it is.
const STEPS_TOLD: usize = 100;
const CHANGED: &[&str] = &["twin_report"];

/// How far a report is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum TwinReportState {
    /// Never begun since the program started.
    Idle,
    Running,
    Done,
    /// Stopped by a person; what was found till then is shown.
    Cancelled,
    Failed,
}

#[derive(Debug, Clone, Serialize, TS)]
pub struct TwinSide {
    pub id: String,
    pub title: String,
    pub unit: String,
    pub version: u32,
    pub valid_until_text: String,
    pub is_sample: bool,
}

/// Two articles that answer the same question.
#[derive(Debug, Clone, Serialize, TS)]
pub struct TwinPairRow {
    pub first: TwinSide,
    pub second: TwinSide,
    pub ground: String,
    pub contradictions: Vec<KbContradiction>,
}

#[derive(Debug, Clone, Serialize, TS)]
pub struct TwinReport {
    pub state: TwinReportState,
    pub n_done: usize,
    pub n_all: usize,
    /// When it was begun.
    pub made_text: String,
    pub n_pairs: usize,
    pub n_contradicting: usize,
    /// What contradicts first; not all where there are very many.
    pub pairs: Vec<TwinPairRow>,
}

/// Begins or stops the report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, TS)]
pub struct RunTwinReport {
    /// False to stop it.
    pub runs: bool,
}

/// The report of a desk: what it found, and how to stop it.
#[derive(Default)]
pub(crate) struct TwinReportDesk {
    found: Mutex<Found>,
    stops: AtomicBool,
}

#[derive(Default)]
struct Found {
    state: Option<TwinReportState>,
    n_done: usize,
    n_all: usize,
    made_at: Option<DateTime<Utc>>,
    pairs: Vec<FoundPair>,
}

impl Found {
    /// What contradicts stands first, and stays when there are too many.
    fn add(&mut self, pairs: Vec<FoundPair>, n_done: usize, n_all: usize) {
        self.n_done = n_done;
        self.n_all = n_all;
        if pairs.is_empty() {
            return;
        }
        self.pairs.extend(pairs);
        self.pairs.sort_by_cached_key(|pair| {
            let row = &pair.row;
            let n_against = std::cmp::Reverse(row.contradictions.len());
            (n_against, row.first.title.clone(), row.second.id.clone())
        });
        self.pairs.truncate(PAIRS_MAX);
    }
}

struct FoundPair {
    row: TwinPairRow,
    said: [SaidHash; 2],
}

impl TwinReportDesk {
    fn found(&self) -> MutexGuard<'_, Found> {
        self.found.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Stops a report under way; it ends at the next article.
    pub(crate) fn stop(&self) {
        self.stops.store(true, Ordering::Release);
    }
}

/// 口径核对清单: what was found and still stands.
pub(crate) fn twin_report(desk: &Desk, (): ()) -> Result<TwinReport, CallError> {
    let mut found = desk.twin_report.found();
    // What is being found now is true now.
    if found.state != Some(TwinReportState::Running) {
        keep_standing(desk, &mut found.pairs)?;
    }
    let pairs = &found.pairs;
    Ok(TwinReport {
        state: found.state.unwrap_or(TwinReportState::Idle),
        n_done: found.n_done,
        n_all: found.n_all,
        made_text: found.made_at.map(time_text::moment).unwrap_or_default(),
        n_pairs: pairs.len(),
        n_contradicting: pairs
            .iter()
            .filter(|pair| !pair.row.contradictions.is_empty())
            .count(),
        pairs: pairs
            .iter()
            .take(PAIRS_SHOWN_MAX)
            .map(|pair| pair.row.clone())
            .collect(),
    })
}

/// Leaves out what was settled or has changed since.
fn keep_standing(desk: &Desk, pairs: &mut Vec<FoundPair>) -> anyhow::Result<()> {
    desk.store.read(|reader| {
        let told_apart = ToldApart::read(reader)?;
        let mut standing = Vec::with_capacity(pairs.len());
        for pair in pairs.drain(..) {
            let article = |side: &TwinSide| reader.article(&KbArticleId(side.id.clone()));
            let (first, second) = (article(&pair.row.first)?, article(&pair.row.second)?);
            if let (Some(first), Some(second)) = (first, second) {
                let (first, second) = (first.article, second.article);
                let says_it_still = [SaidHash::of(&first), SaidHash::of(&second)] == pair.said;
                if says_it_still && !told_apart.holds(&first, &second) {
                    standing.push(pair);
                }
            }
        }
        *pairs = standing;
        Ok(())
    })
}

/// 开始核对, 停止核对.
pub(crate) fn run_twin_report(desk: &Desk, request: RunTwinReport) -> Result<(), CallError> {
    if !request.runs {
        desk.twin_report.stop();
        return Ok(());
    }
    {
        let mut found = desk.twin_report.found();
        if found.state == Some(TwinReportState::Running) {
            return Ok(());
        }
        *found = Found {
            state: Some(TwinReportState::Running),
            ..Found::default()
        };
        desk.twin_report.stops.store(false, Ordering::Release);
    }
    let report = Reporter {
        store: Arc::clone(&desk.store),
        twins: Arc::clone(&desk.twins),
        desk: Arc::downgrade(&desk.twin_report),
        changes: desk.changes.clone(),
        now: desk.now(),
    };
    std::thread::spawn(move || report.run());
    Ok(())
}

/// The thread's side.
struct Reporter {
    store: Arc<Store>,
    twins: Arc<Twins>,
    /// Gone when the desk is closed: then nobody asks any more.
    desk: Weak<TwinReportDesk>,
    changes: broadcast::Sender<&'static [&'static str]>,
    now: DateTime<Utc>,
}

impl Reporter {
    fn run(self) {
        let state = self.go_through().unwrap_or_else(|error| {
            tracing::error!(error = format!("{error:#}"), "the twin report failed");
            TwinReportState::Failed
        });
        if let Some(desk) = self.desk.upgrade() {
            let mut found = desk.found();
            found.state = Some(state);
            found.made_at = Some(self.now);
        }
        self.tell();
    }

    fn go_through(&self) -> anyhow::Result<TwinReportState> {
        let ids = self.twins.ids(&self.store)?;
        let step = (ids.len() / STEPS_TOLD).max(1);
        for (n_done, id) in (1..).zip(&ids) {
            let pairs = self.pairs_of(id, date_of(self.now))?;
            let Some(desk) = self.desk.upgrade() else {
                return Ok(TwinReportState::Cancelled);
            };
            if desk.stops.load(Ordering::Acquire) {
                return Ok(TwinReportState::Cancelled);
            }
            desk.found().add(pairs, n_done, ids.len());
            if n_done % step == 0 {
                self.tell();
            }
        }
        Ok(TwinReportState::Done)
    }

    /// The pairs of an article with those that come after it by id, so that each comes once.
    fn pairs_of(&self, id: &str, today: NaiveDate) -> anyhow::Result<Vec<FoundPair>> {
        let likely: Vec<_> = self
            .twins
            .likely(id)
            .into_iter()
            .filter(|(other, likeness)| other.as_str() > id && likeness.may_be_same())
            .collect();
        if likely.is_empty() {
            return Ok(Vec::new());
        }
        self.store.read(|reader| {
            let told_apart = ToldApart::read(reader)?;
            let ours = reader.article(&KbArticleId(id.to_owned()))?;
            let Some(ours) = ours.filter(|ours| !ours.article.is_expired_on(today)) else {
                return Ok(Vec::new());
            };
            let mut pairs = Vec::new();
            for (other, likeness) in likely {
                let Some(theirs) = reader.article(&KbArticleId(other))? else {
                    continue;
                };
                let twin = compare(&ours.article, theirs, likeness, today, &told_apart);
                if let Some(twin) = twin.filter(|twin| twin.likeness.level == Level::Same) {
                    let theirs = &twin.stored.article;
                    pairs.push(FoundPair {
                        said: [SaidHash::of(&ours.article), SaidHash::of(theirs)],
                        row: TwinPairRow {
                            first: side(&ours),
                            second: side(&twin.stored),
                            ground: text::twin_ground(&twin.likeness),
                            contradictions: contradiction_views(
                                &ours.article,
                                theirs,
                                &twin.contradictions,
                            ),
                        },
                    });
                }
            }
            Ok(pairs)
        })
    }

    fn tell(&self) {
        // No window listening is no error.
        self.changes.send(CHANGED).ok();
    }
}

fn side(stored: &StoredArticle) -> TwinSide {
    let KbArticle {
        id, title, unit, ..
    } = &stored.article;
    TwinSide {
        id: id.0.clone(),
        title: title.clone(),
        unit: unit.clone(),
        version: stored.version,
        valid_until_text: crate::knowledge::valid_until_text(&stored.article),
        is_sample: stored.is_sample,
    }
}
