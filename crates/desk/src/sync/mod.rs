//! 同步: the desk's side of it, around [`desk_sync::Sync`].
//!
//! Three threads, none of which a window waits for. One drives the machine and commits what it says
//! ([`driver`]); one waits for answers and one for news ([`worker`]), both without the store.
//! [`Link`] is what the rest of the desk has of it.

mod access;
mod audit_anchor;
mod driver;
mod files;
mod folding;
mod http;
mod line;
mod put_away;
mod redraw;
mod shown;
#[cfg(test)]
mod tests;
mod worker;

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::thread::{Builder, JoinHandle};

use anyhow::Context as _;
use desk_store::{MetaKey, Store, StoreFault};
use desk_sync::{Settings, Sync};
use wire::{DeskMoment, EnrolmentCode, Hash};

pub use self::access::CenterAccess;
pub use self::http::Https;
pub use self::line::{BlobStretch, Line, Network, NotMet};

pub(crate) use self::access::address_of;
pub(crate) use self::driver::read_tables;
pub(crate) use self::files::{Fetching, NotFetched};
pub(crate) use self::redraw::{Drawing, Tables};
pub(crate) use self::shown::{Alert, AlertAt, Enrolling, Known, NotBroughtBack, NotEnrolled};

use self::driver::Driver;
use self::files::Files;
use self::folding::Folding;
use self::shown::Shown;
use self::worker::{CurrentLine, Errand, Event, Listener, Worker};
use crate::clock::Clock;
use crate::office::Office;

/// As of a county; smaller pages, since drawing one keeps a window's change waiting.
const SETTINGS: Settings = Settings {
    page_entries_max: 200,
    ..Settings::COUNTY
};

/// The desk's side of sync as the rest of the desk sees it. Ends its threads when dropped.
pub(crate) struct Link {
    run: String,
    events: Sender<Event>,
    errands: Sender<Errand>,
    shown: Arc<Shown>,
    current: CurrentLine,
    clock: Arc<dyn Clock>,
    is_over: Arc<AtomicBool>,
    files: Files,
    thread: Mutex<Option<JoinHandle<()>>>,
}

/// What the threads begin with.
pub(crate) struct Beginning {
    driver: Driver,
    events: Receiver<Event>,
}

impl Link {
    /// Reads where the desk stands. Nothing runs before [`Link::start`].
    pub(crate) fn open(
        store: &Arc<Store>,
        clock: &Arc<dyn Clock>,
        network: &Arc<dyn Network>,
        drawing: Drawing,
        tables: &Arc<Tables>,
        office: Weak<Office>,
    ) -> anyhow::Result<(Self, Beginning)> {
        let (position, access, last_contact, struck_off) = store.read(|reader| {
            Ok((
                reader.sync_position()?,
                reader.meta(MetaKey::Center)?,
                reader.meta(MetaKey::LastContact)?,
                reader.meta(MetaKey::StruckOff)?,
            ))
        })?;
        let moment = |kept: Option<String>| {
            let ms = kept.and_then(|text| text.parse().ok());
            ms.and_then(chrono::DateTime::from_timestamp_millis)
        };
        let access: Option<CenterAccess> = access
            .map(|json| serde_json::from_str(&json))
            .transpose()
            .context("Reading how the center is reached")?;
        let shown = Arc::new(Shown::default());
        shown.change(|known| {
            known.desk = position.desk.map(|desk| desk.0);
            known.address = access
                .as_ref()
                .map(|access| access.address.clone())
                .unwrap_or_default();
            known.last_contact = moment(last_contact);
            if let Some(at) = moment(struck_off) {
                known.hear_struck_off(at);
            }
        });
        let (to_driver, events) = channel();
        let (to_worker, errands) = channel();
        let current = CurrentLine::default();
        let mut worker = Worker {
            network: Arc::clone(network),
            current: current.clone(),
            events: to_driver.clone(),
            listener: Listener::default(),
        };
        if let Some(access) = &access {
            match network.line(access) {
                Ok(line) => {
                    current.set(Arc::clone(&line));
                    worker.listener.listen(line, to_driver.clone());
                }
                // Work goes on without the center.
                Err(error) => {
                    tracing::error!(error = format!("{error:#}"), "no line to the center");
                }
            }
        }
        let waiting = Builder::new().name("center".to_owned());
        waiting
            .spawn(move || worker.run(&errands))
            .context("Starting the thread that waits for the center")?;
        let run = uuid::Uuid::new_v4();
        let (seed, _) = run.as_u64_pair();
        let run = run.simple().to_string();
        let is_over = Arc::new(AtomicBool::default());
        let files = Files::start(store, clock, &current, Weak::clone(&office))?;
        let driver = Driver {
            machine: Sync::new(SETTINGS, seed),
            store: Arc::clone(store),
            clock: Arc::clone(clock),
            run: run.clone(),
            drawing,
            folding: Folding::new(),
            tables: Arc::clone(tables),
            shown: Arc::clone(&shown),
            errands: to_worker.clone(),
            network: Arc::clone(network),
            current: current.clone(),
            office,
            candidate: None,
            enrolment: None,
            audit_copied: 0,
            keep_days: None,
            timer_at_ms: None,
            open: None,
            is_over: Arc::clone(&is_over),
        };
        let link = Self {
            run,
            events: to_driver,
            errands: to_worker,
            shown,
            current,
            clock: Arc::clone(clock),
            is_over,
            files,
            thread: Mutex::default(),
        };
        Ok((link, Beginning { driver, events }))
    }

    /// Starts to speak with the center.
    pub(crate) fn start(&self, beginning: Beginning) -> anyhow::Result<()> {
        let Beginning { driver, events } = beginning;
        let driving = Builder::new().name("sync".to_owned());
        let thread = driving
            .spawn(move || driver.run(&events))
            .context("Starting the thread of sync")?;
        *self.thread.lock().unwrap_or_else(PoisonError::into_inner) = Some(thread);
        Ok(())
    }

    /// Something was saved.
    pub(crate) fn saved(&self) {
        self.tell(Event::Saved);
    }

    /// 立即重试.
    pub(crate) fn retry_now(&self) {
        self.tell(Event::RetryNow);
    }

    /// A file was attached, or the center is there again.
    pub(crate) fn bring_files(&self) {
        self.files.look();
    }

    /// 取回 of an attachment.
    pub(crate) fn fetch(&self, sha256: Hash) {
        self.files.fetch(sha256);
    }

    pub(crate) fn fetching(&self, sha256: Hash) -> Option<Fetching> {
        self.files.fetching(sha256)
    }

    /// 调阅; how it ends is heard by the tag `work_orders`.
    pub(crate) fn bring_back(&self, subject: String) {
        self.shown
            .change(|known| known.not_brought_back.remove(&subject));
        if self.errands.send(Errand::Story { subject }).is_err() {
            tracing::error!("the thread that waits for the center is gone");
        }
    }

    /// 登记, under way from now on.
    pub(crate) fn enrol(&self, address: String, code: EnrolmentCode) {
        self.shown.change(|known| {
            known.enrolling = Enrolling::Under {
                address: address.clone(),
            };
        });
        if self.errands.send(Errand::Meet { address, code }).is_err() {
            tracing::error!("the thread that waits for the center is gone");
        }
    }

    pub(crate) fn known(&self) -> Known {
        self.shown.get()
    }

    pub(crate) fn is_enrolled(&self) -> bool {
        self.shown.is_enrolled()
    }

    /// 未获准, heard by another way than sync.
    pub(crate) fn hear_struck_off(&self, store: &Store) -> Result<(), StoreFault> {
        let now = self.clock.now();
        self.shown.change(|known| known.hear_struck_off(now));
        driver::keep_struck_off(store, Some(now))
    }

    /// The line to the center, for an errand on a thread of its own.
    pub(crate) fn line(&self) -> Option<Arc<dyn Line>> {
        self.current.get()
    }

    /// This moment, by a clock that nobody sets.
    pub(crate) fn moment(&self) -> DeskMoment {
        DeskMoment {
            run: self.run.clone(),
            ms: self.clock.uptime_ms(),
        }
    }

    fn tell(&self, event: Event) {
        // The thread ends with the desk; whoever tells it something then is late.
        self.events.send(event).ok();
    }
}

impl Drop for Link {
    fn drop(&mut self) {
        self.is_over.store(true, Ordering::Relaxed);
        self.tell(Event::Stop);
        let thread = self
            .thread
            .get_mut()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
        // The last hold on the desk may have been that thread's own.
        let others = thread.filter(|it| it.thread().id() != std::thread::current().id());
        if let Some(thread) = others
            && thread.join().is_err()
        {
            tracing::error!("the thread of sync ended in a bug");
        }
    }
}
