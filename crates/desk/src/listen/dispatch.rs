//! 派单建议 with its grounds: who leads, whose territory it is, who regulates.

use ::intake::dispatch::{Suggestion, SuggestionGround, UnitSuggestion};
use domain::HandlingUnitId;
use serde::Serialize;
use ts_rs::TS;

use crate::reference::ReferenceTables;

/// 依据.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum UnitGroundKind {
    /// 先例, which binds.
    Precedent,
    /// 派单目录.
    Catalogue,
    /// 同类工单.
    Similar,
    /// 退回教训.
    Returns,
    /// 属地.
    Territory,
}

#[derive(Debug, Clone, Serialize, TS)]
pub struct UnitGround {
    pub kind: UnitGroundKind,
    pub text: String,
    /// 工单编号 of the orders behind it.
    pub numbers: Vec<String>,
}

/// A unit and why.
#[derive(Debug, Clone, Serialize, TS)]
pub struct HeardUnit {
    pub unit_id: String,
    pub unit: String,
    pub grounds: Vec<UnitGround>,
}

/// 派单建议.
#[derive(Debug, Clone, Default, Serialize, TS)]
pub struct HeardDispatch {
    /// 主办, the likeliest first.
    pub leads: Vec<HeardUnit>,
    /// A precedent holds: the unit may not send it back (第十条).
    pub is_bound: bool,
    /// 协办 that a precedent names.
    pub assisting: Vec<HeardUnit>,
    /// 属地.
    pub territorial: Option<HeardUnit>,
    /// 行业主管.
    pub regulator: Option<HeardUnit>,
    /// 分类 it was looked up by, the chosen one or the likeliest; empty where none is likely.
    pub category_id: String,
}

impl HeardDispatch {
    pub(super) fn of(
        suggestion: &Suggestion,
        category_id: &str,
        reference: &ReferenceTables,
    ) -> Self {
        let unit = |it: &UnitSuggestion| heard_unit(it, reference);
        let bare = |id: &HandlingUnitId| HeardUnit {
            unit: reference.unit_name(id).to_owned(),
            unit_id: id.0.clone(),
            grounds: Vec::new(),
        };
        Self {
            leads: suggestion.leads.iter().map(unit).collect(),
            is_bound: suggestion.is_bound,
            assisting: suggestion.assisting.iter().map(bare).collect(),
            territorial: suggestion.territorial.as_ref().map(unit),
            regulator: suggestion.regulator.as_ref().map(unit),
            category_id: category_id.to_owned(),
        }
    }
}

fn heard_unit(suggestion: &UnitSuggestion, reference: &ReferenceTables) -> HeardUnit {
    let grounds = suggestion.grounds.iter();
    HeardUnit {
        unit: reference.unit_name(&suggestion.unit).to_owned(),
        unit_id: suggestion.unit.0.clone(),
        grounds: grounds.map(|it| unit_ground(it, reference)).collect(),
    }
}

fn unit_ground(ground: &SuggestionGround, reference: &ReferenceTables) -> UnitGround {
    let (kind, text, numbers) = match ground {
        SuggestionGround::Precedent { id, document } => (
            UnitGroundKind::Precedent,
            format!("先例 {id}（{document}），承办单位不得退回"),
            Vec::new(),
        ),
        SuggestionGround::Catalogue { because } if because.is_empty() => {
            (UnitGroundKind::Catalogue, "派单目录".to_owned(), Vec::new())
        }
        SuggestionGround::Catalogue { because } => (
            UnitGroundKind::Catalogue,
            format!("派单目录，按 {} 件采纳的退回修订", because.len()),
            because.clone(),
        ),
        SuggestionGround::Similar { numbers, n_solved } => (
            UnitGroundKind::Similar,
            format!("相似工单 {} 件，其中已解决 {n_solved} 件", numbers.len()),
            numbers.clone(),
        ),
        SuggestionGround::Returns { from, numbers } => (
            UnitGroundKind::Returns,
            format!(
                "{} 件曾派{}，退回后改派这里",
                numbers.len(),
                reference.unit_name(from)
            ),
            numbers.clone(),
        ),
        SuggestionGround::Territory { township_code } => (
            UnitGroundKind::Territory,
            format!("属地：{}", reference.township_text(township_code)),
            Vec::new(),
        ),
    };
    UnitGround {
        kind,
        text,
        numbers,
    }
}
