//! 承办单 as the lists of its unit show it: one row for each unit and order, drawn by the follower.
//!
//! A row has nothing of the caller: lists are read over shoulders, and a row outlives the time in
//! which a unit may know who called. Texts of sealed orders are sealed before they are written.

use std::sync::Arc;

use anyhow::Result;
use chrono::{DateTime, Utc};
use domain::matter::{MatterClass, MatterKind};
use domain::time_limit::{LimitKind, LimitState};
use domain::work_order::{
    Assignment, AssignmentNumber, AssignmentStage, EventKind, ExtensionStage, Part, ScreeningStage,
    Stage,
};
use domain::{ActorId, HandlingUnitId, WorkOrder};
use serde::{Deserialize, Serialize};
use wire::{Story, Subject};
use wording::reference::ReferenceTables;

use super::sealed::Seal;
use crate::follower::{Projection, RedactedStory, Seen, Sheet};

/// What a unit has to do with now, by unit and order.
pub(super) const LIVE: &str = "unit_order";
/// What is done, by unit and the latest first.
pub(super) const DONE: &str = "unit_order_done";
/// How many of a unit's orders are done.
pub(super) const DONE_COUNT: &str = "unit_order_done_count";

/// Between the parts of a key: no identity has it.
pub(super) const SEPARATOR: char = '\u{1f}';
/// So much of a matter is searched for words, in characters.
const SEARCHED_CHARS: usize = 500;

/// One row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct UnitOrder {
    pub(super) unit: HandlingUnitId,
    pub(super) subject: String,
    pub(super) number: String,
    pub(super) title: String,
    /// The beginning of what was said, for the search.
    pub(super) text: String,
    pub(super) kind: MatterKind,
    pub(super) class: MatterClass,
    pub(super) category_id: String,
    pub(super) place_text: String,
    /// The caller is known to the center alone (第十七条).
    pub(super) is_sealed: bool,
    pub(super) assignment: AssignmentNumber,
    pub(super) part: Part,
    pub(super) stage: AssignmentStage,
    pub(super) dispatched_at: DateTime<Utc>,
    pub(super) limits: Vec<RowLimit>,
    /// Since when the unit waits for the center's word: what is over only after is not held against
    /// it meanwhile (决定 I-7).
    pub(super) waits_since: Option<DateTime<Utc>>,
    /// An extension was asked for and nobody has ruled (决定 I-9).
    pub(super) is_extension_pending: bool,
    /// The city has granted one, and the caller was not told yet.
    pub(super) is_extension_unexplained: bool,
    pub(super) screening: RowScreening,
    pub(super) replied_by: Option<ActorId>,
    /// 催办 without a receipt.
    pub(super) n_urges_open: u32,
    pub(super) last_event_at: DateTime<Utc>,
    /// What a person of the unit should hear of, the latest.
    pub(super) news: Option<RowNews>,
}

/// A limit that runs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct RowLimit {
    pub(super) kind: LimitKind,
    pub(super) due_at: DateTime<Utc>,
    pub(super) warn_at: DateTime<Utc>,
    pub(super) is_suspended: bool,
}

/// How a rating stands with the unit (第十二条(一)).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum RowScreening {
    /// Nothing to dispute, or all is ruled.
    None,
    /// A bad rating that nobody has disputed yet.
    MayBeAsked,
    /// The center or the city has it.
    UnderReview,
    /// 待补证: it is the unit's turn.
    AwaitsEvidence,
}

/// Something that happened to the unit, not through it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct RowNews {
    pub(super) at: DateTime<Utc>,
    pub(super) what: NewsKind,
}

/// 消息种类.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum NewsKind {
    Delivered,
    Urged,
    Supplemented,
    SendBackRuled,
    ExtensionRuled,
    ReplyToSign,
    ReplyRejected,
    ClosureRuled,
    Rated,
    ScreeningRuled,
    EvidenceAsked,
    Rework,
    Withdrawn,
    KindChangeRuled,
    Escalated,
}

impl NewsKind {
    pub(super) fn text(self) -> &'static str {
        match self {
            Self::Delivered => "新派单，请签收",
            Self::Urged => "中心催办",
            Self::Supplemented => "诉求人有补充",
            Self::SendBackRuled => "退回已裁定",
            Self::ExtensionRuled => "延期有答复",
            Self::ReplyToSign => "答复待内审",
            Self::ReplyRejected => "答复被退改",
            Self::ClosureRuled => "终结已审查",
            Self::Rated => "市回访已评价",
            Self::ScreeningRuled => "甄别有结论",
            Self::EvidenceAsked => "甄别须补证",
            Self::Rework => "退回重办",
            Self::Withdrawn => "诉求人撤回",
            Self::KindChangeRuled => "类型变更已审核",
            Self::Escalated => "事项等级已升级",
        }
    }

    fn of(event: &EventKind) -> Option<Self> {
        #[expect(
            clippy::wildcard_enum_match_arm,
            reason = "most events are the unit's own acts or the center's own business"
        )]
        Some(match event {
            EventKind::Delivered { .. } => Self::Delivered,
            EventKind::Urged { .. } => Self::Urged,
            EventKind::Supplemented { .. } | EventKind::RepeatAbsorbed { .. } => Self::Supplemented,
            EventKind::SendBackRuled { .. } => Self::SendBackRuled,
            EventKind::ExtensionReviewed {
                is_forwarded: false,
                ..
            }
            | EventKind::CityRuled { .. } => Self::ExtensionRuled,
            EventKind::ReplySubmitted { .. } => Self::ReplyToSign,
            EventKind::ReplyRejected { .. } => Self::ReplyRejected,
            EventKind::FinalClosureReviewed { .. } => Self::ClosureRuled,
            EventKind::Rated { .. } => Self::Rated,
            EventKind::ScreeningRuled { .. } => Self::ScreeningRuled,
            EventKind::ScreeningReviewed { review, .. } => match review {
                domain::work_order::ScreeningReview::AskEvidence => Self::EvidenceAsked,
                domain::work_order::ScreeningReview::Deny => Self::ScreeningRuled,
                domain::work_order::ScreeningReview::Forward => return None,
            },
            EventKind::ReworkOrdered { .. } => Self::Rework,
            EventKind::Withdrawn { .. } => Self::Withdrawn,
            EventKind::KindChangeRuled { .. } => Self::KindChangeRuled,
            EventKind::ClassEscalated { .. } => Self::Escalated,
            _ => return None,
        })
    }
}

/// The part of the order that a unit has, the open one before the latest, where it was given one
/// more than once.
pub(super) fn own<'a>(order: &'a WorkOrder, unit: &HandlingUnitId) -> Option<&'a Assignment> {
    let mut open = order.open_assignments();
    let open = open.find(|it| it.unit == *unit);
    open.or_else(|| order.assignments.iter().rev().find(|it| it.unit == *unit))
}

/// Whether the unit may never know who called, or no longer (第十七条).
pub(super) fn is_sealed(order: &WorkOrder) -> bool {
    order.matter.is_confidential || order.matter.kind == MatterKind::Report
}

impl UnitOrder {
    /// The row of a part of an order.
    pub(super) fn of(
        subject: &str,
        order: &WorkOrder,
        assignment: &Assignment,
        tables: &ReferenceTables,
    ) -> Self {
        let matter = &order.matter;
        let seal = Seal::of(&matter.caller);
        let text: String = matter.text.chars().take(SEARCHED_CHARS).collect();
        // A town is enough to know whose it is; the house may be the caller's own.
        let place = domain::matter::Place {
            detail: if is_sealed(order) {
                String::new()
            } else {
                matter.place.detail.clone()
            },
            ..matter.place.clone()
        };
        let extension = assignment.extension.as_ref();
        Self {
            unit: assignment.unit.clone(),
            subject: subject.to_owned(),
            number: order.number.clone(),
            title: seal.text(&matter.title),
            text: seal.text(&text),
            kind: matter.kind,
            class: matter.class,
            category_id: matter.category_id.clone(),
            place_text: tables.place_text(&place),
            is_sealed: is_sealed(order),
            assignment: assignment.number,
            part: assignment.part,
            stage: assignment.stage,
            dispatched_at: assignment.dispatched_at,
            limits: limits(assignment),
            waits_since: waits_since(assignment),
            is_extension_pending: extension.is_some_and(|case| case.stage.is_pending()),
            is_extension_unexplained: assignment.stage.is_open()
                && extension.is_some_and(|case| {
                    case.stage == ExtensionStage::Granted && case.explained.is_none()
                }),
            screening: screening(order, assignment),
            replied_by: assignment.replied_by.clone(),
            n_urges_open: if assignment.stage.is_open() {
                assignment
                    .n_urges
                    .saturating_sub(assignment.n_urges_received)
            } else {
                0
            },
            last_event_at: order.last_event_at,
            news: None,
        }
    }

    /// Whether somebody still has to do with it.
    pub(super) fn is_live(&self) -> bool {
        self.stage.is_open() || self.screening != RowScreening::None
    }

    fn place(&self) -> (&'static str, String) {
        if self.is_live() {
            (LIVE, key(&self.unit, &self.subject))
        } else {
            let at = self.last_event_at.timestamp_millis();
            (DONE, done_key(&self.unit, at, &self.subject))
        }
    }

    /// The limit that is over first, of those that do not stand still.
    pub(super) fn next_limit(&self) -> Option<&RowLimit> {
        let running = self.limits.iter().filter(|limit| !limit.is_suspended);
        running.min_by_key(|limit| limit.due_at)
    }

    /// Whether a limit is over, and held against the unit (决定 I-7、I-9).
    pub(super) fn is_overdue_at(&self, now: DateTime<Utc>) -> bool {
        let until = self.waits_since.map_or(now, |since| since.min(now));
        self.limits.iter().any(|limit| {
            let is_waived = self.is_extension_pending && limit.kind == LimitKind::Handle;
            until > limit.due_at && !is_waived
        })
    }
}

fn limits(assignment: &Assignment) -> Vec<RowLimit> {
    let running = assignment
        .limits
        .iter()
        .filter(|(_, state)| *state == LimitState::Running)
        .map(|(limit, _)| limit)
        .filter(|limit| limit.kind.is_held_against_the_unit() || limit.kind == LimitKind::Evidence);
    let row = running.map(|limit| RowLimit {
        kind: limit.kind,
        due_at: limit.due_at,
        warn_at: limit.warn_at,
        is_suspended: limit.is_suspended(),
    });
    row.collect()
}

fn waits_since(assignment: &Assignment) -> Option<DateTime<Utc>> {
    match assignment.stage {
        AssignmentStage::SendBackReview => assignment.send_back.as_ref().map(|it| it.sent_back_at),
        AssignmentStage::FinalClosureReview => assignment.closure_requested_at,
        AssignmentStage::Dispatched
        | AssignmentStage::Delivered
        | AssignmentStage::SignedFor
        | AssignmentStage::SentBack
        | AssignmentStage::AwaitingSignature
        | AssignmentStage::Completed
        | AssignmentStage::FinallyClosed
        | AssignmentStage::Withdrawn => None,
    }
}

fn screening(order: &WorkOrder, assignment: &Assignment) -> RowScreening {
    let is_bad = assignment
        .rating
        .as_ref()
        .is_some_and(|it| it.satisfaction.is_bad());
    match assignment.screening.as_ref().map(|it| it.stage) {
        Some(ScreeningStage::CountyReview | ScreeningStage::CityRuling) => {
            RowScreening::UnderReview
        }
        Some(ScreeningStage::AwaitingEvidence) => RowScreening::AwaitsEvidence,
        Some(ScreeningStage::DeniedByCounty | ScreeningStage::Removed | ScreeningStage::Upheld) => {
            RowScreening::None
        }
        None if is_bad && order.stage != Stage::Archived => RowScreening::MayBeAsked,
        None => RowScreening::None,
    }
}

pub(super) fn prefix(unit: &HandlingUnitId) -> String {
    format!("{}{SEPARATOR}", unit.0)
}

pub(super) fn key(unit: &HandlingUnitId, subject: &str) -> String {
    format!("{}{subject}", prefix(unit))
}

/// Keys are in the order of their bytes, so the latest has the smallest.
pub(super) fn done_key(unit: &HandlingUnitId, at_ms: i64, subject: &str) -> String {
    let backwards = u64::MAX - u64::try_from(at_ms).unwrap_or(0);
    format!("{}{backwards:020}{SEPARATOR}{subject}", prefix(unit))
}

/// Draws the rows of all units.
pub(super) struct UnitOrders {
    pub(super) tables: Arc<ReferenceTables>,
}

impl UnitOrders {
    fn rows(&self, subject: &str, of: Option<&Subject>) -> Vec<UnitOrder> {
        let Some(order) = of.and_then(Subject::order) else {
            return Vec::new();
        };
        let mut units: Vec<&HandlingUnitId> = order.assignments.iter().map(|it| &it.unit).collect();
        units.sort_unstable();
        units.dedup();
        let assignments = units.into_iter().filter_map(|unit| own(order, unit));
        assignments
            .map(|assignment| UnitOrder::of(subject, order, assignment, &self.tables))
            .collect()
    }
}

impl Projection for UnitOrders {
    fn kinds(&self) -> &'static [&'static str] {
        &[LIVE, DONE, DONE_COUNT]
    }

    fn version(&self) -> u32 {
        1
    }

    fn touch(&mut self, seen: &Seen<'_>, sheet: &mut Sheet<'_>) -> Result<()> {
        let subject = &seen.entry.subject;
        let before = self.rows(subject, seen.before);
        let after = self.rows(subject, seen.after);
        for row in &before {
            let (kind, key) = row.place();
            let news = sheet.read::<UnitOrder>(kind, &key)?.and_then(|it| it.news);
            let Some(now) = after.iter().find(|it| it.unit == row.unit) else {
                continue;
            };
            let heard = told(seen, now.assignment);
            let drawn = UnitOrder {
                news: heard.or(news),
                ..now.clone()
            };
            sheet.remove(kind, key);
            put(sheet, &drawn)?;
            count(sheet, &row.unit, row.is_live(), drawn.is_live())?;
        }
        for row in after {
            if !before.iter().any(|it| it.unit == row.unit) {
                put(sheet, &row)?;
                count(sheet, &row.unit, true, row.is_live())?;
            }
        }
        Ok(())
    }

    fn redacted(&mut self, story: &RedactedStory<'_>, sheet: &mut Sheet<'_>) -> Result<()> {
        for row in self.rows(story.id, Some(story.subject)) {
            let (kind, key) = row.place();
            let news = sheet.read::<UnitOrder>(kind, &key)?.and_then(|it| it.news);
            put(sheet, &UnitOrder { news, ..row })?;
        }
        Ok(())
    }
}

fn put(sheet: &mut Sheet<'_>, row: &UnitOrder) -> Result<()> {
    let (kind, key) = row.place();
    sheet.write(kind, key, row)
}

fn count(
    sheet: &mut Sheet<'_>,
    unit: &HandlingUnitId,
    was_live: bool,
    is_live: bool,
) -> Result<()> {
    let n: u64 = sheet.read(DONE_COUNT, &unit.0)?.unwrap_or(0);
    match (was_live, is_live) {
        (true, false) => sheet.write(DONE_COUNT, &unit.0, &(n + 1)),
        (false, true) => sheet.write(DONE_COUNT, &unit.0, &n.saturating_sub(1)),
        (true, true) | (false, false) => Ok(()),
    }
}

/// What the entry tells the unit that has that part.
fn told(seen: &Seen<'_>, assignment: AssignmentNumber) -> Option<RowNews> {
    let accepted = seen.body?.accepted()?;
    let Story::Order(events) = &accepted.story else {
        return None;
    };
    let theirs = events.iter().rev().filter(|event| {
        let about = event.kind.assignment();
        about.is_none_or(|number| number == assignment)
    });
    let mut news = theirs.filter_map(|event| {
        let what = NewsKind::of(&event.kind)?;
        let at = event.occurred_at;
        Some(RowNews { at, what })
    });
    news.next()
}
