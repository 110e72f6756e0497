//! The one that writes. A thread owns the center and the records, so nothing else needs a lock.
//!
//! Jobs come by a bounded queue: when it is full the one who asks is told to come again, and no
//! memory grows. What can be planned together is committed together ([`center::Plan`]): the disk
//! syncs once for all who waited meanwhile, and each is answered after that.
//!
//! A fault while planning several jobs is found by planning each alone, so that one desk's bad luck
//! is not everybody's. A fault of the commit is everybody's: nothing was written, all are told so.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, RwLock};
use std::thread::JoinHandle;

use anyhow::{Context as _, Result, anyhow};
use center::{Acted, Center, Errand, Plan, Prepared, RecordChange, Records, Written};
use thiserror::Error;
use tokio::sync::{mpsc, oneshot, watch};
use wire::{Answer, Reference, References};

use crate::clock::Clock;
use crate::database::{AnyLedger, AnyRecords};

/// Jobs that wait at most.
pub const QUEUE_MAX: usize = 1_024;
/// Jobs in one commit at most.
const GROUP_JOBS_MAX: usize = 256;
/// Intents in one commit: no more jobs are added to a group that has as many.
const GROUP_INTENTS_MAX: usize = 1_000;

/// Why nothing was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum NotWritten {
    /// The queue is full: come again.
    #[error("too much is waiting to be written")]
    Busy,
    /// The details are in the log.
    #[error("it could not be written")]
    Fault,
    #[error("the center is stopping")]
    Stopping,
}

/// What the writer has, for jobs that are done alone.
pub struct Desk {
    pub center: Center<AnyLedger>,
    pub records: AnyRecords,
}

type Reply<T> = oneshot::Sender<Result<T, NotWritten>>;
type Alone = Box<dyn FnOnce(Result<&mut Desk, NotWritten>) -> Told + Send>;
/// Answers somebody. Done after everybody was told what is new, so that who is answered sees it.
type Told = Box<dyn FnOnce() + Send>;

enum Job {
    Push {
        push: Box<Prepared>,
        then: Then,
        reply: Reply<Answer>,
    },
    Act {
        errand: Box<Errand>,
        reply: Reply<Acted>,
    },
    Alone(Alone),
    Stop,
}

/// What becomes of a push.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Then {
    Decide,
    /// What a desk in quarantine hands over waits for people.
    Recover,
}

impl Job {
    fn n_intents(&self) -> usize {
        match self {
            Self::Push { push, .. } => push.n_intents(),
            Self::Act { .. } => 1,
            Self::Alone(_) | Self::Stop => 0,
        }
    }
}

/// Hands jobs to the writer's thread. Clones are handles to the same.
#[derive(Clone)]
pub struct Writer {
    jobs: mpsc::Sender<Job>,
}

/// An answer that will come once the job is on the disk.
#[must_use]
pub struct Pending<T>(oneshot::Receiver<Result<T, NotWritten>>);

impl<T> Pending<T> {
    pub async fn done(self) -> Result<T, NotWritten> {
        self.0.await.unwrap_or(Err(NotWritten::Stopping))
    }

    /// The same for a thread of its own.
    pub fn done_blocking(self) -> Result<T, NotWritten> {
        self.0.blocking_recv().unwrap_or(Err(NotWritten::Stopping))
    }
}

/// The thread, and what it tells all.
pub(crate) struct WriterThread {
    pub(crate) writer: Writer,
    /// The last entry of the feed.
    pub(crate) head: watch::Receiver<u64>,
    pub(crate) references: Arc<RwLock<Arc<References>>>,
    pub(crate) thread: JoinHandle<()>,
}

impl Writer {
    /// What a desk pushes.
    pub fn push(&self, push: Prepared) -> Result<Pending<Answer>, NotWritten> {
        self.hand_push(push, Then::Decide)
    }

    /// What a desk in quarantine hands over.
    pub fn recover(&self, push: Prepared) -> Result<Pending<Answer>, NotWritten> {
        self.hand_push(push, Then::Recover)
    }

    fn hand_push(&self, push: Prepared, then: Then) -> Result<Pending<Answer>, NotWritten> {
        let push = Box::new(push);
        self.hand(|reply| Job::Push { push, then, reply })
    }

    /// What a person without a desk does.
    pub fn act(&self, errand: Errand) -> Result<Pending<Acted>, NotWritten> {
        let errand = Box::new(errand);
        self.hand(|reply| Job::Act { errand, reply })
    }

    /// Records, all of them or none.
    pub fn write(&self, changes: Vec<RecordChange>) -> Result<Pending<Written>, NotWritten> {
        self.alone(move |desk| desk.records.write(&changes))
    }

    /// A table for all from here on.
    pub fn change_reference(
        &self,
        reference: Reference,
        clock: Arc<dyn Clock>,
    ) -> Result<Pending<()>, NotWritten> {
        self.alone(move |desk| desk.center.change_reference(&reference, clock.now()))
    }

    /// Whatever else is to be done with the center and the records, in its turn.
    pub fn alone<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Desk) -> Result<T> + Send + 'static,
    ) -> Result<Pending<T>, NotWritten> {
        self.hand(|reply| alone(reply, work))
    }

    /// The same as [`Writer::act`] for a thread of the center's own, which waits for its turn.
    pub(crate) fn act_waiting(&self, errand: Errand) -> Result<Pending<Acted>, NotWritten> {
        let errand = Box::new(errand);
        self.hand_waiting(|reply| Job::Act { errand, reply })
    }

    /// The same as [`Writer::alone`] for a thread of the center's own, which waits for its turn.
    pub(crate) fn alone_waiting<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Desk) -> Result<T> + Send + 'static,
    ) -> Result<Pending<T>, NotWritten> {
        self.hand_waiting(|reply| alone(reply, work))
    }

    /// The same as [`Writer::write`] for a thread of the center's own, which waits for its turn.
    pub(crate) fn write_waiting(
        &self,
        changes: Vec<RecordChange>,
    ) -> Result<Pending<Written>, NotWritten> {
        self.alone_waiting(move |desk| desk.records.write(&changes))
    }

    /// Jobs that wait.
    pub fn n_waiting(&self) -> usize {
        self.jobs.max_capacity() - self.jobs.capacity()
    }

    pub(crate) fn stop(&self) {
        // A writer that is gone has stopped.
        drop(self.jobs.blocking_send(Job::Stop));
    }

    fn hand<T>(&self, job: impl FnOnce(Reply<T>) -> Job) -> Result<Pending<T>, NotWritten> {
        let (reply, pending) = oneshot::channel();
        match self.jobs.try_send(job(reply)) {
            Ok(()) => Ok(Pending(pending)),
            Err(mpsc::error::TrySendError::Full(_)) => Err(NotWritten::Busy),
            Err(mpsc::error::TrySendError::Closed(_)) => Err(NotWritten::Stopping),
        }
    }

    fn hand_waiting<T>(&self, job: impl FnOnce(Reply<T>) -> Job) -> Result<Pending<T>, NotWritten> {
        let (reply, pending) = oneshot::channel();
        match self.jobs.blocking_send(job(reply)) {
            Ok(()) => Ok(Pending(pending)),
            Err(_closed) => Err(NotWritten::Stopping),
        }
    }
}

fn alone<T: Send + 'static>(
    reply: Reply<T>,
    work: impl FnOnce(&mut Desk) -> Result<T> + Send + 'static,
) -> Job {
    Job::Alone(Box::new(move |desk| {
        let done = desk.and_then(|desk| guarded(|| work(desk)));
        Box::new(move || drop(reply.send(done)))
    }))
}

/// Starts the thread over a center that is open.
pub(crate) fn start(
    center: Center<AnyLedger>,
    records: AnyRecords,
    clock: Arc<dyn Clock>,
) -> Result<WriterThread> {
    let (jobs, queue) = mpsc::channel(QUEUE_MAX);
    let (tell_head, head) = watch::channel(center.ledger().feed_end()?);
    let references = Arc::new(RwLock::new(Arc::new(center.references().clone())));
    let mut turn = Turn {
        desk: Desk { center, records },
        clock,
        tell_head,
        references: Arc::clone(&references),
    };
    let thread = std::thread::Builder::new()
        .name("writer".to_owned())
        .spawn(move || turn.run(queue))
        .context("Starting the writer")?;
    Ok(WriterThread {
        writer: Writer { jobs },
        head,
        references,
        thread,
    })
}

/// The writer's own side.
struct Turn {
    desk: Desk,
    clock: Arc<dyn Clock>,
    tell_head: watch::Sender<u64>,
    references: Arc<RwLock<Arc<References>>>,
}

/// What becomes of one job of a group.
enum Outcome {
    Answer(Answer),
    Acted(Acted),
}

impl Turn {
    fn run(&mut self, mut queue: mpsc::Receiver<Job>) {
        let mut next = queue.blocking_recv();
        while let Some(job) = next.take() {
            let told = match job {
                Job::Stop => break,
                Job::Alone(work) => {
                    let told = work(Ok(&mut self.desk));
                    self.tell_references();
                    vec![told]
                }
                Job::Push { .. } | Job::Act { .. } => {
                    let (group, after) = gather(job, &mut queue);
                    next = after;
                    self.settle(group)
                }
            };
            self.tell_head();
            for told in told {
                told();
            }
            if next.is_none() {
                next = queue.blocking_recv();
            }
        }
        queue.close();
        while let Ok(job) = queue.try_recv() {
            refuse(job, NotWritten::Stopping)();
        }
    }

    /// Decides a group and commits it as one; one by one where that gave a fault.
    fn settle(&mut self, group: Vec<Job>) -> Vec<Told> {
        let n_jobs = group.len();
        let clock = Arc::clone(&self.clock);
        match guarded(|| planned(&mut self.desk.center, &group, &*clock)) {
            Ok((outcomes, planned)) => {
                let committed = guarded(|| self.desk.center.commit(planned));
                let both = group.into_iter().zip(outcomes);
                both.map(|(job, outcome)| reply(job, committed.map(|()| outcome)))
                    .collect()
            }
            Err(_told) if n_jobs > 1 => {
                let alone = group.into_iter();
                alone.flat_map(|job| self.settle(vec![job])).collect()
            }
            Err(fault) => group.into_iter().map(|job| refuse(job, fault)).collect(),
        }
    }

    /// Tells where the feed ends now.
    fn tell_head(&self) {
        match self.desk.center.ledger().feed_end() {
            Ok(head) => {
                self.tell_head.send_if_modified(|told| {
                    let is_new = *told != head;
                    *told = head;
                    is_new
                });
            }
            Err(error) => tracing::error!(error = format!("{error:#}"), "The feed is not read"),
        }
    }

    /// Tells by which tables is decided now. What desks push never changes them.
    fn tell_references(&self) {
        let now = self.desk.center.references();
        let mut told = match self.references.write() {
            Ok(told) => told,
            Err(poisoned) => poisoned.into_inner(),
        };
        if **told != *now {
            *told = Arc::new(now.clone());
        }
    }
}

/// The job with those behind it that can be committed together, and the first that cannot.
fn gather(first: Job, queue: &mut mpsc::Receiver<Job>) -> (Vec<Job>, Option<Job>) {
    let mut n_intents = first.n_intents();
    let mut group = vec![first];
    while group.len() < GROUP_JOBS_MAX && n_intents < GROUP_INTENTS_MAX {
        match queue.try_recv() {
            Ok(job @ (Job::Push { .. } | Job::Act { .. })) => {
                n_intents += job.n_intents();
                group.push(job);
            }
            Ok(job @ (Job::Alone(_) | Job::Stop)) => return (group, Some(job)),
            Err(_empty_or_closed) => break,
        }
    }
    (group, None)
}

fn planned(
    center: &mut Center<AnyLedger>,
    group: &[Job],
    clock: &dyn Clock,
) -> Result<(Vec<Outcome>, center::Planned)> {
    let mut plan = center.plan()?;
    let outcomes: Result<Vec<Outcome>> = group
        .iter()
        .map(|job| decided(&mut plan, job, clock))
        .collect();
    Ok((outcomes?, plan.finish()))
}

fn decided(plan: &mut Plan<'_, AnyLedger>, job: &Job, clock: &dyn Clock) -> Result<Outcome> {
    let now = clock.now();
    match job {
        Job::Push { push, then, .. } => Ok(Outcome::Answer(match then {
            Then::Decide => plan.push(push, now)?,
            Then::Recover => plan.recover(push, now)?,
        })),
        Job::Act { errand, .. } => Ok(Outcome::Acted(plan.act(errand, now)?)),
        Job::Alone(_) | Job::Stop => Err(anyhow!("This job is not done in a group")),
    }
}

/// Whoever has gone meanwhile learns it from the feed.
fn reply(job: Job, outcome: Result<Outcome, NotWritten>) -> Told {
    match (job, outcome) {
        (Job::Push { reply, .. }, Ok(Outcome::Answer(answer))) => {
            Box::new(move || drop(reply.send(Ok(answer))))
        }
        (Job::Act { reply, .. }, Ok(Outcome::Acted(acted))) => {
            Box::new(move || drop(reply.send(Ok(acted))))
        }
        (job, Err(fault)) => refuse(job, fault),
        (job, Ok(_of_another)) => refuse(job, NotWritten::Fault),
    }
}

fn refuse(job: Job, fault: NotWritten) -> Told {
    match job {
        Job::Push { reply, .. } => Box::new(move || drop(reply.send(Err(fault)))),
        Job::Act { reply, .. } => Box::new(move || drop(reply.send(Err(fault)))),
        Job::Alone(work) => work(Err(fault)),
        Job::Stop => Box::new(|| ()),
    }
}

/// Runs a step; a fault and a panic are logged and told as one word. Nothing was committed then:
/// the center changes what it remembers only after its ledger has.
fn guarded<T>(step: impl FnOnce() -> Result<T>) -> Result<T, NotWritten> {
    match catch_unwind(AssertUnwindSafe(step)) {
        Ok(Ok(done)) => Ok(done),
        Ok(Err(error)) => {
            tracing::error!(error = format!("{error:#}"), "Nothing was written");
            Err(NotWritten::Fault)
        }
        Err(_panic) => {
            tracing::error!("A mistake of the program; nothing was written");
            Err(NotWritten::Fault)
        }
    }
}

/// Where a feed ends.
pub(crate) trait FeedEnd {
    fn feed_end(&self) -> Result<u64>;
}

impl FeedEnd for AnyLedger {
    fn feed_end(&self) -> Result<u64> {
        use center::Ledger as _;
        Ok(self.feed()?.end.seq)
    }
}
