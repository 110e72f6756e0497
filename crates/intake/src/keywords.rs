//! 关键词: words that speak for a category before there is anything to learn from.
//!
//! A line of the file is `分类编号|词 词 词`; `电梯+困` asks for both. The words are also what a
//! learnt model looks at beside the characters: what people wrote down about the categories need not
//! be learnt again from a few dozen orders.

use std::ops::Range;

use rustc_hash::FxHashMap;
use thiserror::Error;

use crate::grams;
use crate::text::Characters;

/// So many words of all categories are taken.
pub const MAX_KEYWORDS: usize = 20_000;

/// The words the program ships, for the categories it ships.
const SHIPPED: &str = include_str!("../reference/keywords.txt");

/// One line that cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum KeywordsError {
    #[error("line {line}: no `|` between the category and its words")]
    NoBar { line: usize },
    #[error("more than {MAX_KEYWORDS} words")]
    TooMany,
}

/// 关键词表.
#[derive(Clone, Debug, Default)]
pub struct Keywords {
    /// In the order of the file.
    words: Vec<Keyword>,
    /// The words that begin with a character: their places.
    by_first: FxHashMap<char, Vec<usize>>,
    /// 分类编号 in the order of the file.
    categories: Vec<String>,
    seal: u64,
}

#[derive(Clone, Debug)]
struct Keyword {
    /// All must stand in the text.
    parts: Vec<Vec<char>>,
    category: usize,
    number: u32,
}

/// A keyword that stands in a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeywordHit {
    /// The place of its category among [`Keywords::categories`].
    pub category: usize,
    /// Where the parts of the word stand first, in bytes of the text.
    pub ranges: Vec<Range<usize>>,
    /// Characters of all parts: the longer, the less it can mean something else.
    pub n_characters: usize,
    pub(crate) number: u32,
}

impl Keywords {
    /// Those that come with the program.
    pub fn shipped() -> Self {
        Self::parse(SHIPPED).unwrap_or_default()
    }

    /// Reads a table.
    ///
    /// # Errors
    /// The first line that cannot be used; nothing of the table is taken then.
    pub fn parse(table: &str) -> Result<Self, KeywordsError> {
        let mut keywords = Self::default();
        for (at, line) in table.lines().enumerate() {
            let line_text = line.trim();
            if line_text.is_empty() || line_text.starts_with('#') {
                continue;
            }
            let (category, words) = line_text
                .split_once('|')
                .ok_or(KeywordsError::NoBar { line: at + 1 })?;
            keywords.add(category.trim(), words);
        }
        if keywords.words.len() > MAX_KEYWORDS {
            return Err(KeywordsError::TooMany);
        }
        Ok(keywords)
    }

    /// 分类编号 of every category that has words.
    pub fn categories(&self) -> &[String] {
        &self.categories
    }

    /// A number that another table would hardly have: a model learnt with one is read with none else.
    pub fn seal(&self) -> u64 {
        self.seal
    }

    /// The words that stand in a text, each once, in the order of the table.
    pub fn hits(&self, text: &str) -> Vec<KeywordHit> {
        self.hits_in(&Characters::new(text))
    }

    pub(crate) fn hits_in(&self, text: &Characters) -> Vec<KeywordHit> {
        let mut found: FxHashMap<usize, usize> = FxHashMap::default();
        for (place, first) in text.all().iter().enumerate() {
            for &word in self.by_first.get(first).into_iter().flatten() {
                let stands = self
                    .words
                    .get(word)
                    .and_then(|word| word.parts.first())
                    .is_some_and(|part| text.slice(place, place + part.len()) == part.as_slice());
                if stands {
                    found.entry(word).or_insert(place);
                }
            }
        }
        let mut places: Vec<(usize, usize)> = found.into_iter().collect();
        places.sort_unstable();
        let hit = |(word, place): (usize, usize)| {
            let word = self.words.get(word)?;
            let mut ranges = Vec::with_capacity(word.parts.len());
            for (at, part) in word.parts.iter().enumerate() {
                let start = if at == 0 {
                    place
                } else {
                    position(text, part)?
                };
                ranges.push(text.bytes(start, start + part.len()));
            }
            Some(KeywordHit {
                category: word.category,
                ranges,
                n_characters: word.parts.iter().map(Vec::len).sum(),
                number: word.number,
            })
        };
        places.into_iter().filter_map(hit).collect()
    }

    fn add(&mut self, category: &str, words: &str) {
        let known = self.categories.iter().position(|id| id == category);
        let category = known.unwrap_or_else(|| {
            self.categories.push(category.to_owned());
            self.categories.len() - 1
        });
        for word in words.split_whitespace() {
            let parts: Vec<Vec<char>> = word
                .split('+')
                .map(|part| Characters::new(part).all().to_vec())
                .filter(|part| !part.is_empty())
                .collect();
            let Some(first) = parts.first().and_then(|part| part.first()).copied() else {
                continue;
            };
            let all: Vec<char> = parts.join(&'+');
            let number = grams::hash(SALT, &all);
            self.seal = grams::mixed(self.seal ^ u64::from(number) ^ category as u64);
            self.by_first
                .entry(first)
                .or_default()
                .push(self.words.len());
            self.words.push(Keyword {
                parts,
                category,
                number,
            });
        }
    }
}

/// Sets the numbers of keywords apart from those of grams.
const SALT: u64 = 1_000;

fn position(text: &Characters, part: &[char]) -> Option<usize> {
    text.all()
        .windows(part.len().max(1))
        .position(|window| window == part)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_and_pairs_of_words() {
        let keywords = Keywords::parse("# a remark\nc-1|停水 电梯+困\nc-2|电梯").unwrap();
        let text = "电梯又坏了，老人困在里面，还停水";
        let shown: Vec<String> = keywords
            .hits(text)
            .iter()
            .map(|hit| {
                let words: Vec<&str> = hit
                    .ranges
                    .iter()
                    .map(|range| text.get(range.clone()).unwrap())
                    .collect();
                format!(
                    "{} {}",
                    keywords.categories()[hit.category],
                    words.join("+")
                )
            })
            .collect();
        assert_eq!(shown, ["c-1 停水", "c-1 电梯+困", "c-2 电梯"]);
        assert!(keywords.hits("电").is_empty());
    }

    #[test]
    fn a_table_that_is_none() {
        let error = Keywords::parse("停水").unwrap_err();
        assert_eq!(error, KeywordsError::NoBar { line: 1 });
    }

    #[test]
    fn every_shipped_category_has_words() {
        let keywords = Keywords::shipped();
        let tables = wording::reference::ReferenceTables::built_in().unwrap();
        for category in &tables.view.categories {
            assert!(
                keywords.categories().contains(&category.id),
                "{}",
                category.id
            );
        }
        assert_eq!(keywords.categories().len(), tables.view.categories.len());
    }
}
