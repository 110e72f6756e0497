//! `sim --seeds N --desks M [--days D] [--seed S] [--mutant NAME]`: see the library.
//!
//! One JSON line goes to standard output, everything else to standard error. Exit code 1 says that
//! something that must hold did not; the first seed's story is told then.

use std::io::{self, Write as _};
use std::process::ExitCode;

use anyhow::{Context as _, Result, bail, ensure};
use sim::{Mutant, Plan, Run, Totals, run};

const USAGE: &str = "\
Usage: sim [--seeds N] [--desks M] [--days D] [--seed S] [--mutant NAME]

  --seeds N      so many seeds, from the first on (20)
  --desks M      desks in each (4)
  --days D       days in each (5)
  --seed S       the first seed (1)
  --mutant NAME  with one planted mistake, which must be found; `all` plants each in turn";

/// So many lines of a story are told.
const STORY_LINES_MAX: usize = 1_000;

struct Asked {
    seeds: u64,
    first: u64,
    n_desks: usize,
    days: u64,
    mutant: Option<String>,
}

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let told = read(&words).and_then(|asked| match asked.mutant.as_deref() {
        None => play(&asked),
        Some("all") => Ok(plant_all(&asked)),
        Some(name) => {
            let mutant = Mutant::named(name);
            let mutant = mutant.with_context(|| format!("no mutant is called {name}"))?;
            Ok(report_mutant(&asked, mutant))
        }
    });
    match told {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            complain(&format!("sim: {error:#}"));
            ExitCode::from(2)
        }
    }
}

fn read(words: &[String]) -> Result<Asked> {
    let mut asked = Asked {
        seeds: 20,
        first: 1,
        n_desks: 4,
        days: 5,
        mutant: None,
    };
    let mut words = words.iter();
    while let Some(word) = words.next() {
        let value = words.next();
        let value = value.with_context(|| format!("{word} needs a value\n{USAGE}"))?;
        let number = || value.parse::<u64>().context("a number is needed");
        match word.as_str() {
            "--seeds" => asked.seeds = number()?,
            "--seed" => asked.first = number()?,
            "--desks" => asked.n_desks = usize::try_from(number()?)?.clamp(1, 16),
            "--days" => asked.days = number()?.max(1),
            "--mutant" => asked.mutant = Some(value.clone()),
            other => bail!("there is no option {other}\n{USAGE}"),
        }
    }
    Ok(asked)
}

impl Asked {
    fn plan(&self, seed: u64, mutant: Option<Mutant>) -> Plan {
        Plan {
            seed,
            n_desks: self.n_desks,
            days: self.days,
            has_records: true,
            mutant,
        }
    }

    fn seeds(&self) -> std::ops::Range<u64> {
        self.first..self.first.saturating_add(self.seeds)
    }
}

/// Whether all seeds hold.
fn play(asked: &Asked) -> Result<bool> {
    let mut totals = Totals::default();
    let mut first_bad = None;
    for seed in asked.seeds() {
        let run = run(asked.plan(seed, None), false);
        totals.add(&run.totals);
        if !run.violations.is_empty() && first_bad.is_none() {
            first_bad = Some(seed);
        }
    }
    let twice = [0; 2].map(|_| run(asked.plan(asked.first, None), false).log_hash);
    ensure!(
        twice[0] == twice[1],
        "the seed {} gave two different runs",
        asked.first
    );
    say(&serde_json::to_string(&totals)?);
    let Some(seed) = first_bad else {
        return Ok(true);
    };
    tell_story(seed, &run(asked.plan(seed, None), true));
    Ok(false)
}

fn tell_story(seed: u64, run: &Run) {
    complain(&format!("seed {seed}:"));
    let from = run.story.len().saturating_sub(STORY_LINES_MAX);
    run.story.iter().skip(from).for_each(|line| complain(line));
    for violation in &run.violations {
        complain(&format!("violated: {violation}"));
    }
}

/// Whether the mistake is found within the seeds.
fn report_mutant(asked: &Asked, mutant: Mutant) -> bool {
    for seed in asked.seeds() {
        let run = run(asked.plan(seed, Some(mutant)), false);
        if let Some(violation) = run.violations.first() {
            say(&format!("{}: seed {seed}: {violation}", mutant.name()));
            return true;
        }
    }
    say(&format!("{}: not found", mutant.name()));
    false
}

fn plant_all(asked: &Asked) -> bool {
    let mut is_all_found = true;
    for mutant in Mutant::ALL {
        is_all_found &= report_mutant(asked, mutant);
    }
    is_all_found
}

fn say(line: &str) {
    // Nothing is left to tell when standard output is closed.
    drop(writeln!(io::stdout(), "{line}"));
}

fn complain(line: &str) {
    drop(writeln!(io::stderr(), "{line}"));
}
