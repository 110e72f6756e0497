//! A shift in which everything fails that can fail.

use std::collections::{BTreeMap, BTreeSet};
use std::thread;
use std::time::Duration;

use anyhow::{Context as _, Result, bail, ensure};
use end_to_end::county::{CenterProcess, LineState, wait_until};
use serde_json::{Value, json};

use crate::dice::Dice;
use crate::post::Post;

const N_DESKS: usize = 3;
/// Longer than the orders of a round take: a program is ended before, between or after them.
const MISHAP_WITHIN_MS: u64 = 120;
/// At the end, when much is looked at, so often somebody touches the desks.
const STAYS_EACH: usize = 500;

pub(crate) struct Shift {
    center: CenterProcess,
    posts: Vec<Post>,
    dice: Dice,
    n_center_kills: u32,
    n_desk_kills: u32,
    n_cuts: u32,
}

/// What happens during a round.
enum Mishap {
    CenterEnds,
    DeskEnds { nth: usize },
    LineIs { nth: usize, state: LineState },
}

impl Shift {
    pub(crate) fn begin(database: Option<String>, seed: u64) -> Result<Self> {
        let center = CenterProcess::start(database)?;
        let posts = (0..N_DESKS).map(|nth| Post::begin(&center, nth));
        let posts = posts.collect::<Result<_>>()?;
        Ok(Self {
            center,
            posts,
            dice: Dice::new(seed),
            n_center_kills: 0,
            n_desk_kills: 0,
            n_cuts: 0,
        })
    }

    /// Orders are taken at all desks at once, while something happens to one of the programs or lines.
    pub(crate) fn work(mut self, n_kills: u32) -> Result<Self> {
        while self.n_center_kills + self.n_desk_kills < n_kills {
            let mishap = self.next_mishap()?;
            self.round(&mishap).with_context(|| self.tally())?;
        }
        Ok(self)
    }

    fn next_mishap(&mut self) -> Result<Mishap> {
        let nth = usize::try_from(self.dice.below(3))?;
        Ok(match self.dice.below(10) {
            0..5 => Mishap::CenterEnds,
            5..8 => Mishap::DeskEnds { nth },
            8 => Mishap::LineIs {
                nth,
                state: LineState::Open,
            },
            _ => Mishap::LineIs {
                nth,
                state: if self.dice.below(2) == 0 {
                    LineState::Cut
                } else {
                    LineState::LosesAnswers
                },
            },
        })
    }

    fn round(&mut self, mishap: &Mishap) -> Result<()> {
        let within = Duration::from_millis(self.dice.below(MISHAP_WITHIN_MS));
        let ender = match mishap {
            Mishap::DeskEnds { nth } => Some(self.post(*nth)?.desk.ender()?),
            Mishap::CenterEnds | Mishap::LineIs { .. } => None,
        };
        let (posts, center) = (&mut self.posts, &mut self.center);
        thread::scope(|scope| {
            let taking: Vec<_> = posts
                .iter_mut()
                .map(|post| scope.spawn(|| post.take_orders()))
                .collect();
            thread::sleep(within);
            match ender {
                Some(ender) => ender.kill_9()?,
                None if matches!(mishap, Mishap::CenterEnds) => {
                    center.kill_9()?;
                    center.restart()?;
                }
                None => {}
            }
            for taken in taking {
                let Ok(taken) = taken.join() else {
                    bail!("a thread panicked");
                };
                taken?;
            }
            Ok(())
        })?;
        match mishap {
            Mishap::CenterEnds => self.n_center_kills += 1,
            Mishap::DeskEnds { nth } => {
                self.n_desk_kills += 1;
                self.post(*nth)?.come_back()?;
            }
            Mishap::LineIs { nth, state } => {
                self.n_cuts += u32::from(*state != LineState::Open);
                self.post(*nth)?.line.set(*state);
            }
        }
        Ok(())
    }

    fn post(&mut self, nth: usize) -> Result<&mut Post> {
        self.posts.get_mut(nth).context("There is no such desk")
    }

    /// All lines are mended and all programs run: then nothing waits any more, and all is as told.
    pub(crate) fn end(mut self) -> Result<()> {
        for post in &mut self.posts {
            post.line.set(LineState::Open);
            post.come_back()?;
            post.take_unknown()?;
        }
        let posts = &self.posts;
        wait_until("all desks have read all", || {
            let mut ends = BTreeSet::new();
            for post in posts {
                let state = post.desk.call("sync_state", json!(null))?;
                ensure!(state["n_waiting"] == 0, "{} waits: {state}", post.number);
                // What came as a snapshot is read before it is drawn.
                let is_drawn = state["catching_up_text"] == "";
                ensure!(is_drawn, "{} still draws: {state}", post.number);
                ends.insert(state["feed_seq"].as_u64());
            }
            ensure!(ends.len() == 1, "the desks are at {ends:?}");
            Ok(true)
        })?;
        self.check().with_context(|| self.tally())
    }

    fn check(&self) -> Result<()> {
        self.center.admin(&["verify"])?;
        let told: BTreeSet<&String> = self.posts.iter().flat_map(|post| &post.told).collect();
        let registered = registered(&self.center.feed()?)?;
        for order in &told {
            let n_times = registered.get(*order);
            ensure!(n_times == Some(&1), "{order} is there {n_times:?} times");
        }
        ensure!(
            registered.len() == told.len(),
            "{} orders are there, {} were told",
            registered.len(),
            told.len()
        );
        for (nth, order) in told.into_iter().enumerate() {
            if nth.is_multiple_of(STAYS_EACH) {
                self.posts.iter().try_for_each(Post::stay)?;
            }
            let shown = self.posts.iter().map(|post| post.shown(order));
            let shown: BTreeSet<String> = shown.collect::<Result<_>>()?;
            ensure!(shown.len() == 1, "{order} is shown as {shown:?}");
        }
        println!("{}", self.tally());
        Ok(())
    }

    fn tally(&self) -> String {
        let n_told: usize = self.posts.iter().map(|post| post.told.len()).sum();
        format!(
            "{n_told} orders told, the center ended {} times, desks {} times, lines cut {} times",
            self.n_center_kills, self.n_desk_kills, self.n_cuts
        )
    }
}

/// How often each order was registered in a feed that is without a gap and answers nothing twice.
fn registered(feed: &[Value]) -> Result<BTreeMap<String, u32>> {
    let mut registered = BTreeMap::new();
    let mut intents = BTreeSet::new();
    for (entry, seq) in feed.iter().zip(1_u64..) {
        ensure!(entry["seq"] == seq, "{seq} is not there: {entry}");
        let Some(intent) = entry["origin"]["id"].as_str() else {
            continue;
        };
        ensure!(intents.insert(intent), "{intent} is answered twice");
        if entry["origin"]["kind"] == "register" {
            let body: Value = serde_json::from_str(entry["body"].as_str().unwrap_or("null"))?;
            ensure!(body["entry"] == "accepted", "{body}");
            let order = entry["subject"].as_str().unwrap_or_default();
            *registered.entry(order.to_owned()).or_default() += 1;
        }
    }
    Ok(registered)
}
