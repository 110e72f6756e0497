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

/// 联络员缺口 of today; none of a county whose register was never written.
pub(crate) fn liaison_gaps(desk: &Desk, (): ()) -> Result<Vec<LiaisonGapRow>, CallError> {
    check_role(desk, WATCHERS)?;
    let today = date_of(desk.now());
    let register = desk.tables.references.liaisons();
    let rules = desk.rule_sets.in_force_on(today).liaison;
    let gaps = register.gaps(&desk.reference.units, today, rules);
    Ok(gaps
        .into_iter()
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
                .map(|term| term.name.clone())
                .collect(),
        })
        .collect())
}
