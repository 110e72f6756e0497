//! Notices through the desktop's own notification service, and what a click on one opens.

mod clickable;

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use desk::{DeskHost, Notice};
use notify_rust::{Notification, NotificationHandle, Urgency};
use tauri::AppHandle;

use self::clickable::Clickable;

/// How often the desk is asked whether somebody must be told something.
const INTERVAL: Duration = Duration::from_secs(10);
/// What the services of desktops call a click on the notice itself.
const CLICK: &str = "default";

/// What a service takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Service {
    /// `<b>`, `<a>` and `<img>` in a notice are more than text to it.
    has_markup: bool,
    /// It tells when a notice is clicked.
    has_actions: bool,
}

/// Shows notices from now on, on a thread of its own.
pub(crate) fn start(desk: Arc<DeskHost>, app: AppHandle) {
    std::thread::spawn(move || {
        let shown = Clickable::new();
        loop {
            for notice in desk.take_notices() {
                show(&notice, &shown, &desk, &app);
            }
            std::thread::sleep(INTERVAL);
        }
    });
}

/// A computer without a notification service is no fault of the order's: the status line of the
/// window counts the same orders.
fn show(
    notice: &Notice,
    shown: &Arc<Clickable<NotificationHandle>>,
    desk: &Arc<DeskHost>,
    app: &AppHandle,
) {
    let service = service();
    let is_clickable = service.has_actions && shown.has_room();
    let handle = match notification(notice, service, is_clickable).show() {
        Ok(handle) => handle,
        Err(error) => {
            tracing::warn!(%error, "a notice could not be shown by the desktop");
            return;
        }
    };
    if !is_clickable {
        return;
    }
    let (desk, app, target) = (Arc::clone(desk), app.clone(), notice.target.clone());
    shown.wait(handle, move || {
        crate::raise(&app);
        if let Some(target) = target {
            desk.click_notice(target);
        }
    });
}

fn notification(notice: &Notice, service: Service, is_clickable: bool) -> Notification {
    let urgency = if notice.is_urgent {
        Urgency::Critical
    } else {
        Urgency::Normal
    };
    let mut notification = Notification::new();
    notification
        .appname("渠县12345热线工作台")
        .summary(&notice.title)
        .body(&shown_as_text(&notice.body, service.has_markup))
        .icon("hotline-desk")
        .urgency(urgency);
    if is_clickable {
        notification.action(CLICK, "打开");
    }
    notification
}

/// What the service of this desktop takes. One that does not say is not asked again: it shows what it
/// is given, and no click on it is waited for.
fn service() -> Service {
    static SERVICE: OnceLock<Service> = OnceLock::new();
    *SERVICE.get_or_init(|| {
        let all = notify_rust::get_capabilities().unwrap_or_default();
        let has = |name: &str| all.iter().any(|it| it == name);
        Service {
            has_markup: has("body-markup"),
            has_actions: has("actions"),
        }
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

    #[test]
    fn only_a_notice_that_is_waited_for_offers_a_click() {
        let notice = Notice {
            title: "转办已超期".to_owned(),
            body: "停水".to_owned(),
            target: None,
            is_urgent: true,
        };
        let service = Service {
            has_markup: false,
            has_actions: true,
        };
        assert_eq!(
            notification(&notice, service, true).actions,
            [CLICK, "打开"]
        );
        assert_eq!(notification(&notice, service, false).actions, [""; 0]);
    }
}
