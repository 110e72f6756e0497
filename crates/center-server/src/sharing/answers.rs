//! 标准答案: what the center has published, which anybody may read, whole and in order.

use anyhow::Result;
use center::Records;
use chrono::NaiveDate;
use serde_json::{Value, json};

use super::problem::Problem;
use super::question;
use crate::public::knowledge::{self, PublicArticle};

const FIELDS: [&str; 2] = ["limit", "cursor"];

/// A page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Question {
    limit: usize,
    cursor: Option<String>,
}

impl Question {
    pub(super) fn read(query: &str) -> Result<Self, Problem> {
        let form = &question::fields(query, &FIELDS)?;
        Ok(Self {
            limit: question::limit(form)?,
            cursor: question::cursor(form)?,
        })
    }

    pub(super) fn answer(&self, records: &dyn Records, today: NaiveDate) -> Result<Value> {
        let page = knowledge::page(records, self.cursor.as_deref(), self.limit, today)?;
        let items: Vec<Value> = page.articles.iter().map(|(id, it)| view(id, it)).collect();
        let next = page.next.as_deref().map(question::cursor_of);
        Ok(json!({ "items": items, "next": next }))
    }
}

/// One of them, if it is in force.
pub(super) fn one(records: &dyn Records, id: &str, today: NaiveDate) -> Result<Option<Value>> {
    let found = knowledge::article(records, id, today)?;
    Ok(found.map(|article| view(id, &article)))
}

fn view(id: &str, article: &PublicArticle) -> Value {
    let content = &article.content;
    let section = |it: &domain::kb::KbSection| json!({ "label": it.label, "text": it.text });
    json!({
        "id": id,
        "version": article.version,
        "title": content.title,
        "questions": content.questions,
        "answer": content.answer,
        "sections": content.sections.iter().map(section).collect::<Vec<_>>(),
        "unit": content.unit,
        "source": content.source,
        "category_id": content.category_id,
        "township_code": content.township_code,
        "valid_from": content.valid_from,
        "valid_until": content.valid_until,
    })
}
