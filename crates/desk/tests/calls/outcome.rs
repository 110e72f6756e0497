//! 受理: what becomes of an appeal, in one submit.

use expect_test::{Expect, expect};
use serde_json::{Value, json};

use crate::form::{
    answer, dispatch, draft_id, intake, refuse, register, special, submit, transfer,
};
use crate::shown::line;
use crate::workstation::Workstation;

/// Submits twice, as a window does that has lost the first answer, and shows what is there then.
fn check(workstation: &Workstation, intake: &Value, outcome: &Value, expected: &Expect) {
    workstation.save_draft(1, intake);
    workstation.save_draft(2, intake);
    let request = submit(1, intake, outcome);
    let first = workstation.call("submit", request.clone());
    assert_eq!(workstation.draft_ids(), [draft_id(2)]);
    let again = workstation.call("submit", request);
    assert_eq!(workstation.n_orders(), 1);
    for field in ["work_order_id", "number", "stage_text"] {
        assert_eq!(first[field], again[field]);
    }
    assert_eq!(again["message"], "这件诉求此前已保存，没有重复登记。");

    let order = workstation.order(1);
    let mut shown = line(&first, &["number", "stage_text", "message"]) + "\n";
    let row = [
        "title",
        "class_text",
        "place_text",
        "unit",
        "limit_name",
        "due_text",
    ];
    shown.push_str(&(line(&order["row"], &row) + "\n"));
    shown.push_str(&crate::shown::lines(
        &order["story"],
        &["at_text", "title", "detail", "actor"],
    ));
    expected.assert_eq(&shown);
}

#[test]
fn register_waits_for_dispatch() {
    let text = "屋头停水两天了。物业说不晓得。";
    check(
        &Workstation::ready(),
        &intake(text),
        &register(),
        &expect![[""]],
    );
}

#[test]
fn an_answer_on_the_spot_ends_it() {
    check(
        &Workstation::ready(),
        &intake("医保在哪儿交？"),
        &answer("在户籍地社区或国家医保服务平台缴费。"),
        &expect![[""]],
    );
}

#[test]
fn an_answer_cites_the_article_and_its_version() {
    let workstation = Workstation::with_samples();
    let mut outcome = answer("先看停水公告。");
    outcome["article_id"] = json!("kb-water-001");
    check(
        &workstation,
        &intake("屋头停水了咋个办"),
        &outcome,
        &expect![[""]],
    );
    assert_eq!(workstation.order(1)["answer_article_id"], "kb-water-001");
}

#[test]
fn dispatch_says_that_it_is_not_delivered_yet() {
    check(
        &Workstation::ready(),
        &intake("路灯坏了好久"),
        &dispatch("unit-housing"),
        &expect![[""]],
    );
}

#[test]
fn a_special_matter_says_telephone_now() {
    check(
        &Workstation::ready(),
        &special("渠江街道大面积停水"),
        &dispatch("unit-water-affairs"),
        &expect![[""]],
    );
}

#[test]
fn a_refusal_tells_where_to_go() {
    check(
        &Workstation::ready(),
        &intake("我要告他赔钱"),
        &refuse("other_procedure", ""),
        &expect![[""]],
    );
}

#[test]
fn a_refusal_by_law_names_it() {
    check(
        &Workstation::ready(),
        &intake("帮我查下邻居的存款"),
        &refuse("unlawful", "《商业银行法》第二十九条"),
        &expect![[""]],
    );
}

#[test]
fn a_transfer_is_recorded() {
    check(
        &Workstation::ready(),
        &intake("隔壁燃起来了"),
        &transfer("119"),
        &expect![[""]],
    );
}

/// What the first submit kept is what counts, whatever the second says.
#[test]
fn a_repeated_submit_with_other_content_changes_nothing() {
    let workstation = Workstation::ready();
    let number = workstation.submitted(1, &intake("路灯坏了"), &register());
    let again = workstation.submitted(1, &intake("井盖没了"), &dispatch("unit-housing"));
    assert_eq!(number, again);
    let order = workstation.order(1);
    assert_eq!(order["text"], "路灯坏了");
    assert_eq!(order["row"]["stage"], "registered");
}

#[test]
fn numbers_count_up_each_day_and_over_a_restart() {
    let mut workstation = Workstation::ready();
    let mut numbers = vec![workstation.submitted(1, &intake("一"), &register())];
    workstation.restart();
    numbers.push(workstation.submitted(2, &intake("二"), &register()));
    workstation.set_clock("2026-11-24 00:00");
    numbers.push(workstation.submitted(3, &intake("三"), &register()));
    expect![[""]].assert_eq(&numbers.join("\n"));
}
