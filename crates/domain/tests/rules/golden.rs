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
use domain::extension::{ExtensionAsk, ExtensionLane, GrantedExtension};
use domain::kb::{KbArticleId, KbTemplate};
use domain::matter::{
    Caller, CallerCorrection, Channel, Matter, MatterClass, MatterKind, Origin, Place, Source,
};
use domain::out_of_scope::{EmergencyLine, OutOfScopeClass};
use domain::rule_set::{RuleSet, RuleSetId};
use domain::time_limit::{
    CloseOfDay, CountMode, Counting, LimitKind, Span, Suspension, SuspensionReason, TimeLimit,
};
use domain::upstream::{Superior, UpstreamLimit};
use domain::work_order::{
    ArchiveOutcome, AssignmentNumber, AssignmentStage, CitedArticle, ClosureOpinion, CommandKind,
    ContactOutcome, ContactRecord, DispatchForm, DispatchGround, DispatchPlan,
    DissatisfactionReason, EventKind, Explained, Feedback, LimitMove, Part, RatingRecord, Reply,
    ResultReturn, Satisfaction, ScreeningReview, Solved, Stage, TownshipReport, WriteOffGround,
};
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
        happened: String::new(),
        about: String::new(),
        wants: "尽快来水".to_owned(),
        is_confidential: true,
        wants_call_back: false,
        origin: Origin::default(),
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
                plan: DispatchPlan::default(),
            },
        ),
        (
            "record_delivery",
            Command::RecordDelivery {
                delivered_at: moment(20),
                answered_by: "李主任".to_owned(),
                phone: "0818-7212345".to_owned(),
                assignment: None,
            },
        ),
        (
            "register_from_superior",
            Command::Register {
                number: "20261123-W07-0013".to_owned(),
                matter: Box::new(matter_of_superior()),
            },
        ),
        (
            "register_with_time_and_object",
            Command::Register {
                number: "20261123-W07-0014".to_owned(),
                matter: Box::new(matter_with_time_and_object()),
            },
        ),
        (
            "begin_verification",
            Command::BeginVerification {
                asked: "县教育局".to_owned(),
                question: "是否已进入信访渠道".to_owned(),
            },
        ),
        (
            "record_verification",
            Command::RecordVerification {
                answered_by: "张科长".to_owned(),
                finding: "未进入信访渠道".to_owned(),
            },
        ),
        (
            "dispatch_with_plan",
            Command::Dispatch {
                unit: unit(),
                opinion: "请核实".to_owned(),
                plan: DispatchPlan {
                    form: DispatchForm::LeadAndAssisting,
                    others: vec![other_unit()],
                    by: precedent(),
                    replaces: Some(AssignmentNumber(2)),
                    report: Some(report()),
                },
            },
        ),
        (
            "request_coordination",
            Command::RequestCoordination {
                reason: "职责不清".to_owned(),
                units: vec![unit(), other_unit()],
            },
        ),
        (
            "designate",
            Command::Designate {
                unit: unit(),
                assisting: vec![other_unit()],
                opinion: "请牵头".to_owned(),
                document: "渠府办函〔2026〕3号".to_owned(),
            },
        ),
        (
            "record_delivery_of_assignment",
            Command::RecordDelivery {
                delivered_at: moment(20),
                answered_by: "李主任".to_owned(),
                phone: "0818-7212345".to_owned(),
                assignment: Some(second()),
            },
        ),
        (
            "confirm_delivery",
            Command::ConfirmDelivery {
                assignment: second(),
            },
        ),
        (
            "record_township_report",
            Command::RecordTownshipReport { report: report() },
        ),
        (
            "request_kind_change",
            Command::RequestKindChange {
                kind: MatterKind::Consultation,
                reason: "只是询问".to_owned(),
            },
        ),
        (
            "rule_on_kind_change",
            Command::RuleOnKindChange {
                is_approved: false,
                reason: "录音中明确投诉".to_owned(),
            },
        ),
        (
            "escalate_class",
            Command::EscalateClass {
                class: MatterClass::SpecialEmergency,
                reason: "有人受伤".to_owned(),
                report: Some(report()),
            },
        ),
        (
            "set_upstream_limit",
            Command::SetUpstreamLimit {
                upstream: upstream(),
                document: "达市热线〔2026〕9号".to_owned(),
            },
        ),
        (
            "urge",
            Command::Urge {
                assignment: second(),
                reason: "将到期".to_owned(),
                method: "电话".to_owned(),
            },
        ),
        (
            "record_urge_receipt",
            Command::RecordUrgeReceipt {
                assignment: second(),
                answered_by: "张科长".to_owned(),
            },
        ),
        (
            "supplement",
            Command::Supplement {
                text: "又来电催问".to_owned(),
                files: Vec::new(),
            },
        ),
        (
            "correct_caller",
            Command::CorrectCaller {
                correction: Box::new(CallerCorrection {
                    name: Some("王女士".to_owned()),
                    address: Some(String::new()),
                    ..CallerCorrection::default()
                }),
                reason: "登记时听错".to_owned(),
            },
        ),
        (
            "merge_into",
            Command::MergeInto {
                number: "20261123-W07-0011".to_owned(),
            },
        ),
        (
            "absorb_repeat",
            Command::AbsorbRepeat {
                number: "20261123-W07-0014".to_owned(),
                text: "还是没水".to_owned(),
            },
        ),
        (
            "link_to",
            Command::LinkTo {
                number: "20261123-W07-0010".to_owned(),
            },
        ),
        (
            "withdraw",
            Command::Withdraw {
                reason: "诉求人不再要求".to_owned(),
            },
        ),
        (
            "sign_for",
            Command::SignFor {
                assignment: second(),
            },
        ),
        (
            "pass_down",
            Command::PassDown {
                assignment: second(),
                to: "供水管理站".to_owned(),
                note: "请当日联系".to_owned(),
            },
        ),
        (
            "record_contact",
            Command::RecordContact {
                assignment: second(),
                contact: contact(),
            },
        ),
        (
            "respond_first",
            Command::RespondFirst {
                assignment: second(),
                text: "抢修队已到场".to_owned(),
            },
        ),
        (
            "report_progress",
            Command::ReportProgress {
                assignment: second(),
                text: "管网已修复".to_owned(),
            },
        ),
        (
            "send_back",
            Command::SendBack {
                assignment: second(),
                reason: "非本单位职责".to_owned(),
                basis: "三定规定".to_owned(),
                suggestion: "转县教育局".to_owned(),
            },
        ),
        (
            "rule_on_send_back",
            Command::RuleOnSendBack {
                assignment: second(),
                is_accepted: true,
                reason: "情况属实".to_owned(),
            },
        ),
        (
            "release_binding",
            Command::ReleaseBinding {
                assignment: second(),
                reason: "机构职能已调整".to_owned(),
            },
        ),
        (
            "request_extension",
            Command::RequestExtension {
                assignment: second(),
                ask: ExtensionAsk::Complicated { days: 3 },
                reason: "管网需分段检修".to_owned(),
            },
        ),
        (
            "request_extension_of_a_grave_matter",
            Command::RequestExtension {
                assignment: second(),
                ask: ExtensionAsk::Grave {
                    days: 5,
                    supervisor_statement: "涉及全县管网".to_owned(),
                },
                reason: "管网需分段检修".to_owned(),
            },
        ),
        (
            "request_extension_by_law",
            Command::RequestExtension {
                assignment: second(),
                ask: by_law(),
                reason: "另有法定期限".to_owned(),
            },
        ),
        (
            "review_extension",
            Command::ReviewExtension {
                assignment: second(),
                is_forwarded: true,
                reason: "情况属实".to_owned(),
            },
        ),
        (
            "record_city_ruling",
            Command::RecordCityRuling {
                assignment: second(),
                granted_until: Some(moment(24)),
                document: "达市热线延〔2026〕9号".to_owned(),
            },
        ),
        (
            "record_city_ruling_denied",
            Command::RecordCityRuling {
                assignment: second(),
                granted_until: None,
                document: "达市热线延〔2026〕9号".to_owned(),
            },
        ),
        (
            "explain_extension",
            Command::ExplainExtension {
                assignment: second(),
                explained: told(),
            },
        ),
        (
            "explain_extension_not_possible",
            Command::ExplainExtension {
                assignment: second(),
                explained: Explained::NotPossible {
                    reason: "多次未接".to_owned(),
                },
            },
        ),
        (
            "submit_opinion",
            Command::SubmitOpinion {
                assignment: second(),
                text: "校内管网完好".to_owned(),
            },
        ),
        (
            "submit_reply",
            Command::SubmitReply {
                assignment: second(),
                reply: Box::new(reply()),
            },
        ),
        (
            "submit_reply_not_reached",
            Command::SubmitReply {
                assignment: second(),
                reply: Box::new(Reply {
                    feedback: Feedback::CallerNotReached,
                    cited_opinions: Vec::new(),
                    ..reply()
                }),
            },
        ),
        (
            "sign_reply",
            Command::SignReply {
                assignment: second(),
            },
        ),
        (
            "reject_reply",
            Command::RejectReply {
                assignment: second(),
                reason: "未答到点上".to_owned(),
            },
        ),
        (
            "request_final_closure",
            Command::RequestFinalClosure {
                assignment: second(),
                opinion: Box::new(closure_opinion()),
            },
        ),
        (
            "review_final_closure",
            Command::ReviewFinalClosure {
                assignment: second(),
                is_accepted: true,
                reason: "要件齐全".to_owned(),
            },
        ),
        (
            "record_result_return",
            Command::RecordResultReturn {
                state: ResultReturn::Failed,
            },
        ),
        (
            "import_rating",
            Command::ImportRating {
                assignment: Some(second()),
                rating: rating(),
            },
        ),
        (
            "import_rating_of_an_answer",
            Command::ImportRating {
                assignment: None,
                rating: RatingRecord {
                    satisfaction: Satisfaction::VerySatisfied,
                    solved: Solved::Yes,
                    reason: None,
                    ..rating()
                },
            },
        ),
        (
            "record_own_call_back",
            Command::RecordOwnCallBack {
                note: "诉求人认可".to_owned(),
            },
        ),
        (
            "request_screening",
            Command::RequestScreening {
                assignment: second(),
                reason: "评价与事实不符".to_owned(),
                late_reason: "证据在外地".to_owned(),
                evidence: vec!["录音".to_owned()],
            },
        ),
        (
            "review_screening",
            Command::ReviewScreening {
                assignment: second(),
                review: ScreeningReview::AskEvidence,
                reason: "请补照片".to_owned(),
            },
        ),
        (
            "supply_evidence",
            Command::SupplyEvidence {
                assignment: second(),
                evidence: vec!["录音".to_owned(), "照片".to_owned()],
            },
        ),
        (
            "record_screening_ruling",
            Command::RecordScreeningRuling {
                assignment: second(),
                is_removed: true,
                document: "达市热线甄〔2026〕9号".to_owned(),
            },
        ),
        (
            "order_rework",
            Command::OrderRework {
                assignment: second(),
                reason: "未真正解决".to_owned(),
            },
        ),
        ("archive", Command::Archive),
        (
            "write_off_delay",
            Command::WriteOffDelay {
                assignment: second(),
                limit: LimitKind::Handle,
                write_off: WriteOffGround::ForceMajeure,
                note: "洪水断路".to_owned(),
            },
        ),
        (
            "recount_limits",
            Command::RecountLimits {
                notice: "国办发明电〔2026〕8号".to_owned(),
            },
        ),
    ]
}

fn matter_of_superior() -> Matter {
    Matter {
        origin: Origin {
            source: Source::SichuanChongqing,
            upstream_number: "DZ-20261123-0007".to_owned(),
            other_province_number: "CQ-77".to_owned(),
        },
        ..matter()
    }
}

fn matter_with_time_and_object() -> Matter {
    Matter {
        happened: "11月21日（周六）20时许起".to_owned(),
        about: "和平小区物业公司".to_owned(),
        ..matter()
    }
}

fn second() -> AssignmentNumber {
    AssignmentNumber(2)
}

fn other_unit() -> HandlingUnitId {
    HandlingUnitId("education".to_owned())
}

fn precedent() -> DispatchGround {
    DispatchGround::Precedent {
        id: "XL-12".to_owned(),
        document: "渠府办函〔2025〕8号".to_owned(),
    }
}

fn report() -> TownshipReport {
    TownshipReport {
        township: HandlingUnitId("qujiang".to_owned()),
        answered_by: "李主任".to_owned(),
        reported_at: moment(19),
        method: "电话".to_owned(),
    }
}

fn upstream() -> UpstreamLimit {
    UpstreamLimit {
        superior: Superior::City,
        due_at: moment(25),
    }
}

fn contact() -> ContactRecord {
    ContactRecord {
        contacted_at: moment(20),
        phone: "13800001234".to_owned(),
        outcome: ContactOutcome::NotReached,
        note: "关机".to_owned(),
    }
}

fn by_law() -> ExtensionAsk {
    ExtensionAsk::Statutory {
        last_day: NaiveDate::from_ymd_opt(2026, 12, 31).unwrap(),
        law: "行政许可法第四十二条".to_owned(),
    }
}

fn told() -> Explained {
    Explained::ToCaller {
        explained_at: moment(20),
        method: "电话".to_owned(),
    }
}

fn reply() -> Reply {
    Reply {
        text: "已修复供水".to_owned(),
        responsible_person: "陈局长".to_owned(),
        feedback: Feedback::Given {
            given_at: moment(20),
            method: "电话".to_owned(),
        },
        cited_opinions: vec![AssignmentNumber(3)],
    }
}

fn closure_opinion() -> ClosureOpinion {
    ClosureOpinion {
        facts: "已三次到场核实".to_owned(),
        legal_basis: "城市供水条例第二十二条".to_owned(),
        earlier_orders: vec!["20260901-W07-0003".to_owned()],
        signed_by: "陈局长".to_owned(),
        explanation: "已当面解释".to_owned(),
    }
}

fn rating() -> RatingRecord {
    RatingRecord {
        satisfaction: Satisfaction::Dissatisfied,
        solved: Solved::Partly,
        reason: Some(DissatisfactionReason::Perfunctory),
        note: "答复敷衍".to_owned(),
        rated_at: moment(20),
    }
}

/// Why a limit moves: every reason.
fn limit_moves() -> Vec<(&'static str, LimitMove)> {
    vec![
        ("limit_moved_suspended", LimitMove::Suspended),
        ("limit_moved_resumed", LimitMove::Resumed),
        ("limit_moved_extended", LimitMove::Extended),
        ("limit_moved_upstream", LimitMove::Upstream),
        ("limit_moved_kind_changed", LimitMove::KindChanged),
        (
            "limit_moved_calendar_changed",
            LimitMove::CalendarChanged {
                notice: "国办发明电〔2026〕8号".to_owned(),
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
                assignment: None,
            },
        ),
        (
            "limit_started_in_hours",
            EventKind::LimitStarted {
                limit: limit(LimitKind::FirstResponse, Span::Hours(2)),
                assignment: None,
            },
        ),
        (
            "limit_started_with_adjustments",
            EventKind::LimitStarted {
                limit: adjusted_limit(),
                assignment: None,
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
                part: Part::Sole,
                by: DispatchGround::Duty,
                replaces: None,
                rework_of: None,
            },
        ),
        (
            "delivered",
            EventKind::Delivered {
                delivered_at: moment(20),
                answered_by: "李主任".to_owned(),
                phone: "0818-7212345".to_owned(),
                assignment: None,
            },
        ),
        (
            "limit_started_for_a_unit",
            EventKind::LimitStarted {
                limit: limit(LimitKind::SignFor, Span::WorkingDays(1)),
                assignment: Some(second()),
            },
        ),
        (
            "dispatched_in_part",
            EventKind::Dispatched {
                unit: unit(),
                opinion: "请核实".to_owned(),
                part: Part::Lead,
                by: precedent(),
                replaces: Some(second()),
                rework_of: Some(AssignmentNumber::FIRST),
            },
        ),
        (
            "delivered_to_a_unit",
            EventKind::Delivered {
                delivered_at: moment(20),
                answered_by: String::new(),
                phone: String::new(),
                assignment: Some(second()),
            },
        ),
        (
            "verification_begun",
            EventKind::VerificationBegun {
                asked: "县教育局".to_owned(),
                question: "是否已进入信访渠道".to_owned(),
            },
        ),
        (
            "verification_recorded",
            EventKind::VerificationRecorded {
                answered_by: "张科长".to_owned(),
                finding: "未进入信访渠道".to_owned(),
            },
        ),
        (
            "coordination_requested",
            EventKind::CoordinationRequested {
                reason: "职责不清".to_owned(),
                units: vec![unit(), other_unit()],
            },
        ),
        (
            "designated",
            EventKind::Designated {
                document: "渠府办函〔2026〕3号".to_owned(),
            },
        ),
        (
            "township_reported",
            EventKind::TownshipReported { report: report() },
        ),
        (
            "kind_change_requested",
            EventKind::KindChangeRequested {
                kind: MatterKind::Consultation,
                reason: "只是询问".to_owned(),
            },
        ),
        (
            "kind_change_ruled",
            EventKind::KindChangeRuled {
                is_approved: true,
                reason: "情况属实".to_owned(),
            },
        ),
        (
            "class_escalated",
            EventKind::ClassEscalated {
                class: MatterClass::SpecialEmergency,
                reason: "有人受伤".to_owned(),
            },
        ),
        (
            "upstream_limit_set",
            EventKind::UpstreamLimitSet {
                upstream: upstream(),
                document: "达市热线〔2026〕9号".to_owned(),
            },
        ),
        (
            "urged",
            EventKind::Urged {
                assignment: second(),
                reason: "将到期".to_owned(),
                method: "电话".to_owned(),
            },
        ),
        (
            "urge_received",
            EventKind::UrgeReceived {
                assignment: second(),
                answered_by: "张科长".to_owned(),
            },
        ),
        (
            "supplemented",
            EventKind::Supplemented {
                text: "又来电催问".to_owned(),
                files: Vec::new(),
            },
        ),
        (
            "caller_corrected",
            EventKind::CallerCorrected {
                caller: Box::new(matter().caller),
                reason: "登记时听错".to_owned(),
            },
        ),
        (
            "merged_into",
            EventKind::MergedInto {
                number: "20261123-W07-0011".to_owned(),
            },
        ),
        (
            "repeat_absorbed",
            EventKind::RepeatAbsorbed {
                number: "20261123-W07-0014".to_owned(),
                text: "还是没水".to_owned(),
            },
        ),
        (
            "linked_to",
            EventKind::LinkedTo {
                number: "20261123-W07-0010".to_owned(),
            },
        ),
        (
            "withdrawn",
            EventKind::Withdrawn {
                reason: "诉求人不再要求".to_owned(),
            },
        ),
        (
            "signed_for",
            EventKind::SignedFor {
                assignment: second(),
            },
        ),
        (
            "passed_down",
            EventKind::PassedDown {
                assignment: second(),
                to: "供水管理站".to_owned(),
                note: "请当日联系".to_owned(),
            },
        ),
        (
            "contact_recorded",
            EventKind::ContactRecorded {
                assignment: second(),
                contact: contact(),
            },
        ),
        (
            "first_responded",
            EventKind::FirstResponded {
                assignment: second(),
                text: "抢修队已到场".to_owned(),
            },
        ),
        (
            "progress_reported",
            EventKind::ProgressReported {
                assignment: second(),
                text: "管网已修复".to_owned(),
            },
        ),
        (
            "sent_back",
            EventKind::SentBack {
                assignment: second(),
                reason: "非本单位职责".to_owned(),
                basis: "三定规定".to_owned(),
                suggestion: "转县教育局".to_owned(),
            },
        ),
        (
            "send_back_ruled",
            EventKind::SendBackRuled {
                assignment: second(),
                is_accepted: true,
                reason: "情况属实".to_owned(),
            },
        ),
        (
            "binding_released",
            EventKind::BindingReleased {
                assignment: second(),
                reason: "机构职能已调整".to_owned(),
            },
        ),
        (
            "extension_requested",
            EventKind::ExtensionRequested {
                assignment: second(),
                ask: by_law(),
                reason: "另有法定期限".to_owned(),
                lane: ExtensionLane::Statutory,
                proposed_due_at: moment(24),
            },
        ),
        (
            "extension_reviewed",
            EventKind::ExtensionReviewed {
                assignment: second(),
                is_forwarded: true,
                reason: "情况属实".to_owned(),
            },
        ),
        (
            "city_ruled",
            EventKind::CityRuled {
                assignment: second(),
                granted_until: Some(moment(24)),
                document: "达市热线延〔2026〕9号".to_owned(),
            },
        ),
        (
            "city_ruled_denied",
            EventKind::CityRuled {
                assignment: second(),
                granted_until: None,
                document: "达市热线延〔2026〕9号".to_owned(),
            },
        ),
        (
            "extension_explained",
            EventKind::ExtensionExplained {
                assignment: second(),
                explained: told(),
            },
        ),
        (
            "opinion_submitted",
            EventKind::OpinionSubmitted {
                assignment: second(),
                text: "校内管网完好".to_owned(),
            },
        ),
        (
            "reply_submitted",
            EventKind::ReplySubmitted {
                assignment: second(),
                reply: Box::new(reply()),
            },
        ),
        (
            "reply_signed",
            EventKind::ReplySigned {
                assignment: second(),
            },
        ),
        (
            "reply_rejected",
            EventKind::ReplyRejected {
                assignment: second(),
                reason: "未答到点上".to_owned(),
            },
        ),
        ("completed", EventKind::Completed),
        (
            "final_closure_requested",
            EventKind::FinalClosureRequested {
                assignment: second(),
                opinion: Box::new(closure_opinion()),
            },
        ),
        (
            "final_closure_reviewed",
            EventKind::FinalClosureReviewed {
                assignment: second(),
                is_accepted: true,
                reason: "要件齐全".to_owned(),
            },
        ),
        ("finally_closed", EventKind::FinallyClosed),
        (
            "result_return_recorded",
            EventKind::ResultReturnRecorded {
                state: ResultReturn::Received,
            },
        ),
        (
            "rated",
            EventKind::Rated {
                assignment: Some(second()),
                rating: rating(),
            },
        ),
        (
            "own_call_back_recorded",
            EventKind::OwnCallBackRecorded {
                note: "诉求人认可".to_owned(),
            },
        ),
        (
            "screening_requested",
            EventKind::ScreeningRequested {
                assignment: second(),
                reason: "评价与事实不符".to_owned(),
                late_reason: "证据在外地".to_owned(),
                evidence: vec!["录音".to_owned()],
            },
        ),
        (
            "screening_reviewed",
            EventKind::ScreeningReviewed {
                assignment: second(),
                review: ScreeningReview::Forward,
                reason: "情况属实".to_owned(),
            },
        ),
        (
            "evidence_supplied",
            EventKind::EvidenceSupplied {
                assignment: second(),
                evidence: vec!["照片".to_owned()],
            },
        ),
        (
            "screening_ruled",
            EventKind::ScreeningRuled {
                assignment: second(),
                is_removed: false,
                document: "达市热线甄〔2026〕9号".to_owned(),
            },
        ),
        (
            "rework_ordered",
            EventKind::ReworkOrdered {
                assignment: second(),
                reason: "未真正解决".to_owned(),
            },
        ),
        (
            "archived",
            EventKind::Archived {
                outcome: ArchiveOutcome::RatingRemoved,
            },
        ),
        (
            "delay_written_off",
            EventKind::DelayWrittenOff {
                assignment: second(),
                limit: LimitKind::Handle,
                write_off: WriteOffGround::SuperiorSystemFault,
                note: "市平台停机".to_owned(),
            },
        ),
    ];
    let moved = limit_moves().into_iter().map(|(name, because)| {
        let kind = EventKind::LimitMoved {
            limit: adjusted_limit(),
            assignment: Some(second()),
            because,
        };
        (name, kind)
    });
    let event = |(name, kind)| {
        let event = Event {
            occurred_at: moment(15),
            actor: ActorId("W07".to_owned()),
            kind,
        };
        (name, event)
    };
    kinds.into_iter().chain(moved).map(event).collect()
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
        LimitKind::Assist,
        LimitKind::Verification,
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
        "archive_outcome": [
            ArchiveOutcome::Satisfied,
            ArchiveOutcome::Dissatisfied,
            ArchiveOutcome::RatingRemoved,
            ArchiveOutcome::NotRated,
        ],
        "assignment_stage": AssignmentStage::ALL,
        "channel": Channel::ALL,
        "contact_outcome": ContactOutcome::ALL,
        "dispatch_form": DispatchForm::ALL,
        "dissatisfaction_reason": DissatisfactionReason::ALL,
        "part": Part::ALL,
        "result_return": ResultReturn::ALL,
        "satisfaction": Satisfaction::ALL,
        "screening_review": ScreeningReview::ALL,
        "solved": Solved::ALL,
        "source": Source::ALL,
        "write_off": WriteOffGround::ALL,
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
