//! The desk before and after it is open, and the one choke point of every call.

use std::panic::AssertUnwindSafe;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use audit::Outcome;
use desk_store::KeyHolder;
use serde::Serialize;
use serde_json::Value;
use tokio::sync::broadcast;

use crate::api;
use crate::clock::Clock;
use crate::desk::Desk;
use crate::error::{ApiError, CallError, ErrorCode};
use crate::handed::{Desktop, HandedOut};
use crate::office::{Office, roles_at};
use crate::permission::{self, Who};
use crate::sync::{Https, Network};

/// The longest request that is looked at, in bytes of JSON: a draft with the longest text, twice.
pub(crate) const REQUEST_MAX_BYTES: usize = 1024 * 1024;

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

/// Shorter than the next program waits for the folder.
const CLOSES_WITHIN: Duration = Duration::from_millis(1_500);
const LOOK_EACH: Duration = Duration::from_millis(10);

pub(crate) enum State {
    Closed(Closed),
    Open(Arc<Desk>),
}

/// The desk of one data folder, closed or open.
pub struct DeskHost {
    pub(crate) folder: PathBuf,
    pub(crate) keyring: Arc<dyn KeyHolder + Send + Sync>,
    /// None where a browser shows the pages.
    pub(crate) desktop: Option<Arc<dyn Desktop>>,
    pub(crate) handed_out: HandedOut,
    pub(crate) office: Arc<Office>,
    pub(crate) network: Arc<dyn Network>,
}

impl DeskHost {
    /// Looks at the folder, and opens the store when the system's key ring has the key.
    pub fn start(
        folder: &Path,
        clock: Arc<dyn Clock>,
        keyring: Arc<dyn KeyHolder + Send + Sync>,
    ) -> Self {
        Self::start_in(folder, clock, keyring, Arc::new(Https))
    }

    /// The same with another way to the center.
    pub fn start_in(
        folder: &Path,
        clock: Arc<dyn Clock>,
        keyring: Arc<dyn KeyHolder + Send + Sync>,
        network: Arc<dyn Network>,
    ) -> Self {
        let host = Self {
            folder: folder.to_owned(),
            keyring,
            desktop: None,
            handed_out: HandedOut::default(),
            office: Office::new(clock),
            network,
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

    /// Closes the desk before the program ends. What the threads that read are at is waited for a little: a program
    /// that ends under them is shot down by the cipher's own cleaning up. Nothing that was saved depends on it.
    pub fn close(&self) {
        let began = Instant::now();
        self.set_state(State::Closed(Closed::Locked { message: None }));
        while desk_store::is_held(&self.folder) && began.elapsed() < CLOSES_WITHIN {
            std::thread::sleep(LOOK_EACH);
        }
    }

    /// Does the call of that name. Never panics: a bug is caught, logged with its number, and told.
    pub fn call(&self, name: &str, request: Value) -> Result<Reply, ApiError> {
        let request_id = request_id();
        let span = tracing::info_span!("call", name, request_id);
        let _entered = span.enter();
        let answer = std::panic::catch_unwind(AssertUnwindSafe(|| self.admitted(name, request)));
        match answer {
            Ok(Ok(reply)) => {
                self.tell_changed(reply.changed);
                if !reply.changed.is_empty()
                    && let Ok(desk) = self.desk()
                {
                    desk.link.saved();
                }
                Ok(reply)
            }
            Ok(Err(error)) => Err(error.into_api(&request_id)),
            Err(_panic) => {
                tracing::error!(request_id, "a bug was caught");
                self.record_outcome(None, name, Outcome::Failed);
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

    /// The choke point: what a locked desk does not serve, and what is not for this person, ends here.
    fn admitted(&self, name: &str, request: Value) -> Result<Reply, CallError> {
        let rule = api::rule(name)
            .ok_or_else(|| CallError::invalid(format!("没有名为“{name}”的调用。")))?;
        let desk = if api::is_at_the_door(name) {
            None
        } else {
            self.office.admit(api::is_change(name))?
        };
        if let Some(desk) = &desk {
            self.permitted(desk, name, rule.who)?;
        }
        self.recorded(desk.as_deref(), name, rule.audited, request)
    }

    fn permitted(&self, desk: &Desk, name: &str, who: Who) -> Result<(), CallError> {
        let permitted = permission::check(who, &roles_at(desk));
        if permitted.is_err() {
            self.record_outcome(Some(desk), name, Outcome::Denied);
        }
        permitted
    }

    /// The tags of every change from now on, for windows other than the one that made it.
    pub fn changes(&self) -> broadcast::Receiver<&'static [&'static str]> {
        self.office.changes().subscribe()
    }

    /// Tells every window that queries with these tags must be asked again.
    pub(crate) fn tell_changed(&self, tags: &'static [&'static str]) {
        self.office.tell_changed(tags);
    }

    pub(crate) fn clock(&self) -> &dyn Clock {
        self.office.clock.as_ref()
    }

    /// The open desk, or `Locked`.
    pub(crate) fn desk(&self) -> Result<Arc<Desk>, CallError> {
        self.office.desk()
    }

    pub(crate) fn with_desk<T>(
        &self,
        act: impl FnOnce(&Desk) -> Result<T, CallError>,
    ) -> Result<T, CallError> {
        act(&*self.desk()?)
    }

    pub(crate) fn closed(&self) -> Option<Closed> {
        self.office.closed()
    }

    pub(crate) fn set_state(&self, state: State) {
        self.office.set_state(state);
    }
}

/// Eight characters that a person can read out on the telephone.
fn request_id() -> String {
    let id = uuid::Uuid::new_v4().simple().to_string();
    id.chars().take(8).collect::<String>().to_uppercase()
}
