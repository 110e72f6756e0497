//! `eval`, `sim`, `fuzz` and `bench`: measuring, in optimised builds of their own.

use std::process::ExitCode;

use anyhow::{Result, bail};

use crate::args::Args;
use crate::repo::Repo;
use crate::sh;

/// Passes its words to the package `eval`, in the folder it was called from, so that file names
/// mean what the caller meant. Prints nothing of its own: the answer is one JSON line.
pub(crate) fn eval(repo: &Repo, args: Args) -> Result<ExitCode> {
    in_package(repo, "eval", args)
}

/// Passes its words to the package `sim`.
pub(crate) fn sim(repo: &Repo, args: Args) -> Result<ExitCode> {
    in_package(repo, "sim", args)
}

/// Passes its words to the package `fuzz`.
pub(crate) fn fuzz(repo: &Repo, args: Args) -> Result<ExitCode> {
    in_package(repo, "fuzz", args)
}

/// Passes its words to the package `year`.
pub(crate) fn year(repo: &Repo, args: Args) -> Result<ExitCode> {
    in_package(repo, "year", args)
}

fn in_package(repo: &Repo, package: &str, args: Args) -> Result<ExitCode> {
    let mut command = repo.cargo();
    command.current_dir(std::env::current_dir()?);
    command
        .arg("run")
        .arg("--manifest-path")
        .arg(repo.path("Cargo.toml"));
    command.args([
        "--quiet",
        "--package",
        package,
        "--profile",
        "measure",
        "--",
    ]);
    let status = command.args(args.into_all()).status()?;
    Ok(if status.success() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

pub(crate) fn bench(repo: &Repo, mut args: Args) -> Result<ExitCode> {
    let what = args.word("what to measure (search, intake, documents, center, desk)")?;
    match what.as_str() {
        "search" | "intake" | "documents" => {}
        "center" => return in_package(repo, "load", args),
        "desk" => return in_package(repo, "load", args.behind("desk")),
        _ => bail!(
            "there are benchmarks of `search`, `intake`, `documents`, `center` and `desk`, not of `{what}`"
        ),
    }
    sh::run(
        repo.cargo()
            .args(["bench", "-p", &what])
            .args(args.finish()?),
    )?;
    Ok(ExitCode::SUCCESS)
}
