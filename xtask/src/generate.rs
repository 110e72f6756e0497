//! `gen`: lets the test that guards `generated.ts` write it instead.

use std::process::ExitCode;

use anyhow::Result;

use crate::args::Args;
use crate::repo::Repo;
use crate::sh;

pub(crate) fn run(repo: &Repo, args: Args) -> Result<ExitCode> {
    args.finish()?;
    let mut command = repo.cargo();
    command
        .args(["test", "-p", "desk", "generated_typescript"])
        .env("UPDATE_GENERATED", "1");
    sh::run(&mut command)?;
    println!("ui/src/backend/generated.ts is up to date.");
    Ok(ExitCode::SUCCESS)
}
