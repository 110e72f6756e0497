//! 服务满意度: what callers say, and what came of disputed ratings (第十二条, 第二十三条).
//!
//! A rating belongs to the month in which it reached the unit (决定 I-11). That of an answer on the
//! spot is the center's own.

use super::handling::{assignment_item, of_assignments};
use super::period::Moment;
use super::tally::{Exclusion, Holder, Standing, Tally};
use super::{Basis, order_item};
use crate::time_limit::LimitKind;
use crate::work_order::{
    Assignment, RatingRecord, Satisfaction, Screening, ScreeningStage, Solved, WorkOrder,
};

/// 满分 of the weighted indicators.
const FULL_POINTS: u32 = 100;

/// 解决率: solved, of the ratings; what is solved in part has the points that the county gives it.
/// The formula takes nothing out: a screening is about the dissatisfaction.
pub(super) fn solved(orders: &[WorkOrder], basis: &Basis<'_>) -> Tally {
    of_ratings(FULL_POINTS, orders, basis, |rating, _| {
        let points = match rating.solved {
            Solved::Yes => FULL_POINTS,
            Solved::Partly => basis.parameters.partly_solved_points.min(FULL_POINTS),
            Solved::No => 0,
        };
        Standing::Counted { points }
    })
}

/// 满意率: 非常满意、满意、基本满意, of the ratings that were not screened out.
pub(super) fn satisfaction(orders: &[WorkOrder], basis: &Basis<'_>) -> Tally {
    of_ratings(1, orders, basis, |rating, screening| {
        unless_screened_out(screening, u32::from(!rating.satisfaction.is_bad()))
    })
}

/// 满意率（加权版）, of the same ratings.
pub(super) fn weighted_satisfaction(orders: &[WorkOrder], basis: &Basis<'_>) -> Tally {
    of_ratings(FULL_POINTS, orders, basis, |rating, screening| {
        unless_screened_out(screening, Satisfaction::points(rating.satisfaction))
    })
}

fn unless_screened_out(screening: Option<&Screening>, points: u32) -> Standing {
    match screening.map(|it| it.stage) {
        Some(ScreeningStage::Removed) => Standing::Excluded(Exclusion::ScreenedOut),
        Some(
            ScreeningStage::CountyReview
            | ScreeningStage::AwaitingEvidence
            | ScreeningStage::CityRuling
            | ScreeningStage::DeniedByCounty
            | ScreeningStage::Upheld,
        )
        | None => Standing::Counted { points },
    }
}

fn of_ratings(
    full_points: u32,
    orders: &[WorkOrder],
    basis: &Basis<'_>,
    standing_of: impl Fn(&RatingRecord, Option<&Screening>) -> Standing,
) -> Tally {
    let mut tally = Tally::new(full_points);
    for order in orders {
        if let Some(rating) = &order.rating {
            let settled = (Moment::Act(rating.rated_at), standing_of(rating, None));
            tally.add_in(basis.period, order_item(order), Holder::Center, settled);
        }
        for assignment in &order.assignments {
            let Some(rating) = &assignment.rating else {
                continue;
            };
            let standing = standing_of(rating, assignment.screening.as_ref());
            tally.add_in(
                basis.period,
                assignment_item(order, assignment),
                Holder::Unit(assignment.unit.clone()),
                (Moment::Act(rating.rated_at), standing),
            );
        }
    }
    tally
}

/// 甄别成功率: removed, of those asked for and decided. What lacks its evidence when the time for
/// that is over is decided (决定 I-12).
pub(super) fn successful_screening(orders: &[WorkOrder], basis: &Basis<'_>) -> Tally {
    of_assignments(orders, basis, |_, assignment| {
        let screening = assignment.screening.as_ref()?;
        let standing = match screening.stage {
            ScreeningStage::Removed => Standing::counted_if(true),
            ScreeningStage::Upheld | ScreeningStage::DeniedByCounty => Standing::counted_if(false),
            ScreeningStage::AwaitingEvidence if is_evidence_late(assignment, basis) => {
                Standing::counted_if(false)
            }
            ScreeningStage::AwaitingEvidence
            | ScreeningStage::CountyReview
            | ScreeningStage::CityRuling => Standing::Excluded(Exclusion::RulingPending),
        };
        Some((Moment::Act(screening.requested_at), standing))
    })
}

/// Also where the order was archived meanwhile, which ends the limit.
fn is_evidence_late(assignment: &Assignment, basis: &Basis<'_>) -> bool {
    assignment
        .limit(LimitKind::Evidence)
        .is_some_and(|(limit, _)| limit.is_overdue_at(basis.as_of))
}
