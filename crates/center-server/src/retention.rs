//! 保存期限 and 涂销: what is due to be taken out, and how it is done in all the center keeps.
//!
//! Which orders are over, since when, and which are held by a case that is not, are rows of the follower,
//! so that nobody goes through half a million orders for a list. What was taken out is written into a file
//! of its own before it is done: a center that is put back from an older backup does it again when it
//! opens, since what somebody asked to be forgotten does not come back with the backup.

use std::collections::BTreeSet;
use std::fs::OpenOptions;
use std::io::{BufRead as _, BufReader, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;
use std::time::Duration;

use anyhow::{Context as _, Result, ensure};
use center::{
    Center, Ledger, RecordChange, Records as _, Redacted, RedactionOrder, Written, has_come_back,
};
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use domain::ActorId;
use domain::retention::{RetentionClass, RetentionYears, ended_on};
use domain::supervision::{SupervisoryCase, SupervisoryStage};
use serde::{Deserialize, Serialize};
use wire::limit::{PAGE_ENTRIES_MAX, PAGE_MAX_BYTES};
use wire::{Hash, RedactionGround, Subject, files_named};
use wording::reference::wire_name;

use crate::database::AnyLedger;
use crate::folder::sync_folder;
use crate::follower::{Projection, RedactedStory, Seen, Sheet};
use crate::office::Office;
use crate::portal::uploads_of;
use crate::readers::Reader;

/// Orders that are over and not redacted, by class, the day they were over, and identity.
const OVER: &str = "order_over";
/// Orders that a case that is not closed names, by number and case.
const HELD: &str = "order_held";
/// Orders listed and redacted in one go.
pub(crate) const DUE_MAX: usize = 2_000;
/// So long after an older backup was put back, or a story was redacted, desks that were away may bring what was said
/// before.
const COMES_BACK_DAYS: i64 = 60;
/// What was taken out, in the data folder.
const JOURNAL: &str = "redactions.jsonl";
/// How often the log is tried to be emptied, and the rest between.
const SHRED_TRIES: usize = 10;
const SHRED_AGAIN: Duration = Duration::from_millis(200);
/// Between the parts of a key: no identity has it.
const SEPARATOR: char = '\u{1f}';

/// 到期: an order that need not be kept any more.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Expired {
    pub(crate) subject: String,
    pub(crate) number: String,
    pub(crate) class: RetentionClass,
    pub(crate) ended_on: NaiveDate,
    pub(crate) due_on: NaiveDate,
}

/// Draws which orders are over, and which are held.
#[derive(Debug, Default)]
pub(crate) struct OrdersOver;

impl Projection for OrdersOver {
    fn kinds(&self) -> &'static [&'static str] {
        &[OVER, HELD]
    }

    fn version(&self) -> u32 {
        1
    }

    fn touch(&mut self, seen: &Seen<'_>, sheet: &mut Sheet<'_>) -> Result<()> {
        let id = &seen.entry.subject;
        if let Some(before) = seen.before.and_then(|before| over_key(id, before)) {
            sheet.remove(OVER, before);
        }
        if let Some(after) = seen.after
            && !seen.entry.cover.is_redacted()
            && let Some(key) = over_key(id, after)
        {
            let number = after.order().map_or("", |order| order.number.as_str());
            sheet.put(OVER, key, number);
        }
        for held in seen
            .before
            .and_then(Subject::case)
            .map_or_else(Vec::new, held)
        {
            sheet.remove(HELD, held);
        }
        for held in seen
            .after
            .and_then(Subject::case)
            .map_or_else(Vec::new, held)
        {
            sheet.put(HELD, held, String::new());
        }
        Ok(())
    }

    fn redacted(&mut self, story: &RedactedStory<'_>, sheet: &mut Sheet<'_>) -> Result<()> {
        // What was said since the redaction that is done again has its own time.
        let is_gone = story.entries.iter().all(|it| it.cover.is_redacted());
        if is_gone && let Some(key) = over_key(story.id, story.subject) {
            sheet.remove(OVER, key);
        }
        Ok(())
    }
}

fn over_key(id: &str, subject: &Subject) -> Option<String> {
    let order = subject.order()?;
    let ended_on = ended_on(order)?;
    Some(format!(
        "{}{id}",
        over_prefix(RetentionClass::of(order), Some(ended_on))
    ))
}

fn over_prefix(class: RetentionClass, ended_on: Option<NaiveDate>) -> String {
    let class = wire_name(&class);
    let day = ended_on.map_or_else(String::new, |day| format!("{day}{SEPARATOR}"));
    format!("{class}{SEPARATOR}{day}")
}

/// The orders that a case holds while it is open.
fn held(case: &SupervisoryCase) -> Vec<String> {
    match case.stage {
        SupervisoryStage::Proposed
        | SupervisoryStage::Confirmed
        | SupervisoryStage::Issued
        | SupervisoryStage::Answered => {
            let numbers = case.evidence.iter().map(|evidence| &evidence.number);
            numbers
                .map(|number| format!("{number}{SEPARATOR}{}", case.number))
                .collect()
        }
        SupervisoryStage::Rejected | SupervisoryStage::Closed => Vec::new(),
    }
}

fn is_held(reader: &Reader, number: &str) -> Result<bool> {
    let prefix = format!("{number}{SEPARATOR}");
    Ok(!reader.records.range(HELD, &prefix, "", 1)?.is_empty())
}

/// 到期待涂销 on a day, at most [`DUE_MAX`], the longest over first within each class; and how many are due
/// but held by a case.
pub(crate) fn due(
    reader: &Reader,
    years: RetentionYears,
    on: NaiveDate,
) -> Result<(Vec<Expired>, usize)> {
    let (mut due, mut n_held) = (Vec::new(), 0);
    for class in RetentionClass::ALL {
        let prefix = over_prefix(class, None);
        for row in reader.records.range(OVER, &prefix, "", DUE_MAX)? {
            let rest = row.key.strip_prefix(&prefix).context("A key of another")?;
            let (day, subject) = rest.split_once(SEPARATOR).context("A key without a day")?;
            let ended_on: NaiveDate = day.parse().context("No day")?;
            let due_on = years.due_on(class, ended_on);
            if due_on > on || due.len() == DUE_MAX {
                break;
            }
            if is_held(reader, &row.body)? {
                n_held += 1;
                continue;
            }
            due.push(Expired {
                subject: subject.to_owned(),
                number: row.body,
                class,
                ended_on,
                due_on,
            });
        }
    }
    Ok((due, n_held))
}

/// One line of the file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Noted {
    /// The epoch in which it was done, or looked at again.
    epoch: u64,
    #[serde(with = "chrono::serde::ts_milliseconds")]
    at: DateTime<Utc>,
    subjects: Vec<String>,
    ground: RedactionGround,
    asked_by: ActorId,
    granted_by: ActorId,
}

impl Noted {
    fn order(&self) -> RedactionOrder {
        RedactionOrder {
            ground: self.ground,
            asked_by: self.asked_by.clone(),
            granted_by: self.granted_by.clone(),
        }
    }
}

fn note(data: &Path, noted: &Noted) -> Result<()> {
    let path = data.join(JOURNAL);
    let mut options = OpenOptions::new();
    let options = options.append(true).create(true).mode(0o600);
    let mut file = options
        .open(&path)
        .with_context(|| format!("Opening {}", path.display()))?;
    let mut line = serde_json::to_vec(noted)?;
    line.push(b'\n');
    file.write_all(&line)?;
    file.sync_all()?;
    sync_folder(data)
}

/// A line that was cut off by a loss of power was not acted upon.
fn noted(data: &Path) -> Result<Vec<Noted>> {
    let path = data.join(JOURNAL);
    let file = match std::fs::File::open(&path) {
        Ok(file) => file,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(error).with_context(|| format!("Reading {}", path.display())),
    };
    let mut all = Vec::new();
    for line in BufReader::new(file).lines() {
        match serde_json::from_str(&line?) {
            Ok(noted) => all.push(noted),
            Err(error) => tracing::warn!(%error, "A line of {JOURNAL} is not read"),
        }
    }
    Ok(all)
}

/// What has words again of what was taken out: the lines with those stories.
fn come_back(ledger: &(impl Ledger + ?Sized), all: Vec<Noted>) -> Result<Vec<Noted>> {
    let mut back = Vec::new();
    for mut noted in all {
        let mut subjects = Vec::new();
        for subject in noted.subjects {
            if has_come_back(ledger, &subject, noted.at)? {
                subjects.push(subject);
            }
        }
        if !subjects.is_empty() {
            noted.subjects = subjects;
            back.push(noted);
        }
    }
    Ok(back)
}

/// Takes out again what an older backup has brought back, before anybody is let in. How many stories that
/// were.
pub(crate) fn take_out_again(
    center: &mut Center<impl Ledger>,
    data: &Path,
    now: DateTime<Utc>,
) -> Result<usize> {
    let all = noted(data)?;
    let epoch = center.ledger().feed()?.epoch;
    let Some(last) = all.last().filter(|last| last.epoch != epoch).cloned() else {
        return Ok(0);
    };
    let mut n_again = 0;
    for noted in come_back(center.ledger(), all)? {
        let redacted = center.redact_again(&noted.subjects, noted.at, &noted.order(), now)?;
        n_again += redacted.subjects.len();
    }
    if n_again > 0 {
        center.shred()?;
        tracing::warn!(
            n_again,
            "What a backup had brought back was taken out again"
        );
    }
    note(
        data,
        &Noted {
            epoch,
            at: now,
            subjects: Vec::new(),
            ..last
        },
    )?;
    Ok(n_again)
}

/// What the stories have beside their texts.
struct Beside {
    files: BTreeSet<Hash>,
    uploads: Vec<RecordChange>,
}

fn beside(reader: &Reader, subjects: &[String]) -> Result<Beside> {
    let mut beside = Beside {
        files: BTreeSet::new(),
        uploads: Vec::new(),
    };
    for subject in subjects {
        for entry in reader.ledger.story_of(subject)? {
            beside.files.extend(files_named(&entry.body));
        }
        let folded = center::subject(&*reader.ledger, subject)?;
        let order = folded.as_ref().and_then(Subject::order);
        if let Some(order) = order.filter(|order| !order.stage.is_open()) {
            let uploads = uploads_of(&*reader.records, order, subject)?;
            beside.uploads.extend(uploads);
        }
    }
    Ok(beside)
}

/// Takes out of `files` what an entry still names: one file may be attached to two orders.
fn unnamed(reader: &Reader, mut files: BTreeSet<Hash>) -> Result<BTreeSet<Hash>> {
    let mut seq = 0;
    while !files.is_empty() {
        let page = reader
            .ledger
            .entries_after(seq, PAGE_ENTRIES_MAX, PAGE_MAX_BYTES)?;
        let Some(last) = page.last() else {
            break;
        };
        seq = last.seq;
        for entry in &page {
            for named in files_named(&entry.body) {
                files.remove(&named);
            }
        }
    }
    Ok(files)
}

impl Office {
    /// Takes out what desks that were away have brought of what was said before a redaction, or have brought again
    /// after an older backup was put back: for some weeks, until all of them have been there. How many stories that
    /// were.
    pub async fn take_out_again(&self) -> Result<usize> {
        let (data, now) = (self.config.data.clone(), self.clock.now());
        let coming_back = self.readers.read(move |reader| {
            let epochs = reader.ledger.epochs()?;
            let was_put_back = epochs.last().is_some_and(|last| {
                last.from_seq > 0 && now < last.began_at + TimeDelta::days(COMES_BACK_DAYS)
            });
            let mut all = noted(&data)?;
            let is_new = |it: &Noted| now < it.at + TimeDelta::days(COMES_BACK_DAYS);
            all.retain(|it| was_put_back || is_new(it));
            come_back(&reader.ledger, all)
        });
        let mut n_again = 0;
        for noted in coming_back.await? {
            let taking_out = self.taken_out(noted.subjects.clone(), move |center| {
                center.redact_again(&noted.subjects, noted.at, &noted.order(), now)
            });
            let (redacted, _is_off_disk) = taking_out.await?;
            n_again += redacted.subjects.len();
        }
        Ok(n_again)
    }

    /// Takes what was overwritten off the disk. Whoever reads what was before is soon done.
    async fn shred(&self) -> Result<bool> {
        for _ in 0..SHRED_TRIES {
            let shredding = self.writer.alone(|desk| Ok(desk.center.shred()))?;
            match shredding.done().await? {
                Ok(()) => return Ok(true),
                Err(error) => {
                    tracing::warn!(error = format!("{error:#}"), "The log has it still");
                    tokio::time::sleep(SHRED_AGAIN).await;
                }
            }
        }
        Ok(false)
    }

    /// 涂销 in all the center keeps, noted before it is done, and whether it is off the disk.
    pub(crate) async fn redact(
        &self,
        subjects: Vec<String>,
        order: RedactionOrder,
    ) -> Result<(Redacted, bool)> {
        let now = self.clock.now();
        let data = self.config.data.clone();
        let reading = self.readers.read(|reader| reader.ledger.feed());
        let noted = Noted {
            epoch: reading.await?.epoch,
            at: now,
            subjects: subjects.clone(),
            ground: order.ground,
            asked_by: order.asked_by.clone(),
            granted_by: order.granted_by.clone(),
        };
        let asked = subjects.clone();
        self.taken_out(asked, move |center| {
            note(&data, &noted)?;
            center.redact(&subjects, &order, now)
        })
        .await
    }

    /// Takes stories out of feed, intents, rows, files and the parts of the snapshot; desks do the same when they
    /// read it.
    async fn taken_out(
        &self,
        subjects: Vec<String>,
        take_out: impl FnOnce(&mut Center<AnyLedger>) -> Result<Redacted> + Send + 'static,
    ) -> Result<(Redacted, bool)> {
        let reading = self.readers.read(move |reader| beside(reader, &subjects));
        let Beside { files, uploads } = reading.await?;
        let taking_out = self.writer.alone(move |desk| {
            let done = take_out(&mut desk.center)?;
            for page in uploads.chunks(center::records::CHANGES_MAX) {
                let written = desk.records.write(page)?;
                ensure!(written == Written::Done, "Nothing was expected");
            }
            Ok((done, desk.center.ledger().feed()?.end.seq))
        })?;
        let (done, seq) = taking_out.done().await?;
        let files = self
            .readers
            .read(move |reader| unnamed(reader, files))
            .await?;
        for sha256 in files {
            self.blobs.remove(sha256)?;
        }
        self.discard_snapshot().await?;
        self.drawn_to(seq).await;
        Ok((done, self.shred().await?))
    }
}
