//! What `apply` makes of histories that `decide` does not give yet, or never gives.

use domain::time_limit::LimitKind;
use domain::work_order::{EventKind, fold};
use domain::{Event, WorkOrder};

use crate::case_file::play;

/// The events of a special matter that was registered, dispatched and delivered.
fn delivered() -> Vec<Event> {
    let played = play(
        "2026年
        11-23 周一 09:15 登记 投诉 特殊事项
        11-23 周一 09:20 派单 县水务局 属地=渠江街道
        11-23 周一 09:30 电话送达 09:25",
    );
    played.into_iter().flat_map(|order| order.events).collect()
}

fn limit_started(events: &[Event], kind: LimitKind) -> Event {
    let is_it = |event: &&Event| matches!(&event.kind, EventKind::LimitStarted { limit, .. } if limit.kind == kind);
    events.iter().find(is_it).unwrap().clone()
}

fn running(order: &WorkOrder) -> Vec<LimitKind> {
    order.running_limits().map(|limit| limit.kind).collect()
}

#[test]
fn no_events_are_no_order() {
    assert_eq!(fold([]), None);
}

#[test]
fn delivery_ends_the_limit_for_dispatch_and_no_other() {
    let events = delivered();
    let is_delivery = |event: &Event| matches!(event.kind, EventKind::Delivered { .. });
    let delivery = events.iter().position(is_delivery).unwrap();
    let mut early = events[..delivery].to_vec();
    early.push(limit_started(&events, LimitKind::Handle));
    early.push(events[delivery].clone());
    assert_eq!(running(&fold(&early).unwrap()), [LimitKind::Handle]);
}

/// A second dispatch will start the limit again: the latest is the one that counts.
#[test]
fn the_latest_limit_of_a_kind_is_the_one_shown() {
    let mut events = delivered();
    let mut again = limit_started(&events, LimitKind::SignFor);
    if let EventKind::LimitStarted { limit, .. } = &mut again.kind {
        limit.due_at += chrono::TimeDelta::days(7);
    }
    events.push(again);
    let order = fold(&events).unwrap();
    let (latest, _) = order.limit(LimitKind::SignFor).unwrap();
    assert_eq!(
        latest.due_at,
        order.assignments[0].limits.last().unwrap().0.due_at
    );
}

#[test]
#[should_panic(expected = "an order is registered once")]
fn a_second_registration_is_a_damaged_log() {
    let events = delivered();
    fold([&events[0], &events[0]]);
}

#[test]
#[should_panic(expected = "the first event of an order registers it")]
fn a_history_without_registration_is_a_damaged_log() {
    fold(&delivered()[1..]);
}
