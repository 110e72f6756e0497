//! What happened to a work order. Stored for ever: the JSON form is frozen; variants and fields
//! are only added.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::actor::ActorId;
use crate::handling_unit::HandlingUnitId;
use crate::matter::Matter;
use crate::out_of_scope::{EmergencyLine, OutOfScopeClass};
use crate::rule_set::RuleSetId;
use crate::time_limit::TimeLimit;
use crate::work_order::CitedArticle;

/// 事件: one thing that happened, when, and by whom.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Event {
    #[serde(with = "chrono::serde::ts_milliseconds")]
    pub occurred_at: DateTime<Utc>,
    pub actor: ActorId,
    #[serde(flatten)]
    pub kind: EventKind,
}

/// 事件种类.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum EventKind {
    /// 已登记.
    Registered {
        number: String,
        matter: Box<Matter>,
        rule_set: RuleSetId,
    },
    /// 起算时限.
    LimitStarted { limit: TimeLimit },
    /// 已当场答复.
    AnsweredOnTheSpot {
        answer: String,
        article: Option<CitedArticle>,
    },
    /// 已告知不予受理.
    RefusedOutOfScope {
        class: OutOfScopeClass,
        guidance: String,
        legal_basis: String,
    },
    /// 已转紧急热线.
    TransferredToEmergency { line: EmergencyLine, note: String },
    /// 已派单.
    Dispatched {
        unit: HandlingUnitId,
        opinion: String,
    },
    /// 已送达 by telephone; the center's own confirmation comes with the feed.
    Delivered {
        #[serde(with = "chrono::serde::ts_milliseconds")]
        delivered_at: DateTime<Utc>,
        answered_by: String,
        phone: String,
    },
}
