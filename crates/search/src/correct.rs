//! Typing slips: 社宝卡 for 社保卡 (by sound), 帐户 for 账户 (by shape).
//!
//! A pair of characters that no article has is replaced by one that titles or names have, if it
//! sounds or looks the same and fits its neighbours better. Only short queries are corrected: in a
//! message there are too many words that rightly stand in no article.

use crate::{
    error::SearchError, query::Parsed, shape, snapshot::Snapshot, text::Symbol,
    vocabulary::KnownPair,
};

/// More slips in one query are no slips.
const MAX_CORRECTIONS: usize = 3;

/// Returns the query without its typing slips; `None` if it seems to have none.
pub(crate) fn corrected(
    snapshot: &Snapshot,
    parsed: &Parsed,
) -> Result<Option<String>, SearchError> {
    if !parsed.is_short() {
        return Ok(None);
    }
    let mut slots: Vec<Option<char>> = parsed
        .units
        .iter()
        .map(|unit| match unit.symbol {
            Symbol::Character(c) => Some(c),
            Symbol::Word(_) => None,
        })
        .collect();
    let mut changed: Vec<usize> = Vec::new();
    for at in 1..slots.len() {
        if changed.len() >= MAX_CORRECTIONS || !parsed.units.get(at).is_some_and(|u| u.is_joined) {
            continue;
        }
        let (Some(first), Some(second)) = (slot(&slots, at - 1), slot(&slots, at)) else {
            continue;
        };
        if snapshot.has_pair(first, second)? {
            continue;
        }
        let here = Place {
            snapshot,
            parsed,
            slots: &slots,
            at,
        };
        if let Some((first, second)) = here.better(first, second)? {
            for (place, character) in [(at - 1, first), (at, second)] {
                if slot(&slots, place) != Some(character) {
                    changed.push(place);
                    if let Some(slot) = slots.get_mut(place) {
                        *slot = Some(character);
                    }
                }
            }
        }
    }
    Ok((!changed.is_empty()).then(|| rewritten(parsed, &slots, &changed)))
}

/// The pair that ends at one unit.
struct Place<'a> {
    snapshot: &'a Snapshot,
    parsed: &'a Parsed<'a>,
    slots: &'a [Option<char>],
    at: usize,
}

impl Place<'_> {
    /// Returns the commonest replacement after which more of the pairs around are known and none
    /// fewer.
    fn better(&self, first: char, second: char) -> Result<Option<(char, char)>, SearchError> {
        let mut known = self.snapshot.pairs_sounding_like(first, second)?;
        for other in shape::alike(first) {
            known.extend(self.known(other, second)?);
        }
        for other in shape::alike(second) {
            known.extend(self.known(first, other)?);
        }
        let mut best: Option<(u32, KnownPair)> = None;
        for pair in known {
            let (a, b) = pair.characters;
            let before = self.around(first, second)?;
            let after = self.around(a, b)?;
            if after
                .iter()
                .zip(before)
                .any(|(after, before)| before && !after)
            {
                continue;
            }
            let n_kept = u32::from(a == first) + u32::from(b == second);
            let n_known = after.iter().map(|&known| u32::from(known)).sum::<u32>();
            let worth = (n_known * 2 + n_kept) * 1_000_000 + pair.n_documents.min(999_999);
            if best.is_none_or(|(most, _)| worth > most) {
                best = Some((worth, pair));
            }
        }
        Ok(best.map(|(_, pair)| pair.characters))
    }

    fn known(&self, first: char, second: char) -> Result<Option<KnownPair>, SearchError> {
        let n_documents = self.snapshot.n_headings_with(first, second)?;
        Ok((n_documents > 0).then_some(KnownPair {
            characters: (first, second),
            n_documents,
        }))
    }

    /// Says of the pairs before and after whether they are known when this one is `(first, second)`.
    fn around(&self, first: char, second: char) -> Result<[bool; 2], SearchError> {
        let before = self
            .at
            .checked_sub(2)
            .filter(|_| self.is_joined(self.at - 1))
            .and_then(|at| slot(self.slots, at));
        let after = Some(self.at + 1)
            .filter(|&at| self.is_joined(at))
            .and_then(|at| slot(self.slots, at));
        Ok([
            before.map_or(Ok(true), |c| self.snapshot.has_pair(c, first))?,
            after.map_or(Ok(true), |c| self.snapshot.has_pair(second, c))?,
        ])
    }

    fn is_joined(&self, at: usize) -> bool {
        self.parsed.units.get(at).is_some_and(|unit| unit.is_joined)
    }
}

fn slot(slots: &[Option<char>], at: usize) -> Option<char> {
    slots.get(at).copied().flatten()
}

/// Puts the changed characters into the text as it was typed.
fn rewritten(parsed: &Parsed, slots: &[Option<char>], changed: &[usize]) -> String {
    let mut text = String::with_capacity(parsed.text.len());
    let mut copied = 0;
    for (at, unit) in parsed.units.iter().enumerate() {
        if let Some(character) = slot(slots, at).filter(|_| changed.contains(&at)) {
            text.push_str(
                parsed
                    .text
                    .get(copied..unit.range.start)
                    .unwrap_or_default(),
            );
            text.push(character);
            copied = unit.range.end;
        }
    }
    text.push_str(parsed.text.get(copied..).unwrap_or_default());
    text
}
