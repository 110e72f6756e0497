//! A county in a box: desks, one center, people, and a network that fails, all from one seed.
//!
//! One thread, a clock that jumps from event to event, and the real parts: `domain` decides,
//! `desk_sync` speaks, `center` answers. What is not real is the disk (memory, with what a crash
//! leaves apart), the network (it loses, repeats, delays, reorders and cuts) and the people.
//!
//! After some days the faults stop and everybody has a few hours to come to the same. Then [`check`]
//! looks at what must always hold. The same seed gives the same run, to the last bit of its log.

mod acting;
mod center_store;
mod check;
mod desk;
mod desk_store;
mod dice;
mod fault;
mod mutant;
mod network;
mod people;
mod records;
mod redaction;
mod snapshot;
mod town;
mod truth;
mod world;

use std::panic::{AssertUnwindSafe, catch_unwind};

use serde::Serialize;

pub use mutant::Mutant;

/// What to run.
#[derive(Debug, Clone, Copy)]
pub struct Plan {
    pub seed: u64,
    pub n_desks: usize,
    pub days: u64,
    /// Whether people do more than orders and articles; seeds found before they did are played without.
    pub has_records: bool,
    pub mutant: Option<Mutant>,
}

/// What happened, in numbers.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Totals {
    pub seeds: u64,
    pub desk_days: u64,
    pub intents: u64,
    pub accepted: u64,
    pub refused: u64,
    pub late_facts: u64,
    pub recovered: u64,
    /// Of those accepted, what is about neither an order nor an article.
    pub records: u64,
    pub crashes: u64,
    pub partitions: u64,
    pub restores: u64,
    pub desk_restores: u64,
    pub clones: u64,
    pub clock_jumps: u64,
    /// Stories that were redacted, and those that a backup had brought back and were redacted again.
    pub redacted: u64,
    pub redacted_again: u64,
    pub messages_lost: u64,
    /// Desks that came when the feed was long.
    pub late_desks: u64,
    /// Parts of the snapshot that were handed out, and what became of some.
    pub parts: u64,
    pub parts_cut: u64,
    pub parts_damaged: u64,
    /// Crashes of desks that had not read and drawn all of a snapshot.
    pub crashes_in_snapshot: u64,
    pub excused: u64,
    pub violations: u64,
}

/// One seed's run.
#[derive(Debug, Clone)]
pub struct Run {
    pub totals: Totals,
    pub log_hash: u64,
    pub violations: Vec<String>,
    /// What happened, line by line; empty unless it was asked for.
    pub story: Vec<String>,
}

/// Runs one seed. With a story every event is written down, which takes longer.
pub fn run(plan: Plan, with_story: bool) -> Run {
    desk_store::clear_bodies();
    let mut world = world::World::new(plan, with_story);
    let lived = catch_unwind(AssertUnwindSafe(|| world.live()));
    let mut run = world.into_run();
    match lived {
        Ok(Ok(())) => {}
        Ok(Err(fault)) => run.violations.push(format!("a fault: {fault:#}")),
        Err(_panic) => run.violations.push("a panic".to_owned()),
    }
    run.totals.violations = run.violations.len() as u64;
    run
}

impl Totals {
    /// The sum of two.
    pub fn add(&mut self, other: &Self) {
        for (sum, more) in [
            (&mut self.seeds, other.seeds),
            (&mut self.desk_days, other.desk_days),
            (&mut self.intents, other.intents),
            (&mut self.accepted, other.accepted),
            (&mut self.refused, other.refused),
            (&mut self.late_facts, other.late_facts),
            (&mut self.recovered, other.recovered),
            (&mut self.records, other.records),
            (&mut self.crashes, other.crashes),
            (&mut self.partitions, other.partitions),
            (&mut self.restores, other.restores),
            (&mut self.desk_restores, other.desk_restores),
            (&mut self.clones, other.clones),
            (&mut self.clock_jumps, other.clock_jumps),
            (&mut self.redacted, other.redacted),
            (&mut self.redacted_again, other.redacted_again),
            (&mut self.messages_lost, other.messages_lost),
            (&mut self.late_desks, other.late_desks),
            (&mut self.parts, other.parts),
            (&mut self.parts_cut, other.parts_cut),
            (&mut self.parts_damaged, other.parts_damaged),
            (&mut self.crashes_in_snapshot, other.crashes_in_snapshot),
            (&mut self.excused, other.excused),
            (&mut self.violations, other.violations),
        ] {
            *sum += more;
        }
    }
}
