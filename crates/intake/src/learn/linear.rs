//! Fitting: for each class a line between it and all others, by dual coordinate descent on the
//! squared hinge loss (Hsieh et al. 2008), with the passes over what lies safely on its side left out.
//!
//! Two fits of the same features are added: one as they are, and one in which each feature is as
//! heavy as its log-ratio between the class and the others (Wang and Manning 2012). A sum of two
//! lines is a line: predicting costs nothing more.
#![expect(
    clippy::cast_precision_loss,
    reason = "a training has far fewer orders than an f32 counts exactly"
)]

use super::features::Row;
use super::recipe::Recipe;
use crate::grams::mixed;

/// Passes over all rows at most.
const MAX_PASSES: usize = 15;
/// A fit is done when no row asks for a larger change than this.
const ENOUGH: f32 = 0.1;
/// A row so far on its side is left out of the following passes.
const SAFE: f32 = 0.05;
/// What is added to every count before ratios are taken.
const SMOOTHING: f32 = 1.0;

/// Rows with their classes; some count less.
pub(super) struct Table<'a> {
    pub(super) rows: &'a [Row],
    pub(super) classes: &'a [usize],
    pub(super) weights: &'a [f32],
    pub(super) n_features: usize,
    pub(super) n_classes: usize,
    pub(super) recipe: &'a Recipe,
}

/// One class against the others.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Line {
    pub(super) weights: Vec<f32>,
    pub(super) bias: f32,
}

/// Fits every class, on so many threads; the result is the same on one.
pub(super) fn fit(table: &Table<'_>, n_threads: usize) -> Vec<Line> {
    let squares = Squares::of(table);
    let classes: Vec<usize> = (0..table.n_classes).collect();
    let part = table.n_classes.div_ceil(n_threads.max(1)).max(1);
    std::thread::scope(|scope| {
        let threads: Vec<_> = classes
            .chunks(part)
            .map(|classes| {
                let squares = &squares;
                scope.spawn(move || {
                    let lines = classes
                        .iter()
                        .map(|class| fit_class(table, squares, *class));
                    lines.collect::<Vec<Line>>()
                })
            })
            .collect();
        let mut lines = Vec::with_capacity(table.n_classes);
        for thread in threads {
            match thread.join() {
                Ok(fitted) => lines.extend(fitted),
                Err(panic) => std::panic::resume_unwind(panic),
            }
        }
        lines
    })
}

/// How often each feature stands in rows of each class, by feature.
struct Squares {
    of_class: Vec<f32>,
    n_classes: usize,
    totals: Vec<f32>,
}

impl Squares {
    fn of(table: &Table<'_>) -> Self {
        let mut of_class = vec![0.0; table.n_features * table.n_classes];
        let mut totals = vec![0.0; table.n_classes];
        let rows = table.rows.iter().zip(table.classes).zip(table.weights);
        // A row that counts less is a part of one that counts whole, and would be counted twice.
        for ((row, class), _) in rows.filter(|(_, weight)| **weight >= 1.0) {
            for (place, _) in row {
                if let Some(n) = of_class.get_mut(*place as usize * table.n_classes + class) {
                    *n += 1.0;
                }
            }
            if let Some(total) = totals.get_mut(*class) {
                *total += 1.0;
            }
        }
        Self {
            of_class,
            n_classes: table.n_classes,
            totals,
        }
    }

    /// The squared log-ratio of every feature for a class.
    fn ratios(&self, class: usize) -> Vec<f32> {
        let of_it = self.totals.get(class).copied().unwrap_or_default();
        let of_others = self.totals.iter().sum::<f32>() - of_it;
        let ratio = |counts: &[f32]| {
            let all: f32 = counts.iter().sum();
            let here = counts.get(class).copied().unwrap_or_default();
            let share = |n: f32, total: f32| (n + SMOOTHING) / (total + 2.0 * SMOOTHING);
            let ratio = (share(here, of_it) / share(all - here, of_others)).ln();
            ratio * ratio
        };
        self.of_class
            .chunks_exact(self.n_classes.max(1))
            .map(ratio)
            .collect()
    }
}

fn fit_class(table: &Table<'_>, squares: &Squares, class: usize) -> Line {
    let plain = descend(table, class, None, table.recipe.cost);
    let ratios = squares.ratios(class);
    let by_ratio = descend(table, class, Some(&ratios), table.recipe.ratio_cost);
    let both = plain.weights.iter().zip(&by_ratio.weights);
    Line {
        weights: both.map(|(one, other)| one + other).collect(),
        bias: plain.bias + by_ratio.bias,
    }
}

/// `heavier` multiplies each feature twice: once in the row and once in the line.
fn descend(table: &Table<'_>, class: usize, heavier: Option<&[f32]>, cost: f32) -> Line {
    let factor = |place: u32| {
        heavier.map_or(1.0, |factors| {
            factors.get(place as usize).copied().unwrap_or_default()
        })
    };
    let mut line = Line {
        weights: vec![0.0; table.n_features],
        bias: 0.0,
    };
    if cost <= 0.0 {
        return line;
    }
    let total: f32 = table.weights.iter().sum();
    let of_class: f32 = (table.classes.iter().zip(table.weights))
        .filter(|(of, _)| **of == class)
        .map(|(_, weight)| weight)
        .sum();
    let even = total / (table.n_classes as f32 * of_class.max(f32::MIN_POSITIVE));
    let rare = even.powf(table.recipe.balance);
    let mut points: Vec<Point<'_>> = (table.rows.iter().zip(table.classes).zip(table.weights))
        .map(|((row, of), weight)| {
            let is_it = *of == class;
            let cost = weight * if is_it { cost * rare } else { cost };
            let square: f32 = row
                .iter()
                .map(|(place, value)| value * value * factor(*place))
                .sum();
            Point {
                row,
                side: if is_it { 1.0 } else { -1.0 },
                slack: 0.5 / cost,
                square: square + 1.0,
                alpha: 0.0,
            }
        })
        .collect();
    let mut dice = class as u64;
    let mut n_active = points.len();
    for pass in 0..MAX_PASSES {
        shuffle(points.get_mut(..n_active).unwrap_or_default(), &mut dice);
        let mut largest = 0.0f32;
        let mut at = 0;
        while at < n_active {
            let Some(point) = points.get_mut(at) else {
                break;
            };
            let gradient = point.gradient(&line);
            if point.alpha == 0.0 && gradient > SAFE && pass > 0 {
                n_active -= 1;
                points.swap(at, n_active);
                continue;
            }
            let asked = if point.alpha == 0.0 {
                gradient.min(0.0)
            } else {
                gradient
            };
            largest = largest.max(asked.abs());
            if asked != 0.0 {
                let before = point.alpha;
                point.alpha = (before - gradient / (point.square + point.slack)).max(0.0);
                let change = (point.alpha - before) * point.side;
                line.bias += change;
                for (place, value) in point.row {
                    if let Some(weight) = line.weights.get_mut(*place as usize) {
                        *weight += change * value * factor(*place);
                    }
                }
            }
            at += 1;
        }
        if largest < ENOUGH {
            if n_active == points.len() {
                break;
            }
            n_active = points.len();
        }
    }
    line
}

struct Point<'a> {
    row: &'a Row,
    side: f32,
    slack: f32,
    square: f32,
    alpha: f32,
}

impl Point<'_> {
    fn gradient(&self, line: &Line) -> f32 {
        let weight = |place: u32| {
            line.weights
                .get(place as usize)
                .copied()
                .unwrap_or_default()
        };
        let score: f32 = self
            .row
            .iter()
            .map(|(place, value)| weight(*place) * value)
            .sum();
        self.side * (score + line.bias) - 1.0 + self.alpha * self.slack
    }
}

/// The same order for the same number, everywhere.
fn shuffle<T>(items: &mut [T], dice: &mut u64) {
    for at in (1..items.len()).rev() {
        *dice = dice.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let other = mixed(*dice) % (at as u64 + 1);
        items.swap(at, usize::try_from(other).unwrap_or(at));
    }
}
