//! What two answers to the same question contradict each other in, part against part.

use rustc_hash::FxHashSet;

use super::heading::label_tokens;
use crate::parts::{Part, PartKind, PartValue, PeriodUnit, parts};

/// So many are told; more would say no more than that the two have nothing to do with each other.
pub const MAX_CONTRADICTIONS: usize = 10;
/// Labels that have this part of the shorter in common are about the same.
const SAME_LABEL: f32 = 0.6;

/// A stretch of an article under its label: the answer under none, a section under its own.
#[derive(Clone, Copy, Debug)]
pub struct Passage<'a> {
    pub heading: &'a str,
    pub text: &'a str,
}

/// One article's side of a contradiction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Side {
    /// Which of the passages says it.
    pub passage: usize,
    pub part: Part,
}

/// Two parts of the same kind, about the same thing, that say different things.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Contradiction {
    pub kind: PartKind,
    pub ours: Side,
    pub theirs: Side,
}

/// A part with what its label is about.
struct Told {
    side: Side,
    about: FxHashSet<u64>,
    /// What is to be done in a period or at a date: the words behind it.
    then: FxHashSet<u64>,
}

/// Kinds of parts that exclude each other. Materials and places do not: an answer that names fewer
/// says less, and not something else.
const KINDS: [PartKind; 6] = [
    PartKind::Amount,
    PartKind::Period,
    PartKind::Date,
    PartKind::Hours,
    PartKind::Phone,
    PartKind::Condition,
];

/// Labels that say no more than the kind does.
const GENERAL: [&str; 40] = [
    "工本费",
    "收费",
    "费用",
    "收费标准",
    "缴费标准",
    "标准",
    "金额",
    "价格",
    "个人缴费",
    "缴费",
    "全程",
    "咨询电话",
    "电话",
    "联系电话",
    "热线",
    "服务电话",
    "咨询热线",
    "监督电话",
    "时限",
    "办结",
    "办结时限",
    "承诺",
    "审核",
    "受理",
    "办公时间",
    "工作时间",
    "上班时间",
    "对外办公",
    "时间",
    "办理时间",
    "办理时限",
    "年龄",
    "比例",
    "受理条件",
    "补贴",
    "补助",
    "自受理之日起",
    "受理之日起",
    "窗口",
    "符合条件",
];

/// Finds the contradictions between two articles on the same matter. `titles` are both titles: their
/// words say nothing of what a part is about.
pub fn contradictions(
    ours: &[Passage<'_>],
    theirs: &[Passage<'_>],
    titles: [&str; 2],
) -> Vec<Contradiction> {
    let matter: FxHashSet<u64> = titles
        .iter()
        .flat_map(|title| label_tokens(title))
        .collect();
    let general: FxHashSet<u64> = GENERAL.iter().flat_map(|word| label_tokens(word)).collect();
    let (ours, theirs) = (
        told(ours, &matter, &general),
        told(theirs, &matter, &general),
    );
    let mut found = Vec::new();
    for kind in KINDS {
        let of_kind = |told: &'_ [Told]| -> Vec<usize> {
            (0..told.len())
                .filter(|at| {
                    told.get(*at)
                        .is_some_and(|told| told.side.part.kind() == kind)
                })
                .collect()
        };
        let (our, their) = (of_kind(&ours), of_kind(&theirs));
        let are_alone = our.len() == 1 && their.len() == 1;
        for our in our.iter().filter_map(|at| ours.get(*at)) {
            let against = their.iter().filter_map(|at| theirs.get(*at));
            let about_it: Vec<&Told> = against
                .filter(|their| {
                    is_about_the_same(our, their, are_alone)
                        && are_comparable(&our.side.part.value, &their.side.part.value)
                })
                .collect();
            // What is said once as we say it is agreed on, whatever else is said.
            let is_agreed = about_it
                .iter()
                .any(|their| agree(&our.side.part.value, &their.side.part.value));
            let Some(their) = about_it.first().filter(|_| !is_agreed) else {
                continue;
            };
            let is_theirs_agreed = ours
                .iter()
                .any(|other| agree(&other.side.part.value, &their.side.part.value));
            if !is_theirs_agreed {
                found.push(Contradiction {
                    kind,
                    ours: our.side.clone(),
                    theirs: their.side.clone(),
                });
            }
        }
    }
    found.dedup_by(|one, other| {
        one.kind == other.kind
            && agree(&one.ours.part.value, &other.ours.part.value)
            && agree(&one.theirs.part.value, &other.theirs.part.value)
    });
    found.truncate(MAX_CONTRADICTIONS);
    found
}

fn told(passages: &[Passage<'_>], matter: &FxHashSet<u64>, general: &FxHashSet<u64>) -> Vec<Told> {
    let mut told = Vec::new();
    for (at, passage) in passages.iter().enumerate() {
        for part in parts(passage.heading, passage.text) {
            let about = label_tokens(&part.label)
                .into_iter()
                .filter(|token| !matter.contains(token) && !general.contains(token))
                .collect();
            let then = if matches!(part.kind(), PartKind::Period | PartKind::Date) {
                label_tokens(words_after(passage.text, &part))
            } else {
                FxHashSet::default()
            };
            let side = Side { passage: at, part };
            told.push(Told { side, about, then });
        }
    }
    told
}

/// The rest of the clause behind a part.
fn words_after<'a>(text: &'a str, part: &Part) -> &'a str {
    let after = text.get(part.range.end..).unwrap_or_default();
    let ends = |c: char| matches!(c, '，' | '。' | '；' | '、' | '（' | '(' | '\n' | ',' | ';');
    after.split(ends).next().unwrap_or_default()
}

/// Whether two parts of one kind are about the same thing. Where neither label says more than the
/// matter and the kind do, they are if there is no other part they could be meant beside.
fn is_about_the_same(ours: &Told, theirs: &Told, are_alone: bool) -> bool {
    let n_then = ours.then.len().min(theirs.then.len());
    if n_then > 0 && is_part(ours.then.intersection(&theirs.then).count(), n_then) {
        return true;
    }
    match (ours.about.is_empty(), theirs.about.is_empty()) {
        (true, true) => are_alone || ours.side.part.label == theirs.side.part.label,
        (false, false) => {
            let n_shared = ours.about.intersection(&theirs.about).count();
            let n_least = ours.about.len().min(theirs.about.len());
            is_part(n_shared, n_least) || ours.side.part.label == theirs.side.part.label
        }
        _ => are_alone,
    }
}

#[expect(clippy::cast_precision_loss, reason = "labels have a dozen characters")]
fn is_part(n_shared: usize, n_least: usize) -> bool {
    n_shared as f32 >= SAME_LABEL * n_least as f32
}

/// Whether two values could be the same at all: an amount a month is not one a year.
fn are_comparable(ours: &PartValue, theirs: &PartValue) -> bool {
    match (ours, theirs) {
        (PartValue::Amount(ours), PartValue::Amount(theirs)) => {
            ours.per.is_empty() || theirs.per.is_empty() || ours.per == theirs.per
        }
        (PartValue::Phone(ours), PartValue::Phone(theirs)) => {
            // A national number beside the office's own is no contradiction.
            (ours.digits.len() <= 6) == (theirs.digits.len() <= 6)
        }
        (PartValue::Condition(ours), PartValue::Condition(theirs)) => {
            ours.measure == theirs.measure
        }
        (PartValue::Date(ours), PartValue::Date(theirs)) => {
            ours.edge == theirs.edge
                && ours.last.is_some() == theirs.last.is_some()
                && ours.first.month.is_some() == theirs.first.month.is_some()
        }
        (PartValue::Hours(ours), PartValue::Hours(theirs)) => {
            ours.spans.is_empty() == theirs.spans.is_empty()
        }
        (PartValue::Period(_), PartValue::Period(_)) => true,
        _ => false,
    }
}

/// Whether two values say the same, or the one says it less exactly.
fn agree(ours: &PartValue, theirs: &PartValue) -> bool {
    match (ours, theirs) {
        (PartValue::Amount(ours), PartValue::Amount(theirs)) => ends_agree(
            (ours.low_fen, ours.high_fen),
            (theirs.low_fen, theirs.high_fen),
        ),
        (PartValue::Condition(ours), PartValue::Condition(theirs)) => {
            ours.measure == theirs.measure
                && ends_agree((ours.low, ours.high), (theirs.low, theirs.high))
        }
        (PartValue::Period(ours), PartValue::Period(theirs)) => {
            let (our_unit, our_factor) = compared_unit(ours.unit);
            let (their_unit, their_factor) = compared_unit(theirs.unit);
            let times = |end: Option<i64>, factor: i64| end.and_then(|end| end.checked_mul(factor));
            // 30日 and 一个月 are said of the same period.
            our_unit == their_unit
                && ends_agree(
                    (times(ours.low, our_factor), times(ours.high, our_factor)),
                    (
                        times(theirs.low, their_factor),
                        times(theirs.high, their_factor),
                    ),
                )
        }
        (PartValue::Phone(ours), PartValue::Phone(theirs)) => ours.is_same_line(theirs),
        (PartValue::Date(ours), PartValue::Date(theirs)) => {
            let same = |one: &crate::parts::Date, other: &crate::parts::Date| {
                part_agrees(one.year, other.year)
                    && part_agrees(one.month, other.month)
                    && part_agrees(one.day, other.day)
            };
            same(&ours.first, &theirs.first)
                && match (&ours.last, &theirs.last) {
                    (Some(ours), Some(theirs)) => same(ours, theirs),
                    _ => true,
                }
        }
        (PartValue::Hours(ours), PartValue::Hours(theirs)) => {
            let days = ours.days.is_empty() || theirs.days.is_empty() || ours.days == theirs.days;
            days && (ours.spans.is_empty() || theirs.spans.is_empty() || ours.spans == theirs.spans)
        }
        _ => false,
    }
}

fn part_agrees<T: PartialEq>(ours: Option<T>, theirs: Option<T>) -> bool {
    match (ours, theirs) {
        (Some(ours), Some(theirs)) => ours == theirs,
        _ => true,
    }
}

/// Minutes of what periods in days, hours and months come to; working days count for themselves.
fn compared_unit(unit: PeriodUnit) -> (bool, i64) {
    match unit {
        PeriodUnit::Minutes => (false, 1),
        PeriodUnit::CalendarDays => (false, 24 * 60),
        PeriodUnit::Months => (false, 30 * 24 * 60),
        PeriodUnit::WorkingDays => (true, 1),
    }
}

/// 20 agrees with 20, with 不超过20 and with 10至30; 满15 does not with 满20.
fn ends_agree(ours: (Option<i64>, Option<i64>), theirs: (Option<i64>, Option<i64>)) -> bool {
    match (ours, theirs) {
        ((Some(our_low), None), (Some(their_low), None)) => our_low == their_low,
        ((None, Some(our_high)), (None, Some(their_high))) => our_high == their_high,
        (ours, theirs) => {
            let low = |ends: (Option<i64>, Option<i64>)| ends.0.unwrap_or(i64::MIN);
            let high = |ends: (Option<i64>, Option<i64>)| ends.1.unwrap_or(i64::MAX);
            low(ours) <= high(theirs) && low(theirs) <= high(ours)
        }
    }
}
