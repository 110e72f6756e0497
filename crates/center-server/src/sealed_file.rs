//! 加密文件: files of a backup under a key that does not lie beside them.
//!
//! XChaCha20-Poly1305 over pieces of a file, each with its number and a mark on the last in its nonce: none can
//! be changed, left out, moved or cut off without that being found, and no file has to be held whole. The name
//! that a file has in the backup goes in as well, so none can stand in the place of another.

use std::fs::File;
use std::io::{Read, Write};
use std::path::Path;

use anyhow::{Context as _, Result, bail, ensure};
use chacha20poly1305::aead::{Aead as _, KeyInit as _, Payload};
use chacha20poly1305::{Key, XChaCha20Poly1305, XNonce};
use sha2::{Digest as _, Sha256};
use zeroize::Zeroizing;

use crate::folder::{new_private, sync_folder};
use crate::hex::{from_hex, to_hex};

/// Beside the authority of the center; never in a backup.
pub const KEY_FILE: &str = "backup.key";
/// What a sealed file begins with. Frozen.
const MAGIC: &[u8; 16] = b"hotline sealed 1";
/// Of a file, in one piece. Frozen.
const PIECE_BYTES: usize = 64 << 10;
const TAG_BYTES: usize = 16;
const PREFIX_BYTES: usize = 19;
const KEY_BYTES: usize = 32;
/// Of the hash of a key, what tells a slip in copying it.
const CHECK_BYTES: usize = 2;
/// Of the hash of a key, what it is called by.
const ID_BYTES: usize = 4;
/// Digits of a key on paper that are read in one go.
const GROUP: usize = 4;
/// A longer key file is none.
const KEY_FILE_MAX_BYTES: u64 = 4_096;

/// 备份密钥.
pub struct BackupKey(Zeroizing<[u8; KEY_BYTES]>);

impl BackupKey {
    /// The key of this data folder; made where there is none yet.
    pub fn of(data: &Path) -> Result<Self> {
        let path = data.join(KEY_FILE);
        if path.exists() {
            return Self::read(&path);
        }
        let mut bytes = Zeroizing::new([0; KEY_BYTES]);
        getrandom::fill(bytes.as_mut_slice()).context("生成备份密钥")?;
        let key = Self(bytes);
        key.write(data)?;
        Ok(key)
    }

    /// A key as it stands in a file, or as somebody copied it from paper.
    pub fn read(path: &Path) -> Result<Self> {
        let file = File::open(path).with_context(|| format!("读取 {}", path.display()))?;
        let mut text = Zeroizing::new(String::new());
        let read = file.take(KEY_FILE_MAX_BYTES).read_to_string(&mut text);
        read.with_context(|| format!("读取 {}", path.display()))?;
        Self::of_text(&text).with_context(|| format!("{} 不是备份密钥，或抄写有误", path.display()))
    }

    /// Keeps the key in a data folder that has none.
    pub(crate) fn write(&self, data: &Path) -> Result<()> {
        let mut file = new_private(&data.join(KEY_FILE))?;
        file.write_all(self.text().as_bytes())?;
        file.write_all(b"\n")?;
        file.sync_all()?;
        sync_folder(data)
    }

    /// What the key is called by: nobody learns it by that.
    pub fn id(&self) -> String {
        let hash = self.hash(b"hotline backup key id\0");
        to_hex(hash.get(..ID_BYTES).unwrap_or_default()).to_uppercase()
    }

    /// 6f1c-…: as it is printed, the last group proves the others.
    pub fn text(&self) -> Zeroizing<String> {
        let hash = self.hash(b"hotline backup key check\0");
        let check = hash.get(..CHECK_BYTES).unwrap_or_default();
        let digits = Zeroizing::new(to_hex(self.0.as_slice()) + &to_hex(check));
        let digits: Zeroizing<Vec<char>> = Zeroizing::new(digits.chars().collect());
        let groups: Vec<String> = digits.chunks(GROUP).map(String::from_iter).collect();
        Zeroizing::new(groups.join("-"))
    }

    fn of_text(text: &str) -> Option<Self> {
        let digits = text
            .chars()
            .filter(|c| !c.is_whitespace() && !matches!(c, '-' | '－' | '—'));
        let digits: Zeroizing<String> = Zeroizing::new(digits.collect());
        let bytes = Zeroizing::new(from_hex(&digits)?);
        let (key, _) = bytes.split_at_checked(KEY_BYTES)?;
        let key = Self(Zeroizing::new(<[u8; KEY_BYTES]>::try_from(key).ok()?));
        (key.text().replace('-', "") == digits.to_lowercase()).then_some(key)
    }

    fn hash(&self, what: &[u8]) -> Vec<u8> {
        let mut hash = Sha256::new();
        hash.update(what);
        hash.update(self.0.as_slice());
        hash.finalize().to_vec()
    }

    fn cipher(&self) -> XChaCha20Poly1305 {
        XChaCha20Poly1305::new(&Key::from(*self.0))
    }

    /// Seals a file under its name in the backup, to where none is and to the disk. The hash of what was read.
    pub(crate) fn seal(&self, from: &Path, to: &Path, name: &str) -> Result<String> {
        let mut source = File::open(from).with_context(|| format!("读取 {}", from.display()))?;
        let mut out = new_private(to)?;
        let mut prefix = [0; PREFIX_BYTES];
        getrandom::fill(&mut prefix).context("生成随机数")?;
        out.write_all(MAGIC)?;
        out.write_all(&prefix)?;
        let cipher = self.cipher();
        let mut hash = Sha256::new();
        let mut piece = read_piece(&mut source, PIECE_BYTES)?;
        for number in 0..=u32::MAX {
            let next = read_piece(&mut source, PIECE_BYTES)?;
            hash.update(&piece);
            let payload = Payload {
                msg: &piece,
                aad: name.as_bytes(),
            };
            let sealed = cipher.encrypt(&nonce(prefix, number, next.is_empty()), payload);
            let sealed = sealed.map_err(|_too_long| anyhow::anyhow!("{} 太大", from.display()))?;
            out.write_all(&sealed)?;
            if next.is_empty() {
                out.sync_all()?;
                return Ok(to_hex(&hash.finalize()));
            }
            piece = next;
        }
        bail!("{} 太大，不能加密", from.display())
    }

    /// Opens what was sealed under this name. The hash of what was written out.
    pub(crate) fn open(&self, from: &Path, name: &str, out: &mut dyn Write) -> Result<String> {
        let damaged = || format!("{} 已损坏，或不是这把密钥加密的", from.display());
        let mut source = File::open(from).with_context(|| format!("读取 {}", from.display()))?;
        let mut magic = [0; MAGIC.len()];
        let mut prefix = [0; PREFIX_BYTES];
        source.read_exact(&mut magic).with_context(damaged)?;
        source.read_exact(&mut prefix).with_context(damaged)?;
        ensure!(magic == *MAGIC, damaged());
        let cipher = self.cipher();
        let mut hash = Sha256::new();
        let mut sealed = read_piece(&mut source, PIECE_BYTES + TAG_BYTES)?;
        for number in 0..=u32::MAX {
            let next = read_piece(&mut source, PIECE_BYTES + TAG_BYTES)?;
            let payload = Payload {
                msg: &sealed,
                aad: name.as_bytes(),
            };
            let piece = cipher.decrypt(&nonce(prefix, number, next.is_empty()), payload);
            let piece = piece.map_err(|_does_not_fit| anyhow::anyhow!(damaged()))?;
            hash.update(&piece);
            out.write_all(&piece)?;
            if next.is_empty() {
                return Ok(to_hex(&hash.finalize()));
            }
            sealed = next;
        }
        bail!(damaged())
    }
}

/// So many bytes, or what is left.
fn read_piece(source: &mut File, n_bytes: usize) -> Result<Vec<u8>> {
    let mut piece = Vec::with_capacity(n_bytes);
    source
        .take(u64::try_from(n_bytes)?)
        .read_to_end(&mut piece)?;
    Ok(piece)
}

/// Every piece has one of its own; the last is marked as the last.
fn nonce(prefix: [u8; PREFIX_BYTES], number: u32, is_last: bool) -> XNonce {
    let mut nonce = [0; PREFIX_BYTES + 5];
    let number = number.to_be_bytes();
    let bytes = prefix.into_iter().chain(number).chain([u8::from(is_last)]);
    for (place, byte) in nonce.iter_mut().zip(bytes) {
        *place = byte;
    }
    XNonce::from(nonce)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sealed(text: &[u8], folder: &Path, key: &BackupKey) -> Vec<u8> {
        std::fs::write(folder.join("plain"), text).unwrap();
        std::fs::remove_file(folder.join("sealed")).ok();
        key.seal(&folder.join("plain"), &folder.join("sealed"), "center.db")
            .unwrap();
        std::fs::read(folder.join("sealed")).unwrap()
    }

    fn opened(bytes: &[u8], folder: &Path, key: &BackupKey, name: &str) -> Option<Vec<u8>> {
        std::fs::write(folder.join("given"), bytes).unwrap();
        let mut out = Vec::new();
        let opened = key.open(&folder.join("given"), name, &mut out);
        opened.is_ok().then_some(out)
    }

    #[test]
    fn what_was_sealed_is_opened_and_says_nothing_without_the_key() {
        let folder = tempfile::tempdir().unwrap();
        let key = BackupKey::of(folder.path()).unwrap();
        for n_bytes in [
            0,
            1,
            PIECE_BYTES - 1,
            PIECE_BYTES,
            PIECE_BYTES + 1,
            3 * PIECE_BYTES,
        ] {
            let text = b"12345".repeat(n_bytes / 5 + 1);
            let text = &text[..n_bytes];
            let bytes = sealed(text, folder.path(), &key);
            assert!(!bytes.windows(10).any(|it| it == b"1234512345"));
            let back = opened(&bytes, folder.path(), &key, "center.db");
            assert_eq!(back.as_deref(), Some(text), "{n_bytes}");
        }
        let another = tempfile::tempdir().unwrap();
        let other = BackupKey::of(another.path()).unwrap();
        let bytes = sealed(b"text", folder.path(), &key);
        assert_eq!(opened(&bytes, folder.path(), &other, "center.db"), None);
        assert_eq!(opened(&bytes, folder.path(), &key, "authority.key"), None);
    }

    #[test]
    fn whatever_is_done_to_a_sealed_file_is_found() {
        let folder = tempfile::tempdir().unwrap();
        let key = BackupKey::of(folder.path()).unwrap();
        let text: Vec<u8> = (0..3 * PIECE_BYTES)
            .map(|n| u8::try_from(n % 251).unwrap())
            .collect();
        let whole = sealed(&text, folder.path(), &key);
        let head = MAGIC.len() + PREFIX_BYTES;
        let piece = PIECE_BYTES + TAG_BYTES;
        for at in (0..whole.len())
            .step_by(9_973)
            .chain([0, head, whole.len() - 1])
        {
            let mut changed = whole.clone();
            changed[at] ^= 1;
            assert_eq!(
                opened(&changed, folder.path(), &key, "center.db"),
                None,
                "{at}"
            );
        }
        let pieces: Vec<&[u8]> = whole[head..].chunks(piece).collect();
        let with = |order: &[usize]| {
            let mut bytes = whole[..head].to_vec();
            for at in order {
                bytes.extend_from_slice(pieces[*at]);
            }
            opened(&bytes, folder.path(), &key, "center.db")
        };
        assert!(with(&[0, 1, 2]).is_some());
        for order in [&[0, 1][..], &[0, 2], &[1, 0, 2], &[0, 1, 2, 2], &[]] {
            assert_eq!(with(order), None, "{order:?}");
        }
        assert_eq!(
            opened(&whole[..whole.len() - 1], folder.path(), &key, "center.db"),
            None
        );
    }

    #[test]
    fn a_key_is_copied_from_paper_and_a_slip_is_told() {
        let folder = tempfile::tempdir().unwrap();
        let key = BackupKey::of(folder.path()).unwrap();
        assert_eq!(BackupKey::of(folder.path()).unwrap().id(), key.id());
        let text = key.text();
        let typed = text.to_uppercase().replace('-', " ");
        assert_eq!(BackupKey::of_text(&typed).unwrap().id(), key.id());
        let digits: Vec<char> = text.chars().collect();
        let short: String = digits[..digits.len() - 1].iter().collect();
        let other = if digits[0] == '0' { '1' } else { '0' };
        let slip: String = [other].iter().chain(&digits[1..]).collect();
        for wrong in ["", "6f1c", &short, &slip] {
            assert!(BackupKey::of_text(wrong).is_none(), "{wrong}");
        }
    }
}
