//! 说法与同义词: which words mean the same to a search, and by which words people came to an article
//! (第十四条). Groups of words are kept by editors beside those that come with the program; what is
//! learnt from use is proposed to them, and nothing learnt is taken in without a person.

use chrono::NaiveDate;
use thiserror::Error;

use super::gap::{MASK, asked_question, half_width};
use super::{KB_FIELD_MAX_CHARS, KbArticleId};
use crate::actor::{Actor, Role};

pub const SYNONYM_WORDS_MIN: usize = 2;
pub const SYNONYM_WORDS_MAX: usize = 12;
pub const SYNONYM_WORD_MAX_CHARS: usize = 16;
/// So many groups of the center are in use at most; every search goes by them.
pub const SYNONYM_GROUPS_MAX: usize = 2_000;
/// Used so often for the same article, a saying is proposed.
pub const SAYING_PROPOSED_FROM_TIMES: u32 = 2;

const EDITORS: &[Role] = &[Role::KbEditor];

/// 同义词组编号: of a group that comes with the program its own words, so that a later program with
/// other words brings it anew.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct SynonymGroupId(pub String);

/// 词组来源.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SynonymOrigin {
    /// 随程序.
    Shipped,
    /// 本中心.
    Center,
}

/// 同义词组: words that stand for each other in a search.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SynonymGroup {
    pub id: SynonymGroupId,
    pub origin: SynonymOrigin,
    pub words: Vec<String>,
    /// 已停用; it can be taken up again.
    pub is_set_aside: bool,
}

/// 同义词命令.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SynonymCommand {
    /// 新增一组.
    Add {
        id: SynonymGroupId,
        words: Vec<String>,
    },
    /// 修改. What comes with the program is set aside, and the changed one is the center's.
    Change {
        group: SynonymGroupId,
        /// The number of the center's group, should one be needed.
        id: SynonymGroupId,
        words: Vec<String>,
    },
    /// 停用.
    SetAside { group: SynonymGroupId },
    /// 恢复.
    Restore { group: SynonymGroupId },
}

/// 同义词拒绝.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum SynonymRefusal {
    #[error("needs one of {roles:?}")]
    NotPermitted { roles: &'static [Role] },
    #[error("there is no such group")]
    NoSuchGroup,
    #[error("{n_words} words, {min} are needed")]
    TooFewWords { n_words: usize, min: usize },
    #[error("{n_words} words, {max} are allowed")]
    TooManyWords { n_words: usize, max: usize },
    #[error("{word} is longer than {max_chars} characters")]
    WordTooLong { word: String, max_chars: usize },
    #[error("{word} says nothing")]
    WordSaysNothing { word: String },
    #[error("{word} stands there twice")]
    WordTwice { word: String },
    #[error("the same group is there already: {words:?}")]
    SameGroup { words: Vec<String> },
    #[error("more than {max} groups")]
    TooManyGroups { max: usize },
    #[error("the group is set aside")]
    GroupSetAside,
    #[error("the group is in use already")]
    GroupInUse,
}

/// 学到的说法: what was typed to search the knowledge when an article was then used, and how often.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LearntSaying {
    pub article: KbArticleId,
    /// As [`saying_of`] lets it through.
    pub text: String,
    pub n_used: u32,
    pub first_on: NaiveDate,
    pub last_on: NaiveDate,
    pub standing: SayingStanding,
}

/// 说法状态.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SayingStanding {
    /// 在计: nobody has decided about it.
    Counted,
    /// 已采纳, as one more way of asking for the article.
    Approved,
    /// 不采纳.
    SetAside { reason: String },
}

/// 说法命令.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SayingCommand {
    /// 采纳.
    Approve,
    /// 不采纳.
    SetAside { reason: String },
    /// 重新考虑.
    Reopen,
}

/// 说法拒绝.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum SayingRefusal {
    #[error("needs one of {roles:?}")]
    NotPermitted { roles: &'static [Role] },
    #[error("used {n_used} times, proposed from {from_times}")]
    TooRare { n_used: u32, from_times: u32 },
    #[error("it is decided: {standing:?}")]
    Decided { standing: SayingStanding },
    #[error("nothing is decided about it")]
    NotDecided,
    #[error("no reason is given")]
    ReasonMissing,
    #[error("the reason is longer than {max_chars} characters")]
    ReasonTooLong { max_chars: usize },
}

impl LearntSaying {
    /// A saying that was used for the first time.
    pub fn new(article: KbArticleId, text: String, on: NaiveDate) -> Self {
        Self {
            article,
            text,
            n_used: 1,
            first_on: on,
            last_on: on,
            standing: SayingStanding::Counted,
        }
    }

    /// The same words led to the same article again. What was decided stands.
    pub fn note(&mut self, on: NaiveDate) {
        self.n_used = self.n_used.saturating_add(1);
        self.first_on = self.first_on.min(on);
        self.last_on = self.last_on.max(on);
    }

    /// 待采纳: used often enough, undecided, and not among what the article is called already.
    pub fn is_proposed<'a>(&self, called: impl IntoIterator<Item = &'a str>) -> bool {
        self.standing == SayingStanding::Counted
            && self.n_used >= SAYING_PROPOSED_FROM_TIMES
            && !is_held(&self.text, called)
    }
}

/// The saying in what was typed to search: a question as a gap keeps it. What held a number of a person
/// is no way of asking.
pub fn saying_of(searched: &str) -> Option<String> {
    asked_question(searched).filter(|question| !question.contains(MASK))
}

/// Whether the title or one of the names, `called`, holds a saying.
pub fn is_held<'a>(saying: &str, called: impl IntoIterator<Item = &'a str>) -> bool {
    let saying = sounds(saying);
    called
        .into_iter()
        .any(|name| sounds(name).contains(&saying))
}

/// Answers a command about groups of words with the groups that are otherwise after it.
///
/// # Errors
/// The rule that says no; nothing changes.
pub fn decide_synonyms(
    groups: &[SynonymGroup],
    command: &SynonymCommand,
    actor: &Actor,
) -> Result<Vec<SynonymGroup>, SynonymRefusal> {
    if !actor.holds_any(EDITORS) {
        return Err(SynonymRefusal::NotPermitted { roles: EDITORS });
    }
    let find = |id: &SynonymGroupId| {
        let mut groups = groups.iter();
        groups
            .find(|group| group.id == *id)
            .cloned()
            .ok_or(SynonymRefusal::NoSuchGroup)
    };
    match command {
        SynonymCommand::Add { id, words } => {
            let words = checked(words, groups)?;
            room_for_one_more(groups)?;
            Ok(vec![of_the_center(id.clone(), words)])
        }
        SynonymCommand::Change { group, id, words } => {
            let before = find(group)?;
            if before.is_set_aside {
                return Err(SynonymRefusal::GroupSetAside);
            }
            let words = checked(words, groups)?;
            match before.origin {
                SynonymOrigin::Center => Ok(vec![of_the_center(before.id, words)]),
                SynonymOrigin::Shipped => {
                    room_for_one_more(groups)?;
                    let aside = SynonymGroup {
                        is_set_aside: true,
                        ..before
                    };
                    Ok(vec![aside, of_the_center(id.clone(), words)])
                }
            }
        }
        SynonymCommand::SetAside { group } => {
            let before = find(group)?;
            if before.is_set_aside {
                return Err(SynonymRefusal::GroupSetAside);
            }
            Ok(vec![SynonymGroup {
                is_set_aside: true,
                ..before
            }])
        }
        SynonymCommand::Restore { group } => {
            let before = find(group)?;
            if !before.is_set_aside {
                return Err(SynonymRefusal::GroupInUse);
            }
            let words = checked(&before.words, groups)?;
            if before.origin == SynonymOrigin::Center {
                room_for_one_more(groups)?;
            }
            Ok(vec![SynonymGroup {
                words,
                is_set_aside: false,
                ..before
            }])
        }
    }
}

fn of_the_center(id: SynonymGroupId, words: Vec<String>) -> SynonymGroup {
    SynonymGroup {
        id,
        origin: SynonymOrigin::Center,
        words,
        is_set_aside: false,
    }
}

fn room_for_one_more(groups: &[SynonymGroup]) -> Result<(), SynonymRefusal> {
    let in_use = |it: &&SynonymGroup| it.origin == SynonymOrigin::Center && !it.is_set_aside;
    let max = SYNONYM_GROUPS_MAX;
    if groups.iter().filter(in_use).count() >= max {
        return Err(SynonymRefusal::TooManyGroups { max });
    }
    Ok(())
}

/// The words in half width, if they may be a group beside those in use.
fn checked(words: &[String], groups: &[SynonymGroup]) -> Result<Vec<String>, SynonymRefusal> {
    let n_words = words.len();
    if n_words < SYNONYM_WORDS_MIN {
        let min = SYNONYM_WORDS_MIN;
        return Err(SynonymRefusal::TooFewWords { n_words, min });
    }
    if n_words > SYNONYM_WORDS_MAX {
        let max = SYNONYM_WORDS_MAX;
        return Err(SynonymRefusal::TooManyWords { n_words, max });
    }
    let mut taken: Vec<String> = Vec::with_capacity(n_words);
    for word in words {
        let word: String = word.trim().chars().map(half_width).collect();
        if sounds(&word).is_empty() {
            return Err(SynonymRefusal::WordSaysNothing { word });
        }
        if word.chars().count() > SYNONYM_WORD_MAX_CHARS {
            let max_chars = SYNONYM_WORD_MAX_CHARS;
            return Err(SynonymRefusal::WordTooLong { word, max_chars });
        }
        if taken.iter().any(|other| sounds(other) == sounds(&word)) {
            return Err(SynonymRefusal::WordTwice { word });
        }
        taken.push(word);
    }
    let wanted = sorted(&taken);
    let mut in_use = groups.iter().filter(|group| !group.is_set_aside);
    match in_use.find(|group| sorted(&group.words) == wanted) {
        Some(same) => Err(SynonymRefusal::SameGroup {
            words: same.words.clone(),
        }),
        None => Ok(taken),
    }
}

fn sorted(words: &[String]) -> Vec<String> {
    let mut sorted: Vec<String> = words.iter().map(|word| sounds(word)).collect();
    sorted.sort();
    sorted
}

/// What a search sees of a text: letters, digits and characters, in half width and lower case.
fn sounds(text: &str) -> String {
    let lower = text.chars().map(half_width).flat_map(char::to_lowercase);
    lower.filter(|c| c.is_alphanumeric()).collect()
}

/// Answers a command about a learnt saying with how it stands after it.
///
/// # Errors
/// The rule that says no; nothing changes.
pub fn decide_saying(
    saying: &LearntSaying,
    command: &SayingCommand,
    actor: &Actor,
) -> Result<SayingStanding, SayingRefusal> {
    if !actor.holds_any(EDITORS) {
        return Err(SayingRefusal::NotPermitted { roles: EDITORS });
    }
    let is_decided = saying.standing != SayingStanding::Counted;
    match command {
        SayingCommand::Reopen if is_decided => Ok(SayingStanding::Counted),
        SayingCommand::Reopen => Err(SayingRefusal::NotDecided),
        SayingCommand::Approve | SayingCommand::SetAside { .. } if is_decided => {
            Err(SayingRefusal::Decided {
                standing: saying.standing.clone(),
            })
        }
        SayingCommand::Approve if saying.n_used < SAYING_PROPOSED_FROM_TIMES => {
            Err(SayingRefusal::TooRare {
                n_used: saying.n_used,
                from_times: SAYING_PROPOSED_FROM_TIMES,
            })
        }
        SayingCommand::Approve => Ok(SayingStanding::Approved),
        SayingCommand::SetAside { reason } => {
            let reason = reason.trim();
            if reason.is_empty() {
                return Err(SayingRefusal::ReasonMissing);
            }
            if reason.chars().count() > KB_FIELD_MAX_CHARS {
                let max_chars = KB_FIELD_MAX_CHARS;
                return Err(SayingRefusal::ReasonTooLong { max_chars });
            }
            Ok(SayingStanding::SetAside {
                reason: reason.to_owned(),
            })
        }
    }
}
