//! 示例知识: what a new desk can be filled with, and emptied of again with one action.
//!
//! Where each file comes from and under which licence stands in `samples/README.md`.

use anyhow::Context as _;
use desk_store::{Store, StoreFault, StoredArticle};
use domain::kb::{KbArticle, KbArticleId, KbSection, KbTemplate};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use ts_rs::TS;

use crate::desk::Desk;
use crate::error::CallError;

#[derive(Debug, Clone, Serialize, TS)]
pub struct SampleCounts {
    /// Articles put or removed.
    pub n_articles: u64,
}

/// 载入示例知识.
pub(crate) fn load_samples(desk: &Desk, (): ()) -> Result<SampleCounts, CallError> {
    let n_articles = put_samples(&desk.store)?;
    desk.knowledge.catch_up();
    Ok(SampleCounts { n_articles })
}

/// 移除示例知识; what the center or a person wrote stays.
pub(crate) fn remove_samples(desk: &Desk, (): ()) -> Result<SampleCounts, CallError> {
    let n_articles = desk
        .store
        .commit(|writer| -> Result<u64, StoreFault> { writer.remove_samples() })?;
    desk.knowledge.catch_up();
    Ok(SampleCounts { n_articles })
}

/// Puts the sample articles in one transaction, but none in place of what has a record: people have
/// worked on that.
pub(crate) fn put_samples(store: &Store) -> Result<u64, CallError> {
    let articles = sample_articles()?;
    let n_articles = store.commit(|writer| -> Result<u64, StoreFault> {
        let mut n_articles = 0;
        for article in articles {
            if writer.has_kb_record(&article.id)? {
                continue;
            }
            writer.put_article(&StoredArticle {
                article,
                version: 1,
                is_sample: true,
            })?;
            n_articles += 1;
        }
        Ok(n_articles)
    })?;
    Ok(n_articles)
}

fn sample_articles() -> anyhow::Result<Vec<KbArticle>> {
    let answers = include_str!("../samples/standard_answers.json");
    let mut articles: Vec<KbArticle> =
        serde_json::from_str(answers).context("Reading the sample answers")?;
    for (line, number) in include_str!("../samples/service_items.jsonl")
        .lines()
        .zip(1..)
    {
        let item: ServiceItem = serde_json::from_str(line)
            .with_context(|| format!("Reading line {number} of the service items"))?;
        articles.push(item.into_article());
    }
    Ok(articles)
}

/// One line of the service guides.
#[derive(Deserialize)]
struct ServiceItem {
    item: u32,
    name: String,
    department: String,
    #[serde(flatten)]
    rest: Map<String, Value>,
}

/// The sections of a service guide: the field of the file and the label people read.
const GUIDE_SECTIONS: [(&str, &str); 8] = [
    ("type", "事项类型"),
    ("standard", "受理条件"),
    ("materials", "申请材料"),
    ("place", "办理地点"),
    ("days_promised", "承诺时限"),
    ("days_statutory", "法定时限"),
    ("who", "服务对象"),
    ("themes", "主题"),
];

impl ServiceItem {
    fn into_article(self) -> KbArticle {
        let sections = GUIDE_SECTIONS
            .iter()
            .filter_map(|(field, label)| {
                let text = text_of(self.rest.get(*field)?);
                (!text.is_empty()).then(|| KbSection {
                    label: (*label).to_owned(),
                    text,
                })
            })
            .collect();
        KbArticle {
            id: KbArticleId(format!("guide-{:04}", self.item)),
            template: KbTemplate::ServiceGuide,
            title: self.name,
            questions: Vec::new(),
            answer: String::new(),
            sections,
            unit: self.department,
            source: "示例：广东省政务服务事项，QABasedOnPolicyKnowledgeGraph（MIT），非本县事项"
                .to_owned(),
            category_id: String::new(),
            township_code: String::new(),
            valid_from: None,
            valid_until: None,
            next_review_on: None,
        }
    }
}

fn text_of(value: &Value) -> String {
    match value {
        Value::String(text) => text.trim().to_owned(),
        Value::Array(items) => items
            .iter()
            .map(text_of)
            .filter(|text| !text.is_empty())
            .collect::<Vec<_>>()
            .join("；"),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Object(_) => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn the_samples_are_whole() {
        let articles = sample_articles().unwrap();
        let ids: BTreeSet<_> = articles.iter().map(|article| &article.id).collect();
        assert_eq!(ids.len(), articles.len());
        let written = articles
            .iter()
            .filter(|article| article.id.0.starts_with("kb-"))
            .count();
        assert_eq!(articles.len() - written, 1965);
        assert!(written >= 40, "{written}");
        for template in [
            KbTemplate::ServiceGuide,
            KbTemplate::Policy,
            KbTemplate::Interpretation,
            KbTemplate::StandardAnswer,
        ] {
            assert!(
                articles
                    .iter()
                    .any(|a| a.template == template && a.id.0.starts_with("kb-"))
            );
        }
    }
}
