//! What the parts of a snapshot say of orders, folded as it comes in: an order is drawn once, when nothing more is
//! said of it for a while, and its story is not read again for that. What does not fit in here, and what was cut
//! off, is folded from the store as always.

use std::collections::hash_map::{Entry, HashMap};
use std::collections::{HashSet, VecDeque};
use std::sync::Arc;

use desk_store::{StoreFault, TakenEntry, Writer};
use domain::work_order::EventKind;
use wire::{EntryBody, Hash, Story, Subject};

/// Orders that are kept folded: more than are under way in a county at a time, in about 100 MB.
const FOLDED_MAX: usize = 20_000;

/// The story of one subject in parts, each with the intent of this desk it came of, 0 for none.
pub(super) type Parts = Vec<(u64, Story)>;

/// 确认的状态 of one subject: what the entries of the feed make of it.
#[derive(Debug, Default)]
pub(super) struct Confirmed {
    pub(super) subject: Option<Subject>,
    /// By what it was drawn, for 合计.
    pub(super) told: Option<Hash>,
    /// 需要升级查看: nothing after what this program cannot read can be told.
    pub(super) is_unread: bool,
    /// The story itself, but for an order: that is read off the feed by whoever wants it.
    pub(super) parts: Parts,
}

impl Confirmed {
    /// As the store has it.
    pub(super) fn read(writer: &Writer, id: &str) -> Result<Self, StoreFault> {
        let mut confirmed = Self::default();
        for entry in writer.confirmed_of(id)? {
            confirmed.tell(entry.hash, entry.read().ok());
        }
        Ok(confirmed)
    }

    /// One more entry; `None` for a body that this program cannot read.
    fn tell(&mut self, entry: Hash, body: Option<EntryBody>) {
        let Some(body) = body.filter(|_| !self.is_unread) else {
            self.is_unread = true;
            return;
        };
        let Some(accepted) = body.into_accepted() else {
            return;
        };
        self.told = Some(wire::told(self.told, entry));
        Subject::apply(&mut self.subject, &accepted.story);
        if !matches!(accepted.story, Story::Order(_)) {
            self.parts.push((0, accepted.story));
        }
    }
}

/// The orders that parts tell of, as far as they have come.
pub(crate) struct Folding {
    orders: HashMap<Arc<str>, Folded>,
    /// Each with the count at which it was told of; the last of an order holds.
    by_age: VecDeque<(u64, Arc<str>)>,
    /// 需要升级查看: these are left to the store.
    unread: HashSet<Arc<str>>,
    n_told: u64,
    n_max: usize,
}

struct Folded {
    confirmed: Confirmed,
    told_at: u64,
}

impl Folding {
    pub(super) fn new() -> Self {
        Self::of(FOLDED_MAX)
    }

    /// One that keeps so many.
    pub(super) fn of(n_max: usize) -> Self {
        Self {
            orders: HashMap::new(),
            by_age: VecDeque::new(),
            unread: HashSet::new(),
            n_told: 0,
            n_max,
        }
    }

    /// Takes what a part says. The entries are in the store already.
    pub(super) fn take(
        &mut self,
        writer: &Writer,
        taken: Vec<TakenEntry>,
    ) -> Result<(), StoreFault> {
        // What is read from the store has the rest of these entries in it: they are not told twice.
        let mut read = HashSet::new();
        for entry in taken {
            let id: Arc<str> = Arc::from(entry.subject);
            let Some(body) = entry.body else {
                self.orders.remove(&id);
                self.unread.insert(id);
                continue;
            };
            self.n_told += 1;
            match self.orders.entry(Arc::clone(&id)) {
                Entry::Occupied(mut folded) => {
                    let folded = folded.get_mut();
                    folded.told_at = self.n_told;
                    if !read.contains(&id) {
                        folded.confirmed.tell(entry.hash, Some(body));
                    }
                }
                Entry::Vacant(vacant) => {
                    let events = match body.accepted().map(|it| &it.story) {
                        Some(Story::Order(events)) if !self.unread.contains(&id) => events,
                        Some(_) | None => continue,
                    };
                    let mut confirmed = Confirmed::default();
                    if events.first().is_some_and(is_beginning) {
                        confirmed.tell(entry.hash, Some(body));
                    } else {
                        confirmed = Confirmed::read(writer, &id)?;
                        read.insert(Arc::clone(&id));
                    }
                    vacant.insert(Folded {
                        confirmed,
                        told_at: self.n_told,
                    });
                }
            }
            self.by_age.push_back((self.n_told, id));
        }
        Ok(())
    }

    /// What was not told of for the longest time, where there are too many.
    pub(super) fn next_over(&mut self) -> Option<(Arc<str>, Confirmed)> {
        while self.orders.len() > self.n_max {
            let (told_at, id) = self.by_age.pop_front()?;
            if let Entry::Occupied(folded) = self.orders.entry(Arc::clone(&id))
                && folded.get().told_at == told_at
            {
                return Some((id, folded.remove().confirmed));
            }
        }
        None
    }

    /// What is known of one, which is not kept any longer.
    pub(super) fn give(&mut self, id: &str) -> Option<Confirmed> {
        self.orders.remove(id).map(|folded| folded.confirmed)
    }

    /// What the store has is not what was told here.
    pub(super) fn forget(&mut self) {
        self.orders.clear();
        self.by_age.clear();
        self.unread.clear();
    }
}

fn is_beginning(event: &domain::Event) -> bool {
    matches!(event.kind, EventKind::Registered { .. })
}
