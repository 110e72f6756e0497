//! For tests: a desk in a folder of its own, without a host around it, so that one person after the other
//! may sit down at it.

use std::sync::{Arc, Mutex};

use chrono::{DateTime, NaiveDateTime, Utc};
use desk_store::{DatabaseKey, MetaKey, Store, StoreFault};
use domain::{Actor, ActorId, HandlingUnitId, Role, clock_face};
use tempfile::TempDir;

use crate::Clock;
use crate::app::KeySource;
use crate::desk::Desk;
use crate::office::Office;
use crate::sync::{Https, Network};

pub(crate) struct StandingClock(pub(crate) Mutex<DateTime<Utc>>);

impl Clock for StandingClock {
    fn now(&self) -> DateTime<Utc> {
        *self.0.lock().unwrap()
    }
}

pub(crate) fn instant(text: &str) -> DateTime<Utc> {
    let civil = NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M").unwrap();
    clock_face::at(civil.date(), civil.time())
}

pub(crate) fn person(id: &str, roles: &[Role], unit: Option<&str>) -> Actor {
    Actor {
        id: ActorId(id.to_owned()),
        name: id.to_owned(),
        roles: roles.to_vec(),
        unit: unit.map(|unit| HandlingUnitId(unit.to_owned())),
    }
}

/// Opened on Monday 2026-11-23 at 09:15.
pub(crate) fn open(operator: &Actor) -> (Desk, Arc<StandingClock>, TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path(), &DatabaseKey::random().unwrap()).unwrap();
    let person = serde_json::to_string(operator).unwrap();
    store
        .commit(|writer| -> Result<(), StoreFault> {
            writer.set_meta(MetaKey::DeskCode, "W01")?;
            writer.set_meta(MetaKey::Operator, &person)
        })
        .unwrap();
    let clock = Arc::new(StandingClock(Mutex::new(instant("2026-11-23 09:15"))));
    let office = Office::new(Arc::clone(&clock) as Arc<dyn Clock>);
    let network: Arc<dyn Network> = Arc::new(Https);
    let desk = Desk::open(
        folder.path(),
        store,
        KeySource::Passphrase,
        &office,
        &network,
    );
    let (desk, _never_begun) = desk.unwrap();
    (desk, clock, folder)
}
