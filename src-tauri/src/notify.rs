//! Notices through the desktop's own notification service.

use std::sync::Arc;
use std::time::Duration;

use desk::{DeskHost, Notice};
use notify_rust::{Notification, Urgency};

/// How often the desk is asked whether somebody must be told something.
const INTERVAL: Duration = Duration::from_secs(10);

/// Shows notices from now on, on a thread of its own.
pub(crate) fn start(desk: Arc<DeskHost>) {
    std::thread::spawn(move || {
        loop {
            desk.take_notices().iter().for_each(show);
            std::thread::sleep(INTERVAL);
        }
    });
}

/// A computer without a notification service is no fault of the order's: the status line of the
/// window counts the same orders.
fn show(notice: &Notice) {
    let urgency = if notice.is_urgent {
        Urgency::Critical
    } else {
        Urgency::Normal
    };
    let shown = Notification::new()
        .appname("渠县12345热线工作台")
        .summary(&notice.title)
        .body(&notice.body)
        .icon("hotline-desk")
        .urgency(urgency)
        .show();
    if let Err(error) = shown {
        tracing::warn!(%error, "a notice could not be shown by the desktop");
    }
}
