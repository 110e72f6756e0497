//! 消息: which queries of a unit's pages must be asked again, as soon as its rows are drawn anew.

use std::sync::Arc;

use tokio::sync::broadcast;
use tokio::sync::broadcast::error::RecvError;

use super::doorway::PEOPLE;
use super::unit_article::{ARTICLE, TASK};
use super::unit_order::{DONE, LIVE, prefix};
use super::unit_round::ROUND;
use super::visit::Visit;
use crate::office::Drawn;

/// One page of one person that listens.
pub(super) struct Listening {
    visit: Visit,
    drawn: broadcast::Receiver<Arc<Drawn>>,
    prefix: String,
}

impl Listening {
    pub(super) fn begin(visit: Visit) -> Self {
        Self {
            drawn: visit.office.drawn(),
            prefix: prefix(&visit.unit),
            visit,
        }
    }

    /// The tags of the next change that touches the unit; `None` when there is nobody to tell.
    pub(super) async fn next(&mut self) -> Option<Vec<&'static str>> {
        loop {
            let tags = match self.drawn.recv().await {
                Ok(drawn) => self.tags(&drawn),
                Err(RecvError::Lagged(_)) => vec!["*"],
                Err(RecvError::Closed) => return None,
            };
            if !self.is_still_of_unit() {
                return None;
            }
            if !tags.is_empty() {
                return Some(tags);
            }
        }
    }

    fn tags(&self, drawn: &Drawn) -> Vec<&'static str> {
        let own = drawn
            .rows
            .iter()
            .filter(|(_, key)| key.starts_with(&self.prefix));
        let tags = own.filter_map(|(kind, _)| match *kind {
            LIVE | DONE => Some("work_orders"),
            ARTICLE | TASK => Some("knowledge"),
            ROUND => Some("assessment"),
            _ => None,
        });
        let mut tags: Vec<&'static str> = tags.collect();
        tags.sort_unstable();
        tags.dedup();
        tags
    }

    /// Whoever was disabled, or has another post, hears no more.
    fn is_still_of_unit(&self) -> bool {
        let actor = self.visit.office.references().actor(&self.visit.actor.id);
        actor.holds_any(PEOPLE) && actor.unit.as_ref() == Some(&self.visit.unit)
    }
}
