//! 涂销: what is over is taken out now and then, and again where a backup has brought it back.

use std::collections::BTreeMap;

use anyhow::Result;
use center::{Ledger as _, RedactionOrder, has_come_back};
use chrono::{DateTime, Utc};
use domain::ActorId;
use domain::retention::ended_on;
use wire::{RedactionGround, Subject};

use crate::desk::HOUR;
use crate::mutant::Mutant;
use crate::world::{Event, World};

/// So much of the feed is looked at for what is over.
const LOOKED_AT: u64 = 400;
/// Stories in one go.
const AT_ONCE: usize = 4;

fn order_of_two() -> RedactionOrder {
    RedactionOrder {
        ground: RedactionGround::Asked,
        asked_by: ActorId("档案".to_owned()),
        granted_by: ActorId("主任".to_owned()),
    }
}

impl World {
    pub(crate) fn redact(&mut self) -> Result<()> {
        if !self.is_stormy {
            return Ok(());
        }
        let next = self.dice.between(8 * HOUR, 40 * HOUR);
        self.at(next, Event::Redaction);
        let now = self.time();
        let Some(center) = &mut self.center else {
            return Ok(());
        };
        let end = center.ledger().feed()?.end.seq;
        let from = self.dice.below(end.saturating_sub(LOOKED_AT).max(1));
        let n_max = usize::try_from(LOOKED_AT)?;
        let mut over: Vec<String> = Vec::new();
        for entry in center.ledger().entries_after(from, n_max, usize::MAX)? {
            let id = entry.subject;
            let subject = center.subject(&id)?;
            let order = subject.as_ref().and_then(Subject::order);
            if order.and_then(ended_on).is_some()
                && !over.contains(&id)
                && !entry.cover.is_redacted()
                && over.len() < AT_ONCE
            {
                over.push(id);
            }
        }
        if over.is_empty() {
            return Ok(());
        }
        for id in &over {
            self.truth.redacted.insert(id.clone(), now);
        }
        let done = center.redact(&over, &order_of_two(), now)?;
        self.totals.redacted += done.subjects.len() as u64;
        self.tell(|| format!("中心 涂销 {over:?}"));
        self.poke_all(usize::MAX);
        Ok(())
    }

    /// What was redacted and has words again, by when it was redacted.
    pub(crate) fn come_back(&self) -> Result<BTreeMap<DateTime<Utc>, Vec<String>>> {
        let mut back: BTreeMap<DateTime<Utc>, Vec<String>> = BTreeMap::new();
        let Some(center) = &self.center else {
            return Ok(back);
        };
        for (id, at) in &self.truth.redacted {
            if has_come_back(center.ledger(), id, *at)? {
                back.entry(*at).or_default().push(id.clone());
            }
        }
        Ok(back)
    }

    /// Takes out again what an older backup or a desk has brought back.
    pub(crate) fn redact_again(&mut self) -> Result<()> {
        if self.plan.mutant == Some(Mutant::RedactionForgotten) {
            return Ok(());
        }
        let now = self.time();
        for (said_by, back) in self.come_back()? {
            let Some(center) = &mut self.center else {
                return Ok(());
            };
            let done = center.redact_again(&back, said_by, &order_of_two(), now)?;
            self.totals.redacted_again += done.subjects.len() as u64;
            self.tell(|| format!("中心 再次涂销 {back:?}"));
            self.poke_all(usize::MAX);
        }
        Ok(())
    }
}
