//! Measures the store with many orders: `cargo run -p desk-store --example measure -- 500000`.
//!
//! Prints one line for each figure. Further arguments: the folder, which is kept (default: one under
//! the system's temporary folder), and a file with a text a line for the orders (default: made up).

#![expect(clippy::print_stdout, reason = "printing is what it is for")]

use std::path::PathBuf;
use std::time::{Duration, Instant};

use anyhow::Context;
use chrono::{DateTime, TimeDelta, Utc};
use desk_store::{
    DatabaseKey, KeySlots, NewIntent, NoticeScope, OrderFilter, Queue, RunningLimit, Store,
    StoreFault, WorkOrderRecord, Writer,
};
use domain::matter::{Caller, Channel, Matter, MatterClass, MatterKind, Origin, Place};
use domain::rule_set::RuleSetId;
use domain::time_limit::LimitKind;
use domain::work_order::{EventKind, Stage};
use domain::{ActorId, Command, Event};

const PASSPHRASE: &str = "only for measuring";
/// Orders in one commit while the store is filled.
const BATCH: u32 = 2_000;

fn main() -> anyhow::Result<()> {
    let mut arguments = std::env::args().skip(1);
    let n_orders: u32 = arguments.next().map_or(Ok(10_000), |n| n.parse())?;
    let folder = arguments
        .next()
        .map_or_else(|| std::env::temp_dir().join("desk-measure"), PathBuf::from);
    let texts = Texts::read(arguments.next())?;
    let key = if KeySlots::exists(&folder) {
        KeySlots::load(&folder)?.unlock_with_passphrase(PASSPHRASE)?
    } else {
        KeySlots::create(&folder, PASSPHRASE)?.1
    };
    fill(&Store::open(&folder, &key)?, n_orders, &texts)?;
    let store = open(&folder, &key)?;
    commits(&store, &texts)?;
    reads(&store)?;
    let checked = Instant::now();
    store.check()?;
    println!("read through the whole file: {:?}", checked.elapsed());
    let verified = Instant::now();
    store.read(|reader| Ok(reader.verify_chain()?))?;
    println!("verify the chain: {:?}", verified.elapsed());
    Ok(())
}

fn fill(store: &Store, n_orders: u32, texts: &Texts) -> anyhow::Result<()> {
    let started = Instant::now();
    let first = n_orders_of(store)?;
    let mut n = first;
    while n < n_orders {
        let until = n_orders.min(n + BATCH);
        store.commit(|writer| (n..until).try_for_each(|n| register(writer, n, texts)))?;
        n = until;
    }
    if first < n_orders {
        println!(
            "filled with {} orders: {:?}",
            n_orders - first,
            started.elapsed()
        );
    }
    Ok(())
}

fn open(folder: &std::path::Path, key: &DatabaseKey) -> anyhow::Result<Store> {
    let size = folder.join("desk.db").metadata()?.len() >> 20;
    let started = Instant::now();
    let store = Store::open(folder, key)?;
    println!("open {size} MiB: {:?}", started.elapsed());
    Ok(store)
}

/// One order a commit, as the desk does it.
fn commits(store: &Store, texts: &Texts) -> anyhow::Result<()> {
    let first = n_orders_of(store)?;
    let times = (first..first + 500)
        .map(|n| timed(|| Ok(store.commit(|writer| register(writer, n, texts))?)))
        .collect::<anyhow::Result<Vec<_>>>()?;
    report("register one order, durable", times)
}

fn reads(store: &Store) -> anyhow::Result<()> {
    let n_orders = n_orders_of(store)?;
    let now = registered_at(n_orders);
    let queues = [
        Queue::All,
        Queue::Today {
            from: now - TimeDelta::hours(9),
        },
        Queue::ToDispatch,
        Queue::InHandling,
        Queue::Concluded,
        Queue::DueSoon { now },
        Queue::Overdue { now },
    ];
    let name = |queue: Queue| {
        format!("{queue:?}")
            .split([' ', '{'])
            .next()
            .unwrap_or_default()
            .to_owned()
    };
    for queue in queues {
        for search in [
            None,
            Some("停水"),
            Some("水"),
            Some("0042"),
            Some("平安路12号"),
            Some("没有的词"),
        ] {
            let filter = OrderFilter {
                queue,
                search: search.map(str::to_owned),
                after: None,
                limit: 50,
            };
            let times = repeat(15, || {
                store.read(|reader| Ok(reader.list_work_orders(&filter).map(drop)?))
            })?;
            report(
                &format!("list {} {}", name(queue), search.unwrap_or("")),
                times,
            )?;
        }
        let times = repeat(15, || {
            store.read(|reader| Ok(reader.count(queue).map(drop)?))
        })?;
        report(&format!("count {}", name(queue)), times)?;
    }
    let times = repeat(50, || {
        store.read(|reader| Ok(reader.orders_of_phone("13800000042", 20).map(drop)?))
    })?;
    report("orders of a phone", times)?;
    let times = repeat(50, || {
        store.read(|reader| Ok(reader.load_work_order("order-00000042").map(drop)?))
    })?;
    report("load an order", times)?;
    let times = repeat(5, || {
        Ok(store.commit(|writer| writer.take_due_notices(now, NoticeScope::All).map(drop))?)
    })?;
    report("take due notices", times)
}

fn n_orders_of(store: &Store) -> anyhow::Result<u32> {
    Ok(u32::try_from(
        store.read(|reader| Ok(reader.count(Queue::All)?))?,
    )?)
}

fn repeat(n: usize, mut act: impl FnMut() -> anyhow::Result<()>) -> anyhow::Result<Vec<Duration>> {
    (0..n).map(|_| timed(&mut act)).collect()
}

fn timed(act: impl FnOnce() -> anyhow::Result<()>) -> anyhow::Result<Duration> {
    let started = Instant::now();
    act()?;
    Ok(started.elapsed())
}

fn report(what: &str, mut times: Vec<Duration>) -> anyhow::Result<()> {
    times.sort();
    let at = |percent: usize| times.get((times.len() * percent / 100).min(times.len() - 1));
    let (middle, p95) = (at(50).context("No times")?, at(95).context("No times")?);
    println!("{what}: P50 {middle:.1?}, P95 {p95:.1?}");
    Ok(())
}

/// Three minutes from one order to the next, so 500,000 are three years.
fn registered_at(n: u32) -> DateTime<Utc> {
    DateTime::UNIX_EPOCH
        + TimeDelta::days(19_000)
        + TimeDelta::minutes(3) * i32::try_from(n).unwrap_or(i32::MAX)
}

/// What the orders are about.
struct Texts(Vec<String>);

impl Texts {
    fn read(path: Option<String>) -> anyhow::Result<Self> {
        let texts = path
            .map(std::fs::read_to_string)
            .transpose()?
            .unwrap_or_default();
        Ok(Self(texts.lines().map(str::to_owned).collect()))
    }

    /// A text of the file in turn, or one made up; in either case at a place of its own.
    fn of(&self, n: u32) -> String {
        let what = [
            "停水",
            "路灯坏了",
            "噪音扰民",
            "拖欠工资",
            "医保报销",
            "物业不管",
            "道路破损",
            "垃圾没人收",
        ];
        let what = what
            .get(n as usize % what.len())
            .copied()
            .unwrap_or_default();
        let said = match self.0.len() {
            0 => "来电人反映已经多日无人处理，希望尽快解决。",
            n_texts => self.0.get(n as usize % n_texts).map_or("", String::as_str),
        };
        format!("平安路{}{}号{what}，{said}", n / 7 % 900, n % 241)
    }
}

fn register(writer: &mut Writer, n: u32, texts: &Texts) -> Result<(), StoreFault> {
    let at = registered_at(n);
    let id = format!("order-{n:08}");
    let number = format!("{}-W01-{n:06}", at.format("%Y%m%d"));
    let (actor, rule_set) = (
        ActorId("1001".to_owned()),
        RuleSetId("QX-2023-66".to_owned()),
    );
    let matter = Box::new(Matter {
        caller: Caller {
            phone: format!("1380{:07}", n % 300_000),
            name: "王秀英".to_owned(),
            ..Caller::default()
        },
        channel: Channel::Phone,
        kind: MatterKind::Help,
        class: MatterClass::Ordinary,
        category_id: "01.02.03".to_owned(),
        title: "小区停水".to_owned(),
        text: texts.of(n),
        place: Place::default(),
        happened: String::new(),
        about: String::new(),
        wants: String::new(),
        is_confidential: false,
        wants_call_back: true,
        origin: Origin::default(),
    });
    // The last 400 are still being worked on.
    let stage = match n % 400_000 {
        0..200 => Stage::Registered,
        200..400 => Stage::Delivered,
        _ => Stage::AnsweredOnTheSpot,
    };
    let limit = (stage != Stage::AnsweredOnTheSpot).then(|| RunningLimit {
        kind: LimitKind::Dispatch,
        due_at: registered_at(500_000) + TimeDelta::minutes(i64::from(n % 400_000))
            - TimeDelta::minutes(100),
        warn_at: registered_at(500_000) - TimeDelta::minutes(100),
        is_waived: false,
    });
    let command = Command::Register {
        number: number.clone(),
        matter: matter.clone(),
    };
    let desk_seq = writer.append_intent(&NewIntent {
        id: &format!("intent-{n:08}"),
        subject_id: &id,
        command: &command,
        actor_id: &actor,
        occurred_at: at,
        rule_set: &rule_set,
        base_version: 0,
    })?;
    let event = Event {
        occurred_at: at,
        actor: actor.clone(),
        kind: EventKind::Registered {
            number: number.clone(),
            matter: matter.clone(),
            rule_set,
        },
    };
    writer.append_events(&id, desk_seq, 0, &[event])?;
    let record = WorkOrderRecord {
        id,
        number,
        title: matter.title,
        kind: matter.kind,
        class: matter.class,
        category_id: matter.category_id,
        stage,
        caller_name: matter.caller.name,
        phone: matter.caller.phone,
        contact_phone: String::new(),
        place_text: "渠江街道".to_owned(),
        unit_id: None,
        unit_name: String::new(),
        registered_at: at,
        is_confidential: false,
        limits: limit.into_iter().collect(),
        waits: Vec::new(),
        is_concluded: stage == Stage::AnsweredOnTheSpot,
        operator_id: actor,
        n_waiting_intents: 1,
    };
    writer.put_work_order(&record, &matter.text)
}
