//! Where a query stands in a text.

use std::ops::Range;

use crate::{
    candidates::{GramSet, Grams},
    query::{Gram, Parsed, UnitId},
    text::{self, Symbol, Unit},
};

/// A piece of a text; all pieces in a row are the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Segment {
    pub text: String,
    /// The query stands here.
    pub is_hit: bool,
}

/// What of a query stands in a text.
pub(crate) struct Marks {
    /// Byte ranges, in order, apart from each other.
    pub(crate) ranges: Vec<Range<usize>>,
    pub(crate) found: GramSet,
    /// Characters that stand in a title one by one while no pair of their part of the query does.
    pub(crate) single: Vec<UnitId>,
}

/// A gram at a place in a text.
#[derive(Clone, Debug)]
pub(crate) struct Spot {
    /// Its place among the scored grams.
    pub(crate) gram: usize,
    /// Byte range in the text.
    pub(crate) range: Range<usize>,
}

/// Marks a title or a name.
pub(crate) fn in_heading(parsed: &Parsed, grams: &Grams, heading: &str) -> Marks {
    let units = text::units(heading);
    let spots = spots(parsed, grams, &units);
    let mut found = GramSet::default();
    for spot in &spots {
        found.insert(spot.gram);
    }
    let mut ranges: Vec<_> = spots.into_iter().map(|spot| spot.range).collect();
    let single = single_characters(parsed, grams, found, &units);
    for unit in &units {
        if parsed
            .id(&unit.symbol)
            .is_some_and(|id| single.contains(&id))
        {
            ranges.push(unit.range.clone());
        }
    }
    Marks {
        ranges: merged(ranges),
        found,
        single,
    }
}

/// Finds the scored grams in a text, in order.
pub(crate) fn spots(parsed: &Parsed, grams: &Grams, units: &[Unit]) -> Vec<Spot> {
    let mut spots = Vec::new();
    let mut before: Option<(&Unit, Option<UnitId>)> = None;
    for unit in units {
        let id = parsed.id(&unit.symbol);
        if let Some(id) = id {
            let own = match &unit.symbol {
                Symbol::Word(_) => grams.find(Gram::Word(id)),
                Symbol::Character(_) => grams.find(Gram::Lone(id)),
            };
            spots.extend(own.map(|gram| Spot {
                gram,
                range: unit.range.clone(),
            }));
            if let Some((before, Some(before_id))) = before
                && unit.pair_after(before).is_some()
                && let Some(gram) = grams.find(Gram::Pair(before_id, id))
            {
                spots.push(Spot {
                    gram,
                    range: before.range.start..unit.range.end,
                });
            }
        }
        before = Some((unit, id));
    }
    spots
}

/// Joins ranges that touch or overlap.
pub(crate) fn merged(mut ranges: Vec<Range<usize>>) -> Vec<Range<usize>> {
    ranges.sort_by_key(|range| (range.start, range.end));
    let mut merged: Vec<Range<usize>> = Vec::with_capacity(ranges.len());
    for range in ranges {
        match merged.last_mut() {
            Some(last) if range.start <= last.end => last.end = last.end.max(range.end),
            Some(_) | None => merged.push(range),
        }
    }
    merged
}

/// Cuts a text at the borders of the ranges.
pub(crate) fn segments(text: &str, ranges: &[Range<usize>]) -> Vec<Segment> {
    let mut segments = Vec::with_capacity(ranges.len() * 2 + 1);
    let mut push = |range: Range<usize>, is_hit| {
        if let Some(text) = text.get(range).filter(|text| !text.is_empty()) {
            segments.push(Segment {
                text: text.to_owned(),
                is_hit,
            });
        }
    };
    let mut end = 0;
    for range in ranges {
        push(end..range.start, false);
        push(range.clone(), true);
        end = range.end;
    }
    push(end..text.len(), false);
    segments
}

fn single_characters(
    parsed: &Parsed,
    grams: &Grams,
    found: GramSet,
    units: &[Unit],
) -> Vec<UnitId> {
    let mut single = Vec::new();
    if !parsed.is_short() {
        return single;
    }
    for part in &parsed.parts {
        let is_found = part
            .clone()
            .filter_map(|at| grams.find(parsed.gram_at(at)?))
            .any(|gram| found.contains(gram));
        if !is_found {
            single.extend(parsed.ids.get(part.clone()).unwrap_or_default());
        }
    }
    single.retain(|&id| units.iter().any(|unit| parsed.id(&unit.symbol) == Some(id)));
    single.dedup();
    single
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_that_touch_are_joined() {
        assert_eq!(merged(vec![6..12, 0..6, 3..9, 15..18]), vec![0..12, 15..18]);
    }

    #[test]
    fn segments_are_the_text() {
        let pieces = segments("补办医保卡", &[6..9, 9..12]);
        let shown: Vec<_> = pieces
            .iter()
            .map(|piece| (piece.text.as_str(), piece.is_hit))
            .collect();
        assert_eq!(
            shown,
            [("补办", false), ("医", true), ("保", true), ("卡", false)]
        );
        assert!(segments("", &[]).is_empty());
    }
}
