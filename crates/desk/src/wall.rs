//! 大屏: the day on the wall. Counts, places and clocks; no person, and nothing of what a caller said.
//!
//! Nobody touches a wall, so a desk that shows one locks itself after a while. It goes on showing these
//! figures then, until whoever is signed in there signs out.

use chrono::TimeDelta;
use desk_store::{BoardFilter, CountAsk, Counts, Queue, Reader};
use domain::analysis::{AnalysisSpan, Dimension};
use domain::clock_face::{date_of, end_of, time_of};
use domain::supervision::board::Board;
use serde::Serialize;
use ts_rs::TS;

use crate::analysis::{ask_of_today, value_text};
use crate::desk::Desk;
use crate::error::CallError;
use crate::host::DeskHost;
use crate::hot_issue::{HotIssueKind, hot_issues};
use crate::limit::{self, Urgency};
use crate::permission::{self, Who};
use crate::sight::Sight;
use crate::{text, time_text};

/// Rows of each list, at most: what can be read from the other end of the room.
const ROWS_MAX: usize = 8;

/// One large number.
#[derive(Debug, Clone, Serialize, TS)]
pub struct WallFigure {
    pub title: String,
    pub value_text: String,
    /// What stands beside it.
    pub note: String,
    pub urgency: Urgency,
}

/// A township with what came from it.
#[derive(Debug, Clone, Serialize, TS)]
pub struct WallTownship {
    pub code: String,
    pub name: String,
    pub n_today: u32,
    pub n_week: u32,
}

/// One line of a list with its number.
#[derive(Debug, Clone, Serialize, TS)]
pub struct WallLine {
    pub text: String,
    pub n_orders: u32,
    pub note: String,
}

/// 特殊事项 that somebody's word is waited for.
#[derive(Debug, Clone, Serialize, TS)]
pub struct WallSpecial {
    /// The order and what is waited for.
    pub key: String,
    pub place_text: String,
    pub category_text: String,
    pub unit_text: String,
    pub waits_text: String,
    pub left_text: String,
    pub urgency: Urgency,
}

/// 大屏.
#[derive(Debug, Clone, Serialize, TS)]
pub struct Wall {
    pub now: i64,
    pub date_text: String,
    pub day_text: String,
    pub is_online: bool,
    pub figures: Vec<WallFigure>,
    /// By the hour: today, up to this hour, and yesterday.
    pub hours: Vec<u32>,
    pub hours_before: Vec<u32>,
    pub townships: Vec<WallTownship>,
    /// 近 7 日 by the first level of the categories.
    pub categories: Vec<WallLine>,
    pub hot_issues: Vec<WallLine>,
    pub specials: Vec<WallSpecial>,
    pub n_specials: u64,
}

/// 大屏. Only while somebody who reads orders is signed in, locked or not.
pub(crate) fn wall(host: &DeskHost, (): ()) -> Result<Wall, CallError> {
    let roles = host.office.roles().ok_or(CallError::Locked)?;
    permission::check(Who::Of(permission::ORDER_READERS), &roles)?;
    host.with_desk(|desk| {
        let (today, yesterday, week, month) = asks(desk);
        let (figures, counts, lists) = desk.store.read(|reader| {
            let today = reader.count_orders(&today)?;
            let month = reader.count_orders(&month)?;
            let yesterday = reader.count_orders(&yesterday)?;
            let week = reader.count_orders(&week)?;
            let figures = figures(desk, reader, &today, &month)?;
            let lists = (specials(desk, reader)?, townships(desk, &today, &week));
            Ok((figures, (today, yesterday, week), lists))
        })?;
        let (today, yesterday, week) = counts;
        let ((specials, n_specials), townships) = lists;
        let now = desk.now();
        let day = desk.calendar.day(date_of(now));
        let hour = chrono::Timelike::hour(&time_of(now)) as usize;
        Ok(Wall {
            now: now.timestamp_millis(),
            date_text: format!(
                "{} {}",
                time_text::date(day.date),
                domain::clock_face::weekday_text(day.date)
            ),
            day_text: text::day(&day),
            is_online: desk.link.known().is_online,
            figures,
            hours: today.hours.iter().take(hour + 1).copied().collect(),
            hours_before: yesterday.hours.to_vec(),
            townships,
            categories: categories(desk, &week),
            hot_issues: issues(desk)?,
            specials,
            n_specials,
        })
    })
}

/// Today, yesterday, the last seven days and the month.
fn asks(desk: &Desk) -> (CountAsk, CountAsk, CountAsk, CountAsk) {
    let today = ask_of_today(desk, AnalysisSpan::Today);
    let yesterday = CountAsk {
        period: today.period.before(),
        ..today.clone()
    };
    (
        today,
        yesterday,
        ask_of_today(desk, AnalysisSpan::Week),
        ask_of_today(desk, AnalysisSpan::Month),
    )
}

fn figures(
    desk: &Desk,
    reader: &Reader,
    today: &Counts,
    month: &Counts,
) -> anyhow::Result<Vec<WallFigure>> {
    let now = desk.now();
    // A limit that ends with the day is due at its 24:00.
    let end_of_day = end_of(date_of(now)) + TimeDelta::milliseconds(1);
    let n_due_today = reader.count_due_between(now, end_of_day)?;
    let n_overdue = reader.count(Queue::Overdue { now })?;
    let n_handled = reader.count(Queue::InHandling)?;
    let figure = |title: &str, value_text: String, note: String, urgency: Urgency| WallFigure {
        title: title.to_owned(),
        value_text,
        note,
        urgency,
    };
    let day = &today.figures;
    let unless_none = |n: u64, urgency: Urgency| if n == 0 { Urgency::Calm } else { urgency };
    let calm = Urgency::Calm;
    Ok(vec![
        figure(
            "今日受理",
            text::count_text(day.n_orders.into()),
            format!(
                "昨日全天 {}",
                text::count_text(today.before.n_orders.into())
            ),
            calm,
        ),
        figure(
            "当场答复率",
            text::percent(day.answer_rate()),
            format!("当场答复 {} 件", text::count_text(day.n_answered.into())),
            calm,
        ),
        figure(
            "今日派单",
            text::count_text(day.n_dispatched.into()),
            format!("承办单位在办 {} 件", text::count_text(n_handled)),
            calm,
        ),
        figure(
            "今日到期",
            text::count_text(n_due_today),
            "此刻起到 24:00".to_owned(),
            unless_none(n_due_today, Urgency::Soon),
        ),
        figure(
            "已超期",
            text::count_text(n_overdue),
            "尚未办结".to_owned(),
            unless_none(n_overdue, Urgency::Overdue),
        ),
        figure(
            "本月满意率",
            text::percent(month.figures.satisfaction()),
            format!(
                "已评价 {} 件",
                text::count_text(month.figures.n_rated.into())
            ),
            calm,
        ),
    ])
}

fn townships(desk: &Desk, today: &Counts, week: &Counts) -> Vec<WallTownship> {
    let n_of = |counts: &Counts, code: &str| {
        let mut values = counts
            .values
            .get(&Dimension::Township)
            .into_iter()
            .flatten();
        let found = values.find(|it| it.value == code);
        found.map_or(0, |it| it.figures.n_orders)
    };
    let all = desk.reference.view.townships.iter();
    all.map(|township| WallTownship {
        code: township.code.clone(),
        name: township.name.clone(),
        n_today: n_of(today, &township.code),
        n_week: n_of(week, &township.code),
    })
    .collect()
}

fn categories(desk: &Desk, week: &Counts) -> Vec<WallLine> {
    let counted = week.values.get(&Dimension::Category).into_iter().flatten();
    let of_week = counted.filter(|it| !it.value.is_empty() && it.figures.n_orders > 0);
    of_week
        .take(ROWS_MAX)
        .map(|it| WallLine {
            text: value_text(&desk.reference, Dimension::Category, &it.value),
            n_orders: it.figures.n_orders,
            note: text::change_text(it.figures.n_orders.into(), it.n_before.into()),
        })
        .collect()
}

/// Their titles are what callers said; what and where is enough here.
fn issues(desk: &Desk) -> Result<Vec<WallLine>, CallError> {
    let found = hot_issues(desk, ())?.issues.into_iter().take(ROWS_MAX);
    let line = |issue: crate::hot_issue::HotIssue| {
        let what = [issue.township_text, issue.category_text];
        let what: Vec<String> = what.into_iter().filter(|it| !it.is_empty()).collect();
        let kind = match issue.kind {
            HotIssueKind::Surge => "突增",
            HotIssueKind::Related => "同一件事",
        };
        WallLine {
            text: if what.is_empty() {
                "未分类".to_owned()
            } else {
                what.join(" ")
            },
            n_orders: issue.n_orders,
            note: kind.to_owned(),
        }
    };
    Ok(found.map(line).collect())
}

fn specials(desk: &Desk, reader: &Reader) -> anyhow::Result<(Vec<WallSpecial>, u64)> {
    let now = desk.now();
    let items = reader.board_items(Board::Special, BoardFilter::All, None)?;
    let n_items = reader.count_board_items(Board::Special, BoardFilter::All)?;
    let mut specials = Vec::new();
    for (nth, stored) in items.iter().take(ROWS_MAX).enumerate() {
        let Some(record) = reader.work_order_record(&stored.work_order_id)? else {
            continue;
        };
        let item = &stored.item;
        specials.push(WallSpecial {
            key: format!("{} {nth}", record.number),
            place_text: Sight::Bystander.place(&desk.reference, &record),
            category_text: value_text(&desk.reference, Dimension::Category, &record.category_id),
            unit_text: match &item.assignment {
                Some((_, unit)) => desk.reference.unit_name(unit).to_owned(),
                None => "县中心".to_owned(),
            },
            waits_text: text::board_wait(item.waits_for).to_owned(),
            left_text: match item.due_at {
                Some(due_at) => time_text::left(now, due_at),
                None => time_text::ago(now, item.since),
            },
            urgency: match item.due_at {
                Some(due_at) => limit::urgency(due_at, item.warn_at, now),
                None => Urgency::Soon,
            },
        });
    }
    Ok((specials, n_items))
}
