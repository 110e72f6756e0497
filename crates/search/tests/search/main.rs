//! The index as the desk uses it: from outside, in a folder of its own.
//!
//! The modules stand under `cfg(test)` so that clippy counts their helpers as test code too.

#[cfg(test)]
mod find;
#[cfg(test)]
mod house;
#[cfg(test)]
mod parts;
#[cfg(test)]
mod pieces;
#[cfg(test)]
mod rebuild;
#[cfg(test)]
mod twins;
#[cfg(test)]
mod words;
