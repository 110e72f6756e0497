//! 对照: two versions, and a proposal put together with the draft field by field.

use std::fmt::Write as _;

use expect_test::expect;
use serde_json::{Value, json};

use crate::kb_record::{Desk, EDITOR, SECOND_EDITOR, form};

/// `[-taken out-]{+put in+}`.
fn said(segments: &Value) -> String {
    let segments = segments.as_array().unwrap().iter();
    segments
        .map(|segment| {
            let text = segment["text"].as_str().unwrap();
            match segment["kind"].as_str().unwrap() {
                "removed" => format!("[-{text}-]"),
                "added" => format!("{{+{text}+}}"),
                _ => text.to_owned(),
            }
        })
        .collect()
}

fn compared(desk: &Desk, before: &Value, after: &Value) -> String {
    let request = json!({ "id": desk.id, "before": before, "after": after });
    let difference = desk.workstation.call("kb_difference", request);
    let mut text = format!(
        "{} → {}\n",
        difference["before_text"], difference["after_text"]
    );
    for field in difference["fields"].as_array().unwrap() {
        writeln!(
            text,
            "{}：{}",
            field["label"].as_str().unwrap(),
            said(&field["segments"])
        )
        .unwrap();
    }
    text
}

fn corrected() -> Value {
    let mut form = form();
    form["answer"] = json!("打开“四川人社”，实名后点“申领”。咨询电话 0818-7311111。");
    form["valid_until"] = json!("");
    form["sections"] = json!([{ "label": "收费", "text": "不收费" }]);
    form
}

#[test]
fn two_versions_side_by_side() {
    let mut desk = Desk::new();
    desk.publish(&json!({ "type": "draft", "form": form() }));
    desk.act(
        EDITOR,
        &json!({ "type": "edit", "form": corrected(), "base_revision": 0 }),
    );
    let version = |number: u32| json!({ "type": "version", "number": number });
    let draft = json!({ "type": "draft" });
    expect![[r#"
        "第 1 版" → "草稿第 1 稿"
        标准答案：打开“四川人社”，实名后点“申领”。咨询电话 0818-73[-00000-]{+11111+}。
        收费：{+不收费+}
        有效期：[-至 2027年12月31日-]{+长期有效+}
    "#]]
    .assert_eq(&compared(&desk, &version(1), &draft));
    assert_eq!(
        compared(&desk, &draft, &draft),
        "\"草稿第 1 稿\" → \"草稿第 1 稿\"\n"
    );
    for (before, message) in [
        (version(2), "refused: 没有第 2 版。"),
        (
            json!({ "type": "proposal", "number": 9 }),
            "refused: 没有这份修改稿。",
        ),
    ] {
        let request = json!({ "id": desk.id, "before": before, "after": draft });
        assert_eq!(desk.workstation.error("kb_difference", request), message);
    }
    let request = json!({ "id": "none", "before": draft, "after": draft });
    assert_eq!(
        desk.workstation.error("kb_difference", request),
        "refused: 没有找到这条知识。"
    );
}

#[test]
fn a_proposal_is_put_together_with_the_draft() {
    let mut desk = Desk::new();
    desk.publish(&json!({ "type": "draft", "form": form() }));
    let mut first = form();
    first["title"] = json!("电子社保卡领取");
    first["source"] = json!("县人社局来函〔2026〕9号");
    desk.act(
        EDITOR,
        &json!({ "type": "edit", "form": first, "base_revision": 0 }),
    );
    let mut second = corrected();
    second["title"] = json!("电子社保卡怎么申领");
    desk.act(
        SECOND_EDITOR,
        &json!({ "type": "propose_beside", "form": second, "base_version": 1 }),
    );
    let number = desk.record()["proposals"][0]["number"].clone();
    let request = json!({ "id": desk.id, "proposal": number });
    let merge = desk.workstation.call("kb_merge", request.clone());
    let mut text = format!(
        "{} {} {}\n",
        merge["base_text"], merge["draft_text"], merge["proposal_text"]
    );
    for field in merge["fields"].as_array().unwrap() {
        writeln!(
            text,
            "{}（{}）{} | {} | {}",
            field["label"].as_str().unwrap(),
            field["changed_by_text"].as_str().unwrap(),
            said(&field["draft"]),
            said(&field["proposal"]),
            field["takes_proposal"],
        )
        .unwrap();
    }
    expect![[r#"
        "第 1 版" "草稿第 1 稿" "何军 2002 11月23日（周一）09:15"
        标题（两边都改了）电子社保卡[-怎么-]领{+取+} | 电子社保卡怎么{+申+}领 | false
        标准答案（只有修改稿改了）打开“四川人社”，实名后点“申领”。咨询电话 0818-7300000。 | 打开“四川人社”，实名后点“申领”。咨询电话 0818-73[-00000-]{+11111+}。 | true
        收费（只有修改稿改了） | {+不收费+} | true
        来源（只有草稿改了）县人社局来函{+〔2026〕9号+} | 县人社局来函 | false
        有效期（只有修改稿改了）至 2027年12月31日 | [-至 2027年12月31日-]{+长期有效+} | true
    "#]].assert_eq(&text);
    let take = |fields: &[&str], base_revision: u32| {
        json!({
            "type": "merge_proposal", "proposal": number, "base_revision": base_revision, "fields": fields,
        })
    };
    assert_eq!(
        desk.refused(EDITOR, &take(&["unit"], 1)),
        "invalid: 草稿与修改稿在“unit”上没有不同，请重新对照。"
    );
    assert_eq!(
        desk.refused(EDITOR, &take(&["answer"], 7)),
        "refused: 2001 已把草稿改到第 1 稿。您写的没有丢，可以另存为修改稿，再与现在的草稿对照合并。"
    );
    desk.act(EDITOR, &take(&["answer", "section 收费"], 1));
    let record = desk.record();
    assert_eq!(record["proposals"], json!([]));
    let draft = &record["draft"];
    assert_eq!(draft["revision"], 2);
    assert_eq!(draft["editors_text"], "周兰 2001、2002");
    let form = &draft["form"];
    assert_eq!(form["title"], "电子社保卡领取");
    assert_eq!(form["answer"], corrected()["answer"]);
    assert_eq!(form["sections"], corrected()["sections"]);
    assert_eq!(form["valid_until"], "2027-12-31");
    assert_eq!(
        desk.workstation.error("kb_merge", request),
        "refused: 没有这份修改稿。"
    );
}
