//! 待处理: what was refused is seen by who gave it and by the shift lead, with a way to act.

use std::sync::Arc;

use expect_test::expect;
use serde_json::{Value, json};

use crate::center::{Cut, LocalCenter, enrolled, sign_in, until_quiet};
use crate::form::{dispatch, draft_id, intake, register};
use crate::shown::line;
use crate::workstation::Workstation;

/// The same order dispatched at two desks that do not hear of each other: by the shift lead at one,
/// whose word comes first, and by a call-taker at the other.
fn torn() -> (Arc<LocalCenter>, Workstation, Workstation) {
    let center = LocalCenter::new();
    let (one, mut other) = (enrolled(&center), enrolled(&center));
    sign_in(&one, "1002");
    one.submitted(1, &intake("小区停水"), &register());
    until_quiet(&one, &center);
    until_quiet(&other, &center);
    center.cut(Cut::Off);
    for (workstation, unit) in [(&one, "unit-housing"), (&other, "unit-water-affairs")] {
        let request = workstation.act(1, &dispatch(unit));
        workstation.call("act_on_order", request);
    }
    other.close();
    center.cut(Cut::No);
    until_quiet(&one, &center);
    other.restart();
    sign_in(&other, "1001");
    until_quiet(&other, &center);
    until_quiet(&one, &center);
    (center, one, other)
}

fn rows(workstation: &Workstation) -> Vec<String> {
    let rows = workstation.call("conflicts", Value::Null);
    let fields = [
        "verdict",
        "asked",
        "why",
        "subject_text",
        "person",
        "needs_action",
    ];
    let rows = rows.as_array().unwrap();
    rows.iter().map(|row| line(row, &fields)).collect()
}

#[test]
fn a_refused_dispatch_is_seen_explained_and_settled() {
    let (center, one, other) = torn();
    assert_eq!(other.call("status", Value::Null)["n_refused"], 1);
    expect![[r#"
        未采纳 | 派单 | 已由他人派给别的单位。 | 20261123-W01-0001 小区停水 | 陈晓梅 1001 | true"#]]
    .assert_eq(&rows(&other).join("\n"));

    // The order is as the center has it, at both desks.
    let id = json!({ "id": draft_id(1) });
    let seen = other.call("work_order", id.clone());
    assert_eq!(seen["row"], one.call("work_order", id)["row"]);
    assert_eq!(seen["row"]["is_waiting"], false);

    let key = other.call("conflicts", Value::Null)[0]["seq"].clone();
    let detail = other.call("conflict", json!({ "seq": key }));
    let lines: Vec<_> = detail["lines"].as_array().unwrap().iter().collect();
    let lines: Vec<_> = lines
        .iter()
        .map(|it| line(it, &["label", "text"]))
        .collect();
    let between: Vec<_> = detail["between"].as_array().unwrap().iter().collect();
    let between: Vec<_> = between.iter().map(|it| line(it, &["title"])).collect();
    expect![[r#"
        转办意见 | 请核实处理
        承办单位 | 县水务局
        派单 县住房城乡建设局
        null, false
        请看现在派给了谁：同意就关闭；仍应由您选的单位办理，请与现在的承办单位联系退回，裁定后再派。"#]]
    .assert_eq(&format!(
        "{}\n{}\n{}, {}\n{}",
        lines.join("\n"),
        between.join("\n"),
        // With a unit that has not sent it back the rules give it to no other.
        detail["again"],
        detail["may_redispatch"],
        detail["advice"].as_str().unwrap(),
    ));

    // It is told once.
    let notices = other.host().take_notices();
    let told: Vec<_> = notices.iter().map(|it| it.title.as_str()).collect();
    assert_eq!(told, ["1 件待处理"]);
    let line = desk::NoticeTarget::Conflict {
        seq: key.as_u64().unwrap(),
    };
    assert_eq!(notices[0].target, Some(line));
    assert_eq!(other.host().take_notices(), []);

    // The shift lead sees it at another desk too; another call-taker does not.
    assert_eq!(rows(&one), rows(&other));
    sign_in(&one, "1003");
    assert_eq!(rows(&one), Vec::<String>::new());
    let foreign = json!({ "seq": key, "note": "" });
    assert_eq!(
        one.error("settle_conflict", foreign),
        "invalid: 这一条由办理的人或值班长关闭。"
    );

    let settled = json!({ "seq": key, "note": "同意由住建局办理" });
    other.call("settle_conflict", settled);
    assert_eq!(rows(&other), Vec::<String>::new());
    assert_eq!(other.call("status", Value::Null)["n_refused"], 0);
    drop(center);
}

#[test]
fn a_registration_of_somebody_unknown_is_refused_and_given_again() {
    let center = LocalCenter::new();
    let workstation = Workstation::near(Arc::new(crate::center::Town(Arc::clone(&center))));
    let nobody = json!({
        "operator_name": "外来人", "operator_number": "9999", "duties": ["intake"],
    });
    workstation.call("change_operator", nobody);
    workstation.submitted(1, &intake("小区停水"), &register());
    crate::center::enrol(&workstation, &center.code());
    crate::workstation::wait_until("the desk is enrolled", || {
        workstation.call("app_state", Value::Null)["phase"] == "signed_out"
    });
    sign_in(&workstation, "1002");
    until_quiet(&workstation, &center);
    // A call that was taken is told and kept, though nobody knows who took it.
    let rows = rows(&workstation);
    expect![[r#"
        事后事实 | 登记 | 办理时您已没有这项权限。您记录的事实已原样留存，没有改动工单。 |  | 9999 | true"#]]
    .assert_eq(&rows.join("\n"));
    let gone = workstation.error("work_order", json!({ "id": draft_id(1) }));
    assert!(gone.starts_with("refused"), "{gone}");
    let key = workstation.call("conflicts", Value::Null)[0]["seq"].clone();
    let detail = workstation.call("conflict", json!({ "seq": key }));
    assert_eq!(detail["again"]["type"], "draft");
    assert_eq!(detail["again"]["intake"]["text"], "小区停水");
}
