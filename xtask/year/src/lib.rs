//! 演示年: a county's year as it may go: what people bring, what units do with it, in time and late; a
//! flood in July, water and power that fail; what the city rates and the bureau holds against a unit.
//!
//! Everything goes the way that real work goes: commands of people with their rights, at the times they
//! say, decided by the rules of `domain` through the ledger of a center. The same seed gives the same
//! feed, to the byte. A command that the rules refuse is a mistake of this program and ends it.

mod county;
mod dice;
mod figures;
mod knowledge;
mod life;
mod matter;
mod play;
mod supervised;
mod telephone;
pub mod workstation;
mod year;

pub use crate::figures::{Counted, figures};
pub use crate::play::{Played, play};
pub use crate::telephone::Telephone;
pub use crate::year::Plan;
