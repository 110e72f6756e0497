//! 工作站: a desk's folder that has read the whole year over the real door of the center.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::Path;
use std::sync::Arc;

use anyhow::{Context as _, Result, anyhow, bail};
use center_server::{Clock, Config, Server};
use chrono::{DateTime, Utc};
use desk::DeskHost;
use desk::sync::Https;
use desk_store::NoKeyring;
use domain::ActorId;
use serde_json::{Value, json};
use tokio::runtime::Runtime;

/// 开机口令 of the desk.
pub const PASSPHRASE: &str = "演示年-仅供本机体验使用";
/// Who sits at it: a supervisor, who sees the boards and the cases.
pub const PERSON: &str = "1007";
/// What the person signs in with.
pub const PASSWORD: &str = "演示年-渠江水长流-2025";
const FIRST: &str = "Mendian-8273-Qiao";

/// The day on which the year ends, at the center and at the desk.
struct StandingClock(DateTime<Utc>);

impl Clock for StandingClock {
    fn now(&self) -> DateTime<Utc> {
        self.0
    }
}

impl desk::Clock for StandingClock {
    fn now(&self) -> DateTime<Utc> {
        self.0
    }
}

/// Makes the folder; answers how many entries the desk has read.
///
/// # Errors
/// A fault of either side, or a step that the desk refuses.
pub fn fill_desk(mut config: Config, folder: &Path, at: DateTime<Utc>) -> Result<u64> {
    let anywhere = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
    (config.web.address, config.desks.address) = (anywhere, anywhere);
    let runtime = Runtime::new()?;
    let server = runtime.block_on(Server::start(config, Arc::new(StandingClock(at))))?;
    let read = join(&runtime, &server, folder, at);
    runtime.block_on(server.stop())?;
    read
}

fn join(runtime: &Runtime, server: &Server, folder: &Path, at: DateTime<Utc>) -> Result<u64> {
    let office = &server.office;
    let (code, _good_until) = runtime.block_on(office.allow_enrolment())?;
    let person = ActorId(PERSON.to_owned());
    runtime.block_on(office.reset_password(&person, FIRST.to_owned()))?;
    let clock = Arc::new(StandingClock(at));
    let host = DeskHost::start_in(folder, clock, Arc::new(NoKeyring), Arc::new(Https));
    let set_up = json!({
        "passphrase": PASSPHRASE, "operator_name": "何伟", "operator_number": PERSON,
        "with_samples": false,
    });
    call(&host, "set_up", set_up)?;
    let address = server.desks_address.to_string();
    call(
        &host,
        "enrol",
        json!({ "address": address, "code": code.to_string() }),
    )?;
    until(&host, "app_state", |state| state["phase"] == "signed_out")?;
    call(
        &host,
        "sign_in",
        json!({ "number": PERSON, "password": FIRST }),
    )?;
    until(&host, "app_state", |state| state["phase"] == "password_due")?;
    call(
        &host,
        "change_password",
        json!({ "old": FIRST, "new": PASSWORD }),
    )?;
    until(&host, "app_state", |state| state["phase"] == "ready")?;
    let head = *office.head().borrow();
    let state = until(&host, "sync_state", |state| {
        state["feed_seq"].as_u64().is_some_and(|seq| seq >= head)
    })?;
    let seq = state.get("feed_seq").and_then(Value::as_u64);
    seq.context("A number")
}

fn call(host: &DeskHost, name: &str, request: Value) -> Result<Value> {
    let reply = host.call(name, request);
    let reply = reply.map_err(|error| anyhow!("{name}: {}", error.message))?;
    Ok(reply.value)
}

/// Waits for what the desk tells of itself, never for a time.
fn until(host: &DeskHost, name: &str, holds: impl Fn(&Value) -> bool) -> Result<Value> {
    let mut changes = host.changes();
    loop {
        let state = call(host, name, Value::Null)?;
        if holds(&state) {
            return Ok(state);
        }
        for (field, said) in [
            ("attempt", "attempt_message"),
            ("enrolment", "enrolment_message"),
        ] {
            if state.get(field).is_some_and(|it| it == "failed") {
                bail!("{name}: {:?}", state.get(said));
            }
        }
        // Whoever lags has missed changes, and looks again.
        if let Err(tokio::sync::broadcast::error::RecvError::Closed) = changes.blocking_recv() {
            bail!("The desk is closed");
        }
    }
}
