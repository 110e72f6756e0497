//! 关联群: orders of the last days that tell of one happening, whoever told it and however.

use std::collections::BTreeMap;

use ::intake::same::{PlaceAgreement, says_the_same};
use chrono::{DateTime, TimeDelta, Utc};
use desk_store::{OrderPosition, ToldOrder};
use domain::matter::Place;

use super::Recalled;

/// Orders older than this are history.
const RECENT_DAYS: i64 = 14;
/// So many of what is alike are looked at for one order.
pub(super) const COMPARED: usize = 50;
/// Recent orders that are kept; of more the oldest are let go.
const RECENT_MAX: usize = 20_000;

/// Recent orders, each in the group of the first that it was found to tell of the same as.
#[derive(Debug, Default)]
pub(super) struct Related {
    recent: BTreeMap<OrderPosition, RecentOrder>,
    next_group: u32,
}

/// An order of the last days; those of one group tell of one happening.
#[derive(Debug, Clone)]
pub(crate) struct RecentOrder {
    pub(crate) registered_at: DateTime<Utc>,
    pub(crate) group: u32,
    pub(crate) id: String,
    pub(crate) number: String,
    pub(crate) title: String,
    pub(crate) category_id: String,
    pub(crate) place: Place,
}

pub(super) fn is_recent(position: OrderPosition, now: DateTime<Utc>) -> bool {
    now - position.registered_at() < TimeDelta::days(RECENT_DAYS)
}

impl Related {
    /// Adds an order beside those that are alike; groups that it joins become one.
    pub(super) fn add(&mut self, told: &ToldOrder, alike: &[Recalled], now: DateTime<Utc>) {
        self.let_go(now);
        let joined: Vec<u32> = alike
            .iter()
            .filter_map(|it| {
                let other = self.recent.get(&it.position)?;
                let place = PlaceAgreement::of(&told.matter.place, &other.place);
                let is_filed_alike =
                    !told.category_id.is_empty() && told.category_id == other.category_id;
                says_the_same(it.likeness, place, false, is_filed_alike).then_some(other.group)
            })
            .collect();
        let group = joined.iter().min().copied().unwrap_or_else(|| {
            self.next_group += 1;
            self.next_group
        });
        for other in self.recent.values_mut() {
            if joined.contains(&other.group) {
                other.group = group;
            }
        }
        let recent = RecentOrder {
            registered_at: told.position.registered_at(),
            group,
            id: told.id.clone(),
            number: told.number.clone(),
            title: told.matter.title.clone(),
            category_id: told.category_id.clone(),
            place: told.matter.place.clone(),
        };
        self.recent.insert(told.position, recent);
    }

    /// The order is filed otherwise since.
    pub(super) fn file(&mut self, told: &ToldOrder) {
        if let Some(recent) = self.recent.get_mut(&told.position) {
            recent.category_id.clone_from(&told.category_id);
        }
    }

    pub(super) fn remove(&mut self, position: OrderPosition) {
        self.recent.remove(&position);
    }

    pub(super) fn n_with(&self, position: OrderPosition) -> u32 {
        let Some(group) = self.recent.get(&position).map(|it| it.group) else {
            return 0;
        };
        let n = self.recent.values().filter(|it| it.group == group).count();
        u32::try_from(n).unwrap_or(u32::MAX)
    }

    /// The orders of the last days, by age.
    pub(super) fn orders(&self, now: DateTime<Utc>) -> Vec<RecentOrder> {
        let recent = self.recent.iter();
        recent
            .filter(|(position, _)| is_recent(**position, now))
            .map(|(_, order)| order.clone())
            .collect()
    }

    fn let_go(&mut self, now: DateTime<Utc>) {
        while let Some(first) = self.recent.keys().next().copied() {
            if is_recent(first, now) && self.recent.len() < RECENT_MAX {
                return;
            }
            self.recent.pop_first();
        }
    }
}
