//! Who acts: the person at the desk and the roles of 渠府办〔2023〕66号 第五条.

use serde::{Deserialize, Serialize};

/// 人员编号: the number a person is known by, the 工号.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ActorId(pub String);

/// 角色: what a person at the desk is trusted to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// 受理员: takes the call, answers, dispatches what is clear.
    Operator,
    /// 调度员: dispatches what the call-takers left to be dispatched.
    Dispatcher,
    /// 值班长: leads the shift and may do what either of the others may.
    ShiftLead,
}

/// 操作人: the person who gives a command, with the roles held at that moment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Actor {
    pub id: ActorId,
    pub name: String,
    pub roles: Vec<Role>,
}

impl Actor {
    /// Whether the person holds at least one of `roles`.
    pub fn holds_any(&self, roles: &[Role]) -> bool {
        roles.iter().any(|role| self.roles.contains(role))
    }
}
