//! 近似重复: two texts of which one stands almost whole in the other.

use std::ops::Range;

use crate::grams;
use crate::text::Characters;

/// A shingle is so many characters, signs of punctuation left out.
const SIZE: usize = 4;
/// So much of the shorter text stands in the longer one.
const CONTAINED: f32 = 0.85;
/// So much of both together is common: a greeting that stands in a long letter is no duplicate.
const COMMON: f32 = 0.35;
/// Fewer shingles say nothing; then only the same text is the same.
const MIN_SHINGLES: usize = 8;
const SALT: u64 = 3_000;

/// The shingles of a text, each once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shingles(Vec<u32>);

/// How much two texts have in common, each from 0 to 1.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Likeness {
    /// How much of the shorter one stands in the other.
    pub contained: f32,
    /// How much of both together is common.
    pub common: f32,
    is_enough: bool,
}

impl Shingles {
    pub fn of(text: &str) -> Self {
        let text = Characters::new(text);
        let said: Vec<char> = (text.all().iter().copied())
            .filter(|c| c.is_alphanumeric())
            .collect();
        let mut numbers: Vec<u32> = said
            .windows(SIZE)
            .map(|shingle| grams::hash(SALT, shingle))
            .collect();
        if numbers.is_empty() && !said.is_empty() {
            numbers.push(grams::hash(SALT, &said));
        }
        numbers.sort_unstable();
        numbers.dedup();
        Self(numbers)
    }

    /// A number that near-duplicates mostly share: what parts orders into those that are learnt from
    /// and those that are held back, so that few have their double on the other side.
    pub fn group(&self) -> u32 {
        let mixed = |number: &u32| grams::mixed(u64::from(*number));
        let least = self.0.iter().map(mixed).min().unwrap_or_default();
        // The upper half: the lower is what was minimised by.
        (grams::mixed(least) >> 32) as u32
    }

    pub fn likeness(&self, other: &Self) -> Likeness {
        let (fewer, more) = if self.0.len() <= other.0.len() {
            (&self.0, &other.0)
        } else {
            (&other.0, &self.0)
        };
        let n_common = fewer
            .iter()
            .filter(|it| more.binary_search(it).is_ok())
            .count();
        Likeness {
            contained: share(n_common, fewer.len()),
            common: share(n_common, fewer.len() + more.len() - n_common),
            is_enough: fewer.len() >= MIN_SHINGLES,
        }
    }
}

impl Likeness {
    /// 近似重复.
    pub fn is_near_duplicate(self) -> bool {
        if self.is_enough {
            self.contained >= CONTAINED && self.common >= COMMON
        } else {
            self.common >= 1.0
        }
    }
}

/// The stretches of a text that stand in another as well, at least so many characters each: what is
/// marked when two orders are laid side by side.
pub fn common_stretches(text: &str, other: &str, min_characters: usize) -> Vec<Range<usize>> {
    let (text, other) = (Characters::new(text), Characters::new(other));
    let size = min_characters.max(1);
    let mut numbers: Vec<u32> = (other.all().windows(size))
        .map(|stretch| grams::hash(SALT, stretch))
        .collect();
    numbers.sort_unstable();
    let mut found: Vec<(usize, usize)> = Vec::new();
    for (at, stretch) in text.all().windows(size).enumerate() {
        if numbers.binary_search(&grams::hash(SALT, stretch)).is_err() {
            continue;
        }
        match found.last_mut() {
            Some((_, end)) if at <= *end => *end = at + size,
            _ => found.push((at, at + size)),
        }
    }
    found
        .into_iter()
        .map(|(start, end)| text.bytes(start, end))
        .collect()
}

#[expect(
    clippy::cast_precision_loss,
    reason = "a text has at most ten thousand shingles"
)]
fn share(n: usize, of: usize) -> f32 {
    if of == 0 { 0.0 } else { n as f32 / of as f32 }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_near(one: &str, other: &str) -> bool {
        Shingles::of(one)
            .likeness(&Shingles::of(other))
            .is_near_duplicate()
    }

    #[test]
    fn the_same_with_other_signs_and_a_word_more() {
        let text = "三汇镇农贸市场旁边的下水道堵了半个月，污水流到路上，臭得很，没有人来疏通";
        assert!(is_near(text, &text.replace('，', " ")));
        assert!(is_near(text, &format!("您好。{text}，请尽快处理！")));
        assert!(!is_near(
            text,
            "三汇镇农贸市场旁边的路灯坏了半个月，晚上看不见路，没有人来修理"
        ));
        assert!(!is_near(text, ""));
    }

    #[test]
    fn short_texts_are_the_same_or_not() {
        assert!(is_near("路灯坏了", "路灯坏了。"));
        assert!(!is_near("路灯坏了", "路灯又坏了"));
        assert!(!is_near("", ""));
    }

    #[test]
    fn what_is_common_is_marked() {
        let text = "昨天开始停水，小区五百户没有水";
        let marked: Vec<&str> = common_stretches(text, "小区五百户停水", 4)
            .into_iter()
            .map(|range| text.get(range).unwrap())
            .collect();
        assert_eq!(marked, ["小区五百户"]);
    }
}
