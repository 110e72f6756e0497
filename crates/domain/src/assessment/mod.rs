//! 考核: what a unit's figures are worth, by a scheme that the county announced before (第二十三条).
//!
//! A [`AssessmentScheme`] is data with a version: which indicators count, how much, from which floor on, and
//! what is taken off. [`assess`] scores the units by it. Whatever is scored keeps the items behind it,
//! so that every number opens its orders, and [`compare`] says what a changed past changes.

mod change;
mod scheme;
mod score;

pub use self::change::{LineChange, UnitChange, compare};
pub use self::scheme::{
    AssessmentPart, AssessmentScheme, DeductedEvent, Deduction, NoneRule, SchemeLine, SchemeRefusal,
};
pub use self::score::{
    Assessment, AssessmentInput, DeductionScore, LineScore, Points, UnitScore, assess,
};
