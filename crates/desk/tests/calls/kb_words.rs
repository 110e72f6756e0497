//! 说法与同义词: what an editor does is found by the next search, and what people typed is proposed.

use expect_test::{Expect, expect};
use serde_json::{Value, json};

use crate::form::{answer, intake, submit};
use crate::kb_record::{CALL_TAKER, Desk, EDITOR, form, sit};
use crate::shown::lines;
use crate::workstation::Workstation;

/// What the citizen says never gets anywhere near the list.
const SAID: &str = "我叫王建国，电话13800001234，住和平社区三栋，想问芯牌牌";
const GROUP: &[&str] = &["origin_text", "is_set_aside", "changed_text", "n_changes"];

fn act(workstation: &Workstation, act: &Value) -> String {
    let done = workstation.call("act_on_kb_words", json!({ "act": act }));
    done["message"].as_str().unwrap().to_owned()
}

fn refused(workstation: &Workstation, act: &Value) -> String {
    workstation.error("act_on_kb_words", json!({ "act": act }))
}

fn add(words: &str) -> Value {
    json!({ "type": "add_group", "words": words })
}

/// The group that has the word.
fn group(workstation: &Workstation, word: &str) -> Value {
    let known = workstation.call("kb_words", Value::Null);
    let mut groups = known["groups"].as_array().unwrap().iter();
    let has_it = |group: &&Value| group["words"].as_array().unwrap().contains(&json!(word));
    groups.find(has_it).unwrap().clone()
}

fn on_group(kind: &str, group: &Value) -> Value {
    json!({ "type": kind, "id": group["id"], "n_changes": group["n_changes"] })
}

fn on_saying(kind: &str, saying: &Value) -> Value {
    json!({ "type": kind, "article_id": saying["article_id"], "text": saying["text"] })
}

/// Why each hit was found, a line each.
fn grounds(workstation: &Workstation, text: &str) -> String {
    let request = json!({ "text": text, "limit": 5 });
    lines(
        &workstation.call("search_knowledge", request)["hits"],
        &["ground"],
    )
}

fn check_sayings(workstation: &Workstation, expected: &Expect) {
    let sayings = workstation.call("kb_words", Value::Null)["sayings"].clone();
    let fields = [
        "text",
        "article_title",
        "n_used",
        "last_text",
        "state",
        "state_text",
        "decided_text",
    ];
    expected.assert_eq(&lines(&sayings, &fields));
}

fn first_saying(workstation: &Workstation) -> Value {
    workstation.call("kb_words", Value::Null)["sayings"][0].clone()
}

#[test]
fn a_group_is_found_by_the_next_search() {
    let mut desk = Desk::new();
    desk.publish(&json!({ "type": "draft", "form": form() }));
    desk.wait_until_found("电子社保卡", true);
    let workstation = &mut desk.workstation;
    assert_eq!(grounds(workstation, "芯牌牌"), "");
    sit(workstation, CALL_TAKER);
    assert_eq!(
        refused(workstation, &add("芯牌牌 社保卡")),
        "refused: 同义词须由知识编辑维护。"
    );
    sit(workstation, EDITOR);
    for (words, why) in [
        ("芯牌牌", "一组至少 2 个词，以空格分开，如“户口 户籍”。"),
        ("", "一组至少 2 个词，以空格分开，如“户口 户籍”。"),
        ("户籍、户口", "已有同样的一组：户口、户籍。"),
        ("芯牌牌 社保卡　芯牌牌", "“芯牌牌”在这一组里重复了。"),
        ("芯牌牌 ？？", "“??”只有标点，检索不到，请去掉。"),
        (
            "芯牌牌 一二三四五六七八九十一二三四五六七",
            "“一二三四五六七八九十一二三四五六七”太长，一个词最多 16 字。",
        ),
    ] {
        assert_eq!(
            refused(workstation, &add(words)),
            format!("refused: {why}"),
            "{words}"
        );
    }
    assert_eq!(grounds(workstation, "芯牌牌"), "");
    assert_eq!(
        act(workstation, &add(" 芯牌牌　社保卡 ")),
        "已增加，下一次检索起生效。"
    );
    expect![[r#"
        “芯牌牌”即“社保卡”；标题含“社保卡”
    "#]]
    .assert_eq(&grounds(workstation, "芯牌牌"));
    // The group of the program that has one of its words goes on.
    expect![[r#"
        “社会保障卡”即“社保卡”；标题含“社保卡”
    "#]]
    .assert_eq(&grounds(workstation, "社会保障卡"));
    let own = group(workstation, "芯牌牌");
    assert_eq!(
        lines(&json!([own]), GROUP),
        "本中心 | false | 周兰 2001 11月23日（周一）09:15 | 1\n"
    );
    // It is there after a restart, can be changed, and no longer counts once it is set aside.
    workstation.restart();
    workstation.wait_for_index();
    sit(workstation, EDITOR);
    assert!(!grounds(workstation, "芯牌牌").is_empty());
    let mut change = on_group("change_group", &own);
    change["words"] = json!("芯板板 社保卡");
    assert_eq!(act(workstation, &change), "已修改，下一次检索起生效。");
    assert_eq!(grounds(workstation, "芯牌牌"), "");
    assert!(!grounds(workstation, "芯板板").is_empty());
    assert_eq!(
        refused(workstation, &change),
        "stale: 内容刚刚有变化，已重新显示，请核对后再操作。"
    );
    let own = group(workstation, "芯板板");
    let aside = on_group("set_group_aside", &own);
    assert_eq!(act(workstation, &aside), "已停用，下一次检索起生效。");
    assert_eq!(grounds(workstation, "芯板板"), "");
    let own = group(workstation, "芯板板");
    let restore = on_group("restore_group", &own);
    assert_eq!(act(workstation, &restore), "已恢复，下一次检索起生效。");
    assert!(!grounds(workstation, "芯板板").is_empty());
    let unknown = json!({ "type": "set_group_aside", "id": "none", "n_changes": 0 });
    assert_eq!(refused(workstation, &unknown), "refused: 没有找到这一组。");
}

#[test]
fn a_group_of_the_program_is_set_aside_and_changed() {
    let workstation = Workstation::ready();
    sit(&workstation, EDITOR);
    let n_groups = || {
        let known = workstation.call("kb_words", Value::Null);
        known["groups"].as_array().unwrap().len()
    };
    let n_shipped = n_groups();
    let shipped = group(&workstation, "户口");
    assert_eq!(lines(&json!([shipped]), GROUP), "随程序 | false |  | 0\n");
    act(&workstation, &on_group("set_group_aside", &shipped));
    let aside = group(&workstation, "户口");
    assert_eq!(
        lines(&json!([aside]), GROUP),
        "随程序 | true | 周兰 2001 11月23日（周一）09:15 | 1\n"
    );
    act(&workstation, &on_group("restore_group", &aside));
    let mut change = on_group("change_group", &group(&workstation, "户口"));
    change["words"] = json!("户口 户籍 户头");
    act(&workstation, &change);
    assert_eq!(n_groups(), n_shipped + 1);
    let own = group(&workstation, "户口");
    assert_eq!(own["words"], json!(["户口", "户籍", "户头"]));
    assert_eq!(
        lines(&json!([own]), GROUP),
        "本中心 | false | 周兰 2001 11月23日（周一）09:15 | 1\n"
    );
}

#[test]
fn what_people_typed_becomes_a_way_of_asking() {
    let mut desk = Desk::new();
    desk.publish(&json!({ "type": "draft", "form": form() }));
    let workstation = &desk.workstation;
    sit(workstation, CALL_TAKER);
    let cite = |n: u32, searched: &str, has_helped: bool| {
        let mut outcome = answer("在“四川人社”申领。");
        outcome["article_id"] = desk.id.clone();
        let mut request = submit(n, &intake(SAID), &outcome);
        request["searched"] = json!({ "text": searched, "has_helped": has_helped });
        workstation.call("submit", request);
    };
    let helped = |searched: &str| {
        workstation.call(
            "note_kb_use",
            json!({
                "article_id": desk.id, "version": 1, "feedback": "helped", "searched": searched,
            }),
        );
    };
    // Once is nothing; a submit that is repeated and a call that was told before count once.
    cite(1, "芯牌牌哪里领", false);
    cite(1, "芯牌牌哪里领", false);
    check_sayings(workstation, &expect![[""]]);
    workstation.set_clock("2026-11-24 09:00");
    helped("芯牌牌哪里领？");
    cite(2, "芯牌牌哪里领", true);
    // What the article is called, whole messages and what holds a number teach nothing.
    for searched in ["社保卡 怎么领", SAID, "身份证51302119900101123x芯牌牌", ""] {
        helped(searched);
        helped(searched);
    }
    // Without an article nothing is learnt.
    let mut other = submit(3, &intake(SAID), &answer("请到窗口。"));
    other["searched"] = json!({ "text": "芯牌牌补办", "has_helped": false });
    workstation.call("submit", other);
    check_sayings(
        workstation,
        &expect![[r#"
            芯牌牌哪里领 | 电子社保卡怎么领 | 2 | 2026年11月24日 | proposed | 待采纳 | 
        "#]],
    );
    let everything = workstation.call("kb_words", Value::Null).to_string();
    for private in ["王建国", "13800001234", "和平社区", "51302119900101123"] {
        assert!(!everything.contains(private), "{private}");
    }
    let approve = on_saying("approve_saying", &first_saying(workstation));
    assert_eq!(
        refused(workstation, &approve),
        "refused: 学到的说法须由知识编辑采纳。"
    );
    sit(workstation, EDITOR);
    assert_eq!(
        act(workstation, &approve),
        "已采纳，下次修改《电子社保卡怎么领》时可加为群众的说法。"
    );
    assert_eq!(refused(workstation, &approve), "refused: 这个说法已采纳。");
    check_sayings(
        workstation,
        &expect![[r#"
            芯牌牌哪里领 | 电子社保卡怎么领 | 2 | 2026年11月24日 | approved | 已采纳 | 周兰 2001 11月24日（周二）09:00
        "#]],
    );
    // It is offered to the next draft, and not once it is there.
    assert_eq!(desk.record()["further_questions"], json!(["芯牌牌哪里领"]));
    let mut more = form();
    more["questions"] = json!(["电子社保卡在哪里领", "芯牌牌哪里领"]);
    desk.publish(&json!({ "type": "edit", "form": more, "base_revision": 0 }));
    assert_eq!(desk.record()["further_questions"], json!([]));
    assert_eq!(
        desk.record()["versions"][0]["form"]["questions"],
        json!(["电子社保卡在哪里领", "芯牌牌哪里领"])
    );
}

#[test]
fn a_saying_is_set_aside_with_a_reason() {
    let mut desk = Desk::new();
    desk.publish(&json!({ "type": "draft", "form": form() }));
    let workstation = &desk.workstation;
    let used = json!({
        "article_id": desk.id, "version": 1, "feedback": "helped", "searched": "阿巴阿巴",
    });
    workstation.call("note_kb_use", used.clone());
    workstation.call("note_kb_use", used);
    sit(workstation, EDITOR);
    let mut aside = on_saying("set_saying_aside", &first_saying(workstation));
    aside["reason"] = json!(" ");
    assert_eq!(refused(workstation, &aside), "refused: 请填写理由。");
    aside["reason"] = json!("误输");
    assert_eq!(act(workstation, &aside), "已记为不采纳。");
    check_sayings(
        workstation,
        &expect![[r#"
            阿巴阿巴 | 电子社保卡怎么领 | 2 | 2026年11月23日 | set_aside | 不采纳：误输 | 周兰 2001 11月23日（周一）09:15
        "#]],
    );
    assert_eq!(desk.record()["further_questions"], json!([]));
    let reopen = on_saying("reopen_saying", &first_saying(workstation));
    assert_eq!(act(workstation, &reopen), "已重新列为待采纳。");
    assert_eq!(first_saying(workstation)["state"], "proposed");
    let unknown = json!({ "type": "approve_saying", "article_id": desk.id, "text": "没说过" });
    assert_eq!(
        refused(workstation, &unknown),
        "invalid: 没有找到这个说法。"
    );
}
