//! 登录: in, out, a new password, and who is in.

use domain::{ActorId, Role};
use serde::{Deserialize, Serialize};
use ts_rs::TS;
use wire::{ChangePassword, SignIn, SignInRefusal};
use wording::text;

use super::doorway::{Doorway, PEOPLE, page_token};
use super::error::CallError;
use crate::account::{Session, SessionToken, TriedAt};

/// How far somebody has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub(super) enum PortalPhase {
    SignedOut,
    /// The first password is to be changed before anything else.
    MustChange,
    SignedIn,
}

/// Who is in.
#[derive(Debug, Clone, Serialize, TS)]
pub(super) struct WhoAmI {
    pub(super) phase: PortalPhase,
    /// 工号.
    pub(super) number: String,
    pub(super) name: String,
    pub(super) unit_name: String,
    /// 承办联络员: does what is done for the unit.
    pub(super) is_liaison: bool,
    /// 单位审核人: signs it.
    pub(super) is_reviewer: bool,
    /// Sent with every call from now on.
    pub(super) token: String,
    pub(super) now: i64,
}

#[derive(Debug, Clone, Deserialize, TS)]
pub(super) struct SignInForm {
    pub(super) person: String,
    pub(super) password: String,
}

#[derive(Debug, Clone, Deserialize, TS)]
pub(super) struct NewPassword {
    pub(super) old: String,
    pub(super) new: String,
}

/// 我是谁.
pub(super) async fn who_am_i(doorway: &Doorway, (): ()) -> Result<WhoAmI, CallError> {
    Ok(match (&doorway.session, &doorway.token) {
        (Some(session), Some(token)) => who(doorway, session, token),
        _ => nobody(doorway),
    })
}

/// 登录.
pub(super) async fn sign_in(doorway: &Doorway, form: SignInForm) -> Result<WhoAmI, CallError> {
    let who = SignIn {
        person: form.person.trim().to_owned(),
        password: form.password,
    };
    let signed_in = doorway
        .office
        .sign_in(who, doorway.address, TriedAt::Portal)
        .await?;
    let signed_in = signed_in.map_err(|refusal| not_let_in(&refusal))?;
    let actor = signed_in.actor;
    if !actor.holds_any(PEOPLE) || actor.unit.is_none() {
        return Err(CallError::invalid(
            "这里供承办单位联络员和单位审核人使用，您的账号没有承办单位的岗位。",
        ));
    }
    begin(doorway, &actor.id).await
}

/// 改密: whatever sessions there were end, and this page goes on with a new one.
pub(super) async fn change_password(
    doorway: &Doorway,
    form: NewPassword,
) -> Result<WhoAmI, CallError> {
    let session = doorway.session.as_ref().filter(|_| doorway.is_its_page);
    let person = session.ok_or(CallError::SignedOut)?.actor.id.clone();
    let change = ChangePassword {
        person: person.0.clone(),
        old: form.old,
        new: form.new,
    };
    let changed = doorway
        .office
        .change_password(change, doorway.address, TriedAt::Portal)
        .await?;
    changed.map_err(|refusal| not_let_in(&refusal))?;
    begin(doorway, &person).await
}

/// 退出.
pub(super) async fn sign_out(doorway: &Doorway, (): ()) -> Result<WhoAmI, CallError> {
    if let Some(token) = doorway.token.as_ref().filter(|_| doorway.is_its_page) {
        doorway.office.end_session(token).await?;
    }
    doorway.give(None);
    Ok(nobody(doorway))
}

/// A new token at each sign-in: one that somebody knew before is good for nothing, and the session that this
/// browser had ends.
async fn begin(doorway: &Doorway, person: &ActorId) -> Result<WhoAmI, CallError> {
    if let Some(former) = &doorway.token {
        doorway.office.end_session(former).await?;
    }
    let token = doorway.office.begin_session(person).await?;
    let session = doorway.office.session(&token).await?;
    let session = session.ok_or(CallError::SignedOut)?;
    doorway.give(Some(&token));
    Ok(who(doorway, &session, &token))
}

fn who(doorway: &Doorway, session: &Session, token: &SessionToken) -> WhoAmI {
    let actor = &session.actor;
    let references = doorway.office.references();
    let unit = actor.unit.as_ref().map(|id| {
        let unit = references.units().get(id);
        unit.map_or_else(|| id.0.clone(), |unit| unit.name.clone())
    });
    WhoAmI {
        phase: if session.must_change {
            PortalPhase::MustChange
        } else {
            PortalPhase::SignedIn
        },
        number: actor.id.0.clone(),
        name: actor.name.clone(),
        unit_name: unit.unwrap_or_default(),
        is_liaison: actor.roles.contains(&Role::Liaison),
        is_reviewer: actor.roles.contains(&Role::UnitReviewer),
        token: page_token(token),
        now: doorway.office.clock.now().timestamp_millis(),
    }
}

fn nobody(doorway: &Doorway) -> WhoAmI {
    WhoAmI {
        phase: PortalPhase::SignedOut,
        number: String::new(),
        name: String::new(),
        unit_name: String::new(),
        is_liaison: false,
        is_reviewer: false,
        token: String::new(),
        now: doorway.office.clock.now().timestamp_millis(),
    }
}

fn not_let_in(refusal: &SignInRefusal) -> CallError {
    CallError::invalid(text::sign_in_refusal(refusal))
}
