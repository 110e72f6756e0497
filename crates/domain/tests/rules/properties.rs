//! What must hold for any history: commands of all kinds, sound and unsound, by anybody, at any
//! time.

use std::fmt::Debug;

use chrono::{DateTime, TimeDelta, Utc};
use domain::kb::KbArticleId;
use domain::matter::{Caller, Channel, Matter, MatterClass, MatterKind, Origin, Place};
use domain::out_of_scope::{EmergencyLine, OutOfScopeClass};
use domain::work_order::{CitedArticle, EventKind, apply, commands_at, decide, fold};
use domain::{Actor, Command, Event, HandlingUnitId, Refusal, Role, WorkOrder};
use proptest::prelude::*;
use proptest::sample::select;

use crate::{words, world};

/// One command of a history: how long after the one before it, by whom, and what.
#[derive(Debug, Clone)]
struct Step {
    now: DateTime<Utc>,
    actor: Actor,
    command: Command,
}

/// 2025-12-20 to 2027-01-20: every holiday of 2026 and the edge of what is announced. Any
/// nanosecond, because a clock gives such times.
fn instants() -> impl Strategy<Value = DateTime<Utc>> {
    (1_766_160_000_i64..1_800_374_400, 0_u32..1_000_000_000)
        .prop_map(|(seconds, nanos)| DateTime::from_timestamp(seconds, nanos).unwrap())
}

/// Texts that are in order, empty, or too long for at least one limit.
fn texts() -> impl Strategy<Value = String> {
    prop_oneof![
        8 => "[ 水电路灯。？a-z\\n𠮷]{1,12}",
        1 => Just(String::new()),
        1 => Just("  ".to_owned()),
        1 => Just("长".repeat(501)),
        1 => Just("长".repeat(10_001)),
    ]
}

fn phones() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => Just("13800001234".to_owned()),
        2 => Just(String::new()),
        1 => "[0-9+ a-]{0,25}",
    ]
}

fn matters() -> impl Strategy<Value = Matter> {
    (
        (
            texts(),
            texts(),
            prop_oneof![3 => Just(String::new()), 1 => texts()],
        ),
        (phones(), phones()),
        (
            select(&Channel::ALL[..]),
            select(&MatterKind::ALL[..]),
            select(&MatterClass::ALL[..]),
        ),
        any::<(bool, bool)>(),
    )
        .prop_map(
            |((text, name, title), (phone, contact_phone), what, flags)| Matter {
                caller: Caller {
                    phone,
                    contact_phone,
                    name: name.clone(),
                    address: String::new(),
                },
                channel: what.0,
                kind: what.1,
                class: what.2,
                category_id: "0101".to_owned(),
                title,
                text,
                place: Place::default(),
                wants: name,
                is_confidential: flags.0,
                wants_call_back: flags.1,
                origin: Origin::default(),
            },
        )
}

fn articles() -> impl Strategy<Value = Option<CitedArticle>> {
    proptest::option::of(any::<u32>().prop_map(|version| CitedArticle {
        id: KbArticleId("KB-7".to_owned()),
        version,
    }))
}

/// A command for an order that was given its last one at about `now`.
fn commands(now: DateTime<Utc>) -> impl Strategy<Value = Command> {
    let units = select(vec!["县水务局", "渠江街道", "县气象局"]);
    prop_oneof![
        1 => (texts(), matters()).prop_map(|(number, matter)| Command::Register {
            number,
            matter: Box::new(matter),
        }),
        1 => (texts(), articles())
            .prop_map(|(answer, article)| Command::AnswerOnTheSpot { answer, article }),
        1 => (select(&OutOfScopeClass::ALL[..]), texts(), texts()).prop_map(
            |(class, guidance, legal_basis)| Command::RefuseOutOfScope {
                class,
                guidance,
                legal_basis,
            }
        ),
        1 => (select(&EmergencyLine::ALL[..]), texts())
            .prop_map(|(line, note)| Command::TransferToEmergency { line, note }),
        1 => (units, texts()).prop_map(|(unit, opinion)| Command::Dispatch {
            unit: HandlingUnitId(unit.to_owned()),
            opinion,
        }),
        2 => deliveries(now),
    ]
}

/// A delivery by telephone within the hour before `now`, to the nanosecond, or somewhat later.
fn deliveries(now: DateTime<Utc>) -> impl Strategy<Value = Command> {
    let before = prop_oneof![4 => 0_i64..3_600_000_000_000, 1 => -1_000_000_000_i64..0];
    (before, texts(), phones()).prop_map(move |(nanos, answered_by, phone)| {
        Command::RecordDelivery {
            delivered_at: now - TimeDelta::nanoseconds(nanos),
            answered_by,
            phone,
        }
    })
}

fn steps_from(start: DateTime<Utc>) -> impl Strategy<Value = Vec<Step>> {
    // Mostly minutes, sometimes days: most histories stay within a limit and some do not.
    let waits = prop_oneof![4 => 0_i64..7_200, 1 => 0_i64..864_000];
    proptest::collection::vec(waits, 1..10).prop_flat_map(move |waits| {
        let mut now = start;
        waits
            .into_iter()
            .map(|seconds| {
                now += TimeDelta::seconds(seconds);
                steps_at(now)
            })
            .collect::<Vec<_>>()
    })
}

fn steps_at(now: DateTime<Utc>) -> impl Strategy<Value = Step> {
    let roles = prop_oneof![
        5 => Just(vec![Role::ShiftLead]),
        3 => proptest::sample::subsequence(Role::ALL.to_vec(), 0..=3),
    ];
    (roles, commands(now)).prop_map(move |(roles, command)| Step {
        now,
        actor: world::actor(&roles),
        command,
    })
}

/// Anything; or anything after an order was registered, or registered and dispatched, so that every
/// stage is met often.
fn histories() -> impl Strategy<Value = Vec<Step>> {
    instants().prop_flat_map(|start| {
        let step = move |command| Step {
            now: start,
            actor: world::actor(&[Role::Operator]),
            command,
        };
        let register = matters().prop_map(move |matter| {
            step(Command::Register {
                number: "QX-1".to_owned(),
                matter: Box::new(Matter {
                    title: String::new(),
                    text: "小区停水两天了".to_owned(),
                    wants: String::new(),
                    caller: Caller::default(),
                    ..matter
                }),
            })
        });
        let dispatch = step(Command::Dispatch {
            unit: HandlingUnitId("县水务局".to_owned()),
            opinion: String::new(),
        });
        (0_usize..=2, register, steps_from(start)).prop_map(move |(n_given, register, steps)| {
            let given = [register, dispatch.clone()].into_iter().take(n_given);
            given.chain(steps).collect()
        })
    })
}

fn through_json<T>(value: &T) -> T
where
    T: serde::Serialize + serde::de::DeserializeOwned + Debug,
{
    let json = serde_json::to_string(value).unwrap();
    serde_json::from_str(&json).unwrap()
}

/// Whether a refusal speaks of the stage or the role, and so can be known without the content.
fn is_about_stage_or_role(refusal: &Refusal) -> bool {
    match refusal {
        Refusal::AlreadyRegistered
        | Refusal::NotRegistered
        | Refusal::WrongStage { .. }
        | Refusal::NotPermitted { .. }
        | Refusal::DeliveryNeedsCenter => true,
        Refusal::TextMissing { .. }
        | Refusal::TextTooLong { .. }
        | Refusal::PhoneInvalid { .. }
        | Refusal::UnitUnknown { .. }
        | Refusal::LegalBasisMissing { .. }
        | Refusal::TransferInstead
        | Refusal::DeliveryTimeImpossible { .. } => false,
    }
}

/// Plays a history; `look` sees the state before each step and what was decided.
fn play(
    history: &[Step],
    mut look: impl FnMut(
        Option<&WorkOrder>,
        &Step,
        &Result<Vec<Event>, Refusal>,
    ) -> Result<(), TestCaseError>,
) -> Result<(Option<WorkOrder>, Vec<Event>), TestCaseError> {
    let (mut order, mut events) = (None, Vec::new());
    for step in history {
        let facts = world::facts(step.now, &step.actor);
        let decided = decide(order.as_ref(), &step.command, &facts);
        look(order.as_ref(), step, &decided)?;
        for event in decided.into_iter().flatten() {
            apply(&mut order, &event);
            events.push(event);
        }
    }
    Ok((order, events))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// The state is the fold of the events, at every step and after they were stored and read back.
    #[test]
    fn the_state_is_the_fold_of_all_events(history in histories()) {
        let mut events: Vec<Event> = Vec::new();
        let (order, all) = play(&history, |order, _, decided| {
            let folded = fold(&events);
            prop_assert_eq!(order, folded.as_ref());
            prop_assert_eq!(order.map_or(0, |order| order.version as usize), events.len());
            events.extend(decided.iter().flatten().cloned());
            Ok(())
        })?;
        prop_assert_eq!(&order, &fold(&all));
        let read_back: Vec<Event> = all.iter().map(through_json).collect();
        prop_assert_eq!(&read_back, &all);
        prop_assert_eq!(order, fold(&read_back));
    }

    /// `decide` gives the same answer twice, and to a command that was stored and read back.
    #[test]
    fn decide_is_deterministic(history in histories()) {
        play(&history, |order, step, decided| {
            let facts = world::facts(step.now, &step.actor);
            prop_assert_eq!(&decide(order, &step.command, &facts), decided);
            let read_back = through_json(&step.command);
            prop_assert_eq!(&decide(order, &read_back, &facts), decided);
            Ok(())
        })?;
    }

    /// A command is answered with at least one event, all of them of that moment and that person;
    /// or with a refusal, after which every other command is answered as before.
    #[test]
    fn an_answer_is_events_or_a_refusal(history in histories()) {
        let (order, _) = play(&history, |_, step, decided| {
            if let Ok(events) = decided {
                prop_assert!(!events.is_empty());
                for event in events {
                    prop_assert_eq!(event.occurred_at.timestamp_millis(), step.now.timestamp_millis());
                    prop_assert_eq!(&event.actor, &step.actor.id);
                }
            }
            Ok(())
        })?;
        let mut without_refused = Vec::new();
        play(&history, |_, step, decided| {
            if decided.is_ok() {
                without_refused.push(step.clone());
            }
            Ok(())
        })?;
        let (same_order, _) = play(&without_refused, |_, step, decided| {
            prop_assert!(decided.is_ok(), "{:?}: {:?}", step, decided);
            Ok(())
        })?;
        prop_assert_eq!(order, same_order);
    }

    /// What the window shows as refused is refused for any content, with the same words; and what
    /// it shows as allowed is refused for its content only.
    #[test]
    fn commands_at_says_what_decide_will_say(history in histories()) {
        play(&history, |order, step, decided| {
            let Some(order) = order else {
                return Ok(());
            };
            let facts = world::facts(step.now, &step.actor);
            for (kind, shown) in commands_at(order, &facts) {
                if kind != step.command.kind() {
                    continue;
                }
                match (shown, decided) {
                    (Some(shown), decided) => prop_assert_eq!(decided, &Err(shown)),
                    (None, Err(refusal)) => prop_assert!(!is_about_stage_or_role(refusal)),
                    (None, Ok(_)) => {}
                }
            }
            Ok(())
        })?;
    }

    /// A limit keeps its times for ever; it may end, once.
    #[test]
    fn due_times_never_move(history in histories()) {
        let mut before = Vec::new();
        let mut compare = |order: Option<&WorkOrder>| -> Result<(), TestCaseError> {
            let Some(order) = order else {
                return Ok(());
            };
            prop_assert!(order.limits.len() >= before.len());
            for ((old, old_state), (new, new_state)) in before.iter().zip(&order.limits) {
                prop_assert_eq!(old, new);
                if *old_state != domain::time_limit::LimitState::Running {
                    prop_assert_eq!(old_state, new_state);
                }
            }
            before.clone_from(&order.limits);
            Ok(())
        };
        let (order, events) = play(&history, |order, _, _| compare(order))?;
        compare(order.as_ref())?;
        let started = events.iter().filter(|event| matches!(event.kind, EventKind::LimitStarted { .. }));
        prop_assert_eq!(started.count(), order.map_or(0, |order| order.limits.len()));
    }
}
