//! 单件文书和台账: printed of real orders, into the person's folder.

use desk_store::{KeySlots, Store};
use documents::markdown::{Piece, Run};
use documents::table::Table;
use documents::word::{self, Block};
use serde_json::{Value, json};

use crate::files::{handed, upload};
use crate::form::{dispatch_special, draft_id, intake, register, special, with};
use crate::workstation::{PASSPHRASE, Workstation, beijing};

const PHONE: &str = "13800001234";

fn print(form: &str, output: &str, with_caller: bool) -> Value {
    json!({
        "work_order_id": draft_id(1), "form": form, "assignment": null,
        "output": output, "with_caller": with_caller, "template_upload_id": null,
    })
}

/// A special matter that was dispatched and told by telephone.
fn dispatched(matter: &Value) -> Workstation {
    let workstation = Workstation::in_a_window();
    workstation.submitted(1, matter, &dispatch_special("unit-water-affairs"));
    workstation.call("record_delivery", workstation.delivery(1));
    workstation
}

/// All that a docx says.
pub(crate) fn text_of(bytes: &[u8]) -> String {
    let blocks = word::read(bytes)
        .unwrap()
        .into_iter()
        .map(|block| match block {
            Block::Heading { text, .. } | Block::Paragraph { text } | Block::Item { text } => text,
            Block::Table { rows } => rows.concat().join("|"),
        });
    blocks.collect::<Vec<_>>().join("\n")
}

#[test]
fn what_can_be_printed_is_told_with_the_reason_why_not() {
    let workstation = Workstation::in_a_window();
    workstation.submitted(1, &special("大面积停水"), &register());
    let forms = |workstation: &Workstation| {
        let answer = workstation.call("order_forms", json!({ "id": draft_id(1) }));
        let forms = answer["forms"].as_array().unwrap().iter();
        let lines = forms.map(|form| {
            let text = form["text"].as_str().unwrap();
            let units = form["assignments"].as_array().unwrap().len();
            format!("{text} {units} {}\n", form["refusal"])
        });
        lines.collect::<Vec<_>>().concat()
    };
    assert!(forms(&workstation).starts_with("交办单 0 \"工单还没有派给承办单位。\"\n"));
    let error = workstation.error("print_order_form", print("dispatch", "pdf", false));
    assert_eq!(error, "invalid: 工单还没有派给承办单位。");

    let workstation = dispatched(&special("大面积停水"));
    expect_test::expect![[r#"
        交办单 1 null
        应急转办单 1 null
        催办单 0 "还没有催办过。"
        退回单 0 "承办单位没有退回。"
        延期申请单 0 "承办单位没有申请延期。"
        甄别申请表 0 "没有不满意的评价。"
        终结办理意见书 0 "承办单位没有提出终结。"
        办结单 0 "承办单位还没有办结。"
    "#]]
    .assert_eq(&forms(&workstation));
    let error = workstation.error("print_order_form", print("completion", "pdf", false));
    assert_eq!(error, "invalid: 承办单位还没有办结。");
}

#[test]
fn a_form_is_written_into_the_persons_folder() {
    let workstation = dispatched(&special("=1+1{{编号}}<w:p>停水，请回电13800001234"));
    let pdf = workstation.call(
        "print_order_form",
        print("emergency_dispatch", "pdf", false),
    );
    assert_eq!(pdf["message"], "应急转办单已生成，共 1 页。");
    assert_eq!(pdf["file_name"], "应急转办单 20261123-W01-0001-1.pdf");
    assert!(handed(&workstation, &pdf).starts_with(b"%PDF-1.7"));
    let docx = workstation.call("print_order_form", print("dispatch", "docx", false));
    let text = text_of(&handed(&workstation, &docx));
    for said in [
        "县水务局",
        "王**",
        "138****1234",
        "=1+1{{编号}}<w:p>停水",
        "11月26日（周四）24:00",
    ] {
        assert!(text.contains(said), "{said}: {text}");
    }
    assert!(!text.contains(PHONE), "{text}");
}

#[test]
fn an_offices_own_template_is_filled_or_told_what_is_wrong_with_it() {
    let workstation = dispatched(&special("停水{{编号}}"));
    let ours = workstation.call("order_form_template", json!({ "form": "dispatch" }));
    let ours = handed(&workstation, &ours);
    let with_template = |bytes: Vec<u8>| {
        let upload_id = upload(&workstation, &[("交办单.docx", bytes)]);
        with(
            print("dispatch", "docx", false),
            "/template_upload_id",
            upload_id,
        )
    };
    let docx = workstation.call("print_order_form", with_template(ours));
    let text = text_of(&handed(&workstation, &docx));
    assert!(
        text.contains("县水务局") && text.contains("停水{{编号}}"),
        "{text}"
    );
    let theirs = |said: &str| {
        let run = vec![Run::plain(said)];
        word::write(&[Piece::Paragraph { runs: run }], None).unwrap()
    };
    let docx = workstation.call("print_order_form", with_template(theirs("{{打印人}}印")));
    let text = text_of(&handed(&workstation, &docx));
    let (theirs_said, ours_said) = text.split_once('\n').unwrap();
    assert_eq!(theirs_said, "陈晓梅 1001印");
    assert!(ours_said.contains("导出编号 W01-"), "{ours_said}");
    let mut told = String::new();
    for wrong in [theirs("致{{科室}}"), theirs("{{承办单位"), b"%PDF".to_vec()] {
        let error = workstation.error("print_order_form", with_template(wrong));
        told.push_str(&(error + "\n"));
    }
    expect_test::expect![[r#"
        invalid: “交办单.docx”里的字段“科室”没有对应的内容，请对照程序导出的模板改正。
        invalid: “交办单.docx”里有字段没有写完，在“承办单位”附近，字段应写成 {{承办单位}}。
        invalid: “交办单.docx”：文件已损坏，或不是这种格式，请用办公软件打开后另存一份再导入。
    "#]]
    .assert_eq(&told);
}

#[test]
fn who_calls_is_written_out_on_request_and_that_is_recorded() {
    let mut workstation = dispatched(&special("停水"));
    let docx = workstation.call("print_order_form", print("dispatch", "docx", true));
    let text = text_of(&handed(&workstation, &docx));
    assert!(text.contains("王建国") && text.contains(PHONE), "{text}");
    workstation.close();
    let key = KeySlots::load(workstation.folder())
        .and_then(|slots| slots.unlock_with_passphrase(PASSPHRASE))
        .unwrap();
    let store = Store::open(workstation.folder(), &key).unwrap();
    let reveals = store
        .read(|reader| Ok(reader.reveals_of(&draft_id(1))?))
        .unwrap();
    let fields: Vec<&str> = reveals.iter().map(|reveal| reveal.field.as_str()).collect();
    assert_eq!(fields, ["name", "phone"]);
    assert_eq!(reveals[0].revealed_at, beijing("2026-11-23 09:15"));
}

#[test]
fn of_a_confidential_order_nobody_is_named() {
    let workstation = dispatched(&with(special("王建国家停水"), "/is_confidential", true));
    let forms = workstation.call("order_forms", json!({ "id": draft_id(1) }));
    assert!(forms["caller_refusal"].is_string());
    let error = workstation.error("print_order_form", print("dispatch", "docx", true));
    assert!(error.starts_with("invalid: 举报件、保密件"), "{error}");
    let docx = workstation.call("print_order_form", print("dispatch", "docx", false));
    let text = text_of(&handed(&workstation, &docx));
    assert!(text.contains("由县中心中转联系"), "{text}");
    assert!(!text.contains("王建国") && !text.contains("138"), "{text}");
}

fn ledger(output: &str, purpose: &str) -> Value {
    json!({ "queue": "all", "search": "", "output": output, "purpose": purpose })
}

#[test]
fn a_ledger_holds_the_list_without_the_callers() {
    let workstation = Workstation::in_a_window();
    let error = workstation.error("export_ledger", ledger("xlsx", "核对"));
    assert_eq!(error, "invalid: 这个清单里没有工单。");
    let files = std::fs::read_dir(workstation.downloads());
    assert_eq!(files.map_or(0, Iterator::count), 0);
    for n in 1..=12 {
        let title = format!("=SUM(A1)路灯不亮第{n}处，请回电13800001234");
        workstation.submitted(n, &intake(&title), &register());
    }
    let error = workstation.error("export_ledger", ledger("xlsx", " "));
    assert_eq!(error, "invalid: 请写明用途，台账的每一页都会印上。");
    let error = workstation.error("export_ledger", ledger("xlsx", &"用".repeat(41)));
    assert_eq!(error, "invalid: 用途最多 40 字。");

    let xlsx = workstation.call("export_ledger", ledger("xlsx", "月末核对"));
    assert_eq!(xlsx["message"], "已导出 12 件。");
    let tables = Table::read(&handed(&workstation, &xlsx)).unwrap();
    let rows = &tables[0].rows;
    assert_eq!(rows.len(), 12);
    assert_eq!(rows[0].cells[0], "1");
    assert!(rows[0].cells[5].starts_with("=SUM(A1)"), "{:?}", rows[0]);
    let csv = workstation.call("export_ledger", ledger("csv", "月末核对"));
    let csv = String::from_utf8(handed(&workstation, &csv)).unwrap();
    assert!(csv.contains(",'=SUM(A1)"), "{csv}");
    let docx = workstation.call("export_ledger", ledger("docx", "月末核对"));
    let docx = text_of(&handed(&workstation, &docx));
    assert!(docx.contains("共 12 件"), "{docx}");
    let pdf = workstation.call("export_ledger", ledger("pdf", "月末核对"));
    assert!(handed(&workstation, &pdf).starts_with(b"%PDF-1.7"));
    for said in [format!("{rows:?}"), csv, docx] {
        assert!(!said.contains(PHONE) && !said.contains("王"), "{said}");
    }
}

#[test]
fn a_browser_fetches_a_ledger() {
    let workstation = Workstation::ready();
    workstation.submitted(1, &intake("路灯坏了"), &register());
    let xlsx = workstation.call("export_ledger", ledger("xlsx", "核对"));
    assert_eq!(xlsx["path"], Value::Null);
    assert!(xlsx["n_bytes"].as_u64().unwrap() > 1_000);
}
