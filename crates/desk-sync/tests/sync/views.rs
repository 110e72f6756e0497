//! What waits is decided on top of what is confirmed.

use desk_sync::{Pending, view};
use domain::calendar::WorkCalendar;
use domain::matter::{Caller, Channel, Matter, MatterClass, MatterKind, Origin, Place};
use domain::rule_set::RuleSets;
use domain::work_order::Stage;
use domain::{Actor, ActorId, Command, Role};
use wire::{Act, Ground, Head, Reference, References, StaffMember, Subject};

use crate::paper::envelope;

fn pending(number: u64, command: Command) -> Pending {
    let head = Head {
        number,
        ..Head::START
    };
    Pending {
        envelope: envelope(head, ""),
        act: Act::Order(command),
    }
}

fn register() -> Command {
    Command::Register {
        number: "QX-1".to_owned(),
        matter: Box::new(Matter {
            caller: Caller::default(),
            channel: Channel::Phone,
            kind: MatterKind::Help,
            class: MatterClass::Ordinary,
            category_id: String::new(),
            title: String::new(),
            text: "停水两天".to_owned(),
            place: Place::default(),
            happened: String::new(),
            about: String::new(),
            wants: String::new(),
            is_confidential: false,
            wants_call_back: false,
            origin: Origin::default(),
        }),
    }
}

#[test]
fn what_waits_is_seen_and_what_will_not_pass_is_told() {
    let mut references = References::default();
    references.change(&Reference::Staff(vec![StaffMember {
        actor: Actor {
            id: ActorId("1001".to_owned()),
            name: "陈晓梅".to_owned(),
            roles: vec![Role::Operator],
            unit: None,
        },
        is_disabled: false,
        former_roles: Vec::new(),
    }]));
    let (calendar, rule_sets) = (WorkCalendar::built_in(), RuleSets::built_in());
    let ground = Ground {
        references: &references,
        calendar: &calendar,
        rule_sets: &rule_sets,
    };
    let withdraw = || Command::Withdraw {
        reason: "已解决".to_owned(),
    };
    let waiting = [
        pending(0, register()),
        pending(1, withdraw()),
        pending(2, withdraw()),
    ];
    let seen = view("order-1", None, &waiting, ground);
    let stage = |subject: &Option<Subject>| subject.as_ref().unwrap().order().unwrap().stage;
    assert_eq!(stage(&seen.subject), Stage::Withdrawn);
    assert_eq!(seen.provisional.len(), 2);
    assert_eq!(seen.held_up.len(), 1);
    assert_eq!(seen.held_up[0].intent, "intent-3");

    // The first was answered meanwhile: the same is seen, from what is confirmed.
    let mut confirmed = None;
    Subject::apply(&mut confirmed, &seen.provisional[0].1);
    let again = view("order-1", confirmed, &waiting[1..], ground);
    assert_eq!(again.subject, seen.subject);

    // The right was withdrawn: the call is still seen, what it decided is held up.
    references.change(&Reference::Staff(vec![StaffMember {
        actor: Actor {
            id: ActorId("1001".to_owned()),
            name: "陈晓梅".to_owned(),
            roles: Vec::new(),
            unit: None,
        },
        is_disabled: false,
        former_roles: vec![Role::Operator],
    }]));
    let ground = Ground {
        references: &references,
        calendar: &calendar,
        rule_sets: &rule_sets,
    };
    let seen = view("order-1", None, &waiting, ground);
    assert_eq!(stage(&seen.subject), Stage::Registered);
    assert_eq!(seen.held_up.len(), 2);
}
