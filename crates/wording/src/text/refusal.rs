//! The sentence beside the button: why a rule says no, and about which field.

use domain::Refusal;
use domain::extension::ExtensionRefusal;
use domain::refusal::Field;
use domain::work_order::AssignmentNumber;

use super::{assignment_stage, command, dispatch_ground, limit, part, role, stage};
use crate::time_text;

fn field(field: Field) -> &'static str {
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
        Field::Time => "时间",
        Field::File => "附件",
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
        Refusal::TooManyFiles { max_files } => {
            format!("一次最多附 {max_files} 个文件，请分几次补充。")
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
        Refusal::TimeImpossible {
            field: at,
            earliest,
            latest,
            ..
        } => format!(
            "{}应在 {} 与现在 {} 之间。",
            field(*at),
            time_text::moment(*earliest),
            time_text::moment(*latest)
        ),
        Refusal::SamePerson { command: kind } => {
            format!("{}须由另一人操作，本人经办的不能自己审。", command(*kind))
        }
        Refusal::NotYourUnit { .. } => "这件工单由其他单位承办，本单位不能操作。".to_owned(),
        Refusal::AssignmentUnknown { assignment } => {
            format!("这件工单没有第 {} 号承办单。", assignment.0)
        }
        Refusal::AssignmentNotNamed => "请选定是哪个承办单位。".to_owned(),
        Refusal::WrongAssignmentStage {
            command: kind,
            stage: at,
        } => format!(
            "承办单位的办理现在是“{}”，不能进行“{}”。",
            assignment_stage(*at),
            command(*kind)
        ),
        Refusal::NotForPart {
            command: kind,
            part: has,
        } => {
            format!("{}单位不能进行“{}”。", part(*has), command(*kind))
        }
        Refusal::TownshipReportMissing => {
            "特殊事项须先向属地乡镇（街道）报告，请填写属地报告后再派单。".to_owned()
        }
        Refusal::UnitsMissing => {
            "会签、主协办须选两个以上单位；只派一个单位的请选单派。".to_owned()
        }
        Refusal::UnitTwice { .. } => "同一单位选了两次，请去掉一个。".to_owned(),
        Refusal::UnitHasPart { .. } => {
            "该单位在这件工单里还有没办完的承办单，请改派其他单位。".to_owned()
        }
        Refusal::Bound { ground } => format!(
            "承办单位已由{}确定，按第十条不得退回；确有不同的，请监督员放行。",
            dispatch_ground(ground)
        ),
        Refusal::PrecedentNotApplicable { id } => {
            format!("先例“{id}”不适用：先例库中没有，或不是这个单位，或受理时尚未生效、已失效。")
        }
        Refusal::NotBound => "这件工单可以按规定退回，无须放行。".to_owned(),
        Refusal::CallerUnchanged => "诉求人信息没有变化。".to_owned(),
        Refusal::KindUnchanged => "诉求类型没有变化。".to_owned(),
        Refusal::KindChangePending => "已有一次类型变更在等审核。".to_owned(),
        Refusal::NoKindChange => "没有等待审核的类型变更。".to_owned(),
        Refusal::ClassNotHigher => "事项等级只能往上升。".to_owned(),
        Refusal::NotSpecial => "只有特殊、特殊紧急事项才需要这一步。".to_owned(),
        Refusal::Extension(refused) => extension(refused),
        Refusal::ExtensionPending => "已有一次延期申请在等答复。".to_owned(),
        Refusal::NoExtension { command: kind } => {
            format!("现在没有延期申请等待“{}”。", command(*kind))
        }
        Refusal::ExtensionUnexplained => {
            "延期已获批，尚未向诉求人说明，请先记录延期说明再答复。".to_owned()
        }
        Refusal::ContactMissing => "还没有联系诉求人的记录，请先联系并记录。".to_owned(),
        Refusal::AttemptsMissing { n_made, n_needed } => {
            format!("按“无法联系”办结须在不同时段联系 {n_needed} 次，现有 {n_made} 次。")
        }
        Refusal::FirstResponseMissing => "还没有初步响应，请先响应再答复。".to_owned(),
        Refusal::OpinionsMissing { assignments } => {
            format!(
                "还缺{}协办意见，期限未到，请等意见到齐。",
                numbers(assignments)
            )
        }
        Refusal::OpinionsNotCited { assignments } => {
            format!("答复没有引用{}协办意见，请补上。", numbers(assignments))
        }
        Refusal::TooFewForFinalClosure { n_orders, n_needed } => {
            format!("同一诉求人就同一事项反映满 {n_needed} 次才能认定终结，现列 {n_orders} 次。")
        }
        Refusal::NotFromSuperior => "不是上级转来的工单，无须回传。".to_owned(),
        Refusal::AlreadyRated => "这件工单已有评价。".to_owned(),
        Refusal::NotRatedBad => "只有不满意的评价才能申请甄别。".to_owned(),
        Refusal::AlreadyScreened => "这次评价已经甄别过。".to_owned(),
        Refusal::ScreeningCutOff { cut_off_at } => format!(
            "甄别提请已于 {} 截止，不再受理。",
            time_text::deadline(*cut_off_at)
        ),
        Refusal::ScreeningReasonMissing { principle_due_at } => format!(
            "已过 {} 的原则期限，请说明迟交的原因。",
            time_text::deadline(*principle_due_at)
        ),
        Refusal::NoScreening { command: kind } => {
            format!("现在没有甄别等待“{}”。", command(*kind))
        }
        Refusal::EvidenceTooLate { due_at } => {
            format!("补证期限 {} 已过，不再甄别。", time_text::deadline(*due_at))
        }
        Refusal::ScreeningOpen { cut_off_at } => format!(
            "不满意评价在 {} 前还可以甄别，或正在甄别，暂不归档。",
            time_text::deadline(*cut_off_at)
        ),
        Refusal::NoDelay { limit: kind } => format!("{}没有超期，无须核销。", limit(*kind)),
        Refusal::NothingMoves => "日历变更不影响这件工单的时限。".to_owned(),
        Refusal::SameOrder => "不能并入自己。".to_owned(),
    }
}

fn extension(refused: &ExtensionRefusal) -> String {
    match refused {
        ExtensionRefusal::AfterDue { due_at, .. } => format!(
            "办理时限 {} 已到，到期后不能再申请延期。",
            time_text::deadline(*due_at)
        ),
        ExtensionRefusal::Consultation => "咨询类原则上不予延期。".to_owned(),
        ExtensionRefusal::NoneLeft { n_granted } => {
            format!("已延期 {n_granted} 次，不能再延。")
        }
        ExtensionRefusal::NotLonger => "申请的时间没有比原期限更长。".to_owned(),
        ExtensionRefusal::OverGeneral { days, at_most } => {
            format!("一般延期最多 {at_most} 个工作日，申请了 {days} 个；特别重大、复杂的请选该项。")
        }
        ExtensionRefusal::StatementMissing { at_most } => {
            format!("超过 {at_most} 个工作日的，须有监督员说明。")
        }
        ExtensionRefusal::OverExceptional { days, at_most } => {
            format!("延期最多 {at_most} 个工作日，申请了 {days} 个；法定另有期限的请引法条。")
        }
        ExtensionRefusal::LawMissing => "请写明法律依据条款。".to_owned(),
    }
}

/// 第 2、3 号.
fn numbers(assignments: &[AssignmentNumber]) -> String {
    let numbers: Vec<_> = assignments.iter().map(|it| it.0.to_string()).collect();
    format!("第 {} 号", numbers.join("、"))
}
