//! A case file: one line for each act, played against the rules. Every act must be allowed.
//!
//! ```text
//! 甲 11-02 09:00 登记 投诉
//! 甲 11-02 10:00 派单 县水务局
//! 甲 11-02 10:05 送达            // of the first assignment; `送达 2号` of the second
//! ```

use std::collections::BTreeMap;
use std::sync::LazyLock;

use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use domain::calendar::WorkCalendar;
use domain::clock_face::{at, end_of};
use domain::extension::ExtensionAsk;
use domain::kb::KbArticleId;
use domain::matter::{Caller, Channel, Matter, MatterClass, MatterKind, Origin, Place};
use domain::out_of_scope::{EmergencyLine, OutOfScopeClass};
use domain::precedent::PrecedentRegister;
use domain::rule_set::RuleSets;
use domain::time_limit::LimitKind;
use domain::work_order::{
    AssignmentNumber, CitedArticle, ClosureOpinion, ContactOutcome, ContactRecord, DispatchForm,
    DispatchPlan, Explained, Feedback, RatingRecord, Reply, Satisfaction, ScreeningReview, Solved,
    TownshipReport, WriteOffGround, apply, decide,
};
use domain::{
    Actor, ActorId, Command, Facts, HandlingUnit, HandlingUnitId, HandlingUnits, Refusal, Role,
    WorkOrder,
};

pub(crate) const UNITS: [&str; 4] = ["县水务局", "县教育局", "县住建局", "渠江街道"];
const YEAR: i32 = 2026;

static CALENDAR: LazyLock<WorkCalendar> = LazyLock::new(WorkCalendar::built_in);
pub(crate) static RULE_SETS: LazyLock<RuleSets> = LazyLock::new(RuleSets::built_in);
static PRECEDENTS: LazyLock<PrecedentRegister> = LazyLock::new(PrecedentRegister::default);
static HANDLING_UNITS: LazyLock<HandlingUnits> = LazyLock::new(|| {
    let unit = |name: &str| HandlingUnit {
        id: unit_id(name),
        name: name.to_owned(),
        aliases: Vec::new(),
        group: String::new(),
    };
    UNITS.into_iter().map(unit).collect()
});

pub(crate) fn unit_id(name: &str) -> HandlingUnitId {
    HandlingUnitId(name.to_owned())
}

/// Plays a case; the orders by their numbers.
pub(crate) fn play(case: &str) -> Vec<WorkOrder> {
    let mut orders: BTreeMap<String, Option<WorkOrder>> = BTreeMap::new();
    let lines = case.lines().map(|line| line.split("//").next().unwrap());
    for line in lines.map(str::trim).filter(|line| !line.is_empty()) {
        let words: Vec<&str> = line.split_whitespace().collect();
        let [number, date, time, act, rest @ ..] = words.as_slice() else {
            panic!("order, date, time and act are missing:\n{line}");
        };
        let now = instant(date, time);
        let order = orders.entry((*number).to_owned()).or_default();
        if let Err(refusal) = give(order, number, now, act, rest) {
            panic!("refused: {refusal:?}\n{line}");
        }
    }
    orders.into_values().flatten().collect()
}

/// Gives every command that an act is made of; stops at the first that is refused.
pub(crate) fn give(
    order: &mut Option<WorkOrder>,
    number: &str,
    now: DateTime<Utc>,
    act: &str,
    rest: &[&str],
) -> Result<(), Refusal> {
    let assignment = named(rest);
    for (role, command) in commands(order.as_ref(), number, now, act, rest, assignment) {
        let unit = order.as_ref().and_then(|it| it.assignment(assignment));
        let actor = Actor {
            id: ActorId(format!("{role:?}")),
            name: String::new(),
            roles: vec![role],
            unit: unit.filter(|_| role.is_of_unit()).map(|it| it.unit.clone()),
        };
        let facts = Facts {
            now,
            actor: &actor,
            calendar: &CALENDAR,
            rule_sets: &RULE_SETS,
            units: &HANDLING_UNITS,
            precedents: &PRECEDENTS,
        };
        for event in decide(order.as_ref(), &command, &facts)? {
            apply(order, &event);
        }
    }
    Ok(())
}

/// `11-02` `09:00`, and `24:00` for the end of the day.
pub(crate) fn instant(date: &str, time: &str) -> DateTime<Utc> {
    let date = date_in_year(date);
    if time == "24:00" {
        return end_of(date);
    }
    let with_seconds = if time.matches(':').count() == 1 {
        format!("{time}:00")
    } else {
        time.to_owned()
    };
    at(date, with_seconds.parse::<NaiveTime>().unwrap())
}

pub(crate) fn date_in_year(date: &str) -> NaiveDate {
    format!("{YEAR}-{date}").parse().unwrap()
}

/// `2号`; the first where none is named.
fn named(rest: &[&str]) -> AssignmentNumber {
    rest.iter()
        .find_map(|word| word.strip_suffix('号')?.parse().ok())
        .map_or(AssignmentNumber::FIRST, AssignmentNumber)
}

fn commands(
    order: Option<&WorkOrder>,
    number: &str,
    now: DateTime<Utc>,
    act: &str,
    rest: &[&str],
    assignment: AssignmentNumber,
) -> Vec<(Role, Command)> {
    let reason = "有具体理由".to_owned();
    let document = "文号".to_owned();
    let command = match act {
        "登记" => (
            Role::Operator,
            Command::Register {
                number: number.to_owned(),
                matter: Box::new(matter(rest)),
            },
        ),
        "当场答复" => (
            Role::Operator,
            Command::AnswerOnTheSpot {
                answer: "请到窗口办理".to_owned(),
                article: rest.contains(&"引用知识").then(|| CitedArticle {
                    id: KbArticleId("kb-1".to_owned()),
                    version: 1,
                }),
            },
        ),
        "不予受理" => (
            Role::Operator,
            Command::RefuseOutOfScope {
                class: OutOfScopeClass::OtherProcedure,
                guidance: "请走法定途径".to_owned(),
                legal_basis: String::new(),
            },
        ),
        "转紧急" => (
            Role::Operator,
            Command::TransferToEmergency {
                line: EmergencyLine::Police,
                note: String::new(),
            },
        ),
        "并入" => (
            Role::Operator,
            Command::MergeInto {
                number: rest[0].to_owned(),
            },
        ),
        "撤回" => (Role::Operator, Command::Withdraw { reason }),
        "提请协调" => (
            Role::Dispatcher,
            Command::RequestCoordination {
                reason,
                units: Vec::new(),
            },
        ),
        "派单" => (Role::Dispatcher, dispatch(order, now, rest)),
        "送达" => (Role::Center, Command::ConfirmDelivery { assignment }),
        "签收" => (Role::Liaison, Command::SignFor { assignment }),
        "联系" => (
            Role::Liaison,
            Command::RecordContact {
                assignment,
                contact: ContactRecord {
                    contacted_at: now,
                    phone: "13800001234".to_owned(),
                    outcome: if rest.contains(&"未接通") {
                        ContactOutcome::NotReached
                    } else {
                        ContactOutcome::Reached
                    },
                    note: String::new(),
                },
            },
        ),
        "初步响应" => (
            Role::Liaison,
            Command::RespondFirst {
                assignment,
                text: "正在抢修".to_owned(),
            },
        ),
        "协办意见" => (
            Role::Liaison,
            Command::SubmitOpinion {
                assignment,
                text: "无异议".to_owned(),
            },
        ),
        "办结" => return completed(order, now, assignment),
        "退回" => (
            Role::Liaison,
            Command::SendBack {
                assignment,
                reason,
                basis: "三定规定".to_owned(),
                suggestion: "转渠江街道".to_owned(),
            },
        ),
        "同意退回" | "驳回退回" => (
            Role::Reviewer,
            Command::RuleOnSendBack {
                assignment,
                is_accepted: act == "同意退回",
                reason,
            },
        ),
        "申请延期" => (
            Role::Liaison,
            Command::RequestExtension {
                assignment,
                ask: ExtensionAsk::Complicated { days: 3 },
                reason,
            },
        ),
        "延期报市" => (
            Role::Reviewer,
            Command::ReviewExtension {
                assignment,
                is_forwarded: true,
                reason,
            },
        ),
        "市批延期" | "市驳延期" => (
            Role::City,
            Command::RecordCityRuling {
                assignment,
                granted_until: (act == "市批延期").then(|| instant(rest[0], "24:00")),
                document,
            },
        ),
        "说明延期" => (
            Role::Liaison,
            Command::ExplainExtension {
                assignment,
                explained: Explained::ToCaller {
                    explained_at: now,
                    method: "电话".to_owned(),
                },
            },
        ),
        "认定终结" => (
            Role::Liaison,
            Command::RequestFinalClosure {
                assignment,
                opinion: Box::new(ClosureOpinion {
                    facts: "已查清".to_owned(),
                    legal_basis: "条例".to_owned(),
                    earlier_orders: vec!["旧一".to_owned(), "旧二".to_owned()],
                    signed_by: "负责人".to_owned(),
                    explanation: "已解释".to_owned(),
                }),
            },
        ),
        "同意终结" => (
            Role::Reviewer,
            Command::ReviewFinalClosure {
                assignment,
                is_accepted: true,
                reason,
            },
        ),
        "评价" => (
            Role::City,
            Command::ImportRating {
                assignment: order
                    .is_some_and(|order| !order.assignments.is_empty())
                    .then_some(assignment),
                rating: rating(now, rest),
            },
        ),
        "申请甄别" => (
            Role::Liaison,
            Command::RequestScreening {
                assignment,
                reason,
                late_reason: "取证需要时间".to_owned(),
                evidence: Vec::new(),
            },
        ),
        "甄别报市" | "甄别不予上报" | "甄别要求补证" => (
            Role::Reviewer,
            Command::ReviewScreening {
                assignment,
                review: match act {
                    "甄别报市" => ScreeningReview::Forward,
                    "甄别不予上报" => ScreeningReview::Deny,
                    _ => ScreeningReview::AskEvidence,
                },
                reason,
            },
        ),
        "甄别剔除" | "甄别维持" => (
            Role::City,
            Command::RecordScreeningRuling {
                assignment,
                is_removed: act == "甄别剔除",
                document,
            },
        ),
        "退回重办" => (Role::Reviewer, Command::OrderRework { assignment, reason }),
        "归档" => (Role::Reviewer, Command::Archive),
        "核销" => (
            Role::Supervisor,
            Command::WriteOffDelay {
                assignment,
                limit: match rest[0] {
                    "签收" => LimitKind::SignFor,
                    "退回" => LimitKind::SendBack,
                    "办理" => LimitKind::Handle,
                    other => panic!("no delay is called {other}"),
                },
                write_off: WriteOffGround::ForceMajeure,
                note: "暴雨断网".to_owned(),
            },
        ),
        other => panic!("no act is called {other}"),
    };
    vec![command]
}

/// `登记 投诉 特殊紧急`.
fn matter(rest: &[&str]) -> Matter {
    Matter {
        caller: Caller::default(),
        channel: Channel::Phone,
        kind: match rest[0] {
            "咨询" => MatterKind::Consultation,
            "求助" => MatterKind::Help,
            "建议" => MatterKind::Suggestion,
            "投诉" => MatterKind::Complaint,
            "举报" => MatterKind::Report,
            other => panic!("no kind is called {other}"),
        },
        class: match rest.get(1) {
            Some(&"特殊") => MatterClass::Special,
            Some(&"特殊紧急") => MatterClass::SpecialEmergency,
            Some(_) | None => MatterClass::Ordinary,
        },
        category_id: String::new(),
        title: String::new(),
        text: "小区停水两天了".to_owned(),
        place: Place::default(),
        happened: String::new(),
        about: String::new(),
        wants: String::new(),
        is_confidential: false,
        wants_call_back: false,
        origin: Origin::default(),
    }
}

/// `派单 县水务局`, `派单 县水务局 会签 县教育局`, `派单 县水务局 协办 县教育局`.
fn dispatch(order: Option<&WorkOrder>, now: DateTime<Utc>, rest: &[&str]) -> Command {
    let form = match rest.get(1) {
        Some(&"会签") => DispatchForm::Countersigned,
        Some(&"协办") => DispatchForm::LeadAndAssisting,
        Some(_) | None => DispatchForm::Single,
    };
    let is_special = order.is_some_and(|order| order.matter.class.is_special());
    Command::Dispatch {
        unit: unit_id(rest[0]),
        opinion: String::new(),
        plan: DispatchPlan {
            form,
            others: rest.iter().skip(2).map(|name| unit_id(name)).collect(),
            report: is_special.then(|| TownshipReport {
                township: unit_id("渠江街道"),
                answered_by: "值班员".to_owned(),
                reported_at: now,
                method: "电话".to_owned(),
            }),
            ..DispatchPlan::default()
        },
    }
}

/// The reply with every opinion that was given, and the signature under it.
fn completed(
    order: Option<&WorkOrder>,
    now: DateTime<Utc>,
    assignment: AssignmentNumber,
) -> Vec<(Role, Command)> {
    let opinions = order.into_iter().flat_map(|order| &order.assignments);
    let reply = Reply {
        text: "已处理".to_owned(),
        responsible_person: "张三".to_owned(),
        feedback: Feedback::Given {
            given_at: now,
            method: "电话".to_owned(),
        },
        cited_opinions: opinions
            .filter(|it| it.assisting_opinion.is_some())
            .map(|it| it.number)
            .collect(),
    };
    let reply = Box::new(reply);
    vec![
        (Role::Liaison, Command::SubmitReply { assignment, reply }),
        (Role::UnitReviewer, Command::SignReply { assignment }),
    ]
}

/// `评价 满意 已解决`.
fn rating(now: DateTime<Utc>, rest: &[&str]) -> RatingRecord {
    RatingRecord {
        satisfaction: match rest[0] {
            "非常满意" => Satisfaction::VerySatisfied,
            "满意" => Satisfaction::Satisfied,
            "基本满意" => Satisfaction::FairlySatisfied,
            "不满意" => Satisfaction::Dissatisfied,
            "非常不满意" => Satisfaction::VeryDissatisfied,
            other => panic!("no rating is called {other}"),
        },
        solved: match rest[1] {
            "已解决" => Solved::Yes,
            "部分解决" => Solved::Partly,
            "未解决" => Solved::No,
            other => panic!("nothing is called {other}"),
        },
        reason: None,
        note: String::new(),
        rated_at: now,
    }
}
