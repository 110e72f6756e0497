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
    /// 数值过大: the three denominators together do not fit; far beyond any county.
    OutOfRange,
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
    sum(weighted).map_or(Composite::OutOfRange, Composite::Scored)
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
