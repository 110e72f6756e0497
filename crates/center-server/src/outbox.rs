//! 外发: what leaves the house, to a gateway for short messages or to the city. It is a row before it
//! is sent, made by the follower from what the feed says, and the row is what remembers that it was
//! sent: nothing goes out twice for one reason, and nothing is forgotten.
//!
//! A row is never removed, because its identity says that this was done. What was sent loses its
//! body, and with it the telephone number that stood there.

pub mod sender;

use anyhow::{Context as _, Result, ensure};
use center::{Record, RecordChange, Records, Written};
use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use crate::follower::Sheet;

/// Every message by its identity.
const KIND: &str = "outbox";
/// When each that waits is to be tried, in order; the body is its identity.
const DUE: &str = "outbox_due";
/// Those that were given up, by identity.
const DEAD: &str = "outbox_dead";
/// Waits between tries, in seconds. After the last the message is given up.
pub const WAITS: [i64; 9] = [30, 120, 600, 1_800, 3_600, 7_200, 14_400, 28_800, 57_600];
/// Each wait is up to this part longer, by chance, so that what failed together is not tried together.
const JITTER_PERCENT: i64 = 25;
/// Characters of a reason that are kept.
const BECAUSE_MAX_CHARS: usize = 200;
const LATEST_MS: i64 = 9_999_999_999_999;
/// Messages that one act causes at most.
const REDACTED_MAX: usize = 1_000;

/// To whom.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(tag = "to", rename_all = "snake_case")]
pub enum Target {
    /// 回调地址, by the name it has in the configuration.
    Webhook { endpoint: String },
    /// 上级, by the name of its source.
    Upstream { source: String },
}

/// How far a message is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum Standing {
    Waiting {
        n_tries: usize,
        #[serde(with = "chrono::serde::ts_milliseconds")]
        next_at: DateTime<Utc>,
    },
    /// 已送达.
    Sent {
        #[serde(with = "chrono::serde::ts_milliseconds")]
        at: DateTime<Utc>,
    },
    /// 已放弃: a person may send it again.
    Dead {
        n_tries: usize,
        #[serde(with = "chrono::serde::ts_milliseconds")]
        at: DateTime<Utc>,
        because: String,
    },
}

/// 外发消息. Frozen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outgoing {
    /// Also the idempotency key for whoever receives it.
    pub id: String,
    #[serde(flatten)]
    pub target: Target,
    /// JSON, as it is sent; empty once it was.
    pub body: String,
    #[serde(with = "chrono::serde::ts_milliseconds")]
    pub made_at: DateTime<Utc>,
    #[serde(flatten)]
    pub standing: Standing,
}

/// What came of a try.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Tried {
    Done,
    /// It may work another time.
    Failed {
        because: String,
    },
    /// It will not work as it is.
    Rejected {
        because: String,
    },
}

impl Outgoing {
    /// One that is to be sent at once.
    pub fn new(id: String, target: Target, body: String, now: DateTime<Utc>) -> Self {
        Self {
            id,
            target,
            body,
            made_at: now,
            standing: Standing::Waiting {
                n_tries: 0,
                next_at: now,
            },
        }
    }

    /// The same after a try. `chance` is any number.
    #[must_use]
    pub fn after(self, tried: &Tried, now: DateTime<Utc>, chance: u32) -> Self {
        let Standing::Waiting { n_tries, .. } = self.standing else {
            return self;
        };
        let n_tries = n_tries + 1;
        let given_up = |because: &str| Standing::Dead {
            n_tries,
            at: now,
            because: because.chars().take(BECAUSE_MAX_CHARS).collect(),
        };
        let standing = match tried {
            Tried::Done => Standing::Sent { at: now },
            Tried::Rejected { because } => given_up(because),
            Tried::Failed { because } => match WAITS.get(n_tries - 1) {
                Some(seconds) => Standing::Waiting {
                    n_tries,
                    next_at: now + wait(*seconds, chance),
                },
                None => given_up(because),
            },
        };
        let is_sent = matches!(standing, Standing::Sent { .. });
        Self {
            body: if is_sent { String::new() } else { self.body },
            standing,
            ..self
        }
    }

    fn due_key(&self) -> Option<String> {
        match &self.standing {
            Standing::Waiting { next_at, .. } => {
                let ms = next_at.timestamp_millis().clamp(0, LATEST_MS);
                Some(format!("{ms:013} {}", self.id))
            }
            Standing::Sent { .. } | Standing::Dead { .. } => None,
        }
    }
}

fn wait(seconds: i64, chance: u32) -> TimeDelta {
    let longest_extra = seconds * 1_000 * JITTER_PERCENT / 100;
    let extra = i64::from(chance) % (longest_extra + 1);
    TimeDelta::milliseconds(seconds * 1_000 + extra)
}

/// Draws a message, unless it was ever drawn before.
pub fn draw(sheet: &mut Sheet<'_>, outgoing: &Outgoing) -> Result<()> {
    if sheet.get(KIND, &outgoing.id)?.is_some() {
        return Ok(());
    }
    sheet.write(KIND, outgoing.id.clone(), outgoing)?;
    if let Some(key) = outgoing.due_key() {
        sheet.put(DUE, key, outgoing.id.clone());
    }
    Ok(())
}

/// 涂销: takes out what is in the messages whose identities begin so and that were given up. One that waits
/// loses it when it is sent.
pub(crate) fn redact(sheet: &mut Sheet<'_>, beginning: &str) -> Result<()> {
    for row in sheet.range(KIND, beginning, REDACTED_MAX)? {
        let mut outgoing: Outgoing =
            serde_json::from_str(&row.body).context("Reading a message")?;
        if matches!(outgoing.standing, Standing::Dead { .. }) && !outgoing.body.is_empty() {
            outgoing.body.clear();
            sheet.write(KIND, row.key, &outgoing)?;
        }
    }
    Ok(())
}

/// Puts a message there, unless it ever was; whether it is new.
pub fn put(records: &mut dyn Records, outgoing: &Outgoing) -> Result<bool> {
    let mut changes = vec![
        RecordChange::put(KIND, outgoing.id.clone(), serde_json::to_string(outgoing)?).if_new(),
    ];
    let due = outgoing.due_key();
    changes.extend(due.map(|key| RecordChange::put(DUE, key, outgoing.id.clone())));
    Ok(records.write(&changes)? == Written::Done)
}

/// The messages whose time has come, the longest due first, but for those to whom `rests` says that
/// nothing is sent now: a receiver that does not answer keeps nobody else waiting.
pub fn due(
    records: &dyn Records,
    now: DateTime<Utc>,
    n_max: usize,
    rests: impl Fn(&Target) -> bool,
) -> Result<Vec<Outgoing>> {
    let mut due = Vec::new();
    let mut from = String::new();
    loop {
        let rows = records.range(DUE, "", &from, n_max)?;
        let is_last_page = rows.len() < n_max;
        for Record { key, body: id } in rows {
            let at_ms = key.split(' ').next().and_then(|it| it.parse::<i64>().ok());
            if at_ms.is_none_or(|at_ms| at_ms > now.timestamp_millis()) {
                return Ok(due);
            }
            let outgoing = find(records, &id)?;
            let outgoing = outgoing.with_context(|| format!("{id} is due and not there"))?;
            if !rests(&outgoing.target) {
                due.push(outgoing);
            }
            if due.len() == n_max {
                return Ok(due);
            }
            from = format!("{key}\u{1}");
        }
        if is_last_page {
            return Ok(due);
        }
    }
}

pub fn find(records: &dyn Records, id: &str) -> Result<Option<Outgoing>> {
    let body = records.get(KIND, id)?;
    let read = body.map(|body| serde_json::from_str(&body));
    read.transpose().context("Reading a message")
}

/// The messages that were given up.
pub fn dead(records: &dyn Records, n_max: usize) -> Result<Vec<Outgoing>> {
    let rows = records.range(DEAD, "", "", n_max)?;
    let each = rows.into_iter().map(|row| find(records, &row.key));
    Ok(each
        .collect::<Result<Vec<_>>>()?
        .into_iter()
        .flatten()
        .collect())
}

/// Puts a message that was given up to its place again; whether there was one.
pub fn again(records: &mut dyn Records, id: &str, now: DateTime<Utc>) -> Result<bool> {
    let Some(before) = find(records, id)? else {
        return Ok(false);
    };
    if !matches!(before.standing, Standing::Dead { .. }) {
        return Ok(false);
    }
    let after = Outgoing {
        standing: Standing::Waiting {
            n_tries: 0,
            next_at: now,
        },
        ..before.clone()
    };
    replace(records, &before, &after)?;
    Ok(true)
}

/// Keeps what came of a try.
pub fn settle(
    records: &mut dyn Records,
    before: &Outgoing,
    tried: &Tried,
    now: DateTime<Utc>,
    chance: u32,
) -> Result<Outgoing> {
    let after = before.clone().after(tried, now, chance);
    replace(records, before, &after)?;
    Ok(after)
}

fn replace(records: &mut dyn Records, before: &Outgoing, after: &Outgoing) -> Result<()> {
    let stood = serde_json::to_string(before)?;
    let mut changes = vec![
        RecordChange::put(KIND, after.id.clone(), serde_json::to_string(after)?).if_still(stood),
    ];
    changes.extend(before.due_key().map(|key| RecordChange::remove(DUE, key)));
    changes.extend(
        after
            .due_key()
            .map(|key| RecordChange::put(DUE, key, after.id.clone())),
    );
    let id = after.id.clone();
    changes.push(match after.standing {
        Standing::Dead { .. } => RecordChange::put(DEAD, id, "{}"),
        Standing::Waiting { .. } | Standing::Sent { .. } => RecordChange::remove(DEAD, id),
    });
    ensure!(
        records.write(&changes)? == Written::Done,
        "{} was changed by another",
        after.id
    );
    Ok(())
}

#[cfg(test)]
mod tests {
    use center::MemoryRecords;

    use super::*;

    fn at(seconds: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(1_795_395_600 + seconds, 0).unwrap()
    }

    fn message(id: &str) -> Outgoing {
        let target = Target::Webhook {
            endpoint: "sms".to_owned(),
        };
        Outgoing::new(
            id.to_owned(),
            target,
            "{\"phone\":\"13800001234\"}".to_owned(),
            at(0),
        )
    }

    fn nobody(_: &Target) -> bool {
        false
    }

    #[test]
    fn who_does_not_answer_keeps_nobody_else_waiting() {
        let mut records = MemoryRecords::default();
        let to = |endpoint: &str| Target::Webhook {
            endpoint: endpoint.to_owned(),
        };
        for n in 0..60 {
            let id = format!("{n:02}");
            let silent = Outgoing::new(id, to("silent"), "{}".to_owned(), at(0));
            assert!(put(&mut records, &silent).unwrap());
        }
        let lively = Outgoing::new("99".to_owned(), to("lively"), "{}".to_owned(), at(0));
        assert!(put(&mut records, &lively).unwrap());
        let rests = |target: &Target| *target == to("silent");
        assert_eq!(due(&records, at(1), 50, rests).unwrap(), [lively]);
        assert_eq!(due(&records, at(1), 50, nobody).unwrap().len(), 50);
    }

    fn failed() -> Tried {
        Tried::Failed {
            because: "连接不上".to_owned(),
        }
    }

    #[test]
    fn each_try_waits_longer_and_after_a_day_and_a_half_it_is_given_up() {
        let mut records = MemoryRecords::default();
        assert!(put(&mut records, &message("1")).unwrap());
        assert!(!put(&mut records, &message("1")).unwrap());
        let mut now = at(0);
        let mut waits = Vec::new();
        loop {
            let one = due(&records, now, 10, nobody).unwrap().pop().unwrap();
            let after = settle(&mut records, &one, &failed(), now, 0).unwrap();
            match after.standing {
                Standing::Waiting { next_at, .. } => {
                    assert_eq!(
                        due(&records, next_at - TimeDelta::milliseconds(1), 10, nobody).unwrap(),
                        []
                    );
                    waits.push((next_at - now).num_seconds());
                    now = next_at;
                }
                Standing::Dead { n_tries, .. } => {
                    assert_eq!(n_tries, WAITS.len() + 1);
                    break;
                }
                Standing::Sent { .. } => panic!("nothing was sent"),
            }
        }
        assert_eq!(waits, WAITS);
        assert_eq!(due(&records, at(9_999_999), 10, nobody).unwrap(), []);
        assert_eq!(dead(&records, 10).unwrap().len(), 1);
        // A person has seen to it.
        assert!(again(&mut records, "1", now).unwrap());
        assert!(!again(&mut records, "1", now).unwrap());
        let one = due(&records, now, 10, nobody).unwrap().pop().unwrap();
        let sent = settle(&mut records, &one, &Tried::Done, now, 0).unwrap();
        assert_eq!(
            (sent.body.as_str(), dead(&records, 10).unwrap().len()),
            ("", 0)
        );
        assert!(!put(&mut records, &message("1")).unwrap());
    }

    #[test]
    fn chance_makes_a_wait_longer_by_a_quarter_at_most() {
        for chance in [0, 1, 7_499, 7_500, 7_501, u32::MAX] {
            let wait = wait(30, chance).num_milliseconds();
            assert!((30_000..=37_500).contains(&wait), "{chance}: {wait}");
        }
        assert_ne!(wait(30, 1), wait(30, 2));
    }

    #[test]
    fn what_is_rejected_is_given_up_at_once() {
        let mut records = MemoryRecords::default();
        assert!(put(&mut records, &message("1")).unwrap());
        let because = "长".repeat(5_000);
        let one = due(&records, at(0), 10, nobody).unwrap().pop().unwrap();
        settle(&mut records, &one, &Tried::Rejected { because }, at(0), 0).unwrap();
        let dead = dead(&records, 10).unwrap().pop().unwrap();
        let Standing::Dead {
            n_tries, because, ..
        } = dead.standing
        else {
            panic!("{dead:?}")
        };
        assert_eq!((n_tries, because.chars().count()), (1, BECAUSE_MAX_CHARS));
    }
}
