//! 签名, by Standard Webhooks.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chrono::{DateTime, Utc};
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;
use thiserror::Error;

use super::Secret;

/// What a secret begins with, before its base64.
const PREFIX: &str = "whsec_";
/// Bytes of a secret, as the specification has it.
const BYTES_MIN: usize = 24;
const BYTES_MAX: usize = 64;

/// Why a text is no secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum SecretFault {
    #[error("a secret begins with whsec_")]
    OtherPrefix,
    #[error("a secret is base64 of {BYTES_MIN} to {BYTES_MAX} bytes")]
    NotBase64,
}

impl Secret {
    /// Reads `whsec_…`.
    pub fn read(text: &str) -> Result<Self, SecretFault> {
        let digits = text.trim().strip_prefix(PREFIX);
        let digits = digits.ok_or(SecretFault::OtherPrefix)?;
        let bytes = STANDARD.decode(digits);
        let bytes = bytes.map_err(|_not_base64| SecretFault::NotBase64)?;
        if (BYTES_MIN..=BYTES_MAX).contains(&bytes.len()) {
            Ok(Self(bytes))
        } else {
            Err(SecretFault::NotBase64)
        }
    }
}

/// The three headers of a message that is sent now.
pub fn sign(
    secret: &Secret,
    id: &str,
    now: DateTime<Utc>,
    body: &str,
) -> [(&'static str, String); 3] {
    let timestamp = now.timestamp().to_string();
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(&secret.0) else {
        unreachable!("HMAC takes keys of any length")
    };
    for part in [id, ".", &timestamp, ".", body] {
        mac.update(part.as_bytes());
    }
    let signature = STANDARD.encode(mac.finalize().into_bytes());
    [
        ("webhook-id", id.to_owned()),
        ("webhook-timestamp", timestamp),
        ("webhook-signature", format!("v1,{signature}")),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example of the specification.
    #[test]
    fn as_the_specification_signs() {
        let secret = Secret::read("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").unwrap();
        let at = DateTime::from_timestamp(1_614_265_330, 0).unwrap();
        let [_, timestamp, signature] = sign(
            &secret,
            "msg_p5jXN8AQM9LWM0D4loKWxJek",
            at,
            "{\"test\": 2432232314}",
        );
        assert_eq!(timestamp.1, "1614265330");
        assert_eq!(
            signature.1,
            "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
        );
    }

    #[test]
    fn what_is_no_secret_is_refused_and_no_secret_is_shown() {
        assert_eq!(Secret::read("geheim"), Err(SecretFault::OtherPrefix));
        assert_eq!(Secret::read("whsec_###"), Err(SecretFault::NotBase64));
        assert_eq!(Secret::read("whsec_c2hvcnQ="), Err(SecretFault::NotBase64));
        let secret = Secret::read("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").unwrap();
        assert_eq!(format!("{secret:?}"), "Secret");
    }
}
