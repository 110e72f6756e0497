//! `sbom`: what is inside the programs and who allows it. One bill for machines (`CycloneDX`), one list that
//! 关于 shows, both from the lock files alone, so that the same checkout gives the same files.

mod bill;
mod licence;
mod parts;

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context as _, Result, ensure};

use self::licence::Allowed;
use self::parts::Part;
use crate::args::Args;
use crate::repo::Repo;

/// What 关于 shows.
const LIST: &str = "ui/src/features/about/third-party.json";

pub(crate) fn run(repo: &Repo, mut args: Args) -> Result<ExitCode> {
    let out = args.value("--out")?.map_or_else(
        || repo.target().join("hotline-desk.cdx.json"),
        PathBuf::from,
    );
    args.finish()?;
    let parts = parts::shipped(repo)?;
    let refused = refused(&parts, &Allowed::read(repo)?);
    ensure!(refused.is_empty(), "{}", refused.join("\n"));
    fs::write(&out, bill::of(&parts)).with_context(|| format!("Writing {}", out.display()))?;
    fs::write(repo.path(LIST), list(&parts)).with_context(|| format!("Writing {LIST}"))?;
    println!(
        "{}: {} parts. {LIST} is up to date.",
        out.display(),
        parts.len()
    );
    Ok(ExitCode::SUCCESS)
}

/// The parts by their licence, as JSON with a line for each licence.
fn list(parts: &[Part]) -> String {
    let mut by_licence: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for part in parts {
        let named = by_licence.entry(&part.licence).or_default();
        named.push(format!("{} {}", part.name, part.version));
    }
    let lines: Vec<String> = by_licence
        .into_iter()
        .map(|(licence, parts)| {
            format!(
                "  {}",
                serde_json::json!({ "licence": licence, "parts": parts })
            )
        })
        .collect();
    format!("[\n{}\n]\n", lines.join(",\n"))
}

/// What may not be shipped, a line for each.
fn refused(parts: &[Part], allowed: &Allowed) -> Vec<String> {
    let refused = parts.iter().filter(|part| !allowed.allows(&part.licence));
    refused
        .map(|part| {
            format!(
                "{} {}: {:?} is not among the licences",
                part.name, part.version, part.licence
            )
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every part has a licence that is allowed, and 关于 shows it.
    #[test]
    fn what_is_shipped_is_listed_with_its_licence() {
        let repo = Repo::find();
        let parts = parts::shipped(&repo).unwrap();
        assert_eq!(refused(&parts, &Allowed::read(&repo).unwrap()), [""; 0]);
        let shown = fs::read_to_string(repo.path(LIST)).unwrap();
        assert_eq!(shown, list(&parts), "run `cargo xtask sbom`");
        for name in ["rusqlite", "tauri", "tantivy", "vue", "element-plus"] {
            assert!(parts.iter().any(|part| part.name == name), "{name}");
        }
        for name in ["proptest", "vitest", "desk", "testkit"] {
            assert!(parts.iter().all(|part| part.name != name), "{name}");
        }
    }

    #[test]
    fn a_licence_that_was_not_looked_at_is_told() {
        let part = |licence: &str| Part {
            name: "a".to_owned(),
            version: "1".to_owned(),
            licence: licence.to_owned(),
            purl: String::new(),
            hash: None,
            needs: Vec::new(),
        };
        let allowed = Allowed::read(&Repo::find()).unwrap();
        let parts = [part("MIT"), part("SSPL-1.0"), part("")];
        assert_eq!(
            refused(&parts, &allowed),
            [
                "a 1: \"SSPL-1.0\" is not among the licences",
                "a 1: \"\" is not among the licences"
            ]
        );
    }
}
