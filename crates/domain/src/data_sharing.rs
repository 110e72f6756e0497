//! 数据共享: what units and authorities read of the orders by a program of their own, and how much of each
//! (第十五条, 第十七条).
//!
//! A grant names whose orders, by which role's eyes, and until when. Whatever the role, who called is shown in
//! part at most, and of what is confidential or a report not even that.

use std::collections::BTreeSet;

use chrono::{Days, NaiveDate};
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::actor::Role;
use crate::handling_unit::HandlingUnitId;
use crate::matter::MatterKind;
use crate::work_order::{AssignmentStage, WorkOrder};

/// The longest name of a reader, in characters.
pub const SHARE_NAME_MAX_CHARS: usize = 64;
/// A grant lasts so many days at most; then somebody looks at it again.
pub const SHARED_FOR_MAX_DAYS: u64 = 731;
/// Units and categories that a grant names, at most.
pub const SHARE_SCOPE_MAX: usize = 200;

/// 共享范围: whose orders. Frozen: it stands in the center's records.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum ShareScope {
    /// 全部.
    All,
    /// 按单位、行业: orders that one of the units has or had, and orders of one of the fields. Both empty
    /// is nothing.
    Of {
        units: BTreeSet<HandlingUnitId>,
        /// 三级分类的编号, or the names of 一级分类.
        categories: BTreeSet<String>,
    },
}

impl ShareScope {
    /// Whether an order is among what is shared: by the units that have it ([`sharing_units`]), by its
    /// category, or by the first level of that.
    pub fn covers(&self, units: &[HandlingUnitId], category_id: &str, field: &str) -> bool {
        match self {
            Self::All => true,
            Self::Of {
                units: shared,
                categories,
            } => {
                let is_of_field = |name: &str| !name.is_empty() && categories.contains(name);
                units.iter().any(|unit| shared.contains(unit))
                    || is_of_field(category_id)
                    || is_of_field(field)
            }
        }
    }

    fn is_nothing(&self) -> bool {
        match self {
            Self::All => false,
            Self::Of { units, categories } => units.is_empty() && categories.is_empty(),
        }
    }

    fn n_named(&self) -> usize {
        match self {
            Self::All => 0,
            Self::Of { units, categories } => units.len() + categories.len(),
        }
    }
}

/// 共享单位: the units by which an order is shared. Who sent it back or from whom it was taken has nothing
/// to do with it any more.
pub fn sharing_units(order: &WorkOrder) -> Vec<HandlingUnitId> {
    let has_it = order.assignments.iter().filter(|it| {
        !matches!(
            it.stage,
            AssignmentStage::SentBack | AssignmentStage::Withdrawn
        )
    });
    let mut units: Vec<HandlingUnitId> = Vec::new();
    for assignment in has_it {
        if !units.contains(&assignment.unit) {
            units.push(assignment.unit.clone());
        }
    }
    units
}

/// 共享可见范围: how much of an order a role reads where it is shared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ShareSight {
    /// 经办: what was said, without who said it, and the caller in part: 王**, 138****1234.
    Matter,
    /// 不经办: that there is the order, of what kind, where, with whom and how far; no word of what was said.
    Heading,
}

impl ShareSight {
    /// None for roles that have nothing to do with any citizen's matter, to which nothing is shared.
    pub fn of(role: Role) -> Option<Self> {
        match role {
            Role::Operator
            | Role::Dispatcher
            | Role::ShiftLead
            | Role::Reviewer
            | Role::Supervisor
            | Role::Liaison
            | Role::UnitReviewer => Some(Self::Matter),
            Role::Analyst | Role::City | Role::CountyOffice | Role::DisciplineCommission => {
                Some(Self::Heading)
            }
            Role::KbEditor | Role::KbReviewer | Role::Admin | Role::Auditor | Role::Center => None,
        }
    }

    /// The same of an order: of what is confidential and of a report nobody reads more than the heading
    /// (第十七条).
    #[must_use]
    pub fn on(self, order: &WorkOrder) -> Self {
        let is_sealed = order.matter.is_confidential || order.matter.kind == MatterKind::Report;
        if is_sealed { Self::Heading } else { self }
    }
}

/// 共享授权: what an administrator granted to a program of others.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShareGrant {
    /// 读取方: whose program it is.
    pub name: String,
    pub role: Role,
    pub scope: ShareScope,
    /// 有效期至, the day included, in Beijing.
    pub expires_on: NaiveDate,
}

impl ShareGrant {
    /// Whether it may be granted `today`.
    ///
    /// # Errors
    ///
    /// Refuses a name that is none, a role that sees no matter, a scope of nothing or of more than
    /// [`SHARE_SCOPE_MAX`] names, and a day that is past or more than [`SHARED_FOR_MAX_DAYS`] away.
    pub fn check(&self, today: NaiveDate) -> Result<(), ShareRefusal> {
        let n_chars = self.name.trim().chars().count();
        if !(1..=SHARE_NAME_MAX_CHARS).contains(&n_chars) {
            return Err(ShareRefusal::BadName);
        }
        if ShareSight::of(self.role).is_none() {
            return Err(ShareRefusal::RoleSeesNothing { role: self.role });
        }
        if self.scope.is_nothing() {
            return Err(ShareRefusal::NothingShared);
        }
        if self.scope.n_named() > SHARE_SCOPE_MAX {
            return Err(ShareRefusal::TooMuchNamed);
        }
        let last = today.checked_add_days(Days::new(SHARED_FOR_MAX_DAYS));
        if self.expires_on < today || last.is_some_and(|last| self.expires_on > last) {
            return Err(ShareRefusal::BadExpiry);
        }
        Ok(())
    }

    /// Whether it still holds on that day.
    pub fn is_good_on(&self, today: NaiveDate) -> bool {
        today <= self.expires_on
    }
}

/// 共享拒绝: why nothing is granted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum ShareRefusal {
    #[error("a name has 1 to {SHARE_NAME_MAX_CHARS} characters")]
    BadName,
    #[error("{role:?} sees no matter of any citizen")]
    RoleSeesNothing { role: Role },
    #[error("neither a unit nor a field is named")]
    NothingShared,
    #[error("more than {SHARE_SCOPE_MAX} units and fields")]
    TooMuchNamed,
    #[error("the last day is past, or more than {SHARED_FOR_MAX_DAYS} days away")]
    BadExpiry,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn unit(id: &str) -> HandlingUnitId {
        HandlingUnitId(id.to_owned())
    }

    fn grant(scope: ShareScope) -> ShareGrant {
        ShareGrant {
            name: "县住建局系统".to_owned(),
            role: Role::Liaison,
            scope,
            expires_on: day("2027-06-30"),
        }
    }

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn of(units: &[&str], categories: &[&str]) -> ShareScope {
        ShareScope::Of {
            units: units.iter().map(|it| unit(it)).collect(),
            categories: categories.iter().map(|it| (*it).to_owned()).collect(),
        }
    }

    #[test]
    fn article_15_a_scope_covers_what_it_names_and_an_empty_one_nothing() {
        let water = [unit("水务")];
        assert!(ShareScope::All.covers(&[], "", ""));
        assert!(of(&["水务"], &[]).covers(&water, "c-051", "住房城乡建设"));
        assert!(!of(&["住建"], &[]).covers(&water, "c-051", "住房城乡建设"));
        assert!(of(&[], &["住房城乡建设"]).covers(&[], "c-051", "住房城乡建设"));
        assert!(of(&[], &["c-051"]).covers(&[], "c-051", "住房城乡建设"));
        assert!(!of(&[], &["c-05"]).covers(&water, "c-051", "住房城乡建设"));
        assert!(!of(&[], &[]).covers(&water, "c-051", "住房城乡建设"));
        // What is not classified belongs to no field, also where somebody named nothing.
        assert!(!of(&[], &[""]).covers(&[], "", ""));
    }

    #[test]
    fn article_15_what_may_be_granted() {
        let today = day("2026-11-27");
        let good = grant(of(&["水务"], &[]));
        assert_eq!(good.check(today), Ok(()));
        assert!(good.is_good_on(day("2027-06-30")) && !good.is_good_on(day("2027-07-01")));
        let with = |change: fn(&mut ShareGrant)| {
            let mut changed = grant(of(&["水务"], &[]));
            change(&mut changed);
            changed.check(today)
        };
        assert_eq!(
            with(|it| it.name = " ".to_owned()),
            Err(ShareRefusal::BadName)
        );
        let role = Role::Admin;
        assert_eq!(
            with(|it| it.role = Role::Admin),
            Err(ShareRefusal::RoleSeesNothing { role })
        );
        assert_eq!(
            with(|it| it.scope = of(&[], &[])),
            Err(ShareRefusal::NothingShared)
        );
        assert_eq!(with(|it| it.expires_on = day("2026-11-27")), Ok(()));
        for late in ["2026-11-26", "2029-11-27"] {
            let changed = ShareGrant {
                expires_on: day(late),
                ..good.clone()
            };
            assert_eq!(changed.check(today), Err(ShareRefusal::BadExpiry), "{late}");
        }
    }

    /// Nobody reads more than who handles matters, and roles without any read nothing.
    #[test]
    fn article_17_how_much_each_role_reads() {
        let sights = Role::ALL.map(|role| (role, ShareSight::of(role)));
        let n = |sight| sights.iter().filter(|(_, it)| *it == sight).count();
        assert_eq!(n(Some(ShareSight::Matter)), 7);
        assert_eq!(n(Some(ShareSight::Heading)), 4);
        assert_eq!(n(None), 5);
    }
}
