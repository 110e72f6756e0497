//! 地点: the county's townships and streets, its villages and communities, and what the center added,
//! by full, short, former and everyday names. What a name alone leaves open stays open.

use std::cmp::Reverse;
use std::collections::BTreeSet;

use domain::local_name::LocalName;
use rustc_hash::FxHashMap;

use super::Stretch;
use crate::text::{Characters, ends_clause, fold};

/// 乡镇街道 with what stands in it, as the program's tables have it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Township {
    pub code: String,
    /// 三汇镇.
    pub name: String,
    /// 曾用名: 汇南, 射洪乡.
    pub aliases: Vec<String>,
    /// 村社区: code and name.
    pub villages: Vec<(String, String)>,
}

/// By what a place was known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum NameGround {
    /// The name as it stands in the table.
    Full,
    /// 渠江镇 for 渠江街道: the name with another ending.
    OtherEnding,
    /// 曾用名.
    Former,
    /// A name that the center added.
    Local,
    /// 三汇, 三汇那边.
    Short,
}

/// One place that a name may mean.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlaceCandidate {
    pub township_code: String,
    /// Empty where the name says no village.
    pub village_code: String,
    pub ground: NameGround,
}

/// 地点: what it may mean, the likeliest first, and what stands after it to the door.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlaceReading {
    /// Never empty.
    pub candidates: Vec<PlaceCandidate>,
    /// 详细地址: 大桥头3号; empty where nothing follows.
    pub detail: String,
}

/// 地名表.
#[derive(Clone, Debug, Default)]
pub struct Gazetteer {
    entries: Vec<Entry>,
    /// The entries that begin with a character, the longest first.
    by_first: FxHashMap<char, Vec<usize>>,
}

#[derive(Clone, Debug)]
struct Entry {
    name: Vec<char>,
    candidate: PlaceCandidate,
    /// An everyday word as well: a place only with a word beside it that says so.
    is_a_word: bool,
}

const TOWNSHIP_ENDINGS: [&str; 3] = ["街道", "镇", "乡"];
const VILLAGE_ENDINGS: [&str; 2] = ["社区", "村"];
/// Short names of townships that are words of their own, or parts of many other names.
const WORDS: [&str; 18] = [
    "合力", "青龙", "龙凤", "新市", "万寿", "东安", "大义", "望江", "巨光", "天星", "宝城", "报恩",
    "安北", "定远", "丰乐", "三板", "渠江", "渠南",
];
/// What follows a short name that is a place: 三汇那边, 青龙场镇.
const AFTER: [&str; 28] = [
    "那边",
    "这边",
    "那里",
    "这里",
    "那块",
    "这块",
    "街上",
    "场镇",
    "场上",
    "镇上",
    "乡上",
    "乡下",
    "附近",
    "片区",
    "中学",
    "小学",
    "卫生院",
    "派出所",
    "农贸市场",
    "市场",
    "车站",
    "大桥",
    "老街",
    "新街",
    "政府",
    "便民服务中心",
    "幼儿园",
    "的中学",
];
/// What stands before a short name that is a place.
const BEFORE: [&str; 10] = [
    "在", "住", "到", "去", "从", "来自", "渠县", "往", "回", "我是",
];
/// A short name before these is the beginning of another name.
const NOT_BEFORE: [&str; 7] = ["路", "大道", "街", "花园", "小区", "公司", "酒店"];

/// How the rest of an address ends.
const DETAIL_ENDINGS: [&str; 35] = [
    "大桥头",
    "农贸市场",
    "幼儿园",
    "卫生院",
    "门口",
    "旁边",
    "对面",
    "附近",
    "路口",
    "后面",
    "前面",
    "楼下",
    "单元",
    "小区",
    "花园",
    "广场",
    "市场",
    "大道",
    "小学",
    "中学",
    "医院",
    "车站",
    "工地",
    "组",
    "社",
    "栋",
    "幢",
    "号",
    "室",
    "路",
    "街",
    "巷",
    "桥",
    "楼",
    "口",
];
/// Where the rest of an address certainly is over.
const DETAIL_STOPS: &str = "的了有被把在是没不很又也就都从来去要说停坏漏烂堵吵";
const MAX_DETAIL: usize = 24;

impl Gazetteer {
    pub fn new(townships: &[Township], local_names: &[LocalName]) -> Self {
        let mut gazetteer = Self::default();
        let villages = townships.iter().flat_map(|it| &it.villages);
        let all: BTreeSet<&str> = villages
            .map(|(_, name)| name.as_str())
            .chain(townships.iter().map(|it| it.name.as_str()))
            .collect();
        for township in townships {
            gazetteer.add_township(township, &all);
        }
        for local in local_names {
            let candidate = PlaceCandidate {
                township_code: local.township_code.clone(),
                village_code: local.village_code.clone(),
                ground: NameGround::Local,
            };
            gazetteer.add(&local.name, candidate, false);
        }
        for places in gazetteer.by_first.values_mut() {
            let entries = &gazetteer.entries;
            let length = |at: usize| entries.get(at).map_or(0, |it| it.name.len());
            places.sort_by_key(|at| (Reverse(length(*at)), *at));
        }
        gazetteer
    }

    fn add_township(&mut self, township: &Township, all: &BTreeSet<&str>) {
        let candidate = |village: &str, ground| PlaceCandidate {
            township_code: township.code.clone(),
            village_code: village.to_owned(),
            ground,
        };
        self.add(&township.name, candidate("", NameGround::Full), false);
        let stem = stem_of(&township.name, &TOWNSHIP_ENDINGS);
        for ending in TOWNSHIP_ENDINGS {
            let name = format!("{stem}{ending}");
            if !all.contains(name.as_str()) {
                self.add(&name, candidate("", NameGround::OtherEnding), false);
            }
        }
        let short = candidate("", NameGround::Short);
        self.add(stem, short, WORDS.contains(&stem));
        for alias in &township.aliases {
            let stem = stem_of(alias, &TOWNSHIP_ENDINGS);
            for ending in TOWNSHIP_ENDINGS {
                let former = candidate("", NameGround::Former);
                self.add(&format!("{stem}{ending}"), former, false);
            }
            self.add(stem, candidate("", NameGround::Former), true);
        }
        for (code, name) in &township.villages {
            self.add(name, candidate(code, NameGround::Full), false);
            let stem = stem_of(name, &VILLAGE_ENDINGS);
            for ending in VILLAGE_ENDINGS {
                let other = format!("{stem}{ending}");
                if !all.contains(other.as_str()) {
                    self.add(&other, candidate(code, NameGround::OtherEnding), false);
                }
            }
        }
    }

    fn add(&mut self, name: &str, candidate: PlaceCandidate, is_a_word: bool) {
        let name: Vec<char> = name.chars().map(fold).collect();
        if let Some(first) = name.first() {
            let places = self.by_first.entry(*first).or_default();
            places.push(self.entries.len());
            self.entries.push(Entry {
                name,
                candidate,
                is_a_word,
            });
        }
    }

    pub(super) fn read(&self, text: &Characters) -> Vec<Stretch<PlaceReading>> {
        let mut names: Vec<(usize, usize, Vec<PlaceCandidate>)> = Vec::new();
        let mut at = 0;
        while at < text.len() {
            match self.at_place(text, at) {
                Some((end, candidates)) => {
                    names.push((at, end, candidates));
                    at = end;
                }
                None => at += 1,
            }
        }
        let certain = names
            .iter()
            .filter_map(|(.., candidates)| match candidates.as_slice() {
                [only] => Some(only.township_code.clone()),
                _ => None,
            });
        let mentioned: BTreeSet<String> = certain.collect();
        let mut found: Vec<Stretch<PlaceReading>> = Vec::new();
        for (start, end, mut candidates) in names {
            // A township that is named elsewhere in the text makes one of several likelier.
            candidates.sort_by_key(|it| !mentioned.contains(&it.township_code));
            if let Some((_, before, reading)) = found.last_mut()
                && *before == start
                && let Some(joined) = joined(&reading.candidates, &candidates)
            {
                reading.candidates = joined;
                *before = end;
                continue;
            }
            let detail = String::new();
            found.push((start, end, PlaceReading { candidates, detail }));
        }
        let starts: Vec<usize> = found.iter().skip(1).map(|(start, ..)| *start).collect();
        for (at, (_, end, reading)) in found.iter_mut().enumerate() {
            let next = starts.get(at).copied().unwrap_or(text.len());
            let detail_end = detail_end(text, *end, next);
            reading.detail = text.written(*end, detail_end);
            *end = detail_end;
        }
        found
    }

    /// The longest name at a place, with all it may mean.
    fn at_place(&self, text: &Characters, at: usize) -> Option<(usize, Vec<PlaceCandidate>)> {
        let mut candidates: Vec<PlaceCandidate> = Vec::new();
        let mut n = 0;
        let entries = self.by_first.get(&text.at(at))?.iter();
        for entry in entries.filter_map(|place| self.entries.get(*place)) {
            let length = entry.name.len();
            if length < n {
                break;
            }
            let is_there = text.slice(at, at + length) == entry.name.as_slice();
            if is_there && entry.is_meant(text, at) {
                n = length;
                if !candidates.contains(&entry.candidate) {
                    candidates.push(entry.candidate.clone());
                }
            }
        }
        candidates.sort_by_key(|it| it.ground);
        (n > 0).then_some((at + n, candidates))
    }
}

impl Entry {
    /// Whether the name is meant as one where it stands.
    fn is_meant(&self, text: &Characters, at: usize) -> bool {
        let end = at + self.name.len();
        match self.candidate.ground {
            NameGround::Full | NameGround::OtherEnding | NameGround::Local => true,
            NameGround::Short | NameGround::Former if !self.is_a_word => {
                text.one_at(end, &NOT_BEFORE).is_none()
            }
            NameGround::Short | NameGround::Former => {
                let is_after = BEFORE.iter().any(|word| {
                    let n = word.chars().count();
                    at >= n && text.has_at(at - n, word)
                });
                let is_over = ends_clause(text.at(end)) || text.at(end) == '的';
                text.one_at(end, &AFTER).is_some() || (is_after && is_over)
            }
        }
    }
}

/// The name without its ending; the whole name where it has none.
fn stem_of<'a>(name: &'a str, endings: &[&str]) -> &'a str {
    let stem = endings.iter().find_map(|ending| name.strip_suffix(ending));
    stem.filter(|stem| stem.chars().count() >= 2)
        .unwrap_or(name)
}

/// 三汇镇 + 白蜡社区: the candidates of the village that lie in the township.
fn joined(before: &[PlaceCandidate], after: &[PlaceCandidate]) -> Option<Vec<PlaceCandidate>> {
    let is_within = |inner: &&PlaceCandidate| {
        !inner.village_code.is_empty()
            && before
                .iter()
                .any(|it| it.village_code.is_empty() && it.township_code == inner.township_code)
    };
    let joined: Vec<PlaceCandidate> = after.iter().filter(is_within).cloned().collect();
    (!joined.is_empty()).then_some(joined)
}

fn detail_end(text: &Characters, start: usize, next: usize) -> usize {
    let mut end = start;
    let mut at = start;
    while at < next && at - start < MAX_DETAIL {
        let c = text.at(at);
        if ends_clause(c) || DETAIL_STOPS.contains(c) {
            break;
        }
        match text.one_at(at, &DETAIL_ENDINGS) {
            Some((ending, n)) => {
                at += n;
                // 路灯 is no road.
                if !(ending == "路" && matches!(text.at(at), '灯' | '面')) {
                    end = at;
                }
            }
            None => at += 1,
        }
    }
    end.min(next)
}

#[cfg(test)]
mod tests;
