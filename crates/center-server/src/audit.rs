//! 审计: what was done at the center, chained as at the desks; and of the desks' chains where they end, kept
//! here so that one that is cut off or made anew is found from outside, and the entries themselves, so that
//! they outlive the desk.
//!
//! Rows of the records, appended by the one writer, so no two have one number. What is shown or handed out
//! is recorded before; what is done, after it and before it is answered, since the feed and the records are
//! two connections. Nothing is lost by that: every command stands in the feed as well, with who gave it.

use ::audit::{
    Break, Chain, Checkpoint, Claim, Entry, Head, Judgement, Link, Outcome, judge, verify,
};
use anyhow::{Context as _, Result, anyhow, ensure};
use center::{RecordChange, Records, Written};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use wire::{AuditCopied, AuditCopy, AuditKept, DeskId};

use crate::office::Office;
use crate::readers::Reader;

/// The entries, by number.
const KIND: &str = "audit";
/// Where the chain ends: one row.
const HEAD_KIND: &str = "audit_head";
const HEAD_KEY: &str = "head";
/// What is kept of the chain of each desk.
const DESK_KIND: &str = "audit_desk";
/// The entries of the desks, by desk, begin and number.
const COPY_KIND: &str = "audit_copy";
/// Rows that are read at a time.
const PAGE: usize = 1_000;

/// What is kept of a desk's chain.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct DeskAudit {
    pub(crate) head: Head,
    #[serde(with = "chrono::serde::ts_milliseconds")]
    pub(crate) at: DateTime<Utc>,
    /// How it was found not to go on from there, and what the desk said then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) broken: Option<DeskBreak>,
    /// When it was first kept, or anew: what of it is copied belongs together. UTC milliseconds; nothing in
    /// rows that are older than copies.
    #[serde(default)]
    began_at_ms: i64,
    /// Where the entries that are here begin and how far they go.
    #[serde(default = "nothing")]
    copy_begins_after: Head,
    #[serde(default = "nothing")]
    pub(crate) copied: Head,
    /// The number from which on what the desk sent did not go on from what is here.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) copy_broken: Option<u64>,
}

fn nothing() -> Head {
    Head::START
}

impl DeskAudit {
    /// Whether all that the desk said fits together.
    pub(crate) fn is_sound(&self) -> bool {
        self.broken.is_none() && self.copy_broken.is_none()
    }
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
    pub(crate) async fn keep_desk_audit(&self, desk: DeskId, claim: Claim) -> Result<AuditKept> {
        let now = self.clock.now();
        let writing = self
            .writer
            .alone(move |it| kept(&mut it.records, &desk, claim, now));
        Ok(writing?.done().await?)
    }

    /// Takes entries of a desk's chain.
    pub(crate) async fn copy_desk_audit(
        &self,
        desk: DeskId,
        copy: AuditCopy,
    ) -> Result<AuditCopied> {
        let now = self.clock.now();
        let writing = self
            .writer
            .alone(move |it| copied(&mut it.records, &desk, &copy.links, now));
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
    claim: Claim,
    now: DateTime<Utc>,
) -> Result<AuditKept> {
    let before = desk_audit(records, &desk.0)?;
    let judged = judge(before.as_ref().map(|it| it.head), claim);
    let (head, broken) = match (judged, &before) {
        (Judgement::Follows, _) | (_, None) => (claim.head, None),
        (Judgement::Prove, Some(before)) => (before.head, before.broken),
        (Judgement::CutOff, Some(before)) => (before.head, Some(DeskBreak::CutOff)),
        (Judgement::Rewritten, Some(before)) => (before.head, Some(DeskBreak::Rewritten)),
    };
    let is_same = before
        .as_ref()
        .is_some_and(|it| it.head == head && it.broken == broken);
    let begun = || DeskAudit {
        head,
        at: now,
        broken,
        began_at_ms: now.timestamp_millis(),
        copy_begins_after: Head::START,
        copied: Head::START,
        copy_broken: None,
    };
    let kept = before.map_or_else(begun, |before| DeskAudit {
        head,
        at: if is_same { before.at } else { now },
        broken,
        ..before
    });
    if !is_same {
        let (act, outcome) = match broken {
            None => ("desk_audit_kept", Outcome::Done),
            Some(_) => ("desk_audit_broken", Outcome::Refused),
        };
        keep(records, desk, &kept, entry(now, "", act, "", outcome))?;
    }
    Ok(AuditKept {
        kept: head,
        is_sound: kept.is_sound(),
        copied: Some(kept.copied),
    })
}

/// Takes what follows the entries that are here. Only of a desk that has said where its chain ends.
fn copied(
    records: &mut impl Records,
    desk: &DeskId,
    links: &[Link],
    now: DateTime<Utc>,
) -> Result<AuditCopied> {
    let told = |up_to, is_sound| Ok(AuditCopied { up_to, is_sound });
    let Some(before) = desk_audit(records, &desk.0)? else {
        return told(Head::START, true);
    };
    let (Some(first), Some(last)) = (links.first(), links.last()) else {
        return told(before.copied, before.is_sound());
    };
    let begins_after = goes_on_after(before.copied, first);
    if first.n != begins_after.n + 1 {
        // A page that came twice, or before another.
        return told(before.copied, before.is_sound());
    }
    let mut seen = Vec::new();
    if before.head.n > begins_after.n && before.head.n <= last.n {
        seen.push(Checkpoint {
            desk: desk.0.clone(),
            at_ms: before.at.timestamp_millis(),
            head: before.head,
        });
    }
    let found = verify(Chain { begins_after }, links.iter().cloned(), &seen);
    let (up_to, copy_broken) = match found {
        Ok(end) => (end, None),
        Err(broken) => (before.copied, Some(broken.n)),
    };
    let is_begun = before.copied != Head::START;
    let kept = DeskAudit {
        copy_begins_after: if is_begun {
            before.copy_begins_after
        } else {
            begins_after
        },
        copied: up_to,
        copy_broken,
        ..before
    };
    if copy_broken.is_some() {
        if before.copy_broken.is_none() {
            let entry = entry(now, "", "desk_audit_copy_broken", "", Outcome::Refused);
            keep(records, desk, &kept, entry)?;
        }
        return told(up_to, false);
    }
    let mut changes = vec![put(desk, &kept)?];
    for link in links {
        let key = copy_key(&desk.0, before.began_at_ms, link.n);
        changes.push(RecordChange::put(COPY_KIND, key, serde_json::to_string(link)?).if_new());
    }
    match records.write(&changes)? {
        Written::Done => told(up_to, kept.is_sound()),
        Written::Conflict => Err(anyhow!(
            "Entries of {} up to {} are there already",
            desk.0,
            last.n
        )),
    }
}

/// Where a copy goes on that begins with this entry: where it ends, or, as long as it has nothing, behind
/// what the desk's own retention job took.
fn goes_on_after(copied: Head, first: &Link) -> Head {
    if copied.n > 0 || first.n <= 1 {
        return copied;
    }
    Head {
        n: first.n - 1,
        hash: first.previous,
    }
}

/// Keeps what is known of a desk's chain, with an entry of the center's own.
fn keep(
    records: &mut impl Records,
    desk: &DeskId,
    kept: &DeskAudit,
    mut entry: Entry,
) -> Result<()> {
    if !kept.is_sound() {
        let DeskAudit {
            broken,
            copy_broken,
            ..
        } = kept;
        tracing::warn!(
            desk = desk.0,
            ?broken,
            ?copy_broken,
            "A desk's audit does not go on from what is kept"
        );
    }
    entry.object = format!("{} {} {}", desk.0, kept.head.n, kept.head.hash);
    append(records, entry, vec![put(desk, kept)?])
}

fn put(desk: &DeskId, kept: &DeskAudit) -> Result<RecordChange> {
    let body = serde_json::to_string(kept)?;
    Ok(RecordChange::put(DESK_KIND, &desk.0, body))
}

/// Adds an entry, together with whatever belongs to it.
fn append(records: &mut impl Records, entry: Entry, with: Vec<RecordChange>) -> Result<()> {
    let head = head(records)?;
    let link = Link::after(head, entry);
    let mut changes = with;
    changes.push(RecordChange::put(KIND, key(link.n), serde_json::to_string(&link)?).if_new());
    changes.push(RecordChange::put(
        HEAD_KIND,
        HEAD_KEY,
        serde_json::to_string(&link.head())?,
    ));
    match records.write(&changes)? {
        Written::Done => Ok(()),
        Written::Conflict => Err(anyhow!("Entry {} of the audit is there already", link.n)),
    }
}

fn head(records: &(impl Records + ?Sized)) -> Result<Head> {
    let body = records.get(HEAD_KIND, HEAD_KEY)?;
    let told = body.map(|body| serde_json::from_str(&body)).transpose()?;
    Ok(told.unwrap_or(Head::START))
}

pub(crate) fn desk_audit(
    records: &(impl Records + ?Sized),
    desk: &str,
) -> Result<Option<DeskAudit>> {
    let body = records.get(DESK_KIND, desk)?;
    body.map(|body| serde_json::from_str(&body))
        .transpose()
        .context("Reading what is kept of a desk's audit")
}

fn key(n: u64) -> String {
    format!("{n:020}")
}

/// Keys of one chain have this before their numbers.
fn copy_prefix(desk: &str, began_at_ms: i64) -> String {
    format!("{desk} {began_at_ms:014} ")
}

fn copy_key(desk: &str, began_at_ms: i64, n: u64) -> String {
    copy_prefix(desk, began_at_ms) + &key(n)
}

/// Reads the center's whole chain. Takes as long as that lasts.
pub(crate) fn verify_all(reader: &Reader) -> Result<std::result::Result<Head, Break>> {
    let told = head(&*reader.records)?;
    verify_up_to(Chain::WHOLE, Pages::of_center(reader), told)
}

/// Reads all that is copied of a desk's chain. Takes as long as that lasts.
pub(crate) fn verify_copy(
    reader: &Reader,
    desk: &str,
    kept: &DeskAudit,
) -> Result<std::result::Result<Head, Break>> {
    let chain = Chain {
        begins_after: kept.copy_begins_after,
    };
    verify_up_to(chain, Pages::of_desk(reader, desk, kept), kept.copied)
}

/// Whether the entries hold and end where it is written down elsewhere.
fn verify_up_to(
    chain: Chain,
    pages: Pages<'_, impl Records + ?Sized>,
    told: Head,
) -> Result<std::result::Result<Head, Break>> {
    let mut fault = None;
    let links = pages.map_while(|link| link.map_err(|error| fault = Some(error)).ok());
    let found = verify(chain, links, &[]);
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

/// The entries of a chain, the first first, page by page.
pub(crate) struct Pages<'a, R: ?Sized> {
    records: &'a R,
    kind: &'static str,
    /// What the keys have before the number.
    prefix: String,
    page: std::vec::IntoIter<center::Record>,
    from: String,
}

impl<'a> Pages<'a, dyn Records + Send> {
    pub(crate) fn of_center(reader: &'a Reader) -> Self {
        Self::new(&*reader.records, KIND, String::new())
    }

    pub(crate) fn of_desk(reader: &'a Reader, desk: &str, kept: &DeskAudit) -> Self {
        let prefix = copy_prefix(desk, kept.began_at_ms);
        Self::new(&*reader.records, COPY_KIND, prefix)
    }
}

impl<'a, R: Records + ?Sized> Pages<'a, R> {
    fn new(records: &'a R, kind: &'static str, prefix: String) -> Self {
        let from = prefix.clone() + &key(0);
        Self {
            records,
            kind,
            prefix,
            page: Vec::new().into_iter(),
            from,
        }
    }

    fn read(&mut self) -> Result<Option<Link>> {
        if self.page.as_slice().is_empty() {
            let page = self
                .records
                .range(self.kind, &self.prefix, &self.from, PAGE)?;
            self.page = page.into_iter();
        }
        let Some(record) = self.page.next() else {
            return Ok(None);
        };
        // Whatever sorts next behind this key.
        self.from = format!("{}0", record.key);
        let link: Link = serde_json::from_str(&record.body).context("Reading the audit")?;
        ensure!(
            record.key == self.prefix.clone() + &key(link.n),
            "An entry of the audit stands elsewhere"
        );
        Ok(Some(link))
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
    use ::audit::{Digest, Flaw};
    use center::MemoryRecords;

    use super::*;

    fn head_at(n: u64, mark: u8) -> Head {
        Head {
            n,
            hash: Digest([mark; 32]),
        }
    }

    fn w01() -> DeskId {
        DeskId("W01".to_owned())
    }

    /// One desk's chain through the eyes of the center, also where answers were lost.
    #[test]
    fn a_desk_that_was_cut_off_or_made_anew_is_told_and_stays_told() {
        let mut records = MemoryRecords::default();
        let none = head_at(0, 0);
        let mut said = |kept_n: Head, head: Head| {
            let claim = Claim { kept: kept_n, head };
            let told = kept(&mut records, &w01(), claim, DateTime::UNIX_EPOCH).unwrap();
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

    fn chain(after: Head, n: u64, act: &str) -> Vec<Link> {
        let mut head = after;
        let entries = (0..n).map(|_| entry(DateTime::UNIX_EPOCH, "1001", act, "", Outcome::Shown));
        let link = |entry| {
            let link = Link::after(head, entry);
            head = link.head();
            link
        };
        entries.map(link).collect()
    }

    struct Kept {
        records: MemoryRecords,
        at: DateTime<Utc>,
    }

    impl Kept {
        fn claims(&mut self, kept_n: Head, head: Head) -> AuditKept {
            let claim = Claim { kept: kept_n, head };
            kept(&mut self.records, &w01(), claim, self.at).unwrap()
        }

        fn sends(&mut self, links: &[Link]) -> (u64, bool) {
            let told = copied(&mut self.records, &w01(), links, self.at).unwrap();
            (told.up_to.n, told.is_sound)
        }

        fn verified(&self) -> std::result::Result<u64, Flaw> {
            let kept = desk_audit(&self.records, "W01").unwrap().unwrap();
            let prefix = copy_prefix("W01", kept.began_at_ms);
            let pages = Pages::new(&self.records, COPY_KIND, prefix);
            let begin = Chain {
                begins_after: kept.copy_begins_after,
            };
            let found = verify_up_to(begin, pages, kept.copied).unwrap();
            found.map(|it| it.n).map_err(|it| it.flaw)
        }
    }

    #[test]
    fn the_entries_of_a_desk_come_over_once_and_in_order() {
        let links = chain(Head::START, 7, "work_order");
        let mut center = Kept {
            records: MemoryRecords::default(),
            at: DateTime::UNIX_EPOCH,
        };
        // Nobody has said yet that there is such a chain.
        assert_eq!(center.sends(&links[..2]), (0, true));
        let told = center.claims(Head::START, links[4].head());
        assert_eq!(told.copied, Some(Head::START));
        assert_eq!(center.sends(&links[..3]), (3, true));
        assert_eq!(center.sends(&links[..3]), (3, true), "twice");
        assert_eq!(center.sends(&links[5..]), (3, true), "before another");
        assert_eq!(center.sends(&[]), (3, true));
        // Behind what was last claimed: the desk went on meanwhile.
        assert_eq!(center.sends(&links[3..]), (7, true));
        assert_eq!(center.verified(), Ok(7));
        assert_eq!(head(&center.records).unwrap().n, 1, "no entry for copies");
    }

    #[test]
    fn what_was_edited_before_it_came_over_is_found() {
        let links = chain(Head::START, 6, "work_order");
        let mut center = Kept {
            records: MemoryRecords::default(),
            at: DateTime::UNIX_EPOCH,
        };
        let _told = center.claims(Head::START, links[4].head());
        assert_eq!(center.sends(&links[..2]), (2, true));
        let mut edited = links[2..5].to_vec();
        edited[1].entry.actor = "1002".to_owned();
        assert_eq!(center.sends(&edited), (2, false));
        // Made anew from there it holds by itself, and is not what was claimed.
        let anew = chain(links[1].head(), 3, "report");
        assert_eq!(center.sends(&anew), (2, false));
        assert_eq!(center.verified(), Ok(2));
        // One entry of the center's for the claim, one for what was found; and it is found, not forgotten,
        // when the desk goes on.
        assert_eq!(head(&center.records).unwrap().n, 2);
        assert!(!center.claims(links[4].head(), links[5].head()).is_sound);
        assert_eq!(center.sends(&links[2..]), (6, true));
        assert!(center.claims(links[5].head(), links[5].head()).is_sound);
    }

    /// What the desk's retention job took before the center kept anything does not come over.
    #[test]
    fn a_copy_may_begin_late_and_an_older_one_stays() {
        let links = chain(Head::START, 6, "work_order");
        let mut center = Kept {
            records: MemoryRecords::default(),
            at: DateTime::UNIX_EPOCH,
        };
        let _told = center.claims(Head::START, links[5].head());
        assert_eq!(center.sends(&links[3..]), (6, true));
        assert_eq!(center.verified(), Ok(6));

        let change = RecordChange::remove(DESK_KIND, "W01");
        let _done = center.records.write(&[change]).unwrap();
        center.at += chrono::TimeDelta::hours(1);
        let anew = chain(Head::START, 2, "report");
        let _told = center.claims(Head::START, anew[1].head());
        assert_eq!(center.sends(&anew), (2, true));
        assert_eq!(center.verified(), Ok(2));
        let all = center.records.range(COPY_KIND, "", "", 100).unwrap();
        assert_eq!(all.len(), 5);
    }
}
