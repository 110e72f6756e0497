//! The lists of the analysis: how the orders are spread over the values of each dimension.

use std::collections::BTreeMap;

use desk_store::{CountedValue, Counts};
use domain::HandlingUnitId;
use domain::analysis::{Dimension, OrderFigures};
use domain::indicators::Ratio;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use ts_rs::TS;

use super::AnalysisAsk;
use crate::desk::Desk;
use crate::reference::ReferenceTables;
use crate::text;

/// One value with its figures.
#[derive(Debug, Clone, Serialize, TS)]
pub struct AnalysisRow {
    /// As it is filtered by.
    pub value: String,
    pub text: String,
    pub n_orders: u32,
    pub n_before: u32,
    pub n_year_ago: u32,
    pub n_late: u32,
    /// Of all in the list.
    pub share_text: String,
    pub before_text: String,
    pub year_ago_text: String,
    pub answer_text: String,
    pub late_text: String,
    pub satisfaction_text: String,
    pub is_chosen: bool,
}

/// The values of one dimension, the most frequent first.
#[derive(Debug, Clone, Serialize, TS)]
pub struct AnalysisGroup {
    #[ts(type = "Dimension")]
    pub dimension: Dimension,
    pub title: String,
    pub rows: Vec<AnalysisRow>,
}

pub(super) fn groups(desk: &Desk, asked: &AnalysisAsk, counts: &Counts) -> Vec<AnalysisGroup> {
    let group = |dimension: Dimension| {
        let counted = counts.values.get(&dimension).map(Vec::as_slice);
        AnalysisGroup {
            dimension,
            title: text::dimension(dimension).to_owned(),
            rows: rows(&desk.reference, asked, dimension, counted.unwrap_or(&[])),
        }
    };
    Dimension::ALL.into_iter().map(group).collect()
}

fn rows(
    reference: &ReferenceTables,
    asked: &AnalysisAsk,
    dimension: Dimension,
    counted: &[CountedValue],
) -> Vec<AnalysisRow> {
    let chosen = asked.values_of(dimension);
    let shown = match dimension {
        Dimension::Category => categories(reference, counted, chosen.iter().next().copied()),
        // Only those who were not satisfied were asked.
        Dimension::Reason => {
            let said = counted.iter().filter(|it| !it.value.is_empty());
            said.cloned().collect()
        }
        Dimension::Township
        | Dimension::Unit
        | Dimension::Channel
        | Dimension::Kind
        | Dimension::Class
        | Dimension::Treatment
        | Dimension::Satisfaction => counted.to_vec(),
    };
    let n_all: u64 = shown.iter().map(|it| u64::from(it.figures.n_orders)).sum();
    let row = |counted: CountedValue| {
        let figures = &counted.figures;
        let n = u64::from(figures.n_orders);
        AnalysisRow {
            text: value_text(reference, dimension, &counted.value),
            is_chosen: chosen.contains(counted.value.as_str()),
            n_orders: figures.n_orders,
            n_before: counted.n_before,
            n_year_ago: counted.n_year_ago,
            n_late: figures.n_late,
            share_text: text::percent(Ratio::new(n, n_all)),
            before_text: text::change_text(n, counted.n_before.into()),
            year_ago_text: text::change_text(n, counted.n_year_ago.into()),
            answer_text: text::percent(figures.answer_rate()),
            late_text: text::percent(figures.late_rate()),
            satisfaction_text: text::percent(figures.satisfaction()),
            value: counted.value,
        }
    };
    shown.into_iter().map(row).collect()
}

/// The first level; once one is chosen, what is below it.
pub(crate) fn categories(
    reference: &ReferenceTables,
    counted: &[CountedValue],
    chosen: Option<&str>,
) -> Vec<CountedValue> {
    let field = chosen.map(|chosen| match field_of(reference, chosen) {
        "" => chosen,
        field => field,
    });
    if let Some(field) = field.filter(|field| !field.is_empty()) {
        let is_below = |it: &&CountedValue| field_of(reference, &it.value) == field;
        return counted.iter().filter(is_below).cloned().collect();
    }
    let mut fields: BTreeMap<&str, (OrderFigures, u32, u32)> = BTreeMap::new();
    for it in counted {
        let (figures, n_before, n_year_ago) =
            fields.entry(field_of(reference, &it.value)).or_default();
        *figures = figures.and(it.figures);
        *n_before += it.n_before;
        *n_year_ago += it.n_year_ago;
    }
    let mut fields: Vec<CountedValue> = fields
        .into_iter()
        .map(|(field, (figures, n_before, n_year_ago))| CountedValue {
            value: field.to_owned(),
            figures,
            n_before,
            n_year_ago,
        })
        .collect();
    fields.sort_by_key(|it| std::cmp::Reverse(it.figures.n_orders));
    fields
}

/// 一级分类 of a category; empty for what is none.
pub(super) fn field_of<'a>(reference: &'a ReferenceTables, id: &str) -> &'a str {
    let mut all = reference.view.categories.iter();
    let found = all.find(|it| it.id == id);
    found.map_or("", |it| it.level1.as_str())
}

pub(crate) fn value_text(reference: &ReferenceTables, dimension: Dimension, value: &str) -> String {
    fn named<T: DeserializeOwned>(value: &str, text: fn(T) -> &'static str) -> Option<String> {
        let value = serde_json::from_value(Value::String(value.to_owned())).ok();
        value.map(|value| text(value).to_owned())
    }
    let found = match dimension {
        Dimension::Township => Some(reference.township_text(value).to_owned()),
        Dimension::Category => Some(match reference.category_text(value) {
            "" => value.to_owned(),
            text => text.to_owned(),
        }),
        Dimension::Unit => {
            let unit = HandlingUnitId(value.to_owned());
            Some(reference.unit_name(&unit).to_owned())
        }
        Dimension::Channel => named(value, text::channel),
        Dimension::Kind => named(value, text::kind),
        Dimension::Class => named(value, text::class),
        Dimension::Treatment => named(value, text::treatment),
        Dimension::Satisfaction => named(value, text::satisfaction),
        Dimension::Reason => named(value, text::dissatisfaction_reason),
    };
    let found = found.filter(|found| !found.is_empty());
    found.unwrap_or_else(|| text::no_value(dimension).to_owned())
}
