//! The environment of the tests: homes of their own, so that they never touch a person's.

use std::env;
use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context as _, Result};

/// What the notification daemon of the tests keeps: everything, and shown long enough for a
/// photograph of the screen.
const DUNSTRC: &str = "\
[global]
    history_length = 1000
    notification_limit = 5
    font = Noto Sans CJK SC 11
    width = 380
    origin = top-right
    idle_threshold = 0
[urgency_low]
    timeout = 30
[urgency_normal]
    timeout = 30
[urgency_critical]
    timeout = 30
";

/// Folders for one run of `test`, removed with it.
pub(super) struct Environment {
    base: PathBuf,
}

impl Environment {
    pub(super) fn new() -> Result<Self> {
        let base = env::temp_dir().join(format!("hotline-desk-test-{}", std::process::id()));
        let made = Self { base };
        for folder in ["home", "config/dunst", "data", "cache", "state", "run"] {
            let folder = made.base.join(folder);
            fs::create_dir_all(&folder)
                .with_context(|| format!("Making the folder {}", folder.display()))?;
        }
        fs::write(made.base.join("config/dunst/dunstrc"), DUNSTRC)?;
        // The build that comes first may replace this very program on disk.
        let this = env::current_exe().context("Finding this program")?;
        fs::copy(&this, made.door()).context("Keeping a copy of this program")?;
        // The specification of XDG_RUNTIME_DIR asks for it, and daemons refuse it otherwise.
        fs::set_permissions(made.base.join("run"), fs::Permissions::from_mode(0o700))?;
        Ok(made)
    }

    /// This program, as it was when the tests began.
    pub(super) fn door(&self) -> PathBuf {
        self.base.join("xtask")
    }

    pub(super) fn apply_to(&self, command: &mut Command) {
        // Cargo and rustup find themselves through HOME: tell them before it moves.
        for (name, default) in [("CARGO_HOME", ".cargo"), ("RUSTUP_HOME", ".rustup")] {
            if env::var_os(name).is_none()
                && let Some(home) = env::var_os("HOME")
            {
                command.env(name, PathBuf::from(home).join(default));
            }
        }
        command
            .env("HOME", self.base.join("home"))
            .env("XDG_CONFIG_HOME", self.base.join("config"))
            .env("XDG_DATA_HOME", self.base.join("data"))
            .env("XDG_CACHE_HOME", self.base.join("cache"))
            .env("XDG_STATE_HOME", self.base.join("state"))
            .env("XDG_RUNTIME_DIR", self.base.join("run"))
            // Texts must not depend on who runs them.
            .env("LANG", "C.UTF-8")
            // No accessibility bus: WebKit would wait for one that a bare machine does not have.
            .env("NO_AT_BRIDGE", "1")
            .env("GDK_BACKEND", "x11");
        for name in ["LC_ALL", "LANGUAGE", "WAYLAND_DISPLAY", "HOTLINE_DESK_DATA"] {
            command.env_remove(name);
        }
    }
}

impl Drop for Environment {
    fn drop(&mut self) {
        if let Err(fault) = fs::remove_dir_all(&self.base) {
            eprintln!("{} stays behind: {fault}", self.base.display());
        }
    }
}
