//! The words of the analysis, and how one number stands to another.

use domain::analysis::{AnalysisSpan, Dimension, Figure, StepLength, Treatment};
use domain::indicators::Ratio;

pub fn dimension(dimension: Dimension) -> &'static str {
    match dimension {
        Dimension::Township => "乡镇街道",
        Dimension::Category => "事项分类",
        Dimension::Unit => "主办单位",
        Dimension::Channel => "受理渠道",
        Dimension::Kind => "诉求类型",
        Dimension::Class => "事项等级",
        Dimension::Treatment => "处理方式",
        Dimension::Satisfaction => "满意度",
        Dimension::Reason => "不满意原因",
    }
}

/// What is said of an order that has no value there.
pub fn no_value(dimension: Dimension) -> &'static str {
    match dimension {
        Dimension::Township => "未填地点",
        Dimension::Category => "未分类",
        Dimension::Unit => "未派单",
        Dimension::Satisfaction => "未评价",
        Dimension::Reason => "未说原因",
        Dimension::Channel | Dimension::Kind | Dimension::Class | Dimension::Treatment => "其他",
    }
}

pub fn treatment(treatment: Treatment) -> &'static str {
    match treatment {
        Treatment::Pending => "待处理",
        Treatment::AnsweredOnTheSpot => "当场答复",
        Treatment::Dispatched => "派单办理",
        Treatment::OutOfScope => "不予受理",
        Treatment::Transferred => "转紧急",
        Treatment::Merged => "已并入",
        Treatment::Withdrawn => "已撤回",
    }
}

pub fn figure(figure: Figure) -> &'static str {
    match figure {
        Figure::Orders => "受理",
        Figure::AnsweredOnTheSpot => "当场答复",
        Figure::FromKnowledge => "引用知识库答复",
        Figure::Dispatched => "派单办理",
        Figure::Late => "超期",
        Figure::Rated => "已评价",
        Figure::Satisfied => "满意",
        Figure::Dissatisfied => "不满意",
    }
}

pub fn analysis_span(span: AnalysisSpan) -> &'static str {
    match span {
        AnalysisSpan::Today => "今日",
        AnalysisSpan::Week => "近 7 日",
        AnalysisSpan::Month => "本月",
        AnalysisSpan::LastMonth => "上月",
        AnalysisSpan::Quarter => "本季度",
        AnalysisSpan::Year => "本年",
        AnalysisSpan::TwelveMonths => "近 12 个月",
    }
}

pub fn step_length(length: StepLength) -> &'static str {
    match length {
        StepLength::Day => "按日",
        StepLength::Week => "按周",
        StepLength::Month => "按月",
    }
}

/// +12.3%, −4.0% or 持平; a dash where there was nothing before.
pub fn change(now: u64, before: u64) -> String {
    let sign = match now.cmp(&before) {
        std::cmp::Ordering::Equal => return "持平".to_owned(),
        std::cmp::Ordering::Less => '−',
        std::cmp::Ordering::Greater => '+',
    };
    Ratio::new(now.abs_diff(before), before).map_or_else(
        || "—".to_owned(),
        |ratio| format!("{sign}{}", ratio.percent_text(1)),
    )
}

/// 83.2%, or a dash of nothing.
pub fn percent(ratio: Option<Ratio>) -> String {
    ratio.map_or_else(|| "—".to_owned(), |ratio| ratio.percent_text(1))
}

/// +1.2 个百分点: the difference of what is shown, so that it can be reckoned after.
pub fn points_changed(now: Option<Ratio>, before: Option<Ratio>) -> String {
    let (Some(now), Some(before)) = (now, before) else {
        return "—".to_owned();
    };
    let (now, before) = (tenths(now), tenths(before));
    let sign = match now.cmp(&before) {
        std::cmp::Ordering::Equal => return "持平".to_owned(),
        std::cmp::Ordering::Less => '−',
        std::cmp::Ordering::Greater => '+',
    };
    let apart = now.abs_diff(before);
    format!("{sign}{}.{} 个百分点", apart / 10, apart % 10)
}

/// Tenths of a percent, rounded as they are shown.
fn tenths(ratio: Ratio) -> u64 {
    (ratio.part() * 2_000 + ratio.whole()) / (2 * ratio.whole())
}

/// 12,345.
pub fn count(n: u64) -> String {
    let digits = n.to_string();
    let n_digits = digits.len();
    let mut text = String::new();
    for (nth, digit) in digits.chars().enumerate() {
        if nth > 0 && (n_digits - nth).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_number_beside_another() {
        let cases = [
            (110, 100, "+10.0%"),
            (96, 100, "−4.0%"),
            (5, 5, "持平"),
            (3, 0, "—"),
            (0, 0, "持平"),
            (0, 8, "−100.0%"),
        ];
        for (now, before, expected) in cases {
            assert_eq!(change(now, before), expected, "{now} {before}");
        }
        let ratio = |part, whole| Ratio::new(part, whole);
        assert_eq!(points_changed(ratio(2, 3), ratio(1, 2)), "+16.7 个百分点");
        assert_eq!(points_changed(ratio(1, 2), ratio(2, 3)), "−16.7 个百分点");
        assert_eq!(points_changed(ratio(1, 2), ratio(2, 4)), "持平");
        assert_eq!(points_changed(ratio(1, 2), None), "—");
        assert_eq!(percent(None), "—");
        for (n, text) in [
            (0, "0"),
            (999, "999"),
            (1_000, "1,000"),
            (500_000, "500,000"),
            (1_234_567, "1,234,567"),
        ] {
            assert_eq!(count(n), text);
        }
    }
}
