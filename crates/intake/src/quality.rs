//! 填写检查: what a written order lacks, before it is submitted. Hints; a person submits.

use std::ops::Range;

use domain::matter::MatterKind;
use domain::out_of_scope::OutOfScopeClass;

use crate::fields::Fields;
use crate::keywords::{KeywordHit, Keywords};
use crate::kind::{self, KindGuess};
use crate::text::Characters;

const SCOPE: &str = include_str!("../reference/scope.txt");

/// 问题, with the words it is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Concern {
    pub what: ConcernKind,
    /// Bytes of the text; empty where something is missing.
    pub ranges: Vec<Range<usize>>,
}

/// What is wrong with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ConcernKind {
    /// 缺少地点.
    PlaceMissing,
    /// 两件事: each is an order of its own (第九条).
    TwoMatters,
    /// 侮辱性语言, which an order need not repeat.
    Insult,
    /// 他人电话.
    OthersPhone,
    /// 身份证号, which is not kept.
    IdentityNumber,
    /// 类型不符: the words speak for another kind (决定 I-16).
    KindContradicts { said: MatterKind },
}

/// What the person has chosen so far.
#[derive(Clone, Copy, Debug)]
pub struct Written<'a> {
    pub title: &'a str,
    pub text: &'a str,
    pub kind: MatterKind,
    /// Whether a place was chosen or written beside the text.
    pub has_place: bool,
    /// Digits of the caller's own numbers.
    pub caller_phones: &'a [String],
}

/// Words that begin another matter.
const DIVIDERS: [&str; 12] = [
    "另外",
    "还有一件",
    "还有一个问题",
    "第二件",
    "第二个问题",
    "顺便",
    "再反映",
    "还想问",
    "还要反映",
    "同时还",
    "其次",
    "二是",
];
const INSULTS: [&str; 15] = [
    "傻逼",
    "傻子",
    "王八蛋",
    "狗日的",
    "龟儿子",
    "妈的",
    "他妈",
    "你妈",
    "混蛋",
    "畜生",
    "杂种",
    "不要脸",
    "狗官",
    "人渣",
    "滚蛋",
];
/// A kind is contradicted when another is so likely, and it itself so unlikely.
const LIKELY: f32 = 0.6;
const UNLIKELY: f32 = 0.12;

/// Checks a written order.
pub fn check(written: &Written<'_>, fields: &Fields, keywords: &Keywords) -> Vec<Concern> {
    let text = Characters::new(written.text);
    let mut concerns = Vec::new();
    let is_place_said = written.has_place || !fields.places.is_empty();
    if !is_place_said && written.kind != MatterKind::Consultation {
        concerns.push(concern(ConcernKind::PlaceMissing, Vec::new()));
    }
    if let Some(range) = second_matter(&text, written.text, keywords) {
        concerns.push(concern(ConcernKind::TwoMatters, vec![range]));
    }
    let insults = places_of(&text, &INSULTS);
    if !insults.is_empty() {
        concerns.push(concern(ConcernKind::Insult, insults));
    }
    let others: Vec<Range<usize>> = (fields.phones.iter())
        .filter(|phone| !written.caller_phones.contains(&phone.value))
        .map(|phone| phone.range.clone())
        .collect();
    if !others.is_empty() {
        concerns.push(concern(ConcernKind::OthersPhone, others));
    }
    if !fields.identity_numbers.is_empty() {
        let ranges = fields.identity_numbers.clone();
        concerns.push(concern(ConcernKind::IdentityNumber, ranges));
    }
    let kinds = kind::guesses(written.title, written.text, keywords, None);
    concerns.extend(contradicted(written.kind, &kinds));
    concerns
}

/// 不予受理的线索: a class of 第八条 and the words that point to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScopeHint {
    pub class: OutOfScopeClass,
    pub ranges: Vec<Range<usize>>,
}

/// 不予受理的线索 of a text. The urgent lines of 第八条(三) are `special`'s.
pub fn scope_hints(text: &str) -> Vec<ScopeHint> {
    static WORDS: std::sync::LazyLock<Keywords> =
        std::sync::LazyLock::new(|| Keywords::parse(SCOPE).unwrap_or_default());
    let hits = WORDS.hits(text);
    let of_class = |(number, class): (usize, OutOfScopeClass)| {
        let is_its = |hit: &&KeywordHit| {
            let id = WORDS.categories().get(hit.category);
            id.and_then(|id| id.parse().ok()) == Some(number)
        };
        let hits = hits.iter().filter(is_its);
        let ranges: Vec<Range<usize>> = hits.flat_map(|hit| hit.ranges.clone()).collect();
        (!ranges.is_empty()).then_some(ScopeHint { class, ranges })
    };
    (1..)
        .zip(OutOfScopeClass::ALL)
        .filter_map(of_class)
        .collect()
}

fn concern(what: ConcernKind, ranges: Vec<Range<usize>>) -> Concern {
    Concern { what, ranges }
}

/// A word that begins another matter, where the keywords after it are of other categories only.
fn second_matter(text: &Characters, whole: &str, keywords: &Keywords) -> Option<Range<usize>> {
    for at in 1..text.len() {
        let Some((_, n)) = text.one_at(at, &DIVIDERS) else {
            continue;
        };
        let divider = text.bytes(at, at + n);
        let before = whole.get(..divider.start)?;
        let after = whole.get(divider.end..)?;
        let categories = |part: &str| -> Vec<usize> {
            keywords.hits(part).iter().map(|hit| hit.category).collect()
        };
        let (before, after) = (categories(before), categories(after));
        let is_other = !before.is_empty() && !after.is_empty();
        if is_other && !after.iter().any(|it| before.contains(it)) {
            return Some(divider);
        }
    }
    None
}

fn places_of(text: &Characters, words: &[&str]) -> Vec<Range<usize>> {
    let place = |at: usize| {
        let (_, n) = text.one_at(at, words)?;
        Some(text.bytes(at, at + n))
    };
    (0..text.len()).filter_map(place).collect()
}

fn contradicted(kind: MatterKind, kinds: &[KindGuess]) -> Option<Concern> {
    let first = kinds.first()?;
    let own = kinds.iter().find(|it| it.kind == kind)?;
    (first.kind != kind && first.share >= LIKELY && own.share <= UNLIKELY).then(|| {
        let what = ConcernKind::KindContradicts { said: first.kind };
        concern(what, first.reasons.clone())
    })
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;

    use super::*;
    use crate::fields::{self, Gazetteer, Township};

    fn concerns(text: &str, kind: MatterKind) -> Vec<String> {
        let told_at = NaiveDate::from_ymd_opt(2026, 11, 26).unwrap();
        let township = Township {
            code: "1".to_owned(),
            name: "三汇镇".to_owned(),
            ..Township::default()
        };
        let gazetteer = Gazetteer::new(&[township], &[]);
        let fields = fields::read(text, told_at.and_hms_opt(9, 0, 0).unwrap(), &gazetteer);
        let written = Written {
            title: "",
            text,
            kind,
            has_place: false,
            caller_phones: &["13800001234".to_owned()],
        };
        check(&written, &fields, &Keywords::shipped())
            .into_iter()
            .map(|it| {
                let words: Vec<&str> = it
                    .ranges
                    .iter()
                    .map(|range| text.get(range.clone()).unwrap())
                    .collect();
                format!("{:?} {}", it.what, words.join(" "))
                    .trim()
                    .to_owned()
            })
            .collect()
    }

    #[test]
    fn a_good_order_has_no_concerns() {
        let text = "三汇镇农贸市场旁边的路灯坏了，电话13800001234，请来修";
        assert!(concerns(text, MatterKind::Help).is_empty());
        assert!(concerns("请问低保怎么申请", MatterKind::Consultation).is_empty());
    }

    #[test]
    fn what_is_wrong_is_pointed_at() {
        assert_eq!(concerns("路灯坏了", MatterKind::Help), ["PlaceMissing"]);
        assert_eq!(
            concerns("三汇镇路灯坏了。另外我的社保断缴了怎么补", MatterKind::Help),
            ["TwoMatters 另外"]
        );
        assert_eq!(
            concerns("三汇镇路灯坏了，那个混蛋电话13900005678", MatterKind::Help),
            ["Insult 混蛋", "OthersPhone 13900005678"]
        );
        assert_eq!(
            concerns(
                "三汇镇，身份证11010519491231002X，路灯坏了",
                MatterKind::Help
            ),
            ["IdentityNumber 11010519491231002X"]
        );
        assert_eq!(
            concerns("三汇镇，我要投诉物业乱收费", MatterKind::Consultation),
            ["KindContradicts { said: Complaint } 投诉 乱收费"]
        );
    }

    #[test]
    fn hints_of_article_eight() {
        let classes = |text: &str| -> Vec<OutOfScopeClass> {
            scope_hints(text).into_iter().map(|it| it.class).collect()
        };
        assert_eq!(
            classes("法院判决下来了我不服"),
            [OutOfScopeClass::OtherProcedure]
        );
        assert_eq!(classes("营区里面放广播太吵"), [OutOfScopeClass::Military]);
        assert!(classes("路灯坏了").is_empty());
    }
}
