//! What the index knows of an article, and how it changes.

/// The searchable words of one article of the knowledge base.
///
/// Which articles belong here (published, valid) is the caller's decision. The index keeps these
/// texts in the clear, so nothing of a citizen may stand in them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Document {
    /// The article's id. There is one document of an id; putting it again replaces it.
    pub id: String,
    pub title: String,
    /// Everyday names and questions that people use for the matter. Each is ranked like a title.
    pub names: Vec<String>,
    pub body: String,
}

/// One step of an incremental update.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// Adds the document, or replaces the one with its id.
    Put(Document),
    /// Removes the document; an id that is not there changes nothing.
    Remove { id: String },
}
