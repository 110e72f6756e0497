//! What is here is held against the center: when, and what comes of it.

use desk_sync::{Change, Fetch, Fetched, Input, Notice, Settings};
use wire::{Answer, Cursor, Head, Page, Request, Tally, Verification, VerifyRequest};

use crate::paper::{Desk, Paper, greeting, news};

const SETTINGS: Settings = Settings {
    verify_every_ms: 1_000_000,
    ..Settings::COUNTY
};

fn tally(n_orders: u64) -> Tally {
    Tally {
        n_orders,
        ..Tally::EMPTY
    }
}

/// A desk that has read three entries, with what it has drawn of them.
fn desk(drawn: Option<Tally>) -> (Desk, Cursor) {
    let mut paper = Paper::enrolled();
    let entries = news(Cursor::START, 7, 3);
    let end = entries[2].cursor();
    paper.hashes = entries.iter().map(|entry| entry.hash).collect();
    paper.position.cursor = end;
    paper.tally = drawn;
    let (mut desk, hello) = Desk::start_with(paper, SETTINGS);
    assert!(matches!(hello, Some(Request::Hello(_))));
    assert_eq!(desk.answer(greeting(Head::START, end)), None);
    assert_eq!(desk.fetch, None, "not yet");
    (desk, end)
}

/// The poll after so many milliseconds: hello where that is due, a page with nothing in it.
fn poll(desk: &mut Desk, end: Cursor, at_ms: u64) {
    desk.ms = at_ms;
    let mut asked = desk.hand(Input::TimerFired);
    if matches!(asked, Some(Request::Hello(_))) {
        asked = desk.answer(greeting(Head::START, end));
    }
    if matches!(asked, Some(Request::Pull(_))) {
        let page = Page {
            epoch: 7,
            entries: Vec::new(),
            feed: end,
            durable_seq: 0,
        };
        assert_eq!(desk.answer(Answer::Page(page)), None);
    }
}

#[expect(
    clippy::unnecessary_wraps,
    reason = "it is compared with what is fetched"
)]
fn verify(at: Cursor, tally: Tally) -> Option<Fetch> {
    let epoch = 7;
    Some(Fetch::Verify(VerifyRequest { epoch, at, tally }))
}

#[test]
fn now_and_then_and_not_more_often() {
    let (mut desk, end) = desk(Some(tally(2)));
    poll(&mut desk, end, 999_999);
    assert_eq!(desk.fetch, None);
    poll(&mut desk, end, 1_000_000);
    assert_eq!(desk.fetch, verify(end, tally(2)));
    desk.fetched(Fetched::Verified(Verification::Same));
    assert!(
        !desk
            .notices
            .iter()
            .any(|it| matches!(it, Notice::Differs { .. }))
    );
    poll(&mut desk, end, 1_030_000);
    assert_eq!(desk.fetch, None);
    // Not drawn, or not readable here: there is nothing to compare.
    desk.paper.tally = None;
    poll(&mut desk, end, 2_500_000);
    assert_eq!(desk.fetch, None);
}

#[test]
fn what_differs_is_told_drawn_anew_and_asked_again() {
    let (mut desk, end) = desk(Some(tally(2)));
    poll(&mut desk, end, 1_000_000);
    let differs = Verification::Differs { tally: tally(3) };
    desk.fetched(Fetched::Verified(differs));
    let told = Notice::Differs { seq: end.seq };
    assert!(desk.notices.contains(&told));
    assert_eq!(desk.changes.first(), Some(&Change::DrawAnew));
    assert!(!desk.paper.position.is_undrawn);
    assert_eq!(desk.fetch, verify(end, tally(2)));
    desk.fetched(Fetched::Verified(Verification::Same));
    let again = Notice::SameAgain { seq: end.seq };
    assert_eq!(desk.notices.last(), Some(&again));
}

/// What drawing does not mend is told each time, and not drawn for ever.
#[test]
fn a_difference_that_stays_is_drawn_once() {
    let (mut desk, end) = desk(Some(tally(2)));
    poll(&mut desk, end, 1_000_000);
    for _ in 0..2 {
        let differs = Verification::Differs { tally: tally(3) };
        desk.fetched(Fetched::Verified(differs));
    }
    assert_eq!(desk.fetch, None);
    poll(&mut desk, end, 2_000_000);
    assert_eq!(desk.fetch, verify(end, tally(2)));
    let anew = desk.changes.iter().filter(|it| **it == Change::DrawAnew);
    assert_eq!(anew.count(), 1);
    desk.fetched(Fetched::NotThere);
    assert_eq!(desk.fetch, None);
}
