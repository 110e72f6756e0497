//! Files that are broken, hostile or too large: a plain sentence, and nothing has changed.

use std::io::{Cursor, Write as _};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use desk::upload::{FILES_MAX, PART_MAX_BYTES};
use expect_test::expect;
use serde_json::{Value, json};

use crate::files::{editors_desk, n_records, preview, upload, xlsx};
use crate::workstation::Workstation;

fn zip(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in files {
        zip.start_file(*name, zip::write::SimpleFileOptions::default())
            .unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

/// A small file whose directory says that it unpacks to more than any office file has.
fn bomb() -> Vec<u8> {
    let mut bytes = zip(&[
        ("xl/workbook.xml", b"<workbook/>"),
        ("xl/worksheets/sheet1.xml", b""),
    ]);
    let entry = bytes
        .windows(4)
        .rposition(|it| it == b"PK\x01\x02")
        .unwrap();
    let size = entry + 24..entry + 28;
    bytes[size].copy_from_slice(&(300_u32 << 20).to_le_bytes());
    bytes
}

fn encrypted() -> Vec<u8> {
    let mut bytes = vec![0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1];
    bytes.resize(512, 0);
    bytes.extend("EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes));
    bytes
}

#[test]
fn each_is_told_and_nothing_changes() {
    let desk = editors_desk();
    let whole = xlsx(&["标题|答案", "停水|打电话"]);
    let dtd = r#"<!DOCTYPE w [<!ENTITY a "aaaa">]><w:p xmlns:w="w"><w:t>&a;</w:t></w:p>"#;
    let files = [
        ("断.xlsx", whole[..whole.len() / 2].to_vec()),
        ("炸弹.xlsx", bomb()),
        ("加密.xlsx", encrypted()),
        ("加密.docx", encrypted()),
        ("实体.docx", zip(&[("word/document.xml", dtd.as_bytes())])),
        ("图片.csv", vec![0x89, b'P', b'N', b'G', 0, 1, 2, 0xFF]),
        ("无标题.csv", "甲,乙\n1,2\n".as_bytes().to_vec()),
    ];
    let upload_id = upload(&desk, &files);
    let preview = preview(&desk, &upload_id);
    let mut broken = String::new();
    for file in preview["broken"].as_array().unwrap() {
        broken.push_str(&format!("{} {}\n", file["file"], file["reason"]));
    }
    expect![[r#"
        "断.xlsx" "文件已损坏，或不是这种格式，请用办公软件打开后另存一份再导入"
        "炸弹.xlsx" "文件（或解开后的内容）超过 256 MB，请拆成几个文件"
        "加密.xlsx" "文件加了密码，或是旧版 Word 文档，请去掉密码并另存为新格式后再导入"
        "加密.docx" "文件加了密码，或是旧版 Word 文档，请去掉密码并另存为新格式后再导入"
        "实体.docx" "文件已损坏，或不是这种格式，请用办公软件打开后另存一份再导入"
        "图片.csv" "文件已损坏，或不是这种格式，请用办公软件打开后另存一份再导入"
    "#]]
    .assert_eq(&broken);
    assert_eq!(
        preview["sources"][0]["notes"],
        json!(["没有对应“标题”的列，这张表不导入"])
    );
    assert_eq!(preview["message"], "所选文件里没有可以导入的行。");
    assert_eq!(n_records(&desk), 0);
}

#[test]
fn what_a_cell_says_stays_text() {
    let desk = editors_desk();
    let row = "=cmd()|=1+1|+1|-1|@SUM(A1)|<script>alert(1)</script>|长期|2027-06-01";
    let names = "标题|群众的说法|答案|责任单位|责任人|来源|有效期至|下次复核";
    let upload_id = upload(&desk, &[("一.xlsx", xlsx(&[names, row]))]);
    let preview = preview(&desk, &upload_id);
    let request = crate::files::run_request(&upload_id, &preview, &json!([]));
    desk.call("kb_import_run", request);
    let exported = json!({ "form": "table", "list": null, "with_internal": true });
    let exported = desk.call("kb_export", exported);
    let bytes = crate::files::handed(&desk, &exported);
    let sheet = String::from_utf8_lossy(&unzipped(&bytes, "xl/worksheets/sheet1.xml")).into_owned();
    assert!(!sheet.contains("<f>"), "{sheet}");
    let shown = crate::files::shown_tables(&bytes);
    assert!(shown.contains("=cmd()|=1+1|+1"), "{shown}");
}

fn unzipped(bytes: &[u8], name: &str) -> Vec<u8> {
    let mut zip = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut text = Vec::new();
    std::io::Read::read_to_end(&mut zip.by_name(name).unwrap(), &mut text).unwrap();
    text
}

fn part(upload_id: &str, name: &str, offset: usize, bytes: &[u8]) -> Value {
    json!({
        "upload_id": upload_id, "file_name": name, "offset": offset,
        "content": BASE64.encode(bytes),
    })
}

#[test]
fn parts_that_do_not_fit_together() {
    let desk = editors_desk();
    let taken = desk.call("upload_part", part("", "一.csv", 0, b"abc"));
    let id = taken["upload_id"].as_str().unwrap();
    let not_base64 =
        json!({ "upload_id": id, "file_name": "一.csv", "offset": 3, "content": "不" });
    for (request, message) in [
        (
            part(id, "一.csv", 0, b"abc"),
            "invalid: 文件内容在传送中断开，请重新选择文件。",
        ),
        (
            part(id, "一.csv", 9, b"abc"),
            "invalid: 文件内容在传送中断开，请重新选择文件。",
        ),
        (
            not_base64,
            "invalid: 文件内容在传送中损坏，请重新选择文件。",
        ),
        (
            part("none", "一.csv", 0, b"abc"),
            "invalid: 所选文件已不在，请重新选择。",
        ),
        (
            part(id, "", 0, b"abc"),
            "invalid: 文件名应有 1 至 400 字，现有 0 字。",
        ),
        (
            part(id, "二.csv", 0, &vec![0; PART_MAX_BYTES + 1]),
            "invalid: 一次传送的内容过大。",
        ),
    ] {
        assert_eq!(desk.error("upload_part", request), message);
    }
    let taken = desk.call("upload_part", part(id, "一.csv", 3, b"def"));
    assert_eq!(taken["n_bytes"], 6);
    for n in 1..FILES_MAX {
        desk.call("upload_part", part(id, &format!("{n}.csv"), 0, b""));
    }
    assert_eq!(
        desk.error("upload_part", part(id, "多.csv", 0, b"")),
        "invalid: 一次最多导入 200 个文件，请分几次导入。"
    );
    desk.call("drop_upload", json!({ "upload_id": id }));
    let request = json!({ "upload_id": id, "sources": [] });
    assert_eq!(
        desk.error("kb_import_preview", request),
        "invalid: 所选文件已不在，请重新选择。"
    );
}

#[test]
fn a_file_and_all_files_have_a_limit() {
    let desk = editors_desk();
    let whole = vec![b'a'; PART_MAX_BYTES];
    let mut id = String::new();
    let send = |desk: &Workstation, id: &mut String, name: &str, n_parts: usize| {
        for n in 0..n_parts {
            let taken = desk.call("upload_part", part(id, name, n * PART_MAX_BYTES, &whole));
            taken["upload_id"].as_str().unwrap().clone_into(id);
        }
    };
    send(&desk, &mut id, "一.csv", 64);
    assert_eq!(
        desk.error(
            "upload_part",
            part(&id, "一.csv", 64 * PART_MAX_BYTES, b"a")
        ),
        "invalid: “一.csv”超过 32 MB，请拆成几个文件。"
    );
    send(&desk, &mut id, "二.csv", 64);
    assert_eq!(
        desk.error("upload_part", part(&id, "三.csv", 0, b"a")),
        "invalid: 所选文件合计超过 64 MB，请分几次导入。"
    );
}

#[test]
fn too_many_rows_are_refused_before_they_are_looked_at() {
    let desk = editors_desk();
    let rows = "题,答\n".repeat(6_000);
    let file = |rows: &str| format!("标题,答案\n{rows}").into_bytes();
    let upload_id = upload(&desk, &[("一.csv", file(&rows)), ("二.csv", file(&rows))]);
    assert_eq!(
        desk.error(
            "kb_import_preview",
            json!({ "upload_id": upload_id, "sources": [] })
        ),
        "invalid: 一次最多导入 10000 行，所选文件共有 12000 行，请分几次导入。"
    );
}
