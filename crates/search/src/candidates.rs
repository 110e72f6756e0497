//! The first step of a search: which articles come into question.
//!
//! Goes through the posting lists one after the other and adds up BM25 for every article in one
//! array. Tantivy's own union of term queries would do, but a citizen's message has a hundred grams:
//! adding up block by block costs a few nanoseconds per posting, is the same for every text, and
//! says in passing which grams each article has.

use std::cmp::Ordering;

use tantivy::{
    DocAddress, DocId, SegmentReader, Term,
    fieldnorm::FieldNormReader,
    postings::TermInfo,
    schema::{Field, IndexRecordOption},
};

use crate::{
    error::SearchError,
    filter::{Filter, Passing},
    query::{Gram, Parsed, UnitId},
    snapshot::Snapshot,
};

/// So many articles are ranked by their features.
const MAX_CANDIDATES: usize = 100;

/// So many grams of a long text are scored, the rarest; the rest say too little for their cost.
/// At most 64, the bits of [`GramSet`].
const MAX_GRAMS_SCORED: usize = 48;

/// So many postings of the grams are added up, the rarest grams first. Only messages full of the
/// commonest words in a large knowledge base come to this, and then the rest tells little apart.
const MAX_POSTINGS_SCORED: u64 = 400_000;

/// BM25: how soon a gram that is repeated stops counting.
const REPETITION: f32 = 1.2;
/// BM25: how much a long field is held against the article.
const LENGTH: f32 = 0.75;

const WEIGHT_HEADING_PAIR: f32 = 1.0;
const WEIGHT_HEADING_CHARACTER: f32 = 0.6;
const WEIGHT_BODY_PAIR: f32 = 0.3;
/// A message tells more than a title says, and the answer to it goes into that.
const WEIGHT_BODY_PAIR_OF_MESSAGE: f32 = 0.5;
const WEIGHT_LONE_IN_HEADING: f32 = 1.0;
const WEIGHT_LONE_ANYWHERE: f32 = 0.3;

/// A set of scored grams, one bit each.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct GramSet(u64);

/// The grams of a query that are scored, and how rare each is.
pub(crate) struct Grams {
    scored: Vec<(Gram, f32)>,
}

/// An article that comes into question.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Candidate {
    pub(crate) address: DocAddress,
    pub(crate) relevance: f32,
    /// The grams that stand somewhere in it.
    pub(crate) found: GramSet,
}

/// A gram or character to look up in some fields.
struct Wanted<'a> {
    term: &'a str,
    fields: &'static [(FieldName, f32)],
}

#[derive(Clone, Copy)]
enum FieldName {
    HeadingPairs,
    HeadingUnits,
    BodyPairs,
    AllUnits,
}

/// The posting lists of one term in one field.
struct Lists {
    field: FieldName,
    weight: f32,
    idf: f32,
    /// One for each segment that has the term.
    by_segment: Vec<(usize, TermInfo)>,
}

impl Lists {
    fn n_postings(&self) -> u64 {
        self.by_segment
            .iter()
            .map(|(_, info)| u64::from(info.doc_freq))
            .sum()
    }
}

impl GramSet {
    pub(crate) fn insert(&mut self, at: usize) {
        self.0 |= 1 << at;
    }

    pub(crate) fn contains(self, at: usize) -> bool {
        self.0 >> at & 1 == 1
    }

    pub(crate) fn is_empty(self) -> bool {
        self.0 == 0
    }

    pub(crate) fn union(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    pub(crate) fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }
}

impl Grams {
    /// Returns the place of a gram among the scored ones.
    pub(crate) fn find(&self, gram: Gram) -> Option<usize> {
        self.scored.iter().position(|&(scored, _)| scored == gram)
    }

    /// Returns the rarity of a scored gram.
    pub(crate) fn idf(&self, at: usize) -> f32 {
        self.scored.get(at).map_or(0.0, |&(_, idf)| idf)
    }

    /// Adds up the rarity of the grams in a set.
    pub(crate) fn weight(&self, set: GramSet) -> f32 {
        let scored = self.scored.iter().enumerate();
        scored
            .filter(|(at, _)| set.contains(*at))
            .map(|(_, (_, idf))| idf)
            .sum()
    }

    /// Adds up the rarity of all scored grams.
    pub(crate) fn total_weight(&self) -> f32 {
        self.scored.iter().map(|(_, idf)| idf).sum()
    }
}

/// Finds the candidates, the most relevant first.
pub(crate) fn find(
    snapshot: &Snapshot,
    parsed: &Parsed,
    filter: Option<&Filter>,
) -> Result<(Grams, Vec<Candidate>), SearchError> {
    let mut looked_up = Vec::new();
    for (gram, term) in &parsed.grams {
        let lists = look_up(
            snapshot,
            &Wanted {
                term,
                fields: fields_of(*gram, parsed.is_short()),
            },
        )?;
        // The rarity of a gram is that in the field that has it most often.
        let idf = lists.iter().map(|lists| lists.idf).min_by(f32::total_cmp);
        if let Some(idf) = idf {
            looked_up.push((*gram, idf, lists));
        }
    }
    looked_up.sort_by(|(_, a, _), (_, b, _)| b.total_cmp(a));
    looked_up.truncate(MAX_GRAMS_SCORED);
    let mut n_postings = 0;
    looked_up.retain(|(_, _, lists)| {
        n_postings += lists.iter().map(Lists::n_postings).sum::<u64>();
        n_postings <= MAX_POSTINGS_SCORED
    });
    let mut characters = Vec::new();
    if parsed.is_short() {
        for term in short_characters(parsed) {
            let fields = &[(FieldName::HeadingUnits, WEIGHT_HEADING_CHARACTER)];
            characters.extend(look_up(
                snapshot,
                &Wanted {
                    term: &term,
                    fields,
                },
            )?);
        }
    }
    let mut candidates = Vec::new();
    for (segment_ord, segment) in snapshot.searcher.segment_readers().iter().enumerate() {
        let mut tally = Tally::new(snapshot, segment, segment_ord)?;
        for (at, (_, _, lists)) in looked_up.iter().enumerate() {
            for lists in lists {
                tally.add(lists, Some(at))?;
            }
        }
        for lists in &characters {
            tally.add(lists, None)?;
        }
        let passing = Passing::new(filter, snapshot, segment)?;
        tally.collect(&passing, &mut candidates);
        keep_best(&mut candidates);
    }
    candidates.sort_by(by_relevance);
    let scored = looked_up
        .into_iter()
        .map(|(gram, idf, _)| (gram, idf))
        .collect();
    Ok((Grams { scored }, candidates))
}

fn fields_of(gram: Gram, is_short: bool) -> &'static [(FieldName, f32)] {
    match gram {
        Gram::Pair(..) | Gram::Word(_) if is_short => &[
            (FieldName::HeadingPairs, WEIGHT_HEADING_PAIR),
            (FieldName::BodyPairs, WEIGHT_BODY_PAIR),
        ],
        Gram::Pair(..) | Gram::Word(_) => &[
            (FieldName::HeadingPairs, WEIGHT_HEADING_PAIR),
            (FieldName::BodyPairs, WEIGHT_BODY_PAIR_OF_MESSAGE),
        ],
        Gram::Lone(_) => &[
            (FieldName::HeadingUnits, WEIGHT_LONE_IN_HEADING),
            (FieldName::AllUnits, WEIGHT_LONE_ANYWHERE),
        ],
    }
}

/// Returns the characters of the pairs, which a title may have apart: 律所 in 律师事务所.
fn short_characters(parsed: &Parsed) -> Vec<String> {
    let mut ids: Vec<UnitId> = Vec::new();
    for (gram, _) in &parsed.grams {
        if let Gram::Pair(first, second) = gram {
            ids.extend([first, second]);
        }
    }
    ids.sort_unstable();
    ids.dedup();
    let symbols = ids
        .into_iter()
        .filter_map(|id| parsed.symbols.get(usize::from(id)));
    symbols.map(crate::grams::unit_term).collect()
}

fn look_up(snapshot: &Snapshot, wanted: &Wanted) -> Result<Vec<Lists>, SearchError> {
    let mut found = Vec::new();
    for &(field, weight) in wanted.fields {
        let term = Term::from_field_text(field.of(snapshot), wanted.term);
        let mut lists = Vec::new();
        let mut n_documents_with = 0;
        for (at, segment) in snapshot.searcher.segment_readers().iter().enumerate() {
            let inverted = segment.inverted_index(field.of(snapshot))?;
            if let Some(info) = inverted.get_term_info(&term)? {
                n_documents_with += u64::from(info.doc_freq);
                lists.push((at, info));
            }
        }
        if !lists.is_empty() {
            found.push(Lists {
                field,
                weight,
                idf: snapshot.idf(n_documents_with),
                by_segment: lists,
            });
        }
    }
    Ok(found)
}

impl FieldName {
    fn of(self, snapshot: &Snapshot) -> Field {
        match self {
            Self::HeadingPairs => snapshot.fields.heading_pairs,
            Self::HeadingUnits => snapshot.fields.heading_units,
            Self::BodyPairs => snapshot.fields.body_pairs,
            Self::AllUnits => snapshot.fields.all_units,
        }
    }
}

/// The scores of one segment's articles.
struct Tally<'a> {
    snapshot: &'a Snapshot,
    segment: &'a SegmentReader,
    segment_ord: usize,
    /// One for each article: what the grams added up to, and which they were.
    sums: Vec<(f32, GramSet)>,
    heading_pairs: Norms,
    heading_units: Norms,
    body_pairs: Norms,
    all_units: Norms,
}

impl<'a> Tally<'a> {
    fn new(
        snapshot: &'a Snapshot,
        segment: &'a SegmentReader,
        segment_ord: usize,
    ) -> Result<Self, SearchError> {
        let n_documents = segment.max_doc() as usize;
        Ok(Self {
            snapshot,
            segment,
            segment_ord,
            sums: vec![(0.0, GramSet::default()); n_documents],
            heading_pairs: Norms::new(snapshot, segment, snapshot.fields.heading_pairs)?,
            heading_units: Norms::new(snapshot, segment, snapshot.fields.heading_units)?,
            body_pairs: Norms::new(snapshot, segment, snapshot.fields.body_pairs)?,
            all_units: Norms::new(snapshot, segment, snapshot.fields.all_units)?,
        })
    }

    /// Adds a term's postings in this segment.
    fn add(&mut self, lists: &Lists, gram: Option<usize>) -> Result<(), SearchError> {
        let own = lists
            .by_segment
            .iter()
            .find(|(segment_ord, _)| *segment_ord == self.segment_ord);
        let Some((_, info)) = own else { return Ok(()) };
        let mut bit = GramSet::default();
        if let Some(at) = gram {
            bit.insert(at);
        }
        let inverted = self.segment.inverted_index(lists.field.of(self.snapshot))?;
        let mut postings =
            inverted.read_block_postings_from_terminfo(info, IndexRecordOption::WithFreqs)?;
        let norms = match lists.field {
            FieldName::HeadingPairs => &self.heading_pairs,
            FieldName::HeadingUnits => &self.heading_units,
            FieldName::BodyPairs => &self.body_pairs,
            FieldName::AllUnits => &self.all_units,
        };
        let weight = lists.weight * lists.idf;
        loop {
            let documents = postings.docs();
            if documents.is_empty() {
                return Ok(());
            }
            for (&document, &n_times) in documents.iter().zip(postings.freqs()) {
                if let Some((relevance, found)) = self.sums.get_mut(document as usize) {
                    *relevance += weight * norms.bm25(document, n_times);
                    *found = found.union(bit);
                }
            }
            postings.advance();
        }
    }

    /// Hands over the articles that have something of the query, may be shown and are not deleted.
    fn collect(self, passing: &Passing, candidates: &mut Vec<Candidate>) {
        let alive = self.segment.alive_bitset();
        let segment_ord = u32::try_from(self.segment_ord).unwrap_or(u32::MAX);
        // A common word scores half of all articles; only those that can get in are kept at all.
        let mut least = 0.0;
        for (document, (relevance, found)) in (0..).zip(self.sums) {
            if relevance > least
                && alive.is_none_or(|alive| alive.is_alive(document))
                && passing.lets_pass(document)
            {
                let address = DocAddress::new(segment_ord, document);
                candidates.push(Candidate {
                    address,
                    relevance,
                    found,
                });
                if candidates.len() >= 4 * MAX_CANDIDATES {
                    least = keep_best(candidates);
                }
            }
        }
    }
}

/// What a gram adds for each of tantivy's 256 field lengths, for one and for more occurrences.
struct Norms {
    reader: FieldNormReader,
    /// The whole part of BM25 for one occurrence, which is what most postings are.
    once: [f32; 256],
    by_id: [f32; 256],
}

impl Norms {
    #[expect(
        clippy::cast_precision_loss,
        reason = "an average needs no more than an f32"
    )]
    fn new(
        snapshot: &Snapshot,
        segment: &SegmentReader,
        field: Field,
    ) -> Result<Self, SearchError> {
        let mut n_tokens = 0;
        let mut n_documents = 0;
        for segment in snapshot.searcher.segment_readers() {
            n_tokens += segment.inverted_index(field)?.total_num_tokens();
            n_documents += u64::from(segment.max_doc());
        }
        let average = (n_tokens as f32 / n_documents.max(1) as f32).max(1.0);
        let mut norms = Self {
            reader: segment.get_fieldnorms_reader(field)?,
            once: [0.0; 256],
            by_id: [0.0; 256],
        };
        let tables = norms.by_id.iter_mut().zip(&mut norms.once);
        for (id, (norm, once)) in (0..=u8::MAX).zip(tables) {
            let length = FieldNormReader::id_to_fieldnorm(id) as f32;
            *norm = REPETITION * (1.0 - LENGTH + LENGTH * length / average);
            *once = saturated(1.0, *norm);
        }
        Ok(norms)
    }

    #[expect(
        clippy::cast_precision_loss,
        reason = "a count needs no more than an f32"
    )]
    #[inline]
    fn bm25(&self, document: DocId, n_times: u32) -> f32 {
        let id = usize::from(self.reader.fieldnorm_id(document));
        if n_times == 1 {
            self.once.get(id).copied().unwrap_or_default()
        } else {
            saturated(
                n_times as f32,
                self.by_id.get(id).copied().unwrap_or_default(),
            )
        }
    }
}

fn saturated(n_times: f32, norm: f32) -> f32 {
    n_times * (REPETITION + 1.0) / (n_times + norm)
}

/// Drops all but the best, and returns what the last of them has.
fn keep_best(candidates: &mut Vec<Candidate>) -> f32 {
    if candidates.len() > MAX_CANDIDATES {
        candidates.select_nth_unstable_by(MAX_CANDIDATES - 1, by_relevance);
        candidates.truncate(MAX_CANDIDATES);
    }
    candidates.last().map_or(0.0, |last| last.relevance)
}

fn by_relevance(a: &Candidate, b: &Candidate) -> Ordering {
    b.relevance
        .total_cmp(&a.relevance)
        .then(a.address.cmp(&b.address))
}
