//! A desk as a person meets it: started, cut off, started again.

use std::time::Instant;

use anyhow::{Context as _, Result, bail};
use fantoccini::Client;

use crate::driver::Driver;
use crate::folder::{DeskFolder, app};
use crate::{LOOK_EVERY, START_PATIENCE, process};

/// A program with its window open, or ended and ready to be started on the same data.
#[derive(Debug)]
pub struct Desk {
    folder: DeskFolder,
    running: Option<Running>,
    pub(crate) n_failures: u32,
}

#[derive(Debug)]
struct Running {
    client: Client,
    driver: Driver,
}

impl Desk {
    /// Opens a window on empty folders.
    pub async fn start(name: &str) -> Result<Self> {
        Self::open(DeskFolder::new(name)?).await
    }

    /// Opens a window on prepared folders.
    pub async fn open(folder: DeskFolder) -> Result<Self> {
        let mut desk = Self {
            folder,
            running: None,
            n_failures: 0,
        };
        desk.restart().await?;
        Ok(desk)
    }

    pub fn folder(&self) -> &DeskFolder {
        &self.folder
    }

    /// Changes folders or environment between two starts.
    pub fn folder_mut(&mut self) -> &mut DeskFolder {
        &mut self.folder
    }

    /// Starts the program on the data it left; one that still runs is closed first.
    pub async fn restart(&mut self) -> Result<()> {
        self.close().await?;
        let driver = Driver::start(&self.folder).await?;
        let client = driver.open_session().await?;
        self.running = Some(Running { client, driver });
        Ok(())
    }

    /// Ends the program as a power cut would, in the middle of whatever it does.
    pub async fn kill_9(&mut self) -> Result<()> {
        let pids = self.pids()?;
        if pids.is_empty() {
            bail!("No program runs for {}", self.folder.data().display());
        }
        for pid in pids {
            process::kill_9(pid)?;
        }
        self.wait_until_gone().await?;
        self.running = None;
        Ok(())
    }

    /// Closes the window as a person would, then ends the session. Does nothing twice.
    pub async fn close(&mut self) -> Result<()> {
        let Some(Running { client, driver }) = self.running.take() else {
            return Ok(());
        };
        // The last window takes the program and so the session with it: the driver may report the
        // loss of either. What counts is that the program is gone.
        drop(client.close_window().await);
        drop(client.close().await);
        self.wait_until_gone().await.with_context(|| {
            format!(
                "Closing the window; the log is in {}",
                driver.log().display()
            )
        })
    }

    /// The WebDriver session, for what has no method here.
    pub fn client(&self) -> Result<&Client> {
        self.running
            .as_ref()
            .map(|running| &running.client)
            .context("The desk is not running")
    }

    pub(crate) fn log(&self) -> Option<&std::path::Path> {
        self.running.as_ref().map(|running| running.driver.log())
    }

    fn pids(&self) -> Result<Vec<u32>> {
        process::pids(&app()?, &self.folder.data())
    }

    async fn wait_until_gone(&self) -> Result<()> {
        let started_at = Instant::now();
        while !self.pids()?.is_empty() {
            if started_at.elapsed() > START_PATIENCE {
                bail!("The program does not end");
            }
            tokio::time::sleep(LOOK_EVERY).await;
        }
        Ok(())
    }
}

impl Drop for Desk {
    /// A test that failed leaves its program running, and the driver would not end it.
    fn drop(&mut self) {
        for pid in self.pids().unwrap_or_default() {
            drop(process::kill_9(pid));
        }
    }
}
