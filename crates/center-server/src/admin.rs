//! 管理: what the administrator does on the command line. A command is one request; it is done by
//! the running center, which is asked over a socket in its data folder, or, where none runs, by one
//! that is opened for it with its doors shut. Either way it goes through the one writer.

pub mod backup;
mod calendar;
mod desks;
mod export;
pub(crate) mod liaisons;
pub(crate) mod local_names;
mod outside;
mod people;
mod record;
mod refusal;
mod retention;
mod sharing;
pub(crate) mod socket;
mod units;
mod upstream;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use ::audit::Outcome;
use anyhow::{Context as _, Result};
use chrono::NaiveDate;
use documents::table::Table;
use domain::calendar::YearNotice;
use domain::data_sharing::{ShareGrant, ShareScope};
use domain::liaison::LiaisonTerm;
use domain::local_name::LocalName;
use domain::matter::Source;
use domain::{ActorId, HandlingUnit, HandlingUnitId, Role};
use serde::{Deserialize, Serialize};
use wire::DeskId;

use crate::api_key::KeyUse;
use crate::audit;
use crate::folder::FolderLock;
use crate::office::Office;
pub(crate) use outside::{channel_named, source_named};
pub(crate) use people::with_center;
pub use refusal::AdminRefusal;
pub use retention::{Proof, TwoPeople};
pub use socket::ask as socket_ask;
pub use upstream::{UpstreamFile, UpstreamImport};

/// The first table of a file, by the row that has the most of these columns' names.
pub(crate) fn first_table(bytes: &[u8], columns: &[&[&str]]) -> Result<Table> {
    let tables = Table::read(bytes).map_err(|error| anyhow::anyhow!("文件读不了：{error}"))?;
    let table = tables.into_iter().next().context("文件里没有表格")?;
    let known = columns.concat();
    let is_known = |name: &&String| known.contains(&name.as_str());
    Ok(table.headed_by(|names| names.iter().filter(is_known).count()))
}

/// Whether a center runs on the folder.
pub fn is_running(data: &Path) -> Result<bool> {
    Ok(data.exists() && FolderLock::take(data)?.is_none())
}

/// One command.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "do", rename_all = "snake_case")]
pub enum AdminRequest {
    /// 新增人员, with a password for the first time.
    AddUser {
        number: ActorId,
        name: String,
        roles: Vec<Role>,
        unit: Option<HandlingUnitId>,
    },
    ListUsers,
    /// 调整角色; the person holds these and no others from now on.
    ChangeRoles {
        number: ActorId,
        roles: Vec<Role>,
        unit: Option<HandlingUnitId>,
    },
    DisableUser {
        number: ActorId,
    },
    EnableUser {
        number: ActorId,
    },
    ResetPassword {
        number: ActorId,
    },
    /// 导入承办单位名录, whole.
    ImportUnits {
        units: Vec<HandlingUnit>,
    },
    ListUnits,
    /// 导入联络员台账, whole.
    ImportLiaisons {
        terms: Vec<LiaisonTerm>,
    },
    /// 导入本地名称表, whole.
    ImportLocalNames {
        names: Vec<LocalName>,
    },
    ListLocalNames,
    /// 登记单位值守电话.
    SetUnitContact {
        unit: HandlingUnitId,
        phones: Vec<String>,
    },
    /// 新建接口密钥.
    NewKey {
        name: String,
        usage: KeyUse,
    },
    ListKeys,
    RevokeKey {
        digits: String,
    },
    /// 新建共享令牌 (第十五条).
    NewShareToken {
        name: String,
        role: Role,
        scope: ShareScope,
        expires_on: NaiveDate,
    },
    ListShareTokens,
    RevokeShareToken {
        digits: String,
    },
    /// 未送达的消息.
    ListDead,
    /// 重新发送; all where none is named.
    SendAgain {
        id: Option<String>,
    },
    /// 导入上级工单 or 评价.
    ImportUpstream(Box<UpstreamImport>),
    /// 导出办理结果.
    ExportResults {
        source: Source,
        to: PathBuf,
        is_all: bool,
    },
    /// 登记上级已接收.
    AcknowledgeResults {
        source: Source,
        ids: Vec<String>,
    },
    AllowEnrolment,
    ListDesks,
    RevokeDesk {
        desk: DeskId,
    },
    ListCalendar,
    /// 导入放假通知.
    Announce {
        notice: YearNotice,
    },
    ListRuleSets,
    /// 备份 into a folder.
    Backup {
        to: PathBuf,
        /// It stands on another machine: desks may forget what it has.
        is_off_machine: bool,
    },
    /// 导出 the feed as lines of JSON.
    Export {
        to: PathBuf,
    },
    /// 核对 the chain of the feed and the database.
    Verify,
    /// 核对审计链, and what is kept of the chains of the desks.
    VerifyAudit,
    /// 导出审计 of a desk, or of the center itself, as lines of JSON.
    ExportAudit {
        desk: Option<DeskId>,
        to: PathBuf,
    },
    /// 重新起算 the chain of a desk that was put back or set up anew.
    ForgetDeskAudit {
        desk: DeskId,
    },
    /// 待涂销 on a day; today where none is named.
    RetentionDue {
        on: Option<NaiveDate>,
    },
    /// 涂销 of what is due.
    RedactDue {
        people: TwoPeople,
    },
    /// 导出个人信息 of a telephone number.
    ExportPerson {
        phone: String,
        to: PathBuf,
    },
    /// 涂销个人信息 of a telephone number, at the person's own wish.
    RedactPerson {
        phone: String,
        people: TwoPeople,
    },
    Status,
}

impl AdminRequest {
    /// Those whose passwords it needs.
    pub fn proofs(&mut self) -> Vec<&mut Proof> {
        #[expect(
            clippy::wildcard_enum_match_arm,
            reason = "few commands take two people"
        )]
        match self {
            Self::RedactDue { people } | Self::RedactPerson { people, .. } => {
                vec![&mut people.asked_by, &mut people.granted_by]
            }
            _ => Vec::new(),
        }
    }
}

/// What is printed, and whether it was done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AdminReply {
    pub is_done: bool,
    pub lines: Vec<String>,
}

/// Why a command was not done.
#[derive(Debug, thiserror::Error)]
pub(crate) enum AdminError {
    #[error(transparent)]
    Refused(#[from] AdminRefusal),
    #[error(transparent)]
    Fault(#[from] anyhow::Error),
}

type Lines = Result<Vec<String>, AdminError>;

/// Does a command, and records it before it is answered.
pub async fn execute(office: &Arc<Office>, request: AdminRequest) -> AdminReply {
    let recorded = Recorded::of(&request);
    let outcome = done(office, request).await;
    let outcome = match recorded {
        Some(recorded) => recorded.with(office, outcome).await,
        None => outcome,
    };
    match outcome {
        Ok(lines) => AdminReply {
            is_done: true,
            lines,
        },
        Err(AdminError::Refused(refusal)) => AdminReply {
            is_done: false,
            lines: vec![refusal.to_string()],
        },
        Err(AdminError::Fault(error)) => {
            tracing::error!(error = format!("{error:#}"), "A command was not done");
            AdminReply {
                is_done: false,
                lines: vec![format!("没有办成，什么都没有改：{error:#}")],
            }
        }
    }
}

/// What of a command stands in the audit: its name, and which person, unit, desk or key it is about.
struct Recorded {
    act: String,
    object: String,
}

impl Recorded {
    /// None for what only looks at tables without any citizen in them.
    fn of(request: &AdminRequest) -> Option<Self> {
        if matches!(
            request,
            AdminRequest::ListUsers
                | AdminRequest::ListUnits
                | AdminRequest::ListLocalNames
                | AdminRequest::ListKeys
                | AdminRequest::ListShareTokens
                | AdminRequest::ListDead
                | AdminRequest::ListDesks
                | AdminRequest::ListCalendar
                | AdminRequest::ListRuleSets
                | AdminRequest::RetentionDue { .. }
                | AdminRequest::Status
        ) {
            return None;
        }
        let json = serde_json::to_value(request).unwrap_or_default();
        let text = |name: &str| {
            json.get(name)
                .and_then(serde_json::Value::as_str)
                .unwrap_or_default()
        };
        let about = ["number", "desk", "unit", "digits", "id", "name", "source"];
        let object = about.into_iter().map(text).find(|it| !it.is_empty());
        Some(Self {
            act: text("do").to_owned(),
            object: object.unwrap_or_default().to_owned(),
        })
    }

    /// The outcome, once it is recorded.
    async fn with(self, office: &Office, outcome: Lines) -> Lines {
        let came_to = match &outcome {
            Ok(_) => Outcome::Done,
            Err(AdminError::Refused(_)) => Outcome::Refused,
            Err(AdminError::Fault(_)) => Outcome::Failed,
        };
        let now = office.clock.now();
        let entry = audit::entry(now, "命令行", &self.act, &self.object, came_to);
        match office.audit(entry).await {
            Ok(()) => outcome,
            Err(error) => Err(error.context("Recording the command").into()),
        }
    }
}

async fn done(office: &Arc<Office>, request: AdminRequest) -> Lines {
    match request {
        AdminRequest::AddUser {
            number,
            name,
            roles,
            unit,
        } => people::add(office, number, name, roles, unit).await,
        AdminRequest::ListUsers => Ok(people::list(office)),
        AdminRequest::ChangeRoles {
            number,
            roles,
            unit,
        } => people::change_roles(office, number, roles, unit).await,
        AdminRequest::DisableUser { number } => people::disable(office, number).await,
        AdminRequest::EnableUser { number } => people::enable(office, number).await,
        AdminRequest::ResetPassword { number } => people::reset_password(office, number).await,
        AdminRequest::ImportUnits { units } => units::import(office, units).await,
        AdminRequest::ListUnits => Ok(units::list(office)),
        AdminRequest::ImportLiaisons { terms } => liaisons::import(office, terms).await,
        AdminRequest::ImportLocalNames { names } => local_names::import(office, names).await,
        AdminRequest::ListLocalNames => Ok(local_names::list(office)),
        AdminRequest::SetUnitContact { unit, phones } => {
            outside::set_contact(office, unit, phones).await
        }
        AdminRequest::NewKey { name, usage } => outside::new_key(office, name, usage).await,
        AdminRequest::ListKeys => outside::list_keys(office).await,
        AdminRequest::RevokeKey { digits } => outside::revoke_key(office, digits).await,
        AdminRequest::NewShareToken {
            name,
            role,
            scope,
            expires_on,
        } => {
            let grant = ShareGrant {
                name,
                role,
                scope,
                expires_on,
            };
            sharing::new_token(office, grant).await
        }
        AdminRequest::ListShareTokens => sharing::list_tokens(office).await,
        AdminRequest::RevokeShareToken { digits } => sharing::revoke_token(office, digits).await,
        AdminRequest::ListDead => outside::list_dead(office).await,
        AdminRequest::SendAgain { id } => outside::send_again(office, id).await,
        AdminRequest::ImportUpstream(asked) => upstream::import(office, *asked).await,
        AdminRequest::ExportResults { source, to, is_all } => {
            upstream::export_results(office, source, to, is_all).await
        }
        AdminRequest::AcknowledgeResults { source, ids } => {
            upstream::acknowledge(office, source, ids).await
        }
        AdminRequest::AllowEnrolment => desks::allow_enrolment(office).await,
        AdminRequest::ListDesks => desks::list(office).await,
        AdminRequest::RevokeDesk { desk } => desks::revoke(office, desk).await,
        AdminRequest::ListCalendar => Ok(calendar::list(office)),
        AdminRequest::Announce { notice } => calendar::announce(office, notice).await,
        AdminRequest::ListRuleSets => Ok(calendar::rule_sets(office)),
        AdminRequest::Backup { to, is_off_machine } => {
            backup::back_up(office, to, is_off_machine).await
        }
        AdminRequest::Export { to } => export::export(office, to).await,
        AdminRequest::Verify => export::verify(office).await,
        AdminRequest::VerifyAudit => record::verify(office).await,
        AdminRequest::ExportAudit { desk, to } => record::export(office, desk, to).await,
        AdminRequest::ForgetDeskAudit { desk } => record::forget(office, desk).await,
        AdminRequest::RetentionDue { on } => retention::list_due(office, on).await,
        AdminRequest::RedactDue { people } => retention::redact_due(office, people).await,
        AdminRequest::ExportPerson { phone, to } => {
            retention::export_person(office, &phone, to).await
        }
        AdminRequest::RedactPerson { phone, people } => {
            retention::redact_person(office, &phone, people).await
        }
        AdminRequest::Status => export::status(office).await,
    }
}
