//! 关联群: orders of the last days that tell of one happening, whoever told it and however.

use std::collections::BTreeMap;

use ::intake::same::{Common, DayAgreement, PlaceAgreement, ToldDay, common_object, says_the_same};
use chrono::{DateTime, TimeDelta, Utc};
use desk_store::{OrderPosition, ToldOrder};
use domain::clock_face::{date_of, time_of};
use domain::matter::Place;

use super::Recalled;

use crate::sight::Sight;

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
    /// 诉求对象; compared here and shown nowhere.
    about: String,
    day: Option<ToldDay>,
}

pub(super) fn is_recent(position: OrderPosition, now: DateTime<Utc>) -> bool {
    now - position.registered_at() < TimeDelta::days(RECENT_DAYS)
}

impl Related {
    /// Adds an order beside those that are alike; groups that it joins become one.
    pub(super) fn add(&mut self, told: &ToldOrder, alike: &[Recalled], now: DateTime<Utc>) {
        self.let_go(now);
        let matter = &told.matter;
        let registered_at = told.position.registered_at();
        let told_at = date_of(registered_at).and_time(time_of(registered_at));
        let day = ToldDay::of(&matter.happened, told_at);
        let joined: Vec<u32> = alike
            .iter()
            .filter_map(|it| {
                let other = self.recent.get(&it.position)?;
                let common = Common {
                    place: PlaceAgreement::of(&matter.place, &other.place),
                    days_told: DayAgreement::of(day, other.day),
                    has_name: common_object(&matter.about, &other.about).is_some(),
                    is_same_category: !told.category_id.is_empty()
                        && told.category_id == other.category_id,
                };
                says_the_same(it.likeness, &common).then_some(other.group)
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
            registered_at,
            group,
            id: told.id.clone(),
            number: told.number.clone(),
            // Shown to whoever looks at what comes often.
            title: Sight::Bystander.about(&matter.caller, &matter.title),
            category_id: told.category_id.clone(),
            place: matter.place.clone(),
            about: matter.about.clone(),
            day,
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

#[cfg(test)]
mod tests {
    use chrono::NaiveTime;
    use domain::clock_face::at;
    use domain::matter::{Caller, Channel, Matter, MatterClass, MatterKind, Origin};
    use domain::work_order::Stage;

    use super::*;

    fn noon(day: &str) -> DateTime<Utc> {
        let noon = NaiveTime::from_hms_opt(12, 0, 0).unwrap();
        at(format!("2026-11-{day}").parse().unwrap(), noon)
    }

    fn told(id: &str, day: &str, category_id: &str, township_code: &str) -> ToldOrder {
        let place = Place {
            township_code: township_code.to_owned(),
            ..Place::default()
        };
        ToldOrder {
            position: OrderPosition::at(noon(day)),
            id: id.to_owned(),
            number: id.to_owned(),
            matter: Matter {
                caller: Caller::default(),
                channel: Channel::Phone,
                kind: MatterKind::Help,
                class: MatterClass::Ordinary,
                category_id: String::new(),
                title: format!("{id}停水"),
                text: "停水".to_owned(),
                place,
                happened: String::new(),
                about: String::new(),
                wants: String::new(),
                is_confidential: false,
                wants_call_back: false,
                origin: Origin::default(),
            },
            category_id: category_id.to_owned(),
            stage: Stage::Registered,
        }
    }

    /// The ids of each group, by age.
    fn groups(related: &Related, now: DateTime<Utc>) -> Vec<String> {
        let mut groups: BTreeMap<u32, Vec<String>> = BTreeMap::new();
        for order in related.orders(now) {
            groups.entry(order.group).or_default().push(order.id);
        }
        groups.into_values().map(|ids| ids.join(" ")).collect()
    }

    fn like(told: &ToldOrder, likeness: f32) -> Recalled {
        Recalled {
            position: told.position,
            likeness,
        }
    }

    #[test]
    fn who_tells_of_both_joins_two_groups() {
        let now = noon("20");
        let mut related = Related::default();
        let (one, other) = (told("a", "17", "c-1", "1"), told("b", "18", "c-1", "1"));
        related.add(&one, &[], now);
        related.add(&other, &[like(&one, 0.05)], now);
        assert_eq!(groups(&related, now), ["a", "b"], "too little alike");
        let elsewhere = told("c", "19", "c-1", "2");
        related.add(&elsewhere, &[like(&one, 0.9)], now);
        assert_eq!(groups(&related, now), ["a", "b", "c"], "another place");
        let both = told("d", "20", "c-1", "1");
        related.add(&both, &[like(&one, 0.1), like(&other, 0.1)], now);
        assert_eq!(groups(&related, now), ["a b d", "c"]);
        assert_eq!(related.n_with(one.position), 3);
        related.remove(other.position);
        assert_eq!(related.n_with(one.position), 2);
        assert_eq!(related.n_with(other.position), 0);
    }

    #[test]
    fn a_common_object_joins_and_another_day_does_not() {
        let now = noon("20");
        let mut related = Related::default();
        let told = |id: &str, day: &str, about: &str, happened: &str| {
            let mut told = told(id, day, "", "");
            about.clone_into(&mut told.matter.about);
            happened.clone_into(&mut told.matter.happened);
            told
        };
        let first = told("a", "17", "金鑫物业公司", "昨天下午");
        related.add(&first, &[], now);
        let same = told("b", "18", "金鑫物业", "11月16日（周一）");
        related.add(&same, &[like(&first, 0.1)], now);
        let of_another = told("c", "19", "银海物业公司", "");
        related.add(&of_another, &[like(&first, 0.1)], now);
        let another_day = told("d", "20", "金鑫物业", "今天上午");
        related.add(&another_day, &[like(&first, 0.1)], now);
        assert_eq!(groups(&related, now), ["a b", "c", "d"]);
    }

    #[test]
    fn what_is_history_is_let_go() {
        let now = noon("01");
        let mut related = Related::default();
        let old = told("a", "01", "", "");
        related.add(&old, &[], now);
        let later = noon("16");
        assert!(related.orders(later).is_empty());
        related.add(&told("b", "16", "", ""), &[like(&old, 0.9)], later);
        assert_eq!(groups(&related, later), ["b"]);
    }
}
