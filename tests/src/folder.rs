//! What stays of a desk when its program ends: home and data.

use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result};
use tempfile::TempDir;

/// The folders and the environment of one desk, removed with it. A test prepares it before the
/// first start: a damaged file, an earlier version's data, a setting.
#[derive(Debug)]
pub struct DeskFolder {
    name: String,
    base: TempDir,
    environment: BTreeMap<OsString, OsString>,
}

impl DeskFolder {
    /// Empty folders; `name` marks screenshots and logs.
    pub fn new(name: &str) -> Result<Self> {
        let base = tempfile::Builder::new()
            .prefix("hotline-desk-")
            .tempdir()
            .context("Making a folder for the desk")?;
        let made = Self {
            name: name.to_owned(),
            base,
            environment: BTreeMap::new(),
        };
        for (_, folder) in made.homes() {
            fs::create_dir_all(&folder)
                .with_context(|| format!("Making the folder {}", folder.display()))?;
        }
        Ok(made)
    }

    /// Sets a variable for the program, from the next start on.
    #[must_use]
    pub fn with_env(mut self, name: impl AsRef<OsStr>, value: impl AsRef<OsStr>) -> Self {
        self.environment
            .insert(name.as_ref().to_owned(), value.as_ref().to_owned());
        self
    }

    pub fn name(&self) -> &str {
        &self.name
    }

    /// The data folder of the program. It makes it itself, so it does not exist before.
    pub fn data(&self) -> PathBuf {
        self.base.path().join("desk-data")
    }

    /// The home of the person who runs the program.
    pub fn home(&self) -> PathBuf {
        self.base.path().join("home")
    }

    pub(crate) fn apply_to(&self, command: &mut Command) {
        command
            .envs(self.homes())
            .env("HOTLINE_DESK_DATA", self.data())
            .envs(&self.environment);
    }

    fn homes(&self) -> [(&'static str, PathBuf); 5] {
        let at = |name: &str| self.base.path().join(name);
        [
            ("HOME", at("home")),
            ("XDG_CONFIG_HOME", at("config")),
            ("XDG_DATA_HOME", at("share")),
            ("XDG_CACHE_HOME", at("cache")),
            ("XDG_STATE_HOME", at("state")),
        ]
    }
}

/// Where screenshots and logs of failures are kept: they outlive the test.
pub(crate) fn artifacts() -> Result<PathBuf> {
    let folder = std::env::var_os("HOTLINE_DESK_ARTIFACTS")
        .map_or_else(|| target().join("window-tests"), PathBuf::from);
    fs::create_dir_all(&folder).with_context(|| format!("Making {}", folder.display()))?;
    Ok(folder)
}

/// The program under test: `HOTLINE_DESK_APP`, or what `cargo build` made of this checkout.
pub(crate) fn app() -> Result<PathBuf> {
    let app = std::env::var_os("HOTLINE_DESK_APP")
        .map_or_else(|| target().join("debug/hotline-desk"), PathBuf::from);
    app.canonicalize().with_context(|| {
        format!(
            "Finding the program {}: run `cargo build --workspace` first",
            app.display()
        )
    })
}

pub(crate) fn target() -> PathBuf {
    let checkout = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| checkout.join("target"), PathBuf::from)
}
