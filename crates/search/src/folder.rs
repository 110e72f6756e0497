//! The index's folder on the disk: which generation is in use, and whether it can be trusted.
//!
//! ```text
//! kb/current.json      names the generation in use and seals its meta.json; replaced atomically
//! kb/generation-7/     a tantivy index
//! ```
//!
//! A rebuild writes a generation beside the one in use, and only a rename of `current.json` puts it
//! in its place, which works under a mapped index on Windows too; renaming whole folders does not.
//!
//! Tantivy keeps a checksum in every file except `meta.json`, where a flipped digit could hide
//! documents silently. So its digest stands in `current.json`, taken off while an update is under
//! way: a program that died in the middle left the last `meta.json` that tantivy committed.

use std::{
    fs::{self, File},
    io::{self, Write as _},
    path::{Path, PathBuf},
};

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use tantivy::{Index, directory::MmapDirectory};

use crate::{
    error::SearchError,
    schema::{self, FORMAT},
};

const CURRENT: &str = "current.json";
const CURRENT_BEING_WRITTEN: &str = "current.json.new";
const META: &str = "meta.json";
const GENERATION_PREFIX: &str = "generation-";

/// The folder that belongs to one index.
#[derive(Clone, Debug)]
pub(crate) struct Folder(PathBuf);

/// What `current.json` says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Current {
    pub(crate) generation: u64,
    /// `None` while an update is under way.
    meta_sha256: Option<String>,
}

/// What the index says of itself in its last commit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Payload {
    pub(crate) format: u32,
    /// The store's change number up to which the index knows everything.
    pub(crate) position: u64,
}

/// A generation that passed every check, or why there is none.
pub(crate) enum Checked {
    Good {
        index: Index,
        generation: u64,
        position: u64,
    },
    Missing,
    OtherFormat,
}

impl Payload {
    pub(crate) fn at(position: u64) -> Self {
        Self {
            format: FORMAT,
            position,
        }
    }

    pub(crate) fn read(index: &Index) -> Result<Self, SearchError> {
        let text = index.load_metas()?.payload.unwrap_or_default();
        serde_json::from_str(&text).map_err(|error| damaged(&format!("commit payload: {error}")))
    }

    pub(crate) fn to_json(self) -> Result<String, SearchError> {
        serde_json::to_string(&self).map_err(|error| io::Error::from(error).into())
    }
}

impl Folder {
    /// Creates the folder where there is none.
    pub(crate) fn create(path: &Path) -> Result<Self, SearchError> {
        fs::create_dir_all(path)?;
        Ok(Self(path.to_owned()))
    }

    /// Opens the generation in use after reading every byte of it once.
    ///
    /// A fault of the disk is a [`SearchError::Storage`], anything else that is wrong is
    /// [`SearchError::Damaged`].
    pub(crate) fn check(&self) -> Result<Checked, SearchError> {
        let Some(current) = self.current()? else {
            return Ok(Checked::Missing);
        };
        let path = self.generation(current.generation);
        if let Some(expected) = &current.meta_sha256
            && *expected != digest(&path.join(META))?
        {
            return Err(damaged("meta.json is not the one that was sealed"));
        }
        let index = open(&path)?;
        let payload = Payload::read(&index)?;
        if payload.format != FORMAT || index.schema() != schema::schema().0 {
            return Ok(Checked::OtherFormat);
        }
        check_content(&index)?;
        if current.meta_sha256.is_none() {
            self.seal(current.generation)?;
        }
        Ok(Checked::Good {
            index,
            generation: current.generation,
            position: payload.position,
        })
    }

    /// Creates an empty index beside the generation in use.
    pub(crate) fn create_generation(&self) -> Result<(Index, u64), SearchError> {
        let generation = self.generations()?.into_iter().max().unwrap_or(0) + 1;
        let path = self.generation(generation);
        fs::create_dir_all(&path)?;
        let settings = tantivy::IndexSettings {
            docstore_compress_dedicated_thread: false,
            ..tantivy::IndexSettings::default()
        };
        let index = Index::builder()
            .schema(schema::schema().0)
            .settings(settings)
            .open_or_create(MmapDirectory::open(&path).map_err(tantivy::TantivyError::from)?)?;
        schema::register_tokenizers(&index);
        Ok((index, generation))
    }

    /// Names the generation as the one in use, and its `meta.json` as complete.
    pub(crate) fn seal(&self, generation: u64) -> Result<(), SearchError> {
        let meta_sha256 = Some(digest(&self.generation(generation).join(META))?);
        self.write_current(&Current {
            generation,
            meta_sha256,
        })
    }

    /// Says that the generation in use is about to change.
    pub(crate) fn unseal(&self, generation: u64) -> Result<(), SearchError> {
        self.write_current(&Current {
            generation,
            meta_sha256: None,
        })
    }

    /// Removes every generation but the one to keep, as far as the system lets go of the files.
    ///
    /// Windows holds on to files that a search still reads; they go at the next opening.
    pub(crate) fn remove_generations_except(&self, keep: Option<u64>) {
        for generation in self.generations().unwrap_or_default() {
            if Some(generation) != keep {
                self.remove_generation(generation);
            }
        }
    }

    /// Removes one generation, as far as the system lets go of the files.
    pub(crate) fn remove_generation(&self, generation: u64) {
        if let Err(error) = fs::remove_dir_all(self.generation(generation)) {
            tracing::debug!(generation, %error, "An old generation of the index stays for now");
        }
    }

    fn generation(&self, generation: u64) -> PathBuf {
        self.0.join(format!("{GENERATION_PREFIX}{generation}"))
    }

    fn generations(&self) -> Result<Vec<u64>, SearchError> {
        let mut generations = Vec::new();
        for entry in fs::read_dir(&self.0)? {
            let name = entry?.file_name();
            let number = name
                .to_str()
                .and_then(|name| name.strip_prefix(GENERATION_PREFIX));
            generations.extend(number.and_then(|number| number.parse::<u64>().ok()));
        }
        Ok(generations)
    }

    fn current(&self) -> Result<Option<Current>, SearchError> {
        let bytes = match fs::read(self.0.join(CURRENT)) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(error.into()),
        };
        serde_json::from_slice(&bytes)
            .map(Some)
            .map_err(|error| damaged(&format!("current.json: {error}")))
    }

    fn write_current(&self, current: &Current) -> Result<(), SearchError> {
        let being_written = self.0.join(CURRENT_BEING_WRITTEN);
        let mut file = File::create(&being_written)?;
        file.write_all(&serde_json::to_vec(current).map_err(io::Error::from)?)?;
        file.sync_all()?;
        fs::rename(&being_written, self.0.join(CURRENT))?;
        Ok(())
    }
}

fn open(path: &Path) -> Result<Index, SearchError> {
    let index = Index::open_in_dir(path)?;
    schema::register_tokenizers(&index);
    Ok(index)
}

/// Reads every file of every segment against its checksum.
///
/// `Index::validate_checksum` skips what `.managed.json` does not list, so the paths come from
/// `meta.json`, which is sealed. A file that is needed and missing is found when segments open.
fn check_content(index: &Index) -> Result<(), SearchError> {
    let directory = index.directory();
    for path in index.load_metas()?.list_segment_files() {
        let is_good = match directory.validate_checksum(&path) {
            Ok(is_good) => is_good,
            Err(tantivy::directory::error::OpenReadError::FileDoesNotExist(_)) => continue,
            Err(error) => return Err(tantivy::TantivyError::from(error).into()),
        };
        if !is_good {
            return Err(damaged(&format!("{} fails its checksum", path.display())));
        }
    }
    Ok(())
}

fn digest(path: &Path) -> Result<String, SearchError> {
    let bytes = match fs::read(path) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            return Err(damaged("meta.json is missing"));
        }
        Err(error) => return Err(error.into()),
    };
    let digits = Sha256::digest(&bytes);
    let nibbles = digits.iter().flat_map(|byte| [byte >> 4, byte & 15]);
    Ok(nibbles
        .filter_map(|nibble| char::from_digit(u32::from(nibble), 16))
        .collect())
}

fn damaged(detail: &str) -> SearchError {
    SearchError::Damaged {
        detail: detail.to_owned(),
    }
}
