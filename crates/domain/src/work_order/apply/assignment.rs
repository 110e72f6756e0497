//! What becomes of one assignment.

use chrono::{DateTime, Utc};

use super::limits::{end_limit, lift};
use crate::time_limit::LimitKind;
use crate::work_order::{
    Assignment, AssignmentStage, ExtensionStage, ScreeningStage, SendBackRuling,
};

impl Assignment {
    pub(super) fn completed(&mut self, at: DateTime<Utc>) {
        self.stage = AssignmentStage::Completed;
        self.completed_at = Some(at);
        for kind in [LimitKind::Handle, LimitKind::Assist, LimitKind::Progress] {
            end_limit(&mut self.limits, kind, at);
        }
        lift(&mut self.limits, at);
    }

    pub(super) fn send_back_ruled(&mut self, at: DateTime<Utc>, is_accepted: bool, reason: &str) {
        let Some(send_back) = &mut self.send_back else {
            return;
        };
        send_back.ruling = Some(SendBackRuling {
            ruled_at: at,
            is_accepted,
            reason: reason.to_owned(),
        });
        if !is_accepted {
            self.stage = send_back.from;
            return;
        }
        let sent_back_at = send_back.sent_back_at;
        self.stage = AssignmentStage::SentBack;
        if self
            .extension
            .as_ref()
            .is_some_and(|it| it.stage.is_pending())
        {
            self.extension_is(ExtensionStage::Lapsed);
        }
        // Nothing was the unit's any more from then on: it does not pay for the review.
        lift(&mut self.limits, sent_back_at);
    }

    /// The unit's own act ends its limit: it does not pay for the time of the review.
    pub(super) fn closure_reviewed(&mut self, at: DateTime<Utc>, is_accepted: bool) {
        if !is_accepted {
            self.stage = AssignmentStage::SignedFor;
            return;
        }
        self.stage = AssignmentStage::FinallyClosed;
        self.completed_at = Some(at);
        let done_at = self.closure_requested_at.unwrap_or(at);
        for kind in [LimitKind::Handle, LimitKind::Progress] {
            end_limit(&mut self.limits, kind, done_at);
        }
        lift(&mut self.limits, at);
    }

    pub(super) fn extension_is(&mut self, stage: ExtensionStage) {
        if let Some(case) = &mut self.extension {
            case.stage = stage;
        }
    }

    pub(super) fn screening_is(&mut self, stage: ScreeningStage, at: DateTime<Utc>) {
        if let Some(screening) = &mut self.screening {
            screening.stage = stage;
            screening.stage_since = at;
        }
    }
}
