//! The command of an intent, read.

use domain::Command;
use domain::assessment::{AssessmentCommand, AssessmentCommandKind};
use domain::caller_dossier::{DossierCommand, DossierCommandKind};
use domain::dispatch_catalogue::{AmendmentCommand, AmendmentCommandKind};
use domain::early_warning::{EarlyWarningCommand, EarlyWarningCommandKind};
use domain::kb::KbCommand;
use domain::kb::task::{KbTaskCommand, KbTaskCommandKind};
use domain::supervision::{SupervisoryCommand, SupervisoryCommandKind};
use domain::work_order::CommandKind;
use serde::Serialize;
use serde::de::DeserializeOwned;
use thiserror::Error;

use crate::envelope::Envelope;

/// What the names of commands about articles begin with: some are called as one about an order.
const ARTICLE: &str = "kb_";
/// What the names of commands about tasks begin with; looked for first.
const TASK: &str = "kb_task_";
/// What the names of commands about supervisory cases begin with.
const CASE: &str = "supervise_";
/// What the names of commands about the dispatch catalogue begin with.
const AMENDMENT: &str = "amend_";
/// What the names of commands of the assessment begin with.
const ASSESSMENT: &str = "assess_";
/// What the names of commands about callers' dossiers begin with.
const DOSSIER: &str = "dossier_";
/// What the names of commands about early warnings begin with.
const EARLY_WARNING: &str = "early_warning_";

/// 命令, whatever it is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Act {
    Order(Command),
    Article(KbCommand),
    /// About a task of the knowledge base.
    Task(KbTaskCommand),
    /// About an admonition, a supervision or a referral.
    Case(SupervisoryCommand),
    /// About an amendment of the dispatch catalogue.
    Amendment(AmendmentCommand),
    /// About a scheme of the assessment, or a period by it.
    Assessment(AssessmentCommand),
    /// About the dossier of a number.
    Dossier(DossierCommand),
    /// About an early warning, or the thresholds of all.
    EarlyWarning(EarlyWarningCommand),
}

/// Why a command or an entry is not read: it comes from a newer program, or was never sound.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum Unread {
    #[error("{kind} is not known here")]
    UnknownKind { kind: String },
    #[error("what is called {kind} cannot be read: {because}")]
    Unsound { kind: String, because: String },
}

impl Act {
    /// Reads the command of an intent.
    pub fn read(envelope: &Envelope) -> Result<Self, Unread> {
        let Envelope { kind, command, .. } = envelope;
        if let Some(name) = kind.strip_prefix(TASK) {
            read(name, kind, command).map(Self::Task)
        } else if let Some(name) = kind.strip_prefix(ARTICLE) {
            read(name, kind, command).map(Self::Article)
        } else if let Some(name) = kind.strip_prefix(CASE) {
            read(name, kind, command).map(Self::Case)
        } else if let Some(name) = kind.strip_prefix(AMENDMENT) {
            read(name, kind, command).map(Self::Amendment)
        } else if let Some(name) = kind.strip_prefix(ASSESSMENT) {
            read(name, kind, command).map(Self::Assessment)
        } else if let Some(name) = kind.strip_prefix(DOSSIER) {
            read(name, kind, command).map(Self::Dossier)
        } else if let Some(name) = kind.strip_prefix(EARLY_WARNING) {
            read(name, kind, command).map(Self::EarlyWarning)
        } else {
            read(kind, kind, command).map(Self::Order)
        }
    }

    /// The name and the JSON under which an intent keeps it.
    pub fn write(&self) -> serde_json::Result<(String, String)> {
        let (prefix, name, command) = match self {
            Self::Order(command) => ("", name_of(command.kind())?, to_text(command)?),
            Self::Article(command) => (ARTICLE, name_of(command.kind())?, to_text(command)?),
            Self::Task(command) => (TASK, name_of(command.kind())?, to_text(command)?),
            Self::Case(command) => (CASE, name_of(command.kind())?, to_text(command)?),
            Self::Amendment(command) => (AMENDMENT, name_of(command.kind())?, to_text(command)?),
            Self::Assessment(command) => (ASSESSMENT, name_of(command.kind())?, to_text(command)?),
            Self::Dossier(command) => (DOSSIER, name_of(command.kind())?, to_text(command)?),
            Self::EarlyWarning(command) => {
                (EARLY_WARNING, name_of(command.kind())?, to_text(command)?)
            }
        };
        Ok((format!("{prefix}{name}"), command))
    }

    /// Whether it tells of something that happened, so that it is flagged and never refused.
    pub fn is_fact(&self) -> bool {
        match self {
            Self::Order(command) => command.kind().is_fact(),
            // What a caller found wrong was found wrong, whatever became of the article since.
            Self::Article(command) => matches!(command, KbCommand::ReportError { .. }),
            // That a talk was held can be written down again by who still may.
            Self::Task(_)
            | Self::Case(_)
            | Self::Amendment(_)
            | Self::Assessment(_)
            | Self::EarlyWarning(_) => false,
            // What a call was is in evidence, whatever became of the dossier since.
            Self::Dossier(command) => matches!(command, DossierCommand::AddEvidence { .. }),
        }
    }

    /// The kind, for a command about an order.
    pub fn order_kind(&self) -> Option<CommandKind> {
        match self {
            Self::Order(command) => Some(command.kind()),
            Self::Article(_)
            | Self::Task(_)
            | Self::Case(_)
            | Self::Amendment(_)
            | Self::Assessment(_)
            | Self::Dossier(_)
            | Self::EarlyWarning(_) => None,
        }
    }
}

fn read<T: DeserializeOwned + Named>(name: &str, kind: &str, text: &str) -> Result<T, Unread> {
    if !is_known::<T>(name) {
        return Err(Unread::UnknownKind {
            kind: kind.to_owned(),
        });
    }
    let unsound = |because: String| Unread::Unsound {
        kind: kind.to_owned(),
        because,
    };
    let command: T = serde_json::from_str(text).map_err(|error| unsound(error.to_string()))?;
    if command.name().is_ok_and(|it| it == name) {
        Ok(command)
    } else {
        Err(unsound("it is another command".to_owned()))
    }
}

/// A command with a kind that has a name.
trait Named {
    type Kind: DeserializeOwned;
    fn name(&self) -> serde_json::Result<String>;
}

impl Named for Command {
    type Kind = CommandKind;
    fn name(&self) -> serde_json::Result<String> {
        name_of(self.kind())
    }
}

impl Named for KbCommand {
    type Kind = domain::kb::KbCommandKind;
    fn name(&self) -> serde_json::Result<String> {
        name_of(self.kind())
    }
}

impl Named for KbTaskCommand {
    type Kind = KbTaskCommandKind;
    fn name(&self) -> serde_json::Result<String> {
        name_of(self.kind())
    }
}

impl Named for SupervisoryCommand {
    type Kind = SupervisoryCommandKind;
    fn name(&self) -> serde_json::Result<String> {
        name_of(self.kind())
    }
}

impl Named for AmendmentCommand {
    type Kind = AmendmentCommandKind;
    fn name(&self) -> serde_json::Result<String> {
        name_of(self.kind())
    }
}

impl Named for AssessmentCommand {
    type Kind = AssessmentCommandKind;
    fn name(&self) -> serde_json::Result<String> {
        name_of(self.kind())
    }
}

impl Named for DossierCommand {
    type Kind = DossierCommandKind;
    fn name(&self) -> serde_json::Result<String> {
        name_of(self.kind())
    }
}

impl Named for EarlyWarningCommand {
    type Kind = EarlyWarningCommandKind;
    fn name(&self) -> serde_json::Result<String> {
        name_of(self.kind())
    }
}

fn is_known<T: Named>(name: &str) -> bool {
    serde_json::from_value::<T::Kind>(serde_json::Value::String(name.to_owned())).is_ok()
}

fn to_text(command: &impl Serialize) -> serde_json::Result<String> {
    serde_json::to_string(command)
}

fn name_of(kind: impl Serialize) -> serde_json::Result<String> {
    serde_json::from_value(serde_json::to_value(kind)?)
}
