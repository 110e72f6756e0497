//! 待答复: what of an order waits for somebody's word, since when, and which command gives it.
//!
//! Read off the order alone, so that a list of it can be kept and asked without folding orders again.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::time_limit::{LimitKind, TimeLimit};
use crate::work_order::{
    Assignment, AssignmentNumber, AssignmentStage, CommandKind, ExtensionCase, ExtensionStage,
    ScreeningStage, Stage, WorkOrder,
};

/// 待答复环节: on what somebody's word is waited for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WaitKind {
    /// 退回待审 (第五条(三)).
    SendBackReview,
    /// 延期待县审 (第五条(三), 第十一条(三)).
    ExtensionReview,
    /// 延期待市批 (第十一条(三)).
    ExtensionRuling,
    /// 终结待审 (第十二条(二)).
    ClosureReview,
    /// 甄别待初审 (第十二条(一)).
    ScreeningReview,
    /// 甄别待补证 by the unit (第十二条(一)).
    Evidence,
    /// 甄别待市裁 (第十二条(一)).
    ScreeningRuling,
    /// 待指定 (第十条).
    Designation,
    /// 待核实 (第八条末款).
    Verification,
    /// 类型变更待审 (决定 I-16).
    KindChange,
}

impl WaitKind {
    pub const ALL: [Self; 10] = [
        Self::SendBackReview,
        Self::ExtensionReview,
        Self::ExtensionRuling,
        Self::ClosureReview,
        Self::ScreeningReview,
        Self::Evidence,
        Self::ScreeningRuling,
        Self::Designation,
        Self::Verification,
        Self::KindChange,
    ];

    /// The command that ends the wait.
    pub fn answered_by(self) -> CommandKind {
        match self {
            Self::SendBackReview => CommandKind::RuleOnSendBack,
            Self::ExtensionReview => CommandKind::ReviewExtension,
            Self::ExtensionRuling => CommandKind::RecordCityRuling,
            Self::ClosureReview => CommandKind::ReviewFinalClosure,
            Self::ScreeningReview => CommandKind::ReviewScreening,
            Self::Evidence => CommandKind::SupplyEvidence,
            Self::ScreeningRuling => CommandKind::RecordScreeningRuling,
            Self::Designation => CommandKind::Designate,
            Self::Verification => CommandKind::RecordVerification,
            Self::KindChange => CommandKind::RuleOnKindChange,
        }
    }
}

/// 待答复: one word that is waited for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wait {
    pub kind: WaitKind,
    /// Whose request it is; `None` for what the center itself asked.
    pub assignment: Option<AssignmentNumber>,
    pub since: DateTime<Utc>,
}

impl WorkOrder {
    /// 待答复 of the order, what the center asked first, then by unit.
    pub fn waits(&self) -> Vec<Wait> {
        let mut waits = Vec::new();
        let mut of_order = |kind, since| {
            let assignment = None;
            waits.push(Wait {
                kind,
                assignment,
                since,
            });
        };
        if let (Stage::UnderVerification, Some(verification)) = (self.stage, &self.verification) {
            of_order(WaitKind::Verification, verification.begun_at);
        }
        if let (Stage::UnderCoordination, Some(coordination)) = (self.stage, &self.coordination) {
            of_order(WaitKind::Designation, coordination.requested_at);
        }
        if let (true, Some(change)) = (self.stage.is_open(), &self.kind_change) {
            of_order(WaitKind::KindChange, change.requested_at);
        }
        for assignment in &self.assignments {
            let of_unit = [
                assignment.send_back_wait(),
                assignment.extension_wait(self.stage),
                assignment.closure_wait(),
                assignment.screening_wait(self.stage),
            ];
            let wait = |(kind, since)| Wait {
                kind,
                assignment: Some(assignment.number),
                since,
            };
            waits.extend(of_unit.into_iter().flatten().map(wait));
        }
        waits
    }
}

type Since = Option<(WaitKind, DateTime<Utc>)>;

impl Assignment {
    fn send_back_wait(&self) -> Since {
        let send_back = self.send_back.as_ref()?;
        (self.stage == AssignmentStage::SendBackReview)
            .then_some((WaitKind::SendBackReview, send_back.sent_back_at))
    }

    fn closure_wait(&self) -> Since {
        let since = self.closure_requested_at?;
        (self.stage == AssignmentStage::FinalClosureReview)
            .then_some((WaitKind::ClosureReview, since))
    }

    /// What is still to be reviewed when the answer is given is reviewed no more; the city may rule
    /// late (决定 I-9).
    fn extension_wait(&self, stage: Stage) -> Since {
        let case = self.extension.as_ref()?;
        let is_open = self.stage.is_open();
        let may_be_ruled = is_open || self.stage == AssignmentStage::Completed;
        match case.stage {
            ExtensionStage::CountyReview if is_open => {
                Some((WaitKind::ExtensionReview, case.requested_at))
            }
            ExtensionStage::CityRuling if may_be_ruled && is_with_unit_or_answered(stage) => {
                let since = case.reviewed_at.unwrap_or(case.requested_at);
                Some((WaitKind::ExtensionRuling, since))
            }
            ExtensionStage::CountyReview
            | ExtensionStage::CityRuling
            | ExtensionStage::Granted
            | ExtensionStage::DeniedByCounty
            | ExtensionStage::DeniedByCity
            | ExtensionStage::Lapsed => None,
        }
    }

    fn screening_wait(&self, stage: Stage) -> Since {
        let screening = self.screening.as_ref()?;
        let kind = match screening.stage {
            ScreeningStage::CountyReview => WaitKind::ScreeningReview,
            ScreeningStage::AwaitingEvidence => WaitKind::Evidence,
            ScreeningStage::CityRuling => WaitKind::ScreeningRuling,
            ScreeningStage::DeniedByCounty | ScreeningStage::Removed | ScreeningStage::Upheld => {
                return None;
            }
        };
        is_with_unit_or_answered(stage).then_some((kind, screening.stage_since))
    }

    /// 待批暂挂、待审: whether nobody is held to the limit once it is over, because the unit waits for
    /// a word that it asked for before (决定 I-7、I-9).
    pub fn is_waived(&self, limit: &TimeLimit) -> bool {
        let is_pending = |case: &ExtensionCase| case.stage.is_pending();
        let is_asked_to_be_longer =
            limit.kind == LimitKind::Handle && self.extension.as_ref().is_some_and(is_pending);
        let waits_since = self.waits_for_center_since();
        let was_over = |since: DateTime<Utc>| since > limit.due_at;
        let waits = waits_since.is_some_and(|since| !was_over(since));
        limit.kind.is_held_against_the_unit() && (is_asked_to_be_longer || waits)
    }
}

fn is_with_unit_or_answered(stage: Stage) -> bool {
    matches!(stage, Stage::Delivered | Stage::Completed)
}
