//! One state of the index that searches read while the next one is written.

use std::sync::Arc;

use rustc_hash::FxHashMap;
use tantivy::{
    DocAddress, DocSet as _, Index, ReloadPolicy, Searcher, TERMINATED, TantivyDocument, Term,
    index::SegmentId,
    schema::{Field, IndexRecordOption, Value as _},
};

use crate::{
    error::SearchError,
    grams,
    schema::{self, Fields},
    summary::Summary,
    vocabulary::KnownPair,
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

    /// Says whether the index is still made of the segments of this state: none was merged since.
    pub(crate) fn has_the_segments_of_now(&self) -> Result<bool, SearchError> {
        let now = self.index.searchable_segment_ids()?;
        let known = |id: &SegmentId| self.summaries.iter().any(|(known, _)| known == id);
        Ok(now.len() == self.summaries.len() && now.iter().all(known))
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

    /// Goes through what ranking needs of each segment, in the searcher's order.
    pub(crate) fn summaries(&self) -> impl Iterator<Item = &Summary> {
        self.summaries.iter().map(|(_, summary)| summary.as_ref())
    }

    /// Says whether a document has not been deleted.
    pub(crate) fn is_alive(&self, address: DocAddress) -> bool {
        let segment = self.searcher.segment_reader(address.segment_ord);
        !segment.is_deleted(address.doc_id)
    }

    /// Returns the body of an article.
    pub(crate) fn body_of(&self, id: &str) -> Result<Option<String>, SearchError> {
        let term = Term::from_field_text(self.fields.id, id);
        for (ord, segment) in (0..).zip(self.searcher.segment_readers()) {
            let postings = segment
                .inverted_index(self.fields.id)?
                .read_postings(&term, IndexRecordOption::Basic)?;
            let Some(mut postings) = postings else {
                continue;
            };
            while postings.doc() != TERMINATED {
                let address = DocAddress::new(ord, postings.doc());
                if self.is_alive(address) {
                    let stored: TantivyDocument = self.searcher.doc(address)?;
                    let body = stored.get_first(self.fields.body);
                    return Ok(body.and_then(|body| body.as_str()).map(str::to_owned));
                }
                postings.advance();
            }
        }
        Ok(None)
    }

    /// Says whether two neighbouring characters stand in any article.
    pub(crate) fn has_pair(&self, first: char, second: char) -> Result<bool, SearchError> {
        Ok(self.n_headings_with(first, second)? > 0
            || self.n_with(self.fields.body_pairs, first, second)? > 0)
    }

    /// Returns in how many articles' titles or names two neighbouring characters stand.
    pub(crate) fn n_headings_with(&self, first: char, second: char) -> Result<u32, SearchError> {
        self.n_with(self.fields.heading_pairs, first, second)
    }

    /// Returns the pairs of titles and names that sound like two characters, each once.
    pub(crate) fn pairs_sounding_like(
        &self,
        first: char,
        second: char,
    ) -> Result<Vec<KnownPair>, SearchError> {
        let mut pairs: Vec<KnownPair> = Vec::new();
        for (segment, summary) in self.searcher.segment_readers().iter().zip(self.summaries()) {
            let vocabulary = summary.vocabulary(segment, &self.fields)?;
            for pair in vocabulary.sounding_like(first, second) {
                match pairs
                    .iter_mut()
                    .find(|known| known.characters == pair.characters)
                {
                    Some(known) => known.n_documents += pair.n_documents,
                    None => pairs.push(pair),
                }
            }
        }
        Ok(pairs)
    }

    fn n_with(&self, field: Field, first: char, second: char) -> Result<u32, SearchError> {
        let term = Term::from_field_text(field, &grams::pair_term((first, second)));
        let mut n_documents = 0;
        for segment in self.searcher.segment_readers() {
            n_documents += segment.inverted_index(field)?.doc_freq(&term)?;
        }
        Ok(n_documents)
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
