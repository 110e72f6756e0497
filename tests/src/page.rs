//! Looking at the page: by test id, with a bounded wait and a useful failure.

use std::path::Path;
use std::time::Instant;

use anyhow::{Context as _, Error, Result};
use fantoccini::elements::Element;
use fantoccini::{Client, Locator};
use serde_json::Value;

use crate::folder::artifacts;
use crate::{Desk, LOOK_EVERY, PATIENCE};

/// How much of the page's text a failure tells.
const TEXT_AT_MOST: usize = 4000;

/// What stands first in a failure: where the focus is, what the fields hold, what was refused.
const STATE: &str = "
    const shown = (selector) => Array.from(document.querySelectorAll(selector)).filter(element => element.checkVisibility());
    const name = (element) => element.closest('[data-testid]')?.dataset.testid ?? element.tagName.toLowerCase();
    return [
        `focus: ${name(document.activeElement)}${document.hasFocus() ? '' : ' (the window has none)'}`,
        ...shown('[role=alert], [role=listbox]').map(element => `${name(element)}: ${element.innerText}`),
        ...shown('input, textarea').map(field => `${name(field)} = ${field.value.slice(0, 60)}`),
    ].join('\\n')";

/// The texts of all shown elements with a test id.
const TEXTS: &str = "
    return Array.from(document.querySelectorAll(arguments[0]))
        .filter(element => element.checkVisibility())
        .map(element => element.innerText)";

/// Answers two frames after the last transition has ended.
const PAINTED: &str = "
    const done = arguments[0];
    const running = document.getAnimations().filter(animation => animation.effect.getComputedTiming().endTime < 2000);
    Promise.allSettled(running.map(animation => animation.finished))
        .then(() => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done, 200))))";

impl Desk {
    /// Finds a shown element that must be there now.
    pub async fn find(&self, testid: &str) -> Result<Element> {
        let found = shown(self.client()?, testid).await?;
        found.with_context(|| format!("No element `{testid}` is shown"))
    }

    /// Waits for an element to be shown.
    pub async fn wait_for(&mut self, testid: &str) -> Result<Element> {
        let what = format!("`{testid}` to be shown");
        self.wait_until(&what, async |client| shown(client, testid).await)
            .await
    }

    /// Waits until no element with the test id is shown.
    pub async fn wait_gone(&mut self, testid: &str) -> Result<()> {
        let what = format!("`{testid}` to be gone");
        self.wait_until(&what, async |client| {
            Ok(shown(client, testid).await?.is_none().then_some(()))
        })
        .await
    }

    /// Waits until an element with the test id contains a text; the whole text of that element.
    pub async fn wait_text(&mut self, testid: &str, contains: &str) -> Result<String> {
        let what = format!("`{testid}` to say “{contains}”");
        self.wait_until(&what, async |client| {
            let texts = texts(client, testid).await?;
            Ok(texts.into_iter().find(|text| text.contains(contains)))
        })
        .await
    }

    /// Waits until as many elements with the test id are shown.
    pub async fn wait_count(&mut self, testid: &str, n: usize) -> Result<()> {
        let what = format!("{n} × `{testid}`");
        self.wait_until(&what, async |client| {
            Ok((texts(client, testid).await?.len() == n).then_some(()))
        })
        .await
    }

    /// The texts of the shown elements with the test id, in the order of the page.
    pub async fn texts(&self, testid: &str) -> Result<Vec<String>> {
        texts(self.client()?, testid).await
    }

    /// Waits for an element and clicks it.
    pub async fn click(&mut self, testid: &str) -> Result<()> {
        let element = self.wait_for(testid).await?;
        element
            .click()
            .await
            .with_context(|| format!("Clicking `{testid}`"))
    }

    /// Looks again and again until `look` finds something.
    pub async fn wait_until<T>(
        &mut self,
        what: &str,
        mut look: impl AsyncFnMut(&Client) -> Result<Option<T>>,
    ) -> Result<T> {
        let started_at = Instant::now();
        loop {
            // A page that is being replaced may fail to answer: that is no answer yet.
            let seen = look(self.client()?).await;
            if let Ok(Some(found)) = seen {
                return Ok(found);
            }
            if started_at.elapsed() > PATIENCE {
                let failure = self.failure(what).await;
                return Err(seen.err().map_or_else(
                    || Error::msg(failure.clone()),
                    |fault| fault.context(failure.clone()),
                ));
            }
            tokio::time::sleep(LOOK_EVERY).await;
        }
    }

    /// Runs a script in the page: the body of a function of `arguments`.
    pub async fn script(&self, body: &str, arguments: Vec<Value>) -> Result<Value> {
        self.client()?
            .execute(body, arguments)
            .await
            .context("Running a script in the page")
    }

    /// Saves what the window shows as PNG, once it has painted what the page holds.
    pub async fn screenshot(&self, path: &Path) -> Result<()> {
        let client = self.client()?;
        client
            .execute_async(PAINTED, Vec::new())
            .await
            .context("Waiting for the window to paint")?;
        let picture = client
            .screenshot()
            .await
            .context("Photographing the window")?;
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder)?;
        }
        std::fs::write(path, picture).with_context(|| format!("Writing {}", path.display()))
    }

    /// Gives the window a size, in pixels of the screen.
    pub async fn set_window_size(&self, width: u32, height: u32) -> Result<()> {
        self.client()?
            .set_window_size(width, height)
            .await
            .context("Resizing the window")
    }

    /// What to tell when a wait is over: what the page said, and where the pictures are.
    pub(crate) async fn failure(&mut self, what: &str) -> String {
        self.n_failures += 1;
        let name = format!("{}-failure-{}.png", self.folder().name(), self.n_failures);
        let picture = match artifacts().map(|folder| folder.join(name)) {
            Ok(path) => match self.screenshot(&path).await {
                Ok(()) => path.display().to_string(),
                Err(fault) => format!("none ({fault:#})"),
            },
            Err(fault) => format!("none ({fault:#})"),
        };
        let state = self.told(STATE).await;
        let text = self.told("return document.body.innerText").await;
        // Empty lines between blocks would push out of a short report what it is read for.
        let text: Vec<&str> = text.lines().filter(|line| !line.is_empty()).collect();
        let text: String = text.join("\n").chars().take(TEXT_AT_MOST).collect();
        let log = self
            .log()
            .map_or_else(String::new, |log| log.display().to_string());
        format!(
            "{}: waited {} s for {what}\nscreenshot: {picture}\nlog: {log}\n{state}\nthe page says:\n{text}\n",
            self.folder().name(),
            PATIENCE.as_secs()
        )
    }

    /// What a script says of the page, or that it says nothing.
    async fn told(&self, script: &str) -> String {
        match self.script(script, Vec::new()).await {
            Ok(text) => text.as_str().unwrap_or_default().to_owned(),
            Err(fault) => format!("(the page does not answer: {fault:#})"),
        }
    }
}

pub(crate) fn selector(testid: &str) -> String {
    format!("[data-testid=\"{testid}\"]")
}

/// The first shown element with the test id.
async fn shown(client: &Client, testid: &str) -> Result<Option<Element>> {
    for element in client.find_all(Locator::Css(&selector(testid))).await? {
        if element.is_displayed().await? {
            return Ok(Some(element));
        }
    }
    Ok(None)
}

async fn texts(client: &Client, testid: &str) -> Result<Vec<String>> {
    let texts = client.execute(TEXTS, vec![selector(testid).into()]).await?;
    serde_json::from_value(texts).context("Reading texts of the page")
}
