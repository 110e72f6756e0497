//! 先例库: who handles a matter of a kind, settled once by coordination or designation and binding
//! for what comes after (第十条: 同类事项应当参照办理，不得退回).
//!
//! A precedent is never deleted: it ends, so that the ground of an earlier dispatch can be looked
//! up also after a unit was dissolved (边界㉒).

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::handling_unit::HandlingUnitId;
use crate::matter::Matter;
use crate::work_order::DispatchGround;

/// 先例.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Precedent {
    pub id: String,
    /// 三级分类的编号 of the matters it is for.
    pub category_id: String,
    /// 乡镇街道, where it holds for one alone; empty for the whole county.
    pub township_code: String,
    /// 要素: all of these words must stand in the matter; none where the category is enough.
    pub words: Vec<String>,
    /// 主办.
    pub lead: HandlingUnitId,
    /// 协办.
    pub assisting: Vec<HandlingUnitId>,
    /// 依据文号 of the coordination or the designation.
    pub document: String,
    /// 生效日: matters that were registered before it are not bound.
    pub from: NaiveDate,
    /// 失效日, the day included; `None` while it holds.
    pub until: Option<NaiveDate>,
    /// Why it ended; empty while it holds.
    pub ended_because: String,
}

impl Precedent {
    /// 派单依据 of an order that is dispatched by it.
    pub fn ground(&self) -> DispatchGround {
        DispatchGround::Precedent {
            id: self.id.clone(),
            document: self.document.clone(),
        }
    }

    /// Whether it holds for a matter that was registered on `date`.
    pub fn holds_on(&self, date: NaiveDate) -> bool {
        self.from <= date && self.until.is_none_or(|last| date <= last)
    }

    fn is_for(&self, matter: &Matter) -> bool {
        let is_its_place =
            self.township_code.is_empty() || self.township_code == matter.place.township_code;
        self.category_id == matter.category_id
            && is_its_place
            && self
                .words
                .iter()
                .all(|word| matter.text.contains(word) || matter.title.contains(word))
    }

    /// The more it asks of a matter the closer it fits; of two alike the later holds.
    fn closeness(&self) -> (bool, usize, NaiveDate) {
        (!self.township_code.is_empty(), self.words.len(), self.from)
    }
}

/// 先例拒绝: why a change of the register is not taken.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum PrecedentRefusal {
    #[error("there is a precedent {id} already")]
    IdTaken { id: String },
    #[error("there is no precedent {id}")]
    Unknown { id: String },
    /// A precedent names a category, a lead and a document.
    #[error("{what} is empty")]
    Missing { what: PrecedentField },
    #[error("it ended on {until}")]
    EndedAlready { until: NaiveDate },
    #[error("it holds from {from} on")]
    EndsBeforeItBegan { from: NaiveDate },
    /// An open one for the same matters says otherwise, and has to end first.
    #[error("{id} says otherwise")]
    Contradicts { id: String },
}

/// 先例字段.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PrecedentField {
    /// 编号.
    Id,
    /// 分类.
    Category,
    /// 主办.
    Lead,
    /// 依据文号.
    Document,
    /// 失效理由.
    Reason,
}

impl std::fmt::Display for PrecedentField {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{self:?}")
    }
}

/// 先例库.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PrecedentRegister(Vec<Precedent>);

impl PrecedentRegister {
    /// 登记 a precedent.
    ///
    /// # Errors
    /// Why it is not taken; the register stays as it was.
    pub fn enter(&mut self, precedent: Precedent) -> Result<(), PrecedentRefusal> {
        let id = &precedent.id;
        for (what, text) in [
            (PrecedentField::Id, id),
            (PrecedentField::Category, &precedent.category_id),
            (PrecedentField::Lead, &precedent.lead.0),
            (PrecedentField::Document, &precedent.document),
        ] {
            if text.trim().is_empty() {
                return Err(PrecedentRefusal::Missing { what });
            }
        }
        if self.get(id).is_some() {
            return Err(PrecedentRefusal::IdTaken { id: id.clone() });
        }
        let contradicting = self.0.iter().find(|other| {
            other.category_id == precedent.category_id
                && other.township_code == precedent.township_code
                && other.words == precedent.words
                && other.lead != precedent.lead
                && other.until.is_none_or(|last| last >= precedent.from)
        });
        if let Some(other) = contradicting {
            return Err(PrecedentRefusal::Contradicts {
                id: other.id.clone(),
            });
        }
        self.0.push(precedent);
        Ok(())
    }

    /// 失效 after `last_day`: duties were changed, or the unit was dissolved.
    ///
    /// # Errors
    /// Why it is not taken; the register stays as it was.
    pub fn end(
        &mut self,
        id: &str,
        last_day: NaiveDate,
        because: &str,
    ) -> Result<(), PrecedentRefusal> {
        if because.trim().is_empty() {
            return Err(PrecedentRefusal::Missing {
                what: PrecedentField::Reason,
            });
        }
        let Some(precedent) = self.0.iter_mut().find(|it| it.id == id) else {
            return Err(PrecedentRefusal::Unknown { id: id.to_owned() });
        };
        if let Some(until) = precedent.until {
            return Err(PrecedentRefusal::EndedAlready { until });
        }
        if last_day < precedent.from {
            return Err(PrecedentRefusal::EndsBeforeItBegan {
                from: precedent.from,
            });
        }
        precedent.until = Some(last_day);
        because.clone_into(&mut precedent.ended_because);
        Ok(())
    }

    /// The precedent of that number, also one that has ended.
    pub fn get(&self, id: &str) -> Option<&Precedent> {
        self.0.iter().find(|it| it.id == id)
    }

    /// 命中: the precedent that fits a matter registered on `date` most closely.
    pub fn find(&self, matter: &Matter, date: NaiveDate) -> Option<&Precedent> {
        self.0
            .iter()
            .filter(|it| it.holds_on(date) && it.is_for(matter))
            .max_by_key(|it| it.closeness())
    }

    /// Every precedent in which the unit leads or assists, also those that have ended.
    pub fn of_unit<'a>(&'a self, unit: &'a HandlingUnitId) -> impl Iterator<Item = &'a Precedent> {
        self.0
            .iter()
            .filter(move |it| it.lead == *unit || it.assisting.contains(unit))
    }
}

#[cfg(test)]
mod tests;
