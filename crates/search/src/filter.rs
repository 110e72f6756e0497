//! Which articles a search may show at all.

use tantivy::{
    DocId, DocSet as _, SegmentReader, TERMINATED, Term,
    columnar::Column,
    schema::{Field, IndexRecordOption},
};

use crate::{document::Facet, error::SearchError, schema, snapshot::Snapshot};

/// A day, counted from 1970-01-01.
pub type Day = i32;

/// What an article must be to be found. Without one, every article of the index is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// Only articles that are valid on that day, their last day included.
    pub in_force_on: Option<Day>,
    /// For each: the article carries one of these values. A facet without values lets nothing pass.
    pub facets: Vec<FacetFilter>,
}

/// The values of one facet that may pass.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FacetFilter {
    pub facet: Facet,
    pub values: Vec<String>,
}

impl Filter {
    /// Only articles that are valid on `day`.
    pub fn in_force_on(day: Day) -> Self {
        Self {
            in_force_on: Some(day),
            facets: Vec::new(),
        }
    }
}

/// A filter made ready for one segment.
pub(crate) struct Passing {
    /// For each document whether its facets let it pass; `None` for no facet asked.
    by_facet: Option<Vec<bool>>,
    validity: Option<Validity>,
}

struct Validity {
    day: i64,
    valid_from: Column<i64>,
    valid_until: Column<i64>,
}

impl Passing {
    pub(crate) fn new(
        filter: Option<&Filter>,
        snapshot: &Snapshot,
        segment: &SegmentReader,
    ) -> Result<Self, SearchError> {
        let Some(filter) = filter else {
            return Ok(Self {
                by_facet: None,
                validity: None,
            });
        };
        let mut by_facet: Option<Vec<bool>> = None;
        for facet in &filter.facets {
            let one = carries(facet, snapshot.fields.facet, segment)?;
            by_facet = Some(match by_facet {
                None => one,
                Some(before) => before.iter().zip(one).map(|(a, b)| *a && b).collect(),
            });
        }
        let validity = match filter.in_force_on {
            None => None,
            Some(day) => Some(Validity {
                day: day.into(),
                valid_from: segment.fast_fields().i64(schema::VALID_FROM)?,
                valid_until: segment.fast_fields().i64(schema::VALID_UNTIL)?,
            }),
        };
        Ok(Self { by_facet, validity })
    }

    pub(crate) fn lets_pass(&self, document: DocId) -> bool {
        let is_carried = self
            .by_facet
            .as_ref()
            .is_none_or(|passing| passing.get(document as usize).copied().unwrap_or(false));
        is_carried
            && self.validity.as_ref().is_none_or(|validity| {
                let from = validity.valid_from.first(document).unwrap_or(i64::MIN);
                let until = validity.valid_until.first(document).unwrap_or(i64::MAX);
                from <= validity.day && validity.day <= until
            })
    }
}

/// Says of each document of a segment whether it carries one of the values.
fn carries(
    wanted: &FacetFilter,
    field: Field,
    segment: &SegmentReader,
) -> Result<Vec<bool>, SearchError> {
    let mut passing = vec![false; segment.max_doc() as usize];
    let inverted = segment.inverted_index(field)?;
    for value in &wanted.values {
        let term = Term::from_field_text(field, &wanted.facet.term(value));
        let Some(mut postings) = inverted.read_postings(&term, IndexRecordOption::Basic)? else {
            continue;
        };
        let mut document = postings.doc();
        while document != TERMINATED {
            if let Some(passes) = passing.get_mut(document as usize) {
                *passes = true;
            }
            document = postings.advance();
        }
    }
    Ok(passing)
}
