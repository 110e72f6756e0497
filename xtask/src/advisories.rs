//! `advisories`: what has been published about the packages that the lock files name, looked up without a network.
//!
//! The two databases stand in `advisories.json` as they were when somebody last took them: a computer of the center
//! has no way out, and a check that needs one is not made. What is found and has to be lived with stands in
//! [`ACCEPTED`] with its reason; one that is not found any more has to go from there.

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
const CRATES: &str = "Cargo.lock";
const PAGES: &str = "ui/package-lock.json";
/// Where crates may come from: the registry, or the checkout itself.
const REGISTRY: &str = "registry+https://github.com/rust-lang/crates.io-index";
/// GTK 3 is what Tauri's window is made of on Linux, and its bindings go on in another form.
const GTK_3: &str = "Tauri 2 stands on it; nothing calls the function in question";

/// By number, with the reason.
const ACCEPTED: [(&str, &str); 12] = [
    ("RUSTSEC-2024-0370", "builds other crates, is in no program"),
    ("RUSTSEC-2024-0411", GTK_3),
    ("RUSTSEC-2024-0412", GTK_3),
    ("RUSTSEC-2024-0413", GTK_3),
    ("RUSTSEC-2024-0414", GTK_3),
    ("RUSTSEC-2024-0415", GTK_3),
    ("RUSTSEC-2024-0416", GTK_3),
    ("RUSTSEC-2024-0417", GTK_3),
    ("RUSTSEC-2024-0418", GTK_3),
    ("RUSTSEC-2024-0419", GTK_3),
    ("RUSTSEC-2024-0420", GTK_3),
    ("RUSTSEC-2024-0429", GTK_3),
];

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

/// What stands in the way, a line for each.
pub(crate) fn check(repo: &Repo) -> Result<Vec<String>> {
    let read_file =
        |name: &str| fs::read_to_string(repo.path(name)).with_context(|| format!("Reading {name}"));
    let (crates, mut found) = crates(&read_file(CRATES)?)?;
    let database = read(repo)?;
    let mut advised = database.about(Ecosystem::Cargo, &crates);
    advised.extend(database.about(Ecosystem::Npm, &pages(&read_file(PAGES)?)?));
    found.extend(judged(&advised, &ACCEPTED));
    Ok(found)
}

/// What was not accepted, and what was and is gone.
fn judged(advised: &BTreeMap<String, String>, accepted: &[(&str, &str)]) -> Vec<String> {
    let is_accepted = |id: &str| accepted.iter().any(|(known, _)| *known == id);
    let mut found: Vec<String> = advised
        .iter()
        .filter(|(id, _)| !is_accepted(id))
        .map(|(id, text)| format!("{id}: {text}; take a version that has it mended"))
        .collect();
    let gone = accepted.iter().filter(|(id, _)| !advised.contains_key(*id));
    found.extend(
        gone.map(|(id, _)| format!("{id} is accepted and not found any more: take it out")),
    );
    found
}

/// A package of a lock file: its name and version.
type Locked = (String, String);

/// What is locked, and what comes from elsewhere than the registry.
fn crates(lock: &str) -> Result<(Vec<Locked>, Vec<String>)> {
    #[derive(Deserialize)]
    struct Lock {
        package: Vec<Package>,
    }
    #[derive(Deserialize)]
    struct Package {
        name: String,
        version: String,
        source: Option<String>,
    }
    let Lock { package } = toml::from_str(lock).context("Reading Cargo.lock")?;
    let strange = |package: &&Package| package.source.as_deref().is_some_and(|it| it != REGISTRY);
    let found = package.iter().filter(strange).map(|it| {
        format!(
            "{CRATES}: {} comes from elsewhere than the registry",
            it.name
        )
    });
    let found = found.collect();
    Ok((
        package
            .into_iter()
            .filter(|it| it.source.is_some())
            .map(|it| (it.name, it.version))
            .collect(),
        found,
    ))
}

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
    fn an_old_version_is_found() {
        let database = read(&repo()).unwrap();
        let locked = |name: &str, version: &str| vec![(name.to_owned(), version.to_owned())];
        let about = |ecosystem, name: &str, version: &str| {
            let found = database.about(ecosystem, &locked(name, version));
            found.into_keys().collect::<Vec<_>>()
        };
        let rustls = |version| about(Ecosystem::Cargo, "rustls", version);
        assert!(rustls("0.23.4").contains(&"RUSTSEC-2024-0336".to_owned()));
        assert_eq!(rustls("0.23.46"), [""; 0]);
        assert!(!about(Ecosystem::Npm, "lodash", "4.17.4").is_empty());
        assert_eq!(about(Ecosystem::Npm, "lodash", "4.18.1"), [""; 0]);
        assert_eq!(about(Ecosystem::Cargo, "lodash", "4.17.4"), [""; 0]);
    }

    #[test]
    fn what_comes_from_elsewhere_and_what_is_gone_is_told() {
        let lock = "[[package]]\nname = \"a\"\nversion = \"1.0.0\"\nsource = \"git+x\"\n\
                    [[package]]\nname = \"own\"\nversion = \"0.1.0\"\n";
        let (locked, found) = crates(lock).unwrap();
        assert_eq!(locked, [("a".to_owned(), "1.0.0".to_owned())]);
        assert_eq!(found.len(), 1);
        let advised = BTreeMap::from([("A-1".to_owned(), "a 1.0.0: broken".to_owned())]);
        let judged = judged(&advised, &[("A-2", "")]);
        assert!(judged[0].starts_with("A-1: a 1.0.0"), "{judged:?}");
        assert!(judged[1].starts_with("A-2 is accepted"), "{judged:?}");
    }
}
