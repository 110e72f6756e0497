//! Pieces of a text by number: runs of one to four characters, hashed. Words of a dictionary were
//! weighed and left out; see `docs/decisions/0016-intake.md`.

use std::ops::RangeInclusive;

/// Mixes a number into another (the finaliser of `MurmurHash3`).
pub(crate) fn mixed(mut number: u64) -> u64 {
    number = (number ^ (number >> 33)).wrapping_mul(0xFF51_AFD7_ED55_8CCD);
    number = (number ^ (number >> 33)).wrapping_mul(0xC4CE_B9FE_1A85_EC53);
    number ^ (number >> 33)
}

/// A number for a row of characters. **Frozen by `model_file::FORMAT`.**
pub(crate) fn hash(salt: u64, characters: &[char]) -> u32 {
    let whole = characters.iter().fold(mixed(salt), |hash, c| {
        mixed(hash ^ u64::from(u32::from(*c))).wrapping_add(0x9E37_79B9_7F4A_7C15)
    });
    // The upper half: the lower is what neighbouring numbers differ in least.
    (whole >> 32) as u32
}

/// Calls `each` with every run of so many characters that no sign of punctuation divides, its place
/// and its number.
pub(crate) fn each(
    characters: &[char],
    sizes: RangeInclusive<usize>,
    salt: u64,
    mut each: impl FnMut(usize, usize, u32),
) {
    let mut start = 0;
    for run in characters.split(|c| !c.is_alphanumeric()) {
        for size in sizes.clone() {
            for (at, gram) in run.windows(size.max(1)).enumerate() {
                each(start + at, size, hash(salt + size as u64, gram));
            }
        }
        start += run.len() + 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn grams_do_not_cross_a_comma() {
        let text: Vec<char> = "停水了,ab".chars().collect();
        let mut seen = Vec::new();
        each(&text, 2..=2, 0, |at, size, _| {
            seen.push(text[at..at + size].iter().collect::<String>());
        });
        assert_eq!(seen, ["停水", "水了", "ab"]);
    }

    #[test]
    fn the_numbers_are_frozen() {
        let number = |text: &str| hash(7, &text.chars().collect::<Vec<_>>());
        assert_ne!(number("停水"), number("水停"));
        assert_eq!(number("停水"), number("停水"));
    }
}
