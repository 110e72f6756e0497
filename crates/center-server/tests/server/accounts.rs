//! Who is let in, who has to wait, and what ends a session.

use std::net::IpAddr;

use center_server::Clock as _;
use center_server::account::{
    ADDRESS_TRIES, FIRST_PASSWORD_DAYS, LOCK_FIRST_SECONDS, OFFLINE_HOURS, SESSION_HOURS,
    SESSION_IDLE_MINUTES, SessionToken, TRIES_FREE, TriedAt,
};
use chrono::TimeDelta;
use domain::{ActorId, Role};
use wire::{ChangePassword, Reference, SignIn, SignInRefusal, SignedIn};

use crate::house::{HERE, House, member, staff};

const FIRST: &str = "mopq-93kt-Lz7w-8ccd";
const LATER: &str = "渠江边的老码头很热闹早上六点";

impl House {
    async fn let_in(&self, person: &str, password: &str) -> Result<SignedIn, SignInRefusal> {
        self.let_in_from(HERE, person, password).await
    }

    async fn let_in_from(
        &self,
        from: IpAddr,
        person: &str,
        password: &str,
    ) -> Result<SignedIn, SignInRefusal> {
        let who = SignIn {
            person: person.to_owned(),
            password: password.to_owned(),
        };
        self.office()
            .sign_in(who, from, TriedAt::Desk)
            .await
            .unwrap()
    }

    async fn new_password(&self, old: &str, new: &str) -> Result<(), SignInRefusal> {
        let change = ChangePassword {
            person: "2001".to_owned(),
            old: old.to_owned(),
            new: new.to_owned(),
        };
        let changed = self
            .office()
            .change_password(change, HERE, TriedAt::Desk)
            .await
            .unwrap();
        changed.map(drop)
    }

    async fn is_in(&self, token: &SessionToken) -> bool {
        self.office().session(token).await.unwrap().is_some()
    }

    async fn begin(&self) -> SessionToken {
        let person = ActorId("2001".to_owned());
        self.office().begin_session(&person).await.unwrap()
    }

    async fn reset(&self, password: &str) {
        let person = ActorId("2001".to_owned());
        let reset = self.office().reset_password(&person, password.to_owned());
        reset.await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_signs_in_and_changes_the_first_password() {
    let house = House::open().await;
    house.reset(FIRST).await;

    let signed_in = house.let_in("2001", FIRST).await.unwrap();
    assert!(signed_in.must_change);
    assert_eq!(signed_in.actor.roles, [Role::Liaison]);
    let offline = TimeDelta::hours(OFFLINE_HOURS);
    assert_eq!(signed_in.offline_until, house.clock.now() + offline);

    for (new, refusal) in [
        (FIRST, SignInRefusal::Unchanged),
        ("Quxian12345!", SignInRefusal::TooCommon),
        (
            "短",
            SignInRefusal::TooSimple {
                min_chars: 10,
                plain_min_chars: 14,
            },
        ),
    ] {
        assert_eq!(house.new_password(FIRST, new).await, Err(refusal), "{new}");
    }
    assert_eq!(house.new_password(FIRST, LATER).await, Ok(()));
    assert_eq!(house.let_in("2001", FIRST).await, Err(SignInRefusal::Wrong));

    let house = house.again().await;
    assert!(!house.let_in("2001", LATER).await.unwrap().must_change);
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_guesses_waits_known_here_or_not_also_after_a_restart() {
    let house = House::open().await;
    house.reset(FIRST).await;
    for person in ["2001", "nobody", "?7", ""] {
        for _ in 0..TRIES_FREE {
            let wrong = house.let_in(person, "wrong").await;
            assert_eq!(wrong, Err(SignInRefusal::Wrong), "{person}");
        }
        let until = house.clock.now() + TimeDelta::seconds(LOCK_FIRST_SECONDS);
        let locked = house.let_in(person, FIRST).await;
        assert_eq!(
            locked,
            Err(SignInRefusal::LockedUntil { until }),
            "{person}"
        );
    }

    let house = house.again().await;
    house.clock.seconds_later(LOCK_FIRST_SECONDS - 1);
    let locked = house.let_in("2001", FIRST).await;
    assert!(matches!(locked, Err(SignInRefusal::LockedUntil { .. })));
    house.clock.seconds_later(1);
    assert!(house.let_in("2001", FIRST).await.is_ok());

    // Whoever guesses at the portal keeps nobody from a desk.
    let guess = || SignIn {
        person: "2001".to_owned(),
        password: "wrong".to_owned(),
    };
    for _ in 0..=TRIES_FREE {
        let office = house.office();
        let told = office.sign_in(guess(), HERE, TriedAt::Portal).await;
        assert!(told.unwrap().is_err());
    }
    assert!(house.let_in("2001", FIRST).await.is_ok());

    // A right one forgives the wrong ones before it.
    assert_eq!(
        house.let_in("2001", "wrong").await,
        Err(SignInRefusal::Wrong)
    );
    assert!(house.let_in("2001", FIRST).await.is_ok());
}

#[tokio::test(flavor = "multi_thread")]
async fn tries_at_once_are_not_tries_for_nothing() {
    let house = House::open().await;
    house.reset(FIRST).await;
    let tries = (0..12).map(|_| house.let_in("2001", "wrong"));
    let told = futures_util::future::join_all(tries).await;
    let n_looked_at = told
        .iter()
        .filter(|it| **it == Err(SignInRefusal::Wrong))
        .count();
    assert!(n_looked_at <= TRIES_FREE as usize, "{told:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn one_address_cannot_try_everybody() {
    let house = House::open().await;
    let bad: IpAddr = "203.0.113.9".parse().unwrap();
    let mut n_looked_at = 0;
    for _ in 0..ADDRESS_TRIES {
        let wrong = house.let_in_from(bad, "2001", "wrong").await;
        n_looked_at += u32::from(wrong == Err(SignInRefusal::Wrong));
    }
    assert_eq!(n_looked_at, TRIES_FREE);
    let locked = house.let_in_from(bad, "another", "wrong").await;
    assert!(matches!(locked, Err(SignInRefusal::LockedUntil { .. })));
    let elsewhere = house.let_in("another", "wrong").await;
    assert_eq!(elsewhere, Err(SignInRefusal::Wrong));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_ends_when_it_should() {
    let house = House::open().await;
    house.reset(FIRST).await;

    // Used, it goes on; but not for ever.
    let token = house.begin().await;
    let mut minutes = 0;
    while minutes + 20 < SESSION_HOURS * 60 {
        house.clock.seconds_later(20 * 60);
        minutes += 20;
        assert!(house.is_in(&token).await, "{minutes} min");
    }
    house.clock.seconds_later(20 * 60);
    assert!(!house.is_in(&token).await);

    // Unused, it does not.
    let token = house.begin().await;
    house.clock.seconds_later(SESSION_IDLE_MINUTES * 60);
    assert!(!house.is_in(&token).await);

    // A new password ends those from before.
    let token = house.begin().await;
    house.clock.seconds_later(1);
    assert_eq!(house.new_password(FIRST, LATER).await, Ok(()));
    assert!(!house.is_in(&token).await);

    let token = house.begin().await;
    house.office().end_session(&token).await.unwrap();
    assert!(!house.is_in(&token).await);
    assert!(!house.is_in(&SessionToken::shown("")).await);
    assert!(!house.is_in(&SessionToken::shown(&"水".repeat(9_999))).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn rights_are_those_of_this_moment_and_a_disabled_person_is_out() {
    let house = House::open().await;
    house.reset(FIRST).await;
    let token = house.begin().await;

    let mut changed = staff();
    changed.retain(|it| it.actor.id.0 != "2001");
    changed.push(member("2001", "张强", &[Role::UnitReviewer], "水务"));
    house.change(Reference::Staff(changed.clone())).await;
    let session = house.office().session(&token).await.unwrap().unwrap();
    assert_eq!(session.actor.roles, [Role::UnitReviewer]);

    changed.last_mut().unwrap().is_disabled = true;
    house.change(Reference::Staff(changed)).await;
    assert!(!house.is_in(&token).await);
    // Told only to who knows the password.
    assert_eq!(
        house.let_in("2001", "wrong").await,
        Err(SignInRefusal::Wrong)
    );
    assert_eq!(
        house.let_in("2001", FIRST).await,
        Err(SignInRefusal::Disabled)
    );
}

/// ASVS V6.4.1: what an administrator gave and nobody used is good for nothing after a while.
#[tokio::test(flavor = "multi_thread")]
async fn a_first_password_expires_and_one_of_ones_own_does_not() {
    const DAY: i64 = 24 * 3600;
    let house = House::open().await;
    house.reset(FIRST).await;
    house.clock.seconds_later(FIRST_PASSWORD_DAYS * DAY);
    assert!(house.let_in("2001", FIRST).await.unwrap().must_change);
    house.clock.seconds_later(1);
    let expired = Err(SignInRefusal::Expired);
    assert_eq!(house.let_in("2001", FIRST).await, expired);
    assert_eq!(
        house.new_password(FIRST, LATER).await,
        Err(SignInRefusal::Expired)
    );
    // Told only to who knows it.
    let wrong = house.let_in("2001", "wrong").await;
    assert_eq!(wrong, Err(SignInRefusal::Wrong));

    house.reset(FIRST).await;
    assert_eq!(house.new_password(FIRST, LATER).await, Ok(()));
    house.clock.seconds_later(10 * FIRST_PASSWORD_DAYS * DAY);
    assert!(!house.let_in("2001", LATER).await.unwrap().must_change);
}
