//! A process of ours that says on its standard output where it can be reached.

use std::fs::File;
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::thread;

use anyhow::{Context as _, Result, bail};

use crate::START_PATIENCE;

/// A running program, ended with this.
#[derive(Debug)]
pub(crate) struct Process {
    child: Child,
    log: PathBuf,
}

impl Process {
    /// Starts it and waits until `reads` makes something of a line that it prints. What it says
    /// besides goes to the end of `log`.
    pub(crate) fn start<T: Send + 'static>(
        command: &mut Command,
        log: &Path,
        reads: impl Fn(&str) -> Option<T> + Send + 'static,
    ) -> Result<(Self, T)> {
        let complaints = File::options().create(true).append(true).open(log)?;
        let child = command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(complaints)
            .spawn();
        let mut child = child.with_context(|| format!("Starting {command:?}"))?;
        let said = child.stdout.take().context("It has no output")?;
        let process = Self {
            child,
            log: log.to_owned(),
        };
        let (tell, told) = mpsc::channel();
        thread::spawn(move || {
            // Read to the end, or the program would wait for somebody who listens.
            for line in BufReader::new(said).lines().map_while(Result::ok) {
                if let Some(found) = reads(&line) {
                    drop(tell.send(found));
                }
            }
        });
        match told.recv_timeout(START_PATIENCE) {
            Ok(found) => Ok((process, found)),
            Err(_silent) => {
                let log = std::fs::read_to_string(log).unwrap_or_default();
                bail!("{command:?} does not start:\n{log}")
            }
        }
    }

    /// As a power cut would: it cannot say a last word.
    pub(crate) fn kill_9(mut self) -> Result<()> {
        self.child.kill().context("Ending it")?;
        self.child.wait().context("Waiting for its end")?;
        Ok(())
    }

    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    pub(crate) fn log(&self) -> &Path {
        &self.log
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // It may be gone already.
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

/// A program that `cargo build` made of this checkout.
pub(crate) fn program(name: &str) -> Result<PathBuf> {
    let path = crate::folder::target().join("debug").join(name);
    path.canonicalize().with_context(|| {
        format!(
            "Finding {}: run `cargo build --workspace` first",
            path.display()
        )
    })
}
