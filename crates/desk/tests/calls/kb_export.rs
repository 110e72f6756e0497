//! Articles go out as a table that comes back, as something to read, and as the public version.

use std::io::{Cursor, Read as _};

use expect_test::expect;
use serde_json::{Value, json};

use crate::files::{
    EDITOR, act, editors_desk, handed, id_of, import, preview, publish, shown_rows, shown_tables,
    sit, upload, xlsx,
};
use crate::workstation::{Workstation, set_up};

const NAMES: &str = "标题|群众的说法|答案|责任单位|责任人|来源|有效期自|有效期至|下次复核|内部口径|申请材料|段落：来源|模板";
const CARD: &str = "社保卡丢了怎么办|社保卡掉了/卡丢了|先拨打**12333**挂失。//1. 带身份证/2. 交 20 元|县人社局|陈静|来函1号|2026-01-01|2027-12-31|2027-06-01|周三系统维护|身份证|另一个来源|标准答案";
const NEXT_YEAR: &str =
    "明年的政策|明年|到时候再说|县人社局|陈静|来函2号|2027-01-01|2027-12-31|2027-06-01||||标准答案";
const PENSION: &str =
    "养老金什么时候发|几号|每月发|县人社局|陈静|来函3号||2026-11-30|2026-11-30||||标准答案";

/// The names of category and place go out and come back; what nobody knows is told and not written.
#[test]
fn category_and_place_come_back() {
    let desk = editors_desk();
    let names = "标题|答案|责任单位|分类|适用地区";
    let known = "赶场公交|逢五加开。|县交通运输局|客运公交线路班次|三汇镇";
    let unknown = "赶场摊位|找管理方。|县市场监管局|摆摊|成都市";
    import(&desk, &[("一.xlsx", xlsx(&[names, known, unknown]))]);
    let form = |title: &str| {
        let record = desk.call("kb_record", json!({ "id": id_of(&desk, title) }));
        record["draft"]["form"].clone()
    };
    assert_eq!(form("赶场公交")["category_id"], "c-076");
    assert_eq!(form("赶场公交")["township_code"], "511725104");
    assert_eq!(form("赶场摊位")["category_id"], "");
    let (_, table) = export(&desk, "table", false);
    let shown = shown_tables(&table);
    assert!(shown.contains("客运 · 公交线路班次|三汇镇"), "{shown}");
    let upload_id = upload(&desk, &[("一.xlsx", table)]);
    let again = shown_rows(&preview(&desk, &upload_id));
    assert_eq!(again.matches("没有变化").count(), 2, "{again}");
    let upload_id = upload(&desk, &[("二.xlsx", xlsx(&[names, unknown]))]);
    let told = shown_rows(&preview(&desk, &upload_id));
    assert!(
        told.contains("事项分类“摆摊”不在分类目录中，未写入"),
        "{told}"
    );
    assert!(
        told.contains("适用地点“成都市”不是本县乡镇街道，未写入"),
        "{told}"
    );
}

/// Two published, one that is not valid yet, one that was only drafted.
fn desk_with_articles() -> Workstation {
    let desk = editors_desk();
    let draft = "还在写的|怎么写|慢慢写|县人社局|陈静|来函4号||||不外传|||标准答案";
    import(
        &desk,
        &[("一.xlsx", xlsx(&[NAMES, CARD, NEXT_YEAR, PENSION, draft]))],
    );
    for title in ["社保卡丢了怎么办", "明年的政策", "养老金什么时候发"] {
        publish(&desk, &id_of(&desk, title));
    }
    desk
}

fn export(desk: &Workstation, form: &str, with_internal: bool) -> (Value, Vec<u8>) {
    let request = json!({ "form": form, "list": null, "with_internal": with_internal });
    let made = desk.call("kb_export", request);
    let bytes = handed(desk, &made);
    (made, bytes)
}

fn files_of(bytes: &[u8]) -> Vec<(String, String)> {
    let mut zip = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut files = Vec::new();
    for at in 0..zip.len() {
        let mut file = zip.by_index(at).unwrap();
        let mut text = String::new();
        file.read_to_string(&mut text).unwrap();
        files.push((file.name().unwrap().into_owned(), text));
    }
    files
}

#[test]
fn a_table_comes_back_as_nothing_changed() {
    let desk = desk_with_articles();
    // A review day that was set anew, and somebody's draft over a version.
    let id = id_of(&desk, "社保卡丢了怎么办");
    let recheck = json!({
        "type": "record_recheck", "name": "陈静", "evidence": "来函", "next_review_on": "2027-09-01",
    });
    act(&desk, &id, &recheck);
    for with_internal in [true, false] {
        let (made, bytes) = export(&desk, "table", with_internal);
        let shown = shown_tables(&bytes);
        assert_eq!(shown.contains("周三系统维护"), with_internal);
        assert_eq!(shown.contains("陈静"), with_internal);
        assert!(shown.contains("2027-09-01"), "{shown}");
        assert_eq!(
            made["message"],
            if with_internal {
                "已导出 4 条，含内部口径和责任人，请勿外传。"
            } else {
                "已导出 4 条。"
            }
        );
        let upload_id = upload(&desk, &[("导出.xlsx", bytes)]);
        let again = preview(&desk, &upload_id);
        let counts = &again["counts"];
        assert_eq!(
            counts,
            &json!([{ "state": "same", "text": "没有变化", "n": 4 }]),
            "{}",
            shown_rows(&again)
        );
    }
    // One cell changed in the table is one change of one article.
    let (_, bytes) = export(&desk, "table", false);
    let table = &documents::table::Table::read(&bytes).unwrap()[0];
    let mut lines = vec![table.names.join("|")];
    for row in &table.rows {
        let cells = row.cells.join("|").replace('\n', "/");
        lines.push(cells.replace("到时候再说", "明年再说"));
    }
    let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
    let again = preview(&desk, &upload(&desk, &[("改.xlsx", xlsx(&lines))]));
    let changed: Vec<&Value> = again["rows"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|row| row["state"] != "same")
        .collect();
    assert_eq!(changed.len(), 1, "{}", shown_rows(&again));
    assert_eq!(changed[0]["title"], "明年的政策");
    assert_eq!(changed[0]["changes_text"], "标准答案");
}

#[test]
fn the_samples_come_back_as_they_are() {
    let desk = Workstation::in_a_window();
    desk.call("load_samples", Value::Null);
    sit(&desk, EDITOR);
    let (_, bytes) = export(&desk, "table", true);
    let again = preview(&desk, &upload(&desk, &[("导出.xlsx", bytes)]));
    let counts = again["counts"].as_array().unwrap();
    let other: String = shown_rows(&again)
        .lines()
        .filter(|row| !row.contains(" 没有变化 "))
        .collect::<Vec<_>>()
        .join("\n");
    assert_eq!(other, "");
    assert_eq!(counts.len(), 1, "{counts:?}");
    assert!(counts[0]["n"].as_u64().unwrap() > 2_000);
}

#[test]
fn the_public_version_says_nothing_that_is_not_public() {
    let desk = desk_with_articles();
    // A sample that stays marked as one.
    desk.call("load_samples", Value::Null);
    let (made, bytes) = export(&desk, "public", true);
    assert_eq!(made["file_name"], "知识库公开版 20261123.zip");
    let files = files_of(&bytes);
    let names: Vec<&str> = files.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(
        names,
        ["index.html", "knowledge.json", "knowledge.schema.json"]
    );
    for (name, text) in &files {
        for secret in [
            "周三系统维护",
            "陈静",
            "还在写的",
            "不外传",
            "明年的政策",
            "internal",
            "responsible",
        ] {
            assert!(!text.contains(secret), "{name} says {secret}");
        }
        for outside in [
            "src=",
            "@import",
            "url(",
            "<link",
            "fetch(",
            "XMLHttpRequest",
        ] {
            assert!(!text.contains(outside), "{name} loads something: {outside}");
        }
    }
    let knowledge: Value = serde_json::from_str(&files[1].1).unwrap();
    let schema: Value = serde_json::from_str(&files[2].1).unwrap();
    assert_eq!(knowledge["format"], schema["properties"]["format"]["const"]);
    let articles = knowledge["articles"].as_array().unwrap();
    assert_eq!(knowledge["n_articles"], articles.len());
    let described = &schema["$defs"]["article"]["properties"];
    for article in articles {
        let fields: Vec<&String> = article.as_object().unwrap().keys().collect();
        assert!(
            fields
                .iter()
                .all(|field| !described[field.as_str()].is_null()),
            "{fields:?}"
        );
        assert_eq!(fields.len(), described.as_object().unwrap().len());
    }
    let own: Vec<&Value> = articles
        .iter()
        .filter(|it| it["is_sample"] == false)
        .collect();
    let titles: Vec<&str> = own.iter().map(|it| it["title"].as_str().unwrap()).collect();
    assert_eq!(titles, ["社保卡丢了怎么办", "养老金什么时候发"]);
    let html = &files[0].1;
    assert!(html.contains("default-src 'none'"));
    assert!(html.contains("<strong>12333</strong>"));
    let marks = html.matches("<span class=\"sample\">示例</span>").count();
    assert_eq!(marks, articles.len() - 2);
    // The last day counts; the day after, it is gone.
    desk.set_clock("2026-12-01 00:01");
    let (_, bytes) = export(&desk, "public", false);
    assert!(!files_of(&bytes)[1].1.contains("养老金什么时候发"));
    // What was taken out of use is gone at once.
    sit(&desk, crate::files::REVIEWER);
    let suspend = json!({ "type": "suspend", "reason": "电话有误" });
    act(&desk, &id_of(&desk, "社保卡丢了怎么办"), &suspend);
    let (_, bytes) = export(&desk, "public", false);
    assert!(!files_of(&bytes)[1].1.contains("社保卡丢了怎么办"));
}

#[test]
fn what_an_article_says_does_not_run_in_the_public_page() {
    let desk = editors_desk();
    let row = "</title><script>alert(1)</script>|</span><img src=x onerror=alert(2)>|<script>alert(3)</script>{{articles}}|县人社局|陈静|\"><script>alert(4)</script>||2027-12-31|2027-06-01||<iframe>||标准答案";
    import(
        &desk,
        &[("一.xlsx", xlsx(&[NAMES, &row.replace("</", "<\\")]))],
    );
    let title = "<\\title><script>alert(1)<\\script>";
    publish(&desk, &id_of(&desk, title));
    let (_, bytes) = export(&desk, "public", false);
    let html = &files_of(&bytes)[0].1;
    assert_eq!(html.matches("<script>").count(), 1, "ours alone");
    for tag in ["<img", "<iframe", "<script>alert"] {
        assert!(!html.contains(tag), "{tag}");
    }
    assert!(
        html.contains("{{articles}}"),
        "what it says is not looked into"
    );
}

#[test]
fn to_read_as_one_document_or_as_files() {
    let desk = desk_with_articles();
    let (made, bytes) = export(&desk, "markdown", false);
    assert_eq!(made["file_name"], "知识文稿（全部）20261123.zip");
    let files = files_of(&bytes);
    let (name, text) = files
        .iter()
        .find(|(name, _)| name.contains("社保卡"))
        .unwrap();
    assert_eq!(name, "县人力资源和社会保障局/社保卡丢了怎么办.md");
    let (text, mark) = text.split_once("\n---\n").unwrap();
    expect![[r#"
        # 社保卡丢了怎么办

        - 模板：标准答案
        - 状态：使用中
        - 责任单位：县人力资源和社会保障局
        - 来源：来函1号
        - 有效期自：2026-01-01
        - 有效期至：2027-12-31
        - 下次复核日：2027-06-01

        ## 群众的说法

        - 社保卡掉了
        - 卡丢了

        ## 标准答案

        先拨打**12333**挂失。

        1. 带身份证
        2. 交 20 元

        ## 申请材料

        身份证

        ## 来源

        另一个来源
    "#]]
    .assert_eq(text);
    assert!(
        mark.contains("周兰 2001") && mark.contains("导出编号 W01-"),
        "{mark}"
    );
    let (made, bytes) = export(&desk, "document", true);
    assert_eq!(made["file_name"], "知识汇编（全部）20261123.docx");
    let blocks = documents::word::read(&bytes).unwrap();
    let text = format!("{blocks:?}");
    assert!(text.contains("周三系统维护") && text.contains("陈静"));
    // It is cut into the same articles again.
    let again = preview(&desk, &upload(&desk, &[("汇编.docx", bytes)]));
    assert_eq!(again["sources"][0]["n_rows"], 4);
    assert_eq!(
        again["rows"][0]["existing_title"],
        again["rows"][0]["title"]
    );
}

#[test]
fn a_list_has_its_own_articles_and_an_empty_one_is_said() {
    let desk = desk_with_articles();
    let request = |list: &str| json!({ "form": "table", "list": list, "with_internal": false });
    let made = desk.call("kb_export", request("writing"));
    assert_eq!(made["file_name"], "知识表（编写中）20261123.xlsx");
    let shown = shown_tables(&handed(&desk, &made));
    assert!(
        shown.contains("还在写的") && !shown.contains("社保卡"),
        "{shown}"
    );
    assert_eq!(
        desk.error("kb_export", request("retired")),
        "invalid: 没有可以导出的条目。"
    );
    // The folder is the person's: what cannot be shown is said, and nothing else can be asked for.
    assert_eq!(
        desk.error("show_handed", json!({ "ticket": made["ticket"] })),
        format!(
            "invalid: 不能打开文件夹 {}：entity not found。",
            desk.downloads().display()
        )
    );
    assert_eq!(
        desk.error("show_handed", json!({ "ticket": "/etc" })),
        "invalid: 找不到这个文件，请重新导出。"
    );
}

#[test]
fn a_folder_that_cannot_be_written_to() {
    let desk = desk_with_articles();
    let downloads = desk.downloads();
    if downloads.exists() {
        std::fs::remove_dir_all(&downloads).unwrap();
    }
    std::fs::write(&downloads, "a file where the folder should be").unwrap();
    let request = json!({ "form": "table", "list": null, "with_internal": false });
    let error = desk.error("kb_export", request);
    let begins = format!("invalid: 不能写入 {}：", downloads.display());
    assert!(error.starts_with(&begins), "{error}");
}

#[test]
fn a_locked_desk_hands_out_nothing() {
    let desk = Workstation::new();
    let request = json!({ "form": "public", "list": null, "with_internal": false });
    assert_eq!(desk.error("kb_export", request), "locked: 工作站尚未解锁。");
    desk.call("set_up", set_up(false));
}
