//! 派单目录: which unit a category of matters is given to where no precedent binds (第十条).
//!
//! A living table: returns that were accepted and repeat themselves propose an amendment, one person
//! puts it forward and another takes it in. What was amended says by which returns. All amendments of
//! a center are one [`CatalogueRecord`]: whether somebody amended the same in between is seen there.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::actor::{Actor, ActorId, Role};
use crate::handling_unit::{HandlingUnitId, HandlingUnits};
use crate::matter::Matter;
use crate::work_order::{AssignmentStage, WorkOrder};

/// 派单目录条目.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CatalogueEntry {
    pub category_id: String,
    /// 乡镇街道, where it holds for one alone; empty for the whole county.
    pub township_code: String,
    /// 要素: all must stand in the matter; none where the category is enough.
    pub words: Vec<String>,
    /// 主办; `None`: the township of the place leads.
    pub lead: Option<HandlingUnitId>,
    /// 行业主管, where it is not the lead.
    pub regulator: Option<HandlingUnitId>,
    /// 工单编号 of the accepted returns it was amended by; none for one of the first table.
    pub because: Vec<String>,
}

/// 派单目录.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct DispatchCatalogue(Vec<CatalogueEntry>);

/// 采纳的退回: what the center ruled when a unit sent an order back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AcceptedReturn {
    pub number: String,
    pub category_id: String,
    pub from: HandlingUnitId,
    /// The unit it was given to then.
    pub to: HandlingUnitId,
}

/// 目录修订: a category goes to another unit from now on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CatalogueAmendment {
    pub category_id: String,
    pub from: HandlingUnitId,
    pub to: HandlingUnitId,
    /// 工单编号 of the returns behind it.
    pub because: Vec<String>,
}

/// 修订命令.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "command", rename_all = "snake_case")]
pub enum AmendmentCommand {
    /// 提出修订, under an id that no other has.
    Propose {
        id: String,
        amendment: CatalogueAmendment,
    },
    /// 审核修订, by another person.
    Rule {
        id: String,
        is_adopted: bool,
        reason: String,
    },
}

/// 修订命令种类.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AmendmentCommandKind {
    Propose,
    Rule,
}

impl AmendmentCommandKind {
    pub const ALL: [Self; 2] = [Self::Propose, Self::Rule];
}

impl AmendmentCommand {
    pub fn kind(&self) -> AmendmentCommandKind {
        match self {
            Self::Propose { .. } => AmendmentCommandKind::Propose,
            Self::Rule { .. } => AmendmentCommandKind::Rule,
        }
    }

    /// The amendment it is about.
    pub fn id(&self) -> &str {
        match self {
            Self::Propose { id, .. } | Self::Rule { id, .. } => id,
        }
    }
}

/// 修订事件.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AmendmentEvent {
    #[serde(with = "chrono::serde::ts_milliseconds")]
    pub occurred_at: DateTime<Utc>,
    pub actor: ActorId,
    #[serde(flatten)]
    pub kind: AmendmentCommand,
}

/// 修订审核结果.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AmendmentRuling {
    pub ruled_at: DateTime<Utc>,
    pub ruled_by: ActorId,
    pub is_adopted: bool,
    pub reason: String,
}

/// 修订案.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AmendmentCase {
    pub id: String,
    pub amendment: CatalogueAmendment,
    pub proposed_at: DateTime<Utc>,
    pub proposed_by: ActorId,
    /// `None` while nobody has ruled.
    pub ruling: Option<AmendmentRuling>,
}

/// 修订台账: all amendments of a center, folded from their events.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CatalogueRecord {
    /// In the order in which they were put forward.
    pub cases: Vec<AmendmentCase>,
    /// 采纳的修订, in the order in which they were ruled on.
    pub adopted: Vec<CatalogueAmendment>,
    /// How many events made it.
    pub n_events: u32,
    pub last_event_at: DateTime<Utc>,
}

/// 修订所据: what is decided by besides the record.
#[derive(Debug, Clone, Copy)]
pub struct AmendmentFacts<'a> {
    pub now: DateTime<Utc>,
    pub actor: &'a Actor,
    pub units: &'a HandlingUnits,
}

/// 修订拒绝.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum AmendmentRefusal {
    #[error("needs one of {roles:?}")]
    NotPermitted { roles: &'static [Role] },
    #[error("it was put forward already")]
    ProposedAlready,
    #[error("it was not put forward")]
    NotProposed,
    #[error("it was ruled on already")]
    RuledAlready,
    #[error("another person has to review it")]
    SamePerson,
    #[error("a reason is missing")]
    ReasonMissing,
    #[error("a reason has {max_chars} characters at most")]
    ReasonTooLong { max_chars: usize },
    #[error("there is no unit {unit:?}")]
    UnitUnknown { unit: HandlingUnitId },
    #[error("there are {AMENDMENTS_MAX} amendments already")]
    TooMany,
    /// Somebody amended the catalogue in between.
    #[error("the catalogue does not send that category to {from:?}")]
    Outdated { from: HandlingUnitId },
}

/// Returns from one unit to one other, in one category, that propose an amendment.
const RETURNS_THAT_TEACH: usize = 2;
/// So many amendments of all time.
pub const AMENDMENTS_MAX: usize = 1_000;
/// 审核意见, in characters.
pub const AMENDMENT_REASON_MAX_CHARS: usize = 500;
const MAY_PROPOSE: &[Role] = &[Role::Dispatcher, Role::ShiftLead, Role::Reviewer];
const MAY_RULE: &[Role] = &[Role::ShiftLead, Role::Reviewer, Role::Supervisor];

/// Answers a command about an amendment: the event it causes, or why not. `None`: nothing was ever
/// put forward.
///
/// # Errors
/// The rule that says no; nothing changes.
pub fn decide(
    record: Option<&CatalogueRecord>,
    command: &AmendmentCommand,
    facts: &AmendmentFacts<'_>,
) -> Result<AmendmentEvent, AmendmentRefusal> {
    let roles = match command {
        AmendmentCommand::Propose { .. } => MAY_PROPOSE,
        AmendmentCommand::Rule { .. } => MAY_RULE,
    };
    if !facts.actor.holds_any(roles) {
        return Err(AmendmentRefusal::NotPermitted { roles });
    }
    let case = record.and_then(|record| record.case(command.id()));
    match (case, command) {
        (Some(_), AmendmentCommand::Propose { .. }) => {
            return Err(AmendmentRefusal::ProposedAlready);
        }
        (None, AmendmentCommand::Propose { amendment, .. }) => {
            check_new(record, amendment, facts.units)?;
        }
        (None, AmendmentCommand::Rule { .. }) => return Err(AmendmentRefusal::NotProposed),
        (
            Some(case),
            AmendmentCommand::Rule {
                is_adopted, reason, ..
            },
        ) => {
            if case.ruling.is_some() {
                return Err(AmendmentRefusal::RuledAlready);
            }
            if case.proposed_by == facts.actor.id {
                return Err(AmendmentRefusal::SamePerson);
            }
            if !is_adopted && reason.trim().is_empty() {
                return Err(AmendmentRefusal::ReasonMissing);
            }
            if reason.chars().count() > AMENDMENT_REASON_MAX_CHARS {
                let max_chars = AMENDMENT_REASON_MAX_CHARS;
                return Err(AmendmentRefusal::ReasonTooLong { max_chars });
            }
            if *is_adopted {
                check_current(record, &case.amendment)?;
            }
        }
    }
    Ok(AmendmentEvent {
        occurred_at: facts.now,
        actor: facts.actor.id.clone(),
        kind: command.clone(),
    })
}

fn check_new(
    record: Option<&CatalogueRecord>,
    amendment: &CatalogueAmendment,
    units: &HandlingUnits,
) -> Result<(), AmendmentRefusal> {
    if units.get(&amendment.to).is_none() {
        let unit = amendment.to.clone();
        return Err(AmendmentRefusal::UnitUnknown { unit });
    }
    if record.is_some_and(|record| record.open(amendment).is_some()) {
        return Err(AmendmentRefusal::ProposedAlready);
    }
    if record.is_some_and(|record| record.cases.len() >= AMENDMENTS_MAX) {
        return Err(AmendmentRefusal::TooMany);
    }
    check_current(record, amendment)
}

/// Whether the category still goes to the unit it is to be taken from, as far as it was amended.
fn check_current(
    record: Option<&CatalogueRecord>,
    amendment: &CatalogueAmendment,
) -> Result<(), AmendmentRefusal> {
    let mut adopted = record.into_iter().flat_map(|record| record.adopted.iter());
    let latest = adopted.rfind(|it| it.category_id == amendment.category_id);
    match latest {
        Some(latest) if latest.to != amendment.from => Err(AmendmentRefusal::Outdated {
            from: amendment.from.clone(),
        }),
        Some(_) | None => Ok(()),
    }
}

/// Folds one event into the record. A ruling on nothing is none: [`decide`] gives no such history.
pub fn apply(record: &mut Option<CatalogueRecord>, event: &AmendmentEvent) {
    let record = record.get_or_insert_with(|| CatalogueRecord {
        cases: Vec::new(),
        adopted: Vec::new(),
        n_events: 0,
        last_event_at: event.occurred_at,
    });
    record.n_events += 1;
    record.last_event_at = event.occurred_at;
    match &event.kind {
        AmendmentCommand::Propose { id, amendment } => record.cases.push(AmendmentCase {
            id: id.clone(),
            amendment: amendment.clone(),
            proposed_at: event.occurred_at,
            proposed_by: event.actor.clone(),
            ruling: None,
        }),
        AmendmentCommand::Rule {
            id,
            is_adopted,
            reason,
        } => {
            let Some(case) = record.cases.iter_mut().find(|case| case.id == *id) else {
                return;
            };
            case.ruling = Some(AmendmentRuling {
                ruled_at: event.occurred_at,
                ruled_by: event.actor.clone(),
                is_adopted: *is_adopted,
                reason: reason.clone(),
            });
            if *is_adopted {
                record.adopted.push(case.amendment.clone());
            }
        }
    }
}

impl CatalogueRecord {
    pub fn case(&self, id: &str) -> Option<&AmendmentCase> {
        self.cases.iter().find(|case| case.id == id)
    }

    /// 待审核 of the same words.
    pub fn open(&self, amendment: &CatalogueAmendment) -> Option<&AmendmentCase> {
        let is_same = |it: &CatalogueAmendment| {
            (&it.category_id, &it.from, &it.to)
                == (&amendment.category_id, &amendment.from, &amendment.to)
        };
        let mut open = self.cases.iter().filter(|case| case.ruling.is_none());
        open.find(|case| is_same(&case.amendment))
    }
}

impl AmendmentCase {
    /// How many events made it: who rules on it has seen it put forward and nothing more.
    pub fn version(&self) -> u32 {
        1 + u32::from(self.ruling.is_some())
    }
}

impl DispatchCatalogue {
    pub fn new(entries: Vec<CatalogueEntry>) -> Self {
        Self(entries)
    }

    pub fn entries(&self) -> &[CatalogueEntry] {
        &self.0
    }

    /// The entry that fits most closely; of two alike the later.
    pub fn find(&self, matter: &Matter) -> Option<&CatalogueEntry> {
        let fits = |entry: &&CatalogueEntry| {
            let is_there =
                entry.township_code.is_empty() || entry.township_code == matter.place.township_code;
            let mut words = entry.words.iter();
            !matter.category_id.is_empty()
                && entry.category_id == matter.category_id
                && is_there
                && words.all(|it| matter.text.contains(it) || matter.title.contains(it))
        };
        let closeness = |it: &&CatalogueEntry| (!it.township_code.is_empty(), it.words.len());
        self.0.iter().filter(fits).max_by_key(closeness)
    }

    /// 修订建议 from accepted returns, those that repeat themselves against what the catalogue says.
    pub fn amendments(&self, returns: &[AcceptedReturn]) -> Vec<CatalogueAmendment> {
        let mut taught: BTreeMap<(&str, &HandlingUnitId, &HandlingUnitId), Vec<String>> =
            BTreeMap::new();
        for it in returns.iter().filter(|it| it.from != it.to) {
            let key = (it.category_id.as_str(), &it.from, &it.to);
            let numbers = taught.entry(key).or_default();
            if !numbers.contains(&it.number) {
                numbers.push(it.number.clone());
            }
        }
        taught
            .into_iter()
            .filter(|((category_id, from, _), numbers)| {
                numbers.len() >= RETURNS_THAT_TEACH && self.general(category_id, from).is_some()
            })
            .map(|((category_id, from, to), because)| CatalogueAmendment {
                category_id: category_id.to_owned(),
                from: from.clone(),
                to: to.clone(),
                because,
            })
            .collect()
    }

    /// Takes an amendment in; one that is outdated changes nothing.
    pub fn adopt(&mut self, amendment: &CatalogueAmendment) {
        let at = self.general(&amendment.category_id, &amendment.from);
        if let Some(entry) = at.and_then(|at| self.0.get_mut(at)) {
            entry.lead = Some(amendment.to.clone());
            entry.because.clone_from(&amendment.because);
        }
    }

    /// The entry for a whole category that names a unit.
    fn general(&self, category_id: &str, lead: &HandlingUnitId) -> Option<usize> {
        self.0.iter().position(|entry| {
            entry.category_id == category_id
                && entry.township_code.is_empty()
                && entry.words.is_empty()
                && entry.lead.as_ref() == Some(lead)
        })
    }
}

/// 采纳的退回 of an order: each unit it was taken back from, and the one that was given it instead.
pub fn accepted_returns(order: &WorkOrder) -> Vec<AcceptedReturn> {
    let sent_back = order.assignments.iter();
    let sent_back = sent_back.filter(|it| it.stage == AssignmentStage::SentBack);
    sent_back
        .filter_map(|it| {
            let replacing = order.assignments.iter();
            let replaced_by = replacing
                .filter(|other| other.replaces == Some(it.number))
                .map(|other| &other.unit)
                .next();
            Some(AcceptedReturn {
                number: order.number.clone(),
                category_id: order.matter.category_id.clone(),
                from: it.unit.clone(),
                to: replaced_by.or(order.lead_unit())?.clone(),
            })
        })
        .filter(|it| it.from != it.to && !it.category_id.is_empty())
        .collect()
}

#[cfg(test)]
mod tests;
