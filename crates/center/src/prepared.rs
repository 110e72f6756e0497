//! 备好的推送: what can be made of a push without looking into the ledger, made by whoever takes it in. The one
//! who writes does what only it can.

use std::sync::Arc;

use wire::limit::{COMMAND_MAX_BYTES, PUSH_INTENTS_MAX, PUSH_MAX_BYTES};
use wire::{Act, DeskId, DeskMoment, Envelope, PushRequest, Unread};

use crate::push::is_id;

/// A push with its commands read and its hashes looked at.
#[derive(Debug, Clone)]
pub struct Prepared {
    pub(crate) desk: DeskId,
    pub(crate) protocol: u32,
    pub(crate) sent: DeskMoment,
    /// What is wrong with it, whatever its intents ask for; then there are none.
    pub(crate) malformed: Option<String>,
    pub(crate) intents: Vec<PreparedIntent>,
}

/// An intent of a push.
#[derive(Debug, Clone)]
pub(crate) struct PreparedIntent {
    pub(crate) kept: Arc<KeptIntent>,
    pub(crate) act: Result<Act, Unread>,
}

/// An intent, and the text in which it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptIntent {
    envelope: Envelope,
    text: String,
}

impl Prepared {
    /// # Errors
    /// None that is known: any envelope can be written as text.
    pub fn of(push: PushRequest) -> serde_json::Result<Self> {
        let malformed = malformed(&push);
        let envelopes = match malformed {
            Some(_) => Vec::new(),
            None => push.envelopes,
        };
        let intents = envelopes.into_iter().map(|envelope| {
            Ok(PreparedIntent {
                act: Act::read(&envelope),
                kept: Arc::new(KeptIntent::of(envelope)?),
            })
        });
        Ok(Self {
            desk: push.desk,
            protocol: push.protocol,
            sent: push.sent,
            malformed,
            intents: intents.collect::<serde_json::Result<_>>()?,
        })
    }

    /// How many intents are to be decided.
    pub fn n_intents(&self) -> usize {
        self.intents.len()
    }
}

impl KeptIntent {
    /// # Errors
    /// None that is known: any envelope can be written as text.
    pub fn of(envelope: Envelope) -> serde_json::Result<Self> {
        let text = serde_json::to_string(&envelope)?;
        Ok(Self { envelope, text })
    }

    pub fn envelope(&self) -> &Envelope {
        &self.envelope
    }

    /// The envelope as JSON.
    pub fn text(&self) -> &str {
        &self.text
    }
}

/// What is wrong with a push, whatever its intents ask for.
fn malformed(request: &PushRequest) -> Option<String> {
    let envelopes = &request.envelopes;
    let n = envelopes.len();
    if n == 0 || n > PUSH_INTENTS_MAX {
        return Some(format!("{n} intents"));
    }
    let n_bytes: usize = envelopes.iter().map(|it| it.command.len()).sum();
    if n > 1 && n_bytes > PUSH_MAX_BYTES {
        return Some(format!("{n_bytes} bytes of commands"));
    }
    envelopes.iter().find_map(|envelope| {
        let number = envelope.number;
        let ids = [
            &envelope.id,
            &envelope.subject,
            &envelope.kind,
            &envelope.actor.0,
        ];
        if envelope.desk != request.desk {
            Some(format!("intent {number} is another desk's"))
        } else if number == 0 || !ids.iter().all(|id| is_id(id)) {
            Some(format!("intent {number} has no identity"))
        } else if envelope.command.len() > COMMAND_MAX_BYTES {
            Some(format!("intent {number} is too long"))
        } else if envelope.computed_hash() != envelope.hash {
            Some(format!("intent {number} was changed on its way"))
        } else {
            None
        }
    })
}
