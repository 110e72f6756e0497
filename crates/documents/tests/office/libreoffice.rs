//! `LibreOffice` without a window, with a profile of its own.

use std::path::{Path, PathBuf};
use std::process::Command;

/// A folder with files that `LibreOffice` converts.
pub(crate) struct Office {
    folder: tempfile::TempDir,
}

impl Office {
    pub(crate) fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("in")).unwrap();
        Self { folder }
    }

    pub(crate) fn put(&self, name: &str, bytes: &[u8]) {
        std::fs::write(self.folder.path().join("in").join(name), bytes).unwrap();
    }

    /// Opens every file that was put and writes it as something else, all in one go.
    pub(crate) fn convert(&self, to: &str) -> PathBuf {
        let out = self.folder.path().join("out");
        let files = std::fs::read_dir(self.folder.path().join("in")).unwrap();
        let files: Vec<PathBuf> = files.map(|entry| entry.unwrap().path()).collect();
        let profile = format!(
            "-env:UserInstallation=file://{}",
            self.folder.path().join("profile").display()
        );
        let mut command = Command::new("soffice");
        command
            .args([
                "--headless",
                "--norestore",
                &profile,
                "--convert-to",
                to,
                "--outdir",
            ])
            .arg(&out)
            .args(&files)
            .env("HOME", self.folder.path());
        let output = command.output().expect("LibreOffice is installed");
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success() && !said.contains("Error"), "{said}");
        let written = std::fs::read_dir(&out).unwrap().count();
        assert_eq!(written, files.len(), "{said}");
        out
    }
}

/// The text of a PDF without spaces, and how many pages it has.
pub(crate) fn pdf_text(path: &Path) -> (String, usize) {
    let mut command = Command::new("pdftotext");
    let output = command.args(["-raw", "-enc", "UTF-8"]).arg(path).arg("-");
    let output = output.output().expect("poppler-utils is installed");
    let text = String::from_utf8(output.stdout).unwrap();
    let n_pages = text.matches('\u{C}').count();
    let text = text.chars().filter(|c| !c.is_whitespace()).collect();
    (text, n_pages)
}
