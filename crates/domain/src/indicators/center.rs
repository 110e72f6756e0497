//! 县中心: calls, answers on the spot, dispatch and repeats (第五条(一)(五), 第十一条(一)).

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, TimeDelta, Utc};

use super::period::Moment;
use super::settled::{Settled, settle};
use super::tally::{Exclusion, Holder, ItemId, Standing, Tally};
use super::{Basis, order_item};
use crate::time_limit::{LimitKind, LimitState, TimeLimit};
use crate::work_order::{Conclusion, Stage, WorkOrder};

/// 来电记录: one call that asked for a person. No order holds it; the telephone system does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CallRecord {
    pub id: String,
    /// 请求人工.
    pub asked_at: DateTime<Utc>,
    /// 人工接起; `None` where nobody did.
    pub answered_at: Option<DateTime<Utc>>,
    /// 是否有效来电: neither silent nor misdialled.
    pub is_valid: bool,
    /// 工单 that the call led to; several where it had several matters (第九条).
    pub order_numbers: Vec<String>,
}

/// 接通率: answered by a person, of those that asked for one.
pub(super) fn call_answering(calls: &[CallRecord], basis: &Basis<'_>) -> Tally {
    of_calls(calls, basis, |call| {
        Some(Standing::counted_if(call.answered_at.is_some()))
    })
}

/// 15秒接通率: answered within the seconds of the parameters, of those answered.
pub(super) fn prompt_call_answering(calls: &[CallRecord], basis: &Basis<'_>) -> Tally {
    let at_most = TimeDelta::seconds(i64::from(basis.parameters.prompt_answer_seconds));
    of_calls(calls, basis, |call| {
        let waited = call.answered_at? - call.asked_at;
        Some(Standing::counted_if(waited <= at_most))
    })
}

/// 直接答复率: calls of which every order was answered on the spot, of the valid ones answered.
pub(super) fn direct_answer(
    calls: &[CallRecord],
    orders: &[WorkOrder],
    basis: &Basis<'_>,
) -> Tally {
    let orders: BTreeMap<&str, &WorkOrder> = orders
        .iter()
        .map(|order| (order.number.as_str(), order))
        .collect();
    of_calls(calls, basis, |call| {
        call.answered_at?;
        if !call.is_valid {
            return Some(Standing::Excluded(Exclusion::InvalidCall));
        }
        let numbers = call.order_numbers.iter().map(String::as_str);
        let of_call: Option<Vec<&WorkOrder>> =
            numbers.map(|number| orders.get(number).copied()).collect();
        let Some(of_call) = of_call else {
            return Some(Standing::Excluded(Exclusion::OrderMissing));
        };
        let is_answered = !of_call.is_empty() && of_call.iter().all(|it| is_answered_at_once(it));
        Some(Standing::counted_if(is_answered))
    })
}

/// What units sent back before the center answered it was not answered on the spot.
fn is_answered_at_once(order: &WorkOrder) -> bool {
    match &order.conclusion {
        Some(Conclusion::Answer { .. }) => order.assignments.is_empty(),
        Some(
            Conclusion::OutOfScope { .. }
            | Conclusion::Transfer { .. }
            | Conclusion::Dispatch { .. },
        )
        | None => false,
    }
}

fn of_calls(
    calls: &[CallRecord],
    basis: &Basis<'_>,
    standing_of: impl Fn(&CallRecord) -> Option<Standing>,
) -> Tally {
    let mut tally = Tally::new(1);
    for call in calls {
        if let Some(standing) = standing_of(call) {
            let item = ItemId::Record {
                id: call.id.clone(),
            };
            let settled = (Moment::Act(call.asked_at), standing);
            tally.add_in(basis.period, item, Holder::Center, settled);
        }
    }
    tally
}

/// 转办及时率: delivered to every unit in time, of those to be dispatched; after an accepted return
/// the order is to be dispatched once more (第十一条(一), 决定 I-3、I-7).
pub(super) fn timely_dispatch(orders: &[WorkOrder], basis: &Basis<'_>) -> Tally {
    let mut tally = Tally::new(1);
    for order in orders {
        let is_dispatch = |(limit, _): &&(TimeLimit, LimitState)| limit.kind == LimitKind::Dispatch;
        let rounds = || order.limits.iter().filter(is_dispatch);
        for (round, (limit, state)) in (1_u32..).zip(rounds()) {
            let Some(settled) = settle(limit, *state, basis.as_of) else {
                continue;
            };
            // What the center did instead ended the last round; the earlier ones were delivered.
            let is_last = round as usize == rounds().count();
            let instead = not_to_be_dispatched(order).filter(|_| is_last);
            let standing = match (instead, settled) {
                (Some(exclusion), _) => Standing::Excluded(exclusion),
                (None, Settled::OnTime { .. }) => Standing::counted_if(true),
                (None, Settled::Late { .. }) => Standing::counted_if(false),
                (None, Settled::Lifted { .. }) => Standing::Excluded(Exclusion::Withdrawn),
                (None, Settled::Suspended { .. }) => Standing::Excluded(Exclusion::Suspended),
            };
            let item = ItemId::Dispatch {
                number: order.number.clone(),
                round,
            };
            let settled = (settled.moment(), standing);
            tally.add_in(basis.period, item, Holder::Center, settled);
        }
    }
    tally
}

/// Why nothing of the order was to be dispatched, if so.
fn not_to_be_dispatched(order: &WorkOrder) -> Option<Exclusion> {
    if order.merged_into.is_some() {
        return Some(Exclusion::Merged);
    }
    match &order.conclusion {
        Some(
            Conclusion::Answer { .. } | Conclusion::OutOfScope { .. } | Conclusion::Transfer { .. },
        ) => Some(Exclusion::ConcludedAtCenter),
        Some(Conclusion::Dispatch { .. }) | None => None,
    }
}

/// 重复率: merged into another order, or known to repeat one that was closed, of those accepted
/// (决定 I-15). What was refused or put through was not accepted (第八条).
pub(super) fn repeat(orders: &[WorkOrder], repeats: &BTreeSet<String>, basis: &Basis<'_>) -> Tally {
    let mut tally = Tally::new(1);
    for order in orders {
        let standing = if is_accepted(order) {
            let is_repeat = order.merged_into.is_some() || repeats.contains(&order.number);
            Standing::counted_if(is_repeat)
        } else {
            Standing::Excluded(Exclusion::NotAccepted)
        };
        let settled = (Moment::Act(order.registered_at), standing);
        tally.add_in(basis.period, order_item(order), Holder::Center, settled);
    }
    tally
}

pub(super) fn is_accepted(order: &WorkOrder) -> bool {
    match order.stage {
        Stage::RefusedOutOfScope | Stage::TransferredToEmergency => false,
        Stage::Registered
        | Stage::AnsweredOnTheSpot
        | Stage::Dispatched
        | Stage::Delivered
        | Stage::UnderVerification
        | Stage::UnderCoordination
        | Stage::Completed
        | Stage::Merged
        | Stage::Withdrawn
        | Stage::FinallyClosed
        | Stage::Archived => true,
    }
}
