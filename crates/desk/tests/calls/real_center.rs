//! A desk and the center's own server, over TLS on a loopback socket.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::Path;
use std::sync::Arc;

use center_server::authority::Authority;
use center_server::{Clock, Config, Server};
use chrono::{DateTime, Utc};
use desk::sync::Https;
use domain::{Actor, ActorId, Role};
use expect_test::expect;
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::runtime::Runtime;
use wire::{EnrolmentCode, Reference, StaffMember};
use wording::reference::ReferenceTables;

use crate::center::try_password;
use crate::form::{dispatch, draft_id, intake, register};
use crate::workstation::{Workstation, beijing, wait_until};

const FIRST: &str = "mopq-93kt-Lz7w-8ccd";
const LATER: &str = "渠江边的老码头很热闹早上六点";

struct StandingClock;

impl Clock for StandingClock {
    fn now(&self) -> DateTime<Utc> {
        beijing("2026-11-23 09:15")
    }
}

/// The center's house: a folder, a runtime, and the server while it runs.
struct House {
    folder: TempDir,
    runtime: Runtime,
    server: Option<Server>,
    address: SocketAddr,
}

impl House {
    fn open() -> Self {
        let folder = tempfile::tempdir().unwrap();
        Authority::create(folder.path()).unwrap();
        let runtime = Runtime::new().unwrap();
        let anywhere = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
        let server = runtime.block_on(start(folder.path(), anywhere));
        let house = Self {
            address: server.desks_address,
            folder,
            runtime,
            server: Some(server),
        };
        let person = |number: &str, name: &str, roles: &[Role]| StaffMember {
            actor: Actor {
                id: ActorId(number.to_owned()),
                name: name.to_owned(),
                roles: roles.to_vec(),
                unit: None,
            },
            is_disabled: false,
            former_roles: Vec::new(),
        };
        house.change(Reference::Staff(vec![person(
            "1001",
            "陈晓梅",
            &[Role::Operator, Role::Dispatcher],
        )]));
        house.change(Reference::Units(ReferenceTables::built_in_units().unwrap()));
        house
    }

    fn server(&self) -> &Server {
        self.server.as_ref().unwrap()
    }

    fn change(&self, reference: Reference) {
        let changing = self
            .server()
            .office
            .writer
            .change_reference(reference, Arc::new(StandingClock))
            .unwrap();
        self.runtime.block_on(changing.done()).unwrap();
    }

    fn code(&self) -> EnrolmentCode {
        let allowed = self.server().office.allow_enrolment();
        self.runtime.block_on(allowed).unwrap().0
    }

    fn reset_password(&self, number: &str, password: &str) {
        let person = ActorId(number.to_owned());
        let office = &self.server().office;
        let reset = office.reset_password(&person, password.to_owned());
        self.runtime.block_on(reset).unwrap();
    }

    fn stop(&mut self) {
        let server = self.server.take().unwrap();
        self.runtime.block_on(server.stop()).unwrap();
    }

    /// On the same folder and at the same address.
    fn start_again(&mut self) {
        let start = start(self.folder.path(), self.address);
        self.server = Some(self.runtime.block_on(start));
    }

    fn address(&self) -> String {
        self.address.to_string()
    }
}

async fn start(folder: &Path, desks: SocketAddr) -> Server {
    let mut config = Config::of(folder.to_owned());
    config.web.address = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
    config.desks.address = desks;
    Server::start(config, Arc::new(StandingClock))
        .await
        .unwrap()
}

fn enrolment(workstation: &Workstation, address: &str, code: &str) -> Value {
    let request = json!({ "address": address, "code": code });
    workstation.call("enrol", request);
    let mut state = Value::Null;
    wait_until("the try has ended", || {
        let phase = workstation.call("app_state", Value::Null)["phase"].clone();
        if phase == "signed_out" {
            return true;
        }
        // It may be enrolled by now, and tells nobody who is not signed in.
        let Ok(told) = workstation.host().call("sync_state", Value::Null) else {
            return false;
        };
        state = told.value;
        state["enrolment"] == "failed"
    });
    state["enrolment_message"].clone()
}

/// Until nothing waits and the last word of the center is there; nobody presses 立即重试.
fn until_heard(workstation: &Workstation, what: &str, mut holds: impl FnMut(&Value) -> bool) {
    wait_until(what, || holds(&workstation.call("sync_state", Value::Null)));
}

#[test]
fn a_desk_enrols_signs_in_and_is_told_at_once() {
    let house = House::open();
    let workstation = Workstation::near(Arc::new(Https));
    workstation.submitted(1, &intake("小区停水"), &dispatch("unit-housing"));
    let stranger = EnrolmentCode::new([7; wire::SECRET_BYTES], b"another center");
    let told = enrolment(&workstation, &house.address(), &stranger.to_string());
    assert!(told.as_str().unwrap().contains("与登记码不符"), "{told}");
    enrolment(&workstation, &house.address(), &house.code().to_string());

    // What the desk did alone is answered while nobody is signed in.
    house.reset_password("1001", FIRST);
    assert_eq!(
        try_password(&workstation, "1001", "不对的密码"),
        "工号或密码不正确。"
    );
    assert_eq!(try_password(&workstation, "1001", FIRST), "");
    assert_eq!(
        workstation.call("app_state", Value::Null)["phase"],
        "password_due"
    );
    workstation.call("change_password", json!({ "old": FIRST, "new": LATER }));
    wait_until("the password is changed", || {
        workstation.call("app_state", Value::Null)["phase"] == "ready"
    });
    until_heard(&workstation, "all is answered", |state| {
        state["n_waiting"] == 0 && state["is_online"] == true
    });
    let order = workstation.call("work_order", json!({ "id": draft_id(1) }));
    assert_eq!(order["row"]["is_waiting"], false);

    // News comes by itself: a unit gets another name.
    let mut units = ReferenceTables::built_in_units().unwrap();
    let housing = units.iter_mut().find(|it| it.id.0 == "unit-housing");
    housing.unwrap().name = "县住建和城管局".to_owned();
    house.change(Reference::Units(units));
    wait_until("the new name is there", || {
        let order = workstation.call("work_order", json!({ "id": draft_id(1) }));
        order["row"]["unit"] == "县住建和城管局"
    });
}

#[test]
fn a_center_that_stops_and_comes_back_is_found_again() {
    let mut house = House::open();
    let mut workstation = Workstation::near(Arc::new(Https));
    enrolment(&workstation, &house.address(), &house.code().to_string());
    house.reset_password("1001", FIRST);
    try_password(&workstation, "1001", FIRST);
    workstation.call("change_password", json!({ "old": FIRST, "new": LATER }));
    wait_until("the password is changed", || {
        workstation.call("app_state", Value::Null)["phase"] == "ready"
    });
    until_heard(&workstation, "all is read", |state| {
        state["feed_seq"].as_u64() > Some(0)
    });
    house.stop();
    workstation.submitted(1, &intake("路灯坏了"), &register());
    until_heard(&workstation, "it is noticed", |state| {
        state["is_online"] == false && state["n_waiting"] == 1
    });
    // The desk is started anew meanwhile, and the person gets in without the center.
    workstation.restart();
    expect![[""]].assert_eq(&try_password(&workstation, "1001", LATER));
    house.start_again();
    until_heard(&workstation, "it is answered", |state| {
        state["n_waiting"] == 0 && state["is_online"] == true
    });
}
