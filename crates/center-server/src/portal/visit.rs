//! 来访: one call of one person of a unit. What may be read is read through it, so that nobody
//! forgets whose it is.

use std::sync::{Arc, Mutex, PoisonError};

use center::{Acted, Errand, Ledger as _};
use chrono::{DateTime, Utc};
use domain::kb::KbRecord;
use domain::kb::task::{KbTask, KbTaskEvent};
use domain::work_order::{Assignment, CallerVisibility, Event, caller_visibility, fold};
use domain::{Actor, ActorId, Facts, HandlingUnitId, Refusal, Role, WorkOrder};
use serde_json::Value;
use wire::{Act, References, Story, Subject};
use wording::reference::ReferenceTables;

use super::error::CallError;
use super::sealed::Seal;
use super::unit_order::own;
use crate::delivery::CENTER_ACTOR;
use crate::office::Office;

/// The longest name that a page gives an act, in characters.
const ACT_ID_MAX_CHARS: usize = 36;

/// So much of a hash names an errand.
const ERRAND_ID_CHARS: usize = 40;

/// A person of a unit, signed in, and the moment.
pub(super) struct Visit {
    pub(super) office: Arc<Office>,
    pub(super) tables: Arc<ReferenceTables>,
    pub(super) references: Arc<References>,
    pub(super) actor: Actor,
    pub(super) unit: HandlingUnitId,
    pub(super) now: DateTime<Utc>,
    /// Whose identity must not be in the answer.
    pub(super) seals: Mutex<Vec<Seal>>,
}

/// An order of the unit, with its story.
pub(super) struct OwnOrder {
    pub(super) id: String,
    pub(super) order: WorkOrder,
    pub(super) events: Vec<Event>,
    /// The unit's part of it.
    pub(super) assignment: Assignment,
    pub(super) visibility: CallerVisibility,
}

/// A task of the unit, with its story.
pub(super) struct OwnTask {
    pub(super) task: KbTask,
    pub(super) events: Vec<KbTaskEvent>,
}

/// What a person of a unit asks to be done.
pub(super) struct Asked {
    pub(super) subject: String,
    /// Named by the page: the same again is done once.
    pub(super) act_id: String,
    /// The version the page showed.
    pub(super) version: u32,
    pub(super) act: Act,
}

impl Visit {
    pub(super) fn facts(&self) -> Facts<'_> {
        self.office
            .ground(&self.references)
            .facts(self.now, &self.actor)
    }

    /// The order, if the unit was given it. One of another unit is answered like one that is not
    /// there: who asks learns nothing.
    pub(super) async fn order(&self, id: &str) -> Result<OwnOrder, CallError> {
        let (events, id) = (self.order_events(id).await?, id.to_owned());
        let order = fold(&events).ok_or(Refusal::NotRegistered)?;
        let assignment = own(&order, &self.unit).ok_or(Refusal::NotRegistered)?;
        let assignment = assignment.clone();
        let visibility = caller_visibility(&order, &self.actor);
        if visibility == CallerVisibility::Sealed {
            let seal = Seal::of(&order.matter.caller);
            let mut seals = self.seals.lock().unwrap_or_else(PoisonError::into_inner);
            seals.push(seal);
        }
        Ok(OwnOrder {
            id,
            order,
            events,
            assignment,
            visibility,
        })
    }

    async fn order_events(&self, id: &str) -> Result<Vec<Event>, CallError> {
        let stories = self.stories(id).await?;
        let events = stories.into_iter().filter_map(Story::into_order);
        Ok(events.flatten().collect())
    }

    /// The task, if it is the unit's.
    pub(super) async fn task(&self, number: &str) -> Result<OwnTask, CallError> {
        use domain::kb::task::{KbTaskRefusal, fold};
        let stories = self.stories(number).await?;
        let events = stories.into_iter().filter_map(|story| match story {
            Story::Task(events) => Some(events),
            Story::Order(_)
            | Story::Article(_)
            | Story::Case(_)
            | Story::Catalogue(_)
            | Story::Assessment(_)
            | Story::Dossier(_)
            | Story::EarlyWarning(_) => None,
        });
        let events: Vec<KbTaskEvent> = events.flatten().collect();
        let task = fold(&events).filter(|task| task.unit == self.unit);
        let task = task.ok_or(KbTaskRefusal::NotAssigned)?;
        Ok(OwnTask { task, events })
    }

    /// The article, if the unit is responsible for it.
    pub(super) async fn article(&self, id: &str) -> Result<KbRecord, CallError> {
        let subject = self.office.subject(id).await?;
        let record = subject.as_ref().and_then(Subject::article);
        let record =
            record.filter(|record| super::unit_article::unit_of(record) == Some(&self.unit));
        Ok(record.ok_or(domain::kb::KbRefusal::NotThere)?.clone())
    }

    async fn stories(&self, id: &str) -> Result<Vec<Story>, CallError> {
        let id = id.to_owned();
        let read = self.office.readers.read(move |reader| {
            let entries = reader.ledger.story_of(&id)?;
            let bodies = entries.iter().filter_map(|entry| entry.read().ok());
            let stories = bodies.filter_map(|body| Some(body.accepted()?.story.clone()));
            Ok(stories.collect())
        });
        Ok(read.await?)
    }

    /// Has the center do it, and waits until the lists show it.
    pub(super) async fn act(&self, asked: Asked) -> Result<(), CallError> {
        let Asked {
            subject,
            act_id,
            version,
            act,
        } = asked;
        let is_name = |it: char| it.is_ascii_alphanumeric() || it == '-';
        if act_id.is_empty()
            || act_id.chars().count() > ACT_ID_MAX_CHARS
            || !act_id.chars().all(is_name)
        {
            return Err(CallError::invalid("请求没有编号，请刷新页面后再试。"));
        }
        let errand = Errand {
            actor: self.actor.id.clone(),
            id: errand_id(&self.actor.id, &subject, &act_id),
            subject,
            act,
            seen_version: Some(version),
        };
        match self.office.act(errand).await? {
            Acted::Done { seq } => {
                self.office.drawn_to(seq).await;
                Ok(())
            }
            // The answer to an earlier try was lost.
            Acted::Before => Ok(()),
            Acted::Stale { current_version } => Err(CallError::Stale {
                shown: version,
                now: current_version,
            }),
            Acted::Refused(says) => Err(says.into()),
        }
    }

    /// The identity of what an act begins: the same act again begins the same.
    pub(super) fn new_subject(&self, act_id: &str) -> String {
        errand_id(&self.actor.id, "", act_id)
    }

    /// Takes the identity of every sealed caller that was met out of an answer.
    pub(super) fn seal(&self, answer: &mut Value) {
        let seals = self.seals.lock().unwrap_or_else(PoisonError::into_inner);
        for seal in &*seals {
            seal.value(answer);
        }
    }

    /// 陈晓梅 for a colleague, the unit of another, 县中心 for the center's own people.
    pub(super) fn person_text(&self, id: &ActorId) -> String {
        if id.0 == CENTER_ACTOR {
            return "中心系统".to_owned();
        }
        let person = self.references.actor(id);
        let of_city = person.roles.contains(&Role::City);
        match person.unit {
            Some(unit) if unit == self.unit => person.name,
            Some(unit) => self.unit_name(&unit),
            None if of_city => "市中心".to_owned(),
            None => "县中心".to_owned(),
        }
    }

    pub(super) fn unit_name(&self, id: &HandlingUnitId) -> String {
        let unit = self.references.units().get(id);
        unit.map_or_else(
            || self.tables.unit_name(id).to_owned(),
            |unit| unit.name.clone(),
        )
    }
}

/// One person's act cannot be taken for another's, nor for one on something else, whatever the pages
/// call them.
fn errand_id(actor: &ActorId, subject: &str, act_id: &str) -> String {
    use sha2::{Digest as _, Sha256};
    let mut hash = Sha256::new();
    hash.update(b"hotline-desk/portal-act/1\0");
    for part in [&actor.0, subject, act_id] {
        hash.update(part);
        hash.update([0]);
    }
    let hash = crate::hex::to_hex(&hash.finalize());
    let name: String = hash.chars().take(ERRAND_ID_CHARS).collect();
    format!("portal-{name}")
}
