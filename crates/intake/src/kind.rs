//! 诉求类型: what the caller wants of the hotline, by the words, or learnt from confirmed orders.
//!
//! Where several natures are in one matter the weightier holds (决定 I-16): a report or a complaint
//! before a call for help, that before a suggestion, that before a question.

use std::ops::Range;

use domain::matter::MatterKind;

use crate::keywords::Keywords;
use crate::learn::Classifier;
use crate::text::Characters;

/// A kind and how likely it is; the shares of all five add up to 1.
#[derive(Clone, Debug, PartialEq)]
pub struct KindGuess {
    pub kind: MatterKind,
    pub share: f32,
    /// The words behind, in bytes of the text.
    pub reasons: Vec<Range<usize>>,
}

/// What people say, and how much it says.
const WORDS: [(MatterKind, f32, &[&str]); 10] = [
    (MatterKind::Report, 6.0, &["举报", "检举", "揭发"]),
    (
        MatterKind::Report,
        2.0,
        &[
            "贪污", "受贿", "偷税", "漏税", "赌博", "传销", "无证", "无照", "非法", "违法", "偷排",
            "盗采", "造假", "骗保", "套取", "违规",
        ],
    ),
    (MatterKind::Complaint, 6.0, &["投诉", "控告"]),
    (
        MatterKind::Complaint,
        2.5,
        &[
            "乱收费",
            "态度差",
            "态度恶劣",
            "扰民",
            "不退",
            "拖欠",
            "不发工资",
            "推诿",
            "踢皮球",
            "没人管",
            "不作为",
            "欺骗",
            "虚假宣传",
            "强制",
            "敷衍",
            "吵得",
            "臭得",
            "不给",
            "拒绝",
            "霸占",
            "太吵",
            "克扣",
        ],
    ),
    (
        MatterKind::Suggestion,
        6.0,
        &["建议", "提个意见", "意见建议"],
    ),
    (
        MatterKind::Suggestion,
        2.0,
        &[
            "能否增设",
            "能不能增加",
            "应该增加",
            "希望增加",
            "希望增设",
            "可以改成",
        ],
    ),
    (
        MatterKind::Consultation,
        5.0,
        &["咨询", "请问", "想问", "想了解", "问一下"],
    ),
    (
        MatterKind::Consultation,
        2.5,
        &[
            "怎么办理",
            "怎么申请",
            "怎么办",
            "怎么交",
            "多少钱",
            "需要什么",
            "要什么",
            "什么条件",
            "什么时候",
            "在哪里",
            "在哪",
            "几点",
            "可以吗",
            "能不能办",
            "是不是",
            "有没有",
            "政策",
            "电话是多少",
        ],
    ),
    (MatterKind::Help, 5.0, &["求助", "帮帮", "帮忙", "救助"]),
    (
        MatterKind::Help,
        2.0,
        &[
            "坏了",
            "停水",
            "停电",
            "停气",
            "漏水",
            "堵了",
            "烂了",
            "没有水",
            "没水",
            "没电",
            "修一下",
            "维修",
            "恢复",
            "解决",
            "疏通",
            "请尽快",
            "来看",
            "处理一下",
            "丢了",
            "找不到",
        ],
    ),
];
/// What each kind has before anything is said: most calls ask for help.
const BEFORE: [(MatterKind, f32); 5] = [
    (MatterKind::Report, 0.3),
    (MatterKind::Complaint, 0.8),
    (MatterKind::Help, 1.2),
    (MatterKind::Suggestion, 0.3),
    (MatterKind::Consultation, 0.8),
];
/// A question at the end of a sentence.
const ASKING: [&str; 5] = ["吗?", "呢?", "吗", "么?", "?"];
const ASKING_WEIGHT: f32 = 1.5;

/// Every kind, the likeliest first. `learnt` has the labels of [`labels`].
pub fn guesses(
    title: &str,
    text: &str,
    keywords: &Keywords,
    learnt: Option<&Classifier>,
) -> Vec<KindGuess> {
    let learnt = learnt.filter(|it| it.fits(keywords) && it.labels() == labels());
    let mut guesses = match learnt {
        Some(learnt) => learnt
            .guesses(title, text, keywords)
            .into_iter()
            .filter_map(|guess| {
                Some(KindGuess {
                    kind: *MatterKind::ALL.get(guess.class)?,
                    share: guess.share,
                    reasons: (learnt.reasons(text, guess.class).into_iter())
                        .map(|it| it.range)
                        .collect(),
                })
            })
            .collect(),
        None => by_words(title, text),
    };
    // Of two alike the weightier.
    guesses.sort_by(|one, other| {
        (other.share.total_cmp(&one.share)).then(weight_of(other.kind).cmp(&weight_of(one.kind)))
    });
    guesses
}

/// The labels of a model of kinds, in the order of `MatterKind::ALL`.
pub fn labels() -> [&'static str; 5] {
    ["consultation", "help", "suggestion", "complaint", "report"]
}

fn weight_of(kind: MatterKind) -> u8 {
    match kind {
        MatterKind::Report => 5,
        MatterKind::Complaint => 4,
        MatterKind::Help => 3,
        MatterKind::Suggestion => 2,
        MatterKind::Consultation => 1,
    }
}

fn by_words(title: &str, text: &str) -> Vec<KindGuess> {
    let (title, text) = (Characters::new(title), Characters::new(text));
    let mut guesses: Vec<KindGuess> = BEFORE
        .into_iter()
        .map(|(kind, share)| KindGuess {
            kind,
            share,
            reasons: Vec::new(),
        })
        .collect();
    let mut add = |kind: MatterKind, weight: f32, place: Option<Range<usize>>| {
        if let Some(guess) = guesses.iter_mut().find(|guess| guess.kind == kind) {
            guess.share += weight;
            guess.reasons.extend(place);
        }
    };
    for (kind, weight, words) in WORDS {
        for word in words {
            let n = word.chars().count();
            let in_text = (0..text.len()).find(|at| text.has_at(*at, word));
            let in_title = (0..title.len()).any(|at| title.has_at(at, word));
            if let Some(at) = in_text {
                add(kind, weight, Some(text.bytes(at, at + n)));
            } else if in_title {
                add(kind, weight, None);
            }
        }
    }
    for at in 0..text.len() {
        if let Some((_, n)) = text.one_at(at, &ASKING) {
            add(
                MatterKind::Consultation,
                ASKING_WEIGHT,
                Some(text.bytes(at, at + n)),
            );
            break;
        }
    }
    let sum: f32 = guesses.iter().map(|guess| guess.share).sum();
    for guess in &mut guesses {
        guess.share /= sum;
        guess.reasons.sort_by_key(|range| range.start);
    }
    guesses
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: MatterKind) {
        let found = guesses("", text, &Keywords::shipped(), None);
        assert_eq!(found[0].kind, expected, "{text}: {found:?}");
        let sum: f32 = found.iter().map(|it| it.share).sum();
        assert!((sum - 1.0).abs() < 1e-5);
    }

    #[test]
    fn by_what_is_said() {
        check("请问低保怎么申请？", MatterKind::Consultation);
        check("社保卡丢了在哪里补办", MatterKind::Consultation);
        check("小区停水三天了，请尽快恢复", MatterKind::Help);
        check("下水道堵了，请来疏通", MatterKind::Help);
        check("投诉物业乱收费，没人管", MatterKind::Complaint);
        check("工地半夜施工扰民，吵得睡不着", MatterKind::Complaint);
        check("举报有人无证经营，偷税漏税", MatterKind::Report);
        check("建议在学校门口增设红绿灯", MatterKind::Suggestion);
        check("", MatterKind::Help);
    }

    #[test]
    fn the_words_are_pointed_at() {
        let text = "我要投诉，物业乱收费";
        let found = guesses("", text, &Keywords::shipped(), None);
        let words: Vec<&str> = found[0]
            .reasons
            .iter()
            .map(|it| text.get(it.clone()).unwrap())
            .collect();
        assert_eq!(words, ["投诉", "乱收费"]);
    }
}
