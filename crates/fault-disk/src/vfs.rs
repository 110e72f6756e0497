//! The VFS: a layer over SQLite's own that looks at the files of watched folders and passes
//! everything on.
//!
//! Unsafe, because SQLite calls it through a table of C functions with raw pointers. What each needs
//! is what SQLite promises (<https://sqlite.org/c3ref/io_methods.html>): a `sqlite3_file` that
//! [`open`] filled in stays where it is until [`close`], and is used by one thread at a time.

use std::ffi::{CStr, c_char, c_int, c_void};
use std::mem::size_of;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, Once, PoisonError};

use rusqlite::ffi::{
    self, SQLITE_FULL, SQLITE_IOERR, SQLITE_IOERR_DELETE, SQLITE_IOERR_FSYNC, SQLITE_IOERR_READ,
    SQLITE_IOERR_TRUNCATE, SQLITE_IOERR_WRITE, SQLITE_OK, SQLITE_OPEN_CREATE,
    SQLITE_OPEN_MAIN_JOURNAL, SQLITE_OPEN_SUPER_JOURNAL, SQLITE_OPEN_WAL, sqlite3_file,
    sqlite3_filename, sqlite3_int64, sqlite3_io_methods, sqlite3_vfs,
};

use crate::recording::Op;
use crate::{Call, Fault, State, lock};

const LOGS: c_int = SQLITE_OPEN_WAL | SQLITE_OPEN_MAIN_JOURNAL | SQLITE_OPEN_SUPER_JOURNAL;

/// The folders that are looked at.
static WATCHED: Mutex<Vec<(PathBuf, Arc<Mutex<State>>)>> = Mutex::new(Vec::new());

pub(crate) fn watch(folder: &Path, state: Arc<Mutex<State>>) {
    register();
    let mut watched = WATCHED.lock().unwrap_or_else(PoisonError::into_inner);
    watched.push((folder.to_owned(), state));
}

pub(crate) fn forget(folder: &Path) {
    let mut watched = WATCHED.lock().unwrap_or_else(PoisonError::into_inner);
    watched.retain(|(watched, _)| watched != folder);
}

/// The name of a watched file in its folder, and what is known of that.
fn watched(path: *const c_char) -> Option<Watched> {
    if path.is_null() {
        return None;
    }
    // SAFETY: SQLite gives names that end with a zero, and keeps them during the call.
    let path = unsafe { CStr::from_ptr(path) };
    let path = Path::new(path.to_str().ok()?);
    let (folder, file) = (path.parent()?, path.file_name()?.to_str()?.to_owned());
    let all = WATCHED.lock().unwrap_or_else(PoisonError::into_inner);
    let (_, state) = all.iter().find(|(watched, _)| watched == folder)?;
    Some(Watched {
        file,
        state: Arc::clone(state),
        syncs_folder: AtomicBool::new(false),
    })
}

struct Watched {
    file: String,
    state: Arc<Mutex<State>>,
    /// A new log or journal: SQLite's own VFS syncs the folder with its first sync.
    syncs_folder: AtomicBool,
}

impl Watched {
    fn fault(&self, call: Call, io: c_int) -> Option<c_int> {
        let fault = lock(&self.state).fault_at(call)?;
        Some(match fault {
            Fault::Full => SQLITE_FULL,
            Fault::Io => io,
        })
    }

    fn record(&self, op: impl FnOnce(String) -> Op) {
        lock(&self.state).record(op(self.file.clone()));
    }
}

/// A file of ours; behind it, in the same piece of memory, stands the one of the VFS below.
#[repr(C)]
struct LayeredFile {
    head: sqlite3_file,
    watched: Option<Box<Watched>>,
}

/// Registers the VFS as the default, once.
fn register() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        // SAFETY: the VFS below is a static of SQLite's. The copy and its name are never freed. What
        // is not replaced in it does not look at which VFS it is called for, but for the length of
        // paths, which is copied.
        unsafe {
            let below = ffi::sqlite3_vfs_find(std::ptr::null());
            let mut layer = *below;
            layer.zName = c"fault-disk".as_ptr();
            layer.pNext = std::ptr::null_mut();
            layer.pAppData = below.cast::<c_void>();
            layer.szOsFile += c_int::try_from(size_of::<LayeredFile>()).unwrap_or(c_int::MAX);
            layer.xOpen = Some(open);
            layer.xDelete = Some(delete);
            let code = ffi::sqlite3_vfs_register(Box::into_raw(Box::new(layer)), 1);
            assert_eq!(code, SQLITE_OK, "SQLite takes a VFS");
        }
    });
}

static METHODS: sqlite3_io_methods = sqlite3_io_methods {
    // With shared memory, without memory-mapped files, which would pass us by.
    iVersion: 2,
    xClose: Some(close),
    xRead: Some(read),
    xWrite: Some(write),
    xTruncate: Some(truncate),
    xSync: Some(sync),
    xFileSize: Some(file_size),
    xLock: Some(lock_file),
    xUnlock: Some(unlock_file),
    xCheckReservedLock: Some(check_reserved_lock),
    xFileControl: Some(file_control),
    xSectorSize: Some(sector_size),
    xDeviceCharacteristics: Some(device_characteristics),
    xShmMap: Some(shm_map),
    xShmLock: Some(shm_lock),
    xShmBarrier: Some(shm_barrier),
    xShmUnmap: Some(shm_unmap),
    xFetch: None,
    xUnfetch: None,
};

unsafe extern "C" fn open(
    vfs: *mut sqlite3_vfs,
    name: sqlite3_filename,
    file: *mut sqlite3_file,
    flags: c_int,
    out_flags: *mut c_int,
) -> c_int {
    // SAFETY: `vfs` is ours, with the one below in it; `file` has room for both files.
    unsafe {
        let below = (*vfs).pAppData.cast::<sqlite3_vfs>();
        let inner = file.cast::<LayeredFile>().add(1).cast::<sqlite3_file>();
        let Some(open_below) = (*below).xOpen else {
            return SQLITE_IOERR;
        };
        let code = open_below(below, name, inner, flags, out_flags);
        let is_open = !(*inner).pMethods.is_null();
        let head = sqlite3_file {
            pMethods: if is_open {
                &raw const METHODS
            } else {
                std::ptr::null()
            },
        };
        let watched = if is_open { watched(name) } else { None };
        let watched = watched.map(|watched| {
            let is_new = flags & SQLITE_OPEN_CREATE != 0 && flags & LOGS != 0;
            watched.syncs_folder.store(is_new, Ordering::Relaxed);
            Box::new(watched)
        });
        file.cast::<LayeredFile>()
            .write(LayeredFile { head, watched });
        code
    }
}

unsafe extern "C" fn delete(vfs: *mut sqlite3_vfs, name: *const c_char, sync: c_int) -> c_int {
    let watched = watched(name);
    if let Some(code) = watched
        .as_ref()
        .and_then(|it| it.fault(Call::Delete, SQLITE_IOERR_DELETE))
    {
        return code;
    }
    // SAFETY: as in `open`.
    let code = unsafe {
        let below = (*vfs).pAppData.cast::<sqlite3_vfs>();
        match (*below).xDelete {
            Some(delete_below) => delete_below(below, name, sync),
            None => SQLITE_IOERR,
        }
    };
    if let Some(watched) = watched
        && code == SQLITE_OK
    {
        let with_folder = sync != 0;
        watched.record(|file| Op::Delete { file, with_folder });
    }
    code
}

/// Calls a method of the file below.
macro_rules! below {
    ($file:expr, $method:ident $(, $argument:expr)*) => {{
        // SAFETY: `file` was filled in by `open`, so the one behind it was, too.
        unsafe {
            let inner = $file.cast::<LayeredFile>().add(1).cast::<sqlite3_file>();
            match (*(*inner).pMethods).$method {
                Some(method) => method(inner $(, $argument)*),
                None => SQLITE_IOERR,
            }
        }
    }};
}

/// What is watched of a file.
fn watched_of<'a>(file: *mut sqlite3_file) -> Option<&'a Watched> {
    // SAFETY: `file` was filled in by `open` and is not closed before the call ends.
    unsafe { (*file.cast::<LayeredFile>()).watched.as_deref() }
}

fn fault(file: *mut sqlite3_file, call: Call, io: c_int) -> Option<c_int> {
    watched_of(file)?.fault(call, io)
}

fn record(file: *mut sqlite3_file, code: c_int, op: impl FnOnce(String) -> Op) {
    if code == SQLITE_OK
        && let Some(watched) = watched_of(file)
    {
        watched.record(op);
    }
}

unsafe extern "C" fn close(file: *mut sqlite3_file) -> c_int {
    let code = below!(file, xClose);
    // SAFETY: `open` filled it in, and SQLite closes it once.
    drop(unsafe { (*file.cast::<LayeredFile>()).watched.take() });
    code
}

unsafe extern "C" fn read(
    file: *mut sqlite3_file,
    into: *mut c_void,
    n: c_int,
    at: sqlite3_int64,
) -> c_int {
    match fault(file, Call::Read, SQLITE_IOERR_READ) {
        Some(code) => code,
        None => below!(file, xRead, into, n, at),
    }
}

unsafe extern "C" fn write(
    file: *mut sqlite3_file,
    from: *const c_void,
    n: c_int,
    at: sqlite3_int64,
) -> c_int {
    if let Some(code) = fault(file, Call::Write, SQLITE_IOERR_WRITE) {
        return code;
    }
    let code = below!(file, xWrite, from, n, at);
    record(file, code, |file| {
        let n = usize::try_from(n).unwrap_or(0);
        // SAFETY: SQLite writes `n` bytes from there.
        let bytes = unsafe { std::slice::from_raw_parts(from.cast::<u8>(), n) };
        let (offset, bytes) = (usize::try_from(at).unwrap_or(0), bytes.to_vec());
        Op::Write {
            file,
            offset,
            bytes,
        }
    });
    code
}

unsafe extern "C" fn truncate(file: *mut sqlite3_file, len: sqlite3_int64) -> c_int {
    if let Some(code) = fault(file, Call::Truncate, SQLITE_IOERR_TRUNCATE) {
        return code;
    }
    let code = below!(file, xTruncate, len);
    record(file, code, |file| {
        let len = usize::try_from(len).unwrap_or(0);
        Op::Truncate { file, len }
    });
    code
}

unsafe extern "C" fn sync(file: *mut sqlite3_file, flags: c_int) -> c_int {
    if let Some(code) = fault(file, Call::Sync, SQLITE_IOERR_FSYNC) {
        return code;
    }
    let code = below!(file, xSync, flags);
    if code == SQLITE_OK
        && let Some(watched) = watched_of(file)
    {
        let with_folder = watched.syncs_folder.swap(false, Ordering::Relaxed);
        watched.record(|file| Op::Sync { file, with_folder });
    }
    code
}

unsafe extern "C" fn file_size(file: *mut sqlite3_file, size: *mut sqlite3_int64) -> c_int {
    below!(file, xFileSize, size)
}

unsafe extern "C" fn lock_file(file: *mut sqlite3_file, level: c_int) -> c_int {
    below!(file, xLock, level)
}

unsafe extern "C" fn unlock_file(file: *mut sqlite3_file, level: c_int) -> c_int {
    below!(file, xUnlock, level)
}

unsafe extern "C" fn check_reserved_lock(file: *mut sqlite3_file, out: *mut c_int) -> c_int {
    below!(file, xCheckReservedLock, out)
}

unsafe extern "C" fn file_control(
    file: *mut sqlite3_file,
    op: c_int,
    argument: *mut c_void,
) -> c_int {
    below!(file, xFileControl, op, argument)
}

unsafe extern "C" fn sector_size(file: *mut sqlite3_file) -> c_int {
    below!(file, xSectorSize)
}

unsafe extern "C" fn device_characteristics(file: *mut sqlite3_file) -> c_int {
    below!(file, xDeviceCharacteristics)
}

unsafe extern "C" fn shm_map(
    file: *mut sqlite3_file,
    page: c_int,
    n: c_int,
    extend: c_int,
    out: *mut *mut c_void,
) -> c_int {
    below!(file, xShmMap, page, n, extend, out)
}

unsafe extern "C" fn shm_lock(
    file: *mut sqlite3_file,
    offset: c_int,
    n: c_int,
    flags: c_int,
) -> c_int {
    below!(file, xShmLock, offset, n, flags)
}

unsafe extern "C" fn shm_barrier(file: *mut sqlite3_file) {
    // SAFETY: `file` was filled in by `open`, so the one behind it was, too.
    unsafe {
        let inner = file.cast::<LayeredFile>().add(1).cast::<sqlite3_file>();
        if let Some(barrier) = (*(*inner).pMethods).xShmBarrier {
            barrier(inner);
        }
    }
}

unsafe extern "C" fn shm_unmap(file: *mut sqlite3_file, delete: c_int) -> c_int {
    below!(file, xShmUnmap, delete)
}
