//! The loop: the next event, what comes of it, and the log.

use std::collections::BTreeMap;

use anyhow::Result;
use center::{Center, Ledger as _, MemoryLedger, Rules};
use chrono::{DateTime, TimeDelta, Utc};
use desk_sync::{
    Change, DeskLedger as _, Failure, Fetch, Fetched, Input, Notice, Output, RequestId,
};
use domain::calendar::WorkCalendar;
use domain::rule_set::{RuleSet, RuleSets};
use wire::{Answer, Request, Salts, StaffMember};

use crate::center_store::CenterStore;
use crate::desk::{DAY, Desk, HOUR, MINUTE};
use crate::dice::Dice;
use crate::mutant::Mutant;
use crate::snapshot::Parts;
use crate::truth::Truth;
use crate::{Plan, Run, Totals, check, town};

/// What will happen.
#[derive(Debug)]
pub(crate) enum Event {
    /// Somebody at the desk does something.
    Act {
        desk: usize,
    },
    Timer {
        desk: usize,
        run: u64,
        timer: u64,
    },
    ToCenter {
        desk: usize,
        run: u64,
        id: RequestId,
        request: Box<Request>,
    },
    ToDesk {
        desk: usize,
        run: u64,
        id: RequestId,
        answer: Box<Answer>,
    },
    NoAnswer {
        desk: usize,
        run: u64,
        id: RequestId,
    },
    FetchAtCenter {
        desk: usize,
        run: u64,
        id: RequestId,
        fetch: Fetch,
    },
    FetchedAtDesk {
        desk: usize,
        run: u64,
        id: RequestId,
        fetched: Fetched,
    },
    Poke {
        desk: usize,
    },
    DeskStarts {
        desk: usize,
    },
    CenterStarts,
    /// The center does its own work: what was dispatched is delivered.
    CenterWorks,
    /// Somebody goes round: desks without a number get a code.
    AdminRound,
    Fault,
    Backup,
    /// 涂销 of what is over.
    Redaction,
}

pub(crate) struct World {
    pub(crate) plan: Plan,
    pub(crate) now_ms: u64,
    queue: BTreeMap<(u64, u64), Event>,
    n_events: u64,
    pub(crate) dice: Dice,
    /// `None` while it does not run; its disk is then in `center_disk`.
    pub(crate) center: Option<Center<CenterStore>>,
    pub(crate) center_disk: Option<CenterStore>,
    pub(crate) center_backup: Option<MemoryLedger>,
    /// 快照, in files that outlive everything.
    pub(crate) parts: Parts,
    pub(crate) desks: Vec<Desk>,
    pub(crate) staff: Vec<StaffMember>,
    pub(crate) truth: Truth,
    pub(crate) totals: Totals,
    pub(crate) violations: Vec<String>,
    pub(crate) rules: Rules,
    /// The rules of one desk, where a mistake is planted there.
    pub(crate) other_rules: Rules,
    /// Whether things still go wrong.
    pub(crate) is_stormy: bool,
    pub(crate) n_codes: u64,
    pub(crate) n_center_acts: u64,
    log_hash: u64,
    story: Option<Vec<String>>,
}

/// How long everybody has to come to the same after the faults have stopped.
const QUIET_MAX: u64 = 4 * HOUR;
/// A violation is told once for each kind; more would hide the first.
const VIOLATIONS_MAX: usize = 20;

impl World {
    pub(crate) fn new(plan: Plan, with_story: bool) -> Self {
        let mut dice = Dice::new(plan.seed);
        let rules = Rules {
            calendar: WorkCalendar::built_in(),
            rule_sets: RuleSets::built_in(),
        };
        let own = RuleSet::qx_2023_66();
        let other = RuleSet {
            dispatch_days: own.dispatch_days + 3,
            ..own
        };
        let desks = (0..plan.n_desks)
            .map(|nth| {
                let mut desk = Desk::new(nth, nth, dice.roll());
                desk.store.mutant = plan.mutant;
                desk
            })
            .collect();
        Self {
            plan,
            now_ms: 0,
            queue: BTreeMap::new(),
            n_events: 0,
            dice,
            center: None,
            center_disk: Some(CenterStore::new(plan.mutant)),
            center_backup: None,
            parts: Parts::default(),
            desks,
            staff: town::staff(plan.n_desks),
            truth: Truth::default(),
            totals: Totals {
                seeds: 1,
                desk_days: plan.n_desks as u64 * plan.days,
                ..Totals::default()
            },
            violations: Vec::new(),
            other_rules: Rules {
                rule_sets: rules.rule_sets.clone().with(other),
                calendar: rules.calendar.clone(),
            },
            rules,
            is_stormy: true,
            n_codes: 0,
            n_center_acts: 0,
            log_hash: 0xcbf2_9ce4_8422_2325,
            story: with_story.then(Vec::new),
        }
    }

    pub(crate) fn into_run(self) -> Run {
        Run {
            totals: self.totals,
            log_hash: self.log_hash,
            violations: self.violations,
            story: self.story.unwrap_or_default(),
        }
    }

    /// Some days of storm, then quiet, then the question whether all is well.
    pub(crate) fn live(&mut self) -> Result<()> {
        self.start_center()?;
        for table in town::tables(self.plan.n_desks) {
            if let Some(center) = &mut self.center {
                center.change_reference(&table, town::start())?;
            }
        }
        for desk in 0..self.desks.len() {
            self.at(0, Event::DeskStarts { desk });
            let first = self.dice.below(30 * MINUTE);
            self.at(first, Event::Act { desk });
        }
        self.at(1_000, Event::AdminRound);
        self.at(10 * MINUTE, Event::CenterWorks);
        let first = self.dice.between(2 * HOUR, 10 * HOUR);
        self.at(first, Event::Backup);
        let first = self.dice.below(HOUR);
        self.at(first, Event::Fault);
        let first = self.dice.between(6 * HOUR, 30 * HOUR);
        self.at(first, Event::Redaction);

        let storm_ends = self.plan.days * DAY;
        self.play_until(storm_ends, |_| false)?;
        self.calm()?;
        let deadline = self.now_ms + QUIET_MAX;
        self.play_until(deadline, Self::is_settled)?;
        check::check(self)
    }

    fn play_until(&mut self, end: u64, is_done: fn(&Self) -> bool) -> Result<()> {
        let mut n_until_asked = 0_u32;
        while let Some(entry) = self.queue.first_entry() {
            let (at, _) = *entry.key();
            if at > end {
                break;
            }
            let event = entry.remove();
            self.now_ms = at;
            self.happen(event)?;
            n_until_asked += 1;
            if n_until_asked >= 32 {
                n_until_asked = 0;
                if is_done(self) {
                    return Ok(());
                }
            }
        }
        self.now_ms = self.now_ms.max(end.min(self.now_ms + QUIET_MAX));
        Ok(())
    }

    /// 平静: nothing fails any more, nobody does anything new.
    fn calm(&mut self) -> Result<()> {
        self.is_stormy = false;
        self.tell(|| "—— 故障停止".to_owned());
        if self.center.is_none() {
            self.start_center()?;
        }
        for desk in 0..self.desks.len() {
            if let Some(it) = self.desks.get_mut(desk) {
                it.cut_until = 0;
                if it.machine.is_none() {
                    self.start_desk(desk)?;
                }
            }
        }
        self.at(MINUTE, Event::AdminRound);
        Ok(())
    }

    fn is_settled(&self) -> bool {
        let Some(Ok(feed)) = self.center.as_ref().map(|center| center.ledger().feed()) else {
            return false;
        };
        let is_at_end = self.desks.iter().all(|desk| {
            desk.store.cursor() == feed.end
                && desk.store.n_waiting() == 0
                && desk.store.is_enrolled()
                && !desk.store.is_quarantined()
        });
        // What a desk has brought again is looked for now and then.
        let is_looking = self.plan.mutant != Some(Mutant::RedactionForgotten);
        is_at_end && !(is_looking && self.come_back().is_ok_and(|back| !back.is_empty()))
    }

    pub(crate) fn at(&mut self, after_ms: u64, event: Event) {
        self.n_events += 1;
        self.queue
            .insert((self.now_ms + after_ms, self.n_events), event);
    }

    /// Writes a line of the story, and folds it into the log's hash: the place and the time always,
    /// the words where they are wanted.
    pub(crate) fn tell(&mut self, line: impl FnOnce() -> String) {
        self.mix(self.now_ms);
        if let Some(story) = &mut self.story {
            let ms = i64::try_from(self.now_ms).unwrap_or(i64::MAX);
            let at = town::start() + TimeDelta::milliseconds(ms) + TimeDelta::hours(8);
            story.push(format!("{} {}", at.format("%m-%d %H:%M:%S%.3f"), line()));
        }
    }

    /// FNV-1a.
    pub(crate) fn mix(&mut self, number: u64) {
        for byte in number.to_le_bytes() {
            self.log_hash = (self.log_hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }

    pub(crate) fn violate(&mut self, what: String) {
        self.tell(|| format!("!! {what}"));
        if self.violations.len() < VIOLATIONS_MAX {
            self.violations.push(what);
        }
    }

    pub(crate) fn time(&self) -> DateTime<Utc> {
        let ms = i64::try_from(self.now_ms).unwrap_or(i64::MAX);
        town::start() + TimeDelta::milliseconds(ms)
    }

    fn happen(&mut self, event: Event) -> Result<()> {
        match event {
            Event::Act { desk } => self.act(desk),
            Event::Timer { desk, run, timer } => {
                let is_set = |it: &Desk| it.run == run && it.timer == timer;
                if self.desks.get(desk).is_some_and(is_set) {
                    self.drive(desk, Input::TimerFired)?;
                }
                Ok(())
            }
            Event::ToCenter {
                desk,
                run,
                id,
                request,
            } => self.arrive(desk, run, id, &request),
            Event::ToDesk {
                desk,
                run,
                id,
                answer,
            } => {
                if self.is_running(desk, run) {
                    self.drive(desk, Input::Answered { id, answer })?;
                }
                Ok(())
            }
            Event::NoAnswer { desk, run, id } => {
                if self.is_running(desk, run) {
                    let failure = Failure::Offline;
                    self.drive(desk, Input::Failed { id, failure })?;
                }
                Ok(())
            }
            Event::FetchAtCenter {
                desk,
                run,
                id,
                fetch,
            } => self.hand_out(desk, run, id, fetch),
            Event::FetchedAtDesk {
                desk,
                run,
                id,
                fetched,
            } => self.fetched(desk, run, id, fetched),
            Event::Poke { desk } => self.drive(desk, Input::Poked),
            Event::DeskStarts { desk } => self.start_desk(desk),
            Event::CenterStarts => {
                if self.center.is_none() {
                    self.start_center()?;
                }
                Ok(())
            }
            Event::CenterWorks => self.work(),
            Event::AdminRound => self.go_round(),
            Event::Fault => self.fault(),
            Event::Backup => self.back_up(),
            Event::Redaction => self.redact(),
        }
    }

    fn is_running(&self, desk: usize, run: u64) -> bool {
        self.desks.get(desk).is_some_and(|it| it.run == run)
    }

    fn start_desk(&mut self, desk: usize) -> Result<()> {
        let now_ms = self.now_ms;
        let Some(it) = self.desks.get_mut(desk) else {
            return Ok(());
        };
        if it.machine.is_some() {
            return Ok(());
        }
        it.start(now_ms);
        self.tell(|| format!("桌{desk} 启动"));
        self.drive(desk, Input::Started)
    }

    pub(crate) fn start_center(&mut self) -> Result<()> {
        let Some(disk) = self.center_disk.take() else {
            return Ok(());
        };
        let now = self.time();
        self.tell(|| "中心 启动".to_owned());
        self.center = Some(Center::open_with(
            disk,
            self.rules.clone(),
            Salts::counted_from(0),
            now,
        )?);
        Ok(())
    }

    pub(crate) fn crash_center(&mut self) {
        let Some(center) = self.center.take() else {
            return;
        };
        self.totals.crashes += 1;
        self.tell(|| "中心 崩溃".to_owned());
        self.center_disk = Some(center.into_ledger().crashed());
        let down_ms = self.dice.about(3 * MINUTE);
        self.at(down_ms, Event::CenterStarts);
    }

    pub(crate) fn crash_desk(&mut self, desk: usize) {
        let Some(it) = self.desks.get_mut(desk) else {
            return;
        };
        let is_in_snapshot = it.is_in_snapshot();
        it.crash();
        self.totals.crashes_in_snapshot += u64::from(is_in_snapshot);
        self.totals.crashes += 1;
        self.tell(|| format!("桌{desk} 崩溃"));
        let down_ms = self.dice.about(10 * MINUTE);
        self.at(down_ms, Event::DeskStarts { desk });
    }

    /// Whether the power goes between this step and the next.
    pub(crate) fn power_goes(&mut self) -> bool {
        self.is_stormy && self.dice.one_in(900)
    }

    /// Hands an input to a desk's machine and does what it says, step by step.
    pub(crate) fn drive(&mut self, desk: usize, input: Input) -> Result<()> {
        let mut next = Some(input);
        while let Some(input) = next.take() {
            let now_ms = self.now_ms;
            let Some(it) = self.desks.get_mut(desk) else {
                return Ok(());
            };
            let now = it.now(now_ms);
            let Some(machine) = &mut it.machine else {
                return Ok(());
            };
            let input = match self.plan.mutant {
                Some(mutant) => mistaken_input(input, mutant, it.last_sent, &it.store),
                None => input,
            };
            let outputs = machine.handle(input, &now, &it.store);
            for output in outputs {
                // Reading a snapshot is short, so it is hit more often.
                let is_in_snapshot = self.desks.get(desk).is_some_and(Desk::is_in_snapshot);
                if self.power_goes() || is_in_snapshot && self.is_stormy && self.dice.one_in(90) {
                    if let Output::Commit(change) = &output
                        && let Some(it) = self.desks.get_mut(desk)
                    {
                        it.store.tear(change);
                    }
                    self.crash_desk(desk);
                    return Ok(());
                }
                match output {
                    Output::Send { id, request } => self.send(desk, id, request),
                    Output::Fetch { id, fetch } => self.send_fetch(desk, id, fetch),
                    Output::SetTimer { after_ms } => self.set_timer(desk, after_ms),
                    Output::Tell(notice) => self.hear(desk, &notice),
                    Output::Commit(change) => {
                        self.commit(desk, &change)?;
                        if self.power_goes() {
                            self.crash_desk(desk);
                            return Ok(());
                        }
                        next = Some(Input::Committed);
                    }
                }
            }
        }
        Ok(())
    }

    fn commit(&mut self, desk: usize, change: &Change) -> Result<()> {
        self.tell(|| format!("桌{desk} 记 {}", told(change)));
        if let Some(it) = self.desks.get_mut(desk) {
            it.store.commit(change)?;
        }
        Ok(())
    }

    fn set_timer(&mut self, desk: usize, after_ms: u64) {
        let is_lost = self.plan.mutant == Some(Mutant::TimerLost);
        let Some(it) = self.desks.get_mut(desk) else {
            return;
        };
        it.timer += 1;
        // The wait after a failure is the only one that is neither a poll nor an answer's.
        let settings = crate::desk::SETTINGS;
        let is_wait = after_ms != settings.poll_every_ms && after_ms != settings.answer_within_ms;
        if is_lost && is_wait {
            return;
        }
        let (run, timer) = (it.run, it.timer);
        self.at(after_ms, Event::Timer { desk, run, timer });
    }

    fn hear(&mut self, desk: usize, notice: &Notice) {
        self.tell(|| format!("桌{desk} 得知 {notice:?}"));
        match notice {
            Notice::Missing { from } => {
                self.violate(format!(
                    "desk {desk} has forgotten what the center lacks from {from}"
                ));
            }
            Notice::Differs { seq } => {
                self.violate(format!("desk {desk} has drawn something else up to {seq}"));
            }
            Notice::StoreFailed => self.violate(format!("desk {desk} could not read its store")),
            Notice::Quarantined
            | Notice::Online
            | Notice::Offline { .. }
            | Notice::TooOld { .. }
            | Notice::Unauthorised
            | Notice::ClockOff { .. }
            | Notice::CenterRestored { .. }
            | Notice::DeskRestored { .. }
            | Notice::Enrolled
            | Notice::SameAgain { .. }
            | Notice::Malformed { .. } => {}
        }
    }
}

/// What a driver with that mistake hands to the machine.
fn mistaken_input(
    input: Input,
    mutant: Mutant,
    last: RequestId,
    store: &crate::desk_store::DeskStore,
) -> Input {
    let Input::Answered { id, answer } = input else {
        return input;
    };
    if mutant != Mutant::UnverifiedPage {
        return Input::Answered { id, answer };
    }
    let mut answer = answer;
    if let Answer::Page(page) = answer.as_mut() {
        // As if nobody had looked: made to follow from whatever is there.
        let mut after = store.cursor();
        if let Ok(position) = store.position() {
            page.epoch = position.epoch;
        }
        for entry in &mut page.entries {
            entry.seq = after.seq + 1;
            entry.previous_hash = after.hash;
            entry.epoch = entry.epoch.min(page.epoch);
            entry.hash = entry.computed_hash();
            after = entry.cursor();
        }
    }
    Input::Answered { id: last, answer }
}

fn told(change: &Change) -> String {
    match change {
        Change::Page { entries, .. } => {
            let seqs = entries.iter().map(|entry| entry.seq);
            format!("{:?}..={:?} 条", seqs.clone().min(), seqs.max())
        }
        Change::Part { entries } => format!("一份, 至 {}", entries.end().seq),
        Change::Draw { n_max } => format!("整理 {n_max} 件"),
        Change::DrawAnew => "全部重新整理".to_owned(),
        Change::Durable { seq } => format!("已备份至 {seq}"),
        Change::Rewind { epoch, to } => format!("退回至 {} (期 {epoch})", to.seq),
        Change::Recalled { envelopes } => format!("取回 {} 条意图", envelopes.len()),
        Change::Quarantined => "已隔离".to_owned(),
        Change::Enrolled { desk } => format!("登记为 {}", desk.0),
    }
}
