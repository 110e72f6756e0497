//! A disk that fails, for tests: power is lost, space runs out, a call does not succeed.
//!
//! [`Disk::watch`] puts itself between SQLite and the files of one folder. Everything still happens on
//! the real disk; besides, each write, sync, truncation and deletion is kept in a [`Recording`].
//! [`Recording::image`] tells what a disk may hold when the power goes at any moment: what was
//! synced, and of what was not a random part, torn at sectors. [`Disk::fail`] lets a call fail.
//!
//! The trick is a VFS of SQLite's, which is C: `vfs` is the one module with unsafe code.

mod image;
mod recording;
mod vfs;

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

pub use image::{Image, SECTOR_BYTES};
pub use recording::{Recording, Synchronous};

use recording::Op;

/// How a call fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// From that call on nothing can be written: the disk is full, until [`Disk::heal`].
    Full,
    /// That call, whatever it is, fails once.
    Io,
}

/// The files of one folder, as SQLite uses them.
#[derive(Debug)]
pub struct Disk {
    folder: PathBuf,
    state: Arc<Mutex<State>>,
}

/// What a watched folder has seen, and what is to happen to it.
#[derive(Debug, Default)]
pub(crate) struct State {
    ops: Vec<Op>,
    n_calls: u64,
    fault: Option<(u64, Fault)>,
    has_failed: bool,
}

/// What SQLite wants of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Call {
    Read,
    Write,
    Sync,
    Truncate,
    Delete,
}

impl Disk {
    /// Watches a folder that exists, from here on until dropped. Connections that are open already
    /// are not seen.
    pub fn watch(folder: &Path) -> std::io::Result<Self> {
        let folder = folder.canonicalize()?;
        let state = Arc::default();
        vfs::watch(&folder, Arc::clone(&state));
        Ok(Self { folder, state })
    }

    /// Notes that somebody was told that `n` things are safe.
    pub fn acknowledge(&self, n: u64) {
        self.state().ops.push(Op::Acknowledged { n });
    }

    pub fn recording(&self) -> Recording {
        Recording::new(self.state().ops.clone())
    }

    /// Lets the `k`-th call from now on fail, 1 being the next.
    pub fn fail(&self, k: u64, fault: Fault) {
        let mut state = self.state();
        state.n_calls = 0;
        state.has_failed = false;
        state.fault = Some((k, fault));
    }

    /// From here on nothing fails. Tells whether anything did.
    pub fn heal(&self) -> bool {
        let mut state = self.state();
        state.fault = None;
        state.has_failed
    }

    fn state(&self) -> MutexGuard<'_, State> {
        lock(&self.state)
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        vfs::forget(&self.folder);
    }
}

impl State {
    /// Whether this call is one that fails, and how.
    pub(crate) fn fault_at(&mut self, call: Call) -> Option<Fault> {
        self.n_calls += 1;
        let (k, fault) = self.fault?;
        let fails = match fault {
            Fault::Full => self.n_calls >= k && call == Call::Write,
            Fault::Io => self.n_calls == k,
        };
        self.has_failed |= fails;
        fails.then_some(fault)
    }

    pub(crate) fn record(&mut self, op: Op) {
        self.ops.push(op);
    }
}

pub(crate) fn lock(state: &Mutex<State>) -> MutexGuard<'_, State> {
    state.lock().unwrap_or_else(PoisonError::into_inner)
}
