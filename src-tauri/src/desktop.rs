//! The person's own folders, and the program that shows them.

use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use desk::Desktop;
use tauri::{App, Manager as _};

/// What shows a folder, by the system's own setting.
const FILE_MANAGER: &str = if cfg!(windows) {
    "explorer"
} else if cfg!(target_os = "macos") {
    "open"
} else {
    "xdg-open"
};

pub(crate) struct ThisDesktop {
    downloads: Option<PathBuf>,
}

impl ThisDesktop {
    /// The download folder as it is set for this user; without such a setting, one in the home.
    pub(crate) fn of(app: &App) -> Self {
        let paths = app.path();
        let home = || paths.home_dir().map(|home| home.join("Downloads"));
        Self {
            downloads: paths.download_dir().or_else(|_| home()).ok(),
        }
    }
}

impl Desktop for ThisDesktop {
    fn downloads(&self) -> Option<PathBuf> {
        self.downloads.clone()
    }

    fn show_folder(&self, folder: &Path) -> io::Result<()> {
        let mut child = Command::new(FILE_MANAGER)
            .arg(folder)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()?;
        // Nobody asks how it ended, but somebody must take note that it did.
        std::thread::spawn(move || {
            if let Err(error) = child.wait() {
                tracing::warn!(%error, "the file manager was lost sight of");
            }
        });
        Ok(())
    }
}
