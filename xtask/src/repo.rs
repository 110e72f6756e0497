//! Where the checkout is, and commands that run inside it.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result};

/// Folders that are made, not written; in a second work tree `.git` is a file.
const MADE_FOLDERS: [&str; 5] = [".git", "target", "node_modules", "dist", "coverage"];

pub(crate) struct Repo {
    root: PathBuf,
}

impl Repo {
    /// Finds the checkout from the place of this package: cargo says it at run time, the compiler
    /// said it otherwise.
    pub(crate) fn find() -> Self {
        let xtask = std::env::var_os("CARGO_MANIFEST_DIR")
            .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")), PathBuf::from);
        let root = xtask.parent().unwrap_or(&xtask).to_owned();
        Self { root }
    }

    pub(crate) fn path(&self, relative: impl AsRef<Path>) -> PathBuf {
        self.root.join(relative)
    }

    /// A path as a person would name it from the root.
    pub(crate) fn relative(&self, path: &Path) -> String {
        path.strip_prefix(&self.root)
            .unwrap_or(path)
            .display()
            .to_string()
    }

    pub(crate) fn command(&self, program: impl AsRef<std::ffi::OsStr>) -> Command {
        let mut command = Command::new(program);
        command.current_dir(&self.root);
        command
    }

    pub(crate) fn cargo(&self) -> Command {
        self.command(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
    }

    pub(crate) fn npm(&self) -> Command {
        let mut command = Command::new("npm");
        command.current_dir(self.path("ui"));
        command
    }

    /// Where cargo puts what it builds.
    pub(crate) fn target(&self) -> PathBuf {
        std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| self.path("target"), PathBuf::from)
    }

    /// All written files below a folder, sorted; none if there is no such folder.
    pub(crate) fn files(&self, folder: &str) -> Result<Vec<PathBuf>> {
        let mut found = Vec::new();
        let start = self.path(folder);
        if start.exists() {
            collect(&start, &mut found)?;
        }
        found.sort();
        Ok(found)
    }
}

fn collect(folder: &Path, found: &mut Vec<PathBuf>) -> Result<()> {
    let entries = folder
        .read_dir()
        .with_context(|| format!("Reading the folder {}", folder.display()))?;
    for entry in entries {
        let entry = entry?;
        let kind = entry.file_type()?;
        let is_made = MADE_FOLDERS.iter().any(|made| entry.file_name() == *made);
        if kind.is_dir() && !is_made {
            collect(&entry.path(), found)?;
        } else if kind.is_file() && !is_made {
            found.push(entry.path());
        }
    }
    Ok(())
}
