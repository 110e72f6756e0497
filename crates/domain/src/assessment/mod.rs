//! 考核: what a unit's figures are worth, by a scheme that the county announced before (第二十三条).
//!
//! A [`AssessmentScheme`] is data with a version: which indicators count, how much, from which floor on, and
//! what is taken off. [`assess`] scores the units by it. Whatever is scored keeps the items behind it,
//! so that every number opens its orders, and [`compare`] says what a changed past changes.
//!
//! A [`SchemeRecord`] carries a scheme from its draft over its announcement through the periods that are
//! assessed by it: counted and [frozen](FrozenUnit), put out for appeals, corrected, made final by another
//! person, reported. Nothing takes effect by itself.

mod change;
mod command;
mod decide;
mod frozen;
mod record;
mod refusal;
mod scheme;
mod score;

pub use self::change::{LineChange, UnitChange, compare};
pub use self::command::{
    AppealCorrection, AppealTarget, AssessmentCommand, AssessmentCommandKind, AssessmentEvent,
};
pub use self::decide::{AssessmentFacts, commands_at, decide};
pub use self::frozen::{
    AssessedPeriod, FrozenEvents, FrozenFigure, FrozenLine, FrozenScore, FrozenUnit, score_frozen,
};
pub use self::record::{
    AppealRuling, AssessmentRound, RoundStage, SchemeRecord, SchemeStage, ScoreAppeal, apply, fold,
    scheme_for,
};
pub use self::refusal::{AssessmentField, AssessmentRefusal};
pub use self::scheme::{
    AssessmentPart, AssessmentScheme, DeductedEvent, Deduction, NoneRule, SchemeLine, SchemeRefusal,
};
pub use self::score::{
    Assessment, AssessmentInput, DeductionScore, LineScore, Points, UnitFigures, UnitScore, assess,
    score,
};

#[cfg(test)]
mod tests;
