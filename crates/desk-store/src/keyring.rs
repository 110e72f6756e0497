//! Who holds the key between two starts so that nobody has to type a passphrase.
//!
//! The keyring is a comfort, never a need: at many desks there is none, and one that is there may
//! be locked, slow or gone tomorrow. So whatever goes wrong with it is "not available", within a
//! few seconds, and the passphrase opens the desk.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Mutex, PoisonError, mpsc};
use std::time::Duration;

use keyring_core::api::CredentialStoreApi;
use thiserror::Error;
use zeroize::Zeroizing;

/// How long the operating system's keyring may take for one act.
const KEYRING_TIMEOUT: Duration = Duration::from_secs(5);
/// The service under which the entries stand in the keyring.
const SERVICE: &str = "hotline-desk";

/// Keeps secrets under names.
pub trait KeyHolder {
    fn store(&self, name: &str, secret: &[u8]) -> Result<(), KeyHolderError>;
    /// `None` where there is no entry of that name.
    fn load(&self, name: &str) -> Result<Option<Vec<u8>>, KeyHolderError>;
    /// Deleting what is not there is fine.
    fn delete(&self, name: &str) -> Result<(), KeyHolderError>;
}

/// Why a keyring did not do it; the desk goes on without.
#[derive(Debug, Error)]
pub enum KeyHolderError {
    #[error("the keyring is not available: {detail}")]
    Unavailable { detail: String },
    #[error("the keyring did not answer within {} s", KEYRING_TIMEOUT.as_secs())]
    TimedOut,
}

/// The Secret Service of the person's session (GNOME Keyring, `KWallet`, `KeePassXC`).
#[derive(Debug, Clone, Copy, Default)]
pub struct OsKeyring;

impl KeyHolder for OsKeyring {
    fn store(&self, name: &str, secret: &[u8]) -> Result<(), KeyHolderError> {
        let (name, secret) = (name.to_owned(), Zeroizing::new(secret.to_vec()));
        bounded(move || entry(&name)?.set_secret(&secret))
    }

    fn load(&self, name: &str) -> Result<Option<Vec<u8>>, KeyHolderError> {
        let name = name.to_owned();
        bounded(move || match entry(&name)?.get_secret() {
            Ok(secret) => Ok(Some(secret)),
            Err(error) if is_no_entry(&error) => Ok(None),
            Err(error) => Err(error),
        })
    }

    fn delete(&self, name: &str) -> Result<(), KeyHolderError> {
        let name = name.to_owned();
        bounded(move || match entry(&name)?.delete_credential() {
            Err(error) if !is_no_entry(&error) => Err(error),
            Ok(()) | Err(_) => Ok(()),
        })
    }
}

fn entry(name: &str) -> keyring_core::Result<keyring_core::Entry> {
    let store = zbus_secret_service_keyring_store::Store::new()?;
    store.build(SERVICE, name, None::<&HashMap<&str, &str>>)
}

fn is_no_entry(error: &keyring_core::Error) -> bool {
    matches!(error, keyring_core::Error::NoEntry)
}

/// Runs `act` on a thread of its own and waits for it no longer than [`KEYRING_TIMEOUT`]. A prompt
/// that nobody answers, a bus that hangs or a panic in a library costs that thread, not the desk.
fn bounded<T: Send + 'static>(
    act: impl FnOnce() -> keyring_core::Result<T> + Send + 'static,
) -> Result<T, KeyHolderError> {
    let (sender, receiver) = mpsc::sync_channel(1);
    std::thread::Builder::new()
        .name("keyring".to_owned())
        // Nobody waits any more when sending fails.
        .spawn(move || drop(sender.send(act())))
        .map_err(unavailable)?;
    match receiver.recv_timeout(KEYRING_TIMEOUT) {
        Ok(answer) => answer.map_err(unavailable),
        Err(mpsc::RecvTimeoutError::Timeout) => Err(KeyHolderError::TimedOut),
        Err(error @ mpsc::RecvTimeoutError::Disconnected) => Err(unavailable(error)),
    }
}

fn unavailable(error: impl std::fmt::Display) -> KeyHolderError {
    let detail = error.to_string();
    KeyHolderError::Unavailable { detail }
}

/// No keyring at all: what a desk gets that must not or cannot use one.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoKeyring;

impl KeyHolder for NoKeyring {
    fn store(&self, _name: &str, _secret: &[u8]) -> Result<(), KeyHolderError> {
        Err(unavailable("switched off"))
    }

    fn load(&self, _name: &str) -> Result<Option<Vec<u8>>, KeyHolderError> {
        Err(unavailable("switched off"))
    }

    fn delete(&self, _name: &str) -> Result<(), KeyHolderError> {
        Err(unavailable("switched off"))
    }
}

/// A keyring that lives as long as the process, for tests.
#[derive(Default)]
pub struct MemoryKeyring(Mutex<BTreeMap<String, Zeroizing<Vec<u8>>>>);

impl KeyHolder for MemoryKeyring {
    fn store(&self, name: &str, secret: &[u8]) -> Result<(), KeyHolderError> {
        let secret = Zeroizing::new(secret.to_vec());
        let mut entries = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        entries.insert(name.to_owned(), secret);
        Ok(())
    }

    fn load(&self, name: &str) -> Result<Option<Vec<u8>>, KeyHolderError> {
        let entries = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        Ok(entries.get(name).map(|secret| secret.to_vec()))
    }

    fn delete(&self, name: &str) -> Result<(), KeyHolderError> {
        let mut entries = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        entries.remove(name);
        Ok(())
    }
}

#[cfg(test)]
mod tests;
