//! 运行: opens everything in order, and closes it in the other.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::Duration;

use anyhow::{Context as _, Result};
use center::{Center, Rules};
use domain::calendar::WorkCalendar;
use domain::rule_set::RuleSets;
use tokio::sync::{broadcast, watch};

use crate::account::Accounts;
use crate::authority::Authority;
use crate::clock::Clock;
use crate::config::Config;
use crate::delivery::Deliveries;
use crate::door::{Door, Showing};
use crate::follower::{self, Projection};
use crate::office::{DRAWN_MAX, Office};
use crate::readers::Readers;
use crate::writer::{self, WriterThread};
use crate::{desks_door, portal, public, web_door};

const SWEEP_EVERY: Duration = Duration::from_secs(3_600);

/// A center that runs.
pub struct Server {
    pub office: Arc<Office>,
    pub web_address: SocketAddr,
    pub desks_address: SocketAddr,
    doors: Vec<Door>,
    threads: Vec<JoinHandle<()>>,
}

impl Server {
    /// Opens the database and both doors.
    pub async fn start(config: Config, clock: Arc<dyn Clock>) -> Result<Self> {
        let (office, threads) = tokio::task::spawn_blocking(move || open(config, clock))
            .await
            .context("Opening the center")??;
        let showing = match &office.config.web.certificate {
            Some(files) => Showing::office(files)?,
            None => Showing::Plain,
        };
        let web = Door::open(
            office.config.web.address,
            showing,
            web_door::router(Arc::clone(&office)),
            office.stopped(),
        );
        let web = web.await?;
        let desks = Door::open(
            office.config.desks.address,
            Showing::Own(Arc::clone(&office.authority)),
            desks_door::router(Arc::clone(&office)),
            office.stopped(),
        );
        let desks = desks.await?;
        drop(tokio::spawn(keep_house(Arc::clone(&office))));
        Ok(Self {
            office,
            web_address: web.address,
            desks_address: desks.address,
            doors: vec![web, desks],
            threads,
        })
    }

    /// Lets no one in any more, waits for those inside, and closes the database.
    pub async fn stop(self) -> Result<()> {
        self.office.stopping.send_replace(true);
        for door in self.doors {
            door.closed().await?;
        }
        let writer = self.office.writer.clone();
        let threads = self.threads;
        tokio::task::spawn_blocking(move || {
            writer.stop();
            let ended = threads.into_iter().map(JoinHandle::join);
            ended.for_each(|ended| {
                if ended.is_err() {
                    tracing::error!("A thread ended by a mistake of the program");
                }
            });
        })
        .await
        .context("Closing the database")
    }
}

/// What is to be done now and then, until the center stops.
async fn keep_house(office: Arc<Office>) {
    loop {
        tokio::select! {
            () = tokio::time::sleep(SWEEP_EVERY) => {}
            () = office.stopped() => return,
        }
        match office.sweep_sessions().await {
            Ok(n_removed) => tracing::debug!(n_removed, "Removed sessions that had ended"),
            Err(error) => tracing::error!(error = format!("{error:#}"), "Sessions were not swept"),
        }
    }
}

fn open(config: Config, clock: Arc<dyn Clock>) -> Result<(Arc<Office>, Vec<JoinHandle<()>>)> {
    let rules = Rules {
        calendar: WorkCalendar::built_in(),
        rule_sets: RuleSets::built_in(),
    };
    let authority = Authority::open(&config.data)?;
    let ledger = config.database.open_ledger()?;
    let records = config.database.open_records()?;
    let center = Center::open(ledger, rules.clone(), clock.now())?;
    let WriterThread {
        writer,
        head,
        references,
        thread,
    } = writer::start(center, records, Arc::clone(&clock))?;
    let (tell_drawn_to, drawn_to) = watch::channel(0);
    let office = Arc::new(Office {
        readers: Readers::new(config.database.clone()),
        config,
        clock,
        writer,
        rules: Arc::new(rules),
        accounts: Accounts::default(),
        authority: Arc::new(authority),
        desks_seen: Mutex::default(),
        revoked: watch::Sender::new(0),
        references,
        head,
        drawn_to,
        drawn: broadcast::Sender::new(DRAWN_MAX),
        stopping: watch::Sender::new(false),
    });
    let follower = follower::start(Arc::clone(&office), projections(), tell_drawn_to)?;
    Ok((office, vec![thread, follower.thread]))
}

/// Deliveries come last: the units' rows are drawn with the same write.
fn projections() -> Vec<Box<dyn Projection>> {
    let mut all = portal::projections();
    all.extend(public::projections());
    all.push(Box::new(Deliveries));
    all
}
