//! 涂销: how a text can be taken out of a chain that holds all the same (个人信息保护法 第四十七条).
//!
//! What is hashed is not the text but a hash of it with a salt. Text and salt can go; the hash stays in
//! their place, the chain is what it was, and without the salt nobody finds out by trying which number
//! or name it was.

use std::cell::Cell;
use std::fmt;
use std::str::FromStr;

use data_encoding::{HEXLOWER, HEXLOWER_PERMISSIVE};
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::hash::{Canonical, Hash};

const SALT_BYTES: usize = 16;
/// How the two forms begin as text. Frozen.
const SALTED: &str = "salted:";
const REDACTED: &str = "redacted:";

/// Random bytes that stand beside one text alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Salt(pub [u8; SALT_BYTES]);

impl Salt {
    /// A new one.
    ///
    /// # Errors
    /// When the system has no random bytes.
    pub fn fresh() -> Result<Self, getrandom::Error> {
        let mut bytes = [0; SALT_BYTES];
        getrandom::fill(&mut bytes)?;
        Ok(Self(bytes))
    }
}

/// Where salts come from.
#[derive(Debug, Default)]
pub enum Salts {
    /// The system's random bytes.
    #[default]
    System,
    /// The same ones each time, one after the other: for a simulation that is to give the same run twice.
    Counted(Cell<u64>),
}

impl Salts {
    /// The same ones each time, from the `first` on.
    pub fn counted_from(first: u64) -> Self {
        Self::Counted(Cell::new(first))
    }

    /// The next one.
    ///
    /// # Errors
    /// When the system has no random bytes.
    pub fn fresh(&self) -> Result<Salt, getrandom::Error> {
        match self {
            Self::System => Salt::fresh(),
            Self::Counted(counted) => {
                let nth = counted.get();
                counted.set(nth.wrapping_add(1));
                let mut form = Canonical::new(b"hotline-desk/counted-salt/1\0");
                form.number(nth);
                let Hash(bytes) = form.finish();
                let mut salt = Salt([0; SALT_BYTES]);
                salt.0
                    .iter_mut()
                    .zip(bytes)
                    .for_each(|(to, from)| *to = from);
                Ok(salt)
            }
        }
    }
}

/// How a text stands in the hash of what it is in.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Cover {
    /// By itself, as in protocol 1. It cannot be taken out.
    #[default]
    Bare,
    /// By a hash of it and of this.
    Salted(Salt),
    /// 已涂销: by the hash of what was taken out.
    Redacted(Hash),
}

impl Cover {
    pub fn is_bare(&self) -> bool {
        *self == Self::Bare
    }

    pub fn is_redacted(&self) -> bool {
        matches!(self, Self::Redacted(_))
    }

    /// What is hashed in the place of `text`; `None` where it is the text.
    pub(crate) fn hash_of(&self, text: &str) -> Option<Hash> {
        match self {
            Self::Bare => None,
            Self::Salted(salt) => {
                let mut form = Canonical::new(b"hotline-desk/salted/1\0");
                form.text(&HEXLOWER.encode(&salt.0));
                form.text(text);
                Some(form.finish())
            }
            Self::Redacted(hash) => Some(*hash),
        }
    }

    /// The same once `text` is taken out; `None` for one that cannot be.
    pub(crate) fn redacted(&self, text: &str) -> Option<Self> {
        self.hash_of(text).map(Self::Redacted)
    }
}

/// The form in which stores keep it; empty for a bare text.
impl fmt::Display for Cover {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Bare => Ok(()),
            Self::Salted(salt) => write!(f, "{SALTED}{}", HEXLOWER.encode(&salt.0)),
            Self::Redacted(hash) => write!(f, "{REDACTED}{hash}"),
        }
    }
}

/// Not a cover as it is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("neither a salt nor the hash of what was taken out")]
pub struct NoCover;

impl FromStr for Cover {
    type Err = NoCover;

    fn from_str(text: &str) -> Result<Self, NoCover> {
        if text.is_empty() {
            Ok(Self::Bare)
        } else if let Some(salt) = text.strip_prefix(SALTED) {
            let bytes = HEXLOWER_PERMISSIVE.decode(salt.as_bytes());
            let bytes = bytes.map_err(|_not_hex| NoCover)?;
            let salt = bytes.try_into().map_err(|_other_length| NoCover)?;
            Ok(Self::Salted(Salt(salt)))
        } else {
            let hash = text.strip_prefix(REDACTED).ok_or(NoCover)?;
            Ok(Self::Redacted(hash.parse().map_err(|_no_hash| NoCover)?))
        }
    }
}

impl Serialize for Cover {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Cover {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(D::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_text_there_and_back() {
        let salted = Cover::Salted(Salt([7; SALT_BYTES]));
        let redacted = salted.redacted("小区停水").unwrap();
        for cover in [Cover::Bare, salted, redacted] {
            assert_eq!(cover.to_string().parse(), Ok(cover));
        }
        for bad in ["salted", "salted:00", "redacted:", "水", "salted:水"] {
            assert_eq!(bad.parse::<Cover>(), Err(NoCover), "{bad}");
        }
    }

    #[test]
    fn the_hash_stays_and_says_nothing_without_the_salt() {
        let salted = Cover::Salted(Salt([7; SALT_BYTES]));
        let redacted = salted.redacted("13800001234").unwrap();
        assert_eq!(redacted.hash_of(""), salted.hash_of("13800001234"));
        let other = Cover::Salted(Salt([8; SALT_BYTES]));
        assert_ne!(other.hash_of("13800001234"), salted.hash_of("13800001234"));
        assert_eq!(Cover::Bare.redacted("13800001234"), None);
        assert_ne!(Salt::fresh().unwrap(), Salt::fresh().unwrap());
    }
}
