//! The databases as they are kept: a line for each advisory, so that what a new one brings can be read.

use std::collections::BTreeMap;

use anyhow::{Context as _, Result};
use semver::{Version, VersionReq};
use serde::{Deserialize, Serialize};

use super::Locked;

/// Whose package it is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Ecosystem {
    Cargo,
    Npm,
}

/// Where the advisories come from, and as of when.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Source {
    pub(super) ecosystem: Ecosystem,
    pub(super) name: String,
    pub(super) licence: String,
    /// The day of its latest advisory, or the year where it tells no more.
    pub(super) latest: String,
}

/// One advisory.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Advisory {
    pub(super) ecosystem: Ecosystem,
    pub(super) id: String,
    pub(super) package: String,
    pub(super) title: String,
    /// Versions that are not affected, or mended; any one of these is enough.
    pub(super) sound: Vec<String>,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Database {
    pub(super) sources: Vec<Source>,
    pub(super) advisories: Vec<Advisory>,
}

impl Database {
    /// What is published about these, by its number.
    pub(super) fn about(
        &self,
        ecosystem: Ecosystem,
        locked: &[Locked],
    ) -> BTreeMap<String, String> {
        let mut found = BTreeMap::new();
        for advisory in self.of(ecosystem) {
            let of_it = locked.iter().filter(|(name, _)| *name == advisory.package);
            for (name, version) in of_it.filter(|(_, version)| advisory.affects(version)) {
                let text = format!("{name} {version}: {}", advisory.title);
                found.insert(advisory.id.clone(), text);
            }
        }
        found
    }

    pub(super) fn of(&self, ecosystem: Ecosystem) -> impl Iterator<Item = &Advisory> {
        let all = self.advisories.iter();
        all.filter(move |it| it.ecosystem == ecosystem)
    }

    /// Puts what was taken of an ecosystem in place of what was there.
    pub(super) fn put(&mut self, source: Source, advisories: Vec<Advisory>) {
        let ecosystem = source.ecosystem;
        self.sources.retain(|it| it.ecosystem != ecosystem);
        self.sources.push(source);
        self.advisories.retain(|it| it.ecosystem != ecosystem);
        self.advisories.extend(advisories);
        let key = |it: &Advisory| (it.ecosystem as u8, it.package.clone(), it.id.clone());
        self.advisories.sort_by_key(key);
    }

    /// The form in which it is kept.
    pub(super) fn text(&self) -> Result<String> {
        let lines = |texts: Vec<String>| texts.join(",\n    ");
        let sources = self.sources.iter().map(serde_json::to_string);
        let advisories = self.advisories.iter().map(serde_json::to_string);
        Ok(format!(
            "{{\n  \"sources\": [\n    {}\n  ],\n  \"advisories\": [\n    {}\n  ]\n}}\n",
            lines(sources.collect::<serde_json::Result<_>>()?),
            lines(advisories.collect::<serde_json::Result<_>>()?),
        ))
    }

    pub(super) fn told(&self) -> String {
        let of = |source: &Source| {
            let n = self.of(source.ecosystem).count();
            let (name, latest) = (&source.name, &source.latest);
            format!("{name}: {n} advisories, the latest of {latest}")
        };
        self.sources.iter().map(of).collect::<Vec<_>>().join("\n")
    }
}

impl Advisory {
    /// As a page of `RustSec`: its path and text. Of its day the year in its number is kept.
    pub(super) fn page(&self) -> Result<(String, String)> {
        let (id, package, title) = (&self.id, &self.package, &self.title);
        let year = id.split('-').nth(1).context("A number without its year")?;
        let patched = serde_json::to_string(&self.sound)?;
        let text = format!(
            "```toml\n[advisory]\nid = \"{id}\"\npackage = \"{package}\"\ndate = \"{year}-01-01\"\n\
             [versions]\npatched = {patched}\n```\n\n# {title}\n"
        );
        Ok((format!("crates/{package}/{id}.md"), text))
    }

    /// A version that cannot be read is not judged sound.
    fn affects(&self, version: &str) -> bool {
        let Ok(version) = Version::parse(version) else {
            return true;
        };
        let is_sound =
            |sound: &String| VersionReq::parse(sound).is_ok_and(|sound| sound.matches(&version));
        !self.sound.iter().any(is_sound)
    }
}
