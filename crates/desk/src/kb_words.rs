//! 说法与同义词: the groups of words a search goes by, and the words by which people came to an
//! article, proposed to the editors. A change of a group holds from the next search on.

use chrono::{DateTime, NaiveDate, Utc};
use desk_store::{Reader, SayingFilter, StoreFault, StoredSaying, StoredSynonyms, Writer};
use domain::ActorId;
use domain::kb::words::{
    LearntSaying, SayingCommand, SynonymCommand, SynonymGroup, SynonymGroupId, SynonymOrigin,
    decide_saying, decide_synonyms, is_held, saying_of,
};
use domain::kb::{KbArticle, KbArticleId};
use search::{Thesaurus, word_groups};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::desk::{Desk, new_id};
use crate::error::CallError;
use crate::{text, time_text};

/// What stands between two words that are typed as a group.
const BETWEEN_WORDS: [char; 4] = ['、', '，', ',', ';'];

#[derive(Debug, Clone, Serialize, TS)]
pub struct KbWords {
    /// The center's first, then those that come with the program, then what is set aside.
    pub groups: Vec<SynonymGroupRow>,
    /// What waits for a decision first.
    pub sayings: Vec<SayingRow>,
}

#[derive(Debug, Clone, Serialize, TS)]
pub struct SynonymGroupRow {
    pub id: String,
    /// Sent back with every act.
    pub n_changes: u32,
    pub words: Vec<String>,
    /// 随程序 / 本中心.
    pub origin_text: String,
    pub is_set_aside: bool,
    /// Who changed it last, and when; empty for what is as it came.
    pub changed_text: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum SayingState {
    /// 待采纳.
    Proposed,
    /// 已采纳.
    Approved,
    /// 不采纳.
    SetAside,
}

#[derive(Debug, Clone, Serialize, TS)]
pub struct SayingRow {
    pub article_id: String,
    pub article_title: String,
    pub text: String,
    pub n_used: u32,
    pub last_text: String,
    pub state: SayingState,
    pub state_text: String,
    /// Who decided so, and when.
    pub decided_text: String,
}

#[derive(Debug, Clone, Deserialize, TS)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum KbWordsAct {
    /// 新增一组: the words with blanks between.
    AddGroup { words: String },
    /// 修改.
    ChangeGroup {
        id: String,
        n_changes: u32,
        words: String,
    },
    /// 停用.
    SetGroupAside { id: String, n_changes: u32 },
    /// 恢复.
    RestoreGroup { id: String, n_changes: u32 },
    /// 采纳.
    ApproveSaying { article_id: String, text: String },
    /// 不采纳.
    SetSayingAside {
        article_id: String,
        text: String,
        reason: String,
    },
    /// 重新考虑.
    ReopenSaying { article_id: String, text: String },
}

#[derive(Debug, Clone, Deserialize, TS)]
pub struct ActOnKbWords {
    pub act: KbWordsAct,
}

#[derive(Debug, Clone, Serialize, TS)]
pub struct KbWordsDone {
    pub message: String,
}

/// 说法与同义词.
pub(crate) fn kb_words(desk: &Desk, (): ()) -> Result<KbWords, CallError> {
    Ok(desk.store.read(|reader| {
        let groups = all_groups(reader)?;
        let mut sayings = Vec::new();
        for (filter, state) in [
            (SayingFilter::Counted, SayingState::Proposed),
            (SayingFilter::Approved, SayingState::Approved),
            (SayingFilter::SetAside, SayingState::SetAside),
        ] {
            for stored in reader.sayings(filter)? {
                sayings.extend(saying_row(desk, reader, stored, state)?);
            }
        }
        Ok(KbWords {
            groups: groups.into_iter().map(|it| group_row(desk, it)).collect(),
            sayings,
        })
    })?)
}

fn group_row(desk: &Desk, known: KnownGroup) -> SynonymGroupRow {
    let KnownGroup { group, stored } = known;
    let changed = stored.as_ref().map(|(_, (by, at))| {
        let by = desk.person_text(by);
        format!("{by} {}", time_text::moment(*at))
    });
    SynonymGroupRow {
        id: group.id.0,
        n_changes: stored.map_or(0, |(n_changes, _)| n_changes),
        words: group.words,
        origin_text: text::synonym_origin(group.origin).to_owned(),
        is_set_aside: group.is_set_aside,
        changed_text: changed.unwrap_or_default(),
    }
}

/// `None` for one whose article is gone or has the saying by now.
fn saying_row(
    desk: &Desk,
    reader: &Reader,
    stored: StoredSaying,
    state: SayingState,
) -> Result<Option<SayingRow>, StoreFault> {
    let StoredSaying { saying, decided } = stored;
    let Some(article) = reader.article(&saying.article)?.map(|it| it.article) else {
        return Ok(None);
    };
    if state == SayingState::Proposed && !saying.is_proposed(called(&article)) {
        return Ok(None);
    }
    let decided = decided.map(|(by, at)| {
        let by = desk.person_text(&by);
        format!("{by} {}", time_text::moment(at))
    });
    Ok(Some(SayingRow {
        article_id: saying.article.0,
        article_title: article.title,
        n_used: saying.n_used,
        last_text: time_text::date(saying.last_on),
        state,
        state_text: text::saying_standing(&saying.standing),
        decided_text: decided.unwrap_or_default(),
        text: saying.text,
    }))
}

/// What an article is called: its title and 群众的说法.
fn called(article: &KbArticle) -> impl Iterator<Item = &str> {
    let names = article.questions.iter().map(String::as_str);
    std::iter::once(article.title.as_str()).chain(names)
}

/// A group with how often it was changed, by whom last and when.
struct KnownGroup {
    group: SynonymGroup,
    stored: Option<(u32, (ActorId, DateTime<Utc>))>,
}

/// The groups that come with the program and those that people have decided about, each once.
fn all_groups(reader: &Reader) -> Result<Vec<KnownGroup>, StoreFault> {
    let known = |it: StoredSynonyms| KnownGroup {
        group: it.group,
        stored: Some((it.n_changes, it.changed)),
    };
    let mut groups: Vec<KnownGroup> = reader.synonyms()?.into_iter().map(known).collect();
    for group in shipped_groups() {
        if !groups.iter().any(|it| it.group.id == group.id) {
            groups.push(KnownGroup {
                group,
                stored: None,
            });
        }
    }
    // One of the program that nobody sets aside any longer stands among its like again.
    groups.sort_by_key(|it| {
        (
            it.group.is_set_aside,
            it.group.origin != SynonymOrigin::Center,
        )
    });
    Ok(groups)
}

/// 同义词 that come with the program.
fn shipped_groups() -> impl Iterator<Item = SynonymGroup> {
    let groups = word_groups(include_str!("../reference/synonyms.txt"));
    groups.map(|words| SynonymGroup {
        id: SynonymGroupId(words.join(" ")),
        origin: SynonymOrigin::Shipped,
        words: words.into_iter().map(str::to_owned).collect(),
        is_set_aside: false,
    })
}

/// The words a search goes by now; of a word in several groups those of the center come first.
pub(crate) fn thesaurus(reader: &Reader) -> Result<Thesaurus, StoreFault> {
    let groups = all_groups(reader)?.into_iter().map(|it| it.group);
    let in_use = groups.filter(|group| !group.is_set_aside);
    Ok(Thesaurus::new(in_use.map(|group| group.words)))
}

/// 说法与同义词处理.
pub(crate) fn act_on_kb_words(
    desk: &Desk,
    request: ActOnKbWords,
) -> Result<KbWordsDone, CallError> {
    let message = match request.act {
        KbWordsAct::AddGroup { words } => {
            let id = SynonymGroupId(new_id());
            let words = typed_words(&words);
            desk.change_synonyms(&SynonymCommand::Add { id, words }, None)?
        }
        KbWordsAct::ChangeGroup {
            id,
            n_changes,
            words,
        } => {
            let command = SynonymCommand::Change {
                group: SynonymGroupId(id.clone()),
                id: SynonymGroupId(new_id()),
                words: typed_words(&words),
            };
            desk.change_synonyms(&command, Some((id, n_changes)))?
        }
        KbWordsAct::SetGroupAside { id, n_changes } => {
            let group = SynonymGroupId(id.clone());
            desk.change_synonyms(&SynonymCommand::SetAside { group }, Some((id, n_changes)))?
        }
        KbWordsAct::RestoreGroup { id, n_changes } => {
            let group = SynonymGroupId(id.clone());
            desk.change_synonyms(&SynonymCommand::Restore { group }, Some((id, n_changes)))?
        }
        KbWordsAct::ApproveSaying { article_id, text } => {
            desk.decide_on_saying(article_id, &text, &SayingCommand::Approve)?
        }
        KbWordsAct::SetSayingAside {
            article_id,
            text,
            reason,
        } => desk.decide_on_saying(article_id, &text, &SayingCommand::SetAside { reason })?,
        KbWordsAct::ReopenSaying { article_id, text } => {
            desk.decide_on_saying(article_id, &text, &SayingCommand::Reopen)?
        }
    };
    Ok(KbWordsDone { message })
}

fn typed_words(text: &str) -> Vec<String> {
    let words = text.split(|c: char| c.is_whitespace() || BETWEEN_WORDS.contains(&c));
    let words = words.filter(|word| !word.is_empty());
    words.map(str::to_owned).collect()
}

impl Desk {
    /// Changes groups; `shown` is the group that the window showed and how often it was changed then.
    fn change_synonyms(
        &self,
        command: &SynonymCommand,
        shown: Option<(String, u32)>,
    ) -> Result<String, CallError> {
        let now = self.now();
        self.store.commit(|writer| -> Result<(), CallError> {
            let known = all_groups(writer)?;
            let n_changes = |id: &str| {
                let stored = known.iter().find(|it| it.group.id.0 == id);
                stored
                    .and_then(|it| it.stored.as_ref())
                    .map_or(0, |it| it.0)
            };
            if let Some((id, shown)) = shown
                && n_changes(&id) != shown
            {
                let now = n_changes(&id);
                return Err(CallError::Stale { shown, now });
            }
            let groups: Vec<SynonymGroup> = known.iter().map(|it| it.group.clone()).collect();
            for group in decide_synonyms(&groups, command, &self.operator)? {
                writer.put_synonyms(&StoredSynonyms {
                    n_changes: n_changes(&group.id.0) + 1,
                    changed: (self.operator.id.clone(), now),
                    group,
                })?;
            }
            Ok(())
        })?;
        self.knowledge.follow_synonyms(&self.store)?;
        Ok(text::synonyms_changed(command).to_owned())
    }

    fn decide_on_saying(
        &self,
        article_id: String,
        text: &str,
        command: &SayingCommand,
    ) -> Result<String, CallError> {
        let now = self.now();
        let article = KbArticleId(article_id);
        self.store.commit(|writer| -> Result<String, CallError> {
            let stored = writer.saying(&article, text)?;
            let stored = stored.ok_or_else(|| CallError::invalid("没有找到这个说法。"))?;
            let about = writer.article(&article)?;
            let about = about.ok_or_else(|| CallError::invalid("这条知识已不存在。"))?;
            let standing = decide_saying(&stored.saying, command, &self.operator)?;
            let message = text::saying_decided(&standing, &about.article.title);
            writer.put_saying(&StoredSaying {
                saying: LearntSaying {
                    standing,
                    ..stored.saying
                },
                decided: Some((self.operator.id.clone(), now)),
            })?;
            Ok(message)
        })
    }
}

/// Counts the words by which somebody came to an article that was then used. What the article is
/// called already teaches nothing.
pub(crate) fn note_saying(
    writer: &mut Writer,
    id: &KbArticleId,
    searched: &str,
    today: NaiveDate,
) -> Result<(), StoreFault> {
    let Some(text) = saying_of(searched) else {
        return Ok(());
    };
    let Some(article) = writer.article(id)?.map(|stored| stored.article) else {
        return Ok(());
    };
    if is_held(&text, called(&article)) {
        return Ok(());
    }
    let stored = match writer.saying(id, &text)? {
        Some(mut stored) => {
            stored.saying.note(today);
            stored
        }
        None => StoredSaying {
            saying: LearntSaying::new(id.clone(), text, today),
            decided: None,
        },
    };
    writer.put_saying(&stored)
}
