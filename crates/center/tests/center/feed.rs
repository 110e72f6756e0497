//! Reading on, and finding back after a restore.

use center::{Center, Ledger as _};
use wire::{Answer, Cursor, EntryBody, Request, verify_page};

use crate::town::{Desk, Town, dispatch, register, rules, supplement, town};

fn page(answer: Answer) -> wire::Page {
    let Answer::Page(page) = answer else {
        panic!("{answer:?}");
    };
    page
}

#[test]
fn a_new_desk_reads_from_the_beginning() {
    let mut town = town();
    let mut desk = town.desk("一");
    town.done(&mut desk, "受理员", "order-1", register("QX-1", "停水两天"));
    let Answer::Rewind(rewind) = town.pull(&desk, 0, Cursor::START) else {
        panic!("another epoch");
    };
    assert_eq!(rewind.to, Cursor::START);
    let page = page(town.pull(&desk, rewind.epoch, Cursor::START));
    let end = verify_page(Cursor::START, page.epoch, &page.entries).unwrap();
    assert_eq!(end, page.feed);
    let rest = self::page(town.pull(&desk, page.epoch, end));
    assert!(rest.entries.is_empty());
}

/// The center loses what came after the backup: whoever has read on goes back to it, and the desk
/// that made what is lost brings it again.
#[test]
fn the_center_is_put_back_from_a_backup() {
    let mut town = town();
    let mut desk = town.desk("一");
    town.done(&mut desk, "受理员", "order-1", register("QX-1", "停水两天"));
    let backup = town.center.ledger().clone();
    let before = end_of(&town);
    let lost = town.order(&mut desk, "受理员", "order-1", dispatch("水务"));
    town.push(vec![lost.clone()]);
    let after = end_of(&town);
    let epoch = town.center.ledger().epochs().unwrap()[0].number;
    town.minutes_later(60);
    town.center = Center::open(backup, rules(), town.now).unwrap();
    town.center.begin_epoch("restore", town.now).unwrap();

    let Answer::Rewind(rewind) = town.pull(&desk, epoch, after) else {
        panic!("the entry is lost");
    };
    assert_eq!(rewind.to, before);
    let Answer::Rewind(same) = town.pull(&desk, epoch, before) else {
        panic!("another epoch");
    };
    assert_eq!(same.to, before);
    let again = town.push(vec![lost]);
    assert!(matches!(again, Answer::Pushed(pushed) if pushed.head == desk.head));
    let entries = town.entries();
    assert_eq!(
        entries.len() as u64,
        before.seq + 2,
        "a new epoch and the dispatch"
    );
    let end = verify_page(Cursor::START, rewind.epoch, &entries).unwrap();
    assert_eq!(end, end_of(&town));
    assert!(matches!(
        entries[entries.len() - 2].read(),
        Ok(EntryBody::EpochBegan { .. })
    ));
}

/// After a restore an intent may come before what it builds on, from a desk that is back sooner.
#[test]
fn what_builds_on_something_lost_waits_for_it() {
    let mut town = town();
    let (mut one, mut two) = (town.desk("一"), town.desk("二"));
    let backup = town.center.ledger().clone();
    let first = town.order(&mut one, "受理员", "order-1", register("QX-1", "停水两天"));
    town.push(vec![first.clone()]);
    let second = town.order(&mut two, "值班长", "order-1", dispatch("水务"));
    town.push(vec![second.clone()]);
    town.minutes_later(60);
    town.center = Center::open(backup, rules(), town.now).unwrap();
    town.center.begin_epoch("restore", town.now).unwrap();

    let early = town.push(vec![second.clone()]);
    assert!(matches!(early, Answer::Pushed(pushed) if pushed.head.number == 0));
    town.push(vec![first]);
    assert!(town.verdict(second).accepted().is_some());
    // But not for ever.
    let mut three = town.desk("三");
    town.minutes_later(11);
    let orphan = town.order(&mut three, "值班长", "order-8", supplement("还没水"));
    assert!(matches!(town.verdict(orphan), EntryBody::LateFact(_)));
}

#[test]
fn strangers_and_the_outdated_are_turned_away() {
    let mut town = town();
    let desk = Desk {
        id: wire::DeskId("W99".to_owned()),
        head: wire::Head::START,
    };
    assert_eq!(town.pull(&desk, 0, Cursor::START), Answer::Unauthorised);
    let known = town.desk("一");
    let code = wire::EnrolRequest {
        protocol: wire::PROTOCOL,
        code: "二".to_owned(),
        machine: String::new(),
        public_key: String::new(),
    };
    assert_eq!(town.ask(&Request::Enrol(code)), Answer::Unauthorised);
    let newer = wire::PullRequest {
        desk: known.id.clone(),
        protocol: 99,
        epoch: 0,
        cursor: Cursor::START,
        entries_max: 1,
    };
    let who = wire::TooOld::Center;
    assert_eq!(town.ask(&Request::Pull(newer)), Answer::TooOld { who });
    town.center.revoke(&known.id).unwrap();
    assert_eq!(town.pull(&known, 0, Cursor::START), Answer::Unauthorised);
}

/// The answer to an enrolment was lost: the same code on the same machine gives the same number.
#[test]
fn a_code_is_good_once() {
    let mut town = town();
    let desk = town.desk("一");
    let again = wire::EnrolRequest {
        protocol: wire::PROTOCOL,
        code: "一".to_owned(),
        machine: "一".to_owned(),
        public_key: String::new(),
    };
    let answer = town.ask(&Request::Enrol(again));
    assert!(matches!(answer, Answer::Enrolled(enrolled) if enrolled.desk == desk.id));
    assert!(town.center.allow_enrolment("一").is_err());
}

/// The center has a chain of its own, which takes no number away; nor is one given again that was revoked.
#[test]
fn desks_are_numbered_one_after_the_other() {
    let mut town = town();
    let mut first = town.desk("一");
    town.done(
        &mut first,
        "受理员",
        "order-1",
        register("QX-1", "停水两天"),
    );
    town.done(&mut first, "受理员", "order-1", dispatch("水务"));
    town.deliver("order-1", 1);
    let second = town.desk("二");
    town.center.revoke(&second.id).unwrap();
    let third = town.desk("三");
    let desks = [first, second, third];
    assert_eq!(
        desks.each_ref().map(|desk| desk.id.code()),
        ["W01", "W02", "W03"]
    );
}

fn end_of(town: &Town<center::MemoryLedger>) -> Cursor {
    use center::Ledger as _;
    town.center.ledger().feed().unwrap().end
}
