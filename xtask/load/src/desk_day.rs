//! What a call-taker waits for at a workstation that holds everything: a year of the county is played
//! into a center, a workstation reads it over the real door, and then the calls are made that a window
//! makes. Each size stands beside the smaller ones, so that growth shows, and what reaches the disk beside
//! the disk's own sync.

use std::fs::OpenOptions;
use std::io::Write as _;
use std::path::Path;
use std::process::Command;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail, ensure};
use center::{Center, Rules};
use center_server::init::{People, init};
use center_server::{Config, Server, SystemClock};
use chrono::{DateTime, TimeDelta, Utc};
use desk::DeskHost;
use desk::sync::Https;
use desk_store::NoKeyring;
use domain::ActorId;
use domain::calendar::WorkCalendar;
use domain::clock_face::end_of;
use domain::rule_set::RuleSets;
use serde::Serialize;
use serde_json::{Value, json};
use year::{Plan, play};

use crate::FIRST_PASSWORD;
use crate::workstation::{Beginning, PASSPHRASE, PASSWORD, begin, call, number, text};

/// A call-taker who dispatches too.
const PERSON: &str = "1101";
const YEAR: i32 = 2025;
const SEED: u64 = 1;
/// Calls of a kind that are timed.
const N_TIMED: usize = 200;
const QUEUES: [&str; 8] = [
    "all",
    "today",
    "to_dispatch",
    "due_soon",
    "overdue",
    "undelivered",
    "in_handling",
    "concluded",
];
const SEARCHES: [&str; 6] = [
    "停水",
    "路灯不亮",
    "物业收费",
    "渠江街道",
    "噪音扰民",
    "低保",
];
/// 300 characters, of an ordinary call; the beginnings differ.
const TOLD: &str = "来电人称，家住渠江街道万兴广场附近的小区，从前天晚上九点多开始停水，到现在一直没有恢复。\
    问过物业，物业说是外面的主管道爆了，不归他们管；打水务公司的电话一直占线。家里有两位老人和一个刚满月的孩子，\
    做饭洗衣都没有办法，只能到楼下商店买桶装水，一桶要十五元。楼上楼下几十户都是这样，大家在群里都很着急。\
    同一条街上的早餐店也因为没有水关了门。来电人希望有关部门尽快派人到现场查清原因，说明什么时候能够恢复供水，\
    在恢复以前安排送水车，并且以后检修管道要提前贴出通知，让居民有个准备。请把处理结果打电话告诉来电人本人。";

/// How long one kind of call takes.
#[derive(Debug, Serialize)]
struct Waited {
    n_orders: u64,
    what: &'static str,
    n: usize,
    p50_ms: f64,
    p95_ms: f64,
}

/// A figure of another kind.
#[derive(Debug, Serialize)]
struct Measured {
    n_orders: u64,
    what: &'static str,
    value: f64,
    unit: &'static str,
}

/// It is the last evening of the year, and time goes on from there.
#[derive(Debug, Clone, Copy)]
struct Evening {
    before: TimeDelta,
}

impl Evening {
    fn of(until: DateTime<Utc>) -> Self {
        Self {
            before: center_server::Clock::now(&SystemClock) - until,
        }
    }

    fn at(&self) -> DateTime<Utc> {
        center_server::Clock::now(&SystemClock) - self.before
    }
}

impl desk::Clock for Evening {
    fn now(&self) -> DateTime<Utc> {
        self.at()
    }
}

impl center_server::Clock for Evening {
    fn now(&self) -> DateTime<Utc> {
        self.at()
    }
}

/// `desk [--orders N,N,…]`; `cold --folder FOLDER` is the program that the cold start is measured with.
pub(crate) async fn run(mut words: impl Iterator<Item = String>) -> Result<()> {
    let mut sizes = vec![5_000, 50_000, 500_000];
    while let Some(word) = words.next() {
        let value = words.next();
        let value = value.with_context(|| format!("{word} needs a value"))?;
        match word.as_str() {
            "--orders" => {
                let each = value.split(',').map(str::parse);
                sizes = each.collect::<Result<_, _>>()?;
            }
            _ => bail!("{word} is not known here"),
        }
    }
    for n_orders in sizes {
        of_size(n_orders).await?;
    }
    Ok(())
}

async fn of_size(n_orders: u64) -> Result<()> {
    let folder = tempfile::tempdir()?;
    let center = folder.path().join("center");
    let last_day = chrono::NaiveDate::from_ymd_opt(YEAR, 12, 31).context("A year")?;
    let plan = Plan {
        year: YEAR,
        seed: SEED,
        n_orders,
        until: end_of(last_day),
    };
    let config = Config::of(center);
    let began = plan.begins()?;
    init(config.clone(), Arc::new(Evening::of(began)), People::Nobody).await?;
    let playing = {
        let config = config.clone();
        tokio::task::spawn_blocking(move || played(&config, &plan))
    };
    let (took, n_acts) = playing.await??;
    tell(&measured(
        n_orders,
        "center: acts decided and kept, many to a commit",
        per_second(n_acts, took),
        "a second",
    ))?;

    let evening = Evening::of(plan.until - TimeDelta::hours(4));
    let anywhere = std::net::SocketAddr::from(([127, 0, 0, 1], 0));
    let mut config = config;
    (config.web.address, config.desks.address) = (anywhere, anywhere);
    let server = Server::start(config, Arc::new(evening)).await?;
    let packing = Instant::now();
    while server.office.make_snapshot_parts().await? {}
    tell(&measured(
        n_orders,
        "center: snapshot for new desks made",
        packing.elapsed().as_secs_f64(),
        "s",
    ))?;
    // The center has its own pages drawn by the time a desk is set up.
    let head = *server.office.head().borrow();
    server.office.drawn_to(head).await;
    let person = ActorId(PERSON.to_owned());
    let reset = server
        .office
        .reset_password(&person, FIRST_PASSWORD.to_owned());
    reset.await?;
    let (code, _) = server.office.allow_enrolment().await?;
    let workstation = folder.path().join("workstation");
    let beginning = Beginning {
        folder: workstation.clone(),
        center: server.desks_address,
        code: code.to_string(),
        person: PERSON,
        first_password: FIRST_PASSWORD.to_owned(),
        seq: *server.office.head().borrow(),
    };
    let working = tokio::task::spawn_blocking(move || {
        let (host, begun) = begin(&beginning, Arc::new(evening))?;
        ensure!(begun.n_orders > 0, "The year has orders");
        let n = begun.n_orders;
        tell(&measured(
            n,
            "desk: a new one has read everything",
            begun.read.as_secs_f64(),
            "s",
        ))?;
        tell(&measured(
            n,
            "desk: a new one shows everything",
            begun.drawn.as_secs_f64(),
            "s",
        ))?;
        let database = std::fs::metadata(beginning.folder.join("desk.db"))?;
        tell(&measured(
            n,
            "desk: its database on the disk",
            megabytes(database.len()),
            "MB",
        ))?;
        at_work(&host, n, &beginning.folder)?;
        Ok::<_, anyhow::Error>(n)
    });
    let n = working.await??;
    // Nobody asks the center while the cold start is measured.
    server.stop().await?;
    cold_starts(n, &workstation)
}

fn played(config: &Config, plan: &Plan) -> Result<(Duration, u64)> {
    let rules = Rules {
        calendar: WorkCalendar::built_in(),
        rule_sets: RuleSets::built_in(),
    };
    let mut center = Center::open(
        config.database.open_ledger()?,
        rules.clone(),
        plan.begins()?,
    )?;
    let began = Instant::now();
    let played = play(&mut center, &rules, plan, |_| {})?;
    Ok((began.elapsed(), played.n_acts))
}

/// The calls of a window, each timed by itself.
fn at_work(host: &DeskHost, n: u64, folder: &Path) -> Result<()> {
    let mut pages = Vec::new();
    for nth in 0..N_TIMED {
        let queue = QUEUES.get(nth % QUEUES.len()).copied().unwrap_or("all");
        let list = json!({ "queue": queue, "search": "", "after": null, "limit": 60 });
        pages.push(timed(host, "work_orders", list)?);
    }
    tell(&waited(n, "order list: any queue, first page", pages))?;
    let mut found = Vec::new();
    for nth in 0..N_TIMED {
        let search = SEARCHES
            .get(nth % SEARCHES.len())
            .copied()
            .unwrap_or("停水");
        let list = json!({ "queue": "all", "search": search, "after": null, "limit": 60 });
        found.push(timed(host, "work_orders", list)?);
    }
    tell(&waited(n, "order list: found by words", found))?;
    let counts = repeated(N_TIMED, || timed(host, "queues", Value::Null))?;
    tell(&waited(n, "order list: counts of all queues", counts))?;
    let boards = repeated(N_TIMED, || timed(host, "boards", Value::Null))?;
    tell(&waited(n, "boards: counts", boards))?;

    until_all_is_read(host)?;
    let mut nth = 0;
    let heard = repeated(N_TIMED, || {
        nth += 1;
        timed(host, "listen", listen(nth))
    })?;
    tell(&waited(
        n,
        "listening: everything for 300 characters",
        heard,
    ))?;

    let syncs = synced(folder)?;
    let mut nth = 0;
    let submitted = repeated(N_TIMED, || {
        nth += 1;
        let request = json!({
            "draft_id": format!("00000000-0000-7000-8000-{nth:012}"),
            "intake": intake(nth),
            "outcome": { "type": "register" },
        });
        timed(host, "submit", request)
    })?;
    tell(&waited(n, "disk: fdatasync of 4 KiB", syncs))?;
    tell(&waited(n, "submit: an order, on the disk", submitted))?;
    tell(&measured(
        n,
        "memory: desk and center in one program",
        f64::from(resident_mb()?),
        "MB",
    ))
}

/// Until all earlier orders are in memory an answer says so.
fn until_all_is_read(host: &DeskHost) -> Result<()> {
    let began = Instant::now();
    while !text(&call(host, "listen", listen(0))?, "same_note").is_empty() {
        ensure!(
            began.elapsed() < Duration::from_secs(1_800),
            "Earlier orders are never read"
        );
        std::thread::sleep(Duration::from_millis(200));
    }
    Ok(())
}

fn intake(nth: usize) -> Value {
    json!({
        "caller": { "phone": format!("139{:08}", nth * 7_919), "contact_phone": "", "name": "", "address": "" },
        "channel": "phone",
        "kind": "help",
        "class": "ordinary",
        "category_id": "",
        "title": "",
        "text": format!("第{nth}次来电。{TOLD}").chars().take(300).collect::<String>(),
        "place": { "township_code": "511725001", "village_code": "", "detail": "" },
        "wants": "",
        "is_confidential": false,
        "wants_call_back": true,
    })
}

fn listen(nth: usize) -> Value {
    json!({
        "revision": nth,
        "draft_id": "",
        "intake": intake(nth),
        "chosen": { "kind": false, "category": false, "place": false, "class": false },
    })
}

fn repeated(n: usize, mut act: impl FnMut() -> Result<Duration>) -> Result<Vec<Duration>> {
    (0..n).map(|_| act()).collect()
}

fn timed(host: &DeskHost, name: &str, request: Value) -> Result<Duration> {
    let began = Instant::now();
    call(host, name, request)?;
    Ok(began.elapsed())
}

/// The disk's own syncs, in the folder that the store is in.
fn synced(folder: &Path) -> Result<Vec<Duration>> {
    let path = folder.join("synced");
    let mut file = OpenOptions::new().create(true).append(true).open(&path)?;
    let syncs = repeated(N_TIMED, || {
        let began = Instant::now();
        file.write_all(&[7_u8; 4_096])?;
        file.sync_data()?;
        Ok(began.elapsed())
    });
    std::fs::remove_file(&path)?;
    syncs
}

/// A program of its own, so that nothing else is in its memory.
fn cold_starts(n_orders: u64, folder: &Path) -> Result<()> {
    let mut starts = Vec::new();
    let mut memory = 0;
    for _ in 0..5 {
        let mut program = Command::new(std::env::current_exe()?);
        let output = program.arg("cold").arg("--folder").arg(folder).output()?;
        ensure!(
            output.status.success(),
            "{}",
            String::from_utf8_lossy(&output.stderr)
        );
        let said: Value = serde_json::from_slice(&output.stdout)?;
        starts.push(Duration::from_millis(number(&said, "ms")));
        memory = memory.max(u32::try_from(number(&said, "mb"))?);
    }
    tell(&waited(
        n_orders,
        "cold start: unlocked, signed in, form and first list",
        starts,
    ))?;
    tell(&measured(
        n_orders,
        "memory: desk after a cold start",
        f64::from(memory),
        "MB",
    ))
}

/// Opens what is there as a person does in the morning, without the center.
pub(crate) fn cold(mut words: impl Iterator<Item = String>) -> Result<()> {
    let (Some("--folder"), Some(folder)) = (words.next().as_deref(), words.next()) else {
        bail!("--folder FOLDER is missing");
    };
    let last_day = chrono::NaiveDate::from_ymd_opt(YEAR, 12, 31).context("A year")?;
    let evening = Evening::of(end_of(last_day) - TimeDelta::hours(2));
    let began = Instant::now();
    let (keyring, network) = (Arc::new(NoKeyring), Arc::new(Https));
    let host = DeskHost::start_in(Path::new(&folder), Arc::new(evening), keyring, network);
    call(&host, "unlock", json!({ "passphrase": PASSPHRASE }))?;
    let person = json!({ "number": PERSON, "password": PASSWORD });
    call(&host, "sign_in", person)?;
    while text(&call(&host, "app_state", Value::Null)?, "phase") != "ready" {
        ensure!(began.elapsed() < Duration::from_secs(60), "Nobody gets in");
        std::thread::sleep(Duration::from_millis(5));
    }
    for name in ["reference", "queues"] {
        call(&host, name, Value::Null)?;
    }
    let list = json!({ "queue": "today", "search": "", "after": null, "limit": 60 });
    call(&host, "work_orders", list)?;
    let ms = began.elapsed().as_millis();
    let mb = resident_mb()?;
    println!("{}", json!({ "ms": u64::try_from(ms)?, "mb": mb }));
    until_all_is_read(&host)?;
    host.close();
    Ok(())
}

/// Resident memory of this program, in MB.
fn resident_mb() -> Result<u32> {
    let status = std::fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kb = line.and_then(|it| it.split_whitespace().next());
    let kb: u32 = kb.context("The system says how much")?.parse()?;
    Ok(kb / 1_024)
}

fn waited(n_orders: u64, what: &'static str, mut each: Vec<Duration>) -> Waited {
    each.sort_unstable();
    let at = |percent: usize| {
        let nth = (each.len() * percent / 100).min(each.len().saturating_sub(1));
        each.get(nth).map_or(0.0, |it| it.as_secs_f64() * 1_000.0)
    };
    Waited {
        n_orders,
        what,
        n: each.len(),
        p50_ms: at(50),
        p95_ms: at(95),
    }
}

fn measured(n_orders: u64, what: &'static str, value: f64, unit: &'static str) -> Measured {
    Measured {
        n_orders,
        what,
        value,
        unit,
    }
}

#[expect(
    clippy::cast_precision_loss,
    reason = "a figure for people, of less than 2^52"
)]
fn megabytes(n_bytes: u64) -> f64 {
    n_bytes as f64 / 1e6
}

#[expect(
    clippy::cast_precision_loss,
    reason = "a figure for people, of less than 2^52"
)]
fn per_second(n: u64, took: Duration) -> f64 {
    n as f64 / took.as_secs_f64()
}

fn tell(figure: &impl Serialize) -> Result<()> {
    println!("{}", serde_json::to_string(figure)?);
    Ok(())
}
