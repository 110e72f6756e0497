//! 导入: all rows of a file or a message, or none. Registering them is one commit.
//!
//! An order's identity is made of its source and number with a secret of this center, so the same
//! number is the same order whatever happened in between, and nobody can work out its query code.

use anyhow::{Result, ensure};
use center::RecordChange;
use center::{Acted, Errand, Records as _, Written};
use chrono::{DateTime, Utc};
use domain::clock_face::date_of;
use domain::matter::Source;
use domain::{ActorId, Command};
use hmac::{Hmac, KeyInit as _, Mac as _};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use wire::{Act, RuleSays, Subject};
use wording::reference::wire_name;
use wording::text;

use super::fields::{CellFault, Field};
use super::order::{self, UpstreamOrder};
use super::table::Row;
use crate::delivery::CENTER_ACTOR;
use crate::hex::{from_hex, to_hex};
use crate::number;
use crate::reference::tables;
use crate::writer::Desk;

/// 上级工单: the order's identity by source and number of the superior. Drawn from the feed, so it
/// knows those that were typed in at a desk.
pub(crate) const KNOWN: &str = "upstream_order";
const SECRET: &str = "center_secret";
const SECRET_KEY: &str = "subjects";
const SECRET_BYTES: usize = 32;

/// What is known of an order of a superior.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Known {
    pub(crate) subject: String,
    pub(crate) number: String,
}

/// What became of a row, or would become of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Became {
    /// 已登记 under this number; empty in a preview.
    Registered { number: String },
    /// 已有此单.
    Known { number: String },
}

/// A row with what is wrong with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Faulty {
    /// The number of the row.
    pub row: u32,
    pub faults: Vec<CellFault>,
}

/// What became of all rows, in their order; or of none, for these faults.
pub type Imported = Result<Vec<(Row, Became)>, Vec<Faulty>>;

/// Whether anything is to be changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wish {
    Preview,
    Import,
}

/// Registers what the rows say. For the writer alone.
pub fn import(
    desk: &mut Desk,
    source: Source,
    rows: Vec<Row>,
    now: DateTime<Utc>,
    wish: Wish,
) -> Result<Imported> {
    let mut faulty = Vec::new();
    let mut orders: Vec<(Row, UpstreamOrder)> = Vec::with_capacity(rows.len());
    for row in rows {
        match order::read(&row.cells, source, tables()) {
            Ok(order) if orders.iter().any(|(_, it)| it.number == order.number) => {
                let fault = CellFault::of(Field::Number, "与前面的行重复");
                faulty.push(Faulty {
                    row: row.number,
                    faults: vec![fault],
                });
            }
            Ok(order) => orders.push((row, order)),
            Err(faults) => faulty.push(Faulty {
                row: row.number,
                faults,
            }),
        }
    }
    if !faulty.is_empty() {
        return Ok(Err(faulty));
    }
    let mut planned: Vec<(Row, UpstreamOrder, String, Option<Known>)> = Vec::new();
    for (row, order) in orders {
        let subject = subject_of(desk, source, &order.number)?;
        let known = known(desk, source, &order.number, &subject)?;
        planned.push((row, order, subject, known));
    }
    let n_new = planned.iter().filter(|(.., known)| known.is_none()).count();
    let mut numbers = match wish {
        Wish::Preview => vec![String::new(); n_new],
        Wish::Import => number::take(
            &mut *desk.records,
            date_of(now),
            u32::try_from(n_new).unwrap_or(u32::MAX),
        )?,
    }
    .into_iter();
    let mut plan = desk.center.plan()?;
    let mut became = Vec::with_capacity(planned.len());
    for (row, order, subject, known) in planned {
        if let Some(Known { number, .. }) = known {
            became.push((row, Became::Known { number }));
            continue;
        }
        let number = numbers.next().unwrap_or_default();
        let key = source_key(source, &order.number);
        for (id, command) in commands(&key, &number, order) {
            let errand = Errand {
                actor: ActorId(CENTER_ACTOR.to_owned()),
                subject: subject.clone(),
                id,
                act: Act::Order(command),
                seen_version: None,
            };
            if let Acted::Refused(says) = plan.act(&errand, now)? {
                faulty.push(Faulty {
                    row: row.number,
                    faults: vec![fault_of(&says)],
                });
                break;
            }
        }
        became.push((row, Became::Registered { number }));
    }
    let planned = plan.finish();
    if !faulty.is_empty() {
        return Ok(Err(faulty));
    }
    if wish == Wish::Import {
        desk.center.commit(planned)?;
    }
    Ok(Ok(became))
}

fn commands(key: &str, number: &str, order: UpstreamOrder) -> Vec<(String, Command)> {
    let register = Command::Register {
        number: number.to_owned(),
        matter: Box::new(order.matter),
    };
    let mut commands = vec![(format!("upstream-{key}"), register)];
    let limit = order.limit.map(|(upstream, document)| {
        let set = Command::SetUpstreamLimit { upstream, document };
        (format!("upstream-{key}-limit"), set)
    });
    commands.extend(limit);
    commands
}

pub(super) fn fault_of(says: &RuleSays) -> CellFault {
    let message = match says {
        RuleSays::Order(refusal) => text::refusal(refusal),
        other @ (RuleSays::Article(_)
        | RuleSays::Task(_)
        | RuleSays::Case(_)
        | RuleSays::Catalogue(_)
        | RuleSays::Assessment(_)
        | RuleSays::Dossier(_)
        | RuleSays::EarlyWarning(_)
        | RuleSays::OtherSubject) => other.to_string(),
    };
    CellFault {
        field: None,
        message,
    }
}

/// The order of a superior that is here already, whether it was imported or typed in at a desk.
pub(super) fn known(
    desk: &Desk,
    source: Source,
    number: &str,
    subject: &str,
) -> Result<Option<Known>> {
    if let Some(known) = find(&*desk.records, source, number)? {
        return Ok(Some(known));
    }
    // The rows may be behind the feed.
    let found = desk.center.subject(subject)?;
    let order = found.as_ref().and_then(Subject::order);
    Ok(order.map(|order| Known {
        subject: subject.to_owned(),
        number: order.number.clone(),
    }))
}

pub(crate) fn find(
    records: &dyn center::Records,
    source: Source,
    number: &str,
) -> Result<Option<Known>> {
    let body = records.get(KNOWN, &known_key(source, number))?;
    Ok(body.map(|body| serde_json::from_str(&body)).transpose()?)
}

/// The key of [`KNOWN`]: hashed, since what a superior calls an order may be of any length.
pub(crate) fn known_key(source: Source, number: &str) -> String {
    format!("{} {}", wire_name(&source), source_key(source, number))
}

/// What stands for source and number in the names of intents.
pub(super) fn source_key(source: Source, number: &str) -> String {
    let mut hash = Sha256::new();
    hash.update(b"hotline-desk/upstream-order/1\0");
    hash.update(wire_name(&source));
    hash.update(b"\0");
    hash.update(number);
    to_hex(hash.finalize().get(..16).unwrap_or_default())
}

/// The identity of an order of a superior.
fn subject_of(desk: &mut Desk, source: Source, number: &str) -> Result<String> {
    let secret = secret(desk)?;
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(&secret) else {
        unreachable!("HMAC takes keys of any length")
    };
    mac.update(wire_name(&source).as_bytes());
    mac.update(b"\0");
    mac.update(number.as_bytes());
    let mac = mac.finalize().into_bytes();
    let bytes = mac.first_chunk::<16>().copied().unwrap_or_default();
    Ok(uuid::Builder::from_random_bytes(bytes)
        .into_uuid()
        .to_string())
}

/// Made once and kept with the records: a center put back from a backup has it again.
fn secret(desk: &mut Desk) -> Result<Vec<u8>> {
    if let Some(body) = desk.records.get(SECRET, SECRET_KEY)? {
        let text: String = serde_json::from_str(&body)?;
        let secret = from_hex(&text).unwrap_or_default();
        ensure!(secret.len() == SECRET_BYTES, "The secret is damaged");
        return Ok(secret);
    }
    let mut secret = vec![0; SECRET_BYTES];
    getrandom::fill(&mut secret)?;
    let body = serde_json::to_string(&to_hex(&secret))?;
    let put = RecordChange::put(SECRET, SECRET_KEY, body).if_new();
    ensure!(
        desk.records.write(&[put])? == Written::Done,
        "Only the writer makes secrets"
    );
    Ok(secret)
}
