//! What must hold for any history: commands of all kinds, sound and unsound, by anybody, at any
//! time.

use std::collections::BTreeSet;
use std::fmt::Debug;

use chrono::SubsecRound as _;
use domain::time_limit::{LimitState, TimeLimit};
use domain::work_order::{
    AssignmentStage, CommandKind, EventKind, Stage, apply, assignment_commands_at, commands_at,
    decide, fold,
};
use domain::{Event, Refusal, Role, WorkOrder};
use proptest::prelude::*;
use proptest::strategy::ValueTree as _;
use proptest::test_runner::TestRunner;

use crate::histories::{Given, histories};
use crate::{names, world};

fn through_json<T>(value: &T) -> T
where
    T: serde::Serialize + serde::de::DeserializeOwned + Debug,
{
    let json = serde_json::to_string(value).unwrap();
    serde_json::from_str(&json).unwrap()
}

/// Whether a refusal speaks of where the order stands or of who asks, and so can be known without
/// the content of the command.
fn is_known_without_content(refusal: &Refusal) -> bool {
    matches!(
        refusal,
        Refusal::AlreadyRegistered
            | Refusal::NotRegistered
            | Refusal::WrongStage { .. }
            | Refusal::NotPermitted { .. }
            | Refusal::DeliveryNeedsCenter
            | Refusal::NotYourUnit { .. }
            | Refusal::WrongAssignmentStage { .. }
            | Refusal::NotForPart { .. }
            | Refusal::Bound { .. }
            | Refusal::NotBound
            | Refusal::KindChangePending
            | Refusal::NoKindChange
            | Refusal::NotSpecial
            | Refusal::ExtensionPending
            | Refusal::NoExtension { .. }
            | Refusal::NotFromSuperior
            | Refusal::AlreadyRated
            | Refusal::NotRatedBad
            | Refusal::AlreadyScreened
            | Refusal::NoScreening { .. }
    )
}

/// Plays a history; `look` sees the state before each step and what was decided.
fn play(
    history: &[Given],
    mut look: impl FnMut(
        Option<&WorkOrder>,
        &Given,
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
    #![proptest_config(ProptestConfig::with_cases(96))]

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

    /// A command is answered with at least one event, all of them by that person and of one moment,
    /// which is now or, where the clock was set back, the moment before; or with a refusal, after
    /// which every other command is answered as before.
    #[test]
    fn an_answer_is_events_or_a_refusal(history in histories()) {
        let (order, _) = play(&history, |order, step, decided| {
            if let Ok(events) = decided {
                prop_assert!(!events.is_empty());
                let now = step.now.trunc_subsecs(3);
                let moment = order.map_or(now, |order| now.max(order.last_event_at));
                for event in events {
                    prop_assert_eq!(event.occurred_at, moment);
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
            let kind = step.command.kind();
            let number = step.command.assignment().filter(|it| order.assignment(*it).is_some());
            let of_unit = number.and_then(|number| {
                assignment_commands_at(order, number, &facts).find(|(it, _)| *it == kind)
            });
            let is_about_one_unit = of_unit.is_some();
            let shown = of_unit.or_else(|| commands_at(order, &facts).find(|(it, _)| *it == kind));
            let (_, shown) = shown.unwrap();
            match (shown, decided) {
                (Some(shown), Err(refusal)) if is_about_one_unit => prop_assert_eq!(refusal, &shown),
                (Some(_), Err(_)) | (None, Ok(_)) => {}
                (Some(shown), Ok(_)) => prop_assert!(false, "shown as {shown:?}, yet allowed"),
                (None, Err(refusal)) => {
                    let names_another = step.command.assignment().is_some() && !is_about_one_unit;
                    prop_assert!(
                        names_another || !is_known_without_content(refusal),
                        "shown as allowed, yet {refusal:?}"
                    );
                }
            }
            Ok(())
        })?;
    }

    /// A limit begins with an event, moves with an event that says why, and ends once.
    #[test]
    fn a_limit_moves_only_by_a_named_event(history in histories()) {
        let (_, events) = play(&history, |_, _, _| Ok(()))?;
        let mut order = None;
        for event in &events {
            let before: Vec<(TimeLimit, LimitState)> = all_limits(order.as_ref());
            apply(&mut order, event);
            let after = all_limits(order.as_ref());
            let is_start = matches!(event.kind, EventKind::LimitStarted { .. });
            let is_move = matches!(event.kind, EventKind::LimitMoved { .. });
            prop_assert_eq!(after.len(), before.len() + usize::from(is_start));
            let mut n_moved = 0;
            for (limit, state) in &before {
                let is_kept = after.iter().any(|(it, now)| it == limit && (now == state || *state == LimitState::Running));
                n_moved += usize::from(!is_kept);
            }
            prop_assert_eq!(n_moved, usize::from(is_move), "{:?}", event);
        }
    }

    /// 决定 I-18: nothing happens before what happened before it; and every limit that an event
    /// carries is what counting its days again gives.
    #[test]
    fn events_are_in_order_and_limits_explain_themselves(history in histories()) {
        let (order, events) = play(&history, |_, _, _| Ok(()))?;
        prop_assert!(events.iter().map(|event| event.occurred_at).is_sorted());
        let actor = world::actor(&[]);
        let calendar = world::facts(chrono::DateTime::UNIX_EPOCH, &actor).calendar;
        for (limit, _) in all_limits(order.as_ref()) {
            prop_assert!(limit.explain(calendar).agrees, "{:?}", limit);
        }
    }

    /// 第十二条(二): nothing follows a final closure, whoever asks, but that the superior was told (备注办结), and
    /// that who the person is was put right, which moves nothing (个人信息保护法 第四十六条).
    #[test]
    fn nothing_follows_a_final_closure(history in histories()) {
        let (order, _) = play(&history, |order, _, decided| {
            let is_over = order.is_some_and(|order| order.stage == Stage::FinallyClosed);
            let is_told = |events: &Vec<Event>| {
                let mut kinds = events.iter().map(|event| &event.kind);
                kinds.all(|kind| {
                    matches!(
                        kind,
                        EventKind::ResultReturnRecorded { .. } | EventKind::CallerCorrected { .. }
                    )
                })
            };
            prop_assert!(!is_over || decided.as_ref().map_or(true, is_told));
            Ok(())
        })?;
        if let Some(order) = order.filter(|order| order.stage == Stage::FinallyClosed) {
            for role in Role::ALL {
                let actor = world::actor(&[role]);
                let facts = world::facts(order.last_event_at, &actor);
                let open = commands_at(&order, &facts).filter(|(_, refusal)| refusal.is_none());
                let moves_nothing = |command| {
                    matches!(
                        command,
                        CommandKind::RecordResultReturn | CommandKind::CorrectCaller
                    )
                };
                prop_assert!(open.map(|(command, _)| command).all(moves_nothing));
            }
        }
    }
}

fn all_limits(order: Option<&WorkOrder>) -> Vec<(TimeLimit, LimitState)> {
    order.map_or_else(Vec::new, |order| order.all_limits().cloned().collect())
}

/// The histories come everywhere: each stage of an order and of an assignment, each command with
/// success, each event. A recount of limits needs another calendar, which they have not.
#[test]
fn histories_come_everywhere() {
    let mut runner = TestRunner::deterministic();
    let (mut stages, mut assignment_stages) = (BTreeSet::new(), BTreeSet::new());
    let (mut commands, mut met) = (BTreeSet::new(), BTreeSet::new());
    for _ in 0..800 {
        let history = histories().new_tree(&mut runner).unwrap().current();
        let (_, events) = play(&history, |order, step, decided| {
            stages.extend(order.map(|order| order.stage));
            let assignments = order.iter().flat_map(|order| &order.assignments);
            assignment_stages.extend(assignments.map(|assignment| assignment.stage));
            if decided.is_ok() {
                commands.insert(names::command_name(&step.command));
            }
            Ok(())
        })
        .unwrap();
        met.extend(events.iter().map(|event| names::event_name(&event.kind)));
    }
    assert_eq!(stages, Stage::ALL.into_iter().collect());
    assert_eq!(
        assignment_stages,
        AssignmentStage::ALL.into_iter().collect()
    );
    let without_recount = names::COMMANDS.iter().copied();
    let without_recount = without_recount.filter(|name| *name != "RecountLimits");
    assert_eq!(commands, without_recount.collect());
    assert_eq!(met, names::EVENTS.iter().copied().collect());
}
