//! What poppler makes of a PDF: it had no hand in writing it.

use std::path::{Path, PathBuf};
use std::process::Command;

use paper::Printed;

/// A PDF on the disk, and what others see in it.
pub(crate) struct Read {
    folder: tempfile::TempDir,
    pub(crate) n_pages: usize,
}

impl Read {
    pub(crate) fn new(printed: &Printed) -> Self {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("form.pdf"), &printed.bytes).unwrap();
        let n_pages = printed.n_pages;
        Self { folder, n_pages }
    }

    pub(crate) fn path(&self) -> PathBuf {
        self.folder.path().join("form.pdf")
    }

    /// All of its text, without spaces and line ends, which are a matter of setting.
    pub(crate) fn text(&self) -> String {
        let mut command = Command::new("pdftotext");
        let text = run(command
            .args(["-enc", "UTF-8", "-raw"])
            .arg(self.path())
            .arg("-"));
        let text = String::from_utf8(text).unwrap();
        text.chars().filter(|c| !c.is_whitespace()).collect()
    }

    /// Each page as seen from far: the share of it that is dark.
    pub(crate) fn darkness(&self) -> Vec<f64> {
        let root = self.folder.path().join("page");
        let mut command = Command::new("pdftoppm");
        run(command
            .args(["-r", "40", "-gray"])
            .arg(self.path())
            .arg(&root));
        let pages = std::fs::read_dir(self.folder.path()).unwrap();
        let pages = pages.map(|entry| entry.unwrap().path());
        let mut pages: Vec<PathBuf> = pages
            .filter(|path| path.extension().is_some_and(|it| it == "pgm"))
            .collect();
        pages.sort();
        pages.iter().map(|path| dark_share(path)).collect()
    }
}

pub(crate) fn run(command: &mut Command) -> Vec<u8> {
    let output = command.output().expect("poppler-utils is installed");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}");
    // Whatever poppler does not like about a file it says there.
    assert_eq!(said, "");
    output.stdout
}

fn dark_share(path: &Path) -> f64 {
    let bytes = std::fs::read(path).unwrap();
    // P5, width and height, most, each on a line.
    let mut lines = bytes.splitn(4, |&byte| byte == b'\n');
    let pixels = lines.nth(3).unwrap();
    let dark = pixels.iter().filter(|&&grey| grey < 0xB0).count();
    f64::from(u32::try_from(dark).unwrap()) / f64::from(u32::try_from(pixels.len()).unwrap())
}

pub(crate) fn squeezed(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).collect()
}
