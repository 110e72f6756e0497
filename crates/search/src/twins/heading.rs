//! A title or a question taken apart: what it is about, where, what is done, what is asked.

use rustc_hash::FxHashSet;

use super::words::{self, MEANINGS, Meaning, SYNONYMS};
use crate::text::{self, Symbol};

/// Stands where a word was taken out; no pair goes over it.
const GAP: char = '\u{1}';
/// Marks the tokens that are no pair of characters.
const ACTION_TOKEN: u64 = 1 << 63;
const WORD_TOKEN: u64 = 1 << 62;
/// A character for itself: 社保证明打印 and 打印社保证明 have few pairs and all characters in common.
const CHARACTER_TOKEN: u64 = 1 << 61;

/// Where the hash of a word begins (FNV-1a).
const NO_WORD: u64 = 0xCBF2_9CE4_8422_2325;

/// The names of places that make matters different: townships, streets, villages.
#[derive(Clone, Debug, Default)]
pub struct Places(Vec<String>);

/// One title or question, as it is compared.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Heading {
    /// As it was written.
    pub(super) written: String,
    /// Everything but punctuation, to tell whether two are the very same.
    pub(super) whole: String,
    /// What it is about: pairs of characters, words, actions; sorted, each once.
    pub(super) tokens: Vec<u64>,
    pub(super) places: Vec<String>,
    pub(super) years: Vec<String>,
    pub(super) actions: u64,
    pub(super) aspects: u64,
    /// For each line of contrasts the words that stand here, a bit each.
    pub(super) contrasts: Vec<u8>,
}

impl Places {
    /// The longest names are found first.
    pub fn new(names: impl IntoIterator<Item = String>) -> Self {
        let mut names: Vec<String> = names
            .into_iter()
            .filter(|name| name.chars().count() >= 3)
            .collect();
        names.sort_by_key(|name| std::cmp::Reverse(name.chars().count()));
        names.dedup();
        Self(names)
    }
}

impl Heading {
    pub(super) fn new(written: &str, places: &Places) -> Self {
        let whole = folded(written);
        let mut rest = whole.clone();
        let years = take_years(&mut rest);
        let places = take_places(&mut rest, places);
        let rest = said_alike(&rest);
        let contrasts = words::contrasts(&rest);
        let Read {
            subject,
            actions,
            aspects,
        } = read(&rest);
        let mut tokens = tokens(&subject, actions);
        let characters = subject.chars().filter(|c| *c != GAP && !c.is_ascii());
        tokens.extend(characters.map(|c| CHARACTER_TOKEN | u64::from(u32::from(c))));
        tokens.sort_unstable();
        tokens.dedup();
        Self {
            written: written.trim().to_owned(),
            whole: whole.replace(GAP, ""),
            tokens,
            places,
            years,
            actions,
            aspects,
            contrasts,
        }
    }

    /// How many tokens say what it is about, actions aside.
    pub(super) fn n_subject(&self) -> usize {
        self.tokens
            .iter()
            .filter(|token| **token & (ACTION_TOKEN | CHARACTER_TOKEN) == 0)
            .count()
    }
}

/// Whether a token is a character for itself.
pub(super) fn is_character(token: u64) -> bool {
    token & (ACTION_TOKEN | WORD_TOKEN | CHARACTER_TOKEN) == CHARACTER_TOKEN
}

/// The pairs and words of a label or a text, without what says nothing.
pub(super) fn label_tokens(label: &str) -> FxHashSet<u64> {
    let Read { subject, .. } = read(&said_alike(&folded(label)));
    tokens(&subject, 0).into_iter().collect()
}

/// Lower case, narrow, without punctuation; a gap where there was some.
fn folded(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    for unit in text::units(text) {
        if !unit.is_joined && !folded.is_empty() {
            folded.push(GAP);
        }
        match unit.symbol {
            Symbol::Character(c) => folded.push(c),
            Symbol::Word(word) => folded.push_str(&word),
        }
    }
    folded
}

/// 2026年度, 2026年, 2026.
fn take_years(text: &mut String) -> Vec<String> {
    let mut years = Vec::new();
    let mut rest = String::with_capacity(text.len());
    let mut characters = text.chars().peekable();
    while let Some(c) = characters.next() {
        let mut run = String::from(c);
        if c.is_ascii_digit() {
            while let Some(digit) = characters.next_if(char::is_ascii_digit) {
                run.push(digit);
            }
        }
        if run.len() == 4 && run.starts_with("20") {
            if characters.next_if_eq(&'年').is_some() {
                characters.next_if_eq(&'度');
            }
            rest.push(GAP);
            years.push(run);
        } else {
            rest.push_str(&run);
        }
    }
    years.sort();
    years.dedup();
    *text = rest;
    years
}

fn take_places(text: &mut String, places: &Places) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for name in &places.0 {
        if text.contains(name.as_str()) {
            *text = text.replace(name.as_str(), &GAP.to_string());
            found.push(name.clone());
        }
    }
    found.sort();
    found
}

/// The text with one name for what has several.
fn said_alike(text: &str) -> String {
    let mut said = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let (written, put) = match SYNONYMS.at_start_of(rest) {
            Some((written, Meaning::Said(name))) => (written.len(), Some(name)),
            Some((written, _)) => (written.len(), Some(written)),
            None => (first.len_utf8(), None),
        };
        match put {
            Some(name) => said.push_str(name),
            None => said.push(first),
        }
        rest = rest.get(written..).unwrap_or_default();
    }
    said
}

/// What is left when the words that ask, act or say nothing are taken out.
struct Read {
    subject: String,
    actions: u64,
    aspects: u64,
}

fn read(text: &str) -> Read {
    let mut read = Read {
        subject: String::with_capacity(text.len()),
        actions: 0,
        aspects: 0,
    };
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let found = MEANINGS.at_start_of(rest);
        let n_bytes = found.map_or(first.len_utf8(), |(word, _)| word.len());
        match found {
            Some((_, Meaning::Aspect(at))) => read.aspects |= 1 << at,
            Some((_, Meaning::Action(at))) => read.actions |= 1 << at,
            Some((word, Meaning::Itself | Meaning::Said(_))) => read.subject.push_str(word),
            Some((_, Meaning::Nothing)) => {}
            None => read.subject.push(first),
        }
        let is_taken = !matches!(found, None | Some((_, Meaning::Itself | Meaning::Said(_))));
        if is_taken && !read.subject.ends_with(GAP) {
            read.subject.push(GAP);
        }
        rest = rest.get(n_bytes..).unwrap_or_default();
    }
    read
}

fn tokens(text: &str, actions: u64) -> Vec<u64> {
    let mut tokens: Vec<u64> = (0..64)
        .filter(|bit| actions >> bit & 1 == 1)
        .map(|bit| ACTION_TOKEN | bit)
        .collect();
    let mut lone = Vec::new();
    for run in text.split(GAP) {
        let mut before: Option<char> = None;
        let mut n_pairs = 0;
        let mut word = NO_WORD;
        for c in run.chars() {
            if c.is_ascii_alphanumeric() {
                word = (word ^ u64::from(u32::from(c))).wrapping_mul(0x0100_0000_01B3);
                before = None;
                continue;
            }
            if word != NO_WORD {
                tokens.push(WORD_TOKEN | (word >> 3));
                word = NO_WORD;
            }
            if let Some(first) = before {
                tokens.push(pair(first, c));
                n_pairs += 1;
            }
            before = Some(c);
        }
        if word != NO_WORD {
            tokens.push(WORD_TOKEN | (word >> 3));
        }
        if let (Some(c), 0) = (before, n_pairs) {
            lone.push(pair(c, '\0'));
        }
    }
    // What is left of a word beside others says little; alone, as in 水, it is all there is.
    if !tokens.iter().any(|token| token & ACTION_TOKEN == 0) {
        tokens.extend(lone);
    }
    tokens
}

fn pair(first: char, second: char) -> u64 {
    u64::from(u32::from(first)) << 24 | u64::from(u32::from(second))
}
