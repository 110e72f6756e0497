//! A desk of the simulation: a store, a machine while it runs, clocks, and a line to the center.

use chrono::{DateTime, TimeDelta, Utc};
use desk_sync::{DeskNow, RequestId, Settings, Sync};
use wire::{Answer, DeskMoment, StaffMember};

use crate::desk_store::{DeskStore, OnDisk};
use crate::town::{people_at, start};

/// As of a county, but asking less often: days pass in milliseconds here.
pub(crate) const SETTINGS: Settings = Settings {
    poll_every_ms: 15 * MINUTE,
    hello_every_ms: 4 * HOUR,
    retry_first_ms: 2_000,
    retry_longest_ms: 10 * MINUTE,
    stuck_retry_ms: 10 * MINUTE,
    page_entries_max: 64,
    snapshot_from_entries: 48,
    part_entries_at_once: 7,
    drawn_at_once: 5,
    verify_every_ms: 11 * HOUR,
    ..Settings::COUNTY
};

pub(crate) const MINUTE: u64 = 60_000;
pub(crate) const HOUR: u64 = 60 * MINUTE;
pub(crate) const DAY: u64 = 24 * HOUR;

#[derive(Debug)]
pub(crate) struct Desk {
    pub(crate) nth: usize,
    pub(crate) store: DeskStore,
    /// `None` while the program does not run.
    pub(crate) machine: Option<Sync>,
    /// One more for each start.
    pub(crate) run: u64,
    pub(crate) timer: u64,
    pub(crate) last_sent: RequestId,
    /// The last page that came by, as something on the line might keep it.
    pub(crate) cached: Option<Box<Answer>>,
    started_ms: u64,
    /// How far its clock is ahead.
    pub(crate) clock_ms: i64,
    /// No line to the center until then.
    pub(crate) cut_until: u64,
    /// Nobody is there until then.
    pub(crate) away_until: u64,
    pub(crate) people: Vec<StaffMember>,
    pub(crate) n_orders: u64,
    pub(crate) n_intents: u64,
    pub(crate) backups: Vec<OnDisk>,
    /// It was cloned or put back to an earlier day, so that it may be quarantined.
    pub(crate) is_suspect: bool,
    seed: u64,
}

impl Desk {
    pub(crate) fn new(nth: usize, people_of: usize, seed: u64) -> Self {
        Self {
            nth,
            store: DeskStore::default(),
            machine: None,
            run: 0,
            timer: 0,
            last_sent: RequestId(0),
            cached: None,
            started_ms: 0,
            clock_ms: 0,
            cut_until: 0,
            away_until: 0,
            people: people_at(people_of),
            n_orders: 0,
            n_intents: 0,
            backups: Vec::new(),
            is_suspect: false,
            seed,
        }
    }

    /// The program starts with nothing but what is on the disk.
    pub(crate) fn start(&mut self, now_ms: u64) {
        self.run += 1;
        self.started_ms = now_ms;
        let seed = self.seed.wrapping_add(self.run);
        self.machine = Some(Sync::new(SETTINGS, seed));
    }

    /// Parts of a snapshot are being read, or what they touched is being drawn.
    pub(crate) fn is_in_snapshot(&self) -> bool {
        let machine = self.machine.as_ref();
        machine.is_some_and(|it| it.progress().is_some()) || self.store.is_undrawn()
    }

    pub(crate) fn crash(&mut self) {
        self.machine = None;
        self.run += 1;
        self.store.crash();
    }

    /// What the desk's clock shows.
    pub(crate) fn time(&self, now_ms: u64) -> DateTime<Utc> {
        let ms = i64::try_from(now_ms).unwrap_or(i64::MAX);
        start() + TimeDelta::milliseconds(ms.saturating_add(self.clock_ms))
    }

    pub(crate) fn now(&self, now_ms: u64) -> DeskNow {
        DeskNow {
            time: self.time(now_ms),
            moment: self.moment(now_ms),
        }
    }

    pub(crate) fn moment(&self, now_ms: u64) -> DeskMoment {
        DeskMoment {
            run: format!("{}-{}", self.nth, self.run),
            ms: now_ms.saturating_sub(self.started_ms),
        }
    }
}
