//! Files as a window brings them in and gets them out.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use documents::table::Table;
use documents::workbook::{self, Sheet};
use serde_json::{Value, json};

use crate::workstation::Workstation;

/// What the window sends at a time; small here, so that every file comes in several parts.
const PART_BYTES: usize = 3_000;

/// Somebody at the desk: name, number, duty.
pub(crate) type Person = (&'static str, &'static str, &'static str);
pub(crate) const EDITOR: Person = ("周兰", "2001", "knowledge_editing");
pub(crate) const SECOND_EDITOR: Person = ("何军", "2002", "knowledge_editing");
pub(crate) const REVIEWER: Person = ("吴敏", "2003", "knowledge_review");

pub(crate) fn sit(workstation: &Workstation, (name, number, duty): Person) {
    let request = json!({ "operator_name": name, "operator_number": number, "duties": [duty] });
    workstation.call("change_operator", request);
}

/// An editor at a desk in a window.
pub(crate) fn editors_desk() -> Workstation {
    let workstation = Workstation::in_a_window();
    sit(&workstation, EDITOR);
    workstation
}

/// Sends the files in parts; the id of the upload.
pub(crate) fn upload(workstation: &Workstation, files: &[(&str, Vec<u8>)]) -> String {
    let mut upload_id = String::new();
    for (name, bytes) in files {
        let mut parts: Vec<&[u8]> = bytes.chunks(PART_BYTES).collect();
        if parts.is_empty() {
            parts.push(&[]);
        }
        for (n, part) in parts.iter().enumerate() {
            let request = json!({
                "upload_id": upload_id, "file_name": name,
                "offset": n * PART_BYTES, "content": BASE64.encode(part),
            });
            let taken = workstation.call("upload_part", request);
            taken["upload_id"]
                .as_str()
                .unwrap()
                .clone_into(&mut upload_id);
        }
    }
    upload_id
}

/// A workbook of one sheet: its names and rows, cells separated by `|`, a `/` for a line inside.
pub(crate) fn xlsx(lines: &[&str]) -> Vec<u8> {
    let cells = |line: &str| -> Vec<String> {
        line.split('|')
            .map(|cell| cell.trim().replace('/', "\n"))
            .collect()
    };
    let mut sheet = Sheet::new("知识", &[]);
    let (names, rows) = lines.split_first().unwrap();
    sheet.names = cells(names);
    sheet.rows = rows.iter().map(|line| cells(line)).collect();
    workbook::write(&[sheet], None).unwrap()
}

/// The bytes of a file that a call handed out into the download folder.
pub(crate) fn handed(workstation: &Workstation, handed: &Value) -> Vec<u8> {
    let path = workstation
        .downloads()
        .join(handed["file_name"].as_str().unwrap());
    assert_eq!(handed["path"], path.display().to_string());
    std::fs::read(path).unwrap()
}

/// The sheets of a workbook as lines.
pub(crate) fn shown_tables(bytes: &[u8]) -> String {
    let mut lines = Vec::new();
    for table in Table::read(bytes).unwrap() {
        lines.push(format!("〔{}〕{}", table.sheet, table.names.join("|")));
        let rows = table.rows.iter();
        lines.extend(rows.map(|row| row.cells.join("|").replace('\n', "/")));
    }
    lines.join("\n") + "\n"
}

pub(crate) fn preview(workstation: &Workstation, upload_id: &str) -> Value {
    preview_as(workstation, upload_id, &json!([]))
}

pub(crate) fn preview_as(workstation: &Workstation, upload_id: &str, sources: &Value) -> Value {
    let request = json!({ "upload_id": upload_id, "sources": sources });
    workstation.call("kb_import_preview", request)
}

pub(crate) fn run_request(upload_id: &str, preview: &Value, choices: &Value) -> Value {
    json!({ "upload_id": upload_id, "preview_no": preview["preview_no"], "choices": choices })
}

/// Previews, and imports as proposed; what was said.
pub(crate) fn import(workstation: &Workstation, files: &[(&str, Vec<u8>)]) -> String {
    let upload_id = upload(workstation, files);
    let preview = preview(workstation, &upload_id);
    let request = run_request(&upload_id, &preview, &json!([]));
    let done = workstation.call("kb_import_run", request);
    done["message"].as_str().unwrap().to_owned()
}

/// The rows of a preview, a line for each.
pub(crate) fn shown_rows(preview: &Value) -> String {
    let list = |value: &Value| -> String {
        let texts = value.as_array().unwrap().iter();
        texts
            .map(|it| it.as_str().unwrap())
            .collect::<Vec<_>>()
            .join(" ")
    };
    let mut shown = String::new();
    for row in preview["rows"].as_array().unwrap() {
        let text = |name: &str| row[name].as_str().unwrap();
        let mut line = format!(
            "{} 《{}》{} {} [{}]",
            text("place"),
            text("title"),
            text("template_text"),
            text("state_text"),
            list(&row["choices"])
        );
        for (label, said) in [
            (" 同", text("existing_title").to_owned()),
            (" 改", text("changes_text").to_owned()),
            (" 错", list(&row["faults"])),
            (" 缺", list(&row["missing"])),
            (" 注", list(&row["notes"])),
        ] {
            if !said.is_empty() {
                line.push_str(&format!("{label} {said}"));
            }
        }
        shown.push_str(&line);
        shown.push('\n');
    }
    shown
}

/// The articles of the editors' list, a line for each.
pub(crate) fn shown_records(workstation: &Workstation) -> String {
    let rows = workstation.call("kb_records", json!({ "list": "all" }));
    let mut lines: Vec<String> = rows
        .as_array()
        .unwrap()
        .iter()
        .map(|row| {
            format!(
                "{} {} {} 修改稿{}",
                row["title"].as_str().unwrap(),
                row["unit"].as_str().unwrap(),
                row["state_text"].as_str().unwrap(),
                row["n_proposals"]
            )
        })
        .collect();
    lines.sort();
    lines.join("\n") + "\n"
}

pub(crate) fn n_records(workstation: &Workstation) -> usize {
    let rows = workstation.call("kb_records", json!({ "list": "all" }));
    rows.as_array().unwrap().len()
}

/// The id of the article with that title.
pub(crate) fn id_of(workstation: &Workstation, title: &str) -> String {
    let rows = workstation.call("kb_records", json!({ "list": "all" }));
    let row = rows
        .as_array()
        .unwrap()
        .iter()
        .find(|row| row["title"] == title);
    row.unwrap()["id"].as_str().unwrap().to_owned()
}

/// One act on an article as it is now.
pub(crate) fn act(workstation: &Workstation, id: &str, act: &Value) {
    let record = workstation.call("kb_record", json!({ "id": id }));
    let request = json!({ "id": id, "version": record["version"], "act": act });
    workstation.call("act_on_kb_record", request);
}

/// Handed on, confirmed and published.
pub(crate) fn publish(workstation: &Workstation, id: &str) {
    sit(workstation, EDITOR);
    let record = workstation.call("kb_record", json!({ "id": id }));
    let revision = &record["draft"]["revision"];
    act(
        workstation,
        id,
        &json!({ "type": "submit", "base_revision": revision }),
    );
    let confirmation = json!({ "type": "record_confirmation", "name": "陈静", "evidence": "来函" });
    act(workstation, id, &confirmation);
    sit(workstation, REVIEWER);
    act(workstation, id, &json!({ "type": "publish" }));
    sit(workstation, EDITOR);
}
