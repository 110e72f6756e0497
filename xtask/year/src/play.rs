//! Plays a year into a center's ledger, act by act in the order of time, many acts to a commit.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap};

use anyhow::{Result, bail};
use center::{Acted, Center, Errand, Ledger, Rules};
use chrono::{DateTime, Datelike as _, Utc};
use domain::ActorId;
use domain::clock_face::date_of;
use wire::Act;

use crate::county::County;
use crate::dice::Dice;
use crate::knowledge::{KbStep, articles, tasks};
use crate::life::{Late, Life, Step};
use crate::matter::matter;
use crate::supervised::cases;
use crate::year::{Arrival, Plan};

/// Acts in one commit.
const BATCH: usize = 2_000;

/// What was played.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Played {
    pub n_orders: u64,
    pub n_acts: u64,
    pub n_cases: u64,
}

/// One act that waits for its time. The number keeps two at one instant in the order in which they were
/// thought of.
#[derive(Debug)]
struct Waiting {
    at: DateTime<Utc>,
    nth: u64,
    errand: Errand,
}

impl PartialEq for Waiting {
    fn eq(&self, other: &Self) -> bool {
        (self.at, self.nth) == (other.at, other.nth)
    }
}

impl Eq for Waiting {}

impl PartialOrd for Waiting {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Waiting {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        (self.at, self.nth).cmp(&(other.at, other.nth))
    }
}

struct Queue {
    waiting: BinaryHeap<Reverse<Waiting>>,
    nth: u64,
}

impl Queue {
    fn put(&mut self, at: DateTime<Utc>, actor: &str, subject: &str, act: Act) {
        self.nth += 1;
        let errand = Errand {
            actor: ActorId(actor.to_owned()),
            subject: subject.to_owned(),
            id: format!("year-{:09}", self.nth),
            act,
            seen_version: None,
        };
        let nth = self.nth;
        self.waiting.push(Reverse(Waiting { at, nth, errand }));
    }

    /// What is due by then.
    fn due(&mut self, by: DateTime<Utc>) -> Option<Waiting> {
        if self.waiting.peek()?.0.at > by {
            return None;
        }
        self.waiting.pop().map(|Reverse(it)| it)
    }
}

/// Fills a center that has no orders yet. `told` hears how many acts were done, now and then.
///
/// # Errors
/// A fault of the ledger, or an act that the rules refuse: the year is not as people would live it.
pub fn play<L: Ledger>(
    center: &mut Center<L>,
    rules: &Rules,
    plan: &Plan,
    mut told: impl FnMut(Played),
) -> Result<Played> {
    plan.check()?;
    let county = County::new()?;
    let arrivals = plan.arrivals(&rules.calendar)?;
    let Some(first) = arrivals.first() else {
        return Ok(Played::default());
    };
    let began = first.at - chrono::TimeDelta::hours(1);
    for reference in county.references(plan.seed, plan.year)? {
        center.change_reference(&reference, began)?;
    }
    let mut queue = Queue {
        waiting: BinaryHeap::new(),
        nth: 0,
    };
    let in_force = rules.rule_sets.in_force_on(date_of(began));
    let mut of_kb = articles(&county, began);
    of_kb.extend(tasks(&county, &rules.calendar, in_force, plan, began)?);
    for KbStep {
        at,
        actor,
        subject,
        act,
    } in of_kb
    {
        queue.put(at, &actor, &subject, act);
    }
    let mut author = Author {
        county: &county,
        rules,
        plan,
        dice: Dice::new(plan.seed),
        of_day: (date_of(began), 0),
        late: Vec::new(),
        talks: BTreeMap::new(),
        month: began.month(),
    };
    let mut played = Played::default();
    let mut batch = Vec::with_capacity(BATCH);
    for arrival in arrivals.iter().take_while(|it| it.at <= plan.until) {
        while let Some(waiting) = queue.due(arrival.at) {
            batch.push(waiting);
            if batch.len() >= BATCH {
                commit(center, &mut batch, &mut played)?;
                told(played);
            }
        }
        played.n_cases += author.months_over(arrival.at, &mut queue);
        author.arrive(arrival, &mut queue);
        played.n_orders += 1;
    }
    played.n_cases += author.months_over(plan.until, &mut queue);
    while let Some(waiting) = queue.due(plan.until) {
        batch.push(waiting);
        if batch.len() >= BATCH {
            commit(center, &mut batch, &mut played)?;
            told(played);
        }
    }
    commit(center, &mut batch, &mut played)?;
    told(played);
    Ok(played)
}

fn commit<L: Ledger>(
    center: &mut Center<L>,
    batch: &mut Vec<Waiting>,
    played: &mut Played,
) -> Result<()> {
    let mut plan = center.plan()?;
    for Waiting { at, errand, .. } in batch.drain(..) {
        match plan.act(&errand, at)? {
            Acted::Done { .. } => played.n_acts += 1,
            other @ (Acted::Before | Acted::Stale { .. } | Acted::Refused(_)) => {
                bail!("{} at {at}: {:?}: {other:?}", errand.subject, errand.act)
            }
        }
    }
    let planned = plan.finish();
    center.commit(planned)
}

/// Thinks of what comes next.
struct Author<'a> {
    county: &'a County,
    rules: &'a Rules,
    plan: &'a Plan,
    dice: Dice,
    /// The day, and how many orders it has had.
    of_day: (chrono::NaiveDate, u32),
    late: Vec<Late>,
    talks: BTreeMap<domain::HandlingUnitId, u32>,
    month: u32,
}

impl Author<'_> {
    fn arrive(&mut self, arrival: &Arrival, queue: &mut Queue) {
        let day = date_of(arrival.at);
        if self.of_day.0 != day {
            self.of_day = (day, 0);
        }
        self.of_day.1 += 1;
        let number = format!(
            "{}-Y{:02}-{:04}",
            day.format("%Y%m%d"),
            self.plan.seed % 100,
            self.of_day.1
        );
        let mut dice = Dice::new(self.dice.below(u64::MAX));
        let (matter, unit) = matter(self.county, &mut dice, arrival.disaster);
        let life = Life {
            county: self.county,
            calendar: &self.rules.calendar,
            rules: self.rules.rule_sets.in_force_on(day),
            dice,
            number: number.clone(),
            matter,
            unit,
            steps: Vec::new(),
            late: Vec::new(),
        };
        let (mut steps, late) = life.live(arrival.at);
        self.late.extend(late);
        steps.sort_by_key(|step| step.at);
        for Step { at, actor, command } in steps {
            queue.put(at, &actor, &number, Act::Order(command));
        }
    }

    /// For every month that is over by then, what the bureau makes of it.
    fn months_over(&mut self, now: DateTime<Utc>, queue: &mut Queue) -> u64 {
        let today = date_of(now);
        if today.month() == self.month || today.day() == 1 {
            return 0;
        }
        self.month = today.month();
        let month_began =
            domain::clock_face::at(today.with_day(1).unwrap_or(today), chrono::NaiveTime::MIN);
        let (past, later): (Vec<Late>, Vec<Late>) =
            self.late.drain(..).partition(|it| it.at < month_began);
        self.late = later;
        let calendar = &self.rules.calendar;
        let end = month_began - chrono::TimeDelta::milliseconds(1);
        let steps = cases(
            self.county,
            calendar,
            &past,
            &mut self.talks,
            end,
            &mut self.dice,
        );
        let mut n = 0;
        for step in steps {
            n += u64::from(matches!(
                step.command,
                domain::supervision::SupervisoryCommand::Propose { .. }
            ));
            queue.put(step.at, step.actor, &step.number, Act::Case(step.command));
        }
        n
    }
}

#[cfg(test)]
mod tests {
    use center::MemoryLedger;
    use domain::calendar::WorkCalendar;
    use domain::rule_set::RuleSets;
    use expect_test::expect;
    use wire::Salts;

    use super::*;

    fn rules() -> Rules {
        Rules {
            calendar: WorkCalendar::built_in(),
            rule_sets: RuleSets::built_in(),
        }
    }

    fn year(n_orders: u64, seed: u64) -> (Center<MemoryLedger>, Played) {
        let until =
            domain::clock_face::end_of(chrono::NaiveDate::from_ymd_opt(2025, 12, 31).unwrap());
        let plan = Plan {
            year: 2025,
            seed,
            n_orders,
            until,
        };
        let rules = rules();
        let began = until - chrono::TimeDelta::days(365);
        let mut center = Center::open_with(
            MemoryLedger::default(),
            rules.clone(),
            Salts::counted_from(0),
            began,
        )
        .unwrap();
        let played = play(&mut center, &rules, &plan, |_| ()).unwrap();
        (center, played)
    }

    /// Whatever people of the year do, the rules let them: nothing is refused, and many kinds of things
    /// happen.
    #[test]
    fn a_year_goes_by_the_rules() {
        let (center, played) = year(600, 7);
        assert_eq!(played.n_orders, 600);
        expect![[r#"
            Played {
                n_orders: 600,
                n_acts: 4981,
                n_cases: 29,
            }
        "#]]
        .assert_debug_eq(&played);
        let mut kinds: BTreeMap<String, u32> = BTreeMap::new();
        for entry in center
            .ledger()
            .entries_after(0, 100_000, usize::MAX)
            .unwrap()
        {
            if let Some(origin) = &entry.origin {
                *kinds.entry(origin.kind.clone()).or_default() += 1;
            }
        }
        let kinds: Vec<&str> = kinds.keys().map(String::as_str).collect();
        expect!["answer_on_the_spot archive confirm_delivery dispatch explain_extension import_rating kb_confirm kb_draft kb_publish kb_submit kb_task_accept kb_task_assign kb_task_cancel kb_task_deliver kb_task_return record_city_ruling record_contact record_screening_ruling record_urge_receipt refuse_out_of_scope register report_progress request_extension request_screening respond_first review_extension review_screening rule_on_send_back send_back sign_for sign_reply submit_reply supervise_close supervise_confirm supervise_issue supervise_propose supervise_record_answer supervise_reject urge"].assert_eq(&kinds.join(" "));
    }

    #[test]
    fn the_same_seed_gives_the_same_feed() {
        let end = |seed| year(60, seed).0.ledger().feed().unwrap().end;
        assert_eq!(end(3), end(3));
        assert_ne!(end(3), end(4));
    }
}
