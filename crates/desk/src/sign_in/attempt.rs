//! What comes of a password that was typed: the center's word where it can be reached, the desk's own
//! where it cannot. Runs on a thread of its own, which keeps no hold on the desk while it waits.

use chrono::{DateTime, Utc};
use desk_store::{
    HandOverConfirmation, MetaKey, Presence, PresenceEntry, SignInGuard, StoreFault,
    StoredVerifier, Verifier, Writer,
};
use desk_sync::Failure;
use domain::{Actor, ActorId};
use wire::{PasswordChanged, SignInRefusal, SignedIn};

use super::guard::{self, NotTrusted};
use super::session::{Attempt, Post};
use crate::desk::Desk;
use crate::error::CallError;
use crate::office::Office;
use crate::text;

/// What the center said to a sign-in.
pub(super) type Said<T> = Result<Result<T, SignInRefusal>, Failure>;

/// Who is let in, and on whose word.
struct LetIn {
    actor: Actor,
    verifier: Option<StoredVerifier>,
    is_offline: bool,
    must_change: bool,
}

impl Office {
    /// Ends an attempt, unless another was begun since.
    pub(super) fn end_sign_in(
        &self,
        nth: u64,
        person: &ActorId,
        password: &str,
        said: Said<SignedIn>,
    ) {
        let Ok(desk) = self.desk() else {
            return;
        };
        let now = self.clock.now();
        let outcome = match said {
            Ok(Ok(signed_in)) => online(password, signed_in),
            Ok(Err(refusal)) => Err(refused(&desk, person, password, &refusal, now)),
            Err(Failure::NotAdmitted) => Err(struck_off(&desk)),
            Err(failure) => offline(&desk, person, password, failure, now),
        };
        let told = outcome.and_then(|let_in| self.let_in(&desk, nth, let_in, now));
        if let Err(message) = told {
            let mut session = self.session();
            if session.n_attempts == nth {
                session.attempt = Attempt::Failed { message };
            }
        }
        self.tell_changed(&["app", "status"]);
    }

    fn let_in(
        &self,
        desk: &Desk,
        nth: u64,
        let_in: LetIn,
        now: DateTime<Utc>,
    ) -> Result<(), String> {
        let person = Self::person_now(desk, &let_in.actor);
        {
            let session = self.session();
            if session.n_attempts != nth {
                return Ok(());
            }
        }
        let before = self.session().person.clone();
        let is_back = before.as_ref().is_some_and(|it| it.id == person.id);
        let kept = desk.store.commit(|writer| -> Result<(), StoreFault> {
            if let Some(verifier) = &let_in.verifier {
                writer.put_verifier(verifier)?;
            }
            writer.put_sign_in_guard(&person.id, SignInGuard::default())?;
            let json = serde_json::to_string(&person).map_err(anyhow::Error::from)?;
            writer.set_meta(MetaKey::Operator, &json)?;
            note_coming(writer, before.as_ref(), &person, let_in.is_offline, now)?;
            take_over(writer, &person, now)
        });
        kept.map_err(|fault| text::error(&CallError::Store(fault), "—"))?;
        let post = if let_in.must_change {
            Post::MustChange
        } else {
            Post::Present
        };
        {
            // Nobody is admitted between the two: what is done is done in the name of who is here.
            let mut session = self.session();
            session.open(person.clone(), post, now);
            session.is_offline = let_in.is_offline;
            self.replace(|desk| desk.with_operator(person, &session.id));
        }
        tracing::info!(is_back, let_in.is_offline, "somebody signed in");
        self.tell_changed(&["*"]);
        Ok(())
    }

    /// Ends a change of the password.
    pub(super) fn end_change(
        &self,
        nth: u64,
        person: &Actor,
        password: &str,
        said: Said<PasswordChanged>,
    ) {
        let Ok(desk) = self.desk() else {
            return;
        };
        let now = self.clock.now();
        let told = match said {
            Ok(Ok(_)) => Self::changed(&desk, person, password, now),
            Ok(Err(refusal)) => Err(text::sign_in_refusal(&refusal)),
            Err(_) => Err("修改密码需要连上中心，现在连不上，请稍后再试。".to_owned()),
        };
        let mut session = self.session();
        if session.n_attempts == nth {
            match told {
                Ok(()) => {
                    session.attempt = Attempt::Done {
                        message: "密码已修改。".to_owned(),
                    };
                    if session.post == Post::MustChange {
                        session.post = Post::Present;
                        session.active_at = now;
                    }
                }
                Err(message) => session.attempt = Attempt::Failed { message },
            }
        }
        drop(session);
        self.tell_changed(&["*"]);
    }

    /// The password before counts here no more, and the new one as long as one just verified.
    fn changed(
        desk: &Desk,
        person: &Actor,
        password: &str,
        now: DateTime<Utc>,
    ) -> Result<(), String> {
        let fault = |fault| text::error(&CallError::Store(fault), "—");
        let verifier = Verifier::of(password).map_err(fault)?;
        let stored = StoredVerifier {
            actor: person.clone(),
            verifier,
            signed_in_at: now,
            trusted_until: guard::trusted_until(now, DateTime::<Utc>::MAX_UTC),
        };
        desk.store
            .commit(|writer| -> Result<(), StoreFault> { writer.put_verifier(&stored) })
            .map_err(fault)?;
        let id = Some(person.id.clone());
        Self::record(desk, Presence::PasswordChanged, id, now, "");
        Ok(())
    }
}

/// The center says yes.
fn online(password: &str, signed_in: SignedIn) -> Result<LetIn, String> {
    let SignedIn {
        actor,
        signed_in_at,
        offline_until,
        must_change,
    } = signed_in;
    // A password that must be changed first counts nowhere else.
    let verifier = if must_change {
        None
    } else {
        let made = Verifier::of(password);
        let verifier = made.map_err(|fault| text::error(&CallError::Store(fault), "—"))?;
        Some(StoredVerifier {
            actor: actor.clone(),
            verifier,
            signed_in_at,
            trusted_until: guard::trusted_until(signed_in_at, offline_until),
        })
    };
    Ok(LetIn {
        actor,
        verifier,
        is_offline: false,
        must_change,
    })
}

/// The center says no.
fn refused(
    desk: &Desk,
    person: &ActorId,
    password: &str,
    refusal: &SignInRefusal,
    now: DateTime<Utc>,
) -> String {
    let told = text::sign_in_refusal(refusal);
    let counts_no_more = match refusal {
        SignInRefusal::Disabled => true,
        // A password that is right here and wrong there was changed elsewhere.
        SignInRefusal::Wrong => is_known_here(desk, person, password),
        SignInRefusal::LockedUntil { .. }
        | SignInRefusal::Expired
        | SignInRefusal::TooSimple { .. }
        | SignInRefusal::TooLong { .. }
        | SignInRefusal::TooCommon
        | SignInRefusal::Unchanged => false,
    };
    if counts_no_more {
        let forgotten = desk
            .store
            .commit(|writer| -> Result<(), StoreFault> { writer.forget_verifier(person) });
        if let Err(error) = forgotten {
            tracing::error!(%error, "what counts no more is still there");
        }
    }
    failed(desk, person, now, &told)
}

fn is_known_here(desk: &Desk, person: &ActorId, password: &str) -> bool {
    let stored = desk.store.read(|reader| Ok(reader.verifier(person)?));
    let stored = stored.ok().flatten();
    stored.is_some_and(|it| it.verifier.is_of(password).unwrap_or(false))
}

/// The center was reached and does not know this desk: what the desk itself knows counts no more.
fn struck_off(desk: &Desk) -> String {
    if let Err(error) = desk.link.hear_struck_off(&desk.store) {
        tracing::error!(%error, "how the desk stands with the center was not kept");
    }
    text::struck_off().to_owned()
}

/// The center cannot be reached: what the desk itself knows counts, for a while, unless the center has
/// said before that this desk is none of its own.
fn offline(
    desk: &Desk,
    person: &ActorId,
    password: &str,
    failure: Failure,
    now: DateTime<Utc>,
) -> Result<LetIn, String> {
    if desk.link.known().is_struck_off() {
        return Err(text::struck_off().to_owned());
    }
    let read = desk
        .store
        .read(|reader| Ok((reader.verifier(person)?, reader.last_presence_at()?)));
    let (stored, last_at) = read.map_err(|error| text::error(&CallError::Fault(error), "—"))?;
    let reached = match failure {
        Failure::Offline | Failure::TimedOut => "现在连不上中心",
        Failure::Unreadable | Failure::NotAdmitted => "中心的答复无法识别",
    };
    let Some(stored) = stored else {
        return Err(failed(
            desk,
            person,
            now,
            &format!("{reached}，且此工号没有在本机在线登录过。请先联网登录一次。"),
        ));
    };
    let staff = desk.tables.references.staff();
    if staff
        .iter()
        .any(|it| it.actor.id == *person && it.is_disabled)
    {
        let told = text::sign_in_refusal(&SignInRefusal::Disabled);
        return Err(failed(desk, person, now, &told));
    }
    if let Err(not_trusted) = guard::trust(&stored, last_at, now) {
        let told = match not_trusted {
            NotTrusted::Expired { since } => text::offline_expired(reached, since),
            NotTrusted::ClockBack => {
                format!("{reached}，而本机时钟早于上次的登录记录。请先校准时钟，或联网登录。")
            }
        };
        return Err(told);
    }
    let is_right = stored.verifier.is_of(password);
    let is_right = is_right.map_err(|fault| text::error(&CallError::Store(fault), "—"))?;
    if !is_right {
        let told = text::sign_in_refusal(&SignInRefusal::Wrong);
        return Err(failed(desk, person, now, &told));
    }
    Ok(LetIn {
        actor: stored.actor,
        verifier: None,
        is_offline: true,
        must_change: false,
    })
}

/// Counts a failure, and says it; how long to wait where it was one too many.
fn failed(desk: &Desk, person: &ActorId, now: DateTime<Utc>, told: &str) -> String {
    let kept = desk.store.commit(|writer| -> Result<_, StoreFault> {
        let after = guard::after_failure(writer.sign_in_guard(person)?, now);
        writer.put_sign_in_guard(person, after)?;
        let entry = |what| PresenceEntry {
            at: now,
            what,
            person: person.clone(),
            detail: told.to_owned(),
        };
        writer.append_presence(&entry(Presence::Failed))?;
        if after.blocked_until.is_some() {
            writer.append_presence(&entry(Presence::Barred))?;
        }
        Ok(after)
    });
    match kept {
        Ok(after) => match guard::blocked_until(after, now) {
            Some(until) => format!("{told}{}", text::barred(until - now)),
            None => told.to_owned(),
        },
        Err(fault) => text::error(&CallError::Store(fault), "—"),
    }
}

/// Who went and who came.
fn note_coming(
    writer: &mut Writer,
    before: Option<&Actor>,
    person: &Actor,
    is_offline: bool,
    now: DateTime<Utc>,
) -> Result<(), StoreFault> {
    let mut note = |what, id: &ActorId| {
        writer.append_presence(&PresenceEntry {
            at: now,
            what,
            person: id.clone(),
            detail: String::new(),
        })
    };
    match before {
        Some(before) if before.id == person.id => return note(Presence::Unlocked, &person.id),
        Some(before) => note(Presence::SignedOut, &before.id)?,
        None => {}
    }
    let what = if is_offline {
        Presence::SignedInOffline
    } else {
        Presence::SignedInOnline
    };
    note(what, &person.id)
}

/// 接班: whoever comes after a hand-over was written, and did not write it, confirms it by coming.
fn take_over(writer: &mut Writer, person: &Actor, now: DateTime<Utc>) -> Result<(), StoreFault> {
    let Some(open) = writer.open_hand_over()? else {
        return Ok(());
    };
    if open.from == person.id {
        return Ok(());
    }
    let confirmation = HandOverConfirmation {
        by: person.id.clone(),
        name: person.name.clone(),
        at: now,
    };
    writer.confirm_hand_over(&open.id, &confirmation)?;
    writer.append_presence(&PresenceEntry {
        at: now,
        what: Presence::HandOverConfirmed,
        person: person.id.clone(),
        detail: open.id,
    })
}
