//! 岗位权限, the outer door: which roles may make a call at all. What may be done to an order is
//! decided behind it, by `domain`.
//!
//! Every line of the table of calls names one of these groups. `tests/calls/permission.txt` shows the
//! whole of it, call by call and role by role.

use domain::Role;

use crate::api;
use crate::audit::Audited;
use crate::error::CallError;

/// What the table of calls says of a call besides its types.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Rule {
    pub(crate) who: Who,
    pub(crate) audited: Audited,
}

use Role::{
    Admin, Analyst, Auditor, CountyOffice, DisciplineCommission, Dispatcher, KbEditor, KbReviewer,
    Operator, Reviewer, ShiftLead, Supervisor,
};

/// Who may make a call.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Who {
    /// 门口: before anybody is signed in.
    Anybody,
    /// Whoever is signed in, also the people of units, whose work is in their portal.
    Present,
    /// Whoever holds one of the roles.
    Of(&'static [Role]),
}

/// 中心和督办的人员: everybody who has work at a desk.
pub(crate) const HOUSE: &[Role] = &[
    Operator,
    Dispatcher,
    ShiftLead,
    Reviewer,
    KbEditor,
    KbReviewer,
    Analyst,
    Supervisor,
    Admin,
    Auditor,
    CountyOffice,
    DisciplineCommission,
];

/// 受理: takes the call.
pub(crate) const INTAKE: &[Role] = &[Operator, ShiftLead];

/// 受理和派单.
pub(crate) const FLOOR: &[Role] = &[Operator, Dispatcher, ShiftLead];

/// 当班: hands over and takes over.
pub(crate) const SHIFT: &[Role] = &[Operator, Dispatcher, ShiftLead, Reviewer];

/// 在岗记录.
pub(crate) const WATCH: &[Role] = &[
    Operator, Dispatcher, ShiftLead, Reviewer, Supervisor, Admin, Auditor,
];

/// 监督件和线索: seen by nobody else (第二十一条).
pub(crate) const SUPERVISION: &[Role] = &[Reviewer, Supervisor, CountyOffice, DisciplineCommission];

/// 考核 (第二十三条).
pub(crate) const ASSESSMENT: &[Role] = &[Analyst, Supervisor];

/// 异常来电档案 (第二十二条).
pub(crate) const DOSSIERS: &[Role] = &[Operator, Dispatcher, ShiftLead, Supervisor];

/// 本机维护: backups, and learning anew.
pub(crate) const UPKEEP: &[Role] = &[ShiftLead, Admin];

/// 审计.
pub(crate) const AUDIT: &[Role] = &[Auditor];

/// Reads orders. Neither who keeps the knowledge, nor the administrator, nor the auditor does.
pub(crate) const ORDER_READERS: &[Role] = &[
    Operator,
    Dispatcher,
    ShiftLead,
    Reviewer,
    Analyst,
    Supervisor,
    CountyOffice,
    DisciplineCommission,
];

/// 统计分析 (第五条(五)(七)): whoever leads, rules, analyses and supervises.
pub(crate) const ANALYSIS: &[Role] = &[ShiftLead, Reviewer, Analyst, Supervisor, CountyOffice];

/// 处置预警 and 设定阈值 (第十六条); as `domain::early_warning` says.
pub(crate) const WARNING_KEEPERS: &[Role] = &domain::early_warning::WARNING_KEEPERS;
pub(crate) const WARNING_TUNERS: &[Role] = &domain::early_warning::WARNING_TUNERS;

/// 撰写专报 (第十六条); as `domain::work_report` says.
pub(crate) const REPORT_WRITERS: &[Role] = &domain::work_report::WORK_REPORT_WRITERS;

/// Gives commands on orders; which, `domain` says.
pub(crate) const ORDER_GIVERS: &[Role] = &[
    Operator,
    Dispatcher,
    ShiftLead,
    Reviewer,
    Supervisor,
    CountyOffice,
];

/// 显示号码: who has to speak with callers.
pub(crate) const REVEALERS: &[Role] = &[Operator, Dispatcher, ShiftLead, Reviewer, Supervisor];

/// 批准查看: who may say that another learns who brought a sealed matter.
pub(crate) const REVEAL_DECIDERS: &[Role] = &[ShiftLead, Supervisor, DisciplineCommission];

/// 批准导出: who may say that another takes many rows, or a caller's number, out of the house.
pub(crate) const EXPORT_DECIDERS: &[Role] = REVEAL_DECIDERS;

/// 待处理: who gives commands that the center may refuse.
pub(crate) const GIVERS: &[Role] = &[
    Operator,
    Dispatcher,
    ShiftLead,
    Reviewer,
    KbEditor,
    KbReviewer,
    Analyst,
    Supervisor,
    CountyOffice,
];

/// 知识库的人员: whoever reads answers out and finds them wrong, and who keeps them. Which of them writes,
/// confirms and reviews, `domain` says.
pub(crate) const KB_WRITERS: &[Role] = &[
    Operator, Dispatcher, ShiftLead, Reviewer, KbEditor, KbReviewer,
];

/// 示例数据.
pub(crate) const KEEPERS_AND_ADMIN: &[Role] = &[KbEditor, KbReviewer, Admin];

impl Who {
    /// Whether somebody who is there with these roles is among them.
    pub(crate) fn includes(self, holds: &[Role]) -> bool {
        match self {
            Self::Anybody | Self::Present => true,
            Self::Of(roles) => holds.iter().any(|role| roles.contains(role)),
        }
    }
}

/// Refuses a call to whom it is not for, and names those it is for.
pub(crate) fn check(who: Who, holds: &[Role]) -> Result<(), CallError> {
    match who {
        Who::Of(roles) if !who.includes(holds) => Err(CallError::NotPermitted { roles }),
        Who::Anybody | Who::Present | Who::Of(_) => Ok(()),
    }
}

/// What makes no sense at a desk without a center: nobody signs in there, so nobody hands over.
const WITH_A_CENTER: &[&str] = &[
    "sign_in",
    "change_password",
    "sign_out",
    "lock",
    "presence",
    "hand_over_form",
    "write_hand_over",
    "hand_overs",
];

/// The calls that somebody with these roles may make, for the window: what is not among them is not
/// offered.
pub(crate) fn permitted(holds: &[Role], has_center: bool) -> Vec<&'static str> {
    let may = |name: &&&str| {
        let is_for = api::rule(name).is_some_and(|rule| rule.who.includes(holds));
        is_for && (has_center || !WITH_A_CENTER.contains(name))
    };
    api::CALLS.iter().filter(may).copied().collect()
}
