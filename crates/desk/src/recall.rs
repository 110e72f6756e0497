//! 记忆: what was told in every order of this desk, in memory, so that what is being told now is found
//! again among half a million within milliseconds.
//!
//! All orders are read on a thread of their own when the desk is opened, twice: how rare a word is
//! must be known before it is chosen. Until then nothing is pretended. From then on the store's news
//! are followed: by that thread, and by whoever asks, so that an order is found as soon as it is kept.

mod related;

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard, Weak};
use std::time::Duration;

use ::intake::same::{Alike, OrderIndex, OrderIndexBuilder};
use chrono::{DateTime, Utc};
use desk_store::{OrderNewsBoard, OrderPosition, Store, ToldOrder};
use tokio::sync::broadcast;

pub(crate) use self::related::RecentOrder;

use self::related::Related;
use crate::clock::Clock;

/// Orders read in one step.
const ORDERS_PER_STEP: u32 = 500;
/// News taken over by the thread in one step, and by whoever asks.
const NEWS_PER_STEP: usize = 200;
const NEWS_WHEN_ASKED: usize = 20;
/// Orders that came since the index was built: with more it is built again, smaller and quicker.
const ADDED_MAX: usize = 5_000;
/// A store into which nothing was drawn for so long is read again.
const QUIET: Duration = Duration::from_secs(2);
/// Told when all orders are read.
const READ: &[&str] = &["listening"];

pub(crate) struct Recall {
    news: Arc<OrderNewsBoard>,
    n_read: AtomicUsize,
    /// `None` until all orders are read.
    remembered: RwLock<Option<Remembered>>,
}

/// An order and how much it is like what was asked.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Recalled {
    pub(crate) position: OrderPosition,
    /// From 0 to 1.
    pub(crate) likeness: f32,
}

struct Remembered {
    index: OrderIndex,
    /// By the number in the index, 0 on. Those of the building are in the order of their positions.
    orders: Vec<Filed>,
    n_built: usize,
    /// Numbers of what came since.
    added: BTreeMap<OrderPosition, u32>,
    related: Related,
}

/// What is kept of an order besides its words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Filed {
    position: OrderPosition,
    /// A check over title and text: whether the same is told when it is drawn anew.
    told: u64,
}

impl Recall {
    /// Reads all orders on a thread of its own and follows the store from then on; `on_news` is told
    /// how many orders were read or drawn. The thread ends when the desk is closed.
    pub(crate) fn start(
        store: &Arc<Store>,
        clock: &Arc<dyn Clock>,
        changes: broadcast::Sender<&'static [&'static str]>,
        on_news: impl Fn(usize) + Send + 'static,
    ) -> Arc<Self> {
        let recall = Arc::new(Self {
            news: store.order_news(),
            n_read: AtomicUsize::new(0),
            remembered: RwLock::new(None),
        });
        let thread = Follower {
            news: store.order_news(),
            recall: Arc::downgrade(&recall),
            store: Arc::downgrade(store),
            clock: Arc::clone(clock),
            changes,
            on_news: Box::new(on_news),
        };
        std::thread::spawn(move || thread.run());
        recall
    }

    /// How many orders are read so far; `None` when all are.
    pub(crate) fn n_read(&self) -> Option<usize> {
        match *self.read() {
            Some(_) => None,
            None => Some(self.n_read.load(Ordering::Relaxed)),
        }
    }

    /// The orders most like what is told, the likeliest first; none while they are being read.
    pub(crate) fn alike(
        &self,
        store: &Store,
        (title, text): (&str, &str),
        n: usize,
        now: DateTime<Utc>,
    ) -> anyhow::Result<Vec<Recalled>> {
        self.take_news(store, NEWS_WHEN_ASKED, now)?;
        let remembered = self.read();
        let found = remembered.as_ref().map_or_else(Vec::new, |remembered| {
            let found = remembered.index.alike(title, text, n);
            let recalled = |alike: Alike| {
                let filed = remembered.orders.get(alike.order as usize)?;
                Some(Recalled {
                    position: filed.position,
                    likeness: alike.likeness,
                })
            };
            found.into_iter().filter_map(recalled).collect()
        });
        Ok(found)
    }

    /// The orders of the last days, by age; `None` while they are being read.
    pub(crate) fn recent(
        &self,
        store: &Store,
        now: DateTime<Utc>,
    ) -> anyhow::Result<Option<Vec<RecentOrder>>> {
        self.take_news(store, NEWS_WHEN_ASKED, now)?;
        Ok(self.read().as_ref().map(|it| it.related.orders(now)))
    }

    /// How many orders of the last days tell of the same happening as the one at a place.
    pub(crate) fn n_related(&self, position: OrderPosition) -> u32 {
        self.read()
            .as_ref()
            .map_or(0, |it| it.related.n_with(position))
    }

    /// Takes over the next news, once all orders are read; says whether all are to be read again.
    fn take_news(&self, store: &Store, n_max: usize, now: DateTime<Utc>) -> anyhow::Result<bool> {
        let mut guard = self.write();
        let Some(remembered) = guard.as_mut() else {
            return Ok(false);
        };
        let news = self.news.take(n_max);
        for position in &news.positions {
            let told = store.read(|reader| Ok(reader.order_told(*position)?))?;
            remembered.change(*position, told.as_ref(), now);
        }
        let reads_again = news.is_overrun || remembered.added.len() > ADDED_MAX;
        if reads_again {
            // The thread finds it so, and reads all when the store has come to rest.
            *guard = None;
        }
        Ok(reads_again)
    }

    fn read(&self) -> RwLockReadGuard<'_, Option<Remembered>> {
        self.remembered
            .read()
            .unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self) -> RwLockWriteGuard<'_, Option<Remembered>> {
        self.remembered
            .write()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Recall {
    fn drop(&mut self) {
        self.news.close();
    }
}

/// The thread: it must not keep the desk open.
struct Follower {
    news: Arc<OrderNewsBoard>,
    recall: Weak<Recall>,
    store: Weak<Store>,
    clock: Arc<dyn Clock>,
    changes: broadcast::Sender<&'static [&'static str]>,
    /// Is told how many orders were read, or drawn since.
    on_news: Box<dyn Fn(usize) + Send>,
}

impl Follower {
    fn run(&self) {
        loop {
            if let Err(error) = self.read_all() {
                tracing::error!(
                    error = format!("{error:#}"),
                    "the orders are not remembered"
                );
                return;
            }
            // No window listening is no error.
            self.changes.send(READ).ok();
            if !self.follow() {
                return;
            }
        }
    }

    /// Follows until all must be read again; false when the desk is closed.
    fn follow(&self) -> bool {
        while self.news.wait() {
            let (Some(recall), Some(store)) = (self.recall.upgrade(), self.store.upgrade()) else {
                return false;
            };
            let taken = recall.take_news(&store, NEWS_PER_STEP, self.clock.now());
            (self.on_news)(1);
            let reads_again = taken.unwrap_or_else(|error| {
                // What was taken is read with all again.
                tracing::warn!(error = format!("{error:#}"), "news of an order is not read");
                true
            });
            if reads_again || recall.n_read().is_some() {
                drop((recall, store));
                return self.news.wait_until_quiet(QUIET);
            }
        }
        false
    }

    fn read_all(&self) -> anyhow::Result<()> {
        if let Some(recall) = self.recall.upgrade() {
            *recall.write() = None;
        }
        self.news.forget();
        let mut builder = OrderIndexBuilder::default();
        let mut n_counted = 0;
        let mut last = OrderPosition::START;
        self.each_page(&mut last, None, |page, recall| {
            for told in page {
                builder.count(&told.matter.title, &told.matter.text);
            }
            n_counted += page.len();
            recall.n_read.store(n_counted / 2, Ordering::Relaxed);
        })?;
        let end = last;
        let now = self.clock.now();
        let mut orders = Vec::with_capacity(n_counted);
        let mut recent = Vec::new();
        let mut start = OrderPosition::START;
        self.each_page(&mut start, Some(end), |page, recall| {
            for told in page {
                let number = builder.add(&told.matter.title, &told.matter.text);
                orders.push(Filed::of(told));
                if related::is_recent(told.position, now) {
                    recent.push((number, told.clone()));
                }
            }
            let n_read = n_counted / 2 + orders.len() / 2;
            recall.n_read.store(n_read, Ordering::Relaxed);
        })?;
        let mut remembered = Remembered {
            index: builder.build(),
            n_built: orders.len(),
            orders,
            added: BTreeMap::new(),
            related: Related::default(),
        };
        for (number, told) in &recent {
            remembered.relate(*number, told, now);
        }
        let n_read = remembered.orders.len();
        if let Some(recall) = self.recall.upgrade() {
            *recall.write() = Some(remembered);
        }
        (self.on_news)(n_read);
        Ok(())
    }

    /// Goes through the orders after `at` up to `end`, or as far as there are any; `at` is where it
    /// ended. Stops when the desk is closed.
    fn each_page(
        &self,
        at: &mut OrderPosition,
        end: Option<OrderPosition>,
        mut visit: impl FnMut(&[ToldOrder], &Recall),
    ) -> anyhow::Result<()> {
        while let (Some(recall), Some(store)) = (self.recall.upgrade(), self.store.upgrade()) {
            let page = store.read(|reader| {
                let last = match end {
                    Some(end) => Some(end),
                    None => reader.last_order()?,
                };
                let Some(last) = last else {
                    return Ok(Vec::new());
                };
                Ok(reader.orders_told(*at, last, ORDERS_PER_STEP)?)
            })?;
            let Some(told) = page.last() else {
                return Ok(());
            };
            *at = told.position;
            visit(&page, &recall);
        }
        Ok(())
    }
}

impl Remembered {
    fn change(&mut self, position: OrderPosition, told: Option<&ToldOrder>, now: DateTime<Utc>) {
        let number = self.number_of(position);
        let Some(told) = told else {
            if let Some(number) = number {
                self.forget(number, position);
            }
            return;
        };
        let filed = Filed::of(told);
        let is_told = |number: u32| self.orders.get(number as usize) == Some(&filed);
        match number {
            Some(number) if is_told(number) => self.related.file(told),
            Some(_) | None => {
                if let Some(number) = number {
                    self.forget(number, position);
                }
                let number = self.index.add(&told.matter.title, &told.matter.text);
                self.orders.push(filed);
                self.added.insert(position, number);
                self.relate(number, told, now);
            }
        }
    }

    /// Puts a recent order with those that tell of the same happening.
    fn relate(&mut self, number: u32, told: &ToldOrder, now: DateTime<Utc>) {
        if !related::is_recent(told.position, now) {
            return;
        }
        let alike = self
            .index
            .alike(&told.matter.title, &told.matter.text, related::COMPARED);
        let recalled = alike
            .into_iter()
            .filter(|it| it.order != number)
            .filter_map(|it| {
                let filed = self.orders.get(it.order as usize)?;
                Some(Recalled {
                    position: filed.position,
                    likeness: it.likeness,
                })
            });
        let recalled: Vec<Recalled> = recalled.collect();
        self.related.add(told, &recalled, now);
    }

    fn number_of(&self, position: OrderPosition) -> Option<u32> {
        if let Some(number) = self.added.get(&position) {
            return Some(*number);
        }
        let built = self.orders.get(..self.n_built).unwrap_or_default();
        let at = built.binary_search_by_key(&position, |it| it.position);
        u32::try_from(at.ok()?).ok()
    }

    fn forget(&mut self, number: u32, position: OrderPosition) {
        self.index.remove(number);
        self.added.remove(&position);
        self.related.remove(position);
    }
}

impl Filed {
    fn of(told: &ToldOrder) -> Self {
        Self {
            position: told.position,
            told: check_of(&told.matter.title, &told.matter.text),
        }
    }
}

/// Tells two texts apart as far as drawing anew is concerned (FNV-1a).
fn check_of(title: &str, text: &str) -> u64 {
    let bytes = title.bytes().chain([0xFF]).chain(text.bytes());
    bytes.fold(0xCBF2_9CE4_8422_2325, |check, byte| {
        (check ^ u64::from(byte)).wrapping_mul(0x0100_0000_01B3)
    })
}
