//! How good a model is on orders it has not seen.
#![expect(
    clippy::cast_precision_loss,
    reason = "there are far fewer orders than an f64 counts exactly"
)]

use super::classifier::Guess;

/// 模型指标, on orders that were held back.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Measure {
    /// The mean of the F1 of every class.
    pub macro_f1: f64,
    pub accuracy: f64,
    /// How often the right one is among the first three.
    pub top3: f64,
    /// How far the shares that are told are from how often they are right.
    pub calibration_error: f64,
    pub n_orders: usize,
}

/// So many shares of confidence are compared with how often they are right.
const N_BINS: usize = 10;

impl Measure {
    /// Measures guesses, the best first, against what each order is.
    pub fn of(guesses: &[Vec<Guess>], classes: &[usize], n_classes: usize) -> Self {
        let mut counts = vec![Counts::default(); n_classes];
        let mut bins = [(0.0f64, 0.0f64, 0usize); N_BINS];
        let (mut n_right, mut n_in_three) = (0usize, 0usize);
        for (guesses, class) in guesses.iter().zip(classes) {
            let Some(first) = guesses.first() else {
                continue;
            };
            let is_right = first.class == *class;
            n_right += usize::from(is_right);
            n_in_three += usize::from(guesses.iter().take(3).any(|guess| guess.class == *class));
            for (at, count) in counts.iter_mut().enumerate() {
                count.guessed += usize::from(at == first.class);
                count.is += usize::from(at == *class);
                count.both += usize::from(is_right && at == *class);
            }
            let share = f64::from(first.share);
            let bin = bins.iter_mut().enumerate().rev();
            let mut bin = bin.filter(|(at, _)| share >= *at as f64 / N_BINS as f64);
            if let Some((_, (shares, right, n))) = bin.next() {
                *shares += share;
                *right += f64::from(u8::from(is_right));
                *n += 1;
            }
        }
        let n = classes.len();
        let share = |of: usize| if n == 0 { 0.0 } else { of as f64 / n as f64 };
        let present: Vec<&Counts> = counts.iter().filter(|count| count.is > 0).collect();
        let f1 = present.iter().map(|count| count.f1()).sum::<f64>();
        let gaps = bins.iter().map(|(shares, right, _)| (shares - right).abs());
        Self {
            macro_f1: if present.is_empty() {
                0.0
            } else {
                f1 / present.len() as f64
            },
            accuracy: share(n_right),
            top3: share(n_in_three),
            calibration_error: if n == 0 {
                0.0
            } else {
                gaps.sum::<f64>() / n as f64
            },
            n_orders: n,
        }
    }
}

#[derive(Clone, Copy, Default)]
struct Counts {
    is: usize,
    guessed: usize,
    both: usize,
}

impl Counts {
    fn f1(&self) -> f64 {
        2.0 * self.both as f64 / (self.is + self.guessed).max(1) as f64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures() {
        let guess = |class, share| Guess { class, share };
        let guesses = vec![
            vec![guess(0, 0.9), guess(1, 0.1)],
            vec![guess(0, 0.6), guess(1, 0.4)],
        ];
        let measure = Measure::of(&guesses, &[0, 1], 2);
        assert!((measure.accuracy - 0.5).abs() < 1e-9);
        assert!((measure.top3 - 1.0).abs() < 1e-9);
        assert!((measure.macro_f1 - 1.0 / 3.0).abs() < 1e-9);
        assert!((measure.calibration_error - 0.35).abs() < 1e-6);
    }
}
