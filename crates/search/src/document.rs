//! What the index knows of an article, and how it changes.

use crate::filter::Day;

/// The searchable words of one article of the knowledge base.
///
/// Which articles belong here (published) is the caller's decision. The index keeps these texts in
/// the clear, so nothing of a citizen may stand in them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Document {
    /// The article's id. There is one document of an id; putting it again replaces it.
    pub id: String,
    pub title: String,
    /// Everyday names and questions that people use for the matter. Each is ranked like a title.
    pub names: Vec<String>,
    pub body: String,
    /// What a search can be narrowed to.
    pub facets: Vec<(Facet, String)>,
    /// The first day it holds; `None` for always.
    pub valid_from: Option<Day>,
    /// The last day it holds; `None` for ever.
    pub valid_until: Option<Day>,
}

/// A property by which a search can be narrowed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Facet {
    /// The unit that is responsible for it.
    Unit,
    /// Its template.
    Template,
    /// A category it belongs to, at any level.
    Category,
    /// A place it holds for.
    Place,
}

impl Facet {
    /// The term of a value. The first letters are frozen by [`crate::schema::FORMAT`].
    pub(crate) fn term(self, value: &str) -> String {
        let letter = match self {
            Self::Unit => 'u',
            Self::Template => 't',
            Self::Category => 'c',
            Self::Place => 'p',
        };
        format!("{letter}{value}")
    }
}

/// One step of an incremental update.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// Adds the document, or replaces the one with its id.
    Put(Document),
    /// Removes the document; an id that is not there changes nothing.
    Remove { id: String },
}
