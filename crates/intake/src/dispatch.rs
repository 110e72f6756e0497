//! 派单建议: who should lead, whose territory it is, who regulates, each with its ground.
//!
//! A precedent binds (第十条). Without one, the catalogue, what became of similar orders, and returns
//! that were accepted speak together. The catalogue is a living table: returns that repeat themselves
//! propose an amendment, and another person than the proposer takes it in.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use domain::matter::Matter;
use domain::precedent::PrecedentRegister;
use domain::{ActorId, HandlingUnitId};
use thiserror::Error;

/// 派单目录条目.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CatalogueEntry {
    pub category_id: String,
    /// Where it holds for one township alone; empty for the whole county.
    pub township_code: String,
    /// All must stand in the matter; none where the category is enough.
    pub words: Vec<String>,
    /// 主办; `None`: the township of the place leads.
    pub lead: Option<HandlingUnitId>,
    /// 行业主管, where it is not the lead.
    pub regulator: Option<HandlingUnitId>,
    /// 工单编号 of the accepted returns it was amended by; none for one of the first table.
    pub because: Vec<String>,
}

/// 派单目录.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Catalogue(Vec<CatalogueEntry>);

/// 相似工单: an earlier order that is alike, and what became of it.
#[derive(Clone, Debug, PartialEq)]
pub struct SimilarOrder {
    pub number: String,
    /// From 0 to 1 (`same::Alike::likeness`).
    pub likeness: f32,
    /// 主办 that has it now or had it at the end.
    pub lead: HandlingUnitId,
    pub outcome: Outcome,
    /// 采纳的退回: units that it was taken back from.
    pub taken_back_from: Vec<HandlingUnitId>,
}

/// 结果.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    Solved,
    NotSolved,
    Open,
}

/// 依据 of a suggestion.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SuggestionGround {
    /// 先例, which binds.
    Precedent { id: String, document: String },
    /// 派单目录 (三定); with the returns it was amended by.
    Catalogue { because: Vec<String> },
    /// 同类工单: their numbers, and how many of them were solved.
    Similar {
        numbers: Vec<String>,
        n_solved: usize,
    },
    /// 退回教训: orders that were taken back from another unit and came here.
    Returns {
        from: HandlingUnitId,
        numbers: Vec<String>,
    },
    /// 属地.
    Territory { township_code: String },
}

/// A unit and why.
#[derive(Clone, Debug, PartialEq)]
pub struct UnitSuggestion {
    pub unit: HandlingUnitId,
    pub grounds: Vec<SuggestionGround>,
    weight: f32,
}

/// 派单建议.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Suggestion {
    /// 主办, the likeliest first.
    pub leads: Vec<UnitSuggestion>,
    /// A precedent holds: the unit may not send it back (第十条).
    pub is_bound: bool,
    /// 协办 that a precedent names.
    pub assisting: Vec<HandlingUnitId>,
    /// 属地单位.
    pub territorial: Option<UnitSuggestion>,
    /// 行业主管.
    pub regulator: Option<UnitSuggestion>,
}

/// What is known besides the matter.
#[derive(Clone, Copy, Debug)]
pub struct Known<'a> {
    /// The day on which the matter was registered.
    pub date: NaiveDate,
    pub precedents: &'a PrecedentRegister,
    pub catalogue: &'a Catalogue,
    pub similar: &'a [SimilarOrder],
    /// 乡镇街道 as handling units, by their codes.
    pub townships: &'a BTreeMap<String, HandlingUnitId>,
}

/// So many units are suggested to lead.
const MAX_LEADS: usize = 3;
/// An entry of the catalogue counts as much as one similar order that was solved and wholly alike.
const CATALOGUE_WEIGHT: f32 = 1.0;
/// What an order that was taken back says against the unit, beside what a solved one says for it.
const TAKEN_BACK: f32 = 1.5;
/// Returns from one unit to one other, in one category, that propose an amendment.
const RETURNS_THAT_TEACH: usize = 2;

/// Suggests who handles a matter.
pub fn suggest(matter: &Matter, known: &Known<'_>) -> Suggestion {
    let territory = known.townships.get(&matter.place.township_code);
    let territorial = territory.map(|unit| {
        let township_code = matter.place.township_code.clone();
        one(unit, SuggestionGround::Territory { township_code })
    });
    let entry = known.catalogue.find(matter);
    let catalogue = || SuggestionGround::Catalogue {
        because: entry.map_or_else(Vec::new, |entry| entry.because.clone()),
    };
    let regulator = entry.and_then(|entry| entry.regulator.as_ref());
    let regulator = regulator.map(|unit| one(unit, catalogue()));
    if let Some(precedent) = known.precedents.find(matter, known.date) {
        let ground = SuggestionGround::Precedent {
            id: precedent.id.clone(),
            document: precedent.document.clone(),
        };
        return Suggestion {
            leads: vec![one(&precedent.lead, ground)],
            is_bound: true,
            assisting: precedent.assisting.clone(),
            territorial,
            regulator,
        };
    }
    let mut leads: BTreeMap<HandlingUnitId, UnitSuggestion> = BTreeMap::new();
    if let Some(unit) = entry.and_then(|entry| entry.lead.as_ref().or(territory)) {
        add(&mut leads, unit, CATALOGUE_WEIGHT, Some(catalogue()));
    }
    for (unit, weight, ground) in by_similar(known.similar) {
        add(&mut leads, &unit, weight, ground);
    }
    let mut leads: Vec<UnitSuggestion> = leads.into_values().filter(|it| it.weight > 0.0).collect();
    leads.sort_by(|one, other| {
        (other.weight.total_cmp(&one.weight)).then_with(|| one.unit.cmp(&other.unit))
    });
    leads.truncate(MAX_LEADS);
    Suggestion {
        leads,
        is_bound: false,
        assisting: Vec::new(),
        territorial,
        regulator,
    }
}

fn one(unit: &HandlingUnitId, ground: SuggestionGround) -> UnitSuggestion {
    UnitSuggestion {
        unit: unit.clone(),
        grounds: vec![ground],
        weight: 1.0,
    }
}

fn add(
    leads: &mut BTreeMap<HandlingUnitId, UnitSuggestion>,
    unit: &HandlingUnitId,
    weight: f32,
    ground: Option<SuggestionGround>,
) {
    let suggestion = leads.entry(unit.clone()).or_insert_with(|| UnitSuggestion {
        unit: unit.clone(),
        grounds: Vec::new(),
        weight: 0.0,
    });
    suggestion.weight += weight;
    suggestion.grounds.extend(ground);
}

/// What similar orders say for each unit, and against those they were taken back from.
fn by_similar(similar: &[SimilarOrder]) -> Vec<(HandlingUnitId, f32, Option<SuggestionGround>)> {
    let mut said = Vec::new();
    let units: BTreeSet<&HandlingUnitId> = similar.iter().map(|it| &it.lead).collect();
    for unit in units {
        let of_unit: Vec<&SimilarOrder> = similar.iter().filter(|it| it.lead == *unit).collect();
        let weight: f32 = of_unit
            .iter()
            .map(|it| it.likeness * it.outcome.weight())
            .sum();
        let ground = SuggestionGround::Similar {
            numbers: of_unit.iter().map(|it| it.number.clone()).collect(),
            n_solved: of_unit
                .iter()
                .filter(|it| it.outcome == Outcome::Solved)
                .count(),
        };
        said.push((unit.clone(), weight, Some(ground)));
        let from: BTreeSet<&HandlingUnitId> =
            of_unit.iter().flat_map(|it| &it.taken_back_from).collect();
        for from in from {
            let taught = of_unit
                .iter()
                .filter(|it| it.taken_back_from.contains(from));
            let numbers: Vec<String> = taught.map(|it| it.number.clone()).collect();
            let from = from.clone();
            said.push((
                unit.clone(),
                0.0,
                Some(SuggestionGround::Returns { from, numbers }),
            ));
        }
    }
    for order in similar {
        for unit in &order.taken_back_from {
            said.push((unit.clone(), -TAKEN_BACK * order.likeness, None));
        }
    }
    said
}

impl Outcome {
    fn weight(self) -> f32 {
        match self {
            Self::Solved => 1.0,
            Self::Open => 0.5,
            Self::NotSolved => 0.25,
        }
    }
}

/// 采纳的退回: what the center ruled when a unit sent an order back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AcceptedReturn {
    pub number: String,
    pub category_id: String,
    pub from: HandlingUnitId,
    /// The unit it was given to then.
    pub to: HandlingUnitId,
}

/// 目录修订建议.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Amendment {
    pub category_id: String,
    pub from: HandlingUnitId,
    pub to: HandlingUnitId,
    /// The returns behind it, by their orders.
    pub because: Vec<String>,
}

/// 修订拒绝.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum AmendmentRefusal {
    #[error("the one who proposed it does not review it")]
    SamePerson,
    /// Somebody amended the catalogue in between.
    #[error("the catalogue does not send that category to {from:?}")]
    Outdated { from: HandlingUnitId },
}

impl Catalogue {
    pub fn new(entries: Vec<CatalogueEntry>) -> Self {
        Self(entries)
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
    pub fn amendments(&self, returns: &[AcceptedReturn]) -> Vec<Amendment> {
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
            .map(|((category_id, from, to), because)| Amendment {
                category_id: category_id.to_owned(),
                from: from.clone(),
                to: to.clone(),
                because,
            })
            .collect()
    }

    /// 采纳修订, after another person than the proposer reviewed it.
    ///
    /// # Errors
    /// Why it is not taken; the catalogue stays as it was.
    pub fn amend(
        &mut self,
        amendment: &Amendment,
        proposer: &ActorId,
        reviewer: &ActorId,
    ) -> Result<(), AmendmentRefusal> {
        if proposer == reviewer {
            return Err(AmendmentRefusal::SamePerson);
        }
        let at = self.general(&amendment.category_id, &amendment.from);
        let entry = at.and_then(|at| self.0.get_mut(at));
        let Some(entry) = entry else {
            return Err(AmendmentRefusal::Outdated {
                from: amendment.from.clone(),
            });
        };
        entry.lead = Some(amendment.to.clone());
        entry.because.clone_from(&amendment.because);
        Ok(())
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

#[cfg(test)]
mod tests;
