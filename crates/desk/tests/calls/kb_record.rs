//! The life of an article at the desk: written, confirmed, reviewed, found, corrected, taken out.

use expect_test::{Expect, expect};
use serde_json::{Value, json};

use crate::workstation::{Workstation, wait_until};

/// Three people, one after the other at the same desk.
pub(crate) const EDITOR: (&str, &str, &str) = ("周兰", "2001", "knowledge_editing");
pub(crate) const SECOND_EDITOR: (&str, &str, &str) = ("何军", "2002", "knowledge_editing");
pub(crate) const REVIEWER: (&str, &str, &str) = ("吴敏", "2003", "knowledge_review");
pub(crate) const CALL_TAKER: (&str, &str, &str) = ("陈晓梅", "1001", "intake");

pub(crate) fn sit(workstation: &Workstation, (name, number, duty): (&str, &str, &str)) {
    let request = json!({ "operator_name": name, "operator_number": number, "duties": [duty] });
    workstation.call("change_operator", request);
}

pub(crate) fn form() -> Value {
    json!({
        "template": "standard_answer",
        "title": "电子社保卡怎么领",
        "questions": ["电子社保卡在哪里领"],
        "answer": "打开“四川人社”，实名后点“申领”。咨询电话 0818-7300000。",
        "sections": [],
        "internal_note": "每周三上午系统维护",
        "unit": "县人力资源和社会保障局",
        "unit_id": "",
        "responsible_person": "陈静",
        "source": "县人社局来函",
        "valid_from": "",
        "valid_until": "2027-12-31",
        "next_review_on": "2027-06-01",
    })
}

/// The acts of a desk on one article.
pub(crate) struct Desk {
    pub(crate) workstation: Workstation,
    pub(crate) id: Value,
}

impl Desk {
    pub(crate) fn new() -> Self {
        let workstation = Workstation::ready();
        workstation.wait_for_index();
        Self {
            workstation,
            id: Value::Null,
        }
    }

    pub(crate) fn record(&self) -> Value {
        self.workstation.call("kb_record", json!({ "id": self.id }))
    }

    fn request(&self, act: &Value) -> Value {
        let version = if self.id.is_null() {
            json!(0)
        } else {
            self.record()["version"].clone()
        };
        json!({ "id": self.id, "version": version, "act": act })
    }

    pub(crate) fn act(&mut self, who: (&str, &str, &str), act: &Value) {
        sit(&self.workstation, who);
        let request = self.request(act);
        let done = self.workstation.call("act_on_kb_record", request);
        self.id = done["id"].clone();
    }

    pub(crate) fn refused(&self, who: (&str, &str, &str), act: &Value) -> String {
        sit(&self.workstation, who);
        let request = self.request(act);
        self.workstation.error("act_on_kb_record", request)
    }

    /// Written, confirmed by the unit and published.
    pub(crate) fn publish(&mut self, act: &Value) {
        let answer_of = |record: &Value| record["draft"]["revision"].clone();
        self.act(EDITOR, act);
        let revision = answer_of(&self.record());
        self.act(
            EDITOR,
            &json!({ "type": "submit", "base_revision": revision }),
        );
        self.act(
            EDITOR,
            &json!({ "type": "record_confirmation", "name": "陈静", "evidence": "电话 7300000" }),
        );
        self.act(REVIEWER, &json!({ "type": "publish" }));
    }

    /// The ids and marks of what a search finds, once the index has followed.
    fn find(&self, text: &str) -> Vec<Value> {
        let request = json!({ "text": text, "limit": 5 });
        let hits = self.workstation.call("search_knowledge", request)["hits"].clone();
        hits.as_array().unwrap().clone()
    }

    pub(crate) fn wait_until_found(&self, text: &str, is_found: bool) {
        wait_until("the index has followed", || {
            self.find(text).iter().any(|hit| hit["id"] == self.id) == is_found
        });
    }
}

/// The record in some lines.
fn shown(record: &Value) -> String {
    let mut lines = vec![format!(
        "{} {} 复核 {}",
        record["standing_text"], record["holding_text"], record["next_review_text"]
    )];
    if !record["draft"].is_null() {
        let draft = &record["draft"];
        lines.push(format!(
            "草稿 {} {} {} {} 缺 {}",
            draft["revision"],
            draft["stage_text"],
            draft["editors_text"],
            draft["returned_text"],
            draft["missing"]
        ));
    }
    for version in record["versions"].as_array().unwrap() {
        lines.push(format!(
            "第 {} 版 {} | {} | {}",
            version["number"],
            version["editors_text"],
            version["confirmed_text"],
            version["published_text"]
        ));
    }
    for proposal in record["proposals"].as_array().unwrap() {
        lines.push(format!(
            "修改稿 {} {}",
            proposal["number"], proposal["by_text"]
        ));
    }
    for report in record["reports"].as_array().unwrap() {
        lines.push(format!(
            "纠错 {} {} {} {} {}",
            report["number"],
            report["kind_text"],
            report["note"],
            report["by_text"],
            report["outcome_text"]
        ));
    }
    lines.join("\n") + "\n"
}

fn check(desk: &Desk, expected: &Expect) {
    expected.assert_eq(&shown(&desk.record()));
}

#[test]
fn from_the_draft_to_the_answer_that_is_found() {
    let mut desk = Desk::new();
    assert_eq!(
        desk.refused(CALL_TAKER, &json!({ "type": "draft", "form": form() })),
        "refused: “起草”须由知识编辑、承办联络员操作。"
    );
    let mut incomplete = form();
    incomplete["source"] = json!("  ");
    incomplete["next_review_on"] = json!("");
    desk.act(EDITOR, &json!({ "type": "draft", "form": incomplete }));
    check(
        &desk,
        &expect![[r#"
        "未发布" "" 复核 ""
        草稿 1 "编写中" "周兰 2001" "" 缺 ["来源","下次复核日"]
    "#]],
    );
    assert_eq!(
        desk.refused(EDITOR, &json!({ "type": "submit", "base_revision": 1 })),
        "refused: 请填写来源、下次复核日。"
    );
    desk.publish(&json!({ "type": "edit", "form": form(), "base_revision": 1 }));
    check(
        &desk,
        &expect![[r#"
        "使用中" "" 复核 "2027年6月1日"
        第 1 版 "2001" | "2001：陈静（电话 7300000），中心代记" | "吴敏 2003 11月23日（周一）09:15"
    "#]],
    );
    desk.wait_until_found("电子社保卡", true);
    // What a call-taker reads has no internal note in its answer, and says until when it holds.
    let article = desk
        .workstation
        .call("knowledge_article", json!({ "id": desk.id }));
    assert_eq!(article["version"], 1);
    assert_eq!(article["valid_until_text"], "2027年12月31日");
    assert!(!article.to_string().contains("系统维护"));
    // Nothing is lost over a restart.
    let before = desk.record();
    desk.workstation.restart();
    assert_eq!(desk.record(), before);
}

#[test]
fn a_draft_is_handed_back_and_by_nobody_to_himself() {
    let mut desk = Desk::new();
    desk.act(EDITOR, &json!({ "type": "draft", "form": form() }));
    desk.act(EDITOR, &json!({ "type": "submit", "base_revision": 1 }));
    desk.act(
        EDITOR,
        &json!({ "type": "reject_by_unit", "reason": "电话已换" }),
    );
    check(
        &desk,
        &expect![[r#"
        "未发布" "" 复核 ""
        草稿 1 "编写中" "周兰 2001" "周兰 2001 11月23日（周一）09:15 退改：电话已换" 缺 []
    "#]],
    );
    desk.act(EDITOR, &json!({ "type": "submit", "base_revision": 1 }));
    desk.act(
        EDITOR,
        &json!({ "type": "record_confirmation", "name": "陈静", "evidence": "来函" }),
    );
    let both = json!({
        "operator_name": "周兰", "operator_number": "2001",
        "duties": ["knowledge_editing", "knowledge_review"],
    });
    desk.workstation.call("change_operator", both);
    let request = desk.request(&json!({ "type": "publish" }));
    assert_eq!(
        desk.workstation.error("act_on_kb_record", request),
        "refused: 改过此稿或代记单位确认的人不能审核，请换一人审核（第十四条）。"
    );
    desk.act(
        REVIEWER,
        &json!({ "type": "reject_by_center", "reason": "缺办理地点" }),
    );
    check(
        &desk,
        &expect![[r#"
        "未发布" "" 复核 ""
        草稿 1 "编写中" "2001" "吴敏 2003 11月23日（周一）09:15 退改：缺办理地点" 缺 []
    "#]],
    );
}

#[test]
fn two_editors_lose_nothing() {
    let mut desk = Desk::new();
    desk.act(EDITOR, &json!({ "type": "draft", "form": form() }));
    let mut first = form();
    first["answer"] = json!("甲写的答案");
    let mut second = form();
    second["answer"] = json!("乙写的答案");
    desk.act(
        EDITOR,
        &json!({ "type": "edit", "form": first, "base_revision": 1 }),
    );
    assert_eq!(
        desk.refused(
            SECOND_EDITOR,
            &json!({ "type": "edit", "form": second, "base_revision": 1 })
        ),
        "refused: 2001 已把草稿改到第 2 稿。您写的没有丢，可以另存为修改稿，再与现在的草稿对照合并。"
    );
    desk.act(
        SECOND_EDITOR,
        &json!({ "type": "propose_beside", "form": second, "base_version": 0 }),
    );
    check(
        &desk,
        &expect![[r#"
        "未发布" "" 复核 ""
        草稿 2 "编写中" "2001" "" 缺 []
        修改稿 3 "何军 2002 11月23日（周一）09:15"
    "#]],
    );
    let record = desk.record();
    let proposal = &record["proposals"][0];
    assert_eq!(proposal["form"]["answer"], "乙写的答案");
    let mut both = form();
    both["answer"] = json!("甲写的答案\n乙写的答案");
    desk.act(
        EDITOR,
        &json!({ "type": "take_proposal", "proposal": proposal["number"], "form": both, "base_revision": 2 }),
    );
    check(
        &desk,
        &expect![[r#"
        "未发布" "" 复核 ""
        草稿 3 "编写中" "周兰 2001、2002" "" 缺 []
    "#]],
    );
}

#[test]
fn an_error_is_reported_corrected_and_told() {
    let mut desk = Desk::new();
    desk.publish(&json!({ "type": "draft", "form": form() }));
    let report = json!({
        "type": "report_error", "kind": "dead_phone", "read_version": 1,
        "passage": "0818-7300000", "note": "空号",
    });
    desk.act(CALL_TAKER, &report);
    desk.act(EDITOR, &json!({ "type": "accept_report", "report": 1 }));
    desk.act(
        REVIEWER,
        &json!({ "type": "suspend", "reason": "电话有误" }),
    );
    desk.wait_until_found("电子社保卡", false);
    check(
        &desk,
        &expect![[r#"
            "停用待核" "停用待核：电话有误" 复核 "2027年6月1日"
            第 1 版 "2001" | "2001：陈静（电话 7300000），中心代记" | "吴敏 2003 11月23日（周一）09:15"
            纠错 1 "电话打不通" "空号" "陈晓梅 1001 11月23日（周一）09:15" "已受理，修改中"
        "#]],
    );
    let mut corrected = form();
    corrected["answer"] = json!("打开“四川人社”申领。咨询电话 0818-7311111。");
    desk.publish(&json!({ "type": "edit", "form": corrected, "base_revision": 0 }));
    desk.wait_until_found("电子社保卡", true);
    check(
        &desk,
        &expect![[r#"
            "使用中" "" 复核 "2027年6月1日"
            第 2 版 "2001" | "2001：陈静（电话 7300000），中心代记" | "吴敏 2003 11月23日（周一）09:15"
            第 1 版 "2001" | "2001：陈静（电话 7300000），中心代记" | "吴敏 2003 11月23日（周一）09:15"
            纠错 1 "电话打不通" "空号" "陈晓梅 1001 11月23日（周一）09:15" "第 2 版已更正"
        "#]],
    );
    assert_eq!(
        desk.workstation
            .call("knowledge_article", json!({ "id": desk.id }))["version"],
        2
    );
}

#[test]
fn an_article_expires_during_a_call_and_is_checked() {
    let mut desk = Desk::new();
    let mut short = form();
    short["valid_until"] = json!("2026-11-30");
    short["next_review_on"] = json!("2026-11-30");
    desk.publish(&json!({ "type": "draft", "form": short }));
    desk.wait_until_found("电子社保卡", true);
    desk.workstation.set_clock("2026-11-30 23:59");
    assert_eq!(desk.find("电子社保卡")[0]["is_expired"], false);
    desk.workstation.set_clock("2026-12-01 00:01");
    // Nothing that has ended is found unless it is asked for, and then it is marked.
    assert!(desk.find("电子社保卡").is_empty());
    let asked_for = |scope: &Value| {
        let asked = json!({ "text": "电子社保卡", "limit": 3, "scope": scope });
        desk.workstation.call("search_knowledge", asked)
    };
    let in_force = asked_for(&Value::Null);
    assert_eq!(in_force["n_out_of_force"], 1);
    let all = json!({ "includes_out_of_force": true, "unit": null, "template": null });
    assert_eq!(asked_for(&all)["hits"][0]["is_expired"], true);
    check(
        &desk,
        &expect![[r#"
        "已失效" "" 复核 "2026年11月30日"
        第 1 版 "2001" | "2001：陈静（电话 7300000），中心代记" | "吴敏 2003 11月23日（周一）09:15"
    "#]],
    );
    assert_eq!(
        desk.refused(
            EDITOR,
            &json!({ "type": "record_recheck", "name": "陈静", "evidence": "来函", "next_review_on": "2027-06-01" })
        ),
        "refused: 下次复核日不能晚于有效期截止日。"
    );
    desk.act(
        REVIEWER,
        &json!({ "type": "withdraw", "reason": "政策终止" }),
    );
    desk.wait_until_found("电子社保卡", false);
    check(
        &desk,
        &expect![[r#"
        "已废止" "已废止：政策终止" 复核 "2026年11月30日"
        第 1 版 "2001" | "2001：陈静（电话 7300000），中心代记" | "吴敏 2003 11月23日（周一）09:15"
    "#]],
    );
}

#[test]
fn the_lists_of_the_editors() {
    let mut desk = Desk::new();
    desk.publish(&json!({ "type": "draft", "form": form() }));
    desk.act(
        CALL_TAKER,
        &json!({ "type": "report_error", "kind": "wrong", "read_version": 1, "passage": "", "note": "" }),
    );
    desk.workstation.set_clock("2027-05-10 09:00");
    desk.id = Value::Null;
    desk.act(EDITOR, &json!({ "type": "draft", "form": form() }));
    let lists = desk.workstation.call("kb_lists", Value::Null);
    let mut shown = String::new();
    for list in lists.as_array().unwrap() {
        shown.push_str(&format!("{} {}\n", list["title"], list["n"]));
        let rows = desk
            .workstation
            .call("kb_records", json!({ "list": list["list"] }));
        assert_eq!(rows.as_array().unwrap().len(), list["n"]);
        for row in rows.as_array().unwrap() {
            shown.push_str(&format!(
                "  {} {} {} 纠错{} 复核{} {}\n",
                row["title"],
                row["template_text"],
                row["state_text"],
                row["n_open_reports"],
                row["next_review_text"],
                row["changed_text"]
            ));
        }
    }
    expect![[r#"
        "编写中" 1
          "电子社保卡怎么领" "标准答案" "未发布，编写中" 纠错0 复核"" "5月10日（周一）09:00"
        "待单位确认" 0
        "待中心审核" 0
        "纠错待处理" 1
          "电子社保卡怎么领" "标准答案" "第 1 版" 纠错1 复核"2027年6月1日" "11月23日（周一）09:15"
        "复核到期" 1
          "电子社保卡怎么领" "标准答案" "第 1 版" 纠错1 复核"2027年6月1日" "11月23日（周一）09:15"
        "已停止使用" 0
        "全部" 2
          "电子社保卡怎么领" "标准答案" "未发布，编写中" 纠错0 复核"" "5月10日（周一）09:00"
          "电子社保卡怎么领" "标准答案" "第 1 版" 纠错1 复核"2027年6月1日" "11月23日（周一）09:15"
    "#]]
    .assert_eq(&shown);
}

#[test]
fn what_came_with_the_program_gets_a_record_with_the_first_word_said_of_it() {
    let workstation = Workstation::with_samples();
    let id = "kb-water-001";
    sit(&workstation, EDITOR);
    let record = workstation.call("kb_record", json!({ "id": id }));
    assert_eq!(record["version"], 0);
    let mut desk = Desk {
        workstation,
        id: json!(id),
    };
    let mut form = record["versions"][0]["form"].clone();
    form["responsible_person"] = json!("陈静");
    form["next_review_on"] = json!("2027-06-01");
    // A call-taker may report, and may not write; what is refused begins no record.
    let draft = json!({ "type": "draft", "form": form });
    assert_eq!(
        desk.refused(CALL_TAKER, &draft),
        "refused: “修改”须由知识编辑、承办联络员操作。"
    );
    assert_eq!(desk.record()["version"], 0);
    desk.publish(&draft);
    check(
        &desk,
        &expect![[r#"
        "使用中" "" 复核 "2027年6月1日"
        第 2 版 "2001" | "2001：陈静（电话 7300000），中心代记" | "吴敏 2003 11月23日（周一）09:15"
        第 1 版 "" | "" | "随程序载入，未经单位确认和中心审核"
    "#]],
    );
    let article = |desk: &Desk| {
        desk.workstation
            .call("knowledge_article", json!({ "id": id }))
    };
    let published = article(&desk);
    assert_eq!(
        (&published["is_sample"], &published["version"]),
        (&json!(false), &json!(2))
    );
    // Ours now: removing the samples leaves it, and loading them again changes nothing of it.
    desk.workstation.call("remove_samples", Value::Null);
    assert_eq!(article(&desk), published);
    desk.workstation.call("load_samples", Value::Null);
    assert_eq!(article(&desk), published);
}

#[test]
fn two_editors_begin_from_the_same_sample() {
    let workstation = Workstation::with_samples();
    let id = "kb-water-001";
    sit(&workstation, EDITOR);
    let mut form =
        workstation.call("kb_record", json!({ "id": id }))["versions"][0]["form"].clone();
    let draft = |answer: &str| {
        form["answer"] = json!(answer);
        json!({ "id": id, "version": 0, "act": { "type": "draft", "form": form } })
    };
    let mut draft = draft;
    let (first, second) = (draft("甲写的"), draft("乙写的"));
    workstation.call("act_on_kb_record", first);
    sit(&workstation, SECOND_EDITOR);
    assert_eq!(
        workstation.error("act_on_kb_record", second),
        "refused: 2001 已把草稿改到第 1 稿。您写的没有丢，可以另存为修改稿，再与现在的草稿对照合并。"
    );
}

#[test]
fn requests_that_no_window_sends() {
    let desk = Desk::new();
    let mut no_day = form();
    no_day["valid_until"] = json!("明年");
    let mut no_template = form();
    no_template["template"] = json!("poem");
    for (act, message) in [
        (
            json!({ "type": "draft", "form": no_day }),
            "invalid: 有效期“明年”不是日期，请写成 2026-11-24。",
        ),
        (
            json!({ "type": "draft", "form": no_template }),
            "invalid: 请选择知识模板。",
        ),
        (json!({ "type": "publish" }), "refused: 没有找到这条知识。"),
    ] {
        assert_eq!(desk.refused(REVIEWER, &act), message);
    }
    let nobody = json!({ "operator_name": "周兰", "operator_number": "2001", "duties": [] });
    assert_eq!(
        desk.workstation.error("change_operator", nobody),
        "invalid: 请至少选择一个岗位。"
    );
    let request = json!({ "id": "none" });
    assert_eq!(
        desk.workstation.error("kb_record", request),
        "invalid: 这条知识已不存在。"
    );
}
