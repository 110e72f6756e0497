//! Who does what, and when: people at the desks, the center of itself, and the administrator.

use std::rc::Rc;

use anyhow::Result;
use center::{Acted, Errand, Ledger as _};
use chrono::{DateTime, Utc};
use desk_sync::{Input, view};
use domain::clock_face::date_of;
use domain::work_order::{AssignmentStage, CommandKind};
use domain::{Actor, Command};
use wire::{Act, Cover, DeskId, Envelope, Ground, Hash, Salts, Subject, Witness};

use crate::desk::{Desk, HOUR, MINUTE};
use crate::dice::Dice;
use crate::mutant::Mutant;
use crate::truth::Given;
use crate::world::{Event, World};
use crate::{people, records, town};

impl World {
    /// 确认送达, 归档 and ratings of the city come from the center.
    pub(crate) fn work(&mut self) -> Result<()> {
        if !self.is_stormy {
            return Ok(());
        }
        let next = self.dice.between(20 * MINUTE, 90 * MINUTE);
        self.at(next, Event::CenterWorks);
        let now = self.time();
        let Some(center) = &mut self.center else {
            return Ok(());
        };
        let mut subjects: Vec<String> = Vec::new();
        let feed = center.ledger().feed()?;
        let from = feed.end.seq.saturating_sub(40);
        for entry in center.ledger().entries_after(from, 40, usize::MAX)? {
            if entry.subject.starts_with('o') && !subjects.contains(&entry.subject) {
                subjects.push(entry.subject);
            }
        }
        let mut n_done = 0;
        for id in subjects {
            let subject = center.subject(&id)?;
            let Some(order) = subject.as_ref().and_then(Subject::order) else {
                continue;
            };
            let undelivered = order
                .assignments
                .iter()
                .find(|it| it.stage == AssignmentStage::Dispatched);
            let command = match undelivered {
                Some(assignment) => Some(Command::ConfirmDelivery {
                    assignment: assignment.number,
                }),
                None if self.dice.one_in(4) => {
                    let kind = CommandKind::ImportRating;
                    people::command(kind, order, None, now, &mut self.dice)
                }
                None => None,
            };
            let Some(command) = command else {
                continue;
            };
            self.n_center_acts += 1;
            let id_of_act = format!("c{}-{}", self.now_ms, self.n_center_acts);
            let errand = Errand {
                actor: town::system(),
                subject: id,
                id: id_of_act,
                act: Act::Order(command),
                seen_version: None,
            };
            if matches!(center.act(&errand, now)?, Acted::Done { .. }) {
                n_done += 1;
            }
        }
        self.tell(|| format!("中心 自办 {n_done} 件"));
        if n_done > 0 {
            self.poke_all(usize::MAX);
        }
        Ok(())
    }

    /// Every desk that has no number, or one that is not good any more, gets a code.
    pub(crate) fn go_round(&mut self) -> Result<()> {
        let next = if self.is_stormy {
            4 * HOUR
        } else {
            10 * MINUTE
        };
        self.at(next, Event::AdminRound);
        self.redact_again()?;
        for desk in 0..self.desks.len() {
            let Some(center) = &mut self.center else {
                return Ok(());
            };
            let Some(it) = self.desks.get(desk) else {
                continue;
            };
            let is_known = match it.store.desk() {
                Some(number) => center.ledger().desk(number)?.is_some(),
                None => false,
            };
            if it.machine.is_none() || (is_known && !it.store.is_quarantined()) {
                continue;
            }
            self.n_codes += 1;
            let code = format!("code-{}", self.n_codes);
            center.allow_enrolment(&code)?;
            self.tell(|| format!("管理员 给 桌{desk} 登记码"));
            let machine = format!("桌{desk}");
            self.drive(desk, Input::EnrolWith { code, machine })?;
        }
        Ok(())
    }

    /// Somebody at a desk does something.
    pub(crate) fn act(&mut self, desk: usize) -> Result<()> {
        if !self.is_stormy {
            return Ok(());
        }
        let next = self.dice.about(70 * MINUTE);
        self.at(next, Event::Act { desk });
        let now_ms = self.now_ms;
        let Some(it) = self.desks.get_mut(desk) else {
            return Ok(());
        };
        if it.machine.is_none() || now_ms < it.away_until {
            return Ok(());
        }
        let now = it.time(now_ms);
        let is_other = self.plan.mutant == Some(Mutant::OtherRules) && desk == 0;
        let rules = if is_other {
            &self.other_rules
        } else {
            &self.rules
        };
        let references = Rc::clone(it.store.references());
        let ground = Ground {
            references: &references,
            calendar: references.calendar(&rules.calendar),
            rule_sets: &rules.rule_sets,
        };
        let people: Vec<Actor> = it
            .people
            .iter()
            .map(|member| references.actor(&member.actor.id))
            .collect();
        let Some((subject, person, act)) = choose(
            it,
            &people,
            ground,
            now,
            self.plan.has_records,
            &mut self.dice,
        ) else {
            return Ok(());
        };
        let confirmed = it.store.confirmed(&subject);
        let seen = view(&subject, confirmed, &it.store.pending(&subject), ground).subject;
        let Ok(story) = Subject::decide(&subject, seen.as_ref(), &act, &ground.facts(now, &person))
        else {
            // The rules say no at once: the person is told, and nothing is saved.
            return Ok(());
        };
        it.n_intents += 1;
        let id = format!("i{desk}-{}", it.n_intents);
        let (kind, command) = act.write()?;
        let envelope = Envelope {
            desk: it.store.desk().cloned().unwrap_or(DeskId(String::new())),
            number: 0,
            id: id.clone(),
            subject: subject.clone(),
            kind: kind.clone(),
            command,
            cover: Cover::Salted(Salts::counted_from(it.n_intents).fresh()?),
            actor: person.id.clone(),
            occurred_at: now,
            rule_set: rules.rule_sets.in_force_on(date_of(now)).id.clone(),
            base_version: seen.as_ref().map_or(0, Subject::version),
            previous_hash: Hash::CHAIN_START,
            witness: Some(Witness {
                schema: 1,
                session: person.id.0.clone(),
                seen_hash: None,
                round: seen.as_ref().and_then(Subject::round),
                skew_ms: it.machine.as_ref().and_then(desk_sync::Sync::skew_ms),
                uptime: Some(it.moment(now_ms)),
            }),
            hash: Hash::CHAIN_START,
        };
        let is_fact = act.is_fact();
        if self.power_goes() {
            self.crash_desk(desk);
            return Ok(());
        }
        if let Some(it) = self.desks.get_mut(desk) {
            it.store.save(envelope, act);
        }
        self.totals.intents += 1;
        self.tell(|| format!("桌{desk} {} {kind} {subject} ({id})", person.id.0));
        let given = Given {
            is_fact,
            seen,
            story,
        };
        self.truth.saved.insert(id, given);
        if self.power_goes() {
            self.crash_desk(desk);
            return Ok(());
        }
        self.drive(desk, Input::Saved)
    }
}

/// What somebody does next, and to what.
fn choose(
    desk: &mut Desk,
    people: &[Actor],
    ground: Ground<'_>,
    now: DateTime<Utc>,
    has_records: bool,
    dice: &mut Dice,
) -> Option<(String, Actor, Act)> {
    if has_records && dice.one_in(12) {
        let see = |id: &str| {
            let (confirmed, pending) = (desk.store.confirmed(id), desk.store.pending(id));
            view(id, confirmed, &pending, ground).subject
        };
        let (id, act) = records::choose(see, now, dice);
        return Some((id, dice.pick(people)?.clone(), act));
    }
    let known: Vec<String> = desk.store.subjects().cloned().collect();
    let is_article = dice.one_in(9);
    let prefix = if is_article { 'k' } else { 'o' };
    let mut known: Vec<String> = known
        .into_iter()
        .filter(|id| id.starts_with(prefix))
        .collect();
    let first = people.first()?;
    if is_article {
        let id = format!("kb-{}", dice.below(6));
        let confirmed = desk.store.confirmed(&id);
        let pending = desk.store.pending(&id);
        let subject = view(&id, confirmed, &pending, ground).subject;
        let Some(record) = subject.as_ref().and_then(Subject::article) else {
            let editor = people
                .iter()
                .find(|it| it.holds_any(&[domain::Role::KbEditor]))?;
            let content = people::content(dice);
            let act = Act::Article(domain::kb::KbCommand::Draft { content });
            return Some((id, editor.clone(), act));
        };
        let facts = |person| ground.facts(now, person);
        let (person, command) = people::act_on_article(record, people, facts, dice)?;
        return Some((id, person.clone(), Act::Article(command)));
    }
    // Most calls are new ones; most acts are about what is on the table now.
    if known.is_empty() || dice.below(10) < 3 {
        desk.n_orders += 1;
        let id = format!("o{}-{}", desk.nth, desk.n_orders);
        let number = format!("W{:02}-{:04}", desk.nth, desk.n_orders);
        let person = dice.pick(people).unwrap_or(first).clone();
        return Some((id, person, Act::Order(people::register(number, dice))));
    }
    known.reverse();
    // The same few for everybody, so that people get into each other's way.
    known.sort_by_key(|id| std::cmp::Reverse(order_age(id)));
    known.truncate(12);
    let id = dice.pick(&known)?.clone();
    let confirmed = desk.store.confirmed(&id);
    let pending = desk.store.pending(&id);
    let subject = view(&id, confirmed, &pending, ground).subject;
    let order = subject.as_ref().and_then(Subject::order)?;
    if dice.one_in(12) {
        let other = dice.pick(&known)?.clone();
        let confirmed = desk.store.confirmed(&other)?;
        let kinds = [
            CommandKind::MergeInto,
            CommandKind::LinkTo,
            CommandKind::AbsorbRepeat,
        ];
        let kind = *dice.pick(&kinds)?;
        let command = people::about_two(kind, confirmed.order()?)?;
        let person = dice.pick(people)?.clone();
        return Some((id, person, Act::Order(command)));
    }
    let facts = |person| ground.facts(now, person);
    let (person, command) = people::act_on_order(order, people, facts, dice)?;
    Some((id, person.clone(), Act::Order(command)))
}

fn order_age(id: &str) -> u64 {
    id.rsplit('-')
        .next()
        .and_then(|it| it.parse().ok())
        .unwrap_or(0)
}
