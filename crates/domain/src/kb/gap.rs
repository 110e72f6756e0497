//! 知识缺口: what people ask and the knowledge base does not answer (第十三条, 第十四条). A gap is made of
//! the words that a call-taker typed to search the knowledge, never of what a citizen said, and what
//! looks like a number of a person or a telephone is masked before anything is kept.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::{KB_FIELD_MAX_CHARS, KbArticleId};
use crate::actor::{Actor, Role};
use crate::matter::MatterKind;

/// What is longer than this is a message and no question, and is not kept.
pub const GAP_QUESTION_MAX_CHARS: usize = 40;
/// Fewer characters ask nothing.
const QUESTION_MIN_CHARS: usize = 2;
/// So many digits one after another may be somebody's number.
const MASKED_FROM_DIGITS: usize = 5;
pub(super) const MASK: &str = "***";
/// From this share of common pairs on, in hundredths, two questions are the same.
const SAME_FROM_HUNDREDTHS: usize = 60;
/// 热点: asked so often, a question is offered as a task to write its answer (第十三条).
pub const HOT_FROM_TIMES: u32 = 3;

/// How people ask, whatever they ask for. Longer ones first, since they hold shorter ones.
const WAYS_OF_ASKING: [&str; 24] = [
    "请问一下",
    "我想问",
    "怎么样",
    "怎么办",
    "在哪里",
    "在哪儿",
    "什么时候",
    "请问",
    "怎样",
    "怎么",
    "如何",
    "哪里",
    "哪儿",
    "咋个",
    "咋办",
    "在哪",
    "啥子",
    "什么",
    "咋",
    "吗",
    "呢",
    "了",
    "的",
    "啊",
];

/// 知识缺口编号.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct KnowledgeGapId(pub String);

/// 缺口依据: why a search counts as one that was not answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum KnowledgeGapEvidence {
    /// 没有结果.
    NothingFound,
    /// 有结果但没用上, and the consultation went to a unit.
    NotUsed,
    /// 没解决, as the call-taker said.
    Unsolved,
}

/// 检索结局: how one search of a call ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EndedSearch {
    pub n_found: usize,
    /// Whether an article was cited, or said to have helped.
    pub is_used: bool,
    /// Where the call became an order that went to a unit: of what kind.
    pub dispatched: Option<MatterKind>,
    pub is_marked_unsolved: bool,
}

impl EndedSearch {
    /// What the search is evidence of; `None` where the knowledge was no problem.
    pub fn evidence(&self) -> Option<KnowledgeGapEvidence> {
        if self.is_marked_unsolved {
            return Some(KnowledgeGapEvidence::Unsolved);
        }
        if self.is_used {
            return None;
        }
        if self.n_found == 0 {
            return Some(KnowledgeGapEvidence::NothingFound);
        }
        (self.dispatched == Some(MatterKind::Consultation)).then_some(KnowledgeGapEvidence::NotUsed)
    }
}

/// 知识缺口.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnowledgeGap {
    pub id: KnowledgeGapId,
    /// As it was asked first, see [`asked_question`].
    pub question: String,
    pub n_nothing_found: u32,
    pub n_not_used: u32,
    pub n_unsolved: u32,
    pub first_on: NaiveDate,
    pub last_on: NaiveDate,
    pub standing: KnowledgeGapStanding,
}

/// 缺口状态.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum KnowledgeGapStanding {
    /// 待处理.
    Open,
    /// 已下达编写任务.
    Assigned { task: String },
    /// 已归入现有条目, as one more way of asking for it.
    Linked { article: KbArticleId },
    /// 已搁置.
    SetAside { reason: String },
}

/// 缺口命令. The JSON form is frozen; variants and fields are only added.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "command", rename_all = "snake_case")]
pub enum KnowledgeGapCommand {
    /// 下达编写任务 of that number.
    Assign { task: String },
    /// 归入现有条目.
    Link { article: KbArticleId },
    /// 搁置.
    SetAside { reason: String },
    /// 重新列为缺口.
    Reopen,
}

/// 缺口拒绝.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum KnowledgeGapRefusal {
    #[error("needs one of {roles:?}")]
    NotPermitted { roles: &'static [Role] },
    #[error("the gap is dealt with: {standing:?}")]
    DealtWith { standing: KnowledgeGapStanding },
    #[error("the gap is open already")]
    AlreadyOpen,
    #[error("no reason is given")]
    ReasonMissing,
    #[error("the reason is longer than {max_chars} characters")]
    ReasonTooLong { max_chars: usize },
}

const EDITORS: &[Role] = &[Role::KbEditor];

impl KnowledgeGap {
    /// A gap that has just been noticed.
    pub fn new(
        id: KnowledgeGapId,
        question: String,
        evidence: KnowledgeGapEvidence,
        on: NaiveDate,
    ) -> Self {
        let mut gap = Self {
            id,
            question,
            n_nothing_found: 0,
            n_not_used: 0,
            n_unsolved: 0,
            first_on: on,
            last_on: on,
            standing: KnowledgeGapStanding::Open,
        };
        gap.note(evidence, on);
        gap
    }

    /// The same was asked again. What was decided about the gap stands; the count tells whether it
    /// was right.
    pub fn note(&mut self, evidence: KnowledgeGapEvidence, on: NaiveDate) {
        let count = match evidence {
            KnowledgeGapEvidence::NothingFound => &mut self.n_nothing_found,
            KnowledgeGapEvidence::NotUsed => &mut self.n_not_used,
            KnowledgeGapEvidence::Unsolved => &mut self.n_unsolved,
        };
        *count = count.saturating_add(1);
        self.first_on = self.first_on.min(on);
        self.last_on = self.last_on.max(on);
    }

    pub fn n_asked(&self) -> u32 {
        self.n_nothing_found
            .saturating_add(self.n_not_used)
            .saturating_add(self.n_unsolved)
    }

    /// 热点缺口 (第十三条).
    pub fn is_hot(&self) -> bool {
        self.standing == KnowledgeGapStanding::Open && self.n_asked() >= HOT_FROM_TIMES
    }
}

/// Answers a command about a gap with how the gap stands after it.
///
/// # Errors
/// The rule that says no; nothing changes.
pub fn decide(
    gap: &KnowledgeGap,
    command: &KnowledgeGapCommand,
    actor: &Actor,
) -> Result<KnowledgeGapStanding, KnowledgeGapRefusal> {
    if !actor.holds_any(EDITORS) {
        return Err(KnowledgeGapRefusal::NotPermitted { roles: EDITORS });
    }
    let is_open = gap.standing == KnowledgeGapStanding::Open;
    match command {
        KnowledgeGapCommand::Reopen if is_open => Err(KnowledgeGapRefusal::AlreadyOpen),
        KnowledgeGapCommand::Reopen => Ok(KnowledgeGapStanding::Open),
        KnowledgeGapCommand::Assign { .. }
        | KnowledgeGapCommand::Link { .. }
        | KnowledgeGapCommand::SetAside { .. }
            if !is_open =>
        {
            Err(KnowledgeGapRefusal::DealtWith {
                standing: gap.standing.clone(),
            })
        }
        KnowledgeGapCommand::Assign { task } => {
            Ok(KnowledgeGapStanding::Assigned { task: task.clone() })
        }
        KnowledgeGapCommand::Link { article } => Ok(KnowledgeGapStanding::Linked {
            article: article.clone(),
        }),
        KnowledgeGapCommand::SetAside { reason } => {
            let reason = reason.trim();
            if reason.is_empty() {
                return Err(KnowledgeGapRefusal::ReasonMissing);
            }
            if reason.chars().count() > KB_FIELD_MAX_CHARS {
                let max_chars = KB_FIELD_MAX_CHARS;
                return Err(KnowledgeGapRefusal::ReasonTooLong { max_chars });
            }
            Ok(KnowledgeGapStanding::SetAside {
                reason: reason.to_owned(),
            })
        }
    }
}

/// 归一: the question in what was typed to search, with numbers masked and half-width; `None` for what
/// is no question, a whole message among it.
pub fn asked_question(searched: &str) -> Option<String> {
    let half_width = searched.chars().map(half_width);
    let text = mask(&half_width.collect::<String>());
    let words: Vec<&str> = text.split_whitespace().collect();
    let question = words.join(" ");
    // Marks, and masks too, say nothing where a question begins or ends.
    let question = question.trim_matches(|c: char| !c.is_alphanumeric());
    let n_said = question.chars().filter(|c| c.is_alphanumeric()).count();
    let n_chars = question.chars().count();
    (n_said >= QUESTION_MIN_CHARS && n_chars <= GAP_QUESTION_MAX_CHARS).then(|| question.to_owned())
}

/// 全角 letters, digits and marks as half-width ones.
pub(super) fn half_width(c: char) -> char {
    match c {
        '\u{3000}' => ' ',
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
        _ => c,
    }
}

/// Puts a mask in place of every run of digits that may be a number of a person: telephone, identity
/// card, account; also with spaces and strokes between, and in Chinese digits.
fn mask(text: &str) -> String {
    let mut masked = String::new();
    let mut run = String::new();
    let end_run = |run: &mut String, masked: &mut String| {
        let n_digits = run.chars().filter(|c| is_digit(*c)).count();
        if n_digits >= MASKED_FROM_DIGITS {
            masked.push_str(MASK);
            // What separated the run from the next word goes on separating.
            masked.extend(run.chars().rev().take_while(|c| *c == ' ').take(1));
        } else {
            masked.push_str(run);
        }
        run.clear();
    };
    for c in text.chars() {
        let goes_on = is_digit(c) || (!run.is_empty() && is_between_digits(c));
        if goes_on {
            run.push(c);
        } else {
            end_run(&mut run, &mut masked);
            masked.push(c);
        }
    }
    end_run(&mut run, &mut masked);
    masked
}

fn is_digit(c: char) -> bool {
    c.is_ascii_digit() || "零〇一二三四五六七八九幺".contains(c)
}

fn is_between_digits(c: char) -> bool {
    matches!(c, ' ' | '-' | '.' | '_' | '/' | 'x' | 'X')
}

/// 同一问题: how near two questions are, in hundredths: twice the pairs of neighbouring characters that
/// both have, of all that either has; ways of asking left out.
pub fn nearness(one: &str, other: &str) -> usize {
    let (one, other) = (pairs(one), pairs(other));
    let n_all = one.len() + other.len();
    if n_all == 0 {
        return 0;
    }
    one.intersection(&other).count() * 200 / n_all
}

/// The gap that asks the same as `question`: the nearest of those that are near enough.
pub fn same_as<'a>(
    question: &str,
    gaps: impl IntoIterator<Item = &'a KnowledgeGap>,
) -> Option<&'a KnowledgeGap> {
    let near = gaps
        .into_iter()
        .map(|gap| (nearness(question, &gap.question), gap));
    near.filter(|(nearness, _)| *nearness >= SAME_FROM_HUNDREDTHS)
        .max_by_key(|(nearness, _)| *nearness)
        .map(|(_, gap)| gap)
}

fn pairs(question: &str) -> BTreeSet<(char, char)> {
    let mut said = question.to_lowercase();
    for way in WAYS_OF_ASKING {
        said = said.replace(way, "");
    }
    let said: Vec<char> = said.chars().filter(|c| c.is_alphanumeric()).collect();
    // Nothing but a way of asking, or a single character: it is only the same as itself.
    if let [only] = said.as_slice() {
        return BTreeSet::from([(*only, *only)]);
    }
    let next = said.iter().skip(1);
    said.iter().copied().zip(next.copied()).collect()
}
