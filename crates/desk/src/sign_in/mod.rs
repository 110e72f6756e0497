//! 登录: who sits at a desk that belongs to a center. A desk without one goes by what it is told
//! (换人).
//!
//! A password is never kept. The center verifies it; what the desk keeps of it is a verifier of its
//! own, which counts while the center cannot be reached, for a limited time. No call waits: an
//! attempt runs on a thread of its own, and the window hears how it ended by the tag `app`.

mod attempt;
mod guard;
mod session;

use std::thread::Builder;

use desk_store::Presence;
use desk_sync::Failure;
use domain::ActorId;
use serde::{Deserialize, Serialize};
use ts_rs::TS;
use wire::{ChangePassword, SignIn};
use zeroize::Zeroizing;

pub(crate) use self::session::{Attempt, Post, Session};

use crate::app::{AppState, app_state};
use crate::desk::Desk;
use crate::error::CallError;
use crate::host::DeskHost;
use crate::office::Office;
use crate::text;
use crate::time_text;

const PERSON_MAX_CHARS: usize = 30;
const PASSWORD_MAX_CHARS: usize = 128;

#[derive(Clone, Deserialize, TS)]
pub struct SignInForm {
    pub number: String,
    pub password: String,
}

#[derive(Clone, Deserialize, TS)]
pub struct ChangePasswordForm {
    pub old: String,
    pub new: String,
}

/// 在岗记录, one line.
#[derive(Debug, Clone, Serialize, TS)]
pub struct PresenceLine {
    pub at: i64,
    pub at_text: String,
    pub text: String,
    pub person: String,
    pub detail: String,
}

/// 登录, or 解锁 by the person who is signed in, or 换人.
pub(crate) fn sign_in(host: &DeskHost, request: SignInForm) -> Result<AppState, CallError> {
    let desk = enrolled(host)?;
    let person = ActorId(request.number.trim().to_owned());
    if person.0.is_empty() || request.password.is_empty() {
        return Err(CallError::invalid("请填写工号和密码。"));
    }
    if person.0.chars().count() > PERSON_MAX_CHARS
        || request.password.chars().count() > PASSWORD_MAX_CHARS
    {
        return Err(CallError::invalid("工号或密码不正确。"));
    }
    let now = host.clock().now();
    let guard = desk
        .store
        .read(|reader| Ok(reader.sign_in_guard(&person)?))?;
    if let Some(until) = guard::blocked_until(guard, now) {
        return Err(CallError::invalid(text::barred(until - now)));
    }
    let nth = host.office.session().attempt();
    let office = host.office.weak();
    let line = desk.link.line();
    let password = Zeroizing::new(request.password);
    // The thread holds no desk while it waits for the network.
    drop(desk);
    let waiting = Builder::new().name("sign-in".to_owned());
    waiting
        .spawn(move || {
            let asked = SignIn {
                person: person.0.clone(),
                password: password.to_string(),
            };
            let said = line.map_or(Err(Failure::Offline), |line| line.sign_in(&asked));
            if let Some(office) = office.upgrade() {
                office.end_sign_in(nth, &person, &password, said);
            }
        })
        .map_err(anyhow::Error::from)?;
    app_state(host, ())
}

/// 修改密码, which the center must hear.
pub(crate) fn change_password(
    host: &DeskHost,
    request: ChangePasswordForm,
) -> Result<AppState, CallError> {
    let desk = enrolled(host)?;
    let (person, nth) = {
        let mut session = host.office.session();
        let may = matches!(session.post, Post::Present | Post::MustChange);
        let Some(person) = session.person.clone().filter(|_| may) else {
            return Err(CallError::SignedOut);
        };
        (person, session.attempt())
    };
    let office = host.office.weak();
    let line = desk.link.line();
    let new = Zeroizing::new(request.new);
    let old = Zeroizing::new(request.old);
    drop(desk);
    let waiting = Builder::new().name("password".to_owned());
    waiting
        .spawn(move || {
            let asked = ChangePassword {
                person: person.id.0.clone(),
                old: old.to_string(),
                new: new.to_string(),
            };
            let said = line.map_or(Err(Failure::Offline), |line| line.change_password(&asked));
            if let Some(office) = office.upgrade() {
                office.end_change(nth, &person, &new, said);
            }
        })
        .map_err(anyhow::Error::from)?;
    app_state(host, ())
}

/// 锁定, at once. Nothing else changes: the person comes back to where things were.
pub(crate) fn lock(host: &DeskHost, (): ()) -> Result<AppState, CallError> {
    let desk = enrolled(host)?;
    let person = {
        let mut session = host.office.session();
        if session.post != Post::Present {
            return Err(CallError::SignedOut);
        }
        session.post = Post::Locked;
        session.person.as_ref().map(|person| person.id.clone())
    };
    let now = host.clock().now();
    Office::record(&desk, Presence::Locked, person, now, "");
    app_state(host, ())
}

/// 退出登录.
pub(crate) fn sign_out(host: &DeskHost, (): ()) -> Result<AppState, CallError> {
    let desk = enrolled(host)?;
    let person = {
        let mut session = host.office.session();
        let person = session.person.as_ref().map(|person| person.id.clone());
        session.end("");
        person
    };
    if person.is_some() {
        let now = host.clock().now();
        Office::record(&desk, Presence::SignedOut, person, now, "");
    }
    app_state(host, ())
}

/// 有人在: somebody touched the window.
pub(crate) fn still_here(desk: &Desk, (): ()) -> Result<(), CallError> {
    // That the call was let in is what counts; see `Office::admit`.
    tracing::trace!(operator = desk.operator.id.0, "still here");
    Ok(())
}

/// 在岗记录, the last first.
pub(crate) fn presence(desk: &Desk, (): ()) -> Result<Vec<PresenceLine>, CallError> {
    let entries = desk.store.read(|reader| Ok(reader.presence()?))?;
    let line = |entry: &desk_store::PresenceEntry| PresenceLine {
        at: entry.at.timestamp_millis(),
        at_text: time_text::moment(entry.at),
        text: text::presence(entry.what).to_owned(),
        person: desk.person_text(&entry.person),
        detail: match entry.what {
            Presence::HandOverWritten | Presence::HandOverConfirmed => String::new(),
            Presence::SignedInOnline
            | Presence::SignedInOffline
            | Presence::Failed
            | Presence::Barred
            | Presence::Locked
            | Presence::LockedIdle
            | Presence::Unlocked
            | Presence::SignedOut
            | Presence::PasswordChanged
            | Presence::Enrolled => entry.detail.clone(),
        },
    };
    Ok(entries.iter().map(line).collect())
}

/// The open desk of a center. One without a center has nobody to sign in with.
pub(crate) fn enrolled(host: &DeskHost) -> Result<std::sync::Arc<Desk>, CallError> {
    let desk = host.desk()?;
    if desk.link.is_enrolled() {
        Ok(desk)
    } else {
        Err(CallError::invalid("本机还没有登记到中心，不需要登录。"))
    }
}
