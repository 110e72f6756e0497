//! `advisories`: what has been published about the packages that the lock files name, looked up without a network.
//!
//! The two databases stand in `advisories.json` as they were when somebody last took them: a computer of the center
//! has no way out, and a check that needs one is not made. Those of crates are judged by [`crate::deny`], those of
//! the pages' packages here.

mod database;
mod take;

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context as _, Result};
use serde::Deserialize;

use self::database::{Database, Ecosystem};
use crate::args::Args;
use crate::repo::Repo;

const DATABASE: &str = "xtask/advisories.json";
const PAGES: &str = "ui/package-lock.json";

pub(crate) fn run(repo: &Repo, mut args: Args) -> Result<ExitCode> {
    let rustsec = args.value("--rustsec")?.map(PathBuf::from);
    let retire = args.value("--retire")?.map(PathBuf::from);
    args.finish()?;
    if rustsec.is_some() || retire.is_some() {
        let mut database = read(repo)?;
        if let Some(folder) = rustsec {
            take::rustsec(&mut database, &folder)?;
        }
        if let Some(folder) = retire {
            take::retire(&mut database, &folder)?;
        }
        let path = repo.path(DATABASE);
        fs::write(&path, database.text()?).with_context(|| format!("Writing {DATABASE}"))?;
    }
    let database = read(repo)?;
    let violations = check(repo)?;
    for violation in &violations {
        println!("{violation}");
    }
    println!("{}", database.told());
    Ok(if violations.is_empty() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

fn read(repo: &Repo) -> Result<Database> {
    let path = repo.path(DATABASE);
    let text = fs::read_to_string(path).with_context(|| format!("Reading {DATABASE}"))?;
    serde_json::from_str(&text).with_context(|| format!("Reading {DATABASE}"))
}

/// What stands in the way of the pages' packages, a line for each.
pub(crate) fn check(repo: &Repo) -> Result<Vec<String>> {
    let lock = fs::read_to_string(repo.path(PAGES)).with_context(|| format!("Reading {PAGES}"))?;
    let advised = read(repo)?.about(Ecosystem::Npm, &pages(&lock)?);
    let told = advised.into_iter();
    Ok(told
        .map(|(id, text)| format!("{id}: {text}; take a version that has it mended"))
        .collect())
}

/// The advisories of crates as `RustSec` writes them: path and text of each.
pub(crate) fn pages_of_crates(repo: &Repo) -> Result<Vec<(String, String)>> {
    let database = read(repo)?;
    let of_crates = database.of(Ecosystem::Cargo);
    of_crates.map(database::Advisory::page).collect()
}

/// A package of a lock file: its name and version.
type Locked = (String, String);

/// Those of the pages, and of what builds and tests them.
fn pages(lock: &str) -> Result<Vec<Locked>> {
    #[derive(Deserialize)]
    struct Lock {
        packages: BTreeMap<String, Package>,
    }
    #[derive(Deserialize)]
    struct Package {
        version: Option<String>,
    }
    let Lock { packages } = serde_json::from_str(lock).context("Reading the lock of the pages")?;
    let named = packages.into_iter().filter_map(|(path, package)| {
        let (_, name) = path.rsplit_once("node_modules/")?;
        Some((name.to_owned(), package.version?))
    });
    Ok(named.collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn repo() -> Repo {
        Repo::find()
    }

    #[test]
    fn what_is_locked_has_no_advisory_that_is_not_accepted() {
        assert_eq!(check(&repo()).unwrap(), [""; 0]);
    }

    #[test]
    fn an_advisory_of_a_crate_is_written_as_it_was_read() {
        let all = pages_of_crates(&repo()).unwrap();
        let rustls = "crates/rustls/RUSTSEC-2024-0336.md";
        let (_, text) = all.iter().find(|(path, _)| path == rustls).unwrap();
        let (_, advisory) = take::of_rustsec(text).unwrap().unwrap();
        let known = read(&repo()).unwrap();
        assert!(
            known.of(Ecosystem::Cargo).any(|it| *it == advisory),
            "{text}"
        );
    }

    #[test]
    fn an_old_version_is_found() {
        let database = read(&repo()).unwrap();
        let locked = |name: &str, version: &str| vec![(name.to_owned(), version.to_owned())];
        let about = |ecosystem, name: &str, version: &str| {
            let found = database.about(ecosystem, &locked(name, version));
            found.into_keys().collect::<Vec<_>>()
        };
        assert!(!about(Ecosystem::Npm, "lodash", "4.17.4").is_empty());
        assert_eq!(about(Ecosystem::Npm, "lodash", "4.18.1"), [""; 0]);
        assert_eq!(about(Ecosystem::Cargo, "lodash", "4.17.4"), [""; 0]);
    }
}
