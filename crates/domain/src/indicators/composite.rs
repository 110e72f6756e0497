//! 三率综合: contact, solution and satisfaction as one number.

use super::Indicator;
use super::ratio::Ratio;
use super::tally::Figure;

/// 三率权重; only their proportions matter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CompositeWeights {
    pub contact: u32,
    pub solved: u32,
    pub satisfaction: u32,
}

/// 三率综合 (第二十三条).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Composite {
    /// 综合得分, of 1.
    Scored(Ratio),
    /// 未发生: of these there was nothing to count, and no guess is put in their place.
    NotOccurred(Vec<Indicator>),
    /// 无法计算: every weight is 0, or the denominators together are far beyond those of any county.
    NotComputable,
}

/// 三率综合 of one unit or of the county, from its three figures: 响应×a + 解决×b + 满意×c.
pub fn composite_of(
    contact: &Figure,
    solved: &Figure,
    satisfaction: &Figure,
    weights: CompositeWeights,
) -> Composite {
    let rates = [
        (Indicator::Contact, contact, weights.contact),
        (Indicator::Solved, solved, weights.solved),
        (Indicator::Satisfaction, satisfaction, weights.satisfaction),
    ];
    let is_wanted = |(_, _, weight): &&(Indicator, &Figure, u32)| *weight > 0;
    let missing: Vec<Indicator> = rates
        .iter()
        .filter(is_wanted)
        .filter(|(_, figure, _)| figure.ratio().is_none())
        .map(|(indicator, _, _)| *indicator)
        .collect();
    if !missing.is_empty() {
        return Composite::NotOccurred(missing);
    }
    let weighted = rates
        .iter()
        .filter_map(|(_, figure, weight)| Some((figure.ratio()?, *weight)));
    sum(weighted).map_or(Composite::NotComputable, Composite::Scored)
}

/// The weighted mean, exactly.
fn sum(weighted: impl Iterator<Item = (Ratio, u32)>) -> Option<Ratio> {
    let (mut part, mut whole, mut weights) = (0_u64, 1_u64, 0_u64);
    for (ratio, weight) in weighted {
        let weight = u64::from(weight);
        let own = ratio.part().checked_mul(weight)?.checked_mul(whole)?;
        part = part.checked_mul(ratio.whole())?.checked_add(own)?;
        whole = whole.checked_mul(ratio.whole())?;
        weights += weight;
    }
    Ratio::new(part, whole.checked_mul(weights)?)
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use super::super::tally::ItemId;
    use super::*;

    fn figure(points: u64, n_items: u32) -> Figure {
        let item = |number: u32| ItemId::Order {
            number: number.to_string(),
        };
        Figure {
            numerator: BTreeSet::new(),
            denominator: (0..n_items).map(item).collect(),
            excluded: BTreeMap::new(),
            partly: BTreeMap::new(),
            points,
            full_points: 1,
        }
    }

    fn composite(figures: [&Figure; 3], [contact, solved, satisfaction]: [u32; 3]) -> Composite {
        let [one, two, three] = figures;
        let weights = CompositeWeights {
            contact,
            solved,
            satisfaction,
        };
        composite_of(one, two, three, weights)
    }

    #[test]
    fn weights_are_taken_in_proportion() {
        let figures = [&figure(1, 2), &figure(2, 3), &figure(0, 5)];
        let tenths = composite(figures, [2, 4, 4]);
        assert_eq!(tenths, Composite::Scored(Ratio::new(11, 30).unwrap()));
        assert_eq!(composite(figures, [1, 2, 2]), tenths);
    }

    #[test]
    fn what_has_no_weight_is_not_missed() {
        let figures = [&figure(1, 2), &figure(0, 0), &figure(1, 1)];
        let scored = Composite::Scored(Ratio::new(3, 4).unwrap());
        assert_eq!(composite(figures, [1, 0, 1]), scored);
        let missing = Composite::NotOccurred(vec![Indicator::Solved]);
        assert_eq!(composite(figures, [1, 1, 1]), missing);
    }

    #[test]
    fn no_weight_or_too_much_is_no_number() {
        let figures = [&figure(1, 2), &figure(1, 2), &figure(1, 2)];
        assert_eq!(composite(figures, [0, 0, 0]), Composite::NotComputable);
        let huge = [&figure(u64::MAX, 1), &figure(1, 2), &figure(1, 2)];
        assert_eq!(composite(huge, [2, 4, 4]), Composite::NotComputable);
    }
}
