//! 要素: what an order's fields can be filled with from what was said. Each is a stretch of the text
//! with a value; a person overrules it by choosing another, and nothing here remembers that.
//!
//! Hand-written readers, as in the search's `parts`: where one is in doubt it finds nothing, or says
//! all it might be. An identity number is pointed at and not read: it must not be kept.

mod amount;
mod named;
mod number;
mod numbers;
pub mod place;
pub mod time;
mod wish;

use std::ops::Range;

use chrono::NaiveDateTime;

pub use self::amount::Amount;
pub use self::named::{Named, NamedKind};
pub use self::place::{Gazetteer, NameGround, PlaceCandidate, PlaceReading, Township};
pub use self::time::{Precision, TimeReading};
use crate::text::Characters;

/// So many of one kind are told.
pub const MAX_FOUND: usize = 20;

/// Something found: where, and what it says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found<T> {
    /// Bytes of the text, on character boundaries.
    pub range: Range<usize>,
    pub value: T,
}

/// 要素 of a text, each kind in the order of the text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Fields {
    pub places: Vec<Found<PlaceReading>>,
    pub times: Vec<Found<TimeReading>>,
    /// Digits alone.
    pub phones: Vec<Found<String>>,
    pub plates: Vec<Found<String>>,
    /// 身份证号: where one stands. The number itself is nowhere else.
    pub identity_numbers: Vec<Range<usize>>,
    pub amounts: Vec<Found<Amount>>,
    /// 小区、道路、单位…
    pub named: Vec<Found<Named>>,
    /// 被反映对象: whom it is about, where the words say so.
    pub complained_of: Vec<Found<String>>,
    /// 诉求目标.
    pub wants: Vec<Found<String>>,
}

/// Reads a text that is told at a moment (Beijing's civil time). The text may be unfinished.
pub fn read(text: &str, told_at: NaiveDateTime, gazetteer: &Gazetteer) -> Fields {
    let text = Characters::new(text);
    let numbers = numbers::read(&text);
    let named = named::read(&text);
    let mut fields = Fields {
        complained_of: wish::complained_of(&text, &named),
        named: found(&text, named),
        places: found(&text, gazetteer.read(&text)),
        times: found(&text, time::read(&text, told_at)),
        amounts: found(&text, amount::read(&text)),
        wants: found(&text, wish::read(&text)),
        ..Fields::default()
    };
    for (start, end, number) in numbers {
        let range = text.bytes(start, end);
        match number {
            numbers::Number::Identity => fields.identity_numbers.push(range),
            numbers::Number::Phone(value) => fields.phones.push(Found { range, value }),
            numbers::Number::Plate(value) => fields.plates.push(Found { range, value }),
        }
    }
    fields.phones.truncate(MAX_FOUND);
    fields.plates.truncate(MAX_FOUND);
    fields
}

/// The whole number that stands at a place, digits or spoken, and where it ends.
pub(crate) fn number_at(text: &Characters, at: usize) -> Option<(u64, usize)> {
    number::read(text, at)
}

/// What a reader found, in places of characters.
pub(crate) type Stretch<T> = (usize, usize, T);

fn found<T>(text: &Characters, stretches: Vec<Stretch<T>>) -> Vec<Found<T>> {
    stretches
        .into_iter()
        .take(MAX_FOUND)
        .map(|(start, end, value)| Found {
            range: text.bytes(start, end),
            value,
        })
        .collect()
}
