//! The one that reads along. A thread follows the feed from where it stood, folds what each entry
//! touches, and lets every [`Projection`] draw its rows; rows and the place in the feed are one
//! write. What goes out of the house is a row first, so that it is neither lost nor sent for a
//! feed that was drawn anew.
//!
//! A projection whose version has changed is drawn anew from the beginning, with all others: they
//! share one pass over the feed, and a county's feed is read in minutes.

mod sheet;

use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail, ensure};
use center::{Expected, Folds, Ledger as _, RecordChange, Records as _, Written};
use serde::{Deserialize, Serialize};
use tokio::sync::watch;
use wire::{Cursor, Entry, EntryBody, RedactedSubject, References, Subject};

use crate::office::{Drawn, Office};
use crate::readers::Reader;
pub use sheet::Sheet;

/// Entries drawn in one write at most, and bytes of their bodies.
const PAGE_ENTRIES: usize = 500;
const PAGE_BYTES: usize = 1 << 20;
/// Rows removed in one write before all is drawn anew.
const SWEPT_ROWS: usize = 5_000;
/// How long it rests without news, and after something went wrong.
const UNASKED: Duration = Duration::from_secs(60);
const AGAIN: Duration = Duration::from_secs(5);
/// Where more entries a second come than this, it gives way to what is being saved, and looks again so often;
/// but after so long it draws a page all the same.
const MANY_A_SECOND: u64 = 500;
const LOOK_EACH: Duration = Duration::from_millis(50);
const GIVES_WAY_FOR: Duration = Duration::from_secs(1);
/// Where the follower keeps how far it has come.
const KIND: &str = "follower";
const KEY: &str = "place";

/// Rows that are drawn from the feed.
///
/// The same entries give the same rows: whatever a projection looks at comes with the entry or
/// stands on the sheet.
pub trait Projection: Send {
    /// The kinds of its rows; nobody else writes these.
    fn kinds(&self) -> &'static [&'static str];

    /// Raised when the rows of the same feed would look otherwise.
    fn version(&self) -> u32;

    /// Draws what an entry changes.
    fn touch(&mut self, seen: &Seen<'_>, sheet: &mut Sheet<'_>) -> Result<()>;

    /// 涂销: draws anew what has a text of this story in it. Every projection that keeps texts of orders
    /// does; what is drawn from the beginning later has none either.
    fn redacted(&mut self, _story: &RedactedStory<'_>, _sheet: &mut Sheet<'_>) -> Result<()> {
        Ok(())
    }

    /// Called when what was drawn is on the disk, and once at the start: does what the rows say is
    /// to be done. What fails stays in its row for the next time.
    fn drawn(&mut self, _office: &Office, _reader: &Reader) -> Result<()> {
        Ok(())
    }
}

/// One entry, and what it made of its subject.
pub struct Seen<'a> {
    pub entry: &'a Entry,
    /// `None` for what this program does not know yet.
    pub body: Option<&'a EntryBody>,
    pub before: Option<&'a Subject>,
    pub after: Option<&'a Subject>,
    /// The tables after this entry.
    pub references: &'a References,
    /// Whether the follower comes here for the first time. What leaves the house leaves then only.
    pub is_new: bool,
}

/// A story out of which was taken what was said.
pub struct RedactedStory<'a> {
    pub id: &'a str,
    pub entries: &'a [Entry],
    /// As what is left makes it.
    pub subject: &'a Subject,
}

/// How far the rows go.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Place {
    epoch: u64,
    cursor: Cursor,
    /// By which versions the rows were drawn.
    versions: String,
    /// The furthest it ever came: behind it nothing is new.
    furthest: u64,
}

pub(crate) struct FollowerThread {
    pub(crate) thread: JoinHandle<()>,
}

/// Starts the thread.
pub(crate) fn start(
    office: Arc<Office>,
    projections: Vec<Box<dyn Projection>>,
    tell_drawn_to: watch::Sender<u64>,
) -> Result<FollowerThread> {
    let thread = std::thread::Builder::new()
        .name("follower".to_owned())
        .spawn(move || follow(&office, projections, &tell_drawn_to))
        .context("Starting the follower")?;
    Ok(FollowerThread { thread })
}

fn follow(office: &Office, mut projections: Vec<Box<dyn Projection>>, tell: &watch::Sender<u64>) {
    let mut head = office.head();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .build();
    let Ok(runtime) = runtime else {
        tracing::error!("The follower has nothing to wait with");
        return;
    };
    let mut follower = None;
    while !office.is_stopping() {
        head.mark_unchanged();
        let before = follower.take();
        let caught_up = guarded(|| {
            let follower = match before {
                Some(follower) => follower,
                None => Follower::begin(office, &mut projections)?,
            };
            follower.catch_up(office, &mut projections, tell)
        });
        office.note_follower(caught_up.is_ok());
        let patience = match caught_up {
            Ok(it) => {
                follower = Some(it);
                UNASKED
            }
            Err(error) => {
                tracing::error!(error = format!("{error:#}"), "The rows stay as they are");
                AGAIN
            }
        };
        runtime.block_on(async {
            tokio::select! {
                _news = head.changed() => {}
                () = office.stopped() => {}
                () = tokio::time::sleep(patience) => {}
            }
        });
    }
}

/// A mistake of the program is a fault of what it was at.
fn guarded<T>(work: impl FnOnce() -> Result<T>) -> Result<T> {
    let done = std::panic::catch_unwind(std::panic::AssertUnwindSafe(work));
    done.unwrap_or_else(|_panic| bail!("a bug was caught"))
}

struct Follower {
    reader: Reader,
    place: Place,
    references: References,
    folds: Folds,
    pace: Pace,
}

/// How fast the feed grows.
struct Pace {
    head: u64,
    looked: Instant,
}

impl Pace {
    fn at(head: u64, looked: Instant) -> Self {
        Self { head, looked }
    }

    /// Whether much has come since it was last looked.
    fn is_fast(&mut self, head: u64, now: Instant) -> bool {
        let before = std::mem::replace(self, Self::at(head, now));
        let elapsed = now.saturating_duration_since(before.looked).max(LOOK_EACH);
        let n_ms = u64::try_from(elapsed.as_millis()).unwrap_or(u64::MAX);
        head.saturating_sub(before.head).saturating_mul(1_000) > n_ms.saturating_mul(MANY_A_SECOND)
    }
}

impl Follower {
    /// Takes up where the rows stand; at the beginning where they are of another feed or program.
    fn begin(office: &Office, projections: &mut [Box<dyn Projection>]) -> Result<Self> {
        let reader = office.readers.open()?;
        let versions = versions(projections);
        let feed = reader.ledger.feed()?;
        let found: Option<Place> = match reader.records.get(KIND, KEY)? {
            Some(body) => Some(serde_json::from_str(&body).context("Reading the place")?),
            None => None,
        };
        let furthest = found.as_ref().map_or(0, |place| place.furthest);
        let place = match found {
            Some(place) if place.versions == versions && stands_at(&reader, &place)? => place,
            Some(_) | None => {
                sweep(office, &reader, projections)?;
                Place {
                    epoch: feed.epoch,
                    cursor: Cursor::START,
                    versions,
                    furthest: furthest.min(feed.end.seq),
                }
            }
        };
        let mut references = References::default();
        for entry in reader.ledger.news()? {
            if entry.seq > place.cursor.seq {
                break;
            }
            if let Ok(EntryBody::ReferenceChanged { reference }) = entry.read() {
                references.change(&reference);
            }
        }
        for projection in projections {
            projection.drawn(office, &reader)?;
        }
        Ok(Self {
            reader,
            place,
            references,
            folds: Folds::default(),
            pace: Pace::at(*office.head().borrow(), Instant::now()),
        })
    }

    /// Reads on until the feed ends. A follower that failed is begun anew.
    fn catch_up(
        mut self,
        office: &Office,
        projections: &mut [Box<dyn Projection>],
        tell: &watch::Sender<u64>,
    ) -> Result<Self> {
        while !office.is_stopping() {
            let seq = self.place.cursor.seq;
            tell.send_if_modified(|told| std::mem::replace(told, seq) != seq);
            self.give_way(office);
            if !self.draw_page(office, projections)? {
                break;
            }
            for projection in projections.iter_mut() {
                projection.drawn(office, &self.reader)?;
            }
        }
        Ok(self)
    }

    /// Lets desks that come back with much be answered first: rows can be drawn a moment later.
    fn give_way(&mut self, office: &Office) {
        let until = Instant::now() + GIVES_WAY_FOR;
        let head = office.head();
        loop {
            let now = Instant::now();
            let is_fast = self.pace.is_fast(*head.borrow(), now);
            if !is_fast || now >= until || office.is_stopping() {
                return;
            }
            std::thread::sleep(LOOK_EACH);
        }
    }

    /// Draws the next entries and commits; whether there were any.
    fn draw_page(
        &mut self,
        office: &Office,
        projections: &mut [Box<dyn Projection>],
    ) -> Result<bool> {
        let cursor = self.place.cursor;
        let ledger = &self.reader.ledger;
        let entries = ledger.entries_after(cursor.seq, PAGE_ENTRIES, PAGE_BYTES)?;
        let Some(last) = entries.last() else {
            return Ok(false);
        };
        let place = Place {
            epoch: last.epoch,
            cursor: last.cursor(),
            versions: self.place.versions.clone(),
            furthest: self.place.furthest.max(last.seq),
        };
        let mut sheet = Sheet::new(&*self.reader.records);
        for entry in &entries {
            let body = entry.read().ok();
            if let Some(EntryBody::ReferenceChanged { reference }) = &body {
                self.references.change(reference);
            }
            let before = before(&self.reader, &mut self.folds, entry)?;
            let mut after = before.clone();
            if let Some(accepted) = body.as_ref().and_then(EntryBody::accepted) {
                Subject::apply(&mut after, &accepted.story);
            }
            let seen = Seen {
                entry,
                body: body.as_ref(),
                before: before.as_ref(),
                after: after.as_ref(),
                references: &self.references,
                is_new: entry.seq > self.place.furthest,
            };
            for projection in projections.iter_mut() {
                let touching = std::panic::AssertUnwindSafe(|| projection.touch(&seen, &mut sheet));
                match std::panic::catch_unwind(touching) {
                    Ok(touched) => {
                        touched.with_context(|| format!("Drawing entry {}", entry.seq))?;
                    }
                    // The rows of one order are not as they should be; those of all others go on.
                    Err(_panic) => tracing::error!(
                        seq = entry.seq,
                        rows = projection.kinds().first(),
                        "a bug was caught, an entry was not drawn"
                    ),
                }
            }
            if let Some(after) = after {
                self.folds.put(entry.subject.clone(), after);
            }
            if let Some(EntryBody::Redacted(redaction)) = &body {
                for RedactedSubject { id, .. } in &redaction.subjects {
                    drop(self.folds.take(id));
                    redact(&self.reader, id, entry.seq, projections, &mut sheet)?;
                }
            }
        }
        let rows = sheet.changed();
        let mut changes = sheet.into_changes();
        changes.push(placed(&place)?);
        write(office, changes)?;
        self.place = place;
        let seq = self.place.cursor.seq;
        // Nobody may be listening.
        drop(office.drawn.send(Arc::new(Drawn { seq, rows })));
        Ok(true)
    }
}

/// Has the rows of one story drawn from what is left of it.
fn redact(
    reader: &Reader,
    id: &str,
    seq: u64,
    projections: &mut [Box<dyn Projection>],
    sheet: &mut Sheet<'_>,
) -> Result<()> {
    let entries = story_before(reader, id, seq)?;
    let Some(subject) = &folded(&entries) else {
        return Ok(());
    };
    let story = RedactedStory {
        id,
        entries: &entries,
        subject,
    };
    for projection in projections {
        projection.redacted(&story, sheet)?;
    }
    Ok(())
}

/// The subject of an entry as it was before it. A fold at hand is, since every entry since was read.
fn before(reader: &Reader, folds: &mut Folds, entry: &Entry) -> Result<Option<Subject>> {
    if entry.subject.is_empty() {
        return Ok(None);
    }
    if let Some(subject) = folds.take(&entry.subject) {
        return Ok(Some(subject));
    }
    Ok(folded(&story_before(reader, &entry.subject, entry.seq)?))
}

fn story_before(reader: &Reader, id: &str, seq: u64) -> Result<Vec<Entry>> {
    let mut entries = reader.ledger.story_of(id)?;
    entries.retain(|entry| entry.seq < seq);
    Ok(entries)
}

/// What the entries make of their subject, as far as this program reads them.
fn folded(entries: &[Entry]) -> Option<Subject> {
    let mut subject = None;
    for entry in entries {
        if let Some(accepted) = entry.read().ok().as_ref().and_then(EntryBody::accepted) {
            Subject::apply(&mut subject, &accepted.story);
        }
    }
    subject
}

fn versions(projections: &[Box<dyn Projection>]) -> String {
    let each = projections.iter().map(|it| {
        let name = it.kinds().first().copied().unwrap_or("");
        format!("{name}={}", it.version())
    });
    each.collect::<Vec<String>>().join(",")
}

/// Whether the feed still has the entry that the rows end with.
fn stands_at(reader: &Reader, place: &Place) -> Result<bool> {
    let cursor = place.cursor;
    let hash = reader.ledger.entry_hash(cursor.seq)?;
    Ok(cursor == Cursor::START || hash == Some(cursor.hash))
}

/// Removes every row, before all is drawn anew.
fn sweep(office: &Office, reader: &Reader, projections: &[Box<dyn Projection>]) -> Result<()> {
    for kind in projections.iter().flat_map(|it| it.kinds()) {
        loop {
            let rows = reader.records.range(kind, "", "", SWEPT_ROWS)?;
            if rows.is_empty() {
                break;
            }
            let removed = rows
                .into_iter()
                .map(|row| RecordChange::remove(kind, row.key));
            write(office, removed.collect())?;
        }
    }
    Ok(())
}

fn placed(place: &Place) -> Result<RecordChange> {
    Ok(RecordChange {
        kind: KIND,
        key: KEY.to_owned(),
        expected: Expected::Anything,
        body: Some(serde_json::to_string(place)?),
    })
}

fn write(office: &Office, changes: Vec<RecordChange>) -> Result<()> {
    let written = office.writer.write_waiting(changes)?.done_blocking()?;
    ensure!(written == Written::Done, "The rows are the follower's own");
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn much_is_more_than_so_many_a_second() {
        let began = Instant::now();
        let a_second_later = began + Duration::from_secs(1);
        assert!(!Pace::at(10, began).is_fast(10 + 500, a_second_later));
        assert!(Pace::at(10, began).is_fast(10 + 501, a_second_later));
        // A few that come at once are not many.
        let mut pace = Pace::at(10, began);
        assert!(!pace.is_fast(11, began) && !pace.is_fast(12, began));
    }
}
