//! 附件: files by the hash of their bytes. Those that people here attach wait for the center; those
//! fetched from it are kept until they are in the way. In parts, inside the encrypted file: what is
//! in them may be anybody's secret.

use chrono::{DateTime, Utc};
use rusqlite::{OptionalExtension as _, params};
use wire::Hash;
use wire::limit::BLOB_MAX_BYTES;

use crate::columns::AsMillis;
use crate::fault::StoreFault;
use crate::store::{Reader, Writer};

/// All files together, beyond which those that the center has go, the longest unused first.
pub const BLOBS_KEPT_BYTES: u64 = 1 << 30;
/// Bytes in one row.
const ROW_BYTES: usize = 256 << 10;
/// 待上传 in one list.
const WAITING_MAX_LISTED: usize = 100;

pub(crate) const CREATE: &str = "
    -- n_bytes: how much of it is here, from the beginning on.
    CREATE TABLE blob (
        sha256 BLOB NOT NULL PRIMARY KEY CHECK (length(sha256) = 32),
        n_bytes INTEGER NOT NULL,
        of_bytes INTEGER NOT NULL,
        is_at_center INTEGER NOT NULL,
        used_at INTEGER NOT NULL
    ) STRICT;
    CREATE INDEX blob_waiting ON blob (used_at) WHERE is_at_center = 0;
    CREATE TABLE blob_part (
        sha256 BLOB NOT NULL,
        from_byte INTEGER NOT NULL,
        bytes BLOB NOT NULL,
        PRIMARY KEY (sha256, from_byte)
    ) STRICT;
";

const WAITING: &str = "SELECT sha256 FROM blob WHERE is_at_center = 0 ORDER BY used_at LIMIT ?1";

/// How much of a file is here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BlobHere {
    pub n_bytes: u64,
    pub of_bytes: u64,
    /// Whether the center has it too, as far as is known.
    pub is_at_center: bool,
}

/// What became of a file by the bytes that were taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BlobTaken {
    InPart,
    Whole,
    /// All of it came, and it is not what its name says: nothing of it was kept.
    OtherContent,
}

impl BlobHere {
    pub fn is_whole(&self) -> bool {
        self.n_bytes == self.of_bytes
    }
}

impl Reader {
    /// `None` for a file of which nothing is here.
    pub fn blob(&self, sha256: Hash) -> Result<Option<BlobHere>, StoreFault> {
        let sql = "SELECT n_bytes, of_bytes, is_at_center FROM blob WHERE sha256 = ?1";
        let mut statement = self.connection().prepare_cached(sql)?;
        let blob = statement.query_row([sha256.0], |row| {
            Ok(BlobHere {
                n_bytes: row.get(0)?,
                of_bytes: row.get(1)?,
                is_at_center: row.get(2)?,
            })
        });
        Ok(blob.optional()?)
    }

    /// The bytes from `from_byte` on, at most so many; fewer at the end of what is here.
    pub fn blob_bytes(
        &self,
        sha256: Hash,
        from_byte: u64,
        n_max: usize,
    ) -> Result<Vec<u8>, StoreFault> {
        let sql = "SELECT from_byte, bytes FROM blob_part
                   WHERE sha256 = ?1 AND from_byte > ?2 - ?3 ORDER BY from_byte";
        let mut statement = self.connection().prepare_cached(sql)?;
        let mut rows = statement.query(params![sha256.0, from_byte, ROW_BYTES])?;
        let mut bytes = Vec::new();
        while let Some(row) = rows.next()? {
            let at: u64 = row.get(0)?;
            let part: Vec<u8> = row.get(1)?;
            let skipped = usize::try_from(from_byte.saturating_sub(at)).unwrap_or(usize::MAX);
            let room = n_max.saturating_sub(bytes.len());
            bytes.extend(part.into_iter().skip(skipped).take(room));
            if bytes.len() >= n_max {
                break;
            }
        }
        Ok(bytes)
    }

    /// 待上传: files that the center lacks, the oldest first.
    pub fn waiting_blobs(&self) -> Result<Vec<Hash>, StoreFault> {
        let mut statement = self.connection().prepare_cached(WAITING)?;
        let hashes = statement.query_map([WAITING_MAX_LISTED], |row| Ok(Hash(row.get(0)?)))?;
        Ok(hashes.collect::<rusqlite::Result<_>>()?)
    }
}

impl Writer {
    /// Keeps a file that somebody here has attached, to be brought to the center.
    pub fn keep_blob(
        &mut self,
        sha256: Hash,
        bytes: &[u8],
        now: DateTime<Utc>,
    ) -> Result<(), StoreFault> {
        let of_bytes = bytes.len() as u64;
        let here = self.blob(sha256)?;
        if here.is_some_and(|it| it.is_whole()) {
            return self.use_blob(sha256, now);
        }
        self.remove_blob(sha256)?;
        self.begin_blob(sha256, of_bytes, false, now)?;
        self.append_blob(sha256, 0, bytes)
    }

    /// Takes what came of a file from the center, from where it was left off. What does not follow is
    /// refused; a file of another length begins anew. With its last byte it is looked into: one that is
    /// not what its name says is never here.
    pub fn take_blob_bytes(
        &mut self,
        sha256: Hash,
        (from_byte, of_bytes): (u64, u64),
        bytes: &[u8],
        now: DateTime<Utc>,
    ) -> Result<BlobTaken, StoreFault> {
        let here = self.blob(sha256)?.filter(|it| it.of_bytes == of_bytes);
        let n_here = here.map_or(0, |it| it.n_bytes);
        let to_byte = from_byte.saturating_add(bytes.len() as u64);
        if from_byte != n_here || to_byte > of_bytes || of_bytes > BLOB_MAX_BYTES {
            return Err(anyhow::anyhow!("Bytes of a file that do not follow").into());
        }
        if here.is_none() {
            self.remove_blob(sha256)?;
            self.begin_blob(sha256, of_bytes, true, now)?;
        }
        self.append_blob(sha256, from_byte, bytes)?;
        if to_byte < of_bytes {
            return Ok(BlobTaken::InPart);
        }
        let whole_max = usize::try_from(BLOB_MAX_BYTES).unwrap_or(usize::MAX);
        if Hash::of(&self.blob_bytes(sha256, 0, whole_max)?) == sha256 {
            return Ok(BlobTaken::Whole);
        }
        self.remove_blob(sha256)?;
        Ok(BlobTaken::OtherContent)
    }

    /// The center has it.
    pub fn blob_is_at_center(&mut self, sha256: Hash) -> Result<(), StoreFault> {
        let sql = "UPDATE blob SET is_at_center = 1 WHERE sha256 = ?1";
        self.connection().prepare_cached(sql)?.execute([sha256.0])?;
        Ok(())
    }

    /// The center was put back: it may lack what it had.
    pub(crate) fn ask_again_for_blobs(&mut self) -> Result<(), StoreFault> {
        let sql = "UPDATE blob SET is_at_center = 0 WHERE n_bytes = of_bytes";
        self.connection().execute(sql, [])?;
        Ok(())
    }

    /// Somebody has looked at it: it is kept longer.
    pub fn use_blob(&mut self, sha256: Hash, now: DateTime<Utc>) -> Result<(), StoreFault> {
        let sql = "UPDATE blob SET used_at = ?2 WHERE sha256 = ?1";
        let mut statement = self.connection().prepare_cached(sql)?;
        statement.execute(params![sha256.0, AsMillis(now)])?;
        Ok(())
    }

    pub fn remove_blob(&mut self, sha256: Hash) -> Result<(), StoreFault> {
        for sql in [
            "DELETE FROM blob_part WHERE sha256 = ?1",
            "DELETE FROM blob WHERE sha256 = ?1",
        ] {
            self.connection().prepare_cached(sql)?.execute([sha256.0])?;
        }
        Ok(())
    }

    fn begin_blob(
        &mut self,
        sha256: Hash,
        of_bytes: u64,
        is_at_center: bool,
        now: DateTime<Utc>,
    ) -> Result<(), StoreFault> {
        self.make_room_for_blob(of_bytes)?;
        let sql = "INSERT INTO blob (sha256, n_bytes, of_bytes, is_at_center, used_at)
                   VALUES (?1, 0, ?2, ?3, ?4)";
        self.connection().prepare_cached(sql)?.execute(params![
            sha256.0,
            of_bytes,
            is_at_center,
            AsMillis(now)
        ])?;
        Ok(())
    }

    fn append_blob(
        &mut self,
        sha256: Hash,
        from_byte: u64,
        bytes: &[u8],
    ) -> Result<(), StoreFault> {
        let mut at = from_byte;
        for part in bytes.chunks(ROW_BYTES) {
            let sql = "INSERT INTO blob_part (sha256, from_byte, bytes) VALUES (?1, ?2, ?3)";
            let mut statement = self.connection().prepare_cached(sql)?;
            statement.execute(params![sha256.0, at, part])?;
            at += part.len() as u64;
        }
        let sql = "UPDATE blob SET n_bytes = ?2 WHERE sha256 = ?1";
        let mut statement = self.connection().prepare_cached(sql)?;
        statement.execute(params![sha256.0, at])?;
        Ok(())
    }

    /// What the center has can be fetched again.
    fn make_room_for_blob(&mut self, n_bytes: u64) -> Result<(), StoreFault> {
        while self.n_blob_bytes()?.saturating_add(n_bytes) > BLOBS_KEPT_BYTES {
            let Some(oldest) = self.longest_unused_blob()? else {
                break;
            };
            self.remove_blob(oldest)?;
        }
        Ok(())
    }

    fn n_blob_bytes(&self) -> Result<u64, StoreFault> {
        let sql = "SELECT coalesce(sum(n_bytes), 0) FROM blob";
        let mut statement = self.connection().prepare_cached(sql)?;
        Ok(statement.query_row([], |row| row.get(0))?)
    }

    /// Of those that the center has.
    fn longest_unused_blob(&self) -> Result<Option<Hash>, StoreFault> {
        let sql = "SELECT sha256 FROM blob WHERE is_at_center = 1 ORDER BY used_at LIMIT 1";
        let mut statement = self.connection().prepare_cached(sql)?;
        let oldest = statement.query_row([], |row| Ok(Hash(row.get(0)?)));
        Ok(oldest.optional()?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tests::{Desk, at};

    fn noon() -> DateTime<Utc> {
        at("2026-11-23 12:00")
    }

    #[test]
    fn a_file_that_was_attached_waits_and_is_read_in_stretches() {
        let mut desk = Desk::new();
        let bytes = b"\x01\x02\x03\x04\x05\x06\x07".repeat(100_000);
        let sha256 = Hash::of(&bytes);
        desk.change(|writer| writer.keep_blob(sha256, &bytes, noon()));
        desk.change(|writer| writer.keep_blob(sha256, &bytes, noon()));
        desk.restart();
        assert_eq!(desk.query(Reader::waiting_blobs), [sha256]);
        for (from, n_max) in [(0, 1_000), (262_143, 2), (262_144, 300_000), (699_990, 99)] {
            let read = desk.query(|reader| reader.blob_bytes(sha256, from, n_max));
            let from = usize::try_from(from).unwrap();
            let to = (from + n_max).min(bytes.len());
            assert_eq!(read, &bytes[from..to], "{from} {n_max}");
        }
        desk.change(|writer| writer.blob_is_at_center(sha256));
        assert_eq!(desk.query(Reader::waiting_blobs), []);
        desk.change(Writer::ask_again_for_blobs);
        assert_eq!(desk.query(Reader::waiting_blobs), [sha256]);
    }

    #[test]
    fn a_file_comes_in_parts_that_follow() {
        let desk = Desk::new();
        let sha256 = Hash::of(b"abcdef");
        desk.change(|writer| writer.take_blob_bytes(sha256, (0, 6), b"abc", noon()));
        let twice = desk.store().commit(|writer| -> Result<_, StoreFault> {
            writer.take_blob_bytes(sha256, (0, 6), b"abc", noon())
        });
        assert!(twice.is_err());
        let taken = desk.change(|writer| writer.take_blob_bytes(sha256, (3, 6), b"def", noon()));
        assert_eq!(taken, BlobTaken::Whole);
        let here = desk.query(|reader| reader.blob(sha256)).unwrap();
        assert!(here.is_whole() && here.is_at_center);
        assert_eq!(
            desk.query(|reader| reader.blob_bytes(sha256, 1, 9)),
            b"bcdef"
        );
    }

    #[test]
    fn another_content_is_never_here() {
        let desk = Desk::new();
        let sha256 = Hash::of(b"abcdef");
        let taken = desk.change(|writer| writer.take_blob_bytes(sha256, (0, 6), b"abc", noon()));
        assert_eq!(taken, BlobTaken::InPart);
        let taken = desk.change(|writer| writer.take_blob_bytes(sha256, (3, 6), b"xyz", noon()));
        assert_eq!(taken, BlobTaken::OtherContent);
        assert_eq!(desk.query(|reader| reader.blob(sha256)), None);
    }

    #[test]
    fn what_waits_is_found_by_an_index() {
        let plan = Desk::new().plan(WAITING);
        assert_eq!(plan.trim(), "SCAN blob USING INDEX blob_waiting");
    }
}
