//! 考核方案: the list, one with what may be done with it now, and its form.

use chrono::{Datelike as _, NaiveDate};
use domain::assessment::{
    AssessedPeriod, AssessmentCommandKind, AssessmentPart, AssessmentRefusal, AssessmentScheme,
    DeductedEvent, Deduction, NoneRule, RoundStage, SchemeLine, SchemeRecord, SchemeStage,
    commands_at, scheme_for,
};
use domain::clock_face::date_of;
use domain::indicators::{Better, Indicator};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::table::hundredths;
use super::{PeriodChoice, SchemeNumber, load, periods};
use crate::desk::Desk;
use crate::error::CallError;
use crate::{text, time_text};

/// 考核指标 of units that are better or worse by it; the others are the center's own.
const OF_UNITS: [Indicator; 13] = [
    Indicator::TimelySigning,
    Indicator::TimelyCompletion,
    Indicator::Overdue,
    Indicator::SendBack,
    Indicator::LateSendBack,
    Indicator::Extension,
    Indicator::Contact,
    Indicator::Rework,
    Indicator::TimelyFirstResponse,
    Indicator::Satisfaction,
    Indicator::WeightedSatisfaction,
    Indicator::Solved,
    Indicator::TimelyKbUpdate,
];
/// Digits of a number that a person types, at most.
const NUMBER_MAX_CHARS: usize = 8;

/// 考核项 as it is typed: 25 or 25.5 points, 80 or 80% for the marks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct SchemeLineForm {
    #[ts(type = "AssessmentPart")]
    pub part: AssessmentPart,
    #[ts(type = "Indicator")]
    pub indicator: Indicator,
    pub weight: String,
    pub floor: String,
    pub full: String,
    #[ts(type = "NoneRule")]
    pub none: NoneRule,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct DeductionForm {
    #[ts(type = "DeductedEvent")]
    pub event: DeductedEvent,
    pub each: String,
    pub at_most: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct SchemeForm {
    pub name: String,
    /// 2027-01-01.
    pub effective_from: String,
    pub lines: Vec<SchemeLineForm>,
    pub deductions: Vec<DeductionForm>,
}

#[derive(Debug, Clone, Serialize, TS)]
pub struct SchemeChecked {
    /// 分值合计: 100.00; empty where a number cannot be read.
    pub sum_text: String,
    /// Why it cannot be announced; null when it can.
    pub refusal: Option<String>,
}

#[derive(Debug, Clone, Serialize, TS)]
pub struct IndicatorChoice {
    #[ts(type = "Indicator")]
    pub indicator: Indicator,
    pub text: String,
    pub article: String,
    /// 越高越好 or 越低越好.
    pub better_text: String,
}

#[derive(Debug, Clone, Serialize, TS)]
pub struct PartChoice {
    #[ts(type = "AssessmentPart")]
    pub part: AssessmentPart,
    pub text: String,
}

#[derive(Debug, Clone, Serialize, TS)]
pub struct EventChoice {
    #[ts(type = "DeductedEvent")]
    pub event: DeductedEvent,
    pub text: String,
}

#[derive(Debug, Clone, Serialize, TS)]
pub struct NoneChoice {
    #[ts(type = "NoneRule")]
    pub none: NoneRule,
    pub text: String,
}

#[derive(Debug, Clone, Serialize, TS)]
pub struct SchemeRow {
    pub number: String,
    pub name: String,
    pub version: u32,
    #[ts(type = "SchemeStage")]
    pub stage: SchemeStage,
    pub stage_text: String,
    pub effective_text: String,
    /// 本期适用: this month is assessed by it.
    pub is_in_force: bool,
    /// 申诉待裁定 over all its periods.
    pub n_open_appeals: usize,
}

#[derive(Debug, Clone, Serialize, TS)]
pub struct AssessmentSchemes {
    pub schemes: Vec<SchemeRow>,
    /// What a new one begins with.
    pub blank: SchemeForm,
    pub periods: Vec<PeriodChoice>,
    pub indicators: Vec<IndicatorChoice>,
    pub parts: Vec<PartChoice>,
    pub events: Vec<EventChoice>,
    pub nones: Vec<NoneChoice>,
    /// Why none can be drafted; null when one can.
    pub draft_refusal: Option<String>,
}

#[derive(Debug, Clone, Serialize, TS)]
pub struct AssessmentCommandState {
    #[ts(type = "AssessmentCommandKind")]
    pub command: AssessmentCommandKind,
    pub text: String,
    /// Null when it may be given.
    pub refusal: Option<String>,
}

#[derive(Debug, Clone, Serialize, TS)]
pub struct RoundRow {
    pub period: String,
    pub period_text: String,
    #[ts(type = "RoundStage")]
    pub stage: RoundStage,
    pub stage_text: String,
    pub n_open_appeals: usize,
}

#[derive(Debug, Clone, Serialize, TS)]
pub struct SchemeDetail {
    pub row: SchemeRow,
    /// Sent back with every act.
    pub version: u32,
    pub form: SchemeForm,
    pub drafted_text: String,
    /// Empty while it is a draft.
    pub announced_text: String,
    /// The latest period first.
    pub rounds: Vec<RoundRow>,
    pub commands: Vec<AssessmentCommandState>,
}

/// 考核方案, the one that begins last first.
pub(crate) fn assessment_schemes(desk: &Desk, (): ()) -> Result<AssessmentSchemes, CallError> {
    let now = desk.now();
    let today = date_of(now);
    let records = desk.store.read(|reader| Ok(reader.assessments()?))?;
    let next_year = NaiveDate::from_ymd_opt(today.year() + 1, 1, 1);
    let blank = AssessmentScheme::of_the_house(next_year.unwrap_or(today));
    let indicators = OF_UNITS.into_iter().map(|indicator| IndicatorChoice {
        indicator,
        text: text::indicator(indicator).to_owned(),
        article: indicator.article().to_owned(),
        better_text: match indicator.better() {
            Some(Better::Higher) => "越高越好",
            Some(Better::Lower) => "越低越好",
            None => "",
        }
        .to_owned(),
    });
    let parts = AssessmentPart::ALL.into_iter().map(|part| PartChoice {
        part,
        text: text::assessment_part(part).to_owned(),
    });
    let events = DeductedEvent::ALL.into_iter().map(|event| EventChoice {
        event,
        text: text::deducted_event(event).to_owned(),
    });
    let nones = NoneRule::ALL.into_iter().map(|none| NoneChoice {
        none,
        text: text::none_rule(none).to_owned(),
    });
    Ok(AssessmentSchemes {
        schemes: records.iter().map(|it| row(it, &records, today)).collect(),
        blank: form_of(&blank),
        periods: periods(now),
        indicators: indicators.collect(),
        parts: parts.collect(),
        events: events.collect(),
        nones: nones.collect(),
        draft_refusal: draft_refusal(desk),
    })
}

fn draft_refusal(desk: &Desk) -> Option<String> {
    use domain::Role;
    const DRAFTERS: &[Role] = &[Role::Analyst, Role::Supervisor];
    let refusal = AssessmentRefusal::NotPermitted { roles: DRAFTERS };
    (!desk.operator.holds_any(DRAFTERS)).then(|| text::assessment_refusal(&refusal))
}

fn row(record: &SchemeRecord, all: &[SchemeRecord], today: NaiveDate) -> SchemeRow {
    let this_month = AssessedPeriod::month_of(today);
    let in_force = scheme_for(all, this_month).map(|it| &it.number);
    SchemeRow {
        number: record.number.clone(),
        name: record.scheme.name.clone(),
        version: record.scheme.version,
        stage: record.stage,
        stage_text: text::scheme_stage(record.stage).to_owned(),
        effective_text: time_text::date(record.scheme.effective_from),
        is_in_force: in_force == Some(&record.number),
        n_open_appeals: record
            .rounds
            .iter()
            .map(|round| round.open_appeals().count())
            .sum(),
    }
}

/// 考核方案.
pub(crate) fn assessment_scheme(
    desk: &Desk,
    request: SchemeNumber,
) -> Result<SchemeDetail, CallError> {
    let record = load(desk, &request.number)?;
    let all = desk.store.read(|reader| Ok(reader.assessments()?))?;
    let announced_text = match (&record.document, record.announced_at, &record.announced_by) {
        (Some(document), Some(at), Some(by)) => format!(
            "{document}，{} {}公布",
            desk.person_text(by),
            time_text::moment(at)
        ),
        (_, _, _) => String::new(),
    };
    let mut rounds: Vec<RoundRow> = record
        .rounds
        .iter()
        .map(|round| RoundRow {
            period: round.period.id(),
            period_text: text::assessed_period(round.period),
            stage: round.stage,
            stage_text: text::round_stage(round.stage).to_owned(),
            n_open_appeals: round.open_appeals().count(),
        })
        .collect();
    rounds.sort_by(|one, other| other.period.cmp(&one.period));
    Ok(SchemeDetail {
        row: row(&record, &all, date_of(desk.now())),
        version: record.n_events,
        form: form_of(&record.scheme),
        drafted_text: desk.person_text(&record.drafted_by),
        announced_text,
        rounds,
        commands: command_states(
            commands_at(&record, None, &desk.operator)
                .filter(|(command, _)| *command != AssessmentCommandKind::Draft),
        ),
    })
}

pub(super) fn command_states(
    commands: impl Iterator<Item = (AssessmentCommandKind, Option<AssessmentRefusal>)>,
) -> Vec<AssessmentCommandState> {
    commands
        .map(|(command, refusal)| AssessmentCommandState {
            command,
            text: text::assessment_command(command).to_owned(),
            refusal: refusal.as_ref().map(text::assessment_refusal),
        })
        .collect()
}

/// 核对表单, while it is being filled in.
pub(crate) fn check_scheme(_desk: &Desk, request: SchemeForm) -> Result<SchemeChecked, CallError> {
    let sum = request.lines.iter().try_fold(0_u32, |sum, line| {
        Some(sum.saturating_add(read_number(&line.weight)?))
    });
    let refusal = match scheme_of(&request, 1) {
        Ok(scheme) => scheme.check().err().map(|it| text::scheme_refusal(&it)),
        Err(CallError::Invalid { message }) => Some(message),
        Err(other) => return Err(other),
    };
    Ok(SchemeChecked {
        sum_text: sum.map_or_else(String::new, hundredths),
        refusal,
    })
}

fn form_of(scheme: &AssessmentScheme) -> SchemeForm {
    SchemeForm {
        name: scheme.name.clone(),
        effective_from: scheme.effective_from.to_string(),
        lines: scheme
            .lines
            .iter()
            .map(|line| SchemeLineForm {
                part: line.part,
                indicator: line.indicator,
                weight: plain(line.weight),
                floor: plain(line.floor),
                full: plain(line.full),
                none: line.none,
            })
            .collect(),
        deductions: scheme
            .deductions
            .iter()
            .map(|it| DeductionForm {
                event: it.event,
                each: plain(it.each),
                at_most: plain(it.at_most),
            })
            .collect(),
    }
}

/// 25, 25.5 or 25.55 of hundredths.
fn plain(n: u32) -> String {
    let text = hundredths(n);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// The scheme that a form says, not yet held against the rules.
pub(super) fn scheme_of(form: &SchemeForm, version: u32) -> Result<AssessmentScheme, CallError> {
    let number = |text: &str, what: &str| {
        read_number(text).ok_or_else(|| {
            CallError::invalid(format!(
                "{what}“{text}”请写成 25 或 25.5 的样子，最多两位小数。"
            ))
        })
    };
    let day = NaiveDate::parse_from_str(form.effective_from.trim(), "%Y-%m-%d");
    let effective_from =
        day.map_err(|_unreadable| CallError::invalid("执行日期请写成 2027-01-01 的样子。"))?;
    let mut lines = Vec::with_capacity(form.lines.len());
    for line in &form.lines {
        if !OF_UNITS.contains(&line.indicator) {
            return Err(CallError::invalid(format!(
                "“{}”不是承办单位的指标。",
                text::indicator(line.indicator)
            )));
        }
        lines.push(SchemeLine {
            part: line.part,
            indicator: line.indicator,
            weight: number(&line.weight, "分值")?,
            floor: number(&line.floor, "底线")?,
            full: number(&line.full, "满分线")?,
            none: line.none,
        });
    }
    let mut deductions = Vec::with_capacity(form.deductions.len());
    for it in &form.deductions {
        deductions.push(Deduction {
            event: it.event,
            each: number(&it.each, "每次扣分")?,
            at_most: number(&it.at_most, "最多扣分")?,
        });
    }
    Ok(AssessmentScheme {
        id: "QX".to_owned(),
        version,
        name: form.name.trim().to_owned(),
        effective_from,
        lines,
        deductions,
    })
}

/// 25, 25.5, 80% in hundredths; `None` for anything else.
fn read_number(text: &str) -> Option<u32> {
    let text = text.trim().trim_end_matches('%').trim_end();
    let (whole, part) = text.split_once('.').unwrap_or((text, "0"));
    let is_digits = |it: &str| !it.is_empty() && it.chars().all(|c| c.is_ascii_digit());
    if text.len() > NUMBER_MAX_CHARS || !is_digits(whole) || !is_digits(part) || part.len() > 2 {
        return None;
    }
    let whole: u32 = whole.parse().ok()?;
    let hundredths: u32 = format!("{part:0<2}").parse().ok()?;
    whole.checked_mul(100)?.checked_add(hundredths)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_as_people_type_them() {
        let read = [
            "25",
            "25.5",
            " 80% ",
            "0.05",
            "100.00",
            "",
            "-1",
            "1.234",
            "八十",
            "1e3",
            "99999999999",
        ]
        .map(read_number);
        let wanted = [
            Some(2_500),
            Some(2_550),
            Some(8_000),
            Some(5),
            Some(10_000),
            None,
            None,
            None,
            None,
            None,
            None,
        ];
        assert_eq!(read, wanted);
        assert_eq!([2_500, 2_550, 5, 0].map(plain), ["25", "25.5", "0.05", "0"]);
    }

    #[test]
    fn the_scheme_of_the_house_goes_through_the_form_and_back() {
        let day = NaiveDate::from_ymd_opt(2027, 1, 1).unwrap();
        let scheme = AssessmentScheme::of_the_house(day);
        assert_eq!(scheme_of(&form_of(&scheme), 1).unwrap(), scheme);
    }
}
