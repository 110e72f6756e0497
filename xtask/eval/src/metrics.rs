//! The figures of a run.
#![expect(
    clippy::cast_precision_loss,
    reason = "a file has far fewer lines than an f64 counts exactly"
)]

use std::time::Duration;

/// The place of the first right article, counted from 0; `None` if it is not among the hits.
pub(crate) type Rank = Option<usize>;

/// Returns the share of queries with a right article among the first `k`.
///
/// A query with several right articles counts as answered by any one of them.
pub(crate) fn recall_at(k: usize, ranks: &[Rank]) -> f64 {
    let n_answered = ranks.iter().flatten().filter(|&&rank| rank < k).count();
    mean(n_answered as f64, ranks.len())
}

/// Returns the mean of 1, 1/2, 1/3 … for a first right article at the first, second, third …
/// place, and 0 for one after the first `k`.
pub(crate) fn mrr_at(k: usize, ranks: &[Rank]) -> f64 {
    let in_reach = ranks.iter().flatten().filter(|&&rank| rank < k);
    mean(
        in_reach.map(|&rank| 1.0 / (rank + 1) as f64).sum(),
        ranks.len(),
    )
}

/// Returns the shortest time in milliseconds that so many percent of the times do not exceed.
pub(crate) fn percentile_ms(percent: usize, times: &[Duration]) -> f64 {
    percentile(percent, times).as_secs_f64() * 1000.0
}

/// Returns the shortest time that half of the times do not exceed.
pub(crate) fn median(times: &[Duration]) -> Duration {
    percentile(50, times)
}

fn percentile(percent: usize, times: &[Duration]) -> Duration {
    let mut sorted = times.to_vec();
    sorted.sort_unstable();
    let place = (sorted.len() * percent).div_ceil(100).saturating_sub(1);
    sorted.get(place).copied().unwrap_or_default()
}

/// Rounds a figure for the report.
pub(crate) fn rounded(figure: f64) -> f64 {
    (figure * 10_000.0).round() / 10_000.0
}

fn mean(sum: f64, n: usize) -> f64 {
    if n == 0 { 0.0 } else { sum / n as f64 }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RANKS: [Rank; 4] = [Some(0), Some(1), Some(10), None];

    #[track_caller]
    fn check(is: f64, should_be: f64) {
        assert!((is - should_be).abs() < 1e-9, "{is} is not {should_be}");
    }

    #[test]
    fn recall() {
        check(recall_at(1, &RANKS), 0.25);
        check(recall_at(10, &RANKS), 0.5);
        check(recall_at(11, &RANKS), 0.75);
        check(recall_at(1, &[]), 0.0);
    }

    #[test]
    fn reciprocal_rank() {
        check(mrr_at(10, &RANKS), (1.0 + 0.5) / 4.0);
    }

    #[test]
    fn percentiles() {
        let times: Vec<_> = (1..=200).map(Duration::from_millis).collect();
        check(percentile_ms(50, &times), 100.0);
        check(percentile_ms(99, &times), 198.0);
        check(percentile_ms(99, &times[..1]), 1.0);
        check(percentile_ms(99, &[]), 0.0);
    }
}
