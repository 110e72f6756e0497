//! `eval intake`: how well an order's class is read, learnt from one file and measured on another.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    io::Write,
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use anyhow::{Context as _, Result, bail, ensure};
use intake::keywords::Keywords;
use intake::learn::{Classifier, Example, Guess, Measure, Recipe, train_by};
use serde::{Deserialize, Serialize};

use crate::metrics::{percentile_ms, rounded};

pub(crate) const USAGE: &str = "\
Usage: eval intake --train FILE --test FILE [--per-class N] [--threads N]
       eval intake --folds FILE [--fold K] [--inner] [--curve | --ablation] [--threads N]

  --train, --test  one JSON object a line: {\"title\": \"…\", \"detail\": \"…\" or null, \"label\": \"…\"}
  --folds FILE     such a file with dup_group as well: five folds, no group in two of them
  --fold K         only the fold K, from 0
  --inner          measures on a fifth of what a fold learns from, and leaves its own orders alone:
                   what is chosen by this has not seen what it is reported on
  --curve          learns from 10, 30, 100 and 300 orders a class instead of all
  --ablation       learns once more without each part of the trainer
  --per-class N    learns from so many orders a class
  --threads N      learns on so many threads (2)";

const N_FOLDS: u64 = 5;
const CURVE: [usize; 4] = [10, 30, 100, 300];
/// One order in so many is held back while training, by its group.
const HELD_BACK: u64 = 10;
/// Parts the orders of a fold otherwise than into folds.
const INNER_SALT: u64 = 1_000_000;
/// A prediction is timed so often, and the quickest counts: what else the machine does is not measured.
const TIMED: usize = 3;

/// The trainer without one of its parts.
const ABLATION: [(&str, Recipe); 8] = [
    ("all", Recipe::PRODUCT),
    (
        "single_characters_only",
        Recipe {
            max_gram: 1,
            ..Recipe::PRODUCT
        },
    ),
    (
        "runs_of_three_too",
        Recipe {
            max_gram: 3,
            ..Recipe::PRODUCT
        },
    ),
    (
        "title_read_like_text",
        Recipe {
            own_title_weight: 0.0,
            ..Recipe::PRODUCT
        },
    ),
    (
        "no_keywords",
        Recipe {
            keywords_weight: 0.0,
            ..Recipe::PRODUCT
        },
    ),
    (
        "whole_orders_only",
        Recipe {
            part_weight: 0.0,
            ..Recipe::PRODUCT
        },
    ),
    (
        "no_fit_by_log_ratios",
        Recipe {
            ratio_cost: 0.0,
            ..Recipe::PRODUCT
        },
    ),
    (
        "no_plain_fit",
        Recipe {
            cost: 0.0,
            ..Recipe::PRODUCT
        },
    ),
];

#[derive(Clone, Deserialize)]
struct Message {
    title: Option<String>,
    detail: Option<String>,
    label: String,
    /// Messages of one group say the same; without it each is its own.
    dup_group: Option<u64>,
}

#[derive(Serialize)]
struct Figures {
    macro_f1: f64,
    accuracy: f64,
    top3: f64,
    calibration_error: f64,
}

#[derive(Serialize)]
struct Report {
    macro_f1: f64,
    accuracy: f64,
    top3: f64,
    train_s: f64,
    /// Of all threads; `null` where the system does not say.
    train_cpu_s: Option<f64>,
    p50_ms: f64,
    p99_ms: f64,
    model_kb: usize,
    n_train: usize,
    n_test: usize,
    calibration_error: f64,
    title_only: Figures,
    first_30: Figures,
    first_60: Figures,
}

pub(crate) fn run(options: &[String], log: &mut impl Write) -> Result<String> {
    let asked = Asked::of(options)?;
    let report = match (&asked.train, &asked.test, &asked.folds) {
        (Some(train), Some(test), None) => {
            let (train, test) = (read(train)?, read(test)?);
            let train = some_of_each(train, asked.per_class);
            serde_json::to_value(measure(&Recipe::PRODUCT, &train, &test, asked.n_threads)?)
        }
        (None, None, Some(file)) if asked.is_curve => {
            let mut reports = BTreeMap::new();
            for n in CURVE {
                reports.insert(n, folds(&Recipe::PRODUCT, file, &asked, Some(n), log)?);
            }
            serde_json::to_value(reports)
        }
        (None, None, Some(file)) if asked.is_ablation => {
            let mut reports = BTreeMap::new();
            for (name, recipe) in &ABLATION {
                writeln!(log, "{name}")?;
                reports.insert(name, folds(recipe, file, &asked, asked.per_class, log)?);
            }
            serde_json::to_value(reports)
        }
        (None, None, Some(file)) => {
            let recipe = &Recipe::PRODUCT;
            serde_json::to_value(folds(recipe, file, &asked, asked.per_class, log)?)
        }
        _ => bail!("Give --train and --test, or --folds\n{USAGE}"),
    };
    Ok(report.context("Writing the report")?.to_string())
}

#[derive(Default)]
struct Asked {
    train: Option<PathBuf>,
    test: Option<PathBuf>,
    folds: Option<PathBuf>,
    fold: Option<u64>,
    is_inner: bool,
    per_class: Option<usize>,
    is_curve: bool,
    is_ablation: bool,
    n_threads: usize,
}

impl Asked {
    fn of(options: &[String]) -> Result<Self> {
        let mut asked = Self {
            n_threads: 2,
            ..Self::default()
        };
        let mut options = options.iter();
        while let Some(option) = options.next() {
            let mut value = || {
                options
                    .next()
                    .with_context(|| format!("{option} needs a value\n{USAGE}"))
            };
            match option.as_str() {
                "--train" => asked.train = Some(value()?.into()),
                "--test" => asked.test = Some(value()?.into()),
                "--folds" => asked.folds = Some(value()?.into()),
                "--fold" => asked.fold = Some(value()?.parse().context("--fold is a number")?),
                "--per-class" => {
                    asked.per_class = Some(value()?.parse().context("--per-class is a number")?);
                }
                "--threads" => {
                    asked.n_threads = value()?.parse().context("--threads is a number")?;
                }
                "--inner" => asked.is_inner = true,
                "--curve" => asked.is_curve = true,
                "--ablation" => asked.is_ablation = true,
                other => bail!("There is no option {other:?}\n{USAGE}"),
            }
        }
        Ok(asked)
    }
}

fn read(path: &Path) -> Result<Vec<Message>> {
    let text = fs::read_to_string(path).with_context(|| format!("Reading {}", path.display()))?;
    let lines = text.lines().enumerate();
    let lines = lines.filter(|(_, line)| !line.trim().is_empty());
    lines
        .map(|(at, line)| {
            serde_json::from_str(line)
                .with_context(|| format!("Line {} of {}", at + 1, path.display()))
        })
        .collect()
}

/// The first of each class, as far as asked for.
fn some_of_each(messages: Vec<Message>, per_class: Option<usize>) -> Vec<Message> {
    let Some(most) = per_class else {
        return messages;
    };
    let mut taken: BTreeMap<String, usize> = BTreeMap::new();
    let mut take = |message: &Message| {
        let n = taken.entry(message.label.clone()).or_default();
        *n += 1;
        *n <= most
    };
    messages.into_iter().filter(|it| take(it)).collect()
}

/// The mean over the folds; times and sizes are the largest.
fn folds(
    recipe: &Recipe,
    file: &Path,
    asked: &Asked,
    per_class: Option<usize>,
    log: &mut impl Write,
) -> Result<Report> {
    let messages = read(file)?;
    let mut reports = Vec::new();
    for fold in 0..N_FOLDS {
        if asked.fold.is_some_and(|only| only != fold) {
            continue;
        }
        let is_test =
            |message: &Message| spread(message.dup_group.unwrap_or_default()) % N_FOLDS == fold;
        let (mut test, mut train): (Vec<Message>, Vec<Message>) = messages
            .iter()
            .cloned()
            .partition(|message| is_test(message));
        if asked.is_inner {
            let salt = INNER_SALT * (fold + 1);
            let is_inner = |it: &Message| {
                spread(it.dup_group.unwrap_or_default() + salt).is_multiple_of(N_FOLDS)
            };
            (test, train) = train.into_iter().partition(is_inner);
        }
        let report = measure(
            recipe,
            &some_of_each(train, per_class),
            &test,
            asked.n_threads,
        )?;
        writeln!(log, "fold {fold}: {}", serde_json::to_string(&report)?)?;
        reports.push(report);
    }
    ensure!(!reports.is_empty(), "there are {N_FOLDS} folds\n{USAGE}");
    let mean = |figure: fn(&Report) -> f64| {
        let n = u32::try_from(reports.len()).map_or(1.0, f64::from);
        rounded(reports.iter().map(figure).sum::<f64>() / n)
    };
    let most = |figure: fn(&Report) -> f64| reports.iter().map(figure).fold(0.0, f64::max);
    let largest = |figure: fn(&Report) -> usize| reports.iter().map(figure).max().unwrap_or(0);
    Ok(Report {
        macro_f1: mean(|it| it.macro_f1),
        accuracy: mean(|it| it.accuracy),
        top3: mean(|it| it.top3),
        train_s: most(|it| it.train_s),
        train_cpu_s: reports
            .iter()
            .filter_map(|it| it.train_cpu_s)
            .reduce(f64::max),
        p50_ms: most(|it| it.p50_ms),
        p99_ms: most(|it| it.p99_ms),
        model_kb: largest(|it| it.model_kb),
        n_train: largest(|it| it.n_train),
        n_test: largest(|it| it.n_test),
        calibration_error: mean(|it| it.calibration_error),
        title_only: Figures {
            macro_f1: mean(|it| it.title_only.macro_f1),
            accuracy: mean(|it| it.title_only.accuracy),
            top3: mean(|it| it.title_only.top3),
            calibration_error: mean(|it| it.title_only.calibration_error),
        },
        first_30: Figures {
            macro_f1: mean(|it| it.first_30.macro_f1),
            accuracy: mean(|it| it.first_30.accuracy),
            top3: mean(|it| it.first_30.top3),
            calibration_error: mean(|it| it.first_30.calibration_error),
        },
        first_60: Figures {
            macro_f1: mean(|it| it.first_60.macro_f1),
            accuracy: mean(|it| it.first_60.accuracy),
            top3: mean(|it| it.first_60.top3),
            calibration_error: mean(|it| it.first_60.calibration_error),
        },
    })
}

/// Numbers of groups follow each other; folds must not.
fn spread(number: u64) -> u64 {
    let mixed = (number ^ (number >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    mixed ^ (mixed >> 31)
}

fn measure(
    recipe: &Recipe,
    train_on: &[Message],
    test: &[Message],
    n_threads: usize,
) -> Result<Report> {
    let labels: BTreeSet<&str> = train_on.iter().map(|it| it.label.as_str()).collect();
    let labels: Vec<String> = labels.into_iter().map(str::to_owned).collect();
    let class_of = |label: &str| labels.iter().position(|it| it == label);
    let keywords = Keywords::shipped();
    let examples: Vec<Example> = train_on
        .iter()
        .zip(0u64..)
        .map(|(message, at)| Example {
            title: message.title.clone().unwrap_or_default(),
            text: message.detail.clone().unwrap_or_default(),
            class: class_of(&message.label).unwrap_or_default(),
            is_held_back: spread(message.dup_group.unwrap_or(at) + 1).is_multiple_of(HELD_BACK),
        })
        .collect();
    let (started, cpu_before) = (Instant::now(), cpu_s());
    let trained = train_by(recipe, &examples, &labels, &keywords, n_threads)?;
    let bytes = trained.classifier.to_bytes();
    let train_s = started.elapsed().as_secs_f64();
    let train_cpu_s = cpu_before
        .zip(cpu_s())
        .map(|(before, after)| after - before);
    // What is measured is what a desk would read from its disk; only the product's recipe is on it.
    let classifier = if *recipe == Recipe::PRODUCT {
        Classifier::from_bytes(&bytes)?
    } else {
        trained.classifier
    };
    let classes: Vec<usize> = test
        .iter()
        .map(|it| class_of(&it.label).with_context(|| format!("{:?} was not learnt", it.label)))
        .collect::<Result<_>>()?;

    let mut times: Vec<Duration> = Vec::with_capacity(test.len());
    let mut guesses_of = |part: fn(&Message) -> (String, String)| -> Vec<Vec<Guess>> {
        let guess = |message| {
            let (title, text) = part(message);
            let guess = || {
                let started = Instant::now();
                let guesses = classifier.guesses(&title, &text, &keywords);
                (started.elapsed(), guesses)
            };
            let (mut quickest, guesses) = guess();
            for _ in 1..TIMED {
                quickest = quickest.min(guess().0);
            }
            times.push(quickest);
            guesses
        };
        test.iter().map(guess).collect()
    };
    let n_classes = labels.len();
    let measure_of = |guesses: &[Vec<Guess>]| Measure::of(guesses, &classes, n_classes);
    let whole = measure_of(&guesses_of(|it| {
        (
            it.title.clone().unwrap_or_default(),
            it.detail.clone().unwrap_or_default(),
        )
    }));
    let title = measure_of(&guesses_of(|it| {
        (it.title.clone().unwrap_or_default(), String::new())
    }));
    let first_30 = measure_of(&guesses_of(|it| (String::new(), beginning(it, 30))));
    let first_60 = measure_of(&guesses_of(|it| (String::new(), beginning(it, 60))));
    times.truncate(test.len());
    Ok(Report {
        macro_f1: rounded(whole.macro_f1),
        accuracy: rounded(whole.accuracy),
        top3: rounded(whole.top3),
        train_s: rounded(train_s),
        train_cpu_s: train_cpu_s.map(rounded),
        p50_ms: rounded(percentile_ms(50, &times)),
        p99_ms: rounded(percentile_ms(99, &times)),
        model_kb: bytes.len() / 1024,
        n_train: train_on.len(),
        n_test: test.len(),
        calibration_error: rounded(whole.calibration_error),
        title_only: figures(&title),
        first_30: figures(&first_30),
        first_60: figures(&first_60),
    })
}

/// What this process has computed so far, on all threads: the 14th and 15th field of `proc_pid_stat(5)`, in
/// hundredths of a second. `None` on other systems.
fn cpu_s() -> Option<f64> {
    let stat = fs::read_to_string("/proc/self/stat").ok()?;
    // The name of the program comes second, in brackets, and may have spaces.
    let (_, fields) = stat.rsplit_once(')')?;
    let ticks = fields.split_whitespace().skip(11).take(2);
    let ticks = ticks.map(|field| field.parse::<u32>().ok());
    Some(f64::from(ticks.sum::<Option<u32>>()?) / 100.0)
}

/// The first characters of the detail, or of the title where there is none.
fn beginning(message: &Message, n: usize) -> String {
    let detail = message
        .detail
        .as_deref()
        .filter(|detail| !detail.is_empty());
    let text = detail.or(message.title.as_deref()).unwrap_or_default();
    text.chars().take(n).collect()
}

fn figures(measure: &Measure) -> Figures {
    Figures {
        macro_f1: rounded(measure.macro_f1),
        accuracy: rounded(measure.accuracy),
        top3: rounded(measure.top3),
        calibration_error: rounded(measure.calibration_error),
    }
}
