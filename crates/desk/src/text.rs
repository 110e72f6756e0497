//! Every Chinese word of the domain and every sentence of refusal, in one place, so that the
//! window, the notifications and later the portal say the same.

use desk_store::StoreFault;
use domain::calendar::{Day, DayKind};
use domain::kb::KbTemplate;
use domain::matter::{Channel, MatterClass, MatterKind};
use domain::out_of_scope::EmergencyLine;
use domain::refusal::Field;
use domain::time_limit::{Adjustment, LimitKind, Span, SuspensionReason};
use domain::upstream::Superior;
use domain::work_order::{CommandKind, Stage};
use domain::{Refusal, Role};

use crate::error::CallError;
use crate::time_text;

pub(crate) fn kind(kind: MatterKind) -> &'static str {
    match kind {
        MatterKind::Consultation => "咨询",
        MatterKind::Help => "求助",
        MatterKind::Suggestion => "意见建议",
        MatterKind::Complaint => "投诉",
        MatterKind::Report => "举报",
    }
}

pub(crate) fn class(class: MatterClass) -> &'static str {
    match class {
        MatterClass::Ordinary => "一般",
        MatterClass::Special => "特殊",
        MatterClass::SpecialEmergency => "特殊紧急",
    }
}

/// What belongs to a class, in the words of 第十一条(四).
pub(crate) fn class_note(class: MatterClass) -> &'static str {
    match class {
        MatterClass::Ordinary => "按诉求类型的时限办理",
        MatterClass::Special => "大面积停水、停电、停气及环境污染等",
        MatterClass::SpecialEmergency => "自然灾害、事故灾难、公共卫生、社会安全事件等",
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
        Channel::Transfer110 => "110 非警务转接",
    }
}

pub(crate) fn line(line: EmergencyLine) -> &'static str {
    match line {
        EmergencyLine::Police => "公安报警",
        EmergencyLine::Fire => "火警救援",
        EmergencyLine::Ambulance => "医疗急救",
        EmergencyLine::Traffic => "交通事故",
    }
}

pub(crate) fn stage(stage: Stage) -> &'static str {
    match stage {
        Stage::Registered => "待派",
        Stage::AnsweredOnTheSpot => "当场答复",
        Stage::RefusedOutOfScope => "不予受理",
        Stage::TransferredToEmergency => "已转紧急热线",
        Stage::Dispatched => "已派待送达",
        Stage::Delivered => "已送达",
    }
}

pub(crate) fn command(command: CommandKind) -> &'static str {
    match command {
        CommandKind::Register => "登记",
        CommandKind::AnswerOnTheSpot => "当场答复",
        CommandKind::RefuseOutOfScope => "不予受理",
        CommandKind::TransferToEmergency => "转紧急",
        CommandKind::Dispatch => "派单",
        CommandKind::RecordDelivery => "记录电话送达",
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

/// 时限调整 in one sentence.
pub(crate) fn adjustment(adjustment: &Adjustment) -> String {
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
            let superior = match upstream.superior {
                Superior::City => "市",
                Superior::Province => "省",
            };
            format!(
                "{superior}下达期限{}更早，以此为准",
                time_text::deadline(upstream.due_at)
            )
        }
    };
    format!("{what}（{article}）。")
}

pub(crate) fn span(span: Span) -> String {
    match span {
        Span::WorkingDays(n) => format!("{n} 个工作日"),
        Span::Hours(n) => format!("{n} 小时"),
        Span::HoursOnWorkingDays(n) => format!("{n} 小时（非工作日顺延）"),
    }
}

pub(crate) fn template(template: KbTemplate) -> &'static str {
    match template {
        KbTemplate::ServiceGuide => "办事指南",
        KbTemplate::Policy => "政策法规",
        KbTemplate::Interpretation => "政策解读",
        KbTemplate::StandardAnswer => "标准答案",
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
        Role::Liaison => "承办联络员",
        Role::UnitReviewer => "单位审核人",
        Role::City => "市中心",
        Role::CountyOffice => "县政府办",
        Role::DisciplineCommission => "县纪委监委",
        Role::Center => "中心系统",
    }
}

/// 工作日 / 周末 / 国庆节放假 / 国庆节调休上班.
pub(crate) fn day(day: &Day) -> String {
    match &day.kind {
        DayKind::WorkingDay => "工作日".to_owned(),
        DayKind::Weekend => "周末".to_owned(),
        DayKind::PublicHoliday(name) => format!("{name}放假"),
        DayKind::MakeUpWorkday(name) => format!("{name}调休上班"),
    }
}

fn field(field: Field) -> &'static str {
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

/// The sentence beside the button.
pub fn refusal(refusal: &Refusal) -> String {
    match refusal {
        Refusal::AlreadyRegistered => "这件诉求已经登记过了。".to_owned(),
        Refusal::NotRegistered => "没有找到这件工单。".to_owned(),
        Refusal::WrongStage {
            command: kind,
            stage: at,
        } => {
            format!("工单现在是“{}”，不能进行“{}”。", stage(*at), command(*kind))
        }
        Refusal::NotPermitted {
            command: kind,
            roles,
        } => {
            let roles: Vec<_> = roles.iter().copied().map(role).collect();
            format!("{}须由{}操作。", command(*kind), roles.join("、"))
        }
        Refusal::TextMissing { field: at } => format!("请填写{}。", field(*at)),
        Refusal::TextTooLong {
            field: at,
            max_chars,
            n_chars,
        } => {
            format!(
                "{}最多 {max_chars} 字，现有 {n_chars} 字，请删减后再提交。",
                field(*at)
            )
        }
        Refusal::PhoneInvalid { field: at } => {
            format!("{}不是有效的号码，请核对。", field(*at))
        }
        Refusal::UnitUnknown { unit } if unit.0.is_empty() => "请选择承办单位。".to_owned(),
        Refusal::UnitUnknown { unit } => format!("承办单位名录中没有“{}”。", unit.0),
        Refusal::LegalBasisMissing { class } => {
            format!("按{}不予受理，须写明法律依据条款。", class.article())
        }
        Refusal::TransferInstead => {
            "属于紧急热线受理范围的，请用“转紧急”：先转接，后记录。".to_owned()
        }
        Refusal::DeliveryNeedsCenter => {
            "一般事项由中心服务器送达承办单位后才算送达；只有特殊、特殊紧急事项可以电话送达。"
                .to_owned()
        }
        Refusal::DeliveryTimeImpossible {
            earliest, latest, ..
        } => format!(
            "送达时间应在登记时间 {} 与现在 {} 之间。",
            time_text::moment(*earliest),
            time_text::moment(*latest)
        ),
    }
}

/// What a person is told when a call did not succeed.
pub(crate) fn error(error: &CallError, request_id: &str) -> String {
    match error {
        CallError::Refused(refused) => refusal(refused),
        CallError::Stale { .. } => "工单刚刚有变化，已重新显示，请核对后再操作。".to_owned(),
        CallError::Locked => "工作台尚未解锁。".to_owned(),
        CallError::Invalid { message } => message.clone(),
        CallError::Store(fault) => store_fault(fault, request_id),
        CallError::Fault(_) => format!("没有完成，请重试。如仍不行，请报编号 {request_id}。"),
    }
}

fn store_fault(fault: &StoreFault, request_id: &str) -> String {
    match fault {
        StoreFault::DiskFull => {
            "磁盘已满，没有保存。内容仍在窗口中，请清理磁盘后再试，已保存的工单不受影响。"
                .to_owned()
        }
        StoreFault::Damaged { .. } => {
            format!(
                "本机数据库读取出错，可能已损坏，原文件未改动。请联系管理员，编号 {request_id}。"
            )
        }
        StoreFault::Busy => "数据库正忙，没有保存，请再试一次。".to_owned(),
        StoreFault::Other(_) => format!("没有保存，请重试。如仍不行，请报编号 {request_id}。"),
    }
}

/// Why an article was found: 标题含“停水”；问法“家里没水”含“没水”；正文含“抢修”.
pub(crate) fn ground(ground: &search::Ground) -> String {
    let quoted = |words: &[String]| {
        words
            .iter()
            .map(|word| format!("“{word}”"))
            .collect::<Vec<_>>()
            .join("、")
    };
    let mut parts = Vec::new();
    if !ground.title.is_empty() {
        parts.push(format!("标题含{}", quoted(&ground.title)));
    }
    if !ground.title_characters.is_empty() {
        parts.push(format!("标题有{}的字", quoted(&ground.title_characters)));
    }
    if let Some(name) = &ground.name {
        parts.push(format!("问法“{}”含{}", name.name, quoted(&name.stretches)));
    }
    if !ground.body.is_empty() {
        parts.push(format!("正文含{}", quoted(&ground.body)));
    }
    parts.join("；")
}
