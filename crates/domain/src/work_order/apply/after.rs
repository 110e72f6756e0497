//! What goes beside the handling and comes after it: extensions, ratings, screenings.

use super::limits::end_limit;
use crate::time_limit::LimitKind;
use crate::work_order::{
    Event, EventKind, ExtensionCase, ExtensionStage, Screening, ScreeningReview, ScreeningStage,
    WorkOrder,
};

impl WorkOrder {
    /// 延期 from the request to the word to the caller.
    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "called for the events of this part"
    )]
    pub(super) fn apply_to_extension(&mut self, event: &Event) {
        match &event.kind {
            EventKind::ExtensionRequested {
                assignment,
                ask,
                reason,
                lane,
                proposed_due_at,
            } => {
                self.of(*assignment).extension = Some(ExtensionCase {
                    requested_at: event.occurred_at,
                    ask: ask.clone(),
                    reason: reason.clone(),
                    lane: *lane,
                    proposed_due_at: *proposed_due_at,
                    stage: ExtensionStage::CountyReview,
                    reviewed_at: None,
                    explained: None,
                });
            }
            EventKind::ExtensionReviewed {
                assignment,
                is_forwarded,
                ..
            } => {
                let assignment = self.of(*assignment);
                assignment.extension_is(if *is_forwarded {
                    ExtensionStage::CityRuling
                } else {
                    ExtensionStage::DeniedByCounty
                });
                if let Some(case) = &mut assignment.extension {
                    case.reviewed_at = Some(event.occurred_at);
                }
            }
            EventKind::CityRuled {
                assignment,
                granted_until,
                ..
            } => {
                let assignment = self.of(*assignment);
                if granted_until.is_some() {
                    assignment.n_extensions_granted += 1;
                    assignment.extension_is(ExtensionStage::Granted);
                } else {
                    assignment.extension_is(ExtensionStage::DeniedByCity);
                }
            }
            EventKind::ExtensionExplained {
                assignment,
                explained,
            } => {
                if let Some(case) = &mut self.of(*assignment).extension {
                    case.explained = Some(explained.clone());
                }
            }
            _ => unreachable!("an event of another part"),
        }
    }

    /// What follows the answer: the city's rating, its screening, and the order's second round.
    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "called for the events of this part"
    )]
    pub(super) fn apply_to_rating(&mut self, event: &Event) {
        let at = event.occurred_at;
        match &event.kind {
            EventKind::Rated { assignment, rating } => {
                if let Some(number) = assignment {
                    let rated = self.of(*number);
                    rated.rating = Some(rating.clone());
                    rated.rating_delivered_at = Some(at);
                } else {
                    self.rating = Some(rating.clone());
                }
            }
            EventKind::ScreeningRequested {
                assignment,
                reason,
                late_reason,
                evidence,
            } => {
                self.of(*assignment).screening = Some(Screening {
                    requested_at: at,
                    reason: reason.clone(),
                    late_reason: late_reason.clone(),
                    evidence: evidence.clone(),
                    stage: ScreeningStage::CountyReview,
                    stage_since: at,
                });
            }
            EventKind::ScreeningReviewed {
                assignment, review, ..
            } => {
                let assignment = self.of(*assignment);
                let stage = match review {
                    ScreeningReview::Forward => ScreeningStage::CityRuling,
                    ScreeningReview::Deny => ScreeningStage::DeniedByCounty,
                    ScreeningReview::AskEvidence => ScreeningStage::AwaitingEvidence,
                };
                assignment.screening_is(stage, at);
                end_limit(&mut assignment.limits, LimitKind::ScreeningReview, at);
            }
            EventKind::EvidenceSupplied {
                assignment,
                evidence,
            } => {
                let assignment = self.of(*assignment);
                assignment.screening_is(ScreeningStage::CountyReview, at);
                if let Some(screening) = &mut assignment.screening {
                    screening.evidence.extend(evidence.iter().cloned());
                }
                end_limit(&mut assignment.limits, LimitKind::Evidence, at);
            }
            EventKind::ScreeningRuled {
                assignment,
                is_removed,
                ..
            } => {
                let stage = if *is_removed {
                    ScreeningStage::Removed
                } else {
                    ScreeningStage::Upheld
                };
                self.of(*assignment).screening_is(stage, at);
            }
            _ => unreachable!("an event of another part"),
        }
    }
}
