//! 考核期: what was counted, the appeals, what came of them; and the months of a year side by side.

use std::collections::BTreeMap;

use domain::assessment::{
    AssessedPeriod, AssessmentCommandKind, AssessmentRound, RoundStage, SchemeRecord, ScoreAppeal,
    commands_at,
};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::scheme::{AssessmentCommandState, command_states};
use super::table::{ScoreTable, of_frozen};
use super::{RoundKey, load, read_period, scheme_name};
use crate::desk::Desk;
use crate::error::CallError;
use crate::{text, time_text};

/// Months of a year.
const MONTHS: u32 = 12;

#[derive(Debug, Clone, Serialize, TS)]
pub struct AppealView {
    pub number: u32,
    pub unit_name: String,
    /// 按时办结率，20261012-W01-0003.
    pub target_text: String,
    pub reason: String,
    pub recorded_text: String,
    /// 采纳，剔除：…; empty while it is open.
    pub ruling_text: String,
    pub is_open: bool,
}

#[derive(Debug, Clone, Serialize, TS)]
pub struct RoundDetail {
    pub number: String,
    pub period: String,
    pub period_text: String,
    pub scheme_text: String,
    /// Null before it is counted.
    #[ts(type = "RoundStage | null")]
    pub stage: Option<RoundStage>,
    pub stage_text: String,
    /// Of the scheme; sent back with every act.
    pub version: u32,
    /// 2026年11月2日 09:00 计数，唐静 1010.
    pub counted_text: String,
    /// 申诉截止; empty before it is put out.
    pub appeals_until_text: String,
    pub finalised_text: String,
    /// 文号 of the bulletin.
    pub document: String,
    /// With every correction; null before it is counted.
    pub table: Option<ScoreTable>,
    pub appeals: Vec<AppealView>,
    pub commands: Vec<AssessmentCommandState>,
}

#[derive(Debug, Clone, Deserialize, TS)]
pub struct YearAsk {
    pub year: i32,
}

#[derive(Debug, Clone, Serialize, TS)]
pub struct YearRow {
    pub unit_name: String,
    /// From January on; empty where there is no final score.
    pub months: Vec<String>,
    /// 年度得分 and place; empty before the year is final.
    pub year_text: String,
    pub place_text: String,
}

#[derive(Debug, Clone, Serialize, TS)]
pub struct YearTable {
    pub year: i32,
    pub rows: Vec<YearRow>,
    /// From January on: 方案编号 by which the month is final, to open it by; empty where it is not.
    pub month_schemes: Vec<String>,
    /// The same of the year as a whole.
    pub year_scheme: String,
    /// Months that are final, of twelve.
    pub n_months: usize,
    pub has_year: bool,
}

/// 考核期.
pub(crate) fn assessment_round(desk: &Desk, request: RoundKey) -> Result<RoundDetail, CallError> {
    let record = load(desk, &request.number)?;
    let period = read_period(&request.period)?;
    let round = record.round(period);
    let said = |say: &dyn Fn(&AssessmentRound) -> String| round.map_or_else(String::new, say);
    Ok(RoundDetail {
        number: record.number.clone(),
        period: period.id(),
        period_text: text::assessed_period(period),
        scheme_text: scheme_name(&record),
        stage: round.map(|round| round.stage),
        stage_text: round
            .map_or("未计数", |round| text::round_stage(round.stage))
            .to_owned(),
        version: record.n_events,
        counted_text: said(&|round| {
            format!(
                "{} 计数，{}",
                time_text::dated(round.counted_at),
                desk.person_text(&round.counted_by)
            )
        }),
        appeals_until_text: said(&|round| {
            round
                .appeals_until
                .map_or_else(String::new, time_text::date)
        }),
        finalised_text: said(&|round| match (&round.finalised_by, round.finalised_at) {
            (Some(by), Some(at)) => {
                format!("{} 定稿，{}", time_text::dated(at), desk.person_text(by))
            }
            (_, _) => String::new(),
        }),
        document: said(&|round| round.document.clone().unwrap_or_default()),
        table: round.map(|round| of_frozen(desk, &record.scheme, &round.result(&record.scheme))),
        appeals: round.map_or_else(Vec::new, |round| {
            round.appeals.iter().map(|it| appeal(desk, it)).collect()
        }),
        commands: command_states(commands_at(&record, Some(period), &desk.operator).filter(
            // A ruling is given beside its appeal.
            |(command, _)| round.is_some() || *command == AssessmentCommandKind::Count,
        )),
    })
}

fn appeal(desk: &Desk, appeal: &ScoreAppeal) -> AppealView {
    let ruling_text = appeal.ruling.as_ref().map(|ruling| {
        let said = text::appeal_ruling(ruling.correction);
        let by = desk.person_text(&ruling.by);
        format!(
            "{said}：{}（{by}，{}）",
            ruling.reason,
            time_text::moment(ruling.at)
        )
    });
    AppealView {
        number: appeal.number,
        unit_name: desk.reference.unit_name(&appeal.unit).to_owned(),
        target_text: text::appeal_target(&appeal.target),
        reason: appeal.reason.clone(),
        recorded_text: format!(
            "{}登记，{}",
            desk.person_text(&appeal.recorded_by),
            time_text::moment(appeal.recorded_at)
        ),
        is_open: ruling_text.is_none(),
        ruling_text: ruling_text.unwrap_or_default(),
    }
}

/// 年度总表: what is final of a year, month by month.
pub(crate) fn assessment_year(desk: &Desk, request: YearAsk) -> Result<YearTable, CallError> {
    let records = desk.store.read(|reader| Ok(reader.assessments()?))?;
    let year = request.year;
    let of_month = |month| final_scores(&records, AssessedPeriod::Month { year, month });
    let months: Vec<_> = (1..=MONTHS).map(of_month).collect();
    let whole = final_scores(&records, AssessedPeriod::Year { year });
    let mut rows = BTreeMap::<String, YearRow>::new();
    let empty = |unit: &str| YearRow {
        unit_name: unit.to_owned(),
        months: vec![String::new(); months.len()],
        year_text: String::new(),
        place_text: String::new(),
    };
    for (nth, month) in months.iter().enumerate() {
        for (unit, total, _) in month.iter().flat_map(|it| &it.scores) {
            let name = desk.reference.unit_name(unit);
            let row = rows.entry(name.to_owned()).or_insert_with(|| empty(name));
            if let Some(cell) = row.months.get_mut(nth) {
                cell.clone_from(total);
            }
        }
    }
    for (unit, total, place) in whole.iter().flat_map(|it| &it.scores) {
        let name = desk.reference.unit_name(unit);
        let row = rows.entry(name.to_owned()).or_insert_with(|| empty(name));
        row.year_text.clone_from(total);
        row.place_text = place.to_string();
    }
    let mut rows: Vec<YearRow> = rows.into_values().collect();
    let place = |row: &YearRow| row.place_text.parse::<u32>().unwrap_or(u32::MAX);
    rows.sort_by_key(|row| (place(row), row.unit_name.clone()));
    let scheme = |period: &Option<FinalPeriod>| {
        let scheme = period.as_ref().map(|it| it.scheme.clone());
        scheme.unwrap_or_default()
    };
    Ok(YearTable {
        year,
        rows,
        month_schemes: months.iter().map(scheme).collect(),
        year_scheme: scheme(&whole),
        n_months: months.iter().flatten().count(),
        has_year: whole.is_some(),
    })
}

/// A period that is final.
struct FinalPeriod {
    /// 方案编号.
    scheme: String,
    /// 得分 with corrections, and place.
    scores: Vec<(domain::HandlingUnitId, String, u32)>,
}

/// The scores of a period that is final, by whichever scheme; `None` where there are none.
fn final_scores(records: &[SchemeRecord], period: AssessedPeriod) -> Option<FinalPeriod> {
    let is_final = |round: &&AssessmentRound| match round.stage {
        RoundStage::Counted | RoundStage::Published => false,
        RoundStage::Finalised | RoundStage::Reported => true,
    };
    records.iter().find_map(|record| {
        let round = record.round(period).filter(is_final)?;
        let scores = round.result(&record.scheme).into_iter();
        Some(FinalPeriod {
            scheme: record.number.clone(),
            scores: scores
                .map(|score| (score.unit, score.total.text(), score.place))
                .collect(),
        })
    })
}
