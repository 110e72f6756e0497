//! Who sits at the desk.

use chrono::{DateTime, TimeDelta, Utc};
use domain::Actor;

use crate::desk::new_id;

/// After so long without a touch the desk locks itself.
const IDLE_FOR: TimeDelta = TimeDelta::minutes(5);
/// A sign-in lasts no longer, however busy the person is: the password is asked for again.
const SIGNED_IN_FOR: TimeDelta = TimeDelta::hours(12);
/// So long before either it says so.
const WARNED_BEFORE: TimeDelta = TimeDelta::minutes(1);

/// When the desk will lock itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Locking {
    pub(crate) warn_at: DateTime<Utc>,
    pub(crate) lock_at: DateTime<Utc>,
    /// Whether a touch does not put it off.
    pub(crate) is_fixed: bool,
}

/// Whether the desk serves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Post {
    #[default]
    Nobody,
    /// 已锁定: the person may come back to where things were.
    Locked,
    /// 须先改密.
    MustChange,
    Present,
}

/// 登录 or 改密 that is under way, or how the last one ended.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) enum Attempt {
    #[default]
    None,
    Under,
    Failed {
        message: String,
    },
    Done {
        message: String,
    },
}

#[derive(Debug, Default)]
pub(crate) struct Session {
    /// Of this sign-in; stands in every intent that is given under it.
    pub(crate) id: String,
    pub(crate) person: Option<Actor>,
    pub(crate) post: Post,
    /// 离线登录.
    pub(crate) is_offline: bool,
    /// Since when this sign-in lasts.
    signed_in_at: DateTime<Utc>,
    pub(crate) active_at: DateTime<Utc>,
    /// Why nobody is signed in any more.
    pub(crate) message: Option<String>,
    pub(crate) attempt: Attempt,
    /// Counts attempts: what an older one brings is dropped.
    pub(crate) n_attempts: u64,
}

impl Session {
    /// When it is said that the desk will lock, and when it will; none while nobody is there.
    pub(crate) fn locking(&self) -> Option<Locking> {
        (self.post == Post::Present).then(|| {
            let idle_at = self.active_at + IDLE_FOR;
            let ends_at = self.signed_in_at + SIGNED_IN_FOR;
            let lock_at = idle_at.min(ends_at);
            Locking {
                warn_at: lock_at - WARNED_BEFORE,
                lock_at,
                is_fixed: ends_at <= idle_at,
            }
        })
    }

    /// 登录满时: the person may come back, with the password and as a new sign-in.
    pub(crate) fn expire(&mut self) {
        self.id = String::new();
        self.message = Some("登录已满 12 小时，请再输一次密码。".to_owned());
    }

    /// Begins an attempt and tells its number.
    pub(super) fn attempt(&mut self) -> u64 {
        self.n_attempts += 1;
        self.attempt = Attempt::Under;
        self.n_attempts
    }

    /// The person is in. Whoever comes back to a locked desk goes on with the same sign-in, as long as
    /// that lasts: in the morning it is a new one.
    pub(crate) fn open(&mut self, person: Actor, post: Post, now: DateTime<Utc>) {
        let is_back = self.person.as_ref().is_some_and(|it| it.id == person.id);
        let is_over = now >= self.signed_in_at + SIGNED_IN_FOR;
        if !is_back || is_over || self.id.is_empty() {
            self.id = new_id();
            self.signed_in_at = now;
        }
        self.person = Some(person);
        self.post = post;
        self.active_at = now;
        self.message = None;
        self.attempt = Attempt::None;
    }

    /// Nobody is signed in any more.
    pub(crate) fn end(&mut self, message: &str) {
        *self = Self {
            n_attempts: self.n_attempts + 1,
            message: Some(message.to_owned()).filter(|it| !it.is_empty()),
            ..Self::default()
        };
    }
}
