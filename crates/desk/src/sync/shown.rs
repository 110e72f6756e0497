//! What people may know of sync, kept apart from the thread that drives it: nobody who asks waits.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use chrono::{DateTime, Utc};
use desk_sync::{Notice, Progress};
use wire::TooOld;

/// What stands in the way, or has happened; each kind once, the latest of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Alert {
    Offline,
    DeskTooOld,
    CenterTooOld,
    Unauthorised,
    Quarantined,
    ClockOff,
    CenterRestored,
    DeskRestored,
    Missing,
    Malformed,
    StoreFailed,
    Differs,
    SameAgain,
    AuditBroken,
}

/// When it was told, and the figure that belongs to it: milliseconds of skew, intents, a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct AlertAt {
    pub(crate) at: DateTime<Utc>,
    pub(crate) figure: i64,
}

/// 登记 as far as it has come.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) enum Enrolling {
    #[default]
    No,
    Under {
        address: String,
    },
    Failed {
        address: String,
        why: NotEnrolled,
    },
}

/// Why a desk was not enrolled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NotEnrolled {
    Unreachable,
    NotOfTheCode,
    CodeNotGood,
    TooOld(TooOld),
    Fault,
}

#[derive(Debug, Clone, Default)]
pub(crate) struct Known {
    /// 工作站编号; `None` before the enrolment.
    pub(crate) desk: Option<String>,
    pub(crate) address: String,
    pub(crate) is_online: bool,
    pub(crate) skew_ms: Option<i64>,
    pub(crate) last_contact: Option<DateTime<Utc>>,
    pub(crate) alerts: BTreeMap<Alert, AlertAt>,
    pub(crate) enrolling: Enrolling,
    /// 快照 as far as it was read.
    pub(crate) snapshot: Option<Progress>,
    /// What was drawn since the snapshot is in; `None` when all is.
    pub(crate) n_drawn: Option<u64>,
    /// 调阅 that did not come, the last of each order; gone with the program.
    pub(crate) not_brought_back: BTreeMap<String, NotBroughtBack>,
}

/// Why what was asked for again is not here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NotBroughtBack {
    /// The center was not reached, or is older than the question.
    NotTold,
    /// What came is not what the hashes here say.
    OtherStory,
}

#[derive(Debug, Default)]
pub(crate) struct Shown(Mutex<Known>);

impl Shown {
    pub(crate) fn get(&self) -> Known {
        self.lock().clone()
    }

    pub(crate) fn change<T>(&self, change: impl FnOnce(&mut Known) -> T) -> T {
        change(&mut self.lock())
    }

    pub(crate) fn is_enrolled(&self) -> bool {
        self.lock().desk.is_some()
    }

    fn lock(&self) -> MutexGuard<'_, Known> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Known {
    /// 未获准: the center was reached and said that it does not know this desk.
    pub(crate) fn is_struck_off(&self) -> bool {
        self.alerts.contains_key(&Alert::Unauthorised)
    }

    pub(crate) fn hear_struck_off(&mut self, at: DateTime<Utc>) {
        self.alerts
            .insert(Alert::Unauthorised, AlertAt { at, figure: 0 });
    }

    /// 已登记, and all that hangs on it is in its place.
    pub(crate) fn enrolled(&mut self, desk: Option<String>, address: &str) {
        self.desk = desk;
        address.clone_into(&mut self.address);
        self.enrolling = Enrolling::No;
        self.alerts.remove(&Alert::Unauthorised);
        self.alerts.remove(&Alert::Quarantined);
    }

    /// Takes in what sync tells.
    pub(crate) fn hear(&mut self, notice: &Notice, now: DateTime<Utc>) {
        let (alert, figure) = match notice {
            Notice::Online => {
                self.is_online = true;
                self.alerts.remove(&Alert::Offline);
                return;
            }
            // Told once it is kept and the desk goes by it: [`Known::enrolled`].
            Notice::Enrolled => return,
            Notice::Offline { failure: _ } => {
                self.is_online = false;
                (Alert::Offline, 0)
            }
            Notice::TooOld { who } => match who {
                TooOld::Desk => (Alert::DeskTooOld, 0),
                TooOld::Center => (Alert::CenterTooOld, 0),
            },
            Notice::Unauthorised => (Alert::Unauthorised, 0),
            Notice::ClockOff { skew_ms } => (Alert::ClockOff, *skew_ms),
            Notice::CenterRestored { taken_back, .. } => {
                (Alert::CenterRestored, figure(*taken_back))
            }
            Notice::DeskRestored { n_intents } => (Alert::DeskRestored, figure(*n_intents)),
            Notice::Quarantined => (Alert::Quarantined, 0),
            Notice::Missing { from } => (Alert::Missing, figure(*from)),
            Notice::Malformed { because: _ } => (Alert::Malformed, 0),
            Notice::Differs { seq } => (Alert::Differs, figure(*seq)),
            Notice::SameAgain { seq } => {
                self.alerts.remove(&Alert::Differs);
                (Alert::SameAgain, figure(*seq))
            }
            Notice::StoreFailed => (Alert::StoreFailed, 0),
        };
        self.alerts.insert(alert, AlertAt { at: now, figure });
    }

    /// 审计留存: whether the chain is the one that the center keeps.
    pub(crate) fn hear_of_audit(&mut self, is_sound: bool, now: DateTime<Utc>) {
        if is_sound {
            self.alerts.remove(&Alert::AuditBroken);
        } else {
            let told = AlertAt { at: now, figure: 0 };
            self.alerts.insert(Alert::AuditBroken, told);
        }
    }

    /// The center has answered as it should: what stood in the way is over.
    pub(crate) fn greeted(&mut self, now: DateTime<Utc>) {
        self.last_contact = Some(now);
        for over in [
            Alert::DeskTooOld,
            Alert::CenterTooOld,
            Alert::Unauthorised,
            Alert::ClockOff,
            Alert::Malformed,
        ] {
            self.alerts.remove(&over);
        }
    }
}

fn figure(n: u64) -> i64 {
    i64::try_from(n).unwrap_or(i64::MAX)
}
