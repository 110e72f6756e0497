//! How long a person waits after a key, as the page itself sees it: from the key to the frame in which
//! what was waited for is painted. The driver's own time is in none of it.

use anyhow::{Context as _, Result};
use serde_json::Value;

use crate::{Desk, PATIENCE};

/// Begins to look, frame by frame, for a condition that holds after the latest key. It stands in the script
/// itself: the page makes no code of texts.
const LOOK: &str = "
    const [patience] = arguments;
    const holds = () => Boolean(CONDITION);
    const started = performance.now();
    let pressed = null;
    const note = (event) => { pressed = Math.max(pressed ?? 0, event.timeStamp) };
    addEventListener('keydown', note, true);
    window.waiting = new Promise((resolve) => {
        const end = (waited) => { removeEventListener('keydown', note, true); resolve(waited) };
        const look = () => {
            if (pressed !== null && holds()) {
                const seen = performance.now();
                requestAnimationFrame(() => end(Math.max(0, seen - pressed)));
            } else if (performance.now() - started > patience) end(null);
            else requestAnimationFrame(look);
        };
        requestAnimationFrame(look);
    })";
const WAITED: &str = "const done = arguments[0]; window.waiting.then(done)";

impl Desk {
    /// Does something with keys and answers how many milliseconds after the last of them the
    /// condition, an expression of the page, was painted.
    pub async fn waited_ms(
        &mut self,
        condition: &str,
        keys: impl AsyncFnOnce(&mut Self) -> Result<()>,
    ) -> Result<f64> {
        let patience = u64::try_from(PATIENCE.as_millis())?;
        let look = LOOK.replace("CONDITION", condition);
        self.script(&look, vec![Value::from(patience)]).await?;
        keys(self).await?;
        let waited = self.client()?.execute_async(WAITED, Vec::new()).await;
        let waited = waited.context("Waiting in the page")?;
        match waited.as_f64() {
            Some(ms) => Ok(ms),
            None => Err(anyhow::Error::msg(self.failure(condition).await)),
        }
    }
}
