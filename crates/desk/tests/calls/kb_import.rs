//! Files become drafts: looked through first, all or none, and twice is once.

use expect_test::expect;
use serde_json::json;

use crate::files::{
    EDITOR, Person, SECOND_EDITOR, act, editors_desk, handed, id_of, import, n_records, preview,
    preview_as, publish, run_request, shown_records, shown_rows, shown_tables, sit, upload, xlsx,
};

const NAMES: &str = "标题|群众的说法|答案|责任单位|责任人|来源|有效期至|下次复核";
const CARD: &str = "社保卡丢了怎么办|社保卡掉了/卡丢了找哪个|先拨打12333挂失。|县人社局|陈静|来函1号|2027年12月31日|2027.6.1";
const PENSION: &str =
    "养老金什么时候发|养老金几号到账|每月15日前发放。|县人社局|陈静|来函2号|长期|2027-06-01";
const BUS: &str =
    "公交多久一班|公交车好久来|半小时一班。|县交通运输局|李强|来函3号|长期|2027-06-01";

#[test]
fn a_row_is_a_draft_and_nothing_is_published() {
    let desk = editors_desk();
    let upload_id = upload(&desk, &[("人社局.xlsx", xlsx(&[NAMES, CARD, PENSION]))]);
    let preview = preview(&desk, &upload_id);
    expect![[r#"
        第 2 行 《社保卡丢了怎么办》标准答案 新条目 [new skip]
        第 3 行 《养老金什么时候发》标准答案 新条目 [new skip]
    "#]]
    .assert_eq(&shown_rows(&preview));
    assert_eq!(n_records(&desk), 0, "a preview changes nothing");
    let done = desk.call(
        "kb_import_run",
        run_request(&upload_id, &preview, &json!([])),
    );
    assert_eq!(
        done["message"],
        "已导入新草稿 2 条，都在“编写中”等待送单位确认。"
    );
    expect![[r#"
        养老金什么时候发 县人力资源和社会保障局 未发布，编写中 修改稿0
        社保卡丢了怎么办 县人力资源和社会保障局 未发布，编写中 修改稿0
    "#]]
    .assert_eq(&shown_records(&desk));
    let record = desk.call(
        "kb_record",
        json!({ "id": id_of(&desk, "社保卡丢了怎么办") }),
    );
    let form = &record["draft"]["form"];
    assert_eq!(form["questions"], json!(["社保卡掉了", "卡丢了找哪个"]));
    assert_eq!(form["unit_id"], "unit-labour");
    assert_eq!(form["valid_until"], "2027-12-31");
    assert_eq!(form["next_review_on"], "2027-06-01");
    assert_eq!(record["draft"]["missing"], json!([]));
    // Handed on and published as if it had been written by hand.
    publish(&desk, &id_of(&desk, "社保卡丢了怎么办"));
}

#[test]
fn the_same_file_again_changes_nothing() {
    let mut desk = editors_desk();
    let file = || ("人社局.xlsx", xlsx(&[NAMES, CARD, PENSION]));
    import(&desk, &[file()]);
    let before = shown_records(&desk);
    desk.restart();
    sit(&desk, EDITOR);
    let upload_id = upload(&desk, &[file()]);
    let again = preview(&desk, &upload_id);
    expect![[r#"
        第 2 行 《社保卡丢了怎么办》标准答案 没有变化 [skip] 同 社保卡丢了怎么办 注 该条有草稿，编写中
        第 3 行 《养老金什么时候发》标准答案 没有变化 [skip] 同 养老金什么时候发 注 该条有草稿，编写中
    "#]]
    .assert_eq(&shown_rows(&again));
    assert_eq!(
        again["message"],
        "这些内容都已在知识库中，或已导入过，再导入不会有任何改动。"
    );
    assert_eq!(import(&desk, &[file()]), "没有改动任何内容。");
    // Somebody has worked on it since: the file is not imported over that.
    let id = id_of(&desk, "社保卡丢了怎么办");
    let record = desk.call("kb_record", json!({ "id": id }));
    let mut form = record["draft"]["form"].clone();
    form["answer"] = json!("先拨打12333挂失，再到窗口补办。");
    act(
        &desk,
        &id,
        &json!({ "type": "edit", "form": form, "base_revision": 1 }),
    );
    let again = preview(&desk, &upload(&desk, &[file()]));
    assert!(
        shown_rows(&again)
            .starts_with("第 2 行 《社保卡丢了怎么办》标准答案 已导入过 [skip new beside change]"),
        "{}",
        shown_rows(&again)
    );
    assert_eq!(import(&desk, &[file()]), "没有改动任何内容。");
    assert_eq!(shown_records(&desk), before);
}

#[test]
fn what_is_there_already_is_said_and_changed_only_as_a_draft() {
    let desk = editors_desk();
    import(&desk, &[("一.xlsx", xlsx(&[NAMES, CARD, PENSION]))]);
    publish(&desk, &id_of(&desk, "社保卡丢了怎么办"));
    let rows = [
        NAMES,
        // Changed, under another everyday name of the unit.
        "社保卡丢了怎么办||先拨打 12333 挂失，再补办。|渠县人力资源和社会保障局||||",
        // Somebody's draft.
        "养老金什么时候发||每月10日前发放。|县人社局||||",
        // The same question from another unit, and one much like it.
        "社保卡丢了怎么办？|卡|补卡|县公安局|李强|来函|长期|2027-06-01",
        "养老金什么时候才发|几号|每月|县民政局|李强|来函|长期|2027-06-01",
        "养老院怎么住|住养老院|登记|县民政局|李强|来函|长期|2027-06-01",
    ];
    let upload_id = upload(&desk, &[("二.xlsx", xlsx(&rows))]);
    let preview = preview(&desk, &upload_id);
    expect![[r#"
        第 2 行 《社保卡丢了怎么办》标准答案 改已有条目 [change new skip] 同 社保卡丢了怎么办 改 标准答案
        第 3 行 《养老金什么时候发》标准答案 改已有条目 [beside change new skip] 同 养老金什么时候发 改 标准答案 注 该条有草稿，编写中
        第 4 行 《社保卡丢了怎么办？》标准答案 疑似已有 [skip new change] 同 社保卡丢了怎么办
        第 5 行 《养老金什么时候才发》标准答案 疑似已有 [skip new beside change] 同 养老金什么时候发 注 该条有草稿，编写中
        第 6 行 《养老院怎么住》标准答案 新条目 [new skip]
    "#]]
    .assert_eq(&shown_rows(&preview));
    let choices = json!([{ "row": 3, "choice": "new" }]);
    let done = desk.call("kb_import_run", run_request(&upload_id, &preview, &choices));
    assert_eq!(
        done["message"],
        "已导入新草稿 2 条、已有条目的草稿 1 条、修改稿 1 条，都在“编写中”等待送单位确认。"
    );
    expect![[r#"
        养老金什么时候发 县人力资源和社会保障局 未发布，编写中 修改稿1
        养老金什么时候才发 县民政局 未发布，编写中 修改稿0
        养老院怎么住 县民政局 未发布，编写中 修改稿0
        社保卡丢了怎么办 县人力资源和社会保障局 第 1 版，编写中 修改稿0
    "#]]
    .assert_eq(&shown_records(&desk));
    // What the file left empty stays as it was.
    let record = desk.call(
        "kb_record",
        json!({ "id": id_of(&desk, "社保卡丢了怎么办") }),
    );
    assert_eq!(record["draft"]["form"]["responsible_person"], "陈静");
    assert_eq!(record["versions"][0]["form"]["answer"], "先拨打12333挂失。");
    let refused = json!([{ "row": 0, "choice": "beside" }]);
    let preview = crate::files::preview(&desk, &upload_id);
    assert_eq!(
        desk.error("kb_import_run", run_request(&upload_id, &preview, &refused)),
        "invalid: 选中的行不能这样导入，请重新核对。"
    );
}

#[test]
fn rows_with_faults_are_put_right_and_imported_again() {
    let desk = editors_desk();
    let long = format!("{}||短|县人社局|陈静|函|长期|2027-06-01", "题".repeat(101));
    let rows = [
        "序号|事项名称|问法|答复口径|责任单位|责任人|来源|有效期|下次复核日期|备注",
        "1|社保卡丢了怎么办|卡丢了|先挂失|县人社局|陈静|来函|明年|2027-06-01|尽快",
        "2||没有标题|先挂失|县人社局|陈静|来函|长期|2027-06-01|",
        "3|养老金什么时候发|几号发|每月发|县人社局|陈静|来函|2027-06-01|2027-12-31|",
        "4|身份证怎么办|身份证|到派出所|县公安局||来函|长期||",
        "5|身份证怎么办|补身份证|到窗口|县公安局|李强|来函|长期|2027-06-01|",
        "6|宠物怎么办证|狗证|到社区|某某办公室|李强|来函|长期|2027-06-01|",
        &format!("7|{long}|"),
    ];
    let file = xlsx(&rows);
    let upload_id = upload(&desk, &[("资料/收集表.xlsx", file)]);
    let preview = preview(&desk, &upload_id);
    expect![[r#"
        第 2 行 《社保卡丢了怎么办》标准答案 有差错 [skip] 错 有效期至“明年”不是日期，请写成 2026-11-24
        第 3 行 《》标准答案 有差错 [skip] 错 没有标题
        第 4 行 《养老金什么时候发》标准答案 有差错 [skip] 错 下次复核日不能晚于有效期截止日
        第 5 行 《身份证怎么办》标准答案 新条目 [new skip] 缺 责任人 下次复核日
        第 6 行 《身份证怎么办》标准答案 有差错 [skip] 错 与第 5 行标题和责任单位相同，一件事只能有一条
        第 7 行 《宠物怎么办证》标准答案 新条目 [new skip] 注 责任单位“某某办公室”不在单位名录中，按原文写入
        第 8 行 《题×101》标准答案 有差错 [skip] 错 标题最多 100 字，现有 101 字 缺 群众的说法
    "#]]
    .assert_eq(&shown_rows(&preview).replace(&"题".repeat(101), "题×101"));
    // What is skipped because it lacks something goes with the faulty ones.
    let choices = json!([{ "row": 3, "choice": "skip" }]);
    let request = run_request(&upload_id, &preview, &choices);
    let sheet = desk.call("kb_import_errors", request.clone());
    assert_eq!(sheet["file_name"], "收集表 差错表.xlsx");
    let bytes = handed(&desk, &sheet);
    expect![[r#"
        〔知识〕序号|事项名称|问法|答复口径|责任单位|责任人|来源|有效期|下次复核日期|备注|原因
        1|社保卡丢了怎么办|卡丢了|先挂失|县人社局|陈静|来函|明年|2027-06-01|尽快|原表 H2：有效期至“明年”不是日期，请写成 2026-11-24
        2||没有标题|先挂失|县人社局|陈静|来函|长期|2027-06-01||原表 B3：没有标题
        3|养老金什么时候发|几号发|每月发|县人社局|陈静|来函|2027-06-01|2027-12-31||原表 I4：下次复核日不能晚于有效期截止日
        4|身份证怎么办|身份证|到派出所|县公安局||来函|长期|||缺责任人、下次复核日
        5|身份证怎么办|补身份证|到窗口|县公安局|李强|来函|长期|2027-06-01||原表 B6：与第 5 行标题和责任单位相同，一件事只能有一条
        7|题×101||短|县人社局|陈静|函|长期|2027-06-01||原表 B8：标题最多 100 字，现有 101 字；缺群众的说法
    "#]]
    .assert_eq(&shown_tables(&bytes).replace(&"题".repeat(101), "题×101"));
    desk.call("kb_import_run", request);
    assert_eq!(n_records(&desk), 1);
    // The same sheet once more is another file; it is not written over.
    let again = crate::files::preview(&desk, &upload_id);
    let request = run_request(&upload_id, &again, &json!([]));
    let second = desk.call("kb_import_errors", request);
    assert_eq!(second["file_name"], "收集表 差错表 (2).xlsx");
    // One of its rows put right.
    let corrected = xlsx(&[
        "序号|事项名称|问法|答复口径|责任单位|责任人|来源|有效期|下次复核日期|备注|原因",
        "1|社保卡丢了怎么办|卡丢了|先挂失|县人社局|陈静|来函|2027-12-31|2027-06-01|尽快|原表 H2：不是日期",
    ]);
    assert_eq!(
        import(&desk, &[("收集表 差错表.xlsx", corrected)]),
        "已导入新草稿 1 条，都在“编写中”等待送单位确认。"
    );
}

#[test]
fn two_imports_at_once_and_one_that_was_overtaken() {
    let desk = editors_desk();
    let first = upload(&desk, &[("一.xlsx", xlsx(&[NAMES, CARD, PENSION]))]);
    let second = upload(&desk, &[("二.xlsx", xlsx(&[NAMES, CARD]))]);
    let first_preview = preview(&desk, &first);
    let second_preview = preview(&desk, &second);
    desk.call(
        "kb_import_run",
        run_request(&first, &first_preview, &json!([])),
    );
    let done = desk.call(
        "kb_import_run",
        run_request(&second, &second_preview, &json!([])),
    );
    assert_eq!(
        done["message"],
        "没有改动任何内容。另有 1 条刚刚已由另一次导入写入，没有重复导入。"
    );
    assert_eq!(n_records(&desk), 2);
    // A row that says something else of the same matter is no second article either.
    let third = upload(&desk, &[("三.xlsx", xlsx(&[NAMES, BUS]))]);
    let fourth = upload(
        &desk,
        &[("四.xlsx", xlsx(&[NAMES, &BUS.replace("半小时", "一小时")]))],
    );
    let third_preview = preview(&desk, &third);
    let fourth_preview = preview(&desk, &fourth);
    desk.call(
        "kb_import_run",
        run_request(&third, &third_preview, &json!([])),
    );
    assert_eq!(
        desk.error(
            "kb_import_run",
            run_request(&fourth, &fourth_preview, &json!([]))
        ),
        "refused: 第 2 行：这条知识已经有档案了。这一批没有导入任何内容，请重新预览后再导入。"
    );
    assert_eq!(n_records(&desk), 3);
    // The same preview twice is no second import.
    assert_eq!(
        desk.error(
            "kb_import_run",
            run_request(&first, &first_preview, &json!([]))
        ),
        "invalid: 预览已变，请重新核对后再导入。"
    );
}

#[test]
fn one_row_that_is_refused_undoes_all() {
    let desk = editors_desk();
    import(&desk, &[("一.xlsx", xlsx(&[NAMES, CARD]))]);
    let rows = [
        NAMES,
        PENSION,
        "社保卡丢了怎么办||到窗口补办。|县人社局||||",
    ];
    let upload_id = upload(&desk, &[("二.xlsx", xlsx(&rows))]);
    let preview = preview(&desk, &upload_id);
    // Meanwhile a second editor changes the same draft.
    let id = id_of(&desk, "社保卡丢了怎么办");
    let record = desk.call("kb_record", json!({ "id": id }));
    let mut form = record["draft"]["form"].clone();
    form["answer"] = json!("何军写的");
    sit(&desk, SECOND_EDITOR);
    act(
        &desk,
        &id,
        &json!({ "type": "edit", "form": form, "base_revision": 1 }),
    );
    sit(&desk, EDITOR);
    let choices = json!([{ "row": 1, "choice": "change" }]);
    let request = run_request(&upload_id, &preview, &choices);
    assert_eq!(
        desk.error("kb_import_run", request),
        "refused: 第 3 行：2002 已把草稿改到第 2 稿。您写的没有丢，可以另存为修改稿，再与现在的草稿对照合并。这一批没有导入任何内容，请重新预览后再导入。"
    );
    assert_eq!(n_records(&desk), 1, "the row before it was undone, too");
    let record = desk.call("kb_record", json!({ "id": id }));
    assert_eq!(record["draft"]["form"]["answer"], "何军写的");
    // Nothing was noted as imported either.
    let again = crate::files::preview(&desk, &upload_id);
    assert_eq!(again["rows"][0]["state"], "new");
}

#[test]
fn columns_are_proposed_chosen_and_remembered() {
    let desk = editors_desk();
    let file = |answer: &str| {
        xlsx(&[
            "渠县12345知识收集表||||",
            "问题|怎么答|主管部门|收费标准|备注",
            &format!("身份证怎么补|{answer}|县公安局|20元|急"),
        ])
    };
    let upload_id = upload(&desk, &[("办事指南收集.xlsx", file("到派出所"))]);
    let preview = preview(&desk, &upload_id);
    let source = &preview["sources"][0];
    assert_eq!(
        source["keys"],
        json!(["title", "section:怎么答", "unit", "section:收费标准", ""])
    );
    assert_eq!(
        source["template"], "service_guide",
        "by the name of the file"
    );
    let keys = json!(["title", "answer", "unit", "section:收费标准", ""]);
    let chosen = json!([{
        "file": "办事指南收集.xlsx", "sheet": "知识", "keys": keys,
        "template": "standard_answer", "level": null,
    }]);
    let preview = preview_as(&desk, &upload_id, &chosen);
    desk.call(
        "kb_import_run",
        run_request(&upload_id, &preview, &json!([])),
    );
    let record = desk.call("kb_record", json!({ "id": id_of(&desk, "身份证怎么补") }));
    let form = &record["draft"]["form"];
    assert_eq!(form["answer"], "到派出所");
    assert_eq!(
        form["sections"],
        json!([{ "label": "收费标准", "text": "20元" }])
    );
    let next = upload(&desk, &[("另一份.xlsx", file("到窗口"))]);
    let next = crate::files::preview(&desk, &next);
    assert_eq!(next["sources"][0]["keys"], keys);
    assert_eq!(next["sources"][0]["is_remembered"], true);
    assert_eq!(next["sources"][0]["template"], "standard_answer");
    for wrong in [
        json!(["title", "title", "", "", ""]),
        json!(["title"]),
        json!(["poem", "", "", "", ""]),
    ] {
        let sources = json!([{
            "file": "办事指南收集.xlsx", "sheet": "知识", "keys": wrong,
            "template": null, "level": null,
        }]);
        let upload_id = upload(&desk, &[("办事指南收集.xlsx", file("到派出所"))]);
        assert_eq!(
            desk.error(
                "kb_import_preview",
                json!({ "upload_id": upload_id, "sources": sources })
            ),
            "invalid: 列的对应不对：同一项只能对应一列。"
        );
    }
}

#[test]
fn the_templates_are_filled_in_and_imported() {
    let desk = editors_desk();
    let reference = desk.call("reference", serde_json::Value::Null);
    for template in reference["kb_templates"].as_array().unwrap() {
        let sheet = desk.call("kb_import_template", json!({ "template": template["id"] }));
        let bytes = handed(&desk, &sheet);
        let upload_id = upload(&desk, &[("填好的.xlsx", bytes)]);
        let empty = preview(&desk, &upload_id);
        assert_eq!(empty["rows"], json!([]), "the example is no article");
        assert_eq!(
            empty["sources"][0]["notes"],
            json!(["略过说明行、示例行 2 行"])
        );
        assert_eq!(empty["sources"][0]["template"], template["id"]);
        // The example as a unit would write it lacks nothing.
        let table = &documents::table::Table::read(&handed(&desk, &sheet)).unwrap()[0];
        let example = table.rows[1].cells.join("|").replace("【示例】", "");
        let filled = xlsx(&[&table.names.join("|"), &example.replace('\n', "/")]);
        let name = format!("{}.xlsx", template["text"].as_str().unwrap());
        let preview = preview(&desk, &upload(&desk, &[(&name, filled)]));
        let row = &preview["rows"][0];
        assert_eq!(row["state"], "new", "{row}");
        assert_eq!(row["missing"], json!([]), "{row}");
        assert_eq!(row["notes"], json!([]), "{row}");
        assert_eq!(row["template_text"], template["text"]);
    }
    assert_eq!(
        desk.error("kb_import_template", json!({ "template": "poem" })),
        "invalid: 请选择知识模板。"
    );
}

#[test]
fn a_folder_with_tables_documents_and_what_is_neither() {
    use documents::markdown::{Piece, Run};
    let desk = editors_desk();
    let text = |text: &str| Piece::Paragraph {
        runs: vec![Run::plain(text)],
    };
    let heading = |level: u8, text: &str| Piece::Heading {
        level,
        text: text.to_owned(),
    };
    let pieces = [
        heading(1, "社保卡怎么激活"),
        text("责任单位：县人社局"),
        text("到银行网点激活。"),
        heading(2, "群众的说法"),
        text("社保卡激活"),
        heading(1, "社保卡怎么注销"),
        text("到窗口注销。"),
    ];
    let docx = documents::word::write(&pieces, None);
    let (csv, _, _) =
        encoding_rs::GB18030.encode("标题,答案,责任单位\n停水找谁,打供水电话,县水务局\n");
    let files = [
        ("资料/人社局.docx", docx.unwrap()),
        ("资料/水务.csv", csv.into_owned()),
        ("资料/通知.pdf", b"%PDF-1.7".to_vec()),
        ("资料/旧.doc", vec![0xD0, 0xCF, 0x11, 0xE0]),
        ("资料/~$人社局.docx", vec![0; 10]),
        ("资料/空.xlsx", Vec::new()),
    ];
    let upload_id = upload(&desk, &files);
    let preview = preview(&desk, &upload_id);
    expect![[r#"
        资料/人社局.docx 第 1 篇 《社保卡怎么激活》标准答案 新条目 [new skip] 缺 责任人 来源 下次复核日
        资料/人社局.docx 第 2 篇 《社保卡怎么注销》标准答案 新条目 [new skip] 缺 群众的说法 责任单位 责任人 来源 下次复核日
        资料/水务.csv 第 2 行 《停水找谁》标准答案 新条目 [new skip] 缺 群众的说法 责任人 来源 下次复核日
    "#]]
    .assert_eq(&shown_rows(&preview));
    let mut broken = String::new();
    for file in preview["broken"].as_array().unwrap() {
        broken.push_str(&format!("{} {}\n", file["file"], file["reason"]));
    }
    expect![[r#"
        "资料/通知.pdf" "不是可以导入的文件，可导入 xlsx、xls、ods、csv 和 docx"
        "资料/旧.doc" "请用 Word 或 WPS 另存为 docx 后再导入"
        "资料/~$人社局.docx" "是系统或办公软件的临时文件，已略过"
        "资料/空.xlsx" "文件里没有内容"
    "#]]
    .assert_eq(&broken);
    assert_eq!(preview["sources"][0]["levels"], json!([0, 1, 2]));
    let whole = json!([{
        "file": "资料/人社局.docx", "sheet": "", "keys": null, "template": null, "level": 0,
    }]);
    let preview = preview_as(&desk, &upload_id, &whole);
    assert_eq!(preview["sources"][0]["n_rows"], 1);
}

#[test]
fn only_an_editor_imports() {
    const CALL_TAKER: Person = ("陈晓梅", "1001", "intake");
    let desk = editors_desk();
    sit(&desk, CALL_TAKER);
    let upload_id = upload(&desk, &[("一.xlsx", xlsx(&[NAMES, CARD]))]);
    let preview = preview(&desk, &upload_id);
    assert_eq!(preview["refusal"], "“起草”须由知识编辑、承办联络员操作。");
    assert_eq!(
        desk.error(
            "kb_import_run",
            run_request(&upload_id, &preview, &json!([]))
        ),
        "refused: 第 2 行：“起草”须由知识编辑、承办联络员操作。这一批没有导入任何内容，请重新预览后再导入。"
    );
    assert_eq!(n_records(&desk), 0);
}
