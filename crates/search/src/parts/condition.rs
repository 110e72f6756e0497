//! Conditions in numbers: 年满60周岁, 不低于50%, 3人以上, 1:3.

use super::{characters::Characters, number};

/// What a condition measures.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Measure {
    /// 周岁.
    Age,
    Percent,
    /// With what is counted: 人, 平方米.
    Count(String),
}

/// A number that something must reach or may not pass.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Condition {
    pub measure: Measure,
    /// In thousandths; open for 不超过.
    pub low: Option<i64>,
    /// Open for 以上.
    pub high: Option<i64>,
}

const COUNTERS: [&str; 30] = [
    "人",
    "户",
    "名",
    "次",
    "套",
    "平方米",
    "㎡",
    "亩",
    "公里",
    "千米",
    "米",
    "厘米",
    "吨",
    "分",
    "门",
    "科",
    "份",
    "件",
    "个",
    "台",
    "辆",
    "家",
    "间",
    "张",
    "斤",
    "公斤",
    "千瓦",
    "立方米",
    "人次",
    "批",
];

pub(super) fn read(text: &Characters, at: usize) -> Option<(Condition, usize)> {
    percent_in_words(text, at)
        .or_else(|| bounded(text, at, &["周岁", "岁"], Measure::Age))
        .or_else(|| bounded(text, at, &["%", "个百分点"], Measure::Percent))
        .or_else(|| count(text, at))
}

fn bounded(
    text: &Characters,
    at: usize,
    units: &[&'static str],
    measure: Measure,
) -> Option<(Condition, usize)> {
    let bounded = number::bounded(text, at, units, |end| end)?;
    let condition = Condition {
        measure,
        low: bounded.low,
        high: bounded.high,
    };
    Some((condition, bounded.end))
}

/// 百分之五十; its bound stands before it.
fn percent_in_words(text: &Characters, at: usize) -> Option<(Condition, usize)> {
    const BEFORE: [(&str, bool); 4] = [
        ("不低于", true),
        ("不少于", true),
        ("不超过", false),
        ("不高于", false),
    ];
    let bound = BEFORE
        .iter()
        .find_map(|(word, is_least)| Some((*is_least, text.word(at, word)?)));
    let start = text.word(bound.map_or(at, |(_, end)| end), "百分之")?;
    let number = number::number(text, start)?;
    let is_least = bound.map(|(is_least, _)| is_least);
    let condition = Condition {
        measure: Measure::Percent,
        low: (is_least != Some(false)).then_some(number.thousandths),
        high: (is_least != Some(true)).then_some(number.thousandths),
    };
    Some((condition, number.end))
}

/// Counts are conditions only where they bind.
fn count(text: &Characters, at: usize) -> Option<(Condition, usize)> {
    let bounded = number::bounded(text, at, &COUNTERS, |end| end)?;
    let after_unit = text.at(bounded.measured.end);
    let is_word = matches!(
        after_unit,
        '月' | '工' | '自' | '小' | '钟' | '星' | '别' | '民'
    );
    let condition = Condition {
        measure: Measure::Count(bounded.measured.unit.to_owned()),
        low: bounded.low,
        high: bounded.high,
    };
    (bounded.binds() && !is_word).then_some((condition, bounded.end))
}
