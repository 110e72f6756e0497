//! What a report is drafted from: figures of the analysis, hot issues, and orders by their numbers. Nothing
//! of what a caller said is in it, no title and no place to the door.

use chrono::{Days, NaiveDate};
use desk_store::{CountAsk, CountedValue, Counts, OrderPosition, Reader, WorkOrderRecord};
use domain::analysis::{AnalysisPeriod, Dimension, Figure, OrderFigures};
use domain::clock_face::date_of;
use domain::matter::MatterKind;
use domain::work_report::{WorkReportKind, WorkReportRefusal};

use super::DraftWorkReport;
use crate::analysis::{
    AnalysisAsk, AnalysisDays, AnalysisFilter, categories, day_of, period_text, step_text,
    value_text,
};
use crate::desk::Desk;
use crate::error::CallError;
use crate::hot_issue::{HotIssue, HotIssueKind, hot_issues};
use crate::{text, time_text};

/// Rows of a list, the most frequent first.
const ROWS_MAX: usize = 10;
/// Orders that are named of each sort, the latest first.
const CITED_MAX: usize = 8;
/// So many are looked at to find those.
const LOOKED_AT_MAX: u32 = 60;
/// Hot issues that are named.
const ISSUES_MAX: usize = 5;
/// Points of a trend: what can be told apart on paper.
const TREND_MAX: usize = 31;

/// 稿件素材.
#[derive(Debug, Clone)]
pub(super) struct Figures {
    pub(super) kind: WorkReportKind,
    pub(super) period: AnalysisPeriod,
    /// 专题 in words; empty for the others.
    pub(super) subject: String,
    pub(super) period_text: String,
    pub(super) before_text: String,
    pub(super) year_ago_text: String,
    pub(super) as_of_text: String,
    pub(super) now: OrderFigures,
    pub(super) before: OrderFigures,
    pub(super) year_ago: OrderFigures,
    pub(super) trend: Vec<TrendPoint>,
    pub(super) lists: Vec<List>,
    pub(super) late: Vec<CitedOrder>,
    pub(super) dissatisfied: Vec<CitedOrder>,
    /// None where the days are over, or the orders are not all read yet.
    pub(super) issues: Option<Vec<Issue>>,
}

#[derive(Debug, Clone)]
pub(super) struct TrendPoint {
    pub(super) text: String,
    pub(super) n_orders: u32,
    pub(super) n_late: u32,
}

/// How the orders are spread over a dimension.
#[derive(Debug, Clone)]
pub(super) struct List {
    pub(super) dimension: Dimension,
    pub(super) rows: Vec<Row>,
    /// What is not among the rows.
    pub(super) n_other_values: usize,
    pub(super) n_other_orders: u32,
}

#[derive(Debug, Clone)]
pub(super) struct Row {
    pub(super) name: String,
    pub(super) figures: OrderFigures,
    pub(super) n_before: u32,
    pub(super) n_year_ago: u32,
}

/// An order by its number. Never one whose caller is sealed.
#[derive(Debug, Clone)]
pub(super) struct CitedOrder {
    pub(super) number: String,
    pub(super) category: String,
    pub(super) unit: String,
    pub(super) stage: String,
}

/// 热点, by where and what.
#[derive(Debug, Clone)]
pub(super) struct Issue {
    pub(super) what: String,
    pub(super) is_surge: bool,
    pub(super) growth_text: String,
    pub(super) n_orders: u32,
    pub(super) days: Vec<(String, u32)>,
    /// How many of the orders were looked at.
    pub(super) n_looked_at: usize,
    pub(super) stages: Vec<(String, usize)>,
    pub(super) cited: Vec<CitedOrder>,
}

/// What a report is about, before its first word.
pub(super) enum Material {
    Days(Box<Figures>),
    Issue {
        issue: Issue,
        as_of_text: String,
        today: NaiveDate,
    },
}

impl Material {
    pub(super) fn of(desk: &Desk, request: &DraftWorkReport) -> Result<Self, CallError> {
        let today = date_of(desk.now());
        let (kind, day) = match request {
            DraftWorkReport::HotIssue { order_id } => return issue_of(desk, order_id, today),
            DraftWorkReport::Topic {
                days,
                dimension,
                value,
            } => {
                let filter = AnalysisFilter {
                    dimension: *dimension,
                    value: value.clone(),
                };
                return topic(desk, days.clone(), filter, today);
            }
            DraftWorkReport::Daily { day } => (WorkReportKind::Daily, day),
            DraftWorkReport::Weekly { day } => (WorkReportKind::Weekly, day),
            DraftWorkReport::Monthly { day } => (WorkReportKind::Monthly, day),
        };
        let period = kind.period(day_of(day)?, today);
        let period = period.ok_or(WorkReportRefusal::NotBegun)?;
        let ask = AnalysisAsk {
            days: AnalysisDays::Days {
                first: period.first().to_string(),
                last: period.last().to_string(),
            },
            filters: Vec::new(),
        };
        let figures = gather(desk, kind, &ask, None)?;
        Ok(Self::Days(Box::new(figures)))
    }
}

fn topic(
    desk: &Desk,
    days: AnalysisDays,
    filter: AnalysisFilter,
    today: NaiveDate,
) -> Result<Material, CallError> {
    match filter.dimension {
        Dimension::Category | Dimension::Township | Dimension::Unit => {}
        Dimension::Channel
        | Dimension::Kind
        | Dimension::Class
        | Dimension::Treatment
        | Dimension::Satisfaction
        | Dimension::Reason => {
            return Err(CallError::invalid(
                "专题可以按事项分类、乡镇街道、承办单位或热点起草。",
            ));
        }
    }
    if filter.value.is_empty() {
        return Err(CallError::invalid("请选择专题的内容。"));
    }
    let ask = AnalysisAsk {
        days,
        filters: vec![filter.clone()],
    };
    let period = ask.resolved(&desk.reference, desk.now())?.period;
    let period = AnalysisPeriod::days(period.first(), period.last().min(today));
    let period = period.ok_or(WorkReportRefusal::NotBegun)?;
    let ask = AnalysisAsk {
        days: AnalysisDays::Days {
            first: period.first().to_string(),
            last: period.last().to_string(),
        },
        ..ask
    };
    let figures = gather(desk, WorkReportKind::Topic, &ask, Some(&filter))?;
    Ok(Material::Days(Box::new(figures)))
}

fn gather(
    desk: &Desk,
    kind: WorkReportKind,
    ask: &AnalysisAsk,
    topic: Option<&AnalysisFilter>,
) -> Result<Figures, CallError> {
    let now = desk.now();
    let asked = ask.resolved(&desk.reference, now)?;
    let period = asked.period;
    let (counts, late, dissatisfied) = desk.store.read(|reader| {
        Ok((
            reader.count_orders(&asked)?,
            cited_of(desk, reader, &asked, Figure::Late)?,
            cited_of(desk, reader, &asked, Figure::Dissatisfied)?,
        ))
    })?;
    let subject = topic.map(|it| value_text(&desk.reference, it.dimension, &it.value));
    // They are of this hour, and say nothing of other days; and of a topic the topic says what it is.
    let yesterday = date_of(now).checked_sub_days(Days::new(1));
    let is_now = topic.is_none() && yesterday.is_none_or(|it| period.last() >= it);
    let issues = if is_now { issues(desk)? } else { None };
    Ok(Figures {
        kind,
        period,
        subject: subject.unwrap_or_default(),
        period_text: period_text(period),
        before_text: period_text(period.before()),
        year_ago_text: period_text(period.year_ago()),
        as_of_text: time_text::dated(now),
        now: counts.figures,
        before: counts.before,
        year_ago: counts.year_ago,
        trend: trend(&asked, &counts),
        lists: lists(desk, &asked, &counts, topic),
        late,
        dissatisfied,
        issues,
    })
}

fn lists(
    desk: &Desk,
    asked: &CountAsk,
    counts: &Counts,
    topic: Option<&AnalysisFilter>,
) -> Vec<List> {
    let list = |dimension: Dimension| {
        let mut counted: Vec<CountedValue> = counts.values.get(&dimension)?.clone();
        let own = topic.filter(|it| it.dimension == dimension);
        if let Some(own) = own {
            // Its list has also those that could be chosen instead.
            let wanted = asked.filter.get(&dimension)?;
            counted.retain(|it| wanted.contains(&it.value));
            if counted.len() < 2 || own.dimension != Dimension::Category {
                return None;
            }
        } else if dimension == Dimension::Category {
            counted = categories(&desk.reference, &counted, None);
        }
        counted.retain(|it| it.figures.n_orders > 0);
        let others = counted.split_off(ROWS_MAX.min(counted.len()));
        let row = |it: CountedValue| Row {
            name: value_text(&desk.reference, dimension, &it.value),
            figures: it.figures,
            n_before: it.n_before,
            n_year_ago: it.n_year_ago,
        };
        Some(List {
            dimension,
            rows: counted.into_iter().map(row).collect(),
            n_other_values: others.len(),
            n_other_orders: others.iter().map(|it| it.figures.n_orders).sum(),
        })
    };
    Dimension::ALL.into_iter().filter_map(list).collect()
}

/// The steps of the analysis, put together where there are more than paper shows.
fn trend(asked: &CountAsk, counts: &Counts) -> Vec<TrendPoint> {
    let length = asked.period.step_length();
    let steps = asked.period.steps();
    let n_together = steps.len().div_ceil(TREND_MAX).max(1);
    let point = |steps: &[domain::analysis::Step]| {
        let (first, last) = (steps.first()?, steps.last()?);
        let days = counts.days.range(first.days.first()..=last.days.last());
        let figures = days.map(|(_, figures)| *figures);
        let figures = figures.fold(OrderFigures::default(), OrderFigures::and);
        let text = if n_together == 1 {
            step_text(first.days, length)
        } else {
            let ends = AnalysisPeriod::days(first.days.first(), last.days.last());
            period_text(ends.unwrap_or(first.days))
        };
        Some(TrendPoint {
            text,
            n_orders: figures.n_orders,
            n_late: figures.n_late,
        })
    };
    steps.chunks(n_together).filter_map(point).collect()
}

fn cited_of(
    desk: &Desk,
    reader: &Reader,
    asked: &CountAsk,
    figure: Figure,
) -> anyhow::Result<Vec<CitedOrder>> {
    let (places, _) = reader.orders_behind(asked, figure, OrderPosition::END, LOOKED_AT_MAX)?;
    let mut cited = Vec::new();
    for place in places {
        let record = reader.work_order_at(place)?;
        cited.extend(record.and_then(|it| cited_order(desk, &it)));
        if cited.len() == CITED_MAX {
            break;
        }
    }
    Ok(cited)
}

/// 举报件、保密件 are not named (第十七条).
fn cited_order(desk: &Desk, record: &WorkOrderRecord) -> Option<CitedOrder> {
    let is_sealed = record.is_confidential || record.kind == MatterKind::Report;
    (!is_sealed).then(|| CitedOrder {
        number: record.number.clone(),
        category: value_text(&desk.reference, Dimension::Category, &record.category_id),
        unit: match &record.unit_id {
            Some(unit) => desk.reference.unit_name(unit).to_owned(),
            None => "县中心".to_owned(),
        },
        stage: text::stage(record.stage).to_owned(),
    })
}

fn issues(desk: &Desk) -> Result<Option<Vec<Issue>>, CallError> {
    let found = hot_issues(desk, ())?;
    if !found.note.is_empty() {
        return Ok(None);
    }
    let issues = found.issues.iter().take(ISSUES_MAX);
    issues
        .map(|it| issue(desk, it))
        .collect::<Result<_, _>>()
        .map(Some)
}

fn issue(desk: &Desk, found: &HotIssue) -> Result<Issue, CallError> {
    let records = desk.store.read(|reader| {
        let orders = found.orders.iter();
        let records = orders.map(|it| reader.work_order_record(&it.id));
        Ok(records.collect::<Result<Vec<_>, _>>()?)
    })?;
    let records: Vec<WorkOrderRecord> = records.into_iter().flatten().collect();
    let what = [&found.township_text, &found.category_text];
    let what: Vec<&str> = (what.into_iter().map(String::as_str))
        .filter(|it| !it.is_empty())
        .collect();
    let mut stages: Vec<(String, usize)> = Vec::new();
    for record in &records {
        let stage = text::stage(record.stage);
        match stages.iter_mut().find(|(text, _)| text == stage) {
            Some((_, n)) => *n += 1,
            None => stages.push((stage.to_owned(), 1)),
        }
    }
    stages.sort_by_key(|(_, n)| std::cmp::Reverse(*n));
    Ok(Issue {
        what: if what.is_empty() {
            "未分类诉求".to_owned()
        } else {
            what.concat()
        },
        is_surge: found.kind == HotIssueKind::Surge,
        growth_text: found.growth_text.clone(),
        n_orders: found.n_orders,
        days: (found.days.iter())
            .map(|day| (day.text.clone(), day.n_orders))
            .collect(),
        n_looked_at: records.len(),
        stages,
        cited: (records.iter())
            .filter_map(|it| cited_order(desk, it))
            .take(CITED_MAX)
            .collect(),
    })
}

fn issue_of(desk: &Desk, order_id: &str, today: NaiveDate) -> Result<Material, CallError> {
    let found = hot_issues(desk, ())?;
    if !found.note.is_empty() {
        return Err(CallError::invalid(found.note));
    }
    let has_it = |it: &&HotIssue| it.orders.iter().any(|order| order.id == order_id);
    let found = found.issues.iter().find(has_it);
    let found = found.ok_or_else(|| CallError::invalid("这个热点已经过去，请改按分类起草。"))?;
    Ok(Material::Issue {
        issue: issue(desk, found)?,
        as_of_text: time_text::dated(desk.now()),
        today,
    })
}
