//! 延期: who may ask for how much, until when, and how an order stands while the city decides
//! (第十一条(三)及末款, 决定 I-8、I-9).
//!
//! The unit asks, the county reviews, the city grants. The date the city gives is the one that
//! holds; what is counted here is what may be asked for.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use crate::calendar::WorkCalendar;
use crate::matter::MatterKind;
use crate::rule_set::{ConsultationExtension, RuleSet};
use crate::time_limit::TimeLimit;

/// 延期申请 (第十一条(三)).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExtensionRequest {
    pub requested_at: DateTime<Utc>,
    pub ask: ExtensionAsk,
}

/// 申请内容: how much more time, and on what ground (第十一条(三)及末款).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "ask", rename_all = "snake_case")]
pub enum ExtensionAsk {
    /// 情况复杂: working days beyond the base limit.
    Complicated { days: u32 },
    /// 特别重大、复杂: working days beyond the base limit.
    Grave {
        days: u32,
        /// 监督员说明; empty while there is none.
        supervisor_statement: String,
    },
    /// 法定另有期限: the last day that the cited law gives.
    Statutory { last_day: NaiveDate, law: String },
}

/// 延期通道: what a request needs to become an extension (决定 I-8).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ExtensionLane {
    /// ① 一般: up to 3 working days more.
    General,
    /// ② 特别重大、复杂: completed within 7 working days from delivery, or 3 more.
    Grave,
    /// ③ 超出②: up to 7 working days more, with the supervisor's statement and the city's express
    /// consent.
    Exceptional,
    /// 法定另有期限 (第十一条末款).
    Statutory,
}

impl ExtensionLane {
    /// The article or decision that the lane stands on.
    pub fn article(self) -> &'static str {
        match self {
            Self::General | Self::Grave => "第十一条(三)",
            Self::Exceptional => "第十一条(三)、决定 I-8",
            Self::Statutory => "第十一条末款",
        }
    }
}

/// 已批延期: an extension that the city has granted (第十一条(三)).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct GrantedExtension {
    pub lane: ExtensionLane,
    #[serde(with = "chrono::serde::ts_milliseconds")]
    pub granted_at: DateTime<Utc>,
    /// 市批日期: holds as the city gives it (决定 I-8).
    #[serde(with = "chrono::serde::ts_milliseconds")]
    pub due_at: DateTime<Utc>,
}

/// 可受理的延期申请: what the center may pass on to the city (第十一条(三)).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProposedExtension {
    pub lane: ExtensionLane,
    pub due_at: DateTime<Utc>,
    /// 晚于建议提交时点: still in time, but the city may not decide before the limit is over
    /// (决定 I-9).
    pub is_short_notice: bool,
}

/// 延期拒收: why a request is not accepted (决定 I-8、I-9).
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ExtensionRefusal {
    /// 申请迟于到期.
    #[error("requested at {requested_at}, due at {due_at}")]
    AfterDue {
        requested_at: DateTime<Utc>,
        due_at: DateTime<Utc>,
    },
    /// 咨询类原则上不予延期.
    #[error("a consultation is not extended")]
    Consultation,
    /// 每单次数已用完.
    #[error("{n_granted} extensions granted already")]
    NoneLeft { n_granted: u32 },
    /// 不多于原期限.
    #[error("the request does not ask for more time")]
    NotLonger,
    /// 一般延期超出上限.
    #[error("{days} working days asked for, {at_most} is the most")]
    OverGeneral { days: u32, at_most: u32 },
    /// 超出②而无监督员说明.
    #[error("more than {at_most} working days want the supervisor's statement")]
    StatementMissing { at_most: u32 },
    /// 超出③.
    #[error("{days} working days asked for, {at_most} is the most without a law")]
    OverExceptional { days: u32, at_most: u32 },
    /// 未引法条.
    #[error("no law is cited")]
    LawMissing,
}

/// 延期上限: working days beyond the base limit that each lane allows (决定 I-8).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ExtensionCaps {
    pub general_days: u32,
    pub grave_days: u32,
    pub exceptional_days: u32,
}

impl ExtensionCaps {
    /// The caps for a base limit of `base_days` working days.
    pub fn of(base_days: u32, rule_set: &RuleSet) -> Self {
        let rules = rule_set.extension;
        Self {
            general_days: rules.general_days,
            grave_days: rules
                .general_days
                .max(rules.grave_total_days.saturating_sub(base_days)),
            exceptional_days: rules.exceptional_days,
        }
    }
}

/// When `limit` would be over with `days` working days more.
pub fn extended_due_at(limit: &TimeLimit, days: u32, calendar: &WorkCalendar) -> DateTime<Utc> {
    let last_day = calendar.add_working_days(limit.last_day(), days);
    limit.counting.end_of_last_day(limit.started_at, last_day)
}

/// 审查延期申请: whether the request may go to the city, and on which lane (决定 I-8、I-9).
/// `n_granted` counts the extensions that the order has had.
pub fn propose_extension(
    limit: &TimeLimit,
    kind: MatterKind,
    n_granted: u32,
    request: &ExtensionRequest,
    calendar: &WorkCalendar,
    rule_set: &RuleSet,
) -> Result<ProposedExtension, ExtensionRefusal> {
    let requested_at = request.requested_at;
    if requested_at >= limit.due_at {
        let due_at = limit.due_at;
        return Err(ExtensionRefusal::AfterDue {
            requested_at,
            due_at,
        });
    }
    let (lane, due_at) = match &request.ask {
        ExtensionAsk::Statutory { last_day, law } => {
            if law.trim().is_empty() {
                return Err(ExtensionRefusal::LawMissing);
            }
            let due_at = limit.counting.end_of_last_day(limit.started_at, *last_day);
            (ExtensionLane::Statutory, due_at)
        }
        ExtensionAsk::Complicated { days } => {
            check_open(kind, n_granted, rule_set)?;
            let at_most = rule_set.extension.general_days;
            if *days > at_most {
                let days = *days;
                return Err(ExtensionRefusal::OverGeneral { days, at_most });
            }
            let due_at = extended_due_at(limit, *days, calendar);
            (ExtensionLane::General, due_at)
        }
        ExtensionAsk::Grave {
            days,
            supervisor_statement,
        } => {
            check_open(kind, n_granted, rule_set)?;
            let caps = ExtensionCaps::of(rule_set.handle_days(kind), rule_set);
            let lane = grave_lane(*days, supervisor_statement, caps)?;
            (lane, extended_due_at(limit, *days, calendar))
        }
    };
    if due_at <= limit.due_at {
        return Err(ExtensionRefusal::NotLonger);
    }
    let advised_by = advised_by(limit, calendar, rule_set);
    Ok(ProposedExtension {
        lane,
        due_at,
        is_short_notice: requested_at > advised_by,
    })
}

/// Whether the house's rules let an extension be asked for: by the kind, and the number of extensions. A rule
/// of law is not bound by them.
///
/// # Errors
/// Why none is accepted.
pub fn check_open(
    kind: MatterKind,
    n_granted: u32,
    rule_set: &RuleSet,
) -> Result<(), ExtensionRefusal> {
    let rules = rule_set.extension;
    if kind == MatterKind::Consultation && rules.consultation == ConsultationExtension::Disabled {
        return Err(ExtensionRefusal::Consultation);
    }
    if n_granted >= rules.max_per_order {
        return Err(ExtensionRefusal::NoneLeft { n_granted });
    }
    Ok(())
}

fn grave_lane(
    days: u32,
    supervisor_statement: &str,
    caps: ExtensionCaps,
) -> Result<ExtensionLane, ExtensionRefusal> {
    if days <= caps.general_days {
        return Ok(ExtensionLane::General);
    }
    if days <= caps.grave_days {
        return Ok(ExtensionLane::Grave);
    }
    if days > caps.exceptional_days {
        let at_most = caps.exceptional_days;
        return Err(ExtensionRefusal::OverExceptional { days, at_most });
    }
    if supervisor_statement.trim().is_empty() {
        let at_most = caps.grave_days;
        return Err(ExtensionRefusal::StatementMissing { at_most });
    }
    Ok(ExtensionLane::Exceptional)
}

/// 建议提交时点: the end of the working day that lies before the last by as many days as the rules
/// advise (决定 I-9).
pub fn advised_by(limit: &TimeLimit, calendar: &WorkCalendar, rule_set: &RuleSet) -> DateTime<Utc> {
    let days = rule_set.extension.advised_days_before;
    let day = calendar.subtract_working_days(limit.last_day(), days);
    limit.counting.end_of_last_day(limit.started_at, day)
}

/// 市裁定: what became of an extension that was asked for in time (决定 I-9).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CityRuling {
    /// 市未批.
    Pending,
    /// 批准, with the date that the city gives.
    Granted { due_at: DateTime<Utc> },
    /// 驳回.
    Denied,
}

/// 延期期间的状态: how an order stands that asked for more time before its limit was over
/// (决定 I-9).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ExtensionStanding {
    /// 未到期.
    InTime { due_at: DateTime<Utc> },
    /// 待批暂挂: the limit is over and the city has not decided; no ground for an admonition.
    AwaitingRuling,
    /// 超期, since the limit that holds.
    Overdue { since: DateTime<Utc> },
}

impl CityRuling {
    /// How the order stands at `now`, if its own limit ends at `due_at`. A grant that comes late
    /// wipes the delay out; a denial lets it count from the original end.
    pub fn standing(self, due_at: DateTime<Utc>, now: DateTime<Utc>) -> ExtensionStanding {
        let due_at = match self {
            Self::Granted { due_at } => due_at,
            Self::Pending | Self::Denied => due_at,
        };
        if now <= due_at {
            ExtensionStanding::InTime { due_at }
        } else if self == Self::Pending {
            ExtensionStanding::AwaitingRuling
        } else {
            ExtensionStanding::Overdue { since: due_at }
        }
    }
}
