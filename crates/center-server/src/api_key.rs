//! 接口密钥: by what programs of others are known. Only the hash of a key is kept; the administrator
//! sees a key once, when it is made.

use anyhow::Result;
use center::{RecordChange, Records};
use chrono::{DateTime, Utc};
use domain::matter::{Channel, Source};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::hex::to_hex;

/// Its rows, by the hash of the key.
pub const KIND: &str = "api_key";
/// Bytes of randomness in a key.
pub const KEY_BYTES: usize = 32;
/// A longer one is none.
pub(crate) const TEXT_MAX_CHARS: usize = 200;
/// Keys that are listed at most.
const KEYS_MAX: usize = 1_000;

/// What a key is good for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "for", rename_all = "snake_case")]
pub enum KeyUse {
    /// Filing by Open311, as coming through this channel.
    Open311 { channel: Channel },
    /// 上级: handing down orders and ratings, and taking results.
    Upstream { source: Source },
}

/// 接口密钥 as it is kept. Frozen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ApiKey {
    /// Whose it is, as the administrator called it.
    pub name: String,
    #[serde(flatten)]
    pub usage: KeyUse,
    #[serde(with = "chrono::serde::ts_milliseconds")]
    pub made_at: DateTime<Utc>,
    #[serde(default)]
    pub is_revoked: bool,
}

/// The text of a new key.
pub fn text_of(random: [u8; KEY_BYTES]) -> String {
    format!("hk_{}", to_hex(&random))
}

/// The row of a new key.
pub fn row(text: &str, key: &ApiKey) -> Result<RecordChange> {
    Ok(RecordChange::put(KIND, hash(text), serde_json::to_string(key)?).if_new())
}

/// The key that somebody shows, unless it is none or was revoked.
pub fn find(records: &dyn Records, text: &str) -> Result<Option<ApiKey>> {
    if text.is_empty() || text.chars().count() > TEXT_MAX_CHARS {
        return Ok(None);
    }
    let Some(body) = records.get(KIND, &hash(text))? else {
        return Ok(None);
    };
    let key: ApiKey = serde_json::from_str(&body)?;
    Ok((!key.is_revoked).then_some(key))
}

/// Every key with the hash by which it is kept.
pub fn all(records: &dyn Records) -> Result<Vec<(String, ApiKey)>> {
    let rows = records.range(KIND, "", "", KEYS_MAX)?;
    rows.into_iter()
        .map(|row| Ok((row.key, serde_json::from_str(&row.body)?)))
        .collect()
}

/// The row of a key that is good no longer.
pub fn revoked(hash: &str, key: ApiKey) -> Result<RecordChange> {
    let key = ApiKey {
        is_revoked: true,
        ..key
    };
    Ok(RecordChange::put(KIND, hash, serde_json::to_string(&key)?))
}

pub(crate) fn hash(text: &str) -> String {
    to_hex(&Sha256::digest(text.as_bytes()))
}

#[cfg(test)]
mod tests {
    use center::{MemoryRecords, Written};

    use super::*;

    #[test]
    fn a_key_is_known_until_it_is_revoked_and_is_kept_nowhere() {
        let mut records = MemoryRecords::default();
        let text = text_of([7; KEY_BYTES]);
        let key = ApiKey {
            name: "市民通".to_owned(),
            usage: KeyUse::Open311 {
                channel: Channel::App,
            },
            made_at: DateTime::UNIX_EPOCH,
            is_revoked: false,
        };
        let made = row(&text, &key).unwrap();
        assert!(!format!("{made:?}").contains(&text));
        assert_eq!(records.write(&[made]).unwrap(), Written::Done);
        assert_eq!(find(&records, &text).unwrap(), Some(key.clone()));
        for wrong in [
            "",
            "hk_",
            text.trim_end_matches(char::is_alphanumeric),
            &"长".repeat(500),
        ] {
            assert_eq!(find(&records, wrong).unwrap(), None, "{wrong}");
        }
        let (hash, key) = all(&records).unwrap().pop().unwrap();
        let gone = revoked(&hash, key).unwrap();
        assert_eq!(records.write(&[gone]).unwrap(), Written::Done);
        assert_eq!(find(&records, &text).unwrap(), None);
    }
}
