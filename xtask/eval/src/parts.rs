//! The parts of the ranking, by name: to set their weights, and to see what each adds.

use anyhow::{Context as _, Result, bail};
use search::Ranking;

/// A part that can be left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    Relevance,
    Found,
    Pairs,
    Units,
    Used,
    InOrder,
    LongestRun,
    Equal,
    Synonyms,
    Corrections,
}

impl Part {
    pub(crate) const ALL: [Self; 10] = [
        Self::Relevance,
        Self::Found,
        Self::Pairs,
        Self::Units,
        Self::Used,
        Self::InOrder,
        Self::LongestRun,
        Self::Equal,
        Self::Synonyms,
        Self::Corrections,
    ];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Relevance => "relevance",
            Self::Found => "found",
            Self::Pairs => "pairs",
            Self::Units => "units",
            Self::Used => "used",
            Self::InOrder => "in_order",
            Self::LongestRun => "longest_run",
            Self::Equal => "equal",
            Self::Synonyms => "synonyms",
            Self::Corrections => "corrections",
        }
    }

    /// Returns the ranking with this part's weight at zero.
    pub(crate) fn left_out_of(self, ranking: &Ranking) -> Ranking {
        let mut ranking = *ranking;
        *self.weight(&mut ranking) = 0.0;
        ranking
    }

    fn weight(self, ranking: &mut Ranking) -> &mut f32 {
        match self {
            Self::Relevance => &mut ranking.relevance,
            Self::Found => &mut ranking.found,
            Self::Pairs => &mut ranking.pairs,
            Self::Units => &mut ranking.units,
            Self::Used => &mut ranking.used,
            Self::InOrder => &mut ranking.in_order,
            Self::LongestRun => &mut ranking.longest_run,
            Self::Equal => &mut ranking.equal,
            Self::Synonyms => &mut ranking.synonym_factor,
            Self::Corrections => &mut ranking.correction_factor,
        }
    }
}

/// Sets the weights of a list such as `passage=0.5,used=1`.
pub(crate) fn set_weights(ranking: &mut Ranking, list: &str) -> Result<()> {
    for setting in list.split(',') {
        let (name, value) = setting.split_once('=').context("a weight is NAME=NUMBER")?;
        let Some(part) = Part::ALL.iter().find(|part| part.name() == name) else {
            let names: Vec<&str> = Part::ALL.iter().map(|part| part.name()).collect();
            bail!("there is no weight {name:?}, only {}", names.join(", "));
        };
        *part.weight(ranking) = value.parse().context("a weight is a number")?;
    }
    Ok(())
}
