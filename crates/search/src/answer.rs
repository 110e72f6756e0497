//! 智能应答: the passage that answers a question, or nothing.
//!
//! An answer is a stretch of an article as it stands, with how sure it is. Nothing is put together
//! or made up. Whether an article answers at all is judged by how much of what the question asks
//! about stands in its title or in one of the names people use for it, and how much of that name
//! the question says. The threshold was set on questions of our own, see `tests/answers`.

use crate::{
    error::SearchError,
    find::{self, Hit},
    query::{Parsed, Query},
    rank::Features,
    snapshot::Snapshot,
};

/// From so sure on an answer is given.
pub const ENOUGH: f32 = 0.36;

/// A passage is at most so long.
pub const MAX_ANSWER_CHARACTERS: usize = 400;

/// A literal stretch of an article that answers a question.
#[derive(Clone, Debug, PartialEq)]
pub struct Answer {
    /// The article.
    pub id: String,
    /// As it stands there: its answer, or the section that was asked for.
    pub passage: String,
    /// The section's label where one was asked for; empty for the answer itself.
    pub label: String,
    /// Between [`ENOUGH`] and 1.
    pub confidence: f32,
    pub hit: Hit,
}

/// What a question asks for, by the words it asks with, and the sections that say it.
const ASPECTS: &[(&[&str], &[&str])] = &[
    (
        &[
            "在哪",
            "哪里",
            "哪儿",
            "什么地方",
            "地址",
            "地点",
            "去哪",
            "到哪",
        ],
        &["办理地点", "地点", "地址"],
    ),
    (
        &["电话", "号码", "联系方式", "打什么"],
        &["咨询电话", "联系电话", "电话"],
    ),
    (
        &[
            "材料",
            "资料",
            "带什么",
            "带啥",
            "哪些证件",
            "什么证件",
            "手续",
        ],
        &["申请材料", "所需材料", "材料"],
    ),
    (
        &["多少钱", "收费", "费用", "好多钱", "要钱"],
        &["收费标准", "费用", "收费"],
    ),
    (
        &["几点", "上班", "什么时间", "办公时间"],
        &["办理时间", "办公时间"],
    ),
    (
        &["条件", "哪些人", "什么人可以"],
        &["受理条件", "申请条件", "条件"],
    ),
    (
        &["多久", "几天", "多长时间", "好久"],
        &["办理时限", "办结时限", "时限"],
    ),
    (&["流程", "步骤", "程序"], &["办理流程", "流程"]),
];

/// Words that ask, and say nothing of what is asked about.
const ASKING: &[&str] = &[
    "请问",
    "你好",
    "您好",
    "麻烦",
    "我想",
    "想问",
    "一下",
    "怎么办理",
    "如何办理",
    "怎么办",
    "怎么样",
    "怎么",
    "怎样",
    "如何",
    "咋个",
    "咋办",
    "啷个",
    "什么时候",
    "什么时间",
    "什么",
    "哪些",
    "哪里",
    "哪儿",
    "哪个",
    "多少",
    "好多",
    "多久",
    "好久",
    "几点",
    "可以吗",
    "可不可以",
    "能不能",
    "是不是",
    "有没有",
    "可以",
    "需要",
    "应该",
    "我们",
    "我的",
    "我家",
    "你们",
    "请",
    "吗",
    "呢",
    "吧",
    "啊",
    "了",
    "的",
    "我",
    "要",
    "办",
    "去",
    "在",
    "找",
    "谁",
];

/// Finds the passage that answers a question; none where nothing is sure enough.
pub(crate) fn answer(snapshot: &Snapshot, query: &Query) -> Result<Option<Answer>, SearchError> {
    let asked_about = without_asking(query.text);
    if asked_about.trim().is_empty() {
        return Ok(None);
    }
    let hits = find::find(snapshot, &query.of(&asked_about))?;
    let Some(hit) = hits.into_iter().next() else {
        return Ok(None);
    };
    let known = known_share(snapshot, &Parsed::new(&query.of(&asked_about))?)?;
    let confidence = known * confidence(&hit.features);
    if confidence < ENOUGH {
        return Ok(None);
    }
    let body = snapshot.body_of(&hit.id)?.unwrap_or_default();
    let Some((label, passage)) = passage(&body, query.text) else {
        return Ok(None);
    };
    Ok(Some(Answer {
        id: hit.id.clone(),
        passage,
        label,
        confidence,
        hit,
    }))
}

/// Says how sure it is that an article with these features answers.
fn confidence(features: &Features) -> f32 {
    let heading = &features.heading;
    0.35 * heading.pairs + 0.25 * heading.units + 0.2 * heading.used + 0.2 * features.found
}

/// Returns the share of the question's pairs that any article has. What the knowledge base has never
/// heard of is no reason against a match in the search box, but it is one against an answer.
#[expect(clippy::cast_precision_loss, reason = "a question has some ten pairs")]
fn known_share(snapshot: &Snapshot, asked: &Parsed) -> Result<f32, SearchError> {
    let (mut n_known, mut n_pairs) = (0_usize, 0_usize);
    for two in asked.units.windows(2) {
        if let [first, second] = two
            && let Some((first, second)) = second.pair_after(first)
        {
            n_pairs += 1;
            n_known += usize::from(snapshot.has_pair(first, second)?);
        }
    }
    Ok(if n_pairs == 0 {
        1.0
    } else {
        n_known as f32 / n_pairs as f32
    })
}

/// Leaves out the words that only ask.
fn without_asking(question: &str) -> String {
    let mut rest = question;
    let mut left = String::with_capacity(question.len());
    while let Some(c) = rest.chars().next() {
        let word = ASKING.iter().find(|word| rest.starts_with(**word));
        let n = if let Some(word) = word {
            left.push(' ');
            word.len()
        } else {
            left.push(c);
            c.len_utf8()
        };
        rest = rest.get(n..).unwrap_or_default();
    }
    left
}

/// Returns the section that was asked for, else the first paragraph, whole or its first sentences.
fn passage(body: &str, question: &str) -> Option<(String, String)> {
    let asked = ASPECTS
        .iter()
        .filter(|(words, _)| words.iter().any(|word| question.contains(word)));
    for (_, labels) in asked {
        for label in *labels {
            let section = body.lines().find_map(|line| {
                let text = line.strip_prefix(label)?.strip_prefix('：')?;
                (!text.trim().is_empty()).then_some(text)
            });
            if let Some(text) = section {
                return Some(((*label).to_owned(), shortened(text)));
            }
        }
    }
    let first = body.lines().find(|line| !line.trim().is_empty())?;
    Some((String::new(), shortened(first)))
}

/// Ends a long text after the last sentence that fits.
fn shortened(text: &str) -> String {
    let text = text.trim();
    let mut end = text.len();
    if let Some((limit, _)) = text.char_indices().nth(MAX_ANSWER_CHARACTERS) {
        let head = text.get(..limit).unwrap_or_default();
        end = head
            .char_indices()
            .rfind(|(_, c)| matches!(c, '。' | '；' | '！' | '？'))
            .map_or(limit, |(at, c)| at + c.len_utf8());
    }
    text.get(..end).unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_section_that_is_asked_for() {
        let body = "带上身份证到窗口办理。\n办理地点：县政务服务中心二楼。\n咨询电话：0818-7000000";
        let of = |question: &str| passage(body, question).expect("a passage");
        assert_eq!(of("医保卡在哪里办").1, "县政务服务中心二楼。");
        assert_eq!(of("医保的电话").0, "咨询电话");
        assert_eq!(of("医保卡怎么办").1, "带上身份证到窗口办理。");
        // Nothing is said of money, so the answer itself it is.
        assert_eq!(of("办医保卡多少钱").0, "");
        assert_eq!(passage("", "什么"), None);
    }

    #[test]
    fn words_that_only_ask_are_left_out() {
        assert_eq!(without_asking("请问医保卡怎么办").trim(), "医保卡");
        assert_eq!(without_asking("怎么办").trim(), "");
    }

    #[test]
    fn a_long_text_ends_with_a_sentence() {
        let text = "一句。".repeat(200);
        let short = shortened(&text);
        assert!(short.chars().count() <= MAX_ANSWER_CHARACTERS);
        assert!(short.ends_with('。'));
    }
}
