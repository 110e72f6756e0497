//! Words of a command line, taken one by one, and the files that they name.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};

/// Bytes of a file that a command names.
const FILE_MAX_BYTES: u64 = 16 << 20;

pub(super) fn read_file(path: &Path) -> Result<Vec<u8>> {
    let size = std::fs::metadata(path)
        .with_context(|| format!("读取 {}", path.display()))?
        .len();
    if size > FILE_MAX_BYTES {
        bail!("{} 太大，最多 {} MB", path.display(), FILE_MAX_BYTES >> 20);
    }
    std::fs::read(path).with_context(|| format!("读取 {}", path.display()))
}

/// The center that does it may stand in another folder.
pub(super) fn absolute(path: &str) -> Result<PathBuf> {
    std::path::absolute(path).with_context(|| format!("{path} 不是路径"))
}

pub(super) struct Words(Vec<String>);

impl Words {
    pub(super) fn new(words: Vec<String>) -> Self {
        Self(words)
    }

    pub(super) fn next(&mut self) -> Option<String> {
        (!self.0.is_empty()).then(|| self.0.remove(0))
    }

    pub(super) fn word(&mut self, what: &str) -> Result<String> {
        self.next().with_context(|| format!("缺少{what}"))
    }

    /// Takes out a flag wherever it stands.
    pub(super) fn flag(&mut self, name: &str) -> bool {
        let n_before = self.0.len();
        self.0.retain(|word| word != name);
        self.0.len() < n_before
    }

    /// Takes out `--name VALUE` wherever it stands.
    pub(super) fn value(&mut self, name: &str) -> Result<Option<String>> {
        let Some(at) = self.0.iter().position(|word| word == name) else {
            return Ok(None);
        };
        let mut taken = self.0.drain(at..(at + 2).min(self.0.len())).skip(1);
        let value = taken.next();
        value
            .map(Some)
            .with_context(|| format!("{name} 后面缺少内容"))
    }

    pub(super) fn needed(&mut self, name: &str) -> Result<String> {
        let value = self.value(name)?;
        value.with_context(|| format!("缺少 {name}"))
    }

    pub(super) fn finish(self) -> Result<()> {
        match self.0.first() {
            Some(word) => bail!("多出了“{word}”，用 hotline-center help 查看用法"),
            None => Ok(()),
        }
    }
}
