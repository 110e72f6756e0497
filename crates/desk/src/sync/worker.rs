//! The threads that wait for the network. They hold no store: whatever takes long takes it from
//! nobody.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, Sender};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use audit::Claim;
use desk_sync::{Failure, Fetch, Fetched, RequestId};
use wire::{
    Answer, AuditCopied, AuditCopy, AuditKept, EnrolmentCode, Entry, Request, StoryRequest,
};

use super::access::CenterAccess;
use super::line::{Line, Network, NotMet};
use super::shown::NotEnrolled;

/// After the center could not be listened to. Losing news does no harm: the machine asks on its own.
const LISTEN_AGAIN_AFTER: Duration = Duration::from_secs(5);

/// What happened, for the thread that drives sync.
pub(crate) enum Event {
    Saved,
    Poked,
    /// 立即重试.
    RetryNow,
    Answered {
        id: RequestId,
        answer: Box<Answer>,
    },
    Fetched {
        id: RequestId,
        fetched: Fetched,
    },
    Failed {
        id: RequestId,
        failure: Failure,
    },
    /// The center is there and is the one that gave the code.
    Met {
        access: CenterAccess,
        line: Arc<dyn Line>,
        code: String,
    },
    NotMet {
        why: NotEnrolled,
    },
    /// What the center keeps of the chain of audit entries.
    AuditKept(AuditKept),
    /// How far it has the entries, after it was sent some.
    AuditCopied {
        /// The number of the first of them.
        first: u64,
        copied: AuditCopied,
    },
    /// What the center told of a story; `None` where it did not.
    StoryTold {
        subject: String,
        entries: Option<Vec<Entry>>,
    },
    Stop,
}

/// What is to be done over the network.
pub(crate) enum Errand {
    Ask {
        /// `None` for the line that is in use.
        line: Option<Arc<dyn Line>>,
        id: RequestId,
        request: Box<Request>,
    },
    Fetch {
        id: RequestId,
        fetch: Fetch,
    },
    Meet {
        address: String,
        code: EnrolmentCode,
    },
    /// Where the chain of audit entries ends.
    KeepAudit(Claim),
    /// Entries of it.
    CopyAudit(AuditCopy),
    /// 调阅 of an order's story.
    Story {
        subject: String,
    },
    /// Listen on this one from now on.
    Listen(Arc<dyn Line>),
}

/// The line that is in use, for whoever has something to ask.
#[derive(Clone, Default)]
pub(crate) struct CurrentLine(Arc<Mutex<Option<Arc<dyn Line>>>>);

impl CurrentLine {
    pub(crate) fn get(&self) -> Option<Arc<dyn Line>> {
        let line = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        line.as_ref().map(Arc::clone)
    }

    pub(super) fn set(&self, line: Arc<dyn Line>) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(line);
    }
}

/// Does errands in turn until nobody gives any.
pub(super) struct Worker {
    pub(super) network: Arc<dyn Network>,
    pub(super) current: CurrentLine,
    pub(super) events: Sender<Event>,
    pub(super) listener: Listener,
}

impl Worker {
    pub(super) fn run(mut self, errands: &Receiver<Errand>) {
        while let Ok(errand) = errands.recv() {
            let is_heard = match errand {
                Errand::Ask { line, id, request } => {
                    let line = line.or_else(|| self.current.get());
                    let answer = line.map_or(Err(Failure::Offline), |line| line.ask(&request));
                    self.events.send(match answer {
                        Ok(answer) => Event::Answered {
                            id,
                            answer: Box::new(answer),
                        },
                        Err(failure) => Event::Failed { id, failure },
                    })
                }
                Errand::Fetch { id, fetch } => {
                    let line = self.current.get();
                    let fetched = line.map_or(Err(Failure::Offline), |line| line.fetch(fetch));
                    self.events.send(match fetched {
                        Ok(fetched) => Event::Fetched { id, fetched },
                        Err(failure) => Event::Failed { id, failure },
                    })
                }
                Errand::KeepAudit(claim) => {
                    let kept = self.current.get().map(|line| line.keep_audit(&claim));
                    match kept {
                        Some(Ok(Some(kept))) => self.events.send(Event::AuditKept(kept)),
                        // Told again in a while.
                        Some(Ok(None) | Err(_)) | None => Ok(()),
                    }
                }
                Errand::CopyAudit(copy) => {
                    let copied = self.current.get().map(|line| line.copy_audit(&copy));
                    match copied {
                        Some(Ok(Some(copied))) => {
                            let first = copy.links.first().map_or(0, |it| it.n);
                            self.events.send(Event::AuditCopied { first, copied })
                        }
                        Some(Ok(None) | Err(_)) | None => Ok(()),
                    }
                }
                Errand::Story { subject } => {
                    let request = StoryRequest { subject };
                    let told = self.current.get().map(|line| line.story(&request));
                    let entries = match told {
                        Some(Ok(Some(told))) => Some(told.entries),
                        Some(Ok(None) | Err(_)) | None => None,
                    };
                    let subject = request.subject;
                    self.events.send(Event::StoryTold { subject, entries })
                }
                Errand::Meet { address, code } => self.events.send(self.meet(&address, &code)),
                Errand::Listen(line) => {
                    self.listener.listen(line, self.events.clone());
                    Ok(())
                }
            };
            if is_heard.is_err() {
                return;
            }
        }
    }

    fn meet(&self, address: &str, code: &EnrolmentCode) -> Event {
        let why = match self.network.meet(address, code) {
            Ok(authority) => match self.candidate(address, authority) {
                Ok((access, line)) => {
                    let code = code.secret.clone();
                    return Event::Met { access, line, code };
                }
                Err(error) => {
                    tracing::error!(error = format!("{error:#}"), "no line to the center");
                    NotEnrolled::Fault
                }
            },
            Err(NotMet::Unreachable) => NotEnrolled::Unreachable,
            Err(NotMet::NotOfTheCode) => NotEnrolled::NotOfTheCode,
        };
        Event::NotMet { why }
    }

    fn candidate(
        &self,
        address: &str,
        authority: String,
    ) -> anyhow::Result<(CenterAccess, Arc<dyn Line>)> {
        let access = CenterAccess::new(address, authority)?;
        let line = self.network.line(&access)?;
        Ok((access, line))
    }
}

/// Listens for news on a thread of its own; on one line at a time.
#[derive(Default)]
pub(super) struct Listener {
    is_over: Arc<AtomicBool>,
}

impl Listener {
    pub(super) fn listen(&mut self, line: Arc<dyn Line>, events: Sender<Event>) {
        self.is_over.store(true, Ordering::Relaxed);
        self.is_over = Arc::default();
        let is_over = Arc::clone(&self.is_over);
        let listening = std::thread::Builder::new().name("news".to_owned());
        let started = listening.spawn(move || {
            while !is_over.load(Ordering::Relaxed) {
                match line.await_news() {
                    Ok(()) if events.send(Event::Poked).is_err() => return,
                    Ok(()) => {}
                    Err(_cut) => std::thread::park_timeout(LISTEN_AGAIN_AFTER),
                }
            }
        });
        if let Err(error) = started {
            tracing::error!(%error, "nobody listens for news");
        }
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        self.is_over.store(true, Ordering::Relaxed);
    }
}
