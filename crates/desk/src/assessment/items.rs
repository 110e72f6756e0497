//! 数字背后的件: every number opens what it was counted from (第五条(五)).

use chrono::{DateTime, Utc};
use desk_store::Reader;
use domain::HandlingUnitId;
use domain::assessment::{AssessmentRefusal, LineScore, SchemeRecord};
use domain::indicators::{Indicator, ItemId};
use serde::{Deserialize, Serialize};
use ts_rs::TS;
use wire::Hash;
use wording::mask;

use super::count::count;
use super::{load, read_period};
use crate::desk::Desk;
use crate::error::CallError;
use crate::sight::Sight;
use crate::text;

/// So many items of a part are listed.
const ITEMS_MAX: usize = 500;

/// What of a figure an item is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum FigurePart {
    /// 计入分子.
    Numerator,
    /// 分母中的其余.
    Rest,
    /// 剔除.
    Excluded,
}

#[derive(Debug, Clone, Deserialize, TS)]
pub struct ScoreItemsAsk {
    pub number: String,
    pub period: String,
    pub unit_id: String,
    #[ts(type = "Indicator")]
    pub indicator: Indicator,
}

#[derive(Debug, Clone, Serialize, TS)]
pub struct ScoreItem {
    /// Names it in an appeal.
    pub item: String,
    /// 工单编号 or 知识任务编号.
    pub number: String,
    /// Empty where it is no order of this desk.
    pub work_order_id: String,
    pub title: String,
    pub part: FigurePart,
    /// Why it is left out; empty where it counts.
    pub reason: String,
}

#[derive(Debug, Clone, Serialize, TS)]
pub struct ScoreItems {
    pub unit_name: String,
    pub text: String,
    pub article: String,
    pub percent_text: String,
    pub n_numerator: usize,
    pub n_rest: usize,
    pub n_excluded: usize,
    /// The first of each part.
    pub items: Vec<ScoreItem>,
    pub n_more: usize,
    /// 与冻结时的明细不一致: somebody told later of what had happened before.
    pub is_changed: bool,
}

/// 数字背后的件. Of a counted period as it was counted; otherwise as it is now.
pub(crate) fn score_items(desk: &Desk, request: ScoreItemsAsk) -> Result<ScoreItems, CallError> {
    let record = load(desk, &request.number)?;
    let period = read_period(&request.period)?;
    let unit = HandlingUnitId(request.unit_id);
    let round = record.round(period);
    let as_of = round.map_or_else(|| desk.now(), |round| round.counted_at);
    let line = line_of(
        desk,
        &record,
        &request.period,
        &unit,
        request.indicator,
        as_of,
    )?;
    let figure = &line.figure;
    let sealed = round.and_then(|round| {
        let unit = round.units.iter().find(|it| it.unit == unit)?;
        let mut figures = unit.figures.iter();
        figures.find(|it| it.indicator == request.indicator)
    });
    let hash = Hash::of(figure.evidence_text().as_bytes()).to_string();
    let rest: Vec<&ItemId> = figure.denominator.difference(&figure.numerator).collect();
    let parts: [(FigurePart, Vec<(&ItemId, String)>); 3] = [
        (
            FigurePart::Rest,
            rest.iter().map(|it| (*it, String::new())).collect(),
        ),
        (
            FigurePart::Numerator,
            figure
                .numerator
                .iter()
                .map(|it| (it, String::new()))
                .collect(),
        ),
        (
            FigurePart::Excluded,
            figure
                .excluded
                .iter()
                .map(|(it, why)| (it, text::exclusion(*why)))
                .collect(),
        ),
    ];
    let (items, n_more) = desk.store.read(|reader| {
        let (mut rows, mut n_more) = (Vec::new(), 0);
        for (part, items) in &parts {
            n_more += items.len().saturating_sub(ITEMS_MAX);
            for (item, reason) in items.iter().take(ITEMS_MAX) {
                rows.push(item_row(desk, reader, item, *part, reason)?);
            }
        }
        Ok((rows, n_more))
    })?;
    Ok(ScoreItems {
        unit_name: desk.reference.unit_name(&unit).to_owned(),
        text: text::indicator(request.indicator).to_owned(),
        article: request.indicator.article().to_owned(),
        percent_text: super::table::percent(figure.ratio()),
        n_numerator: figure.numerator.len(),
        n_rest: rest.len(),
        n_excluded: figure.excluded.len(),
        items,
        n_more,
        is_changed: sealed.is_some_and(|it| it.sha256 != hash),
    })
}

/// A line of a unit, counted again.
pub(super) fn line_of(
    desk: &Desk,
    record: &SchemeRecord,
    period: &str,
    unit: &HandlingUnitId,
    indicator: Indicator,
    as_of: DateTime<Utc>,
) -> Result<LineScore, CallError> {
    let period = read_period(period)?;
    let counted = desk
        .store
        .read(|reader| count(desk, reader, &record.scheme, period, as_of))?;
    let score = counted.units.into_iter().find(|it| it.unit == *unit);
    let score = score.ok_or_else(|| AssessmentRefusal::UnitUnknown { unit: unit.clone() })?;
    let mut lines = score.lines.into_iter();
    let line = lines.find(|it| it.line.indicator == indicator);
    line.ok_or_else(|| AssessmentRefusal::TargetUnknown.into())
}

pub(super) fn item_row(
    desk: &Desk,
    reader: &Reader,
    item: &ItemId,
    part: FigurePart,
    reason: &str,
) -> anyhow::Result<ScoreItem> {
    let number = item.number().to_owned();
    let id = match item {
        ItemId::Record { .. } => None,
        ItemId::Order { .. } | ItemId::Assignment { .. } | ItemId::Dispatch { .. } => {
            reader.work_orders_numbered(&number)?.into_iter().next()
        }
    };
    let id = id.unwrap_or_default();
    let title = match item {
        ItemId::Record { id } => reader.load_kb_task(id)?.map(|task| task.subject),
        ItemId::Order { .. } | ItemId::Assignment { .. } | ItemId::Dispatch { .. } => {
            reader.work_order_record(&id)?.map(|record| {
                let sight = Sight::of(&desk.operator, record.kind, record.is_confidential);
                mask::masked_in_text(&sight.title(&record))
            })
        }
    };
    Ok(ScoreItem {
        item: item.text(),
        number,
        work_order_id: id,
        title: title.unwrap_or_default(),
        part,
        reason: reason.to_owned(),
    })
}
