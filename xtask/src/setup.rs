//! `setup`: installs what is missing, and nothing when nothing is.

mod clients;
pub(crate) mod debian;
mod ui;

use std::process::ExitCode;

use anyhow::{Result, bail};

use crate::args::Args;
use crate::deny;
use crate::repo::Repo;

/// What the machine is wanted for; each includes the one before.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Purpose {
    Ui,
    Build,
    Test,
}

pub(crate) fn run(repo: &Repo, mut args: Args) -> Result<ExitCode> {
    let purpose = match args.value("--for")?.as_deref() {
        None | Some("build") => Purpose::Build,
        Some("ui") => Purpose::Ui,
        Some("test") => Purpose::Test,
        Some(other) => bail!("--for takes ui, build or test, not `{other}`"),
    };
    args.finish()?;
    install(repo, purpose)?;
    println!("Everything needed is here.");
    Ok(ExitCode::SUCCESS)
}

/// Debian packages first: they are what a person may have to install by hand.
pub(crate) fn install(repo: &Repo, purpose: Purpose) -> Result<()> {
    debian::install(purpose)?;
    if purpose == Purpose::Test {
        clients::install(repo)?;
        deny::install(repo)?;
    }
    ui::install(repo)?;
    ui::build(repo)
}
