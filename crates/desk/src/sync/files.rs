//! 附件 between the desk and the center: a thread of its own, since a file may take long. What people
//! here attached is brought to the center as soon as it can be; what somebody wants to see is fetched.
//! Both go on where they were cut off. The store is held only while bytes are read or written.

use std::collections::BTreeMap;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::Duration;

use anyhow::Context as _;
use desk_store::{BlobTaken, Store, StoreFault};
use desk_sync::Failure;
use wire::Hash;
use wording::attachment::FILE_MAX_BYTES;

use super::line::Line;
use super::worker::CurrentLine;
use crate::clock::Clock;
use crate::office::Office;

/// Unasked; and after something was not brought to the center.
const LOOK_AGAIN_AFTER: Duration = Duration::from_secs(60);
const TRY_AGAIN_AFTER: Duration = Duration::from_secs(5);
/// Bytes in one request.
const SENT_AT_ONCE: usize = 1 << 20;
/// What a window may have shown of files.
const TOLD: &[&str] = &["attachments"];

/// 取回 as far as it has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fetching {
    Under { n_bytes: u64, of_bytes: u64 },
    Failed(NotFetched),
}

/// Why a file was not fetched.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NotFetched {
    Offline,
    /// The center has not got it either, as yet.
    NotThere,
    TooLarge,
    /// Not what it is called.
    OtherContent,
    Fault,
}

enum Errand {
    /// Something was attached, or the center is there again.
    Look,
    Fetch(Hash),
    Stop,
}

/// Files as the rest of the desk has them.
pub(super) struct Files {
    errands: Sender<Errand>,
    fetching: Arc<Mutex<BTreeMap<Hash, Fetching>>>,
}

struct Carrier {
    store: Weak<Store>,
    clock: Arc<dyn Clock>,
    current: CurrentLine,
    office: Weak<Office>,
    fetching: Arc<Mutex<BTreeMap<Hash, Fetching>>>,
}

impl Files {
    pub(super) fn start(
        store: &Arc<Store>,
        clock: &Arc<dyn Clock>,
        current: &CurrentLine,
        office: Weak<Office>,
    ) -> anyhow::Result<Self> {
        let (errands, received) = channel();
        let fetching = Arc::default();
        let carrier = Carrier {
            store: Arc::downgrade(store),
            clock: Arc::clone(clock),
            current: current.clone(),
            office,
            fetching: Arc::clone(&fetching),
        };
        std::thread::Builder::new()
            .name("files".to_owned())
            .spawn(move || carrier.run(&received))
            .context("Starting the thread that carries files")?;
        Ok(Self { errands, fetching })
    }

    /// There may be something to bring to the center.
    pub(super) fn look(&self) {
        self.give(Errand::Look);
    }

    pub(super) fn fetch(&self, sha256: Hash) {
        let under = Fetching::Under {
            n_bytes: 0,
            of_bytes: 0,
        };
        lock(&self.fetching).insert(sha256, under);
        self.give(Errand::Fetch(sha256));
    }

    pub(super) fn fetching(&self, sha256: Hash) -> Option<Fetching> {
        lock(&self.fetching).get(&sha256).copied()
    }

    fn give(&self, errand: Errand) {
        // The thread ends with the desk; whoever tells it something then is late.
        self.errands.send(errand).ok();
    }
}

impl Drop for Files {
    fn drop(&mut self) {
        self.give(Errand::Stop);
    }
}

impl Carrier {
    fn run(self, errands: &Receiver<Errand>) {
        let mut patience = LOOK_AGAIN_AFTER;
        loop {
            match errands.recv_timeout(patience) {
                Ok(Errand::Fetch(sha256)) => self.fetch(sha256),
                Ok(Errand::Look) | Err(RecvTimeoutError::Timeout) => {
                    patience = if self.bring_all() {
                        LOOK_AGAIN_AFTER
                    } else {
                        TRY_AGAIN_AFTER
                    };
                }
                Ok(Errand::Stop) | Err(RecvTimeoutError::Disconnected) => return,
            }
        }
    }

    /// 上传 of whatever waits; whether nothing does any more.
    fn bring_all(&self) -> bool {
        let (Some(line), Ok(waiting)) = (self.current.get(), self.waiting()) else {
            return true;
        };
        for sha256 in waiting {
            match self.bring(&*line, sha256) {
                Ok(()) => self.tell(),
                Err(error) => {
                    let error = format!("{error:#}");
                    tracing::warn!(%sha256, error, "a file was not brought to the center");
                    return false;
                }
            }
        }
        true
    }

    fn waiting(&self) -> anyhow::Result<Vec<Hash>> {
        self.store()?.read(|reader| Ok(reader.waiting_blobs()?))
    }

    fn bring(&self, line: &dyn Line, sha256: Hash) -> anyhow::Result<()> {
        let here = self.store()?.read(|reader| Ok(reader.blob(sha256)?))?;
        let of_bytes = here.context("A file that waits is here")?.of_bytes;
        let mut state = line.blob_state(sha256).map_err(not_reached)?;
        while !state.is_whole {
            let from_byte = state.n_bytes;
            let bytes = self
                .store()?
                .read(|reader| Ok(reader.blob_bytes(sha256, from_byte, SENT_AT_ONCE)?))?;
            let put = line.put_blob(sha256, (from_byte, of_bytes), &bytes);
            state = put
                .map_err(not_reached)?
                .context("The center does not take it")?;
            let is_further = state.is_whole || state.n_bytes != from_byte;
            anyhow::ensure!(is_further, "The center stays where it was");
        }
        self.store()?
            .commit(|writer| -> Result<(), StoreFault> { writer.blob_is_at_center(sha256) })?;
        Ok(())
    }

    /// 取回 of one that somebody wants to see.
    fn fetch(&self, sha256: Hash) {
        let fetched = self.fetch_whole(sha256);
        let mut fetching = lock(&self.fetching);
        match fetched {
            Ok(()) => fetching.remove(&sha256),
            Err(why) => fetching.insert(sha256, Fetching::Failed(why)),
        };
        drop(fetching);
        self.tell();
    }

    fn fetch_whole(&self, sha256: Hash) -> Result<(), NotFetched> {
        let line = self.current.get().ok_or(NotFetched::Offline)?;
        loop {
            let here = self.read(|reader| reader.blob(sha256))?;
            if here.is_some_and(|it| it.is_whole()) {
                return Ok(());
            }
            let from_byte = here.map_or(0, |it| it.n_bytes);
            let stretch = line
                .blob(sha256, from_byte)
                .map_err(|_cut| NotFetched::Offline)?
                .ok_or(NotFetched::NotThere)?;
            if stretch.of_bytes > FILE_MAX_BYTES as u64 {
                return Err(NotFetched::TooLarge);
            }
            let place = (from_byte, stretch.of_bytes);
            let now = self.clock.now();
            let is_other = here.is_some_and(|it| it.of_bytes != stretch.of_bytes);
            let taken = self.change(|writer| {
                if is_other {
                    writer.remove_blob(sha256)?;
                    return Ok(BlobTaken::InPart);
                }
                writer.take_blob_bytes(sha256, place, &stretch.bytes, now)
            })?;
            match taken {
                BlobTaken::InPart => {}
                BlobTaken::Whole => return Ok(()),
                BlobTaken::OtherContent => return Err(NotFetched::OtherContent),
            }
            let under = Fetching::Under {
                n_bytes: from_byte + stretch.bytes.len() as u64,
                of_bytes: stretch.of_bytes,
            };
            lock(&self.fetching).insert(sha256, under);
            self.tell();
        }
    }

    fn read<T>(
        &self,
        query: impl FnOnce(&desk_store::Reader) -> Result<T, StoreFault>,
    ) -> Result<T, NotFetched> {
        let store = self.store().map_err(not_kept)?;
        store.read(|reader| Ok(query(reader)?)).map_err(not_kept)
    }

    fn change<T>(
        &self,
        change: impl FnOnce(&mut desk_store::Writer) -> Result<T, StoreFault>,
    ) -> Result<T, NotFetched> {
        let store = self.store().map_err(not_kept)?;
        store.commit(change).map_err(|fault| not_kept(fault.into()))
    }

    fn store(&self) -> anyhow::Result<Arc<Store>> {
        self.store.upgrade().context("The desk is closed")
    }

    fn tell(&self) {
        if let Some(office) = self.office.upgrade() {
            office.tell_changed(TOLD);
        }
    }
}

fn not_reached(failure: Failure) -> anyhow::Error {
    anyhow::anyhow!("The center was not reached: {failure:?}")
}

#[expect(clippy::needless_pass_by_value, reason = "for `map_err`")]
fn not_kept(error: anyhow::Error) -> NotFetched {
    tracing::error!(error = format!("{error:#}"), "a file was not kept");
    NotFetched::Fault
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
