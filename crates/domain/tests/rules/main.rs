//! The rules as case files: what happened is written down, and what the rules make of it.
//!
//! `case_file` reads and plays the cases, `words` has the Chinese words they are written in. The
//! other modules are the tests, by subject. They use the crate as `desk` does, from outside.
//!
//! The modules stand under `cfg(test)` so that clippy counts their helpers as test code too.

#[cfg(test)]
mod case_file;
#[cfg(test)]
mod clues;
#[cfg(test)]
mod names;
#[cfg(test)]
mod sentences;
#[cfg(test)]
mod words;
#[cfg(test)]
mod world;

#[cfg(test)]
mod articles;
#[cfg(test)]
mod boards;
#[cfg(test)]
mod dispatch_limit;
#[cfg(test)]
mod edge_cases;
#[cfg(test)]
mod folding;
#[cfg(test)]
mod golden;
#[cfg(test)]
mod histories;
#[cfg(test)]
mod limit_case_file;
#[cfg(test)]
mod limit_cases;
#[cfg(test)]
mod limit_properties;
#[cfg(test)]
mod outcomes;
#[cfg(test)]
mod permissions;
#[cfg(test)]
mod properties;
#[cfg(test)]
mod refusals;
#[cfg(test)]
mod repeats;
#[cfg(test)]
mod special_matters;
#[cfg(test)]
mod texts;
#[cfg(test)]
mod trends;
#[cfg(test)]
mod waits;
