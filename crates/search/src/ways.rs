//! The ways a query is asked: as it was typed, in other words, and without its slips.

use crate::{
    candidates::{self, Candidate, Grams},
    correct,
    error::SearchError,
    query::{Parsed, Query},
    rank::{self, Features},
    ranking::Ranking,
    snapshot::Snapshot,
    text,
    thesaurus::{MAX_REWRITINGS, Thesaurus},
};

/// How an article was come to, where not by the query as it was typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Via {
    /// By words that mean the same: (as typed, as looked for).
    Synonyms(Vec<(String, String)>),
    /// By the query as it was probably meant.
    Correction(String),
    /// By the letters of its pinyin.
    Pinyin,
}

/// Another text to look for.
pub(crate) struct Asking {
    pub(crate) text: String,
    pub(crate) via: Via,
}

/// One text with what was found for it.
pub(crate) struct Way<'a> {
    pub(crate) parsed: &'a Parsed<'a>,
    pub(crate) grams: Grams,
    pub(crate) via: Option<&'a Via>,
    pub(crate) factor: f32,
    pub(crate) ranked: Vec<(Candidate, Features)>,
}

impl<'a> Way<'a> {
    pub(crate) fn take(
        snapshot: &Snapshot,
        query: &Query,
        parsed: &'a Parsed<'a>,
        via: Option<&'a Via>,
    ) -> Result<Self, SearchError> {
        let (grams, candidates) = candidates::find(snapshot, parsed, query.filter)?;
        let ranked = rank::rank(snapshot, parsed, &grams, candidates, query.ranking);
        Ok(Self {
            parsed,
            grams,
            via,
            factor: factor(via, query.ranking),
            ranked,
        })
    }
}

fn factor(via: Option<&Via>, ranking: &Ranking) -> f32 {
    match via {
        None | Some(Via::Pinyin) => 1.0,
        Some(Via::Synonyms(_)) => ranking.synonym_factor,
        Some(Via::Correction(_)) => ranking.correction_factor,
    }
}

/// Returns the other ways to ask what was typed.
pub(crate) fn others(
    snapshot: &Snapshot,
    parsed: &Parsed,
    thesaurus: Option<&Thesaurus>,
) -> Result<Vec<Asking>, SearchError> {
    let mut others = Vec::new();
    // A message says the same thing in several ways by itself; more words only blur it (decision 0004).
    if let Some(thesaurus) = thesaurus
        && parsed.is_short()
    {
        others.extend(in_other_words(snapshot, parsed, thesaurus));
    }
    if let Some(text) = correct::corrected(snapshot, parsed)? {
        others.push(Asking {
            via: Via::Correction(text.clone()),
            text,
        });
    }
    Ok(others)
}

/// Replaces words by others that mean the same: first each by its group's next word at once, then
/// by the ones after.
fn in_other_words(snapshot: &Snapshot, parsed: &Parsed, thesaurus: &Thesaurus) -> Vec<Asking> {
    let meant = thesaurus.meant(&parsed.units);
    let options: Vec<Vec<&str>> = meant
        .iter()
        .map(|word| {
            let others = thesaurus.others(word);
            others.filter(|other| is_known(snapshot, other)).collect()
        })
        .collect();
    let n_ways = options.iter().map(Vec::len).max().unwrap_or_default();
    let mut askings: Vec<Asking> = Vec::new();
    for way in 0..n_ways.min(MAX_REWRITINGS) {
        let mut text = String::new();
        let mut said = Vec::new();
        let mut copied = 0;
        for (word, options) in meant.iter().zip(&options) {
            let Some(other) = options.get(way).or(options.last()) else {
                continue;
            };
            let typed = parsed.text.get(word.range.clone()).unwrap_or_default();
            text.push_str(
                parsed
                    .text
                    .get(copied..word.range.start)
                    .unwrap_or_default(),
            );
            text.push_str(other);
            copied = word.range.end;
            said.push((typed.to_owned(), (*other).to_owned()));
        }
        text.push_str(parsed.text.get(copied..).unwrap_or_default());
        askings.push(Asking {
            text,
            via: Via::Synonyms(said),
        });
    }
    askings
}

/// Says whether a word can be found at all: a rewriting that cannot costs time and finds nothing.
fn is_known(snapshot: &Snapshot, word: &str) -> bool {
    let units = text::units(word);
    units.windows(2).all(|two| {
        let [first, second] = two else { return true };
        second
            .pair_after(first)
            .is_none_or(|(a, b)| snapshot.has_pair(a, b).unwrap_or(true))
    })
}
