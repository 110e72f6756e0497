//! What the real notification daemon (dunst) of this D-Bus session was asked to show.

use std::process::{Command, Stdio};
use std::time::Instant;

use anyhow::{Context as _, Result, bail, ensure};
use serde_json::Value;

use crate::{LOOK_EVERY, PATIENCE};

/// A notification as it reached the daemon.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notification {
    pub app: String,
    pub summary: String,
    pub body: String,
}

/// The daemon's memory since [`Notifications::listen`].
#[derive(Debug)]
pub struct Notifications {
    /// Ids of what was shown before.
    after_id: i64,
}

impl Notifications {
    /// Starts listening; starts the daemon where none runs yet.
    pub async fn listen() -> Result<Self> {
        if dunstctl(&["is-paused"]).is_err() {
            Command::new("dunst")
                .stdin(Stdio::null())
                .stdout(Stdio::null())
                .stderr(Stdio::null())
                .spawn()
                .context("Starting dunst")?;
            let started_at = Instant::now();
            while dunstctl(&["is-paused"]).is_err() {
                if started_at.elapsed() > PATIENCE {
                    bail!("dunst does not answer: does another notification daemon run here?");
                }
                tokio::time::sleep(LOOK_EVERY).await;
            }
        }
        let after_id = remembered()?.iter().map(|(id, _)| *id).max().unwrap_or(0);
        Ok(Self { after_id })
    }

    /// Everything since, oldest first. Takes off the screen what is still shown there, as dunst
    /// remembers only what it no longer shows.
    pub fn shown(&self) -> Result<Vec<Notification>> {
        let mut since = remembered()?;
        since.retain(|(id, _)| *id > self.after_id);
        since.sort_by_key(|(id, _)| *id);
        Ok(since
            .into_iter()
            .map(|(_, notification)| notification)
            .collect())
    }

    /// Waits for a notification whose summary or body contains a text.
    pub async fn wait_for(&self, text: &str) -> Result<Notification> {
        let started_at = Instant::now();
        loop {
            let shown = self.shown()?;
            let found = shown
                .iter()
                .find(|shown| shown.summary.contains(text) || shown.body.contains(text));
            if let Some(found) = found {
                return Ok(found.clone());
            }
            if started_at.elapsed() > PATIENCE {
                bail!("No notification says “{text}”; there were: {shown:#?}");
            }
            tokio::time::sleep(LOOK_EVERY).await;
        }
    }

    /// Clicks the notification that is on the screen, as soon as one is.
    pub async fn click(&self) -> Result<()> {
        let started_at = Instant::now();
        while dunstctl(&["count", "displayed"])?.trim() == "0" {
            if started_at.elapsed() > PATIENCE {
                bail!("Nothing is shown that could be clicked");
            }
            tokio::time::sleep(LOOK_EVERY).await;
        }
        dunstctl(&["action", "0"]).map(drop)
    }
}

/// What dunst remembers, with its numbers.
fn remembered() -> Result<Vec<(i64, Notification)>> {
    dunstctl(&["close-all"])?;
    read_history(&dunstctl(&["history"])?)
}

fn dunstctl(words: &[&str]) -> Result<String> {
    let output = Command::new("dunstctl")
        .args(words)
        .stdin(Stdio::null())
        .output()
        .context("Starting dunstctl (Debian package dunst)")?;
    ensure!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr).trim()
    );
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// Reads the answer of `dunstctl history`: D-Bus values with their types, as busctl writes them.
fn read_history(json: &str) -> Result<Vec<(i64, Notification)>> {
    let history: Value = serde_json::from_str(json).context("Reading dunst's history")?;
    let list = history.pointer("/data/0").and_then(Value::as_array);
    let list = list.context("Finding the list in dunst's history")?;
    list.iter()
        .map(|entry| {
            let field = |name: &str| entry.pointer(&format!("/{name}/data"));
            let text = |name| field(name).and_then(Value::as_str).map(str::to_owned);
            let id = field("id")
                .and_then(Value::as_i64)
                .context("A notification has no id")?;
            let notification = Notification {
                app: text("appname").context("A notification has no app")?,
                summary: text("summary").context("A notification has no summary")?,
                body: text("body").unwrap_or_default(),
            };
            Ok((id, notification))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_dunsts_history() {
        let json = r#"{ "type": "aa{sv}", "data": [[
            { "body": {"type":"s","data":"剩余 30 分钟"}, "summary": {"type":"s","data":"转办即将到期"},
              "appname": {"type":"s","data":"热线工作台"}, "id": {"type":"i","data":3} } ]] }"#;
        let expected = Notification {
            app: "热线工作台".to_owned(),
            summary: "转办即将到期".to_owned(),
            body: "剩余 30 分钟".to_owned(),
        };
        assert_eq!(read_history(json).unwrap(), [(3, expected)]);
        assert!(read_history("nonsense").is_err());
    }
}
