//! What is left of a watermark once another office program has saved the file anew.

use std::io::{Cursor, Read as _, Write as _};

use documents::blank::{FormKind, example};
use documents::form::fill;
use documents::long_table::{LongCell, LongColumn, LongTable};
use documents::markdown::{Piece, Run};
use documents::watermark::{Watermark, serial_of};
use documents::word::{self, fill_template, write_form};
use documents::workbook::{self, Sheet};
use zip::write::SimpleFileOptions;
use zip::{ZipArchive, ZipWriter};

use crate::libreoffice::Office;

pub(crate) fn mark() -> Watermark {
    Watermark {
        person: "张三 & 李四".to_owned(),
        at_text: "2026-11-24 09:15".to_owned(),
        purpose: "核对".to_owned(),
        serial: "W01-K7Q4M-X9P2T".to_owned(),
    }
}

fn tables() -> Vec<(&'static str, Vec<u8>)> {
    let mut sheet = Sheet::new("知识", &["标题", "答案"]);
    sheet
        .rows
        .push(vec!["社保卡".to_owned(), "带身份证".to_owned()]);
    let columns = ["工单编号", "内容"].map(|name| LongColumn {
        name: name.to_owned(),
        width: 16,
    });
    let mut long = LongTable::begin(Vec::new(), "台账", &columns, &mark()).unwrap();
    long.row(&[LongCell::Text("0018"), LongCell::Text("路灯坏了")])
        .unwrap();
    vec![
        ("sheet", workbook::write(&[sheet], Some(&mark())).unwrap()),
        ("long", long.finish().unwrap()),
    ]
}

fn documents() -> Vec<(&'static str, Vec<u8>)> {
    let mut form = fill(&FormKind::Bulletin.blank(), &example(FormKind::Bulletin)).unwrap();
    form.watermark = Some(mark());
    let template = write_form(&FormKind::Dispatch.template()).unwrap();
    let filled = fill_template(&template, &example(FormKind::Dispatch), Some(&mark()));
    let pieces = [
        Piece::Heading {
            level: 1,
            text: "社保卡".to_owned(),
        },
        Piece::Paragraph {
            runs: vec![Run::plain("带身份证")],
        },
    ];
    vec![
        ("form", write_form(&form).unwrap()),
        ("template", filled.unwrap()),
        ("pieces", word::write(&pieces, Some(&mark())).unwrap()),
    ]
}

/// The file with only some of its parts as they are: the others say nothing.
fn only(bytes: &[u8], is_kept: impl Fn(&str) -> bool) -> Vec<u8> {
    let mut zip = ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut out = ZipWriter::new(Cursor::new(Vec::new()));
    for at in 0..zip.len() {
        let mut part = zip.by_index(at).unwrap();
        let name = part.name().unwrap().into_owned();
        let mut content = Vec::new();
        part.read_to_end(&mut content).unwrap();
        out.start_file(&name, SimpleFileOptions::default()).unwrap();
        if is_kept(&name) {
            out.write_all(&content).unwrap();
        }
    }
    out.finish().unwrap().into_inner()
}

/// Saves each file anew as the same kind, and wants the number found in each of its hiding places alone.
fn saved_anew(kind: &str, files: &[(&str, Vec<u8>)], places: &[(&str, &[&str])]) {
    let office = Office::new();
    for (name, bytes) in files {
        office.put(&format!("{name}.{kind}"), bytes);
    }
    let out = office.convert(kind);
    let serial = Some(mark().serial);
    for (name, bytes) in files {
        assert_eq!(serial_of(bytes), serial, "{name}");
        let anew = std::fs::read(out.join(format!("{name}.{kind}"))).unwrap();
        assert_ne!(&anew, bytes, "{name}");
        for (file, parts) in places.iter().filter(|(file, _)| file == name) {
            for part in *parts {
                let alone = only(&anew, |it| it.starts_with(part));
                assert_eq!(serial_of(&alone), serial, "{file}: {part}");
            }
        }
    }
}

#[test]
fn a_workbook_that_was_saved_anew_still_says_whose_it_is() {
    let places = [
        "docProps/custom.xml",
        "xl/workbook.xml",
        "xl/sharedStrings.xml",
    ];
    saved_anew("xlsx", &tables(), &[("sheet", &places), ("long", &places)]);
}

#[test]
fn a_document_that_was_saved_anew_still_says_whose_it_is() {
    let places = ["docProps/custom.xml", "word/document.xml"];
    saved_anew(
        "docx",
        &documents(),
        &[
            ("form", &places),
            ("pieces", &places),
            ("template", &["word/document.xml"]),
        ],
    );
}
