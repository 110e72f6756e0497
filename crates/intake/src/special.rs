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
/// Numbers that mean the same as the words of a group: so many of these, at least.
const NUMBERED: [(&str, &[(&str, u64)]); 3] = [
    ("大", &[("户", 30), ("栋", 3), ("幢", 3), ("个小区", 2)]),
    ("多", &[("个", 5), ("人", 5), ("名", 5), ("位", 5)]),
    (
        "众",
        &[
            ("个", 20),
            ("人", 20),
            ("名", 20),
            ("号", 20),
            ("位", 20),
            ("户", 20),
        ],
    ),
];
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

    /// Whether it is what people do or threaten: that they speak of money beside it proves nothing.
    fn is_a_threat(self) -> bool {
        match self {
            Self::SocialSafety | Self::Violence | Self::SelfHarm | Self::Crowd => true,
            Self::WaterOutage
            | Self::PowerOutage
            | Self::GasOutage
            | Self::Pollution
            | Self::NaturalDisaster
            | Self::Accident
            | Self::PublicHealth => false,
        }
    }

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
    groups: Vec<Group>,
    exceptions: Vec<Vec<char>>,
    denials: Vec<Vec<char>>,
    doubts: Vec<Vec<char>>,
    /// What makes a happening doubtful, but not a threat.
    afterwards: Vec<Vec<char>>,
}

#[derive(Clone, Debug)]
struct Group {
    name: String,
    words: Vec<Vec<char>>,
    numbered: &'static [(&'static str, u64)],
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
    /// The place of a group.
    OneOf(usize),
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
            let says =
                |words: &[Vec<char>]| words.iter().any(|it| find(&text, start, end, it).is_some());
            let is_doubtful = says(&self.doubts);
            let is_afterwards = is_doubtful || says(&self.afterwards);
            let excepted = self.excepted(&text, start, end);
            for rule in &self.rules {
                let sentence = Sentence {
                    text: &text,
                    start,
                    end,
                    excepted: &excepted,
                };
                if let Some(places) = self.places(&sentence, rule) {
                    let is_doubtful = if rule.kind.is_a_threat() {
                        is_doubtful
                    } else {
                        is_afterwards
                    };
                    let certainty = if is_doubtful {
                        Certainty::Doubtful
                    } else {
                        Certainty::Now
                    };
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
        if let Some(name) = head.strip_prefix('@') {
            let numbered = NUMBERED.iter().find(|(it, _)| *it == name);
            self.groups.push(Group {
                name: name.to_owned(),
                words: words(rest),
                numbered: numbered.map_or(&[], |(_, numbered)| *numbered),
            });
            return Some(());
        }
        match head {
            "例外" => self.exceptions = words(rest),
            "否定" => self.denials = words(rest),
            "存疑" => self.doubts = words(rest),
            "事后" => self.afterwards = words(rest),
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
                    EmergencyLine::ALL
                        .into_iter()
                        .find(|line| line.number() == number)
                };
                let routes: Vec<EmergencyLine> = routes
                    .split_whitespace()
                    .map(route)
                    .collect::<Option<_>>()?;
                for pattern in patterns.split_whitespace() {
                    let parts = pattern.split('+').map(|part| self.part(part));
                    let parts: Vec<Part> = parts.collect::<Option<_>>()?;
                    self.rules.push(Rule {
                        kind,
                        class,
                        routes: routes.clone(),
                        parts,
                    });
                }
            }
        }
        Some(())
    }

    /// A word, or a group that a line before named.
    fn part(&self, pattern: &str) -> Option<Part> {
        match pattern.strip_prefix('@') {
            Some(name) => {
                let at = self.groups.iter().position(|group| group.name == name)?;
                Some(Part::OneOf(at))
            }
            None => Some(Part::Word(folded(pattern))),
        }
    }

    /// Where the exceptions stand.
    fn excepted(&self, text: &Characters, start: usize, end: usize) -> Vec<(usize, usize)> {
        let mut excepted = Vec::new();
        for word in &self.exceptions {
            let mut from = start;
            while let Some((at, word_end)) = find(text, from, end, word) {
                excepted.push((at, word_end));
                from = word_end;
            }
        }
        excepted
    }

    /// Where all parts of a rule stand in a sentence and are not denied.
    fn places(&self, sentence: &Sentence<'_>, rule: &Rule) -> Option<Vec<(usize, usize)>> {
        let place = |part: &Part| match part {
            Part::Word(word) => self.word(sentence, word),
            Part::OneOf(group) => {
                let group = self.groups.get(*group)?;
                let word = group
                    .words
                    .iter()
                    .find_map(|word| self.word(sentence, word));
                word.or_else(|| numbered(sentence, group.numbered))
            }
        };
        rule.parts.iter().map(place).collect()
    }

    /// The first place of a word at which it is neither denied nor part of an exception.
    fn word(&self, sentence: &Sentence<'_>, word: &[char]) -> Option<(usize, usize)> {
        let mut from = sentence.start;
        while let Some((at, end)) = find(sentence.text, from, sentence.end, word) {
            let is_excepted = sentence.excepted.iter().any(|it| it.0 <= at && end <= it.1);
            if !is_excepted && !self.is_denied(sentence.text, at) {
                return Some((at, end));
            }
            from = end;
        }
        None
    }

    fn is_denied(&self, text: &Characters, at: usize) -> bool {
        let mut start = at;
        while start > 0 && at - start < DENIAL_REACH && !ends_clause(text.before(start)) {
            start -= 1;
        }
        self.denials
            .iter()
            .any(|denial| find(text, start, at, denial).is_some())
    }
}

fn folded(word: &str) -> Vec<char> {
    word.chars().map(fold).collect()
}

struct Sentence<'a> {
    text: &'a Characters,
    start: usize,
    end: usize,
    excepted: &'a [(usize, usize)],
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

/// A number of something that is large enough.
fn numbered(sentence: &Sentence<'_>, counted: &[(&str, u64)]) -> Option<(usize, usize)> {
    let text = sentence.text;
    let mut at = sentence.start;
    while at < sentence.end && !counted.is_empty() {
        let Some((n, number_end)) = number_at(text, at) else {
            at += 1;
            continue;
        };
        let rest = number_end + usize::from(matches!(text.at(number_end), '多' | '几' | '来'));
        let enough = |(word, least): &&(&str, u64)| n >= *least && text.has_at(rest, word);
        if let Some((word, _)) = counted.iter().find(enough) {
            return Some((at, rest + word.chars().count()));
        }
        at = number_end.max(at + 1);
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
    let known = alerts
        .iter_mut()
        .position(|it| it.kind == rule.kind && it.certainty == certainty);
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
    alert
        .ranges
        .extend(places.iter().map(|(start, end)| text.bytes(*start, *end)));
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
        let said: Vec<&str> = alerts[0]
            .ranges
            .iter()
            .map(|it| text.get(it.clone()).unwrap())
            .collect();
        assert_eq!(said, ["整个小区", "停水"]);
        assert_eq!(alerts[0].class, MatterClass::Special);
    }

    #[test]
    fn a_table_that_is_none() {
        assert_eq!(SpecialWords::parse("停水|很急||水").unwrap_err().line, 1);
        assert_eq!(SpecialWords::parse("\n停水").unwrap_err().line, 2);
    }
}
