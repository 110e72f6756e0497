//! The center's server as its administrator runs it.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context as _, Result, bail, ensure};
use serde_json::Value;
use tempfile::TempDir;

use super::child::{Process, program};

/// A center, running or ended and ready to be started on the same data.
#[derive(Debug)]
pub struct CenterProcess {
    base: TempDir,
    database: Option<String>,
    /// Where desks find it: the same after every start.
    address: SocketAddr,
    running: Option<Process>,
}

impl CenterProcess {
    /// A new center that runs; in SQLite where no other database is named.
    pub fn start(database: Option<String>) -> Result<Self> {
        // A free port, which nothing else on this computer takes while the test runs: the kernel
        // gives others out first.
        let address = std::net::TcpListener::bind(("127.0.0.1", 0))?.local_addr()?;
        let base = tempfile::Builder::new().prefix("hotline-center-").tempdir();
        let mut center = Self {
            base: base.context("Making a folder for the center")?,
            database,
            address,
            running: None,
        };
        center.admin(&["init"])?;
        center.restart()?;
        Ok(center)
    }

    pub fn address(&self) -> SocketAddr {
        self.address
    }

    pub fn restart(&mut self) -> Result<()> {
        self.kill_9()?;
        let mut command = self.command()?;
        let address = self.address.to_string();
        command.args(["serve", "--desks", &address, "--web", "127.0.0.1:0"]);
        let log = self.base.path().join("hotline-center.log");
        let says_where = |line: &str| line.contains("https://").then_some(());
        let (process, ()) = Process::start(&mut command, &log, says_where)?;
        self.running = Some(process);
        Ok(())
    }

    pub fn kill_9(&mut self) -> Result<()> {
        match self.running.take() {
            Some(process) => process.kill_9(),
            None => Ok(()),
        }
    }

    /// What the administrator is told.
    pub fn admin(&self, words: &[&str]) -> Result<String> {
        let told = self.command()?.args(words).output()?;
        let text = String::from_utf8_lossy(&told.stdout).into_owned();
        if told.status.success() {
            Ok(text)
        } else {
            let error = String::from_utf8_lossy(&told.stderr);
            bail!("{words:?}: {text}{error}")
        }
    }

    /// A new person with an initial password, which is told.
    pub fn add_person(&self, number: &str, name: &str, roles: &str) -> Result<String> {
        let told = self.admin(&["user", "add", number, name, "--roles", roles])?;
        let (_, password) = told.split_once("初始密码：").context("no password")?;
        let (password, _) = password.split_once('（').context("no password")?;
        Ok(password.to_owned())
    }

    pub fn enrolment_code(&self) -> Result<String> {
        let told = self.admin(&["desk", "enrol-code"])?;
        let (_, code) = told.split_once("登记码：").context("no code")?;
        Ok(code.lines().next().unwrap_or_default().trim().to_owned())
    }

    /// Every entry of the feed.
    pub fn feed(&self) -> Result<Vec<Value>> {
        let to = self.base.path().join("feed.jsonl");
        let path = to.to_str().context("The path is no text")?;
        self.admin(&["export", "--to", path])?;
        let text = std::fs::read_to_string(&to)?;
        std::fs::remove_file(&to)?;
        let entries = text.lines().map(serde_json::from_str);
        let entries: Vec<Value> = entries.collect::<Result<_, _>>()?;
        ensure!(!entries.is_empty(), "The feed is empty");
        Ok(entries)
    }

    fn command(&self) -> Result<Command> {
        let mut command = Command::new(program("hotline-center")?);
        command.arg("--data").arg(self.data());
        if let Some(database) = &self.database {
            command.args(["--database", database]);
        }
        Ok(command)
    }

    fn data(&self) -> PathBuf {
        self.base.path().join("data")
    }
}
