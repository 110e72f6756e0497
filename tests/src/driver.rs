//! The WebDriver server of one desk, and the session that opens the window.

use std::fs::File;
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Instant;

use anyhow::{Context as _, Result, bail};
use fantoccini::wd::Capabilities;
use fantoccini::{Client, ClientBuilder};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::json;

use crate::folder::{DeskFolder, app, artifacts};
use crate::{LOOK_EVERY, START_PATIENCE};

/// A running driver; it ends with this value.
#[derive(Debug)]
pub(crate) struct Driver {
    process: Child,
    port: u16,
    log: PathBuf,
}

impl Driver {
    /// Starts the driver with the environment that the program is to inherit.
    pub(crate) async fn start(folder: &DeskFolder) -> Result<Self> {
        let port = free_port()?;
        let log = artifacts()?.join(format!("{}.log", folder.name()));
        let output = File::options().create(true).append(true).open(&log)?;
        let mut command = Command::new("WebKitWebDriver");
        command
            .arg(format!("--port={port}"))
            .arg("--host=127.0.0.1");
        folder.apply_to(&mut command);
        // Without it the web view refuses the session, and its creation hangs.
        command.env("TAURI_WEBVIEW_AUTOMATION", "true");
        let process = command
            .stdin(Stdio::null())
            .stdout(output.try_clone()?)
            .stderr(output)
            .spawn()
            .context("Starting WebKitWebDriver (Debian package webkit2gtk-driver)")?;
        let mut driver = Self { process, port, log };
        driver.wait_until_it_listens().await?;
        Ok(driver)
    }

    async fn wait_until_it_listens(&mut self) -> Result<()> {
        let started_at = Instant::now();
        while TcpStream::connect((Ipv4Addr::LOCALHOST, self.port)).is_err() {
            if let Some(status) = self.process.try_wait()? {
                bail!(
                    "WebKitWebDriver ended at once ({status}); see {}",
                    self.log.display()
                );
            }
            if started_at.elapsed() > START_PATIENCE {
                bail!(
                    "WebKitWebDriver does not listen; see {}",
                    self.log.display()
                );
            }
            tokio::time::sleep(LOOK_EVERY).await;
        }
        Ok(())
    }

    /// Has the driver start the program and take over its window.
    pub(crate) async fn open_session(&self) -> Result<Client> {
        let mut capabilities = Capabilities::new();
        let options = json!({ "binary": app()?, "args": [] });
        capabilities.insert("webkitgtk:browserOptions".to_owned(), options);
        let mut builder = ClientBuilder::new(HttpConnector::new());
        builder.capabilities(capabilities);
        let address = format!("http://127.0.0.1:{}", self.port);
        let opening = tokio::time::timeout(START_PATIENCE, builder.connect(&address)).await;
        opening
            .with_context(|| self.hint("The window did not open in time"))?
            .with_context(|| self.hint("The program did not become a session"))
    }

    /// What the driver and the program wrote.
    pub(crate) fn log(&self) -> &Path {
        &self.log
    }

    fn hint(&self, what: &str) -> String {
        format!("{what}; the program's words are in {}", self.log.display())
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        // It may have ended by itself: nothing is left to do then.
        drop(self.process.kill());
        drop(self.process.wait());
    }
}

/// A port that nobody listens on now.
fn free_port() -> Result<u16> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).context("Finding a free port")?;
    Ok(listener.local_addr()?.port())
}
