//! 知识规则: which command about an article is allowed, by whom, and when (第十三条, 第十四条).

use chrono::{DateTime, NaiveDate, SubsecRound as _, Utc};

use super::{
    DraftStage, ErrorReport, KB_FIELD_MAX_CHARS, KB_TEXT_MAX_CHARS, KbArticleId, KbCommand,
    KbCommandKind, KbContent, KbDraft, KbEvent, KbField, KbHolding, KbRecord, KbRefusal, KbVersion,
    ReportNumber, ReportOutcome, UnitConfirmation,
};
use crate::actor::{Actor, Role};
use crate::clock_face::date_of;

/// 判断依据.
#[derive(Debug, Clone, Copy)]
pub struct KbFacts<'a> {
    pub now: DateTime<Utc>,
    pub actor: &'a Actor,
}

impl KbFacts<'_> {
    fn today(&self) -> NaiveDate {
        date_of(self.now)
    }
}

/// Answers a command about the article `id`: what happens, or why not.
///
/// # Errors
/// The rule that says no; nothing changes.
pub fn decide(
    id: &KbArticleId,
    record: Option<&KbRecord>,
    command: &KbCommand,
    facts: &KbFacts<'_>,
) -> Result<KbEvent, KbRefusal> {
    // Instants are stored in whole milliseconds, and a clock that was set back puts no act before
    // the one that it follows (决定 I-18).
    let now = facts.now.trunc_subsecs(3);
    let facts = &KbFacts {
        now: record.map_or(now, |record| now.max(record.last_event_at)),
        actor: facts.actor,
    };
    check_allowed(record, command.kind(), facts)?;
    if let KbCommand::Draft { content } = command {
        check_written_for(content, facts.actor)?;
        content.check_form()?;
    } else if let KbCommand::Adopt { version, .. } = command {
        // What people have read until now is kept as it is, whatever its form.
        if *version == 0 {
            return Err(KbRefusal::NoSuchVersion { version: 0 });
        }
    } else {
        check(record.ok_or(KbRefusal::NotThere)?, command, facts)?;
    }
    Ok(KbEvent {
        article: id.clone(),
        occurred_at: facts.now,
        actor: facts.actor.id.clone(),
        kind: command.clone(),
    })
}

/// 可用命令: every command, and for each one that may not be given now the reason.
pub fn commands_at(
    record: &KbRecord,
    facts: &KbFacts<'_>,
) -> impl Iterator<Item = (KbCommandKind, Option<KbRefusal>)> {
    KbCommandKind::ALL
        .iter()
        .map(move |kind| (*kind, check_allowed(Some(record), *kind, facts).err()))
}

const EDITORS: &[Role] = &[Role::KbEditor];
const WRITERS: &[Role] = &[Role::KbEditor, Role::Liaison];
const REVIEWERS: &[Role] = &[Role::KbReviewer];
const CONFIRMERS: &[Role] = &[Role::KbEditor, Role::Liaison, Role::UnitReviewer];
const READERS: &[Role] = &[
    Role::Operator,
    Role::Dispatcher,
    Role::ShiftLead,
    Role::Reviewer,
    Role::KbEditor,
    Role::KbReviewer,
    Role::Liaison,
    Role::UnitReviewer,
];

fn permitted_roles(command: KbCommandKind) -> &'static [Role] {
    use KbCommandKind as K;
    match command {
        K::Draft | K::Edit | K::ProposeBeside | K::Submit => WRITERS,
        K::TakeProposal | K::DropProposal | K::DiscardDraft | K::AcceptReport | K::RejectReport => {
            EDITORS
        }
        K::Confirm | K::RejectByUnit | K::Recheck => CONFIRMERS,
        K::Publish
        | K::RejectByCenter
        | K::Suspend
        | K::Resume
        | K::Withdraw
        | K::Supersede
        | K::MergeInto => REVIEWERS,
        // Whoever is first to say something of an article begins its record.
        K::Adopt | K::ReportError | K::NoteReport => READERS,
    }
}

/// What can be said of a command without its content.
fn check_allowed(
    record: Option<&KbRecord>,
    command: KbCommandKind,
    facts: &KbFacts<'_>,
) -> Result<(), KbRefusal> {
    use KbCommandKind as K;
    let roles = permitted_roles(command);
    if !facts.actor.holds_any(roles) {
        return Err(KbRefusal::NotPermitted { command, roles });
    }
    let record = match (command, record) {
        (K::Draft | K::Adopt, None) => return Ok(()),
        (K::Draft | K::Adopt, Some(_)) => return Err(KbRefusal::AlreadyThere),
        (_, None) => return Err(KbRefusal::NotThere),
        (_, Some(record)) => record,
    };
    if !matches!(command, K::ReportError | K::NoteReport) {
        check_own_unit(record, facts.actor)?;
    }
    match command {
        K::Draft | K::Adopt | K::ProposeBeside => Ok(()),
        K::Edit => match &record.draft {
            Some(draft) => check_stage(draft, DraftStage::Writing),
            None => Ok(()),
        },
        K::TakeProposal | K::DropProposal => match record.proposals.as_slice() {
            [] => Err(KbRefusal::NoSuchProposal),
            [_, ..] => Ok(()),
        },
        K::DiscardDraft => draft_of(record).map(drop),
        K::Submit => check_stage(draft_of(record)?, DraftStage::Writing),
        K::Confirm | K::RejectByUnit => {
            check_stage(draft_of(record)?, DraftStage::AwaitsConfirmation)
        }
        K::Publish | K::RejectByCenter => {
            let draft = draft_of(record)?;
            check_stage(draft, DraftStage::AwaitsReview)?;
            let confirmed_by = draft.confirmation.as_ref().map(|(by, _)| by);
            let is_own =
                draft.editors.contains(&facts.actor.id) || confirmed_by == Some(&facts.actor.id);
            if is_own {
                return Err(KbRefusal::OwnDraft);
            }
            Ok(())
        }
        K::Recheck | K::Withdraw | K::Supersede | K::MergeInto => in_use(record).map(drop),
        K::Suspend => match (in_use(record)?, &record.holding) {
            (_, KbHolding::Suspended { .. }) => Err(KbRefusal::AlreadySuspended),
            _ => Ok(()),
        },
        K::Resume => match &record.holding {
            KbHolding::Suspended { .. } => Ok(()),
            KbHolding::InUse
            | KbHolding::Withdrawn { .. }
            | KbHolding::Superseded { .. }
            | KbHolding::Merged { .. } => Err(KbRefusal::NotSuspended),
        },
        K::ReportError => published(record).map(drop),
        K::NoteReport => {
            let is_own = |it: &&ErrorReport| it.by == facts.actor.id;
            let mut own = record.reports.iter().filter(is_own).peekable();
            if own.peek().is_none() {
                return Err(KbRefusal::NotYourReport);
            }
            if own.any(|it| it.outcome == ReportOutcome::Open) {
                Ok(())
            } else {
                Err(KbRefusal::ReportAnswered)
            }
        }
        K::AcceptReport | K::RejectReport => {
            let is_open = |outcome: &ReportOutcome| *outcome == ReportOutcome::Open;
            if record.reports.iter().any(|it| is_open(&it.outcome)) {
                Ok(())
            } else {
                Err(KbRefusal::ReportAnswered)
            }
        }
    }
}

/// What depends on the content of the command.
fn check(record: &KbRecord, command: &KbCommand, facts: &KbFacts<'_>) -> Result<(), KbRefusal> {
    match command {
        KbCommand::Draft { .. } | KbCommand::Adopt { .. } => Err(KbRefusal::AlreadyThere),
        KbCommand::Edit {
            content,
            base_revision,
        } => {
            check_revision(record, *base_revision)?;
            check_changed(record, content)?;
            check_written_for(content, facts.actor)?;
            content.check_form()
        }
        KbCommand::ProposeBeside {
            content,
            base_version,
        } => {
            check_version(record, *base_version, 0)?;
            check_written_for(content, facts.actor)?;
            content.check_form()
        }
        KbCommand::TakeProposal {
            proposal,
            content,
            base_revision,
        } => {
            check_proposal(record, *proposal)?;
            if let Some(draft) = &record.draft {
                check_stage(draft, DraftStage::Writing)?;
            }
            check_revision(record, *base_revision)?;
            content.check_form()
        }
        KbCommand::DropProposal { proposal, reason } => {
            check_proposal(record, *proposal)?;
            filled(KbField::Reason, reason)
        }
        KbCommand::Submit { base_revision } => {
            check_revision(record, *base_revision)?;
            let content = &draft_of(record)?.content;
            let missing = content.missing();
            if !missing.is_empty() {
                return Err(KbRefusal::Incomplete { missing });
            }
            check_dates_ahead(content, facts.today())
        }
        KbCommand::Confirm { confirmation } => {
            check_confirmation(&draft_of(record)?.content, confirmation, facts.actor)
        }
        // What lay too long with the reviewer may have expired meanwhile.
        KbCommand::Publish {
            contradicts,
            reason,
        } => {
            check_dates_ahead(&draft_of(record)?.content, facts.today())?;
            if !contradicts.is_empty() && reason.trim().is_empty() {
                return Err(KbRefusal::Contradicts {
                    articles: contradicts.clone(),
                });
            }
            short(KbField::Reason, reason, KB_FIELD_MAX_CHARS)
        }
        KbCommand::Recheck {
            confirmation,
            next_review_on,
        } => {
            let content = KbContent {
                next_review_on: Some(*next_review_on),
                ..published(record)?.content.clone()
            };
            check_confirmation(&content, confirmation, facts.actor)?;
            content.check_form()?;
            check_dates_ahead(&content, facts.today())
        }
        KbCommand::Supersede { by: other, reason }
        | KbCommand::MergeInto {
            into: other,
            reason,
        } => {
            if *other == record.id {
                return Err(KbRefusal::SameArticle);
            }
            filled(KbField::Reason, reason)
        }
        KbCommand::DiscardDraft { reason }
        | KbCommand::RejectByUnit { reason }
        | KbCommand::RejectByCenter { reason }
        | KbCommand::Suspend { reason }
        | KbCommand::Resume { reason }
        | KbCommand::Withdraw { reason } => filled(KbField::Reason, reason),
        KbCommand::ReportError {
            version,
            passage,
            note,
            ..
        } => {
            check_version(record, *version, 1)?;
            short(KbField::Note, passage, KB_TEXT_MAX_CHARS)?;
            short(KbField::Note, note, KB_FIELD_MAX_CHARS)
        }
        KbCommand::NoteReport { report, note } => {
            check_open(record, *report)?;
            if record.report(*report).map(|it| &it.by) != Some(&facts.actor.id) {
                return Err(KbRefusal::NotYourReport);
            }
            filled(KbField::Note, note)
        }
        KbCommand::AcceptReport { report } => check_open(record, *report),
        KbCommand::RejectReport { report, reason } => {
            check_open(record, *report)?;
            filled(KbField::Reason, reason)
        }
    }
}

fn draft_of(record: &KbRecord) -> Result<&KbDraft, KbRefusal> {
    record.draft.as_ref().ok_or(KbRefusal::NoDraft)
}

fn published(record: &KbRecord) -> Result<&KbVersion, KbRefusal> {
    record.current().ok_or(KbRefusal::NotPublished)
}

/// Published and not retired; what is suspended may still be retired.
fn in_use(record: &KbRecord) -> Result<&KbVersion, KbRefusal> {
    let version = published(record)?;
    match &record.holding {
        KbHolding::InUse | KbHolding::Suspended { .. } => Ok(version),
        KbHolding::Withdrawn { .. } | KbHolding::Superseded { .. } | KbHolding::Merged { .. } => {
            Err(KbRefusal::NotInUse)
        }
    }
}

fn check_stage(draft: &KbDraft, stage: DraftStage) -> Result<(), KbRefusal> {
    if draft.stage == stage {
        Ok(())
    } else {
        Err(KbRefusal::WrongDraftStage { stage: draft.stage })
    }
}

/// People of a unit act on what their unit is responsible for, and on nothing else.
fn check_own_unit(record: &KbRecord, actor: &Actor) -> Result<(), KbRefusal> {
    if is_of_center(actor) {
        return Ok(());
    }
    let content = record.draft.as_ref().map(|draft| &draft.content);
    let content = content.or_else(|| record.current().map(|version| &version.content));
    let unit = content.and_then(|content| content.unit_id.as_ref());
    if unit.is_some() && unit == actor.unit.as_ref() {
        Ok(())
    } else {
        Err(KbRefusal::NotYourUnit)
    }
}

/// Two editors: whoever saw an older draft is told by whom it was changed, and loses nothing; the
/// text can be kept beside it (sync.md: a publication is never the last writer's alone).
fn check_revision(record: &KbRecord, base_revision: u32) -> Result<(), KbRefusal> {
    match &record.draft {
        None if base_revision == 0 => Ok(()),
        None => Err(KbRefusal::NoDraft),
        Some(draft) if draft.revision == base_revision => Ok(()),
        Some(draft) => {
            let by = draft.editors.last().cloned();
            Err(KbRefusal::StaleDraft {
                by: by.ok_or(KbRefusal::NoDraft)?,
                current_revision: draft.revision,
            })
        }
    }
}

fn check_changed(record: &KbRecord, content: &KbContent) -> Result<(), KbRefusal> {
    let before = match &record.draft {
        Some(draft) => Some(&draft.content),
        // What is out of use may be taken up again as it was.
        None => in_use(record).ok().map(|version| &version.content),
    };
    if before == Some(content) {
        return Err(KbRefusal::NothingChanged);
    }
    Ok(())
}

/// People of a unit write for their own unit only.
fn check_written_for(content: &KbContent, actor: &Actor) -> Result<(), KbRefusal> {
    if is_of_center(actor) || (actor.unit.is_some() && content.unit_id == actor.unit) {
        Ok(())
    } else {
        Err(KbRefusal::NotYourUnit)
    }
}

fn is_of_center(actor: &Actor) -> bool {
    actor.roles.iter().any(|role| !role.is_of_unit())
}

fn check_version(record: &KbRecord, version: u32, first: u32) -> Result<(), KbRefusal> {
    let last = record.current().map_or(0, |version| version.number);
    if (first..=last).contains(&version) {
        Ok(())
    } else {
        Err(KbRefusal::NoSuchVersion { version })
    }
}

fn check_proposal(record: &KbRecord, proposal: u32) -> Result<(), KbRefusal> {
    if record.proposals.iter().any(|it| it.number == proposal) {
        Ok(())
    } else {
        Err(KbRefusal::NoSuchProposal)
    }
}

fn check_open(record: &KbRecord, report: ReportNumber) -> Result<(), KbRefusal> {
    match record.report(report).map(|report| &report.outcome) {
        None => Err(KbRefusal::NoSuchReport { report }),
        Some(ReportOutcome::Open) => Ok(()),
        Some(
            ReportOutcome::Accepted
            | ReportOutcome::Rejected { .. }
            | ReportOutcome::Corrected { .. }
            | ReportOutcome::Retired,
        ) => Err(KbRefusal::ReportAnswered),
    }
}

fn check_dates_ahead(content: &KbContent, today: NaiveDate) -> Result<(), KbRefusal> {
    if let Some(valid_until) = content.valid_until.filter(|last| *last < today) {
        return Err(KbRefusal::AlreadyExpired { valid_until, today });
    }
    match content.next_review_on {
        Some(next_review_on) if next_review_on <= today => Err(KbRefusal::ReviewNotAhead {
            next_review_on,
            today,
        }),
        Some(_) | None => Ok(()),
    }
}

/// In person only by the unit's own people; the center records what it was told, and by whom.
fn check_confirmation(
    content: &KbContent,
    confirmation: &UnitConfirmation,
    actor: &Actor,
) -> Result<(), KbRefusal> {
    match confirmation {
        UnitConfirmation::InPerson => {
            let is_theirs = content.unit_id.is_some() && content.unit_id == actor.unit;
            if is_theirs {
                Ok(())
            } else {
                Err(KbRefusal::NotYourUnit)
            }
        }
        UnitConfirmation::Recorded { name, evidence } => {
            filled(KbField::ResponsiblePerson, name)?;
            filled(KbField::Evidence, evidence)
        }
    }
}

pub(super) fn filled(field: KbField, text: &str) -> Result<(), KbRefusal> {
    if text.trim().is_empty() {
        return Err(KbRefusal::Incomplete {
            missing: vec![field],
        });
    }
    short(field, text, KB_FIELD_MAX_CHARS)
}

fn short(field: KbField, text: &str, max_chars: usize) -> Result<(), KbRefusal> {
    let n_chars = text.chars().count();
    if n_chars > max_chars {
        return Err(KbRefusal::TextTooLong {
            field,
            max_chars,
            n_chars,
        });
    }
    Ok(())
}
