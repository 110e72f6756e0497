//! Every Chinese word of the domain and every sentence of refusal, in one place, so that the
//! window, the notifications and the portal say the same.

use domain::Role;
use domain::calendar::{Day, DayKind};
use domain::data_sharing::{
    SHARE_NAME_MAX_CHARS, SHARE_SCOPE_MAX, SHARED_FOR_MAX_DAYS, ShareRefusal,
};
use domain::extension::ExtensionLane;
use domain::kb::KbTemplate;
use domain::local_name::{
    LOCAL_NAME_MAX_CHARS, LOCAL_NAME_MIN_CHARS, LOCAL_NAMES_MAX, LocalNameRefusal,
};
use domain::matter::{Channel, MatterClass, MatterKind, Source};
use domain::out_of_scope::EmergencyLine;
use domain::repeat::EarlierOrderFinding;
use domain::retention::RetentionClass;
use domain::time_limit::{Adjustment, LimitKind, Span, SuspensionReason};
use domain::upstream::Superior;
use domain::work_order::{
    ArchiveOutcome, AssignmentStage, CommandKind, ContactOutcome, DispatchGround,
    DissatisfactionReason, Part, ResultReturn, Satisfaction, ScreeningReview, Solved, Stage,
    WaitKind, WriteOffGround,
};

use crate::time_text;

mod analysis;
mod assessment;
mod audit;
mod indicators;
mod kb_care;
mod knowledge;
mod refusal;
mod sign_in;
mod supervision;
mod words;

pub use analysis::{
    analysis_span, change as change_text, count as count_text, dimension, figure, no_value,
    percent, points_changed, step_length, treatment,
};
pub use assessment::{
    appeal_correction, appeal_ruling, appeal_target, assessed_period, assessment_command,
    assessment_part, assessment_refusal, deducted_event, none_rule, round_stage, scheme_refusal,
    scheme_stage,
};
pub use audit::{audit_flaw, audit_outcome, is_notable, reveal_purpose, reveal_purpose_named};
pub use indicators::{exclusion, indicator};
pub use kb_care::{
    changed_by, gap_counts, gap_refusal, gap_standing, kb_task_article, kb_task_command,
    kb_task_ground, kb_task_kind, kb_task_refusal, kb_task_stage, month_of_use,
};
pub use knowledge::{
    confirmation, draft_stage, error_kind, kb_command, kb_field, kb_refusal, report_outcome,
    standing,
};
pub use refusal::refusal;
pub use sign_in::sign_in_refusal;
pub use supervision::{
    admonishing_body, board, board_wait, ground as supervisory_ground, liaison_gap, liaison_post,
    liaison_refusal, measure, supervisory_command, supervisory_refusal, supervisory_stage,
    urge_reason,
};
pub use words::{
    saying_decided, saying_refusal, saying_standing, synonym_origin, synonym_refusal,
    synonyms_changed,
};

pub fn local_name_refusal(refusal: LocalNameRefusal) -> String {
    match refusal {
        LocalNameRefusal::Length => {
            format!("名称须为 {LOCAL_NAME_MIN_CHARS} 至 {LOCAL_NAME_MAX_CHARS} 个字")
        }
        LocalNameRefusal::NotAName => "名称只写汉字、字母和数字，不能只有数字".to_owned(),
        LocalNameRefusal::NoSuchPlace => "没有这个乡镇街道，或者其中没有这个村社区".to_owned(),
        LocalNameRefusal::Twice => "同一个地方写了两次".to_owned(),
        LocalNameRefusal::TooMany => format!("最多 {LOCAL_NAMES_MAX} 条"),
    }
}

/// Why nothing is shared (第十五条).
pub fn share_refusal(refusal: ShareRefusal) -> String {
    match refusal {
        ShareRefusal::BadName => format!("读取方名称须为 1 至 {SHARE_NAME_MAX_CHARS} 个字"),
        ShareRefusal::RoleSeesNothing { role: of } => {
            format!("{}不经办也不统计任何诉求，不能按它的可见范围共享", role(of))
        }
        ShareRefusal::NothingShared => "请写明共享哪些单位或行业，或者 --all".to_owned(),
        ShareRefusal::TooMuchNamed => format!("单位和行业合计最多 {SHARE_SCOPE_MAX} 个"),
        ShareRefusal::BadExpiry => {
            format!("有效期须从今天起，最长 {SHARED_FOR_MAX_DAYS} 天")
        }
    }
}

pub fn kind(kind: MatterKind) -> &'static str {
    match kind {
        MatterKind::Consultation => "咨询",
        MatterKind::Help => "求助",
        MatterKind::Suggestion => "意见建议",
        MatterKind::Complaint => "投诉",
        MatterKind::Report => "举报",
    }
}

pub fn class(class: MatterClass) -> &'static str {
    match class {
        MatterClass::Ordinary => "一般",
        MatterClass::Special => "特殊",
        MatterClass::SpecialEmergency => "特殊紧急",
    }
}

/// What belongs to a class, in the words of 第十一条(四).
pub fn class_note(class: MatterClass) -> &'static str {
    match class {
        MatterClass::Ordinary => "按诉求类型的时限办理",
        MatterClass::Special => "大面积停水、停电、停气及环境污染等",
        MatterClass::SpecialEmergency => "自然灾害、事故灾难、公共卫生、社会安全事件等",
    }
}

pub fn channel(channel: Channel) -> &'static str {
    match channel {
        Channel::Phone => "电话",
        Channel::Website => "网站",
        Channel::Wechat => "微信",
        Channel::App => "移动客户端",
        Channel::Mailbox => "信箱",
        Channel::ServiceHall => "政务服务大厅",
        Channel::Transfer110 => "110 非警务转接",
    }
}

pub fn line(line: EmergencyLine) -> &'static str {
    match line {
        EmergencyLine::Police => "公安报警",
        EmergencyLine::Fire => "火警救援",
        EmergencyLine::Ambulance => "医疗急救",
        EmergencyLine::Traffic => "交通事故",
    }
}

pub fn source(source: Source) -> &'static str {
    match source {
        Source::County => "县自接",
        Source::City => "市中心转办",
        Source::Province => "省交办",
        Source::SichuanChongqing => "川渝联动",
        Source::Police110 => "110 非警务转接",
    }
}

pub fn superior(superior: Superior) -> &'static str {
    match superior {
        Superior::City => "市",
        Superior::Province => "省",
    }
}

pub fn stage(stage: Stage) -> &'static str {
    match stage {
        Stage::Registered => "待派",
        Stage::AnsweredOnTheSpot => "当场答复",
        Stage::RefusedOutOfScope => "不予受理",
        Stage::TransferredToEmergency => "已转紧急热线",
        Stage::Dispatched => "已派待送达",
        Stage::Delivered => "已送达",
        Stage::UnderVerification => "待核实",
        Stage::UnderCoordination => "待指定",
        Stage::Completed => "已办结",
        Stage::Merged => "已并入",
        Stage::Withdrawn => "已撤回",
        Stage::FinallyClosed => "已终结办理",
        Stage::Archived => "已归档",
    }
}

pub fn assignment_stage(stage: AssignmentStage) -> &'static str {
    match stage {
        AssignmentStage::Dispatched => "已派待送达",
        AssignmentStage::Delivered => "已送达待签收",
        AssignmentStage::SignedFor => "已签收办理中",
        AssignmentStage::SendBackReview => "退回待审",
        AssignmentStage::SentBack => "已退回",
        AssignmentStage::AwaitingSignature => "答复待审核",
        AssignmentStage::Completed => "已办结",
        AssignmentStage::FinalClosureReview => "终结待审",
        AssignmentStage::FinallyClosed => "已终结",
        AssignmentStage::Withdrawn => "已撤回",
    }
}

pub fn part(part: Part) -> &'static str {
    match part {
        Part::Sole => "承办",
        Part::Countersigning => "会签",
        Part::Lead => "主办",
        Part::Assisting => "协办",
    }
}

/// On what ground a unit was found, in the words of 第十条.
pub fn dispatch_ground(ground: &DispatchGround) -> String {
    match ground {
        DispatchGround::Duty => "按职责派单".to_owned(),
        DispatchGround::Coordination { document } => format!("县中心协调明确（{document}）"),
        DispatchGround::Designation { document } => format!("专题协调指定（{document}）"),
        DispatchGround::Precedent { document, .. } => format!("先例（{document}）"),
    }
}

pub fn extension_lane(lane: ExtensionLane) -> &'static str {
    match lane {
        ExtensionLane::General => "一般延期",
        ExtensionLane::Grave => "特别重大、复杂",
        ExtensionLane::Exceptional => "特别重大、复杂（附监督员说明）",
        ExtensionLane::Statutory => "法定另有期限",
    }
}

pub fn contact_outcome(outcome: ContactOutcome) -> &'static str {
    match outcome {
        ContactOutcome::Reached => "已联系上",
        ContactOutcome::NotReached => "未联系上",
    }
}

pub fn satisfaction(satisfaction: Satisfaction) -> &'static str {
    match satisfaction {
        Satisfaction::VerySatisfied => "非常满意",
        Satisfaction::Satisfied => "满意",
        Satisfaction::FairlySatisfied => "基本满意",
        Satisfaction::Dissatisfied => "不满意",
        Satisfaction::VeryDissatisfied => "非常不满意",
    }
}

pub fn solved(solved: Solved) -> &'static str {
    match solved {
        Solved::Yes => "已解决",
        Solved::Partly => "部分解决",
        Solved::No => "未解决",
    }
}

pub fn dissatisfaction_reason(reason: DissatisfactionReason) -> &'static str {
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

pub fn screening_review(review: ScreeningReview) -> &'static str {
    match review {
        ScreeningReview::Forward => "报市",
        ScreeningReview::Deny => "不予上报",
        ScreeningReview::AskEvidence => "需补证",
    }
}

pub fn archive_outcome(outcome: ArchiveOutcome) -> &'static str {
    match outcome {
        ArchiveOutcome::Satisfied => "满意归档",
        ArchiveOutcome::Dissatisfied => "不满意归档",
        ArchiveOutcome::RatingRemoved => "甄别成功，评价剔除",
        ArchiveOutcome::NotRated => "未评价归档",
    }
}

pub fn result_return(state: ResultReturn) -> &'static str {
    match state {
        ResultReturn::Pending => "待回传",
        ResultReturn::Sent => "已发出",
        ResultReturn::Received => "上级已接收",
        ResultReturn::Failed => "回传失败",
    }
}

/// What is waited for: 延期待县审.
pub fn wait(kind: WaitKind) -> &'static str {
    match kind {
        WaitKind::SendBackReview => "退回待审",
        WaitKind::ExtensionReview => "延期待县审",
        WaitKind::ExtensionRuling => "延期待市批",
        WaitKind::ClosureReview => "终结待审",
        WaitKind::ScreeningReview => "甄别待初审",
        WaitKind::Evidence => "甄别待补证",
        WaitKind::ScreeningRuling => "甄别待市裁",
        WaitKind::Designation => "待指定",
        WaitKind::Verification => "待核实",
        WaitKind::KindChange => "类型变更待审",
    }
}

/// 历次工单核对, of one order.
pub fn earlier_order_finding(finding: EarlierOrderFinding) -> &'static str {
    match finding {
        EarlierOrderFinding::Agrees => "相符",
        EarlierOrderFinding::Missing => "查无此单",
        EarlierOrderFinding::Itself => "就是本单",
        EarlierOrderFinding::NotEarlier => "不早于本单",
        EarlierOrderFinding::OtherCaller => "不是同一诉求人",
        EarlierOrderFinding::OtherMatter => "不是同一事项",
        EarlierOrderFinding::StillOpen => "尚未办结",
    }
}

pub fn write_off(ground: WriteOffGround) -> &'static str {
    match ground {
        WriteOffGround::LateExtension => "溯及延期",
        WriteOffGround::SuperiorSystemFault => "上级系统故障",
        WriteOffGround::ForceMajeure => "不可抗力",
    }
}

pub fn command(command: CommandKind) -> &'static str {
    match command {
        CommandKind::Register => "登记",
        CommandKind::AnswerOnTheSpot => "当场答复",
        CommandKind::RefuseOutOfScope => "不予受理",
        CommandKind::TransferToEmergency => "转紧急",
        CommandKind::BeginVerification => "发起核实",
        CommandKind::RecordVerification => "记录核实结论",
        CommandKind::Dispatch => "派单",
        CommandKind::RequestCoordination => "提请专题协调",
        CommandKind::Designate => "指定承办",
        CommandKind::RecordDelivery => "记录电话送达",
        CommandKind::ConfirmDelivery => "确认送达",
        CommandKind::RecordTownshipReport => "记录属地报告",
        CommandKind::RequestKindChange => "申请变更类型",
        CommandKind::RuleOnKindChange => "审核类型变更",
        CommandKind::EscalateClass => "升级事项等级",
        CommandKind::SetUpstreamLimit => "登记上级期限",
        CommandKind::Urge => "催办",
        CommandKind::RecordUrgeReceipt => "记录催办回执",
        CommandKind::Supplement => "补充",
        CommandKind::CorrectCaller => "更正诉求人信息",
        CommandKind::MergeInto => "并入",
        CommandKind::AbsorbRepeat => "接收并入",
        CommandKind::LinkTo => "关联",
        CommandKind::Withdraw => "撤回",
        CommandKind::SignFor => "签收",
        CommandKind::PassDown => "二级转办",
        CommandKind::RecordContact => "记录联系",
        CommandKind::RespondFirst => "初步响应",
        CommandKind::ReportProgress => "反馈进度",
        CommandKind::SendBack => "退回",
        CommandKind::RuleOnSendBack => "裁定退回",
        CommandKind::ReleaseBinding => "放行退回",
        CommandKind::RequestExtension => "申请延期",
        CommandKind::ReviewExtension => "县审延期",
        CommandKind::RecordCityRuling => "登记市批复",
        CommandKind::ExplainExtension => "记录延期说明",
        CommandKind::SubmitOpinion => "提交协办意见",
        CommandKind::SubmitReply => "提交答复",
        CommandKind::SignReply => "内审签发",
        CommandKind::RejectReply => "内审退改",
        CommandKind::RequestFinalClosure => "认定终结",
        CommandKind::ReviewFinalClosure => "审查终结",
        CommandKind::RecordResultReturn => "登记结果回传",
        CommandKind::ImportRating => "导入评价",
        CommandKind::RecordOwnCallBack => "记录自查回访",
        CommandKind::RequestScreening => "申请甄别",
        CommandKind::ReviewScreening => "初审甄别",
        CommandKind::SupplyEvidence => "补证",
        CommandKind::RecordScreeningRuling => "登记甄别结论",
        CommandKind::OrderRework => "退回重办",
        CommandKind::Archive => "归档",
        CommandKind::WriteOffDelay => "核销超期",
        CommandKind::RecountLimits => "重算时限",
    }
}

pub fn limit(kind: LimitKind) -> &'static str {
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

/// 时限调整 in one sentence.
pub fn adjustment(adjustment: &Adjustment) -> String {
    let article = adjustment.article();
    let what = match adjustment {
        Adjustment::Suspended { suspension, n_days } => {
            let reason = match suspension.reason {
                SuspensionReason::AwaitingDesignation => "待指定",
                SuspensionReason::SendBackReview => "退回审核",
                SuspensionReason::Statutory => "法定事由",
            };
            let since = time_text::moment(suspension.suspended_at);
            match suspension.resumed_at {
                Some(resumed_at) => format!(
                    "{reason}自{since}至{}暂停，扣除 {n_days} 个工作日",
                    time_text::moment(resumed_at)
                ),
                None => format!("{reason}自{since}起暂停中"),
            }
        }
        Adjustment::Extended(extension) => {
            format!("市批延期至{}", time_text::deadline(extension.due_at))
        }
        Adjustment::EarlierUpstream(upstream) => {
            format!(
                "{}下达期限{}更早，以此为准",
                superior(upstream.superior),
                time_text::deadline(upstream.due_at)
            )
        }
    };
    format!("{what}（{article}）。")
}

pub fn span(span: Span) -> String {
    match span {
        Span::WorkingDays(n) => format!("{n} 个工作日"),
        Span::Hours(n) => format!("{n} 小时"),
        Span::HoursOnWorkingDays(n) => format!("{n} 小时（非工作日顺延）"),
    }
}

pub fn template(template: KbTemplate) -> &'static str {
    match template {
        KbTemplate::ServiceGuide => "办事指南",
        KbTemplate::Policy => "政策法规",
        KbTemplate::Interpretation => "政策解读",
        KbTemplate::StandardAnswer => "标准答案",
    }
}

/// 保存类别.
pub fn retention_class(class: RetentionClass) -> &'static str {
    match class {
        RetentionClass::Consultation => "咨询",
        RetentionClass::Ordinary => "一般诉求",
        RetentionClass::Sensitive => "举报、保密和终结",
    }
}

pub fn role(role: Role) -> &'static str {
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
        Role::Liaison => "承办联络员",
        Role::UnitReviewer => "单位审核人",
        Role::City => "市中心",
        Role::CountyOffice => "县政府办",
        Role::DisciplineCommission => "县纪委监委",
        Role::Center => "中心",
    }
}

/// 工作日 / 周末 / 国庆节放假 / 国庆节调休上班.
pub fn day(day: &Day) -> String {
    match &day.kind {
        DayKind::WorkingDay => "工作日".to_owned(),
        DayKind::Weekend => "周末".to_owned(),
        DayKind::PublicHoliday(name) => format!("{name}放假"),
        DayKind::MakeUpWorkday(name) => format!("{name}调休上班"),
    }
}
