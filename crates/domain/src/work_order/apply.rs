//! Folding events into a work order. No rule stands here: an event happened, so it applies.

use chrono::{DateTime, Utc};

use crate::time_limit::{LimitKind, LimitState};
use crate::work_order::{Conclusion, Event, EventKind, Stage, WorkOrder};

/// Folds one event into the state; `None` is an order that is not registered yet.
///
/// # Panics
/// When an event other than `Registered` comes first, or `Registered` comes twice: `decide` never
/// gives such a history, so the log is damaged.
pub fn apply(order: &mut Option<WorkOrder>, event: &Event) {
    let at = event.occurred_at;
    if let EventKind::Registered {
        number,
        matter,
        rule_set,
    } = &event.kind
    {
        assert!(order.is_none(), "an order is registered once");
        *order = Some(WorkOrder {
            number: number.clone(),
            matter: matter.as_ref().clone(),
            rule_set: rule_set.clone(),
            registered_at: at,
            stage: Stage::Registered,
            conclusion: None,
            limits: Vec::new(),
            version: 1,
        });
        return;
    }
    #[expect(clippy::expect_used, reason = "decide gives no other history")]
    let order = order
        .as_mut()
        .expect("the first event of an order registers it");
    order.version += 1;
    match &event.kind {
        EventKind::Registered { .. } => unreachable!("handled above"),
        EventKind::LimitStarted { limit } => {
            order.limits.push((limit.clone(), LimitState::Running));
        }
        EventKind::AnsweredOnTheSpot { answer, article } => {
            order.stage = Stage::AnsweredOnTheSpot;
            order.conclusion = Some(Conclusion::Answer {
                answer: answer.clone(),
                article: article.clone(),
            });
            end_limit(order, LimitKind::Dispatch, at);
        }
        EventKind::RefusedOutOfScope {
            class,
            guidance,
            legal_basis,
        } => {
            order.stage = Stage::RefusedOutOfScope;
            order.conclusion = Some(Conclusion::OutOfScope {
                class: *class,
                guidance: guidance.clone(),
                legal_basis: legal_basis.clone(),
            });
            end_limit(order, LimitKind::Dispatch, at);
        }
        EventKind::TransferredToEmergency { line, note } => {
            order.stage = Stage::TransferredToEmergency;
            order.conclusion = Some(Conclusion::Transfer {
                line: *line,
                note: note.clone(),
            });
            end_limit(order, LimitKind::Dispatch, at);
        }
        EventKind::Dispatched { unit, opinion } => {
            order.stage = Stage::Dispatched;
            order.conclusion = Some(Conclusion::Dispatch {
                unit: unit.clone(),
                opinion: opinion.clone(),
                dispatched_at: at,
            });
        }
        EventKind::Delivered { delivered_at, .. } => {
            order.stage = Stage::Delivered;
            end_limit(order, LimitKind::Dispatch, *delivered_at);
        }
    }
}

/// The order that a whole history leads to; `None` for an empty one.
pub fn fold<'a>(events: impl IntoIterator<Item = &'a Event>) -> Option<WorkOrder> {
    let mut order = None;
    for event in events {
        apply(&mut order, event);
    }
    order
}

fn end_limit(order: &mut WorkOrder, kind: LimitKind, at: DateTime<Utc>) {
    for (limit, state) in &mut order.limits {
        if limit.kind == kind && *state == LimitState::Running {
            *state = if limit.is_overdue_at(at) {
                LimitState::MetLate { at }
            } else {
                LimitState::Met { at }
            };
        }
    }
}
