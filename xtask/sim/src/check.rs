//! What must hold when everybody has come to rest (sync.md, I1 to I14, as far as they apply).

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use anyhow::Result;
use center::{Ledger as _, has_come_back};
use wire::{Cursor, DeskId, Entry, EntryBody, Flag, References, Subject, verify_page};

use crate::desk_store::body_of;
use crate::truth::Given;
use crate::world::World;

/// The end of the feed as the center makes it, told again from its beginning.
struct Retold {
    subjects: BTreeMap<String, Subject>,
    references: References,
    tasks: BTreeSet<u64>,
    bodies: BTreeMap<u64, Rc<EntryBody>>,
    /// The intents that redacted entries answer.
    redacted: BTreeSet<String>,
}

pub(crate) fn check(world: &mut World) -> Result<()> {
    let Some(center) = world.center.take() else {
        world.violate("the center does not run".to_owned());
        return Ok(());
    };
    let feed = center.ledger().feed()?;
    let entries = center
        .ledger()
        .entries_after(0, usize::MAX >> 1, usize::MAX)?;
    let mut found = Vec::new();

    // I2, I7: gapless, and each follows from the one before it.
    match verify_page(Cursor::START, u64::MAX, &entries) {
        Ok(end) if end == feed.end => {}
        Ok(_) => found.push("the feed ends before its end".to_owned()),
        Err(page_break) => found.push(format!("the feed breaks: {page_break}")),
    }
    let retold = retell(&entries, world, &mut found)?;
    answers(&entries, world, &mut found)?;

    // I5: what the center has folded is what its feed says.
    for (id, subject) in &retold.subjects {
        if center.subject(id)?.as_ref() != Some(subject) {
            found.push(format!("the center's own view of {id} is not its feed's"));
        }
    }
    // What was taken out says so, and is not there again.
    if let Err(fault) = center::verify(center.ledger()) {
        found.push(format!("the feed does not verify: {fault:#}"));
    }
    for (id, at) in &world.truth.redacted {
        if has_come_back(center.ledger(), id, *at)? {
            found.push(format!("{id} was redacted and is whole again"));
        }
    }
    if *center.references() != retold.references {
        found.push("the center's own tables are not its feed's".to_owned());
    }
    let is_told = |id: &str| matches!(center.ledger().intent(id), Ok(Some(_)));
    let missing: Vec<String> = world
        .truth
        .saved
        .keys()
        .filter(|id| !world.truth.excused.contains(*id) && !is_told(id))
        .cloned()
        .collect();
    // I1, I10: whatever somebody was told is saved has come to the center.
    found.extend(
        missing
            .iter()
            .map(|id| format!("{id} was told saved and has not come")),
    );

    // I6, I14: every desk is at the end and has the same.
    for desk in 0..world.desks.len() {
        found.extend(compare(world, desk, feed.end, &retold));
    }
    for violation in found {
        world.violate(violation);
    }
    world.center = Some(center);
    Ok(())
}

/// Folds the feed from its beginning, and compares what was decided with what the desk told people.
fn retell(entries: &[Entry], world: &mut World, found: &mut Vec<String>) -> Result<Retold> {
    let mut retold = Retold {
        subjects: BTreeMap::new(),
        references: References::default(),
        tasks: BTreeSet::new(),
        bodies: BTreeMap::new(),
        redacted: BTreeSet::new(),
    };
    for entry in entries {
        let body = body_of(entry)?;
        let given = entry
            .origin
            .as_ref()
            .and_then(|origin| world.truth.saved.get(&origin.id));
        if let Some(accepted) = body.accepted() {
            let before = retold.subjects.remove(&entry.subject);
            if let Some(given) = given
                && !entry.cover.is_redacted()
            {
                found.extend(other_limits(entry, &body, given, before.as_ref()));
            }
            let mut after = before;
            Subject::apply(&mut after, &accepted.story);
            retold
                .subjects
                .extend(after.map(|after| (entry.subject.clone(), after)));
        }
        if let Some(origin) = &entry.origin
            && entry.cover.is_redacted()
        {
            retold.redacted.insert(origin.id.clone());
        }
        retold.bodies.insert(entry.seq, Rc::clone(&body));
        if body.is_task() {
            retold.tasks.insert(entry.seq);
        }
        let totals = &mut world.totals;
        match body.as_ref() {
            EntryBody::Accepted(_) | EntryBody::Redirected { .. } => {
                totals.accepted += 1;
                let subject = retold.subjects.get(&entry.subject);
                let is_record =
                    |it: &Subject| !matches!(it, Subject::Order(_) | Subject::Article(_));
                totals.records += u64::from(subject.is_some_and(is_record));
            }
            EntryBody::Refused(_) => {
                totals.refused += 1;
                // I12.
                if given.is_some_and(|given| given.is_fact) {
                    found.push(format!("a fact was refused: entry {}", entry.seq));
                }
            }
            EntryBody::LateFact(_) => totals.late_facts += 1,
            EntryBody::Recovered { .. } => totals.recovered += 1,
            EntryBody::ReferenceChanged { reference } => retold.references.change(reference),
            EntryBody::Parked(_)
            | EntryBody::DeskEnrolled { .. }
            | EntryBody::DeskQuarantined { .. }
            | EntryBody::EpochBegan { .. }
            | EntryBody::Redacted(_) => {}
        }
    }
    Ok(retold)
}

/// Decided on the very state that the person saw, and by a clock that was right, an act is to the
/// center what it was to the desk: limits above all.
fn other_limits(
    entry: &Entry,
    body: &EntryBody,
    given: &Given,
    before: Option<&Subject>,
) -> Option<String> {
    let EntryBody::Accepted(accepted) = body else {
        return None;
    };
    let is_odd = accepted.flags.iter().any(|flag| {
        matches!(
            flag,
            Flag::ClockDoubtful | Flag::KeptBeside | Flag::FormerRights
        )
    });
    let is_same_start = given.seen.as_ref() == before;
    if is_odd || !is_same_start || accepted.story == given.story {
        return None;
    }
    Some(format!(
        "entry {} is decided otherwise than at the desk, on the same state",
        entry.seq
    ))
}

/// I3, I4: one answer for each intent, in the order in which the desk gave them.
fn answers(entries: &[Entry], world: &World, found: &mut Vec<String>) -> Result<()> {
    let mut answered: BTreeSet<&str> = BTreeSet::new();
    let mut last: BTreeMap<&DeskId, u64> = BTreeMap::new();
    for entry in entries {
        let Some(origin) = &entry.origin else {
            continue;
        };
        if !answered.insert(&origin.id) {
            found.push(format!("{} is answered twice", origin.id));
        }
        if matches!(body_of(entry)?.as_ref(), EntryBody::Recovered { .. }) {
            continue;
        }
        let before = last.insert(&origin.desk, origin.number);
        if before.is_some_and(|before| before >= origin.number) {
            found.push(format!("{} is out of its order", origin.id));
        }
    }
    // Nobody else gives intents.
    let is_given = |id: &&str| world.truth.saved.contains_key(*id) || !id.starts_with('i');
    if let Some(id) = answered.iter().find(|id| !is_given(id)) {
        found.push(format!("{id} is answered and was never given"));
    }
    Ok(())
}

fn compare(world: &mut World, desk: usize, end: Cursor, retold: &Retold) -> Vec<String> {
    let mut found = Vec::new();
    let Some(it) = world.desks.get_mut(desk) else {
        return found;
    };
    if it.store.cursor() != end {
        found.push(format!(
            "desk {desk} has read to {} of {}",
            it.store.cursor().seq,
            end.seq
        ));
        return found;
    }
    let n_waiting = it.store.n_waiting();
    if n_waiting > 0 {
        found.push(format!("desk {desk} still waits for {n_waiting} answers"));
    }
    if !it.store.is_enrolled() || it.store.is_quarantined() {
        found.push(format!("desk {desk} has no number of its own"));
    }
    for (id, subject) in &retold.subjects {
        if it.store.confirmed(id).as_ref() != Some(subject) {
            found.push(format!("desk {desk} sees {id} otherwise than the center"));
            break;
        }
        if it.store.folded(id).as_ref() != Some(subject) {
            found.push(format!(
                "desk {desk} has kept {id} otherwise than the center"
            ));
            break;
        }
    }
    for id in retold.subjects.keys() {
        let mut story = it.store.story(id).iter();
        let is_other = |(seq, body): &(u64, Rc<EntryBody>)| {
            !retold
                .bodies
                .get(seq)
                .is_some_and(|it| Rc::ptr_eq(it, body))
        };
        if story.any(is_other) {
            found.push(format!("desk {desk} has other words of {id}"));
            break;
        }
    }
    if let Some(id) = retold.redacted.iter().find(|id| it.store.has_words_of(id)) {
        found.push(format!("desk {desk} still has the words of {id}"));
    }
    let n_known = it.store.subjects().count();
    let n_more = n_known.saturating_sub(retold.subjects.len());
    let is_known = |id: &&String| !retold.subjects.contains_key(*id);
    let strange: Vec<String> = it.store.subjects().filter(is_known).cloned().collect();
    let of_strange = strange.iter().filter(|id| it.store.folded(id).is_some());
    if of_strange.count() > 0 {
        found.push(format!(
            "desk {desk} knows {n_more} subjects that the center does not"
        ));
    }
    if **it.store.references() != retold.references {
        found.push(format!("desk {desk} has other tables than the center"));
    }
    let tasks: BTreeSet<u64> = it.store.tasks().iter().copied().collect();
    if tasks != retold.tasks || tasks.len() != it.store.tasks().len() {
        found.push(format!(
            "desk {desk} has another list of what is to be settled"
        ));
    }
    found
}
