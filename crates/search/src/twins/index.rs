//! The headings of all articles, and which of them come into question as twins of one.
//!
//! Kept in memory and built from the store in a moment: the search index on the disk ranks what
//! people type, is sometimes being built again, and does not make one of 社会保障卡 and 社保卡.

use rustc_hash::FxHashMap;

use super::{Headings, Likeness, Places, heading::is_character, likeness};

/// A token that more articles have than this says too little to look them all up.
const MAX_POSTINGS: usize = 600;
/// So many articles are compared with one.
const MAX_CANDIDATES: usize = 60;

/// What a character for itself weighs beside pairs, which weigh from 1 to 4.
const WEIGHT_OF_CHARACTER: f32 = 0.7;

/// The headings of all articles.
#[derive(Debug, Default)]
pub struct TwinIndex {
    places: Places,
    slots: Vec<Option<(String, Headings)>>,
    by_id: FxHashMap<String, u32>,
    postings: FxHashMap<u64, Vec<u32>>,
    n_articles: usize,
}

/// How much a token says: much where few articles have it.
pub(crate) struct Rarity<'a>(&'a TwinIndex);

impl Rarity<'_> {
    pub(super) fn weight(&self, tokens: &[u64]) -> f32 {
        tokens.iter().map(|token| self.of(*token)).sum()
    }

    #[expect(clippy::cast_precision_loss, reason = "a weight, not a count")]
    fn of(&self, token: u64) -> f32 {
        if is_character(token) {
            return WEIGHT_OF_CHARACTER;
        }
        let n_with = self.0.postings.get(&token).map_or(0, Vec::len) as f32;
        let n_all = self.0.n_articles as f32;
        // Between 1 for what everybody says and about 4 for what nobody else does.
        1.0 + 3.0 * (1.0 + n_all / (1.0 + n_with)).ln() / (2.0 + n_all).ln()
    }
}

impl TwinIndex {
    /// Without articles. `places` are the names that make matters different.
    pub fn new(places: Places) -> Self {
        Self {
            places,
            ..Self::default()
        }
    }

    pub fn n_articles(&self) -> usize {
        self.n_articles
    }

    /// Reads the headings of an article that may not stand here (yet).
    pub fn headings(&self, title: &str, names: &[String]) -> Headings {
        Headings::new(title, names, &self.places)
    }

    /// Puts an article in the place of the one with its id.
    pub fn put(&mut self, id: &str, title: &str, names: &[String]) {
        self.remove(id);
        let Ok(slot) = u32::try_from(self.slots.len()) else {
            return;
        };
        let headings = self.headings(title, names);
        for token in tokens(&headings) {
            self.postings.entry(token).or_default().push(slot);
        }
        self.by_id.insert(id.to_owned(), slot);
        self.slots.push(Some((id.to_owned(), headings)));
        self.n_articles += 1;
    }

    pub fn remove(&mut self, id: &str) {
        let Some(slot) = self.by_id.remove(id) else {
            return;
        };
        let place = self.slots.get_mut(slot as usize);
        let Some((_, headings)) = place.and_then(Option::take) else {
            return;
        };
        for token in tokens(&headings) {
            if let Some(slots) = self.postings.get_mut(&token) {
                slots.retain(|other| *other != slot);
            }
        }
        self.n_articles -= 1;
    }

    /// The ids of all articles, in the order they were put.
    pub fn ids(&self) -> impl Iterator<Item = &str> {
        self.slots.iter().flatten().map(|(id, _)| id.as_str())
    }

    /// The twins of an article that stands here.
    pub fn twins_of(&self, id: &str, limit: usize) -> Vec<(String, Likeness)> {
        let slot = self
            .by_id
            .get(id)
            .and_then(|slot| self.slots.get(*slot as usize));
        match slot {
            Some(Some((_, headings))) => self.twins(headings, Some(id), limit),
            Some(None) | None => Vec::new(),
        }
    }

    /// The articles like these headings, the most alike first; `except` is the article itself.
    pub fn twins(
        &self,
        headings: &Headings,
        except: Option<&str>,
        limit: usize,
    ) -> Vec<(String, Likeness)> {
        let rarity = Rarity(self);
        let mut found: Vec<(String, Likeness)> = self
            .candidates(headings)
            .into_iter()
            .filter_map(|slot| self.slots.get(slot as usize)?.as_ref())
            .filter(|(id, _)| Some(id.as_str()) != except)
            .filter_map(|(id, theirs)| Some((id.clone(), likeness(headings, theirs, &rarity)?)))
            .collect();
        found.sort_by(|(id, one), (other_id, other)| {
            (other.level.cmp(&one.level))
                .then(other.common.total_cmp(&one.common))
                .then(id.cmp(other_id))
        });
        found.truncate(limit);
        found
    }

    /// The articles that share the rarest tokens, those that share the most first.
    fn candidates(&self, headings: &Headings) -> Vec<u32> {
        let rarity = Rarity(self);
        let mut shared: FxHashMap<u32, f32> = FxHashMap::default();
        let mut tokens = tokens(headings);
        tokens.sort_by_key(|token| (self.n_with(*token), *token));
        for (at, token) in tokens.iter().enumerate() {
            let slots = self.postings.get(token).map_or(&[][..], Vec::as_slice);
            // The rarest is looked up in any case: a heading may be of common words only.
            if slots.len() > MAX_POSTINGS && at > 0 {
                break;
            }
            for slot in slots {
                *shared.entry(*slot).or_default() += rarity.of(*token);
            }
        }
        let mut slots: Vec<(u32, f32)> = shared.into_iter().collect();
        slots.sort_by(|(one, one_shared), (other, other_shared)| {
            other_shared.total_cmp(one_shared).then(one.cmp(other))
        });
        slots.truncate(MAX_CANDIDATES);
        slots.into_iter().map(|(slot, _)| slot).collect()
    }

    fn n_with(&self, token: u64) -> usize {
        self.postings.get(&token).map_or(0, Vec::len)
    }
}

fn tokens(headings: &Headings) -> Vec<u64> {
    let mut tokens: Vec<u64> = headings
        .all()
        .flat_map(|(heading, _)| heading.tokens.iter().copied())
        .filter(|token| !is_character(*token))
        .collect();
    tokens.sort_unstable();
    tokens.dedup();
    tokens
}
