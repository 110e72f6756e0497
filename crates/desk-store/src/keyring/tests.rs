//! The keyring of the operating system is tried in a session of its own: this test binary runs again
//! under a private bus with a home folder of its own, so the keyring of whoever runs the tests is
//! never touched.

use std::os::unix::net::UnixListener;
use std::process::{Command, Output};

use super::*;

/// What the child is to find; without it the child test does nothing.
const EXPECTED: &str = "DESK_STORE_KEYRING_EXPECTED";

/// Not a test of its own: what runs under each bus.
#[test]
fn child() {
    let Ok(expected) = std::env::var(EXPECTED) else {
        return;
    };
    let found = match OsKeyring.load("desk-test") {
        Ok(None) => {
            store_load_delete();
            "keyring"
        }
        Ok(Some(_)) => "a secret nobody stored",
        Err(KeyHolderError::Unavailable { .. }) => "unavailable",
        Err(KeyHolderError::TimedOut) => "timed out",
    };
    assert_eq!(found, expected);
}

fn store_load_delete() {
    OsKeyring.store("desk-test", b"first").unwrap();
    OsKeyring.store("desk-test", &[0, 255, 7]).unwrap();
    OsKeyring.store("desk-other", b"other").unwrap();
    let load = |name| OsKeyring.load(name).unwrap();
    assert_eq!(load("desk-test"), Some(vec![0, 255, 7]));
    OsKeyring.delete("desk-test").unwrap();
    OsKeyring.delete("desk-test").unwrap();
    assert_eq!(load("desk-test"), None);
    assert_eq!(load("desk-other"), Some(b"other".to_vec()));
}

/// Runs the child through `command`, with a home of its own.
fn run_child(command: &mut Command, expected: &str) -> std::io::Result<Output> {
    let home = tempfile::tempdir()?;
    command
        .args(["--exact", "keyring::tests::child", "--nocapture"])
        .env(EXPECTED, expected)
        .env("HOME", home.path())
        .env("XDG_DATA_HOME", home.path())
        .env("XDG_RUNTIME_DIR", home.path())
        .output()
}

#[track_caller]
fn check_passed(output: &Output) {
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(
        output.status.success() && text.contains("1 passed"),
        "{output:?}"
    );
}

fn this_binary() -> std::path::PathBuf {
    std::env::current_exe().unwrap()
}

#[test]
fn a_secret_service_keeps_the_key() {
    let script = "printf secret | gnome-keyring-daemon --unlock --components=secrets > /dev/null \\
                  || exit 77
                  exec \"$0\" \"$@\"";
    let mut command = Command::new("dbus-run-session");
    command.args(["--", "sh", "-c", script]).arg(this_binary());
    let output = run_child(&mut command, "keyring");
    match output {
        Ok(output) if output.status.code() != Some(77) => check_passed(&output),
        // `cargo xtask test` installs both; without them there is nothing to try here.
        Ok(_) | Err(_) => println!("no dbus-run-session or gnome-keyring-daemon"),
    }
}

/// A bus that starts no service on demand.
const EMPTY_BUS: &str = r#"<!DOCTYPE busconfig PUBLIC
    "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
    "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:tmpdir=/tmp</listen>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/><allow eavesdrop="true"/><allow own="*"/>
  </policy>
</busconfig>"#;

#[test]
fn a_bus_without_a_keyring_is_only_unavailable() {
    let folder = tempfile::tempdir().unwrap();
    let config = folder.path().join("bus.conf");
    std::fs::write(&config, EMPTY_BUS).unwrap();
    let mut command = Command::new("dbus-run-session");
    command
        .arg("--config-file")
        .arg(config)
        .arg("--")
        .arg(this_binary());
    match run_child(&mut command, "unavailable") {
        Ok(output) => check_passed(&output),
        Err(_) => println!("no dbus-run-session"),
    }
}

#[test]
fn no_bus_is_only_unavailable() {
    let mut command = Command::new(this_binary());
    let command = command.env("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent");
    check_passed(&run_child(command, "unavailable").unwrap());
}

#[test]
fn a_bus_that_never_answers_is_given_up() {
    let folder = tempfile::tempdir().unwrap();
    let socket = folder.path().join("bus");
    let _listener = UnixListener::bind(&socket).unwrap();
    let mut command = Command::new(this_binary());
    let address = format!("unix:path={}", socket.display());
    let command = command.env("DBUS_SESSION_BUS_ADDRESS", address);
    check_passed(&run_child(command, "timed out").unwrap());
}

#[test]
fn a_panic_in_a_library_is_only_an_unavailable_keyring() {
    let panicked = bounded::<()>(|| panic!("a bug in a library, on purpose"));
    assert!(matches!(panicked, Err(KeyHolderError::Unavailable { .. })));
    let failed = bounded::<()>(|| Err(keyring_core::Error::NoDefaultStore));
    assert!(matches!(failed, Err(KeyHolderError::Unavailable { .. })));
    assert!(matches!(bounded(|| Ok(7)), Ok(7)));
}
