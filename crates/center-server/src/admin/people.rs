//! 人员: who is in the staff table, and with which roles.

use std::sync::Arc;

use domain::{Actor, ActorId, HandlingUnitId, Role};
use wire::{Reference, StaffMember};
use wording::text;

use super::{AdminError, AdminRefusal, Lines};
use crate::account::{is_key, temporary_password};
use crate::delivery::CENTER_ACTOR;
use crate::office::Office;

const NAME_MAX_CHARS: usize = 32;

pub(super) async fn add(
    office: &Office,
    number: ActorId,
    name: String,
    roles: Vec<Role>,
    unit: Option<HandlingUnitId>,
) -> Lines {
    let name = name.trim().to_owned();
    if !is_key(&number.0) {
        let number = number.0;
        return Err(AdminRefusal::BadNumber { number }.into());
    }
    if name.is_empty() || name.chars().count() > NAME_MAX_CHARS {
        let max_chars = NAME_MAX_CHARS;
        return Err(AdminRefusal::BadName { max_chars }.into());
    }
    check_roles(office, &roles, unit.as_ref())?;
    let actor = Actor {
        id: number.clone(),
        name,
        roles,
        unit,
    };
    let added = change_staff(office, move |staff| {
        if staff.iter().any(|it| it.actor.id == actor.id) {
            let number = actor.id.0;
            return Err(AdminRefusal::NumberTaken { number });
        }
        staff.push(StaffMember {
            actor,
            is_disabled: false,
            former_roles: Vec::new(),
        });
        Ok(())
    });
    added.await?;
    let mut lines = vec![format!("已新增人员 {}", number.0)];
    lines.extend(given_password(office, &number).await?);
    Ok(lines)
}

pub(super) fn list(office: &Office) -> Vec<String> {
    let references = office.references();
    let people = references.staff().iter().map(|member| {
        let actor = &member.actor;
        let roles: Vec<&str> = actor.roles.iter().map(|role| text::role(*role)).collect();
        let unit = actor.unit.as_ref().map_or("", |unit| unit.0.as_str());
        let state = if member.is_disabled {
            "停用"
        } else {
            "在用"
        };
        let (number, name) = (&actor.id.0, &actor.name);
        [number, name, state, &roles.join("、"), unit].join("\t")
    });
    people.collect()
}

pub(super) async fn change_roles(
    office: &Office,
    number: ActorId,
    roles: Vec<Role>,
    unit: Option<HandlingUnitId>,
) -> Lines {
    check_roles(office, &roles, unit.as_ref())?;
    change_person(office, number, move |member| {
        let mut former = std::mem::take(&mut member.former_roles);
        former.extend(std::mem::replace(&mut member.actor.roles, roles));
        former.sort_unstable();
        former.dedup();
        former.retain(|role| !member.actor.roles.contains(role));
        member.former_roles = former;
        member.actor.unit = unit;
    })
    .await?;
    Ok(vec!["角色已调整，从下一次请求起生效".to_owned()])
}

pub(super) async fn disable(office: &Office, number: ActorId) -> Lines {
    change_person(office, number, |member| member.is_disabled = true).await?;
    Ok(vec!["已停用，已登录的会话随即失效".to_owned()])
}

pub(super) async fn enable(office: &Office, number: ActorId) -> Lines {
    change_person(office, number, |member| member.is_disabled = false).await?;
    Ok(vec!["已恢复使用".to_owned()])
}

pub(super) async fn reset_password(office: &Office, number: ActorId) -> Lines {
    let references = office.references();
    if !references.staff().iter().any(|it| it.actor.id == number) {
        let number = number.0;
        return Err(AdminRefusal::NoSuchPerson { number }.into());
    }
    given_password(office, &number).await
}

async fn given_password(office: &Office, number: &ActorId) -> Lines {
    let password = temporary_password()?;
    office.reset_password(number, password.clone()).await?;
    Ok(vec![format!("初始密码：{password}（首次登录须修改）")])
}

fn check_roles(
    office: &Office,
    roles: &[Role],
    unit: Option<&HandlingUnitId>,
) -> Result<(), AdminRefusal> {
    if roles.is_empty() {
        return Err(AdminRefusal::NoRole);
    }
    if roles.contains(&Role::Center) {
        return Err(AdminRefusal::CenterRole);
    }
    if !Role::stand_together(roles) {
        return Err(AdminRefusal::AuditorAlone);
    }
    match (roles.iter().any(|role| role.is_of_unit()), unit) {
        (true, None) => Err(AdminRefusal::UnitMissing),
        (false, Some(_)) => Err(AdminRefusal::UnitNotWanted),
        (true, Some(unit)) if office.references().units().get(unit).is_none() => {
            let unit = unit.0.clone();
            Err(AdminRefusal::NoSuchUnit { unit })
        }
        (true, Some(_)) | (false, None) => Ok(()),
    }
}

async fn change_person(
    office: &Office,
    number: ActorId,
    change: impl FnOnce(&mut StaffMember) + Send + 'static,
) -> Result<(), AdminError> {
    change_staff(office, move |staff| {
        let is_admin = |it: &StaffMember| !it.is_disabled && it.actor.roles.contains(&Role::Admin);
        let had_admin = staff.iter().any(is_admin);
        let found = staff
            .iter_mut()
            .find(|it| it.actor.id == number && number.0 != CENTER_ACTOR);
        let Some(member) = found else {
            let number = number.0;
            return Err(AdminRefusal::NoSuchPerson { number });
        };
        change(member);
        if had_admin && !staff.iter().any(is_admin) {
            return Err(AdminRefusal::LastAdmin);
        }
        Ok(())
    })
    .await
}

/// Changes the table as it stands when it is its turn: two administrators do not undo each other.
/// The center itself is always in it.
pub(super) async fn change_staff(
    office: &Office,
    change: impl FnOnce(&mut Vec<StaffMember>) -> Result<(), AdminRefusal> + Send + 'static,
) -> Result<(), AdminError> {
    let clock = Arc::clone(&office.clock);
    let changing = office.writer.alone(move |desk| {
        let mut staff = desk.center.references().staff().to_vec();
        if let Err(refusal) = change(&mut staff) {
            return Ok(Err(refusal));
        }
        with_center(&mut staff);
        let reference = Reference::Staff(staff);
        desk.center.change_reference(&reference, clock.now())?;
        Ok(Ok(()))
    });
    let changing = changing.map_err(anyhow::Error::from)?;
    changing.done().await.map_err(anyhow::Error::from)??;
    Ok(())
}

/// Puts the center itself into the table: it confirms deliveries by its own name.
pub(crate) fn with_center(staff: &mut Vec<StaffMember>) {
    if staff.iter().any(|it| it.actor.id.0 == CENTER_ACTOR) {
        return;
    }
    staff.push(StaffMember {
        actor: Actor {
            id: ActorId(CENTER_ACTOR.to_owned()),
            name: text::role(Role::Center).to_owned(),
            roles: vec![Role::Center],
            unit: None,
        },
        is_disabled: false,
        former_roles: Vec::new(),
    });
}
