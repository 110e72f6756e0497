//! 岗位权限: who may make which call, the whole of it.

use std::collections::BTreeMap;

use domain::Role;
use expect_test::expect;
use serde_json::{Value, json};

use crate::center::{LocalCenter, enrolled, sign_in, until_quiet};
use crate::workstation::Workstation;

/// Call by call, the letters of the roles that may make it.
const TABLE: &str = include_str!("permission.txt");

/// Every role and its letter in the table.
const LETTERS: [(Role, char); Role::ALL.len()] = [
    (Role::Operator, '受'),
    (Role::Dispatcher, '调'),
    (Role::ShiftLead, '班'),
    (Role::Reviewer, '审'),
    (Role::KbEditor, '编'),
    (Role::KbReviewer, '核'),
    (Role::Analyst, '统'),
    (Role::Supervisor, '监'),
    (Role::Admin, '管'),
    (Role::Auditor, '计'),
    (Role::Liaison, '联'),
    (Role::UnitReviewer, '签'),
    (Role::City, '市'),
    (Role::CountyOffice, '府'),
    (Role::DisciplineCommission, '纪'),
    (Role::Center, '系'),
];

/// What the table says of each call; one mark for each role, in order.
fn table() -> BTreeMap<&'static str, Vec<char>> {
    let lines = TABLE.lines().filter(|line| !line.starts_with('#'));
    lines
        .map(|line| {
            let (name, marks) = line.split_once(' ').unwrap();
            let marks: Vec<char> = marks.trim().chars().collect();
            assert_eq!(
                marks.len(),
                LETTERS.len(),
                "{name}: a role without a decision"
            );
            for (mark, (_, letter)) in marks.iter().zip(LETTERS) {
                assert!([letter, '·'].contains(mark), "{name}: {mark}");
            }
            (name, marks)
        })
        .collect()
}

/// Whether the person at the desk is let in: the request is none, so nothing is done.
fn is_let_in(workstation: &Workstation, name: &str) -> bool {
    let error = workstation.fail(name, json!("no request"));
    let code = serde_json::to_value(error.code).unwrap();
    match code.as_str().unwrap() {
        "invalid" => true,
        "refused" => {
            let is_told = error.message.starts_with("您的岗位不能使用这项功能，须由");
            assert!(is_told, "{name}: {}", error.message);
            false
        }
        other => panic!("{name}: {other}: {}", error.message),
    }
}

#[test]
fn every_call_and_every_role_is_as_the_table_says() {
    let table = table();
    let listed: Vec<&str> = table.keys().copied().collect();
    let mut calls = desk::api::CALLS.to_vec();
    calls.sort_unstable();
    assert_eq!(
        listed, calls,
        "a call without a line, or a line without a call"
    );

    let center = LocalCenter::new();
    let workstation = enrolled(&center);
    for (role, letter) in LETTERS {
        center.add(&letter.to_string(), "某人", &[role]);
    }
    until_quiet(&workstation, &center);
    for (nth, (role, letter)) in LETTERS.into_iter().enumerate() {
        sign_in(&workstation, &letter.to_string());
        let state = workstation.call("app_state", Value::Null);
        let may: Vec<&str> = state["may"]
            .as_array()
            .unwrap()
            .iter()
            .filter_map(Value::as_str)
            .collect();
        for (name, marks) in &table {
            let expected = marks[nth] == letter;
            assert_eq!(is_let_in(&workstation, name), expected, "{name} {role:?}");
            assert_eq!(may.contains(name), expected, "{name} {role:?}");
        }
    }
}

/// The rights of the roles somebody holds add up; nobody has more than those.
#[test]
fn a_right_that_was_taken_is_gone_with_the_next_call() {
    let center = LocalCenter::new();
    let workstation = enrolled(&center);
    center.add("3001", "何静", &[Role::KbEditor, Role::Dispatcher]);
    until_quiet(&workstation, &center);
    sign_in(&workstation, "3001");
    assert!(is_let_in(&workstation, "work_order"));
    assert!(is_let_in(&workstation, "kb_import_run"));
    center.set_roles("3001", &[Role::KbEditor]);
    until_quiet(&workstation, &center);
    assert!(!is_let_in(&workstation, "work_order"));
    assert!(is_let_in(&workstation, "kb_import_run"));
}

#[test]
fn whoever_may_not_is_told_who_may() {
    let center = LocalCenter::new();
    let workstation = enrolled(&center);
    center.add("3001", "罗兰", &[Role::Auditor]);
    until_quiet(&workstation, &center);
    sign_in(&workstation, "3001");
    expect!["refused: 您的岗位不能使用这项功能，须由受理员、调度员、值班长操作。"]
        .assert_eq(&workstation.error("caller_history", json!({ "phone": "13800001234" })));
}

/// A desk without a center is its owner's: whoever sits there also sees to it. Orders are still only
/// for whose duty they are.
#[test]
fn a_desk_that_stands_alone_is_seen_to_by_whoever_sits_there() {
    let workstation = Workstation::ready();
    assert!(is_let_in(&workstation, "submit"));
    assert!(is_let_in(&workstation, "remove_samples"));
    let editing = json!({
        "operator_name": "周兰", "operator_number": "2001", "duties": ["knowledge_editing"],
    });
    workstation.call("change_operator", editing);
    assert!(!is_let_in(&workstation, "submit"));
    assert!(!is_let_in(&workstation, "work_orders"));
    assert!(is_let_in(&workstation, "remove_samples"));
}
