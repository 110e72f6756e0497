//! What outlives a call and is shared with the threads of sync: the desk, open or not, who sits at
//! it, and the windows that hear of changes.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock, Weak};

use chrono::{DateTime, Utc};
use desk_store::{Presence, PresenceEntry, StoreFault};
use domain::{Actor, ActorId, Role};
use tokio::sync::broadcast;

use crate::clock::Clock;
use crate::desk::Desk;
use crate::error::CallError;
use crate::host::{Closed, State};
use crate::incoming_call::IncomingCalls;
use crate::notice::click::NoticeClicks;
use crate::sign_in::{Post, Session};
use crate::sync::Tables;

/// Change notices that a slow window may fall behind by before it is told that all has changed.
const CHANGES_KEPT: usize = 256;

pub(crate) struct Office {
    pub(crate) clock: Arc<dyn Clock>,
    state: RwLock<State>,
    session: Mutex<Session>,
    pub(crate) incoming_calls: IncomingCalls,
    pub(crate) notice_clicks: NoticeClicks,
    changes: broadcast::Sender<&'static [&'static str]>,
    /// For threads, which must not keep the desk open.
    this: Weak<Self>,
}

impl Office {
    pub(crate) fn new(clock: Arc<dyn Clock>) -> Arc<Self> {
        Arc::new_cyclic(|this| Self {
            clock,
            state: RwLock::new(State::Closed(Closed::FirstStart)),
            session: Mutex::default(),
            incoming_calls: IncomingCalls::default(),
            notice_clicks: NoticeClicks::default(),
            changes: broadcast::channel(CHANGES_KEPT).0,
            this: Weak::clone(this),
        })
    }

    pub(crate) fn weak(&self) -> Weak<Self> {
        Weak::clone(&self.this)
    }

    /// The open desk, or `Locked`.
    pub(crate) fn desk(&self) -> Result<Arc<Desk>, CallError> {
        match &*self.state.read().unwrap_or_else(PoisonError::into_inner) {
            State::Open(desk) => Ok(Arc::clone(desk)),
            State::Closed(_) => Err(CallError::Locked),
        }
    }

    pub(crate) fn closed(&self) -> Option<Closed> {
        match &*self.state.read().unwrap_or_else(PoisonError::into_inner) {
            State::Open(_) => None,
            State::Closed(closed) => Some(closed.clone()),
        }
    }

    pub(crate) fn set_state(&self, state: State) {
        // The desk before ends its threads when it is dropped: not while others wait for this.
        let before = {
            let mut now = self.state.write().unwrap_or_else(PoisonError::into_inner);
            std::mem::replace(&mut *now, state)
        };
        drop(before);
    }

    /// Puts another in place of the open desk, in one step: a call that is under way goes on with
    /// the one it began with.
    pub(crate) fn replace(&self, change: impl FnOnce(&Desk) -> Desk) {
        let before = {
            let mut state = self.state.write().unwrap_or_else(PoisonError::into_inner);
            let State::Open(desk) = &*state else {
                return;
            };
            let after = State::Open(Arc::new(change(desk)));
            std::mem::replace(&mut *state, after)
        };
        drop(before);
    }

    pub(crate) fn session(&self) -> MutexGuard<'_, Session> {
        self.session.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn changes(&self) -> &broadcast::Sender<&'static [&'static str]> {
        &self.changes
    }

    /// Tells every window that queries with these tags must be asked again.
    pub(crate) fn tell_changed(&self, tags: &'static [&'static str]) {
        if !tags.is_empty() {
            // No window listening is no error.
            self.changes.send(tags).ok();
        }
    }

    /// The index follows what was drawn.
    pub(crate) fn catch_up(&self) {
        if let Ok(desk) = self.desk() {
            desk.knowledge.catch_up();
        }
    }

    /// 目录已修订: the suggestions go by what was drawn.
    pub(crate) fn take_catalogue(&self) -> anyhow::Result<()> {
        // A desk that is being opened or closed reads it when it opens.
        if let Ok(desk) = self.desk() {
            let record = desk.store.read(|reader| Ok(reader.catalogue_record()?))?;
            desk.catalogue.take(record.as_ref());
        }
        Ok(())
    }

    /// 参照表已更新: decisions rest on the new tables from now on, and the person's rights are those
    /// that the center grants now.
    pub(crate) fn take_tables(&self, tables: &Arc<Tables>) {
        self.replace(|desk| desk.with_tables(Arc::clone(tables)));
        if let Ok(desk) = self.desk() {
            let mut session = self.session();
            let said = session.person.take();
            session.person = said.map(|said| Self::person_now(&desk, &said));
        }
        self.end_what_is_disabled(tables);
        self.tell_changed(&["*"]);
    }

    /// 停用: nobody who is disabled stays at the desk, or gets in while it is offline.
    fn end_what_is_disabled(&self, tables: &Tables) {
        let staff = tables.references.staff();
        let disabled: Vec<ActorId> = staff
            .iter()
            .filter(|member| member.is_disabled)
            .map(|member| member.actor.id.clone())
            .collect();
        if disabled.is_empty() {
            return;
        }
        if let Ok(desk) = self.desk() {
            let forgotten = desk.store.commit(|writer| -> Result<(), StoreFault> {
                disabled
                    .iter()
                    .try_for_each(|person| writer.forget_verifier(person))
            });
            if let Err(error) = forgotten {
                tracing::error!(%error, "a disabled person's verifier is still there");
            }
        }
        let mut session = self.session();
        let is_here = session
            .person
            .as_ref()
            .is_some_and(|person| disabled.contains(&person.id));
        if is_here {
            session.end("您的账号已停用，请联系管理员。");
        }
    }

    /// 已登记: whoever sat here signs in like anybody else.
    pub(crate) fn end_standing_alone(&self) {
        self.session()
            .end("本机已登记到中心，请用中心的工号和密码登录。");
    }

    /// Whether a call may be made now, and the desk with the person it is made by: whoever sits down
    /// while it is under way, it is done in the name of the one it was admitted for. An open desk that
    /// belongs to a center serves nobody who has not signed in, and locks itself when nobody touches it.
    pub(crate) fn admit(&self, is_change: bool) -> Result<Option<Arc<Desk>>, CallError> {
        let Ok(desk) = self.desk() else {
            return Ok(None);
        };
        if !desk.link.is_enrolled() {
            return Ok(Some(desk));
        }
        let now = self.clock.now();
        self.lock_if_due(&desk, now);
        let mut session = self.session();
        match session.post {
            Post::Present => {
                if is_change {
                    session.active_at = now;
                }
                // Another person's desk is put in place under the session: this one is theirs.
                self.desk().map(Some)
            }
            Post::Nobody | Post::Locked | Post::MustChange => Err(CallError::SignedOut),
        }
    }

    /// With which roles somebody sits at the open desk; none while it is closed.
    pub(crate) fn roles(&self) -> Option<Vec<Role>> {
        let desk = self.desk().ok()?;
        if desk.link.is_enrolled() {
            let session = self.session();
            let person = session.person.as_ref();
            return Some(person.map_or_else(Vec::new, |it| it.roles.clone()));
        }
        Some(roles_at(&desk))
    }

    /// 超时锁定, and 登录满时.
    pub(crate) fn lock_if_due(&self, desk: &Desk, now: DateTime<Utc>) {
        let (person, detail) = {
            let mut session = self.session();
            let due = session.locking().filter(|it| now >= it.lock_at);
            let Some(due) = due else {
                return;
            };
            session.post = Post::Locked;
            if due.is_fixed {
                session.expire();
            }
            let person = session.person.as_ref().map(|person| person.id.clone());
            (
                person,
                if due.is_fixed {
                    "登录满 12 小时"
                } else {
                    ""
                },
            )
        };
        Self::record(desk, Presence::LockedIdle, person, now, detail);
        self.tell_changed(&["app"]);
    }

    /// Adds a line to 在岗记录.
    pub(crate) fn record(
        desk: &Desk,
        what: Presence,
        person: Option<ActorId>,
        at: DateTime<Utc>,
        detail: &str,
    ) {
        let entry = PresenceEntry {
            at,
            what,
            person: person.unwrap_or_else(|| ActorId(String::new())),
            detail: detail.to_owned(),
        };
        let kept = desk
            .store
            .commit(|writer| -> Result<(), StoreFault> { writer.append_presence(&entry) });
        if let Err(error) = kept {
            tracing::error!(%error, ?what, "presence was not recorded");
        }
    }

    /// The person as the center's table has it now; as the center said at the sign-in, where the
    /// table has not come yet.
    pub(crate) fn person_now(desk: &Desk, said: &Actor) -> Actor {
        let staff = desk.tables.references.staff();
        if staff.iter().any(|member| member.actor.id == said.id) {
            desk.tables.references.actor(&said.id)
        } else {
            said.clone()
        }
    }
}

/// With which roles the person acts whom a desk was admitted for. A desk without a center is its owner's:
/// it is seen to and looked over by whoever sits there.
pub(crate) fn roles_at(desk: &Desk) -> Vec<Role> {
    let own = desk.operator.roles.iter().copied();
    if desk.link.is_enrolled() {
        return own.collect();
    }
    own.chain([Role::Admin, Role::Auditor]).collect()
}
