//! The fields of the index.
//!
//! Title and everyday names share the *heading* fields: which of them matched is decided when the
//! few candidates are ranked, so that a query looks up two posting lists per gram and not three.

use tantivy::{
    Index, TantivyDocument,
    schema::{
        FAST, Field, IndexRecordOption, STORED, STRING, Schema, TextFieldIndexing, TextOptions,
    },
    tokenizer::TextAnalyzer,
};

use crate::{
    document::Document,
    grams::{PairTokenizer, UnitTokenizer},
};

/// The number of the format that this program reads and writes.
///
/// Raise it with every change of a field, a tokenizer, or what is put into a field; an index of
/// another number is built again from the store.
pub(crate) const FORMAT: u32 = 3;

/// Stands between title and names in the fast heading field; no keyboard types it.
const HEADING_SEPARATOR: char = '\u{1F}';

const UNITS: &str = "units";
const PAIRS: &str = "pairs";

/// The handles of the fields.
#[derive(Clone, Debug)]
pub(crate) struct Fields {
    pub(crate) id: Field,
    pub(crate) title: Field,
    pub(crate) name: Field,
    pub(crate) body: Field,
    /// Title and names once more, where ranking reads a hundred of them without unpacking bodies.
    pub(crate) heading: Field,
    pub(crate) heading_units: Field,
    pub(crate) heading_pairs: Field,
    pub(crate) body_pairs: Field,
    /// Every unit of heading and body: for one-character queries and for how rare a unit is.
    pub(crate) all_units: Field,
    /// The values a search can be narrowed to, see [`crate::document::Facet::term`].
    pub(crate) facet: Field,
    pub(crate) valid_from: Field,
    pub(crate) valid_until: Field,
}

/// The name of [`Fields::heading`], by which fast fields are opened.
pub(crate) const HEADING: &str = "heading";

/// The names of the days an article holds, by which fast fields are opened. A document without one
/// holds always, or for ever.
pub(crate) const VALID_FROM: &str = "valid_from";
pub(crate) const VALID_UNTIL: &str = "valid_until";

/// Builds the schema.
pub(crate) fn schema() -> (Schema, Fields) {
    let mut builder = Schema::builder();
    let fields = Fields {
        id: builder.add_text_field("id", STRING | STORED),
        title: builder.add_text_field("title", STORED),
        name: builder.add_text_field("name", STORED),
        body: builder.add_text_field("body", STORED),
        heading: builder.add_bytes_field(HEADING, FAST),
        heading_units: builder.add_text_field("heading_units", counted(UNITS)),
        heading_pairs: builder.add_text_field("heading_pairs", counted(PAIRS)),
        body_pairs: builder.add_text_field("body_pairs", counted(PAIRS)),
        all_units: builder.add_text_field("all_units", counted(UNITS)),
        facet: builder.add_text_field("facet", STRING),
        valid_from: builder.add_i64_field(VALID_FROM, FAST),
        valid_until: builder.add_i64_field(VALID_UNTIL, FAST),
    };
    (builder.build(), fields)
}

/// Makes the tokenizers known to an index that was opened or created.
pub(crate) fn register_tokenizers(index: &Index) {
    index
        .tokenizers()
        .register(UNITS, TextAnalyzer::from(UnitTokenizer));
    index
        .tokenizers()
        .register(PAIRS, TextAnalyzer::from(PairTokenizer));
}

/// Returns the document as tantivy takes it.
pub(crate) fn to_stored(fields: &Fields, document: &Document) -> TantivyDocument {
    let mut stored = TantivyDocument::default();
    stored.add_text(fields.id, &document.id);
    stored.add_text(fields.title, &document.title);
    stored.add_text(fields.body, &document.body);
    stored.add_text(fields.body_pairs, &document.body);
    stored.add_text(fields.all_units, &document.body);
    for name in &document.names {
        stored.add_text(fields.name, name);
    }
    for (facet, value) in &document.facets {
        stored.add_text(fields.facet, facet.term(value));
    }
    for (field, day) in [
        (fields.valid_from, document.valid_from),
        (fields.valid_until, document.valid_until),
    ] {
        if let Some(day) = day {
            stored.add_i64(field, day.into());
        }
    }
    let parts = || std::iter::once(&document.title).chain(&document.names);
    let heading: Vec<String> = parts()
        .map(|part| part.replace(HEADING_SEPARATOR, " "))
        .collect();
    stored.add_bytes(
        fields.heading,
        heading
            .join(HEADING_SEPARATOR.encode_utf8(&mut [0; 4]))
            .as_bytes(),
    );
    for part in parts() {
        stored.add_text(fields.heading_units, part);
        stored.add_text(fields.heading_pairs, part);
        stored.add_text(fields.all_units, part);
    }
    stored
}

/// Splits what stands in the fast heading field: the title, then the names.
pub(crate) fn heading_parts(heading: &str) -> impl Iterator<Item = &str> {
    heading.split(HEADING_SEPARATOR)
}

fn counted(tokenizer: &str) -> TextOptions {
    let indexing = TextFieldIndexing::default()
        .set_tokenizer(tokenizer)
        .set_index_option(IndexRecordOption::WithFreqs)
        .set_fieldnorms(true);
    TextOptions::default().set_indexing_options(indexing)
}
