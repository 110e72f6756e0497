//! The desk before and after it is open, and the one choke point of every call.

use std::panic::AssertUnwindSafe;
use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};

use desk_store::KeyHolder;
use serde::Serialize;
use serde_json::Value;
use tokio::sync::broadcast;

use crate::api;
use crate::clock::Clock;
use crate::desk::Desk;
use crate::error::{ApiError, CallError, ErrorCode};
use crate::handed::{Desktop, HandedOut};

/// The longest request that is looked at, in bytes of JSON: a draft with the longest text, twice.
pub(crate) const REQUEST_MAX_BYTES: usize = 1024 * 1024;
/// Change notices that a slow window may fall behind by before it is told that all has changed.
const CHANGES_KEPT: usize = 256;

/// What a call answers: the value, and the tags of the queries that must be asked again.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Reply {
    pub value: Value,
    pub changed: &'static [&'static str],
}

/// Why the desk is not open.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Closed {
    /// No keys yet: this folder was never set up.
    FirstStart,
    /// The passphrase is wanted; with the reason when the last try failed.
    Locked { message: Option<String> },
    /// The store cannot be read.
    Damaged { message: String },
}

pub(crate) enum State {
    Closed(Closed),
    Open(Arc<Desk>),
}

/// The desk of one data folder, closed or open.
pub struct DeskHost {
    pub(crate) folder: PathBuf,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) keyring: Arc<dyn KeyHolder + Send + Sync>,
    /// None where a browser shows the pages.
    pub(crate) desktop: Option<Arc<dyn Desktop>>,
    pub(crate) handed_out: HandedOut,
    state: RwLock<State>,
    changes: broadcast::Sender<&'static [&'static str]>,
}

impl DeskHost {
    /// Looks at the folder, and opens the store when the system's key ring has the key.
    pub fn start(
        folder: &Path,
        clock: Arc<dyn Clock>,
        keyring: Arc<dyn KeyHolder + Send + Sync>,
    ) -> Self {
        let host = Self {
            folder: folder.to_owned(),
            clock,
            keyring,
            desktop: None,
            handed_out: HandedOut::default(),
            state: RwLock::new(State::Closed(Closed::FirstStart)),
            changes: broadcast::channel(CHANGES_KEPT).0,
        };
        host.try_open_without_passphrase();
        host
    }

    /// The same in a window on this computer: files are written into the person's folders.
    #[must_use]
    pub fn with_desktop(mut self, desktop: Arc<dyn Desktop>) -> Self {
        self.desktop = Some(desktop);
        self
    }

    /// Does the call of that name. Never panics: a bug is caught, logged with its number, and told.
    pub fn call(&self, name: &str, request: Value) -> Result<Reply, ApiError> {
        let request_id = request_id();
        let span = tracing::info_span!("call", name, request_id);
        let _entered = span.enter();
        let answer =
            std::panic::catch_unwind(AssertUnwindSafe(|| api::dispatch(self, name, request)));
        match answer {
            Ok(Ok(reply)) => {
                self.tell_changed(reply.changed);
                Ok(reply)
            }
            Ok(Err(error)) => Err(error.into_api(&request_id)),
            Err(_panic) => {
                tracing::error!(request_id, "a bug was caught");
                let message =
                    format!("出错了，编号 {request_id}。没有改动任何内容，请把编号告诉管理员。");
                Err(ApiError {
                    code: ErrorCode::Bug,
                    message,
                    request_id,
                })
            }
        }
    }

    /// The tags of every change from now on, for windows other than the one that made it.
    pub fn changes(&self) -> broadcast::Receiver<&'static [&'static str]> {
        self.changes.subscribe()
    }

    /// Tells every window that queries with these tags must be asked again.
    pub(crate) fn tell_changed(&self, tags: &'static [&'static str]) {
        if !tags.is_empty() {
            // No window listening is no error.
            self.changes.send(tags).ok();
        }
    }

    pub(crate) fn change_sender(&self) -> broadcast::Sender<&'static [&'static str]> {
        self.changes.clone()
    }

    /// The open desk, or `Locked`.
    pub(crate) fn desk(&self) -> Result<Arc<Desk>, CallError> {
        match &*self.state.read().unwrap_or_else(PoisonError::into_inner) {
            State::Open(desk) => Ok(Arc::clone(desk)),
            State::Closed(_) => Err(CallError::Locked),
        }
    }

    pub(crate) fn with_desk<T>(
        &self,
        act: impl FnOnce(&Desk) -> Result<T, CallError>,
    ) -> Result<T, CallError> {
        act(&*self.desk()?)
    }

    pub(crate) fn closed(&self) -> Option<Closed> {
        match &*self.state.read().unwrap_or_else(PoisonError::into_inner) {
            State::Open(_) => None,
            State::Closed(closed) => Some(closed.clone()),
        }
    }

    pub(crate) fn set_state(&self, state: State) {
        *self.state.write().unwrap_or_else(PoisonError::into_inner) = state;
    }
}

/// Eight characters that a person can read out on the telephone.
fn request_id() -> String {
    let id = uuid::Uuid::new_v4().simple().to_string();
    id.chars().take(8).collect::<String>().to_uppercase()
}
