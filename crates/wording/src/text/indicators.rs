//! The words of 考核指标 (第二十三条).

use domain::indicators::{Exclusion, Indicator};

use super::write_off;

pub fn indicator(indicator: Indicator) -> &'static str {
    match indicator {
        Indicator::CallAnswering => "接通率",
        Indicator::PromptCallAnswering => "及时接通率",
        Indicator::DirectAnswer => "直接答复率",
        Indicator::TimelyDispatch => "转办及时率",
        Indicator::TimelySigning => "签收及时率",
        Indicator::TimelyCompletion => "按时办结率",
        Indicator::Overdue => "超期率",
        Indicator::SendBack => "退单率",
        Indicator::AcceptedSendBack => "退单采纳率",
        Indicator::LateSendBack => "超期退单率",
        Indicator::Extension => "延期率",
        Indicator::Contact => "响应（联系）率",
        Indicator::Solved => "解决率",
        Indicator::Satisfaction => "满意率",
        Indicator::WeightedSatisfaction => "满意率（加权）",
        Indicator::SuccessfulScreening => "甄别成功率",
        Indicator::Rework => "重办率",
        Indicator::Repeat => "重复率",
        Indicator::TimelyFirstResponse => "特殊件及时率",
        Indicator::TimelyKbUpdate => "知识更新及时率",
        Indicator::KbHit => "知识命中率",
        Indicator::KbNoResult => "知识零结果率",
        Indicator::KbAdoption => "知识采纳率",
    }
}

pub fn exclusion(exclusion: Exclusion) -> String {
    let said = match exclusion {
        Exclusion::Withdrawn => "已撤回",
        Exclusion::SentBack => "期内退回",
        Exclusion::Suspended => "暂停计时",
        Exclusion::AwaitingExtensionRuling => "延期待批暂挂",
        Exclusion::AwaitingClosureReview => "终结待审",
        Exclusion::RulingPending => "待裁定",
        Exclusion::WrittenOff(ground) => return format!("已核销：{}", write_off(ground)),
        Exclusion::Assisting => "协办件",
        Exclusion::ConcludedAtCenter => "中心办结",
        Exclusion::NotAccepted => "未受理",
        Exclusion::Merged => "已并入他单",
        Exclusion::ScreenedOut => "甄别成功剔除",
        Exclusion::InvalidCall => "无效来电",
        Exclusion::OrderMissing => "无此工单",
    };
    said.to_owned()
}
