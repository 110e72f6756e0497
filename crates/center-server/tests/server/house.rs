//! A small county: its people and units, a center that runs, and a clock that tests move.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use center::Database;
use center_server::account::TriedAt;
use center_server::authority::Authority;
use center_server::{Clock, Config, Office, Server};
use chrono::{DateTime, Utc};
use domain::{Actor, ActorId, HandlingUnit, HandlingUnitId, Role};
use wire::{ChangePassword, Reference, StaffMember};

pub(crate) const HERE: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);

/// 2026-11-23 09:00 in Beijing, a Monday, and how far the test has gone since.
#[derive(Debug, Default)]
pub(crate) struct TestClock {
    later_ms: AtomicI64,
}

impl TestClock {
    pub(crate) fn seconds_later(&self, seconds: i64) {
        self.later_ms.fetch_add(seconds * 1_000, Ordering::SeqCst);
    }
}

impl Clock for TestClock {
    fn now(&self) -> DateTime<Utc> {
        let later_ms = self.later_ms.load(Ordering::SeqCst);
        DateTime::from_timestamp_millis(1_795_395_600_000 + later_ms).unwrap()
    }
}

pub(crate) struct House {
    pub(crate) folder: tempfile::TempDir,
    pub(crate) clock: Arc<TestClock>,
    pub(crate) server: Server,
    /// Where it is not the file that is there by itself.
    database: Option<Database>,
}

impl House {
    pub(crate) async fn open() -> Self {
        Self::open_on(None).await
    }

    pub(crate) async fn open_on(database: Option<Database>) -> Self {
        let folder = tempfile::tempdir().unwrap();
        Authority::create(folder.path()).unwrap();
        let clock = Arc::new(TestClock::default());
        let server = start(folder.path(), database.clone(), &clock).await;
        let house = Self {
            folder,
            clock,
            server,
            database,
        };
        house.change(Reference::Staff(staff())).await;
        house.change(Reference::Units(units())).await;
        house
    }

    pub(crate) fn office(&self) -> &Arc<Office> {
        &self.server.office
    }

    pub(crate) async fn change(&self, reference: Reference) {
        let clock: Arc<dyn Clock> = Arc::clone(&self.clock) as Arc<dyn Clock>;
        let office = self.office();
        let changing = office.writer.change_reference(reference, clock).unwrap();
        changing.done().await.unwrap();
    }

    /// A first password, and one of the person's own in its place.
    pub(crate) async fn give_password(&self, person: &str, password: &str) {
        let office = self.office();
        let first = "mopq-93kt-Lz7w-8ccd".to_owned();
        let id = ActorId(person.to_owned());
        office.reset_password(&id, first.clone()).await.unwrap();
        let change = ChangePassword {
            person: id.0,
            old: first,
            new: password.to_owned(),
        };
        let changed = office.change_password(change, HERE, TriedAt::Portal).await;
        changed.unwrap().unwrap();
    }

    pub(crate) async fn stop(self) {
        self.server.stop().await.unwrap();
    }

    /// Stops the center and starts it again on the same folder.
    pub(crate) async fn again(self) -> Self {
        self.again_after(|_| ()).await
    }

    /// The same, with something done to the folder meanwhile.
    pub(crate) async fn again_after(self, meanwhile: impl FnOnce(&Path)) -> Self {
        let Self {
            folder,
            clock,
            server,
            database,
        } = self;
        server.stop().await.unwrap();
        meanwhile(folder.path());
        let server = start(folder.path(), database.clone(), &clock).await;
        Self {
            folder,
            clock,
            server,
            database,
        }
    }
}

async fn start(folder: &Path, database: Option<Database>, clock: &Arc<TestClock>) -> Server {
    let mut config = Config::of(folder.to_owned());
    // Whoever asks with its headers is one.
    config.web.is_behind_proxy = true;
    config.database = database.unwrap_or(config.database);
    let anywhere = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
    (config.web.address, config.desks.address) = (anywhere, anywhere);
    let clock: Arc<dyn Clock> = Arc::clone(clock) as Arc<dyn Clock>;
    Server::start(config, clock).await.unwrap()
}

pub(crate) fn member(id: &str, name: &str, roles: &[Role], unit: &str) -> StaffMember {
    StaffMember {
        actor: Actor {
            id: ActorId(id.to_owned()),
            name: name.to_owned(),
            roles: roles.to_vec(),
            unit: (!unit.is_empty()).then(|| HandlingUnitId(unit.to_owned())),
        },
        is_disabled: false,
        former_roles: Vec::new(),
    }
}

pub(crate) fn staff() -> Vec<StaffMember> {
    vec![
        member("1001", "李明", &[Role::Operator], ""),
        member("1002", "王芳", &[Role::ShiftLead], ""),
        member("2001", "张强", &[Role::Liaison], "水务"),
        member("center", "中心系统", &[Role::Center], ""),
    ]
}

fn units() -> Vec<HandlingUnit> {
    let units = ["水务", "教育"].map(|id| HandlingUnit {
        id: HandlingUnitId(id.to_owned()),
        name: id.to_owned(),
        aliases: Vec::new(),
        group: String::new(),
    });
    units.to_vec()
}
