//! 参照表: tables that the center owns and all decide by. Each comes whole, as an entry of the feed,
//! so that whoever has read as far decides by the same.

use chrono::{DateTime, Utc};
use domain::calendar::{WorkCalendar, YearNotice};
use domain::liaison::LiaisonRegister;
use domain::local_name::LocalNames;
use domain::precedent::PrecedentRegister;
use domain::rule_set::RuleSets;
use domain::{Actor, ActorId, Facts, HandlingUnit, HandlingUnits, Role};
use serde::{Deserialize, Serialize};

/// One table, whole.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "table", content = "rows", rename_all = "snake_case")]
pub enum Reference {
    /// 人员.
    Staff(Vec<StaffMember>),
    /// 承办单位名录.
    Units(Vec<HandlingUnit>),
    /// 先例库.
    Precedents(PrecedentRegister),
    /// 放假通知 of the years that a program may not know by itself.
    Holidays(Vec<YearNotice>),
    /// 联络员台账.
    Liaisons(LiaisonRegister),
    /// 本地名称表.
    LocalNames(LocalNames),
}

/// A person with what it may do now, and might do before.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StaffMember {
    pub actor: Actor,
    /// 停用: may do nothing any more.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_disabled: bool,
    /// 原有角色: what the person held at some time. A fact is judged by it, since it happened when
    /// it did; a decision is not.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub former_roles: Vec<Role>,
}

/// All tables as they stand at one place of the feed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct References {
    staff: Vec<StaffMember>,
    units: HandlingUnits,
    precedents: PrecedentRegister,
    holidays: Vec<YearNotice>,
    liaisons: LiaisonRegister,
    local_names: LocalNames,
    /// `None` while the program's own calendar says all there is to say.
    calendar: Option<WorkCalendar>,
}

impl References {
    /// Puts a table in the place of the one before it.
    pub fn change(&mut self, reference: &Reference) {
        match reference {
            Reference::Staff(staff) => self.staff.clone_from(staff),
            Reference::Units(units) => self.units = units.iter().cloned().collect(),
            Reference::Precedents(precedents) => self.precedents = precedents.clone(),
            Reference::Liaisons(liaisons) => self.liaisons = liaisons.clone(),
            Reference::LocalNames(names) => self.local_names = names.clone(),
            Reference::Holidays(notices) => {
                let built_in = WorkCalendar::built_in();
                // A year that this program knows by itself is left as it is.
                let calendar = notices.iter().fold(built_in, |calendar, notice| {
                    calendar.announce(notice).unwrap_or(calendar)
                });
                self.calendar = Some(calendar);
                self.holidays.clone_from(notices);
            }
        }
    }

    pub fn staff(&self) -> &[StaffMember] {
        &self.staff
    }

    pub fn units(&self) -> &HandlingUnits {
        &self.units
    }

    pub fn precedents(&self) -> &PrecedentRegister {
        &self.precedents
    }

    pub fn holidays(&self) -> &[YearNotice] {
        &self.holidays
    }

    pub fn liaisons(&self) -> &LiaisonRegister {
        &self.liaisons
    }

    pub fn local_names(&self) -> &LocalNames {
        &self.local_names
    }

    /// By which days are counted: the program's own calendar, and what was announced since.
    pub fn calendar<'a>(&'a self, built_in: &'a WorkCalendar) -> &'a WorkCalendar {
        self.calendar.as_ref().unwrap_or(built_in)
    }

    /// The person with the roles held now; nobody knows who is not listed, and so such a person
    /// holds none.
    pub fn actor(&self, id: &ActorId) -> Actor {
        match self.member(id) {
            Some(member) if !member.is_disabled => member.actor.clone(),
            Some(member) => Actor {
                roles: Vec::new(),
                ..member.actor.clone()
            },
            None => Actor {
                id: id.clone(),
                name: id.0.clone(),
                roles: Vec::new(),
                unit: None,
            },
        }
    }

    /// The person with every role ever held.
    pub fn actor_then(&self, id: &ActorId) -> Actor {
        let Some(member) = self.member(id) else {
            return self.actor(id);
        };
        let mut roles = member.actor.roles.clone();
        roles.extend(&member.former_roles);
        roles.sort_unstable();
        roles.dedup();
        Actor {
            roles,
            ..member.actor.clone()
        }
    }

    fn member(&self, id: &ActorId) -> Option<&StaffMember> {
        self.staff.iter().find(|member| member.actor.id == *id)
    }
}

/// 判断基础: all that both sides decide by, but for the person and the moment.
#[derive(Debug, Clone, Copy)]
pub struct Ground<'a> {
    pub references: &'a References,
    pub calendar: &'a WorkCalendar,
    pub rule_sets: &'a RuleSets,
}

impl<'a> Ground<'a> {
    pub fn facts(&self, now: DateTime<Utc>, actor: &'a Actor) -> Facts<'a> {
        Facts {
            now,
            actor,
            calendar: self.calendar,
            rule_sets: self.rule_sets,
            units: self.references.units(),
            precedents: self.references.precedents(),
        }
    }
}
