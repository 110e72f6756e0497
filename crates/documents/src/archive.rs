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

/// Whether a compound file wraps an encrypted one: it says so in the names of its streams.
pub(crate) fn is_encrypted_package(bytes: &[u8]) -> bool {
    let name: Vec<u8> = "EncryptedPackage"
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    is_compound(bytes) && bytes.windows(name.len()).any(|window| window == name)
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

    /// Unpacks everything to nowhere: what others will unpack without counting comes to no more than
    /// the limit either, whatever the directory says.
    pub(crate) fn measure(&mut self) -> Result<(), ReadError> {
        self.measure_within(UNPACKED_MAX_BYTES)
    }

    fn measure_within(&mut self, limit: u64) -> Result<(), ReadError> {
        let mut left = limit + 1;
        for at in 0..self.zip.len() {
            let file = self.zip.by_index(at).map_err(encrypted_or_broken)?;
            let n_bytes = std::io::copy(&mut file.take(left), &mut std::io::sink())
                .map_err(ReadError::broken)?;
            left -= n_bytes;
            if left == 0 {
                return Err(too_large());
            }
        }
        Ok(())
    }

    pub(crate) fn has(&self, name: &str) -> bool {
        self.zip.index_for_name(name).is_some()
    }

    /// The text of one file, `None` where there is none of that name.
    pub(crate) fn text(&mut self, name: &str) -> Result<Option<String>, ReadError> {
        let file = match self.zip.by_name(name) {
            Ok(file) => file,
            Err(ZipError::FileNotFound) => return Ok(None),
            Err(error) => return Err(encrypted_or_broken(error)),
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

fn encrypted_or_broken(error: ZipError) -> ReadError {
    let is_encrypted = matches!(
        error,
        ZipError::UnsupportedArchive(ZipError::PASSWORD_REQUIRED) | ZipError::InvalidPassword
    );
    if is_encrypted {
        ReadError::Encrypted
    } else {
        ReadError::broken(error)
    }
}

fn too_large() -> ReadError {
    ReadError::TooLarge {
        limit: UNPACKED_MAX_BYTES,
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use zip::ZipWriter;
    use zip::write::SimpleFileOptions;

    use super::*;

    /// An archive of one file whose directory says that it has so many bytes.
    fn saying(n_bytes: u32, text: &[u8]) -> Vec<u8> {
        let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
        zip.start_file("a", SimpleFileOptions::default()).unwrap();
        zip.write_all(text).unwrap();
        let mut bytes = zip.finish().unwrap().into_inner();
        let entry = bytes
            .windows(4)
            .rposition(|it| it == b"PK\x01\x02")
            .unwrap();
        bytes[entry + 24..entry + 28].copy_from_slice(&n_bytes.to_le_bytes());
        bytes
    }

    #[test]
    fn what_the_directory_says_is_not_believed() {
        let text = [b'a'; 10_000];
        let bytes = saying(10_000, &text);
        Archive::open(&bytes)
            .unwrap()
            .measure_within(10_000)
            .unwrap();
        let small = saying(1, &text);
        let measured = Archive::open(&small).unwrap().measure_within(9_999);
        assert!(measured.is_err(), "{measured:?}");
        let large = saying(u32::MAX - 1, &text);
        let opened = Archive::open(&large).map(drop);
        assert_eq!(opened, Err(too_large()));
    }
}
