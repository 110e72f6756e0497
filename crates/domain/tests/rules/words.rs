//! The words of the case files. `desk` has the product's words; these are the tests' own, so that
//! a rule can be read here without the product.

use domain::Role;
use domain::matter::{Channel, MatterClass, MatterKind};
use domain::refusal::Field;
use domain::time_limit::LimitKind;
use domain::work_order::{CommandKind, Stage};

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
        CommandKind::Dispatch => "派单",
        CommandKind::RecordDelivery => "电话送达",
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
    }
}

pub(crate) fn field(field: Field) -> &'static str {
    match field {
        Field::Text => "诉求内容",
        Field::Title => "标题",
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
    }
}

/// The value that `word` names, out of `all`.
pub(crate) fn find<T: Copy>(all: &[T], name: fn(T) -> &'static str, word: &str) -> Option<T> {
    all.iter().copied().find(|value| name(*value) == word)
}
