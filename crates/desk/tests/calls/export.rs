//! 导出: every file that goes out carries the number under which the record knows who made it.

use std::io::{Cursor, Read as _};

use documents::watermark::{SERIAL_LABEL, serial_of};
use serde_json::{Value, json};

use crate::files::{handed, upload, xlsx};
use crate::form::{dispatch, draft_id, intake};
use crate::workstation::Workstation;

/// A desk with an order that was given to a unit, and with knowledge.
fn desk() -> Workstation {
    let mut workstation = Workstation::with_samples();
    workstation.move_into_a_window();
    workstation.submitted(1, &intake("路灯坏了"), &dispatch("unit-housing"));
    workstation
}

fn ledger(output: &str) -> Value {
    json!({ "queue": "all", "search": "", "output": output, "purpose": "内部核对" })
}

fn form(output: &str, template: Option<&str>) -> Value {
    json!({
        "work_order_id": draft_id(1), "form": "dispatch", "assignment": null, "output": output,
        "with_caller": false, "template_upload_id": template,
    })
}

fn knowledge(form: &str) -> Value {
    json!({ "form": form, "list": null, "with_internal": false })
}

fn audit() -> Value {
    json!({ "person": "", "act": "", "object": "", "from": "", "until": "", "before": null })
}

/// What the auditor learns of a file.
fn traced(workstation: &Workstation, name: &str, bytes: &[u8]) -> Value {
    let upload_id = upload(workstation, &[(name, bytes.to_vec())]);
    let told = workstation.call(
        "trace_export",
        json!({ "serial": "", "upload_id": upload_id }),
    );
    workstation.call("drop_upload", json!({ "upload_id": upload_id }));
    told
}

#[test]
fn every_export_carries_its_number_and_the_record_knows_it() {
    let workstation = desk();
    let blank = workstation.call("order_form_template", json!({ "form": "dispatch" }));
    assert_eq!(blank["serial"], "");
    let blank = handed(&workstation, &blank);
    assert_eq!(serial_of(&blank), None);
    let template = upload(&workstation, &[("交办单.docx", blank)]);
    let faults = upload(
        &workstation,
        &[("表.xlsx", xlsx(&["标题|有效期至", "停水找谁|明年"]))],
    );
    let preview = workstation.call(
        "kb_import_preview",
        json!({ "upload_id": faults, "sources": [] }),
    );
    let faults = json!({ "upload_id": faults, "preview_no": preview["preview_no"], "choices": [] });
    let exports = [
        ("export_ledger", "导出台账", ledger("xlsx")),
        ("export_ledger", "导出台账", ledger("pdf")),
        ("export_ledger", "导出台账", ledger("docx")),
        ("export_ledger", "导出台账", ledger("csv")),
        ("print_order_form", "打印单据", form("pdf", None)),
        ("print_order_form", "打印单据", form("docx", None)),
        (
            "print_order_form",
            "打印单据",
            form("docx", Some(&template)),
        ),
        ("kb_export", "导出知识", knowledge("table")),
        ("kb_export", "导出知识", knowledge("document")),
        ("kb_export", "导出知识", knowledge("markdown")),
        ("kb_export", "导出知识", knowledge("public")),
        ("kb_import_errors", "导出差错表", faults),
        ("export_audit", "导出审计记录", audit()),
    ];
    let mut serials = Vec::new();
    for (call, act, request) in exports {
        let made = workstation.call(call, request);
        let serial = made["serial"].as_str().unwrap().to_owned();
        let bytes = handed(&workstation, &made);
        assert_eq!(serial_of(&bytes).as_ref(), Some(&serial), "{call}");
        let known = traced(&workstation, made["file_name"].as_str().unwrap(), &bytes);
        assert_eq!(
            (&known["serial"], &known["is_known"]),
            (&json!(serial), &json!(true))
        );
        let told = known["message"].as_str().unwrap();
        assert!(
            told.starts_with("陈晓梅 1001 于 ") && told.contains(act),
            "{told}"
        );
        // The same of what was read off a page.
        let typed = json!({ "serial": serial.to_lowercase().replace('-', " "), "upload_id": null });
        assert_eq!(workstation.call("trace_export", typed), known);
        serials.push((act, serial));
    }
    // One entry each, with the number in it.
    let rows = workstation.call("audit_entries", audit())["rows"].take();
    for (act, serial) in &serials {
        let fields = format!("{SERIAL_LABEL} {serial}");
        let rows = rows.as_array().unwrap().iter();
        let naming: Vec<&Value> = rows
            .filter(|row| row["fields_text"] == json!(fields))
            .collect();
        assert_eq!(naming.len(), 1, "{serial}");
        assert_eq!(
            (&naming[0]["act_text"], &naming[0]["outcome_text"]),
            (&json!(act), &json!("已办"))
        );
    }
    serials.sort();
    serials.dedup();
    assert_eq!(serials.len(), 13);
}

#[test]
fn what_is_for_everybody_says_no_name() {
    let workstation = desk();
    let made = workstation.call("kb_export", knowledge("public"));
    let bytes = handed(&workstation, &made);
    let mut zip = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    for at in 0..zip.len() {
        let mut text = String::new();
        zip.by_index(at).unwrap().read_to_string(&mut text).unwrap();
        assert!(!text.contains("陈晓梅"), "{text}");
    }
}

#[test]
fn a_number_that_is_none_and_one_of_another_desk_are_told() {
    let workstation = desk();
    let made = workstation.call("kb_export", knowledge("table"));
    let serial = made["serial"].as_str().unwrap();
    let typed = |serial: &str| json!({ "serial": serial, "upload_id": null });
    let wrong = serial.chars().rev().collect::<String>();
    for no_number in ["", "路灯", &wrong] {
        assert_eq!(
            workstation.error("trace_export", typed(no_number)),
            "invalid: 导出编号不对，请照水印逐字核对，如 W01-K7Q4M-X9P2T。"
        );
    }
    let elsewhere = serial.replace("W01", "W07");
    let told = workstation.call("trace_export", typed(&elsewhere));
    assert_eq!(told["is_known"], false);
    assert_eq!(
        told["message"],
        "本机的审计记录里没有这个编号，它是工作站 W07 导出的，请到那台工作站查。"
    );
    let told = traced(&workstation, "通知.txt", "没有编号".as_bytes());
    assert_eq!(
        (&told["serial"], &told["message"]),
        (
            &json!(""),
            &json!("这个文件里没有导出编号，也不是本机保存过的附件。打印件请照水印输入编号。")
        )
    );
}

#[test]
fn an_export_that_was_refused_has_no_number() {
    let workstation = Workstation::in_a_window();
    workstation.fail("export_ledger", ledger("xlsx"));
    workstation.fail("export_ledger", ledger("pdf"));
    let rows = workstation.call("audit_entries", audit())["rows"].take();
    let rows: Vec<&Value> = rows.as_array().unwrap().iter().collect();
    let refused: Vec<&&Value> = rows
        .iter()
        .filter(|row| row["act_text"] == "导出台账")
        .collect();
    assert_eq!(refused.len(), 2);
    for row in refused {
        assert_eq!(
            (&row["outcome_text"], &row["fields_text"]),
            (&json!("未通过"), &json!(""))
        );
    }
    assert_eq!(
        std::fs::read_dir(workstation.downloads()).map_or(0, Iterator::count),
        0
    );
}
