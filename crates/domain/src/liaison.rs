//! 联络员台账: who answers for the hotline in each handling unit, and since when (第四条,
//! 第六条(一)).
//!
//! The register is never rewritten: a person who leaves keeps the term with its last day, so that
//! who answered for an order of last year can be looked up.

use chrono::{Months, NaiveDate};
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::handling_unit::{HandlingUnit, HandlingUnitId, HandlingUnits};
use crate::rule_set::LiaisonRules;

/// 岗位: what a person of a unit is there for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LiaisonPost {
    /// 热线管理专人: leads the unit's work on the hotline (第四条).
    Manager,
    /// 联络员: the one, settled person (第六条(一)).
    Liaison,
    /// 专（兼）职工作人员, who stand in for the liaison (第六条(一)).
    Deputy,
}

impl LiaisonPost {
    pub const ALL: [Self; 3] = [Self::Manager, Self::Liaison, Self::Deputy];

    /// Whether only one person of a unit holds it at a time.
    pub fn is_single(self) -> bool {
        match self {
            Self::Manager | Self::Liaison => true,
            Self::Deputy => false,
        }
    }
}

/// 任期: one person on one post of one unit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LiaisonTerm {
    pub unit: HandlingUnitId,
    pub post: LiaisonPost,
    pub name: String,
    pub phone: String,
    pub from: NaiveDate,
    /// The last day on the post; `None` for who is still there.
    pub until: Option<NaiveDate>,
}

impl LiaisonTerm {
    fn covers(&self, date: NaiveDate) -> bool {
        self.from <= date && self.until.is_none_or(|last| date <= last)
    }
}

/// 台账拒绝: why a change of the register is not taken.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum LiaisonRefusal {
    #[error("the person has no name")]
    NameMissing,
    #[error("the person has no phone")]
    PhoneMissing,
    /// The post is held by another; that term has to end first.
    #[error("{post:?} is held by {name} since {since}")]
    PostIsHeld {
        post: LiaisonPost,
        name: String,
        since: NaiveDate,
    },
    /// The same person holds the same post already.
    #[error("{name} holds {post:?} already")]
    HoldsItAlready { post: LiaisonPost, name: String },
    /// An earlier term on the post is not over on that day.
    #[error("the term before lasts until {until}")]
    BeforeTheLastTermEnds { until: NaiveDate },
    /// Nobody of that name holds the post.
    #[error("{name} does not hold {post:?}")]
    DoesNotHoldIt { post: LiaisonPost, name: String },
    /// A term does not end before it began.
    #[error("the term began on {from}")]
    EndsBeforeItBegan { from: NaiveDate },
}

/// 台账缺口: what a unit lacks of what the regulation asks (第四条, 第六条(一)).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LiaisonGap {
    /// 无热线管理专人 (第四条).
    NoManager,
    /// 无联络员 (第六条(一)).
    NoLiaison,
    /// 无专（兼）职工作人员 (第六条(一)).
    NoDeputy,
    /// 联络员不固定: changed so often within the months that the rule set names (第六条(一)).
    NotSettled {
        n_changes: u32,
        /// Those who held the post in that time, the latest last.
        names: Vec<String>,
    },
}

impl LiaisonGap {
    /// 依据.
    pub fn article(&self) -> &'static str {
        match self {
            Self::NoManager => "第四条",
            Self::NoLiaison | Self::NoDeputy | Self::NotSettled { .. } => "第六条(一)",
        }
    }
}

/// 联络员台账 of all units, every term in the order it was written down.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct LiaisonRegister(Vec<LiaisonTerm>);

impl LiaisonRegister {
    /// Whether nothing was ever written down: then a gap says nothing of a unit.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// 任职. A single post must be free on that day and every day after it.
    ///
    /// # Errors
    /// Why it is not taken; the register stays as it was.
    pub fn appoint(&mut self, term: LiaisonTerm) -> Result<(), LiaisonRefusal> {
        if term.name.trim().is_empty() {
            return Err(LiaisonRefusal::NameMissing);
        }
        if term.phone.trim().is_empty() {
            return Err(LiaisonRefusal::PhoneMissing);
        }
        if term.until.is_some_and(|until| until < term.from) {
            return Err(LiaisonRefusal::EndsBeforeItBegan { from: term.from });
        }
        for earlier in self.terms_on_post(&term.unit, term.post) {
            refuse_a_second(earlier, &term)?;
        }
        self.0.push(term);
        Ok(())
    }

    /// 离任 on `last_day`, the day included.
    ///
    /// # Errors
    /// Why it is not taken; the register stays as it was.
    pub fn end(
        &mut self,
        unit: &HandlingUnitId,
        post: LiaisonPost,
        name: &str,
        last_day: NaiveDate,
    ) -> Result<(), LiaisonRefusal> {
        let held = self.0.iter_mut().find(|term| {
            term.unit == *unit && term.post == post && term.name == name && term.until.is_none()
        });
        let Some(term) = held else {
            return Err(LiaisonRefusal::DoesNotHoldIt {
                post,
                name: name.to_owned(),
            });
        };
        if last_day < term.from {
            return Err(LiaisonRefusal::EndsBeforeItBegan { from: term.from });
        }
        term.until = Some(last_day);
        Ok(())
    }

    /// 任期历史 of a unit, the earliest first.
    pub fn history(&self, unit: &HandlingUnitId) -> Vec<&LiaisonTerm> {
        let mut terms: Vec<_> = self.0.iter().filter(|term| term.unit == *unit).collect();
        terms.sort_by_key(|term| (term.from, term.post));
        terms
    }

    /// 在岗人员 of a unit on `date`, the manager first.
    pub fn on_duty(&self, unit: &HandlingUnitId, date: NaiveDate) -> Vec<&LiaisonTerm> {
        let mut terms = self.history(unit);
        terms.retain(|term| term.covers(date));
        terms.sort_by_key(|term| term.post);
        terms
    }

    /// 缺口 of every unit that lacks something on `date`.
    pub fn gaps<'a>(
        &self,
        units: &'a HandlingUnits,
        date: NaiveDate,
        rules: LiaisonRules,
    ) -> Vec<(&'a HandlingUnit, Vec<LiaisonGap>)> {
        units
            .iter()
            .map(|unit| (unit, self.gaps_of(&unit.id, date, rules)))
            .filter(|(_, gaps)| !gaps.is_empty())
            .collect()
    }

    fn gaps_of(
        &self,
        unit: &HandlingUnitId,
        date: NaiveDate,
        rules: LiaisonRules,
    ) -> Vec<LiaisonGap> {
        let on_duty = self.on_duty(unit, date);
        let mut gaps: Vec<LiaisonGap> = LiaisonPost::ALL
            .into_iter()
            .filter(|post| !on_duty.iter().any(|term| term.post == *post))
            .map(|post| match post {
                LiaisonPost::Manager => LiaisonGap::NoManager,
                LiaisonPost::Liaison => LiaisonGap::NoLiaison,
                LiaisonPost::Deputy => LiaisonGap::NoDeputy,
            })
            .collect();
        gaps.extend(self.unsettled(unit, date, rules));
        gaps
    }

    /// The first liaison of a unit is no change; each who follows is one, on the first day.
    fn unsettled(
        &self,
        unit: &HandlingUnitId,
        date: NaiveDate,
        rules: LiaisonRules,
    ) -> Option<LiaisonGap> {
        let mut terms: Vec<_> = self.terms_on_post(unit, LiaisonPost::Liaison).collect();
        terms.sort_by_key(|term| term.from);
        terms.retain(|term| term.from <= date);
        let earliest = date
            .checked_sub_months(Months::new(rules.settled_months))
            .unwrap_or(NaiveDate::MIN);
        let changes: Vec<_> = terms
            .iter()
            .skip(1)
            .filter(|term| term.from > earliest)
            .collect();
        let n_changes = u32::try_from(changes.len()).unwrap_or(u32::MAX);
        (n_changes >= rules.unsettled_at_changes).then(|| LiaisonGap::NotSettled {
            n_changes,
            names: changes.iter().map(|term| term.name.clone()).collect(),
        })
    }

    fn terms_on_post<'a>(
        &'a self,
        unit: &'a HandlingUnitId,
        post: LiaisonPost,
    ) -> impl Iterator<Item = &'a LiaisonTerm> {
        self.0
            .iter()
            .filter(move |term| term.unit == *unit && term.post == post)
    }
}

fn refuse_a_second(earlier: &LiaisonTerm, term: &LiaisonTerm) -> Result<(), LiaisonRefusal> {
    let is_same_person = earlier.name == term.name;
    if !term.post.is_single() && !is_same_person {
        return Ok(());
    }
    match earlier.until {
        None if is_same_person => Err(LiaisonRefusal::HoldsItAlready {
            post: term.post,
            name: term.name.clone(),
        }),
        None => Err(LiaisonRefusal::PostIsHeld {
            post: term.post,
            name: earlier.name.clone(),
            since: earlier.from,
        }),
        Some(until) if term.from <= until => Err(LiaisonRefusal::BeforeTheLastTermEnds { until }),
        Some(_) => Ok(()),
    }
}

#[cfg(test)]
mod tests;
