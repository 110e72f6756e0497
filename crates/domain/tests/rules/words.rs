//! The words of the case files. `desk` has the product's words; these are the tests' own, so that
//! a rule can be read here without the product.

use domain::Role;
use domain::matter::{Channel, MatterClass, MatterKind, Source};
use domain::refusal::Field;
use domain::time_limit::LimitKind;
use domain::upstream::Superior;
use domain::work_order::{
    ArchiveOutcome, AssignmentStage, CommandKind, ContactOutcome, DispatchForm,
    DissatisfactionReason, ExtensionStage, Part, ResultReturn, Satisfaction, ScreeningReview,
    ScreeningStage, Solved, Stage, WriteOffGround,
};

pub(crate) fn matter_kind(kind: MatterKind) -> &'static str {
    match kind {
        MatterKind::Consultation => "咨询",
        MatterKind::Help => "求助",
        MatterKind::Suggestion => "意见建议",
        MatterKind::Complaint => "投诉",
        MatterKind::Report => "举报",
    }
}

pub(crate) fn matter_class(class: MatterClass) -> &'static str {
    match class {
        MatterClass::Ordinary => "一般事项",
        MatterClass::Special => "特殊事项",
        MatterClass::SpecialEmergency => "特殊紧急事项",
    }
}

pub(crate) fn channel(channel: Channel) -> &'static str {
    match channel {
        Channel::Phone => "电话",
        Channel::Website => "网站",
        Channel::Wechat => "微信",
        Channel::App => "移动客户端",
        Channel::Mailbox => "信箱",
        Channel::ServiceHall => "政务服务大厅",
        Channel::Transfer110 => "110转接",
    }
}

pub(crate) fn command(kind: CommandKind) -> &'static str {
    match kind {
        CommandKind::Register => "登记",
        CommandKind::AnswerOnTheSpot => "当场答复",
        CommandKind::RefuseOutOfScope => "不予受理",
        CommandKind::TransferToEmergency => "转紧急",
        CommandKind::BeginVerification => "发起核实",
        CommandKind::RecordVerification => "记录核实",
        CommandKind::Dispatch => "派单",
        CommandKind::RequestCoordination => "提请协调",
        CommandKind::Designate => "指定",
        CommandKind::RecordDelivery => "电话送达",
        CommandKind::ConfirmDelivery => "确认送达",
        CommandKind::RecordTownshipReport => "属地报告",
        CommandKind::RequestKindChange => "申请改类",
        CommandKind::RuleOnKindChange => "审核改类",
        CommandKind::EscalateClass => "升级",
        CommandKind::SetUpstreamLimit => "上级期限",
        CommandKind::Urge => "催办",
        CommandKind::RecordUrgeReceipt => "催办回执",
        CommandKind::Supplement => "补充",
        CommandKind::MergeInto => "并入",
        CommandKind::AbsorbRepeat => "接收并入",
        CommandKind::LinkTo => "关联",
        CommandKind::CorrectCaller => "更正诉求人",
        CommandKind::Withdraw => "撤回",
        CommandKind::SignFor => "签收",
        CommandKind::PassDown => "二级转办",
        CommandKind::RecordContact => "联系",
        CommandKind::RespondFirst => "初步响应",
        CommandKind::ReportProgress => "进度反馈",
        CommandKind::SendBack => "退回",
        CommandKind::RuleOnSendBack => "裁定退回",
        CommandKind::ReleaseBinding => "放行退回",
        CommandKind::RequestExtension => "申请延期",
        CommandKind::ReviewExtension => "县审延期",
        CommandKind::RecordCityRuling => "市批延期",
        CommandKind::ExplainExtension => "说明延期",
        CommandKind::SubmitOpinion => "协办意见",
        CommandKind::SubmitReply => "提交答复",
        CommandKind::SignReply => "签发",
        CommandKind::RejectReply => "退改",
        CommandKind::RequestFinalClosure => "认定终结",
        CommandKind::ReviewFinalClosure => "审查终结",
        CommandKind::RecordResultReturn => "回传",
        CommandKind::ImportRating => "评价",
        CommandKind::RecordOwnCallBack => "自查回访",
        CommandKind::RequestScreening => "申请甄别",
        CommandKind::ReviewScreening => "初审甄别",
        CommandKind::SupplyEvidence => "补证",
        CommandKind::RecordScreeningRuling => "市裁甄别",
        CommandKind::OrderRework => "重办",
        CommandKind::Archive => "归档",
        CommandKind::WriteOffDelay => "核销",
        CommandKind::RecountLimits => "重算",
    }
}

pub(crate) fn stage(stage: Stage) -> &'static str {
    match stage {
        Stage::Registered => "待派",
        Stage::AnsweredOnTheSpot => "已当场答复",
        Stage::RefusedOutOfScope => "已不予受理",
        Stage::TransferredToEmergency => "已转紧急",
        Stage::Dispatched => "已派单",
        Stage::Delivered => "已送达",
        Stage::UnderVerification => "待核实",
        Stage::UnderCoordination => "待指定",
        Stage::Completed => "已办结",
        Stage::Merged => "已并入",
        Stage::Withdrawn => "已撤回",
        Stage::FinallyClosed => "已终结",
        Stage::Archived => "已归档",
    }
}

pub(crate) fn role(role: Role) -> &'static str {
    match role {
        Role::Operator => "受理员",
        Role::Dispatcher => "调度员",
        Role::ShiftLead => "值班长",
        Role::Reviewer => "审核员",
        Role::KbEditor => "知识编辑",
        Role::KbReviewer => "知识审核",
        Role::Analyst => "统计分析",
        Role::Supervisor => "监督员",
        Role::Admin => "系统管理员",
        Role::Auditor => "审计员",
        Role::Liaison => "联络员",
        Role::UnitReviewer => "单位审核人",
        Role::City => "市中心",
        Role::CountyOffice => "县政府办",
        Role::DisciplineCommission => "县纪委监委",
        Role::Center => "中心系统",
    }
}

pub(crate) fn limit(kind: LimitKind) -> &'static str {
    match kind {
        LimitKind::Dispatch => "转办",
        LimitKind::SignFor => "签收",
        LimitKind::FirstResponse => "初步响应",
        LimitKind::Progress => "进度反馈",
        LimitKind::Handle => "办理",
        LimitKind::SendBack => "退回",
        LimitKind::ScreeningReview => "甄别初审",
        LimitKind::Evidence => "补证",
        LimitKind::Assist => "协办",
        LimitKind::Verification => "核实",
    }
}

pub(crate) const LIMIT_KINDS: [LimitKind; 10] = [
    LimitKind::Dispatch,
    LimitKind::SignFor,
    LimitKind::FirstResponse,
    LimitKind::Progress,
    LimitKind::Handle,
    LimitKind::SendBack,
    LimitKind::ScreeningReview,
    LimitKind::Evidence,
    LimitKind::Assist,
    LimitKind::Verification,
];

pub(crate) fn field(field: Field) -> &'static str {
    match field {
        Field::Text => "诉求内容",
        Field::Title => "标题",
        Field::Happened => "事发时间",
        Field::About => "诉求对象",
        Field::Wants => "诉求目标",
        Field::CallerName => "姓名",
        Field::CallerAddress => "诉求人地址",
        Field::CallerPhone => "来电号码",
        Field::ContactPhone => "联系电话",
        Field::PlaceDetail => "详细地址",
        Field::Answer => "答复内容",
        Field::Opinion => "转办意见",
        Field::Guidance => "解释引导内容",
        Field::LegalBasis => "法律依据",
        Field::TransferNote => "转接情况",
        Field::AnsweredBy => "接听人",
        Field::DeliveryPhone => "送达电话",
        Field::UpstreamNumber => "上级编号",
        Field::Asked => "被询单位或人员",
        Field::Question => "核实事项",
        Field::Finding => "核实结论",
        Field::Reason => "理由",
        Field::Basis => "依据",
        Field::Suggestion => "转送建议",
        Field::Document => "文号",
        Field::Method => "方式",
        Field::ContactNumber => "联系号码",
        Field::Note => "备注",
        Field::Report => "反馈内容",
        Field::AssistingOpinion => "协办意见",
        Field::Reply => "答复意见",
        Field::ResponsiblePerson => "署名负责人",
        Field::Evidence => "佐证材料",
        Field::OrderNumber => "工单编号",
        Field::InvestigatedFacts => "调查事实",
        Field::HeadSignature => "单位负责人签名",
        Field::Explanation => "解释记录",
        Field::PartOfUnit => "二级单位",
        Field::File => "附件",
        Field::Time => "时间",
    }
}

pub(crate) fn assignment_stage(stage: AssignmentStage) -> &'static str {
    match stage {
        AssignmentStage::Dispatched => "待送达",
        AssignmentStage::Delivered => "待签收",
        AssignmentStage::SignedFor => "办理中",
        AssignmentStage::SendBackReview => "退回待审",
        AssignmentStage::SentBack => "已退回",
        AssignmentStage::AwaitingSignature => "待审核",
        AssignmentStage::Completed => "已办结",
        AssignmentStage::FinalClosureReview => "终结待审",
        AssignmentStage::FinallyClosed => "已终结",
        AssignmentStage::Withdrawn => "已撤回",
    }
}

pub(crate) fn part(part: Part) -> &'static str {
    match part {
        Part::Sole => "单独承办",
        Part::Countersigning => "会签",
        Part::Lead => "主办",
        Part::Assisting => "协办",
    }
}

pub(crate) fn dispatch_form(form: DispatchForm) -> &'static str {
    match form {
        DispatchForm::Single => "单派",
        DispatchForm::Countersigned => "会签",
        DispatchForm::LeadAndAssisting => "主协办",
    }
}

pub(crate) fn source(source: Source) -> &'static str {
    match source {
        Source::County => "县自接",
        Source::City => "市转办",
        Source::Province => "省交办",
        Source::SichuanChongqing => "川渝联动",
        Source::Police110 => "110非警务",
    }
}

pub(crate) fn superior(superior: Superior) -> &'static str {
    match superior {
        Superior::City => "市",
        Superior::Province => "省",
    }
}

pub(crate) fn contact_outcome(outcome: ContactOutcome) -> &'static str {
    match outcome {
        ContactOutcome::Reached => "已联系上",
        ContactOutcome::NotReached => "未联系上",
    }
}

pub(crate) fn result_return(state: ResultReturn) -> &'static str {
    match state {
        ResultReturn::Pending => "待回传",
        ResultReturn::Sent => "已发出",
        ResultReturn::Received => "已接收",
        ResultReturn::Failed => "回传失败",
    }
}

pub(crate) fn satisfaction(satisfaction: Satisfaction) -> &'static str {
    match satisfaction {
        Satisfaction::VerySatisfied => "非常满意",
        Satisfaction::Satisfied => "满意",
        Satisfaction::FairlySatisfied => "基本满意",
        Satisfaction::Dissatisfied => "不满意",
        Satisfaction::VeryDissatisfied => "非常不满意",
    }
}

pub(crate) fn solved(solved: Solved) -> &'static str {
    match solved {
        Solved::Yes => "已解决",
        Solved::Partly => "部分解决",
        Solved::No => "未解决",
    }
}

pub(crate) fn dissatisfaction_reason(reason: DissatisfactionReason) -> &'static str {
    match reason {
        DissatisfactionReason::FalseAnswer => "虚假答复",
        DissatisfactionReason::Perfunctory => "敷衍",
        DissatisfactionReason::BesideThePoint => "答非所问",
        DissatisfactionReason::Slow => "办理慢",
        DissatisfactionReason::Attitude => "态度差",
        DissatisfactionReason::NotSolved => "诉求未解决",
        DissatisfactionReason::Other => "其他",
    }
}

pub(crate) fn screening_review(review: ScreeningReview) -> &'static str {
    match review {
        ScreeningReview::Forward => "报市",
        ScreeningReview::Deny => "不予上报",
        ScreeningReview::AskEvidence => "需补证",
    }
}

pub(crate) fn screening_stage(stage: ScreeningStage) -> &'static str {
    match stage {
        ScreeningStage::CountyReview => "待县初审",
        ScreeningStage::AwaitingEvidence => "待补证",
        ScreeningStage::CityRuling => "待市裁",
        ScreeningStage::DeniedByCounty => "初审不予上报",
        ScreeningStage::Removed => "甄别成功",
        ScreeningStage::Upheld => "甄别不成立",
    }
}

pub(crate) fn extension_stage(stage: ExtensionStage) -> &'static str {
    match stage {
        ExtensionStage::CountyReview => "待县审",
        ExtensionStage::CityRuling => "待市批",
        ExtensionStage::Granted => "已批准",
        ExtensionStage::DeniedByCounty => "县审不予上报",
        ExtensionStage::DeniedByCity => "市驳回",
        ExtensionStage::Lapsed => "失效",
    }
}

pub(crate) fn write_off(ground: WriteOffGround) -> &'static str {
    match ground {
        WriteOffGround::LateExtension => "溯及延期",
        WriteOffGround::SuperiorSystemFault => "上级系统故障",
        WriteOffGround::ForceMajeure => "不可抗力",
    }
}

pub(crate) fn archive_outcome(outcome: ArchiveOutcome) -> &'static str {
    match outcome {
        ArchiveOutcome::Satisfied => "满意归档",
        ArchiveOutcome::Dissatisfied => "不满意归档",
        ArchiveOutcome::RatingRemoved => "评价剔除归档",
        ArchiveOutcome::NotRated => "未评价归档",
    }
}

/// 裁定: yes or no, as a bare word.
pub(crate) fn ruling(is_approved: bool) -> &'static str {
    if is_approved { "同意" } else { "不同意" }
}

/// 甄别结论, as a bare word.
pub(crate) fn screening_ruling(is_removed: bool) -> &'static str {
    if is_removed { "剔除" } else { "不成立" }
}

/// The value that `word` names, out of `all`.
pub(crate) fn find<T: Copy>(all: &[T], name: fn(T) -> &'static str, word: &str) -> Option<T> {
    all.iter().copied().find(|value| name(*value) == word)
}
