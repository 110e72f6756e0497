//! The indicators as tables: what happened to some orders is written down, and what a month's
//! figures make of it, with every item behind a number.
//!
//! `case_file` reads and plays the cases, `table` writes the figures. The other modules are the
//! tests, by subject. They stand under `cfg(test)` so that clippy counts their helpers as test code.

#[cfg(test)]
mod case_file;
#[cfg(test)]
mod table;

#[cfg(test)]
mod at_the_center;
#[cfg(test)]
mod handling;
#[cfg(test)]
mod month_ends;
#[cfg(test)]
mod properties;
#[cfg(test)]
mod ranking;
#[cfg(test)]
mod ratings;
#[cfg(test)]
mod sending_back;
