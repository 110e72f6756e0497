//! 是不是同一件: whether a matter was brought before, by this caller or by others.
//!
//! [`index`] finds what may be the same among all orders within milliseconds, by what is said rarely
//! elsewhere. [`near`] compares two texts exactly. [`evidence`] puts text, place, object, time and
//! caller together and says what they speak for, each with its ground. What follows for the orders
//! (并入, 关联, 重复) is `domain::repeat`; a person decides.

pub mod evidence;
pub mod given;
pub mod index;
pub mod near;

pub use evidence::{Common, Evidence, Ground, PlaceAgreement, Sameness, sameness, says_the_same};
pub use given::{DayAgreement, ToldDay, common_object};
pub use index::{Alike, OrderIndex, OrderIndexBuilder, SAME_EVENT};
pub use near::{Likeness, Shingles};
