//! 输入: what is right, broken.

/// More than so many at once is no longer near to what is right.
const CHANGES_MAX: u64 = 6;
/// What grows stays readable.
const INPUT_MAX_BYTES: usize = 256 << 10;

/// What readers trip over.
const PIECES: [&str; 44] = [
    "\"",
    "\\",
    "{",
    "}",
    "[",
    "]",
    ":",
    ",",
    "null",
    "true",
    "-1",
    "0",
    "1e999",
    "-0.0",
    "9223372036854775808",
    "18446744073709551616",
    "4294967296",
    "\\u0000",
    "\\ud800",
    "\u{0}",
    "\u{feff}",
    "\u{202e}",
    "𠮷",
    "é",
    "<",
    ">",
    "&",
    "&amp;",
    "<!DOCTYPE a [<!ENTITY b \"c\">]>",
    "<![CDATA[",
    "]]>",
    "<!--",
    "=1+1",
    "'",
    "--",
    "%",
    "%00",
    "%zz",
    "..",
    "/",
    "\r\n",
    "\t",
    "2026-02-30",
    "9999999999999",
];

/// Makes inputs out of a seed: the same seed, the same inputs.
#[derive(Debug)]
pub struct Mutator {
    state: u64,
    seeds: Vec<Vec<u8>>,
    /// The seeds as they are come first.
    n_shown: usize,
}

impl Mutator {
    pub fn new(seed: u64, seeds: Vec<Vec<u8>>) -> Self {
        Self {
            state: seed,
            seeds,
            n_shown: 0,
        }
    }

    /// The next one.
    pub fn next_input(&mut self) -> Vec<u8> {
        if let Some(seed) = self.seeds.get(self.n_shown) {
            self.n_shown += 1;
            return seed.clone();
        }
        let mut input = self.a_seed();
        for _ in 0..=self.below(CHANGES_MAX) {
            self.change(&mut input);
        }
        input.truncate(INPUT_MAX_BYTES);
        input
    }

    /// A number below `n`; 0 where there is none.
    pub fn below(&mut self, n: u64) -> u64 {
        // SplitMix64.
        self.state = self.state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.state;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (mixed ^ (mixed >> 31)).checked_rem(n).unwrap_or_default()
    }

    fn index(&mut self, n: usize) -> usize {
        let below = self.below(u64::try_from(n).unwrap_or(u64::MAX));
        usize::try_from(below).unwrap_or_default()
    }

    fn a_seed(&mut self) -> Vec<u8> {
        let at = self.index(self.seeds.len());
        self.seeds.get(at).cloned().unwrap_or_default()
    }

    fn change(&mut self, input: &mut Vec<u8>) {
        let at = self.index(input.len() + 1);
        let until = at + self.index(input.len() - at.min(input.len()) + 1).min(64);
        let until = until.min(input.len());
        match self.below(9) {
            0 => {
                let bit = self.below(8);
                if let Some(byte) = input.get_mut(at) {
                    *byte ^= 1 << bit;
                }
            }
            1 => {
                let byte = u8::try_from(self.below(256)).unwrap_or_default();
                if let Some(place) = input.get_mut(at) {
                    *place = byte;
                }
            }
            2 => {
                input.drain(at..until);
            }
            3 => {
                let again = input.get(at..until).unwrap_or_default().to_vec();
                input.splice(at..at, again);
            }
            4 | 5 => {
                let piece = self.index(PIECES.len());
                let piece = PIECES.get(piece).copied().unwrap_or_default();
                input.splice(at..until, piece.bytes());
            }
            6 => {
                let other = self.a_seed();
                let from = self.index(other.len() + 1);
                let part = other
                    .get(from..)
                    .unwrap_or_default()
                    .iter()
                    .take(64)
                    .copied();
                let part: Vec<u8> = part.collect();
                input.splice(at..until, part);
            }
            7 => input.truncate(at),
            _ => self.change_a_value(input),
        }
    }

    /// Puts something else where a value of JSON ends: between the marks that stand around it.
    fn change_a_value(&mut self, input: &mut Vec<u8>) {
        let marks: Vec<usize> = input
            .iter()
            .enumerate()
            .filter(|(_, byte)| b":,[]{}".contains(byte))
            .map(|(at, _)| at)
            .collect();
        let nth = self.index(marks.len());
        let Some(from) = marks.get(nth).map(|at| at + 1) else {
            return;
        };
        let until = marks.get(nth + 1).copied().unwrap_or(input.len());
        let nth = self.index(VALUES.len());
        let value = VALUES.get(nth).copied().unwrap_or_default();
        input.splice(from..until.max(from), value.bytes());
    }
}

/// What may stand where a value does.
const VALUES: [&str; 14] = [
    "null",
    "true",
    "0",
    "-1",
    "1.5",
    "4294967296",
    "18446744073709551615",
    "\"\"",
    "\"甲\"",
    "\"\\u0000\"",
    "[]",
    "{}",
    "[[[[[[[[]]]]]]]]",
    "\"9999-99-99\"",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_gives_the_same_inputs_and_another_gives_others() {
        let inputs = |seed: u64| {
            let mut mutator = Mutator::new(seed, vec![b"{\"a\":[1,2]}".to_vec(), b"x".to_vec()]);
            (0..200).map(|_| mutator.next_input()).collect::<Vec<_>>()
        };
        assert_eq!(inputs(7), inputs(7));
        assert_ne!(inputs(7)[2..], inputs(8)[2..]);
        let different: std::collections::BTreeSet<_> = inputs(7).into_iter().collect();
        assert!(different.len() > 100, "{}", different.len());
    }
}
