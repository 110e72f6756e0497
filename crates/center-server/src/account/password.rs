//! Passwords: what one must be like, and what is kept of it.

use anyhow::{Context as _, Result, ensure};
use argon2::{Algorithm, Argon2, Params, Version};
use serde::{Deserialize, Serialize};
use wire::SignInRefusal;
use zeroize::Zeroizing;

use crate::hex::{from_hex, to_hex};

/// Characters of at least three kinds.
pub const PASSWORD_MIN_CHARS: usize = 10;
/// Characters of any kind.
pub const PASSWORD_PLAIN_MIN_CHARS: usize = 14;
pub const PASSWORD_MAX_CHARS: usize = 128;
const KINDS_MIN: usize = 3;

const SALT_BYTES: usize = 16;
const HASH_BYTES: usize = 32;
/// Argon2id for new verifiers: 64 MiB, 3 passes, 1 lane, as at the desks.
const COST: Cost = Cost {
    memory_kib: 64 * 1024,
    iterations: 3,
    lanes: 1,
};
/// The dearest that a record may ask for.
const COST_MAX: Cost = Cost {
    memory_kib: 256 * 1024,
    iterations: 16,
    lanes: 4,
};

/// What people choose when they are told to choose something, here above all: nothing of a password that is made of
/// these counts, however many of them it has. zxcvbn has the rest.
const GUESSED: [&str; 38] = [
    "password",
    "passwd",
    "passw0rd",
    "p@ssw0rd",
    "p@ssword",
    "admin",
    "administrator",
    "root",
    "welcome",
    "letmein",
    "iloveyou",
    "woaini",
    "woaini1314",
    "qwerty",
    "qwertyuiop",
    "qwer",
    "asdfghjkl",
    "asdf",
    "zxcvbnm",
    "1qaz2wsx",
    "1q2w3e4r",
    "q1w2e3r4",
    "abc",
    "abcd",
    "abcdef",
    "a1b2c3d4",
    "test",
    "hotline",
    "rexian",
    "quxian",
    "qx12345",
    "12345",
    "dazhou",
    "sichuan",
    "mima",
    "渠县",
    "热线",
    "达州",
];
/// Of a random password that an administrator reads out.
const TEMPORARY_GROUPS: usize = 4;
const TEMPORARY_GROUP_CHARS: usize = 4;

/// What is kept of a password.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Verifier {
    #[serde(flatten)]
    cost: Cost,
    salt: String,
    hash: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
struct Cost {
    memory_kib: u32,
    iterations: u32,
    lanes: u32,
}

impl Verifier {
    /// Takes a tenth of a second, on purpose.
    pub(super) fn new(password: &str) -> Result<Self> {
        let mut salt = [0_u8; SALT_BYTES];
        getrandom::fill(&mut salt).context("Making a salt")?;
        Ok(Self {
            cost: COST,
            salt: to_hex(&salt),
            hash: to_hex(&*COST.hash(password, &salt)?),
        })
    }

    /// One that no password fits, and that takes as long to find out.
    pub(super) fn of_nobody() -> Self {
        Self {
            cost: COST,
            salt: "00".repeat(SALT_BYTES),
            hash: String::new(),
        }
    }

    pub(super) fn fits(&self, password: &str) -> Result<bool> {
        let salt = from_hex(&self.salt).context("Reading a salt")?;
        let kept = from_hex(&self.hash).context("Reading a verifier")?;
        let hash = self.cost.hash(password, &salt)?;
        let differences = hash.iter().zip(&kept).fold(0, |all, (a, b)| all | (a ^ b));
        Ok(kept.len() == HASH_BYTES && differences == 0)
    }

    /// Whether it was made at another cost than is asked today.
    pub(super) fn is_outdated(&self) -> bool {
        self.cost != COST
    }
}

impl Cost {
    fn hash(self, password: &str, salt: &[u8]) -> Result<Zeroizing<[u8; HASH_BYTES]>> {
        ensure!(
            self.memory_kib <= COST_MAX.memory_kib
                && self.iterations <= COST_MAX.iterations
                && self.lanes <= COST_MAX.lanes,
            "The cost of a verifier is beyond every bound"
        );
        let mut hash = Zeroizing::new([0_u8; HASH_BYTES]);
        let params = Params::new(
            self.memory_kib,
            self.iterations,
            self.lanes,
            Some(HASH_BYTES),
        );
        params
            .map(|params| Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
            .and_then(|argon2| argon2.hash_password_into(password.as_bytes(), salt, &mut *hash))
            .map_err(|error| anyhow::anyhow!("Argon2: {error}"))?;
        Ok(hash)
    }
}

/// Whether `password` will do for a person who goes by `names` (number and name).
pub(super) fn check(password: &str, names: &[&str]) -> Result<(), SignInRefusal> {
    let n_chars = password.chars().count();
    if n_chars > PASSWORD_MAX_CHARS {
        return Err(SignInRefusal::TooLong {
            max_chars: PASSWORD_MAX_CHARS,
        });
    }
    let kinds: [fn(char) -> bool; 4] = [
        |it| it.is_ascii_digit(),
        char::is_lowercase,
        char::is_uppercase,
        |it| !it.is_ascii_alphanumeric(),
    ];
    let n_kinds = kinds
        .iter()
        .filter(|is_of_kind| password.chars().any(is_of_kind))
        .count();
    let is_long = n_chars >= PASSWORD_PLAIN_MIN_CHARS;
    if !is_long && (n_chars < PASSWORD_MIN_CHARS || n_kinds < KINDS_MIN) {
        return Err(SignInRefusal::TooSimple {
            min_chars: PASSWORD_MIN_CHARS,
            plain_min_chars: PASSWORD_PLAIN_MIN_CHARS,
        });
    }
    if is_common(password, names) {
        return Err(SignInRefusal::TooCommon);
    }
    Ok(())
}

/// Whether it would be guessed soon: made of common passwords, names, rows of keys and dates, or of what is known
/// of the person and the house, however often it is said.
fn is_common(password: &str, names: &[&str]) -> bool {
    let mut known: Vec<&str> = names.iter().chain(&GUESSED).copied().collect();
    known.retain(|word| word.chars().count() >= 2);
    known.sort_by_key(|word| std::cmp::Reverse(word.len()));
    let mut rest = password.to_lowercase();
    for word in &known {
        rest = rest.replace(&word.to_lowercase(), " ");
    }
    let n_left = rest.chars().filter(|it| it.is_alphanumeric()).count();
    n_left < PASSWORD_MIN_CHARS / 2
        || zxcvbn::zxcvbn(password, &known).score() < zxcvbn::Score::Three
}

/// A password for the first time: random, and to be changed at once.
pub fn temporary_password() -> Result<String> {
    const LETTERS: &[u8; 32] = b"abcdefghjkmnpqrstuvwxyz23456789A";
    let mut random = [0_u8; TEMPORARY_GROUPS * TEMPORARY_GROUP_CHARS];
    getrandom::fill(&mut random).context("Making a password")?;
    let groups = random.chunks(TEMPORARY_GROUP_CHARS).map(|group| {
        let letters = group.iter().map(|byte| {
            let letter = LETTERS.get(usize::from(byte % 32));
            letter.map_or('a', |letter| char::from(*letter))
        });
        letters.collect::<String>()
    });
    Ok(groups.collect::<Vec<String>>().join("-"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_will_do() {
        let simple = || SignInRefusal::TooSimple {
            min_chars: PASSWORD_MIN_CHARS,
            plain_min_chars: PASSWORD_PLAIN_MIN_CHARS,
        };
        let cases: [(&str, Result<(), SignInRefusal>); 23] = [
            ("渠江边的老码头很热闹早上六点", Ok(())),
            ("Jennifer1985!", Err(SignInRefusal::TooCommon)),
            ("Sunshine123!", Err(SignInRefusal::TooCommon)),
            ("Zaq!2wsxZaq!2wsx", Err(SignInRefusal::TooCommon)),
            (
                "渠县热线渠县热线渠县热线12345",
                Err(SignInRefusal::TooCommon),
            ),
            ("Passw0rd-admin-root", Err(SignInRefusal::TooCommon)),
            ("Aa1!Aa1!Aa1!Aa1!", Err(SignInRefusal::TooCommon)),
            ("1234567890qwertyuiop", Err(SignInRefusal::TooCommon)),
            ("Lz7-mopq-93kt", Ok(())),
            ("correct horse battery", Ok(())),
            ("Ab3-defgh", Err(simple())),
            ("abcdefghijk", Err(simple())),
            ("ABCDEFGH12", Err(simple())),
            ("", Err(simple())),
            ("Password123!", Err(SignInRefusal::TooCommon)),
            ("P@ssw0rd2026", Err(SignInRefusal::TooCommon)),
            ("Quxian12345!", Err(SignInRefusal::TooCommon)),
            ("Aa123456789!", Err(SignInRefusal::TooCommon)),
            ("12345678901234567890", Err(SignInRefusal::TooCommon)),
            ("aaaaaaaaaaaaaaaaaa", Err(SignInRefusal::TooCommon)),
            ("Qwertyuiop1!", Err(SignInRefusal::TooCommon)),
            ("Liming-liming-1", Err(SignInRefusal::TooCommon)),
            ("A2001-2001-2001x", Err(SignInRefusal::TooCommon)),
        ];
        for (password, expected) in cases {
            assert_eq!(check(password, &["2001", "liming"]), expected, "{password}");
        }
        let long = "水".repeat(PASSWORD_MAX_CHARS + 1);
        let max_chars = PASSWORD_MAX_CHARS;
        assert_eq!(check(&long, &[]), Err(SignInRefusal::TooLong { max_chars }));
    }

    #[test]
    fn a_verifier_fits_its_password_only() {
        let verifier = Verifier::new("渠江边的老码头").unwrap();
        assert!(verifier.fits("渠江边的老码头").unwrap());
        assert!(!verifier.fits("渠江边的新码头").unwrap());
        assert!(!verifier.is_outdated());
        assert!(!Verifier::of_nobody().fits("").unwrap());
        let text = serde_json::to_string(&verifier).unwrap();
        assert!(text.starts_with(r#"{"memory_kib":65536,"iterations":3,"lanes":1,"salt":""#));
    }

    /// What is done with a password is told by how long it takes; the clock is not asked here.
    #[test]
    fn whoever_is_not_known_costs_as_much_as_whoever_is() {
        let (known, nobody) = (Verifier::new("渠江").unwrap(), Verifier::of_nobody());
        assert_eq!(nobody.cost, known.cost);
        assert_eq!(nobody.salt.len(), known.salt.len());
        // The hash of either is reckoned to its end before anything is compared.
        assert_eq!(nobody.fits("渠江").ok(), Some(false));
        assert_eq!(known.fits("渠河").ok(), Some(false));
    }

    #[test]
    fn a_temporary_password_will_do() {
        let one = temporary_password().unwrap();
        assert_eq!(check(&one, &["2001"]), Ok(()), "{one}");
        assert_ne!(one, temporary_password().unwrap());
    }
}
