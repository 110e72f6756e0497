//! `dist`: the packages that an office installs, and trying them in a Debian that has nothing else.

mod package;
mod trial;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Result, bail};

use self::package::{CENTER, DESK};
use crate::args::Args;
use crate::repo::Repo;
use crate::setup::{self, Purpose};
use crate::sh;

pub(crate) fn run(repo: &Repo, mut args: Args) -> Result<ExitCode> {
    let out = args.value("--out")?;
    let is_trial = args.flag("--try");
    let older = args.value("--from")?;
    args.finish()?;
    let here = std::env::current_dir()?;
    let out = out.map_or_else(|| repo.target().join("dist"), |folder| here.join(folder));
    if older.is_some() && !is_trial {
        bail!("--from names the packages that --try upgrades");
    }

    setup::install(repo, Purpose::Build)?;
    sh::run(repo.cargo().args([
        "build",
        "--release",
        "--package",
        DESK.crate_name,
        "--package",
        CENTER.crate_name,
    ]))?;
    let made = [
        package::make(repo, &DESK, &out)?,
        package::make(repo, &CENTER, &out)?,
    ];
    for path in &made {
        println!("{}", path.display());
    }
    if is_trial {
        let older = older.map(|folder| packages_in(&here.join(folder)));
        trial::run(&older.transpose()?.unwrap_or_default(), &made)?;
    }
    Ok(ExitCode::SUCCESS)
}

/// The packages of a folder that an earlier `dist` filled.
fn packages_in(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in folder.read_dir()? {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "deb") {
            found.push(path);
        }
    }
    if found.len() != 2 {
        bail!(
            "{} should have the packages of the desk and of the center, and nothing else",
            folder.display()
        );
    }
    Ok(found)
}
