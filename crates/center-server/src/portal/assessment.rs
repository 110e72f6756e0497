//! 本单位考核: what a unit came to in the periods that were put out, the orders behind each number, and its
//! appeals (第二十三条). Of other units it learns how many there are, and no more.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::Result;
use chrono::{DateTime, NaiveTime, TimeDelta, Utc};
use domain::assessment::{
    AppealTarget, AssessedPeriod, AssessmentCommand, AssessmentCommandKind, AssessmentRefusal,
    AssessmentRound, DeductedEvent, FrozenScore, Points, SchemeRecord, ScoreAppeal, commands_at,
};
use domain::clock_face::{at, date_of};
use domain::indicators::{
    Basis, Exclusion, Figure, Holder, Indicator, IndicatorParameters, ItemId, Sources, tally,
};
use domain::work_order::fold;
use domain::{Event, WorkOrder};
use serde::{Deserialize, Serialize};
use ts_rs::TS;
use wire::{Act, EntryBody, Hash, Story, Subject};
use wording::{text, time_text};

use super::error::CallError;
use super::kb_task::tasks_of;
use super::order_list::{UnitOrderRow, live_rows, row_view};
use super::statistics::{FigurePart, finished_since};
use super::unit_article::UnitTask;
use super::unit_order::{UnitOrder, prefix};
use super::unit_round::{ROUND, UnitRound, is_put_out};
use super::visit::{Asked, Visit};
use crate::readers::Reader;

/// Periods of one unit that are listed: ten years of months, each by two schemes.
const ROUNDS_MAX: usize = 240;
/// A limit may end so long after the last that happened to a concluded order.
const SLACK_DAYS: i64 = 60;

#[derive(Debug, Clone, Serialize, TS)]
pub(super) struct UnitRoundRow {
    /// 方案编号.
    pub(super) number: String,
    /// 2026-10 or 2026.
    pub(super) period: String,
    pub(super) period_text: String,
    pub(super) scheme_text: String,
    pub(super) stage_text: String,
    /// 考核得分, corrections included.
    pub(super) total_text: String,
    /// 第 3 名，共 41 个单位.
    pub(super) place_text: String,
    /// 申诉到 11月9日（周一）; empty where no appeal is possible any more.
    pub(super) appeals_text: String,
    /// Appeals of the unit that are not ruled on.
    pub(super) n_open_appeals: usize,
}

#[derive(Debug, Clone, Deserialize, TS)]
pub(super) struct UnitRoundKey {
    pub(super) number: String,
    pub(super) period: String,
}

#[derive(Debug, Clone, Serialize, TS)]
pub(super) struct UnitScoreLine {
    #[ts(type = "Indicator")]
    pub(super) indicator: Indicator,
    pub(super) text: String,
    pub(super) article: String,
    /// 25.00.
    pub(super) weight_text: String,
    /// 24.50; 不计入 where the line is left out.
    pub(super) points_text: String,
    /// 96.5%; 未发生 where nothing was to be counted.
    pub(super) percent_text: String,
    /// 193/200.
    pub(super) count_text: String,
    /// The line has not all its points.
    pub(super) is_less: bool,
}

#[derive(Debug, Clone, Serialize, TS)]
pub(super) struct UnitDeduction {
    pub(super) event_text: String,
    pub(super) points_text: String,
    /// 监督件编号.
    pub(super) numbers: Vec<String>,
}

#[derive(Debug, Clone, Serialize, TS)]
pub(super) struct UnitAppealView {
    pub(super) number: u32,
    /// 按时办结率，20261012-W01-0003.
    pub(super) target_text: String,
    pub(super) reason: String,
    pub(super) raised_text: String,
    /// 采纳，剔除：…; empty while it is not ruled on.
    pub(super) ruling_text: String,
}

#[derive(Debug, Clone, Serialize, TS)]
pub(super) struct UnitRoundDetail {
    pub(super) row: UnitRoundRow,
    /// Of the scheme; sent back with an appeal.
    pub(super) version: u32,
    /// 统计时点.
    pub(super) counted_text: String,
    /// 文号 of the bulletin; empty before it.
    pub(super) document: String,
    pub(super) lines: Vec<UnitScoreLine>,
    pub(super) deductions: Vec<UnitDeduction>,
    pub(super) appeals: Vec<UnitAppealView>,
    /// Why no appeal is possible now; null where one is.
    pub(super) refusal: Option<String>,
}

#[derive(Debug, Clone, Deserialize, TS)]
pub(super) struct UnitScoreItemsAsk {
    pub(super) number: String,
    pub(super) period: String,
    #[ts(type = "Indicator")]
    pub(super) indicator: Indicator,
}

/// One item behind a number.
#[derive(Debug, Clone, Serialize, TS)]
pub(super) struct UnitScoreItem {
    /// Names it in an appeal.
    pub(super) item: String,
    pub(super) number: String,
    /// The order; null for a task of the knowledge base.
    pub(super) order: Option<UnitOrderRow>,
    pub(super) part: FigurePart,
    /// Why it is left out; empty where it counts.
    pub(super) reason: String,
}

#[derive(Debug, Clone, Serialize, TS)]
pub(super) struct UnitScoreItems {
    pub(super) items: Vec<UnitScoreItem>,
    /// 与冻结时的明细不一致: somebody told later of what had happened before.
    pub(super) is_changed: bool,
}

/// What of a result is wrong.
#[derive(Debug, Clone, Deserialize, TS)]
#[serde(tag = "type", rename_all = "snake_case")]
pub(super) enum AppealAbout {
    /// How an order counts: as the list behind the number names it, or the number of an order that is not in it.
    Item {
        #[ts(type = "Indicator")]
        indicator: Indicator,
        item: String,
    },
    /// A deduction, by the number of the case.
    Deduction { case_number: String },
}

#[derive(Debug, Clone, Deserialize, TS)]
pub(super) struct AppealScore {
    pub(super) number: String,
    pub(super) period: String,
    /// Given by the page: the same appeal again is raised once.
    pub(super) act_id: String,
    /// The version the page showed.
    pub(super) version: u32,
    pub(super) about: AppealAbout,
    pub(super) reason: String,
}

#[derive(Debug, Clone, Serialize, TS)]
pub(super) struct UnitAppealDone {
    pub(super) message: String,
}

/// A period of the unit, with the scheme it is assessed by.
struct OwnRound {
    record: SchemeRecord,
    period: AssessedPeriod,
}

impl OwnRound {
    fn of(record: SchemeRecord, period: &str, visit: &Visit) -> Result<Self, CallError> {
        let period = AssessedPeriod::of_id(period).ok_or(AssessmentRefusal::PeriodUnknown)?;
        let own = Self { record, period };
        let round = own.round()?;
        let is_in_it = round.units.iter().any(|it| it.unit == visit.unit);
        if !is_put_out(round) || !is_in_it {
            return Err(AssessmentRefusal::NotCounted.into());
        }
        Ok(own)
    }

    fn round(&self) -> Result<&AssessmentRound, CallError> {
        let round = self.record.round(self.period);
        round.ok_or_else(|| AssessmentRefusal::NotCounted.into())
    }
}

/// The unit's own period. One that was not put out is answered like one that is not there.
async fn own_round(visit: &Visit, number: &str, period: &str) -> Result<OwnRound, CallError> {
    let subject = visit.office.subject(number).await?;
    let record = subject.as_ref().and_then(Subject::assessment);
    let record = record.ok_or(AssessmentRefusal::NotCounted)?;
    OwnRound::of(record.clone(), period, visit)
}

/// 考核期清单, the latest first.
pub(super) async fn unit_rounds(visit: &Visit, (): ()) -> Result<Vec<UnitRoundRow>, CallError> {
    let unit = visit.unit.clone();
    let read = visit.office.readers.read(move |reader| {
        let prefix = prefix(&unit);
        let mut known = BTreeMap::<String, SchemeRecord>::new();
        let mut rounds = Vec::new();
        for row in reader.records.range(ROUND, &prefix, &prefix, ROUNDS_MAX)? {
            let row: UnitRound = serde_json::from_str(&row.body)?;
            if row.unit != unit {
                continue;
            }
            if !known.contains_key(&row.number) {
                let subject = center::subject(&*reader.ledger, &row.number)?;
                let record = subject.as_ref().and_then(Subject::assessment).cloned();
                known.extend(record.map(|record| (row.number.clone(), record)));
            }
            rounds.extend(known.get(&row.number).map(|it| (it.clone(), row.period)));
        }
        Ok(rounds)
    });
    let mut rounds = read.await?;
    rounds.sort_by(|(one, of_one), (other, of_other)| {
        (of_other, &other.number).cmp(&(of_one, &one.number))
    });
    let rows = rounds.into_iter().map(|(record, period)| {
        let own = OwnRound::of(record, &period, visit)?;
        row_of(visit, &own)
    });
    rows.collect()
}

fn score_of(visit: &Visit, own: &OwnRound) -> Result<(FrozenScore, usize), CallError> {
    let scores = own.round()?.result(&own.record.scheme);
    let n_units = scores.len();
    let score = scores.into_iter().find(|it| it.unit == visit.unit);
    let score = score.ok_or(AssessmentRefusal::NotCounted)?;
    Ok((score, n_units))
}

fn row_of(visit: &Visit, own: &OwnRound) -> Result<UnitRoundRow, CallError> {
    let (score, n_units) = score_of(visit, own)?;
    let (round, scheme) = (own.round()?, &own.record.scheme);
    let until = round
        .appeals_until
        .filter(|_| refusal(visit, own).is_none());
    let open = round.open_appeals().filter(|it| it.unit == visit.unit);
    Ok(UnitRoundRow {
        number: own.record.number.clone(),
        period: own.period.id(),
        period_text: text::assessed_period(own.period),
        scheme_text: format!("{}（第{}版）", scheme.name, scheme.version),
        stage_text: text::round_stage(round.stage).to_owned(),
        total_text: score.total.text(),
        place_text: format!("第 {} 名，共 {n_units} 个单位", score.place),
        appeals_text: until.map_or_else(String::new, |until| {
            format!("可申诉到{}", time_text::day(until))
        }),
        n_open_appeals: open.count(),
    })
}

/// Why no appeal is possible now, whatever it is about.
fn refusal(visit: &Visit, own: &OwnRound) -> Option<AssessmentRefusal> {
    let mut commands = commands_at(&own.record, Some(own.period), &visit.actor);
    let appeal = commands.find(|(kind, _)| *kind == AssessmentCommandKind::Appeal);
    if let Some((_, Some(refusal))) = appeal {
        return Some(refusal);
    }
    let until = own.record.round(own.period)?.appeals_until?;
    (date_of(visit.now) > until).then_some(AssessmentRefusal::AppealsOver { until })
}

/// 考核结果 of the unit.
pub(super) async fn unit_round(
    visit: &Visit,
    request: UnitRoundKey,
) -> Result<UnitRoundDetail, CallError> {
    let own = own_round(visit, &request.number, &request.period).await?;
    let (score, _) = score_of(visit, &own)?;
    let round = own.round()?;
    let lines = score.lines.iter().map(|it| {
        let ratio = it.figure.ratio();
        UnitScoreLine {
            indicator: it.line.indicator,
            text: text::indicator(it.line.indicator).to_owned(),
            article: it.line.indicator.article().to_owned(),
            weight_text: Points(it.line.weight).text(),
            points_text: it.points.map_or_else(|| "不计入".to_owned(), Points::text),
            percent_text: ratio.map_or_else(|| "未发生".to_owned(), |it| it.percent_text(1)),
            count_text: ratio
                .map_or_else(String::new, |it| format!("{}/{}", it.part(), it.whole())),
            is_less: it.points.is_some_and(|points| points.0 < it.line.weight),
        }
    });
    let deductions = score.deductions.iter().filter(|it| !it.numbers.is_empty());
    let appeals = round.appeals.iter().filter(|it| it.unit == visit.unit);
    Ok(UnitRoundDetail {
        row: row_of(visit, &own)?,
        version: own.record.n_events,
        counted_text: time_text::dated(round.counted_at),
        document: round.document.clone().unwrap_or_default(),
        lines: lines.collect(),
        deductions: deductions
            .map(|it| UnitDeduction {
                event_text: text::deducted_event(it.event).to_owned(),
                points_text: it.points.text(),
                numbers: it.numbers.clone(),
            })
            .collect(),
        appeals: appeals.map(|it| appeal_view(visit, it)).collect(),
        refusal: refusal(visit, &own).as_ref().map(text::assessment_refusal),
    })
}

fn appeal_view(visit: &Visit, appeal: &ScoreAppeal) -> UnitAppealView {
    let ruling = appeal.ruling.as_ref().map(|ruling| {
        let said = text::appeal_ruling(ruling.correction);
        format!(
            "{said}：{}（{}）",
            ruling.reason,
            time_text::moment(ruling.at)
        )
    });
    UnitAppealView {
        number: appeal.number,
        target_text: text::appeal_target(&appeal.target),
        reason: appeal.reason.clone(),
        raised_text: format!(
            "{}，{}",
            visit.person_text(&appeal.recorded_by),
            time_text::moment(appeal.recorded_at)
        ),
        ruling_text: ruling.unwrap_or_default(),
    }
}

/// 数字背后的件, as they were when it was counted.
pub(super) async fn unit_score_items(
    visit: &Visit,
    request: UnitScoreItemsAsk,
) -> Result<UnitScoreItems, CallError> {
    let own = own_round(visit, &request.number, &request.period).await?;
    let (figure, rows) = figure_then(visit, &own, request.indicator).await?;
    let units = own.round()?.units.iter();
    let mut figures = units
        .filter(|it| it.unit == visit.unit)
        .flat_map(|it| &it.figures);
    let sealed = figures.find(|it| it.indicator == request.indicator);
    let sealed = sealed.ok_or(AssessmentRefusal::TargetUnknown)?;
    let hash = Hash::of(figure.evidence_text().as_bytes()).to_string();
    let item = |item: &ItemId, part, exclusion: Option<Exclusion>| UnitScoreItem {
        item: item.text(),
        number: item.number().to_owned(),
        order: rows.get(item.number()).map(|row| row_view(visit, row)),
        part,
        reason: exclusion.map_or_else(String::new, text::exclusion),
    };
    let rest = figure.denominator.difference(&figure.numerator);
    let rest = rest.map(|it| item(it, FigurePart::Rest, None));
    let counted = figure.numerator.iter();
    let counted = counted.map(|it| item(it, FigurePart::Numerator, None));
    let excluded = figure.excluded.iter();
    let excluded = excluded.map(|(it, why)| item(it, FigurePart::Excluded, Some(*why)));
    Ok(UnitScoreItems {
        items: rest.chain(counted).chain(excluded).collect(),
        is_changed: sealed.sha256 != hash,
    })
}

/// A figure of the unit as it was known when the period was counted, with the unit's orders by number.
async fn figure_then(
    visit: &Visit,
    own: &OwnRound,
    indicator: Indicator,
) -> Result<(Figure, BTreeMap<String, UnitOrder>), CallError> {
    let as_of = own.round()?.counted_at;
    let (first, _) = own.period.days().ok_or(AssessmentRefusal::PeriodUnknown)?;
    let since = at(first, NaiveTime::MIN) - TimeDelta::days(SLACK_DAYS);
    let unit = visit.unit.clone();
    let read = visit.office.readers.read(move |reader| {
        let mut rows = live_rows(reader, &unit)?;
        rows.extend(finished_since(reader, &unit, since)?);
        let mut orders = Vec::with_capacity(rows.len());
        let mut seen = BTreeSet::new();
        for row in &rows {
            let order = order_as_of(reader, &row.subject, as_of)?;
            // Two orders may bear one number; each is counted under it once.
            orders.extend(order.filter(|it| seen.insert(it.number.clone())));
        }
        let tasks = tasks_of(reader, &unit)?;
        Ok((orders, tasks, rows))
    });
    let (orders, tasks, rows) = read.await?;
    let tasks = tasks.iter().filter_map(UnitTask::update_task);
    let tasks = tasks.map(|mut task| {
        task.done_at = task.done_at.filter(|done_at| *done_at <= as_of);
        task
    });
    let tasks: Vec<_> = tasks.collect();
    let period = own.period.period();
    let basis = Basis {
        period: period.ok_or(AssessmentRefusal::PeriodUnknown)?,
        as_of,
        rule_sets: &visit.office.rules.rule_sets,
        parameters: IndicatorParameters::of_the_house(),
    };
    let sources = Sources {
        orders: &orders,
        repeats: &BTreeSet::new(),
        calls: &[],
        kb_update_tasks: &tasks,
        kb_searches: &[],
    };
    let figure = tally(indicator, sources, &basis).figure_of(&Holder::Unit(visit.unit.clone()));
    let rows = rows.into_iter().map(|row| (row.number.clone(), row));
    Ok((figure, rows.collect()))
}

/// The order as it was known at an instant.
fn order_as_of(reader: &Reader, id: &str, as_of: DateTime<Utc>) -> Result<Option<WorkOrder>> {
    let entries = reader.ledger.story_of(id)?;
    let mut events = Vec::new();
    for entry in &entries {
        let body = entry.read().ok();
        if let Some(Story::Order(told)) = body
            .as_ref()
            .and_then(EntryBody::accepted)
            .map(|it| &it.story)
        {
            events.extend_from_slice(told);
        }
    }
    let known = events.into_iter();
    let known: Vec<Event> = known.take_while(|it| it.occurred_at <= as_of).collect();
    Ok(fold(&known))
}

/// 申诉.
pub(super) async fn appeal_score(
    visit: &Visit,
    request: AppealScore,
) -> Result<UnitAppealDone, CallError> {
    let own = own_round(visit, &request.number, &request.period).await?;
    let target = match request.about {
        AppealAbout::Item { indicator, item } => {
            target_item(visit, &own, indicator, item.trim()).await?
        }
        AppealAbout::Deduction { case_number } => AppealTarget::Deduction {
            event: deducted(visit, &own, case_number.trim())?,
            number: case_number.trim().to_owned(),
        },
    };
    let command = AssessmentCommand::Appeal {
        period: own.period,
        unit: visit.unit.clone(),
        target,
        reason: request.reason,
    };
    visit
        .act(Asked {
            subject: request.number,
            act_id: request.act_id,
            version: request.version,
            act: Act::Assessment(command),
        })
        .await?;
    Ok(UnitAppealDone {
        message: "申诉已送达县中心，裁定后在这里看到结果。".to_owned(),
    })
}

/// How the item counted; or an order of the unit that did not.
async fn target_item(
    visit: &Visit,
    own: &OwnRound,
    indicator: Indicator,
    item: &str,
) -> Result<AppealTarget, CallError> {
    let (figure, rows) = figure_then(visit, own, indicator).await?;
    let (item, points) = match figure.items_named(item).as_slice() {
        [found] => (found.text(), figure.points_of(found)),
        // Another unit's order is answered like one that is not there.
        [] if rows.contains_key(item) => (item.to_owned(), None),
        [] => return Err(AssessmentRefusal::TargetUnknown.into()),
        _ => {
            return Err(CallError::invalid(
                "这件工单在这一项里有几份，请从数字背后的清单里选。",
            ));
        }
    };
    Ok(AppealTarget::Item {
        indicator,
        item,
        points,
    })
}

fn deducted(visit: &Visit, own: &OwnRound, number: &str) -> Result<DeductedEvent, CallError> {
    let units = own.round()?.units.iter();
    let mut events = units
        .filter(|it| it.unit == visit.unit)
        .flat_map(|it| &it.events);
    let found = events.find(|it| it.numbers.iter().any(|it| it == number));
    Ok(found.ok_or(AssessmentRefusal::TargetUnknown)?.event)
}
