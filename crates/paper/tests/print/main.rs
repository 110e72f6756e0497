//! Forms as PDF, read again by poppler.
//!
//! The modules stand under `cfg(test)` so that clippy counts their helpers as test code too.

#[cfg(test)]
mod form;
#[cfg(test)]
mod poppler;
