//! 乱入: what comes from outside is broken in every way a seed thinks of, and given to whoever reads it.
//!
//! A [`target::Target`] reads one kind of input: what crosses the network, files, links, calls, requests of
//! browsers and citizens' programs. It begins with what is right ([`target::Target::seeds`]) and is then given
//! what [`input::Mutator`] makes of it. Two things fail: a panic, and a refusal after which something is
//! otherwise than before. The same seed gives the same inputs, so a failure is told by its seed and its place.
//!
//! Not a fuzzer that watches which branches are taken: those want a compiler of their own. Ten million
//! inputs that begin with what is right come everywhere that the tests of the readers name.

pub mod input;
pub mod target;

use std::panic::AssertUnwindSafe;
use std::time::Instant;

use anyhow::{Context as _, Result};
use serde_json::{Value, json};

use crate::input::Mutator;
use crate::target::{Taken, Target};

/// The shares of all targets together.
const SHARES: u64 = 10_000;
/// An input is shown as far as this.
const SHOWN_CHARS: usize = 2_000;

/// What is asked for.
#[derive(Debug, Clone, Copy)]
pub struct Plan {
    /// In all; each target has its share, and one at least.
    pub inputs: u64,
    pub seed: u64,
}

/// What became of one target's inputs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    pub target: &'static str,
    pub inputs: u64,
    /// Taken for something; the others were refused.
    pub accepted: u64,
    pub milliseconds: u128,
    /// The first input that must not have done what it did.
    pub failure: Option<String>,
}

impl Told {
    pub fn json(&self) -> Value {
        json!({
            "target": self.target,
            "inputs": self.inputs,
            "accepted": self.accepted,
            "milliseconds": u64::try_from(self.milliseconds).unwrap_or(u64::MAX),
            "failure": self.failure,
        })
    }
}

/// Gives every target its inputs, one after the other.
pub fn run(plan: Plan) -> Result<Vec<Told>> {
    let targets = target::all().context("Making what is to read")?;
    targets
        .into_iter()
        .map(|target| run_one(target, plan))
        .collect()
}

fn run_one(mut target: Box<dyn Target>, plan: Plan) -> Result<Told> {
    let name = target.name();
    let inputs = (plan.inputs.saturating_mul(target.share()) / SHARES).max(1);
    let seeds = target
        .seeds()
        .with_context(|| format!("The seeds of {name}"))?;
    // Targets do not shift each other's inputs.
    let own_seed = name.bytes().fold(plan.seed, |seed, byte| {
        seed.wrapping_mul(31).wrapping_add(u64::from(byte))
    });
    let mut mutator = Mutator::new(own_seed, seeds);
    let began = Instant::now();
    let mut told = Told {
        target: name,
        inputs: 0,
        accepted: 0,
        milliseconds: 0,
        failure: None,
    };
    while told.inputs < inputs && told.failure.is_none() {
        let input = mutator.next_input();
        told.inputs += 1;
        match std::panic::catch_unwind(AssertUnwindSafe(|| target.take(&input))) {
            Ok(Taken::Accepted) => told.accepted += 1,
            Ok(Taken::Refused) => {}
            Ok(Taken::Wrong(what)) => told.failure = Some(shown(&what, told.inputs, &input)),
            Err(_panic) => told.failure = Some(shown("a panic", told.inputs, &input)),
        }
    }
    if let (None, Err(what)) = (&told.failure, target.end()) {
        told.failure = Some(what);
    }
    told.milliseconds = began.elapsed().as_millis();
    Ok(told)
}

fn shown(what: &str, nth: u64, input: &[u8]) -> String {
    let text = String::from_utf8_lossy(input);
    let text: String = text.chars().take(SHOWN_CHARS).collect();
    format!("{what}, input {nth}: {text:?}")
}
