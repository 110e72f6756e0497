//! 合计: one number for everything that was made of the feed, to hold two sides against each other. It
//! is kept as orders, articles and tasks are drawn, and nobody has to go through half a million of
//! them for it.

use serde::{Deserialize, Serialize};

use crate::hash::{Canonical, Hash};
use crate::story::Subject;

/// What is counted apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TallyKind {
    Order,
    Article,
    Task,
    Case,
    Catalogue,
    Assessment,
    Dossier,
    EarlyWarning,
}

impl From<&Subject> for TallyKind {
    fn from(subject: &Subject) -> Self {
        match subject {
            Subject::Order(_) => Self::Order,
            Subject::Article(_) => Self::Article,
            Subject::Task(_) => Self::Task,
            Subject::Case(_) => Self::Case,
            Subject::Catalogue(_) => Self::Catalogue,
            Subject::Assessment(_) => Self::Assessment,
            Subject::Dossier(_) => Self::Dossier,
            Subject::EarlyWarning(_) => Self::EarlyWarning,
        }
    }
}

/// What a subject is made of when one more entry is told, by its hash: the entries, and not what a program made of
/// them, since two programs may be of different age.
pub fn told(before: Option<Hash>, entry: Hash) -> Hash {
    let mut form = Canonical::new(b"hotline-desk/told/1\0");
    form.hash(before.unwrap_or(Hash::CHAIN_START));
    form.hash(entry);
    form.finish()
}

/// How many there are of each, and what comes of adding up the hash of every one of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tally {
    pub n_orders: u64,
    pub n_articles: u64,
    pub n_tasks: u64,
    /// Missing where there are none, as in what was counted before there were any.
    #[serde(default, skip_serializing_if = "is_none")]
    pub n_cases: u64,
    /// 1 once the dispatch catalogue was amended.
    #[serde(default, skip_serializing_if = "is_none")]
    pub n_catalogues: u64,
    /// Missing where there are none, as above.
    #[serde(default, skip_serializing_if = "is_none")]
    pub n_assessments: u64,
    /// Missing where there are none, as above.
    #[serde(default, skip_serializing_if = "is_none")]
    pub n_dossiers: u64,
    /// Missing where there are none, as above.
    #[serde(default, skip_serializing_if = "is_none")]
    pub n_early_warnings: u64,
    /// Addition does not mind the order, and takes back what was added.
    pub sum: Hash,
}

impl Tally {
    pub const EMPTY: Self = Self {
        n_orders: 0,
        n_articles: 0,
        n_tasks: 0,
        n_cases: 0,
        n_catalogues: 0,
        n_assessments: 0,
        n_dossiers: 0,
        n_early_warnings: 0,
        sum: Hash([0; 32]),
    };

    /// Puts a subject in, which is made of what [`told`] gave.
    pub fn put(&mut self, id: &str, kind: TallyKind, hash: Hash) {
        *self.count_of(kind) += 1;
        self.sum = sum(self.sum, part(id, hash));
    }

    /// Takes out what was put in.
    pub fn take(&mut self, id: &str, kind: TallyKind, hash: Hash) {
        let count = self.count_of(kind);
        *count = count.saturating_sub(1);
        self.sum = sum(self.sum, negative(part(id, hash)));
    }

    fn count_of(&mut self, kind: TallyKind) -> &mut u64 {
        match kind {
            TallyKind::Order => &mut self.n_orders,
            TallyKind::Article => &mut self.n_articles,
            TallyKind::Task => &mut self.n_tasks,
            TallyKind::Case => &mut self.n_cases,
            TallyKind::Catalogue => &mut self.n_catalogues,
            TallyKind::Assessment => &mut self.n_assessments,
            TallyKind::Dossier => &mut self.n_dossiers,
            TallyKind::EarlyWarning => &mut self.n_early_warnings,
        }
    }
}

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "serde passes a reference"
)]
fn is_none(n: &u64) -> bool {
    *n == 0
}

fn part(id: &str, hash: Hash) -> Hash {
    let mut form = Canonical::new(b"hotline-desk/tally/1\0");
    form.text(id);
    form.hash(hash);
    form.finish()
}

/// Both as numbers of 256 bits, the lowest byte first; what is over is left out.
fn sum(one: Hash, other: Hash) -> Hash {
    let mut carry = 0_u16;
    let mut bytes = one.0;
    for (byte, added) in bytes.iter_mut().zip(other.0) {
        let [low, high] = (u16::from(*byte) + u16::from(added) + carry).to_le_bytes();
        *byte = low;
        carry = u16::from(high);
    }
    Hash(bytes)
}

fn negative(of: Hash) -> Hash {
    let mut one = [0; 32];
    if let Some(lowest) = one.first_mut() {
        *lowest = 1;
    }
    sum(Hash(of.0.map(|byte| !byte)), Hash(one))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_do_not_mind_the_order_and_take_back() {
        let parts: Vec<Hash> = (0..40_u8).map(|n| part("x", Hash([n; 32]))).collect();
        let there = parts.iter().fold(Hash([0; 32]), |all, it| sum(all, *it));
        let back = parts
            .iter()
            .rev()
            .fold(Hash([0; 32]), |all, it| sum(all, *it));
        assert_eq!(there, back);
        let less = parts.iter().fold(there, |all, it| sum(all, negative(*it)));
        assert_eq!(less, Hash([0; 32]));
        assert_eq!(
            sum(Hash([255; 32]), negative(Hash([255; 32]))),
            Hash([0; 32])
        );
    }
}
