//! What all doors share: the writer, the readers, the clock, and who is to be told.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use anyhow::{Context as _, Result};
use center::{Acted, Errand, RecordChange, Rules, Written};
use chrono::{DateTime, Utc};
use tokio::sync::{broadcast, watch};
use wire::limit::ID_MAX_CHARS;
use wire::{DeskId, Ground, Hello, References, Subject};

use crate::account::Accounts;
use crate::authority::Authority;
use crate::blob::Blobs;
use crate::clock::Clock;
use crate::config::Config;
use crate::public::knowledge::PublicIndex;
use crate::readers::Readers;
use crate::snapshot::Snapshot;
use crate::tally::Tallies;
use crate::writer::{NotWritten, Writer};

/// Rows that were drawn anew and not told yet to whoever listens.
pub(crate) const DRAWN_MAX: usize = 256;

/// 中心 as its doors see it. One for each running center, behind an `Arc`.
pub struct Office {
    pub config: Config,
    pub clock: Arc<dyn Clock>,
    pub writer: Writer,
    pub readers: Readers,
    pub rules: Arc<Rules>,
    pub(crate) accounts: Accounts,
    pub(crate) authority: Arc<Authority>,
    pub blobs: Arc<Blobs>,
    pub(crate) snapshot: Snapshot,
    pub(crate) tallies: Arc<Tallies>,
    pub(crate) desks_seen: Mutex<BTreeMap<DeskId, DeskSeen>>,
    /// One more each time a desk was struck off.
    pub(crate) revoked: watch::Sender<u64>,
    pub knowledge: PublicIndex,
    pub(crate) references: Arc<RwLock<Arc<References>>>,
    /// The last entry of the feed.
    pub(crate) head: watch::Receiver<u64>,
    /// The last entry that the rows show.
    pub(crate) drawn_to: watch::Receiver<u64>,
    pub(crate) drawn: broadcast::Sender<Arc<Drawn>>,
    /// Whether the follower did what it had to when it last tried.
    pub(crate) is_follower_well: AtomicBool,
    pub(crate) stopping: watch::Sender<bool>,
}

/// What a desk said of itself last, for the list of desks; forgotten when the center stops.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeskSeen {
    pub at: DateTime<Utc>,
    /// The version of its program.
    pub program: String,
    /// How far its clock was ahead.
    pub skew_ms: i64,
    /// How many of its intents it had.
    pub n_intents: u64,
}

/// Rows that the follower has drawn anew.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Drawn {
    /// They show everything up to there.
    pub seq: u64,
    /// Kind and key of each.
    pub rows: Vec<(&'static str, String)>,
}

impl Office {
    /// The reference tables as they stand.
    pub fn references(&self) -> Arc<References> {
        let references = self.references.read();
        Arc::clone(&references.unwrap_or_else(PoisonError::into_inner))
    }

    /// What rules are decided by, over `references` of [`Office::references`].
    pub fn ground<'a>(&'a self, references: &'a References) -> Ground<'a> {
        Ground {
            references,
            calendar: references.calendar(&self.rules.calendar),
            rule_sets: &self.rules.rule_sets,
        }
    }

    /// An order, an article or a task as the feed makes it.
    pub async fn subject(&self, id: &str) -> Result<Option<Subject>> {
        let id = id.to_owned();
        let read = self
            .readers
            .read(move |it| center::subject(&*it.ledger, &id));
        read.await.context("Reading a story")
    }

    /// Does what a person without a desk asks.
    pub async fn act(&self, errand: Errand) -> Result<Acted, NotWritten> {
        self.writer.act(errand)?.done().await
    }

    /// Writes records, all of them or none.
    pub async fn write(&self, changes: Vec<RecordChange>) -> Result<Written, NotWritten> {
        self.writer.write(changes)?.done().await
    }

    pub(crate) fn note_hello(&self, hello: &Hello) {
        let now = self.clock.now();
        let seen = DeskSeen {
            at: now,
            program: hello.program.chars().take(ID_MAX_CHARS).collect(),
            skew_ms: (hello.desk_time - now).num_milliseconds(),
            n_intents: hello.head.number,
        };
        self.desks_seen_now().insert(hello.desk.clone(), seen);
    }

    pub(crate) fn note_follower(&self, is_well: bool) {
        self.is_follower_well.store(is_well, Ordering::Relaxed);
    }

    pub(crate) fn is_follower_well(&self) -> bool {
        self.is_follower_well.load(Ordering::Relaxed)
    }

    /// What each desk said of itself last.
    pub fn desks_seen(&self) -> BTreeMap<DeskId, DeskSeen> {
        self.desks_seen_now().clone()
    }

    fn desks_seen_now(&self) -> std::sync::MutexGuard<'_, BTreeMap<DeskId, DeskSeen>> {
        let seen = self.desks_seen.lock();
        seen.unwrap_or_else(PoisonError::into_inner)
    }

    /// Changes whenever the feed goes on.
    pub fn head(&self) -> watch::Receiver<u64> {
        self.head.clone()
    }

    /// Tells which rows were drawn anew.
    pub fn drawn(&self) -> broadcast::Receiver<Arc<Drawn>> {
        self.drawn.subscribe()
    }

    /// Waits until the rows show the entry `seq`, or the center stops.
    pub async fn drawn_to(&self, seq: u64) {
        let mut drawn_to = self.drawn_to.clone();
        let mut stopping = self.stopping.subscribe();
        tokio::select! {
            _shown = drawn_to.wait_for(|drawn| *drawn >= seq) => {}
            _stopped = stopping.wait_for(|is_stopping| *is_stopping) => {}
        }
    }

    pub fn is_stopping(&self) -> bool {
        *self.stopping.borrow()
    }

    /// Done when the center stops: streams that never end by themselves end then.
    pub fn stopped(&self) -> impl Future<Output = ()> + Send + 'static {
        let mut stopping = self.stopping.subscribe();
        async move {
            // A sender that is gone has stopped too.
            drop(stopping.wait_for(|is_stopping| *is_stopping).await);
        }
    }
}
