//! Measures the product on data of its own form: `eval search`, `eval intake`, `eval duplicates`,
//! `eval events`.
//!
//! `cargo xtask eval …` runs this in the profile `measure`. One JSON line goes to standard output,
//! everything else to standard error. Exit code 2 says that the arguments or a file are wrong.

mod corpus;
mod intake_task;
mod metrics;
mod parts;
mod same_task;
mod search_task;
mod suite;

use std::{
    collections::BTreeMap,
    io::{self, Write as _},
    path::{Path, PathBuf},
    process::ExitCode,
};

use anyhow::{Context as _, Result, bail};

use search::{Ranking, Thesaurus, word_groups};
use serde::Serialize;

use crate::search_task::{Half, Report, SearchTask};

const USAGE: &str = "\
Usage: eval search --data FOLDER | --kb FILE --queries FILE [--half even|odd] [--explain N] [--synonyms FILE]
                   [--weights NAME=NUMBER,…] [--ablation]

  --data FOLDER    measures all tasks of the measuring data, as they lie in that folder
  --kb FILE        one JSON object a line: id (or item), title (or name), body; every further text
                   field, a string or a list of strings, is indexed with the body
  --queries FILE   one JSON object a line: {\"query\": \"…\", \"items\": [ids]}
  --half HALF      measures only the queries on even or on odd lines (counted from 1)
  --explain N      shows N queries whose right article did not come first, on standard error
  --synonyms FILE  words that mean the same, a group a line with spaces between; without it those
                   that the desk ships
  --weights LIST   other weights of the ranking than the product's
  --ablation       measures once more without each part of the ranking";

/// 同义词 as the desk ships them.
const SYNONYMS: &str = include_str!("../../../crates/desk/reference/synonyms.txt");

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match run(&arguments) {
        Ok(line) => match writeln!(io::stdout(), "{line}") {
            Ok(()) => ExitCode::SUCCESS,
            Err(_closed) => ExitCode::FAILURE,
        },
        Err(error) => {
            // Nothing is left to tell when standard error is closed as well.
            drop(writeln!(io::stderr(), "eval: {error:#}"));
            ExitCode::from(2)
        }
    }
}

fn run(arguments: &[String]) -> Result<String> {
    match arguments.split_first() {
        Some((command, options)) if command == "search" => {
            let asked = search_task_of(options)?;
            match asked {
                Asked::One(task) => line(&task.run(&mut io::stderr())?),
                Asked::Suite(data, task) => line(&suite(&data, task)?),
            }
        }
        Some((command, options)) if command == "intake" => {
            intake_task::run(options, &mut io::stderr())
        }
        Some((command, options)) if command == "duplicates" => {
            same_task::duplicates(options, &mut io::stderr())
        }
        Some((command, options)) if command == "events" => same_task::events(options),
        Some((command, _)) => bail!("There is no command {command:?}\n{}", usage()),
        None => bail!("A command is missing\n{}", usage()),
    }
}

fn usage() -> String {
    [USAGE, intake_task::USAGE, same_task::USAGE].join("\n")
}

/// What is to be measured.
enum Asked {
    One(SearchTask),
    /// All tasks of a folder, with the same options.
    Suite(PathBuf, SearchTask),
}

fn line(report: &impl Serialize) -> Result<String> {
    serde_json::to_string(report).context("Writing the report")
}

fn suite(data: &Path, mut task: SearchTask) -> Result<BTreeMap<&'static str, Report>> {
    let scratch = tempfile::tempdir().context("Creating a folder for the tasks")?;
    let mut reports = BTreeMap::new();
    for files in suite::lay_out(data, scratch.path())? {
        task.kb = files.kb;
        task.queries = files.queries;
        reports.insert(files.name, task.run(&mut io::stderr())?);
    }
    Ok(reports)
}

fn search_task_of(options: &[String]) -> Result<Asked> {
    let (mut kb, mut queries, mut half, mut n_explained) = (None, None, Half::Both, 0);
    let (mut ranking, mut is_ablation) = (Ranking::PRODUCT, false);
    let mut synonyms = SYNONYMS.to_owned();
    let mut data: Option<PathBuf> = None;
    let mut options = options.iter();
    while let Some(option) = options.next() {
        let mut value = || {
            options
                .next()
                .with_context(|| format!("{option} needs a value\n{USAGE}"))
        };
        match option.as_str() {
            "--data" => data = Some(value()?.into()),
            "--kb" => kb = Some(value()?.into()),
            "--queries" => queries = Some(value()?.into()),
            "--explain" => {
                n_explained = value()?.parse().context("--explain needs a number")?;
            }
            "--synonyms" => {
                let path = value()?;
                synonyms =
                    std::fs::read_to_string(path).with_context(|| format!("Reading {path}"))?;
            }
            "--weights" => parts::set_weights(&mut ranking, value()?)?,
            "--ablation" => is_ablation = true,
            "--half" => {
                half = match value()?.as_str() {
                    "even" => Half::Even,
                    "odd" => Half::Odd,
                    other => bail!("--half is even or odd, not {other:?}"),
                }
            }
            other => bail!("There is no option {other:?}\n{USAGE}"),
        }
    }
    let task = |kb, queries| SearchTask {
        kb,
        queries,
        half,
        n_explained,
        ranking,
        thesaurus: Thesaurus::new(word_groups(&synonyms)),
        is_ablation,
    };
    Ok(match (data, kb, queries) {
        (Some(data), None, None) => Asked::Suite(data, task(PathBuf::new(), PathBuf::new())),
        (None, Some(kb), Some(queries)) => Asked::One(task(kb, queries)),
        (..) => bail!("Give --data, or --kb and --queries\n{USAGE}"),
    })
}
