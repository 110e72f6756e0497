//! `year --data FOLDER [--desk FOLDER] [--orders N] [--seed S] [--year Y] [--until DAY]` makes a center's data folder with
//! a year in it. `cargo xtask demo-year` passes its words on. `year figures --data FOLDER
//! [--telephone FILE] [--year Y]` prints the figures of such a year and writes down its calls and searches, for
//! `tests/slow.py` to be held against.

#![expect(
    clippy::print_stdout,
    reason = "a program of the command line says what it made"
)]

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Instant;

use anyhow::{Context as _, Result, bail};
use center::{Center, Rules};
use center_server::init::{People, init};
use center_server::{Clock, Config};
use chrono::{DateTime, Datelike as _, NaiveDate, Utc};
use domain::calendar::WorkCalendar;
use domain::clock_face::{date_of, end_of};
use domain::rule_set::RuleSets;
use wire::Salts;
use year::{Counted, Plan, Telephone, play, workstation};

/// A telling every so many acts.
const TOLD_EVERY: u64 = 50_000;

/// The center is made on the day on which the year begins, so that the feed begins there too.
struct StandingClock(DateTime<Utc>);

impl Clock for StandingClock {
    fn now(&self) -> DateTime<Utc> {
        self.0
    }
}

struct Words {
    data: PathBuf,
    desk: Option<PathBuf>,
    telephone: Option<PathBuf>,
    plan: Plan,
}

fn main() -> Result<()> {
    let mut given = std::env::args().skip(1).peekable();
    let prints_figures = given.next_if(|word| word == "figures").is_some();
    let Words {
        data,
        desk,
        telephone: telephone_file,
        plan,
    } = words(given)?;
    if prints_figures {
        let ledger = Config::of(data).database.open_reader()?;
        let counted = Counted::of(&ledger)?;
        let telephone = Telephone::of(&counted.orders, plan.seed);
        if let Some(file) = telephone_file {
            std::fs::write(&file, telephone.lines()?)
                .with_context(|| format!("Writing {}", file.display()))?;
        }
        let rule_sets = RuleSets::built_in();
        print!(
            "{}",
            year::figures(&counted, &telephone, &rule_sets, plan.year, plan.until)?
        );
        return Ok(());
    }
    let began = Instant::now();
    let config = Config::of(data.clone());
    let runtime = tokio::runtime::Runtime::new()?;
    let clock = Arc::new(StandingClock(plan.begins()?));
    runtime.block_on(init(config.clone(), clock, People::Nobody))?;
    let rules = Rules {
        calendar: WorkCalendar::built_in(),
        rule_sets: RuleSets::built_in(),
    };
    let ledger = config.database.open_ledger()?;
    let mut center = Center::open_with(
        ledger,
        rules.clone(),
        Salts::counted_from(0),
        plan.begins()?,
    )?;
    let mut next = TOLD_EVERY;
    let played = play(&mut center, &rules, &plan, |played| {
        if played.n_acts >= next {
            next += TOLD_EVERY;
            println!("已登记 {} 件，{} 步", played.n_orders, played.n_acts);
        }
    })?;
    println!(
        "{} 年：{} 件工单，{} 步操作，{} 件监督件，用时 {:.1} 秒，存于 {}",
        plan.year,
        played.n_orders,
        played.n_acts,
        played.n_cases,
        began.elapsed().as_secs_f64(),
        data.display()
    );
    // One program has the ledger open.
    drop(center);
    if let Some(folder) = desk {
        let began = Instant::now();
        let n_entries = workstation::fill_desk(config, &folder, plan.until)?;
        println!(
            "工作站：读完 {n_entries} 条记录，用时 {:.1} 秒，存于 {}；开机口令 {}，登录 {} / {}",
            began.elapsed().as_secs_f64(),
            folder.display(),
            workstation::PASSPHRASE,
            workstation::PERSON,
            workstation::PASSWORD
        );
    }
    Ok(())
}

fn words(mut words: impl Iterator<Item = String>) -> Result<Words> {
    let last_year = date_of(center_server::SystemClock.now()).year() - 1;
    let (mut data, mut desk, mut telephone, mut until) = (None, None, None, None);
    let (mut n_orders, mut seed, mut year) = (40_000, 1, last_year);
    while let Some(word) = words.next() {
        let value = words
            .next()
            .with_context(|| format!("{word} needs a value"))?;
        match word.as_str() {
            "--data" => data = Some(PathBuf::from(value)),
            "--desk" => desk = Some(PathBuf::from(value)),
            "--telephone" => telephone = Some(PathBuf::from(value)),
            "--orders" => n_orders = value.parse()?,
            "--seed" => seed = value.parse()?,
            "--year" => year = value.parse()?,
            "--until" => until = Some(value.parse::<NaiveDate>()?),
            _ => bail!("{word} is not known here"),
        }
    }
    let last_day = NaiveDate::from_ymd_opt(year, 12, 31).context("A year")?;
    Ok(Words {
        data: data.context("--data FOLDER is missing")?,
        desk,
        telephone,
        plan: Plan {
            year,
            seed,
            n_orders,
            until: end_of(until.unwrap_or(last_day)),
        },
    })
}
