//! 审计: how each call is recorded, and that nothing is done or shown without it.
//!
//! The table of calls says of each how (`Audited`); [`DeskHost::recorded`] does it, for all of them, between
//! the outer door and the call. The entry of a change is written in the transaction of the change, that of
//! a read before the answer, that of a refusal after it. What cannot be recorded is not done.

mod record;

use audit::{Entry, Outcome};
use desk_store::{Recorded, StoreFault};
use serde_json::Value;
use wording::mask;

pub use self::record::{AuditAsk, AuditPage, AuditRow, AuditVerified, NamedAct};
pub(crate) use self::record::{audit_entries, export_audit, verify_audit};

use crate::api;
use crate::desk::Desk;
use crate::error::{CallError, ErrorCode};
use crate::host::{DeskHost, Reply};

/// What the table of calls says of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Audited {
    /// Neither an act nor a person's data; why.
    Not { because: &'static str },
    /// A change: its entry is written with it. `of` names the field of the request that says what it is
    /// about; empty for none.
    Act { of: &'static str },
    /// A person's data are shown, or leave the program: the entry is written before.
    Read { of: &'static str },
    /// The same where the field is filled in; otherwise a list in which everything is masked.
    Search { of: &'static str },
    /// The call has more to say than the table knows and writes its entries itself.
    Own { of: &'static str },
}

impl DeskHost {
    /// Makes a call that was let in, and records it. A closed desk has nothing to record in, and nothing
    /// that could be done or read.
    pub(crate) fn recorded(
        &self,
        desk: Option<&Desk>,
        name: &str,
        audited: Audited,
        request: Value,
    ) -> Result<Reply, CallError> {
        let at_the_door = self.desk().ok();
        let Some(here) = desk.or(at_the_door.as_deref()) else {
            return api::dispatch(self, desk, name, request);
        };
        let by = self.by(desk);
        let entry = |of: &str, outcome| by.entry(here, name, &object(&request, of), outcome);
        match audited {
            Audited::Not { because } => {
                tracing::trace!(because, "not recorded");
                api::dispatch(self, desk, name, request)
            }
            Audited::Read { of } => {
                write(here, entry(of, Outcome::Shown))?;
                api::dispatch(self, desk, name, request)
            }
            Audited::Search { of } => {
                if !object(&request, of).is_empty() {
                    let fields = vec![of.to_owned()];
                    let shown = entry("", Outcome::Shown);
                    write(here, Entry { fields, ..shown })?;
                }
                api::dispatch(self, desk, name, request)
            }
            Audited::Act { of } => {
                let done = entry(of, Outcome::Done);
                self.done((desk, here), name, request, done, Recorded::WithTheChange)
            }
            Audited::Own { of } => {
                let done = entry(of, Outcome::Done);
                self.done((desk, here), name, request, done, Recorded::ByItself)
            }
        }
    }

    fn done(
        &self,
        (desk, here): (Option<&Desk>, &Desk),
        name: &str,
        request: Value,
        done: Entry,
        recorded: Recorded,
    ) -> Result<Reply, CallError> {
        let dispatch = || api::dispatch(self, desk, name, request);
        let (answer, is_written) = desk_store::audited(done.clone(), recorded, dispatch);
        match &answer {
            // Nothing of it was a change of the store.
            Ok(_) if recorded == Recorded::WithTheChange && !is_written => write(here, done)?,
            Err(error) if !is_written => {
                if let Some(outcome) = outcome_of(error) {
                    write_or_log(here, Entry { outcome, ..done });
                }
            }
            Ok(_) | Err(_) => {}
        }
        answer
    }

    /// 无权限, or a mistake of the program: recorded after the fact, since nothing was done. `desk`: as it
    /// was admitted.
    pub(crate) fn record_outcome(&self, desk: Option<&Desk>, name: &str, outcome: Outcome) {
        let at_the_door = self.desk().ok();
        if let Some(here) = desk.or(at_the_door.as_deref()) {
            write_or_log(here, self.by(desk).entry(here, name, "", outcome));
        }
    }

    /// Who does it: whom the desk was admitted for, or who is at the door.
    fn by(&self, desk: Option<&Desk>) -> By {
        if let Some(desk) = desk {
            return By {
                actor: desk.operator.id.0.clone(),
                session: desk.session.to_string(),
            };
        }
        let session = self.office.session();
        let person = session.person.as_ref().map(|person| person.id.0.clone());
        By {
            actor: person.unwrap_or_default(),
            session: session.id.clone(),
        }
    }
}

/// A person, and the sign-in under which the person acts.
struct By {
    actor: String,
    session: String,
}

impl By {
    fn entry(&self, desk: &Desk, name: &str, object: &str, outcome: Outcome) -> Entry {
        Entry {
            at_ms: desk.now().timestamp_millis(),
            actor: self.actor.clone(),
            desk: String::new(),
            session: self.session.clone(),
            act: name.to_owned(),
            object: object.to_owned(),
            purpose: String::new(),
            fields: Vec::new(),
            outcome,
        }
    }
}

/// What a request is about. A telephone number is a person's: it is masked, as everywhere.
fn object(request: &Value, of: &str) -> String {
    let said = match request.get(of) {
        Some(Value::String(text)) => text.clone(),
        Some(Value::Number(number)) => number.to_string(),
        Some(Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_)) | None => {
            String::new()
        }
    };
    if of == "phone" {
        mask::masked(&said)
    } else {
        said
    }
}

/// What an error comes to; none where nobody was there who could have been refused.
fn outcome_of(error: &CallError) -> Option<Outcome> {
    match error.code() {
        ErrorCode::Refused | ErrorCode::Stale | ErrorCode::NeedsApproval | ErrorCode::Invalid => {
            Some(Outcome::Refused)
        }
        ErrorCode::Locked => None,
        ErrorCode::StorageFull | ErrorCode::Fault | ErrorCode::Bug => Some(Outcome::Failed),
    }
}

fn write(desk: &Desk, entry: Entry) -> Result<(), StoreFault> {
    desk.store
        .commit(|writer| writer.append_audit(entry).map(drop))
}

fn write_or_log(desk: &Desk, entry: Entry) {
    let act = entry.act.clone();
    if let Err(error) = write(desk, entry) {
        tracing::error!(%error, act, "what was refused is not recorded");
    }
}

/// 打开本机存储 is the first of what is recorded; what is older than it must be kept goes.
pub(crate) fn open_record(desk: &Desk) -> Result<(), StoreFault> {
    let now = desk.now();
    desk.store.commit(|writer| {
        let n_purged = writer.purge_audit(now)?;
        if n_purged > 0 {
            tracing::info!(n_purged, "old entries of the audit were taken away");
        }
        writer.append_audit(Entry {
            at_ms: now.timestamp_millis(),
            actor: String::new(),
            desk: String::new(),
            session: String::new(),
            act: "open".to_owned(),
            object: String::new(),
            purpose: String::new(),
            fields: Vec::new(),
            outcome: Outcome::Done,
        })?;
        Ok(())
    })
}
