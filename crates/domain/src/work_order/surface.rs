//! 入口: where each command is given, so that none is left that nobody can give.
//!
//! Each program checks its part of the table against what it really offers.

use crate::work_order::CommandKind;

/// 入口: a place at which people or programs give commands on orders.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Surface {
    /// 工作站, by people of the center and of the offices above the units.
    Desk,
    /// 承办单位门户.
    Portal,
    /// 上级对接: orders, limits, ratings and results.
    Upstream,
    /// 网上受理: what citizens file themselves.
    Web,
    /// 中心系统, by itself.
    Center,
}

impl CommandKind {
    /// 入口 of the command.
    pub fn surfaces(self) -> &'static [Surface] {
        use Surface::{Center, Desk, Portal, Upstream, Web};
        match self {
            Self::Register => &[Desk, Upstream, Web],
            Self::AnswerOnTheSpot
            | Self::RefuseOutOfScope
            | Self::TransferToEmergency
            | Self::BeginVerification
            | Self::RecordVerification
            | Self::Dispatch
            | Self::RequestCoordination
            | Self::Designate
            | Self::RecordDelivery
            | Self::RecordTownshipReport
            | Self::RuleOnKindChange
            | Self::Urge
            | Self::Supplement
            | Self::MergeInto
            | Self::AbsorbRepeat
            | Self::LinkTo
            | Self::CorrectCaller
            | Self::Withdraw
            | Self::RuleOnSendBack
            | Self::ReleaseBinding
            | Self::ReviewExtension
            | Self::RecordCityRuling
            | Self::ReviewFinalClosure
            | Self::RecordOwnCallBack
            | Self::ReviewScreening
            | Self::RecordScreeningRuling
            | Self::OrderRework
            | Self::Archive
            | Self::WriteOffDelay => &[Desk],
            // Days that are announced are counted anew by the center; what it left, a person.
            Self::RecountLimits => &[Desk, Center],
            // What a unit does is also taken down at the desk, by a person of the unit.
            Self::RequestKindChange
            | Self::EscalateClass
            | Self::SignFor
            | Self::RecordContact
            | Self::RespondFirst
            | Self::ReportProgress
            | Self::SendBack
            | Self::RequestExtension
            | Self::SignReply
            | Self::RejectReply => &[Desk, Portal],
            Self::RecordUrgeReceipt
            | Self::PassDown
            | Self::ExplainExtension
            | Self::SubmitOpinion
            | Self::SubmitReply
            | Self::RequestFinalClosure
            | Self::RequestScreening
            | Self::SupplyEvidence => &[Portal],
            Self::SetUpstreamLimit | Self::RecordResultReturn | Self::ImportRating => &[Upstream],
            Self::ConfirmDelivery => &[Center],
        }
    }
}
