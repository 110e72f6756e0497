//! 知识缺口 and 知识使用: what is searched for in vain, what helps, and what becomes of it.

use expect_test::{Expect, expect};
use serde_json::{Value, json};

use crate::form::{answer, dispatch, intake, submit, with};
use crate::kb_record::{CALL_TAKER, Desk, EDITOR, form, sit};
use crate::shown::lines;
use crate::workstation::Workstation;

/// What the citizen says never gets anywhere near the list.
const SAID: &str = "我叫王建国，电话13800001234，住和平社区三栋，想问电子社保卡";

fn call_with_search(n: u32, kind: &str, outcome: &Value, searched: &str) -> Value {
    let mut request = submit(n, &with(intake(SAID), "/kind", kind), outcome);
    request["searched"] = json!({ "text": searched, "has_helped": false });
    request
}

fn check(workstation: &Workstation, list: &str, expected: &Expect) {
    let gaps = workstation.call("gaps", json!({ "list": list }));
    let fields = [
        "question",
        "n_asked",
        "counts_text",
        "last_text",
        "is_hot",
        "standing_text",
        "decided_text",
    ];
    expected.assert_eq(&lines(&gaps, &fields));
}

fn first(workstation: &Workstation) -> Value {
    workstation.call("gaps", json!({ "list": "open" }))[0].clone()
}

fn gap_act(gap: &Value, act: &Value) -> Value {
    json!({ "id": gap["id"], "n_decisions": gap["n_decisions"], "act": act })
}

#[test]
fn a_question_without_an_answer_becomes_a_task() {
    let workstation = Workstation::with_samples();
    // Not a consultation, answered, or only searched with success: the knowledge was no problem.
    workstation.call(
        "submit",
        call_with_search(1, "help", &dispatch("unit-labour"), "停水"),
    );
    workstation.call("submit", call_with_search(2, "consultation", &json!({
        "type": "answer_on_the_spot", "answer": "请致电供水公司。", "article_id": "kb-water-001",
    }), "停水"));
    workstation.call("note_search", json!({ "text": "停水" }));
    check(&workstation, "open", &expect![[""]]);
    // Found, not used, and the consultation went to a unit.
    workstation.call(
        "submit",
        call_with_search(
            3,
            "consultation",
            &dispatch("unit-labour"),
            "电子社保卡怎么领 13800001234",
        ),
    );
    // The same call submitted again because its answer was lost counts once.
    workstation.call(
        "submit",
        call_with_search(
            3,
            "consultation",
            &dispatch("unit-labour"),
            "电子社保卡怎么领 13800001234",
        ),
    );
    workstation.set_clock("2026-11-24 09:00");
    // Found nothing at all.
    workstation.call("note_search", json!({ "text": "ζητημα" }));
    workstation.call("note_search", json!({ "text": SAID }));
    // Opened, and did not solve it; asked in other words.
    workstation.call("note_kb_use", json!({
        "article_id": "kb-water-001", "version": 1, "feedback": "unsolved", "searched": "请问电子社保卡在哪里领？",
    }));
    check(
        &workstation,
        "open",
        &expect![[r#"
            电子社保卡怎么领 | 2 | 有结果没用上 1 次，没解决 1 次 | 2026年11月24日 | false | 待处理 | 
            ζητημα | 1 | 没有结果 1 次 | 2026年11月24日 | false | 待处理 | 
        "#]],
    );
    workstation.call(
        "submit",
        call_with_search(
            4,
            "consultation",
            &dispatch("unit-labour"),
            "电子社保卡 怎么领",
        ),
    );
    let hot = |workstation: &Workstation| {
        let offers = workstation.call("kb_task_offers", Value::Null);
        let mut offers = offers.as_array().unwrap().clone();
        offers.retain(|offer| offer["kind"] == "write");
        lines(&json!(offers), &["subject", "ground_text"])
    };
    assert_eq!(
        hot(&workstation),
        "电子社保卡怎么领 | 热点缺口，问过 3 次\n"
    );
    let gap = first(&workstation);
    let assign = json!({ "type": "assign", "unit_id": "unit-labour", "note": "" });
    assert_eq!(
        workstation.error("act_on_gap", gap_act(&gap, &assign)),
        "refused: 知识缺口须由知识编辑处理。"
    );
    sit(&workstation, EDITOR);
    let to_nobody = json!({ "type": "assign", "unit_id": "", "note": "" });
    assert_eq!(
        workstation.error("act_on_gap", gap_act(&gap, &to_nobody)),
        "refused: 请选择承办单位。"
    );
    let done = workstation.call("act_on_gap", gap_act(&gap, &assign));
    assert_eq!(
        done["message"],
        "编写任务 ZS20261124-W01-0001 已下达县人力资源和社会保障局，12月1日（周二）前提交。"
    );
    assert_eq!(
        workstation.error("act_on_gap", gap_act(&gap, &assign)),
        "stale: 内容刚刚有变化，已重新显示，请核对后再操作。"
    );
    check(
        &workstation,
        "assigned",
        &expect![[r#"
        电子社保卡怎么领 | 3 | 有结果没用上 2 次，没解决 1 次 | 2026年11月24日 | false | 已下达编写任务 ZS20261124-W01-0001 | 周兰 2001 11月24日（周二）09:00
    "#]],
    );
    assert_eq!(hot(&workstation), "");
    let task = workstation.call("kb_task", json!({ "number": "ZS20261124-W01-0001" }));
    assert_eq!(task["row"]["subject"], "电子社保卡怎么领");
    // No word of the citizen, no number.
    let everything = workstation
        .call("gaps", json!({ "list": "assigned" }))
        .to_string()
        + &workstation
            .call("gaps", json!({ "list": "open" }))
            .to_string();
    for private in ["王建国", "13800001234", "和平社区"] {
        assert!(!everything.contains(private), "{everything}");
    }
}

#[test]
fn a_gap_is_put_down_to_an_article_or_set_aside() {
    let mut desk = Desk::new();
    desk.publish(&json!({ "type": "draft", "form": form() }));
    desk.wait_until_found("手机上的社保卡", true);
    let workstation = &desk.workstation;
    sit(workstation, CALL_TAKER);
    workstation.call(
        "submit",
        call_with_search(
            1,
            "consultation",
            &dispatch("unit-labour"),
            "手机上的社保卡",
        ),
    );
    workstation.call(
        "submit",
        call_with_search(2, "consultation", &dispatch("unit-labour"), "阿巴阿巴"),
    );
    sit(workstation, EDITOR);
    let gaps = workstation.call("gaps", json!({ "list": "open" }));
    let about = |question: &str| {
        let mut gaps = gaps.as_array().unwrap().iter();
        gaps.find(|gap| gap["question"] == question)
            .unwrap()
            .clone()
    };
    let set_aside = |reason: &str| json!({ "type": "set_aside", "reason": reason });
    let nonsense = about("阿巴阿巴");
    assert_eq!(
        workstation.error("act_on_gap", gap_act(&nonsense, &set_aside(" "))),
        "refused: 请填写理由。"
    );
    workstation.call("act_on_gap", gap_act(&nonsense, &set_aside("误输")));
    let gone = json!({ "type": "link", "article_id": "gone" });
    let phone_card = about("手机上的社保卡");
    assert_eq!(
        workstation.error("act_on_gap", gap_act(&phone_card, &gone)),
        "invalid: 这条知识已不存在。"
    );
    let link = json!({ "type": "link", "article_id": desk.id });
    let done = workstation.call("act_on_gap", gap_act(&phone_card, &link));
    assert_eq!(
        done["message"],
        "已归入《电子社保卡怎么领》，下次修改时可加为群众的说法。"
    );
    check(
        workstation,
        "linked",
        &expect![[r#"
            手机上的社保卡 | 1 | 有结果没用上 1 次 | 2026年11月23日 | false | 已归入现有条目 | 周兰 2001 11月23日（周一）09:15
        "#]],
    );
    check(
        workstation,
        "set_aside",
        &expect![[r#"
        阿巴阿巴 | 1 | 没有结果 1 次 | 2026年11月23日 | false | 已搁置：误输 | 周兰 2001 11月23日（周一）09:15
    "#]],
    );
    let lists = workstation.call("gap_lists", Value::Null);
    assert_eq!(
        lines(&lists, &["title", "n"]),
        "待处理 | 0\n已下达任务 | 0\n已归入条目 | 1\n已搁置 | 1\n"
    );
    // The linked question is offered to the next draft, and not once it is there.
    assert_eq!(
        desk.record()["further_questions"],
        json!(["手机上的社保卡"])
    );
    let mut more = form();
    more["questions"] = json!(["电子社保卡在哪里领", "手机上的社保卡"]);
    desk.publish(&json!({ "type": "edit", "form": more, "base_revision": 0 }));
    assert_eq!(desk.record()["further_questions"], json!([]));
    // Asked again, what was set aside counts on, and can be taken up again.
    let workstation = &desk.workstation;
    workstation.set_clock("2026-11-25 09:00");
    sit(workstation, CALL_TAKER);
    workstation.call(
        "submit",
        call_with_search(3, "consultation", &dispatch("unit-labour"), "阿巴阿巴"),
    );
    sit(workstation, EDITOR);
    check(
        workstation,
        "set_aside",
        &expect![[r#"
        阿巴阿巴 | 2 | 没有结果 2 次 | 2026年11月25日 | false | 已搁置：误输 | 周兰 2001 11月23日（周一）09:15
    "#]],
    );
    let aside = workstation.call("gaps", json!({ "list": "set_aside" }))[0].clone();
    workstation.call("act_on_gap", gap_act(&aside, &json!({ "type": "reopen" })));
    assert_eq!(first(workstation)["question"], "阿巴阿巴");
    let unknown = json!({ "id": "none", "n_decisions": 0, "act": { "type": "reopen" } });
    assert_eq!(
        workstation.error("act_on_gap", unknown),
        "invalid: 没有找到这个缺口。"
    );
}

#[test]
fn use_is_counted_and_sorts_the_editors_list() {
    let mut desk = Desk::new();
    desk.publish(&json!({ "type": "draft", "form": form() }));
    let cited = desk.id.clone();
    let used = |desk: &Desk, id: &Value| {
        desk.workstation.call("kb_use", json!({ "id": id }))["text"].clone()
    };
    assert_eq!(used(&desk, &cited), "本月引用 0 次，没解决 0 次，纠错 0 次");
    desk.workstation.set_clock("2026-11-24 09:00");
    desk.id = Value::Null;
    let mut other = form();
    other["title"] = json!("社保卡挂失");
    desk.publish(&json!({ "type": "draft", "form": other }));
    sit(&desk.workstation, CALL_TAKER);
    for n in 1..=2 {
        let outcome = json!({
            "type": "answer_on_the_spot", "answer": "在“四川人社”申领。", "article_id": cited,
        });
        desk.workstation.call(
            "submit",
            call_with_search(n, "consultation", &outcome, "电子社保卡"),
        );
    }
    desk.workstation
        .submitted(3, &intake(SAID), &answer("请到窗口。"));
    let note = |feedback: &str| json!({ "article_id": cited, "version": 1, "feedback": feedback, "searched": "" });
    for (feedback, message) in [
        ("opened", ""),
        ("helped", "已记为有用。"),
        ("unsolved", "已记为没解决，供知识编辑查漏补缺。"),
    ] {
        let noted = desk.workstation.call("note_kb_use", note(feedback));
        assert_eq!(noted["message"], message);
    }
    let mut other_version = note("helped");
    other_version["version"] = json!(2);
    assert_eq!(
        desk.workstation.error("note_kb_use", other_version),
        "invalid: 这条知识已有变化，请重新打开。"
    );
    assert_eq!(
        used(&desk, &cited),
        "本月引用 2 次，没解决 1 次，纠错 0 次，有用 1 次，查阅 1 次"
    );
    let rows = |order: &str| {
        let request = json!({ "list": "all", "order": order });
        lines(
            &desk.workstation.call("kb_records", request),
            &["title", "n_cited", "n_unsolved"],
        )
    };
    assert_eq!(
        rows("own"),
        "社保卡挂失 | 0 | 0\n电子社保卡怎么领 | 2 | 1\n"
    );
    assert_eq!(
        rows("most_cited"),
        "电子社保卡怎么领 | 2 | 1\n社保卡挂失 | 0 | 0\n"
    );
    // Nothing was typed to search: nothing is asked.
    assert_eq!(
        desk.workstation.call("gaps", json!({ "list": "open" })),
        json!([])
    );
    desk.workstation.set_clock("2026-12-01 09:00");
    assert_eq!(used(&desk, &cited), "本月引用 0 次，没解决 0 次，纠错 0 次");
}
