//! 内存转储: a program that breaks leaves no picture of its memory on the disk, where names, numbers and
//! the key of the store would stand in clear.

use std::io;

/// The largest picture, in bytes. Not 0: that stops a file, but not a program that the system hands the
/// picture to (`core_pattern` with a pipe); 1 stops both, because no picture is that small.
#[cfg(target_os = "linux")]
const CORE_MAX_BYTES: u64 = 1;

/// Forbids it for this process and, by the limit, for the processes it begins: the page runs in one.
///
/// A process without it also cannot be looked into by other programs of the same person.
#[cfg(target_os = "linux")]
pub fn forbid() -> io::Result<()> {
    use rustix::process::{DumpableBehavior, Resource, Rlimit, set_dumpable_behavior, setrlimit};
    let limit = Rlimit {
        current: Some(CORE_MAX_BYTES),
        maximum: Some(CORE_MAX_BYTES),
    };
    setrlimit(Resource::Core, limit)?;
    set_dumpable_behavior(DumpableBehavior::NotDumpable)?;
    Ok(())
}

/// Elsewhere the system keeps none unless somebody asks it to.
#[cfg(not(target_os = "linux"))]
pub fn forbid() -> io::Result<()> {
    Ok(())
}
