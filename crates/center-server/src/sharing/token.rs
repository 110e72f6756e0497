//! 共享令牌: by what a program of a unit or an authority is known, and what it was granted. Only the hash of
//! a token is kept; the administrator sees it once, when it is made.

use anyhow::Result;
use center::{RecordChange, Records};
use chrono::{DateTime, NaiveDate, Utc};
use domain::Role;
use domain::data_sharing::{ShareGrant, ShareScope};
use serde::{Deserialize, Serialize};

use crate::api_key::{KEY_BYTES, TEXT_MAX_CHARS, hash};
use crate::hex::to_hex;

/// Its rows, by the hash of the token.
const KIND: &str = "share_token";
/// Tokens that are listed at most.
const TOKENS_MAX: usize = 1_000;

/// 共享令牌 as it is kept. Frozen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShareToken {
    /// 读取方, as the administrator called it.
    pub name: String,
    /// By whose eyes it reads.
    pub role: Role,
    pub scope: ShareScope,
    /// The last day on which it is good, in Beijing.
    pub expires_on: NaiveDate,
    #[serde(with = "chrono::serde::ts_milliseconds")]
    pub made_at: DateTime<Utc>,
    #[serde(default)]
    pub is_revoked: bool,
}

impl ShareToken {
    pub fn of(grant: ShareGrant, made_at: DateTime<Utc>) -> Self {
        let ShareGrant {
            name,
            role,
            scope,
            expires_on,
        } = grant;
        Self {
            name,
            role,
            scope,
            expires_on,
            made_at,
            is_revoked: false,
        }
    }

    /// Whether it lets anybody in on that day.
    pub fn is_good_on(&self, today: NaiveDate) -> bool {
        !self.is_revoked && today <= self.expires_on
    }
}

/// The text of a new token.
pub fn text_of(random: [u8; KEY_BYTES]) -> String {
    format!("hs_{}", to_hex(&random))
}

/// The row of a new token.
pub fn row(text: &str, token: &ShareToken) -> Result<RecordChange> {
    Ok(RecordChange::put(KIND, hash(text), serde_json::to_string(token)?).if_new())
}

/// The token that somebody shows, also one that is good no longer; none where it never was one.
pub fn find(records: &dyn Records, text: &str) -> Result<Option<ShareToken>> {
    if text.is_empty() || text.chars().count() > TEXT_MAX_CHARS {
        return Ok(None);
    }
    let body = records.get(KIND, &hash(text))?;
    Ok(body.map(|body| serde_json::from_str(&body)).transpose()?)
}

/// Every token with the hash by which it is kept.
pub fn all(records: &dyn Records) -> Result<Vec<(String, ShareToken)>> {
    let rows = records.range(KIND, "", "", TOKENS_MAX)?;
    rows.into_iter()
        .map(|row| Ok((row.key, serde_json::from_str(&row.body)?)))
        .collect()
}

/// The row of a token that is good no longer.
pub fn revoked(hash: &str, token: ShareToken) -> Result<RecordChange> {
    let token = ShareToken {
        is_revoked: true,
        ..token
    };
    Ok(RecordChange::put(
        KIND,
        hash,
        serde_json::to_string(&token)?,
    ))
}

#[cfg(test)]
mod tests {
    use center::{MemoryRecords, Written};

    use super::*;

    #[test]
    fn a_token_is_good_until_it_is_revoked_or_over_and_is_kept_nowhere() {
        let mut records = MemoryRecords::default();
        let text = text_of([7; KEY_BYTES]);
        let token = ShareToken {
            name: "县住建局系统".to_owned(),
            role: Role::Liaison,
            scope: ShareScope::All,
            expires_on: NaiveDate::from_ymd_opt(2027, 6, 30).unwrap(),
            made_at: DateTime::UNIX_EPOCH,
            is_revoked: false,
        };
        let made = row(&text, &token).unwrap();
        assert!(!format!("{made:?}").contains(&text));
        assert_eq!(records.write(&[made]).unwrap(), Written::Done);
        let found = find(&records, &text).unwrap().unwrap();
        assert_eq!(found, token);
        assert!(found.is_good_on(token.expires_on));
        assert!(!found.is_good_on(token.expires_on.succ_opt().unwrap()));
        for wrong in ["", "hs_", &"长".repeat(500)] {
            assert_eq!(find(&records, wrong).unwrap(), None, "{wrong}");
        }
        let (hash, token) = all(&records).unwrap().pop().unwrap();
        let gone = revoked(&hash, token).unwrap();
        assert_eq!(records.write(&[gone]).unwrap(), Written::Done);
        let found = find(&records, &text).unwrap().unwrap();
        assert!(!found.is_good_on(found.expires_on));
    }
}
