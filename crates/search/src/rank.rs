//! The second step of a search: ordering the candidates by features that a person can check.
//!
//! BM25 alone puts 离婚登记预约 before 离婚协议公证指引 for reasons nobody sees. These features are each
//! between 0 and 1, most of them a share of rarity ("idf"): of all that the query says, weighed by
//! how rare it is, how much stands in the title? The weights stand in [`Ranking`].

use serde::Serialize;

use crate::{
    candidates::{Candidate, GramSet, Grams},
    query::{Gram, Parsed, UnitId},
    ranking::Ranking,
    schema,
    snapshot::Snapshot,
    text::{self, Symbol, Unit},
};

/// So much of a title or name is compared.
const MAX_HEADING_CHARACTERS: usize = 120;

/// So many everyday names of an article are compared.
const MAX_NAMES: usize = 50;

/// What an article's score is made of, each part between 0 and 1.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Features {
    /// BM25 over title, names and body, beside the best of this answer.
    pub relevance: f32,
    /// The share of the query that stands anywhere in the article.
    pub found: f32,
    /// What the title says, or the everyday name that says more.
    pub heading: HeadingFeatures,
}

/// How a query and a title (or name) fit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct HeadingFeatures {
    /// The share of the query's pairs and words that stand in the title.
    pub pairs: f32,
    /// The same for single characters and words.
    pub units: f32,
    /// The share of the title that the query says: a title about much else is a worse answer.
    pub used: f32,
    /// For each part of a short query, the share that the title has in this order, possibly with
    /// something between, as abbreviations do: 法宣作品 in 公益法治宣传作品查询.
    pub in_order: f32,
    /// For each part of a short query, the longest run that stands in the title as it is.
    pub longest_run: f32,
    /// 1 if the title says nothing else.
    pub equal: f32,
    /// This is an everyday name and not the title.
    pub is_name: bool,
}

impl Features {
    /// Adds the weighed parts up.
    pub fn score(&self, ranking: &Ranking) -> f32 {
        ranking.relevance * self.relevance
            + ranking.found * self.found
            + self.heading.score(ranking)
    }
}

impl HeadingFeatures {
    fn score(&self, ranking: &Ranking) -> f32 {
        let sum = ranking.pairs * self.pairs
            + ranking.units * self.units
            + ranking.used * self.used
            + ranking.in_order * self.in_order
            + ranking.longest_run * self.longest_run
            + ranking.equal * self.equal;
        if self.is_name {
            sum * ranking.name_factor
        } else {
            sum
        }
    }
}

/// Orders the candidates, the best first.
pub(crate) fn rank(
    snapshot: &Snapshot,
    parsed: &Parsed,
    grams: &Grams,
    candidates: Vec<Candidate>,
    ranking: &Ranking,
) -> Vec<(Candidate, Features)> {
    let best = candidates
        .first()
        .map_or(1.0, |candidate| candidate.relevance);
    let asked = Asked::new(snapshot, parsed, grams, ranking);
    let mut ranked = Vec::with_capacity(candidates.len());
    for candidate in candidates {
        let heading = snapshot.heading(candidate.address);
        let features = Features {
            relevance: candidate.relevance / best,
            found: share(grams.weight(candidate.found), asked.pair_weight),
            heading: asked.best_heading(heading),
        };
        ranked.push((candidate, features, features.score(ranking), heading));
    }
    // Equal scores go by title, so that a rebuilt index, which numbers its articles anew, answers
    // like the old one.
    ranked.sort_by(|(_, _, a, a_heading), (_, _, b, b_heading)| {
        b.total_cmp(a).then_with(|| a_heading.cmp(b_heading))
    });
    ranked
        .into_iter()
        .map(|(candidate, features, ..)| (candidate, features))
        .collect()
}

/// The query's side of the comparison, prepared once.
struct Asked<'a> {
    snapshot: &'a Snapshot,
    parsed: &'a Parsed<'a>,
    grams: &'a Grams,
    ranking: &'a Ranking,
    /// The rarity of each different unit, by its number.
    unit_idf: Vec<f32>,
    unit_weight: f32,
    pair_weight: f32,
    /// The rarity that a word outside the query is given; looking each up would cost too much.
    word_idf: f32,
}

impl<'a> Asked<'a> {
    #[expect(
        clippy::cast_precision_loss,
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a rough count is enough"
    )]
    fn new(
        snapshot: &'a Snapshot,
        parsed: &'a Parsed<'a>,
        grams: &'a Grams,
        ranking: &'a Ranking,
    ) -> Self {
        let word_idf = snapshot.idf((snapshot.searcher.num_docs() as f32).sqrt() as u64);
        let idf_of = |symbol: &Symbol| match symbol {
            Symbol::Character(c) => snapshot.idf_of_character(*c),
            Symbol::Word(_) => word_idf,
        };
        let unit_idf: Vec<f32> = parsed.symbols.iter().map(idf_of).collect();
        let unit_weight = unit_idf.iter().sum();
        let pair_weight = grams.total_weight();
        Self {
            snapshot,
            parsed,
            grams,
            ranking,
            unit_idf,
            unit_weight,
            pair_weight,
            word_idf,
        }
    }

    fn idf(&self, id: UnitId) -> f32 {
        self.unit_idf
            .get(usize::from(id))
            .copied()
            .unwrap_or_default()
    }

    /// Compares the title and every name, and returns what fits best.
    fn best_heading(&self, heading: &str) -> HeadingFeatures {
        let mut best = HeadingFeatures::default();
        for (at, part) in schema::heading_parts(heading)
            .take(MAX_NAMES + 1)
            .enumerate()
        {
            let features = HeadingFeatures {
                is_name: at > 0,
                ..self.compare(part)
            };
            if at == 0 || features.score(self.ranking) > best.score(self.ranking) {
                best = features;
            }
        }
        best
    }

    fn compare(&self, heading: &str) -> HeadingFeatures {
        let units = text::units_of_first(heading, MAX_HEADING_CHARACTERS);
        let ids: Vec<Option<UnitId>> = units
            .iter()
            .map(|unit| self.parsed.id(&unit.symbol))
            .collect();
        if ids.iter().all(Option::is_none) {
            return HeadingFeatures::default();
        }
        let said = self.weight_of_said(&ids);
        let unsaid = self.weight_of_unsaid(&units, &ids);
        let (in_order, longest_run) = if self.parsed.is_short() {
            self.order(&units, &ids)
        } else {
            (0.0, 0.0)
        };
        let is_equal = ids.len() == self.parsed.ids.len()
            && ids
                .iter()
                .zip(&self.parsed.ids)
                .all(|(id, asked)| *id == Some(*asked));
        HeadingFeatures {
            pairs: share(
                self.grams.weight(self.pairs_in(&units, &ids)),
                self.pair_weight,
            ),
            units: share(said, self.unit_weight),
            used: share(said, said + unsaid),
            in_order,
            longest_run,
            equal: if is_equal { 1.0 } else { 0.0 },
            is_name: false,
        }
    }

    /// Adds up the different units of the heading that the query has.
    fn weight_of_said(&self, ids: &[Option<UnitId>]) -> f32 {
        let mut known: Vec<UnitId> = ids.iter().copied().flatten().collect();
        known.sort_unstable();
        known.dedup();
        known.into_iter().map(|id| self.idf(id)).sum()
    }

    /// Adds up the different units of the heading that the query does not have.
    fn weight_of_unsaid(&self, units: &[Unit], ids: &[Option<UnitId>]) -> f32 {
        let mut weight = 0.0;
        let mut seen: Vec<char> = Vec::with_capacity(units.len());
        for (unit, _) in units.iter().zip(ids).filter(|(_, id)| id.is_none()) {
            match unit.symbol {
                Symbol::Character(c) if seen.contains(&c) => {}
                Symbol::Character(c) => {
                    seen.push(c);
                    weight += self.snapshot.idf_of_character(c);
                }
                Symbol::Word(_) => weight += self.word_idf,
            }
        }
        weight
    }

    fn pairs_in(&self, units: &[Unit], ids: &[Option<UnitId>]) -> GramSet {
        let mut found = GramSet::default();
        let mut before: Option<(&Unit, Option<UnitId>)> = None;
        for (unit, &id) in units.iter().zip(ids) {
            if let Some(id) = id {
                let own = match unit.symbol {
                    Symbol::Word(_) => Some(Gram::Word(id)),
                    Symbol::Character(_) => Some(Gram::Lone(id)),
                };
                let pair = before
                    .filter(|(before, _)| unit.pair_after(before).is_some())
                    .and_then(|(_, before_id)| Some(Gram::Pair(before_id?, id)));
                for gram in own.into_iter().chain(pair) {
                    if let Some(at) = self.grams.find(gram) {
                        found.insert(at);
                    }
                }
            }
            before = Some((unit, id));
        }
        found
    }

    /// Returns the mean over the query's parts of what the heading has in order, and in one run.
    fn order(&self, units: &[Unit], ids: &[Option<UnitId>]) -> (f32, f32) {
        let (mut in_order, mut longest_run, mut n_parts) = (0.0, 0.0, 0.0);
        for part in &self.parsed.parts {
            let asked = self.parsed.ids.get(part.clone()).unwrap_or_default();
            let total: f32 = asked.iter().map(|&id| self.idf(id)).sum();
            in_order += share(self.longest_common_subsequence(asked, ids), total);
            longest_run += longest_common_run(asked, units, ids);
            n_parts += 1.0;
        }
        (share(in_order, n_parts), share(longest_run, n_parts))
    }

    /// Returns the greatest rarity of units that both have in the same order.
    fn longest_common_subsequence(&self, asked: &[UnitId], ids: &[Option<UnitId>]) -> f32 {
        let mut best_up_to = vec![0.0_f32; asked.len() + 1];
        // What the query does not have cannot be part of it.
        for id in ids.iter().copied().flatten() {
            let mut diagonal = 0.0;
            let mut left = 0.0_f32;
            for (&asked, best) in asked.iter().zip(best_up_to.iter_mut().skip(1)) {
                let above = *best;
                let with = if asked == id {
                    diagonal + self.idf(id)
                } else {
                    0.0
                };
                left = left.max(above).max(with);
                *best = left;
                diagonal = above;
            }
        }
        best_up_to.last().copied().unwrap_or_default()
    }
}

/// Returns the longest run that both have without a gap, as a share of what was asked.
#[expect(
    clippy::cast_precision_loss,
    reason = "a query part has some ten units"
)]
fn longest_common_run(asked: &[UnitId], units: &[Unit], ids: &[Option<UnitId>]) -> f32 {
    let mut longest = 0;
    let mut run_up_to = vec![0_usize; asked.len() + 1];
    for (unit, &id) in units.iter().zip(ids) {
        let mut diagonal = 0;
        for (&asked, run) in asked.iter().zip(run_up_to.iter_mut().skip(1)) {
            let before = if unit.is_joined { diagonal } else { 0 };
            diagonal = *run;
            *run = if Some(asked) == id { before + 1 } else { 0 };
            longest = longest.max(*run);
        }
    }
    longest as f32 / asked.len().max(1) as f32
}

fn share(part: f32, whole: f32) -> f32 {
    if whole > 0.0 {
        (part / whole).min(1.0)
    } else {
        0.0
    }
}
