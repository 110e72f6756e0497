//! The index as the desk holds it: open, search, update.

use std::{
    path::Path,
    sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock},
};

use tantivy::{Index, IndexWriter, Term, indexer::LogMergePolicy};

use crate::{
    answer::{self, Answer},
    document::{Change, Document},
    error::SearchError,
    find::{self, Hit},
    folder::{Checked, Folder, Payload},
    query::Query,
    quiet, schema,
    snapshot::Snapshot,
};

/// What a writer may hold in memory before it writes a segment. Writers live only while they work.
pub(crate) const REBUILD_MEMORY_BYTES: usize = 48 * 1024 * 1024;

/// The same for some articles; tantivy's least. It clears a table of a third of this each time.
const UPDATE_MEMORY_BYTES: usize = 15 * 1024 * 1024;

/// So many small segments are merged into one.
const SEGMENTS_TO_MERGE: usize = 4;

/// A segment with more than this part deleted is rewritten.
const DELETED_PART_TO_MERGE: f32 = 0.3;

/// The search index of the knowledge base.
///
/// Shared by reference: any number of threads search while one updates or rebuilds. A search sees
/// one whole commit and nothing of the next.
pub struct KbIndex {
    pub(crate) folder: Folder,
    /// What searches read now; `None` until the first build.
    shown: RwLock<Option<Arc<Snapshot>>>,
    /// Held by the one who writes.
    writing: Mutex<()>,
}

/// An index, and whether it has to be built (again) from the store.
pub struct Opened {
    pub index: KbIndex,
    /// Why [`KbIndex::rebuild`] is needed; `None` when the index is ready.
    pub needs_rebuild: Option<NeedsRebuild>,
}

/// Why an index has to be built from the store.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NeedsRebuild {
    /// There was none.
    Missing,
    /// A program of another version wrote it.
    OtherFormat,
    /// It is good, answers, and stands at another change number than the store. When the store can
    /// name the changes since `position`, [`KbIndex::update`] with these is enough.
    OtherPosition { position: u64 },
    /// It cannot be trusted and does not answer.
    Damaged { detail: String },
}

impl KbIndex {
    /// Opens the index in a folder, which is created where there is none.
    ///
    /// `position` is the store's change number now. Every byte is read against its checksum, so
    /// this takes some tenths of a second for a large index: call it off the main thread. Whatever
    /// is wrong with the index is a reason to rebuild; an error says that the disk fails.
    pub fn open(folder: &Path, position: u64) -> Result<Opened, SearchError> {
        let folder = Folder::create(folder)?;
        let checked = folder.check().and_then(|checked| match checked {
            Checked::Good {
                index,
                generation,
                position,
            } => Ok(Ok(Snapshot::open(index, generation, position)?)),
            Checked::Missing => Ok(Err(NeedsRebuild::Missing)),
            Checked::OtherFormat => Ok(Err(NeedsRebuild::OtherFormat)),
        });
        let (shown, needs_rebuild) = match checked {
            Ok(Ok(snapshot)) if snapshot.position == position => (Some(snapshot), None),
            Ok(Ok(snapshot)) => {
                let position = snapshot.position;
                (
                    Some(snapshot),
                    Some(NeedsRebuild::OtherPosition { position }),
                )
            }
            Ok(Err(reason)) => (None, Some(reason)),
            Err(SearchError::Damaged { detail }) => {
                tracing::warn!(detail, "The search index is damaged");
                (None, Some(NeedsRebuild::Damaged { detail }))
            }
            Err(
                error @ (SearchError::Storage(_)
                | SearchError::NotBuilt
                | SearchError::TextTooLong { .. }),
            ) => return Err(error),
        };
        folder.remove_generations_except(shown.as_ref().map(|snapshot| snapshot.generation));
        let index = Self {
            folder,
            shown: RwLock::new(shown.map(Arc::new)),
            writing: Mutex::new(()),
        };
        Ok(Opened {
            index,
            needs_rebuild,
        })
    }

    /// Returns the store's change number that searches see, or `None` before the first build.
    pub fn position(&self) -> Option<u64> {
        self.snapshot().ok().map(|snapshot| snapshot.position)
    }

    /// Returns how many articles searches see.
    pub fn n_documents(&self) -> u64 {
        self.snapshot()
            .map_or(0, |snapshot| snapshot.searcher.num_docs())
    }

    /// Finds the articles that answer a text best, the best first.
    ///
    /// A text without a letter, digit or Chinese character finds nothing.
    pub fn search(&self, query: &Query) -> Result<Vec<Hit>, SearchError> {
        find::find(self.snapshot()?.as_ref(), query)
    }

    /// Returns the passage that answers a question best; `None` where none is sure enough.
    pub fn answer(&self, query: &Query) -> Result<Option<Answer>, SearchError> {
        answer::answer(self.snapshot()?.as_ref(), query)
    }

    /// Takes over what changed in the store, in one commit; `position` is its number afterwards.
    ///
    /// Searches see the changes before this returns, and go first meanwhile. It may go on merging
    /// segments for a while, so call it off the main thread. When it fails, the last commit stays.
    pub fn update(&self, changes: &[Change], position: u64) -> Result<(), SearchError> {
        let _writing = self.writing();
        quiet::behind_searches(|| self.take_over(changes, position))
    }

    fn take_over(&self, changes: &[Change], position: u64) -> Result<(), SearchError> {
        // Kept to the end, so that no search is the one that gives back what it took.
        let shown = self.snapshot()?;
        self.folder.unseal(shown.generation)?;
        let mut writer = writer(&shown.index, UPDATE_MEMORY_BYTES)?;
        for change in changes {
            match change {
                Change::Put(document) => put(&writer, document)?,
                Change::Remove { id } => {
                    writer.delete_term(Term::from_field_text(shown.fields.id, id));
                }
            }
        }
        commit(&mut writer, position)?;
        let committed = self.show(shown.next(position)?);
        writer.wait_merging_threads()?;
        if !committed.has_the_segments_of_now()? {
            self.show(committed.next(position)?);
        }
        self.folder.seal(shown.generation)
    }

    /// Waits until nobody else writes.
    pub(crate) fn writing(&self) -> MutexGuard<'_, ()> {
        self.writing.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Lets searches read another state from now on.
    pub(crate) fn show(&self, snapshot: Snapshot) -> Arc<Snapshot> {
        let snapshot = Arc::new(snapshot);
        let mut shown = self.shown.write().unwrap_or_else(PoisonError::into_inner);
        let before = shown.replace(Arc::clone(&snapshot));
        // Closing the files of the state before takes longer than a search may wait.
        drop(shown);
        drop(before);
        snapshot
    }

    fn snapshot(&self) -> Result<Arc<Snapshot>, SearchError> {
        let shown = self.shown.read().unwrap_or_else(PoisonError::into_inner);
        shown.clone().ok_or(SearchError::NotBuilt)
    }
}

/// Opens a writer with one thread.
pub(crate) fn writer(index: &Index, memory_bytes: usize) -> Result<IndexWriter, SearchError> {
    let writer = index.writer_with_num_threads(1, memory_bytes)?;
    let mut policy = LogMergePolicy::default();
    policy.set_min_num_segments(SEGMENTS_TO_MERGE);
    policy.set_del_docs_ratio_before_merge(DELETED_PART_TO_MERGE);
    writer.set_merge_policy(Box::new(policy));
    Ok(writer)
}

/// Adds a document in place of the one with its id.
pub(crate) fn put(writer: &IndexWriter, document: &Document) -> Result<(), SearchError> {
    let (_, fields) = schema::schema();
    writer.delete_term(Term::from_field_text(fields.id, &document.id));
    writer.add_document(schema::to_stored(&fields, document))?;
    Ok(())
}

/// Commits with the position in the payload.
pub(crate) fn commit(writer: &mut IndexWriter, position: u64) -> Result<(), SearchError> {
    let payload = Payload::at(position).to_json()?;
    let mut prepared = writer.prepare_commit()?;
    prepared.set_payload(&payload);
    prepared.commit()?;
    Ok(())
}
