//! 派单目录: which unit a category of matters is given to where no precedent binds (第十条).
//!
//! A living table: returns that were accepted and repeat themselves propose an amendment, one person
//! puts it forward and another takes it in. What was amended says by which returns.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::actor::{Actor, ActorId, Role};
use crate::handling_unit::HandlingUnitId;
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
    /// 提出修订.
    Propose { amendment: CatalogueAmendment },
    /// 审核修订, by another person.
    Rule { is_adopted: bool, reason: String },
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

/// 修订案, folded from its events.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AmendmentCase {
    pub amendment: CatalogueAmendment,
    pub proposed_at: DateTime<Utc>,
    pub proposed_by: ActorId,
    /// `None` while nobody has ruled.
    pub ruling: Option<AmendmentRuling>,
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
    /// Somebody amended the catalogue in between.
    #[error("the catalogue does not send that category to {from:?}")]
    Outdated { from: HandlingUnitId },
}

/// Returns from one unit to one other, in one category, that propose an amendment.
const RETURNS_THAT_TEACH: usize = 2;
const MAY_PROPOSE: &[Role] = &[Role::Dispatcher, Role::ShiftLead, Role::Reviewer];
const MAY_RULE: &[Role] = &[Role::ShiftLead, Role::Reviewer, Role::Supervisor];

/// Answers a command about an amendment at `now`: the event it causes, or why not.
///
/// # Errors
/// The rule that says no; nothing changes.
pub fn decide(
    case: Option<&AmendmentCase>,
    command: &AmendmentCommand,
    catalogue: &DispatchCatalogue,
    now: DateTime<Utc>,
    actor: &Actor,
) -> Result<AmendmentEvent, AmendmentRefusal> {
    let roles = match command {
        AmendmentCommand::Propose { .. } => MAY_PROPOSE,
        AmendmentCommand::Rule { .. } => MAY_RULE,
    };
    if !actor.holds_any(roles) {
        return Err(AmendmentRefusal::NotPermitted { roles });
    }
    match (case, command) {
        (Some(_), AmendmentCommand::Propose { .. }) => {
            return Err(AmendmentRefusal::ProposedAlready);
        }
        (None, AmendmentCommand::Propose { amendment }) => catalogue.check(amendment)?,
        (None, AmendmentCommand::Rule { .. }) => return Err(AmendmentRefusal::NotProposed),
        (Some(case), AmendmentCommand::Rule { is_adopted, reason }) => {
            if case.ruling.is_some() {
                return Err(AmendmentRefusal::RuledAlready);
            }
            if case.proposed_by == actor.id {
                return Err(AmendmentRefusal::SamePerson);
            }
            if !is_adopted && reason.trim().is_empty() {
                return Err(AmendmentRefusal::ReasonMissing);
            }
            if *is_adopted {
                catalogue.check(&case.amendment)?;
            }
        }
    }
    Ok(AmendmentEvent {
        occurred_at: now,
        actor: actor.id.clone(),
        kind: command.clone(),
    })
}

/// Folds one event into the case. A ruling on nothing is none: [`decide`] gives no such history.
pub fn apply(case: &mut Option<AmendmentCase>, event: &AmendmentEvent) {
    match (&event.kind, case) {
        (AmendmentCommand::Propose { amendment }, case) => {
            *case = Some(AmendmentCase {
                amendment: amendment.clone(),
                proposed_at: event.occurred_at,
                proposed_by: event.actor.clone(),
                ruling: None,
            });
        }
        (AmendmentCommand::Rule { is_adopted, reason }, Some(case)) => {
            case.ruling = Some(AmendmentRuling {
                ruled_at: event.occurred_at,
                ruled_by: event.actor.clone(),
                is_adopted: *is_adopted,
                reason: reason.clone(),
            });
        }
        (AmendmentCommand::Rule { .. }, None) => {}
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

    fn check(&self, amendment: &CatalogueAmendment) -> Result<(), AmendmentRefusal> {
        match self.general(&amendment.category_id, &amendment.from) {
            Some(_) => Ok(()),
            None => Err(AmendmentRefusal::Outdated {
                from: amendment.from.clone(),
            }),
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
