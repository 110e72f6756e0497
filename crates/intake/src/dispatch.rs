//! 派单建议: who should lead, whose territory it is, who regulates, each with its ground.
//!
//! A precedent binds (第十条). Without one, the catalogue, what became of similar orders, and returns
//! that were accepted speak together.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use domain::HandlingUnitId;
use domain::dispatch_catalogue::DispatchCatalogue;
use domain::matter::Matter;
use domain::precedent::PrecedentRegister;

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
    pub catalogue: &'a DispatchCatalogue,
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

#[cfg(test)]
mod tests;
