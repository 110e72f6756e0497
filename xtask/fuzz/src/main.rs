//! `fuzz --inputs N [--seed S]`: see the library.
//!
//! One JSON line goes to standard output. Exit code 1 says that an input did what it must not.

use std::io::{self, Write as _};
use std::process::ExitCode;

use anyhow::{Context as _, Result, bail};
use fuzz::{Plan, run};
use serde_json::json;

const USAGE: &str = "\
Usage: fuzz [--inputs N] [--seed S]

  --inputs N  so many in all (1000000)
  --seed S    the seed (1)";

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    match told(&words) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            let said = writeln!(io::stderr(), "fuzz: {error:#}");
            // Whoever closed the output does not read it.
            drop(said);
            ExitCode::from(2)
        }
    }
}

fn told(words: &[String]) -> Result<bool> {
    let mut plan = Plan {
        inputs: 1_000_000,
        seed: 1,
    };
    let mut words = words.iter();
    while let Some(word) = words.next() {
        let value = words.next();
        let value = value.with_context(|| format!("{word} needs a value\n{USAGE}"))?;
        let number = value.parse::<u64>().context("a number is needed")?;
        match word.as_str() {
            "--inputs" => plan.inputs = number,
            "--seed" => plan.seed = number,
            other => bail!("there is no option {other}\n{USAGE}"),
        }
    }
    let told = run(plan)?;
    let inputs: u64 = told.iter().map(|it| it.inputs).sum();
    let is_sound = told.iter().all(|it| it.failure.is_none());
    let targets: Vec<_> = told.iter().map(fuzz::Told::json).collect();
    let line =
        json!({ "seed": plan.seed, "inputs": inputs, "is_sound": is_sound, "targets": targets });
    writeln!(io::stdout(), "{line}")?;
    Ok(is_sound)
}
