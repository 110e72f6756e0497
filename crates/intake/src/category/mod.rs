//! 三级分类: the likeliest categories of a matter, each with its share and the words behind.
//!
//! From the first day by the keywords of the category table. With every confirmed order more by what
//! the center itself decided: [`tree`] learns level by level, so that 229 categories need no model of
//! 229 classes, and a category with a handful of orders is still told by its keywords.

pub mod tree;

use std::ops::Range;

use rustc_hash::FxHashMap;

pub use self::tree::{CategoryModel, ConfirmedOrder, train};
use crate::keywords::{KeywordHit, Keywords};

/// A row of the category table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Category {
    pub id: String,
    pub level1: String,
    pub level2: String,
    pub level3: String,
}

/// A category and how likely it is.
#[derive(Clone, Debug, PartialEq)]
pub struct CategoryGuess {
    pub id: String,
    /// From 0 to 1; what is missing to 1 over all guesses is doubt.
    pub share: f32,
    /// The words behind, in bytes of the text, in its order.
    pub reasons: Vec<Range<usize>>,
    pub by: GuessedBy,
}

/// 依据.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GuessedBy {
    /// 关键词.
    Keywords,
    /// 本中心已确认的工单.
    Orders,
}

/// So many learnt orders count as much as the keywords do.
const ORDERS_LIKE_KEYWORDS: f32 = 200.0;
/// A title's keyword is worth so many of the text's.
const TITLE_FACTOR: f32 = 2.0;
/// What the keywords always leave open.
const DOUBT: f32 = 2.0;
/// A guess less likely than this is none.
const LEAST_SHARE: f32 = 0.01;

/// The likeliest categories, so many at most. The text may be unfinished: call again as it grows.
///
/// A model that was learnt with other keywords is left out.
pub fn guesses(
    title: &str,
    text: &str,
    categories: &[Category],
    keywords: &Keywords,
    model: Option<&CategoryModel>,
    n: usize,
) -> Vec<CategoryGuess> {
    let of_title = keywords.hits(title);
    let of_text = keywords.hits(text);
    let by_words = by_keywords(categories, keywords, &of_title, &of_text);
    let model = model.filter(|model| model.fits(keywords));
    let trust = model.map_or(0.0, |model| {
        let n = count(model.n_orders());
        n / (n + ORDERS_LIKE_KEYWORDS)
    });
    let learnt = model.map(|model| model.shares(title, text, categories, keywords, &by_words));
    let mut ranked: Vec<(usize, f32, f32)> = by_words
        .iter()
        .enumerate()
        .map(|(at, by_words)| {
            let learnt = learnt
                .as_ref()
                .and_then(|it| it.get(at))
                .copied()
                .unwrap_or_default();
            (
                at,
                trust * learnt + (1.0 - trust) * by_words,
                trust * learnt,
            )
        })
        .filter(|(_, share, _)| *share >= LEAST_SHARE)
        .collect();
    ranked.sort_by(|one, other| other.1.total_cmp(&one.1).then(one.0.cmp(&other.0)));
    ranked.truncate(n);
    ranked
        .into_iter()
        .filter_map(|(at, share, learnt)| {
            let category = categories.get(at)?;
            let by = if learnt * 2.0 >= share {
                GuessedBy::Orders
            } else {
                GuessedBy::Keywords
            };
            let mut reasons = ranges_of(&category.id, keywords, &of_text);
            if let (GuessedBy::Orders, Some(model)) = (by, model) {
                reasons.extend(model.reasons(text, category));
            }
            Some(CategoryGuess {
                id: category.id.clone(),
                share,
                reasons: joined(reasons),
                by,
            })
        })
        .collect()
}

/// The share of each category by its keywords: the longer a word, the less it can mean another.
fn by_keywords(
    categories: &[Category],
    keywords: &Keywords,
    of_title: &[KeywordHit],
    of_text: &[KeywordHit],
) -> Vec<f32> {
    let mut weights = vec![0.0f32; keywords.categories().len()];
    for (hits, factor) in [(of_title, TITLE_FACTOR), (of_text, 1.0)] {
        for hit in hits {
            if let Some(weight) = weights.get_mut(hit.category) {
                *weight += factor * count(hit.n_characters.saturating_sub(1).max(1));
            }
        }
    }
    // A word of its own weighs more than one that others share in part: squares part the first.
    let named = keywords.categories().iter().map(String::as_str);
    let by_id: FxHashMap<&str, f32> = named.zip(weights).collect();
    let squared = |id: &str| by_id.get(id).copied().unwrap_or_default().powi(2);
    let squares: Vec<f32> = categories.iter().map(|it| squared(&it.id)).collect();
    let sum = squares.iter().sum::<f32>() + DOUBT;
    squares.into_iter().map(|square| square / sum).collect()
}

fn ranges_of(id: &str, keywords: &Keywords, hits: &[KeywordHit]) -> Vec<Range<usize>> {
    let is_its = |hit: &&KeywordHit| {
        keywords
            .categories()
            .get(hit.category)
            .is_some_and(|it| it == id)
    };
    hits.iter()
        .filter(is_its)
        .flat_map(|hit| hit.ranges.clone())
        .collect()
}

/// In the order of the text, what touches joined.
fn joined(mut ranges: Vec<Range<usize>>) -> Vec<Range<usize>> {
    ranges.sort_by_key(|range| (range.start, range.end));
    let mut joined: Vec<Range<usize>> = Vec::new();
    for range in ranges {
        match joined.last_mut() {
            Some(last) if range.start <= last.end => last.end = last.end.max(range.end),
            _ => joined.push(range),
        }
    }
    joined
}

/// A number of orders or characters, of which there are never billions.
#[expect(
    clippy::cast_precision_loss,
    reason = "far fewer than an f32 counts to a percent"
)]
fn count(n: usize) -> f32 {
    n as f32
}

#[cfg(test)]
mod tests;
