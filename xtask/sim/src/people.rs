//! What people do at a desk: by what they see there, and by what the rules let them.

use chrono::{DateTime, TimeDelta, Utc};
use domain::extension::ExtensionAsk;
use domain::kb::{
    ErrorKind, KbArticleId, KbCommand, KbCommandKind, KbContent, KbRecord, KbTemplate,
    ReportNumber, UnitConfirmation, commands_at as kb_commands_at,
};
use domain::matter::MatterKind;
use domain::out_of_scope::{EmergencyLine, OutOfScopeClass};
use domain::upstream::{Superior, UpstreamLimit};
use domain::work_order::{
    AssignmentNumber, CitedArticle, ClosureOpinion, CommandKind, ContactOutcome, ContactRecord,
    DispatchForm, DispatchPlan, DissatisfactionReason, Explained, Feedback, RatingRecord, Reply,
    ResultReturn, Satisfaction, ScreeningReview, Solved, TownshipReport, WriteOffGround,
    assignment_commands_at, commands_at,
};
use domain::{Actor, Command, Facts, HandlingUnitId, WorkOrder};

use crate::dice::Dice;
use crate::town::{UNITS, matter};

pub(crate) fn unit(dice: &mut Dice) -> HandlingUnitId {
    HandlingUnitId(dice.pick(&UNITS).copied().unwrap_or_default().to_owned())
}

pub(crate) fn register(number: String, dice: &mut Dice) -> Command {
    Command::Register {
        number,
        matter: Box::new(matter(dice)),
    }
}

/// Something that one of `people` may do with the order, with who does it.
pub(crate) fn act_on_order<'a>(
    order: &WorkOrder,
    people: &'a [Actor],
    facts: impl Fn(&'a Actor) -> Facts<'a>,
    dice: &mut Dice,
) -> Option<(&'a Actor, Command)> {
    let mut open: Vec<(&Actor, CommandKind, Option<AssignmentNumber>)> = Vec::new();
    for person in people {
        let facts = facts(person);
        for (kind, refusal) in commands_at(order, &facts) {
            if refusal.is_none() {
                open.push((person, kind, None));
            }
        }
        for assignment in &order.assignments {
            for (kind, refusal) in assignment_commands_at(order, assignment.number, &facts) {
                if refusal.is_none() {
                    open.push((person, kind, Some(assignment.number)));
                }
            }
        }
    }
    // What ends an order or only adds to it is done less often.
    let is_rare = |kind: CommandKind| {
        use CommandKind as K;
        matches!(
            kind,
            K::RefuseOutOfScope
                | K::TransferToEmergency
                | K::MergeInto
                | K::Withdraw
                | K::AbsorbRepeat
                | K::LinkTo
                | K::CorrectCaller
                | K::RequestKindChange
                | K::SetUpstreamLimit
                | K::EscalateClass
                | K::RecountLimits
                | K::RecordOwnCallBack
                | K::WriteOffDelay
                | K::RequestCoordination
                | K::BeginVerification
        )
    };
    for _ in 0..8 {
        let (person, kind, assignment) = *dice.pick(&open)?;
        if is_rare(kind) && !dice.one_in(6) {
            continue;
        }
        let now = facts(person).now;
        if let Some(command) = command(kind, order, assignment, now, dice) {
            return Some((person, command));
        }
    }
    None
}

fn report(now: DateTime<Utc>) -> TownshipReport {
    TownshipReport {
        township: HandlingUnitId("渠江".to_owned()),
        answered_by: "值班员".to_owned(),
        reported_at: now,
        method: "电话".to_owned(),
    }
}

/// A command of that kind with sound words; `None` for what nobody does here.
pub(crate) fn command(
    kind: CommandKind,
    order: &WorkOrder,
    assignment: Option<AssignmentNumber>,
    now: DateTime<Utc>,
    dice: &mut Dice,
) -> Option<Command> {
    use CommandKind as K;
    let text = || "已核实".to_owned();
    // Sometimes about another assignment than the one that is open.
    let assignment = assignment.or_else(|| order.assignments.last().map(|it| it.number));
    let is_yes = !dice.one_in(3);
    Some(match (kind, assignment) {
        (K::AnswerOnTheSpot, _) => Command::AnswerOnTheSpot {
            answer: text(),
            article: dice.one_in(4).then(|| CitedArticle {
                id: KbArticleId(format!("kb-{}", dice.below(6))),
                version: 1,
            }),
        },
        (K::RefuseOutOfScope, _) => Command::RefuseOutOfScope {
            class: OutOfScopeClass::OtherProcedure,
            guidance: text(),
            legal_basis: String::new(),
        },
        (K::TransferToEmergency, _) => Command::TransferToEmergency {
            line: EmergencyLine::Police,
            note: text(),
        },
        (K::BeginVerification, _) => Command::BeginVerification {
            asked: "水务".to_owned(),
            question: text(),
        },
        (K::RecordVerification, _) => Command::RecordVerification {
            answered_by: "张三".to_owned(),
            finding: text(),
        },
        (K::Dispatch, _) => {
            let unit = unit(dice);
            let others: Vec<HandlingUnitId> = UNITS
                .into_iter()
                .map(|id| HandlingUnitId(id.to_owned()))
                .filter(|id| *id != unit)
                .take(1)
                .collect();
            let is_place = order.open_places().next().is_some();
            let form = match dice.below(5) {
                0 if !is_place => DispatchForm::Countersigned,
                1 if !is_place => DispatchForm::LeadAndAssisting,
                _ => DispatchForm::Single,
            };
            Command::Dispatch {
                unit,
                opinion: String::new(),
                plan: DispatchPlan {
                    form,
                    others: if form == DispatchForm::Single {
                        Vec::new()
                    } else {
                        others
                    },
                    replaces: order.open_places().next().map(|it| it.number),
                    report: order.matter.class.is_special().then(|| report(now)),
                    ..DispatchPlan::default()
                },
            }
        }
        (K::RequestCoordination, _) => Command::RequestCoordination {
            reason: text(),
            units: vec![unit(dice)],
        },
        (K::Designate, _) => Command::Designate {
            unit: unit(dice),
            assisting: Vec::new(),
            opinion: String::new(),
            document: "渠府办函〔2026〕3号".to_owned(),
        },
        (K::RecordDelivery, Some(number)) => Command::RecordDelivery {
            delivered_at: now,
            answered_by: "值班员".to_owned(),
            phone: "0818-7212345".to_owned(),
            assignment: Some(number),
        },
        (K::ConfirmDelivery, Some(assignment)) => Command::ConfirmDelivery { assignment },
        (K::RecordTownshipReport, _) => Command::RecordTownshipReport {
            report: report(now),
        },
        (K::RequestKindChange, _) => Command::RequestKindChange {
            kind: *dice.pick(&MatterKind::ALL)?,
            reason: text(),
        },
        (K::RuleOnKindChange, _) => Command::RuleOnKindChange {
            is_approved: is_yes,
            reason: text(),
        },
        (K::EscalateClass, _) => Command::EscalateClass {
            class: domain::matter::MatterClass::Special,
            reason: text(),
            report: Some(report(now)),
        },
        (K::SetUpstreamLimit, _) => Command::SetUpstreamLimit {
            upstream: UpstreamLimit {
                superior: Superior::City,
                due_at: now + TimeDelta::days(i64::try_from(dice.between(1, 9)).unwrap_or(1)),
            },
            document: "达市热线〔2026〕9号".to_owned(),
        },
        (K::Urge, Some(assignment)) => Command::Urge {
            assignment,
            reason: text(),
            method: "电话".to_owned(),
        },
        (K::RecordUrgeReceipt, Some(assignment)) => Command::RecordUrgeReceipt {
            assignment,
            answered_by: "张三".to_owned(),
        },
        (K::Supplement, _) => Command::Supplement {
            text: format!("又来电{}", dice.below(100)),
            files: Vec::new(),
        },
        (K::CorrectCaller, _) => Command::CorrectCaller {
            correction: Box::new(domain::matter::CallerCorrection {
                phone: Some(format!("138{:08}", dice.below(100))),
                ..domain::matter::CallerCorrection::default()
            }),
            reason: text(),
        },
        (K::Withdraw, _) => Command::Withdraw { reason: text() },
        (K::SignFor, Some(assignment)) => Command::SignFor { assignment },
        (K::PassDown, Some(assignment)) => Command::PassDown {
            assignment,
            to: "供水站".to_owned(),
            note: String::new(),
        },
        (K::RecordContact, Some(assignment)) => Command::RecordContact {
            assignment,
            contact: ContactRecord {
                contacted_at: now,
                phone: "13800001234".to_owned(),
                outcome: if is_yes {
                    ContactOutcome::Reached
                } else {
                    ContactOutcome::NotReached
                },
                note: String::new(),
            },
        },
        (K::RespondFirst, Some(assignment)) => Command::RespondFirst {
            assignment,
            text: text(),
        },
        (K::ReportProgress, Some(assignment)) => Command::ReportProgress {
            assignment,
            text: text(),
        },
        (K::SendBack, Some(assignment)) => Command::SendBack {
            assignment,
            reason: text(),
            basis: "三定方案".to_owned(),
            suggestion: "教育".to_owned(),
        },
        (K::RuleOnSendBack, Some(assignment)) => Command::RuleOnSendBack {
            assignment,
            is_accepted: is_yes,
            reason: text(),
        },
        (K::ReleaseBinding, Some(assignment)) => Command::ReleaseBinding {
            assignment,
            reason: text(),
        },
        (K::RequestExtension, Some(assignment)) => Command::RequestExtension {
            assignment,
            ask: ExtensionAsk::Complicated {
                days: u32::try_from(dice.between(1, 3)).unwrap_or(1),
            },
            reason: text(),
        },
        (K::ReviewExtension, Some(assignment)) => Command::ReviewExtension {
            assignment,
            is_forwarded: is_yes,
            reason: text(),
        },
        (K::RecordCityRuling, Some(assignment)) => Command::RecordCityRuling {
            assignment,
            granted_until: is_yes.then(|| now + TimeDelta::days(3)),
            document: "达市热线〔2026〕10号".to_owned(),
        },
        (K::ExplainExtension, Some(assignment)) => Command::ExplainExtension {
            assignment,
            explained: Explained::ToCaller {
                explained_at: now,
                method: "电话".to_owned(),
            },
        },
        (K::SubmitOpinion, Some(assignment)) => Command::SubmitOpinion {
            assignment,
            text: text(),
        },
        (K::SubmitReply, Some(assignment)) => Command::SubmitReply {
            assignment,
            reply: Box::new(Reply {
                text: text(),
                responsible_person: "张三".to_owned(),
                feedback: Feedback::Given {
                    given_at: now,
                    method: "电话".to_owned(),
                },
                cited_opinions: opinions(order),
            }),
        },
        (K::SignReply, Some(assignment)) => Command::SignReply { assignment },
        (K::RejectReply, Some(assignment)) => Command::RejectReply {
            assignment,
            reason: text(),
        },
        (K::RequestFinalClosure, Some(assignment)) => Command::RequestFinalClosure {
            assignment,
            opinion: Box::new(ClosureOpinion {
                facts: text(),
                legal_basis: text(),
                earlier_orders: vec!["QX-1".to_owned(), "QX-2".to_owned()],
                signed_by: "张三".to_owned(),
                explanation: text(),
            }),
        },
        (K::ReviewFinalClosure, Some(assignment)) => Command::ReviewFinalClosure {
            assignment,
            is_accepted: is_yes,
            reason: text(),
        },
        (K::RecordResultReturn, _) => Command::RecordResultReturn {
            state: ResultReturn::Sent,
        },
        (K::ImportRating, assignment) => Command::ImportRating {
            assignment,
            rating: RatingRecord {
                satisfaction: if is_yes {
                    Satisfaction::Dissatisfied
                } else {
                    Satisfaction::Satisfied
                },
                solved: Solved::Partly,
                reason: Some(DissatisfactionReason::Slow),
                note: String::new(),
                rated_at: now,
            },
        },
        (K::RecordOwnCallBack, _) => Command::RecordOwnCallBack { note: text() },
        (K::RequestScreening, Some(assignment)) => Command::RequestScreening {
            assignment,
            reason: text(),
            late_reason: text(),
            evidence: vec!["录音".to_owned()],
        },
        (K::ReviewScreening, Some(assignment)) => Command::ReviewScreening {
            assignment,
            review: ScreeningReview::Forward,
            reason: text(),
        },
        (K::SupplyEvidence, Some(assignment)) => Command::SupplyEvidence {
            assignment,
            evidence: vec!["录音".to_owned()],
        },
        (K::RecordScreeningRuling, Some(assignment)) => Command::RecordScreeningRuling {
            assignment,
            is_removed: is_yes,
            document: "达市热线〔2026〕11号".to_owned(),
        },
        (K::OrderRework, Some(assignment)) => Command::OrderRework {
            assignment,
            reason: text(),
        },
        (K::Archive, _) => Command::Archive,
        (K::WriteOffDelay, Some(assignment)) => Command::WriteOffDelay {
            assignment,
            limit: domain::time_limit::LimitKind::Handle,
            write_off: WriteOffGround::ForceMajeure,
            note: text(),
        },
        (K::RecountLimits, _) => Command::RecountLimits {
            notice: "国办发明电〔2026〕8号".to_owned(),
        },
        // The first and those about two orders are made elsewhere.
        (K::Register | K::MergeInto | K::AbsorbRepeat | K::LinkTo, _) | (_, None) => return None,
    })
}

fn opinions(order: &WorkOrder) -> Vec<AssignmentNumber> {
    let with_opinion = order
        .assignments
        .iter()
        .filter(|it| it.assisting_opinion.is_some());
    with_opinion.map(|it| it.number).collect()
}

/// 并入、关联、接收并入, which need another order.
pub(crate) fn about_two(kind: CommandKind, other: &WorkOrder) -> Option<Command> {
    let number = other.number.clone();
    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "called for the commands about two orders"
    )]
    match kind {
        CommandKind::MergeInto => Some(Command::MergeInto { number }),
        CommandKind::LinkTo => Some(Command::LinkTo { number }),
        CommandKind::AbsorbRepeat => Some(Command::AbsorbRepeat {
            number,
            text: "又来电".to_owned(),
        }),
        _ => None,
    }
}

pub(crate) fn content(dice: &mut Dice) -> Box<KbContent> {
    Box::new(KbContent {
        template: KbTemplate::StandardAnswer,
        title: "停水怎么办".to_owned(),
        questions: vec!["没水了".to_owned()],
        answer: format!("请拨打{}。", dice.below(1000)),
        sections: Vec::new(),
        internal_note: String::new(),
        unit: "水务".to_owned(),
        unit_id: None,
        responsible_person: "张三".to_owned(),
        source: "水务".to_owned(),
        category_id: String::new(),
        township_code: String::new(),
        valid_from: None,
        valid_until: None,
        next_review_on: chrono::NaiveDate::from_ymd_opt(2027, 9, 1),
    })
}

/// Something that one of `people` may do with the article.
pub(crate) fn act_on_article<'a>(
    record: &KbRecord,
    people: &'a [Actor],
    facts: impl Fn(&'a Actor) -> Facts<'a>,
    dice: &mut Dice,
) -> Option<(&'a Actor, KbCommand)> {
    let mut open: Vec<(&Actor, KbCommandKind)> = Vec::new();
    for person in people {
        let facts = facts(person);
        let kb_facts = domain::kb::KbFacts {
            now: facts.now,
            actor: facts.actor,
        };
        for (kind, refusal) in kb_commands_at(record, &kb_facts) {
            if refusal.is_none() {
                open.push((person, kind));
            }
        }
    }
    let (person, kind) = *dice.pick(&open)?;
    Some((person, kb_command(kind, record, dice)?))
}

fn kb_command(kind: KbCommandKind, record: &KbRecord, dice: &mut Dice) -> Option<KbCommand> {
    use KbCommandKind as K;
    let reason = "核对后".to_owned();
    let base_revision = record.draft.as_ref().map_or(0, |draft| draft.revision);
    let version = record.current().map_or(0, |version| version.number);
    let proposal = record.proposals.first().map_or(0, |it| it.number);
    let confirmation = || UnitConfirmation::Recorded {
        name: "张三".to_owned(),
        evidence: "电话".to_owned(),
    };
    let report = ReportNumber(1);
    Some(match kind {
        K::Draft | K::Adopt => return None,
        K::Edit => KbCommand::Edit {
            content: content(dice),
            base_revision,
        },
        K::ProposeBeside => KbCommand::ProposeBeside {
            content: content(dice),
            base_version: version,
        },
        K::TakeProposal => KbCommand::TakeProposal {
            proposal,
            content: content(dice),
            base_revision,
        },
        K::DropProposal => KbCommand::DropProposal { proposal, reason },
        K::DiscardDraft => KbCommand::DiscardDraft { reason },
        K::Submit => KbCommand::Submit { base_revision },
        K::Confirm => KbCommand::Confirm {
            confirmation: confirmation(),
        },
        K::RejectByUnit => KbCommand::RejectByUnit { reason },
        K::Publish => KbCommand::publish(),
        K::RejectByCenter => KbCommand::RejectByCenter { reason },
        K::Recheck => KbCommand::Recheck {
            confirmation: confirmation(),
            next_review_on: chrono::NaiveDate::from_ymd_opt(2027, 10, 1)?,
        },
        K::Suspend => KbCommand::Suspend { reason },
        K::Resume => KbCommand::Resume { reason },
        K::Withdraw => KbCommand::Withdraw { reason },
        K::Supersede => KbCommand::Supersede {
            by: KbArticleId("kb-other".to_owned()),
            reason,
        },
        K::MergeInto => KbCommand::MergeInto {
            into: KbArticleId("kb-other".to_owned()),
            reason,
        },
        K::ReportError => KbCommand::ReportError {
            kind: ErrorKind::Outdated,
            version: version.max(1),
            passage: String::new(),
            note: String::new(),
        },
        K::NoteReport => KbCommand::NoteReport {
            report,
            note: reason,
        },
        K::AcceptReport => KbCommand::AcceptReport { report },
        K::RejectReport => KbCommand::RejectReport { report, reason },
    })
}
