//! 得分表: units by lines of the scheme, with what stands behind each number.

use desk_store::Reader;
use domain::assessment::{
    Assessment, AssessmentScheme, DeductionScore, FrozenScore, Points, SchemeLine, UnitChange,
};
use domain::indicators::{Indicator, Ratio};
use domain::{HandlingUnitId, HandlingUnits};
use serde::Serialize;
use ts_rs::TS;

use super::items::{FigurePart, ScoreItem, item_row};
use crate::desk::Desk;
use crate::text;

/// So many orders of a change are named.
const CHANGED_ITEMS_MAX: usize = 50;

#[derive(Debug, Clone, Serialize, TS)]
pub struct ScoreColumn {
    #[ts(type = "Indicator")]
    pub indicator: Indicator,
    pub text: String,
    pub part_text: String,
    pub article: String,
    /// 25.00.
    pub weight_text: String,
    /// 80.00% 至 98.00%.
    pub scale_text: String,
}

#[derive(Debug, Clone, Serialize, TS)]
pub struct ScoreCell {
    #[ts(type = "Indicator")]
    pub indicator: Indicator,
    /// 24.50; 不计入 where the line is left out.
    pub points_text: String,
    /// 96.5%; 未发生 where nothing was to be counted.
    pub percent_text: String,
    /// 193/200.
    pub count_text: String,
    /// The line has not all its points.
    pub is_less: bool,
}

#[derive(Debug, Clone, Serialize, TS)]
pub struct DeductionCell {
    pub event_text: String,
    pub points_text: String,
    /// 监督件编号.
    pub numbers: Vec<String>,
}

#[derive(Debug, Clone, Serialize, TS)]
pub struct ScoreRow {
    pub unit_id: String,
    pub unit_name: String,
    pub place: u32,
    pub total_text: String,
    pub cells: Vec<ScoreCell>,
    pub deductions: Vec<DeductionCell>,
}

#[derive(Debug, Clone, Serialize, TS)]
pub struct ScoreTable {
    pub columns: Vec<ScoreColumn>,
    pub rows: Vec<ScoreRow>,
    /// 未参评 of the period.
    pub not_assessed: Vec<String>,
}

#[derive(Debug, Clone, Serialize, TS)]
pub struct ScoreChangeLine {
    pub text: String,
    /// Empty where there was none.
    pub before_text: String,
    pub after_text: String,
    pub items: Vec<ScoreItem>,
    pub n_more_items: usize,
}

#[derive(Debug, Clone, Serialize, TS)]
pub struct ScoreChange {
    pub unit_name: String,
    pub before_text: String,
    pub after_text: String,
    pub lines: Vec<ScoreChangeLine>,
}

pub(super) fn columns(scheme: &AssessmentScheme) -> Vec<ScoreColumn> {
    let column = |line: &SchemeLine| ScoreColumn {
        indicator: line.indicator,
        text: text::indicator(line.indicator).to_owned(),
        part_text: text::assessment_part(line.part).to_owned(),
        article: line.indicator.article().to_owned(),
        weight_text: hundredths(line.weight),
        scale_text: format!("{}% 至 {}%", hundredths(line.floor), hundredths(line.full)),
    };
    scheme.lines.iter().map(column).collect()
}

/// 95.20 of 9520.
pub(super) fn hundredths(n: u32) -> String {
    Points(n).text()
}

pub(super) fn percent(ratio: Option<Ratio>) -> String {
    ratio.map_or_else(|| "未发生".to_owned(), |ratio| ratio.percent_text(1))
}

pub(super) fn of_assessment(
    desk: &Desk,
    scheme: &AssessmentScheme,
    assessment: &Assessment,
) -> ScoreTable {
    let rows = assessment.units.iter().map(|score| ScoreRow {
        unit_id: score.unit.0.clone(),
        unit_name: desk.reference.unit_name(&score.unit).to_owned(),
        place: score.place,
        total_text: score.total.text(),
        cells: score
            .lines
            .iter()
            .map(|it| cell(&it.line, it.figure.ratio(), it.points))
            .collect(),
        deductions: score.deductions.iter().map(deduction).collect(),
    });
    let name = |unit: &HandlingUnitId| desk.reference.unit_name(unit).to_owned();
    ScoreTable {
        columns: columns(scheme),
        rows: rows.collect(),
        not_assessed: assessment.not_assessed.iter().map(name).collect(),
    }
}

pub(super) fn of_frozen(
    desk: &Desk,
    scheme: &AssessmentScheme,
    scores: &[FrozenScore],
) -> ScoreTable {
    let rows = scores.iter().map(|score| ScoreRow {
        unit_id: score.unit.0.clone(),
        unit_name: desk.reference.unit_name(&score.unit).to_owned(),
        place: score.place,
        total_text: score.total.text(),
        cells: score
            .lines
            .iter()
            .map(|it| cell(&it.line, it.figure.ratio(), it.points))
            .collect(),
        deductions: score.deductions.iter().map(deduction).collect(),
    });
    ScoreTable {
        columns: columns(scheme),
        rows: rows.collect(),
        not_assessed: left_out(&desk.reference.units, scores),
    }
}

/// The units of today that the period has no score of.
fn left_out(units: &HandlingUnits, scores: &[FrozenScore]) -> Vec<String> {
    let is_scored = |unit: &HandlingUnitId| scores.iter().any(|score| score.unit == *unit);
    let left = units.iter().filter(|unit| !is_scored(&unit.id));
    left.map(|unit| unit.name.clone()).collect()
}

fn cell(line: &SchemeLine, ratio: Option<Ratio>, points: Option<Points>) -> ScoreCell {
    ScoreCell {
        indicator: line.indicator,
        points_text: points.map_or_else(|| "不计入".to_owned(), Points::text),
        percent_text: percent(ratio),
        count_text: ratio.map_or_else(String::new, |it| format!("{}/{}", it.part(), it.whole())),
        is_less: points.is_some_and(|points| points.0 < line.weight),
    }
}

fn deduction(score: &DeductionScore) -> DeductionCell {
    DeductionCell {
        event_text: text::deducted_event(score.event).to_owned(),
        points_text: score.points.text(),
        numbers: score.numbers.clone(),
    }
}

/// 变动, with the orders that came, went or count otherwise.
pub(super) fn changes(
    desk: &Desk,
    reader: &Reader,
    changes: &[UnitChange],
) -> anyhow::Result<Vec<ScoreChange>> {
    let points = |points: Option<Points>| points.map_or_else(String::new, Points::text);
    let mut views = Vec::with_capacity(changes.len());
    for change in changes {
        let mut lines = Vec::with_capacity(change.lines.len());
        for line in &change.lines {
            let mut items = Vec::new();
            for item in line.items.iter().take(CHANGED_ITEMS_MAX) {
                items.push(item_row(desk, reader, item, FigurePart::Rest, "")?);
            }
            lines.push(ScoreChangeLine {
                text: text::indicator(line.indicator).to_owned(),
                before_text: points(line.before),
                after_text: points(line.after),
                n_more_items: line.items.len().saturating_sub(items.len()),
                items,
            });
        }
        views.push(ScoreChange {
            unit_name: desk.reference.unit_name(&change.unit).to_owned(),
            before_text: points(change.before),
            after_text: points(change.after),
            lines,
        });
    }
    Ok(views)
}
