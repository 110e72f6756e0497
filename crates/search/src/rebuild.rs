//! Building the index from the store.

use std::sync::MutexGuard;

use tantivy::{Index, IndexWriter};

use crate::{
    document::Document,
    error::SearchError,
    folder::Folder,
    index::{self, KbIndex, REBUILD_MEMORY_BYTES},
    quiet,
    snapshot::Snapshot,
};

/// A new index being built beside the one that answers meanwhile.
///
/// The caller feeds it article by article, so that the articles need never be in memory together
/// and the work can be given up: dropping this leaves everything as it was.
pub struct Rebuild<'a> {
    // Dropped in this order: the writer lets go of the files before they are removed.
    writer: IndexWriter,
    index: Index,
    unfinished: Unfinished<'a>,
    kb: &'a KbIndex,
    /// Updates wait, and then build on the new index.
    _writing: MutexGuard<'a, ()>,
}

/// Removes the new generation unless it came into use.
struct Unfinished<'a> {
    folder: &'a Folder,
    generation: u64,
    is_in_use: bool,
}

impl KbIndex {
    /// Begins to build the index anew. Read the articles from the store after this call: an update
    /// with a later change then waits for the rebuild and is not lost.
    pub fn begin_rebuild(&self) -> Result<Rebuild<'_>, SearchError> {
        let writing = self.writing();
        let (index, generation) = self.folder.create_generation()?;
        let unfinished = Unfinished {
            folder: &self.folder,
            generation,
            is_in_use: false,
        };
        // Where nothing answers yet, people wait for just this.
        let writer = || index::writer(&index, REBUILD_MEMORY_BYTES);
        let writer = if self.position().is_some() {
            quiet::behind_searches(writer)?
        } else {
            writer()?
        };
        Ok(Rebuild {
            writer,
            index,
            unfinished,
            kb: self,
            _writing: writing,
        })
    }

    /// Builds the index anew from articles that stand at `position` in the store.
    pub fn rebuild(
        &self,
        documents: impl IntoIterator<Item = Document>,
        position: u64,
    ) -> Result<(), SearchError> {
        let rebuild = self.begin_rebuild()?;
        for document in documents {
            rebuild.put(&document)?;
        }
        rebuild.finish(position)
    }
}

impl Rebuild<'_> {
    /// Adds an article; one with the same id that was added before is replaced.
    pub fn put(&self, document: &Document) -> Result<(), SearchError> {
        index::put(&self.writer, document)
    }

    /// Commits, and lets the new index answer in place of the old one.
    pub fn finish(self, position: u64) -> Result<(), SearchError> {
        let Self {
            mut writer,
            index,
            mut unfinished,
            kb,
            _writing,
        } = self;
        index::commit(&mut writer, position)?;
        let segments = index.searchable_segment_ids()?;
        if segments.len() > 1 {
            writer.merge(&segments).wait()?;
        }
        writer.wait_merging_threads()?;
        let snapshot = Snapshot::open(index, unfinished.generation, position)?;
        kb.folder.seal(unfinished.generation)?;
        unfinished.is_in_use = true;
        kb.show(snapshot);
        kb.folder
            .remove_generations_except(Some(unfinished.generation));
        Ok(())
    }
}

impl Drop for Unfinished<'_> {
    fn drop(&mut self) {
        if !self.is_in_use {
            self.folder.remove_generation(self.generation);
        }
    }
}
