//! Who acts: the people at the center, at the units and above, with the roles of 渠府办〔2023〕66号
//! (第四条至第六条, 第十二条, 第十九条至第二十一条).

use serde::{Deserialize, Serialize};

use crate::handling_unit::HandlingUnitId;

/// 人员编号: the number a person is known by, the 工号.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ActorId(pub String);

/// 角色: what a person is trusted to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// 受理员: takes the call, answers, dispatches what is clear.
    Operator,
    /// 调度员: dispatches what the call-takers left to be dispatched.
    Dispatcher,
    /// 值班长: leads the shift and may do what either of the others may.
    ShiftLead,
    /// 审核员: rules on what units send back and ask for (第五条(三)(四)).
    Reviewer,
    /// 知识编辑 (第五条(六)).
    KbEditor,
    /// 知识审核: publishes what another has edited (第十四条).
    KbReviewer,
    /// 统计分析 (第五条(五)(七)).
    Analyst,
    /// 监督员 of the 行政审批局 (第四条, 第十九条至第二十一条).
    Supervisor,
    /// 系统管理员: users, units, calendar; no matter of any citizen.
    Admin,
    /// 审计员: reads what was done, and does nothing else (第十七条).
    Auditor,
    /// 承办联络员: signs for and handles what its unit was given (第六条(一)(二)).
    Liaison,
    /// 单位审核人: signs what the unit answers (第十八条).
    UnitReviewer,
    /// 市中心: consents to extensions, rates and rules on screenings (第十一条(三), 第十二条).
    City,
    /// 县政府办: designates the unit where law names none, and supervises (第十条, 第二十条).
    CountyOffice,
    /// 县纪委监委: the second admonition of a year and what is referred (第十九条(一), 第二十一条).
    DisciplineCommission,
    /// 中心系统: the center's server, which delivers, imports and takes what comes by the web (决定 I-3).
    Center,
}

impl Role {
    pub const ALL: [Self; 16] = [
        Self::Operator,
        Self::Dispatcher,
        Self::ShiftLead,
        Self::Reviewer,
        Self::KbEditor,
        Self::KbReviewer,
        Self::Analyst,
        Self::Supervisor,
        Self::Admin,
        Self::Auditor,
        Self::Liaison,
        Self::UnitReviewer,
        Self::City,
        Self::CountyOffice,
        Self::DisciplineCommission,
        Self::Center,
    ];

    /// 审计独立: whoever looks over what others did has no other role (第十七条).
    pub fn stand_together(roles: &[Self]) -> bool {
        roles.len() < 2 || !roles.contains(&Self::Auditor)
    }

    /// Whether the person acts for a handling unit, and so only on what that unit was given.
    pub fn is_of_unit(self) -> bool {
        matches!(self, Self::Liaison | Self::UnitReviewer)
    }
}

/// 操作人: the person who gives a command, with the roles held at that moment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Actor {
    pub id: ActorId,
    pub name: String,
    pub roles: Vec<Role>,
    /// 所属承办单位, for the people of a unit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<HandlingUnitId>,
}

impl Actor {
    /// Whether the person holds at least one of `roles`.
    pub fn holds_any(&self, roles: &[Role]) -> bool {
        roles.iter().any(|role| self.roles.contains(role))
    }
}
