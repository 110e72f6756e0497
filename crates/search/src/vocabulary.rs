//! The pairs of characters that titles and names of one segment have, by their sound.

use rustc_hash::FxHashMap;
use tantivy::SegmentReader;

use crate::{error::SearchError, schema::Fields, sound};

/// Pairs by the sound they are heard as.
#[derive(Debug, Default)]
pub(crate) struct Vocabulary {
    by_sound: FxHashMap<String, Vec<KnownPair>>,
}

/// A pair that stands in so many documents' titles or names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct KnownPair {
    pub(crate) characters: (char, char),
    pub(crate) n_documents: u32,
}

impl Vocabulary {
    pub(crate) fn of(segment: &SegmentReader, fields: &Fields) -> Result<Self, SearchError> {
        let mut vocabulary = Self::default();
        let inverted = segment.inverted_index(fields.heading_pairs)?;
        let mut terms = inverted.terms().stream()?;
        while let Some((term, found)) = terms.next() {
            let mut characters = std::str::from_utf8(term).unwrap_or_default().chars();
            let (Some(first), Some(second), None) =
                (characters.next(), characters.next(), characters.next())
            else {
                continue;
            };
            let pair = KnownPair {
                characters: (first, second),
                n_documents: found.doc_freq,
            };
            for sound in sounds(first, second) {
                vocabulary.by_sound.entry(sound).or_default().push(pair);
            }
        }
        Ok(vocabulary)
    }

    /// Returns the pairs that sound like two characters.
    pub(crate) fn sounding_like(&self, first: char, second: char) -> Vec<KnownPair> {
        sounds(first, second)
            .iter()
            .filter_map(|sound| self.by_sound.get(sound))
            .flatten()
            .copied()
            .collect()
    }
}

/// Returns how a pair may be heard; none for letters.
fn sounds(first: char, second: char) -> Vec<String> {
    let seconds = sound::readings(second);
    let mut sounds: Vec<String> = sound::readings(first)
        .into_iter()
        .flat_map(|a| {
            seconds
                .iter()
                .map(move |b| format!("{} {}", sound::folded(a), sound::folded(b)))
        })
        .collect();
    sounds.sort_unstable();
    sounds.dedup();
    sounds
}
