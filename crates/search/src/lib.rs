//! 知识库检索: finds the standard answer for what a call-taker types.
//!
//! A [`KbIndex`] is a tantivy index in a folder of its own, made for Chinese: every text becomes
//! single characters and pairs of neighbouring characters (`grams`), because characters found more
//! of the right articles than dictionary words on every task that was measured. A search has two
//! steps. `candidates` scores posting lists with BM25 and keeps a bounded number of articles;
//! `rank` orders those by a handful of features that a person can check by eye. `mark`, `snippet`
//! and `ground` then say where the words stand and why the article is there.
//!
//! **The index is disposable and lies in plain text on the disk.** Only knowledge goes in, never a
//! citizen's words. The store keeps the articles; the index can be deleted at any time and is built
//! again from the store, and it knows the store's change number it stands at.
//!
//! The figures, and what else was weighed, stand in `docs/decisions/0004-chinese-search.md`.

mod answer;
mod candidates;
mod correct;
mod document;
mod error;
mod filter;
mod find;
mod folder;
mod grams;
mod ground;
mod index;
mod mark;
pub mod parts;
mod query;
mod quiet;
mod rank;
mod ranking;
mod rebuild;
mod schema;
mod shape;
mod snapshot;
mod snippet;
mod sound;
mod spelled;
mod summary;
mod text;
mod thesaurus;
pub mod twins;
mod vocabulary;
mod ways;

pub use answer::{Answer, ENOUGH, MAX_ANSWER_CHARACTERS};
pub use document::{Change, Document, Facet};
pub use error::SearchError;
pub use filter::{Day, FacetFilter, Filter};
pub use find::Hit;
pub use ground::{Ground, NameGround};
pub use index::{KbIndex, NeedsRebuild, Opened};
pub use mark::Segment;
pub use query::{MAX_HITS, MAX_QUERY_CHARACTERS, Query};
pub use rank::{Features, HeadingFeatures};
pub use ranking::Ranking;
pub use rebuild::Rebuild;
pub use snippet::MAX_SNIPPET_CHARACTERS;
pub use thesaurus::{Thesaurus, word_groups};
pub use ways::Via;
