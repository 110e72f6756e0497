//! What tests of several crates need and no program: services of their own, and what is said to do harm.

mod hostile;
mod postgres;

pub use hostile::{hostile, links, tags};
pub use postgres::PrivatePostgres;
