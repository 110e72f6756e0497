//! Why an article was found, in the query's own words.

use std::ops::Range;

use crate::{
    candidates::{GramSet, Grams},
    mark::{self, Marks},
    query::{Gram, Parsed},
    snippet::Passage,
    text::Symbol,
    ways::Via,
};

/// A ground names at most so many stretches of the query for each place.
const MAX_STRETCHES: usize = 5;

/// The stretches of a query that stand in an article, each at the most telling place only: in the
/// title, else in an everyday name, else in the body.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ground {
    pub title: Vec<String>,
    /// Parts of the query whose characters stand in the title only apart: 律所 in 律师事务所.
    pub title_characters: Vec<String>,
    pub name: Option<NameGround>,
    pub body: Vec<String>,
    /// How it was come to, where not by the query as it was typed.
    pub via: Option<Via>,
}

/// The everyday name that says more of the query than the title does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NameGround {
    pub name: String,
    pub stretches: Vec<String>,
}

impl Ground {
    /// Says that nothing of the query stands in the article that is worth telling.
    pub fn is_empty(&self) -> bool {
        let Self {
            title,
            title_characters,
            name,
            body,
            via: _,
        } = self;
        title.is_empty() && title_characters.is_empty() && name.is_none() && body.is_empty()
    }

    pub(crate) fn new(
        parsed: &Parsed,
        grams: &Grams,
        title: &Marks,
        names: &[&str],
        passage: &Passage,
    ) -> Self {
        let mut told = title.found;
        let name = best_name(parsed, grams, title, names).map(|(name, found)| {
            let stretches = stretches(parsed, grams, found.without(told));
            told = told.union(found);
            NameGround {
                name: name.to_owned(),
                stretches,
            }
        });
        Self {
            title: stretches(parsed, grams, title.found),
            title_characters: single_characters(parsed, title),
            name,
            body: stretches(parsed, grams, passage.found.without(told)),
            via: None,
        }
    }
}

fn best_name<'a>(
    parsed: &Parsed,
    grams: &Grams,
    title: &Marks,
    names: &[&'a str],
) -> Option<(&'a str, GramSet)> {
    let of_title = grams.weight(title.found);
    names
        .iter()
        .map(|&name| (name, mark::in_heading(parsed, grams, name).found))
        .filter(|&(_, found)| !found.without(title.found).is_empty())
        .map(|(name, found)| (grams.weight(found), name, found))
        .filter(|&(weight, ..)| weight > of_title)
        .max_by(|(a, ..), (b, ..)| a.total_cmp(b))
        .map(|(_, name, found)| (name, found))
}

/// Joins the grams of a set to the longest stretches of the query, and keeps the rarest.
fn stretches(parsed: &Parsed, grams: &Grams, found: GramSet) -> Vec<String> {
    let mut runs: Vec<(Range<usize>, f32)> = Vec::new();
    for at in 0..parsed.units.len() {
        let Some(gram) = parsed.gram_at(at) else {
            continue;
        };
        let Some(place) = grams.find(gram).filter(|&place| found.contains(place)) else {
            continue;
        };
        let start = match gram {
            Gram::Pair(..) => at.saturating_sub(1),
            Gram::Word(_) | Gram::Lone(_) => at,
        };
        let idf = grams.idf(place);
        match runs.last_mut() {
            Some((run, weight)) if start < run.end || start == run.end && joined(parsed, start) => {
                run.end = at + 1;
                *weight += idf;
            }
            Some(_) | None => runs.push((start..at + 1, idf)),
        }
    }
    let mut told: Vec<(usize, &str, f32)> = Vec::new();
    for (run, weight) in runs {
        let Some(text) = text_of(parsed, &run) else {
            continue;
        };
        if !told.iter().any(|&(_, known, _)| known == text) {
            told.push((run.start, text, weight));
        }
    }
    told.sort_by(|a, b| b.2.total_cmp(&a.2));
    told.truncate(MAX_STRETCHES);
    told.sort_by_key(|&(start, ..)| start);
    told.into_iter()
        .map(|(_, text, _)| text.to_owned())
        .collect()
}

fn joined(parsed: &Parsed, at: usize) -> bool {
    parsed.units.get(at).is_some_and(|unit| unit.is_joined)
}

fn text_of<'a>(parsed: &Parsed<'a>, run: &Range<usize>) -> Option<&'a str> {
    let units = parsed.units.get(run.clone())?;
    let (first, last) = (units.first()?, units.last()?);
    parsed.text.get(first.range.start..last.range.end)
}

fn single_characters(parsed: &Parsed, title: &Marks) -> Vec<String> {
    let symbols = title
        .single
        .iter()
        .filter_map(|&id| parsed.symbols.get(usize::from(id)));
    symbols
        .take(MAX_STRETCHES)
        .map(|symbol| match symbol {
            Symbol::Character(c) => c.to_string(),
            Symbol::Word(word) => word.to_string(),
        })
        .collect()
}
