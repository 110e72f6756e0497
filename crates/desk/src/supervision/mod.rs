//! 督办: the boards, urging, what can be read off the orders of a unit, and the cases that come of it
//! (第四条, 第五条(一), 第十八条至第二十一条).

pub mod board;
pub mod case;
pub mod case_act;
pub mod case_form;
pub mod clue;
pub(crate) mod drawing;
pub mod liaison;
pub mod urging;

use domain::Role;

use crate::desk::Desk;
use crate::error::CallError;

/// Who looks at boards: those who dispatch and lead, rule and supervise.
const WATCHERS: &[Role] = &[
    Role::Dispatcher,
    Role::ShiftLead,
    Role::Reviewer,
    Role::Analyst,
    Role::Supervisor,
];

/// Who looks at what may be held against a unit: those who may propose (第十九条).
const PROPOSERS: &[Role] = &[Role::Reviewer, Role::Supervisor];

fn check_role(desk: &Desk, roles: &'static [Role]) -> Result<(), CallError> {
    if desk.operator.holds_any(roles) {
        return Ok(());
    }
    let roles: Vec<&str> = roles.iter().map(|it| crate::text::role(*it)).collect();
    Err(CallError::invalid(format!(
        "须由{}查看。",
        roles.join("、")
    )))
}

#[cfg(test)]
mod tests;
