//! Learning a classification from confirmed orders: features, a linear model, its file, the gate.
//!
//! What it is for stands in [`crate::category`] and [`crate::kind`]. The trainer ships, a model does
//! not: each center learns from its own orders, within seconds, and a model replaces another only
//! when it is not worse on orders neither has seen ([`gate`]).

mod calibration;
pub mod classifier;
pub(crate) mod features;
pub mod gate;
mod linear;
pub mod measure;
pub(crate) mod model_file;
pub mod recipe;
pub mod trainer;
mod vocabulary;

pub use classifier::{Classifier, Guess, Read, Reason};
pub use gate::{GateVerdict, gate};
pub use measure::Measure;
pub use model_file::ModelError;
pub use recipe::Recipe;
pub use trainer::{Example, TrainRefusal, Trained, measure_on, train, train_by, train_judge};
