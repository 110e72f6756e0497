//! Where the database key is kept: `keys.json`, wrapped so that each slot alone opens it.
//!
//! Two slots: the passphrase (Argon2id, then XChaCha20-Poly1305) is always there; the keyring of
//! the person's session holds the key as it is, under a name that the file gives. Losing the
//! keyring loses nothing. A third slot, sealed to the center, comes with the center.
//!
//! A random key in slots, rather than a key derived from the passphrase by SQLCipher itself: the
//! passphrase can be changed without rewriting the database, a second way in needs no second
//! copy, opening costs 3 ms instead of 150, and a wrong passphrase can be told from a damaged file.

use std::io;
use std::path::Path;

use argon2::{Algorithm, Argon2, Params, Version};
use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{Key, XChaCha20Poly1305, XNonce};
use serde::{Deserialize, Serialize};
use thiserror::Error;
use zeroize::Zeroizing;

use crate::columns::{from_hex, to_hex};
use crate::folder::{self, replace_file};
use crate::key::{DatabaseKey, KEY_BYTES, fill_random};
use crate::keyring::KeyHolder;

/// The fewest characters of a passphrase.
pub const PASSPHRASE_MIN_CHARS: usize = 10;

/// The form of the file. Frozen: what a released program wrote must open for ever.
const FORMAT: u32 = 1;
const SALT_BYTES: usize = 16;
const NONCE_BYTES: usize = 24;
/// Argon2id for new slots: 64 MiB, 3 passes, 1 lane; 113 ms where it was measured.
const COST: Cost = Cost {
    memory_kib: 64 * 1024,
    iterations: 3,
    lanes: 1,
};
/// The dearest cost a file may ask for; a damaged one could ask for all memory there is.
const COST_MAX: Cost = Cost {
    memory_kib: 1024 * 1024,
    iterations: 64,
    lanes: 16,
};

/// Why a key could not be made, kept or had.
#[derive(Debug, Error)]
pub enum KeyError {
    #[error("the passphrase is wrong")]
    WrongPassphrase,
    #[error("a passphrase has at least {min_chars} characters")]
    PassphraseTooShort { min_chars: usize },
    /// There is a database, but not the file with its keys. Without a copy of that file nobody can
    /// read it.
    #[error("the keys are missing")]
    SlotsMissing,
    #[error("the keys are damaged: {detail}")]
    SlotsDamaged { detail: String },
    #[error("the keys could not be read or written")]
    Storage(#[from] io::Error),
}

/// `keys.json`, read.
#[derive(Debug, Serialize, Deserialize)]
pub struct KeySlots {
    format: u32,
    /// Random; tells this folder's entry in the keyring from any other folder's.
    id: Hex,
    /// Tells the right key from a wrong one.
    check: Hex,
    passphrase: PassphraseSlot,
    keyring: KeyringSlot,
}

#[derive(Debug, Serialize, Deserialize)]
struct PassphraseSlot {
    kdf: Kdf,
    #[serde(flatten)]
    cost: Cost,
    salt: Hex,
    cipher: Cipher,
    nonce: Hex,
    wrapped_key: Hex,
}

/// Only the name; the key is in the keyring, if there is one.
#[derive(Debug, Serialize, Deserialize)]
struct KeyringSlot {
    entry: String,
}

#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Kdf {
    Argon2id,
}

#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
enum Cipher {
    #[serde(rename = "xchacha20poly1305")]
    XChaCha20Poly1305,
}

#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
struct Cost {
    memory_kib: u32,
    iterations: u32,
    lanes: u32,
}

/// Bytes that stand as hex in the file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
struct Hex(Vec<u8>);

impl From<Hex> for String {
    fn from(hex: Hex) -> Self {
        to_hex(&hex.0)
    }
}

impl TryFrom<String> for Hex {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        from_hex(&text).map(Self).ok_or("not hex digits")
    }
}

impl KeySlots {
    /// Whether the folder has keys.
    pub fn exists(folder: &Path) -> bool {
        folder.join(folder::KEYS).exists()
    }

    /// Makes a new key and writes its slots; the keyring gets it with [`Self::put_in_keyring`].
    ///
    /// Keys that are there are never overwritten, and none are made for a database that has lost
    /// its own: the first gives [`KeyError::Storage`], the second [`KeyError::SlotsMissing`].
    pub fn create(folder: &Path, passphrase: &str) -> Result<(Self, DatabaseKey), KeyError> {
        if passphrase.chars().count() < PASSPHRASE_MIN_CHARS {
            let min_chars = PASSPHRASE_MIN_CHARS;
            return Err(KeyError::PassphraseTooShort { min_chars });
        }
        if Self::exists(folder) {
            return Err(io::Error::from(io::ErrorKind::AlreadyExists).into());
        }
        if has_database(folder)? {
            return Err(KeyError::SlotsMissing);
        }
        let key = DatabaseKey::random()?;
        let id = random_hex(16)?;
        let slots = Self {
            format: FORMAT,
            keyring: KeyringSlot {
                entry: format!("desk-{}", String::from(id.clone())),
            },
            passphrase: PassphraseSlot::wrap(&key, passphrase, &id)?,
            check: Hex(key.check_value().to_vec()),
            id,
        };
        std::fs::create_dir_all(folder)?;
        let text = serde_json::to_vec_pretty(&slots).map_err(io::Error::other)?;
        replace_file(&folder.join(folder::KEYS), &text)?;
        Ok((slots, key))
    }

    /// Reads the slots of the folder.
    pub fn load(folder: &Path) -> Result<Self, KeyError> {
        let text = match std::fs::read(folder.join(folder::KEYS)) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                return Err(KeyError::SlotsMissing);
            }
            Err(error) => return Err(error.into()),
        };
        let slots: Self =
            serde_json::from_slice(&text).map_err(|error| damaged(error.to_string()))?;
        if slots.format != FORMAT {
            return Err(damaged(format!("unknown format {}", slots.format)));
        }
        slots.passphrase.check_form()?;
        Ok(slots)
    }

    /// The key, if the keyring has it. No keyring, no entry, or an entry that is not this
    /// database's key: `None`, and the passphrase is to be asked for.
    pub fn unlock_from_keyring(
        &self,
        keyring: &dyn KeyHolder,
    ) -> Result<Option<DatabaseKey>, KeyError> {
        let secret = match keyring.load(&self.keyring.entry) {
            Ok(Some(secret)) => Zeroizing::new(secret),
            Ok(None) => return Ok(None),
            Err(error) => {
                tracing::warn!(%error, "No key from the keyring");
                return Ok(None);
            }
        };
        let key = DatabaseKey::from_bytes(&secret).filter(|key| self.is_right(key));
        if key.is_none() {
            tracing::warn!("The keyring has another key under this desk's name");
        }
        Ok(key)
    }

    /// The key, if the passphrase is right. Takes about 0.1 s, on purpose.
    pub fn unlock_with_passphrase(&self, passphrase: &str) -> Result<DatabaseKey, KeyError> {
        let key = self.passphrase.unwrap_key(passphrase, &self.id)?;
        if self.is_right(&key) {
            Ok(key)
        } else {
            Err(damaged("the check value is not this key's"))
        }
    }

    /// Puts the key into the keyring, so that the next start needs no passphrase; tells whether it
    /// is there now. A locked keyring may ask the person for its own password.
    pub fn put_in_keyring(&self, key: &DatabaseKey, keyring: &dyn KeyHolder) -> bool {
        match keyring.store(&self.keyring.entry, key.as_bytes()) {
            Ok(()) => true,
            Err(error) => {
                tracing::warn!(%error, "The key is not in the keyring");
                false
            }
        }
    }

    fn is_right(&self, key: &DatabaseKey) -> bool {
        self.check.0 == key.check_value()
    }
}

impl PassphraseSlot {
    fn wrap(key: &DatabaseKey, passphrase: &str, id: &Hex) -> Result<Self, KeyError> {
        let (salt, nonce) = (random_hex(SALT_BYTES)?, random_hex(NONCE_BYTES)?);
        let mut slot = Self {
            kdf: Kdf::Argon2id,
            cost: COST,
            salt,
            cipher: Cipher::XChaCha20Poly1305,
            nonce,
            wrapped_key: Hex(Vec::new()),
        };
        let payload = Payload {
            msg: key.as_bytes(),
            aad: &id.0,
        };
        let wrapped = slot.cipher(passphrase)?.encrypt(&slot.nonce()?, payload);
        slot.wrapped_key = Hex(wrapped.map_err(io::Error::other)?);
        Ok(slot)
    }

    fn unwrap_key(&self, passphrase: &str, id: &Hex) -> Result<DatabaseKey, KeyError> {
        let payload = Payload {
            msg: &self.wrapped_key.0,
            aad: &id.0,
        };
        // A tag that does not fit is a wrong passphrase or a changed slot; nobody can tell which.
        let Ok(key) = self.cipher(passphrase)?.decrypt(&self.nonce()?, payload) else {
            return Err(KeyError::WrongPassphrase);
        };
        let key = Zeroizing::new(key);
        DatabaseKey::from_bytes(&key).ok_or_else(|| damaged("the key has not 32 bytes"))
    }

    fn cipher(&self, passphrase: &str) -> Result<XChaCha20Poly1305, KeyError> {
        let (Kdf::Argon2id, Cipher::XChaCha20Poly1305) = (self.kdf, self.cipher);
        let Cost {
            memory_kib,
            iterations,
            lanes,
        } = self.cost;
        let mut wrapping_key = Zeroizing::new([0_u8; KEY_BYTES]);
        Params::new(memory_kib, iterations, lanes, Some(KEY_BYTES))
            .map(|params| Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
            .and_then(|argon2| {
                argon2.hash_password_into(passphrase.as_bytes(), &self.salt.0, &mut *wrapping_key)
            })
            .map_err(|error| damaged(error.to_string()))?;
        Ok(XChaCha20Poly1305::new(&Key::from(*wrapping_key)))
    }

    fn nonce(&self) -> Result<XNonce, KeyError> {
        let nonce = <[u8; NONCE_BYTES]>::try_from(self.nonce.0.as_slice());
        let nonce = nonce.map_err(|error| damaged(error.to_string()))?;
        Ok(XNonce::from(nonce))
    }

    fn check_form(&self) -> Result<(), KeyError> {
        let cost_is_bearable = self.cost.memory_kib <= COST_MAX.memory_kib
            && self.cost.iterations <= COST_MAX.iterations
            && self.cost.lanes <= COST_MAX.lanes;
        if !cost_is_bearable {
            return Err(damaged("the cost of the passphrase is beyond every bound"));
        }
        self.nonce().map(drop)
    }
}

fn has_database(folder: &Path) -> io::Result<bool> {
    match folder.join(folder::DATABASE).metadata() {
        Ok(file) => Ok(file.len() > 0),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
        Err(error) => Err(error),
    }
}

fn random_hex(n_bytes: usize) -> io::Result<Hex> {
    let mut bytes = vec![0; n_bytes];
    fill_random(&mut bytes)?;
    Ok(Hex(bytes))
}

fn damaged(detail: impl Into<String>) -> KeyError {
    let detail = detail.into();
    KeyError::SlotsDamaged { detail }
}

#[cfg(test)]
mod tests;
