//! Signing in, with and without the center; the lock; several people in turn; hand-over.

use std::sync::Arc;

use chrono::TimeDelta;
use expect_test::expect;
use serde_json::{Value, json};

use crate::center::{
    Cut, LocalCenter, PASSWORD, enrol, enrolled, sign_in, try_password, until_quiet,
};
use crate::form::{dispatch, intake, register};
use crate::shown::line;
use crate::workstation::{Workstation, wait_until};

fn phase(workstation: &Workstation) -> String {
    let state = workstation.call("app_state", Value::Null);
    state["phase"].as_str().unwrap().to_owned()
}

fn draft(workstation: &Workstation, n: u32, text: &str) {
    let id = format!("00000000-0000-7000-8000-0000000{n:05}");
    workstation.call("save_draft", json!({ "id": id, "body": intake(text) }));
}

fn drafts(workstation: &Workstation) -> Vec<String> {
    let drafts = workstation.call("drafts", Value::Null);
    let drafts = drafts.as_array().unwrap().iter();
    drafts
        .map(|it| it["summary"].as_str().unwrap().to_owned())
        .collect()
}

#[test]
fn a_locked_desk_serves_only_the_door() {
    let center = LocalCenter::new();
    let workstation = enrolled(&center);
    draft(&workstation, 1, "停水，正在通话");
    workstation.call("lock", Value::Null);
    assert_eq!(phase(&workstation), "screen_locked");
    for name in desk::api::CALLS {
        let error = workstation.host().call(name, json!({})).err();
        let message = error.map_or_else(String::new, |error| error.message);
        let is_door = [
            "app_state",
            "set_up",
            "unlock",
            "retry_open",
            "set_damaged_aside",
            "sign_in",
            "change_password",
            "enrol",
            "wall",
        ]
        .contains(name);
        // Signing out would end the test here.
        if *name != "sign_out" {
            assert_eq!(message == "请先登录。", !is_door, "{name}");
        }
    }
    assert!(workstation.host().take_notices().is_empty());
    // The same person finds everything as it was.
    sign_in(&workstation, "1001");
    assert_eq!(drafts(&workstation), ["停水，正在通话"]);
}

#[test]
fn a_desk_that_nobody_touches_locks_itself() {
    let center = LocalCenter::new();
    let workstation = enrolled(&center);
    draft(&workstation, 1, "停水");
    workstation.move_clock(TimeDelta::minutes(4));
    workstation.call("still_here", Value::Null);
    workstation.move_clock(TimeDelta::minutes(4));
    // Being asked is no touch.
    workstation.call("status", Value::Null);
    let state = workstation.call("app_state", Value::Null);
    let left = state["idle_lock_at"].as_i64().unwrap() - state["idle_warn_at"].as_i64().unwrap();
    assert_eq!(left, 60_000);
    workstation.move_clock(TimeDelta::minutes(1));
    assert_eq!(
        workstation.error("status", Value::Null),
        "locked: 请先登录。"
    );
    assert_eq!(phase(&workstation), "screen_locked");
    sign_in(&workstation, "1001");
    assert_eq!(drafts(&workstation), ["停水"]);
}

#[test]
fn after_twelve_hours_the_password_is_asked_for_again_and_nothing_is_lost() {
    let center = LocalCenter::new();
    let workstation = enrolled(&center);
    draft(&workstation, 1, "停水");
    for _ in 0..(12 * 60 - 4) / 4 {
        workstation.move_clock(TimeDelta::minutes(4));
        workstation.call("still_here", Value::Null);
    }
    let state = workstation.call("app_state", Value::Null);
    assert_eq!(state["phase"], "ready");
    assert_eq!(state["is_session_ending"], true);
    let ends_at = state["idle_lock_at"].clone();
    workstation.call("still_here", Value::Null);
    let state = workstation.call("app_state", Value::Null);
    assert_eq!(state["idle_lock_at"], ends_at, "a touch puts it off");
    workstation.move_clock(TimeDelta::minutes(4));
    let state = workstation.call("app_state", Value::Null);
    assert_eq!(state["phase"], "screen_locked");
    assert_eq!(state["message"], "登录已满 12 小时，请再输一次密码。");
    assert_eq!(
        workstation.error("status", Value::Null),
        "locked: 请先登录。"
    );
    sign_in(&workstation, "1001");
    assert_eq!(drafts(&workstation), ["停水"]);
    let state = workstation.call("app_state", Value::Null);
    assert_eq!(state["is_session_ending"], false, "twelve hours anew");
}

#[test]
fn a_desk_that_was_struck_off_lets_nobody_in_and_is_enrolled_again_at_the_door() {
    let center = LocalCenter::new();
    let mut workstation = enrolled(&center);
    draft(&workstation, 1, "停水");
    let desk = workstation.call("sync_state", Value::Null)["desk"].clone();
    workstation.call("sign_out", Value::Null);
    center.strike_off(desk.as_str().unwrap());
    let told = try_password(&workstation, "1001", PASSWORD);
    assert!(told.starts_with("中心已不认得这台工作站"), "{told}");
    // Whoever cuts the line then, or starts the desk anew, gets no further.
    center.cut(Cut::Off);
    assert_eq!(try_password(&workstation, "1001", PASSWORD), told);
    workstation.restart();
    assert_eq!(try_password(&workstation, "1001", PASSWORD), told);
    assert_eq!(
        workstation.call("app_state", Value::Null)["struck_off"]["text"],
        told
    );
    center.cut(Cut::No);
    // Nobody is there: another center's code is none.
    let foreign = wire::EnrolmentCode::new([7; wire::SECRET_BYTES], b"another center").to_string();
    let request = json!({ "address": "10.1.2.3", "code": foreign });
    assert_eq!(
        workstation.error("enrol", request),
        "invalid: 这不是原来那个中心的登记码。没有人登录时，只能重新登记到原来的中心。"
    );
    enrol(&workstation, &center.code());
    wait_until("the center knows the desk again", || {
        workstation.call("app_state", Value::Null)["struck_off"].is_null()
    });
    sign_in(&workstation, "1001");
    assert_eq!(drafts(&workstation), ["停水"]);
}

#[test]
fn several_people_in_turn_have_their_own_drafts() {
    let center = LocalCenter::new();
    let workstation = enrolled(&center);
    draft(&workstation, 1, "陈的草稿");
    sign_in(&workstation, "1002");
    assert_eq!(drafts(&workstation), Vec::<String>::new());
    draft(&workstation, 2, "李的草稿");
    let others = workstation.call("draft_owners", Value::Null);
    assert_eq!(line(&others[0], &["person", "n_drafts"]), "陈晓梅 1001 | 1");
    sign_in(&workstation, "1001");
    assert_eq!(drafts(&workstation), ["陈的草稿"]);
    assert_eq!(workstation.call("draft_owners", Value::Null), json!([]));
}

#[test]
fn rights_are_those_of_the_staff_table() {
    let center = LocalCenter::new();
    let workstation = enrolled(&center);
    until_quiet(&workstation, &center);
    sign_in(&workstation, "1003");
    let request = json!({
        "draft_id": "00000000-0000-7000-8000-000000000001",
        "intake": intake("停水"), "outcome": register(),
    });
    let refused = workstation.error("submit", request);
    assert!(refused.starts_with("refused: "), "{refused}");
    assert!(
        workstation
            .error(
                "change_operator",
                json!({
                    "operator_name": "陈", "operator_number": "1", "duties": ["intake"],
                })
            )
            .contains("请由接手的人登录")
    );
}

#[test]
fn wrong_passwords_are_counted_over_a_restart_and_offline() {
    let center = LocalCenter::new();
    let mut workstation = enrolled(&center);
    workstation.call("sign_out", Value::Null);
    let mut told = String::new();
    for n in 1..=5 {
        if n == 3 {
            center.cut(Cut::Off);
        }
        if n == 4 {
            workstation.restart();
        }
        told.push_str(&(try_password(&workstation, "1001", "不对的密码") + "\n"));
    }
    let barred = workstation.error("sign_in", json!({ "number": "1001", "password": PASSWORD }));
    told.push_str(&(barred + "\n"));
    workstation.restart();
    let barred = workstation.error("sign_in", json!({ "number": "1001", "password": PASSWORD }));
    told.push_str(&barred);
    expect![[r#"
        工号或密码不正确。
        工号或密码不正确。
        工号或密码不正确。
        工号或密码不正确。
        工号或密码不正确。连续输错，请 30 秒后再试。
        invalid: 连续输错，请 30 秒后再试。
        invalid: 连续输错，请 30 秒后再试。"#]]
    .assert_eq(&told);
    workstation.move_clock(TimeDelta::seconds(30));
    sign_in(&workstation, "1001");
    let lines = workstation.call("presence", Value::Null);
    let lines = lines.as_array().unwrap().iter();
    let shown: Vec<_> = lines
        .map(|it| line(it, &["text", "person", "detail"]))
        .collect();
    expect![[r#"
        离线登录 | 陈晓梅 1001 | 
        暂停尝试 | 陈晓梅 1001 | 工号或密码不正确。
        登录未成功 | 陈晓梅 1001 | 工号或密码不正确。
        登录未成功 | 陈晓梅 1001 | 工号或密码不正确。
        登录未成功 | 陈晓梅 1001 | 工号或密码不正确。
        登录未成功 | 陈晓梅 1001 | 工号或密码不正确。
        登录未成功 | 陈晓梅 1001 | 工号或密码不正确。
        退出登录 | 陈晓梅 1001 | 
        登录 | 陈晓梅 1001 | 
        本机登记到中心 |  | 10.1.2.3:8443"#]]
    .assert_eq(&shown.join("\n"));
}

#[test]
fn offline_a_password_counts_for_seven_days() {
    let center = LocalCenter::new();
    let workstation = enrolled(&center);
    until_quiet(&workstation, &center);
    center.cut(Cut::Off);
    workstation.call("sign_out", Value::Null);
    let mut told = String::new();
    for moment in ["2026-11-30 09:14", "2026-11-30 09:15", "2026-11-29 09:15"] {
        workstation.set_clock(moment);
        let came = try_password(&workstation, "1001", PASSWORD);
        told.push_str(&format!("{moment} {came}\n"));
        if came.is_empty() {
            workstation.call("sign_out", Value::Null);
        }
    }
    // Who never signed in here online does not offline.
    told.push_str(&try_password(&workstation, "1002", PASSWORD));
    expect![[r#"
        2026-11-30 09:14 
        2026-11-30 09:15 现在连不上中心，离线登录的期限已于 11月30日（周一）09:15到期。请恢复网络后登录，或找值班长协助。
        2026-11-29 09:15 现在连不上中心，而本机时钟早于上次的登录记录。请先校准时钟，或联网登录。
        现在连不上中心，且此工号没有在本机在线登录过。请先联网登录一次。"#]]
    .assert_eq(&told);
    // Online it counts again, and from then on for seven days more.
    center.cut(Cut::No);
    center.set_clock("2026-12-01 09:00");
    workstation.set_clock("2026-12-01 09:00");
    sign_in(&workstation, "1001");
    center.cut(Cut::Off);
    workstation.set_clock("2026-12-08 08:59");
    assert_eq!(phase(&workstation), "screen_locked");
    sign_in(&workstation, "1001");
}

#[test]
fn who_is_disabled_is_out_at_once_and_stays_out_offline() {
    let center = LocalCenter::new();
    let workstation = enrolled(&center);
    until_quiet(&workstation, &center);
    center.disable("1001");
    wait_until("the feed has come", || {
        workstation.call("app_state", Value::Null)["phase"] == "signed_out" || {
            workstation.call("retry_sync", Value::Null);
            false
        }
    });
    let state = workstation.call("app_state", Value::Null);
    assert_eq!(state["message"], "您的账号已停用，请联系管理员。");
    assert_eq!(
        try_password(&workstation, "1001", PASSWORD),
        "您的账号已停用，请联系管理员。"
    );
    center.cut(Cut::Off);
    let told = try_password(&workstation, "1001", PASSWORD);
    assert!(told.contains("没有在本机在线登录过"), "{told}");
}

#[test]
fn a_first_password_must_be_changed_and_only_online() {
    let center = LocalCenter::new();
    let workstation = enrolled(&center);
    center.must_change("1002");
    sign_in(&workstation, "1002");
    assert_eq!(phase(&workstation), "password_due");
    assert_eq!(
        workstation.error("queues", Value::Null),
        "locked: 请先登录。"
    );
    let change = |old: &str, new: &str| {
        workstation.call("change_password", json!({ "old": old, "new": new }));
        let mut state = Value::Null;
        wait_until("the change has ended", || {
            state = workstation.call("app_state", Value::Null);
            state["attempt"] != "under"
        });
        state["attempt_message"].as_str().unwrap().to_owned()
    };
    center.cut(Cut::Off);
    let mut told = change(PASSWORD, "巴山夜雨涨秋池2026") + "\n";
    center.cut(Cut::No);
    told.push_str(&(change("不对", "巴山夜雨涨秋池2026") + "\n"));
    told.push_str(&(change(PASSWORD, "短") + "\n"));
    told.push_str(&change(PASSWORD, "巴山夜雨涨秋池2026"));
    expect![[r#"
        修改密码需要连上中心，现在连不上，请稍后再试。
        工号或密码不正确。
        密码太简单：至少 10 个字符，含大写、小写、数字、符号中的三类；或不分类别至少 14 个字符。
        密码已修改。"#]]
    .assert_eq(&told);
    assert_eq!(phase(&workstation), "ready");
    // Offline the new one counts, and the old one does not.
    center.cut(Cut::Off);
    workstation.call("sign_out", Value::Null);
    assert_eq!(
        try_password(&workstation, "1002", PASSWORD),
        "工号或密码不正确。"
    );
    assert_eq!(try_password(&workstation, "1002", "巴山夜雨涨秋池2026"), "");
}

#[test]
fn one_shift_hands_over_to_the_next() {
    let center = LocalCenter::new();
    let workstation = enrolled(&center);
    until_quiet(&workstation, &center);
    workstation.submitted(1, &intake("路灯坏了"), &register());
    workstation.submitted(2, &intake("井盖没了"), &dispatch("unit-housing"));
    draft(&workstation, 3, "停水，记到一半");
    until_quiet(&workstation, &center);
    let form = workstation.call("hand_over_form", Value::Null);
    let parts = |value: &Value| {
        let mut shown = String::new();
        for part in value["parts"].as_array().unwrap() {
            shown.push_str(&format!("{}\n", part["title"].as_str().unwrap()));
            for it in part["lines"].as_array().unwrap() {
                shown.push_str(&format!("  {}\n", it["text"].as_str().unwrap()));
            }
        }
        shown
    };
    expect![[r#"
        待派
          20261123-W01-0001 路灯坏了，转办期限 11月24日（周二）24:00
        未完成的草稿
          停水，记到一半（11月23日（周一）09:15存）
    "#]]
    .assert_eq(&parts(&form));
    let too_long = json!({ "note": "长".repeat(4_001) });
    assert_eq!(
        workstation.error("write_hand_over", too_long),
        "invalid: 交班说明最多 4000 字。"
    );
    workstation.call(
        "write_hand_over",
        json!({ "note": "王大爷会再来电，请接听。" }),
    );
    let state = workstation.call("app_state", Value::Null);
    assert_eq!(state["phase"], "signed_out");
    assert_eq!(state["hand_over_from"], "陈晓梅 1001");
    // Whoever wrote it does not confirm it by coming back.
    sign_in(&workstation, "1001");
    assert_eq!(workstation.call("hand_overs", Value::Null)[0]["to"], "");
    sign_in(&workstation, "1002");
    let kept = workstation.call("hand_overs", Value::Null);
    let fields = ["from", "written_text", "to", "confirmed_text", "note"];
    expect!["陈晓梅 1001 | 11月23日（周一）09:15 | 李强 1002 | 11月23日（周一）09:15 | 王大爷会再来电，请接听。"]
        .assert_eq(&line(&kept[0], &fields));
    assert_eq!(parts(&kept[0]), parts(&form));
    let state = workstation.call("app_state", Value::Null);
    assert_eq!(state["hand_over_from"], Value::Null);
}

#[test]
fn a_desk_without_a_center_has_no_sign_in() {
    let workstation = Workstation::near(Arc::new(crate::center::Town(LocalCenter::new())));
    assert_eq!(phase(&workstation), "ready");
    for name in ["lock", "sign_out", "write_hand_over"] {
        let request = if name == "write_hand_over" {
            json!({ "note": "" })
        } else {
            Value::Null
        };
        let refused = workstation.error(name, request);
        assert_eq!(refused, "invalid: 本机还没有登记到中心，不需要登录。");
    }
}
