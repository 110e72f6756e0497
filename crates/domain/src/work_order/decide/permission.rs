//! 可为与不可为: what can be said of a command without its content, by stage and by role
//! (rules.md 第3节; 第四条至第六条, 第十条, 第十八条).

use super::Facts;
use super::extending::check_extension;
use super::handling::WITH_UNIT;
use super::rating::{ANSWERED, check_screening};
use super::sending_back::{MAY_BE_SENT_BACK, check_unbound};
use crate::actor::{Actor, Role};
use crate::matter::MatterKind;
use crate::refusal::Refusal;
use crate::work_order::{
    Assignment, AssignmentNumber, AssignmentStage, CommandKind, ExtensionCase, ExtensionStage,
    Part, ScreeningStage, Stage, WorkOrder,
};

/// 可用命令: every command, and for each one that may not be given now the reason. What the window
/// shows as allowed is what [`super::decide`] will allow; for a command about one assignment, of at
/// least one of them.
pub fn commands_at(
    order: &WorkOrder,
    facts: &Facts<'_>,
) -> impl Iterator<Item = (CommandKind, Option<Refusal>)> {
    commands(order, None, facts)
}

/// 岗位命令: what a person may ask for at all, by role; [`commands_at`] says what one order takes now.
pub fn commands_of(actor: &Actor) -> impl Iterator<Item = CommandKind> {
    let may = |kind: &CommandKind| actor.holds_any(permitted_roles(*kind));
    CommandKind::ALL.iter().copied().filter(may)
}

/// 承办单的可用命令: every command about that assignment, as [`commands_at`].
pub fn assignment_commands_at(
    order: &WorkOrder,
    assignment: AssignmentNumber,
    facts: &Facts<'_>,
) -> impl Iterator<Item = (CommandKind, Option<Refusal>)> {
    commands(order, Some(assignment), facts).filter(|(kind, _)| subject(*kind) == Subject::Unit)
}

fn commands(
    order: &WorkOrder,
    on: Option<AssignmentNumber>,
    facts: &Facts<'_>,
) -> impl Iterator<Item = (CommandKind, Option<Refusal>)> {
    CommandKind::ALL
        .iter()
        .map(move |kind| (*kind, check_allowed(Some(order), *kind, on, facts).err()))
}

/// 命令对象: what a command is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Subject {
    Order,
    Unit,
}

pub(super) fn check_allowed(
    order: Option<&WorkOrder>,
    command: CommandKind,
    on: Option<AssignmentNumber>,
    facts: &Facts<'_>,
) -> Result<(), Refusal> {
    let roles = permitted_roles(command);
    if !facts.actor.holds_any(roles) {
        return Err(Refusal::NotPermitted { command, roles });
    }
    if command == CommandKind::Register {
        return match order {
            Some(_) => Err(Refusal::AlreadyRegistered),
            None => Ok(()),
        };
    }
    let order = order.ok_or(Refusal::NotRegistered)?;
    if !stages(command, order).contains(&order.stage) {
        return Err(Refusal::WrongStage {
            command,
            stage: order.stage,
        });
    }
    match (subject(command), on) {
        (Subject::Order, _) => {
            check_own_order(order, command, facts.actor)?;
            check_order(order, command)
        }
        (Subject::Unit, Some(number)) => {
            let assignment = super::named(order, number)?;
            check_assignment(order, assignment, command, facts)
        }
        (Subject::Unit, None) => check_any_assignment(order, command, facts),
    }
}

/// Whether the command may be given for one assignment at least; if not, why not for the last.
fn check_any_assignment(
    order: &WorkOrder,
    command: CommandKind,
    facts: &Facts<'_>,
) -> Result<(), Refusal> {
    // An answer on the spot is rated without any unit.
    if command == CommandKind::ImportRating && order.stage == Stage::AnsweredOnTheSpot {
        return match order.rating {
            Some(_) => Err(Refusal::AlreadyRated),
            None => Ok(()),
        };
    }
    let stage = order.stage;
    let mut answer = Err(Refusal::WrongStage { command, stage });
    for assignment in &order.assignments {
        answer = check_assignment(order, assignment, command, facts);
        if answer.is_ok() {
            break;
        }
    }
    answer
}

fn subject(command: CommandKind) -> Subject {
    use CommandKind as K;
    match command {
        K::Register
        | K::AnswerOnTheSpot
        | K::RefuseOutOfScope
        | K::TransferToEmergency
        | K::BeginVerification
        | K::RecordVerification
        | K::Dispatch
        | K::RequestCoordination
        | K::Designate
        | K::RecordTownshipReport
        | K::RequestKindChange
        | K::RuleOnKindChange
        | K::EscalateClass
        | K::SetUpstreamLimit
        | K::Supplement
        | K::MergeInto
        | K::AbsorbRepeat
        | K::LinkTo
        | K::CorrectCaller
        | K::Withdraw
        | K::RecordResultReturn
        | K::RecordOwnCallBack
        | K::Archive
        | K::RecountLimits => Subject::Order,
        K::RecordDelivery
        | K::ConfirmDelivery
        | K::Urge
        | K::RecordUrgeReceipt
        | K::SignFor
        | K::PassDown
        | K::RecordContact
        | K::RespondFirst
        | K::ReportProgress
        | K::SendBack
        | K::RuleOnSendBack
        | K::ReleaseBinding
        | K::RequestExtension
        | K::ReviewExtension
        | K::RecordCityRuling
        | K::ExplainExtension
        | K::SubmitOpinion
        | K::SubmitReply
        | K::SignReply
        | K::RejectReply
        | K::RequestFinalClosure
        | K::ReviewFinalClosure
        | K::ImportRating
        | K::RequestScreening
        | K::ReviewScreening
        | K::SupplyEvidence
        | K::RecordScreeningRuling
        | K::OrderRework
        | K::WriteOffDelay => Subject::Unit,
    }
}

const REGISTERED: &[Stage] = &[Stage::Registered];
const OPEN: &[Stage] = &[
    Stage::Registered,
    Stage::UnderVerification,
    Stage::UnderCoordination,
    Stage::Dispatched,
    Stage::Delivered,
];
const WITH_UNITS: &[Stage] = &[Stage::Dispatched, Stage::Delivered];
const AFTER_ANSWER: &[Stage] = &[Stage::Delivered, Stage::Completed];

/// The stages of the order from which a command starts.
fn stages(command: CommandKind, order: &WorkOrder) -> &'static [Stage] {
    use CommandKind as K;
    match command {
        K::Register => &[],
        // One of several units has sent its part back: it may be given to another.
        K::Dispatch if order.open_places().next().is_some() => {
            &[Stage::Registered, Stage::Dispatched, Stage::Delivered]
        }
        K::AnswerOnTheSpot
        | K::RefuseOutOfScope
        | K::TransferToEmergency
        | K::BeginVerification
        | K::RequestCoordination
        | K::Dispatch => REGISTERED,
        K::RecordVerification => &[Stage::UnderVerification],
        K::MergeInto => &[Stage::Registered, Stage::UnderVerification],
        K::Designate => &[Stage::UnderCoordination],
        K::RequestKindChange
        | K::RuleOnKindChange
        | K::EscalateClass
        | K::RecordTownshipReport
        | K::SetUpstreamLimit
        | K::AbsorbRepeat
        | K::Withdraw
        | K::RecountLimits => OPEN,
        // Who somebody is can be put right for as long as it is kept.
        K::CorrectCaller => &Stage::ALL,
        // What the caller adds is heard whenever it comes; a final closure alone ends it.
        K::Supplement | K::LinkTo => &[
            Stage::Registered,
            Stage::AnsweredOnTheSpot,
            Stage::RefusedOutOfScope,
            Stage::TransferredToEmergency,
            Stage::Dispatched,
            Stage::Delivered,
            Stage::UnderVerification,
            Stage::UnderCoordination,
            Stage::Completed,
            Stage::Merged,
            Stage::Withdrawn,
            Stage::Archived,
        ],
        K::RecordDelivery
        | K::ConfirmDelivery
        | K::Urge
        | K::RecordUrgeReceipt
        | K::SignFor
        | K::PassDown
        | K::RecordContact
        | K::RespondFirst
        | K::ReportProgress
        | K::SendBack
        | K::RuleOnSendBack
        | K::ReleaseBinding
        | K::RequestExtension
        | K::ReviewExtension
        | K::SubmitOpinion
        | K::SubmitReply
        | K::SignReply
        | K::RejectReply
        | K::RequestFinalClosure
        | K::ReviewFinalClosure => WITH_UNITS,
        // The city may rule late, and a unit may explain late.
        K::RecordCityRuling
        | K::ExplainExtension
        | K::RequestScreening
        | K::ReviewScreening
        | K::SupplyEvidence
        | K::RecordScreeningRuling
        | K::OrderRework => AFTER_ANSWER,
        K::ImportRating => &[Stage::AnsweredOnTheSpot, Stage::Delivered, Stage::Completed],
        K::WriteOffDelay => &[
            Stage::Registered,
            Stage::Dispatched,
            Stage::Delivered,
            Stage::Completed,
            Stage::Archived,
        ],
        K::RecordResultReturn => &[
            Stage::AnsweredOnTheSpot,
            Stage::RefusedOutOfScope,
            Stage::TransferredToEmergency,
            Stage::Completed,
            Stage::FinallyClosed,
            Stage::Archived,
        ],
        K::RecordOwnCallBack => &[Stage::AnsweredOnTheSpot, Stage::Completed, Stage::Archived],
        K::Archive => &[Stage::AnsweredOnTheSpot, Stage::Completed],
    }
}

/// What else an order must be like.
#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "the stage is all that most commands ask of an order"
)]
fn check_order(order: &WorkOrder, command: CommandKind) -> Result<(), Refusal> {
    match command {
        CommandKind::RequestKindChange if order.kind_change.is_some() => {
            Err(Refusal::KindChangePending)
        }
        CommandKind::RuleOnKindChange if order.kind_change.is_none() => Err(Refusal::NoKindChange),
        CommandKind::RecordTownshipReport if !order.matter.class.is_special() => {
            Err(Refusal::NotSpecial)
        }
        CommandKind::RecordResultReturn if order.matter.origin.is_own() => {
            Err(Refusal::NotFromSuperior)
        }
        _ => Ok(()),
    }
}

/// What an assignment must be like: whose it is, how far it has come, and what part it has.
#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "whose it is and how far it has come is all that most commands ask of an assignment"
)]
fn check_assignment(
    order: &WorkOrder,
    assignment: &Assignment,
    command: CommandKind,
    facts: &Facts<'_>,
) -> Result<(), Refusal> {
    use CommandKind as K;
    if acts_for_unit(facts.actor, command) && facts.actor.unit.as_ref() != Some(&assignment.unit) {
        return Err(Refusal::NotYourUnit {
            unit: assignment.unit.clone(),
        });
    }
    if !assignment_stages(command).contains(&assignment.stage) {
        return Err(Refusal::WrongAssignmentStage {
            command,
            stage: assignment.stage,
        });
    }
    let part = assignment.part;
    let not_for_part = Err(Refusal::NotForPart { command, part });
    match command {
        K::SubmitOpinion if part != Part::Assisting => not_for_part,
        K::SubmitReply
        | K::RequestExtension
        | K::RequestFinalClosure
        | K::RespondFirst
        | K::ReportProgress
        | K::ImportRating
        | K::OrderRework
            if part == Part::Assisting =>
        {
            not_for_part
        }
        K::RecordDelivery | K::RespondFirst | K::ReportProgress
            if !order.matter.class.is_special() =>
        {
            Err(if command == K::RecordDelivery {
                Refusal::DeliveryNeedsCenter
            } else {
                Refusal::NotSpecial
            })
        }
        K::SendBack => check_unbound(assignment),
        K::ReleaseBinding => match check_unbound(assignment) {
            Ok(()) => Err(Refusal::NotBound),
            Err(_) => Ok(()),
        },
        K::RequestExtension => {
            let is_pending = |case: &ExtensionCase| case.stage.is_pending();
            if assignment.extension.as_ref().is_some_and(is_pending) {
                return Err(Refusal::ExtensionPending);
            }
            Ok(())
        }
        K::ReviewExtension => check_extension(assignment, command, ExtensionStage::CountyReview),
        K::RecordCityRuling => check_extension(assignment, command, ExtensionStage::CityRuling),
        K::ExplainExtension => check_extension(assignment, command, ExtensionStage::Granted),
        K::ImportRating if assignment.rating.is_some() => Err(Refusal::AlreadyRated),
        K::RequestScreening => check_screening(assignment, command, None),
        K::ReviewScreening => {
            check_screening(assignment, command, Some(ScreeningStage::CountyReview))
        }
        K::SupplyEvidence => {
            check_screening(assignment, command, Some(ScreeningStage::AwaitingEvidence))
        }
        K::RecordScreeningRuling => {
            check_screening(assignment, command, Some(ScreeningStage::CityRuling))
        }
        K::OrderRework => check_no_rework(order, assignment),
        _ => Ok(()),
    }
}

/// One rework at a time, and of the latest round.
fn check_no_rework(order: &WorkOrder, assignment: &Assignment) -> Result<(), Refusal> {
    let is_rework = |other: &&Assignment| other.rework_of == Some(assignment.number);
    match order.assignments.iter().find(is_rework) {
        Some(rework) => Err(Refusal::WrongAssignmentStage {
            command: CommandKind::OrderRework,
            stage: rework.stage,
        }),
        None => Ok(()),
    }
}

/// The stages of an assignment from which a command starts.
fn assignment_stages(command: CommandKind) -> &'static [AssignmentStage] {
    use AssignmentStage as A;
    use CommandKind as K;
    const ALL_OPEN: &[A] = &[
        A::Dispatched,
        A::Delivered,
        A::SignedFor,
        A::SendBackReview,
        A::AwaitingSignature,
        A::FinalClosureReview,
    ];
    match command {
        K::RecordDelivery | K::ConfirmDelivery => &[A::Dispatched],
        K::SignFor => &[A::Delivered],
        K::RecordContact => &[A::Delivered, A::SignedFor, A::SendBackReview],
        K::PassDown
        | K::RespondFirst
        | K::ReportProgress
        | K::RequestExtension
        | K::ReleaseBinding => WITH_UNIT,
        K::SendBack => MAY_BE_SENT_BACK,
        K::RuleOnSendBack => &[A::SendBackReview],
        K::SubmitOpinion | K::SubmitReply | K::RequestFinalClosure => &[A::SignedFor],
        K::SignReply | K::RejectReply => &[A::AwaitingSignature],
        K::ReviewFinalClosure => &[A::FinalClosureReview],
        K::Urge | K::RecordUrgeReceipt | K::ReviewExtension => ALL_OPEN,
        K::RecordCityRuling | K::ExplainExtension => &[
            A::Delivered,
            A::SignedFor,
            A::SendBackReview,
            A::AwaitingSignature,
            A::FinalClosureReview,
            A::Completed,
        ],
        K::ImportRating
        | K::RequestScreening
        | K::ReviewScreening
        | K::SupplyEvidence
        | K::RecordScreeningRuling => ANSWERED,
        K::OrderRework => &[A::Completed],
        K::WriteOffDelay => &A::ALL,
        K::Register
        | K::AnswerOnTheSpot
        | K::RefuseOutOfScope
        | K::TransferToEmergency
        | K::BeginVerification
        | K::RecordVerification
        | K::Dispatch
        | K::RequestCoordination
        | K::Designate
        | K::RecordTownshipReport
        | K::RequestKindChange
        | K::RuleOnKindChange
        | K::EscalateClass
        | K::SetUpstreamLimit
        | K::Supplement
        | K::MergeInto
        | K::AbsorbRepeat
        | K::LinkTo
        | K::CorrectCaller
        | K::Withdraw
        | K::RecordResultReturn
        | K::RecordOwnCallBack
        | K::Archive
        | K::RecountLimits => &[],
    }
}

/// Whether the person gives the command for a unit, and not for the center.
fn acts_for_unit(actor: &Actor, command: CommandKind) -> bool {
    permitted_roles(command)
        .iter()
        .filter(|role| actor.roles.contains(role))
        .all(|role| role.is_of_unit())
}

/// A unit's people see and touch what their unit was given.
fn check_own_order(order: &WorkOrder, command: CommandKind, actor: &Actor) -> Result<(), Refusal> {
    if !acts_for_unit(actor, command) {
        return Ok(());
    }
    let is_own = |it: &Assignment| Some(&it.unit) == actor.unit.as_ref();
    match (order.open_assignments().any(is_own), order.lead_unit()) {
        (true, _) => Ok(()),
        (false, Some(unit)) => Err(Refusal::NotYourUnit { unit: unit.clone() }),
        (false, None) => Err(Refusal::WrongStage {
            command,
            stage: order.stage,
        }),
    }
}

/// 角色权限: who may give which command (rules.md 第3节).
fn permitted_roles(command: CommandKind) -> &'static [Role] {
    use CommandKind as K;
    match command {
        // What comes by the web or from above is registered by the center itself (第二条).
        K::Register => &[Role::Operator, Role::ShiftLead, Role::Center],
        K::AnswerOnTheSpot
        | K::RefuseOutOfScope
        | K::TransferToEmergency
        | K::RecordOwnCallBack => &[Role::Operator, Role::ShiftLead],
        K::BeginVerification
        | K::RecordVerification
        | K::Dispatch
        | K::RecordDelivery
        | K::RecordTownshipReport
        | K::Supplement
        | K::MergeInto
        | K::AbsorbRepeat
        | K::LinkTo
        | K::CorrectCaller
        | K::Withdraw => &[Role::Operator, Role::Dispatcher, Role::ShiftLead],
        K::RequestKindChange | K::EscalateClass => &[
            Role::Operator,
            Role::Dispatcher,
            Role::ShiftLead,
            Role::Liaison,
        ],
        K::RequestCoordination => &[Role::Dispatcher, Role::ShiftLead, Role::Supervisor],
        K::Designate => &[Role::CountyOffice, Role::Supervisor],
        K::ConfirmDelivery => &[Role::Center],
        K::RuleOnKindChange => &[Role::Reviewer, Role::ShiftLead],
        K::SetUpstreamLimit => &[Role::Dispatcher, Role::ShiftLead, Role::Center],
        K::Urge => &[
            Role::Dispatcher,
            Role::ShiftLead,
            Role::Supervisor,
            Role::Center,
        ],
        K::RecordUrgeReceipt | K::RecordContact | K::RespondFirst | K::ReportProgress => {
            &[Role::Dispatcher, Role::ShiftLead, Role::Liaison]
        }
        K::ExplainExtension => &[Role::Dispatcher, Role::Liaison],
        K::SignFor
        | K::PassDown
        | K::SendBack
        | K::RequestExtension
        | K::SubmitOpinion
        | K::SubmitReply
        | K::RequestFinalClosure
        | K::RequestScreening
        | K::SupplyEvidence => &[Role::Liaison],
        K::SignReply | K::RejectReply => &[Role::UnitReviewer],
        K::RuleOnSendBack | K::ReviewExtension | K::ReviewFinalClosure | K::ReviewScreening => {
            &[Role::Reviewer]
        }
        K::ReleaseBinding | K::WriteOffDelay => &[Role::Supervisor],
        K::RecordCityRuling | K::RecordScreeningRuling => {
            &[Role::Reviewer, Role::City, Role::Center]
        }
        // 县端导入评价，不自行改写 (第十二条).
        K::ImportRating => &[Role::City, Role::Center],
        K::RecordResultReturn => &[Role::Dispatcher, Role::Center],
        K::OrderRework => &[Role::Reviewer, Role::ShiftLead, Role::Supervisor],
        K::Archive => &[Role::Reviewer, Role::ShiftLead, Role::Center],
        K::RecountLimits => &[Role::Admin, Role::Center],
    }
}

/// 诉求人信息可见范围 (第十七条).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum CallerVisibility {
    /// 可见.
    Visible,
    /// 密封: only through the center.
    Sealed,
}

/// 诉求人信息: a unit sees who calls only while it has the order, and never who reports somebody or
/// asked to be kept secret (第十七条).
pub fn caller_visibility(order: &WorkOrder, actor: &Actor) -> CallerVisibility {
    if !actor.roles.iter().any(|role| role.is_of_unit()) {
        return CallerVisibility::Visible;
    }
    let is_secret = order.matter.is_confidential || order.matter.kind == MatterKind::Report;
    let has_it = order
        .open_assignments()
        .any(|it| Some(&it.unit) == actor.unit.as_ref() && it.delivered_at.is_some());
    if has_it && !is_secret {
        CallerVisibility::Visible
    } else {
        CallerVisibility::Sealed
    }
}
