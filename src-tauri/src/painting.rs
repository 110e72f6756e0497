//! 绘制 without a graphics unit: what draws in its place makes each piece of its program when that is first needed,
//! and the window stands still meanwhile, up to a second in the middle of a call. There the page is painted whole by
//! the processor, which takes some milliseconds each time and never more.

use std::ffi::OsStr;
use std::os::unix::process::CommandExt as _;
use std::path::Path;
use std::process::Command;

/// By which the engine of the window is told so, before it begins.
const PAINTED_WHOLE: &str = "WEBKIT_DISABLE_COMPOSITING_MODE";
const DEVICES: &str = "/dev";

/// Begins the program once more in its own place where the engine has to be told. Who has told it already, either
/// way, is not contradicted.
pub(crate) fn choose() {
    if std::env::var_os(PAINTED_WHOLE).is_some() || has_graphics_unit(Path::new(DEVICES)) {
        return;
    }
    let error = begin_again();
    tracing::warn!(%error, "the page is painted as on a computer with a graphics unit");
}

/// Only comes back when it did not begin.
fn begin_again() -> std::io::Error {
    let program = match std::env::current_exe() {
        Ok(program) => program,
        Err(error) => return error,
    };
    let mut again = Command::new(program);
    again
        .args(std::env::args_os().skip(1))
        .env(PAINTED_WHOLE, "1")
        .exec()
}

/// Whether anything is there that draws: a render node of the kernel, or the driver that has none.
fn has_graphics_unit(devices: &Path) -> bool {
    let is_node = |name: &OsStr| name.as_encoded_bytes().starts_with(b"renderD");
    let mut nodes = std::fs::read_dir(devices.join("dri"))
        .into_iter()
        .flatten()
        .flatten();
    nodes.any(|node| is_node(&node.file_name())) || devices.join("nvidiactl").exists()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_graphics_unit_is_seen_by_its_device() {
        let devices = tempfile::tempdir().unwrap();
        let make = |name: &str| std::fs::write(devices.path().join(name), "").unwrap();
        assert!(!has_graphics_unit(devices.path()));
        std::fs::create_dir(devices.path().join("dri")).unwrap();
        make("dri/card0");
        assert!(
            !has_graphics_unit(devices.path()),
            "it shows, and does not draw"
        );
        make("dri/renderD128");
        assert!(has_graphics_unit(devices.path()));

        let other = tempfile::tempdir().unwrap();
        std::fs::write(other.path().join("nvidiactl"), "").unwrap();
        assert!(has_graphics_unit(other.path()));
    }
}
