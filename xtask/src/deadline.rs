//! `deadline check FILE`: the domain's working days and limits against a file of vectors.
//!
//! The file is a contract with people who are not programmers: what they expect, case by case.
//! Prints one line for each difference, one for each vector that the domain has no rule for yet,
//! and last the tally as one JSON line. Exit code 1: something is wrong; 2: the file is.

mod check;
mod rules;
mod vectors;

use std::process::ExitCode;

use anyhow::{Context as _, Result, bail};

use self::check::Tally;
use self::vectors::Vectors;
use crate::args::Args;
use crate::repo::Repo;

const EXIT_WRONG: u8 = 1;
const EXIT_BAD_FILE: u8 = 2;

pub(crate) fn run(_repo: &Repo, mut args: Args) -> Result<ExitCode> {
    let what = args.word("`check FILE`")?;
    if what != "check" {
        bail!("`deadline` can only `check`, not `{what}`");
    }
    let file = args.word("FILE")?;
    args.finish()?;
    match tally(&file) {
        Ok(tally) => Ok(report(&tally)),
        Err(fault) => {
            eprintln!("deadline check {file}: {fault:#}");
            Ok(ExitCode::from(EXIT_BAD_FILE))
        }
    }
}

fn tally(file: &str) -> Result<Tally> {
    let text = std::fs::read_to_string(file).context("Reading the file")?;
    check::check(&Vectors::parse(&text)?)
}

fn report(tally: &Tally) -> ExitCode {
    for line in tally.wrong.iter().chain(&tally.unsupported) {
        println!("{line}");
    }
    println!("{}", tally.json());
    if tally.wrong.is_empty() {
        ExitCode::SUCCESS
    } else {
        ExitCode::from(EXIT_WRONG)
    }
}

#[cfg(test)]
mod tests;
