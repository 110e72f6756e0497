//! A desk that is far behind reads parts of the snapshot, and goes on from their end.

use desk_sync::{Change, Failure, Fetch, Fetched, Input, Progress, Settings};
use wire::{
    Answer, Cursor, Entry, Hash, Head, Page, PartBody, Request, SnapshotManifest, SnapshotPart,
    Stream,
};

use crate::paper::{Desk, Paper, greeting, news};

const SETTINGS: Settings = Settings {
    snapshot_from_entries: 6,
    part_entries_at_once: 2,
    drawn_at_once: 3,
    ..Settings::COUNTY
};

/// A center's feed: parts of four entries, and what comes after the last.
struct Feed {
    entries: Vec<Entry>,
    parts: Vec<(SnapshotPart, Vec<u8>)>,
}

impl Feed {
    fn new(n: u64) -> Self {
        let entries = news(Cursor::START, 7, n);
        let full = entries.chunks_exact(4).map(|entries| {
            let entries = entries.to_vec();
            SnapshotPart::pack(&PartBody { entries }).unwrap().unwrap()
        });
        Self {
            parts: full.collect(),
            entries,
        }
    }

    fn end(&self) -> Cursor {
        self.entries.last().unwrap().cursor()
    }

    fn manifest(&self) -> SnapshotManifest {
        SnapshotManifest {
            stream: Stream::Work,
            epoch: 7,
            at: self.parts.last().unwrap().0.end,
            feed: self.end(),
            n_bytes: 0,
            parts: self.parts.iter().map(|(part, _)| *part).collect(),
        }
    }

    fn bytes(&self, nth: usize) -> Fetched {
        Fetched::Bytes(self.parts[nth].1.clone())
    }
}

/// What a desk that was told of the feed's end asks for first.
fn told(paper: Paper, feed: &Feed) -> Desk {
    let (mut desk, first) = Desk::start_with(paper, SETTINGS);
    assert!(matches!(first, Some(Request::Hello(_))));
    let pull = desk.answer(greeting(Head::START, feed.end()));
    assert_eq!(pull, None);
    assert_eq!(desk.fetch, Some(Fetch::Manifest));
    desk
}

fn manifest(feed: &Feed) -> Fetched {
    Fetched::Manifest(Box::new(feed.manifest()))
}

#[expect(
    clippy::unnecessary_wraps,
    reason = "it is compared with what is fetched"
)]
fn part(nth: u64, from_byte: u64) -> Option<Fetch> {
    Some(Fetch::Part { nth, from_byte })
}

fn is_pull(request: Option<&Request>, from: Cursor) -> bool {
    matches!(request, Some(Request::Pull(pull)) if pull.cursor == from)
}

#[test]
fn parts_then_what_they_touched_then_the_rest() {
    let feed = Feed::new(10);
    let mut desk = told(Paper::enrolled(), &feed);
    desk.fetched(manifest(&feed));
    assert_eq!(desk.fetch, part(0, 0));
    desk.fetched(feed.bytes(0));
    assert_eq!(desk.fetch, part(1, 0));
    let (n_parts, of_parts) = (1, 2);
    assert_eq!(desk.progress(), Some(Progress { n_parts, of_parts }));
    let pull = desk.fetched(feed.bytes(1));
    assert!(is_pull(pull.as_ref(), feed.entries[7].cursor()));
    assert_eq!(desk.progress(), None);
    let kinds: Vec<&str> = desk
        .changes
        .iter()
        .map(|change| {
            let is_part = matches!(change, Change::Part { .. });
            assert!(
                is_part || matches!(change, Change::Draw { .. }),
                "{change:?}"
            );
            if is_part { "part" } else { "draw" }
        })
        .collect();
    let expected = ["part", "part", "part", "part", "draw", "draw", "draw"];
    assert_eq!(kinds, expected);
    assert!(!desk.paper.position.is_undrawn);
    let page = Answer::Page(Page {
        epoch: 7,
        entries: feed.entries[8..].to_vec(),
        feed: feed.end(),
        durable_seq: 0,
    });
    assert_eq!(desk.answer(page), None);
    assert_eq!(desk.paper.position.cursor, feed.end());
}

#[test]
fn a_short_way_is_pulled_and_a_center_without_parts_too() {
    let feed = Feed::new(5);
    let (mut desk, _) = Desk::start_with(Paper::enrolled(), SETTINGS);
    let pull = desk.answer(greeting(Head::START, feed.end()));
    assert!(is_pull(pull.as_ref(), Cursor::START));
    let feed = Feed::new(10);
    let mut desk = told(Paper::enrolled(), &feed);
    let pull = desk.fetched(Fetched::NotThere);
    assert!(is_pull(pull.as_ref(), Cursor::START));
}

/// Cut anywhere on its way, a part goes on where it was cut, over a line that is gone meanwhile too.
#[test]
fn a_part_goes_on_where_it_was_cut() {
    let feed = Feed::new(10);
    let mut desk = told(Paper::enrolled(), &feed);
    desk.fetched(manifest(&feed));
    let bytes = feed.parts[0].1.clone();
    desk.fetched(Fetched::Bytes(bytes[..10].to_vec()));
    assert_eq!(desk.fetch, part(0, 10));
    let id = desk.open();
    let failure = Failure::Offline;
    desk.hand(Input::Failed { id, failure });
    let hello = desk.hand(Input::TimerFired);
    assert!(matches!(hello, Some(Request::Hello(_))));
    desk.answer(greeting(Head::START, feed.end()));
    assert_eq!(desk.fetch, part(0, 10));
    desk.fetched(Fetched::Bytes(bytes[10..].to_vec()));
    assert_eq!(desk.paper.position.cursor, feed.entries[3].cursor());
    assert_eq!(desk.fetch, part(1, 0));
}

#[test]
fn a_part_that_stays_wrong_is_done_without() {
    let feed = Feed::new(10);
    let mut damaged = feed.parts[0].1.clone();
    damaged[20] ^= 1;
    let too_long = [feed.parts[0].1.clone(), vec![0; 9]].concat();
    let other = feed.parts[1].1.clone();
    for wrong in [damaged, too_long, other, Vec::new()] {
        let mut desk = told(Paper::enrolled(), &feed);
        desk.fetched(manifest(&feed));
        for _ in 0..2 {
            // Short of what was said, the rest is asked for; with nothing more it is wrong.
            desk.fetched(Fetched::Bytes(wrong.clone()));
            while desk.fetch.is_some() {
                desk.fetched(Fetched::Bytes(Vec::new()));
            }
            assert_eq!(desk.paper.position.cursor, Cursor::START);
            desk.hand(Input::TimerFired);
            assert_eq!(desk.fetch, part(0, 0));
        }
        let mut pull = desk.fetched(Fetched::Bytes(wrong));
        while desk.fetch.is_some() {
            pull = desk.fetched(Fetched::Bytes(Vec::new()));
        }
        assert_eq!(desk.progress(), None);
        assert!(is_pull(pull.as_ref(), Cursor::START), "page by page");
    }
}

/// What is verified is the chain: bytes that are what the manifest says do not help.
#[test]
fn a_snapshot_of_another_past_is_dropped() {
    let feed = Feed::new(10);
    let mut other = news(Cursor::START, 6, 4);
    other.reverse();
    let entries = other;
    let (lying, packed) = SnapshotPart::pack(&PartBody { entries }).unwrap().unwrap();
    let mut manifest = feed.manifest();
    manifest.parts[0] = SnapshotPart {
        end: manifest.parts[0].end,
        ..lying
    };
    let mut desk = told(Paper::enrolled(), &feed);
    desk.fetched(Fetched::Manifest(Box::new(manifest.clone())));
    desk.fetched(Fetched::Bytes(packed));
    assert_eq!(desk.paper.position.cursor, Cursor::START);
    assert!(desk.changes.is_empty());

    // Sealed well, but of another feed than what is here.
    let mut paper = Paper::enrolled();
    paper.position.cursor = Cursor {
        seq: 2,
        hash: Hash([9; 32]),
    };
    let mut desk = told(paper, &feed);
    desk.fetched(self::manifest(&feed));
    let pull = desk.fetched(feed.bytes(0));
    assert!(is_pull(pull.as_ref(), desk.paper.position.cursor));
    assert!(desk.changes.is_empty());

    manifest.epoch = 8;
    let mut desk = told(Paper::enrolled(), &feed);
    desk.fetched(Fetched::Manifest(Box::new(manifest)));
    assert_eq!((desk.fetch, desk.progress()), (None, None));
    let hello = desk.hand(Input::TimerFired);
    assert!(matches!(hello, Some(Request::Hello(_))));
}

/// The program ended in the middle of a part: what is on the disk says where to go on.
#[test]
fn a_part_is_of_use_from_its_middle() {
    let feed = Feed::new(10);
    let mut paper = Paper::enrolled();
    paper.position.cursor = feed.entries[1].cursor();
    paper.hashes = feed.entries[..2].iter().map(|it| it.hash).collect();
    paper.position.is_undrawn = true;
    paper.n_undrawn = 2;
    let mut desk = told(paper, &feed);
    desk.fetched(manifest(&feed));
    assert_eq!(desk.fetch, part(0, 0));
    desk.fetched(feed.bytes(0));
    let pull = desk.fetched(feed.bytes(1));
    assert!(is_pull(pull.as_ref(), feed.entries[7].cursor()));
    assert!(!desk.paper.position.is_undrawn);
}

/// What people save does not wait for the parts; and what is here is drawn while nobody answers.
#[test]
fn intents_go_first_and_drawing_needs_no_center() {
    let feed = Feed::new(10);
    let mut desk = told(Paper::enrolled(), &feed);
    desk.paper.save(1);
    let push = desk.fetched(manifest(&feed));
    assert!(matches!(push, Some(Request::Push(_))));

    let mut paper = Paper::enrolled();
    paper.position.is_undrawn = true;
    paper.n_undrawn = 8;
    let (mut desk, hello) = Desk::start_with(paper, SETTINGS);
    assert!(matches!(hello, Some(Request::Hello(_))));
    let id = desk.open();
    let failure = Failure::Offline;
    let hello = desk.hand(Input::Failed { id, failure });
    assert!(!desk.paper.position.is_undrawn);
    assert!(matches!(hello, Some(Request::Hello(_))));
}
