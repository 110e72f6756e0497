//! Which features a model knows, and how rare each was.
#![expect(
    clippy::cast_precision_loss,
    reason = "a training has far fewer orders than an f32 counts exactly"
)]

use super::features::Counted;

/// So many features a model has at most; the most frequent are kept.
pub(super) const MAX_FEATURES: usize = 1 << 19;
/// A feature of fewer orders says nothing of others.
const MIN_ORDERS: u32 = 2;

/// In the order of the features' numbers.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Vocabulary {
    pub(super) numbers: Vec<u32>,
    pub(super) rarities: Vec<f32>,
}

impl Vocabulary {
    /// The features of those texts that count as orders.
    pub(super) fn of<'a>(orders: impl Iterator<Item = &'a Counted>) -> Self {
        let mut n_orders = 0u32;
        let mut all: Vec<u32> = Vec::new();
        for order in orders {
            n_orders += 1;
            all.extend(order.numbers());
        }
        all.sort_unstable();
        let mut counted: Vec<(u32, u32)> = all
            .chunk_by(|one, other| one == other)
            .filter_map(|same| Some((*same.first()?, u32::try_from(same.len()).ok()?)))
            .filter(|(_, n)| *n >= MIN_ORDERS)
            .collect();
        if counted.len() > MAX_FEATURES {
            counted.sort_unstable_by_key(|(number, n)| (std::cmp::Reverse(*n), *number));
            counted.truncate(MAX_FEATURES);
            counted.sort_unstable();
        }
        let rarity = |n: u32| (((1.0 + n_orders as f32) / (1.0 + n as f32)).ln() + 1.0).sqrt();
        Self {
            rarities: counted.iter().map(|(_, n)| rarity(*n)).collect(),
            numbers: counted.into_iter().map(|(number, _)| number).collect(),
        }
    }

    /// The place of a feature and its rarity.
    pub(super) fn get(&self, number: u32) -> Option<(u32, f32)> {
        let place = self.numbers.binary_search(&number).ok()?;
        Some((u32::try_from(place).ok()?, *self.rarities.get(place)?))
    }

    pub(super) fn len(&self) -> usize {
        self.numbers.len()
    }
}
