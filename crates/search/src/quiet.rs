//! Work that a search must not wait for.
//!
//! A search is done within the slice of time that the system gives a thread. What makes some of them
//! slow is none of their own work: it is the threads that take over changes, which fill segments and
//! merge them for some tens of milliseconds and want the processor as much as the search does.

use std::thread;

/// How far behind the threads of a window this work stands; 19 would starve on a busy machine.
#[cfg(target_os = "linux")]
const NICENESS: i32 = 10;

/// Does something on a thread that lets others go first, and waits for it.
///
/// On Linux the threads that it begins, tantivy's among them, stand behind as well. Windows gives the
/// window in front longer turns by itself.
pub(crate) fn behind_searches<T: Send>(act: impl FnOnce() -> T + Send) -> T {
    thread::scope(|scope| {
        let done = scope.spawn(|| {
            stand_behind();
            act()
        });
        match done.join() {
            Ok(answer) => answer,
            Err(panic) => std::panic::resume_unwind(panic),
        }
    })
}

#[cfg(target_os = "linux")]
fn stand_behind() {
    // Of this thread, in spite of the name. A system that does not allow it has its reason.
    if let Err(error) = rustix::process::setpriority_process(None, NICENESS) {
        tracing::debug!(%error, "The index is written with as much right as it is searched");
    }
}

#[cfg(not(target_os = "linux"))]
fn stand_behind() {}
