//! The county: who works there, which units there are, what people bring.

use chrono::{DateTime, Utc};
use domain::matter::{Caller, Channel, Matter, MatterClass, MatterKind, Origin, Place, Source};
use domain::precedent::PrecedentRegister;
use domain::{Actor, ActorId, HandlingUnit, HandlingUnitId, Role};
use wire::{Reference, StaffMember};

use crate::dice::Dice;

pub(crate) const UNITS: [&str; 3] = ["水务", "教育", "渠江"];

/// 2026-09-25 08:00 in Beijing: before the holidays of October.
pub(crate) fn start() -> DateTime<Utc> {
    DateTime::from_timestamp(1_790_294_400, 0).unwrap_or(DateTime::UNIX_EPOCH)
}

/// Everybody who works at desk `nth`: one of each kind, so that several people take turns at it.
pub(crate) fn people_at(nth: usize) -> Vec<StaffMember> {
    let unit = UNITS.get(nth % UNITS.len()).copied().unwrap_or_default();
    let kinds: [(&str, &[Role], &str); 8] = [
        ("受理", &[Role::Operator], ""),
        ("调度", &[Role::Dispatcher, Role::Operator], ""),
        ("班长", &[Role::ShiftLead, Role::Reviewer], ""),
        ("审核", &[Role::Reviewer], ""),
        ("联络", &[Role::Liaison], unit),
        ("内审", &[Role::UnitReviewer], unit),
        ("编辑", &[Role::KbEditor], ""),
        ("知审", &[Role::KbReviewer, Role::Supervisor], ""),
    ];
    kinds
        .into_iter()
        .map(|(name, roles, unit)| member(&format!("{name}{nth}"), roles, unit))
        .collect()
}

fn member(id: &str, roles: &[Role], unit: &str) -> StaffMember {
    StaffMember {
        actor: Actor {
            id: ActorId(id.to_owned()),
            name: id.to_owned(),
            roles: roles.to_vec(),
            unit: (!unit.is_empty()).then(|| HandlingUnitId(unit.to_owned())),
        },
        is_disabled: false,
        former_roles: Vec::new(),
    }
}

/// 中心系统 itself.
pub(crate) fn system() -> ActorId {
    ActorId("系统".to_owned())
}

pub(crate) fn staff(n_desks: usize) -> Vec<StaffMember> {
    let mut staff: Vec<StaffMember> = (0..n_desks).flat_map(people_at).collect();
    let system = StaffMember {
        actor: Actor {
            id: system(),
            name: "系统".to_owned(),
            roles: vec![Role::Center, Role::City],
            unit: None,
        },
        is_disabled: false,
        former_roles: Vec::new(),
    };
    staff.push(system);
    staff
}

pub(crate) fn tables(n_desks: usize) -> [Reference; 3] {
    let unit = |id: &str| HandlingUnit {
        id: HandlingUnitId(id.to_owned()),
        name: id.to_owned(),
        aliases: Vec::new(),
        group: String::new(),
    };
    [
        Reference::Staff(staff(n_desks)),
        Reference::Units(UNITS.into_iter().map(unit).collect()),
        Reference::Precedents(PrecedentRegister::default()),
    ]
}

/// Takes a role from somebody, disables somebody, or gives everything back.
pub(crate) fn change_rights(staff: &mut [StaffMember], n_desks: usize, dice: &mut Dice) {
    let original = self::staff(n_desks);
    // The system goes on working whoever comes and goes.
    let n_people = staff.len().saturating_sub(1) as u64;
    let nth = usize::try_from(dice.below(n_people)).unwrap_or(0);
    let (Some(member), Some(original)) = (staff.get_mut(nth), original.get(nth)) else {
        return;
    };
    let mut former = member.former_roles.clone();
    former.extend(&member.actor.roles);
    former.sort_unstable();
    former.dedup();
    match dice.below(3) {
        0 => member.is_disabled = true,
        1 => member.actor.roles = vec![Role::Analyst],
        _ => {
            member.is_disabled = false;
            member.actor.roles.clone_from(&original.actor.roles);
        }
    }
    member.former_roles = former;
}

pub(crate) fn matter(dice: &mut Dice) -> Matter {
    let kinds = MatterKind::ALL;
    let class = match dice.below(12) {
        0 => MatterClass::Special,
        1 => MatterClass::SpecialEmergency,
        _ => MatterClass::Ordinary,
    };
    let text = ["小区停水两天了", "路灯坏了", "学校门口堵车", "噪音扰民"];
    let is_from_city = dice.one_in(10);
    Matter {
        caller: Caller {
            phone: format!("1380000{:04}", dice.below(60)),
            ..Caller::default()
        },
        channel: Channel::Phone,
        kind: dice.pick(&kinds).copied().unwrap_or(MatterKind::Help),
        class,
        category_id: format!("03{:02}", dice.below(6)),
        title: String::new(),
        text: dice.pick(&text).copied().unwrap_or("停水").to_owned(),
        place: Place {
            township_code: format!("5117250{:02}", dice.below(5)),
            ..Place::default()
        },
        happened: String::new(),
        about: String::new(),
        wants: String::new(),
        is_confidential: dice.one_in(20),
        wants_call_back: false,
        origin: if is_from_city {
            Origin {
                source: Source::City,
                upstream_number: format!("DZ-{}", dice.below(500)),
                other_province_number: String::new(),
            }
        } else {
            Origin::default()
        },
    }
}
