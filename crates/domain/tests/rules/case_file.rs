//! A case file: lines of what people did, played against the rules.
//!
//! ```text
//! 2026年
//! 11-23 周一 09:15 登记 咨询 内容=「小区停水两天了」        -> 转办 11-24 24:00
//! 11-23 周一 09:20 调度员 派单 县水务局                     // no arrow: it must be allowed
//! 11-23 周一 09:30 派单 县教育局                            -> 拒绝: 已派单不能派单
//! ```
//!
//! - The first line gives the year; a date of another year is written in full.
//! - The weekday must be right: the reader counts days by it.
//! - A person with one role acts, 受理员 unless the line names another.
//! - After the arrow stands what comes of it: a refusal, or the limits that were ended and started;
//!   `?` where the test looks at the outcome itself.
//! - A blank line begins the next order.
//! - `「…」` keeps spaces; `水×3` is 水水水.

use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use domain::clock_face::{at, end_of, weekday_text};
use domain::kb::KbArticleId;
use domain::matter::{Caller, Channel, Matter, MatterClass, MatterKind, Place};
use domain::out_of_scope::{EmergencyLine, OutOfScopeClass};
use domain::time_limit::LimitState;
use domain::work_order::{CitedArticle, CommandKind, apply, decide, fold};
use domain::{Command, Event, HandlingUnitId, Refusal, Role, WorkOrder};
use expect_test::Expect;

use crate::{sentences, words, world};

/// Plays a case and compares how its orders end.
pub(crate) fn check(case: &str, expected: &Expect) {
    let text: Vec<String> = play(case)
        .iter()
        .map(|played| sentences::order(played.order.as_ref(), played.year))
        .collect();
    expected.assert_eq(&text.join("\n"));
}

/// What one order of a case came to.
pub(crate) struct Played {
    pub(crate) year: i32,
    pub(crate) order: Option<WorkOrder>,
    pub(crate) events: Vec<Event>,
    pub(crate) refusals: Vec<Refusal>,
    /// What stands, or could stand, after the arrow of each line.
    pub(crate) outcomes: Vec<String>,
}

/// Plays every order of a case.
pub(crate) fn play(case: &str) -> Vec<Played> {
    let mut lines = case.trim().lines();
    let first = lines.next().unwrap_or_default().trim();
    let year: i32 = first
        .strip_suffix('年')
        .and_then(|year| year.parse().ok())
        .unwrap_or_else(|| panic!("a case begins with its year, such as 2026年: {first}"));
    let lines: Vec<&str> = lines.map(without_remark).collect();
    lines
        .split(|line| line.is_empty())
        .filter(|lines| !lines.is_empty())
        .map(|lines| play_order(lines, year))
        .collect()
}

fn play_order(lines: &[&str], year: i32) -> Played {
    let mut played = Played {
        year,
        order: None,
        events: Vec::new(),
        refusals: Vec::new(),
        outcomes: Vec::new(),
    };
    for line in lines {
        let (act, expected) = match line.split_once("->") {
            Some((act, expected)) => (act, Some(expected.trim())),
            None => (*line, None),
        };
        let step = Step::read(act, year);
        let (is_allowed, outcome) = played.give(&step);
        match expected {
            Some("?") => {}
            Some(expected) => assert_eq!(outcome, expected, "in the line\n{line}"),
            None => assert!(is_allowed, "refused without an arrow: {outcome}\n{line}"),
        }
        played.outcomes.push(outcome);
    }
    played
}

impl Played {
    /// Gives a command; says whether it was allowed and what came of it.
    fn give(&mut self, step: &Step) -> (bool, String) {
        let actor = world::actor(&[step.role]);
        let facts = world::facts(step.at, &actor);
        let events = match decide(self.order.as_ref(), &step.command, &facts) {
            Ok(events) => events,
            Err(refusal) => {
                let outcome = format!("拒绝: {}", sentences::refusal(&refusal, self.year));
                self.refusals.push(refusal);
                return (false, outcome);
            }
        };
        let limits_before = self.limits();
        for event in &events {
            apply(&mut self.order, event);
        }
        self.events.extend(events);
        assert_eq!(
            fold(&self.events),
            self.order,
            "the fold of all events is the state"
        );
        (true, self.limits_changed_since(&limits_before))
    }

    fn limits(&self) -> Vec<LimitState> {
        let order = self.order.as_ref();
        order.map_or_else(Vec::new, |order| {
            order.limits.iter().map(|(_, state)| *state).collect()
        })
    }

    /// `转办按时 签收 11-24 24:00`: what ended, then what began.
    fn limits_changed_since(&self, before: &[LimitState]) -> String {
        let limits = self.order.iter().flat_map(|order| &order.limits);
        let changes: Vec<String> = limits
            .enumerate()
            .filter(|(nth, (_, state))| before.get(*nth) != Some(state))
            .map(|(_, (limit, state))| {
                let name = words::limit(limit.kind);
                match state {
                    LimitState::Running => {
                        format!("{name} {}", sentences::instant(limit.due_at, self.year))
                    }
                    LimitState::Met { .. } => format!("{name}按时"),
                    LimitState::MetLate { .. } => format!("{name}超期"),
                }
            })
            .collect();
        changes.join(" ")
    }
}

/// One line: when, who, what.
struct Step {
    at: DateTime<Utc>,
    role: Role,
    command: Command,
}

impl Step {
    fn read(line: &str, year: i32) -> Self {
        let all = tokens(line);
        let mut rest = all.iter().map(String::as_str).peekable();
        let mut next = |what: &str| {
            rest.next()
                .unwrap_or_else(|| panic!("no {what} in the line\n{line}"))
        };
        let date = read_date(next("date"), year);
        let weekday = next("weekday");
        assert_eq!(weekday, weekday_text(date), "the weekday of {date}\n{line}");
        let at = read_time(date, next("time"));
        let word = next("act");
        let (role, act) = match words::find(&Role::ALL, words::role, word) {
            Some(role) => (role, next("act")),
            None => (Role::Operator, word),
        };
        let kind = words::find(&CommandKind::ALL, words::command, act)
            .unwrap_or_else(|| panic!("no act is called {act}\n{line}"));
        let arguments = Arguments::new(rest, line);
        let command = read_command(kind, &arguments, date, year);
        arguments.assert_all_read();
        Self { at, role, command }
    }
}

fn read_command(kind: CommandKind, given: &Arguments<'_>, date: NaiveDate, year: i32) -> Command {
    match kind {
        CommandKind::Register => Command::Register {
            number: "QX-1".to_owned(),
            matter: Box::new(read_matter(given)),
        },
        CommandKind::AnswerOnTheSpot => Command::AnswerOnTheSpot {
            answer: given.text_or("答复", "请带身份证到窗口办理"),
            article: given.get("引用").map(|article| {
                let (id, version) = article.split_once('@').unwrap();
                CitedArticle {
                    id: KbArticleId(id.to_owned()),
                    version: version.parse().unwrap(),
                }
            }),
        },
        CommandKind::RefuseOutOfScope => Command::RefuseOutOfScope {
            class: given
                .bare(&OutOfScopeClass::ALL, OutOfScopeClass::article)
                .expect("第八条(一) … 第八条(八)"),
            guidance: given.text_or("引导", "请向有管辖权的部门反映"),
            legal_basis: given.text_or("依据", ""),
        },
        CommandKind::TransferToEmergency => Command::TransferToEmergency {
            line: given
                .bare(&EmergencyLine::ALL, EmergencyLine::number)
                .expect("110, 119, 120 or 122"),
            note: given.text_or("情况", ""),
        },
        CommandKind::Dispatch => Command::Dispatch {
            unit: HandlingUnitId(given.any_bare().expect("a unit").to_owned()),
            opinion: given.text_or("意见", ""),
        },
        CommandKind::RecordDelivery => {
            let day = given.get("日期").map_or(date, |day| read_date(day, year));
            Command::RecordDelivery {
                delivered_at: read_time(day, given.any_bare().expect("the time of delivery")),
                answered_by: given.text_or("接听", "值班员"),
                phone: given.text_or("电话", "0818-7212345"),
            }
        }
    }
}

fn read_matter(given: &Arguments<'_>) -> Matter {
    Matter {
        caller: Caller {
            phone: given.text_or("来电", ""),
            contact_phone: given.text_or("联系", ""),
            name: given.text_or("姓名", ""),
            address: given.text_or("地址", ""),
        },
        channel: given
            .bare(&Channel::ALL, words::channel)
            .unwrap_or(Channel::Phone),
        kind: given
            .bare(&MatterKind::ALL, words::matter_kind)
            .expect("咨询, 求助, 意见建议, 投诉 or 举报"),
        class: given
            .bare(&MatterClass::ALL, words::matter_class)
            .unwrap_or(MatterClass::Ordinary),
        category_id: String::new(),
        title: given.text_or("标题", ""),
        text: given.text_or("内容", "小区停水两天了。物业不管。"),
        place: Place {
            detail: given.text_or("地点", ""),
            ..Place::default()
        },
        wants: given.text_or("目标", ""),
        is_confidential: false,
        wants_call_back: false,
    }
}

/// What stands after the act: bare words, and `name=value`. Each must be read by somebody.
struct Arguments<'a> {
    line: &'a str,
    words: Vec<&'a str>,
    read: std::cell::RefCell<Vec<&'a str>>,
}

impl<'a> Arguments<'a> {
    fn new(words: impl Iterator<Item = &'a str>, line: &'a str) -> Self {
        Self {
            line,
            words: words.collect(),
            read: std::cell::RefCell::default(),
        }
    }

    fn mark_read(&self, word: &'a str) -> &'a str {
        self.read.borrow_mut().push(word);
        word
    }

    fn get(&self, name: &str) -> Option<&'a str> {
        let mut pairs = self.words.iter().filter_map(|word| {
            let (key, value) = word.split_once('=')?;
            (key == name).then_some((*word, value))
        });
        let (word, value) = pairs.next()?;
        self.mark_read(word);
        Some(value)
    }

    /// The value of that name with its repetitions written out.
    fn text_or(&self, name: &str, default: &str) -> String {
        let text = self.get(name).unwrap_or(default);
        match text.rsplit_once('×') {
            Some((piece, times)) => piece.repeat(times.parse().unwrap()),
            None => text.to_owned(),
        }
    }

    /// The first bare word that names a value of `all`.
    fn bare<T: Copy>(&self, all: &[T], name: fn(T) -> &'static str) -> Option<T> {
        self.words.iter().find_map(|word| {
            let value = words::find(all, name, word)?;
            self.mark_read(word);
            Some(value)
        })
    }

    fn any_bare(&self) -> Option<&'a str> {
        let word = self.words.iter().find(|word| !word.contains('='))?;
        Some(self.mark_read(word))
    }

    fn assert_all_read(&self) {
        let read = self.read.borrow();
        let unread: Vec<_> = self
            .words
            .iter()
            .filter(|word| !read.contains(word))
            .collect();
        assert!(
            unread.is_empty(),
            "nobody reads {unread:?} in the line\n{}",
            self.line
        );
    }
}

fn without_remark(line: &str) -> &str {
    line.split("//").next().unwrap_or_default().trim()
}

/// Words between spaces; a quotation in 「」 is one word with what stands before it.
fn tokens(line: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut is_quoted = false;
    for character in line.chars() {
        let word = words.last_mut().unwrap();
        match character {
            '「' => is_quoted = true,
            '」' => is_quoted = false,
            ' ' if !is_quoted => words.push(String::new()),
            _ => word.push(character),
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

/// `11-23` of the case's year, or `2027-01-04`.
fn read_date(text: &str, year: i32) -> NaiveDate {
    let full = if text.len() == "11-23".len() {
        format!("{year}-{text}")
    } else {
        text.to_owned()
    };
    full.parse()
        .unwrap_or_else(|_| panic!("a date such as 11-23: {text}"))
}

/// `09:15`, `23:59:59.999` or `24:00` on `date`.
fn read_time(date: NaiveDate, text: &str) -> DateTime<Utc> {
    if text == "24:00" {
        return end_of(date);
    }
    let time = NaiveTime::parse_from_str(text, "%H:%M")
        .or_else(|_| NaiveTime::parse_from_str(text, "%H:%M:%S%.f"))
        .unwrap_or_else(|_| panic!("a time such as 09:15: {text}"));
    at(date, time)
}

#[test]
#[should_panic(expected = "the weekday of 2026-11-23")]
fn a_wrong_weekday_is_found() {
    play("2026年\n11-23 周二 09:15 登记 咨询");
}

#[test]
#[should_panic(expected = "refused without an arrow: 拒绝: 尚未登记")]
fn a_refusal_must_be_written_down() {
    play("2026年\n11-23 周一 09:15 派单 县水务局");
}

#[test]
#[should_panic(expected = "nobody reads [\"目际=来水\"]")]
fn a_misspelt_word_is_found() {
    play("2026年\n11-23 周一 09:15 登记 咨询 目际=来水");
}
