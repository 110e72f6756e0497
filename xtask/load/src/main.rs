//! What a center does in a second: durable intents and reads of the feed over the real door, with
//! the disk's own rate of syncs beside them; and how long a new workstation takes until it has all.
//!
//! `load [--clients N] [--singles N] [--tens N] [--orders N] [--database URL]…` prints a line of
//! JSON for each figure, and a table. Clients and center share the computer. `load desk` is what a call-taker
//! waits for at a workstation that holds a year ([`desk_day`]).

#![expect(
    clippy::print_stdout,
    reason = "a program of the command line prints what it measured"
)]

mod client;
mod desk_day;
mod workstation;

use std::io::Write as _;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail, ensure};
use axum::body::Bytes;
use center_server::authority::{Authority, CERTIFICATE_FILE};
use center_server::database::Database;
use center_server::{Clock, Config, Server, SystemClock};
use domain::{Actor, ActorId, Role};
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;
use serde::Serialize;
use sha2::{Digest as _, Sha256};
use wire::{
    Answer, Cursor, Hash, PartBody, PullRequest, Reference, Request, SnapshotManifest, StaffMember,
    verify_page,
};

use crate::client::Desk;
use crate::workstation::Beginning;

const PULL_ENTRIES: u64 = 500;
const PULLS_OF_EACH: usize = 20;
const FIRST_PASSWORD: &str = "mopq-93kt-Lz7w-8ccd";
const SYNC_FOR: Duration = Duration::from_secs(2);

struct Plan {
    n_clients: usize,
    n_singles: usize,
    n_tens: usize,
    n_orders: usize,
    databases: Vec<String>,
}

/// One figure.
#[derive(Debug, Serialize)]
struct Figure {
    store: String,
    what: &'static str,
    n: u64,
    seconds: f64,
    per_second: f64,
    /// The slowest but one in a hundred, of one request.
    #[serde(skip_serializing_if = "Option::is_none")]
    p99_ms: Option<f64>,
}

#[tokio::main]
async fn main() -> Result<()> {
    let mut words = std::env::args().skip(1).peekable();
    if words.next_if(|word| word == "desk").is_some() {
        return desk_day::run(words).await;
    }
    if words.next_if(|word| word == "cold").is_some() {
        let words: Vec<String> = words.collect();
        return tokio::task::spawn_blocking(move || desk_day::cold(words.into_iter())).await?;
    }
    let plan = plan(words)?;
    let mut figures = vec![syncs()?];
    report(figures.last());
    let folder = tempfile::tempdir()?;
    let of_folder = format!("sqlite:{}", folder.path().join("center.db").display());
    let stores = [("sqlite".to_owned(), of_folder)].into_iter().chain(
        plan.databases
            .iter()
            .map(|url| ("postgres".to_owned(), url.clone())),
    );
    for (nth, (store, database)) in stores.enumerate() {
        let data = folder.path().join(format!("data-{nth}"));
        std::fs::create_dir(&data)?;
        measure(&plan, &store, &database, &data, &mut figures).await?;
    }
    print_table(&figures);
    Ok(())
}

fn plan(mut words: impl Iterator<Item = String>) -> Result<Plan> {
    let mut plan = Plan {
        n_clients: 64,
        n_singles: 20_000,
        n_tens: 6_000,
        n_orders: 0,
        databases: Vec::new(),
    };
    while let Some(word) = words.next() {
        let value = words
            .next()
            .with_context(|| format!("{word} needs a value"))?;
        match word.as_str() {
            "--clients" => plan.n_clients = value.parse()?,
            "--singles" => plan.n_singles = value.parse()?,
            "--tens" => plan.n_tens = value.parse()?,
            "--orders" => plan.n_orders = value.parse()?,
            "--database" => plan.databases.push(value),
            _ => bail!("{word} is not known here"),
        }
    }
    ensure!(plan.n_clients > 0, "Somebody has to ask");
    Ok(plan)
}

/// How often the disk says that something is on it.
fn syncs() -> Result<Figure> {
    let mut file = tempfile::tempfile()?;
    let page = [7_u8; 4_096];
    let (began, mut n) = (Instant::now(), 0);
    while began.elapsed() < SYNC_FOR {
        file.write_all(&page)?;
        file.sync_data()?;
        n += 1;
    }
    Ok(figure(
        "disk",
        "fdatasync of 4 KiB",
        n,
        began.elapsed(),
        None,
    ))
}

async fn measure(
    plan: &Plan,
    store: &str,
    database: &str,
    data: &Path,
    figures: &mut Vec<Figure>,
) -> Result<()> {
    Authority::create(data)?;
    let mut config = Config::of(data.to_owned());
    config.database = Database::parse(database)?;
    let anywhere = std::net::SocketAddr::from(([127, 0, 0, 1], 0));
    (config.web.address, config.desks.address) = (anywhere, anywhere);
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let server = Server::start(config, Arc::clone(&clock)).await?;
    let staff = Reference::Staff(vec![StaffMember {
        actor: Actor {
            id: ActorId("1001".to_owned()),
            name: "1001".to_owned(),
            roles: vec![Role::Operator],
            unit: None,
        },
        is_disabled: false,
        former_roles: Vec::new(),
    }]);
    server
        .office
        .writer
        .change_reference(staff, clock)?
        .done()
        .await?;
    let authority = CertificateDer::from_pem_file(data.join(CERTIFICATE_FILE))?;
    let mut desks = Vec::new();
    for _ in 0..plan.n_clients {
        let (code, _) = server.office.allow_enrolment().await?;
        let desk = Desk::enrol(server.desks_address, &authority, code.secret).await?;
        desks.push(desk);
    }

    let n_each = plan.n_singles.div_ceil(plan.n_clients);
    let took = pushed(&mut desks, n_each, 1).await?;
    figures.push(took.figure(store, "durable intents, one at a time", 1));
    report(figures.last());
    let n_each = plan.n_tens.div_ceil(plan.n_clients);
    let took = pushed(&mut desks, n_each, 10).await?;
    figures.push(took.figure(store, "durable intents, in tens", 10));
    report(figures.last());
    figures.push(pulled(store, &mut desks).await?);
    report(figures.last());
    if plan.n_orders > 0 {
        let n_more = plan
            .n_orders
            .saturating_sub(plan.n_singles + plan.n_tens * 10);
        pushed(&mut desks, n_more.div_ceil(plan.n_clients * 100), 100).await?;
        bootstrapped(store, &server, &mut desks, figures).await?;
        begun(store, &server, &data.join("workstation"), figures).await?;
    }
    server.stop().await
}

/// How long requests took.
struct Took {
    all: Duration,
    each: Vec<Duration>,
}

impl Took {
    fn figure(mut self, store: &str, what: &'static str, n_each: u64) -> Figure {
        self.each.sort_unstable();
        let p99 = self.each.get(self.each.len() * 99 / 100);
        let p99_ms = p99.map(|it| it.as_secs_f64() * 1_000.0);
        let n = self.each.len() as u64 * n_each;
        figure(store, what, n, self.all, p99_ms)
    }
}

fn figure(store: &str, what: &'static str, n: u64, took: Duration, p99_ms: Option<f64>) -> Figure {
    let seconds = took.as_secs_f64();
    #[expect(
        clippy::cast_precision_loss,
        reason = "a figure for people, of less than 2^52"
    )]
    let per_second = n as f64 / seconds;
    Figure {
        store: store.to_owned(),
        what,
        n,
        seconds,
        per_second,
        p99_ms,
    }
}

/// All desks at once, each one request after the other. What is sent is made before.
async fn pushed(desks: &mut Vec<Desk>, n_pushes: usize, n_each: usize) -> Result<Took> {
    let mut ready = Vec::new();
    for mut desk in desks.drain(..) {
        let pushes = desk.pushes(n_pushes, n_each)?;
        ready.push((desk, pushes));
    }
    let began = Instant::now();
    let pushing: Vec<_> = ready
        .into_iter()
        .map(|(desk, pushes)| tokio::spawn(push_all(desk, pushes)))
        .collect();
    let mut each = Vec::new();
    for pushing in pushing {
        let (desk, took) = pushing.await??;
        desks.push(desk);
        each.extend(took);
    }
    let all = began.elapsed();
    Ok(Took { all, each })
}

async fn push_all(mut desk: Desk, pushes: Vec<Bytes>) -> Result<(Desk, Vec<Duration>)> {
    let mut took = Vec::with_capacity(pushes.len());
    for push in pushes {
        let began = Instant::now();
        let answer = desk.line.post(push).await?;
        took.push(began.elapsed());
        let answer: Answer = serde_json::from_slice(&answer)?;
        ensure!(matches!(answer, Answer::Pushed(_)), "Told {answer:?}");
    }
    Ok((desk, took))
}

/// Entries that desks read at once, each from the beginning on.
async fn pulled(store: &str, desks: &mut Vec<Desk>) -> Result<Figure> {
    let began = Instant::now();
    let pulling: Vec<_> = desks
        .drain(..)
        .map(|desk| tokio::spawn(pull_all(desk)))
        .collect();
    let mut n = 0;
    for pulling in pulling {
        let (desk, n_entries) = pulling.await??;
        desks.push(desk);
        n += n_entries;
    }
    Ok(figure(
        store,
        "entries of the feed read",
        n,
        began.elapsed(),
        None,
    ))
}

async fn pull_all(mut desk: Desk) -> Result<(Desk, u64)> {
    let (mut epoch, mut cursor, mut n) = (0, Cursor::START, 0);
    for _ in 0..=PULLS_OF_EACH {
        let request = Request::Pull(PullRequest {
            desk: desk.id.clone(),
            protocol: wire::PROTOCOL.last,
            epoch,
            cursor,
            entries_max: PULL_ENTRIES,
        });
        let answer = desk.line.ask(&request).await?;
        if let Answer::Rewind(rewind) = answer {
            epoch = rewind.epoch;
        } else if let Answer::Page(page) = answer {
            n += page.entries.len() as u64;
            cursor = page.entries.last().map_or(cursor, wire::Entry::cursor);
        } else {
            bail!("Told {answer:?}");
        }
    }
    Ok((desk, n))
}

/// A new desk reads everything: the parts, each held against its hash and verified entry by entry,
/// and the rest by pulling.
async fn bootstrapped(
    store: &str,
    server: &Server,
    desks: &mut [Desk],
    figures: &mut Vec<Figure>,
) -> Result<()> {
    let began = Instant::now();
    while server.office.make_snapshot_parts().await? {}
    let desk = desks.first_mut().context("There is a desk")?;
    let manifest = desk.line.get("/v1/snapshot/manifest").await?;
    let manifest: SnapshotManifest = serde_json::from_slice(&manifest)?;
    let n = manifest.at.seq;
    let what = "entries packed for new desks";
    figures.push(figure(store, what, n, began.elapsed(), None));
    report(figures.last());

    let began = Instant::now();
    let mut cursor = Cursor::START;
    for (nth, part) in manifest.parts.iter().enumerate() {
        let bytes = desk.line.get(&format!("/v1/snapshot/part/{nth}")).await?;
        ensure!(
            Hash(Sha256::digest(&bytes).into()) == part.sha256,
            "Part {nth} is damaged"
        );
        let body: PartBody = serde_json::from_slice(&zstd::decode_all(&bytes[..])?)?;
        cursor = verify_page(cursor, manifest.epoch, &body.entries)?;
    }
    while cursor != manifest.feed {
        let request = Request::Pull(PullRequest {
            desk: desk.id.clone(),
            protocol: wire::PROTOCOL.last,
            epoch: manifest.epoch,
            cursor,
            entries_max: u64::MAX,
        });
        let Answer::Page(page) = desk.line.ask(&request).await? else {
            bail!("No page");
        };
        cursor = verify_page(cursor, page.epoch, &page.entries)?;
    }
    let what = "entries read and verified by a new desk";
    figures.push(figure(store, what, cursor.seq, began.elapsed(), None));
    report(figures.last());
    Ok(())
}

/// The same by the program that people have.
async fn begun(
    store: &str,
    server: &Server,
    folder: &Path,
    figures: &mut Vec<Figure>,
) -> Result<()> {
    let person = ActorId("1001".to_owned());
    let reset = server
        .office
        .reset_password(&person, FIRST_PASSWORD.to_owned());
    reset.await?;
    let (code, _) = server.office.allow_enrolment().await?;
    let beginning = Beginning {
        folder: folder.to_owned(),
        center: server.desks_address,
        code: code.to_string(),
        person: "1001",
        first_password: FIRST_PASSWORD.to_owned(),
        seq: *server.office.head().borrow(),
    };
    let clock = Arc::new(desk::SystemClock);
    let beginning = tokio::task::spawn_blocking(move || workstation::begin(&beginning, clock));
    let (_workstation, begun) = beginning.await??;
    let n = begun.n_orders;
    let what = "orders in the database of a new workstation";
    figures.push(figure(store, what, n, begun.read, None));
    report(figures.last());
    let what = "orders in the lists of a new workstation";
    figures.push(figure(store, what, n, begun.drawn, None));
    report(figures.last());
    Ok(())
}

fn report(figure: Option<&Figure>) {
    if let Some(Ok(line)) = figure.map(serde_json::to_string) {
        println!("{line}");
    }
}

fn print_table(figures: &[Figure]) {
    println!(
        "\n{:<10} {:<42} {:>12} {:>10}",
        "store", "what", "per second", "p99 ms"
    );
    for figure in figures {
        let p99 = figure
            .p99_ms
            .map_or_else(String::new, |it| format!("{it:.1}"));
        println!(
            "{:<10} {:<42} {:>12.0} {p99:>10}",
            figure.store, figure.what, figure.per_second
        );
    }
}
