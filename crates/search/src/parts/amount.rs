//! Amounts of money: `20元`, `每人每月680元`, `300-500元`, `1.5万元`, 免费.

use super::{
    characters::{Characters, ends_clause},
    number::{self, Measured},
};

/// What somebody pays or is paid, in fen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Amount {
    /// Open for 不超过.
    pub low_fen: Option<i64>,
    /// Open for 不低于.
    pub high_fen: Option<i64>,
    /// For each of what, sorted: 人, 月. Empty where the text does not say.
    pub per: Vec<String>,
}

const UNITS: [&str; 9] = [
    "元", "元钱", "元整", "块钱", "块", "角", "角钱", "毛钱", "分钱",
];

/// What is free; the longest first is chosen.
const FREE: [&str; 14] = [
    "免费",
    "不收费",
    "不收取费用",
    "不收取任何费用",
    "不收任何费用",
    "不收钱",
    "不要钱",
    "免收",
    "不收工本费",
    "不收取工本费",
    "零收费",
    "免缴",
    "免交",
    "无需缴费",
];

const EACH: [&str; 36] = [
    "人",
    "户",
    "月",
    "年",
    "次",
    "证",
    "张",
    "份",
    "本",
    "件",
    "学期",
    "学年",
    "季度",
    "天",
    "日",
    "亩",
    "平方米",
    "车",
    "辆",
    "吨",
    "立方米",
    "方",
    "度",
    "床",
    "套",
    "科",
    "门",
    "生",
    "小时",
    "公里",
    "头",
    "株",
    "公斤",
    "斤",
    "人次",
    "孩",
];

/// Words between 每人 and its number.
const GIVEN: [&str; 18] = [
    "补助", "补贴", "缴纳", "缴费", "收取", "收费", "发放", "给予", "奖励", "资助", "增加", "为",
    "约", "按", "缴", "交", "收", "补",
];

pub(super) fn read(text: &Characters, at: usize) -> Option<(Amount, usize)> {
    free(text, at).or_else(|| priced(text, at))
}

fn free(text: &Characters, at: usize) -> Option<(Amount, usize)> {
    let (_, end) = text.one_of(at, &FREE)?;
    // 是否免费, 免不免费 and 不是免费 say nothing; 免费师范生 and 免费孕前检查 name a thing.
    if matches!(
        text.before(at),
        '否' | '不' | '是' | '非' | '未' | '能' | '可'
    ) || matches!(text.at(end), '吗' | '么' | '嘛' | '师' | '教')
    {
        return None;
    }
    let amount = Amount {
        low_fen: Some(0),
        high_fen: Some(0),
        per: Vec::new(),
    };
    Some((amount, end))
}

fn priced(text: &Characters, at: usize) -> Option<(Amount, usize)> {
    let (mut per, start) = each_before(text, at);
    let bounded = number::bounded(text, start, &UNITS, |end| each_after(text, end, &mut per))?;
    if !is_money(text, &bounded.measured) {
        return None;
    }
    per.sort();
    per.dedup();
    // 7222222亿元 is no sum that anybody is paid, and somebody will type it.
    let fen = |thousandths: i64| {
        let hundredths = i128::from(hundredths_of(bounded.measured.unit));
        i64::try_from(i128::from(thousandths) * hundredths / 1_000).unwrap_or(i64::MAX)
    };
    let amount = Amount {
        low_fen: bounded.low.map(fen),
        high_fen: bounded.high.map(fen),
        per,
    };
    Some((amount, bounded.end))
}

fn hundredths_of(unit: &str) -> i64 {
    match unit {
        "角" | "角钱" | "毛钱" => 10,
        "分钱" => 1,
        _ => 100,
    }
}

/// 元旦 is a day, 元素 a word, and 三块砖 are bricks.
fn is_money(text: &Characters, measured: &Measured) -> bool {
    let next = text.at(measured.end);
    match measured.unit {
        "块" => ends_clause(next) || number::is_numeral(next),
        "角" => ends_clause(next),
        _ => !matches!(
            next,
            '旦' | '素' | '宵' | '首' | '件' | '老' | '帅' | '音' | '月'
        ),
    }
}

/// 每人每月, 每证 before a number, with the verb between.
fn each_before(text: &Characters, at: usize) -> (Vec<String>, usize) {
    let mut per = Vec::new();
    let mut end = at;
    while text.at(end) == '每' {
        let Some((unit, after)) = text.one_of(text.gap(end + 1), &EACH) else {
            break;
        };
        per.push(unit.to_owned());
        end = text.gap(after);
        if text.at(end) == '/' {
            end = text.gap(end + 1);
        }
    }
    if per.is_empty() {
        return (per, at);
    }
    if let Some((_, after)) = text.one_of(end, &GIVEN) {
        end = text.gap(after);
    }
    (per, end)
}

/// `/人·月`, `/次`, 每平方米 after a number.
fn each_after(text: &Characters, at: usize, per: &mut Vec<String>) -> usize {
    let mut end = at;
    loop {
        let next = text.gap(end);
        let is_each = match text.at(next) {
            '/' | '每' => true,
            '·' | '.' => end > at,
            _ => false,
        };
        let unit = is_each
            .then(|| text.one_of(text.gap(next + 1), &EACH))
            .flatten();
        let Some((unit, after)) = unit else {
            return end;
        };
        per.push(unit.to_owned());
        end = after;
    }
}
