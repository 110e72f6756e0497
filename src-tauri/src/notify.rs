//! Notices through the desktop's own notification service.

use std::sync::{Arc, OnceLock};
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
        .body(&shown_as_text(&notice.body, has_markup()))
        .icon("hotline-desk")
        .urgency(urgency)
        .show();
    if let Err(error) = shown {
        tracing::warn!(%error, "a notice could not be shown by the desktop");
    }
}

/// Whether the service takes `<b>`, `<a>` and `<img>` in a notice for more than text. One that does not
/// say so is not asked again: it shows what it is given.
fn has_markup() -> bool {
    static HAS_MARKUP: OnceLock<bool> = OnceLock::new();
    *HAS_MARKUP.get_or_init(|| {
        notify_rust::get_capabilities().is_ok_and(|all| all.iter().any(|it| it == "body-markup"))
    })
}

/// What a citizen said is in a notice, too, and stays text there.
fn shown_as_text(body: &str, has_markup: bool) -> String {
    if !has_markup {
        return body.to_owned();
    }
    body.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_notice_says_is_text_to_a_service_that_knows_markup() {
        let said = "停水<img src=\"http://x.test/see.png\"> & <a href=x>看</a>";
        assert_eq!(shown_as_text(said, false), said);
        assert_eq!(
            shown_as_text(said, true),
            "停水&lt;img src=\"http://x.test/see.png\"&gt; &amp; &lt;a href=x&gt;看&lt;/a&gt;"
        );
    }
}
