//! How long to wait before trying again.

/// Waits that double up to a limit, each shortened at random, so that a hundred desks do not come
/// back in one second after a power cut.
#[derive(Debug, Clone)]
pub struct Backoff {
    first_ms: u64,
    longest_ms: u64,
    n_failures: u32,
    dice: u64,
}

/// After so many failures the wait grows no more.
const DOUBLINGS_MAX: u32 = 20;

impl Backoff {
    /// `seed` is random for each desk; the same seed gives the same waits.
    pub fn new(first_ms: u64, longest_ms: u64, seed: u64) -> Self {
        Self {
            first_ms,
            longest_ms,
            n_failures: 0,
            dice: seed,
        }
    }

    /// The wait after one more failure: at least half of what it might be.
    pub fn next_ms(&mut self) -> u64 {
        let doublings = self.n_failures.min(DOUBLINGS_MAX);
        let whole = self.first_ms << doublings;
        let whole = whole.min(self.longest_ms).max(1);
        self.n_failures = self.n_failures.saturating_add(1);
        whole / 2 + self.roll() % (whole / 2 + 1)
    }

    /// It went well.
    pub fn reset(&mut self) {
        self.n_failures = 0;
    }

    pub fn n_failures(&self) -> u32 {
        self.n_failures
    }

    /// splitmix64 (Steele, Lea, Flood 2014).
    fn roll(&mut self) -> u64 {
        self.dice = self.dice.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.dice;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_grow_to_a_limit_and_start_again() {
        let mut backoff = Backoff::new(1_000, 60_000, 7);
        for whole in [1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000] {
            let wait = backoff.next_ms();
            assert!((whole / 2..=whole).contains(&wait), "{wait} of {whole}");
        }
        for _ in 0..100 {
            assert!(backoff.next_ms() <= 60_000);
        }
        backoff.reset();
        assert!(backoff.next_ms() <= 1_000);
    }

    #[test]
    fn two_desks_do_not_wait_alike() {
        let waits = |seed| {
            let mut backoff = Backoff::new(60_000, 60_000, seed);
            (0..8).map(|_| backoff.next_ms()).collect::<Vec<_>>()
        };
        assert_eq!(waits(1), waits(1));
        assert_ne!(waits(1), waits(2));
    }
}
