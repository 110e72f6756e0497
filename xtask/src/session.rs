//! `session`: what a desktop offers a program, inside the tests' private D-Bus session.
//!
//! `test` calls it under `dbus-run-session`, so that no test ever meets the keyring or the
//! notifications of the person who runs it. Both daemons leave when the bus does.

use std::io::Write as _;
use std::process::{Child, Command, ExitCode, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail, ensure};

use crate::args::Args;
use crate::repo::Repo;
use crate::sh;

const READY_WITHIN: Duration = Duration::from_secs(20);
const LOOK_EVERY: Duration = Duration::from_millis(50);

pub(crate) fn run(_repo: &Repo, args: Args) -> Result<ExitCode> {
    let words = args.finish()?;
    let (program, rest) = words
        .split_first()
        .context("`session --` needs a command")?;
    ensure!(
        std::env::var_os("DBUS_SESSION_BUS_ADDRESS").is_some(),
        "No D-Bus session: call it under dbus-run-session"
    );
    unlock_keyring()?;
    let mut daemon = start_notifications()?;
    let status = Command::new(program)
        .args(rest)
        .stdin(Stdio::null())
        .status();
    daemon.kill().context("Stopping dunst")?;
    daemon.wait().context("Stopping dunst")?;
    let status = status.with_context(|| format!("Starting `{program}`"))?;
    Ok(status
        .code()
        .and_then(|code| u8::try_from(code).ok())
        .map_or(ExitCode::FAILURE, Into::into))
}

/// Starts a Secret Service whose login keyring is open: a closed one would ask for a password in
/// a window that nobody sees. The daemon goes to the background once it is ready.
fn unlock_keyring() -> Result<()> {
    let mut keyring = Command::new("gnome-keyring-daemon")
        .args(["--unlock", "--components=secrets"])
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .context("Starting gnome-keyring-daemon")?;
    let mut input = keyring
        .stdin
        .take()
        .context("Reaching gnome-keyring-daemon")?;
    input
        .write_all(b"of the tests")
        .context("Unlocking the keyring")?;
    drop(input);
    ensure!(
        keyring.wait()?.success(),
        "gnome-keyring-daemon did not start"
    );
    wait_for_owner("org.freedesktop.secrets", None)
}

fn start_notifications() -> Result<Child> {
    let mut daemon = Command::new("dunst")
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .spawn()
        .context("Starting dunst")?;
    wait_for_owner("org.freedesktop.Notifications", Some(&mut daemon))?;
    Ok(daemon)
}

/// Waits until somebody on the bus answers to a name.
fn wait_for_owner(name: &str, mut daemon: Option<&mut Child>) -> Result<()> {
    let started_at = Instant::now();
    loop {
        let mut ask = Command::new("dbus-send");
        ask.args([
            "--session",
            "--dest=org.freedesktop.DBus",
            "--print-reply=literal",
            "/",
        ]);
        ask.arg("org.freedesktop.DBus.NameHasOwner")
            .arg(format!("string:{name}"));
        if sh::read(&mut ask)?.0.contains("true") {
            return Ok(());
        }
        if let Some(status) = daemon
            .as_mut()
            .and_then(|daemon| daemon.try_wait().transpose())
        {
            bail!("Who should answer to {name} ended: {}", status?);
        }
        ensure!(
            started_at.elapsed() < READY_WITHIN,
            "Nobody answers to {name} on the bus"
        );
        std::thread::sleep(LOOK_EVERY);
    }
}
