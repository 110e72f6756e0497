//! `tidy`: the architecture as checks, so that a drift is a failing test and not an opinion.
//!
//! Taste is left to clippy and to people. Each violation is one line: where, what, what instead.

mod asvs;
mod decisions;
mod edges;
mod glossary;
mod hardening;
mod protection;
mod sources;

use std::process::ExitCode;

use anyhow::Result;

pub(crate) use self::edges::packages;
use crate::args::Args;
use crate::repo::Repo;

pub(crate) fn run(repo: &Repo, args: Args) -> Result<ExitCode> {
    args.finish()?;
    let violations = check(repo)?;
    for violation in &violations {
        println!("{violation}");
    }
    if violations.is_empty() {
        println!("Tidy.");
        return Ok(ExitCode::SUCCESS);
    }
    Ok(ExitCode::FAILURE)
}

/// Every violation in the checkout.
pub(crate) fn check(repo: &Repo) -> Result<Vec<String>> {
    let mut violations = edges::check(&packages(repo)?);
    violations.extend(glossary::check(repo)?);
    violations.extend(sources::check(repo)?);
    violations.extend(decisions::check(repo)?);
    violations.extend(hardening::check(repo)?);
    violations.extend(protection::check(repo)?);
    violations.extend(crate::advisories::check(repo)?);
    Ok(violations)
}

#[cfg(test)]
mod tests;
