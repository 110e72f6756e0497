//! One state of the index that searches read while the next one is written.

use std::sync::Arc;

use rustc_hash::FxHashMap;
use tantivy::{DocAddress, Index, ReloadPolicy, Searcher, index::SegmentId};

use crate::{
    error::SearchError,
    schema::{self, Fields},
    summary::Summary,
};

/// Blocks of unpacked stored articles that each segment keeps, 16 KB each.
const STORE_CACHE_BLOCKS: usize = 8;

/// A readable state, never changed.
pub(crate) struct Snapshot {
    pub(crate) index: Index,
    pub(crate) searcher: Searcher,
    pub(crate) fields: Fields,
    pub(crate) generation: u64,
    pub(crate) position: u64,
    /// One for each segment of the searcher, in its order.
    summaries: Vec<(SegmentId, Arc<Summary>)>,
    /// How rare each Chinese character is. Ranking asks for thousands of these per search, too many
    /// for the term dictionary; there are only some thousand characters.
    character_idf: FxHashMap<char, f32>,
}

impl Snapshot {
    /// Opens what was last committed to an index.
    pub(crate) fn open(index: Index, generation: u64, position: u64) -> Result<Self, SearchError> {
        Self::read(index, generation, position, &[])
    }

    /// Opens what was committed after this state, and keeps what segments have in common.
    pub(crate) fn next(&self, position: u64) -> Result<Self, SearchError> {
        Self::read(
            self.index.clone(),
            self.generation,
            position,
            &self.summaries,
        )
    }

    fn read(
        index: Index,
        generation: u64,
        position: u64,
        known: &[(SegmentId, Arc<Summary>)],
    ) -> Result<Self, SearchError> {
        let reader = index
            .reader_builder()
            .reload_policy(ReloadPolicy::Manual)
            .doc_store_cache_num_blocks(STORE_CACHE_BLOCKS)
            .try_into()?;
        let searcher = reader.searcher();
        let (_, fields) = schema::schema();
        let mut summaries = Vec::new();
        for segment in searcher.segment_readers() {
            let id = segment.segment_id();
            let summary = match known.iter().find(|(known, _)| *known == id) {
                Some((_, summary)) => Arc::clone(summary),
                None => Arc::new(Summary::of(segment, &fields)?),
            };
            summaries.push((id, summary));
        }
        let character_idf = character_idf(&searcher, &summaries);
        Ok(Self {
            index,
            searcher,
            fields,
            generation,
            position,
            summaries,
            character_idf,
        })
    }

    /// Returns the title and names of a document, as `schema::heading_parts` takes them apart.
    pub(crate) fn heading(&self, address: DocAddress) -> &str {
        let summary = self.summaries.get(address.segment_ord as usize);
        summary.map_or("", |(_, summary)| summary.heading(address.doc_id))
    }

    /// Returns the rarity of a character; one that no article has is the rarest.
    pub(crate) fn idf_of_character(&self, c: char) -> f32 {
        self.character_idf
            .get(&c)
            .copied()
            .unwrap_or_else(|| self.idf(0))
    }

    /// Returns the rarity of a gram that so many documents have, as BM25 defines it.
    #[expect(
        clippy::cast_precision_loss,
        reason = "rarity needs no more than an f32"
    )]
    pub(crate) fn idf(&self, n_documents_with: u64) -> f32 {
        idf(self.searcher.num_docs() as f32, n_documents_with as f32)
    }
}

fn idf(n_documents: f32, n_documents_with: f32) -> f32 {
    // Deleted documents are counted with until their segment is merged.
    let n_without = (n_documents - n_documents_with).max(0.0);
    (1.0 + (n_without + 0.5) / (n_documents_with + 0.5)).ln()
}

#[expect(
    clippy::cast_precision_loss,
    reason = "rarity needs no more than an f32"
)]
fn character_idf(
    searcher: &Searcher,
    summaries: &[(SegmentId, Arc<Summary>)],
) -> FxHashMap<char, f32> {
    let mut n_documents_with: FxHashMap<char, u32> = FxHashMap::default();
    for (_, summary) in summaries {
        for (&c, &n) in &summary.n_documents_with {
            *n_documents_with.entry(c).or_default() += n;
        }
    }
    let n_documents = searcher.num_docs() as f32;
    n_documents_with
        .into_iter()
        .map(|(c, n)| (c, idf(n_documents, n as f32)))
        .collect()
}
