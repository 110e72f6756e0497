//! `eval`, `sim`, `fuzz` and `bench`: measuring, in optimised builds of their own.

use std::process::ExitCode;

use anyhow::{Result, bail};

use crate::args::Args;
use crate::repo::Repo;
use crate::{sh, test};

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

/// Every benchmark, in the order in which they are run when none is named.
const BENCHMARKS: [&str; 6] = ["search", "intake", "documents", "center", "desk", "window"];

pub(crate) fn bench(repo: &Repo, mut args: Args) -> Result<ExitCode> {
    let Some(what) = args.next_word() else {
        args.finish()?;
        for what in BENCHMARKS {
            println!("\n══ {what} ══");
            let code = measured(repo, what, Args::new(Vec::new()))?;
            if code != ExitCode::SUCCESS {
                return Ok(code);
            }
        }
        return Ok(ExitCode::SUCCESS);
    };
    measured(repo, &what, args)
}

fn measured(repo: &Repo, what: &str, args: Args) -> Result<ExitCode> {
    match what {
        "search" | "intake" | "documents" => {
            let words = args.finish()?;
            sh::run(repo.cargo().args(["bench", "-p", what]).args(words))?;
        }
        "center" => return in_package(repo, "load", args),
        "desk" => return in_package(repo, "load", args.behind("desk")),
        "window" => {
            args.finish()?;
            test::measure_window(repo)?;
        }
        _ => bail!(
            "there are benchmarks of {}, not of `{what}`",
            BENCHMARKS.join(", ")
        ),
    }
    Ok(ExitCode::SUCCESS)
}
