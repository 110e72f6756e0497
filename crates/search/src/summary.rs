//! What ranking needs of every article at hand: titles and names, and how common a character is.
//!
//! A search compares a hundred titles. Out of the dictionary of the fast field each costs some
//! microseconds, out of this some nanoseconds; a thousand titles take about 60 KB.

use std::sync::OnceLock;

use rustc_hash::FxHashMap;
use tantivy::{DocId, SegmentReader};

use crate::{
    error::SearchError,
    schema::{Fields, HEADING},
    spelled::Letters,
    vocabulary::Vocabulary,
};

/// A summary of one segment. Segments never change but for deletions, so it is made once.
pub(crate) struct Summary {
    /// All different headings, one after the other.
    headings: String,
    /// Where in `headings` each one ends, by the number the fast field gives it.
    ends: Vec<usize>,
    /// The number of each document's heading.
    numbers: Vec<u32>,
    /// How many documents have a character, deleted ones included.
    pub(crate) n_documents_with: FxHashMap<char, u32>,
    /// Made when the first slip is corrected.
    vocabulary: OnceLock<Vocabulary>,
    /// Made when somebody first types pinyin.
    letters: OnceLock<Letters>,
}

impl Summary {
    pub(crate) fn of(segment: &SegmentReader, fields: &Fields) -> Result<Self, SearchError> {
        let mut summary = Self {
            headings: String::new(),
            ends: Vec::new(),
            numbers: Vec::with_capacity(segment.max_doc() as usize),
            n_documents_with: FxHashMap::default(),
            vocabulary: OnceLock::new(),
            letters: OnceLock::new(),
        };
        summary.read_headings(segment)?;
        summary.read_characters(segment, fields)?;
        Ok(summary)
    }

    /// Returns the title and names of a document.
    pub(crate) fn heading(&self, document: DocId) -> &str {
        self.numbers
            .get(document as usize)
            .map_or("", |&number| self.numbered(number as usize))
    }

    /// Returns the number of each document's heading.
    pub(crate) fn numbers(&self) -> &[u32] {
        &self.numbers
    }

    /// Returns the pinyin letters of all headings.
    pub(crate) fn letters(&self) -> &Letters {
        self.letters
            .get_or_init(|| Letters::of((0..self.ends.len()).map(|number| self.numbered(number))))
    }

    /// Returns the pairs of titles and names by their sound.
    pub(crate) fn vocabulary(
        &self,
        segment: &SegmentReader,
        fields: &Fields,
    ) -> Result<&Vocabulary, SearchError> {
        if let Some(vocabulary) = self.vocabulary.get() {
            return Ok(vocabulary);
        }
        let vocabulary = Vocabulary::of(segment, fields)?;
        Ok(self.vocabulary.get_or_init(|| vocabulary))
    }

    /// Returns the heading of a number; none for a number there is not.
    pub(crate) fn numbered(&self, number: usize) -> &str {
        let start = number
            .checked_sub(1)
            .map_or(Some(0), |before| self.ends.get(before).copied());
        let end = self.ends.get(number).copied();
        start
            .zip(end)
            .and_then(|(start, end)| self.headings.get(start..end))
            .unwrap_or_default()
    }

    fn read_headings(&mut self, segment: &SegmentReader) -> Result<(), SearchError> {
        let Some(column) = segment.fast_fields().bytes(HEADING)? else {
            return Ok(());
        };
        let mut stream = column.dictionary().stream()?;
        while let Some((heading, ())) = stream.next() {
            self.headings.push_str(&String::from_utf8_lossy(heading));
            self.ends.push(self.headings.len());
        }
        self.headings.shrink_to_fit();
        self.ends.shrink_to_fit();
        for document in 0..segment.max_doc() {
            let number = column
                .term_ords(document)
                .next()
                .and_then(|ord| u32::try_from(ord).ok());
            self.numbers.push(number.unwrap_or(u32::MAX));
        }
        Ok(())
    }

    fn read_characters(
        &mut self,
        segment: &SegmentReader,
        fields: &Fields,
    ) -> Result<(), SearchError> {
        let inverted = segment.inverted_index(fields.all_units)?;
        let mut terms = inverted.terms().stream()?;
        while let Some((term, found)) = terms.next() {
            let mut characters = std::str::from_utf8(term).unwrap_or_default().chars();
            if let (Some(c), None) = (characters.next(), characters.next()) {
                self.n_documents_with.insert(c, found.doc_freq);
            }
        }
        Ok(())
    }
}
