//! What entries are about, folded: the one place where both sides meet the rules.

use chrono::{DateTime, Utc};
use domain::assessment::{self, AssessmentEvent, AssessmentFacts, AssessmentRefusal, SchemeRecord};
use domain::caller_dossier::{self, CallerDossier, DossierCommand, DossierEvent, DossierRefusal};
use domain::clock_face::date_of;
use domain::dispatch_catalogue::{
    self, AmendmentEvent, AmendmentFacts, AmendmentRefusal, CatalogueRecord,
};
use domain::early_warning::{
    self, EarlyWarningCommand, EarlyWarningEvent, EarlyWarningRecord, EarlyWarningRefusal,
};
use domain::kb::task::{self, KbTask, KbTaskEvent, KbTaskFacts, KbTaskRefusal};
use domain::kb::{self, KbArticleId, KbEvent, KbFacts, KbRecord, KbRefusal};
use domain::matter::phone_digits;
use domain::supervision::{
    self, SupervisoryCase, SupervisoryEvent, SupervisoryFacts, SupervisoryRefusal,
};
use domain::work_order::{self, AssignmentNumber};
use domain::{Event, Facts, Refusal, WorkOrder};
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::act::Act;
use crate::hash::{Canonical, Hash};

/// What the amendments of the dispatch catalogue are about: a center has one catalogue. Frozen.
pub const DISPATCH_CATALOGUE: &str = "dispatch-catalogue";

/// What the subjects of callers' dossiers begin with. Frozen.
const CALLER_DOSSIER: &str = "caller-dossier-";
/// Hex digits of the hash behind it. Frozen.
const SUBJECT_HASH_DIGITS: usize = 32;

/// What the dossier of a number is about: one for each number, at whichever desk it was opened. Subjects come
/// into logs, and numbers must not: it is made of a hash of the number.
pub fn dossier_subject(phone: &str) -> String {
    let mut hash = Hash::of(phone_digits(phone).as_bytes()).to_string();
    hash.truncate(SUBJECT_HASH_DIGITS);
    format!("{CALLER_DOSSIER}{hash}")
}

/// Whether a subject is the dossier of a number.
pub fn is_dossier(subject: &str) -> bool {
    subject.starts_with(CALLER_DOSSIER)
}

/// What the subjects of early warnings begin with. Frozen.
const EARLY_WARNING: &str = "early-warning-";
/// What the thresholds of early warnings are about: a center has one set. Frozen.
pub const EARLY_WARNING_THRESHOLDS: &str = "early-warning-thresholds";

/// What a warning is about, from what a rule said it is: the same at every desk that finds it. That may have a
/// number in it, so it is made of a hash.
pub fn early_warning_subject(about: &str) -> String {
    let mut hash = Hash::of(about.as_bytes()).to_string();
    hash.truncate(SUBJECT_HASH_DIGITS);
    format!("{EARLY_WARNING}{hash}")
}

/// Whether a subject is an early warning, or the thresholds of all.
pub fn is_early_warning(subject: &str) -> bool {
    subject.starts_with(EARLY_WARNING)
}

/// 经过: events of one order, article, task, case, scheme, dossier or early warning, or of the dispatch
/// catalogue, in order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "of", content = "events", rename_all = "snake_case")]
pub enum Story {
    Order(Vec<Event>),
    Article(Vec<KbEvent>),
    Task(Vec<KbTaskEvent>),
    Case(Vec<SupervisoryEvent>),
    Catalogue(Vec<AmendmentEvent>),
    Assessment(Vec<AssessmentEvent>),
    Dossier(Vec<DossierEvent>),
    EarlyWarning(Vec<EarlyWarningEvent>),
}

/// 对象: an order, an article or a task of the knowledge base, a supervisory case, the dispatch catalogue, a
/// scheme of the assessment with its periods, the dossier of a number, or an early warning, as its story makes
/// it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Subject {
    Order(Box<WorkOrder>),
    Article(Box<KbRecord>),
    Task(Box<KbTask>),
    Case(Box<SupervisoryCase>),
    Catalogue(Box<CatalogueRecord>),
    Assessment(Box<SchemeRecord>),
    Dossier(Box<CallerDossier>),
    EarlyWarning(Box<EarlyWarningRecord>),
}

/// A rule said no.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum RuleSays {
    #[error(transparent)]
    Order(#[from] Refusal),
    #[error(transparent)]
    Article(#[from] KbRefusal),
    #[error(transparent)]
    Task(#[from] KbTaskRefusal),
    #[error(transparent)]
    Case(#[from] SupervisoryRefusal),
    #[error(transparent)]
    Catalogue(#[from] AmendmentRefusal),
    #[error(transparent)]
    Assessment(#[from] AssessmentRefusal),
    #[error(transparent)]
    Dossier(#[from] DossierRefusal),
    #[error(transparent)]
    EarlyWarning(#[from] EarlyWarningRefusal),
    /// A command about an order was given for an article, or the like.
    #[error("the command is about something else")]
    OtherSubject,
}

impl Story {
    pub fn len(&self) -> usize {
        match self {
            Self::Order(events) => events.len(),
            Self::Article(events) => events.len(),
            Self::Task(events) => events.len(),
            Self::Case(events) => events.len(),
            Self::Catalogue(events) => events.len(),
            Self::Assessment(events) => events.len(),
            Self::Dossier(events) => events.len(),
            Self::EarlyWarning(events) => events.len(),
        }
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The events of an order; `None` where it is about something else.
    pub fn into_order(self) -> Option<Vec<Event>> {
        match self {
            Self::Order(events) => Some(events),
            Self::Article(_)
            | Self::Task(_)
            | Self::Case(_)
            | Self::Catalogue(_)
            | Self::Assessment(_)
            | Self::Dossier(_)
            | Self::EarlyWarning(_) => None,
        }
    }
}

impl Subject {
    /// Decides a command by the rules of `domain`.
    pub fn decide(
        id: &str,
        subject: Option<&Self>,
        act: &Act,
        facts: &Facts<'_>,
    ) -> Result<Story, RuleSays> {
        if (id == DISPATCH_CATALOGUE) != matches!(act, Act::Amendment(_)) {
            return Err(RuleSays::OtherSubject);
        }
        if is_dossier(id) != matches!(act, Act::Dossier(_)) {
            return Err(RuleSays::OtherSubject);
        }
        if is_early_warning(id) != matches!(act, Act::EarlyWarning(_)) {
            return Err(RuleSays::OtherSubject);
        }
        match (act, subject) {
            (Act::Order(command), None) => Ok(work_order::decide(None, command, facts)?.into()),
            (Act::Order(command), Some(Self::Order(order))) => {
                Ok(work_order::decide(Some(order), command, facts)?.into())
            }
            (Act::Article(command), None) => {
                let event = kb::decide(&article(id), None, command, &kb_facts(facts))?;
                Ok(vec![event].into())
            }
            (Act::Article(command), Some(Self::Article(record))) => {
                let event = kb::decide(&article(id), Some(record), command, &kb_facts(facts))?;
                Ok(vec![event].into())
            }
            (Act::Task(command), None) => {
                let event = task::decide(None, command, &task_facts(facts))?;
                Ok(vec![event].into())
            }
            (Act::Task(command), Some(Self::Task(task))) => {
                let event = task::decide(Some(task), command, &task_facts(facts))?;
                Ok(vec![event].into())
            }
            (Act::Case(command), None) => {
                let event = supervision::decide(None, command, &case_facts(facts))?;
                Ok(vec![event].into())
            }
            (Act::Case(command), Some(Self::Case(case))) => {
                let event = supervision::decide(Some(case), command, &case_facts(facts))?;
                Ok(vec![event].into())
            }
            (Act::Amendment(command), None) => {
                let event = dispatch_catalogue::decide(None, command, &amendment_facts(facts))?;
                Ok(vec![event].into())
            }
            (Act::Amendment(command), Some(Self::Catalogue(record))) => {
                let facts = amendment_facts(facts);
                let event = dispatch_catalogue::decide(Some(record), command, &facts)?;
                Ok(vec![event].into())
            }
            (Act::Assessment(command), None) => {
                let event = assessment::decide(None, command, &assessment_facts(facts))?;
                Ok(vec![event].into())
            }
            (Act::Assessment(command), Some(Self::Assessment(record))) => {
                let facts = assessment_facts(facts);
                let event = assessment::decide(Some(record), command, &facts)?;
                Ok(vec![event].into())
            }
            (Act::Dossier(command), None) => decide_dossier(id, None, command, facts),
            (Act::Dossier(command), Some(Self::Dossier(dossier))) => {
                decide_dossier(id, Some(dossier), command, facts)
            }
            (Act::EarlyWarning(command), None) => decide_early_warning(id, None, command, facts),
            (Act::EarlyWarning(command), Some(Self::EarlyWarning(record))) => {
                decide_early_warning(id, Some(record), command, facts)
            }
            (
                Act::Order(_)
                | Act::Article(_)
                | Act::Task(_)
                | Act::Case(_)
                | Act::Amendment(_)
                | Act::Assessment(_)
                | Act::Dossier(_)
                | Act::EarlyWarning(_),
                Some(
                    Self::Order(_)
                    | Self::Article(_)
                    | Self::Task(_)
                    | Self::Case(_)
                    | Self::Catalogue(_)
                    | Self::Assessment(_)
                    | Self::Dossier(_)
                    | Self::EarlyWarning(_),
                ),
            ) => Err(RuleSays::OtherSubject),
        }
    }

    /// Folds what happened. Events that the rules gave make a sound story.
    ///
    /// # Panics
    /// When they do not: the feed was verified, so the center that wrote it was broken.
    pub fn apply(subject: &mut Option<Self>, story: &Story) {
        // Whose story it is, and the rules that fold it.
        macro_rules! fold {
            ($variant:ident, $events:expr, $apply:path) => {{
                let mut folded = subject.take().map(|before| {
                    let Self::$variant(before) = before else {
                        unreachable!("a story goes on about what it began with");
                    };
                    *before
                });
                for event in $events {
                    $apply(&mut folded, event);
                }
                *subject = folded.map(|folded| Self::$variant(Box::new(folded)));
            }};
        }
        match story {
            Story::Order(events) => fold!(Order, events, work_order::apply),
            Story::Article(events) => fold!(Article, events, kb::apply),
            Story::Task(events) => fold!(Task, events, task::apply),
            Story::Case(events) => fold!(Case, events, supervision::apply),
            Story::Catalogue(events) => fold!(Catalogue, events, dispatch_catalogue::apply),
            Story::Assessment(events) => fold!(Assessment, events, assessment::apply),
            Story::Dossier(events) => fold!(Dossier, events, caller_dossier::apply),
            Story::EarlyWarning(events) => fold!(EarlyWarning, events, early_warning::apply),
        }
    }

    /// How many events it has seen.
    pub fn version(&self) -> u32 {
        match self {
            Self::Order(order) => order.version,
            Self::Article(record) => record.n_events,
            Self::Task(task) => task.n_events,
            Self::Case(case) => case.n_events,
            Self::Catalogue(record) => record.n_events,
            Self::Assessment(record) => record.n_events,
            Self::Dossier(dossier) => dossier.n_events,
            Self::EarlyWarning(record) => record.n_events,
        }
    }

    /// Whether nothing that a person decides by has changed since that version was shown.
    pub fn stands_as_shown(&self, version: u32) -> bool {
        let unchanged_since = self.order().map(|order| order.unchanged_since);
        (unchanged_since.unwrap_or(self.version())..=self.version()).contains(&version)
    }

    /// 轮次 of an order: the last assignment that was made, 0 for none. Whoever saw another has not
    /// seen that the order was given away since.
    pub fn round(&self) -> Option<AssignmentNumber> {
        let last = |order: &WorkOrder| order.assignments.last().map(|it| it.number);
        self.order()
            .map(|order| last(order).unwrap_or(AssignmentNumber(0)))
    }

    pub fn order(&self) -> Option<&WorkOrder> {
        if let Self::Order(order) = self {
            Some(order)
        } else {
            None
        }
    }

    pub fn article(&self) -> Option<&KbRecord> {
        if let Self::Article(article) = self {
            Some(article)
        } else {
            None
        }
    }

    pub fn task(&self) -> Option<&KbTask> {
        if let Self::Task(task) = self {
            Some(task)
        } else {
            None
        }
    }

    pub fn case(&self) -> Option<&SupervisoryCase> {
        if let Self::Case(case) = self {
            Some(case)
        } else {
            None
        }
    }

    pub fn catalogue(&self) -> Option<&CatalogueRecord> {
        if let Self::Catalogue(catalogue) = self {
            Some(catalogue)
        } else {
            None
        }
    }

    pub fn assessment(&self) -> Option<&SchemeRecord> {
        if let Self::Assessment(assessment) = self {
            Some(assessment)
        } else {
            None
        }
    }

    pub fn dossier(&self) -> Option<&CallerDossier> {
        if let Self::Dossier(dossier) = self {
            Some(dossier)
        } else {
            None
        }
    }

    pub fn early_warning(&self) -> Option<&EarlyWarningRecord> {
        if let Self::EarlyWarning(record) = self {
            Some(record)
        } else {
            None
        }
    }

    pub fn last_event_at(&self) -> DateTime<Utc> {
        match self {
            Self::Order(order) => order.last_event_at,
            Self::Article(record) => record.last_event_at,
            Self::Task(task) => task.last_event_at,
            Self::Case(case) => case.last_event_at,
            Self::Catalogue(record) => record.last_event_at,
            Self::Assessment(record) => record.last_event_at,
            Self::Dossier(dossier) => dossier.last_event_at,
            Self::EarlyWarning(record) => record.last_event_at,
        }
    }
}

impl From<Vec<Event>> for Story {
    fn from(events: Vec<Event>) -> Self {
        Self::Order(events)
    }
}

impl From<Vec<KbTaskEvent>> for Story {
    fn from(events: Vec<KbTaskEvent>) -> Self {
        Self::Task(events)
    }
}

impl From<Vec<SupervisoryEvent>> for Story {
    fn from(events: Vec<SupervisoryEvent>) -> Self {
        Self::Case(events)
    }
}

impl From<Vec<AmendmentEvent>> for Story {
    fn from(events: Vec<AmendmentEvent>) -> Self {
        Self::Catalogue(events)
    }
}

impl From<Vec<AssessmentEvent>> for Story {
    fn from(events: Vec<AssessmentEvent>) -> Self {
        Self::Assessment(events)
    }
}

impl From<Vec<DossierEvent>> for Story {
    fn from(events: Vec<DossierEvent>) -> Self {
        Self::Dossier(events)
    }
}

impl From<Vec<EarlyWarningEvent>> for Story {
    fn from(events: Vec<EarlyWarningEvent>) -> Self {
        Self::EarlyWarning(events)
    }
}

impl From<Vec<KbEvent>> for Story {
    fn from(events: Vec<KbEvent>) -> Self {
        Self::Article(events)
    }
}

/// The hash of a story, for what was on the screen and for comparing two sides. Goes on from the
/// hash of what came before, so that a long story is hashed once.
pub fn story_hash(before: Hash, story: &Story) -> serde_json::Result<Hash> {
    let mut form = Canonical::new(b"hotline-desk/story/1\0");
    form.hash(before);
    form.text(&serde_json::to_string(story)?);
    Ok(form.finish())
}

fn article(id: &str) -> KbArticleId {
    KbArticleId(id.to_owned())
}

fn kb_facts<'a>(facts: &Facts<'a>) -> KbFacts<'a> {
    KbFacts {
        now: facts.now,
        actor: facts.actor,
    }
}

fn case_facts<'a>(facts: &Facts<'a>) -> SupervisoryFacts<'a> {
    SupervisoryFacts {
        now: facts.now,
        actor: facts.actor,
        units: facts.units,
    }
}

fn amendment_facts<'a>(facts: &Facts<'a>) -> AmendmentFacts<'a> {
    AmendmentFacts {
        now: facts.now,
        actor: facts.actor,
        units: facts.units,
    }
}

/// A dossier is opened under its own number and no other.
fn decide_dossier(
    id: &str,
    dossier: Option<&CallerDossier>,
    command: &DossierCommand,
    facts: &Facts<'_>,
) -> Result<Story, RuleSays> {
    if let DossierCommand::Open { phone, .. } = command
        && dossier_subject(phone) != id
    {
        return Err(RuleSays::OtherSubject);
    }
    let event = caller_dossier::decide(dossier, command, facts.now, facts.actor)?;
    Ok(vec![event].into())
}

/// Thresholds are set under the name of all, and nothing else is.
fn decide_early_warning(
    id: &str,
    record: Option<&EarlyWarningRecord>,
    command: &EarlyWarningCommand,
    facts: &Facts<'_>,
) -> Result<Story, RuleSays> {
    let is_setting = matches!(command, EarlyWarningCommand::SetThresholds { .. });
    if is_setting != (id == EARLY_WARNING_THRESHOLDS) {
        return Err(RuleSays::OtherSubject);
    }
    let event = early_warning::decide(record, command, facts.now, facts.actor)?;
    Ok(vec![event].into())
}

fn assessment_facts<'a>(facts: &Facts<'a>) -> AssessmentFacts<'a> {
    AssessmentFacts {
        now: facts.now,
        actor: facts.actor,
        units: facts.units,
    }
}

fn task_facts<'a>(facts: &Facts<'a>) -> KbTaskFacts<'a> {
    KbTaskFacts {
        now: facts.now,
        actor: facts.actor,
        calendar: facts.calendar,
        units: facts.units,
        days: &facts
            .rule_sets
            .in_force_on(date_of(facts.now))
            .knowledge_tasks,
    }
}
