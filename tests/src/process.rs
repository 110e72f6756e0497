//! Finding and ending the program of one desk among all processes.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result, ensure};

/// The processes that run `app` for the data folder `data`. The web view's helpers inherit the
/// environment but are other programs.
pub(crate) fn pids(app: &Path, data: &Path) -> Result<Vec<u32>> {
    let mut found = Vec::new();
    for entry in fs::read_dir("/proc").context("Listing processes")? {
        let entry = entry?;
        let Some(pid) = entry
            .file_name()
            .to_str()
            .and_then(|name| name.parse().ok())
        else {
            continue;
        };
        // A process that ends while it is looked at, or is somebody else's, is not the one.
        let runs_app = fs::read_link(entry.path().join("exe")).is_ok_and(|exe| exe == app);
        if runs_app && data_folder_of(&entry.path()).is_some_and(|folder| folder == data) {
            found.push(pid);
        }
    }
    Ok(found)
}

fn data_folder_of(process: &Path) -> Option<PathBuf> {
    let environment = fs::read(process.join("environ")).ok()?;
    let prefix = b"HOTLINE_DESK_DATA=";
    let value = environment
        .split(|byte| *byte == 0)
        .find_map(|line| line.strip_prefix(prefix))?;
    Some(PathBuf::from(String::from_utf8_lossy(value).into_owned()))
}

/// Ends a process as a power cut would: it cannot say a last word.
pub(crate) fn kill_9(pid: u32) -> Result<()> {
    // The shell's own `kill`: a bare machine may lack the program.
    let status = Command::new("sh")
        .arg("-c")
        .arg(format!("kill -9 {pid}"))
        .status()?;
    ensure!(status.success(), "`kill -9 {pid}` failed");
    Ok(())
}
