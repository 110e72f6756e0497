//! 已有条目: what is there already, to find the article that a row is about, and those it is like.

use std::collections::HashMap;

use desk_store::{KbFilter, Reader};
use domain::kb::{DraftStage, KbArticleId, KbContent, KbHolding, KbRecord};

use super::row::{UnitNames, name_key};

/// Titles that have so much in common, in hundredths of all their pairs of characters, are likely
/// the same question.
const ALIKE_MIN: usize = 70;
/// Shorter titles are alike only when they are equal.
const ALIKE_MIN_CHARS: usize = 5;

/// An article as far as a row is compared with it.
#[derive(Debug)]
struct Known {
    id: String,
    title: String,
    key: String,
}

/// Every article, found by number, by title and unit, and by what is like it.
#[derive(Debug, Default)]
pub(super) struct KnownArticles {
    all: Vec<Known>,
    by_id: HashMap<String, usize>,
    by_name: HashMap<(String, String), usize>,
    by_title: HashMap<String, usize>,
    by_question: HashMap<String, usize>,
    by_pair: HashMap<(char, char), Vec<usize>>,
}

/// The article that a row would change.
#[derive(Debug, Clone)]
pub(super) struct Target {
    pub(super) id: KbArticleId,
    pub(super) content: KbContent,
    /// The draft's revision; 0 where there is none.
    pub(super) revision: u32,
    pub(super) version: u32,
    /// False for one that came with the program.
    pub(super) has_record: bool,
    pub(super) draft_stage: Option<DraftStage>,
    pub(super) is_retired: bool,
}

impl KnownArticles {
    pub(super) fn load(reader: &Reader, units: &UnitNames<'_>) -> anyhow::Result<Self> {
        let mut known = Self::default();
        reader.every_kb_row(KbFilter::All, |row| {
            let unit = units.key(&row.unit);
            known.add(row.id.0, &row.title, unit);
            Ok(())
        })?;
        reader.all_articles(|stored| {
            let article = stored.article;
            if !known.by_id.contains_key(&article.id.0) {
                let unit = units.key(&article.unit);
                known.add(article.id.0.clone(), &article.title, unit);
            }
            if let Some(at) = known.by_id.get(&article.id.0).copied() {
                for question in article.questions.iter().chain([&article.title]) {
                    known.by_question.entry(name_key(question)).or_insert(at);
                }
            }
            Ok(())
        })?;
        Ok(known)
    }

    fn add(&mut self, id: String, title: &str, unit: String) {
        let at = self.all.len();
        let key = name_key(title);
        self.by_id.insert(id.clone(), at);
        self.by_name.entry((key.clone(), unit)).or_insert(at);
        self.by_title.entry(key.clone()).or_insert(at);
        for pair in pairs(&key) {
            self.by_pair.entry(pair).or_default().push(at);
        }
        self.all.push(Known {
            id,
            title: title.to_owned(),
            key,
        });
    }

    pub(super) fn has(&self, id: &str) -> bool {
        self.by_id.contains_key(id)
    }

    /// The article of that title and unit.
    pub(super) fn named(&self, title: &str, unit: &str, units: &UnitNames<'_>) -> Option<&str> {
        let at = self.by_name.get(&(name_key(title), units.key(unit)))?;
        self.all.get(*at).map(|known| known.id.as_str())
    }

    /// An article that is likely the same: of the same title in another unit, asked in the same
    /// words, or with a title much like it.
    pub(super) fn like(&self, content: &KbContent) -> Option<(&str, &str)> {
        let key = name_key(&content.title);
        let asked = content.questions.iter().map(|question| name_key(question));
        let same = self.by_title.get(&key).or_else(|| {
            asked
                .chain([key.clone()])
                .find_map(|question| self.by_question.get(&question))
        });
        let at = same.copied().or_else(|| self.alike(&key))?;
        let known = self.all.get(at)?;
        Some((known.id.as_str(), known.title.as_str()))
    }

    fn alike(&self, key: &str) -> Option<usize> {
        if key.chars().count() < ALIKE_MIN_CHARS {
            return None;
        }
        let own: Vec<(char, char)> = pairs(key).collect();
        let mut n_shared: HashMap<usize, usize> = HashMap::new();
        for pair in &own {
            for at in self.by_pair.get(pair).into_iter().flatten() {
                *n_shared.entry(*at).or_default() += 1;
            }
        }
        let alike = n_shared.into_iter().filter_map(|(at, n)| {
            let other = self.all.get(at)?.key.chars().count().saturating_sub(1);
            let hundredths = 200 * n.min(other) / (own.len() + other).max(1);
            (hundredths >= ALIKE_MIN).then_some((hundredths, usize::MAX - at))
        });
        alike.max().map(|(_, at)| usize::MAX - at)
    }
}

/// Pairs of neighbouring characters, each once.
fn pairs(key: &str) -> impl Iterator<Item = (char, char)> {
    let pairs: std::collections::BTreeSet<_> = key.chars().zip(key.chars().skip(1)).collect();
    pairs.into_iter()
}

/// The article as an import would change it: its draft, or what is in force; `None` for one that is
/// gone.
pub(super) fn target(reader: &Reader, id: &str) -> anyhow::Result<Option<Target>> {
    let id = KbArticleId(id.to_owned());
    if let Some(record) = reader.load_kb_record(&id)? {
        return Ok(of_record(record));
    }
    Ok(reader.article(&id)?.map(|stored| Target {
        id,
        content: stored.article.into(),
        revision: 0,
        version: stored.version,
        has_record: false,
        draft_stage: None,
        is_retired: false,
    }))
}

fn of_record(record: KbRecord) -> Option<Target> {
    let content = content_of(&record)?;
    Some(Target {
        content,
        revision: record.draft.as_ref().map_or(0, |draft| draft.revision),
        version: record.current().map_or(0, |version| version.number),
        has_record: true,
        draft_stage: record.draft.as_ref().map(|draft| draft.stage),
        is_retired: match record.holding {
            KbHolding::InUse | KbHolding::Suspended { .. } => false,
            KbHolding::Withdrawn { .. }
            | KbHolding::Superseded { .. }
            | KbHolding::Merged { .. } => true,
        },
        id: record.id,
    })
}

/// What the lists show of a record: the draft, or the version in force with its review day as it
/// stands now.
pub(crate) fn content_of(record: &KbRecord) -> Option<KbContent> {
    if let Some(draft) = &record.draft {
        return Some(draft.content.clone());
    }
    record.current().map(|version| KbContent {
        next_review_on: record.next_review_on,
        ..version.content.clone()
    })
}
