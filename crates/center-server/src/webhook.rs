//! 回调: tells a gateway for short messages what units and citizens must know at once.
//!
//! Each message is signed as the Standard Webhooks specification says, so a receiver can use any of
//! its libraries: `webhook-signature: v1,` and the base64 of HMAC-SHA256 over
//! `{webhook-id}.{webhook-timestamp}.{body}`. How to set one up stands in
//! `docs/对外接口.md`.

mod message;
mod sign;
mod watch;

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::follower::Projection;

pub(crate) use self::message::UNIT_CONTACT;
pub use self::sign::{SecretFault, sign};
pub(crate) use self::watch::{Told, tell_due};

/// What is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Topic {
    /// 已登记: to the citizen, with the query code.
    OrderReceived,
    /// 特殊事项已转办: to the unit.
    SpecialMatterDispatched,
    /// 即将到期: to the unit.
    DueSoon,
    /// 已超期: to the unit.
    Overdue,
    /// 已催办: to the unit.
    Urged,
}

impl Topic {
    pub const ALL: [Self; 5] = [
        Self::OrderReceived,
        Self::SpecialMatterDispatched,
        Self::DueSoon,
        Self::Overdue,
        Self::Urged,
    ];
}

/// 回调地址, as the administrator set it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Endpoint {
    pub name: String,
    pub url: String,
    pub secret: Secret,
    pub topics: Vec<Topic>,
}

/// 签名密钥: is shown nowhere.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(Vec<u8>);

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret")
    }
}

/// The rows it is made of, and the messages.
pub fn projections(endpoints: &[Endpoint]) -> Vec<Box<dyn Projection>> {
    vec![
        Box::new(message::Messages::new(endpoints)),
        Box::new(watch::Watches),
    ]
}
