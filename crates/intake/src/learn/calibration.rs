//! From scores to honest shares: the softmax of the scores over a temperature, one for each length
//! of text, so that "62 %" of an unfinished sentence is right as often as it says.

/// Up to so many characters, title and text together, each temperature holds; the last for all more.
const LENGTHS: [usize; 3] = [35, 70, 150];
pub(super) const N_TEMPERATURES: usize = LENGTHS.len() + 1;

/// The range that is searched, as logarithms, and in how many steps it is narrowed.
const COLDEST: f32 = -4.0;
const HOTTEST: f32 = 2.0;
const STEPS: usize = 30;

/// Held-back texts of one length that a temperature needs at least.
const MIN_TEXTS: usize = 30;

#[derive(Clone, Debug, PartialEq)]
pub(super) struct Calibration(pub(super) [f32; N_TEMPERATURES]);

/// The scores of a text, the class it has, and its length.
pub(super) struct Scored {
    pub(super) scores: Vec<f32>,
    pub(super) class: usize,
    pub(super) n_characters: usize,
}

impl Default for Calibration {
    fn default() -> Self {
        Self([1.0; N_TEMPERATURES])
    }
}

impl Calibration {
    /// The temperatures under which what was held back is most likely.
    pub(super) fn fit(held_back: &[Scored]) -> Self {
        let all: Vec<&Scored> = held_back.iter().collect();
        let overall = best(&all);
        let mut temperatures = [overall; N_TEMPERATURES];
        for (length, temperature) in temperatures.iter_mut().enumerate() {
            let of_length: Vec<&Scored> = held_back
                .iter()
                .filter(|scored| length_of(scored.n_characters) == length)
                .collect();
            if of_length.len() >= MIN_TEXTS {
                *temperature = best(&of_length);
            }
        }
        Self(temperatures)
    }

    pub(super) fn shares(&self, scores: &[f32], n_characters: usize) -> Vec<f32> {
        let temperature = self.0.get(length_of(n_characters)).copied().unwrap_or(1.0);
        softmax(scores, temperature)
    }
}

fn length_of(n_characters: usize) -> usize {
    LENGTHS
        .iter()
        .take_while(|most| n_characters > **most)
        .count()
}

fn best(texts: &[&Scored]) -> f32 {
    if texts.is_empty() {
        return 1.0;
    }
    let loss = |log: f32| -> f32 {
        let share = |text: &&Scored| {
            let shares = softmax(&text.scores, log.exp());
            shares
                .get(text.class)
                .copied()
                .unwrap_or_default()
                .max(1e-9)
        };
        texts.iter().map(|text| -share(text).ln()).sum()
    };
    let (mut low, mut high) = (COLDEST, HOTTEST);
    for _ in 0..STEPS {
        let third = (high - low) / 3.0;
        if loss(low + third) < loss(high - third) {
            high -= third;
        } else {
            low += third;
        }
    }
    f32::midpoint(low, high).exp()
}

pub(super) fn softmax(scores: &[f32], temperature: f32) -> Vec<f32> {
    let most = scores.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let raised: Vec<f32> = scores
        .iter()
        .map(|score| ((score - most) / temperature).exp())
        .collect();
    let sum: f32 = raised.iter().sum();
    raised.iter().map(|share| share / sum).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Two classes; the score says the right one three times of four.
    #[test]
    fn a_share_is_right_as_often_as_it_says() {
        let texts: Vec<Scored> = (0..400)
            .map(|at| Scored {
                scores: vec![1.0, 0.0],
                class: usize::from(at % 4 == 0),
                n_characters: if at % 2 == 0 { 10 } else { 500 },
            })
            .collect();
        let calibration = Calibration::fit(&texts);
        // Every fourth is even, so half of the short ones are right and all of the long ones.
        let short = calibration.shares(&[1.0, 0.0], 10)[0];
        let long = calibration.shares(&[1.0, 0.0], 500)[0];
        assert!((short - 0.5).abs() < 0.1, "{short}");
        assert!(long > 0.95, "{long}");
    }

    #[test]
    fn nothing_held_back() {
        assert_eq!(Calibration::fit(&[]), Calibration::default());
    }
}
