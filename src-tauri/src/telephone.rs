//! The telephone: links that the system hands to this program, and the door for telephone systems.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use desk::DeskHost;
use desk::telephone_door::{TelephoneDoor, hand_over_link};

/// What links of ours begin with.
const SCHEME: &str = "hotline:";

/// The link that this program was started with, if any.
pub(crate) fn link() -> Option<String> {
    std::env::args().nth(1).filter(|it| it.starts_with(SCHEME))
}

/// Hands the link over to the window that is open already; false where there is none.
pub(crate) fn is_handed_over(folder: &Path, link: &str) -> bool {
    hand_over_link(folder, link).unwrap_or_else(|error| {
        tracing::warn!(
            error = format!("{error:#}"),
            "the open window was not reached"
        );
        false
    })
}

/// Opens the door for telephone systems. Without it everything else works.
pub(crate) fn start(desk: Arc<DeskHost>, folder: PathBuf) {
    tauri::async_runtime::spawn(async move {
        let served = match TelephoneDoor::bind(desk, &folder).await {
            Ok(door) => door.serve(std::future::pending()).await,
            Err(error) => Err(error),
        };
        if let Err(error) = served {
            tracing::warn!(
                error = format!("{error:#}"),
                "telephone systems are not served"
            );
        }
    });
}
