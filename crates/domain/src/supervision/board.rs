//! 督办看板: what of an order somebody has to look after, and by when (第四条, 第五条(一)(三)(四),
//! 第十一条, 第十二条(一), 第二十一条(三)).
//!
//! Read off the order alone, without a clock: the same item is 临期 in the morning and 超期 at night,
//! so a row of it can be kept and asked by time.

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use crate::calendar::WorkCalendar;
use crate::handling_unit::HandlingUnitId;
use crate::matter::MatterClass;
use crate::rule_set::RuleSet;
use crate::time_limit::{LimitKind, LimitState, TimeLimit};
use crate::work_order::{
    Assignment, AssignmentNumber, AssignmentStage, ExtensionCase, ScreeningStage, Stage, WorkOrder,
    send_back_review_target,
};

/// 看板: one question that is asked of all orders.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Board {
    /// 时限: 临期 and 超期, of the center and of the units (第十一条(一)(二)).
    Limit,
    /// 特殊事项: the 3 h and 2 h clocks, the progress, the township to be told (第十一条(四)).
    Special,
    /// 退回待审 (第五条(三)).
    SendBack,
    /// 反复退回 (第二十一条(三)).
    SendBackLoop,
    /// 延期待审、待批 (第十一条(三)).
    Extension,
    /// 甄别 (第十二条(一)): what may still be asked, and what waits for a word.
    Screening,
    /// 催办待回执 (第五条(一)).
    UrgeReceipt,
}

impl Board {
    pub const ALL: [Self; 7] = [
        Self::Limit,
        Self::Special,
        Self::SendBack,
        Self::SendBackLoop,
        Self::Extension,
        Self::Screening,
        Self::UrgeReceipt,
    ];

    /// 依据.
    pub fn article(self) -> &'static str {
        match self {
            Self::Limit => "第十一条(一)(二)",
            Self::Special => "第十一条(四)",
            Self::SendBack => "第五条(三)",
            Self::SendBackLoop => "第二十一条(三)",
            Self::Extension => "第十一条(三)",
            Self::Screening => "第十二条(一)",
            Self::UrgeReceipt => "第五条(一)",
        }
    }
}

/// 环节: what an item waits for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(tag = "waits_for", content = "limit", rename_all = "snake_case")]
pub enum BoardWait {
    /// An act that has a limit.
    Limit(LimitKind),
    /// 属地报告 (第十一条(四)).
    TownshipReport,
    /// 退回裁定.
    SendBackRuling,
    /// 理顺职责: the order goes round.
    Settling,
    /// 延期县审.
    ExtensionReview,
    /// 延期市批.
    ExtensionRuling,
    /// 甄别申请, which the unit may still make.
    ScreeningRequest,
    /// 甄别市裁.
    ScreeningRuling,
    /// 催办回执.
    UrgeReceipt,
}

/// 看板项.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BoardItem {
    pub board: Board,
    pub waits_for: BoardWait,
    /// Whose it is; `None` for what the center itself owes.
    pub assignment: Option<(AssignmentNumber, HandlingUnitId)>,
    pub since: DateTime<Utc>,
    /// 预警: near from then on.
    pub warn_at: DateTime<Utc>,
    /// Late after it; `None` for what has no limit.
    pub due_at: Option<DateTime<Utc>>,
}

/// The items of an order as it stands.
pub fn board_items(
    order: &WorkOrder,
    calendar: &WorkCalendar,
    rule_set: &RuleSet,
) -> Vec<BoardItem> {
    let mut items = Vec::new();
    for limit in running(&order.limits) {
        items.extend(of_limit(limit, None, order, rule_set));
    }
    items.extend(township_report(order, rule_set));
    for assignment in &order.assignments {
        let whose = || Some((assignment.number, assignment.unit.clone()));
        // 待批暂挂: held against nobody, so it stands with the extensions.
        let pending = assignment.extension.as_ref();
        let pending = pending.filter(|case| case.stage.is_pending());
        for limit in running(&assignment.limits) {
            if !(pending.is_some() && limit.kind == LimitKind::Handle) {
                items.extend(of_limit(limit, whose(), order, rule_set));
            }
        }
        if let Some(case) = pending.filter(|_| assignment.stage.is_open()) {
            items.push(extension(assignment, case));
        }
        items.extend(send_back(assignment, calendar, rule_set));
        items.extend(screening(order, assignment, calendar, rule_set));
        items.extend(urge_receipt(assignment));
    }
    items.extend(send_back_loop(order, rule_set));
    items
}

fn running(limits: &[(TimeLimit, LimitState)]) -> impl Iterator<Item = &TimeLimit> {
    limits
        .iter()
        .filter(|(limit, state)| *state == LimitState::Running && !limit.is_suspended())
        .map(|(limit, _)| limit)
}

/// A limit by which somebody has to act; the limit for sending back is a right and not a duty. A progress
/// is near by the house's own target too, which counts natural hours: before a long holiday the working day
/// ends after it (决定 I-5).
fn of_limit(
    limit: &TimeLimit,
    assignment: Option<(AssignmentNumber, HandlingUnitId)>,
    order: &WorkOrder,
    rule_set: &RuleSet,
) -> Option<BoardItem> {
    let board = match limit.kind {
        LimitKind::FirstResponse | LimitKind::Progress => Board::Special,
        LimitKind::ScreeningReview | LimitKind::Evidence => Board::Screening,
        LimitKind::Dispatch
        | LimitKind::SignFor
        | LimitKind::Handle
        | LimitKind::Assist
        | LimitKind::Verification => Board::Limit,
        LimitKind::SendBack => return None,
    };
    Some(BoardItem {
        board,
        waits_for: BoardWait::Limit(limit.kind),
        assignment,
        since: limit.started_at,
        warn_at: match progress_target(limit, order, rule_set) {
            Some(target) => limit.warn_at.min(target),
            None => limit.warn_at,
        },
        due_at: Some(limit.due_at),
    })
}

fn progress_target(
    limit: &TimeLimit,
    order: &WorkOrder,
    rule_set: &RuleSet,
) -> Option<DateTime<Utc>> {
    let limits = rule_set.response_limits(order.matter.class)?;
    let hours = TimeDelta::hours(i64::from(limits.progress_target_hours));
    (limit.kind == LimitKind::Progress).then(|| limit.started_at + hours)
}

/// 第一时间报属地, as the house aims at.
fn township_report(order: &WorkOrder, rule_set: &RuleSet) -> Option<BoardItem> {
    let is_special = order.matter.class != MatterClass::Ordinary;
    let is_owed = is_special && order.stage.is_open() && order.township_reports.is_empty();
    let minutes = i64::from(rule_set.special_dispatch_minutes);
    let due_at = order.registered_at + TimeDelta::minutes(minutes);
    is_owed.then_some(BoardItem {
        board: Board::Special,
        waits_for: BoardWait::TownshipReport,
        assignment: None,
        since: order.registered_at,
        warn_at: order.registered_at,
        due_at: Some(due_at),
    })
}

fn extension(assignment: &Assignment, case: &ExtensionCase) -> BoardItem {
    use crate::work_order::ExtensionStage;
    let due_at = assignment
        .limit(LimitKind::Handle)
        .map(|(limit, _)| limit.due_at);
    BoardItem {
        board: Board::Extension,
        waits_for: match case.stage {
            ExtensionStage::CountyReview => BoardWait::ExtensionReview,
            ExtensionStage::CityRuling
            | ExtensionStage::Granted
            | ExtensionStage::DeniedByCounty
            | ExtensionStage::DeniedByCity
            | ExtensionStage::Lapsed => BoardWait::ExtensionRuling,
        },
        assignment: Some((assignment.number, assignment.unit.clone())),
        since: case.requested_at,
        warn_at: case.requested_at,
        due_at,
    }
}

fn send_back(
    assignment: &Assignment,
    calendar: &WorkCalendar,
    rule_set: &RuleSet,
) -> Option<BoardItem> {
    let case = assignment.send_back.as_ref()?;
    (assignment.stage == AssignmentStage::SendBackReview).then(|| BoardItem {
        board: Board::SendBack,
        waits_for: BoardWait::SendBackRuling,
        assignment: Some((assignment.number, assignment.unit.clone())),
        since: case.sent_back_at,
        warn_at: case.sent_back_at,
        due_at: send_back_review_target(case.sent_back_at, calendar, rule_set),
    })
}

fn send_back_loop(order: &WorkOrder, rule_set: &RuleSet) -> Option<BoardItem> {
    let is_loop = order.n_send_backs() >= rule_set.send_back.warn_at_count as usize;
    let last = order
        .assignments
        .iter()
        .rev()
        .find_map(|it| Some((it, it.send_back.as_ref()?)));
    let (assignment, case) = last.filter(|_| is_loop && order.stage.is_open())?;
    Some(BoardItem {
        board: Board::SendBackLoop,
        waits_for: BoardWait::Settling,
        assignment: Some((assignment.number, assignment.unit.clone())),
        since: case.sent_back_at,
        warn_at: case.sent_back_at,
        due_at: None,
    })
}

/// What the unit may still dispute, or what the city has not ruled on; the county's own review and the
/// evidence have limits, and come with those.
fn screening(
    order: &WorkOrder,
    assignment: &Assignment,
    calendar: &WorkCalendar,
    rule_set: &RuleSet,
) -> Option<BoardItem> {
    let rating = assignment.rating.as_ref()?;
    let is_settled = matches!(order.stage, Stage::Archived | Stage::FinallyClosed);
    if !rating.satisfaction.is_bad() || is_settled {
        return None;
    }
    let whose = Some((assignment.number, assignment.unit.clone()));
    match assignment.screening.as_ref() {
        None => {
            let limits = assignment.screening_limits(rating, calendar, rule_set);
            Some(BoardItem {
                board: Board::Screening,
                waits_for: BoardWait::ScreeningRequest,
                assignment: whose,
                since: assignment.rating_delivered_at.unwrap_or(rating.rated_at),
                warn_at: limits.principle_due_at.min(limits.cut_off_at),
                due_at: Some(limits.cut_off_at),
            })
        }
        Some(case) if case.stage == ScreeningStage::CityRuling => Some(BoardItem {
            board: Board::Screening,
            waits_for: BoardWait::ScreeningRuling,
            assignment: whose,
            since: case.requested_at,
            warn_at: case.requested_at,
            due_at: None,
        }),
        Some(_) => None,
    }
}

fn urge_receipt(assignment: &Assignment) -> Option<BoardItem> {
    let urged_at = assignment.last_urged_at?;
    let is_owed = assignment.stage.is_open() && assignment.n_urges > assignment.n_urges_received;
    is_owed.then(|| BoardItem {
        board: Board::UrgeReceipt,
        waits_for: BoardWait::UrgeReceipt,
        assignment: Some((assignment.number, assignment.unit.clone())),
        since: urged_at,
        warn_at: urged_at,
        due_at: None,
    })
}
