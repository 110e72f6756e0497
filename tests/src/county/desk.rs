//! A desk without a window: the same calls over its loopback address.

use std::borrow::Borrow;
use std::fmt;
use std::path::PathBuf;
use std::process::Command;
use std::time::Duration;

use anyhow::{Context as _, Result, bail};
use serde_json::{Value, json};

use super::child::{Process, program};
use crate::folder::DeskFolder;

/// What opens the database of every desk of a test.
const PASSPHRASE: &str = "濛濛细雨，巴山夜里 2026";
/// Longer than a call may take on a slow computer that is busy.
const CALL_PATIENCE: Duration = Duration::from_mins(1);

/// A desk, running or ended and ready to be started on the same data.
#[derive(Debug)]
pub struct DeskProcess {
    folder: DeskFolder,
    running: Option<Running>,
}

#[derive(Debug)]
struct Running {
    process: Process,
    address: String,
    token: String,
}

/// Ends a program as a power cut would.
#[derive(Debug)]
pub struct Ender {
    id: u32,
}

impl Ender {
    pub fn kill_9(&self) -> Result<()> {
        crate::process::kill_9(self.id)
    }
}

/// Why a call has no answer.
#[derive(Debug)]
pub enum CallFault {
    /// The desk said no: the code and the Chinese text.
    Answered { code: String, message: String },
    /// Nobody knows what became of it.
    Silent(String),
}

impl fmt::Display for CallFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Answered { code, message } => write!(f, "{code}: {message}"),
            Self::Silent(because) => write!(f, "no answer: {because}"),
        }
    }
}

impl std::error::Error for CallFault {}

impl DeskProcess {
    /// Set up by a person of that number, without samples.
    pub fn start(name: &str, person: &str, number: &str) -> Result<Self> {
        let mut desk = Self {
            folder: DeskFolder::new(name)?,
            running: None,
        };
        desk.restart()?;
        desk.call(
            "set_up",
            json!({
                "passphrase": PASSPHRASE,
                "operator_name": person,
                "operator_number": number,
                "with_samples": false,
            }),
        )?;
        Ok(desk)
    }

    /// Starts it on the data it left, and unlocks its database.
    pub fn restart(&mut self) -> Result<()> {
        self.kill_9()?;
        let mut command = Command::new(program("desk-host")?);
        self.folder.apply_to(&mut command);
        let ui = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../ui/dist");
        command.arg("--data").arg(self.folder.data());
        command.arg("--ui").arg(ui);
        let log = self.folder.home().join("desk-host.log");
        let (process, (address, token)) = Process::start(&mut command, &log, address_in)?;
        self.running = Some(Running {
            process,
            address,
            token,
        });
        let state = self.call("app_state", json!(null))?;
        match state.get("phase").and_then(Value::as_str) {
            Some("locked") => {
                self.call("unlock", json!({ "passphrase": PASSPHRASE }))?;
            }
            Some("first_start" | "ready" | "signed_out") => {}
            other => bail!("the desk is {other:?}: {state}"),
        }
        Ok(())
    }

    pub fn kill_9(&mut self) -> Result<()> {
        match self.running.take() {
            Some(running) => running.process.kill_9(),
            None => Ok(()),
        }
    }

    /// What ends the program while others speak with it.
    pub fn ender(&self) -> Result<Ender> {
        let running = self.running.as_ref().context("The desk is not running")?;
        Ok(Ender {
            id: running.process.id(),
        })
    }

    /// What the call answers.
    pub fn call(&self, name: &str, request: impl Borrow<Value>) -> Result<Value, CallFault> {
        let silent = |because: &dyn fmt::Display| CallFault::Silent(because.to_string());
        let running = self.running.as_ref();
        let running = running.ok_or_else(|| silent(&"the desk is not running"))?;
        let config = ureq::Agent::config_builder()
            .timeout_global(Some(CALL_PATIENCE))
            .http_status_as_error(false)
            .build();
        let sent = ureq::Agent::new_with_config(config)
            .post(format!("http://{}/call/{name}", running.address))
            .header("x-desk-token", &running.token)
            .send(request.borrow().to_string());
        let mut answer = sent.map_err(|error| silent(&error))?;
        let is_done = answer.status().is_success();
        let text = answer.body_mut().read_to_string();
        let text = text.map_err(|error| silent(&error))?;
        let mut told: Value = serde_json::from_str(&text).map_err(|error| silent(&error))?;
        let mut part = |name: &str| told.get_mut(name).map(Value::take).unwrap_or_default();
        if is_done {
            return Ok(part("value"));
        }
        let mut word = |name: &str| part(name).as_str().unwrap_or_default().to_owned();
        Err(CallFault::Answered {
            code: word("code"),
            message: word("message"),
        })
    }

    /// What it wrote down, for a test that failed.
    pub fn log(&self) -> Result<String> {
        let running = self.running.as_ref().context("The desk is not running")?;
        Ok(std::fs::read_to_string(running.process.log())?)
    }
}

/// The address and the token in `…http://127.0.0.1:1234/?token=abc`.
fn address_in(line: &str) -> Option<(String, String)> {
    let (_, url) = line.split_once("http://")?;
    let (address, token) = url.trim().split_once("/?token=")?;
    Some((address.to_owned(), token.to_owned()))
}
