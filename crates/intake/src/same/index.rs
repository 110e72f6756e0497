//! All orders by what is said rarely elsewhere: finds what may be the same matter as a text.
//!
//! Of each order the most telling pairs and triples of characters are kept: those that are rare
//! among all orders, heavier where they stand in the title. Two orders are as alike as their telling
//! grams are the same, each as heavy as it is rare. Names of places, estates and things are rare, so
//! they lead; no dictionary is needed. The index lives in memory and is built from the store.
#![expect(
    clippy::cast_precision_loss,
    reason = "there are far fewer orders than an f32 counts to within a percent"
)]

use std::cmp::Reverse;

use rustc_hash::FxHashMap;

use crate::grams;
use crate::text::Characters;

/// So many grams of an order are kept.
const TELLING: usize = 48;
/// Of an order that came after the index was built: what it alone says now, others may say next.
const TELLING_WHEN_NEW: usize = 96;
/// A gram of the title counts as so many of the text.
const TITLE_FACTOR: f32 = 4.0;
/// So much of a text is read.
const MAX_READ: usize = 2_000;
/// Orders that are looked at for one question at most, the rarest grams first.
const MAX_VISITS: usize = 400_000;
/// Counters of how many orders say a gram; two grams may share one.
const N_COUNTERS: usize = 1 << 21;
/// So many of the likeliest orders are told at most.
pub const MAX_ALIKE: usize = 200;
/// 同一事件: from this likeness on, two orders are shown as one event.
pub const SAME_EVENT: f32 = 0.06;
/// So many of the likeliest are asked what they are like.
const CORE: usize = 5;
/// How much a text's own words count beside those of the others that tell of the same.
const OWN_WORDS: f32 = 0.5;
const MOST_OF_A_COMPANION: f32 = 0.3;
const SALT: u64 = 4_000;

/// 工单索引. Orders are known by the number in which they were added, from 0.
#[derive(Debug)]
pub struct OrderIndex {
    counters: Vec<u32>,
    /// For each order the length that likeness is measured by; 0 for one that was removed.
    lengths: Vec<f32>,
    built: Built,
    /// What was added since.
    added: FxHashMap<u32, Vec<u32>>,
}

/// Grams in the order of their numbers; the orders of the gram at `at` are
/// `orders[starts[at]..starts[at + 1]]`.
#[derive(Debug, Default)]
struct Built {
    numbers: Vec<u32>,
    starts: Vec<u32>,
    orders: Vec<u32>,
}

/// An order that may be the same matter.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Alike {
    pub order: u32,
    /// From 0 to 1.
    pub likeness: f32,
}

/// Builds an index of orders that are gone through twice: all are counted, then all are added.
#[derive(Debug)]
pub struct OrderIndexBuilder {
    index: OrderIndex,
    n_counted: usize,
    /// Gram and order, by the upper bits of the gram: one part after the other is sorted and let go.
    pairs: Vec<Vec<(u32, u32)>>,
}

/// Parts in which the pairs are sorted, so that they are never all in memory twice.
const PART_BITS: u32 = 5;

impl Default for OrderIndexBuilder {
    fn default() -> Self {
        Self {
            index: OrderIndex {
                counters: vec![0; N_COUNTERS],
                lengths: Vec::new(),
                built: Built::default(),
                added: FxHashMap::default(),
            },
            n_counted: 0,
            pairs: vec![Vec::new(); 1 << PART_BITS],
        }
    }
}

impl OrderIndexBuilder {
    /// 第一遍: how often each gram is said.
    pub fn count(&mut self, title: &str, text: &str) {
        self.n_counted += 1;
        for (number, _) in weighed(title, text) {
            self.index.count(number);
        }
    }

    /// 第二遍: adds an order and returns its number.
    pub fn add(&mut self, title: &str, text: &str) -> u32 {
        let index = &mut self.index;
        let order = u32::try_from(index.lengths.len()).unwrap_or(u32::MAX);
        // What one order alone says finds no other; it would take the room of what does.
        let telling = index.telling(weighed(title, text), TELLING, 2, self.n_counted);
        let length = index.length_of(&telling, self.n_counted);
        index.lengths.push(length);
        for number in telling {
            if let Some(part) = self
                .pairs
                .get_mut((number >> (u32::BITS - PART_BITS)) as usize)
            {
                part.push((number, order));
            }
        }
        order
    }

    pub fn build(self) -> OrderIndex {
        let mut index = self.index;
        let built = &mut index.built;
        let n_pairs = self.pairs.iter().map(Vec::len).sum();
        built.orders.reserve_exact(n_pairs);
        for mut pairs in self.pairs {
            pairs.sort_unstable();
            for same in pairs.chunk_by(|one, other| one.0 == other.0) {
                let start = u32::try_from(built.orders.len()).unwrap_or(u32::MAX);
                built.starts.push(start);
                built
                    .numbers
                    .extend(same.first().map(|(number, _)| *number));
                built.orders.extend(same.iter().map(|(_, order)| *order));
            }
        }
        built
            .starts
            .push(u32::try_from(built.orders.len()).unwrap_or(u32::MAX));
        index
    }
}

impl OrderIndex {
    /// Builds the index; the texts are gone through twice.
    pub fn build<T, I>(orders: impl Fn() -> I) -> Self
    where
        T: AsRef<str>,
        I: Iterator<Item = (T, T)>,
    {
        let mut builder = OrderIndexBuilder::default();
        for (title, text) in orders() {
            builder.count(title.as_ref(), text.as_ref());
        }
        for (title, text) in orders() {
            builder.add(title.as_ref(), text.as_ref());
        }
        builder.build()
    }

    /// Adds an order that came now, and returns its number.
    pub fn add(&mut self, title: &str, text: &str) -> u32 {
        let order = u32::try_from(self.lengths.len()).unwrap_or(u32::MAX);
        let grams = weighed(title, text);
        for (number, _) in &grams {
            self.count(*number);
        }
        let n_orders = self.lengths.len() + 1;
        let telling = self.telling(grams, TELLING_WHEN_NEW, 1, n_orders);
        let first = telling
            .get(..telling.len().min(TELLING))
            .unwrap_or_default();
        self.lengths.push(self.length_of(first, n_orders));
        for number in telling {
            self.added.entry(number).or_default().push(order);
        }
        order
    }

    /// Never finds that order again; its number is not given anew.
    pub fn remove(&mut self, order: u32) {
        if let Some(length) = self.lengths.get_mut(order as usize) {
            *length = 0.0;
        }
    }

    pub fn n_orders(&self) -> usize {
        self.lengths.len()
    }

    /// The orders most like a text, the likeliest first, so many at most.
    pub fn alike(&self, title: &str, text: &str, n: usize) -> Vec<Alike> {
        let n_orders = self.lengths.len();
        let telling = self.telling(weighed(title, text), TELLING, 1, n_orders);
        let length = self.length_of(&telling, n_orders);
        if length <= 0.0 {
            return Vec::new();
        }
        let mut by_rarity: Vec<(u32, f32)> = telling
            .iter()
            .map(|number| (*number, self.rarity(*number, n_orders)))
            .collect();
        by_rarity.sort_by(|one, other| other.1.total_cmp(&one.1).then(one.0.cmp(&other.0)));
        let mut scores = vec![0.0f32; n_orders];
        let mut touched: Vec<u32> = Vec::new();
        let mut n_visits = 0;
        for (number, rarity) in by_rarity {
            let lists = [
                self.built.of(number),
                self.added.get(&number).map_or(&[][..], |it| it),
            ];
            n_visits += lists.iter().map(|list| list.len()).sum::<usize>();
            if n_visits > MAX_VISITS {
                break;
            }
            for order in lists.into_iter().flatten() {
                if let Some(score) = scores.get_mut(*order as usize) {
                    if *score == 0.0 {
                        touched.push(*order);
                    }
                    *score += rarity * rarity;
                }
            }
        }
        let alike = |order: u32| {
            let of_order = self
                .lengths
                .get(order as usize)
                .copied()
                .unwrap_or_default();
            let score = scores.get(order as usize).copied().unwrap_or_default();
            (of_order > 0.0).then(|| Alike {
                order,
                likeness: (score / (of_order * length)).min(1.0),
            })
        };
        let mut found: Vec<Alike> = touched.into_iter().filter_map(alike).collect();
        let before = |one: &Alike, other: &Alike| {
            // Of two alike the later one.
            (other.likeness.total_cmp(&one.likeness)).then(other.order.cmp(&one.order))
        };
        let n = n.min(MAX_ALIKE);
        if found.len() > n && n > 0 {
            found.select_nth_unstable_by(n - 1, before);
        }
        found.truncate(n);
        found.sort_by(before);
        found
    }

    /// 同一事件: the orders that tell of the same happening as a text, the likeliest first.
    ///
    /// What the first few found say is asked as well: people name one happening in several ways, and
    /// the third caller's words may be those of the second. `text_of` gives title and text of an
    /// order; `but` is left out (the order itself, when it is there already).
    pub fn event(
        &self,
        title: &str,
        text: &str,
        but: Option<u32>,
        text_of: impl Fn(u32) -> Option<(String, String)>,
    ) -> Vec<Alike> {
        let mut first = self.alike(title, text, MAX_ALIKE);
        first.retain(|it| Some(it.order) != but);
        let mut likenesses: FxHashMap<u32, f32> = FxHashMap::default();
        let core: Vec<Alike> = (first.iter().copied())
            .filter(|it| it.likeness >= SAME_EVENT)
            .take(CORE)
            .collect();
        let own = if core.is_empty() { 1.0 } else { OWN_WORDS };
        for it in &first {
            likenesses.insert(it.order, own * it.likeness);
        }
        let n_core = core.len().max(1) as f32;
        for (title, text) in core.iter().filter_map(|it| text_of(it.order)) {
            for it in self.alike(&title, &text, MAX_ALIKE) {
                // Each is wholly like itself, which says nothing of the others.
                let likeness = it.likeness.min(MOST_OF_A_COMPANION);
                *likenesses.entry(it.order).or_default() += (1.0 - own) * likeness / n_core;
            }
        }
        let mut found: Vec<Alike> = likenesses
            .into_iter()
            .map(|(order, likeness)| Alike { order, likeness })
            .filter(|it| it.likeness >= SAME_EVENT && Some(it.order) != but)
            .collect();
        found.sort_by(|one, other| {
            (other.likeness.total_cmp(&one.likeness)).then(other.order.cmp(&one.order))
        });
        found.truncate(MAX_ALIKE);
        found
    }

    fn count(&mut self, number: u32) {
        if let Some(counter) = self.counters.get_mut(number as usize % N_COUNTERS) {
            *counter = counter.saturating_add(1);
        }
    }

    fn n_saying(&self, number: u32) -> u32 {
        let counter = self.counters.get(number as usize % N_COUNTERS);
        counter.copied().unwrap_or_default()
    }

    fn rarity(&self, number: u32, n_orders: usize) -> f32 {
        (1.0 + n_orders as f32 / self.n_saying(number).max(1) as f32).ln()
    }

    /// The heaviest grams that at least so many orders say, the heaviest first.
    fn telling(
        &self,
        grams: Vec<(u32, f32)>,
        n: usize,
        n_saying: u32,
        n_orders: usize,
    ) -> Vec<u32> {
        let mut grams: Vec<(u32, f32)> = grams
            .into_iter()
            .filter(|(number, _)| self.n_saying(*number) >= n_saying)
            .map(|(number, weight)| (number, weight * self.rarity(number, n_orders)))
            .collect();
        let before = |one: &(u32, f32), other: &(u32, f32)| {
            other.1.total_cmp(&one.1).then(one.0.cmp(&other.0))
        };
        if grams.len() > n {
            grams.select_nth_unstable_by(n, before);
            grams.truncate(n);
        }
        grams.sort_by(before);
        grams.into_iter().map(|(number, _)| number).collect()
    }

    fn length_of(&self, telling: &[u32], n_orders: usize) -> f32 {
        let square = |number: &u32| self.rarity(*number, n_orders).powi(2);
        telling.iter().map(square).sum::<f32>().sqrt()
    }
}

impl Built {
    fn of(&self, number: u32) -> &[u32] {
        let Ok(at) = self.numbers.binary_search(&number) else {
            return &[];
        };
        let (Some(start), Some(end)) = (self.starts.get(at), self.starts.get(at + 1)) else {
            return &[];
        };
        self.orders
            .get(*start as usize..*end as usize)
            .unwrap_or_default()
    }
}

/// Every pair and triple of a text with how much it is said.
fn weighed(title: &str, text: &str) -> Vec<(u32, f32)> {
    let mut numbers: Vec<(u32, f32)> = Vec::with_capacity(text.len());
    let mut read = |text: &str, weight: f32| {
        let characters = Characters::new(text);
        grams::each(
            characters.slice(0, MAX_READ),
            2..=3,
            SALT,
            |_, _, number| {
                numbers.push((number, weight));
            },
        );
    };
    read(title, TITLE_FACTOR);
    read(text, 1.0);
    numbers.sort_unstable_by_key(|(number, weight)| (*number, Reverse(weight.to_bits())));
    numbers.dedup_by(|later, kept| {
        let is_same = later.0 == kept.0;
        if is_same {
            kept.1 += later.1;
        }
        is_same
    });
    for (_, weight) in &mut numbers {
        *weight = 1.0 + weight.ln();
    }
    numbers
}

#[cfg(test)]
mod tests {
    use super::*;

    const ORDERS: [(&str, &str); 5] = [
        (
            "锦绣花园停水",
            "锦绣花园小区从昨天早上开始停水，五百多户没有水用",
        ),
        (
            "锦绣花园没有水",
            "我住锦绣花园三栋，停水一天了，什么时候来水",
        ),
        ("路灯不亮", "渠光路的路灯坏了三盏，晚上看不见"),
        ("占道经营", "农贸市场门口占道经营，车都过不去"),
        ("夜间施工", "锦绣花园旁边的工地夜里施工，吵得睡不着"),
    ];

    fn found(index: &OrderIndex, title: &str, text: &str) -> Vec<u32> {
        index
            .alike(title, text, 10)
            .iter()
            .map(|it| it.order)
            .collect()
    }

    #[test]
    fn the_same_matter_is_found() {
        let index = OrderIndex::build(|| ORDERS.into_iter());
        let found = found(&index, "", "锦绣花园又停水了");
        assert!(found.contains(&0) && found.contains(&1), "{found:?}");
        assert!(!found.contains(&2));
    }

    #[test]
    fn what_came_later_is_found_and_what_was_removed_is_not() {
        let mut index = OrderIndex::build(|| ORDERS.into_iter());
        let order = index.add("井盖不见了", "濛山路口的井盖不见了，很危险");
        assert_eq!(found(&index, "", "濛山路井盖")[0], order);
        index.remove(order);
        assert!(!found(&index, "", "濛山路井盖").contains(&order));
        assert_eq!(index.n_orders(), 6);
    }

    #[test]
    fn nothing_is_like_nothing() {
        let index = OrderIndex::build(|| ORDERS.into_iter());
        assert!(index.alike("", "", 10).is_empty());
        assert!(index.alike("", "！？", 10).is_empty());
        let empty = OrderIndex::build(std::iter::empty::<(&str, &str)>);
        assert!(empty.alike("停水", "停水", 10).is_empty());
    }
}
