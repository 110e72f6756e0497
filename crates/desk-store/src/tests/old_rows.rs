//! Rows as they were written before an order could have several units: they are read as before,
//! and what an order needs today is still written in the same form.

use domain::Command;
use domain::time_limit::LimitKind;
use domain::work_order::{AssignmentNumber, AssignmentStage, DispatchGround, Part, Stage};
use rusqlite::params;

use crate::tests::{Desk, at};

/// The whole story of a special matter that was dispatched and delivered by telephone.
const EVENTS: [&str; 7] = [
    r#"{"occurred_at":1795396530125,"actor":"1001","event":"registered","number":"20261123-W01-0001","matter":{"caller":{"phone":"13800001234","contact_phone":"","name":"王女士","address":""},"channel":"phone","kind":"help","class":"special","category_id":"","title":"大面积停水","text":"大面积停水","place":{"township_code":"511725001","village_code":"","detail":"桥头"},"wants":"尽快来水","is_confidential":false,"wants_call_back":true},"rule_set":"QX-2023-66"}"#,
    r#"{"occurred_at":1795396530125,"actor":"1001","event":"limit_started","limit":{"kind":"dispatch","span":{"working_days":1},"started_at":1795396530125,"due_at":1795536000000,"target_at":1795397430125,"warn_at":1795397430125}}"#,
    r#"{"occurred_at":1795396590125,"actor":"1001","event":"dispatched","unit":"water","opinion":"请核实处理"}"#,
    r#"{"occurred_at":1795396830125,"actor":"1001","event":"delivered","delivered_at":1795396830125,"answered_by":"李主任","phone":"0818-7212345"}"#,
    r#"{"occurred_at":1795396830125,"actor":"1001","event":"limit_started","limit":{"kind":"sign_for","span":{"working_days":1},"started_at":1795396830125,"due_at":1795536000000,"target_at":1795514400000,"warn_at":1795500000000}}"#,
    r#"{"occurred_at":1795396830125,"actor":"1001","event":"limit_started","limit":{"kind":"first_response","span":{"hours":3},"started_at":1795396830125,"due_at":1795407630125,"target_at":null,"warn_at":1795405830125}}"#,
    r#"{"occurred_at":1795396830125,"actor":"1001","event":"limit_started","limit":{"kind":"handle","span":{"working_days":3},"started_at":1795396830125,"due_at":1795708800000,"target_at":1795687200000,"warn_at":1795672800000}}"#,
];

const COMMANDS: [&str; 3] = [
    r#"{"command":"register","number":"20261123-W01-0001","matter":{"caller":{"phone":"13800001234","contact_phone":"","name":"王女士","address":""},"channel":"phone","kind":"help","class":"special","category_id":"","title":"大面积停水","text":"大面积停水","place":{"township_code":"511725001","village_code":"","detail":"桥头"},"wants":"尽快来水","is_confidential":false,"wants_call_back":true}}"#,
    r#"{"command":"dispatch","unit":"water","opinion":"请核实处理"}"#,
    r#"{"command":"record_delivery","delivered_at":1795396830125,"answered_by":"李主任","phone":"0818-7212345"}"#,
];

fn desk_with_old_events() -> Desk {
    let desk = Desk::new();
    desk.change(|writer| {
        for (version, body) in (1..).zip(EVENTS) {
            let sql = "INSERT INTO event (work_order_id, version, desk_seq, body)
                       VALUES ('order-1', ?1, 1, ?2)";
            let version: u32 = version;
            writer.connection().execute(sql, params![version, body])?;
        }
        Ok(())
    });
    desk
}

#[test]
fn old_events_are_an_order_with_one_unit() {
    let mut desk = desk_with_old_events();
    desk.restart();
    let order = desk.query(|reader| reader.load_work_order("order-1"));
    let order = order.unwrap();
    assert_eq!((order.stage, order.version), (Stage::Delivered, 7));
    assert!(order.matter.origin.is_own());
    let [assignment] = order.assignments.as_slice() else {
        panic!("one unit, not {:?}", order.assignments);
    };
    assert_eq!(assignment.number, AssignmentNumber::FIRST);
    assert_eq!(assignment.unit.0, "water");
    assert_eq!(assignment.part, Part::Sole);
    assert_eq!(assignment.ground, DispatchGround::Duty);
    assert_eq!(assignment.stage, AssignmentStage::Delivered);
    let kinds: Vec<_> = assignment
        .limits
        .iter()
        .map(|(limit, _)| limit.kind)
        .collect();
    assert_eq!(
        kinds,
        [
            LimitKind::SignFor,
            LimitKind::FirstResponse,
            LimitKind::Handle
        ]
    );
    let next = order.next_limit_at(at("2026-11-23 12:00")).unwrap();
    assert_eq!(next.kind, LimitKind::FirstResponse);
    assert!(next.due_at > at("2026-11-23 12:00"));
}

#[test]
fn old_events_are_written_as_they_were() {
    let desk = desk_with_old_events();
    let story = desk.query(|reader| reader.events_of("order-1"));
    for (stored, body) in story.iter().zip(EVENTS) {
        assert_eq!(serde_json::to_string(&stored.event).unwrap(), body);
    }
}

#[test]
fn old_commands_are_read_and_written_as_they_were() {
    for body in COMMANDS {
        let command: Command = serde_json::from_str(body).unwrap();
        assert_eq!(serde_json::to_string(&command).unwrap(), body);
    }
}
