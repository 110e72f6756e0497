//! Which features a model knows, and how rare each was.
#![expect(
    clippy::cast_precision_loss,
    reason = "a training has far fewer orders than an f32 counts exactly"
)]

use super::features::Counted;

/// So many features a model has at most; the most frequent are kept.
pub(super) const MAX_FEATURES: usize = 1 << 19;
/// How far the first look beside the guessed place goes.
const FIRST_STEP: usize = 32;
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
        let place = self.place(number)?;
        Some((u32::try_from(place).ok()?, *self.rarities.get(place)?))
    }

    /// Numbers are hashes and lie evenly, so a number's place can be guessed to within a few hundred;
    /// the search begins there, among neighbours, and not in the middle of half a million.
    fn place(&self, number: u32) -> Option<usize> {
        let n = self.numbers.len();
        let guess = usize::try_from((u64::from(number) * n as u64) >> u32::BITS).ok()?;
        let (mut start, mut end) = (guess, guess);
        let mut step = FIRST_STEP;
        while start > 0 && self.numbers.get(start).is_none_or(|it| *it > number) {
            start = start.saturating_sub(step);
            step *= 2;
        }
        step = FIRST_STEP;
        while end < n && self.numbers.get(end).is_some_and(|it| *it < number) {
            end = (end + step).min(n);
            step *= 2;
        }
        let end = (end + 1).min(n);
        let within = self.numbers.get(start..end)?;
        Some(start + within.binary_search(&number).ok()?)
    }

    pub(super) fn len(&self) -> usize {
        self.numbers.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every number that is there is found at its place, and none that is not, wherever they lie.
    #[test]
    fn a_place_is_found_wherever_numbers_lie() {
        let lumps: [Vec<u32>; 5] = [
            Vec::new(),
            vec![7],
            (0..1_000).collect(),
            (0..1_000).map(|n| u32::MAX - 3 * n).rev().collect(),
            (0..3_000u32).map(|n| n * 1_431_655).collect(),
        ];
        for numbers in lumps {
            let vocabulary = Vocabulary {
                rarities: vec![1.0; numbers.len()],
                numbers,
            };
            for (at, number) in vocabulary.numbers.iter().enumerate() {
                assert_eq!(vocabulary.place(*number), Some(at));
            }
            for missing in [1_431_654, 5_000_000, u32::MAX - 1, 2_147_483_648] {
                assert_eq!(vocabulary.place(missing), None, "{missing}");
            }
        }
    }
}
