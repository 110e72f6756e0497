//! `gen`: lets the tests that guard each page's `generated.ts` write it instead.

use std::process::ExitCode;

use anyhow::Result;

use crate::args::Args;
use crate::repo::Repo;
use crate::sh;

/// The crate with a table of calls, and the file that is made of it.
const MADE: [(&str, &str); 2] = [
    ("desk", "ui/src/backend/generated.ts"),
    ("center-server", "ui/src/portal/generated.ts"),
];

pub(crate) fn run(repo: &Repo, args: Args) -> Result<ExitCode> {
    args.finish()?;
    for (package, file) in MADE {
        let mut command = repo.cargo();
        command
            .args(["test", "-p", package, "--lib", "generated_typescript"])
            .env("UPDATE_GENERATED", "1");
        sh::run(&mut command)?;
        println!("{file} is up to date.");
    }
    Ok(ExitCode::SUCCESS)
}
