//! How much each part of an article's score counts.

/// The weights of the ranking. [`Ranking::PRODUCT`] is what people work with; an evaluation sets
/// single weights to zero to see what each part adds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Ranking {
    /// BM25 over title, names and body, beside the best of the answer.
    pub relevance: f32,
    /// The share of the query that stands anywhere in the article.
    pub found: f32,
    /// Title or name: the share of the query's pairs and words.
    pub pairs: f32,
    /// Title or name: the share of the query's single characters and words.
    pub units: f32,
    /// Title or name: the share of it that the query says.
    pub used: f32,
    /// Title or name: the characters in the query's order.
    pub in_order: f32,
    /// Title or name: the longest run as it was typed.
    pub longest_run: f32,
    /// Title or name: it says nothing else.
    pub equal: f32,
    /// What a name's score counts beside a title's: of two equal matches the title is the surer one.
    pub name_factor: f32,
    /// What a match by a synonym counts beside one in the person's own words.
    pub synonym_factor: f32,
    /// What a match by corrected typing counts.
    pub correction_factor: f32,
}

impl Ranking {
    /// Chosen in round numbers on the even half of the measuring queries; nothing is learnt.
    pub const PRODUCT: Self = Self {
        relevance: 0.5,
        found: 0.5,
        pairs: 0.25,
        units: 0.25,
        used: 1.0,
        in_order: 0.75,
        longest_run: 0.25,
        equal: 0.5,
        name_factor: 0.95,
        synonym_factor: 0.8,
        correction_factor: 0.8,
    };
}
