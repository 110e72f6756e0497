//! 变动: what another look at the past changes, unit by unit and item by item.

use std::collections::BTreeSet;

use super::score::{Assessment, LineScore, Points, UnitScore};
use crate::handling_unit::HandlingUnitId;
use crate::indicators::{Indicator, ItemId};

/// 考核项变动: items that count otherwise than before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LineChange {
    pub indicator: Indicator,
    pub before: Option<Points>,
    pub after: Option<Points>,
    /// Items that came, went, or count otherwise, in order.
    pub items: Vec<ItemId>,
}

/// 单位变动.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnitChange {
    pub unit: HandlingUnitId,
    /// `None` where the unit was not assessed.
    pub before: Option<Points>,
    pub after: Option<Points>,
    pub lines: Vec<LineChange>,
}

/// 变动 between two results by one scheme; units of which nothing changed are left out.
pub fn compare(before: &Assessment, after: &Assessment) -> Vec<UnitChange> {
    let units: BTreeSet<&HandlingUnitId> = [before, after]
        .iter()
        .flat_map(|it| it.units.iter().map(|it| &it.unit))
        .collect();
    let changes = units.into_iter().map(|unit| {
        let of = |it: &Assessment| it.units.iter().find(|it| it.unit == *unit).cloned();
        change_of(unit, of(before).as_ref(), of(after).as_ref())
    });
    changes
        .filter(|it| it.before != it.after || !it.lines.is_empty())
        .collect()
}

fn change_of(
    unit: &HandlingUnitId,
    before: Option<&UnitScore>,
    after: Option<&UnitScore>,
) -> UnitChange {
    let lines_of = |score: Option<&UnitScore>| score.map_or(Vec::new(), |it| it.lines.clone());
    let (of_before, of_after) = (lines_of(before), lines_of(after));
    let indicators: BTreeSet<Indicator> = of_before
        .iter()
        .chain(&of_after)
        .map(|it| it.line.indicator)
        .collect();
    let find = |lines: &[LineScore], indicator| {
        lines
            .iter()
            .find(|it| it.line.indicator == indicator)
            .cloned()
    };
    let lines = indicators.into_iter().map(|indicator| {
        let (one, other) = (find(&of_before, indicator), find(&of_after, indicator));
        LineChange {
            indicator,
            before: one.as_ref().and_then(|it| it.points),
            after: other.as_ref().and_then(|it| it.points),
            items: items(one.as_ref(), other.as_ref()),
        }
    });
    UnitChange {
        unit: unit.clone(),
        before: before.map(|it| it.total),
        after: after.map(|it| it.total),
        lines: lines
            .filter(|it| it.before != it.after || !it.items.is_empty())
            .collect(),
    }
}

fn items(before: Option<&LineScore>, after: Option<&LineScore>) -> Vec<ItemId> {
    let empty = BTreeSet::new();
    let difference = |pick: fn(&LineScore) -> &BTreeSet<ItemId>| -> Vec<ItemId> {
        let (one, other) = (before.map_or(&empty, pick), after.map_or(&empty, pick));
        one.symmetric_difference(other).cloned().collect()
    };
    let mut items = difference(|it| &it.figure.numerator);
    items.extend(difference(|it| &it.figure.denominator));
    items.sort();
    items.dedup();
    items
}
