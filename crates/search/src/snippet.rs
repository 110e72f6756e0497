//! The passage of an article that answers a query best.

use std::{collections::VecDeque, ops::Range};

use crate::{
    candidates::{GramSet, Grams},
    mark::{self, Spot},
    query::Parsed,
    text,
};

/// A passage is at most so long.
pub const MAX_SNIPPET_CHARACTERS: usize = 80;

/// So much of a body is looked through for the best passage.
const MAX_SCANNED_CHARACTERS: usize = 20_000;

/// A part of a body.
pub(crate) struct Passage<'a> {
    pub(crate) text: &'a str,
    /// Where the query stands, in bytes of `text`.
    pub(crate) ranges: Vec<Range<usize>>,
    /// The grams that stand anywhere in the body.
    pub(crate) found: GramSet,
}

/// Cuts the passage with the most, and the rarest, grams of the query out of a body.
///
/// It begins where a sentence begins, if the hits then still fit; otherwise at a clause, otherwise
/// anywhere. Without a hit it is the beginning of the body.
pub(crate) fn passage<'a>(parsed: &Parsed, grams: &Grams, body: &'a str) -> Passage<'a> {
    let units = text::units_of_first(body, MAX_SCANNED_CHARACTERS);
    let spots = mark::spots(parsed, grams, &units);
    let mut found = GramSet::default();
    for spot in &spots {
        found.insert(spot.gram);
    }
    let hits = densest(grams, &spots, body);
    let place = cut(body, hits);
    let ranges = spots
        .iter()
        .filter(|spot| place.start <= spot.range.start && spot.range.end <= place.end)
        .map(|spot| spot.range.start - place.start..spot.range.end - place.start)
        .collect();
    Passage {
        text: body.get(place).unwrap_or_default(),
        ranges: mark::merged(ranges),
        found,
    }
}

/// Returns the beginning of a body, where there is nothing to look for in it.
pub(crate) fn beginning(body: &str) -> &str {
    body.get(cut(body, 0..0)).unwrap_or_default()
}

/// Finds the stretch of at most [`MAX_SNIPPET_CHARACTERS`] whose different grams weigh most.
fn densest(grams: &Grams, spots: &[Spot], body: &str) -> Range<usize> {
    let mut best = (0.0, 0..0);
    let mut window: VecDeque<(&Spot, usize)> = VecDeque::new();
    let mut n_of_gram = [0_u32; 64];
    let mut weight = 0.0;
    let mut reach = Reach {
        at: 0,
        n_characters: 0,
    };
    for spot in spots {
        let n_before = reach.n_characters_before(body, spot.range.start);
        window.push_back((spot, n_before));
        if let Some(n) = n_of_gram.get_mut(spot.gram) {
            *n += 1;
            if *n == 1 {
                weight += grams.idf(spot.gram);
            }
        }
        let n_spot = body
            .get(spot.range.clone())
            .map_or(0, |text| text.chars().count());
        while let Some(&(first, first_before)) = window.front()
            && n_before + n_spot - first_before > MAX_SNIPPET_CHARACTERS
            && window.len() > 1
        {
            window.pop_front();
            if let Some(n) = n_of_gram.get_mut(first.gram) {
                *n -= 1;
                if *n == 0 {
                    weight -= grams.idf(first.gram);
                }
            }
        }
        // A rounding error must not make a later, equal stretch look better.
        if let Some((first, _)) = window.front()
            && weight > best.0 + 1e-3
        {
            best = (weight, first.range.start..spot.range.end);
        }
    }
    best.1
}

/// Counts characters up to growing places.
struct Reach {
    at: usize,
    n_characters: usize,
}

impl Reach {
    fn n_characters_before(&mut self, body: &str, place: usize) -> usize {
        // Spots are in order of their ends; a pair can begin before the lone character in it.
        if let Some(between) = body.get(self.at..place) {
            self.n_characters += between.chars().count();
            self.at = place;
        }
        self.n_characters
    }
}

/// Widens the hits to a passage.
fn cut(body: &str, hits: Range<usize>) -> Range<usize> {
    let n_hits = body
        .get(hits.clone())
        .map_or(0, |text| text.chars().count());
    let n_free = MAX_SNIPPET_CHARACTERS.saturating_sub(n_hits);
    let before = body.get(..hits.start).unwrap_or_default();
    let start = start_of_sentence(before, n_free);
    let n_used = body
        .get(start..hits.end)
        .map_or(0, |text| text.chars().count());
    let after = body.get(hits.end..).unwrap_or_default();
    let end = hits.end + end_of_sentence(after, MAX_SNIPPET_CHARACTERS.saturating_sub(n_used));
    trimmed(body, start..end)
}

/// Looks back for the best beginning: after a sentence, else after a clause, else as far as fits.
fn start_of_sentence(before: &str, n_free: usize) -> usize {
    let mut clause = None;
    let mut furthest = before.len();
    for (n, (at, c)) in before.char_indices().rev().enumerate() {
        let after = at + c.len_utf8();
        if is_sentence_end(c) && after < before.len() || n == n_free {
            return if n == n_free {
                clause.unwrap_or(furthest)
            } else {
                after
            };
        }
        if is_clause_end(c) {
            clause = Some(after);
        }
        furthest = at;
    }
    furthest
}

/// Looks ahead for the last sentence end that fits, else for the last clause end, else fills up.
fn end_of_sentence(after: &str, n_free: usize) -> usize {
    let (mut sentence, mut clause, mut furthest) = (None, None, 0);
    for (at, c) in after.char_indices().take(n_free) {
        furthest = at + c.len_utf8();
        if is_sentence_end(c) {
            sentence = Some(furthest);
        } else if is_clause_end(c) {
            clause = Some(furthest);
        }
    }
    if furthest == after.len() {
        furthest
    } else {
        sentence.or(clause).unwrap_or(furthest)
    }
}

fn trimmed(body: &str, range: Range<usize>) -> Range<usize> {
    let text = body.get(range.clone()).unwrap_or_default();
    let start = range.end - text.trim_start().len();
    let end = range.start + text.trim_end().len();
    start..end.max(start)
}

fn is_sentence_end(c: char) -> bool {
    matches!(c, '。' | '！' | '？' | '；' | '!' | '?' | ';' | '\n')
}

fn is_clause_end(c: char) -> bool {
    matches!(c, '，' | '、' | '：' | ',' | ':' | ' ' | '\u{3000}')
}
