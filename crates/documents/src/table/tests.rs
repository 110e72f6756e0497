use super::*;
use crate::workbook::{self, Sheet};
use proptest::prelude::*;

/// The one table of a file.
fn read(bytes: &[u8]) -> Table {
    let [table] = <[Table; 1]>::try_from(Table::read(bytes).unwrap()).unwrap();
    table
}

fn shown(table: &Table) -> String {
    let mut lines = vec![table.names.join("|")];
    lines.extend(
        table
            .rows
            .iter()
            .map(|row| format!("{} {}", row.number, row.cells.join("|"))),
    );
    lines.join("\n")
}

#[test]
fn a_csv_of_utf8_and_of_gb18030_and_with_tabs() {
    let text = "\u{FEFF}\n标题,答案 ,空\n社保卡挂失,\"先拨打12333，\n再到窗口\",\n,,\n身份证,\u{A0}派出所\u{200B}\n";
    let expected = "标题|答案|空\n3 社保卡挂失|先拨打12333，\n再到窗口|\n6 身份证|派出所|";
    assert_eq!(shown(&read(text.as_bytes())), expected);
    let (gb, _, is_wrong) = encoding_rs::GB18030.encode(text.trim_start_matches('\u{FEFF}'));
    assert!(!is_wrong);
    assert_eq!(shown(&read(&gb)), expected);
    let utf16 = text.encode_utf16().flat_map(u16::to_le_bytes);
    assert_eq!(shown(&read(&utf16.collect::<Vec<_>>())), expected);
    let tabs = "标题\t答案\n身份证\t到派出所，带户口簿";
    assert_eq!(
        shown(&read(tabs.as_bytes())),
        "标题|答案\n2 身份证|到派出所，带户口簿"
    );
}

#[test]
fn what_was_written_is_read_back() {
    let mut sheet = Sheet::new("知识", &["标题", "答案"]);
    sheet
        .rows
        .push(vec!["=1+1".to_owned(), "第一行\n第二行".to_owned()]);
    sheet
        .rows
        .push(vec![String::new(), "0827-7300000".to_owned()]);
    let bytes = workbook::write(&[sheet], None).unwrap();
    let table = read(&bytes);
    assert_eq!(
        shown(&table),
        "标题|答案\n2 =1+1|第一行\n第二行\n3 |0827-7300000"
    );
    assert_eq!(table.column(&["标准答案", "答案"]), Some(1));
    assert_eq!(table.column(&["单位"]), None);
    let first = table.rows.first().unwrap();
    assert_eq!(first.cell(Some(0)), "=1+1");
    assert_eq!(first.cell(None), "");
}

#[test]
fn broken_files_are_said_to_be_broken() {
    let sheet = Sheet::new("知识", &["标题"]);
    let bytes = workbook::write(&[sheet], None).unwrap();
    for (bytes, is) in [
        (&b""[..], "Empty"),
        (b"\n\n", "Empty"),
        (b"PK\x03\x04nothing", "Broken"),
        (&[0xD0, 0xCF, 0x11, 0xE0, 0, 0], "Broken"),
        (&[0xFF, 0x00, 0xFF, 0x80], "Broken"),
        (&bytes[..bytes.len() / 2], "Broken"),
    ] {
        let error = Table::read(bytes).unwrap_err();
        assert!(format!("{error:?}").starts_with(is), "{error:?}");
    }
    let many = "a\n".repeat(ROWS_MAX + 1);
    assert_eq!(
        Table::read(many.as_bytes()),
        Err(ReadError::TooMany {
            what: Part::Rows,
            limit: ROWS_MAX
        })
    );
    let wide = ",a".repeat(COLUMNS_MAX);
    assert!(matches!(
        Table::read(wide.as_bytes()),
        Err(ReadError::TooMany { .. })
    ));
    let large = vec![b'a'; crate::FILE_MAX_BYTES + 1];
    assert!(matches!(
        Table::read(&large),
        Err(ReadError::TooLarge { .. })
    ));
}

/// A workbook with that sheet and those shared strings.
fn xlsx(sheet: &str, strings: &str) -> Vec<u8> {
    let empty = workbook::write(&[Sheet::new("知识", &["标题"])], None).unwrap();
    let mut from = zip::ZipArchive::new(Cursor::new(&empty)).unwrap();
    let mut to = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for at in 0..from.len() {
        let mut file = from.by_index(at).unwrap();
        let mut text = String::new();
        std::io::Read::read_to_string(&mut file, &mut text).unwrap();
        let name = file.name().unwrap().into_owned();
        if name == "xl/worksheets/sheet1.xml" {
            text = format!(
                r#"<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>{sheet}</sheetData></worksheet>"#
            );
        } else if name == "xl/sharedStrings.xml" {
            text = format!(
                r#"<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">{strings}</sst>"#
            );
        }
        to.start_file(name, zip::write::SimpleFileOptions::default())
            .unwrap();
        std::io::Write::write_all(&mut to, text.as_bytes()).unwrap();
    }
    to.finish().unwrap().into_inner()
}

fn ods(rows: &str) -> Vec<u8> {
    let content = format!(
        r#"<office:document-content xmlns:office="o" xmlns:table="t" xmlns:text="x"><office:body><office:spreadsheet><table:table table:name="表">{rows}</table:table></office:spreadsheet></office:body></office:document-content>"#
    );
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, text) in [
        ("mimetype", "application/vnd.oasis.opendocument.spreadsheet"),
        ("content.xml", content.as_str()),
        (
            "META-INF/manifest.xml",
            r#"<manifest:manifest xmlns:manifest="m"/>"#,
        ),
    ] {
        zip.start_file(name, zip::write::SimpleFileOptions::default())
            .unwrap();
        std::io::Write::write_all(&mut zip, text.as_bytes()).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

#[test]
fn a_small_file_does_not_swell() {
    let far = r#"<row r="1"><c r="A1" t="s"><v>0</v></c></row><row r="1048576"><c r="XFD1048576" t="s"><v>0</v></c></row>"#;
    let shared = "<si><t>水</t></si>";
    let error = Table::read(&xlsx(far, shared)).unwrap_err();
    assert_eq!(
        error,
        ReadError::TooMany {
            what: Part::Columns,
            limit: COLUMNS_MAX
        }
    );
    // A long text that every cell names.
    let long = format!("<si><t>{}</t></si>", "水".repeat(1 << 20));
    let cells = (1..=60)
        .map(|row| format!(r#"<row r="{row}"><c r="A{row}" t="s"><v>0</v></c></row>"#))
        .collect::<Vec<_>>()
        .concat();
    assert!(matches!(
        Table::read(&xlsx(&cells, &long)),
        Err(ReadError::TooLarge { .. })
    ));
    let text = |repeats: &str| {
        format!(
            r#"<table:table-cell {repeats} office:value-type="string"><text:p>水</text:p></table:table-cell>"#
        )
    };
    let repeated = format!(
        r#"<table:table-row table:number-rows-repeated="1000000">{}</table:table-row>"#,
        text(r#"table:number-columns-repeated="16000""#)
    );
    assert!(matches!(
        Table::read(&ods(&repeated)),
        Err(ReadError::TooMany { .. })
    ));
    // What offices write behind the last cell costs nothing.
    let usual = format!(
        r#"<table:table-row>{}<table:table-cell table:number-columns-repeated="16383"/></table:table-row><table:table-row table:number-rows-repeated="1048575"><table:table-cell table:number-columns-repeated="16384"/></table:table-row>"#,
        text("")
    );
    assert_eq!(shown(&read(&ods(&usual))), "水");
}

#[test]
fn the_names_may_stand_under_a_title() {
    let text = "渠县12345知识采集表\n填报单位：县人社局\n标题,答案\n身份证,到派出所\n";
    let is_name = |cell: &&String| ["标题", "答案"].contains(&cell.as_str());
    let table = read(text.as_bytes()).headed_by(|cells| cells.iter().filter(is_name).count());
    assert_eq!(shown(&table), "标题|答案\n4 身份证|到派出所");
    assert_eq!(table.names_number, 3);
}

#[test]
fn cells_have_the_names_the_spreadsheet_shows() {
    for (column, name) in [
        (0, "A7"),
        (25, "Z7"),
        (26, "AA7"),
        (701, "ZZ7"),
        (702, "AAA7"),
    ] {
        assert_eq!(cell_name(column, 7), name);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// One byte of a workbook changed: it is read or it is broken, and nothing panics.
    #[test]
    fn a_damaged_workbook_does_not_panic(at in 0_usize..6_000, byte in any::<u8>()) {
        let mut sheet = Sheet::new("知识", &["标题", "答案"]);
        sheet.rows.push(vec!["身份证".to_owned(), "到派出所".to_owned()]);
        let mut bytes = workbook::write(&[sheet], None).unwrap();
        let at = at % bytes.len();
        bytes[at] = byte;
        drop(Table::read(&bytes));
    }
}

#[test]
fn days_and_numbers_as_people_type_them() {
    let mut workbook = rust_xlsxwriter::Workbook::new();
    let day = rust_xlsxwriter::Format::new().set_num_format("yyyy\"年\"m\"月\"d\"日\"");
    let sheet = workbook.add_worksheet();
    for (column, name) in (0..).zip(["有效期", "序列", "数", "是否"]) {
        sheet.write_string(0, column, name).unwrap();
    }
    sheet
        .write_number_with_format(1, 0, 46_350.0, &day)
        .unwrap();
    sheet.write_number(1, 1, 46_350.0).unwrap();
    sheet.write_number(1, 2, 0.5).unwrap();
    sheet.write_boolean(1, 3, true).unwrap();
    let bytes = workbook.save_to_buffer().unwrap();
    assert_eq!(
        shown(&read(&bytes)),
        "有效期|序列|数|是否\n2 2026-11-24|46350|0.5|是"
    );
}

#[test]
fn every_sheet_that_says_anything() {
    let mut first = Sheet::new("办事指南", &["标题"]);
    first.rows.push(vec!["身份证".to_owned()]);
    let empty = Sheet::new("空", &[]);
    let mut last = Sheet::new("政策法规", &["标题"]);
    last.rows.push(vec!["养老金".to_owned()]);
    let bytes = workbook::write(&[first, empty, last], None).unwrap();
    let tables = Table::read(&bytes).unwrap();
    let names: Vec<&str> = tables.iter().map(|table| table.sheet.as_str()).collect();
    assert_eq!(names, ["办事指南", "政策法规"]);
}
