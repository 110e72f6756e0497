//! 排名: units in the order of one indicator.

use super::ratio::Ratio;
use super::tally::{Holder, Tally};
use crate::handling_unit::HandlingUnitId;

/// 优劣方向 of an indicator.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Better {
    /// 越高越好.
    Higher,
    /// 越低越好.
    Lower,
}

/// 名次 of one unit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ranked {
    /// 第几名; those that are equal share it, and the next has as many places less (1, 2, 2, 4).
    pub place: u32,
    pub unit: HandlingUnitId,
    pub ratio: Ratio,
}

/// 排名 (第二十三条).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ranking {
    /// By place, those that share one by their number.
    pub ranked: Vec<Ranked>,
    /// 未发生: units for which there was nothing to count, and so no place.
    pub not_occurred: Vec<HandlingUnitId>,
}

/// 排名 of `units` by an indicator (第二十三条). Equal is who is exactly equal, not who looks so
/// when rounded.
pub fn rank<'a>(
    tally: &Tally,
    units: impl IntoIterator<Item = &'a HandlingUnitId>,
    better: Better,
) -> Ranking {
    let mut rated = Vec::new();
    let mut not_occurred = Vec::new();
    for unit in units {
        match tally.figure_of(&Holder::Unit(unit.clone())).ratio() {
            Some(ratio) => rated.push((unit.clone(), ratio)),
            None => not_occurred.push(unit.clone()),
        }
    }
    let is_better = |one: Ratio, other: Ratio| match better {
        Better::Higher => one > other,
        Better::Lower => one < other,
    };
    let place_of = |ratio: Ratio| {
        let ahead = rated.iter().filter(|(_, other)| is_better(*other, ratio));
        u32::try_from(ahead.count())
            .unwrap_or(u32::MAX)
            .saturating_add(1)
    };
    let mut ranked: Vec<Ranked> = rated
        .iter()
        .map(|(unit, ratio)| Ranked {
            place: place_of(*ratio),
            unit: unit.clone(),
            ratio: *ratio,
        })
        .collect();
    ranked.sort_by(|one, other| (one.place, &one.unit).cmp(&(other.place, &other.unit)));
    not_occurred.sort();
    Ranking {
        ranked,
        not_occurred,
    }
}
