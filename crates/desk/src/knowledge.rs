//! 知识库: finding an article while typing, and reading it.
//!
//! The index follows the store on a thread of its own: at start it is opened and checked there, and
//! built again when it is missing, stale or damaged. Until then a search says so instead of
//! pretending that there is no answer.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU8, Ordering};
use std::sync::mpsc::{self, Receiver, Sender};
use std::sync::{Arc, OnceLock, PoisonError, RwLock};
use std::time::Instant;

use anyhow::Context as _;
use chrono::NaiveDate;
use desk_store::Store;
use domain::clock_face::date_of;
use domain::kb::{KbArticle, KbArticleId};
use search::{
    Change, Day, Document, Facet, FacetFilter, Filter, KbIndex, NeedsRebuild, Opened, Query,
    SearchError, Thesaurus,
};
use serde::{Deserialize, Serialize};
use tokio::sync::broadcast;
use ts_rs::TS;

use crate::desk::Desk;
use crate::error::CallError;
use crate::kb_part::{self, KbPart};
use crate::reference::{ReferenceTables, wire_name};
use crate::status::IndexState;
use crate::{kb_words, text, time_text};

/// The most hits of one answer.
const HITS_MAX: usize = 20;
/// Changes taken over in one step.
const CHANGES_PER_STEP: u32 = 500;
/// The place of what holds in the whole county; no township has this code.
const WHOLE_COUNTY: &str = "";
const CHANGED: &[&str] = &["knowledge", "status"];

#[derive(Debug, Clone, Deserialize, TS)]
pub struct KnowledgeSearch {
    /// A few words, or everything the citizen has said so far.
    pub text: String,
    pub limit: usize,
    /// What is looked through; without it everything that holds today.
    #[serde(default)]
    #[ts(optional)]
    pub scope: Option<SearchScope>,
}

/// What a search looks through.
#[derive(Debug, Clone, Default, Deserialize, TS)]
pub struct SearchScope {
    /// Also what no longer or not yet holds; it is marked.
    pub includes_out_of_force: bool,
    /// Only what this unit is responsible for.
    pub unit: Option<String>,
    /// Only articles of this template, see `Reference::kb_templates`.
    pub template: Option<String>,
    /// Only what is classified below this, see `Reference::category_fields`.
    #[serde(default)]
    pub category_field: Option<String>,
    /// Only what holds in this township or street, or in the whole county.
    #[serde(default)]
    pub township: Option<String>,
}

/// A piece of text, marked where it answers the search.
#[derive(Debug, Clone, Serialize, TS)]
pub struct Segment {
    pub text: String,
    pub is_hit: bool,
}

#[derive(Debug, Clone, Serialize, TS)]
pub struct KnowledgeHit {
    pub id: String,
    pub title: Vec<Segment>,
    pub snippet: Vec<Segment>,
    pub template_text: String,
    pub unit: String,
    /// 有效至 2027年12月31日, 长期有效.
    pub validity_text: String,
    pub is_expired: bool,
    /// Why it stands here: 标题含“停水”，正文含“抢修”.
    pub ground: String,
}

#[derive(Debug, Clone, Serialize, TS)]
pub struct KnowledgeHits {
    pub hits: Vec<KnowledgeHit>,
    /// Where nothing in force was found: how much would be found that no longer or not yet holds.
    pub n_out_of_force: usize,
    /// How long the search took, in microseconds.
    pub took_us: u64,
}

#[derive(Debug, Clone, Deserialize, TS)]
pub struct KnowledgeId {
    pub id: String,
}

#[derive(Debug, Clone, Serialize, TS)]
pub struct KbSection {
    pub label: String,
    pub text: String,
}

#[derive(Debug, Clone, Serialize, TS)]
pub struct KnowledgeArticle {
    pub id: String,
    pub version: u32,
    pub template_text: String,
    pub title: String,
    pub questions: Vec<String>,
    /// What is read aloud; empty for an article that is only looked things up in.
    pub answer: String,
    pub sections: Vec<KbSection>,
    pub unit: String,
    pub source: String,
    /// 物业管理 · 物业收费; empty where it is not classified.
    pub category_text: String,
    /// 三汇镇; empty for the whole county.
    pub township_text: String,
    pub valid_from_text: String,
    pub valid_until_text: String,
    /// 有效至 2027年12月31日, 长期有效.
    pub validity_text: String,
    pub next_review_text: String,
    pub is_expired: bool,
    pub is_sample: bool,
    /// What of it can be copied by itself.
    pub parts: Vec<KbPart>,
    /// Article, version, unit and validity, for whatever is copied: 〔县人社局·社保卡补办·第2版·…〕.
    pub source_line: String,
}

/// 检索知识.
pub(crate) fn search_knowledge(
    desk: &Desk,
    request: KnowledgeSearch,
) -> Result<KnowledgeHits, CallError> {
    let began = Instant::now();
    let today = date_of(desk.now());
    let scope = request.scope.unwrap_or_default();
    let limit = request.limit.min(HITS_MAX);
    let search = |filter: &Filter| desk.knowledge.search(&request.text, limit, filter);
    let mut filter = filter(&desk.reference, &scope, today);
    let found = search(&filter)?;
    let n_out_of_force = if found.is_empty() && filter.in_force_on.take().is_some() {
        search(&filter)?.len()
    } else {
        0
    };
    let mut hits = Vec::with_capacity(found.len());
    desk.store.read(|reader| {
        for hit in &found {
            // Gone from the store since the index was last brought up to date.
            let Some(stored) = reader.article(&KbArticleId(hit.id.clone()))? else {
                continue;
            };
            hits.push(KnowledgeHit {
                id: hit.id.clone(),
                title: segments(&hit.title),
                snippet: snippet(&hit.snippet),
                template_text: text::template(stored.article.template).to_owned(),
                unit: stored.article.unit.clone(),
                validity_text: validity_text(&stored.article),
                is_expired: stored.article.is_expired_on(today),
                ground: text::ground(&hit.ground),
            });
        }
        Ok(())
    })?;
    let took_us = u64::try_from(began.elapsed().as_micros()).unwrap_or(u64::MAX);
    Ok(KnowledgeHits {
        hits,
        n_out_of_force,
        took_us,
    })
}

pub(crate) fn filter(reference: &ReferenceTables, scope: &SearchScope, today: NaiveDate) -> Filter {
    let one = |value: &String| vec![value.clone()];
    let below = |field: &String| reference.categories_of(field).map(str::to_owned).collect();
    let here = |township: &String| vec![township.clone(), WHOLE_COUNTY.to_owned()];
    let facets = [
        (Facet::Unit, scope.unit.as_ref().map(one)),
        (Facet::Template, scope.template.as_ref().map(one)),
        (Facet::Category, scope.category_field.as_ref().map(below)),
        (Facet::Place, scope.township.as_ref().map(here)),
    ];
    Filter {
        in_force_on: (!scope.includes_out_of_force).then(|| day(today)),
        facets: facets
            .into_iter()
            .filter_map(|(facet, values)| {
                let values = values?;
                Some(FacetFilter { facet, values })
            })
            .collect(),
    }
}

/// Counts a date in days, as the index does.
fn day(date: NaiveDate) -> Day {
    date.to_epoch_days()
}

/// 知识条目.
pub(crate) fn knowledge_article(
    desk: &Desk,
    request: KnowledgeId,
) -> Result<KnowledgeArticle, CallError> {
    let stored = desk
        .store
        .read(|reader| Ok(reader.article(&KbArticleId(request.id))?))?;
    let stored = stored.ok_or_else(|| CallError::invalid("这条知识已不存在。"))?;
    let KbArticle {
        id,
        template,
        title,
        questions,
        answer,
        sections,
        unit,
        source,
        category_id,
        township_code,
        ..
    } = stored.article.clone();
    let is_expired = stored.article.is_expired_on(date_of(desk.now()));
    let date = |date: Option<chrono::NaiveDate>| date.map(time_text::date).unwrap_or_default();
    Ok(KnowledgeArticle {
        id: id.0,
        version: stored.version,
        template_text: text::template(template).to_owned(),
        title,
        questions,
        answer,
        sections: sections
            .into_iter()
            .map(|section| KbSection {
                label: section.label,
                text: section.text,
            })
            .collect(),
        unit,
        source,
        category_text: desk.reference.category_text(&category_id).to_owned(),
        township_text: desk.reference.township_text(&township_code).to_owned(),
        valid_from_text: date(stored.article.valid_from),
        valid_until_text: valid_until_text(&stored.article),
        validity_text: validity_text(&stored.article),
        next_review_text: date(stored.article.next_review_on),
        is_expired,
        is_sample: stored.is_sample,
        parts: kb_part::parts_of(&stored, is_expired),
        source_line: kb_part::source_line(&stored, is_expired),
    })
}

pub(crate) fn valid_until_text(article: &KbArticle) -> String {
    article
        .valid_until
        .map_or_else(|| "长期有效".to_owned(), time_text::date)
}

pub(crate) fn validity_text(article: &KbArticle) -> String {
    article.valid_until.map_or_else(
        || "长期有效".to_owned(),
        |last| format!("有效至 {}", time_text::date(last)),
    )
}

fn segments(segments: &[search::Segment]) -> Vec<Segment> {
    segments
        .iter()
        .map(|segment| Segment {
            text: segment.text.clone(),
            is_hit: segment.is_hit,
        })
        .collect()
}

/// A piece of the body without the marks of Markdown, which mean nothing in a line of a list.
fn snippet(pieces: &[search::Segment]) -> Vec<Segment> {
    let mut pieces = segments(pieces);
    for piece in &mut pieces {
        piece.text = piece.text.replace("**", "").replace("\n- ", " · ");
    }
    pieces.retain(|piece| !piece.text.is_empty());
    pieces
}

/// The search index and the thread that keeps it at the store's state.
pub(crate) struct KnowledgeIndex {
    shared: Arc<Shared>,
    wake: Sender<Wake>,
}

enum Wake {
    CatchUp,
    Rebuild,
}

struct Shared {
    index: OnceLock<KbIndex>,
    /// 同义词 as they stand now.
    thesaurus: RwLock<Arc<Thesaurus>>,
    state: AtomicU8,
}

const READY: u8 = 0;
const REBUILDING: u8 = 1;
const UNAVAILABLE: u8 = 2;

impl KnowledgeIndex {
    /// Starts the thread, which opens the index in `folder` and follows `store` until this is
    /// dropped.
    pub(crate) fn start(
        folder: &Path,
        store: Arc<Store>,
        thesaurus: Thesaurus,
        changes: broadcast::Sender<&'static [&'static str]>,
    ) -> Self {
        let shared = Arc::new(Shared {
            index: OnceLock::new(),
            thesaurus: RwLock::new(Arc::new(thesaurus)),
            state: AtomicU8::new(REBUILDING),
        });
        let (wake, woken) = mpsc::channel();
        let follower = Follower {
            folder: folder.to_owned(),
            store,
            shared: Arc::clone(&shared),
            changes,
        };
        std::thread::spawn(move || follower.follow(&woken));
        Self { shared, wake }
    }

    pub(crate) fn state(&self) -> IndexState {
        match self.shared.state.load(Ordering::Acquire) {
            READY => IndexState::Ready,
            REBUILDING => IndexState::Rebuilding,
            _ => IndexState::Unavailable,
        }
    }

    /// How many articles a search can find.
    pub(crate) fn n_articles(&self) -> u64 {
        self.shared.index.get().map_or(0, KbIndex::n_documents)
    }

    /// Lets the index take over what changed in the store, in the background.
    pub(crate) fn catch_up(&self) {
        // The thread is gone only when the desk is being closed.
        self.wake.send(Wake::CatchUp).ok();
    }

    /// Lets every search from here on go by the groups of words that `store` has. Reading under the
    /// lock, so that of two changes at once the later one stays.
    pub(crate) fn follow_synonyms(&self, store: &Store) -> anyhow::Result<()> {
        let shared = &self.shared.thesaurus;
        let mut thesaurus = shared.write().unwrap_or_else(PoisonError::into_inner);
        *thesaurus = Arc::new(store.read(|reader| Ok(kb_words::thesaurus(reader)?))?);
        Ok(())
    }

    fn search(
        &self,
        text: &str,
        limit: usize,
        filter: &Filter,
    ) -> Result<Vec<search::Hit>, CallError> {
        self.ask(text, limit, filter, KbIndex::search)
    }

    /// 智能应答 among the articles that pass.
    pub(crate) fn answer(
        &self,
        text: &str,
        filter: &Filter,
    ) -> Result<Option<search::Answer>, CallError> {
        self.ask(text, 1, filter, KbIndex::answer)
    }

    /// Asks the index with the words that mean the same as they stand now.
    fn ask<T>(
        &self,
        text: &str,
        limit: usize,
        filter: &Filter,
        ask: impl FnOnce(&KbIndex, &Query) -> Result<T, SearchError>,
    ) -> Result<T, CallError> {
        let not_yet = || CallError::invalid("知识索引正在重建，请稍候；工单受理不受影响。");
        let index = self.shared.index.get().ok_or_else(not_yet)?;
        let thesaurus = Arc::clone(
            &self
                .shared
                .thesaurus
                .read()
                .unwrap_or_else(PoisonError::into_inner),
        );
        let query = Query {
            filter: Some(filter),
            thesaurus: Some(&thesaurus),
            ..Query::new(text, limit)
        };
        ask(index, &query).map_err(|error| match error {
            SearchError::NotBuilt => not_yet(),
            SearchError::TextTooLong {
                n_characters,
                limit,
            } => CallError::invalid(format!("检索内容最多 {limit} 字，现有 {n_characters} 字。")),
            SearchError::Damaged { detail } => {
                tracing::warn!(detail, "the index is built again");
                self.shared.state.store(REBUILDING, Ordering::Release);
                self.wake.send(Wake::Rebuild).ok();
                CallError::invalid("知识索引损坏，正在重建，请稍候；工单受理不受影响。")
            }
            SearchError::Storage(error) => {
                CallError::Fault(anyhow::Error::from(error).context("Searching the index"))
            }
        })
    }
}

/// The thread's side.
struct Follower {
    folder: PathBuf,
    store: Arc<Store>,
    shared: Arc<Shared>,
    changes: broadcast::Sender<&'static [&'static str]>,
}

impl Follower {
    fn follow(self, woken: &Receiver<Wake>) {
        self.do_and_tell(Self::open);
        while let Ok(wake) = woken.recv() {
            self.do_and_tell(|follower| match wake {
                Wake::CatchUp => follower.update_or_rebuild(),
                Wake::Rebuild => follower.rebuild(),
            });
        }
    }

    fn do_and_tell(&self, act: impl FnOnce(&Self) -> anyhow::Result<()>) {
        let state = match act(self) {
            Ok(()) => READY,
            Err(error) => {
                tracing::error!(error = format!("{error:#}"), "the index is not up to date");
                UNAVAILABLE
            }
        };
        self.shared.state.store(state, Ordering::Release);
        // No window listening is no error.
        self.changes.send(CHANGED).ok();
    }

    fn open(&self) -> anyhow::Result<()> {
        let position = self.store.read(|reader| Ok(reader.kb_position()?))?;
        let Opened {
            index,
            needs_rebuild,
        } = KbIndex::open(&self.folder, position).context("Opening the index")?;
        self.shared.index.get_or_init(|| index);
        match needs_rebuild {
            None => Ok(()),
            Some(NeedsRebuild::OtherPosition { position: at }) if at < position => {
                self.update_or_rebuild()
            }
            Some(reason) => {
                tracing::info!(?reason, "the index is built from the store");
                self.rebuild()
            }
        }
    }

    /// Takes over the changes since the index's position; builds it anew when that fails.
    fn update_or_rebuild(&self) -> anyhow::Result<()> {
        if self.index()?.position().is_none() {
            return self.rebuild();
        }
        self.update().or_else(|error| {
            tracing::warn!(
                error = format!("{error:#}"),
                "the update failed, building anew"
            );
            self.rebuild()
        })
    }

    fn update(&self) -> anyhow::Result<()> {
        let index = self.index()?;
        loop {
            let at = index.position().context("The index has no position")?;
            let changed = self
                .store
                .read(|reader| Ok(reader.articles_changed_after(at, CHANGES_PER_STEP)?))?;
            let Some(last) = changed.last() else {
                return Ok(());
            };
            let position = last.change_no;
            let changes: Vec<Change> = changed
                .iter()
                .map(|changed| match &changed.article {
                    Some(stored) => Change::Put(document(&stored.article)),
                    None => Change::Remove {
                        id: changed.id.0.clone(),
                    },
                })
                .collect();
            index
                .update(&changes, position)
                .context("Updating the index")?;
        }
    }

    fn rebuild(&self) -> anyhow::Result<()> {
        self.shared.state.store(REBUILDING, Ordering::Release);
        let rebuild = self
            .index()?
            .begin_rebuild()
            .context("Beginning the index")?;
        let position = self.store.read(|reader| {
            reader.all_articles(|stored| {
                rebuild
                    .put(&document(&stored.article))
                    .context("Adding to the index")
            })?;
            Ok(reader.kb_position()?)
        })?;
        rebuild.finish(position).context("Finishing the index")
    }

    fn index(&self) -> anyhow::Result<&KbIndex> {
        self.shared
            .index
            .get()
            .context("The index could not be opened")
    }
}

/// What the index knows of an article.
fn document(article: &KbArticle) -> Document {
    let mut body = article.answer.clone();
    for section in &article.sections {
        body.push('\n');
        body.push_str(&section.label);
        body.push('：');
        body.push_str(&section.text);
    }
    body.push_str("\n责任单位：");
    body.push_str(&article.unit);
    Document {
        id: article.id.0.clone(),
        title: article.title.clone(),
        names: article.questions.clone(),
        body,
        facets: vec![
            (Facet::Unit, article.unit.clone()),
            (Facet::Template, wire_name(&article.template)),
            (Facet::Category, article.category_id.clone()),
            (Facet::Place, article.township_code.clone()),
        ],
        valid_from: article.valid_from.map(day),
        valid_until: article.valid_until.map(day),
    }
}
