//! 知识任务 at the desk: given, handed in, accepted, handed back; what is offered; what is late.

use std::fmt::Write as _;

use expect_test::expect;
use serde_json::{Value, json};

use crate::kb_record::{CALL_TAKER, Desk, EDITOR, REVIEWER, SECOND_EDITOR, form, sit};
use crate::shown::lines;
use crate::workstation::Workstation;

const LABOUR: &str = "unit-labour";

fn assign(kind: &str, article_id: &Value, subject: &str) -> Value {
    json!({
        "type": "assign", "kind": kind, "unit_id": LABOUR, "article_id": article_id,
        "subject": subject, "note": "请核对电话",
    })
}

fn act(workstation: &Workstation, number: &Value, act: &Value) -> Value {
    let version = if number.is_null() {
        json!(0)
    } else {
        workstation.call("kb_task", json!({ "number": number }))["version"].clone()
    };
    json!({ "number": number, "version": version, "act": act })
}

fn done(workstation: &Workstation, number: &Value, what: &Value) -> Value {
    workstation.call("act_on_kb_task", act(workstation, number, what))
}

/// Every list with its tasks, and the clues.
fn shown(workstation: &Workstation) -> String {
    let mut said = String::new();
    let lists = workstation.call("kb_task_lists", Value::Null);
    for list in lists["lists"].as_array().unwrap() {
        let tasks = workstation.call("kb_tasks", json!({ "list": list["list"] }));
        assert_eq!(tasks.as_array().unwrap().len(), list["n"]);
        for task in lines(
            &tasks,
            &[
                "number",
                "kind_text",
                "subject",
                "unit_name",
                "due_text",
                "is_overdue",
                "was_late",
            ],
        )
        .lines()
        {
            writeln!(said, "{} {task}", list["title"].as_str().unwrap()).unwrap();
        }
    }
    for clue in lists["clues"].as_array().unwrap() {
        writeln!(said, "线索 {} {}", clue["unit_name"], clue["numbers"]).unwrap();
    }
    said
}

fn story(workstation: &Workstation, number: &Value) -> String {
    let task = workstation.call("kb_task", json!({ "number": number }));
    let limit = &task["limit"];
    format!(
        "{} {} {}\n{}\n{}",
        task["row"]["stage_text"],
        task["article_title"],
        limit["urgency"],
        limit["sum"].as_str().unwrap(),
        lines(&task["story"], &["at_text", "text", "detail", "by_text"])
    )
}

#[test]
fn a_task_is_given_handed_in_handed_back_and_accepted() {
    let mut desk = Desk::new();
    desk.publish(&json!({ "type": "draft", "form": form() }));
    let workstation = &desk.workstation;
    sit(workstation, CALL_TAKER);
    let new = assign("review", &desk.id, "电子社保卡怎么领");
    assert_eq!(
        workstation.error("act_on_kb_task", act(workstation, &Value::Null, &new)),
        "refused: 须由知识编辑操作。"
    );
    sit(workstation, EDITOR);
    for (task, message) in [
        (
            assign("review", &json!(""), "社保卡"),
            "refused: 请选定是哪一条知识。",
        ),
        (assign("write", &json!(""), "  "), "refused: 请填写事项。"),
    ] {
        assert_eq!(
            workstation.error("act_on_kb_task", act(workstation, &Value::Null, &task)),
            message
        );
    }
    let gone = assign("review", &json!("gone"), "社保卡");
    assert_eq!(
        workstation.error("act_on_kb_task", act(workstation, &Value::Null, &gone)),
        "invalid: 这条知识已不存在。"
    );
    let mut to_nobody = new.clone();
    to_nobody["unit_id"] = json!("");
    assert_eq!(
        workstation.error("act_on_kb_task", act(workstation, &Value::Null, &to_nobody)),
        "refused: 请选择承办单位。"
    );
    let preview = workstation.call("preview_kb_task", json!({ "kind": "review" }));
    assert_eq!(preview["due_text"], "11月30日（周一）24:00");
    // Numbers that were not kept are given again.
    let given = done(workstation, &Value::Null, &new);
    assert_eq!(
        given["message"],
        "复核任务 ZS20261123-W01-0001 已下达县人力资源和社会保障局，11月30日（周一）前提交。"
    );
    let number = &given["number"];
    let first = given.clone();
    expect![[r#"
        待提交 ZS20261123-W01-0001 | 复核 | 电子社保卡怎么领 | 县人力资源和社会保障局 | 11月30日（周一） | false | false
    "#]].assert_eq(&shown(workstation));
    assert_eq!(
        workstation.error(
            "act_on_kb_task",
            act(workstation, number, &json!({ "type": "accept" }))
        ),
        "refused: 任务现在待提交，不能这样做。"
    );
    workstation.set_clock("2026-12-01 00:01");
    expect![[r#"
        待提交 ZS20261123-W01-0001 | 复核 | 电子社保卡怎么领 | 县人力资源和社会保障局 | 11月30日（周一） | true | false
        逾期 ZS20261123-W01-0001 | 复核 | 电子社保卡怎么领 | 县人力资源和社会保障局 | 11月30日（周一） | true | false
        线索 "县人力资源和社会保障局" ["ZS20261123-W01-0001"]
    "#]].assert_eq(&shown(workstation));
    let deliver = json!({ "type": "deliver", "article_id": "", "note": "电话已核" });
    done(workstation, number, &deliver);
    assert_eq!(
        workstation.error(
            "act_on_kb_task",
            act(
                workstation,
                number,
                &json!({ "type": "return", "reason": " " })
            )
        ),
        "refused: 请填写理由。"
    );
    let returned = done(
        workstation,
        number,
        &json!({ "type": "return", "reason": "缺办理地点" }),
    );
    assert_eq!(returned["message"], "已退改，12月2日（周三）前再提交。");
    expect![[r#"
        "待提交" "电子社保卡怎么领" "calm"
        退改后重新计算。第六条(四)：复核任务 1 个工作日。自12月1日（周二）起，当日不计，只数工作日，到12月2日（周三）24:00。
        11月23日（周一）09:15 | 下达任务 | 请核对电话 | 周兰 2001
        12月1日（周二）00:01 | 登记提交 | 电话已核 | 周兰 2001
        12月1日（周二）00:01 | 退改 | 缺办理地点（12月2日（周三）前再提交） | 周兰 2001
    "#]].assert_eq(&story(workstation, number));
    sit(workstation, SECOND_EDITOR);
    done(workstation, number, &deliver);
    done(workstation, number, &json!({ "type": "accept" }));
    // Late once is late: 第十九条(四).
    expect![[r#"
        已完成 ZS20261123-W01-0001 | 复核 | 电子社保卡怎么领 | 县人力资源和社会保障局 | 12月2日（周三） | false | true
        线索 "县人力资源和社会保障局" ["ZS20261123-W01-0001"]
    "#]].assert_eq(&shown(workstation));
    assert_eq!(
        workstation.error(
            "act_on_kb_task",
            json!({ "number": first["number"], "version": 1, "act": { "type": "cancel", "reason": "误发" } })
        ),
        "stale: 内容刚刚有变化，已重新显示，请核对后再操作。"
    );
    desk.workstation.restart();
    expect![[r#"
        "已完成" "电子社保卡怎么领" "met_late"
        退改后重新计算。第六条(四)：复核任务 1 个工作日。自12月1日（周二）起，当日不计，只数工作日，到12月2日（周三）24:00。
        11月23日（周一）09:15 | 下达任务 | 请核对电话 | 2001
        12月1日（周二）00:01 | 登记提交 | 电话已核 | 2001
        12月1日（周二）00:01 | 退改 | 缺办理地点（12月2日（周三）前再提交） | 2001
        12月1日（周二）00:01 | 登记提交 | 电话已核 | 何军 2002
        12月1日（周二）00:01 | 验收 |  | 何军 2002
    "#]].assert_eq(&story(&desk.workstation, &first["number"]));
    assert_eq!(
        desk.workstation
            .error("kb_task", json!({ "number": "ZS-9" })),
        "refused: 没有找到这项任务。"
    );
}

#[test]
fn what_is_offered_and_by_whom_it_is_given() {
    let mut desk = Desk::new();
    let mut ends_soon = form();
    ends_soon["title"] = json!("城乡居民医保缴费");
    ends_soon["valid_until"] = json!("2026-12-20");
    ends_soon["next_review_on"] = json!("2026-12-10");
    desk.publish(&json!({ "type": "draft", "form": ends_soon }));
    desk.id = Value::Null;
    let mut reviewed_soon = form();
    reviewed_soon["title"] = json!("公租房申请");
    reviewed_soon["next_review_on"] = json!("2026-11-25");
    reviewed_soon["unit"] = json!("县某公司");
    desk.publish(&json!({ "type": "draft", "form": reviewed_soon }));
    desk.id = Value::Null;
    desk.publish(&json!({ "type": "draft", "form": form() }));
    let wrong = json!({
        "type": "report_error", "kind": "wrong", "read_version": 1, "passage": "", "note": "",
    });
    desk.act(CALL_TAKER, &wrong);
    desk.act(EDITOR, &json!({ "type": "accept_report", "report": 1 }));
    let offers = |workstation: &Workstation| {
        let offers = workstation.call("kb_task_offers", Value::Null);
        lines(
            &offers,
            &[
                "kind_text",
                "subject",
                "unit_id",
                "unit_name",
                "ground_text",
            ],
        )
    };
    expect![[r#"
        纠错 | 电子社保卡怎么领 | unit-labour | 县人力资源和社会保障局 | 第 1 条纠错已受理
        更新 | 城乡居民医保缴费 | unit-labour | 县人力资源和社会保障局 | 有效至 2026年12月20日
    "#]]
    .assert_eq(&offers(&desk.workstation));
    desk.workstation.set_clock("2026-11-25 08:00");
    expect![[r#"
        纠错 | 电子社保卡怎么领 | unit-labour | 县人力资源和社会保障局 | 第 1 条纠错已受理
        复核 | 公租房申请 |  | 县某公司 | 下次复核日 2026年11月25日
        更新 | 城乡居民医保缴费 | unit-labour | 县人力资源和社会保障局 | 有效至 2026年12月20日
    "#]]
    .assert_eq(&offers(&desk.workstation));
    // What is asked already is not offered again.
    let correct = assign("correct", &desk.id, "电子社保卡怎么领");
    done(&desk.workstation, &Value::Null, &correct);
    expect![[r#"
        复核 | 公租房申请 |  | 县某公司 | 下次复核日 2026年11月25日
        更新 | 城乡居民医保缴费 | unit-labour | 县人力资源和社会保障局 | 有效至 2026年12月20日
    "#]]
    .assert_eq(&offers(&desk.workstation));
    let record = desk.record();
    assert_eq!(
        lines(&record["tasks"], &["text"]),
        "纠错任务 ZS20261125-W01-0001，11月26日（周四）到期，待提交\n"
    );
}

#[test]
fn reviews_of_one_unit_are_given_at_once() {
    let mut desk = Desk::new();
    let mut ids = Vec::new();
    for title in ["社保卡挂失", "养老认证", "失业登记"] {
        let mut form = form();
        form["title"] = json!(title);
        form["valid_until"] = json!("2027-01-31");
        form["next_review_on"] = json!("2026-12-15");
        desk.id = Value::Null;
        desk.publish(&json!({ "type": "draft", "form": form }));
        ids.push(desk.id.clone());
    }
    let workstation = &desk.workstation;
    let months = workstation.call("kb_calendar", Value::Null);
    assert_eq!(months.as_array().unwrap().len(), 13);
    let counted = lines(&months, &["key", "title", "counts_text", "is_overdue"]);
    let counted = counted.lines().take(5).collect::<Vec<_>>().join("\n") + "\n";
    expect![[r#"
        overdue | 已过期限 |  | true
        2026-11 | 2026年11月 |  | false
        2026-12 | 2026年12月 | 复核 3 条 | false
        2027-01 | 2027年1月 | 到期 3 条 | false
        2027-02 | 2027年2月 |  | false
    "#]]
    .assert_eq(&counted);
    let due = |key: &str| {
        let rows = workstation.call("kb_calendar_articles", json!({ "key": key }));
        lines(
            &rows,
            &[
                "title",
                "unit_id",
                "next_review_text",
                "valid_until_text",
                "is_review_due",
                "task_text",
            ],
        )
    };
    expect![[r#"
        社保卡挂失 | unit-labour | 2026年12月15日 | 2027年1月31日 | false | 
        养老认证 | unit-labour | 2026年12月15日 | 2027年1月31日 | false | 
        失业登记 | unit-labour | 2026年12月15日 | 2027年1月31日 | false | 
    "#]]
    .assert_eq(&due("2026-12"));
    assert_eq!(due("2027-01").lines().count(), 3);
    sit(workstation, EDITOR);
    let given = workstation.call(
        "assign_kb_reviews",
        json!({ "unit_id": LABOUR, "article_ids": [ids[0], ids[1]] }),
    );
    assert_eq!(
        given["message"],
        "已向县人力资源和社会保障局下达 2 项复核任务，11月30日（周一）前提交。"
    );
    let given = workstation.call(
        "assign_kb_reviews",
        json!({ "unit_id": LABOUR, "article_ids": [ids[0], ids[1], ids[2], "gone"] }),
    );
    assert_eq!(
        (&given["n_assigned"], &given["n_left_out"]),
        (&json!(1), &json!(3))
    );
    expect![[r#"
        社保卡挂失 | unit-labour | 2026年12月15日 | 2027年1月31日 | false | 复核 ZS20261123-W01-0001，11月30日（周一）到期
        养老认证 | unit-labour | 2026年12月15日 | 2027年1月31日 | false | 复核 ZS20261123-W01-0002，11月30日（周一）到期
        失业登记 | unit-labour | 2026年12月15日 | 2027年1月31日 | false | 复核 ZS20261123-W01-0003，11月30日（周一）到期
    "#]].assert_eq(&due("2026-12"));
    let too_many: Vec<String> = (0..101).map(|n| format!("kb-{n}")).collect();
    assert_eq!(
        workstation.error(
            "assign_kb_reviews",
            json!({ "unit_id": LABOUR, "article_ids": too_many }),
        ),
        "invalid: 一次最多下达 100 项任务，现有 101 项，请分次下达。"
    );
    let unknown = json!({ "key": "2030-01" });
    assert_eq!(
        workstation.error("kb_calendar_articles", unknown),
        "invalid: 复核日历只到往后十二个月。"
    );
    // One unit that is none, and nothing at all is given.
    desk.id = Value::Null;
    let mut another = form();
    another["title"] = json!("另一条");
    desk.publish(&json!({ "type": "draft", "form": another }));
    sit(&desk.workstation, EDITOR);
    let request = json!({ "unit_id": "nobody", "article_ids": [desk.id] });
    assert_eq!(
        desk.workstation.error("assign_kb_reviews", request.clone()),
        "refused: 请选择承办单位。"
    );
    sit(&desk.workstation, REVIEWER);
    assert_eq!(
        desk.workstation.error("assign_kb_reviews", request),
        "refused: 须由知识编辑操作。"
    );
}

#[test]
fn what_came_with_the_program_stands_in_the_calendar_too() {
    let workstation = Workstation::with_samples();
    workstation.set_clock("2028-03-01 09:00");
    let months = workstation.call("kb_calendar", Value::Null);
    assert_eq!(months[0]["is_overdue"], true);
    assert!(months[0]["n"].as_u64().unwrap() > 90, "{}", months[0]);
    assert_eq!(months[12]["title"], "2029年2月");
}
