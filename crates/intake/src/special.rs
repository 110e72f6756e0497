//! 特殊事项与紧急情况: words that must not be overheard, while they are being typed.
//!
//! A table of what people say, by kind, with the class of 第十一条(四) and the lines to put through
//! to. What is denied (没有人受伤) does not count; what is past, feared or asked about is doubtful and
//! is shown quietly. Nothing is decided here.

use std::ops::Range;

use domain::matter::MatterClass;
use domain::out_of_scope::EmergencyLine;
use thiserror::Error;

use crate::fields::number_at;
use crate::text::{Characters, ends_clause, ends_sentence, fold};

/// What the program ships.
const SHIPPED: &str = include_str!("../reference/special.txt");
/// So many households or people make a matter one of many.
const MANY_HOUSEHOLDS: u64 = 30;
const MANY_PEOPLE: u64 = 5;
/// How far before a word a denial may stand, in the same clause.
const DENIAL_REACH: usize = 6;
/// So many alerts of one text are told.
const MAX_ALERTS: usize = 20;

/// 特殊情形.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum SpecialKind {
    /// 大面积停水.
    WaterOutage,
    /// 大面积停电.
    PowerOutage,
    /// 大面积停气.
    GasOutage,
    /// 环境污染.
    Pollution,
    /// 自然灾害.
    NaturalDisaster,
    /// 事故灾难.
    Accident,
    /// 公共卫生.
    PublicHealth,
    /// 社会安全.
    SocialSafety,
    /// 暴力.
    Violence,
    /// 自伤.
    SelfHarm,
    /// 群体.
    Crowd,
}

impl SpecialKind {
    const ALL: [(Self, &str); 11] = [
        (Self::WaterOutage, "停水"),
        (Self::PowerOutage, "停电"),
        (Self::GasOutage, "停气"),
        (Self::Pollution, "污染"),
        (Self::NaturalDisaster, "灾害"),
        (Self::Accident, "事故"),
        (Self::PublicHealth, "卫生"),
        (Self::SocialSafety, "治安"),
        (Self::Violence, "暴力"),
        (Self::SelfHarm, "自伤"),
        (Self::Crowd, "群体"),
    ];

    /// As the table names it.
    pub fn name(self) -> &'static str {
        let named = Self::ALL.iter().find(|(kind, _)| *kind == self);
        named.map_or("", |(_, name)| name)
    }
}

/// Whether it is happening, by what is said.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Certainty {
    Now,
    /// Past, feared or asked about.
    Doubtful,
}

/// 提示: what was heard, where, and the way it goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Alert {
    pub kind: SpecialKind,
    /// 事项等级 that is proposed (第十一条(四)).
    pub class: MatterClass,
    /// 转接: who is put through to, the first first; empty where no line is for it.
    pub routes: Vec<EmergencyLine>,
    pub certainty: Certainty,
    /// The words, in bytes of the text.
    pub ranges: Vec<Range<usize>>,
}

/// One line that cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("line {line} cannot be used")]
pub struct SpecialError {
    pub line: usize,
}

/// 说法表.
#[derive(Clone, Debug, Default)]
pub struct SpecialWords {
    rules: Vec<Rule>,
    many_households: Vec<Vec<char>>,
    many_people: Vec<Vec<char>>,
    denials: Vec<Vec<char>>,
    doubts: Vec<Vec<char>>,
}

#[derive(Clone, Debug)]
struct Rule {
    kind: SpecialKind,
    class: MatterClass,
    routes: Vec<EmergencyLine>,
    parts: Vec<Part>,
}

#[derive(Clone, Debug)]
enum Part {
    Word(Vec<char>),
    ManyHouseholds,
    ManyPeople,
}

impl SpecialWords {
    /// Those that come with the program.
    pub fn shipped() -> Self {
        Self::parse(SHIPPED).unwrap_or_default()
    }

    /// Reads a table.
    ///
    /// # Errors
    /// The first line that cannot be used; nothing of the table is taken then.
    pub fn parse(table: &str) -> Result<Self, SpecialError> {
        let mut words = Self::default();
        for (line, text) in (1..).zip(table.lines()) {
            let text = text.trim();
            if !text.is_empty() && !text.starts_with('#') {
                words.add(text).ok_or(SpecialError { line })?;
            }
        }
        Ok(words)
    }

    /// What is heard in a text, the most urgent first. Each kind once, with all its words.
    pub fn alerts(&self, text: &str) -> Vec<Alert> {
        let text = Characters::new(text);
        let mut alerts: Vec<Alert> = Vec::new();
        for (start, end) in sentences(&text) {
            let is_doubtful = self.doubts.iter().any(|it| find(&text, start, end, it).is_some());
            for rule in &self.rules {
                if let Some(places) = self.places(&text, start, end, rule) {
                    let certainty = if is_doubtful { Certainty::Doubtful } else { Certainty::Now };
                    add(&mut alerts, rule, certainty, &text, &places);
                }
            }
        }
        alerts.sort_by_key(|it| (it.certainty, std::cmp::Reverse(it.class), it.kind));
        alerts.truncate(MAX_ALERTS);
        alerts
    }

    fn add(&mut self, line: &str) -> Option<()> {
        let (head, rest) = line.split_once('|')?;
        let words = |text: &str| text.split_whitespace().map(folded).collect::<Vec<_>>();
        match head {
            "@大" => self.many_households = words(rest),
            "@多" => self.many_people = words(rest),
            "否定" => self.denials = words(rest),
            "存疑" => self.doubts = words(rest),
            _ => {
                let kind = SpecialKind::ALL.iter().find(|(_, name)| *name == head)?.0;
                let (class, rest) = rest.split_once('|')?;
                let (routes, patterns) = rest.split_once('|')?;
                let class = match class {
                    "特殊" => MatterClass::Special,
                    "特殊紧急" => MatterClass::SpecialEmergency,
                    "一般" => MatterClass::Ordinary,
                    _ => return None,
                };
                let route = |number: &str| {
                    EmergencyLine::ALL.into_iter().find(|line| line.number() == number)
                };
                let routes: Vec<EmergencyLine> =
                    routes.split_whitespace().map(route).collect::<Option<_>>()?;
                for pattern in patterns.split_whitespace() {
                    self.rules.push(Rule {
                        kind,
                        class,
                        routes: routes.clone(),
                        parts: pattern.split('+').map(part).collect(),
                    });
                }
            }
        }
        Some(())
    }

    /// Where all parts of a rule stand in a sentence and are not denied.
    fn places(
        &self,
        text: &Characters,
        start: usize,
        end: usize,
        rule: &Rule,
    ) -> Option<Vec<(usize, usize)>> {
        let mut places = Vec::with_capacity(rule.parts.len());
        for part in &rule.parts {
            places.push(match part {
                Part::Word(word) => self.word(text, start, end, word)?,
                Part::ManyHouseholds => {
                    many(text, start, end, &self.many_households, &["户"], MANY_HOUSEHOLDS)?
                }
                Part::ManyPeople => {
                    let counted = ["个", "人", "名", "位"];
                    many(text, start, end, &self.many_people, &counted, MANY_PEOPLE)?
                }
            });
        }
        Some(places)
    }

    /// The first place of a word at which it is not denied.
    fn word(
        &self,
        text: &Characters,
        start: usize,
        end: usize,
        word: &[char],
    ) -> Option<(usize, usize)> {
        let mut from = start;
        while let Some((at, word_end)) = find(text, from, end, word) {
            if !self.is_denied(text, at) {
                return Some((at, word_end));
            }
            from = word_end;
        }
        None
    }

    fn is_denied(&self, text: &Characters, at: usize) -> bool {
        let mut start = at;
        while start > 0 && at - start < DENIAL_REACH && !ends_clause(text.before(start)) {
            start -= 1;
        }
        self.denials.iter().any(|denial| find(text, start, at, denial).is_some())
    }
}

fn folded(word: &str) -> Vec<char> {
    word.chars().map(fold).collect()
}

fn part(pattern: &str) -> Part {
    match pattern {
        "@大" => Part::ManyHouseholds,
        "@多" => Part::ManyPeople,
        word => Part::Word(folded(word)),
    }
}

/// The sentences of a text, in places of characters.
fn sentences(text: &Characters) -> Vec<(usize, usize)> {
    let mut sentences = Vec::new();
    let mut start = 0;
    for at in 0..text.len() {
        if ends_sentence(text.at(at)) {
            sentences.push((start, at));
            start = at + 1;
        }
    }
    sentences.push((start, text.len()));
    sentences
}

fn find(text: &Characters, start: usize, end: usize, word: &[char]) -> Option<(usize, usize)> {
    let windows = text.slice(start, end).windows(word.len().max(1));
    let at = windows.enumerate().find(|(_, window)| *window == word)?.0;
    Some((start + at, start + at + word.len()))
}

/// One of the words, or a number of them that is large enough.
fn many(
    text: &Characters,
    start: usize,
    end: usize,
    words: &[Vec<char>],
    counted: &[&str],
    least: u64,
) -> Option<(usize, usize)> {
    if let Some(place) = words.iter().find_map(|word| find(text, start, end, word)) {
        return Some(place);
    }
    let mut at = start;
    while at < end {
        match number_at(text, at) {
            Some((n, number_end)) => {
                let rest = number_end + usize::from(text.at(number_end) == '多');
                if let Some((_, n_counted)) = text.one_at(rest, counted)
                    && n >= least
                {
                    return Some((at, rest + n_counted));
                }
                at = number_end.max(at + 1);
            }
            None => at += 1,
        }
    }
    None
}

fn add(
    alerts: &mut Vec<Alert>,
    rule: &Rule,
    certainty: Certainty,
    text: &Characters,
    places: &[(usize, usize)],
) {
    let known = alerts.iter_mut().position(|it| it.kind == rule.kind && it.certainty == certainty);
    let at = known.unwrap_or_else(|| {
        alerts.push(Alert {
            kind: rule.kind,
            class: rule.class,
            routes: Vec::new(),
            certainty,
            ranges: Vec::new(),
        });
        alerts.len() - 1
    });
    let Some(alert) = alerts.get_mut(at) else {
        return;
    };
    for route in &rule.routes {
        if !alert.routes.contains(route) {
            alert.routes.push(*route);
        }
    }
    alert.ranges.extend(places.iter().map(|(start, end)| text.bytes(*start, *end)));
    alert.ranges.sort_by_key(|range| (range.start, range.end));
    alert.ranges.dedup();
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_denied_does_not_count() {
        let words = SpecialWords::shipped();
        assert!(words.alerts("没有着火，没有人受伤").is_empty());
        let alerts = words.alerts("楼上着火了。没有人受伤。");
        assert_eq!(alerts.len(), 1);
        assert_eq!(alerts[0].kind, SpecialKind::Accident);
        assert_eq!(alerts[0].routes, [EmergencyLine::Fire]);
    }

    #[test]
    fn what_is_past_is_doubtful() {
        let alerts = SpecialWords::shipped().alerts("去年这里着火了");
        assert_eq!(alerts[0].certainty, Certainty::Doubtful);
    }

    #[test]
    fn the_words_are_pointed_at() {
        let text = "锦绣花园整个小区停水了";
        let alerts = SpecialWords::shipped().alerts(text);
        let said: Vec<&str> = alerts[0].ranges.iter().map(|it| &text[it.clone()]).collect();
        assert_eq!(said, ["整个小区", "停水"]);
        assert_eq!(alerts[0].class, MatterClass::Special);
    }

    #[test]
    fn a_table_that_is_none() {
        assert_eq!(SpecialWords::parse("停水|很急||水").unwrap_err().line, 1);
        assert_eq!(SpecialWords::parse("\n停水").unwrap_err().line, 2);
    }
}
