//! What tests of several crates need and no program: services of their own.

mod postgres;

pub use postgres::PrivatePostgres;
