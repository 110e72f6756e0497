//! 知识库管理: updates, searches, adoption and corrections (第十三条, 第十四条, 第二十三条).

use chrono::{DateTime, TimeDelta, Utc};

use super::center::is_accepted;
use super::period::Moment;
use super::tally::{Exclusion, Holder, ItemId, Standing, Tally};
use super::{Basis, Period, order_item};
use crate::clock_face::end_of;
use crate::handling_unit::HandlingUnitId;
use crate::kb::task::{KbTask, KbTaskStage};
use crate::matter::MatterKind;
use crate::work_order::{Conclusion, WorkOrder};

/// 知识更新任务: an article that a unit is to bring up to date (第十三条). Handed back it is to be done again,
/// by another day; once late it stays late.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KbUpdateTask {
    pub id: String,
    pub unit: HandlingUnitId,
    pub due_at: DateTime<Utc>,
    pub done_at: Option<DateTime<Utc>>,
}

impl KbUpdateTask {
    /// As the task stands; `None` for one that was cancelled.
    pub fn of(task: &KbTask) -> Option<Self> {
        let done_at = match task.stage {
            KbTaskStage::Open => None,
            KbTaskStage::Delivered | KbTaskStage::Done => task.delivered_at,
            KbTaskStage::Cancelled => return None,
        };
        Some(Self {
            id: task.number.clone(),
            unit: task.unit.clone(),
            due_at: end_of(task.missed_on.unwrap_or(task.due_on)),
            done_at,
        })
    }
}

/// 知识检索: one search in the knowledge base.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KbSearch {
    pub id: String,
    pub searched_at: DateTime<Utc>,
    pub n_results: u32,
    /// 点击: how many of them were opened.
    pub n_opened: u32,
}

/// 知识纠错: an article reported as wrong (第十四条).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KbCorrection {
    pub id: String,
    pub reported_at: DateTime<Utc>,
    /// 闭环.
    pub closed_at: Option<DateTime<Utc>>,
}

/// 更新及时率: done in time, of the tasks done or over (第十三条).
pub(super) fn timely_update(tasks: &[KbUpdateTask], basis: &Basis<'_>) -> Tally {
    let mut tally = Tally::new(1);
    for task in tasks {
        let settled = match task.done_at {
            Some(at) if at <= task.due_at => (Moment::Act(at), Standing::counted_if(true)),
            Some(_) => (Moment::End(task.due_at), Standing::counted_if(false)),
            None if basis.as_of > task.due_at => {
                (Moment::End(task.due_at), Standing::counted_if(false))
            }
            None => continue,
        };
        let item = ItemId::Record {
            id: task.id.clone(),
        };
        tally.add_in(basis.period, item, Holder::Unit(task.unit.clone()), settled);
    }
    tally
}

/// 命中率: an article was opened, of all searches (第十四条).
pub(super) fn hit(searches: &[KbSearch], basis: &Basis<'_>) -> Tally {
    of_searches(searches, basis, |search| search.n_opened > 0)
}

/// 零结果率: nothing was found, of all searches (第十四条).
pub(super) fn no_result(searches: &[KbSearch], basis: &Basis<'_>) -> Tally {
    of_searches(searches, basis, |search| search.n_results == 0)
}

fn of_searches(
    searches: &[KbSearch],
    basis: &Basis<'_>,
    is_in_numerator: impl Fn(&KbSearch) -> bool,
) -> Tally {
    let mut tally = Tally::new(1);
    for search in searches {
        let item = ItemId::Record {
            id: search.id.clone(),
        };
        let standing = Standing::counted_if(is_in_numerator(search));
        let settled = (Moment::Act(search.searched_at), standing);
        tally.add_in(basis.period, item, Holder::Center, settled);
    }
    tally
}

/// 采纳率: answered on the spot from an article, of the consultations accepted (第十三条).
pub(super) fn adoption(orders: &[WorkOrder], basis: &Basis<'_>) -> Tally {
    let mut tally = Tally::new(1);
    let consultations = orders
        .iter()
        .filter(|order| order.matter.kind == MatterKind::Consultation);
    for order in consultations {
        let standing = if !is_accepted(order) {
            Standing::Excluded(Exclusion::NotAccepted)
        } else if order.merged_into.is_some() {
            Standing::Excluded(Exclusion::Merged)
        } else {
            Standing::counted_if(is_from_article(order))
        };
        let settled = (Moment::Act(order.registered_at), standing);
        tally.add_in(basis.period, order_item(order), Holder::Center, settled);
    }
    tally
}

fn is_from_article(order: &WorkOrder) -> bool {
    match &order.conclusion {
        Some(Conclusion::Answer { article, .. }) => article.is_some(),
        Some(
            Conclusion::OutOfScope { .. }
            | Conclusion::Transfer { .. }
            | Conclusion::Dispatch { .. },
        )
        | None => false,
    }
}

/// 纠错闭环时: how long corrections took, with those that are behind the number and those that are
/// not closed (第十四条). A time and no ratio.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CorrectionTimes {
    /// 已闭环 of those reported in the period, each with the time it took.
    pub closed: Vec<(String, TimeDelta)>,
    /// 未闭环.
    pub open: Vec<String>,
}

impl CorrectionTimes {
    /// 平均用时 in whole minutes, half up; `None` is 未发生.
    pub fn mean_minutes(&self) -> Option<i64> {
        let n_closed = i64::try_from(self.closed.len()).ok().filter(|n| *n > 0)?;
        let total: i64 = self.closed.iter().map(|(_, took)| took.num_seconds()).sum();
        Some((total * 2 + n_closed * 60).div_euclid(n_closed * 120))
    }
}

/// 纠错闭环时 of what was reported in the period (第十四条).
pub fn correction_times(corrections: &[KbCorrection], period: Period) -> CorrectionTimes {
    let mut times = CorrectionTimes {
        closed: Vec::new(),
        open: Vec::new(),
    };
    let reported = corrections
        .iter()
        .filter(|it| period.contains(it.reported_at));
    for it in reported {
        match it.closed_at {
            Some(closed_at) => {
                let took = closed_at - it.reported_at;
                times.closed.push((it.id.clone(), took));
            }
            None => times.open.push(it.id.clone()),
        }
    }
    times
}
