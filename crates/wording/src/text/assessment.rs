//! The words of 考核: schemes, periods, appeals (第二十三条).

use domain::assessment::{
    AppealCorrection, AppealTarget, AssessedPeriod, AssessmentCommandKind, AssessmentField,
    AssessmentPart, AssessmentRefusal, DeductedEvent, NoneRule, RoundStage, SchemeRefusal,
    SchemeStage,
};

use super::indicator;
use super::kb_care::people;
use crate::time_text;

pub fn assessment_part(part: AssessmentPart) -> &'static str {
    match part {
        AssessmentPart::Handling => "办件质效",
        AssessmentPart::Satisfaction => "满意度",
        AssessmentPart::Knowledge => "知识库",
    }
}

pub fn none_rule(rule: NoneRule) -> &'static str {
    match rule {
        NoneRule::Full => "不扣分",
        NoneRule::LeftOut => "不计入",
    }
}

/// 申诉对象: 按时办结率，20261012-W01-0003.
pub fn appeal_target(target: &AppealTarget) -> String {
    match target {
        AppealTarget::Item {
            indicator: of,
            item,
            ..
        } => format!("{}，{item}", indicator(*of)),
        AppealTarget::Deduction { event, number } => {
            format!("{}扣分，{number}", deducted_event(*event))
        }
    }
}

/// 申诉裁定: what was ruled, without why.
pub fn appeal_ruling(correction: Option<AppealCorrection>) -> String {
    match correction {
        Some(correction) => format!("采纳，{}", appeal_correction(correction)),
        None => "不予采纳".to_owned(),
    }
}

pub fn deducted_event(event: DeductedEvent) -> &'static str {
    match event {
        DeductedEvent::Admonition => "约谈",
        DeductedEvent::Supervision => "县政府督办",
        DeductedEvent::Referral => "处理、移送",
    }
}

pub fn scheme_stage(stage: SchemeStage) -> &'static str {
    match stage {
        SchemeStage::Drafted => "草案",
        SchemeStage::Announced => "已公布",
        SchemeStage::Withdrawn => "已停用",
    }
}

pub fn round_stage(stage: RoundStage) -> &'static str {
    match stage {
        RoundStage::Counted => "待公示",
        RoundStage::Published => "公示中",
        RoundStage::Finalised => "待通报",
        RoundStage::Reported => "已通报",
    }
}

pub fn assessed_period(period: AssessedPeriod) -> String {
    match period {
        AssessedPeriod::Month { year, month } => format!("{year}年{month}月"),
        AssessedPeriod::Year { year } => format!("{year}年度"),
    }
}

pub fn appeal_correction(correction: AppealCorrection) -> &'static str {
    match correction {
        AppealCorrection::LeftOut => "剔除",
        AppealCorrection::InFavour => "按达标计",
    }
}

pub fn assessment_command(command: AssessmentCommandKind) -> &'static str {
    match command {
        AssessmentCommandKind::Draft => "起草方案",
        AssessmentCommandKind::Revise => "修改方案",
        AssessmentCommandKind::Announce => "公布方案",
        AssessmentCommandKind::Withdraw => "停用方案",
        AssessmentCommandKind::Count => "计数",
        AssessmentCommandKind::Publish => "公示",
        AssessmentCommandKind::Appeal => "登记申诉",
        AssessmentCommandKind::Uphold => "采纳申诉",
        AssessmentCommandKind::Dismiss => "不予采纳",
        AssessmentCommandKind::Finalise => "定稿",
        AssessmentCommandKind::Report => "通报",
    }
}

fn assessment_field(field: AssessmentField) -> &'static str {
    match field {
        AssessmentField::Number => "编号",
        AssessmentField::Document => "文号",
        AssessmentField::Reason => "理由",
        AssessmentField::Item => "申诉的工单",
    }
}

pub fn scheme_refusal(refusal: &SchemeRefusal) -> String {
    match refusal {
        SchemeRefusal::NameMissing => "请填写方案名称。".to_owned(),
        SchemeRefusal::NameTooLong { max_chars } => format!("方案名称最多 {max_chars} 字。"),
        SchemeRefusal::WeightsDoNotAdd { sum } => {
            format!("分值合计 {}.{:02} 分，应为 100 分。", sum / 100, sum % 100)
        }
        SchemeRefusal::Twice { indicator: it } => {
            format!("“{}”列了两次，请删去一行。", indicator(*it))
        }
        SchemeRefusal::NotRanked { indicator: it } => {
            format!("“{}”高低都不说明好坏，不能计分。", indicator(*it))
        }
        SchemeRefusal::NoScale { indicator: it } => format!(
            "“{}”的底线和满分线不成区间：越高越好的，底线低于满分线；越低越好的，底线高于满分线；都不超过 100%。",
            indicator(*it)
        ),
        SchemeRefusal::TooLong => "考核项太多，每项指标只能列一次。".to_owned(),
        SchemeRefusal::DeductedTwice { event } => {
            format!("“{}”扣分列了两次，请删去一行。", deducted_event(*event))
        }
        SchemeRefusal::NoDeduction { event } => format!(
            "“{}”每次扣分应大于 0，且不超过最多扣分，最多扣分不超过 100 分。",
            deducted_event(*event)
        ),
    }
}

pub fn assessment_refusal(refusal: &AssessmentRefusal) -> String {
    match refusal {
        AssessmentRefusal::AlreadyDrafted => "这份方案已经起草。".to_owned(),
        AssessmentRefusal::NotDrafted => "没有找到这份方案。".to_owned(),
        AssessmentRefusal::WrongStage { stage } => {
            format!("方案现在是{}，不能这样做。", scheme_stage(*stage))
        }
        AssessmentRefusal::NotCounted => "这一期还没有计数。".to_owned(),
        AssessmentRefusal::WrongRoundStage { stage } => {
            format!("这一期现在{}，不能这样做。", round_stage(*stage))
        }
        AssessmentRefusal::NotPermitted { roles } => format!("须由{}操作。", people(roles)),
        AssessmentRefusal::NotYourUnit => "只能为本单位申诉。".to_owned(),
        AssessmentRefusal::SamePerson => "前一步是您办的，须由另一人操作。".to_owned(),
        AssessmentRefusal::Scheme(refusal) => scheme_refusal(refusal),
        AssessmentRefusal::EffectiveTooEarly { effective_from, .. } => format!(
            "方案要在执行前公布，执行日期{}已到，请改为以后的日期。",
            time_text::day(*effective_from)
        ),
        AssessmentRefusal::RoundOpen => "还有考核期没有通报，办完再停用。".to_owned(),
        AssessmentRefusal::PeriodUnknown => "没有这个考核期。".to_owned(),
        AssessmentRefusal::PeriodBeforeScheme { effective_from } => format!(
            "方案自{}执行，这一期不适用；可以试算。",
            time_text::date(*effective_from)
        ),
        AssessmentRefusal::PeriodNotOver { last } => format!(
            "考核期到{}为止，结束后才能计数；现在可以试算。",
            time_text::date(*last)
        ),
        AssessmentRefusal::NotByScheme { .. } => "数据和方案对不上，请重新计数。".to_owned(),
        AssessmentRefusal::UnitsOutOfBounds { max } => {
            format!("这一期没有可以考核的单位，或超过 {max} 个。")
        }
        AssessmentRefusal::UnitUnknown { .. } => "请选择参加这一期考核的单位。".to_owned(),
        AssessmentRefusal::AppealsUntilImpossible { max_days, .. } => {
            format!("申诉截止日期应在明天以后、{max_days} 天以内。")
        }
        AssessmentRefusal::AppealsOver { until } => {
            format!("申诉已于{}截止。", time_text::date(*until))
        }
        AssessmentRefusal::AppealsRunning { until } => {
            format!("申诉到{}截止，第二天起可以定稿。", time_text::date(*until))
        }
        AssessmentRefusal::AppealsOpen { n } => format!("还有 {n} 件申诉没有裁定。"),
        AssessmentRefusal::AppealsTooMany { max } => format!("一期最多 {max} 件申诉。"),
        AssessmentRefusal::AppealedAlready { number } => {
            format!("第 {number} 号申诉说的是同一项。")
        }
        AssessmentRefusal::TargetUnknown => "这个单位没有这一项。".to_owned(),
        AssessmentRefusal::AppealUnknown { number } => format!("没有第 {number} 号申诉。"),
        AssessmentRefusal::AppealRuled { number } => format!("第 {number} 号申诉已经裁定。"),
        AssessmentRefusal::CorrectionImpossible => {
            "这样更正和原来的计数对不上，请换一种更正方式，或不予采纳。".to_owned()
        }
        AssessmentRefusal::TextMissing { what } => {
            format!("请填写{}。", assessment_field(*what))
        }
        AssessmentRefusal::TextTooLong { what, max_chars } => {
            format!("{}最多 {max_chars} 字。", assessment_field(*what))
        }
    }
}
