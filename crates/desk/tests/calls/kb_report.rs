//! 纠错 in two key presses, its note, and what the reporter is told until it is put right.

use expect_test::{Expect, expect};
use serde_json::{Value, json};

use crate::kb_record::{CALL_TAKER, Desk, EDITOR, REVIEWER, form, sit};
use crate::shown::lines;
use crate::workstation::Workstation;

const OTHER_CALL_TAKER: (&str, &str, &str) = ("李娜", "1002", "intake");

fn report(passage: &str) -> Value {
    json!({
        "type": "report_error", "kind": "dead_phone", "read_version": 1,
        "passage": passage, "note": "",
    })
}

/// 我的纠错 of a person.
fn check(desk: &Desk, who: (&str, &str, &str), expected: &Expect) {
    sit(&desk.workstation, who);
    let reports = desk.workstation.call("my_kb_reports", Value::Null);
    let fields = [
        "title",
        "report",
        "kind_text",
        "passage",
        "note",
        "at_text",
        "outcome_text",
    ];
    expected.assert_eq(&lines(&reports, &fields));
}

#[test]
fn article_14_a_report_is_followed_until_it_is_put_right() {
    let mut desk = Desk::new();
    desk.publish(&json!({ "type": "draft", "form": form() }));
    desk.act(OTHER_CALL_TAKER, &report("0818"));
    sit(&desk.workstation, CALL_TAKER);
    // Filed from a window that saw no record at all: nothing is lost.
    let request = json!({ "id": desk.id, "version": 0, "act": report("0818-7300000") });
    let done = desk.workstation.call("act_on_kb_record", request);
    assert_eq!(done["report"], 2);
    assert_eq!(
        done["message"],
        "纠错已报知识编辑，处理结果见“知识库 · 我的纠错”。"
    );
    let note =
        |report: u32, note: &str| json!({ "type": "note_report", "report": report, "note": note });
    assert_eq!(
        desk.refused(CALL_TAKER, &note(1, "不是我的")),
        "refused: 只有报这条纠错的人可以补充说明。"
    );
    desk.act(CALL_TAKER, &note(2, " 打过去是空号 "));
    check(
        &desk,
        CALL_TAKER,
        &expect![[r#"
        电子社保卡怎么领 | 2 | 电话打不通 | 0818-7300000 | 打过去是空号 | 11月23日（周一）09:15 | 待处理
    "#]],
    );
    desk.act(EDITOR, &json!({ "type": "accept_report", "report": 2 }));
    desk.act(
        EDITOR,
        &json!({ "type": "reject_report", "report": 1, "reason": "号码是对的" }),
    );
    assert_eq!(
        desk.refused(CALL_TAKER, &note(2, "再说一句")),
        "refused: 没有待处理的纠错。"
    );
    check(
        &desk,
        CALL_TAKER,
        &expect![[r#"
        电子社保卡怎么领 | 2 | 电话打不通 | 0818-7300000 | 打过去是空号 | 11月23日（周一）09:15 | 已受理，修改中
    "#]],
    );
    check(
        &desk,
        OTHER_CALL_TAKER,
        &expect![[r#"
        电子社保卡怎么领 | 1 | 电话打不通 | 0818 |  | 11月23日（周一）09:15 | 不采纳：号码是对的
    "#]],
    );
    let mut corrected = form();
    corrected["answer"] = json!("咨询电话 0818-7311111。");
    desk.publish(&json!({ "type": "edit", "form": corrected, "base_revision": 0 }));
    desk.workstation.set_clock("2026-11-24 09:00");
    desk.act(
        CALL_TAKER,
        &json!({
            "type": "report_error", "kind": "unclear", "read_version": 2, "passage": "", "note": "",
        }),
    );
    desk.act(
        REVIEWER,
        &json!({ "type": "withdraw", "reason": "政策终止" }),
    );
    desk.workstation.restart();
    check(
        &desk,
        CALL_TAKER,
        &expect![[r#"
        电子社保卡怎么领 | 3 | 说不清楚 |  |  | 11月24日（周二）09:00 | 待处理
        电子社保卡怎么领 | 2 | 电话打不通 | 0818-7300000 | 打过去是空号 | 11月23日（周一）09:15 | 第 2 版已更正
    "#]],
    );
    check(&desk, EDITOR, &expect![[""]]);
}

#[test]
fn a_report_on_what_came_with_the_program_begins_its_record() {
    let workstation = Workstation::with_samples();
    let id = "kb-water-001";
    sit(&workstation, CALL_TAKER);
    let request = json!({ "id": id, "version": 0, "act": report("抢修电话") });
    let done = workstation.call("act_on_kb_record", request);
    assert_eq!(done["report"], 1);
    let record = workstation.call("kb_record", json!({ "id": id }));
    assert_eq!(
        record["versions"][0]["published_text"],
        "随程序载入，未经单位确认和中心审核"
    );
    assert_eq!(record["versions"][0]["confirmed_text"], "");
    assert_eq!(
        workstation.error(
            "act_on_kb_record",
            json!({ "id": "kb-water-002", "version": 0, "act": {
                "type": "report_error", "kind": "wrong", "read_version": 9, "passage": "", "note": "",
            } })
        ),
        "refused: 没有第 9 版。"
    );
    assert_eq!(
        workstation.call("kb_record", json!({ "id": "kb-water-002" }))["version"],
        0
    );
    // It stays a sample to look at, and stays there when the samples are removed.
    workstation.call("remove_samples", Value::Null);
    let article = workstation.call("knowledge_article", json!({ "id": id }));
    assert_eq!(
        (&article["is_sample"], &article["version"]),
        (&json!(true), &json!(1))
    );
    sit(&workstation, EDITOR);
    let rows = workstation.call("kb_records", json!({ "list": "reports" }));
    assert_eq!(
        lines(&rows, &["id", "state_text", "n_open_reports"]),
        "kb-water-001 | 第 1 版 | 1\n"
    );
}
