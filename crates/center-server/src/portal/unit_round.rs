//! 单位的考核期 as its list knows them: one row for each period that was put out and that the unit is in.
//! The scores themselves are the scheme's, which is read when a period is looked at.

use anyhow::Result;
use domain::HandlingUnitId;
use domain::assessment::{AssessmentRound, RoundStage, SchemeRecord};
use serde::{Deserialize, Serialize};
use wire::Subject;

use super::unit_order::key;
use crate::follower::{Projection, Seen, Sheet};

/// Periods, by unit.
pub(super) const ROUND: &str = "unit_round";

/// One period of a unit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct UnitRound {
    pub(super) unit: HandlingUnitId,
    /// 方案编号.
    pub(super) number: String,
    /// 2026-10 or 2026.
    pub(super) period: String,
}

/// Whether units are shown what was counted.
pub(super) fn is_put_out(round: &AssessmentRound) -> bool {
    match round.stage {
        RoundStage::Counted => false,
        RoundStage::Published | RoundStage::Finalised | RoundStage::Reported => true,
    }
}

/// Draws the rows of all units.
pub(super) struct UnitRounds;

impl Projection for UnitRounds {
    fn kinds(&self) -> &'static [&'static str] {
        &[ROUND]
    }

    fn version(&self) -> u32 {
        1
    }

    fn touch(&mut self, seen: &Seen<'_>, sheet: &mut Sheet<'_>) -> Result<()> {
        let Some(record) = seen.after.and_then(Subject::assessment) else {
            return Ok(());
        };
        let before = seen.before.and_then(Subject::assessment);
        // What was put out is never counted again, so no row is ever taken away.
        let rounds = record.rounds.iter().filter(|it| is_put_out(it));
        for round in rounds.filter(|round| is_new(before, round)) {
            for unit in &round.units {
                let row = UnitRound {
                    unit: unit.unit.clone(),
                    number: record.number.clone(),
                    period: round.period.id(),
                };
                let of_unit = format!("{} {}", row.period, row.number);
                sheet.write(ROUND, key(&row.unit, &of_unit), &row)?;
            }
        }
        Ok(())
    }
}

/// Whether there is something new of the period, which the pages of its units then ask for.
fn is_new(before: Option<&SchemeRecord>, round: &AssessmentRound) -> bool {
    before.and_then(|it| it.round(round.period)) != Some(round)
}
