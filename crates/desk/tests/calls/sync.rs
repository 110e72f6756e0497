//! A desk and its center: joining, cuts, and that what is drawn page by page is what the feed makes.

use std::sync::Arc;

use domain::calendar::{HolidayRun, YearNotice};
use domain::local_name::{LocalName, LocalNames};
use domain::{HandlingUnit, HandlingUnitId};
use expect_test::expect;
use serde_json::{Value, json};
use wire::Reference;

use crate::center::{Cut, LocalCenter, Town, enrol, enrolled, sign_in, until_quiet};
use crate::form::{dispatch, draft_id, intake, register};
use crate::shown::line;
use crate::workstation::{Workstation, wait_until};

/// What people see of all orders, in every list and in detail, but for what only one desk has.
fn seen(workstation: &Workstation) -> String {
    let list = json!({ "queue": "all", "search": "", "after": null, "limit": 200 });
    let mut rows = workstation.call("work_orders", list)["rows"].clone();
    let rows = rows.as_array_mut().unwrap();
    // Orders of one millisecond stand in the order in which they came.
    rows.sort_by_key(|row| row["id"].as_str().unwrap().to_owned());
    let mut shown = String::new();
    for row in rows {
        let detail = workstation.call("work_order", json!({ "id": row["id"] }));
        shown.push_str(&serde_json::to_string(&detail).unwrap());
        shown.push('\n');
    }
    for list in ["all", "writing"] {
        let request = json!({ "list": list, "order": "own" });
        let rows = workstation.call("kb_records", request);
        shown.push_str(&serde_json::to_string(&rows).unwrap());
    }
    shown.push_str(&serde_json::to_string(&workstation.call("queues", Value::Null)).unwrap());
    shown
}

#[test]
fn a_desk_that_worked_alone_joins_and_keeps_its_orders() {
    let center = LocalCenter::new();
    let workstation = Workstation::near(Arc::new(Town(Arc::clone(&center))));
    workstation.submitted(1, &intake("小区停水"), &dispatch("unit-housing"));
    let before = workstation.call("work_order", json!({ "id": draft_id(1) }));
    assert_eq!(before["row"]["is_waiting"], true);

    let mut told = String::new();
    let stranger = wire::EnrolmentCode::new([9; wire::SECRET_BYTES], b"another center");
    let spent = wire::EnrolmentCode::new(
        [8; wire::SECRET_BYTES],
        b"the certificate of the center's authority",
    );
    for (address, code) in [
        ("", center.code()),
        ("10.1.2.3", "1234".to_owned()),
        ("10.9.9.9", stranger.to_string()),
        ("10.1.2.3", stranger.to_string()),
        ("10.1.2.3", spent.to_string()),
    ] {
        let request = json!({ "address": address, "code": code });
        if let Err(error) = workstation.host().call("enrol", request) {
            told.push_str(&error.message);
        } else {
            let mut state = Value::Null;
            wait_until("the try has ended", || {
                state = workstation.call("sync_state", Value::Null);
                state["enrolment"] == "failed"
            });
            told.push_str(state["enrolment_message"].as_str().unwrap());
        }
        told.push('\n');
    }
    expect![[r#"
        中心地址请写成 10.1.2.3 或 10.1.2.3:8443 的样子。
        登记码共 32 位，现在是 4 位，请核对。
        10.9.9.9:8443：连不上这个地址。请核对地址和网线，或问管理员中心是否开着。
        10.1.2.3:8443：这个地址上的中心与登记码不符。请核对地址；若无误，请停下并告诉管理员，可能有人冒充中心。
        10.1.2.3:8443：登记码已用过、已过期或已作废，请向管理员要一个新的。
    "#]]
    .assert_eq(&told);

    enrol(&workstation, &center.code());
    wait_until("the desk is enrolled", || {
        workstation.call("app_state", Value::Null)["phase"] == "signed_out"
    });
    assert_eq!(
        workstation.error("queues", Value::Null),
        "locked: 请先登录。"
    );
    sign_in(&workstation, "1001");
    until_quiet(&workstation, &center);
    let after = workstation.call("work_order", json!({ "id": draft_id(1) }));
    assert_eq!(after["row"]["is_waiting"], false);
    let story = after["story"].as_array().unwrap();
    assert!(story.iter().all(|entry| entry["is_waiting"] == false));
    assert_eq!(after["version"], before["version"]);
    // What is registered from now on bears the number of the desk that the center gave.
    let next = workstation.submitted(2, &intake("路灯坏了"), &register());
    assert_eq!(next, "20261123-W01-0002");
}

/// Two desks at work, each seeing what the other does; a third that joins later reads it all at once.
#[test]
fn what_is_drawn_page_by_page_is_what_a_new_desk_draws() {
    let center = LocalCenter::new();
    let (one, other) = (enrolled(&center), enrolled(&center));
    one.submitted(1, &intake("小区停水"), &register());
    one.submitted(2, &intake("路灯坏了"), &dispatch("unit-housing"));
    until_quiet(&one, &center);
    until_quiet(&other, &center);
    let id = draft_id(1);
    // The other goes on with it.
    let detail = other.call("work_order", json!({ "id": id }));
    let supplement = json!({
        "work_order_id": id,
        "version": detail["version"],
        "act": { "type": "supplement", "text": "三楼也停了" },
    });
    other.call("handle_order", supplement);
    other.submitted(3, &intake("井盖没了"), &dispatch("unit-water-affairs"));
    for workstation in [&one, &other, &one] {
        until_quiet(workstation, &center);
    }
    // An article is begun at one, and known at the other.
    one.call("lock", Value::Null);
    sign_in(&one, "1003");
    let draft = json!({ "type": "draft", "form": crate::kb_record::form() });
    let request = json!({ "id": null, "version": 0, "act": draft });
    one.call("act_on_kb_record", request);
    until_quiet(&one, &center);
    sign_in(&one, "1001");
    until_quiet(&other, &center);
    assert_eq!(seen(&one), seen(&other));
    let third = enrolled(&center);
    until_quiet(&third, &center);
    assert_eq!(seen(&one), seen(&third));
    // Units are renamed for all, in the rows too.
    let renamed = HandlingUnit {
        id: HandlingUnitId("unit-housing".to_owned()),
        name: "县住建和城管局".to_owned(),
        group: String::new(),
        aliases: Vec::new(),
    };
    let mut units = wording::reference::ReferenceTables::built_in_units().unwrap();
    units.retain(|unit| unit.id != renamed.id);
    units.push(renamed);
    center.change_units(units);
    for workstation in [&one, &other, &third] {
        until_quiet(workstation, &center);
        assert!(seen(workstation).contains("县住建和城管局"));
    }
    assert_eq!(seen(&one), seen(&third));
}

#[test]
fn over_a_bad_line_each_is_answered_once() {
    for cut in [Cut::LosesAnswers, Cut::Repeats, Cut::Delays] {
        let center = LocalCenter::new();
        let workstation = enrolled(&center);
        let desk = workstation.call("sync_state", Value::Null)["desk"].clone();
        center.cut(cut);
        for n in 1..=6 {
            workstation.submitted(n, &intake("小区停水"), &dispatch("unit-housing"));
            workstation.call("retry_sync", Value::Null);
        }
        until_quiet(&workstation, &center);
        assert_eq!(center.n_answers(desk.as_str().unwrap()), 12, "{cut:?}");
        center.cut(Cut::No);
        let whole = enrolled(&center);
        until_quiet(&whole, &center);
        until_quiet(&workstation, &center);
        assert_eq!(seen(&workstation), seen(&whole), "{cut:?}");
    }
}

#[test]
fn offline_work_goes_on_and_the_panel_says_so() {
    let center = LocalCenter::new();
    let mut workstation = enrolled(&center);
    until_quiet(&workstation, &center);
    center.cut(Cut::Off);
    workstation.submitted(1, &intake("小区停水"), &dispatch("unit-housing"));
    wait_until("it is noticed", || {
        workstation.call("retry_sync", Value::Null);
        workstation.call("status", Value::Null)["is_online"] == false
    });
    let state = workstation.call("sync_state", Value::Null);
    assert_eq!(state["n_waiting"], 2);
    let alert = &state["alerts"][0];
    assert_eq!(alert["title"], "离线");
    // The program ends and starts while the line is cut; the person signs in all the same.
    workstation.restart();
    assert_eq!(
        workstation.call("app_state", Value::Null)["phase"],
        "signed_out"
    );
    sign_in(&workstation, "1001");
    assert_eq!(
        workstation.call("app_state", Value::Null)["is_offline_sign_in"],
        true
    );
    center.cut(Cut::No);
    until_quiet(&workstation, &center);
    let state = workstation.call("sync_state", Value::Null);
    assert_eq!(state["alerts"], json!([]));
    assert_eq!(state["oldest_waiting_text"], "");
}

#[test]
fn a_desk_that_was_struck_off_says_so_and_enrols_again() {
    let center = LocalCenter::new();
    let workstation = enrolled(&center);
    until_quiet(&workstation, &center);
    let desk = workstation.call("sync_state", Value::Null)["desk"].clone();
    assert_eq!(
        workstation.error(
            "enrol",
            json!({ "address": "10.1.2.3", "code": center.code() })
        ),
        "invalid: 本机已登记到中心，不需要再登记。"
    );
    center.revoke(desk.as_str().unwrap());
    workstation.submitted(1, &intake("小区停水"), &register());
    let mut state = Value::Null;
    wait_until("it is noticed", || {
        workstation.call("retry_sync", Value::Null);
        state = workstation.call("sync_state", Value::Null);
        state["wants_enrolment"] == true
    });
    assert_eq!(state["alerts"][0]["title"], "未登记或已注销");
    assert_eq!(workstation.call("status", Value::Null)["n_alerts"], 1);
    enrol(&workstation, &center.code());
    wait_until("the desk has another number", || {
        let state = workstation.call("app_state", Value::Null);
        state["phase"] == "signed_out"
    });
    sign_in(&workstation, "1001");
    until_quiet(&workstation, &center);
    let state = workstation.call("sync_state", Value::Null);
    assert_ne!(state["desk"], desk);
    assert_eq!(state["wants_enrolment"], false);
    // What was saved meanwhile went under the new number.
    assert_eq!(center.n_answers(state["desk"].as_str().unwrap()), 1);
}

/// What people call a place, once the center knows it; also after a start, and no more once it is taken back.
#[test]
fn names_of_places_that_the_center_adds_are_heard_at_the_desk() {
    let center = LocalCenter::new();
    let mut workstation = enrolled(&center);
    until_quiet(&workstation, &center);
    let reference = workstation.call("reference", Value::Null);
    let township = &reference["townships"][0];
    let heard = |workstation: &Workstation| {
        let chosen = json!({ "kind": false, "category": false, "place": false, "class": false });
        let request = json!({
            "revision": 1, "draft_id": draft_id(9), "intake": intake("鲤鱼嘴那边停水了"), "chosen": chosen,
        });
        let heard = workstation.call("listen", request);
        let place = &heard["fields"]["places"][0];
        format!("{} {}", place["text"], place["ground"])
    };
    let none = heard(&workstation);
    let local = LocalName {
        name: "鲤鱼嘴".to_owned(),
        township_code: township["code"].as_str().unwrap().to_owned(),
        village_code: String::new(),
    };
    let names = LocalNames::of(vec![local], |_| true).unwrap();
    center.change(&Reference::LocalNames(names));
    until_quiet(&workstation, &center);
    let known = format!("{} \"原文“鲤鱼嘴”，本地名称\"", township["name"]);
    assert_eq!(heard(&workstation), known);
    workstation.restart();
    sign_in(&workstation, "1001");
    assert_eq!(heard(&workstation), known);
    center.change(&Reference::LocalNames(LocalNames::default()));
    until_quiet(&workstation, &center);
    assert_eq!(heard(&workstation), none);
}

/// A year that the program does not know by itself.
#[test]
fn holidays_that_the_center_announces_count_at_the_desk() {
    let center = LocalCenter::new();
    let mut one = enrolled(&center);
    until_quiet(&one, &center);
    let date = |day| chrono::NaiveDate::from_ymd_opt(2027, 1, day).unwrap();
    center.change(&Reference::Holidays(vec![YearNotice {
        year: 2027,
        document: "国办发明电〔2026〕7号".to_owned(),
        holidays: vec![HolidayRun {
            name: "元旦".to_owned(),
            first: date(1),
            last: date(4),
        }],
        make_up_workdays: Vec::new(),
    }]));
    until_quiet(&one, &center);
    for _ in 0..2 {
        one.set_clock("2027-01-04 09:00");
        sign_in(&one, "1001");
        let status = one.call("status", Value::Null);
        let day = line(&status, &["day_text", "calendar_is_provisional"]);
        assert_eq!(day, "元旦放假 | false");
        // Also after a start.
        one.set_clock("2026-11-23 09:15");
        one.restart();
    }
}
