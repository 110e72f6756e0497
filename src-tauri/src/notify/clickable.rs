//! Notices that are shown and wait for a click, each on a thread of its own: the service tells of a click
//! only to whoever waits, and the next notice must not wait for the last.
//!
//! So many wait at most. A desktop may keep notices for days; when another comes, the oldest is taken
//! down, and where even that ends no wait, the new one is shown without a click.

use std::collections::VecDeque;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use notify_rust::{NotificationHandle, NotificationResponse};

use super::CLICK;

/// So many notices wait for a click.
const WAITING_MAX: usize = 16;
/// A service takes a notice down within this time, or does not tell.
const TAKEN_DOWN_WITHIN: Duration = Duration::from_secs(1);

/// A notice on the screen.
pub(super) trait Shown: Send + Sync + 'static {
    /// Waits until it is clicked or gone; whether it was clicked.
    fn is_clicked(&self) -> bool;
    /// Takes it off the screen, which ends the wait.
    fn take_down(&self);
}

impl Shown for NotificationHandle {
    fn is_clicked(&self) -> bool {
        let mut is_clicked = false;
        tauri::async_runtime::block_on(self.wait_for_action_async(|response| {
            is_clicked = match response {
                NotificationResponse::Default => true,
                NotificationResponse::Action(name) => name == CLICK,
                NotificationResponse::Reply(_) | NotificationResponse::Closed(_) => false,
            };
        }));
        is_clicked
    }

    fn take_down(&self) {
        tauri::async_runtime::block_on(self.close_async());
    }
}

/// The notices that wait, the oldest first.
pub(super) struct Clickable<S> {
    waiting: Mutex<VecDeque<Arc<S>>>,
    /// One of them waits no more.
    ended: Condvar,
}

impl<S: Shown> Clickable<S> {
    pub(super) fn new() -> Arc<Self> {
        Arc::new(Self {
            waiting: Mutex::default(),
            ended: Condvar::new(),
        })
    }

    fn lock(&self) -> MutexGuard<'_, VecDeque<Arc<S>>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether another may wait, once the oldest was taken down where that was needed.
    pub(super) fn has_room(&self) -> bool {
        let oldest = {
            let waiting = self.lock();
            if waiting.len() < WAITING_MAX {
                return true;
            }
            waiting.front().cloned()
        };
        if let Some(oldest) = oldest {
            oldest.take_down();
        }
        let is_full = |waiting: &mut VecDeque<Arc<S>>| waiting.len() >= WAITING_MAX;
        let after = self
            .ended
            .wait_timeout_while(self.lock(), TAKEN_DOWN_WITHIN, is_full)
            .unwrap_or_else(PoisonError::into_inner);
        after.0.len() < WAITING_MAX
    }

    /// Waits for a click on a thread of its own, and does what a click is for.
    pub(super) fn wait(self: &Arc<Self>, shown: S, clicked: impl FnOnce() + Send + 'static) {
        let shown = Arc::new(shown);
        self.lock().push_back(Arc::clone(&shown));
        let wait = Wait {
            all: Arc::clone(self),
            shown,
        };
        std::thread::spawn(move || {
            if wait.shown.is_clicked() {
                clicked();
            }
        });
    }
}

/// One wait; it ends also where the service breaks in the middle of it.
struct Wait<S: Shown> {
    all: Arc<Clickable<S>>,
    shown: Arc<S>,
}

impl<S: Shown> Drop for Wait<S> {
    fn drop(&mut self) {
        self.all.lock().retain(|it| !Arc::ptr_eq(it, &self.shown));
        self.all.ended.notify_all();
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::{Receiver, Sender, channel};

    use super::*;

    /// A notice whose service says what the test says.
    struct OnPaper {
        told: Mutex<Receiver<bool>>,
        tell: Sender<bool>,
        /// A service that tells nothing of what it takes down.
        is_silent: bool,
    }

    impl OnPaper {
        fn new(is_silent: bool) -> (Self, Sender<bool>) {
            let (tell, told) = channel();
            let notice = Self {
                told: Mutex::new(told),
                tell: tell.clone(),
                is_silent,
            };
            (notice, tell)
        }
    }

    impl Shown for OnPaper {
        fn is_clicked(&self) -> bool {
            self.told
                .lock()
                .unwrap()
                .recv()
                .expect("the service is there")
        }

        fn take_down(&self) {
            if !self.is_silent {
                self.tell.send(false).unwrap();
            }
        }
    }

    fn wait_until_ended(shown: &Clickable<OnPaper>, n_waiting: usize) {
        let is_more = |waiting: &mut VecDeque<Arc<OnPaper>>| waiting.len() > n_waiting;
        drop(shown.ended.wait_while(shown.lock(), is_more).unwrap());
    }

    #[test]
    fn a_click_is_done_and_what_is_gone_is_not() {
        let shown = Clickable::new();
        let (clicked, clicks) = channel();
        for (name, is_clicked) in [("clicked", true), ("gone", false)] {
            assert!(shown.has_room());
            let (notice, tell) = OnPaper::new(false);
            let clicked = clicked.clone();
            shown.wait(notice, move || clicked.send(name).unwrap());
            tell.send(is_clicked).unwrap();
        }
        wait_until_ended(&shown, 0);
        drop(clicked);
        assert_eq!(clicks.iter().collect::<Vec<_>>(), ["clicked"]);
    }

    #[test]
    fn the_oldest_makes_room() {
        let shown = Clickable::new();
        let (gone, ended) = channel::<usize>();
        let mut tells = Vec::new();
        for n in 0..=WAITING_MAX {
            assert!(shown.has_room(), "{n}");
            let (notice, tell) = OnPaper::new(false);
            let gone = gone.clone();
            shown.wait(notice, move || gone.send(n).unwrap());
            tells.push(tell);
        }
        assert_eq!(shown.lock().len(), WAITING_MAX);
        for tell in tells.split_off(1) {
            tell.send(true).unwrap();
        }
        wait_until_ended(&shown, 0);
        drop(gone);
        let mut clicked: Vec<usize> = ended.iter().collect();
        clicked.sort_unstable();
        assert_eq!(clicked, (1..=WAITING_MAX).collect::<Vec<_>>());
    }

    #[test]
    fn where_no_wait_ends_no_other_begins() {
        let shown = Clickable::new();
        let mut tells = Vec::new();
        for _ in 0..WAITING_MAX {
            let (notice, tell) = OnPaper::new(true);
            shown.wait(notice, || ());
            tells.push(tell);
        }
        assert!(!shown.has_room());
        // As soon as one ends, there is room again.
        tells[3].send(false).unwrap();
        wait_until_ended(&shown, WAITING_MAX - 1);
        assert!(shown.has_room());
        for tell in tells {
            tell.send(false).ok();
        }
    }
}
