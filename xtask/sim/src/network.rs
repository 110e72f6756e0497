//! The line between desks and center: what is sent is lost, repeated, delayed, reordered, cut.

use anyhow::Result;
use center::Ledger as _;
use desk_sync::RequestId;
use wire::{Answer, Request};

use crate::mutant::Mutant;
use crate::world::{Event, World};

impl World {
    /// A message on its way: it may be lost, come twice, come late.
    pub(crate) fn send(&mut self, desk: usize, id: RequestId, request: Box<Request>) {
        let Some(it) = self.desks.get_mut(desk) else {
            return;
        };
        it.last_sent = id;
        let run = it.run;
        let is_cached = self.plan.mutant == Some(Mutant::UnverifiedPage)
            && matches!(*request, Request::Pull(_))
            && self.dice.one_in(6);
        if let Some(answer) = it.cached.clone().filter(|_| is_cached) {
            let event = Event::ToDesk {
                desk,
                run,
                id,
                answer,
            };
            self.at(20, event);
            return;
        }
        if self.now_ms < it.cut_until {
            self.totals.messages_lost += 1;
            if self.dice.one_in(2) {
                self.at(50, Event::NoAnswer { desk, run, id });
            }
            return;
        }
        self.tell(|| format!("桌{desk} → 中心 {}", asked(&request)));
        let copies = self.n_copies();
        for request in std::iter::repeat_n(request, copies) {
            let delay = self.delay();
            let event = Event::ToCenter {
                desk,
                run,
                id,
                request,
            };
            self.at(delay, event);
        }
    }

    fn n_copies(&mut self) -> usize {
        if !self.is_stormy {
            return 1;
        }
        match self.dice.below(50) {
            0 | 1 => {
                self.totals.messages_lost += 1;
                0
            }
            2 => 2,
            _ => 1,
        }
    }

    fn delay(&mut self) -> u64 {
        match self.dice.below(40) {
            0 if self.is_stormy => self.dice.between(5_000, 90_000),
            _ => self.dice.between(5, 400),
        }
    }

    pub(crate) fn arrive(
        &mut self,
        desk: usize,
        run: u64,
        id: RequestId,
        request: &Request,
    ) -> Result<()> {
        let now = self.time();
        let Some(center) = &mut self.center else {
            if self.dice.one_in(2) {
                self.at(50, Event::NoAnswer { desk, run, id });
            }
            return Ok(());
        };
        let before = center.ledger().feed()?.end;
        let answer = match center.handle(request, now) {
            Ok(answer) => answer,
            Err(fault) => {
                self.violate(format!("the center failed: {fault:#}"));
                return Ok(());
            }
        };
        let after = center.ledger().feed()?.end;
        self.mix(after.seq);
        self.tell(|| format!("中心 答 桌{desk} {}", answered(&answer)));
        if matches!(answer, Answer::Quarantined(_)) {
            self.judge_quarantine(desk);
        }
        if after != before {
            self.poke_all(desk);
        }
        // Committed, and the answer never leaves.
        if self.power_goes() {
            self.crash_center();
            return Ok(());
        }
        let is_cut = self
            .desks
            .get(desk)
            .is_some_and(|it| self.now_ms < it.cut_until);
        if is_cut {
            self.totals.messages_lost += 1;
            return Ok(());
        }
        if matches!(&answer, Answer::Page(page) if !page.entries.is_empty())
            && self.plan.mutant.is_some()
            && let Some(it) = self.desks.get_mut(desk)
        {
            it.cached = Some(Box::new(answer.clone()));
        }
        let copies = self.n_copies();
        for answer in std::iter::repeat_n(Box::new(answer), copies) {
            let delay = self.delay();
            let event = Event::ToDesk {
                desk,
                run,
                id,
                answer,
            };
            self.at(delay, event);
        }
        Ok(())
    }

    /// Only a desk that was cloned or put back may be quarantined.
    fn judge_quarantine(&mut self, desk: usize) {
        let number = self.desks.get(desk).and_then(|it| it.store.desk().cloned());
        let is_shared = self
            .desks
            .iter()
            .any(|it| it.is_suspect && it.store.desk() == number.as_ref());
        if !is_shared && !self.desks.get(desk).is_some_and(|it| it.is_suspect) {
            self.violate(format!("desk {desk} is quarantined without a reason"));
        }
    }

    pub(crate) fn poke_all(&mut self, but: usize) {
        for desk in 0..self.desks.len() {
            let is_up = self
                .desks
                .get(desk)
                .is_some_and(|it| it.machine.is_some() && self.now_ms >= it.cut_until);
            if desk != but && is_up && !self.dice.one_in(3) {
                let delay = self.dice.between(100, 2_000);
                self.at(delay, Event::Poke { desk });
            }
        }
    }
}

fn asked(request: &Request) -> String {
    match request {
        Request::Enrol(_) => "登记".to_owned(),
        Request::Hello(hello) => format!("问候 {} 第 {}", hello.desk.0, hello.head.number),
        Request::Push(push) | Request::Recover(push) => {
            let ids = push
                .envelopes
                .iter()
                .map(|it| format!("{}={}", it.number, it.id));
            format!("推送 {}", ids.collect::<Vec<_>>().join(" "))
        }
        Request::Pull(pull) => format!("取 {} 之后", pull.cursor.seq),
        Request::Recall(recall) => format!("取回 {} 之后", recall.after),
    }
}

fn answered(answer: &Answer) -> String {
    match answer {
        Answer::Page(page) => format!("{} 条, 至 {}", page.entries.len(), page.feed.seq),
        Answer::Pushed(pushed) => format!("收至 {}, 流至 {}", pushed.head.number, pushed.feed.seq),
        Answer::Rewind(rewind) => format!("退回至 {}", rewind.to.seq),
        Answer::Enrolled(_)
        | Answer::Greeting(_)
        | Answer::Gap { .. }
        | Answer::Recalled(_)
        | Answer::Quarantined(_)
        | Answer::TooOld { .. }
        | Answer::Unauthorised
        | Answer::Malformed { .. }
        | Answer::Busy { .. } => format!("{answer:?}").chars().take(90).collect(),
    }
}
