//! Drives the state machine: hands it what happened, does what it says, in order. The network is
//! waited for on another thread, and what the store is asked for is done here: no window waits for
//! either.

use std::panic::AssertUnwindSafe;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender};
use std::sync::{Arc, Weak};
use std::time::{Duration, Instant};

use anyhow::Context as _;
use desk_store::{
    MetaKey, Presence, PresenceEntry, Store, StoreFault, SyncLedger, Touched, Writer,
};
use desk_sync::{Change, DeskLedger as _, DeskNow, Input, Notice, Output, RequestId, Sync};
use domain::{Actor, ActorId};
use wire::{Answer, DISPATCH_CATALOGUE, DeskMoment, Request, StaffMember};

use super::access::CenterAccess;
use super::audit_anchor;
use super::folding::Folding;
use super::line::{Line, Network};
use super::put_away::{self, PuttingAway};
use super::redraw::{Drawing, Tables};
use super::shown::{Alert, Enrolling, NotEnrolled, Shown};
use super::worker::{CurrentLine, Errand, Event};
use crate::clock::Clock;
use crate::office::Office;

/// What a page of the feed may change.
const FED: &[&str] = &[
    "work_orders",
    "knowledge",
    "kb_care",
    "supervision",
    "assessment",
    "dossiers",
    "early_warnings",
    "conflicts",
    "status",
    "sync",
];
const TOLD: &[&str] = &["app", "status", "sync"];
/// What an amendment of the dispatch catalogue changes besides.
const AMENDED: &[&str] = &["catalogue", "listening"];
/// How often the center is told of the audit: what is shown to people is in it and in nothing that is pushed.
const AUDIT_EACH: Duration = Duration::from_secs(20);
/// While much is drawn, windows are told each time so much more is.
const DRAWN_TOLD_EACH: u64 = 5_000;

pub(crate) struct Driver {
    pub(super) machine: Sync,
    pub(super) store: Arc<Store>,
    pub(super) clock: Arc<dyn Clock>,
    /// Random for each start.
    pub(super) run: String,
    pub(super) drawing: Drawing,
    pub(super) folding: Folding,
    pub(super) tables: Arc<Tables>,
    pub(super) shown: Arc<Shown>,
    pub(super) errands: Sender<Errand>,
    pub(super) network: Arc<dyn Network>,
    pub(super) current: CurrentLine,
    pub(super) office: Weak<Office>,
    /// A center that was met and has not enrolled this desk yet.
    pub(super) candidate: Option<(CenterAccess, Arc<dyn Line>)>,
    pub(super) timer_at_ms: Option<u64>,
    /// The question that is under way.
    pub(super) open: Option<RequestId>,
    /// The last question that asked for 登记.
    pub(super) enrolment: Option<RequestId>,
    /// The number of the last audit entry that the center is known to have, in this run.
    pub(super) audit_copied: u64,
    /// 本机保留, as the center said in this run; `None` before, and where nothing is put away.
    pub(super) keep_days: Option<u32>,
    /// The desk is being closed: a snapshot goes on after the next start.
    pub(super) is_over: Arc<AtomicBool>,
}

impl Driver {
    /// Until the desk is closed.
    pub(super) fn run(mut self, events: &Receiver<Event>) {
        self.take(Input::Started);
        let mut audit_told = Instant::now();
        let mut putting_away = PuttingAway::default();
        loop {
            let timer = self.wait_ms().map(Duration::from_millis);
            let is_timer_first = timer.is_some_and(|timer| timer <= AUDIT_EACH);
            let wait = timer.filter(|_| is_timer_first).unwrap_or(AUDIT_EACH);
            match events.recv_timeout(wait) {
                Ok(Event::Stop) | Err(RecvTimeoutError::Disconnected) => return,
                Ok(event) => self.react(event),
                Err(RecvTimeoutError::Timeout) if is_timer_first => {
                    self.timer_at_ms = None;
                    self.open = None;
                    self.take(Input::TimerFired);
                }
                Err(RecvTimeoutError::Timeout) => {}
            }
            if self.machine.is_online() && audit_told.elapsed() >= AUDIT_EACH {
                audit_told = Instant::now();
                audit_anchor::tell(&self);
                putting_away.go_on(&mut self);
            }
        }
    }

    fn wait_ms(&self) -> Option<u64> {
        let at_ms = self.timer_at_ms?;
        Some(at_ms.saturating_sub(self.clock.uptime_ms()))
    }

    fn now(&self) -> DeskNow {
        DeskNow {
            time: self.clock.now(),
            moment: DeskMoment {
                run: self.run.clone(),
                ms: self.clock.uptime_ms(),
            },
        }
    }

    pub(super) fn react(&mut self, event: Event) {
        match event {
            Event::Saved => self.take(Input::Saved),
            Event::Poked => self.take(Input::Poked),
            // What is under way is answered or given up in its own time.
            Event::RetryNow if self.open.is_none() => self.take(Input::TimerFired),
            Event::Failed { id, failure } => {
                self.settled(id);
                if self.is_enrolling() {
                    // Tried again all the same; the person may try another way meanwhile.
                    self.show_not_enrolled(NotEnrolled::Unreachable);
                }
                self.take(Input::Failed { id, failure });
            }
            Event::Answered { id, answer } => {
                self.settled(id);
                self.answered(id, answer);
            }
            Event::Fetched { id, fetched } => {
                self.settled(id);
                let now = self.clock.now();
                self.shown.change(|known| known.last_contact = Some(now));
                self.take(Input::Fetched { id, fetched });
            }
            Event::Met { access, line, code } => {
                self.candidate = Some((access, line));
                let machine = machine_name();
                self.take(Input::EnrolWith { code, machine });
            }
            Event::NotMet { why } => self.not_enrolled(why),
            Event::AuditKept(kept) => audit_anchor::take(self, kept),
            Event::AuditCopied { first, copied } => {
                audit_anchor::take_copied(self, first, copied);
            }
            Event::StoryTold { subject, entries } => {
                put_away::take_back(self, &subject, entries);
            }
            Event::RetryNow | Event::Stop => {}
        }
        self.shown.change(|known| {
            known.is_online = self.machine.is_online();
            known.skew_ms = self.machine.skew_ms();
        });
    }

    fn answered(&mut self, id: RequestId, answer: Box<Answer>) {
        let now = self.clock.now();
        // One that was struck off may hear so once more of what was asked before the code was typed.
        let is_to_enrolment = self.enrolment == Some(id);
        match &*answer {
            Answer::Greeting(greeting) => {
                self.keep_days = greeting.keep_days;
                let was_struck_off = self.shown.get().is_struck_off();
                self.shown.change(|known| known.greeted(now));
                if was_struck_off {
                    self.note_struck_off(None);
                }
                self.note_contact();
                self.bring_files();
                audit_anchor::tell(self);
            }
            Answer::Enrolled(enrolled) => {
                if let Some((access, _)) = &mut self.candidate {
                    access.certificate.clone_from(&enrolled.certificate);
                }
            }
            Answer::Unauthorised if is_to_enrolment => {
                self.not_enrolled(NotEnrolled::CodeNotGood);
            }
            Answer::TooOld { who } if is_to_enrolment => {
                self.not_enrolled(NotEnrolled::TooOld(*who));
            }
            Answer::Malformed { because } => tracing::error!(because, "the center refuses"),
            Answer::Pushed(_) => audit_anchor::tell(self),
            Answer::Gap { .. }
            | Answer::Page(_)
            | Answer::Rewind(_)
            | Answer::Recalled(_)
            | Answer::Quarantined(_)
            | Answer::TooOld { .. }
            | Answer::Unauthorised
            | Answer::Busy { .. } => {}
        }
        self.shown.change(|known| known.last_contact = Some(now));
        self.take(Input::Answered { id, answer });
    }

    /// Known over a restart: whoever cut the line then gets no further.
    fn note_struck_off(&self, at: Option<chrono::DateTime<chrono::Utc>>) {
        if let Err(error) = keep_struck_off(&self.store, at) {
            tracing::error!(%error, "how the desk stands with the center was not kept");
        }
    }

    /// The windows hear that what they show of the line has changed.
    pub(super) fn tell_line(&self) {
        self.tell(TOLD);
    }

    fn is_enrolling(&self) -> bool {
        let enrolling = self.shown.get().enrolling;
        self.candidate.is_some() && matches!(enrolling, Enrolling::Under { .. })
    }

    fn settled(&mut self, id: RequestId) {
        self.open = self.open.filter(|open| *open != id);
    }

    fn not_enrolled(&mut self, why: NotEnrolled) {
        self.candidate = None;
        self.show_not_enrolled(why);
    }

    fn show_not_enrolled(&self, why: NotEnrolled) {
        self.shown.change(|known| {
            if let Enrolling::Under { address } = &known.enrolling {
                let address = address.clone();
                known.enrolling = Enrolling::Failed { address, why };
            }
        });
        self.tell(TOLD);
    }

    /// Hands one thing that happened to the machine, and does what it says until it waits.
    pub(super) fn take(&mut self, input: Input) {
        let mut next = Some(input);
        while let Some(input) = next.take() {
            let now = self.now();
            let ledger = SyncLedger::new(&self.store, |_: &mut Writer, _: &mut Touched| Ok(()));
            for output in self.machine.handle(input, &now, &ledger) {
                match output {
                    Output::Send { id, request } => {
                        self.open = Some(id);
                        self.send(id, request);
                    }
                    Output::Fetch { id, fetch } => {
                        self.open = Some(id);
                        self.give(Errand::Fetch { id, fetch });
                    }
                    Output::SetTimer { after_ms } => {
                        self.timer_at_ms = Some(now.moment.ms.saturating_add(after_ms));
                    }
                    Output::Tell(notice) => self.hear(&notice),
                    Output::Commit(change) => {
                        next = Some(if self.commit(&change) {
                            Input::Committed
                        } else {
                            Input::CommitFailed
                        });
                    }
                }
            }
            self.shown
                .change(|known| known.snapshot = self.machine.progress());
            if self.is_over.load(Ordering::Relaxed) {
                return;
            }
        }
    }

    fn send(&mut self, id: RequestId, request: Box<Request>) {
        if matches!(*request, Request::Enrol(_)) {
            self.enrolment = Some(id);
        }
        let candidate = match (&*request, &self.candidate) {
            (Request::Enrol(_), Some((_, line))) => Some(Arc::clone(line)),
            (_, _) => None,
        };
        let errand = Errand::Ask {
            line: candidate,
            id,
            request,
        };
        self.give(errand);
    }

    fn give(&self, errand: Errand) {
        if self.errands.send(errand).is_err() {
            tracing::error!("the thread that waits for the center is gone");
        }
    }

    fn hear(&self, notice: &Notice) {
        if let Notice::Differs { seq } = notice {
            tracing::error!(
                seq,
                "what is drawn here is not what the center made of the feed"
            );
        }
        tracing::info!(?notice, "sync");
        let now = self.clock.now();
        if matches!(notice, Notice::Unauthorised) {
            self.note_struck_off(Some(now));
        }
        self.shown.change(|known| known.hear(notice, now));
        self.tell(TOLD);
    }

    /// Commits a change, and whatever it changes in the lists, in one transaction.
    fn commit(&mut self, change: &Change) -> bool {
        // A story that cannot be folded was written by a broken center; the desk goes on without.
        let committed = std::panic::catch_unwind(AssertUnwindSafe(|| self.commit_and_draw(change)));
        let is_of_parts = matches!(change, Change::Part { .. } | Change::Draw { .. });
        if !is_of_parts || !matches!(committed, Ok(Ok(()))) {
            self.folding.forget();
        }
        match committed {
            Ok(Ok(())) => {
                self.shown
                    .change(|known| known.alerts.remove(&Alert::StoreFailed));
                true
            }
            Ok(Err(error)) => {
                tracing::error!(
                    error = format!("{error:#}"),
                    "a change of sync was not kept"
                );
                false
            }
            Err(_panic) => {
                tracing::error!("a change of sync could not be drawn");
                false
            }
        }
    }

    fn commit_and_draw(&mut self, change: &Change) -> anyhow::Result<()> {
        let access = match (change, &self.candidate) {
            (Change::Enrolled { .. }, Some((access, _))) => Some(access.clone()),
            (_, _) => None,
        };
        let now = self.clock.now();
        let mut drawn_by = Arc::clone(&self.tables);
        let mut n_drawn = 0;
        let mut is_amended = false;
        let (drawing, folding) = (&self.drawing, &mut self.folding);
        let mut ledger = SyncLedger::new(&self.store, |writer, touched| {
            if let Some(access) = &access {
                keep_access(writer, access, now)?;
            }
            if touched.references {
                drawn_by = Arc::new(read_tables(writer)?);
            }
            n_drawn = touched.subjects.len() as u64 + u64::from(touched.references);
            is_amended = touched.subjects.iter().any(|it| it == DISPATCH_CATALOGUE);
            drawing.redraw_parts(writer, touched, folding, &drawn_by)
        });
        if let Change::Part { .. } | Change::Page { .. } = change {
            self.store
                .expect_much(matches!(change, Change::Part { .. }))?;
        }
        ledger.commit(change)?;
        let has_new_tables = !Arc::ptr_eq(&drawn_by, &self.tables);
        self.tables = Arc::clone(&drawn_by);
        if let Some(access) = access {
            self.enrolled(&access)?;
        }
        let Some(office) = self.office.upgrade() else {
            return Ok(());
        };
        if has_new_tables {
            office.take_tables(&drawn_by);
        }
        if is_amended {
            office.take_catalogue()?;
            office.tell_changed(AMENDED);
        }
        match change {
            Change::Draw { .. } => self.tell_drawn(&office, n_drawn)?,
            Change::Part { .. } => office.tell_changed(TOLD),
            Change::Page { .. }
            | Change::Durable { .. }
            | Change::Rewind { .. }
            | Change::Recalled { .. }
            | Change::Quarantined
            | Change::Enrolled { .. }
            | Change::DrawAnew => {
                if n_drawn > 0 {
                    office.catch_up();
                    office.tell_changed(FED);
                }
            }
        }
        Ok(())
    }

    /// Windows look again now and then, and when all is drawn.
    fn tell_drawn(&self, office: &Office, n_more: u64) -> anyhow::Result<()> {
        let is_undrawn = self
            .store
            .read(|reader| Ok(reader.sync_position()?.is_undrawn))?;
        if !is_undrawn {
            self.store.expect_much(false)?;
        }
        let is_told = self.shown.change(|known| {
            let before = known.n_drawn.unwrap_or(0);
            let now = before + n_more;
            known.n_drawn = is_undrawn.then_some(now);
            !is_undrawn || before / DRAWN_TOLD_EACH != now / DRAWN_TOLD_EACH
        });
        if is_told {
            office.catch_up();
            office.tell_changed(FED);
        }
        Ok(())
    }

    /// 已登记: from now on over the line that shows the desk's own certificate. Everything is in its
    /// place before anybody is told: people sign in at once.
    fn enrolled(&mut self, access: &CenterAccess) -> anyhow::Result<()> {
        self.candidate = None;
        let desk = self.store.read(|reader| Ok(reader.sync_position()?.desk))?;
        let line = self.network.line(access)?;
        self.current.set(Arc::clone(&line));
        let errand = Errand::Listen(line);
        self.errands.send(errand).context("Changing the line")?;
        let office = self.office.upgrade();
        if let Some(office) = &office {
            office.end_standing_alone();
        }
        let desk = desk.map(|desk| desk.0);
        self.shown
            .change(|known| known.enrolled(desk, &access.address));
        if let Some(office) = office {
            office.tell_changed(&["*"]);
        }
        Ok(())
    }

    fn note_contact(&self) {
        let now = self.clock.now().timestamp_millis().to_string();
        let noted = self.store.commit(|writer| -> Result<(), StoreFault> {
            writer.set_meta(MetaKey::LastContact, &now)
        });
        if let Err(error) = noted {
            tracing::warn!(%error, "the last contact was not noted");
        }
    }

    /// The center is there: what waits for it is brought.
    fn bring_files(&self) {
        let office = self.office.upgrade();
        if let Some(Ok(desk)) = office.map(|office| office.desk()) {
            desk.link.bring_files();
        }
    }

    fn tell(&self, tags: &'static [&'static str]) {
        if let Some(office) = self.office.upgrade() {
            office.tell_changed(tags);
        }
    }
}

/// The tables of the feed, and before there are any the person who works here alone.
pub(crate) fn read_tables(reader: &desk_store::Reader) -> anyhow::Result<Tables> {
    let alone = reader.meta(MetaKey::Operator)?;
    let alone: Option<Actor> = alone
        .map(|json| serde_json::from_str(&json))
        .transpose()
        .context("Reading the operator")?;
    let alone: Vec<StaffMember> = alone
        .into_iter()
        .map(|actor| StaffMember {
            actor,
            is_disabled: false,
            former_roles: Vec::new(),
        })
        .collect();
    Tables::read(reader, &alone)
}

/// 未获准: since when; `None` where the center knows the desk again.
pub(super) fn keep_struck_off(
    store: &Store,
    at: Option<chrono::DateTime<chrono::Utc>>,
) -> Result<(), StoreFault> {
    let text = at.map_or_else(String::new, |at| at.timestamp_millis().to_string());
    store.commit(|writer| -> Result<(), StoreFault> { writer.set_meta(MetaKey::StruckOff, &text) })
}

fn keep_access(
    writer: &mut Writer,
    access: &CenterAccess,
    now: chrono::DateTime<chrono::Utc>,
) -> Result<(), StoreFault> {
    let json = serde_json::to_string(access).map_err(anyhow::Error::from)?;
    writer.set_meta(MetaKey::Center, &json)?;
    writer.set_meta(MetaKey::StruckOff, "")?;
    writer.append_presence(&PresenceEntry {
        at: now,
        what: Presence::Enrolled,
        person: ActorId(String::new()),
        detail: access.address.clone(),
    })
}

/// What the computer is called, for the center's list of desks.
fn machine_name() -> String {
    let named = ["HOSTNAME", "COMPUTERNAME"]
        .iter()
        .find_map(|name| std::env::var(name).ok());
    let named = named.or_else(|| std::fs::read_to_string("/etc/hostname").ok());
    let name = named.unwrap_or_default().trim().to_owned();
    if name.is_empty() {
        "工作站".to_owned()
    } else {
        name
    }
}
