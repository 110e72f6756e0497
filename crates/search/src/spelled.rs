//! Articles by the pinyin of their titles: `zzsw`, `shebaoka`, `shebk`.
//!
//! Every title and name is kept as one letter a character, the initial of its reading. What was
//! typed is cut into syllables and single initials in the few ways that are possible; their first
//! letters are looked for as they are, and what is found is checked syllable by syllable. A
//! thousand titles take some 15 KB and a search of 50,000 reads about a megabyte.

use std::{collections::HashSet, ops::Range, sync::OnceLock};

use tantivy::{DocAddress, DocId};

use crate::{
    candidates::{Candidate, GramSet},
    filter::Passing,
    rank::{Features, HeadingFeatures},
    schema,
    snapshot::Snapshot,
    sound,
    summary::Summary,
    text::{self, Symbol, Unit},
};

/// Fewer letters say nothing.
const MIN_LETTERS: usize = 2;
/// Nobody types more without looking at what comes.
const MAX_LETTERS: usize = 32;
/// So many ways to cut the letters into syllables are tried, those with the fewest pieces.
const MAX_CUTS: usize = 6;
/// So many articles are found by their letters, the shortest titles first.
const MAX_FOUND: usize = 100;
/// So many units of a title or name are kept.
const MAX_UNITS: usize = 60;

/// Between two titles; no title has it.
const END: u8 = b'\n';

/// The letters of the titles and names of one segment.
#[derive(Debug, Default)]
pub(crate) struct Letters {
    letters: Vec<u8>,
    /// For each line where it begins, which heading it is of and which part of that.
    lines: Vec<(u32, u32, u16)>,
}

/// An article whose title or name begins or holds what was typed.
#[derive(Clone, Debug)]
pub(crate) struct Spelled {
    pub(crate) candidate: Candidate,
    pub(crate) features: Features,
    /// Which title or name, and where in it.
    pub(crate) part: usize,
    pub(crate) range: Range<usize>,
}

impl Letters {
    pub(crate) fn of<'a>(headings: impl Iterator<Item = &'a str>) -> Self {
        let mut kept = Self::default();
        for (number, heading) in (0..).zip(headings) {
            for (part, text) in (0..).zip(schema::heading_parts(heading)) {
                for line in lines_of(text) {
                    let start = u32::try_from(kept.letters.len()).unwrap_or(u32::MAX);
                    kept.lines.push((start, number, part));
                    kept.letters.extend(line);
                    kept.letters.push(END);
                }
            }
        }
        kept.letters.shrink_to_fit();
        kept.lines.shrink_to_fit();
        kept
    }

    /// Goes through the places where some letters stand: heading, part, and which unit of it.
    fn places(&self, letters: &[u8]) -> impl Iterator<Item = (u32, u16, usize)> {
        memchr::memmem::find_iter(&self.letters, letters)
            .collect::<Vec<_>>()
            .into_iter()
            .filter_map(|at| {
                let line = self
                    .lines
                    .partition_point(|&(start, ..)| start as usize <= at)
                    .checked_sub(1)?;
                let &(start, number, part) = self.lines.get(line)?;
                Some((number, part, at - start as usize))
            })
    }
}

/// So many rows of letters are kept of one title; few have more than two characters that can begin
/// otherwise.
const MAX_LINES: usize = 8;

/// Returns the letters of a text, a row for each way its characters can begin.
fn lines_of(text: &str) -> Vec<Vec<u8>> {
    let mut lines: Vec<Vec<u8>> = vec![Vec::new()];
    for (readings, _) in spelled_units(text) {
        let mut initials: Vec<u8> = readings.iter().filter_map(|it| it.bytes().next()).collect();
        initials.dedup();
        if lines.len() * initials.len() > MAX_LINES {
            initials.truncate(1);
        }
        let (first, others) = initials.split_first().unwrap_or((&b'?', &[]));
        let mut further: Vec<Vec<u8>> = Vec::new();
        for other in others {
            further.extend(lines.iter().map(|line| {
                let mut line = line.clone();
                line.push(*other);
                line
            }));
        }
        for line in &mut lines {
            line.push(*first);
        }
        lines.extend(further);
    }
    lines
}

/// Returns what each character can be typed as, and where it stands. A letter is typed as itself.
fn spelled_units(text: &str) -> Vec<(Vec<&str>, Range<usize>)> {
    let mut spelled: Vec<(Vec<&str>, Range<usize>)> = Vec::new();
    for Unit { symbol, range, .. } in text::units(text) {
        match symbol {
            Symbol::Character(c) => spelled.push((sound::readings(c), range)),
            Symbol::Word(_) => {
                let word = text.get(range.clone()).unwrap_or_default();
                for (at, letter) in word.char_indices() {
                    let place = range.start + at..range.start + at + letter.len_utf8();
                    let letter = text.get(place.clone()).unwrap_or_default();
                    spelled.push((lower(letter).into_iter().collect(), place));
                }
            }
        }
    }
    spelled.truncate(MAX_UNITS);
    spelled
}

/// Returns a letter or digit in lower case.
fn lower(letter: &str) -> Option<&'static str> {
    const LETTERS: &str = "abcdefghijklmnopqrstuvwxyz0123456789";
    let byte = letter.bytes().next()?.to_ascii_lowercase();
    let at = LETTERS.bytes().position(|known| known == byte)?;
    LETTERS.get(at..=at)
}

/// Finds the articles whose title or name has what was typed; none if it is not all letters.
pub(crate) fn find(
    snapshot: &Snapshot,
    typed: &str,
    passing: impl Fn(usize) -> Result<Passing, crate::SearchError>,
) -> Result<Vec<Spelled>, crate::SearchError> {
    let Some(typed) = letters_of(typed) else {
        return Ok(Vec::new());
    };
    let cuts = cuts(&typed);
    let mut found: Vec<Spelled> = Vec::new();
    for (segment_ord, summary) in snapshot.summaries().enumerate() {
        let by_number = matches(summary, &cuts);
        if by_number.is_empty() {
            continue;
        }
        let passing = passing(segment_ord)?;
        let ord = u32::try_from(segment_ord).unwrap_or(u32::MAX);
        for (document, number) in (0..).zip(summary.numbers()) {
            let Some(place) = by_number.get(number) else {
                continue;
            };
            let address = DocAddress::new(ord, document as DocId);
            if snapshot.is_alive(address) && passing.lets_pass(document) {
                found.push(place.spelled(address));
            }
        }
    }
    found.sort_by(|a, b| {
        let used = |it: &Spelled| it.features.heading.used;
        used(b)
            .total_cmp(&used(a))
            .then_with(|| a.candidate.address.cmp(&b.candidate.address))
    });
    found.truncate(MAX_FOUND);
    Ok(found)
}

fn letters_of(typed: &str) -> Option<String> {
    let mut letters = String::with_capacity(typed.len());
    for c in typed.trim().chars() {
        if c.is_ascii_alphabetic() {
            letters.push(c.to_ascii_lowercase());
        } else if !matches!(c, ' ' | '\'') {
            return None;
        }
    }
    (MIN_LETTERS..=MAX_LETTERS)
        .contains(&letters.len())
        .then_some(letters)
}

/// Where a heading has the letters.
struct Place {
    part: u16,
    range: Range<usize>,
    /// The share of the title or name that was typed.
    used: f32,
    /// It begins there.
    is_beginning: bool,
}

impl Place {
    fn worth(&self) -> f32 {
        self.used + if self.is_beginning { 0.2 } else { 0.0 }
            - if self.part > 0 { 0.05 } else { 0.0 }
    }

    fn spelled(&self, address: DocAddress) -> Spelled {
        let is_whole = self.used >= 1.0;
        Spelled {
            candidate: Candidate {
                address,
                relevance: 0.0,
                found: GramSet::default(),
            },
            features: Features {
                heading: HeadingFeatures {
                    pairs: 1.0,
                    units: 1.0,
                    used: self.used,
                    in_order: 1.0,
                    longest_run: if self.is_beginning { 1.0 } else { 0.5 },
                    equal: if is_whole { 1.0 } else { 0.0 },
                    is_name: self.part > 0,
                },
                ..Features::default()
            },
            part: self.part.into(),
            range: self.range.clone(),
        }
    }
}

type ByNumber = rustc_hash::FxHashMap<u32, Place>;

#[expect(
    clippy::cast_precision_loss,
    reason = "a title has some ten characters"
)]
fn matches(summary: &Summary, cuts: &[Vec<&str>]) -> ByNumber {
    let mut best = ByNumber::default();
    for cut in cuts {
        let letters: Vec<u8> = cut
            .iter()
            .filter_map(|piece| piece.bytes().next())
            .collect();
        for (number, part, at) in summary.letters().places(&letters) {
            let heading = summary.numbered(number as usize);
            let Some(text) = schema::heading_parts(heading).nth(part.into()) else {
                continue;
            };
            let units = spelled_units(text);
            let Some(here) = units.get(at..at + cut.len()) else {
                continue;
            };
            let is_spelled = here
                .iter()
                .zip(cut)
                .all(|((readings, _), piece)| is_typed_as(readings, piece));
            let (Some((_, first)), Some((_, last))) = (here.first(), here.last()) else {
                continue;
            };
            if is_spelled {
                let place = Place {
                    part,
                    range: first.start..last.end,
                    used: cut.len() as f32 / units.len() as f32,
                    is_beginning: at == 0,
                };
                let known = best.get(&number);
                if known.is_none_or(|known| known.worth() < place.worth()) {
                    best.insert(number, place);
                }
            }
        }
    }
    best
}

/// Says whether a piece is how a character is typed, whole or as far as it goes, also as it is
/// heard here.
fn is_typed_as(readings: &[&str], piece: &str) -> bool {
    readings.iter().any(|reading| {
        reading.starts_with(piece)
            || is_syllable(piece) && sound::folded(reading) == sound::folded(piece)
    })
}

/// Cuts letters into syllables and initials, the ways with the fewest pieces first. Only the last
/// piece may be the beginning of a syllable.
fn cuts(typed: &str) -> Vec<Vec<&str>> {
    let mut cuts: Vec<Vec<&str>> = Vec::new();
    let mut before: Vec<&str> = Vec::new();
    cut_rest(typed, &mut before, &mut cuts);
    cuts.sort_by_key(Vec::len);
    let all: Vec<&str> = typed.split_inclusive(|_: char| true).collect();
    cuts.truncate(MAX_CUTS - 1);
    if !cuts.contains(&all) {
        cuts.push(all);
    }
    cuts
}

/// So many ways are looked at before the best are taken; long rows of letters have thousands.
const MAX_CUTS_LOOKED_AT: usize = 200;

fn cut_rest<'a>(rest: &'a str, before: &mut Vec<&'a str>, cuts: &mut Vec<Vec<&'a str>>) {
    if cuts.len() >= MAX_CUTS_LOOKED_AT {
        return;
    }
    if rest.is_empty() {
        cuts.push(before.clone());
        return;
    }
    for n in (1..=rest.len().min(6)).rev() {
        let (Some(piece), Some(after)) = (rest.get(..n), rest.get(n..)) else {
            continue;
        };
        let is_initial = piece.len() == 1 || matches!(piece, "zh" | "ch" | "sh");
        if is_syllable(piece) || is_initial || after.is_empty() && begins_a_syllable(piece) {
            before.push(piece);
            cut_rest(after, before, cuts);
            before.pop();
        }
    }
}

fn is_syllable(piece: &str) -> bool {
    syllables().contains(piece)
}

fn begins_a_syllable(piece: &str) -> bool {
    syllables()
        .iter()
        .any(|syllable| syllable.starts_with(piece))
}

fn syllables() -> &'static HashSet<&'static str> {
    static SYLLABLES: OnceLock<HashSet<&'static str>> = OnceLock::new();
    SYLLABLES.get_or_init(|| {
        ('\u{4E00}'..='\u{9FA5}')
            .flat_map(sound::readings)
            .collect()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_are_cut_into_syllables() {
        let first = |typed: &str| cuts(typed).first().map(|cut| cut.join(" "));
        assert_eq!(first("shebaoka").as_deref(), Some("she bao ka"));
        assert_eq!(first("shebk").as_deref(), Some("she b k"));
        assert_eq!(first("zzsw").as_deref(), Some("z z s w"));
        assert_eq!(first("sheba").as_deref(), Some("she ba"));
        assert!(cuts("xian").contains(&vec!["xi", "an"]));
        assert!(cuts(&"a".repeat(MAX_LETTERS)).len() <= MAX_CUTS);
    }

    #[test]
    fn only_letters_are_pinyin() {
        assert_eq!(letters_of(" She Bao "), Some("shebao".to_owned()));
        assert_eq!(letters_of("5g"), None);
        assert_eq!(letters_of("社b"), None);
        assert_eq!(letters_of("s"), None);
    }

    #[test]
    fn a_second_reading_is_a_second_line() {
        let lines = lines_of("银行卡");
        assert!(lines.contains(&b"yhk".to_vec()), "{lines:?}");
        assert_eq!(lines_of("5G基站"), [b"5gjz".to_vec()]);
    }
}
