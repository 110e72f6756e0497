//! 登录 and 改密.

use std::net::IpAddr;
use std::sync::PoisonError;

use anyhow::{Context as _, Result, bail};
use center::{RecordChange, Records, Written};
use chrono::{DateTime, TimeDelta, Utc};
use domain::{Actor, ActorId};
use serde::{Deserialize, Serialize};
use wire::limit::ID_MAX_CHARS;
use wire::{ChangePassword, PasswordChanged, SignIn, SignInRefusal, SignedIn};
use zeroize::Zeroizing;

use super::attempt::{self, Attempts, TriedAt};
use super::password::{self, PASSWORD_MAX_CHARS, Verifier};
use crate::office::Office;
use crate::writer::NotWritten;

const KIND: &str = "account";
/// How long a desk may let the person in without the center.
pub const OFFLINE_HOURS: i64 = 72;
/// How long a password that an administrator gave is good for the first sign-in.
pub const FIRST_PASSWORD_DAYS: i64 = 14;
/// How often a row is read again that somebody else has changed meanwhile.
const CONFLICTS_MAX: usize = 8;

/// What proves that somebody is a person of the staff table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Account {
    verifier: Verifier,
    #[serde(with = "chrono::serde::ts_milliseconds")]
    changed_at: DateTime<Utc>,
    pub(super) must_change: bool,
    /// Sessions that began before have ended.
    #[serde(with = "chrono::serde::ts_milliseconds")]
    pub(super) sessions_from: DateTime<Utc>,
}

impl Account {
    pub(super) fn read(
        records: &(impl Records + ?Sized),
        person: &ActorId,
    ) -> Result<Option<Self>> {
        if !is_key(&person.0) {
            return Ok(None);
        }
        let body = records.get(KIND, &person.0)?;
        let account = body.map(|body| serde_json::from_str(&body)).transpose();
        account.context("Reading an account")
    }

    fn has_expired(&self, now: DateTime<Utc>) -> bool {
        self.must_change && now > self.changed_at + TimeDelta::days(FIRST_PASSWORD_DAYS)
    }
}

impl Office {
    /// Lets somebody in, or says why not.
    pub async fn sign_in(
        &self,
        who: SignIn,
        from: IpAddr,
        tried_at: TriedAt,
    ) -> Result<Result<SignedIn, SignInRefusal>> {
        let person = ActorId(who.person);
        let password = Zeroizing::new(who.password);
        let account = match self.proven(&person, &password, from, tried_at).await? {
            Ok(account) => account,
            Err(refusal) => return Ok(Err(refusal)),
        };
        let Some(actor) = self.employed(&person) else {
            return Ok(Err(SignInRefusal::Disabled));
        };
        if account.verifier.is_outdated() {
            let verifier = self.verifier(password).await?;
            self.put_account(
                &person,
                &Account {
                    verifier,
                    ..account.clone()
                },
            )
            .await?;
        }
        let signed_in_at = self.clock.now();
        tracing::info!(person = person.0, "Signed in");
        Ok(Ok(SignedIn {
            actor,
            signed_in_at,
            offline_until: signed_in_at + TimeDelta::hours(OFFLINE_HOURS),
            must_change: account.must_change,
        }))
    }

    /// Takes a new password from whoever knows the old one. All sessions of the person end.
    pub async fn change_password(
        &self,
        change: ChangePassword,
        from: IpAddr,
        tried_at: TriedAt,
    ) -> Result<Result<PasswordChanged, SignInRefusal>> {
        let person = ActorId(change.person);
        let (old, new) = (Zeroizing::new(change.old), Zeroizing::new(change.new));
        if let Err(refusal) = self.proven(&person, &old, from, tried_at).await? {
            return Ok(Err(refusal));
        }
        let Some(actor) = self.employed(&person) else {
            return Ok(Err(SignInRefusal::Disabled));
        };
        if old == new {
            return Ok(Err(SignInRefusal::Unchanged));
        }
        if let Err(refusal) = password::check(&new, &[&person.0, &actor.name]) {
            return Ok(Err(refusal));
        }
        let must_change = false;
        let changed_at = self.set_verifier(&person, new, must_change).await?;
        tracing::info!(person = person.0, "Changed the password");
        Ok(Ok(PasswordChanged { changed_at }))
    }

    /// Gives a person a password that has to be changed at the first sign-in: a new person, or one
    /// that has forgotten it. Ends the person's sessions, and the waiting after wrong tries.
    pub async fn reset_password(&self, person: &ActorId, password: String) -> Result<()> {
        if !is_key(&person.0) {
            bail!("Not a number that a person can have: {:?}", person.0);
        }
        let must_change = true;
        self.set_verifier(person, Zeroizing::new(password), must_change)
            .await?;
        let forgiven = [TriedAt::Desk, TriedAt::Portal].map(|tried_at| {
            RecordChange::remove(attempt::KIND, attempt::key_of(&person.0, true, tried_at))
        });
        let _done = self.write(forgiven.into()).await?;
        Ok(())
    }

    /// Gives a person a password to keep: for samples, which everybody knows.
    pub(crate) async fn give_password(&self, person: &ActorId, password: String) -> Result<()> {
        let must_change = false;
        self.set_verifier(person, Zeroizing::new(password), must_change)
            .await?;
        Ok(())
    }

    /// Whether the person has a password at all.
    pub async fn has_account(&self, person: &ActorId) -> Result<bool> {
        let person = person.clone();
        let read = self
            .readers
            .read(move |it| Account::read(&*it.records, &person));
        Ok(read.await?.is_some())
    }

    /// The account, for whoever knows its password.
    async fn proven(
        &self,
        person: &ActorId,
        password: &Zeroizing<String>,
        from: IpAddr,
        tried_at: TriedAt,
    ) -> Result<Result<Account, SignInRefusal>> {
        let now = self.clock.now();
        if let Err(until) = self.count_try(from, now) {
            return Ok(Err(SignInRefusal::LockedUntil { until }));
        }
        let account = match self.counted(person, now, tried_at).await? {
            Ok(account) => account,
            Err(until) => return Ok(Err(SignInRefusal::LockedUntil { until })),
        };
        let (verifier, is_known) = match &account {
            Some(account) => (account.verifier.clone(), true),
            None => (Verifier::of_nobody(), false),
        };
        let is_right = self.fits(verifier, password.clone()).await?;
        match account {
            Some(account) if is_right => {
                self.forgive_try(from);
                let key = attempt::key_of(&person.0, is_known, tried_at);
                let forgiven = RecordChange::remove(attempt::KIND, key);
                let _done = self.write(vec![forgiven]).await?;
                Ok(if account.has_expired(now) {
                    Err(SignInRefusal::Expired)
                } else {
                    Ok(account)
                })
            }
            Some(_) | None => {
                tracing::info!("A wrong password");
                Ok(Err(SignInRefusal::Wrong))
            }
        }
    }

    /// Counts a try before it is looked at. The account, if there is one, or until when nobody looks.
    async fn counted(
        &self,
        person: &ActorId,
        now: DateTime<Utc>,
        tried_at: TriedAt,
    ) -> Result<Result<Option<Account>, DateTime<Utc>>> {
        for _ in 0..CONFLICTS_MAX {
            let whose = person.clone();
            let read = self.readers.read(move |it| {
                let account = Account::read(&*it.records, &whose)?;
                let key = attempt::key_of(&whose.0, account.is_some(), tried_at);
                let body = it.records.get(attempt::KIND, &key)?;
                Ok((account, key, body))
            });
            let (account, key, body) = read.await?;
            let tries: Attempts = match &body {
                Some(body) => serde_json::from_str(body).context("Reading tries")?,
                None => Attempts::default(),
            };
            if let Some(until) = tries.locked_until().filter(|until| *until > now) {
                return Ok(Err(until));
            }
            let counted = serde_json::to_string(&tries.one_more(now))?;
            let put = RecordChange::put(attempt::KIND, key, counted);
            let put = match body {
                Some(body) => put.if_still(body),
                None => put.if_new(),
            };
            match self.write(vec![put]).await? {
                Written::Done => return Ok(Ok(account)),
                Written::Conflict => {}
            }
        }
        // So many at once for one person are none of a person.
        Err(NotWritten::Busy.into())
    }

    /// The person with the roles held now, unless there is none or it is disabled.
    fn employed(&self, person: &ActorId) -> Option<Actor> {
        let references = self.references();
        let member = references.staff().iter().find(|it| it.actor.id == *person);
        member
            .filter(|member| !member.is_disabled)
            .map(|member| member.actor.clone())
    }

    async fn set_verifier(
        &self,
        person: &ActorId,
        password: Zeroizing<String>,
        must_change: bool,
    ) -> Result<DateTime<Utc>> {
        let verifier = self.verifier(password).await?;
        let changed_at = self.clock.now();
        let account = Account {
            verifier,
            changed_at,
            must_change,
            sessions_from: changed_at,
        };
        self.put_account(person, &account).await?;
        Ok(changed_at)
    }

    async fn put_account(&self, person: &ActorId, account: &Account) -> Result<()> {
        let body = serde_json::to_string(account)?;
        let put = RecordChange::put(KIND, person.0.clone(), body);
        let _done = self.write(vec![put]).await?;
        Ok(())
    }

    async fn fits(&self, verifier: Verifier, password: Zeroizing<String>) -> Result<bool> {
        self.hashing(move || {
            // Nobody can have one that is longer; it must not cost more either.
            let n_chars = password.chars().count();
            Ok(verifier.fits(&password)? && n_chars <= PASSWORD_MAX_CHARS)
        })
        .await
    }

    async fn verifier(&self, password: Zeroizing<String>) -> Result<Verifier> {
        self.hashing(move || Verifier::new(&password)).await
    }

    /// Off the runtime, few at a time.
    async fn hashing<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let Ok(_place) = self.accounts.waiting.try_acquire() else {
            return Err(NotWritten::Busy.into());
        };
        let _turn = self.accounts.hashing.acquire().await?;
        let done = tokio::task::spawn_blocking(work).await;
        done.context("Looking at a password")?
    }

    /// Counts a try to get in from an address; `Err` says until when none is taken from there.
    pub(crate) fn count_try(&self, from: IpAddr, now: DateTime<Utc>) -> Result<(), DateTime<Utc>> {
        self.addresses().count(from, now)
    }

    /// The try was right.
    pub(crate) fn forgive_try(&self, from: IpAddr) {
        self.addresses().forgive(from);
    }

    fn addresses(&self) -> std::sync::MutexGuard<'_, attempt::Addresses> {
        let addresses = self.accounts.addresses.lock();
        addresses.unwrap_or_else(PoisonError::into_inner)
    }
}

/// Whether somebody can have that number. The tries of strangers stand under another sign.
pub(crate) fn is_key(person: &str) -> bool {
    let n_chars = person.chars().count();
    let is_plain = |it: char| it.is_alphanumeric() || matches!(it, '-' | '_' | '.');
    n_chars > 0 && n_chars <= ID_MAX_CHARS && person.chars().all(is_plain)
}
