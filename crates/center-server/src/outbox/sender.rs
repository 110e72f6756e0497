//! 发送: one thread takes what is due and sends it. It waits for nobody but the receiver, and not
//! long for that; a receiver that does not answer rests for a while, so that others are not kept.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Duration;

use anyhow::{Context as _, Result};
use chrono::{DateTime, TimeDelta, Utc};
use domain::work_order::ResultReturn;

use super::{Outgoing, Target, Tried};
use crate::office::Office;
use crate::upstream;
use crate::urging;
use crate::webhook;
use crate::writer::Desk;

/// How long a receiver has to answer.
const ANSWER_WITHIN: Duration = Duration::from_secs(10);
/// How long one that could not be reached is left alone.
const REST: TimeDelta = TimeDelta::seconds(20);
/// Messages sent before looking again at what is due.
const STEP: usize = 50;
/// How often it looks whether something has become due.
const LOOK_EVERY: Duration = Duration::from_secs(1);
/// How often limits are looked at.
const LIMITS_EVERY: TimeDelta = TimeDelta::seconds(15);
/// Bytes of an answer that are read.
const ANSWER_MAX_BYTES: u64 = 64 << 10;

/// An answer of a receiver.
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) body: String,
}

/// Starts the thread.
pub(crate) fn start(office: Arc<Office>) -> Result<JoinHandle<()>> {
    let mut sender = Sender {
        sending: Sending { agent: agent() },
        resting: BTreeMap::new(),
        told: BTreeSet::new(),
        urged: BTreeSet::new(),
        limits_at: None,
        office,
    };
    std::thread::Builder::new()
        .name("sender".to_owned())
        .spawn(move || sender.run())
        .context("Starting the sender")
}

fn agent() -> ureq::Agent {
    let config = ureq::Agent::config_builder()
        .timeout_global(Some(ANSWER_WITHIN))
        .http_status_as_error(false)
        // A receiver is where the administrator says it is.
        .max_redirects(0)
        .max_redirects_will_error(false)
        .build();
    config.into()
}

/// The way out.
pub(crate) struct Sending {
    agent: ureq::Agent,
}

impl Sending {
    /// Sends JSON; `Err` says why there was no answer.
    pub(crate) fn post(
        &self,
        url: &str,
        headers: &[(&str, &str)],
        body: &str,
    ) -> Result<Answer, String> {
        let mut request = self
            .agent
            .post(url)
            .header("content-type", "application/json; charset=utf-8");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let response = request.send(body).map_err(|error| why(&error).to_owned())?;
        let status = response.status().as_u16();
        let mut body = response.into_body();
        let body = body
            .with_config()
            .limit(ANSWER_MAX_BYTES)
            .read_to_string()
            .unwrap_or_default();
        Ok(Answer { status, body })
    }
}

struct Sender {
    office: Arc<Office>,
    sending: Sending,
    resting: BTreeMap<Target, DateTime<Utc>>,
    /// Limits whose message was made; which of them were made before is in their messages.
    told: BTreeSet<String>,
    /// Limits whose unit was urged.
    urged: BTreeSet<String>,
    limits_at: Option<DateTime<Utc>>,
}

impl Sender {
    fn run(&mut self) {
        let Ok(runtime) = tokio::runtime::Builder::new_current_thread()
            .enable_time()
            .build()
        else {
            tracing::error!("The sender has nothing to wait with");
            return;
        };
        while !self.office.is_stopping() {
            if let Err(error) = self.turn() {
                tracing::error!(error = format!("{error:#}"), "Nothing was sent");
            }
            runtime.block_on(async {
                tokio::select! {
                    () = tokio::time::sleep(LOOK_EVERY) => {}
                    () = self.office.stopped() => {}
                }
            });
        }
    }

    fn turn(&mut self) -> Result<()> {
        let office = Arc::clone(&self.office);
        let now = office.clock.now();
        let reader = office.readers.open()?;
        let is_time = self
            .limits_at
            .is_none_or(|at| now - at >= LIMITS_EVERY || now < at);
        if is_time {
            urging::urge_due(&office, &reader, &mut self.urged, now)?;
            let references = office.references();
            let endpoints = &office.config.webhooks;
            let made = webhook::tell_due(&reader, &references, endpoints, &mut self.told, now)?;
            for webhook::Told { key, outgoing } in made {
                let put = move |desk: &mut Desk| {
                    let put = |it| super::put(&mut *desk.records, it);
                    outgoing.iter().map(put).collect::<Result<Vec<bool>>>()
                };
                office.writer.alone_waiting(put)?.done_blocking()?;
                self.told.insert(key);
            }
            self.limits_at = Some(now);
        }
        if let Err(error) = upstream::record_states(&office, &reader) {
            tracing::error!(
                error = format!("{error:#}"),
                "What was sent is not in every story"
            );
        }
        let rests = |target: &Target| {
            let until = self.resting.get(target);
            until.is_some_and(|until| *until > now)
        };
        for outgoing in super::due(&*reader.records, now, STEP, rests)? {
            if office.is_stopping() {
                break;
            }
            let began_at = office.clock.now();
            let rests = self.resting.get(&outgoing.target);
            if rests.is_some_and(|until| *until > began_at) {
                continue;
            }
            let (tried, state) = self.send(&outgoing);
            self.keep(outgoing, tried, state, began_at)?;
        }
        Ok(())
    }

    fn send(&self, outgoing: &Outgoing) -> (Tried, Option<ResultReturn>) {
        match &outgoing.target {
            Target::Webhook { endpoint } => (self.send_webhook(endpoint, outgoing), None),
            Target::Upstream { source } => {
                upstream::push(&self.office, &self.sending, source, outgoing)
            }
        }
    }

    fn send_webhook(&self, name: &str, outgoing: &Outgoing) -> Tried {
        let mut endpoints = self.office.config.webhooks.iter();
        let Some(endpoint) = endpoints.find(|it| it.name == name) else {
            let because = format!("配置中没有名为 {name} 的回调地址");
            return Tried::Rejected { because };
        };
        let now = self.office.clock.now();
        // A header has no spaces in it, and the identity has.
        let id = outgoing.id.replace(' ', "_");
        let headers = webhook::sign(&endpoint.secret, &id, now, &outgoing.body);
        let headers: Vec<(&str, &str)> = headers
            .iter()
            .map(|(name, value)| (*name, value.as_str()))
            .collect();
        match self.sending.post(&endpoint.url, &headers, &outgoing.body) {
            Ok(answer) => tried(answer.status),
            Err(because) => Tried::Failed { because },
        }
    }

    fn keep(
        &mut self,
        outgoing: Outgoing,
        tried: Tried,
        state: Option<ResultReturn>,
        began_at: DateTime<Utc>,
    ) -> Result<()> {
        if let Tried::Failed { because } = &tried {
            tracing::warn!(id = outgoing.id, because, "A message waits");
            self.resting
                .insert(outgoing.target.clone(), began_at + REST);
        } else {
            self.resting.remove(&outgoing.target);
        }
        if let Tried::Rejected { because } = &tried {
            tracing::error!(id = outgoing.id, because, "A message was given up");
        }
        let chance = getrandom::u32().unwrap_or_default();
        // What was sent must not be sent again: this waits for its turn.
        let settled = self.office.writer.alone_waiting(move |desk| {
            super::settle(&mut *desk.records, &outgoing, &tried, began_at, chance)
        });
        let settled = settled?.done_blocking()?;
        upstream::settled(&self.office, &settled, state)
    }
}

/// What an answer means.
pub(crate) fn tried(status: u16) -> Tried {
    let because = format!("对方答复 HTTP {status}");
    match status {
        200..300 => Tried::Done,
        408 | 425 | 429 | 500.. => Tried::Failed { because },
        _ => Tried::Rejected { because },
    }
}

/// Why there was no answer. The address may have a token in it, so it is not told.
fn why(error: &ureq::Error) -> &'static str {
    use ureq::Error as E;
    if matches!(error, E::Timeout(_)) {
        "对方没有及时应答"
    } else if matches!(error, E::Tls(_) | E::Rustls(_)) {
        "对方的证书不可信"
    } else if matches!(error, E::HostNotFound) {
        "找不到对方的主机"
    } else if matches!(error, E::BadUri(_)) {
        "对方的地址不对"
    } else {
        "连接不上对方"
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_an_answer_means() {
        for status in [200, 202, 204] {
            assert_eq!(tried(status), Tried::Done);
        }
        for status in [408, 425, 429, 500, 503, 599] {
            assert!(matches!(tried(status), Tried::Failed { .. }), "{status}");
        }
        for status in [301, 400, 401, 404, 410, 422] {
            assert!(matches!(tried(status), Tried::Rejected { .. }), "{status}");
        }
    }
}
