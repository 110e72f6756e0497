//! Every way in which a rule says no.
//!
//! A refusal is an answer to a person, not a fault: it carries what a sentence needs and no
//! sentence. `desk` turns each into Chinese in one exhaustive match.

use chrono::{DateTime, Utc};
use thiserror::Error;

use crate::actor::Role;
use crate::handling_unit::HandlingUnitId;
use crate::out_of_scope::OutOfScopeClass;
use crate::work_order::{CommandKind, Stage};

/// 字段: the field a refusal is about, so that the window can point at it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Field {
    /// 诉求内容.
    Text,
    /// 标题.
    Title,
    /// 诉求目标.
    Wants,
    /// 姓名.
    CallerName,
    /// 诉求人地址.
    CallerAddress,
    /// 来电号码.
    CallerPhone,
    /// 联系电话.
    ContactPhone,
    /// 详细地址.
    PlaceDetail,
    /// 答复内容.
    Answer,
    /// 转办意见.
    Opinion,
    /// 解释引导内容.
    Guidance,
    /// 法律依据.
    LegalBasis,
    /// 转接情况.
    TransferNote,
    /// 接听人.
    AnsweredBy,
    /// 送达电话.
    DeliveryPhone,
}

/// 拒绝: a rule says that this may not be done now.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum Refusal {
    /// The order was registered before.
    #[error("the work order is registered already")]
    AlreadyRegistered,
    /// There is no such order.
    #[error("the work order is not registered")]
    NotRegistered,
    /// The order is not where this command starts from.
    #[error("{command:?} is not possible at stage {stage:?}")]
    WrongStage { command: CommandKind, stage: Stage },
    /// The person does not hold a role that may do this.
    #[error("{command:?} needs one of {roles:?}")]
    NotPermitted {
        command: CommandKind,
        roles: &'static [Role],
    },
    #[error("{field:?} is empty")]
    TextMissing { field: Field },
    #[error("{field:?} has {n_chars} characters, at most {max_chars} are allowed")]
    TextTooLong {
        field: Field,
        max_chars: usize,
        n_chars: usize,
    },
    #[error("{field:?} is not a telephone number")]
    PhoneInvalid { field: Field },
    #[error("{unit:?} is not a handling unit")]
    UnitUnknown { unit: HandlingUnitId },
    /// 第八条(七)(八): the law must be named.
    #[error("{class:?} needs a legal basis")]
    LegalBasisMissing { class: OutOfScopeClass },
    /// 第八条(三): this class is a transfer, which is a command of its own.
    #[error("an emergency is transferred, not refused")]
    TransferInstead,
    /// 决定 I-3, I-19: only a special matter may be delivered by telephone; any other is delivered
    /// when the center confirms it.
    #[error("an ordinary matter is delivered by the center")]
    DeliveryNeedsCenter,
    /// A delivery cannot lie before the registration or after now.
    #[error("delivered at {delivered_at}, which is not between {earliest} and {latest}")]
    DeliveryTimeImpossible {
        delivered_at: DateTime<Utc>,
        earliest: DateTime<Utc>,
        latest: DateTime<Utc>,
    },
}
