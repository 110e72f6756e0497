//! 可见范围: who called is in no answer of any call for whom it is not for, whatever was written where.

use domain::Role;
use serde_json::{Value, json};

use crate::center::{LocalCenter, enrolled, sign_in, until_quiet};
use crate::form::{dispatch, draft_id, intake, register, with};
use crate::workstation::{Workstation, wait_until};

const NAME: &str = "欧阳金雀";
const PHONE: &str = "13987650001";
const CONTACT: &str = "13987650002";
const ADDRESS: &str = "渠江街道鹭鸶巷九号";
/// Somebody else's, told in the text.
const CARD: &str = "513029199001011239";
const PLATE: &str = "川S73K26";
const DETAIL: &str = "鹭鸶巷口";

/// Everything by which somebody could be known.
const IDENTITY: [&str; 4] = [NAME, PHONE, CONTACT, ADDRESS];

fn planted(kind: &str) -> Value {
    let text = format!(
        "我叫{NAME}，住{ADDRESS}，电话{PHONE}，不要告诉别人。对方身份证{CARD}，车牌{PLATE}。再不管就找记者。"
    );
    let form = with(intake(&text), "/kind", kind);
    let form = with(form, "/caller/name", NAME);
    let form = with(form, "/caller/phone", PHONE);
    let form = with(form, "/caller/contact_phone", CONTACT);
    let form = with(form, "/caller/address", ADDRESS);
    let form = with(form, "/title", format!("{NAME}反映的事"));
    let form = with(form, "/happened", format!("{CONTACT}打来的那天"));
    let form = with(form, "/about", format!("{NAME}的邻居"));
    with(form, "/place/detail", DETAIL)
}

/// A request for every call that shows something; a call that is added must be asked here too.
fn request_of(name: &str) -> Option<Value> {
    let id = draft_id(1);
    let everything = json!({
        "person": "", "act": "", "object": "", "from": "", "until": "", "before": null,
    });
    Some(match name {
        "work_orders" => json!({ "queue": "all", "search": NAME, "after": null, "limit": 50 }),
        "caller_history" | "caller_card" => json!({ "phone": PHONE }),
        "work_order" | "attachments" | "order_forms" => json!({ "id": id }),
        "analysis" => json!({ "days": { "type": "span", "span": "year" }, "filters": [] }),
        "analysis_orders" => json!({
            "ask": { "days": { "type": "span", "span": "year" }, "filters": [] },
            "figure": "orders", "after": null,
        }),
        "check_scheme" => json!({
            "name": "考核方案", "effective_from": "2027-01-01", "lines": [], "deductions": [],
        }),
        "trial_assessment" => json!({ "number": "1", "period": "2026-11", "against": null }),
        "assessment_round" | "recount_round" => json!({ "number": "1", "period": "2026-11" }),
        "assessment_year" => json!({ "year": 2026 }),
        "score_items" => json!({
            "number": "1", "period": "2026-11", "unit_id": "unit-housing",
            "indicator": "timely_completion",
        }),
        "board" => json!({ "board": "limit", "part": "all", "unit_id": "" }),
        "preview_act" => json!({
            "work_order_id": id, "version": 2,
            "act": { "type": "supplement", "text": "又打来了" },
        }),
        "supervisory_cases" => json!({ "stage": "proposed" }),
        "supervisory_case" | "assessment_scheme" => json!({ "number": "1" }),
        "listen" => json!({
            "revision": 1, "draft_id": draft_id(9), "intake": intake("对方占道，车堵在巷口。"),
            "chosen": { "kind": false, "category": false, "place": false, "class": false },
        }),
        "early_warnings" => json!({ "closed": false }),
        // Named when its id is known.
        "early_warning" => json!({ "id": "" }),
        "check_order" => json!({ "intake": intake("对方占道，车堵在巷口。") }),
        "work_report" => json!({ "id": "1" }),
        "work_report_version" => json!({ "id": "1", "version": 1 }),
        "preview_work_report" => json!({ "title": "日报", "body": "## 总体情况" }),
        "audit_entries" | "export_audit" => everything,
        "conflict" => json!({ "seq": 1 }),
        "search_knowledge"
        | "answer_question"
        | "knowledge_article"
        | "kb_records"
        | "kb_record"
        | "kb_difference"
        | "kb_merge"
        | "kb_use"
        | "kb_tasks"
        | "kb_task"
        | "gaps"
        | "preview_kb_task"
        | "kb_calendar_articles"
        | "kb_twins"
        | "preview_limits" => {
            return None;
        }
        _ => Value::Null,
    })
}

fn warned(workstation: &Workstation) -> Value {
    workstation.call("early_warnings", json!({ "closed": false }))
}

/// What the person is shown by all of them together.
fn shown_to(workstation: &Workstation) -> String {
    let state = workstation.call("app_state", Value::Null);
    let may: Vec<&str> = state["may"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(Value::as_str)
        .collect();
    let mut shown = String::new();
    for name in may {
        // What changes something, and what a person is shown of what that person typed.
        let is_asked = desk::api::shows(name) && name != "drafts";
        if let Some(mut request) = request_of(name).filter(|_| is_asked) {
            if name == "early_warning" {
                request["id"] = warned(workstation)["rows"][0]["id"].take();
            }
            match workstation.host().call(name, request) {
                Ok(mut reply) => {
                    if name == "caller_card" {
                        // The number that was asked for.
                        reply.value["phone"].take();
                    }
                    shown.push_str(&format!("{name}: {}\n", reply.value));
                }
                Err(error) => {
                    let message = error.message;
                    // A call that is added must be asked so that it answers.
                    assert!(!message.contains("不符合格式"), "{name}: {message}");
                    shown.push_str(&format!("{name}: {message}\n"));
                }
            }
        }
    }
    let notices = workstation.host().take_notices();
    shown + &format!("{notices:?}")
}

/// An order is given away, so that everybody has something to see; then each role looks at all of it.
fn crawled(kind: &str, seen: impl Fn(Role) -> Vec<&'static str>) {
    let center = LocalCenter::new();
    let workstation = enrolled(&center);
    workstation.submitted(1, &planted(kind), &dispatch("unit-housing"));
    for role in Role::ALL {
        center.add(&format!("{role:?}"), "某人", &[role]);
    }
    until_quiet(&workstation, &center);
    sign_in(&workstation, "Analyst");
    wait_until("the matter is warned of", || {
        warned(&workstation)["n_open"] == 1
    });
    for role in Role::ALL {
        sign_in(&workstation, &format!("{role:?}"));
        let shown = shown_to(&workstation);
        let allowed = seen(role);
        for canary in IDENTITY.iter().chain(&[CARD, PLATE, DETAIL]) {
            if !allowed.contains(canary) {
                let line = shown.lines().find(|line| line.contains(canary));
                assert_eq!(line, None, "{role:?} is shown {canary}");
            }
        }
    }
}

fn handles(role: Role) -> bool {
    [
        Role::Operator,
        Role::Dispatcher,
        Role::ShiftLead,
        Role::Reviewer,
        Role::Supervisor,
    ]
    .contains(&role)
}

/// Who handles matters reads them as they were told; nobody else learns of anybody.
#[test]
fn of_a_complaint_only_who_handles_it_learns_who_called() {
    crawled("complaint", |role| {
        if handles(role) {
            vec![NAME, PHONE, CONTACT, ADDRESS, CARD, PLATE, DETAIL]
        } else {
            Vec::new()
        }
    });
}

/// Of a report nobody is shown who made it, also not who handles it.
#[test]
fn of_a_report_nobody_learns_who_called_without_asking() {
    crawled("report", |role| {
        if handles(role) {
            vec![CARD, PLATE, DETAIL]
        } else {
            Vec::new()
        }
    });
}

/// Finding is knowing: who may not know who called is not told by a search either.
#[test]
fn whoever_handles_nothing_finds_an_order_by_its_number_alone() {
    let center = LocalCenter::new();
    let workstation = enrolled(&center);
    let number = workstation.submitted(1, &planted("complaint"), &dispatch("unit-housing"));
    center.add("3001", "统计员", &[Role::Analyst]);
    until_quiet(&workstation, &center);
    sign_in(&workstation, "3001");
    let n_found = |search: &str| {
        let list = json!({ "queue": "all", "search": search, "after": null, "limit": 50 });
        workstation.call("work_orders", list)["rows"]
            .as_array()
            .unwrap()
            .len()
    };
    assert_eq!([NAME, PHONE, "0001", CARD].map(n_found), [0; 4]);
    assert_eq!(n_found(&number), 1);
    assert_eq!(n_found(""), 1);
}

#[test]
fn many_looks_in_an_hour_are_told_to_the_shift_lead() {
    let center = LocalCenter::new();
    let workstation = enrolled(&center);
    workstation.submitted(1, &intake("路灯坏了"), &dispatch("unit-housing"));
    until_quiet(&workstation, &center);
    let look = || {
        let request = json!({ "id": draft_id(1), "purpose": "call_back" });
        workstation.call("reveal_phone", request);
    };
    let told = || {
        let notices = workstation.host().take_notices().into_iter();
        let of_looks = notices.filter(|it| it.title == "号码查看较多");
        of_looks.map(|it| it.body).collect::<Vec<_>>()
    };
    (0..20).for_each(|_| look());
    sign_in(&workstation, "1002");
    assert_eq!(told(), [""; 0]);
    sign_in(&workstation, "1001");
    look();
    // Only the shift lead is told.
    assert_eq!(told(), [""; 0]);
    sign_in(&workstation, "1002");
    assert_eq!(told(), ["陈晓梅 1001 一小时内查看 21 次，请核实用途。"]);
    assert_eq!(told(), [""; 0]);
}

#[test]
fn before_a_report_is_given_away_it_is_told_where_it_says_who_speaks() {
    let workstation = Workstation::ready();
    let identifies = |n: u32| workstation.order(n)["identifies"].clone();
    let text = "举报砂场夜里偷采。我就住在它对面，请回我13800001234。";
    let report = with(intake(text), "/kind", "report");
    workstation.submitted(1, &report, &register());
    assert_eq!(identifies(1), json!(["我就住在它对面", "我138****1234"]));
    workstation.submitted(
        2,
        &with(intake(text), "/is_confidential", true),
        &register(),
    );
    assert_eq!(identifies(2), identifies(1));
    // Of whom it may be known, nothing need be warned.
    workstation.submitted(3, &intake(text), &register());
    assert_eq!(identifies(3), json!([]));
    let plain = with(intake("砂场夜里偷采，灰尘很大。"), "/kind", "report");
    workstation.submitted(4, &plain, &register());
    assert_eq!(identifies(4), json!([]));

    // And while it is taken down, before it is given away at once.
    let told = |form: &Value| {
        let checked = workstation.call("check_order", json!({ "intake": form }));
        let concerns = checked["concerns"].as_array().unwrap().iter();
        let mut told = concerns.filter(|it| it["kind"] == "tells_who_speaks");
        told.next().map(|it| it["spans"].as_array().unwrap().len())
    };
    assert_eq!(told(&report), Some(2));
    assert_eq!(told(&with(intake(text), "/is_confidential", true)), Some(2));
    assert_eq!(told(&intake(text)), None);
    assert_eq!(told(&plain), None);
}
