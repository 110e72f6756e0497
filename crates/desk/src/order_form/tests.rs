//! One order with everything that can happen to a unit's part of it, and what the forms say of it.

use chrono::NaiveDateTime;
use documents::form::Part;
use domain::calendar::WorkCalendar;
use domain::extension::{ExtensionAsk, ExtensionLane};
use domain::matter::{Caller, Channel, Matter, MatterClass, Origin, Place, Source};
use domain::rule_set::RuleSets;
use domain::time_limit::{LimitKind, Span, TimeLimit};
use domain::work_order::{
    ClosureOpinion, ContactOutcome, ContactRecord, DispatchGround, DissatisfactionReason, Event,
    EventKind, Explained, Feedback, LimitMove, Part as UnitPart, RatingRecord, Reply, Satisfaction,
    ScreeningReview, Solved, TownshipReport,
};
use domain::{ActorId, HandlingUnitId, clock_face};
use expect_test::{Expect, expect};

use super::*;
use crate::reference::ReferenceTables;

const FIRST: AssignmentNumber = AssignmentNumber::FIRST;

fn at(text: &str) -> DateTime<Utc> {
    let civil = NaiveDateTime::parse_from_str(&format!("2026-{text}"), "%Y-%m-%d %H:%M").unwrap();
    clock_face::at(civil.date(), civil.time())
}

fn words(text: &str) -> String {
    text.to_owned()
}

fn matter(kind: MatterKind) -> Matter {
    Matter {
        caller: Caller {
            phone: words("13800001234"),
            contact_phone: words("08187212345"),
            name: words("王建国"),
            address: words("营盘巷12号"),
        },
        channel: Channel::Phone,
        kind,
        class: MatterClass::Special,
        category_id: String::new(),
        title: words("王建国反映营盘巷停水"),
        text: words("家住营盘巷12号，停水两天，请回电13800001234。"),
        place: Place {
            township_code: words("511725001"),
            village_code: words("511725001001"),
            detail: words("营盘巷"),
        },
        wants: words("尽快恢复供水"),
        is_confidential: false,
        wants_call_back: true,
        origin: Origin {
            source: Source::City,
            upstream_number: words("DZ2026-0093"),
            other_province_number: String::new(),
        },
    }
}

fn limit(kind: LimitKind, span: Span, from: &str) -> TimeLimit {
    let rules = RuleSets::built_in();
    let calendar = WorkCalendar::built_in();
    let rules = rules.in_force_on(date_of(at(from)));
    TimeLimit::start(kind, span, at(from), &calendar, rules)
}

fn story(kind: MatterKind) -> Vec<Event> {
    let unit = |id: &str| HandlingUnitId(id.to_owned());
    let assignment = FIRST;
    let started = |limit: TimeLimit| EventKind::LimitStarted {
        limit,
        assignment: Some(FIRST),
    };
    let handle = limit(LimitKind::Handle, Span::WorkingDays(3), "11-23 09:35");
    let longer = limit(LimitKind::Handle, Span::WorkingDays(6), "11-23 09:35");
    let rules = RuleSets::built_in();
    let rule_set = rules.in_force_on(date_of(at("11-23 09:15"))).id.clone();
    let events = [
        (
            "11-23 09:15",
            EventKind::Registered {
                number: words("20261123-W01-0001"),
                matter: Box::new(matter(kind)),
                rule_set,
            },
        ),
        (
            "11-23 09:20",
            EventKind::TownshipReported {
                report: TownshipReport {
                    township: unit("town-511725001"),
                    answered_by: words("赵值守"),
                    reported_at: at("11-23 09:18"),
                    method: words("电话"),
                },
            },
        ),
        (
            "11-23 09:20",
            EventKind::Dispatched {
                unit: unit("unit-water-affairs"),
                opinion: words("请核实处理"),
                part: UnitPart::Sole,
                by: DispatchGround::Duty,
                replaces: None,
                rework_of: None,
            },
        ),
        (
            "11-23 09:35",
            EventKind::Delivered {
                delivered_at: at("11-23 09:35"),
                answered_by: words("李值班"),
                phone: words("0818-7000000"),
                assignment: Some(FIRST),
            },
        ),
        (
            "11-23 09:35",
            started(limit(
                LimitKind::SignFor,
                Span::WorkingDays(1),
                "11-23 09:35",
            )),
        ),
        (
            "11-23 09:35",
            started(limit(
                LimitKind::SendBack,
                Span::WorkingDays(1),
                "11-23 09:35",
            )),
        ),
        (
            "11-23 09:35",
            started(limit(
                LimitKind::FirstResponse,
                Span::Hours(3),
                "11-23 09:35",
            )),
        ),
        ("11-23 09:35", started(handle)),
        ("11-23 10:00", EventKind::SignedFor { assignment }),
        (
            "11-23 10:30",
            EventKind::ContactRecorded {
                assignment,
                contact: ContactRecord {
                    contacted_at: at("11-23 10:30"),
                    phone: words("13800001234"),
                    outcome: ContactOutcome::Reached,
                    note: words("约定下午现场查看"),
                },
            },
        ),
        (
            "11-24 09:00",
            EventKind::SentBack {
                assignment,
                reason: words("管道属小区产权"),
                basis: words("供水条例第十条"),
                suggestion: words("转住建局"),
            },
        ),
        (
            "11-24 15:00",
            EventKind::SendBackRuled {
                assignment,
                is_accepted: false,
                reason: words("属市政管道"),
            },
        ),
        (
            "11-25 09:00",
            EventKind::Urged {
                assignment,
                reason: words("诉求人再次来电"),
                method: words("电话"),
            },
        ),
        (
            "11-25 16:00",
            EventKind::ExtensionRequested {
                assignment,
                ask: ExtensionAsk::Complicated { days: 3 },
                reason: words("需开挖路面"),
                lane: ExtensionLane::General,
                proposed_due_at: longer.due_at,
            },
        ),
        (
            "11-25 17:00",
            EventKind::ExtensionReviewed {
                assignment,
                is_forwarded: true,
                reason: words("情况属实"),
            },
        ),
        (
            "11-26 10:00",
            EventKind::CityRuled {
                assignment,
                granted_until: Some(longer.due_at),
                document: words("市延〔2026〕8号"),
            },
        ),
        (
            "11-26 10:00",
            EventKind::LimitMoved {
                limit: longer,
                assignment: Some(FIRST),
                because: LimitMove::Extended,
            },
        ),
        (
            "11-26 11:00",
            EventKind::ExtensionExplained {
                assignment,
                explained: Explained::ToCaller {
                    explained_at: at("11-26 10:50"),
                    method: words("电话"),
                },
            },
        ),
        (
            "11-30 16:00",
            EventKind::ReplySubmitted {
                assignment,
                reply: Box::new(Reply {
                    text: words("已修复管道，恢复供水。"),
                    responsible_person: words("周某"),
                    feedback: Feedback::Given {
                        given_at: at("11-30 15:50"),
                        method: words("电话"),
                    },
                    cited_opinions: Vec::new(),
                }),
            },
        ),
        ("11-30 17:00", EventKind::ReplySigned { assignment }),
        ("11-30 17:00", EventKind::Completed),
        (
            "12-07 11:00",
            EventKind::Rated {
                assignment: Some(FIRST),
                rating: RatingRecord {
                    satisfaction: Satisfaction::Dissatisfied,
                    solved: Solved::Yes,
                    reason: Some(DissatisfactionReason::Slow),
                    note: words("等得太久"),
                    rated_at: at("12-07 11:00"),
                },
            },
        ),
        (
            "12-08 09:00",
            EventKind::ScreeningRequested {
                assignment,
                reason: words("依法延期"),
                late_reason: String::new(),
                evidence: vec![words("延期批复"), words("照片")],
            },
        ),
        (
            "12-08 15:00",
            EventKind::ScreeningReviewed {
                assignment,
                review: ScreeningReview::Forward,
                reason: words("材料齐全"),
            },
        ),
        (
            "12-10 09:00",
            EventKind::FinalClosureRequested {
                assignment,
                opinion: Box::new(ClosureOpinion {
                    facts: words("三次核查，供水正常"),
                    legal_basis: words("供水条例第十条"),
                    earlier_orders: vec![words("20260301-W01-0002")],
                    signed_by: words("吴局长"),
                    explanation: words("已上门解释"),
                }),
            },
        ),
        (
            "12-10 15:00",
            EventKind::FinalClosureReviewed {
                assignment,
                is_accepted: true,
                reason: words("要件齐全"),
            },
        ),
    ];
    events
        .into_iter()
        .map(|(when, kind)| Event {
            occurred_at: at(when),
            actor: ActorId(words("1001")),
            kind,
        })
        .collect()
}

/// What a form says, field by field, or the row of a list.
fn said(form: OrderForm, kind: MatterKind, caller: CallerShown) -> String {
    let events = story(kind);
    let order = fold(&events).unwrap();
    let rules = RuleSets::built_in();
    let seen = Seen {
        reference: &ReferenceTables::built_in().unwrap(),
        calendar: &WorkCalendar::built_in(),
        rules: rules.in_force_on(date_of(at("11-23 09:15"))),
        person: &|person| format!("陈晓梅 {}", person.0),
        order: &order,
        events: &events,
        assignment: order.assignment(FIRST).unwrap(),
        caller,
        now: at("12-11 09:00"),
    };
    let filled = fill(&form.kind().blank(), &values::of(&seen)).unwrap();
    let mut lines = vec![format!("{} {}", filled.title, filled.number)];
    for part in &filled.parts {
        match part {
            Part::Grid(rows) => {
                for row in rows {
                    let cells = row.cells.iter().map(|cell| cell.text.replace('\n', "/"));
                    lines.push(cells.collect::<Vec<_>>().join(" | "));
                }
            }
            Part::Table(table) => lines.extend(table.rows.iter().map(|row| row.join(" | "))),
            Part::Body(text) | Part::Note(text) => lines.push(text.clone()),
            Part::Chart { .. } | Part::Closing(_) => {}
        }
    }
    lines.join("\n") + "\n"
}

fn check(form: OrderForm, expected: &Expect) {
    expected.assert_eq(&said(form, MatterKind::Help, CallerShown::InPart));
}

#[test]
fn a_dispatch() {
    check(OrderForm::Dispatch, &expect![[]]);
}

#[test]
fn an_emergency_dispatch() {
    check(OrderForm::EmergencyDispatch, &expect![[]]);
}

#[test]
fn an_urging() {
    check(OrderForm::Urging, &expect![[]]);
}

#[test]
fn what_was_sent_back() {
    check(OrderForm::SendBack, &expect![[]]);
}

#[test]
fn an_extension() {
    check(OrderForm::ExtensionRequest, &expect![[]]);
}

#[test]
fn a_screening() {
    check(OrderForm::ScreeningRequest, &expect![[]]);
}

#[test]
fn a_final_closure() {
    check(OrderForm::ClosureOpinion, &expect![[]]);
}

#[test]
fn what_was_completed() {
    check(OrderForm::Completion, &expect![[]]);
}

#[test]
fn of_a_sealed_order_no_form_says_who_calls() {
    for form in OrderForm::ALL {
        let said = said(form, MatterKind::Report, CallerShown::Sealed);
        for hidden in ["王建国", "13800001234", "08187212345", "营盘巷12号"] {
            assert!(!said.contains(hidden), "{form:?} says {hidden}: {said}");
        }
    }
    let said = said(OrderForm::Dispatch, MatterKind::Help, CallerShown::Whole);
    assert!(
        said.contains("王建国") && said.contains("08187212345"),
        "{said}"
    );
}
