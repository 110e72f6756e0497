//! What a person typed, taken apart.

use std::ops::Range;

use rustc_hash::{FxHashMap, FxHashSet};

use crate::{
    error::SearchError,
    filter::Filter,
    grams,
    ranking::Ranking,
    text::{self, Symbol, Unit},
    thesaurus::Thesaurus,
};

/// A longer text is refused. No citizen's message comes near it; a file pasted by mistake does.
pub const MAX_QUERY_CHARACTERS: usize = 10_000;

/// No answer holds more hits; ranking looks at only some more candidates than this.
pub const MAX_HITS: usize = 50;

/// Up to so many units a text counts as short: a few words typed into the box. Single characters
/// then count too, and the order of the characters in a title.
pub(crate) const MAX_SHORT_UNITS: usize = 40;

/// So many different grams are looked up in the dictionary, half of them from the beginning of a
/// longer text and half from its end, where somebody is typing.
const MAX_GRAMS_LOOKED_UP: usize = 400;

/// A search: box text, or a citizen's message as far as it is typed.
#[derive(Clone, Copy, Debug)]
pub struct Query<'a> {
    pub text: &'a str,
    /// At most so many hits, and never more than [`MAX_HITS`].
    pub limit: usize,
    /// What an article must be; every article will do without one.
    pub filter: Option<&'a Filter>,
    /// The words that mean the same in this house.
    pub thesaurus: Option<&'a Thesaurus>,
    pub ranking: &'a Ranking,
}

impl<'a> Query<'a> {
    /// A search among all articles, in the person's own words only.
    pub fn new(text: &'a str, limit: usize) -> Self {
        Self {
            text,
            limit,
            filter: None,
            thesaurus: None,
            ranking: &Ranking::PRODUCT,
        }
    }

    /// The same for another text.
    #[must_use]
    pub(crate) fn of<'b>(&self, text: &'b str) -> Query<'b>
    where
        'a: 'b,
    {
        Query { text, ..*self }
    }
}

/// The number of a different unit within one query.
pub(crate) type UnitId = u16;

/// A piece of the query that is looked up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Gram {
    /// Two neighbouring Chinese characters.
    Pair(UnitId, UnitId),
    /// Letters and digits.
    Word(UnitId),
    /// A Chinese character without a neighbour.
    Lone(UnitId),
}

/// A query's units, grams and parts.
pub(crate) struct Parsed<'a> {
    pub(crate) text: &'a str,
    pub(crate) limit: usize,
    pub(crate) units: Vec<Unit>,
    /// The number of each unit, beside `units`.
    pub(crate) ids: Vec<UnitId>,
    /// The different units by number.
    pub(crate) symbols: Vec<Symbol>,
    numbers: FxHashMap<Symbol, UnitId>,
    /// Stretches without a space or punctuation mark inside, as ranges of `units`.
    pub(crate) parts: Vec<Range<usize>>,
    /// The different grams, each with the term it is looked up by.
    pub(crate) grams: Vec<(Gram, String)>,
}

impl<'a> Parsed<'a> {
    pub(crate) fn new(query: &Query<'a>) -> Result<Self, SearchError> {
        let n_characters = query.text.chars().count();
        if n_characters > MAX_QUERY_CHARACTERS {
            return Err(SearchError::TextTooLong {
                n_characters,
                limit: MAX_QUERY_CHARACTERS,
            });
        }
        let mut parsed = Self {
            text: query.text,
            limit: query.limit.min(MAX_HITS),
            units: text::units(query.text),
            ids: Vec::new(),
            symbols: Vec::new(),
            numbers: FxHashMap::default(),
            parts: Vec::new(),
            grams: Vec::new(),
        };
        parsed.number_units();
        parsed.find_parts();
        parsed.find_grams();
        Ok(parsed)
    }

    /// Says whether this is a few words rather than a message.
    pub(crate) fn is_short(&self) -> bool {
        self.units.len() <= MAX_SHORT_UNITS
    }

    /// Returns the number of a unit of another text, if the query has it.
    pub(crate) fn id(&self, symbol: &Symbol) -> Option<UnitId> {
        self.numbers.get(symbol).copied()
    }

    fn number_units(&mut self) {
        for unit in &self.units {
            let id = self.numbers.get(&unit.symbol).copied().unwrap_or_else(|| {
                let id = UnitId::try_from(self.symbols.len())
                    .unwrap_or_else(|_| unreachable!("the text's length is limited"));
                self.symbols.push(unit.symbol.clone());
                self.numbers.insert(unit.symbol.clone(), id);
                id
            });
            self.ids.push(id);
        }
    }

    fn find_parts(&mut self) {
        let mut start = 0;
        for (at, unit) in self.units.iter().enumerate() {
            if !unit.is_joined && at > start {
                self.parts.push(start..at);
                start = at;
            }
        }
        if start < self.units.len() {
            self.parts.push(start..self.units.len());
        }
    }

    fn find_grams(&mut self) {
        let mut seen = FxHashSet::default();
        let mut grams: Vec<Gram> = self.grams_in_order().collect();
        grams.retain(|&gram| seen.insert(gram));
        if grams.len() > MAX_GRAMS_LOOKED_UP {
            let n_kept = MAX_GRAMS_LOOKED_UP / 2;
            grams.drain(n_kept..grams.len() - n_kept);
        }
        self.grams = grams
            .into_iter()
            .map(|gram| (gram, self.term(gram)))
            .collect();
    }

    /// Goes through the grams as they stand in the text.
    fn grams_in_order(&self) -> impl Iterator<Item = Gram> {
        (0..self.units.len()).filter_map(|at| self.gram_at(at))
    }

    /// Returns the gram that ends with a unit.
    pub(crate) fn gram_at(&self, at: usize) -> Option<Gram> {
        let (unit, &id) = (self.units.get(at)?, self.ids.get(at)?);
        let before = at
            .checked_sub(1)
            .and_then(|at| Some((self.units.get(at)?, self.ids.get(at)?)));
        match &unit.symbol {
            Symbol::Word(_) => Some(Gram::Word(id)),
            Symbol::Character(_) => match before {
                Some((before, &before_id)) if unit.pair_after(before).is_some() => {
                    Some(Gram::Pair(before_id, id))
                }
                Some(_) | None => {
                    let after = self.units.get(at + 1);
                    let is_lone = after.is_none_or(|after| after.pair_after(unit).is_none());
                    is_lone.then_some(Gram::Lone(id))
                }
            },
        }
    }

    fn term(&self, gram: Gram) -> String {
        let text = |id: UnitId| {
            self.symbols
                .get(usize::from(id))
                .map(grams::unit_term)
                .unwrap_or_default()
        };
        match gram {
            Gram::Pair(first, second) => text(first) + &text(second),
            Gram::Word(id) | Gram::Lone(id) => text(id),
        }
    }
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::*;

    fn check(text: &str, expected: &Expect) {
        let parsed = Parsed::new(&Query::new(text, 10)).expect("short enough");
        let terms: Vec<_> = parsed.grams.iter().map(|(_, term)| term.as_str()).collect();
        expected.assert_eq(&format!(
            "{} / {} parts",
            terms.join(" "),
            parsed.parts.len()
        ));
    }

    #[test]
    fn grams_and_parts() {
        check("医保卡 补办", &expect!["医保 保卡 补办 / 2 parts"]);
        check("水", &expect!["水 / 1 parts"]);
        check("办5G卡，办", &expect!["办 5g 卡 / 2 parts"]);
        check("", &expect![" / 0 parts"]);
        check("？！", &expect![" / 0 parts"]);
    }

    #[test]
    fn a_long_text_keeps_its_beginning_and_its_end() {
        let text: String = ('\u{4E00}'..'\u{5800}').collect();
        let parsed = Parsed::new(&Query::new(&text, 10)).expect("short enough");
        assert_eq!(parsed.grams.len(), MAX_GRAMS_LOOKED_UP);
        assert_eq!(
            parsed.grams.first().map(|(_, term)| term.as_str()),
            Some("一丁")
        );
        assert_eq!(
            parsed.grams.last().map(|(_, term)| term.as_str()),
            Some("埾埿")
        );
    }

    #[test]
    fn too_long_a_text_is_refused() {
        let text = "水".repeat(MAX_QUERY_CHARACTERS + 1);
        let refused = Parsed::new(&Query::new(&text, 10));
        assert!(matches!(
            refused,
            Err(SearchError::TextTooLong {
                n_characters: 10_001,
                ..
            })
        ));
    }
}
