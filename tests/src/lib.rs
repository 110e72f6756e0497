//! Drives the real window: the shipped program, in WebKitGTK, through `WebKitWebDriver`.
//!
//! Each [`Desk`] has a home and a data folder of its own, so tests neither meet each other nor the
//! person who runs them. Nothing here sleeps for luck: every wait looks at a condition until
//! [`PATIENCE`] is over, and then fails with what the page showed, a screenshot, and the log.
//!
//! tauri-driver, the usual way, only passes requests on to the same driver; starting that driver
//! with `TAURI_WEBVIEW_AUTOMATION` set does without one more program to install.

mod alone;
pub mod county;
mod desk;
mod driver;
mod folder;
mod keys;
mod notifications;
mod page;
mod process;
mod typing;
mod waiting;

pub use self::alone::alone;
pub use self::desk::Desk;
pub use self::folder::DeskFolder;
pub use self::notifications::{Notification, Notifications};

use std::time::Duration;

/// How long a condition may take to come true. Machines that run tests are slow and busy.
pub const PATIENCE: Duration = Duration::from_secs(20);

/// How long a program may take to start, or to be gone.
const START_PATIENCE: Duration = Duration::from_mins(1);

/// How often a condition is looked at.
const LOOK_EVERY: Duration = Duration::from_millis(40);
