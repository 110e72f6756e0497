//! The frozen form: one golden JSON file for every event and every command.
//!
//! Orders and intents are kept for ever, so a golden file is never edited: what a desk wrote once
//! must be read by every later program. A new field needs a default and a golden file beside the
//! old one.

use std::collections::BTreeSet;
use std::fmt::Debug;
use std::fs;
use std::path::PathBuf;

use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use domain::clock_face::at;
use domain::extension::{ExtensionLane, GrantedExtension};
use domain::kb::{KbArticleId, KbTemplate};
use domain::matter::{Caller, Channel, Matter, MatterClass, MatterKind, Place};
use domain::out_of_scope::{EmergencyLine, OutOfScopeClass};
use domain::rule_set::{RuleSet, RuleSetId};
use domain::time_limit::{
    CloseOfDay, CountMode, Counting, LimitKind, Span, Suspension, SuspensionReason, TimeLimit,
};
use domain::upstream::{Superior, UpstreamLimit};
use domain::work_order::{CitedArticle, CommandKind, EventKind, Stage};
use domain::{ActorId, Command, Event, HandlingUnitId, Role};
use expect_test::expect_file;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::names;

fn moment(minute: u32) -> DateTime<Utc> {
    let date = NaiveDate::from_ymd_opt(2026, 11, 23).unwrap();
    at(
        date,
        NaiveTime::from_hms_milli_opt(9, minute, 30, 125).unwrap(),
    )
}

fn matter() -> Matter {
    Matter {
        caller: Caller {
            phone: "13800001234".to_owned(),
            contact_phone: "0818-7212345".to_owned(),
            name: "王女士".to_owned(),
            address: "渠江街道".to_owned(),
        },
        channel: Channel::Transfer110,
        kind: MatterKind::Complaint,
        class: MatterClass::SpecialEmergency,
        category_id: "030201".to_owned(),
        title: "小区停水".to_owned(),
        text: "小区停水两天了。\n物业不管。".to_owned(),
        place: Place {
            township_code: "511725001".to_owned(),
            village_code: "511725001001".to_owned(),
            detail: "和平街12号".to_owned(),
        },
        wants: "尽快来水".to_owned(),
        is_confidential: true,
        wants_call_back: false,
    }
}

fn cited_article() -> CitedArticle {
    CitedArticle {
        id: KbArticleId("KB-0007".to_owned()),
        version: 3,
    }
}

fn unit() -> HandlingUnitId {
    HandlingUnitId("water".to_owned())
}

/// A limit as written down: the times stand here as they are stored, not as they are counted.
fn limit(kind: LimitKind, span: Span) -> TimeLimit {
    TimeLimit {
        kind,
        span,
        started_at: moment(15),
        due_at: moment(16),
        target_at: match span {
            Span::WorkingDays(_) => Some(moment(17)),
            Span::Hours(_) | Span::HoursOnWorkingDays(_) => None,
        },
        warn_at: moment(18),
        counting: Counting::default(),
        suspensions: Vec::new(),
        extension: None,
        upstream: None,
    }
}

/// A limit that uses every field that may be left out.
fn adjusted_limit() -> TimeLimit {
    TimeLimit {
        counting: Counting {
            count_mode: CountMode::SameClock,
            close_of_day: CloseOfDay::SixInTheEvening,
        },
        suspensions: vec![Suspension {
            reason: SuspensionReason::SendBackReview,
            suspended_at: moment(21),
            resumed_at: Some(moment(22)),
            days_left_at_least: 1,
        }],
        extension: Some(GrantedExtension {
            lane: ExtensionLane::Exceptional,
            granted_at: moment(23),
            due_at: moment(24),
        }),
        upstream: Some(UpstreamLimit {
            superior: Superior::Province,
            due_at: moment(25),
        }),
        ..limit(LimitKind::Handle, Span::WorkingDays(5))
    }
}

fn commands() -> Vec<(&'static str, Command)> {
    vec![
        (
            "register",
            Command::Register {
                number: "20261123-W07-0012".to_owned(),
                matter: Box::new(matter()),
            },
        ),
        (
            "answer_on_the_spot",
            Command::AnswerOnTheSpot {
                answer: "明天来水".to_owned(),
                article: Some(cited_article()),
            },
        ),
        (
            "answer_on_the_spot_without_article",
            Command::AnswerOnTheSpot {
                answer: "明天来水".to_owned(),
                article: None,
            },
        ),
        (
            "refuse_out_of_scope",
            Command::RefuseOutOfScope {
                class: OutOfScopeClass::Unlawful,
                guidance: "该要求与法律规定不符".to_owned(),
                legal_basis: "治安管理处罚法第四十二条".to_owned(),
            },
        ),
        (
            "transfer_to_emergency",
            Command::TransferToEmergency {
                line: EmergencyLine::Fire,
                note: "已接通".to_owned(),
            },
        ),
        (
            "dispatch",
            Command::Dispatch {
                unit: unit(),
                opinion: "请核实".to_owned(),
            },
        ),
        (
            "record_delivery",
            Command::RecordDelivery {
                delivered_at: moment(20),
                answered_by: "李主任".to_owned(),
                phone: "0818-7212345".to_owned(),
            },
        ),
    ]
}

fn events() -> Vec<(&'static str, Event)> {
    let kinds = vec![
        (
            "registered",
            EventKind::Registered {
                number: "20261123-W07-0012".to_owned(),
                matter: Box::new(matter()),
                rule_set: RuleSet::qx_2023_66().id,
            },
        ),
        (
            "limit_started",
            EventKind::LimitStarted {
                limit: limit(LimitKind::Handle, Span::WorkingDays(5)),
            },
        ),
        (
            "limit_started_in_hours",
            EventKind::LimitStarted {
                limit: limit(LimitKind::FirstResponse, Span::Hours(2)),
            },
        ),
        (
            "limit_started_with_adjustments",
            EventKind::LimitStarted {
                limit: adjusted_limit(),
            },
        ),
        (
            "answered_on_the_spot",
            EventKind::AnsweredOnTheSpot {
                answer: "明天来水".to_owned(),
                article: Some(cited_article()),
            },
        ),
        (
            "answered_on_the_spot_without_article",
            EventKind::AnsweredOnTheSpot {
                answer: "明天来水".to_owned(),
                article: None,
            },
        ),
        (
            "refused_out_of_scope",
            EventKind::RefusedOutOfScope {
                class: OutOfScopeClass::OtherwiseExcluded,
                guidance: "该事项另有规定".to_owned(),
                legal_basis: "信访工作条例".to_owned(),
            },
        ),
        (
            "transferred_to_emergency",
            EventKind::TransferredToEmergency {
                line: EmergencyLine::Ambulance,
                note: "已接通".to_owned(),
            },
        ),
        (
            "dispatched",
            EventKind::Dispatched {
                unit: unit(),
                opinion: "请核实".to_owned(),
            },
        ),
        (
            "delivered",
            EventKind::Delivered {
                delivered_at: moment(20),
                answered_by: "李主任".to_owned(),
                phone: "0818-7212345".to_owned(),
            },
        ),
    ];
    let event = |(name, kind)| {
        let event = Event {
            occurred_at: moment(15),
            actor: ActorId("W07".to_owned()),
            kind,
        };
        (name, event)
    };
    kinds.into_iter().map(event).collect()
}

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/golden")
}

/// Compares the value with its golden file, and reads the golden file back as the value.
#[expect(
    clippy::disallowed_methods,
    reason = "the rules read no file; this test does"
)]
fn check<T>(file: &str, value: &T)
where
    T: Serialize + DeserializeOwned + PartialEq + Debug,
{
    let path = folder().join(file);
    let json = serde_json::to_string_pretty(value).unwrap() + "\n";
    expect_file![&path].assert_eq(&json);
    let stored = fs::read_to_string(&path).unwrap();
    assert_eq!(serde_json::from_str::<T>(&stored).unwrap(), *value);
}

#[test]
fn commands_keep_their_form() {
    for (name, command) in commands() {
        check(&format!("command.{name}.json"), &command);
    }
}

#[test]
fn events_keep_their_form() {
    for (name, event) in events() {
        check(&format!("event.{name}.json"), &event);
    }
}

#[test]
fn every_command_and_every_event_has_a_golden_file() {
    let commands = commands();
    let met: BTreeSet<_> = commands
        .iter()
        .map(|(_, it)| names::command_name(it))
        .collect();
    assert_eq!(met, names::COMMANDS.iter().copied().collect());

    let events = events();
    let met: BTreeSet<_> = events
        .iter()
        .map(|(_, it)| names::event_name(&it.kind))
        .collect();
    assert_eq!(met, names::EVENTS.iter().copied().collect());
}

/// A golden file that nothing writes any more is a form that nothing reads any more.
#[test]
fn every_golden_file_has_its_sample() {
    let mut known: BTreeSet<String> = BTreeSet::from(["words.json".to_owned()]);
    known.extend(
        commands()
            .iter()
            .map(|(name, _)| format!("command.{name}.json")),
    );
    known.extend(
        events()
            .iter()
            .map(|(name, _)| format!("event.{name}.json")),
    );
    let files: BTreeSet<String> = fs::read_dir(folder())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    assert_eq!(files, known);
}

/// The words that stand in stored JSON and in columns, all of them.
#[test]
fn words_keep_their_form() {
    let limit_kinds = [
        LimitKind::Dispatch,
        LimitKind::SignFor,
        LimitKind::FirstResponse,
        LimitKind::Progress,
        LimitKind::Handle,
        LimitKind::SendBack,
        LimitKind::ScreeningReview,
        LimitKind::Evidence,
    ];
    assert_eq!(
        limit_kinds.each_ref().map(names::limit_kind_name),
        names::LIMIT_KINDS
    );
    let templates = [
        KbTemplate::ServiceGuide,
        KbTemplate::Policy,
        KbTemplate::Interpretation,
        KbTemplate::StandardAnswer,
    ];
    let words = serde_json::json!({
        "channel": Channel::ALL,
        "command_kind": CommandKind::ALL,
        "close_of_day": [CloseOfDay::Midnight, CloseOfDay::SixInTheEvening],
        "count_mode": [CountMode::NextDay, CountMode::SameClock],
        "emergency_line": EmergencyLine::ALL,
        "extension_lane": [
            ExtensionLane::General,
            ExtensionLane::Grave,
            ExtensionLane::Exceptional,
            ExtensionLane::Statutory,
        ],
        "kb_template": templates,
        "limit_kind": limit_kinds,
        "matter_class": MatterClass::ALL,
        "matter_kind": MatterKind::ALL,
        "out_of_scope_class": OutOfScopeClass::ALL,
        "role": Role::ALL,
        "rule_set": [RuleSetId("QX-2023-66".to_owned())],
        "span": [Span::WorkingDays(1), Span::Hours(3), Span::HoursOnWorkingDays(24)],
        "stage": Stage::ALL,
        "superior": [Superior::City, Superior::Province],
        "suspension_reason": [
            SuspensionReason::AwaitingDesignation,
            SuspensionReason::SendBackReview,
            SuspensionReason::Statutory,
        ],
    });
    check("words.json", &words);
}
