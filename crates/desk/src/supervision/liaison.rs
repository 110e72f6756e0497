//! 联络员缺口: which units lack a person for the hotline (第四条, 第六条(一)).

use domain::clock_face::date_of;
use serde::Serialize;
use ts_rs::TS;

use super::{WATCHERS, check_role};
use crate::desk::Desk;
use crate::error::CallError;
use crate::text;

#[derive(Debug, Clone, Serialize, TS)]
pub struct LiaisonGapLine {
    pub article: String,
    pub text: String,
}

#[derive(Debug, Clone, Serialize, TS)]
pub struct LiaisonGapRow {
    pub unit_id: String,
    pub unit_name: String,
    pub gaps: Vec<LiaisonGapLine>,
    /// Who is there now: 联络员 李明 …
    pub on_duty: Vec<String>,
}

#[derive(Debug, Clone, Serialize, TS)]
pub struct LiaisonGaps {
    /// Whether the center keeps a register; without one nothing is said of the units.
    pub is_kept: bool,
    pub rows: Vec<LiaisonGapRow>,
}

/// 联络员缺口 of today.
pub(crate) fn liaison_gaps(desk: &Desk, (): ()) -> Result<LiaisonGaps, CallError> {
    check_role(desk, WATCHERS)?;
    let today = date_of(desk.now());
    let register = desk.tables.references.liaisons();
    let rules = desk.rule_sets.in_force_on(today).liaison;
    let gaps = register.gaps(&desk.reference.units, today, rules);
    let is_kept = !register.is_empty();
    let rows = gaps
        .into_iter()
        .filter(|_| is_kept)
        .map(|(unit, gaps)| LiaisonGapRow {
            unit_id: unit.id.0.clone(),
            unit_name: unit.name.clone(),
            gaps: gaps
                .iter()
                .map(|gap| LiaisonGapLine {
                    article: gap.article().to_owned(),
                    text: text::liaison_gap(gap),
                })
                .collect(),
            on_duty: register
                .on_duty(&unit.id, today)
                .into_iter()
                .map(|term| format!("{} {}", text::liaison_post(term.post), term.name))
                .collect(),
        })
        .collect();
    Ok(LiaisonGaps { is_kept, rows })
}
