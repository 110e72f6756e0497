//! 内存转储: a center that breaks leaves no picture of its memory on the disk; at the desk it is the same.

use std::io;

use rustix::process::{DumpableBehavior, Resource, Rlimit, set_dumpable_behavior, setrlimit};

/// The largest picture, in bytes. Not 0: that stops a file, but not a program that the system hands the
/// picture to (`core_pattern` with a pipe); 1 stops both, because no picture is that small.
const CORE_MAX_BYTES: u64 = 1;

/// Forbids it for this process, which then cannot be looked into by other programs of the same person.
pub fn forbid() -> io::Result<()> {
    let limit = Rlimit {
        current: Some(CORE_MAX_BYTES),
        maximum: Some(CORE_MAX_BYTES),
    };
    setrlimit(Resource::Core, limit)?;
    set_dumpable_behavior(DumpableBehavior::NotDumpable)?;
    Ok(())
}
