//! The state machine. Control flow stands here; what an answer means stands in [`answer`], what to
//! ask next in [`ask`], how a desk far behind catches up in [`snapshot`], and how both sides are held
//! against each other in [`verify`].

mod answer;
mod ask;
mod snapshot;
mod verify;

use anyhow::Result;
use chrono::{DateTime, Utc};
use wire::{
    Answer, Cursor, DeskMoment, Hash, Head, Request, SnapshotManifest, SnapshotPart, TooOld,
    Verification, VerifyRequest,
};

use crate::backoff::Backoff;
use crate::ledger::{Change, DeskLedger};

pub use self::snapshot::Progress;

use self::snapshot::Snapshot;
use self::verify::Verifying;

/// Which question an answer belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RequestId(pub u64);

/// Both clocks of the desk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeskNow {
    pub time: DateTime<Utc>,
    pub moment: DeskMoment,
}

/// What happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Input {
    /// The program has started.
    Started,
    /// An intent was saved.
    Saved,
    /// The center says there is news. Losing it does no harm.
    Poked,
    /// The timer that was set last went off.
    TimerFired,
    Answered {
        id: RequestId,
        answer: Box<Answer>,
    },
    /// What [`Output::Fetch`] asked for.
    Fetched {
        id: RequestId,
        fetched: Fetched,
    },
    /// No answer will come.
    Failed {
        id: RequestId,
        failure: Failure,
    },
    /// The change is on the disk.
    Committed,
    /// It is not, and nothing of it is.
    CommitFailed,
    /// Somebody typed a code to enrol this desk.
    EnrolWith {
        code: String,
        machine: String,
    },
}

/// A file of the center's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fetch {
    /// 快照: which parts there are.
    Manifest,
    /// A part of it, from a byte on.
    Part { nth: u64, from_byte: u64 },
    /// 核对: whether the center has the same there.
    Verify(VerifyRequest),
}

/// What was fetched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fetched {
    Manifest(Box<SnapshotManifest>),
    /// From the byte that was asked for, as far as they came before the line was cut.
    Bytes(Vec<u8>),
    Verified(Verification),
    /// The center has no such thing.
    NotThere,
}

/// Why a question was not answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Failure {
    /// 离线.
    Offline,
    /// No answer within the time set for it.
    TimedOut,
    /// Something answered that is no center, or could not be read.
    Unreadable,
    /// 未获准: the center was reached and does not know this desk, or has struck it off.
    NotAdmitted,
}

/// What is to be done, in this order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Output {
    Send {
        id: RequestId,
        request: Box<Request>,
    },
    /// Fetch, and hand over what came as [`Input::Fetched`].
    Fetch {
        id: RequestId,
        fetch: Fetch,
    },
    /// Commit, and say how it went. Always the last.
    Commit(Change),
    /// Takes the place of the timer set before.
    SetTimer {
        after_ms: u64,
    },
    Tell(Notice),
}

/// What people should know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Notice {
    /// 在线.
    Online,
    /// 离线.
    Offline { failure: Failure },
    /// 需要升级.
    TooOld { who: TooOld },
    /// 未登记或已注销.
    Unauthorised,
    /// 时钟偏差: so far ahead of the center's, or behind.
    ClockOff { skew_ms: i64 },
    /// 中心已恢复备份: what the center lost is sent again.
    CenterRestored { epoch: u64, taken_back: u64 },
    /// 本机已恢复到较早日期; its own intents come back from the center.
    DeskRestored { n_intents: u64 },
    /// 本机已隔离: two desks go by one number.
    Quarantined,
    /// 已登记.
    Enrolled,
    /// 中心缺失: intents that the center lacks and this desk has forgotten.
    Missing { from: u64 },
    /// 核对不一致: what was made of the feed up to there is not what the center made of it.
    Differs { seq: u64 },
    /// It was drawn anew, and is the same.
    SameAgain { seq: u64 },
    /// 中心不接受: a mistake in one of the two programs.
    Malformed { because: String },
    /// 本机存储出错.
    StoreFailed,
}

/// How long and how much.
#[derive(Debug, Clone, Copy)]
pub struct Settings {
    /// An answer that takes longer does not come.
    pub answer_within_ms: u64,
    /// How often to ask for news unasked.
    pub poll_every_ms: u64,
    /// How often to say hello, and measure the clock.
    pub hello_every_ms: u64,
    pub retry_first_ms: u64,
    pub retry_longest_ms: u64,
    /// How often to try again what only people can change.
    pub stuck_retry_ms: u64,
    /// A clock that is off by so much is told.
    pub skew_told_ms: u64,
    pub page_entries_max: usize,
    /// Who is so many entries behind asks for the snapshot.
    pub snapshot_from_entries: u64,
    /// Entries of a part that are committed at a time.
    pub part_entries_at_once: usize,
    /// Orders, articles and tasks that are drawn at a time after the parts.
    pub drawn_at_once: usize,
    /// How often to hold what is here against the center.
    pub verify_every_ms: u64,
}

impl Settings {
    /// Those of a county.
    pub const COUNTY: Self = Self {
        answer_within_ms: 30_000,
        poll_every_ms: 30_000,
        hello_every_ms: 900_000,
        retry_first_ms: 1_000,
        retry_longest_ms: 60_000,
        stuck_retry_ms: 600_000,
        skew_told_ms: 60_000,
        page_entries_max: wire::limit::PAGE_ENTRIES_MAX,
        snapshot_from_entries: wire::limit::SNAPSHOT_PART_ENTRIES as u64,
        part_entries_at_once: 3_000,
        drawn_at_once: 500,
        verify_every_ms: 3_600_000,
    };
}

/// 同步.
#[derive(Debug)]
pub struct Sync {
    settings: Settings,
    backoff: Backoff,
    state: State,
    n_requests: u64,
    /// What the center said last; `None` until it has said hello.
    known: Option<Known>,
    skew_ms: Option<i64>,
    last_hello_ms: u64,
    is_online: bool,
    /// An intent whose like the center has under the same number: pushing it makes the center see.
    suspect: Option<u64>,
    enrolment: Option<(String, String)>,
    /// The center does not know this desk: it was put back to before the enrolment, or somebody has
    /// struck the desk off.
    is_unknown: bool,
    snapshot: Option<Snapshot>,
    verifying: Verifying,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum State {
    /// Nothing to do until the timer or an intent.
    Resting,
    /// Something went wrong; nothing but the timer counts.
    Waiting,
    Asking {
        id: RequestId,
        asked: Asked,
    },
    Committing,
}

/// Which question is open.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Asked {
    Enrol,
    Hello { sent: DeskNow },
    Push,
    Recover,
    Pull,
    Recall,
    Manifest,
    Part { part: SnapshotPart, from_byte: u64 },
    Verify { at: Cursor },
}

/// What is known of the center.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Known {
    protocol: u32,
    epoch: u64,
    /// Where the center has this desk's chain end.
    head: Head,
    /// Where the feed ended when the center last spoke.
    feed: Cursor,
    /// Whether there may be entries that this desk has not read.
    is_behind: bool,
    /// Whether what waits in quarantine was handed over since the last news.
    is_handed_over: bool,
    /// The center has no parts that would be of use here.
    is_without_snapshot: bool,
}

impl Sync {
    /// `seed` is random for each desk.
    pub fn new(settings: Settings, seed: u64) -> Self {
        Self {
            settings,
            backoff: Backoff::new(settings.retry_first_ms, settings.retry_longest_ms, seed),
            state: State::Resting,
            n_requests: 0,
            known: None,
            skew_ms: None,
            last_hello_ms: 0,
            is_online: false,
            suspect: None,
            enrolment: None,
            is_unknown: false,
            snapshot: None,
            verifying: Verifying::default(),
        }
    }

    /// How far the desk's clock was ahead at the last hello, for the intents to come.
    pub fn skew_ms(&self) -> Option<i64> {
        self.skew_ms
    }

    pub fn is_online(&self) -> bool {
        self.is_online
    }

    /// Takes what happened and says what is to be done.
    pub fn handle(&mut self, input: Input, now: &DeskNow, ledger: &impl DeskLedger) -> Vec<Output> {
        match self.react(input, now, ledger) {
            Ok(outputs) => outputs,
            Err(_unreadable) => {
                let mut outputs = vec![Output::Tell(Notice::StoreFailed)];
                outputs.extend(self.wait());
                outputs
            }
        }
    }

    fn react(
        &mut self,
        input: Input,
        now: &DeskNow,
        ledger: &impl DeskLedger,
    ) -> Result<Vec<Output>> {
        match (input, &self.state) {
            (Input::EnrolWith { code, machine }, _) => {
                self.enrolment = Some((code, machine));
                match self.state {
                    State::Resting | State::Waiting => self.ask_next(now, ledger),
                    State::Asking { .. } | State::Committing => Ok(Vec::new()),
                }
            }
            (Input::Started, _)
            | (Input::Saved, State::Resting)
            | (Input::Committed, State::Committing) => self.ask_next(now, ledger),
            (Input::Poked, State::Resting)
            | (Input::TimerFired, State::Resting | State::Waiting) => {
                self.expect_news();
                self.ask_next(now, ledger)
            }
            (Input::TimerFired, State::Asking { .. }) => self.fail(Failure::TimedOut, ledger),
            (Input::Answered { id, answer }, State::Asking { id: open, asked }) if id == *open => {
                let asked = asked.clone();
                self.answered(*answer, &asked, now, ledger)
            }
            (Input::Fetched { id, fetched }, State::Asking { id: open, asked }) if id == *open => {
                let asked = asked.clone();
                let mut outputs = self.reached();
                outputs.extend(self.fetched(fetched, &asked, now, ledger)?);
                Ok(outputs)
            }
            (Input::Failed { id, failure }, State::Asking { id: open, .. }) if id == *open => {
                self.fail(failure, ledger)
            }
            (Input::CommitFailed, State::Committing) => {
                let mut outputs = vec![Output::Tell(Notice::StoreFailed)];
                outputs.extend(self.wait());
                Ok(outputs)
            }
            // Late, twice, or of no concern now: the state knows what it waits for.
            (
                Input::Saved
                | Input::Poked
                | Input::TimerFired
                | Input::Answered { .. }
                | Input::Fetched { .. }
                | Input::Failed { .. }
                | Input::Committed
                | Input::CommitFailed,
                _,
            ) => Ok(Vec::new()),
        }
    }

    fn expect_news(&mut self) {
        if let Some(known) = &mut self.known {
            known.is_behind = true;
        }
    }

    /// The center was reached.
    fn reached(&mut self) -> Vec<Output> {
        if std::mem::replace(&mut self.is_online, true) {
            return Vec::new();
        }
        vec![Output::Tell(Notice::Online)]
    }

    /// The center was not reached: say hello when it is. What is here is drawn meanwhile.
    fn fail(&mut self, failure: Failure, ledger: &impl DeskLedger) -> Result<Vec<Output>> {
        self.known = None;
        let mut outputs = Vec::new();
        if self.is_online || self.backoff.n_failures() == 0 {
            outputs.push(Output::Tell(Notice::Offline { failure }));
        }
        self.is_online = false;
        outputs.extend(self.wait());
        if ledger.position()?.is_undrawn {
            outputs.push(self.draw());
        }
        Ok(outputs)
    }

    fn draw(&mut self) -> Output {
        let n_max = self.settings.drawn_at_once;
        self.commit(Change::Draw { n_max })
    }

    /// Tries again later, by a timer that needs nothing else to happen.
    fn wait(&mut self) -> Vec<Output> {
        let after_ms = self.backoff.next_ms();
        self.wait_for(after_ms)
    }

    fn wait_for(&mut self, after_ms: u64) -> Vec<Output> {
        self.state = State::Waiting;
        vec![Output::SetTimer { after_ms }]
    }

    fn rest(&mut self) -> Vec<Output> {
        self.state = State::Resting;
        vec![Output::SetTimer {
            after_ms: self.settings.poll_every_ms,
        }]
    }

    fn commit(&mut self, change: Change) -> Output {
        self.state = State::Committing;
        Output::Commit(change)
    }

    fn send(&mut self, asked: Asked, request: Request) -> Vec<Output> {
        let (timer, id) = self.open(asked);
        let request = Box::new(request);
        vec![timer, Output::Send { id, request }]
    }

    fn fetch(&mut self, asked: Asked, fetch: Fetch) -> Vec<Output> {
        let (timer, id) = self.open(asked);
        vec![timer, Output::Fetch { id, fetch }]
    }

    fn open(&mut self, asked: Asked) -> (Output, RequestId) {
        self.n_requests += 1;
        let id = RequestId(self.n_requests);
        self.state = State::Asking { id, asked };
        let after_ms = self.settings.answer_within_ms;
        (Output::SetTimer { after_ms }, id)
    }
}

impl Known {
    /// Whether the center has at the end of its chain what stands there in the desk's.
    fn agrees_with(&self, own: Option<Hash>) -> bool {
        self.head.number == 0 || own.is_none_or(|hash| hash == self.head.hash)
    }
}
