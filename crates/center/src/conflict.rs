//! The table of conflicts (sync.md): what it is called when the rules say no to a command that was
//! given at a desk, by the stage the order has come to meanwhile.
//!
//! A line says nothing about what is allowed: that is `domain`'s alone. It says who has to settle
//! what, and whether what the person wrote is kept with the order. A test goes through every
//! command at every stage and finds exactly one line.

mod amendments;
mod articles;
mod assessments;
mod cases;
mod dossiers;
mod early_warnings;
mod orders;
mod tasks;

use domain::assessment::{
    AssessmentCommand, AssessmentCommandKind, AssessmentRefusal, RoundStage, SchemeRecord,
    SchemeStage,
};
use domain::caller_dossier::{DossierCommandKind, DossierRefusal};
use domain::dispatch_catalogue::{AmendmentCommandKind, AmendmentRefusal};
use domain::early_warning::{EarlyWarningCommandKind, EarlyWarningRefusal};
use domain::kb::task::{KbTaskCommandKind, KbTaskRefusal, KbTaskStage};
use domain::kb::{KbCommandKind, KbHolding, KbRecord, KbRefusal};
use domain::supervision::{SupervisoryCommandKind, SupervisoryRefusal, SupervisoryStage};
use domain::work_order::{AssignmentStage, Command, CommandKind, Stage};
use domain::{Refusal, WorkOrder};
use wire::{Act, Conflict, RuleSays, Subject};

pub use self::amendments::{AMENDMENTS, AmendmentAt, AmendmentLine};
pub use self::articles::{ARTICLES, ArticleAt, ArticleLine};
pub use self::assessments::{ASSESSMENTS, AssessmentAt, AssessmentLine};
pub use self::cases::{CASES, CaseLine};
pub use self::dossiers::{DOSSIERS, DossierAt, DossierLine};
pub use self::early_warnings::{EARLY_WARNINGS, EarlyWarningAt, EarlyWarningLine};
pub use self::orders::{ORDERS, OrderLine, REDIRECTED, WHEREVER};
pub use self::tasks::{TASKS, TaskLine};

/// What a line says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Outcome {
    pub conflict: Conflict,
    /// 留存: what was written is kept on the order, since it is worth reading.
    pub is_kept: bool,
}

/// The line for a command at a stage; `None` for an order that is not there.
pub fn of_order(kind: CommandKind, stage: Option<Stage>) -> Option<Outcome> {
    let mut lines = ORDERS.iter();
    let line = lines.find(|line| line.kinds.contains(&kind) && line.stages.contains(&stage));
    line.map(|line| line.outcome)
}

/// The line for a command about an article.
pub fn of_article(kind: KbCommandKind, at: ArticleAt) -> Option<Outcome> {
    let mut lines = ARTICLES.iter();
    let line = lines.find(|line| line.kinds.contains(&kind) && line.at.contains(&at));
    line.map(|line| line.outcome)
}

/// The line for a command about a task; `None` for one that is not there.
pub fn of_task(kind: KbTaskCommandKind, stage: Option<KbTaskStage>) -> Option<Outcome> {
    let mut lines = TASKS.iter();
    let line = lines.find(|line| line.kinds.contains(&kind) && line.stages.contains(&stage));
    line.map(|line| line.outcome)
}

/// The line for a command about a supervisory case; `None` for one that is not there.
pub fn of_case(kind: SupervisoryCommandKind, stage: Option<SupervisoryStage>) -> Option<Outcome> {
    let mut lines = CASES.iter();
    let line = lines.find(|line| line.kinds.contains(&kind) && line.stages.contains(&stage));
    line.map(|line| line.outcome)
}

/// The line for a command about an amendment of the dispatch catalogue.
pub fn of_amendment(kind: AmendmentCommandKind, at: AmendmentAt) -> Option<Outcome> {
    let mut lines = AMENDMENTS.iter();
    let line = lines.find(|line| line.kinds.contains(&kind) && line.at.contains(&at));
    line.map(|line| line.outcome)
}

/// The line for a command of the assessment.
pub fn of_assessment(kind: AssessmentCommandKind, at: AssessmentAt) -> Option<Outcome> {
    let mut lines = ASSESSMENTS.iter();
    let line = lines.find(|line| line.kinds.contains(&kind) && line.at.contains(&at));
    line.map(|line| line.outcome)
}

/// The line for a command about the dossier of a number.
pub fn of_dossier(kind: DossierCommandKind, at: DossierAt) -> Option<Outcome> {
    let mut lines = DOSSIERS.iter();
    let line = lines.find(|line| line.kinds.contains(&kind) && line.at.contains(&at));
    line.map(|line| line.outcome)
}

/// The line for a command about an early warning.
pub fn of_early_warning(kind: EarlyWarningCommandKind, at: EarlyWarningAt) -> Option<Outcome> {
    let mut lines = EARLY_WARNINGS.iter();
    let line = lines.find(|line| line.kinds.contains(&kind) && line.at.contains(&at));
    line.map(|line| line.outcome)
}

/// The line for a command, wherever what it is about stands.
pub(crate) fn listed(act: &Act, subject: Option<&Subject>) -> Option<Outcome> {
    match act {
        Act::Order(command) => {
            let order = subject.and_then(Subject::order);
            of_order(command.kind(), order.map(|order| order.stage))
        }
        Act::Article(command) => {
            let record = subject.and_then(Subject::article);
            of_article(command.kind(), article_at(record))
        }
        Act::Task(command) => {
            let task = subject.and_then(Subject::task);
            of_task(command.kind(), task.map(|task| task.stage))
        }
        Act::Case(command) => {
            let case = subject.and_then(Subject::case);
            of_case(command.kind(), case.map(|case| case.stage))
        }
        Act::Amendment(command) => {
            let record = subject.and_then(Subject::catalogue);
            let case = record.and_then(|record| record.case(command.id()));
            of_amendment(command.kind(), AmendmentAt::of(case))
        }
        Act::Assessment(command) => {
            let record = subject.and_then(Subject::assessment);
            of_assessment(command.kind(), assessment_at(record, command))
        }
        Act::Dossier(command) => {
            let dossier = subject.and_then(Subject::dossier);
            of_dossier(command.kind(), DossierAt::of(dossier))
        }
        Act::EarlyWarning(command) => {
            let record = subject.and_then(Subject::early_warning);
            of_early_warning(command.kind(), EarlyWarningAt::of(record))
        }
    }
}

/// Whether what is wanted of a merged order is done to the one it was merged into.
pub(crate) fn is_redirected(act: &Act) -> bool {
    act.order_kind()
        .is_some_and(|kind| REDIRECTED.contains(&kind))
}

/// Where an article stands.
fn article_at(record: Option<&KbRecord>) -> ArticleAt {
    match record {
        None => ArticleAt::Missing,
        Some(record) if record.current().is_none() => ArticleAt::Unpublished,
        Some(record) => match record.holding {
            KbHolding::InUse => ArticleAt::InUse,
            KbHolding::Suspended { .. } => ArticleAt::Suspended,
            KbHolding::Withdrawn { .. }
            | KbHolding::Superseded { .. }
            | KbHolding::Merged { .. } => ArticleAt::Retired,
        },
    }
}

/// Where a scheme stands, or the period of it that a command is about.
fn assessment_at(record: Option<&SchemeRecord>, command: &AssessmentCommand) -> AssessmentAt {
    let Some(record) = record else {
        return AssessmentAt::Missing;
    };
    let round = command.period().and_then(|period| record.round(period));
    match (round.map(|round| round.stage), record.stage) {
        (Some(RoundStage::Counted), _) => AssessmentAt::Counted,
        (Some(RoundStage::Published), _) => AssessmentAt::Published,
        (Some(RoundStage::Finalised), _) => AssessmentAt::Finalised,
        (Some(RoundStage::Reported), _) => AssessmentAt::Reported,
        (None, SchemeStage::Drafted) => AssessmentAt::Drafted,
        (None, SchemeStage::Announced) => AssessmentAt::Announced,
        (None, SchemeStage::Withdrawn) => AssessmentAt::Withdrawn,
    }
}

/// What it is called that the rules said no.
pub(crate) fn outcome(act: &Act, subject: Option<&Subject>, says: &RuleSays) -> Outcome {
    let not_kept = |conflict| Outcome {
        conflict,
        is_kept: false,
    };
    let listed = match act {
        Act::Order(command) => {
            let order = subject.and_then(Subject::order);
            listed(act, subject).map(|outcome| refine(outcome, command, order, says))
        }
        Act::Article(_)
        | Act::Task(_)
        | Act::Case(_)
        | Act::Amendment(_)
        | Act::Assessment(_)
        | Act::Dossier(_)
        | Act::EarlyWarning(_) => listed(act, subject),
    };
    let outcome = listed.unwrap_or_else(|| not_kept(Conflict::StageChanged));
    match says {
        RuleSays::Order(refusal) => match ground(refusal) {
            Ground::Rights => not_kept(Conflict::NotAuthorised),
            Ground::Content => Outcome {
                conflict: Conflict::ContentRefused,
                ..outcome
            },
            Ground::State => outcome,
        },
        RuleSays::Article(KbRefusal::NotPermitted { .. } | KbRefusal::NotYourUnit)
        | RuleSays::Task(KbTaskRefusal::NotPermitted { .. } | KbTaskRefusal::NotYourUnit)
        | RuleSays::Case(
            SupervisoryRefusal::NotPermitted { .. } | SupervisoryRefusal::SamePerson,
        )
        | RuleSays::Catalogue(
            AmendmentRefusal::NotPermitted { .. } | AmendmentRefusal::SamePerson,
        )
        | RuleSays::Assessment(
            AssessmentRefusal::NotPermitted { .. }
            | AssessmentRefusal::NotYourUnit
            | AssessmentRefusal::SamePerson,
        )
        | RuleSays::Dossier(DossierRefusal::NotPermitted { .. } | DossierRefusal::SamePerson)
        | RuleSays::EarlyWarning(EarlyWarningRefusal::NotPermitted { .. }) => {
            not_kept(Conflict::NotAuthorised)
        }
        RuleSays::EarlyWarning(EarlyWarningRefusal::Unchanged)
        | RuleSays::Catalogue(AmendmentRefusal::ProposedAlready) => not_kept(Conflict::DoneAlready),
        RuleSays::OtherSubject
        | RuleSays::Catalogue(
            AmendmentRefusal::ReasonMissing
            | AmendmentRefusal::ReasonTooLong { .. }
            | AmendmentRefusal::UnitUnknown { .. }
            | AmendmentRefusal::TooMany,
        ) => not_kept(Conflict::ContentRefused),
        RuleSays::Dossier(
            DossierRefusal::Missing { .. }
            | DossierRefusal::PhoneInvalid
            | DossierRefusal::TextTooLong { .. }
            | DossierRefusal::RestrictionOver { .. }
            | DossierRefusal::EvidenceMissing { .. },
        )
        | RuleSays::EarlyWarning(
            EarlyWarningRefusal::ToMissing
            | EarlyWarningRefusal::ReasonMissing
            | EarlyWarningRefusal::NoteTooLong { .. }
            | EarlyWarningRefusal::TooManyOrders { .. }
            | EarlyWarningRefusal::OutOfRange { .. }
            | EarlyWarningRefusal::TooManyWords { .. }
            | EarlyWarningRefusal::NoWord { .. },
        ) => Outcome {
            conflict: Conflict::ContentRefused,
            ..outcome
        },
        RuleSays::Article(_)
        | RuleSays::Dossier(
            DossierRefusal::OpenAlready
            | DossierRefusal::NotOpen
            | DossierRefusal::RestrictionPending
            | DossierRefusal::NoRestriction,
        )
        | RuleSays::EarlyWarning(
            EarlyWarningRefusal::ClosedAlready | EarlyWarningRefusal::TooManySteps { .. },
        )
        | RuleSays::Task(_)
        | RuleSays::Case(_)
        | RuleSays::Catalogue(_)
        | RuleSays::Assessment(_) => outcome,
    }
}

/// What the stage of the order alone does not tell.
fn refine(
    outcome: Outcome,
    command: &Command,
    order: Option<&WorkOrder>,
    says: &RuleSays,
) -> Outcome {
    let conflict = match (outcome.conflict, says) {
        (Conflict::DispatchedElsewhere, _) if is_same_unit(command, order) => {
            Conflict::AlreadyDispatched
        }
        // Of a round that is over: it was taken back, or given to somebody else.
        (
            _,
            RuleSays::Order(Refusal::WrongAssignmentStage {
                stage: AssignmentStage::SentBack | AssignmentStage::Withdrawn,
                ..
            }),
        ) => Conflict::WrongRound,
        (conflict, _) => conflict,
    };
    Outcome {
        conflict,
        ..outcome
    }
}

fn is_same_unit(command: &Command, order: Option<&WorkOrder>) -> bool {
    let (Command::Dispatch { unit, .. }, Some(order)) = (command, order) else {
        return false;
    };
    order.open_assignments().any(|it| it.unit == *unit)
}

/// On what ground a rule says no.
enum Ground {
    /// Whoever gives it may not.
    Rights,
    /// What it says, wherever the order stands.
    Content,
    /// Where the order stands.
    State,
}

fn ground(refusal: &Refusal) -> Ground {
    match refusal {
        Refusal::NotPermitted { .. } | Refusal::SamePerson { .. } => Ground::Rights,
        Refusal::TextMissing { .. }
        | Refusal::TextTooLong { .. }
        | Refusal::TooManyFiles { .. }
        | Refusal::PhoneInvalid { .. }
        | Refusal::UnitUnknown { .. }
        | Refusal::LegalBasisMissing { .. }
        | Refusal::TransferInstead
        | Refusal::DeliveryNeedsCenter
        | Refusal::DeliveryTimeImpossible { .. }
        | Refusal::TimeImpossible { .. }
        | Refusal::TownshipReportMissing
        | Refusal::UnitsMissing
        | Refusal::UnitTwice { .. }
        | Refusal::UnitHasPart { .. }
        | Refusal::PrecedentNotApplicable { .. }
        | Refusal::OpinionsNotCited { .. }
        | Refusal::TooFewForFinalClosure { .. }
        | Refusal::ScreeningReasonMissing { .. }
        | Refusal::SameOrder => Ground::Content,
        Refusal::AlreadyRegistered
        | Refusal::NotRegistered
        | Refusal::WrongStage { .. }
        | Refusal::NotYourUnit { .. }
        | Refusal::AssignmentUnknown { .. }
        | Refusal::AssignmentNotNamed
        | Refusal::WrongAssignmentStage { .. }
        | Refusal::NotForPart { .. }
        | Refusal::Bound { .. }
        | Refusal::NotBound
        | Refusal::KindUnchanged
        | Refusal::CallerUnchanged
        | Refusal::KindChangePending
        | Refusal::NoKindChange
        | Refusal::ClassNotHigher
        | Refusal::NotSpecial
        | Refusal::Extension(_)
        | Refusal::ExtensionPending
        | Refusal::NoExtension { .. }
        | Refusal::ExtensionUnexplained
        | Refusal::ContactMissing
        | Refusal::AttemptsMissing { .. }
        | Refusal::FirstResponseMissing
        | Refusal::OpinionsMissing { .. }
        | Refusal::NotFromSuperior
        | Refusal::AlreadyRated
        | Refusal::NotRatedBad
        | Refusal::AlreadyScreened
        | Refusal::ScreeningCutOff { .. }
        | Refusal::NoScreening { .. }
        | Refusal::EvidenceTooLate { .. }
        | Refusal::ScreeningOpen { .. }
        | Refusal::NoDelay { .. }
        | Refusal::NothingMoves => Ground::State,
    }
}
