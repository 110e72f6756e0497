//! Words that mean the same: 户口 and 户籍, 丢了 and 遗失.

use rustc_hash::FxHashMap;

use crate::text::{self, Symbol, Unit};

/// So many rewritings of one query are tried.
pub(crate) const MAX_REWRITINGS: usize = 4;

/// A longer word takes no part; nobody says it in one breath.
const MAX_WORD_UNITS: usize = 16;

/// Takes a group of words from each line of a text, with spaces between; a line that begins with `#`
/// is a remark.
pub fn word_groups(text: &str) -> impl Iterator<Item = Vec<&str>> {
    let lines = text.lines().filter(|line| !line.starts_with('#'));
    let groups = lines.map(|line| line.split_whitespace().collect::<Vec<_>>());
    groups.filter(|words| !words.is_empty())
}

/// Groups of words that mean the same in this house, kept by its editors.
#[derive(Debug, Default)]
pub struct Thesaurus {
    /// Each group's words as they were given.
    groups: Vec<Vec<String>>,
    /// The words by their first unit, the longest first.
    by_first: FxHashMap<Symbol, Vec<Word>>,
}

#[derive(Debug)]
struct Word {
    symbols: Vec<Symbol>,
    /// The groups it stands in, with its place in each.
    places: Vec<(usize, usize)>,
}

/// A word of a group that stands in a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Meant {
    /// Byte range in the text.
    pub(crate) range: std::ops::Range<usize>,
    places: Vec<(usize, usize)>,
}

impl Thesaurus {
    /// Takes groups of words. A word may stand in several and means the words of all of them, those
    /// of the earlier groups first; words without a letter, digit or character, and groups of fewer
    /// than two, are left out.
    pub fn new<Group, Text>(groups: impl IntoIterator<Item = Group>) -> Self
    where
        Group: IntoIterator<Item = Text>,
        Text: Into<String>,
    {
        let mut thesaurus = Self::default();
        for group in groups {
            let words: Vec<String> = group.into_iter().map(Into::into).collect();
            if words.len() < 2 {
                continue;
            }
            let number = thesaurus.groups.len();
            for (place, word) in words.iter().enumerate() {
                let symbols: Vec<Symbol> = text::units(word)
                    .into_iter()
                    .map(|unit| unit.symbol)
                    .collect();
                if let Some(first) = symbols.first().cloned()
                    && symbols.len() <= MAX_WORD_UNITS
                {
                    let words = thesaurus.by_first.entry(first).or_default();
                    match words.iter_mut().find(|known| known.symbols == symbols) {
                        Some(known) => known.places.push((number, place)),
                        None => words.push(Word {
                            symbols,
                            places: vec![(number, place)],
                        }),
                    }
                }
            }
            thesaurus.groups.push(words);
        }
        for words in thesaurus.by_first.values_mut() {
            words.sort_by_key(|word| std::cmp::Reverse(word.symbols.len()));
        }
        thesaurus
    }

    /// Returns how many groups there are.
    pub fn n_groups(&self) -> usize {
        self.groups.len()
    }

    /// Finds the words of a text, from left to right, at each place the longest.
    pub(crate) fn meant(&self, units: &[Unit]) -> Vec<Meant> {
        let mut found = Vec::new();
        let mut at = 0;
        while let Some(rest) = units.get(at..).filter(|rest| !rest.is_empty()) {
            match self.word_at(rest) {
                Some((meant, n_units)) => {
                    found.push(meant);
                    at += n_units;
                }
                None => at += 1,
            }
        }
        found
    }

    /// Returns the other words of its groups.
    pub(crate) fn others(&self, meant: &Meant) -> impl Iterator<Item = &str> {
        let mut others: Vec<&str> = Vec::new();
        for &(group, own_place) in &meant.places {
            let words = self.groups.get(group).map_or(&[][..], Vec::as_slice);
            for (place, word) in words.iter().enumerate() {
                if place != own_place && !others.contains(&word.as_str()) {
                    others.push(word);
                }
            }
        }
        others.into_iter()
    }

    fn word_at(&self, units: &[Unit]) -> Option<(Meant, usize)> {
        let first = units.first()?;
        let words = self.by_first.get(&first.symbol)?;
        words.iter().find_map(|word| {
            let n_units = word.symbols.len();
            let here = units.get(..n_units)?;
            let is_there = here
                .iter()
                .zip(&word.symbols)
                .enumerate()
                .all(|(at, (unit, symbol))| unit.symbol == *symbol && (at == 0 || unit.is_joined));
            let last = here.last()?;
            is_there.then(|| {
                let meant = Meant {
                    range: first.range.start..last.range.end,
                    places: word.places.clone(),
                };
                (meant, n_units)
            })
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_word_at_each_place() {
        let thesaurus = Thesaurus::new([
            vec!["户口", "户籍"],
            vec!["户口本", "居民户口簿"],
            vec!["丢了", "遗失", "挂失"],
            vec!["alone"],
        ]);
        assert_eq!(thesaurus.n_groups(), 3);
        let text = "戶口本丢了，户 口";
        let meant = thesaurus.meant(&text::units(text));
        let words: Vec<_> = meant
            .iter()
            .map(|meant| text.get(meant.range.clone()).expect("on boundaries"))
            .collect();
        assert_eq!(words, ["戶口本", "丢了"]);
        let others: Vec<_> = meant
            .iter()
            .map(|meant| thesaurus.others(meant).collect::<Vec<_>>())
            .collect();
        assert_eq!(others, [vec!["居民户口簿"], vec!["遗失", "挂失"]]);
    }

    #[test]
    fn a_word_of_several_groups_means_them_all() {
        let thesaurus = Thesaurus::new([
            vec!["戶口", "户头", "户籍"],
            vec!["户籍", "户口", "户口登记"],
        ]);
        let text = "户口";
        let meant = thesaurus.meant(&text::units(text));
        let others: Vec<_> = meant.iter().flat_map(|it| thesaurus.others(it)).collect();
        assert_eq!(others, ["户头", "户籍", "户口登记"]);
    }
}
