//! Where the desk keeps its data.

use std::path::PathBuf;

use tauri::{App, Manager as _};

/// The folder that `HOTLINE_DESK_DATA` names, or the usual place for this user's data.
pub(crate) fn data_folder(app: &App) -> tauri::Result<PathBuf> {
    match std::env::var_os("HOTLINE_DESK_DATA") {
        Some(folder) => Ok(folder.into()),
        None => app.path().app_local_data_dir(),
    }
}
