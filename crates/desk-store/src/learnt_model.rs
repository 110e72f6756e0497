//! 模型: what was learnt of the center's own orders, with what was made of those held back. In the
//! encrypted file and not beside it: it comes of what people told, and it is replaced whole or not
//! at all. It can be learnt anew at any time.

use chrono::{DateTime, Utc};
use rusqlite::{OptionalExtension as _, params};
use serde::{Deserialize, Serialize};

use crate::columns::{AsMillis, AsText};
use crate::fault::StoreFault;
use crate::store::{Reader, Writer};

pub(crate) const CREATE: &str = "
    CREATE TABLE learnt_model (
        subject TEXT NOT NULL PRIMARY KEY,
        learnt_at INTEGER NOT NULL,
        n_orders INTEGER NOT NULL,
        n_held_back INTEGER NOT NULL,
        macro_f1 REAL NOT NULL,
        accuracy REAL NOT NULL,
        top3 REAL NOT NULL,
        body BLOB NOT NULL
    ) STRICT;
";

/// What a model tells. Frozen: the names stand in every desk's file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LearntSubject {
    /// 三级分类.
    Category,
    /// 诉求类型.
    Kind,
}

/// What a model makes of orders that it was not taught with, from 0 to 1.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct LearntMeasure {
    pub macro_f1: f64,
    pub accuracy: f64,
    pub top3: f64,
    pub n_held_back: u32,
}

/// A model as it is kept.
#[derive(Debug, Clone, PartialEq)]
pub struct LearntModel {
    pub learnt_at: DateTime<Utc>,
    /// Orders that it was taught with.
    pub n_orders: u32,
    pub measure: LearntMeasure,
    /// The model's own form, with its version and its check.
    pub body: Vec<u8>,
}

impl Reader {
    /// The model in use; `None` while nothing was learnt.
    pub fn learnt_model(&self, subject: LearntSubject) -> Result<Option<LearntModel>, StoreFault> {
        let sql = "SELECT learnt_at, n_orders, n_held_back, macro_f1, accuracy, top3, body
                   FROM learnt_model WHERE subject = ?1";
        let mut statement = self.connection().prepare_cached(sql)?;
        let model = statement.query_row([AsText(subject)], |row| {
            Ok(LearntModel {
                learnt_at: row.get::<_, AsMillis>("learnt_at")?.0,
                n_orders: row.get("n_orders")?,
                measure: LearntMeasure {
                    macro_f1: row.get("macro_f1")?,
                    accuracy: row.get("accuracy")?,
                    top3: row.get("top3")?,
                    n_held_back: row.get("n_held_back")?,
                },
                body: row.get("body")?,
            })
        });
        Ok(model.optional()?)
    }
}

impl Writer {
    /// Puts a model in place of the one before.
    pub fn put_learnt_model(
        &mut self,
        subject: LearntSubject,
        model: &LearntModel,
    ) -> Result<(), StoreFault> {
        let sql = "INSERT INTO learnt_model (subject, learnt_at, n_orders, n_held_back, macro_f1,
                                             accuracy, top3, body)
                   VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
                   ON CONFLICT (subject) DO UPDATE SET
                       learnt_at = excluded.learnt_at, n_orders = excluded.n_orders,
                       n_held_back = excluded.n_held_back, macro_f1 = excluded.macro_f1,
                       accuracy = excluded.accuracy, top3 = excluded.top3, body = excluded.body";
        let measure = &model.measure;
        self.connection().prepare_cached(sql)?.execute(params![
            AsText(subject),
            AsMillis(model.learnt_at),
            model.n_orders,
            measure.n_held_back,
            measure.macro_f1,
            measure.accuracy,
            measure.top3,
            model.body,
        ])?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tests::{Desk, at};

    #[test]
    fn a_model_is_put_in_place_of_the_one_before() {
        let mut desk = Desk::new();
        let model = |n_orders| LearntModel {
            learnt_at: at("2026-11-24 10:00"),
            n_orders,
            measure: LearntMeasure {
                macro_f1: 0.875,
                accuracy: 0.9,
                top3: 1.0,
                n_held_back: 120,
            },
            body: vec![1, 2, 3],
        };
        let category = LearntSubject::Category;
        assert_eq!(desk.query(|reader| reader.learnt_model(category)), None);
        desk.change(|writer| writer.put_learnt_model(category, &model(500)));
        desk.change(|writer| writer.put_learnt_model(category, &model(900)));
        desk.restart();
        let kept = desk.query(|reader| reader.learnt_model(category));
        assert_eq!(kept, Some(model(900)));
        let kind = desk.query(|reader| reader.learnt_model(LearntSubject::Kind));
        assert_eq!(kind, None);
    }
}
