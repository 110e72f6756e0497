//! 备好的推送: what can be made of a push without looking into the ledger, made by whoever takes it in. The one
//! who writes does what only it can.

use std::sync::Arc;

use serde::ser::Error as _;
use wire::{Act, DeskId, DeskMoment, Envelope, PushRequest, Unread};

use crate::push::malformed;

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
        // The command stands in it as a text in a text.
        let mut text = Vec::with_capacity(envelope.command.len() * 5 / 4 + 768);
        serde_json::to_writer(&mut text, &envelope)?;
        let text = String::from_utf8(text).map_err(serde_json::Error::custom)?;
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
