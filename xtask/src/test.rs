//! `test`: every check there is, in one order, with the time each took.

mod environment;
mod steps;

use std::process::ExitCode;
use std::time::{Duration, Instant};

use anyhow::{Result, ensure};

use self::environment::Environment;
use self::steps::{Group, STEPS, Step};
use crate::args::Args;
use crate::repo::Repo;
use crate::setup::{self, Purpose};

/// What a step needs to run.
struct Bench<'a> {
    repo: &'a Repo,
    environment: Environment,
    /// Words after `--`: handed to the Rust tests, as to `cargo test`.
    filter: Vec<String>,
}

pub(crate) fn run(repo: &Repo, mut args: Args) -> Result<ExitCode> {
    let only = args
        .value("--only")?
        .map(|word| Group::parse(&word))
        .transpose()?;
    let filter = args.finish()?;
    ensure!(
        filter.is_empty() || matches!(only, Some(Group::Rust | Group::Window)),
        "A filter after `--` goes with --only rust or --only window"
    );

    let started_at = Instant::now();
    let mut times = Vec::new();
    heading("setup");
    setup::install(
        repo,
        if only == Some(Group::Ui) {
            Purpose::Ui
        } else {
            Purpose::Test
        },
    )?;
    times.push(("setup", started_at.elapsed()));

    let bench = Bench {
        repo,
        environment: Environment::new()?,
        filter,
    };
    let wanted = STEPS
        .iter()
        .filter(|step| only.is_none_or(|only| step.groups.contains(&only)));
    let failure = wanted
        .map(|step| take(step, &bench, &mut times))
        .find_map(Result::err);

    print_table(&times, started_at.elapsed());
    match failure {
        None => println!("\n全部通过 / all passed"),
        Some(fault) => {
            println!("\n未通过 / failed: {fault:#}");
            return Ok(ExitCode::FAILURE);
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// Makes ten calls in the real window of an optimised build, and tells what they took as JSON lines.
pub(crate) fn measure_window(repo: &Repo) -> Result<()> {
    setup::install(repo, Purpose::Test)?;
    let bench = Bench {
        repo,
        environment: Environment::new()?,
        filter: vec!["ten_calls".to_owned()],
    };
    steps::measure_window(&bench)
}

fn take(step: &Step, bench: &Bench, times: &mut Vec<(&'static str, Duration)>) -> Result<()> {
    heading(step.name);
    let started_at = Instant::now();
    let result = (step.run)(bench);
    let took = started_at.elapsed();
    times.push((step.name, took));
    println!("── {}: {:.1} s", step.name, took.as_secs_f64());
    result.map_err(|fault| fault.context(step.name))
}

fn heading(name: &str) {
    println!("\n══ {name} ══");
}

fn print_table(times: &[(&str, Duration)], total: Duration) {
    println!("\n{:<28}{:>9}", "step", "seconds");
    for (name, took) in times {
        println!("{name:<28}{:>9.1}", took.as_secs_f64());
    }
    println!("{:<28}{:>9.1}", "total", total.as_secs_f64());
}
