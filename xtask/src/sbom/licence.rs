//! 许可: which may be shipped in a program that is not under the same.

use std::fs;

use anyhow::{Context as _, Result};
use serde::Deserialize;
use spdx::{Expression, Licensee, ParseMode};

use crate::repo::Repo;

/// The licences that `deny.toml` allows: one list for crates and pages.
pub(super) struct Allowed(Vec<Licensee>);

impl Allowed {
    pub(super) fn read(repo: &Repo) -> Result<Self> {
        #[derive(Deserialize)]
        struct File {
            licenses: Licences,
        }
        #[derive(Deserialize)]
        struct Licences {
            allow: Vec<String>,
        }
        let text = fs::read_to_string(repo.path("deny.toml")).context("Reading deny.toml")?;
        let file: File = toml::from_str(&text).context("Reading deny.toml")?;
        let allowed = file.licenses.allow.iter();
        let allowed = allowed.map(|it| Licensee::parse(it).map_err(anyhow::Error::from));
        Ok(Self(allowed.collect::<Result<_>>()?))
    }

    /// Whether one of the alternatives asks for nothing but what we can do.
    pub(super) fn allows(&self, expression: &str) -> bool {
        let parsed = Expression::parse_mode(expression, ParseMode::LAX);
        parsed.is_ok_and(|it| it.evaluate(|asked| self.0.iter().any(|own| own.satisfies(asked))))
    }
}

/// One way of writing it: `MIT/Apache-2.0` says the same as `MIT OR Apache-2.0`.
pub(super) fn written(licence: &str) -> String {
    let alternatives = licence.split('/').map(str::trim);
    alternatives.collect::<Vec<_>>().join(" OR ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_alternatives_one_is_enough_and_of_demands_none_is_left_out() {
        let licences = Allowed::read(&Repo::find()).unwrap();
        for allowed in [
            "MIT",
            "GPL-3.0 OR MIT",
            "(MIT OR GPL-3.0) AND Unicode-3.0",
            "Apache-2.0 WITH LLVM-exception OR GPL-2.0",
            "MIT OR GPL-2.0 AND GPL-3.0",
            "((MIT))",
        ] {
            assert!(licences.allows(allowed), "{allowed}");
        }
        for refused in [
            "GPL-3.0",
            "MIT AND GPL-3.0",
            "(GPL-3.0 OR AGPL-3.0) AND MIT",
            "",
            "()",
        ] {
            assert!(!licences.allows(refused), "{refused}");
        }
        assert_eq!(
            written("Apache-2.0 / MIT/MPL-2.0"),
            "Apache-2.0 OR MIT OR MPL-2.0"
        );
    }
}
