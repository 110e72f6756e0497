//! 退单: how much is sent back, rightly, and in time (第五条(三), 第十一条(二), 决定 I-4、I-7).
//!
//! An assignment counts once, however often it was sent back: it keeps the last return only.

use super::Basis;
use super::handling::of_assignments;
use super::period::Moment;
use super::settled::{Settled, settle, write_off};
use super::tally::{Exclusion, Standing, Tally};
use crate::time_limit::LimitKind;
use crate::work_order::{SendBack, WorkOrder};

/// 退单率: sent back, of those delivered.
pub(super) fn sent_back(orders: &[WorkOrder], basis: &Basis<'_>) -> Tally {
    of_assignments(orders, basis, |_, assignment| {
        let standing = Standing::counted_if(assignment.send_back.is_some());
        Some((Moment::Act(assignment.delivered_at?), standing))
    })
}

/// 退单采纳率: accepted, of those sent back and ruled on.
pub(super) fn accepted(orders: &[WorkOrder], basis: &Basis<'_>) -> Tally {
    of_assignments(orders, basis, |_, assignment| {
        let SendBack {
            sent_back_at,
            ruling,
            ..
        } = assignment.send_back.as_ref()?;
        let standing = match ruling {
            Some(ruling) => Standing::counted_if(ruling.is_accepted),
            None => Standing::Excluded(Exclusion::RulingPending),
        };
        Some((Moment::Act(*sent_back_at), standing))
    })
}

/// 超期退单率: late, of those sent back; a written-off delay does not count (决定 I-14).
pub(super) fn late(orders: &[WorkOrder], basis: &Basis<'_>) -> Tally {
    of_assignments(orders, basis, |_, assignment| {
        let sent_back_at = assignment.send_back.as_ref()?.sent_back_at;
        let (limit, state) = assignment.limit(LimitKind::SendBack)?;
        let is_late = settle(limit, *state, basis.as_of).is_some_and(Settled::is_late);
        let standing = match write_off(assignment, LimitKind::SendBack) {
            Some(ground) => Standing::Excluded(Exclusion::WrittenOff(ground)),
            None => Standing::counted_if(is_late),
        };
        Some((Moment::Act(sent_back_at), standing))
    })
}
