//! 运行: opens everything in order, and closes it in the other.

use std::net::SocketAddr;
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Duration;

use anyhow::{Context as _, Result};
use center::{Center, Rules};
use domain::calendar::WorkCalendar;
use domain::rule_set::RuleSets;
use tokio::sync::{broadcast, watch};
use tokio::task::JoinHandle as TaskHandle;

use crate::account::Accounts;
use crate::clock::Clock;
use crate::config::Config;
use crate::delivery::Deliveries;
use crate::follower::{self, Projection};
use crate::office::{DRAWN_MAX, Office};
use crate::readers::Readers;
use crate::writer::{self, WriterThread};
use crate::{portal, public, web_door};

const SWEEP_EVERY: Duration = Duration::from_secs(3_600);

/// A center that runs.
pub struct Server {
    pub office: Arc<Office>,
    pub web_address: SocketAddr,
    web: TaskHandle<Result<()>>,
    threads: Vec<JoinHandle<()>>,
}

impl Server {
    /// Opens the database and both doors.
    pub async fn start(config: Config, clock: Arc<dyn Clock>) -> Result<Self> {
        let (office, threads) = tokio::task::spawn_blocking(move || open(config, clock))
            .await
            .context("Opening the center")??;
        let listener = tokio::net::TcpListener::bind(office.config.web.address).await;
        let address = office.config.web.address;
        let listener = listener.with_context(|| format!("Listening on {address}"))?;
        let web_address = listener.local_addr()?;
        let router = web_door::router(Arc::clone(&office));
        let stopped = office.stopped();
        let web = tokio::spawn(async move {
            let served = axum::serve(listener, router).with_graceful_shutdown(stopped);
            served.await.context("Serving the web door")
        });
        drop(tokio::spawn(keep_house(Arc::clone(&office))));
        Ok(Self {
            office,
            web_address,
            web,
            threads,
        })
    }

    /// Lets no one in any more, waits for those inside, and closes the database.
    pub async fn stop(self) -> Result<()> {
        self.office.stopping.send_replace(true);
        self.web.await.context("Closing the web door")??;
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
