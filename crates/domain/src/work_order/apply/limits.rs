//! How a limit ends, is lifted or stands anew.

use chrono::{DateTime, Utc};

use crate::time_limit::{LimitKind, LimitState, TimeLimit};

/// The act of that kind is done at `at`.
pub(super) fn end_limit(
    limits: &mut [(TimeLimit, LimitState)],
    kind: LimitKind,
    at: DateTime<Utc>,
) {
    for (limit, state) in limits {
        if limit.kind == kind && *state == LimitState::Running {
            *state = done(limit, at);
        }
    }
}

/// Nothing more is asked; what was late by then stays late.
pub(super) fn lift(limits: &mut [(TimeLimit, LimitState)], at: DateTime<Utc>) {
    for (limit, state) in limits {
        if *state == LimitState::Running {
            *state = if limit.is_overdue_at(at) {
                LimitState::MetLate { at }
            } else {
                LimitState::Lifted { at }
            };
        }
    }
}

fn done(limit: &TimeLimit, at: DateTime<Utc>) -> LimitState {
    if limit.is_overdue_at(at) {
        LimitState::MetLate { at }
    } else {
        LimitState::Met { at }
    }
}

/// The limit of that kind that began then stands anew; what was done by then is judged anew (决定
/// I-9). After an escalation two of a kind run, and each keeps its own end.
pub(super) fn move_limit(limits: &mut [(TimeLimit, LimitState)], moved: &TimeLimit) {
    let is_it =
        |limit: &TimeLimit| limit.kind == moved.kind && limit.started_at == moved.started_at;
    // Two that began in one instant are told apart by their length.
    let position = limits
        .iter()
        .rposition(|(limit, _)| is_it(limit) && limit.span == moved.span)
        .or_else(|| limits.iter().rposition(|(limit, _)| is_it(limit)));
    if let Some((limit, state)) = position.and_then(|nth| limits.get_mut(nth)) {
        *limit = moved.clone();
        *state = match *state {
            LimitState::Running => LimitState::Running,
            LimitState::Met { at } | LimitState::MetLate { at } => done(limit, at),
            LimitState::Lifted { at } => LimitState::Lifted { at },
        };
    }
}
