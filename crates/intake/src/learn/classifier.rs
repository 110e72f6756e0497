//! A learnt model: from a title and a text to classes with honest shares, and to the words behind.

use std::cmp::Reverse;
use std::ops::Range;

use super::calibration::Calibration;
use super::features::{self, Counted, Row};
use super::linear::Line;
use super::recipe::Recipe;
use super::vocabulary::Vocabulary;
use crate::keywords::Keywords;
use crate::text::Characters;

/// So many stretches explain a guess.
pub const MAX_REASONS: usize = 4;
/// A stretch explains a guess if it is so heavy beside the heaviest.
const WORTH_TELLING: f32 = 0.35;

/// 分类模型. What it was learnt from cannot be read back from it, but the words it knows come from
/// orders: it is kept where the orders are kept.
#[derive(Clone, Debug, PartialEq)]
pub struct Classifier {
    pub(super) labels: Vec<String>,
    pub(super) vocabulary: Vocabulary,
    /// For each feature one number a class; `scales` says what 1 is worth.
    pub(super) weights: Vec<i16>,
    pub(super) scales: Vec<f32>,
    pub(super) biases: Vec<f32>,
    pub(super) calibration: Calibration,
    pub(super) keywords_seal: u64,
    /// By what its texts are read; that of the product for one that was read from a file.
    pub(super) recipe: Recipe,
}

/// A class and how likely it is; all shares of a text add up to 1.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Guess {
    /// The place of the class among [`Classifier::labels`].
    pub class: usize,
    pub share: f32,
}

/// A stretch that speaks for a class.
#[derive(Clone, Debug, PartialEq)]
pub struct Reason {
    /// Bytes of the text.
    pub range: Range<usize>,
    /// Beside the heaviest, which is 1.
    pub weight: f32,
}

/// A text as it was read once, for several models.
#[derive(Clone, Debug)]
pub struct Read {
    counted: Counted,
    n_characters: usize,
}

impl Read {
    pub fn new(title: &str, text: &str, keywords: &Keywords) -> Self {
        Self::by(title, text, keywords, &Recipe::PRODUCT)
    }

    fn by(title: &str, text: &str, keywords: &Keywords, recipe: &Recipe) -> Self {
        Self {
            counted: Counted::new(title, text, keywords, recipe),
            n_characters: title.chars().count() + text.chars().count(),
        }
    }

    /// Every class of a model, the likeliest first.
    pub fn guesses(&self, classifier: &Classifier) -> Vec<Guess> {
        let row = self.counted.row(&classifier.vocabulary);
        classifier.guesses_of(&classifier.scores(&row), self.n_characters)
    }
}

impl Classifier {
    /// 各类名称, in the order of their places.
    pub fn labels(&self) -> &[String] {
        &self.labels
    }

    /// Whether it was learnt with these keywords; it says nothing good with others.
    pub fn fits(&self, keywords: &Keywords) -> bool {
        self.keywords_seal == keywords.seal()
    }

    /// Every class, the likeliest first. The text may be unfinished or empty.
    pub fn guesses(&self, title: &str, text: &str, keywords: &Keywords) -> Vec<Guess> {
        Read::by(title, text, keywords, &self.recipe).guesses(self)
    }

    /// The stretches of a text that speak most for a class, in the order of the text.
    pub fn reasons(&self, text: &str, class: usize) -> Vec<Reason> {
        let characters = Characters::new(text);
        let mut heavy = vec![0.0f32; characters.len()];
        features::each_place(&characters, &self.recipe, |number, places| {
            let Some((place, rarity)) = self.vocabulary.get(number) else {
                return;
            };
            let n = f32::from(u16::try_from(places.len()).unwrap_or(u16::MAX));
            let weight = self.distinction(place, class) * rarity / n;
            for heavy in heavy.get_mut(places).into_iter().flatten() {
                *heavy += weight;
            }
        });
        strongest(&characters, &heavy)
    }

    pub(super) fn new(
        labels: Vec<String>,
        vocabulary: Vocabulary,
        lines: &[Line],
        calibration: Calibration,
        keywords_seal: u64,
        recipe: Recipe,
    ) -> Self {
        let scale = |line: &Line| {
            let most = line
                .weights
                .iter()
                .fold(0.0f32, |most, w| most.max(w.abs()));
            if most > 0.0 {
                most / f32::from(i16::MAX)
            } else {
                1.0
            }
        };
        let scales: Vec<f32> = lines.iter().map(scale).collect();
        let mut weights = Vec::with_capacity(vocabulary.len() * lines.len());
        for feature in 0..vocabulary.len() {
            for (line, scale) in lines.iter().zip(&scales) {
                let weight = line.weights.get(feature).copied().unwrap_or_default();
                weights.push(whole(weight / scale));
            }
        }
        Self {
            labels,
            vocabulary,
            weights,
            scales,
            biases: lines.iter().map(|line| line.bias).collect(),
            calibration,
            keywords_seal,
            recipe,
        }
    }

    pub(super) fn scores(&self, row: &Row) -> Vec<f32> {
        let mut scores = vec![0.0f32; self.labels.len()];
        for (place, value) in row {
            for (score, weight) in scores.iter_mut().zip(self.weights_of(*place)) {
                *score += value * f32::from(*weight);
            }
        }
        let scaled = scores.iter().zip(&self.scales).zip(&self.biases);
        scaled
            .map(|((score, scale), bias)| score * scale + bias)
            .collect()
    }

    pub(super) fn guesses_of(&self, scores: &[f32], n_characters: usize) -> Vec<Guess> {
        let shares = self.calibration.shares(scores, n_characters);
        let mut guesses: Vec<Guess> = shares
            .into_iter()
            .enumerate()
            .map(|(class, share)| Guess { class, share })
            .collect();
        guesses.sort_by(|one, other| other.share.total_cmp(&one.share));
        guesses
    }

    fn weights_of(&self, place: u32) -> &[i16] {
        let n = self.labels.len();
        let start = place as usize * n;
        self.weights.get(start..start + n).unwrap_or_default()
    }

    /// How much more a feature speaks for a class than for the others.
    fn distinction(&self, place: u32, class: usize) -> f32 {
        let weights = self.weights_of(place).iter().zip(&self.scales);
        let (mut of_class, mut of_others, mut n_others) = (0.0f32, 0.0f32, 0.0f32);
        for (at, (weight, scale)) in weights.enumerate() {
            if at == class {
                of_class = f32::from(*weight) * scale;
            } else {
                of_others += f32::from(*weight) * scale;
                n_others += 1.0;
            }
        }
        of_class - of_others / n_others.max(1.0)
    }
}

/// Joins neighbouring characters that speak for the class.
fn strongest(characters: &Characters, heavy: &[f32]) -> Vec<Reason> {
    let most = heavy.iter().copied().fold(0.0f32, f32::max);
    if most <= 0.0 {
        return Vec::new();
    }
    let mut found: Vec<(usize, usize, f32)> = Vec::new();
    for (at, weight) in heavy.iter().enumerate() {
        if *weight < most * WORTH_TELLING {
            continue;
        }
        match found.last_mut() {
            Some((_, end, heaviest)) if *end == at => {
                *end = at + 1;
                *heaviest = heaviest.max(*weight);
            }
            _ => found.push((at, at + 1, *weight)),
        }
    }
    // A single character that sticks out of nothing is hardly a word.
    found.sort_by(|one, other| {
        (other.2.total_cmp(&one.2)).then(Reverse(one.1 - one.0).cmp(&Reverse(other.1 - other.0)))
    });
    found.truncate(MAX_REASONS);
    found.sort_unstable_by_key(|(start, ..)| *start);
    let reason = |(start, end, weight): (usize, usize, f32)| Reason {
        range: characters.bytes(start, end),
        weight: weight / most,
    };
    found.into_iter().map(reason).collect()
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "clamped to the range of an i16 first"
)]
fn whole(value: f32) -> i16 {
    value
        .round()
        .clamp(f32::from(-i16::MAX), f32::from(i16::MAX)) as i16
}
