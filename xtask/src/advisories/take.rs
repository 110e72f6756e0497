//! Takes the databases from checkouts of them: `RustSec`'s folder of crates, Retire.js's table of packages.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result, ensure};
use semver::{Version, VersionReq};
use serde::Deserialize;

use super::database::{Advisory, Database, Ecosystem, Source};

const RETIRE_TABLE: &str = "repository/jsrepository-v4.json";
const TITLE_MAX_CHARS: usize = 160;

pub(super) fn rustsec(database: &mut Database, folder: &Path) -> Result<()> {
    let mut advisories = Vec::new();
    let mut latest = String::new();
    for of_crate in folder
        .join("crates")
        .read_dir()
        .context("Reading the folder of crates")?
    {
        for file in of_crate?.path().read_dir()? {
            let path = file?.path();
            let text = fs::read_to_string(&path)?;
            let read = of_rustsec(&text).with_context(|| format!("Reading {}", path.display()))?;
            if let Some((date, advisory)) = read {
                latest = latest.max(date);
                advisories.push(advisory);
            }
        }
    }
    ensure!(
        !advisories.is_empty(),
        "No advisory in {}",
        folder.display()
    );
    let source = Source {
        ecosystem: Ecosystem::Cargo,
        name: "RustSec Advisory Database".to_owned(),
        licence: "CC0-1.0".to_owned(),
        latest,
    };
    database.put(source, advisories);
    Ok(())
}

/// `None` for one that was withdrawn.
pub(super) fn of_rustsec(text: &str) -> Result<Option<(String, Advisory)>> {
    #[derive(Deserialize)]
    struct File {
        advisory: Head,
        versions: Versions,
    }
    #[derive(Deserialize)]
    struct Head {
        id: String,
        package: String,
        date: String,
        withdrawn: Option<String>,
    }
    #[derive(Deserialize)]
    struct Versions {
        #[serde(default)]
        patched: Vec<String>,
        #[serde(default)]
        unaffected: Vec<String>,
    }
    let (_, rest) = text.split_once("```toml\n").context("No head")?;
    let (head, rest) = rest.split_once("```").context("A head without its end")?;
    let File { advisory, versions } = toml::from_str(head)?;
    if advisory.withdrawn.is_some() {
        return Ok(None);
    }
    let title = rest.lines().find_map(|line| line.strip_prefix("# "));
    let sound: Vec<String> = versions
        .patched
        .into_iter()
        .chain(versions.unaffected)
        .collect();
    for one in &sound {
        VersionReq::parse(one).with_context(|| format!("Reading the versions {one}"))?;
    }
    let read = Advisory {
        ecosystem: Ecosystem::Cargo,
        id: advisory.id,
        package: advisory.package,
        title: shortened(title.unwrap_or_default()),
        sound,
    };
    Ok(Some((advisory.date, read)))
}

pub(super) fn retire(database: &mut Database, folder: &Path) -> Result<()> {
    #[derive(Deserialize)]
    struct Package {
        npmname: Option<String>,
        #[serde(default)]
        vulnerabilities: Vec<Vulnerability>,
    }
    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Vulnerability {
        at_or_above: Option<String>,
        below: Option<String>,
        #[serde(default)]
        identifiers: serde_json::Value,
    }
    let path = folder.join(RETIRE_TABLE);
    let text = fs::read_to_string(&path).with_context(|| format!("Reading {}", path.display()))?;
    let packages: BTreeMap<String, Package> = serde_json::from_str(&text)?;
    let mut advisories = Vec::new();
    let mut latest = String::new();
    for (name, package) in packages {
        let npm_name = package.npmname.unwrap_or(name);
        for (nth, vulnerability) in (1..).zip(package.vulnerabilities) {
            let said = |key: &str| match vulnerability.identifiers.get(key) {
                Some(serde_json::Value::Array(all)) => all.first()?.as_str(),
                Some(one) => one.as_str(),
                None => None,
            };
            let id = said("CVE").or_else(|| said("githubID"));
            let id = id.map_or_else(|| format!("retire-{npm_name}-{nth}"), str::to_owned);
            let year = id.strip_prefix("CVE-").and_then(|it| it.split('-').next());
            if let Some(year) = year.filter(|it| it.bytes().all(|byte| byte.is_ascii_digit())) {
                latest = latest.max(year.to_owned());
            }
            let mut sound = Vec::new();
            // Without its numbers nothing can be said of a version.
            let mut has_ends = false;
            if let Some(first) = vulnerability.at_or_above.as_deref().and_then(whole) {
                sound.push(format!("<{first}"));
                has_ends = true;
            }
            if let Some(mended) = vulnerability.below.as_deref().and_then(whole) {
                sound.push(format!(">={mended}"));
                has_ends = true;
            }
            if has_ends {
                advisories.push(Advisory {
                    ecosystem: Ecosystem::Npm,
                    id,
                    package: npm_name.clone(),
                    title: shortened(said("summary").unwrap_or_default()),
                    sound,
                });
            }
        }
    }
    let source = Source {
        ecosystem: Ecosystem::Npm,
        name: "Retire.js".to_owned(),
        licence: "Apache-2.0".to_owned(),
        latest,
    };
    database.put(source, advisories);
    Ok(())
}

/// `4.0` as `4.0.0`; `None` for what is no version.
fn whole(version: &str) -> Option<Version> {
    let n_parts = version.split('.').count();
    let missing = 3_usize.saturating_sub(n_parts);
    Version::parse(&format!("{version}{}", ".0".repeat(missing))).ok()
}

fn shortened(title: &str) -> String {
    let line = title.lines().next().unwrap_or_default().trim();
    line.chars().take(TITLE_MAX_CHARS).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_advisory_is_read_and_one_that_was_withdrawn_is_not() {
        let text = "```toml\n[advisory]\nid = \"A-1\"\npackage = \"a\"\ndate = \"2024-04-19\"\n\
                    [versions]\npatched = [\">= 1.2.0\"]\n```\n\n# It loops\n\nFor ever.\n";
        let (date, advisory) = of_rustsec(text).unwrap().unwrap();
        assert_eq!(date, "2024-04-19");
        assert_eq!(
            (advisory.title.as_str(), advisory.sound.len()),
            ("It loops", 1)
        );
        let withdrawn = text.replace("date =", "withdrawn = \"2024-05-01\"\ndate =");
        assert_eq!(of_rustsec(&withdrawn).unwrap(), None);
        assert!(of_rustsec("# Nothing").is_err());
    }

    #[test]
    fn short_versions_are_made_whole() {
        assert_eq!(whole("4.0"), Some(Version::new(4, 0, 0)));
        assert_eq!(whole("4.17.21"), Some(Version::new(4, 17, 21)));
        assert_eq!(whole("four"), None);
    }
}
