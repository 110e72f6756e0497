//! 审计: what was done at the center, chained as at the desks; and what the desks say of their chains,
//! kept here, so that one that is cut off or made anew is found from outside.
//!
//! Rows of the records, appended by the one writer, so no two have one number. What is shown or handed out
//! is recorded before; what is done, after it and before it is answered, since the feed and the records are
//! two connections. Nothing is lost by that: every command stands in the feed as well, with who gave it.

use ::audit::{
    Alg, Break, Chain, Claim, Digest, Entry, Head, Judgement, Link, Outcome, judge, verify,
};
use anyhow::{Context as _, Result, anyhow, ensure};
use center::{RecordChange, Records, Written};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use wire::{AuditClaim, AuditHead, AuditKept, DeskId, Hash};

use crate::office::Office;
use crate::readers::Reader;

/// The entries, by number.
const KIND: &str = "audit";
/// Where the chain ends: one row.
const HEAD_KIND: &str = "audit_head";
const HEAD_KEY: &str = "head";
/// What is kept of the chain of each desk.
const DESK_KIND: &str = "audit_desk";
/// Rows that are read at a time.
const PAGE: usize = 1_000;

/// A link as a row has it.
#[derive(Serialize, Deserialize)]
struct Row {
    n: u64,
    entry: Entry,
    alg: Alg,
    previous: Hash,
    hash: Hash,
}

/// What is kept of a desk's chain.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct DeskAudit {
    pub(crate) head: AuditHead,
    #[serde(with = "chrono::serde::ts_milliseconds")]
    pub(crate) at: DateTime<Utc>,
    /// How it was found not to go on from there, and what the desk said then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) broken: Option<DeskBreak>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum DeskBreak {
    CutOff,
    Rewritten,
}

/// An entry of the center itself.
pub(crate) fn entry(
    now: DateTime<Utc>,
    actor: &str,
    act: &str,
    object: &str,
    outcome: Outcome,
) -> Entry {
    Entry {
        at_ms: now.timestamp_millis(),
        actor: actor.to_owned(),
        desk: "中心".to_owned(),
        session: String::new(),
        act: act.to_owned(),
        object: object.to_owned(),
        purpose: String::new(),
        fields: Vec::new(),
        outcome,
    }
}

impl Office {
    /// Adds an entry to the center's chain. On the disk when it returns.
    pub(crate) async fn audit(&self, entry: Entry) -> Result<()> {
        let writing = self.writer.alone(move |desk| {
            append(&mut desk.records, entry, Vec::new())?;
            Ok(())
        });
        Ok(writing?.done().await?)
    }

    /// Takes what a desk says of its chain.
    pub(crate) async fn keep_desk_audit(
        &self,
        desk: DeskId,
        claim: AuditClaim,
    ) -> Result<AuditKept> {
        let now = self.clock.now();
        let writing = self
            .writer
            .alone(move |it| kept(&mut it.records, &desk, claim, now));
        Ok(writing?.done().await?)
    }

    /// 重新起算: an administrator knows why a desk's chain does not go on, and begins with what it says
    /// next. Whether there was anything to begin anew.
    pub(crate) async fn forget_desk_audit(&self, desk: DeskId) -> Result<bool> {
        let writing = self.writer.alone(move |it| {
            let is_kept = it.records.get(DESK_KIND, &desk.0)?.is_some();
            let _done = it
                .records
                .write(&[RecordChange::remove(DESK_KIND, desk.0)])?;
            Ok(is_kept)
        });
        Ok(writing?.done().await?)
    }
}

fn kept(
    records: &mut impl Records,
    desk: &DeskId,
    claim: AuditClaim,
    now: DateTime<Utc>,
) -> Result<AuditKept> {
    let before = desk_audit(records, &desk.0)?;
    let judged = judge(
        before.as_ref().map(|it| head_of(it.head)),
        Claim {
            kept: head_of(claim.kept),
            head: head_of(claim.head),
        },
    );
    let (kept, broken) = match (judged, &before) {
        (Judgement::Follows, _) | (_, None) => (claim.head, None),
        (Judgement::Prove, Some(before)) => (before.head, before.broken),
        (Judgement::CutOff, Some(before)) => (before.head, Some(DeskBreak::CutOff)),
        (Judgement::Rewritten, Some(before)) => (before.head, Some(DeskBreak::Rewritten)),
    };
    let is_sound = broken.is_none();
    let is_same = before
        .as_ref()
        .is_some_and(|it| it.head == kept && it.broken == broken);
    if !is_same {
        let (act, outcome) = if is_sound {
            ("desk_audit_kept", Outcome::Done)
        } else {
            tracing::warn!(
                desk = desk.0,
                ?broken,
                "A desk's audit does not go on from what is kept"
            );
            ("desk_audit_broken", Outcome::Refused)
        };
        let object = format!("{} {} {}", desk.0, kept.n, kept.hash);
        let body = serde_json::to_string(&DeskAudit {
            head: kept,
            at: now,
            broken,
        })?;
        let put = RecordChange::put(DESK_KIND, &desk.0, body);
        append(records, entry(now, "", act, &object, outcome), vec![put])?;
    }
    Ok(AuditKept { kept, is_sound })
}

/// Adds an entry, together with whatever belongs to it.
fn append(records: &mut impl Records, entry: Entry, with: Vec<RecordChange>) -> Result<()> {
    let head = head(records)?;
    let link = Link::after(head, entry);
    let row = Row {
        n: link.n,
        entry: link.entry.clone(),
        alg: link.alg,
        previous: Hash(link.previous.0),
        hash: Hash(link.hash.0),
    };
    let told = AuditHead {
        n: link.n,
        hash: Hash(link.hash.0),
    };
    let mut changes = with;
    changes.push(RecordChange::put(KIND, key(link.n), serde_json::to_string(&row)?).if_new());
    changes.push(RecordChange::put(
        HEAD_KIND,
        HEAD_KEY,
        serde_json::to_string(&told)?,
    ));
    match records.write(&changes)? {
        Written::Done => Ok(()),
        Written::Conflict => Err(anyhow!("Entry {} of the audit is there already", link.n)),
    }
}

fn head(records: &(impl Records + ?Sized)) -> Result<Head> {
    let body = records.get(HEAD_KIND, HEAD_KEY)?;
    let told: Option<AuditHead> = body.map(|body| serde_json::from_str(&body)).transpose()?;
    Ok(told.map_or(Head::START, head_of))
}

fn desk_audit(records: &(impl Records + ?Sized), desk: &str) -> Result<Option<DeskAudit>> {
    let body = records.get(DESK_KIND, desk)?;
    body.map(|body| serde_json::from_str(&body))
        .transpose()
        .context("Reading what is kept of a desk's audit")
}

fn head_of(head: AuditHead) -> Head {
    Head {
        n: head.n,
        hash: Digest(head.hash.0),
    }
}

fn key(n: u64) -> String {
    format!("{n:020}")
}

/// Reads the center's whole chain. Takes as long as that lasts.
pub(crate) fn verify_all(reader: &Reader) -> Result<std::result::Result<Head, Break>> {
    let records = &*reader.records;
    let told = head(records)?;
    let mut fault = None;
    let links = Pages {
        records,
        page: Vec::new().into_iter(),
        from: key(1),
    };
    let links = links.map_while(|link| link.map_err(|error| fault = Some(error)).ok());
    let found = verify(Chain::WHOLE, links, &[]);
    if let Some(error) = fault {
        return Err(error);
    }
    Ok(found.and_then(|end| {
        let flaw = if end.n < told.n {
            ::audit::Flaw::CutOff
        } else {
            ::audit::Flaw::Rewritten
        };
        let broken = Break { n: end.n + 1, flaw };
        (end == told).then_some(end).ok_or(broken)
    }))
}

/// What is kept of the chains of all desks.
pub(crate) fn desks(reader: &Reader) -> Result<Vec<(String, DeskAudit)>> {
    let rows = reader.records.range(DESK_KIND, "", "", PAGE)?;
    let read = rows.into_iter().map(|row| {
        let kept = serde_json::from_str(&row.body).context("Reading what is kept of a desk")?;
        Ok((row.key, kept))
    });
    read.collect()
}

/// The entries of the chain, the first first, page by page.
struct Pages<'a, R: ?Sized> {
    records: &'a R,
    page: std::vec::IntoIter<center::Record>,
    from: String,
}

impl<R: Records + ?Sized> Pages<'_, R> {
    fn read(&mut self) -> Result<Option<Link>> {
        if self.page.as_slice().is_empty() {
            let page = self.records.range(KIND, "", &self.from, PAGE)?;
            self.page = page.into_iter();
        }
        let Some(record) = self.page.next() else {
            return Ok(None);
        };
        // Whatever sorts next behind this key.
        self.from = format!("{}0", record.key);
        let row: Row = serde_json::from_str(&record.body).context("Reading the audit")?;
        ensure!(
            record.key == key(row.n),
            "An entry of the audit stands elsewhere"
        );
        Ok(Some(Link {
            n: row.n,
            entry: row.entry,
            alg: row.alg,
            previous: Digest(row.previous.0),
            hash: Digest(row.hash.0),
        }))
    }
}

impl<R: Records + ?Sized> Iterator for Pages<'_, R> {
    type Item = Result<Link>;

    fn next(&mut self) -> Option<Self::Item> {
        self.read().transpose()
    }
}

#[cfg(test)]
mod tests {
    use center::MemoryRecords;

    use super::*;

    fn head_at(n: u64, mark: u8) -> AuditHead {
        AuditHead {
            n,
            hash: Hash([mark; 32]),
        }
    }

    /// One desk's chain through the eyes of the center, also where answers were lost.
    #[test]
    fn a_desk_that_was_cut_off_or_made_anew_is_told_and_stays_told() {
        let mut records = MemoryRecords::default();
        let desk = DeskId("W01".to_owned());
        let none = head_at(0, 0);
        let mut said = |kept_n: AuditHead, head: AuditHead| {
            let claim = AuditClaim { kept: kept_n, head };
            let told = kept(&mut records, &desk, claim, DateTime::UNIX_EPOCH).unwrap();
            (told.kept.n, told.is_sound)
        };
        assert_eq!(said(none, head_at(3, 3)), (3, true));
        assert_eq!(said(head_at(3, 3), head_at(7, 7)), (7, true));
        // The answer was lost: the desk still thinks of 3, is told of 7 and shows it.
        assert_eq!(said(head_at(3, 3), head_at(9, 9)), (7, true));
        assert_eq!(said(head_at(7, 7), head_at(9, 9)), (9, true));
        assert_eq!(said(head_at(9, 1), head_at(12, 2)), (9, false));
        assert_eq!(said(head_at(9, 1), head_at(5, 2)), (9, false));
        // Only who shows what is kept is believed again.
        assert_eq!(said(head_at(7, 7), head_at(12, 2)), (9, false));
        assert_eq!(said(head_at(9, 9), head_at(12, 2)), (12, true));
        assert_eq!(head(&records).unwrap().n, 6);
    }
}
