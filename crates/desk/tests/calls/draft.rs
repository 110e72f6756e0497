//! 草稿: what is being typed outlives everything but its submit.

use expect_test::expect;
use serde_json::{Value, json};

use crate::form::{draft_id, intake, register};
use crate::shown::lines;
use crate::workstation::Workstation;

fn minute_passes(workstation: &Workstation) {
    workstation.move_clock(chrono::TimeDelta::minutes(1));
}

#[test]
fn several_drafts_survive_a_restart_as_they_were() {
    let mut workstation = Workstation::ready();
    for (n, text) in [(1, "屋头停水"), (2, ""), (3, "路灯坏了。没人修")] {
        workstation.save_draft(n, &intake(text));
        minute_passes(&workstation);
    }
    workstation.save_draft(1, &intake("屋头停水两天了；娃儿洗不成澡"));
    let before = workstation.call("drafts", Value::Null);
    workstation.restart();
    let after = workstation.call("drafts", Value::Null);
    assert_eq!(after, before);
    assert_eq!(after[0]["body"], intake("屋头停水两天了；娃儿洗不成澡"));
    let fields = ["id", "created_at", "updated_at", "summary"];
    expect![[r#"
        00000000-0000-7000-8000-000000000001 | 1795396500000 | 1795396680000 | 屋头停水两天了
        00000000-0000-7000-8000-000000000003 | 1795396620000 | 1795396620000 | 路灯坏了
        00000000-0000-7000-8000-000000000002 | 1795396560000 | 1795396560000 | 
    "#]]
    .assert_eq(&lines(&after, &fields));
}

#[test]
fn a_draft_that_is_too_long_leaves_the_one_before() {
    let workstation = Workstation::ready();
    workstation.save_draft(1, &intake("路灯坏了"));
    let request = json!({ "id": draft_id(1), "body": intake(&"长".repeat(90_000)) });
    let error = workstation.error("save_draft", request);
    assert_eq!(error, "invalid: 草稿太长（最多 256 KB），请删减后再继续。");
    let drafts = workstation.call("drafts", Value::Null);
    assert_eq!(drafts[0]["body"]["text"], "路灯坏了");
    // Longer than an order may be, but what was typed is kept.
    workstation.save_draft(1, &intake(&"长".repeat(20_000)));
}

#[test]
fn a_save_that_comes_after_the_submit_does_not_bring_the_draft_back() {
    let workstation = Workstation::ready();
    workstation.save_draft(1, &intake("路灯坏了"));
    workstation.submitted(1, &intake("路灯坏了"), &register());
    workstation.save_draft(1, &intake("路灯坏"));
    assert!(workstation.draft_ids().is_empty());
}

#[test]
fn a_draft_is_discarded_alone_and_twice_is_fine() {
    let workstation = Workstation::ready();
    workstation.save_draft(1, &intake("路灯坏了"));
    workstation.save_draft(2, &intake("井盖没了"));
    for _ in 0..2 {
        workstation.call("discard_draft", json!({ "id": draft_id(1) }));
        assert_eq!(workstation.draft_ids(), [draft_id(2)]);
    }
}

#[test]
fn a_draft_has_an_id_of_the_window() {
    let workstation = Workstation::ready();
    let request = json!({ "id": "1", "body": intake("路灯坏了") });
    let error = workstation.error("save_draft", request);
    assert_eq!(error, "invalid: 草稿编号不对。");
    let submit = json!({ "draft_id": "", "intake": intake("路灯坏了"), "outcome": register() });
    assert_eq!(workstation.error("submit", submit), error);
    assert_eq!(workstation.n_orders(), 0);
}
