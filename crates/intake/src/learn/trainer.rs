//! Training: from confirmed orders to a model, with what it makes of orders that were held back.
//!
//! The held-back orders are read by a model that was fitted without them; that measure is the
//! model's, and its temperatures come from there. The model itself is then fitted on all.

use thiserror::Error;

use super::calibration::{Calibration, Scored};
use super::classifier::{Classifier, Guess};
use super::features::{Counted, Row};
use super::linear::{self, Table};
use super::measure::Measure;
use super::recipe::Recipe;
use super::vocabulary::Vocabulary;
use crate::keywords::Keywords;

/// So many orders are learnt from; the caller hands in the newest.
pub const MAX_EXAMPLES: usize = 20_000;
/// Fewer teach nothing.
pub const MIN_EXAMPLES: usize = 20;
/// So many classes one model tells apart.
pub const MAX_CLASSES: usize = 300;

/// Beginnings of the text that are learnt as well, so that unfinished text is understood.
const BEGINNINGS: [usize; 2] = [30, 60];

/// 样本: a confirmed order, in parts the model looks at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Example {
    pub title: String,
    pub text: String,
    /// The place of its class among the labels.
    pub class: usize,
    /// 留作检验: not seen by the model that is measured. Orders of one group are held back together.
    pub is_held_back: bool,
}

/// What a training gives.
#[derive(Clone, Debug)]
pub struct Trained {
    pub classifier: Classifier,
    /// The model that has not seen the held-back orders; `None` where none were held back.
    pub judge: Option<Classifier>,
    /// On the held-back orders, whole.
    pub measure: Measure,
}

/// Why there is nothing to train.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum TrainRefusal {
    #[error("{n} orders are too few; {MIN_EXAMPLES} are needed")]
    TooFew { n: usize },
    #[error("{n} orders are more than {MAX_EXAMPLES}")]
    TooMany { n: usize },
    #[error("{n} classes; from 2 to {MAX_CLASSES} can be told apart")]
    Classes { n: usize },
    #[error("an order has class {class}, of {n}")]
    UnknownClass { class: usize, n: usize },
}

/// Trains on so many threads. The same examples, labels and keywords give the same model.
///
/// # Errors
/// Why there is nothing to train.
pub fn train(
    examples: &[Example],
    labels: &[String],
    keywords: &Keywords,
    n_threads: usize,
) -> Result<Trained, TrainRefusal> {
    train_by(&Recipe::PRODUCT, examples, labels, keywords, n_threads)
}

/// [`train`] by another recipe, to see what its parts are worth.
///
/// # Errors
/// Why there is nothing to train.
pub fn train_by(
    recipe: &Recipe,
    examples: &[Example],
    labels: &[String],
    keywords: &Keywords,
    n_threads: usize,
) -> Result<Trained, TrainRefusal> {
    check(examples, labels)?;
    let parts = all_parts(examples, keywords, recipe);
    let fitted = |parts: &[&Part], calibration| {
        fitted(recipe, parts, labels, calibration, keywords, n_threads)
    };
    let seen: Vec<&Part> = parts.iter().filter(|part| !part.is_held_back).collect();
    let everything: Vec<&Part> = parts.iter().collect();
    let (mut judge, mut measure) = (None, Measure::default());
    let mut calibration = Calibration::default();
    if seen.len() < everything.len() {
        let blank = fitted(&seen, Calibration::default());
        let held_back: Vec<&Part> = parts.iter().filter(|part| part.is_held_back).collect();
        let (calibrated, measured) = measured(blank, &held_back);
        calibration = calibrated.calibration.clone();
        (judge, measure) = (Some(calibrated), measured);
    }
    Ok(Trained {
        classifier: fitted(&everything, calibration),
        judge,
        measure,
    })
}

/// Trains on the orders that are not held back, and measures on those that are: what is measured is
/// what is used, and another model can be compared with it on orders that neither has seen.
///
/// # Errors
/// Why there is nothing to train.
pub fn train_judge(
    examples: &[Example],
    labels: &[String],
    keywords: &Keywords,
    n_threads: usize,
) -> Result<(Classifier, Measure), TrainRefusal> {
    check(examples, labels)?;
    let n_seen = examples.iter().filter(|it| !it.is_held_back).count();
    if n_seen < MIN_EXAMPLES {
        return Err(TrainRefusal::TooFew { n: n_seen });
    }
    let recipe = &Recipe::PRODUCT;
    let parts = all_parts(examples, keywords, recipe);
    let (held_back, seen): (Vec<&Part>, Vec<&Part>) = parts.iter().partition(|it| it.is_held_back);
    let blank = Calibration::default();
    let blank = fitted(recipe, &seen, labels, blank, keywords, n_threads);
    if held_back.is_empty() {
        return Ok((blank, Measure::default()));
    }
    Ok(measured(blank, &held_back))
}

/// What a model makes of the held-back ones among some orders: how the one in use is measured.
pub fn measure_on(classifier: &Classifier, examples: &[Example], keywords: &Keywords) -> Measure {
    let held_back: Vec<&Example> = examples.iter().filter(|it| it.is_held_back).collect();
    let guesses: Vec<Vec<Guess>> = held_back
        .iter()
        .map(|it| classifier.guesses(&it.title, &it.text, keywords))
        .collect();
    let classes: Vec<usize> = held_back.iter().map(|it| it.class).collect();
    Measure::of(&guesses, &classes, classifier.labels().len())
}

fn check(examples: &[Example], labels: &[String]) -> Result<(), TrainRefusal> {
    let n = examples.len();
    if n < MIN_EXAMPLES {
        return Err(TrainRefusal::TooFew { n });
    }
    if n > MAX_EXAMPLES {
        return Err(TrainRefusal::TooMany { n });
    }
    if !(2..=MAX_CLASSES).contains(&labels.len()) {
        return Err(TrainRefusal::Classes { n: labels.len() });
    }
    match examples.iter().find(|it| it.class >= labels.len()) {
        Some(it) => Err(TrainRefusal::UnknownClass {
            class: it.class,
            n: labels.len(),
        }),
        None => Ok(()),
    }
}

/// An order, or a part of one that is learnt as if it were all that was said.
struct Part {
    counted: Counted,
    class: usize,
    weight: f32,
    n_characters: usize,
    is_held_back: bool,
}

fn all_parts(examples: &[Example], keywords: &Keywords, recipe: &Recipe) -> Vec<Part> {
    let parts = examples.iter().flat_map(|it| parts(it, keywords, recipe));
    parts.collect()
}

fn parts(example: &Example, keywords: &Keywords, recipe: &Recipe) -> Vec<Part> {
    let part = |title: &str, text: &str, weight: f32| Part {
        counted: Counted::new(title, text, keywords, recipe),
        class: example.class,
        weight,
        n_characters: title.chars().count() + text.chars().count(),
        is_held_back: example.is_held_back,
    };
    let said = if example.text.is_empty() {
        &example.title
    } else {
        &example.text
    };
    let mut parts = vec![part(&example.title, &example.text, 1.0)];
    if recipe.part_weight <= 0.0 {
        return parts;
    }
    for n in BEGINNINGS {
        let beginning: String = said.chars().take(n).collect();
        parts.push(part("", &beginning, recipe.part_weight));
    }
    if !example.text.is_empty() && !example.title.is_empty() {
        parts.push(part(&example.title, "", recipe.part_weight));
    }
    parts
}

fn fitted(
    recipe: &Recipe,
    parts: &[&Part],
    labels: &[String],
    calibration: Calibration,
    keywords: &Keywords,
    n_threads: usize,
) -> Classifier {
    let whole = parts.iter().filter(|part| part.weight >= 1.0);
    let vocabulary = Vocabulary::of(whole.map(|part| &part.counted));
    let rows: Vec<Row> = parts
        .iter()
        .map(|part| part.counted.row(&vocabulary))
        .collect();
    let classes: Vec<usize> = parts.iter().map(|part| part.class).collect();
    let weights: Vec<f32> = parts.iter().map(|part| part.weight).collect();
    let table = Table {
        rows: &rows,
        classes: &classes,
        weights: &weights,
        n_features: vocabulary.len(),
        n_classes: labels.len(),
        recipe,
    };
    let lines = linear::fit(&table, n_threads);
    Classifier::new(
        labels.to_vec(),
        vocabulary,
        &lines,
        calibration,
        keywords.seal(),
        *recipe,
    )
}

fn measured(mut judge: Classifier, held_back: &[&Part]) -> (Classifier, Measure) {
    let scored: Vec<Scored> = held_back
        .iter()
        .map(|part| Scored {
            scores: judge.scores(&part.counted.row(&judge.vocabulary)),
            class: part.class,
            n_characters: part.n_characters,
        })
        .collect();
    judge.calibration = Calibration::fit(&scored);
    let whole: Vec<&Scored> = (scored.iter().zip(held_back))
        .filter(|(_, part)| part.weight >= 1.0)
        .map(|(scored, _)| scored)
        .collect();
    let guesses: Vec<Vec<Guess>> = whole
        .iter()
        .map(|scored| judge.guesses_of(&scored.scores, scored.n_characters))
        .collect();
    let classes: Vec<usize> = whole.iter().map(|scored| scored.class).collect();
    let measure = Measure::of(&guesses, &classes, judge.labels.len());
    (judge, measure)
}
