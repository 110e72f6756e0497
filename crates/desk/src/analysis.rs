//! 分析: how much of what comes when, from where and to whom, beside the period before and the year
//! before (第五条(五)(七), 第十五条, 第十六条). Every number opens its orders.

mod ask;
pub mod export;
mod group;

use desk_store::{CountAsk, Counts, OrderPosition};
use domain::analysis::{AnalysisPeriod, AnalysisSpan, Dimension, Figure, OrderFigures, StepLength};
use domain::clock_face::date_of;
use domain::indicators::Ratio;
use domain::kb::usage::KbUseCounts;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

pub use ask::{AnalysisAsk, AnalysisDays, AnalysisFilter};
pub(crate) use ask::{day_of, period_text, step_text};
pub use group::{AnalysisGroup, AnalysisRow};
pub(crate) use group::{categories, value_text};

use crate::desk::Desk;
use crate::error::CallError;
use crate::text;
use crate::work_order::WorkOrderRow;

/// Rows of a page of orders.
const PAGE_ROWS: u32 = 100;

/// One large number, beside the period before and the year before.
#[derive(Debug, Clone, Serialize, TS)]
pub struct AnalysisTile {
    /// What its orders are.
    #[ts(type = "Figure")]
    pub figure: Figure,
    pub title: String,
    pub value_text: String,
    /// How many orders it opens.
    pub n_orders: u32,
    /// What it is made of; empty where the number says it.
    pub detail_text: String,
    pub before_text: String,
    pub year_ago_text: String,
}

/// One step of the trend.
#[derive(Debug, Clone, Serialize, TS)]
pub struct TrendStep {
    /// 11月3日, 11月3日—9日, 2026年11月.
    pub text: String,
    /// The days, to look at these alone.
    pub first: String,
    pub last: String,
    pub n_orders: u32,
    pub n_answered: u32,
    pub n_late: u32,
    pub n_year_ago: u32,
}

/// 知识库成效.
#[derive(Debug, Clone, Serialize, TS)]
pub struct KbEffect {
    /// 引用知识库答复 of what was answered on the spot.
    pub share_text: String,
    pub n_from_knowledge: u32,
    pub n_opened: u32,
    pub n_cited: u32,
    pub n_helped: u32,
    pub n_unsolved: u32,
    /// 有用占比, of what people said.
    pub helped_text: String,
    pub before_text: String,
    /// What of it does not go by the filters; empty without any.
    pub note: String,
}

/// A usual period to choose.
#[derive(Debug, Clone, Serialize, TS)]
pub struct SpanChoice {
    #[ts(type = "AnalysisSpan")]
    pub id: AnalysisSpan,
    pub text: String,
}

/// A filter that is set, in words.
#[derive(Debug, Clone, Serialize, TS)]
pub struct ChosenFilter {
    #[ts(type = "Dimension")]
    pub dimension: Dimension,
    pub title: String,
    pub value: String,
    pub text: String,
    /// What is one step less narrow; empty for no filter at all.
    pub wider: String,
}

/// 分析.
#[derive(Debug, Clone, Serialize, TS)]
pub struct Analysis {
    pub spans: Vec<SpanChoice>,
    /// The days, as they may be asked for and as they are said.
    pub first: String,
    pub last: String,
    pub period_text: String,
    pub before_text: String,
    pub year_ago_text: String,
    pub chosen: Vec<ChosenFilter>,
    pub tiles: Vec<AnalysisTile>,
    #[ts(type = "StepLength")]
    pub step_length: StepLength,
    pub step_text: String,
    pub trend: Vec<TrendStep>,
    /// By the hour of the day.
    pub hours: Vec<u32>,
    pub groups: Vec<AnalysisGroup>,
    pub kb: KbEffect,
}

#[derive(Debug, Clone, Deserialize, TS)]
pub struct AnalysisOrdersAsk {
    pub ask: AnalysisAsk,
    #[ts(type = "Figure")]
    pub figure: Figure,
    /// Where the page before ended.
    pub after: Option<String>,
}

#[derive(Debug, Clone, Serialize, TS)]
pub struct AnalysisOrders {
    /// 2026年11月1日至26日，三汇镇，超期.
    pub title: String,
    /// The youngest first.
    pub rows: Vec<WorkOrderRow>,
    pub total: u32,
    pub next: Option<String>,
}

/// 分析.
pub(crate) fn analysis(desk: &Desk, request: AnalysisAsk) -> Result<Analysis, CallError> {
    let now = desk.now();
    let chosen = request.chosen(&desk.reference);
    let asked = request.resolved(&desk.reference, now)?;
    let period = asked.period;
    let (counts, used) = desk.store.read(|reader| {
        Ok((
            reader.count_orders(&asked)?,
            reader.kb_use(&(period.first()..=period.last()))?,
        ))
    })?;
    let used = used.into_values().fold(KbUseCounts::default(), all_uses);
    Ok(Analysis {
        spans: (AnalysisSpan::ALL.into_iter())
            .map(|id| SpanChoice {
                id,
                text: text::analysis_span(id).to_owned(),
            })
            .collect(),
        first: period.first().to_string(),
        last: period.last().to_string(),
        period_text: ask::period_text(period),
        before_text: ask::period_text(period.before()),
        year_ago_text: ask::period_text(period.year_ago()),
        tiles: tiles(&counts),
        step_length: period.step_length(),
        step_text: text::step_length(period.step_length()).to_owned(),
        trend: trend(&asked, &counts),
        hours: counts.hours.to_vec(),
        groups: group::groups(desk, &request, &counts),
        kb: KbEffect {
            note: if chosen.is_empty() {
                String::new()
            } else {
                "查阅、引用和评价按日计数，不随筛选变化。".to_owned()
            },
            ..kb_effect(&counts, used)
        },
        chosen,
    })
}

/// 一个数字背后的工单.
pub(crate) fn analysis_orders(
    desk: &Desk,
    request: AnalysisOrdersAsk,
) -> Result<AnalysisOrders, CallError> {
    let now = desk.now();
    let asked = request.ask.resolved(&desk.reference, now)?;
    let after = match request.after.as_deref().map(str::parse::<i64>) {
        None => OrderPosition::END,
        Some(Ok(number)) => OrderPosition::numbered(number),
        Some(Err(_)) => return Err(CallError::invalid("翻页位置不对，请重新打开列表。")),
    };
    let (records, last, total) = desk.store.read(|reader| {
        let (page, total) = reader.orders_behind(&asked, request.figure, after, PAGE_ROWS)?;
        let records = page.iter().map(|place| reader.work_order_at(*place));
        let records = records.collect::<Result<Vec<_>, _>>()?;
        let is_full = page.len() == PAGE_ROWS as usize;
        Ok((records, page.last().copied().filter(|_| is_full), total))
    })?;
    Ok(AnalysisOrders {
        title: orders_title(desk, &request.ask, asked.period, request.figure),
        rows: (records.iter().flatten())
            .map(|record| desk.row(record, now))
            .collect(),
        total,
        next: last.map(|place| place.number().to_string()),
    })
}

/// 2026年11月1日至26日，三汇镇，超期.
fn orders_title(desk: &Desk, ask: &AnalysisAsk, period: AnalysisPeriod, figure: Figure) -> String {
    let chosen = ask.chosen(&desk.reference);
    let mut title = vec![ask::period_text(period)];
    title.extend(chosen.into_iter().map(|it| it.text));
    title.push(text::figure(figure).to_owned());
    title.join("，")
}

fn all_uses(all: KbUseCounts, one: KbUseCounts) -> KbUseCounts {
    KbUseCounts {
        n_opened: all.n_opened.saturating_add(one.n_opened),
        n_cited: all.n_cited.saturating_add(one.n_cited),
        n_helped: all.n_helped.saturating_add(one.n_helped),
        n_unsolved: all.n_unsolved.saturating_add(one.n_unsolved),
    }
}

fn tiles(counts: &Counts) -> Vec<AnalysisTile> {
    let count = |figure: Figure| {
        let n = |figures: &OrderFigures| u64::from(figures.of(figure));
        let now = n(&counts.figures);
        AnalysisTile {
            figure,
            title: text::figure(figure).to_owned(),
            value_text: text::count_text(now),
            n_orders: counts.figures.of(figure),
            detail_text: String::new(),
            before_text: text::change_text(now, n(&counts.before)),
            year_ago_text: text::change_text(now, n(&counts.year_ago)),
        }
    };
    let rate = |title: &str, figure: Figure, of: fn(&OrderFigures) -> Option<Ratio>| {
        let now = of(&counts.figures);
        let n = |ratio: Ratio| {
            let (part, whole) = (ratio.part(), ratio.whole());
            format!("{} / {}", text::count_text(part), text::count_text(whole))
        };
        AnalysisTile {
            title: title.to_owned(),
            value_text: text::percent(now),
            detail_text: now.map(n).unwrap_or_default(),
            before_text: text::points_changed(now, of(&counts.before)),
            year_ago_text: text::points_changed(now, of(&counts.year_ago)),
            ..count(figure)
        }
    };
    vec![
        count(Figure::Orders),
        rate(
            "当场答复率",
            Figure::AnsweredOnTheSpot,
            OrderFigures::answer_rate,
        ),
        count(Figure::Dispatched),
        rate("超期率", Figure::Late, OrderFigures::late_rate),
        rate("满意率", Figure::Satisfied, OrderFigures::satisfaction),
        count(Figure::Dissatisfied),
    ]
}

fn trend(asked: &CountAsk, counts: &Counts) -> Vec<TrendStep> {
    let length = asked.period.step_length();
    let steps = asked.period.steps().into_iter();
    steps
        .map(|step| {
            let days = counts.days.range(step.days.first()..=step.days.last());
            let figures = days.map(|(_, figures)| *figures);
            let figures = figures.fold(OrderFigures::default(), OrderFigures::and);
            let ends = step.year_ago.first()..=step.year_ago.last();
            TrendStep {
                text: ask::step_text(step.days, length),
                first: step.days.first().to_string(),
                last: step.days.last().to_string(),
                n_orders: figures.n_orders,
                n_answered: figures.n_answered,
                n_late: figures.n_late,
                n_year_ago: counts.days_year_ago.range(ends).map(|(_, n)| n).sum(),
            }
        })
        .collect()
}

fn kb_effect(counts: &Counts, used: KbUseCounts) -> KbEffect {
    let helped = |it: &KbUseCounts| {
        let said = u64::from(it.n_helped) + u64::from(it.n_unsolved);
        Ratio::new(it.n_helped.into(), said)
    };
    KbEffect {
        share_text: text::percent(counts.figures.knowledge_share()),
        n_from_knowledge: counts.figures.n_from_knowledge,
        n_opened: used.n_opened,
        n_cited: used.n_cited,
        n_helped: used.n_helped,
        n_unsolved: used.n_unsolved,
        helped_text: text::percent(helped(&used)),
        before_text: text::points_changed(
            counts.figures.knowledge_share(),
            counts.before.knowledge_share(),
        ),
        note: String::new(),
    }
}

/// Today, for whoever shows the day.
pub(crate) fn ask_of_today(desk: &Desk, span: AnalysisSpan) -> CountAsk {
    let now = desk.now();
    CountAsk {
        period: span.days(date_of(now)),
        filter: std::collections::BTreeMap::new(),
        now,
    }
}
