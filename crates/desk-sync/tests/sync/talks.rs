//! What is asked, and what an answer leads to.

use chrono::TimeDelta;
use desk_sync::{Change, Failure, Input, Notice};
use wire::{
    Answer, Cursor, Greeting, Head, Page, PushAnswer, Quarantine, Recalled, Request, Rewind, TooOld,
};

use crate::paper::{Desk, Paper, desk_id, envelope, greeting, news, start};

fn page(entries: Vec<wire::Entry>, feed: Cursor) -> Answer {
    Answer::Page(Page {
        epoch: 7,
        entries,
        feed,
        durable_seq: 0,
    })
}

fn pushed(head: Head, feed: Cursor) -> Answer {
    Answer::Pushed(PushAnswer {
        epoch: 7,
        head,
        feed,
        durable_seq: 0,
    })
}

fn numbers(request: Option<Request>) -> Vec<u64> {
    match request {
        Some(Request::Push(push) | Request::Recover(push)) => {
            push.envelopes.iter().map(|it| it.number).collect()
        }
        other => panic!("no push: {other:?}"),
    }
}

/// Hello, what is new from here, what is new from there, rest.
#[test]
fn a_talk() {
    let mut paper = Paper::enrolled();
    paper.save(2);
    let head = paper.position.head;
    let (mut desk, first) = Desk::start(paper);
    assert!(matches!(first, Some(Request::Hello(_))));
    let entries = news(Cursor::START, 7, 2);
    let end = entries[1].cursor();
    let push = desk.answer(greeting(Head::START, Cursor::START));
    assert_eq!(numbers(push), [1, 2]);
    let pull = desk.answer(pushed(head, end));
    assert!(matches!(pull, Some(Request::Pull(_))));
    assert_eq!(desk.answer(page(entries, end)), None);
    assert_eq!(desk.paper.position.cursor, end);
    assert_eq!(desk.timer_ms, 30_000, "the next poll");
    // Somebody saves: at once. Somebody pokes: at once.
    desk.paper.save(1);
    assert_eq!(numbers(desk.hand(Input::Saved)), [3]);
    let head = desk.paper.position.head;
    assert!(matches!(
        desk.answer(pushed(head, end)),
        Some(Request::Pull(_))
    ));
    assert_eq!(desk.answer(page(Vec::new(), end)), None);
    assert!(matches!(desk.hand(Input::Poked), Some(Request::Pull(_))));
}

#[test]
fn a_push_has_five_hundred_at_most_and_goes_on() {
    let mut paper = Paper::enrolled();
    paper.save(501);
    let (mut desk, _) = Desk::start(paper);
    let first = numbers(desk.answer(greeting(Head::START, Cursor::START)));
    assert_eq!((first.len(), first.last()), (500, Some(&500)));
    let head = desk.paper.intents[499].head();
    assert_eq!(numbers(desk.answer(pushed(head, Cursor::START))), [501]);
}

#[test]
fn no_answer_and_the_wait_grows() {
    let (mut desk, _) = Desk::start(Paper::enrolled());
    let mut waits = Vec::new();
    for _ in 0..8 {
        assert_eq!(
            desk.hand(Input::TimerFired),
            None,
            "no answer within its time"
        );
        waits.push(desk.timer_ms);
        // Neither a saved intent nor a poke breaks the wait.
        assert_eq!(desk.hand(Input::Saved), None);
        assert_eq!(desk.hand(Input::Poked), None);
        let again = desk.hand(Input::TimerFired);
        assert!(matches!(again, Some(Request::Hello(_))), "{again:?}");
    }
    assert!(waits[0] <= 1_000 && waits[7] >= 30_000, "{waits:?}");
    let failure = Failure::TimedOut;
    assert_eq!(desk.notices, [Notice::Offline { failure }], "told once");
}

#[test]
fn an_answer_that_comes_late_or_twice_is_nothing() {
    let mut paper = Paper::enrolled();
    paper.save(1);
    let head = paper.position.head;
    let (mut desk, _) = Desk::start(paper);
    let old = desk.open();
    desk.answer(greeting(Head::START, Cursor::START));
    let again = Box::new(greeting(Head::START, Cursor::START));
    let late = Input::Answered {
        id: old,
        answer: again,
    };
    assert_eq!(desk.hand(late), None);
    assert!(
        desk.answer(pushed(head, Cursor::START)).is_some(),
        "still asking"
    );
}

#[test]
fn a_page_that_does_not_follow_is_not_applied() {
    let (mut desk, _) = Desk::start(Paper::enrolled());
    let entries = news(Cursor::START, 7, 3);
    let end = entries[2].cursor();
    desk.answer(greeting(Head::START, end));
    let gap = page(entries[1..].to_vec(), end);
    assert_eq!(desk.answer(gap), None);
    assert!(desk.changes.is_empty());
    // It begins again, with a hello, after a while.
    assert!(desk.timer_ms <= 1_000);
    assert!(matches!(
        desk.hand(Input::TimerFired),
        Some(Request::Hello(_))
    ));
    let Some(Request::Pull(_)) = desk.answer(greeting(Head::START, end)) else {
        panic!("behind");
    };
    desk.answer(page(entries, end));
    assert_eq!(desk.paper.position.cursor, end);
}

#[test]
fn the_center_was_put_back() {
    let (mut desk, _) = Desk::start(Paper::enrolled());
    let entries = news(Cursor::START, 7, 3);
    let (to, end) = (entries[0].cursor(), entries[2].cursor());
    desk.answer(greeting(Head::START, end));
    desk.answer(page(entries, end));
    desk.hand(Input::TimerFired);
    let next = desk.answer(Answer::Rewind(Rewind { epoch: 9, to }));
    assert!(
        matches!(next, Some(Request::Hello(_))),
        "where does my chain end now?"
    );
    assert_eq!(desk.changes.last(), Some(&Change::Rewind { epoch: 9, to }));
    let told = Notice::CenterRestored {
        epoch: 9,
        taken_back: 2,
    };
    assert!(desk.notices.contains(&told));
    // A place that the desk does not know is no place to go back to.
    desk.answer(greeting(Head::START, to));
    let strange = news(Cursor::START, 9, 1)[0].cursor();
    let rewind = Rewind {
        epoch: 11,
        to: strange,
    };
    desk.answer(Answer::Rewind(rewind));
    let to = Cursor::START;
    assert_eq!(desk.changes.last(), Some(&Change::Rewind { epoch: 11, to }));
}

#[test]
fn the_desk_was_put_back_and_asks_for_its_own() {
    let mut paper = Paper::enrolled();
    paper.save(1);
    let first = paper.position.head;
    let lost = envelope(first, "又停水了");
    let (mut desk, _) = Desk::start(paper);
    let asked = desk.answer(greeting(lost.head(), Cursor::START));
    assert!(matches!(asked, Some(Request::Recall(recall)) if recall.after == 1));
    let head = lost.head();
    desk.answer(Answer::Recalled(Recalled {
        envelopes: vec![lost],
        head,
    }));
    assert!(
        desk.notices
            .contains(&Notice::DeskRestored { n_intents: 1 })
    );
    assert_eq!(desk.paper.position.head, head);
}

/// The two chains differ: the desk shows the center the last intent of its own, and is quarantined.
#[test]
fn two_chains_under_one_number() {
    let mut paper = Paper::enrolled();
    paper.save(2);
    let (mut desk, _) = Desk::start(paper);
    let other = envelope(desk.paper.intents[0].head(), "别的话").head();
    let shown = desk.answer(greeting(other, Cursor::START));
    assert_eq!(numbers(shown), [2]);
    let handed_over = desk.answer(Answer::Quarantined(Quarantine { fork_at: 2 }));
    assert!(desk.notices.contains(&Notice::Quarantined));
    assert!(matches!(&handed_over, Some(Request::Recover(_))));
    assert_eq!(numbers(handed_over), [1, 2]);
}

#[test]
fn a_new_desk_needs_a_code() {
    let mut paper = Paper::enrolled();
    paper.position.desk = None;
    let (mut desk, first) = Desk::start(paper);
    assert_eq!(first, None);
    let typed = |code: &str| Input::EnrolWith {
        code: code.to_owned(),
        machine: "一号机".to_owned(),
    };
    assert!(matches!(desk.hand(typed("wrong")), Some(Request::Enrol(_))));
    assert_eq!(desk.answer(Answer::Unauthorised), None);
    assert!(desk.notices.contains(&Notice::Unauthorised));
    assert!(matches!(desk.hand(typed("right")), Some(Request::Enrol(_))));
    let enrolled = wire::Enrolled {
        desk: desk_id(),
        protocol: wire::PROTOCOL.last,
        epoch: 7,
        certificate: String::new(),
    };
    let next = desk.answer(Answer::Enrolled(enrolled));
    assert!(matches!(next, Some(Request::Hello(_))));
}

/// A code that is typed while something else is asked is not forgotten when the answer is no.
#[test]
fn a_code_that_was_typed_meanwhile_is_tried() {
    let (mut desk, hello) = Desk::start(Paper::enrolled());
    assert!(matches!(hello, Some(Request::Hello(_))));
    let typed = Input::EnrolWith {
        code: "right".to_owned(),
        machine: "一号机".to_owned(),
    };
    assert_eq!(desk.hand(typed), None);
    let next = desk.answer(Answer::Unauthorised);
    assert!(matches!(next, Some(Request::Enrol(_))));
}

#[test]
fn what_only_people_can_change_is_told_and_tried_seldom() {
    for (answer, notice) in [
        (
            Answer::TooOld { who: TooOld::Desk },
            Notice::TooOld { who: TooOld::Desk },
        ),
        (
            Answer::TooOld {
                who: TooOld::Center,
            },
            Notice::TooOld {
                who: TooOld::Center,
            },
        ),
        (Answer::Unauthorised, Notice::Unauthorised),
        (
            Answer::Malformed {
                because: "0 intents".to_owned(),
            },
            Notice::Malformed {
                because: "0 intents".to_owned(),
            },
        ),
    ] {
        let (mut desk, _) = Desk::start(Paper::enrolled());
        assert_eq!(desk.answer(answer), None);
        assert!(desk.notices.contains(&notice));
        assert_eq!(desk.timer_ms, 600_000);
        assert!(desk.hand(Input::TimerFired).is_some());
    }
    let (mut desk, _) = Desk::start(Paper::enrolled());
    desk.answer(Answer::Busy { after_ms: 5_000 });
    assert_eq!(desk.timer_ms, 5_000);
}

/// The middle between question and answer is compared with the center's clock.
#[test]
fn the_clock_is_measured() {
    let measure = |center_ahead_ms: i64, under_way_ms: u64| {
        let (mut desk, _) = Desk::start(Paper::enrolled());
        desk.ms = under_way_ms;
        desk.answer(Answer::Greeting(Greeting {
            protocol: wire::PROTOCOL.last,
            epoch: 7,
            center_time: start() + TimeDelta::milliseconds(center_ahead_ms),
            head: Head::START,
            feed: Cursor::START,
            durable_seq: 0,
            keep_days: None,
        }));
        let is_told = |notice: &Notice| matches!(notice, Notice::ClockOff { .. });
        (desk.skew_ms(), desk.notices.iter().any(is_told))
    };
    assert_eq!(measure(200, 400), (Some(0), false));
    assert_eq!(measure(0, 400), (Some(200), false));
    assert_eq!(measure(-59_999, 0), (Some(59_999), false));
    assert_eq!(measure(-60_000, 0), (Some(60_000), true));
    assert_eq!(measure(60_000, 0), (Some(-60_000), true));
}
