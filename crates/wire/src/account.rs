//! 登录 at a desk: who somebody is, for as long as the desk may believe it without asking again.

use chrono::{DateTime, Utc};
use domain::Actor;
use serde::{Deserialize, Serialize};

/// `POST /v1/sign_in`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignIn {
    pub person: String,
    pub password: String,
}

/// 已登录.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignedIn {
    /// With the roles held now; a disabled person is never signed in.
    pub actor: Actor,
    #[serde(with = "chrono::serde::ts_milliseconds")]
    pub signed_in_at: DateTime<Utc>,
    /// Until then the desk may let the person in while the center cannot be reached.
    #[serde(with = "chrono::serde::ts_milliseconds")]
    pub offline_until: DateTime<Utc>,
    /// 首次登录须改密: nothing else may be done before.
    pub must_change: bool,
}

/// `POST /v1/change_password`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChangePassword {
    pub person: String,
    pub old: String,
    pub new: String,
}

/// 密码已修改.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct PasswordChanged {
    #[serde(with = "chrono::serde::ts_milliseconds")]
    pub changed_at: DateTime<Utc>,
}

/// Why somebody is not let in, or a new password is not taken.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "refusal", rename_all = "snake_case")]
pub enum SignInRefusal {
    /// 工号或密码不正确. One word for both: nobody learns who is known here.
    Wrong,
    /// 尝试过多: not before then, whatever is typed.
    LockedUntil {
        #[serde(with = "chrono::serde::ts_milliseconds")]
        until: DateTime<Utc>,
    },
    /// 已停用. Told only to who knows the password.
    Disabled,
    /// 初始密码已过期: it was given too long ago and never changed. Told only to who knows it.
    Expired,
    /// 密码过短: `min_chars` of three kinds, or `plain_min_chars` of any.
    TooSimple {
        min_chars: usize,
        plain_min_chars: usize,
    },
    /// 密码过长.
    TooLong { max_chars: usize },
    /// 常见密码, or one made of the person's own name or number.
    TooCommon,
    /// 与原密码相同.
    Unchanged,
}
