//! 公开知识: the standard answers that anybody may read, and the index they are searched by.
//!
//! Only what a unit confirmed and the center published, without what is for the center only
//! ([`domain::kb::KbContent::public`]). What came with the program as a sample was signed by nobody
//! and stays inside. Validity is looked at when somebody asks: a day that begins touches no row.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::OnceLock;

use anyhow::{Context as _, Result};
use center::Records;
use chrono::NaiveDate;
use domain::kb::{KbContent, KbHolding, KbRecord};
use search::{Change, Document, Facet, Filter, KbIndex, Opened, Query, SearchError};
use serde::{Deserialize, Serialize};
use wire::Subject;
use wording::reference::wire_name;

use crate::follower::{Projection, Seen, Sheet};
use crate::office::Office;
use crate::readers::Reader;

/// Public articles by their identity.
const ROW: &str = "public_article";
/// Where the last change of one stands in the feed.
const PLACE: &str = "public_article_place";
const KEY: &str = "place";
/// Articles read at a time.
const STEP: usize = 200;
/// In the data folder.
const FOLDER: &str = "public-index";
/// Answers shown at most.
pub(super) const HITS_MAX: usize = 10;
/// Characters of a question.
pub(super) const QUESTION_MAX_CHARS: usize = 200;

/// A public article.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct PublicArticle {
    pub version: u32,
    pub content: KbContent,
}

impl PublicArticle {
    /// Whether it holds on that day.
    pub fn is_in_force_on(&self, date: NaiveDate) -> bool {
        let KbContent {
            valid_from,
            valid_until,
            ..
        } = &self.content;
        valid_from.is_none_or(|first| first <= date) && valid_until.is_none_or(|last| date <= last)
    }
}

/// The index, once it is open. A handle that all share.
#[derive(Default)]
pub struct PublicIndex(OnceLock<KbIndex>);

impl PublicIndex {
    /// The passage that answers, and what else was found.
    pub(super) fn ask(&self, text: &str, today: NaiveDate) -> Result<Found, SearchError> {
        let index = self.0.get().ok_or(SearchError::NotBuilt)?;
        let filter = Filter::in_force_on(today.to_epoch_days());
        let query = Query {
            filter: Some(&filter),
            ..Query::new(text, HITS_MAX)
        };
        Ok(Found {
            answer: index.answer(&query)?,
            hits: index.search(&query)?,
        })
    }
}

pub(super) struct Found {
    pub(super) answer: Option<search::Answer>,
    pub(super) hits: Vec<search::Hit>,
}

/// The article, if anybody may read it today.
pub fn article(records: &dyn Records, id: &str, today: NaiveDate) -> Result<Option<PublicArticle>> {
    if id.len() > wire::limit::ID_MAX_CHARS * 4 || id.contains('\0') {
        return Ok(None);
    }
    let Some(body) = records.get(ROW, id)? else {
        return Ok(None);
    };
    let article: PublicArticle = serde_json::from_str(&body)?;
    Ok(Some(article).filter(|it| it.is_in_force_on(today)))
}

/// Some articles in force, with their identities.
pub fn some(
    records: &dyn Records,
    n_max: usize,
    today: NaiveDate,
) -> Result<Vec<(String, PublicArticle)>> {
    let mut found = Vec::new();
    for row in records.range(ROW, "", "", STEP)? {
        let article: PublicArticle = serde_json::from_str(&row.body)?;
        if article.is_in_force_on(today) && found.len() < n_max {
            found.push((row.key, article));
        }
    }
    Ok(found)
}

/// Some articles with their identities.
pub(crate) struct PublicPage {
    pub(crate) articles: Vec<(String, PublicArticle)>,
    /// The key behind which to go on; none at the end.
    pub(crate) next: Option<String>,
}

/// At most `n_max` articles in force behind a key.
pub(crate) fn page(
    records: &dyn Records,
    behind: Option<&str>,
    n_max: usize,
    today: NaiveDate,
) -> Result<PublicPage> {
    let mut from = behind.map(|key| format!("{key}\u{1}")).unwrap_or_default();
    let mut found = Vec::new();
    loop {
        let rows = records.range(ROW, "", &from, STEP)?;
        let Some(last) = rows.last() else {
            return Ok(PublicPage {
                articles: found,
                next: None,
            });
        };
        from = format!("{}\u{1}", last.key);
        for row in rows {
            let article: PublicArticle = serde_json::from_str(&row.body)?;
            if article.is_in_force_on(today) {
                found.push((row.key.clone(), article));
                if found.len() == n_max {
                    return Ok(PublicPage {
                        articles: found,
                        next: Some(row.key),
                    });
                }
            }
        }
    }
}

/// Draws the public articles and keeps the index at them.
#[derive(Default)]
pub(super) struct PublicKnowledge {
    /// Drawn and not in the index yet.
    touched: BTreeSet<String>,
    /// The index is open and follows.
    is_following: bool,
}

impl Projection for PublicKnowledge {
    fn kinds(&self) -> &'static [&'static str] {
        &[ROW, PLACE]
    }

    fn version(&self) -> u32 {
        1
    }

    fn touch(&mut self, seen: &Seen<'_>, sheet: &mut Sheet<'_>) -> Result<()> {
        let Some(record) = seen.after.and_then(Subject::article) else {
            return Ok(());
        };
        let id = &seen.entry.subject;
        match public(record) {
            Some(article) => sheet.write(ROW, id.clone(), &article)?,
            None if sheet.get(ROW, id)?.is_some() => sheet.remove(ROW, id.clone()),
            None => return Ok(()),
        }
        sheet.write(PLACE, KEY, &seen.entry.seq)?;
        self.touched.insert(id.clone());
        Ok(())
    }

    fn drawn(&mut self, office: &Office, reader: &Reader) -> Result<()> {
        let index = &office.knowledge.0;
        let records = &*reader.records;
        let caught_up = match index.get() {
            Some(index) if self.is_following => update(index, records, &self.touched),
            Some(index) => rebuild(index, records),
            None => open(&office.config.data.join(FOLDER), records).map(|opened| {
                index.get_or_init(|| opened);
            }),
        };
        self.touched.clear();
        self.is_following = caught_up.is_ok();
        // Orders go on whatever is the matter with the index; it is built again with the next news.
        if let Err(error) = caught_up {
            tracing::error!(error = format!("{error:#}"), "The public index is behind");
        }
        Ok(())
    }
}

/// What of a record anybody may read, whatever the day.
fn public(record: &KbRecord) -> Option<PublicArticle> {
    let version = record.current()?;
    let is_signed = version.signatures.is_some();
    let is_in_use = record.holding == KbHolding::InUse;
    (is_signed && is_in_use).then(|| PublicArticle {
        version: version.number,
        content: version.content.clone().public(),
    })
}

fn open(folder: &Path, records: &dyn Records) -> Result<KbIndex> {
    let Opened {
        index,
        needs_rebuild,
    } = KbIndex::open(folder, place(records)?).context("Opening the index")?;
    if let Some(reason) = needs_rebuild {
        tracing::info!(?reason, "The public index is built");
        rebuild(&index, records)?;
    }
    Ok(index)
}

fn place(records: &dyn Records) -> Result<u64> {
    let body = records.get(PLACE, KEY)?;
    Ok(body.map_or(Ok(0), |body| serde_json::from_str(&body))?)
}

fn update(index: &KbIndex, records: &dyn Records, touched: &BTreeSet<String>) -> Result<()> {
    if touched.is_empty() {
        return Ok(());
    }
    let mut changes = Vec::with_capacity(touched.len());
    for id in touched {
        changes.push(match records.get(ROW, id)? {
            Some(body) => Change::Put(document(id, &serde_json::from_str(&body)?)),
            None => Change::Remove { id: id.clone() },
        });
    }
    index
        .update(&changes, place(records)?)
        .context("Updating the index")
}

fn rebuild(index: &KbIndex, records: &dyn Records) -> Result<()> {
    let rebuild = index.begin_rebuild().context("Beginning the index")?;
    let mut from = String::new();
    loop {
        let rows = records.range(ROW, "", &from, STEP)?;
        let Some(last) = rows.last() else {
            break;
        };
        from = format!("{}\u{1}", last.key);
        for row in &rows {
            let article = serde_json::from_str(&row.body)?;
            rebuild
                .put(&document(&row.key, &article))
                .context("Adding to the index")?;
        }
    }
    rebuild
        .finish(place(records)?)
        .context("Finishing the index")
}

/// As the desk's index knows an article, so that both find the same.
fn document(id: &str, article: &PublicArticle) -> Document {
    let content = &article.content;
    let mut body = plain(&content.answer);
    for section in &content.sections {
        body.push('\n');
        body.push_str(&section.label);
        body.push('：');
        body.push_str(&plain(&section.text));
    }
    body.push_str("\n责任单位：");
    body.push_str(&content.unit);
    Document {
        id: id.to_owned(),
        title: content.title.clone(),
        names: content.questions.clone(),
        body,
        facets: vec![
            (Facet::Unit, content.unit.clone()),
            (Facet::Template, wire_name(&content.template)),
            (Facet::Category, content.category_id.clone()),
            (Facet::Place, content.township_code.clone()),
        ],
        valid_from: content.valid_from.map(|it| it.to_epoch_days()),
        valid_until: content.valid_until.map(|it| it.to_epoch_days()),
    }
}

/// The words of a text in Markdown, without its signs: what is found is shown as it stands there.
fn plain(text: &str) -> String {
    let is_rule = |line: &str| line.contains("--") && line.chars().all(|c| "|-: ".contains(c));
    let lines = text.lines().filter(|line| !is_rule(line.trim()));
    let lines = lines.map(|line| {
        let line = line.replace("**", "").replace('`', "");
        let line = line.trim().trim_matches('|').trim_start_matches(['#', '>']);
        let cells = line.split('|').map(str::trim);
        cells.collect::<Vec<_>>().join("　").trim().to_owned()
    });
    lines.collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_without_signs() {
        assert_eq!(plain("**带上** `身份证`\n> 到窗口"), "带上 身份证\n到窗口");
        assert_eq!(
            plain("# 抢修\n\n| 片区 | 时间 |\n|---|:--:|\n| 渠江街道 | 两小时 |"),
            "抢修\n\n片区　时间\n渠江街道　两小时"
        );
    }
}
