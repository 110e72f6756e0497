//! A desk in a folder of its own, with a clock that stands still until it is moved.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use chrono::{DateTime, NaiveDateTime, Utc};
use desk::sync::{CenterAccess, Line, Network, NotMet};
use desk::{ApiError, Clock, DeskHost, Desktop};
use desk_store::{KeyHolder, NoKeyring};
use serde_json::{Value, json};
use tempfile::TempDir;
use wire::EnrolmentCode;

pub(crate) const PASSPHRASE: &str = "濛濛细雨，巴山夜里 2026";
/// Longer than anything a test waits for, also on a slow computer.
const PATIENCE: Duration = Duration::from_secs(120);

struct StandingClock(Mutex<DateTime<Utc>>);

impl Clock for StandingClock {
    fn now(&self) -> DateTime<Utc> {
        *self.0.lock().unwrap()
    }
}

pub(crate) struct Workstation {
    host: Option<Arc<DeskHost>>,
    clock: Arc<StandingClock>,
    keyring: Arc<dyn KeyHolder + Send + Sync>,
    desktop: Option<Arc<dyn Desktop>>,
    network: Arc<dyn Network>,
    folder: TempDir,
}

/// No network at all.
struct Nowhere;

impl Network for Nowhere {
    fn meet(&self, _address: &str, _code: &EnrolmentCode) -> Result<String, NotMet> {
        Err(NotMet::Unreachable)
    }

    fn line(&self, _access: &CenterAccess) -> anyhow::Result<Arc<dyn Line>> {
        anyhow::bail!("There is no network")
    }
}

/// A person's computer of which only the download folder matters; it has no file manager.
struct BareDesktop(PathBuf);

impl Desktop for BareDesktop {
    fn downloads(&self) -> Option<PathBuf> {
        Some(self.0.clone())
    }

    fn show_folder(&self, _folder: &Path) -> std::io::Result<()> {
        Err(std::io::ErrorKind::NotFound.into())
    }
}

/// The instant at which the county's clocks show that.
pub(crate) fn beijing(text: &str) -> DateTime<Utc> {
    let civil = NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M").unwrap();
    domain::clock_face::at(civil.date(), civil.time())
}

/// Asks again and again until the condition holds.
pub(crate) fn wait_until(what: &str, mut holds: impl FnMut() -> bool) {
    let began = Instant::now();
    while !holds() {
        assert!(began.elapsed() < PATIENCE, "still not: {what}");
        std::thread::sleep(Duration::from_millis(5));
    }
}

impl Workstation {
    /// Started for the first time, on Monday 2026-11-23 at 09:15.
    pub(crate) fn new() -> Self {
        Self::with_keyring(Arc::new(NoKeyring))
    }

    pub(crate) fn with_keyring(keyring: Arc<dyn KeyHolder + Send + Sync>) -> Self {
        Self::with(keyring, Arc::new(Nowhere))
    }

    /// In reach of a center; set up and open.
    pub(crate) fn near(network: Arc<dyn Network>) -> Self {
        let workstation = Self::with(Arc::new(NoKeyring), network);
        workstation.call("set_up", set_up(false));
        workstation
    }

    fn with(keyring: Arc<dyn KeyHolder + Send + Sync>, network: Arc<dyn Network>) -> Self {
        let mut workstation = Self {
            host: None,
            clock: Arc::new(StandingClock(Mutex::new(beijing("2026-11-23 09:15")))),
            keyring,
            desktop: None,
            network,
            folder: tempfile::tempdir().unwrap(),
        };
        workstation.start();
        workstation
    }

    /// Set up and open, without samples.
    pub(crate) fn ready() -> Self {
        let workstation = Self::new();
        workstation.call("set_up", set_up(false));
        workstation
    }

    /// Set up and open in a window, which writes files into [`Self::downloads`].
    pub(crate) fn in_a_window() -> Self {
        let mut workstation = Self::new();
        workstation.close();
        workstation.desktop = Some(Arc::new(BareDesktop(workstation.downloads())));
        workstation.start();
        workstation.call("set_up", set_up(false));
        workstation
    }

    /// The same program, from now on in a window.
    pub(crate) fn move_into_a_window(&mut self) {
        self.close();
        self.desktop = Some(Arc::new(BareDesktop(self.downloads())));
        self.start();
        self.call("unlock", json!({ "passphrase": PASSPHRASE }));
    }

    pub(crate) fn downloads(&self) -> PathBuf {
        self.folder().join("downloads")
    }

    /// Set up and open, with samples that can be found.
    pub(crate) fn with_samples() -> Self {
        let workstation = Self::new();
        workstation.call("set_up", set_up(true));
        workstation.wait_for_index();
        workstation
    }

    pub(crate) fn host(&self) -> &Arc<DeskHost> {
        self.host.as_ref().unwrap()
    }

    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Answers what the call answers; it must succeed.
    pub(crate) fn call(&self, name: &str, request: Value) -> Value {
        match self.host().call(name, request) {
            Ok(reply) => reply.value,
            Err(error) => panic!("{name}: {error:?}"),
        }
    }

    /// The error of a call; it must not succeed.
    pub(crate) fn fail(&self, name: &str, request: Value) -> ApiError {
        match self.host().call(name, request) {
            Ok(reply) => panic!("{name} was done: {}", reply.value),
            Err(error) => error,
        }
    }

    /// `code: message` of a call that must not succeed.
    pub(crate) fn error(&self, name: &str, request: Value) -> String {
        let error = self.fail(name, request);
        let code = serde_json::to_value(error.code).unwrap();
        format!("{}: {}", code.as_str().unwrap(), error.message)
    }

    pub(crate) fn set_clock(&self, text: &str) {
        *self.clock.0.lock().unwrap() = beijing(text);
    }

    pub(crate) fn move_clock(&self, by: chrono::TimeDelta) {
        *self.clock.0.lock().unwrap() += by;
    }

    pub(crate) fn start(&mut self) {
        let clock = Arc::clone(&self.clock);
        let keyring = Arc::clone(&self.keyring);
        let network = Arc::clone(&self.network);
        let mut host = DeskHost::start_in(self.folder.path(), clock, keyring, network);
        if let Some(desktop) = &self.desktop {
            host = host.with_desktop(Arc::clone(desktop));
        }
        self.host = Some(Arc::new(host));
    }

    /// Ends the program, and waits until its last thread has let go of the folder.
    pub(crate) fn close(&mut self) {
        self.host = None;
        let Ok(lock) = std::fs::File::open(self.folder().join("desk.lock")) else {
            return;
        };
        wait_until("the folder is free", || lock.try_lock().is_ok());
    }

    /// Ends the program, starts it again and unlocks it.
    pub(crate) fn restart(&mut self) {
        self.close();
        self.start();
        let state = self.call("unlock", json!({ "passphrase": PASSPHRASE }));
        assert!(
            state["phase"] == "ready" || state["phase"] == "signed_out",
            "{state}"
        );
    }

    pub(crate) fn wait_for_index(&self) {
        wait_until("the index is ready", || {
            self.call("status", Value::Null)["index_state"] == "ready"
        });
    }
}

/// The request of a first start.
pub(crate) fn set_up(with_samples: bool) -> Value {
    json!({
        "passphrase": PASSPHRASE,
        "operator_name": "陈晓梅",
        "operator_number": "1001",
        "with_samples": with_samples,
    })
}
