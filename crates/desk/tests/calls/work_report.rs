//! 工作专报: a report from the figures of the desk to the paper.

use documents::word::{self, Block};
use domain::Role;
use expect_test::expect;
use serde_json::{Value, json};

use crate::center::{LocalCenter, enrolled, sign_in, until_quiet};
use crate::files::handed;
use crate::form::{answer, dispatch, intake, submit, with};
use crate::workstation::Workstation;

const WATER: &str = "unit-water-affairs";
const NAME: &str = "欧阳金雀";
const PHONE: &str = "13800001234";

/// Four matters of two days: one is confidential, and one was answered at once.
fn office() -> (Workstation, std::sync::Arc<LocalCenter>) {
    let center = LocalCenter::new();
    let mut workstation = enrolled(&center);
    center.add("2001", "罗兰", &[Role::Analyst]);
    center.add("2002", "江辉", &[Role::CountyOffice]);
    let named = |text: &str| {
        let form = with(intake(text), "/caller/name", NAME);
        let form = with(form, "/title", format!("{NAME}家停水"));
        with(form, "/place/detail", "桥头3号")
    };
    let given = [
        ("2026-11-23 09:15", named("停水"), dispatch(WATER)),
        ("2026-11-26 09:20", named("又停水"), dispatch(WATER)),
        (
            "2026-11-26 09:40",
            with(named("保密"), "/is_confidential", true),
            dispatch(WATER),
        ),
        ("2026-11-26 10:00", named("几点上班"), answer("九点")),
    ];
    for (n, (time, form, outcome)) in (1_u32..).zip(given) {
        center.set_clock(time);
        workstation.set_clock(time);
        sign_in(&workstation, "1001");
        workstation.call("submit", submit(n, &form, &outcome));
    }
    until_quiet(&workstation, &center);
    workstation.move_into_a_window();
    sign_in(&workstation, "2001");
    (workstation, center)
}

fn act(workstation: &Workstation, id: &Value, version: u32, act: Value) -> Result<u64, String> {
    let mut request = json!({ "id": id, "version": version });
    request["act"] = act;
    match workstation.host().call("act_on_work_report", request) {
        Ok(reply) => Ok(reply.value["version"].as_u64().unwrap()),
        Err(error) => Err(error.message),
    }
}

fn export(workstation: &Workstation, id: &Value, version: u32, output: &str) -> Vec<u8> {
    let request = json!({
        "id": id, "version": version, "output": output,
        "reported_to": "县政府办公室", "copied_to": "",
    });
    let made = workstation.call("export_work_report", request);
    handed(workstation, &made)
}

fn text_of(docx: &[u8]) -> String {
    let blocks = word::read(docx).unwrap().into_iter();
    let texts = blocks.map(|block| match block {
        Block::Heading { text, .. } | Block::Paragraph { text } | Block::Item { text } => text,
        Block::Table { rows } => rows
            .iter()
            .map(|row| row.join(" | "))
            .collect::<Vec<_>>()
            .join("\n"),
    });
    texts.collect::<Vec<_>>().join("\n")
}

#[test]
fn article_16_from_the_figures_to_the_paper() {
    let (workstation, _center) = office();
    let drafted = workstation.call(
        "draft_work_report",
        json!({ "type": "monthly", "day": "2026-11-26" }),
    );
    let id = &drafted["id"];
    let detail = workstation.call("work_report", json!({ "id": id }));
    let body = detail["body"].as_str().unwrap().to_owned();
    expect![[r#"
        ## 总体情况

        2026年11月1日至11月26日，共受理诉求 4 件。上期（2026年10月1日至10月26日）没有数据，不作比较。上年同期（2025年11月1日至11月26日）没有数据，不作比较。

        按诉求类型：求助 4 件。

        按受理渠道：电话 4 件。

        当场答复 1 件，当场答复率 25.0%；派单办理 3 件。

        折线图：受理走势（件）

        | 日期 | 受理 | 其中超期 |
        |---|---|---|
        | 11月1日 | 0 | 0 |
        | 11月2日 | 0 | 0 |
        | 11月3日 | 0 | 0 |
        | 11月4日 | 0 | 0 |
        | 11月5日 | 0 | 0 |
        | 11月6日 | 0 | 0 |
        | 11月7日 | 0 | 0 |
        | 11月8日 | 0 | 0 |
        | 11月9日 | 0 | 0 |
        | 11月10日 | 0 | 0 |
        | 11月11日 | 0 | 0 |
        | 11月12日 | 0 | 0 |
        | 11月13日 | 0 | 0 |
        | 11月14日 | 0 | 0 |
        | 11月15日 | 0 | 0 |
        | 11月16日 | 0 | 0 |
        | 11月17日 | 0 | 0 |
        | 11月18日 | 0 | 0 |
        | 11月19日 | 0 | 0 |
        | 11月20日 | 0 | 0 |
        | 11月21日 | 0 | 0 |
        | 11月22日 | 0 | 0 |
        | 11月23日 | 1 | 0 |
        | 11月24日 | 0 | 0 |
        | 11月25日 | 0 | 0 |
        | 11月26日 | 3 | 0 |

        ## 办理情况

        截至2026年11月26日 10:00，派单办理 3 件，其中超期 0 件，超期率 0.0%，其余 3 件没有超期。

        表：主办单位

        | 主办单位 | 派单 | 超期 | 超期率 | 满意率 |
        |---|---|---|---|---|
        | 县水务局 | 3 | 0 | 0.0% | — |

        ## 群众评价

        本期受理的诉求还没有评价。

        ## 热点

        截至2026年11月26日 10:00：

        - 渠江街道多人反映，共 4 件，近 24 小时 3 件，前 24 小时 0 件（工单 20261126-W01-0003、20261126-W01-0001、20261123-W01-0001）

        ## 工作建议

        （待撰写）"#]].assert_eq(&body);

    // People write; what is not right is said, and changes nothing.
    let written = body.replace("（待撰写）", "- 提前公布检修时间。");
    let revise =
        |title: &str, body: &str| json!({ "type": "revise", "title": title, "body": body });
    let finish = || json!({ "type": "finish", "issue": "18" });
    let title = "十一月热线月报";
    let told = [
        act(&workstation, id, 1, finish()),
        act(
            &workstation,
            id,
            1,
            revise(title, &format!("{body}{PHONE}")),
        ),
        act(&workstation, id, 1, revise(title, &written)),
        act(&workstation, id, 1, revise(title, &body)),
        act(
            &workstation,
            id,
            2,
            json!({ "type": "take_up", "version": 9 }),
        ),
        act(&workstation, id, 2, finish()),
        act(&workstation, id, 3, revise(title, &body)),
        act(
            &workstation,
            id,
            3,
            json!({ "type": "reopen", "reason": "数据更新" }),
        ),
        act(
            &workstation,
            id,
            4,
            json!({ "type": "take_up", "version": 1 }),
        ),
        act(
            &workstation,
            id,
            5,
            json!({ "type": "take_up", "version": 3 }),
        ),
        act(&workstation, id, 6, finish()),
    ];
    let told: Vec<String> = told.iter().map(|it| format!("{it:?}")).collect();
    expect![[r#"
        Err("还有“待撰写”的内容，写好或删去以后再定稿。")
        Err("专报里不能写个人的手机号或身份证号，请改用工单编号。")
        Ok(2)
        Err("内容刚刚有变化，已重新显示，请核对后再操作。")
        Err("没有这份专报。")
        Ok(3)
        Err("已经定稿，要修改请先撤回定稿。")
        Ok(4)
        Ok(5)
        Ok(6)
        Ok(7)"#]]
    .assert_eq(&told.join("\n"));
    let detail = workstation.call("work_report", json!({ "id": id }));
    let lines = detail["versions"].as_array().unwrap().iter().map(|it| {
        let text = |name: &str| it[name].as_str().unwrap().to_owned();
        format!(
            "{} {} {} +{} −{}",
            it["number"],
            text("act_text"),
            text("by_text"),
            it["n_added"],
            it["n_removed"]
        )
    });
    expect![[r#"
        7 定稿，第 18 期 罗兰 2001 +0 −0
        6 恢复第 3 版 罗兰 2001 +11 −5
        5 恢复第 1 版 罗兰 2001 +5 −11
        4 撤回定稿，数据更新 罗兰 2001 +0 −0
        3 定稿，第 18 期 罗兰 2001 +0 −0
        2 修改 罗兰 2001 +11 −5
        1 自动起草 罗兰 2001 +0 −0"#]]
    .assert_eq(&lines.collect::<Vec<_>>().join("\n"));

    // An older one is looked at, with what it changed.
    let older = workstation.call("work_report_version", json!({ "id": id, "version": 2 }));
    let changes = older["changes"].as_array().unwrap();
    let added = changes.iter().filter(|it| it["kind"] == "added");
    let added: Vec<&str> = added.map(|it| it["text"].as_str().unwrap()).collect();
    assert!(added.concat().contains("提前公布检修时间"), "{added:?}");

    // On paper stands what stands in the text.
    let paper = text_of(&export(&workstation, id, 7, "docx"));
    for said in [
        title,
        "一、总体情况",
        "（草稿",
        "提前公布检修时间",
        "20261123-W01-0001",
    ] {
        assert_eq!(
            paper.contains(said),
            !said.starts_with('（'),
            "{said}: {paper}"
        );
    }
    let pdf = export(&workstation, id, 7, "pdf");
    assert!(pdf.starts_with(b"%PDF"));
    let markdown = String::from_utf8(export(&workstation, id, 7, "markdown")).unwrap();
    // And below it who handed it out, when, what for and under which number.
    let (text, foot) = markdown.trim_end().rsplit_once("\n\n").unwrap();
    assert_eq!(text, format!("# {title}\n\n{written}"));
    assert!(foot.contains("导出编号 W01-"), "{foot}");
    for personal in [NAME, PHONE, "桥头", "20261126-W01-0002"] {
        assert!(
            !paper.contains(personal) && !markdown.contains(personal),
            "{personal}"
        );
    }
}

#[test]
fn a_topic_in_red_and_who_only_reads() {
    let (workstation, _center) = office();
    let topic = json!({
        "type": "topic", "days": { "type": "span", "span": "month" },
        "dimension": "unit", "value": WATER,
    });
    let drafted = workstation.call("draft_work_report", topic.clone());
    let id = &drafted["id"];
    let paper = text_of(&export(&workstation, id, 1, "docx"));
    for said in [
        "关于县水务局诉求情况的分析",
        "报送：县政府办公室",
        "〔2026〕第　期",
    ] {
        assert!(paper.contains(said), "{said}: {paper}");
    }
    // What a person typed is no field of the form.
    let revised =
        json!({ "type": "revise", "title": "{{标题}}", "body": "图：{{图题}}\n\n{{正文}}" });
    assert_eq!(act(&workstation, id, 1, revised), Ok(2));
    let paper = text_of(&export(&workstation, id, 2, "docx"));
    assert!(
        paper.contains("{{标题}}") && paper.contains("{{正文}}"),
        "{paper}"
    );

    sign_in(&workstation, "2002");
    let reports = workstation.call("work_reports", Value::Null);
    expect!["专报须由值班长、统计分析、监督员撰写。"]
        .assert_eq(reports["refusal"].as_str().unwrap());
    assert_eq!(reports["rows"][0]["title"], "{{标题}}");
    let detail = workstation.call("work_report", json!({ "id": id }));
    assert_eq!(detail["may_write"], false);
    let refused = workstation.error("draft_work_report", topic);
    assert!(refused.starts_with("refused: "), "{refused}");
}

/// While it is typed, the parts of the paper stand beside it.
#[test]
fn what_is_typed_is_shown_as_it_will_be_printed() {
    let (workstation, _center) = office();
    let preview = |title: &str, body: &str| {
        workstation.call(
            "preview_work_report",
            json!({ "title": title, "body": body }),
        )
    };
    let body = "## 情况\n本月受理 **12** 件。\n\n折线图：走势\n\n| 日期 | 受理 |\n|---|---|\n| 1日 | 5 |\n| 2日 | 没有 |\n";
    expect![[r#"
        {
          "parts": [
            {
              "level": 1,
              "text": "一、情况",
              "type": "heading"
            },
            {
              "text": "本月受理 12 件。",
              "type": "text"
            },
            {
              "caption": "走势",
              "chart": "line",
              "points": [
                {
                  "name": "1日",
                  "values": [
                    5.0
                  ]
                },
                {
                  "name": "2日",
                  "values": [
                    null
                  ]
                }
              ],
              "series": [
                "受理"
              ],
              "type": "chart"
            }
          ],
          "refusal": null
        }"#]]
    .assert_eq(&serde_json::to_string_pretty(&preview("月报", body)).unwrap());
    let refusal = |title: &str, body: &str| preview(title, body)["refusal"].clone();
    assert_eq!(refusal("", "正文"), "请填写标题。");
    assert_eq!(refusal("月报", &"长".repeat(30_001)), "正文最多 30000 字。");
    for text in testkit::hostile() {
        let shown = preview(&text, &text);
        assert!(shown["parts"].is_array(), "{text:?}");
    }
}

#[test]
fn what_is_no_report_is_told() {
    let (workstation, _center) = office();
    let error = |request: Value| workstation.error("draft_work_report", request);
    let topic = |dimension: &str, value: &str| {
        error(json!({
            "type": "topic", "days": { "type": "span", "span": "month" },
            "dimension": dimension, "value": value,
        }))
    };
    let told = [
        error(json!({ "type": "daily", "day": "明天" })),
        error(json!({ "type": "daily", "day": "2026-11-27" })),
        error(json!({ "type": "monthly", "day": "2026-12-01" })),
        topic("kind", "help"),
        topic("unit", ""),
        error(json!({ "type": "hot_issue", "order_id": "none" })),
        workstation.error("work_report", json!({ "id": "none" })),
        workstation.error("work_report_version", json!({ "id": "none", "version": 1 })),
    ];
    expect![[r#"
        invalid: 请填写起止日期。
        refused: 这一期还没有开始。
        refused: 这一期还没有开始。
        invalid: 专题可以按事项分类、乡镇街道、承办单位或热点起草。
        invalid: 请选择专题的内容。
        invalid: 这个热点已经过去，请改按分类起草。
        invalid: 没有这份专报。
        invalid: 没有这份专报。"#]]
    .assert_eq(&told.join("\n"));
}
