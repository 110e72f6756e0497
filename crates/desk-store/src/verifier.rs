//! 离线核验: what a password is compared with while the center cannot be reached, and who may not try
//! again yet.

use argon2::{Algorithm, Argon2, Params, Version};
use chrono::{DateTime, Utc};
use domain::{Actor, ActorId};
use rusqlite::{OptionalExtension as _, params};
use zeroize::Zeroizing;

use crate::columns::{AsJson, AsMillis};
use crate::fault::StoreFault;
use crate::key::fill_random;
use crate::store::{Reader, Writer};

pub(crate) const CREATE: &str = "
    CREATE TABLE offline_verifier (
        person TEXT NOT NULL PRIMARY KEY,
        actor TEXT NOT NULL,
        salt BLOB NOT NULL,
        memory_kib INTEGER NOT NULL,
        iterations INTEGER NOT NULL,
        lanes INTEGER NOT NULL,
        hash BLOB NOT NULL,
        signed_in_at INTEGER NOT NULL,
        trusted_until INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;
    -- blocked_until 0: free to try.
    CREATE TABLE sign_in_guard (
        person TEXT NOT NULL PRIMARY KEY,
        n_failures INTEGER NOT NULL,
        blocked_until INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;
";

/// As costly as the slot of the passphrase.
const MEMORY_KIB: u32 = 64 * 1024;
const ITERATIONS: u32 = 3;
const LANES: u32 = 1;
const SALT_BYTES: usize = 16;
const HASH_BYTES: usize = 32;

/// What a password is compared with: Argon2id with a salt of its own, which is not the center's.
#[derive(Clone, PartialEq, Eq)]
pub struct Verifier {
    salt: Vec<u8>,
    memory_kib: u32,
    iterations: u32,
    lanes: u32,
    hash: Vec<u8>,
}

impl Verifier {
    /// Takes a tenth of a second: never inside a transaction.
    pub fn of(password: &str) -> Result<Self, StoreFault> {
        let mut salt = vec![0; SALT_BYTES];
        fill_random(&mut salt).map_err(anyhow::Error::from)?;
        let mut verifier = Self {
            salt,
            memory_kib: MEMORY_KIB,
            iterations: ITERATIONS,
            lanes: LANES,
            hash: Vec::new(),
        };
        verifier.hash = verifier.derived(password)?.to_vec();
        Ok(verifier)
    }

    pub fn is_of(&self, password: &str) -> Result<bool, StoreFault> {
        let derived = self.derived(password)?;
        // Every byte is looked at, wherever the first difference is.
        let difference = derived
            .iter()
            .zip(&self.hash)
            .fold(0, |found, (one, other)| found | (one ^ other));
        Ok(difference == 0 && derived.len() == self.hash.len())
    }

    fn derived(&self, password: &str) -> Result<Zeroizing<[u8; HASH_BYTES]>, StoreFault> {
        let mut hash = Zeroizing::new([0; HASH_BYTES]);
        Params::new(
            self.memory_kib,
            self.iterations,
            self.lanes,
            Some(HASH_BYTES),
        )
        .map(|params| Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
        .and_then(|argon2| argon2.hash_password_into(password.as_bytes(), &self.salt, &mut *hash))
        .map_err(|error| anyhow::anyhow!("Deriving a verifier: {error}"))?;
        Ok(hash)
    }
}

impl std::fmt::Debug for Verifier {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Verifier(…)")
    }
}

/// A person who has signed in at this desk with the center's word on it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredVerifier {
    /// The person as the center named it then.
    pub actor: Actor,
    pub verifier: Verifier,
    pub signed_in_at: DateTime<Utc>,
    /// Until then the password counts without the center.
    pub trusted_until: DateTime<Utc>,
}

/// How often somebody failed in a row, and until when no further try is taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct SignInGuard {
    pub n_failures: u32,
    pub blocked_until: Option<DateTime<Utc>>,
}

impl Reader {
    /// `None` for a person who never signed in here online.
    pub fn verifier(&self, person: &ActorId) -> Result<Option<StoredVerifier>, StoreFault> {
        let sql = "SELECT actor, salt, memory_kib, iterations, lanes, hash, signed_in_at,
                          trusted_until
                   FROM offline_verifier WHERE person = ?1";
        let mut statement = self.connection().prepare_cached(sql)?;
        let stored = statement.query_row([&person.0], |row| {
            Ok(StoredVerifier {
                actor: row.get::<_, AsJson<_>>("actor")?.0,
                verifier: Verifier {
                    salt: row.get("salt")?,
                    memory_kib: row.get("memory_kib")?,
                    iterations: row.get("iterations")?,
                    lanes: row.get("lanes")?,
                    hash: row.get("hash")?,
                },
                signed_in_at: row.get::<_, AsMillis>("signed_in_at")?.0,
                trusted_until: row.get::<_, AsMillis>("trusted_until")?.0,
            })
        });
        Ok(stored.optional()?)
    }

    pub fn sign_in_guard(&self, person: &ActorId) -> Result<SignInGuard, StoreFault> {
        let sql = "SELECT n_failures, blocked_until FROM sign_in_guard WHERE person = ?1";
        let mut statement = self.connection().prepare_cached(sql)?;
        let guard = statement.query_row([&person.0], |row| {
            let AsMillis(until) = row.get("blocked_until")?;
            Ok(SignInGuard {
                n_failures: row.get("n_failures")?,
                blocked_until: Some(until).filter(|it| *it > DateTime::UNIX_EPOCH),
            })
        });
        Ok(guard.optional()?.unwrap_or_default())
    }
}

impl Writer {
    pub fn put_verifier(&mut self, stored: &StoredVerifier) -> Result<(), StoreFault> {
        let sql = "INSERT OR REPLACE INTO offline_verifier
                       (person, actor, salt, memory_kib, iterations, lanes, hash, signed_in_at,
                        trusted_until)
                   VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)";
        let StoredVerifier {
            actor,
            verifier,
            signed_in_at,
            trusted_until,
        } = stored;
        self.connection().prepare_cached(sql)?.execute(params![
            actor.id.0,
            AsJson(actor),
            verifier.salt,
            verifier.memory_kib,
            verifier.iterations,
            verifier.lanes,
            verifier.hash,
            AsMillis(*signed_in_at),
            AsMillis(*trusted_until),
        ])?;
        Ok(())
    }

    /// The password counts no more without the center.
    pub fn forget_verifier(&mut self, person: &ActorId) -> Result<(), StoreFault> {
        let sql = "DELETE FROM offline_verifier WHERE person = ?1";
        self.connection()
            .prepare_cached(sql)?
            .execute([&person.0])?;
        Ok(())
    }

    pub fn put_sign_in_guard(
        &mut self,
        person: &ActorId,
        guard: SignInGuard,
    ) -> Result<(), StoreFault> {
        let sql = "INSERT OR REPLACE INTO sign_in_guard (person, n_failures, blocked_until)
                   VALUES (?1, ?2, ?3)";
        let until = guard.blocked_until.unwrap_or(DateTime::UNIX_EPOCH);
        self.connection().prepare_cached(sql)?.execute(params![
            person.0,
            guard.n_failures,
            AsMillis(until)
        ])?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use domain::Role;

    use super::*;
    use crate::tests::{Desk, at};

    #[test]
    fn a_password_is_known_again_and_its_hash_is_its_own() {
        let one = Verifier::of("渠江水长流2026").unwrap();
        let other = Verifier::of("渠江水长流2026").unwrap();
        assert!(one.is_of("渠江水长流2026").unwrap());
        assert!(!one.is_of("渠江水长流2027").unwrap());
        assert_ne!(one, other, "each has a salt of its own");
        assert_eq!(format!("{one:?}"), "Verifier(…)");
    }

    #[test]
    fn verifiers_and_guards_outlive_a_restart() {
        let mut desk = Desk::new();
        let person = ActorId("1001".to_owned());
        let stored = StoredVerifier {
            actor: Actor {
                id: person.clone(),
                name: "陈晓梅".to_owned(),
                roles: vec![Role::Operator],
                unit: None,
            },
            verifier: Verifier::of("渠江水长流2026").unwrap(),
            signed_in_at: at("2026-11-23 09:15"),
            trusted_until: at("2026-11-30 09:15"),
        };
        let guard = SignInGuard {
            n_failures: 5,
            blocked_until: Some(at("2026-11-23 09:16")),
        };
        desk.change(|writer| {
            writer.put_verifier(&stored)?;
            writer.put_sign_in_guard(&person, guard)
        });
        desk.restart();
        assert_eq!(desk.query(|reader| reader.verifier(&person)), Some(stored));
        assert_eq!(desk.query(|reader| reader.sign_in_guard(&person)), guard);
        desk.change(|writer| {
            writer.forget_verifier(&person)?;
            writer.put_sign_in_guard(&person, SignInGuard::default())
        });
        assert_eq!(desk.query(|reader| reader.verifier(&person)), None);
        assert_eq!(
            desk.query(|reader| reader.sign_in_guard(&person)),
            SignInGuard::default()
        );
    }
}
