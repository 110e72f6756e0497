//! 考核的文书和表: the bulletin as PDF or docx, the table of scores as xlsx. What is said follows from what was
//! counted; what is asked of the units a person writes.

use std::io::Write;

use chrono::{DateTime, Utc};
use documents::blank::FormKind;
use documents::form::Values;
use documents::long_table::{LongCell, LongColumn, LongTable, LongTableError};
use documents::watermark::Watermark;
use domain::assessment::{
    AssessedPeriod, Assessment, AssessmentPart, AssessmentRefusal, AssessmentRound,
    AssessmentScheme, FrozenScore, LineScore, NoneRule, RoundStage, SchemeLine, SchemeRecord,
};
use domain::clock_face::date_of;
use domain::indicators::{Figure, Indicator, Ratio};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::count::count;
use super::round::{YearAsk, YearTable, assessment_year};
use super::table::percent;
use super::{RoundKey, load, read_period, scheme_name};
use crate::desk::Desk;
use crate::error::CallError;
use crate::export::{Cleared, Export};
use crate::handed::{Handed, unwritten};
use crate::host::DeskHost;
use crate::order_form::{self, FormOutput};
use crate::{text, time_text};

const PURPOSE: &str = "考核";
/// The longest text of what is asked of the units, in characters.
const DEMANDS_MAX_CHARS: usize = 4_000;
/// 通报样表 besides the scores: what of each unit it says.
const BULLETIN: [Indicator; 8] = [
    Indicator::TimelyCompletion,
    Indicator::Overdue,
    Indicator::TimelySigning,
    Indicator::SendBack,
    Indicator::Extension,
    Indicator::SuccessfulScreening,
    Indicator::Satisfaction,
    Indicator::TimelyKbUpdate,
];

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum AssessmentOutput {
    Xlsx,
    Pdf,
    Docx,
}

#[derive(Debug, Clone, Deserialize, TS)]
pub struct ExportAssessment {
    pub round: RoundKey,
    pub output: AssessmentOutput,
    /// 有关要求 of the bulletin, as a person wrote them; may be empty.
    pub demands: String,
}

/// 导出考核: the bulletin of a period that is final, or its table of scores at any stage.
pub(crate) fn export_assessment(
    host: &DeskHost,
    export: Export<'_>,
    request: ExportAssessment,
) -> Result<Handed, CallError> {
    let (desk, now) = (export.desk, export.now);
    let export = export.freely("units and their scores; no citizen, and one row a unit");
    let record = load(desk, &request.round.number)?;
    let period = read_period(&request.round.period)?;
    let round = record.round(period).ok_or(AssessmentRefusal::NotCounted)?;
    if request.demands.chars().count() > DEMANDS_MAX_CHARS {
        return Err(CallError::invalid(format!(
            "有关要求最多 {DEMANDS_MAX_CHARS} 字。"
        )));
    }
    let output = match request.output {
        AssessmentOutput::Xlsx => return scores(host, export, &record, round),
        AssessmentOutput::Pdf => FormOutput::Pdf,
        AssessmentOutput::Docx => FormOutput::Docx,
    };
    match round.stage {
        RoundStage::Counted | RoundStage::Published => {
            return Err(CallError::invalid(
                "通报在定稿以后生成；现在可以导出 Excel 得分表。",
            ));
        }
        RoundStage::Finalised | RoundStage::Reported => {}
    }
    let values = bulletin(desk, &record, round, &request.demands, now)?;
    let name = format!("考核通报（{}）", text::assessed_period(period));
    order_form::hand_out(
        host,
        export,
        FormKind::Bulletin,
        &values,
        PURPOSE,
        output,
        &name,
    )
}

/// A scheme whose lines are what the table of the bulletin says; nothing is scored by it.
fn of_bulletin(record: &SchemeRecord) -> AssessmentScheme {
    let line = |indicator| SchemeLine {
        part: AssessmentPart::Handling,
        indicator,
        weight: 0,
        floor: 0,
        full: 1,
        none: NoneRule::LeftOut,
    };
    AssessmentScheme {
        lines: BULLETIN.into_iter().map(line).collect(),
        deductions: Vec::new(),
        ..record.scheme.clone()
    }
}

fn bulletin(
    desk: &Desk,
    record: &SchemeRecord,
    round: &AssessmentRound,
    demands: &str,
    now: DateTime<Utc>,
) -> Result<Values, CallError> {
    let scheme = of_bulletin(record);
    let counted = desk
        .store
        .read(|reader| count(desk, reader, &scheme, round.period, round.counted_at))?;
    let scores = round.result(&record.scheme);
    let period_text = text::assessed_period(round.period);
    let mut values = Values::default();
    values.set("主送", "各乡镇人民政府、街道办事处，县级各部门（单位）");
    values.set("正文", said(record, round, &scores, &counted));
    values.set("表题", format!("{period_text}承办单位考核情况"));
    values.set("要求", demands.trim());
    values.set("落款单位", "渠县行政审批局");
    values.set("成文日期", time_text::date(date_of(now)));
    values.set("发文机关", "渠县行政审批局");
    values.set("统计期间", period_text);
    let document = round.document.clone();
    values.set(
        "发文字号",
        document.unwrap_or_else(|| "（文号待编）".to_owned()),
    );
    values.list("单位");
    values.list("得分");
    for score in &scores {
        let name = desk.reference.unit_name(&score.unit).to_owned();
        let of_unit = counted.units.iter().find(|it| it.unit == score.unit);
        let lines: &[LineScore] = of_unit.map_or(&[], |it| &it.lines);
        let figure = |indicator: Indicator| {
            let mut lines = lines.iter();
            let line = lines.find(|it| it.line.indicator == indicator);
            line.map(|it| &it.figure)
        };
        let part = |indicator: Indicator| {
            let n = figure(indicator).map_or(0, |it: &Figure| it.numerator.len());
            n.to_string()
        };
        let whole = |indicator: Indicator| {
            let n = figure(indicator).map_or(0, |it: &Figure| it.denominator.len());
            n.to_string()
        };
        let ratio = |indicator: Indicator| percent(figure(indicator).and_then(Figure::ratio));
        let row = [
            ("名次", score.place.to_string()),
            ("单位", name.clone()),
            // 退单率 is of what was delivered.
            ("派遣", whole(Indicator::SendBack)),
            ("按时办结率", ratio(Indicator::TimelyCompletion)),
            ("超期", part(Indicator::Overdue)),
            ("签收及时率", ratio(Indicator::TimelySigning)),
            ("退回", part(Indicator::SendBack)),
            ("延期", part(Indicator::Extension)),
            ("甄别", whole(Indicator::SuccessfulScreening)),
            ("满意率", ratio(Indicator::Satisfaction)),
            ("知识", part(Indicator::TimelyKbUpdate)),
            ("得分", score.total.text()),
        ];
        values.push("单位", &row);
        values.push("得分", &[("单位", name), ("得分", score.total.text())]);
    }
    Ok(values)
}

/// 正文: nothing but what was counted.
fn said(
    record: &SchemeRecord,
    round: &AssessmentRound,
    scores: &[FrozenScore],
    counted: &Assessment,
) -> String {
    let of_county = |indicator: Indicator| {
        let lines = counted.units.iter().flat_map(|unit| &unit.lines);
        let of_line = lines.filter(|it| it.line.indicator == indicator);
        let (part, whole) = of_line.fold((0, 0), |(part, whole), it| {
            let ratio = it.figure.ratio();
            let own = ratio.map_or((0, 0), |it| (it.part(), it.whole()));
            (part + own.0, whole + own.1)
        });
        percent(Ratio::new(part, whole))
    };
    let n_delivered: usize = counted
        .units
        .iter()
        .flat_map(|unit| &unit.lines)
        .filter(|it| it.line.indicator == Indicator::SendBack)
        .map(|it| it.figure.denominator.len())
        .sum();
    let n_upheld = round
        .appeals
        .iter()
        .filter(|it| it.ruling.as_ref().is_some_and(|it| it.correction.is_some()))
        .count();
    let n_deducted = scores.iter().filter(|it| !it.deductions.is_empty()).count();
    let period = text::assessed_period(round.period);
    let mut text = format!(
        "按照{}，对{period}12345热线办理工作进行了考核。本期共送达承办单位工单 {n_delivered} 件次，按时办结率{}，签收及时率{}，满意率{}。现将有关情况通报如下。\n一、总体情况\n参加考核的单位 {} 个，有扣分事项的单位 {n_deducted} 个。",
        scheme_name(record),
        of_county(Indicator::TimelyCompletion),
        of_county(Indicator::TimelySigning),
        of_county(Indicator::Satisfaction),
        scores.len(),
    );
    if !counted.not_assessed.is_empty() {
        text.push_str(&format!(
            "本期没有可计数事项、未参加考核的单位 {} 个。",
            counted.not_assessed.len()
        ));
    }
    if round.appeals.is_empty() {
        text.push_str("公示期间没有单位提出申诉。");
    } else {
        text.push_str(&format!(
            "公示期间受理申诉 {} 件，采纳更正 {n_upheld} 件。",
            round.appeals.len()
        ));
    }
    text.push_str("\n二、排名情况\n各单位得分和名次见下表，得分相同的名次并列。");
    text
}

/// 得分表: the units by the lines of the scheme.
fn scores(
    host: &DeskHost,
    export: Cleared<'_>,
    record: &SchemeRecord,
    round: &AssessmentRound,
) -> Result<Handed, CallError> {
    let desk = export.desk;
    let scores = round.result(&record.scheme);
    let column = |name: &str, width| LongColumn {
        name: name.to_owned(),
        width,
    };
    let mut columns = vec![
        column("名次", 6),
        column("承办单位", 26),
        column("得分", 10),
    ];
    for line in &record.scheme.lines {
        let name = text::indicator(line.indicator);
        columns.push(column(&format!("{name}得分"), 12));
        columns.push(column(name, 12));
        columns.push(column(&format!("{name}（计数）"), 14));
    }
    for event in &record.scheme.deductions {
        let name = text::deducted_event(event.event);
        columns.push(column(&format!("{name}扣分"), 10));
        columns.push(column(&format!("{name}（编号）"), 24));
    }
    let period = text::assessed_period(round.period);
    let state = text::round_stage(round.stage);
    let name = format!("考核得分表（{period}，{state}）.xlsx");
    let mark = export.watermark(PURPOSE);
    let title = title_of(round.period);
    host.hand_out_written(export, &name, |out| {
        let mut table = LongTable::begin(out, &title, &columns, &mark).map_err(failed)?;
        for score in &scores {
            let texts = cells(desk, record, score);
            let row: Vec<LongCell<'_>> = texts
                .iter()
                .map(|(text, is_number)| match text.parse::<f64>() {
                    Ok(number) if *is_number => LongCell::Number(number),
                    Ok(_) | Err(_) => LongCell::Text(text),
                })
                .collect();
            table.row(&row).map_err(failed)?;
        }
        table.finish().map_err(failed)?;
        Ok(format!("已导出 {} 个单位。", scores.len()))
    })
}

/// 导出年度总表: what is final of a year, month by month.
pub(crate) fn export_assessment_year(
    host: &DeskHost,
    export: Export<'_>,
    request: YearAsk,
) -> Result<Handed, CallError> {
    let export = export.freely("units and their scores; no citizen, and one row a unit");
    let table = assessment_year(export.desk, request)?;
    if table.rows.is_empty() {
        return Err(CallError::invalid("这一年还没有定稿的考核期。"));
    }
    let title = format!("{}年考核年度总表", table.year);
    let mark = export.watermark(PURPOSE);
    host.hand_out_written(export, &format!("{title}.xlsx"), |out| {
        write_year(&table, &title, out, &mark)?;
        Ok(format!("已导出 {} 个单位。", table.rows.len()))
    })
}

/// The rows of the year as they are shown.
pub(super) fn write_year(
    table: &YearTable,
    title: &str,
    out: impl Write,
    mark: &Watermark,
) -> Result<(), CallError> {
    let column = |name: String, width| LongColumn { name, width };
    let mut columns = vec![
        column("名次".to_owned(), 6),
        column("承办单位".to_owned(), 26),
    ];
    columns.extend((1..=table.month_schemes.len()).map(|month| column(format!("{month}月"), 8)));
    columns.push(column("全年".to_owned(), 10));
    let mut sheet = LongTable::begin(out, title, &columns, mark).map_err(failed)?;
    for row in &table.rows {
        let numbers = row.months.iter().chain([&row.year_text]);
        let mut cells = vec![number(&row.place_text), LongCell::Text(&row.unit_name)];
        cells.extend(numbers.map(|text| number(text)));
        sheet.row(&cells).map_err(failed)?;
    }
    sheet.finish().map_err(failed)?;
    Ok(())
}

/// What is a number counts as one; what is open stays empty.
fn number(text: &str) -> LongCell<'_> {
    text.parse().map_or(LongCell::Text(text), LongCell::Number)
}

fn title_of(period: AssessedPeriod) -> String {
    format!("{}考核得分", text::assessed_period(period))
}

/// The cells of a unit, each with whether it is a number.
fn cells(desk: &Desk, record: &SchemeRecord, score: &FrozenScore) -> Vec<(String, bool)> {
    let mut cells = vec![
        (score.place.to_string(), true),
        (desk.reference.unit_name(&score.unit).to_owned(), false),
        (score.total.text(), true),
    ];
    for line in &score.lines {
        let ratio = line.figure.ratio();
        let points = line
            .points
            .map_or_else(|| "不计入".to_owned(), domain::assessment::Points::text);
        let count = ratio.map_or_else(String::new, |it| format!("{}/{}", it.part(), it.whole()));
        cells.extend([(points, true), (percent(ratio), false), (count, false)]);
    }
    for event in &record.scheme.deductions {
        let mut deductions = score.deductions.iter();
        let found = deductions.find(|it| it.event == event.event);
        let points = found.map_or_else(|| "0".to_owned(), |it| it.points.text());
        let numbers = found.map_or_else(String::new, |it| it.numbers.join("、"));
        cells.extend([(points, true), (numbers, false)]);
    }
    cells
}

fn failed(error: LongTableError) -> CallError {
    match error {
        LongTableError::Unwritten(error) => unwritten(error),
        LongTableError::TooMany { .. }
        | LongTableError::CellTooLong { .. }
        | LongTableError::Unpacked(_) => CallError::Fault(error.into()),
    }
}
