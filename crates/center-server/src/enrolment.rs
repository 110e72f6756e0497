//! 登记 of a desk: a code that is good once and not for long, and from then on a certificate.

use std::sync::Arc;

use anyhow::{Context as _, Result, bail, ensure};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use center::{Ledger as _, RecordChange, Records, Written};
use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use wire::{Answer, DeskId, EnrolRequest, Enrolled, EnrolmentCode, Request, SECRET_BYTES};

use crate::hex::to_hex;
use crate::office::Office;
use crate::writer::{Desk, NotWritten};

/// How long a code is good.
pub const CODE_MINUTES: i64 = 15;

/// Codes that were given out, by the hash of their secret.
const CODES: &str = "enrolment_code";
/// Which desk a certificate is of, by its hash.
const CERTIFICATES: &str = "certificate";
/// Which key a desk was enrolled with: a code is good for one key.
const KEYS: &str = "desk_key";

#[derive(Debug, Serialize, Deserialize)]
struct CodeRow {
    #[serde(with = "chrono::serde::ts_milliseconds")]
    good_until: DateTime<Utc>,
}

#[derive(Debug, Serialize, Deserialize)]
struct CertificateRow {
    desk: DeskId,
    #[serde(with = "chrono::serde::ts_milliseconds")]
    given_at: DateTime<Utc>,
}

#[derive(Debug, Serialize, Deserialize)]
struct KeyRow {
    public_key: String,
}

impl Office {
    /// 发放登记码: whoever types it may enrol one desk.
    pub async fn allow_enrolment(&self) -> Result<(EnrolmentCode, DateTime<Utc>)> {
        let mut random = [0_u8; SECRET_BYTES];
        getrandom::fill(&mut random).context("Making a code")?;
        let code = EnrolmentCode::new(random, self.authority.certificate());
        let good_until = self.clock.now() + TimeDelta::minutes(CODE_MINUTES);
        let row = serde_json::to_string(&CodeRow { good_until })?;
        let put = RecordChange::put(CODES, key_of(&code.secret), row);
        let secret = code.secret.clone();
        let allowed = self.writer.alone(move |desk| {
            desk.center.allow_enrolment(&secret)?;
            let written = desk.records.write(&[put])?;
            ensure!(written == Written::Done, "Whatever stood there");
            Ok(())
        })?;
        allowed.done().await?;
        Ok((code, good_until))
    }

    /// Enrols a desk, or says why not. A code may be shown again by the machine that did not hear
    /// the answer: it is known by its key.
    pub(crate) async fn enrol(&self, request: EnrolRequest) -> Result<Answer, NotWritten> {
        let authority = Arc::clone(&self.authority);
        let clock = Arc::clone(&self.clock);
        let enrolling = self.writer.alone(move |desk| {
            let now = clock.now();
            let Ok(public_key) = BASE64.decode(&request.public_key) else {
                return Ok(malformed());
            };
            let probe = DeskId(String::new());
            if authority.vouch_for(&probe, &public_key)?.is_none() {
                return Ok(malformed());
            }
            if !is_good(desk, &request.code, now)? {
                return Ok(Answer::Unauthorised);
            }
            let public_key_text = request.public_key.clone();
            let answer = desk.center.handle(&Request::Enrol(request), now)?;
            let Answer::Enrolled(enrolled) = answer else {
                return Ok(answer);
            };
            let is_first = match desk.records.get(KEYS, &enrolled.desk.0)? {
                Some(body) => {
                    let row: KeyRow = serde_json::from_str(&body).context("Reading a key")?;
                    if row.public_key != public_key_text {
                        return Ok(Answer::Unauthorised);
                    }
                    false
                }
                None => true,
            };
            let certificate = authority.vouch_for(&enrolled.desk, &public_key)?;
            let certificate = certificate.context("It was a key a moment ago")?;
            let row = CertificateRow {
                desk: enrolled.desk.clone(),
                given_at: now,
            };
            let fingerprint = to_hex(&Sha256::digest(&certificate.der));
            let mut changes = vec![RecordChange::put(
                CERTIFICATES,
                fingerprint,
                serde_json::to_string(&row)?,
            )];
            if is_first {
                let row = KeyRow {
                    public_key: public_key_text,
                };
                let key = enrolled.desk.0.clone();
                changes.push(RecordChange::put(KEYS, key, serde_json::to_string(&row)?));
            }
            if desk.records.write(&changes)? == Written::Conflict {
                bail!("Whatever stood there");
            }
            tracing::info!(desk = enrolled.desk.0, "A desk was enrolled");
            Ok(Answer::Enrolled(Enrolled {
                certificate: certificate.pem,
                ..enrolled
            }))
        })?;
        enrolling.done().await
    }

    /// 注销: from the next request on, and for streams that are open, at once.
    pub async fn revoke_desk(&self, desk: &DeskId) -> Result<bool> {
        let id = desk.clone();
        let revoking = self.writer.alone(move |desk| {
            if desk.center.ledger().desk(&id)?.is_none() {
                return Ok(false);
            }
            desk.center.revoke(&id)?;
            Ok(true)
        })?;
        let is_revoked = revoking.done().await?;
        self.revoked.send_modify(|n| *n += 1);
        Ok(is_revoked)
    }
}

/// Whose certificate it is.
pub(crate) fn desk_of(
    records: &(impl Records + ?Sized),
    certificate: [u8; 32],
) -> Result<Option<DeskId>> {
    let Some(body) = records.get(CERTIFICATES, &to_hex(&certificate))? else {
        return Ok(None);
    };
    let row: CertificateRow = serde_json::from_str(&body).context("Reading a certificate")?;
    Ok(Some(row.desk))
}

fn is_good(desk: &Desk, secret: &str, now: DateTime<Utc>) -> Result<bool> {
    let Some(body) = desk.records.get(CODES, &key_of(secret))? else {
        return Ok(false);
    };
    let row: CodeRow = serde_json::from_str(&body).context("Reading a code")?;
    Ok(now < row.good_until)
}

fn key_of(secret: &str) -> String {
    let mut hash = Sha256::new();
    hash.update(b"hotline-desk/enrolment-row/1\0");
    hash.update(secret);
    to_hex(&hash.finalize())
}

fn malformed() -> Answer {
    Answer::Malformed {
        because: "the desk's key is no key".to_owned(),
    }
}
