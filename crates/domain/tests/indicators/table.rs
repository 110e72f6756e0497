//! Figures as text: the county first, then everyone who has an item, with the items.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use chrono::{DateTime, Utc};
use domain::WorkOrder;
use domain::indicators::{
    Basis, CallRecord, Exclusion, Figure, Holder, Indicator, IndicatorParameters, ItemId, KbSearch,
    KbUpdateTask, Period, Sources, tally,
};
use domain::work_order::WriteOffGround;
use expect_test::Expect;

use crate::case_file::{RULE_SETS, instant, play};

/// All that a table may be made of.
#[derive(Default)]
pub(crate) struct Case {
    pub(crate) orders: Vec<WorkOrder>,
    pub(crate) repeats: BTreeSet<String>,
    pub(crate) calls: Vec<CallRecord>,
    pub(crate) kb_update_tasks: Vec<KbUpdateTask>,
    pub(crate) kb_searches: Vec<KbSearch>,
}

impl Case {
    pub(crate) fn sources(&self) -> Sources<'_> {
        Sources {
            orders: &self.orders,
            repeats: &self.repeats,
            calls: &self.calls,
            kb_update_tasks: &self.kb_update_tasks,
            kb_searches: &self.kb_searches,
        }
    }
}

/// A month of 2026 as it is seen at an instant.
pub(crate) fn basis(month: u32, as_of: DateTime<Utc>) -> Basis<'static> {
    Basis {
        period: Period::month(2026, month).unwrap(),
        as_of,
        rule_sets: &RULE_SETS,
        parameters: IndicatorParameters::of_the_house(),
    }
}

/// Plays a case and compares the figures of a month, as they are seen at `as_of` (`12-05 09:00`).
pub(crate) fn check(
    case: &str,
    (month, as_of): (u32, &str),
    indicators: &[Indicator],
    expected: &Expect,
) {
    let case = Case {
        orders: play(case),
        ..Case::default()
    };
    check_case(&case, (month, as_of), indicators, expected);
}

pub(crate) fn check_case(
    case: &Case,
    (month, as_of): (u32, &str),
    indicators: &[Indicator],
    expected: &Expect,
) {
    let (date, time) = as_of.split_once(' ').unwrap();
    let basis = basis(month, instant(date, time));
    let tables = indicators
        .iter()
        .map(|indicator| table(*indicator, case, &basis));
    expected.assert_eq(&tables.collect::<String>());
}

pub(crate) fn table(indicator: Indicator, case: &Case, basis: &Basis<'_>) -> String {
    let tally = tally(indicator, case.sources(), basis);
    let mut text = String::new();
    let (name, county) = (name(indicator), number(&tally.county()));
    writeln!(text, "{name} 全县 {county}").unwrap();
    for (holder, figure) in tally.by_holder() {
        let holder = match holder {
            Holder::Center => "县中心".to_owned(),
            Holder::Unit(unit) => unit.0,
        };
        write!(text, "  {holder} {}", number(&figure)).unwrap();
        let rest = figure.denominator.difference(&figure.numerator);
        for (title, items) in [
            ("分子", items(&figure.numerator)),
            ("其余分母", items(rest)),
            ("剔除", excluded(&figure)),
        ] {
            if !items.is_empty() {
                write!(text, "｜{title} {items}").unwrap();
            }
        }
        text.push('\n');
    }
    text
}

/// `2/3 = 66.67%`, with points where the items are weighted, or 未发生.
fn number(figure: &Figure) -> String {
    let Some(ratio) = figure.ratio() else {
        return "未发生".to_owned();
    };
    let (part, whole, percent) = (ratio.part(), ratio.whole(), ratio.percent_text(2));
    if figure.full_points == 1 {
        format!("{part}/{whole} = {percent}")
    } else {
        format!("{part}分/{whole}分 = {percent}")
    }
}

fn items<'a>(items: impl IntoIterator<Item = &'a ItemId>) -> String {
    let names: Vec<String> = items.into_iter().map(item).collect();
    names.join("、")
}

fn excluded(figure: &Figure) -> String {
    let items = figure.excluded.iter();
    let names = items.map(|(id, why)| format!("{}（{}）", item(id), because(*why)));
    names.collect::<Vec<_>>().join("、")
}

/// `甲`, `甲#1`, and `甲转2` for the second dispatch.
fn item(id: &ItemId) -> String {
    match id {
        ItemId::Order { number } => number.clone(),
        ItemId::Assignment { number, assignment } => format!("{number}#{}", assignment.0),
        ItemId::Dispatch { number, round } => format!("{number}转{round}"),
        ItemId::Record { id } => id.clone(),
    }
}

fn because(exclusion: Exclusion) -> &'static str {
    match exclusion {
        Exclusion::Withdrawn => "已撤回",
        Exclusion::SentBack => "已退回",
        Exclusion::Suspended => "暂停计时",
        Exclusion::AwaitingExtensionRuling => "延期待批",
        Exclusion::AwaitingClosureReview => "终结待审",
        Exclusion::RulingPending => "待裁定",
        Exclusion::WrittenOff(WriteOffGround::LateExtension) => "核销：溯及延期",
        Exclusion::WrittenOff(WriteOffGround::SuperiorSystemFault) => "核销：上级系统故障",
        Exclusion::WrittenOff(WriteOffGround::ForceMajeure) => "核销：不可抗力",
        Exclusion::Assisting => "协办件",
        Exclusion::ConcludedAtCenter => "中心办结",
        Exclusion::NotAccepted => "未受理",
        Exclusion::Merged => "已并入",
        Exclusion::ScreenedOut => "甄别剔除",
        Exclusion::InvalidCall => "无效来电",
        Exclusion::OrderMissing => "无此工单",
    }
}

pub(crate) fn name(indicator: Indicator) -> &'static str {
    match indicator {
        Indicator::CallAnswering => "接通率",
        Indicator::PromptCallAnswering => "15秒接通率",
        Indicator::DirectAnswer => "直接答复率",
        Indicator::TimelyDispatch => "转办及时率",
        Indicator::TimelySigning => "签收及时率",
        Indicator::TimelyCompletion => "按时办结率",
        Indicator::Overdue => "超期率",
        Indicator::SendBack => "退单率",
        Indicator::AcceptedSendBack => "退单采纳率",
        Indicator::LateSendBack => "超期退单率",
        Indicator::Extension => "延期率",
        Indicator::Contact => "响应率",
        Indicator::Solved => "解决率",
        Indicator::Satisfaction => "满意率",
        Indicator::WeightedSatisfaction => "加权满意率",
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
