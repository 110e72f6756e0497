//! The status line tells the truth after each change.

use expect_test::expect;
use serde_json::Value;

use crate::form::{dispatch, intake, register};
use crate::shown::{check_json, line};
use crate::workstation::Workstation;

#[test]
fn a_fresh_desk() {
    let workstation = Workstation::ready();
    workstation.wait_for_index();
    check_json(
        &workstation.call("status", Value::Null),
        &expect![[r#"
            {
              "calendar_is_provisional": false,
              "date_text": "11月23日（周一）",
              "day_kind": "working_day",
              "day_text": "工作日",
              "index_state": "ready",
              "is_enrolled": false,
              "is_online": false,
              "n_alerts": 0,
              "n_articles": 0,
              "n_due_soon": 0,
              "n_early_warnings": 0,
              "n_overdue": 0,
              "n_refused": 0,
              "n_to_dispatch": 0,
              "n_waiting": 0,
              "now": 1795396500000,
              "operator": {
                "name": "陈晓梅",
                "number": "1001",
                "roles": [
                  "受理员",
                  "调度员"
                ]
              }
            }
        "#]],
    );
}

#[test]
fn the_days_of_the_calendar_and_the_counts() {
    let workstation = Workstation::ready();
    workstation.submitted(1, &intake("路灯坏了"), &register());
    workstation.submitted(2, &intake("井盖没了"), &dispatch("unit-housing"));
    let mut shown = String::new();
    for moment in [
        "2026-11-23 09:15",
        "2026-11-24 14:00",
        "2026-11-28 00:00",
        "2026-10-01 12:00",
        "2026-10-10 12:00",
        "2027-01-04 09:00",
    ] {
        workstation.set_clock(moment);
        let fields = [
            "date_text",
            "day_kind",
            "day_text",
            "calendar_is_provisional",
            "n_waiting",
            "n_to_dispatch",
            "n_due_soon",
            "n_overdue",
        ];
        let status = workstation.call("status", Value::Null);
        shown.push_str(&(line(&status, &fields) + "\n"));
    }
    expect![[r#"
        11月23日（周一） | working_day | 工作日 | false | 2 | 1 | 0 | 0
        11月24日（周二） | working_day | 工作日 | false | 2 | 1 | 2 | 0
        11月28日（周六） | weekend | 周末 | false | 2 | 1 | 0 | 2
        10月1日（周四） | public_holiday | 国庆节放假 | false | 2 | 1 | 0 | 0
        10月10日（周六） | make_up_workday | 国庆节调休上班 | false | 2 | 1 | 0 | 0
        1月4日（周一） | working_day | 工作日 | true | 2 | 1 | 0 | 2
    "#]]
    .assert_eq(&shown);
}
