//! What a model looks at: runs of one and two characters of the title and of the text, each as heavy as it
//! counts; those of the title once more as words of a title; and the keywords of the categories.
//!
//! Title and text share their features, so that the one is understood by what the other taught. Each is
//! brought to length one before they are added: a long letter does not drown its title.

use std::ops::Range;

use rustc_hash::FxHashMap;

use super::recipe::Recipe;
use super::vocabulary::Vocabulary;
use crate::grams;
use crate::keywords::{KeywordHit, Keywords};
use crate::text::Characters;

/// So much of a text is looked at; what comes later hardly says what the matter is.
const MAX_READ: usize = 1_500;
/// Sets runs of a title, as words of a title, apart from those that may stand anywhere.
const TITLE_SALT: u64 = 3_000;
/// Sets the numbers of categories apart from those of their words.
const CATEGORY_SALT: u64 = 2_000;

/// One feature of a text by its place in the vocabulary, and how heavy it is.
pub(crate) type Row = Vec<(u32, f32)>;

/// A text before there is a vocabulary.
#[derive(Clone, Debug, Default)]
pub(crate) struct Counted {
    /// Each with its weight and its grams, in the order of their numbers.
    stretches: Vec<(f32, Vec<(u32, f32)>)>,
    keywords: Vec<(u32, f32)>,
    keywords_weight: f32,
}

impl Counted {
    pub(crate) fn new(title: &str, text: &str, keywords: &Keywords, recipe: &Recipe) -> Self {
        let (title, text) = (Characters::new(title), Characters::new(text));
        let mut hits = keywords.hits_in(&title);
        hits.extend(keywords.hits_in(&text));
        Self {
            stretches: stretches(&title, &text, recipe),
            keywords: keyword_features(&hits),
            keywords_weight: recipe.keywords_weight,
        }
    }

    /// The numbers of its features, each once for all of the text.
    pub(super) fn numbers(&self) -> Vec<u32> {
        let grams = self.stretches.iter().flat_map(|(_, grams)| grams);
        let mut numbers: Vec<u32> = grams
            .chain(&self.keywords)
            .map(|(number, _)| *number)
            .collect();
        numbers.sort_unstable();
        numbers.dedup();
        numbers
    }

    pub(super) fn row(&self, vocabulary: &Vocabulary) -> Row {
        let mut row = Row::new();
        for (weight, grams) in &self.stretches {
            let mut part: Row = grams
                .iter()
                .filter_map(|(number, n)| {
                    let (place, rarity) = vocabulary.get(*number)?;
                    Some((place, (1.0 + n.ln()) * rarity))
                })
                .collect();
            scale_to(&mut part, *weight);
            row.extend(part);
        }
        merge(&mut row);
        scale_to(&mut row, 1.0);
        let known = self.keywords.iter();
        let mut keywords: Row = known
            .filter_map(|(number, n)| Some((vocabulary.get(*number)?.0, *n)))
            .collect();
        scale_to(&mut keywords, self.keywords_weight);
        row.extend(keywords);
        merge(&mut row);
        row
    }
}

/// Where each feature of a text stands: what a prediction is explained by. Calls `each` with the
/// number and the place in characters of the text.
pub(super) fn each_place(
    text: &Characters,
    recipe: &Recipe,
    mut each: impl FnMut(u32, Range<usize>),
) {
    let read = text.slice(0, MAX_READ);
    grams::each(read, 1..=recipe.max_gram, 0, |at, size, number| {
        each(number, at..at + size);
    });
}

fn stretches(
    title: &Characters,
    text: &Characters,
    recipe: &Recipe,
) -> Vec<(f32, Vec<(u32, f32)>)> {
    let counted = |characters, salt| counted(characters, recipe.max_gram, salt);
    let mut stretches = Vec::with_capacity(3);
    if title.len() > 0 {
        stretches.push((recipe.title_weight, counted(title.all(), 0)));
        if recipe.own_title_weight > 0.0 {
            stretches.push((recipe.own_title_weight, counted(title.all(), TITLE_SALT)));
        }
    }
    if text.len() > 0 {
        let text = text.slice(0, MAX_READ);
        stretches.push((1.0 - recipe.title_weight, counted(text, 0)));
    }
    stretches
}

fn counted(characters: &[char], max_gram: usize, salt: u64) -> Vec<(u32, f32)> {
    let mut numbers = Vec::with_capacity(characters.len() * max_gram);
    grams::each(characters, 1..=max_gram, salt, |_, _, number| {
        numbers.push(number);
    });
    numbers.sort_unstable();
    let mut counted: Vec<(u32, f32)> = Vec::with_capacity(numbers.len());
    for number in numbers {
        match counted.last_mut() {
            Some((last, n)) if *last == number => *n += 1.0,
            _ => counted.push((number, 1.0)),
        }
    }
    counted
}

fn keyword_features(hits: &[KeywordHit]) -> Vec<(u32, f32)> {
    let mut features: FxHashMap<u32, f32> = FxHashMap::default();
    for hit in hits {
        features.insert(hit.number, 1.0);
        let category = grams::mixed(CATEGORY_SALT + hit.category as u64);
        *features.entry((category >> 32) as u32).or_default() += 1.0;
    }
    let mut features: Vec<(u32, f32)> = features.into_iter().collect();
    features.sort_unstable_by_key(|(number, _)| *number);
    features
}

/// Adds what stands for the same feature; leaves the row in the order of its features.
fn merge(row: &mut Row) {
    row.sort_unstable_by_key(|(place, _)| *place);
    row.dedup_by(|later, kept| {
        let is_same = later.0 == kept.0;
        if is_same {
            kept.1 += later.1;
        }
        is_same
    });
}

fn scale_to(row: &mut Row, length: f32) {
    let square: f32 = row.iter().map(|(_, value)| value * value).sum();
    if square > 0.0 {
        let factor = length / square.sqrt();
        for (_, value) in row {
            *value *= factor;
        }
    }
}
