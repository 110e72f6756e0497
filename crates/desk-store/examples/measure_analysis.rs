//! Measures the analysis over many orders: `cargo run -p desk-store --example measure_analysis -- 500000`.
//!
//! Ten years of orders of a county. Prints P50 and P95 of what a page of the analysis asks, beside a plain
//! `SELECT … GROUP BY` over the table of the orders in the same run. A further argument: the folder,
//! which is kept (default: one under the system's temporary folder).

#![expect(clippy::print_stdout, reason = "printing is what it is for")]

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::Context;
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use desk_store::{
    CountAsk, DatabaseKey, OrderPosition, Queue, Store, StoreFault, WorkOrderRecord, Writer,
};
use domain::analysis::{
    AnalysisPeriod, AnalysisSpan, CountedOrder, Dimension, Figure, OrderMarks, Treatment,
};
use domain::clock_face::date_of;
use domain::matter::{Channel, MatterClass, MatterKind};
use domain::work_order::{DissatisfactionReason, Satisfaction, Stage};
use domain::{ActorId, HandlingUnitId};
use rusqlite::Connection;

const KEY: [u8; 32] = [7; 32];
/// Orders in one commit while the store is filled.
const BATCH: u32 = 5_000;
const TIMES: usize = 40;
const DAYS: i64 = 3_650;

fn main() -> anyhow::Result<()> {
    let mut arguments = std::env::args().skip(1);
    let n_orders: u32 = arguments.next().map_or(Ok(500_000), |n| n.parse())?;
    let folder = arguments.next().map_or_else(
        || std::env::temp_dir().join("analysis-measure"),
        PathBuf::from,
    );
    let key = DatabaseKey::from_bytes(&KEY).context("A key has 32 bytes")?;
    let store = Store::open(&folder, &key)?;
    fill(&store, n_orders)?;
    drop(store);
    let opened = Instant::now();
    let store = Store::open(&folder, &key)?;
    let now = registered_at(n_orders, n_orders);
    let month = ask(AnalysisSpan::Month.days(date_of(now)), now, &[]);
    let first = Instant::now();
    store.read(|reader| Ok(reader.count_orders(&month).map(drop)?))?;
    println!(
        "the first answer after opening: {:.1?} (opening {:.1?})",
        first.elapsed(),
        first.duration_since(opened)
    );
    counts(&store, now)?;
    selects(&folder)
}

fn fill(store: &Store, n_orders: u32) -> anyhow::Result<()> {
    let started = Instant::now();
    let first = u32::try_from(store.read(|reader| Ok(reader.count(Queue::All)?))?)?;
    let mut n = first;
    while n < n_orders {
        let until = n_orders.min(n + BATCH);
        store.commit(|writer| (n..until).try_for_each(|n| register(writer, n, n_orders)))?;
        n = until;
    }
    println!("filled with {}: {:.1?}", n - first, started.elapsed());
    Ok(())
}

fn counts(store: &Store, now: DateTime<Utc>) -> anyhow::Result<()> {
    let today = date_of(now);
    let ten_years = AnalysisPeriod::days(first_day(), today).context("Ten years")?;
    let year = AnalysisSpan::TwelveMonths.days(today);
    let asks = [
        ("this month", ask(AnalysisSpan::Month.days(today), now, &[])),
        ("twelve months", ask(year, now, &[])),
        ("ten years", ask(ten_years, now, &[])),
        (
            "ten years, one township",
            ask(ten_years, now, &[(Dimension::Township, "511725001")]),
        ),
        (
            "ten years, one kind by telephone, dispatched",
            ask(
                ten_years,
                now,
                &[
                    (Dimension::Kind, "help"),
                    (Dimension::Channel, "phone"),
                    (Dimension::Treatment, "dispatched"),
                ],
            ),
        ),
    ];
    for (what, asked) in &asks {
        let times = repeat(|| store.read(|reader| Ok(reader.count_orders(asked).map(drop)?)))?;
        report(&format!("count {what}"), times)?;
        let times = repeat(|| {
            store.read(|reader| {
                let page = reader
                    .orders_behind(asked, Figure::Late, OrderPosition::END, 100)?
                    .0;
                page.iter()
                    .try_for_each(|place| reader.work_order_at(*place).map(drop))?;
                Ok(())
            })
        })?;
        report(&format!("the first 100 that were late, {what}"), times)?;
    }
    Ok(())
}

/// What it would cost to ask the table of the orders.
fn selects(folder: &Path) -> anyhow::Result<()> {
    let connection = Connection::open(folder.join("desk.db"))?;
    let mut pragma = String::from("PRAGMA key = \"x'");
    for byte in KEY {
        write!(pragma, "{byte:02x}")?;
    }
    pragma.push_str("'\";");
    connection.execute_batch(&pragma)?;
    for column in ["category_id", "unit_id", "kind"] {
        let sql = format!("SELECT {column}, count(*) FROM work_order GROUP BY {column}");
        let times = repeat(|| {
            let mut statement = connection.prepare(&sql)?;
            let rows = statement.query_map([], |row| row.get::<_, u32>(1))?;
            rows.collect::<rusqlite::Result<Vec<u32>>>()?;
            Ok(())
        })?;
        report(&sql, times)?;
    }
    Ok(())
}

fn ask(period: AnalysisPeriod, now: DateTime<Utc>, filter: &[(Dimension, &str)]) -> CountAsk {
    let one = |(dimension, value): &(Dimension, &str)| {
        (*dimension, BTreeSet::from([(*value).to_owned()]))
    };
    CountAsk {
        period,
        filter: filter.iter().map(one).collect::<BTreeMap<_, _>>(),
        now,
    }
}

fn first_day() -> NaiveDate {
    date_of(registered_at(0, 1))
}

/// Spread over ten years.
fn registered_at(n: u32, n_orders: u32) -> DateTime<Utc> {
    let span = TimeDelta::days(DAYS).num_seconds() * i64::from(n) / i64::from(n_orders.max(1));
    DateTime::UNIX_EPOCH + TimeDelta::days(17_000) + TimeDelta::seconds(span)
}

fn register(writer: &mut Writer, n: u32, n_orders: u32) -> Result<(), StoreFault> {
    fn of<T: Copy>(all: &[T], nth: u32, otherwise: T) -> T {
        all.get(nth as usize).copied().unwrap_or(otherwise)
    }
    let pick = |of: u32, salt: u32| n.wrapping_mul(2_654_435_761).rotate_left(salt) % of;
    let registered_at = registered_at(n, n_orders);
    let treatment = of(&Treatment::ALL, pick(7, 3), Treatment::Pending);
    let satisfaction =
        (pick(3, 5) == 0).then(|| of(&Satisfaction::ALL, pick(5, 7), Satisfaction::Satisfied));
    let unit = (treatment == Treatment::Dispatched)
        .then(|| HandlingUnitId(format!("unit-{:03}", pick(90, 13))));
    let counted = CountedOrder {
        township_code: format!("5117250{:02}", pick(37, 9) + 1),
        category_id: format!("c-{:03}", pick(229, 11) + 1),
        unit,
        channel: of(&Channel::ALL, pick(7, 15), Channel::Phone),
        kind: of(&MatterKind::ALL, pick(5, 17), MatterKind::Help),
        class: MatterClass::Ordinary,
        marks: OrderMarks {
            treatment,
            is_from_knowledge: pick(4, 21) == 0,
            late_at: (pick(12, 23) == 0).then(|| registered_at + TimeDelta::days(5)),
            satisfaction,
            reason: (satisfaction.is_some_and(Satisfaction::is_bad))
                .then_some(DissatisfactionReason::Slow),
        },
    };
    let id = format!("order-{n:08}");
    let record = WorkOrderRecord {
        number: format!("{}-W01-{n:06}", registered_at.format("%Y%m%d")),
        title: "小区停水".to_owned(),
        kind: counted.kind,
        class: counted.class,
        category_id: counted.category_id.clone(),
        stage: Stage::Archived,
        caller_name: "王秀英".to_owned(),
        phone: format!("1380{:07}", n % 300_000),
        contact_phone: String::new(),
        place_text: "渠江街道".to_owned(),
        unit_id: counted.unit.clone(),
        unit_name: String::new(),
        registered_at,
        is_confidential: false,
        limits: Vec::new(),
        waits: Vec::new(),
        is_concluded: true,
        operator_id: ActorId("1001".to_owned()),
        n_waiting_intents: 0,
        id: id.clone(),
    };
    writer.put_work_order(&record, "")?;
    writer.count_order(&id, &counted)
}

fn repeat(mut act: impl FnMut() -> anyhow::Result<()>) -> anyhow::Result<Vec<Duration>> {
    let one = |_| {
        let started = Instant::now();
        act()?;
        Ok(started.elapsed())
    };
    (0..TIMES).map(one).collect()
}

fn report(what: &str, mut times: Vec<Duration>) -> anyhow::Result<()> {
    times.sort();
    let at = |percent: usize| times.get((times.len() * percent / 100).min(times.len() - 1));
    let (middle, p95) = (at(50).context("No times")?, at(95).context("No times")?);
    println!("{what}: P50 {middle:.1?}, P95 {p95:.1?}");
    Ok(())
}
