//! The desk's ledger on its real store: a desk and a center speak until neither has anything to say.

use std::fs;

use center::{Center, Ledger as _, MemoryLedger, Rules};
use desk_sync::{DeskNow, Fetched, Input, Notice, Output, Settings, Sync};
use domain::actor::{Actor, Role};
use domain::calendar::WorkCalendar;
use domain::rule_set::RuleSets;
use wire::{DeskMoment, EntryBody, Reference, StaffMember};

use super::{Desk, at, register_order};
use crate::*;

pub(super) fn center() -> Center<MemoryLedger> {
    let mut center = open(MemoryLedger::default());
    let member = StaffMember {
        actor: Actor {
            id: domain::ActorId("1001".to_owned()),
            name: "陈晓梅".to_owned(),
            roles: vec![Role::Operator],
            unit: None,
        },
        is_disabled: false,
        former_roles: Vec::new(),
    };
    let staff = Reference::Staff(vec![member]);
    center.change_reference(&staff, now()).unwrap();
    center
}

pub(super) fn open(ledger: MemoryLedger) -> Center<MemoryLedger> {
    let rules = Rules {
        calendar: WorkCalendar::built_in(),
        rule_sets: RuleSets::built_in(),
    };
    Center::open(ledger, rules, now()).unwrap()
}

pub(super) fn now() -> chrono::DateTime<chrono::Utc> {
    at("2026-11-23 09:30")
}

/// What came of a talk.
#[derive(Default)]
pub(super) struct Talk {
    notices: Vec<Notice>,
    touched: Touched,
}

/// Lets a desk that has just started speak with the center.
pub(super) fn talk(desk: &Desk, center: &mut Center<MemoryLedger>, code: Option<&str>) -> Talk {
    let mut machine = Sync::new(Settings::COUNTY, 1);
    let mut told = Talk::default();
    let moment = DeskMoment {
        run: "run".to_owned(),
        ms: 0,
    };
    let time = now();
    let desk_now = DeskNow { time, moment };
    let mut touched = Touched::default();
    let mut ledger = SyncLedger::new(desk.store(), |writer, it: &mut Touched| {
        // What is answered stands in the feed.
        for subject in &it.subjects {
            if writer.waiting_of(subject)?.is_empty() {
                writer.replace_waiting_events(subject, 0, &[])?;
            }
        }
        touched.subjects.extend(it.subjects.iter().cloned());
        touched.references |= it.references;
        Ok(())
    });
    let mut inputs = vec![Input::Started];
    inputs.extend(code.map(|code| Input::EnrolWith {
        code: code.to_owned(),
        machine: "一号机".to_owned(),
    }));
    inputs.reverse();
    while let Some(input) = inputs.pop() {
        for output in machine.handle(input, &desk_now, &ledger) {
            match output {
                Output::Send { id, request } => {
                    let answer = Box::new(center.handle(&request, now()).unwrap());
                    inputs.push(Input::Answered { id, answer });
                }
                Output::Commit(change) => {
                    desk_sync::DeskLedger::commit(&mut ledger, &change).unwrap();
                    inputs.push(Input::Committed);
                }
                Output::Fetch { id, fetch: _ } => {
                    let fetched = Fetched::NotThere;
                    inputs.push(Input::Fetched { id, fetched });
                }
                Output::SetTimer { .. } => {}
                Output::Tell(notice) => told.notices.push(notice),
            }
        }
    }
    told.touched = touched;
    told
}

pub(super) fn is_in_step(desk: &Desk, center: &Center<MemoryLedger>) -> bool {
    let position = desk.query(Reader::sync_position);
    position.cursor == center.ledger().feed().unwrap().end
        && desk.query(Reader::count_waiting) == 0
        && desk
            .store()
            .read(|reader| Ok(reader.verify_chain()?))
            .is_ok()
}

/// A desk that worked alone for a while joins: what it saved is answered, each once.
fn joined(n: u64) -> (Desk, Center<MemoryLedger>) {
    let (desk, mut center) = (Desk::new(), center());
    for n in 1..=n {
        desk.change(|writer| register_order(writer, n, "小区停水"));
    }
    center.allow_enrolment("code").unwrap();
    let told = talk(&desk, &mut center, Some("code"));
    assert!(is_in_step(&desk, &center));
    assert!(told.notices.contains(&Notice::Enrolled));
    assert!(told.touched.references);
    assert_eq!(told.touched.subjects.len() as u64, n);
    (desk, center)
}

#[test]
fn a_desk_that_worked_alone_joins() {
    let (desk, center) = joined(3);
    for n in 1..=3 {
        let subject = format!("order-{n}");
        let confirmed = desk.query(|reader| reader.confirmed_of(&subject));
        assert_eq!(confirmed.len(), 1);
        let body = confirmed[0].read().unwrap();
        assert!(body.accepted().is_some(), "{body:?}");
        assert!(center.subject(&subject).unwrap().is_some());
        assert!(desk.query(|reader| reader.waiting_of(&subject)).is_empty());
    }
    assert!(desk.query(Reader::open_tasks).is_empty());
}

#[test]
fn a_talk_goes_on_after_a_restart() {
    let (mut desk, mut center) = joined(2);
    desk.change(|writer| register_order(writer, 3, "路灯坏了"));
    desk.restart();
    let told = talk(&desk, &mut center, None);
    assert!(is_in_step(&desk, &center));
    assert_eq!(
        told.touched.subjects.into_iter().collect::<Vec<_>>(),
        ["order-3"]
    );
}

#[test]
fn the_center_is_put_back_and_gets_again_what_it_lost() {
    let (desk, center) = joined(1);
    let backup = center.ledger().clone();
    let mut center = center;
    desk.change(|writer| register_order(writer, 2, "路灯坏了"));
    talk(&desk, &mut center, None);
    assert!(is_in_step(&desk, &center));

    let mut center = open(backup);
    center.begin_epoch("restore", now()).unwrap();
    assert!(center.subject("order-2").unwrap().is_none());
    let told = talk(&desk, &mut center, None);
    assert!(is_in_step(&desk, &center));
    assert!(center.subject("order-2").unwrap().is_some());
    let is_told = |notice: &Notice| matches!(notice, Notice::CenterRestored { .. });
    assert!(told.notices.iter().any(is_told));
}

#[test]
fn a_desk_is_put_back_and_gets_its_own_intents_again() {
    let (mut desk, mut center) = joined(1);
    desk.close();
    let copy = desk.path().join("copy.db");
    fs::copy(desk.database(), &copy).unwrap();
    desk.restart();
    for n in 2..=3 {
        desk.change(|writer| register_order(writer, n, "路灯坏了"));
    }
    talk(&desk, &mut center, None);
    desk.close();
    fs::copy(&copy, desk.database()).unwrap();
    desk.restart();

    let told = talk(&desk, &mut center, None);
    assert!(is_in_step(&desk, &center));
    assert!(
        told.notices
            .contains(&Notice::DeskRestored { n_intents: 2 })
    );
    let n = desk
        .query(|reader| reader.envelopes_after(0, 10, 1 << 20))
        .len();
    assert_eq!(n, 3);
}

/// The feed was read before the desk asked for what it had lost: the answer does not come again.
#[test]
fn what_is_recalled_and_was_answered_long_ago_waits_for_nothing() {
    let (desk, _center) = joined(2);
    let envelopes = desk.query(|reader| reader.envelopes_after(0, 10, 1 << 20));
    desk.change(|writer| {
        for table in ["chain", "intent"] {
            let sql = format!("DELETE FROM {table}");
            writer.connection().execute(&sql, [])?;
        }
        Ok(())
    });
    let change = desk_sync::Change::Recalled { envelopes };
    let mut ledger = SyncLedger::new(desk.store(), |_, _| Ok(()));
    desk_sync::DeskLedger::commit(&mut ledger, &change).unwrap();
    assert_eq!(desk.query(Reader::own_head).number, 2);
    assert_eq!(desk.query(Reader::count_waiting), 0);
}

/// A desk that was put back went on, so two chains bear one number. It is quarantined, hands over
/// what it has, gets another number, and works on.
#[test]
fn a_desk_that_went_another_way_gets_a_new_number() {
    let (mut desk, mut center) = joined(1);
    desk.close();
    let copy = desk.path().join("copy.db");
    fs::copy(desk.database(), &copy).unwrap();
    desk.restart();
    desk.change(|writer| register_order(writer, 2, "路灯坏了"));
    talk(&desk, &mut center, None);
    desk.close();
    fs::copy(&copy, desk.database()).unwrap();
    desk.restart();
    desk.change(|writer| register_order(writer, 4, "井盖丢了"));

    let told = talk(&desk, &mut center, None);
    assert!(told.notices.contains(&Notice::Quarantined));
    let before = desk.query(Reader::sync_position);
    assert!(before.is_quarantined);
    let tasks = desk.query(Reader::open_tasks);
    let is_recovered = |task: &OpenTask| {
        matches!(task.entry.read(), Ok(EntryBody::Recovered { .. })) && task.is_own
    };
    assert!(tasks.iter().any(is_recovered), "{tasks:?}");
    let seen = Settlement {
        by: domain::ActorId("1001".to_owned()),
        at: now(),
        note: String::new(),
    };
    desk.change(|writer| {
        tasks
            .iter()
            .try_for_each(|task| writer.settle_task(task.entry.seq, &seen).map(drop))
    });
    assert!(desk.query(Reader::open_tasks).is_empty());

    desk.change(|writer| register_order(writer, 5, "树倒了"));
    center.allow_enrolment("again").unwrap();
    talk(&desk, &mut center, Some("again"));
    // What was saved in quarantine is handed over too; then the new number is there.
    talk(&desk, &mut center, Some("again"));
    let after = desk.query(Reader::sync_position);
    assert!(!after.is_quarantined);
    assert_ne!(after.desk, before.desk);
    desk.change(|writer| register_order(writer, 6, "狗咬人"));
    talk(&desk, &mut center, None);
    assert!(is_in_step(&desk, &center));
    assert!(center.subject("order-6").unwrap().is_some());
    assert_eq!(desk.query(Reader::sync_position).head.number, 1);
}

#[test]
fn a_page_that_cannot_be_drawn_is_not_taken() {
    let (desk, mut center) = (Desk::new(), center());
    desk.change(|writer| register_order(writer, 1, "小区停水"));
    center.allow_enrolment("code").unwrap();
    talk(&desk, &mut center, Some("code"));
    let before = desk.query(Reader::sync_position);
    let staff = Reference::Staff(Vec::new());
    center.change_reference(&staff, now()).unwrap();
    let entries = center
        .ledger()
        .entries_after(before.cursor.seq, 10, 1 << 20)
        .unwrap();
    let change = desk_sync::Change::Page {
        entries,
        durable_seq: 9,
    };
    let mut ledger = SyncLedger::new(desk.store(), |_, _| Err(StoreFault::Busy));
    assert!(desk_sync::DeskLedger::commit(&mut ledger, &change).is_err());
    assert_eq!(desk.query(Reader::sync_position), before);
    assert_eq!(desk.query(Reader::news).len(), 3);
}
