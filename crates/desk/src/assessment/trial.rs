//! 试算: what a period comes to by a scheme as the orders are now, marked as such, and what another version of
//! the scheme or a changed past would make of it. Nothing is kept.

use chrono::{DateTime, Utc};
use domain::assessment::{Assessment, SchemeRecord, compare};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::count::{count, frozen};
use super::table::{ScoreChange, ScoreTable, changes, of_assessment, percent};
use super::{RoundKey, load, read_period, scheme_name};
use crate::desk::Desk;
use crate::error::CallError;
use crate::{text, time_text};

#[derive(Debug, Clone, Deserialize, TS)]
pub struct TrialAsk {
    pub number: String,
    /// 2026-10 or 2026.
    pub period: String,
    /// Another scheme to compare with; null for none.
    pub against: Option<String>,
}

#[derive(Debug, Clone, Serialize, TS)]
pub struct Trial {
    pub scheme_text: String,
    pub period_text: String,
    /// 统计时点.
    pub as_of_text: String,
    pub table: ScoreTable,
    /// The other scheme; empty for none.
    pub against_text: String,
    pub changes: Vec<ScoreChange>,
}

/// A figure that would be another if it were counted now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct RecountLine {
    pub unit_id: String,
    pub unit_name: String,
    pub text: String,
    pub before_text: String,
    pub after_text: String,
}

#[derive(Debug, Clone, Serialize, TS)]
pub struct Recount {
    pub as_of_text: String,
    pub lines: Vec<RecountLine>,
}

/// 试算.
pub(crate) fn trial_assessment(desk: &Desk, request: TrialAsk) -> Result<Trial, CallError> {
    let now = desk.now();
    let record = load(desk, &request.number)?;
    let period = read_period(&request.period)?;
    let of = |record: &SchemeRecord, as_of: DateTime<Utc>| -> Result<Assessment, CallError> {
        let counted = desk
            .store
            .read(|reader| count(desk, reader, &record.scheme, period, as_of));
        Ok(counted?)
    };
    let counted = of(&record, now)?;
    let against = request.against.filter(|number| !number.is_empty());
    let other = against.map(|number| load(desk, &number)).transpose()?;
    let (against_text, changed) = match &other {
        None => (String::new(), Vec::new()),
        Some(other) => {
            let before = of(other, now)?;
            let found = compare(&before, &counted);
            let views = desk.store.read(|reader| changes(desk, reader, &found))?;
            (scheme_name(other), views)
        }
    };
    Ok(Trial {
        scheme_text: scheme_name(&record),
        period_text: text::assessed_period(period),
        as_of_text: time_text::dated(now),
        table: of_assessment(desk, &record.scheme, &counted),
        against_text,
        changes: changed,
    })
}

/// 复核: which of the frozen figures would be others now.
pub(crate) fn recount_round(desk: &Desk, request: RoundKey) -> Result<Recount, CallError> {
    let now = desk.now();
    let record = load(desk, &request.number)?;
    let period = read_period(&request.period)?;
    let round = record.round(period);
    let round = round.ok_or(domain::assessment::AssessmentRefusal::NotCounted)?;
    let counted = desk
        .store
        .read(|reader| count(desk, reader, &record.scheme, period, now))?;
    let after = frozen(&counted);
    let mut lines = Vec::new();
    for before in &round.units {
        let now_of_unit = after.iter().find(|it| it.unit == before.unit);
        for (nth, figure) in before.figures.iter().enumerate() {
            let other = now_of_unit.and_then(|it| it.figures.get(nth));
            if other.is_some_and(|it| it.sha256 == figure.sha256) {
                continue;
            }
            let said = |ratio: Option<domain::indicators::Ratio>| match ratio {
                Some(it) => format!("{}（{}/{}）", percent(Some(it)), it.part(), it.whole()),
                None => percent(None),
            };
            lines.push(RecountLine {
                unit_id: before.unit.0.clone(),
                unit_name: desk.reference.unit_name(&before.unit).to_owned(),
                text: text::indicator(figure.indicator).to_owned(),
                before_text: said(figure.ratio()),
                after_text: said(other.and_then(domain::assessment::FrozenFigure::ratio)),
            });
        }
    }
    Ok(Recount {
        as_of_text: time_text::dated(now),
        lines,
    })
}
