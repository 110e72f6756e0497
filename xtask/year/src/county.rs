//! The people of the county and the tables they choose from.

use anyhow::{Context as _, Result};
use chrono::NaiveDate;
use domain::liaison::{LiaisonPost, LiaisonRegister, LiaisonTerm};
use domain::{Actor, ActorId, HandlingUnitId, Role};
use wire::{Reference, StaffMember};
use wording::reference::ReferenceTables;

use crate::dice::Dice;

/// 中心系统, as the server calls it.
pub(crate) const CENTER: &str = "center";
pub(crate) const CITY: &str = "1905";
pub(crate) const REVIEWER: &str = "1301";
pub(crate) const DISPATCHER: &str = "1201";
pub(crate) const COUNTY_OFFICE: &str = "1801";
pub(crate) const DISCIPLINE: &str = "1802";
pub(crate) const EDITOR: &str = "1401";
pub(crate) const KB_REVIEWER: &str = "1501";
const N_OPERATORS: u64 = 12;

const SURNAMES: [&str; 20] = [
    "李", "王", "张", "刘", "陈", "杨", "赵", "黄", "周", "吴", "徐", "孙", "胡", "朱", "高", "林",
    "何", "郭", "马", "罗",
];
const GIVEN: [&str; 16] = [
    "敏", "静", "强", "磊", "洋", "艳", "勇", "芳", "杰", "娟", "涛", "明", "超", "秀英", "建国",
    "志远",
];

pub(crate) struct County {
    pub(crate) tables: ReferenceTables,
    /// Those who take orders: departments that categories name, and townships.
    pub(crate) units: Vec<HandlingUnitId>,
}

impl County {
    pub(crate) fn new() -> Result<Self> {
        let tables = ReferenceTables::built_in()?;
        let units = tables.units.iter().map(|unit| unit.id.clone()).collect();
        Ok(Self { tables, units })
    }

    /// Who works there, and which unit has a person for the hotline.
    pub(crate) fn references(&self, seed: u64, year: i32) -> Result<Vec<Reference>> {
        let mut dice = Dice::new(seed ^ 0x51);
        let mut staff = vec![
            member(CENTER, "中心系统", &[Role::Center], None),
            member(CITY, "达州市中心", &[Role::City], None),
            member("1007", "何伟", &[Role::Supervisor, Role::Analyst], None),
            member("1008", "罗静", &[Role::Supervisor], None),
            member(
                DISPATCHER,
                "唐波",
                &[Role::Dispatcher, Role::ShiftLead],
                None,
            ),
            member(REVIEWER, "陈静", &[Role::Reviewer], None),
            member(EDITOR, "赵磊", &[Role::KbEditor], None),
            member(KB_REVIEWER, "孙丽", &[Role::KbReviewer], None),
            member("1601", "周敏", &[Role::Admin], None),
            member(COUNTY_OFFICE, "县政府办值班室", &[Role::CountyOffice], None),
            member(
                DISCIPLINE,
                "县纪委监委联络室",
                &[Role::DisciplineCommission],
                None,
            ),
        ];
        for n in 0..N_OPERATORS {
            let roles = [Role::Operator, Role::Dispatcher];
            staff.push(member(&operator(n), &name(&mut dice), &roles, None));
        }
        let mut register = LiaisonRegister::default();
        let began = NaiveDate::from_ymd_opt(year, 1, 1).context("A year")?;
        for (n, unit) in self.units.iter().enumerate() {
            let (liaison, reviewer) = (name(&mut dice), name(&mut dice));
            staff.push(member(
                &liaison_of(n),
                &liaison,
                &[Role::Liaison],
                Some(unit),
            ));
            let roles = [Role::UnitReviewer];
            staff.push(member(&reviewer_of(n), &reviewer, &roles, Some(unit)));
            let mut posts = vec![(LiaisonPost::Liaison, liaison)];
            // Some unit is always behind with it.
            if !dice.per_mille(80) {
                posts.push((LiaisonPost::Manager, reviewer));
            }
            if !dice.per_mille(120) {
                posts.push((LiaisonPost::Deputy, name(&mut dice)));
            }
            for (post, name) in posts {
                let term = LiaisonTerm {
                    unit: unit.clone(),
                    post,
                    name,
                    phone: phone(&mut dice),
                    from: began,
                    until: None,
                };
                register.appoint(term).context("Appointing a liaison")?;
            }
        }
        Ok(vec![
            Reference::Staff(staff),
            Reference::Units(ReferenceTables::built_in_units()?),
            Reference::Liaisons(register),
        ])
    }

    /// Which of the people of its unit.
    pub(crate) fn nth(&self, unit: &HandlingUnitId) -> usize {
        self.units.iter().position(|it| it == unit).unwrap_or(0)
    }

    pub(crate) fn name_of(&self, unit: &HandlingUnitId) -> &str {
        self.tables.units.get(unit).map_or("", |unit| &unit.name)
    }
}

pub(crate) fn operator(n: u64) -> String {
    format!("{}", 1_101 + n % N_OPERATORS)
}

pub(crate) fn liaison_of(unit: usize) -> String {
    format!("2{unit:03}")
}

pub(crate) fn reviewer_of(unit: usize) -> String {
    format!("3{unit:03}")
}

pub(crate) fn name(dice: &mut Dice) -> String {
    let surname = dice.pick(&SURNAMES).copied().unwrap_or_default();
    format!(
        "{surname}{}",
        dice.pick(&GIVEN).copied().unwrap_or_default()
    )
}

/// Numbers that no network gives out.
pub(crate) fn phone(dice: &mut Dice) -> String {
    format!("1380000{:04}", dice.below(10_000))
}

fn member(id: &str, name: &str, roles: &[Role], unit: Option<&HandlingUnitId>) -> StaffMember {
    StaffMember {
        actor: Actor {
            id: ActorId(id.to_owned()),
            name: name.to_owned(),
            roles: roles.to_vec(),
            unit: unit.cloned(),
        },
        is_disabled: false,
        former_roles: Vec::new(),
    }
}
