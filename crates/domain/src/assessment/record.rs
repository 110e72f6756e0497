//! 考核方案档: a version of the scheme with the periods that are assessed by it, folded from its events.
//!
//! ```text
//! 草案 Drafted ── 已公布 Announced ── 已停用 Withdrawn
//!                    └ 考核期: 已计数 Counted ── 公示中 Published ── 已定稿 Finalised ── 已通报 Reported
//! ```

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use super::command::{AppealCorrection, AppealTarget, AssessmentCommand, AssessmentEvent};
use super::frozen::{AssessedPeriod, FrozenFigure, FrozenScore, FrozenUnit, score_frozen};
use super::scheme::AssessmentScheme;
use crate::actor::ActorId;
use crate::handling_unit::HandlingUnitId;
use crate::indicators::{Better, Indicator};

/// 方案状态.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SchemeStage {
    /// 草案.
    Drafted,
    /// 已公布.
    Announced,
    /// 已停用.
    Withdrawn,
}

impl SchemeStage {
    pub const ALL: [Self; 3] = [Self::Drafted, Self::Announced, Self::Withdrawn];
}

/// 考核期状态.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RoundStage {
    /// 已计数，待公示.
    Counted,
    /// 公示中.
    Published,
    /// 已定稿，待通报.
    Finalised,
    /// 已通报.
    Reported,
}

impl RoundStage {
    pub const ALL: [Self; 4] = [
        Self::Counted,
        Self::Published,
        Self::Finalised,
        Self::Reported,
    ];
}

/// 申诉裁定.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AppealRuling {
    /// `None`: it was turned down.
    pub correction: Option<AppealCorrection>,
    pub reason: String,
    pub by: ActorId,
    pub at: DateTime<Utc>,
}

/// 申诉 of a unit against a number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScoreAppeal {
    /// From 1, in the order they were recorded.
    pub number: u32,
    pub unit: HandlingUnitId,
    pub target: AppealTarget,
    pub reason: String,
    pub recorded_by: ActorId,
    pub recorded_at: DateTime<Utc>,
    pub ruling: Option<AppealRuling>,
}

/// 考核期 by a scheme.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AssessmentRound {
    pub period: AssessedPeriod,
    pub stage: RoundStage,
    pub counted_at: DateTime<Utc>,
    pub counted_by: ActorId,
    pub units: Vec<FrozenUnit>,
    pub published_at: Option<DateTime<Utc>>,
    pub appeals_until: Option<NaiveDate>,
    pub appeals: Vec<ScoreAppeal>,
    pub finalised_by: Option<ActorId>,
    pub finalised_at: Option<DateTime<Utc>>,
    /// 文号 of the bulletin.
    pub document: Option<String>,
}

/// 考核方案档, folded from its events.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SchemeRecord {
    pub number: String,
    pub scheme: AssessmentScheme,
    pub stage: SchemeStage,
    /// 起草人: who wrote it last.
    pub drafted_by: ActorId,
    pub announced_by: Option<ActorId>,
    pub announced_at: Option<DateTime<Utc>>,
    /// 文号 by which it was announced.
    pub document: Option<String>,
    /// In the order they were counted.
    pub rounds: Vec<AssessmentRound>,
    /// How many events made it.
    pub n_events: u32,
    pub last_event_at: DateTime<Utc>,
}

/// Folds one event into the record.
///
/// # Panics
/// When an event other than a draft comes first, or a draft comes twice, or of a period that was not
/// counted: [`super::decide`] gives no such history, so the log is damaged.
pub fn apply(record: &mut Option<SchemeRecord>, event: &AssessmentEvent) {
    if let AssessmentCommand::Draft { number, scheme } = &event.kind {
        assert!(record.is_none(), "a scheme is drafted once");
        *record = Some(SchemeRecord {
            number: number.clone(),
            scheme: scheme.clone(),
            stage: SchemeStage::Drafted,
            drafted_by: event.actor.clone(),
            announced_by: None,
            announced_at: None,
            document: None,
            rounds: Vec::new(),
            n_events: 1,
            last_event_at: event.occurred_at,
        });
        return;
    }
    #[expect(clippy::expect_used, reason = "decide gives no other history")]
    let record = record
        .as_mut()
        .expect("the first event of a scheme drafts it");
    record.n_events += 1;
    record.last_event_at = event.occurred_at;
    match &event.kind {
        AssessmentCommand::Draft { .. } => unreachable!("handled above"),
        AssessmentCommand::Revise { scheme } => {
            record.scheme = scheme.clone();
            record.drafted_by = event.actor.clone();
        }
        AssessmentCommand::Announce { document } => {
            record.stage = SchemeStage::Announced;
            record.announced_by = Some(event.actor.clone());
            record.announced_at = Some(event.occurred_at);
            record.document = Some(document.clone());
        }
        AssessmentCommand::Withdraw { .. } => record.stage = SchemeStage::Withdrawn,
        AssessmentCommand::Count {
            period,
            counted_at,
            units,
        } => {
            record.rounds.retain(|it| it.period != *period);
            record.rounds.push(AssessmentRound {
                period: *period,
                stage: RoundStage::Counted,
                counted_at: *counted_at,
                counted_by: event.actor.clone(),
                units: units.clone(),
                published_at: None,
                appeals_until: None,
                appeals: Vec::new(),
                finalised_by: None,
                finalised_at: None,
                document: None,
            });
        }
        AssessmentCommand::Publish { period, .. }
        | AssessmentCommand::Appeal { period, .. }
        | AssessmentCommand::Uphold { period, .. }
        | AssessmentCommand::Dismiss { period, .. }
        | AssessmentCommand::Finalise { period }
        | AssessmentCommand::Report { period, .. } => {
            let mut rounds = record.rounds.iter_mut();
            #[expect(clippy::expect_used, reason = "decide gives no other history")]
            let round = rounds
                .find(|it| it.period == *period)
                .expect("a period is counted before anything else");
            apply_to_round(round, event);
        }
    }
}

fn apply_to_round(round: &mut AssessmentRound, event: &AssessmentEvent) {
    let ruling = |correction, reason: &String| AppealRuling {
        correction,
        reason: reason.clone(),
        by: event.actor.clone(),
        at: event.occurred_at,
    };
    match &event.kind {
        AssessmentCommand::Draft { .. }
        | AssessmentCommand::Revise { .. }
        | AssessmentCommand::Announce { .. }
        | AssessmentCommand::Withdraw { .. }
        | AssessmentCommand::Count { .. } => unreachable!("not of a counted period"),
        AssessmentCommand::Publish { appeals_until, .. } => {
            round.stage = RoundStage::Published;
            round.published_at = Some(event.occurred_at);
            round.appeals_until = Some(*appeals_until);
        }
        AssessmentCommand::Appeal {
            unit,
            target,
            reason,
            ..
        } => round.appeals.push(ScoreAppeal {
            number: u32::try_from(round.appeals.len()).unwrap_or(u32::MAX) + 1,
            unit: unit.clone(),
            target: target.clone(),
            reason: reason.clone(),
            recorded_by: event.actor.clone(),
            recorded_at: event.occurred_at,
            ruling: None,
        }),
        AssessmentCommand::Uphold {
            appeal,
            correction,
            reason,
            ..
        } => round.rule(*appeal, ruling(Some(*correction), reason)),
        AssessmentCommand::Dismiss { appeal, reason, .. } => {
            round.rule(*appeal, ruling(None, reason));
        }
        AssessmentCommand::Finalise { .. } => {
            round.stage = RoundStage::Finalised;
            round.finalised_by = Some(event.actor.clone());
            round.finalised_at = Some(event.occurred_at);
        }
        AssessmentCommand::Report { document, .. } => {
            round.stage = RoundStage::Reported;
            round.document = Some(document.clone());
        }
    }
}

/// The record that a history makes; `None` for an empty one.
pub fn fold<'a>(events: impl IntoIterator<Item = &'a AssessmentEvent>) -> Option<SchemeRecord> {
    let mut record = None;
    for event in events {
        apply(&mut record, event);
    }
    record
}

impl SchemeRecord {
    pub fn round(&self, period: AssessedPeriod) -> Option<&AssessmentRound> {
        self.rounds.iter().find(|it| it.period == period)
    }
}

/// 适用方案 of a period: of those announced for it, the one that begins last; of two, the higher version.
pub fn scheme_for(records: &[SchemeRecord], period: AssessedPeriod) -> Option<&SchemeRecord> {
    let (first, _) = period.days()?;
    records
        .iter()
        .filter(|it| it.stage == SchemeStage::Announced && it.scheme.effective_from <= first)
        .max_by_key(|it| (it.scheme.effective_from, it.scheme.version, &it.number))
}

impl AssessmentRound {
    fn rule(&mut self, appeal: u32, ruling: AppealRuling) {
        let mut appeals = self.appeals.iter_mut();
        if let Some(appeal) = appeals.find(|it| it.number == appeal) {
            appeal.ruling = Some(ruling);
        }
    }

    pub fn appeal(&self, number: u32) -> Option<&ScoreAppeal> {
        self.appeals.iter().find(|it| it.number == number)
    }

    /// 待裁定的申诉.
    pub fn open_appeals(&self) -> impl Iterator<Item = &ScoreAppeal> {
        self.appeals.iter().filter(|it| it.ruling.is_none())
    }

    /// 更正后的数据: what was frozen, with every appeal that was right.
    pub fn corrected(&self) -> Vec<FrozenUnit> {
        let mut units = self.units.clone();
        for appeal in &self.appeals {
            let correction = appeal.ruling.as_ref().and_then(|it| it.correction);
            let unit = units.iter_mut().find(|it| it.unit == appeal.unit);
            if let (Some(correction), Some(unit)) = (correction, unit) {
                // What does not fit was refused when it was ruled.
                let _is_done = correct(unit, &appeal.target, correction);
            }
        }
        units
    }

    /// 考核结果 of the period, corrections included.
    pub fn result(&self, scheme: &AssessmentScheme) -> Vec<FrozenScore> {
        score_frozen(scheme, &self.corrected())
    }
}

/// Corrects a number of a unit; `None` where that does not fit what was counted.
pub(super) fn correct(
    unit: &mut FrozenUnit,
    target: &AppealTarget,
    correction: AppealCorrection,
) -> Option<()> {
    match target {
        AppealTarget::Deduction { event, number } => {
            if correction == AppealCorrection::InFavour {
                return None;
            }
            let events = unit.events.iter_mut().find(|it| it.event == *event)?;
            let n_before = events.numbers.len();
            events.numbers.retain(|it| it != number);
            (events.numbers.len() < n_before).then_some(())
        }
        AppealTarget::Item {
            indicator, points, ..
        } => {
            let mut figures = unit.figures.iter_mut();
            let figure = figures.find(|it| it.indicator == *indicator)?;
            *figure = corrected(figure, *indicator, *points, correction)?;
            Some(())
        }
    }
}

fn corrected(
    figure: &FrozenFigure,
    indicator: Indicator,
    points: Option<u32>,
    correction: AppealCorrection,
) -> Option<FrozenFigure> {
    let mut after = figure.clone();
    let best = match indicator.better()? {
        Better::Higher => figure.full_points,
        Better::Lower => 0,
    };
    match (correction, points) {
        (AppealCorrection::LeftOut, None) => return None,
        (AppealCorrection::LeftOut, Some(points)) => {
            after.points = figure.points.checked_sub(u64::from(points))?;
            after.n_items = figure.n_items.checked_sub(1)?;
        }
        (AppealCorrection::InFavour, Some(points)) if points == best => return None,
        (AppealCorrection::InFavour, Some(points)) => {
            let others = figure.points.checked_sub(u64::from(points))?;
            after.points = others + u64::from(best);
        }
        (AppealCorrection::InFavour, None) => {
            after.points = figure.points + u64::from(best);
            after.n_items = figure.n_items.checked_add(1)?;
        }
    }
    let whole = u64::from(after.n_items) * u64::from(after.full_points);
    (after.points <= whole).then_some(after)
}
