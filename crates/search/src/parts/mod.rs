//! 答案要素: what people copy out of an answer, and what two answers may contradict each other in.
//!
//! Amounts, telephone numbers, dates, periods, office hours, places, conditions, materials and
//! links are found by hand-written readers, one a kind, each over single characters with their
//! bytes: a part is a literal stretch of the text, and its value is what remains when the ways of
//! writing it are put aside. Where a reader is in doubt it finds nothing; a false part would be
//! copied to a citizen. A model or a dictionary of words would find more and could not say why.

mod amount;
mod characters;
mod condition;
mod date;
mod hours;
mod label;
mod material;
mod number;
mod period;
mod phone;
mod place;

use std::ops::Range;

pub use self::{
    amount::Amount,
    condition::{Condition, Measure},
    date::{Date, DateEdge, DateSpan},
    hours::Hours,
    period::{Period, PeriodUnit},
    phone::Phone,
};
use self::{characters::Characters, label::Heading};

/// So many parts of one text are told; more would be a table and no answer.
pub const MAX_PARTS: usize = 200;

/// What kind of thing a part is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PartKind {
    Amount,
    Material,
    Place,
    Hours,
    Phone,
    Period,
    Date,
    Condition,
    Link,
}

/// What a part says, whatever way it is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PartValue {
    Amount(Amount),
    Material(String),
    Place(String),
    Hours(Hours),
    Phone(Phone),
    Period(Period),
    Date(DateSpan),
    Condition(Condition),
    Link(String),
}

/// One thing of an answer that can be copied or compared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// Byte range in the text, on character boundaries.
    pub range: Range<usize>,
    /// As it is written there, without marks of emphasis.
    pub text: String,
    pub value: PartValue,
    /// What it is about: the words before it, or the heading where there are none.
    pub label: String,
}

/// What a reader found, in places of characters.
struct Found {
    start: usize,
    end: usize,
    value: PartValue,
}

impl Part {
    pub fn kind(&self) -> PartKind {
        match self.value {
            PartValue::Amount(_) => PartKind::Amount,
            PartValue::Material(_) => PartKind::Material,
            PartValue::Place(_) => PartKind::Place,
            PartValue::Hours(_) => PartKind::Hours,
            PartValue::Phone(_) => PartKind::Phone,
            PartValue::Period(_) => PartKind::Period,
            PartValue::Date(_) => PartKind::Date,
            PartValue::Condition(_) => PartKind::Condition,
            PartValue::Link(_) => PartKind::Link,
        }
    }
}

/// Finds the parts of a text that stands under `heading` (empty for none), in the order of the text.
pub fn parts(heading: &str, text: &str) -> Vec<Part> {
    let characters = Characters::new(text);
    let heading = Heading::new(heading);
    let mut found = material::find(&characters, &heading);
    // What stands in a material's name belongs to it.
    let places = place::find(&characters, &heading);
    add_apart(&mut found, places);
    let rest = scan(&characters, &heading, &found);
    add_apart(&mut found, rest);
    found.sort_by_key(|part| part.start);
    found.truncate(MAX_PARTS);
    let mut parts: Vec<Part> = Vec::with_capacity(found.len());
    let mut before: Option<&Found> = None;
    for part in &found {
        let range = characters.byte(part.start)..characters.byte(part.end);
        let label = label::of(&characters, &heading, part, before.zip(parts.last()));
        parts.push(Part {
            text: plain(text.get(range.clone()).unwrap_or_default()),
            range,
            value: part.value.clone(),
            label,
        });
        before = Some(part);
    }
    parts
}

/// The sentence in which a part stands, as a byte range of its text.
pub fn sentence_of(text: &str, part: &Range<usize>) -> Range<usize> {
    let ends = |c: char| characters::ends_sentence(c);
    let before = text.get(..part.start).unwrap_or_default();
    let after = text.get(part.end..).unwrap_or_default();
    let start = before
        .char_indices()
        .rev()
        .find(|(_, c)| ends(*c))
        .map_or(0, |(at, c)| at + c.len_utf8());
    let end = after
        .char_indices()
        .find(|(_, c)| ends(*c))
        .map_or(text.len(), |(at, _)| part.end + at);
    start..end
}

/// Reads what begins at each place that nothing was found at yet.
fn scan(text: &Characters, heading: &Heading, taken: &[Found]) -> Vec<Found> {
    let mut found: Vec<Found> = Vec::new();
    let mut at = 0;
    while at < text.n() {
        if let Some(part) = taken
            .iter()
            .find(|part| (part.start..part.end).contains(&at))
        {
            at = part.end;
            continue;
        }
        match first_at(text, heading, at, found.last()) {
            Some(part) if !taken.iter().any(|other| overlap(&part, other)) => {
                at = part.end;
                found.push(part);
            }
            Some(_) | None => at = after_run(text, at),
        }
    }
    found
}

/// The part that begins at a place. The more particular readers come first: a date has numbers
/// that would also be periods, and a telephone number digits that would also be an amount.
fn first_at(
    text: &Characters,
    heading: &Heading,
    at: usize,
    before: Option<&Found>,
) -> Option<Found> {
    if !may_begin_a_part(text.at(at)) {
        return None;
    }
    let (value, end) = link(text, at)
        .map(|(link, end)| (PartValue::Link(link), end))
        .or_else(|| date::read(text, at).map(|(date, end)| (PartValue::Date(date), end)))
        .or_else(|| {
            hours::read(text, heading, at).map(|(hours, end)| (PartValue::Hours(hours), end))
        })
        .or_else(|| {
            phone::read(text, heading, at, before)
                .map(|(phone, end)| (PartValue::Phone(phone), end))
        })
        .or_else(|| amount::read(text, at).map(|(amount, end)| (PartValue::Amount(amount), end)))
        .or_else(|| {
            period::read(text, heading, at).map(|(period, end)| (PartValue::Period(period), end))
        })
        .or_else(|| {
            condition::read(text, at).map(|(condition, end)| (PartValue::Condition(condition), end))
        })?;
    Some(Found {
        start: at,
        end,
        value,
    })
}

/// Whether any reader begins with the character: most characters are not looked at twice.
fn may_begin_a_part(c: char) -> bool {
    c.is_ascii_alphanumeric()
        || number::is_numeral(c)
        || matches!(
            c,
            '(' | '每' | '次' | '当' | '本' | '今' | '明' // dates
                | '周' | '星' | '礼' | '法' | '工' | '全' | '节' | '上' | '下' | '中' | '早' | '晚' | '夜' | '凌' // hours
                | '免' | '不' | '无' | '最' | '至' | '低' | '未' | '小' | '少' | '年' | '已' | '满' | '超' | '高' | '大' | '多'
                | '即' | '立' // periods
        )
}

/// `https://…` and `www.…`.
fn link(text: &Characters, at: usize) -> Option<(String, usize)> {
    if text.before(at).is_ascii_alphanumeric() {
        return None;
    }
    let (_, start) = text.one_of(at, &["https://", "http://", "www."])?;
    let mut end = start;
    let is_of_link = |c: char| c.is_ascii_alphanumeric() || "-._~:/?#@!$&'*+,;=%".contains(c);
    while is_of_link(text.at(end)) {
        end += 1;
    }
    while ".,;:!?*".contains(text.before(end)) {
        end -= 1;
    }
    (end > start).then(|| (text.text(at, end), end))
}

/// The place after the number, word or numeral that a place is in, so that no reader begins in the
/// middle of one.
fn after_run(text: &Characters, at: usize) -> usize {
    let same: fn(char) -> bool = match text.at(at) {
        c if c.is_ascii_alphanumeric() => |c| c.is_ascii_alphanumeric(),
        c if number::is_numeral(c) => number::is_numeral,
        _ => return at + 1,
    };
    let mut end = at + 1;
    while same(text.at(end)) {
        end += 1;
    }
    end
}

fn overlap(one: &Found, other: &Found) -> bool {
    one.start < other.end && other.start < one.end
}

fn add_apart(found: &mut Vec<Found>, more: Vec<Found>) {
    for part in more {
        if !found.iter().any(|other| overlap(&part, other)) {
            found.push(part);
        }
    }
}

fn plain(text: &str) -> String {
    text.chars().filter(|c| !matches!(c, '*' | '`')).collect()
}
