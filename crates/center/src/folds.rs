//! Folded subjects at hand, so that a story is not read again for each command: those that were of use of late.
//! What is under way in a county comes again within weeks; what is over does not come again, and goes.

use std::collections::HashMap;

use wire::Subject;

/// Subjects in the younger half: more than are under way in a county at a time.
const YOUNG_MAX: usize = 15_000;

/// In two halves. What is put goes into the younger one; when that is full it becomes the older one, and what was in
/// the older one is forgotten.
#[derive(Debug)]
pub struct Folds {
    young: HashMap<String, Subject>,
    old: HashMap<String, Subject>,
    young_max: usize,
}

impl Default for Folds {
    fn default() -> Self {
        Self::of(YOUNG_MAX)
    }
}

impl Folds {
    /// Keeps at least the last `young_max` that were put, and at most twice as many.
    fn of(young_max: usize) -> Self {
        Self {
            young: HashMap::new(),
            old: HashMap::new(),
            young_max,
        }
    }

    pub fn get(&self, id: &str) -> Option<&Subject> {
        self.young.get(id).or_else(|| self.old.get(id))
    }

    /// Keeps a subject as it stands now, in the place of what was known of it.
    pub fn put(&mut self, id: String, subject: Subject) {
        self.old.remove(&id);
        self.young.insert(id, subject);
        if self.young.len() > self.young_max {
            self.old = std::mem::take(&mut self.young);
        }
    }

    /// Forgets one, and hands it over.
    pub fn take(&mut self, id: &str) -> Option<Subject> {
        self.young.remove(id).or_else(|| self.old.remove(id))
    }

    /// Forgets all.
    pub fn clear(&mut self) {
        self.young.clear();
        self.old.clear();
    }
}

#[cfg(test)]
mod tests {
    use domain::ActorId;
    use domain::matter::{Caller, Channel, Matter, MatterClass, MatterKind, Origin, Place};
    use domain::work_order::EventKind;
    use domain::{Event, rule_set::RuleSetId};
    use wire::Story;

    use super::*;

    fn subject(number: &str) -> Subject {
        let matter = Matter {
            caller: Caller::default(),
            channel: Channel::Phone,
            kind: MatterKind::Consultation,
            class: MatterClass::Ordinary,
            category_id: String::new(),
            title: String::new(),
            text: "停水".to_owned(),
            place: Place::default(),
            happened: String::new(),
            about: String::new(),
            wants: String::new(),
            is_confidential: false,
            wants_call_back: false,
            origin: Origin::default(),
        };
        let event = Event {
            occurred_at: chrono::DateTime::UNIX_EPOCH,
            actor: ActorId("1001".to_owned()),
            kind: EventKind::Registered {
                number: number.to_owned(),
                matter: Box::new(matter),
                rule_set: RuleSetId("QX-2023-66".to_owned()),
            },
        };
        let mut subject = None;
        Subject::apply(&mut subject, &Story::Order(vec![event]));
        subject.unwrap()
    }

    #[test]
    fn what_is_used_stays_and_what_is_not_goes() {
        let mut folds = Folds::of(3);
        for nth in 0..20 {
            folds.put("often".to_owned(), subject("often"));
            folds.put(nth.to_string(), subject(&nth.to_string()));
            assert_eq!(folds.get("often"), Some(&subject("often")), "{nth}");
            assert!(folds.young.len() + folds.old.len() <= 7);
        }
        assert_eq!(folds.get("0"), None);
        assert_eq!(folds.get("19"), Some(&subject("19")));
    }

    #[test]
    fn the_latest_holds_and_what_was_taken_is_gone() {
        let mut folds = Folds::of(1);
        folds.put("a".to_owned(), subject("1"));
        folds.put("b".to_owned(), subject("2"));
        // "a" is in the older half now.
        folds.put("a".to_owned(), subject("3"));
        assert_eq!(folds.take("a"), Some(subject("3")));
        assert_eq!(folds.take("a"), None);
        assert_eq!(folds.take("b"), Some(subject("2")));
        folds.put("c".to_owned(), subject("4"));
        folds.clear();
        assert_eq!(folds.get("c"), None);
    }
}
