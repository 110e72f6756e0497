//! A whole workstation that begins: the program as people have it, with its encrypted store, its rows
//! and its index, from the enrolment to the last order in its lists.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Result, bail, ensure};
use desk::DeskHost;
use desk::sync::Https;
use desk_store::NoKeyring;
use serde_json::{Value, json};

/// Between two questions how far it is.
const LOOK_EVERY: Duration = Duration::from_millis(100);
/// Whatever is measured here, it does not take that long.
const PATIENCE: Duration = Duration::from_secs(3_600);
pub(crate) const PASSPHRASE: &str = "濛濛细雨，巴山夜里 2026";
pub(crate) const PASSWORD: &str = "渠江边的老码头很热闹早上六点";

/// What a workstation needs to begin.
pub(crate) struct Beginning {
    pub(crate) folder: PathBuf,
    pub(crate) center: SocketAddr,
    pub(crate) code: String,
    /// 工号 of who signs in.
    pub(crate) person: &'static str,
    /// To be changed at the first sign-in.
    pub(crate) first_password: String,
    /// Where the feed ends.
    pub(crate) seq: u64,
}

/// How long it took until all was read and drawn, and until all was in the database alone.
pub(crate) struct Begun {
    pub(crate) read: Duration,
    pub(crate) drawn: Duration,
    pub(crate) n_orders: u64,
}

/// Begins and waits until all is there; the workstation goes on.
pub(crate) fn begin(
    beginning: &Beginning,
    clock: Arc<dyn desk::Clock>,
) -> Result<(DeskHost, Begun)> {
    std::fs::create_dir_all(&beginning.folder)?;
    let network = Arc::new(Https);
    let host = DeskHost::start_in(&beginning.folder, clock, Arc::new(NoKeyring), network);
    call(
        &host,
        "set_up",
        json!({
            "passphrase": PASSPHRASE,
            "operator_name": "陈晓梅",
            "operator_number": beginning.person,
            "with_samples": false,
        }),
    )?;
    let address = beginning.center.to_string();
    let began = Instant::now();
    call(
        &host,
        "enrol",
        json!({ "address": address, "code": beginning.code }),
    )?;
    // People sign in meanwhile.
    until(&host, began, |state| text(state, "phase") == "signed_out")?;
    let first = &beginning.first_password;
    call(
        &host,
        "sign_in",
        json!({ "number": beginning.person, "password": first }),
    )?;
    until(&host, began, |state| text(state, "phase") == "password_due")?;
    let passwords = json!({ "old": first, "new": PASSWORD });
    call(&host, "change_password", passwords)?;
    until(&host, began, |state| text(state, "phase") == "ready")?;
    let mut read = None;
    loop {
        // A desk that nobody touches for five minutes locks itself.
        call(&host, "still_here", Value::Null)?;
        let state = call(&host, "sync_state", Value::Null)?;
        if number(&state, "feed_seq") >= beginning.seq {
            read.get_or_insert_with(|| began.elapsed());
            if text(&state, "catching_up_text").is_empty() {
                break;
            }
        }
        rest(began)?;
    }
    let drawn = began.elapsed();
    let list = json!({ "queue": "all", "search": "", "after": null, "limit": 1 });
    let orders = call(&host, "work_orders", list)?;
    let begun = Begun {
        read: read.unwrap_or(drawn),
        drawn,
        n_orders: number(&orders, "total"),
    };
    Ok((host, begun))
}

fn until(host: &DeskHost, began: Instant, holds: impl Fn(&Value) -> bool) -> Result<()> {
    loop {
        let state = call(host, "app_state", Value::Null)?;
        if holds(&state) {
            return Ok(());
        }
        let refused = text(&state, "attempt_message");
        ensure!(refused.is_empty(), "Told {refused}");
        rest(began)?;
    }
}

pub(crate) fn text<'a>(of: &'a Value, name: &str) -> &'a str {
    of.get(name).and_then(Value::as_str).unwrap_or_default()
}

pub(crate) fn number(of: &Value, name: &str) -> u64 {
    of.get(name).and_then(Value::as_u64).unwrap_or_default()
}

fn rest(began: Instant) -> Result<()> {
    ensure!(
        began.elapsed() < PATIENCE,
        "The desk does not come to the end"
    );
    std::thread::sleep(LOOK_EVERY);
    Ok(())
}

pub(crate) fn call(host: &DeskHost, name: &str, request: Value) -> Result<Value> {
    match host.call(name, request) {
        Ok(reply) => Ok(reply.value),
        Err(error) => bail!("{name}: {error:?}"),
    }
}
