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
//! - A person with one role acts, 受理员 unless the line names another. Who holds another role is
//!   another person; `审核员#调度员` is the dispatcher with the reviewer's role. The people of a unit
//!   have its name before their role: `县教育局联络员`; without one they are the water bureau's.
//! - An act about one of several units names it by 承办=2; where nothing is named it is the acting
//!   unit's latest, or the first.
//! - After the arrow stands what comes of it: a refusal, or the limits that were ended and started;
//!   `?` where the test looks at the outcome itself.
//! - A blank line begins the next order.
//! - `「…」` keeps spaces; `水×3` is 水水水.

use chrono::{DateTime, Datelike as _, NaiveDate, NaiveTime, Utc};
use domain::clock_face::{at, date_of, end_of, weekday_text};
use domain::extension::ExtensionAsk;
use domain::kb::KbArticleId;
use domain::matter::{
    Caller, CallerCorrection, Channel, Matter, MatterClass, MatterKind, Origin, Place, Source,
};
use domain::out_of_scope::{EmergencyLine, OutOfScopeClass};
use domain::time_limit::{LimitState, TimeLimit};
use domain::upstream::{Superior, UpstreamLimit};
use domain::work_order::{
    Assignment, AssignmentNumber, CitedArticle, ClosureOpinion, CommandKind, ContactOutcome,
    ContactRecord, DispatchForm, DispatchGround, DispatchPlan, DissatisfactionReason, Explained,
    Feedback, RatingRecord, Reply, ResultReturn, Satisfaction, ScreeningReview, Solved,
    TownshipReport, WriteOffGround, apply, decide, fold,
};
use domain::{Actor, ActorId, Command, Event, HandlingUnitId, Refusal, Role, WorkOrder};
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

/// Plays a case and tells it again: each line with what came of it, how each order ends, and what
/// its units are late with at the time of the last line. Refusals need no arrow here.
pub(crate) fn tell(case: &str, expected: &Expect) {
    let text: Vec<String> = orders(case)
        .iter()
        .map(|(year, lines)| told(lines, *year))
        .collect();
    expected.assert_eq(&text.join("\n"));
}

fn told(lines: &[&str], year: i32) -> String {
    let mut text = String::new();
    let played = play_lines(lines, year, |line, _, outcome| {
        let outcome = if outcome.is_empty() { "可" } else { outcome };
        text.push_str(&format!("{line} → {outcome}\n"));
    });
    text.push_str(&sentences::order(played.order.as_ref(), year));
    if let Some((now, order)) = played.states.last() {
        text.push_str(&sentences::delays(order, *now, year));
    }
    text
}

/// Plays every order of a story; a refusal is part of the story.
pub(crate) fn play_story(story: &str) -> Vec<Played> {
    orders(story)
        .iter()
        .map(|(year, lines)| play_lines(lines, *year, |_, _, _| {}))
        .collect()
}

/// What one order of a case came to.
pub(crate) struct Played {
    pub(crate) year: i32,
    /// The order after each line that was allowed, and when that was.
    pub(crate) states: Vec<(DateTime<Utc>, WorkOrder)>,
    pub(crate) commands: Vec<Command>,
    pub(crate) order: Option<WorkOrder>,
    pub(crate) events: Vec<Event>,
    pub(crate) refusals: Vec<Refusal>,
    /// What stands, or could stand, after the arrow of each line.
    pub(crate) outcomes: Vec<String>,
}

/// Plays every order of a case.
pub(crate) fn play(case: &str) -> Vec<Played> {
    let assert_expected = |line: &str, is_allowed: bool, outcome: &str| {
        let expected = line.split_once("->").map(|(_, expected)| expected.trim());
        match expected {
            Some("?") => {}
            Some(expected) => assert_eq!(outcome, expected, "in the line\n{line}"),
            None => assert!(is_allowed, "refused without an arrow: {outcome}\n{line}"),
        }
    };
    orders(case)
        .iter()
        .map(|(year, lines)| play_lines(lines, *year, assert_expected))
        .collect()
}

/// The lines of each order, with the year that the case begins with.
fn orders(case: &str) -> Vec<(i32, Vec<&str>)> {
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
        .map(|lines| (year, lines.to_vec()))
        .collect()
}

/// Plays the lines of one order; `look` sees each line, whether it was allowed, and what came of it.
fn play_lines(lines: &[&str], year: i32, mut look: impl FnMut(&str, bool, &str)) -> Played {
    let mut played = Played {
        year,
        states: Vec::new(),
        commands: Vec::new(),
        order: None,
        events: Vec::new(),
        refusals: Vec::new(),
        outcomes: Vec::new(),
    };
    for line in lines {
        let act = line.split_once("->").map_or(*line, |(act, _)| act);
        let step = Step::read(act, year);
        let (is_allowed, outcome) = played.give(&step);
        look(line, is_allowed, &outcome);
        played.outcomes.push(outcome);
    }
    played
}

impl Played {
    /// Gives a command; says whether it was allowed and what came of it.
    fn give(&mut self, step: &Step) -> (bool, String) {
        let facts = world::facts(step.at, &step.actor);
        let command = step.command(self.order.as_ref());
        let events = match decide(self.order.as_ref(), &command, &facts) {
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
        self.commands.push(command);
        self.states
            .extend(self.order.clone().map(|order| (step.at, order)));
        assert_eq!(
            fold(&self.events),
            self.order,
            "the fold of all events is the state"
        );
        (true, self.limits_changed_since(&limits_before))
    }

    fn limits(&self) -> Vec<OwnedLimit> {
        let Some(order) = &self.order else {
            return Vec::new();
        };
        let center = order.limits.iter().map(|limit| (None, limit.clone()));
        let units = order.assignments.iter().flat_map(|assignment| {
            let number = Some(assignment.number);
            let limits = assignment.limits.iter();
            limits.map(move |limit| (number, limit.clone()))
        });
        center.chain(units).collect()
    }

    /// `转办按时 签收 11-24 24:00`: what ended, moved or began. Where several units have the order,
    /// each limit stands with its unit.
    fn limits_changed_since(&self, before: &[OwnedLimit]) -> String {
        let mut unseen = before.to_vec();
        let changes: Vec<String> = self
            .limits()
            .into_iter()
            .filter(|limit| match unseen.iter().position(|seen| seen == limit) {
                Some(nth) => {
                    unseen.remove(nth);
                    false
                }
                None => true,
            })
            .map(|(assignment, (limit, state))| {
                let name = format!("{}{}", self.unit_of(assignment), words::limit(limit.kind));
                match state {
                    LimitState::Running if limit.is_suspended() => format!("{name}暂停"),
                    LimitState::Running => {
                        format!("{name} {}", sentences::instant(limit.due_at, self.year))
                    }
                    LimitState::Met { .. } => format!("{name}按时"),
                    LimitState::MetLate { .. } => format!("{name}超期"),
                    LimitState::Lifted { .. } => format!("{name}免除"),
                }
            })
            .collect();
        changes.join(" ")
    }

    fn unit_of(&self, number: Option<AssignmentNumber>) -> String {
        let order = self.order.as_ref().unwrap();
        let assignment = number.and_then(|number| order.assignment(number));
        match assignment {
            Some(assignment) if order.assignments.len() > 1 => format!("{}·", assignment.unit.0),
            Some(_) | None => String::new(),
        }
    }
}

/// A limit with where it stands, and whose it is.
type OwnedLimit = (Option<AssignmentNumber>, (TimeLimit, LimitState));

/// One line: when, who, what.
pub(crate) struct Step {
    at: DateTime<Utc>,
    actor: Actor,
    kind: CommandKind,
    line: String,
    words: Vec<String>,
    date: NaiveDate,
    year: i32,
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
        let (actor, act) = match read_actor(word) {
            Some(actor) => (actor, next("act")),
            None => (world::actor(&[Role::Operator]), word),
        };
        let kind = words::find(CommandKind::ALL, words::command, act)
            .unwrap_or_else(|| panic!("no act is called {act}\n{line}"));
        Self {
            at,
            actor,
            kind,
            words: rest.map(str::to_owned).collect(),
            line: line.to_owned(),
            date,
            year,
        }
    }

    /// What `actor` does at `at`, with these words after the act.
    pub(crate) fn of(kind: CommandKind, actor: Actor, at: DateTime<Utc>, words: &[&str]) -> Self {
        let date = date_of(at);
        Self {
            at,
            actor,
            kind,
            words: words.iter().map(|word| (*word).to_owned()).collect(),
            line: words.join(" "),
            date,
            year: date.year(),
        }
    }

    /// The command, about the order as it stands.
    pub(crate) fn command(&self, order: Option<&WorkOrder>) -> Command {
        let given = Arguments::new(self.words.iter().map(String::as_str), &self.line);
        let command = self.read_command(&given, order);
        given.assert_all_read();
        command
    }

    /// 承办=2; or the latest of the acting unit; or the first.
    fn assignment(&self, given: &Arguments<'_>, order: Option<&WorkOrder>) -> AssignmentNumber {
        if let Some(number) = given.get("承办") {
            return AssignmentNumber(number.parse().unwrap());
        }
        let is_own = |it: &&Assignment| Some(&it.unit) == self.actor.unit.as_ref();
        let own = order.and_then(|order| order.assignments.iter().rev().find(is_own));
        own.map_or(AssignmentNumber::FIRST, |it| it.number)
    }

    fn time(&self, given: &Arguments<'_>, name: &str) -> DateTime<Utc> {
        given
            .get(name)
            .map_or(self.at, |text| self.read_instant(text))
    }

    /// `09:25` of the line's day, or `11-22/09:25`.
    fn read_instant(&self, text: &str) -> DateTime<Utc> {
        match text.split_once(['/', ' ']) {
            Some((day, time)) => read_time(read_date(day, self.year), time),
            None => read_time(self.date, text),
        }
    }

    fn township_report(&self, given: &Arguments<'_>) -> Option<TownshipReport> {
        given.get("属地").map(|township| TownshipReport {
            township: unit(township),
            answered_by: given.text_or("接报", "值班员"),
            reported_at: self.time(given, "报告"),
            method: given.text_or("报告方式", "电话"),
        })
    }

    fn read_command(&self, given: &Arguments<'_>, order: Option<&WorkOrder>) -> Command {
        match self.kind {
            CommandKind::Register
            | CommandKind::AnswerOnTheSpot
            | CommandKind::RefuseOutOfScope
            | CommandKind::TransferToEmergency
            | CommandKind::BeginVerification
            | CommandKind::RecordVerification
            | CommandKind::Supplement
            | CommandKind::MergeInto
            | CommandKind::AbsorbRepeat
            | CommandKind::LinkTo
            | CommandKind::CorrectCaller
            | CommandKind::Withdraw => read_intake(self.kind, given),
            CommandKind::Dispatch
            | CommandKind::RequestCoordination
            | CommandKind::Designate
            | CommandKind::RecordDelivery
            | CommandKind::ConfirmDelivery
            | CommandKind::RecordTownshipReport => self.read_dispatching(given, order),
            CommandKind::RequestKindChange
            | CommandKind::RuleOnKindChange
            | CommandKind::EscalateClass
            | CommandKind::SetUpstreamLimit
            | CommandKind::RecountLimits => self.read_reclassifying(given),
            CommandKind::Urge
            | CommandKind::RecordUrgeReceipt
            | CommandKind::SignFor
            | CommandKind::PassDown
            | CommandKind::RecordContact
            | CommandKind::RespondFirst
            | CommandKind::ReportProgress
            | CommandKind::SubmitOpinion
            | CommandKind::SubmitReply
            | CommandKind::SignReply
            | CommandKind::RejectReply => self.read_handling(given, order),
            CommandKind::SendBack
            | CommandKind::RuleOnSendBack
            | CommandKind::ReleaseBinding
            | CommandKind::RequestExtension
            | CommandKind::ReviewExtension
            | CommandKind::RecordCityRuling
            | CommandKind::ExplainExtension => self.read_asking(given, order),
            CommandKind::RequestFinalClosure
            | CommandKind::ReviewFinalClosure
            | CommandKind::RecordResultReturn
            | CommandKind::ImportRating
            | CommandKind::RecordOwnCallBack
            | CommandKind::RequestScreening
            | CommandKind::ReviewScreening
            | CommandKind::SupplyEvidence
            | CommandKind::RecordScreeningRuling
            | CommandKind::OrderRework
            | CommandKind::Archive
            | CommandKind::WriteOffDelay => self.read_closing(given, order),
        }
    }

    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "called for the commands of one group"
    )]
    fn read_dispatching(&self, given: &Arguments<'_>, order: Option<&WorkOrder>) -> Command {
        if self.kind == CommandKind::Dispatch {
            let form = given
                .get("方式")
                .map(|word| named(&DispatchForm::ALL, words::dispatch_form, word));
            return Command::Dispatch {
                unit: unit(given.any_bare().expect("a unit")),
                opinion: given.text_or("意见", ""),
                plan: DispatchPlan {
                    form: form.unwrap_or_default(),
                    others: given.list("其他").into_iter().map(unit).collect(),
                    by: given.get("依据").map(read_ground).unwrap_or_default(),
                    replaces: given
                        .get("替")
                        .map(|it| AssignmentNumber(it.parse().unwrap())),
                    report: self.township_report(given),
                },
            };
        }
        match self.kind {
            CommandKind::RequestCoordination => Command::RequestCoordination {
                reason: given.text_or("理由", "职责不清"),
                units: given.list("单位").into_iter().map(unit).collect(),
            },
            CommandKind::Designate => Command::Designate {
                unit: unit(given.any_bare().expect("a unit")),
                assisting: given.list("协办").into_iter().map(unit).collect(),
                opinion: given.text_or("意见", ""),
                document: given.text_or("文号", "渠府办函〔2026〕3号"),
            },
            CommandKind::RecordDelivery => {
                let day = given
                    .get("日期")
                    .map_or(self.date, |day| read_date(day, self.year));
                Command::RecordDelivery {
                    delivered_at: read_time(day, given.any_bare().expect("the time of delivery")),
                    answered_by: given.text_or("接听", "值班员"),
                    phone: given.text_or("电话", "0818-7212345"),
                    assignment: given
                        .get("承办")
                        .map(|number| AssignmentNumber(number.parse().unwrap())),
                }
            }
            CommandKind::ConfirmDelivery => Command::ConfirmDelivery {
                assignment: self.assignment(given, order),
            },
            _ => Command::RecordTownshipReport {
                report: self.township_report(given).expect("属地="),
            },
        }
    }

    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "called for the commands of one group"
    )]
    fn read_reclassifying(&self, given: &Arguments<'_>) -> Command {
        let reason = given.text_or("理由", "重听录音");
        match self.kind {
            CommandKind::RequestKindChange => Command::RequestKindChange {
                kind: given
                    .bare(&MatterKind::ALL, words::matter_kind)
                    .expect("a kind"),
                reason,
            },
            CommandKind::RuleOnKindChange => Command::RuleOnKindChange {
                is_approved: given.ruling(),
                reason,
            },
            CommandKind::EscalateClass => Command::EscalateClass {
                class: given
                    .bare(&MatterClass::ALL, words::matter_class)
                    .expect("a class"),
                reason,
                report: self.township_report(given),
            },
            CommandKind::SetUpstreamLimit => Command::SetUpstreamLimit {
                upstream: UpstreamLimit {
                    superior: given
                        .bare(&[Superior::City, Superior::Province], words::superior)
                        .expect("市 or 省"),
                    due_at: self.time(given, "至"),
                },
                document: given.text_or("文号", "达市热线〔2026〕9号"),
            },
            _ => Command::RecountLimits {
                notice: given.text_or("通知", "国办发明电〔2026〕8号"),
            },
        }
    }

    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "called for the commands of one group"
    )]
    fn read_handling(&self, given: &Arguments<'_>, order: Option<&WorkOrder>) -> Command {
        let assignment = self.assignment(given, order);
        let text = || given.text_or("内容", "已派员到场");
        match self.kind {
            CommandKind::Urge => Command::Urge {
                assignment,
                reason: given.text_or("理由", "将到期"),
                method: given.text_or("方式", "电话"),
            },
            CommandKind::RecordUrgeReceipt => Command::RecordUrgeReceipt {
                assignment,
                answered_by: given.text_or("接收", "张科长"),
            },
            CommandKind::SignFor => Command::SignFor { assignment },
            CommandKind::PassDown => Command::PassDown {
                assignment,
                to: given.text_or("单位", "供水管理站"),
                note: given.text_or("备注", ""),
            },
            CommandKind::RecordContact => Command::RecordContact {
                assignment,
                contact: ContactRecord {
                    contacted_at: self.time(given, "时间"),
                    phone: given.text_or("号码", "13800001234"),
                    outcome: given
                        .bare(&ContactOutcome::ALL, words::contact_outcome)
                        .unwrap_or(ContactOutcome::Reached),
                    note: given.text_or("备注", ""),
                },
            },
            CommandKind::RespondFirst => Command::RespondFirst {
                assignment,
                text: text(),
            },
            CommandKind::ReportProgress => Command::ReportProgress {
                assignment,
                text: text(),
            },
            CommandKind::SubmitOpinion => Command::SubmitOpinion {
                assignment,
                text: text(),
            },
            CommandKind::SubmitReply => Command::SubmitReply {
                assignment,
                reply: Box::new(Reply {
                    text: given.text_or("答复", "已修复供水"),
                    responsible_person: given.text_or("负责人", "陈局长"),
                    feedback: match given.get("反馈") {
                        Some("无法联系") => Feedback::CallerNotReached,
                        Some(text) => Feedback::Given {
                            given_at: self.read_instant(text),
                            method: given.text_or("方式", "电话"),
                        },
                        None => Feedback::Given {
                            given_at: self.at,
                            method: given.text_or("方式", "电话"),
                        },
                    },
                    cited_opinions: given
                        .list("引用")
                        .into_iter()
                        .map(|number| AssignmentNumber(number.parse().unwrap()))
                        .collect(),
                }),
            },
            CommandKind::SignReply => Command::SignReply { assignment },
            _ => Command::RejectReply {
                assignment,
                reason: given.text_or("理由", "未答到点上"),
            },
        }
    }

    /// What a unit asks of the center, and the answers.
    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "called for the commands of one group"
    )]
    fn read_asking(&self, given: &Arguments<'_>, order: Option<&WorkOrder>) -> Command {
        let assignment = self.assignment(given, order);
        let reason = || given.text_or("理由", "情况如述");
        match self.kind {
            CommandKind::SendBack => Command::SendBack {
                assignment,
                reason: given.text_or("理由", "非本单位职责"),
                basis: given.text_or("依据", "三定规定"),
                suggestion: given.text_or("建议", "转县教育局"),
            },
            CommandKind::RuleOnSendBack => Command::RuleOnSendBack {
                assignment,
                is_accepted: given.ruling(),
                reason: reason(),
            },
            CommandKind::ReleaseBinding => Command::ReleaseBinding {
                assignment,
                reason: given.text_or("理由", "机构职能已调整"),
            },
            CommandKind::RequestExtension => Command::RequestExtension {
                assignment,
                ask: self.read_ask(given),
                reason: given.text_or("理由", "管网需分段检修"),
            },
            CommandKind::ReviewExtension => Command::ReviewExtension {
                assignment,
                is_forwarded: given.ruling(),
                reason: reason(),
            },
            CommandKind::RecordCityRuling => Command::RecordCityRuling {
                assignment,
                granted_until: given
                    .get("至")
                    .map(|text| self.read_instant(text))
                    .or_else(|| {
                        assert!(!given.ruling(), "至= or 不同意 in the line\n{}", self.line);
                        None
                    }),
                document: given.text_or("文号", "达市热线延〔2026〕9号"),
            },
            _ => Command::ExplainExtension {
                assignment,
                explained: match given.get("未说明") {
                    Some(reason) => Explained::NotPossible {
                        reason: reason.to_owned(),
                    },
                    None => Explained::ToCaller {
                        explained_at: self.time(given, "时间"),
                        method: given.text_or("方式", "电话"),
                    },
                },
            },
        }
    }

    /// `一般=3`, `特别重大=5 说明=…` or `法定=12-31 法条=…`.
    fn read_ask(&self, given: &Arguments<'_>) -> ExtensionAsk {
        if let Some(days) = given.get("一般") {
            ExtensionAsk::Complicated {
                days: days.parse().unwrap(),
            }
        } else if let Some(days) = given.get("特别重大") {
            ExtensionAsk::Grave {
                days: days.parse().unwrap(),
                supervisor_statement: given.text_or("说明", ""),
            }
        } else {
            ExtensionAsk::Statutory {
                last_day: read_date(
                    given.get("法定").expect("一般=, 特别重大= or 法定="),
                    self.year,
                ),
                law: given.text_or("法条", ""),
            }
        }
    }

    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "called for the commands of one group"
    )]
    fn read_closing(&self, given: &Arguments<'_>, order: Option<&WorkOrder>) -> Command {
        let assignment = self.assignment(given, order);
        let reason = || given.text_or("理由", "情况如述");
        let evidence = || given.list("佐证").into_iter().map(str::to_owned).collect();
        match self.kind {
            CommandKind::RequestFinalClosure => Command::RequestFinalClosure {
                assignment,
                opinion: Box::new(ClosureOpinion {
                    facts: given.text_or("事实", "已三次到场核实"),
                    legal_basis: given.text_or("法条", "城市供水条例第二十二条"),
                    earlier_orders: given.list("历次").into_iter().map(str::to_owned).collect(),
                    signed_by: given.text_or("签名", "陈局长"),
                    explanation: given.text_or("解释", "已当面解释"),
                }),
            },
            CommandKind::ReviewFinalClosure => Command::ReviewFinalClosure {
                assignment,
                is_accepted: given.ruling(),
                reason: reason(),
            },
            CommandKind::RecordResultReturn => Command::RecordResultReturn {
                state: given
                    .bare(&ResultReturn::ALL, words::result_return)
                    .expect("a state"),
            },
            CommandKind::ImportRating => Command::ImportRating {
                assignment: order
                    .filter(|order| !order.assignments.is_empty())
                    .map(|_| assignment),
                rating: self.read_rating(given),
            },
            CommandKind::RecordOwnCallBack => Command::RecordOwnCallBack {
                note: given.text_or("备注", "诉求人认可"),
            },
            CommandKind::RequestScreening => Command::RequestScreening {
                assignment,
                reason: given.text_or("理由", "评价与事实不符"),
                late_reason: given.text_or("迟由", ""),
                evidence: evidence(),
            },
            CommandKind::ReviewScreening => Command::ReviewScreening {
                assignment,
                review: given
                    .bare(&ScreeningReview::ALL, words::screening_review)
                    .expect("a review"),
                reason: reason(),
            },
            CommandKind::SupplyEvidence => Command::SupplyEvidence {
                assignment,
                evidence: evidence(),
            },
            CommandKind::RecordScreeningRuling => Command::RecordScreeningRuling {
                assignment,
                is_removed: given
                    .bare(&[true, false], words::screening_ruling)
                    .expect("剔除 or 不成立"),
                document: given.text_or("文号", "达市热线甄〔2026〕9号"),
            },
            CommandKind::OrderRework => Command::OrderRework {
                assignment,
                reason: given.text_or("理由", "未真正解决"),
            },
            CommandKind::Archive => Command::Archive,
            _ => Command::WriteOffDelay {
                assignment,
                limit: given
                    .bare(&words::LIMIT_KINDS, words::limit)
                    .expect("a limit"),
                write_off: given
                    .bare(&WriteOffGround::ALL, words::write_off)
                    .expect("a ground"),
                note: given.text_or("备注", "经核查"),
            },
        }
    }

    fn read_rating(&self, given: &Arguments<'_>) -> RatingRecord {
        RatingRecord {
            satisfaction: given
                .bare(&Satisfaction::ALL, words::satisfaction)
                .expect("a satisfaction"),
            solved: given
                .bare(&Solved::ALL, words::solved)
                .unwrap_or(Solved::Yes),
            reason: given.get("原因").map(|word| {
                named(
                    &DissatisfactionReason::ALL,
                    words::dissatisfaction_reason,
                    word,
                )
            }),
            note: given.text_or("备注", ""),
            rated_at: self.time(given, "时间"),
        }
    }
}

/// `审核员`, `县教育局联络员` or `审核员#调度员`.
fn read_actor(word: &str) -> Option<Actor> {
    let (word, id) = match word.split_once('#') {
        Some((word, id)) => (word, Some(id)),
        None => (word, None),
    };
    let role = Role::ALL
        .into_iter()
        .filter(|role| word.ends_with(words::role(*role)))
        .max_by_key(|role| words::role(*role).len())?;
    let unit_name = word.strip_suffix(words::role(role))?;
    let mut actor = world::actor(&[role]);
    if !unit_name.is_empty() {
        if !role.is_of_unit() {
            return None;
        }
        actor.unit = Some(unit(unit_name));
        actor.id = ActorId(word.to_owned());
    }
    if let Some(id) = id {
        actor.id = ActorId(id.to_owned());
    }
    Some(actor)
}

fn unit(name: &str) -> HandlingUnitId {
    HandlingUnitId(name.to_owned())
}

/// The value that `word` names.
fn named<T: Copy>(all: &[T], name: fn(T) -> &'static str, word: &str) -> T {
    words::find(all, name, word).unwrap_or_else(|| panic!("nothing is called {word}"))
}

/// `协调:文号`, `指定:文号` or `先例:编号:文号`.
fn read_ground(text: &str) -> DispatchGround {
    let pieces: Vec<&str> = text.split(':').collect();
    match pieces[..] {
        ["协调", document] => DispatchGround::Coordination {
            document: document.to_owned(),
        },
        ["指定", document] => DispatchGround::Designation {
            document: document.to_owned(),
        },
        ["先例", id, document] => DispatchGround::Precedent {
            id: id.to_owned(),
            document: document.to_owned(),
        },
        _ => panic!("协调:文号, 指定:文号 or 先例:编号:文号, not {text}"),
    }
}

#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "called for the commands of one group"
)]
fn read_intake(kind: CommandKind, given: &Arguments<'_>) -> Command {
    match kind {
        CommandKind::Register => Command::Register {
            number: given.text_or("编号", "QX-1"),
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
        CommandKind::BeginVerification => Command::BeginVerification {
            asked: given.text_or("被问", "县水务局"),
            question: given.text_or("事项", "是否属受理范围"),
        },
        CommandKind::RecordVerification => Command::RecordVerification {
            answered_by: given.text_or("回答", "张科长"),
            finding: given.text_or("结论", "属受理范围"),
        },
        CommandKind::Supplement => Command::Supplement {
            text: given.text_or("内容", "又来电催问"),
            files: given.list("附件").into_iter().map(repeated).collect(),
        },
        CommandKind::MergeInto => Command::MergeInto {
            number: given.text_or("工单", "QX-9"),
        },
        CommandKind::AbsorbRepeat => Command::AbsorbRepeat {
            number: given.text_or("工单", "QX-9"),
            text: given.text_or("内容", "又来电催问"),
        },
        CommandKind::CorrectCaller => Command::CorrectCaller {
            correction: Box::new(CallerCorrection {
                phone: Some(given.text_or("号码", "13900005678")),
                name: given.get("姓名").map(repeated),
                ..CallerCorrection::default()
            }),
            reason: given.text_or("理由", "登记时听错"),
        },
        CommandKind::LinkTo => Command::LinkTo {
            number: given.text_or("工单", "QX-9"),
        },
        _ => Command::Withdraw {
            reason: given.text_or("理由", "诉求人不再要求"),
        },
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
        category_id: given.text_or("分类", ""),
        title: given.text_or("标题", ""),
        text: given.text_or("内容", "小区停水两天了。物业不管。"),
        place: Place {
            detail: given.text_or("地点", ""),
            ..Place::default()
        },
        happened: given.text_or("时间", ""),
        about: given.text_or("对象", ""),
        wants: given.text_or("目标", ""),
        is_confidential: given.flag("保密"),
        wants_call_back: false,
        origin: Origin {
            source: given
                .bare(&Source::ALL, words::source)
                .unwrap_or(Source::County),
            upstream_number: given.text_or("上级编号", ""),
            other_province_number: given.text_or("外省单号", ""),
        },
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
        repeated(self.get(name).unwrap_or(default))
    }

    /// The first bare word that names a value of `all`.
    fn bare<T: Copy>(&self, all: &[T], name: fn(T) -> &'static str) -> Option<T> {
        self.words.iter().find_map(|word| {
            let value = words::find(all, name, word)?;
            self.mark_read(word);
            Some(value)
        })
    }

    /// The values of that name, with 、 between them.
    fn list(&self, name: &str) -> Vec<&'a str> {
        let list = self.get(name).unwrap_or_default();
        list.split('、').filter(|it| !it.is_empty()).collect()
    }

    fn flag(&self, word: &str) -> bool {
        let flag = self.words.iter().find(|it| **it == word);
        flag.is_some_and(|word| {
            self.mark_read(word);
            true
        })
    }

    /// 同意 or 不同意.
    fn ruling(&self) -> bool {
        self.bare(&[true, false], words::ruling)
            .unwrap_or_else(|| panic!("同意 or 不同意 in the line\n{}", self.line))
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

/// 水×3 is 水水水.
fn repeated(text: &str) -> String {
    match text.rsplit_once('×') {
        Some((piece, times)) => piece.repeat(times.parse().unwrap()),
        None => text.to_owned(),
    }
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
