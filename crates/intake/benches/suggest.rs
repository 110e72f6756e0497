//! Everything a desk asks while somebody types, for a text of 300 characters beside 500,000 orders:
//! kind, category, fields, special matters, scope, follow-up questions, what is alike, and the exact
//! comparison of the likeliest. What the desk adds to it is reading those likeliest from its store.
//!
//! The orders are generated from a seed. Besides criterion's mean it prints the figure that is held:
//! the 95th percentile of many different texts, each timed a few times of which the quickest counts, so
//! that what else the machine does is not measured.

#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::indexing_slicing,
    clippy::cast_possible_truncation,
    reason = "a benchmark"
)]

use std::hint::black_box;
use std::time::{Duration, Instant};

use chrono::{NaiveDate, NaiveDateTime};
use criterion::{Criterion, criterion_group, criterion_main};
use intake::category::{self, Category, CategoryModel, ConfirmedOrder};
use intake::fields::{self, Gazetteer, Township};
use intake::follow_up::FollowUps;
use intake::keywords::Keywords;
use intake::kind;
use intake::learn::{Classifier, Example, train_judge};
use intake::quality::scope_hints;
use intake::same::{OrderIndex, Shingles};
use intake::special::SpecialWords;
use wording::reference::ReferenceTables;

const N_ORDERS: u64 = 500_000;
const N_TEXTS: u64 = 400;
const CHARACTERS: usize = 300;
const TIMED: usize = 5;
/// So many of what is alike are compared exactly.
const COMPARED: usize = 20;

/// Numbers from a seed (`SplitMix64`).
struct Dice(u64);

impl Dice {
    fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((z ^ (z >> 31)) % n as u64) as usize
    }

    fn one<'a>(&mut self, of: &[&'a str]) -> &'a str {
        of[self.below(of.len())]
    }
}

/// What orders are told with: the tables of the program and a few hundred words.
struct Words {
    places: Vec<String>,
    matters: Vec<&'static str>,
    categories: Vec<String>,
}

const BEGINNINGS: [&str; 8] = [
    "您好，我要反映",
    "来电反映",
    "我是这里的住户，",
    "市民来电：",
    "投诉",
    "请问",
    "我想咨询一下",
    "求助，",
];
const MIDDLES: [&str; 16] = [
    "从昨天晚上八点开始",
    "已经半个月了",
    "上周三打过电话",
    "11月3号交了3600元",
    "每天晚上吵到十二点",
    "老人和娃儿都受不了",
    "物业公司说不归他们管",
    "社区来看过一次",
    "影响几十户人",
    "路面坑坑洼洼",
    "气味很大",
    "没有人来处理",
    "多次反映没有结果",
    "车牌川S12345一直停在那里",
    "电话13800001234",
    "下雨天更严重",
];
const ENDINGS: [&str; 6] = [
    "，希望尽快解决。",
    "，请有关部门来看一下。",
    "，要求退还费用。",
    "，恳请领导重视。",
    "，请尽快恢复。",
    "，望处理。",
];
const SYLLABLES: &str = "金鑫宏发锦绣华庭明珠翠湖紫荆丽景康乐阳光春天世纪东方南城北苑福满家和兴隆";

fn words(tables: &ReferenceTables) -> Words {
    let townships = &tables.view.townships;
    let places = townships.iter().flat_map(|it| {
        it.villages
            .iter()
            .map(move |village| format!("{}{}", it.name, village.name))
    });
    let shipped = include_str!("../reference/keywords.txt");
    let lines = shipped.lines().filter_map(|line| line.split_once('|'));
    let lines: Vec<(&str, &str)> = lines.filter(|(id, _)| id.starts_with("c-")).collect();
    Words {
        places: places.collect(),
        matters: lines
            .iter()
            .flat_map(|(_, words)| words.split_whitespace().filter(|word| !word.contains('+')))
            .collect(),
        categories: lines.iter().map(|(id, _)| (*id).to_owned()).collect(),
    }
}

fn name(dice: &mut Dice) -> String {
    let syllables: Vec<char> = SYLLABLES.chars().collect();
    let mut name = String::new();
    for _ in 0..3 + dice.below(2) {
        name.push(syllables[dice.below(syllables.len())]);
    }
    name + dice.one(&["小区", "花园", "公寓", "超市", "物业公司", "小学"])
}

fn told(dice: &mut Dice, words: &Words, n_characters: usize) -> (String, String) {
    let place = words.places[dice.below(words.places.len())].clone();
    let name = name(dice);
    let matter = dice.one(&words.matters);
    let title = format!("{name}{matter}");
    let mut text = format!("{}{place}{name}{matter}", dice.one(&BEGINNINGS));
    while text.chars().count() + 20 < n_characters {
        text.push('，');
        text.push_str(dice.one(&MIDDLES));
        text.push_str(dice.one(&words.matters));
    }
    text.push_str(dice.one(&ENDINGS));
    (title, text.chars().take(n_characters).collect())
}

fn order(number: u64, words: &Words) -> (String, String) {
    let mut dice = Dice(number);
    let n_characters = 60 + dice.below(120);
    told(&mut dice, words, n_characters)
}

struct Desk {
    categories: Vec<Category>,
    keywords: Keywords,
    model: CategoryModel,
    kinds: Classifier,
    follow_ups: FollowUps,
    gazetteer: Gazetteer,
    special: SpecialWords,
    index: OrderIndex,
    words: Words,
    told_at: NaiveDateTime,
}

fn desk() -> Desk {
    let tables = ReferenceTables::built_in().unwrap();
    let words = words(&tables);
    let categories: Vec<Category> = (tables.view.categories.iter())
        .map(|it| Category {
            id: it.id.clone(),
            level1: it.level1.clone(),
            level2: it.level2.clone(),
            level3: it.level3.clone(),
        })
        .collect();
    let keywords = Keywords::shipped();
    let orders: Vec<ConfirmedOrder> = (0..5_000u64)
        .map(|number| {
            let (title, text) = order(number, &words);
            let at = usize::try_from(number).unwrap() % words.categories.len();
            ConfirmedOrder {
                title,
                text,
                category_id: words.categories[at].clone(),
                is_held_back: number % 10 == 0,
            }
        })
        .collect();
    let started = Instant::now();
    let (model, _) = category::train(&orders, &categories, &keywords, 2).unwrap();
    println!("learnt {} orders in {:?}", orders.len(), started.elapsed());
    let examples: Vec<Example> = (orders.iter().enumerate())
        .map(|(at, order)| Example {
            title: order.title.clone(),
            text: order.text.clone(),
            class: at % kind::labels().len(),
            is_held_back: order.is_held_back,
        })
        .collect();
    let labels = kind::labels().map(str::to_owned);
    let (kinds, _) = train_judge(&examples, &labels, &keywords, 2).unwrap();
    let townships: Vec<Township> = (tables.view.townships.iter())
        .map(|it| Township {
            code: it.code.clone(),
            name: it.name.clone(),
            aliases: Vec::new(),
            villages: (it.villages.iter())
                .map(|it| (it.code.clone(), it.name.clone()))
                .collect(),
        })
        .collect();
    let started = Instant::now();
    let index = OrderIndex::build(|| (0..N_ORDERS).map(|number| order(number, &words)));
    println!("{N_ORDERS} orders indexed in {:?}", started.elapsed());
    Desk {
        gazetteer: Gazetteer::new(&townships, &[]),
        special: SpecialWords::shipped(),
        follow_ups: FollowUps::shipped(),
        kinds,
        told_at: NaiveDate::from_ymd_opt(2026, 11, 26)
            .unwrap()
            .and_hms_opt(9, 0, 0)
            .unwrap(),
        categories,
        keywords,
        model,
        index,
        words,
    }
}

impl Desk {
    fn everything(&self, title: &str, text: &str) -> usize {
        let kinds = kind::guesses(title, text, &self.keywords, Some(&self.kinds));
        let model = Some(&self.model);
        let guesses = category::guesses(title, text, &self.categories, &self.keywords, model, 3);
        let fields = fields::read(text, self.told_at, &self.gazetteer);
        let alerts = self.special.alerts(text);
        let scope = scope_hints(text);
        let questions = self.follow_ups.open("供水供气", text, &fields);
        let alike = self.index.alike(title, text, COMPARED);
        let own = Shingles::of(text);
        // A desk reads these texts from its store; here they are made again.
        let near = alike.iter().filter(|it| {
            let (_, other) = order(u64::from(it.order), &self.words);
            own.likeness(&Shingles::of(&other)).is_near_duplicate()
        });
        let n_found = kinds.len() + guesses.len() + fields.places.len() + alerts.len();
        n_found + scope.len() + questions.len() + near.count()
    }
}

fn everything(criterion: &mut Criterion) {
    let desk = desk();
    let texts: Vec<(String, String)> = (0..N_TEXTS)
        .map(|number| told(&mut Dice(!number), &desk.words, CHARACTERS))
        .collect();
    let mut parts: [(&str, Vec<Duration>); 6] = [
        ("category", Vec::new()),
        ("fields", Vec::new()),
        ("special", Vec::new()),
        ("alike", Vec::new()),
        ("kind", Vec::new()),
        ("everything", Vec::new()),
    ];
    for (title, text) in &texts {
        let mut timed = |at: usize, run: &dyn Fn() -> usize| {
            let quickest = (0..TIMED).map(|_| {
                let started = Instant::now();
                black_box(run());
                started.elapsed()
            });
            parts[at].1.push(quickest.min().unwrap());
        };
        timed(0, &|| {
            let model = Some(&desk.model);
            category::guesses(title, text, &desk.categories, &desk.keywords, model, 3).len()
        });
        timed(1, &|| {
            fields::read(text, desk.told_at, &desk.gazetteer)
                .places
                .len()
        });
        timed(2, &|| desk.special.alerts(text).len());
        timed(3, &|| desk.index.alike(title, text, COMPARED).len());
        timed(4, &|| {
            kind::guesses(title, text, &desk.keywords, Some(&desk.kinds)).len()
        });
        timed(5, &|| desk.everything(title, text));
    }
    for (part, times) in &mut parts {
        times.sort_unstable();
        let at = |percent: usize| times[(times.len() * percent / 100).min(times.len() - 1)];
        println!(
            "{part}: p50 {:?}, p95 {:?}, p99 {:?}",
            at(50),
            at(95),
            at(99)
        );
    }
    let (title, text) = &texts[0];
    criterion.bench_function("300 characters beside 500,000 orders", |bencher| {
        bencher.iter(|| desk.everything(black_box(title), black_box(text)));
    });
}

criterion_group! {
    name = benches;
    config = Criterion::default().sample_size(20).measurement_time(Duration::from_secs(5));
    targets = everything
}
criterion_main!(benches);
