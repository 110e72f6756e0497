//! The key of the database: 256 random bits that nobody knows by heart.

use std::fmt;

use sha2::{Digest, Sha256};
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

/// Bytes of a key.
pub(crate) const KEY_BYTES: usize = 32;

/// The key a desk's database is encrypted with. Wiped from memory when dropped; never printed.
#[derive(Zeroize, ZeroizeOnDrop)]
pub struct DatabaseKey([u8; KEY_BYTES]);

impl DatabaseKey {
    /// A new random key.
    pub fn random() -> std::io::Result<Self> {
        let mut key = Self([0; KEY_BYTES]);
        fill_random(&mut key.0)?;
        Ok(key)
    }

    /// The key of these bytes; `None` when there are not exactly 32.
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        <[u8; KEY_BYTES]>::try_from(bytes).ok().map(Self)
    }

    pub(crate) fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// What tells a right key from a wrong one without the database. A key of 256 random bits
    /// cannot be guessed from it. Frozen: it stands in every `keys.json`.
    pub(crate) fn check_value(&self) -> [u8; 32] {
        let mut hash = Sha256::new();
        hash.update(b"hotline-desk/database-key-check/1\0");
        hash.update(self.0);
        hash.finalize().into()
    }

    /// `x'…'`, the form in which SQLCipher takes a raw key and derives nothing.
    pub(crate) fn pragma_literal(&self) -> Zeroizing<String> {
        let mut literal = Zeroizing::new(String::with_capacity(2 * KEY_BYTES + 3));
        literal.push_str("x'");
        for byte in self.0 {
            for nibble in [byte >> 4, byte & 15] {
                literal.push(char::from_digit(u32::from(nibble), 16).unwrap_or('0'));
            }
        }
        literal.push('\'');
        literal
    }
}

impl fmt::Debug for DatabaseKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("DatabaseKey(…)")
    }
}

/// Fills `bytes` from the system's random source.
pub(crate) fn fill_random(bytes: &mut [u8]) -> std::io::Result<()> {
    getrandom::fill(bytes).map_err(std::io::Error::other)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_random_and_never_printed() {
        let (one, other) = (
            DatabaseKey::random().unwrap(),
            DatabaseKey::random().unwrap(),
        );
        assert_ne!(one.as_bytes(), other.as_bytes());
        assert_ne!(one.check_value(), other.check_value());
        assert_eq!(format!("{one:?}"), "DatabaseKey(…)");
    }

    #[test]
    fn the_literal_and_the_check_value_are_frozen() {
        let key = DatabaseKey::from_bytes(&[0xA5; 32]).unwrap();
        assert_eq!(*key.pragma_literal(), format!("x'{}'", "a5".repeat(32)));
        assert_eq!(
            crate::columns::to_hex(&key.check_value()),
            "de630f801292abcbb4e8d044b9a5fb13f913310942624d94a7c6a07114ec1a0f",
        );
        assert!(DatabaseKey::from_bytes(&[0; 31]).is_none());
    }
}
