//! The zip that xlsx, ods and docx are.

use std::io::{Cursor, Read as _};

use zip::ZipArchive;
use zip::result::ZipError;

use crate::ReadError;

/// What all files of an archive may come to when unpacked; a hostile one packs gigabytes into a
/// few kilobytes.
const UNPACKED_MAX_BYTES: u64 = 256 << 20;

const ZIP_MAGIC: &[u8] = b"PK\x03\x04";
/// How Word and Excel wrap what is encrypted, and how files before 2007 begin.
const COMPOUND_MAGIC: &[u8] = &[0xD0, 0xCF, 0x11, 0xE0];

pub(crate) fn is_zip(bytes: &[u8]) -> bool {
    bytes.starts_with(ZIP_MAGIC)
}

pub(crate) fn is_compound(bytes: &[u8]) -> bool {
    bytes.starts_with(COMPOUND_MAGIC)
}

/// An archive whose files say that they come to no more than the limit.
pub(crate) struct Archive<'a> {
    zip: ZipArchive<Cursor<&'a [u8]>>,
}

impl<'a> Archive<'a> {
    pub(crate) fn open(bytes: &'a [u8]) -> Result<Self, ReadError> {
        let mut zip = ZipArchive::new(Cursor::new(bytes)).map_err(ReadError::broken)?;
        let mut total = 0_u64;
        for at in 0..zip.len() {
            let file = zip.by_index_raw(at).map_err(ReadError::broken)?;
            total = total.saturating_add(file.size());
        }
        if total > UNPACKED_MAX_BYTES {
            return Err(too_large());
        }
        Ok(Self { zip })
    }

    /// The text of one file, `None` where there is none of that name.
    pub(crate) fn text(&mut self, name: &str) -> Result<Option<String>, ReadError> {
        let file = match self.zip.by_name(name) {
            Ok(file) => file,
            Err(ZipError::FileNotFound) => return Ok(None),
            Err(error) => return Err(ReadError::broken(error)),
        };
        // The size in the directory is only what the file says of itself.
        let mut text = String::new();
        let n_bytes = file
            .take(UNPACKED_MAX_BYTES + 1)
            .read_to_string(&mut text)
            .map_err(ReadError::broken)?;
        if n_bytes as u64 > UNPACKED_MAX_BYTES {
            return Err(too_large());
        }
        Ok(Some(text))
    }
}

fn too_large() -> ReadError {
    ReadError::TooLarge {
        limit: UNPACKED_MAX_BYTES,
    }
}
