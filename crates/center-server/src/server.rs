//! 运行: opens everything in order, and closes it in the other.

use std::net::SocketAddr;
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::Duration;

use anyhow::{Context as _, Result, bail};
use center::{Center, LogMover, Rules};
use domain::calendar::WorkCalendar;
use domain::rule_set::RuleSets;
use tokio::sync::{broadcast, watch};
use tokio::task::JoinHandle as TaskHandle;

use crate::account::Accounts;
use crate::admin::socket;
use crate::authority::Authority;
use crate::blob::Blobs;
use crate::clock::Clock;
use crate::config::Config;
use crate::delivery::Deliveries;
use crate::door::{Door, Showing};
use crate::folder::FolderLock;
use crate::follower::{self, Projection};
use crate::office::{DRAWN_MAX, Office};
use crate::public::knowledge::PublicIndex;
use crate::readers::Readers;
use crate::recount::Recounts;
use crate::retention::{self, OrdersOver};
use crate::snapshot::Snapshot;
use crate::tally::TallyRows;
use crate::urging::UrgePoints;
use crate::writer::{self, WriterThread};
use crate::{desks_door, open311, outbox, portal, public, sharing, upstream, web_door, webhook};

const PACK_EVERY: Duration = Duration::from_secs(60);
const SWEEP_EVERY: Duration = Duration::from_secs(3_600);

/// By what the center decides besides its tables: it comes with the program.
pub(crate) fn rules() -> Rules {
    Rules {
        calendar: WorkCalendar::built_in(),
        rule_sets: RuleSets::built_in(),
    }
}

/// A center whose doors are shut: for commands while no other runs.
pub struct Core {
    pub office: Arc<Office>,
    threads: Vec<JoinHandle<()>>,
    log_mover: Option<LogMover>,
    locks: Vec<FolderLock>,
}

impl Core {
    /// Opens what the data folder has.
    pub async fn open(config: Config, clock: Arc<dyn Clock>) -> Result<Self> {
        let opening = tokio::task::spawn_blocking(move || open(config, clock));
        opening.await.context("Opening the center")?
    }

    /// Waits for what was begun, and closes the database.
    pub async fn close(self) -> Result<()> {
        let Self {
            office,
            threads,
            log_mover,
            locks,
        } = self;
        office.stopping.send_replace(true);
        let writer = office.writer.clone();
        let closing = tokio::task::spawn_blocking(move || {
            writer.stop();
            for ended in threads.into_iter().map(JoinHandle::join) {
                if ended.is_err() {
                    tracing::error!("A thread ended by a mistake of the program");
                }
            }
            office.readers.close();
            drop(log_mover);
            drop(locks);
        });
        closing.await.context("Closing the database")
    }
}

/// A center that runs.
pub struct Server {
    pub office: Arc<Office>,
    pub web_address: SocketAddr,
    pub desks_address: SocketAddr,
    core: Core,
    doors: Vec<Door>,
    commands: TaskHandle<Result<()>>,
}

impl Server {
    /// Opens the database and all doors.
    pub async fn start(config: Config, clock: Arc<dyn Clock>) -> Result<Self> {
        let mut core = Core::open(config, clock).await?;
        let office = Arc::clone(&core.office);
        // A command that is done alone sends nothing: whatever waits goes out when the doors are open.
        core.threads
            .push(outbox::sender::start(Arc::clone(&office))?);
        match open_doors(&office).await {
            Ok((web, desks, commands)) => {
                drop(tokio::spawn(keep_house(Arc::clone(&office))));
                drop(tokio::spawn(make_parts(Arc::clone(&office))));
                tracing::info!(web = %web.address, desks = %desks.address, "The center is open");
                Ok(Self {
                    office,
                    web_address: web.address,
                    desks_address: desks.address,
                    core,
                    doors: vec![web, desks],
                    commands,
                })
            }
            Err(error) => {
                core.close().await?;
                Err(error)
            }
        }
    }

    /// Lets no one in any more, waits for those inside, and closes the database.
    pub async fn stop(self) -> Result<()> {
        tracing::info!("The center is closing");
        self.office.stopping.send_replace(true);
        for door in self.doors {
            door.closed().await?;
        }
        self.commands.await.context("Closing the socket")??;
        drop(self.office);
        self.core.close().await?;
        tracing::info!("The center is closed");
        Ok(())
    }
}

type Doors = (Door, Door, TaskHandle<Result<()>>);

async fn open_doors(office: &Arc<Office>) -> Result<Doors> {
    let config = &office.config;
    let showing = match &config.web.certificate {
        Some(files) => Showing::office(files)?,
        None => Showing::Plain,
    };
    let router = web_door::router(Arc::clone(office))?;
    let web = Door::open(config.web.address, showing, router, office.stopped()).await?;
    let showing = Showing::Own(Arc::clone(&office.authority));
    let router = desks_door::router(Arc::clone(office));
    let desks = Door::open(config.desks.address, showing, router, office.stopped()).await?;
    let commands = socket::serve(office)?;
    Ok((web, desks, commands))
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
        match office.take_out_again().await {
            Ok(0) => {}
            Ok(n_again) => tracing::warn!(n_again, "What desks had brought again was taken out"),
            Err(error) => tracing::error!(
                error = format!("{error:#}"),
                "Nobody looked whether what was taken out has come back"
            ),
        }
        let blobs = Arc::clone(&office.blobs);
        let swept = tokio::task::spawn_blocking(move || blobs.sweep()).await;
        match swept.unwrap_or_else(|error| Err(error.into())) {
            Ok(n_removed) => tracing::debug!(n_removed, "Removed attachments that were given up"),
            Err(error) => {
                tracing::error!(error = format!("{error:#}"), "Attachments were not swept");
            }
        }
    }
}

/// Packs the feed for desks to come, as it grows.
async fn make_parts(office: Arc<Office>) {
    let mut head = office.head();
    loop {
        head.mark_unchanged();
        let is_more = match office.make_snapshot_parts().await {
            Ok(is_more) => is_more,
            Err(error) => {
                tracing::error!(
                    error = format!("{error:#}"),
                    "No part of the snapshot was made"
                );
                false
            }
        };
        if is_more && !office.is_stopping() {
            continue;
        }
        tokio::select! {
            () = tokio::time::sleep(PACK_EVERY) => {}
            () = office.stopped() => return,
        }
        tokio::select! {
            _news = head.changed() => {}
            () = office.stopped() => return,
        }
    }
}

fn open(config: Config, clock: Arc<dyn Clock>) -> Result<Core> {
    if !Authority::exists(&config.data) {
        bail!(
            "{} 里还没有中心，请先运行 hotline-center init",
            config.data.display()
        );
    }
    let Some(lock) = FolderLock::take(&config.data)? else {
        bail!("{} 已有中心在运行", config.data.display());
    };
    let database_lock = match config.database.file() {
        Some(file) => match FolderLock::take_database(file)? {
            Some(lock) => Some(lock),
            None => bail!("{} 已由另一个中心使用", file.display()),
        },
        // PostgreSQL is asked for a lock of its own, which goes with the connection.
        None => None,
    };
    let authority = Authority::open(&config.data)?;
    let blobs = Blobs::new(&config.data);
    let rules = rules();
    let (ledger, records) = config.database.open_writer()?;
    let log_mover = config.database.start_log_mover()?;
    let mut center = Center::open(ledger, rules.clone(), clock.now())?;
    retention::take_out_again(&mut center, &config.data, clock.now())?;
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
        blobs: Arc::new(blobs),
        snapshot: Snapshot::default(),
        tallies: Arc::default(),
        desks_seen: Mutex::default(),
        revoked: watch::Sender::new(0),
        knowledge: PublicIndex::default(),
        references,
        head,
        drawn_to,
        drawn: broadcast::Sender::new(DRAWN_MAX),
        is_follower_well: AtomicBool::new(true),
        stopping: watch::Sender::new(false),
    });
    let mut drawing = projections(&office.config)?;
    drawing.insert(0, Box::new(TallyRows::new(&office.tallies)));
    let follower = follower::start(Arc::clone(&office), drawing, tell_drawn_to)?;
    Ok(Core {
        office,
        threads: vec![thread, follower.thread],
        log_mover,
        locks: std::iter::once(lock).chain(database_lock).collect(),
    })
}

/// Deliveries come last: the units' rows are drawn with the same write.
fn projections(config: &Config) -> Result<Vec<Box<dyn Projection>>> {
    let mut all = portal::projections()?;
    all.extend(public::projections());
    all.extend(open311::projections());
    all.extend(sharing::projections());
    all.extend(upstream::projections(&config.upstream));
    all.extend(webhook::projections(&config.webhooks));
    all.push(Box::new(OrdersOver));
    all.push(Box::new(UrgePoints));
    all.push(Box::new(Recounts));
    all.push(Box::new(Deliveries));
    Ok(all)
}
